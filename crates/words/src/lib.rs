//! Plain words to a reminder and back: `Renew passport 3 March 9am every year, 1 week before #home`.
//!
//! [`read`] says what it understood and where it stood in the text, so that a window can show it as chips; the words that are left are the title, in their order.
//! What could mean two things is read as the likelier, and its chip carries the other as a [`Reading`]. [`render`] goes the other way.
//!
//! One grammar (the folder `grammar`) serves all languages; a language is one file with a `Vocabulary`: what its words mean, and how it says things. A third one is
//! that file and its name in [`Language`].
//!
//! Which reading comes first:
//! - a date without a year is the next one; a weekday is the coming one, never today; "next Friday" is the nearer of the two that it can mean, because a reminder that
//!   comes too early can be put off and one that comes too late has failed; `3/4` is day, then month;
//! - a bare hour from 1 to 6 is after noon, from 7 to 11 before noon, 12 is noon; if that has already gone today and the other has not, the other;
//! - "every second Tuesday" is every two weeks, not the second Tuesday of the month;
//! - the hours up to six in the morning belong to the night before them: "tonight at 1" and "Friday night at 2" are on the day after, while "Friday at 2 at night" is on Friday;
//! - "until June" is to its first day, "through June" to its last; "Monday in two weeks" is the earlier of the two that it can mean;
//! - a short name of a weekday is one before a time or a date ("sat 11am", "So 6.12."), and title elsewhere ("sun cream 10am"); where it is an everyday word ("the cat sat 9am"), the text
//!   with it as title is offered, as it is for "4." and "3.12" before a time;
//! - "Sat" with a capital inside a title is the date of a time that has no other ("Dinner Sat with Luigi 7pm"), and the title is offered;
//! - letters of weekdays that are written together beside a time ("MWF 9am", "TTh", "MoMiFr") are every week; two capitals ("MW") are title, and told;
//! - "first Monday of the month" and "last working day of the month" are the coming one, and every month is offered;
//! - "alert 10 min, 1 hour" is two alarms, and a length is offered for the second;
//! - "a week before and at the start" is two alarms; "on the day" and "at the start" are when it begins, and at nine in the morning of a whole day; so long before that is no alarm is told;
//! - a weekday beside "1/6" says which of the two days it is, and the other is offered; "heute in acht Tagen" is in eight days, and a week is offered;
//! - "Thursday this week" is that of this week, and told if it has gone; "Friday the 13th" is the next day that is both, with the next 13th offered;
//! - "third Thursday 7pm" is that of this month or the next, and the coming Thursday is offered;
//! - "the 15th and last day of every month" are two days of one rule; a number beside a weekday ("the 10th and last Friday of every month") is told;
//! - "10x" counts a series right behind its rule or before weekdays; before "daily" it is told, and elsewhere it is title;
//! - "Thanksgiving every year" is a rule of weekdays; "every year" beside a day that follows Easter or Advent is told;
//! - "second to last workday of every month" and "am vorletzten Freitag jedes Monats" count from the end; "of every month" behind what is no day of it is told, and is never today's day of each month;
//! - a weekday beside the number of a week ("Friday CW 50") is that of ISO 8601, of the coming such week;
//! - an end before noon behind a start after noon that is told in 24 hours ("18:25-7:40") is the next morning's;
//! - "in 1:30" is an hour and a half from now, and the time of day is offered;
//! - "abends um 10 für 2 Wochen" is daily, "at 10 for 2 weeks" one event, and each offers the other;
//! - "18 Uhr 12 Personen" is six, and "9 Uhr 30 Blumen" half past nine; each offers the other;
//! - "1h 30m before" is one alarm, and a length with an alarm is offered; a comma parts the two;
//! - "the next 5 days" are every day from today on, and one event of five days is offered; "in 3 working days" leaves out weekends;
//! - "every 31st" leaves out the months that have none, and the last day of each is offered;
//! - a day or month with a letter wrong ("tomorow", "Donerstag") is told, as it may be a name;
//! - "before 30 November" is the day before it, and the day itself is offered;
//! - "1/2" and "3.12" beside another date are title;
//! - what has gone is taken as it is said, and the same day to come is offered; "this morning" in the afternoon is told;
//! - "Remind me to" and "Erinnere mich an" in front say nothing, and are not in the title; in quotation marks they are; with a time among them ("Remind me at 5pm to") the alarm is at that time;
//! - "alarm at 1pm" behind a time is an alarm at that hour of the same day, and told if that is behind the time;
//! - "before 9 February" and "by 9 February" behind a repeat rule are its end, and the day is offered as its beginning; of a rule of years they are its day;
//! - "Mon-Fri" is every week; "Monday to Friday" is once, and every week with a time or behind "every day";
//! - "for 6 weeks" of a series is how long it goes on, if each one of it would otherwise reach into the next; "lasting 3 days" is always the length of each;
//! - a short name of a zone is the clock of its place ("EST" is that of New York, in summer too), and where that differs from what the letters say, the other is offered;
//! - months beside a repeat rule say when the series goes on: "from March", "from March to May", "in December";
//! - a day with a name inside a title ("Christmas Eve dinner 6pm") is the date of a time that has no other and stays in the title, and today is offered;
//! - a city right behind a time is its zone, and the clock at home is offered;
//! - several times of a day are one rule (`BYHOUR`) if they share their minute; "every 8 hours" begins at the next full hour where no time is said, and comes at the same times every day;
//! - "the evening before" is at seven, with six and eight offered; "3 months before" are as many minutes as that is from a date that comes once;
//! - a date beside a repeat rule is where the series may begin: it begins on the first day from there that the rule gives.
//!
//! What does not fit stays in the title, and [`Understood::unread`] says where: a second date, a day that no month has, a zone without a time, two hours of a reminder that
//! is all day. Text in quotation marks is never read; marks around the whole title are taken off.

