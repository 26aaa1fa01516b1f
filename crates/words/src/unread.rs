//! Words that are left over and look as though they said when.

use chrono::Weekday;

use crate::Unread;
use crate::compose::place;
use crate::grammar::{Said, follows_article, letters, looks_like_day, names_week};
use crate::sentence::{Cursor, Sentence, small};
use crate::vocabulary::{Sense, Unit};

mod beside;
mod clocks;
mod misspelt;
mod more;
mod short;
mod vague;

/// A phrase and the tokens that it takes.
#[derive(Debug, Clone, Copy)]
pub struct Heard<'a> {
    pub from: usize,
    pub next: usize,
    pub said: &'a Said,
}

/// What was kept of a text, and what was not.
pub struct Rest<'a> {
    pub sentence: &'a Sentence,
    pub kept: Vec<Heard<'a>>,
    pub dropped: Vec<Heard<'a>>,
}

/// The words that are told as not understood, in their order; neighbours are told together.
pub fn unread(text: &str, rest: &Rest<'_>) -> Vec<Unread> {
    let mut told = vec![false; rest.sentence.tokens.len()];
    let mut tell = |from: usize, next: usize| told.iter_mut().take(next).skip(from).for_each(|told| *told = true);
    for heard in rest.dropped.iter().filter(|heard| rest.is_told(heard)) {
        tell(heard.from, heard.next);
    }
    for at in 0..rest.sentence.tokens.len() {
        if let Some(next) = rest.looks_like_time(at).filter(|next| (at..*next).all(|at| !rest.is_taken(at))) {
            tell(at, next);
        }
    }
    runs(&told).filter_map(|(from, next)| place(text, rest.sentence, from, next)).map(|(start, end)| of(text, start, end)).collect()
}

fn of(text: &str, start: usize, end: usize) -> Unread {
    Unread { start, end, text: text.get(start..end).unwrap_or_default().to_owned() }
}

/// Where one begins and what is behind it, for each row of tokens that are told.
fn runs(told: &[bool]) -> impl Iterator<Item = (usize, usize)> {
    let is = |at: usize| told.get(at).copied().unwrap_or_default();
    let begins = (0..told.len()).filter(move |at| is(*at) && !(*at > 0 && is(at - 1)));
    begins.map(move |from| (from, (from..told.len()).find(|at| !is(*at)).unwrap_or(told.len())))
}

