//! A text with the senses of its words, and a place in it.

mod hours;

use crate::tokens::{MOST, Token, tokens};
use crate::vocabulary::{Sense, Vocabulary, fits};
use crate::{Here, Language};

/// A text that is being read.
pub struct Sentence {
    pub tokens: Vec<Token>,
    text: String,
    /// What can begin at each token, and how many tokens it takes; the longest first.
    senses: Vec<Vec<(Sense, usize)>>,
    pub here: Here,
    pub vocabulary: &'static Vocabulary,
    pub language: Language,
}

impl Sentence {
    pub fn new(text: &str, here: Here, language: Language) -> Self {
        let vocabulary = language.vocabulary();
        let tokens: Vec<Token> = tokens(text)
            .into_iter()
            .flat_map(|token| parts(text, token, vocabulary))
            .map(without_letter)
            .map(|token| abbreviated(token, vocabulary))
            .flat_map(|token| with_zulu(text, token))
            .collect();
        let tokens = hours::apart(text, &tokens, vocabulary);
        let senses = (0..tokens.len().min(MOST)).map(|at| senses(tokens.get(at..).unwrap_or_default(), vocabulary)).collect();
        Self { tokens, text: text.to_owned(), senses, here, vocabulary, language }
    }

    pub fn cursor(&self, at: usize) -> Cursor<'_> {
        Cursor { sentence: self, start: at, at, over: false }
    }
}

/// A word in two, at a byte of it, if it stands in the text as it is.
fn cut(text: &str, token: &Token, at: usize) -> Option<[Token; 2]> {
    let raw = text.get(token.start..token.end).filter(|raw| raw.len() == raw.to_lowercase().len())?;
    let middle = token.start + raw.to_lowercase().find(&token.word)? + at;
    let (first, second) = (token.word.get(..at)?, token.word.get(at..)?);
    let capital = text.get(middle..)?.starts_with(char::is_uppercase);
    let dot = first.ends_with('.');
    let first = Token { word: first.trim_end_matches('.').to_owned(), end: middle, dot, stop: false, upper: false, ..token.clone() };
    Some([first, Token { word: second.to_owned(), start: middle, capital, upper: false, ..token.clone() }])
}

/// The date and the time of "2026-12-04T09:00". The letter belongs to the time, which may also stand alone.
fn date_and_time(text: &str, token: &Token) -> Option<[Token; 2]> {
    let (date, time) = token.word.split_once('t')?;
    let shape: Vec<usize> = date.split('-').map(str::len).collect();
    let digits = date.split('-').chain(time.get(..5)?.split(':')).all(|part| small(part).is_some());
    (shape == [4, 2, 2] && digits).then_some(())?;
    cut(text, token, date.len())
}

/// The time of "T09:00".
fn without_letter(mut token: Token) -> Token {
    let time = token.word.strip_prefix('t').filter(|time| time.get(2..3) == Some(":") && time.get(..2).and_then(small).is_some());
    // "T09:00-10:00" is a distance from UTC rather than a span.
    let time = time.filter(|time| !time.contains(['+', '-']));
    if let Some(time) = time.map(str::to_owned) {
        token.word = time;
    }
    token
}

/// "Jd." is every, where "JD" is somebody.
fn abbreviated(mut token: Token, vocabulary: &Vocabulary) -> Token {
    if token.word == "jd" && token.dot && !token.upper && !vocabulary.twelve_hours {
        token.word = "jed".to_owned();
    }
    token
}

/// The two words of "q8h", as prescriptions say every eight hours.
fn prescribed(text: &str, token: &Token, vocabulary: &Vocabulary) -> Option<[Token; 2]> {
    let span = token.word.strip_prefix('q')?;
    small(span.strip_suffix('h')?).filter(|count| (1..=72).contains(count))?;
    let (every, _) = vocabulary.senses().find(|(_, sense)| *sense == Sense::Every)?;
    let [first, second] = cut(text, token, 1)?;
    Some([Token { word: every.trim_end_matches('~').to_owned(), ..first }, second])
}

