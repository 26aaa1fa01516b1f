//! The starts that a rule gives, in wall time, after RFC 5545 section 3.3.10.
//!
//! Works period by period: all days of a year, month, week or day are put through the rule's filters and get the rule's times of day, then `BYSETPOS` picks among them. Where
//! the rule names no time it is that of the first start. For `HOURLY` a period is an hour, on the clock on the wall: one that the clock leaves out is given all the same, one that
//! it shows twice once. Rules by the minute and the second are kept but give no starts here: nobody is reminded that often.

use std::collections::{BTreeSet, VecDeque};

use chrono::{Datelike, Days, Duration, Months, NaiveDate, NaiveDateTime, NaiveTime, Timelike, Weekday};

use crate::rule::{ByDay, End, Frequency, Rule, Until};
use crate::when::When;

/// A rule that gives nothing for so long gives nothing any more: 29 February comes round to a weekday after 28 years, and after 40 over a year 2100. In periods of a week and more.
const BARREN_PERIODS: u32 = 3_000;
/// The same in days.
const BARREN_DAYS: u32 = 41 * 366;
/// The same in hours.
const BARREN_HOURS: u32 = 24 * BARREN_DAYS;

/// Whether a rule gives one start a day at most, so that a date names one.
#[must_use]
pub fn can_expand(rule: &Rule) -> bool {
    rule.frequency >= Frequency::Daily && rule.by_hour.is_empty() && rule.by_minute.is_empty() && rule.by_second.is_empty()
}

/// Whether [`starts`] gives the starts of a rule: not those by the minute or the second, nor within a day those of dates.
#[must_use]
pub fn is_expanded(rule: &Rule, first: &When) -> bool {
    rule.frequency >= if first.zone().is_some() { Frequency::Hourly } else { Frequency::Daily }
}

/// Wall times at which a series that begins at `first` starts, in order, up to and including `last`.
///
/// Like Outlook and most programs, `first` counts only if the rule gives it.
pub fn starts<'a>(rule: &'a Rule, first: &When, last: NaiveDateTime) -> impl Iterator<Item = NaiveDateTime> + use<'a> {
    let until = match rule.end {
        End::Until(Until::Date(on)) => on.and_hms_opt(23, 59, 59).unwrap_or(last),
        End::Until(Until::Local(at)) => at,
        End::Until(Until::Utc(at)) => first.zone().map_or(at.naive_utc(), |zone| zone.wall(at)),
        End::Never | End::Count(_) => last,
    };
    let count = match rule.end {
        End::Count(count) => usize::try_from(count.get()).unwrap_or(usize::MAX),
        End::Never | End::Until(_) => usize::MAX,
    };
    let times = match (first.zone(), rule.frequency) {
        (None, _) => vec![first.local().time()],
        (Some(_), Frequency::Hourly) => times_in(&[first.local().hour()], rule, first.local().time()),
        (Some(_), _) => times_in(&named_or(&rule.by_hour, first.local().hour()), rule, first.local().time()),
    };
    let is_known = is_expanded(rule, first);
    let first = first.local();
    let last = last.min(until);
    Periods { rule, times, first, last, number: 0, ready: VecDeque::new(), spent: !is_known }.take(count).take_while(move |at| *at <= last)
}

struct Periods<'a> {
    rule: &'a Rule,
    /// Of a day, or of an hour, in order.
    times: Vec<NaiveTime>,
    first: NaiveDateTime,
    last: NaiveDateTime,
    number: u32,
    ready: VecDeque<NaiveDateTime>,
    spent: bool,
}

impl Iterator for Periods<'_> {
    type Item = NaiveDateTime;

    fn next(&mut self) -> Option<NaiveDateTime> {
        let mut barren = 0;
        while self.ready.is_empty() && !self.spent {
            self.fill();
            barren += 1;
            self.spent |= barren > patience(self.rule.frequency);
        }
        self.ready.pop_front()
    }
}

const fn patience(frequency: Frequency) -> u32 {
    match frequency {
        Frequency::Hourly => BARREN_HOURS,
        Frequency::Daily => BARREN_DAYS,
        _ => BARREN_PERIODS,
    }
}

