//! Performs a plan. Before a request leaves, the link says what is being sent; the agreement is recorded with the answer, in one transaction. A kill at any
//! instruction leaves a state from which the next run finishes.

mod creates;
mod dates;
mod forbidden;
mod local;
mod record;

use creates::Answered;
use local::{refuse, refused};

use std::collections::{BTreeMap, BTreeSet};

use belfry_core::drill::{self, Flaw};
use belfry_core::marker::{Key, Marker};
use belfry_core::plan::{Action, Reason};
use belfry_core::projection::Fields;
use belfry_core::{Field, Link, LinkState, ListId, Operation, Place, Plan, Problem, Projection, RemoteEvent};
use belfry_graph::{Call, CreateEvent, DeleteEvent, Graph, GraphError, GraphRequest, Mailbox, MarkEvent, UpdateEvent};
use belfry_store::{Store, StoreError};
use chrono::{DateTime, Utc};

use crate::aside::Aside;
use crate::error::SyncError;
use crate::progress::{Phase, Progress};
use crate::pull::Pull;
use crate::report::CalendarReport;

/// So often the same is written to an event that something else keeps changing back.
const REWRITES: u32 = 4;
/// What happens less often than that is no game of ping-pong.
const STREAK: chrono::Duration = chrono::Duration::hours(24);
const PING_PONG: &str = "something else has changed its event back five times";

/// Requests that go out together: as many as a batch of Graph holds.
fn together() -> usize {
    match drill::together() {
        0 => 20,
        chosen => chosen,
    }
}

/// What applying works with.
pub struct Apply<'a> {
    /// To the mailbox.
    pub graph: &'a Graph,
    /// Whose.
    pub mailbox: &'a Mailbox,
    /// To the database.
    pub store: &'a Store,
    /// What is put aside in this run.
    pub aside: &'a Aside,
    /// The run that is journaled.
    pub run: i64,
    /// The time.
    pub now: DateTime<Utc>,
    /// Send If-Match. The last round of a run goes without, in case it is the header that fails.
    pub careful: bool,
    /// Who watches.
    pub progress: &'a dyn Fn(Progress),
    /// Whose mailbox, for them.
    pub login: &'a str,
}

/// What a run did.
#[derive(Debug, Default)]
pub struct Applied {
    /// Counted, by Graph's id of the calendar.
    pub counts: BTreeMap<String, CalendarReport>,
    /// What single events met.
    pub problems: Vec<Problem>,
    /// Titles of reminders whose event is left alone from now on, by list and why.
    pub let_go: BTreeMap<(ListId, Reason), Vec<String>>,
    /// Calendars that do not let us write.
    pub read_only: BTreeSet<Place>,
    /// Calendars that were asked whether they do, as something in them could not be written.
    pub asked: BTreeMap<Place, bool>,
    /// What Outlook did not permit to write, by calendar.
    pub forbidden: BTreeMap<Place, BTreeSet<Key>>,
    /// The mailbox takes nothing more: nothing is made or changed any longer in this run, and the rest goes on.
    pub is_full: bool,
    /// What this computer moves and another one has made before, in another calendar.
    pub strayed: BTreeSet<Key>,
}

impl Applied {
    /// The counts of a calendar.
    pub fn at(&mut self, place: &Place) -> &mut CalendarReport {
        self.counts.entry(place.calendar.clone()).or_default()
    }
}

/// An operation with a request, and what was promised before it left.
struct Sending {
    operation: Operation,
    request: Request,
    link: Option<Link>,
    /// Sent before, and never answered.
    is_repeat: bool,
}

enum Request {
    Create(CreateEvent),
    Update(UpdateEvent),
    Delete(DeleteEvent),
    Mark(MarkEvent),
    /// Single dates of a series: several requests, which need to know what the dates are called.
    Dates,
}

impl Request {
    fn prepare(&self) -> Option<Call> {
        match self {
            Self::Create(request) => Some(request.prepare()),
            Self::Update(request) => Some(request.prepare()),
            Self::Delete(request) => Some(request.prepare()),
            Self::Mark(request) => Some(request.prepare()),
            Self::Dates => None,
        }
    }
}

