//! Links, and the highest generation of each key.

use belfry_core::marker::{Key, Slot};
use belfry_core::plan::Reason;
use belfry_core::{AccountId, Fingerprint, Link, LinkState, ListId, Place, Projection, ReminderId};
use rusqlite::{OptionalExtension, Row, params};

use crate::columns::{in_word, maybe_json, parsed, to_json};
use crate::{Store, StoreError};

const COLUMNS: &str = "list, reminder, slot, account, calendar, event_id, sending, agreed_local, agreed_remote, etag, generation, state, transaction_id, note, refused_fp, rewrites, until, helpers_fp";

pub(crate) fn link(row: &Row<'_>) -> rusqlite::Result<Link> {
    let transaction: Option<String> = row.get("transaction_id")?;
    Ok(Link {
        key: key(row)?,
        place: Place { account: parsed(row, "account")?, calendar: row.get("calendar")? },
        event_id: row.get("event_id")?,
        sending: maybe_json(row, "sending")?,
        agreed_local: maybe_json(row, "agreed_local")?,
        agreed_remote: maybe_json(row, "agreed_remote")?,
        etag: row.get("etag")?,
        generation: row.get("generation")?,
        state: in_word(row, "state", LinkState::parse)?,
        transaction: transaction.and_then(|id| id.parse().ok()),
        note: row.get("note")?,
        refused: row.get::<_, Option<String>>("refused_fp")?.map(Fingerprint),
        rewrites: row.get("rewrites")?,
        until: row.get::<_, Option<String>>("until")?.and_then(|text| text.parse().ok()),
        helpers: row.get::<_, Option<String>>("helpers_fp")?.map(Fingerprint),
    })
}

fn fingerprint(projection: Option<&Projection>) -> Option<String> {
    projection.map(|projection| Fingerprint::of(projection).0)
}

impl Store {
    /// The link of a key.
    ///
    /// # Errors
    /// When the database fails.
    pub fn link(&self, key: &Key) -> Result<Option<Link>, StoreError> {
        let mut statement =
            self.connection.prepare_cached(&format!("SELECT {COLUMNS} FROM links WHERE list = ?1 AND reminder = ?2 AND slot = ?3"))?;
        Ok(statement.query_row(parameters(key), link).optional()?)
    }

    /// The events of single dates of a reminder, whatever became of them.
    ///
    /// # Errors
    /// When the database fails.
    pub fn links_of_dates(&self, main: &Key) -> Result<Vec<Link>, StoreError> {
        let sql = format!("SELECT {COLUMNS} FROM links WHERE list = ?1 AND reminder = ?2 AND slot <> 'main' ORDER BY slot");
        let mut statement = self.connection.prepare_cached(&sql)?;
        Ok(statement.query_map(params![main.list.to_string(), main.reminder.to_string()], link)?.collect::<Result<_, _>>()?)
    }

    /// A reminder is here again. What was written into a date of it outlived it and was left alone: that is its date again, and the next plan adopts it.
    ///
    /// # Errors
    /// When the database fails.
    pub fn let_dates_come_back(&self, main: &Key) -> Result<(), StoreError> {
        let outlived = [Reason::EditedAfterRemoval, Reason::OutlivesSeries].map(|reason| reason.to_string());
        for link in self.links_of_dates(main)?.iter().filter(|link| link.note.as_ref().is_some_and(|note| outlived.contains(note))) {
            self.remove_link(&link.key)?;
        }
        Ok(())
    }

    /// Keys of single dates in an account whose own event a person removed, or made theirs.
    ///
    /// # Errors
    /// When the database fails.
    pub fn dates_off(&self, account: &AccountId) -> Result<Vec<Key>, StoreError> {
        let mut statement = self.connection.prepare_cached(
            "SELECT list, reminder, slot FROM links INDEXED BY links_of_dates_off
             WHERE account = ?1 AND state IN ('dismissed', 'detached') AND slot <> 'main' ORDER BY list, reminder, slot",
        )?;
        Ok(statement.query_map([account.to_string()], key)?.collect::<Result<_, _>>()?)
    }

    /// What is known of a date is known of it under the name that it has now, unless there is an event of that name.
    ///
    /// # Errors
    /// When the database fails.
    pub fn rename_link(&self, from: &Key, to: &Slot) -> Result<(), StoreError> {
        let mut statement =
            self.connection.prepare_cached("UPDATE OR IGNORE links SET slot = ?4 WHERE list = ?1 AND reminder = ?2 AND slot = ?3")?;
        statement.execute(params![from.list.to_string(), from.reminder.to_string(), from.slot.to_string(), to.to_string()])?;
        Ok(())
    }

