//! Sync control.

use std::sync::Arc;
use std::time::Duration;

use belfry_core::plan::Leave;
use belfry_core::{Account, Exit, List, Problem, ProblemCode};
use belfry_identity::FileLock;
use belfry_sync::{Ending, Mode, Outcome, PlannedCalendar, PlannedOperation, Progress, Setup, Synced, sync_account};
use serde::Serialize;

use crate::app::App;
use crate::backups::note_damage;
use crate::confirming::HoldAnswer;
use crate::error::AppError;

/// How long a sync waits for another to end.
const PATIENCE: Duration = Duration::from_secs(60);

/// How long a change can be looked up and undone.
const JOURNAL_LIFE: chrono::Duration = chrono::Duration::days(90);
/// And how much of it at most, in bytes.
const JOURNAL_MOST: u64 = 200 << 20;

/// The `sync` document, and how the command ends.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
#[serde(untagged)]
pub enum SyncDocument {
    /// A run.
    Done {
        /// How it ended.
        outcome: Outcome,
        /// By account.
        accounts: Vec<belfry_sync::AccountReport>,
        /// What went wrong.
        problems: Vec<Problem>,
        /// When to try again; for timers, not part of the document.
        #[serde(skip)]
        ending: Ending,
    },
    /// A dry run.
    Planned {
        /// `planned`.
        outcome: Outcome,
        /// By account.
        accounts: Vec<belfry_sync::PlannedAccount>,
        /// What went wrong.
        problems: Vec<Problem>,
    },
}

/// What to tell of lists that leave Outlook and have not left yet.
pub(crate) fn leaving_problem(lists: &[List]) -> Problem {
    let names: Vec<String> = lists.iter().map(|list| format!("`{}`", list.name)).collect();
    Problem::new(
        ProblemCode::ListLeaving,
        "A list leaves Outlook",
        format!("{} is being taken out of Outlook, and some of its events are still there.", names.join(", ")),
        "Nothing to do: the next sync goes on. `belfry list target` keeps it in Outlook after all.",
    )
}

impl SyncDocument {
    /// Whether any event was written.
    pub(crate) fn has_written(&self) -> bool {
        match self {
            Self::Done { accounts, .. } => accounts
                .iter()
                .flat_map(|account| &account.calendars)
                .any(|calendar| calendar.created + calendar.updated + calendar.deleted > 0),
            Self::Planned { .. } => false,
        }
    }

    /// What went wrong.
    #[must_use]
    pub fn problems(&self) -> &[Problem] {
        match self {
            Self::Done { problems, .. } | Self::Planned { problems, .. } => problems,
        }
    }
}

/// What is wanted of a sync.
#[derive(Debug, Clone, Default)]
pub struct SyncOptions {
    /// Only this account.
    pub account: Option<String>,
    /// Only plan.
    pub dry_run: bool,
    /// A timer asks, not a person: accounts that wait for one are left alone.
    pub background: bool,
    /// Release what earlier runs held and showed, and answer what they asked.
    pub confirm: Option<HoldAnswer>,
    /// Only what waits in this list.
    pub confirm_list: Option<String>,
}

impl App {
    /// Syncs every account that a list is kept in.
    ///
    /// # Errors
    /// That nothing could even be tried; what goes wrong on the way is in the document.
    pub async fn sync(&self, options: &SyncOptions, progress: &dyn Fn(Progress)) -> Result<(SyncDocument, Exit), AppError> {
        let done = self.sync_now(options, progress).await;
        match &done {
            Ok((document, _)) => document.problems().iter().for_each(|problem| note_damage(&self.home, problem.code)),
            Err(error) => note_damage(&self.home, error.problem().code),
        }
        done
    }

