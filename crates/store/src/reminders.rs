//! Reminders.

use belfry_core::{
    Fingerprint, Length, LinkState, List, ListId, Projection, Recurrence, Reminder, ReminderId, ShowAs, When, Zone, helpers,
};
use rusqlite::{OptionalExtension, Row, params};

use crate::columns::{in_word, maybe_json, ms, parsed, time, to_json};
use crate::{Store, StoreError};

const COLUMNS: &str =
    "r.id, r.list, r.title, r.notes, r.starts, r.zone, r.minutes, r.recurrence, r.alarms, r.category, r.show_as, r.private, r.link, r.done,
     r.created_at, r.changed_at, r.uid, r.kept, r.other";

/// A reminder with what is known of its event, for lists that people read.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ReminderRow {
    /// The reminder.
    pub reminder: Reminder,
    /// State of its main link, dismissed too where all events of its dates are; `None` when it never had one.
    pub state: Option<LinkState>,
    /// Its event.
    pub event_id: Option<String>,
    /// Whether the event says what the reminder says.
    pub agrees: bool,
    /// Outlook does not take it as it is now.
    pub is_refused: bool,
    /// Why it is refused or detached.
    pub note: Option<String>,
    /// A conflict was settled by rule and nobody has looked yet.
    pub conflict: bool,
    /// Its further alarms have events that ring.
    pub has_helpers: bool,
}

pub(crate) fn reminder(row: &Row<'_>) -> rusqlite::Result<Reminder> {
    let zone: Option<String> = row.get("zone")?;
    let zone = zone.as_deref().and_then(Zone::parse).unwrap_or(Zone::UTC);
    let when = in_word(row, "starts", |text| When::parse(text, zone))?;
    let minutes: u32 = row.get("minutes")?;
    let alarms: String = row.get("alarms")?;
    Ok(Reminder {
        id: parsed(row, "id")?,
        list: parsed(row, "list")?,
        title: row.get("title")?,
        notes: row.get("notes")?,
        when,
        length: if when.is_all_day() { Length::Days(minutes / (24 * 60)) } else { Length::Minutes(minutes) },
        recurrence: maybe_json::<Recurrence>(row, "recurrence")?,
        alarms: alarms.split(',').filter_map(|alarm| alarm.parse().ok()).collect(),
        category: row.get("category")?,
        show_as: in_word(row, "show_as", ShowAs::parse)?,
        private: row.get("private")?,
        link: row.get("link")?,
        done: row.get("done")?,
        created_at: time(row, "created_at")?,
        changed_at: time(row, "changed_at")?,
        uid: row.get("uid")?,
        kept: maybe_json(row, "kept")?.unwrap_or_default(),
        other: maybe_json(row, "other")?.unwrap_or_default(),
    })
}

fn listed(row: &Row<'_>) -> rusqlite::Result<ReminderRow> {
    let state: Option<String> = row.get("state")?;
    let state = if row.get("are_dates_off")? { Some(LinkState::Dismissed) } else { state.as_deref().and_then(LinkState::parse) };
    Ok(ReminderRow {
        reminder: reminder(row)?,
        state,
        event_id: row.get("event_id")?,
        agrees: row.get("agrees")?,
        is_refused: row.get("is_refused")?,
        note: row.get("note")?,
        conflict: row.get("conflict")?,
        has_helpers: row.get("has_helpers")?,
    })
}

/// Series without a link: whether they ended long ago only their rule can tell.
const UNLINKED_SERIES: &str = "SELECT r.id FROM lists l JOIN reminders r INDEXED BY reminders_by_key ON r.list = l.id
     LEFT JOIN links k INDEXED BY links_by_key ON k.list = r.list AND k.reminder = r.id AND k.slot = 'main'
     WHERE l.account IS NOT NULL AND k.state IS NULL AND r.recurrence IS NOT NULL";

pub(crate) const WAITING: &str = "SELECT count(*) FROM lists l JOIN reminders r INDEXED BY reminders_by_key ON r.list = l.id
     LEFT JOIN links k INDEXED BY links_by_key ON k.list = r.list AND k.reminder = r.id AND k.slot = 'main'
     WHERE l.account IS NOT NULL AND ((k.state IS NULL AND r.recurrence IS NULL AND r.starts >= ?1) OR (k.state = 'creating' AND k.refused_fp IS NOT r.fingerprint)
         OR (k.state = 'linked' AND (k.agreed_local_fp IS NOT r.fingerprint OR k.is_sending) AND k.refused_fp IS NOT r.fingerprint)
         OR (k.state = 'parted' AND (k.refused_fp IS NOT r.fingerprint OR k.until IS NULL)))";

