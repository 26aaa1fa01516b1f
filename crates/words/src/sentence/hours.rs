//! Hours that stand in one word: "noon-1pm", "8am+8pm", and "8/14/20" where it is no date.

use belfry_core::rule::Frequency;

use super::{cut, small};
use crate::tokens::Token;
use crate::vocabulary::{Sense, Unit, Vocabulary};

/// What stands between such hours.
const SIGNS: [char; 4] = ['/', '+', '&', ','];

/// The parts of such words as words of their own, with "and" or a dash between them.
pub fn apart(text: &str, tokens: &[Token], vocabulary: &Vocabulary) -> Vec<Token> {
    let mut out = Vec::with_capacity(tokens.len());
    for (at, token) in tokens.iter().enumerate() {
        let token = &half_named(tokens, at, vocabulary)
            .or_else(|| spelled(tokens, at, vocabulary))
            .map_or_else(|| token.clone(), |word| Token { word, ..token.clone() });
        let next = tokens.get(at + 1).filter(|_| !token.stop);
        let before = at.checked_sub(1).and_then(|at| tokens.get(at)).filter(|before| !before.stop);
        let parts = span(text, token, vocabulary)
            .or_else(|| days(text, token, (vocabulary, next)))
            .or_else(|| hours_apart(text, token, (vocabulary, before)))
            .or_else(|| list(text, token, Beside { vocabulary, before, next, second: tokens.get(at + 2) }));
        match parts {
            Some(parts) => out.extend(parts),
            None => out.push(token.clone()),
        }
    }
    out
}

/// "noon-1pm", "9am-noon", "12-midnight".
fn span(text: &str, token: &Token, vocabulary: &Vocabulary) -> Option<Vec<Token>> {
    let (first, last) = token.word.split_once(['-', '–'])?;
    let is_named = |part: &str| vocabulary.means(part, |sense| matches!(sense, Sense::Time(_)).then_some(())).is_some();
    let is_time = |part: &str| is_named(part) || crate::grammar::is_shown(part);
    // "12-noon" is no half of a day.
    let is_span = (is_named(first) || is_named(last)) && is_time(first) && is_time(last) && first != "12";
    is_span.then_some(())?;
    split(text, token, ['-', '–'], "–")
}

/// "months" for the "mo" of "every 3 mo", "07:00" for the "7h" of "7h 17h", "14:30h" for "1430hrs".
fn spelled(tokens: &[Token], at: usize, vocabulary: &Vocabulary) -> Option<String> {
    let token = tokens.get(at).filter(|token| token.name.is_none())?;
    let means = |token: &Token, wanted: fn(Sense) -> bool| vocabulary.means(&token.word, |sense| wanted(sense).then_some(())).is_some();
    let of_unit = |unit: Unit| {
        vocabulary.senses().find(|(_, sense)| *sense == Sense::Unit(unit)).map(|(name, _)| name.trim_end_matches('~').to_owned())
    };
    let unit = match (token.word.as_str(), vocabulary.twelve_hours) {
        ("mo" | "mos", true) | ("mon", false) => Some(Unit::Month),
        ("wo", false) => Some(Unit::Week),
        _ => None,
    };
    if let Some(unit) = unit {
        let number = tokens.get(at.checked_sub(1)?).filter(|number| small(&number.word).is_some() && !number.dot)?;
        let leads = at
            .checked_sub(2)
            .and_then(|at| tokens.get(at))
            .is_some_and(|token| means(token, |sense| matches!(sense, Sense::Every | Sense::In)));
        return of_unit(unit).filter(|_| leads && !number.stop);
    }
    let digits = token.word.strip_suffix("hrs").or_else(|| token.word.strip_suffix("hr")).filter(|digits| digits.len() > 3);
    if let Some(digits) = digits.filter(|digits| digits.starts_with(|letter: char| letter.is_ascii_digit())) {
        return Some(format!("{digits}h"));
    }
    if let Some((hour, minute)) = token.word.split_at_checked(2).filter(|_| token.word.len() == 4 && small(&token.word).is_some()) {
        let next = tokens.get(at + 1)?;
        let is_said = next.word == "hrs" || next.word == "hours" && hour.starts_with('0');
        return (is_said && small(hour)? < 24 && small(minute)? < 60).then(|| format!("{hour}:{minute}"));
    }
    let hour = |at: usize| tokens.get(at)?.word.strip_suffix('h').and_then(small);
    let early = hour(at).filter(|hour| (5..12).contains(hour))?;
    let next = at + 1 + usize::from(tokens.get(at + 1).is_some_and(|token| means(token, |sense| sense == Sense::And)));
    hour(next).filter(|late| (13..24).contains(late)).map(|_| format!("{early:02}:00"))
}

