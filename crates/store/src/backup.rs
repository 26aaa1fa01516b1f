//! Copies of the whole database.

use std::path::{Path, PathBuf};
use std::time::Duration;

use chrono::{DateTime, Utc};
use rusqlite::Connection;
use rusqlite::backup::Backup;

use crate::{Store, StoreError};

/// Copied at a time: all of them, as others wait meanwhile no longer than for a read.
const PAGES: std::ffi::c_int = 10_000;

impl Store {
    /// The same in memory, to try things out on.
    ///
    /// # Errors
    /// When the database cannot be read.
    pub fn copy(&self) -> Result<Self, StoreError> {
        let mut connection = Connection::open_in_memory()?;
        Backup::new(&self.connection, &mut connection)?.run_to_completion(PAGES, Duration::ZERO, None)?;
        let copy = Self { connection, path: None };
        copy.configure()?;
        Ok(copy)
    }

    /// Writes a whole, compact copy into a folder and returns its path. The copy is complete before it has its name.
    ///
    /// # Errors
    /// When the folder cannot be written.
    pub fn back_up(&self, folder: &Path, label: &str, now: DateTime<Utc>) -> Result<PathBuf, StoreError> {
        let unwritable = |error: std::io::Error| StoreError::Unwritable(Box::new(error));
        std::fs::create_dir_all(folder).map_err(unwritable)?;
        let path = folder.join(format!("{}-{label}.db", now.format("%Y-%m-%dT%H-%M-%S")));
        let part = path.with_extension("part");
        let _ = std::fs::remove_file(&part);
        self.connection.execute("VACUUM INTO ?1", [part.to_string_lossy()])?;
        std::fs::File::open(&part).and_then(|file| file.sync_all()).map_err(unwritable)?;
        std::fs::rename(&part, &path).map_err(unwritable)?;
        Ok(path)
    }
}
