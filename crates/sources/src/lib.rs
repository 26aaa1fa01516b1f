//! Reading what lists follow.
//!
//! A source is read whole or not at all: what breaks off, is not there, or is not what it was is an error and never fewer reminders
//! (`belfry_ical` refuses what is cut). What follows from a reading is decided elsewhere; nothing here knows a database.

use std::fs::File;
use std::io::Read;
use std::path::{Path, PathBuf};

use belfry_core::Source;
use belfry_ical::{Contents, FileProblem, LARGEST_FILE, ReadInto};

/// Why a source could not be read.
#[derive(Debug, thiserror::Error)]
pub enum SourceError {
    /// Not there, or not to be opened.
    #[error("{path} cannot be read")]
    Unreadable {
        /// Which file.
        path: PathBuf,
        /// Cause.
        #[source]
        source: std::io::Error,
    },
    /// It is no calendar, or a cut one.
    #[error("{path}: {source}")]
    Malformed {
        /// Which file.
        path: PathBuf,
        /// Cause.
        #[source]
        source: FileProblem,
    },
    /// Folders and feeds are not followed by this release.
    #[error("this release does not follow {0}")]
    Unfollowed(&'static str),
}

/// Reads a source.
///
/// # Errors
/// When nothing of it can be trusted.
pub fn read(source: &Source, into: &ReadInto) -> Result<Contents, SourceError> {
    match source {
        Source::File(path) => read_file(Path::new(path), into),
        Source::Folder(_) | Source::Feed(_) => Err(SourceError::Unfollowed(source.kind())),
    }
}

fn read_file(path: &Path, into: &ReadInto) -> Result<Contents, SourceError> {
    let unreadable = |source| SourceError::Unreadable { path: path.to_owned(), source };
    let mut bytes = Vec::new();
    // One byte more than is taken: the reader says that it is too large, and a device file does not fill the memory.
    File::open(path).map_err(unreadable)?.take(LARGEST_FILE as u64 + 1).read_to_end(&mut bytes).map_err(unreadable)?;
    belfry_ical::read(&bytes, into).map_err(|source| SourceError::Malformed { path: path.to_owned(), source })
}

#[cfg(test)]
mod tests {
    use belfry_core::{ListDefaults, ListId, Zone};

    use super::*;

    fn into() -> ReadInto {
        let now = chrono::DateTime::from_timestamp(1_800_000_000, 0).expect("a time");
        ReadInto { list: ListId::of_name("Contracts"), defaults: ListDefaults::default(), zone: Zone::UTC, now }
    }

    fn read_text(text: &[u8]) -> Result<usize, String> {
        let folder = tempfile::tempdir().expect("a folder");
        let path = folder.path().join("contracts.ics");
        std::fs::write(&path, text).expect("written");
        let read = read(&Source::File(path.to_string_lossy().into_owned()), &into());
        read.map(|contents| contents.reminders.len()).map_err(|error| error.to_string().replace(&*path.to_string_lossy(), "FILE"))
    }

    #[test]
    fn a_file_is_read_whole_or_not_at_all() {
        let whole = b"BEGIN:VCALENDAR\r\nBEGIN:VEVENT\r\nUID:1\r\nSUMMARY:Lease\r\nDTSTART:20270301\r\nEND:VEVENT\r\nEND:VCALENDAR\r\n";
        assert_eq!(read_text(whole), Ok(1));
        assert_eq!(read_text(b"BEGIN:VCALENDAR\r\nEND:VCALENDAR\r\n"), Ok(0));
        assert!(read_text(&whole[..60]).is_err_and(|why| why.contains("breaks off")));
        assert_eq!(read_text(b"<html>log in</html>"), Err("FILE: this is not a calendar file".into()));
        assert!(read(&Source::File("/nowhere/at/all.ics".into()), &into()).is_err());
        assert!(read(&Source::Feed("https://example.org/a.ics".into()), &into()).is_err());
    }
}
