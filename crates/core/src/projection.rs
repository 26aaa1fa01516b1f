//! What one reminder looks like as an event, field by field. The three trees (local, remote, agreed) hold projections; only fields are ever compared.

use std::collections::{BTreeMap, BTreeSet};

use serde::{Deserialize, Serialize};

use crate::dates;
use crate::recurrence::by_start;
use crate::reminder::{Reminder, ShowAs, nearest, plain_text};
use crate::rule::Rule;
use crate::when::{Length, When};

/// The fields that are compared and merged, each by itself.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Field {
    /// Title.
    Title,
    /// Notes and link.
    Body,
    /// Start, length and zone: they only make sense together.
    Times,
    /// The repeat rule.
    Rule,
    /// Changed and cancelled occurrences.
    Occurrences,
    /// The one alarm.
    Alarm,
    /// Category.
    Category,
    /// Show-as.
    ShowAs,
    /// Sensitivity.
    Private,
}

impl Field {
    /// All of them, in order.
    pub const ALL: [Self; 9] =
        [Self::Title, Self::Body, Self::Times, Self::Rule, Self::Occurrences, Self::Alarm, Self::Category, Self::ShowAs, Self::Private];

    /// Whether a person's choice in Outlook is kept over the source of a sourced list.
    #[must_use]
    pub fn is_kept(self) -> bool {
        matches!(self, Self::Alarm | Self::Category | Self::ShowAs | Self::Private)
    }

    /// The word for a person.
    #[must_use]
    pub fn word(self) -> &'static str {
        match self {
            Self::Title => "title",
            Self::Body => "notes",
            Self::Times => "time",
            Self::Rule => "repeat",
            Self::Occurrences => "single dates",
            Self::Alarm => "alarm",
            Self::Category => "category",
            Self::ShowAs => "show as",
            Self::Private => "private",
        }
    }
}

/// A set of fields.
pub type Fields = BTreeSet<Field>;

/// One occurrence of a series that differs from it, resolved to whole values.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum OccurrenceProjection {
    /// Cancelled.
    Cancelled,
    /// Changed to this; it has no rule and no occurrences of its own.
    Changed(Box<Projection>),
}

/// A reminder as an event. Serialised in the database: fields may be added with a default, never renamed.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Projection {
    /// Subject.
    pub title: String,
    /// Body as plain text, the link as its last line.
    pub body: String,
    /// Start.
    pub when: When,
    /// Length.
    pub length: Length,
    /// Repeat rule of a series master.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub rule: Option<Rule>,
    /// Occurrences that differ, by original start.
    #[serde(default, with = "by_start", skip_serializing_if = "BTreeMap::is_empty")]
    pub occurrences: BTreeMap<When, OccurrenceProjection>,
    /// Dates beside the rule. No event has such: a reminder with any is held date by date, and that they changed has to show.
    #[serde(default, skip_serializing_if = "BTreeSet::is_empty")]
    pub extra: BTreeSet<When>,
    /// Minutes before the start; `None` is no alarm.
    pub alarm: Option<u32>,
    /// First category.
    pub category: Option<String>,
    /// Those beside it: the person's own in Outlook, kept as they are when ours is written. No field: nothing compares them.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub more_categories: Vec<String>,
    /// Show-as.
    pub show_as: ShowAs,
    /// Sensitivity private.
    pub private: bool,
}

/// What the last line of a body begins with when the reminder has a link. Part of the projection's version 1: not translated.
const LINK_LINE: &str = "Link: ";

impl Projection {
    /// The main event of a reminder.
    #[must_use]
    pub fn of(reminder: &Reminder) -> Self {
        let series = reminder.recurrence.as_ref();
        let mut main = Self {
            title: reminder.title.clone(),
            body: body_of(&reminder.notes, reminder.link.as_deref()),
            when: reminder.when,
            length: reminder.length,
            rule: series.map(|series| series.rule.clone()),
            occurrences: BTreeMap::new(),
            extra: series.map(|series| series.extra.clone()).unwrap_or_default(),
            alarm: if reminder.is_done() { None } else { nearest(reminder.effective_alarms()) },
            category: reminder.effective_category().map(str::to_owned),
            more_categories: vec![],
            show_as: reminder.effective_show_as(),
            private: reminder.effective_private(),
        };
        if let Some(series) = series {
            main.occurrences = dates::of(reminder, series, &main);
        }
        main
    }

    /// The same as it is written over an event: what a person added there, and no field holds, stays.
    #[must_use]
    pub fn beside(self, event: &Self) -> Self {
        Self { more_categories: event.more_categories.clone(), ..self }
    }

    /// A series as if it were one of its dates alone.
    #[must_use]
    pub fn on(&self, original: &When) -> Self {
        Self { when: *original, rule: None, occurrences: BTreeMap::new(), extra: BTreeSet::new(), ..self.clone() }
    }

    /// Fields in which two projections differ.
    #[must_use]
    pub fn diff(&self, other: &Self) -> Fields {
        Field::ALL.into_iter().filter(|field| !self.same(other, *field)).collect()
    }

    /// Fields in which two projections say something else, however the server spells it.
    #[must_use]
    pub fn diff_in_meaning(&self, other: &Self) -> Fields {
        Field::ALL.into_iter().filter(|field| !self.means_same(other, *field)).collect()
    }

