//! Single dates of a series: changed and cancelled occurrences as both sides say them, and what becomes of edits on either side.
//!
//! A series has at most one occurrence a day, so a date names one, whatever the series' time of day and zone are by now. All comparing goes by date; a map is brought into the
//! frame of the side that it is for.

use std::collections::{BTreeMap, BTreeSet};

use chrono::{DateTime, NaiveDate, NaiveDateTime, Utc};

use crate::expand::{can_expand, starts};
use crate::list::Direction;
use crate::merge::{Base, Conflict, pull_alarm};
use crate::projection::{Field, OccurrenceProjection, Projection, body_of, notes_and_link};
use crate::recurrence::{ChangedOccurrence, Recurrence, carried, is_given};
use crate::reminder::{Lead, Reminder, nearest};
use crate::when::{Length, When};

/// Occurrences that differ from their series, by original start.
pub type Dates = BTreeMap<When, OccurrenceProjection>;

/// Fields that one occurrence can have of its own.
const OWN: [Field; 7] = [Field::Title, Field::Body, Field::Times, Field::Alarm, Field::Category, Field::ShowAs, Field::Private];

/// What the event of a series is to say about single dates. One that says what its series says is none.
pub(crate) fn of(reminder: &Reminder, series: &Recurrence, main: &Projection) -> Dates {
    // The person's own choice is about a day; the source may have moved the hour since. A date beside the rule has an hour of its own.
    let kept = reminder
        .kept
        .cancelled
        .iter()
        .map(|original| if series.extra.contains(original) { *original } else { carried(original, &reminder.when) });
    let cancelled: Vec<When> = series.cancelled.iter().copied().chain(kept).collect();
    // Files leave out dates that there are none of.
    let given = given(series, &reminder.when, cancelled.iter().map(When::local).max());
    let is_date = |original: &When| !can_expand(&series.rule) || given.contains(&original.local());
    let mut all: Dates = cancelled.into_iter().filter(is_date).map(|original| (original, OccurrenceProjection::Cancelled)).collect();
    for (original, changed) in &series.changed {
        let own = changed.projection(original, reminder, main);
        if changed.apart {
            all.insert(*original, OccurrenceProjection::Cancelled);
        } else if own != main.on(original) {
            all.entry(*original).or_insert(OccurrenceProjection::Changed(Box::new(own)));
        }
    }
    all
}

/// Wall times that a rule gives, up to the last that is asked about.
fn given(series: &Recurrence, start: &When, last: Option<NaiveDateTime>) -> BTreeSet<NaiveDateTime> {
    last.map(|last| starts(&series.rule, start, last).collect()).unwrap_or_default()
}

impl ChangedOccurrence {
    /// The event of this date, where `main` is that of its series.
    #[must_use]
    pub fn projection(&self, original: &When, reminder: &Reminder, main: &Projection) -> Projection {
        let when = self.when.unwrap_or(*original);
        // A date with an hour in a series of whole days is not a day long.
        let is_its_kind = |length: &Length| matches!(length, Length::Days(_)) == when.is_all_day();
        let length = Some(self.length.unwrap_or(main.length)).filter(is_its_kind).unwrap_or_else(|| Length::default_for(&when));
        Projection {
            title: self.title.clone().unwrap_or_else(|| main.title.clone()),
            body: self.body(reminder).unwrap_or_else(|| main.body.clone()),
            when,
            length,
            alarm: if self.done { None } else { self.alarms.as_ref().map_or(main.alarm, |alarms| nearest(alarms)) },
            category: self.category.clone().unwrap_or_else(|| main.category.clone()),
            show_as: self.show_as.unwrap_or(main.show_as),
            private: self.private.unwrap_or(main.private),
            ..main.on(original)
        }
    }

    /// The text of its event, if it has notes or a link of its own.
    fn body(&self, reminder: &Reminder) -> Option<String> {
        let link = self.link.as_ref().unwrap_or(&reminder.link).as_deref();
        let own = self.notes.is_some() || self.link.is_some();
        own.then(|| body_of(self.notes.as_deref().unwrap_or(&reminder.notes), link))
    }

