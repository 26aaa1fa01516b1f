//! A plan: an ordered list of operations. A value that can be compared, printed and serialised; a dry run prints it.

mod reason;

use std::collections::{BTreeMap, BTreeSet};

use chrono::{DateTime, NaiveDate, Utc};
use serde::{Deserialize, Serialize};

use crate::decide::{Local, Node, decide};
use crate::drill::{self, Flaw};
use crate::event::RemoteEvent;
use crate::fingerprint::Fingerprint;
use crate::hold::hold;
use crate::id::{ListId, ReminderId};
use crate::link::{Link, LinkState, Place};
use crate::list::Direction;
use crate::marker::{Key, Slot};
use crate::merge::Merge;
use crate::projection::Projection;
use crate::slots::OfDate;
use crate::when::When;
use crate::word::named;

pub use reason::Reason;

/// The name of an operation in plans, the journal and `--json`.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Op {
    /// Delete a copy.
    Settle,
    /// An event of ours is tied to its reminder again.
    Relink,
    /// A reminder is made from an event of ours.
    Adopt,
    /// The reminder takes the event's fields.
    Pull,
    /// The person's choice in Outlook is kept over the source.
    Keep,
    /// Both sides change.
    Merge,
    /// The event gets back what a person changed.
    Restore,
    /// The event takes the reminder's fields.
    Update,
    /// The event is made.
    Create,
    /// The reminder stays, its event is not made again.
    Dismiss,
    /// The event is left alone from now on.
    Detach,
    /// The event is deleted.
    Delete,
    /// Outlook cannot hold it.
    Refuse,
    /// It is held as one event for each date.
    Part,
    /// Only the agreement is recorded.
    Agree,
    /// Only the link is dropped.
    Forget,
}

named!(Op {
    Settle "settle",
    Relink "relink",
    Adopt "adopt",
    Pull "pull",
    Keep "keep",
    Merge "merge",
    Restore "restore",
    Update "update",
    Create "create",
    Dismiss "dismiss",
    Detach "detach",
    Delete "delete",
    Refuse "refuse",
    Part "part",
    Agree "agree",
    Forget "forget",
});

impl Op {
    /// Whether a person wants to hear of it. Bookkeeping is left out of plans and journals that people read.
    #[must_use]
    pub fn is_visible(self) -> bool {
        !matches!(self, Self::Agree | Self::Forget | Self::Refuse | Self::Part)
    }
}

/// What is to be done.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Action {
    /// Make the event.
    Create {
        /// Where.
        place: Place,
        /// Which making of it.
        generation: u32,
        /// As what.
        projection: Box<Projection>,
    },
    /// Move fields between reminder and event, then record agreement. Makes the reminder when there is none.
    Reconcile {
        /// The event as last seen.
        event: Box<RemoteEvent>,
        /// The reminder as it was when this was decided. If it is another by now, the next round decides anew.
        planned: Option<Box<Projection>>,
        /// Which fields go where.
        merge: Merge,
    },
    /// Delete the event.
    Delete {
        /// The event as last seen.
        event: Box<RemoteEvent>,
    },
    /// Say whose event it is from now on: another key's, or, with `None`, the person's own; then the link is dropped.
    Mark {
        /// The event as last seen.
        event: Box<RemoteEvent>,
        /// Whose.
        to: Option<Key>,
    },
    /// Remember that the person removed it.
    Dismiss,
    /// Leave the event alone from now on.
    Detach,
    /// Drop the link.
    Forget,
    /// Remember that each date is an event of its own.
    Part {
        /// Why, for a person.
        why: String,
        /// Where they are kept.
        place: Place,
        /// Up to which day all of them are made; `None` while some are still to be.
        until: Option<NaiveDate>,
        /// What the series would have been.
        projection: Box<Projection>,
    },
    /// Remember what its helper events say together.
    Help {
        /// All of them; `None` where there are none.
        helpers: Option<Fingerprint>,
    },
    /// Remember that Outlook cannot hold it.
    Refuse {
        /// Why, for a person.
        why: String,
        /// Where it would have gone.
        place: Place,
        /// What it would have been.
        projection: Box<Projection>,
    },
}

/// One step of a plan.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Operation {
    /// Name.
    pub op: Op,
    /// Which event of which reminder.
    pub key: Key,
    /// Title, for people.
    pub title: String,
    /// When it is, for people; a series by its first date.
    pub start: Option<When>,
    /// The event, if there is one.
    pub event_id: Option<String>,
    /// Why.
    pub reason: Reason,
    /// The held set that it belongs to, if it waits.
    pub held: Option<Fingerprint>,
    /// What.
    pub action: Action,
}