impl Periods<'_> {
    fn fill(&mut self) {
        let given = if self.rule.frequency == Frequency::Hourly { self.hour() } else { self.days() };
        self.number = self.number.saturating_add(1);
        match given {
            Some(given) => self.ready.extend(pick(&self.rule.by_set_pos, &given).into_iter().filter(|at| *at >= self.first)),
            None => self.spent = true,
        }
    }

    /// What the rule gives in the next year, month, week or day; `None` when there is no more.
    fn days(&self) -> Option<Vec<NaiveDateTime>> {
        let (from, days) = period(self.rule, self.first.date(), self.number).filter(|(from, _)| *from <= self.last.date())?;
        let matching = from.iter_days().take(days).filter(|day| matches(self.rule, self.first.date(), *day));
        Some(matching.flat_map(|day| self.times.iter().map(move |time| day.and_time(*time))).collect())
    }

    /// What it gives in the next hour.
    fn hour(&self) -> Option<Vec<NaiveDateTime>> {
        let hours = i64::from(self.number) * i64::from(self.rule.interval.get());
        let begins = self.first.date().and_hms_opt(self.first.hour(), 0, 0)?.checked_add_signed(Duration::hours(hours))?;
        if begins > self.last {
            return None;
        }
        let is_named = self.rule.by_hour.is_empty() || self.rule.by_hour.iter().any(|hour| u32::from(*hour) == begins.hour());
        if !is_named || !matches(self.rule, self.first.date(), begins.date()) {
            return Some(vec![]);
        }
        let in_hour = |time: &NaiveTime| begins.date().and_hms_opt(begins.hour(), time.minute(), time.second());
        Some(self.times.iter().filter_map(in_hour).collect())
    }
}

/// The times of day that a rule gives in these hours, in order; where it names none, the first start's own minute and second.
#[must_use]
pub fn times_in(hours: &[u32], rule: &Rule, own: NaiveTime) -> Vec<NaiveTime> {
    let (minutes, seconds) = (named_or(&rule.by_minute, own.minute()), named_or(&rule.by_second, own.second()));
    let in_minute = |hour: u32, minute: u32| {
        // A leap second is none on the clock on the wall.
        seconds.iter().filter_map(move |second| NaiveTime::from_hms_opt(hour, minute, (*second).min(59)))
    };
    let in_hour = |hour: &u32| minutes.iter().map(|minute| (*hour, *minute)).collect::<Vec<_>>();
    let all: BTreeSet<NaiveTime> = hours.iter().flat_map(in_hour).flat_map(|(hour, minute)| in_minute(hour, minute)).collect();
    all.into_iter().collect()
}

/// What a rule names, or else the first start's own.
#[must_use]
pub fn named_or(named: &[u8], own: u32) -> Vec<u32> {
    if named.is_empty() { vec![own] } else { named.iter().map(|one| u32::from(*one)).collect() }
}

/// First day and number of days of the n-th period.
fn period(rule: &Rule, first: NaiveDate, number: u32) -> Option<(NaiveDate, usize)> {
    let step = number.checked_mul(rule.interval.get())?;
    match rule.frequency {
        Frequency::Yearly => {
            let year = first.year().checked_add(i32::try_from(step).ok()?)?;
            let from = NaiveDate::from_ymd_opt(year, 1, 1)?;
            Some((from, if from.leap_year() { 366 } else { 365 }))
        }
        Frequency::Monthly => {
            let from = first.with_day(1)?.checked_add_months(Months::new(step))?;
            let next = from.checked_add_months(Months::new(1))?;
            Some((from, usize::try_from((next - from).num_days()).ok()?))
        }
        Frequency::Weekly => {
            let back = first.weekday().days_since(rule.week_start);
            let monday = first.checked_sub_days(Days::new(u64::from(back)))?;
            Some((monday.checked_add_days(Days::new(u64::from(step) * 7))?, 7))
        }
        Frequency::Daily => Some((first.checked_add_days(Days::new(u64::from(step)))?, 1)),
        Frequency::Hourly | Frequency::Minutely | Frequency::Secondly => None,
    }
}

