//! Days of the year that have a name: "on Christmas Eve", "bis Silvester", "Ostermontag".

use belfry_core::rule::ByDay;
use chrono::{Datelike, Duration, NaiveDate, Weekday};

use super::dates::{Readings, today, year};
use super::numeric::coming;
use super::{Day, Found, Named, Said, found};
use crate::sentence::Cursor;
use crate::vocabulary::{Moving, Sense};

/// A day with a name; without a word that asks for a date only where nothing of a title follows, as people buy Christmas trees.
pub fn feast(mut cursor: Cursor<'_>, led: bool) -> Option<Readings> {
    let inside = cursor.at.checked_sub(1).is_some_and(|before| !ties(cursor.sentence.cursor(before)));
    let led = cursor.skip(&[Sense::At, Sense::The]) || led;
    let days = days(&mut cursor)?;
    // "Watch Independence Day tonight"
    let is_dated = { cursor }.pick(|sense| matches!(sense, Sense::Day(_) | Sense::Tonight).then_some(())).is_some()
        || cursor.word().parse::<NaiveDate>().is_ok();
    // "Black Friday: buy headphones"
    let is_apart = cursor.token().is_none() && cursor.sentence.tokens.len() > cursor.at;
    (led || (inside || is_apart) && cursor.is_free() && !is_dated).then_some((days, cursor.at))
}

/// A day with a name inside a title: "Christmas Eve dinner". It is the date if nothing else says one.
pub fn in_title(mut cursor: Cursor<'_>) -> Option<Found> {
    let tied = cursor.at.checked_sub(1).is_some_and(|before| ties(cursor.sentence.cursor(before)));
    let from = cursor.at;
    let named = days(&mut cursor).filter(|_| !tied)?.into_iter().next()?;
    // In "Christmas dinner" and "Easter eggs" it is more often a kind of thing than a day.
    let is_sunday = easter(named.date.year()) == Some(named.date);
    let is_kind = cursor.at == from + 1 && (is_sunday || (named.date.month(), named.date.day()) == (12, 25));
    found([Said::Named(Named { day: named, may_be_date: !is_kind, stays: true })], cursor)
}

/// A day with a name that no rule here finds: "Diwali", "Chinese New Year". Its words are none of another day.
pub fn unfixed(mut cursor: Cursor<'_>) -> Option<Found> {
    let tied = cursor.at.checked_sub(1).is_some_and(|before| ties(cursor.sentence.cursor(before)));
    let led = cursor.skip(&[Sense::Every, Sense::On, Sense::At, Sense::Until, Sense::The]);
    cursor.need(Sense::Unfixed)?;
    // A year behind it belongs to it.
    year(&mut cursor);
    let ends = cursor.is_free();
    found([if (led || ends) && !tied { Said::Impossible } else { Said::Unfixed }], cursor)
}

/// Whether a word ties what follows to a thing: "2 weeks before Christmas", "gifts for Christmas".
fn ties(mut cursor: Cursor<'_>) -> bool {
    let is_tie = |sense| matches!(sense, Sense::Before | Sense::After | Sense::Short60 | Sense::Past | Sense::For | Sense::Of | Sense::And);
    cursor.pick(|sense| is_tie(sense).then_some(())).is_some()
}

/// The day of a name, in all its readings: some are not the same in every country.
fn days(cursor: &mut Cursor<'_>) -> Option<Vec<Day>> {
    let today = today(*cursor);
    if let Some(moving) = cursor.pick(|sense| if let Sense::Moving(moving) = sense { Some(moving) } else { None }) {
        return moving_days(moving, year(cursor), today);
    }
    day(cursor).map(|day| vec![day])
}

