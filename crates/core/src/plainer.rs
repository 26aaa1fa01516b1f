//! The same dates in the form that most programs know: `FREQ=DAILY;BYDAY=MO` is `FREQ=WEEKLY;BYDAY=MO`, `FREQ=HOURLY;INTERVAL=24` is `FREQ=DAILY`.
//!
//! Every step keeps all starts that [`crate::expand::starts`] gives from the given start on, for ever; where that is not sure, the rule stays as it is. Hours are counted on the
//! clock on the wall, as expanding does: 24 of them are a day, also over a change of the clock.

use std::collections::BTreeSet;
use std::num::NonZeroU32;

use chrono::{Datelike, NaiveTime, Timelike};

use crate::expand::{named_or, times_in};
use crate::rule::{ByDay, Frequency, Rule};
use crate::when::When;

/// The plainest rule that gives the same starts to a series that begins at `start`.
#[must_use]
pub fn plainer(mut rule: Rule, start: &When) -> Rule {
    if start.is_all_day() {
        // RFC 5545 section 3.3.10: a date has no time of day, and what names one is ignored.
        rule.by_hour.clear();
        rule.by_minute.clear();
        rule.by_second.clear();
    }
    in_longer_units(&mut rule, start.local().time());
    if !matches!(rule.frequency, Frequency::Monthly | Frequency::Yearly) {
        uncounted(&mut rule.by_day);
    }
    if rule.frequency != Frequency::Yearly && rule.by_month.len() == 12 {
        rule.by_month.clear();
    }
    let is_first_or_last = rule.by_set_pos.iter().any(|position| [1, -1].contains(position));
    if is_first_or_last && has_one_day(&rule) && has_one_time(&rule, start) {
        rule.by_set_pos.clear();
    }
    if rule.by_year_day.is_empty() && rule.by_week_no.is_empty() {
        in_weeks(&mut rule, start);
        in_weeks_of_a_month(&mut rule);
        in_months(&mut rule);
        in_years(&mut rule, start);
    }
    rule
}

/// Seconds, minutes and hours that make up the next longer unit. Of what a rule names in the unit, only the start's own can come true then.
fn in_longer_units(rule: &mut Rule, own: NaiveTime) {
    for (unit, many, longer) in [
        (Frequency::Secondly, 60, Frequency::Minutely),
        (Frequency::Minutely, 60, Frequency::Hourly),
        (Frequency::Hourly, 24, Frequency::Daily),
    ] {
        if rule.frequency != unit {
            continue;
        }
        let every = rule.interval.get();
        let is_free = every == 1 && rule.by_set_pos.is_empty();
        let (named, own) = match unit {
            Frequency::Secondly => (&mut rule.by_second, own.second()),
            Frequency::Minutely => (&mut rule.by_minute, own.minute()),
            _ => (&mut rule.by_hour, own.hour()),
        };
        match NonZeroU32::new(every / many).filter(|_| every.is_multiple_of(many)) {
            Some(interval) if named_or(named, own).contains(&own) => {
                named.clear();
                (rule.frequency, rule.interval) = (longer, interval);
            }
            // Of every single one those that are named: the same as these within each longer unit.
            None if is_free && !named.is_empty() => rule.frequency = longer,
            _ => return,
        }
    }
}

/// "The second Monday" says nothing more than "Monday" of a day or a week (RFC 5545 section 3.3.10 has it for months and years only).
fn uncounted(by_day: &mut Vec<ByDay>) {
    for by in by_day.iter_mut() {
        by.nth = None;
    }
    by_day.sort_by_key(|by| by.day.num_days_from_monday());
    by_day.dedup();
}

/// Whether a period has one day at most.
fn has_one_day(rule: &Rule) -> bool {
    let is_bare = rule.by_year_day.is_empty() && rule.by_week_no.is_empty();
    let in_month = match (rule.by_day.as_slice(), rule.by_month_day.as_slice()) {
        ([], [] | [_]) => true,
        ([only], []) => only.nth.is_some(),
        _ => false,
    };
    match rule.frequency {
        Frequency::Daily => true,
        Frequency::Weekly => is_bare && rule.by_month_day.is_empty() && rule.by_day.len() <= 1,
        Frequency::Monthly => is_bare && in_month,
        Frequency::Yearly => is_bare && in_month && rule.by_month.len() == 1,
        Frequency::Hourly | Frequency::Minutely | Frequency::Secondly => false,
    }
}

