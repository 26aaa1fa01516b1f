//! What else a phrase can mean, beside the other phrases of its text, and in which words it is read so.

use belfry_core::rule::{End, Until};

use super::{Piece, minutes, place, read_with, title};
use crate::doubt::words_of_title;
use crate::draft::{Values, values};
use crate::grammar::{Day, Found, Said};
use crate::sentence::Sentence;
use crate::{Here, Reading, say};

pub(super) fn alternatives(text: &str, sentence: &Sentence, pieces: &[Piece], index: usize, main: &Values) -> Vec<Reading> {
    let others = pieces.get(index).map(|piece| piece.found.others.as_slice()).unwrap_or_default();
    let reading = |other: &Said| {
        if *other == Said::Title {
            return as_title(text, sentence, pieces, index);
        }
        if is_later_month(other, pieces, sentence) {
            return put_in_place(text, sentence, pieces, index, other);
        }
        let today = *other == Said::Date(Day::of(sentence.here.now.date()));
        let beside = |piece: &'_ Piece| if today { later_today(&piece.found, sentence.here) } else { piece.found.said.clone() };
        let with: Vec<Said> =
            pieces.iter().enumerate().map(|(at, piece)| if at == index { other.clone() } else { beside(piece) }).collect();
        let values = values(&with, sentence.here).ok().filter(|values| !is_same(values, main))?;
        let words = say::words(&dated(other, &values), sentence.language)?;
        let words =
            if pieces.get(index).is_some_and(|piece| piece.stays) { kept_beside(text, sentence, pieces, index, &words)? } else { words };
        Some(Reading { words, when: values.when, rule: values.rule })
    };
    let hidden = hours_of_rule(sentence, pieces, index);
    let part_of_day = pieces.get(index).into_iter().flat_map(|piece| part_times(&piece.found.said, pieces));
    let mut readings: Vec<Reading> = Vec::new();
    for other in others.iter().cloned().chain(part_of_day).filter_map(|other| reading(&other)).chain(hidden) {
        // A window tells them apart by their words.
        if readings.iter().all(|known| known.words != other.words) {
            readings.push(other);
        }
    }
    readings
}

/// The other hours of "nightly", whose part of the day has no word of its own.
fn hours_of_rule(sentence: &Sentence, pieces: &[Piece], index: usize) -> Vec<Reading> {
    let (Some(rule), Some(hidden)) = (pieces.get(index), pieces.get(index + 1)) else { return vec![] };
    if hidden.from < hidden.found.next || hidden.from != rule.found.next {
        return vec![];
    }
    let at = |time: Said| {
        let with = pieces.iter().enumerate().map(|(at, piece)| if at == index + 1 { &time } else { &piece.found.said });
        let values = values(with, sentence.here).ok()?;
        let words = format!("{} {}", say::words(&rule.found.said, sentence.language)?, say::words(&time, sentence.language)?);
        Some(Reading { words, when: values.when, rule: values.rule })
    };
    // The first is the one that is read.
    part_times(&hidden.found.said, pieces).into_iter().skip(1).filter_map(at).collect()
}

/// Whether it is another day than today, which the text says: an hour that has gone today is to come there.
fn is_later_month(other: &Said, pieces: &[Piece], sentence: &Sentence) -> bool {
    let today = sentence.here.now.date();
    let says_today = pieces.iter().any(|piece| matches!(piece.found.said, Said::Date(day) if day.date == today));
    let may_be_early = pieces.iter().any(|piece| minutes(&piece.found.said).is_some() && !piece.found.others.is_empty());
    says_today && may_be_early && matches!(other, Said::Date(day) if day.date > today)
}

/// The reading of the text with other words in the place of a phrase.
fn put_in_place(text: &str, sentence: &Sentence, pieces: &[Piece], index: usize, other: &Said) -> Option<Reading> {
    let piece = pieces.get(index)?;
    let (start, end) = place(text, sentence, piece.from, piece.found.next)?;
    let words = say::words(other, sentence.language)?;
    let read = read_with(&format!("{}{words}{}", text.get(..start)?, text.get(end..)?), sentence.here, sentence.language, false);
    Some(Reading { words, when: read.when, rule: read.rule })
}

/// Other words for a phrase that is a part of the title all the same: it goes on standing there.
fn kept_beside(text: &str, sentence: &Sentence, pieces: &[Piece], index: usize, words: &str) -> Option<String> {
    let piece = pieces.get(index).filter(|piece| matches!(piece.found.said, Said::Zone(_)))?;
    let (start, end) = place(text, sentence, piece.from, piece.found.next)?;
    Some(format!("{words} {}", text.get(start..end)?))
}

/// The reading in which a phrase is title: in the first words that are read so.
fn as_title(text: &str, sentence: &Sentence, pieces: &[Piece], index: usize) -> Option<Reading> {
    let piece = pieces.get(index)?;
    let (start, end) = place(text, sentence, piece.from, piece.found.next)?;
    let others = pieces.iter().enumerate().filter(|(at, _)| *at != index).map(|(_, piece)| piece);
    let values = values(others.clone().map(|piece| &piece.found.said), sentence.here).ok()?;
    let wanted = title(text, sentence, &others.collect::<Vec<_>>());
    let (before, words, behind) = (text.get(..start)?, text.get(start..end)?, text.get(end..)?);
    words_of_title(words, &values, sentence).into_iter().find_map(|words| {
        let read = read_with(&format!("{before}{words}{behind}"), sentence.here, sentence.language, false);
        let is_meant = read.when == values.when && read.rule == values.rule && (read.title == wanted || words.starts_with('"'));
        is_meant.then_some(Reading { words, when: read.when, rule: read.rule })
    })
}

/// What a phrase says beside today: of two times the one that is still to come.
fn later_today(found: &Found, here: Here) -> Said {
    let comes = |said: &Said| minutes(said).is_some_and(|minutes| minutes > crate::draft::minutes_of(here.now));
    let other = found.others.iter().find(|other| comes(other)).filter(|_| minutes(&found.said).is_some() && !comes(&found.said));
    other.unwrap_or(&found.said).clone()
}

/// The end of a series with the year that it has there: its words name one.
fn dated(said: &Said, values: &Values) -> Said {
    match (said, values.rule.as_ref().map(|rule| rule.end)) {
        (Said::Until(_), Some(End::Until(Until::Date(on)))) => Said::Until(Day::of(on)),
        _ => said.clone(),
    }
}

/// Whether both mean the same: one moment of a zone is that of any other.
fn is_same(one: &Values, other: &Values) -> bool {
    let instant = |values: &Values| values.when.and_then(|when| when.zone().map(|zone| zone.instant(when.local())));
    let moved = Values { when: other.when, zone: other.zone, ..one.clone() };
    one == other || one.rule.is_none() && one.zone.is_some() && instant(one).is_some() && instant(one) == instant(other) && moved == *other
}

/// The times that a part of the day can mean, if no other words say the time.
fn part_times(said: &Said, pieces: &[Piece]) -> Vec<Said> {
    let timed = pieces.iter().any(|piece| minutes(&piece.found.said).is_some());
    match said {
        Said::Part(part, _) if !timed => crate::grammar::times_of(*part).iter().map(|minutes| Said::Time(*minutes)).collect(),
        _ => vec![],
    }
}
