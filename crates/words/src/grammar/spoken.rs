//! Times as people say them: "half past nine", "ten to eight", "fünf nach halb drei".

use super::clock::{DAY, HALF, both};
use crate::sentence::Cursor;
use crate::vocabulary::{Sense, Unit};

/// The readings of a time, and where it ends.
pub type Times<'a> = (Vec<u32>, Cursor<'a>);

/// The minutes that people count to or from an hour without a word before them that asks for a time.
const ROUND: [u32; 4] = [5, 10, 20, 25];

/// "half past nine", "halb zehn", "Viertel nach 3", "quarter to 3", "dreiviertel zehn".
pub fn fraction(mut cursor: Cursor<'_>) -> Option<Times<'_>> {
    cursor.eat(Sense::Article);
    let kind = cursor.pick(|sense| matches!(sense, Sense::Half | Sense::Quarter | Sense::ThreeQuarters).then_some(sense))?;
    let side = cursor.pick(|sense| matches!(sense, Sense::Past | Sense::Short60 | Sense::Of).then_some(sense));
    let hour = hour(&mut cursor)? * 60;
    let half_to = cursor.sentence.vocabulary.half_to;
    let minutes = match (kind, side) {
        (Sense::Half, Some(Sense::Past)) => hour + 30,
        (Sense::Half, None) if half_to => before(hour, 30),
        (Sense::Half, None) => hour + 30,
        (Sense::Quarter, Some(Sense::Past)) => hour + 15,
        (Sense::Quarter, Some(Sense::Short60)) => before(hour, 15),
        (Sense::Quarter, None) if half_to && is_over(cursor) => before(hour, 45),
        // "A quarter of nine" is American.
        (Sense::Quarter, Some(Sense::Of)) if !half_to && is_over(cursor) => before(hour, 15),
        (Sense::ThreeQuarters, None) => before(hour, 15),
        _ => return None,
    };
    cursor.eat(Sense::Clock);
    Some(half_of_day(minutes, cursor))
}

/// "ten past three", "5 vor 12", "fünf vor halb drei". Without a word before them that asks for a time only round minutes are one, and nothing of a title may follow.
pub fn minutes_past(mut cursor: Cursor<'_>, led: bool) -> Option<Times<'_>> {
    let half_to = cursor.sentence.vocabulary.half_to;
    let (minutes, in_letters) = cursor.pick_number()?;
    cursor.eat(Sense::Unit(Unit::Minute));
    let past = cursor.eat(Sense::Past);
    if !past {
        cursor.need(Sense::Short60)?;
    }
    let part = cursor.pick(|sense| matches!(sense, Sense::Half | Sense::Quarter | Sense::ThreeQuarters).then_some(sense));
    let hour = hour(&mut cursor)? * 60;
    let hour = match part {
        None => hour,
        Some(_) if !half_to => return None,
        Some(Sense::Half) => before(hour, 30),
        Some(Sense::Quarter) => before(hour, 45),
        Some(_) => before(hour, 15),
    };
    // "10 to 12" counts something.
    let sure = part.is_some() || past || half_to || in_letters;
    let is_time = (1..30).contains(&minutes) && (led || sure && ROUND.contains(&minutes) && is_over(cursor));
    cursor.eat(Sense::Clock);
    is_time.then(|| half_of_day(if past { hour + minutes } else { before(hour, minutes) }, cursor))
}

/// "nine o'clock", "at nine"; an article is an hour only before "Uhr".
pub fn spoken(mut cursor: Cursor<'_>, led: bool) -> Option<Times<'_>> {
    let article = cursor.eat(Sense::Article);
    let hour = if article {
        1
    } else {
        cursor.pick(|sense| match sense {
            Sense::Number(hour) if hour < 24 => Some(hour),
            _ => None,
        })?
    };
    let clock = cursor.eat(Sense::Clock);
    if let Some((minutes, behind)) = minutes_behind(cursor).filter(|_| clock || led && !article) {
        return Some(half_of_day(hour * 60 + minutes, behind));
    }
    // "at twenty boxes" counts boxes.
    let small = hour <= 12 || clock || is_over(cursor);
    (led && !article && small || clock).then(|| half_of_day(hour * 60, cursor))
}

/// "at eight thirty", "acht Uhr fünf"; below ten only behind "Uhr".
pub fn minutes_behind(mut cursor: Cursor<'_>) -> Option<(u32, Cursor<'_>)> {
    let clock = cursor.at.checked_sub(1).is_some_and(|at| cursor.sentence.cursor(at).eat(Sense::Clock));
    let minutes = cursor.pick(|sense| if let Sense::Number(minutes) = sense { Some(minutes) } else { None })?;
    ((if clock { 1 } else { 10 }..60).contains(&minutes) && is_over(cursor)).then_some((minutes, cursor))
}

/// Whether no word of a title follows.
fn is_over(mut cursor: Cursor<'_>) -> bool {
    cursor.eat(Sense::Clock) || meridiem(&mut cursor).is_some() || cursor.is_free()
}

/// Minutes before an hour of the twelve: before one is after twelve.
fn before(hour: u32, minutes: u32) -> u32 {
    let hour = if hour == 60 { hour + HALF } else { hour };
    hour.checked_sub(minutes).unwrap_or(DAY - minutes)
}

fn hour(cursor: &mut Cursor<'_>) -> Option<u32> {
    cursor.pick_number().map(|(hour, _)| hour).filter(|hour| *hour < 24)
}

/// "pm" behind a time settles which half of the day it is.
fn half_of_day(minutes: u32, mut cursor: Cursor<'_>) -> Times<'_> {
    match meridiem(&mut cursor) {
        Some(pm) if minutes < HALF + 60 => (vec![minutes % HALF + if pm { HALF } else { 0 }], cursor),
        _ => (both(minutes), cursor),
    }
}

/// Whether it is after noon, if the words say so.
pub fn meridiem(cursor: &mut Cursor<'_>) -> Option<bool> {
    cursor.pick(|sense| match sense {
        Sense::Am => Some(false),
        Sense::Pm => Some(true),
        _ => None,
    })
}
