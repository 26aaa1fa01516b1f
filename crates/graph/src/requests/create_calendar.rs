use http::Method;
use serde_json::json;

use super::list_calendars::{Calendar, calendar};
use crate::answer::{Answer, Call, GraphRequest};
use crate::error::GraphError;
use crate::mailbox::Mailbox;
use crate::wire::WireCalendar;

/// `POST /me/calendars`. A name that is taken answers 409, so it is safe to repeat: the caller then looks the name up.
#[derive(Debug, Clone)]
pub struct CreateCalendar {
    /// Whose.
    pub mailbox: Mailbox,
    /// Name.
    pub name: String,
}

impl GraphRequest for CreateCalendar {
    type Answer = Calendar;

    fn prepare(&self) -> Call {
        Call::with_body(Method::POST, format!("{}/calendars", self.mailbox.path()), json!({"name": self.name}), true)
    }

    fn parse(&self, answer: &Answer) -> Result<Calendar, GraphError> {
        answer.json::<WireCalendar>().map(calendar)
    }
}
