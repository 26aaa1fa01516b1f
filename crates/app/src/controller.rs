//! The one place where inputs meet: the window's commands, tray clicks, timers, second starts. Everything is a value, handled in order on one thread.
//!
//! Long work (a sync, a sign-in) runs beside the loop on the same thread and comes back as an input. [`Controller::handle`] never waits.

mod agenda;
mod commands;
mod lean;
mod month;
mod opened;
mod ringing;
mod settings;
mod signing_in;
mod surroundings;
mod telling;
mod tray;
mod watching;

use std::cell::{Cell, RefCell};
use std::collections::BTreeSet;
use std::path::PathBuf;
use std::rc::Rc;
use std::time::Duration;

use belfry_core::{Account, AccountId, Exit, Problem, ProblemCode};
use belfry_sync::Progress;
use belfry_sync::schedule::{Effect, Ending, Event, Schedule};
use chrono::{DateTime, Utc};
pub use commands::{Answer, Command, Online, Reply};
use lean::Busy;
pub use lean::Carried;
pub use opened::{Exception, Opened, SeriesDate};
pub use settings::Settings;
use signing_in::{Aim, Attempt};
use tokio::sync::mpsc::{UnboundedReceiver, UnboundedSender};

use crate::app::App;
use crate::confirming::HoldAnswer;
use crate::documents::{ListDocument, StatusDocument};
use crate::error::AppError;
use crate::shell::{Errand, ListRow, Shell, Snapshot, SyncState, TrayAction};
use crate::syncing::{SyncDocument, SyncOptions};

/// Between two looks at accounts that nothing is synced for.
const BETWEEN_KEEP_ALIVES: chrono::Duration = chrono::Duration::hours(6);
/// Before the first: the start has enough to do.
const FIRST_KEEP_ALIVE: chrono::Duration = chrono::Duration::minutes(10);

/// Between two updates of how far a sync is.
const BETWEEN_PROGRESS: Duration = Duration::from_millis(500);

/// Everything that can happen.
pub enum Input {
    /// The window asks.
    Command(Command, Reply),
    /// The window asks for something that the network knows, or the desktop.
    Online(Online, Reply),
    /// A click in the tray, or on a notification.
    Tray(TrayAction),
    /// A timer rang.
    Rang(u64),
    /// A sync ended.
    Synced(Result<(SyncDocument, Exit), Problem>),
    /// An administrator gave access to this account.
    Approved(Box<Account>),
    /// Accounts that nothing is synced for were looked after, and this was found.
    KeptAlive(Vec<Problem>),
    /// A sign-in ended.
    SignedIn(Result<Box<Account>, Problem>),
    /// The program was started, again or with something to do.
    Started(Option<Errand>),
    /// Another process has written to this home.
    Elsewhere,
    /// The computer woke up.
    Woke,
    /// There is a network again, or another one.
    NetworkBack,
    /// What a list follows has changed.
    SourceChanged,
    /// An alarm may be due.
    AlarmsDue,
    /// The person wants the window closed.
    CloseWanted,
    /// The window was closed.
    WindowClosed,
    /// It was closed for so long that the process may begin anew; the number is that of the closing.
    LongClosed(u64),
}

/// The controller.
pub struct Controller {
    app: Rc<App>,
    shell: Rc<dyn Shell>,
    inputs: UnboundedSender<Input>,
    schedule: RefCell<Schedule>,
    /// The schedule is another one than before: timers that were set for an older one are void.
    epoch: Cell<u64>,
    /// An interval to sync at once the sync that runs is over.
    other_interval: Cell<Option<chrono::Duration>>,
    running: Cell<bool>,
    /// What the next sync is told about what waits.
    confirmed: Cell<Option<HoldAnswer>>,
    attempt: RefCell<Option<Attempt>>,
    /// Why the last sign-in failed, until the next one.
    sign_in_problem: RefCell<Option<Problem>>,
    /// What the person was told that is not about an account.
    told: RefCell<Option<ProblemCode>>,
    /// How far the sync is that runs.
    progress: RefCell<Option<Progress>>,
    /// When that was last shown.
    progress_shown: Cell<Option<tokio::time::Instant>>,
    /// What the reminders were like when they were last synced.
    mark: Cell<(i64, i64)>,
    /// Accounts that wait for their person.
    stuck: RefCell<BTreeSet<AccountId>>,
    /// The person was told that nothing was synced for a day.
    told_overdue: Cell<bool>,
    /// Files and folders that lists follow.
    followed: tokio::sync::watch::Sender<BTreeSet<PathBuf>>,
    /// What said what rings when the alarm clock was set.
    armed: RefCell<String>,
    /// What the window is to do first.
    errand: RefCell<Option<Errand>>,
    /// Rings when something is due.
    alarm_clock: RefCell<Option<tokio::task::JoinHandle<()>>>,
    /// Counts how often the window was shown or closed: a closing counts until the next of either.
    closing: Cell<u64>,
    /// The process is to begin anew.
    leaving: Cell<bool>,
    /// What asks the network beside syncs and sign-ins.
    busy: Busy,
}