impl Apply<'_> {
    /// Performs everything that does not wait.
    ///
    /// # Errors
    /// What ends the whole run; what was done until then is recorded.
    pub async fn plan(&self, plan: &Plan, applied: &mut Applied) -> Result<(), SyncError> {
        let due: Vec<&Operation> = plan.operations.iter().filter(|operation| operation.held.is_none()).collect();
        let (remote, here): (Vec<_>, Vec<_>) = due.into_iter().partition(|operation| operation.is_written());
        for chunk in here.chunks(500) {
            self.store.atomically(|store| chunk.iter().try_for_each(|operation| self.here(store, operation, applied)))?;
        }
        let of = remote.len();
        let mut rest = remote.as_slice();
        while !rest.is_empty() {
            let done = of - rest.len();
            let creates = rest.iter().take_while(|operation| matches!(operation.action, Action::Create { .. })).count();
            if creates > together() {
                let (creates, others) = rest.split_at(creates);
                self.creates(creates, done, of, applied).await?;
                rest = others;
                continue;
            }
            let (chunk, others) = rest.split_at(together().min(rest.len()));
            rest = others;
            (self.progress)(Progress { phase: Phase::Apply, done, of, what: self.login.to_owned() });
            let (begun, requests) = (tokio::time::Instant::now(), self.graph.requests());
            let sent = self.send(chunk, applied).await;
            // A batch may be about several calendars; it counts where its first operation does.
            if let Some(place) = chunk.first().and_then(|operation| operation.place()) {
                applied.at(place).took(self.graph.requests() - requests, begun.elapsed());
            }
            sent?;
        }
        if applied.is_full { Err(GraphError::MailboxFull.into()) } else { Ok(()) }
    }

    /// Looks, promises, sends, records.
    async fn send(&self, chunk: &[&Operation], applied: &mut Applied) -> Result<(), SyncError> {
        let chunk = writable(chunk, applied, self.aside);
        self.look_first(&chunk).await?;
        let sending = self.store.atomically(|store| self.promised(store, &chunk, applied))?;
        let (dates, single): (Vec<Sending>, Vec<Sending>) =
            sending.into_iter().partition(|sending| matches!(sending.request, Request::Dates));
        self.send_single(single, applied).await?;
        for sending in &dates {
            self.send_dates(sending, applied).await?;
        }
        Ok(())
    }

    async fn send_single(&self, sending: Vec<Sending>, applied: &mut Applied) -> Result<(), SyncError> {
        if sending.is_empty() {
            return Ok(());
        }
        let answers = self.ask(&sending).await?;
        let (left, _) = self.beside(Some(Answered { sending, answers }), None, applied)?;
        self.end(left, applied).await
    }

    fn promised(&self, store: &Store, chunk: &[&Operation], applied: &mut Applied) -> Result<Vec<Sending>, StoreError> {
        chunk.iter().map(|operation| self.promise(store, operation, applied)).filter_map(Result::transpose).collect()
    }

    /// Writes into the link what is about to be sent, and builds the request.
    fn promise(&self, store: &Store, operation: &Operation, applied: &mut Applied) -> Result<Option<Sending>, StoreError> {
        let operation = &series_first(operation);
        if applied.is_full && matches!(operation.action, Action::Create { .. } | Action::Reconcile { .. }) {
            return Ok(None);
        }
        if let Some(event) = written(operation)
            && (self.aside.is_unseen(&event.event_id) || !self.is_as_seen(store, event)?)
        {
            return Ok(None);
        }
        let known = store.link(&operation.key)?;
        let mut is_repeat = false;
        let (request, link) = match &operation.action {
            Action::Create { place, generation, projection } => {
                if !self.is_as_planned(store, operation, Some(projection))? {
                    return Ok(None);
                }
                // A create that was never answered is repeated as it was: under its id the server holds the first text.
                let pending =
                    known.filter(|known| known.state == LinkState::Creating && known.generation == *generation && known.place == *place);
                is_repeat = pending.is_some();
                let link =
                    pending.unwrap_or_else(|| Link::creating(operation.key.clone(), place.clone(), *generation, (**projection).clone()));
                let request = CreateEvent {
                    mailbox: self.mailbox.clone(),
                    calendar: place.calendar.clone(),
                    projection: link.sending.clone().unwrap_or_else(|| (**projection).clone()),
                    marker: link.marker(),
                    transaction_id: link.transaction_id(),
                };
                (Request::Create(request), Some(link))
            }
            Action::Reconcile { event, planned, merge } => {
                if !self.is_as_planned(store, operation, planned.as_deref())? {
                    return Ok(None);
                }
                let before = store.reminder(operation.key.reminder)?;
                let Some(mut sent) = self.take_over(store, operation, event, merge)? else { return Ok(None) };
                local::without_unsaid(&mut sent, operation, merge);
                self.journal_pulled(store, operation, before.as_ref(), merge)?;
                self.journal_overruled(store, operation, event, merge)?;
                let mut link = self.linked(operation, known, event);
                for field in &merge.withheld {
                    sent.take(&event.projection, *field);
                }
                // Nobody edited the reminder since the same was written last: something else changes the event back.
                let is_same = link.agreed_local.as_ref() == Some(&sent) && self.wrote_lately(store, operation)?;
                link.rewrites = if is_same { link.rewrites + 1 } else { 0 };
                if link.rewrites > REWRITES {
                    refuse(&mut link, &sent, PING_PONG);
                    applied.problems.push(refused(operation, PING_PONG));
                    self.journal_refused(store, operation, PING_PONG)?;
                    store.save_link(&link)?;
                    return Ok(None);
                }
                link.sending = Some(sent.clone());
                let request = if merge.write.contains(&Field::Occurrences) {
                    Request::Dates
                } else {
                    let (etag, projection) = (self.condition(event), sent.beside(&event.projection));
                    let (mailbox, event_id, fields) = (self.mailbox.clone(), event.event_id.clone(), merge.write.clone());
                    Request::Update(UpdateEvent { mailbox, event_id, projection, fields, etag })
                };
                (request, Some(link))
            }
            Action::Delete { event } => self.promise_delete(operation, event, known),
            Action::Mark { event, to } => {
                let etag = self.condition(event);
                let marker = to.clone().map(|key| Marker::of(key, 1));
                (Request::Mark(MarkEvent { mailbox: self.mailbox.clone(), event_id: event.event_id.clone(), marker, etag }), None)
            }
            Action::Dismiss | Action::Detach | Action::Forget | Action::Refuse { .. } | Action::Part { .. } | Action::Help { .. } => {
                return Ok(None);
            }
        };
        if let Some(link) = link.as_ref().filter(|_| !is_forgetful(&request)) {
            store.save_link(link)?;
        }
        Ok(Some(Sending { operation: operation.clone(), request, link, is_repeat }))
    }
}

