//! Items of files that could not be read, each with line and reason.

use belfry_core::ListId;
use chrono::{DateTime, Utc};
use rusqlite::params;

use crate::columns::{ms, parsed};
use crate::{Store, StoreError};

/// An item to set aside.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct NewQuarantined {
    /// Line in the file, from 1.
    pub line: usize,
    /// Why, in one sentence.
    pub reason: String,
    /// Its text, cut if it is long.
    pub raw: String,
}

/// An item that was set aside.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Quarantined {
    /// For which list.
    pub list: ListId,
    /// From which file.
    pub origin: String,
    /// The item.
    pub item: NewQuarantined,
}

impl Store {
    /// Replaces what is set aside from one file for one list.
    ///
    /// # Errors
    /// When the database fails.
    pub fn set_quarantine(&self, list: ListId, origin: &str, items: &[NewQuarantined], at: DateTime<Utc>) -> Result<(), StoreError> {
        self.connection.execute("DELETE FROM quarantine WHERE list = ?1 AND origin = ?2", params![list.to_string(), origin])?;
        for item in items {
            self.connection.execute(
                "INSERT INTO quarantine (list, origin, line, reason, raw, at) VALUES (?1, ?2, ?3, ?4, ?5, ?6)",
                params![list.to_string(), origin, item.line, item.reason, item.raw, ms(at)],
            )?;
        }
        Ok(())
    }

    /// What is set aside.
    ///
    /// # Errors
    /// When the database fails.
    pub fn quarantine(&self) -> Result<Vec<Quarantined>, StoreError> {
        let mut statement =
            self.connection.prepare_cached("SELECT list, origin, line, reason, raw FROM quarantine ORDER BY list, origin, line")?;
        let rows = statement.query_map([], |row| {
            let item = NewQuarantined { line: row.get("line")?, reason: row.get("reason")?, raw: row.get("raw")? };
            Ok(Quarantined { list: parsed(row, "list")?, origin: row.get("origin")?, item })
        })?;
        Ok(rows.collect::<Result<_, _>>()?)
    }
}
