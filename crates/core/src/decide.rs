//! What to do about one event of one reminder, given the three trees. Pure; the whole policy of the two-way sync is here.
//!
//! [`decide`] first settles which event counts (two events of one key are an accident), then routes on what exists: the reminder, the link, the event. Each
//! situation has one function of its own.

mod build;
mod copies;
mod date;
mod leaving;

use std::collections::BTreeSet;

use chrono::{DateTime, Days, NaiveDate, Utc};

use build::{delete, detach, forget, helped, name_of, operation, part, reconcile, refuse};
pub use copies::keeper_of;
use copies::{leave_copies, parted, settle_copies};
pub use date::{OfSeries, Standing};
use date::{adopt_date, first_merge, standing_of, without_series};
use leaving::{in_another_list, is_away, take_out};

use crate::drill::{self, Flaw};
use crate::event::RemoteEvent;
use crate::fingerprint::Fingerprint;
use crate::link::{Link, LinkState, Place};
use crate::list::Direction;
use crate::marker::{Key, Slot};
use crate::merge::{Base, Merge, merge, merge_without_base};
use crate::plan::{Action, Elsewhere, FirstSync, Leave, Op, Operation, Reason};
use crate::projection::{Fields, Projection};
use crate::slots::{Holding, OfDate};

/// What the reminder wants its event to be.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Local {
    /// The event as it should be.
    pub projection: Projection,
    /// When the reminder was made.
    pub created_at: DateTime<Utc>,
    /// When the person or the source last changed the reminder.
    pub changed_at: DateTime<Utc>,
    /// It ended long ago: no event is made for it.
    pub is_stale: bool,
    /// How Outlook holds it.
    pub holding: Holding,
    /// Up to which day its dates have events of their own, where it is held in parts.
    pub until: Option<NaiveDate>,
    /// What its helper events are to say together; `None` where it is to have none.
    pub helpers: Option<Fingerprint>,
    /// Of a date that is an event of its own: how it stands to its series.
    pub date: Option<OfSeries>,
}

/// One event of one reminder in all three trees.
#[derive(Debug, Clone, Copy)]
pub struct Node<'a> {
    /// Whose event.
    pub key: &'a Key,
    /// Which way edits travel in its list.
    pub direction: Direction,
    /// Where the list is kept; `None` is local only.
    pub target: Option<&'a Place>,
    /// Whether this run may restore, delete and detach: always for typed lists, for sourced ones only when the source was read whole.
    pub source_is_whole: bool,
    /// The list leaves Outlook, with or without its events.
    pub leaving: Option<Leave>,
    /// Whether the list has met its own events.
    pub first_sync: FirstSync,
    /// Calendars that events of the list are linked in: beside its target those that it is moving from.
    pub places: &'a BTreeSet<Place>,
    /// The calendar of the link is gone, and everything in it with it.
    pub place_is_gone: bool,
    /// The reminder is there, but in another list; `local` is `None` then.
    pub elsewhere: Option<&'a Elsewhere>,
    /// The reminder is there, whether it has an event of this slot or not.
    pub has_reminder: bool,
    /// The account has events of single dates of it: another computer keeps it so.
    pub parted_elsewhere: bool,
    /// What the reminder says of the date of this slot; `None` where it has no such date.
    pub date: Option<OfDate>,
    /// Local tree.
    pub local: Option<&'a Local>,
    /// Agreed tree.
    pub link: Option<&'a Link>,
    /// Remote tree: events that carry this key's marker, and the linked event whatever it carries.
    pub events: &'a [RemoteEvent],
    /// Highest generation ever seen of this key.
    pub generation: u32,
}

/// Operations for one node, in the order in which they are to be performed.
#[must_use]
pub fn decide(node: &Node<'_>) -> Vec<Operation> {
    if let Some(leave) = node.leaving {
        return take_out(node, leave);
    }
    if let Some(elsewhere) = node.elsewhere {
        return in_another_list(node, elsewhere);
    }
    if standing_of(node) != Standing::Synced {
        return without_series(node);
    }
    let Some(keeper) = keeper_of(node.events).filter(|keeper| !is_left_of_gone_place(node, keeper)) else {
        return match (node.local, node.link) {
            (Some(local), None) => without_anything(node, local),
            (local, Some(link)) => without_event(node, local, link),
            (None, None) => vec![],
        };
    };
    if keeper.marker.as_ref().is_some_and(crate::marker::Marker::is_newer) {
        return vec![];
    }
    let mut operations = settle_copies(node, keeper);
    operations.extend(match node.link {
        None => unlinked(node, keeper),
        Some(link) => linked(node, link, keeper),
    });
    operations
}

