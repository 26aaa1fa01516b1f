//! "Between 3 and 5 pm", "zwischen 24. Dezember und 2. Januar".

use super::stretches::from_to;
use super::times::{plain, spans};
use super::{Found, found};
use crate::sentence::Cursor;
use crate::vocabulary::Sense;

/// Two times.
pub fn times(mut cursor: Cursor<'_>) -> Option<Found> {
    cursor.need(Sense::Between)?;
    let first = cursor;
    let (starts, mut cursor) = plain(cursor, true)?;
    cursor.need(Sense::And)?;
    let second = cursor;
    let (ends, behind) = plain(cursor, true)?;
    // "Between 3 and 5 guests" counts guests.
    let said = plain(first, false).is_some() || plain(second, false).is_some() || behind.is_free();
    said.then(|| spans((starts, ends, behind)))?
}

/// Two dates.
pub fn dates(mut cursor: Cursor<'_>) -> Option<Found> {
    cursor.need(Sense::Between)?;
    let (readings, behind) = from_to(cursor, true, |cursor| cursor.eat(Sense::And))?;
    found(readings, behind)
}
