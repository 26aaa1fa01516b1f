//! What Outlook does not permit to write: one event, or everything in its calendar.

use std::collections::BTreeSet;

use belfry_core::Place;

use super::{Applied, Apply, Sending};
use crate::calendars;
use crate::error::SyncError;

/// So many, and nothing written in between: it is the calendar, whatever it says of itself.
const CLOSED: usize = 3;

impl Apply<'_> {
    /// The calendar is asked, once in a run. Where it may be written, it is the event, and that one is refused: when the next round hears the same, as for once it may
    /// be a fault of Outlook's own.
    pub(super) async fn forbidden(&self, all: Vec<(Sending, String)>, applied: &mut Applied) -> Result<(), SyncError> {
        let mut again = BTreeSet::new();
        for (sending, _) in &all {
            let key = &sending.operation.key;
            if let Some(place) = sending.operation.place()
                && !applied.forbidden.entry(place.clone()).or_default().insert(key.clone())
            {
                again.insert(key.clone());
            }
        }
        for (sending, code) in all {
            let Some(place) = sending.operation.place().cloned() else { continue };
            if self.is_closed(&place, applied).await? {
                tracing::warn!(code, "a calendar cannot be written");
                applied.read_only.insert(place);
            } else if again.contains(&sending.operation.key) {
                tracing::warn!(code, "an event may not be written");
                self.aside.skip(sending.operation.key.reminder);
                self.store.atomically(|store| self.refuse(store, &sending, &code, applied))?;
            }
        }
        Ok(())
    }

    /// Whether nothing in a calendar can be written.
    pub(super) async fn is_closed(&self, place: &Place, applied: &mut Applied) -> Result<bool, SyncError> {
        if applied.read_only.contains(place) {
            return Ok(true);
        }
        let has_written = applied.counts.get(&place.calendar).is_some_and(|counts| counts.created + counts.updated + counts.deleted > 0);
        if !has_written && applied.forbidden.get(place).is_some_and(|keys| keys.len() >= CLOSED) {
            return Ok(true);
        }
        if let Some(is_writable) = applied.asked.get(place) {
            return Ok(!is_writable);
        }
        let all = calendars::all(self.graph, self.mailbox).await?;
        let is_writable = all.iter().find(|calendar| calendar.id == place.calendar).is_none_or(|calendar| calendar.is_writable);
        applied.asked.insert(place.clone(), is_writable);
        Ok(!is_writable)
    }
}
