//! The agenda: every reminder at its next date.

use belfry_core::{List, When, Zone};
use belfry_store::ReminderRow;
use chrono::{DateTime, Duration, Utc};

use crate::documents::{Held, ReminderDocument};
use crate::shell::AgendaRow;

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
    let when = next(reminder, zone, now)?;
    let shown = match when {
        When::Date(on) => on.and_time(chrono::NaiveTime::MIN),
        When::At { local, zone: theirs } => zone.wall(theirs.instant(local)),
    };
    let overdue = if when.is_all_day() { shown.date() < today } else { when.instant(zone) < now };
    let is_old = shown.date() < today - Duration::days(30);
    if reminder.is_done() && shown.date() < today || is_old {
        return None;
    }
    let document = ReminderDocument::of(row, list, now, held);
    Some(AgendaRow {
        id: document.id,
        title: document.title,
        day: shown.date().to_string(),
        time: (!when.is_all_day()).then(|| shown.format("%H:%M").to_string()),
        list: list.name.clone(),
        colour: list.colour.clone(),
        repeats: document.recurrence.is_some(),
        alarm: !document.alarms.is_empty(),
        done: document.done,
        overdue: overdue && !document.done,
        state: document.state.to_owned(),
    })
}

/// The next date that has not begun, else the last one.
fn next(reminder: &belfry_core::Reminder, zone: Zone, now: DateTime<Utc>) -> Option<When> {
    if reminder.recurrence.is_none() {
        return Some(reminder.when);
    }
    let today = zone.wall(now).date().and_time(chrono::NaiveTime::MIN);
    let starts = reminder.starts(zone.wall(now + AHEAD), 5_000);
    starts.iter().find(|occurrence| occurrence.when.local() >= today).or(starts.last()).map(|occurrence| occurrence.when)
}
