//! Alarms that follow from words beside them: "Remind me at 5pm to", "alert 10 min, 1 day".

use super::{Piece, minutes};
use crate::grammar::{Found, Said, is_side};
use crate::lead_in::lead_in;
use crate::sentence::Sentence;
use crate::vocabulary::Sense;

/// "Remind me to" in front of the rest is understood. Says whether a time stands in it: then that is when somebody wants to be reminded.
pub(super) fn bid(sentence: &Sentence, pieces: &mut Vec<Piece>) -> bool {
    let next_of = |at: usize| pieces.iter().find(|piece| piece.from == at && piece.found.next > at).map(|piece| piece.found.next);
    let rows = lead_in(sentence, next_of);
    let behind = rows.last().map_or(0, |(_, next)| *next);
    // "Set a reminder for 5pm" may be of something at five.
    let asks = rows.first().is_some_and(|(from, next)| (*from..*next).any(|at| sentence.cursor(at).eat(Sense::Asks)));
    let is_time = |said: &Said| minutes(said).is_some() || matches!(said, Said::Moment(_) | Said::Part(..));
    let at_time = asks && pieces.iter().any(|piece| piece.from < behind && is_time(&piece.found.said));
    pieces.extend(rows.into_iter().map(|(from, next)| Piece {
        from,
        found: Found { said: Said::Bid, others: vec![], next },
        stays: false,
    }));
    pieces.sort_by_key(|piece| piece.from);
    at_time
}

/// Whether a comma or "and" parts the token from an alarm right before it.
pub(super) fn is_behind_alarm(sentence: &Sentence, last: Option<&Piece>, at: usize) -> bool {
    let is_alarm = |said: &Said| matches!(said, Said::Lead(_) | Said::LeadMonths(_) | Said::DaysBefore(..) | Said::AtStart);
    let Some(next) = last.filter(|last| is_alarm(&last.found.said)).map(|last| last.found.next) else { return false };
    let comma = next == at && at.checked_sub(1).and_then(|at| sentence.tokens.get(at)).is_some_and(|token| token.stop);
    comma || next + 1 == at && sentence.cursor(next).eat(Sense::And)
}

/// Whether a comma or "and" parts the token from alarms before it that a word like "alarm" leads and none like "before" ends.
pub(super) fn is_alarm_listed(sentence: &Sentence, pieces: &[Piece], at: usize) -> bool {
    let mut at = at;
    for piece in pieces.iter().rev().take(6) {
        let next = piece.found.next;
        let Some(last) = next.checked_sub(1).filter(|_| matches!(piece.found.said, Said::Lead(_))) else { return false };
        let comma = next == at && sentence.tokens.get(last).is_some_and(|token| token.stop);
        let joined = comma || next + 1 == at && sentence.cursor(next).eat(Sense::And);
        let is_over = sentence.cursor(last).pick(|sense| is_side(sense).then_some(())).is_some();
        if !joined || is_over {
            return false;
        }
        if sentence.cursor(piece.from).eat(Sense::Alarm) {
            return true;
        }
        at = piece.from;
    }
    false
}
