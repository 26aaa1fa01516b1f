//! A recurrence rule as RFC 5545 section 3.3.10 defines it, read strictly and printed in one canonical form.

use std::fmt;
use std::num::NonZeroU32;
use std::str::FromStr;

use chrono::{DateTime, NaiveDate, NaiveDateTime, Utc, Weekday};
use serde::{Deserialize, Deserializer, Serialize, Serializer};

/// How often the rule's period comes round.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Frequency {
    /// `SECONDLY`; kept, not expanded.
    Secondly,
    /// `MINUTELY`; kept, not expanded.
    Minutely,
    /// Every hour, on the clock on the wall.
    Hourly,
    /// Every day.
    Daily,
    /// Every week.
    Weekly,
    /// Every month.
    Monthly,
    /// Every year.
    Yearly,
}

/// Where a rule ends.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Until {
    /// On this day, inclusive.
    Date(NaiveDate),
    /// At this wall time, inclusive.
    Local(NaiveDateTime),
    /// At this instant, inclusive.
    Utc(DateTime<Utc>),
}

/// When a rule stops.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum End {
    /// Never.
    Never,
    /// After so many occurrences.
    Count(NonZeroU32),
    /// At a moment.
    Until(Until),
}

/// One `BYDAY` item: a weekday, perhaps the n-th of the month or year (negative counts from the end).
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub struct ByDay {
    /// `2` in `2TU`, `-1` in `-1FR`.
    pub nth: Option<i8>,
    /// The weekday.
    pub day: Weekday,
}

/// A recurrence rule. The numbers are as in the text, sorted and without repetition.
#[derive(Debug, Clone, PartialEq, Eq, Hash)]
pub struct Rule {
    /// `FREQ`.
    pub frequency: Frequency,
    /// `INTERVAL`, at least 1.
    pub interval: NonZeroU32,
    /// `COUNT` or `UNTIL`.
    pub end: End,
    /// `BYSECOND`.
    pub by_second: Vec<u8>,
    /// `BYMINUTE`.
    pub by_minute: Vec<u8>,
    /// `BYHOUR`.
    pub by_hour: Vec<u8>,
    /// `BYDAY`.
    pub by_day: Vec<ByDay>,
    /// `BYMONTHDAY`.
    pub by_month_day: Vec<i8>,
    /// `BYYEARDAY`.
    pub by_year_day: Vec<i16>,
    /// `BYWEEKNO`.
    pub by_week_no: Vec<i8>,
    /// `BYMONTH`.
    pub by_month: Vec<u8>,
    /// `BYSETPOS`.
    pub by_set_pos: Vec<i16>,
    /// `WKST`.
    pub week_start: Weekday,
}

/// Why a text is not a rule.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum BadRule {
    /// No `FREQ`.
    #[error("the repeat rule has no FREQ")]
    NoFrequency,
    /// A part without `=`, given twice, or not known.
    #[error("`{0}` is not a part of a repeat rule")]
    Part(String),
    /// A value outside its range.
    #[error("`{value}` is not a value for {part}")]
    Value {
        /// Name of the part.
        part: String,
        /// What stood there.
        value: String,
    },
    /// Both `COUNT` and `UNTIL`.
    #[error("a repeat rule ends by COUNT or by UNTIL, not both")]
    TwoEnds,
}

impl Rule {
    /// A rule that repeats every `interval` periods without end.
    #[must_use]
    pub fn every(frequency: Frequency, interval: NonZeroU32) -> Self {
        Self {
            frequency,
            interval,
            end: End::Never,
            by_second: vec![],
            by_minute: vec![],
            by_hour: vec![],
            by_day: vec![],
            by_month_day: vec![],
            by_year_day: vec![],
            by_week_no: vec![],
            by_month: vec![],
            by_set_pos: vec![],
            week_start: Weekday::Mon,
        }
    }
}

const FREQUENCIES: [(&str, Frequency); 7] = [
    ("SECONDLY", Frequency::Secondly),
    ("MINUTELY", Frequency::Minutely),
    ("HOURLY", Frequency::Hourly),
    ("DAILY", Frequency::Daily),
    ("WEEKLY", Frequency::Weekly),
    ("MONTHLY", Frequency::Monthly),
    ("YEARLY", Frequency::Yearly),
];

const DAYS: [(&str, Weekday); 7] = [
    ("MO", Weekday::Mon),
    ("TU", Weekday::Tue),
    ("WE", Weekday::Wed),
    ("TH", Weekday::Thu),
    ("FR", Weekday::Fri),
    ("SA", Weekday::Sat),
    ("SU", Weekday::Sun),
];

