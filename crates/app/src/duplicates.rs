//! Copies of events in Outlook, found and removed by hand.

use std::sync::Arc;

use belfry_core::projection::Field;
use belfry_core::{Exit, Zone};
use belfry_sync::{Duplicate, Setup, find_duplicates, remove_duplicates};
use serde::Serialize;

use crate::app::App;
use crate::error::AppError;

/// A copy.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct DuplicateDocument {
    /// Reminder id.
    pub id: String,
    /// Name of its list; null when this computer does not know it: then the copy is shown, and not removed.
    pub list: Option<String>,
    /// Title of the copy.
    pub title: String,
    /// Start of the copy.
    pub start: String,
    /// Zone of that; null for all-day.
    pub zone: Option<&'static str>,
    /// The copy.
    pub event_id: String,
    /// Name of its calendar.
    pub calendar: String,
    /// The event that is kept.
    pub kept_event_id: String,
    /// Title of that.
    pub kept_title: String,
    /// Fields in which the copy says something else than the event that is kept: such a copy is never removed, as somebody wrote it.
    pub differs: Vec<&'static str>,
    /// Whether the copy was removed.
    pub removed: bool,
}

impl App {
    /// Finds events that carry the same mark, in every account that a list is kept in; removes copies that say the same if that is wanted.
    ///
    /// # Errors
    /// The first account that cannot be asked.
    pub async fn duplicates(&self, remove: bool) -> Result<(Vec<DuplicateDocument>, Exit), AppError> {
        let accounts = self.accounts_to_sync(None)?;
        let _lock = self.only_one().await?;
        let mut documents = Vec::new();
        for account in accounts {
            if let Some(error) = self.rests(&account, false).await {
                return Err(error);
            }
            let graph = self.graph(&account).await?;
            let run = if remove { self.store.begin_run("hand", self.now())? } else { 0 };
            let setup = Setup { graph: &graph, store: &self.store, clock: Arc::clone(&self.ports.clock), run, progress: &|_| {} };
            let found = find_duplicates(&setup, &account).await.map_err(AppError::Graph)?;
            let left: Vec<String> = if remove {
                let (same, kept): (Vec<Duplicate>, Vec<Duplicate>) = found.iter().cloned().partition(|one| self.is_removable(one));
                let left = remove_duplicates(&setup, &account, &same).await.map_err(AppError::Graph)?;
                self.store.finish_or_drop(run, self.now())?;
                kept.into_iter().map(|one| one.copy.event_id).chain(left).collect()
            } else {
                found.iter().map(|one| one.copy.event_id.clone()).collect()
            };
            documents
                .extend(found.iter().map(|one| self.document(one, !left.contains(&one.copy.event_id))).collect::<Result<Vec<_>, _>>()?);
        }
        let exit = if remove && documents.iter().any(|one| !one.removed && one.list.is_some() && one.differs.is_empty()) {
            Exit::Failed
        } else {
            Exit::Done
        };
        Ok((documents, exit))
    }

    /// A copy of a list that is not known here is another computer's to judge: it may have been put there on purpose.
    fn is_removable(&self, one: &Duplicate) -> bool {
        let list = one.copy.marker.as_ref().and_then(|marker| self.store.list(marker.key.list).ok().flatten());
        list.is_some() && differing(one).is_empty()
    }

    fn document(&self, one: &Duplicate, removed: bool) -> Result<DuplicateDocument, AppError> {
        let key = one.copy.marker.as_ref().map(|marker| &marker.key);
        let list = key.map(|key| self.store.list(key.list)).transpose()?.flatten();
        Ok(DuplicateDocument {
            id: key.map(|key| key.reminder.to_string()).unwrap_or_default(),
            list: list.map(|list| list.name),
            title: one.copy.projection.title.clone(),
            start: one.copy.projection.when.to_string(),
            zone: one.copy.projection.when.zone().map(Zone::name),
            event_id: one.copy.event_id.clone(),
            calendar: one.calendar.clone(),
            kept_event_id: one.keeper.event_id.clone(),
            kept_title: one.keeper.projection.title.clone(),
            differs: differing(one),
            removed,
        })
    }
}

fn differing(one: &Duplicate) -> Vec<&'static str> {
    let (copy, keeper) = (&one.copy.projection, &one.keeper.projection);
    // The same instant by the clock of another zone is no other time, and still somebody's doing.
    let is_instant = copy.length == keeper.length
        && copy.when.zone().is_some()
        && keeper.when.zone().is_some()
        && copy.when.instant(Zone::UTC) == keeper.when.instant(Zone::UTC);
    let word = |field| if field == Field::Times && is_instant { "time zone" } else { Field::word(field) };
    copy.diff_in_meaning(keeper).into_iter().map(word).collect()
}
