//! One sign-in at a time: in the browser of this computer, or with a code in a browser anywhere.

use std::rc::Rc;

use belfry_core::{Account, AccountId, AccountState, Problem, ProblemCode};
use belfry_sync::schedule::Event;

use super::{Controller, Input};
use crate::accounts::{PATIENCE, SignInOptions};
use crate::error::AppError;
use crate::language::Say;
use crate::shell::{SigningIn, TrayAction};

/// What a sign-in is for.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) enum Aim {
    /// An account that is not known yet.
    Connect {
        /// The built-in offline Microsoft.
        practice: bool,
    },
    /// One that is: to sign in again, or to allow calendars.
    Again {
        /// Which.
        account: AccountId,
        /// Whether to ask for calendars. Who only repairs a sign-in is asked for no more than before.
        calendars: bool,
    },
}

impl Aim {
    pub(super) fn of(account: &Account) -> Self {
        let calendars = matches!(account.state, AccountState::NoCalendarAccess | AccountState::WaitingForApproval);
        Self::Again { account: account.id.clone(), calendars }
    }
}

/// A sign-in that waits for its browser.
pub(super) struct Attempt {
    aim: Aim,
    shown: SigningIn,
    task: tokio::task::JoinHandle<()>,
}

impl Controller {
    /// Begins a sign-in in place of one that waits.
    pub(super) fn sign_in(self: &Rc<Self>, aim: Aim, with_code: bool) {
        self.cancel_sign_in();
        let (this, aimed) = (Rc::clone(self), aim.clone());
        let task = tokio::task::spawn_local(async move {
            let result = this.attempt(aimed, with_code).await.map(Box::new).map_err(|error| error.problem());
            let _ = this.inputs.send(Input::SignedIn(result));
        });
        *self.attempt.borrow_mut() = Some(Attempt { aim, shown: SigningIn::default(), task });
    }

    /// The browser that was opened is of no use: the same sign-in, with a code.
    pub(super) fn use_code(self: &Rc<Self>) -> Result<(), AppError> {
        let aim = self.attempt.borrow().as_ref().map(|attempt| attempt.aim.clone());
        let aim = aim.ok_or_else(|| AppError::bad("No sign-in is waiting.", "Connect an account first."))?;
        self.sign_in(aim, true);
        Ok(())
    }

    async fn attempt(&self, aim: Aim, with_code: bool) -> Result<Account, AppError> {
        let pending = match aim {
            Aim::Connect { practice } => {
                let options = SignInOptions { practice, device_code: with_code, ..SignInOptions::default() };
                self.app.begin_sign_in(&options).await?
            }
            Aim::Again { account, calendars } => {
                let account = self.app.account(Some(&account.to_string()))?;
                match with_code {
                    true => self.app.begin_code_again(&account, calendars).await?,
                    false => self.app.begin_sign_in_again(&account, calendars).await?,
                }
            }
        };
        if let Some(attempt) = self.attempt.borrow_mut().as_mut() {
            attempt.shown = SigningIn { url: pending.url().to_owned(), code: pending.code().map(str::to_owned) };
        }
        self.shell.changed();
        // A code may be typed on any device: this computer's browser is opened only when the person wants it.
        let is_browsing = with_code || self.shell.open_browser(pending.url());
        if is_browsing || !pending.is_practice() {
            return self.app.finish_sign_in(pending, PATIENCE).await;
        }
        self.app.finish_practice_sign_in(pending, PATIENCE).await
    }

    pub(super) fn cancel_sign_in(&self) {
        *self.sign_in_problem.borrow_mut() = None;
        if let Some(attempt) = self.attempt.borrow_mut().take() {
            attempt.task.abort();
        }
    }

    pub(super) fn signed_in(self: &Rc<Self>, result: Result<Box<Account>, Problem>) {
        // Its own attempt has ended; one that began meanwhile goes on.
        if self.attempt.borrow().as_ref().is_none_or(|attempt| attempt.task.is_finished()) {
            self.cancel_sign_in();
        }
        match result {
            Ok(_) => self.schedule(Event::SignedIn),
            Err(problem) => {
                // The person is in the browser; what they did there themselves they know.
                if !matches!(problem.code, ProblemCode::SignInCancelled | ProblemCode::NoClientId) {
                    self.notify(&self.notice(&problem, None, vec![]));
                }
                *self.sign_in_problem.borrow_mut() = Some(problem);
            }
        }
    }

    /// Nobody waits any more for this account's browser.
    pub(super) fn cancel_sign_in_of(&self, id: &AccountId) {
        let is_its =
            self.attempt.borrow().as_ref().is_some_and(|attempt| matches!(&attempt.aim, Aim::Again { account, .. } if account == id));
        if is_its {
            self.cancel_sign_in();
        }
    }

    /// What the window shows of it.
    pub(super) fn signing_in(&self) -> Option<SigningIn> {
        self.attempt.borrow().as_ref().map(|attempt| attempt.shown.clone())
    }
}

/// The button that repairs an account.
pub(super) fn repair(account: &Account, say: &Say) -> Option<(TrayAction, String)> {
    let sign_in = || TrayAction::SignIn(account.id.to_string());
    match account.state {
        AccountState::SignInNeeded => Some((sign_in(), say.sign_in.to_owned())),
        AccountState::NoCalendarAccess => Some((sign_in(), say.allow.to_owned())),
        AccountState::KeychainLocked => Some((TrayAction::SyncNow, say.try_again.to_owned())),
        AccountState::WaitingForApproval | AccountState::Blocked => Some((TrayAction::Open, say.open.to_owned())),
        AccountState::Ready | AccountState::Paused => None,
    }
}
