//! Weeks of the year by their number: "Friday of calendar week 50", "Mittwoch KW 2", "KW 50 am Freitag"; and those with an even or odd one.

use chrono::{Datelike, NaiveDate, Weekday};

use super::dates::{today, year};
use super::repeats::{habit_days, weekdays};
use super::{Day, Found, Said, found};
use crate::sentence::{Cursor, small};
use crate::vocabulary::{Sense, Unit};

/// A weekday of a week by its number, as ISO 8601 counts weeks; without a year the coming one. A week that the year does not have is told.
pub fn date(mut cursor: Cursor<'_>) -> Option<Found> {
    cursor.skip(&[Sense::On, Sense::The]);
    let (day, week, year, behind) = day_first(cursor).or_else(|| week_first(cursor))?;
    let today = today(cursor);
    let of = |year: i32| NaiveDate::from_isoywd_opt(year, week, day);
    let this = today.iso_week().year();
    let date = match year {
        Some(year) => of(year),
        None => [this, this + 1].into_iter().filter_map(of).find(|date| *date >= today),
    };
    found([date.map_or(Said::Impossible, |date| Said::Date(Day::of(date)))], behind)
}

type WeekDay<'a> = (Weekday, u32, Option<i32>, Cursor<'a>);

/// "Friday of calendar week 50", "Mittwoch, KW 2".
fn day_first(mut cursor: Cursor<'_>) -> Option<WeekDay<'_>> {
    let day = cursor.weekday(true)?;
    let mut cursor = cursor.over();
    cursor.skip(&[Sense::In, Sense::Of, Sense::The]);
    let (week, year, behind) = week(cursor, true)?;
    Some((day, week, year, behind))
}

/// "In KW 50 am Freitag", "CW 50 Friday".
fn week_first(mut cursor: Cursor<'_>) -> Option<WeekDay<'_>> {
    cursor.skip(&[Sense::In, Sense::The]);
    let (week, year, behind) = week(cursor, false)?;
    let mut behind = behind.over();
    behind.skip(&[Sense::On, Sense::The]);
    Some((behind.weekday(true)?, week, year, behind))
}

/// "KW 2", "KW2", "KW 2/2027", "50. KW"; "week 50" only behind a day and where no word of a title follows.
fn week(mut cursor: Cursor<'_>, behind_day: bool) -> Option<(u32, Option<i32>, Cursor<'_>)> {
    if let Some((number, behind)) = glued(cursor) {
        return with_year(number, behind);
    }
    if cursor.eat(Sense::CalendarWeek) {
        let number = cursor.word().trim_start_matches('#');
        cursor.step(1);
        return with_year(number, cursor);
    }
    let mut place = cursor;
    if let Some(week) = place_of_week(&mut place)
        && (place.eat(Sense::CalendarWeek) || behind_day && place.eat(Sense::Unit(Unit::Week)) && !place.eat(Sense::Of))
    {
        return Some((week, year(&mut place), place));
    }
    cursor.need(Sense::Unit(Unit::Week)).filter(|()| behind_day)?;
    let number = cursor.word();
    cursor.step(1);
    with_year(number, cursor).filter(|(.., behind)| behind.is_free())
}

/// "50.", "2nd": more than a month has days.
fn place_of_week(cursor: &mut Cursor<'_>) -> Option<u32> {
    let is_dotted = cursor.token().is_some_and(|token| token.dot);
    cursor.pick(|sense| match sense {
        Sense::Place(week) => Some(week),
        Sense::Digits(week @ 1..=53) if is_dotted => Some(week),
        _ => None,
    })
}

/// "KW50": the number of a week in one word with its name.
fn glued(mut cursor: Cursor<'_>) -> Option<(&str, Cursor<'_>)> {
    let word = cursor.word();
    let (name, number) = word.split_at_checked(word.find(|letter: char| letter.is_ascii_digit())?)?;
    let is_week = cursor.sentence.vocabulary.means(name, |sense| (sense == Sense::CalendarWeek).then_some(())).is_some();
    cursor.step(1);
    is_week.then_some((number, cursor))
}

/// A number of a week, perhaps with its year: "2/2027", "2/27".
fn with_year<'a>(number: &str, mut cursor: Cursor<'a>) -> Option<(u32, Option<i32>, Cursor<'a>)> {
    let (number, of) = number.split_once('/').map_or((number, None), |(number, of)| (number, Some(of)));
    let week = small(number).filter(|week| (1..=53).contains(week))?;
    let year = match of {
        None => year(&mut cursor),
        Some(of) => {
            let of = i32::try_from(small(of)?).ok()?;
            let century = today(cursor).year() / 100 * 100;
            // "50/51" are two weeks.
            let year = if of < 100 { of + century } else { of };
            Some(year).filter(|year| (today(cursor).year() - 1..=today(cursor).year() + 9).contains(year)).map(Some)?
        }
    };
    Some((week, year, cursor))
}

/// The token behind the number of a week, wherever it stands: "KW 50", "calendar week 50", "KW 50-52".
pub fn named(mut cursor: Cursor<'_>) -> Option<usize> {
    if let Some((_, behind)) = glued(cursor) {
        return Some(behind.at);
    }
    let mut place = cursor;
    if place_of_week(&mut place).is_some() && place.eat(Sense::CalendarWeek) {
        return Some(place.at);
    }
    cursor.need(Sense::CalendarWeek)?;
    let is_number = cursor.word().trim_start_matches('#').starts_with(|letter: char| letter.is_ascii_digit());
    is_number.then_some(cursor.at + 1)
}

/// "Every even week on Monday", "montags in ungeraden Wochen": every two weeks is another rule, because some years have 53.
pub fn even(mut cursor: Cursor<'_>) -> Option<Found> {
    let led = cursor.skip(&[Sense::On, Sense::Every]);
    let early = days(&mut cursor);
    let tied = cursor.skip(&[Sense::In, Sense::On, Sense::Every, Sense::The, Sense::Of]);
    cursor.need(Sense::Parity)?;
    let both = cursor.eat(Sense::And) || cursor.eat(Sense::Or);
    if both {
        cursor.need(Sense::Parity)?;
    }
    let several = cursor.word().ends_with(['s', 'n']);
    let by_number = cursor.eat(Sense::CalendarWeek);
    let is_week = by_number || cursor.eat(Sense::Unit(Unit::Week));
    let is_day =
        !is_week && (led || tied) && cursor.pick(|sense| matches!(sense, Sense::Unit(_) | Sense::Weekday(_)).then_some(())).is_some();
    // "I feel even week" says nothing.
    if !is_day && !(is_week && (led || tied || early || several || by_number)) {
        return None;
    }
    let mut late = cursor.over();
    late.skip(&[Sense::On, Sense::The]);
    if !early && days(&mut late) {
        cursor = late;
    }
    found([Said::Impossible], cursor)
}

fn days(cursor: &mut Cursor<'_>) -> bool {
    habit_days(cursor).or_else(|| weekdays(cursor, true)).is_some()
}

/// "Every school day", "an Feiertagen": no rule knows which they are.
pub fn unruled(mut cursor: Cursor<'_>) -> Option<Found> {
    let on = cursor.skip(&[Sense::On]);
    let every = cursor.eat(Sense::Every);
    // "On holiday" says nothing of the kind.
    let several = { cursor }.word() == "school" || cursor.word().ends_with("days") || cursor.word().ends_with("tagen");
    (every || on && several).then_some(())?;
    cursor.need(Sense::Unruled)?;
    found([Said::Impossible], cursor)
}
