//! Rules of months that say in which month they begin: "every 6 months on the 1st of July", "vierteljährlich am 15. Januar".

use belfry_core::rule::Frequency;
use belfry_core::{Rule, When, expand};
use chrono::{Datelike, Months, NaiveDate};

use super::dates::{month, today, year};
use super::repeats::{every, every_months, on_days};
use super::{Found, Said, found};
use crate::sentence::Cursor;
use crate::vocabulary::Sense;

/// Such a rule from its first day on. Several months are said of it if its steps go through all of them and no other ("of January and July").
pub fn from_month(cursor: Cursor<'_>) -> Option<Found> {
    let (interval, behind) = interval(cursor)?;
    let plain = every(Frequency::Monthly, interval)?;
    let (rule, mut cursor) = on_days(&plain, behind)?;
    // "Monthly on the 15th in December" is only then.
    let is_once = { cursor }.eat(Sense::In) && interval == 1;
    cursor.skip(&[Sense::Of, Sense::In, Sense::The]);
    let begin = month(&mut cursor).filter(|_| !is_once)?;
    let mut months = vec![begin];
    loop {
        let mut more = cursor.over();
        let and = more.eat(Sense::And);
        let Some(next) = month(&mut more).filter(|_| and) else { break };
        months.push(next);
        cursor = more;
    }
    let year = year(&mut cursor);
    // "From the 1st of June to September" says when it goes on.
    let goes_on = { cursor }.pick(|sense| matches!(sense, Sense::UpTo | Sense::Through).then_some(())).is_some();
    let fits = |month: &u32| (month + 12 - begin).is_multiple_of(interval);
    let are_all = months.len() == 1 || months.iter().all(fits) && u32::try_from(months.len()).is_ok_and(|count| count * interval == 12);
    if !are_all || goes_on {
        return found([Said::Impossible], cursor);
    }
    let today = today(cursor);
    let years = year.map_or(today.year()..=today.year() + 1, |year| year..=year);
    let dates = years.flat_map(|year| months.iter().filter_map(move |month| NaiveDate::from_ymd_opt(year, *month, 1)));
    let first = dates.filter_map(|first| first_in(&rule, first)).filter(|date| year.is_some() || *date >= today).min();
    found([first.map_or(Said::Impossible, |first| Said::Series(Box::new(rule), Some(first)))], cursor)
}

/// "Every 6 months", "quarterly".
fn interval(mut cursor: Cursor<'_>) -> Option<(u32, Cursor<'_>)> {
    let often = cursor.pick(|sense| if let Sense::Often(Frequency::Monthly, interval) = sense { Some(interval) } else { None });
    often.map(|interval| (interval, cursor)).or_else(|| every_months(cursor))
}

/// The first day that a rule gives in the month that begins then.
fn first_in(rule: &Rule, month: NaiveDate) -> Option<NaiveDate> {
    let steady = Rule { interval: std::num::NonZeroU32::MIN, ..rule.clone() };
    let end = month.checked_add_months(Months::new(1))?.and_time(chrono::NaiveTime::MIN);
    expand::starts(&steady, &When::Date(month), end).map(|start| start.date()).find(|date| *date >= month && date.month() == month.month())
}
