//! What crosses every edge: the documents of `--json` and of the window. Their form is a contract.

mod list_problems;
mod log;

use std::collections::BTreeSet;

use belfry_core::when::end_of;
use belfry_core::{Account, Direction, Exit, LinkState, List, Op, Problem, Reminder, ReminderId, When, Zone};
use belfry_store::{ReminderRow, Run};
use belfry_sync::Outcome;
use chrono::{DateTime, Utc};
use serde::Serialize;

pub use log::{CutOff, LastRun, LogEntryDocument, RunDocument};

use crate::app::App;
use crate::error::AppError;
use crate::pausing::Pause;

/// An account.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct AccountDocument {
    /// Id.
    pub id: String,
    /// Login.
    pub login: String,
    /// Display name.
    pub name: String,
    /// `work` or `personal`.
    pub kind: belfry_core::AccountKind,
    /// Tenant id.
    pub tenant: String,
    /// Cloud.
    pub cloud: String,
    /// Last known state.
    pub state: belfry_core::AccountState,
    /// When a sync last ended well.
    pub last_good_sync_at: Option<DateTime<Utc>>,
}

impl From<&Account> for AccountDocument {
    fn from(account: &Account) -> Self {
        Self {
            id: account.id.to_string(),
            login: account.login.clone(),
            name: account.name.clone(),
            kind: account.kind,
            tenant: account.id.tenant.clone(),
            cloud: account.cloud.name.clone(),
            state: account.state,
            last_good_sync_at: account.last_good_sync_at,
        }
    }
}

/// A calendar.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct CalendarDocument {
    /// Graph's id.
    pub id: String,
    /// Name.
    pub name: String,
    /// Account id.
    pub account: String,
    /// The mailbox's default one.
    pub default: bool,
    /// Whether events can be written.
    pub writable: bool,
}

impl CalendarDocument {
    /// Of a calendar of an account.
    #[must_use]
    pub fn of(account: &Account, calendar: &belfry_graph::Calendar) -> Self {
        Self {
            id: calendar.id.clone(),
            name: calendar.name.clone(),
            account: account.id.to_string(),
            default: calendar.is_default,
            writable: calendar.is_writable,
        }
    }
}

/// A list.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct ListDocument {
    /// Id.
    pub id: String,
    /// Name.
    pub name: String,
    /// `{kind, location}`, or null. The address of a feed is cut to what is no secret.
    pub source: Option<belfry_core::Source>,
    /// Account id.
    pub account: Option<String>,
    /// Name of the calendar.
    pub calendar: Option<String>,
    /// `both` or `source`.
    pub direction: Direction,
    /// Number of reminders.
    pub count: u64,
    /// What is wrong with it.
    pub problems: Vec<Problem>,
    /// Its person is to see the plan first; not part of the document, whose form is a contract.
    #[serde(skip)]
    pub unstarted: bool,
    /// When what it follows was last read well; not part of the document either.
    #[serde(skip)]
    pub last_read_at: Option<DateTime<Utc>>,
}

/// A reminder.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct ReminderDocument {
    /// Id.
    pub id: String,
    /// Title.
    pub title: String,
    /// Notes.
    pub notes: String,
    /// `YYYY-MM-DD` or `YYYY-MM-DDTHH:MM:SS`, wall time.
    pub start: String,
    /// Exclusive.
    pub end: String,
    /// IANA name; null for all-day.
    pub zone: Option<&'static str>,
    /// All day.
    pub all_day: bool,
    /// Length.
    pub duration_minutes: u32,
    /// RRULE without its prefix, or null.
    pub recurrence: Option<String>,
    /// Changed and cancelled dates of the series.
    pub occurrences_changed: usize,
    /// Lead times in minutes.
    pub alarms: Vec<i32>,
    /// Category.
    pub category: Option<String>,
    /// Show-as.
    pub show_as: &'static str,
    /// Private.
    pub private: bool,
    /// Web address.
    pub link: Option<String>,
    /// Done.
    pub done: bool,
    /// Name of its list.
    pub list: String,
    /// Whether it comes from a source.
    pub sourced: bool,
    /// `local`, `waiting`, `synced`, `held`, `conflict`, `dismissed`, `detached` or `refused`.
    pub state: &'static str,
    /// Graph's id of its event.
    pub event_id: Option<String>,
}

/// Reminders with an operation that waits for a person.
#[derive(Debug, Default)]
pub struct Held {
    reminders: BTreeSet<ReminderId>,
    /// Those that have no event yet: they wait for an answer, not for the next sync.
    without_event: BTreeSet<ReminderId>,
}

impl Held {
    /// Whether something about a reminder waits.
    #[must_use]
    pub fn contains(&self, reminder: &ReminderId) -> bool {
        self.reminders.contains(reminder)
    }

    /// How many of them have no event yet.
    pub(crate) fn count_without_event(&self) -> usize {
        self.without_event.len()
    }
}

