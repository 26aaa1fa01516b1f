//! What may be wrong with the database.

use belfry_core::{Problem, ProblemCode};
use rusqlite::ErrorCode;

/// Why the store did not do it.
#[derive(Debug, thiserror::Error)]
pub enum StoreError {
    /// It is no database, or a damaged one.
    #[error("the database cannot be read")]
    Unreadable(#[source] Box<dyn std::error::Error + Send + Sync>),
    /// A newer Belfry wrote it.
    #[error("the database was written by a newer Belfry")]
    Newer,
    /// Another process kept it busy for too long.
    #[error("the database is busy")]
    Busy(#[source] rusqlite::Error),
    /// The disk is full or cannot be written.
    #[error("the data folder cannot be written")]
    Unwritable(#[source] Box<dyn std::error::Error + Send + Sync>),
    /// Something that has to be there is not.
    #[error("{0} is not there")]
    Missing(&'static str),
    /// A defect: SQL that does not fit the schema.
    #[error("the database refused a statement")]
    Statement(#[source] rusqlite::Error),
}

impl From<rusqlite::Error> for StoreError {
    fn from(error: rusqlite::Error) -> Self {
        match error.sqlite_error_code() {
            Some(ErrorCode::NotADatabase | ErrorCode::DatabaseCorrupt) => Self::Unreadable(Box::new(error)),
            Some(ErrorCode::DatabaseBusy | ErrorCode::DatabaseLocked) => Self::Busy(error),
            Some(ErrorCode::DiskFull | ErrorCode::ReadOnly | ErrorCode::CannotOpen | ErrorCode::SystemIoFailure) => {
                Self::Unwritable(Box::new(error))
            }
            _ => match error {
                rusqlite::Error::FromSqlConversionFailure(..) | rusqlite::Error::InvalidColumnType(..) => Self::Unreadable(Box::new(error)),
                other => Self::Statement(other),
            },
        }
    }
}

impl From<rusqlite_migration::Error> for StoreError {
    fn from(error: rusqlite_migration::Error) -> Self {
        use rusqlite_migration::{Error, MigrationDefinitionError};
        match error {
            Error::MigrationDefinition(MigrationDefinitionError::DatabaseTooFarAhead) => Self::Newer,
            Error::RusqliteError { err, .. } => Self::from(err),
            other => Self::Unreadable(Box::new(other)),
        }
    }
}

impl StoreError {
    /// What to tell the person.
    #[must_use]
    pub fn problem(&self) -> Problem {
        let cause = |error: &dyn std::fmt::Display| format!(" ({error})");
        match self {
            Self::Unreadable(error) => Problem::new(
                ProblemCode::DatabaseUnreadable,
                "The database cannot be read",
                format!("Belfry's database is damaged or is not one{}. It was left as it is.", cause(error)),
                "Start Belfry again: it takes the newest whole copy from the folder `backups`. If it says this once more there is none: move belfry.db, belfry.db-wal and belfry.db-shm away together.",
            ),
            Self::Newer => Problem::new(
                ProblemCode::DatabaseNewer,
                "Written by a newer Belfry",
                "A newer Belfry wrote this database; this one would spoil it.",
                "Update Belfry, or use another data folder with --home.",
            ),
            Self::Busy(_) => Problem::new(
                ProblemCode::SyncRunning,
                "The database is busy",
                "Another Belfry is using the database.",
                "Wait a moment and try again.",
            ),
            Self::Unwritable(error) => Problem::new(
                ProblemCode::HomeUnwritable,
                "The data folder cannot be written",
                format!("Belfry cannot write its data{}.", cause(error)),
                "Check that the disk is not full and that the folder belongs to you.",
            ),
            Self::Missing(what) => {
                Problem::new(ProblemCode::Internal, "Something is missing", format!("{what} is not there any more."), "Try again.")
            }
            Self::Statement(error) => Problem::new(
                ProblemCode::Internal,
                "A defect of Belfry's",
                format!("The database refused a statement{}.", cause(error)),
                "Please report this.",
            ),
        }
    }
}
