//! Days of every month of which one is counted from its end, or is a weekday: "the 15th and last day of every month", "am 10. und ersten Freitag jedes Monats".

use belfry_core::Rule;
use belfry_core::rule::Frequency;
use chrono::Weekday;

use super::repeats::{every_months, of_the_month};
use super::{Found, Said, found};
use crate::sentence::Cursor;
use crate::vocabulary::{Sense, Unit};

/// What stands behind a number.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Tail {
    Day,
    Workday,
    Weekday(Weekday),
}

/// Such days behind or before the months that they are of. A number beside a weekday is in no rule: it is told as a whole, because a half of it would lose the other.
pub fn mixed(cursor: Cursor<'_>) -> Option<Found> {
    let (days, interval, behind) = months_first(cursor).or_else(|| days_first(cursor))?;
    let said = match days {
        Some(by_month_day) => {
            let rule = super::repeats::every(Frequency::Monthly, interval)?;
            Said::Series(Box::new(Rule { by_month_day, ..rule }), None)
        }
        None => Said::Impossible,
    };
    found([said], behind)
}

/// The days, or nothing if no rule has them; how many months lie between, and what is behind.
type Days<'a> = (Option<Vec<i8>>, u32, Cursor<'a>);

/// "The 15th and last day of every month", "every 15th and last day of the month".
fn days_first(mut cursor: Cursor<'_>) -> Option<Days<'_>> {
    let every = cursor.eat(Sense::Every);
    cursor.skip(&[Sense::On, Sense::The]);
    let (days, mut cursor) = list(cursor)?;
    if every {
        of_the_month(&mut cursor);
        return Some((days, 1, cursor));
    }
    // More than one of "the month" are those of every month.
    let mut one = cursor;
    if of_the_month(&mut one) {
        return Some((days, 1, one));
    }
    cursor.skip(&[Sense::Of, Sense::In, Sense::The]);
    cursor.eat(Sense::Article);
    let (interval, behind) = every_months(cursor)?;
    Some((days, interval, behind))
}

/// "Monthly on the 15th and last Friday".
fn months_first(cursor: Cursor<'_>) -> Option<Days<'_>> {
    let (interval, mut cursor) = every_months(cursor)?;
    cursor.skip(&[Sense::On, Sense::The]);
    let (days, behind) = list(cursor)?;
    Some((days, interval, behind))
}

/// Several of them, of which at least one has a word behind its number. What one rule of weekdays says ("1st and 3rd Monday") is read elsewhere.
fn list(mut cursor: Cursor<'_>) -> Option<(Option<Vec<i8>>, Cursor<'_>)> {
    let (first, behind) = one(cursor)?;
    let mut all = vec![first];
    cursor = behind;
    loop {
        let mut more = cursor.over();
        let joined = more.eat(Sense::And) || cursor.token().is_none();
        more.skip(&[Sense::On, Sense::The, Sense::Every]);
        let Some((next, behind)) = one(more).filter(|_| joined) else { break };
        all.push(next);
        cursor = behind;
    }
    // "Jeden Monat am 15. und letzten"
    if let Some((..=-1, tail @ None)) = all.last_mut()
        && cursor.over().is_free()
    {
        *tail = Some(Tail::Day);
    }
    let tails: Vec<Tail> = all.iter().filter_map(|(_, tail)| *tail).collect();
    if all.len() < 2 || tails.is_empty() {
        return None;
    }
    if tails.iter().all(|tail| *tail == Tail::Day) {
        let mut days: Vec<i8> = all.iter().map(|(number, _)| *number).collect();
        days.sort_unstable();
        days.dedup();
        return Some((Some(days), cursor));
    }
    let is_one_rule = tails.len() == 1 && all.last().is_some_and(|(_, tail)| tail.is_some()) && all.iter().all(|(number, _)| *number <= 5);
    (!is_one_rule).then_some((None, cursor))
}

fn one(mut cursor: Cursor<'_>) -> Option<((i8, Option<Tail>), Cursor<'_>)> {
    let number = cursor.pick(|sense| match sense {
        Sense::Place(day @ 1..=31) => i8::try_from(day).ok(),
        Sense::Ordinal(nth) if nth != 0 => Some(nth),
        _ => None,
    })?;
    let tail = if cursor.eat(Sense::Unit(Unit::Day)) {
        Some(Tail::Day)
    } else if cursor.eat(Sense::Workday) {
        Some(Tail::Workday)
    } else {
        cursor.weekday(true).map(Tail::Weekday)
    };
    Some(((number, tail), cursor))
}
