//! The journal: every write with before and after.

use belfry_core::marker::Key;
use belfry_core::plan::Reason;
use belfry_core::{ListId, Op, Reminder, ReminderId};
use chrono::{DateTime, Utc};
use rusqlite::{OptionalExtension, Row, params};

use crate::columns::{in_word, ms, parsed, time};
use crate::links::key;
use crate::{Store, StoreError};

/// An entry to write.
#[derive(Debug, Clone)]
pub struct NewEntry {
    /// What was done.
    pub op: Op,
    /// To what.
    pub key: Key,
    /// Title, for people.
    pub title: String,
    /// Graph's id of the event.
    pub event_id: Option<String>,
    /// Why, for people.
    pub reason: String,
    /// JSON of what was there.
    pub before: Option<String>,
    /// JSON of what is there now.
    pub after: Option<String>,
    /// Both sides had changed it, and a rule decided.
    pub conflict: bool,
}

impl NewEntry {
    /// What was done to a reminder here; `of` is whose entry it is.
    #[must_use]
    pub fn of_reminder(op: Op, reason: Reason, of: &Reminder, before: Option<&Reminder>, after: Option<&Reminder>) -> Self {
        let text = |reminder: Option<&Reminder>| reminder.and_then(|one| serde_json::to_string(one).ok());
        Self {
            op,
            key: Key::main(of.list, of.id),
            title: of.title.clone(),
            event_id: None,
            reason: reason.to_string(),
            before: text(before),
            after: text(after),
            conflict: false,
        }
    }
}

/// An entry as read.
#[derive(Debug, Clone)]
pub struct JournalEntry {
    /// Number.
    pub id: i64,
    /// Which run.
    pub run: i64,
    /// When.
    pub at: DateTime<Utc>,
    /// The entry.
    pub entry: NewEntry,
}

fn entry(row: &Row<'_>) -> rusqlite::Result<JournalEntry> {
    Ok(JournalEntry {
        id: row.get("id")?,
        run: row.get("run")?,
        at: time(row, "at")?,
        entry: NewEntry {
            op: in_word(row, "op", Op::parse)?,
            key: key(row)?,
            title: row.get("title")?,
            event_id: row.get("event_id")?,
            reason: row.get("reason")?,
            before: row.get("before")?,
            after: row.get("after")?,
            conflict: row.get("conflict")?,
        },
    })
}

const COLUMNS: &str = "id, run, at, op, list, reminder, slot, title, event_id, reason, before, after, conflict";

