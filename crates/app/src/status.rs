//! The state of everything, without network and keychain: last known.

use belfry_core::{List, Problem, ProblemCode};
use belfry_identity::FileLock;
use belfry_store::{HoldRow, Run};
use belfry_sync::{HeldSet, SyncError, held_problems};

use crate::app::App;
use crate::documents::{CutOff, Held, LastRun, StatusDocument};
use crate::error::AppError;
use crate::syncing::most_pressing;

impl App {
    /// The `status` document.
    ///
    /// # Errors
    /// When the database fails.
    pub fn status(&self) -> Result<StatusDocument, AppError> {
        self.status_with(&self.held()?)
    }

    /// The same, where it is known what waits.
    pub(crate) fn status_with(&self, waiting: &Held) -> Result<StatusDocument, AppError> {
        let held: Vec<HeldSet> = self
            .store
            .holds()?
            .into_iter()
            .filter(|hold| !hold.confirmed)
            .map(|HoldRow { list, name, count, .. }| HeldSet { list, name, count })
            .collect();
        let (last, told) = self.last_told()?;
        Ok(StatusDocument {
            accounts: self.account_documents()?,
            lists: self.list_documents()?,
            waiting: self.store.count_waiting(self.now())?.saturating_sub(waiting.count_without_event()),
            held: held.iter().map(|set| set.count).sum(),
            conflicts: self.store.count_conflicts()?,
            quarantined: self.store.quarantine()?.len(),
            last_run: last.and_then(|run| LastRun::of(run, &told)),
            cut_off: self.cut_off()?,
            pause: self.paused()?,
            attention: most_pressing(&self.pressing(&held, told)?).cloned(),
        })
    }

    /// The newest sync, if its process died on the way: while it runs nobody else has the lock.
    fn cut_off(&self) -> Result<Option<CutOff>, AppError> {
        if self.store.unfinished_sync()?.is_none() {
            return Ok(None);
        }
        let Ok(Some(_lock)) = FileLock::try_take(&self.home.join("sync.lock")) else { return Ok(None) };
        // It may have ended between the two looks.
        Ok(self.store.unfinished_sync()?.map(|run| CutOff { id: run.id, at: run.started_at }))
    }

    /// What to tell of a list whose calendar was not there at the last sync.
    fn vanished(&self, list: &List) -> Result<Option<Problem>, AppError> {
        let (Some(place), Some(target)) = (list.place(), &list.target) else { return Ok(None) };
        if !self.store.is_gone(&place)? {
            return Ok(None);
        }
        let login = self.store.account(&target.account)?.map(|account| account.login).unwrap_or_default();
        Ok(Some(SyncError::CalendarGone(target.calendar_name.clone()).problem(&login)))
    }

    /// The last sync, and what it had to tell.
    pub(crate) fn last_told(&self) -> Result<(Option<Run>, Vec<Problem>), AppError> {
        #[derive(serde::Deserialize)]
        struct Told {
            problems: Vec<Problem>,
        }
        let Some(run) = self.store.last_sync()? else { return Ok((None, vec![])) };
        let report = self.store.report_of(run.id)?;
        // Another release may have written it.
        let told = report.and_then(|report| serde_json::from_str::<Told>(&report).ok());
        Ok((Some(run), told.map(|told| told.problems).unwrap_or_default()))
    }

    /// What a person should look at.
    fn pressing(&self, held: &[HeldSet], told: Vec<Problem>) -> Result<Vec<Problem>, AppError> {
        // Why the last sync did not do all of its work, where a person is needed for that: a full mailbox, a calendar that may only be read.
        let is_left = |problem: &Problem| matches!(problem.code, ProblemCode::MailboxUnavailable | ProblemCode::CalendarReadOnly);
        let lists = self.store.lists()?;
        let mut problems = Vec::new();
        for account in self.store.accounts()? {
            problems.extend(self.need(&account, &lists));
        }
        problems.extend(self.restored()?);
        problems.extend(self.overdue()?);
        problems.extend(held_problems(held, &lists));
        for list in &lists {
            problems.extend(self.leaving(list)?);
            problems.extend(self.vanished(list)?);
            problems.extend(self.source_trouble(list)?);
        }
        problems.extend(told.into_iter().filter(is_left));
        Ok(problems)
    }
}
