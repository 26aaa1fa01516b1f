//! Dates of a series that Outlook keeps as events of their own, as it gives no date back that was left out and takes none beyond its neighbours.
//!
//! Such a date is an event of its own on every computer, and goes and comes with its series.

use super::build::{delete, detach, forget, reconcile};
use super::copies::keeper_of;
use super::{Local, Node, is_theirs, is_writable, was_moved_away};
use crate::drill::{self, Flaw};
use crate::event::RemoteEvent;
use crate::link::LinkState;
use crate::list::Direction;
use crate::marker::Slot;
use crate::merge::{Base, Merge, merge, merge_without_base};
use crate::plan::{Op, Operation, Reason};
use crate::projection::{Field, Projection};
use crate::slots::OfDate;

/// A date of a series that Outlook keeps as an event of its own.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct OfSeries {
    /// What the series says of that date, as if nothing else was said of it.
    pub plain: Projection,
    /// How it stands to an event that its series has or has not.
    pub standing: Standing,
}

/// What the event of a series says about the events of its dates.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Standing {
    /// It is synced, and so are they.
    Synced,
    /// It is gone, and they go too.
    Gone,
    /// It is left alone, and so are they.
    LeftAlone,
}

/// The series has no event, so this date of it has none. What a person wrote into it since stays; what a person removed before stays removed.
pub(super) fn without_series(node: &Node<'_>) -> Vec<Operation> {
    let Some(link) = node.link.filter(|link| !matches!(link.state, LinkState::Dismissed | LinkState::Detached | LinkState::Parted)) else {
        return vec![];
    };
    match keeper_of(node.events) {
        Some(event) => {
            let is_edited = Base::of(link, event).is_some_and(|base| !base.edited(event).is_empty());
            let is_said = node.direction == Direction::Both && node.local.is_some_and(|local| says_what_is_said(local, event));
            // What a move of the list left behind nobody moved away.
            let is_former = event.marker.as_ref().is_some_and(|marker| marker.generation < link.generation);
            let is_left = is_edited || is_said || is_theirs(event) || (was_moved_away(node, link, event) && !is_former);
            let is_left = (is_left && !drill::has(Flaw::EditGoesWithSeries)) || standing_of(node) == Standing::LeftAlone;
            if is_left { detach(node, event) } else { delete(node, event, Reason::DateGone) }
        }
        // Wanted again with its series it is made anew.
        None if link.state == LinkState::Linked => forget(node),
        None => vec![],
    }
}

/// An edit that was taken over a moment ago is no less the person's. What only the series says otherwise by now nobody said of the date.
fn says_what_is_said(local: &Local, event: &RemoteEvent) -> bool {
    local.date.as_ref().is_some_and(|date| {
        let is_other = |projection: &Projection| !projection.diff_in_meaning(&date.plain).is_empty();
        is_other(&local.projection) && is_other(&event.projection)
    })
}

pub(super) fn standing_of(node: &Node<'_>) -> Standing {
    node.local.and_then(|local| local.date.as_ref()).map_or(Standing::Synced, |date| date.standing)
}

/// The merge with an event that nothing links. Where a date says what its series says nobody has said anything of it.
pub(super) fn first_merge(local: &Local, event: &RemoteEvent, direction: Direction) -> Merge {
    match local.date.as_ref().map(|date| Base { local: date.plain.clone(), remote: date.plain.clone() }) {
        Some(plain) => merge(&local.projection, local.changed_at, &plain, event, direction),
        None => merge_without_base(&local.projection, event, direction),
    }
}

/// A date that another computer keeps as an event of its own, as the series in Outlook cannot have it any more: it is that here, too.
pub(super) fn adopt_date(node: &Node<'_>, event: &RemoteEvent) -> Vec<Operation> {
    // What is said of the date here goes there first.
    let is_date = matches!(node.key.slot, Slot::Occurrence(_));
    if !is_date || !is_writable(event) || event.moved_away || node.target != Some(&event.place) {
        return vec![];
    }
    // A reminder that is in another list by now is adopted there.
    if !node.has_reminder {
        return vec![];
    }
    let adopted = |merge| vec![reconcile(node, Op::Adopt, Reason::AnotherComputer, event, merge)];
    match (node.date, node.direction) {
        (Some(OfDate::LeftOut | OfDate::LeftOutByPerson), Direction::Both) => adopted(Merge::all()),
        // A source has its own words for the date: they are written once it is there.
        (Some(OfDate::LeftOutByPerson), Direction::Source) if drill::has(Flaw::DateOverSource) => adopted(Merge::all()),
        (Some(OfDate::LeftOutByPerson), Direction::Source) => adopted(Merge { withheld: Field::ALL.into(), ..Merge::default() }),
        (Some(OfDate::LeftOut), Direction::Source) if node.source_is_whole => delete(node, event, Reason::DateGone),
        _ => vec![],
    }
}
