//! Days of a month that are found by counting: "first working day of the month", "letzter Arbeitstag im März", "third to last day of the month".

use chrono::{Datelike, NaiveDate};

use super::dates::{Readings, is_next, last_day_of_coming, last_of_month, month, next_of};
use super::repeats::{every, every_months, nth, nth_days, of_the_month};
use super::{Day, Found, Said, found};
use crate::sentence::Cursor;
use crate::vocabulary::{Sense, Unit};
use belfry_core::Rule;
use belfry_core::rule::Frequency;

/// "first working day of the month", "letzter Arbeitstag im März": the coming one.
pub fn nth_workday(mut cursor: Cursor<'_>, today: NaiveDate) -> Option<Readings> {
    let nth = nth(&mut cursor)?;
    let is_workday = cursor.eat(Sense::Workday);
    // The last day itself has other readings.
    if !is_workday {
        cursor.need(Sense::Unit(Unit::Day)).filter(|()| nth < -1)?;
    }
    cursor.skip(&[Sense::Of, Sense::In, Sense::The]).then_some(())?;
    let on = |first: NaiveDate| if is_workday { workday(first, nth) } else { from_end(last_of_month(first)?.iter_days().rev(), nth) };
    let first = match month(&mut cursor) {
        Some(month) => {
            let first = last_day_of_coming(month, today)?.date.with_day(1)?;
            if on(first)? < today { next_of(Unit::Year, first)? } else { first }
        }
        None => {
            let next = cursor.pick(is_next).is_some();
            cursor.skip(&[Sense::This]);
            cursor.need(Sense::Unit(Unit::Month))?;
            let first = today.with_day(1)?;
            if next || on(first)? < today { next_of(Unit::Month, first)? } else { first }
        }
    };
    Some((vec![Day::of(on(first)?)], cursor.at))
}

/// Of days that are counted back the one that a negative number names: -1 is the first of them.
fn from_end(mut days: impl Iterator<Item = NaiveDate>, nth: i8) -> Option<NaiveDate> {
    days.nth(usize::from(nth.unsigned_abs()).checked_sub(1)?)
}

/// The n-th day from Monday to Friday of the month that begins then, from its end if it is negative.
fn workday(first: NaiveDate, nth: i8) -> Option<NaiveDate> {
    let is_workday = |date: &NaiveDate| date.weekday().num_days_from_monday() < 5;
    match usize::try_from(nth) {
        Ok(nth) => first.iter_days().filter(is_workday).nth(nth.checked_sub(1)?),
        Err(_) => from_end(last_of_month(first)?.iter_days().rev().filter(is_workday), nth),
    }
}

/// "First Monday of the month" and "last working day of the month" may be those of every month.
pub fn each_month(mut cursor: Cursor<'_>, next: usize) -> Option<Said> {
    cursor.skip(&[Sense::On, Sense::The]);
    let rule = nth_days(&every(Frequency::Monthly, 1)?, &mut cursor)?;
    (of_the_month(&mut cursor) && cursor.at == next).then(|| Said::Series(Box::new(rule), None))
}

/// "30" and "1 and 15" before "of each month", where a word before them asks for a day; "the last" is the last day.
pub fn bare_days(rule: &Rule, cursor: &mut Cursor<'_>) -> Option<Rule> {
    let day = |cursor: &mut Cursor<'_>| {
        cursor.pick(|sense| match sense {
            Sense::Digits(day @ 1..=31) | Sense::Place(day) => i8::try_from(day).ok(),
            Sense::Ordinal(nth @ ..=-1) => Some(nth),
            _ => None,
        })
    };
    let mut days = vec![day(cursor)?];
    loop {
        let mut more = cursor.over();
        let listed = more.eat(Sense::And) || cursor.token().is_none();
        more.skip(&[Sense::On, Sense::The]);
        let Some(next) = day(&mut more).filter(|_| listed) else { break };
        days.push(next);
        *cursor = more;
    }
    days.sort_unstable();
    days.dedup();
    Some(Rule { by_month_day: days, ..rule.clone() })
}

/// "Every month end", "jeden Monatsersten": the last or the first day of each. Those of weeks and years are told.
pub fn edges(mut cursor: Cursor<'_>) -> Option<Found> {
    if let Some(found) = edges_in_words(cursor).or_else(|| edge_of_every_month(cursor)) {
        return Some(found);
    }
    cursor.need(Sense::Every)?;
    let (day, unit) = cursor.pick(|sense| match sense {
        Sense::EndOf(unit) => Some((-1, unit)),
        Sense::StartOf(unit) => Some((1, unit)),
        _ => None,
    })?;
    let rule = Rule { by_month_day: vec![day], ..every(Frequency::Monthly, 1)? };
    found([if unit == Unit::Month { Said::Series(Box::new(rule), None) } else { Said::Impossible }], cursor)
}

