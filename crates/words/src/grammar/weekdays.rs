//! Weekdays as dates.

use chrono::{Datelike, Days, NaiveDate, Weekday};

use super::Day;
use super::dates::{
    Readings, first_of, in_digits, in_next_week, is_eight_days, is_next, last_of_month, later, month, next_of, today, weeks_on, written,
    year,
};
use super::months::{in_month, on_weekday};
use super::one_word::one_word;
use super::parted::parted;
use super::repeats::nth;
use super::short_days::stands_as_weekday;
use crate::sentence::Cursor;
use crate::vocabulary::{Sense, Unit};

/// "Friday", "next Friday", "Friday next week", "Friday, 3 March".
pub fn by_weekday(mut cursor: Cursor<'_>, led: bool) -> Option<Readings> {
    let how = cursor.pick(|sense| matches!(sense, Sense::Next | Sense::AfterNext | Sense::Coming | Sense::This).then_some(sense));
    let due = led || how.is_some() || stands_as_weekday(cursor);
    let day = cursor.weekday(due)?;
    let today = today(cursor);
    let nearest = today.iter_days().skip(1).take(7).find(|date| date.weekday() == day)?;
    let after_next = || Some(vec![Day::of(later(nearest, 7)?), Day::of(later(in_next_week(day, today)?, 7)?)]);
    match how {
        Some(Sense::AfterNext) => return Some((after_next()?, cursor.at)),
        Some(Sense::Next) => return Some((vec![Day::of(nearest), Day::of(in_next_week(day, today)?)], cursor.at)),
        Some(Sense::This) => return Some((vec![Day::of(if today.weekday() == day { today } else { nearest })], cursor.at)),
        Some(_) => return Some((vec![Day::of(nearest)], cursor.at)),
        None => {}
    }
    if let Some((date, next)) = in_this_week(cursor, day) {
        // What has gone is told.
        return (date >= today).then(|| (vec![Day::of(date)], next));
    }
    if let Some((mut days, next)) = date_behind(cursor, day) {
        if days.iter().all(|date| date.date.weekday() != day) {
            days.push(Day::of(nearest));
        }
        return Some((days, next));
    }
    let mut more = cursor;
    if more.pick(is_next).is_some() && more.eat(Sense::Unit(Unit::Week)) {
        return Some((vec![Day::of(in_next_week(day, today)?)], more.at));
    }
    if let Some(readings) = weeks_later(cursor, day, nearest) {
        return Some(readings);
    }
    let mut more = cursor;
    if more.eat(Sense::AfterNext) {
        return Some((after_next()?, more.at));
    }
    let readings = if today.weekday() == day { vec![nearest, today] } else { vec![nearest] };
    Some((readings.into_iter().map(Day::of).collect(), cursor.at))
}

/// Behind a weekday: "this week", "of this week".
fn in_this_week(mut cursor: Cursor<'_>, day: Weekday) -> Option<(NaiveDate, usize)> {
    cursor.skip(&[Sense::Of, Sense::In]);
    cursor.need(Sense::This)?;
    cursor.need(Sense::Unit(Unit::Week))?;
    Some((later(first_of(Unit::Week, today(cursor))?, u64::from(day.num_days_from_monday()))?, cursor.at))
}

/// "This week Thursday", "diese Woche am Donnerstag".
pub fn this_week(cursor: Cursor<'_>, _: bool) -> Option<Readings> {
    let (date, next) = of_this_week(cursor)?;
    (date >= today(cursor)).then(|| (vec![Day::of(date)], next))
}

/// The day of "this week Thursday" or "Thursday this week", also one that has gone.
pub fn of_this_week(mut cursor: Cursor<'_>) -> Option<(NaiveDate, usize)> {
    let mut first = cursor;
    if let Some(day) = first.weekday(true) {
        return in_this_week(first, day);
    }
    cursor.skip(&[Sense::In]);
    cursor.need(Sense::This)?;
    cursor.need(Sense::Unit(Unit::Week))?;
    cursor.skip(&[Sense::On, Sense::The]);
    let day = cursor.weekday(true)?;
    Some((later(first_of(Unit::Week, today(cursor))?, u64::from(day.num_days_from_monday()))?, cursor.at))
}

