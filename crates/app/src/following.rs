//! Lists that follow a source: it is read before every sync, and what it says now is what the list holds.
//!
//! The source is right about everything but the person's own choices ([`belfry_core::Kept`]) and whether a reminder is done. What it does not name any more is removed here; whether
//! the events go with it is the plan's decision, and waits where it looks like an accident.

use std::collections::BTreeSet;
use std::path::Path;

use belfry_core::{Direction, List, Problem, ProblemCode, Reminder, ReminderId, Source};
use belfry_ical::{Contents, ReadInto};
use belfry_sources::SourceError;
use belfry_store::{NewQuarantined, Store, StoreError};

use crate::app::App;
use crate::error::AppError;
use crate::lists::Keep;

impl App {
    /// Adds a list that follows a file. The file is read at once: one that cannot be is refused.
    ///
    /// # Errors
    /// The name is taken, the file cannot be used, or the target cannot.
    pub async fn add_followed_list(&self, name: &str, file: &Path, keep: &Keep) -> Result<List, AppError> {
        // The list outlives the folder that the command was given in.
        let file = std::path::absolute(file).map_err(|source| AppError::File { path: file.to_owned(), source })?;
        let source = Some(Source::File(file.to_string_lossy().into_owned()));
        let list = List { source, direction: Direction::Source, ..self.fresh_list(name)? };
        let contents = self.contents_of(&list)?;
        let list = List { target: self.target(keep).await?, ..list };
        self.store.save_list(&list)?;
        self.take_over(&list, contents)?;
        Ok(list)
    }

    /// Reads the sources of these lists. What could not be read leaves its list as it was, and this run restores and removes nothing of it.
    ///
    /// # Errors
    /// When the database fails.
    pub(crate) fn read_sources(&self, lists: &[List]) -> Result<Vec<Problem>, AppError> {
        let mut problems = Vec::new();
        for list in lists.iter().filter(|list| list.source.is_some()) {
            let read = self.contents_of(list).and_then(|contents| self.take_over(list, contents));
            self.store.set_source_whole(list.id, read.is_ok())?;
            problems.extend(read.err().map(|error| unread(list, &error)));
        }
        Ok(problems)
    }

    fn contents_of(&self, list: &List) -> Result<Contents, AppError> {
        let into =
            ReadInto { list: list.id, defaults: list.defaults.clone(), zone: list.defaults.zone.unwrap_or(self.zone()), now: self.now() };
        let Some(source) = &list.source else { return Ok(Contents::default()) };
        belfry_sources::read(source, &into).map_err(|error| match error {
            SourceError::Unreadable { path, source } => AppError::File { path, source },
            SourceError::Malformed { path, source } => AppError::Malformed { path, source },
            SourceError::Unfollowed(_) => AppError::bad(format!("{error}."), "Follow a file."),
        })
    }

    fn take_over(&self, list: &List, contents: Contents) -> Result<(), AppError> {
        let now = self.now();
        let named: BTreeSet<ReminderId> = contents.reminders.iter().map(|reminder| reminder.id).collect();
        Ok(self.store.atomically(|store| {
            for fresh in contents.reminders {
                let known = store.reminder(fresh.id)?;
                let next = following(fresh, known.as_ref());
                if known.as_ref() != Some(&next) {
                    store.save_reminder(&Reminder { changed_at: now, ..next })?;
                }
            }
            for gone in store.listed(Some(list.id))?.into_iter().filter(|row| !named.contains(&row.reminder.id)) {
                store.remove_reminder(gone.reminder.id)?;
            }
            set_aside(store, list, &contents.set_aside, now)
        })?)
    }
}

/// What the source says, with what it does not know of.
fn following(fresh: Reminder, known: Option<&Reminder>) -> Reminder {
    let Some(known) = known else { return fresh };
    Reminder {
        list: known.list,
        done: known.done || fresh.done,
        created_at: known.created_at,
        changed_at: known.changed_at,
        kept: known.kept.clone(),
        ..fresh
    }
}

fn set_aside(store: &Store, list: &List, items: &[belfry_ical::SetAside], now: chrono::DateTime<chrono::Utc>) -> Result<(), StoreError> {
    let aside: Vec<NewQuarantined> =
        items.iter().map(|item| NewQuarantined { line: item.line, reason: item.reason.to_string(), raw: item.raw.clone() }).collect();
    store.set_quarantine(list.id, list.source.as_ref().map(Source::location).unwrap_or_default(), &aside, now)
}

fn unread(list: &List, error: &AppError) -> Problem {
    let why = error.problem().detail;
    Problem::new(
        ProblemCode::SourceUnread,
        "A source could not be read",
        format!("`{}` stays as it was: {why}", list.name),
        "Mend the file or put it back; Belfry reads it again with the next sync.",
    )
}
