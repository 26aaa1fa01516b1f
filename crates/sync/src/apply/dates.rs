//! Writes single dates of a series: each is an event of its own, whose id has to be found first.

use std::collections::BTreeMap;

use belfry_core::dates::{Dates, in_frame, same};
use belfry_core::merge::Base;
use belfry_core::plan::Action;
use belfry_core::projection::{Fields, OccurrenceProjection};
use belfry_core::recurrence::carried;
use belfry_core::{ChangedOccurrence, Fingerprint, Link, Op, Operation, Projection, RemoteEvent, When};
use belfry_graph::{Call, DeleteEvent, GetSeries, GraphError, GraphRequest, ListInstances, SeenDate, SeriesDates, UpdateEvent};
use belfry_store::{Store, StoreError};

use super::local::{json, refused};
use super::{Applied, Apply, Sending};
use crate::aside::of_one;
use crate::error::SyncError;

/// What is to be done about one date.
enum Task {
    /// Its event says this.
    Change(Box<Projection>, Fields),
    /// It goes.
    Cancel,
    /// Outlook cannot give back a date that was cancelled: it becomes an event of its own.
    Apart,
}

/// What the event of a date is called, and as what it was seen.
type Seen = (String, Option<String>);

/// What writing the dates came to.
#[derive(Default)]
struct Outcome {
    written: u64,
    /// How many were answered without a fault.
    answered: usize,
    apart: Vec<When>,
    refused: Option<String>,
    /// Not permitted.
    forbidden: Option<(When, String)>,
    /// Met with a fault of the server's.
    fault: Option<GraphError>,
    /// What ends the run, once it is written down what was done before.
    fatal: Option<GraphError>,
}