    async fn sync_now(&self, options: &SyncOptions, progress: &dyn Fn(Progress)) -> Result<(SyncDocument, Exit), AppError> {
        // Where nothing is kept in Outlook nobody is asked for anything.
        if self.store.lists()?.iter().any(|list| list.target.is_some()) {
            self.try_waiting(!options.background).await?;
        }
        let accounts = self.accounts_to_sync(options.account.as_deref())?;
        let _lock = self.only_one().await?;
        if options.dry_run {
            let trial = self.on_trial()?;
            let planned = trial.plan_all(options, &accounts, progress).await?;
            self.note_shown(&trial)?;
            return Ok(planned);
        }
        let mut not_asked = None;
        if let Some(answer) = options.confirm {
            self.take_up_shown()?;
            if answer == HoldAnswer::Keep {
                // What is gone has to be known before it can be wanted again.
                let run = self.store.begin_run("trial", self.now())?;
                self.sync_all(options, &accounts, Mode::DryRun, run, progress).await?;
                self.store.finish_or_drop(run, self.now())?;
            }
            not_asked = self.confirm(&accounts, options, answer)?;
        }
        self.forget_shown()?;
        let run = self.store.begin_run("sync", self.now())?;
        let mut gathered = self.sync_all(options, &accounts, Mode::Apply, run, progress).await?;
        self.finish_leaving()?;
        // What was on this computer only does not come back by itself: somebody has to hear of it.
        gathered.problems.extend(self.restored()?);
        gathered.problems.extend(not_asked);
        let is_clock_right = gathered.is_clock_right;
        let is_clock_wrong = gathered.problems.iter().any(|problem| problem.code == ProblemCode::ClockWrong);
        let (document, exit) = gathered.document(Mode::Apply);
        let report = serde_json::to_string(&document).unwrap_or_default();
        self.store.finish_run(run, self.now(), Outcome::of(exit).name(), &report)?;
        // By a clock that no server has confirmed nothing is old.
        if is_clock_right && matches!(exit, Exit::Done | Exit::Held) {
            self.store.trim_journal(self.now() - JOURNAL_LIFE)?;
        }
        self.store.bound_journal(JOURNAL_MOST)?;
        if exit == Exit::Done && !options.background {
            self.is_complete_again()?;
        }
        // A copy of a day that is none would stand before all later ones.
        if !is_clock_wrong {
            self.back_up_daily();
        }
        Ok((document, exit))
    }

    /// What a sync would do. Everything is tried out on this very home, which is to be one on trial.
    async fn plan_all(
        &self,
        options: &SyncOptions,
        accounts: &[Account],
        progress: &dyn Fn(Progress),
    ) -> Result<(SyncDocument, Exit), AppError> {
        let run = self.store.begin_run("trial", self.now())?;
        Ok(self.sync_all(options, accounts, Mode::DryRun, run, progress).await?.document(Mode::DryRun))
    }

    /// Reads what lists follow, then syncs the accounts.
    async fn sync_all(
        &self,
        options: &SyncOptions,
        accounts: &[Account],
        mode: Mode,
        run: i64,
        progress: &dyn Fn(Progress),
    ) -> Result<Gathered, AppError> {
        let mut followed = self.store.lists()?;
        followed.retain(|list| options.account.is_none() || accounts.iter().any(|account| list.is_kept_in(&account.id)));
        let problems = self.read_sources(&followed, run, options.background).await?;
        let mut gathered = Gathered { problems, ..Gathered::default() };
        for list in &followed {
            // A short silence is said to who asks: it is tried again.
            if !options.background && self.is_unreached(list)? {
                gathered.exit = gathered.exit.worse(Exit::Later);
            }
            gathered.exit = self.source_trouble(list)?.map_or(gathered.exit, |problem| gathered.exit.worse(problem.code.exit()));
        }
        for list in followed.iter().filter(|list| list.target.is_some()) {
            gathered.problems.extend(self.before_the_first_write(list)?);
        }
        // Mailboxes are slow and know nothing of each other: all accounts at once, one sync each.
        let all = accounts.iter().map(|account| self.sync_one(account, options.background, mode, run, progress));
        for (account, result) in accounts.iter().zip(futures::future::join_all(all).await) {
            gathered.take(account, result?);
        }
        // Only a plan is read for it.
        for list in followed.iter().filter(|_| mode == Mode::DryRun) {
            gathered.plan_shrunk(list, self.shrunk(list)?);
            // What was refused is in no plan, and "nothing to do" would be taken for "all is there".
            gathered.problems.extend(self.refused(list)?);
        }
        Ok(gathered)
    }

