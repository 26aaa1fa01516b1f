//! Days that no reminder can have: they are in no calendar, or have gone. They are read as a whole, so that no part of them is taken for a day nearby.

use super::dates::{month, today, year};
use super::feasts::name;
use super::months::beyond_near_month;
use super::numeric::is_in_no_calendar;
use super::one_word::beyond;
use super::short_days::stands_as_weekday;
use super::times::{is_before_clock, range, time};
use super::weekdays::of_this_week;
use super::{Found, Said, found, parted};
use crate::sentence::Cursor;
use crate::vocabulary::{Part, Sense, Unit};

/// "And Saturday at 9" and "and Fridays at 8" behind a repeat rule are another series, and not where the first one begins.
pub fn second_day(cursor: Cursor<'_>, day: &Found, listed: bool) -> Option<Found> {
    let and = cursor.sentence.cursor(cursor.at.checked_sub(1)?).eat(Sense::And);
    let leads = { cursor }.eat(Sense::From);
    let is_series = matches!(day.said, Said::Series(..));
    (matches!(day.said, Said::Date(_)) || is_series && listed).then_some(()).filter(|()| (and || listed) && !leads)?;
    let mut behind = cursor;
    behind.step(day.next - cursor.at);
    let timed = time(behind).or_else(|| range(behind)).map(|time| time.next);
    // "Every two weeks at 9, Friday" begins on one.
    let next = if and && !is_series { timed.unwrap_or(day.next) } else { timed? };
    Some(Found { said: Said::Impossible, others: vec![], next })
}

/// "Or the Friday before" behind a repeat rule: another day in some months, which no rule in words says.
pub fn other_day(mut cursor: Cursor<'_>) -> Option<Found> {
    cursor.need(Sense::Or)?;
    cursor.skip(&[Sense::On, Sense::The, Sense::Next, Sense::In]);
    cursor.pick(|sense| matches!(sense, Sense::Ordinal(_)).then_some(()));
    let is_workday = cursor.eat(Sense::Workday);
    let is_day = is_workday || cursor.weekday(true).is_some() || cursor.eat(Sense::Unit(Unit::Day));
    let beside = |sense| matches!(sense, Sense::Before | Sense::Ahead | Sense::After | Sense::Afterwards | Sense::Later).then_some(());
    let is_beside = cursor.pick(beside).is_some();
    // "The 25th or before"
    let is_over = is_beside && cursor.token().is_none();
    (is_over || is_day && (is_workday || is_beside)).then(|| found([Said::Impossible], cursor))?
}

/// Words that lead to a date.
const LEADS: [Sense; 9] =
    [Sense::From, Sense::On, Sense::Until, Sense::Through, Sense::UpTo, Sense::The, Sense::Every, Sense::This, Sense::Next];

/// "31 April", "29 Feb 2027", "am 30.2.", "Friday, 31 April".
pub fn impossible(mut cursor: Cursor<'_>) -> Option<Found> {
    if let Some(behind) = every_easter(cursor) {
        return found([Said::Impossible], behind);
    }
    if let Some(behind) = month_of_next_year(cursor) {
        return found([Said::Impossible], behind);
    }
    let led = cursor.skip(&LEADS);
    let mut weekday = cursor;
    let stands = led || stands_as_weekday(weekday);
    if weekday.weekday(stands).is_some() {
        cursor = weekday.over();
        cursor.skip(&[Sense::On, Sense::The]);
        cursor = cursor.over();
    }
    let behind = written(cursor)
        .or_else(|| in_digits(cursor, led))
        .or_else(|| beyond_near_month(cursor))
        .or_else(|| beyond(cursor))
        .or_else(|| parted::beyond(cursor))?;
    found([Said::Impossible], behind)
}