fn has_one_time(rule: &Rule, start: &When) -> bool {
    let own = start.local().time();
    start.is_all_day() || times_in(&named_or(&rule.by_hour, own.hour()), rule, own).len() == 1
}

/// Rules that name weekdays and nothing else.
fn in_weeks(rule: &mut Rule, start: &When) {
    let is_counted = rule.by_day.iter().any(|by| by.nth.is_some());
    let is_plain = rule.by_month_day.is_empty() && rule.by_month.is_empty() && rule.by_set_pos.is_empty();
    if is_counted || !is_plain || rule.by_day.is_empty() {
        return;
    }
    let (own, every) = (start.date().weekday(), rule.interval.get());
    let is_own = rule.by_day.iter().any(|by| by.day == own);
    match rule.frequency {
        Frequency::Daily if rule.by_day.len() == 7 || every.is_multiple_of(7) && is_own => rule.by_day.clear(),
        // Every few days comes round to the same weekday after as many weeks.
        Frequency::Daily if rule.by_day.len() == 1 && is_own => rule.frequency = Frequency::Weekly,
        Frequency::Daily | Frequency::Monthly | Frequency::Yearly if every == 1 => rule.frequency = Frequency::Weekly,
        _ => {}
    }
}

/// Seven days of a month hold each weekday once: a Monday of the 8th to the 14th is the second.
fn in_weeks_of_a_month(rule: &mut Rule) {
    let week = match rule.by_month_day.as_slice() {
        [first, rest @ ..] if rest.len() == 6 && (1..7).zip(rest).all(|(step, day)| *day == first + step) => *first,
        _ => return,
    };
    let nth = match week {
        1 | 8 | 15 | 22 => week / 7 + 1,
        -7 => -1,
        _ => return,
    };
    let is_by_month = match rule.frequency {
        Frequency::Daily => rule.interval.get() == 1 && rule.by_month.is_empty(),
        Frequency::Monthly => true,
        Frequency::Yearly => !rule.by_month.is_empty(),
        Frequency::Weekly | Frequency::Hourly | Frequency::Minutely | Frequency::Secondly => false,
    };
    match rule.by_day.as_mut_slice() {
        [only] if only.nth.is_none() && is_by_month && rule.by_set_pos.is_empty() => only.nth = Some(nth),
        _ => return,
    }
    rule.by_month_day.clear();
    if rule.frequency == Frequency::Daily {
        rule.frequency = Frequency::Monthly;
    }
}

/// Rules that name days of the month and nothing else.
fn in_months(rule: &mut Rule) {
    let is_plain = rule.by_day.is_empty() && rule.by_month.is_empty() && rule.by_set_pos.is_empty();
    if is_plain && !rule.by_month_day.is_empty() && rule.interval.get() == 1 && rule.frequency >= Frequency::Daily {
        rule.frequency = Frequency::Monthly;
    }
}

/// Rules that come true in one month of the year.
fn in_years(rule: &mut Rule, start: &When) {
    let every = rule.interval.get();
    let is_by_day_of_month = rule.by_day.is_empty() && !rule.by_month_day.is_empty() && rule.by_set_pos.is_empty();
    match (rule.frequency, rule.by_month.as_slice()) {
        (_, []) => {}
        (Frequency::Daily | Frequency::Weekly, [_]) if every == 1 && is_by_day_of_month => rule.frequency = Frequency::Yearly,
        (Frequency::Monthly, named) => {
            let own = start.date().month0();
            let met: BTreeSet<u32> = (0..12).map(|step| (own + step * (every % 12)) % 12 + 1).collect();
            let both: Vec<u32> = named.iter().map(|month| u32::from(*month)).filter(|month| met.contains(month)).collect();
            // After so many years it is in the same months again.
            let years = every / common(every, 12);
            match both.as_slice() {
                all if all.len() == met.len() => rule.by_month.clear(),
                [only] if years == 1 || *only == own + 1 => {
                    rule.by_month.retain(|month| u32::from(*month) == *only);
                    (rule.frequency, rule.interval) = (Frequency::Yearly, NonZeroU32::new(years).unwrap_or(NonZeroU32::MIN));
                }
                _ => {}
            }
        }
        _ => {}
    }
}

/// The greatest common divisor.
#[must_use]
pub fn common(a: u32, b: u32) -> u32 {
    if b == 0 { a } else { common(b, a % b) }
}

