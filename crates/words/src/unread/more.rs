//! Words beside what was read that change it.

use super::Rest;
use crate::grammar::{Said, looks_like_alarm};
use crate::sentence::{Cursor, small};
use crate::vocabulary::Sense;

impl Rest<'_> {
    /// "A week before" that became no alarm.
    pub(super) fn lead(&self, cursor: Cursor<'_>) -> Option<usize> {
        let behind = looks_like_alarm(cursor)?;
        (self.is_dated() || self.is_timed() || self.repeats()).then_some(behind.at)
    }

    /// "Always" before a time of no series: every day, or only this once.
    pub(super) fn always(&self, mut cursor: Cursor<'_>) -> Option<usize> {
        cursor.need(Sense::Always)?;
        let is_time = |heard: &super::Heard<'_>| heard.from == cursor.at && matches!(heard.said, Said::Time(_) | Said::Range(..));
        (!self.repeats() && self.kept.iter().any(is_time)).then_some(cursor.at)
    }

    /// "Second" before "Friday meeting": that Friday of the month, or the second meeting.
    pub(super) fn nth_before_weekday(&self, mut cursor: Cursor<'_>) -> Option<usize> {
        cursor.pick(|sense| matches!(sense, Sense::Ordinal(1..=5) | Sense::Place(1..=5)).then_some(()))?;
        let is_day = { cursor }.pick(|sense| matches!(sense, Sense::Weekday(_)).then_some(())).is_some();
        let is_date = |heard: &super::Heard<'_>| heard.from == cursor.at && matches!(heard.said, Said::Date(_));
        (is_day && self.kept.iter().any(is_date)).then_some(cursor.at)
    }

    /// "27" behind "4 Dec": a year that is not written as one, or a number of something.
    pub(super) fn bare_year(&self, mut cursor: Cursor<'_>) -> Option<usize> {
        let word = cursor.word();
        let now = u32::try_from(chrono::Datelike::year(&cursor.sentence.here.now) % 100).ok()?;
        small(word).filter(|year| word.len() == 2 && (now..now + 25).contains(year))?;
        let is_month = |at: usize| cursor.sentence.cursor(at).pick(|sense| matches!(sense, Sense::Month(_)).then_some(())).is_some();
        let is_date = |heard: &super::Heard<'_>| {
            heard.next == cursor.at && matches!(heard.said, Said::Date(_) | Said::Until(_)) && (heard.from..heard.next).any(is_month)
        };
        self.kept.iter().any(is_date).then_some(())?;
        cursor.step(1);
        Some(cursor.at)
    }

    /// "3x" before "daily", "3 times" before "every day": so often in each of them, which no rule in words says.
    pub(super) fn so_often_in_rule(&self, mut cursor: Cursor<'_>) -> Option<usize> {
        // "10 Tuesdays"
        let mut days = cursor;
        if days.pick(|sense| matches!(sense, Sense::Digits(2..=99)).then_some(())).is_some()
            && { days }.pick(|sense| matches!(sense, Sense::Habit(_)).then_some(())).is_some()
            && self.kept.iter().any(|heard| heard.from == days.at && matches!(heard.said, Said::Series(..)))
        {
            return Some(days.at);
        }
        // "1-0-1 daily": how many in the morning, at noon and in the evening. "3x/day"
        let is_one = |part: &str| part.len() == 1 && small(part).is_some();
        let is_dose = (3..=4).contains(&cursor.word().split('-').count()) && cursor.word().split('-').all(is_one) && self.repeats();
        if is_dose || cursor.word().split_once("x/").is_some_and(|(count, unit)| small(count).is_some() && !unit.is_empty()) {
            return Some(cursor.at + 1);
        }
        if cursor.word().strip_suffix(['x', '×']).and_then(small).is_some() {
            cursor.step(1);
        } else {
            cursor.number()?;
            cursor.need(Sense::Times)?;
        }
        self.kept.iter().any(|heard| heard.from == cursor.at && matches!(heard.said, Said::Series(..))).then_some(cursor.at)
    }
}
