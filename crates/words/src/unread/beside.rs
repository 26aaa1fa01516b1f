//! Days and times that stand beside others, and are one too many.

use belfry_core::rule::Frequency;

use super::{Heard, Rest};
use crate::grammar::Said;
use crate::sentence::Cursor;
use crate::vocabulary::{Sense, Unit};

impl Rest<'_> {
    /// "7. und" before "8. Dezember", "or" before another day that is told.
    pub(super) fn beside_date(&self, mut cursor: Cursor<'_>) -> Option<usize> {
        if cursor.eat(Sense::Or) {
            let is_when = |heard: &Heard<'_>| heard.from == cursor.at && heard.said.is_when();
            return self
                .dropped
                .iter()
                .any(is_when)
                .then_some(cursor.at)
                .or_else(|| self.day_behind(cursor))
                .or_else(|| self.number_behind(cursor));
        }
        if cursor.eat(Sense::And) {
            return self.day_behind(cursor).or_else(|| self.number_behind(cursor)).or_else(|| self.nth_behind(cursor));
        }
        if let Some(next) = self.number_before(cursor) {
            return Some(next);
        }
        cursor.pick(|sense| matches!(sense, Sense::Digits(1..=31) | Sense::Place(_)).then_some(()))?;
        // "3. bis 5. 12. um 9"
        if self.kept.iter().any(|heard| heard.from == cursor.at && matches!(heard.said, Said::Until(_))) {
            return Some(cursor.at).filter(|_| !self.repeats());
        }
        let mut cursor = cursor.over();
        cursor.pick(|sense| matches!(sense, Sense::And | Sense::Or).then_some(()))?;
        let is_date = |heard: &Heard<'_>| heard.from == cursor.at && matches!(heard.said, Said::Date(_) | Said::Series(..));
        let is_day =
            |at: usize| cursor.sentence.cursor(at).pick(|sense| matches!(sense, Sense::Digits(1..=31) | Sense::Place(_)).then_some(()));
        // "4. und 5.12."
        let in_digits = self.sentence.cursor(cursor.at).word().contains('.');
        (self.kept.iter().any(is_date) && (in_digits || is_day(cursor.at).is_some())).then_some(cursor.at)
    }

    /// Behind a day and "or": "the day after", "a week later", "einen Tag danach". Which day it is follows from the one before.
    fn day_behind(&self, mut cursor: Cursor<'_>) -> Option<usize> {
        let or = cursor.at.checked_sub(1)?;
        let is_when = |heard: &Heard<'_>| heard.next == or && heard.said.is_when();
        self.kept.iter().any(is_when).then_some(())?;
        cursor.skip(&[Sense::On, Sense::In, Sense::The, Sense::Next]);
        cursor.number();
        // "The following day"
        let early = cursor.eat(Sense::Later);
        let unit = cursor.pick(|sense| matches!(sense, Sense::Unit(_) | Sense::Weekend).then_some(())).is_some();
        let later = |sense| matches!(sense, Sense::Ahead | Sense::Afterwards | Sense::After | Sense::Thence | Sense::Later).then_some(());
        (cursor.pick(later).is_some() || early).then_some(())?;
        (unit || cursor.token().is_none()).then_some(cursor.at)
    }

    /// "after" in "2 hours after 9am": what is counted from a time was read as a length.
    pub(super) fn counted(&self, mut cursor: Cursor<'_>) -> Option<usize> {
        let from = cursor.at;
        let is_tie = |sense| matches!(sense, Sense::Before | Sense::After | Sense::Thence | Sense::Past | Sense::Short60).then_some(());
        cursor.pick(is_tie)?;
        let is_length = |heard: &Heard<'_>| heard.next == from && matches!(heard.said, Said::Length(_) | Said::Lasting(_));
        let is_time = |heard: &Heard<'_>| heard.from == cursor.at && matches!(heard.said, Said::Time(_) | Said::Range(..));
        (self.kept.iter().any(is_length) && self.kept.iter().any(is_time)).then_some(cursor.at)
    }

    /// "and 11" right behind "Dec 10", where nothing of a title follows.
    fn number_behind(&self, mut cursor: Cursor<'_>) -> Option<usize> {
        let joins = cursor.at.checked_sub(1)?;
        let is_date = |heard: &Heard<'_>| heard.next == joins && matches!(heard.said, Said::Date(_));
        self.kept.iter().any(is_date).then_some(())?;
        cursor.pick(|sense| matches!(sense, Sense::Digits(1..=31) | Sense::Place(_)).then_some(()))?;
        cursor.is_free().then_some(cursor.at)
    }

    /// "and the last day" behind "the 15th of every month".
    fn nth_behind(&self, mut cursor: Cursor<'_>) -> Option<usize> {
        let joins = cursor.at.checked_sub(1)?;
        let is_series = |heard: &Heard<'_>| heard.next == joins && matches!(heard.said, Said::Series(..));
        self.kept.iter().any(is_series).then_some(())?;
        cursor.skip(&[Sense::On, Sense::The]);
        cursor.pick(|sense| matches!(sense, Sense::Ordinal(_) | Sense::Place(_)).then_some(()))?;
        let is_day = |sense| matches!(sense, Sense::Unit(Unit::Day) | Sense::Workday | Sense::Weekday(_)).then_some(());
        (cursor.pick(is_day).is_some() || cursor.is_free()).then_some(cursor.at)
    }

    /// ", 10 and 17" right behind "Dec 3", where nothing of a title follows.
    pub(super) fn days_behind(&self, mut cursor: Cursor<'_>) -> Option<usize> {
        let is_date = |heard: &Heard<'_>| heard.next == cursor.at && matches!(heard.said, Said::Date(_) | Said::Until(_));
        self.kept.iter().any(is_date).then_some(())?;
        for _ in 0..6 {
            let stopped = cursor.at.checked_sub(1).and_then(|at| self.sentence.tokens.get(at)).is_some_and(|token| token.stop);
            let mut more = cursor.over();
            let joined = more.eat(Sense::And) || stopped;
            let day = more.pick(|sense| matches!(sense, Sense::Digits(1..=31) | Sense::Place(_)).then_some(()));
            day.filter(|()| joined)?;
            let mut last = more.over();
            last.eat(Sense::And);
            // "17. Dezember" at the end is told by itself.
            if self.dropped.iter().any(|heard| heard.from == last.at && last.at > more.at && matches!(heard.said, Said::Date(_))) {
                return Some(last.at);
            }
            cursor = more;
            let behind = cursor.sentence.cursor(cursor.at);
            if behind.is_free() && !is_number_behind(cursor) {
                return Some(cursor.at);
            }
        }
        None
    }

    /// "3, 10 and" right before "17 December".
    pub(super) fn days_before(&self, mut cursor: Cursor<'_>) -> Option<usize> {
        // "Jan, Apr and Oct 1"
        let is_day = |sense| matches!(sense, Sense::Digits(1..=31) | Sense::Place(_) | Sense::Month(_)).then_some(());
        for _ in 0..6 {
            cursor.over().pick(is_day)?;
            let mut behind = cursor.over();
            behind.step(1);
            let joined = behind.token().is_none();
            let joined = behind.over().pick(|sense| matches!(sense, Sense::And | Sense::Or).then_some(())).map_or(joined, |()| {
                behind.step(1);
                true
            });
            let is_date = |heard: &Heard<'_>| heard.from == behind.at && matches!(heard.said, Said::Date(_));
            if !joined {
                return None;
            }
            if self.kept.iter().any(is_date) {
                return self.sentence.cursor(behind.at).pick(is_day).map(|()| behind.at);
            }
            cursor = cursor.sentence.cursor(behind.at);
        }
        None
    }

    /// "3 business days": they are counted from something, and are no rule.
    pub(super) fn workdays(&self, mut cursor: Cursor<'_>) -> Option<usize> {
        cursor.pick_number()?;
        cursor.pick(|sense| matches!(sense, Sense::Workday | Sense::Workdays).then_some(()))?;
        (!self.kept.is_empty() || cursor.token().is_none()).then_some(cursor.at)
    }

    /// "7 and" right before a time.
    fn number_before(&self, mut cursor: Cursor<'_>) -> Option<usize> {
        cursor.pick(|sense| matches!(sense, Sense::Digits(0..=24)).then_some(()))?;
        cursor.pick(|sense| matches!(sense, Sense::And | Sense::Or).then_some(()))?;
        let is_time = |heard: &Heard<'_>| heard.from == cursor.at && matches!(heard.said, Said::Time(_));
        self.kept.iter().any(is_time).then_some(cursor.at)
    }

    /// "2nd" in "every month 2nd payment": that day of each month, or the second of something.
    pub(super) fn place_behind_rule(&self, mut cursor: Cursor<'_>) -> Option<usize> {
        let is_monthly = |said: &Said| matches!(said, Said::Series(rule, None) if rule.frequency == Frequency::Monthly && rule.by_day.is_empty() && rule.by_month_day.is_empty());
        let behind_rule = self.kept.iter().any(|heard| heard.next == cursor.at && is_monthly(heard.said));
        if cursor.pick(|sense| matches!(sense, Sense::Place(_)).then_some(())).is_none() {
            // "Monthly on 1", "monthly first"
            let led = cursor.eat(Sense::On);
            let is_day = |sense| matches!(sense, Sense::Ordinal(_)) || led && matches!(sense, Sense::Digits(1..=31));
            cursor.pick(|sense| is_day(sense).then_some(()))?;
            return (behind_rule && cursor.is_free()).then_some(cursor.at);
        }
        behind_rule.then_some(cursor.at)
    }

    /// "and 12" and ", 14 and 20" behind a time.
    pub(super) fn second_time(&self, cursor: Cursor<'_>) -> Option<usize> {
        self.behind_time(cursor.at).then_some(())?;
        let is_list = cursor.at.checked_sub(1).and_then(|at| self.sentence.tokens.get(at)).is_some_and(|token| token.stop);
        let mut cursor = cursor;
        (cursor.eat(Sense::And) || is_list).then_some(())?;
        let mut next = None;
        while cursor.over().number_of_clock() {
            cursor.step(1);
            let last = cursor.is_free();
            let joined = cursor.pick(|sense| matches!(sense, Sense::And | Sense::Or).then_some(())).is_some();
            next = Some(cursor.at).filter(|_| last || joined).or(next);
        }
        next
    }

    /// "two weeks" right before or behind a weekday, or how long a series goes on without a word that says so.
    pub(super) fn weeks_beside_date(&self, mut cursor: Cursor<'_>) -> Option<usize> {
        let from = cursor.at;
        // "Week 2 Wednesday"
        if cursor.eat(Sense::Unit(Unit::Week)) {
            cursor.pick(|sense| matches!(sense, Sense::Digits(1..=53)).then_some(()))?;
            let is_date = |heard: &Heard<'_>| matches!(heard.said, Said::Date(_)) && heard.from == cursor.at;
            return (self.kept.iter().any(is_date) && { cursor }.weekday(true).is_some()).then_some(cursor.at);
        }
        cursor.number()?;
        let days = cursor.eat(Sense::Unit(Unit::Day));
        if !days {
            cursor.need(Sense::Unit(Unit::Week))?;
        }
        // "Jeden Abend 2 Wochen"
        let often = |heard: &Heard<'_>| heard.next == from && matches!(heard.said, Said::Series(..) | Said::Part(..));
        // "Weekly Tue 10am 10 weeks"
        let timed = self.repeats() && self.behind_time(from);
        if (self.kept.iter().any(often) || timed) && cursor.is_free() {
            return Some(cursor.at);
        }
        if days {
            return None;
        }
        let is_beside = |heard: &Heard<'_>| matches!(heard.said, Said::Date(_)) && (heard.next == from || heard.from == cursor.at);
        self.kept.iter().any(is_beside).then_some(cursor.at)
    }
}

/// Whether another day of a list stands here: "and 17", ", 17".
fn is_number_behind(cursor: Cursor<'_>) -> bool {
    let stopped = cursor.token().is_none();
    let mut more = cursor.over();
    let joined = more.eat(Sense::And) || stopped;
    joined && more.pick(|sense| matches!(sense, Sense::Digits(1..=31) | Sense::Place(_)).then_some(())).is_some()
}
