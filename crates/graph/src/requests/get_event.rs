use super::{calendar_path, expand_marker};
use crate::answer::{Answer, Call, GraphRequest, encode};
use crate::convert::{self, SeenEvent};
use crate::error::GraphError;
use crate::mailbox::Mailbox;
use crate::wire::WireEvent;

/// `GET /me/calendars/{calendar}/events/{id}` with the marker. Through its calendar, so that an event that moved away is not found.
#[derive(Debug, Clone)]
pub struct GetEvent {
    /// Whose.
    pub mailbox: Mailbox,
    /// Calendar id; `None` finds the event wherever it is.
    pub calendar: Option<String>,
    /// Event id.
    pub event_id: String,
}

impl GraphRequest for GetEvent {
    type Answer = SeenEvent;

    fn prepare(&self) -> Call {
        let root = self.calendar.as_ref().map_or_else(|| self.mailbox.path(), |calendar| calendar_path(&self.mailbox, calendar));
        Call::get(format!("{root}/events/{}?{}", encode(&self.event_id), expand_marker()))
    }

    fn parse(&self, answer: &Answer) -> Result<SeenEvent, GraphError> {
        let mut wire: WireEvent = answer.json()?;
        // Expanded but without the property, Graph leaves the member out.
        wire.single_value_extended_properties.get_or_insert_with(Vec::new);
        Ok(convert::seen(&wire))
    }
}

/// `GET /me/events/{id}?$select=webLink`: the address of the event's page in Outlook on the web (<https://learn.microsoft.com/graph/api/resources/event>).
#[derive(Debug, Clone)]
pub struct GetWebLink {
    /// Whose.
    pub mailbox: Mailbox,
    /// Event id.
    pub event_id: String,
}

impl GraphRequest for GetWebLink {
    type Answer = Option<String>;

    fn prepare(&self) -> Call {
        Call::get(format!("{}?$select=webLink", super::event_path(&self.mailbox, &self.event_id)))
    }

    fn parse(&self, answer: &Answer) -> Result<Option<String>, GraphError> {
        let event: serde_json::Value = answer.json()?;
        Ok(event.get("webLink").and_then(serde_json::Value::as_str).map(str::to_owned))
    }
}

/// `GET /me/events/{id}/calendar`: which calendar an event is in now. An event in the bin is in none.
#[derive(Debug, Clone)]
pub struct GetEventCalendar {
    /// Whose.
    pub mailbox: Mailbox,
    /// Event id.
    pub event_id: String,
}

impl GraphRequest for GetEventCalendar {
    type Answer = super::Calendar;

    fn prepare(&self) -> Call {
        Call::get(format!("{}/calendar", super::event_path(&self.mailbox, &self.event_id)))
    }

    fn parse(&self, answer: &Answer) -> Result<super::Calendar, GraphError> {
        answer.json().map(super::list_calendars::calendar)
    }
}
