//! Operations as values: what each decision looks like in a plan.

use super::date::{Standing, standing_of};
use super::{Local, Node};
use crate::event::RemoteEvent;
use crate::fingerprint::Fingerprint;
use crate::link::Place;
use crate::list::Direction;
use crate::marker::Slot;
use crate::merge::Merge;
use crate::plan::{Action, Op, Operation, Reason};

pub(super) fn refuse(node: &Node<'_>, local: &Local, why: &str, place: &Place, event: Option<&RemoteEvent>) -> Operation {
    let action = Action::Refuse { why: why.to_owned(), place: place.clone(), projection: Box::new(local.projection.clone()) };
    operation(node, Op::Refuse, Reason::OutlookCannotHold, event, action)
}

pub(super) fn part(node: &Node<'_>, local: &Local, why: &str, place: &Place) -> Operation {
    let until = local.until;
    let action = Action::Part { why: why.to_owned(), place: place.clone(), until, projection: Box::new(local.projection.clone()) };
    operation(node, Op::Part, Reason::InParts, None, action)
}

/// What the helper events of a reminder say together is agreed.
pub(super) fn helped(node: &Node<'_>, helpers: Option<Fingerprint>) -> Operation {
    operation(node, Op::Agree, Reason::SameOnBoth, None, Action::Help { helpers })
}

pub(super) fn delete(node: &Node<'_>, event: &RemoteEvent, reason: Reason) -> Vec<Operation> {
    vec![operation(node, Op::Delete, reason, Some(event), Action::Delete { event: Box::new(event.clone()) })]
}

/// The event is one too many: it goes, and what is known of its key stays.
pub(super) fn settle(node: &Node<'_>, copy: &RemoteEvent, reason: Reason) -> Operation {
    operation(node, Op::Settle, reason, Some(copy), Action::Delete { event: Box::new(copy.clone()) })
}

pub(super) fn detach(node: &Node<'_>, event: &RemoteEvent) -> Vec<Operation> {
    let reason = match (event.is_meeting, &event.marker) {
        (true, _) => Reason::BecameMeeting,
        (false, None) => Reason::MarkerLost,
        (false, Some(_)) if node.local.is_none() && node.direction == Direction::Source => Reason::LeftSource,
        (false, Some(_)) if node.local.is_none() => Reason::EditedAfterRemoval,
        (false, Some(_)) if standing_of(node) != Standing::Synced && !event.moved_away => Reason::OutlivesSeries,
        (false, Some(_)) => Reason::MovedAway,
    };
    vec![operation(node, Op::Detach, reason, Some(event), Action::Detach)]
}

pub(super) fn forget(node: &Node<'_>) -> Vec<Operation> {
    vec![operation(node, Op::Forget, Reason::GoneOnBoth, None, Action::Forget)]
}

pub(super) fn reconcile(node: &Node<'_>, op: Op, reason: Reason, event: &RemoteEvent, merge: Merge) -> Operation {
    let local = node.local.or(node.elsewhere.map(|elsewhere| &elsewhere.local));
    let planned = local.map(|local| Box::new(local.projection.clone()));
    operation(node, op, reason, Some(event), Action::Reconcile { event: Box::new(event.clone()), planned, merge })
}

pub(super) fn operation(node: &Node<'_>, op: Op, reason: Reason, event: Option<&RemoteEvent>, action: Action) -> Operation {
    let about = match (node.local, event, node.link) {
        (Some(local), _, _) => Some(&local.projection),
        (None, Some(event), _) => Some(&event.projection),
        (None, None, link) => link.and_then(|link| link.agreed_local.as_ref()),
    };
    let (title, start) = (about.map(|about| about.title.clone()).unwrap_or_default(), about.map(|about| about.when));
    // Many dates of one reminder are told apart by their day.
    let title = match &node.key.slot {
        Slot::Part(start) | Slot::Occurrence(start) => format!("{title} ({})", start.get(..10).unwrap_or(start)),
        Slot::Alarm(_) => format!("{title} (alarm)"),
        Slot::Main | Slot::Split(_) => title,
    };
    let event_id = event.map(|event| event.event_id.clone()).or_else(|| node.link.and_then(|link| link.event_id.clone()));
    Operation { op, key: node.key.clone(), title, start, event_id, reason, held: None, action }
}

/// What moves, and why, in a word for each.
pub(super) fn name_of(merged: &Merge, direction: Direction, relinked: bool) -> (Op, Reason) {
    match (merged.pull.is_empty(), merged.keep.is_empty(), merged.write.is_empty()) {
        (true, true, true) if relinked => (Op::Relink, Reason::Recovered),
        (true, true, true) => (Op::Agree, Reason::SameOnBoth),
        // Of what a person may change over a source nobody can say here who did.
        (true, true, false) if direction == Direction::Source && !merged.write.iter().all(|field| field.is_kept()) => {
            (Op::Update, Reason::SourceChanged)
        }
        (true, true, false) => (Op::Update, Reason::Edited),
        (false, _, true) => (Op::Pull, Reason::EditedInOutlook),
        (true, false, true) => (Op::Keep, Reason::EditedInOutlook),
        // One field is the person's own there, another is put back: nobody edited anything here.
        (true, false, false) if direction == Direction::Source => (Op::Merge, Reason::EditedInOutlook),
        _ => (Op::Merge, Reason::EditedOnBoth),
    }
}