const JOINED: &str = "k.state, k.event_id, k.note, k.helpers_fp IS NOT NULL AS has_helpers, COALESCE(k.agreed_local_fp = r.fingerprint AND NOT k.is_sending, 0) AS agrees,
     COALESCE(k.refused_fp = r.fingerprint AND NOT (k.state = 'parted' AND k.until IS NULL), 0) AS is_refused,
     EXISTS (SELECT 1 FROM journal j WHERE j.reminder = r.id AND j.conflict = 1 AND j.looked_at = 0) AS conflict,
     COALESCE(k.state = 'parted'
         AND EXISTS (SELECT 1 FROM links d WHERE d.list = r.list AND d.reminder = r.id AND d.slot <> 'main')
         AND NOT EXISTS (SELECT 1 FROM links d WHERE d.list = r.list AND d.reminder = r.id AND d.slot <> 'main'
             AND d.state NOT IN ('dismissed', 'undone')), 0) AS are_dates_off
     FROM reminders r LEFT JOIN links k ON k.list = r.list AND k.reminder = r.id AND k.slot = 'main'";

impl Store {
    /// One reminder.
    ///
    /// # Errors
    /// When the database fails.
    pub fn reminder(&self, id: ReminderId) -> Result<Option<Reminder>, StoreError> {
        let mut statement = self.connection.prepare_cached(&format!("SELECT {COLUMNS} FROM reminders r WHERE r.id = ?1"))?;
        Ok(statement.query_row([id.to_string()], reminder).optional()?)
    }

    /// Ids that begin with a text, at most `limit`.
    ///
    /// # Errors
    /// When the database fails.
    pub fn reminder_ids(&self, prefix: &str, limit: u32) -> Result<Vec<ReminderId>, StoreError> {
        let mut statement =
            self.connection.prepare_cached("SELECT id FROM reminders WHERE substr(id, 1, length(?1)) = ?1 ORDER BY id LIMIT ?2")?;
        Ok(statement.query_map(params![prefix, limit], |row| parsed(row, "id"))?.collect::<Result<_, _>>()?)
    }

    /// Reminders of one list or of all, by start and id, with the state of their events.
    ///
    /// # Errors
    /// When the database fails.
    pub fn listed(&self, list: Option<ListId>) -> Result<Vec<ReminderRow>, StoreError> {
        let sql = format!("SELECT {COLUMNS}, {JOINED} WHERE ?1 IS NULL OR r.list = ?1 ORDER BY r.starts, r.id");
        let mut statement = self.connection.prepare_cached(&sql)?;
        Ok(statement.query_map([list.map(|id| id.to_string())], listed)?.collect::<Result<_, _>>()?)
    }

    /// One reminder with the state of its event.
    ///
    /// # Errors
    /// When the database fails.
    pub fn listed_one(&self, id: ReminderId) -> Result<Option<ReminderRow>, StoreError> {
        let mut statement = self.connection.prepare_cached(&format!("SELECT {COLUMNS}, {JOINED} WHERE r.id = ?1"))?;
        Ok(statement.query_row([id.to_string()], listed).optional()?)
    }

    /// How many reminders there are, and when one of them was last changed.
    ///
    /// # Errors
    /// When the database fails.
    pub fn reminders_mark(&self) -> Result<(i64, i64), StoreError> {
        let sql = "SELECT count(*), COALESCE(max(changed_at), 0) FROM reminders";
        Ok(self.connection.prepare_cached(sql)?.query_row([], |row| Ok((row.get(0)?, row.get(1)?)))?)
    }

    /// Changes with all that says what rings on this computer: reminders, their lists, and whether Outlook has their events.
    ///
    /// # Errors
    /// When the database fails.
    pub fn ringing_mark(&self) -> Result<String, StoreError> {
        let sql = "SELECT (SELECT count(*) || ' ' || COALESCE(max(changed_at), 0) FROM reminders)
             || (SELECT ' ' || count(*) || ' ' || count(event_id) || ' ' || count(helpers_fp) || ' ' || COALESCE(sum(state = 'parted'), 0)
                 FROM links INDEXED BY links_by_key WHERE slot = 'main')
             || COALESCE((SELECT group_concat(id || COALESCE(calendar_id, '-') || defaults) FROM lists), '')";
        Ok(self.connection.prepare_cached(sql)?.query_row([], |row| row.get(0))?)
    }

    /// How many reminders a list has.
    ///
    /// # Errors
    /// When the database fails.
    pub fn count_reminders(&self, list: &List) -> Result<u64, StoreError> {
        Ok(self.connection.query_row("SELECT count(*) FROM reminders WHERE list = ?1", [list.id.to_string()], |row| row.get(0))?)
    }

