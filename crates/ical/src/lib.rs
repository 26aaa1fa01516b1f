//! iCalendar (RFC 5545) to reminders. Pure: bytes in, reminders and a list of what could not be read out.
//!
//! [`read`] takes a whole file. A bad item is set aside with its line and the reason, and the rest go in; a file that breaks off is an error, because fewer reminders than
//! there were would look like removals.

mod item;
mod split;
mod text;
mod zones;

use std::collections::BTreeMap;

use belfry_core::{ListDefaults, ListId, Reminder, ReminderId, When, Zone};
use chrono::{DateTime, Utc};

pub use item::ItemProblem;

use item::{Item, Role};

/// What reading needs to know of the list that the reminders go into.
#[derive(Debug, Clone)]
pub struct ReadInto {
    /// The list: ids are derived from it.
    pub list: ListId,
    /// For what an item does not say.
    pub defaults: ListDefaults,
    /// Zone of floating times.
    pub zone: Zone,
    /// The time of reading.
    pub now: DateTime<Utc>,
}

/// An item that was set aside.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct SetAside {
    /// Line in the file, from 1.
    pub line: usize,
    /// Why.
    pub reason: ItemProblem,
    /// Its text, cut if it is long.
    pub raw: String,
}

/// What a file holds.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Contents {
    /// In the order of the file.
    pub reminders: Vec<Reminder>,
    /// Set aside.
    pub set_aside: Vec<SetAside>,
}

/// Why a whole file is refused.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum FileProblem {
    /// No component at all.
    #[error("this is not a calendar file")]
    NotCalendar,
    /// It ends in the middle.
    #[error("the file breaks off: what begins on line {line} has no end")]
    Truncated {
        /// Where the open part begins.
        line: usize,
    },
    /// Over [`LARGEST_FILE`].
    #[error("the file is larger than {} MB", LARGEST_FILE / 1_000_000)]
    TooLarge,
}

/// Larger files are refused.
pub const LARGEST_FILE: usize = 20_000_000;
/// How much of a bad item is kept to show.
const RAW_LIMIT: usize = 4_000;

/// Reads a file.
///
/// # Errors
/// When nothing of it can be trusted.
pub fn read(bytes: &[u8], into: &ReadInto) -> Result<Contents, FileProblem> {
    if bytes.len() > LARGEST_FILE {
        return Err(FileProblem::TooLarge);
    }
    let text = text::decode(bytes);
    let parts = split::split(&text)?;
    let zones = zones::Zones::of(&parts);
    let mut contents = Contents::default();
    let mut items = Vec::new();
    for part in parts.iter().filter(|part| !part.is("VTIMEZONE")) {
        match item::read(part, into, &zones) {
            Ok(item) => items.push(item),
            Err(reason) => contents.set_aside.push(set_aside(part, reason)),
        }
    }
    assemble(items, into, &mut contents);
    contents.set_aside.sort_by_key(|aside| aside.line);
    Ok(contents)
}

fn set_aside(part: &split::Part<'_>, reason: ItemProblem) -> SetAside {
    SetAside { line: part.line, reason, raw: part.text.chars().take(RAW_LIMIT).collect() }
}

/// Overrides join their series by UID; one without a series is a reminder of its own.
fn assemble(items: Vec<Item>, into: &ReadInto, contents: &mut Contents) {
    let mut by_uid: BTreeMap<String, ReminderId> = BTreeMap::new();
    let mut reminders: BTreeMap<ReminderId, (usize, Reminder)> = BTreeMap::new();
    let (series, overrides): (Vec<Item>, Vec<Item>) = items.into_iter().partition(|item| item.role == Role::Main);
    for item in series {
        let id = item.id(into.list);
        if let Some(uid) = &item.uid {
            by_uid.insert(uid.clone(), id);
        }
        // The same UID twice without a RECURRENCE-ID: the later one counts, as in every reader of this format; the other one is named.
        if let Some((line, before)) = reminders.insert(id, (item.line, item.reminder(id, into))) {
            contents.set_aside.push(SetAside { line, reason: ItemProblem::Replaced, raw: before.title });
        }
    }
    for item in overrides {
        let Role::Override(original) = item.role else { continue };
        let master = item.uid.as_ref().and_then(|uid| by_uid.get(uid)).and_then(|id| reminders.get_mut(id));
        match master {
            Some((_, master)) => item.change(master, original, into),
            None if item.cancelled => {}
            None => {
                let uid = item.uid.clone().unwrap_or_default();
                let id = ReminderId::of_uid_and_recurrence(into.list, &uid, &original.to_string());
                reminders.insert(id, (item.line, item.reminder(id, into)));
            }
        }
    }
    let mut all: Vec<(usize, Reminder)> = reminders.into_values().collect();
    all.sort_by_key(|(line, _)| *line);
    for (line, reminder) in all {
        match reminder.check() {
            Ok(()) => contents.reminders.push(reminder),
            Err(reason) => contents.set_aside.push(SetAside { line, reason: ItemProblem::Reminder(reason), raw: reminder.title }),
        }
    }
}

/// The start that names an occurrence: in the zone of its series, which begins at `start`.
fn occurrence_of(start: &When, original: When) -> When {
    match (*start, original) {
        (When::At { zone, .. }, When::At { local, zone: other }) if zone != other => {
            When::At { local: zone.wall(other.instant(local)), zone }
        }
        (When::Date(_), other) => When::Date(other.date()),
        (When::At { local, zone }, When::Date(on)) => When::At { local: on.and_time(local.time()), zone },
        (_, same) => same,
    }
}

#[cfg(test)]
mod tests;
