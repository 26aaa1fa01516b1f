//! What was done: runs and their entries.

use belfry_core::{Problem, ProblemCode};
use belfry_store::{JournalEntry, Run};
use chrono::{DateTime, Utc};
use serde::Serialize;
use serde_json::Value;

use crate::app::App;
use crate::error::AppError;

/// A journal entry.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct LogEntryDocument {
    /// Run; not part of the document, which has it around its entries.
    #[serde(skip)]
    pub run: i64,
    /// Reminder id.
    pub id: String,
    /// What was done.
    pub op: belfry_core::Op,
    /// Title.
    pub title: String,
    /// What was there.
    pub before: Option<Value>,
    /// What is there now.
    pub after: Option<Value>,
    /// When; not part of the document, whose form is a contract.
    #[serde(skip)]
    pub at: DateTime<Utc>,
    /// Both sides had changed it and a rule decided; not part of the document either.
    #[serde(skip)]
    pub conflict: bool,
    /// Id of the list that it was in; not part of the document.
    #[serde(skip)]
    pub list: String,
    /// Why; not part of the document.
    #[serde(skip)]
    pub reason: String,
    /// Field, what was there, what came; not part of the document.
    #[serde(skip)]
    pub changes: Vec<(&'static str, String, String)>,
}

impl App {
    /// Journal entries in words.
    pub(super) fn log_entries(&self, entries: &[JournalEntry]) -> Result<Vec<LogEntryDocument>, AppError> {
        let name = |id| Ok::<_, AppError>(self.store.list(id)?.map_or_else(|| "a list that is gone".to_owned(), |list| list.name));
        let document = |entry: &JournalEntry| {
            let change = crate::undo::change_of(entry);
            let moved = change.lists().map(|(old, new)| Ok::<_, AppError>(("list", name(old)?, name(new)?))).transpose()?;
            Ok(LogEntryDocument::of(entry, change.in_words().into_iter().chain(moved).collect()))
        };
        entries.iter().map(document).collect()
    }
}

impl LogEntryDocument {
    fn of(entry: &JournalEntry, changes: Vec<(&'static str, String, String)>) -> Self {
        let json = |text: &Option<String>| text.as_deref().and_then(|text| serde_json::from_str(text).ok());
        Self {
            run: entry.run,
            id: entry.entry.key.reminder.to_string(),
            op: entry.entry.op,
            title: entry.entry.title.clone(),
            before: json(&entry.entry.before),
            after: json(&entry.entry.after),
            at: entry.at,
            conflict: entry.entry.conflict,
            list: entry.entry.key.list.to_string(),
            reason: entry.entry.reason.clone(),
            changes,
        }
    }
}

/// A run.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct RunDocument {
    /// Number.
    pub run: i64,
    /// When it began.
    pub at: DateTime<Utc>,
    /// How it ended; null when it was cut off.
    pub outcome: Option<String>,
    /// `sync`, `undo` or `hand`; not part of the document.
    #[serde(skip)]
    pub kind: String,
    /// What it did.
    pub entries: Vec<LogEntryDocument>,
}

/// The last run, in `status`.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct LastRun {
    /// Number.
    pub id: i64,
    /// When it began, as in `log`.
    pub at: DateTime<Utc>,
    /// How it ended.
    pub outcome: String,
    /// Why it did not reach everything, in a sentence: no network, or an event that Outlook does not show; nothing where it did.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub why: Option<String>,
}

/// A run that was cut off, in `status`.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize)]
pub struct CutOff {
    /// Number.
    pub id: i64,
    /// When it began, as in `log`.
    pub at: DateTime<Utc>,
}

impl LastRun {
    /// Of a run that ended, with what it had to tell.
    #[must_use]
    pub fn of(run: Run, told: &[Problem]) -> Option<Self> {
        run.finished_at?;
        let is_out_of_reach = |problem: &&Problem| {
            use ProblemCode::{EventWaits, Offline, Throttled, UnexpectedReply};
            matches!(problem.code, Offline | Throttled | UnexpectedReply | EventWaits)
        };
        let why = told.iter().find(is_out_of_reach).map(|problem| problem.detail.clone());
        Some(Self { id: run.id, at: run.started_at, outcome: run.outcome?, why })
    }
}
