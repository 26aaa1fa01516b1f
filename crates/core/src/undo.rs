//! Taking a journaled change back: a three-way step per field between what was before, what it became and what is there now. Later edits win and are named.

use serde::{Deserialize, Serialize};

use crate::id::ListId;
use crate::link::LinkState;
use crate::list::Direction;
use crate::marker::Slot;
use crate::merge::{self, Merge};
use crate::plan::Op;
use crate::projection::{Field, Fields, Projection};
use crate::recurrence::Recurrence;
use crate::reminder::Reminder;
use crate::slots;

/// One side of a journaled change: a reminder for what happened here, an event for what was written to Outlook.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(untagged)]
pub enum Snapshot {
    /// Here.
    Reminder(Box<Reminder>),
    /// In Outlook.
    Event(Box<Projection>),
}

/// A change as the journal has it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Change {
    /// What was done.
    pub op: Op,
    /// What was there.
    pub before: Option<Snapshot>,
    /// What was there afterwards.
    pub after: Option<Snapshot>,
    /// The event was made in another place, or again: the reminder had one before.
    pub is_again: bool,
    /// The event was one that no source named and no computer knew: nothing but this entry remembers it.
    pub is_left_over: bool,
}

impl Change {
    /// Which fields it changed.
    #[must_use]
    pub fn fields(&self) -> Fields {
        let sides = self.before.as_ref().zip(self.after.as_ref());
        sides.map(|(before, after)| differing(before, after)).unwrap_or_default()
    }

    /// What it changed, field by field: the word for the field, what was there and what came.
    #[must_use]
    pub fn in_words(&self) -> Vec<(&'static str, String, String)> {
        let (Some(before), Some(after)) = (&self.before, &self.after) else { return vec![] };
        let (old, new) = (projected(before), projected(after));
        let changed = differing(before, after).into_iter();
        let words = |field| match (field, before, after) {
            (Field::Alarm, Snapshot::Reminder(before), Snapshot::Reminder(after)) => (alarms(before), alarms(after)),
            (Field::Occurrences, Snapshot::Reminder(before), Snapshot::Reminder(after)) => {
                (dates::in_words(before), dates::in_words(after))
            }
            _ => (old.in_words(field), new.in_words(field)),
        };
        // That something is done is said by the reason; its alarm is in the same words as before.
        let told = changed.map(|field| (field, words(field))).filter(|(_, (old, new))| old != new);
        told.map(|(field, (old, new))| (field.word(), old, new)).collect()
    }

    /// The list that the reminder left, and the one that it is in since.
    #[must_use]
    pub fn lists(&self) -> Option<(ListId, ListId)> {
        match (&self.before, &self.after) {
            (Some(Snapshot::Reminder(before)), Some(Snapshot::Reminder(after))) if before.list != after.list => {
                Some((before.list, after.list))
            }
            _ => None,
        }
    }
}

/// Fields in which two sides differ.
fn differing(before: &Snapshot, after: &Snapshot) -> Fields {
    Field::ALL.into_iter().filter(|field| !same(before, after, *field)).collect()
}

/// All of them: an event holds one.
fn alarms(reminder: &Reminder) -> String {
    let leads = reminder.effective_alarms().iter().map(|lead| format!("{lead} min"));
    leads.collect::<Vec<_>>().join(", ")
}

/// How things stand now.
#[derive(Debug, Clone, Copy)]
pub struct Now<'a> {
    /// The reminder.
    pub reminder: Option<&'a Reminder>,
    /// The state of its event.
    pub link: Option<LinkState>,
    /// Which way edits travel in its list; `None` when the list is gone.
    pub direction: Option<Direction>,
    /// Which of its events was changed.
    pub slot: &'a Slot,
    /// Whether its list is kept in Outlook.
    pub is_kept: bool,
}

/// What taking a change back comes to.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Step {
    /// The reminder gets back what it was.
    PutBack {
        /// As it is to be.
        reminder: Box<Reminder>,
        /// Fields that were put back.
        back: Fields,
        /// Fields that were changed since, or come from a source: they stay.
        stay: Fields,
    },
    /// The reminder was removed and is there again.
    MakeAgain(Snapshot),
    /// The event was left over from a list that follows something: there it would be left over again, so it becomes a typed reminder.
    TakeIn(Snapshot),
    /// The reminder gets an event again.
    Restore,
    /// Its event goes, the reminder stays without one.
    Dismiss,
    /// What an undo made again goes.
    Remove,
    /// It is left as it is.
    Leave(Left),
}

