//! What the window asks for. Most is answered at once; what has to ask the network is a type of its own, and is answered when the network did.

use std::path::PathBuf;
use std::rc::Rc;

use belfry_core::{Problem, ReminderId};
use belfry_sync::PlannedOperation;
use belfry_sync::schedule::Event;
use tokio::sync::oneshot;

use belfry_core::plan::Leave;
use belfry_store::Quarantined;

use super::opened::Opened;
use super::settings::Settings;
use super::signing_in::Aim;
use super::{Controller, month};
use crate::approval::Letter;
use crate::backups::BackupDocument;
use crate::columns::TableHead;
use crate::config::Preferences;
use crate::confirming::HoldAnswer;
use crate::doctor::Titles;
use crate::documents::RunDocument;
use crate::error::AppError;
use crate::following::Follow;
use crate::lists::{DefaultsWish, Keep, ListChange};
use crate::occurrences::DateChange;
use crate::reminders::ReminderWish;
use crate::shell::{AgendaRow, Choice, Snapshot};
use crate::undo::UndoDocument;
use crate::waiting::WaitingDocument;

/// The answer to a command of the window.
pub type Reply = oneshot::Sender<Result<Answer, Problem>>;

/// What a command answers with.
#[derive(Debug, Clone, PartialEq)]
pub enum Answer {
    /// Done.
    Done,
    /// What was added; several where one rule cannot say all of it.
    Added(Vec<ReminderId>),
    /// Everything that the window shows.
    Snapshot(Box<Snapshot>),
    /// What plain words mean.
    Words(Box<belfry_words::Understood>),
    /// Calendars that a list can be kept in: id and name.
    Calendars(Vec<(String, String)>),
    /// What the first sync of a list would do.
    Plan(Vec<PlannedOperation>),
    /// What to send to an administrator.
    Letter(Letter),
    /// A reminder as its editor shows it.
    Opened(Box<Opened>),
    /// The dates of a month.
    Dates(Vec<AgendaRow>),
    /// What waits for a yes.
    Waiting(Vec<WaitingDocument>),
    /// What was done, newest first.
    Runs(Vec<RunDocument>),
    /// What was taken back, or would be.
    Undone(UndoDocument),
    /// What could not be read.
    SetAside(Vec<Quarantined>),
    /// The settings.
    Settings(Box<Settings>),
    /// A report for somebody who helps.
    Report(String),
    /// The beginning of a table; nothing for what is none.
    Table(Option<Box<TableHead>>),
    /// Copies of the database, the newest first.
    Backups(Vec<BackupDocument>),
    /// What a person chose; nothing when they did not.
    Chosen(Option<PathBuf>),
}

/// A command of the window that is answered at once.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Command {
    /// Show everything.
    Snapshot,
    /// What do these words mean?
    Understand(String),
    /// Add a reminder from plain words, to a list if they name none.
    Add(String, Option<String>),
    /// Show one reminder, or one date of it: id, day.
    Opened(String, Option<String>),
    /// Change a reminder.
    Edit(String, Box<ReminderWish>),
    /// Change one date of a series: id, day.
    ChangeDate(String, String, DateChange),
    /// Move a reminder to another day.
    MoveToDay {
        /// Id.
        id: String,
        /// The day that names the date of a series.
        on: Option<String>,
        /// The day that it is shown on.
        from: String,
        /// The day that it goes to.
        to: String,
    },
    /// Every date from one day to another.
    Dates(String, String),
    /// What was done last; so many runs.
    Runs(u32),
    /// What waits for a yes.
    Waiting,
    /// What could not be read of a list: name.
    SetAside(String),
    /// The beginning of a table: path.
    TableHead(String),
    /// Change a list: name.
    EditList(String, Box<ListChange>),
    /// What new reminders of a list get: name.
    SetDefaults(String, Box<DefaultsWish>),
    /// Show the settings.
    Settings,
    /// Change the settings.
    SetPreferences(Preferences),
    /// The window has done what it was to do first.
    RanErrand,
    /// Be quiet for so many minutes, or until resumed.
    Pause(Option<u32>),
    /// Go on.
    Resume,
    /// End the program.
    Quit,
    /// Done, or not done.
    SetDone(String, bool),
    /// Remove a reminder.
    Remove(String),
    /// Make the event of a dismissed or refused reminder again.
    Restore(String),
    /// Make the events of a reminder again that are gone from Outlook and wait for an answer.
    Keep(String),
    /// Add a list.
    AddList(String),
    /// Sync now.
    Sync,
    /// Do what waits, with the answer to what was asked.
    Confirm(HoldAnswer),
    /// Connect an account; true is the practice account.
    Connect(bool),
    /// Sign in again, or ask for calendars: account id.
    Allow(String),
    /// Make a copy of the database.
    BackUp,
    /// Go on with a code in a browser anywhere, instead of the browser that is waited for.
    UseCode,
    /// Stop waiting for the browser.
    CancelSignIn,
    /// The plan of a list was seen: sync it.
    Start(String),
    /// Open a web or mail address outside the window.
    Open(String),
}

