//! The sync of one account.

mod ending;
mod half_moved;
mod moved;
mod places;

use std::collections::{BTreeMap, BTreeSet};
use std::sync::Arc;

use belfry_core::hold::{Question, is_unasked_removal, removals_of};
use belfry_core::marker::Key;
use belfry_core::plan::{Trees, plan};
use belfry_core::slots::{Holding, renamed};
use belfry_core::{
    Account, Clock, Direction, Exit, Fingerprint, List, ListId, Operation, Place, Plan, Problem, Projection, Reminder, RemoteEvent, Target,
};
use belfry_graph::{Calendar, Graph, Mailbox, unholdable};
use belfry_store::{Store, StoreError, TreesOf};
use chrono::{DateTime, Duration, Utc};

use crate::apply::{Applied, Apply};
use crate::aside::Aside;
use crate::error::SyncError;
use crate::first_sync;
use crate::progress::Progress;
use crate::pull::Pull;
use crate::report::{AccountReport, HeldSet, PlannedAccount, let_go_problems};
use ending::{copies, dates_only, elsewhere, planned_calendars};

/// What a sync works with.
pub struct Setup<'a> {
    /// To the mailbox.
    pub graph: &'a Graph,
    /// To the database.
    pub store: &'a Store,
    /// The time.
    pub clock: Arc<dyn Clock>,
    /// The run that is journaled.
    pub run: i64,
    /// Who watches.
    pub progress: &'a dyn Fn(Progress),
}

impl Setup<'_> {
    pub(crate) fn pull<'b>(&'b self, mailbox: &'b Mailbox, aside: &'b Aside) -> Pull<'b> {
        Pull { graph: self.graph, mailbox, store: self.store, aside, now: self.clock.now() }
    }

    pub(crate) fn apply<'b>(&'b self, mailbox: &'b Mailbox, account: &'b Account, aside: &'b Aside, careful: bool) -> Apply<'b> {
        Apply {
            graph: self.graph,
            mailbox,
            store: self.store,
            aside,
            run: self.run,
            now: self.clock.now(),
            careful,
            progress: self.progress,
            login: &account.login,
        }
    }
}

/// Whether to write.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Mode {
    /// Perform the plan.
    Apply,
    /// Only make it, on a copy of the database that is thrown away: no event and no reminder is written.
    DryRun,
}

/// What a sync of one account gave.
#[derive(Debug)]
pub struct Synced {
    /// What was done.
    pub report: AccountReport,
    /// What would be done.
    pub planned: PlannedAccount,
    /// What went wrong.
    pub problems: Vec<Problem>,
    /// How the command ends.
    pub exit: Exit,
    /// The server wants to be left alone until then.
    pub throttled_until: Option<DateTime<Utc>>,
}

/// So much the two clocks may differ at the end of a pull: waiting for a server takes longer than setting a clock by network moves it.
const CLOCK_MAY_MOVE: Duration = Duration::minutes(5);

/// By so much a clock may be wrong: edits are corrected by it. Beyond that dates are meant that nobody means.
const CLOCK_MAY_BE_OFF: Duration = Duration::hours(25);

/// Rounds of plan and apply in one run: what an answer turns up is dealt with at once.
const ROUNDS: u32 = 4;