/// Whether a day of the period passes every filter. Where the rule names no day, the first start does; of a week that is its weekday (RFC 5545 section 3.3.10: what the rule does
/// not say is that of `DTSTART`).
fn matches(rule: &Rule, first: NaiveDate, day: NaiveDate) -> bool {
    let names_a_day = !(rule.by_year_day.is_empty() && rule.by_month_day.is_empty() && rule.by_day.is_empty());
    let implied = match rule.frequency {
        _ if names_a_day => true,
        Frequency::Yearly if !rule.by_week_no.is_empty() => day.weekday() == first.weekday(),
        Frequency::Yearly => day.day() == first.day() && (!rule.by_month.is_empty() || day.month() == first.month()),
        Frequency::Monthly => day.day() == first.day(),
        Frequency::Weekly => day.weekday() == first.weekday(),
        Frequency::Daily | Frequency::Hourly | Frequency::Minutely | Frequency::Secondly => true,
    };
    implied
        && (rule.by_month.is_empty() || rule.by_month.iter().any(|month| u32::from(*month) == day.month()))
        && (rule.by_week_no.is_empty() || in_week(rule, day))
        && (rule.by_year_day.is_empty() || on_ordinal(&rule.by_year_day, day.ordinal(), days_in_year(day)))
        && (rule.by_month_day.is_empty() || on_ordinal(&rule.by_month_day, day.day(), days_in_month(day)))
        && (rule.by_day.is_empty() || rule.by_day.iter().any(|by| on_weekday(rule, *by, day)))
}

fn on_ordinal<T: Copy + Into<i64>>(wanted: &[T], ordinal: u32, length: u32) -> bool {
    wanted.iter().any(|number| {
        let number: i64 = (*number).into();
        number == i64::from(ordinal) || number == i64::from(ordinal) - i64::from(length) - 1
    })
}

fn on_weekday(rule: &Rule, by: ByDay, day: NaiveDate) -> bool {
    if by.day != day.weekday() {
        return false;
    }
    let Some(nth) = by.nth else { return true };
    let (ordinal, length) = match rule.frequency {
        Frequency::Monthly => (day.day(), days_in_month(day)),
        Frequency::Yearly if !rule.by_month.is_empty() => (day.day(), days_in_month(day)),
        Frequency::Yearly => (day.ordinal(), days_in_year(day)),
        Frequency::Weekly | Frequency::Daily | Frequency::Hourly | Frequency::Minutely | Frequency::Secondly => return true,
    };
    let from_start = i64::from((ordinal - 1) / 7) + 1;
    let from_end = -(i64::from((length - ordinal) / 7) + 1);
    i64::from(nth) == from_start || i64::from(nth) == from_end
}

/// `BYWEEKNO`: week 1 is the first with at least four days in the year, weeks begin on `WKST`, and a week has seven days, some of them perhaps in the year beside it.
fn in_week(rule: &Rule, day: NaiveDate) -> bool {
    let bounds = |year: i32| first_week(year, rule.week_start).zip(first_week(year + 1, rule.week_start));
    let year = day.year();
    let Some((begin, next)) = [year - 1, year, year + 1].into_iter().filter_map(bounds).find(|(begin, next)| (begin..next).contains(&&day))
    else {
        return false;
    };
    let weeks = (next - begin).num_days() / 7;
    let week = (day - begin).num_days() / 7 + 1;
    rule.by_week_no.iter().any(|wanted| i64::from(*wanted) == week || i64::from(*wanted) == week - weeks - 1)
}

fn first_week(year: i32, week_start: Weekday) -> Option<NaiveDate> {
    let fourth = NaiveDate::from_ymd_opt(year, 1, 4)?;
    Some(fourth - Duration::days(i64::from(fourth.weekday().days_since(week_start))))
}

fn days_in_year(day: NaiveDate) -> u32 {
    if day.leap_year() { 366 } else { 365 }
}

fn days_in_month(day: NaiveDate) -> u32 {
    u32::from(day.num_days_in_month())
}

