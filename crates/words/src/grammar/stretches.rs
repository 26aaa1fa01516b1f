//! Several days of one month: "3-5 March", "March 3 to 5", "vom 3. bis 10. März".

use chrono::{Datelike, NaiveDate};

use super::dates::{day_number, month, year};
use super::numeric::coming;
use super::{Day, Found, Said, found};
use crate::sentence::{Cursor, small};
use crate::vocabulary::Sense;

/// A date and a number of days.
pub fn stretch(mut cursor: Cursor<'_>) -> Option<Found> {
    cursor.skip(&[Sense::From, Sense::On, Sense::The]);
    let early = month(&mut cursor);
    let (first, last, mut cursor) = in_one_word(cursor).or_else(|| in_words(cursor))?;
    let month = early.or_else(|| month(&mut cursor))?;
    let start = match year(&mut cursor) {
        Some(year) => Day::of(NaiveDate::from_ymd_opt(year, month, first)?),
        None => coming(first, month, cursor.sentence.here.now.date())?,
    };
    // Both days have to be in the month.
    let end = NaiveDate::from_ymd_opt(start.date.year(), month, last)?;
    let days = u32::try_from((end - start.date).num_days()).ok()?;
    (days > 0).then(|| found([Said::Stretch(start, days + 1)], cursor))?
}

fn in_one_word(mut cursor: Cursor<'_>) -> Option<(u32, u32, Cursor<'_>)> {
    let (first, last) = cursor.word().split_once(['-', '–'])?;
    let days = (small(first.trim_end_matches('.'))?, small(last)?);
    cursor.step(1);
    Some((days.0, days.1, cursor))
}

fn in_words(mut cursor: Cursor<'_>) -> Option<(u32, u32, Cursor<'_>)> {
    let first = day_number(&mut cursor, false)?;
    if matches!(cursor.word(), "-" | "–") {
        cursor.step(1);
    } else {
        cursor.need(Sense::To)?;
    }
    cursor.skip(&[Sense::On, Sense::The]);
    Some((first, day_number(&mut cursor, false)?, cursor))
}