impl Store {
    /// Writes an entry.
    ///
    /// # Errors
    /// When the database fails.
    pub fn write_journal(&self, run: i64, at: DateTime<Utc>, new: &NewEntry) -> Result<(), StoreError> {
        let mut statement = self.connection.prepare_cached(
            "INSERT INTO journal (run, at, op, list, reminder, slot, title, event_id, reason, before, after, conflict)
             VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9, ?10, ?11, ?12)",
        )?;
        statement.execute(params![
            run,
            ms(at),
            new.op.name(),
            new.key.list.to_string(),
            new.key.reminder.to_string(),
            new.key.slot.to_string(),
            new.title,
            new.event_id,
            new.reason,
            new.before,
            new.after,
            new.conflict,
        ])?;
        Ok(())
    }

    /// An entry goes on to this: its title and what is there now.
    ///
    /// # Errors
    /// When the database fails.
    pub fn amend_journal(&self, id: i64, to: &NewEntry) -> Result<(), StoreError> {
        let mut statement = self.connection.prepare_cached("UPDATE journal SET title = ?2, after = ?3 WHERE id = ?1")?;
        statement.execute(params![id, to.title, to.after])?;
        Ok(())
    }

    /// Entries of a run, in order.
    ///
    /// # Errors
    /// When the database fails.
    pub fn journal_of_run(&self, run: i64) -> Result<Vec<JournalEntry>, StoreError> {
        let mut statement = self.connection.prepare_cached(&format!("SELECT {COLUMNS} FROM journal WHERE run = ?1 ORDER BY id"))?;
        Ok(statement.query_map([run], entry)?.collect::<Result<_, _>>()?)
    }

    /// The last entry of a run.
    ///
    /// # Errors
    /// When the database fails.
    pub fn last_of_run(&self, run: i64) -> Result<Option<JournalEntry>, StoreError> {
        let mut statement =
            self.connection.prepare_cached(&format!("SELECT {COLUMNS} FROM journal WHERE run = ?1 ORDER BY id DESC LIMIT 1"))?;
        Ok(statement.query_row([run], entry).optional()?)
    }

    /// Entries of a reminder, newest first.
    ///
    /// # Errors
    /// When the database fails.
    pub fn journal_of_reminder(&self, reminder: ReminderId) -> Result<Vec<JournalEntry>, StoreError> {
        let mut statement =
            self.connection.prepare_cached(&format!("SELECT {COLUMNS} FROM journal WHERE reminder = ?1 ORDER BY id DESC"))?;
        Ok(statement.query_map([reminder.to_string()], entry)?.collect::<Result<_, _>>()?)
    }

    /// How many events of a list were let go for this reason, as far as the journal reaches back.
    ///
    /// # Errors
    /// When the database fails.
    pub fn count_let_go(&self, list: ListId, reason: &str) -> Result<u64, StoreError> {
        let sql = "SELECT count(*) FROM journal WHERE list = ?1 AND op = 'detach' AND reason = ?2";
        Ok(self.connection.query_row(sql, params![list.to_string(), reason], |row| row.get(0))?)
    }

    /// Events of a list that were deleted for this reason since then, in order.
    ///
    /// # Errors
    /// When the database fails.
    pub fn deleted_in_outlook(&self, list: ListId, reason: &str, since: DateTime<Utc>) -> Result<Vec<NewEntry>, StoreError> {
        let sql = format!("SELECT {COLUMNS} FROM journal WHERE list = ?1 AND op = 'delete' AND reason = ?2 AND at >= ?3 ORDER BY id");
        let mut statement = self.connection.prepare_cached(&sql)?;
        let rows = statement.query_map(params![list.to_string(), reason, ms(since)], entry)?;
        Ok(rows.map(|row| row.map(|row| row.entry)).collect::<Result<_, _>>()?)
    }

    /// How many conflicts were settled by rule and not looked at yet.
    ///
    /// # Errors
    /// When the database fails.
    pub fn count_conflicts(&self) -> Result<u64, StoreError> {
        Ok(self
            .connection
            .query_row("SELECT count(DISTINCT reminder) FROM journal WHERE conflict = 1 AND looked_at = 0", [], |row| row.get(0))?)
    }

    /// Records that a person has seen the conflicts: of one reminder, or all.
    ///
    /// # Errors
    /// When the database fails.
    pub fn look_at_conflicts(&self, reminder: Option<ReminderId>) -> Result<(), StoreError> {
        let reminder = reminder.map(|id| id.to_string());
        self.connection.execute(
            "UPDATE journal SET looked_at = 1 WHERE conflict = 1 AND looked_at = 0 AND (?1 IS NULL OR reminder = ?1)",
            [reminder],
        )?;
        Ok(())
    }

    /// Ids of reminders with entries that begin with a text, at most `limit`.
    ///
    /// # Errors
    /// When the database fails.
    pub fn journaled_ids(&self, prefix: &str, limit: u32) -> Result<Vec<ReminderId>, StoreError> {
        let mut statement = self.connection.prepare_cached(
            "SELECT DISTINCT reminder AS id FROM journal WHERE substr(reminder, 1, length(?1)) = ?1 ORDER BY id LIMIT ?2",
        )?;
        Ok(statement.query_map(params![prefix, limit], |row| parsed(row, "id"))?.collect::<Result<_, _>>()?)
    }

    /// What the newest run that changed a reminder did to it, in order: a merge has one entry for each side.
    ///
    /// # Errors
    /// When the database fails.
    pub fn newest_of_reminder(&self, reminder: ReminderId) -> Result<Vec<JournalEntry>, StoreError> {
        let sql = format!(
            "SELECT {COLUMNS} FROM journal WHERE reminder = ?1 AND run = (SELECT max(run) FROM journal WHERE reminder = ?1) ORDER BY id"
        );
        Ok(self.connection.prepare_cached(&sql)?.query_map([reminder.to_string()], entry)?.collect::<Result<_, _>>()?)
    }

    /// How many bytes the journal holds, about.
    ///
    /// # Errors
    /// When the database fails.
    pub fn journal_bytes(&self) -> Result<u64, StoreError> {
        Ok(self.connection.prepare_cached("SELECT bytes FROM journal_size")?.query_row([], |row| row.get(0))?)
    }

    /// Drops the oldest entries beyond so many bytes: a list that is imported anew every hour must not fill the disk.
    ///
    /// # Errors
    /// When the database fails.
    pub fn bound_journal(&self, most: u64) -> Result<(), StoreError> {
        while self.journal_bytes()? > most {
            let dropped = self.connection.execute("DELETE FROM journal WHERE id IN (SELECT id FROM journal ORDER BY id LIMIT 500)", [])?;
            if dropped == 0 {
                break;
            }
        }
        Ok(())
    }

    /// Drops entries older than this, and runs that are left empty. Costs a look at the oldest run while there is nothing to drop.
    ///
    /// # Errors
    /// When the database fails.
    pub fn trim_journal(&self, before: DateTime<Utc>) -> Result<(), StoreError> {
        let oldest: Option<i64> = self.connection.query_row("SELECT min(started_at) FROM runs", [], |row| row.get(0))?;
        if oldest.is_none_or(|oldest| oldest >= ms(before)) {
            return Ok(());
        }
        self.atomically(|store| {
            store.connection.execute("DELETE FROM journal WHERE at < ?1", [ms(before)])?;
            store.connection.execute(
                "DELETE FROM runs WHERE started_at < ?1 AND NOT EXISTS (SELECT 1 FROM journal j WHERE j.run = runs.id)
                     AND NOT EXISTS (SELECT 1 FROM holds h WHERE h.shown_run = runs.id)",
                [ms(before)],
            )?;
            Ok(())
        })
    }
}
