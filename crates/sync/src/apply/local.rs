//! The part of a plan that stays on this computer.

use belfry_core::dates::in_frame;
use belfry_core::marker::Key;
use belfry_core::merge::{self, Base, Merge};
use belfry_core::plan::{Action, Reason};
use belfry_core::{
    Direction, Field, Fingerprint, Link, LinkState, ListId, Op, Operation, Place, Problem, ProblemCode, Projection, Reminder, RemoteEvent,
    Slot, helpers, slots,
};
use belfry_store::{NewEntry, Store, StoreError};

use super::{Applied, Apply};
use crate::report::CalendarReport;

impl Apply<'_> {
    /// Performs an operation that needs no request.
    pub(super) fn here(&self, store: &Store, operation: &Operation, applied: &mut Applied) -> Result<(), StoreError> {
        match &operation.action {
            Action::Reconcile { event, planned, merge } if self.is_as_planned(store, operation, planned.as_deref())? => {
                self.agree(store, operation, event, merge, applied)
            }
            Action::Reconcile { .. } => Ok(()),
            // Edited since this was planned: the edit wins.
            Action::Dismiss if operation.reason == Reason::RemovedInOutlook && self.is_edited(store, operation)? => Ok(()),
            // Its event was removed, or its making taken back: the series goes on without that date.
            Action::Dismiss
                if matches!(operation.reason, Reason::RemovedInOutlook | Reason::Undone)
                    && matches!(operation.key.slot, Slot::Occurrence(_)) =>
            {
                self.leave_out(store, operation, applied)
            }
            Action::Dismiss => {
                if let Some(place) = self.place_of(store, operation)? {
                    applied.at(&place).dismissed += 1;
                }
                let before = store.reminder(operation.key.reminder)?.map(|reminder| json(&reminder));
                self.journal(store, operation, before, None, false)?;
                self.set_state(store, operation, LinkState::Dismissed)
            }
            Action::Detach => {
                let let_go = applied.let_go.entry((operation.key.list, operation.reason)).or_default();
                let_go.push(operation.title.clone());
                self.journal(store, operation, None, None, false)?;
                self.set_state(store, operation, LinkState::Detached)
            }
            Action::Forget => {
                self.journal_gone(store, operation)?;
                store.remove_link(&operation.key)
            }
            Action::Part { why, place, until, projection } => {
                let known = store.link(&operation.key)?;
                let is_news = known.as_ref().is_none_or(|link| link.refused.is_none() || link.note.as_deref() != Some(why.as_str()));
                let mut link = known.unwrap_or_else(|| Link::creating(operation.key.clone(), place.clone(), 0, (**projection).clone()));
                refuse(&mut link, projection, why);
                if is_news {
                    applied.problems.push(in_parts(operation, why));
                }
                let (state, place) = (LinkState::Parted, place.clone());
                store.save_link(&Link { state, place, until: *until, sending: None, event_id: None, ..link })
            }
            Action::Help { helpers } => {
                let Some(link) = store.link(&operation.key)? else { return Ok(()) };
                store.save_link(&Link { helpers: helpers.clone(), ..link })
            }
            Action::Refuse { why, place, projection } => {
                let known = store.link(&operation.key)?;
                let mut link = known.unwrap_or_else(|| Link::creating(operation.key.clone(), place.clone(), 0, (**projection).clone()));
                link.sending = None;
                refuse(&mut link, projection, why);
                applied.problems.push(refused(operation, why));
                self.journal_refused(store, operation, why)?;
                store.save_link(&link)
            }
            Action::Create { .. } | Action::Delete { .. } | Action::Mark { .. } => Ok(()),
        }
    }

    /// A date that was an event of its own and was removed there is left out of its series, as the series there leaves it out.
    fn leave_out(&self, store: &Store, operation: &Operation, applied: &mut Applied) -> Result<(), StoreError> {
        let key = &operation.key;
        let Some(before) = store.reminder(key.reminder)? else { return Ok(()) };
        // Its series has it again, as it was moved there: who made its event took that away.
        if slots::projection_of(&before, &key.slot, false).is_none() {
            return store.remove_link(key);
        }
        let is_sourced = store.list(key.list)?.is_some_and(|list| list.direction == Direction::Source);
        let mut after = before.clone();
        slots::leave_out(&mut after, &key.slot, is_sourced);
        store.save_reminder(&after)?;
        if let Some(place) = self.place_of(store, operation)? {
            applied.at(&place).pulled += 1;
        }
        store.remove_link(key)?;
        let pulled = Operation { op: Op::Pull, key: Key::main(key.list, key.reminder), title: before.title.clone(), ..operation.clone() };
        self.journal(store, &pulled, Some(json(&before)), Some(json(&after)), false)
    }

    /// A reminder whose source does not name it any more, and whose event somebody else has deleted: no other entry says where it went.
    fn journal_gone(&self, store: &Store, operation: &Operation) -> Result<(), StoreError> {
        let key = &operation.key;
        let is_sourced = || Ok::<_, StoreError>(store.list(key.list)?.is_some_and(|list| list.direction == Direction::Source));
        let Some(link) = store.link(key)?.filter(|link| link.state == LinkState::Linked && key.slot == Slot::Main) else { return Ok(()) };
        if !is_sourced()? || store.reminder(key.reminder)?.is_some() {
            return Ok(());
        }
        let gone = Operation { op: Op::Delete, ..operation.clone() };
        self.journal(store, &gone, link.agreed_local.map(|agreed| json(&agreed)), None, false)
    }

    /// Whether a reminder of a typed list says something else than what was agreed.
    fn is_edited(&self, store: &Store, operation: &Operation) -> Result<bool, StoreError> {
        let is_typed = store.list(operation.key.list)?.is_some_and(|list| list.direction == Direction::Both);
        let agreed = store.link(&operation.key)?.and_then(|link| link.agreed_local);
        let now = projection_now(store, &operation.key)?;
        Ok(is_typed && agreed.zip(now).is_some_and(|(agreed, now)| !agreed.diff(&now).is_empty()))
    }

    /// Where the event of an operation is or was.
    fn place_of(&self, store: &Store, operation: &Operation) -> Result<Option<Place>, StoreError> {
        match store.link(&operation.key)? {
            Some(link) => Ok(Some(link.place)),
            None => Ok(store.list(operation.key.list)?.and_then(|list| list.place())),
        }
    }

    fn set_state(&self, store: &Store, operation: &Operation, state: LinkState) -> Result<(), StoreError> {
        let Some(link) = store.link(&operation.key)?.map_or_else(|| self.unmade(store, operation), |link| Ok(Some(link)))? else {
            return Ok(());
        };
        store.save_link(&Link { state, sending: None, note: Some(operation.reason.to_string()), ..link })
    }

    /// The link of a reminder whose event this home never made.
    fn unmade(&self, store: &Store, operation: &Operation) -> Result<Option<Link>, StoreError> {
        let place = store.list(operation.key.list)?.and_then(|list| list.place());
        let projection = projection_now(store, &operation.key)?;
        let generation = store.generation(&operation.key)?;
        Ok(place.zip(projection).map(|(place, projection)| Link::creating(operation.key.clone(), place, generation, projection)))
    }

    /// Takes fields over from the event, and records that both sides agree.
    fn agree(
        &self,
        store: &Store,
        operation: &Operation,
        event: &RemoteEvent,
        merge: &Merge,
        applied: &mut Applied,
    ) -> Result<(), StoreError> {
        let before = store.reminder(operation.key.reminder)?;
        if let Some(moved) = before.as_ref().filter(|reminder| operation.op == Op::Adopt && reminder.list != operation.key.list) {
            // The next round merges it with its event, by what was agreed where it was.
            let was = Key { list: moved.list, ..operation.key.clone() };
            let moved = Reminder { list: operation.key.list, ..moved.clone() };
            store.save_reminder(&moved)?;
            if let Some(old) = store.link(&was)?.filter(|old| old.agreed_remote.is_some()) {
                let known = Link { key: operation.key.clone(), ..old };
                store.save_link(&Link { sending: None, helpers: None, ..self.linked(operation, Some(known), event) })?;
            }
            dates_go_along(store, &was, operation.key.list, &event.place)?;
            applied.at(&event.place).adopted += 1;
            return self.journal(store, operation, before.as_ref().map(json), Some(json(&moved)), false);
        }
        let Some(mut local) = self.take_over(store, operation, event, merge)? else { return Ok(()) };
        if before.is_none() {
            store.let_dates_come_back(&operation.key)?;
        }
        without_unsaid(&mut local, operation, merge);
        let mut link = self.linked(operation, store.link(&operation.key)?, event);
        let base = link.clone();
        link.sending = None;
        link.agreed_local = Some(local);
        link.agreed_remote = Some(event.projection.clone());
        withhold(&mut link, &base, event, merge);
        store.save_link(&link)?;
        count(operation.op, merge, applied.at(&event.place));
        if operation.op.is_visible() {
            let after = store.reminder(operation.key.reminder)?;
            self.journal(store, operation, before.as_ref().map(json), after.as_ref().map(json), !merge.conflicts.is_empty())?;
        }
        Ok(())
    }

    /// Pulls and keeps fields into the reminder, making it if there is none, and answers with its event as it should be. `None` when its list is gone.
    pub(super) fn take_over(
        &self,
        store: &Store,
        operation: &Operation,
        event: &RemoteEvent,
        merge: &Merge,
    ) -> Result<Option<Projection>, StoreError> {
        let known = store.reminder(operation.key.reminder)?;
        let is_new = known.is_none();
        let Some(list) = store.list(operation.key.list)? else { return Ok(None) };
        // The event of one date is not the whole reminder.
        if is_new && operation.key.slot != Slot::Main {
            return Ok(None);
        }
        let mut reminder =
            known.unwrap_or_else(|| merge::made_from(&operation.key, &event.projection, event.created_at, event.modified_at));
        let is_adopted_date = operation.op == Op::Adopt && matches!(operation.key.slot, Slot::Occurrence(_));
        if !(merge.pull.is_empty() && merge.keep.is_empty()) || is_new || is_adopted_date {
            slots::take_over(&mut reminder, &operation.key.slot, &event.projection, merge);
            // Our own pull is no edit of the person's: the time of their last one stays.
            if is_new && list.direction == Direction::Both {
                reminder.changed_at = event.modified_at;
            }
            store.save_reminder(&reminder)?;
            // Put back here before the next look, it would be as it was when its dates were agreed last.
            if matches!(operation.key.slot, Slot::Part(_)) {
                store.look_at_dates(&Key::main(operation.key.list, operation.key.reminder))?;
            }
        }
        projection_there(store, &reminder, &operation.key.slot)
    }

    /// The link as it is with this event.
    pub(super) fn linked(&self, operation: &Operation, known: Option<Link>, event: &RemoteEvent) -> Link {
        let generation = event.marker.as_ref().map_or(1, |marker| marker.generation);
        let fresh = || Link::creating(operation.key.clone(), event.place.clone(), generation, event.projection.clone());
        // What became of an unanswered sending is settled now, before another takes its place.
        let base = known.as_ref().and_then(|known| Base::of(known, event));
        let refused = known.as_ref().and_then(|known| known.refused.clone());
        let (agreed_local, agreed_remote) = base.map(|base| (base.local, base.remote)).unzip();
        Link {
            agreed_local,
            agreed_remote,
            place: event.place.clone(),
            event_id: Some(event.event_id.clone()),
            etag: Some(event.etag.clone()),
            generation,
            state: LinkState::Linked,
            transaction: None,
            note: None,
            refused,
            ..known.unwrap_or_else(fresh)
        }
    }

    /// What came from Outlook together with something that goes there: it is in the reminder before the request leaves, so it is in the journal then.
    pub(super) fn journal_pulled(
        &self,
        store: &Store,
        operation: &Operation,
        before: Option<&Reminder>,
        merge: &Merge,
    ) -> Result<(), StoreError> {
        if merge.pull.is_empty() && merge.keep.is_empty() {
            return Ok(());
        }
        let after = store.reminder(operation.key.reminder)?;
        self.journal(store, operation, before.map(json), after.as_ref().map(json), !merge.conflicts.is_empty())
    }

    /// An edit in Outlook that loses is in the journal before it is written over: whether the answer ever comes or not, the person can have it back.
    pub(super) fn journal_overruled(
        &self,
        store: &Store,
        operation: &Operation,
        event: &RemoteEvent,
        merge: &Merge,
    ) -> Result<(), StoreError> {
        let overruled = merge.overruled();
        let Some(after) = store.reminder(operation.key.reminder)?.filter(|_| !overruled.is_empty()) else { return Ok(()) };
        let mut before = after.clone();
        slots::take_over(&mut before, &operation.key.slot, &event.projection, &Merge { pull: overruled, ..Merge::default() });
        let (before, after) = (Some(json(&before)), Some(json(&after)));
        // Sent again after it did not arrive.
        if store
            .newest_of_reminder(operation.key.reminder)?
            .last()
            .is_some_and(|last| (&last.entry.before, &last.entry.after) == (&before, &after))
        {
            return Ok(());
        }
        let merged = Operation { op: Op::Merge, reason: Reason::EditedOnBoth, ..operation.clone() };
        self.journal(store, &merged, before, after, true)
    }

    /// Why it is not in Outlook as it is here.
    pub(super) fn journal_refused(&self, store: &Store, operation: &Operation, why: &str) -> Result<(), StoreError> {
        let (op, key, title, event_id) = (Op::Refuse, operation.key.clone(), operation.title.clone(), operation.event_id.clone());
        let reason = format!("not written: {why}");
        store.write_journal(self.run, self.now, &NewEntry { op, key, title, event_id, reason, before: None, after: None, conflict: false })
    }

    pub(super) fn journal(
        &self,
        store: &Store,
        operation: &Operation,
        before: Option<String>,
        after: Option<String>,
        conflict: bool,
    ) -> Result<(), StoreError> {
        let entry = NewEntry {
            op: operation.op,
            key: operation.key.clone(),
            title: operation.title.clone(),
            event_id: operation.event_id.clone(),
            reason: operation.reason.to_string(),
            before,
            after,
            conflict,
        };
        store.write_journal(self.run, self.now, &entry)
    }
}

