//! Several files that are one source, as a folder has them. An item that two of them have is one reminder, as in one file.

use std::collections::BTreeMap;
use std::collections::btree_map::Entry;

use belfry_core::{Reminder, ReminderId};

use crate::problem::ItemProblem;
use crate::{Contents, SetAside};

/// Where a reminder stands in its file, and which version of its item it is.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct Origin {
    pub line: usize,
    /// `SEQUENCE` (RFC 5545 section 3.8.7.4).
    pub sequence: i64,
}

/// The contents of all files together, in their order. Of two items of one UID the higher `SEQUENCE` counts (RFC 5545 section 3.8.7.4), else that of the later file; the other is set
/// aside unless it says the same.
#[must_use]
pub fn joined(files: impl IntoIterator<Item = Contents>) -> Contents {
    let mut all = Contents::default();
    let mut places: BTreeMap<ReminderId, usize> = BTreeMap::new();
    for mut file in files {
        for reminder in std::mem::take(&mut file.reminders) {
            let origin = file.origins.get(&reminder.id).copied().unwrap_or_default();
            match places.entry(reminder.id) {
                Entry::Vacant(free) => {
                    free.insert(all.reminders.len());
                    all.origins.insert(reminder.id, origin);
                    all.reminders.push(reminder);
                }
                Entry::Occupied(place) => all.choose(*place.get(), reminder, origin),
            }
        }
        all.set_aside.extend(file.set_aside);
        all.unread.extend(file.unread);
        all.alarms_carried += file.alarms_carried;
        for (name, count) in file.left_out {
            *all.left_out.entry(name).or_default() += count;
        }
    }
    all
}

impl Contents {
    /// Between the reminder at a place and another one of its id.
    fn choose(&mut self, place: usize, mut new: Reminder, mut origin: Origin) {
        let Some(known) = self.reminders.get_mut(place) else { return };
        let before = self.origins.entry(new.id).or_default();
        let is_outdated = before.sequence > origin.sequence;
        if !is_outdated {
            std::mem::swap(known, &mut new);
            std::mem::swap(before, &mut origin);
        }
        // `new` is the one that does not count.
        if says_the_same(known, &new) {
            return;
        }
        let reason = match (known.uid.is_some(), is_outdated) {
            (false, _) => ItemProblem::Alike,
            (true, true) => ItemProblem::Outdated,
            (true, false) => ItemProblem::Replaced,
        };
        self.set_aside.push(SetAside { line: origin.line, reason, raw: new.title });
    }
}

/// Whether two reminders differ in nothing but when they were made and changed.
pub fn says_the_same(one: &Reminder, other: &Reminder) -> bool {
    Reminder { created_at: one.created_at, changed_at: one.changed_at, ..other.clone() } == *one
}
