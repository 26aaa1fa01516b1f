//! What lists follow, as it was when it was last read.

use belfry_core::ListId;
use belfry_core::list::SourceTrouble;
use chrono::{DateTime, Utc};
use rusqlite::{OptionalExtension, params};

use crate::columns::{maybe_time, ms};
use crate::{Store, StoreError};

/// The state of one source.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct SourceRow {
    /// By what a later reading knows that nothing changed; JSON of who reads.
    pub validators: Option<String>,
    /// Which columns of a table are what, as it was typed.
    pub map: Option<String>,
    /// The last good reading.
    pub read_at: Option<DateTime<Utc>>,
    /// The last attempt.
    pub tried_at: Option<DateTime<Utc>>,
    /// Whether the run that was last read it whole, so that it may restore and remove.
    pub is_whole: bool,
    /// What was in the way, as a sentence too.
    pub trouble: Option<(SourceTrouble, String)>,
    /// How often it wants to be read, in minutes.
    pub wished_minutes: Option<u32>,
    /// How often its person wants it read, in minutes.
    pub chosen_minutes: Option<u32>,
    /// Its server asked to be left alone until then.
    pub waits_until: Option<DateTime<Utc>>,
}

impl Store {
    /// The state of the source of a list.
    ///
    /// # Errors
    /// When the database fails.
    pub fn source(&self, list: ListId) -> Result<SourceRow, StoreError> {
        let sql = "SELECT validators, map, read_at, tried_at, is_whole, trouble, detail, wished_minutes, chosen_minutes, waits_until FROM sources WHERE list = ?1";
        let row = self.connection.prepare_cached(sql)?.query_row([list.to_string()], |row| {
            let trouble: Option<String> = row.get("trouble")?;
            let detail: Option<String> = row.get("detail")?;
            Ok(SourceRow {
                validators: row.get("validators")?,
                map: row.get("map")?,
                read_at: maybe_time(row, "read_at")?,
                tried_at: maybe_time(row, "tried_at")?,
                is_whole: row.get("is_whole")?,
                trouble: trouble.as_deref().and_then(SourceTrouble::parse).map(|trouble| (trouble, detail.unwrap_or_default())),
                wished_minutes: row.get("wished_minutes")?,
                chosen_minutes: row.get("chosen_minutes")?,
                waits_until: maybe_time(row, "waits_until")?,
            })
        });
        Ok(row.optional()?.unwrap_or_default())
    }

    /// Records it. Whether it was read whole is part of what plans look at.
    ///
    /// # Errors
    /// When the database fails.
    pub fn save_source(&self, list: ListId, source: &SourceRow) -> Result<(), StoreError> {
        let before = self.source(list)?;
        let sql = "INSERT OR REPLACE INTO sources (list, validators, map, read_at, tried_at, is_whole, trouble, detail, wished_minutes, chosen_minutes,
                       waits_until)
                   VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9, ?10, ?11)";
        self.connection.prepare_cached(sql)?.execute(params![
            list.to_string(),
            source.validators,
            source.map,
            source.read_at.map(ms),
            source.tried_at.map(ms),
            source.is_whole,
            source.trouble.as_ref().map(|(trouble, _)| trouble.name()),
            source.trouble.as_ref().map(|(_, detail)| detail),
            source.wished_minutes,
            source.chosen_minutes,
            source.waits_until.map(ms),
        ])?;
        if before.is_whole == source.is_whole { Ok(()) } else { self.touch() }
    }

    /// The next reading takes nothing for unchanged: what it is read with is another.
    ///
    /// # Errors
    /// When the database fails.
    pub fn forget_validators(&self, list: ListId) -> Result<(), StoreError> {
        self.connection.execute("UPDATE sources SET validators = NULL WHERE list = ?1", [list.to_string()])?;
        Ok(())
    }
}
