//! Copies of the whole database.

use std::path::{Path, PathBuf};
use std::time::Duration;

use chrono::{DateTime, Utc};
use rusqlite::backup::Backup;
use rusqlite::{Connection, OpenFlags};

use crate::{MIGRATIONS, Store, StoreError};

/// Copied at a time: all of them, as others wait meanwhile no longer than for a read.
const PAGES: std::ffi::c_int = 10_000;

fn whole(file: &Path) -> Result<Connection, StoreError> {
    let connection = Connection::open_with_flags(file, OpenFlags::SQLITE_OPEN_READ_ONLY)?;
    if MIGRATIONS.pending_migrations(&connection)? < 0 {
        return Err(StoreError::Newer);
    }
    let version: i64 = connection.pragma_query_value(None, "user_version", |row| row.get(0))?;
    let said: String = connection.query_row("PRAGMA integrity_check(1)", [], |row| row.get(0))?;
    if version > 0 && said == "ok" { Ok(connection) } else { Err(StoreError::Unreadable(said.into())) }
}

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

    /// Puts everything back to a copy that was made earlier, while others may have this database open: they see it at once. What mailboxes showed since is asked for again.
    ///
    /// # Errors
    /// [`StoreError::Unreadable`] or [`StoreError::Newer`] when the copy is no whole one of ours; then nothing was changed.
    pub fn restore(&self, copy: &Path) -> Result<(), StoreError> {
        let path = self.path.as_deref().ok_or(StoreError::Missing("the file of the database"))?;
        let from = whole(copy)?;
        let mut to = Connection::open(path)?;
        to.busy_timeout(Duration::from_secs(10))?;
        Backup::new(&from, &mut to)?.run_to_completion(PAGES, Duration::from_millis(20), None)?;
        MIGRATIONS.to_latest(&mut to)?;
        self.ask_anew()
    }

    /// What mailboxes showed is asked for again with the next sync: this is an earlier copy.
    ///
    /// # Errors
    /// When the database fails.
    pub fn ask_anew(&self) -> Result<(), StoreError> {
        let sql = "UPDATE calendars SET delta_link = NULL, listed_at = NULL; DELETE FROM meta WHERE key LIKE 'agreed:%'";
        self.connection.execute_batch(sql)?;
        self.touch()
    }

    /// Whether it is on a disk, and worth a copy.
    #[must_use]
    pub fn has_file(&self) -> bool {
        self.path.is_some()
    }

    /// Whether a file is a whole database of a Belfry that is not newer.
    ///
    /// # Errors
    /// Why it is not.
    pub fn is_whole(file: &Path) -> Result<(), StoreError> {
        whole(file).map(drop)
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
        let copied = self.connection.execute("VACUUM INTO ?1", [part.to_string_lossy()]).map_err(StoreError::from);
        let copied = copied.and_then(|_| std::fs::File::open(&part).and_then(|file| file.sync_all()).map_err(unwritable));
        let copied = copied.and_then(|()| std::fs::rename(&part, &path).map_err(unwritable));
        if copied.is_err() {
            // On a full disk half a copy is of use to nobody.
            let _ = std::fs::remove_file(&part);
        }
        copied.map(|()| path)
    }
}
