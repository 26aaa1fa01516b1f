//! Several hours of a day in figures: "8, 14, 20 Uhr täglich", "7, 13 and 19 daily".

use belfry_core::rule::Frequency;

use super::repeats::repeat;
use super::{Found, Said, found};
use crate::sentence::{Cursor, small};
use crate::vocabulary::Sense;

/// How many numbers are looked at.
const MOST: usize = 8;

/// Words before numbers that count what stands there, and are no hours.
const NUMBERED: [&str; 24] = [
    "chapter",
    "chapters",
    "page",
    "pages",
    "exercise",
    "exercises",
    "lesson",
    "lessons",
    "level",
    "levels",
    "unit",
    "units",
    "room",
    "rooms",
    "kapitel",
    "seite",
    "seiten",
    "übung",
    "übungen",
    "lektion",
    "lektionen",
    "aufgabe",
    "aufgaben",
    "zimmer",
];

/// Numbers with commas or "and" between them.
struct List<'a> {
    hours: Vec<u32>,
    /// Whether there is more between them than commas.
    joined: bool,
    /// Whether "Uhr" stands behind the last.
    clock: bool,
    behind: Cursor<'a>,
}

fn list(mut cursor: Cursor<'_>) -> Option<List<'_>> {
    let mut hours = vec![hour(&mut cursor)?];
    let mut joined = false;
    while hours.len() < MOST {
        let mut more = cursor.over();
        let and = more.eat(Sense::And);
        let Some(next) = hour(&mut more).filter(|_| and || cursor.token().is_none()) else { break };
        hours.push(next);
        joined |= and;
        cursor = more;
    }
    let clock = cursor.eat(Sense::Clock);
    Some(List { hours, joined, clock, behind: cursor })
}

fn hour(cursor: &mut Cursor<'_>) -> Option<u32> {
    let token = cursor.token()?;
    // "8." is a day.
    let is_ordinal = token.dot && cursor.sentence.vocabulary.ordinals.contains(&".") && !token.stop;
    let hour = small(&token.word).filter(|hour| *hour <= 24 && token.word.len() <= 2 && !is_ordinal)?;
    cursor.step(1);
    Some(hour)
}

/// The first of such hours, where no word before them asks for a time: beside a repeat rule, if "Uhr" stands behind the last or there are three of them that lie apart. The others
/// are read as what a comma or "and" parts from it.
pub fn first(cursor: Cursor<'_>) -> Option<Found> {
    let list = list(cursor).filter(|list| is_begin(cursor) && list.hours.len() > 1)?;
    let apart = list.hours.windows(2).all(|pair| matches!(pair, [one, two] if *two > one + 1));
    let is_sure = list.clock && (list.joined || list.hours.len() > 2) && says_rule(cursor);
    let is_read = is_sure || list.hours.len() > 2 && apart && is_beside_rule(cursor, list.behind);
    let mut next = cursor;
    next.step(1);
    let minutes = list.hours.first()? * 60;
    is_read.then(|| found([Said::Time(minutes)], next))?
}

/// The token behind such hours beside a repeat rule, as they are told where they were not read.
pub fn unled(cursor: Cursor<'_>) -> Option<usize> {
    let list = list(cursor).filter(|list| list.hours.len() > 1 && is_begin(cursor))?;
    let told = is_beside_rule(cursor, list.behind) || list.clock && says_rule(cursor);
    told.then_some(list.behind.at)
}

/// Whether the hours around a number are those of a day of 24: one of them is after noon as it stands.
pub fn of_whole_day(behind: Cursor<'_>) -> bool {
    let mut from = behind.at;
    for _ in 0..2 * MOST {
        let Some(before) = from.checked_sub(1) else { break };
        let mut at = behind.sentence.cursor(before);
        if !at.number_of_clock() && !at.eat(Sense::And) && !at.eat(Sense::Clock) {
            break;
        }
        from = before;
    }
    let mut begin = behind.sentence.cursor(from);
    begin.skip(&[Sense::And]);
    list(begin).is_some_and(|list| list.hours.len() > 1 && list.behind.at >= behind.at && list.hours.iter().any(|hour| *hour > 12))
}

/// Whether no number of the same row stands before, and no word that counts.
fn is_begin(cursor: Cursor<'_>) -> bool {
    let Some(before) = cursor.at.checked_sub(1).and_then(|at| cursor.sentence.tokens.get(at)) else { return true };
    let joins = small(&before.word).is_some() || cursor.sentence.cursor(cursor.at - 1).eat(Sense::And);
    !joins && !NUMBERED.contains(&before.word.as_str())
}

/// Whether any word says that something comes again.
fn says_rule(cursor: Cursor<'_>) -> bool {
    let is_rule = |sense| {
        matches!(sense, Sense::Often(..) | Sense::Every | Sense::Habit(_) | Sense::Workdays | Sense::Weekends | Sense::Always).then_some(())
    };
    (0..cursor.sentence.tokens.len().min(crate::tokens::MOST)).any(|at| cursor.sentence.cursor(at).pick(is_rule).is_some())
}

/// Whether a repeat rule stands right before or behind.
fn is_beside_rule(cursor: Cursor<'_>, behind: Cursor<'_>) -> bool {
    let before = |back: usize| cursor.at.checked_sub(back).map(|at| cursor.sentence.cursor(at));
    let often = |sense| matches!(sense, Sense::Often(..) | Sense::Habit(_) | Sense::Workdays | Sense::Weekends).then_some(());
    let unit = |sense| matches!(sense, Sense::Unit(_) | Sense::Weekday(_)).then_some(());
    let is_often = before(1).is_some_and(|mut at| at.pick(often).is_some());
    let is_unit = before(1).is_some_and(|mut at| at.pick(unit).is_some()) && before(2).is_some_and(|mut at| at.eat(Sense::Every));
    is_often || is_unit || repeat(behind.over()).is_some_and(|found| matches!(found.said, Said::Series(rule, _) if rule.frequency >= Frequency::Daily || rule.frequency == Frequency::Weekly))
}
