//! Words that were read and may be no more than title: "the cat sat 9am", "Version 3.12 um 9", "Thanksgiving dinner 6pm".

use belfry_core::When;
use chrono::{Datelike, Months, NaiveDate};

use crate::Here;
use crate::draft::Values;
use crate::grammar::{Day, Said, coming};
use crate::sentence::Sentence;
use crate::vocabulary::Sense;

/// What can stand in the place of words so that they are title, the most natural first. Behind them stands the day that would then be meant, if there is one.
pub fn words_of_title(words: &str, values: &Values, sentence: &Sentence) -> Vec<String> {
    let mut out = Vec::new();
    if let Some(when) = values.when {
        let days = (when.date() - sentence.here.now.date()).num_days();
        let named = sentence.vocabulary.senses().find(|(_, sense)| *sense == Sense::Day(days));
        out.extend(named.map(|(name, _)| format!("{words} {name}")));
        out.push(format!("{words} {}", when.date().format("%Y-%m-%d")));
    }
    out.push(format!("\"{}\"", words.trim_end_matches('.')));
    out
}

/// What a day that has gone can mean instead: the same one to come, or tomorrow if its time has gone today.
/// "The 26th" was said of no month: the next one is that of the next month that has it.
pub fn to_come(said: &Said, when: When, here: Here, is_of_month: bool) -> Option<Said> {
    let today = here.now.date();
    let tomorrow = today.succ_opt()?;
    let later = |day: Day| {
        let coming = |from| coming(day.date.day(), day.date.month(), from).map(|day| day.date);
        let days = if day.date == today { [Some(tomorrow), None] } else { [coming(today), coming(tomorrow)] };
        days.into_iter().flatten().find(|date| !has_gone(when.at_local(date.and_time(when.local().time())), here)).map(Day::of)
    };
    match said {
        Said::Date(day) if day.date == today && is_of_month => next_month(day.date).map(Day::of).map(Said::Date),
        Said::Date(day) if day.date <= today => later(*day).map(Said::Date),
        Said::Until(day) if day.date <= today => later(*day).map(Said::Until),
        Said::Stretch(day, days) if day.date <= today => later(*day).map(|day| Said::Stretch(day, *days)),
        _ => None,
    }
}

/// The same day of the next month that has it.
pub fn next_month(date: NaiveDate) -> Option<NaiveDate> {
    (1..12).filter_map(|add| date.with_day(1)?.checked_add_months(Months::new(add))?.with_day(date.day())).next()
}

/// Whether it is before now; a day is when it is over.
pub fn has_gone(when: When, here: Here) -> bool {
    match when.zone() {
        Some(zone) => zone.instant(when.local()) <= here.zone.instant(here.now),
        None => when.date() < here.now.date(),
    }
}