/// The two words of "15:00Z" and "1500Z": a time, and that it is one of UTC.
fn with_zulu(text: &str, token: Token) -> Vec<Token> {
    let is_upper = text.get(token.start..token.end).is_some_and(|raw| raw.contains('Z'));
    let time = token.word.strip_suffix('z').filter(|_| is_upper).map(|time| match time.split_at_checked(2) {
        Some((hour, minute)) if time.len() == 4 && !time.contains(':') => format!("{hour}:{minute}"),
        _ => time.to_owned(),
    });
    let shown = time.filter(|time| {
        time.split_once(':').is_some_and(|(hour, minute)| {
            small(hour).is_some_and(|hour| hour < 24) && minute.len() == 2 && small(minute).is_some_and(|minute| minute < 60)
        })
    });
    let Some((time, place)) = shown.zip(text.get(token.start..token.end).and_then(|raw| raw.rfind('Z'))) else { return vec![token] };
    let middle = token.start + place;
    let first = Token { word: time, end: middle, dot: false, stop: false, upper: false, ..token.clone() };
    vec![first, Token { word: "z".to_owned(), start: middle, capital: true, upper: false, ..token }]
}

/// The two words of "@9" and "3.Dez".
fn joined(text: &str, token: &Token, vocabulary: &Vocabulary) -> Option<[Token; 2]> {
    let is_time = |rest: &str| {
        let named = || vocabulary.means(rest, |sense| matches!(sense, Sense::Time(_)).then_some(())).is_some();
        rest.starts_with(|c: char| c.is_ascii_digit()) || named()
    };
    if token.word.strip_prefix('@').is_some_and(is_time) {
        return cut(text, token, 1);
    }
    if let Some(two) = date_and_time(text, token).or_else(|| prescribed(text, token, vocabulary)) {
        return Some(two);
    }
    // "9Uhr"
    if let Some(hour) = token.word.strip_suffix("uhr").filter(|hour| hour.ends_with(|c: char| c.is_ascii_digit())) {
        return cut(text, token, hour.len());
    }
    let (day, name) = token.word.split_once('.')?;
    small(day).filter(|day| (1..=31).contains(day))?;
    vocabulary.means(name, |sense| matches!(sense, Sense::Month(_)).then_some(()))?;
    cut(text, token, day.len() + 1)
}

/// The two parts of "dinner—Friday": what is no time of its own, and a day behind a dash.
fn dashed(text: &str, token: &Token, vocabulary: &Vocabulary) -> Option<[Token; 2]> {
    let is_day = |sense| matches!(sense, Sense::Weekday(_) | Sense::Short(_) | Sense::Day(_)).then_some(());
    let (first, second) = token.word.split_once('–')?;
    let is_title = first.chars().all(char::is_alphabetic) && vocabulary.means(first, Some).is_none();
    let is_date = second.parse::<chrono::NaiveDate>().is_ok();
    (is_title && !first.is_empty() && (is_date || vocabulary.means(second, is_day).is_some())).then_some(())?;
    let raw = text.get(token.start..token.end)?;
    let middle = token.start + raw.find(['–', '—'])? + '–'.len_utf8();
    let capital = text.get(middle..)?.starts_with(char::is_uppercase);
    let title = Token { word: first.to_owned(), end: middle, dot: false, stop: true, upper: false, ..token.clone() };
    Some([title, Token { word: second.to_owned(), start: middle, capital, upper: false, ..token.clone() }])
}

