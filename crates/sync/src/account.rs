//! The sync of one account.

use std::collections::{BTreeMap, BTreeSet, VecDeque};
use std::sync::Arc;

use belfry_core::hold::{Question, removals_of};
use belfry_core::plan::{Entry, Trees, plan};
use belfry_core::{
    Account, AccountState, Clock, Exit, Fingerprint, List, ListId, Operation, Place, Plan, Problem, ProblemCode, ReminderId, Target,
};
use belfry_graph::{Graph, GraphError, Mailbox, unholdable};
use belfry_store::{Store, StoreError, TreesOf};
use chrono::{DateTime, Duration, Utc};

use crate::apply::{Applied, Apply};
use crate::calendars::{find_or_make, named};
use crate::error::SyncError;
use crate::first_sync;
use crate::progress::{Phase, Progress};
use crate::pull::Pull;
use crate::report::{AccountReport, CalendarReport, HeldSet, PlannedAccount, PlannedCalendar, PlannedOperation, held_problems};

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
    pub(crate) fn pull<'b>(&'b self, mailbox: &'b Mailbox) -> Pull<'b> {
        Pull { graph: self.graph, mailbox, store: self.store, now: self.clock.now() }
    }

    pub(crate) fn apply<'b>(&'b self, mailbox: &'b Mailbox, account: &'b Account, careful: bool) -> Apply<'b> {
        Apply {
            graph: self.graph,
            mailbox,
            store: self.store,
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
    /// Only make it. No event and no reminder is written; what was seen in the mailbox is remembered.
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
        planned: Plan::default(),
        held: vec![],
        exit: Exit::Done,
        gone: BTreeSet::new(),
        found: BTreeMap::new(),
        copies: vec![],
        linked: BTreeMap::new(),
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
    let planned = PlannedAccount { account: account.id.to_string(), calendars: planned_calendars(&lists, &run.planned.operations) };
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
    planned: Plan,
    held: Vec<HeldSet>,
    exit: Exit,
    /// Calendars that lists are kept in and that are gone.
    gone: BTreeSet<Place>,
    /// Calendars that a dry run found by their names, and does not record.
    found: BTreeMap<ListId, Target>,
    /// Titles of reminders that have a second event which differs from the first.
    copies: Vec<String>,
    /// How many events each list had before this run: what it makes itself does not make removals look fewer.
    linked: BTreeMap<ListId, usize>,
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
        self.check_clock()?;
        for round in 1..=ROUNDS {
            let plan = self.plan(mode)?;
            if mode == Mode::DryRun {
                self.planned = plan;
                return Ok(());
            }
            if plan.is_empty() {
                break;
            }
            self.apply(&plan, round < ROUNDS).await?;
        }
        Ok(first_sync::carried_out(self.setup.store, &self.lists()?)?)
    }

    /// Lists whose calendar is only a name get theirs. A dry run finds, but does not make.
    async fn find_calendars(&mut self, mode: Mode) -> Result<(), SyncError> {
        for mut list in self.lists()? {
            let Some(target) = list.target.as_mut().filter(|target| target.calendar_id.is_none()) else { continue };
            let (begun, requests) = (tokio::time::Instant::now(), self.setup.graph.requests());
            let found = match mode {
                Mode::Apply => Some(find_or_make(self.setup.graph, &self.mailbox, &target.calendar_name).await?),
                Mode::DryRun => named(self.setup.graph, &self.mailbox, &target.calendar_name).await?,
            };
            let Some(calendar) = found else { continue };
            target.calendar_id = Some(calendar.id);
            target.calendar_name = calendar.name;
            let place = target.place();
            if let Some(place) = &place {
                self.applied.at(place).took(self.setup.graph.requests() - requests, begun.elapsed());
            }
            match mode {
                Mode::Apply => self.setup.store.save_list(&list)?,
                Mode::DryRun => self.found.extend(list.target.map(|target| (list.id, target))),
            }
        }
        Ok(())
    }

    /// A calendar that is gone stops its own lists and no others; one that no list is kept in any more is forgotten.
    async fn pull(&mut self, mode: Mode) -> Result<(), SyncError> {
        let store = self.setup.store;
        let mailbox = self.mailbox.clone();
        let pull = self.setup.pull(&mailbox);
        let targets = self.lists()?.iter().filter_map(List::place).collect::<BTreeSet<Place>>();
        let places: BTreeSet<Place> = store.places_of(&self.account.id)?.into_iter().chain(targets).collect();
        let (mut done, of) = (0, places.len());
        let mut left: VecDeque<Place> = places.into_iter().collect();
        while let Some(place) = &left.pop_front() {
            let name = self.name_of(place)?;
            (self.setup.progress)(Progress { phase: Phase::Pull, done, of: of.max(done), what: name.clone() });
            done += 1;
            let (begun, requests) = (tokio::time::Instant::now(), self.setup.graph.requests());
            let pulled = pull.calendar(place, &name).await;
            self.applied.at(place).took(self.setup.graph.requests() - requests, begun.elapsed());
            store.set_gone(place, matches!(&pulled, Err(SyncError::CalendarGone(_))))?;
            match pulled {
                Err(SyncError::CalendarGone(_)) if !self.is_target(place)? => store.remove_events_at(place)?,
                Err(error @ SyncError::CalendarGone(_)) => {
                    if mode == Mode::Apply
                        && let Some(again) = self.found_again(place, &name).await?
                    {
                        left.push_back(again);
                        continue;
                    }
                    let problem = error.problem(&self.account.login);
                    self.exit = self.exit.worse(problem.code.exit());
                    self.applied.problems.push(problem);
                    self.gone.insert(place.clone());
                }
                result => result?,
            }
        }
        Ok(())
    }

    /// The calendar that takes the place of one that vanished: another one of its name, or a new one if the person said so. Else the question is put.
    async fn found_again(&mut self, place: &Place, name: &str) -> Result<Option<Place>, SyncError> {
        let store = self.setup.store;
        let lists: Vec<List> = self.lists()?.into_iter().filter(|list| list.place().as_ref() == Some(place)).collect();
        let is_yes = |list: &List| {
            let question = Question::Vanished.name(list.id);
            store.holds().map(|holds| holds.iter().any(|hold| hold.list == list.id && hold.name == question && hold.confirmed))
        };
        let mut may_make = false;
        for list in &lists {
            may_make |= is_yes(list)?;
        }
        let found = match named(self.setup.graph, &self.mailbox, name).await? {
            None if may_make => Some(find_or_make(self.setup.graph, &self.mailbox, name).await?),
            found => found.filter(|found| found.is_writable),
        };
        if found.as_ref().is_some_and(|found| found.id == place.calendar) {
            // It is there, so the answer was a passing fault. Nothing is believed of what the feed said; the next run opens it anew.
            if let Some(row) = store.calendar(place)? {
                store.save_calendar(&belfry_store::CalendarRow { delta_link: None, ..row })?;
            }
            return Err(SyncError::Graph(GraphError::Faulty { status: 404, code: "ErrorItemNotFound".into() }));
        }
        let Some(calendar) = found else {
            for list in &lists {
                let count = u64::try_from(store.count_linked(list.id)?).unwrap_or(u64::MAX);
                store.save_holds(list.id, self.setup.run, &[(Question::Vanished.name(list.id), count)], None)?;
            }
            return Ok(None);
        };
        tracing::info!("a calendar that vanished was found again or made anew");
        store.atomically(|store| {
            for mut list in lists {
                if let Some(target) = list.target.as_mut() {
                    target.calendar_id = Some(calendar.id.clone());
                }
                store.save_list(&list)?;
            }
            store.remove_events_at(place)
        })?;
        Ok(Some(Place { calendar: calendar.id, ..place.clone() }))
    }

    /// Who sets the clock, or wakes a computer, in the middle of a run makes nonsense of what was compared by time.
    fn check_clock(&self) -> Result<(), SyncError> {
        let (wall, steady) = self.begun;
        let gone = Duration::from_std(steady.elapsed()).unwrap_or_default();
        let off = (self.setup.clock.now() - wall - gone).abs();
        if off > CLOCK_MAY_MOVE { Err(SyncError::ClockJumped) } else { Ok(()) }
    }

    fn is_target(&self, place: &Place) -> Result<bool, StoreError> {
        Ok(self.lists()?.iter().any(|list| list.place().as_ref() == Some(place)))
    }

    fn name_of(&self, place: &Place) -> Result<String, StoreError> {
        let of_list =
            self.lists()?.into_iter().filter_map(|list| list.target).find(|target| target.calendar_id.as_ref() == Some(&place.calendar));
        let known = self.setup.store.calendar(place)?.map(|row| row.name);
        Ok(of_list.map(|target| target.calendar_name).or(known).unwrap_or_default())
    }

    fn plan(&mut self, mode: Mode) -> Result<Plan, StoreError> {
        let mut trees = trees(self.setup.store, self.account, self.setup.clock.now())?;
        // In a dry run the calendar may not be made yet; the plan is as if it were.
        for list in self.lists()? {
            let unmade = || Place { account: self.account.id.clone(), calendar: String::new() };
            let place = list.place().unwrap_or_else(unmade);
            if let Some(facts) = trees.lists.get_mut(&list.id).filter(|facts| facts.target.is_none() && facts.leaving.is_none()) {
                facts.target = Some(place);
            }
        }
        // The latest change wins, so both sides have to go by one clock: the server's.
        let ahead = self.setup.graph.ahead();
        for local in trees.entries.values_mut().filter_map(|entry| entry.local.as_mut()) {
            local.changed_at += ahead;
        }
        for (list, facts) in &mut trees.lists {
            facts.linked = *self.linked.entry(*list).or_insert(facts.linked);
        }
        trees.lists.retain(|_, facts| facts.target.as_ref().is_none_or(|target| !self.gone.contains(target)));
        first_sync::ask(self.setup.store, &self.lists()?, &mut trees, mode, self.setup.clock.now())?;
        first_sync::compare(self.setup.store, &self.lists()?, &mut trees)?;
        let plan = plan(&trees);
        self.note_holds(&plan, &trees, mode)?;
        self.copies = copies(&trees);
        Ok(plan)
    }

    /// Remembers what waits, so that a yes given later is a yes to this set.
    fn note_holds(&mut self, plan: &Plan, trees: &Trees, mode: Mode) -> Result<(), StoreError> {
        let mut sets: BTreeMap<(ListId, Fingerprint), u64> = BTreeMap::new();
        for operation in &plan.operations {
            if let Some(name) = &operation.held {
                *sets.entry((operation.key.list, name.clone())).or_default() += 1;
            }
        }
        self.held = sets.into_iter().map(|((list, name), count)| HeldSet { list, name, count }).collect();
        if !self.held.is_empty() {
            self.exit = self.exit.worse(Exit::Held);
        }
        if mode == Mode::DryRun {
            return Ok(());
        }
        for (list, facts) in &trees.lists {
            let of_list = self.held.iter().filter(|set| set.list == *list).map(|set| (set.name.clone(), set.count));
            let answered = removals_of(&plan.operations, *list, facts.direction);
            self.setup.store.save_holds(*list, self.setup.run, &of_list.collect::<Vec<_>>(), answered.as_ref())?;
        }
        Ok(())
    }

    async fn apply(&mut self, plan: &Plan, careful: bool) -> Result<(), SyncError> {
        self.setup.apply(&self.mailbox, self.account, careful).plan(plan, &mut self.applied).await
    }

    fn ended_well(&mut self, mode: Mode) -> Result<AccountState, StoreError> {
        self.applied.problems.extend(held_problems(&self.held, &self.lists()?));
        self.applied.problems.extend(self.copies.iter().map(|title| {
            Problem::new(
                ProblemCode::CopyLeftAlone,
                "Two events of one reminder",
                format!("Outlook has two events of \u{201c}{title}\u{201d} that differ; Belfry keeps one and leaves the other alone."),
                "Delete the one that you do not want in Outlook.",
            )
        }));
        for (list, count) in self.setup.store.unknown_lists(&self.account.id)? {
            let detail = format!("The calendar holds {count} reminders of a list that this computer does not know ({list}).");
            self.applied.problems.push(Problem::new(
                ProblemCode::UnknownList,
                "Reminders of another list",
                detail,
                "Run `belfry list add` with that list's first name or its feed's address, and it continues here.",
            ));
        }
        self.setup.store.set_account_state(&self.account.id, AccountState::Ready, None)?;
        if mode == Mode::Apply && self.gone.is_empty() {
            self.setup.store.set_last_good_sync(&self.account.id, self.setup.clock.now())?;
        }
        Ok(AccountState::Ready)
    }

    /// One report for each calendar that lists are kept in, and for others that something was done in.
    fn calendar_reports(&mut self, lists: &[List]) -> Result<Vec<CalendarReport>, StoreError> {
        let mut all = std::mem::take(&mut self.applied.counts);
        for list in lists {
            let Some(target) = &list.target else { continue };
            // One that is not made yet has only its name.
            let counts = all.entry(target.calendar_id.clone().unwrap_or_default()).or_default();
            counts.name.clone_from(&target.calendar_name);
            counts.held += self.held.iter().filter(|set| set.list == list.id).map(|set| set.count).sum::<u64>();
        }
        for (calendar, counts) in all.iter_mut().filter(|(_, counts)| counts.name.is_empty()) {
            counts.name = self.name_of(&Place { account: self.account.id.clone(), calendar: calendar.clone() })?;
        }
        let is_target = |id: &str| {
            lists.iter().any(|list| list.target.as_ref().is_some_and(|target| target.calendar_id.as_deref().unwrap_or_default() == id))
        };
        let mut shown: Vec<CalendarReport> =
            all.into_iter().filter(|(id, counts)| is_target(id) || !counts.is_quiet()).map(|(_, counts)| counts).collect();
        shown.sort_by(|a, b| a.name.cmp(&b.name));
        Ok(shown)
    }

    /// Records what a person has to do, so that nothing is tried in the background until they did.
    fn ended_early(&mut self, error: &SyncError) -> Result<AccountState, StoreError> {
        tracing::warn!(%error, "the sync ended early");
        self.throttled_until = error.retry_after().and_then(|wait| Some(self.setup.clock.now() + Duration::from_std(wait).ok()?));
        let problem = error.problem(&self.account.login);
        let state = AccountState::after(problem.code).unwrap_or(self.account.state);
        let claims = match error {
            SyncError::Graph(error) => error.claims().map(str::to_owned),
            _ => self.account.claims.clone(),
        };
        self.exit = self.exit.worse(problem.code.exit());
        self.applied.problems.push(problem);
        if state != self.account.state {
            self.setup.store.set_account_state(&self.account.id, state, claims.as_deref())?;
        }
        Ok(state)
    }
}