fn pick(positions: &[i16], days: &[NaiveDateTime]) -> Vec<NaiveDateTime> {
    if positions.is_empty() {
        return days.to_vec();
    }
    let length = days.len();
    let mut indices: Vec<usize> = positions
        .iter()
        .filter_map(|position| {
            let position = isize::from(*position);
            let index = if position > 0 { position - 1 } else { isize::try_from(length).ok()? + position };
            usize::try_from(index).ok().filter(|index| *index < length)
        })
        .collect();
    indices.sort_unstable();
    indices.dedup();
    indices.into_iter().filter_map(|index| days.get(index).copied()).collect()
}

/// The wall time of the last start of a rule that ends, or `None` when it has no end (or none before the year 2200).
#[must_use]
pub fn last_start(rule: &Rule, first: &When) -> Option<NaiveDateTime> {
    let far = NaiveDate::from_ymd_opt(2200, 1, 1)?.and_hms_opt(0, 0, 0)?;
    match rule.end {
        End::Never => None,
        End::Count(_) | End::Until(_) => starts(rule, first, far).last(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::when::Zone;

    fn days(rule: &str, first: &str, limit: usize) -> Vec<String> {
        let rule: Rule = rule.parse().expect("a rule");
        let first = When::parse(first, Zone::UTC).expect("a start");
        let last = NaiveDate::from_ymd_opt(2040, 1, 1).expect("a date").and_hms_opt(0, 0, 0).expect("a time");
        starts(&rule, &first, last).take(limit).map(|at| at.date().to_string()).collect()
    }

    #[test]
    fn examples_of_rfc_5545() {
        assert_eq!(days("FREQ=DAILY;COUNT=3", "1997-09-02", 9), ["1997-09-02", "1997-09-03", "1997-09-04"]);
        assert_eq!(
            days("FREQ=WEEKLY;INTERVAL=2;COUNT=4;BYDAY=TU,SU;WKST=MO", "1997-08-05", 9),
            ["1997-08-05", "1997-08-10", "1997-08-19", "1997-08-24"]
        );
        assert_eq!(
            days("FREQ=WEEKLY;INTERVAL=2;COUNT=4;BYDAY=TU,SU;WKST=SU", "1997-08-05", 9),
            ["1997-08-05", "1997-08-17", "1997-08-19", "1997-08-31"]
        );
        assert_eq!(days("FREQ=MONTHLY;COUNT=3;BYDAY=1FR", "1997-09-05", 9), ["1997-09-05", "1997-10-03", "1997-11-07"]);
        assert_eq!(days("FREQ=MONTHLY;BYMONTHDAY=-3", "1997-09-28", 3), ["1997-09-28", "1997-10-29", "1997-11-28"]);
        assert_eq!(days("FREQ=MONTHLY;BYDAY=MO,TU,WE,TH,FR;BYSETPOS=-2", "1997-09-29", 3), ["1997-09-29", "1997-10-30", "1997-11-27"]);
        assert_eq!(days("FREQ=YEARLY;BYWEEKNO=20;BYDAY=MO", "1997-05-12", 3), ["1997-05-12", "1998-05-11", "1999-05-17"]);
        assert_eq!(
            days("FREQ=YEARLY;BYWEEKNO=20", "2027-05-17", 3),
            ["2027-05-17", "2028-05-15", "2029-05-14"],
            "the weekday of the start"
        );
        assert_eq!(days("FREQ=YEARLY;BYWEEKNO=1;BYDAY=MO,SU", "2029-01-01", 4), ["2029-01-01", "2029-01-07", "2029-12-31", "2030-01-06"]);
        assert_eq!(days("FREQ=YEARLY;BYWEEKNO=-1;BYDAY=FR", "2026-01-02", 2), ["2027-01-01", "2027-12-31"]);
        assert_eq!(days("FREQ=YEARLY;BYDAY=20MO", "1997-05-19", 3), ["1997-05-19", "1998-05-18", "1999-05-17"]);
        assert_eq!(
            days("FREQ=YEARLY;INTERVAL=4;BYMONTH=11;BYDAY=TU;BYMONTHDAY=2,3,4,5,6,7,8", "1996-11-05", 3),
            ["1996-11-05", "2000-11-07", "2004-11-02"]
        );
    }

    fn times(rule: &str, first: &str, limit: usize) -> Vec<String> {
        let rule: Rule = rule.parse().expect("a rule");
        let first = When::parse(first, Zone::UTC).expect("a start");
        let last = NaiveDate::from_ymd_opt(2040, 1, 1).expect("a date").and_hms_opt(0, 0, 0).expect("a time");
        starts(&rule, &first, last).take(limit).map(|at| at.format("%d %H:%M").to_string()).collect()
    }

    #[test]
    fn times_within_a_day() {
        assert_eq!(times("FREQ=HOURLY;INTERVAL=3;UNTIL=19970902T170000Z", "1997-09-02T09:00", 9), ["02 09:00", "02 12:00", "02 15:00"]);
        assert_eq!(
            times("FREQ=DAILY;BYHOUR=9,17;BYMINUTE=0,30", "1997-09-02T09:30", 5),
            ["02 09:30", "02 17:00", "02 17:30", "03 09:00", "03 09:30"]
        );
        assert_eq!(times("FREQ=WEEKLY;BYDAY=MO;BYHOUR=8", "1997-09-01T08:00", 2), ["01 08:00", "08 08:00"]);
        assert_eq!(times("FREQ=HOURLY;BYHOUR=22,23;BYMINUTE=15", "1997-09-02T09:15", 3), ["02 22:15", "02 23:15", "03 22:15"]);
        assert_eq!(times("FREQ=DAILY;BYHOUR=8,12,18;BYSETPOS=-1", "1997-09-02T08:00", 2), ["02 18:00", "03 18:00"]);
        assert_eq!(times("FREQ=HOURLY;BYMONTH=1;BYMONTHDAY=1;BYHOUR=9", "1997-01-01T09:00", 2), ["01 09:00", "01 09:00"]);
        assert!(times("FREQ=HOURLY;BYMONTH=2;BYMONTHDAY=30", "1997-01-01T09:00", 2).is_empty());
        assert_eq!(days("FREQ=DAILY;BYHOUR=9,17", "1997-09-02", 2), ["1997-09-02", "1997-09-03"]);
        assert!(times("FREQ=MINUTELY", "1997-09-02T09:00", 2).is_empty());
    }

    #[test]
    fn the_31st_skips_short_months_and_29_february_skips_years() {
        assert_eq!(days("FREQ=MONTHLY", "2026-01-31", 3), ["2026-01-31", "2026-03-31", "2026-05-31"]);
        assert_eq!(days("FREQ=YEARLY", "2024-02-29", 3), ["2024-02-29", "2028-02-29", "2032-02-29"]);
    }

    #[test]
    fn a_rule_that_never_comes_true_ends() {
        assert!(days("FREQ=YEARLY;BYMONTH=2;BYMONTHDAY=30", "2026-01-01", 3).is_empty());
    }

    #[test]
    fn a_rule_may_be_silent_for_forty_years() {
        let far = NaiveDate::from_ymd_opt(2130, 1, 1).expect("a date").and_hms_opt(0, 0, 0).expect("a time");
        for (rule, first, given) in [
            ("FREQ=DAILY;BYDAY=WE;BYMONTHDAY=1;BYMONTH=1", "2030-01-02", ["2031-01-01", "2042-01-01"]),
            ("FREQ=DAILY;BYDAY=TU;BYMONTHDAY=29;BYMONTH=2", "2072-03-01", ["2084-02-29", "2124-02-29"]),
            ("FREQ=HOURLY;INTERVAL=24;BYDAY=WE;BYMONTHDAY=1;BYMONTH=1", "2024-01-01T00:00", ["2025-01-01", "2031-01-01"]),
        ] {
            let (rule, first): (Rule, When) = (rule.parse().expect(rule), When::parse(first, Zone::UTC).expect(first));
            assert_eq!(starts(&rule, &first, far).take(2).map(|at| at.date().to_string()).collect::<Vec<_>>(), given);
        }
    }

    #[test]
    fn until_is_inclusive() {
        assert_eq!(days("FREQ=DAILY;UNTIL=20260103", "2026-01-01", 9).len(), 3);
        assert_eq!(days("FREQ=DAILY;UNTIL=20260102T235959Z", "2026-01-01T09:00", 9).len(), 2);
    }
}
