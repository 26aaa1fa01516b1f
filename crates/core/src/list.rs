//! A list: a named set of reminders from one source, kept in one calendar of one account.

use chrono::{DateTime, Utc};
use serde::{Deserialize, Serialize};

use crate::account::AccountId;
use crate::id::ListId;
use crate::link::Place;
use crate::reminder::{Lead, ShowAs};
use crate::when::{When, Zone};
use crate::word::named;

/// Name of the list that always exists.
pub const DEFAULT_LIST: &str = "Reminders";
/// Name of the calendar that a list gets when the person names none.
pub const DEFAULT_CALENDAR: &str = "Belfry";

/// Where a list's reminders come from when they are not typed.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(tag = "kind", content = "location", rename_all = "snake_case")]
pub enum Source {
    /// One iCalendar or CSV file.
    File(String),
    /// A folder of iCalendar files.
    Folder(String),
    /// An address that answers with iCalendar.
    Feed(String),
}

impl Source {
    /// `file`, `folder` or `feed`.
    #[must_use]
    pub fn kind(&self) -> &'static str {
        match self {
            Self::File(_) => "file",
            Self::Folder(_) => "folder",
            Self::Feed(_) => "feed",
        }
    }

    /// The host of a feed: all of its address that may be told.
    #[must_use]
    pub fn host(&self) -> Option<String> {
        let Self::Feed(address) = self else { return None };
        let rest = address.split_once("://")?.1;
        let host = rest.split(['/', '?', '#']).next()?.rsplit('@').next()?;
        Some(host.to_owned())
    }

    /// What may be shown to whoever looks over a shoulder: of a feed its server and the name of its file, as many addresses are secrets all by themselves.
    #[must_use]
    pub fn shown(&self) -> String {
        let (Self::Feed(address), Some(host)) = (self, self.host()) else { return self.location().to_owned() };
        let path = address.split(['?', '#']).next().unwrap_or_default();
        let scheme = path.split("://").next().unwrap_or_default();
        match path.rsplit('/').next() {
            Some(name) if name.contains('.') && name != host => format!("{scheme}://{host}/\u{2026}/{name}"),
            _ => format!("{scheme}://{host}/\u{2026}"),
        }
    }

    /// The same for a document that others read: what is shown in place of an address.
    #[must_use]
    pub fn redacted(&self) -> Self {
        match self {
            Self::Feed(_) => Self::Feed(self.shown()),
            same => same.clone(),
        }
    }

    /// Path or address.
    #[must_use]
    pub fn location(&self) -> &str {
        match self {
            Self::File(location) | Self::Folder(location) | Self::Feed(location) => location,
        }
    }
}

/// What is in the way of reading what a list follows.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum SourceTrouble {
    /// No answer, or one that is over by itself.
    Unreached,
    /// It is not there, cut off, or something else.
    Unread,
    /// Some files of a folder could not be read.
    Partly,
    /// It names so much less than before that it looks like an accident.
    Shrank,
}

named!(SourceTrouble {
    Unreached "unreached",
    Unread "unread",
    Partly "partly",
    Shrank "shrank",
});

/// Which way edits travel.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Direction {
    /// Typed lists: edits in Outlook come back.
    Both,
    /// Sourced lists: the source is right, except for kept fields.
    Source,
}

/// The calendar that a list is kept in.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Target {
    /// Whose mailbox.
    pub account: AccountId,
    /// Graph's id of the calendar; `None` until a calendar of that name is found or made at the first sync.
    pub calendar_id: Option<String>,
    /// Last known name.
    pub calendar_name: String,
}

impl Target {
    /// The place, once the calendar is known.
    #[must_use]
    pub fn place(&self) -> Option<Place> {
        Some(Place { account: self.account.clone(), calendar: self.calendar_id.clone()? })
    }
}

/// What a new reminder of this list gets when nobody says. Fixed into the reminder when it is made.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default)]
pub struct ListDefaults {
    /// Zone of floating times; `None` is the computer's.
    pub zone: Option<Zone>,
    /// Lead times for timed reminders, in minutes.
    pub alarms: Vec<Lead>,
    /// Lead times for all-day reminders, in minutes before midnight.
    pub all_day_alarms: Vec<Lead>,
    /// Show-as.
    pub show_as: ShowAs,
    /// Whether alarms that Outlook cannot hold become short helper events.
    pub helpers: bool,
}

