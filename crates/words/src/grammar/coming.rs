//! Days that are counted from today: "in 3 working days", "the next 5 days".

use chrono::{Datelike, NaiveDate};

use super::clock::DAY;
use super::dates::{Readings, is_next, today};
use super::{Day, Found, Said, found};
use crate::sentence::Cursor;
use crate::vocabulary::{Sense, Unit};

/// "In 3 working days", "in drei Werktagen": so many days from Monday to Friday behind today. Feasts are not left out.
pub fn in_workdays(mut cursor: Cursor<'_>, _: bool) -> Option<Readings> {
    let led = cursor.eat(Sense::In);
    let count = cursor.number().filter(|count| (1..=260).contains(count))?;
    cursor.pick(workday)?;
    (cursor.eat(Sense::Hence) || led).then_some(())?;
    let is_workday = |date: &NaiveDate| date.weekday().num_days_from_monday() < 5;
    let date = today(cursor).iter_days().skip(1).filter(is_workday).nth(usize::try_from(count).ok()?.checked_sub(1)?)?;
    Some((vec![Day::of(date)], cursor.at))
}

fn workday(sense: Sense) -> Option<()> {
    matches!(sense, Sense::Workday | Sense::Workdays).then_some(())
}

/// Whether work days are counted here, and no rule: "3 business days before".
pub fn are_counted(mut cursor: Cursor<'_>) -> bool {
    let before = cursor.at.checked_sub(1).map(|at| cursor.sentence.cursor(at));
    cursor.pick(workday).is_some() && before.is_some_and(|mut before| before.pick_number().is_some())
}

/// "The next 5 days", "die nächsten 5 Tage": every day from today on, or once for so long; beside a rule how long that goes on.
pub fn next_days(mut cursor: Cursor<'_>) -> Option<Found> {
    let from = cursor.at;
    cursor.skip(&[Sense::For, Sense::On, Sense::In, Sense::The]);
    cursor.pick(is_next);
    (from..cursor.at).find_map(|at| cursor.sentence.cursor(at).pick(is_next))?;
    let count = cursor.number().filter(|count| (2..=365).contains(count))?;
    if cursor.pick(workday).is_some() {
        return found([Said::Impossible], cursor);
    }
    let week = cursor.eat(Sense::Unit(Unit::Week));
    if !week {
        cursor.need(Sense::Unit(Unit::Day))?;
    }
    let days = count.checked_mul(if week { 7 } else { 1 })?;
    let stretch = Said::Stretch(Day::of(today(cursor)), days);
    found([Said::Lasting(days.checked_mul(DAY)?), Said::DailyFor(days.checked_mul(DAY)?), stretch], cursor)
}
