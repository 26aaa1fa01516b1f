//! Times that belong to a word beside them, and not to the whole: "6 or 7", "evening at 6", "Tuesday 6pm and Thursday 7pm".

use belfry_core::rule::Frequency;

use super::{Piece, minutes};
use crate::grammar::{Said, is_in, is_row_of_hours};
use crate::sentence::Sentence;
use crate::vocabulary::Sense;

/// "Mittags um 12" says one time in two ways.
pub(super) fn times_said_twice(pieces: &mut Vec<Piece>) {
    let mut at = 1;
    while let (Some(first), Some(second)) = (pieces.get(at - 1), pieces.get(at)) {
        let is_time = |piece: &Piece| matches!(piece.found.said, Said::Time(_));
        let same = is_time(first)
            && is_time(second)
            && first.found.next == second.from
            && first.found.others.is_empty()
            && std::iter::once(&second.found.said).chain(&second.found.others).any(|said| *said == first.found.said);
        let next = second.found.next;
        match pieces.get_mut(at - 1).filter(|_| same) {
            Some(first) => {
                first.found.next = next;
                pieces.remove(at);
            }
            None => at += 1,
        }
    }
}

/// "The 15th or the last day of each month", "every Friday or Thursday": a day beside a rule with "or" between them is not where the rule begins.
pub(super) fn days_or_series(sentence: &Sentence, pieces: &mut Vec<Piece>, dropped: &mut Vec<Piece>) {
    let mut at = 1;
    while let (Some(first), Some(second)) = (pieces.get(at - 1), pieces.get(at)) {
        let or = first.found.next + 1 == second.from && sentence.cursor(first.found.next).eat(Sense::Or);
        let day = match (&first.found.said, &second.found.said) {
            (Said::Date(_), Said::Series(..)) if or => at - 1,
            (Said::Series(..), Said::Date(_)) if or => at,
            _ => {
                at += 1;
                continue;
            }
        };
        let mut piece = pieces.remove(day);
        (piece.found.said, piece.found.others) = (Said::Impossible, vec![]);
        dropped.push(piece);
    }
}

/// "At 6 or 7" is the first of them; the second is told, and offered. It is the nearest behind the first.
pub(super) fn times_or_times(sentence: &Sentence, pieces: &mut Vec<Piece>, dropped: &mut Vec<Piece>) {
    const DAY: u32 = 24 * 60;
    let mut at = 1;
    while at < pieces.len() {
        let (Some(first), Some(second)) = (pieces.get(at - 1), pieces.get(at)) else { return };
        let or = first.found.next + 1 == second.from && sentence.cursor(first.found.next).eat(Sense::Or);
        let is_time = |piece: &Piece| matches!(piece.found.said, Said::Time(_));
        let Some(from) = minutes(&first.found.said).filter(|_| or && is_time(first) && is_time(second)) else {
            at += 1;
            continue;
        };
        let mut second = pieces.remove(at);
        let readings = std::iter::once(&second.found.said).chain(&second.found.others).filter_map(minutes);
        let nearest = readings.filter(|minutes| *minutes != from).min_by_key(|minutes| (minutes + DAY - from) % DAY);
        if let (Some(nearest), Some(first)) = (nearest, pieces.get_mut(at - 1)) {
            second.found.said = Said::Time(nearest);
            if !first.found.others.contains(&second.found.said) {
                first.found.others.push(second.found.said.clone());
            }
        }
        dropped.push(second);
    }
}

/// "Every morning at 7 and evening at 6": the second part of the day is that of the time beside it.
pub(super) fn parts_with_times(pieces: &mut Vec<Piece>) {
    let is_part = |piece: &Piece| matches!(piece.found.said, Said::Part(_, false));
    let is_time = |piece: &Piece| matches!(piece.found.said, Said::Time(_));
    let mut had_one = false;
    let mut at = 0;
    while at + 1 < pieces.len() {
        let (Some(one), Some(two)) = (pieces.get(at), pieces.get(at + 1)) else { return };
        let is_pair =
            one.found.next == two.from && one.from < one.found.next && (is_part(one) && is_time(two) || is_time(one) && is_part(two));
        if !is_pair {
            at += 1;
            continue;
        }
        // "8 and 9 in the evening" are both in it, "7am and evening at 6" are not.
        let behind_time = is_part(one) && pieces.get(..at).unwrap_or_default().iter().any(is_time);
        at += 2;
        if !std::mem::replace(&mut had_one, true) && !behind_time {
            continue;
        }
        let two = pieces.remove(at - 1);
        at -= 1;
        let Some(one) = pieces.get_mut(at - 1) else { return };
        let (part, time) = if is_part(one) { (&one.found, &two.found) } else { (&two.found, &one.found) };
        let Said::Part(part, _) = part.said else { return };
        let readings = || std::iter::once(&time.said).chain(&time.others);
        let said = readings().find(|said| minutes(said).is_some_and(|minutes| is_in(minutes, part))).unwrap_or(&time.said).clone();
        (one.found.said, one.found.others, one.found.next) = (said, vec![], two.found.next);
    }
}

/// "Tue 6pm and Thu 7pm weekly", "9am weekdays, 11am weekends": a second day with a time of its own is another series, and is told with its time.
pub(super) fn days_with_times(pieces: &mut Vec<Piece>, dropped: &mut Vec<Piece>) {
    if !pieces.iter().any(|piece| matches!(piece.found.said, Said::Series(..))) {
        return;
    }
    let is_day = |piece: &Piece| match &piece.found.said {
        Said::Date(_) => true,
        Said::Series(rule, _) => !rule.by_day.is_empty(),
        _ => false,
    };
    let is_time = |piece: &Piece| minutes(&piece.found.said).is_some();
    let is_pair = |one: &Piece, two: &Piece| one.found.next == two.from && (is_day(one) && is_time(two) || is_time(one) && is_day(two));
    let mut pairs = Vec::new();
    let mut at = 0;
    while let (Some(one), Some(two)) = (pieces.get(at), pieces.get(at + 1)) {
        let pair = is_pair(one, two);
        if pair {
            pairs.push(at);
        }
        at += if pair { 2 } else { 1 };
    }
    for at in pairs.into_iter().skip(1).rev() {
        let two = pieces.remove(at + 1);
        let mut one = pieces.remove(at);
        (one.found.said, one.found.others, one.found.next) = (Said::Impossible, vec![], two.found.next);
        dropped.push(one);
    }
}

/// "8/14/20" is three hours, or a day of a year that has gone, which is something only where it comes every year: elsewhere it is told.
pub(super) fn rows_of_hours(sentence: &Sentence, pieces: &mut Vec<Piece>, dropped: &mut Vec<Piece>) {
    let is_row = |piece: &Piece| {
        let word = sentence.tokens.get(piece.found.next.saturating_sub(1)).map(|token| token.word.as_str()).unwrap_or_default();
        matches!(piece.found.said, Said::Date(_)) && is_row_of_hours(word, sentence.here.now.date())
    };
    let yearly = |piece: &Piece| matches!(&piece.found.said, Said::Series(rule, _) if rule.frequency == Frequency::Yearly);
    if pieces.iter().any(yearly) {
        return;
    }
    while let Some(at) = pieces.iter().position(is_row) {
        let mut piece = pieces.remove(at);
        (piece.found.said, piece.found.others) = (Said::Impossible, vec![]);
        dropped.push(piece);
    }
}
