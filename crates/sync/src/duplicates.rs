//! Copies: several events that carry the marker of one reminder, in whichever calendar. A sync settles those that are equal; the others wait here for a person.

use std::collections::{BTreeMap, BTreeSet};

use belfry_core::decide::{is_writable, keeper_of};
use belfry_core::marker::Key;
use belfry_core::plan::{Action, Op, Reason};
use belfry_core::{Account, Operation, Place, Plan, RemoteEvent};
use belfry_graph::{Calendar, Mailbox};

use crate::account::Setup;
use crate::apply::Applied;
use crate::aside::Aside;
use crate::calendars;
use crate::error::SyncError;
use crate::pull::observed;

/// A copy and the event that counts.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Duplicate {
    /// The copy.
    pub copy: RemoteEvent,
    /// The event that is kept.
    pub keeper: RemoteEvent,
    /// Name of the copy's calendar.
    pub calendar: String,
}

/// Lists the calendars of an account anew, those too that no list is kept in, and finds what is there twice. What a person moved away is theirs.
///
/// # Errors
/// When the mailbox or the database fails.
pub async fn find_duplicates(setup: &Setup<'_>, account: &Account) -> Result<Vec<Duplicate>, SyncError> {
    let aside = Aside::of(setup.store, &account.id)?;
    let pull = setup.pull(&Mailbox::Me, &aside);
    let places = setup.store.places_of(&account.id)?;
    for place in &places {
        pull.list_again(place).await?;
    }
    let own = calendars::own(calendars::all(setup.graph, &Mailbox::Me).await?);
    let mut by_key: BTreeMap<Key, Vec<RemoteEvent>> = BTreeMap::new();
    for event in setup.store.several(&account.id)?.into_iter().flatten() {
        insert(&mut by_key, event);
    }
    for event in not_pulled(setup, account, &aside, &own, &places).await? {
        let Some(key) = event.marker.as_ref().map(|marker| marker.key.clone()) else { continue };
        if !by_key.contains_key(&key) {
            by_key.insert(key.clone(), setup.store.events_of(&key, &account.id)?);
        }
        insert(&mut by_key, event);
    }
    let name = |id: &str| own.iter().find(|calendar| calendar.id == id).map(|calendar| calendar.name.clone()).unwrap_or_default();
    let mut all = Vec::new();
    for events in by_key.into_values() {
        let ours: Vec<RemoteEvent> = events.into_iter().filter(|event| !event.moved_away).collect();
        let Some(keeper) = keeper_of(&ours).filter(|_| !ours.iter().any(|event| aside.is_unseen(&event.event_id))) else { continue };
        let is_copy = |event: &&RemoteEvent| event.event_id != keeper.event_id && is_writable(event);
        let pair = |copy: &RemoteEvent| Duplicate { copy: copy.clone(), keeper: keeper.clone(), calendar: name(&copy.place.calendar) };
        all.extend(ours.iter().filter(is_copy).map(pair));
    }
    Ok(all)
}

fn insert(by_key: &mut BTreeMap<Key, Vec<RemoteEvent>>, event: RemoteEvent) {
    if let Some(marker) = &event.marker {
        by_key.entry(marker.key.clone()).or_default().push(event);
    }
}

/// Events of ours where no list is kept and that the database knows nothing of.
async fn not_pulled(
    setup: &Setup<'_>,
    account: &Account,
    aside: &Aside,
    own: &[Calendar],
    pulled: &[Place],
) -> Result<Vec<RemoteEvent>, SyncError> {
    let pulled: BTreeSet<String> = pulled.iter().map(|place| place.calendar.clone()).collect();
    let mut events = Vec::new();
    for holding in setup.pull(&Mailbox::Me, aside).holding(own, &pulled).await? {
        let place = Place { account: account.id.clone(), calendar: holding.calendar.id };
        for seen in holding.events.iter().filter(|seen| seen.projection.is_some()) {
            if setup.store.event(&account.id, &seen.event_id)?.is_none() {
                events.push(observed(&place, seen, seen.marker.marker().cloned()));
            }
        }
    }
    Ok(events)
}

/// Deletes copies, as asked by hand. Returns the ids of those that are still there.
///
/// # Errors
/// When the mailbox or the database fails.
pub async fn remove_duplicates(setup: &Setup<'_>, account: &Account, duplicates: &[Duplicate]) -> Result<Vec<String>, SyncError> {
    let mut strange = Vec::new();
    for one in duplicates {
        if setup.store.event(&account.id, &one.copy.event_id)?.is_none() {
            // A plan deletes what is known only. Known like this, no sync would touch it.
            setup.store.save_event(&RemoteEvent { moved_away: true, ..one.copy.clone() })?;
            strange.push(&one.copy.event_id);
        }
    }
    let aside = Aside::of(setup.store, &account.id)?;
    let removed = setup.apply(&Mailbox::Me, account, &aside, true).plan(&removal(duplicates), &mut Applied::default()).await;
    let mut left = Vec::new();
    for one in duplicates {
        left.extend(setup.store.event(&account.id, &one.copy.event_id)?.map(|event| event.event_id));
    }
    for id in strange {
        setup.store.remove_event(&account.id, id)?;
    }
    removed.map(|()| left)
}

fn removal(duplicates: &[Duplicate]) -> Plan {
    let operations = duplicates.iter().filter_map(|duplicate| {
        let marker = duplicate.copy.marker.as_ref()?;
        Some(Operation {
            op: Op::Settle,
            key: marker.key.clone(),
            title: duplicate.copy.projection.title.clone(),
            start: Some(duplicate.copy.projection.when),
            event_id: Some(duplicate.copy.event_id.clone()),
            reason: Reason::Duplicate,
            held: None,
            action: Action::Delete { event: Box::new(duplicate.copy.clone()) },
        })
    });
    Plan { operations: operations.collect() }
}
