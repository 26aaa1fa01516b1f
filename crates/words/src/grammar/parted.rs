//! Dates in digits with blanks between their parts: "24. 12. 2026", "3 / 12 / 2026", "3 - 12 - 2026".

use super::dates::{Readings, today};
use super::numeric::{is_in_no_calendar, numeric};
use crate::sentence::{Cursor, small};

/// Such a date: what is a day in it and what a month is as open as without the blanks.
pub fn parted(cursor: Cursor<'_>, _: bool) -> Option<Readings> {
    let (word, next) = joined(cursor)?;
    Some((numeric(&word, false, true, today(cursor)), next))
}

/// The same with a day that the month does not have: "31. 4. 2027".
pub fn beyond(mut cursor: Cursor<'_>) -> Option<Cursor<'_>> {
    let (word, next) = joined(cursor)?;
    cursor.step(next - cursor.at);
    is_in_no_calendar(&word, false, true).then_some(cursor)
}

/// The date without its blanks, and the token behind it.
fn joined(cursor: Cursor<'_>) -> Option<(String, usize)> {
    dotted(cursor).or_else(|| with_signs(cursor))
}

/// "24. 12. 2026", "24. 12.2026", "24. 12. 26": a year in two digits is one where no hour of the day has such a number.
fn dotted(mut cursor: Cursor<'_>) -> Option<(String, usize)> {
    let day = cursor.token().filter(|token| token.dot)?.word.clone();
    cursor.step(1);
    let second = cursor.token()?;
    cursor.step(1);
    let (month, year) = match second.word.split_once('.') {
        Some((month, year)) => (month.to_owned(), year.to_owned()),
        None => {
            let year = cursor.token().filter(|_| second.dot)?.word.clone();
            cursor.step(1);
            (second.word.clone(), year)
        }
    };
    let is_year = year.len() == 4 || year.len() == 2 && small(&year).is_some_and(|year| year > 24) && cursor.is_free();
    let is_date = is_part(&day) && is_part(&month) && is_year && small(&year).is_some();
    is_date.then(|| (format!("{day}.{month}.{year}"), cursor.at))
}

/// "3 / 12 / 2026", "2026 - 12 - 03": the year is in four digits.
fn with_signs(mut cursor: Cursor<'_>) -> Option<(String, usize)> {
    let mut next = || {
        let word = cursor.word().to_owned();
        cursor.step(1);
        (word, cursor.at)
    };
    let ((first, _), (sign, _), (second, _), (same, _), (third, at)) = (next(), next(), next(), next(), next());
    let sign = if sign == "–" { "-" } else { sign.as_str() };
    let is_same = matches!(sign, "/" | "-") && (same == sign || same == "–" && sign == "-");
    let is_year = |word: &str| word.len() == 4 && small(word).is_some();
    let is_date = is_part(&second) && (is_part(&first) && is_year(&third) || is_year(&first) && is_part(&third));
    (is_same && is_date).then(|| (format!("{first}{sign}{second}{sign}{third}"), at))
}

fn is_part(word: &str) -> bool {
    word.len() <= 2 && small(word).is_some()
}
