//! The dates of a series, by Graph's own six patterns. Day by day and simple on purpose: it shares nothing with the client's expansion.

use chrono::{Datelike, Days, NaiveDate};
use serde_json::Value;

use crate::world::SimEvent;

const DAYS: [&str; 7] = ["monday", "tuesday", "wednesday", "thursday", "friday", "saturday", "sunday"];

/// Pattern and range, read once: a series is asked about many days.
struct Rule {
    start: NaiveDate,
    kind: String,
    interval: i64,
    month: u64,
    day_of_month: u64,
    /// By days from Monday.
    days: [bool; 7],
    first_day: u32,
    index: String,
    end: Option<NaiveDate>,
    count: Option<u64>,
}

/// Dates of a series from its start to `last`, inclusive.
pub fn dates(event: &SimEvent, last: NaiveDate) -> Vec<NaiveDate> {
    let Some(rule) = Rule::of(event) else { return vec![] };
    let end = rule.end.map_or(last, |end| end.min(last));
    let days = rule.start.iter_days().take_while(|day| *day <= end).filter(|day| rule.is_on(*day));
    // A numbered series has to be counted from its start, whatever the window.
    days.take(rule.count.map_or(usize::MAX, |count| usize::try_from(count).unwrap_or(usize::MAX))).collect()
}

/// Whether the pattern has this date.
pub fn has(event: &SimEvent, day: NaiveDate) -> bool {
    let Some(rule) = Rule::of(event) else { return false };
    if day < rule.start || rule.end.is_some_and(|end| day > end) || !rule.is_on(day) {
        return false;
    }
    rule.count.is_none() || dates(event, day).last() == Some(&day)
}

fn text(value: &Value, name: &str) -> String {
    value.get(name).and_then(Value::as_str).unwrap_or_default().to_ascii_lowercase()
}

fn number(value: &Value, name: &str) -> u64 {
    value.get(name).and_then(Value::as_u64).unwrap_or(1)
}

impl Rule {
    fn of(event: &SimEvent) -> Option<Self> {
        let recurrence = event.members.get("recurrence")?;
        let (pattern, range) = (recurrence.get("pattern")?, recurrence.get("range")?);
        let kind = text(range, "type");
        let named = pattern.get("daysOfWeek").and_then(Value::as_array);
        let is_named = |day: &str| named.into_iter().flatten().filter_map(Value::as_str).any(|name| name.eq_ignore_ascii_case(day));
        let first = text(pattern, "firstDayOfWeek");
        Some(Self {
            start: event.start.date(),
            kind: text(pattern, "type"),
            interval: i64::try_from(number(pattern, "interval").max(1)).unwrap_or(1),
            month: number(pattern, "month"),
            day_of_month: number(pattern, "dayOfMonth"),
            days: DAYS.map(is_named),
            first_day: DAYS.iter().zip(0..).find(|(day, _)| **day == first).map_or(6, |(_, number)| number),
            index: text(pattern, "index"),
            end: (kind == "enddate").then(|| NaiveDate::parse_from_str(&text(range, "endDate"), "%Y-%m-%d").ok()).flatten(),
            count: (kind == "numbered").then(|| number(range, "numberOfOccurrences")),
        })
    }

    fn is_on(&self, day: NaiveDate) -> bool {
        let months = i64::from(day.year() - self.start.year()) * 12 + i64::from(day.month()) - i64::from(self.start.month());
        let years = i64::from(day.year() - self.start.year());
        let month_fits = self.month == u64::from(day.month());
        match self.kind.as_str() {
            "daily" => (day - self.start).num_days() % self.interval == 0,
            "weekly" => {
                let weeks = (self.week_start(day) - self.week_start(self.start)).num_days() / 7;
                weeks % self.interval == 0 && self.is_named(day)
            }
            "absolutemonthly" => months % self.interval == 0 && self.is_day(day),
            "relativemonthly" => months % self.interval == 0 && self.is_nth(day),
            "absoluteyearly" => years % self.interval == 0 && month_fits && self.is_day(day),
            "relativeyearly" => years % self.interval == 0 && month_fits && self.is_nth(day),
            _ => false,
        }
    }

    fn is_named(&self, day: NaiveDate) -> bool {
        self.days.get(day.weekday().num_days_from_monday() as usize) == Some(&true)
    }

    fn week_start(&self, day: NaiveDate) -> NaiveDate {
        let back = (7 + day.weekday().num_days_from_monday() - self.first_day) % 7;
        day.checked_sub_days(Days::new(u64::from(back))).unwrap_or(day)
    }

    /// The day of the month, or the last day of a shorter month.
    fn is_day(&self, day: NaiveDate) -> bool {
        u64::from(day.day()) == self.day_of_month.min(u64::from(day.num_days_in_month()))
    }

    /// The n-th day of the month that is one of the named days.
    fn is_nth(&self, day: NaiveDate) -> bool {
        let Some(first) = day.with_day(1) else { return false };
        let mut matching = first.iter_days().take_while(|one| one.month() == day.month()).filter(|one| self.is_named(*one));
        let nth = match self.index.as_str() {
            "second" => matching.nth(1),
            "third" => matching.nth(2),
            "fourth" => matching.nth(3),
            "last" => matching.last(),
            _ => matching.next(),
        };
        nth == Some(day)
    }
}