impl Default for ListDefaults {
    fn default() -> Self {
        Self { zone: None, alarms: vec![15], all_day_alarms: vec![15 * 60], show_as: ShowAs::Free, helpers: false }
    }
}

impl ListDefaults {
    /// The alarms of a new reminder at `when`.
    #[must_use]
    pub fn alarms_for(&self, when: &When) -> Vec<Lead> {
        if when.is_all_day() { self.all_day_alarms.clone() } else { self.alarms.clone() }
    }
}

/// A list.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct List {
    /// Fixed for life.
    pub id: ListId,
    /// What the person calls it.
    pub name: String,
    /// `#rrggbb`.
    pub colour: String,
    /// Where its reminders come from; `None` is typed.
    pub source: Option<Source>,
    /// Where its reminders are kept; `None` is on this computer only.
    pub target: Option<Target>,
    /// Which way edits travel.
    pub direction: Direction,
    /// For new reminders.
    pub defaults: ListDefaults,
    /// How many months ahead a rule that Outlook cannot hold is written out.
    pub horizon_months: u32,
    /// When it was made here.
    pub created_at: DateTime<Utc>,
}

impl List {
    /// A typed list that stays on this computer.
    #[must_use]
    pub fn typed(name: &str, now: DateTime<Utc>) -> Self {
        Self {
            id: ListId::of_name(name),
            name: name.trim().to_owned(),
            colour: colour_for(name),
            source: None,
            target: None,
            direction: Direction::Both,
            defaults: ListDefaults::default(),
            horizon_months: 24,
            created_at: now,
        }
    }

    /// Whether its reminders are kept in a calendar of this account.
    #[must_use]
    pub fn is_kept_in(&self, account: &AccountId) -> bool {
        self.target.as_ref().is_some_and(|target| target.account == *account)
    }

    /// The place of its events, once known.
    #[must_use]
    pub fn place(&self) -> Option<Place> {
        self.target.as_ref().and_then(Target::place)
    }
}

/// Reads `#rrggbb`; the digits may be capitals.
#[must_use]
pub fn parse_colour(text: &str) -> Option<String> {
    let digits = text.strip_prefix('#')?;
    (digits.len() == 6 && digits.chars().all(|c| c.is_ascii_hexdigit())).then(|| text.to_ascii_lowercase())
}

/// Colours with enough contrast on white and on black.
const COLOURS: [&str; 8] = ["#2f6fde", "#0f7b6c", "#a8541b", "#8a3fc4", "#b3325f", "#4f7a1e", "#0b7aa5", "#6b6f76"];

/// The colour that a list of this name starts with, where there are no others.
fn colour_for(name: &str) -> String {
    colour_beside(name, &[])
}

/// The colour that a list starts with beside others: of those that fewest of them have the first one from where its name points.
#[must_use]
pub fn colour_beside(name: &str, others: &[String]) -> String {
    let sum: usize = name.trim().bytes().map(usize::from).sum();
    let from_there = COLOURS.iter().cycle().skip(sum % COLOURS.len()).take(COLOURS.len());
    let least = from_there.min_by_key(|colour| others.iter().filter(|other| other == colour).count());
    least.copied().unwrap_or("#2f6fde").to_owned()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn eight_lists_have_eight_colours_and_the_ninth_begins_anew() {
        let mut taken: Vec<String> = Vec::new();
        for number in 0..9 {
            taken.push(colour_beside(if number % 2 == 0 { "Bins" } else { "Work" }, &taken));
        }
        let first = taken[..8].iter().collect::<std::collections::BTreeSet<_>>();
        assert_eq!(first.len(), 8, "{taken:?}");
        assert_eq!(taken[8], colour_for("Bins"));
    }

    #[test]
    fn what_is_shown_of_a_feed_is_no_secret() {
        let shown = |address: &str| Source::Feed(address.to_owned()).shown();
        assert_eq!(shown("https://ada@feeds.example/private-0815/basic.ics?key=0815"), "https://feeds.example/\u{2026}/basic.ics");
        assert_eq!(shown("https://feeds.example/0815"), "https://feeds.example/\u{2026}");
        assert_eq!(shown("https://feeds.example"), "https://feeds.example/\u{2026}");
        assert_eq!(Source::Folder("/home/ada/calendars".to_owned()).shown(), "/home/ada/calendars");
    }
}