impl Rest<'_> {
    fn is_taken(&self, at: usize) -> bool {
        self.kept.iter().any(|heard| (heard.from..heard.next).contains(&at))
    }

    fn repeats(&self) -> bool {
        self.kept.iter().any(|heard| matches!(heard.said, Said::Series(..)))
    }

    fn is_dated(&self) -> bool {
        self.kept.iter().any(|heard| matches!(heard.said, Said::Date(_) | Said::Stretch(..) | Said::Moment(_)))
    }

    /// Whether a phrase that was dropped is told: not if it says nothing new, and not if a title has such words as well.
    fn is_told(&self, dropped: &Heard<'_>) -> bool {
        match dropped.said {
            Said::List(_) => false,
            Said::Count(_) => self.repeats(),
            Said::Zone(_) => self.kept.iter().any(|heard| heard.next == dropped.from),
            Said::Past => !self.is_dated(),
            // "Buy Diwali lamps" says no day.
            Said::Unfixed => !self.is_dated() && (self.is_timed() || self.repeats()),
            said => !self.kept.iter().any(|heard| heard.said == said),
        }
    }

    /// The token behind words which look like time and begin here.
    fn looks_like_time(&self, at: usize) -> Option<usize> {
        let token = self.sentence.tokens.get(at).filter(|token| token.name.is_none())?;
        let cursor = self.sentence.cursor(at);
        let behind = |cursor: Cursor<'_>| Some(cursor.at);
        let about_time = self
            .days_behind(cursor)
            .or_else(|| clock(cursor))
            .or_else(|| self.zone(cursor))
            .or_else(|| self.feast(cursor))
            .or_else(|| self.hour(cursor));
        let about_time =
            about_time.or_else(|| self.short_day(cursor)).or_else(|| self.beside_date(cursor)).or_else(|| self.hour_before(cursor));
        if let Some(next) = about_time
            .or_else(|| self.unsaid(cursor))
            .or_else(|| self.so_often_in_rule(cursor))
            .or_else(|| so_often(cursor))
            .or_else(|| dashed(cursor))
            .or_else(|| self.bare_year(cursor))
            .or_else(|| self.always(cursor))
            .or_else(|| self.nth_before_weekday(cursor))
            .or_else(|| names_week(cursor))
            .or_else(|| self.hours_in_row(cursor))
            .or_else(|| self.hour_of_zone(cursor))
            .or_else(|| self.parts(cursor))
            .or_else(|| self.close(cursor))
            .or_else(|| self.counted(cursor))
            .or_else(|| self.misspelt(cursor))
            .or_else(|| self.without_time(cursor))
            .or_else(|| self.days_before(cursor))
            .or_else(|| self.workdays(cursor))
            .or_else(|| self.place_behind_rule(cursor))
            .or_else(|| self.hour_in_title(cursor))
            .or_else(|| self.part_in_title(cursor))
            .or_else(|| self.lead(cursor))
            .or_else(|| self.capitals(cursor))
            .or_else(|| self.in_short(cursor))
        {
            return Some(next);
        }
        let mut next = cursor;
        let but = self.repeats() && next.eat(Sense::But);
        if but || next.pick(|sense| matches!(sense, Sense::Until | Sense::Through | Sense::Except).then_some(())).is_some() {
            next.skip(&[Sense::On, Sense::In, Sense::The]);
            let timely = timely(next).or_else(|| last_hour(next, at));
            // "But" is seldom about time.
            let any = next.token().map(|_| next.at + 1).filter(|_| self.repeats() && !but);
            return timely.or(any);
        }
        if next.eat(Sense::Every) {
            return recurring(next).map(|cursor| cursor.at);
        }
        if next.eat(Sense::TooOften) {
            return behind(next);
        }
        let so_often = next.pick(|sense| matches!(sense, Sense::SoOften | Sense::Fold(_)).then_some(()));
        if so_often.is_some() && (self.repeats() || recurring(next).is_some()) {
            return behind(next);
        }
        self.second_time(cursor).or_else(|| self.month(cursor)).filter(|_| !token.word.is_empty())
    }

    /// "Sun" before a number, right behind a repeat rule, or at the front where a time is said: it may be a weekday.
    fn short_day(&self, cursor: Cursor<'_>) -> Option<usize> {
        let mut behind = cursor;
        // "W/F 9am"
        let initial =
            |part: &str| cursor.sentence.vocabulary.means(part, |sense| matches!(sense, Sense::Initial(_)).then_some(())).is_some();
        if cursor.token().is_some_and(|token| token.upper)
            && cursor.word().contains(['/', '-'])
            && cursor.word().split(['/', '-']).all(initial)
        {
            let next = cursor.at + 1;
            return self
                .kept
                .iter()
                .any(|heard| heard.from == next && matches!(heard.said, Said::Time(_) | Said::Range(..)))
                .then_some(next);
        }
        // "M-F 7am" in small letters, "6:15am t/th", and at the end
        let beside_time = || {
            let is_beside = |heard: &Heard<'_>| heard.from == cursor.at + 1 || heard.next == cursor.at;
            self.kept.iter().any(|heard| is_beside(heard) && matches!(heard.said, Said::Time(_) | Said::Range(..)))
        };
        let ends = cursor.at > 0 && cursor.at + 1 == self.sentence.tokens.len() && !self.is_dated();
        if SMALL.contains(&cursor.word()) && (beside_time() || ends) {
            return Some(cursor.at + 1);
        }
        // "Yoga MW 6pm"
        if let Some(days) = letters(cursor) {
            let is_time = |heard: &&Heard<'_>| matches!(heard.said, Said::Time(_) | Said::Range(..));
            let beside = |heard: &Heard<'_>| heard.from == cursor.at + 1 || heard.next == cursor.at;
            // "TTh 10-11 lecture"
            let before_hours = self.sentence.tokens.get(cursor.at + 1).is_some_and(|next| is_hours(&next.word));
            let told = before_hours || days.len() > 2 && self.is_timed() || self.kept.iter().filter(is_time).any(beside);
            return told.then_some(cursor.at + 1);
        }
        let day = behind.pick(|sense| if let Sense::Short(day) = sense { Some(day) } else { None })?;
        if self.begins_sentence(cursor, day) && behind.token().is_some() {
            return Some(behind.at);
        }
        let is_name = cursor.token().is_some_and(|token| token.capital);
        // "Di oder Mi 15 Uhr"
        let mut or = behind;
        if is_name && or.eat(Sense::Or) && self.kept.iter().any(|heard| heard.from == or.at && matches!(heard.said, Said::Date(_))) {
            return Some(or.at);
        }
        let is_first = cursor.at == 0 && cursor.sentence.vocabulary.twelve_hours;
        // "Sa ab 7"
        let mut number = behind;
        if is_name && number.token().is_some() {
            number.skip(&[Sense::From]);
        }
        let before_number =
            (is_name || is_first) && number.token().is_some_and(|token| token.word.starts_with(|c: char| c.is_ascii_digit()));
        let of_rule = is_name && self.kept.iter().any(|heard| heard.next == cursor.at && matches!(heard.said, Said::Series(..)));
        // "Sat tomorrow"
        let is_when = |heard: &Heard<'_>| heard.from == behind.at && matches!(heard.said, Said::Date(_) | Said::Time(_) | Said::Range(..));
        let beside = (is_name || is_first) && !follows_article(cursor) && self.kept.iter().any(is_when);
        let in_front = looks_like_day(cursor) && (self.is_timed() || !cursor.sentence.vocabulary.twelve_hours);
        (before_number || of_rule || beside || in_front).then_some(behind.at)
    }

    /// "Mo kommt Anna um 3". "So" begins other sentences as well, and "Do" is English: both where a word for a time says otherwise.
    fn begins_sentence(&self, cursor: Cursor<'_>, day: Weekday) -> bool {
        let is_first = cursor.at == 0 && !cursor.sentence.vocabulary.twelve_hours && cursor.token().is_some_and(|token| token.capital);
        let says_time = || {
            (1..self.sentence.tokens.len())
                .any(|at| self.sentence.cursor(at).pick(|sense| matches!(sense, Sense::At | Sense::Clock).then_some(())).is_some())
        };
        let may_be = match day {
            Weekday::Sun | Weekday::Thu => says_time(),
            _ => true,
        };
        is_first && may_be && self.is_timed() && !self.is_dated()
    }

    fn behind_time(&self, at: usize) -> bool {
        self.kept.iter().any(|heard| heard.next == at && matches!(heard.said, Said::Time(_) | Said::Range(..)))
    }

    fn is_timed(&self) -> bool {
        self.kept.iter().any(|heard| matches!(heard.said, Said::Time(_) | Said::Range(..) | Said::Moment(_)))
    }

    /// "the evening before", and the name of a lead time that is none, where a date is said.
    fn unsaid(&self, mut cursor: Cursor<'_>) -> Option<usize> {
        let dated = self.is_dated() || self.repeats();
        if let Some(next) = vague(cursor).or_else(|| self.weeks_beside_date(cursor)) {
            return Some(next);
        }
        // "Call in 10"
        let mut span = cursor;
        if span.eat(Sense::In) && span.pick_number().is_some() && span.token().is_none() && !dated && !self.is_timed() {
            return Some(span.at);
        }
        cursor.eat(Sense::Alarm);
        if cursor.pick(|sense| matches!(sense, Sense::Eve | Sense::Lead(_)).then_some(())).is_none() {
            // "3 months before" are no number of minutes.
            cursor.number()?;
            cursor.pick(|sense| matches!(sense, Sense::Unit(Unit::Month | Unit::Year)).then_some(()))?;
            cursor.pick(|sense| matches!(sense, Sense::Before | Sense::Ahead | Sense::Afterwards).then_some(()))?;
        }
        cursor.eat(Sense::Remind);
        dated.then_some(cursor.at)
    }

    /// "Mornings" beside a time or a length.
    fn parts(&self, mut cursor: Cursor<'_>) -> Option<usize> {
        let before = cursor.at.checked_sub(1).map(|at| cursor.sentence.cursor(at));
        // A "nightly build" is one, and at nine it may be every night.
        if cursor.pick(|sense| matches!(sense, Sense::DailyPart(_)).then_some(())).is_some() {
            return (self.is_timed() && !self.is_dated()).then_some(cursor.at);
        }
        cursor.pick(|sense| matches!(sense, Sense::Parts(_)).then_some(()))?;
        // "3 nights" are counted.
        let counted = before.is_some_and(|mut before| before.number().is_some());
        (!self.kept.is_empty() && !counted).then_some(cursor.at)
    }

    /// "before Christmas", where no other word says a date.
    fn feast(&self, mut cursor: Cursor<'_>) -> Option<usize> {
        let from = cursor.at;
        let is_early = { cursor }.pick(|sense| matches!(sense, Sense::Before | Sense::Short60).then_some(())).is_some();
        cursor.pick(|sense| matches!(sense, Sense::Before | Sense::After | Sense::Short60 | Sense::Past).then_some(()))?;
        cursor.pick(|sense| matches!(sense, Sense::Feast(..) | Sense::Easter(_) | Sense::Moving(_) | Sense::Advent(_)).then_some(()))?;
        // "Friday before Christmas dinner"
        let behind_weekday = |heard: &Heard<'_>| {
            let last = heard.next.checked_sub(1).map(|at| self.sentence.cursor(at));
            heard.next == from
                && matches!(heard.said, Said::Date(_) | Said::Series(..))
                && last.is_some_and(|mut last| last.weekday(true).is_some())
        };
        // "Every Tuesday 2pm before Christmas" ends then.
        let ends = is_early && self.repeats() && !self.kept.iter().any(|heard| matches!(heard.said, Said::Until(_) | Said::Count(_)));
        (!self.is_dated() && (ends || !self.repeats()) || self.kept.iter().any(behind_weekday)).then_some(cursor.at)
    }

    /// "in June", "June 2028", and a month at the end; with a date it is a part of the title.
    fn month(&self, mut cursor: Cursor<'_>) -> Option<usize> {
        if self.is_dated() && !self.repeats() {
            return None;
        }
        let is_name = |name: &str| {
            cursor.sentence.vocabulary.means(name.trim_end_matches('.'), |sense| matches!(sense, Sense::Month(_)).then_some(())).is_some()
        };
        if cursor.word().split_once(['-', '–']).is_some_and(|(first, last)| is_name(first) && is_name(last)) {
            return Some(cursor.at + 1);
        }
        let led = cursor.skip(&LEADS);
        // "In the spring"
        cursor.skip(&[Sense::The]);
        if led && cursor.eat(Sense::Season) {
            return Some(cursor.at);
        }
        let is_first = cursor.at == 0;
        let word = cursor.word();
        let month = cursor.pick(|sense| if let Sense::Month(month) = sense { Some(month) } else { None })?;
        let year = cursor.pick(|sense| matches!(sense, Sense::Digits(1900..2200)).then_some(())).is_some();
        // March, April, May, June and August are names, and words, too.
        let is_name = matches!(month, 3..=6 | 8) || word.len() < 4;
        let alone = !self.repeats() && (year || !is_first && !is_name && cursor.token().is_none());
        (led || alone).then_some(cursor.at)
    }
}

