//! Dates, times and the ends of rules as content lines spell them (RFC 5545 sections 3.3.4 and 3.3.5).
//!
//! The zone of a time is the one that its line names (`TZID`); else, for what belongs to a start, that of the start; else the one of its calendar (`X-WR-TIMEZONE`, as many programs
//! write and read it); else the list's. `TZID` of a zone that the file alone knows gives the instant that its VTIMEZONE says, in UTC.

use belfry_core::rule::{End, Rule, Until};
use belfry_core::when::minutes_between;
use belfry_core::{Length, When, Zone};
use chrono::{Duration, NaiveDate, NaiveDateTime, NaiveTime};

use crate::ReadInto;
use crate::line::ContentLine;
use crate::problem::ItemProblem;
use crate::zones::Zones;

/// A value without its zone.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Spelled {
    Date(NaiveDate),
    Local(NaiveDateTime),
    Utc(NaiveDateTime),
}

/// Reads `20270303`, `20270303T0900[00][Z]`, the same with dashes and colons, and `+0100` for `Z`.
pub fn spelled(text: &str) -> Option<Spelled> {
    let text = text.trim().to_ascii_uppercase();
    let (date, time) = match text.split_once(['T', ' ']) {
        Some((date, time)) => (date.to_owned(), Some(time.trim())),
        None => (text.clone(), None),
    };
    let digits = |text: &str, separator: char| {
        let bare: String = text.chars().filter(|c| *c != separator).collect();
        bare.chars().all(|c| c.is_ascii_digit()).then_some(bare)
    };
    let date = digits(date.trim_end_matches('Z'), '-').filter(|bare| bare.len() == 8 && !date.starts_with('-'))?;
    let date = NaiveDate::parse_from_str(&date, "%Y%m%d").ok()?;
    let Some(time) = time else { return Some(Spelled::Date(date)) };
    let cut = time.find(['Z', '+', '-']).unwrap_or(time.len());
    let (clock, offset) = time.split_at_checked(cut)?;
    let clock = digits(clock.split('.').next()?, ':').filter(|bare| (4..=6).contains(&bare.len()))?;
    let part = |from: usize| clock.get(from..from + 2).map_or(Some(0), |digits| digits.parse::<u32>().ok());
    // A leap second is the second before it.
    let local = date.and_time(NaiveTime::from_hms_opt(part(0)?, part(2)?, part(4)?.min(59))?);
    match offset {
        "" => Some(Spelled::Local(local)),
        "Z" => Some(Spelled::Utc(local)),
        offset => Some(Spelled::Utc(local.checked_sub_signed(Duration::seconds(i64::from(offset_seconds(offset)?)))?)),
    }
}

/// Seconds of `+0100`, `-05:00`, `+053028` (RFC 5545 section 3.3.14).
pub fn offset_seconds(text: &str) -> Option<i32> {
    let text = text.trim();
    let (sign, rest) = match text.split_at_checked(1)? {
        ("+", rest) => (1, rest),
        ("-", rest) => (-1, rest),
        _ => (1, text),
    };
    let bare: String = rest.chars().filter(|c| *c != ':').collect();
    let is_offset = [2, 4, 6].contains(&bare.len()) && bare.chars().all(|c| c.is_ascii_digit());
    let part = |from: usize| bare.get(from..from + 2).map_or(Some(0), |digits| digits.parse::<i32>().ok());
    let seconds = part(0)? * 3600 + part(2)? * 60 + part(4)?;
    (is_offset && seconds < 24 * 3600).then_some(sign * seconds)
}

/// A value of a line, in the zone that the line names, else in that of the place.
pub fn moment(line: &ContentLine<'_>, value: &str, property: &'static str, at: &Place<'_>) -> Result<When, ItemProblem> {
    let bad = || ItemProblem::BadDate { property, value: value.chars().take(60).collect() };
    let when = match spelled(value).ok_or_else(bad)? {
        Spelled::Date(on) => When::Date(on),
        Spelled::Utc(local) => When::At { local, zone: Zone::UTC },
        Spelled::Local(local) => match tzid(line).or(at.own_clock) {
            None => When::At { local, zone: at.zone },
            Some(tzid) => in_named(tzid, local, at.zones).ok_or_else(|| ItemProblem::UnknownZone(tzid.to_owned()))?,
        },
    };
    in_range(when).ok_or_else(bad)
}

