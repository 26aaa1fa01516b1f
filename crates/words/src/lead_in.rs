//! "Remind me to", "Erinnere mich daran,": words in front that only say what all reminders do. They are understood, and no part of the title.

use crate::sentence::{Cursor, Sentence};
use crate::vocabulary::Sense;

/// The most words that tie what is to be done to the front: "set a reminder for tomorrow to", "erinnere mich daran, dass".
const MOST_TIES: usize = 2;

/// The tokens of such words, as rows from a first to the one behind a last. `piece` says what is behind the phrase that begins at a token.
pub fn lead_in(sentence: &Sentence, piece: impl Fn(usize) -> Option<usize>) -> Vec<(usize, usize)> {
    let behind = |mut at: usize| {
        while let Some(next) = piece(at) {
            at = next;
        }
        at
    };
    let from = behind(0);
    let mut cursor = sentence.cursor(from);
    if !cursor.eat(Sense::Bid) {
        return vec![];
    }
    let mut at = cursor.at;
    let mut rows = vec![(from, at)];
    // "Remind me: tea" and "remind me tomorrow: tea" need no other word.
    let mut is_tied = at > from && sentence.tokens.get(at - 1).is_some_and(|token| token.stop) || piece(at).is_some();
    for _ in 0..MOST_TIES {
        at = behind(at);
        let Some(next) = tie(sentence.cursor(at)) else { break };
        is_tied = true;
        match rows.last_mut().filter(|(_, behind)| *behind == at) {
            Some((_, behind)) => *behind = next,
            None => rows.push((at, next)),
        }
        at = next;
    }
    let is_left = (at..sentence.tokens.len()).any(|at| piece(at).is_none() && !in_piece(at, &piece));
    if is_tied && is_left { rows } else { vec![] }
}

fn tie(mut cursor: Cursor<'_>) -> Option<usize> {
    cursor.need(Sense::Tie)?;
    Some(cursor.at)
}

/// Whether a phrase that begins before a token reaches over it.
fn in_piece(at: usize, piece: &impl Fn(usize) -> Option<usize>) -> bool {
    (0..at).any(|before| piece(before).is_some_and(|next| next > at))
}
