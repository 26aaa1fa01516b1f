//! Importing a file: copies, idempotent by UID.

mod said;

use std::collections::{BTreeMap, BTreeSet};
use std::io::Read;
use std::path::Path;

use belfry_core::marker::Key;
use belfry_core::plan::Reason;
use belfry_core::{LinkState, List, Op, Problem, ProblemCode, Reminder, When, slots};
use belfry_ical::{Column, ColumnMap, Contents, ItemProblem, KEPT, ReadInto, SetAside};
use belfry_store::{NewEntry, NewQuarantined, Store, StoreError};
use chrono::{DateTime, Utc};
use serde::Serialize;

use crate::app::App;
use crate::counted::counted;
use crate::error::{AppError, sentence};
use crate::following::app_error;
use crate::imports::said::Said;
use crate::undated::{has_single_dates, with_dates_of, with_own, with_unsaid};

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
    /// What reminders have no place for, by property: how often.
    #[serde(skip_serializing_if = "BTreeMap::is_empty")]
    pub left_out: BTreeMap<String, usize>,
    /// New items that another list holds already which is kept in the same calendar: there they are twice now.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub also_in: Vec<AlsoIn>,
}

/// An item that another list holds too.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct AlsoIn {
    /// Its title.
    pub title: String,
    /// The other list.
    pub list: String,
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
        // What its sender has cancelled is named, and nothing is wrong with it.
        let unreadable = self.set_aside.iter().filter(|item| item.reason != ItemProblem::Cancelled.to_string()).count();
        let aside = (unreadable > 0).then(|| {
            Problem::new(
                ProblemCode::ItemsQuarantined,
                "Some items were left out",
                format!("{} of the file could not be read; the others went in.", counted(unreadable, "item")),
                "Look at the lines that are named; mend them and import again, nothing doubles.",
            )
        });
        let (kept, lost): (Vec<_>, Vec<_>) = self.left_out.iter().partition(|(name, _)| name.ends_with(KEPT));
        let named = |all: Vec<(&String, &usize)>| {
            let names = all.into_iter().map(|(name, count)| format!("{} ({count})", name.trim_end_matches(KEPT)));
            names.collect::<Vec<String>>().join(", ")
        };
        let (kept, lost) = (named(kept), named(lost));
        let sentences = [
            (!lost.is_empty()).then(|| format!("Reminders hold no {lost}; everything else went in.")),
            (!kept.is_empty()).then(|| format!("Reminders do not show {kept}; it is kept, and written again by an export.")),
        ];
        let sentences: Vec<String> = sentences.into_iter().flatten().collect();
        let left_out = (!sentences.is_empty()).then(|| {
            Problem::new(
                ProblemCode::PropertiesLeftOut,
                "Some details have no place here",
                sentences.join(" "),
                "Nothing to do; the file is as it was.",
            )
        });
        aside.into_iter().chain(left_out).chain(self.twice()).collect()
    }

    fn twice(&self) -> Option<Problem> {
        let first = self.also_in.first()?;
        let mut titles: Vec<String> = self.also_in.iter().take(MOST_TITLES).map(|item| format!("`{}`", item.title)).collect();
        if let Some(more @ 1..) = self.also_in.len().checked_sub(MOST_TITLES) {
            titles.push(format!("{more} more"));
        }
        Some(Problem::new(
            ProblemCode::AlsoInOther,
            "Already in another list",
            format!(
                "The list `{}`, which is kept in the same calendar, holds {} already: they will be there twice.",
                first.list,
                titles.join(", ")
            ),
            "If that was not meant, take the import back with `belfry undo` and the number of its run, before the next sync.",
        ))
    }
}

/// What reminders are exported as.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum ExportFormat {
    /// iCalendar.
    Calendar,
    /// A table (CSV).
    Table,
}

