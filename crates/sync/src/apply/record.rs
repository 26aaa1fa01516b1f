//! What answers mean.

use std::collections::BTreeSet;

use belfry_core::dates::Dates;
use belfry_core::marker::{Key, Marker};
use belfry_core::merge::Merge;
use belfry_core::plan::Reason;
use belfry_core::{Direction, Field, Link, LinkState, Op, Operation, Place, Projection, Reminder, RemoteEvent, Slot};
use belfry_graph::{Answer, GraphError, GraphRequest, SeenEvent};
use belfry_store::{Store, StoreError};
use uuid::Uuid;

use super::local::{count, json, refuse, refused, withhold};
use super::{Applied, Apply, Recorded, Request, Sending, agreed_remote};
use crate::calendars;
use crate::error::SyncError;
use crate::pull::{Told, observed};

/// After so many refused transaction ids a random one is taken.
const DERIVED_IDS: u32 = 3;

impl Apply<'_> {
    pub(super) fn record(&self, store: &Store, sending: &Sending, answer: &Answer, applied: &mut Applied) -> Result<Recorded, StoreError> {
        let result = match &sending.request {
            Request::Create(request) => request.parse(answer).map(Some),
            Request::Update(request) => request.parse(answer).map(Some),
            Request::Delete(request) => request.parse(answer).map(|()| None),
            Request::Mark(request) => request.parse(answer).map(|()| None),
            Request::Dates => return Ok(Recorded::Done),
        };
        match result {
            // It may be the event that was made then, and whatever became of it since: the answer does not show the marker.
            Ok(Some(seen)) if sending.is_repeat => Ok(Recorded::LookAgain(Some(seen.event_id))),
            // Another computer made it under the same transaction id, and a person took our mark off since.
            Ok(Some(seen)) if self.is_made_over(store, sending, &seen)? => Ok(Recorded::LookAgain(Some(seen.event_id))),
            Ok(seen) => {
                self.done(store, sending, seen.as_ref(), applied)?;
                // What a change of a series does to its single dates shows in no answer.
                let looks = matches!(&sending.request, Request::Update(request) if has_dates(sending, &request.projection));
                let id = seen.map(|seen| seen.event_id).filter(|_| looks);
                Ok(id.map_or(Recorded::Done, |id| Recorded::LookAgain(Some(id))))
            }
            Err(error) => self.failed(store, sending, error, applied),
        }
    }

    /// Whether what the server calls made just now is an event that is known to be nobody's of ours.
    fn is_made_over(&self, store: &Store, sending: &Sending, seen: &SeenEvent) -> Result<bool, StoreError> {
        match &sending.operation.action {
            belfry_core::plan::Action::Create { place, .. } => store.is_foreign(&place.account, &seen.event_id),
            _ => Ok(false),
        }
    }

    fn done(&self, store: &Store, sending: &Sending, seen: Option<&SeenEvent>, applied: &mut Applied) -> Result<(), StoreError> {
        match (&sending.request, seen, &sending.link) {
            (Request::Create(request), Some(seen), Some(link)) => {
                applied.at(&link.place).created += 1;
                let remote = seen.projection.clone().unwrap_or_else(|| request.projection.clone());
                store.save_event(&observed(&link.place, seen, Some(link.marker())))?;
                store.save_link(&agreed(link, seen, without_dates(&request.projection), without_dates(&remote)))?;
                let made = Operation { event_id: Some(seen.event_id.clone()), ..sending.operation.clone() };
                self.journal(store, &made, None, Some(json(&request.projection)), false)
            }
            (Request::Update(request), Some(seen), Some(link)) => {
                let belfry_core::plan::Action::Reconcile { event, merge, .. } = &sending.operation.action else { return Ok(()) };
                let counts = applied.at(&event.place);
                counts.updated += 1;
                count(sending.operation.op, merge, counts);
                let answer = seen.projection.clone().unwrap_or_else(|| request.projection.clone());
                let remote = agreed_remote(&event.projection, &answer, &request.sent_fields());
                let mut now = observed(&link.place, seen, event.marker.clone());
                now.projection.occurrences.clone_from(&event.projection.occurrences);
                store.save_event(&now)?;
                let mut next = agreed(link, seen, request.projection.clone(), remote);
                withhold(&mut next, link, event, merge);
                let moves = request.sent_fields().iter().any(|field| matches!(field, Field::Times | Field::Rule));
                if moves && has_dates(sending, &request.projection) {
                    // Whether its dates were wiped with that, the next look tells: until then it is on its way.
                    next = Link {
                        sending: link.sending.clone(),
                        agreed_local: link.agreed_local.clone(),
                        agreed_remote: link.agreed_remote.clone(),
                        ..next
                    };
                }
                store.save_link(&next)?;
                self.journal_written(store, &sending.operation, event, merge, &answer)
            }
            (Request::Delete(request), _, _) => {
                let belfry_core::plan::Action::Delete { event } = &sending.operation.action else { return Ok(()) };
                applied.at(&event.place).deleted += 1;
                store.remove_event(&event.place.account, &request.event_id)?;
                self.journal(store, &sending.operation, Some(json(&event.projection)), None, false)
            }
            (Request::Mark(request), _, _) => {
                let belfry_core::plan::Action::Mark { event, to } = &sending.operation.action else { return Ok(()) };
                applied.at(&event.place).updated += 1;
                if let Some(to) = to {
                    return self.split_off(store, &sending.operation, event, to);
                }
                store.remove_event(&event.place.account, &request.event_id)?;
                store.save_foreign(&event.place.account, &request.event_id)?;
                store.remove_link(&sending.operation.key)?;
                self.journal(store, &sending.operation, Some(json(&event.projection)), None, false)
            }
            _ => Ok(()),
        }
    }

    /// The later part of a series is another reminder from now on, with all that no event shows; the next round ties it to its event.
    fn split_off(&self, store: &Store, operation: &Operation, event: &RemoteEvent, to: &Key) -> Result<(), StoreError> {
        store.save_event(&RemoteEvent { marker: Some(Marker::of(to.clone(), 1)), ..event.clone() })?;
        if let (Some(whole), None) = (store.reminder(operation.key.reminder)?, store.reminder(to.reminder)?) {
            let (created_at, changed_at) = (event.created_at, event.modified_at);
            let mut later = Reminder { id: to.reminder, list: to.list, uid: None, done: false, created_at, changed_at, ..whole };
            Merge::all().take_over(&mut later, &event.projection);
            store.save_reminder(&later)?;
        }
        self.journal(store, operation, Some(json(&event.projection)), Some(json(&event.projection)), false)
    }

    /// What was pulled with it, and what it wrote over, have entries of their own.
    fn journal_written(
        &self,
        store: &Store,
        operation: &Operation,
        event: &RemoteEvent,
        merge: &Merge,
        answer: &Projection,
    ) -> Result<(), StoreError> {
        let overruled = merge.overruled();
        let mut before = event.projection.clone();
        overruled.iter().for_each(|field| before.take(answer, *field));
        if !overruled.is_empty() && before.diff_in_meaning(answer).is_empty() {
            return Ok(());
        }
        let op = if operation.op == Op::Merge { Op::Update } else { operation.op };
        self.journal(store, &Operation { op, ..operation.clone() }, Some(json(&before)), Some(json(answer)), false)
    }

    fn failed(&self, store: &Store, sending: &Sending, error: GraphError, applied: &mut Applied) -> Result<Recorded, StoreError> {
        match (error, &sending.request, &sending.link) {
            (GraphError::DuplicateTransaction { existing }, _, Some(_)) => Ok(Recorded::LookAgain(existing)),
            // It may have arrived all the same, when it is the repeat of a lost answer: `sending` stays, and what is there is looked at.
            (GraphError::Changed | GraphError::NotFound, Request::Update(request), _) => {
                Ok(Recorded::LookAgain(Some(request.event_id.clone())))
            }
            // Gone already, or so the server says.
            (GraphError::Changed | GraphError::NotFound, Request::Delete(request), _) => {
                Ok(Recorded::LookAgain(Some(request.event_id.clone())))
            }
            (GraphError::Changed | GraphError::NotFound, Request::Mark(request), _) => {
                Ok(Recorded::LookAgain(Some(request.event_id.clone())))
            }
            (GraphError::NotFound, Request::Create(_), Some(link)) => Ok(Recorded::Fatal(SyncError::CalendarAbsent(link.place.clone()))),
            // What was read just now may not be written: it is the event or its calendar, not the account.
            (GraphError::Forbidden { code }, ..) if sending.operation.place().is_some() => Ok(Recorded::Forbidden(code)),
            (GraphError::Refused { code, status, .. }, ..) => {
                // The server's message may quote the event.
                tracing::warn!(status, code, "an event was refused");
                self.refuse(store, sending, &code, applied)?;
                Ok(Recorded::Done)
            }
            (error @ GraphError::Faulty { .. }, ..) => Ok(Recorded::Faulty(error)),
            // What is to go makes room.
            (GraphError::MailboxFull, Request::Create(_) | Request::Update(_), _) => {
                applied.is_full = true;
                Ok(Recorded::Done)
            }
            (error, ..) => Ok(Recorded::Fatal(error.into())),
        }
    }

    /// One event that Outlook does not take: what was to be written waits until the reminder is another one, and what was to go stays.
    pub(super) fn refuse(&self, store: &Store, sending: &Sending, code: &str, applied: &mut Applied) -> Result<(), StoreError> {
        let (projection, link) = match (&sending.request, &sending.link) {
            (Request::Create(request), Some(link)) => (&request.projection, link),
            (Request::Update(request), Some(link)) => (&request.projection, link),
            (Request::Delete(_) | Request::Mark(_), _) => {
                applied.problems.push(refused(&sending.operation, &format!("Outlook did not let its event go ({code})")));
                return Ok(());
            }
            (Request::Create(_) | Request::Update(_), None) | (Request::Dates, _) => return Ok(()),
        };
        let why = format!("Outlook refused it ({code})");
        let mut link = Link { sending: None, ..link.clone() };
        refuse(&mut link, projection, &why);
        store.save_link(&link)?;
        applied.problems.push(refused(&sending.operation, &why));
        self.journal_refused(store, &sending.operation, &why)
    }

    /// The event is not as it was, or the transaction id was used before: look at what is there. The next round plans with it.
    pub(super) async fn look_again(&self, sending: &Sending, id: Option<String>, applied: &mut Applied) -> Result<(), SyncError> {
        if let (Request::Delete(request), belfry_core::plan::Action::Delete { event }) = (&sending.request, &sending.operation.action) {
            self.pull().look_at(&event.place, id).await?;
            let is_gone = self.store.event(&event.place.account, &request.event_id)?.is_none();
            return if is_gone { Ok(self.store.atomically(|store| self.done(store, sending, None, applied))?) } else { Ok(()) };
        }
        let Some(link) = &sending.link else {
            let belfry_core::plan::Action::Mark { event, .. } = &sending.operation.action else { return Ok(()) };
            return self.pull().look_at(&event.place, id).await;
        };
        if !matches!(sending.request, Request::Create(_)) {
            return self.pull().look_at(&link.place, id).await;
        }
        let Some(id) = id else {
            // The server does not say which event it was: our mark does, in this calendar or in another.
            self.pull().list_again(&link.place).await?;
            if self.store.has_event(&link.place.account, &link.key)? {
                return Ok(());
            }
            let found = if self.is_elsewhere(link).await? { Found::Elsewhere } else { Found::Gone };
            return Ok(self.made_before(sending, link, None, found, applied)?);
        };
        let found = self.find(&link.place, &id).await?;
        Ok(self.made_before(sending, link, Some(id), found, applied)?)
    }

    /// Where an event is, if it is anywhere.
    async fn find(&self, place: &Place, id: &str) -> Result<Found, SyncError> {
        let pull = self.pull();
        match pull.event(place, Some(&place.calendar), id).await? {
            Told::This(seen) => return self.found_here(place, Some(&place.calendar), seen).await,
            Told::Absent => {}
            Told::Nothing => return Ok(Found::Unseen),
        }
        match pull.calendar_of(place, id).await? {
            // Its calendar did not know it, and the event is in it: the event knows better.
            Told::This(calendar) if calendar.id == place.calendar => match pull.event(place, None, id).await? {
                Told::This(seen) => self.found_here(place, None, seen).await,
                Told::Absent => Err(GraphError::NotFound.into()),
                Told::Nothing => Ok(Found::Unseen),
            },
            Told::This(_) => Ok(Found::Elsewhere),
            Told::Absent => Ok(Found::Gone),
            Told::Nothing => Ok(Found::Unseen),
        }
    }

    async fn found_here(&self, place: &Place, calendar: Option<&str>, seen: SeenEvent) -> Result<Found, SyncError> {
        let whole = self.pull().with_dates(place, calendar, vec![seen]).await?.pop();
        Ok(whole.map_or(Found::Unseen, |seen| Found::Here(Box::new(seen))))
    }

    /// Whether another of the person's calendars holds an event of this key.
    async fn is_elsewhere(&self, link: &Link) -> Result<bool, SyncError> {
        let own = calendars::own(calendars::all(self.graph, self.mailbox).await?);
        let holding = self.pull().holding(&own, &BTreeSet::from([link.place.calendar.clone()])).await?;
        let is_it = |seen: &SeenEvent| seen.marker.marker().is_some_and(|marker| marker.key == link.key);
        Ok(holding.iter().flat_map(|one| &one.events).any(is_it))
    }

    /// The server says that this event was made before.
    fn made_before(
        &self,
        sending: &Sending,
        link: &Link,
        id: Option<String>,
        found: Found,
        applied: &mut Applied,
    ) -> Result<(), StoreError> {
        self.store.atomically(|store| {
            let is_ours = |seen: &SeenEvent| seen.marker.marker().is_some_and(|marker| marker.key == link.key) && !seen.is_meeting;
            let is_first = link.agreed_local.is_none() && link.generation <= 1 && sending.operation.reason != Reason::SaidNew;
            let is_first = is_first && (sending.is_repeat || !is_wanted_date(store, &link.key)?);
            match found {
                // Our own create, whose answer was lost.
                Found::Here(seen) if is_ours(&seen) && says_what_was_sent(link, &seen) => self.done(store, sending, Some(&seen), applied),
                // And was edited since: the next round ties it to its reminder and merges.
                Found::Here(seen) if is_ours(&seen) && seen.projection.is_some() => {
                    store.save_event(&observed(&link.place, &seen, seen.marker.marker().cloned()))
                }
                Found::Unseen => {
                    self.aside.skip(link.key.reminder);
                    Ok(())
                }
                // Made, and removed by the person before this home ever saw it: from now on it is known, and missed like any other.
                Found::Gone if is_first => {
                    let known = link.sending.clone();
                    store.save_link(&Link {
                        state: LinkState::Linked,
                        event_id: id,
                        agreed_local: known.clone(),
                        agreed_remote: known,
                        sending: None,
                        ..link.clone()
                    })
                }
                Found::Here(_) | Found::Elsewhere | Found::Gone => {
                    // One of ours that was never answered for may have been moved there by the person.
                    if matches!(found, Found::Elsewhere) && sending.operation.reason == Reason::Moved && !sending.is_repeat {
                        applied.strayed.insert(link.key.clone());
                    }
                    let generation = link.generation.saturating_add(1);
                    let transaction = (generation > DERIVED_IDS).then(Uuid::new_v4);
                    store.save_link(&Link { generation, transaction, ..link.clone() })
                }
            }
        })
    }
}