impl Apply<'_> {
    /// The link of an event that goes is a tombstone before the request leaves; that of a copy stays as it is.
    fn promise_delete(&self, operation: &Operation, event: &RemoteEvent, known: Option<Link>) -> (Request, Option<Link>) {
        let is_its = |link: &Link| operation.op == belfry_core::Op::Delete && link.event_id.as_deref() == Some(event.event_id.as_str());
        let state = |link: &Link| if link.state == LinkState::Undone { LinkState::Undone } else { LinkState::Tombstone };
        let link = known.filter(is_its).map(|link| Link { state: state(&link), sending: None, ..link });
        let etag = self.condition(event);
        (Request::Delete(DeleteEvent { mailbox: self.mailbox.clone(), event_id: event.event_id.clone(), etag }), link)
    }

    /// Reads what is about to be changed or deleted. The change feed is silent about what lies outside its window, and nobody can say that If-Match is
    /// always heeded: what is not as it was planned with is left to the next round.
    async fn look_first(&self, chunk: &[&Operation]) -> Result<(), SyncError> {
        let mut by_place: BTreeMap<&Place, Vec<String>> = BTreeMap::new();
        for event in chunk.iter().filter_map(|operation| written(operation)) {
            by_place.entry(&event.place).or_default().push(event.event_id.clone());
        }
        for (place, ids) in by_place.into_iter().filter(|_| !drill::has(Flaw::NoLookFirst)) {
            self.pull().look_at(place, ids).await?;
        }
        Ok(())
    }

    fn pull(&self) -> Pull<'_> {
        Pull { graph: self.graph, mailbox: self.mailbox, store: self.store, aside: self.aside, now: self.now }
    }

    /// Whether this event was written within a day: what somebody changes back again and again, not what a person edits now and then.
    fn wrote_lately(&self, store: &Store, operation: &Operation) -> Result<bool, StoreError> {
        let last = store.newest_of_reminder(operation.key.reminder)?.last().map(|entry| entry.at);
        Ok(last.is_some_and(|last| self.now - last < STREAK))
    }

    /// Whether an event is as it was when the operation was planned. Of a series a single date may have changed without a new version of the whole.
    fn is_as_seen(&self, store: &Store, event: &RemoteEvent) -> Result<bool, StoreError> {
        Ok(store
            .event(&event.place.account, &event.event_id)?
            .is_some_and(|now| now.etag == event.etag && now.place == event.place && now.projection == event.projection))
    }

    /// What If-Match says.
    fn condition(&self, event: &RemoteEvent) -> Option<String> {
        (self.careful && !drill::has(Flaw::NoIfMatch)).then(|| event.etag.clone())
    }

    /// Whether the reminder is still the one that was planned with. People edit while a sync runs.
    fn is_as_planned(&self, store: &Store, operation: &Operation, planned: Option<&Projection>) -> Result<bool, StoreError> {
        let now = store.reminder(operation.key.reminder)?;
        // An event is made in the list that the reminder is in; what goes on at the key of another list is about leaving that one.
        let is_here = !matches!(operation.action, Action::Create { .. }) || now.as_ref().is_some_and(|now| now.list == operation.key.list);
        Ok(is_here && local::projection_now(store, &operation.key)?.as_ref() == planned)
    }
}