    /// What the first sync of a list would do. Nothing is written.
    ///
    /// # Errors
    /// No such list, or the mailbox cannot be asked.
    pub async fn plan_of(&self, list: &str) -> Result<Vec<PlannedOperation>, AppError> {
        let list = self.list(Some(list))?;
        let account = list.target.as_ref().map(|target| target.account.to_string());
        self.try_waiting(true).await?;
        let accounts = self.accounts_to_sync(account.as_deref())?;
        let _lock = self.only_one().await?;
        let (document, exit) = self.on_trial()?.plan_all(&SyncOptions { account, ..SyncOptions::default() }, &accounts, &|_| {}).await?;
        let stopped = matches!(exit, Exit::Failed | Exit::Usage | Exit::Person | Exit::Later);
        match document {
            SyncDocument::Planned { problems, .. } if stopped => {
                Err(most_pressing(&problems).map_or(AppError::SyncRunning, |problem| AppError::NotPlanned { problem: problem.clone() }))
            }
            SyncDocument::Planned { accounts, .. } => {
                let all = accounts.into_iter().flat_map(|account| account.calendars).flat_map(|calendar| calendar.operations);
                Ok(all.filter(|operation| operation.list == list.name).collect())
            }
            SyncDocument::Done { .. } => Ok(vec![]),
        }
    }

    /// The person has seen the plan: the list is synced from now on.
    ///
    /// # Errors
    /// No such list.
    pub fn start_list(&self, list: &str) -> Result<(), AppError> {
        Ok(self.store.set_unstarted(self.list(Some(list))?.id, false)?)
    }

    /// Waits until no other sync runs, here or in another process; while the lock is held none begins.
    pub(crate) async fn only_one(&self) -> Result<FileLock, AppError> {
        let lock = FileLock::wait(&self.home.join("sync.lock"), PATIENCE).await;
        let lock = lock.map_err(|source| AppError::HomeUnwritable { path: self.home.path().to_owned(), source })?;
        lock.ok_or(AppError::SyncRunning)
    }

    /// Lists whose last event has left Outlook stay on this computer, also when the command that took them out was cut off.
    fn finish_leaving(&self) -> Result<(), AppError> {
        for list in self.store.lists()? {
            if self.store.leaving(list.id)?.is_some() && self.store.has_left(list.id)? {
                self.store.save_list(&List { target: None, ..list.clone() })?;
                self.store.stay(list.id)?;
            }
        }
        Ok(())
    }

    pub(crate) fn accounts_to_sync(&self, only: Option<&str>) -> Result<Vec<Account>, AppError> {
        let only = only.map(|name| self.account(Some(name))).transpose()?;
        let lists = self.store.lists()?;
        let is_target = |account: &Account| lists.iter().any(|list| list.is_kept_in(&account.id));
        let all = self.store.accounts()?;
        Ok(all.into_iter().filter(|account| is_target(account) && only.as_ref().is_none_or(|only| only.id == account.id)).collect())
    }

    /// Syncs an account; what stops it before it began is the inner error.
    async fn sync_one(
        &self,
        account: &Account,
        background: bool,
        mode: Mode,
        run: i64,
        progress: &dyn Fn(Progress),
    ) -> Result<Result<Synced, AppError>, AppError> {
        if let Some(error) = self.rests(account, background).await {
            return Ok(Err(error));
        }
        let graph = match self.graph(account).await {
            Ok(graph) => graph,
            Err(error) => return Ok(Err(error)),
        };
        let setup = Setup { graph: &graph, store: &self.store, clock: Arc::clone(&self.ports.clock), run, progress };
        let mut synced = sync_account(&setup, account, mode).await?;
        self.keep_pace(&account.id)?;
        self.note_throttled(&account.id, synced.throttled_until)?;
        self.refused_again(account, &mut synced.report, &mut synced.problems)?;
        Ok(Ok(synced))
    }

    /// Deletes the events of lists of one account or lets them go, as asked by hand: nothing of it is held.
    pub(crate) async fn take_out(&self, lists: &[List], leave: Leave) -> Result<(), AppError> {
        let account = lists.iter().find_map(|list| list.target.as_ref()).map(|target| target.account.to_string());
        // Written down before the first request: cut off, the lists stay marked as leaving, and asking again goes on.
        self.store.atomically(|store| lists.iter().try_for_each(|list| store.leave(list.id, leave)))?;
        let synced = self.sync(&SyncOptions { account, ..SyncOptions::default() }, &|_| {}).await;
        let stay = |app: &Self| lists.iter().try_for_each(|list| app.store.stay(list.id));
        let (document, exit) = match synced {
            Ok(synced) => synced,
            Err(error) => {
                stay(self)?;
                return Err(error);
            }
        };
        if lists.iter().map(|list| self.store.has_left(list.id)).collect::<Result<Vec<bool>, _>>()?.into_iter().all(|left| left) {
            return Ok(());
        }
        tracing::warn!(?exit, "events of a list that leaves Outlook are still there");
        let begun = document.has_written();
        if !begun {
            stay(self)?;
        }
        let mut problem = most_pressing(document.problems()).cloned().unwrap_or_else(|| leaving_problem(lists));
        problem.detail.push_str(if begun {
            " Some of its events are done; the next sync goes on, and the list stays on this computer."
        } else {
            " Nothing was changed."
        });
        Err(AppError::NotTakenOut { problem })
    }
}

