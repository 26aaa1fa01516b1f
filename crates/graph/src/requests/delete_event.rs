use http::Method;

use super::event_path;
use crate::answer::{Answer, Call, GraphRequest};
use crate::error::GraphError;
use crate::mailbox::Mailbox;

/// `DELETE /me/events/{id}`. An event that is gone already is as good as deleted.
#[derive(Debug, Clone)]
pub struct DeleteEvent {
    /// Whose.
    pub mailbox: Mailbox,
    /// Event id.
    pub event_id: String,
    /// What it looked like when this was decided.
    pub etag: Option<String>,
}

impl GraphRequest for DeleteEvent {
    type Answer = ();

    fn prepare(&self) -> Call {
        Call { method: Method::DELETE, ..Call::get(event_path(&self.mailbox, &self.event_id)) }.if_match(self.etag.as_deref())
    }

    fn parse(&self, answer: &Answer) -> Result<(), GraphError> {
        answer.success()
    }
}