/// What is not for a calendar that turned out to be read only, and not about a reminder that was put aside.
fn writable<'a>(chunk: &[&'a Operation], applied: &Applied, aside: &Aside) -> Vec<&'a Operation> {
    let is_open = |operation: &&&Operation| !operation.place().is_some_and(|place| applied.read_only.contains(place));
    chunk.iter().filter(is_open).filter(|operation| !aside.skips(&operation.key.reminder)).copied().collect()
}

/// The event that an operation changes or deletes.
fn written(operation: &Operation) -> Option<&RemoteEvent> {
    match &operation.action {
        Action::Delete { event } | Action::Mark { event, .. } => Some(event),
        Action::Reconcile { event, merge, .. } if !merge.write.is_empty() => Some(event),
        Action::Create { .. } | Action::Reconcile { .. } => None,
        Action::Dismiss | Action::Detach | Action::Forget => None,
        Action::Refuse { .. } | Action::Part { .. } | Action::Help { .. } => None,
    }
}

/// Whether a test wants it not to be written down before it leaves.
fn is_forgetful(request: &Request) -> bool {
    match request {
        Request::Create(_) => drill::has(Flaw::NoCreating),
        Request::Update(_) | Request::Dates => drill::has(Flaw::NoSending),
        Request::Delete(_) | Request::Mark(_) => false,
    }
}

/// A series is written before its single dates are: they follow in the next round, when it is known what they are called then.
fn series_first(operation: &Operation) -> Operation {
    let mut operation = operation.clone();
    if let Action::Reconcile { merge, .. } = &mut operation.action
        && merge.write.len() > 1
        && merge.write.remove(&Field::Occurrences)
    {
        merge.withheld.insert(Field::Occurrences);
    }
    operation
}

/// What became of an answer.
enum Recorded {
    Done,
    /// The event is not as it was: look at it and plan again.
    LookAgain(Option<String>),
    /// A fault of the server's.
    Faulty(GraphError),
    /// Not permitted: the event, or its calendar.
    Forbidden(String),
    Fatal(SyncError),
}
/// What the agreement says of the other side after a write: the server's answer for what was sent, and what was seen before for the rest. Whatever else the answer
/// shows is a person's edit that came in between; it is not agreed, so the next plan pulls it.
fn agreed_remote(before: &Projection, answer: &Projection, written: &Fields) -> Projection {
    if drill::has(Flaw::WholeAnswerAgreed) {
        return answer.clone();
    }
    let mut agreed = before.clone();
    for field in written {
        agreed.take(answer, *field);
    }
    agreed
}
