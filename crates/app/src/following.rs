//! Lists that follow a source: it is read before every sync, and what it says now is what the list holds.
//!
//! The source is right about everything but the person's own choices ([`belfry_core::Kept`]) and whether a reminder is done. What it does not name any more is removed here; whether
//! the events go with it is the plan's decision, and waits where it looks like an accident.

use std::collections::BTreeSet;
use std::path::Path;

use belfry_core::hold::is_suspicious;
use belfry_core::{Direction, List, Problem, ProblemCode, Reminder, ReminderId, Source};
use belfry_ical::Contents;
use belfry_sources::SourceError;

use crate::app::App;
use crate::error::AppError;
use crate::imports::set_aside;
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
        self.take_over(&list, contents, 0)?;
        self.store.set_source_read(list.id, None)?;
        Ok(list)
    }

    /// Reads the sources of these lists. What could not be read leaves its list as it was, and this run restores and removes nothing of it.
    ///
    /// # Errors
    /// When the database fails.
    pub(crate) fn read_sources(&self, lists: &[List], run: i64) -> Result<Vec<Problem>, AppError> {
        let mut problems = Vec::new();
        for list in lists.iter().filter(|list| list.source.is_some()) {
            let read = self.contents_of(list).and_then(|contents| self.take_over(list, contents, run));
            let problem = match read {
                Ok(problem) => problem,
                Err(error) => Some(unread(list, &error.problem().detail)),
            };
            self.store.set_source_read(list.id, problem.as_ref().map(|problem| problem.detail.as_str()))?;
            problems.extend(problem);
        }
        Ok(problems)
    }

    /// What to tell of a list whose source was in trouble when it was last read.
    pub(crate) fn source_trouble(&self, list: &List) -> Result<Option<Problem>, AppError> {
        let trouble = self.store.source_trouble(list.id)?;
        Ok(trouble.map(|detail| {
            let is_shrunk = detail.contains(SHRANK);
            if is_shrunk { shrank(list, detail) } else { Problem::new(ProblemCode::SourceUnread, UNREAD, detail, MEND) }
        }))
    }

    fn contents_of(&self, list: &List) -> Result<Contents, AppError> {
        let Some(source) = &list.source else { return Ok(Contents::default()) };
        belfry_sources::read(source, &self.read_into(list)).map_err(|error| match error {
            SourceError::Unreadable { path, source } => AppError::File { path, source },
            SourceError::Malformed { path, source } => AppError::Malformed { path, source },
            SourceError::Unfollowed(_) => AppError::bad(format!("{error}."), "Follow a file."),
        })
    }

    /// Takes over what a source says. So much less than before waits for a person; the rest of what it says counts.
    fn take_over(&self, list: &List, contents: Contents, run: i64) -> Result<Option<Problem>, AppError> {
        let now = self.now();
        let named: BTreeSet<ReminderId> = contents.reminders.iter().map(|reminder| reminder.id).collect();
        Ok(self.store.atomically(|store| {
            let before = store.listed(Some(list.id))?;
            for fresh in contents.reminders {
                let known = store.reminder(fresh.id)?;
                let next = match &known {
                    None => Reminder { kept: store.take_kept(fresh.id)?, ..fresh },
                    Some(known) => following(fresh, known),
                };
                if known.as_ref() != Some(&next) {
                    store.save_reminder(&Reminder { changed_at: now, ..next })?;
                }
            }
            set_aside(store, list, list.source.as_ref().map(Source::location).unwrap_or_default(), &contents.set_aside, now)?;
            let gone: Vec<&Reminder> = before.iter().map(|row| &row.reminder).filter(|reminder| !named.contains(&reminder.id)).collect();
            let is_accident = is_suspicious(gone.len(), before.len(), Direction::Source);
            let count = is_accident.then_some(gone.len() as u64);
            if !store.ask_shrunk(list.id, run, count)? && is_accident {
                return Ok(Some(shrank(list, format!("{} of {} reminders of `{}` {SHRANK}.", gone.len(), before.len(), list.name))));
            }
            for gone in gone {
                store.leave_kept(gone.id, &gone.kept)?;
                store.remove_reminder(gone.id)?;
            }
            Ok(None)
        })?)
    }
}

/// What the source says, with what it does not know of.
fn following(fresh: Reminder, known: &Reminder) -> Reminder {
    Reminder { list: known.list, created_at: known.created_at, changed_at: known.changed_at, kept: known.kept.clone(), ..fresh }
}

/// What every sentence about a source that shrank says.
const SHRANK: &str = "are not in its source any more, which looks like an accident; they stay until you say that it is right";
const UNREAD: &str = "A source could not be read";
const MEND: &str = "Mend the file or put it back; Belfry reads it again with the next sync.";

fn unread(list: &List, why: &str) -> Problem {
    Problem::new(ProblemCode::SourceUnread, UNREAD, format!("`{}` stays as it was: {why}", list.name), MEND)
}

fn shrank(list: &List, detail: String) -> Problem {
    let action = format!("Look at the source of `{}`; if it is right, run `belfry sync --confirm`.", list.name);
    Problem::new(ProblemCode::SourceShrank, "A source names much less than before", detail, action)
}
