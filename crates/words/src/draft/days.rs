//! The days that rules and clocks give.

use std::num::NonZeroU32;

use belfry_core::rule::{End, Frequency};
use belfry_core::{Rule, When, expand};
use chrono::{Datelike, Months, NaiveDate, NaiveDateTime};

use super::minutes_of;
use crate::grammar::Day;

/// The day on which the clock next shows a time.
pub(super) fn next(now: NaiveDateTime, minutes: u32) -> NaiveDate {
    let today = now.date();
    if minutes > minutes_of(now) { today } else { today.succ_opt().unwrap_or(today) }
}

/// The first day that a rule gives, from a moment on. The steps of the rule are counted from there, so they do not matter here.
pub(super) fn first(rule: &Rule, from: NaiveDateTime, minutes: Option<u32>) -> Option<NaiveDate> {
    let steady = Rule { interval: NonZeroU32::MIN, end: End::Never, ..rule.clone() };
    let far = from.checked_add_months(Months::new(12 * 100))?;
    let is_to_come = |date: &NaiveDate| *date > from.date() || minutes.is_none_or(|minutes| minutes > minutes_of(from));
    expand::starts(&steady, &When::Date(from.date()), far).map(|start| start.date()).find(is_to_come)
}

/// The last day, in a year in which it is not before the first.
pub(super) fn last_day(day: Day, start: NaiveDate) -> Option<NaiveDate> {
    let years = if day.any_year { 0..9 } else { 0..1 };
    let mut dates = years.filter_map(|add| day.date.with_year(day.date.year() + add));
    dates.find(|date| *date >= start && date.year() <= 4499)
}

/// The last day of a series. "Every year until 31 July" says a deadline rather than an end that leaves but one.
pub(super) fn series_end(day: Day, start: NaiveDate, rule: &Rule) -> Option<NaiveDate> {
    let last = last_day(day, start)?;
    let is_one =
        day.any_year && rule.frequency == Frequency::Yearly && start.checked_add_months(Months::new(12)).is_none_or(|next| last < next);
    (!is_one).then_some(last)
}

/// The least days between two starts of a series; several weekdays are a day apart.
pub(super) fn period(rule: &Rule) -> u32 {
    let days = match rule.frequency {
        Frequency::Weekly if rule.by_day.len() > 1 => return 1,
        Frequency::Weekly => 7,
        Frequency::Monthly => 28,
        Frequency::Yearly => 365,
        Frequency::Daily => 1,
        // Several in a day: any number of days is how long it goes on.
        Frequency::Hourly | Frequency::Minutely | Frequency::Secondly => return 0,
    };
    days * rule.interval.get()
}
