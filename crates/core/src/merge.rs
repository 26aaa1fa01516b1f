//! Field by field: who changed what since the agreement, and which side each field is taken from.

use chrono::{DateTime, Utc};

use crate::dates::{self, MergedDates};
use crate::drill::{self, Flaw};
use crate::event::RemoteEvent;
use crate::expand::can_expand;
use crate::link::Link;
use crate::list::Direction;
use crate::marker::Key;
use crate::projection::{Field, Fields, Projection, notes_and_link};
use crate::recurrence::{Recurrence, is_given};
use crate::reminder::{Kept, Lead, Reminder, nearest};
use crate::rule::Rule;
use crate::when::When;

/// A field that both sides changed to different values, and who won.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Conflict {
    /// The field.
    pub field: Field,
    /// Whether Outlook's value was taken.
    pub outlook_won: bool,
}

/// What is to be done with each field.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Merge {
    /// Taken from Outlook into the reminder.
    pub pull: Fields,
    /// Written to Outlook.
    pub write: Fields,
    /// Taken from Outlook as a kept field.
    pub keep: Fields,
    /// To be written, but not now: refused before, or the source was not read whole. Their agreement stays as it was.
    pub withheld: Fields,
    /// True conflicts, settled.
    pub conflicts: Vec<Conflict>,
    /// What becomes of single dates, where [`Field::Occurrences`] moves.
    pub dates: MergedDates,
}

/// What makes a series, and is of no use apart.
const SERIES: [Field; 2] = [Field::Times, Field::Rule];

impl Merge {
    /// Everything that the event says, into a reminder that knows nothing yet.
    #[must_use]
    pub fn all() -> Self {
        Self { pull: Field::ALL.into(), ..Self::default() }
    }

    /// Puts into the reminder what comes from its event.
    pub fn take_over(&self, reminder: &mut Reminder, event: &Projection) {
        let occurrences = self.dates.here.clone().unwrap_or_else(|| event.occurrences.clone());
        pull(reminder, &Projection { occurrences, ..event.clone() }, &self.pull);
        keep(reminder, event, &self.keep);
        if self.keep.contains(&Field::Occurrences) {
            reminder.kept.cancelled.extend(&self.dates.kept);
        }
    }

    fn with_dates(mut self, dates: MergedDates) -> Self {
        let moves = [(dates.here.is_some(), &mut self.pull), (dates.tells, &mut self.write), (!dates.kept.is_empty(), &mut self.keep)];
        for (is_so, fields) in moves {
            if is_so {
                insert(fields, Field::Occurrences);
            }
        }
        self.conflicts.extend(dates.conflicts.iter().copied());
        Self { dates, ..self }
    }

    /// Whether no field moves.
    #[must_use]
    pub fn is_empty(&self) -> bool {
        self.pull.is_empty() && self.write.is_empty() && self.keep.is_empty()
    }

    /// Fields in which a person's edit in Outlook loses.
    #[must_use]
    pub fn overruled(&self) -> Fields {
        self.conflicts.iter().filter(|conflict| !conflict.outlook_won).map(|conflict| conflict.field).collect()
    }

    /// The same where nothing can be kept over the source, as for the event of a single date: it is put back.
    #[must_use]
    pub fn without_kept(mut self) -> Self {
        self.write.append(&mut self.keep);
        self
    }

    /// The same without its writes of these fields.
    #[must_use]
    pub fn withhold_these(mut self, fields: &Fields) -> Self {
        let (withheld, write): (Fields, Fields) = std::mem::take(&mut self.write).into_iter().partition(|field| fields.contains(field));
        self.write = write;
        self.withheld.extend(withheld);
        self
    }

    /// Outlook parted the series: what it says of the rule is how its first part ends, and no edit of the rule here goes on beyond that. One that moved it past that end is none of the
    /// first part's either. Nothing where Outlook did not change the rule.
    #[must_use]
    pub fn parted_in_outlook(mut self, local: &Projection, event: &Projection) -> Self {
        let of_rule = |conflict: &&mut Conflict| conflict.field == Field::Rule;
        if let Some(conflict) = self.conflicts.iter_mut().find(of_rule) {
            conflict.outlook_won = true;
            self.write.remove(&Field::Rule);
            self.pull.insert(Field::Rule);
        }
        if self.is_torn(local, event) {
            self.settle_series(true);
        }
        self
    }