    /// How many of them have alarms that their events cannot hold.
    ///
    /// # Errors
    /// When the database fails.
    pub fn count_with_further_alarms(&self, list: ListId) -> Result<u64, StoreError> {
        let sql = "SELECT count(*) FROM reminders WHERE list = ?1 AND (instr(alarms, ',') > 0 OR instr(alarms, '-') > 0)";
        Ok(self.connection.query_row(sql, [list.to_string()], |row| row.get(0))?)
    }

    /// Adds a reminder or replaces it.
    ///
    /// # Errors
    /// When the database fails.
    pub fn save_reminder(&self, reminder: &Reminder) -> Result<(), StoreError> {
        let list = if reminder.has_further_alarms() { self.list(reminder.list)? } else { None };
        let alarms: Vec<String> = reminder.alarms.iter().map(i32::to_string).collect();
        let mut statement = self.connection.prepare_cached(
            "INSERT INTO reminders (id, list, title, notes, starts, zone, minutes, recurrence, alarms, category, show_as, private, link, done,
                 created_at, changed_at, uid, kept, fingerprint, other, helpers_fp)
             VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9, ?10, ?11, ?12, ?13, ?14, ?15, ?16, ?17, ?18, ?19, ?20, ?21)
             ON CONFLICT (id) DO UPDATE SET list = ?2, title = ?3, notes = ?4, starts = ?5, zone = ?6, minutes = ?7, recurrence = ?8, alarms = ?9,
                 category = ?10, show_as = ?11, private = ?12, link = ?13, done = ?14, created_at = ?15, changed_at = ?16, uid = ?17, kept = ?18,
                 fingerprint = ?19, other = ?20, helpers_fp = ?21",
        )?;
        statement.execute(params![
            reminder.id.to_string(),
            reminder.list.to_string(),
            reminder.title,
            reminder.notes,
            reminder.when.to_string(),
            reminder.when.zone().map(Zone::name),
            reminder.length.minutes(),
            reminder.recurrence.as_ref().map(to_json),
            alarms.join(","),
            reminder.category,
            reminder.show_as.name(),
            reminder.private,
            reminder.link,
            reminder.done,
            ms(reminder.created_at),
            ms(reminder.changed_at),
            reminder.uid,
            (!reminder.kept.is_empty()).then(|| to_json(&reminder.kept)),
            Fingerprint::of(&Projection::of(reminder)).0,
            (!reminder.other.is_empty()).then(|| to_json(&reminder.other)),
            list.and_then(|list| helpers::fingerprint(reminder, &list)).map(|helpers| helpers.0),
        ])?;
        Ok(())
    }

    /// What the file said of a reminder when it was last imported.
    ///
    /// # Errors
    /// When the database fails.
    pub fn imported(&self, id: ReminderId) -> Result<Option<Fingerprint>, StoreError> {
        let mut statement = self.connection.prepare_cached("SELECT imported FROM reminders WHERE id = ?1")?;
        let known: Option<Option<String>> = statement.query_row([id.to_string()], |row| row.get(0)).optional()?;
        Ok(known.flatten().map(Fingerprint))
    }

    /// Remembers what the file says.
    ///
    /// # Errors
    /// When the database fails.
    pub fn set_imported(&self, id: ReminderId, item: &Fingerprint) -> Result<(), StoreError> {
        let mut statement = self.connection.prepare_cached("UPDATE reminders SET imported = ?2 WHERE id = ?1")?;
        statement.execute(params![id.to_string(), item.0])?;
        Ok(())
    }

    /// Removes a reminder. Its link stays: the next plan sees that the event has to go.
    ///
    /// # Errors
    /// When the database fails.
    pub fn remove_reminder(&self, id: ReminderId) -> Result<(), StoreError> {
        self.connection.execute("DELETE FROM reminders WHERE id = ?1", [id.to_string()])?;
        Ok(())
    }
}

impl Store {
    /// How many reminders of lists that are kept in Outlook have no event that says the same. Those that ended long ago get none,
    /// and what Outlook refuses as it is waits for its person, not for a sync.
    ///
    /// # Errors
    /// When the database fails.
    pub fn count_waiting(&self, now: chrono::DateTime<chrono::Utc>) -> Result<usize, StoreError> {
        let oldest = (now - chrono::Duration::days(belfry_core::reminder::STALE_AFTER_DAYS)).format("%Y-%m-%d").to_string();
        let singles: usize = self.connection.prepare_cached(WAITING)?.query_row([oldest], |row| row.get(0))?;
        let series: Vec<ReminderId> =
            self.connection.prepare_cached(UNLINKED_SERIES)?.query_map([], |row| parsed(row, "id"))?.collect::<Result<_, _>>()?;
        let mut waiting = singles;
        for id in series {
            waiting += usize::from(self.reminder(id)?.is_some_and(|reminder| !reminder.is_stale(now)));
        }
        Ok(waiting)
    }
}
