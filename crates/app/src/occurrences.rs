//! Single dates of a repeating reminder: changed, cancelled, done, and as in the series again.

use std::collections::BTreeSet;

use belfry_core::marker::{Key, Slot};
use belfry_core::plan::Reason;
use belfry_core::recurrence::{Recurrence, carried, is_given};
use belfry_core::slots::name_of;
use belfry_core::{ChangedOccurrence, Direction, List, Projection, Reminder, When, Zone};
use chrono::{Days, NaiveDate, NaiveTime};

use crate::app::App;
use crate::error::AppError;
use crate::reminders::{ReminderWish, is_off};

/// What is to become of one date.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum DateChange {
    /// It says something else than its series.
    Edit(Box<ReminderWish>),
    /// It is left out.
    Cancel,
    /// It is done, or not.
    Done(bool),
    /// It is as in the series again.
    Restore,
}

impl App {
    /// Changes one date of a repeating reminder; the day is that of the series, wherever the date was moved to.
    ///
    /// # Errors
    /// No such reminder or date, a value that cannot be, or a reminder whose dates are its source's.
    pub fn change_date(&self, id: &str, on: &str, change: &DateChange) -> Result<Reminder, AppError> {
        let known = self.reminder(id)?;
        let mut reminder = Reminder { changed_at: self.now(), ..known.clone() };
        let key = date_named(&reminder, on)?;
        let list = self.list_of(&reminder)?;
        let is_sourced = list.direction == Direction::Source;
        match change {
            DateChange::Edit(_) if is_sourced => {
                return Err(AppError::bad(
                    "The dates of this reminder come from its source.",
                    "Change them there; a date can be left out here.",
                ));
            }
            DateChange::Edit(wish) => self.edit_date(&mut reminder, &key, wish, &list)?,
            DateChange::Cancel if is_sourced => drop(reminder.kept.cancelled.insert(key)),
            DateChange::Cancel => cancel(&mut reminder, &key),
            DateChange::Done(done) => set_done(&mut reminder, &key, *done),
            DateChange::Restore => {
                restore(&mut reminder, &key);
                self.want_date(&reminder, &key)?;
            }
        }
        let reason = match change {
            DateChange::Done(true) => Reason::Done,
            DateChange::Done(false) => Reason::NotDone,
            DateChange::Edit(_) | DateChange::Cancel | DateChange::Restore => Reason::Edited,
        };
        self.save_edit(&known, &reminder, reason)?;
        Ok(reminder)
    }

    /// The day of a repeating reminder that `done` is about where none is named: the next that is not done, or the last that is. `None` for one that does not repeat.
    ///
    /// # Errors
    /// No such reminder, or none of its dates is left.
    pub fn date_to_mark(&self, id: &str, done: bool) -> Result<Option<String>, AppError> {
        const FAR: Days = Days::new(366 * 10);
        let reminder = self.reminder(id)?;
        if reminder.recurrence.is_none() {
            return Ok(None);
        }
        let today = self.zone().wall(self.now()).date();
        let far = today.checked_add_days(FAR).unwrap_or(today).max(reminder.when.date());
        let mut dates = reminder.dates(far.and_time(NaiveTime::MIN), usize::MAX / 2);
        dates.retain(|date| date.done != done);
        let next = dates.iter().find(|date| date.when.date() >= today).or(dates.last());
        let chosen = if done { next } else { dates.last() };
        let none =
            || AppError::bad(format!("`{}` has no such date.", reminder.title), "Name a day with --on, or say --series for all of it.");
        chosen.map(|date| Some(date.original.date().to_string())).ok_or_else(none)
    }

    /// The event of a date that was removed in Outlook is wanted again.
    fn want_date(&self, reminder: &Reminder, key: &When) -> Result<(), AppError> {
        let main = Key::main(reminder.list, reminder.id);
        let is_it = |slot: &Slot| matches!(slot, Slot::Part(name) | Slot::Occurrence(name) if *name == name_of(reminder, key));
        for date in self.store.links_of_dates(&main)?.into_iter().filter(|date| is_it(&date.key.slot) && is_off(date.state)) {
            crate::undo::want_again(&self.store, &date.key.clone(), Some(date))?;
        }
        Ok(())
    }