/// An ordered list of operations.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Plan {
    /// In order.
    pub operations: Vec<Operation>,
}

impl Operation {
    /// The calendar that it is about, where the action says.
    #[must_use]
    pub fn place(&self) -> Option<&Place> {
        match &self.action {
            Action::Create { place, .. } | Action::Refuse { place, .. } | Action::Part { place, .. } => Some(place),
            Action::Reconcile { event, .. } | Action::Delete { event } | Action::Mark { event, .. } => Some(&event.place),
            Action::Dismiss | Action::Detach | Action::Forget | Action::Help { .. } => None,
        }
    }

    /// Whether it writes to the mailbox.
    #[must_use]
    pub fn is_written(&self) -> bool {
        match &self.action {
            Action::Create { .. } | Action::Delete { .. } | Action::Mark { .. } => true,
            Action::Reconcile { merge, .. } => !merge.write.is_empty(),
            Action::Dismiss | Action::Detach | Action::Forget => false,
            Action::Refuse { .. } | Action::Part { .. } | Action::Help { .. } => false,
        }
    }
}

impl Plan {
    /// Whether nothing is to be done, waiting operations aside.
    #[must_use]
    pub fn is_empty(&self) -> bool {
        self.operations.iter().all(|operation| operation.held.is_some())
    }
}

/// What the plan has to know of one list.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ListFacts {
    /// Which way edits travel.
    pub direction: Direction,
    /// Where it is kept.
    pub target: Option<Place>,
    /// Whether restoring, deleting and detaching is allowed in this run.
    pub source_is_whole: bool,
    /// It leaves Outlook, with or without its events.
    pub leaving: Option<Leave>,
    /// Whether it has met its own events.
    pub first_sync: FirstSync,
    /// It never synced, and half or more of its reminders are in Outlook already, in a list that this computer does not know.
    pub resembles: bool,
    /// Calendars that its events are linked in.
    pub places: BTreeSet<Place>,
    /// Calendars of its account that are gone.
    pub gone: BTreeSet<Place>,
    /// A person is to see what its first sync would do before anything of it is done.
    pub unstarted: bool,
    /// Events that were linked before this run.
    pub linked: usize,
    /// Removals that nobody asked for and that this run has carried out already.
    pub removed: usize,
    /// Removals of an earlier run still wait for an answer.
    pub waits: bool,
    /// Held sets that a person has confirmed.
    pub confirmed: BTreeSet<Fingerprint>,
}

/// What becomes of the events of a list that leaves Outlook.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Leave {
    /// They are deleted.
    DeleteEvents,
    /// They stay, without our marker.
    KeepEvents,
}

/// How a list stands that meets events of its own which no link here knows: another computer made them, or this one lost its memory.
/// Then reminders without an event are a question: new, or removed elsewhere?
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum FirstSync {
    /// There is no question.
    Settled,
    /// Those from before then are new, said the person: they are made even where an event of theirs was removed once.
    Added(DateTime<Utc>),
    /// The person was asked then; reminders from before wait.
    Asked(DateTime<Utc>),
    /// Those from before then were removed elsewhere: each is dismissed.
    Removed(DateTime<Utc>),
}

/// One key in all three trees.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Entry {
    /// Local tree.
    pub local: Option<Local>,
    /// Agreed tree.
    pub link: Option<Link>,
    /// Remote tree.
    pub events: Vec<RemoteEvent>,
    /// Highest generation ever seen.
    pub generation: u32,
    /// The reminder is there, but in another list.
    pub elsewhere: Option<Elsewhere>,
    /// The reminder is there, whether it has an event of this slot or not.
    pub has_reminder: bool,
    /// The account has events of single dates of it: another computer keeps it so.
    pub parted_elsewhere: bool,
    /// What the reminder says of the date of this slot; `None` where it has no such date.
    pub date: Option<OfDate>,
}

/// A reminder of this key that is in another list now: moved here, or, seen from the key of the other list, moved by another computer.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Elsewhere {
    /// Which list.
    pub list: ListId,
    /// The reminder.
    pub local: Local,
    /// Whether an event of it in that list is known.
    pub has_event: bool,
    /// Whether what it had there became somebody's own.
    pub is_detached: bool,
}