/// The calendar of the link went with all that was in it, and what is there is a copy that a person had put elsewhere: theirs, and no reason to do without an event.
fn is_left_of_gone_place(node: &Node<'_>, event: &RemoteEvent) -> bool {
    let is_another = |link: &Link| link.event_id.as_deref() != Some(event.event_id.as_str());
    node.place_is_gone && event.moved_away && node.link.is_some_and(is_another)
}

/// Only the reminder exists: it is new, unless its list met its own events and this one was not among them.
fn without_anything(node: &Node<'_>, local: &Local) -> Vec<Operation> {
    match node.first_sync {
        FirstSync::Removed(at) if local.created_at <= at => {
            vec![operation(node, Op::Dismiss, Reason::SaidRemoved, None, Action::Dismiss)]
        }
        FirstSync::Asked(at) if local.created_at <= at => create(node, local, 1, Reason::NewOrRemoved),
        _ => create(node, local, 1, why_new(node, local)),
    }
}

fn why_new(node: &Node<'_>, local: &Local) -> Reason {
    match node.first_sync {
        FirstSync::Added(at) if local.created_at <= at => Reason::SaidNew,
        FirstSync::Settled | FirstSync::Added(_) | FirstSync::Asked(_) | FirstSync::Removed(_) => Reason::New,
    }
}

/// Whether an event is ours to change: no meeting, and with a marker that this release understands.
#[must_use]
pub fn is_writable(event: &RemoteEvent) -> bool {
    !event.is_meeting && event.marker.as_ref().is_some_and(|marker| !marker.is_newer())
}

/// The reminder may exist, a link does, an event does not.
fn without_event(node: &Node<'_>, local: Option<&Local>, link: &Link) -> Vec<Operation> {
    match (link.state, local) {
        (LinkState::Undone, Some(_)) => vec![operation(node, Op::Dismiss, Reason::Undone, None, Action::Dismiss)],
        // Wanted again after it went.
        (LinkState::Tombstone, Some(local)) => create(node, local, next_generation(node, link), Reason::Edited),
        (LinkState::Tombstone, None)
        | (LinkState::Undone | LinkState::Dismissed | LinkState::Detached | LinkState::Refused | LinkState::Parted, None) => forget(node),
        (LinkState::Creating, None) => forget(node),
        (LinkState::Creating, Some(local)) => create(node, local, link.generation, why_new(node, local)),
        (LinkState::Dismissed | LinkState::Detached, Some(_)) => helpless(node, link),
        (LinkState::Refused, Some(local)) => retry_refused(node, local, link),
        (LinkState::Parted, Some(local)) => create(node, local, next_generation(node, link), Reason::Edited),
        (LinkState::Linked, None) => forget(node),
        (LinkState::Linked, Some(local)) => removed_in_outlook(node, local, link),
    }
}

/// The event is gone. A reminder that was edited since comes back, as does one whose whole calendar went; any other is dismissed.
fn removed_in_outlook(node: &Node<'_>, local: &Local, link: &Link) -> Vec<Operation> {
    // Nobody asked the account that it was kept in, and nothing is missing there.
    let is_elsewhere = node.target.is_some_and(|target| target.account != link.place.account);
    if is_elsewhere || (node.place_is_gone && node.target.is_some_and(|target| *target != link.place)) {
        return create(node, local, next_generation(node, link), Reason::Moved);
    }
    let edited = link.agreed_local.as_ref().is_none_or(|agreed| !agreed.diff(&local.projection).is_empty());
    if edited && node.direction == Direction::Both {
        return create(node, local, next_generation(node, link), Reason::MadeAgain);
    }
    if !node.source_is_whole {
        return vec![];
    }
    let reason = if node.parted_elsewhere { Reason::InParts } else { Reason::RemovedInOutlook };
    vec![operation(node, Op::Dismiss, reason, None, Action::Dismiss)]
}

fn retry_refused(node: &Node<'_>, local: &Local, link: &Link) -> Vec<Operation> {
    if is_refused(local, link) {
        return vec![];
    }
    create(node, local, link.generation, Reason::Edited)
}