/// "Every month start", "every quarter end": in "every month end with a review" it is no such day.
fn edges_in_words(mut cursor: Cursor<'_>) -> Option<Found> {
    let quarter = cursor.eat(Sense::Often(Frequency::Monthly, 3));
    let unit = if quarter {
        None
    } else {
        cursor.need(Sense::Every)?;
        Some(cursor.pick(|sense| if let Sense::Unit(unit) = sense { Some(unit) } else { None })?)
    };
    let (day, cursor) = edge(cursor).filter(|(_, behind)| behind.is_free())?;
    found([if unit == Some(Unit::Month) { series_on(day, 1)? } else { Said::Impossible }], cursor)
}

/// "At the end of every month", "Anfang jeden Monats".
fn edge_of_every_month(mut cursor: Cursor<'_>) -> Option<Found> {
    cursor.skip(&[Sense::On, Sense::At, Sense::The]);
    let (day, mut cursor) = edge(cursor)?;
    cursor.skip(&[Sense::Of, Sense::The]);
    cursor.eat(Sense::Article);
    // "Ende jeder Woche", "end of every quarter"
    if cursor.eat(Sense::Often(Frequency::Monthly, 3)) {
        return found([Said::Impossible], cursor);
    }
    let mut other = cursor;
    if other.eat(Sense::Every) && other.pick(|sense| matches!(sense, Sense::Unit(Unit::Week | Unit::Year)).then_some(())).is_some() {
        return found([Said::Impossible], other);
    }
    let (interval, behind) = every_months(cursor)?;
    found([series_on(day, interval)?], behind)
}

fn edge(mut cursor: Cursor<'_>) -> Option<(i8, Cursor<'_>)> {
    let day = if cursor.eat(Sense::End) {
        -1
    } else {
        cursor.need(Sense::Start)?;
        1
    };
    Some((day, cursor))
}

fn series_on(day: i8, interval: u32) -> Option<Said> {
    Some(Said::Series(Box::new(Rule { by_month_day: vec![day], ..every(Frequency::Monthly, interval)? }), None))
}

/// The rule of "first Monday" and "Monatsende", if nothing else of the phrase stands before a token.
pub fn days_of_month(mut cursor: Cursor<'_>, next: usize) -> Option<Rule> {
    cursor.skip(&[Sense::On, Sense::At, Sense::The]);
    let monthly = every(Frequency::Monthly, 1)?;
    let is_end = cursor.eat(Sense::EndOf(Unit::Month));
    let is_start = !is_end && cursor.eat(Sense::StartOf(Unit::Month));
    let in_words = edge(cursor).filter(|_| !is_end && !is_start).and_then(|(day, mut behind)| {
        behind.skip(&[Sense::Of, Sense::The, Sense::This]);
        behind.eat(Sense::Unit(Unit::Month)).then_some((day, behind))
    });
    let rule = if let Some((day, behind)) = in_words {
        cursor = behind;
        Rule { by_month_day: vec![day], ..monthly }
    } else if is_end || is_start {
        Rule { by_month_day: vec![if is_end { -1 } else { 1 }], ..monthly }
    } else {
        nth_days(&monthly, &mut cursor).filter(|rule| !rule.by_day.is_empty())?
    };
    if cursor.at < next {
        of_the_month(&mut cursor);
    }
    (cursor.at == next).then_some(rule)
}

/// "Of every month" behind something that is no day of it: today's day of every month is not what was said.
pub fn of_something(mut cursor: Cursor<'_>) -> Option<Found> {
    let is = |back: usize, wanted: fn(Sense) -> Option<()>| {
        cursor.at.checked_sub(back).is_some_and(|at| cursor.sentence.cursor(at).pick(wanted).is_some())
    };
    // "The third day every week"
    let counted = is(1, |sense| matches!(sense, Sense::Unit(Unit::Day) | Sense::Workday).then_some(()))
        && is(2, |sense| matches!(sense, Sense::Ordinal(_) | Sense::Place(_)).then_some(()));
    let of = cursor.eat(Sense::Of) || counted;
    let behind = match every_months(cursor) {
        Some((_, behind)) => behind,
        None if of && cursor.eat(Sense::Often(Frequency::Monthly, 3)) => cursor,
        None => {
            cursor.need(Sense::Every)?;
            cursor.pick(|sense| matches!(sense, Sense::Unit(Unit::Week | Unit::Month | Unit::Year)).then_some(()))?;
            cursor
        }
    };
    let last = behind.at.checked_sub(1)?;
    let is_genitive = cursor.sentence.cursor(last).eat(Sense::Whole);
    (of || is_genitive).then(|| found([Said::Impossible], behind))?
}

/// "Every 31st" leaves out the months that have none: their last day may be meant.
pub fn last_day_instead(rule: &Rule) -> Option<Rule> {
    let is_late = |day: &i8| *day > 28;
    let mut days: Vec<i8> = rule.by_month_day.iter().map(|day| if is_late(day) { -1 } else { *day }).collect();
    days.sort_unstable();
    days.dedup();
    let changes = rule.frequency == Frequency::Monthly && rule.by_month_day.iter().any(is_late);
    changes.then(|| Rule { by_month_day: days, ..rule.clone() })
}