/// Pull, plan, apply, report.
///
/// # Errors
/// That the database failed; everything else is in the report.
pub async fn sync_account(setup: &Setup<'_>, account: &Account, mode: Mode) -> Result<Synced, StoreError> {
    let mut run = Run {
        setup,
        account,
        mailbox: Mailbox::Me,
        applied: Applied::default(),
        aside: Aside::of(setup.store, &account.id)?,
        planned: Plan::default(),
        held: vec![],
        exit: Exit::Done,
        gone: BTreeSet::new(),
        doubted: BTreeSet::new(),
        relisted: BTreeMap::new(),
        has_written: false,
        found: BTreeMap::new(),
        calendars: None,
        looked_for: BTreeSet::new(),
        ahead: BTreeSet::new(),
        strangers: vec![],
        copies: vec![],
        elsewhere: BTreeMap::new(),
        dates_only: BTreeMap::new(),
        directions: BTreeMap::new(),
        resembling: BTreeSet::new(),
        linked: BTreeMap::new(),
        removed: BTreeMap::new(),
        throttled_until: None,
        begun: (setup.clock.now(), tokio::time::Instant::now()),
    };
    let result = run.all(mode).await;
    let state = match &result {
        Ok(()) => run.ended_well(mode)?,
        Err(error) => run.ended_early(error)?,
    };
    let lists = run.lists()?;
    let calendars = run.calendar_reports(&lists)?;
    run.applied.problems.extend(let_go_problems(&run.applied.let_go, &lists));
    let calendar_of = |id: &str| setup.store.event(&account.id, id).ok().flatten().and_then(|event| run.name_of(&event.place).ok());
    let planned =
        PlannedAccount { account: account.id.to_string(), calendars: planned_calendars(&lists, &run.planned.operations, &calendar_of) };
    Ok(Synced {
        report: AccountReport { account: account.id.to_string(), state, calendars },
        planned,
        problems: run.applied.problems,
        exit: run.exit,
        throttled_until: run.throttled_until,
    })
}

struct Run<'a> {
    setup: &'a Setup<'a>,
    account: &'a Account,
    mailbox: Mailbox,
    applied: Applied,
    aside: Aside,
    planned: Plan,
    held: Vec<HeldSet>,
    exit: Exit,
    /// Calendars that lists are kept in and that are gone.
    gone: BTreeSet<Place>,
    /// Something of its plan was carried out.
    has_written: bool,
    /// Calendars that were said not to be there, and were asked for again.
    doubted: BTreeSet<Place>,
    /// Calendars that were listed before something was made anew in them, and how much was said not to be there by then.
    relisted: BTreeMap<Place, usize>,
    /// Calendars that a dry run found, and does not record.
    found: BTreeMap<ListId, Target>,
    /// The person's own calendars, once they were asked for.
    calendars: Option<Vec<Calendar>>,
    /// Lists whose events were looked for in every calendar.
    looked_for: BTreeSet<ListId>,
    /// What another computer has moved already, of a list that it is moving: it is not missed.
    ahead: BTreeSet<Key>,
    /// Events of lists that this computer does not know, in calendars that it does not pull.
    strangers: Vec<RemoteEvent>,
    /// Titles of reminders that have further events which differ from the first, and how many events those have.
    copies: Vec<(String, usize)>,
    /// Events of lists in calendars where this computer does not keep them, counted.
    elsewhere: BTreeMap<(ListId, Place), usize>,
    /// Events of single dates whose reminder is not here, counted.
    dates_only: BTreeMap<ListId, usize>,
    /// How many events each list had before this run: what it makes itself does not make removals look fewer.
    linked: BTreeMap<ListId, usize>,
    /// How many removals that nobody asked for it has carried out.
    removed: BTreeMap<ListId, usize>,
    /// Which way edits travel in each list that the last plan is about.
    directions: BTreeMap<ListId, Direction>,
    /// Lists of the last plan that may be those of another computer.
    resembling: BTreeSet<ListId>,
    throttled_until: Option<DateTime<Utc>>,
    /// When it began, by the clock on the wall and by one that cannot be set.
    begun: (DateTime<Utc>, tokio::time::Instant),
}

