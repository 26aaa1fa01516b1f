//! Which events a reminder has beside its main one, and what they say.
//!
//! Nearly every reminder has one event. A rule that Outlook cannot hold becomes one event for each date, over its list's horizon; a date that Outlook does not take as part of its
//! series becomes an event of its own. What a person edits in such an event is about that date of the reminder.

use chrono::{DateTime, Days, Months, NaiveDate, NaiveDateTime, Utc};

use crate::drill::{self, Flaw};
use crate::expand;
use crate::list::List;
use crate::marker::Slot;
use crate::merge::Merge;
use crate::projection::{Field, Projection};
use crate::recurrence::{ChangedOccurrence, carried};
use crate::reminder::Reminder;
use crate::when::{When, Zone, end_of};

/// A reminder has no more events than this, however often it repeats.
pub const MOST_PARTS: usize = 1_000;

/// So many dates are looked at to find those that are due: a daily rule of 270 years.
const MOST_STARTS: usize = 100_000;

/// How Outlook holds a reminder.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Holding {
    /// As one event.
    Whole,
    /// As one event for each date: why.
    InParts(String),
    /// Not at all: why.
    Not(String),
}

impl Holding {
    /// How a reminder is held, where `why_not` says why Outlook has no event like its main one.
    #[must_use]
    pub fn of(reminder: &Reminder, why_not: Option<String>) -> Self {
        let Some(series) = &reminder.recurrence else { return why_not.map_or(Self::Whole, Self::Not) };
        let further = || (!series.extra.is_empty()).then(|| "it has dates beside its rule".to_owned());
        match why_not.or_else(further) {
            None => Self::Whole,
            Some(why) if expand::can_expand(&series.rule) => Self::InParts(why),
            Some(why) => Self::Not(why),
        }
    }

    /// Whether it is one event a date.
    #[must_use]
    pub fn is_in_parts(&self) -> bool {
        matches!(self, Self::InParts(_))
    }
}

/// The dates of a reminder that is held in parts have events up to this day; the next ones follow as time goes by.
#[must_use]
pub fn horizon(list: &List, now: DateTime<Utc>) -> NaiveDate {
    let today = now.date_naive();
    today.checked_add_months(Months::new(list.horizon_months)).unwrap_or(today)
}

/// The events that stand for the dates of a reminder that is held in parts: those up to the horizon of its list, or as many as there may be.
#[must_use]
pub fn parts(reminder: &Reminder, list: &List, now: DateTime<Utc>) -> Vec<Slot> {
    let today = now.date_naive();
    let last = horizon(list, now).and_hms_opt(23, 59, 59).unwrap_or(NaiveDateTime::MAX);
    let from = today.checked_sub_days(Days::new(crate::reminder::STALE_AFTER_DAYS.unsigned_abs())).unwrap_or(today);
    let all = reminder.starts(last, MOST_STARTS);
    let due = all.iter().filter(|one| one.when.date() >= from || one.original.date() >= from);
    due.take(MOST_PARTS).map(|one| Slot::Part(name_of(reminder, &one.original))).collect()
}

/// Dates of a series that Outlook holds as events of their own.
#[must_use]
pub fn apart(reminder: &Reminder) -> Vec<Slot> {
    let changed = reminder.recurrence.iter().flat_map(|series| &series.changed);
    changed.filter(|(_, own)| own.apart).map(|(original, _)| Slot::Occurrence(name_of(reminder, original))).collect()
}

/// What the event of a date is called: its day, as a series has one date a day, whatever its hour is by now. A date beside the rule that has an hour of its own is called by that too.
#[must_use]
pub fn name_of(reminder: &Reminder, original: &When) -> String {
    let is_beside = reminder.recurrence.as_ref().is_some_and(|series| series.extra.contains(original));
    let has_own_hour = is_beside && original.local().time() != reminder.when.local().time();
    if has_own_hour || drill::has(Flaw::DateByHour) { original.to_string() } else { original.date().to_string() }
}

/// What the event of a slot is to say; `None` where the reminder has no such event.
#[must_use]
pub fn projection_of(reminder: &Reminder, slot: &Slot, in_parts: bool) -> Option<Projection> {
    let main = Projection::of(reminder);
    let (start, is_part) = match slot {
        Slot::Main => return Some(main),
        Slot::Part(start) => (start, true),
        Slot::Occurrence(start) => (start, false),
        Slot::Alarm(_) | Slot::Split(_) => return None,
    };
    let (series, key) = (reminder.recurrence.as_ref()?, key(reminder, start)?);
    let changed = series.changed.get(&key);
    // A date that the rule does not give any more has no event either.
    let is_wanted = if is_part { in_parts } else { !in_parts && changed.is_some_and(|own| own.apart) };
    (is_wanted && is_date_of(reminder, &key)).then(|| changed.map_or_else(|| main.on(&key), |own| own.projection(&key, reminder, &main)))
}

