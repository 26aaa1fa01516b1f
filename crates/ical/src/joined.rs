//! Several files that are one source, as a folder has them. An item that two of them have is one reminder, as in one file.

use std::collections::btree_map::Entry;
use std::collections::{BTreeMap, BTreeSet};

use belfry_core::recurrence::is_given;
use belfry_core::{Reminder, ReminderId, expand};

use crate::item::{Item, Role};
use crate::moment::Original;
use crate::problem::ItemProblem;
use crate::{Contents, ReadInto, SetAside};

/// Where a reminder stands in its file, and which version of its item it is.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct Origin {
    pub line: usize,
    /// `SEQUENCE` (RFC 5545 section 3.8.7.4).
    pub sequence: i64,
}

/// A change of one date of a series that is not in its file, and the reminder that it is until the series is found.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Loose {
    uid: String,
    original: Original,
    item: Item,
    alone: Option<ReminderId>,
}

impl Loose {
    /// Nothing for what has no name, is about all later dates too, or is a task, whose dates are named by their starts.
    pub fn of(item: Item, alone: Option<&Reminder>) -> Option<Self> {
        let Role::Override(original) = item.role else { return None };
        let uid = item.uid.clone().filter(|_| item.task.is_none())?;
        Some(Self { uid, original, item, alone: alone.map(|alone| alone.id) })
    }
}

/// The contents of all files together, in their order, each with its name. What one file changes about a date of another's series is a change of that series, wherever its file stands. Of two items of one UID the higher `SEQUENCE` counts (RFC 5545 section 3.8.7.4), else that of the later file; the other is set
/// aside unless it says the same.
#[must_use]
pub fn joined(files: impl IntoIterator<Item = (String, Contents)>, into: &ReadInto) -> Contents {
    let mut all = Contents::default();
    let mut places: BTreeMap<ReminderId, usize> = BTreeMap::new();
    let mut names: BTreeMap<ReminderId, String> = BTreeMap::new();
    let mut taken: BTreeSet<ReminderId> = BTreeSet::new();
    for (name, mut file) in files {
        for reminder in std::mem::take(&mut file.reminders) {
            let origin = file.origins.get(&reminder.id).copied().unwrap_or_default();
            match places.entry(reminder.id) {
                Entry::Vacant(free) => {
                    free.insert(all.reminders.len());
                    all.origins.insert(reminder.id, origin);
                    names.insert(reminder.id, name.clone());
                    all.reminders.push(reminder);
                }
                Entry::Occupied(place) => {
                    let known = names.entry(reminder.id).or_default();
                    all.choose(*place.get(), known, (reminder, origin, name.clone()));
                }
            }
        }
        all.set_aside.extend(file.set_aside.into_iter().map(|aside| SetAside { reason: in_file(&name, aside.reason), ..aside }));
        all.unread.extend(file.unread);
        all.columns = all.columns.or(file.columns);
        all.loose.extend(file.loose);
        all.alarms_carried += file.alarms_carried;
        for (name, count) in file.left_out {
            *all.left_out.entry(name).or_default() += count;
        }
    }
    for loose in std::mem::take(&mut all.loose) {
        let place = places.get(&ReminderId::of_uid(into.list, &loose.uid));
        if let Some(series) = place.and_then(|place| all.reminders.get_mut(*place)) {
            taken.extend(take(series, loose, into));
        }
    }
    all.reminders.retain(|reminder| !taken.contains(&reminder.id));
    all
}

/// Takes a change into its series, and says which reminder it was alone. A date that the series does not have, or says something of itself, stays apart.
fn take(series: &mut Reminder, loose: Loose, into: &ReadInto) -> Option<ReminderId> {
    let start = series.when;
    let at = loose.original.within(&start, &[start.local().time()]);
    let own = series.recurrence.as_ref()?;
    let is_date = at == start || own.extra.contains(&at) || expand::is_expanded(&own.rule, &start) && is_given(&own.rule, &start, &at);
    if !is_date || own.changed.contains_key(&at) || own.cancelled.contains(&at) {
        return None;
    }
    loose.item.in_zone_of(&start, &loose.original).change(series, at, into);
    loose.alone
}

impl Contents {
    /// Between the reminder at a place, in the file of that name, and another one of its id.
    fn choose(&mut self, place: usize, file: &mut String, (mut new, mut origin, mut name): (Reminder, Origin, String)) {
        let Some(known) = self.reminders.get_mut(place) else { return };
        let before = self.origins.entry(new.id).or_default();
        let is_outdated = before.sequence > origin.sequence;
        if !is_outdated {
            std::mem::swap(known, &mut new);
            std::mem::swap(before, &mut origin);
            std::mem::swap(file, &mut name);
        }
        // `new` is the one that does not count.
        if says_the_same(known, &new) {
            return;
        }
        let by = file.clone();
        let reason = match (known.uid.is_some(), is_outdated) {
            (false, _) => ItemProblem::AlikeIn { by },
            (true, true) => ItemProblem::OutdatedBy { by },
            (true, false) => ItemProblem::ReplacedBy { by },
        };
        self.set_aside.push(SetAside { line: origin.line, reason: in_file(&name, reason), raw: new.title });
    }
}

/// Lines are those of a file, so it is named.
fn in_file(name: &str, problem: ItemProblem) -> ItemProblem {
    ItemProblem::InFile { file: name.to_owned(), problem: Box::new(problem) }
}

/// Whether two reminders differ in nothing but when they were made and changed.
pub fn says_the_same(one: &Reminder, other: &Reminder) -> bool {
    Reminder { created_at: one.created_at, changed_at: one.changed_at, ..other.clone() } == *one
}