/// Why a change is not taken back.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize)]
#[serde(rename_all = "snake_case")]
pub enum Left {
    /// Which events belong to which reminders is no change of theirs.
    Bookkeeping,
    /// It was changed again since.
    ChangedSince,
    /// It is gone, or its list is.
    Gone,
    /// It is so already.
    AlreadySo,
    /// It comes from a source, which is right.
    FromSource,
    /// Its event went as its list left Outlook; the reminder is here.
    ListLeft,
}

impl Left {
    const ALL: [Self; 6] = [Self::Bookkeeping, Self::ChangedSince, Self::Gone, Self::AlreadySo, Self::FromSource, Self::ListLeft];

    fn words(self) -> &'static str {
        match self {
            Self::Bookkeeping => "only where its event is, or which event is its own, was changed",
            Self::ChangedSince => "it was changed again since",
            Self::Gone => "it is gone since, or its list is",
            Self::AlreadySo => "nothing of it is left to take back",
            Self::FromSource => "it comes from its source, which has the last word",
            Self::ListLeft => "it is on this computer, and has an event again once its list is kept in Outlook",
        }
    }

    /// The one that is said with these words: the `undo` document has the words.
    #[must_use]
    pub fn of_words(words: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|left| left.words() == words)
    }
}

impl std::fmt::Display for Left {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str(self.words())
    }
}

/// What a change began with, but for the fields that another change moved: those are in it as they ended.
#[must_use]
pub fn without(before: &Snapshot, after: &Snapshot, other: (&Snapshot, &Snapshot)) -> Snapshot {
    let (Snapshot::Reminder(from), Snapshot::Reminder(to)) = (before, after) else { return before.clone() };
    let mut left = (**from).clone();
    differing(other.0, other.1).into_iter().for_each(|field| take(&mut left, to, field));
    Snapshot::Reminder(Box::new(left))
}

/// What is to be done to take a change back.
#[must_use]
pub fn step(change: &Change, now: Now<'_>) -> Step {
    let Some(direction) = now.direction else { return Step::Leave(Left::Gone) };
    match (change.op, &change.before, &change.after) {
        (Op::Create, None, Some(Snapshot::Event(_))) if change.is_again => Step::Leave(Left::Bookkeeping),
        (Op::Create, None, Some(Snapshot::Event(_))) => take_out(now),
        (Op::Create, None, Some(Snapshot::Reminder(_))) if now.reminder.is_some() => Step::Remove,
        (Op::Restore, None, Some(Snapshot::Reminder(_))) => match (now.reminder, now.link) {
            // Not in Outlook yet.
            (Some(_), None | Some(LinkState::Creating)) if *now.slot == Slot::Main => Step::Dismiss,
            _ => take_out(now),
        },
        (Op::Delete, Some(before), None) if now.reminder.is_none() => match direction {
            Direction::Both => Step::MakeAgain(before.clone()),
            Direction::Source if change.is_left_over => Step::TakeIn(before.clone()),
            Direction::Source => Step::Leave(Left::FromSource),
        },
        (Op::Delete, ..) if !now.is_kept => Step::Leave(Left::ListLeft),
        (Op::Delete | Op::Create, ..) => Step::Leave(Left::AlreadySo),
        (Op::Dismiss, ..) => match (now.reminder, now.link) {
            (None, _) => Step::Leave(Left::Gone),
            (Some(_), Some(LinkState::Dismissed | LinkState::Undone)) => Step::Restore,
            (Some(_), _) => Step::Leave(Left::AlreadySo),
        },
        (Op::Update | Op::Merge | Op::Pull | Op::Keep | Op::Restore | Op::Relink, Some(before), Some(after)) if !is_bookkeeping(change) => {
            match now.reminder {
                None => Step::Leave(Left::Gone),
                Some(reminder) if *now.slot != Slot::Main => put_back_date(before, after, reminder, now),
                Some(reminder) => put_back(before, after, reminder, direction),
            }
        }
        _ => Step::Leave(Left::Bookkeeping),
    }
}

/// Which event is whose was found out, and nothing that a person sees has changed.
fn is_bookkeeping(change: &Change) -> bool {
    change.op == Op::Relink && change.in_words().is_empty()
}

/// The event that a sync made goes.
fn take_out(now: Now<'_>) -> Step {
    match (now.reminder, now.link) {
        (None, _) => Step::Leave(Left::Gone),
        (Some(_), Some(LinkState::Linked)) => Step::Dismiss,
        (Some(_), _) => Step::Leave(Left::AlreadySo),
    }
}

