//! Series that repeat within a day. A reminder has one date a day at most, as has a series in Outlook: so each time of day becomes a reminder of its own, exactly.

use std::collections::BTreeMap;
use std::num::NonZeroU32;

use belfry_core::expand::{named_or, times_in};
use belfry_core::rule::{End, Frequency, Rule};
use belfry_core::{Recurrence, Reminder, ReminderId, When, expand};
use chrono::{NaiveDate, NaiveDateTime, NaiveTime, Timelike};

/// More times a day than hours are no reminders.
const MOST_TIMES: usize = 24;
/// So many starts of a series that is counted are looked at.
const MOST_STARTS: usize = 20_000;

/// One reminder for each time of day; the reminder as it is where it has one, or more than can be told apart.
pub fn by_time(reminder: Reminder) -> Vec<Reminder> {
    match split(&reminder) {
        Some(all) if !all.is_empty() => all,
        _ => vec![reminder],
    }
}

fn split(reminder: &Reminder) -> Option<Vec<Reminder>> {
    let series = reminder.recurrence.as_ref()?;
    let is_within = series.rule.frequency >= Frequency::Hourly && !expand::can_expand(&series.rule);
    if !is_within || !series.rule.by_set_pos.is_empty() || reminder.when.zone().is_none() {
        return None;
    }
    let times = times(&series.rule, reminder.when.local().time()).filter(|times| times.len() <= MOST_TIMES)?;
    let counted = counted(&series.rule, &reminder.when);
    let start = reminder.when.local().time();
    // It has the reminder's own id, and what no time of the rule says.
    let main = if times.contains(&start) { start } else { *times.first()? };
    let firsts = times.iter().filter_map(|time| Some((*time, first(series, &reminder.when, *time)?)));
    let all = firsts.filter_map(|(time, first)| {
        let mut one = at_time(reminder, series, time, first, counted.as_ref())?;
        let is_its = |of: &When| of.local().time() == time || time == main && !times.contains(&of.local().time());
        one.recurrence.iter_mut().for_each(|own| keep_only(own, is_its));
        Some(if time == main { Reminder { id: reminder.id, uid: reminder.uid.clone(), ..one } } else { one })
    });
    Some(all.collect())
}

/// The times of day that a rule gives; `None` where they are not the same every day.
fn times(rule: &Rule, own: NaiveTime) -> Option<Vec<NaiveTime>> {
    let hours = match (rule.frequency, rule.interval.get()) {
        (Frequency::Hourly, every) if 24 % every == 0 => {
            let all = (0..24 / every).map(|step| (own.hour() + step * every) % 24);
            all.filter(|hour| named_or(&rule.by_hour, *hour).contains(hour)).collect()
        }
        (Frequency::Hourly, _) => return None,
        _ => named_or(&rule.by_hour, own.hour()),
    };
    Some(times_in(&hours, rule, own))
}

/// How many dates each time of day has in a series that is counted.
fn counted(rule: &Rule, start: &When) -> Option<BTreeMap<NaiveTime, u32>> {
    let End::Count(_) = rule.end else { return None };
    let far = NaiveDate::from_ymd_opt(2200, 1, 1)?.and_hms_opt(0, 0, 0)?;
    let mut counts = BTreeMap::new();
    for at in expand::starts(rule, start, far).take(MOST_STARTS).filter(|at| exists(start, *at)) {
        *counts.entry(at.time()).or_default() += 1;
    }
    Some(counts)
}

/// The first start of a time of day.
fn first(series: &Recurrence, start: &When, time: NaiveTime) -> Option<When> {
    let far = start.local().checked_add_days(chrono::Days::new(366 * 9))?;
    let starts = expand::starts(&series.rule, start, far).take(MOST_STARTS);
    starts.filter(|at| exists(start, *at)).find(|at| at.time() == time).map(|at| start.at_local(at))
}

/// Whether the clock on the wall shows it: a series does not begin in an hour that is left out (RFC 5545, section 3.3.10).
fn exists(start: &When, at: NaiveDateTime) -> bool {
    start.zone().is_none_or(|zone| zone.wall(zone.instant(at)) == at)
}

fn at_time(
    reminder: &Reminder,
    series: &Recurrence,
    time: NaiveTime,
    when: When,
    counted: Option<&BTreeMap<NaiveTime, u32>>,
) -> Option<Reminder> {
    let end = match counted {
        Some(counts) => End::Count(NonZeroU32::new(counts.get(&time).copied().unwrap_or_default())?),
        None => series.rule.end,
    };
    let (frequency, interval) = match series.rule.frequency {
        Frequency::Hourly => (Frequency::Daily, NonZeroU32::MIN),
        frequency => (frequency, series.rule.interval),
    };
    let rule = Rule { frequency, interval, end, by_hour: vec![], by_minute: vec![], by_second: vec![], ..series.rule.clone() };
    let recurrence = Some(Recurrence { rule, ..series.clone() });
    let suffix = time.format("%H%M").to_string();
    let uid = reminder.uid.as_ref().map(|uid| format!("{uid}-{suffix}"));
    let id = ReminderId::of_uid_and_recurrence(reminder.list, &reminder.id.to_string(), &suffix);
    Some(Reminder { id, uid, when, recurrence, ..reminder.clone() })
}

fn keep_only(series: &mut Recurrence, is_its: impl Fn(&When) -> bool) {
    series.cancelled.retain(&is_its);
    series.changed.retain(|of, _| is_its(of));
    series.extra.retain(&is_its);
}
