//! Days of a month that are found by counting: "first working day of the month", "letzter Arbeitstag im März".

use chrono::{Datelike, NaiveDate};

use super::dates::{Readings, is_next, last_day_of_coming, last_of_month, month, next_of};
use super::repeats::{every, nth, nth_days, of_the_month};
use super::{Day, Said};
use crate::sentence::Cursor;
use crate::vocabulary::{Sense, Unit};
use belfry_core::rule::Frequency;

/// "first working day of the month", "letzter Arbeitstag im März": the coming one.
pub fn nth_workday(mut cursor: Cursor<'_>, today: NaiveDate) -> Option<Readings> {
    let nth = nth(&mut cursor)?;
    cursor.need(Sense::Workday)?;
    cursor.skip(&[Sense::Of, Sense::In, Sense::The]).then_some(())?;
    let on = |first: NaiveDate| workday(first, nth);
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

/// The n-th day from Monday to Friday of the month that begins then, or the last.
fn workday(first: NaiveDate, nth: i8) -> Option<NaiveDate> {
    let is_workday = |date: &NaiveDate| date.weekday().num_days_from_monday() < 5;
    match usize::try_from(nth) {
        Ok(nth) => first.iter_days().filter(is_workday).nth(nth.checked_sub(1)?),
        Err(_) => last_of_month(first)?.iter_days().rev().find(is_workday),
    }
}

/// "First Monday of the month" and "last working day of the month" may be those of every month.
pub fn each_month(mut cursor: Cursor<'_>, next: usize) -> Option<Said> {
    cursor.skip(&[Sense::On, Sense::The]);
    let rule = nth_days(&every(Frequency::Monthly, 1)?, &mut cursor)?;
    (of_the_month(&mut cursor) && cursor.at == next).then(|| Said::Series(Box::new(rule), None))
}
