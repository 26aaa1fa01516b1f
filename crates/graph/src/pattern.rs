//! A rule as Graph's recurrence pattern and range, exactly or not at all
//! (<https://learn.microsoft.com/graph/api/resources/patternedrecurrence>).
//!
//! Outlook's "day 31" means the last day of shorter months, where RFC 5545 skips them; so days 29 to 31 go out and come back only in
//! the RRULE form that says the same (`BYMONTHDAY=-1`, `BYMONTHDAY=28,29;BYSETPOS=-1`).

use std::num::NonZeroU32;

use belfry_core::expand;
use belfry_core::rule::{ByDay, End, Frequency, Rule, Until};
use belfry_core::{When, Zone};
use chrono::{Datelike, NaiveDate, Weekday};

use crate::wire::{WirePattern, WireRange, WireRecurrence};

/// Why a rule cannot be a recurrence in Outlook.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub enum NoPattern {
    /// None of the six patterns says this.
    #[error("Outlook has no such repeat pattern")]
    Unsupported,
    /// Outlook's series begin with their first date.
    #[error("the repeat rule does not include its own first date")]
    StartOutsideRule,
    /// It has no date at all.
    #[error("the repeat rule has no date")]
    Empty,
}

const DAYS: [(&str, Weekday); 7] = [
    ("sunday", Weekday::Sun),
    ("monday", Weekday::Mon),
    ("tuesday", Weekday::Tue),
    ("wednesday", Weekday::Wed),
    ("thursday", Weekday::Thu),
    ("friday", Weekday::Fri),
    ("saturday", Weekday::Sat),
];

const INDICES: [(&str, i8); 5] = [("first", 1), ("second", 2), ("third", 3), ("fourth", 4), ("last", -1)];

fn day_name(day: Weekday) -> String {
    DAYS.iter().find(|(_, known)| *known == day).map_or("sunday", |(name, _)| name).to_owned()
}

fn day_of(name: &str) -> Option<Weekday> {
    DAYS.iter().find(|(known, _)| known.eq_ignore_ascii_case(name)).map(|(_, day)| *day)
}

fn index_name(nth: i8) -> Option<String> {
    INDICES.iter().find(|(_, known)| *known == nth).map(|(name, _)| (*name).to_owned())
}

/// Rule to recurrence. `zone_name` is the name that the event's start goes out with.
pub fn to_wire(rule: &Rule, start: &When, zone_name: &str) -> Result<WireRecurrence, NoPattern> {
    let pattern = pattern(rule, start).ok_or(NoPattern::Unsupported)?;
    let far = start.local().checked_add_days(chrono::Days::new(366 * 100)).unwrap_or(start.local());
    match expand::starts(rule, start, far).next() {
        None => return Err(NoPattern::Empty),
        Some(first) if first != start.local() => return Err(NoPattern::StartOutsideRule),
        Some(_) => {}
    }
    Ok(WireRecurrence { pattern, range: range(rule, start, zone_name)? })
}

fn range(rule: &Rule, start: &When, zone_name: &str) -> Result<WireRange, NoPattern> {
    let mut range = WireRange {
        kind: "noEnd".into(),
        start_date: start.date().to_string(),
        end_date: None,
        number_of_occurrences: None,
        recurrence_time_zone: Some(zone_name.to_owned()),
    };
    match rule.end {
        End::Never => {}
        End::Count(count) => {
            range.kind = "numbered".into();
            range.number_of_occurrences = Some(count.get());
        }
        End::Until(_) => {
            let last = expand::last_start(rule, start).ok_or(NoPattern::Empty)?;
            range.kind = "endDate".into();
            range.end_date = Some(last.date().to_string());
        }
    }
    Ok(range)
}

fn pattern(rule: &Rule, start: &When) -> Option<WirePattern> {
    let unusual = !(rule.by_second.is_empty()
        && rule.by_minute.is_empty()
        && rule.by_hour.is_empty()
        && rule.by_year_day.is_empty()
        && rule.by_week_no.is_empty());
    if unusual {
        return None;
    }
    let blank = WirePattern::blank(rule.interval.get());
    match rule.frequency {
        Frequency::Daily => daily(rule, blank),
        Frequency::Weekly => weekly(rule, start, blank),
        Frequency::Monthly if rule.by_month.is_empty() => in_month(rule, start, &blank, "Monthly"),
        Frequency::Yearly => {
            let month = match rule.by_month.as_slice() {
                [] if rule.by_day.is_empty() && rule.by_month_day.is_empty() => start.date().month(),
                [month] => u32::from(*month),
                _ => return None,
            };
            // 29 February comes every fourth year by RFC 5545 and every year in Outlook.
            let pattern = in_month(rule, start, &blank, "Yearly")?;
            (pattern.day_of_month.is_none_or(|day| day <= 28 || month != 2)).then_some(WirePattern { month: Some(month), ..pattern })
        }
        Frequency::Monthly | Frequency::Hourly | Frequency::Minutely | Frequency::Secondly => None,
    }
}