impl ReminderDocument {
    /// Of a reminder in its list.
    #[must_use]
    pub fn of(row: &ReminderRow, list: &List, now: DateTime<Utc>, held: &Held) -> Self {
        let reminder = &row.reminder;
        Self {
            id: reminder.id.to_string(),
            title: reminder.title.clone(),
            notes: reminder.notes.clone(),
            start: reminder.when.to_string(),
            end: end_of(&reminder.when, reminder.length).to_string(),
            zone: reminder.when.zone().map(Zone::name),
            all_day: reminder.when.is_all_day(),
            duration_minutes: reminder.length.minutes(),
            recurrence: reminder.recurrence.as_ref().map(|series| series.rule.to_string()),
            occurrences_changed: dates_that_differ(reminder),
            alarms: reminder.effective_alarms().to_vec(),
            category: reminder.effective_category().map(str::to_owned),
            show_as: reminder.effective_show_as().name(),
            private: reminder.effective_private(),
            link: reminder.link.clone(),
            done: reminder.is_done(),
            list: list.name.clone(),
            sourced: list.source.is_some(),
            state: if held.contains(&reminder.id) { "held" } else { state(row, list, now) },
            event_id: row.event_id.clone(),
        }
    }
}

/// How many dates of a series were changed or left out: those that a person left out over their source too.
fn dates_that_differ(reminder: &Reminder) -> usize {
    let Some(series) = &reminder.recurrence else { return 0 };
    let all: BTreeSet<&When> = series.changed.keys().chain(&series.cancelled).chain(&reminder.kept.cancelled).collect();
    all.len()
}

/// Whether a reminder is meant to have an event.
fn is_kept(row: &ReminderRow) -> bool {
    matches!(row.state, None | Some(LinkState::Linked | LinkState::Creating))
}

fn state(row: &ReminderRow, list: &List, now: DateTime<Utc>) -> &'static str {
    match row.state {
        _ if list.target.is_none() => "local",
        Some(LinkState::Dismissed | LinkState::Undone) => "dismissed",
        Some(LinkState::Detached) => "detached",
        Some(LinkState::Refused) => "refused",
        Some(LinkState::Linked | LinkState::Creating) if row.is_refused => "refused",
        Some(LinkState::Linked) if row.conflict => "conflict",
        Some(LinkState::Linked) if row.agrees => "synced",
        Some(LinkState::Parted) if row.conflict => "conflict",
        Some(LinkState::Parted) if row.is_refused => "synced",
        // It ended long ago: no event is made for it.
        None if row.reminder.is_stale(now) => "local",
        _ => "waiting",
    }
}

/// The `status` document.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct StatusDocument {
    /// Accounts.
    pub accounts: Vec<AccountDocument>,
    /// Lists.
    pub lists: Vec<ListDocument>,
    /// Reminders whose event is not up to date.
    pub waiting: usize,
    /// Operations that wait for a person.
    pub held: u64,
    /// Conflicts nobody has looked at.
    pub conflicts: u64,
    /// Items of files that were set aside.
    pub quarantined: usize,
    /// The newest run that ended.
    pub last_run: Option<LastRun>,
    /// A newer one that did not end and does not run any more.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub cut_off: Option<CutOff>,
    /// What a person should do first.
    pub attention: Option<Problem>,
    /// The pause that is on; not part of the document, whose form is a contract.
    #[serde(skip)]
    pub pause: Option<Pause>,
}

impl StatusDocument {
    /// When a sync of any account last ended well.
    #[must_use]
    pub fn last_good_sync_at(&self) -> Option<DateTime<Utc>> {
        self.accounts.iter().filter_map(|account| account.last_good_sync_at).max()
    }

    /// Whether the last sync ended before an account that lists are kept in was synced well. A source that could not be read is no such thing.
    pub(crate) fn is_last_sync_short(&self) -> bool {
        let Some(run) = self.last_run.as_ref().filter(|run| ["offline", "failed"].contains(&run.outcome.as_str())) else { return false };
        let is_used = |account: &&AccountDocument| self.lists.iter().any(|list| list.account.as_ref() == Some(&account.id));
        self.accounts.iter().filter(is_used).any(|account| account.last_good_sync_at.is_none_or(|at| at < run.at))
    }
}

/// What a failed command prints with `--json`.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct FailureDocument {
    /// How it ended.
    pub outcome: Outcome,
    /// Why.
    pub problems: Vec<Problem>,
}

impl FailureDocument {
    /// Of one problem.
    #[must_use]
    pub fn of(problem: Problem) -> Self {
        // What ended a command is a failure, however harmless it would be beside a result.
        let outcome = match problem.code.exit() {
            Exit::Done => Outcome::Failed,
            exit => Outcome::of(exit),
        };
        Self { outcome, problems: vec![problem] }
    }
}

impl App {
    /// Reminders as documents, sorted by start and id.
    ///
    /// # Errors
    /// No such list.
    pub fn reminder_documents(&self, list: Option<&str>) -> Result<Vec<ReminderDocument>, AppError> {
        let lists = self.lists()?;
        let (rows, held) = (self.reminders(list)?, self.held()?);
        let of = |row: &ReminderRow| {
            lists.iter().find(|list| list.id == row.reminder.list).map(|list| ReminderDocument::of(row, list, self.now(), &held))
        };
        Ok(rows.iter().filter_map(of).collect())
    }

