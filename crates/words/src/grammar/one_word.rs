//! Dates in one word with the name of a month: "4-Dec-2026", "Dec-4", "4Dec", "4.XII.".

use chrono::NaiveDate;

use super::Day;
use super::dates::{Readings, today};
use super::numeric::coming;
use crate::sentence::{Cursor, small};
use crate::vocabulary::Sense;

const ROMAN: [&str; 12] = ["i", "ii", "iii", "iv", "v", "vi", "vii", "viii", "ix", "x", "xi", "xii"];

/// Such a date, with or without its year.
pub fn one_word(mut cursor: Cursor<'_>, _: bool) -> Option<Readings> {
    let (day, month, year) = with_dashes(cursor).or_else(|| glued(cursor)).or_else(|| roman(cursor))?;
    cursor.step(1);
    let year = year.or_else(|| super::dates::year(&mut cursor));
    let date = match year {
        Some(year) => Day::of(NaiveDate::from_ymd_opt(year, month, day)?),
        None => coming(day, month, today(cursor))?,
    };
    Some((vec![date], cursor.at))
}

/// The same with a day that the month does not have: "31-Feb-2027".
pub fn beyond(mut cursor: Cursor<'_>) -> Option<Cursor<'_>> {
    let (day, month, year) = with_dashes(cursor).or_else(|| glued(cursor)).or_else(|| roman(cursor))?;
    cursor.step(1);
    // 2028 has a 29 February.
    NaiveDate::from_ymd_opt(year.unwrap_or(2028), month, day).is_none().then_some(cursor)
}

type Parts = (u32, u32, Option<i32>);

/// "4-Dec", "Dec-4", "4-Dec-2026", "2026-Dec-4".
fn with_dashes(cursor: Cursor<'_>) -> Option<Parts> {
    let parts: Vec<&str> = cursor.word().split(['-', '–']).collect();
    match parts.as_slice() {
        [first, second] => {
            let behind = || Some((day(first)?, month(second, cursor)?, None));
            let early = || Some((day(second)?, month(first, cursor)?, None));
            behind().or_else(early)
        }
        [first, second, third] => {
            let behind = || Some((day(first)?, month(second, cursor)?, Some(year(third)?)));
            let early = || Some((day(second)?, month(first, cursor)?, Some(year(third)?)));
            let year_first = || Some((day(third)?, month(second, cursor)?, Some(year(first).filter(|_| first.len() == 4)?)));
            behind().or_else(early).or_else(year_first)
        }
        _ => None,
    }
}

/// "4Dec", "Dec4".
fn glued(cursor: Cursor<'_>) -> Option<Parts> {
    let (day, month) = day_and_month(cursor.word(), cursor)?;
    Some((day, month, None))
}

/// Of a word that stands at the cursor, or of a part of it.
pub fn day_and_month(word: &str, cursor: Cursor<'_>) -> Option<(u32, u32)> {
    let digits = word.len() - word.trim_start_matches(|letter: char| letter.is_ascii_digit()).len();
    let (number, name) = if digits > 0 {
        word.split_at_checked(digits)?
    } else {
        let (name, number) = word.split_at_checked(word.find(|letter: char| letter.is_ascii_digit())?)?;
        (number, name)
    };
    Some((day(number)?, month(name, cursor)?))
}

/// "4.XII.", "4.XII.2026": in capitals, as "3.v" is something else.
fn roman(cursor: Cursor<'_>) -> Option<Parts> {
    let token = cursor.token()?;
    let parts: Vec<&str> = token.word.split('.').collect();
    let (first, second, of) = match parts.as_slice() {
        [first, second] if token.dot => (first, second, None),
        [first, second, third] => (first, second, Some(year(third)?)),
        _ => return None,
    };
    let month = ROMAN.iter().position(|name| name == second)?;
    let is_upper = !cursor.raw().contains(char::is_lowercase);
    Some((day(first)?, u32::try_from(month + 1).ok()?, of)).filter(|_| is_upper)
}

fn day(part: &str) -> Option<u32> {
    small(part.trim_end_matches('.')).filter(|day| part.len() <= 3 && (1..=31).contains(day))
}

fn month(part: &str, cursor: Cursor<'_>) -> Option<u32> {
    cursor.sentence.vocabulary.means(part.trim_end_matches('.'), |sense| if let Sense::Month(month) = sense { Some(month) } else { None })
}

/// In four digits, or in two of this century.
fn year(part: &str) -> Option<i32> {
    let year = i32::try_from(small(part)?).ok()?;
    match part.len() {
        2 => Some(2000 + year),
        4 => Some(year).filter(|year| (1900..2200).contains(year)),
        _ => None,
    }
}
