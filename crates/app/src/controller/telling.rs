//! What a person is told of: one notification for one trouble, and what the window is to do first when somebody asked for it outside of it.

use std::rc::Rc;
use std::time::Duration;

use belfry_core::{Account, AccountState, Exit, Problem, ProblemCode};

use super::Controller;
use super::signing_in::repair;
use crate::config::{Config, NotificationConfig};
use crate::language::{Tongue, with};
use crate::shell::{Errand, Notice, TrayAction};

/// So long the page of a window that is closed has for what was typed last.
const LAST_WORDS: Duration = Duration::from_millis(200);
/// That it was said where Belfry is when its window is closed.
const EXPLAINED: &str = "explained_closing";

impl Controller {
    /// Read anew each time: a person may have changed the file by hand. One that cannot be read silences nobody.
    pub(super) fn wants(&self) -> NotificationConfig {
        Config::read(self.app.home()).map(|config| config.notifications).unwrap_or_default()
    }

    /// Shows a notification of something that needs the person, if they want to hear of such.
    pub(super) fn notify(&self, notice: &Notice) {
        if self.wants().trouble {
            self.shell.notify(notice);
        }
    }

    /// The language of tray and notifications.
    pub(super) fn tongue(&self) -> Tongue {
        self.shell.tongue(Config::read(self.app.home()).map(|config| config.window.language).unwrap_or_default())
    }

    /// A problem as a notification.
    pub(super) fn notice(&self, problem: &Problem, login: Option<&str>, actions: Vec<(TrayAction, String)>) -> Notice {
        let (title, body) = self.tongue().problem(problem, login);
        let click = actions.first().map_or(TrayAction::Open, |(action, _)| action.clone());
        Notice { title, body, actions, click }
    }

    pub(super) fn tell_approved(&self, account: &Account) {
        let say = self.tongue().say();
        let (title, body) = (say.approved.into(), with(say.approved_of, &account.login));
        self.notify(&Notice { title, body, actions: vec![(TrayAction::Open, say.open.into())], click: TrayAction::Open });
    }

    /// One notification for one trouble; the next one only after all was well.
    pub(super) fn tell(&self, exit: Exit, problems: &[Problem]) {
        let say = self.tongue().say();
        match self.app.untold(problems) {
            Ok(fresh) => fresh.into_iter().for_each(|(account, problem)| {
                let actions = repair(&account, say).into_iter().collect();
                self.notify(&self.notice(&problem, Some(&account.login), actions));
            }),
            Err(error) => tracing::error!(%error, "nobody could be told"),
        }
        // Who is to see a plan has just asked for it.
        let is_news = |problem: &&Problem| AccountState::after(problem.code).is_none() && problem.code != ProblemCode::FirstPlan;
        let others: Vec<Problem> = problems.iter().filter(is_news).cloned().collect();
        let mut told = self.told.borrow_mut();
        match (exit, crate::syncing::most_pressing(&others)) {
            (_, Some(problem)) if is_told(exit, problem) && *told != Some(problem.code) => {
                *told = Some(problem.code);
                let waits = problem.code.exit() == Exit::Held;
                let action = if waits { (TrayAction::Review, say.review) } else { (TrayAction::Open, say.open) };
                self.notify(&self.notice(problem, None, vec![(action.0, action.1.into())]));
            }
            (Exit::Done, None) => *told = None,
            (Exit::Done, Some(problem)) if !is_told(exit, problem) => *told = None,
            _ => {}
        }
    }

    /// A day without a good sync is told once.
    pub(super) fn tell_overdue(&self) {
        let overdue = self.app.overdue().unwrap_or_default();
        if let Some(problem) = overdue.as_ref().filter(|_| !self.told_overdue.get()) {
            self.notify(&self.notice(problem, None, vec![(TrayAction::SyncNow, self.tongue().say().try_again.into())]));
        }
        self.told_overdue.set(overdue.is_some());
    }

    /// The window goes once its page has had the time to hand over what was typed last; where Belfry is then is said the first time.
    pub(super) fn close_window(self: &Rc<Self>) {
        self.shell.hand_over();
        let this = Rc::clone(self);
        tokio::task::spawn_local(async move {
            let (has_tray, ()) = tokio::join!(this.shell.has_tray(), tokio::time::sleep(LAST_WORDS));
            this.shell.leave_window(has_tray);
            let is_explained = this.app.store.meta(EXPLAINED).is_ok_and(|said| said.is_some());
            if !is_explained && this.app.store.set_meta(EXPLAINED, "yes").is_ok() {
                let say = this.tongue().say();
                let body = if has_tray { say.goes_on_in_tray } else { say.goes_on_small };
                this.shell.notify(&Notice { title: say.goes_on.into(), body: body.into(), actions: vec![], click: TrayAction::Open });
            }
        });
    }

    /// Ends, once the page of the window has had the time to hand over what was typed last.
    pub(super) fn quit(self: &Rc<Self>) {
        self.shell.hand_over();
        let this = Rc::clone(self);
        tokio::task::spawn_local(async move {
            tokio::time::sleep(LAST_WORDS).await;
            this.shell.quit();
        });
    }

    /// Shows the window, and what was asked for in it.
    pub(super) fn show_with(&self, errand: Option<Errand>) {
        if errand.is_some() {
            self.errand.replace(errand);
        }
        self.window_shown();
        self.shell.show_window();
    }
}

/// What is worth a notification: what waits for a person, a clock that only a person can set, and that everything is as it was in an earlier copy.
fn is_told(exit: Exit, problem: &Problem) -> bool {
    matches!(exit, Exit::Person | Exit::Held) || matches!(problem.code, ProblemCode::DatabaseRestored | ProblemCode::ClockWrong)
}