    /// What an event of this date says otherwise than its series, which has these alarms. What no event shows (that it is done, further alarms) stays as it was.
    #[must_use]
    pub fn between(main: &Projection, original: &When, own: &Projection, was: Option<&Self>, of_series: &[Lead]) -> Self {
        let series = main.on(original);
        let differs = |field: Field| !own.means_same(&series, field);
        let ((notes, link), (of_all, link_of_all)) = (notes_and_link(&own.body), notes_and_link(&main.body));
        // One that means the same is spelled otherwise, and nobody said anything.
        let has_own = differs(Field::Body);
        let kept_alarms = was.filter(|was| was.done || was.alarms.as_ref().is_some_and(|all| nearest(all) == own.alarm));
        Self {
            title: differs(Field::Title).then(|| own.title.clone()),
            notes: (has_own && notes != of_all).then_some(notes),
            when: (differs(Field::Times) && own.when != *original).then_some(own.when),
            length: (own.length != series.length).then_some(own.length),
            alarms: match kept_alarms {
                Some(was) if was.done == own.alarm.is_none() || !was.done => was.alarms.clone(),
                // Of several alarms Outlook has moved the one that it holds.
                _ => differs(Field::Alarm).then(|| {
                    let mut alarms = was.and_then(|was| was.alarms.clone()).unwrap_or_else(|| of_series.to_vec());
                    pull_alarm(&mut alarms, own.alarm);
                    alarms
                }),
            },
            category: differs(Field::Category).then(|| own.category.clone()),
            show_as: differs(Field::ShowAs).then_some(own.show_as),
            private: differs(Field::Private).then_some(own.private),
            link: (has_own && link != link_of_all).then_some(link),
            done: was.is_some_and(|was| was.done && own.alarm.is_none()),
            apart: was.is_some_and(|was| was.apart),
        }
    }
}

/// Puts the dates of an event into a reminder, which has the event's times and rule already.
pub(crate) fn pull(reminder: &mut Reminder, dates: &Dates) {
    let Some(mut series) = reminder.recurrence.take() else { return };
    let kept: BTreeSet<NaiveDate> = reminder.kept.cancelled.iter().map(When::date).collect();
    let was = std::mem::take(&mut series.changed);
    series.cancelled.clear();
    reminder.recurrence = Some(series.clone());
    let main = Projection { occurrences: Dates::new(), ..Projection::of(reminder) };
    let alarms = reminder.effective_alarms().to_vec();
    // What the rule does not give is no date of the series.
    let mut dates = in_frame(dates, &reminder.when);
    dates.retain(|original, _| !can_expand(&series.rule) || is_given(&series.rule, &reminder.when, original));
    for (original, date) in &dates {
        match date {
            OccurrenceProjection::Cancelled if was.get(original).is_some_and(|was| was.apart) => {}
            OccurrenceProjection::Cancelled if kept.contains(&original.date()) => {}
            OccurrenceProjection::Cancelled => drop(series.cancelled.insert(*original)),
            OccurrenceProjection::Changed(own) => {
                let changed = ChangedOccurrence::between(&main, original, own, was.get(original), &alarms);
                series.changed.insert(*original, ChangedOccurrence { apart: false, ..changed });
            }
        }
    }
    // What is done, or an event of its own, shows nowhere among them.
    for (original, was) in was {
        // Where the series in Outlook has the date again, as it does when somebody moves all of it there, it is an event of its own no more.
        let is_out = matches!(dates.get(&original), Some(OccurrenceProjection::Cancelled));
        if was.apart && is_out {
            series.changed.insert(original, was);
        } else if was.apart {
            // What its series says by now as well nobody says of the date alone.
            let own = was.projection(&original, reminder, &main);
            let said = ChangedOccurrence::between(&main, &original, &own, Some(&was), &alarms).said();
            series.changed.extend(said.filter(|_| !dates.contains_key(&original)).map(|own| (original, own)));
        } else if was.done && !dates.contains_key(&original) && main.alarm.is_none() {
            series.changed.entry(original).or_insert(ChangedOccurrence { done: true, ..ChangedOccurrence::default() });
        }
    }
    reminder.recurrence = Some(series);
}

/// So many single dates are named, for people.
const NAMED: usize = 4;

/// What is said of single dates: the first few, and how many more.
pub(crate) fn in_words(dates: &Dates) -> String {
    let is_out = |date: &OccurrenceProjection| matches!(date, OccurrenceProjection::Cancelled);
    days_in_words(dates.iter().map(|(original, date)| (original.date(), is_out(date))))
}

/// Days, and whether each is left out.
pub(crate) fn days_in_words(days: impl Iterator<Item = (NaiveDate, bool)>) -> String {
    let mut words: Vec<String> = days.map(|(day, is_out)| format!("{day} {}", if is_out { "left out" } else { "changed" })).collect();
    let more = words.len().saturating_sub(NAMED);
    words.truncate(NAMED);
    words.extend((more > 0).then(|| format!("{more} more")));
    words.join(", ")
}

/// The same dates in a series that starts at `frame`.
#[must_use]
pub fn in_frame(dates: &Dates, frame: &When) -> Dates {
    dates.iter().map(|(original, date)| (carried(original, frame), date.clone())).collect()
}