struct Gathered {
    reports: Vec<belfry_sync::AccountReport>,
    planned: Vec<belfry_sync::PlannedAccount>,
    problems: Vec<Problem>,
    exit: Exit,
    /// How it ended for each account.
    endings: Vec<Ending>,
    /// Whether a server was asked to the end, and its clock and this one's agree.
    is_clock_right: bool,
}

impl Default for Gathered {
    fn default() -> Self {
        Self { reports: vec![], planned: vec![], problems: vec![], exit: Exit::Done, endings: vec![], is_clock_right: false }
    }
}

impl Gathered {
    fn take(&mut self, account: &Account, result: Result<Synced, AppError>) {
        match result {
            Err(error) => self.stopped(account, &error),
            Ok(synced) => {
                self.reports.push(synced.report);
                self.planned.push(synced.planned);
                self.problems.extend(synced.problems);
                self.exit = self.exit.worse(synced.exit);
                self.is_clock_right |= matches!(synced.exit, Exit::Done | Exit::Held);
                self.endings.push(synced.throttled_until.map_or_else(|| Ending::after(synced.exit), Ending::Throttled));
            }
        }
    }

    /// What a source does not name any more waits before anything is planned for it, and is to be seen with the rest.
    fn plan_shrunk(&mut self, list: &List, shrunk: Vec<PlannedOperation>) {
        let Some(target) = list.target.as_ref().filter(|_| !shrunk.is_empty()) else { return };
        let Some(planned) = self.planned.iter_mut().find(|planned| planned.account == target.account.to_string()) else { return };
        match planned.calendars.iter_mut().find(|calendar| calendar.name == target.calendar_name) {
            Some(calendar) => calendar.operations.extend(shrunk),
            None => planned.calendars.push(PlannedCalendar { name: target.calendar_name.clone(), operations: shrunk }),
        }
    }

    fn stopped(&mut self, account: &Account, error: &AppError) {
        let id = account.id.to_string();
        self.reports.push(belfry_sync::AccountReport { account: id.clone(), state: account.state, calendars: vec![] });
        self.planned.push(belfry_sync::PlannedAccount { account: id, calendars: vec![] });
        self.problems.push(error.problem());
        self.exit = self.exit.worse(error.exit());
        self.endings.push(match error {
            AppError::Throttled { until, .. } => Ending::Throttled(*until),
            other => Ending::after(other.exit()),
        });
    }

    fn document(self, mode: Mode) -> (SyncDocument, Exit) {
        let document = match mode {
            Mode::DryRun => SyncDocument::Planned { outcome: Outcome::Planned, accounts: self.planned, problems: self.problems },
            Mode::Apply => SyncDocument::Done {
                outcome: Outcome::of(self.exit),
                accounts: self.reports,
                problems: self.problems,
                ending: Ending::of_all(&self.endings),
            },
        };
        (document, self.exit)
    }
}

/// What the most pressing of several problems is: the one that the window's banner shows.
#[must_use]
pub fn most_pressing(problems: &[Problem]) -> Option<&Problem> {
    let rank = |problem: &&Problem| match problem.code {
        ProblemCode::SignInNeeded => 0,
        ProblemCode::AdminApprovalNeeded | ProblemCode::CalendarAccessNeeded => 1,
        ProblemCode::Held
        | ProblemCode::SourceShrank
        | ProblemCode::SourceUnread
        | ProblemCode::FirstPlan
        | ProblemCode::FirstSyncQuestion
        | ProblemCode::LeftOver
        | ProblemCode::SameListQuestion
        | ProblemCode::CalendarVanished => 2,
        ProblemCode::KeychainLocked | ProblemCode::KeychainMissing => 3,
        ProblemCode::ClockWrong => 4,
        _ => 5,
    };
    problems.iter().min_by_key(rank)
}
