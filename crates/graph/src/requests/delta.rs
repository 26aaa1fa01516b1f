use chrono::{DateTime, Utc};
use serde::Deserialize;

use super::{PAGE, calendar_path};
use crate::answer::{Answer, Call, GraphRequest, encode};
use crate::convert::{self, SeenEvent};
use crate::error::GraphError;
use crate::mailbox::Mailbox;
use crate::wire::{WireEvent, WirePage};

/// `GET /me/calendars/{id}/calendarView/delta`: what changed. Rows of series are stubs and no row shows the marker.
#[derive(Debug, Clone)]
pub struct Delta {
    /// Whose.
    pub mailbox: Mailbox,
    /// From where.
    pub start: DeltaStart,
}

/// Where a delta round begins.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum DeltaStart {
    /// A new round over a window, which is fixed for the life of its links.
    Window {
        /// Calendar id.
        calendar: String,
        /// From.
        from: DateTime<Utc>,
        /// To, exclusive.
        to: DateTime<Utc>,
    },
    /// A next link or a delta link, exactly as the server gave it.
    Link(String),
}

/// One page of a round.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct DeltaPage {
    /// In no order; one event may come several times.
    pub rows: Vec<DeltaRow>,
    /// The round goes on here.
    pub next: Option<String>,
    /// The round ends here; the next one starts with this link.
    pub delta: Option<String>,
}

/// One row.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum DeltaRow {
    /// Deleted, or changed outside the window: only a GET tells which.
    Removed(String),
    /// There, in whole or as a stub.
    Present(Box<SeenEvent>),
}

#[derive(Deserialize)]
struct Row {
    #[serde(rename = "@removed")]
    removed: Option<serde_json::Value>,
    #[serde(flatten)]
    event: WireEvent,
}

impl GraphRequest for Delta {
    type Answer = DeltaPage;

    fn prepare(&self) -> Call {
        let path = match &self.start {
            DeltaStart::Link(link) => link.clone(),
            DeltaStart::Window { calendar, from, to } => {
                let text = |at: &DateTime<Utc>| encode(&at.format("%Y-%m-%dT%H:%M:%SZ").to_string());
                let path = calendar_path(&self.mailbox, calendar);
                format!("{path}/calendarView/delta?startDateTime={}&endDateTime={}", text(from), text(to))
            }
        };
        Call::get(path).header("Prefer", format!("odata.maxpagesize={PAGE}"))
    }

    fn parse(&self, answer: &Answer) -> Result<DeltaPage, GraphError> {
        let page: WirePage<Row> = answer.json()?;
        // A page that neither goes on nor ends is a cut one.
        if page.next.is_none() && page.delta.is_none() {
            return Err(GraphError::Unreadable { source: None });
        }
        let row = |row: &Row| match row.removed {
            Some(_) => DeltaRow::Removed(row.event.id.clone()),
            None => DeltaRow::Present(Box::new(convert::seen(&row.event))),
        };
        Ok(DeltaPage { rows: page.value.iter().map(row).collect(), next: page.next, delta: page.delta })
    }
}
