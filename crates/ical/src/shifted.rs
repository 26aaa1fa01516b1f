//! Series whose dates all move: the rule that gives the moved ones, exactly or not at all.

use std::num::NonZeroU32;

use belfry_core::rule::{End, Frequency, Rule, Until};
use belfry_core::{Recurrence, When, expand};
use chrono::{NaiveDate, NaiveDateTime, Timelike, Weekday};

/// A rule that gives a series which begins at `to` the starts `expected`: those that `rule` gives one that begins at `from`, all moved. Of a rule without end these are as many as
/// are to be compared. `None` where no rule is known that gives them.
pub fn rule(rule: &Rule, from: &When, to: &When, expected: &[NaiveDateTime], is_endless: bool) -> Option<Rule> {
    let last = expected.last()?;
    let end = if is_endless { End::Never } else { end_at(rule, to, expected.len(), *last) };
    let unmoved = Rule { end, ..rule.clone() };
    let followed = Recurrence::of(unmoved.clone()).moved(from, to).rule;
    let turned = turned(unmoved.clone(), (to.date() - from.date()).num_days());
    let gives = |rule: &Rule| expand::starts(rule, to, *last).take(expected.len() + 1).eq(expected.iter().copied());
    let later = |rule: &Rule| at_other_times(rule.clone(), from, to);
    let candidates = [unmoved, followed, turned];
    let timed: Vec<Rule> = candidates.iter().filter_map(later).collect();
    candidates.into_iter().chain(timed).find(gives)
}

/// The end of a series of so many dates, counted where the rule is counted.
pub fn end_at(rule: &Rule, start: &When, count: usize, last: NaiveDateTime) -> End {
    match (rule.end, u32::try_from(count).ok().and_then(NonZeroU32::new)) {
        (End::Count(_), Some(count)) => End::Count(count),
        _ => End::Until(until(start, last)),
    }
}

/// The end of a series whose last date is known, as RFC 5545 section 3.3.10 wants it for its start.
pub fn until(start: &When, last: NaiveDateTime) -> Until {
    start.zone().map_or(Until::Date(last.date()), |zone| Until::Utc(zone.instant(last)))
}

/// So late that no series is looked at any further.
pub fn far() -> NaiveDateTime {
    NaiveDate::from_ymd_opt(2200, 1, 1).unwrap_or(NaiveDate::MAX).into()
}

/// A weekly rule whose days all move by so many.
fn turned(mut rule: Rule, days: i64) -> Rule {
    if rule.frequency == Frequency::Weekly {
        for by in &mut rule.by_day {
            let number = (i64::from(by.day.num_days_from_monday()) + days).rem_euclid(7);
            by.day = u8::try_from(number).ok().and_then(|number| Weekday::try_from(number).ok()).unwrap_or(by.day);
        }
        rule.by_day.sort_by_key(|by| (by.nth, by.day.num_days_from_monday()));
    }
    rule
}

/// A rule with several times of day that all move as far as one of them; nothing where one would leave its day.
fn at_other_times(mut rule: Rule, from: &When, to: &When) -> Option<Rule> {
    let (old, new) = (from.local(), to.local());
    rule.by_hour = all_moved(&rule.by_hour, old.hour(), new.hour(), 24)?;
    rule.by_minute = all_moved(&rule.by_minute, old.minute(), new.minute(), 60)?;
    rule.by_second = all_moved(&rule.by_second, old.second(), new.second(), 60)?;
    Some(rule)
}

fn all_moved(named: &[u8], old: u32, new: u32, limit: u32) -> Option<Vec<u8>> {
    let moved =
        |one: &u8| (u32::from(*one) + new).checked_sub(old).filter(|moved| *moved < limit).and_then(|moved| u8::try_from(moved).ok());
    named.iter().map(moved).collect()
}
