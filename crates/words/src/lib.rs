//! Plain words to a reminder: `Renew passport 3 March 9am every year, 1 week before #home`.
//!
//! [`read`] says what it understood and where it stood in the text, so that a window can show it as chips; the words that are left are the title. English for now; a
//! language is one [`grammar`](crate) of phrases.

mod english;
mod tokens;

use belfry_core::{Length, Rule, When, Zone};
use chrono::NaiveDateTime;
use serde::Serialize;

/// Who reads, and when.
#[derive(Debug, Clone, Copy)]
pub struct Here {
    /// What the clock on the wall shows.
    pub now: NaiveDateTime,
    /// Where that wall is.
    pub zone: Zone,
}

/// What a part of the text means.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize)]
#[serde(rename_all = "snake_case")]
pub enum ChipKind {
    /// A date.
    Date,
    /// A time of day.
    Time,
    /// A repeat rule.
    Repeat,
    /// An alarm.
    Alarm,
    /// A duration.
    Duration,
    /// A list.
    List,
}

/// A part of the text that was understood.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Chip {
    /// As what.
    pub kind: ChipKind,
    /// First byte.
    pub start: usize,
    /// Behind the last byte.
    pub end: usize,
    /// The words.
    pub text: String,
}

/// What was understood.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Understood {
    /// What is left.
    pub title: String,
    /// When; `None` when no word says it.
    pub when: Option<When>,
    /// How long.
    pub length: Option<Length>,
    /// How it repeats.
    pub rule: Option<Rule>,
    /// Lead times in minutes; empty when no word says it.
    pub alarms: Vec<u32>,
    /// The list, as written.
    pub list: Option<String>,
    /// Where it stood.
    pub chips: Vec<Chip>,
}

/// Reads a text.
#[must_use]
pub fn read(text: &str, here: Here) -> Understood {
    english::read(text, here)
}
