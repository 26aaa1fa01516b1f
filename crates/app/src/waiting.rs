//! What waits for a yes, one by one, so that it can be looked at before it is done.
//!
//! It is planned anew from what is known here: the store keeps no pending work. Of a source that shrank the reminders are shown that it does not name any more.

use belfry_core::hold::Question;
use belfry_core::plan::Reason;
use belfry_core::{List, Op, Operation};
use belfry_store::HoldRow;
use belfry_sync::PlannedOperation;
use serde::Serialize;

use crate::app::App;
use crate::error::AppError;

/// For what a person is asked.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Serialize)]
#[serde(rename_all = "snake_case")]
pub enum WaitingFor {
    /// So many removals at once look like an accident.
    Removal,
    /// New here, or removed elsewhere.
    FirstSync,
    /// Like those of a list of another computer.
    SameList,
    /// In Outlook, and neither in the source nor known here.
    LeftOver,
    /// Not in the source any more.
    Shrunk,
    /// The calendar of a list that is gone.
    Vanished,
    /// A list that was never synced: its plan.
    Start,
}

impl WaitingFor {
    /// What a set that is held waits for.
    #[must_use]
    pub fn of(hold: &HoldRow) -> Self {
        match Question::of(hold.list, &hold.name) {
            None => Self::Removal,
            Some(Question::FirstSync) => Self::FirstSync,
            Some(Question::SameList) => Self::SameList,
            Some(Question::LeftOver) => Self::LeftOver,
            Some(Question::Shrunk) => Self::Shrunk,
            Some(Question::Vanished) => Self::Vanished,
            Some(Question::Start) => Self::Start,
        }
    }
}

/// One thing that waits.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct WaitingDocument {
    /// For what.
    #[serde(rename = "for")]
    pub waiting_for: WaitingFor,
    /// What would be done.
    #[serde(flatten)]
    pub operation: PlannedOperation,
    /// Whether this one can be kept by itself: its event went, and can be made again.
    pub can_keep: bool,
}

impl App {
    /// What waits for a yes, by question, list and title. Plans of lists that never synced and calendars that vanished have pages of their own.
    ///
    /// # Errors
    /// When the database fails.
    pub fn waiting(&self) -> Result<Vec<WaitingDocument>, AppError> {
        let lists = self.lists()?;
        let mut waiting = Vec::new();
        if self.store.holds()?.iter().all(|hold| hold.confirmed) {
            return Ok(waiting);
        }
        for account in self.store.accounts()? {
            let held = belfry_sync::held_operations(&self.store, &account, self.now())?;
            waiting.extend(held.iter().filter_map(|operation| document(operation, &lists)));
        }
        for list in &lists {
            let shrunk = self.shrunk(list)?.into_iter();
            waiting.extend(shrunk.map(|operation| WaitingDocument { waiting_for: WaitingFor::Shrunk, operation, can_keep: false }));
        }
        waiting.sort_by_key(|one| (one.waiting_for, one.operation.list.clone(), one.operation.title.clone()));
        Ok(waiting)
    }

    /// What the source of a list does not name any more, while it is asked whether that is right.
    pub(crate) fn shrunk(&self, list: &List) -> Result<Vec<PlannedOperation>, AppError> {
        let mut waiting = Vec::new();
        for id in self.store.shrunk(list.id)? {
            let Some(reminder) = self.store.reminder(id)? else { continue };
            waiting.push(PlannedOperation {
                op: if list.target.is_some() { Op::Delete } else { Op::Forget },
                list: list.name.clone(),
                id: id.to_string(),
                title: reminder.title,
                start: Some(reminder.when.to_string()),
                event_id: None,
                reason: Reason::LeftSource.to_string(),
                held: true,
            });
        }
        waiting.sort_by(|one, other| one.title.cmp(&other.title));
        Ok(waiting)
    }
}

fn document(operation: &Operation, lists: &[List]) -> Option<WaitingDocument> {
    let list = lists.iter().find(|list| list.id == operation.key.list)?;
    let waiting_for = match Question::of(list.id, operation.held.as_ref()?) {
        None => WaitingFor::Removal,
        Some(Question::FirstSync) => WaitingFor::FirstSync,
        Some(Question::SameList) => WaitingFor::SameList,
        Some(Question::LeftOver) => WaitingFor::LeftOver,
        Some(Question::Shrunk | Question::Start | Question::Vanished) => return None,
    };
    Some(WaitingDocument { waiting_for, operation: PlannedOperation::of(operation, &list.name), can_keep: can_keep(operation) })
}

/// Whether an event that is gone can be made again.
pub(crate) fn can_keep(operation: &Operation) -> bool {
    operation.op == Op::Dismiss && operation.reason == Reason::RemovedInOutlook
}