impl Controller {
    /// Over an app and a shell; `inputs` is where its own long work reports to.
    #[must_use]
    pub fn new(app: App, shell: Rc<dyn Shell>, inputs: UnboundedSender<Input>) -> Rc<Self> {
        let interval = chrono::Duration::minutes(i64::from(app.config().sync.interval_minutes));
        Self::every(interval, app, shell, inputs)
    }

    /// With another interval than the configured one.
    #[must_use]
    pub fn every(interval: chrono::Duration, app: App, shell: Rc<dyn Shell>, inputs: UnboundedSender<Input>) -> Rc<Self> {
        let jitter = settings::jitter(&app);
        Rc::new(Self {
            app: Rc::new(app),
            shell,
            inputs,
            schedule: RefCell::new(Schedule::new(interval, jitter)),
            epoch: Cell::new(0),
            other_interval: Cell::new(None),
            running: Cell::new(false),
            confirmed: Cell::new(None),
            attempt: RefCell::new(None),
            sign_in_problem: RefCell::new(None),
            told: RefCell::new(None),
            progress: RefCell::new(None),
            progress_shown: Cell::new(None),
            mark: Cell::new((0, 0)),
            stuck: RefCell::default(),
            told_overdue: Cell::new(false),
            followed: tokio::sync::watch::Sender::default(),
            armed: RefCell::default(),
            errand: RefCell::default(),
            alarm_clock: RefCell::default(),
            closing: Cell::new(0),
            leaving: Cell::new(false),
            busy: Busy::default(),
        })
    }

    /// The app that it controls.
    #[must_use]
    pub fn app(&self) -> &Rc<App> {
        &self.app
    }

    /// Handles inputs until nobody can send any more. Run it on a `LocalSet`.
    pub async fn run(self: Rc<Self>, mut inputs: UnboundedReceiver<Input>) {
        self.run_after(None, &mut inputs).await;
    }

    /// The same, in the place of a process that left `before`. Answers with what is to be carried into the next one, if the process is to begin anew.
    pub async fn run_after(self: &Rc<Self>, before: Option<Carried>, inputs: &mut UnboundedReceiver<Input>) -> Option<Carried> {
        self.take_over_pause();
        let last = self.begin(before);
        self.keep_alive();
        self.look_around();
        self.watch_sources();
        self.set_alarm_clock();
        self.show();
        last.into_iter().for_each(|input| self.handle(input));
        while let Some(input) = inputs.recv().await {
            self.handle(input);
            if self.leaving.take() && self.shell.stand_down() {
                return Some(self.last_words(inputs).await);
            }
        }
        None
    }

    /// Takes one input.
    pub fn handle(self: &Rc<Self>, input: Input) {
        let is_question = match &input {
            Input::Command(command, _) => command.is_question(),
            // Nothing has changed before the network answered.
            Input::Online(..) | Input::AlarmsDue | Input::CloseWanted | Input::WindowClosed | Input::LongClosed(_) => true,
            _ => false,
        };
        let may_change = matches!(&input, Input::Command(..) | Input::Online(..) | Input::Elsewhere | Input::Tray(_));
        // Another program may have paused, and the look at its writing is still to come.
        if matches!(&input, Input::Rang(_) | Input::Woke | Input::NetworkBack | Input::SourceChanged) {
            self.take_over_pause();
        }
        match input {
            Input::Command(command, reply) => drop(reply.send(self.answer(command).map_err(|error| error.problem()))),
            Input::Online(question, reply) => {
                let (this, is_question) = (Rc::clone(self), question.is_question());
                let busy = self.busy.begin();
                tokio::task::spawn_local(async move {
                    let _busy = busy;
                    let answer = this.answer_online(question).await.map_err(|error| error.problem());
                    if !is_question {
                        this.show();
                    }
                    let _ = reply.send(answer);
                });
            }
            Input::Tray(action) => self.tray_action(action),
            Input::Rang(timer) if timer >> 32 == self.epoch.get() => self.schedule(Event::Rang(timer & u64::from(u32::MAX))),
            Input::Rang(_) => {}
            Input::Synced(result) => self.synced(&result),
            Input::Approved(account) => self.tell_approved(&account),
            Input::KeptAlive(found) => self.tell(Exit::Later, &found),
            Input::SignedIn(result) => self.signed_in(result),
            Input::Started(errand) => self.show_with(errand),
            Input::Woke => self.schedule(Event::Woke),
            Input::NetworkBack => self.schedule(Event::NetworkBack),
            Input::SourceChanged => self.schedule(Event::Changed),
            Input::CloseWanted => self.close_window(),
            Input::WindowClosed => self.window_closed(),
            Input::LongClosed(closing) => self.long_closed(closing),
            Input::AlarmsDue => {
                self.ring_due();
                self.set_anew();
            }
            Input::Elsewhere => {
                self.take_over_pause();
                if self.is_repaired() {
                    self.schedule(Event::SignedIn);
                }
                // What the other program synced itself is no change; what it wrote into reminders is.
                let now = self.app.reminders_mark();
                if self.mark.replace(now) != now {
                    self.schedule(Event::Changed);
                }
            }
        }
        if !is_question {
            self.stuck.replace(self.app.stuck_accounts());
            self.show();
            // A sync that changed nothing of what rings changes nothing here.
            let now = self.app.ringing_mark();
            if may_change || *self.armed.borrow() != now {
                self.armed.replace(now);
                self.set_anew();
            }
        }
    }