fn in_named(tzid: &str, local: NaiveDateTime, zones: Zones<'_>) -> Option<When> {
    let known = zones.find(tzid).map(|zone| When::At { local, zone });
    known.or_else(|| Some(When::At { local: zones.instant(tzid, local)?.naive_utc(), zone: Zone::UTC }))
}

/// The zone that a line names.
pub fn tzid<'a>(line: &ContentLine<'a>) -> Option<&'a str> {
    line.parameter("TZID").filter(|tzid| !tzid.is_empty())
}

/// Whether a line has a time and names no zone for it: RFC 5545 section 3.3.5, form 1.
pub fn is_floating(line: &ContentLine<'_>) -> bool {
    tzid(line).is_none() && matches!(spelled(line.value), Some(Spelled::Local(_)))
}

/// What a value without a zone is read with.
#[derive(Clone, Copy)]
pub struct Place<'a> {
    pub into: &'a ReadInto,
    pub zones: Zones<'a>,
    /// Of times that name none: the list's, the calendar's, or that of what they belong to.
    pub zone: Zone,
    /// Of times that name none beside a start whose clock the file alone knows.
    pub own_clock: Option<&'a str>,
}

impl<'a> Place<'a> {
    pub fn new(into: &'a ReadInto, zones: Zones<'a>) -> Self {
        Self { into, zones, zone: into.zone, own_clock: None }
    }

    /// In a calendar that names a zone for what names none.
    pub fn within(self, calendar: Option<Zone>) -> Self {
        Self { zone: calendar.unwrap_or(self.zone), ..self }
    }

    /// For values that belong to a start: what of them names no zone is in that of the start.
    pub fn beside(self, start: Option<&When>) -> Self {
        Self { zone: start.and_then(When::zone).unwrap_or(self.zone), ..self }
    }
}

/// The start that names an occurrence (`RECURRENCE-ID`), before it is known in which series.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Original {
    /// As it stands, in the list's zone if it names none.
    pub when: When,
    pub is_floating: bool,
    /// The day that it is in a series of whole days, where it is the midnight of one.
    pub day: Option<NaiveDate>,
}

impl Original {
    /// In a series that begins at `start` and has these times of day.
    pub fn within(&self, start: &When, times: &[NaiveTime]) -> When {
        if let (None, Some(day)) = (start.zone(), self.day) {
            return When::Date(day);
        }
        match (self.is_floating, start.zone(), self.when) {
            (true, Some(zone), When::At { local, .. }) => occurrence_of(start, times, When::At { local, zone }),
            _ => occurrence_of(start, times, self.when),
        }
    }
}

/// The start and the length of a period (RFC 5545 section 3.3.9), which ends at a moment or after a duration.
pub fn period(line: &ContentLine<'_>, value: &str, property: &'static str, at: &Place<'_>) -> Result<(When, Option<Length>), ItemProblem> {
    let Some((start, end)) = value.split_once('/') else { return Ok((moment(line, value, property, at)?, None)) };
    let start = moment(line, start.trim(), property, at)?;
    let length = match duration(end) {
        Some(_) => of_duration(&start, end),
        None => between(&start, &moment(line, end.trim(), property, at)?),
    };
    Ok((start, length))
}

/// Days and seconds of `P1W`, `P1DT12H`, `PT30M` (RFC 5545 section 3.3.6).
pub fn duration(text: &str) -> Option<(i64, i64)> {
    let text = text.trim().to_ascii_uppercase();
    let (sign, rest) = match text.strip_prefix('-') {
        Some(rest) => (-1, rest),
        None => (1, text.strip_prefix('+').unwrap_or(&text)),
    };
    let (mut days, mut seconds) = (0_i64, 0_i64);
    let mut number = String::new();
    let (mut is_time, mut is_any) = (false, false);
    for c in rest.strip_prefix('P')?.chars() {
        let unit = match (c, is_time) {
            ('0'..='9', _) => {
                number.push(c);
                continue;
            }
            ('T', false) if number.is_empty() => {
                is_time = true;
                continue;
            }
            ('W', false) => 7,
            ('D', false) | ('S', true) => 1,
            ('H', true) => 3600,
            ('M', true) => 60,
            _ => return None,
        };
        let total = if is_time { &mut seconds } else { &mut days };
        *total = number.parse::<i64>().ok()?.checked_mul(unit)?.checked_add(*total)?;
        number.clear();
        is_any = true;
    }
    (is_any && number.is_empty()).then_some((sign * days, sign * seconds))
}

