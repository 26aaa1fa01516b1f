//! What a VTIMEZONE says of its clock (RFC 5545 section 3.6.5), and the IANA zone that says the same.

use std::collections::BTreeMap;

use belfry_core::rule::{End, Frequency, Rule, Until};
use belfry_core::{When, Zone, expand};
use chrono::{DateTime, Datelike, Days, NaiveDate, NaiveDateTime, Offset, TimeDelta, TimeZone, Utc};
use chrono_tz::TZ_VARIANTS;
use windows_timezones::WindowsTimezone;

use crate::line::ContentLine;
use crate::moment::{Spelled, offset_seconds, spelled};

/// Zones that are taken first where several have the same clock: what most people mean by it.
const COMMON: [&str; 22] = [
    "UTC",
    "Europe/London",
    "Europe/Berlin",
    "Europe/Athens",
    "Europe/Moscow",
    "America/New_York",
    "America/Chicago",
    "America/Denver",
    "America/Phoenix",
    "America/Los_Angeles",
    "America/Anchorage",
    "America/Halifax",
    "America/Sao_Paulo",
    "Asia/Dubai",
    "Asia/Kolkata",
    "Asia/Shanghai",
    "Asia/Tokyo",
    "Australia/Brisbane",
    "Australia/Sydney",
    "Pacific/Auckland",
    "Africa/Johannesburg",
    "Africa/Lagos",
];
/// The years that decide between zones that had the same clock in the years of the file.
const YEARS: (i32, i32) = (2015, 2030);
/// The most changes of a clock that are looked at; a rule that changes it every second has none.
const MOST_CHANGES: usize = 4_000;

/// Clock changes in order: the instant, and seconds east of UTC from then on. The first entry is the clock before all of them.
pub struct Clock(BTreeMap<DateTime<Utc>, i32>);

/// One STANDARD or DAYLIGHT.
#[derive(Clone)]
struct Observance<'a> {
    first: NaiveDateTime,
    from: i32,
    to: i32,
    rule: Option<Rule>,
    lines: Vec<ContentLine<'a>>,
}

impl Clock {
    /// From observances, for some years.
    fn of(observances: &[Observance<'_>], years: (i32, i32)) -> Option<Self> {
        let (begin, end) = (year(years.0)?, year(years.1 + 1)?);
        let mut onsets: BTreeMap<DateTime<Utc>, (i32, i32)> = BTreeMap::new();
        for observance in observances {
            for local in observance.onsets(begin, end) {
                let at = (local.checked_sub_signed(TimeDelta::seconds(i64::from(observance.from))))?.and_utc();
                onsets.insert(at, (observance.from, observance.to));
            }
        }
        let before = onsets.first_key_value().map(|(_, (from, _))| *from).or_else(|| Some(observances.first()?.to))?;
        let start = onsets.range(..=begin.and_utc()).next_back().map_or(before, |(_, (_, to))| *to);
        let mut changes: BTreeMap<DateTime<Utc>, i32> = [(begin.and_utc(), start)].into();
        changes.extend(onsets.range(begin.and_utc()..end.and_utc()).map(|(at, (_, to))| (*at, *to)));
        Some(Self(changes))
    }

    /// Whether a zone has the same clock: at every change, just before it, and once a week between. Within `slack` of a change either clock will do.
    fn is_that_of(&self, zone: chrono_tz::Tz, years: (i32, i32), slack: TimeDelta) -> bool {
        let shows = |at: DateTime<Utc>| zone.offset_from_utc_datetime(&at.naive_utc()).fix().local_minus_utc();
        let pairs = self.0.iter().zip(self.0.iter().skip(1));
        let at_changes = self.0.iter().all(|(at, offset)| shows(*at + slack) == *offset)
            && pairs.into_iter().all(|((_, offset), (next, _))| shows(*next - slack - TimeDelta::seconds(1)) == *offset);
        let (Some(begin), Some(end)) = (year(years.0), year(years.1 + 1)) else { return false };
        let weeks = std::iter::successors(Some(begin), |at| at.checked_add_days(Days::new(7))).take_while(|at| *at < end);
        at_changes
            && weeks.map(|at| at.and_utc()).all(|at| [at, at - slack, at + slack].iter().any(|near| self.at(*near) == Some(shows(at))))
    }

    /// The instant of a wall time, by the rule of RFC 5545 section 3.3.5: of two the first, and one that is left out is read with the clock from before.
    fn instant(&self, local: NaiveDateTime) -> Option<DateTime<Utc>> {
        let read = |offset: i32| local.checked_sub_signed(TimeDelta::seconds(i64::from(offset))).map(|at| at.and_utc());
        let shown = self.0.values().filter_map(|offset| read(*offset).filter(|at| self.at(*at) == Some(*offset))).min();
        let before = || read(self.at(local.checked_sub_signed(TimeDelta::hours(26))?.and_utc())?);
        shown.or_else(before)
    }

    fn at(&self, at: DateTime<Utc>) -> Option<i32> {
        self.0.range(..=at).next_back().or_else(|| self.0.first_key_value()).map(|(_, offset)| *offset)
    }
}

/// The clock of a VTIMEZONE that is no zone's.
pub struct OwnClock {
    literal: Clock,
    eras: Clock,
}

impl OwnClock {
    /// Of a VTIMEZONE (unfolded) in the years that the file speaks of.
    pub fn of(unfolded: &str, years: (i32, i32)) -> Option<Self> {
        let observances: Vec<Observance<'_>> = blocks(unfolded).into_iter().map(Observance::read).collect::<Option<_>>()?;
        let years = (years.0 - 1, years.1 + 1);
        Some(Self { literal: Clock::of(&observances, years)?, eras: Clock::of(&in_eras(&observances), years)? })
    }

