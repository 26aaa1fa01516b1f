//! What was said of single dates of a series is taken back date by date: one that was changed again since stays, the others do not wait for it.
//!
//! That Outlook keeps a date as an event of its own is nothing that anybody said of it: a date that was left out and came back is one from then on.

use std::collections::BTreeSet;

use chrono::NaiveDate;

use crate::dates::days_in_words;
use crate::recurrence::{ChangedOccurrence, Recurrence, carried};
use crate::reminder::Reminder;
use crate::undo::Snapshot;
use crate::when::When;

/// What is said of one date: whether the series or the person leaves it out, and how it differs.
#[derive(Debug, PartialEq, Eq)]
struct Said {
    cancelled: bool,
    dropped: bool,
    changed: Option<ChangedOccurrence>,
}

/// Days that something is said of by the series itself.
pub(super) fn spoken_of(reminder: &Reminder) -> BTreeSet<NaiveDate> {
    let changed = |series: &Recurrence| -> Vec<When> {
        let differ = series.changed.iter().filter(|(_, own)| own.said().is_some());
        differ.map(|(date, _)| *date).collect()
    };
    let series = reminder.recurrence.iter();
    series.flat_map(|series| series.cancelled.iter().copied().chain(changed(series))).map(|date| date.date()).collect()
}

/// Days that are done.
pub(super) fn done(reminder: &Reminder) -> BTreeSet<NaiveDate> {
    let changed = reminder.recurrence.iter().flat_map(|series| &series.changed);
    changed.filter(|(_, own)| own.done).map(|(date, _)| date.date()).collect()
}

/// The same in words; that Outlook keeps a date as an event of its own is none.
pub(super) fn in_words(reminder: &Reminder) -> String {
    let dropped = reminder.kept.cancelled.iter().map(When::date);
    let days: BTreeSet<NaiveDate> = spoken_of(reminder).into_iter().chain(dropped).collect();
    let said = |day: NaiveDate| (day, said_of(reminder, day));
    days_in_words(days.into_iter().map(said).map(|(day, said)| (day, said.cancelled || said.dropped)))
}

/// Whether a date that was changed still says what it was made to say.
pub(super) fn some_as_changed(before: &Reminder, after: &Reminder, now: &Reminder) -> bool {
    changed(before, after).into_iter().any(|day| said_of(now, day) == said_of(after, day))
}

/// Whether a date that was changed says something else by now.
pub(super) fn some_changed_since(before: &Snapshot, after: &Snapshot, now: &Reminder) -> bool {
    let (Snapshot::Reminder(before), Snapshot::Reminder(after)) = (before, after) else { return false };
    changed(before, after).into_iter().any(|day| said_of(now, day) != said_of(after, day))
}

/// Puts back what was said of the dates that nobody changed since.
pub(super) fn put_back(into: &mut Reminder, before: &Reminder, after: &Reminder) {
    let unchanged = |day: &NaiveDate| said_of(into, *day) == said_of(after, *day);
    let days: Vec<NaiveDate> = changed(before, after).into_iter().filter(unchanged).collect();
    for day in days {
        let key = carried(&When::Date(day), &into.when);
        let said = said_of(before, day);
        let is_off = said.cancelled || said.dropped;
        let apart = !is_off && (is_apart(into, day) || is_apart(before, day));
        into.kept.cancelled.retain(|date| date.date() != day);
        into.kept.cancelled.extend(said.dropped.then_some(key));
        let Some(series) = into.recurrence.as_mut() else { continue };
        series.cancelled.retain(|date| date.date() != day);
        series.cancelled.extend(said.cancelled.then_some(key));
        series.changed.retain(|date, _| date.date() != day);
        let own = ChangedOccurrence { apart, ..said.changed.unwrap_or_default() };
        series.changed.extend((own != ChangedOccurrence::default()).then_some((key, own)));
    }
}

/// Days of which something else was said afterwards.
fn changed(before: &Reminder, after: &Reminder) -> Vec<NaiveDate> {
    let left_out = |reminder: &Reminder| reminder.kept.cancelled.iter().map(When::date).collect::<Vec<_>>();
    let days: BTreeSet<NaiveDate> =
        [before, after].into_iter().flat_map(|reminder| spoken_of(reminder).into_iter().chain(left_out(reminder))).collect();
    days.into_iter().filter(|day| said_of(before, *day) != said_of(after, *day)).collect()
}

fn said_of(reminder: &Reminder, day: NaiveDate) -> Said {
    let is_day = |date: &When| date.date() == day;
    let series = reminder.recurrence.as_ref();
    Said {
        cancelled: series.is_some_and(|series| series.cancelled.iter().any(is_day)),
        dropped: reminder.kept.cancelled.iter().any(is_day),
        changed: own_of(reminder, day).and_then(ChangedOccurrence::said),
    }
}

fn own_of(reminder: &Reminder, day: NaiveDate) -> Option<&ChangedOccurrence> {
    reminder.recurrence.as_ref()?.changed.iter().find(|(date, _)| date.date() == day).map(|(_, own)| own)
}

fn is_apart(reminder: &Reminder, day: NaiveDate) -> bool {
    own_of(reminder, day).is_some_and(|own| own.apart)
}