#[cfg(test)]
mod tests {
    use chrono::{Duration, NaiveDate};
    use proptest::prelude::*;

    use super::*;
    use crate::expand::starts;
    use crate::when::Zone;

    fn plain(rule: &str, start: &str) -> String {
        plainer(rule.parse().expect(rule), &When::parse(start, Zone::UTC).expect(start)).to_string()
    }

    #[test]
    fn the_same_dates_in_a_form_that_is_known() {
        // 1 March 2027 is a Monday.
        for (rule, start, after) in [
            ("FREQ=DAILY;BYDAY=MO,WE", "2027-03-01", "FREQ=WEEKLY;BYDAY=MO,WE"),
            ("FREQ=DAILY;COUNT=5;BYDAY=TU", "2027-03-01", "FREQ=WEEKLY;COUNT=5;BYDAY=TU"),
            ("FREQ=DAILY;INTERVAL=2;BYDAY=MO", "2027-03-01", "FREQ=WEEKLY;INTERVAL=2;BYDAY=MO"),
            ("FREQ=DAILY;INTERVAL=14;BYDAY=MO", "2027-03-01", "FREQ=DAILY;INTERVAL=14"),
            ("FREQ=DAILY;INTERVAL=3;BYDAY=MO,TU,WE,TH,FR,SA,SU", "2027-03-01", "FREQ=DAILY;INTERVAL=3"),
            ("FREQ=DAILY;BYMONTHDAY=15", "2027-03-01", "FREQ=MONTHLY;BYMONTHDAY=15"),
            ("FREQ=DAILY;BYMONTH=5;BYMONTHDAY=15", "2027-03-01", "FREQ=YEARLY;BYMONTHDAY=15;BYMONTH=5"),
            ("FREQ=WEEKLY;BYDAY=1MO,MO", "2027-03-01", "FREQ=WEEKLY;BYDAY=MO"),
            ("FREQ=MONTHLY;BYDAY=MO", "2027-03-01", "FREQ=WEEKLY;BYDAY=MO"),
            ("FREQ=YEARLY;BYMONTHDAY=7", "2027-03-07", "FREQ=MONTHLY;BYMONTHDAY=7"),
            ("FREQ=MONTHLY;BYMONTH=11;BYDAY=4TH", "2027-11-25", "FREQ=YEARLY;BYDAY=4TH;BYMONTH=11"),
            ("FREQ=MONTHLY;INTERVAL=3;BYMONTH=3,6,9,12", "2027-03-01", "FREQ=MONTHLY;INTERVAL=3"),
            ("FREQ=MONTHLY;INTERVAL=8;BYMONTH=3", "2027-03-01", "FREQ=YEARLY;INTERVAL=2;BYMONTH=3"),
            ("FREQ=MONTHLY;BYDAY=1FR;BYSETPOS=1", "2027-03-05", "FREQ=MONTHLY;BYDAY=1FR"),
            ("FREQ=MONTHLY;BYDAY=SA;BYMONTHDAY=8,9,10,11,12,13,14", "2027-03-13", "FREQ=MONTHLY;BYDAY=2SA"),
            ("FREQ=DAILY;BYDAY=SU;BYMONTHDAY=-1,-2,-3,-4,-5,-6,-7", "2027-03-28", "FREQ=MONTHLY;BYDAY=-1SU"),
            ("FREQ=HOURLY;INTERVAL=48", "2027-03-01T09:00", "FREQ=DAILY;INTERVAL=2"),
            ("FREQ=MINUTELY;INTERVAL=10080;BYMINUTE=0", "2027-03-01T09:00", "FREQ=DAILY;INTERVAL=7"),
            ("FREQ=HOURLY;BYHOUR=9,12;BYDAY=MO", "2027-03-01T09:00", "FREQ=WEEKLY;BYHOUR=9,12;BYDAY=MO"),
            ("FREQ=HOURLY;INTERVAL=24", "2027-03-01", "FREQ=DAILY"),
            ("FREQ=DAILY;BYHOUR=9", "2027-03-01", "FREQ=DAILY"),
            ("FREQ=DAILY;BYHOUR=9;BYSETPOS=-1", "2027-03-01T09:00", "FREQ=DAILY;BYHOUR=9"),
        ] {
            assert_eq!(plain(rule, start), after, "{rule} {start}");
        }
    }

