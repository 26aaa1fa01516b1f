//! Files and folders. A folder is one of the layout that khal, vdirsyncer and todoman use (<https://vdirsyncer.pimutils.org/en/stable/vdir.html>): a file for each item,
//! put there in one move; what begins with a dot or is a program's own copy in the making is none.

use std::fs::{File, Metadata};
use std::io::Read;
use std::path::{Path, PathBuf};
use std::time::{Duration, SystemTime, UNIX_EPOCH};

use belfry_ical::{ColumnMap, Contents, FileProblem, LARGEST_FILE, ReadInto, joined};
use chrono::{DateTime, Utc};

use crate::error::SourceError;
use crate::{Found, Reading, Validators, is_table, parse_named};

/// A folder with more files is none of calendars.
const MOST_FILES: usize = 50_000;
/// FAT tells times of change by two seconds, most others by less than one.
const LONGEST_TICK: Duration = Duration::from_secs(2);
/// A sync may have begun so long before it comes to a file.
const LONGEST_SYNC: Duration = Duration::from_secs(60 * 60);

/// Reads one file.
pub fn file(path: &Path, known: &Validators, into: &ReadInto, map: Option<&ColumnMap>) -> Result<Reading, SourceError> {
    let unreadable = |source| SourceError::Unreadable { path: path.to_owned(), source };
    let metadata = std::fs::metadata(path).map_err(unreadable)?;
    // A pipe looks the same before and after.
    regular(path, &metadata)?;
    let stamp = stamp(&metadata, into.now);
    if is_unchanged(known, stamp.as_ref()) {
        return Ok(Reading::Unchanged);
    }
    let contents = contents(path, into, map)?;
    let validators = Validators { stamp, ..Validators::default() };
    Ok(Reading::Read(Box::new(Found { contents, validators, broken: vec![] })))
}

fn contents(path: &Path, into: &ReadInto, map: Option<&ColumnMap>) -> Result<Contents, SourceError> {
    parse_named(&bytes(path)?, path, into, map).map_err(|source| SourceError::Malformed { path: path.to_owned(), source })
}

/// One of a folder. Nothing else than calendars is looked for in one, so that a table is a calendar that lost its beginning.
fn of_folder(path: &Path, into: &ReadInto) -> Result<Contents, SourceError> {
    let malformed = |source| SourceError::Malformed { path: path.to_owned(), source };
    let bytes = bytes(path)?;
    let is_nothing = bytes.iter().all(u8::is_ascii_whitespace);
    if is_table(&bytes) && !is_nothing {
        return Err(malformed(FileProblem::NotCalendar));
    }
    parse_named(&bytes, path, into, None).map_err(malformed)
}

/// All of a file, at most as much as is taken of one. A link is what it leads to.
///
/// # Errors
/// It cannot be read, is no regular file, or is too large.
pub fn bytes(path: &Path) -> Result<Vec<u8>, SourceError> {
    let unreadable = |source| SourceError::Unreadable { path: path.to_owned(), source };
    // Asked before it is opened: opening a pipe waits for somebody who writes into it.
    let metadata = std::fs::metadata(path).map_err(unreadable)?;
    regular(path, &metadata)?;
    let too_large = SourceError::Malformed { path: path.to_owned(), source: FileProblem::TooLarge };
    if metadata.len() > LARGEST_FILE as u64 {
        return Err(too_large);
    }
    let bytes = at_most(File::open(path).map_err(unreadable)?).map_err(unreadable)?;
    // It may have grown since.
    if bytes.len() > LARGEST_FILE { Err(too_large) } else { Ok(bytes) }
}

/// What comes out of something that may have no end: one byte more than a file may have, for the reader to say that it is too large.
///
/// # Errors
/// It cannot be read.
pub fn at_most(from: impl Read) -> std::io::Result<Vec<u8>> {
    let mut bytes = Vec::new();
    from.take(LARGEST_FILE as u64 + 1).read_to_end(&mut bytes)?;
    Ok(bytes)
}

/// A database is not even opened: were it this program's own, closing it again would let go of the locks on it (POSIX).
fn regular(path: &Path, metadata: &Metadata) -> Result<(), SourceError> {
    let what = match (metadata.is_file(), metadata.is_dir()) {
        (true, _) if !is_database(path) => return Ok(()),
        (true, _) => "a database",
        (false, true) => "a folder",
        (false, false) => "a pipe or a device",
    };
    Err(SourceError::NotFile { path: path.to_owned(), what })
}

