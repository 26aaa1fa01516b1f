//! `RANGE=THISANDFUTURE` (RFC 5545 section 3.2.13): an override of one date and all after it ends the series there and begins another.

use std::collections::BTreeMap;

use belfry_core::rule::{End, Rule};
use belfry_core::{Recurrence, Reminder, ReminderId, When, expand};
use chrono::{NaiveDateTime, TimeDelta};

use crate::component::FIRST_ONLY;
use crate::item::Item;
use crate::moment::in_zone_of;
use crate::problem::ItemProblem;
use crate::shifted::{self, end_at, far, until};
use crate::{Contents, ReadInto, SetAside};

/// The most overrides of all later dates that one series is divided by.
pub const MOST_CUTS: usize = 100;
/// How many dates are compared before a rule counts as giving the same dates as another; of one that repeats within a day as many days.
const COMPARED: usize = 400;
/// Times of a day at most in what is compared.
const MOST_TIMES: usize = 24;

/// Part of a series between two overrides of all later dates.
pub struct Stretch {
    /// Original start of its first date; nothing for the first stretch.
    pub from: Option<When>,
    pub line: usize,
    /// Nothing when the later dates were cancelled.
    pub reminder: Option<Reminder>,
    /// By how much its dates differ from those of the original series.
    shift: TimeDelta,
}

impl Stretch {
    /// A series that nothing divides.
    pub fn whole(line: usize, reminder: Reminder) -> Self {
        Self { from: None, line, reminder: Some(reminder), shift: TimeDelta::zero() }
    }

    /// Where this stretch has the date that the original series puts at `original`.
    pub fn moved(&self, original: When) -> When {
        let Some(reminder) = &self.reminder else { return original };
        reminder.when.at_local(shifted(original.local(), self.shift))
    }
}

/// Divides a series; stretches come in order. An override that no rule can express is set aside and divides nothing.
pub fn divide(whole: Stretch, later: Vec<(When, Item)>, into: &ReadInto, contents: &mut Contents) -> Vec<Stretch> {
    let Some(master) = whole.reminder.clone().filter(|_| !later.is_empty()) else { return vec![whole] };
    let mut cuts: BTreeMap<When, Item> = later.into_iter().collect();
    let Some(original) = Original::of(&master) else {
        contents.set_aside.extend(cuts.into_values().map(|item| refused(&item, ItemProblem::TooOften)));
        return vec![whole];
    };
    let mut room = MOST_CUTS;
    cuts.retain(|at, item| {
        let why_not = if room == 0 {
            Some(ItemProblem::TooManyParts)
        } else {
            (!item.cancelled && !original.tail_moves(at, item)).then_some(ItemProblem::ThisAndFuture)
        };
        room = room.saturating_sub(1);
        contents.set_aside.extend(why_not.clone().map(|reason| refused(item, reason)));
        why_not.is_none()
    });
    let starts: Vec<When> = cuts.keys().copied().collect();
    let mut stretches = Vec::new();
    stretches.extend(original.head(starts.first().copied()).map(|reminder| Stretch { reminder: Some(reminder), ..whole }));
    for (number, (at, item)) in cuts.into_iter().enumerate() {
        let window = Window { from: at, before: starts.get(number + 1).copied() };
        stretches.push(original.stretch(item, &window, stretches.is_empty(), into));
    }
    stretches
}

fn refused(item: &Item, reason: ItemProblem) -> SetAside {
    SetAside { line: item.line, reason, raw: item.title.clone() }
}

/// Dates from one start, up to another or for good.
struct Window {
    from: When,
    before: Option<When>,
}

impl Window {
    fn holds(&self, at: &When) -> bool {
        *at >= self.from && self.before.is_none_or(|before| *at < before)
    }
}

/// The series as its own item has it.
struct Original<'a> {
    master: &'a Reminder,
    series: &'a Recurrence,
}

impl<'a> Original<'a> {
    fn of(master: &'a Reminder) -> Option<Self> {
        let series = master.recurrence.as_ref().filter(|series| expand::is_expanded(&series.rule, &master.when))?;
        Some(Self { master, series })
    }

    fn ruled_before(&self, before: &When) -> Vec<NaiveDateTime> {
        expand::starts(&self.series.rule, &self.master.when, before.local()).take_while(|at| *at < before.local()).collect()
    }

    /// Starts that the rule gives within a window; without end only as many as are compared.
    fn ruled(&self, window: &Window) -> Vec<NaiveDateTime> {
        let is_endless = window.before.is_none() && self.series.rule.end == End::Never;
        let last = window.before.map_or(far(), |before| before.local());
        let starts = expand::starts(&self.series.rule, &self.master.when, last).skip_while(|at| *at < window.from.local());
        let within = starts.take_while(|at| window.before.is_none_or(|before| *at < before.local()));
        let compared = if expand::can_expand(&self.series.rule) { COMPARED } else { COMPARED * MOST_TIMES };
        if is_endless { within.take(compared).collect() } else { within.collect() }
    }