/// What was agreed about the events of single dates counts where their reminder is kept now: each has another event there, or gets one.
fn dates_go_along(store: &Store, was: &Key, list: ListId, place: &Place) -> Result<(), StoreError> {
    let is_agreed = |date: &Link| date.state == LinkState::Linked && date.agreed_remote.is_some();
    let dates = store.links_of_dates(was)?.into_iter().filter(|date| matches!(date.key.slot, Slot::Occurrence(_)) && is_agreed(date));
    for date in dates {
        let key = Key { list, ..date.key.clone() };
        if store.link(&key)?.is_none() {
            store.save_link(&Link {
                key,
                place: place.clone(),
                event_id: None,
                etag: None,
                generation: 1,
                state: LinkState::Creating,
                sending: None,
                transaction: None,
                note: None,
                ..date
            })?;
        }
    }
    Ok(())
}

/// What is said of a date that is one of its series again was not said to the series yet, and is no part of an agreement that does not say it.
pub(super) fn without_unsaid(agreed: &mut Projection, operation: &Operation, merge: &Merge) {
    if let Some(here) = merge.dates.here.as_ref().filter(|_| operation.key.slot == Slot::Main && !merge.write.contains(&Field::Occurrences))
    {
        let here = in_frame(here, &agreed.when);
        agreed.occurrences.retain(|original, _| here.contains_key(original));
    }
}

