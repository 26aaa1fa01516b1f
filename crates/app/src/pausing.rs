//! Quiet for a while, and the opposite: what should have happened and did not. A pause is known to every program that shares the home.

use std::collections::BTreeSet;

use belfry_core::{Account, AccountId, AccountState, Problem, ProblemCode};
use chrono::{DateTime, Duration, Utc};

use crate::app::App;
use crate::documents::AccountDocument;
use crate::error::AppError;

const PAUSED: &str = "paused";
const FOR_GOOD: &str = "until resumed";

/// So long without a good sync is worth a word.
const OVERDUE_AFTER: Duration = Duration::hours(24);

/// How long it is quiet.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Pause {
    /// Until somebody says otherwise.
    ForGood,
    /// Until then.
    Until(DateTime<Utc>),
}

impl App {
    /// Timers sync nothing for so long, or until [`App::resume`]. A sync by hand still goes.
    ///
    /// # Errors
    /// When the database fails, or no time was given.
    pub fn pause(&self, minutes: Option<u32>) -> Result<Pause, AppError> {
        if minutes == Some(0) {
            return Err(AppError::bad("A pause of no time is none.", "Say for how long (30m, 2h, 1d); `belfry resume` ends a pause."));
        }
        let pause = minutes.map_or(Pause::ForGood, |minutes| Pause::Until(self.now() + Duration::minutes(i64::from(minutes))));
        let text = match pause {
            Pause::ForGood => FOR_GOOD.to_owned(),
            Pause::Until(at) => at.to_rfc3339(),
        };
        self.store.set_meta(PAUSED, &text)?;
        Ok(pause)
    }

    /// Timers sync again.
    ///
    /// # Errors
    /// When the database fails.
    pub fn resume(&self) -> Result<(), AppError> {
        Ok(self.store.set_meta(PAUSED, "")?)
    }

    /// The pause that is on now.
    ///
    /// # Errors
    /// When the database fails.
    pub fn paused(&self) -> Result<Option<Pause>, AppError> {
        let text = self.store.meta(PAUSED)?.unwrap_or_default();
        if text == FOR_GOOD {
            return Ok(Some(Pause::ForGood));
        }
        let until = DateTime::parse_from_rfc3339(&text).ok().map(|at| at.with_timezone(&Utc));
        Ok(until.filter(|until| self.now() < *until).map(Pause::Until))
    }

    /// Accounts that wait for their person.
    pub(crate) fn stuck_accounts(&self) -> BTreeSet<AccountId> {
        let all = self.store.accounts().unwrap_or_default().into_iter();
        all.filter(|account| account.state.needs_person()).map(|account| account.id).collect()
    }

    /// The state of an account as it is shown: one that is well is paused while all are.
    fn shown_state(&self, account: &Account) -> Result<AccountState, AppError> {
        let is_paused = account.state == AccountState::Ready && self.paused()?.is_some();
        Ok(if is_paused { AccountState::Paused } else { account.state })
    }

    /// All accounts, with the state that they are in now.
    ///
    /// # Errors
    /// When the database fails.
    pub fn account_documents(&self) -> Result<Vec<AccountDocument>, AppError> {
        let all = self.store.accounts()?;
        all.iter().map(|account| Ok(AccountDocument { state: self.shown_state(account)?, ..AccountDocument::from(account) })).collect()
    }

    /// What to tell of accounts that were not synced for a day, although nobody paused them and nobody has to do anything.
    pub(crate) fn overdue(&self) -> Result<Option<Problem>, AppError> {
        if self.paused()?.is_some() {
            return Ok(None);
        }
        let mut oldest: Option<(DateTime<Utc>, String)> = None;
        for account in self.accounts_to_sync(None)?.into_iter().filter(|account| account.state == AccountState::Ready) {
            let (at, detail) = match account.last_good_sync_at {
                Some(at) => (at, format!("The reminders of {} and Outlook were last in agreement on", account.login)),
                None => (
                    self.first_wait(&account)?,
                    format!("The reminders of {} were never in Outlook; the first sync is due since", account.login),
                ),
            };
            if at + OVERDUE_AFTER < self.now() && oldest.as_ref().is_none_or(|(before, _)| at < *before) {
                oldest = Some((at, detail));
            }
        }
        // By a wrong clock nobody knows how long ago that is; that one is told.
        if oldest.is_some() && self.last_told()?.1.iter().any(|problem| problem.code == ProblemCode::ClockWrong) {
            return Ok(None);
        }
        Ok(oldest.map(|(at, detail)| {
            Problem::new(
                ProblemCode::SyncOverdue,
                "Nothing was synced since yesterday",
                format!("{detail} {}.", self.zone().wall(at).format("%-d %B %Y at %H:%M")),
                "Run `belfry doctor`: it says what is in the way.",
            )
        }))
    }

    /// Since when an account that was never synced well has been waiting for that, as far as anybody looked.
    fn first_wait(&self, account: &Account) -> Result<DateTime<Utc>, AppError> {
        let key = format!("unsynced_since:{}", account.id);
        let known = self.store.meta(&key)?.and_then(|text| DateTime::parse_from_rfc3339(&text).ok());
        match known {
            Some(at) => Ok(at.to_utc()),
            None => {
                self.store.set_meta(&key, &self.now().to_rfc3339())?;
                Ok(self.now())
            }
        }
    }
}
