//! Spans in short: "90min", "1h 30m", "1d2h".

use super::spans::counted;
use crate::sentence::{Cursor, small};
use crate::vocabulary::{Sense, Unit};

/// "1h 30m", "1 h 30 m": one span.
pub fn hours_and_minutes(cursor: Cursor<'_>) -> Option<(u32, Unit, Cursor<'_>)> {
    short_parts(cursor).filter(|(_, unit, _)| *unit == Unit::Minute)
}

/// "1h 30m", "1d 2h", "1 day 2h": of whatever is smaller there is less than one of the larger. "And" is within hours, as between others it parts two alarms.
pub fn short_parts(cursor: Cursor<'_>) -> Option<(u32, Unit, Cursor<'_>)> {
    let part = |cursor| in_one_word(cursor).or_else(|| in_letters(cursor)).or_else(|| counted(cursor));
    let (mut sum, mut least, mut cursor) = part(cursor)?;
    let mut has_parts = false;
    loop {
        let mut ahead = cursor;
        let and = ahead.eat(Sense::And);
        let Some((minutes, unit, behind)) = part(ahead) else { break };
        let fits = least.minutes().is_some_and(|of| minutes > 0 && minutes < of) && (!and || (least, unit) == (Unit::Hour, Unit::Minute));
        if !fits {
            break;
        }
        (sum, least, cursor, has_parts) = (sum.checked_add(minutes)?, unit, behind, true);
    }
    has_parts.then_some((sum, least, cursor))
}

/// "1 h", "30 m".
fn in_letters(mut cursor: Cursor<'_>) -> Option<(u32, Unit, Cursor<'_>)> {
    let number = cursor.number()?;
    let unit = short_unit(cursor.word())?;
    cursor.step(1);
    Some((number.checked_mul(unit.minutes()?)?, unit, cursor))
}

/// "90min", "2h", "1h30", "1h30m", "1w".
pub fn in_one_word(mut cursor: Cursor<'_>) -> Option<(u32, Unit, Cursor<'_>)> {
    let word = cursor.word();
    if let Some((minutes, behind)) = fraction_in_one_word(cursor) {
        return Some((minutes, Unit::Minute, behind));
    }
    let (number, rest) = leading(word)?;
    let cut = rest.find(|c: char| c.is_ascii_digit()).unwrap_or(rest.len());
    let (name, behind) = rest.split_at_checked(cut)?;
    let unit = short_unit(name)?;
    let minutes = number.checked_mul(unit.minutes()?)?;
    cursor.step(1);
    if behind.is_empty() {
        return Some((minutes, unit, cursor));
    }
    let (more, name) = leading(behind)?;
    // "1d2h"
    if unit == Unit::Day && more < 24 && short_unit(name) == Some(Unit::Hour) {
        return Some((minutes.checked_add(more * 60)?, Unit::Hour, cursor));
    }
    let fits = unit == Unit::Hour && more < 60 && (name.is_empty() || short_unit(name) == Some(Unit::Minute));
    fits.then_some((minutes.checked_add(more)?, Unit::Minute, cursor))
}

/// "1.5h", "1,5h".
fn fraction_in_one_word(mut cursor: Cursor<'_>) -> Option<(u32, Cursor<'_>)> {
    let word = cursor.word();
    let (digits, name) = word.split_at_checked(word.find(|c: char| c.is_alphabetic())?)?;
    let (whole, part) = digits.split_once(['.', ','])?;
    let tenths = small(whole)?.checked_mul(10)? + small(part).filter(|_| part.len() == 1)?;
    // A third of a minute is no length.
    let minutes = tenths.checked_mul(short_unit(name)?.minutes()?).filter(|minutes| minutes % 10 == 0)? / 10;
    cursor.step(1);
    Some((minutes, cursor))
}

fn leading(word: &str) -> Option<(u32, &str)> {
    let digits = word.len() - word.trim_start_matches(|c: char| c.is_ascii_digit()).len();
    let (number, rest) = word.split_at_checked(digits)?;
    Some((small(number)?, rest))
}

/// Short names that are close to the number, in every language that writes them in Latin letters.
pub fn short_unit(name: &str) -> Option<Unit> {
    Some(match name {
        "m" | "min" | "mins" => Unit::Minute,
        "h" | "hr" | "hrs" | "std" => Unit::Hour,
        "d" => Unit::Day,
        "w" => Unit::Week,
        _ => return None,
    })
}
