//! The requests, one file each. Every file has the request struct, what it answers with, and tests over bytes.

mod batch;
mod create_calendar;
mod create_event;
mod delete_event;
mod delta;
mod get_event;
mod list_calendars;
mod list_events;
mod mark_event;

mod series;
mod update_event;

pub use batch::Batch;
pub use create_calendar::CreateCalendar;
pub use create_event::CreateEvent;
pub use delete_event::DeleteEvent;
pub use delta::{Delta, DeltaPage, DeltaRow, DeltaStart};
pub use get_event::{GetEvent, GetEventCalendar, GetWebLink};
pub use list_calendars::{Calendar, CalendarPage, ListCalendars};
pub use list_events::{EventPage, ListMarked};
pub use mark_event::MarkEvent;

pub use series::{GetSeries, ListInstances, Original, SeenDate, SeriesDates};
pub use update_event::UpdateEvent;

use belfry_core::marker::PROPERTY_ID;

use crate::answer::encode;
use crate::mailbox::Mailbox;

/// Largest page of events that is asked for.
pub const PAGE: u32 = 200;

fn calendar_path(mailbox: &Mailbox, calendar: &str) -> String {
    format!("{}/calendars/{}", mailbox.path(), encode(calendar))
}

fn event_path(mailbox: &Mailbox, event: &str) -> String {
    format!("{}/events/{}", mailbox.path(), encode(event))
}

/// The `$expand` that shows the marker.
fn expand_marker() -> String {
    format!("$expand={}", encode(&format!("singleValueExtendedProperties($filter=id eq '{PROPERTY_ID}')")))
}
