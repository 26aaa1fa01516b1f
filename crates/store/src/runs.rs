//! Runs: every sync, undo and change by hand that was journaled.

use std::collections::BTreeMap;

use belfry_core::AccountId;
use chrono::{DateTime, Utc};
use rusqlite::{OptionalExtension, Row, params};

use crate::columns::{maybe_json, maybe_time, ms, time};
use crate::{Store, StoreError};

/// A run.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Run {
    /// Number.
    pub id: i64,
    /// `sync`, `undo` or `hand`.
    pub kind: String,
    /// When it began.
    pub started_at: DateTime<Utc>,
    /// When it ended; `None` when it was cut off.
    pub finished_at: Option<DateTime<Utc>>,
    /// How it ended.
    pub outcome: Option<String>,
    /// The good sync of each account before it, which may be no row any more.
    pub follows: BTreeMap<String, i64>,
}

const COLUMNS: &str = "id, kind, started_at, finished_at, outcome, follows";

fn run(row: &Row<'_>) -> rusqlite::Result<Run> {
    Ok(Run {
        id: row.get("id")?,
        kind: row.get("kind")?,
        started_at: time(row, "started_at")?,
        finished_at: maybe_time(row, "finished_at")?,
        outcome: row.get("outcome")?,
        follows: maybe_json(row, "follows")?.unwrap_or_default(),
    })
}

impl Store {
    /// Begins a run.
    ///
    /// # Errors
    /// When the database fails.
    pub fn begin_run(&self, kind: &str, at: DateTime<Utc>) -> Result<i64, StoreError> {
        self.connection.execute(
            "INSERT INTO runs (kind, started_at, follows)
             VALUES (?1, ?2, (SELECT json_group_object(substr(key, 11), CAST(value AS INTEGER)) FROM meta WHERE key LIKE 'good_sync:%'))",
            params![kind, ms(at)],
        )?;
        Ok(self.connection.last_insert_rowid())
    }

    /// Records that a run saw everything of an account.
    ///
    /// # Errors
    /// When the database fails.
    pub fn set_good_run(&self, account: &AccountId, run: i64) -> Result<(), StoreError> {
        self.set_meta(&format!("good_sync:{account}"), &run.to_string())
    }

    /// What a run said at its end.
    ///
    /// # Errors
    /// When the database fails.
    pub fn report_of(&self, id: i64) -> Result<Option<String>, StoreError> {
        let mut statement = self.connection.prepare_cached("SELECT report FROM runs WHERE id = ?1")?;
        Ok(statement.query_row([id], |row| row.get(0)).optional()?.flatten())
    }

    /// Ends a run. A sync that changed nothing and ended as one that changed nothing takes its predecessor's place, so that a quiet year, or a night of
    /// waiting for a person, is not a thousand rows.
    ///
    /// # Errors
    /// When the database fails.
    pub fn finish_run(&self, id: i64, at: DateTime<Utc>, outcome: &str, report: &str) -> Result<(), StoreError> {
        self.connection
            .execute("UPDATE runs SET finished_at = ?2, outcome = ?3, report = ?4 WHERE id = ?1", params![id, ms(at), outcome, report])?;
        self.connection.execute(
            "DELETE FROM runs WHERE kind = 'sync' AND outcome = ?2 AND ?2 IN ('ok', 'held', 'offline', 'attention', 'failed') AND id < ?1 AND id > ?1 - 5000
                 AND (SELECT kind FROM runs WHERE id = ?1) = 'sync'
                 AND NOT EXISTS (SELECT 1 FROM journal j WHERE j.run = runs.id)
                 AND NOT EXISTS (SELECT 1 FROM holds h WHERE h.shown_run = runs.id)",
            params![id, outcome],
        )?;
        Ok(())
    }

    /// Ends a run that a person asked for, if it did anything; one that did not leaves nothing. Says whether it did.
    ///
    /// # Errors
    /// When the database fails.
    pub fn finish_or_drop(&self, id: i64, at: DateTime<Utc>) -> Result<bool, StoreError> {
        let empty =
            self.connection.execute("DELETE FROM runs WHERE id = ?1 AND NOT EXISTS (SELECT 1 FROM journal j WHERE j.run = ?1)", [id])?;
        if empty == 0 {
            self.finish_run(id, at, "ok", "")?;
        }
        Ok(empty == 0)
    }

    /// The newest runs, newest first.
    ///
    /// # Errors
    /// When the database fails.
    pub fn runs(&self, limit: u32) -> Result<Vec<Run>, StoreError> {
        let mut statement = self.connection.prepare_cached(&format!("SELECT {COLUMNS} FROM runs ORDER BY id DESC LIMIT ?1"))?;
        Ok(statement.query_map([limit], run)?.collect::<Result<_, _>>()?)
    }

    /// One run.
    ///
    /// # Errors
    /// When the database fails.
    pub fn run(&self, id: i64) -> Result<Option<Run>, StoreError> {
        let mut statement = self.connection.prepare_cached(&format!("SELECT {COLUMNS} FROM runs WHERE id = ?1"))?;
        Ok(statement.query_row([id], run).optional()?)
    }

    /// The newest sync that ended.
    ///
    /// # Errors
    /// When the database fails.
    pub fn last_sync(&self) -> Result<Option<Run>, StoreError> {
        let sql = format!("SELECT {COLUMNS} FROM runs WHERE kind = 'sync' AND finished_at IS NOT NULL ORDER BY id DESC LIMIT 1");
        Ok(self.connection.prepare_cached(&sql)?.query_row([], run).optional()?)
    }

    /// The newest sync that did not end, if none ended since: it was cut off, or it runs.
    ///
    /// # Errors
    /// When the database fails.
    pub fn unfinished_sync(&self) -> Result<Option<Run>, StoreError> {
        let sql = format!("SELECT {COLUMNS} FROM runs WHERE kind = 'sync' ORDER BY id DESC LIMIT 1");
        let newest = self.connection.prepare_cached(&sql)?.query_row([], run).optional()?;
        Ok(newest.filter(|run| run.finished_at.is_none()))
    }
}
