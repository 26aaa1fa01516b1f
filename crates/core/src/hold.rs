//! Operations that wait for a person: removals, because too many at once look like an accident, and what a list's first sync cannot know.

use std::collections::{BTreeMap, BTreeSet};

use crate::drill::{self, Flaw};
use crate::fingerprint::Fingerprint;
use crate::id::{ListId, ReminderId};
use crate::list::Direction;
use crate::marker::Slot;
use crate::plan::{ListFacts, Op, Operation, Reason};

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
    // A date that a rule does not have any more is none either: a series that Outlook holds as one event is shortened unasked too.
    let by_hand = matches!(
        operation.reason,
        Reason::SaidRemoved | Reason::ListLeaves | Reason::Moved | Reason::Undone | Reason::LeftOver | Reason::InParts | Reason::DateGone
    );
    match operation.op {
        // Helpers come and go with their reminders.
        _ if matches!(operation.key.slot, Slot::Alarm(_)) => false,
        Op::Dismiss => !by_hand,
        Op::Delete => direction == Direction::Source && !by_hand,
        _ => false,
    }
}

/// What a person is asked about a whole list. Each is one question, however many reminders it is about.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Question {
    /// Its first sync met events of its own: are the other reminders new, or removed elsewhere?
    FirstSync,
    /// Is it one that another computer keeps in Outlook under another name?
    SameList,
    /// Its calendar vanished: is it to be made anew?
    Vanished,
    /// It is to be kept in Outlook for the first time: is the plan right?
    Start,
    /// Its source names so much less than before: is that right?
    Shrunk,
    /// Outlook holds events of it that its source does not name: are they to go?
    LeftOver,
}

impl Question {
    const ALL: [Self; 6] = [Self::FirstSync, Self::SameList, Self::Vanished, Self::Start, Self::Shrunk, Self::LeftOver];

    /// The name of its set of operations. Stored: never renamed.
    #[must_use]
    pub fn name(self, list: ListId) -> Fingerprint {
        let word = match self {
            Self::FirstSync => "first sync",
            Self::SameList => "same list",
            Self::Vanished => "vanished",
            Self::Start => "start",
            Self::Shrunk => "shrunk",
            Self::LeftOver => "left over",
        };
        Fingerprint::of_bytes(format!("{word};{list}").as_bytes())
    }

    /// The question that a held set of a list is, if it is one.
    #[must_use]
    pub fn of(list: ListId, name: &Fingerprint) -> Option<Self> {
        Self::ALL.into_iter().find(|question| name.0.starts_with(&question.name(list).0))
    }
}

/// The name of the question whether a source rightly does not name these any more: a yes is one to them.
#[must_use]
pub fn name_of_shrunk(list: ListId, gone: &BTreeSet<ReminderId>) -> Fingerprint {
    let gone: Vec<String> = gone.iter().map(ToString::to_string).collect();
    Fingerprint(format!("{};{}", Question::Shrunk.name(list), Fingerprint::of_bytes(gone.join("\n").as_bytes())))
}

/// The name of a set of left overs: a yes is one to these, and to no others that are found later.
fn name_of_left_over(list: ListId, operations: &[&Operation]) -> Fingerprint {
    Fingerprint(format!("{};{}", Question::LeftOver.name(list), name_of(operations)))
}

/// The name of a set of removals: the same set has the same name in the next run, so that an answer is kept for it.
#[must_use]
pub fn name_of(operations: &[&Operation]) -> Fingerprint {
    let lines: BTreeSet<String> =
        operations.iter().map(|o| format!("{:?};{};{};{}", o.op, o.key.list, o.key.reminder, o.key.slot)).collect();
    Fingerprint::of_bytes(lines.into_iter().collect::<Vec<_>>().join("\n").as_bytes())
}

/// Marks the operations of each list that have to wait.
pub fn hold(operations: &mut [Operation], lists: &BTreeMap<ListId, ListFacts>) {
    for (list, facts) in lists {
        mark(operations, *list, &Question::FirstSync.name(*list), |operation| operation.reason == Reason::NewOrRemoved);
        let is_open = |question: Question| !facts.confirmed.contains(&question.name(*list));
        if facts.resembles && is_open(Question::SameList) {
            mark(operations, *list, &Question::SameList.name(*list), |operation| operation.op == Op::Create);
        }
        let name = name_of(&unasked_removals(operations, *list, facts.direction));
        if has_to_wait(operations, *list, facts) && !facts.confirmed.contains(&name) && !drill::has(Flaw::NoHold) {
            mark(operations, *list, &name, |operation| is_unasked_removal(operation, facts.direction));
        }
        let left_over = left_over(operations, *list).map(|left_over| name_of_left_over(*list, &left_over));
        if let Some(name) = left_over.filter(|name| !facts.confirmed.contains(name)) {
            mark(operations, *list, &name, |operation| operation.reason == Reason::LeftOver);
        }
        if facts.unstarted && is_open(Question::Start) {
            mark(operations, *list, &Question::Start.name(*list), |_| true);
        }
    }
}

/// Whether the removals of a list look like an accident. What the run has removed before counts with what is left; what waited once waits until it is answered,
/// however many events were made since.
fn has_to_wait(operations: &[Operation], list: ListId, facts: &ListFacts) -> bool {
    let removals = unasked_removals(operations, list, facts.direction);
    // That its source shrank was asked about already, and said to be right.
    let is_shrunk = |name: &Fingerprint| Question::of(list, name) == Some(Question::Shrunk);
    let is_answered = facts.confirmed.iter().any(is_shrunk) && removals.iter().all(|operation| operation.op == Op::Delete);
    let removals = if is_answered { 0 } else { removals.len() };
    removals > 0 && (facts.waits || is_suspicious(removals + facts.removed, facts.linked, facts.direction))
}

/// The sets of removals of a list in a plan, whether they wait or not.
#[must_use]
pub fn removals_of(operations: &[Operation], list: ListId, direction: Direction) -> Vec<Fingerprint> {
    let removals = unasked_removals(operations, list, direction);
    let removals = (!removals.is_empty()).then(|| name_of(&removals));
    let left_over = left_over(operations, list).map(|left_over| name_of_left_over(list, &left_over));
    removals.into_iter().chain(left_over).collect()
}

fn left_over(operations: &[Operation], list: ListId) -> Option<Vec<&Operation>> {
    let all: Vec<&Operation> =
        operations.iter().filter(|operation| operation.key.list == list && operation.reason == Reason::LeftOver).collect();
    (!all.is_empty()).then_some(all)
}

fn unasked_removals(operations: &[Operation], list: ListId, direction: Direction) -> Vec<&Operation> {
    operations.iter().filter(|operation| operation.key.list == list && is_unasked_removal(operation, direction)).collect()
}

fn mark(operations: &mut [Operation], list: ListId, name: &Fingerprint, waits: impl Fn(&Operation) -> bool) {
    for operation in operations.iter_mut().filter(|operation| operation.key.list == list && waits(operation)) {
        operation.held = Some(name.clone());
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
