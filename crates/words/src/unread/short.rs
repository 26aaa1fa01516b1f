//! Short ways to say when, as on rosters and prescriptions: they are told, as each may be something else.

use super::Rest;
use crate::grammar::Said;
use crate::sentence::{Cursor, small};
use crate::vocabulary::Sense;

/// How often a medicine is taken, in Latin.
const LATIN: [&str; 5] = ["bid", "tid", "qid", "qod", "qhs"];

/// When something ends, and at no hour.
const OPEN_ENDS: [&str; 7] = ["late", "close", "closing", "dusk", "dark", "open", "ende"];

/// Words before "sat", "sun" and "wed" at the end of a text, behind which they are no weekday: "where we sat", "out of the sun".
const NO_DAY_BEHIND: [&str; 14] = ["the", "a", "we", "i", "he", "she", "it", "they", "in", "of", "some", "to", "get", "more"];

impl Rest<'_> {
    /// Such words of several kinds.
    pub(super) fn in_short(&self, cursor: Cursor<'_>) -> Option<usize> {
        self.four_digits(cursor)
            .or_else(|| self.taken_so_often(cursor))
            .or_else(|| self.small_weekday(cursor))
            .or_else(|| self.place_at_end(cursor))
            .or_else(|| self.hour_at_end(cursor))
            .or_else(|| self.behind_day(cursor))
            .or_else(|| self.weekend_of(cursor))
            .or_else(|| self.around_part(cursor))
            .or_else(|| self.bare_day(cursor))
            .or_else(|| before_something(cursor).filter(|_| !self.is_dated()))
    }

    /// "EOD": that there is an end is said, and not when.
    pub(super) fn close(&self, mut cursor: Cursor<'_>) -> Option<usize> {
        let from = cursor.at;
        let led = cursor.pick(|sense| matches!(sense, Sense::By | Sense::On | Sense::Until | Sense::Before | Sense::After).then_some(()));
        cursor.skip(&[Sense::The]);
        // "At" belongs to "at teatime".
        let led = led.or_else(|| matches!(cursor.word(), "at" | "zur" | "bei").then_some(()));
        cursor.need(Sense::Close)?;
        // An "EOD report" is one.
        let is_beside = self.kept.iter().any(|heard| heard.said.is_when() && (heard.next == from || heard.from == cursor.at));
        (!self.is_timed() && (led.is_some() || cursor.token().is_none() || is_beside)).then_some(cursor.at)
    }

    /// "0645" and "0700-1930" beside a day or a rule.
    fn four_digits(&self, cursor: Cursor<'_>) -> Option<usize> {
        let is_time = |part: &str| {
            let (hour, minute) = part.split_at_checked(2).filter(|_| part.len() == 4)?;
            (small(hour)? < 24 && small(minute)? < 60).then_some(())
        };
        let word = cursor.word();
        let is_range = word.split_once(['-', '–']).is_some_and(|(first, last)| is_time(first).is_some() && is_time(last).is_some());
        let is_early = word.starts_with('0') && is_time(word).is_some();
        // "Tomorrow 1430"
        let is_day = |heard: &super::Heard<'_>| heard.next == cursor.at && matches!(heard.said, Said::Date(_));
        let is_behind = || is_time(word).is_some() && word.ends_with(['0', '5']) && self.kept.iter().any(is_day);
        let says_day = self.is_dated() || self.repeats();
        (says_day && !self.is_timed() && (is_range || is_early || is_behind())).then_some(cursor.at + 1)
    }

    /// "Late afternoon" before a day, "9 c.t.", and "eight thirty".
    fn around_part(&self, mut cursor: Cursor<'_>) -> Option<usize> {
        if self.is_timed() {
            return None;
        }
        let before_date = |at: usize| self.kept.iter().any(|heard| heard.from == at && matches!(heard.said, Said::Date(_)));
        if matches!(cursor.word(), "early" | "late" | "mid" | "früher" | "später") {
            cursor.step(1);
            cursor.pick(|sense| matches!(sense, Sense::Part(_)).then_some(()))?;
            return before_date(cursor.at).then_some(cursor.at);
        }
        if cursor.number_of_clock() {
            cursor.step(1);
            let is_german = !cursor.sentence.vocabulary.twelve_hours;
            return (is_german && matches!(cursor.word(), "c.t" | "s.t" | "ct")).then_some(cursor.at + 1);
        }
        cursor.pick(|sense| matches!(sense, Sense::Number(1..=12)).then_some(()))?;
        cursor.pick(|sense| matches!(sense, Sense::Number(10..=59)).then_some(()))?;
        (before_date(cursor.at) || cursor.at == self.sentence.tokens.len()).then_some(cursor.at)
    }

    /// "25.12" without its last dot at an end of what says no day: a date, or a price.
    fn bare_day(&self, cursor: Cursor<'_>) -> Option<usize> {
        let (day, month) = cursor.word().split_once('.')?;
        let is_date = small(day).is_some_and(|day| (13..=31).contains(&day)) && small(month).is_some_and(|month| (1..=12).contains(&month));
        let at_end = cursor.at == 0 || cursor.at + 1 == self.sentence.tokens.len();
        let is_free = !self.is_dated() && !self.is_timed() && !self.repeats() && !cursor.sentence.vocabulary.twelve_hours;
        (is_date && at_end && is_free).then_some(cursor.at + 1)
    }

    /// "Bid", "1-0-1" and "x 7 days" beside a rule or a length.
    fn taken_so_often(&self, mut cursor: Cursor<'_>) -> Option<usize> {
        let word = cursor.word();
        let lasts = self.kept.iter().any(|heard| matches!(heard.said, Said::Lasting(_) | Said::Length(_)));
        if LATIN.contains(&word) && (self.repeats() || lasts) {
            return Some(cursor.at + 1);
        }
        let parts: Vec<&str> = word.split('-').collect();
        let is_dose =
            (3..=4).contains(&parts.len()) && parts.iter().all(|part| matches!(*part, "0" | "1" | "2" | "½")) && parts.contains(&"0");
        if is_dose && !self.is_dated() {
            return Some(cursor.at + 1);
        }
        cursor.need(Sense::Times).filter(|()| self.repeats())?;
        cursor.number()?;
        cursor.pick(|sense| matches!(sense, Sense::Unit(_)).then_some(()))?;
        Some(cursor.at)
    }

    /// "wed pm", "church sun 10", "nails 4 sat": in small letters these are words as well.
    fn small_weekday(&self, mut cursor: Cursor<'_>) -> Option<usize> {
        let before = cursor.at.checked_sub(1).and_then(|at| self.sentence.tokens.get(at))?;
        let is_small = cursor.token().is_some_and(|token| !token.capital) && cursor.sentence.vocabulary.twelve_hours;
        cursor.pick(|sense| matches!(sense, Sense::Short(_)).then_some(())).filter(|()| is_small && !self.is_dated() && !self.repeats())?;
        let behind = cursor.at;
        if cursor.pick(|sense| matches!(sense, Sense::Am | Sense::Pm).then_some(())).is_some() || cursor.word() == "eve" {
            return Some(cursor.at.max(behind + 1));
        }
        if cursor.number_of_clock() {
            cursor.step(1);
            return cursor.is_free().then_some(cursor.at);
        }
        let ends = cursor.token().is_none() && cursor.at == self.sentence.tokens.len();
        (ends && !NO_DAY_BEHIND.contains(&before.word.as_str())).then_some(behind)
    }

    /// "12th" at the end of what says no day.
    fn place_at_end(&self, mut cursor: Cursor<'_>) -> Option<usize> {
        let is_first = cursor.at == 0;
        cursor.pick(|sense| matches!(sense, Sense::Place(_)).then_some(())).filter(|()| cursor.sentence.vocabulary.twelve_hours)?;
        let ends = cursor.at == self.sentence.tokens.len();
        (ends && !is_first && !self.is_dated() && !self.repeats()).then_some(cursor.at)
    }

    /// "7.30", "quarter to" and "half past" at the end of what has no time.
    fn hour_at_end(&self, mut cursor: Cursor<'_>) -> Option<usize> {
        if self.is_timed() || cursor.at == 0 {
            return None;
        }
        let ends = |at: usize| at == self.sentence.tokens.len();
        // "Version 1.20" and prices are no hours of a day.
        let dotted = cursor.word().split_once('.').and_then(|(hour, minute)| {
            let minute = small(minute).filter(|more| minute.len() == 2 && more % 5 == 0 && (13..60).contains(more))?;
            small(hour).filter(|hour| (6..=22).contains(hour)).map(|_| minute)
        });
        if dotted.is_some() && ends(cursor.at + 1) && !self.is_dated() {
            return Some(cursor.at + 1);
        }
        cursor.pick(|sense| matches!(sense, Sense::Half | Sense::Quarter).then_some(()))?;
        cursor.pick(|sense| matches!(sense, Sense::Past | Sense::Short60).then_some(()))?;
        ends(cursor.at).then_some(cursor.at)
    }

    /// "eleven", "7-late" and "eve" behind a day that has no time.
    fn behind_day(&self, mut cursor: Cursor<'_>) -> Option<usize> {
        let is_day = |heard: &super::Heard<'_>| heard.next == cursor.at && matches!(heard.said, Said::Date(_) | Said::Series(..));
        (!self.is_timed() && self.kept.iter().any(is_day)).then_some(())?;
        let word = cursor.word();
        let is_open = word.split_once(['-', '–']).is_some_and(|(hour, end)| small(hour).is_some() && OPEN_ENDS.contains(&end));
        if is_open || word == "eve" && cursor.token().is_some_and(|token| !token.capital) {
            return Some(cursor.at + 1);
        }
        cursor.pick(|sense| matches!(sense, Sense::Number(1..=12)).then_some(()))?;
        (cursor.at == self.sentence.tokens.len()).then_some(cursor.at)
    }

    /// "First weekend of June".
    fn weekend_of(&self, mut cursor: Cursor<'_>) -> Option<usize> {
        cursor.pick(|sense| matches!(sense, Sense::Ordinal(_) | Sense::Place(1..=5)).then_some(()))?;
        cursor.need(Sense::Weekend)?;
        let tied = cursor.skip(&[Sense::Of, Sense::In, Sense::The]);
        cursor.pick(|sense| matches!(sense, Sense::Month(_)).then_some(())).filter(|()| tied && !self.is_dated())?;
        Some(cursor.at)
    }
}

/// "24 hours before" and what is no day: nobody says when that is.
fn before_something(mut cursor: Cursor<'_>) -> Option<usize> {
    cursor.pick_number()?;
    cursor.pick(|sense| matches!(sense, Sense::Unit(_)).then_some(()))?;
    cursor.need(Sense::Before).filter(|()| cursor.sentence.vocabulary.twelve_hours)?;
    cursor.token().map(|_| cursor.at)
}
