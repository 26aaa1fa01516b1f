//! Days of the year that have a name: "on Christmas Eve", "bis Silvester".

use chrono::NaiveDate;

use super::Day;
use super::dates::{Readings, today, year};
use super::numeric::coming;
use crate::sentence::Cursor;
use crate::vocabulary::Sense;

/// A day with a name; without a word that asks for a date only where nothing of a title follows, as people buy Christmas trees.
pub fn feast(mut cursor: Cursor<'_>, led: bool) -> Option<Readings> {
    let inside = cursor.at.checked_sub(1).is_some_and(|before| !ties(cursor.sentence.cursor(before)));
    let led = cursor.skip(&[Sense::At, Sense::The]) || led;
    let (month, day) = name(&mut cursor)?;
    let date = match year(&mut cursor) {
        Some(year) => Day::of(NaiveDate::from_ymd_opt(year, month, day)?),
        None => coming(day, month, today(cursor))?,
    };
    (led || inside && cursor.is_free()).then_some((vec![date], cursor.at))
}

/// Whether a word ties what follows to a thing: "2 weeks before Christmas", "gifts for Christmas".
fn ties(mut cursor: Cursor<'_>) -> bool {
    let is_tie = |sense| matches!(sense, Sense::Before | Sense::After | Sense::Short60 | Sense::Past | Sense::For | Sense::Of | Sense::And);
    cursor.pick(|sense| is_tie(sense).then_some(())).is_some()
}

/// The month and the day of a name.
pub fn name(cursor: &mut Cursor<'_>) -> Option<(u32, u32)> {
    cursor.pick(|sense| match sense {
        Sense::Feast(month, day) => Some((month, day)),
        _ => None,
    })
}