    fn tray_action(self: &Rc<Self>, action: TrayAction) {
        match action {
            TrayAction::SyncNow => self.schedule(Event::Asked),
            TrayAction::PauseForAnHour => self.set_pause(self.app.pause(Some(60)).map(drop)),
            TrayAction::Resume => self.set_pause(self.app.resume()),
            TrayAction::Open => self.show_with(None),
            TrayAction::NewReminder => self.show_with(Some(Errand::NewReminder)),
            TrayAction::Review => self.show_with(Some(Errand::Review)),
            TrayAction::Show(of) => self.show_with(Some(Errand::Reminder(of))),
            TrayAction::SignIn(account) => match self.app.account(Some(&account)) {
                Ok(account) => self.sign_in(Aim::of(&account), false),
                Err(error) => tracing::warn!(code = error.problem().code.name(), "there is nobody to sign in"),
            },
            TrayAction::Quit => self.quit(),
            TrayAction::Done(of) => self.after_ringing(self.app.done_date(&of)),
            TrayAction::Snooze(of) => self.after_ringing(self.app.snooze(&of)),
        }
    }

    fn set_pause(self: &Rc<Self>, result: Result<(), AppError>) {
        match result {
            Ok(()) => self.take_over_pause(),
            Err(error) => tracing::error!(%error, "the pause could not be kept"),
        }
    }

    /// Gives the schedule an event and carries out what it answers.
    fn schedule(self: &Rc<Self>, event: Event) {
        let effects = self.schedule.borrow_mut().handle(event, self.app.now());
        self.carry_out(effects);
    }

    fn carry_out(self: &Rc<Self>, effects: Vec<Effect>) {
        for effect in effects {
            match effect {
                Effect::Sync { by_hand } => self.sync(by_hand),
                Effect::Ring(at, timer) => self.ring(at, timer),
            }
        }
    }

    fn ring(&self, at: DateTime<Utc>, timer: u64) {
        let (app, inputs, epoch) = (Rc::clone(&self.app), self.inputs.clone(), self.epoch.get());
        tokio::task::spawn_local(async move {
            until(&app, at).await;
            let _ = inputs.send(Input::Rang(timer | epoch << 32));
        });
    }

    /// Paused or unused, an account's sign-in is kept from dying of disuse.
    fn keep_alive(&self) {
        let (app, inputs, busy) = (Rc::clone(&self.app), self.inputs.clone(), self.busy.clone());
        tokio::task::spawn_local(async move {
            let mut next = app.now() + FIRST_KEEP_ALIVE;
            loop {
                until(&app, next).await;
                next = app.now() + BETWEEN_KEEP_ALIVES;
                let _busy = busy.begin();
                let found = app.keep_alive().await.unwrap_or_else(|error| vec![error.problem()]);
                if inputs.send(Input::KeptAlive(found)).is_err() {
                    return;
                }
            }
        });
    }

    fn sync(self: &Rc<Self>, by_hand: bool) {
        self.running.set(true);
        let (this, app, inputs) = (Rc::clone(self), Rc::clone(&self.app), self.inputs.clone());
        let options = SyncOptions { confirm: self.confirmed.take(), background: !by_hand, ..SyncOptions::default() };
        tokio::task::spawn_local(async move {
            for approved in app.try_quietly().await.unwrap_or_default() {
                let _ = inputs.send(Input::Approved(Box::new(approved)));
            }
            let result = app.sync(&options, &|progress| this.progressed(progress)).await.map_err(|error| error.problem());
            let _ = inputs.send(Input::Synced(result));
        });
    }

