//! The months in which a series goes on: "from March to May", "starting February", "in December", "this month".

use chrono::{Datelike, Days, NaiveDate};

use super::dates::{first_of, last_of_month, month, next_of, today, year};
use super::numeric::coming;
use super::{Found, Said, found};
use crate::sentence::Cursor;
use crate::vocabulary::Sense;

/// "from March", "from March to May", "between June and August", "ab Februar".
pub fn season(mut cursor: Cursor<'_>) -> Option<Found> {
    let mut since = cursor;
    if since.eat(Sense::Since) && month(&mut since).is_some() {
        return found([Said::Past], since);
    }
    let between = cursor.eat(Sense::Between);
    let from = !between && cursor.skip(&[Sense::From]);
    (between || from).then_some(())?;
    cursor.skip(&[Sense::In]);
    let (first, last, cursor) = months(cursor, if between { &[Sense::And] } else { &[Sense::UpTo, Sense::Through] })?;
    (last.is_some() || from).then(|| found([Said::Season(first, last)], cursor))?
}

/// Behind a repeat rule: "March to May", "in December", "this month", "next week".
pub fn behind_series(mut cursor: Cursor<'_>) -> Option<Found> {
    let today = today(cursor);
    let inside = cursor.skip(&[Sense::In]);
    if let Some((first, last, behind)) =
        months(cursor, if inside { &[Sense::And, Sense::UpTo, Sense::Through] } else { &[Sense::UpTo, Sense::Through] })
    {
        let end = match last {
            Some(last) => last,
            None if inside => last_of_month(first)?,
            None => return None,
        };
        // On its last day the next one is meant.
        let is_over = end <= today && last.is_none();
        let later = |date: NaiveDate| date.with_year(date.year() + 1).and_then(|date| date.with_day(1));
        let (first, end) = if is_over { (later(first)?, last_of_month(later(first)?)?) } else { (first, end) };
        return found([Said::Season(first, Some(end))], behind);
    }
    cursor.skip(&[Sense::The]);
    let next = cursor.pick(|sense| matches!(sense, Sense::Next | Sense::Coming).then_some(())).is_some();
    (next || cursor.eat(Sense::This)).then_some(())?;
    let unit = cursor.pick(|sense| if let Sense::Unit(unit) = sense { Some(unit) } else { None })?;
    let first = first_of(unit, if next { next_of(unit, today)? } else { today })?;
    let last = next_of(unit, first)?.checked_sub_days(Days::new(1))?;
    found([if last > today { Said::Season(first, Some(last)) } else { Said::Past }], cursor)
}

/// One month's first day, or also another's last.
fn months<'a>(mut cursor: Cursor<'a>, between: &[Sense]) -> Option<(NaiveDate, Option<NaiveDate>, Cursor<'a>)> {
    let today = today(cursor);
    let early = month(&mut cursor)?;
    let said = year(&mut cursor);
    let first = of(said, early, today)?;
    let mut more = cursor;
    let dash = matches!(more.word(), "-" | "–");
    if dash {
        more.step(1);
    }
    let tied = dash || more.pick(|sense| between.contains(&sense).then_some(())).is_some();
    let Some(late) = month(&mut more).filter(|_| tied) else { return is_month(cursor).then_some((first, None, cursor)) };
    let late_year = year(&mut more);
    let last = of(late_year, late, first).and_then(last_of_month)?;
    // "From October 2026 to May" and "from October to May 2027".
    let first = if said.is_none() && late_year.is_some() {
        of(late_year, early, today).filter(|date| *date <= last).or(Some(first))?
    } else {
        first
    };
    is_month(more).then_some((first, Some(last), more))
}

/// In "May 7" and "May 7th" the month is a part of a date.
fn is_month(mut cursor: Cursor<'_>) -> bool {
    let number = cursor.pick(|sense| match sense {
        Sense::Digits(day) | Sense::Place(day) => Some(day),
        _ => None,
    });
    let clock = cursor.pick(|sense| matches!(sense, Sense::Clock | Sense::Am | Sense::Pm).then_some(())).is_some();
    number.is_none_or(|day| clock || !(1..=31).contains(&day))
}

fn of(year: Option<i32>, month: u32, from: NaiveDate) -> Option<NaiveDate> {
    match year {
        Some(year) => NaiveDate::from_ymd_opt(year, month, 1),
        // The one that is going on has not gone.
        None if month == from.month() => from.with_day(1),
        None => coming(1, month, from).map(|day| day.date),
    }
}