/// "9-10"
fn is_hours(word: &str) -> bool {
    let is_hour = |part: &str| small(part).is_some_and(|hour| hour <= 24);
    word.split_once(['-', '–']).is_some_and(|(first, last)| is_hour(first) && is_hour(last))
}

/// Letters of weekdays, as they are also written small.
const SMALL: [&str; 8] = ["m-f", "mwf", "m,w,f", "m/w/f", "mtwtf", "mtwthf", "tth", "t/th"];

/// Words that ask for a month.
const LEADS: [Sense; 9] =
    [Sense::Middle, Sense::In, Sense::On, Sense::From, Sense::Next, Sense::Coming, Sense::This, Sense::Before, Sense::After];

/// "in a few weeks", "alle paar Tage".
fn vague(mut cursor: Cursor<'_>) -> Option<usize> {
    let led = cursor.eat(Sense::Every) || cursor.eat(Sense::In);
    if let Some(next) = vague::from_to(cursor).filter(|_| led) {
        return Some(next);
    }
    cursor.need(Sense::Few).filter(|()| led)?;
    cursor.pick(|sense| matches!(sense, Sense::Unit(_)).then_some(()))?;
    Some(cursor.at)
}

/// "12-4-26", "20261204T0900", "T09:00-10:00": a date or a time as machines write it.
fn dashed(cursor: Cursor<'_>) -> Option<usize> {
    let word = cursor.word();
    let shape: Vec<usize> = word.split('-').map(str::len).collect();
    let is_date = matches!(shape.as_slice(), [1..=2, 1..=2, 2]) && word.split('-').all(|part| small(part).is_some());
    let digits = |part: &str| part.len() > 3 && part.bytes().all(|letter| letter.is_ascii_digit());
    let is_moment = word.split_once('t').is_some_and(|(date, time)| {
        date.len() == 8 && digits(date) && digits(time.trim_end_matches('z')) || date.is_empty() && time.get(2..3) == Some(":")
    });
    // "q2d"
    let is_prescribed = word.strip_prefix('q').and_then(|rest| rest.strip_suffix(['h', 'd', 'w'])).and_then(small).is_some();
    if is_prescribed {
        return Some(cursor.at + 1);
    }
    // "31-12": no span of hours.
    let is_day = word.split_once('-').and_then(|(day, month)| Some((small(day)?, small(month)?)));
    let is_day = is_day.is_some_and(|(day, month)| (13..=31).contains(&day) && (1..=12).contains(&month));
    (is_date || is_moment || is_day).then_some(cursor.at + 1)
}

