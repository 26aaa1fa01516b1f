//! Lists that another computer moved: what is missed here is looked for in every calendar, and the list is followed where it went.

use std::collections::BTreeSet;

use belfry_core::marker::Key;
use belfry_core::plan::Reason;
use belfry_core::{Link, LinkState, List, ListId, Marker, Op, Operation, Place, Plan, Problem, ProblemCode, RemoteEvent};
use belfry_graph::Calendar;
use belfry_store::{CalendarRow, StoreError};

use super::places::There;
use super::{Mode, Run};
use crate::error::SyncError;
use crate::pull::{Holding, observed};

impl Run<'_> {
    /// Before an event that is gone is believed to be removed, it is looked for in every calendar: another computer may have moved its list, and this one follows.
    /// Says whether there is something to plan anew.
    pub(super) async fn follow(&mut self, plan: &Plan, mode: Mode) -> Result<bool, SyncError> {
        let missed = self.missed(plan)?;
        if self.are_there_after_all(&missed).await? {
            return Ok(true);
        }
        let strayed = std::mem::take(&mut self.applied.strayed);
        let first: BTreeSet<ListId> =
            plan.operations.iter().filter(|o| o.op == Op::Create && o.reason == Reason::New).map(|o| o.key.list).collect();
        let lists: BTreeSet<ListId> = missed.iter().chain(&strayed).map(|key| key.list).collect();
        let mut is_news = false;
        for list in self.lists()? {
            // Before the first event of a list is made it is looked for once more.
            let is_first = first.contains(&list.id) && self.setup.store.is_bare(list.id)?;
            if !(is_first || lists.contains(&list.id)) || !self.looked_for.insert(list.id) {
                continue;
            }
            if is_first {
                let strangers = self.strangers.len();
                if let Some(calendar) = self.holding_most(list.id).await? {
                    self.move_to(list, &calendar, mode).await?;
                    is_news = true;
                }
                // What is like it may be there under a list that is not known here.
                is_news |= self.strangers.len() > strangers;
                continue;
            }
            let mut there = self.known_elsewhere(&list)?;
            if self.none_is_newer(&there)? {
                for holding in self.holding().await? {
                    is_news |= self.note_stray(&holding, list.id, &missed, &strayed)?;
                    there.push(There::of(&holding, list.id));
                }
            }
            for there in there {
                let newer = self.newer(&there)?;
                if newer.is_empty() {
                    continue;
                }
                is_news = true;
                if self.has_moved(&list, newer.len())? {
                    self.move_to(list.clone(), &there.calendar, mode).await?;
                    break;
                }
                self.is_moving(&list, &there.calendar);
                self.ahead.extend(newer);
            }
        }
        Ok(is_news)
    }

    /// Whether a list is kept elsewhere now: nothing of it is left at its place, or not half of it.
    fn has_moved(&self, list: &List, newer: usize) -> Result<bool, StoreError> {
        let Some(place) = list.place() else { return Ok(true) };
        Ok(!self.has_events_at(&place, list.id)? || newer * 2 >= self.setup.store.count_linked(list.id)?)
    }

    fn is_moving(&mut self, list: &List, calendar: &Calendar) {
        self.applied.problems.push(Problem::new(
            ProblemCode::ListFollowed,
            "Another computer moves the list",
            format!("Another computer began to move `{}` to the calendar {} and has not finished.", list.name, calendar.name),
            format!("Let it sync, or finish it here: `belfry list target \"{}\" --calendar \"{}\"`.", list.name, calendar.name),
        ));
    }

    /// Single events in other calendars. What is missed here and is there, in no later making, was copied there by the person: theirs. What was made twice while two
    /// computers moved one list is one too many.
    fn note_stray(&self, holding: &Holding, list: ListId, missed: &BTreeSet<Key>, strayed: &BTreeSet<Key>) -> Result<bool, StoreError> {
        let place = Place { account: self.account.id.clone(), calendar: holding.calendar.id.clone() };
        let mut any = false;
        for seen in holding.events.iter().filter(|seen| seen.projection.is_some()) {
            let Some(marker) = seen.marker.marker().filter(|marker| marker.key.list == list) else { continue };
            let is_copy = missed.contains(&marker.key) && !self.is_newer(marker)?;
            if is_copy || strayed.contains(&marker.key) {
                let event = RemoteEvent { moved_away: is_copy, ..observed(&place, seen, Some(marker.clone())) };
                self.setup.store.save_event(&event)?;
                any = true;
            }
        }
        Ok(any)
    }

    /// Whether a marker is that of a later making of an event that is linked here, or was sent and never answered.
    fn is_newer(&self, marker: &Marker) -> Result<bool, StoreError> {
        let link = self.setup.store.link(&marker.key)?;
        let is_made = |link: &Link| link.event_id.is_some() || link.state == LinkState::Creating;
        Ok(link.is_some_and(|link| is_made(&link) && marker.generation > link.generation))
    }

    /// Two answers have said of each that it is not there. What carries our mark is listed once more before that is believed: a server that does not find an id for a while still shows
    /// the event. Says whether one of them is there.
    async fn are_there_after_all(&mut self, missed: &BTreeSet<Key>) -> Result<bool, SyncError> {
        let store = self.setup.store;
        let (mut absent, mut places) = (vec![], BTreeSet::new());
        for key in missed {
            if !store.has_event(&self.account.id, key)? {
                absent.push(key);
                places.extend(store.link(key)?.map(|link| link.place));
            }
        }
        let targets: BTreeSet<Place> = self.lists()?.iter().filter_map(List::place).collect();
        places.retain(|place| targets.contains(place) && !self.gone.contains(place));
        self.list_once(places).await?;
        // One that is listed and not found is put aside.
        let are_there = absent.into_iter().map(|key| Ok(self.aside.skips(&key.reminder) || store.has_event(&self.account.id, key)?));
        Ok(are_there.collect::<Result<Vec<_>, StoreError>>()?.contains(&true))
    }

    fn newer(&self, there: &There) -> Result<BTreeSet<Key>, StoreError> {
        let mut newer = BTreeSet::new();
        for marker in &there.markers {
            if self.is_newer(marker)? {
                newer.insert(marker.key.clone());
            }
        }
        Ok(newer)
    }

    fn none_is_newer(&self, there: &[There]) -> Result<bool, StoreError> {
        for there in there {
            if !self.newer(there)?.is_empty() {
                return Ok(false);
            }
        }
        Ok(true)
    }

    /// Keys of a plan whose event was linked and is gone.
    fn missed(&self, plan: &Plan) -> Result<BTreeSet<Key>, StoreError> {
        let mut missed = BTreeSet::new();
        for operation in &plan.operations {
            if self.misses(operation)? {
                missed.insert(operation.key.clone());
            }
        }
        Ok(missed)
    }

    fn misses(&self, operation: &Operation) -> Result<bool, StoreError> {
        let event = || self.setup.store.event(&self.account.id, operation.event_id.as_deref().unwrap_or_default());
        Ok(match (operation.op, operation.reason) {
            (Op::Dismiss, Reason::RemovedInOutlook | Reason::InParts) | (Op::Create, Reason::MadeAgain) => true,
            (Op::Create, Reason::Moved) => event()?.is_none(),
            // Removed here, and not there any more: moved there in between, it has to be removed where it is now. What this run deleted is not missed.
            (Op::Forget, _) | (Op::Dismiss, Reason::Undone) => event()?.is_none() && self.was_ours(&operation.key)?,
            // In a calendar that is pulled for another list.
            (Op::Detach, Reason::MovedAway) => match event()?.and_then(|event| event.marker) {
                Some(marker) => self.is_newer(&marker)?,
                None => false,
            },
            _ => false,
        })
    }

    fn was_ours(&self, key: &Key) -> Result<bool, StoreError> {
        let link = self.setup.store.link(key)?;
        let was_linked =
            |link: &Link| matches!(link.state, LinkState::Linked | LinkState::Tombstone | LinkState::Undone) && link.event_id.is_some();
        let is_told = |link: &Link| !self.has_written || link.event_id.as_deref().is_some_and(|id| self.aside.is_absent(id));
        Ok(link.is_some_and(|link| (was_linked(&link) || link.state == LinkState::Creating) && is_told(&link)))
    }

    /// Another computer moved the list there.
    pub(super) async fn move_to(&mut self, list: List, calendar: &Calendar, mode: Mode) -> Result<(), SyncError> {
        tracing::info!("a list is kept in another calendar by another computer");
        self.applied.problems.push(Problem::new(
            ProblemCode::ListFollowed,
            "The list is kept in another calendar",
            format!("`{}` is kept in the calendar {} now, as on your other computer.", list.name, calendar.name),
            "Nothing to do; `belfry list target` moves it.",
        ));
        let Some(place) = self.keep_in(&list, calendar, mode)? else { return Ok(()) };
        // What its feed says may leave out all that lies outside the window: it is read whole before anything of the list is missed there.
        if let Some(row) = self.setup.store.calendar(&place)? {
            self.setup.store.save_calendar(&CalendarRow { delta_link: None, ..row })?;
        }
        self.pull_these([place], mode).await
    }
}