impl ExportFormat {
    /// By the end of a name.
    ///
    /// # Errors
    /// It is another.
    pub fn of(path: &Path) -> Result<Self, AppError> {
        let end = path.extension().map(|end| end.to_string_lossy().to_ascii_lowercase()).unwrap_or_default();
        match end.as_str() {
            "ics" => Ok(Self::Calendar),
            "csv" => Ok(Self::Table),
            _ => Err(AppError::bad(format!("`{}` does not say what it is to be.", path.display()), "End its name with .ics or .csv.")),
        }
    }
}

/// What an export did.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct ExportReport {
    /// Reminders in the file.
    pub reminders: usize,
    /// Series of which a table does not say all: dates of theirs are left out, changed, or beside the rule.
    pub without_dates: usize,
}

impl ExportReport {
    /// What to tell of it beside the number.
    #[must_use]
    pub fn problem(&self) -> Option<Problem> {
        let series = if self.without_dates == 1 { "1 series has".to_owned() } else { format!("{} series have", self.without_dates) };
        (self.without_dates > 0).then(|| {
            Problem::new(
                ProblemCode::PropertiesLeftOut,
                "A table holds no single dates",
                format!("{series} dates that were left out, changed or added; a table holds only the rule, so they are not in it."),
                "Export into a file whose name ends in .ics to have them too.",
            )
        })
    }
}

/// So many are named, the others counted.
const MOST_TITLES: usize = 5;

/// Which columns are what, as a person types it.
pub(crate) fn column_map(text: &str) -> Result<ColumnMap, AppError> {
    ColumnMap::parse(text).map_err(|error| {
        AppError::bad(sentence(&error), "Write it as `title=Name,date=Expires on`; `format=DD/MM/YYYY` says how dates are written.")
    })
}

/// What the file says now, with what it does not know of: when it was made here, and what of it is done.
fn imported_over(known: &Reminder, fresh: Reminder, columns: Option<&BTreeSet<Column>>) -> Reminder {
    let mut next = match columns {
        Some(columns) => with_own(with_unsaid(fresh, Some(known), Some(columns)), known, columns),
        None => fresh,
    };
    next.list = known.list;
    next.created_at = known.created_at;
    next.changed_at = known.changed_at;
    next.done |= known.done;
    with_dates_of(next, known)
}

/// An import is a run of its own, so that it can be undone.
fn journal(store: &Store, now: DateTime<Utc>, done: &[NewEntry]) -> Result<(), StoreError> {
    if done.is_empty() {
        return Ok(());
    }
    let run = store.begin_run("hand", now)?;
    done.iter().try_for_each(|entry| store.write_journal(run, now, entry))?;
    store.finish_run(run, now, "ok", "")
}

/// What of a source could not be taken as it says: a time, an alarm, a date. Who else is invited is not told of each feed.
pub(crate) fn note_lost(store: &Store, list: &List, left_out: &BTreeMap<String, usize>) -> Result<(), StoreError> {
    let lost: BTreeMap<&String, &usize> = left_out.iter().filter(|(name, _)| is_of_time(name)).collect();
    let text = if lost.is_empty() { String::new() } else { serde_json::to_string(&lost).unwrap_or_default() };
    let key = lost_key(list);
    if store.meta(&key)?.unwrap_or_default() == text { Ok(()) } else { store.set_meta(&key, &text) }
}

/// Whether something about when it is or rings was said and not taken: such names say why in brackets.
fn is_of_time(name: &str) -> bool {
    name.contains(" (") && !name.ends_with(KEPT) && !["CATEGORIES", "URL"].iter().any(|other| name.starts_with(other))
}

/// Where it is remembered what a source lost on its way here.
pub(crate) fn lost_key(list: &List) -> String {
    format!("lost:{}", list.id)
}

/// Shows what of a file could not be read.
pub(crate) fn set_aside(store: &Store, list: &List, origin: &str, items: &[SetAside], now: DateTime<Utc>) -> Result<(), StoreError> {
    let unreadable = items.iter().filter(|item| item.reason != ItemProblem::Cancelled);
    let aside = unreadable.map(|item| NewQuarantined { line: item.line, reason: item.reason.to_string(), raw: item.raw.clone() });
    store.set_quarantine(list.id, origin, &aside.collect::<Vec<_>>(), now)
}