fn daily(rule: &Rule, blank: WirePattern) -> Option<WirePattern> {
    let plain = rule.by_day.is_empty() && rule.by_month_day.is_empty() && rule.by_month.is_empty() && rule.by_set_pos.is_empty();
    plain.then(|| WirePattern { kind: "daily".into(), ..blank })
}

fn weekly(rule: &Rule, start: &When, blank: WirePattern) -> Option<WirePattern> {
    let plain = rule.by_month_day.is_empty() && rule.by_month.is_empty() && rule.by_set_pos.is_empty();
    if !plain || rule.by_day.iter().any(|by| by.nth.is_some()) {
        return None;
    }
    let days = if rule.by_day.is_empty() {
        vec![day_name(start.date().weekday())]
    } else {
        rule.by_day.iter().map(|by| day_name(by.day)).collect()
    };
    Some(WirePattern { kind: "weekly".into(), days_of_week: Some(days), first_day_of_week: Some(day_name(rule.week_start)), ..blank })
}

/// The day within a month: by number, or by weekday and position.
fn in_month(rule: &Rule, start: &When, blank: &WirePattern, suffix: &str) -> Option<WirePattern> {
    let absolute = |day: u32| Some(WirePattern { kind: format!("absolute{suffix}"), day_of_month: Some(day), ..blank.clone() });
    let relative = |nth: i8, days: Vec<String>| {
        Some(WirePattern { kind: format!("relative{suffix}"), index: Some(index_name(nth)?), days_of_week: Some(days), ..blank.clone() })
    };
    match (rule.by_day.as_slice(), rule.by_month_day.as_slice(), rule.by_set_pos.as_slice()) {
        ([], [], []) => Some(start.date().day()).filter(|day| *day <= 28).and_then(absolute),
        ([], [-1], []) => absolute(31),
        ([], [day @ 1..=28], []) => absolute(u32::try_from(*day).ok()?),
        ([], [28, 29], [-1]) => absolute(29),
        ([], [28, 29, 30], [-1]) => absolute(30),
        ([], [28, 29, 30, 31], [-1]) => absolute(31),
        ([ByDay { nth: Some(nth), day }], [], []) => relative(*nth, vec![day_name(*day)]),
        (days, [], [position]) if !days.is_empty() && days.iter().all(|by| by.nth.is_none()) => {
            relative(i8::try_from(*position).ok()?, days.iter().map(|by| day_name(by.day)).collect())
        }
        _ => None,
    }
}

/// Recurrence to rule. `None` for what no release of Graph sends.
pub fn from_wire(wire: &WireRecurrence) -> Option<Rule> {
    let pattern = &wire.pattern;
    let frequency = match pattern.kind.to_ascii_lowercase().as_str() {
        "daily" => Frequency::Daily,
        "weekly" => Frequency::Weekly,
        "absolutemonthly" | "relativemonthly" => Frequency::Monthly,
        "absoluteyearly" | "relativeyearly" => Frequency::Yearly,
        _ => return None,
    };
    let mut rule = Rule::every(frequency, NonZeroU32::new(pattern.interval)?);
    let days = || -> Option<Vec<Weekday>> { pattern.days_of_week.as_ref()?.iter().map(|name| day_of(name)).collect() };
    match pattern.kind.to_ascii_lowercase().as_str() {
        "weekly" => {
            rule.by_day = days()?.into_iter().map(|day| ByDay { nth: None, day }).collect();
            rule.week_start = pattern.first_day_of_week.as_deref().map_or(Some(Weekday::Sun), day_of)?;
        }
        "absolutemonthly" | "absoluteyearly" => {
            (rule.by_month_day, rule.by_set_pos) = match pattern.day_of_month? {
                29 => (vec![28, 29], vec![-1]),
                30 => (vec![28, 29, 30], vec![-1]),
                31 => (vec![-1], vec![]),
                day => (vec![i8::try_from(day).ok().filter(|day| (1..=28).contains(day))?], vec![]),
            };
        }
        "relativemonthly" | "relativeyearly" => {
            let nth = match pattern.index.as_deref() {
                None => 1,
                Some(name) => INDICES.iter().find(|(known, _)| known.eq_ignore_ascii_case(name))?.1,
            };
            match days()?.as_slice() {
                [day] => rule.by_day = vec![ByDay { nth: Some(nth), day: *day }],
                several => {
                    rule.by_day = several.iter().map(|day| ByDay { nth: None, day: *day }).collect();
                    rule.by_set_pos = vec![i16::from(nth)];
                }
            }
        }
        _ => {}
    }
    if frequency == Frequency::Yearly {
        rule.by_month = vec![u8::try_from(pattern.month?).ok().filter(|month| (1..=12).contains(month))?];
    }
    rule.by_day.sort_by_key(|by| (by.nth, by.day.num_days_from_monday()));
    rule.end = match wire.range.kind.to_ascii_lowercase().as_str() {
        "noend" => End::Never,
        "numbered" => End::Count(NonZeroU32::new(wire.range.number_of_occurrences?)?),
        "enddate" => End::Until(Until::Date(NaiveDate::parse_from_str(wire.range.end_date.as_deref()?, "%Y-%m-%d").ok()?)),
        _ => return None,
    };
    Some(rule)
}

