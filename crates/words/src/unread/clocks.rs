//! Hours and zones that were not read.

use belfry_core::rule::Frequency;

use super::{Rest, is_hours};
use crate::grammar::{Said, is_short, is_sure, names_city, names_hours};
use crate::sentence::{Cursor, small};
use crate::tokens::Token;
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

    /// "15 UTC" before "review", "9-10" before "CT scan": hours of a zone, or numbers of something. "3 UTC bugs" are counted.
    pub(super) fn hour_of_zone(&self, mut cursor: Cursor<'_>) -> Option<usize> {
        let is_range = is_hours(cursor.word());
        let is_hour = cursor.number_of_clock();
        cursor.step(1);
        let token = cursor.token().filter(|_| (is_range || is_hour) && !self.is_timed())?;
        let is_clock = matches!(token.word.as_str(), "utc" | "gmt");
        let is_zone = token.upper && (is_clock || is_short(&token.word));
        let behind_zone = cursor.at + 1;
        cursor.step(1);
        let next = cursor.token().filter(|_| is_zone)?;
        let is_many = next.word.ends_with('s') && !next.word.ends_with("ss") && next.word.len() > 3;
        (is_range || !is_many && is_sure(&token.word)).then_some(if is_clock || is_sure(&token.word) {
            behind_zone
        } else {
            behind_zone - 1
        })
    }

    /// "7," before "18 Uhr täglich", "7 and 19" before "daily": hours, or numbers of something.
    pub(super) fn hours_in_row(&self, cursor: Cursor<'_>) -> Option<usize> {
        let last = names_hours(cursor)?;
        let next = (cursor.at..last).find(|at| self.is_taken(*at)).unwrap_or(last);
        (next > cursor.at).then_some(next)
    }

    /// Capitals right behind a time that are no zone which is known, as in "5pm XYT". Where all is in capitals they say nothing.
    pub(super) fn capitals(&self, mut cursor: Cursor<'_>) -> Option<usize> {
        let token = cursor.token()?;
        let is_name = token.upper && (2..=8).contains(&token.word.len()) && token.word.chars().all(|letter| letter.is_ascii_alphanumeric());
        let shouted = |token: &Token| token.word.chars().any(|letter| letter.is_ascii_lowercase()) && !token.upper;
        let is_word = || cursor.sentence.vocabulary.means(&token.word, Some).is_some();
        let is_told = is_name && self.behind_time(cursor.at) && !is_word() && self.sentence.tokens.iter().any(shouted);
        cursor.step(1);
        // In "9am HR meeting" they belong to the title, in "9am XYT standup" to the time.
        let is_like_zone = (3..=4).contains(&token.word.len()) && token.word.ends_with('t');
        (is_told && (is_like_zone || cursor.is_free())).then_some(cursor.at)
    }

    /// "Morning 8" and "morning and" before a time: a part of the day with an hour that was not read.
    pub(super) fn part_in_title(&self, mut cursor: Cursor<'_>) -> Option<usize> {
        cursor.pick(|sense| matches!(sense, Sense::Part(_) | Sense::Around(_)).then_some(()))?;
        let says_when = self.is_dated() || self.repeats() || self.is_timed();
        let mut hour = cursor;
        if says_when && hour.number_of_clock() {
            hour.step(1);
            return hour.is_free().then_some(hour.at);
        }
        cursor.pick(|sense| matches!(sense, Sense::And | Sense::Or).then_some(()))?;
        self.kept.iter().any(|heard| heard.from == cursor.at && matches!(heard.said, Said::Time(_) | Said::Part(..))).then_some(cursor.at)
    }

    /// "9" right behind a date and before a title: an hour, or so many of something.
    pub(super) fn hour_in_title(&self, mut cursor: Cursor<'_>) -> Option<usize> {
        // "Abends 2 Pillen" counts them.
        let is_late = small(cursor.word()).is_some_and(|hour| (6..=23).contains(&hour));
        let is_day = |heard: &super::Heard<'_>| match heard.said {
            Said::Date(_) => !self.repeats(),
            Said::Series(rule, _) => matches!(rule.frequency, Frequency::Daily | Frequency::Weekly) && is_late,
            Said::Part(..) => is_late,
            _ => false,
        };
        let behind_date = !self.is_timed() && self.kept.iter().any(|heard| heard.next == cursor.at && is_day(heard));
        let is_hour = cursor.number_of_clock() && !cursor.token()?.dot;
        cursor.step(1);
        let next = cursor.token().filter(|_| behind_date && is_hour)?;
        let counts = |sense| matches!(sense, Sense::Unit(_) | Sense::Counted | Sense::Times | Sense::Minutes(_)).then_some(());
        let twelve = cursor.sentence.vocabulary.twelve_hours;
        // "Tomorrow 3 eggs"
        let is_many = twelve && !next.capital && next.word.ends_with('s') && !next.word.ends_with("ss") && next.word.len() > 3;
        (!is_many && { cursor }.pick(counts).is_none()).then_some(cursor.at)
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
        let before_date =
            self.kept.iter().any(|heard| heard.from == cursor.at + 1 && matches!(heard.said, Said::Date(_) | Said::Series(..)));
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