fn code<T: PartialEq>(table: &[(&'static str, T)], wanted: &T) -> &'static str {
    table.iter().find(|(_, value)| value == wanted).map_or("", |(name, _)| name)
}

fn lookup<T: Copy>(table: &[(&str, T)], name: &str) -> Option<T> {
    table.iter().find(|(code, _)| *code == name).map(|(_, value)| *value)
}

impl FromStr for Rule {
    type Err = BadRule;

    fn from_str(text: &str) -> Result<Self, BadRule> {
        let text = text.trim().to_ascii_uppercase();
        let text = text.strip_prefix("RRULE:").unwrap_or(&text);
        let mut parts: Vec<(&str, &str)> = Vec::new();
        for part in text.split(';').filter(|part| !part.is_empty()) {
            let (name, value) = part.split_once('=').ok_or_else(|| BadRule::Part(part.into()))?;
            if parts.iter().any(|(seen, _)| *seen == name) {
                return Err(BadRule::Part(part.into()));
            }
            parts.push((name, value));
        }
        let frequency = parts.iter().find(|(name, _)| *name == "FREQ").ok_or(BadRule::NoFrequency)?.1;
        let frequency = lookup(&FREQUENCIES, frequency).ok_or_else(|| bad("FREQ", frequency))?;
        let mut rule = Self::every(frequency, NonZeroU32::MIN);
        for (name, value) in parts {
            rule.set(name, value)?;
        }
        Ok(rule)
    }
}

impl Rule {
    fn set(&mut self, name: &str, value: &str) -> Result<(), BadRule> {
        match name {
            "FREQ" => {}
            "INTERVAL" => self.interval = value.parse().map_err(|_| bad(name, value))?,
            "COUNT" => self.end_once(End::Count(value.parse().map_err(|_| bad(name, value))?))?,
            "UNTIL" => self.end_once(End::Until(until(value).ok_or_else(|| bad(name, value))?))?,
            "BYSECOND" => self.by_second = numbers(name, value, 0, 60, true)?,
            "BYMINUTE" => self.by_minute = numbers(name, value, 0, 59, true)?,
            "BYHOUR" => self.by_hour = numbers(name, value, 0, 23, true)?,
            "BYDAY" => self.by_day = by_days(value)?,
            "BYMONTHDAY" => self.by_month_day = numbers(name, value, -31, 31, false)?,
            "BYYEARDAY" => self.by_year_day = numbers(name, value, -366, 366, false)?,
            "BYWEEKNO" => self.by_week_no = numbers(name, value, -53, 53, false)?,
            "BYMONTH" => self.by_month = numbers(name, value, 1, 12, false)?,
            "BYSETPOS" => self.by_set_pos = numbers(name, value, -366, 366, false)?,
            "WKST" => self.week_start = lookup(&DAYS, value).ok_or_else(|| bad(name, value))?,
            _ => return Err(BadRule::Part(format!("{name}={value}"))),
        }
        Ok(())
    }

    fn end_once(&mut self, end: End) -> Result<(), BadRule> {
        if self.end != End::Never {
            return Err(BadRule::TwoEnds);
        }
        self.end = end;
        Ok(())
    }
}

fn bad(part: &str, value: &str) -> BadRule {
    BadRule::Value { part: part.into(), value: value.into() }
}

fn until(value: &str) -> Option<Until> {
    if let Some(utc) = value.strip_suffix('Z') {
        return NaiveDateTime::parse_from_str(utc, "%Y%m%dT%H%M%S").ok().map(|at| Until::Utc(at.and_utc()));
    }
    NaiveDate::parse_from_str(value, "%Y%m%d")
        .ok()
        .map(Until::Date)
        .or_else(|| NaiveDateTime::parse_from_str(value, "%Y%m%dT%H%M%S").ok().map(Until::Local))
}

fn numbers<T>(name: &str, value: &str, low: i64, high: i64, zero: bool) -> Result<Vec<T>, BadRule>
where
    T: TryFrom<i64> + Ord,
{
    let mut out = Vec::new();
    for item in value.split(',') {
        let number: i64 = item.trim().parse().map_err(|_| bad(name, item))?;
        if number < low || number > high || (number == 0 && !zero) {
            return Err(bad(name, item));
        }
        out.push(T::try_from(number).map_err(|_| bad(name, item))?);
    }
    out.sort();
    out.dedup();
    Ok(out)
}

fn by_days(value: &str) -> Result<Vec<ByDay>, BadRule> {
    let mut out = Vec::new();
    for item in value.split(',').map(str::trim) {
        let cut = item.len().checked_sub(2).filter(|cut| item.is_char_boundary(*cut)).ok_or_else(|| bad("BYDAY", item))?;
        let (nth, day) = item.split_at(cut);
        let day = lookup(&DAYS, day).ok_or_else(|| bad("BYDAY", item))?;
        let nth = match nth {
            "" => None,
            nth => Some(nth.parse::<i8>().ok().filter(|n| *n != 0 && n.abs() <= 53).ok_or_else(|| bad("BYDAY", item))?),
        };
        out.push(ByDay { nth, day });
    }
    out.sort_by_key(|by| (by.nth, by.day.num_days_from_monday()));
    out.dedup();
    Ok(out)
}

/// The canonical text, without the `RRULE:` prefix. Equal rules print equally.
impl fmt::Display for Rule {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "FREQ={}", code(&FREQUENCIES, &self.frequency))?;
        if self.interval.get() > 1 {
            write!(f, ";INTERVAL={}", self.interval)?;
        }
        match self.end {
            End::Never => {}
            End::Count(count) => write!(f, ";COUNT={count}")?,
            End::Until(Until::Date(on)) => write!(f, ";UNTIL={}", on.format("%Y%m%d"))?,
            End::Until(Until::Local(at)) => write!(f, ";UNTIL={}", at.format("%Y%m%dT%H%M%S"))?,
            End::Until(Until::Utc(at)) => write!(f, ";UNTIL={}Z", at.format("%Y%m%dT%H%M%S"))?,
        }
        list(f, "BYSECOND", &self.by_second)?;
        list(f, "BYMINUTE", &self.by_minute)?;
        list(f, "BYHOUR", &self.by_hour)?;
        list(f, "BYDAY", &self.by_day)?;
        list(f, "BYMONTHDAY", &self.by_month_day)?;
        list(f, "BYYEARDAY", &self.by_year_day)?;
        list(f, "BYWEEKNO", &self.by_week_no)?;
        list(f, "BYMONTH", &self.by_month)?;
        list(f, "BYSETPOS", &self.by_set_pos)?;
        if self.week_start != Weekday::Mon {
            write!(f, ";WKST={}", code(&DAYS, &self.week_start))?;
        }
        Ok(())
    }
}

impl fmt::Display for ByDay {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        if let Some(nth) = self.nth {
            write!(f, "{nth}")?;
        }
        f.write_str(code(&DAYS, &self.day))
    }
}