impl App {
    /// Imports a file into a list.
    ///
    /// # Errors
    /// The file cannot be read or used; then nothing was changed.
    pub fn import_file(&self, path: &Path, list: Option<&str>, map: Option<&str>) -> Result<ImportReport, AppError> {
        let bytes = belfry_sources::bytes(path).map_err(app_error)?;
        self.import(&bytes, path, list, map)
    }

    /// Imports what comes through standard input.
    ///
    /// # Errors
    /// It cannot be read or used; then nothing was changed.
    pub fn import_input(&self, input: impl Read, list: Option<&str>, map: Option<&str>) -> Result<ImportReport, AppError> {
        let name = Path::new("standard input");
        let bytes = belfry_sources::at_most(input).map_err(|source| AppError::File { path: name.to_owned(), source })?;
        self.import(&bytes, name, list, map)
    }

    /// Imports bytes; `origin` names them in messages.
    ///
    /// # Errors
    /// They are no calendar and no table, or a cut one; then nothing was changed.
    pub fn import(&self, bytes: &[u8], origin: &Path, list: Option<&str>, map: Option<&str>) -> Result<ImportReport, AppError> {
        let list = self.typed_list(list)?;
        let map = map.map(column_map).transpose()?;
        let read = |into: &ReadInto| belfry_sources::parse_named(bytes, origin, into, map.as_ref());
        let malformed = |source| AppError::Malformed { path: origin.to_owned(), source };
        let contents = read(&self.read_into(&list)).map_err(malformed)?;
        let said = Said::of(list.id, &read).map_err(malformed)?;
        self.import_contents(contents, &said, &list, &origin.to_string_lossy())
    }

    /// The reminders of a list, or of all, as a file that other programs read.
    ///
    /// # Errors
    /// No such list.
    pub fn export(&self, list: Option<&str>, format: ExportFormat) -> Result<String, AppError> {
        Ok(self.export_all(list, format)?.0)
    }

    fn export_all(&self, list: Option<&str>, format: ExportFormat) -> Result<(String, ExportReport), AppError> {
        let rows = self.reminders(list)?;
        let reminders: Vec<Reminder> = rows.into_iter().map(|row| self.without_dates_off(row.reminder)).collect::<Result<_, _>>()?;
        let without_dates = match format {
            ExportFormat::Calendar => 0,
            ExportFormat::Table => reminders.iter().filter(|reminder| has_single_dates(reminder)).count(),
        };
        let report = ExportReport { reminders: reminders.len(), without_dates };
        let names = self.store.lists()?.into_iter().map(|list| (list.id, list.name)).collect();
        let text = match format {
            ExportFormat::Calendar => belfry_ical::write(&reminders, &names, self.now()),
            ExportFormat::Table => belfry_ical::write_csv(&reminders),
        };
        Ok((text, report))
    }

    /// Dates whose own events a person removed are left out of the series, as every other date that is.
    fn without_dates_off(&self, mut reminder: Reminder) -> Result<Reminder, AppError> {
        let links = self.store.links_of_dates(&Key::main(reminder.list, reminder.id))?;
        let off: Vec<When> = links
            .iter()
            .filter(|link| link.state == LinkState::Dismissed)
            .filter_map(|link| slots::original(&reminder, &link.key.slot))
            .collect();
        let Some(series) = reminder.recurrence.as_mut() else { return Ok(reminder) };
        series.cancelled.extend(off);
        series.changed.retain(|original, _| !series.cancelled.contains(original));
        Ok(reminder)
    }

