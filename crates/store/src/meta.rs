//! Single values: the home's id, settings of the window, when something last happened.

use rusqlite::{OptionalExtension, params};

use crate::{Store, StoreError};

impl Store {
    /// Grows with every commit of another connection to this database, in whatever process.
    ///
    /// # Errors
    /// When the database fails.
    pub fn version_elsewhere(&self) -> Result<i64, StoreError> {
        Ok(self.connection.query_row("SELECT data_version FROM pragma_data_version", [], |row| row.get(0))?)
    }

    /// A value.
    ///
    /// # Errors
    /// When the database fails.
    pub fn meta(&self, key: &str) -> Result<Option<String>, StoreError> {
        let mut statement = self.connection.prepare_cached("SELECT value FROM meta WHERE key = ?1")?;
        Ok(statement.query_row([key], |row| row.get(0)).optional()?)
    }

    /// Sets a value.
    ///
    /// # Errors
    /// When the database fails.
    pub fn set_meta(&self, key: &str, value: &str) -> Result<(), StoreError> {
        self.connection
            .execute("INSERT INTO meta (key, value) VALUES (?1, ?2) ON CONFLICT (key) DO UPDATE SET value = ?2", params![key, value])?;
        Ok(())
    }

    /// The id that names this home in the keychain: random, made once.
    ///
    /// # Errors
    /// When the database fails.
    pub fn home_id(&self) -> Result<String, StoreError> {
        let fresh = uuid::Uuid::new_v4().to_string();
        self.connection.execute("INSERT INTO meta (key, value) VALUES ('home_id', ?1) ON CONFLICT (key) DO NOTHING", [&fresh])?;
        Ok(self.meta("home_id")?.unwrap_or(fresh))
    }
}