    /// Shown twice a second at most: the tray is another process.
    fn progressed(&self, progress: Progress) {
        *self.progress.borrow_mut() = Some(progress);
        let now = tokio::time::Instant::now();
        if self.progress_shown.get().is_none_or(|at| now.duration_since(at) > BETWEEN_PROGRESS) {
            self.progress_shown.set(Some(now));
            self.show_tray();
        }
    }

    fn synced(self: &Rc<Self>, result: &Result<(SyncDocument, Exit), Problem>) {
        self.running.set(false);
        self.mark.set(self.app.reminders_mark());
        *self.progress.borrow_mut() = None;
        let (exit, problems) = match result {
            Ok((document, exit)) => (*exit, document.problems()),
            Err(problem) => (problem.code.exit(), std::slice::from_ref(problem)),
        };
        let ending = match result {
            Ok((SyncDocument::Done { ending, .. }, _)) => *ending,
            _ => Ending::after(exit),
        };
        self.tell(exit, problems);
        self.tell_overdue();
        self.schedule(Event::Ended(ending));
        self.take_over_interval();
    }

    fn snapshot(&self) -> Result<Snapshot, AppError> {
        let held = self.app.held()?;
        let status = self.app.status_with(&held)?;
        let lists = self.app.lists()?;
        let aside = self.app.set_aside()?;
        let row = |document: ListDocument| {
            let list = lists.iter().find(|list| list.id.to_string() == document.id);
            let set_aside = aside.iter().filter(|one| one.list.to_string() == document.id).count();
            ListRow {
                colour: list.map(|list| list.colour.clone()).unwrap_or_default(),
                defaults: list.map(|list| list.defaults.clone()).unwrap_or_default(),
                horizon_months: list.map_or(24, |list| list.horizon_months),
                set_aside: u32::try_from(set_aside).unwrap_or(u32::MAX),
                list: document,
            }
        };
        Ok(Snapshot {
            today: self.app.zone().wall(self.app.now()).date().to_string(),
            agenda: agenda::rows(&self.app.reminders(None)?, &lists, &held, self.app.zone(), self.app.now()),
            sync: self.sync_state(&status),
            last_sync_at: status.last_good_sync_at(),
            lists: status.lists.into_iter().map(row).collect(),
            accounts: status.accounts,
            waiting: u32::try_from(status.waiting).unwrap_or(u32::MAX),
            attention: status.attention,
            signing_in: self.signing_in(),
            sign_in_problem: self.sign_in_problem.borrow().clone(),
            errand: self.errand.borrow().clone(),
        })
    }

    fn sync_state(&self, status: &StatusDocument) -> SyncState {
        let is_kept = status.lists.iter().any(|list| list.account.is_some());
        match (self.running.get(), self.schedule.borrow().is_paused(self.app.now()), is_kept) {
            (true, _, true) => SyncState::Running,
            (_, true, _) => SyncState::Paused,
            (_, _, true) => SyncState::Idle,
            (_, _, false) => SyncState::Local,
        }
    }

    /// Shows what is so now: the tray, and a word to the window.
    fn show(&self) {
        self.show_tray();
        self.shell.changed();
    }

    fn show_tray(&self) {
        match self.app.status() {
            Ok(status) => {
                let at = tray::Moment { now: self.app.now(), due: self.schedule.borrow().due(), zone: self.app.zone() };
                let sync = self.sync_state(&status);
                self.shell.set_tray(&tray::of(&status, sync, self.progress.borrow().as_ref(), at, self.tongue()));
            }
            Err(error) => tracing::error!(%error, "the state cannot be shown"),
        }
    }
}

/// Waits by the clock on the wall, so that what was set before the computer slept is over on waking, and by one that cannot be set: who sets the wall's back waits no longer for it.
async fn until(app: &App, at: DateTime<Utc>) {
    let (begun, meant) = (tokio::time::Instant::now(), (at - app.now()).to_std().unwrap_or_default());
    while app.now() < at && begun.elapsed() < meant {
        let left = (at - app.now()).to_std().unwrap_or_default().min(meant.saturating_sub(begun.elapsed()));
        tokio::time::sleep(left.clamp(Duration::from_millis(50), Duration::from_secs(60))).await;
    }
}

#[cfg(test)]
mod tests;