/// "three times a day", "dreimal am Tag".
fn so_often(mut cursor: Cursor<'_>) -> Option<usize> {
    // "3x a day"
    if cursor.word().strip_suffix(['x', '×']).and_then(small).is_some() {
        cursor.step(1);
    } else if cursor.pick(|sense| matches!(sense, Sense::SoOften | Sense::Fold(_)).then_some(())).is_none() {
        cursor.number()?;
        cursor.need(Sense::Times)?;
    }
    let per = matches!(cursor.word(), "per" | "pro");
    if per {
        cursor.step(1);
    }
    let tied = per || cursor.eat(Sense::Article) || cursor.skip(&[Sense::Every]) || cursor.skip(&[Sense::On, Sense::In, Sense::The]);
    cursor.pick(|sense| matches!(sense, Sense::Unit(_)).then_some(())).filter(|()| tied)?;
    Some(cursor.at)
}

/// "25:00", "13pm", "25 Uhr".
fn clock(mut cursor: Cursor<'_>) -> Option<usize> {
    let word = cursor.word();
    let digits = |part: &str| (1..=2).contains(&part.len()) && small(part).is_some();
    let shown = |part: &str| {
        let part = part.strip_suffix('z').unwrap_or(part);
        let part =
            part.get(..part.len().saturating_sub(3)).filter(|rest| part.matches(':').count() == 2 && rest.contains(':')).unwrap_or(part);
        part.split_once(':').is_some_and(|(hour, minute)| digits(hour) && minute.len() == 2 && small(minute).is_some())
    };
    // "9:00+02:00", "9:60", "9am/3pm"
    let named = |part: &str| part.strip_suffix("am").or_else(|| part.strip_suffix("pm")).is_some_and(digits);
    let colon = word.split(['+', '-', '–']).all(shown) || word.contains('/') && word.split('/').all(|part| shown(part) || named(part));
    let half = word.strip_suffix("am").or_else(|| word.strip_suffix("pm")).is_some_and(|hour| hour.split([':', '.']).all(digits));
    cursor.step(1);
    let said = digits(word) && cursor.pick(|sense| matches!(sense, Sense::Clock | Sense::Pm).then_some(())).is_some();
    (colon || half || said).then_some(cursor.at)
}

