//! Several alarms that one word leads: "alert 10 min, 1 day", "Alarm 10 Minuten und 1 Tag".

use belfry_core::Lead;
use belfry_core::reminder::ALARM_LIMIT;

use super::short_spans::short_parts;
use super::spans::{begins_a_phrase, span};
use super::{Found, Said, found};
use crate::sentence::Cursor;
use crate::vocabulary::Unit;

/// One more of them. Hours and minutes may be how long it takes.
pub fn also(cursor: Cursor<'_>) -> Option<Found> {
    let (minutes, unit, behind) = one(cursor)?;
    (is_over(behind) || begins_a_phrase(behind) || goes_on(behind)).then_some(())?;
    let lead = Lead::try_from(minutes).ok().filter(|lead| *lead <= ALARM_LIMIT)?;
    let length = matches!(unit, Unit::Minute | Unit::Hour).then_some(Said::Length(minutes));
    found(std::iter::once(Said::Lead(lead)).chain(length), behind)
}

/// Whether "and" and another of them follow, and nothing of a title.
pub fn goes_on(mut cursor: Cursor<'_>) -> bool {
    cursor.eat(crate::vocabulary::Sense::And) && one(cursor).is_some_and(|(.., behind)| is_over(behind) || begins_a_phrase(behind))
}

fn one(cursor: Cursor<'_>) -> Option<(u32, Unit, Cursor<'_>)> {
    short_parts(cursor).or_else(|| span(cursor, false))
}

fn is_over(cursor: Cursor<'_>) -> bool {
    cursor.token().is_none_or(|token| token.name.is_some())
}
