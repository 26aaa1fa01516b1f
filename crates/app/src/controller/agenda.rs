//! The agenda: every reminder at its next date.

use belfry_core::recurrence::Occurrence;
use belfry_core::rule::{Frequency, Rule};
use belfry_core::{List, Reminder, When, Zone};
use belfry_store::ReminderRow;
use chrono::{DateTime, Duration, NaiveDate, NaiveDateTime, Utc};

use super::opened::alone;
use crate::documents::{Held, ReminderDocument};
use crate::shell::{AgendaRow, Every};

/// A series is looked at this far ahead for its next date.
const AHEAD: Duration = Duration::days(366 * 5);

/// Rows by day and time; done ones and those that ended long ago are left out.
pub fn rows(reminders: &[ReminderRow], lists: &[List], held: &Held, zone: Zone, now: DateTime<Utc>) -> Vec<AgendaRow> {
    let mut rows: Vec<AgendaRow> = reminders
        .iter()
        .filter_map(|row| {
            let list = lists.iter().find(|list| list.id == row.reminder.list)?;
            agenda_row(row, list, held, zone, now)
        })
        .collect();
    rows.sort_by(|a, b| (&a.day, &a.time, &a.id).cmp(&(&b.day, &b.time, &b.id)));
    rows
}

fn agenda_row(row: &ReminderRow, list: &List, held: &Held, zone: Zone, now: DateTime<Utc>) -> Option<AgendaRow> {
    let reminder = &row.reminder;
    let today = zone.wall(now).date();
    let Occurrence { original, when, done } = next(reminder, zone, now)?;
    let day = wall(&when, zone).date();
    let is_old = day < today - Duration::days(30);
    if (reminder.is_done() || done) && day < today || is_old {
        return None;
    }
    let on = reminder.recurrence.is_some().then(|| original.date());
    let title = on.map(|_| alone(reminder, &original).title);
    let document = ReminderDocument::of(row, list, now, held);
    let title = title.unwrap_or_else(|| document.title.clone());
    let document = ReminderDocument { done: document.done || done, title, ..document };
    Some(AgendaRow { every: every(reminder), ..row_of(document, &when, on, list, zone, now) })
}

/// The clock on the wall here.
pub(super) fn wall(when: &When, zone: Zone) -> NaiveDateTime {
    match when {
        When::Date(on) => on.and_time(chrono::NaiveTime::MIN),
        When::At { local, zone: theirs } => zone.wall(theirs.instant(*local)),
    }
}

/// One date of a reminder as a row.
pub(super) fn row_of(
    document: ReminderDocument,
    when: &When,
    on: Option<NaiveDate>,
    list: &List,
    zone: Zone,
    now: DateTime<Utc>,
) -> AgendaRow {
    let shown = wall(when, zone);
    let overdue = if when.is_all_day() { shown.date() < zone.wall(now).date() } else { when.instant(zone) < now };
    AgendaRow {
        id: document.id,
        title: document.title,
        day: shown.date().to_string(),
        time: (!when.is_all_day()).then(|| shown.format("%H:%M").to_string()),
        list: list.name.clone(),
        colour: list.colour.clone(),
        repeats: document.recurrence.is_some(),
        every: None,
        on: on.map(|on| on.to_string()),
        sourced: document.sourced,
        alarm: !document.alarms.is_empty(),
        done: document.done,
        overdue: overdue && !document.done,
        state: document.state.to_owned(),
    }
}

/// How often it comes, where one word says so and nothing is left out of it.
pub(super) fn every(reminder: &Reminder) -> Option<Every> {
    each(&reminder.recurrence.as_ref()?.rule)
}

fn each(rule: &Rule) -> Option<Every> {
    let is_plain = rule.interval.get() == 1 && rule.by_hour.is_empty() && rule.by_minute.is_empty() && rule.by_second.is_empty();
    match rule.frequency {
        _ if !is_plain => None,
        Frequency::Daily if rule.by_day.is_empty() && rule.by_month_day.is_empty() && rule.by_month.is_empty() => Some(Every::Day),
        Frequency::Weekly if rule.by_month.is_empty() => Some(Every::Week),
        Frequency::Monthly if rule.by_month.is_empty() => Some(Every::Month),
        Frequency::Yearly if rule.by_month.len() <= 1 => Some(Every::Year),
        _ => None,
    }
}

/// The next date that has not begun and is not done, else the last one.
fn next(reminder: &Reminder, zone: Zone, now: DateTime<Utc>) -> Option<Occurrence> {
    if reminder.recurrence.is_none() {
        return Some(Occurrence { original: reminder.when, when: reminder.when, done: reminder.is_done() });
    }
    let today = zone.wall(now).date().and_time(chrono::NaiveTime::MIN);
    let dates = reminder.dates(zone.wall(now + AHEAD), 5_000);
    dates.iter().find(|one| one.when.local() >= today && !one.done).or(dates.last()).copied()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn one_word_says_how_often_only_where_it_leaves_nothing_out() {
        for (rule, word) in [
            ("FREQ=DAILY", Some(Every::Day)),
            ("FREQ=DAILY;COUNT=10", Some(Every::Day)),
            ("FREQ=WEEKLY;BYDAY=MO,WE", Some(Every::Week)),
            ("FREQ=MONTHLY;BYDAY=-1FR", Some(Every::Month)),
            ("FREQ=YEARLY;BYMONTH=3;BYMONTHDAY=3", Some(Every::Year)),
            ("FREQ=DAILY;BYDAY=MO,TU,WE,TH,FR", None),
            ("FREQ=DAILY;BYHOUR=8,20", None),
            ("FREQ=WEEKLY;INTERVAL=2", None),
            ("FREQ=MONTHLY;BYMONTH=3,6", None),
            ("FREQ=YEARLY;BYMONTH=3,6", None),
            ("FREQ=HOURLY", None),
        ] {
            assert_eq!(each(&rule.parse().expect(rule)), word, "{rule}");
        }
    }
}
