//! What the window asks for. Most is answered at once; what has to ask the network is a type of its own, and is answered when the network did.

use std::rc::Rc;

use belfry_core::Problem;
use belfry_sync::PlannedOperation;
use belfry_sync::schedule::Event;
use tokio::sync::oneshot;

use super::Controller;
use super::signing_in::Aim;
use crate::approval::Letter;
use crate::error::AppError;
use crate::lists::Keep;
use crate::shell::Snapshot;
use crate::syncing::HoldAnswer;

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
    /// What the first sync of a list would do.
    Plan(Vec<PlannedOperation>),
    /// What to send to an administrator.
    Letter(Letter),
}

/// A command of the window that is answered at once.
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
    /// Sync now.
    Sync,
    /// Do what waits, with the answer to what was asked.
    Confirm(HoldAnswer),
    /// Connect an account; true is the practice account.
    Connect(bool),
    /// Sign in again, or ask for calendars: account id.
    Allow(String),
    /// Go on with a code in a browser anywhere, instead of the browser that is waited for.
    UseCode,
    /// Stop waiting for the browser.
    CancelSignIn,
    /// The plan of a list was seen: sync it.
    Start(String),
    /// Open a web or mail address outside the window.
    Open(String),
}

/// A command of the window that asks the network first.
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
    /// Sign out: account id, and whether the events of its lists are deleted first.
    SignOut(String, bool),
}

impl Command {
    /// Whether it only asks. The window loads when it is told of a change: telling it of its own questions would never end.
    pub(super) fn is_question(&self) -> bool {
        matches!(self, Self::Snapshot | Self::Understand(_))
    }
}

impl Online {
    /// As [`Command::is_question`].
    pub(super) fn is_question(&self) -> bool {
        matches!(self, Self::Calendars(_) | Self::Plan(_))
    }
}

impl Controller {
    pub(super) fn answer(self: &Rc<Self>, command: Command) -> Result<Answer, AppError> {
        match command {
            Command::Snapshot => return Ok(Answer::Snapshot(Box::new(self.snapshot()?))),
            Command::Understand(text) => return Ok(Answer::Words(Box::new(self.app.understand(&text)))),
            Command::Add(text) => return self.changed(self.app.add_words(&text, None)),
            Command::SetDone(id, done) => return self.changed(self.app.set_done(&id, done)),
            Command::Remove(id) => return self.changed(self.app.remove_reminder(&id)),
            Command::AddList(name) => return self.changed(self.app.add_local_list(&name)),
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
            Command::Open(url) => {
                if !(belfry_core::reminder::is_link(&url) && self.shell.open_browser(&url)) {
                    return Err(AppError::bad("This address cannot be opened.", "Copy it instead."));
                }
            }
        }
        Ok(Answer::Done)
    }

    /// What was changed here goes to Outlook before long.
    fn changed<T>(self: &Rc<Self>, result: Result<T, AppError>) -> Result<Answer, AppError> {
        result?;
        self.schedule(Event::Changed);
        Ok(Answer::Done)
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
            Online::Target(list, account, calendar) => {
                self.changed(self.app.retarget_with_plan(&list, &Keep::In { account: Some(account), calendar }).await)
            }
        }
    }
}
