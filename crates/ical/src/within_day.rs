//! Series that repeat within a day. A reminder has one date a day at most, as has a series in Outlook: so each time of day becomes a reminder of its own, exactly.

use std::collections::BTreeMap;
use std::num::NonZeroU32;

use belfry_core::expand::{named_or, times_in};
use belfry_core::plainer::{common, plainer};
use belfry_core::rule::{End, Frequency, Rule};
use belfry_core::{Recurrence, Reminder, ReminderId, When, expand};
use chrono::{NaiveTime, Timelike};

use crate::gap::begun;
use crate::shifted::far;

/// More times a day than hours are no reminders.
const MOST_TIMES: usize = 24;
/// So many starts are looked at to find the first of a time of day.
const MOST_STARTS: usize = 20_000;
/// So many dates of a series that is counted are counted.
const MOST_COUNTED: usize = 200_000;
/// A date that is left out takes this many times with it: every minute of the day.
const MOST_MINUTES: usize = 24 * 60;
/// Every so many days is still one series.
const MOST_DAYS: u32 = 366;

/// One reminder for each time of day; the reminder as it is where it has one, or more than can be told apart. Each begins at a time that its clock shows ([`begun`]).
pub fn by_time(reminder: Reminder) -> Vec<Reminder> {
    let Some(all) = split(&reminder).filter(|all| !all.is_empty()) else { return begun(reminder) };
    // A time of day whose dates are all left out is nothing beside the others.
    let (empty, mut left): (Vec<Reminder>, Vec<Reminder>) = all.into_iter().partition(Reminder::has_no_date_left);
    if left.is_empty() {
        left = empty;
    }
    left.into_iter().flat_map(begun).collect()
}

fn split(reminder: &Reminder) -> Option<Vec<Reminder>> {
    let series = reminder.recurrence.as_ref()?;
    if !is_within_day(&series.rule, &reminder.when) {
        return None;
    }
    let start = reminder.when.local().time();
    let times = times(&series.rule, start).filter(|times| times.len() <= MOST_TIMES)?;
    let firsts = firsts(&series.rule, &reminder.when, &times);
    // It has the reminder's own id, and what no time of the rule says.
    let main = if firsts.contains_key(&start) { start } else { *firsts.first_key_value()?.0 };
    let counted = counted(&series.rule, &reminder.when, &firsts)?;
    let all = times.iter().filter_map(|(time, rule)| {
        let end = match &counted {
            Some(counts) => End::Count(NonZeroU32::new(counts.get(time).copied().unwrap_or_default())?),
            None => series.rule.end,
        };
        let mut one = at_time(reminder, Rule { end, ..rule.clone() }, *firsts.get(time)?)?;
        let is_its = |of: &When| of.local().time() == *time || *time == main && !times.contains_key(&of.local().time());
        one.recurrence.iter_mut().for_each(|own| keep_only(own, is_its));
        Some(if *time == main { Reminder { id: reminder.id, uid: reminder.uid.clone(), ..one } } else { one })
    });
    Some(all.collect())
}

fn is_within_day(rule: &Rule, start: &When) -> bool {
    start.zone().is_some() && rule.frequency >= Frequency::Hourly && !expand::can_expand(rule)
}

/// The times of day at which a series begins: that of its start, or several.
pub fn times_of(rule: &Rule, start: &When) -> Vec<NaiveTime> {
    let own = start.local().time();
    let several = Some(rule).filter(|rule| is_within_day(rule, start)).map(|rule| in_all_hours(rule, own));
    several.filter(|all| !all.is_empty() && all.len() <= MOST_MINUTES).unwrap_or_else(|| vec![own])
}

/// The times of day that a rule names, `BYSETPOS` aside.
fn in_all_hours(rule: &Rule, own: NaiveTime) -> Vec<NaiveTime> {
    let hours = match rule.frequency {
        Frequency::Hourly => {
            let step = common(rule.interval.get(), 24);
            let met = (0..24 / step).map(|number| (own.hour() + number * step) % 24);
            met.filter(|hour| named_or(&rule.by_hour, *hour).contains(hour)).collect()
        }
        _ => named_or(&rule.by_hour, own.hour()),
    };
    times_in(&hours, rule, own)
}