/// Years that a calendar can hold.
pub fn in_range(when: When) -> Option<When> {
    When::parse(&when.to_string(), when.zone().unwrap_or(Zone::UTC))
}

/// How long from one moment to the other; nothing when the end does not fit the start. From a time that the clock leaves out to one beside it, it is as long as the two say: 02:30 to
/// 03:00 is half an hour also where the one means 03:30.
pub fn between(start: &When, end: &When) -> Option<Length> {
    match (start, end) {
        (When::At { local: from, zone }, When::At { local: to, zone: same }) if zone == same && to >= from && !zone.shows(*from) => {
            Some(Length::Minutes(minutes_between(from.and_utc(), to.and_utc())))
        }
        (When::Date(from), to) => u32::try_from((to.date() - *from).num_days()).ok().filter(|days| *days > 0).map(Length::Days),
        (When::At { .. }, When::At { .. }) => {
            let (from, to) = (start.instant(Zone::UTC), end.instant(Zone::UTC));
            (to >= from).then(|| Length::Minutes(minutes_between(from, to)))
        }
        (When::At { .. }, When::Date(_)) => None,
    }
}

/// A length as a `DURATION` gives it (RFC 5545 section 3.3.6); nothing for what is none, and for one that goes back in time or beyond all of it.
pub fn of_duration(when: &When, value: &str) -> Option<Length> {
    let (days, seconds) = duration(value)?;
    let When::At { local, zone } = when else {
        let whole = u32::try_from(days.checked_add(seconds / (24 * 3600))?).ok()?;
        return Some(Length::Days(whole.max(1)));
    };
    // Days are those of the wall: one over a change of the clock is shorter or longer than the others. Hours are elapsed.
    let day = local.checked_add_signed(Duration::try_days(days)?)?;
    let end = zone.instant(day).checked_add_signed(Duration::try_seconds(seconds)?)?;
    u32::try_from((end - zone.instant(*local)).num_minutes()).ok().map(Length::Minutes)
}

/// The rule with its end spelled as RFC 5545 section 3.3.10 wants it for this start: a date for all-day, else an instant. The dates stay the same.
pub fn ended_like(mut rule: Rule, start: &When) -> Rule {
    if let End::Until(until) = rule.end {
        rule.end = End::Until(match (start.zone(), until) {
            (None, Until::Date(on)) => Until::Date(on),
            (None, Until::Local(at)) => Until::Date(at.date()),
            (None, Until::Utc(at)) => Until::Date(at.date_naive()),
            (Some(zone), Until::Date(on)) => Until::Utc(zone.instant(on.and_hms_opt(23, 59, 59).unwrap_or(on.and_time(NaiveTime::MIN)))),
            (Some(zone), Until::Local(at)) => Until::Utc(zone.instant(at)),
            (Some(_), Until::Utc(at)) => Until::Utc(at),
        });
    }
    rule
}

/// A moment in the zone of a series, which begins at `start`.
pub fn in_zone_of(start: &When, moment: When) -> When {
    match (*start, moment) {
        (When::At { zone, .. }, When::At { local, zone: other }) if zone != other => {
            When::At { local: zone.wall(other.instant(local)), zone }
        }
        (When::Date(_), other) => When::Date(other.date()),
        (When::At { local, zone }, When::Date(on)) => When::At { local: on.and_time(local.time()), zone },
        (_, same) => same,
    }
}

