//! Reading what lists follow: a file, a folder of files, a feed.
//!
//! A source is read whole or not at all: what breaks off, is not there, or is not what it was is an error and never fewer reminders. A folder in which one file cannot be read is
//! read but for that file, and says so. What follows from a reading is decided elsewhere; nothing here knows a database. What was read before and has not changed since is not read
//! again ([`Validators`]).

mod disk;
mod error;
mod feed;

use std::path::Path;

use belfry_core::Source;
use belfry_http::HttpClient;
use belfry_ical::{ColumnMap, Contents, FileProblem, Open, ReadInto};
use secrecy::SecretString;
use serde::{Deserialize, Serialize};

pub use disk::{at_most, bytes, is_followed};
pub use error::SourceError;
pub use feed::{address, is_allowed, take_password};

/// By what a later reading knows that nothing changed.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default)]
pub struct Validators {
    /// `ETag` of a feed, as it came.
    pub etag: Option<String>,
    /// `Last-Modified` of a feed, as it came.
    pub modified: Option<String>,
    /// Names, sizes and times of files.
    pub stamp: Option<String>,
}

/// What a reading found.
#[derive(Debug)]
pub enum Reading {
    /// All is as it was when it was last read.
    Unchanged,
    /// This.
    Read(Box<Found>),
}

/// A source as it was read.
#[derive(Debug, Default)]
pub struct Found {
    /// What it holds.
    pub contents: Contents,
    /// For the next reading.
    pub validators: Validators,
    /// Files of a folder that could not be read: what they held is not known.
    pub broken: Vec<SourceError>,
}

/// Reads a source. A password is for a feed whose address names its user.
///
/// # Errors
/// When nothing of it can be trusted.
pub async fn read(
    source: &Source,
    http: &dyn HttpClient,
    known: &Validators,
    into: &ReadInto,
    map: Option<&ColumnMap>,
    password: Option<&SecretString>,
) -> Result<Reading, SourceError> {
    match source {
        Source::File(path) => disk::file(path.as_ref(), known, into, map),
        Source::Folder(path) => disk::folder(path.as_ref(), known, into),
        Source::Feed(url) => feed::read(url, http, known, into, map, password).await,
    }
}

/// Reads iCalendar or a table, by what it begins with: names of files and types of feeds lie.
///
/// # Errors
/// It is neither, or cut off.
pub fn parse(bytes: &[u8], into: &ReadInto, map: Option<&ColumnMap>) -> Result<Contents, FileProblem> {
    let map = match map {
        Some(map) => map.clone(),
        None if bytes.iter().all(u8::is_ascii_whitespace) => return Err(FileProblem::Truncated { line: 1, open: Open::File }),
        None if looks_like_calendar(bytes) => return belfry_ical::read(bytes, into),
        None if looks_like_markup(bytes) => return Err(FileProblem::NotCalendar),
        None => {
            let neither = |problem| if problem == FileProblem::NotTable { FileProblem::NotCalendar } else { problem };
            belfry_ical::guess_columns(&belfry_ical::csv_header(bytes).map_err(neither)?)
        }
    };
    belfry_ical::read_csv(bytes, &map, into)
}

/// The same of a file by its name: one that is named as a calendar and can be read as nothing is a broken calendar, and no table whose columns somebody has to name.
///
/// # Errors
/// It is neither, or cut off.
pub fn parse_named(bytes: &[u8], name: &Path, into: &ReadInto, map: Option<&ColumnMap>) -> Result<Contents, FileProblem> {
    let is_nothing = bytes.iter().all(u8::is_ascii_whitespace);
    let is_broken = map.is_none() && !is_nothing && is_named_calendar(name) && is_table(bytes);
    parse(bytes, into, map).map_err(|problem| match problem {
        FileProblem::TooLarge => FileProblem::TooLarge,
        _ if is_broken => FileProblem::NotCalendar,
        problem => problem,
    })
}

/// Whether the end of a name says that it is a calendar (RFC 5545 section 8.1, and what programs write).
#[must_use]
pub fn is_named_calendar(name: &Path) -> bool {
    name.extension().is_some_and(|end| ["ics", "ical", "ifb", "icalendar"].iter().any(|calendar| end.eq_ignore_ascii_case(calendar)))
}

/// Whether bytes are read as a table, which has columns that a person may have to name.
#[must_use]
pub fn is_table(bytes: &[u8]) -> bool {
    !looks_like_calendar(bytes) && !looks_like_markup(bytes)
}

fn beginning(bytes: &[u8]) -> String {
    let head: Vec<u8> = bytes.iter().copied().filter(|byte| *byte != 0).take(400).collect();
    String::from_utf8_lossy(&head).trim_start_matches('\u{feff}').trim_start().to_ascii_uppercase()
}

fn looks_like_calendar(bytes: &[u8]) -> bool {
    bytes.is_empty() || beginning(bytes).contains("BEGIN:V")
}

fn looks_like_markup(bytes: &[u8]) -> bool {
    beginning(bytes).starts_with('<')
}

#[cfg(test)]
mod tests;