/// What a series says of a date that is an event of its own, as if nothing else was said of it.
#[must_use]
pub fn as_series(reminder: &Reminder, slot: &Slot) -> Option<Projection> {
    let Slot::Occurrence(start) = slot else { return None };
    Some(Projection::of(reminder).on(&key(reminder, start)?))
}

/// The original start of the date that a slot is about.
#[must_use]
pub fn original(reminder: &Reminder, slot: &Slot) -> Option<When> {
    let (Slot::Part(name) | Slot::Occurrence(name)) = slot else { return None };
    key(reminder, name)
}

/// The date that a slot is about, as its reminder has it.
#[must_use]
pub fn date_of(reminder: &Reminder, slot: &Slot) -> Option<OfDate> {
    let key = original(reminder, slot).filter(|key| is_named(reminder, key))?;
    let is_out = reminder.recurrence.as_ref().is_some_and(|series| series.cancelled.contains(&key));
    Some(match (is_out, is_left_out(reminder, &key)) {
        (true, _) => OfDate::LeftOut,
        (false, true) => OfDate::LeftOutByPerson,
        (false, false) => OfDate::There,
    })
}

/// What a reminder says of one of its dates.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum OfDate {
    /// It is one of the series.
    There,
    /// The series leaves it out; a source's does so by what the source says.
    LeftOut,
    /// The person left it out over the source.
    LeftOutByPerson,
}

/// Leaves out the date of a slot; a sourced reminder does so over its source.
pub fn leave_out(reminder: &mut Reminder, slot: &Slot, is_sourced: bool) {
    let Slot::Occurrence(start) = slot else { return };
    let Some(key) = key(reminder, start).filter(|key| is_named(reminder, key)) else { return };
    let Some(series) = reminder.recurrence.as_mut() else { return };
    let own = series.changed.remove(&key);
    if is_sourced {
        reminder.kept.cancelled.insert(key);
        series.changed.extend(own.and_then(|own| own.said()).map(|own| (key, own)));
    } else {
        series.cancelled.insert(key);
    }
}

/// Whether the event of a slot ended so long ago that making it would help nobody.
#[must_use]
pub fn is_stale(projection: &Projection, now: DateTime<Utc>) -> bool {
    let end = end_of(&projection.when, projection.length).instant(Zone::UTC);
    end + chrono::Duration::days(crate::reminder::STALE_AFTER_DAYS) < now
}

/// Puts what a person edited in the event of a slot into the reminder.
pub fn take_over(reminder: &mut Reminder, slot: &Slot, event: &Projection, merge: &Merge) {
    let start = match slot {
        Slot::Main => return merge.take_over(reminder, event),
        _ if drill::has(Flaw::DateIsAll) => return merge.take_over(reminder, event),
        Slot::Part(start) | Slot::Occurrence(start) => start,
        Slot::Alarm(_) | Slot::Split(_) => return,
    };
    let Some(key) = key(reminder, start) else { return };
    let is_apart = matches!(slot, Slot::Occurrence(_));
    if !is_named(reminder, &key) {
        return;
    }
    let main = Projection::of(reminder);
    let was = reminder.recurrence.as_ref().and_then(|series| series.changed.get(&key)).cloned();
    let mut own = was.as_ref().map_or_else(|| main.on(&key), |was| was.projection(&key, reminder, &main));
    for field in merge.pull.iter().filter(|field| !matches!(field, Field::Rule | Field::Occurrences)) {
        own.take(event, *field);
    }
    let changed = ChangedOccurrence::between(&main, &key, &own, was.as_ref(), reminder.effective_alarms());
    let changed = ChangedOccurrence { apart: is_apart || changed.apart, ..changed };
    // Who left it out on another computer has it again.
    reminder.kept.cancelled.retain(|day| !is_apart || day.date() != key.date());
    let Some(series) = reminder.recurrence.as_mut() else { return };
    series.cancelled.remove(&key);
    if changed == ChangedOccurrence::default() {
        series.changed.remove(&key);
    } else {
        series.changed.insert(key, changed);
    }
}

