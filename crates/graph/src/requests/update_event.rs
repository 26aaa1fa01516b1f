use belfry_core::Projection;
use belfry_core::projection::Fields;
use http::Method;

use super::event_path;
use crate::answer::{Answer, Call, GraphRequest};
use crate::convert::{self, SeenEvent};
use crate::error::GraphError;
use crate::mailbox::Mailbox;
use crate::wire::WireEvent;

/// `PATCH /me/events/{id}` of some fields.
#[derive(Debug, Clone)]
pub struct UpdateEvent {
    /// Whose.
    pub mailbox: Mailbox,
    /// Event id.
    pub event_id: String,
    /// What it should say.
    pub projection: Projection,
    /// Which part of that is sent.
    pub fields: Fields,
    /// What it looked like when this was decided.
    pub etag: Option<String>,
}

impl UpdateEvent {
    /// The fields that its answer speaks for.
    #[must_use]
    pub fn sent_fields(&self) -> Fields {
        convert::sent_fields(&self.projection, &self.fields)
    }
}

impl GraphRequest for UpdateEvent {
    type Answer = SeenEvent;

    fn prepare(&self) -> Call {
        let body = convert::update_body(&self.projection, &self.fields);
        Call::with_body(Method::PATCH, event_path(&self.mailbox, &self.event_id), body, true).if_match(self.etag.as_deref())
    }

    fn parse(&self, answer: &Answer) -> Result<SeenEvent, GraphError> {
        answer.json::<WireEvent>().map(|wire| convert::seen(&wire))
    }
}
