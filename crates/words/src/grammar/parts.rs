//! Series that parts of the day say: "every morning", "in the evenings", "Friday mornings".

use belfry_core::rule::Frequency;

use super::clock::shown;
use super::repeats::{Rules, every, weekdays, weekly};
use crate::sentence::Cursor;
use crate::vocabulary::Sense;

/// "Every", before "morning" or "8am": every day. What stands behind it is a phrase of its own.
pub fn every_part(mut cursor: Cursor<'_>) -> Option<Rules<'_>> {
    cursor.need(Sense::Every)?;
    let mut behind = cursor;
    let part = behind.pick(|sense| matches!(sense, Sense::Part(_)).then_some(())).is_some();
    let time = shown(cursor.word()).is_some_and(|shown| shown.pm.is_some() || shown.minute.is_some() && !shown.dotted);
    if !part && !time {
        return None;
    }
    Some((vec![every(Frequency::Daily, 1)?], cursor))
}

/// "Nightly", "allabendlich": every day. The part of the day is a phrase of its own. A "nightly build" is one.
pub fn in_one_word(mut cursor: Cursor<'_>) -> Option<Rules<'_>> {
    cursor.pick(|sense| matches!(sense, Sense::DailyPart(_)).then_some(()))?;
    let is_adverb = !cursor.sentence.vocabulary.twelve_hours || cursor.is_free();
    Some((vec![every(Frequency::Daily, 1).filter(|_| is_adverb)?], cursor))
}

/// "In the", before "evenings": every day; "Friday" before "mornings": every week. The part of the day is a phrase of its own.
pub fn parts_of_days(mut cursor: Cursor<'_>) -> Option<Rules<'_>> {
    let led = cursor.skip(&[Sense::In, Sense::The, Sense::On]);
    let days = weekdays(&mut cursor, true);
    { cursor }.pick(|sense| matches!(sense, Sense::Parts(_)).then_some(()))?;
    let rule = match days {
        Some(days) => weekly(1, &days)?,
        None => every(Frequency::Daily, 1).filter(|_| led)?,
    };
    Some((vec![rule], cursor))
}