/// The times of day that a rule gives, each with its own rule of one date a day; `None` where the next of a time is years away.
///
/// Every few hours comes round to the same hour after some days. `BYSETPOS` counts days and times together, in order: where a day has three times, the fifth is the second time of
/// the second day, so each position is one of the days of one time.
fn times(rule: &Rule, own: NaiveTime) -> Option<BTreeMap<NaiveTime, Rule>> {
    let all = in_all_hours(rule, own);
    let every = rule.interval.get();
    let (frequency, interval) = match rule.frequency {
        Frequency::Hourly => (Frequency::Daily, NonZeroU32::new(every / common(every, 24)).filter(|days| days.get() <= MOST_DAYS)?),
        frequency => (frequency, rule.interval),
    };
    // Those that are in one order with the positions: of an hour, or of a day.
    let in_order = if rule.frequency == Frequency::Hourly { times_in(&[own.hour()], rule, own) } else { all.clone() };
    let place = |time: &NaiveTime| {
        let is_it = |one: &NaiveTime| one == time || rule.frequency == Frequency::Hourly && is_same_in_hour(one, time);
        in_order.iter().position(is_it).zip(Some(in_order.len()))
    };
    let plain = Rule { frequency, interval, by_hour: vec![], by_minute: vec![], by_second: vec![], ..rule.clone() };
    let ruled = all.into_iter().filter_map(|time| {
        if rule.by_set_pos.is_empty() {
            return Some((time, plain.clone()));
        }
        let (place, many) = place(&time)?;
        let days = positions(&rule.by_set_pos, place, many);
        if matches!(rule.frequency, Frequency::Hourly | Frequency::Daily) {
            let is_given = days.iter().any(|day| [1, -1].contains(day));
            return is_given.then(|| (time, Rule { by_set_pos: vec![], ..plain.clone() }));
        }
        (!days.is_empty()).then(|| (time, Rule { by_set_pos: days, ..plain.clone() }))
    });
    Some(ruled.collect())
}

fn is_same_in_hour(one: &NaiveTime, other: &NaiveTime) -> bool {
    (one.minute(), one.second()) == (other.minute(), other.second())
}

/// Of positions among the times of all days of a period, those that mean the time at `place` of `many` in a day: as positions among the days.
fn positions(all: &[i16], place: usize, many: usize) -> Vec<i16> {
    let mut days: Vec<i16> = all
        .iter()
        .filter_map(|position| {
            let steps = usize::from(position.unsigned_abs()) - 1;
            let (day, step) = (i16::try_from(steps / many + 1).ok()?, steps % many);
            if *position > 0 { (step == place).then_some(day) } else { (many - 1 - step == place).then_some(-day) }
        })
        .collect();
    days.sort_unstable();
    days
}

/// How many dates each time of day has from its first one on in a series that is counted; nothing inside for one that is not. A date whose time the clock leaves out counts like
/// any other, as where a series has one time. `None` for more dates than can be counted.
fn counted(rule: &Rule, start: &When, firsts: &BTreeMap<NaiveTime, When>) -> Option<Option<BTreeMap<NaiveTime, u32>>> {
    let End::Count(_) = rule.end else { return Some(None) };
    let mut counts = BTreeMap::new();
    let mut room = MOST_COUNTED;
    for at in expand::starts(rule, start, far()) {
        room = room.checked_sub(1)?;
        if firsts.get(&at.time()).is_some_and(|first| at >= first.local()) {
            *counts.entry(at.time()).or_default() += 1;
        }
    }
    Some(Some(counts))
}

/// The first start of each time of day.
fn firsts(rule: &Rule, start: &When, times: &BTreeMap<NaiveTime, Rule>) -> BTreeMap<NaiveTime, When> {
    let mut firsts = BTreeMap::new();
    for at in expand::starts(rule, start, far()).take(MOST_STARTS).filter(|at| times.contains_key(&at.time())) {
        firsts.entry(at.time()).or_insert_with(|| start.at_local(at));
        if firsts.len() == times.len() {
            break;
        }
    }
    firsts
}

fn at_time(reminder: &Reminder, rule: Rule, when: When) -> Option<Reminder> {
    let series = reminder.recurrence.as_ref()?;
    let recurrence = Some(Recurrence { rule: plainer(rule, &when), ..series.clone() });
    let form = if when.local().second() == 0 { "%H%M" } else { "%H%M%S" };
    let suffix = when.local().format(form).to_string();
    let uid = reminder.uid.as_ref().map(|uid| format!("{uid}-{suffix}"));
    let id = ReminderId::of_uid_and_recurrence(reminder.list, &reminder.id.to_string(), &suffix);
    Some(Reminder { id, uid, when, recurrence, ..reminder.clone() })
}

fn keep_only(series: &mut Recurrence, is_its: impl Fn(&When) -> bool) {
    series.cancelled.retain(&is_its);
    series.changed.retain(|of, _| is_its(of));
    series.extra.retain(&is_its);
}

#[cfg(test)]
mod tests {
    use belfry_core::Zone;
    use chrono::{NaiveDate, NaiveDateTime};
    use proptest::prelude::*;

    use super::*;

    fn starts(rule: &Rule, start: &When, far: NaiveDateTime) -> Vec<NaiveDateTime> {
        expand::starts(rule, start, far).take(3_000).collect()
    }

