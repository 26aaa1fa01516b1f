//! Alarms that stand beside others: "a week before and at the start", "3 Tage vorher und noch einmal 1 Stunde vorher".

use super::spans::{alarm, begins_a_phrase, lead, named_lead};
use super::{Found, Said, found};
use crate::sentence::Cursor;
use crate::vocabulary::Sense;

/// Behind another alarm, where a comma or "and" parts the two.
pub fn behind_alarm(mut cursor: Cursor<'_>) -> Option<Found> {
    let again = cursor.skip(&[Sense::Again]);
    at_start(cursor).or_else(|| named_lead(cursor, true)).or_else(|| alarm(cursor).filter(|_| again))
}

/// Before another alarm, where it cannot be title: behind a day or a time, or a word like "alarm".
pub fn before_alarm(mut cursor: Cursor<'_>) -> Option<Found> {
    cursor.need(Sense::Begins)?;
    let mut next = cursor.over();
    let joined = next.eat(Sense::And) || cursor.token().is_none();
    next.skip(&[Sense::Again]);
    (joined && (lead(next).is_some() || named_lead(next, true).is_some())).then(|| found([Said::AtStart], cursor))?
}

/// Behind a word that says that it is an alarm.
pub fn led(mut cursor: Cursor<'_>) -> Option<Found> {
    cursor.need(Sense::Alarm)?;
    at_start(cursor).or_else(|| before_alarm(cursor))
}

/// "And" and a further alarm, by its shape: a thousand of them do not ask each other.
pub fn follows(mut cursor: Cursor<'_>) -> bool {
    if !cursor.eat(Sense::And) {
        return false;
    }
    let again = cursor.skip(&[Sense::Again]);
    let is_named = { cursor }.pick(|sense| matches!(sense, Sense::Lead(_) | Sense::Eve).then_some(())).is_some();
    is_named || again && lead(cursor).is_some() || at_start(cursor).is_some()
}

/// Words that look like an alarm: so long before or after, and nothing that they are tied to ("before Christmas").
pub fn looks_like_alarm(cursor: Cursor<'_>) -> Option<Cursor<'_>> {
    let (_, side, behind) = lead(cursor)?;
    let is_tied = matches!(side, Sense::Before | Sense::After) && behind.token().is_some();
    let goes_on = { behind }.pick(|sense| matches!(sense, Sense::And | Sense::Or | Sense::But).then_some(())).is_some();
    (!is_tied || goes_on).then_some(behind)
}

fn at_start(mut cursor: Cursor<'_>) -> Option<Found> {
    cursor.need(Sense::Begins)?;
    let led = cursor.eat(Sense::Remind);
    let ends = led || cursor.token().is_none_or(|token| token.name.is_some()) || begins_a_phrase(cursor);
    ends.then(|| found([Said::AtStart], cursor))?
}
