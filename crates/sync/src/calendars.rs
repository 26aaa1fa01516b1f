//! The calendars of a mailbox: which are the person's own, and which of them has a name.

use belfry_graph::{Calendar, CreateCalendar, Graph, GraphError, ListCalendars, Mailbox};

use crate::error::SyncError;
use crate::pages::Pages;

/// All calendars of a mailbox, those that others share with it included.
///
/// # Errors
/// When the mailbox does not answer.
pub async fn all(graph: &Graph, mailbox: &Mailbox) -> Result<Vec<Calendar>, GraphError> {
    let mut out = Vec::new();
    let (mut next, mut pages) = (None, Pages::default());
    loop {
        let page = graph.ask(&ListCalendars { mailbox: mailbox.clone(), next }).await?;
        out.extend(page.calendars);
        match page.next {
            Some(link) => next = Some(pages.next(Some(link))?),
            None => return Ok(out),
        }
    }
}

/// Those of them that are the person's own: nothing is kept in other people's mailboxes. A mailbox owns its default calendar; the address there need not be the
/// one that the person signs in with.
#[must_use]
pub fn own(all: Vec<Calendar>) -> Vec<Calendar> {
    let owner = all.iter().find(|calendar| calendar.is_default).and_then(|calendar| calendar.owner.clone());
    let is_own = |calendar: &Calendar| match (&owner, &calendar.owner) {
        (Some(owner), Some(other)) => owner.eq_ignore_ascii_case(other),
        _ => true,
    };
    all.into_iter().filter(is_own).collect()
}

/// The calendar of this name, made if there is none. A create whose answer was lost shows as a taken name; then it is looked up.
///
/// # Errors
/// When the mailbox does not answer, or the calendar of this name cannot be written.
pub async fn find_or_make(graph: &Graph, mailbox: &Mailbox, name: &str) -> Result<Calendar, SyncError> {
    match named(own(all(graph, mailbox).await?), name) {
        Some(found) if found.is_writable => Ok(found),
        Some(_) => Err(SyncError::ReadOnly(name.to_owned())),
        None => make(graph, mailbox, name).await,
    }
}

/// Makes the calendar of a name that none has.
///
/// # Errors
/// When the mailbox does not answer.
pub async fn make(graph: &Graph, mailbox: &Mailbox, name: &str) -> Result<Calendar, SyncError> {
    match graph.ask(&CreateCalendar { mailbox: mailbox.clone(), name: name.to_owned() }).await {
        // Ids of a create and of a later list were seen to differ; the list is what counts.
        Ok(_) | Err(GraphError::NameTaken) => {
            named(own(all(graph, mailbox).await?), name).ok_or_else(|| SyncError::CalendarGone(name.to_owned()))
        }
        Err(error) => Err(error.into()),
    }
}

/// The calendar of a name.
#[must_use]
pub fn named(calendars: Vec<Calendar>, name: &str) -> Option<Calendar> {
    calendars.into_iter().find(|calendar| calendar.name.eq_ignore_ascii_case(name))
}
