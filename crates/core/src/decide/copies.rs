//! Several events of one reminder: which of them counts, and what becomes of the others.

use super::build::{operation, reconcile, settle};
use super::{Node, is_writable};
use crate::drill::{self, Flaw};
use crate::event::RemoteEvent;
use crate::expand::last_start;
use crate::id::ReminderId;
use crate::link::LinkState;
use crate::list::Direction;
use crate::marker::{Key, Slot};
use crate::merge::{Base, Merge, merge};
use crate::plan::{Action, Op, Operation, Reason};
use crate::projection::{Field, Fields, Projection};

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
        if is_split_off(node, keeper, copy) {
            return split_off(node, keeper, copy);
        }
        let equal = copy.projection.diff_in_meaning(&keeper.projection).is_empty();
        let older = copy.marker.as_ref().map(|m| m.generation) < keeper.marker.as_ref().map(|m| m.generation);
        let moved = older && copy.place != keeper.place;
        if copy.moved_away || !(equal || moved) || drill::has(Flaw::CopiesStay) {
            return None;
        }
        if moved && !equal && node.direction == Direction::Both && !is_first_there(node, keeper, copy) {
            return split_off(node, keeper, copy);
        }
        if moved && let Some(pulled) = edited_where_it_was(node, keeper, copy) {
            return pulled;
        }
        let reason = if moved { Reason::Moved } else { Reason::Duplicate };
        Some(settle(node, copy, reason))
    };
    let mut operations: Vec<Operation> = copies.filter_map(settled).collect();
    // What becomes a reminder of its own does so before the event goes that tells it from what was edited.
    operations.sort_by_key(|operation| !matches!(operation.action, Action::Mark { .. }));
    operations
}

/// Copies of the event of a reminder that leaves its list: one that says something else does not come with it, and is a reminder of its own from now on.
pub(super) fn leave_copies(node: &Node<'_>, keeper: &RemoteEvent) -> Vec<Operation> {
    let settled = settle_copies(node, keeper);
    let is_settled = |copy: &RemoteEvent| settled.iter().any(|operation| operation.event_id.as_deref() == Some(copy.event_id.as_str()));
    let others = node.events.iter().filter(|event| event.event_id != keeper.event_id && is_writable(event) && !event.moved_away);
    let others = others.filter(|copy| node.direction == Direction::Both && node.key.slot == Slot::Main && !is_settled(copy));
    let parted: Vec<Operation> = others.filter_map(|copy| split_off(node, keeper, copy)).collect();
    parted.into_iter().chain(settled).collect()
}

/// Of several events at the old place of a move one is that of the reminder. Another, which says something else, is no edit of it: a person made it there, by a copy or by parting a
/// series.
fn is_first_there(node: &Node<'_>, keeper: &RemoteEvent, copy: &RemoteEvent) -> bool {
    let there = |event: &&RemoteEvent| event.event_id != keeper.event_id && event.place == copy.place && is_writable(event);
    let there: Vec<RemoteEvent> = node.events.iter().filter(there).cloned().collect();
    keeper_of(&there).is_some_and(|first| first.event_id == copy.event_id)
}

/// What a person changed in the event at the old place while it was moving: it is taken over first, and the copy goes once the reminder says it too. `Some(None)` while nobody can
/// say, `None` when there is nothing.
fn edited_where_it_was(node: &Node<'_>, keeper: &RemoteEvent, copy: &RemoteEvent) -> Option<Option<Operation>> {
    if node.direction != Direction::Both || copy.projection.diff_in_meaning(&keeper.projection).is_empty() {
        return None;
    }
    let Some((local, link)) = node.local.zip(node.link) else {
        // A database that lost its links tells by the time which of the two somebody wrote to last.
        return (copy.modified_at > keeper.created_at).then_some(None);
    };
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
    let withheld = merged.pull.union(&merged.write).copied().collect();
    let taken = Merge { withheld, write: Fields::new(), keep: Fields::new(), ..merged };
    Some(Some(reconcile(node, Op::Pull, Reason::EditedInOutlook, &event, taken)))
}

/// "This and following" in Outlook ends a series and makes another one from there, which may carry a copy of our marker.
fn is_split_off(node: &Node<'_>, keeper: &RemoteEvent, copy: &RemoteEvent) -> bool {
    let (ended, later) = (&keeper.projection, &copy.projection);
    // One that was moved since may have no date left before its end.
    let is_before = last_of(ended).is_some_and(|last| last < later.when.local());
    let is_of_place = !copy.moved_away && copy.place == keeper.place && ended.rule.is_some() && later.rule.is_some();
    // A copy of the first part ends where that does; the later part goes on.
    let goes_on = || ends_of(later) != ends_of(ended);
    is_of_place && (is_before || (was_ended(node, ended) && keeper.created_at < copy.created_at && goes_on()))
}

/// The merge with the first part of a series that Outlook parted, where the later part is about to become a reminder of its own.
pub(super) fn parted(node: &Node<'_>, local: &Projection, keeper: &RemoteEvent, merged: Merge) -> Merge {
    let mut others = node.events.iter().filter(|event| event.event_id != keeper.event_id && is_writable(event));
    let is_parted = node.direction == Direction::Both && others.any(|copy| is_split_off(node, keeper, copy));
    if is_parted { merged.parted_in_outlook(local, &keeper.projection) } else { merged }
}

/// Somebody ended the series in Outlook. Where its dates were moved since, the later part does not begin behind its end any more.
fn was_ended(node: &Node<'_>, ended: &Projection) -> bool {
    let agreed = node.link.and_then(|link| link.agreed_remote.as_ref()?.rule.as_ref());
    agreed.zip(ended.rule.as_ref()).is_some_and(|(agreed, ended)| agreed.end != ended.end)
}

fn ends_of(series: &Projection) -> Option<crate::rule::End> {
    series.rule.as_ref().map(|rule| rule.end)
}

fn last_of(series: &Projection) -> Option<chrono::NaiveDateTime> {
    series.rule.as_ref().and_then(|rule| last_start(rule, &series.when))
}

/// In a typed list the later part is a reminder of its own from now on. A source has the last word about its series, which goes on: a later part that says nothing else goes, and one that a
/// person edited is theirs.
fn split_off(node: &Node<'_>, keeper: &RemoteEvent, copy: &RemoteEvent) -> Option<Operation> {
    if node.direction == Direction::Both {
        let reminder = ReminderId::of_split(node.key.list, node.key.reminder, &copy.event_id);
        let to = Some(Key::main(node.key.list, reminder));
        return Some(operation(node, Op::Relink, Reason::SplitOff, Some(copy), Action::Mark { event: Box::new(copy.clone()), to }));
    }
    let only_dates = |field: &Field| matches!(field, Field::Times | Field::Rule | Field::Occurrences);
    let (ended, later) = (&keeper.projection, &copy.projection);
    let same_time = (ended.when.local().time(), ended.length) == (later.when.local().time(), later.length);
    let is_plain = same_time && later.diff_in_meaning(ended).iter().all(only_dates);
    (is_plain && node.source_is_whole).then(|| settle(node, copy, Reason::Duplicate))
}
