//! What the person does in Outlook to single dates of a series, for tests that play the person.

use chrono::NaiveDate;
use serde_json::Value;

use crate::graph::{self, Moment};
use crate::reply::Reply;
use crate::simulator::Simulator;
use crate::world::Mailbox;

impl Simulator {
    /// The id by which Graph knows a date of a series, by the date that its pattern has.
    #[must_use]
    pub fn date_id(&self, master: &str, on: NaiveDate) -> Option<String> {
        let inner = self.lock();
        let master = inner.world.mailboxes.values().find_map(|mailbox| mailbox.events.get(master))?;
        Some(graph::date_id(master, on))
    }

    /// Changes one date of a series, by the date that its pattern has. `change` is as the body of a PATCH.
    ///
    /// # Errors
    /// What Graph would answer.
    pub fn change_date(&self, login: &str, master: &str, on: NaiveDate, change: &Value) -> Result<(), Reply> {
        self.in_mailbox(login, |mailbox, at| {
            graph::there(mailbox, master, on)?;
            graph::change_date(mailbox, master, on, change, at)
        })
    }

    /// Deletes one date of a series, by the date that its pattern has.
    ///
    /// # Errors
    /// What Graph would answer.
    pub fn cancel_date(&self, login: &str, master: &str, on: NaiveDate) -> Result<(), Reply> {
        self.in_mailbox(login, |mailbox, at| {
            graph::there(mailbox, master, on)?;
            graph::cancel_date(mailbox, master, on, at)
        })
    }

    /// Changes "this and following": the old series ends before the date, and a new one with the same members and a copy of our extended property
    /// begins there, with `change` put onto it. Gives the id of the new master. See [`crate::SeriesDoubts::split_copies_properties`].
    ///
    /// # Errors
    /// 404 without such a series, 400 if it has no date there or begins there.
    pub fn change_following(&self, login: &str, master: &str, on: NaiveDate, change: &Value) -> Result<String, Reply> {
        self.in_mailbox(login, |mailbox, at| graph::split(mailbox, master, on, change, at))
    }

    fn in_mailbox<R>(&self, login: &str, work: impl FnOnce(&mut Mailbox, Moment) -> Result<R, Reply>) -> Result<R, Reply> {
        let now = self.now();
        let mut inner = self.lock();
        let at = Moment { now, doubts: inner.series_doubts };
        let oid = inner.world.person(login).ok_or_else(graph::not_found)?.oid.clone();
        work(inner.world.mailboxes.get_mut(&oid).ok_or_else(graph::not_found)?, at)
    }
}