/// What is left of several events of one key: copies that say the same are deleted by the plan.
fn copies(trees: &Trees) -> Vec<String> {
    let marked = |entry: &Entry| entry.events.iter().filter(|event| event.marker.is_some() && !event.moved_away).count();
    let several = trees.entries.values().filter(|entry| entry.local.is_some() && marked(entry) > 1);
    several.filter_map(|entry| entry.local.as_ref()).map(|local| local.projection.title.clone()).collect()
}

fn trees(store: &Store, account: &Account, now: DateTime<Utc>) -> Result<Trees, StoreError> {
    store.trees(&TreesOf { account: &account.id, now, unholdable: &unholdable })
}

/// Reminders with an operation that waits for a person, as far as is known without asking the mailbox.
///
/// # Errors
/// When the database fails.
pub fn held_reminders(store: &Store, account: &Account, now: DateTime<Utc>) -> Result<BTreeSet<ReminderId>, StoreError> {
    let plan = plan(&trees(store, account, now)?);
    Ok(plan.operations.into_iter().filter(|operation| operation.held.is_some()).map(|operation| operation.key.reminder).collect())
}

fn planned_calendars(lists: &[List], operations: &[Operation]) -> Vec<PlannedCalendar> {
    let mut by_name: BTreeMap<&str, Vec<PlannedOperation>> = BTreeMap::new();
    for list in lists {
        let Some(target) = &list.target else { continue };
        let of_list = operations.iter().filter(|operation| operation.key.list == list.id && operation.op.is_visible());
        by_name.entry(&target.calendar_name).or_default().extend(of_list.map(|operation| PlannedOperation::of(operation, &list.name)));
    }
    by_name.into_iter().map(|(name, operations)| PlannedCalendar { name: name.to_owned(), operations }).collect()
}
