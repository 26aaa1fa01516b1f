//! Dates in digits.

use chrono::{Datelike, NaiveDate};

use super::Day;
use crate::sentence::small;

/// The years that a calendar of Outlook has.
const YEARS: std::ops::RangeInclusive<i32> = 1601..=4499;

/// Reads `2027-03-03`, `2027/03/03`, `2027.03.03`, `3.3.2027`, `3.3.`, `3/4/27` or `3/4`; the last two may be read twice. `led` says that a word before it asks for a date.
pub fn numeric(word: &str, dot: bool, led: bool, today: NaiveDate) -> Vec<Day> {
    // "4-12-2026"
    if let Some(slashed_word) = with_strokes(word) {
        return slashed(&slashed_word, today);
    }
    if word.contains('-') {
        return iso(word).map(Day::of).into_iter().collect();
    }
    for separator in ['/', '.'] {
        if let Some([year, month, day]) = year_first(word, separator) {
            let date = i32::try_from(year).ok().and_then(|year| NaiveDate::from_ymd_opt(year, month, day));
            return date.map(Day::of).into_iter().collect();
        }
    }
    if word.contains('/') {
        return slashed(word, today);
    }
    match parts(word, '.').as_slice() {
        [day, month] if dot || led => coming(*day, *month, today).into_iter().collect(),
        [day, month, _] => {
            year_of(word, '.').and_then(|year| NaiveDate::from_ymd_opt(year, *month, *day)).map(Day::of).into_iter().collect()
        }
        _ => vec![],
    }
}

fn iso(word: &str) -> Option<NaiveDate> {
    let shape: Vec<usize> = word.split('-').map(str::len).collect();
    let [year, month, day] = parts(word, '-').try_into().ok()?;
    let date = NaiveDate::from_ymd_opt(i32::try_from(year).ok()?, month, day)?;
    (matches!(shape.as_slice(), [4, 1..=2, 1..=2]) && YEARS.contains(&date.year())).then_some(date)
}

fn slashed(word: &str, today: NaiveDate) -> Vec<Day> {
    let date = |day, month| match year_of(word, '/') {
        Some(year) => NaiveDate::from_ymd_opt(year, month, day).map(Day::of),
        None => coming(day, month, today),
    };
    match parts(word, '/').as_slice() {
        // Round the clock, all week.
        [24, 7] => vec![],
        [first, second] => [date(*first, *second), date(*second, *first)].into_iter().flatten().collect(),
        [first, second, _] if year_of(word, '/').is_some() => {
            let mut days: Vec<Day> = [date(*first, *second), date(*second, *first)].into_iter().flatten().collect();
            // What has gone is not the likelier one.
            days.sort_by_key(|day| day.date < today);
            days
        }
        _ => vec![],
    }
}

/// "8/14/20" is a day of a year that has gone, or three hours of a day: nobody wants to be reminded of the one, and no rule says the other.
pub fn is_row_of_hours(word: &str, today: NaiveDate) -> bool {
    let short = word.split('/').all(|part| part.len() <= 2);
    let gone = |year: u32| i32::try_from(2000 + year).is_ok_and(|year| year < today.year());
    matches!(parts(word, '/').as_slice(), [first, second, third] if short && first < second && second < third && *third <= 24 && gone(*third))
}

/// A date with dashes whose year is behind, with strokes for them: what is a day in it and what a month is as open.
fn with_strokes(word: &str) -> Option<String> {
    let shape: Vec<usize> = word.split('-').map(str::len).collect();
    (matches!(shape.as_slice(), [1..=2, 1..=2, 4]) && parts(word, '-').len() == 3).then(|| word.replace('-', "/"))
}

/// "2027/03/03", "2027.03.03", "2027/3/3"
fn year_first(word: &str, separator: char) -> Option<[u32; 3]> {
    let shape: Vec<usize> = word.split(separator).map(str::len).collect();
    let date: [u32; 3] = parts(word, separator).try_into().ok()?;
    (matches!(shape.as_slice(), [4, 1..=2, 1..=2]) && (1601..=4499).contains(&date[0])).then_some(date)
}

/// Numbers between separators; empty if anything else is there.
fn parts(word: &str, separator: char) -> Vec<u32> {
    word.split(separator).map(small).collect::<Option<Vec<u32>>>().unwrap_or_default()
}

/// The third part, with two digits of this century or four.
fn year_of(word: &str, separator: char) -> Option<i32> {
    let part = word.split(separator).nth(2)?;
    let year = i32::try_from(small(part)?).ok()?;
    match part.len() {
        2 => Some(2000 + year),
        4 => Some(year).filter(|year| YEARS.contains(year)),
        _ => None,
    }
}

/// The next such day, today included; 29 February may be years away.
pub fn coming(day: u32, month: u32, today: NaiveDate) -> Option<Day> {
    let date = |add| NaiveDate::from_ymd_opt(today.year() + add, month, day);
    let date = (0..=8).filter_map(date).find(|date| *date >= today)?;
    Some(Day { date, any_year: true })
}

/// Whether a word is written like a date and is none: `30.2.`, `29.02.2027`, `2027-02-30`, `31/4/2027`.
pub fn is_in_no_calendar(word: &str, dot: bool, led: bool) -> bool {
    if let Some(slashed_word) = with_strokes(word) {
        return is_in_no_calendar(&slashed_word, dot, true);
    }
    let shape: Vec<usize> = word.split('-').map(str::len).collect();
    if let ([4, 1..=2, 1..=2], [year, month, day]) = (shape.as_slice(), parts(word, '-').as_slice()) {
        return is_no_day(*day, *month, i32::try_from(*year).ok());
    }
    for separator in ['/', '.'] {
        if let Some([year, month, day]) = year_first(word, separator) {
            return is_no_day(day, month, i32::try_from(year).ok());
        }
    }
    if let [first, second, rest @ ..] = parts(word, '/').as_slice() {
        let year = year_of(word, '/');
        // "31/02" has the look of a date, "31/2" that of a part.
        let is_padded = word.len() == 5 && word.split('/').any(|part| part.starts_with('0'));
        let is_date = rest.len() == usize::from(year.is_some()) && (led || year.is_some() || is_padded);
        let is_near = (1..=31).contains(first) && (1..=31).contains(second);
        return is_date && is_near && is_no_day(*first, *second, year) && is_no_day(*second, *first, year);
    }
    match parts(word, '.').as_slice() {
        [day, month] if dot || led => (1..=12).contains(month) && (1..40).contains(day) && is_no_day(*day, *month, None),
        [day, month, _] => {
            year_of(word, '.').is_some_and(|year| (1..=12).contains(month) && *day < 40 && is_no_day(*day, *month, Some(year)))
        }
        _ => false,
    }
}

/// Without a year it may be one that has a 29 February.
fn is_no_day(day: u32, month: u32, year: Option<i32>) -> bool {
    NaiveDate::from_ymd_opt(year.unwrap_or(2028), month, day).is_none()
}