impl Apply<'_> {
    /// Performs what was planned for the dates of one series. What somebody changed since it was planned is left to the next round.
    pub(super) async fn send_dates(&self, sending: &Sending, applied: &mut Applied) -> Result<(), SyncError> {
        let (Action::Reconcile { event, .. }, Some(link)) = (&sending.operation.action, &sending.link) else { return Ok(()) };
        let Some(wanted) = &link.sending else { return Ok(()) };
        let request =
            GetSeries { mailbox: self.mailbox.clone(), calendar: Some(event.place.calendar.clone()), event_id: event.event_id.clone() };
        let now = match self.graph.ask(&request).await {
            // The next round misses it.
            Err(GraphError::NotFound) => return self.pull().look_at(&event.place, [event.event_id.clone()]).await,
            Err(error @ (GraphError::Forbidden { .. } | GraphError::Faulty { .. })) => return self.not_shown(event, error),
            other => other?,
        };
        // It was none when it was planned with.
        if now.is_meeting {
            return self.pull().look_at(&event.place, [event.event_id.clone()]).await;
        }
        let tasks = tasks(wanted, &event.projection, &now.of(&event.projection));
        let ids = match self.ids_of(event, &now, &tasks).await {
            Err(SyncError::Graph(error @ (GraphError::Forbidden { .. } | GraphError::Faulty { .. }))) => {
                return self.not_shown(event, error);
            }
            other => other?,
        };
        let Some(ids) = ids else {
            return self.pull().look_at(&event.place, [event.event_id.clone()]).await;
        };
        let mut outcome = self.perform(tasks, &ids).await?;
        if let Some((date, code)) = outcome.forbidden.take() {
            if self.is_closed(&event.place, applied).await? {
                applied.read_only.insert(event.place.clone());
            } else {
                outcome.refused = Some(refusal(&date, &code));
            }
        }
        self.pull().look_at(&event.place, [event.event_id.clone()]).await?;
        // What is there now is not known; the next run looks, with what was being sent.
        if self.aside.is_unseen(&event.event_id) {
            return Ok(());
        }
        let fault = outcome.fault.take().map(|error| (sending.operation.clone(), error));
        if let Some(fatal) = self.put_aside(fault.into_iter().collect(), outcome.answered) {
            return Err(fatal);
        }
        self.store.atomically(|store| self.dates_done(store, &sending.operation, event, &outcome, applied))?;
        outcome.fatal.map_or(Ok(()), |error| Err(error.into()))
    }

    /// Outlook does not show what this one series says about single dates.
    fn not_shown(&self, event: &RemoteEvent, error: GraphError) -> Result<(), SyncError> {
        if let GraphError::Faulty { status, .. } = &error {
            self.aside.looked(&[*status], 0)?;
        }
        Ok(self.aside.unseen(self.store, &event.place, &event.event_id, of_one(error)?)?)
    }

    /// What the events of these dates are called. Those of plain occurrences are asked for, a few days each. `None` when the series is not found.
    async fn ids_of(
        &self,
        event: &RemoteEvent,
        now: &SeriesDates,
        tasks: &BTreeMap<When, Task>,
    ) -> Result<Option<BTreeMap<When, Seen>>, SyncError> {
        let mut ids = BTreeMap::new();
        let find = |dates: &[SeenDate], key: &When| {
            let seen = |date: &SeenDate| (date.event_id.clone(), self.careful.then(|| date.etag.clone()));
            dates.iter().find(|date| date.original.day(&event.projection.when) == key.date()).map(seen)
        };
        let mut unknown = Vec::new();
        for key in tasks.iter().filter(|(_, task)| !matches!(task, Task::Apart)).map(|(key, _)| *key) {
            match find(&now.exceptions, &key) {
                Some(id) => drop(ids.insert(key, id)),
                None => unknown.push((key, ListInstances::around(self.mailbox.clone(), event.event_id.clone(), &key))),
            }
        }
        let calls: Vec<Call> = unknown.iter().map(|(_, request)| request.prepare()).collect();
        if calls.is_empty() {
            return Ok(Some(ids));
        }
        for ((key, request), answer) in unknown.iter().zip(self.graph.ask_many(calls).await?) {
            match request.parse(&answer) {
                // The series is gone, or the server is mistaken: the next round knows.
                Err(GraphError::NotFound) => return Ok(None),
                other => ids.extend(find(&other?, key).map(|id| (*key, id))),
            }
        }
        Ok(Some(ids))
    }

    async fn perform(&self, tasks: BTreeMap<When, Task>, ids: &BTreeMap<When, Seen>) -> Result<Outcome, SyncError> {
        let mut outcome = Outcome::default();
        let mut sent = Vec::new();
        for (key, task) in tasks {
            let (mailbox, Some((event_id, etag))) = (self.mailbox.clone(), ids.get(&key).cloned()) else {
                if matches!(task, Task::Apart) {
                    outcome.apart.push(key);
                } else {
                    outcome.refused = Some(format!("Outlook has no date of it on {}", key.date()));
                }
                continue;
            };
            let call = match task {
                Task::Change(projection, fields) => UpdateEvent { mailbox, event_id, projection: *projection, fields, etag }.prepare(),
                Task::Cancel => DeleteEvent { mailbox, event_id, etag }.prepare(),
                Task::Apart => continue,
            };
            sent.push((key, call));
        }
        if sent.is_empty() {
            return Ok(outcome);
        }
        let answers = self.graph.ask_many(sent.iter().map(|(_, call)| call.clone()).collect()).await?;
        for ((key, _), answer) in sent.iter().zip(answers) {
            let result = answer.success();
            outcome.answered += usize::from(!matches!(result, Err(GraphError::Faulty { .. })));
            match result {
                Ok(()) => outcome.written += 1,
                // Somebody was faster: the look that follows shows how it is.
                Err(GraphError::NotFound | GraphError::Changed) => {}
                Err(GraphError::Refused { code, .. }) if code.eq_ignore_ascii_case(CROSSING) => outcome.apart.push(*key),
                Err(GraphError::Refused { code, status, .. }) => {
                    tracing::warn!(status, code, "a date of a series was refused");
                    outcome.refused = Some(refusal(key, &code));
                }
                Err(GraphError::Forbidden { code }) => outcome.forbidden = Some((*key, code)),
                Err(error @ GraphError::Faulty { .. }) => outcome.fault = Some(error),
                Err(error) => outcome.fatal = Some(error),
            }
        }
        Ok(outcome)
    }

    /// What is there now as it was sent is agreed. What became an event of its own is no date of the series any more.
    fn dates_done(
        &self,
        store: &Store,
        operation: &Operation,
        before: &RemoteEvent,
        outcome: &Outcome,
        applied: &mut Applied,
    ) -> Result<(), StoreError> {
        applied.at(&before.place).updated += outcome.written;
        let (Some(link), Some(after)) = (store.link(&operation.key)?, store.event(&before.place.account, &before.event_id)?) else {
            return Ok(());
        };
        self.set_apart(store, operation, &outcome.apart)?;
        let sent = link.sending.clone();
        let base = Base::of(&link, &after).map(|base| (base.local, base.remote));
        let (agreed_local, agreed_remote) = base.unzip();
        let mut link =
            Link { agreed_local, agreed_remote, sending: None, etag: Some(after.etag.clone()), refused: None, note: None, ..link };
        if let (Some(why), Some(sent)) = (&outcome.refused, &sent) {
            link.refused = Some(Fingerprint::of(sent));
            link.note = Some(why.clone());
            applied.problems.push(refused(operation, why));
        }
        store.save_link(&link)?;
        if outcome.written == 0 {
            return Ok(());
        }
        let written = Operation { op: if operation.op == Op::Merge { Op::Update } else { operation.op }, ..operation.clone() };
        self.journal(store, &written, Some(json(&before.projection)), Some(json(&after.projection)), false)
    }

    fn set_apart(&self, store: &Store, operation: &Operation, dates: &[When]) -> Result<(), StoreError> {
        let Some(mut reminder) = store.reminder(operation.key.reminder)?.filter(|_| !dates.is_empty()) else { return Ok(()) };
        let start = reminder.when;
        if let Some(series) = reminder.recurrence.as_mut() {
            // The hour may have been changed while they were on their way.
            for date in dates.iter().map(|date| carried(date, &start)) {
                series.cancelled.remove(&date);
                let own = series.changed.entry(date).or_insert_with(ChangedOccurrence::default);
                own.apart = true;
            }
        }
        store.save_reminder(&reminder)
    }
}