/// What the event of a slot is to say now.
fn projection_there(store: &Store, reminder: &Reminder, slot: &Slot) -> Result<Option<Projection>, StoreError> {
    match slot {
        Slot::Alarm(number) => Ok(store.list(reminder.list)?.and_then(|list| helpers::projection_of(reminder, &list, *number))),
        slot => Ok(slots::projection_of(reminder, slot, matches!(slot, Slot::Part(_)))),
    }
}

pub(super) fn projection_now(store: &Store, key: &Key) -> Result<Option<Projection>, StoreError> {
    let Some(reminder) = store.reminder(key.reminder)? else { return Ok(None) };
    projection_there(store, &reminder, &key.slot)
}

/// Fields whose write was put off keep the agreement that they had; without one, the event's own value, so that they still differ.
pub(super) fn withhold(link: &mut Link, before: &Link, event: &RemoteEvent, merge: &Merge) {
    if merge.withheld.is_empty() {
        link.refused = None;
        return;
    }
    link.refused.clone_from(&before.refused);
    for field in &merge.withheld {
        if let Some(agreed) = link.agreed_local.as_mut() {
            agreed.take(before.agreed_local.as_ref().unwrap_or(&event.projection), *field);
        }
        if let Some(agreed) = link.agreed_remote.as_mut() {
            agreed.take(before.agreed_remote.as_ref().unwrap_or(&event.projection), *field);
        }
    }
}