/// Whether two states of a date say the same.
#[must_use]
pub fn same(one: Option<&OccurrenceProjection>, other: Option<&OccurrenceProjection>) -> bool {
    match (one, other) {
        (Some(OccurrenceProjection::Changed(one)), Some(OccurrenceProjection::Changed(other))) => one.diff_in_meaning(other).is_empty(),
        (one, other) => one == other,
    }
}

pub(crate) fn mean_same(one: &Projection, other: &Projection) -> bool {
    let theirs = in_frame(&other.occurrences, &one.when);
    let ours = in_frame(&one.occurrences, &one.when);
    ours.len() == theirs.len() && ours.iter().all(|(original, date)| same(Some(date), theirs.get(original)))
}

/// What becomes of single dates.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct MergedDates {
    /// All of them as the reminder is to have them, where that is news to it.
    pub here: Option<Dates>,
    /// Whether the event has to be told any.
    pub tells: bool,
    /// Cancelled in Outlook by the person, and kept over the source.
    pub kept: BTreeSet<When>,
    /// True conflicts, settled.
    pub conflicts: Vec<Conflict>,
}

/// The three-way merge of single dates. `outlook_moves`: the start or rule of the series is taken from Outlook.
#[must_use]
pub fn merge(
    local: &Projection,
    changed_at: DateTime<Utc>,
    base: &Base,
    event: &Projection,
    modified_at: DateTime<Utc>,
    direction: Direction,
    outlook_moves: bool,
) -> MergedDates {
    let frame = if outlook_moves { event.when } else { local.when };
    let map = |projection: &Projection| in_frame(&projection.occurrences, &frame);
    let (ours, agreed, theirs, agreed_there) = (map(local), map(&base.local), map(event), map(&base.remote));
    let mut out = MergedDates::default();
    let mut here = Dates::new();
    let keys: BTreeSet<When> = ours.keys().chain(theirs.keys()).chain(agreed.keys()).chain(agreed_there.keys()).copied().collect();
    // What the rule does not give any more is no date of the series.
    let rule = if outlook_moves { &event.rule } else { &local.rule };
    let is_date = |key: &When| rule.as_ref().is_none_or(|rule| !can_expand(rule) || is_given(rule, &frame, key));
    // What was said here of a date that Outlook's rule does not give any more has lost, and is told so.
    let is_lost = |key: &When| outlook_moves && !is_date(key) && !same(ours.get(key), agreed.get(key));
    out.conflicts.extend(keys.iter().any(is_lost).then_some(Conflict { field: Field::Occurrences, outlook_won: true }));
    for key in keys.into_iter().filter(is_date) {
        let (l, r) = (ours.get(&key), theirs.get(&key));
        let edited_here = !same(l, agreed.get(&key));
        let edited_there = !same(r, agreed_there.get(&key));
        let target = match (edited_here, edited_there, direction) {
            // What both say is no choice of anybody's over the other.
            _ if same(l, r) => l.cloned(),
            (false, false, _) => l.cloned(),
            (_, true, Direction::Source) if r == Some(&OccurrenceProjection::Cancelled) => {
                out.kept.insert(key);
                r.cloned()
            }
            // What the series says otherwise by now goes for this date too, but for what was edited of it.
            (false, true, Direction::Both) => {
                Sides { local, base, event, key, outlook_won: true }.merged(l, r, agreed.get(&key), agreed_there.get(&key)).0
            }
            (true, true, Direction::Both) => {
                let outlook_won = modified_at >= changed_at;
                let sides = Sides { local, base, event, key, outlook_won };
                let (merged, is_disputed) = sides.merged(l, r, agreed.get(&key), agreed_there.get(&key));
                // Different fields of one date are no conflict.
                out.conflicts.extend(is_disputed.then_some(Conflict { field: Field::Occurrences, outlook_won }));
                merged
            }
            _ => l.cloned(),
        };
        out.tells |= (edited_here || edited_there) && !same(target.as_ref(), r);
        if let Some(target) = target {
            here.insert(key, target);
        }
    }
    // A series that moved takes its dates along by itself, as far as they still fit.
    let is_news =
        here.len() != ours.keys().filter(|key| is_date(key)).count() || here.iter().any(|(key, date)| !same(Some(date), ours.get(key)));
    out.here = (is_news && direction == Direction::Both).then_some(here);
    out
}