fn put_back(before: &Snapshot, after: &Snapshot, now: &Reminder, direction: Direction) -> Step {
    let changed = differing(before, after);
    // What was written into an event of a sourced reminder came from its source, unless an edit here is known.
    let is_ours = matches!(before, Snapshot::Reminder(_));
    let may_move = |field: &Field| direction == Direction::Both || (is_ours && field.is_kept()) || is_own_choice(before, after, *field);
    let list = list_before(before, after, now);
    if !changed.is_empty() && !changed.iter().any(may_move) {
        return Step::Leave(Left::FromSource);
    }
    let (mut back, mut stay): (Fields, Fields) =
        changed.into_iter().partition(|field| may_move(field) && holds(before, after, now, *field));
    if back.contains(&Field::Occurrences) && dates::some_changed_since(before, after, now) {
        stay.insert(Field::Occurrences);
    }
    let mut reminder = put_back_fields(before, after, now, &back, direction);
    // A date that was changed since may be none of the series as it was: then the series stays.
    if loses_a_date(now, after, &reminder) {
        for field in [Field::Times, Field::Rule].into_iter().filter(|field| back.remove(field)).collect::<Vec<_>>() {
            stay.insert(field);
        }
        reminder = put_back_fields(before, after, now, &back, direction);
    }
    if back.is_empty() && list.is_none() {
        return Step::Leave(if stay.is_empty() { Left::AlreadySo } else { Left::ChangedSince });
    }
    reminder.list = list.unwrap_or(reminder.list);
    Step::PutBack { reminder: Box::new(reminder), back, stay }
}

/// The list that it was moved out of, if it is still where it was moved to.
fn list_before(before: &Snapshot, after: &Snapshot, now: &Reminder) -> Option<ListId> {
    let (Snapshot::Reminder(before), Snapshot::Reminder(after)) = (before, after) else { return None };
    (before.list != after.list && now.list == after.list).then_some(before.list)
}

/// A date that a person left out over its source, or that is done.
fn is_own_choice(before: &Snapshot, after: &Snapshot, field: Field) -> bool {
    let (Snapshot::Reminder(before), Snapshot::Reminder(after)) = (before, after) else { return false };
    field == Field::Occurrences && (before.kept.cancelled != after.kept.cancelled || dates::done(before) != dates::done(after))
}

fn put_back_fields(before: &Snapshot, after: &Snapshot, now: &Reminder, back: &Fields, direction: Direction) -> Reminder {
    let mut reminder = now.clone();
    match before {
        Snapshot::Reminder(before) => take_fields(&mut reminder, before, after, back),
        Snapshot::Event(before) if direction == Direction::Both => {
            forget_written_alarm(&mut reminder, &projected(after), back);
            merge::pull(&mut reminder, before, back);
        }
        Snapshot::Event(_) => {}
    }
    reminder
}

/// Whether something that was said of a single date after the change would go with it.
fn loses_a_date(now: &Reminder, after: &Snapshot, to: &Reminder) -> bool {
    let Snapshot::Reminder(after) = after else { return false };
    let (now, after, to) = (dates::spoken_of(now), dates::spoken_of(after), dates::spoken_of(to));
    now.iter().any(|day| !after.contains(day) && !to.contains(day))
}

/// Takes fields over. Start and rule belong together: what is said of single dates, and what the rule says only because of the start, follows.
fn take_fields(into: &mut Reminder, from: &Reminder, after: &Snapshot, fields: &Fields) {
    let was = into.when;
    let is_series = fields.contains(&Field::Times) || fields.contains(&Field::Rule);
    for field in fields {
        match (field, after) {
            (Field::Occurrences, Snapshot::Reminder(after)) if !is_series => dates::put_back(into, from, after),
            _ => take(into, from, *field),
        }
    }
    merge::bring_series(into, &was, &from.when, fields);
}

/// What was changed in the event of one date is put back for that date.
fn put_back_date(before: &Snapshot, after: &Snapshot, now: &Reminder, of: Now<'_>) -> Step {
    if of.direction != Some(Direction::Both) {
        return Step::Leave(Left::FromSource);
    }
    if matches!(of.slot, Slot::Alarm(_)) {
        return Step::Leave(Left::Bookkeeping);
    }
    let on_date = |snapshot: &Snapshot| match snapshot {
        Snapshot::Reminder(reminder) => date_of(reminder, of.slot),
        Snapshot::Event(event) => Some((**event).clone()),
    };
    let (Some(before), Some(after), Some(current)) = (on_date(before), on_date(after), date_of(now, of.slot)) else {
        return Step::Leave(Left::Gone);
    };
    let changed = before.diff_in_meaning(&after).into_iter().filter(|field| !matches!(field, Field::Rule | Field::Occurrences));
    let (back, stay): (Fields, Fields) = changed.partition(|field| current.means_same(&after, *field));
    if back.is_empty() {
        return Step::Leave(if stay.is_empty() { Left::AlreadySo } else { Left::ChangedSince });
    }
    let mut reminder = now.clone();
    slots::take_over(&mut reminder, of.slot, &before, &Merge { pull: back.clone(), ..Merge::default() });
    Step::PutBack { reminder: Box::new(reminder), back, stay }
}

