//! Puts items together: series with their overrides. An override without a series, or of a date that its series does not have, is a reminder of its own.

use std::collections::{BTreeMap, BTreeSet};

use belfry_core::reminder::BadReminder;
use belfry_core::{Reminder, ReminderId, When, expand};

use crate::item::{Item, Role};
use crate::later::{Stretch, divide};
use crate::moment::occurrence_of;
use crate::problem::ItemProblem;
use crate::within_day::by_time;
use crate::{Contents, ReadInto, SetAside};

/// Items to reminders.
pub fn assemble(items: Vec<Item>, into: &ReadInto, contents: &mut Contents) {
    let (mains, overrides): (Vec<Item>, Vec<Item>) = items.into_iter().partition(|item| item.role == Role::Main);
    let mut by_uid: BTreeMap<String, ReminderId> = BTreeMap::new();
    let mut found: BTreeMap<ReminderId, Found> = BTreeMap::new();
    for item in mains {
        let id = item.id(into.list);
        if let Some(uid) = &item.uid {
            by_uid.insert(uid.clone(), id);
        }
        let new = Found { line: item.line, sequence: item.sequence, overrides: vec![], reminder: item.reminder(id, into) };
        match found.remove(&id) {
            Some(before) => found.insert(id, before.or(new, contents)),
            None => found.insert(id, new),
        };
    }
    let mut all: Vec<(usize, Reminder)> = Vec::new();
    for item in overrides {
        let master = item.uid.as_ref().and_then(|uid| by_uid.get(uid)).and_then(|id| found.get_mut(id));
        match master.filter(|master| master.reminder.recurrence.is_some()) {
            Some(master) => master.overrides.push(item),
            None => all.extend(orphan(item, into)),
        }
    }
    let whole = found.into_values().flat_map(|series| series.complete(into, contents));
    all.extend(whole.flat_map(|(line, reminder)| by_time(reminder).into_iter().map(move |one| (line, one))));
    all.sort_by_key(|(line, reminder)| (*line, reminder.when));
    for (line, reminder) in all {
        // A file that leaves every date out says nothing.
        let is_empty = || if reminder.has_no_date_left() { Err(BadReminder::EmptyRule) } else { Ok(()) };
        match reminder.check().and_then(|()| is_empty()) {
            Ok(()) => contents.reminders.push(reminder),
            Err(reason) => contents.set_aside.push(SetAside { line, reason: ItemProblem::Reminder(reason), raw: reminder.title }),
        }
    }
}

struct Found {
    line: usize,
    sequence: i64,
    reminder: Reminder,
    overrides: Vec<Item>,
}

impl Found {
    /// Of two items of the same UID the higher `SEQUENCE` counts (RFC 5545 section 3.8.7.4), else the later one; the other is named unless it says the same.
    fn or(self, new: Self, contents: &mut Contents) -> Self {
        let (kept, replaced) = if self.sequence > new.sequence { (self, new) } else { (new, self) };
        let told = Reminder { created_at: kept.reminder.created_at, changed_at: kept.reminder.changed_at, ..replaced.reminder };
        if told != kept.reminder {
            contents.set_aside.push(SetAside { line: replaced.line, reason: ItemProblem::Replaced, raw: told.title });
        }
        kept
    }

    /// The series with its overrides, perhaps in several stretches, and overrides that stand alone.
    fn complete(self, into: &ReadInto, contents: &mut Contents) -> Vec<(usize, Reminder)> {
        let given = Given::of(&self.reminder, &self.overrides);
        let (later, single): (Vec<Item>, Vec<Item>) = self.overrides.into_iter().partition(|item| matches!(item.role, Role::Later(_)));
        let start = self.reminder.when;
        let mut stretches = divide(Stretch::whole(self.line, self.reminder), later, into, contents);
        let mut alone = Vec::new();
        for item in single {
            let Role::Override(original) = item.role else { continue };
            let original = occurrence_of(&start, original);
            let stretch = stretches.iter_mut().rev().find(|stretch| stretch.from.is_none_or(|from| from <= original));
            match stretch.and_then(|stretch| Some((stretch.moved(original), stretch.reminder.as_mut()?))) {
                Some((moved, reminder)) if given.has(&original) => item.change(reminder, moved, into),
                _ => alone.extend(orphan(item, into)),
            }
        }
        let mut all: Vec<(usize, Reminder)> = stretches.into_iter().filter_map(|stretch| Some((stretch.line, stretch.reminder?))).collect();
        // A series that has nothing but its overrides (Lightning writes such for an invitation to one date) is no reminder beside them.
        if !alone.is_empty() && all.len() == 1 {
            all.retain(|(_, reminder)| !reminder.has_no_date_left());
        }
        all.extend(alone);
        all
    }
}

/// The most starts of a series that its overrides are looked up in: 54 years of days.
const MOST_STARTS: usize = 20_000;

/// The starts of a series, as far as its overrides reach.
struct Given {
    starts: BTreeSet<When>,
    is_known: bool,
}

impl Given {
    fn of(reminder: &Reminder, overrides: &[Item]) -> Self {
        let Some(series) = &reminder.recurrence else { return Self { starts: BTreeSet::new(), is_known: false } };
        let originals = overrides.iter().filter_map(|item| match item.role {
            Role::Override(original) => Some(occurrence_of(&reminder.when, original).local()),
            Role::Main | Role::Later(_) => None,
        });
        let Some(last) = originals.max() else { return Self { starts: BTreeSet::new(), is_known: false } };
        let ruled = expand::starts(&series.rule, &reminder.when, last).map(|local| reminder.when.at_local(local)).take(MOST_STARTS);
        let starts: BTreeSet<When> = ruled.chain(series.extra.iter().copied()).chain([reminder.when]).collect();
        let is_known = expand::can_expand(&series.rule) && starts.len() < MOST_STARTS;
        Self { starts, is_known }
    }

    fn has(&self, original: &When) -> bool {
        !self.is_known || self.starts.contains(original)
    }
}

/// An override that stands alone; a cancelled one is nothing.
fn orphan(item: Item, into: &ReadInto) -> Option<(usize, Reminder)> {
    let (Role::Override(original) | Role::Later(original)) = item.role else { return None };
    if item.cancelled {
        return None;
    }
    let uid = item.uid.clone().unwrap_or_default();
    let id = ReminderId::of_uid_and_recurrence(into.list, &uid, &original.to_string());
    Some((item.line, item.reminder(id, into)))
}