impl Run<'_> {
    fn lists(&self) -> Result<Vec<List>, StoreError> {
        let all = self.setup.store.lists()?.into_iter().filter(|list| list.is_kept_in(&self.account.id));
        let with_found = |list: List| match self.found.get(&list.id) {
            Some(target) => List { target: Some(target.clone()), ..list },
            None => list,
        };
        Ok(all.map(with_found).collect())
    }

    async fn all(&mut self, mode: Mode) -> Result<(), SyncError> {
        self.find_calendars(mode).await?;
        self.pull(mode).await?;
        self.meet_first(mode).await?;
        self.check_clock()?;
        self.rename_dates_off()?;
        let mut round = 1;
        while round <= ROUNDS {
            let plan = self.plan()?;
            if self.look_before_making_anew(&plan).await? || self.follow(&plan, mode).await? {
                continue;
            }
            // Only what holds after all was looked at is asked about.
            self.note_holds(&plan)?;
            if mode == Mode::DryRun {
                self.planned = plan;
                return Ok(());
            }
            if plan.is_empty() {
                break;
            }
            self.apply(&plan, round < ROUNDS).await?;
            round += 1;
        }
        self.list_what_is_absent().await?;
        self.forget_what_moved()?;
        Ok(first_sync::carried_out(self.setup.store, &self.lists()?)?)
    }

    /// A date that a person removed stays removed when the hour of its reminder changes: its event would have another name.
    fn rename_dates_off(&self) -> Result<(), StoreError> {
        let store = self.setup.store;
        for key in store.dates_off(&self.account.id)? {
            let slot = store.reminder(key.reminder)?.and_then(|reminder| renamed(&reminder, &key.slot));
            if let Some(slot) = slot {
                store.rename_link(&key, &slot)?;
            }
        }
        Ok(())
    }

    /// Who sets the clock, or wakes a computer, in the middle of a run makes nonsense of what was compared by time.
    fn check_clock(&self) -> Result<(), SyncError> {
        let (wall, steady) = self.begun;
        let gone = Duration::from_std(steady.elapsed()).unwrap_or_default();
        let off = (self.setup.clock.now() - wall - gone).abs();
        if off > CLOCK_MAY_MOVE { Err(SyncError::ClockJumped) } else { is_clock_right(self.setup.graph) }
    }

    fn plan(&mut self) -> Result<Plan, StoreError> {
        let known = || trees(self.setup.store, self.account, self.setup.clock.now());
        let mut trees = known()?;
        if first_sync::take_zones(self.setup.store, &self.lists()?, &trees)? {
            trees = known()?;
        }
        // In a dry run the calendar may be another than the one that is recorded, or not made yet; the plan is as if it were.
        for list in self.lists()? {
            let unmade = || Place { account: self.account.id.clone(), calendar: String::new() };
            let place = list.place().unwrap_or_else(unmade);
            if let Some(facts) = trees.lists.get_mut(&list.id).filter(|facts| facts.leaving.is_none()) {
                facts.target = Some(place);
            }
        }
        // The latest change wins, so both sides have to go by one clock: the server's.
        let ahead = self.setup.graph.ahead();
        for local in trees.entries.values_mut().filter_map(|entry| entry.local.as_mut()) {
            local.changed_at = changed_at(local.changed_at, self.setup.clock.now(), ahead);
        }
        // Where there is nothing to decide they are not counted.
        let counted = if trees.entries.is_empty() { None } else { Some(&mut trees.lists) };
        for (list, facts) in counted.into_iter().flatten() {
            facts.linked = *self.linked.entry(*list).or_insert(facts.linked);
            facts.removed = self.removed.get(list).copied().unwrap_or(0);
        }
        let is_closed = |place: &Place| self.gone.contains(place) || self.applied.read_only.contains(place);
        trees.entries.retain(|key, _| !self.aside.skips(&key.reminder));
        trees.lists.retain(|_, facts| !facts.target.as_ref().is_some_and(is_closed));
        first_sync::ask(self.setup.store, &self.lists()?, &mut trees, self.setup.clock.now())?;
        first_sync::compare(self.setup.store, &self.lists()?, &mut trees, &self.strangers)?;
        let mut plan = plan(&trees);
        plan.operations.retain(|operation| !self.ahead.contains(&operation.key));
        self.directions = trees.lists.iter().map(|(list, facts)| (*list, facts.direction)).collect();
        self.resembling = trees.lists.iter().filter(|(_, facts)| facts.resembles).map(|(list, _)| *list).collect();
        self.copies = copies(&trees, &plan);
        self.elsewhere = elsewhere(&trees);
        self.dates_only = dates_only(&trees);
        Ok(plan)
    }

    /// Remembers what waits, so that a yes given later is a yes to this set.
    fn note_holds(&mut self, plan: &Plan) -> Result<(), StoreError> {
        let mut sets: BTreeMap<(ListId, Fingerprint), u64> = BTreeMap::new();
        for operation in &plan.operations {
            if let Some(name) = &operation.held {
                *sets.entry((operation.key.list, name.clone())).or_default() += 1;
            }
        }
        self.held = sets.into_iter().map(|((list, name), count)| HeldSet { list, name, count }).collect();
        for (list, direction) in &self.directions {
            let of_list = self.held.iter().filter(|set| set.list == *list).map(|set| (set.name.clone(), set.count));
            let mut answered = removals_of(&plan.operations, *list, *direction);
            // The events are looked for once more before the first is made: a yes is one to what is found then, too.
            answered.extend(self.resembling.contains(list).then(|| Question::SameList.name(*list)));
            self.setup.store.save_holds(*list, self.setup.run, &of_list.collect::<Vec<_>>(), &answered)?;
        }
        Ok(())
    }

    async fn apply(&mut self, plan: &Plan, careful: bool) -> Result<(), SyncError> {
        self.has_written = true;
        let read_only = self.applied.read_only.len();
        let applied = self.setup.apply(&self.mailbox, self.account, &self.aside, careful).plan(plan, &mut self.applied).await;
        for operation in plan.operations.iter().filter(|operation| operation.held.is_none()) {
            let direction = self.directions.get(&operation.key.list).copied().unwrap_or(Direction::Both);
            if is_unasked_removal(operation, direction) {
                *self.removed.entry(operation.key.list).or_default() += 1;
            }
        }
        if self.applied.read_only.len() > read_only {
            self.tell_read_only()?;
        }
        match applied {
            // The calendar went after it was pulled, or the server is mistaken: once it is asked again.
            Err(SyncError::CalendarAbsent(place)) if careful && self.doubted.insert(place.clone()) => {
                self.pull_these([place], Mode::Apply).await
            }
            other => other,
        }
    }
}

