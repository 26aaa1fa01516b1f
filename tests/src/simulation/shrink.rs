//! The smallest part of a history that still fails.

use super::{Ground, History, play};

/// Leaves out steps, in ever smaller pieces, as long as what is left still fails.
#[must_use]
pub fn shrink(history: &History, ground: Ground) -> History {
    let mut small = history.clone();
    let mut piece = small.steps.len().max(2) / 2;
    while piece > 0 {
        let mut at = 0;
        while at < small.steps.len() {
            let mut fewer = small.clone();
            fewer.steps.drain(at..(at + piece).min(fewer.steps.len()));
            if play(&fewer, ground).is_err() {
                small = fewer;
            } else {
                at += piece;
            }
        }
        piece /= 2;
    }
    small
}
