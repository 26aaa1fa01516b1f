//! Dates that are counted from others: "two weeks from Friday", "zwei Wochen nach Weihnachten".

use chrono::{Datelike, Days, Months, NaiveDate};

use super::clock::DAY;
use super::dates::{Readings, in_digits, relative, today, written};
use super::feasts::feast;
use super::months::{in_month, of_near_month};
use super::repeats::nth;
use super::weekdays::by_weekday;
use super::{Day, Found, Said, found};
use crate::sentence::Cursor;
use crate::vocabulary::{Sense, Unit};

/// A span of days, weeks or months behind another date.
pub fn counted(mut cursor: Cursor<'_>, _: bool) -> Option<Readings> {
    let (count, unit) = span(&mut cursor)?;
    if let Some((days, next)) = weeks_on_weekday(cursor, unit) {
        let days: Option<Vec<Day>> = days.into_iter().map(|day| behind(day.date, count, unit).map(Day::of)).collect();
        return Some((days?, next));
    }
    // "A month today"
    if matches!(unit, Unit::Month | Unit::Year)
        && let Some((days, next)) = relative(cursor, true)
    {
        let days: Option<Vec<Day>> = days.into_iter().map(|day| behind(day.date, count, unit).map(Day::of)).collect();
        return Some((days?, next));
    }
    if cursor.eat(Sense::Hence) {
        return Some((vec![behind(today(cursor), count, unit).map(Day::of)?], cursor.at));
    }
    if let Some(readings) = ahead_of_feast(cursor, count, unit) {
        return Some(readings);
    }
    cursor.need(Sense::Thence)?;
    cursor.skip(&[Sense::On, Sense::The]);
    let forms: [fn(Cursor<'_>, bool) -> Option<Readings>; 5] = [relative, written, in_digits, by_weekday, feast];
    let readings = forms.iter().filter_map(|form| form(cursor, true)).filter(|(days, _)| !days.is_empty());
    let (days, next) = readings.max_by_key(|(_, next)| *next)?;
    let days: Option<Vec<Day>> = days.into_iter().map(|day| behind(day.date, count, unit).map(Day::of)).collect();
    Some((days?, next))
}

/// "2 weeks from 20 December" may be a stay that begins then.
pub fn stay_from(mut cursor: Cursor<'_>, next: usize) -> Option<Said> {
    let (count, unit) = span(&mut cursor).filter(|(_, unit)| matches!(unit, Unit::Day | Unit::Week))?;
    cursor.need(Sense::Thence)?;
    // "After" only counts, and so does a date without a number.
    cursor.sentence.cursor(cursor.at.checked_sub(1)?).need(Sense::From)?;
    cursor.skip(&[Sense::On, Sense::The]);
    let (days, _) = written(cursor, true).or_else(|| in_digits(cursor, true)).filter(|(_, end)| *end == next)?;
    let day = *days.first()?;
    let days = u32::try_from((behind(day.date, count, unit)? - day.date).num_days()).ok().filter(|days| (2..=62).contains(days))?;
    Some(Said::Stretch(day, days))
}

/// Behind a span: "before Christmas", where nothing of a title follows.
fn ahead_of_feast(mut cursor: Cursor<'_>, count: u32, unit: Unit) -> Option<Readings> {
    cursor.pick(|sense| matches!(sense, Sense::Before | Sense::Short60).then_some(()))?;
    before_feast(cursor, |date| ahead(date, count, unit))
}

/// "before 30 November", "vor Montag": the day before it is early enough.
pub fn ahead_of_day(mut cursor: Cursor<'_>) -> Option<Found> {
    let is_counted = is_counted(cursor);
    cursor.need(Sense::Before).filter(|()| !is_counted)?;
    cursor.skip(&[Sense::On, Sense::The]);
    let forms: [fn(Cursor<'_>, bool) -> Option<Readings>; 6] = [relative, written, in_digits, by_weekday, in_month, of_near_month];
    let readings = forms.iter().filter_map(|form| form(cursor, true)).filter(|(days, _)| !days.is_empty());
    let (days, next) = readings.max_by_key(|(_, next)| *next)?;
    let day = days.into_iter().next()?;
    let early = day.date.pred_opt().filter(|date| *date > today(cursor)).map(Day::of);
    cursor.step(next - cursor.at);
    found(early.into_iter().chain([day]).map(Said::Date), cursor)
}

/// Whether what stands right before is counted from here: "the day before Friday" and "an hour before" are told, or alarms; "every year before 9 February" is not.
pub fn is_counted(cursor: Cursor<'_>) -> bool {
    let counts =
        |sense| matches!(sense, Sense::Unit(_) | Sense::Part(_) | Sense::Digits(_) | Sense::Number(_) | Sense::Nearly).then_some(());
    let before = |back: usize| cursor.at.checked_sub(back).map(|at| cursor.sentence.cursor(at));
    let is_rule = [2, 3].into_iter().filter_map(before).any(|mut at| at.eat(Sense::Every));
    !is_rule && before(1).is_some_and(|mut at| at.pick(counts).is_some())
}

/// "The day before Christmas", "am Tag vor Heiligabend".
pub fn day_before(mut cursor: Cursor<'_>, _: bool) -> Option<Readings> {
    let minutes = cursor.pick(|sense| if let Sense::Lead(minutes) = sense { Some(minutes) } else { None })?;
    let days = Some(minutes / DAY).filter(|days| *days > 0)?;
    before_feast(cursor, |date| ahead(date, days, Unit::Day))
}

/// "The Friday before Christmas", "the first Monday after New Year", "Freitag vor dem 24.12.": strictly before or after that day.
pub fn weekday_beside(mut cursor: Cursor<'_>, _: bool) -> Option<Readings> {
    cursor.skip(&[Sense::The]);
    let nth = nth(&mut cursor);
    let day = cursor.weekday(true)?;
    let early = cursor.pick(|sense| match sense {
        Sense::Before | Sense::Short60 => Some(true),
        Sense::After | Sense::Past | Sense::Thence => Some(false),
        _ => None,
    })?;
    cursor.skip(&[Sense::On, Sense::The]);
    let weeks = u64::from(nth.map_or(1, i8::unsigned_abs).checked_sub(1)?);
    let today = today(cursor);
    let (anchors, next) =
        written(cursor, true).or_else(|| in_digits(cursor, false).filter(|(days, _)| !days.is_empty())).or_else(|| feast(cursor, true))?;
    let beside = |anchor: Day| {
        let step = if early { anchor.date.weekday().days_since(day) } else { day.days_since(anchor.date.weekday()) };
        let days = Days::new(u64::from(if step == 0 { 7 } else { step }) + weeks * 7);
        let date = if early { anchor.date.checked_sub_days(days) } else { anchor.date.checked_add_days(days) };
        date.filter(|date| *date >= today).map(Day::of)
    };
    let days: Option<Vec<Day>> = anchors.into_iter().map(beside).collect();
    let mut behind = cursor;
    behind.step(next - cursor.at);
    // In "Friday before Christmas dinner" the dinner may be the one at Christmas: that is told.
    behind.is_free().then_some((days?, next))
}

fn before_feast(cursor: Cursor<'_>, ahead: impl Fn(NaiveDate) -> Option<NaiveDate>) -> Option<Readings> {
    let today = today(cursor);
    let (days, next) = feast(cursor, true)?;
    let mut behind = cursor;
    behind.step(next - cursor.at);
    // What has gone this year is not meant, and the next year's feast was not said.
    let days: Option<Vec<Day>> = days.into_iter().map(|day| ahead(day.date).filter(|date| *date >= today).map(Day::of)).collect();
    // Another date right behind it is the reminder's own.
    let is_dated = { behind }.pick(|sense| matches!(sense, Sense::Day(_)).then_some(())).is_some();
    (behind.is_free() && !is_dated).then_some((days?, next))
}

fn ahead(date: NaiveDate, count: u32, unit: Unit) -> Option<NaiveDate> {
    match unit {
        Unit::Day => date.checked_sub_days(Days::new(u64::from(count))),
        Unit::Week => date.checked_sub_days(Days::new(u64::from(count) * 7)),
        Unit::Month => date.checked_sub_months(Months::new(count)),
        Unit::Year => date.checked_sub_months(Months::new(count.checked_mul(12)?)),
        Unit::Minute | Unit::Hour => None,
    }
}

/// Behind weeks: "on Tuesday", "today", "tomorrow".
fn weeks_on_weekday(mut cursor: Cursor<'_>, unit: Unit) -> Option<Readings> {
    (unit == Unit::Week && cursor.sentence.vocabulary.twelve_hours).then_some(())?;
    if cursor.eat(Sense::Upon) {
        return by_weekday(cursor, true);
    }
    relative(cursor, true)
}

fn span(cursor: &mut Cursor<'_>) -> Option<(u32, Unit)> {
    let fortnight = cursor.pick(|sense| matches!(sense, Sense::Minutes(20_160)).then_some(()));
    if fortnight.is_some() {
        return Some((2, Unit::Week));
    }
    let count = cursor.number()?;
    let unit = cursor.pick(|sense| match sense {
        Sense::Unit(unit @ (Unit::Day | Unit::Week | Unit::Month | Unit::Year)) => Some(unit),
        _ => None,
    })?;
    Some((count, unit))
}

fn behind(date: NaiveDate, count: u32, unit: Unit) -> Option<NaiveDate> {
    match unit {
        Unit::Day => date.checked_add_days(Days::new(u64::from(count))),
        Unit::Week => date.checked_add_days(Days::new(u64::from(count) * 7)),
        Unit::Month => date.checked_add_months(Months::new(count)),
        Unit::Year => date.checked_add_months(Months::new(count.checked_mul(12)?)),
        Unit::Minute | Unit::Hour => None,
    }
}
