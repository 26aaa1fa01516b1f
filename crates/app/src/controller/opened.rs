//! One reminder as the editor shows it, whole or one date of it.

use belfry_core::marker::Key;
use belfry_core::{Op, Reminder, When, Zone};
use belfry_store::ReminderRow;
use chrono::{DateTime, Duration, NaiveDate, NaiveDateTime, Utc};

use crate::app::App;
use crate::documents::{LogEntryDocument, ReminderDocument};
use crate::error::AppError;
use crate::occurrences::date_named;
use crate::reminders::ReminderWish;

/// So many dates to come are shown.
const NEXT: usize = 5;
/// How far ahead they are looked for, until there are enough: most rules have them in the first year.
const AHEAD_DAYS: [i64; 3] = [366, 366 * 6, 366 * 45];
/// A series of many years is looked through so far.
const MOST_STARTS: usize = 20_000;

/// One date of a series.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct SeriesDate {
    /// The day that the series has it on; its name.
    pub on: NaiveDate,
    /// When it is.
    pub when: When,
    /// Done.
    pub done: bool,
}

/// A date that is not as its series.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Exception {
    /// The day that the series has it on.
    pub on: NaiveDate,
    /// Left out, not only changed.
    pub is_left_out: bool,
}

/// A reminder as the editor shows it.
#[derive(Debug, Clone, PartialEq)]
pub struct Opened {
    /// What it says: the whole series, or the date that was asked for.
    pub reminder: ReminderDocument,
    /// The date that was asked for.
    pub on: Option<NaiveDate>,
    /// The next dates of the series.
    pub next: Vec<SeriesDate>,
    /// Dates that are not as the series.
    pub exceptions: Vec<Exception>,
    /// The alarm that Outlook holds, in minutes before the start.
    pub outlook_alarm: Option<u32>,
    /// The calendar that its list is kept in.
    pub calendar: Option<String>,
    /// When it was last written to Outlook. One that was found there was not.
    pub written_at: Option<DateTime<Utc>>,
    /// Outlook has an event of it.
    pub has_event: bool,
    /// What was done to it, newest first.
    pub history: Vec<LogEntryDocument>,
}

impl App {
    /// A reminder with everything that its editor shows; with a day, that date of it.
    ///
    /// # Errors
    /// No such reminder or date.
    pub fn opened(&self, id: &str, on: Option<&str>) -> Result<Opened, AppError> {
        let reminder = self.reminder(id)?;
        let list = self.list_of(&reminder)?;
        let row = self.store.listed_one(reminder.id)?.ok_or_else(|| AppError::Unknown { kind: "reminder", name: id.to_owned() })?;
        let (_, history) = self.reminder_document(&reminder.id.to_string())?;
        let asked = on.map(|day| date_named(&reminder, day)).transpose()?;
        let shown = asked.as_ref().map_or_else(|| reminder.clone(), |key| alone(&reminder, key));
        let outlook_alarm = belfry_core::Projection::of(&shown).alarm.filter(|_| list.target.is_some());
        let document = ReminderDocument::of(&ReminderRow { reminder: shown, ..row }, &list, self.now(), &self.held()?);
        Ok(Opened {
            reminder: document,
            on: asked.map(|key| key.date()),
            next: next_dates(&reminder, self.zone(), self.now()),
            exceptions: exceptions(&reminder),
            outlook_alarm,
            calendar: list.target.map(|target| target.calendar_name),
            written_at: history.iter().find(|entry| is_written(entry)).map(|entry| entry.at),
            has_event: self.store.any_event_of(&Key::main(reminder.list, reminder.id))?.is_some(),
            history,
        })
    }

    /// Moves a reminder, or one date of a series, from one day to another; its time of day stays.
    ///
    /// # Errors
    /// No such reminder or date, or one whose dates are its source's.
    pub fn move_to_day(&self, id: &str, on: Option<&str>, from: NaiveDate, to: NaiveDate) -> Result<Reminder, AppError> {
        let reminder = self.reminder(id)?;
        let when = match on {
            Some(day) => alone(&reminder, &date_named(&reminder, day)?).when,
            None => reminder.when,
        };
        // The days are those on the wall here; the reminder may be of another zone.
        let moved = when.local().checked_add_signed(to - from).map(|local| when.at_local(local));
        let moved = moved.ok_or_else(|| AppError::bad("That day is out of range.", "Choose another day."))?;
        let wish = ReminderWish { at: Some(moved.to_string()), ..ReminderWish::default() };
        match on {
            Some(day) => self.change_date(id, day, &crate::occurrences::DateChange::Edit(Box::new(wish))),
            None => self.edit_reminder(id, &wish),
        }
    }
}