/// By the name of what a link leads to.
fn is_database(path: &Path) -> bool {
    let path = path.canonicalize().unwrap_or_else(|_| path.to_owned());
    path.extension().is_some_and(|end| ["db", "db-wal", "db-shm"].iter().any(|database| end.eq_ignore_ascii_case(database)))
}

/// Size and time of change. None for a file that has just changed: it may change once more within the same tick of its file system's clock, and look as it did.
fn stamp(metadata: &Metadata, now: DateTime<Utc>) -> Option<String> {
    let (changed, now) = (metadata.modified().ok()?, SystemTime::from(now));
    let is_fresh = changed > now - LONGEST_TICK && changed < now + LONGEST_SYNC;
    let since = changed.duration_since(UNIX_EPOCH).ok().filter(|_| !is_fresh)?;
    Some(format!("{}-{}", metadata.len(), since.as_nanos()))
}

/// Whether all is as it was when this stamp was noted.
fn is_unchanged(known: &Validators, stamp: Option<&String>) -> bool {
    stamp.is_some() && known.stamp.as_ref() == stamp
}

/// Whether a name in a folder is that of a calendar file that is there to stay.
#[must_use]
pub fn is_followed(name: &Path) -> bool {
    let is_calendar = name.extension().is_some_and(|end| end.eq_ignore_ascii_case("ics"));
    is_calendar && !name.file_name().is_some_and(|name| name.to_string_lossy().starts_with(['.', '~', '#']))
}

/// Reads a folder. A file that cannot be read is named; one that went in between is no trouble.
pub fn folder(path: &Path, known: &Validators, into: &ReadInto) -> Result<Reading, SourceError> {
    let files = files(path)?;
    if files.is_empty() {
        refuse_collections(path)?;
    }
    let stamped = |(name, metadata): &(PathBuf, Metadata)| stamp(metadata, into.now).map(|stamp| format!("{}:{stamp}", name.display()));
    let stamps: Option<Vec<String>> = files.iter().map(stamped).collect();
    let stamp = stamps.map(|stamps| belfry_core::Fingerprint::of_bytes(stamps.join("\n").as_bytes()).0);
    if is_unchanged(known, stamp.as_ref()) {
        return Ok(Reading::Unchanged);
    }
    let mut found = Found { validators: Validators { stamp, ..Validators::default() }, ..Found::default() };
    let mut all = Vec::with_capacity(files.len());
    for (name, _) in files {
        match of_folder(&name, into) {
            Ok(read) => all.push((name.file_name().unwrap_or(name.as_os_str()).to_string_lossy().into_owned(), read)),
            Err(SourceError::Unreadable { source, .. }) if source.kind() == std::io::ErrorKind::NotFound => {}
            Err(error) => found.broken.push(error),
        }
    }
    found.contents = joined(all, into);
    if !found.broken.is_empty() {
        // Mended, it may look the same.
        found.validators.stamp = None;
    }
    Ok(Reading::Read(Box::new(found)))
}

/// A folder of collections, as vdirsyncer and khal keep them: each is a list of its own, with a name and a colour of its own, and which of them is meant only a person knows.
fn refuse_collections(path: &Path) -> Result<(), SourceError> {
    let unreadable = |source| SourceError::Unreadable { path: path.to_owned(), source };
    let mut first: Option<PathBuf> = None;
    for entry in std::fs::read_dir(path).map_err(unreadable)? {
        let name = entry.map_err(unreadable)?.path();
        let is_hidden = name.file_name().is_none_or(|name| name.to_string_lossy().starts_with('.'));
        let is_sooner = first.as_ref().is_none_or(|first| name < *first);
        // One that may not be opened is none to name.
        if !is_hidden && is_sooner && name.is_dir() && files(&name).is_ok_and(|files| !files.is_empty()) {
            first = Some(name);
        }
    }
    first.map_or(Ok(()), |first| Err(SourceError::Collections { path: path.to_owned(), first }))
}

/// The calendar files of a folder, by name.
fn files(path: &Path) -> Result<Vec<(PathBuf, Metadata)>, SourceError> {
    let unreadable = |source| SourceError::Unreadable { path: path.to_owned(), source };
    let mut files = Vec::new();
    for entry in std::fs::read_dir(path).map_err(unreadable)? {
        let entry = entry.map_err(unreadable)?;
        let name = entry.path();
        if !is_followed(&name) {
            continue;
        }
        match std::fs::metadata(&name) {
            Ok(metadata) if metadata.is_file() => files.push((name, metadata)),
            _ => {}
        }
        if files.len() > MOST_FILES {
            return Err(SourceError::TooMany { path: path.to_owned(), most: MOST_FILES });
        }
    }
    files.sort_by(|(one, _), (other, _)| one.cmp(other));
    Ok(files)
}
