use belfry_core::marker::Marker;
use http::Method;

use super::event_path;
use crate::answer::{Answer, Call, GraphRequest};
use crate::convert;
use crate::error::GraphError;
use crate::mailbox::Mailbox;

/// `PATCH /me/events/{id}` that says whose event it is: another of our reminders', or, without a marker, the person's own. Nothing else of it changes.
#[derive(Debug, Clone)]
pub struct MarkEvent {
    /// Whose.
    pub mailbox: Mailbox,
    /// Event id.
    pub event_id: String,
    /// Whose from now on.
    pub marker: Option<Marker>,
    /// What it looked like when this was decided.
    pub etag: Option<String>,
}

impl GraphRequest for MarkEvent {
    type Answer = ();

    fn prepare(&self) -> Call {
        let path = event_path(&self.mailbox, &self.event_id);
        Call::with_body(Method::PATCH, path, convert::marker_body(self.marker.as_ref()), true).if_match(self.etag.as_deref())
    }

    fn parse(&self, answer: &Answer) -> Result<(), GraphError> {
        answer.success()
    }
}
