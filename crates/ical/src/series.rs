//! Puts items together: series with their overrides. An override without a series, or of a date that its series does not have, is a reminder of its own.

use std::collections::btree_map::Entry;
use std::collections::{BTreeMap, BTreeSet};

use belfry_core::reminder::BadReminder;
use belfry_core::{Reminder, ReminderId, When, expand};
use chrono::NaiveTime;

use crate::item::{Item, Role};
use crate::joined::{Loose, Origin, says_the_same};
use crate::later::{Stretch, divide};
use crate::moment::Original;
use crate::problem::ItemProblem;
use crate::shifted::far;
use crate::task::Task;
use crate::within_day::{by_time, times_of};
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
        let new = Found::of(item, id, into);
        match found.remove(&id) {
            Some(before) => found.insert(id, before.or(new, contents)),
            None => found.insert(id, new),
        };
    }
    let mut all: Vec<(Origin, Reminder)> = Vec::new();
    let mut alone_at: BTreeMap<ReminderId, usize> = BTreeMap::new();
    for item in overrides {
        let origin = Origin { line: item.line, sequence: item.sequence };
        let master = item.uid.as_ref().and_then(|uid| by_uid.get(uid)).and_then(|id| found.get_mut(id));
        match master.filter(|master| master.reminder.recurrence.is_some()) {
            Some(master) => master.take(item, contents),
            None => {
                let alone = orphan(item.clone(), into).map(|(_, reminder)| reminder);
                contents.loose.extend(Loose::of(item, alone.as_ref()));
                if let Some(reminder) = alone {
                    stand_alone(&mut all, &mut alone_at, (origin, reminder), contents);
                }
            }
        }
    }
    let divided = |(origin, reminder): (Origin, Reminder)| by_time(reminder).into_iter().map(move |one| (origin, one));
    let mut all: Vec<(Origin, Reminder)> = all.into_iter().flat_map(divided).collect();
    for series in found.into_values() {
        let sequence = series.sequence;
        for (line, reminder) in series.complete(into, contents) {
            all.extend(by_time(reminder).into_iter().map(|one| (Origin { line, sequence }, one)));
        }
    }
    all.sort_by_key(|(origin, reminder)| (origin.line, reminder.when));
    for (origin, reminder) in all {
        // A file that leaves every date out says nothing.
        let is_empty = || if reminder.has_no_date_left() || has_no_start(&reminder) { Err(BadReminder::EmptyRule) } else { Ok(()) };
        match reminder.check().and_then(|()| is_empty()) {
            Ok(()) => {
                contents.origins.insert(reminder.id, origin);
                contents.reminders.push(reminder);
            }
            Err(reason) => {
                contents.set_aside.push(SetAside { line: origin.line, reason: ItemProblem::Reminder(reason), raw: reminder.title });
            }
        }
    }
}

/// An override without its series. Of several of one date the higher `SEQUENCE` counts, else the later one, as where the series is there.
fn stand_alone(
    all: &mut Vec<(Origin, Reminder)>,
    alone_at: &mut BTreeMap<ReminderId, usize>,
    mut new: (Origin, Reminder),
    contents: &mut Contents,
) {
    let Some(known) = alone_at.get(&new.1.id).and_then(|at| all.get_mut(*at)) else {
        alone_at.insert(new.1.id, all.len());
        all.push(new);
        return;
    };
    let is_outdated = known.0.sequence > new.0.sequence;
    if !is_outdated {
        std::mem::swap(known, &mut new);
    }
    // `new` is the one that does not count.
    if !says_the_same(&known.1, &new.1) {
        let reason = if is_outdated { ItemProblem::Outdated } else { ItemProblem::Replaced };
        contents.set_aside.push(SetAside { line: new.0.line, reason, raw: new.1.title });
    }
}

struct Found {
    line: usize,
    sequence: i64,
    /// Whether it is told from others by more than its title and start.
    is_named: bool,
    /// Of a task, what its due times follow from.
    task: Option<Task>,
    reminder: Reminder,
    /// By the date that they are about, and whether they are about all later ones too.
    overrides: BTreeMap<(When, bool), Item>,
}

impl Found {
    fn of(item: Item, id: ReminderId, into: &ReadInto) -> Self {
        let is_named = item.uid.is_some() || item.own.is_some();
        let Item { line, sequence, task, .. } = item;
        Self { line, sequence, is_named, task, reminder: item.reminder(id, into), overrides: BTreeMap::new() }
    }

