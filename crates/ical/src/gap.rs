//! What begins in an hour that the clock leaves out.
//!
//! One rule for all of it: a date whose time the clock leaves out is a date like any other, also in what `COUNT` counts, and is at the instant that is meant by it (RFC 5545 section
//! 3.3.5: 02:30 means 03:30 where the clock goes from 02:00 to 03:00). A start that stands alone is therefore written down as the clock shows it. A series cannot be: all of its dates
//! are at the time of its start. So its first date becomes a reminder of its own, and the series begins with the next.

use std::num::NonZeroU32;

use belfry_core::rule::End;
use belfry_core::{Reminder, ReminderId, When, expand};

use crate::shifted::far;

/// The reminder, and before it the first date of a series that no clock shows. Nothing else changes: all dates stay at their instants.
pub fn begun(mut reminder: Reminder) -> Vec<Reminder> {
    let mut all = Vec::new();
    while let Some(cut) = Cut::of(&reminder) {
        all.extend(cut.first);
        reminder = cut.rest;
    }
    if reminder.recurrence.is_none() {
        reminder.when = reminder.when.shown();
    }
    all.push(reminder);
    all
}

/// A series and its first date.
struct Cut {
    /// Nothing for one that is cancelled.
    first: Option<Reminder>,
    rest: Reminder,
}

impl Cut {
    /// Nothing for a series that begins at a time which the clock shows.
    fn of(reminder: &Reminder) -> Option<Self> {
        let series = reminder.recurrence.as_ref()?;
        if reminder.when.shown() == reminder.when || !expand::can_expand(&series.rule) {
            return None;
        }
        let mut starts = expand::starts(&series.rule, &reminder.when, far());
        let original = starts.next().map(|first| reminder.when.at_local(first)).filter(|first| *first == reminder.when)?;
        let Some(next) = starts.next() else {
            // Its only date.
            let is_single = series.extra.is_empty() && !series.cancelled.contains(&original);
            return is_single.then(|| Self { first: None, rest: alone(reminder, &original) });
        };
        let mut rest = series.clone();
        if let End::Count(count) = rest.rule.end {
            rest.rule.end = End::Count(NonZeroU32::new(count.get() - 1)?);
        }
        rest.changed.remove(&original);
        let is_cancelled = rest.cancelled.remove(&original);
        let first = (!is_cancelled).then(|| named(alone(reminder, &original), &original));
        Some(Self { first, rest: Reminder { when: reminder.when.at_local(next), recurrence: Some(rest), ..reminder.clone() } })
    }
}

/// One date of a series as a reminder without the others, with what is different about it.
fn alone(series: &Reminder, original: &When) -> Reminder {
    let changed = series.recurrence.as_ref().and_then(|series| series.changed.get(original)).cloned().unwrap_or_default();
    let when = changed.when.unwrap_or(*original).shown();
    let one = Reminder { recurrence: None, when, done: series.done || changed.done, ..series.clone() };
    Reminder {
        title: changed.title.unwrap_or(one.title),
        notes: changed.notes.unwrap_or(one.notes),
        length: changed.length.unwrap_or(one.length),
        alarms: changed.alarms.unwrap_or(one.alarms),
        category: changed.category.unwrap_or(one.category),
        show_as: changed.show_as.unwrap_or(one.show_as),
        private: changed.private.unwrap_or(one.private),
        ..one
    }
}

/// With a name of its own beside that of its series.
fn named(one: Reminder, original: &When) -> Reminder {
    let suffix = original.local().format("%Y%m%dT%H%M%S").to_string();
    let id = ReminderId::of_uid_and_recurrence(one.list, &one.id.to_string(), &suffix);
    Reminder { id, uid: one.uid.map(|uid| format!("{uid}-{suffix}")), ..one }
}