    /// Wall times of all parts together, and of the whole.
    fn both(text: &str, start: &str, zone: &str, days: i64) -> (Vec<NaiveDateTime>, Vec<NaiveDateTime>, usize) {
        let when = When::parse(start, Zone::parse(zone).expect(zone)).expect(start);
        let rule: Rule = text.parse().expect(text);
        let far = when.local() + chrono::Duration::days(days);
        let whole = starts(&rule, &when, far);
        let item = format!(
            "BEGIN:VEVENT\nUID:a\nSUMMARY:x\nDTSTART;TZID={zone}:{}\nRRULE:{text}\nEND:VEVENT",
            when.local().format("%Y%m%dT%H%M%S")
        );
        let parts = crate::tests::calendar(&item).reminders;
        let of_part = |part: &Reminder| {
            let series = part.recurrence.clone().expect("a series");
            assert!(expand::can_expand(&series.rule), "{text} became {}", series.rule);
            starts(&series.rule, &part.when, far)
        };
        let mut all: Vec<NaiveDateTime> = parts.iter().flat_map(of_part).collect();
        all.sort_unstable();
        let ids: std::collections::BTreeSet<ReminderId> = parts.iter().map(|part| part.id).collect();
        assert_eq!(ids.len(), parts.len());
        (all, whole, parts.len())
    }

    #[test]
    fn the_parts_have_the_dates_of_the_whole() {
        for (rule, start, parts) in [
            // The clock leaves out 02:00 to 03:00 on 28 March.
            ("FREQ=DAILY;COUNT=7;BYHOUR=2,14", "2027-03-27T02:00", 2),
            ("FREQ=DAILY;BYHOUR=9,12,15;BYSETPOS=1", "2027-03-01T09:00", 1),
            ("FREQ=DAILY;BYHOUR=9,12,15;BYSETPOS=-1,2", "2027-03-01T09:00", 2),
            ("FREQ=WEEKLY;BYDAY=MO,TH;BYHOUR=8,20;BYSETPOS=2,3", "2027-03-01T08:00", 2),
            ("FREQ=MONTHLY;BYDAY=MO,TU,WE,TH,FR;BYHOUR=8,20;BYSETPOS=-1", "2027-03-31T20:00", 1),
            ("FREQ=MONTHLY;INTERVAL=2;BYMONTHDAY=1,15;BYHOUR=8,20;BYSETPOS=1,-1", "2027-03-01T20:00", 2),
            ("FREQ=HOURLY;INTERVAL=36", "2027-03-01T09:00", 2),
            ("FREQ=HOURLY;INTERVAL=5", "2027-03-01T09:00", 24),
            ("FREQ=HOURLY;INTERVAL=12;COUNT=9;BYMINUTE=0,30;BYSETPOS=-1", "2027-03-01T09:00", 2),
            ("FREQ=HOURLY;INTERVAL=24", "2027-03-01T09:00", 1),
            ("FREQ=YEARLY;INTERVAL=12;BYHOUR=8,20", "2027-03-01T20:00", 2),
            ("FREQ=DAILY;BYMINUTE=0;BYSECOND=0,30", "2027-03-01T09:00", 2),
        ] {
            let (all, whole, number) = both(rule, start, "Europe/Berlin", 366 * 30);
            let reach = all.len().min(whole.len()).min(300);
            assert!(reach > 2, "{rule}");
            assert_eq!(all.iter().take(reach).collect::<Vec<_>>(), whole.iter().take(reach).collect::<Vec<_>>(), "{rule}");
            assert_eq!(number, parts, "{rule}");
        }
        let (all, whole, _) = both("FREQ=DAILY;COUNT=7;BYHOUR=2,14", "2027-03-27T02:00", "Europe/Berlin", 30);
        assert_eq!(all, whole);
    }

    proptest! {
        #![proptest_config(ProptestConfig { cases: 200, ..ProptestConfig::default() })]

        #[test]
        fn any_rule_within_a_day_is_divided_exactly(
            frequency in prop::sample::select(vec!["DAILY", "WEEKLY", "MONTHLY", "HOURLY;INTERVAL=6", "HOURLY;INTERVAL=9"]),
            hours in prop::sample::select(vec!["", ";BYHOUR=9,15", ";BYHOUR=0,3,6,21"]),
            days in prop::sample::select(vec!["", ";BYDAY=MO,WE", ";BYMONTHDAY=1,10,20"]),
            positions in prop::sample::select(vec!["", ";BYSETPOS=1,4", ";BYSETPOS=-2", ";BYSETPOS=-1,3,5"]),
            count in prop::sample::select(vec!["", ";COUNT=11"]),
            start in 0_i64..60,
        ) {
            // A week has no days of the month (RFC 5545 section 3.3.10).
            prop_assume!(!(frequency == "WEEKLY" && days.contains("MONTHDAY")));
            let rule = format!("FREQ={frequency}{hours}{days}{positions}{count}");
            let on = NaiveDate::from_ymd_opt(2027, 1, 1).expect("a date") + chrono::Duration::days(start);
            let begin = format!("{on}T09:00");
            let when = When::parse(&begin, Zone::UTC).expect("a time");
            prop_assume!(expand::starts(&rule.parse().expect("a rule"), &when, when.local() + chrono::Duration::days(900)).next().is_some());
            let (all, whole, _) = both(&rule, &begin, "UTC", 700);
            prop_assert_eq!(all, whole, "{}", rule);
        }
    }
}
