//! How an event in a mailbox says whose it is. The mailbox is the shared memory of all of a person's computers, so this form outlives every release.

use std::fmt;
use std::str::FromStr;

use serde::{Deserialize, Serialize};

use crate::id::{ListId, NAMESPACE, ReminderId};
use crate::reminder::Lead;
use crate::when::{When, Zone};

/// Graph's id of the single-value extended property that holds the marker
/// (<https://learn.microsoft.com/graph/api/resources/extended-properties-overview>).
pub const PROPERTY_ID: &str = "String {51463e7b-e597-4fd9-833e-b6301b0bf806} Name BelfryReminder";

/// The version of the projection that this release writes. Events of newer versions are counted and never written.
pub const VERSION: u32 = 1;

/// Which event of a reminder this is.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Slot {
    /// The event itself, or the series master.
    Main,
    /// One date of a rule that Outlook cannot hold; the start as wall time.
    Part(String),
    /// An occurrence that had to become a single event; its original start as wall time.
    Occurrence(String),
    /// A short event that stands for an alarm that Outlook cannot hold; its lead time in minutes, less than none after the start.
    Alarm(Lead),
    /// The later part of a series that Outlook split; its start as wall time.
    Split(String),
}

impl fmt::Display for Slot {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Main => f.write_str("main"),
            Self::Part(start) => write!(f, "part:{start}"),
            Self::Occurrence(start) => write!(f, "occ:{start}"),
            Self::Alarm(number) => write!(f, "alarm:{number}"),
            Self::Split(start) => write!(f, "split:{start}"),
        }
    }
}

/// The text is not a marker, or not a slot.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("`{0}` is not a marker of Belfry's")]
pub struct BadMarker(pub String);

impl FromStr for Slot {
    type Err = BadMarker;

    fn from_str(text: &str) -> Result<Self, BadMarker> {
        let bad = || BadMarker(text.to_owned());
        if text == "main" {
            return Ok(Self::Main);
        }
        let (kind, value) = text.split_once(':').ok_or_else(bad)?;
        if kind == "alarm" {
            return value.parse().map(Self::Alarm).map_err(|_| bad());
        }
        let start = When::parse(value, Zone::UTC).ok_or_else(bad)?.to_string();
        match kind {
            "part" => Ok(Self::Part(start)),
            "occ" => Ok(Self::Occurrence(start)),
            "split" => Ok(Self::Split(start)),
            _ => Err(bad()),
        }
    }
}

impl Serialize for Slot {
    fn serialize<S: serde::Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.collect_str(self)
    }
}

impl<'de> Deserialize<'de> for Slot {
    fn deserialize<D: serde::Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        let text = std::borrow::Cow::<'de, str>::deserialize(deserializer)?;
        text.parse().map_err(serde::de::Error::custom)
    }
}

/// One event of one reminder of one list.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
pub struct Key {
    /// The list.
    pub list: ListId,
    /// The reminder.
    pub reminder: ReminderId,
    /// Which event of it.
    pub slot: Slot,
}

impl Key {
    /// The main event of a reminder.
    #[must_use]
    pub fn main(list: ListId, reminder: ReminderId) -> Self {
        Self { list, reminder, slot: Slot::Main }
    }

    /// Graph's `transactionId` for making this event: the same for the same generation on every computer, so that a POST can be repeated.
    #[must_use]
    pub fn transaction_id(&self, generation: u32) -> uuid::Uuid {
        let text = format!("{};{};{};{generation}", self.list, self.reminder, self.slot);
        uuid::Uuid::new_v5(&NAMESPACE, text.as_bytes())
    }
}

/// The marker: version, key, generation.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Marker {
    /// Version of the projection.
    pub version: u32,
    /// Whose event.
    pub key: Key,
    /// Grows whenever the event is made anew.
    pub generation: u32,
}

impl Marker {
    /// A marker of this release.
    #[must_use]
    pub fn of(key: Key, generation: u32) -> Self {
        Self { version: VERSION, key, generation }
    }

    /// Whether a newer release wrote it: to be counted, never to be written.
    #[must_use]
    pub fn is_newer(&self) -> bool {
        self.version > VERSION
    }
}

impl fmt::Display for Marker {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let Key { list, reminder, slot } = &self.key;
        write!(f, "{};{list};{reminder};{slot};{}", self.version, self.generation)
    }
}

/// No event is made anew more often: what says so was not written by any release.
const MOST_GENERATIONS: u32 = 1_000_000_000;

impl FromStr for Marker {
    type Err = BadMarker;

    fn from_str(text: &str) -> Result<Self, BadMarker> {
        let bad = || BadMarker(text.to_owned());
        // A newer version may append fields; the first five keep their meaning.
        let mut fields = text.trim().split(';');
        let mut next = || fields.next().ok_or_else(bad);
        let version: u32 = next()?.parse().map_err(|_| bad())?;
        let list: ListId = next()?.parse().map_err(|_| bad())?;
        let reminder: ReminderId = next()?.parse().map_err(|_| bad())?;
        let slot: Slot = next()?.parse()?;
        let generation = next()?.parse().ok().filter(|generation| *generation <= MOST_GENERATIONS).ok_or_else(bad)?;
        if version == 0 || (version == VERSION && next().is_ok()) {
            return Err(bad());
        }
        Ok(Self { version, key: Key { list, reminder, slot }, generation })
    }
}

impl Serialize for Marker {
    fn serialize<S: serde::Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.collect_str(self)
    }
}

impl<'de> Deserialize<'de> for Marker {
    fn deserialize<D: serde::Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        let text = std::borrow::Cow::<'de, str>::deserialize(deserializer)?;
        text.parse().map_err(serde::de::Error::custom)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn key(slot: Slot) -> Key {
        let list = ListId::of_name("Reminders");
        Key { list, reminder: ReminderId::of_uid(list, "a"), slot }
    }

    #[test]
    fn every_slot_reads_back() {
        for slot in [
            Slot::Main,
            Slot::Part("2027-03-03T09:00:00".into()),
            Slot::Occurrence("2027-03-03".into()),
            Slot::Alarm(2),
            Slot::Alarm(-540),
            Slot::Split("2027-03-03".into()),
        ] {
            let marker = Marker::of(key(slot), 7);
            assert_eq!(marker.to_string().parse::<Marker>(), Ok(marker));
        }
    }

    #[test]
    fn the_form_is_fixed() {
        let text = Marker::of(key(Slot::Main), 1).to_string();
        let list = ListId::of_name("Reminders");
        assert_eq!(text, format!("1;{list};{};main;1", ReminderId::of_uid(list, "a")));
    }

    #[test]
    fn a_newer_version_is_read_and_recognised() {
        let text = Marker::of(key(Slot::Main), 1).to_string().replacen("1;", "2;", 1) + ";more";
        assert!(text.parse::<Marker>().expect("a marker").is_newer());
    }

    #[test]
    fn foreign_texts_are_refused() {
        for text in ["", ";", "1;x", "hello", "0;a;b;main;1"] {
            assert!(text.parse::<Marker>().is_err(), "{text}");
        }
        let same = Marker::of(key(Slot::Main), 1).to_string();
        assert!(format!("{same};extra").parse::<Marker>().is_err());
        // The next one would be none.
        assert!(Marker::of(key(Slot::Main), u32::MAX).to_string().parse::<Marker>().is_err());
    }
}