/// The name that the event of a date has after the series was changed, where it has it not already: a date beside the rule came to the hour of the series, or left it.
#[must_use]
pub fn renamed(reminder: &Reminder, slot: &Slot) -> Option<Slot> {
    let (Slot::Part(start) | Slot::Occurrence(start)) = slot else { return None };
    let day = start.get(..10)?.parse().ok()?;
    let now = dated(reminder, day).filter(|now| is_named(reminder, now))?;
    let name = name_of(reminder, &now);
    let is_other = name != *start && key(reminder, start).is_none_or(|key| !is_named(reminder, &key));
    let slot = if matches!(slot, Slot::Part(_)) { Slot::Part(name) } else { Slot::Occurrence(name) };
    is_other.then_some(slot)
}

/// The date that a name is about.
fn key(reminder: &Reminder, name: &str) -> Option<When> {
    let original = match name.parse::<NaiveDate>() {
        Ok(day) => dated(reminder, day),
        Err(_) => When::parse(name, reminder.when.zone().unwrap_or(Zone::UTC)),
    };
    original.filter(|original| name_of(reminder, original) == name)
}

/// The date of that day: the one at the hour of the series, or one beside the rule.
fn dated(reminder: &Reminder, day: NaiveDate) -> Option<When> {
    let usual = carried(&When::Date(day), &reminder.when);
    let beside = || reminder.recurrence.as_ref()?.extra.iter().find(|extra| extra.date() == day).copied();
    if is_named(reminder, &usual) { Some(usual) } else { beside().or(Some(usual)) }
}

fn is_date_of(reminder: &Reminder, key: &When) -> bool {
    !is_left_out(reminder, key) && is_named(reminder, key)
}

fn is_left_out(reminder: &Reminder, key: &When) -> bool {
    let is_cancelled = reminder.recurrence.as_ref().is_some_and(|series| series.cancelled.contains(key));
    is_cancelled || reminder.leaves_out(key)
}

/// Whether the rule gives the date, or it is named beside it.
fn is_named(reminder: &Reminder, key: &When) -> bool {
    let Some(series) = &reminder.recurrence else { return false };
    series.extra.contains(key) || crate::recurrence::is_given(&series.rule, &reminder.when, key)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn reminder(rule: &str) -> Reminder {
        Reminder { alarms: vec![15, 60], ..crate::testing::reminder("Rent", "2026-12-31T09:00", Some(rule)) }
    }

    fn now() -> DateTime<Utc> {
        NaiveDate::from_ymd_opt(2027, 3, 5).expect("a date").and_hms_opt(8, 0, 0).expect("a time").and_utc()
    }

    #[test]
    fn a_rule_that_skips_short_months_is_held_date_by_date() {
        let mut rent = reminder("FREQ=MONTHLY;BYMONTHDAY=31");
        assert_eq!(Holding::of(&rent, None), Holding::Whole);
        assert!(Holding::of(&rent, Some("no".into())).is_in_parts());
        let list = List { horizon_months: 12, ..List::typed("Household", now()) };
        let parts = parts(&rent, &list, now());
        let first: Vec<String> = parts.iter().take(2).map(ToString::to_string).collect();
        assert_eq!((first, parts.len()), (vec!["part:2027-03-31".into(), "part:2027-05-31".into()], 7));
        assert_eq!(horizon(&list, now()).to_string(), "2028-03-05");
        let slot = &parts[0];
        let own = projection_of(&rent, slot, true).expect("an event");
        assert_eq!((own.when.to_string(), own.rule, own.alarm), ("2027-03-31T09:00:00".into(), None, Some(15)));
        assert_eq!(projection_of(&rent, slot, false), None);
        let day = When::parse("2027-03-31T09:00", Zone::UTC).expect("a time");
        rent.recurrence.as_mut().expect("a series").cancelled.insert(day);
        assert_eq!(projection_of(&rent, slot, true), None);
    }

    #[test]
    fn what_is_edited_in_the_event_of_a_date_is_about_that_date() {
        let mut rent = reminder("FREQ=MONTHLY;BYMONTHDAY=31");
        let slot = Slot::Part("2027-03-31".into());
        let before = projection_of(&rent, &slot, true).expect("an event");
        let event = Projection { title: "Rent, last one".into(), ..before.clone() };
        let merge = Merge { pull: [Field::Title].into(), ..Merge::default() };
        take_over(&mut rent, &slot, &event, &merge);
        assert_eq!((rent.title.as_str(), projection_of(&rent, &slot, true)), ("Rent", Some(event)));
        assert_eq!(rent.alarms, [15, 60]);
        take_over(&mut rent, &slot, &before, &merge);
        assert_eq!(rent, reminder("FREQ=MONTHLY;BYMONTHDAY=31"));
    }
}