fn refusal(date: &When, code: &str) -> String {
    format!("Outlook refused the date {} ({code})", date.date())
}

/// A date may not come to lie on or beyond its neighbours (<https://learn.microsoft.com/graph/api/event-update>).
const CROSSING: &str = "ErrorOccurrenceCrossingBoundary";

/// What has to be written, where `planned` is the series as it was planned with, and `now` what it says about single dates now.
fn tasks(wanted: &Projection, planned: &Projection, now: &Dates) -> BTreeMap<When, Task> {
    let frame = |dates: &Dates| in_frame(dates, &wanted.when);
    let (want, was, now) = (frame(&wanted.occurrences), frame(&planned.occurrences), frame(now));
    let mut tasks = BTreeMap::new();
    for key in want.keys().chain(was.keys()).chain(now.keys()) {
        let (to, is) = (want.get(key), now.get(key));
        if !same(to, is) && same(was.get(key), is) {
            tasks.insert(*key, task(wanted, key, to, is));
        }
    }
    tasks
}

fn task(series: &Projection, key: &When, to: Option<&OccurrenceProjection>, is: Option<&OccurrenceProjection>) -> Task {
    let whole = |date: Option<&OccurrenceProjection>| match date {
        Some(OccurrenceProjection::Changed(own)) => (**own).clone(),
        Some(OccurrenceProjection::Cancelled) | None => series.on(key),
    };
    match (to, is) {
        (Some(OccurrenceProjection::Cancelled), _) => Task::Cancel,
        (_, Some(OccurrenceProjection::Cancelled)) => Task::Apart,
        (to, is) => {
            let to = whole(to);
            let fields = to.diff_in_meaning(&whole(is));
            Task::Change(Box::new(to), fields)
        }
    }
}
