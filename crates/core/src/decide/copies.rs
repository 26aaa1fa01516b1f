//! Several events of one reminder: which of them counts, and what becomes of the others.

use super::build::{reconcile, settle};
use super::{Node, is_writable};
use crate::drill::{self, Flaw};
use crate::event::RemoteEvent;
use crate::link::LinkState;
use crate::list::Direction;
use crate::merge::{Base, Merge, merge};
use crate::plan::{Op, Operation, Reason};
use crate::projection::Fields;

/// The event that counts: the highest generation, within one the older; one that the person moved away only when there is no other. The linked event without its marker counts
/// only when it is alone.
#[must_use]
pub fn keeper_of(events: &[RemoteEvent]) -> Option<&RemoteEvent> {
    let rank = |event: &&RemoteEvent| {
        let generation = event.marker.as_ref().map_or(0, |marker| marker.generation);
        (event.moved_away, std::cmp::Reverse(generation), event.created_at, event.event_id.clone())
    };
    events.iter().min_by_key(rank)
}

/// Copies of the keeper: equal ones are deleted, as is a copy at the old place of a move; others are left to the person.
pub(super) fn settle_copies(node: &Node<'_>, keeper: &RemoteEvent) -> Vec<Operation> {
    let copies = node.events.iter().filter(|event| event.event_id != keeper.event_id && is_writable(event));
    let settled = |copy: &RemoteEvent| {
        let equal = copy.projection.diff_in_meaning(&keeper.projection).is_empty();
        let older = copy.marker.as_ref().map(|m| m.generation) < keeper.marker.as_ref().map(|m| m.generation);
        let moved = older && copy.place != keeper.place;
        if copy.moved_away || !(equal || moved) || drill::has(Flaw::CopiesStay) {
            return None;
        }
        if moved && let Some(pulled) = edited_where_it_was(node, keeper, copy) {
            return pulled;
        }
        let reason = if moved { Reason::Moved } else { Reason::Duplicate };
        Some(settle(node, copy, reason))
    };
    copies.filter_map(settled).collect()
}

/// What a person changed in the event at the old place while it was moving: it is taken over first, and the copy goes once the reminder says it too. `Some(None)` while nobody can
/// say, `None` when there is nothing.
fn edited_where_it_was(node: &Node<'_>, keeper: &RemoteEvent, copy: &RemoteEvent) -> Option<Option<Operation>> {
    let (local, link) = node.local.zip(node.link)?;
    if node.direction != Direction::Both || copy.projection.diff_in_meaning(&keeper.projection).is_empty() {
        return None;
    }
    let Some(base) = Base::of(link, keeper).filter(|_| link.state == LinkState::Linked && link.agreed_remote.is_some()) else {
        // The new one is tied to its reminder first.
        return Some(None);
    };
    let merged = merge(&local.projection, local.changed_at, &base, copy, node.direction);
    if merged.pull.is_empty() {
        return None;
    }
    let mut event = keeper.clone();
    for field in &merged.pull {
        event.projection.take(&copy.projection, *field);
    }
    // What was agreed with the new event stays: it is written there next.
    let taken = Merge { withheld: merged.pull.clone(), write: Fields::new(), keep: Fields::new(), ..merged };
    Some(Some(reconcile(node, Op::Pull, Reason::EditedInOutlook, &event, taken)))
}