fn day(cursor: &mut Cursor<'_>) -> Option<Day> {
    let today = today(*cursor);
    if let Some(days) = cursor.pick(|sense| if let Sense::Easter(days) = sense { Some(days) } else { None }) {
        let of = |year| easter(year)?.checked_add_signed(Duration::days(days));
        let date = match year(cursor) {
            Some(year) => of(year)?,
            None => of(today.year()).filter(|date| *date >= today).or_else(|| of(today.year() + 1))?,
        };
        return Some(Day::of(date));
    }
    if let Some(weeks) = cursor.pick(|sense| if let Sense::Advent(weeks) = sense { Some(weeks) } else { None }) {
        let of = |year| advent(year, weeks);
        let date = of(today.year()).filter(|date| *date >= today).or_else(|| of(today.year() + 1))?;
        return Some(Day::of(date));
    }
    let (month, day) = name(cursor)?;
    match year(cursor) {
        Some(year) => NaiveDate::from_ymd_opt(year, month, day).map(Day::of),
        None => coming(day, month, today),
    }
}

fn moving_days(moving: Moving, year: Option<i32>, today: NaiveDate) -> Option<Vec<Day>> {
    let coming = |country: usize| {
        let of = |year| moved(moving, year).get(country).copied().flatten();
        match year {
            Some(year) => of(year),
            None => of(today.year()).filter(|date| *date >= today).or_else(|| of(today.year() + 1)),
        }
    };
    let days: Vec<Day> = (0..2).filter_map(coming).map(Day::of).collect();
    Some(days).filter(|days| !days.is_empty())
}

/// What says such a day in every year, in each of the countries that differ: nothing for those that follow Easter, Advent or another day. `None` if no such day is named here.
pub fn each_year(mut cursor: Cursor<'_>) -> Option<Vec<(u8, ByDay)>> {
    if let Some(rules) = super::yearly::weekday_of_month(cursor) {
        return Some(rules);
    }
    let moving = cursor.pick(|sense| match sense {
        Sense::Moving(moving) => Some(Some(moving)),
        Sense::Easter(_) | Sense::Advent(_) => Some(None),
        _ => None,
    })?;
    let by = |month, nth, day| (month, ByDay { nth: Some(nth), day });
    let rules = match moving {
        Some(Moving::Thanksgiving) => vec![by(11, 4, Weekday::Thu), by(10, 2, Weekday::Mon)],
        Some(Moving::Muttertag) => vec![by(5, 2, Weekday::Sun)],
        Some(Moving::FathersDay) => vec![by(6, 3, Weekday::Sun)],
        Some(Moving::LaborDay) => vec![by(9, 1, Weekday::Mon)],
        Some(Moving::MemorialDay) => vec![by(5, -1, Weekday::Mon)],
        Some(Moving::LabourDay) => vec![by(9, 1, Weekday::Mon)],
        Some(Moving::KingDay) => vec![by(1, 3, Weekday::Mon)],
        Some(Moving::PresidentsDay) => vec![by(2, 3, Weekday::Mon)],
        Some(Moving::ColumbusDay) => vec![by(10, 2, Weekday::Mon)],
        Some(Moving::RemembranceSunday) => vec![by(11, 2, Weekday::Sun)],
        Some(Moving::Erntedank) => vec![by(10, 1, Weekday::Sun)],
        // On the British Isles Mother's Day follows Easter.
        _ => vec![],
    };
    Some(rules)
}

/// Where such a day is in a year, in each of the countries that differ.
fn moved(moving: Moving, year: i32) -> Vec<Option<NaiveDate>> {
    let nth = |month, day, nth| NaiveDate::from_weekday_of_month_opt(year, month, day, nth);
    let behind = |date: Option<NaiveDate>, days| date?.checked_add_signed(Duration::days(days));
    match moving {
        Moving::Thanksgiving => vec![nth(11, Weekday::Thu, 4), nth(10, Weekday::Mon, 2)],
        Moving::BlackFriday => vec![behind(nth(11, Weekday::Thu, 4), 1)],
        Moving::CyberMonday => vec![behind(nth(11, Weekday::Thu, 4), 4)],
        Moving::MothersDay => vec![nth(5, Weekday::Sun, 2), behind(easter(year), -21)],
        Moving::Muttertag => vec![nth(5, Weekday::Sun, 2)],
        Moving::FathersDay => vec![nth(6, Weekday::Sun, 3)],
        Moving::LaborDay => vec![nth(9, Weekday::Mon, 1)],
        // A week before the first Monday of June.
        Moving::MemorialDay => vec![behind(nth(6, Weekday::Mon, 1), -7)],
        Moving::LabourDay => vec![nth(9, Weekday::Mon, 1), NaiveDate::from_ymd_opt(year, 5, 1)],
        Moving::KingDay => vec![nth(1, Weekday::Mon, 3)],
        Moving::PresidentsDay => vec![nth(2, Weekday::Mon, 3)],
        Moving::ColumbusDay => vec![nth(10, Weekday::Mon, 2)],
        Moving::RemembranceSunday => vec![nth(11, Weekday::Sun, 2)],
        Moving::Erntedank => vec![nth(10, Weekday::Sun, 1)],
        Moving::BussUndBettag => vec![behind(advent(year, 4), -4)],
        Moving::Totensonntag => vec![advent(year, 4)],
    }
}

