//! A series: the rule, and what a person changed about single occurrences of it.

use std::collections::{BTreeMap, BTreeSet};

use serde::{Deserialize, Serialize};

use crate::expand;
use crate::rule::Rule;
use crate::when::{Length, When};

/// How a reminder repeats. Occurrences are named by their original start, which the rule gives and which no edit moves.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Recurrence {
    /// The rule.
    pub rule: Rule,
    /// Occurrences that are cancelled, by original start (`EXDATE`).
    #[serde(default, skip_serializing_if = "BTreeSet::is_empty")]
    pub cancelled: BTreeSet<When>,
    /// Dates beside the rule (`RDATE`).
    #[serde(default, skip_serializing_if = "BTreeSet::is_empty")]
    pub extra: BTreeSet<When>,
    /// Occurrences that differ, by original start (`RECURRENCE-ID`).
    #[serde(default, with = "by_start", skip_serializing_if = "BTreeMap::is_empty")]
    pub changed: BTreeMap<When, ChangedOccurrence>,
}

/// What is different about one occurrence; what is `None` is as in the series.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default)]
pub struct ChangedOccurrence {
    /// Other title.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub title: Option<String>,
    /// Other notes.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub notes: Option<String>,
    /// Moved here.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub when: Option<When>,
    /// Other length.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub length: Option<Length>,
    /// Other alarms, lead times in minutes.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub alarms: Option<Vec<u32>>,
    /// Done, this one only.
    #[serde(skip_serializing_if = "std::ops::Not::not")]
    pub done: bool,
}

impl Recurrence {
    /// A series without exceptions.
    #[must_use]
    pub fn of(rule: Rule) -> Self {
        Self { rule, cancelled: BTreeSet::new(), extra: BTreeSet::new(), changed: BTreeMap::new() }
    }

    /// Occurrences of a series that starts at `start`, in order of their original starts, at most `limit` and none that begins after `last`.
    #[must_use]
    pub fn occurrences(&self, start: &When, last: chrono::NaiveDateTime, limit: usize) -> Vec<Occurrence> {
        let ruled = expand::starts(&self.rule, start, last).take(limit + self.cancelled.len());
        let mut starts: BTreeSet<When> = ruled.map(|local| start.at_local(local)).collect();
        starts.extend(self.extra.iter().copied().filter(|extra| extra.local() <= last));
        starts
            .into_iter()
            .filter(|original| !self.cancelled.contains(original))
            .take(limit)
            .map(|original| {
                let changed = self.changed.get(&original);
                Occurrence { original, when: changed.and_then(|c| c.when).unwrap_or(original), done: changed.is_some_and(|c| c.done) }
            })
            .collect()
    }
}

/// One occurrence of a series.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
pub struct Occurrence {
    /// Where the rule put it; its name.
    pub original: When,
    /// Where it is now.
    pub when: When,
    /// Done.
    pub done: bool,
}

/// Serialises a map by start as a list of pairs: JSON objects need text keys, a pair keeps the start whole.
pub(crate) mod by_start {
    use super::{BTreeMap, When};
    use serde::{Deserialize, Deserializer, Serialize, Serializer};

    pub fn serialize<V: Serialize, S: Serializer>(map: &BTreeMap<When, V>, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.collect_seq(map)
    }

    pub fn deserialize<'de, V: Deserialize<'de>, D: Deserializer<'de>>(deserializer: D) -> Result<BTreeMap<When, V>, D::Error> {
        Ok(Vec::<(When, V)>::deserialize(deserializer)?.into_iter().collect())
    }
}
