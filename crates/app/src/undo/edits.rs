//! What a sync wrote because a person had edited a reminder here is taken back as it was edited: events say only a part of that, and an edit may have put
//! several in the place of one.

use std::collections::BTreeMap;

use belfry_core::undo::Snapshot;
use belfry_core::{Op, ReminderId};
use belfry_store::{JournalEntry, Store, StoreError};

use super::change_of;

/// The edit behind what a run wrote, for each reminder that has one.
pub(super) fn behind(store: &Store, entries: &[JournalEntry]) -> Result<BTreeMap<ReminderId, JournalEntry>, StoreError> {
    let mut of_reminders: BTreeMap<ReminderId, Vec<&JournalEntry>> = BTreeMap::new();
    for entry in entries {
        of_reminders.entry(entry.entry.key.reminder).or_default().push(entry);
    }
    let mut edits = BTreeMap::new();
    for (reminder, written) in of_reminders {
        if written.iter().all(|entry| is_written(entry))
            && let Some(edit) = edit_before(store, reminder, written[0])?
        {
            edits.insert(reminder, edit);
        }
    }
    Ok(edits)
}

/// Whether nothing but events was changed.
fn is_written(entry: &JournalEntry) -> bool {
    let is_known = matches!(entry.entry.op, Op::Create | Op::Update | Op::Delete | Op::Part | Op::Agree | Op::Forget | Op::Refuse);
    is_known && !is_edit(entry)
}

/// Whether it changed the reminder, and no event yet.
fn is_edit(entry: &JournalEntry) -> bool {
    let change = change_of(entry);
    change.op == Op::Update && matches!((change.before, change.after), (Some(Snapshot::Reminder(_)), Some(Snapshot::Reminder(_))))
}

/// All edits since the sync before, as one. The first one of a reminder that had no event was part of making it.
fn edit_before(store: &Store, reminder: ReminderId, written: &JournalEntry) -> Result<Option<JournalEntry>, StoreError> {
    let follows = store.run(written.run)?.and_then(|run| run.follows).unwrap_or(0);
    let history = store.journal_of_reminder(reminder)?;
    let since = history.into_iter().filter(|entry| entry.id < written.id && entry.run > follows);
    let edits: Vec<JournalEntry> = since.take_while(is_edit).collect();
    let (Some(last), Some(first)) = (edits.first(), edits.last()) else { return Ok(None) };
    let mut edit = last.clone();
    edit.entry.before.clone_from(&first.entry.before);
    Ok(first.entry.event_id.is_some().then_some(edit))
}