    /// Writes them into a file, which is there whole or not at all. Its name says what it is.
    ///
    /// # Errors
    /// No such list, or the file cannot be written.
    pub fn export_file(&self, path: &Path, list: Option<&str>) -> Result<ExportReport, AppError> {
        let format = ExportFormat::of(path)?;
        let (text, report) = self.export_all(list, format)?;
        let failed = |source| AppError::Unwritten { path: path.to_owned(), source };
        let folder = path.parent().filter(|folder| !folder.as_os_str().is_empty()).unwrap_or(Path::new("."));
        let mut file = tempfile::Builder::new().prefix(".belfry-").tempfile_in(folder).map_err(failed)?;
        std::io::Write::write_all(&mut file, text.as_bytes()).map_err(failed)?;
        file.persist(path).map_err(|error| failed(error.error))?;
        Ok(report)
    }

    /// What reading has to know of a list.
    pub(crate) fn read_into(&self, list: &List) -> ReadInto {
        ReadInto { list: list.id, defaults: list.defaults.clone(), zone: list.defaults.zone.unwrap_or(self.zone()), now: self.now() }
    }

    /// UIDs that other lists hold which are kept in the same calendar, and the names of those.
    fn beside(&self, list: &List) -> Result<BTreeMap<String, String>, AppError> {
        let mut all = BTreeMap::new();
        let Some(target) = &list.target else { return Ok(all) };
        for other in self.lists()?.into_iter().filter(|other| other.id != list.id && other.target.as_ref() == Some(target)) {
            let uids = self.reminders(Some(&other.name))?.into_iter().filter_map(|row| row.reminder.uid);
            all.extend(uids.map(|uid| (uid, other.name.clone())));
        }
        Ok(all)
    }

    fn import_contents(&self, contents: Contents, said: &Said<'_>, list: &List, origin: &str) -> Result<ImportReport, AppError> {
        let mut report = ImportReport {
            list: list.name.clone(),
            added: 0,
            changed: 0,
            unchanged: 0,
            set_aside: vec![],
            left_out: contents.left_out,
            also_in: vec![],
        };
        let others = self.beside(list)?;
        let now = self.now();
        let mut done = Vec::new();
        self.store.atomically(|store| {
            for mut reminder in contents.reminders {
                let item = said.fingerprint(&reminder);
                match store.reminder(reminder.id)? {
                    None => {
                        done.push(NewEntry::of_reminder(Op::Create, Reason::Imported, &reminder, None, Some(&reminder)));
                        let other = reminder.uid.as_ref().and_then(|uid| others.get(uid));
                        report.also_in.extend(other.map(|list| AlsoIn { title: reminder.title.clone(), list: list.clone() }));
                        report.added += 1;
                    }
                    // The file says what it said before: what was changed here since stays.
                    Some(known) if store.imported(reminder.id)?.is_some_and(|before| said.is_as_before(&before, &reminder, &known)) => {
                        report.unchanged += 1;
                        store.set_imported(reminder.id, &item)?;
                        continue;
                    }
                    Some(known) => {
                        reminder = imported_over(&known, said.with_defaults_of(reminder, &known), contents.columns.as_ref());
                        if reminder == known {
                            report.unchanged += 1;
                            store.set_imported(reminder.id, &item)?;
                            continue;
                        }
                        reminder.changed_at = now;
                        let event_id = store.any_event_of(&Key::main(known.list, known.id))?;
                        let entry = NewEntry::of_reminder(Op::Update, Reason::Imported, &reminder, Some(&known), Some(&reminder));
                        done.push(NewEntry { event_id, ..entry });
                        report.changed += 1;
                    }
                }
                store.save_reminder(&reminder)?;
                store.set_imported(reminder.id, &item)?;
            }
            journal(store, now, &done)?;
            set_aside(store, list, origin, &contents.set_aside, now)
        })?;
        report.set_aside =
            contents.set_aside.iter().map(|item| SetAsideItem { line: item.line, reason: item.reason.to_string() }).collect();
        Ok(report)
    }
}

#[cfg(test)]
mod tests;
