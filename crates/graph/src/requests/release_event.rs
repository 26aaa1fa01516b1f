use http::Method;

use super::event_path;
use crate::answer::{Answer, Call, GraphRequest};
use crate::convert;
use crate::error::GraphError;
use crate::mailbox::Mailbox;

/// `PATCH /me/events/{id}` that takes our marker off: the event stays and is the person's own.
#[derive(Debug, Clone)]
pub struct ReleaseEvent {
    /// Whose.
    pub mailbox: Mailbox,
    /// Event id.
    pub event_id: String,
    /// What it looked like when this was decided.
    pub etag: Option<String>,
}

impl GraphRequest for ReleaseEvent {
    type Answer = ();

    fn prepare(&self) -> Call {
        let path = event_path(&self.mailbox, &self.event_id);
        Call::with_body(Method::PATCH, path, convert::release_body(), true).if_match(self.etag.as_deref())
    }

    fn parse(&self, answer: &Answer) -> Result<(), GraphError> {
        answer.success()
    }
}
