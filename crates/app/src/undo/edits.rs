//! What a sync wrote because a person had edited a reminder here is taken back as it was edited: events say only a part of that, and an edit may have put
//! several in the place of one. What the same sync took from Outlook is taken back by itself, before that.

use std::collections::BTreeMap;

use belfry_core::undo::{Snapshot, without};
use belfry_core::{Op, ReminderId};
use belfry_store::{JournalEntry, Store, StoreError};

use super::change_of;

/// The edit behind what a sync wrote, for each reminder that has one.
pub(super) fn behind(store: &Store, entries: &[JournalEntry]) -> Result<BTreeMap<ReminderId, JournalEntry>, StoreError> {
    let mut edits = BTreeMap::new();
    let Some(run) = entries.first().map(|entry| store.run(entry.run)).transpose()?.flatten().filter(|run| run.kind == "sync") else {
        return Ok(edits);
    };
    let mut of_reminders: BTreeMap<ReminderId, Vec<&JournalEntry>> = BTreeMap::new();
    for entry in entries {
        of_reminders.entry(entry.entry.key.reminder).or_default().push(entry);
    }
    for (reminder, done) in of_reminders {
        let has_written = done.iter().any(|entry| is_written(entry));
        if !has_written || !done.iter().all(|entry| is_written(entry) || is_taken(entry) || is_about_events(entry)) {
            continue;
        }
        let account = store.list(done[0].entry.key.list)?.and_then(|list| list.target).map(|target| target.account.to_string());
        let follows = account.and_then(|account| run.follows.get(&account).copied()).unwrap_or(0);
        if let Some(edit) = edit_before(store, reminder, done[0].id, follows)? {
            edits.insert(reminder, but_for_what_was_taken(edit, &done));
        }
    }
    Ok(edits)
}

/// Whether only an event was changed.
pub(super) fn is_written(entry: &JournalEntry) -> bool {
    let is_known = matches!(entry.entry.op, Op::Create | Op::Update | Op::Delete | Op::Part | Op::Agree | Op::Forget | Op::Refuse);
    let change = change_of(entry);
    let is_of_reminder = |side: &Option<Snapshot>| matches!(side, Some(Snapshot::Reminder(_)));
    is_known && !is_of_reminder(&change.before) && !is_of_reminder(&change.after)
}

/// Whether only which event is whose was changed.
fn is_about_events(entry: &JournalEntry) -> bool {
    matches!(entry.entry.op, Op::Settle | Op::Relink) && sides(entry).is_none()
}

/// Whether it came from Outlook.
fn is_taken(entry: &JournalEntry) -> bool {
    matches!(entry.entry.op, Op::Pull | Op::Merge | Op::Keep | Op::Relink) && sides(entry).is_some()
}

/// The reminder before and after, where both are known.
fn sides(entry: &JournalEntry) -> Option<(Snapshot, Snapshot)> {
    let change = change_of(entry);
    match (change.before, change.after) {
        (Some(before @ Snapshot::Reminder(_)), Some(after @ Snapshot::Reminder(_))) => Some((before, after)),
        _ => None,
    }
}

/// All edits since the sync before, as one. The first one of a reminder that had no event was part of making it.
fn edit_before(store: &Store, reminder: ReminderId, id: i64, follows: i64) -> Result<Option<JournalEntry>, StoreError> {
    let history = store.journal_of_reminder(reminder)?;
    let since = history.into_iter().filter(|entry| entry.id < id && entry.run > follows);
    let is_edit = |entry: &JournalEntry| entry.entry.op == Op::Update && sides(entry).is_some();
    let edits: Vec<JournalEntry> = since.take_while(is_edit).collect();
    let (Some(last), Some(first)) = (edits.first(), edits.last()) else { return Ok(None) };
    let mut edit = last.clone();
    edit.entry.before.clone_from(&first.entry.before);
    Ok(first.entry.event_id.is_some().then_some(edit))
}

/// What both sides had changed is as it was before the sync once that is taken back: the person's own edit of it stays.
fn but_for_what_was_taken(mut edit: JournalEntry, done: &[&JournalEntry]) -> JournalEntry {
    for (before, after) in done.iter().filter_map(|entry| sides(entry)) {
        if let Some(left) = sides(&edit).map(|(from, to)| without(&from, &to, (&before, &after))) {
            edit.entry.before = serde_json::to_string(&left).ok().or(edit.entry.before);
        }
    }
    edit
}