    /// What is left of the series before the first override; nothing when that is no date at all.
    fn head(&self, before: Option<When>) -> Option<Reminder> {
        let Some(before) = before else { return Some(self.master.clone()) };
        let ruled = self.ruled_before(&before);
        let mut series = self.series.clone();
        series.cancelled.retain(|at| *at < before);
        series.extra.retain(|at| *at < before);
        series.changed.retain(|at, _| *at < before);
        match ruled.last() {
            Some(last) => series.rule.end = end_at(&self.series.rule, &self.master.when, ruled.len(), *last),
            None if series.extra.is_empty() => return None,
            None => series.rule = first_only()?,
        }
        Some(Reminder { recurrence: Some(series), ..self.master.clone() })
    }

    /// Whether the dates from `at` on can be moved as the item wants.
    fn tail_moves(&self, at: &When, item: &Item) -> bool {
        let window = Window { from: *at, before: None };
        let start = self.start_of(item);
        item.recurrence.is_some() || self.rule_for(&window, at, &start).is_some()
    }

    /// A zoned series stays in its zone when its override was written in UTC.
    fn start_of(&self, item: &Item) -> When {
        let is_utc = item.when.zone() == Some(belfry_core::Zone::UTC);
        if is_utc && !self.master.when.is_all_day() { in_zone_of(&self.master.when, item.when) } else { item.when }
    }

    /// The rule of a stretch that begins at `start`, and dates that no rule names.
    fn rule_for(&self, window: &Window, at: &When, start: &When) -> Option<(Rule, Vec<When>)> {
        let shift = start.local() - at.local();
        let ruled = self.ruled(window);
        let is_endless = window.before.is_none() && self.series.rule.end == End::Never;
        let expected: Vec<NaiveDateTime> = ruled.iter().map(|local| start.at_local(shifted(*local, shift)).local()).collect();
        if expected.is_empty() {
            return Some((first_only()?, vec![]));
        }
        if let Some(rule) = shifted::rule(&self.series.rule, at, start, &expected, is_endless) {
            return Some((rule, vec![]));
        }
        let is_listable = !is_endless && expected.len() <= COMPARED;
        let dates = expected.iter().map(|local| start.at_local(*local)).collect();
        is_listable.then(first_only).flatten().map(|rule| (rule, dates))
    }

    /// The stretch that an item begins. One with nothing before it stays the series itself.
    fn stretch(&self, item: Item, window: &Window, is_first: bool, into: &ReadInto) -> Stretch {
        let at = window.from;
        let start = self.start_of(&item);
        let shift = start.local() - at.local();
        let line = item.line;
        let mut stretch = Stretch { from: Some(at), line, reminder: None, shift };
        if item.cancelled {
            return stretch;
        }
        let moved = |at: &When| start.at_local(shifted(at.local(), shift));
        let mut series = match (&item.recurrence, self.rule_for(window, &at, &start)) {
            (Some(own), _) => own.clone(),
            (None, Some((rule, dates))) => Recurrence { extra: dates.into_iter().collect(), ..Recurrence::of(rule) },
            (None, None) => self.series.clone(),
        };
        if let (Some(_), Some(before)) = (&item.recurrence, window.before) {
            let last =
                expand::starts(&series.rule, &start, moved(&before).local()).take_while(|local| *local < moved(&before).local()).last();
            series.rule.end = last.map_or(series.rule.end, |last| End::Until(until(&start, last)));
        }
        series.cancelled.extend(self.series.cancelled.iter().filter(|at| window.holds(at)).map(moved));
        series.extra.extend(self.series.extra.iter().filter(|at| window.holds(at)).map(moved));
        // Dates that have a length of their own keep it.
        let own_lengths = self.series.changed.iter().filter(|(at, _)| window.holds(at));
        series.changed.extend(own_lengths.map(|(at, changed)| (moved(at), changed.clone())));
        let id = match &self.master.uid {
            Some(uid) if !is_first => ReminderId::of_uid_and_recurrence(into.list, uid, &at.to_string()),
            _ => self.master.id,
        };
        let says_alarms = item.alarms.is_some();
        let mut reminder = Item { when: start, recurrence: Some(series), ..item }.reminder(id, into);
        if !says_alarms {
            reminder.alarms.clone_from(&self.master.alarms);
        }
        stretch.reminder = Some(reminder);
        stretch
    }
}

fn first_only() -> Option<Rule> {
    FIRST_ONLY.parse().ok()
}

fn shifted(local: NaiveDateTime, shift: TimeDelta) -> NaiveDateTime {
    local.checked_add_signed(shift).unwrap_or(local)
}