pub(super) fn count(op: Op, merge: &Merge, counts: &mut CalendarReport) {
    counts.conflicts += merge.conflicts.len() as u64;
    match op {
        Op::Adopt => counts.adopted += 1,
        _ if !(merge.pull.is_empty() && merge.keep.is_empty()) => counts.pulled += 1,
        _ => {}
    }
}

pub(super) fn refuse(link: &mut Link, projection: &Projection, why: &str) {
    if link.event_id.is_none() {
        link.state = LinkState::Refused;
    }
    link.refused = Some(Fingerprint::of(projection));
    link.note = Some(why.to_owned());
}

/// Said once, and again when it is for another reason.
fn in_parts(operation: &Operation, why: &str) -> Problem {
    Problem::new(
        ProblemCode::KeptInParts,
        "Kept date by date",
        format!("\u{201c}{}\u{201d} has an event of its own in Outlook for each date: {why}.", operation.title),
        "Nothing to do: later dates follow by themselves.",
    )
}

pub(super) fn refused(operation: &Operation, why: &str) -> Problem {
    let what = if operation.event_id.is_some() { "is not changed in Outlook" } else { "stays on this computer only" };
    Problem::new(
        ProblemCode::EventRefused,
        "Not written to Outlook",
        format!("\u{201c}{}\u{201d} {what}: {why}.", operation.title),
        "Change the reminder, at its source if it has one, or try again as it is with `belfry restore`.",
    )
}

pub(super) fn json<T: serde::Serialize>(value: &T) -> String {
    serde_json::to_string(value).unwrap_or_default()
}