/// Ours by its marker, but nothing links it: another computer made it, or our database was lost.
fn unlinked(node: &Node<'_>, event: &RemoteEvent) -> Vec<Operation> {
    // Parts, helpers and splits belong to a reminder that another release or computer writes out: present, and nobody's to change here.
    if node.key.slot != Slot::Main && node.local.is_none() {
        return adopt_date(node, event);
    }
    if event.is_meeting {
        return if node.local.is_some() { detach(node, event) } else { vec![] };
    }
    match (node.local, node.direction) {
        (Some(local), direction) => {
            let merged = first_merge(local, event, direction);
            let merged = if node.key.slot == Slot::Main { merged } else { merged.without_kept() };
            vec![reconcile(node, Op::Relink, Reason::AnotherComputer, event, merged)]
        }
        // What the person moved to another calendar is not taken for a reminder that is missing here; what another computer made where the list just left is.
        (None, Direction::Both) if is_away(node, event) => {
            vec![]
        }
        (None, Direction::Both) => {
            let all = Merge::all();
            vec![reconcile(node, Op::Adopt, Reason::AnotherComputer, event, all)]
        }
        // Nobody here can say whether it was dropped before or never belonged: that is for a person.
        (None, Direction::Source) if node.source_is_whole && is_writable(event) && node.target == Some(&event.place) => {
            delete(node, event, Reason::LeftOver)
        }
        (None, Direction::Source) => vec![],
    }
}

fn linked(node: &Node<'_>, link: &Link, event: &RemoteEvent) -> Vec<Operation> {
    match link.state {
        // Made again by another computer, a copy that stayed, or back from where it was: a computer that knows nothing would take it for ours.
        LinkState::Detached if is_ours_again(node, link, event) => seen_again(node, link, event),
        // The link stays as long as the event does: without it the event would be taken for another computer's.
        LinkState::Detached => helpless(node, link),
        _ if is_theirs(event) => detach(node, event),
        // A list that leaves Outlook has no target; there nothing is asked.
        LinkState::Linked | LinkState::Creating | LinkState::Tombstone | LinkState::Undone if was_moved_away(node, link, event) => {
            detach(node, event)
        }
        LinkState::Tombstone if node.target.is_some() && node.local.is_none() => removed_here(node, link, event),
        // Wanted again before it went.
        LinkState::Tombstone if node.target.is_some() => node.local.map_or_else(Vec::new, |local| both_there(node, local, link, event)),
        LinkState::Tombstone => delete(node, event, Reason::RemovedHere),
        LinkState::Undone => undone(node, link, event),
        LinkState::Dismissed => seen_again(node, link, event),
        LinkState::Creating | LinkState::Linked | LinkState::Refused | LinkState::Parted => match node.local {
            Some(local) => both_there(node, local, link, event),
            None => removed_here(node, link, event),
        },
    }
}

/// A meeting, or an event that lost our marker.
fn is_theirs(event: &RemoteEvent) -> bool {
    (event.is_meeting && !drill::has(Flaw::MeetingIsOurs)) || (event.marker.is_none() && !drill::has(Flaw::UnmarkedIsOurs))
}

/// Where the reminder is gone here, only another making of it counts, or a copy: the event that was left alone is known.
fn is_ours_again(node: &Node<'_>, link: &Link, event: &RemoteEvent) -> bool {
    let is_later = event.marker.as_ref().is_some_and(|marker| marker.generation > link.generation);
    let is_another = link.event_id.as_deref() != Some(event.event_id.as_str());
    (node.local.is_some() || is_later || is_another) && is_writable(event) && !event.moved_away && node.target == Some(&event.place)
}

/// The making of the event was taken back. What a person wrote into it since wins, and it stays.
fn undone(node: &Node<'_>, link: &Link, event: &RemoteEvent) -> Vec<Operation> {
    match node.local {
        Some(local) if Base::of(link, event).is_some_and(|base| !base.edited(event).is_empty()) => both_there(node, local, link, event),
        _ => delete(node, event, Reason::Undone),
    }
}

/// What was dismissed or left alone has an event again. Where the reminder is gone meanwhile nothing of its link counts any more; else what was agreed last says who edited what.
fn seen_again(node: &Node<'_>, link: &Link, event: &RemoteEvent) -> Vec<Operation> {
    let Some(local) = node.local else { return unlinked(node, event) };
    vec![reconcile(node, Op::Relink, Reason::SeenAgain, event, merged(node, local, link, event))]
}