    /// The instant of a wall time; nothing where it depends on how the definition is taken.
    pub fn instant(&self, local: NaiveDateTime) -> Option<DateTime<Utc>> {
        self.literal.instant(local).filter(|at| self.eras.instant(local) == Some(*at))
    }
}

/// The zone with the same clock as a VTIMEZONE (unfolded) in the years that the file speaks of, or at least in the last of them.
pub fn same_clock(unfolded: &str, years: (i32, i32)) -> Option<Zone> {
    let literal: Vec<Observance<'_>> = blocks(unfolded).into_iter().map(Observance::read).collect::<Option<_>>()?;
    let eras = in_eras(&literal);
    let last = (years.1, years.1);
    // Lotus Notes tells the hour of the change in the wrong clock.
    let ways = [(&literal, years, 0), (&eras, years, 0), (&literal, last, 0), (&eras, last, 0), (&literal, years, 3)];
    ways.into_iter().find_map(|(observances, years, slack)| zone_of(observances, years, TimeDelta::hours(slack)))
}

/// Of several zones with the same clock the one that agrees longest, then the most common.
fn zone_of(observances: &[Observance<'_>], years: (i32, i32), slack: TimeDelta) -> Option<Zone> {
    let clock = Clock::of(observances, years)?;
    let mut zones: Vec<chrono_tz::Tz> = TZ_VARIANTS.iter().copied().filter(|zone| clock.is_that_of(*zone, years, slack)).collect();
    if let Some(wide) = Clock::of(observances, YEARS).filter(|_| zones.len() > 1) {
        let (closer, others): (Vec<_>, Vec<_>) = zones.into_iter().partition(|zone| wide.is_that_of(*zone, YEARS, slack));
        zones = if closer.is_empty() { others } else { closer };
    }
    zones.into_iter().min_by_key(|zone| rank(*zone)).map(Zone)
}

/// Outlook writes the rules of several eras without their ends: each is over when the next of its kind begins.
fn in_eras<'a>(observances: &[Observance<'a>]) -> Vec<Observance<'a>> {
    let ended = |observance: &Observance<'a>| {
        let next = observances.iter().filter(|other| other.is_daylight() == observance.is_daylight() && other.first > observance.first);
        let before = next.map(|other| other.first).min().and_then(|next| next.checked_sub_signed(TimeDelta::days(1)));
        let mut ended = observance.clone();
        if let (Some(rule), Some(before)) = (ended.rule.as_mut().filter(|rule| rule.end == End::Never), before) {
            rule.end = End::Until(Until::Local(before));
        }
        ended
    };
    observances.iter().map(ended).collect()
}

/// Common zones first, then those that stand for a Windows zone, then by name.
fn rank(zone: chrono_tz::Tz) -> (usize, bool, &'static str) {
    let common = COMMON.iter().position(|name| *name == zone.name()).unwrap_or(COMMON.len());
    let is_windows = WindowsTimezone::try_from(zone).is_ok_and(|windows| chrono_tz::Tz::from(windows) == zone);
    (common, !is_windows, zone.name())
}

