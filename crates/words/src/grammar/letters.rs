//! Weekdays by their letters, written together: "MWF", "TTh", "MTWThF", "MoMiFr".

use chrono::Weekday;

use super::short_days::is_before_hours;
use super::week::on_days;
use super::{Found, found};
use crate::sentence::Cursor;
use crate::vocabulary::Sense;

/// Weekdays in their order within the week, each beginning with a capital. What they are is not settled: a name of a film or a bank can look the same.
pub fn letters(cursor: Cursor<'_>) -> Option<Vec<Weekday>> {
    let raw = cursor.raw();
    if !raw.starts_with(char::is_uppercase) || !raw.chars().all(char::is_alphabetic) {
        return None;
    }
    let mut begins: Vec<usize> = raw.char_indices().filter(|(_, letter)| letter.is_uppercase()).map(|(at, _)| at).collect();
    if begins.len() < 2 {
        return None;
    }
    begins.push(raw.len());
    let mut days: Vec<Weekday> = Vec::new();
    for part in begins.windows(2) {
        let [from, next] = part else { return None };
        let part = raw.get(*from..*next)?.to_lowercase();
        let day = named(&part, cursor)?;
        // The second T of "MTWTF" is Thursday.
        let is_second = day == Weekday::Tue && part == "t" && days.last() == Some(&Weekday::Wed);
        days.push(if is_second { Weekday::Thu } else { day });
    }
    let is_ordered = days.windows(2).all(|pair| matches!(pair, [one, next] if one.num_days_from_monday() < next.num_days_from_monday()));
    is_ordered.then_some(days)
}

fn named(part: &str, cursor: Cursor<'_>) -> Option<Weekday> {
    cursor.sentence.vocabulary.means(part, |sense| match sense {
        Sense::Initial(day) | Sense::Short(day) | Sense::Weekday(day) if part.len() < 4 => Some(day),
        _ => None,
    })
}

/// The same where they can hardly be anything else: three of them or one with a small letter, before a time or behind a word that asks for days. "MT" and "WF" are other things as well.
pub fn sure(cursor: Cursor<'_>, led: bool) -> Option<(Vec<Weekday>, Cursor<'_>)> {
    let days = clear(cursor)?;
    let mut behind = cursor;
    behind.step(1);
    (led || is_before_hours(behind.over())).then_some((days, behind))
}

/// Right behind a time: "9am MWF".
pub fn behind_time(cursor: Cursor<'_>) -> Option<Found> {
    let days = clear(cursor)?;
    let mut behind = cursor;
    behind.step(1);
    found(on_days(&days, cursor)?, behind)
}

fn clear(cursor: Cursor<'_>) -> Option<Vec<Weekday>> {
    let days = letters(cursor)?;
    (days.len() > 2 || cursor.raw().contains(char::is_lowercase)).then_some(days)
}