    #[test]
    fn what_would_be_other_dates_stays() {
        for (rule, start) in [
            ("FREQ=DAILY;BYMONTH=1", "2027-01-01"),
            ("FREQ=DAILY;INTERVAL=2;BYDAY=MO,TU", "2027-03-01"),
            ("FREQ=DAILY;INTERVAL=2;BYDAY=TU", "2027-03-01"),
            ("FREQ=DAILY;INTERVAL=2;BYMONTHDAY=15", "2027-03-01"),
            ("FREQ=DAILY;BYHOUR=9,12,15;BYSETPOS=1", "2027-03-01T09:00"),
            ("FREQ=HOURLY;INTERVAL=36", "2027-03-01T09:00"),
            ("FREQ=HOURLY;INTERVAL=24;BYHOUR=10", "2027-03-01T09:00"),
            ("FREQ=MONTHLY;BYDAY=MO;BYSETPOS=-1", "2027-03-29"),
            ("FREQ=MONTHLY;BYDAY=SA;BYMONTHDAY=7,8,9,10,11,12,13", "2027-03-13"),
            ("FREQ=MONTHLY;INTERVAL=8;BYMONTH=11", "2027-03-01"),
            ("FREQ=YEARLY;BYDAY=20MO", "2027-05-17"),
        ] {
            assert_eq!(plain(rule, start), rule.parse::<Rule>().expect(rule).to_string(), "{rule} {start}");
        }
    }

    fn some(name: &'static str, values: &'static [&'static str]) -> impl Strategy<Value = String> {
        let list = prop::collection::vec(prop::sample::select(values), 1..3);
        prop_oneof![2 => Just(String::new()), 1 => list.prop_map(move |list| format!(";{name}={}", list.join(",")))]
    }

    fn rule() -> impl Strategy<Value = String> {
        let frequency = prop::sample::select(vec!["HOURLY", "DAILY", "WEEKLY", "MONTHLY", "YEARLY"]);
        let interval = prop::sample::select(vec![1_u32, 1, 1, 2, 3, 4, 6, 7, 8, 14, 18, 24, 48]);
        let count = prop_oneof![3 => Just(String::new()), 1 => (1_u32..40).prop_map(|count| format!(";COUNT={count}"))];
        let days = some("BYDAY", &["MO", "TU", "WE", "SA", "1MO", "-1FR", "MO,TU,WE,TH,FR,SA,SU"]);
        let month_days = some("BYMONTHDAY", &["1", "15", "31", "-1", "7", "8,9,10,11,12,13,14", "-7,-6,-5,-4,-3,-2,-1"]);
        let months = some("BYMONTH", &["1", "3", "5", "3,6,9,12", "1,2,3,4,5,6,7,8,9,10,11,12"]);
        let hours = some("BYHOUR", &["9", "12", "22"]);
        let positions = some("BYSETPOS", &["1", "-1", "2"]);
        (frequency, interval, count, days, month_days, months, hours, positions).prop_map(
            |(frequency, interval, count, days, month_days, months, hours, positions)| {
                format!("FREQ={frequency};INTERVAL={interval}{count}{days}{month_days}{months}{hours}{positions}")
            },
        )
    }

    proptest! {
        #![proptest_config(ProptestConfig { cases: 1000, ..ProptestConfig::default() })]

        #[test]
        fn a_plainer_rule_gives_the_same(text in rule(), day in 0_i64..3000, hour in 0_u32..24, is_date in any::<bool>()) {
            let on = NaiveDate::from_ymd_opt(2024, 1, 1).expect("a date") + Duration::days(day);
            let start = if is_date { When::Date(on) } else { When::At { local: on.and_hms_opt(hour, 0, 0).expect("a time"), zone: Zone::UTC } };
            let given: Rule = text.parse().expect("a rule");
            let plain = plainer(given.clone(), &start);
            // Dates have no hours: a rule by the hour gives none until it is one by the day.
            prop_assume!(crate::expand::is_expanded(&given, &start));
            let far = start.local() + Duration::days(366 * 30);
            let all = |rule: &Rule| starts(rule, &start, far).take(150).collect::<Vec<_>>();
            prop_assert_eq!(all(&given), all(&plain), "{} became {}", given, plain);
            prop_assert_eq!(&plainer(plain.clone(), &start), &plain);
        }
    }
}
