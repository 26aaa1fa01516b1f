//! What a series leaves out: "except Sunday", "außer am 7. Dezember".

use super::dates::{date, day_number, days, month};
use super::feasts::feast;
use super::repeats::{WEEKEND, habit_days, weekdays};
use super::{Found, Said, found};
use crate::sentence::Cursor;
use crate::vocabulary::Sense;

/// "except Sunday", "außer am Wochenende", "except 7 December".
pub fn except(mut cursor: Cursor<'_>) -> Option<Found> {
    cursor.need(Sense::Except)?;
    left_out(cursor)
}

/// "but not on Sundays" behind a repeat rule.
pub fn but(mut cursor: Cursor<'_>) -> Option<Found> {
    cursor.need(Sense::But)?;
    left_out(cursor)
}

fn left_out(cursor: Cursor<'_>) -> Option<Found> {
    let days = weekly_days(cursor);
    let dates = dates(cursor);
    match (days, dates) {
        (Some(days), dates) if dates.as_ref().is_none_or(|dates| dates.next <= days.next) => Some(days),
        (_, dates) => dates,
    }
}

fn weekly_days(mut cursor: Cursor<'_>) -> Option<Found> {
    let led = cursor.skip(&[Sense::On, Sense::The]);
    let days = if cursor.eat(Sense::Weekend) {
        WEEKEND.to_vec()
    } else {
        match habit_days(&mut cursor) {
            Some(days) => days,
            None => weekdays(&mut cursor, true)?,
        }
    };
    // "except Friday 25 December" is one day.
    let is_date = led && date(cursor).is_some_and(|found| matches!(found.said, Said::Date(_)));
    (!is_date).then(|| found([Said::Except(days)], cursor))?
}

/// "7 December", "7 and 14 December", "Christmas Day and 1 January": all of them, so that none is taken for the date of the reminder.
fn dates(cursor: Cursor<'_>) -> Option<Found> {
    let mut cursor = single(cursor)?;
    loop {
        let mut more = cursor.over();
        let and = more.eat(Sense::And);
        let Some(behind) = single(if and { more } else { cursor.over() }).filter(|_| and || cursor.token().is_none()) else { break };
        cursor = behind;
    }
    found([Said::LeftOut], cursor)
}

fn single(mut cursor: Cursor<'_>) -> Option<Cursor<'_>> {
    cursor.skip(&[Sense::On, Sense::The, Sense::At, Sense::In]);
    let mut first = cursor;
    if day_number(&mut first, true).is_some() && first.over().eat(Sense::And) {
        let mut second = first.over();
        second.eat(Sense::And);
        second.skip(&[Sense::On, Sense::The]);
        if let Some((_, behind)) = days(second, true) {
            return Some(behind);
        }
    }
    let named = feast(cursor, true).map(|(_, next)| {
        let mut behind = cursor;
        behind.step(next - cursor.at);
        behind
    });
    let whole = || {
        let mut behind = cursor;
        month(&mut behind).map(|_| behind)
    };
    days(cursor, true).map(|(_, behind)| behind).or(named).or_else(whole)
}
