//! Lists.

use belfry_core::plan::{FirstSync, Leave};
use belfry_core::word::from_word;
use belfry_core::{Kept, List, ListId, ReminderId, Source, Target, word};
use chrono::{DateTime, Utc};
use rusqlite::{OptionalExtension, Row, params};

use crate::columns::{in_word, json, ms, parsed, time, to_json};
use crate::holds::shrunk_key;
use crate::{Store, StoreError};

const COLUMNS: &str =
    "id, name, colour, source_kind, source_location, account, calendar_id, calendar_name, direction, defaults, horizon_months, created_at";

fn list(row: &Row<'_>) -> rusqlite::Result<List> {
    let kind: Option<String> = row.get("source_kind")?;
    let location: Option<String> = row.get("source_location")?;
    let source = match (kind.as_deref(), location) {
        (Some("file"), Some(path)) => Some(Source::File(path)),
        (Some("folder"), Some(path)) => Some(Source::Folder(path)),
        (Some("feed"), Some(url)) => Some(Source::Feed(url)),
        _ => None,
    };
    let account: Option<String> = row.get("account")?;
    let target = match account {
        Some(_) => Some(Target {
            account: parsed(row, "account")?,
            calendar_id: row.get("calendar_id")?,
            calendar_name: row.get::<_, Option<String>>("calendar_name")?.unwrap_or_default(),
        }),
        None => None,
    };
    Ok(List {
        id: parsed(row, "id")?,
        name: row.get("name")?,
        colour: row.get("colour")?,
        source,
        target,
        direction: in_word(row, "direction", from_word)?,
        defaults: json(row, "defaults")?,
        horizon_months: row.get("horizon_months")?,
        created_at: time(row, "created_at")?,
    })
}

impl Store {
    /// All lists, by name.
    ///
    /// # Errors
    /// When the database fails.
    pub fn lists(&self) -> Result<Vec<List>, StoreError> {
        let mut statement = self.connection.prepare_cached(&format!("SELECT {COLUMNS} FROM lists ORDER BY name COLLATE NOCASE, id"))?;
        Ok(statement.query_map([], list)?.collect::<Result<_, _>>()?)
    }

    /// One list.
    ///
    /// # Errors
    /// When the database fails.
    pub fn list(&self, id: ListId) -> Result<Option<List>, StoreError> {
        let mut statement = self.connection.prepare_cached(&format!("SELECT {COLUMNS} FROM lists WHERE id = ?1"))?;
        Ok(statement.query_row([id.to_string()], list).optional()?)
    }

    /// One list by its name, in any case.
    ///
    /// # Errors
    /// When the database fails.
    pub fn list_named(&self, name: &str) -> Result<Option<List>, StoreError> {
        let mut statement = self.connection.prepare_cached(&format!("SELECT {COLUMNS} FROM lists WHERE name = ?1 COLLATE NOCASE"))?;
        Ok(statement.query_row([name.trim()], list).optional()?)
    }

    /// Adds a list or replaces what is known of it.
    ///
    /// # Errors
    /// When the database fails, or another list has this name.
    pub fn save_list(&self, list: &List) -> Result<(), StoreError> {
        let target = list.target.as_ref();
        self.connection.execute(
            "INSERT INTO lists (id, name, colour, source_kind, source_location, account, calendar_id, calendar_name, direction, defaults, horizon_months, created_at)
             VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9, ?10, ?11, ?12)
             ON CONFLICT (id) DO UPDATE SET name = ?2, colour = ?3, source_kind = ?4, source_location = ?5, account = ?6, calendar_id = ?7,
                 calendar_name = ?8, direction = ?9, defaults = ?10, horizon_months = ?11",
            params![
                list.id.to_string(),
                list.name,
                list.colour,
                list.source.as_ref().map(Source::kind),
                list.source.as_ref().map(Source::location),
                target.map(|target| target.account.to_string()),
                target.and_then(|target| target.calendar_id.clone()),
                target.map(|target| target.calendar_name.clone()),
                word(&list.direction),
                to_json(&list.defaults),
                list.horizon_months,
                ms(list.created_at),
            ],
        )?;
        Ok(())
    }

    /// Removes a list with its reminders and everything that was agreed about them. Generations stay.
    ///
    /// # Errors
    /// When the database fails.
    pub fn remove_list(&self, id: ListId) -> Result<(), StoreError> {
        for table in ["links", "reminders", "holds", "quarantine", "sources"] {
            self.connection.execute(&format!("DELETE FROM {table} WHERE list = ?1"), [id.to_string()])?;
        }
        self.connection.execute("DELETE FROM lists WHERE id = ?1", [id.to_string()])?;
        self.connection
            .execute("DELETE FROM meta WHERE key LIKE ?1 OR key LIKE ?2", [format!("first_sync:{id}:%"), format!("left:{id}:%")])?;
        for key in [shrunk_key(id), looked_for_key(id)] {
            self.connection.execute("DELETE FROM meta WHERE key = ?1", [key])?;
        }
        self.set_unstarted(id, false)?;
        self.stay(id)
    }
}

