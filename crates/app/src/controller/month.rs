//! The month: every date of every reminder between two days.

use belfry_core::{List, Reminder, When, Zone};
use belfry_store::ReminderRow;
use chrono::{DateTime, Duration, NaiveDate, Utc};

use super::opened::alone;
use crate::documents::{Held, ReminderDocument};
use crate::error::AppError;
use crate::shell::AgendaRow;

/// A grid is six weeks; this is the longest that is answered.
const LONGEST: Duration = Duration::days(100);
/// A series of many years is looked through so far.
const MOST_STARTS: usize = 50_000;

/// What the dates are looked up in.
pub(super) struct Among<'a> {
    pub lists: &'a [List],
    pub held: &'a Held,
    pub zone: Zone,
    pub now: DateTime<Utc>,
}

/// Days of the first and the last cell.
pub(super) fn days(from: &str, to: &str) -> Result<(NaiveDate, NaiveDate), AppError> {
    let (from, to) = (day(from)?, day(to)?);
    if to < from || to - from > LONGEST {
        return Err(AppError::bad("That is no month.", "Ask for 100 days or less."));
    }
    Ok((from, to))
}

pub(super) fn day(text: &str) -> Result<NaiveDate, AppError> {
    text.parse().map_err(|_| AppError::bad(format!("`{text}` is not a day."), "Write it as 2027-03-03."))
}

/// Rows by day and time.
pub(super) fn rows(reminders: &[ReminderRow], (from, to): (NaiveDate, NaiveDate), among: &Among<'_>) -> Vec<AgendaRow> {
    let mut rows = Vec::new();
    for row in reminders {
        let Some(list) = among.lists.iter().find(|list| list.id == row.reminder.list) else { continue };
        for (key, shown) in dates(&row.reminder, to) {
            let wall = super::agenda::wall(&shown.when, among.zone);
            if (from..=to).contains(&wall.date()) {
                let document = ReminderDocument::of(&ReminderRow { reminder: shown.clone(), ..row.clone() }, list, among.now, among.held);
                let on = row.reminder.recurrence.is_some().then(|| key.date());
                let every = super::agenda::every(&row.reminder);
                rows.push(AgendaRow { every, ..super::agenda::row_of(document, &shown.when, on, list, among.zone, among.now) });
            }
        }
    }
    rows.sort_by(|a, b| (&a.day, &a.time, &a.id, &a.on).cmp(&(&b.day, &b.time, &b.id, &b.on)));
    rows
}

/// Each date with what it says. Names are looked for two days further, for zones.
fn dates(reminder: &Reminder, to: NaiveDate) -> Vec<(When, Reminder)> {
    if reminder.recurrence.is_none() {
        return vec![(reminder.when, reminder.clone())];
    }
    let last = (to + Duration::days(2)).and_time(chrono::NaiveTime::MIN);
    let dates = reminder.dates(last, MOST_STARTS);
    dates
        .into_iter()
        .map(|one| {
            let own = alone(reminder, &one.original);
            // It is a date of a series, whatever it says itself.
            (one.original, Reminder { when: one.when, recurrence: reminder.recurrence.clone(), ..own })
        })
        .collect()
}
