//! The calendar that a list is kept in: found by name, or made.

use belfry_graph::{Calendar, CreateCalendar, Graph, GraphError, ListCalendars, Mailbox};

use crate::error::SyncError;

/// All calendars of a mailbox.
///
/// # Errors
/// When the mailbox does not answer.
pub async fn all(graph: &Graph, mailbox: &Mailbox) -> Result<Vec<Calendar>, GraphError> {
    let mut out = Vec::new();
    let mut next = None;
    loop {
        let page = graph.ask(&ListCalendars { mailbox: mailbox.clone(), next }).await?;
        out.extend(page.calendars);
        match page.next {
            Some(link) => next = Some(link),
            None => return Ok(out),
        }
    }
}

/// The calendar of this name, made if there is none. A create whose answer was lost shows as a taken name; then it is looked up.
///
/// # Errors
/// When the mailbox does not answer, or the calendar of this name cannot be written.
pub async fn find_or_make(graph: &Graph, mailbox: &Mailbox, name: &str) -> Result<Calendar, SyncError> {
    if let Some(found) = named(graph, mailbox, name).await? {
        return if found.is_writable { Ok(found) } else { Err(SyncError::ReadOnly(name.to_owned())) };
    }
    match graph.ask(&CreateCalendar { mailbox: mailbox.clone(), name: name.to_owned() }).await {
        // Ids of a create and of a later list were seen to differ; the list is what counts.
        Ok(_) | Err(GraphError::NameTaken) => named(graph, mailbox, name).await?.ok_or_else(|| SyncError::CalendarGone(name.to_owned())),
        Err(error) => Err(error.into()),
    }
}

/// The calendar of this name, if there is one.
///
/// # Errors
/// When the mailbox does not answer.
pub async fn named(graph: &Graph, mailbox: &Mailbox, name: &str) -> Result<Option<Calendar>, GraphError> {
    Ok(all(graph, mailbox).await?.into_iter().find(|calendar| calendar.name.eq_ignore_ascii_case(name)))
}
