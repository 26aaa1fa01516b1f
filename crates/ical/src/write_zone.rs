//! VTIMEZONE of an IANA zone (RFC 5545 section 3.6.5): what other programs need that do not know the name.

use std::collections::BTreeMap;

use belfry_core::Zone;
use chrono::{DateTime, Datelike, NaiveDate, NaiveDateTime, Offset, TimeDelta, TimeZone, Utc, Weekday};
use chrono_tz::{OffsetComponents, OffsetName};

use crate::line::push_line;

/// How many years a change must keep its rule to be written as one.
const FEWEST: usize = 3;

/// One kind of clock change.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
struct Kind {
    from: i32,
    to: i32,
    name: String,
    is_daylight: bool,
}

/// Which day of a month a rule names.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Day {
    Last(Weekday),
    Nth(u32, Weekday),
    /// The first such weekday on or after a day.
    OnOrAfter(u32, Weekday),
}

/// Appends the definition of a zone for some years, both inclusive. Where the clock still changes in the last year, it is taken to go on so.
pub fn push_zone(out: &mut String, zone: Zone, years: (i32, i32)) {
    let (Some(begin), Some(end)) = (midnight(years.0), midnight(years.1 + 1)) else { return };
    for line in ["BEGIN:VTIMEZONE", &format!("TZID:{}", zone.name()), &format!("X-LIC-LOCATION:{}", zone.name())] {
        push_line(out, line);
    }
    let (offset, name, is_daylight) = clock(zone, begin.and_utc());
    push_observance(out, &Kind { from: offset, to: offset, name, is_daylight }, begin, &[]);
    for (kind, onsets) in changes(zone, begin, end) {
        push_kind(out, &kind, &onsets, years.1);
    }
    push_line(out, "END:VTIMEZONE");
}

fn midnight(year: i32) -> Option<NaiveDateTime> {
    NaiveDate::from_ymd_opt(year, 1, 1).map(Into::into)
}

/// Seconds east of UTC, abbreviation, and whether it is summer time.
fn clock(zone: Zone, at: DateTime<Utc>) -> (i32, String, bool) {
    let offset = zone.0.offset_from_utc_datetime(&at.naive_utc());
    let seconds = offset.fix().local_minus_utc();
    let name = offset.abbreviation().map_or_else(|| offset_text(seconds), str::to_owned);
    (seconds, name, offset.dst_offset() > TimeDelta::zero())
}

/// Clock changes by kind, each with the wall times (of the clock before) at which it happens.
fn changes(zone: Zone, begin: NaiveDateTime, end: NaiveDateTime) -> BTreeMap<Kind, Vec<NaiveDateTime>> {
    let mut found: BTreeMap<Kind, Vec<NaiveDateTime>> = BTreeMap::new();
    let mut at = begin.and_utc();
    while at.naive_utc() < end {
        let next = at + TimeDelta::days(7);
        let (from, to) = (clock(zone, at).0, clock(zone, next).0);
        if from != to {
            let change = first_with_another(zone, at, next);
            let (to, name, is_summer) = clock(zone, change);
            // Ireland's law has winter as the exception; to programs summer is daylight time wherever it is.
            let is_daylight = is_summer || (to > from && zone.0.offset_from_utc_datetime(&at.naive_utc()).dst_offset() < TimeDelta::zero());
            let onset = change.naive_utc() + TimeDelta::seconds(i64::from(from));
            if change.naive_utc() < end {
                found.entry(Kind { from, to, name, is_daylight }).or_default().push(onset);
            }
        }
        at = next;
    }
    found
}

/// The second at which the clock is no longer that of `before`.
fn first_with_another(zone: Zone, before: DateTime<Utc>, after: DateTime<Utc>) -> DateTime<Utc> {
    let old = clock(zone, before).0;
    let (mut low, mut high) = (before, after);
    while high - low > TimeDelta::seconds(1) {
        let middle = low + TimeDelta::seconds((high - low).num_seconds() / 2);
        if clock(zone, middle).0 == old { low = middle } else { high = middle }
    }
    high
}

/// Changes that follow a rule as rules, the others as dates.
fn push_kind(out: &mut String, kind: &Kind, onsets: &[NaiveDateTime], last_year: i32) {
    let mut rest = onsets;
    let mut singles = Vec::new();
    while let Some((last, before)) = rest.split_last() {
        let (day, count) = longest_run(rest);
        if count < FEWEST {
            singles.push(*last);
            rest = before;
            continue;
        }
        let (others, run) = rest.split_at(rest.len() - count);
        if let Some(first) = run.first() {
            let until = *last - TimeDelta::seconds(i64::from(kind.from));
            let ended = if last.year() == last_year { String::new() } else { format!(";UNTIL={}Z", until.format("%Y%m%dT%H%M%S")) };
            push_observance(out, kind, *first, &[format!("RRULE:FREQ=YEARLY;BYMONTH={};{}{ended}", first.month(), day.rule())]);
        }
        rest = others;
    }
    singles.reverse();
    if let Some((first, others)) = singles.split_first() {
        let dates: Vec<String> = others.iter().map(|onset| format!("RDATE:{}", onset.format("%Y%m%dT%H%M%S"))).collect();
        push_observance(out, kind, *first, &dates);
    }
}

