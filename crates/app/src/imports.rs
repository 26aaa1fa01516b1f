//! Importing a file: copies, idempotent by UID.

use std::path::Path;

use belfry_core::{Fingerprint, List, Problem, ProblemCode, Reminder};
use belfry_ical::{Contents, ReadInto, SetAside};
use belfry_store::{NewQuarantined, Store, StoreError};
use chrono::{DateTime, Utc};
use serde::Serialize;

use crate::app::App;
use crate::error::AppError;

/// What an import did.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct ImportReport {
    /// Into which list.
    pub list: String,
    /// New reminders.
    pub added: usize,
    /// Reminders that the file changed.
    pub changed: usize,
    /// Reminders that were the same.
    pub unchanged: usize,
    /// Items that were set aside.
    pub set_aside: Vec<SetAsideItem>,
}

/// An item that was set aside.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct SetAsideItem {
    /// Line in the file, from 1.
    pub line: usize,
    /// Why.
    pub reason: String,
}

impl ImportReport {
    /// What to tell of it beside the numbers.
    #[must_use]
    pub fn problems(&self) -> Vec<Problem> {
        if self.set_aside.is_empty() {
            return vec![];
        }
        let detail = format!("{} items of the file could not be read; the others went in.", self.set_aside.len());
        vec![Problem::new(
            ProblemCode::ItemsQuarantined,
            "Some items were left out",
            detail,
            "Look at the lines that are named; mend them and import again, nothing doubles.",
        )]
    }
}

/// What a file says of an item, whenever it is read.
fn fingerprint(reminder: &Reminder) -> Fingerprint {
    let timeless = Reminder { created_at: DateTime::UNIX_EPOCH, changed_at: DateTime::UNIX_EPOCH, ..reminder.clone() };
    Fingerprint::of_bytes(&serde_json::to_vec(&timeless).unwrap_or_default())
}

/// Shows what of a file could not be read.
pub(crate) fn set_aside(store: &Store, list: &List, origin: &str, items: &[SetAside], now: DateTime<Utc>) -> Result<(), StoreError> {
    let aside = items.iter().map(|item| NewQuarantined { line: item.line, reason: item.reason.to_string(), raw: item.raw.clone() });
    store.set_quarantine(list.id, origin, &aside.collect::<Vec<_>>(), now)
}

impl App {
    /// Imports a file into a list.
    ///
    /// # Errors
    /// The file cannot be read or used; then nothing was changed.
    pub fn import_file(&self, path: &Path, list: Option<&str>) -> Result<ImportReport, AppError> {
        let bytes = std::fs::read(path).map_err(|source| AppError::File { path: path.to_owned(), source })?;
        self.import(&bytes, path, list)
    }

    /// Imports bytes; `origin` names them in messages.
    ///
    /// # Errors
    /// They are no calendar, or a cut one; then nothing was changed.
    pub fn import(&self, bytes: &[u8], origin: &Path, list: Option<&str>) -> Result<ImportReport, AppError> {
        let list = self.typed_list(list)?;
        let contents =
            belfry_ical::read(bytes, &self.read_into(&list)).map_err(|source| AppError::Malformed { path: origin.to_owned(), source })?;
        self.take_in(contents, &list, &origin.to_string_lossy())
    }

    /// What reading has to know of a list.
    pub(crate) fn read_into(&self, list: &List) -> ReadInto {
        ReadInto { list: list.id, defaults: list.defaults.clone(), zone: list.defaults.zone.unwrap_or(self.zone()), now: self.now() }
    }

    fn take_in(&self, contents: Contents, list: &List, origin: &str) -> Result<ImportReport, AppError> {
        let mut report = ImportReport { list: list.name.clone(), added: 0, changed: 0, unchanged: 0, set_aside: vec![] };
        let now = self.now();
        self.store.atomically(|store| {
            for mut reminder in contents.reminders {
                let item = fingerprint(&reminder);
                match store.reminder(reminder.id)? {
                    None => report.added += 1,
                    // The file says what it said before: what was changed here since stays.
                    Some(_) if store.imported(reminder.id)?.as_ref() == Some(&item) => {
                        report.unchanged += 1;
                        continue;
                    }
                    Some(known) => {
                        reminder.list = known.list;
                        // What the file does not know of stays: when it was made here, and that it is done.
                        reminder.created_at = known.created_at;
                        reminder.done |= known.done;
                        reminder.changed_at = known.changed_at;
                        if reminder == known {
                            report.unchanged += 1;
                            store.set_imported(reminder.id, &item)?;
                            continue;
                        }
                        reminder.changed_at = now;
                        report.changed += 1;
                    }
                }
                store.save_reminder(&reminder)?;
                store.set_imported(reminder.id, &item)?;
            }
            set_aside(store, list, origin, &contents.set_aside, now)
        })?;
        report.set_aside =
            contents.set_aside.iter().map(|item| SetAsideItem { line: item.line, reason: item.reason.to_string() }).collect();
        Ok(report)
    }
}
