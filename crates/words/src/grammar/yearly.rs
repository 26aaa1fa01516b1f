//! Rules that say more than how often: a weekday of one month, alternate weekdays, quarters, words that count twice.

use belfry_core::Rule;
use belfry_core::rule::{ByDay, Frequency};
use chrono::{Datelike, Weekday};

use super::dates::month;
use super::repeats::{every, habit_days, nth_days, on_days, weekly};
use super::{Found, Said, found};
use crate::sentence::Cursor;
use crate::vocabulary::{Sense, Unit};

/// "Every last Sunday in October", "every third Thursday of November": once a year.
pub fn nth_of_month(mut cursor: Cursor<'_>) -> Option<Found> {
    cursor.need(Sense::Every)?;
    let rule = nth_days(&every(Frequency::Yearly, 1)?, &mut cursor)?;
    cursor.skip(&[Sense::Of, Sense::In, Sense::The]).then_some(())?;
    let month = u8::try_from(month(&mut cursor)?).ok()?;
    // "Every first Monday in March and April", "in March 2027"
    let goes_on = { cursor }.pick(|sense| matches!(sense, Sense::Digits(32..) | Sense::UpTo | Sense::Through | Sense::And).then_some(()));
    // "Every last day of March" is told.
    if !rule.by_set_pos.is_empty() || !rule.by_month_day.is_empty() {
        return found([Said::Impossible], cursor);
    }
    goes_on.is_none().then(|| found([series(Rule { by_month: vec![month], ..rule })], cursor))?
}

/// "2nd Sunday in May", "letzter Sonntag im Oktober", as a date beside "every year": its month and weekday; nothing of a workday or a day, which no rule in words says.
pub fn weekday_of_month(mut cursor: Cursor<'_>) -> Option<Vec<(u8, ByDay)>> {
    cursor.skip(&[Sense::On, Sense::The]);
    let rule = nth_days(&every(Frequency::Yearly, 1)?, &mut cursor)?;
    cursor.skip(&[Sense::Of, Sense::In, Sense::The]).then_some(())?;
    let month = u8::try_from(month(&mut cursor)?).ok()?;
    let is_said = rule.by_set_pos.is_empty() && rule.by_month_day.is_empty();
    Some(rule.by_day.iter().filter(|_| is_said).take(1).map(|by| (month, *by)).collect())
}

/// "Alternate Fridays": every two weeks.
pub fn alternate(mut cursor: Cursor<'_>) -> Option<Found> {
    cursor.skip(&[Sense::On]);
    cursor.need(Sense::Alternate)?;
    // "Alternate weeks"
    if let Some(frequency) = cursor.pick(|sense| if let Sense::Unit(unit) = sense { unit.frequency() } else { None }) {
        let rule = every(frequency, 2)?;
        let (rule, behind) = on_days(&rule, cursor).unwrap_or((rule, cursor));
        return found([series(rule)], behind);
    }
    let days = habit_days(&mut cursor)?;
    found([series(weekly(2, &days)?)], cursor)
}

/// "Biweekly" and "bimonthly": every two of them, or twice in each.
pub fn twice(mut cursor: Cursor<'_>) -> Option<Found> {
    let frequency = cursor.pick(|sense| if let Sense::OftenOr(frequency) = sense { Some(frequency) } else { None })?;
    let rule = every(frequency, 2)?;
    if let Some((rule, behind)) = on_days(&rule, cursor) {
        // "Biweekly on Tuesday and Thursday" is said of both.
        return found([series(rule.clone()), series(Rule { interval: std::num::NonZeroU32::MIN, ..rule })], behind);
    }
    let other = match frequency {
        Frequency::Monthly => Rule { by_month_day: vec![1, 15], ..every(frequency, 1)? },
        _ => weekly(1, &[Weekday::Mon, Weekday::Thu])?,
    };
    found([series(rule), series(other)], cursor)
}

/// "First Monday of each quarter", "every last workday of the quarter", "end of the quarter": no rule in words says it.
pub fn of_quarter(mut cursor: Cursor<'_>) -> Option<Found> {
    cursor.skip(&[Sense::On, Sense::The, Sense::Every]);
    cursor.pick(|sense| matches!(sense, Sense::Ordinal(_) | Sense::Place(_) | Sense::End | Sense::Start | Sense::Middle).then_some(()))?;
    let unit = |sense| matches!(sense, Sense::Workday | Sense::Unit(Unit::Day | Unit::Week | Unit::Month)).then_some(());
    let day = cursor.weekday(true).is_some() || cursor.pick(unit).is_some();
    let tied = cursor.skip(&[Sense::Of, Sense::In, Sense::The, Sense::Article]);
    if cursor.eat(Sense::Often(Frequency::Monthly, 3)) {
        return day.then(|| found([Said::Impossible], cursor))?;
    }
    // "The first quarter" is one, "first of the quarter" a day of it.
    cursor.skip(&[Sense::The, Sense::This, Sense::Every, Sense::Next, Sense::Article]);
    cursor.need(Sense::QuarterYear).filter(|()| tied)?;
    found([Said::Impossible], cursor)
}

/// "first of every quarter": quarters begin in January, April, July and October.
pub fn of_every_quarter(mut cursor: Cursor<'_>) -> Option<Found> {
    cursor.skip(&[Sense::On, Sense::The]);
    let day = cursor.pick(|sense| match sense {
        Sense::Place(day) => Some(day),
        Sense::Ordinal(day) => u32::try_from(day).ok(),
        _ => None,
    })?;
    cursor.skip(&[Sense::Of, Sense::In, Sense::The]);
    let mut behind = cursor;
    behind.need(Sense::Often(Frequency::Monthly, 3))?;
    let today = cursor.sentence.here.now.date();
    let first = today.iter_days().take(366).find(|date| *date >= today && date.day() == day && date.month() % 3 == 1)?;
    let rule = Rule { by_month_day: vec![i8::try_from(day).ok()?], ..every(Frequency::Monthly, 3)? };
    Some(Found { said: Said::Series(Box::new(rule), Some(first)), others: vec![], next: behind.at })
}

/// "Day 5" behind "on".
pub fn day_of_number(cursor: &mut Cursor<'_>, led: bool) -> Option<i8> {
    let asked = led && cursor.at > 0 && !cursor.sentence.cursor(cursor.at - 1).eat(Sense::Every);
    let mut ahead = *cursor;
    ahead.need(Sense::Unit(Unit::Day)).filter(|()| asked)?;
    let day = ahead.pick(|sense| if let Sense::Digits(day @ 1..=31) = sense { i8::try_from(day).ok() } else { None })?;
    *cursor = ahead;
    Some(day)
}

fn series(rule: Rule) -> Said {
    Said::Series(Box::new(rule), None)
}