/// The three trees, by key.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Trees {
    /// Lists that take part.
    pub lists: BTreeMap<ListId, ListFacts>,
    /// What is there. Keys whose list is not among `lists` are shown to nobody and never written.
    pub entries: BTreeMap<Key, Entry>,
}

/// Plans a run. Equal trees give equal plans; trees that agree give an empty one.
#[must_use]
pub fn plan(trees: &Trees) -> Plan {
    let mut operations: Vec<Operation> = trees
        .entries
        .iter()
        .filter_map(|(key, entry)| trees.lists.get(&key.list).map(|list| (key, entry, list)))
        .flat_map(|(key, entry, list)| {
            decide(&Node {
                key,
                // A helper is Belfry's own: what a person edits in it is put back.
                direction: if matches!(key.slot, Slot::Alarm(_)) { Direction::Source } else { list.direction },
                target: list.target.as_ref(),
                source_is_whole: list.source_is_whole,
                leaving: list.leaving,
                first_sync: list.first_sync,
                places: &list.places,
                place_is_gone: entry.link.as_ref().is_some_and(|link| list.gone.contains(&link.place)),
                elsewhere: entry.elsewhere.as_ref(),
                has_reminder: entry.has_reminder,
                parted_elsewhere: entry.parted_elsewhere,
                date: entry.date,
                local: entry.local.as_ref(),
                link: entry.link.as_ref(),
                events: &entry.events,
                generation: entry.generation,
            })
        })
        .collect();
    // What another computer moved to another list is not removed.
    let moved: BTreeSet<ReminderId> =
        operations.iter().filter(|operation| operation.op == Op::Adopt).map(|operation| operation.key.reminder).collect();
    let is_about_old = |operation: &Operation| operation.op == Op::Dismiss || operation.reason == Reason::MadeAgain;
    operations.retain(|operation| !(is_about_old(operation) && moved.contains(&operation.key.reminder)));
    // What went with its series comes with it.
    let is_dismissed = |operation: &&Operation| operation.op == Op::Dismiss && operation.key.slot == Slot::Main;
    let dismissed: BTreeSet<ReminderId> = operations.iter().filter(is_dismissed).map(|operation| operation.key.reminder).collect();
    operations.retain(|operation| {
        let is_date = operation.op == Op::Dismiss && matches!(operation.key.slot, Slot::Occurrence(_));
        !(is_date && dismissed.contains(&operation.key.reminder))
    });
    // Where the reminder comes back, as it was edited in Outlook, so do its dates: the next round sees both.
    let is_back = |operation: &&Operation| operation.reason == Reason::EditedAfterRemoval && operation.key.slot == Slot::Main;
    let back: BTreeSet<ReminderId> = operations.iter().filter(is_back).map(|operation| operation.key.reminder).collect();
    operations.retain(|operation| {
        let is_date = operation.op == Op::Detach && operation.reason == Reason::EditedAfterRemoval && operation.key.slot != Slot::Main;
        !(is_date && back.contains(&operation.key.reminder))
    });
    settle_parts(&mut operations, trees);
    operations.sort_by(|a, b| (a.op, &a.key, &a.event_id).cmp(&(b.op, &b.key, &b.event_id)));
    hold(&mut operations, &trees.lists);
    Plan { operations }
}

/// That a reminder is held in parts is agreed only when every part is as it is to be: a run that is cut off leaves the question open, and the next one goes on.
fn settle_parts(operations: &mut Vec<Operation>, trees: &Trees) {
    let is_open = |operation: &&Operation| operation.key.slot != Slot::Main && operation.is_written();
    let open: BTreeSet<(ListId, ReminderId)> =
        operations.iter().filter(is_open).map(|operation| (operation.key.list, operation.key.reminder)).collect();
    operations.retain_mut(|operation| {
        if matches!(operation.action, Action::Help { .. }) {
            return !open.contains(&(operation.key.list, operation.key.reminder));
        }
        let Action::Part { until, projection, place, .. } = &mut operation.action else { return true };
        if !open.contains(&(operation.key.list, operation.key.reminder)) || drill::has(Flaw::PartsUnfinished) {
            return true;
        }
        *until = None;
        let link = trees.entries.get(&operation.key).and_then(|entry| entry.link.as_ref());
        // Known already.
        !link.is_some_and(|link| {
            link.state == LinkState::Parted
                && link.until.is_none()
                && link.place == *place
                && link.refused == Some(Fingerprint::of(projection))
        })
    });
}