/// The three-way merge, with what the agreement knows.
fn merged(node: &Node<'_>, local: &Local, link: &Link, event: &RemoteEvent) -> Merge {
    let base = Base::of(link, event);
    let merged = match &base {
        Some(base) => merge(&local.projection, local.changed_at, base, event, node.direction),
        None => merge_without_base(&local.projection, event, node.direction),
    };
    let merged = match &local.date {
        Some(date) => merged.of_date(&local.projection, &date.plain),
        None => merged,
    };
    let merged = parted(node, &local.projection, event, if node.key.slot == Slot::Main { merged } else { merged.without_kept() });
    match base {
        _ if node.source_is_whole => merged,
        // What is said here is written; what a person changed in Outlook is put back by a source that was read whole only.
        Some(base) => merged.withhold_these(&base.edited(event)),
        None => merged.withhold(),
    }
}

/// The person moved the event into a calendar that is neither where we put it nor where the list is kept.
fn was_moved_away(node: &Node<'_>, link: &Link, event: &RemoteEvent) -> bool {
    // While a move is under way the event of the generation before is still at the old place.
    let is_this_one = link.state != LinkState::Creating || event.marker.as_ref().is_some_and(|marker| marker.generation == link.generation);
    is_this_one && event.place != link.place && node.target != Some(&event.place)
}

/// Reminder, link and event exist: the three-way merge, or a move to another calendar.
fn both_there(node: &Node<'_>, local: &Local, link: &Link, event: &RemoteEvent) -> Vec<Operation> {
    let merged = refuse_again(local, link, merged(node, local, link, event));
    let relinked = link.event_id.as_deref() != Some(event.event_id.as_str()) || link.place != event.place;
    let unrecorded = link.sending.is_some() || (link.state != LinkState::Linked && link.refused.is_none());
    match &local.holding {
        Holding::Whole => {}
        Holding::InParts(_) => return give_up_series(node, event, merged),
        Holding::Not(why) if !merged.write.is_empty() => return refuse_write(node, local, why, event, merged),
        Holding::Not(_) => {}
    }
    if let Some(target) = node.target.filter(|target| **target != event.place) {
        return relocate(node, local, link, event, target, merged);
    }
    if merged.is_empty() && !relinked && !unrecorded {
        // What waits to be written is no agreement.
        return if merged.withheld.is_empty() { agree_quietly(node, local, link, event) } else { vec![] };
    }
    let (op, reason) = match name_of(&merged, node.direction, relinked || unrecorded) {
        (Op::Relink, _) if link.place != event.place => (Op::Relink, Reason::Moved),
        (Op::Update, Reason::SourceChanged) if matches!(node.key.slot, Slot::Alarm(_)) => (Op::Update, Reason::Edited),
        named => named,
    };
    vec![reconcile(node, op, reason, event, merged)]
}

/// The reminder became something that Outlook cannot hold: its event stays as it is, and what came from Outlook is still taken.
fn refuse_write(node: &Node<'_>, local: &Local, why: &str, event: &RemoteEvent, merged: Merge) -> Vec<Operation> {
    let refuse = refuse(node, local, why, &event.place, Some(event));
    let merged = merged.withhold();
    let pulled = (!merged.is_empty()).then(|| reconcile(node, Op::Pull, Reason::EditedInOutlook, event, merged));
    pulled.into_iter().chain([refuse]).collect()
}

/// Its rule became one that Outlook cannot hold: each date gets an event, and that of the series goes, after what came from Outlook was taken.
fn give_up_series(node: &Node<'_>, event: &RemoteEvent, merged: Merge) -> Vec<Operation> {
    let merged = merged.withhold();
    if merged.is_empty() {
        return delete(node, event, Reason::InParts);
    }
    vec![reconcile(node, Op::Pull, Reason::EditedInOutlook, event, merged)]
}

/// The list is kept elsewhere now: what the person changed at the old place is pulled first, then the event is made at the new one.
fn relocate(node: &Node<'_>, local: &Local, link: &Link, event: &RemoteEvent, target: &Place, merged: Merge) -> Vec<Operation> {
    if !(merged.pull.is_empty() && merged.keep.is_empty()) {
        return vec![reconcile(node, Op::Pull, Reason::EditedInOutlook, event, merged.withhold())];
    }
    // A move that was cut off goes on under its own number.
    let is_under_way = link.state == LinkState::Creating && link.place == *target;
    // What was edited here is written where the event is: after that, whatever the old copy says otherwise is somebody's edit.
    if !merged.write.is_empty() && !is_under_way && is_writable(event) {
        let (op, reason) = name_of(&merged, node.direction, false);
        return vec![reconcile(node, op, reason, event, merged)];
    }
    let generation = if is_under_way { link.generation } else { next_generation(node, link) };
    let action = Action::Create { place: target.clone(), generation, projection: Box::new(local.projection.clone()) };
    vec![operation(node, Op::Create, Reason::Moved, Some(event), action)]
}

