//! Dates in words.

use chrono::{Datelike, Days, Months, NaiveDate, Weekday};

use super::coming::in_workdays;
use super::feasts::feast;
use super::monthly::{each_month, nth_workday};
use super::months::{in_month, of_near_month};
use super::near::{self, counted, day_before, weekday_beside};
use super::numeric::{coming, numeric};
use super::one_word::one_word;
use super::parted::parted;
use super::repeats::weekly;
use super::short_days::{follows_article, is_doubtful, stands_as_weekday};
use super::times::{is_before_clock, is_before_letter};
use super::weekdays::{by_weekday, nth_weekday, on_its_weekday, so_many_weekdays, this_week, weeks_then_weekday};
use super::{Day, Found, Said, found};
use crate::sentence::{Cursor, small};
use crate::vocabulary::{Sense, Unit};

/// "on 3 March", "next Friday", "tomorrow".
pub fn date(cursor: Cursor<'_>) -> Option<Found> {
    let mut behind = cursor;
    let led = behind.skip(&[Sense::From, Sense::On]);
    let the = behind.skip(&[Sense::The, Sense::On]);
    let is_short = { behind }.pick(|sense| matches!(sense, Sense::Short(_)).then_some(())).is_some()
        && behind.token().is_some_and(|token| !token.capital);
    // In "wir machen das morgen" the article is not the date's.
    let is_star = is_short && follows_article(behind);
    let foreign = the && !led && (relative(behind, false).is_some() || is_star);
    let found_days = if foreign { None } else { days(behind, led || the) };
    // "beginning" leads a date, or belongs to one.
    let (days, behind) = found_days.or_else(|| days(cursor, false))?;
    let habit = weekend_habit(cursor, behind.at).or_else(|| each_month(cursor, behind.at));
    let title = (!led && !the && is_doubtful(cursor, behind)).then_some(Said::Title);
    let stay = near::stay_from(cursor, behind.at);
    found(days.into_iter().map(Said::Date).chain(habit).chain(title).chain(stay), behind)
}

/// "until 3 May".
pub fn until(mut cursor: Cursor<'_>) -> Option<Found> {
    let through = cursor.eat(Sense::Through);
    if !through {
        cursor.need(Sense::Until)?;
    }
    cursor.skip(&[Sense::On, Sense::The]);
    let (days, cursor) = days(cursor, true).or_else(|| whole_month(cursor, through))?;
    found(days.into_iter().map(Said::Until), cursor)
}

/// "until June" is to its first day, or to its last; "through June" to its last.
fn whole_month(mut cursor: Cursor<'_>, through: bool) -> Option<(Vec<Day>, Cursor<'_>)> {
    let month = month(&mut cursor)?;
    let today = today(cursor);
    let (first, last) = match year(&mut cursor) {
        Some(year) => {
            let first = NaiveDate::from_ymd_opt(year, month, 1)?;
            (Day::of(first), Day::of(last_of_month(first)?))
        }
        None => (coming(1, month, today)?, last_day_of_coming(month, today)?),
    };
    Some((if through || first.date > last.date { vec![last] } else { vec![first, last] }, cursor))
}

/// "On the weekend" can mean all of them; "this weekend" can not.
fn weekend_habit(mut cursor: Cursor<'_>, next: usize) -> Option<Said> {
    cursor.skip(&[Sense::On, Sense::At, Sense::The]);
    cursor.need(Sense::Weekend)?;
    let rule = weekly(1, &[Weekday::Sat, Weekday::Sun]).filter(|_| cursor.at == next)?;
    Some(Said::Series(Box::new(rule), None))
}

/// The days that a phrase can mean, and the token behind it.
pub type Readings = (Vec<Day>, usize);