/// "7am" for the "7a" of "7a 6p", and "7am-7pm" for "7a-7p". Alone "7a" is a flat.
fn half_named(tokens: &[Token], at: usize, vocabulary: &Vocabulary) -> Option<String> {
    let word = tokens.get(at).filter(|token| vocabulary.twelve_hours && token.name.is_none())?.word.as_str();
    let hour = |word: &str| crate::grammar::is_shown(&format!("{word}m")).then(|| format!("{word}m"));
    let (am, pm) = (|word: &str| hour(word).filter(|_| word.ends_with('a')), |word: &str| hour(word).filter(|_| word.ends_with('p')));
    if let Some((first, last)) = word.split_once(['-', '–']) {
        let both = am(first).zip(pm(last)).or_else(|| pm(first).zip(am(last)));
        return both
            .map(|(first, last)| if word.starts_with(first.trim_end_matches('m')) { (first, last) } else { (last, first) })
            .map(|(first, last)| format!("{first}-{last}"));
    }
    let named = am(word)?;
    // "7:15a" is nothing else.
    if word.contains(':') {
        return Some(named);
    }
    let is_and = |at: usize| {
        tokens.get(at).is_some_and(|token| vocabulary.means(&token.word, |sense| (sense == Sense::And).then_some(())).is_some())
    };
    let is_late = |at: usize| tokens.get(at).is_some_and(|token| pm(&token.word).is_some());
    let behind = is_late(at + 1 + usize::from(is_and(at + 1)));
    let before = at.checked_sub(1).map(|at| at - usize::from(is_and(at) && at > 0)).is_some_and(is_late);
    (behind || before).then_some(named)
}

/// "4/5" before "December", "4./5.12.": two days, and no day of another month.
fn days(text: &str, token: &Token, (vocabulary, next): (&Vocabulary, Option<&Token>)) -> Option<Vec<Token>> {
    let (first, last) = token.word.split_once(['/', '+'])?;
    let day = |word: &str| small(word.trim_end_matches('.')).filter(|day| (1..=31).contains(day));
    let month = |word: &str| vocabulary.means(word, |sense| matches!(sense, Sense::Month(_)).then_some(()));
    // "Take 1/2 may"
    let is_before_month = next.is_some_and(|next| next.word != "may" && month(&next.word).is_some());
    let is_plain = day(last).is_some() && is_before_month && (first, last) != ("1", "2");
    let dotted = || {
        let (second, month) = last.split_once('.')?;
        let is_month = small(month.split('.').next()?).is_some_and(|month| (1..=12).contains(&month));
        (first.ends_with('.') && (token.dot || month.contains('.')) && is_month).then(|| day(second))?
    };
    let second = if is_plain { day(last) } else { dotted() }?;
    (day(first)? < second).then(|| split(text, token, ['/', '+'], "&"))?
}

/// The number and the unit of "8h" behind "every".
fn hours_apart(text: &str, token: &Token, (vocabulary, before): (&Vocabulary, Option<&Token>)) -> Option<Vec<Token>> {
    let hours = token.word.strip_suffix('h').filter(|hours| small(hours).is_some())?;
    vocabulary.means(&before?.word, |sense| (sense == Sense::Every).then_some(()))?;
    cut(text, token, hours.len()).map(Vec::from)
}