/// Without a base: Outlook's dates are taken for typed lists; a source's are right, but for what the person cancelled.
#[must_use]
pub fn merge_without_base(local: &Projection, event: &Projection, direction: Direction) -> MergedDates {
    let theirs = in_frame(&event.occurrences, &local.when);
    match direction {
        Direction::Both => MergedDates { here: Some(theirs), ..MergedDates::default() },
        Direction::Source => {
            let is_new = |key: &When| local.occurrences.get(key) != Some(&OccurrenceProjection::Cancelled);
            let cancelled = theirs.iter().filter(|(key, date)| **date == OccurrenceProjection::Cancelled && is_new(key));
            let kept: BTreeSet<When> = cancelled.map(|(key, _)| *key).collect();
            let tells = local.occurrences.iter().any(|(key, date)| !same(Some(date), theirs.get(key)))
                || theirs.keys().any(|key| !kept.contains(key) && !local.occurrences.contains_key(key));
            MergedDates { tells, kept, ..MergedDates::default() }
        }
    }
}

/// Both sides changed one date to different things.
struct Sides<'a> {
    local: &'a Projection,
    base: &'a Base,
    event: &'a Projection,
    key: When,
    outlook_won: bool,
}

impl Sides<'_> {
    /// The date, and whether both sides say different things of one field of it.
    fn merged(
        &self,
        ours: Option<&OccurrenceProjection>,
        theirs: Option<&OccurrenceProjection>,
        agreed: Option<&OccurrenceProjection>,
        agreed_there: Option<&OccurrenceProjection>,
    ) -> (Option<OccurrenceProjection>, bool) {
        // Each series has the date at its own hour.
        let on = |series: &Projection| series.on(&carried(&self.key, &series.when));
        let whole = |date: Option<&OccurrenceProjection>, series: &Projection| match date {
            None => Some(on(series)),
            Some(OccurrenceProjection::Changed(own)) => Some((**own).clone()),
            Some(OccurrenceProjection::Cancelled) => None,
        };
        let (Some(mut merged), Some(theirs_whole)) = (whole(ours, self.local), whole(theirs, self.event)) else {
            // Cancelled on one side, changed on the other: one of them has it.
            return (if self.outlook_won { theirs.cloned() } else { ours.cloned() }, true);
        };
        let base_here = whole(agreed, &self.base.local).unwrap_or_else(|| on(&self.base.local));
        let base_there = whole(agreed_there, &self.base.remote).unwrap_or_else(|| on(&self.base.remote));
        let mut is_disputed = false;
        for field in OWN {
            let edited_here = !merged.same(&base_here, field);
            let edited_there = !theirs_whole.means_same(&base_there, field);
            is_disputed |= edited_here && edited_there && !merged.means_same(&theirs_whole, field);
            if edited_there && (!edited_here || self.outlook_won) {
                merged.take(&theirs_whole, field);
            }
        }
        let differs = merged != self.local.on(&self.key);
        (differs.then(|| OccurrenceProjection::Changed(Box::new(merged))), is_disputed)
    }
}

/// The base of single dates after a sending that was never answered, or not in full: what is as it was sent is agreed; what is as it was before did not arrive; where the start
/// or the rule was sent, what is missing was wiped by the server and is still ours to write.
pub(crate) fn recovered(base: &mut Base, agreed: Option<(&Projection, &Projection)>, sending: &Projection, event: &Projection) {
    let frame = sending.when;
    let empty = Dates::new();
    let sent = in_frame(&sending.occurrences, &frame);
    let there = in_frame(&event.occurrences, &frame);
    let before = |projection: Option<&Projection>| in_frame(projection.map_or(&empty, |projection| &projection.occurrences), &frame);
    let (here_before, there_before) = (before(agreed.map(|(local, _)| local)), before(agreed.map(|(_, remote)| remote)));
    let moves = agreed.is_none_or(|(local, _)| !local.same(sending, Field::Times) || !local.same(sending, Field::Rule));
    let (mut here, mut remote) = (Dates::new(), Dates::new());
    let mut put = |key: When, ours: Option<&OccurrenceProjection>, theirs: Option<&OccurrenceProjection>| {
        here.extend(ours.map(|date| (key, date.clone())));
        remote.extend(theirs.map(|date| (key, date.clone())));
    };
    let keys: BTreeSet<When> = sent.keys().chain(there.keys()).chain(here_before.keys()).chain(there_before.keys()).copied().collect();
    for key in keys {
        let (wanted, now) = (sent.get(&key), there.get(&key));
        if same(wanted, now) {
            put(key, wanted, now);
        } else if now.is_none() && moves && !same(now, there_before.get(&key)) {
            put(key, None, None);
        } else {
            put(key, here_before.get(&key), there_before.get(&key));
        }
    }
    (base.local.occurrences, base.remote.occurrences) = (here, remote);
}

#[cfg(test)]
mod tests;
