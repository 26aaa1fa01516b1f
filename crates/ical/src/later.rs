//! `RANGE=THISANDFUTURE` (RFC 5545 section 3.2.13): an override of one date and all after it ends the series there and begins another.

use std::collections::BTreeMap;
use std::num::NonZeroU32;

use belfry_core::rule::{End, Frequency, Rule, Until};
use belfry_core::{Recurrence, Reminder, ReminderId, When, expand};
use chrono::{NaiveDate, NaiveDateTime, TimeDelta, Weekday};

use crate::component::FIRST_ONLY;
use crate::item::{Item, Role};
use crate::moment::occurrence_of;
use crate::problem::ItemProblem;
use crate::{Contents, ReadInto, SetAside};

/// The most overrides of all later dates that one series is divided by.
const MOST_CUTS: usize = 100;
/// How many dates are compared before a rule counts as giving the same dates as another.
const COMPARED: usize = 400;

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
pub fn divide(whole: Stretch, later: Vec<Item>, into: &ReadInto, contents: &mut Contents) -> Vec<Stretch> {
    let Some(master) = whole.reminder.clone().filter(|_| !later.is_empty()) else { return vec![whole] };
    let mut cuts: BTreeMap<When, Item> = BTreeMap::new();
    for item in later {
        let Role::Later(original) = item.role else { continue };
        let line = item.line;
        if let Some(before) = cuts.insert(occurrence_of(&master.when, original), item) {
            contents.set_aside.push(SetAside { line: before.line.min(line), reason: ItemProblem::Replaced, raw: before.title });
        }
    }
    let Some(original) = Original::of(&master) else {
        contents.set_aside.extend(cuts.into_values().map(|item| refused(&item)));
        return vec![whole];
    };
    let mut room = MOST_CUTS + 1;
    cuts.retain(|at, item| {
        room = room.saturating_sub(1);
        let is_possible = room > 0 && (item.cancelled || original.tail_moves(at, item));
        if !is_possible {
            contents.set_aside.push(refused(item));
        }
        is_possible
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

fn refused(item: &Item) -> SetAside {
    SetAside { line: item.line, reason: ItemProblem::ThisAndFuture, raw: item.title.clone() }
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
        let series = master.recurrence.as_ref().filter(|series| expand::can_expand(&series.rule))?;
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
        if is_endless { within.take(COMPARED).collect() } else { within.collect() }
    }

    /// What is left of the series before the first override; nothing when that is no date at all.
    fn head(&self, before: Option<When>) -> Option<Reminder> {
        let Some(before) = before else { return Some(self.master.clone()) };
        let ruled = self.ruled_before(&before);
        let mut series = self.series.clone();
        series.cancelled.retain(|at| *at < before);
        series.extra.retain(|at| *at < before);
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
        if is_utc && !self.master.when.is_all_day() { occurrence_of(&self.master.when, item.when) } else { item.when }
    }

    /// The rule of a stretch that begins at `start`, and dates that no rule names.
    fn rule_for(&self, window: &Window, at: &When, start: &When) -> Option<(Rule, Vec<When>)> {
        let shift = start.local() - at.local();
        let ruled = self.ruled(window);
        let is_endless = window.before.is_none() && self.series.rule.end == End::Never;
        let expected: Vec<NaiveDateTime> = ruled.iter().map(|local| start.at_local(shifted(*local, shift)).local()).collect();
        let Some(last) = expected.last() else { return Some((first_only()?, vec![])) };
        let end = if is_endless { End::Never } else { end_at(&self.series.rule, start, expected.len(), *last) };
        let unmoved = Rule { end, ..self.series.rule.clone() };
        let followed = Recurrence::of(unmoved.clone()).moved(at, start).rule;
        let turned = turned(unmoved.clone(), (start.date() - at.date()).num_days());
        let gives = |rule: &Rule| {
            let limit = expected.len();
            expand::starts(rule, start, if is_endless { far() } else { *last })
                .take(limit + usize::from(!is_endless))
                .eq(expected.iter().copied())
        };
        if let Some(rule) = [unmoved, followed, turned].into_iter().find(gives) {
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

/// The end of a stretch, counted where the series is counted.
fn end_at(rule: &Rule, start: &When, count: usize, last: NaiveDateTime) -> End {
    match (rule.end, u32::try_from(count).ok().and_then(NonZeroU32::new)) {
        (End::Count(_), Some(count)) => End::Count(count),
        _ => End::Until(until(start, last)),
    }
}

fn until(start: &When, last: NaiveDateTime) -> Until {
    start.zone().map_or(Until::Date(last.date()), |zone| Until::Utc(zone.instant(last)))
}

fn shifted(local: NaiveDateTime, shift: TimeDelta) -> NaiveDateTime {
    local.checked_add_signed(shift).unwrap_or(local)
}

/// A weekly rule whose days all move by so many.
fn turned(mut rule: Rule, days: i64) -> Rule {
    if rule.frequency == Frequency::Weekly {
        for by in &mut rule.by_day {
            let number = (i64::from(by.day.num_days_from_monday()) + days).rem_euclid(7);
            by.day = u8::try_from(number).ok().and_then(|number| Weekday::try_from(number).ok()).unwrap_or(by.day);
        }
        rule.by_day.sort_by_key(|by| (by.nth, by.day.num_days_from_monday()));
    }
    rule
}

fn far() -> NaiveDateTime {
    NaiveDate::from_ymd_opt(2200, 1, 1).unwrap_or(NaiveDate::MAX).into()
}