/// The month and the day of a name.
pub fn name(cursor: &mut Cursor<'_>) -> Option<(u32, u32)> {
    cursor.pick(|sense| match sense {
        Sense::Feast(month, day) => Some((month, day)),
        _ => None,
    })
}

/// The Sunday so many weeks before the last one before Christmas.
fn advent(year: i32, weeks: i64) -> Option<NaiveDate> {
    let eve = NaiveDate::from_ymd_opt(year, 12, 24)?;
    eve.checked_sub_signed(Duration::days(i64::from(eve.weekday().num_days_from_sunday()) + weeks * 7))
}

/// Easter Sunday of the Gregorian calendar, as Gauss and Lichtenberg count it.
fn easter(year: i32) -> Option<NaiveDate> {
    let century = year / 100;
    let moon = 15 + (3 * century + 3) / 4 - (8 * century + 13) / 25;
    let lunar = year % 19;
    let seed = (19 * lunar + moon) % 30;
    let correction = (seed + lunar / 11) / 29;
    let full_moon = 21 + seed - correction;
    let sun = 2 - (3 * century + 3) / 4;
    let sunday = 7 - (year + year / 4 + sun).rem_euclid(7);
    let distance = 7 - (full_moon - sunday).rem_euclid(7);
    NaiveDate::from_ymd_opt(year, 3, 1)?.checked_add_signed(Duration::days(i64::from(full_moon + distance - 1)))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_first_advent_of_some_years() {
        for (year, month, day) in [(2022, 11, 27), (2023, 12, 3), (2026, 11, 29)] {
            assert_eq!(advent(year, 3), NaiveDate::from_ymd_opt(year, month, day));
        }
    }

    #[test]
    fn days_that_a_rule_finds() {
        let on = |month, day| NaiveDate::from_ymd_opt(2027, month, day);
        for (moving, days) in [
            (Moving::Thanksgiving, vec![on(11, 25), on(10, 11)]),
            (Moving::BlackFriday, vec![on(11, 26)]),
            (Moving::CyberMonday, vec![on(11, 29)]),
            (Moving::MothersDay, vec![on(5, 9), on(3, 7)]),
            (Moving::Muttertag, vec![on(5, 9)]),
            (Moving::FathersDay, vec![on(6, 20)]),
            (Moving::LaborDay, vec![on(9, 6)]),
            (Moving::MemorialDay, vec![on(5, 31)]),
            (Moving::LabourDay, vec![on(9, 6), on(5, 1)]),
            (Moving::KingDay, vec![on(1, 18)]),
            (Moving::PresidentsDay, vec![on(2, 15)]),
            (Moving::ColumbusDay, vec![on(10, 11)]),
            (Moving::RemembranceSunday, vec![on(11, 14)]),
            (Moving::Erntedank, vec![on(10, 3)]),
            (Moving::BussUndBettag, vec![on(11, 17)]),
            (Moving::Totensonntag, vec![on(11, 21)]),
        ] {
            assert_eq!(moved(moving, 2027), days, "{moving:?}");
        }
    }

    #[test]
    fn easter_of_some_years() {
        for (year, month, day) in [(1961, 4, 2), (2000, 4, 23), (2024, 3, 31), (2026, 4, 5), (2027, 3, 28), (2038, 4, 25), (2076, 4, 19)] {
            assert_eq!(easter(year), NaiveDate::from_ymd_opt(year, month, day));
        }
    }
}