/// One date of a series as a reminder of its own.
pub(super) fn alone(reminder: &Reminder, key: &When) -> Reminder {
    let mut own = Reminder { when: *key, recurrence: None, ..reminder.clone() };
    let Some(changed) = reminder.recurrence.as_ref().and_then(|series| series.changed.get(key)).cloned() else { return own };
    own.title = changed.title.unwrap_or(own.title);
    own.notes = changed.notes.unwrap_or(own.notes);
    own.when = changed.when.unwrap_or(own.when);
    own.length = changed.length.unwrap_or(own.length);
    own.alarms = changed.alarms.unwrap_or(own.alarms);
    own.category = changed.category.unwrap_or(own.category);
    own.show_as = changed.show_as.unwrap_or(own.show_as);
    own.private = changed.private.unwrap_or(own.private);
    own.link = changed.link.unwrap_or(own.link);
    own.done |= changed.done;
    own
}

fn is_written(entry: &LogEntryDocument) -> bool {
    matches!(entry.op, Op::Create | Op::Update | Op::Restore | Op::Merge)
}

fn next_dates(reminder: &Reminder, zone: Zone, now: DateTime<Utc>) -> Vec<SeriesDate> {
    if reminder.recurrence.is_none() {
        return vec![];
    }
    let today: NaiveDateTime = zone.wall(now).date().and_time(chrono::NaiveTime::MIN);
    let mut found = Vec::new();
    for days in AHEAD_DAYS {
        let dates = reminder.dates(today.max(reminder.when.local()) + Duration::days(days), MOST_STARTS);
        found = dates
            .into_iter()
            .filter(|one| one.when.local() >= today)
            .take(NEXT)
            .map(|one| SeriesDate { on: one.original.date(), when: one.when, done: one.done })
            .collect();
        if found.len() == NEXT {
            break;
        }
    }
    found
}

fn exceptions(reminder: &Reminder) -> Vec<Exception> {
    let Some(series) = &reminder.recurrence else { return vec![] };
    let left_out = series.cancelled.iter().chain(&reminder.kept.cancelled).map(|key| Exception { on: key.date(), is_left_out: true });
    let as_series = belfry_core::ChangedOccurrence::default();
    let is_changed =
        |own: &belfry_core::ChangedOccurrence| belfry_core::ChangedOccurrence { done: false, apart: false, ..own.clone() } != as_series;
    let changed = series.changed.iter().filter(|(_, own)| is_changed(own)).map(|(key, _)| Exception { on: key.date(), is_left_out: false });
    let mut all: Vec<Exception> = left_out.chain(changed).collect();
    all.sort_by_key(|one| one.on);
    all.dedup();
    all
}

#[cfg(test)]
mod tests {
    use super::*;

    fn reminder(rule: &str, at: &str) -> Reminder {
        let when = When::parse(at, Zone::UTC).expect(at);
        let list = belfry_core::List::typed("Reminders", DateTime::UNIX_EPOCH);
        Reminder {
            id: belfry_core::ReminderId(uuid::Uuid::nil()),
            list: list.id,
            title: "Bins".into(),
            notes: String::new(),
            when,
            length: belfry_core::Length::default_for(&when),
            recurrence: Some(belfry_core::Recurrence::of(rule.parse().expect(rule))),
            alarms: vec![],
            category: None,
            show_as: belfry_core::ShowAs::Free,
            private: false,
            link: None,
            done: false,
            created_at: DateTime::UNIX_EPOCH,
            changed_at: DateTime::UNIX_EPOCH,
            uid: None,
            kept: belfry_core::Kept::default(),
            other: vec![],
        }
    }

    #[test]
    fn the_next_dates_are_five_however_seldom_they_are() {
        let now = "2026-11-21T12:00:00Z".parse().expect("a time");
        for (rule, at, days) in [
            ("FREQ=DAILY", "2010-01-01T09:00", ["2026-11-21", "2026-11-22", "2026-11-23", "2026-11-24", "2026-11-25"]),
            ("FREQ=YEARLY", "2020-03-03", ["2027-03-03", "2028-03-03", "2029-03-03", "2030-03-03", "2031-03-03"]),
            ("FREQ=YEARLY;INTERVAL=5", "2025-01-01", ["2030-01-01", "2035-01-01", "2040-01-01", "2045-01-01", "2050-01-01"]),
        ] {
            let next: Vec<String> = next_dates(&reminder(rule, at), Zone::UTC, now).iter().map(|one| one.on.to_string()).collect();
            assert_eq!(next, days, "{rule}");
        }
    }
}