    /// Reminders with an operation that waits for a person, planned anew from what is known here: the store keeps no pending work.
    pub(crate) fn held(&self) -> Result<Held, AppError> {
        let mut held = Held::default();
        if self.store.holds()?.iter().any(|hold| !hold.confirmed) {
            for account in self.store.accounts()? {
                let operations = belfry_sync::held_operations(&self.store, &account, self.now())?;
                held.reminders.extend(operations.iter().map(|operation| operation.key.reminder));
                let made = operations.iter().filter(|operation| operation.op == Op::Create);
                held.without_event.extend(made.map(|operation| operation.key.reminder));
            }
            for list in self.lists()? {
                // What a source does not name any more is in no plan before that is answered.
                held.reminders.extend(self.store.shrunk(list.id)?);
                if list.place().map_or(Ok(false), |place| self.store.is_gone(&place))? {
                    held.reminders.extend(self.reminders(Some(&list.name))?.into_iter().filter(is_kept).map(|row| row.reminder.id));
                }
            }
        }
        Ok(held)
    }

    /// One reminder with its history, newest first.
    ///
    /// # Errors
    /// No such reminder.
    pub fn reminder_document(&self, id: &str) -> Result<(ReminderDocument, Vec<LogEntryDocument>), AppError> {
        let reminder = self.reminder(id)?;
        let list = self.list_of(&reminder)?;
        let unknown = || AppError::Unknown { kind: "reminder", name: id.to_owned() };
        let row = self.store.listed_one(reminder.id)?.ok_or_else(unknown)?;
        let history = self.store.journal_of_reminder(reminder.id)?;
        let document = ReminderDocument::of(&row, &list, self.now(), &self.held()?);
        Ok((document, self.log_entries(&history)?))
    }

    /// What was done to a reminder that is not here any more, newest first; `None` when no single one fits.
    ///
    /// # Errors
    /// When the database fails.
    pub fn history_of_gone(&self, id: &str) -> Result<Option<Vec<LogEntryDocument>>, AppError> {
        let prefix = id.trim().to_ascii_lowercase();
        let ids = if prefix.len() < 6 { vec![] } else { self.store.journaled_ids(&prefix, 2)? };
        let [id] = ids[..] else { return Ok(None) };
        Ok(Some(self.log_entries(&self.store.journal_of_reminder(id)?)?))
    }

    /// Lists as documents.
    ///
    /// # Errors
    /// When the database fails.
    pub fn list_documents(&self) -> Result<Vec<ListDocument>, AppError> {
        let lists = self.lists()?;
        lists.iter().map(|list| self.list_document(list)).collect()
    }

    /// One list as a document.
    ///
    /// # Errors
    /// When the database fails.
    pub fn list_document(&self, list: &List) -> Result<ListDocument, AppError> {
        Ok(ListDocument {
            id: list.id.to_string(),
            name: list.name.clone(),
            source: list.source.as_ref().map(belfry_core::Source::redacted),
            account: list.target.as_ref().map(|target| target.account.to_string()),
            calendar: list.target.as_ref().map(|target| target.calendar_name.clone()),
            direction: list.direction,
            count: self.store.count_reminders(list)?,
            unstarted: self.store.is_unstarted(list.id)?,
            last_read_at: self.last_read(list)?,
            problems: self
                .leaving(list)?
                .into_iter()
                .chain(self.source_trouble(list)?)
                .chain(self.refused(list)?)
                .chain(self.not_read(list)?)
                .chain(self.lost(list)?)
                .chain(self.before_the_first_write(list)?)
                .collect(),
        })
    }

    /// A person has seen these runs: conflicts in them are none any more.
    ///
    /// # Errors
    /// When the database fails.
    pub fn looked_at(&self, runs: &[RunDocument]) -> Result<(), AppError> {
        for entry in runs.iter().flat_map(|run| &run.entries).filter(|entry| entry.conflict) {
            if let Ok(id) = entry.id.parse() {
                self.store.look_at_conflicts(Some(id))?;
            }
        }
        Ok(())
    }

    /// What to tell of a list that has not left Outlook yet.
    pub(crate) fn leaving(&self, list: &List) -> Result<Option<Problem>, AppError> {
        Ok(self.store.leaving(list.id)?.map(|_| crate::syncing::leaving_problem(std::slice::from_ref(list))))
    }

    /// Runs as documents, newest first.
    ///
    /// # Errors
    /// No such run.
    pub fn run_documents(&self, only: Option<i64>, limit: u32) -> Result<Vec<RunDocument>, AppError> {
        let runs = match only {
            Some(id) => vec![self.store.run(id)?.ok_or_else(|| AppError::Unknown { kind: "run", name: id.to_string() })?],
            None => self.store.runs(limit)?,
        };
        let of = |run: Run| {
            let entries = self.log_entries(&self.store.journal_of_run(run.id)?)?;
            Ok(RunDocument { run: run.id, at: run.started_at, outcome: run.outcome, kind: run.kind, entries })
        };
        runs.into_iter().map(of).collect()
    }
}