/// A command of the window that asks the network first, or the desktop, or takes a while.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Online {
    /// Calendars of an account.
    Calendars(String),
    /// Keep a list in a calendar of an account: list name, account id, calendar id if one was chosen.
    Target(String, String, Option<String>),
    /// What the first sync of a list would do: list name.
    Plan(String),
    /// The message for an administrator: account id.
    Letter(String),
    /// Ask once more whether access was given, then open the page: account id.
    TryApproval(String),
    /// Take back a run, or what was last done to a reminder; or only say what that would be.
    Undo(String, bool),
    /// Take back what one run did to one reminder: run, reminder id.
    UndoEntry(i64, String),
    /// Add a list that follows something: name.
    Follow(String, Follow),
    /// Let a list follow something else: name.
    FollowInstead(String, Follow),
    /// Remove a list; what becomes of its events in Outlook, if there are any.
    RemoveList(String, Option<Leave>),
    /// Keep a list on this computer only; what becomes of its events.
    TakeOut(String, Leave),
    /// Try everything out, and report.
    Report(Titles),
    /// Copies of the database.
    Backups,
    /// Put the database back to a copy: file.
    RestoreBackup(String),
    /// Show the event of a reminder in Outlook on the web: id.
    OpenInOutlook(String),
    /// Let the person choose a file or a folder.
    Choose(Choice),
    /// Start when the person signs in to the computer, or not.
    StartAtLogin(bool),
    /// Sign out: account id, and whether the events of its lists are deleted first.
    SignOut(String, bool),
}

impl Command {
    /// Whether it only asks. The window loads when it is told of a change: telling it of its own questions would never end.
    pub(super) fn is_question(&self) -> bool {
        matches!(
            self,
            Self::Snapshot
                | Self::Understand(_)
                | Self::Opened(..)
                | Self::Dates(..)
                | Self::Runs(_)
                | Self::Waiting
                | Self::SetAside(_)
                | Self::TableHead(_)
                | Self::BackUp
                | Self::Settings
                | Self::Open(_)
        )
    }
}

impl Online {
    /// As [`Command::is_question`].
    pub(super) fn is_question(&self) -> bool {
        matches!(
            self,
            Self::Calendars(_)
                | Self::Plan(_)
                | Self::Undo(_, true)
                | Self::Report(_)
                | Self::Backups
                | Self::Choose(_)
                | Self::OpenInOutlook(_)
        )
    }
}

impl Controller {
    pub(super) fn answer(self: &Rc<Self>, command: Command) -> Result<Answer, AppError> {
        match command {
            Command::Snapshot => return Ok(Answer::Snapshot(Box::new(self.snapshot()?))),
            Command::Understand(text) => return Ok(Answer::Words(Box::new(self.app.understand(&text)))),
            Command::Add(text, list) => {
                let added = self.app.add_words(&text, list.as_deref())?;
                self.schedule(Event::Changed);
                return Ok(Answer::Added(added));
            }
            Command::Edit(id, wish) => return self.changed(self.app.edit_reminder(&id, &wish)),
            Command::ChangeDate(id, on, change) => return self.changed(self.app.change_date(&id, &on, &change)),
            Command::MoveToDay { id, on, from, to } => {
                let days = (month::day(&from)?, month::day(&to)?);
                return self.changed(self.app.move_to_day(&id, on.as_deref(), days.0, days.1));
            }
            Command::EditList(name, change) => return self.changed(self.app.edit_list(&name, &change)),
            Command::SetDefaults(name, defaults) => return self.changed(self.app.set_list_defaults(&name, &defaults)),
            Command::SetPreferences(preferences) => return self.set_preferences(&preferences),
            Command::RanErrand => drop(self.errand.take()),
            Command::Pause(minutes) => return self.pause_for(minutes),
            Command::Resume => return self.resume(),
            Command::Quit => self.quit(),
            question @ (Command::Opened(..)
            | Command::Dates(..)
            | Command::Runs(_)
            | Command::Waiting
            | Command::SetAside(_)
            | Command::TableHead(_)
            | Command::Settings) => {
                return self.tell_of(question);
            }
            Command::SetDone(id, done) => return self.changed(self.app.set_done(&id, done)),
            Command::Restore(id) => return self.changed(self.app.restore_reminder(&id)),
            Command::Keep(id) => return self.changed(self.app.keep(&id)),
            Command::Remove(id) => return self.changed(self.app.remove_reminder(&id)),
            Command::AddList(name) => return self.changed(self.app.add_local_list(&name)),
            Command::BackUp => drop(self.app.back_up()?),
            Command::Sync => self.schedule(Event::Asked),
            Command::Confirm(answer) => {
                self.confirmed.set(Some(answer));
                self.schedule(Event::Asked);
            }
            Command::Start(list) => {
                self.app.start_list(&list)?;
                self.schedule(Event::Asked);
            }
            Command::Connect(practice) => self.sign_in(Aim::Connect { practice }, false),
            Command::Allow(account) => self.sign_in(Aim::of(&self.app.account(Some(&account))?), false),
            Command::UseCode => self.use_code()?,
            Command::CancelSignIn => self.cancel_sign_in(),
            // The address may come from a file or a feed: no other scheme, and nothing that begins like one.
            Command::Open(url) => return self.open_page(&url),
        }
        Ok(Answer::Done)
    }