    /// Whether one field is equal.
    #[must_use]
    pub fn same(&self, other: &Self, field: Field) -> bool {
        match field {
            Field::Title => self.title == other.title,
            Field::Body => self.body == other.body,
            Field::Times => self.when == other.when && self.length == other.length,
            Field::Rule => self.rule == other.rule,
            Field::Occurrences => self.occurrences == other.occurrences,
            Field::Alarm => self.alarm == other.alarm,
            Field::Category => self.category == other.category,
            Field::ShowAs => self.show_as == other.show_as,
            Field::Private => self.private == other.private,
        }
    }

    /// Whether one field says the same, however the server spells it: zones that share a clock are equal, so is white space.
    #[must_use]
    pub fn means_same(&self, other: &Self, field: Field) -> bool {
        match field {
            Field::Title => words(&self.title) == words(&other.title),
            Field::Body => words(&self.body) == words(&other.body),
            Field::Times => self.length == other.length && same_moment(&self.when, &other.when),
            Field::Rule => self.rule == other.rule || same_dates(self, other),
            Field::Occurrences => dates::mean_same(self, other),
            Field::Alarm | Field::Category | Field::ShowAs | Field::Private => self.same(other, field),
        }
    }

    /// One field as text for a person; long ones are cut.
    #[must_use]
    pub fn in_words(&self, field: Field) -> String {
        let text = match field {
            Field::Title => self.title.clone(),
            Field::Body => self.body.replace('\n', " "),
            Field::Times => {
                let zone = self.when.zone().map(|zone| format!(" {}", zone.name())).unwrap_or_default();
                format!("{}{zone}, {} min", self.when, self.length.minutes())
            }
            Field::Rule => self.rule.as_ref().map(ToString::to_string).unwrap_or_default(),
            Field::Occurrences => dates::in_words(&self.occurrences),
            Field::Alarm => self.alarm.map(|lead| format!("{lead} min")).unwrap_or_default(),
            Field::Category => self.category.clone().unwrap_or_default(),
            Field::ShowAs => self.show_as.name().to_owned(),
            Field::Private => if self.private { "yes" } else { "no" }.to_owned(),
        };
        if text.chars().count() > 60 { text.chars().take(59).chain(['\u{2026}']).collect() } else { text }
    }

    /// Takes one field over from another projection.
    pub fn take(&mut self, other: &Self, field: Field) {
        match field {
            Field::Title => self.title.clone_from(&other.title),
            Field::Body => self.body.clone_from(&other.body),
            Field::Times => (self.when, self.length) = (other.when, other.length),
            Field::Rule => self.rule.clone_from(&other.rule),
            Field::Occurrences => self.occurrences.clone_from(&other.occurrences),
            Field::Alarm => self.alarm = other.alarm,
            Field::Category => self.category.clone_from(&other.category),
            Field::ShowAs => self.show_as = other.show_as,
            Field::Private => self.private = other.private,
        }
    }
}

fn words(text: &str) -> Vec<&str> {
    text.split_whitespace().collect()
}

/// Equal wall time in zones that share a clock, or the same date.
fn same_moment(a: &When, b: &When) -> bool {
    match (a, b) {
        (When::At { local: one, zone: here }, When::At { local: two, zone: there }) => one == two && here.agrees_with(*there, *one),
        _ => a == b,
    }
}

/// Whether two rules give the same dates, however they are spelled: Outlook names the weekday that RFC 5545 lets a start imply.
fn same_dates(a: &Projection, b: &Projection) -> bool {
    use crate::expand::{can_expand, starts};
    let (Some(ours), Some(theirs)) = (&a.rule, &b.rule) else { return false };
    if !(can_expand(ours) && can_expand(theirs)) || ours.frequency != theirs.frequency {
        return false;
    }
    // Three more dates and "until the third of these" are the same only as long as both begin on the same day.
    let is_moved = a.when.local() != b.when.local();
    if is_moved && std::mem::discriminant(&ours.end) != std::mem::discriminant(&theirs.end) {
        return false;
    }
    let far = a.when.local().checked_add_days(chrono::Days::new(366 * 40)).unwrap_or(a.when.local());
    starts(ours, &a.when, far).take(200).eq(starts(theirs, &a.when, far).take(200))
}

/// Notes, then the link as the last line.
#[must_use]
pub fn body_of(notes: &str, link: Option<&str>) -> String {
    let notes = plain_text(notes);
    match link {
        None => notes,
        Some(link) if notes.is_empty() => format!("{LINK_LINE}{link}"),
        Some(link) => format!("{notes}\n{LINK_LINE}{link}"),
    }
}

/// Takes the link off the last line again.
#[must_use]
pub fn notes_and_link(body: &str) -> (String, Option<String>) {
    let (rest, last) = body.rsplit_once('\n').unwrap_or(("", body));
    match last.trim().strip_prefix(LINK_LINE).map(str::trim) {
        Some(link) if crate::reminder::is_link(link) => (rest.trim_end().to_owned(), Some(link.to_owned())),
        _ => (body.to_owned(), None),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::testing::reminder;

    #[test]
    fn as_many_dates_from_another_day_are_another_rule() {
        let series = |start, rule| Projection::of(&reminder("Bins", start, Some(rule)));
        let first = series("2026-12-02T09:00", "FREQ=WEEKLY;UNTIL=20261222T235900Z");
        let spelled = series("2026-12-02T09:00", "FREQ=WEEKLY;COUNT=3;BYDAY=WE");
        let later = series("2026-12-23T09:00", "FREQ=WEEKLY;COUNT=3;BYDAY=WE");
        assert!(first.means_same(&spelled, Field::Rule));
        assert!(!first.means_same(&later, Field::Rule));
    }
}