/// First and last year of the times in each zone that lines of items name.
pub fn years_spoken_of<'a>(lines: impl Iterator<Item = ContentLine<'a>>) -> BTreeMap<&'a str, (i32, i32)> {
    let mut spoken: BTreeMap<&str, (i32, i32)> = BTreeMap::new();
    for line in lines {
        let Some(tzid) = line.parameter("TZID") else { continue };
        let dates = line.value.split([',', '/']).filter_map(wall);
        for year in dates.map(|at| at.year()).filter(|year| (1900..2100).contains(year)) {
            let (first, last) = spoken.entry(tzid).or_insert((year, year));
            (*first, *last) = ((*first).min(year), (*last).max(year));
        }
    }
    spoken
}

impl<'a> Observance<'a> {
    fn read(lines: Vec<ContentLine<'a>>) -> Option<Self> {
        let value = |name: &str| lines.iter().find(|line| line.is(name)).map(|line| line.value.trim());
        let first = wall(value("DTSTART")?)?;
        let (from, to) = (offset_seconds(value("TZOFFSETFROM")?)?, offset_seconds(value("TZOFFSETTO")?)?);
        let rule = match value("RRULE") {
            None => None,
            Some(text) => Some(yearly(text.parse().ok()?, first, from)?),
        };
        Some(Self { first, from, to, rule, lines })
    }

    fn is_daylight(&self) -> bool {
        self.to > self.from
    }

    /// Wall times at which it sets in, shortly before and within some years.
    fn onsets(&self, begin: NaiveDateTime, end: NaiveDateTime) -> Vec<NaiveDateTime> {
        let dates = self.lines.iter().filter(|line| line.is("RDATE")).flat_map(|line| line.value.split(',')).filter_map(wall);
        let mut all: Vec<NaiveDateTime> = dates.collect();
        match &self.rule {
            None => all.push(self.first),
            Some(rule) => {
                // A rule from 1601 would have four hundred years to go through.
                let late = self.first.with_year(begin.year() - 2).filter(|late| *late > self.first && rule.interval.get() == 1);
                let is_counted = matches!(rule.end, End::Count(_));
                let from = When::At { local: late.filter(|_| !is_counted).unwrap_or(self.first), zone: Zone::UTC };
                all.extend(expand::starts(rule, &from, end).take(MOST_CHANGES));
            }
        }
        all
    }
}

/// A rule as core expands it: some programs repeat the time of day in it, and its end is an instant where the clock is meant.
fn yearly(mut rule: Rule, first: NaiveDateTime, from: i32) -> Option<Rule> {
    rule.by_hour.clear();
    rule.by_minute.clear();
    rule.by_second.clear();
    if let End::Until(Until::Utc(at)) = rule.end {
        rule.end = End::Until(Until::Local(at.naive_utc().checked_add_signed(TimeDelta::seconds(i64::from(from)))?));
    }
    // A month that is not named is that of the first date, which is not always there in a later year.
    if rule.frequency == Frequency::Yearly && rule.by_month.is_empty() && rule.by_year_day.is_empty() && rule.by_week_no.is_empty() {
        rule.by_month = vec![u8::try_from(first.month()).ok()?];
    }
    expand::can_expand(&rule).then_some(rule)
}

fn wall(text: &str) -> Option<NaiveDateTime> {
    match spelled(text)? {
        Spelled::Date(on) => Some(on.into()),
        Spelled::Local(at) | Spelled::Utc(at) => Some(at),
    }
}

fn year(year: i32) -> Option<NaiveDateTime> {
    NaiveDate::from_ymd_opt(year, 1, 1).map(Into::into)
}

/// The lines of each STANDARD and DAYLIGHT.
fn blocks(unfolded: &str) -> Vec<Vec<ContentLine<'_>>> {
    let mut blocks: Vec<Vec<ContentLine<'_>>> = Vec::new();
    let mut is_open = false;
    for line in unfolded.lines().filter_map(ContentLine::parse) {
        let is_block = ["STANDARD", "DAYLIGHT"].iter().any(|name| line.value.trim().eq_ignore_ascii_case(name));
        match (line.is("BEGIN"), line.is("END"), blocks.last_mut()) {
            (true, ..) if is_block => {
                blocks.push(vec![]);
                is_open = true;
            }
            (_, true, _) => is_open = false,
            (false, false, Some(block)) if is_open => block.push(line),
            _ => {}
        }
    }
    blocks
}

/// Whether a VTIMEZONE (unfolded) describes the clock of a zone in some years; `None` for one that says nothing of its clock.
pub fn describes(unfolded: &str, zone: chrono_tz::Tz, years: (i32, i32)) -> Option<bool> {
    let observances: Vec<Observance<'_>> = blocks(unfolded).into_iter().map(Observance::read).collect::<Option<_>>()?;
    Some(Clock::of(&observances, years)?.is_that_of(zone, years, TimeDelta::zero()))
}