    fn edit_date(&self, reminder: &mut Reminder, key: &When, wish: &ReminderWish, list: &List) -> Result<(), AppError> {
        if wish.repeat.is_some() || wish.list.is_some() || wish.link.is_some() {
            return Err(AppError::bad("Rule, list and link belong to the whole series.", "Change them without a day."));
        }
        let main = Projection::of(reminder);
        let was = reminder.recurrence.as_ref().and_then(|series| series.changed.get(key)).cloned().unwrap_or_default();
        let now = was.projection(key, reminder, &main);
        let alone = Reminder { when: now.when, length: now.length, title: now.title, recurrence: None, ..reminder.clone() };
        let own = self.changed_times(alone, wish, list)?;
        let is_timed = wish.at.is_some() || wish.zone.is_some();
        let next = ChangedOccurrence {
            title: wish.title.as_ref().map(|_| own.title.clone()).or(was.title),
            notes: wish.notes.as_ref().map(|_| own.notes.clone()).or(was.notes),
            when: if is_timed { (own.when != *key).then_some(own.when) } else { was.when },
            length: if is_timed || wish.minutes.is_some() { (own.length != reminder.length).then_some(own.length) } else { was.length },
            alarms: wish.alarms.as_ref().map(|_| own.alarms.clone()).or(was.alarms),
            category: wish.category.as_ref().map(|_| own.category.clone()).or(was.category),
            show_as: wish.show_as.or(was.show_as),
            private: wish.private.or(was.private),
            link: was.link,
            done: was.done,
            apart: was.apart,
        };
        if let Some(series) = reminder.recurrence.as_mut() {
            series.cancelled.remove(key);
            series.changed.insert(*key, next);
        }
        Ok(())
    }
}

/// Days of a series that were changed or left out before it was edited, and that it does not come on any more.
#[must_use]
pub fn dates_gone(before: &Reminder, after: &Reminder) -> Vec<NaiveDate> {
    let own = |reminder: &Reminder| -> BTreeSet<NaiveDate> {
        let said = |series: &Recurrence| {
            let changed = series.changed.iter().filter(|(_, own)| own.said().is_some()).map(|(key, _)| key.date());
            changed.chain(series.cancelled.iter().map(When::date)).collect()
        };
        reminder.recurrence.as_ref().map(said).unwrap_or_default()
    };
    own(before).difference(&own(after)).copied().collect()
}

/// The date that is meant by a day, or by a day and an hour where the series has two that day.
pub(crate) fn date_named(reminder: &Reminder, on: &str) -> Result<When, AppError> {
    let on = on.trim();
    if let Ok(day) = on.parse() {
        return date_of(reminder, day);
    }
    let (day, _) = on.split_once('T').unwrap_or((on, ""));
    let unread = || AppError::bad(format!("`{on}` is not a day."), "Write it as 2027-03-03.");
    let day: NaiveDate = day.parse().map_err(|_| unread())?;
    let key = When::parse(on, reminder.when.zone().unwrap_or(Zone::UTC)).ok_or_else(unread)?;
    let is_one = |series: &Recurrence| series.extra.contains(&key) || is_given(&series.rule, &reminder.when, &key);
    if reminder.recurrence.as_ref().is_some_and(is_one) { Ok(key) } else { date_of(reminder, day).and(Err(unread())) }
}

/// The name of the date on a day.
fn date_of(reminder: &Reminder, day: NaiveDate) -> Result<When, AppError> {
    let Some(series) = &reminder.recurrence else {
        return Err(AppError::bad("This reminder does not repeat.", "Leave the day out."));
    };
    let key = carried(&When::Date(day), &reminder.when);
    let extra = series.extra.iter().find(|extra| extra.date() == day).copied();
    match extra {
        Some(extra) => Ok(extra),
        None if is_given(&series.rule, &reminder.when, &key) => Ok(key),
        None => Err(AppError::bad(format!("`{}` has no date on {day}.", reminder.title), "Give the day that the series has it on.")),
    }
}

fn cancel(reminder: &mut Reminder, key: &When) {
    if let Some(series) = reminder.recurrence.as_mut() {
        series.changed.remove(key);
        series.cancelled.insert(*key);
    }
}

fn set_done(reminder: &mut Reminder, key: &When, done: bool) {
    let Some(series) = reminder.recurrence.as_mut() else { return };
    let own = series.changed.entry(*key).or_default();
    own.done = done;
    if *own == ChangedOccurrence::default() {
        series.changed.remove(key);
    }
}

/// What Outlook keeps as an event of its own stays one, with what its series says.
fn restore(reminder: &mut Reminder, key: &When) {
    reminder.kept.cancelled.retain(|day| day.date() != key.date());
    let Some(series) = reminder.recurrence.as_mut() else { return };
    series.cancelled.remove(key);
    match series.changed.get_mut(key) {
        Some(own) if own.apart => *own = ChangedOccurrence { apart: true, ..ChangedOccurrence::default() },
        _ => drop(series.changed.remove(key)),
    }
}
