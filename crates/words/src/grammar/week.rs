//! Several days of a week: "Mon-Fri", "Monday to Friday", "Mo/Mi/Fr".

use chrono::{Datelike, Weekday};

use super::dates::today;
use super::letters::{letters, sure};
use super::repeats::weekly;
use super::{Day, Found, Said, found};
use crate::sentence::Cursor;
use crate::vocabulary::Sense;

/// What parts weekdays that are named one by one: "Di+Do", "Mon,Wed".
const LISTED: [char; 4] = ['/', '+', '&', ','];

/// Every week, or once: written short it is rather a habit, written out or behind "from" rather a journey.
pub fn row(mut cursor: Cursor<'_>) -> Option<Found> {
    let led = cursor.skip(&[Sense::On]);
    let from = cursor.skip(&[Sense::From]);
    let between = !from && cursor.eat(Sense::Between);
    let mut first = cursor;
    let written_out = from || cursor.word().len() > 3 && first.weekday(false).is_some();
    let (days, behind) = if between { in_words(cursor, true, Sense::And)? } else { several(cursor, led || from)? };
    let is_listed = cursor.word().contains(LISTED) || cursor.word().split(['-', '–']).count() > 2;
    if is_listed || letters(cursor).is_some() {
        return found(on_days(&days, cursor)?, behind);
    }
    let series = Said::Series(Box::new(weekly(1, &days)?), None);
    let first = today(cursor).iter_days().skip(1).take(7).find(|date| Some(&date.weekday()) == days.first()).map(Day::of)?;
    let once = Said::Stretch(first, u32::try_from(days.len()).ok()?);
    found(if written_out { [once, series] } else { [series, once] }, behind)
}

/// Such days of every week, or the first of them to come.
pub fn on_days(days: &[Weekday], cursor: Cursor<'_>) -> Option<[Said; 2]> {
    let first = today(cursor).iter_days().skip(1).take(7).find(|date| days.contains(&date.weekday())).map(Day::of)?;
    Some([Said::Series(Box::new(weekly(1, days)?), None), Said::Date(first)])
}

/// The weekdays of "Mon/Wed/Fri", "Mon-Fri", "Mon - Fri" and "Monday to Friday"; in several words short names that are words too need a capital, or a word before that asks for a day.
pub fn several(cursor: Cursor<'_>, led: bool) -> Option<(Vec<Weekday>, Cursor<'_>)> {
    in_one_word(cursor).or_else(|| sure(cursor, led)).or_else(|| in_words(cursor, led, Sense::UpTo))
}

fn in_one_word(mut cursor: Cursor<'_>) -> Option<(Vec<Weekday>, Cursor<'_>)> {
    let token = cursor.token()?;
    let is_row = !token.word.contains(LISTED);
    let parts = token.word.split(['/', '+', '&', ',', '-', '–']).map(|part| named(part, cursor, true));
    let days = parts.collect::<Option<Vec<Weekday>>>().or_else(|| initials(cursor)).filter(|days| days.len() > 1)?;
    // "so/so"
    if !is_row && (1..days.len()).any(|at| days.iter().take(at).any(|day| days.get(at) == Some(day))) {
        return None;
    }
    let is_initials = is_row && token.word.split(['-', '–']).all(|part| named(part, cursor, true).is_none());
    cursor.step(1);
    if is_initials && !cursor.over().is_free() {
        return None;
    }
    match days.as_slice() {
        [first, last] if is_row => Some((from_to(*first, *last)?, cursor)),
        // "Mon-Wed-Fri" names them one by one.
        _ if is_row && is_initials => None,
        _ => Some((days, cursor)),
    }
}

/// "M/W/F", "Tu/Th", "M-F": two single letters say something else ("M/F").
fn initials(cursor: Cursor<'_>) -> Option<Vec<Weekday>> {
    let token = cursor.token().filter(|token| token.capital)?;
    let initial =
        |part: &str| cursor.sentence.vocabulary.means(part, |sense| if let Sense::Initial(day) = sense { Some(day) } else { None });
    // "M-F": two capitals with a dash between them are a row.
    if cursor.raw().contains(['-', '–']) {
        let capitals = cursor.raw().split(['-', '–']).all(|part| part.starts_with(char::is_uppercase));
        return token.word.split(['-', '–']).map(initial).collect::<Option<Vec<Weekday>>>().filter(|days| capitals && days.len() == 2);
    }
    let days = token.word.split('/').map(initial).collect::<Option<Vec<Weekday>>>()?;
    (days.len() > 2 || token.word.len() > 3).then_some(days)
}

fn named(word: &str, cursor: Cursor<'_>, due: bool) -> Option<Weekday> {
    cursor.sentence.vocabulary.means(word.trim_end_matches('.'), |sense| match sense {
        Sense::Weekday(day) | Sense::Habit(day) => Some(day),
        Sense::Short(day) if due => Some(day),
        _ => None,
    })
}

fn in_words(mut cursor: Cursor<'_>, led: bool, between: Sense) -> Option<(Vec<Weekday>, Cursor<'_>)> {
    let due = led || cursor.token().is_some_and(|token| token.capital);
    let first = cursor.weekday(due)?;
    if matches!(cursor.word(), "-" | "–") {
        cursor.step(1);
    } else {
        cursor.need(between)?;
    }
    let last = cursor.weekday(true)?;
    // "Monday to Friday, 4 December" ends on a date.
    let ends = cursor.over().token().is_none_or(|token| !token.dot);
    Some((from_to(first, last).filter(|_| ends)?, cursor))
}

fn from_to(first: Weekday, last: Weekday) -> Option<Vec<Weekday>> {
    let mut days = vec![first];
    while let Some(day) = days.last().copied().filter(|day| *day != last) {
        days.push(day.succ());
    }
    (days.len() > 1).then_some(days)
}