/// The zone that an all-day event goes out with: it is a date, so any will do, and Graph shows it as UTC.
pub const ALL_DAY_ZONE: Zone = Zone::UTC;

#[cfg(test)]
mod tests {
    use super::*;

    fn agree(a: &Rule, b: &Rule, start: &When) -> bool {
        let far = start.local() + chrono::Duration::days(366 * 12);
        expand::starts(a, start, far).take(60).eq(expand::starts(b, start, far).take(60))
    }

    fn there_and_back(rule: &str, start: &str) -> Result<String, NoPattern> {
        let rule: Rule = rule.parse().expect("a rule");
        let start = When::parse(start, Zone::UTC).expect("a start");
        let wire = to_wire(&rule, &start, "UTC")?;
        let back = from_wire(&wire).expect("a rule");
        assert!(agree(&rule, &back, &start), "{rule} became {back}");
        Ok(wire.pattern.kind)
    }

    #[test]
    fn the_six_patterns() {
        for (rule, start, kind) in [
            ("FREQ=DAILY;INTERVAL=3", "2026-03-02T09:00", "daily"),
            ("FREQ=WEEKLY", "2026-03-02T09:00", "weekly"),
            ("FREQ=WEEKLY;INTERVAL=2;BYDAY=MO,FR;WKST=SU", "2026-03-02T09:00", "weekly"),
            ("FREQ=MONTHLY", "2026-03-02", "absoluteMonthly"),
            ("FREQ=MONTHLY;BYMONTHDAY=-1", "2026-03-31", "absoluteMonthly"),
            ("FREQ=MONTHLY;BYDAY=-1FR;COUNT=5", "2026-03-27", "relativeMonthly"),
            ("FREQ=MONTHLY;BYDAY=MO,TU,WE,TH,FR;BYSETPOS=-1", "2026-03-31", "relativeMonthly"),
            ("FREQ=YEARLY;UNTIL=20400101", "2026-03-02", "absoluteYearly"),
            ("FREQ=YEARLY;BYMONTH=11;BYDAY=4TH", "2026-11-26", "relativeYearly"),
        ] {
            assert_eq!(there_and_back(rule, start), Ok(kind.to_owned()), "{rule}");
        }
    }

    #[test]
    fn what_outlook_cannot_hold() {
        for (rule, start, why) in [
            ("FREQ=MONTHLY", "2026-03-31", NoPattern::Unsupported),
            ("FREQ=YEARLY", "2028-02-29", NoPattern::Unsupported),
            ("FREQ=MONTHLY;BYDAY=5MO", "2026-03-30", NoPattern::Unsupported),
            ("FREQ=YEARLY;BYWEEKNO=20", "2026-05-11", NoPattern::Unsupported),
            ("FREQ=DAILY;BYMONTH=1", "2026-01-01", NoPattern::Unsupported),
            ("FREQ=HOURLY", "2026-01-01T09:00", NoPattern::Unsupported),
            ("FREQ=WEEKLY;BYDAY=TU", "2026-03-02", NoPattern::StartOutsideRule),
        ] {
            assert_eq!(there_and_back(rule, start), Err(why), "{rule}");
        }
    }

    #[test]
    fn an_end_before_the_days_time_ends_the_day_before() {
        let rule: Rule = "FREQ=DAILY;UNTIL=20260310T060000Z".parse().expect("a rule");
        let start = When::parse("2026-03-02T09:00", Zone::UTC).expect("a start");
        let wire = to_wire(&rule, &start, "UTC").expect("a pattern");
        assert_eq!(wire.range.end_date.as_deref(), Some("2026-03-09"));
    }
}
