//! Copies: several events that carry the marker of one reminder. A sync settles those that are equal; the others wait here for a person.

use std::collections::BTreeSet;

use belfry_core::decide::keeper_of;
use belfry_core::plan::{Action, Op, Reason};
use belfry_core::{Account, Operation, Place, Plan, RemoteEvent};
use belfry_graph::Mailbox;

use crate::account::Setup;
use crate::apply::{Applied, Apply};
use crate::error::SyncError;
use crate::pull::Pull;

/// A copy and the event that counts.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Duplicate {
    /// The copy.
    pub copy: RemoteEvent,
    /// The event that is kept.
    pub keeper: RemoteEvent,
}

/// Lists the calendars of an account anew and finds what is there twice.
///
/// # Errors
/// When the mailbox or the database fails.
pub async fn find_duplicates(setup: &Setup<'_>, account: &Account) -> Result<Vec<Duplicate>, SyncError> {
    let targets: BTreeSet<Place> =
        setup.store.lists()?.iter().filter(|list| list.is_kept_in(&account.id)).filter_map(belfry_core::List::place).collect();
    let pull = Pull { graph: setup.graph, mailbox: &Mailbox::Me, store: setup.store, now: setup.clock.now() };
    for place in setup.store.places_of(&account.id)?.into_iter().chain(targets).collect::<BTreeSet<Place>>() {
        pull.list_again(&place).await?;
    }
    let mut all = Vec::new();
    for events in setup.store.several(&account.id)? {
        let ours: Vec<RemoteEvent> = events.into_iter().filter(|event| !event.moved_away).collect();
        let Some(keeper) = keeper_of(&ours) else { continue };
        // A meeting has people in it, and what a newer Belfry wrote is not understood here.
        let is_copy = |event: &&RemoteEvent| {
            event.event_id != keeper.event_id && !event.is_meeting && event.marker.as_ref().is_some_and(|marker| !marker.is_newer())
        };
        all.extend(ours.iter().filter(is_copy).map(|copy| Duplicate { copy: copy.clone(), keeper: keeper.clone() }));
    }
    Ok(all)
}

/// Deletes copies, as asked by hand.
///
/// # Errors
/// When the mailbox or the database fails.
pub async fn remove_duplicates(setup: &Setup<'_>, account: &Account, duplicates: &[Duplicate]) -> Result<Applied, SyncError> {
    let operations = duplicates.iter().filter_map(|duplicate| {
        let marker = duplicate.copy.marker.as_ref()?;
        Some(Operation {
            op: Op::Settle,
            key: marker.key.clone(),
            title: duplicate.copy.projection.title.clone(),
            event_id: Some(duplicate.copy.event_id.clone()),
            reason: Reason::Duplicate,
            held: None,
            action: Action::Delete { event: Box::new(duplicate.copy.clone()) },
        })
    });
    let apply = Apply {
        graph: setup.graph,
        mailbox: &Mailbox::Me,
        store: setup.store,
        run: setup.run,
        now: setup.clock.now(),
        careful: true,
        progress: setup.progress,
        login: &account.login,
    };
    let mut applied = Applied::default();
    apply.plan(&Plan { operations: operations.collect() }, &mut applied).await?;
    Ok(applied)
}
