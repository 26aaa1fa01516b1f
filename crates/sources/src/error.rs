//! Why a source could not be read, each as one sentence without its end.

use std::path::PathBuf;

use belfry_http::HttpError;
use belfry_ical::FileProblem;
use chrono::{DateTime, NaiveDateTime, Utc};

/// Why a source could not be read.
#[derive(Debug, thiserror::Error)]
pub enum SourceError {
    /// Not there, or not to be opened.
    #[error("{} cannot be read", path.display())]
    Unreadable {
        /// Which file or folder.
        path: PathBuf,
        /// Cause.
        #[source]
        source: std::io::Error,
    },
    /// A folder where a file is wanted, what has no end and may never have a beginning, or a database.
    #[error("{} is {what}, not a file to read", path.display())]
    NotFile {
        /// What was named.
        path: PathBuf,
        /// What it is.
        what: &'static str,
    },
    /// It is no calendar, or a cut one.
    #[error("{}: {source}", path.display())]
    Malformed {
        /// Which file.
        path: PathBuf,
        /// Cause.
        #[source]
        source: FileProblem,
    },
    /// More files than anybody reads.
    #[error("{} holds more than {most} calendar files", path.display())]
    TooMany {
        /// Which folder.
        path: PathBuf,
        /// The limit.
        most: usize,
    },
    /// A folder of folders with calendar files: each of them is a list of its own.
    #[error("{} holds no calendar file itself, only folders that do; give one of them, such as {}", path.display(), first.display())]
    Collections {
        /// Which folder.
        path: PathBuf,
        /// The first of those in it, by name.
        first: PathBuf,
    },
    /// The address of a feed is none, or may not be asked.
    #[error("{0} is no address of a feed that may be asked")]
    Address(String),
    /// No answer.
    #[error("{source}")]
    Unreachable {
        /// Cause; it names the host, never the address, which may hold a secret.
        #[source]
        source: HttpError,
    },
    /// An answer, but not the feed.
    #[error("{host} answered with {status}")]
    Status {
        /// Who.
        host: String,
        /// What.
        status: u16,
    },
    /// Too busy, and it says when to come back.
    #[error("{host} answered with {status} and asked to wait until {}", until.format("%-d %B %Y, %H:%M"))]
    Busy {
        /// Who.
        host: String,
        /// What.
        status: u16,
        /// Until when.
        at: DateTime<Utc>,
        /// The same on the clock of the list.
        until: NaiveDateTime,
    },
    /// It leads from one address to the next.
    #[error("{host} leads on and on")]
    Redirects {
        /// Who.
        host: String,
    },
    /// It leads to an address that may not be asked.
    #[error("{host} leads to an address that is not safe")]
    UnsafeRedirect {
        /// Who.
        host: String,
    },
    /// What came is no calendar, or a cut one.
    #[error("what {host} answered: {source}")]
    NotCalendar {
        /// Who.
        host: String,
        /// Cause.
        #[source]
        source: FileProblem,
    },
}

impl SourceError {
    /// Whether it may well be over by itself: no network, a server with a fault.
    #[must_use]
    pub fn is_passing(&self) -> bool {
        match self {
            Self::Unreachable { source } => !matches!(source, HttpError::TooLarge { .. } | HttpError::Malformed(_)),
            Self::Busy { .. } => true,
            Self::Status { status, .. } => *status == 429 || *status >= 500,
            _ => false,
        }
    }
}