/// The starts that name the occurrences of an instant, in a series that begins at `start` and has these times of day.
///
/// A date whose time the clock leaves out is one like any other, named by what its rule says and ringing at the instant that is meant by it (RFC 5545 sections 3.3.5 and 3.3.10). Who
/// names the instant (`EXDATE:20270328T013000Z`, or 03:30 in Berlin) means that date, and where the series has both times both of them.
pub fn occurrences_of(start: &When, times: &[NaiveTime], original: When) -> Vec<When> {
    let at = in_zone_of(start, original);
    let left_out = at.zone().and_then(|zone| zone.left_out(at.local())).map(|local| at.at_local(local));
    let both: Vec<When> = [Some(at), left_out].into_iter().flatten().filter(|one| times.contains(&one.local().time())).collect();
    if both.is_empty() { vec![at] } else { both }
}

/// The day whose midnight at home an instant is: programs that keep whole days as instants name the days of a series so. What is midnight where it stands is that day already.
pub fn day_at_home(moment: &When, home: Zone) -> Option<NaiveDate> {
    let When::At { local, zone: Zone::UTC } = *moment else { return None };
    let there = home.wall(moment.instant(home));
    (local.time() != NaiveTime::MIN && there.time() == NaiveTime::MIN).then(|| there.date())
}

/// The first of [`occurrences_of`].
pub fn occurrence_of(start: &When, times: &[NaiveTime], original: When) -> When {
    occurrences_of(start, times, original).first().copied().unwrap_or(original)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn spellings_of_a_moment() {
        let at = |text: &str| NaiveDateTime::parse_from_str(text, "%Y-%m-%dT%H:%M:%S").expect(text);
        for (text, expected) in [
            ("20270303", Some(Spelled::Date(at("2027-03-03T00:00:00").date()))),
            ("20270303Z", Some(Spelled::Date(at("2027-03-03T00:00:00").date()))),
            ("2027-03-03", Some(Spelled::Date(at("2027-03-03T00:00:00").date()))),
            ("20270303T0900", Some(Spelled::Local(at("2027-03-03T09:00:00")))),
            ("20270303t090060z", Some(Spelled::Utc(at("2027-03-03T09:00:59")))),
            ("2027-03-03T09:00:00.000+01:00", Some(Spelled::Utc(at("2027-03-03T08:00:00")))),
            ("20270303T090000-0500", Some(Spelled::Utc(at("2027-03-03T14:00:00")))),
            ("20271345", None),
            ("-0011130T100000", None),
            ("20270303T25", None),
            ("2027", None),
            ("None", None),
            ("", None),
        ] {
            assert_eq!(spelled(text), expected, "{text}");
        }
    }

    #[test]
    fn spellings_of_a_duration() {
        assert_eq!(
            ["P1W", "P1DT12H", "PT30M", "-PT15M", "+PT1H30M5S", "P", "PT", "P1", "1H", "20270303T090000Z"].map(duration),
            [Some((7, 0)), Some((1, 43_200)), Some((0, 1_800)), Some((0, -900)), Some((0, 5_405)), None, None, None, None, None]
        );
    }

    #[test]
    fn days_of_a_duration_are_those_of_the_wall() {
        let berlin = Zone::parse("Europe/Berlin").expect("a zone");
        let of = |start: &str, value| of_duration(&When::parse(start, berlin).expect("a time"), value).map(Length::minutes);
        // One hour less in March, one more in October.
        assert_eq!([of("2027-03-27T18:00", "P1D"), of("2027-10-30T18:00", "P1D")], [Some(23 * 60), Some(25 * 60)]);
        assert_eq!([of("2027-03-27T18:00", "PT24H"), of("2027-03-27T18:00", "P1DT1H")], [Some(24 * 60), Some(24 * 60)]);
        assert_eq!([of("2027-03-03T09:00", "P1D"), of("2027-03-03T09:00", "-PT15M")], [Some(24 * 60), None]);
        let all_day = When::parse("2027-03-03", berlin).expect("a date");
        assert_eq!(
            ["P1W", "P2D", "PT36H", "-P1D"].map(|value| of_duration(&all_day, value)),
            [Some(Length::Days(7)), Some(Length::Days(2)), Some(Length::Days(1)), None]
        );
    }

    #[test]
    fn spellings_of_an_offset() {
        assert_eq!(
            ["+0100", "-05:00", "+053028", "0200", "+9900", "x"].map(offset_seconds),
            [Some(3600), Some(-18000), Some(19828), Some(7200), None, None]
        );
    }
}