    /// Whether the start is taken from one side and the rule from the other, and they have no date together, or none on the start.
    fn is_torn(&self, local: &Projection, event: &Projection) -> bool {
        let (mine, theirs) = ((&local.when, &local.rule), (&event.when, &event.rule));
        let of = |fields: &Fields| SERIES.map(|field| fields.contains(&field));
        let mixed = match (of(&self.pull), of(&self.write)) {
            ([true, false], [_, true]) => (theirs.0, mine),
            ([false, true], [true, _]) => (mine.0, theirs),
            _ => return false,
        };
        let moved = mixed.1.1.clone().map(|rule| Recurrence::of(rule).moved(mixed.1.0, mixed.0).rule);
        let is_sound =
            |(when, rule): (&When, &Option<Rule>)| rule.as_ref().is_none_or(|rule| !can_expand(rule) || is_given(rule, when, when));
        !is_sound((mixed.0, &moved)) && is_sound(mine) && is_sound(theirs)
    }

    /// One side has both, start and rule.
    fn settle_series(&mut self, outlook_won: bool) {
        let (to, from) = if outlook_won { (&mut self.pull, &mut self.write) } else { (&mut self.write, &mut self.pull) };
        for field in SERIES {
            if from.remove(&field) {
                self.conflicts.retain(|conflict| conflict.field != field);
                self.conflicts.push(Conflict { field, outlook_won });
            }
            to.insert(field);
        }
    }

    /// The merge with the event of a date: what the date says as its series does, nobody said of it here. That the series was edited disputes nothing that was said of the date in Outlook.
    #[must_use]
    pub fn of_date(mut self, local: &Projection, series: &Projection) -> Self {
        let (undisputed, conflicts): (Vec<Conflict>, Vec<Conflict>) =
            self.conflicts.into_iter().partition(|conflict| local.same(series, conflict.field));
        for Conflict { field, .. } in undisputed {
            self.write.remove(&field);
            self.pull.insert(field);
        }
        self.conflicts = conflicts;
        self
    }

    /// The same without its writes.
    #[must_use]
    pub fn withhold(mut self) -> Self {
        self.withheld.append(&mut self.write);
        self
    }
}

/// The three-way merge with a base on each side.
///
/// A true conflict goes to the later change; equal times go to Outlook, where people look.
#[must_use]
pub fn merge(local: &Projection, changed_at: DateTime<Utc>, base: &Base, event: &RemoteEvent, direction: Direction) -> Merge {
    let mut out = Merge::default();
    if drill::has(Flaw::NoFieldMerge) && !base.edited(event).is_empty() {
        return Merge { pull: Field::ALL.into(), ..out };
    }
    for field in Field::ALL.into_iter().filter(|field| *field != Field::Occurrences) {
        let ours = !local.same(&base.local, field);
        let theirs = !event.projection.means_same(&base.remote, field);
        match (ours, theirs, direction) {
            (false, false, _) => {}
            (true, false, _) => insert(&mut out.write, field),
            (_, true, _) if local.means_same(&event.projection, field) => {}
            (_, true, Direction::Source) if field.is_kept() => insert(&mut out.keep, field),
            (_, true, Direction::Source) => insert(&mut out.write, field),
            (false, true, Direction::Both) => insert(&mut out.pull, field),
            (true, true, Direction::Both) => {
                let outlook_won = event.modified_at >= changed_at;
                out.conflicts.push(Conflict { field, outlook_won });
                insert(if outlook_won { &mut out.pull } else { &mut out.write }, field);
            }
        }
    }
    if out.is_torn(local, &event.projection) {
        out.settle_series(event.modified_at >= changed_at);
    }
    let is_series = if out.pull.contains(&Field::Rule) { event.projection.rule.is_some() } else { local.rule.is_some() };
    if !is_series {
        return out;
    }
    let outlook_moves = out.pull.contains(&Field::Times) || out.pull.contains(&Field::Rule);
    let dates = dates::merge(local, changed_at, base, &event.projection, event.modified_at, direction, outlook_moves);
    out.with_dates(dates)
}

