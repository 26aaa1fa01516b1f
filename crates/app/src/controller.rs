//! The one place where inputs meet: the window's commands, tray clicks, timers, second starts. Everything is a value, handled in order on one thread.
//!
//! Long work (a sync, a sign-in) runs beside the loop on the same thread and comes back as an input. [`Controller::handle`] never waits.

mod agenda;
mod tray;

use std::cell::{Cell, RefCell};
use std::rc::Rc;
use std::time::Duration;

use belfry_core::{Account, AccountState, Exit, Problem, ProblemCode};
use belfry_sync::schedule::{Effect, Ending, Event, Schedule};
use tokio::sync::mpsc::{UnboundedReceiver, UnboundedSender};
use tokio::sync::oneshot;

use crate::accounts::{PATIENCE, SignInOptions};
use crate::app::App;
use crate::approval::Letter;
use crate::documents::StatusDocument;
use crate::error::AppError;
use crate::lists::Keep;
use crate::shell::{ListRow, Notice, Shell, Snapshot, SyncState, TrayAction};
use crate::syncing::{HoldAnswer, SyncDocument, SyncOptions};

/// The answer to a command of the window.
pub type Reply = oneshot::Sender<Result<Answer, Problem>>;

/// What a command answers with.
#[derive(Debug, Clone, PartialEq)]
pub enum Answer {
    /// Done.
    Done,
    /// Everything that the window shows.
    Snapshot(Box<Snapshot>),
    /// What plain words mean.
    Words(Box<belfry_words::Understood>),
    /// Calendars that a list can be kept in: id and name.
    Calendars(Vec<(String, String)>),
    /// What to send to an administrator.
    Letter(Letter),
}

/// A command of the window.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Command {
    /// Show everything.
    Snapshot,
    /// What do these words mean?
    Understand(String),
    /// Add a reminder from plain words.
    Add(String),
    /// Done, or not done.
    SetDone(String, bool),
    /// Remove a reminder.
    Remove(String),
    /// Add a list.
    AddList(String),
    /// Keep a list in a calendar of an account: list name, account id, calendar id if one was chosen.
    Target(String, String, Option<String>),
    /// Calendars of an account.
    Calendars(String),
    /// Sync now.
    Sync,
    /// Do what waits, with the answer to what was asked.
    Confirm(HoldAnswer),
    /// Connect an account; true is the practice account.
    Connect(bool),
    /// Sign in again, or ask for calendars: account id.
    Allow(String),
    /// The message for an administrator: account id.
    Letter(String),
    /// Open a web or mail address outside the window.
    Open(String),
    /// Stop waiting for the browser.
    CancelSignIn,
}

/// Everything that can happen.
pub enum Input {
    /// The window asks.
    Command(Command, Reply),
    /// A click in the tray, or on a notification.
    Tray(TrayAction),
    /// A timer rang.
    Rang(u64),
    /// A sync ended.
    Synced(Result<(SyncDocument, Exit), Problem>),
    /// An administrator gave access to this account.
    Approved(Box<Account>),
    /// A sign-in ended.
    SignedIn(Result<Box<Account>, Problem>),
    /// The program was started a second time.
    StartedAgain,
}

