//! Several days: "3-5 March", "March 3 to 5", "vom 3. bis 10. März", "24 Dec - 2 Jan".

use chrono::{Datelike, NaiveDate};

use super::dates::{day_number, days, month, year};
use super::numeric::{coming, numeric};
use super::one_word::day_and_month;
use super::{Day, Found, Said, found};
use crate::sentence::{Cursor, small};
use crate::vocabulary::Sense;

/// As many days as the longest reminder has: five years.
const MOST_DAYS: u32 = 5 * 365;

/// A date and a number of days.
pub fn stretch(mut cursor: Cursor<'_>) -> Option<Found> {
    let led = cursor.skip(&[Sense::From, Sense::On, Sense::The]);
    let dates = days_then_date(cursor)
        .or_else(|| in_one_pair(cursor))
        .or_else(|| in_one_word_each(cursor, led))
        .or_else(|| from_to(cursor, led, is_dash_or_to));
    let month = of_month(cursor);
    match dates {
        Some((readings, behind)) if month.as_ref().is_none_or(|month| behind.at > month.next) => found(readings, behind),
        _ => month,
    }
}

fn is_dash_or_to(cursor: &mut Cursor<'_>) -> bool {
    if matches!(cursor.word(), "-" | "–") {
        cursor.step(1);
        return true;
    }
    cursor.eat(Sense::UpTo)
}

/// "23. bis 30.12.", "7. - 9.12.": the first is a day of the same month.
fn days_then_date(mut cursor: Cursor<'_>) -> Option<(Vec<Said>, Cursor<'_>)> {
    let day = cursor.pick(|sense| if let Sense::Place(day) = sense { Some(day) } else { None })?;
    is_dash_or_to(&mut cursor).then_some(())?;
    cursor.skip(&[Sense::On, Sense::The]);
    let (lasts, next) = super::dates::in_digits(cursor, false)?;
    let first = |last: &Day| Some(Day { date: NaiveDate::from_ymd_opt(last.date.year(), last.date.month(), day)?, ..*last });
    let spans = lasts.iter().filter_map(|last| days_between(first(last)?, *last)).collect::<Vec<_>>();
    cursor.step(next - cursor.at);
    (!spans.is_empty()).then_some((spans, cursor))
}

/// Two dates with a word between them, in all readings.
pub fn from_to<'a>(cursor: Cursor<'a>, led: bool, between: impl Fn(&mut Cursor<'a>) -> bool) -> Option<(Vec<Said>, Cursor<'a>)> {
    let (firsts, mut cursor) = days(cursor, led)?;
    between(&mut cursor).then_some(())?;
    cursor.skip(&[Sense::On, Sense::The]);
    let (lasts, behind) = days(cursor, true)?;
    let readings = pairs(&firsts, &lasts);
    (!readings.is_empty()).then_some((readings, behind))
}

/// "24.12.-2.1.", "24.12.–2.1.2027"; "1.5-2.3" counts something else.
fn in_one_word_each(mut cursor: Cursor<'_>, led: bool) -> Option<(Vec<Said>, Cursor<'_>)> {
    let token = cursor.token()?;
    let (first, last) = token.word.split_once(['-', '–'])?;
    let sure = led || last.contains('.') && token.dot || last.split(['.', '/']).count() == 3;
    let dated = |word: &str| numeric(word.trim_end_matches('.'), true, true, cursor.sentence.here.now.date());
    // "24.-31.12."
    let of_last = || {
        let day = first.strip_suffix('.').and_then(small)?;
        let month = last.split('.').nth(1)?;
        Some(dated(&format!("{day}.{month}")))
    };
    let firsts = of_last().unwrap_or_else(|| dated(first));
    // "4Dec-6Dec"
    let named = |word: &str| {
        let (day, month) = day_and_month(word, cursor)?;
        coming(day, month, cursor.sentence.here.now.date())
    };
    if let (Some(first), Some(last)) = (named(first), named(last)) {
        cursor.step(1);
        return Some((pairs(&[first], &[last]), cursor)).filter(|(readings, _)| !readings.is_empty());
    }
    let readings = pairs(&firsts, &dated(last));
    cursor.step(1);
    (sure && !readings.is_empty()).then_some((readings, cursor))
}