/// The window that is looked at, what is old and what is due would all be others than those that are meant.
pub(crate) fn is_clock_right(graph: &Graph) -> Result<(), SyncError> {
    let ahead = graph.ahead();
    if ahead.abs() > CLOCK_MAY_BE_OFF { Err(SyncError::ClockWrong(ahead)) } else { Ok(()) }
}

/// When something was changed here, by the server's clock. What is of the future was changed while this computer's clock was wrong, nobody knows when: then a change in Outlook counts
/// as the later one.
fn changed_at(at: DateTime<Utc>, now: DateTime<Utc>, ahead: Duration) -> DateTime<Utc> {
    if at > now + CLOCK_MAY_MOVE { DateTime::UNIX_EPOCH } else { at + ahead }
}

/// The zone data, and the release that says which of them Outlook has.
#[must_use]
pub fn rules() -> String {
    format!("{};{}", belfry_core::when::ZONE_DATA, env!("CARGO_PKG_VERSION"))
}

fn trees(store: &Store, account: &Account, now: DateTime<Utc>) -> Result<Trees, StoreError> {
    let holding = |reminder: &Reminder| Holding::of(reminder, unholdable(&Projection::of(reminder)));
    store.trees(&TreesOf { account: &account.id, now, holding: &holding, rules: &rules() })
}

/// Operations that wait for a person, as far as is known without asking the mailbox.
///
/// # Errors
/// When the database fails.
pub fn held_operations(store: &Store, account: &Account, now: DateTime<Utc>) -> Result<Vec<Operation>, StoreError> {
    let mut trees = trees(store, account, now)?;
    // Whether a list looks like one of another computer is known from the mailbox only; that it was asked is known here.
    for hold in store.holds()?.iter().filter(|hold| Question::of(hold.list, &hold.name) == Some(Question::SameList)) {
        if let Some(facts) = trees.lists.get_mut(&hold.list) {
            facts.resembles = true;
        }
    }
    Ok(plan(&trees).operations.into_iter().filter(|operation| operation.held.is_some()).collect())
}