/// The merge without a base: another computer's event, or our database was lost. Equal fields agree; else Outlook's value is taken for typed lists,
/// and the table's rule for sourced ones.
#[must_use]
pub fn merge_without_base(local: &Projection, event: &RemoteEvent, direction: Direction) -> Merge {
    let mut out = Merge::default();
    let differing = local.diff_in_meaning(&event.projection);
    for field in differing.iter().copied().filter(|field| *field != Field::Occurrences) {
        match direction {
            Direction::Both => insert(&mut out.pull, field),
            Direction::Source if field.is_kept() => insert(&mut out.keep, field),
            Direction::Source => insert(&mut out.write, field),
        }
    }
    if differing.contains(&Field::Occurrences) {
        out.with_dates(dates::merge_without_base(local, &event.projection, direction))
    } else {
        out
    }
}

fn insert(fields: &mut Fields, field: Field) {
    fields.insert(field);
}

/// The agreed tree, both halves.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Base {
    /// What we last sent.
    pub local: Projection,
    /// What the server made of it.
    pub remote: Projection,
}

impl Base {
    /// Fields of the event that were edited in Outlook since.
    #[must_use]
    pub fn edited(&self, event: &RemoteEvent) -> Fields {
        event.projection.diff_in_meaning(&self.remote)
    }

    /// The base of a link as seen against the event that is there now.
    ///
    /// After a kill between sending and recording, `sending` is still set. A field that equals it arrived: it is agreed. A field that equals the old agreement
    /// did not arrive and stays ours. Anything else is the person's edit, judged against what was there before.
    #[must_use]
    pub fn of(link: &Link, event: &RemoteEvent) -> Option<Self> {
        let Some(sending) = &link.sending else {
            return Some(Self { local: link.agreed_local.clone()?, remote: link.agreed_remote.clone()? });
        };
        let mut base = Self {
            local: link.agreed_local.clone().unwrap_or_else(|| sending.clone()),
            remote: link.agreed_remote.clone().unwrap_or_else(|| sending.clone()),
        };
        for field in Field::ALL.into_iter().filter(|field| event.projection.means_same(sending, *field)) {
            base.local.take(sending, field);
            base.remote.take(&event.projection, field);
        }
        let agreed = link.agreed_local.as_ref().zip(link.agreed_remote.as_ref());
        dates::recovered(&mut base, agreed, sending, &event.projection);
        Some(base)
    }
}

/// A reminder that is made from an event: all that the event says.
#[must_use]
pub fn made_from(key: &Key, event: &Projection, created_at: DateTime<Utc>, changed_at: DateTime<Utc>) -> Reminder {
    let mut reminder = Reminder {
        id: key.reminder,
        list: key.list,
        title: String::new(),
        notes: String::new(),
        when: event.when,
        length: event.length,
        recurrence: None,
        alarms: vec![],
        category: None,
        show_as: event.show_as,
        private: false,
        link: None,
        done: false,
        created_at,
        changed_at,
        uid: None,
        kept: Kept::default(),
        other: vec![],
    };
    Merge::all().take_over(&mut reminder, event);
    reminder
}

/// Puts fields of an event into a reminder. Start and rule belong together: where only one of them comes, the rule follows the start.
pub fn pull(reminder: &mut Reminder, event: &Projection, fields: &Fields) {
    let before = reminder.when;
    for field in fields {
        match field {
            Field::Title => reminder.title.clone_from(&event.title),
            Field::Body => (reminder.notes, reminder.link) = notes_and_link(&event.body),
            Field::Times => pull_times(reminder, event),
            Field::Rule => pull_rule(reminder, event),
            // Last, when the series is as it is to be.
            Field::Occurrences => {}
            Field::Alarm => {
                pull_alarm(&mut reminder.alarms, event.alarm);
                // Who lets it ring again is not done with it.
                reminder.done &= event.alarm.is_none();
            }
            Field::Category => reminder.category.clone_from(&event.category),
            Field::ShowAs => reminder.show_as = event.show_as,
            Field::Private => reminder.private = event.private,
        }
    }
    bring_series(reminder, &before, &event.when, fields);
    if fields.contains(&Field::Occurrences) {
        dates::pull(reminder, &event.occurrences);
    }
}