/// "Friday week", "Friday in two weeks": the Friday of that week, or so many weeks from the coming one.
fn weeks_later(mut cursor: Cursor<'_>, day: Weekday, nearest: NaiveDate) -> Option<Readings> {
    let today = today(cursor);
    let mut week = cursor;
    if week.eat(Sense::Minutes(20_160)) {
        return Some((vec![Day::of(later(nearest, 14)?)], week.at));
    }
    if week.eat(Sense::WeekOn) {
        let mut days = vec![Day::of(later(nearest, 7)?)];
        // In "Friday week plan" the week may be the plan's.
        days.extend(Some(Day::of(nearest)).filter(|_| !week.is_free()));
        return Some((days, week.at));
    }
    let week = later(today, 7).filter(|_| is_eight_days(cursor));
    let then = weeks_on(&mut cursor, today)?;
    Some((in_weeks(day, week.unwrap_or(then), today)?, cursor.at))
}

/// "In two weeks on Friday".
pub fn weeks_then_weekday(mut cursor: Cursor<'_>, _: bool) -> Option<Readings> {
    let today = today(cursor);
    let then = weeks_on(&mut cursor, today)?;
    let led = cursor.skip(&[Sense::On, Sense::The]);
    let day = cursor.weekday(led)?;
    Some((in_weeks(day, then, today)?, cursor.at))
}

/// "In two Fridays": the second from today on.
pub fn so_many_weekdays(mut cursor: Cursor<'_>, _: bool) -> Option<Readings> {
    let led = cursor.eat(Sense::In);
    let count = cursor.number().filter(|count| (1..=52).contains(count))?;
    let day = cursor.pick(|sense| match sense {
        Sense::Weekday(day) | Sense::Habit(day) => Some(day),
        _ => None,
    })?;
    // "3 Mondays from now"
    (cursor.eat(Sense::Hence) || led).then_some(())?;
    let nearest = today(cursor).iter_days().skip(1).take(7).find(|date| date.weekday() == day)?;
    Some((vec![Day::of(later(nearest, u64::from(count - 1) * 7)?)], cursor.at))
}

/// A weekday of the week that a day is in, or as long behind the coming one as that day is behind today.
fn in_weeks(day: Weekday, then: NaiveDate, today: NaiveDate) -> Option<Vec<Day>> {
    let nearest = today.iter_days().skip(1).take(7).find(|date| date.weekday() == day)?;
    let weeks = (then - today).num_days();
    let monday = first_of(Unit::Week, then).filter(|_| weeks % 7 == 0)?;
    let in_week = later(monday, u64::from(day.num_days_from_monday()))?;
    let from_nearest = later(nearest, weeks.unsigned_abs())?;
    // The earlier one first: a reminder that comes too early can be put off.
    let first = in_week.min(from_nearest);
    let mut days = vec![Day::of(first)];
    days.extend(Some(Day::of(in_week.max(from_nearest))).filter(|last| last.date > first));
    Some(days)
}