    /// The id of an event of a reminder, its own before those of dates and helpers.
    ///
    /// # Errors
    /// When the database fails.
    pub fn any_event_of(&self, main: &Key) -> Result<Option<String>, StoreError> {
        let sql = "SELECT event_id FROM links WHERE list = ?1 AND reminder = ?2 AND state = 'linked' AND event_id IS NOT NULL
                   ORDER BY slot <> 'main', slot LIMIT 1";
        let mut statement = self.connection.prepare_cached(sql)?;
        Ok(statement.query_row(params![main.list.to_string(), main.reminder.to_string()], |row| row.get(0)).optional()?)
    }

    /// The next plan looks at every date of a reminder that is held in parts, and at every helper.
    ///
    /// # Errors
    /// When the database fails.
    pub fn look_at_dates(&self, main: &Key) -> Result<(), StoreError> {
        let sql = "UPDATE links SET until = NULL, helpers_fp = NULL WHERE list = ?1 AND reminder = ?2 AND slot = 'main' AND state IN ('parted', 'linked')";
        self.connection.execute(sql, params![main.list.to_string(), main.reminder.to_string()])?;
        Ok(())
    }

    /// How many links of a list are in each state.
    ///
    /// # Errors
    /// When the database fails.
    pub fn count_states(&self, list: ListId) -> Result<Vec<(String, u64)>, StoreError> {
        let mut statement = self.connection.prepare("SELECT state, count(*) FROM links WHERE list = ?1 GROUP BY state ORDER BY state")?;
        Ok(statement.query_map([list.to_string()], |row| Ok((row.get(0)?, row.get(1)?)))?.collect::<Result<_, _>>()?)
    }

    /// How many events of a list are linked.
    ///
    /// # Errors
    /// When the database fails.
    pub fn count_linked(&self, list: ListId) -> Result<usize, StoreError> {
        Ok(self.connection.query_row(
            "SELECT count(*) FROM links WHERE list = ?1 AND state = 'linked' AND slot NOT LIKE 'alarm:%' AND slot NOT LIKE 'occ:%'",
            [list.to_string()],
            |row| row.get(0),
        )?)
    }

    /// Linked events of reminders that are still in their list: what a person removed here is no loss of the list's.
    ///
    /// # Errors
    /// When the database fails.
    pub fn count_kept(&self, list: ListId) -> Result<usize, StoreError> {
        Ok(self.connection.query_row(
            "SELECT count(*) FROM links k WHERE list = ?1 AND state = 'linked' AND slot NOT LIKE 'alarm:%' AND slot NOT LIKE 'occ:%'
             AND EXISTS (SELECT 1 FROM reminders r WHERE r.id = k.reminder AND r.list = k.list)",
            [list.to_string()],
            |row| row.get(0),
        )?)
    }

    /// The calendar of an account that most events of a list are linked in: its id and name; the id again where the name is not known any more.
    ///
    /// # Errors
    /// When the database fails.
    pub fn linked_calendar(&self, list: ListId, account: &AccountId) -> Result<Option<(String, String)>, StoreError> {
        let sql = "SELECT k.calendar, coalesce(c.name, k.calendar) FROM links k LEFT JOIN calendars c ON c.account = k.account AND c.calendar = k.calendar
                   WHERE k.list = ?1 AND k.account = ?2 AND k.state = 'linked' GROUP BY k.calendar ORDER BY count(*) DESC, k.calendar LIMIT 1";
        let mut statement = self.connection.prepare_cached(sql)?;
        Ok(statement.query_row(params![list.to_string(), account.to_string()], |row| Ok((row.get(0)?, row.get(1)?))).optional()?)
    }

    /// Reminders of a list whose event its person removed in Outlook, and where it was.
    ///
    /// # Errors
    /// When the database fails.
    pub fn dismissed_of(&self, list: ListId) -> Result<Vec<(ReminderId, Place)>, StoreError> {
        let sql =
            "SELECT reminder, account, calendar FROM links WHERE list = ?1 AND slot = 'main' AND state = 'dismissed' ORDER BY reminder";
        let mut statement = self.connection.prepare_cached(sql)?;
        let rows = statement.query_map([list.to_string()], |row| {
            Ok((parsed(row, "reminder")?, Place { account: parsed(row, "account")?, calendar: row.get("calendar")? }))
        })?;
        Ok(rows.collect::<Result<_, _>>()?)
    }

    /// How many reminders of a list are not in Outlook as they are, as it refused that.
    ///
    /// # Errors
    /// When the database fails.
    pub fn count_refused(&self, list: ListId) -> Result<u64, StoreError> {
        let sql = "SELECT count(*) FROM links k INDEXED BY links_by_key JOIN reminders r INDEXED BY reminders_by_key ON r.list = k.list AND r.id = k.reminder
                   WHERE k.list = ?1 AND k.refused_fp IS NOT NULL AND k.refused_fp = r.fingerprint AND k.state IN ('refused', 'linked', 'creating')";
        Ok(self.connection.prepare_cached(sql)?.query_row([list.to_string()], |row| row.get(0))?)
    }

