//! Removals that wait for a person, because too many at once look like an accident.

use std::collections::{BTreeMap, BTreeSet};

use crate::fingerprint::Fingerprint;
use crate::id::ListId;
use crate::list::Direction;
use crate::plan::{Op, Operation};

/// What the rule looks at for one list.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct HoldBase {
    /// Events that were linked before this run.
    pub linked: usize,
    /// Typed or sourced.
    pub direction: Direction,
    /// Sets that a person has confirmed for this list.
    pub confirmed: BTreeSet<Fingerprint>,
}

/// Whether so many removals out of so many linked events wait: more than 10 and more than a quarter; or at least 3 and at least half; or all that a sourced list has.
#[must_use]
pub fn is_suspicious(removals: usize, linked: usize, direction: Direction) -> bool {
    (removals > 10 && removals * 4 > linked)
        || (removals >= 3 && removals * 2 >= linked)
        || (direction == Direction::Source && removals > 0 && removals >= linked)
}

/// Whether an operation is a removal that nobody asked for by hand: an event gone in Outlook, or an item gone from its source.
#[must_use]
pub fn is_unasked_removal(operation: &Operation, direction: Direction) -> bool {
    match operation.op {
        Op::Dismiss => true,
        Op::Delete => direction == Direction::Source,
        _ => false,
    }
}

/// The name of a set of removals: the same set has the same name in the next run, so that an answer is kept for it.
#[must_use]
pub fn name_of(operations: &[&Operation]) -> Fingerprint {
    let lines: BTreeSet<String> =
        operations.iter().map(|o| format!("{:?};{};{};{}", o.op, o.key.list, o.key.reminder, o.key.slot)).collect();
    Fingerprint::of_bytes(lines.into_iter().collect::<Vec<_>>().join("\n").as_bytes())
}

/// Marks the operations of each list that have to wait.
pub fn hold(operations: &mut [Operation], bases: &BTreeMap<ListId, HoldBase>) {
    for (list, base) in bases {
        let of_list: Vec<&Operation> = operations.iter().filter(|o| o.key.list == *list && is_unasked_removal(o, base.direction)).collect();
        if !is_suspicious(of_list.len(), base.linked, base.direction) {
            continue;
        }
        let name = name_of(&of_list);
        if base.confirmed.contains(&name) {
            continue;
        }
        for operation in operations.iter_mut() {
            if operation.key.list == *list && is_unasked_removal(operation, base.direction) {
                operation.held = Some(name.clone());
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_three_rules() {
        for (removals, linked, direction, waits) in [
            (10, 20, Direction::Both, true),
            (10, 30, Direction::Both, false),
            (11, 40, Direction::Both, true),
            (11, 44, Direction::Both, false),
            (2, 3, Direction::Both, false),
            (3, 6, Direction::Both, true),
            (3, 7, Direction::Both, false),
            (1, 1, Direction::Both, false),
            (1, 1, Direction::Source, true),
            (1, 2, Direction::Source, false),
            (0, 0, Direction::Source, false),
        ] {
            assert_eq!(is_suspicious(removals, linked, direction), waits, "{removals} of {linked}");
        }
    }
}