/// The two words that "Donnerstagabend" and "montagabends" are made of; the latter is every Monday.
fn parts(text: &str, token: Token, vocabulary: &Vocabulary) -> Vec<Token> {
    if let Some(two) = joined(text, &token, vocabulary).or_else(|| dashed(text, &token, vocabulary)) {
        return two.into();
    }
    let cut = token.word.char_indices().map(|(at, _)| at).skip(5).find_map(|at| {
        let (day, part) = token.word.split_at_checked(at)?;
        let is_named = vocabulary.means(day, |sense| matches!(sense, Sense::Weekday(_)).then_some(())).is_some();
        let often = vocabulary.means(part, |sense| matches!(sense, Sense::Around(_)).then_some(())).is_some();
        let once = vocabulary.means(part, |sense| matches!(sense, Sense::Part(_)).then_some(())).is_some();
        (is_named && (often || once)).then(|| (at, if often { format!("{day}s") } else { day.to_owned() }, part.to_owned()))
    });
    let place = text
        .get(token.start..token.end)
        .and_then(|raw| raw.to_lowercase().find(&token.word).filter(|_| raw.is_ascii() || raw.len() == raw.to_lowercase().len()));
    let (Some((at, day, part)), Some(place)) = (cut, place) else { return vec![token] };
    let middle = token.start + place + at;
    let first = Token { word: day, end: middle, dot: false, stop: false, upper: false, ..token.clone() };
    vec![first, Token { word: part, start: middle, capital: false, upper: false, ..token }]
}

fn senses(rest: &[Token], vocabulary: &Vocabulary) -> Vec<(Sense, usize)> {
    let mut out: Vec<(Sense, usize)> =
        vocabulary.senses().filter_map(|(words, sense)| Some((*sense, length(words, rest, vocabulary.endings)?))).collect();
    out.extend(rest.first().into_iter().flat_map(|token| digits(token, vocabulary)).map(|sense| (sense, 1)));
    out.sort_by_key(|(_, length)| std::cmp::Reverse(*length));
    out
}

/// How many tokens the words take, if they stand at the front.
fn length(words: &str, rest: &[Token], endings: &[&str]) -> Option<usize> {
    let count = words.split(' ').count();
    let tokens = rest.get(..count)?;
    let unbroken = tokens.iter().rev().skip(1).all(|token| !token.stop);
    (unbroken && words.split(' ').zip(tokens).all(|(word, token)| fits(word, &token.word, endings))).then_some(count)
}

fn digits(token: &Token, vocabulary: &Vocabulary) -> Vec<Sense> {
    let ordinal = vocabulary.ordinals.iter().find_map(|ending| match *ending {
        "." => token.dot.then_some(token.word.as_str()),
        ending => token.word.strip_suffix(ending),
    });
    let number = small(&token.word).map(Sense::Digits);
    let place = ordinal.and_then(small).filter(|place| (1..=31).contains(place)).map(Sense::Place);
    number.into_iter().chain(place).collect()
}

/// A number in at most seven ASCII digits: as many as the longest length has minutes.
pub fn small(word: &str) -> Option<u32> {
    let plain = (1..=7).contains(&word.len()) && word.bytes().all(|b| b.is_ascii_digit());
    word.parse().ok().filter(|_| plain)
}

/// A place in a sentence. A phrase ends at a comma, unless it steps over it.
#[derive(Clone, Copy)]
pub struct Cursor<'a> {
    pub sentence: &'a Sentence,
    start: usize,
    pub at: usize,
    over: bool,
}

