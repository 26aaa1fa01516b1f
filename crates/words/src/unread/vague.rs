//! Words that say when, and at no time or in no steps that a rule has.

use super::Rest;
use crate::grammar::Said;
use crate::sentence::{Cursor, small};
use crate::vocabulary::{Sense, Unit};

impl Rest<'_> {
    /// Such words of several kinds.
    pub(super) fn without_time(&self, cursor: Cursor<'_>) -> Option<usize> {
        half_hours(cursor)
            .or_else(|| self.half_of_day(cursor))
            .or_else(|| self.middle(cursor))
            .or_else(|| self.weekend(cursor))
            .or_else(|| self.days_of_month(cursor))
            .or_else(|| letters(cursor))
            .or_else(|| with_comma(cursor))
    }

    /// "am" right behind a date without a time: "Monday am".
    fn half_of_day(&self, mut cursor: Cursor<'_>) -> Option<usize> {
        let from = cursor.at;
        cursor.pick(|sense| matches!(sense, Sense::Am | Sense::Pm).then_some(()))?;
        let is_date = |said: &Said| matches!(said, Said::Date(_) | Said::Series(..));
        (!self.is_timed() && self.kept.iter().any(|heard| heard.next == from && is_date(heard.said))).then_some(cursor.at)
    }

    /// "Mitte" before "nächster Woche", which is read as another day of it.
    fn middle(&self, mut cursor: Cursor<'_>) -> Option<usize> {
        cursor.need(Sense::Middle)?;
        self.kept.iter().any(|heard| heard.from == cursor.at && matches!(heard.said, Said::Date(_))).then_some(cursor.at)
    }

    /// "Weekend" at the end of what has no date.
    fn weekend(&self, mut cursor: Cursor<'_>) -> Option<usize> {
        let is_first = cursor.at == 0;
        cursor.need(Sense::Weekend)?;
        (!is_first && !self.is_dated() && !self.repeats() && cursor.token().is_none()).then_some(cursor.at)
    }

    /// "1st & 15th" at the end of what has no date.
    fn days_of_month(&self, mut cursor: Cursor<'_>) -> Option<usize> {
        let is_place = |sense| matches!(sense, Sense::Place(_)).then_some(());
        cursor.pick(is_place)?;
        cursor.need(Sense::And)?;
        cursor.pick(is_place)?;
        (!self.is_dated() && !self.repeats() && cursor.token().is_none()).then_some(cursor.at)
    }
}

/// "2 to 3 days", "2-3 Tagen".
pub(super) fn from_to(mut cursor: Cursor<'_>) -> Option<usize> {
    if super::is_hours(cursor.word()) {
        cursor.step(1);
    } else {
        cursor.number()?;
        cursor.pick(|sense| matches!(sense, Sense::To | Sense::UpTo | Sense::Or).then_some(()))?;
        cursor.number()?;
    }
    cursor.pick(|sense| matches!(sense, Sense::Unit(_)).then_some(()))?;
    Some(cursor.at)
}

/// "Every half hour", "alle 4-6 Stunden".
fn half_hours(mut cursor: Cursor<'_>) -> Option<usize> {
    cursor.need(Sense::Every)?;
    if cursor.pick(|sense| matches!(sense, Sense::Minutes(_)).then_some(())).is_some() {
        return Some(cursor.at);
    }
    let (first, last) = cursor.word().split_once(['-', '–'])?;
    small(first).and_then(|_| small(last))?;
    cursor.step(1);
    cursor.pick(|sense| matches!(sense, Sense::Unit(Unit::Minute | Unit::Hour | Unit::Day | Unit::Week | Unit::Month)).then_some(()))?;
    Some(cursor.at)
}

/// "18,30 Uhr", "at 9,30".
fn with_comma(mut cursor: Cursor<'_>) -> Option<usize> {
    let led = cursor.eat(Sense::At);
    let (hour, minute) = cursor.word().split_once([',', ';'])?;
    small(hour).filter(|hour| *hour < 24)?;
    // "2,30pm"
    let half = minute.strip_suffix("am").or_else(|| minute.strip_suffix("pm")).or_else(|| minute.strip_suffix("uhr"));
    let minute = half.unwrap_or(minute);
    small(minute).filter(|minutes| *minutes < 60 && minute.len() == 2)?;
    cursor.step(1);
    let said = cursor.pick(|sense| matches!(sense, Sense::Clock | Sense::Am | Sense::Pm).then_some(())).is_some();
    (said || led || half.is_some()).then_some(cursor.at)
}

/// "10p-6a", and "three-thirty" behind "at".
fn letters(mut cursor: Cursor<'_>) -> Option<usize> {
    let vocabulary = cursor.sentence.vocabulary;
    let at = cursor.eat(Sense::At);
    let (first, last) = cursor.word().split_once(['-', '–', '+', '/'])?;
    let hour = |part: &str| part.strip_suffix(['a', 'p']).and_then(small).is_some_and(|hour| (1..=12).contains(&hour));
    let number = |part: &str| vocabulary.means(part, |sense| matches!(sense, Sense::Number(_)).then_some(())).is_some();
    let is_range = vocabulary.twelve_hours && hour(first) && hour(last);
    (is_range || at && number(first) && number(last)).then_some(cursor.at + 1)
}
