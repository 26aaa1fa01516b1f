//! A day of a month that is near: "on the 15th", "on the fifth", "on the 1st of next month".

use chrono::{Datelike, Months, NaiveDate, Weekday};

use super::Day;
use super::dates::{Readings, is_next, last_of_month, today};
use super::times::is_before_clock;
use crate::sentence::Cursor;
use crate::vocabulary::{Sense, Unit};

/// "on the 15th": the next one. In letters only behind a word that asks for a date and where nothing of a title follows: "on the first try" is none.
pub fn in_month(mut cursor: Cursor<'_>, led: bool) -> Option<Readings> {
    let asked = is_asked_for(cursor);
    // "Am Fünften" is a day by its capital.
    let is_noun = !cursor.sentence.vocabulary.twelve_hours && cursor.token().is_some_and(|token| token.capital);
    let (day, in_letters) = place(&mut cursor)?;
    // "On the 3rd floor" is a place.
    // "Zum 3. Werktag" is none either.
    let is_ranked = { cursor }.pick(|sense| matches!(sense, Sense::Ranked | Sense::Workday | Sense::Weekend).then_some(())).is_some();
    // "4th 9am"
    let led = led || !in_letters && !is_ranked && is_before_clock(cursor);
    if is_ranked || !led || in_letters && !(asked && (is_noun || cursor.is_free())) {
        return None;
    }
    let today = today(cursor);
    let month = |add| today.with_day(1)?.checked_add_months(Months::new(add));
    let date = (0..12).filter_map(month).filter_map(|first| first.with_day(day)).find(|date| *date >= today)?;
    Some((vec![Day::of(date)], cursor.at))
}

/// "Friday the 13th": the next one that is both.
pub fn on_weekday(mut cursor: Cursor<'_>, weekday: Weekday) -> Option<Readings> {
    let today = today(cursor);
    let day = cursor.pick(|sense| if let Sense::Place(day) = sense { Some(day) } else { None })?;
    let month = |add| today.with_day(1)?.checked_add_months(Months::new(add))?.with_day(day);
    let date = (0..48).filter_map(month).find(|date| *date >= today && date.weekday() == weekday)?;
    Some((vec![Day::of(date)], cursor.at))
}

/// A day of a month, by its number, and whether that is in letters.
fn place(cursor: &mut Cursor<'_>) -> Option<(u32, bool)> {
    cursor.pick(|sense| match sense {
        Sense::Place(day) => Some((day, false)),
        Sense::Ordinal(day) => u32::try_from(day).ok().map(|day| (day, true)),
        _ => None,
    })
}

/// Whether "on", "by" or "from" stands before, perhaps with an article between.
fn is_asked_for(cursor: Cursor<'_>) -> bool {
    let asks = |at: usize| {
        let mut before = cursor.sentence.cursor(at);
        before.pick(|sense| matches!(sense, Sense::On | Sense::From | Sense::Until | Sense::Through).then_some(())).is_some()
    };
    let articles = (0..cursor.at).rev().take_while(|at| cursor.sentence.cursor(*at).eat(Sense::The) && !asks(*at)).count();
    cursor.at.checked_sub(articles + 1).is_some_and(asks)
}

/// "the 1st of next month", "am 1. nächsten Monats", "the 15th of this month", "the first of the month".
pub fn of_near_month(mut cursor: Cursor<'_>, led: bool) -> Option<Readings> {
    let today = today(cursor);
    let (day, which, cursor) = day_of_unit(&mut cursor, led)?;
    let first = today.with_day(1)?;
    let of = |add| first.checked_add_months(Months::new(add))?.with_day(day);
    let date = match which {
        Which::Next => of(1)?,
        Which::AfterNext => of(2)?,
        Which::This => of(0).filter(|date| *date >= today)?,
        Which::Coming => (0..12).filter_map(of).find(|date| *date >= today)?,
    };
    Some((vec![Day::of(date)], cursor.at))
}

/// A day that the month which is named does not have, as "the 31st of next month" in January, or that has gone.
pub fn beyond_near_month(mut cursor: Cursor<'_>) -> Option<Cursor<'_>> {
    let first = today(cursor).with_day(1)?;
    let (day, which, behind) = day_of_unit(&mut cursor, true)?;
    let add = match &which {
        Which::This => 0,
        Which::Next => 1,
        Which::AfterNext => 2,
        Which::Coming => return None,
    };
    let last: NaiveDate = last_of_month(first.checked_add_months(Months::new(add))?)?;
    let gone = matches!(which, Which::This) && day < today(cursor).day();
    (gone || day > last.day()).then_some(behind)
}

enum Which {
    This,
    Next,
    AfterNext,
    /// "The month": the one whose day is still to come.
    Coming,
}

fn day_of_unit<'a>(cursor: &mut Cursor<'a>, led: bool) -> Option<(u32, Which, Cursor<'a>)> {
    let (day, _) = place(cursor)?;
    let sure = cursor.eat(Sense::Of);
    let tied = cursor.skip(&[Sense::Of, Sense::In, Sense::The]) || sure;
    let which = if cursor.pick(is_next).is_some() {
        Which::Next
    } else if cursor.eat(Sense::AfterNext) {
        Which::AfterNext
    } else if cursor.eat(Sense::This) {
        Which::This
    } else if tied && (led || sure) {
        Which::Coming
    } else {
        return None;
    };
    cursor.need(Sense::Unit(Unit::Month))?;
    Some((day, which, *cursor))
}