/// The series follows what was taken over: `was` is the start that it had, `theirs` the one that its rule came with.
pub(crate) fn bring_series(reminder: &mut Reminder, was: &When, theirs: &When, taken: &Fields) {
    let when = reminder.when;
    reminder.recurrence = reminder.recurrence.take().map(|series| match (taken.contains(&Field::Times), taken.contains(&Field::Rule)) {
        (true, false) => series.moved(was, &when),
        (false, true) => series.moved(theirs, &when),
        (true, true) => series.refitted(&when),
        (false, false) => series,
    });
}

/// Puts fields of an event into the person's own choices over a source.
pub fn keep(reminder: &mut Reminder, event: &Projection, fields: &Fields) {
    for field in fields {
        match field {
            Field::Alarm => {
                let mut alarms = reminder.effective_alarms().to_vec();
                pull_alarm(&mut alarms, event.alarm);
                reminder.kept.alarms = Some(alarms);
            }
            Field::Category => reminder.kept.category = Some(event.category.clone()),
            Field::ShowAs => reminder.kept.show_as = Some(event.show_as),
            Field::Private => reminder.kept.private = Some(event.private),
            Field::Title | Field::Body | Field::Times | Field::Rule | Field::Occurrences => {}
        }
    }
    reminder.drop_idle_choices();
}

/// The zone stays the person's own where Outlook's shows the same clock.
fn pull_times(reminder: &mut Reminder, event: &Projection) {
    reminder.when = match (reminder.when, event.when) {
        (When::At { zone: ours, .. }, When::At { local, zone: theirs }) if ours.agrees_with(theirs, local) => {
            When::At { local, zone: ours }
        }
        _ => event.when,
    };
    reminder.length = event.length;
}

fn pull_rule(reminder: &mut Reminder, event: &Projection) {
    reminder.recurrence = match (&event.rule, reminder.recurrence.take()) {
        (None, _) => None,
        (Some(rule), None) => Some(Recurrence::of(rule.clone())),
        (Some(rule), Some(series)) => Some(Recurrence { rule: rule.clone(), ..series }),
    };
}

/// Outlook holds the alarm nearest the start. Moving it leaves the others; taking it off means that the person wants none.
pub(crate) fn pull_alarm(alarms: &mut Vec<Lead>, alarm: Option<u32>) {
    match alarm.and_then(|lead| Lead::try_from(lead).ok()) {
        None if nearest(alarms).is_none() => {}
        None => alarms.clear(),
        Some(lead) => {
            alarms.sort_unstable();
            // The one that moved goes; those after the start are none of Outlook's.
            let held = nearest(alarms);
            alarms.retain(|other| *other < 0 || (u32::try_from(*other).ok() != held && *other > lead));
            alarms.push(lead);
            alarms.sort_unstable();
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_moved_alarm_stays_the_nearest_one() {
        for (before, remote, after) in [
            (vec![15, 60], Some(30), vec![30, 60]),
            (vec![15, 60], Some(90), vec![90]),
            (vec![15, 60], Some(5), vec![5, 60]),
            (vec![], Some(5), vec![5]),
            (vec![15, 60], None, vec![]),
            (vec![-30, 15, 60], Some(5), vec![-30, 5, 60]),
            (vec![-30], Some(5), vec![-30, 5]),
            (vec![-30], None, vec![-30]),
        ] {
            let mut alarms = before.clone();
            pull_alarm(&mut alarms, remote);
            assert_eq!(alarms, after, "{before:?} {remote:?}");
        }
    }
}
