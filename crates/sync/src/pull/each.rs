//! Questions about single events. What Outlook does not say about one of them puts that one aside, and no other.

use belfry_core::Place;
use belfry_graph::{Calendar, Call, GetEvent, GetEventCalendar, GraphError, GraphRequest, SeenEvent};

use super::Pull;
use crate::aside::of_one;
use crate::error::SyncError;

/// What is said about one event.
pub enum Told<T> {
    /// This.
    This(T),
    /// That it is not there.
    Absent,
    /// Nothing: it is put aside.
    Nothing,
}

/// By the event's id; what is put aside is not among them.
type All<T> = Vec<(String, Option<T>)>;

impl Pull<'_> {
    /// Asks about several events, in batches. `None` is that it is not there.
    pub(super) async fn ask_each<R: GraphRequest>(&self, place: &Place, asked: Vec<(String, R)>) -> Result<All<R::Answer>, SyncError> {
        let due = asked.into_iter().filter(|(id, _)| !self.aside.is_unseen(id));
        let (before, fresh): (Vec<_>, Vec<_>) = due.partition(|(id, _)| self.aside.is_doubtful(id));
        let mut told = Vec::with_capacity(before.len() + fresh.len());
        for (asked, is_fresh) in [(before, false), (fresh, true)] {
            if asked.is_empty() {
                continue;
            }
            let calls: Vec<Call> = asked.iter().map(|(_, request)| request.prepare()).collect();
            let answers = if is_fresh { self.graph.ask_many(calls).await? } else { self.graph.ask_once(calls).await? };
            let (mut faults, mut others) = (vec![], 0);
            for ((id, request), answer) in asked.into_iter().zip(&answers) {
                let result = request.parse(answer);
                match &result {
                    Err(GraphError::Faulty { status, .. }) => faults.push(*status),
                    _ => others += 1,
                }
                match result {
                    Ok(this) => told.push((id, Some(this))),
                    Err(GraphError::NotFound) => told.push((id, None)),
                    Err(error) => self.aside.unseen(self.store, place, &id, of_one(error)?)?,
                }
            }
            // Of those that failed before it is known that it is they.
            if is_fresh {
                self.aside.looked(&faults, others)?;
            }
        }
        Ok(told)
    }

    async fn ask_one<R: GraphRequest>(&self, place: &Place, id: &str, request: R) -> Result<Told<R::Answer>, SyncError> {
        let mut told = self.ask_each(place, vec![(id.to_owned(), request)]).await?;
        Ok(told.pop().map_or(Told::Nothing, |(_, told)| told.map_or(Told::Absent, Told::This)))
    }

    /// One event, in its calendar or wherever it is.
    pub(crate) async fn event(&self, place: &Place, calendar: Option<&str>, id: &str) -> Result<Told<SeenEvent>, SyncError> {
        let calendar = calendar.map(str::to_owned);
        self.ask_one(place, id, GetEvent { mailbox: self.mailbox.clone(), calendar, event_id: id.to_owned() }).await
    }

    /// Which calendar an event is in.
    pub(crate) async fn calendar_of(&self, place: &Place, id: &str) -> Result<Told<Calendar>, SyncError> {
        self.ask_one(place, id, GetEventCalendar { mailbox: self.mailbox.clone(), event_id: id.to_owned() }).await
    }
}