/// Whether it is a date of a typed series that somebody wants here again: another computer's event of it, from before, says nothing about that.
fn is_wanted_date(store: &Store, key: &Key) -> Result<bool, StoreError> {
    let is_typed = store.list(key.list)?.is_some_and(|list| list.direction == Direction::Both);
    Ok(is_typed && matches!(key.slot, Slot::Occurrence(_)))
}

fn says_what_was_sent(link: &Link, seen: &SeenEvent) -> bool {
    let both = link.sending.as_ref().zip(seen.projection.as_ref());
    both.is_some_and(|(sent, seen)| without_dates(seen).diff_in_meaning(&without_dates(sent)).is_empty())
}

/// A series is made without its single dates; they are written in the next round.
fn without_dates(projection: &Projection) -> Projection {
    Projection { occurrences: Dates::new(), ..projection.clone() }
}

/// Whether anybody says anything about single dates.
fn has_dates(sending: &Sending, sent: &Projection) -> bool {
    let agreed = sending.link.iter().flat_map(|link| link.agreed_local.iter().chain(&link.agreed_remote));
    let seen = match &sending.operation.action {
        belfry_core::plan::Action::Reconcile { event, .. } => Some(&event.projection),
        _ => None,
    };
    agreed.chain(seen).chain([sent]).any(|projection| !projection.occurrences.is_empty())
}

/// Where the event is that was made before.
enum Found {
    Here(Box<SeenEvent>),
    Elsewhere,
    Gone,
    /// Outlook does not say.
    Unseen,
}

fn agreed(link: &Link, seen: &SeenEvent, local: Projection, remote: Projection) -> Link {
    Link {
        event_id: Some(seen.event_id.clone()),
        etag: Some(seen.etag.clone()),
        sending: None,
        agreed_local: Some(local),
        agreed_remote: Some(remote),
        state: LinkState::Linked,
        transaction: None,
        note: None,
        refused: None,
        ..link.clone()
    }
}