/// The words before and behind.
#[derive(Clone, Copy)]
struct Beside<'a> {
    vocabulary: &'a Vocabulary,
    before: Option<&'a Token>,
    next: Option<&'a Token>,
    /// The second behind.
    second: Option<&'a Token>,
}

impl Beside<'_> {
    fn means(&self, token: Option<&Token>, wanted: fn(Sense) -> bool) -> bool {
        token.is_some_and(|token| self.vocabulary.means(&token.word, |sense| wanted(sense).then_some(())).is_some())
    }

    /// Whether a rule of days or weeks stands here; one of years is of a date.
    fn repeats(&self) -> bool {
        let often = |sense| {
            matches!(sense, Sense::Often(Frequency::Daily | Frequency::Weekly, _) | Sense::Habit(_) | Sense::Workdays | Sense::Weekends)
        };
        let day = |sense| matches!(sense, Sense::Unit(Unit::Day) | Sense::Weekday(_) | Sense::Workday | Sense::Part(_));
        let every = self.means(self.next, |sense| sense == Sense::Every) && self.means(self.second, day);
        every
            || self.means(self.next, often)
            || self.means(self.before, often)
            || self.means(self.before, |sense| sense == Sense::Unit(Unit::Day))
    }
}

/// "8am+8pm", "18/19" before "Uhr", "8/14/20" beside "daily".
fn list(text: &str, token: &Token, beside: Beside<'_>) -> Option<Vec<Token>> {
    let parts: Vec<&str> = token.word.split(SIGNS).collect();
    if !(2..=6).contains(&parts.len()) || !token.word.starts_with(|letter: char| letter.is_ascii_digit()) {
        return None;
    }
    let half = |part: &str| part.ends_with("am") || part.ends_with("pm");
    let is_hour = |part: &&str| part.len() <= 2 && small(part).is_some_and(|hour| hour <= 24);
    let is_time = |part: &&str| crate::grammar::is_shown(part);
    let clock = beside.means(beside.next, |sense| sense == Sense::Clock);
    // "8am/8pm", "6/7pm", "8:00/20:00"
    let is_colon = |part: &&str| part.contains(':');
    let is_said = parts.iter().all(is_time)
        && (parts.iter().all(|part| half(part) || is_hour(part)) && parts.last().is_some_and(|part| half(part))
            || parts.iter().all(is_colon) && !token.word.contains('+')
            || clock && parts.iter().all(|part| part.contains('.')));
    // "18,30 Uhr" has minutes, and "1/12/26 daily" a year that is to come.
    let is_list = parts.len() > 2 || !token.word.contains(',');
    let at = beside.means(beside.before, |sense| sense == Sense::At);
    // "8/20 daily" may be a day in August: it is told.
    let no_month = parts.iter().skip(1).all(|part| small(part).is_some_and(|number| number > 12));
    let is_bare = parts.iter().all(is_hour) && is_list && (clock || at || beside.repeats() && (parts.len() > 2 || no_month));
    let mut out = split(text, token, SIGNS, "&").filter(|_| is_said || is_bare)?;
    // "8.00/20.00 Uhr"
    out.iter_mut().for_each(|token| token.word = token.word.replace('.', ":"));
    Some(out)
}

/// The parts of a word, with the sign between them as `joint`.
fn split<const N: usize>(text: &str, token: &Token, signs: [char; N], joint: &str) -> Option<Vec<Token>> {
    let mut out = Vec::new();
    let mut rest = token.clone();
    while let Some(at) = rest.word.find(signs) {
        let sign = rest.word.get(at..)?.chars().next()?;
        let [first, behind] = cut(text, &rest, at)?;
        let [sign, behind] = cut(text, &behind, sign.len_utf8())?;
        out.extend([first, Token { word: joint.to_owned(), ..sign }]);
        rest = behind;
    }
    out.push(rest);
    Some(out)
}