    /// Of two items of the same UID the higher `SEQUENCE` counts (RFC 5545 section 3.8.7.4), else the later one; the other is named unless it says the same.
    fn or(self, new: Self, contents: &mut Contents) -> Self {
        let is_outdated = self.sequence > new.sequence;
        let (kept, replaced) = if is_outdated { (self, new) } else { (new, self) };
        if !says_the_same(&kept.reminder, &replaced.reminder) {
            let reason = match (kept.is_named, is_outdated) {
                (false, _) => ItemProblem::Alike,
                (true, true) => ItemProblem::Outdated,
                (true, false) => ItemProblem::Replaced,
            };
            contents.set_aside.push(SetAside { line: replaced.line, reason, raw: replaced.reminder.title });
        }
        kept
    }

    /// Whether it is a task whose dates are spans, named by their starts, as those of events are.
    fn is_span(&self) -> bool {
        self.task.is_some_and(|task| task.start == self.reminder.when)
    }

    /// The times of day of its dates.
    fn times(&self) -> Vec<NaiveTime> {
        let start = &self.reminder.when;
        self.reminder.recurrence.as_ref().map_or_else(|| vec![start.local().time()], |series| times_of(&series.rule, start))
    }

    /// The date that an override is about: the due time of a task that has dates of due times.
    fn date(&self, original: &Original) -> When {
        match self.task.filter(|_| !self.is_span()) {
            Some(task) => {
                let start = original.within(&task.start, &[task.start.local().time()]);
                task.due_of(&start).unwrap_or(start)
            }
            None => original.within(&self.reminder.when, &self.times()),
        }
    }

    /// Takes an override. Of several of one date the higher `SEQUENCE` counts, else the later one.
    fn take(&mut self, item: Item, contents: &mut Contents) {
        let (Role::Override(original) | Role::Later(original)) = item.role else { return };
        let at = self.date(&original);
        let item = item.in_zone_of(&self.reminder.when, &original);
        let item = if self.is_span() { item.spanned() } else { item };
        let key = (at, matches!(item.role, Role::Later(_)));
        let (reason, replaced) = match self.overrides.entry(key) {
            Entry::Vacant(free) => {
                free.insert(item);
                return;
            }
            Entry::Occupied(before) if before.get().sequence > item.sequence => (ItemProblem::Outdated, item),
            Entry::Occupied(mut before) => (ItemProblem::Replaced, before.insert(item)),
        };
        contents.set_aside.push(SetAside { line: replaced.line, reason, raw: replaced.title });
    }

    /// The series with its overrides, perhaps in several stretches, and overrides that stand alone.
    fn complete(self, into: &ReadInto, contents: &mut Contents) -> Vec<(usize, Reminder)> {
        let given = Given::of(&self.reminder, &self.overrides);
        let (later, single): (Vec<_>, Vec<_>) = self.overrides.into_iter().partition(|((_, is_later), _)| *is_later);
        let later = later.into_iter().map(|((at, _), item)| (at, item)).collect();
        let mut stretches = divide(Stretch::whole(self.line, self.reminder), later, into, contents);
        let mut alone = Vec::new();
        for ((original, _), item) in single {
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
    fn of(reminder: &Reminder, overrides: &BTreeMap<(When, bool), Item>) -> Self {
        let unknown = Self { starts: BTreeSet::new(), is_known: false };
        let Some(series) = &reminder.recurrence else { return unknown };
        let single = overrides.keys().filter(|(_, is_later)| !is_later);
        let Some(last) = single.map(|(original, _)| original.local()).max() else { return unknown };
        let ruled = expand::starts(&series.rule, &reminder.when, last).map(|local| reminder.when.at_local(local)).take(MOST_STARTS);
        let starts: BTreeSet<When> = ruled.chain(series.extra.iter().copied()).chain([reminder.when]).collect();
        let is_known = expand::is_expanded(&series.rule, &reminder.when) && starts.len() < MOST_STARTS;
        Self { starts, is_known }
    }

    fn has(&self, original: &When) -> bool {
        !self.is_known || self.starts.contains(original)
    }
}

/// Whether it repeats within a day, and never does.
fn has_no_start(reminder: &Reminder) -> bool {
    let Some(series) = reminder.recurrence.as_ref().filter(|series| series.extra.is_empty()) else { return false };
    expand::is_expanded(&series.rule, &reminder.when) && expand::starts(&series.rule, &reminder.when, far()).next().is_none()
}

/// An override that stands alone; a cancelled one is nothing.
fn orphan(item: Item, into: &ReadInto) -> Option<(usize, Reminder)> {
    let (Role::Override(original) | Role::Later(original)) = item.role else { return None };
    if item.cancelled {
        return None;
    }
    let original = original.when.to_string();
    let id = match &item.uid {
        Some(uid) => ReminderId::of_uid_and_recurrence(into.list, uid, &original),
        None => ReminderId::of_title(into.list, &item.title, &original),
    };
    Some((item.line, item.reminder(id, into)))
}
