//! Repeat rules.

use std::num::NonZeroU32;

use belfry_core::Rule;
use belfry_core::rule::{ByDay, Frequency};
use chrono::{Datelike, Weekday};

use super::coming::are_counted;
use super::dates::{date, day_number, month};
use super::monthly::{bare_days, last_day_instead};
use super::one_word::one_word;
use super::parts::{every_part, in_one_word, parts_of_days};
use super::short_days::is_short_before_long;
use super::times::{is_before_clock, range};
use super::week::several;
use super::yearly::{day_of_number, of_every_quarter};
use super::{Found, Said, feasts, found};
use crate::sentence::Cursor;
use crate::vocabulary::{Sense, Unit};

const WORKDAYS: [Weekday; 5] = [Weekday::Mon, Weekday::Tue, Weekday::Wed, Weekday::Thu, Weekday::Fri];
pub const WEEKEND: [Weekday; 2] = [Weekday::Sat, Weekday::Sun];

pub type Rules<'a> = (Vec<Rule>, Cursor<'a>);

/// Days of a rule's months, perhaps behind a word that asks for one.
type DaysOf = fn(&Rule, &mut Cursor<'_>, bool) -> Option<Rule>;

/// "every 2 weeks on Monday", "monthly on the last workday", "first Monday of every month", "Mondays".
pub fn repeat(cursor: Cursor<'_>) -> Option<Found> {
    let forms: [fn(Cursor<'_>) -> Option<Rules<'_>>; 10] =
        [every_part, in_one_word, parts_of_days, in_period, every_hours, on_weekdays, habits, of_every_month, every_place, several_nth];
    let mut best: Option<Rules<'_>> = None;
    for (rules, behind) in forms.iter().filter_map(|form| form(cursor)) {
        if best.as_ref().is_none_or(|(_, longest)| behind.at > longest.at) {
            best = Some((rules, behind));
        }
    }
    let yearly = every_date(cursor).or_else(|| of_every_quarter(cursor));
    match best {
        Some((rules, behind)) if yearly.as_ref().is_none_or(|yearly| behind.at >= yearly.next) => {
            let last = rules.first().and_then(last_day_instead);
            found(rules.into_iter().chain(last).map(|rule| Said::Series(Box::new(rule), None)), behind)
        }
        _ => yearly.or_else(|| several_weekdays(cursor)),
    }
}

/// "Monday, Wednesday and Friday": every week, or once on the first of them.
fn several_weekdays(mut cursor: Cursor<'_>) -> Option<Found> {
    cursor.skip(&[Sense::On]);
    let begins = cursor.at;
    let mut days = vec![cursor.weekday(true)?];
    loop {
        let mut more = cursor.over();
        // "They wed on sat" names one.
        if more.eat(Sense::And) || cursor.token().is_none() {
            more.skip(&[Sense::On]);
        }
        let Some(day) = more.weekday(true).filter(|day| !days.contains(day)) else { break };
        days.push(day);
        cursor = more;
    }
    // "Mon, Sun hat" names two days, and means one.
    let joined = (begins..cursor.at).any(|at| cursor.sentence.cursor(at).eat(Sense::And));
    // "He weds Friday"
    let is_verb = !joined && days.len() == 2 && is_short_before_long(cursor, begins);
    let ends = || !is_verb && (cursor.token().is_none() || is_before_clock(cursor.over()) || range(cursor.over()).is_some());
    let days = Some(days).filter(|days| days.len() > 2 || days.len() == 2 && (joined || ends()))?;
    let rule = weekly(1, &days)?;
    let today = cursor.sentence.here.now.date();
    let first = today.iter_days().skip(1).take(7).find(|date| days.contains(&date.weekday()))?;
    found([Said::Series(Box::new(rule), None), Said::Date(super::Day::of(first))], cursor)
}

pub fn every(frequency: Frequency, interval: u32) -> Option<Rule> {
    let interval = NonZeroU32::new(interval).filter(|interval| interval.get() <= 999)?;
    Some(Rule::every(frequency, interval))
}

pub fn weekly(interval: u32, days: &[Weekday]) -> Option<Rule> {
    let mut by_day: Vec<ByDay> = days.iter().map(|day| ByDay { nth: None, day: *day }).collect();
    by_day.sort_by_key(|by| by.day.num_days_from_monday());
    by_day.dedup();
    Some(Rule { by_day, ..every(Frequency::Weekly, interval)? })
}

/// "monthly", "every 3 weeks", "every other year", and on which days of it.
fn in_period(mut cursor: Cursor<'_>) -> Option<Rules<'_>> {
    let often = cursor.pick(|sense| match sense {
        Sense::Often(frequency, interval) => Some((frequency, interval)),
        _ => None,
    });
    let (frequency, interval) = match often {
        Some(often) => often,
        None => {
            cursor.need(Sense::Every)?;
            let interval = step(&mut cursor).unwrap_or(1);
            let unit = cursor.pick(|sense| if let Sense::Unit(unit) = sense { unit.frequency() } else { None })?;
            (unit, interval)
        }
    };
    let plain = every(frequency, interval)?;
    let Some((rule, behind)) = on_days(&plain, cursor) else { return Some((vec![plain], cursor)) };
    // In "jeden Monat 2. Rate" and "monthly 1st" the number may count something.
    let is_bare = !rule.by_month_day.is_empty() && { cursor }.pick(|sense| matches!(sense, Sense::Place(_)).then_some(())).is_some();
    Some((if is_bare { vec![rule, plain] } else { vec![rule] }, behind))
}

/// "other", "2", "second".
fn step(cursor: &mut Cursor<'_>) -> Option<u32> {
    cursor.pick(|sense| match sense {
        Sense::Other | Sense::Alternate => Some(2),
        Sense::Digits(number) | Sense::Number(number) | Sense::Place(number) => Some(number),
        Sense::Ordinal(number) => u32::try_from(number).ok(),
        _ => None,
    })
}

/// The days of a period: "on Monday and Thursday", "on the 15th", "on the last workday", "on the last Friday of November".
pub fn on_days<'a>(rule: &Rule, mut cursor: Cursor<'a>) -> Option<(Rule, Cursor<'a>)> {
    let led = cursor.skip(&[Sense::On, Sense::The]);
    match rule.frequency {
        Frequency::Weekly => {
            if let Some(days) = habit_days(&mut cursor) {
                return Some((weekly(rule.interval.get(), &days)?, cursor));
            }
            // In "jede 2. Woche Mo Blumen" the capital says that it is the day.
            let is_name = !cursor.sentence.vocabulary.twelve_hours && cursor.token().is_some_and(|token| token.capital);
            let days = weekdays(&mut cursor, led || is_name)?;
            Some((weekly(rule.interval.get(), &days)?, cursor))
        }
        Frequency::Monthly => {
            let rule =
                nth_days(rule, &mut cursor).or_else(|| month_days(rule, &mut cursor, led)).or_else(|| the_last(rule, &mut cursor, led))?;
            Some((rule, cursor))
        }
        Frequency::Yearly => {
            let rule = nth_days(rule, &mut cursor).filter(|rule| rule.by_set_pos.is_empty() && rule.by_month_day.is_empty())?;
            cursor.skip(&[Sense::Of, Sense::In, Sense::On, Sense::The]);
            let month = u8::try_from(month(&mut cursor)?).ok()?;
            Some((Rule { by_month: vec![month], ..rule }, cursor))
        }
        // "Every 14 days on Tuesdays" is every two weeks.
        Frequency::Daily if rule.interval.get().is_multiple_of(7) => {
            let days = habit_days(&mut cursor).or_else(|| weekdays(&mut cursor, led))?;
            Some((weekly(rule.interval.get() / 7, &days)?, cursor))
        }
        Frequency::Daily | Frequency::Hourly | Frequency::Minutely | Frequency::Secondly => None,
    }
}

/// "the 15th", "the 1st and 15th".
fn month_days(rule: &Rule, cursor: &mut Cursor<'_>, led: bool) -> Option<Rule> {
    let twelve = cursor.sentence.vocabulary.twelve_hours;
    let is_dotted = !twelve && cursor.token().is_some_and(|token| token.dot);
    // "Monthly 1st"; in "monthly 2nd payment" it counts something.
    let is_place = twelve && { *cursor }.pick(|sense| matches!(sense, Sense::Place(_)).then_some(())).is_some();
    let led_before = led || is_dotted;
    let mut days = vec![day_of_number(cursor, led_before).or_else(|| place(cursor))?];
    loop {
        let mut more = cursor.over();
        let and = more.eat(Sense::And);
        let mut more = if and { more } else { cursor.over() };
        more.skip(&[Sense::On, Sense::The]);
        let Some(day) = place(&mut more).filter(|_| and || cursor.token().is_none()) else { break };
        days.push(day);
        *cursor = more;
    }
    // "The 1st and 3rd Monday" are no days of a month.
    // Nor are "every 2nd and 4th week".
    let is_unit = days.len() > 1 && { *cursor }.pick(|sense| matches!(sense, Sense::Unit(_)).then_some(())).is_some();
    if is_unit || { *cursor }.weekday(true).is_some() || { *cursor }.eat(Sense::Workday) {
        return None;
    }
    days.sort_unstable();
    days.dedup();
    (led_before || is_place && cursor.is_free()).then(|| Rule { by_month_day: days, ..rule.clone() })
}

/// "On the last", where nothing of a title follows: the last day.
fn the_last(rule: &Rule, cursor: &mut Cursor<'_>, led: bool) -> Option<Rule> {
    let mut behind = *cursor;
    behind.need(Sense::Ordinal(-1)).filter(|()| led && behind.is_free())?;
    *cursor = behind;
    Some(Rule { by_month_day: vec![-1], ..rule.clone() })
}

/// The day of a month by its number; in letters only where the month follows.
fn place(cursor: &mut Cursor<'_>) -> Option<i8> {
    let number = cursor.pick(|sense| if let Sense::Place(day) = sense { i8::try_from(day).ok() } else { None });
    number.or_else(|| {
        let mut letters = *cursor;
        let day = letters.pick(|sense| if let Sense::Ordinal(day @ 1..) = sense { Some(day) } else { None })?;
        let mut behind = letters;
        // "Jeden Ersten" by its capital.
        let is_noun = !cursor.sentence.vocabulary.twelve_hours && cursor.token().is_some_and(|token| token.capital) && letters.is_free();
        let is_day = is_noun || of_the_month(&mut behind) || letters.eat(Sense::And) || {
            behind.skip(&[Sense::Of, Sense::In, Sense::The, Sense::Article]);
            every_months(behind).is_some()
        };
        let mut day_only = *cursor;
        day_only.pick(|sense| matches!(sense, Sense::Ordinal(1..)).then_some(())).filter(|()| is_day)?;
        *cursor = day_only;
        Some(day)
    })
}

/// "last workday", "first Monday", "last day", "1st and 3rd Monday".
pub fn nth_days(rule: &Rule, cursor: &mut Cursor<'_>) -> Option<Rule> {
    let mut ahead = *cursor;
    let nths = nths(&mut ahead)?;
    let rule = if ahead.eat(Sense::Workday) {
        let by_day = WORKDAYS.map(|day| ByDay { nth: None, day }).to_vec();
        Rule { by_day, by_set_pos: nths.iter().copied().map(i16::from).collect(), ..rule.clone() }
    } else if ahead.eat(Sense::Unit(Unit::Day)) {
        Rule { by_month_day: nths, ..rule.clone() }
    } else {
        let day = ahead.weekday(true)?;
        Rule { by_day: nths.into_iter().map(|nth| ByDay { nth: Some(nth), day }).collect(), ..rule.clone() }
    };
    *cursor = ahead;
    Some(rule)
}

/// "First", "1st and 3rd", "first, third and last": in the order in which a rule has them.
fn nths(cursor: &mut Cursor<'_>) -> Option<Vec<i8>> {
    let mut nths = vec![nth(cursor)?];
    loop {
        let mut more = cursor.over();
        let and = more.eat(Sense::And);
        let stopped = cursor.token().is_none();
        more.skip(&[Sense::On, Sense::The, Sense::Every]);
        let Some(next) = nth(&mut more).filter(|_| and || stopped) else { break };
        nths.push(next);
        *cursor = more;
    }
    nths.sort_unstable();
    nths.dedup();
    Some(nths)
}

/// "The first and third Monday": more than one a month can only be every month.
fn several_nth(mut cursor: Cursor<'_>) -> Option<Rules<'_>> {
    cursor.skip(&[Sense::On, Sense::The]);
    let rule = nth_days(&every(Frequency::Monthly, 1)?, &mut cursor)?;
    of_the_month(&mut cursor);
    (rule.by_day.len() > 1 && rule.by_set_pos.is_empty()).then(|| (vec![rule], cursor))
}

/// "Every 8 hours", where a day has a whole number of them: so many times a day, at the same times each day.
fn every_hours(mut cursor: Cursor<'_>) -> Option<Rules<'_>> {
    cursor.need(Sense::Every)?;
    let hours = step(&mut cursor).filter(|hours| *hours > 1 && (24 % hours == 0 || hours % 24 == 0))?;
    cursor.need(Sense::Unit(Unit::Hour))?;
    let rule = if hours < 24 { every(Frequency::Hourly, hours)? } else { every(Frequency::Daily, hours / 24)? };
    Some((vec![rule], cursor))
}

/// The first to the fifth, or the last and those before it.
pub fn nth(cursor: &mut Cursor<'_>) -> Option<i8> {
    cursor.pick(|sense| match sense {
        Sense::Ordinal(nth) if nth != 0 && (-5..=5).contains(&nth) => Some(nth),
        Sense::Place(nth) if nth <= 5 => i8::try_from(nth).ok(),
        _ => None,
    })
}

/// "every Monday and Thursday", "every workday", "every second Tuesday". The last is every two weeks, or once a month.
fn on_weekdays(mut cursor: Cursor<'_>) -> Option<Rules<'_>> {
    cursor.need(Sense::Every)?;
    let mut at_ordinal = cursor;
    let interval = if cursor.eat(Sense::Next) { None } else { step(&mut cursor) };
    if cursor.eat(Sense::Workday) {
        // "Jeden ersten Werktag im Monat"
        if let Some(monthly) = monthly_nth(at_ordinal) {
            return Some(monthly);
        }
        let rule = match interval {
            None | Some(1) => weekly(1, &WORKDAYS),
            Some(_) => None,
        };
        return rule.map(|rule| (vec![rule], cursor));
    }
    if cursor.eat(Sense::Weekend) {
        return Some((vec![weekly(interval.unwrap_or(1), &WEEKEND)?], cursor));
    }
    if let Some((rules, behind)) = monthly_nth(at_ordinal) {
        return Some((rules, behind));
    }
    let days = weekdays(&mut cursor, true)?;
    let mut rules = vec![weekly(interval.unwrap_or(1), &days)?];
    let mut alone = at_ordinal;
    if nth(&mut alone).is_some_and(|nth| nth > 0) && days.len() == 1 {
        rules.extend(nth_days(&every(Frequency::Monthly, 1)?, &mut at_ordinal));
    }
    Some((rules, cursor))
}

/// Behind "every": "last Friday", "second Tuesday of the month".
fn monthly_nth(mut cursor: Cursor<'_>) -> Option<Rules<'_>> {
    let mut ordinal = cursor;
    let nths = nths(&mut ordinal)?;
    let rule = nth_days(&every(Frequency::Monthly, 1)?, &mut cursor)?;
    let of_month = of_the_month(&mut cursor) || !rule.by_set_pos.is_empty() && nths == [1];
    (nths.first().is_some_and(|nth| *nth < 0) || nths.len() > 1 || of_month).then(|| (vec![rule], cursor))
}

/// "of the month", "of each month", "im Monat".
pub fn of_the_month(cursor: &mut Cursor<'_>) -> bool {
    let mut more = *cursor;
    let tied = more.skip(&[Sense::Of, Sense::In, Sense::On, Sense::The, Sense::Every]);
    let is_month = tied && more.eat(Sense::Unit(Unit::Month));
    if is_month {
        *cursor = more;
    }
    is_month
}

/// Weekdays with commas and "and" between them.
pub fn weekdays(cursor: &mut Cursor<'_>, due: bool) -> Option<Vec<Weekday>> {
    let mut days = match several(*cursor, due) {
        Some((days, behind)) => {
            *cursor = behind;
            days
        }
        None => vec![cursor.weekday(due)?],
    };
    loop {
        let mut more = cursor.over();
        let and = more.eat(Sense::And);
        more.skip(&[Sense::On, Sense::Every]);
        let stopped = cursor.token().is_none();
        let Some(day) = more.weekday(due || and || stopped).filter(|_| and || stopped || due) else { break };
        days.push(day);
        *cursor = more;
    }
    Some(days)
}

/// "Mondays and Thursdays", "on weekdays", "montags".
fn habits(mut cursor: Cursor<'_>) -> Option<Rules<'_>> {
    let begin = cursor;
    cursor.eat(Sense::Always);
    cursor.skip(&[Sense::On, Sense::The]);
    let days = habit_days(&mut cursor).filter(|_| !are_counted(begin))?;
    Some((vec![weekly(1, &days)?], cursor))
}

pub fn habit_days(cursor: &mut Cursor<'_>) -> Option<Vec<Weekday>> {
    if cursor.eat(Sense::Workdays) {
        return Some(WORKDAYS.to_vec());
    }
    if cursor.eat(Sense::Weekends) {
        return Some(WEEKEND.to_vec());
    }
    let mut days = vec![habit(cursor)?];
    loop {
        let mut more = cursor.over();
        let and = more.eat(Sense::And);
        more.skip(&[Sense::On]);
        let stopped = cursor.token().is_none();
        let Some(day) = habit(&mut more).filter(|_| and || stopped) else { break };
        days.push(day);
        *cursor = more;
    }
    Some(days)
}

fn habit(cursor: &mut Cursor<'_>) -> Option<Weekday> {
    cursor.pick(|sense| match sense {
        Sense::Habit(day) => Some(day),
        _ => None,
    })
}

/// "first Monday of every month", "on the 15th of each month", "am letzten Werktag jedes Monats".
fn of_every_month(mut cursor: Cursor<'_>) -> Option<Rules<'_>> {
    let led = cursor.skip(&[Sense::On, Sense::The]);
    let monthly = every(Frequency::Monthly, 1)?;
    let days: [DaysOf; 3] = [
        |rule, cursor, _| nth_days(rule, cursor),
        |rule, cursor, led| month_days(rule, cursor, true).filter(|_| led || cursor.at > 0),
        |rule, cursor, led| bare_days(rule, cursor).filter(|_| led),
    ];
    days.iter().find_map(|days| {
        let mut cursor = cursor;
        let rule = days(&monthly, &mut cursor, led)?;
        cursor.skip(&[Sense::Of, Sense::In, Sense::The]);
        // "Eines jeden Monats"
        cursor.eat(Sense::Article);
        let (interval, behind) = every_months(cursor)?;
        Some((vec![Rule { interval: NonZeroU32::new(interval)?, ..rule }], behind))
    })
}

/// "every month", "every 3 months".
pub fn every_months(mut cursor: Cursor<'_>) -> Option<(u32, Cursor<'_>)> {
    if let Some(interval) =
        cursor.pick(|sense| if let Sense::Often(Frequency::Monthly, interval @ (1 | 2 | 6)) = sense { Some(interval) } else { None })
    {
        return Some((interval, cursor));
    }
    cursor.need(Sense::Every)?;
    let interval = step(&mut cursor).unwrap_or(1);
    cursor.need(Sense::Unit(Unit::Month))?;
    Some((interval, cursor))
}

/// "every 15th", "jeden 15. des Monats".
fn every_place(mut cursor: Cursor<'_>) -> Option<Rules<'_>> {
    cursor.need(Sense::Every)?;
    let monthly = every(Frequency::Monthly, 1)?;
    if let Some(rule) = month_days(&monthly, &mut cursor, true) {
        of_the_month(&mut cursor);
        return Some((vec![rule], cursor));
    }
    // "Each 1 of the month"
    let rule = bare_days(&monthly, &mut cursor)?;
    of_the_month(&mut cursor).then(|| (vec![rule], cursor))
}

/// "every 3 March": once a year from the next one on.
fn every_date(mut cursor: Cursor<'_>) -> Option<Found> {
    cursor.need(Sense::Every)?;
    let mut number = cursor;
    let begins_with_day = cursor.word().contains('.')
        || one_word(cursor, true).is_some()
        || day_number(&mut number, false).is_some()
        || month(&mut number).is_some()
        || feasts::name(&mut number).is_some();
    let Found { said: Said::Date(day), next, .. } = date_or_feast(cursor).filter(|_| begins_with_day)? else { return None };
    let months = cursor.sentence.tokens.get(cursor.at..next)?.len();
    let rule = every(Frequency::Yearly, 1)?;
    (day.any_year && months > 0).then(|| Found { said: Said::Series(Box::new(rule), Some(day.date)), others: vec![], next })
}

/// "Every Christmas" needs nothing before the name.
fn date_or_feast(cursor: Cursor<'_>) -> Option<Found> {
    date(cursor).or_else(|| {
        let (days, next) = feasts::feast(cursor, true)?;
        let mut behind = cursor;
        behind.step(next - cursor.at);
        found(days.into_iter().map(Said::Date), behind)
    })
}
