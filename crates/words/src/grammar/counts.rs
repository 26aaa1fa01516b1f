//! How often a series comes: "10 times", "10x".

use std::num::NonZeroU32;

use super::repeats::repeat;
use super::{Found, Said, found};
use crate::sentence::{Cursor, small};
use crate::vocabulary::{Sense, Unit};

/// "For 10 times" anywhere, and "10x" before weekdays. Elsewhere "10x" counts things, or how often in a day.
pub fn count(mut cursor: Cursor<'_>) -> Option<Found> {
    let led = cursor.skip(&[Sense::For]);
    let (count, _, behind) = so_many(cursor)?;
    let before_days = || {
        let days = repeat(behind.over());
        days.is_some_and(|days| matches!(days.said, Said::Series(rule, _) if !rule.by_day.is_empty()))
    };
    (led || before_days()).then(|| found([Said::Count(count)], behind))?
}

/// "10 times" and "10x" right behind a repeat rule. In "every morning 20x squats" it may be either, and is told.
pub fn behind_rule(cursor: Cursor<'_>) -> Option<Found> {
    let (count, by_sign, behind) = so_many(cursor)?;
    // "Every day 2 x 30 min workout"
    let is_free = behind.is_free() && small(behind.word()).is_none();
    // "Täglich fünfmal" may be so often in each of them.
    let in_each = cursor.word().ends_with("mal")
        && by_sign
        && cursor
            .at
            .checked_sub(1)
            .is_some_and(|at| cursor.sentence.cursor(at).pick(|sense| matches!(sense, Sense::Often(_, 1)).then_some(())).is_some());
    found([if by_sign && !is_free || in_each { Said::Impossible } else { Said::Count(count) }], behind)
}

/// "Ends after 5 times" behind a repeat rule. "Ends after 5" may be an hour, and is told; "after 5 weeks" is how long it goes on.
pub fn ends_after(mut cursor: Cursor<'_>) -> Option<Found> {
    cursor.need(Sense::EndsAfter)?;
    if let Some((count, _, behind)) = so_many(cursor) {
        return found([Said::Count(count)], behind);
    }
    let count = cursor.number()?;
    let unit = cursor.pick(|sense| if let Sense::Unit(unit) = sense { Some(unit) } else { None });
    let said = match unit {
        Some(unit @ (Unit::Day | Unit::Week)) => Said::Lasting(count.checked_mul(unit.minutes()?)?),
        Some(Unit::Month) => Said::Months(count),
        Some(Unit::Year) => Said::Months(count.checked_mul(12)?),
        Some(Unit::Minute | Unit::Hour) | None => Said::Impossible,
    };
    found([said], cursor)
}

/// The number, and whether a sign says that it is one.
fn so_many(mut cursor: Cursor<'_>) -> Option<(NonZeroU32, bool, Cursor<'_>)> {
    let word = cursor.word();
    let joined = word.strip_suffix(['x', '×']).or_else(|| word.strip_prefix(['x', '×'])).and_then(small);
    if let Some(count) = joined {
        cursor.step(1);
        return Some((NonZeroU32::new(count)?, true, cursor));
    }
    // "10mal", "zehnmal"
    let digits = cursor.word().strip_suffix("mal").map(|number| number.trim_end_matches('-')).and_then(small);
    if let Some(count) = digits {
        cursor.step(1);
        return Some((NonZeroU32::new(count)?, true, cursor));
    }
    if let Some(count) = cursor.pick(|sense| if let Sense::Fold(count) = sense { Some(count) } else { None }) {
        return Some((NonZeroU32::new(count)?, true, cursor));
    }
    let count = cursor.number()?;
    let by_sign = matches!(cursor.word(), "x" | "×");
    cursor.need(Sense::Times)?;
    Some((NonZeroU32::new(count)?, by_sign, cursor))
}