/// The alarm that was written goes, or it would count as one more beside the one that comes back.
fn forget_written_alarm(reminder: &mut Reminder, written: &Projection, back: &Fields) {
    if let (true, Some(written)) = (back.contains(&Field::Alarm), written.alarm) {
        reminder.alarms.retain(|alarm| u32::try_from(*alarm).ok() != Some(written));
    }
}

fn date_of(reminder: &Reminder, slot: &Slot) -> Option<Projection> {
    slots::projection_of(reminder, slot, matches!(slot, Slot::Part(_)))
}

fn same(before: &Snapshot, after: &Snapshot, field: Field) -> bool {
    match (before, after) {
        (Snapshot::Reminder(before), Snapshot::Reminder(after)) => equal(before, after, field),
        (before, after) => projected(before).means_same(&projected(after), field),
    }
}

/// Whether the reminder still says what the change made it say; of its dates, whether one of those that were changed does.
fn holds(before: &Snapshot, after: &Snapshot, now: &Reminder, field: Field) -> bool {
    match (before, after) {
        (Snapshot::Reminder(before), Snapshot::Reminder(after)) if field == Field::Occurrences => {
            equal(after, now, field) || dates::some_as_changed(before, after, now)
        }
        (_, Snapshot::Reminder(after)) => equal(after, now, field),
        (_, Snapshot::Event(after)) => Projection::of(now).means_same(after, field),
    }
}

fn projected(snapshot: &Snapshot) -> Projection {
    match snapshot {
        Snapshot::Reminder(reminder) => Projection::of(reminder),
        Snapshot::Event(event) => (**event).clone(),
    }
}

fn equal(a: &Reminder, b: &Reminder, field: Field) -> bool {
    match field {
        Field::Title => a.title == b.title,
        Field::Body => a.notes == b.notes && a.link == b.link,
        Field::Times => a.when == b.when && a.length == b.length,
        Field::Rule => {
            let rule = |one: &Reminder| one.recurrence.as_ref().map(|series| (series.rule.clone(), series.extra.clone()));
            rule(a) == rule(b)
        }
        Field::Occurrences => {
            let dates = |one: &Reminder| one.recurrence.clone().map(|series| (series.cancelled, series.changed)).unwrap_or_default();
            dates(a) == dates(b) && a.kept.cancelled == b.kept.cancelled
        }
        // What is done does not ring.
        Field::Alarm => a.alarms == b.alarms && a.kept.alarms == b.kept.alarms && (a.done, a.kept.done) == (b.done, b.kept.done),
        Field::Category => a.category == b.category && a.kept.category == b.kept.category,
        Field::ShowAs => a.show_as == b.show_as && a.kept.show_as == b.kept.show_as,
        Field::Private => a.private == b.private && a.kept.private == b.kept.private,
    }
}

fn take(into: &mut Reminder, from: &Reminder, field: Field) {
    match field {
        Field::Title => into.title.clone_from(&from.title),
        Field::Body => (into.notes, into.link) = (from.notes.clone(), from.link.clone()),
        Field::Times => (into.when, into.length) = (from.when, from.length),
        Field::Rule => {
            into.recurrence = match (from.recurrence.clone(), into.recurrence.take()) {
                (Some(from), Some(now)) => Some(Recurrence { rule: from.rule, extra: from.extra, ..now }),
                (from, _) => from,
            };
        }
        Field::Occurrences => {
            if let (Some(into), Some(from)) = (into.recurrence.as_mut(), from.recurrence.as_ref()) {
                (into.cancelled, into.changed) = (from.cancelled.clone(), from.changed.clone());
            }
            into.kept.cancelled.clone_from(&from.kept.cancelled);
        }
        Field::Alarm => {
            (into.alarms, into.kept.alarms) = (from.alarms.clone(), from.kept.alarms.clone());
            (into.done, into.kept.done) = (from.done, from.kept.done);
        }
        Field::Category => (into.category, into.kept.category) = (from.category.clone(), from.kept.category.clone()),
        Field::ShowAs => (into.show_as, into.kept.show_as) = (from.show_as, from.kept.show_as),
        Field::Private => (into.private, into.kept.private) = (from.private, from.kept.private),
    }
}

mod dates;
#[cfg(test)]
mod tests;
