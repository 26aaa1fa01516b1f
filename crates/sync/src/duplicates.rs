//! Copies: several events that carry the marker of one reminder. A sync settles those that are equal; the others wait here for a person.

use belfry_core::decide::{is_writable, keeper_of};
use belfry_core::plan::{Action, Op, Reason};
use belfry_core::{Account, Operation, Plan, RemoteEvent};
use belfry_graph::Mailbox;

use crate::account::Setup;
use crate::apply::Applied;
use crate::error::SyncError;

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
    let pull = setup.pull(&Mailbox::Me);
    for place in setup.store.places_of(&account.id)? {
        pull.list_again(&place).await?;
    }
    let mut all = Vec::new();
    for events in setup.store.several(&account.id)? {
        let ours: Vec<RemoteEvent> = events.into_iter().filter(|event| !event.moved_away).collect();
        let Some(keeper) = keeper_of(&ours) else { continue };
        let is_copy = |event: &&RemoteEvent| event.event_id != keeper.event_id && is_writable(event);
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
    let mut applied = Applied::default();
    setup.apply(&Mailbox::Me, account, true).plan(&Plan { operations: operations.collect() }, &mut applied).await?;
    Ok(applied)
}