impl<'a> Cursor<'a> {
    /// The token here, unless the phrase is over.
    pub fn token(self) -> Option<&'a Token> {
        let before = self.at.checked_sub(1).filter(|_| self.at > self.start).and_then(|at| self.sentence.tokens.get(at));
        let stopped = before.is_some_and(|token| token.stop) && !self.over;
        self.sentence.tokens.get(self.at).filter(|_| !stopped)
    }

    /// The word here; empty at the end.
    pub fn word(self) -> &'a str {
        self.token().map_or("", |token| token.word.as_str())
    }

    /// The word here as it is written, without the punctuation around it.
    pub fn raw(self) -> &'a str {
        let text = self.token().and_then(|token| self.sentence.text.get(token.start..token.end)).unwrap_or_default();
        text.trim_matches(|letter: char| !letter.is_alphanumeric())
    }

    /// Whether a colon stands right before.
    pub fn is_behind_colon(self) -> bool {
        let before = self.at.checked_sub(1).and_then(|at| self.sentence.tokens.get(at));
        before.and_then(|token| self.sentence.text.get(token.start..token.end)).is_some_and(|raw| raw.ends_with(':'))
    }

    /// Whether a bracket opens here.
    pub fn is_bracketed(self) -> bool {
        self.token().and_then(|token| self.sentence.text.get(token.start..)).is_some_and(|rest| rest.starts_with('('))
    }

    /// Goes on over so many tokens.
    pub fn step(&mut self, count: usize) {
        self.at += count;
        self.over = false;
    }

    /// The same place, with a comma before it allowed.
    pub fn over(self) -> Self {
        Self { over: true, ..self }
    }

    /// Takes what stands here, if it is wanted.
    pub fn pick<T>(&mut self, wanted: impl Fn(Sense) -> Option<T>) -> Option<T> {
        self.token()?;
        let senses = self.sentence.senses.get(self.at)?;
        let (found, length) = senses.iter().find_map(|(sense, length)| Some((wanted(*sense)?, *length)))?;
        self.step(length);
        Some(found)
    }

    /// Takes a word of this sense, if one stands here.
    pub fn eat(&mut self, sense: Sense) -> bool {
        self.pick(|found| (found == sense).then_some(())).is_some()
    }

    /// Takes a word of this sense, or gives up.
    pub fn need(&mut self, sense: Sense) -> Option<()> {
        self.eat(sense).then_some(())
    }

    /// Takes as many of these as stand here, and says whether there were any.
    pub fn skip(&mut self, senses: &[Sense]) -> bool {
        let from = self.at;
        while self.pick(|found| senses.contains(&found).then_some(())).is_some() {}
        self.at > from
    }

    /// Whether the words before are over here: nothing follows, or what begins something else about time.
    pub fn is_free(mut self) -> bool {
        let Some(token) = self.token().filter(|token| token.name.is_none()) else { return true };
        let begins = |sense| {
            let leads = matches!(sense, Sense::At | Sense::On | Sense::From | Sense::For | Sense::In | Sense::Until | Sense::And);
            let says =
                matches!(sense, Sense::Day(_) | Sense::Every | Sense::Often(..) | Sense::Around(_) | Sense::Time(_) | Sense::Tonight);
            (leads || says || matches!(sense, Sense::Part(_) | Sense::Without | Sense::Alarm | Sense::AllDay | Sense::Weekday(_)))
                .then_some(())
        };
        token.word.starts_with(|c: char| c.is_ascii_digit()) || token.word == "/" || self.pick(begins).is_some()
    }

    /// Whether an hour of the clock stands here, in digits.
    pub fn number_of_clock(self) -> bool {
        self.token().and_then(|token| small(&token.word)).is_some_and(|hour| hour <= 24)
    }

    /// A number, in digits or letters.
    pub fn number(&mut self) -> Option<u32> {
        self.pick(|sense| match sense {
            Sense::Digits(number) | Sense::Number(number) => Some(number),
            Sense::Article => Some(1),
            _ => None,
        })
    }

    /// A number that is no article, and whether it is in letters.
    pub fn pick_number(&mut self) -> Option<(u32, bool)> {
        self.pick(|sense| match sense {
            Sense::Digits(number) => Some((number, false)),
            Sense::Number(number) => Some((number, true)),
            _ => None,
        })
    }

    /// A weekday; a short name only where `due` says that one is.
    pub fn weekday(&mut self, due: bool) -> Option<chrono::Weekday> {
        self.pick(|sense| match sense {
            Sense::Weekday(day) => Some(day),
            Sense::Short(day) if due => Some(day),
            _ => None,
        })
    }
}