mod alarm_words;
mod calendar_words;
mod cities;
mod compose;
mod doubt;
mod draft;
mod english;
mod feast_words;
mod german;
mod grammar;
mod language;
mod lead_in;
mod say;
mod sentence;
mod tokens;
mod unread;
mod vocabulary;

use belfry_core::{Length, Rule, When, Zone};
use chrono::NaiveDateTime;
use serde::Serialize;

pub use language::Language;
pub use say::{Unsayable, render};

/// Who reads, and when.
#[derive(Debug, Clone, Copy)]
pub struct Here {
    /// What the clock on the wall shows.
    pub now: NaiveDateTime,
    /// Where that wall is.
    pub zone: Zone,
}

/// What a part of the text means.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize)]
#[serde(rename_all = "snake_case")]
pub enum ChipKind {
    /// A date.
    Date,
    /// A time of day.
    Time,
    /// A time zone.
    Zone,
    /// A repeat rule, or its end.
    Repeat,
    /// An alarm, or that there is none.
    Alarm,
    /// A duration.
    Duration,
    /// A list.
    List,
}

/// What else a part of the text can mean.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Reading {
    /// Words that mean only this: put in place of the chip's words, they make the text say it.
    pub words: String,
    /// When the reminder would then be.
    #[serde(serialize_with = "as_shown")]
    pub when: Option<When>,
    /// How it would then repeat.
    pub rule: Option<Rule>,
}

/// As a person reads it, as in every other document.
fn as_shown<S: serde::Serializer>(when: &Option<When>, serializer: S) -> Result<S::Ok, S::Error> {
    when.map(|when| when.to_string()).serialize(serializer)
}

/// A part of the text that was understood.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Chip {
    /// As what.
    pub kind: ChipKind,
    /// First byte in the text.
    pub start: usize,
    /// Behind the last byte.
    pub end: usize,
    /// The words, as they stand there.
    pub text: String,
    /// What else they can mean; mostly nothing.
    pub alternatives: Vec<Reading>,
}

/// Words of the title that look as though they said when, and were not understood: "31 April", "until summer" behind a repeat rule, a second date. A shell can say so.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Unread {
    /// First byte in the text.
    pub start: usize,
    /// Behind the last byte.
    pub end: usize,
    /// The words, as they stand there.
    pub text: String,
}

/// What was understood.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Understood {
    /// What is left.
    pub title: String,
    /// When; `None` when no word says it.
    pub when: Option<When>,
    /// How long.
    pub length: Option<Length>,
    /// How it repeats.
    pub rule: Option<Rule>,
    /// Lead times in minutes, sorted; empty when no word says it.
    pub alarms: Vec<i32>,
    /// Whether the words say that there is no alarm.
    pub no_alarm: bool,
    /// The zone that the words name; then `when` is in it.
    pub zone: Option<Zone>,
    /// The list, as written.
    pub list: Option<String>,
    /// Where it stood, in the order of the text.
    pub chips: Vec<Chip>,
    /// What looks as though it were about time and is not understood, in the order of the text; never a part of a chip.
    pub unread: Vec<Unread>,
}

/// Reads an English text.
#[must_use]
pub fn read(text: &str, here: Here) -> Understood {
    read_in(text, here, Language::English)
}

/// Reads a text in one language. Dates as `2027-03-03`, times as `09:00`, zones and lists are the same in all of them.
#[must_use]
pub fn read_in(text: &str, here: Here, language: Language) -> Understood {
    compose::read(text, here, language)
}

/// Reads a text in the language of which most of it can be understood, as a person may type German in an English window.
///
/// That is the language whose chips cover the most bytes; if several cover the same, the one that tells more as not understood, then the `first` one, then in the order of [`Language::ALL`]. Languages are not mixed
/// within a text: "heute at 9" is read in one of them.
#[must_use]
pub fn read_any(text: &str, here: Here, first: Language) -> (Language, Understood) {
    let mut best = (first, read_in(text, here, first));
    for language in Language::ALL.into_iter().filter(|language| *language != first) {
        let other = read_in(text, here, language);
        if covered(&other) > covered(&best.1) {
            best = (language, other);
        }
    }
    best
}

fn covered(understood: &Understood) -> (usize, usize) {
    let chips = understood.chips.iter().map(|chip| chip.end - chip.start).sum();
    (chips, understood.unread.iter().map(|unread| unread.end - unread.start).sum())
}
