//! iCalendar (RFC 5545) and tables to reminders and back. Pure: bytes in, reminders and a list of what could not be read out.
//!
//! [`read`] takes a whole calendar, [`read_csv`] a whole table; [`write()`] and [`write_csv`] make them. A bad item is set aside with its line and the reason, and the rest go in; a file that breaks off is an error, because fewer reminders than
//! there were would look like removals.
//!
//! The zone of a time is that of its own `TZID`, else the calendar's `X-WR-TIMEZONE`, else the list's ([`ReadInto::zone`]).

mod alarms;
mod component;
mod csv;
mod gap;
mod item;
mod joined;
mod later;
mod line;
mod moment;
mod others;
mod printable;
mod problem;
mod refresh;
mod rules;
mod series;
mod shifted;
mod split;
mod task;
mod text;
mod unread;
mod within_day;
mod write;
mod write_zone;
mod zone_rules;
mod zones;

use std::collections::{BTreeMap, BTreeSet};

use belfry_core::{ListDefaults, ListId, Reminder, ReminderId, Zone};
use chrono::{DateTime, Utc};

pub use csv::{BadMap, Column, ColumnMap, DateOrder, csv_head, csv_header, guess_columns, read_csv, rule_of_table, write_csv};
pub use joined::joined;
pub use others::KEPT;
pub use problem::ItemProblem;
pub use text::in_utf8;
pub use unread::Unread;
pub use within_day::by_time as divided;
pub use write::write;

use joined::{Loose, Origin};
use moment::Place;

/// What reading needs to know of the list that the reminders go into.
#[derive(Debug, Clone)]
pub struct ReadInto {
    /// The list: ids are derived from it.
    pub list: ListId,
    /// For what an item does not say.
    pub defaults: ListDefaults,
    /// Zone of floating times, where their calendar names none.
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
    /// What is set aside and still meant to be a reminder.
    pub unread: Unread,
    /// What the reminders that went in do not carry, by property, with how often it was there: `ATTENDEE`, `VALARM (repeated)`; with [`KEPT`] behind it what they carry and do not show.
    pub left_out: BTreeMap<String, usize>,
    /// How many alarms of the file became lead times.
    pub alarms_carried: usize,
    /// How often it wants to be read, in minutes: `REFRESH-INTERVAL` (RFC 7986 section 5.7), or `X-PUBLISHED-TTL` that came before it.
    pub refresh_minutes: Option<u32>,
    /// The columns of a table, for which none else is: what it has no column for it does not say at all, and no table has one for single dates of a series.
    pub columns: Option<BTreeSet<Column>>,
    /// Where each reminder stands in its file, for [`joined`].
    origins: BTreeMap<ReminderId, Origin>,
    /// Changes of single dates whose series is not in this file, for [`joined`].
    loose: Vec<Loose>,
}

/// Why a whole file is refused.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum FileProblem {
    /// No component at all.
    #[error("this is not a calendar file")]
    NotCalendar,
    /// No rows of cells.
    #[error("this is not a table")]
    NotTable,
    /// A column of the map that the table does not have.
    #[error("the table has no column `{column}`")]
    NoSuchColumn {
        /// What the map says.
        column: String,
    },
    /// A column that a table must have, and that no name gives away.
    #[error("no column of the table looks like the {field}; add `{field}=` and the name of the column to the map")]
    ColumnNeeded {
        /// The field, as the map names it.
        field: &'static str,
    },
    /// Dates that can be read day first and month first.
    #[error("`{value}` can be read day first or month first; add `format=DD/MM/YYYY` or `format=MM/DD/YYYY` to the map")]
    AmbiguousDates {
        /// The first such date.
        value: String,
    },
    /// It ends in the middle, or before it began.
    #[error("the file {}", open.told(*line))]
    Truncated {
        /// Where the open part begins.
        line: usize,
        /// What is open.
        open: Open,
    },
    /// Over [`LARGEST_FILE`].
    #[error("the file is larger than {} MB", LARGEST_FILE / 1_000_000)]
    TooLarge,
}

/// What has no end in a file that breaks off.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Open {
    /// An item, a calendar or a row.
    Part,
    /// A text in quotation marks, which takes the rest of the file for its own.
    Quote,
    /// All of it: nothing is there.
    File,
    /// Nothing has: there are components, and none of them is an item. Read as none, all reminders of a list would look like dropped.
    Items,
}

impl Open {
    fn told(self, line: usize) -> String {
        match self {
            Self::Part => format!("breaks off: what begins on line {line} has no end"),
            Self::Quote => format!("breaks off: the quotation mark on line {line} is not closed"),
            Self::File => "is empty".to_owned(),
            Self::Items => format!("holds no event and no task that can be told; what begins on line {line} is neither"),
        }
    }
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
    let text = split::mended(&text).unwrap_or(text);
    let parts = split::split(&text)?;
    let definitions = zones::Definitions::of(&parts);
    let mut contents = Contents { refresh_minutes: refresh::minutes(&text), ..Contents::default() };
    let mut items = Vec::new();
    for part in parts.iter().filter(|part| !part.is("VTIMEZONE")) {
        let zones = definitions.within(part.calendar.number);
        let named = part.calendar.zone.map(|name| zones.find(name));
        if named == Some(None) {
            contents.left_out.insert("X-WR-TIMEZONE (not known)".to_owned(), 1);
        }
        match component::read(part, Place::new(into, zones).within(named.flatten()), &mut contents.left_out) {
            Ok(item) => {
                contents.alarms_carried += item.alarms_carried;
                items.push(item);
            }
            Err(reason) => contents.set_aside.push(set_aside(part, reason)),
        }
    }
    series::assemble(items, into, &mut contents);
    contents.set_aside.sort_by_key(|aside| aside.line);
    for aside in contents.set_aside.iter().filter(|aside| unread::is_meant(&aside.reason)) {
        if let Some(part) = parts.iter().find(|part| part.line == aside.line) {
            contents.unread.component(into.list, part.text);
        }
    }
    Ok(contents)
}

fn set_aside(part: &split::Part<'_>, reason: ItemProblem) -> SetAside {
    SetAside { line: part.line, reason, raw: part.text.chars().take(RAW_LIMIT).collect() }
}

#[cfg(test)]
mod tests;
#[cfg(test)]
mod tests_dates;
#[cfg(test)]
mod tests_gap;
#[cfg(test)]
mod tests_habits;
#[cfg(test)]
mod tests_later;
#[cfg(test)]
mod tests_round;
#[cfg(test)]
mod tests_task;