/// Whether the reminder was refused as it is now.
fn is_refused(local: &Local, link: &Link) -> bool {
    link.refused.as_ref() == Some(&Fingerprint::of(&local.projection))
}

/// A reminder whose event went has no helpers any more; that is agreed once they are gone.
fn helpless(node: &Node<'_>, link: &Link) -> Vec<Operation> {
    if node.local.is_some() && link.helpers.is_some() { vec![helped(node, None)] } else { vec![] }
}

/// Fields that the server refused stay refused until the reminder changes.
fn refuse_again(local: &Local, link: &Link, merged: Merge) -> Merge {
    if is_refused(local, link) { merged.withhold() } else { merged }
}

/// Both sides say the same, but one of them in other words than the agreement: the words are recorded, nothing is written.
fn agree_quietly(node: &Node<'_>, local: &Local, link: &Link, event: &RemoteEvent) -> Vec<Operation> {
    let same_local = link.agreed_local.as_ref() == Some(&local.projection);
    let same_remote = link.agreed_remote.as_ref() == Some(&event.projection);
    if same_local && same_remote && link.helpers != local.helpers {
        return vec![helped(node, local.helpers.clone())];
    }
    if link.refused.is_some() || (same_local && same_remote) {
        return vec![];
    }
    vec![reconcile(node, Op::Agree, Reason::SameOnBoth, event, Merge::default())]
}

/// The reminder was removed here. If a person edited the event in the meantime, the edit wins in a typed list.
fn removed_here(node: &Node<'_>, link: &Link, event: &RemoteEvent) -> Vec<Operation> {
    if !node.source_is_whole {
        return vec![];
    }
    if drill::has(Flaw::RemovalForgotten) {
        return forget(node);
    }
    let edited = Base::of(link, event).map_or_else(Fields::new, |base| base.edited(event));
    match node.direction {
        // A helper rings for nothing without its alarm, whoever wrote into it.
        _ if matches!(node.key.slot, Slot::Alarm(_)) => delete(node, event, Reason::DateGone),
        // One edited event of a date does not make a whole reminder again, nor a date that the rule does not give.
        Direction::Both if node.key.slot != Slot::Main && node.date.is_none() && !edited.is_empty() => detach(node, event),
        Direction::Both if !edited.is_empty() => {
            let all = Merge::all();
            vec![reconcile(node, Op::Pull, Reason::EditedAfterRemoval, event, all)]
        }
        Direction::Source if edited.iter().any(|field| !field.is_kept()) => detach(node, event),
        // The reminder goes on without this date.
        _ if node.key.slot != Slot::Main && node.has_reminder => delete(node, event, Reason::DateGone),
        Direction::Both => delete(node, event, Reason::RemovedHere),
        Direction::Source => delete(node, event, Reason::LeftSource),
    }
}

fn create(node: &Node<'_>, local: &Local, generation: u32, reason: Reason) -> Vec<Operation> {
    let Some(target) = node.target else { return vec![] };
    if local.is_stale {
        return vec![];
    }
    let is_said = node.link.is_some_and(|link| is_refused(local, link));
    match &local.holding {
        Holding::Whole => {}
        Holding::Not(_) if is_said => return vec![],
        Holding::Not(why) => return vec![refuse(node, local, why, target, None)],
        Holding::InParts(_) if is_said && !rolls(node, local) && node.link.is_some_and(|link| link.place == *target) => return vec![],
        Holding::InParts(why) => return vec![part(node, local, why, target)],
    }
    let is_under_way = node.link.is_some_and(|link| link.state == LinkState::Creating);
    let generation = match node.link {
        Some(link) if drill::has(Flaw::OldGeneration) => link.generation,
        _ => generation.max(node.generation.saturating_add(u32::from(!is_under_way))),
    };
    let action = Action::Create { place: target.clone(), generation, projection: Box::new(local.projection.clone()) };
    vec![operation(node, Op::Create, reason, None, action)]
}

/// Whether a month or more of dates has come within the horizon.
fn rolls(node: &Node<'_>, local: &Local) -> bool {
    let until = node.link.and_then(|link| link.until);
    until.zip(local.until).is_none_or(|(was, is)| was + Days::new(28) < is)
}

fn next_generation(node: &Node<'_>, link: &Link) -> u32 {
    link.generation.max(node.generation).saturating_add(1)
}