/// The longest date at the cursor, in all its readings.
pub fn days(cursor: Cursor<'_>, led: bool) -> Option<(Vec<Day>, Cursor<'_>)> {
    let forms: [fn(Cursor<'_>, bool) -> Option<Readings>; 20] = [
        relative,
        next_unit,
        edge,
        weekend,
        written,
        in_digits,
        one_word,
        parted,
        in_month,
        of_near_month,
        by_weekday,
        nth_weekday,
        feast,
        counted,
        day_before,
        weekday_beside,
        this_week,
        weeks_then_weekday,
        so_many_weekdays,
        in_workdays,
    ];
    let mut best: Option<Readings> = None;
    for (days, next) in forms.iter().filter_map(|form| form(cursor, led)).filter(|(days, _)| !days.is_empty()) {
        if best.as_ref().is_none_or(|(_, longest)| next > *longest) {
            best = Some((days, next));
        }
    }
    let (days, next) = best?;
    let mut behind = cursor;
    behind.step(next - cursor.at);
    Some((days, behind))
}

pub fn today(cursor: Cursor<'_>) -> NaiveDate {
    cursor.sentence.here.now.date()
}

pub fn later(date: NaiveDate, days: u64) -> Option<NaiveDate> {
    date.checked_add_days(Days::new(days))
}

/// "tomorrow", and "today in a week".
pub fn relative(mut cursor: Cursor<'_>, _: bool) -> Option<Readings> {
    let day = cursor.pick(|sense| match sense {
        Sense::Day(days) => u64::try_from(days).ok(),
        _ => None,
    })?;
    let date = later(today(cursor), day)?;
    let mut more = cursor;
    if let Some(then) = weeks_on(&mut more, date) {
        let week = later(date, 7).filter(|_| is_eight_days(cursor));
        return Some((std::iter::once(then).chain(week).map(Day::of).collect(), more.at));
    }
    let mut week = cursor;
    if week.eat(Sense::WeekOn) && week.is_free() {
        return Some((vec![Day::of(later(date, 7)?)], week.at));
    }
    Some((vec![Day::of(date)], cursor.at))
}

/// "In acht Tagen" is a week for most: today counts as one of them.
pub fn is_eight_days(mut cursor: Cursor<'_>) -> bool {
    let is_eight = cursor.eat(Sense::In) && cursor.pick_number() == Some((8, true));
    is_eight && !cursor.sentence.vocabulary.twelve_hours && cursor.eat(Sense::Unit(Unit::Day))
}

pub fn weeks_on(cursor: &mut Cursor<'_>, from: NaiveDate) -> Option<NaiveDate> {
    cursor.need(Sense::In)?;
    let count = u64::from(cursor.number()?);
    let unit = unit(cursor)?;
    match unit {
        Unit::Day => later(from, count),
        Unit::Week => later(from, count * 7),
        Unit::Month | Unit::Year => {
            let months = u32::try_from(count).ok()?.checked_mul(if unit == Unit::Year { 12 } else { 1 })?;
            from.checked_add_months(Months::new(months))
        }
        Unit::Minute | Unit::Hour => None,
    }
}

/// "next week" is a week from today or its Monday; "next month" and "next year" alike.
fn next_unit(mut cursor: Cursor<'_>, _: bool) -> Option<Readings> {
    let mut behind = cursor;
    let late = unit(&mut behind).filter(|_| behind.eat(Sense::AfterNext));
    let twice = late.is_some() || cursor.eat(Sense::AfterNext);
    if !twice {
        cursor.pick(is_next)?;
    }
    let unit = match late {
        Some(unit) => {
            cursor = behind;
            unit
        }
        None => unit(&mut cursor)?,
    };
    let now = today(cursor);
    let today = if twice { next_of(unit, now)? } else { now };
    let same = match unit {
        Unit::Week => later(today, 7)?,
        Unit::Month => today.checked_add_months(Months::new(1))?,
        Unit::Year => today.checked_add_months(Months::new(12))?,
        Unit::Day => return Some((vec![Day::of(later(today, 1)?)], cursor.at)),
        Unit::Minute | Unit::Hour => return None,
    };
    if unit == Unit::Week {
        let mut more = cursor;
        more.skip(&[Sense::On, Sense::The]);
        if let Some(day) = more.weekday(true) {
            return Some((vec![Day::of(in_next_week(day, today)?)], more.at));
        }
    }
    if unit == Unit::Month {
        let mut more = cursor;
        let led = more.skip(&[Sense::On, Sense::The]);
        let day = more.pick(|sense| if let Sense::Place(day) = sense { Some(day) } else { None });
        if let Some(date) = day.filter(|_| led).and_then(|day| same.with_day(day)) {
            return Some((vec![Day::of(date)], more.at));
        }
    }
    Some((vec![Day::of(same), Day::of(first_of(unit, same)?)], cursor.at))
}

pub fn is_next(sense: Sense) -> Option<()> {
    matches!(sense, Sense::Next | Sense::Coming).then_some(())
}

fn unit(cursor: &mut Cursor<'_>) -> Option<Unit> {
    cursor.pick(|sense| match sense {
        Sense::Unit(unit) => Some(unit),
        _ => None,
    })
}

pub fn first_of(unit: Unit, date: NaiveDate) -> Option<NaiveDate> {
    match unit {
        Unit::Week => date.checked_sub_days(Days::new(u64::from(date.weekday().num_days_from_monday()))),
        Unit::Month => date.with_day(1),
        Unit::Year => NaiveDate::from_ymd_opt(date.year(), 1, 1),
        Unit::Minute | Unit::Hour | Unit::Day => None,
    }
}

pub fn in_next_week(day: Weekday, today: NaiveDate) -> Option<NaiveDate> {
    later(first_of(Unit::Week, later(today, 7)?)?, u64::from(day.num_days_from_monday()))
}

/// "end of the month", "start of next year", "end of March", "Monatsende".
fn edge(mut cursor: Cursor<'_>, _: bool) -> Option<Readings> {
    let today = today(cursor);
    if let Some(unit) = cursor.pick(|sense| if let Sense::EndOf(unit) = sense { Some(unit) } else { None }) {
        return Some((ends(unit, today)?, cursor.at));
    }
    if let Some(unit) = cursor.pick(|sense| if let Sense::StartOf(unit) = sense { Some(unit) } else { None }) {
        let first = first_of(unit, today)?;
        return Some((vec![Day::of(if first < today { next_of(unit, first)? } else { first })], cursor.at));
    }
    if let Some(readings) = nth_workday(cursor, today) {
        return Some(readings);
    }
    let end = cursor.eat(Sense::End) || last_day(&mut cursor);
    if !end {
        cursor.need(Sense::Start)?;
    }
    cursor.skip(&[Sense::Of, Sense::The]);
    if let Some(month) = month(&mut cursor) {
        let day = if end { last_day_of_coming(month, today)? } else { coming(1, month, today)? };
        return Some((vec![year_too(&mut cursor, day, end)?], cursor.at));
    }
    let next = cursor.pick(is_next).is_some();
    cursor.skip(&[Sense::This]);
    let unit = unit(&mut cursor)?;
    let inside = if next { next_of(unit, today)? } else { today };
    if end {
        return Some((ends(unit, inside)?, cursor.at));
    }
    let first = first_of(unit, inside)?;
    let first = if first < today { first_of(unit, next_of(unit, inside)?)? } else { first };
    Some((vec![Day::of(first)], cursor.at))
}

/// "last day of", "the last of the month".
fn last_day(cursor: &mut Cursor<'_>) -> bool {
    let mut ahead = *cursor;
    let is_last = ahead.eat(Sense::Ordinal(-1)) && {
        let day = ahead.eat(Sense::Unit(Unit::Day));
        let mut month = ahead;
        month.skip(&[Sense::Of, Sense::The]);
        let of_month = month.at > ahead.at + 1 && month.eat(Sense::Unit(Unit::Month)) || month.at > ahead.at && month.eat(Sense::Whole);
        ahead.skip(&[Sense::Of, Sense::In]) && (day || of_month)
    };
    if is_last {
        *cursor = ahead;
    }
    is_last
}

pub fn next_of(unit: Unit, date: NaiveDate) -> Option<NaiveDate> {
    match unit {
        Unit::Week => later(date, 7),
        Unit::Month => date.checked_add_months(Months::new(1)),
        Unit::Year => date.checked_add_months(Months::new(12)),
        Unit::Minute | Unit::Hour | Unit::Day => None,
    }
}

/// The last day of a unit; a week ends on Friday for some and on Sunday for others.
fn ends(unit: Unit, inside: NaiveDate) -> Option<Vec<Day>> {
    let last = first_of(unit, next_of(unit, first_of(unit, inside)?)?)?.pred_opt()?;
    let friday = last.checked_sub_days(Days::new(2)).filter(|friday| unit == Unit::Week && *friday >= inside);
    Some(friday.into_iter().chain([last]).map(Day::of).collect())
}

pub fn last_day_of_coming(month: u32, today: NaiveDate) -> Option<Day> {
    let of = |year| NaiveDate::from_ymd_opt(year, month, 1).and_then(last_of_month);
    let date = of(today.year()).filter(|date| *date >= today).or_else(|| of(today.year() + 1))?;
    Some(Day { date, any_year: true })
}

pub fn last_of_month(date: NaiveDate) -> Option<NaiveDate> {
    date.with_day(u32::from(date.num_days_in_month()))
}

/// The year behind a date, if one stands there.
fn year_too(cursor: &mut Cursor<'_>, day: Day, end: bool) -> Option<Day> {
    match year(cursor) {
        None => Some(day),
        Some(year) => {
            let first = NaiveDate::from_ymd_opt(year, day.date.month(), 1)?;
            Some(Day::of(if end { last_of_month(first)? } else { first.with_day(day.date.day())? }))
        }
    }
}

/// A year in four digits, also behind a comma.
pub fn year(cursor: &mut Cursor<'_>) -> Option<i32> {
    // "Dec 4 '27"
    let short = cursor.word().strip_prefix('\'').filter(|digits| digits.len() == 2).and_then(small);
    if let Some(year) = short {
        cursor.step(1);
        return i32::try_from(2000 + year).ok();
    }
    let mut more = cursor.over();
    let year = more.pick(|sense| match sense {
        Sense::Digits(year) if (1900..2200).contains(&year) => i32::try_from(year).ok(),
        _ => None,
    })?;
    // "3 March 2000 minutes before" and "2000 times" count.
    let mut counted = more;
    if counted.pick(|sense| matches!(sense, Sense::Unit(_) | Sense::Times).then_some(())).is_some() {
        return None;
    }
    *cursor = more;
    Some(year)
}

pub fn month(cursor: &mut Cursor<'_>) -> Option<u32> {
    cursor.pick(|sense| match sense {
        Sense::Month(month) => Some(month),
        _ => None,
    })
}

/// "this weekend": Saturday, or Sunday.
fn weekend(mut cursor: Cursor<'_>, led: bool) -> Option<Readings> {
    let led = cursor.skip(&[Sense::At, Sense::This, Sense::Coming, Sense::The]) || led;
    let next = cursor.pick(|sense| matches!(sense, Sense::Next | Sense::AfterNext).then_some(sense));
    cursor.need(Sense::Weekend).filter(|()| led || next.is_some())?;
    let today = today(cursor);
    let saturday = today.iter_days().take(7).find(|day| day.weekday() == Weekday::Sat)?;
    if let Some(next) = next {
        // "Next weekend" is the coming one for some, and the one behind it for others.
        let weeks = if next == Sense::Next { [0, 7] } else { [7, 14] };
        let days: Option<Vec<Day>> = weeks.into_iter().map(|days| later(saturday, days).map(Day::of)).collect();
        return Some((days?, cursor.at));
    }
    Some((vec![Day::of(saturday), Day::of(later(saturday, 1)?)], cursor.at))
}

/// "3 March 2027", "March 3rd, 2027", "the first of April".
pub fn written(mut cursor: Cursor<'_>, led: bool) -> Option<Readings> {
    let first = month(&mut cursor);
    if first.is_some() {
        cursor.skip(&[Sense::The]);
    }
    let day = day_number(&mut cursor, true)?;
    if first.is_some() && is_hour(cursor) {
        return None;
    }
    let month = match first {
        Some(month) => month,
        None => {
            cursor.skip(&[Sense::Of]);
            let mut number = cursor;
            number.step(1);
            let asked = led || !number.sentence.vocabulary.twelve_hours && is_before_clock(number);
            month_or_number(&mut cursor, asked)?
        }
    };
    let today = today(cursor);
    let day = match year(&mut cursor) {
        Some(year) => Day::of(NaiveDate::from_ymd_opt(year, month, day)?),
        None => coming(day, month, today)?,
    };
    Some((vec![day], cursor.at))
}

/// Whether the number before is an hour: "bis Mai 7 Uhr".
fn is_hour(mut cursor: Cursor<'_>) -> bool {
    let from = cursor.at;
    cursor.pick(|sense| matches!(sense, Sense::Clock | Sense::Am | Sense::Pm).then_some(())).is_some() && cursor.at == from + 1
}

/// A month by name or, as in "am 3. 3.", by number.
fn month_or_number(cursor: &mut Cursor<'_>, led: bool) -> Option<u32> {
    month(cursor).or_else(|| {
        cursor.pick(|sense| match sense {
            Sense::Place(month) if led && month <= 12 => Some(month),
            _ => None,
        })
    })
}

/// A day of the month; in letters only where nothing else can be meant.
pub fn day_number(cursor: &mut Cursor<'_>, letters: bool) -> Option<u32> {
    let day = cursor.pick(|sense| match sense {
        Sense::Digits(day) | Sense::Place(day) => Some(day),
        Sense::Ordinal(day) if letters => u32::try_from(day).ok(),
        _ => None,
    })?;
    (1..=31).contains(&day).then_some(day)
}

pub fn in_digits(mut cursor: Cursor<'_>, led: bool) -> Option<Readings> {
    let token = cursor.token()?;
    let mut timed = cursor;
    timed.step(1);
    // "3.12 um 9"; elsewhere people pay 3.12.
    let led = led || !cursor.sentence.vocabulary.twelve_hours && (is_before_clock(timed.over()) || is_before_letter(timed.over()));
    let mut days = numeric(&token.word, token.dot, led, today(cursor));
    cursor.step(1);
    if let [day] = days.as_mut_slice()
        && day.any_year
    {
        // "3.3. 2027"
        if let Some(year) = year(&mut cursor) {
            *day = Day::of(NaiveDate::from_ymd_opt(year, day.date.month(), day.date.day())?);
        }
    }
    // "1/6 Wed", "1/6 (Wed)"
    let mut behind = cursor.over();
    if days.len() > 1
        && let Some(day) = behind.weekday(stands_as_weekday(cursor.over()))
        && on_its_weekday(&mut days, day)
    {
        cursor = behind;
    }
    Some((days, cursor.at))
}