/// The rule that the most of the last changes follow, one in each year.
fn longest_run(onsets: &[NaiveDateTime]) -> (Day, usize) {
    let Some(last) = onsets.last() else { return (Day::Last(Weekday::Sun), 0) };
    let weekday = last.weekday();
    let earliest = last.day().saturating_sub(6).max(1);
    let days = [Day::Last(weekday), Day::Nth((last.day() - 1) / 7 + 1, weekday)];
    let all = days.into_iter().chain((earliest..=last.day()).map(|day| Day::OnOrAfter(day, weekday)));
    let runs = all.map(|day| {
        let follows = onsets.iter().rev().zip(0..).take_while(|(onset, back)| {
            let is_same = onset.year() == last.year() - back && onset.month() == last.month() && onset.time() == last.time();
            is_same && day.names(onset.date())
        });
        (day, follows.count())
    });
    // Of equally long ones the first, which is the most usual form.
    runs.reduce(|best, run| if run.1 > best.1 { run } else { best }).unwrap_or((Day::Last(weekday), 0))
}

impl Day {
    fn names(self, on: NaiveDate) -> bool {
        match self {
            Self::Last(weekday) => on.weekday() == weekday && (on + TimeDelta::days(7)).month() != on.month(),
            Self::Nth(nth, weekday) => on.weekday() == weekday && (on.day() - 1) / 7 + 1 == nth,
            Self::OnOrAfter(day, weekday) => on.weekday() == weekday && (day..day + 7).contains(&on.day()),
        }
    }

    fn rule(self) -> String {
        let code = |weekday: Weekday| weekday.to_string().chars().take(2).collect::<String>().to_uppercase();
        match self {
            Self::Last(weekday) => format!("BYDAY=-1{}", code(weekday)),
            Self::Nth(nth, weekday) => format!("BYDAY={nth}{}", code(weekday)),
            Self::OnOrAfter(day, weekday) => {
                let days: Vec<String> = (day..day + 7).filter(|day| *day <= 31).map(|day| day.to_string()).collect();
                format!("BYMONTHDAY={};BYDAY={}", days.join(","), code(weekday))
            }
        }
    }
}

fn push_observance(out: &mut String, kind: &Kind, first: NaiveDateTime, lines: &[String]) {
    let part = if kind.is_daylight { "DAYLIGHT" } else { "STANDARD" };
    push_line(out, &format!("BEGIN:{part}"));
    push_line(out, &format!("DTSTART:{}", first.format("%Y%m%dT%H%M%S")));
    push_line(out, &format!("TZOFFSETFROM:{}", offset_text(kind.from)));
    push_line(out, &format!("TZOFFSETTO:{}", offset_text(kind.to)));
    push_line(out, &format!("TZNAME:{}", kind.name));
    for line in lines {
        push_line(out, line);
    }
    push_line(out, &format!("END:{part}"));
}

fn offset_text(seconds: i32) -> String {
    let (sign, all) = (if seconds < 0 { '-' } else { '+' }, seconds.abs());
    let (hours, minutes, seconds) = (all / 3600, all / 60 % 60, all % 60);
    if seconds == 0 { format!("{sign}{hours:02}{minutes:02}") } else { format!("{sign}{hours:02}{minutes:02}{seconds:02}") }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::line::unfold;
    use crate::zone_rules::describes;

    #[test]
    fn every_zone_is_described_by_what_is_written_of_it() {
        for zone in chrono_tz::TZ_VARIANTS {
            let mut out = String::new();
            push_zone(&mut out, Zone(zone), (2015, 2040));
            assert!(describes(&unfold(&out.replace("\r\n", "\n")), zone, (2015, 2040)) == Some(true), "{zone}\n{out}");
        }
    }

    #[test]
    fn old_clocks_too() {
        for zone in [chrono_tz::Europe::Berlin, chrono_tz::America::New_York, chrono_tz::Africa::Casablanca, chrono_tz::Asia::Tehran] {
            let mut out = String::new();
            push_zone(&mut out, Zone(zone), (1970, 2040));
            assert!(describes(&unfold(&out.replace("\r\n", "\n")), zone, (1970, 2040)) == Some(true), "{zone}\n{out}");
        }
    }

    #[test]
    fn a_usual_zone_is_two_rules() {
        let mut out = String::new();
        push_zone(&mut out, Zone(chrono_tz::Europe::Berlin), (2020, 2040));
        let rules: Vec<&str> = out.lines().filter(|line| line.starts_with("RRULE") || line.starts_with("RDATE")).collect();
        assert_eq!(rules, ["RRULE:FREQ=YEARLY;BYMONTH=3;BYDAY=-1SU", "RRULE:FREQ=YEARLY;BYMONTH=10;BYDAY=-1SU"]);
    }
}
