//! Rules that say more than how often: a weekday of one month, alternate weekdays, words that count twice.

use belfry_core::Rule;
use belfry_core::rule::Frequency;
use chrono::Weekday;

use super::dates::month;
use super::repeats::{every, habit_days, nth, nth_days, on_days, weekly};
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
    let alone = goes_on.is_none() && rule.by_set_pos.is_empty() && rule.by_month_day.is_empty();
    alone.then(|| found([series(Rule { by_month: vec![month], ..rule })], cursor))?
}

/// "Alternate Fridays": every two weeks.
pub fn alternate(mut cursor: Cursor<'_>) -> Option<Found> {
    cursor.skip(&[Sense::On]);
    cursor.need(Sense::Alternate)?;
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

/// "First Monday of each quarter": no rule in words says it.
pub fn of_quarter(mut cursor: Cursor<'_>) -> Option<Found> {
    cursor.skip(&[Sense::On, Sense::The]);
    nth(&mut cursor)?;
    let day = cursor.weekday(true).is_some() || cursor.eat(Sense::Workday) || cursor.eat(Sense::Unit(Unit::Day));
    cursor.skip(&[Sense::Of, Sense::In, Sense::The]);
    cursor.need(Sense::Often(Frequency::Monthly, 3)).filter(|()| day)?;
    found([Said::Impossible], cursor)
}

fn series(rule: Rule) -> Said {
    Said::Series(Box::new(rule), None)
}