/// "until 12" at the end; in "chapters 10 to 12" it is no hour.
fn last_hour(mut cursor: Cursor<'_>, from: usize) -> Option<usize> {
    let mut before = cursor.sentence.cursor(from.checked_sub(1)?);
    let counts = before.number().is_some();
    cursor.number().filter(|hour| *hour <= 24 && !counts)?;
    cursor.token().is_none().then_some(cursor.at)
}

/// The token behind a word about time.
fn timely(mut cursor: Cursor<'_>) -> Option<usize> {
    cursor.skip(&[Sense::Next, Sense::Coming, Sense::This, Sense::End, Sense::Start, Sense::Of, Sense::In]);
    let about = |sense| {
        let is_about =
            matches!(
                sense,
                Sense::Digits(1900..2200)
                    | Sense::Place(_)
                    | Sense::Day(_)
                    | Sense::Weekday(_)
                    | Sense::Habit(_)
                    | Sense::Month(_)
                    | Sense::Unit(_)
            ) || matches!(sense, Sense::Workday | Sense::Workdays | Sense::Weekend | Sense::Weekends | Sense::Feast(..) | Sense::EndOf(_));
        is_about.then_some(())
    };
    cursor.pick(about)?;
    Some(cursor.at)
}

/// Behind "every": "8 hours", "other", "minute".
fn recurring(mut cursor: Cursor<'_>) -> Option<Cursor<'_>> {
    let number = cursor.pick(|sense| {
        matches!(sense, Sense::Digits(_) | Sense::Number(_) | Sense::Place(_) | Sense::Ordinal(_) | Sense::Other).then_some(())
    });
    let unit = cursor.pick(|sense| match sense {
        Sense::Unit(unit) => Some(unit),
        Sense::Weekday(_) | Sense::Workday | Sense::Weekend | Sense::Month(_) | Sense::Season => Some(Unit::Day),
        _ => None,
    });
    if unit.is_none() && number.is_some() {
        // "every two or three days", "every 2nd and 4th week"
        let mut more = cursor;
        more.step(1);
        let counts = |sense| matches!(sense, Sense::Place(_) | Sense::Ordinal(_)).then_some(());
        if (more.pick(counts).is_some() || more.number().is_some())
            && more.pick(|sense| matches!(sense, Sense::Unit(_)).then_some(())).is_some()
        {
            return Some(more);
        }
    }
    (unit.is_some() || number.is_some() && cursor.token().is_none()).then_some(cursor)
}
