use crate::answer::{Answer, Call, GraphRequest};
use crate::error::GraphError;
use crate::mailbox::Mailbox;
use crate::wire::{WireCalendar, WirePage};

/// `GET /me/calendars`.
#[derive(Debug, Clone)]
pub struct ListCalendars {
    /// Whose.
    pub mailbox: Mailbox,
    /// The next link of the page before; `None` for the first.
    pub next: Option<String>,
}

/// A calendar.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Calendar {
    /// Graph's id.
    pub id: String,
    /// Name.
    pub name: String,
    /// The mailbox's default one.
    pub is_default: bool,
    /// Whether events can be written to it.
    pub is_writable: bool,
    /// Address of whose it is: of a shared one somebody else's.
    pub owner: Option<String>,
}

/// A page of them.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct CalendarPage {
    /// In the server's order.
    pub calendars: Vec<Calendar>,
    /// Where the list goes on.
    pub next: Option<String>,
}

impl GraphRequest for ListCalendars {
    type Answer = CalendarPage;

    fn prepare(&self) -> Call {
        Call::get(self.next.clone().unwrap_or_else(|| format!("{}/calendars?$top=100", self.mailbox.path())))
    }

    fn parse(&self, answer: &Answer) -> Result<CalendarPage, GraphError> {
        let page: WirePage<WireCalendar> = answer.json()?;
        Ok(CalendarPage { calendars: page.value.into_iter().map(calendar).collect(), next: page.next })
    }
}

pub(super) fn calendar(wire: WireCalendar) -> Calendar {
    Calendar {
        id: wire.id,
        name: wire.name.unwrap_or_default(),
        is_default: wire.is_default_calendar == Some(true),
        is_writable: wire.can_edit != Some(false),
        owner: wire.owner.and_then(|owner| owner.address),
    }
}
