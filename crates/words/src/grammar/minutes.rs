//! Numbers behind an hour: "9 Uhr 30", "18 Uhr 12 Personen", "7 30 am". They are its minutes, or count what follows.

use super::Said;
use super::clock::literal;
use super::spoken::meridiem;
use super::zones::stands_here;
use crate::sentence::{Cursor, small};
use crate::vocabulary::Sense;

/// What two digits behind "Uhr" are.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Number {
    /// Minutes, and nothing else.
    Minutes(u32),
    /// Minutes, or so many of what follows.
    MinutesOr(u32),
    /// So many of what follows, or minutes.
    CountOr(u32),
}

/// The number behind "9 Uhr".
pub fn behind_clock(cursor: Cursor<'_>) -> Option<Number> {
    let token = cursor.token()?;
    let mut behind = cursor;
    let minutes = (token.word.len() == 2).then(|| behind.number())?.filter(|minutes| *minutes < 60)?;
    // "9 Uhr 30 Min. vorher" is a time and an alarm, "19 Uhr 10 Mal" a time and a count, "18 Uhr 24 Dezember" a time and a date.
    if { behind }.pick(|sense| matches!(sense, Sense::Unit(_) | Sense::Times | Sense::Month(_)).then_some(())).is_some() {
        return None;
    }
    // A nought before it is one of a clock.
    if behind.is_free() || stands_here(behind) || token.word.starts_with('0') {
        return Some(Number::Minutes(minutes));
    }
    let verb = !behind.token().is_some_and(|next| next.capital) && behind.word().ends_with('n');
    if { behind }.eat(Sense::Journey) {
        return Some(Number::Minutes(minutes));
    }
    let counted = { behind }.eat(Sense::Counted);
    // Few things begin at twelve minutes past.
    Some(if counted || minutes % 5 != 0 && !verb { Number::CountOr(minutes) } else { Number::MinutesOr(minutes) })
}

/// The other reading of "9 Uhr 30 Blumen", which ends before `behind`: thirty of them, at nine.
pub fn or_count(behind: Cursor<'_>) -> Option<Said> {
    let at = |back: usize| behind.at.checked_sub(back).map(|at| behind.sentence.cursor(at));
    let number = at(1)?;
    at(2)?.need(Sense::Clock)?;
    let hour = small(at(3)?.word()).filter(|hour| *hour < 24)?;
    match behind_clock(number)? {
        Number::MinutesOr(minutes) => Some(Said::TimeBefore(hour * 60, minutes)),
        _ => None,
    }
}

/// "30" behind "7", where "am" or nothing of a title follows: the half of the day, if it is said, and what is behind.
pub fn behind_hour(mut cursor: Cursor<'_>, led: bool) -> Option<(u32, Option<bool>, Cursor<'_>)> {
    let token = cursor.token().filter(|token| token.word.len() == 2 && !token.dot)?;
    let minutes = small(&token.word).filter(|minutes| *minutes < 60)?;
    cursor.step(1);
    // "Chapter 3 10 am" is ten.
    let half = meridiem(&mut cursor).filter(|_| led || minutes > 12 || token.word.starts_with('0'));
    let ends = led && cursor.is_free() && small(cursor.word()).is_none();
    (half.is_some() || ends).then_some((minutes, half, cursor))
}

/// "1745 Uhr", "930am", "at 930": the times that it can mean, and what is behind.
pub fn unbroken(mut cursor: Cursor<'_>, led: bool) -> Option<(Vec<u32>, Cursor<'_>)> {
    let word = cursor.word();
    let (digits, joined) = match (word.strip_suffix("am"), word.strip_suffix("pm")) {
        (Some(digits), _) => (digits, Some(false)),
        (_, Some(digits)) => (digits, Some(true)),
        _ => (word, None),
    };
    let (hour, minute) = (3..=4).contains(&digits.len()).then(|| digits.split_at_checked(digits.len() - 2))??;
    let (hour, minute) = (small(hour)?, small(minute).filter(|minute| *minute < 60)?);
    cursor.step(1);
    if let Some(pm) = joined.or_else(|| meridiem(&mut cursor)).filter(|_| (1..=12).contains(&hour)) {
        return Some((vec![(hour % 12 + if pm { 12 } else { 0 }) * 60 + minute], cursor));
    }
    let clock = cursor.eat(Sense::Clock);
    // "at 1600 Pennsylvania Avenue" is an address.
    let is_time = joined.is_none() && hour < 24 && (clock || led && cursor.is_free());
    let minutes = hour * 60 + minute;
    is_time.then(|| (if digits.len() == 3 && !clock { literal(minutes) } else { vec![minutes] }, cursor))
}
