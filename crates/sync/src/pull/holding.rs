//! What lies in the person's other calendars.
//!
//! A list may be kept in any of them, so one that does not answer is not an empty one: whoever believed that would dismiss what another computer moved there, or make all of it twice.

use std::collections::{BTreeMap, BTreeSet};

use belfry_graph::{Answer, Calendar, GraphError, GraphRequest, ListMarked, SeenEvent};
use chrono::{DateTime, Duration, Utc};

use super::Pull;
use crate::error::SyncError;
use crate::pages::Pages;

/// A calendar that is listed and has not answered for so long holds nothing of ours: there are some that never take the question.
const SILENCE: Duration = Duration::hours(1);

/// A calendar that holds events with our marker.
#[derive(Debug, Clone)]
pub struct Holding {
    /// Which.
    pub calendar: Calendar,
    /// Those events.
    pub events: Vec<SeenEvent>,
}

impl Pull<'_> {
    /// The events with our marker in these calendars, 20 calendars to a request; `skip` names those that are known anyway. One that cannot be written (holidays, birthdays)
    /// holds none of ours.
    ///
    /// # Errors
    /// When the mailbox does not answer, or one of these calendars.
    pub async fn holding(&self, calendars: &[Calendar], skip: &BTreeSet<String>) -> Result<Vec<Holding>, SyncError> {
        let asked: Vec<&Calendar> = calendars.iter().filter(|calendar| calendar.is_writable && !skip.contains(&calendar.id)).collect();
        if asked.is_empty() {
            return Ok(vec![]);
        }
        let list = |calendar: &&Calendar| ListMarked { mailbox: self.mailbox.clone(), calendar: calendar.id.clone(), next: None };
        let answers = self.graph.ask_many(asked.iter().map(|calendar| list(calendar).prepare()).collect()).await?;
        let (mut there, mut silent) = (Vec::new(), BTreeMap::new());
        for (calendar, answer) in asked.into_iter().zip(&answers) {
            match self.rest(list(&calendar), answer).await {
                Ok(events) if events.is_empty() => {}
                Ok(events) => there.push(Holding { calendar: calendar.clone(), events }),
                Err(error @ (GraphError::NotFound | GraphError::Forbidden { .. } | GraphError::Refused { .. })) => {
                    silent.insert(calendar.id.clone(), error);
                }
                Err(error) => return Err(error.into()),
            }
        }
        self.are_long_silent(&silent)?;
        Ok(there)
    }

    /// The first page, and those that follow it.
    async fn rest(&self, mut request: ListMarked, first: &Answer) -> Result<Vec<SeenEvent>, GraphError> {
        let mut page = request.parse(first)?;
        let (mut events, mut pages) = (Vec::new(), Pages::default());
        loop {
            events.append(&mut page.events);
            let Some(next) = page.next else { return Ok(events) };
            request.next = Some(pages.next(Some(next))?);
            page = self.graph.ask(&request).await?;
        }
    }

    /// Remembers since when each of them is silent.
    ///
    /// # Errors
    /// When one of them is so for a short while only.
    fn are_long_silent(&self, silent: &BTreeMap<String, GraphError>) -> Result<(), SyncError> {
        let key = self.aside.silent();
        let known = self.store.meta(&key)?.unwrap_or_default();
        let before: BTreeMap<String, DateTime<Utc>> = serde_json::from_str(&known).unwrap_or_default();
        let since: BTreeMap<&String, DateTime<Utc>> =
            silent.keys().map(|id| (id, before.get(id).copied().filter(|at| *at <= self.now).unwrap_or(self.now))).collect();
        if !(since.is_empty() && before.is_empty()) {
            self.store.set_meta(&key, &serde_json::to_string(&since).unwrap_or_default())?;
        }
        let is_short = |id: &String| since.get(id).is_some_and(|at| *at + SILENCE > self.now);
        let Some((_, error)) = silent.iter().find(|(id, _)| is_short(id)) else { return Ok(()) };
        let (status, code) = match error {
            GraphError::Forbidden { code } => (403, code.clone()),
            GraphError::Refused { status, code, .. } => (*status, code.clone()),
            _ => (404, "ErrorItemNotFound".to_owned()),
        };
        tracing::warn!(status, code, "one of the calendars does not say what it holds; nothing is missed or made meanwhile");
        Err(GraphError::Faulty { status, code }.into())
    }
}
