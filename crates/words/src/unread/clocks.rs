//! Hours and zones that were not read.

use super::{Rest, is_hours};
use crate::grammar::{Said, is_short, names_city};
use crate::sentence::{Cursor, small};
use crate::vocabulary::Sense;

impl Rest<'_> {
    /// "8" and "9.30" right before "tomorrow"; with a time it counts something.
    pub(super) fn hour_before(&self, cursor: Cursor<'_>) -> Option<usize> {
        let mut behind = cursor;
        behind.step(1);
        // "Pages 10 to 12 tomorrow"
        let before = cursor.at.checked_sub(1).map(|at| cursor.sentence.cursor(at));
        if before
            .is_some_and(|mut before| before.pick(|sense| matches!(sense, Sense::To | Sense::UpTo | Sense::And).then_some(())).is_some())
        {
            return None;
        }
        let is_day = { behind }.pick(|sense| matches!(sense, Sense::Day(_)).then_some(())).is_some();
        let (hour, minute) = cursor.word().split_once('.').unwrap_or((cursor.word(), "00"));
        let is_hour = small(hour).is_some_and(|hour| hour <= 24) && minute.len() == 2 && small(minute).is_some_and(|minute| minute < 60);
        (is_day && is_hour && !self.is_timed() && self.kept.iter().any(|heard| heard.from == behind.at)).then_some(behind.at)
    }

    /// "Gotham time" and "+14:45" behind a time.
    pub(super) fn zone(&self, mut cursor: Cursor<'_>) -> Option<usize> {
        let token = cursor.token()?;
        if token.upper && is_short(&token.word) && self.kept.iter().any(|heard| heard.next == cursor.at && heard.said.is_when()) {
            return Some(cursor.at + 1);
        }
        if !self.behind_time(cursor.at) {
            return None;
        }
        // "9am ET/PT"
        if token.upper && token.word.split('/').all(is_short) {
            return Some(cursor.at + 1);
        }
        // "London/10am Berlin"
        if token.word.split_once('/').is_some_and(|(_, second)| token.capital && second.starts_with(|letter: char| letter.is_ascii_digit()))
        {
            cursor.step(1);
            return names_city(cursor).or(Some(cursor.at));
        }
        // "Europe/Atlantis"
        let is_place = |part: &str| part.len() > 2 && part.chars().all(|c| c.is_alphabetic() || matches!(c, '_' | '-'));
        if token.capital && token.word.split_once('/').is_some_and(|(area, city)| is_place(area) && is_place(city)) {
            return Some(cursor.at + 1);
        }
        // "9am in Tokyo office"
        let mut place = cursor;
        place.eat(Sense::In);
        if let Some(next) = names_city(place) {
            return Some(next);
        }
        let endings = cursor.sentence.vocabulary.city_endings;
        let of_utc = token.word.strip_prefix("utc").or_else(|| token.word.strip_prefix("gmt"));
        let signed = of_utc.unwrap_or(&token.word).strip_prefix(['+', '-', '−']);
        // "+2" alone counts guests.
        let is_offset = signed.is_some_and(|rest| rest.starts_with(|c: char| c.is_ascii_digit()) && (of_utc.is_some() || rest.len() > 2));
        cursor.step(1);
        if is_offset {
            return Some(cursor.at);
        }
        let is_name = token.capital && (endings.is_empty() || endings.iter().any(|ending| token.word.ends_with(ending)));
        (is_name && cursor.eat(Sense::ZoneTime)).then_some(cursor.at)
    }

    /// "9" at the end or before another phrase, right behind a date; "around 9", "kurz vor acht", "7ish". With a time it is something else.
    pub(super) fn hour(&self, mut cursor: Cursor<'_>) -> Option<usize> {
        if self.is_timed() {
            return None;
        }
        if cursor.word().strip_suffix("ish").map(|hour| hour.trim_end_matches('-')).and_then(small).is_some_and(|hour| hour <= 24) {
            return Some(cursor.at + 1);
        }
        // "9-10 tomorrow"
        if is_hours(cursor.word())
            && self.kept.iter().any(|heard| heard.from == cursor.at + 1 && matches!(heard.said, Said::Date(_) | Said::Series(..)))
        {
            return Some(cursor.at + 1);
        }
        let is_day = |said: &Said| matches!(said, Said::Date(_) | Said::Stretch(..) | Said::Series(..) | Said::Part(..));
        let behind_date = self.kept.iter().any(|heard| heard.next == cursor.at && is_day(heard.said));
        // "7.12. 10-12 Workshop", "tomorrow 10a": hours, or so many and number ten.
        let is_half = || {
            cursor.sentence.vocabulary.twelve_hours
                && cursor.word().strip_suffix('a').and_then(small).is_some_and(|hour| (1..=12).contains(&hour))
        };
        let before_date = self.kept.iter().any(|heard| heard.from == cursor.at + 1 && matches!(heard.said, Said::Date(_)));
        let behind_at = cursor.at.checked_sub(1).is_some_and(|at| cursor.sentence.cursor(at).eat(Sense::At));
        if behind_date && is_hours(cursor.word()) || is_half() && (behind_date || before_date || behind_at) {
            return Some(cursor.at + 1);
        }
        // "Fri 10 to 12 review"
        let mut words = cursor;
        if behind_date && words.number_of_clock() {
            words.step(1);
            let tied = matches!(words.word(), "-" | "–") || { words }.eat(Sense::To);
            words.step(1);
            if tied && words.number_of_clock() {
                return Some(words.at + 1);
            }
        }
        // "Sa 5.12. ab 10 Flohmarkt"
        let from = behind_date && cursor.skip(&[Sense::From]);
        // "By 8", "this evening after 6"
        let is_bound = |sense| {
            matches!(sense, Sense::Roughly | Sense::Nearly | Sense::By | Sense::Before | Sense::After | Sense::Thence).then_some(())
        };
        let roughly = cursor.pick(is_bound).is_some();
        if roughly {
            cursor.skip(&[Sense::At]);
        }
        let (hour, in_letters) = cursor.pick_number()?;
        let told = hour <= 31 && (roughly || behind_date && !in_letters) && (from || cursor.is_free());
        told.then_some(cursor.at)
    }
}