/// The date that a weekday before it belongs to: "5 Dec", "6.12.", "the 28th", "28th".
pub fn date_behind(cursor: Cursor<'_>, day: Weekday) -> Option<Readings> {
    let mut cursor = cursor.over();
    let led = cursor.skip(&[Sense::On, Sense::The]) || is_day_of_month(cursor);
    let cursor = if led { cursor } else { cursor.over() };
    let forms: [fn(Cursor<'_>, bool) -> Option<Readings>; 5] = [written, in_digits, one_word, parted, in_month];
    let both = on_weekday(cursor, day).filter(|_| led);
    let first = in_month(cursor, led);
    if let (Some(mut both), Some((days, next))) = (both, first)
        && written(cursor, led).is_none_or(|(_, longer)| longer <= next)
        && in_digits(cursor, led).is_none_or(|(days, longer)| days.is_empty() || longer <= next)
    {
        let plain = days.into_iter().filter(|date| date.date.weekday() != day);
        // One that is far away is less likely than a wrong weekday.
        // "Friday the 13th" is a day with a name.
        let is_name = day == Weekday::Fri && both.0.iter().all(|date| date.date.day() == 13);
        let is_near = is_name || both.0.iter().all(|date| (date.date - today(cursor)).num_days() < 183);
        both.0 = if is_near { both.0.into_iter().chain(plain).collect() } else { plain.chain(both.0).collect() };
        return Some(both);
    }
    let (mut days, next) =
        forms.iter().filter_map(|form| form(cursor, led)).filter(|(days, _)| !days.is_empty()).max_by_key(|(_, next)| *next)?;
    on_its_weekday(&mut days, day);
    Some((days, next))
}

/// Of the two days that "Wed 1/6" can be the one that is a Wednesday comes first. Says whether there is such a one.
pub fn on_its_weekday(days: &mut [Day], day: Weekday) -> bool {
    let is_sure = days.iter().filter(|date| date.date.weekday() == day).count() == 1;
    if is_sure {
        days.sort_by_key(|date| date.date.weekday() != day);
    }
    is_sure
}

/// "first Monday of March", "letzter Freitag im November 2027", "last Friday of next month".
pub fn nth_weekday(mut cursor: Cursor<'_>, _: bool) -> Option<Readings> {
    let nth = nth(&mut cursor)?;
    let day = cursor.weekday(true)?;
    let tied = cursor.skip(&[Sense::Of, Sense::In, Sense::The]);
    let today = today(cursor);
    if let Some((date, next)) = nth_of_near(cursor, (nth, day), tied, today) {
        return Some((vec![Day::of(date)], next));
    }
    if !tied {
        return of_coming_month(cursor, (nth, day), today);
    }
    let month = month(&mut cursor)?;
    let in_year = |year| nth_in(NaiveDate::from_ymd_opt(year, month, 1)?, (nth, day));
    if let Some(year) = year(&mut cursor) {
        return Some((vec![Day::of(in_year(year)?)], cursor.at));
    }
    let date = (0..9).filter_map(|add| in_year(today.year() + add)).find(|date| *date >= today)?;
    Some((vec![Day::of(date)], cursor.at))
}

/// "Third Thursday 7pm": that of this month or the next, or the coming Thursday, where nothing of a title follows.
fn of_coming_month(cursor: Cursor<'_>, (nth, day): (i8, Weekday), today: NaiveDate) -> Option<Readings> {
    let first = first_of(Unit::Month, today)?;
    let date =
        [first, next_of(Unit::Month, first)?].into_iter().filter_map(|first| nth_in(first, (nth, day))).find(|date| *date >= today)?;
    let nearest = today.iter_days().skip(1).take(7).find(|date| date.weekday() == day)?;
    // "Last Friday" has gone.
    (nth > 0 && cursor.is_free()).then(|| (vec![Day::of(date), Day::of(nearest)], cursor.at))
}

/// The n-th of such weekdays in "this month", in "next month", or in "the month": the coming one.
fn nth_of_near(mut cursor: Cursor<'_>, which: (i8, Weekday), tied: bool, today: NaiveDate) -> Option<(NaiveDate, usize)> {
    let next = cursor.pick(is_next).is_some();
    let this = !next && cursor.eat(Sense::This);
    cursor.need(Sense::Unit(Unit::Month)).filter(|()| tied || next || this)?;
    let first = first_of(Unit::Month, today)?;
    let following = nth_in(next_of(Unit::Month, first)?, which);
    let date = if next { following } else { nth_in(first, which).filter(|date| this || *date >= today).or(following) };
    Some((date?, cursor.at))
}

/// The n-th of such weekdays in the month that begins then, from its end if it is negative.
fn nth_in(first: NaiveDate, (nth, day): (i8, Weekday)) -> Option<NaiveDate> {
    match u8::try_from(nth) {
        Ok(nth) => NaiveDate::from_weekday_of_month_opt(first.year(), first.month(), day, nth),
        Err(_) => {
            let last = last_of_month(first)?;
            let back = u64::from(last.weekday().days_since(day)) + 7 * (u64::from(nth.unsigned_abs()).checked_sub(1)?);
            // Not every month has a fifth to last one.
            last.checked_sub_days(Days::new(back)).filter(|date| *date >= first)
        }
    }
}

/// Whether a number of a day stands here, as "28th", and nothing of a title behind it: in "Friday 2nd meeting" it counts meetings.
fn is_day_of_month(mut cursor: Cursor<'_>) -> bool {
    cursor.pick(|sense| matches!(sense, Sense::Place(_)).then_some(())).is_some() && cursor.is_free()
}