    fn open_page(&self, url: &str) -> Result<Answer, AppError> {
        if belfry_core::reminder::is_link(url) && self.shell.open_browser(url) {
            return Ok(Answer::Done);
        }
        Err(AppError::bad("This address cannot be opened.", "Copy it instead."))
    }

    /// What the views beside the agenda ask for.
    fn tell_of(&self, question: Command) -> Result<Answer, AppError> {
        Ok(match question {
            Command::Opened(id, on) => Answer::Opened(Box::new(self.app.opened(&id, on.as_deref())?)),
            Command::Dates(from, to) => {
                let (lists, held) = (self.app.lists()?, self.app.held()?);
                let among = month::Among { lists: &lists, held: &held, zone: self.app.zone(), now: self.app.now() };
                Answer::Dates(month::rows(&self.app.reminders(None)?, month::days(&from, &to)?, &among))
            }
            Command::Runs(limit) => {
                let runs = self.app.run_documents(None, limit)?;
                self.app.looked_at(&runs)?;
                Answer::Runs(runs)
            }
            Command::Waiting => Answer::Waiting(self.app.waiting()?),
            Command::SetAside(list) => Answer::SetAside(self.app.set_aside_of(&list)?),
            Command::TableHead(path) => Answer::Table(self.app.table_head(&path)?.map(Box::new)),
            Command::Settings => Answer::Settings(Box::new(self.settings()?)),
            _ => Answer::Done,
        })
    }

    /// What was changed here goes to Outlook before long.
    fn changed<T>(self: &Rc<Self>, result: Result<T, AppError>) -> Result<Answer, AppError> {
        result?;
        self.schedule(Event::Changed);
        Ok(Answer::Done)
    }

    fn undone(self: &Rc<Self>, result: Result<UndoDocument, AppError>) -> Result<Answer, AppError> {
        let document = result?;
        self.schedule(Event::Changed);
        Ok(Answer::Undone(document))
    }

    pub(super) async fn answer_online(self: &Rc<Self>, question: Online) -> Result<Answer, AppError> {
        match question {
            Online::Calendars(account) => {
                let (_, all) = self.app.calendars(Some(&account)).await?;
                Ok(Answer::Calendars(all.into_iter().filter(|one| one.is_writable).map(|one| (one.id, one.name)).collect()))
            }
            Online::Plan(list) => Ok(Answer::Plan(self.app.plan_of(&list).await?)),
            Online::Letter(account) => {
                let letter = self.app.letter(&self.app.account(Some(&account))?).await?;
                Ok(Answer::Letter(letter))
            }
            Online::SignOut(account, delete_events) => {
                let account = self.app.account(Some(&account))?;
                self.cancel_sign_in_of(&account.id);
                self.app.remove_account(&account, delete_events).await?;
                Ok(Answer::Done)
            }
            Online::TryApproval(account) => {
                let account = self.app.account(Some(&account))?;
                // Access may be there already; only if it is not does the page get another try.
                match self.app.try_approval(&account).await {
                    Ok(_) => self.schedule(Event::SignedIn),
                    Err(_) => self.sign_in(Aim::of(&account), false),
                }
                Ok(Answer::Done)
            }
            Online::Undo(what, true) => Ok(Answer::Undone(self.app.undo(&what, true).await?)),
            Online::Undo(what, false) => self.undone(self.app.undo(&what, false).await),
            Online::UndoEntry(run, id) => self.undone(self.app.undo_entry(run, &id).await),
            Online::Follow(name, follow) => self.changed(self.app.add_followed_list(&name, &follow, &Keep::Here).await),
            Online::FollowInstead(name, follow) => self.changed(self.app.follow_instead(&name, &follow).await),
            Online::RemoveList(name, leave) => self.changed(self.app.remove_list(&name, leave).await),
            Online::TakeOut(name, leave) => self.changed(self.app.retarget(&name, &Keep::Here, Some(leave)).await),
            Online::OpenInOutlook(id) => {
                let page = self.app.page_in_outlook(&id).await?;
                self.open_page(&page)
            }
            Online::Choose(what) => Ok(Answer::Chosen(self.shell.choose(what).await)),
            Online::StartAtLogin(on) => self.start_at_login(on).await,
            Online::Backups => Ok(Answer::Backups(self.app.backups().await)),
            Online::RestoreBackup(file) => self.changed(self.app.restore_backup(&file).await),
            Online::Report(titles) => {
                let checks = self.app.doctor().await;
                Ok(Answer::Report(self.app.report(&checks, titles)?))
            }
            Online::Target(list, account, calendar) => {
                self.changed(self.app.retarget_with_plan(&list, &Keep::In { account: Some(account), calendar }).await)
            }
        }
    }
}
