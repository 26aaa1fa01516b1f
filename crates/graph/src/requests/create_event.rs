use belfry_core::{Marker, Projection};
use http::Method;
use uuid::Uuid;

use super::calendar_path;
use crate::answer::{Answer, Call, GraphRequest};
use crate::convert::{self, SeenEvent};
use crate::error::GraphError;
use crate::mailbox::Mailbox;
use crate::wire::WireEvent;

/// `POST /me/calendars/{id}/events`, with the marker and a transaction id that makes it safe to repeat.
#[derive(Debug, Clone)]
pub struct CreateEvent {
    /// Whose.
    pub mailbox: Mailbox,
    /// Calendar id.
    pub calendar: String,
    /// What it says.
    pub projection: Projection,
    /// Whose event it is.
    pub marker: Marker,
    /// Repeats of this id make no second event.
    pub transaction_id: Uuid,
}

impl GraphRequest for CreateEvent {
    type Answer = SeenEvent;

    fn prepare(&self) -> Call {
        let body = convert::create_body(&self.projection, &self.marker, self.transaction_id);
        Call::with_body(Method::POST, format!("{}/events", calendar_path(&self.mailbox, &self.calendar)), body, true)
    }

    fn parse(&self, answer: &Answer) -> Result<SeenEvent, GraphError> {
        answer.json::<WireEvent>().map(|wire| convert::seen(&wire))
    }
}
