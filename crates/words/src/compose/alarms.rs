//! Alarms that follow from words beside them: "Remind me at 5pm to".

use super::{Piece, minutes};
use crate::grammar::{Found, Said};
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
