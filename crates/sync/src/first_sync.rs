//! The first sync of a list into a calendar that already holds events of it.
//!
//! Another computer made those, or this one lost its memory. Reminders here that have no event are then either new, or were removed elsewhere; only the
//! person knows. They are asked once. That there was, or was not, a question is recorded before the first write, so that a run that is cut off never raises it.

use std::collections::BTreeSet;

use belfry_core::hold::Question;
use belfry_core::list::ListDefaults;
use belfry_core::marker::{Key, Slot};
use belfry_core::merge::pull;
use belfry_core::plan::{Entry, FirstSync, Trees};
use belfry_core::projection::Field;
use belfry_core::slots::Holding;
use belfry_core::{List, ListId, Projection, RemoteEvent, When, Zone};
use belfry_store::{SourceRow, Store, StoreError};
use chrono::{DateTime, Utc};

/// Finds out how the lists of an account stand: those that never synced there may raise a question, and one that lost its subject is settled.
pub fn ask(store: &Store, lists: &[List], trees: &mut Trees, now: DateTime<Utc>) -> Result<(), StoreError> {
    for list in lists.iter().filter(|list| list.place().is_some()) {
        let known = store.first_sync(list)?;
        let stands = match known {
            None if !store.has_links(list)? && meets_its_own(trees, list.id) && is_missing(trees, list.id, now) => FirstSync::Asked(now),
            Some(FirstSync::Asked(at)) if is_missing(trees, list.id, at) => FirstSync::Asked(at),
            Some(stands @ (FirstSync::Removed(_) | FirstSync::Added(_))) => stands,
            _ => FirstSync::Settled,
        };
        let Some(facts) = trees.lists.get_mut(&list.id) else { continue };
        facts.first_sync = stands;
        if known != Some(stands) {
            store.set_first_sync(list, stands)?;
        }
    }
    Ok(())
}

/// Times of a file without a zone are those of the computer that reads it, unless the list says otherwise. Where another computer in another zone has written them first, the list takes
/// over its zone: else each of the two would put back what the other wrote. True when it did.
pub fn take_zones(store: &Store, lists: &[List], trees: &Trees) -> Result<bool, StoreError> {
    let mut has_taken = false;
    for list in lists.iter().filter(|list| list.source.is_some() && list.defaults.zone.is_none() && list.place().is_some()) {
        let met: Vec<Met> = unlinked_keys(trees, list.id).filter_map(|(key, entry)| Met::of(key, entry)).collect();
        let Some(zone) = met.first().map(|one| one.there).filter(|zone| met.iter().all(|one| one.there == *zone)) else { continue };
        if store.has_links(list)? {
            continue;
        }
        tracing::info!(zone = zone.name(), "times without a zone are taken as another computer wrote them");
        store.atomically(|store| {
            store.save_list(&List { defaults: ListDefaults { zone: Some(zone), ..list.defaults.clone() }, ..list.clone() })?;
            for one in &met {
                if let Some(mut reminder) = store.reminder(one.key.reminder)? {
                    pull(&mut reminder, one.event, &[Field::Times].into());
                    store.save_reminder(&reminder)?;
                }
            }
            // What is not in Outlook yet is read anew with the next sync.
            let read = store.source(list.id)?;
            store.save_source(list.id, &SourceRow { validators: None, ..read })
        })?;
        has_taken = true;
    }
    Ok(has_taken)
}

/// A reminder and its event, at the same time of the wall in zones with different clocks.
struct Met<'a> {
    key: &'a Key,
    event: &'a Projection,
    there: Zone,
}

impl<'a> Met<'a> {
    fn of(key: &'a Key, entry: &'a Entry) -> Option<Self> {
        let ([event], Some(local)) = (entry.events.as_slice(), &entry.local) else { return None };
        let (When::At { local: ours, zone: here }, When::At { local: theirs, zone: there }) =
            (local.projection.when, event.projection.when)
        else {
            return None;
        };
        let is_met = key.slot == Slot::Main && ours == theirs && !here.agrees_with(there, ours);
        is_met.then_some(Self { key, event: &event.projection, there })
    }
}

/// Marks lists that never synced and whose reminders are in Outlook already, under a list that this computer does not know: made anew they would all be there
/// twice. `strangers` are such events in calendars that are not pulled.
pub fn compare(store: &Store, lists: &[List], trees: &mut Trees, strangers: &[RemoteEvent]) -> Result<(), StoreError> {
    for list in lists {
        let Some(place) = list.place() else { continue };
        let known = |projection: &Projection| (projection.title.clone(), projection.when.local());
        let here: Vec<_> =
            unlinked(trees, list.id).filter_map(|entry| entry.local.as_ref()).map(|local| known(&local.projection)).collect();
        // A quiet sync has nothing new, and asks the database nothing.
        if here.is_empty() || store.has_links(list)? {
            continue;
        }
        // Where they are is looked for once a day; the question stays until it is answered.
        let is_asked = store.holds()?.iter().any(|hold| Question::of(list.id, &hold.name) == Some(Question::SameList));
        let unknown = store.unknown_events(&place.account)?;
        let there: BTreeSet<_> = unknown.iter().chain(strangers).map(|event| known(&event.projection)).collect();
        let same = here.iter().filter(|one| there.contains(one)).count();
        if let Some(facts) = trees.lists.get_mut(&list.id) {
            facts.resembles = is_asked || (same > 0 && same * 2 >= here.len());
        }
    }
    Ok(())
}

fn unlinked(trees: &Trees, list: ListId) -> impl Iterator<Item = &Entry> {
    unlinked_keys(trees, list).map(|(_, entry)| entry)
}

fn unlinked_keys(trees: &Trees, list: ListId) -> impl Iterator<Item = (&Key, &Entry)> {
    trees.entries.iter().filter(move |(key, entry)| key.list == list && entry.link.is_none())
}

/// Events of the list that no link knows.
fn meets_its_own(trees: &Trees, list: ListId) -> bool {
    unlinked(trees, list).any(|entry| !entry.events.is_empty())
}

/// Reminders from before that are in Outlook nowhere, and could be.
fn is_missing(trees: &Trees, list: ListId, before: DateTime<Utc>) -> bool {
    let local = unlinked(trees, list).filter(|entry| entry.events.is_empty()).filter_map(|entry| entry.local.as_ref());
    local.filter(|local| local.created_at <= before).any(|local| !local.is_stale && local.holding == Holding::Whole)
}

/// What an answer does to lists that were asked about: "they were removed", or "add them".
///
/// # Errors
/// When the database fails.
pub fn answer(store: &Store, lists: &[List], were_removed: bool) -> Result<(), StoreError> {
    for list in lists {
        if let Some(FirstSync::Asked(at)) = store.first_sync(list)? {
            store.set_first_sync(list, if were_removed { FirstSync::Removed(at) } else { FirstSync::Added(at) })?;
        }
    }
    Ok(())
}

/// "They were removed" was carried out.
pub fn carried_out(store: &Store, lists: &[List]) -> Result<(), StoreError> {
    for list in lists {
        if matches!(store.first_sync(list)?, Some(FirstSync::Removed(_))) {
            store.set_first_sync(list, FirstSync::Settled)?;
        }
    }
    Ok(())
}
