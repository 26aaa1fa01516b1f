//! A list leaves Outlook, or a reminder its list.

use super::build::{delete, detach, forget, operation, reconcile, settle};
use super::{Node, is_writable, keeper_of, leave_copies, parted, settle_copies, was_moved_away};
use crate::event::RemoteEvent;
use crate::link::{Link, LinkState};
use crate::marker::Slot;
use crate::merge::{Base, Merge, merge};
use crate::plan::{Action, Elsewhere, Leave, Op, Operation, Reason};

/// The events of a list that leaves Outlook go, or stay and are not ours any more. Meetings, what was detached and what a newer Belfry wrote are not touched;
/// what the person dismissed stays known as dismissed.
pub(super) fn take_out(node: &Node<'_>, leave: Leave) -> Vec<Operation> {
    // What was left alone stays, whatever becomes of the others; where all of them stay it loses our mark like them.
    if leave == Leave::DeleteEvents && node.link.is_some_and(|link| link.state == LinkState::Detached) {
        return vec![];
    }
    let ours: Vec<Operation> = node
        .events
        .iter()
        // What the person moved to another calendar is theirs.
        .filter(|event| is_writable(event) && !event.moved_away)
        .flat_map(|event| match leave {
            Leave::DeleteEvents => delete(node, event, Reason::ListLeaves),
            Leave::KeepEvents => {
                vec![operation(
                    node,
                    Op::Detach,
                    Reason::ListLeaves,
                    Some(event),
                    Action::Mark { event: Box::new(event.clone()), to: None },
                )]
            }
        })
        .collect();
    let was_ours = |link: &Link| {
        matches!(link.state, LinkState::Linked | LinkState::Creating | LinkState::Tombstone | LinkState::Undone | LinkState::Parted)
    };
    if ours.is_empty() && node.link.is_some_and(was_ours) { forget(node) } else { ours }
}

/// The reminder moved to another list. Here: what the person changed in Outlook is pulled, then the event goes, as the new list makes its own. By another
/// computer: the reminder follows its event. Where both happened, every computer chooses the same list.
pub(super) fn in_another_list(node: &Node<'_>, elsewhere: &Elsewhere) -> Vec<Operation> {
    let Some(event) = keeper_of(node.events) else { return if node.link.is_some() { forget(node) } else { vec![] } };
    let follow = || vec![reconcile(node, Op::Adopt, Reason::Moved, event, Merge::default())];
    match node.link {
        Some(link) if link.state == LinkState::Detached => vec![],
        Some(link) if !is_writable(event) || was_moved_away(node, link, event) => detach(node, event),
        Some(link) => {
            let local = &elsewhere.local;
            let merged = Base::of(link, event)
                .map_or_else(Merge::default, |base| merge(&local.projection, local.changed_at, &base, event, node.direction));
            let merged = parted(node, &local.projection, event, merged);
            if !merged.pull.is_empty() {
                let pulled = reconcile(node, Op::Pull, Reason::EditedInOutlook, event, merged.withhold());
                return settle_copies(node, event).into_iter().chain([pulled]).collect();
            }
            // The list may have been moving to another calendar, or a person has made copies: then there are several.
            leave_copies(node, event).into_iter().chain(delete(node, event, Reason::Moved)).collect()
        }
        // It became a meeting before this computer saw that it had moved: it follows, and is left alone where it is.
        None if event.is_meeting && !elsewhere.has_event && node.key.slot == Slot::Main && !is_away(node, event) => follow(),
        None if !is_writable(event) || node.key.slot != Slot::Main || is_away(node, event) => vec![],
        // One that was edited since is left to the computer that moved the reminder, which knows what it said.
        None if elsewhere.has_event && node.key.list > elsewhere.list => {
            let differs = || !event.projection.diff_in_meaning(&elsewhere.local.projection).is_empty();
            let is_edited = event.modified_at > elsewhere.local.changed_at && differs();
            match is_edited {
                false => vec![settle(node, event, Reason::Moved)],
                // Made again by another computer, after what the reminder had in its list became somebody's own: it has an event here.
                true if elsewhere.is_detached => follow(),
                true => vec![],
            }
        }
        None => follow(),
    }
}

/// It lies where its list is not and was not: the person moved it there, and it is theirs.
pub(super) fn is_away(node: &Node<'_>, event: &RemoteEvent) -> bool {
    node.target.is_some_and(|target| *target != event.place) && !node.places.contains(&event.place)
}