/// "24 Dec-2 Jan", "Dec 24-Jan 2".
fn in_one_pair(mut cursor: Cursor<'_>) -> Option<(Vec<Said>, Cursor<'_>)> {
    let today = cursor.sentence.here.now.date();
    let vocabulary = cursor.sentence.vocabulary;
    let named =
        |word: &str| vocabulary.means(word.trim_end_matches('.'), |sense| if let Sense::Month(month) = sense { Some(month) } else { None });
    let mut behind_day = cursor;
    let day = day_number(&mut behind_day, false);
    let mut behind_month = cursor;
    let early = month(&mut behind_month);
    let (first, last) = if let (Some(day), Some((name, second))) = (day, behind_day.word().split_once(['-', '–'])) {
        let number = small(second.trim_end_matches('.'))?;
        cursor = behind_day;
        cursor.step(1);
        (coming(day, named(name)?, today)?, (month(&mut cursor)?, number))
    } else if let (Some(early), Some((number, name))) = (early, behind_month.word().split_once(['-', '–'])) {
        cursor = behind_month;
        cursor.step(1);
        (coming(small(number)?, early, today)?, (named(name)?, day_number(&mut cursor, false)?))
    } else {
        return None;
    };
    let last = match year(&mut cursor) {
        Some(year) => Day::of(NaiveDate::from_ymd_opt(year, last.0, last.1)?),
        None => coming(last.1, last.0, today)?,
    };
    let readings = pairs(&[first], &[last]);
    (!readings.is_empty()).then_some((readings, cursor))
}

/// Of two dates that can be read twice, both are read in the same way.
fn pairs(firsts: &[Day], lasts: &[Day]) -> Vec<Said> {
    let all: Vec<(Day, Day)> = if firsts.len() == lasts.len() {
        firsts.iter().copied().zip(lasts.iter().copied()).collect()
    } else {
        firsts.iter().flat_map(|first| lasts.iter().map(|last| (*first, *last))).collect()
    };
    all.into_iter().filter_map(|(first, last)| days_between(first, last)).collect()
}

/// The years that are not said are those in which the last day is the next such one behind the first.
fn days_between(first: Day, last: Day) -> Option<Said> {
    let (mut start, mut end) = (first.date, last.date);
    if last.any_year {
        end = (0..9).filter_map(|add| last.date.with_year(start.year().checked_add(add - 1)?)).find(|date| *date > start)?;
    } else if first.any_year {
        start = (0..2).filter_map(|less| first.date.with_year(end.year() - less)).find(|date| *date < end)?;
    }
    // Two dates of one year the wrong way round are not most of a year.
    let most = if last.any_year { 330 } else { MOST_DAYS };
    let days = u32::try_from((end - start).num_days()).ok().filter(|days| (1..=most).contains(days))?;
    Some(Said::Stretch(Day { date: start, ..first }, days + 1))
}

fn of_month(mut cursor: Cursor<'_>) -> Option<Found> {
    let early = month(&mut cursor);
    let (first, last, mut cursor) = in_one_word(cursor).or_else(|| in_words(cursor))?;
    let month = early.or_else(|| month(&mut cursor))?;
    let start = match year(&mut cursor) {
        Some(year) => Day::of(NaiveDate::from_ymd_opt(year, month, first)?),
        None => coming(first, month, cursor.sentence.here.now.date())?,
    };
    // Both days have to be in the month.
    let Some(end) = NaiveDate::from_ymd_opt(start.date.year(), month, last) else {
        return (last < 40).then(|| found([Said::Impossible], cursor))?;
    };
    let days = u32::try_from((end - start.date).num_days()).ok()?;
    (days > 0).then(|| found([Said::Stretch(start, days + 1)], cursor))?
}

fn in_one_word(mut cursor: Cursor<'_>) -> Option<(u32, u32, Cursor<'_>)> {
    let (first, last) = cursor.word().split_once(['-', '–'])?;
    // "14th-16th"
    let number = |part: &str| {
        let endings = cursor.sentence.vocabulary.ordinals.iter().filter_map(|ending| part.strip_suffix(ending));
        std::iter::once(part).chain(endings).find_map(small)
    };
    let days = (number(first)?, number(last)?);
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
