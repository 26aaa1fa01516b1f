use belfry_core::marker::PROPERTY_ID;

use super::{PAGE, calendar_path, expand_marker};
use crate::answer::{Answer, Call, GraphRequest, encode};
use crate::convert::{self, SeenEvent};
use crate::error::GraphError;
use crate::mailbox::Mailbox;
use crate::wire::{WireEvent, WirePage};

/// All events of a calendar that carry our marker: `GET /me/calendars/{id}/events` with a filter on the extended property.
#[derive(Debug, Clone)]
pub struct ListMarked {
    /// Whose.
    pub mailbox: Mailbox,
    /// Calendar id.
    pub calendar: String,
    /// The next link of the page before; `None` for the first.
    pub next: Option<String>,
}

/// A page of events.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct EventPage {
    /// In the server's order.
    pub events: Vec<SeenEvent>,
    /// Where the list goes on.
    pub next: Option<String>,
}

impl GraphRequest for ListMarked {
    type Answer = EventPage;

    fn prepare(&self) -> Call {
        if let Some(next) = &self.next {
            return Call::get(next.clone());
        }
        let filter = format!("singleValueExtendedProperties/Any(ep: ep/id eq '{PROPERTY_ID}' and contains(ep/value,';'))");
        let path = calendar_path(&self.mailbox, &self.calendar);
        Call::get(format!("{path}/events?$filter={}&{}&$top={PAGE}", encode(&filter), expand_marker()))
    }

    fn parse(&self, answer: &Answer) -> Result<EventPage, GraphError> {
        let page: WirePage<WireEvent> = answer.json()?;
        Ok(EventPage { events: page.value.iter().map(convert::seen).collect(), next: page.next })
    }
}