    /// Whether a place may hold events whose making was never answered.
    ///
    /// # Errors
    /// When the database fails.
    pub fn has_unanswered(&self, place: &Place) -> Result<bool, StoreError> {
        let sql = "SELECT EXISTS (SELECT 1 FROM links WHERE account = ?1 AND calendar = ?2 AND event_id IS NULL AND state IN ('creating', 'tombstone', 'undone'))";
        let mut statement = self.connection.prepare_cached(sql)?;
        Ok(statement.query_row(params![place.account.to_string(), place.calendar], |row| row.get(0))?)
    }

    /// Events at a place that were written to without ever getting an answer.
    ///
    /// # Errors
    /// When the database fails.
    pub fn unanswered_updates(&self, place: &Place) -> Result<Vec<String>, StoreError> {
        let sql = "SELECT event_id FROM links INDEXED BY links_unanswered
                   WHERE account = ?1 AND calendar = ?2 AND is_sending = 1 AND event_id IS NOT NULL ORDER BY event_id";
        let mut statement = self.connection.prepare_cached(sql)?;
        Ok(statement.query_map(params![place.account.to_string(), place.calendar], |row| row.get(0))?.collect::<Result<_, _>>()?)
    }

    /// Adds a link or replaces it, and remembers its generation for good.
    ///
    /// # Errors
    /// When the database fails.
    pub fn save_link(&self, link: &Link) -> Result<(), StoreError> {
        let [list, reminder, slot] = parameters(&link.key);
        let mut statement = self.connection.prepare_cached(
            "INSERT OR REPLACE INTO links (list, reminder, slot, account, calendar, event_id, sending, agreed_local, agreed_remote, agreed_local_fp,
                 agreed_remote_fp, etag, generation, state, transaction_id, note, refused_fp, is_sending, rewrites, until, helpers_fp)
             VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9, ?10, ?11, ?12, ?13, ?14, ?15, ?16, ?17, ?18, ?19, ?20, ?21)",
        )?;
        statement.execute(params![
            list,
            reminder,
            slot,
            link.place.account.to_string(),
            link.place.calendar,
            link.event_id,
            link.sending.as_ref().map(to_json),
            link.agreed_local.as_ref().map(to_json),
            link.agreed_remote.as_ref().map(to_json),
            fingerprint(link.agreed_local.as_ref()),
            fingerprint(link.agreed_remote.as_ref()),
            link.etag,
            link.generation,
            link.state.name(),
            link.transaction.map(|id| id.to_string()),
            link.note,
            link.refused.as_ref().map(|refused| refused.0.clone()),
            link.sending.is_some(),
            link.rewrites,
            link.until.map(|until| until.to_string()),
            link.helpers.as_ref().map(|helpers| helpers.0.clone()),
        ])?;
        self.remember_generation(&link.key, link.generation)
    }

    /// Drops a link; its generation stays.
    ///
    /// # Errors
    /// When the database fails.
    pub fn remove_link(&self, key: &Key) -> Result<(), StoreError> {
        let sql = "DELETE FROM links WHERE list = ?1 AND reminder = ?2 AND slot = ?3";
        self.connection.prepare_cached(sql)?.execute(parameters(key))?;
        Ok(())
    }

    /// Remembers that a generation was seen.
    ///
    /// # Errors
    /// When the database fails.
    pub fn remember_generation(&self, key: &Key, generation: u32) -> Result<(), StoreError> {
        let mut statement = self.connection.prepare_cached(
            "INSERT INTO generations (list, reminder, slot, generation) VALUES (?1, ?2, ?3, ?4)
             ON CONFLICT (list, reminder, slot) DO UPDATE SET generation = max(generation, ?4)",
        )?;
        let [list, reminder, slot] = parameters(key);
        statement.execute(params![list, reminder, slot, generation])?;
        Ok(())
    }

    /// The highest generation seen of a key; 0 when there was none.
    ///
    /// # Errors
    /// When the database fails.
    pub fn generation(&self, key: &Key) -> Result<u32, StoreError> {
        let mut statement =
            self.connection.prepare_cached("SELECT generation FROM generations WHERE list = ?1 AND reminder = ?2 AND slot = ?3")?;
        Ok(statement.query_row(parameters(key), |row| row.get(0)).optional()?.unwrap_or(0))
    }
}

/// A key as `?1`, `?2`, `?3`.
fn parameters(key: &Key) -> [String; 3] {
    [key.list.to_string(), key.reminder.to_string(), key.slot.to_string()]
}

/// The key in the columns `list`, `reminder`, `slot`.
pub(crate) fn key(row: &Row<'_>) -> rusqlite::Result<Key> {
    Ok(Key { list: parsed(row, "list")?, reminder: parsed(row, "reminder")?, slot: parsed::<Slot>(row, "slot")? })
}
