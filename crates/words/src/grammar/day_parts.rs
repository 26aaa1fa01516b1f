//! Parts of a day with what they are of, or with their time.

use super::clock::{DAY, HALF};
use super::dates::date;
use super::times::{is_before_clock, part_of_day};
use super::{Found, Said, found};
use crate::sentence::{Cursor, small};
use crate::vocabulary::Sense;

/// "The morning of 5 December", "am Abend des 24.": the part of a day that is named behind it. "The morning of the wedding" is told, as nobody says when that is.
pub fn of_day(mut cursor: Cursor<'_>) -> Option<Found> {
    let from = cursor.at;
    let led = cursor.skip(&[Sense::In, Sense::On]);
    cursor.skip(&[Sense::The]);
    let begins = cursor.at > from;
    let part = part_of_day(&mut cursor)?;
    if !is_of_something(cursor) {
        return None;
    }
    cursor.step(1);
    let is_date = date(cursor.sentence.cursor(cursor.at)).or_else(|| date(cursor.sentence.cursor(cursor.at - 1)));
    if is_date.is_some_and(|found| matches!(found.said, Said::Date(_))) {
        return found([Said::Part(part, false)], cursor);
    }
    (led && begins).then(|| found([Said::Impossible], cursor))?
}

/// Whether "of" stands here. Of the German articles the one that is no genitive is not looked at.
pub fn is_of_something(cursor: Cursor<'_>) -> bool {
    matches!(cursor.word(), "of" | "des" | "der")
}

/// "Früh um 7", "mittag um 12": a part of the day right before a time.
pub fn before_time(mut cursor: Cursor<'_>) -> Option<Found> {
    let token = cursor.token()?;
    // "Guter Abend um 7" is title, and "morgen um 7" tomorrow.
    let is_small = token.word == "früh" || !token.capital;
    let is_day = { cursor }.pick(|sense| matches!(sense, Sense::Day(_)).then_some(())).is_some();
    let part = part_of_day(&mut cursor).filter(|_| is_small && !is_day && !cursor.sentence.vocabulary.twelve_hours)?;
    is_before_clock(cursor).then(|| found([Said::Part(part, false)], cursor))?
}

/// "12-noon", "12 noon", "12:00 midnight": one time in two words.
pub fn twelve(mut cursor: Cursor<'_>) -> Option<Found> {
    cursor.skip(&[Sense::At]);
    let time = |sense| if let Sense::Time(minutes) = sense { Some(minutes) } else { None };
    let joined = cursor.word().strip_prefix("12-").and_then(|name| cursor.sentence.vocabulary.means(name, time));
    let is_twelve = matches!(cursor.word(), "12" | "12:00") || small(cursor.word()) == Some(12);
    cursor.step(1);
    let minutes = match joined {
        Some(minutes) => minutes,
        None => cursor.pick(time).filter(|_| is_twelve)?,
    };
    // "12-midnight" may be the second half of the day.
    let half = Some(Said::Range(HALF, HALF)).filter(|_| joined.is_some());
    found(if minutes == 0 { [Said::Time(0), Said::Time(DAY)].into_iter().chain(half).collect() } else { vec![Said::Time(minutes)] }, cursor)
}