/// "Every Easter": no rule of a calendar says it.
fn every_easter(mut cursor: Cursor<'_>) -> Option<Cursor<'_>> {
    cursor.need(Sense::Every)?;
    cursor.pick(|sense| matches!(sense, Sense::Easter(_) | Sense::Moving(_) | Sense::Advent(_)).then_some(()))?;
    Some(cursor)
}

/// "In March next year", "nächstes Jahr im März": a month is no day, and the year without it would be today's day of the next.
fn month_of_next_year(mut cursor: Cursor<'_>) -> Option<Cursor<'_>> {
    let next_year = |cursor: &mut Cursor<'_>| {
        let next = cursor.skip(&[Sense::Next, Sense::Coming, Sense::This, Sense::AfterNext]);
        next && cursor.eat(Sense::Unit(Unit::Year))
    };
    let led = cursor.skip(&[Sense::In, Sense::Of]);
    if month(&mut cursor).is_some() {
        cursor.skip(&[Sense::Of]);
        return next_year(&mut cursor).then_some(cursor);
    }
    let is_year = next_year(&mut cursor);
    cursor.need(Sense::In).filter(|()| is_year && !led)?;
    month(&mut cursor)?;
    Some(cursor)
}

fn written(mut cursor: Cursor<'_>) -> Option<Cursor<'_>> {
    let early = month(&mut cursor);
    if early.is_some() {
        cursor.skip(&[Sense::The]);
    }
    let day = cursor.pick(|sense| match sense {
        Sense::Digits(day) | Sense::Place(day) if day < 40 => Some(day),
        _ => None,
    })?;
    cursor.skip(&[Sense::Of]);
    let month = early.or_else(|| month(&mut cursor))?;
    let year = year(&mut cursor);
    // 2028 has a 29 February.
    chrono::NaiveDate::from_ymd_opt(year.unwrap_or(2028), month, day).is_none().then_some(cursor)
}

fn in_digits(mut cursor: Cursor<'_>, led: bool) -> Option<Cursor<'_>> {
    let token = cursor.token()?;
    cursor.step(1);
    let mut dated = cursor;
    let year = year(&mut dated).filter(|_| token.dot);
    let word = year.map_or_else(|| token.word.clone(), |year| format!("{}.{year}", token.word));
    let led = led || is_before_clock(cursor.over());
    is_in_no_calendar(&word, token.dot, led).then_some(if year.is_some() { dated } else { cursor })
}

/// "last Friday", "letzte Woche", "yesterday", "3 days ago", "vor 3 Tagen".
pub fn past(mut cursor: Cursor<'_>) -> Option<Found> {
    cursor.skip(&[Sense::From, Sense::On, Sense::Until, Sense::The, Sense::In]);
    let behind =
        gone(cursor).or_else(|| gone_this_week(cursor)).or_else(|| last(cursor)).or_else(|| ago(cursor)).or_else(|| before_last(cursor))?;
    found([Said::Past], behind)
}

fn gone(mut cursor: Cursor<'_>) -> Option<Cursor<'_>> {
    cursor.need(Sense::Gone)?;
    cursor.pick(|sense| matches!(sense, Sense::Part(_)).then_some(()));
    Some(cursor)
}

/// "Monday this week" on a Wednesday.
fn gone_this_week(mut cursor: Cursor<'_>) -> Option<Cursor<'_>> {
    let (_, next) = of_this_week(cursor).filter(|(date, _)| *date < today(cursor))?;
    cursor.step(next - cursor.at);
    Some(cursor)
}

fn last(mut cursor: Cursor<'_>) -> Option<Cursor<'_>> {
    cursor.pick(|sense| matches!(sense, Sense::Ordinal(-1) | Sense::Bygone).then_some(()))?;
    if cursor.weekday(true).is_some() || name(&mut cursor).is_some() || month(&mut cursor).is_some() {
        return Some(cursor);
    }
    let is_span = |sense| {
        let is_unit = matches!(sense, Sense::Unit(Unit::Week | Unit::Month | Unit::Year) | Sense::Weekend);
        (is_unit || matches!(sense, Sense::Part(Part::Night))).then_some(())
    };
    cursor.pick(is_span)?;
    // "The last week of school" may be to come.
    (!cursor.skip(&[Sense::Of, Sense::In, Sense::Before])).then_some(cursor)
}

/// "Friday before last".
fn before_last(mut cursor: Cursor<'_>) -> Option<Cursor<'_>> {
    cursor.weekday(true)?;
    cursor.need(Sense::Ago)?;
    Some(cursor)
}

fn ago(mut cursor: Cursor<'_>) -> Option<Cursor<'_>> {
    let early = cursor.eat(Sense::Short60);
    cursor.number()?;
    let unit = cursor.pick(|sense| if let Sense::Unit(unit) = sense { Some(unit) } else { None })?;
    let before = early && !cursor.sentence.vocabulary.twelve_hours && !matches!(unit, Unit::Minute | Unit::Hour);
    (cursor.eat(Sense::Ago) || before).then_some(cursor)
}