impl Store {
    /// Marks a list as leaving Outlook: its events are to go or to be let go, and none is to be made. The mark alone says so; what was not done yet is undone by
    /// taking it off.
    ///
    /// # Errors
    /// When the database fails.
    pub fn leave(&self, list: ListId, leave: Leave) -> Result<(), StoreError> {
        self.set_meta(&format!("leaving:{list}"), &word(&leave))?;
        self.touch()
    }

    /// Whether nothing of a list is left in Outlook.
    ///
    /// # Errors
    /// When the database fails.
    pub fn has_left(&self, list: ListId) -> Result<bool, StoreError> {
        let sql = "SELECT NOT EXISTS (SELECT 1 FROM links WHERE list = ?1 AND state IN ('linked', 'creating', 'tombstone', 'undone'))
            AND NOT EXISTS (SELECT 1 FROM events WHERE list = ?1 AND is_meeting = 0 AND account = (SELECT account FROM lists WHERE id = ?1)
                AND NOT EXISTS (SELECT 1 FROM links k WHERE k.account = events.account AND k.event_id = events.event_id))";
        Ok(self.connection.query_row(sql, [list.to_string()], |row| row.get(0))?)
    }

    /// Whether no event of a list is known here; one that was sent and never answered for is not.
    ///
    /// # Errors
    /// When the database fails.
    pub fn is_bare(&self, list: ListId) -> Result<bool, StoreError> {
        let sql = "SELECT NOT EXISTS (SELECT 1 FROM links INDEXED BY links_by_key WHERE list = ?1
            AND (state IN ('linked', 'undone') OR (state IN ('creating', 'tombstone') AND event_id IS NOT NULL)))";
        Ok(self.connection.query_row(sql, [list.to_string()], |row| row.get(0))?)
    }

    /// How a list stands with events of its own that no link here knew: `None` before its first sync in this account.
    ///
    /// # Errors
    /// When the database fails.
    pub fn first_sync(&self, list: &List) -> Result<Option<FirstSync>, StoreError> {
        let Some(key) = first_sync_key(list) else { return Ok(None) };
        Ok(self.meta(&key)?.and_then(|text| serde_json::from_str(&text).ok()))
    }

    /// Records it, before anything is written for this list.
    ///
    /// # Errors
    /// When the database fails.
    pub fn set_first_sync(&self, list: &List, to: FirstSync) -> Result<(), StoreError> {
        first_sync_key(list).map_or(Ok(()), |key| self.set_meta(&key, &to_json(&to)))
    }

    /// Whether any event of a list was ever linked in the account that it is kept in.
    ///
    /// # Errors
    /// When the database fails.
    pub fn has_links(&self, list: &List) -> Result<bool, StoreError> {
        let account = list.target.as_ref().map(|target| target.account.to_string());
        let sql = "SELECT EXISTS (SELECT 1 FROM links WHERE list = ?1 AND account = ?2)";
        Ok(self.connection.query_row(sql, params![list.id.to_string(), account], |row| row.get(0))?)
    }

    /// Keeps a list somewhere else, if it is still kept where it was. Says whether it was.
    ///
    /// # Errors
    /// When the database fails.
    pub fn set_target(&self, list: ListId, was: Option<&Target>, to: Option<&Target>) -> Result<bool, StoreError> {
        let parts = |target: Option<&Target>| {
            let account = target.map(|target| target.account.to_string());
            (account, target.and_then(|target| target.calendar_id.clone()), target.map(|target| target.calendar_name.clone()))
        };
        let (account, calendar, name) = parts(to);
        let (old_account, old_calendar, _) = parts(was);
        let changed = self.connection.execute(
            "UPDATE lists SET account = ?2, calendar_id = ?3, calendar_name = ?4 WHERE id = ?1 AND account IS ?5 AND calendar_id IS ?6",
            params![list.to_string(), account, calendar, name, old_account, old_calendar],
        )?;
        Ok(changed > 0)
    }

    /// Marks a list whose first sync a person wants to see first, or takes the mark off.
    ///
    /// # Errors
    /// When the database fails.
    pub fn set_unstarted(&self, list: ListId, unstarted: bool) -> Result<(), StoreError> {
        let key = unstarted_key(list);
        if unstarted {
            self.set_meta(&key, "1")?;
        } else {
            self.connection.execute("DELETE FROM meta WHERE key = ?1", [key])?;
        }
        self.touch()
    }

    /// Whether nothing of a list may be done before a person has seen the plan.
    ///
    /// # Errors
    /// When the database fails.
    pub fn is_unstarted(&self, list: ListId) -> Result<bool, StoreError> {
        Ok(self.meta(&unstarted_key(list))?.is_some())
    }

    /// When the events of a list that has none here were last looked for in every calendar.
    ///
    /// # Errors
    /// When the database fails.
    pub fn looked_for_at(&self, list: ListId) -> Result<Option<DateTime<Utc>>, StoreError> {
        let text = self.meta(&looked_for_key(list))?;
        Ok(text.and_then(|text| DateTime::parse_from_rfc3339(&text).ok()).map(|at| at.to_utc()))
    }

    /// When the newest reminder of a list was made.
    ///
    /// # Errors
    /// When the database fails.
    pub fn newest(&self, list: ListId) -> Result<Option<DateTime<Utc>>, StoreError> {
        let newest: Option<i64> =
            self.connection.query_row("SELECT max(created_at) FROM reminders WHERE list = ?1", [list.to_string()], |row| row.get(0))?;
        Ok(newest.and_then(DateTime::from_timestamp_millis))
    }

    /// Records that they were looked for.
    ///
    /// # Errors
    /// When the database fails.
    pub fn set_looked_for(&self, list: ListId, at: DateTime<Utc>) -> Result<(), StoreError> {
        self.set_meta(&looked_for_key(list), &at.to_rfc3339())
    }

    /// A person's own choices on a reminder that left its source: it may come back.
    ///
    /// # Errors
    /// When the database fails.
    pub fn leave_kept(&self, reminder: ReminderId, kept: &Kept) -> Result<(), StoreError> {
        if kept.is_empty() { Ok(()) } else { self.set_meta(&kept_key(reminder), &to_json(kept)) }
    }

    /// Gives them back, once.
    ///
    /// # Errors
    /// When the database fails.
    pub fn take_kept(&self, reminder: ReminderId) -> Result<Kept, StoreError> {
        let Some(text) = self.meta(&kept_key(reminder))? else { return Ok(Kept::default()) };
        self.connection.execute("DELETE FROM meta WHERE key = ?1", [kept_key(reminder)])?;
        Ok(serde_json::from_str(&text).unwrap_or_default())
    }

    /// Takes the mark off again.
    ///
    /// # Errors
    /// When the database fails.
    pub fn stay(&self, list: ListId) -> Result<(), StoreError> {
        self.connection.execute("DELETE FROM meta WHERE key = ?1", [format!("leaving:{list}")])?;
        self.touch()
    }

    /// Whether a list leaves Outlook, and what becomes of its events.
    ///
    /// # Errors
    /// When the database fails.
    pub fn leaving(&self, list: ListId) -> Result<Option<Leave>, StoreError> {
        Ok(self.meta(&format!("leaving:{list}"))?.map(|text| from_word(&text).unwrap_or(Leave::DeleteEvents)))
    }
}

fn kept_key(reminder: ReminderId) -> String {
    format!("kept:{reminder}")
}

fn looked_for_key(list: ListId) -> String {
    format!("looked_for:{list}")
}

fn unstarted_key(list: ListId) -> String {
    format!("unstarted:{list}")
}

fn first_sync_key(list: &List) -> Option<String> {
    list.target.as_ref().map(|target| format!("first_sync:{}:{}", list.id, target.account))
}
