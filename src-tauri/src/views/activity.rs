//! What was done, what would be taken back, and what could not be read.

use belfry_app::controller::Answer;
use belfry_app::documents::{LogEntryDocument, RunDocument};
use belfry_core::undo::Left;
use belfry_core::word;
use serde::Serialize;
use specta::Type;

use super::{ProblemView, reason_code};

/// A field that was changed.
#[derive(Debug, Clone, Serialize, Type)]
pub struct FieldChangeView {
    /// Name of the field.
    pub field: String,
    /// What was there.
    pub before: String,
    /// What came.
    pub after: String,
}

/// One thing that was done.
#[derive(Debug, Clone, Serialize, Type)]
pub struct EntryView {
    /// The run that did it.
    pub run: i32,
    /// Reminder id.
    pub id: String,
    /// Id of the list that it was in.
    pub list: String,
    /// `create`, `update`, `delete`, ...
    pub op: String,
    /// Title.
    pub title: String,
    /// RFC 3339.
    pub at: String,
    /// Why, in words.
    pub reason: String,
    /// The name of that, where it has one: `edited`, `removed_in_outlook`, ...
    pub reason_code: Option<String>,
    /// Both sides had changed it and a rule decided.
    pub conflict: bool,
    /// What was changed.
    pub changes: Vec<FieldChangeView>,
}

impl From<LogEntryDocument> for EntryView {
    fn from(entry: LogEntryDocument) -> Self {
        let change = |(field, before, after): (&str, String, String)| FieldChangeView { field: field.to_owned(), before, after };
        Self {
            run: i32::try_from(entry.run).unwrap_or(i32::MAX),
            id: entry.id,
            list: entry.list,
            op: entry.op.name().to_owned(),
            title: entry.title,
            at: entry.at.to_rfc3339(),
            reason_code: reason_code(&entry.reason),
            reason: entry.reason,
            conflict: entry.conflict,
            changes: entry.changes.into_iter().map(change).collect(),
        }
    }
}

/// A run.
#[derive(Debug, Clone, Serialize, Type)]
pub struct RunView {
    /// Number.
    pub run: i32,
    /// RFC 3339.
    pub at: String,
    /// `sync`, `undo` or `hand`.
    pub kind: String,
    /// `ok`, `attention`, ..., or null when it was cut off.
    pub outcome: Option<String>,
    /// What it did.
    pub entries: Vec<EntryView>,
}

/// Takes runs out of an answer. Bookkeeping is nothing that a person wants to hear of.
pub fn runs(answer: Answer) -> Vec<RunView> {
    let Answer::Runs(runs) = answer else { return vec![] };
    let of = |run: RunDocument| RunView {
        run: i32::try_from(run.run).unwrap_or(i32::MAX),
        at: run.at.to_rfc3339(),
        kind: run.kind,
        outcome: run.outcome,
        entries: run.entries.into_iter().filter(|entry| entry.op.is_visible()).map(EntryView::from).collect(),
    };
    runs.into_iter().map(of).collect()
}

/// What became, or would become, of one change that is taken back.
#[derive(Debug, Clone, Serialize, Type)]
pub struct UndoneView {
    /// Reminder id.
    pub id: String,
    /// Title.
    pub title: String,
    /// `put_back`, `made_again`, `made_again_as_typed`, `restored`, `dismissed`, `removed` or `left`.
    pub did: String,
    /// Fields that are put back.
    pub fields: Vec<String>,
    /// Fields that stay.
    pub stay: Vec<String>,
    /// Why it is left, or null.
    pub why: Option<String>,
    /// The name of that: `changed_since`, `from_source`, ...
    pub why_code: Option<String>,
}

/// Takes an undo out of an answer.
pub fn undone(answer: Answer) -> Result<Vec<UndoneView>, ProblemView> {
    let Answer::Undone(document) = answer else { return Err(super::mixed_up()) };
    let words = |fields: Vec<&str>| fields.into_iter().map(str::to_owned).collect();
    Ok(document
        .undone
        .into_iter()
        .map(|one| UndoneView {
            id: one.id,
            title: one.title,
            did: one.did.to_owned(),
            fields: words(one.fields),
            stay: words(one.stay),
            why_code: one.why.as_deref().and_then(Left::of_words).map(|left| word(&left)),
            why: one.why,
        })
        .collect())
}

/// An item that could not be read.
#[derive(Debug, Clone, Serialize, Type)]
pub struct SetAsideView {
    /// Where it stands: a path or an address.
    pub origin: String,
    /// Line, from 1.
    pub line: u32,
    /// Why, in one sentence.
    pub reason: String,
    /// Its text.
    pub raw: String,
}

/// Takes what could not be read out of an answer.
pub fn set_aside(answer: Answer) -> Vec<SetAsideView> {
    let Answer::SetAside(all) = answer else { return vec![] };
    all.into_iter()
        .map(|one| SetAsideView {
            origin: one.origin,
            line: u32::try_from(one.item.line).unwrap_or(u32::MAX),
            reason: one.item.reason,
            raw: one.item.raw,
        })
        .collect()
}