/// The controller.
pub struct Controller {
    app: Rc<App>,
    shell: Rc<dyn Shell>,
    inputs: UnboundedSender<Input>,
    schedule: RefCell<Schedule>,
    running: Cell<bool>,
    /// What the next sync is told about what waits.
    confirmed: Cell<Option<HoldAnswer>>,
    signing_in: RefCell<Option<(String, tokio::task::JoinHandle<()>)>>,
    told: RefCell<Option<ProblemCode>>,
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
        // A million computers must not ask at the same second: each shifts by its own home.
        let jitter = chrono::Duration::seconds(app.home().path().as_os_str().len() as i64 * 7 % 60);
        Rc::new(Self {
            app: Rc::new(app),
            shell,
            inputs,
            schedule: RefCell::new(Schedule::new(interval, jitter)),
            running: Cell::new(false),
            confirmed: Cell::new(None),
            signing_in: RefCell::new(None),
            told: RefCell::new(None),
        })
    }

    /// The app that it controls.
    #[must_use]
    pub fn app(&self) -> &Rc<App> {
        &self.app
    }

    /// Handles inputs until nobody can send any more. Run it on a `LocalSet`.
    pub async fn run(self: Rc<Self>, mut inputs: UnboundedReceiver<Input>) {
        self.schedule(Event::Started);
        self.show();
        while let Some(input) = inputs.recv().await {
            self.handle(input);
        }
    }

    /// Takes one input.
    pub fn handle(self: &Rc<Self>, input: Input) {
        // The window loads when it is told of a change: telling it of its own questions would never end.
        let is_question = matches!(input, Input::Command(Command::Snapshot | Command::Understand(_) | Command::Calendars(_), _));
        match input {
            Input::Command(command, reply) => self.command(command, reply),
            Input::Tray(action) => self.tray_action(action),
            Input::Rang(timer) => self.schedule(Event::Rang(timer)),
            Input::Synced(result) => self.synced(&result),
            Input::Approved(account) => self.shell.notify(&Notice {
                title: "Calendar access was approved".into(),
                body: format!("{} may keep reminders in Outlook now.", account.login),
                action: Some((TrayAction::Open, "Open Belfry".into())),
            }),
            Input::SignedIn(result) => self.signed_in(result),
            Input::StartedAgain => self.shell.show_window(),
        }
        if !is_question {
            self.show();
        }
    }

    fn command(self: &Rc<Self>, command: Command, reply: Reply) {
        if !matches!(command, Command::Calendars(_) | Command::Target(..) | Command::Letter(_)) {
            let _ = reply.send(self.answer(command).map_err(|error| error.problem()));
            return;
        }
        let this = Rc::clone(self);
        tokio::task::spawn_local(async move {
            let _ = reply.send(this.answer_later(command).await.map_err(|error| error.problem()));
        });
    }

    /// Commands that ask the network.
    async fn answer_later(self: &Rc<Self>, command: Command) -> Result<Answer, AppError> {
        match command {
            Command::Calendars(account) => {
                let (_, all) = self.app.calendars(Some(&account)).await?;
                Ok(Answer::Calendars(all.into_iter().filter(|one| one.is_writable).map(|one| (one.id, one.name)).collect()))
            }
            Command::Letter(account) => {
                let letter = self.app.letter(&self.app.account(Some(&account))?).await?;
                self.show();
                Ok(Answer::Letter(letter))
            }
            Command::Target(list, account, calendar) => {
                self.app.retarget(&list, &Keep::In { account: Some(account), calendar }, None).await?;
                self.schedule(Event::Changed);
                self.show();
                Ok(Answer::Done)
            }
            other => self.answer(other),
        }
    }

    fn answer(self: &Rc<Self>, command: Command) -> Result<Answer, AppError> {
        match command {
            Command::Snapshot => return Ok(Answer::Snapshot(Box::new(self.snapshot()?))),
            Command::Understand(text) => return Ok(Answer::Words(Box::new(self.app.understand(&text)))),
            Command::Add(text) => drop(self.app.add_words(&text, None)?),
            Command::SetDone(id, done) => drop(self.app.set_done(&id, done)?),
            Command::Remove(id) => drop(self.app.remove_reminder(&id)?),
            Command::Sync => {
                self.schedule(Event::Asked);
                return Ok(Answer::Done);
            }
            Command::Confirm(answer) => {
                self.confirmed.set(Some(answer));
                self.schedule(Event::Asked);
                return Ok(Answer::Done);
            }
            Command::Connect(practice) => {
                self.connect(practice);
                return Ok(Answer::Done);
            }
            Command::Allow(account) => {
                self.allow(self.app.account(Some(&account))?);
                return Ok(Answer::Done);
            }
            Command::CancelSignIn => {
                self.cancel_sign_in();
                return Ok(Answer::Done);
            }
            // The address may come from a file or a feed: no other scheme, and nothing that begins like one.
            Command::Open(url) => {
                let opened = belfry_core::reminder::is_link(&url) && self.shell.open_browser(&url);
                return if opened { Ok(Answer::Done) } else { Err(AppError::bad("This address cannot be opened.", "Copy it instead.")) };
            }
            Command::AddList(name) => drop(self.app.add_local_list(&name)?),
            Command::Calendars(_) | Command::Letter(_) | Command::Target(..) => return Ok(Answer::Done),
        }
        self.schedule(Event::Changed);
        Ok(Answer::Done)
    }

    fn tray_action(self: &Rc<Self>, action: TrayAction) {
        match action {
            TrayAction::SyncNow => self.schedule(Event::Asked),
            TrayAction::PauseForAnHour => self.schedule(Event::Paused(Some(self.app.now() + chrono::Duration::hours(1)))),
            TrayAction::Resume => self.schedule(Event::Resumed),
            TrayAction::Open | TrayAction::NewReminder => self.shell.show_window(),
            TrayAction::SignIn(account) => match self.app.account(Some(&account)) {
                Ok(account) => self.allow(account),
                Err(error) => tracing::warn!(%error, "there is nobody to sign in"),
            },
            TrayAction::Quit => self.shell.quit(),
        }
    }

    /// Gives the schedule an event and carries out what it answers.
    fn schedule(self: &Rc<Self>, event: Event) {
        let effects = self.schedule.borrow_mut().handle(event, self.app.now());
        for effect in effects {
            match effect {
                Effect::Sync => self.sync(),
                Effect::Ring(at, timer) => self.ring(at, timer),
            }
        }
    }

    /// Timers look at the clock on the wall, so that one set before the computer slept rings on waking.
    fn ring(&self, at: chrono::DateTime<chrono::Utc>, timer: u64) {
        let (app, inputs) = (Rc::clone(&self.app), self.inputs.clone());
        tokio::task::spawn_local(async move {
            while app.now() < at {
                let left = (at - app.now()).to_std().unwrap_or_default();
                tokio::time::sleep(left.clamp(Duration::from_millis(50), Duration::from_secs(60))).await;
            }
            let _ = inputs.send(Input::Rang(timer));
        });
    }

    fn sync(self: &Rc<Self>) {
        self.running.set(true);
        let (app, inputs) = (Rc::clone(&self.app), self.inputs.clone());
        let options = SyncOptions { confirm: self.confirmed.take(), ..SyncOptions::default() };
        tokio::task::spawn_local(async move {
            for approved in app.try_quietly().await.unwrap_or_default() {
                let _ = inputs.send(Input::Approved(Box::new(approved)));
            }
            let result = app.sync(&options, &|_| {}).await.map_err(|error| error.problem());
            let _ = inputs.send(Input::Synced(result));
        });
    }

    fn synced(self: &Rc<Self>, result: &Result<(SyncDocument, Exit), Problem>) {
        self.running.set(false);
        let (exit, problem) = match result {
            Ok((document, exit)) => (*exit, crate::syncing::most_pressing(document.problems()).cloned()),
            Err(problem) => (problem.code.exit(), Some(problem.clone())),
        };
        let ending = match exit {
            Exit::Done | Exit::Held => Ending::Good,
            Exit::Later | Exit::Failed | Exit::Usage => Ending::Offline,
            Exit::Person => Ending::Stopped,
        };
        self.tell_once(exit, problem);
        self.schedule(Event::Ended(ending));
    }

    /// One notification for one trouble; the next one only after all was well.
    fn tell_once(&self, exit: Exit, problem: Option<Problem>) {
        let mut told = self.told.borrow_mut();
        match (exit, problem) {
            (Exit::Person | Exit::Held, Some(problem)) if *told != Some(problem.code) => {
                *told = Some(problem.code);
                let account =
                    self.app.accounts().ok().and_then(|all| all.into_iter().find(|account| account.state == AccountState::SignInNeeded));
                let action = account.map(|account| (TrayAction::SignIn(account.id.to_string()), "Sign in".to_owned()));
                self.shell.notify(&Notice { title: problem.title, body: problem.detail, action });
            }
            (Exit::Done, _) => *told = None,
            _ => {}
        }
    }

    fn connect(self: &Rc<Self>, practice: bool) {
        let this = Rc::clone(self);
        self.begin_sign_in(async move {
            let options = SignInOptions { practice, ..SignInOptions::default() };
            let pending = this.app.begin_sign_in(&options).await?;
            this.wait_for_browser(pending).await
        });
    }

    fn allow(self: &Rc<Self>, account: Account) {
        let this = Rc::clone(self);
        self.begin_sign_in(async move {
            let pending = this.app.begin_sign_in_again(&account, true).await?;
            this.wait_for_browser(pending).await
        });
    }

    async fn wait_for_browser(&self, pending: crate::accounts::PendingSignIn) -> Result<Account, AppError> {
        if let Some((url, _)) = self.signing_in.borrow_mut().as_mut() {
            pending.url().clone_into(url);
        }
        self.shell.changed();
        let opened = self.shell.open_browser(pending.url());
        if opened || !pending.is_practice() {
            return self.app.finish_sign_in(pending, PATIENCE).await;
        }
        self.app.finish_practice_sign_in(pending, PATIENCE).await
    }

    fn begin_sign_in(self: &Rc<Self>, work: impl Future<Output = Result<Account, AppError>> + 'static) {
        self.cancel_sign_in();
        let inputs = self.inputs.clone();
        let task = tokio::task::spawn_local(async move {
            let result = work.await.map(Box::new).map_err(|error| error.problem());
            let _ = inputs.send(Input::SignedIn(result));
        });
        *self.signing_in.borrow_mut() = Some((String::new(), task));
    }

    fn cancel_sign_in(&self) {
        if let Some((_, task)) = self.signing_in.borrow_mut().take() {
            task.abort();
        }
    }

    fn signed_in(self: &Rc<Self>, result: Result<Box<Account>, Problem>) {
        self.signing_in.borrow_mut().take();
        match result {
            Ok(_) => self.schedule(Event::SignedIn),
            Err(problem) => self.shell.notify(&Notice { title: problem.title, body: problem.detail, action: None }),
        }
    }

    fn snapshot(&self) -> Result<Snapshot, AppError> {
        let status = self.app.status()?;
        let lists = self.app.lists()?;
        let colour = |id: &str| lists.iter().find(|list| list.id.to_string() == id).map(|list| list.colour.clone()).unwrap_or_default();
        Ok(Snapshot {
            today: self.app.zone().wall(self.app.now()).date().to_string(),
            agenda: agenda::rows(&self.app.reminders(None)?, &lists, &self.app.held()?, self.app.zone(), self.app.now()),
            sync: self.sync_state(&status),
            last_sync_at: status.last_good_sync_at(),
            lists: status.lists.into_iter().map(|list| ListRow { colour: colour(&list.id), list }).collect(),
            accounts: status.accounts,
            waiting: u32::try_from(status.waiting).unwrap_or(u32::MAX),
            attention: status.attention,
            signing_in: self.signing_in.borrow().as_ref().map(|(url, _)| url.clone()),
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
        match self.app.status() {
            Ok(status) => self.shell.set_tray(&tray::of(&status, self.sync_state(&status), self.app.now())),
            Err(error) => tracing::error!(%error, "the state cannot be shown"),
        }
        self.shell.changed();
    }
}

#[cfg(test)]
mod tests;