fn list<T: fmt::Display>(f: &mut fmt::Formatter<'_>, name: &str, values: &[T]) -> fmt::Result {
    for (index, value) in values.iter().enumerate() {
        if index == 0 {
            write!(f, ";{name}={value}")?;
        } else {
            write!(f, ",{value}")?;
        }
    }
    Ok(())
}

impl Serialize for Rule {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.collect_str(self)
    }
}

impl<'de> Deserialize<'de> for Rule {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        let text = std::borrow::Cow::<'de, str>::deserialize(deserializer)?;
        text.parse().map_err(serde::de::Error::custom)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn one_canonical_spelling() {
        for (given, canonical) in [
            ("FREQ=WEEKLY", "FREQ=WEEKLY"),
            ("rrule:interval=2;freq=weekly;byday=we,mo", "FREQ=WEEKLY;INTERVAL=2;BYDAY=MO,WE"),
            ("FREQ=MONTHLY;BYDAY=-1FR;WKST=MO;INTERVAL=1", "FREQ=MONTHLY;BYDAY=-1FR"),
            ("FREQ=YEARLY;UNTIL=20300101T000000Z;WKST=SU", "FREQ=YEARLY;UNTIL=20300101T000000Z;WKST=SU"),
            ("FREQ=DAILY;COUNT=3;", "FREQ=DAILY;COUNT=3"),
        ] {
            let rule: Rule = given.parse().expect(given);
            assert_eq!(rule.to_string(), canonical);
            assert_eq!(canonical.parse::<Rule>().expect(canonical), rule);
        }
    }

    #[test]
    fn what_is_not_a_rule_is_refused_with_its_reason() {
        for (text, reason) in [
            ("INTERVAL=2", "the repeat rule has no FREQ"),
            ("FREQ=FORTNIGHTLY", "`FORTNIGHTLY` is not a value for FREQ"),
            ("FREQ=DAILY;COUNT=2;UNTIL=20300101", "a repeat rule ends by COUNT or by UNTIL, not both"),
            ("FREQ=DAILY;INTERVAL=0", "`0` is not a value for INTERVAL"),
            ("FREQ=WEEKLY;BYDAY=0MO", "`0MO` is not a value for BYDAY"),
            ("FREQ=WEEKLY;BYDAY=é", "`é` is not a value for BYDAY"),
            ("FREQ=DAILY;FREQ=DAILY", "`FREQ=DAILY` is not a part of a repeat rule"),
            ("FREQ=DAILY;X-NOTE=1", "`X-NOTE=1` is not a part of a repeat rule"),
        ] {
            assert_eq!(text.parse::<Rule>().expect_err(text).to_string(), reason);
        }
    }
}
