//! Accounts that wait for their person: which of them a timer leaves alone, who was told of it, and what keeps an unused sign-in alive.

use belfry_core::{Account, AccountId, AccountState, List, Problem, word};
use belfry_identity::VaultError;
use belfry_sync::schedule::LONGEST_REST;
use chrono::{DateTime, Utc};

use crate::accounts::stands_in_the_way;
use crate::app::App;
use crate::error::AppError;

impl App {
    /// Why nothing can be asked of an account now; a sync that no person asked for leaves more of them alone. A policy is not tried again by a timer, and a locked
    /// keychain is not asked for a prompt that nobody waits for.
    pub(crate) async fn rests(&self, account: &Account, background: bool) -> Option<AppError> {
        if let Some(until) = self.throttled_until(&account.id).filter(|_| background) {
            let wait = (until - self.now()).to_std().unwrap_or_default();
            return Some(AppError::Throttled { login: account.login.clone(), until, wait });
        }
        match account.state {
            AccountState::Blocked | AccountState::NoCalendarAccess if background => self.known_trouble(account),
            AccountState::KeychainLocked if background && self.keeper(account).is_locked().await => self.known_trouble(account),
            AccountState::SignInNeeded | AccountState::WaitingForApproval => self.known_trouble(account),
            _ => stands_in_the_way(account),
        }
    }

    /// Until when Outlook wants an account to be left alone. Timers of every program heed it; a person who asks is there to see the answer.
    fn throttled_until(&self, account: &AccountId) -> Option<DateTime<Utc>> {
        let text = self.store.meta(&throttled(account)).ok().flatten()?;
        let until = DateTime::parse_from_rfc3339(&text).ok()?.to_utc();
        // A clock that was set back does not make it longer than a server ever asks for.
        (self.now() < until && until < self.now() + LONGEST_REST).then_some(until)
    }

    /// Remembers it, or that it is over.
    pub(crate) fn note_throttled(&self, account: &AccountId, until: Option<DateTime<Utc>>) -> Result<(), AppError> {
        let text = until.map(|until| until.to_rfc3339()).unwrap_or_default();
        if self.store.meta(&throttled(account))?.unwrap_or_default() != text {
            self.store.set_meta(&throttled(account), &text)?;
        }
        Ok(())
    }

    /// What a person has to do about an account.
    pub(crate) fn need(&self, account: &Account, lists: &[List]) -> Option<Problem> {
        // Calendars that no list is to be kept in are nobody's trouble.
        let is_wanted = account.state != AccountState::NoCalendarAccess || lists.iter().any(|list| list.is_kept_in(&account.id));
        self.known_trouble(account).filter(|_| is_wanted).map(|error| error.problem())
    }

    /// Accounts that need their person and whose person does not know yet; from now on they do, also after a restart. `found` is what the last sync met: it knows
    /// why.
    ///
    /// # Errors
    /// When the database fails.
    pub fn untold(&self, found: &[Problem]) -> Result<Vec<(Account, Problem)>, AppError> {
        let lists = self.store.lists()?;
        let mut fresh = Vec::new();
        for account in self.store.accounts()? {
            let known = self.store.meta(&told(&account.id))?.unwrap_or_default();
            let Some(need) = self.need(&account, &lists) else {
                if !known.is_empty() {
                    self.forget_told(&account.id)?;
                }
                continue;
            };
            let state = word(&account.state);
            // Who asks for access knows that it is not there yet.
            let is_waited_for = account.state == AccountState::WaitingForApproval && !lists.iter().any(|list| list.is_kept_in(&account.id));
            if known != state && !is_waited_for {
                self.store.set_meta(&told(&account.id), &state)?;
                let is_why = |problem: &&Problem| {
                    AccountState::after(problem.code) == Some(account.state) && problem.detail.contains(&account.login)
                };
                let why = found.iter().find(is_why);
                fresh.push((account, why.cloned().unwrap_or(need)));
            }
        }
        Ok(fresh)
    }

    /// The person was told of this state in another way.
    pub(crate) fn note_told(&self, account: &AccountId, state: AccountState) -> Result<(), AppError> {
        Ok(self.store.set_meta(&told(account), &word(&state))?)
    }

    /// A trouble that is over is told again when it comes back.
    pub(crate) fn forget_told(&self, account: &AccountId) -> Result<(), AppError> {
        Ok(self.store.set_meta(&told(account), "")?)
    }

    /// Renews the sign-in of accounts that nothing was asked of for a week, so that it does not die of disuse. Answers with what was found out on the
    /// way, which is in their states too.
    ///
    /// # Errors
    /// When the database fails.
    pub async fn keep_alive(&self) -> Result<Vec<Problem>, AppError> {
        let mut found = Vec::new();
        for account in self.store.accounts()? {
            let keeper = self.keeper(&account);
            let is_dead = matches!(account.state, AccountState::SignInNeeded | AccountState::Blocked);
            if account.cloud.practice || is_dead || keeper.is_locked().await {
                continue;
            }
            match keeper.keep_alive().await {
                Ok(true) => tracing::info!(account = %account.id, "the sign-in was renewed"),
                Ok(false) => {}
                Err(error) => {
                    let problem = error.problem(&account.login);
                    tracing::warn!(account = %account.id, code = problem.code.name(), "the sign-in could not be renewed");
                    self.record(&account, &problem, error.claims())?;
                    found.push(problem);
                }
            }
        }
        Ok(found)
    }

    /// Records what was found out about an account outside a sync. A keychain may be open again a moment later: the next sync looks for itself.
    pub(crate) fn record(&self, account: &Account, found: &Problem, claims: Option<&str>) -> Result<(), AppError> {
        let state = AccountState::after(found.code).filter(|state| *state != AccountState::KeychainLocked);
        let Some(state) = state else { return Ok(()) };
        // What does not name the account does not say enough later.
        if found.detail.contains(&account.login) {
            self.store.note_cause(&account.id, state, found)?;
        }
        Ok(self.store.set_account_state(&account.id, state, claims)?)
    }

    /// What stands between an account and its calendars, with what was found out about it.
    fn known_trouble(&self, account: &Account) -> Option<AppError> {
        let trouble = trouble(account)?;
        let cause = self.store.cause(account).ok().flatten();
        Some(cause.map_or(trouble, |problem| AppError::Rests { problem }))
    }
}

/// What stands between an account in this state and its calendars.
pub(crate) fn trouble(account: &Account) -> Option<AppError> {
    let login = account.login.clone();
    match account.state {
        AccountState::SignInNeeded => Some(AppError::NeedsSignIn { login }),
        AccountState::WaitingForApproval => Some(AppError::NeedsApproval { login, why: None }),
        AccountState::NoCalendarAccess => Some(AppError::NeedsCalendars { login }),
        AccountState::Blocked => Some(AppError::Blocked { login }),
        AccountState::KeychainLocked => Some(AppError::Identity(VaultError::Closed.into())),
        AccountState::Ready | AccountState::Paused => None,
    }
}

fn throttled(account: &AccountId) -> String {
    format!("throttled:{account}")
}

fn told(account: &AccountId) -> String {
    format!("told:{account}")
}
