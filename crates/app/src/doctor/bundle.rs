//! A report for somebody who helps: one text file that its owner can read first. Ids, times, codes and counts; no titles, no notes, no logins, no tokens.

use std::fmt::Write;
use std::path::Path;

use belfry_core::word;

use super::Check;
use crate::app::App;
use crate::error::AppError;

/// Lines of the log that go into a report.
const LOG_LINES: usize = 2_000;
/// Runs that go into a report.
const RUNS: u32 = 50;

impl App {
    /// Writes the report.
    ///
    /// # Errors
    /// When the file cannot be written or the database cannot be read.
    pub fn write_bundle(&self, checks: &[Check], path: &Path) -> Result<(), AppError> {
        std::fs::write(path, self.report(checks)?).map_err(|source| AppError::Unwritten { path: path.to_owned(), source })
    }

    /// Writes what can be reported where the database cannot be opened: whose names the log would have to be cleaned of is not known then, so it is left out.
    ///
    /// # Errors
    /// When the file cannot be written.
    pub fn write_short_bundle(&self, checks: &[Check], path: &Path) -> Result<(), AppError> {
        let mut text = String::new();
        self.about(&mut text, checks)?;
        text.push_str("\nThe database cannot be opened: what is kept, what was done and the log are not in this report.\n");
        std::fs::write(path, text).map_err(|source| AppError::Unwritten { path: path.to_owned(), source })
    }

    /// The report as a text.
    ///
    /// # Errors
    /// When the database cannot be read.
    pub fn report(&self, checks: &[Check]) -> Result<String, AppError> {
        let mut text = String::new();
        self.about(&mut text, checks)?;
        self.what_is_kept(&mut text)?;
        self.what_was_done(&mut text)?;
        text.push_str("\n[log]\n");
        text.push_str(&self.without_names(&self.newest_log())?);
        Ok(text)
    }

    fn about(&self, text: &mut String, checks: &[Check]) -> Result<(), AppError> {
        let _ = writeln!(
            text,
            "Belfry {} on {} {}, {}",
            env!("CARGO_PKG_VERSION"),
            std::env::consts::OS,
            std::env::consts::ARCH,
            self.now().to_rfc3339()
        );
        let _ = writeln!(text, "\n[checks]");
        for check in checks {
            let said = self.without_names(&check.said)?;
            let _ = writeln!(text, "{} {:?}: {said}", check.part, check.health);
        }
        Ok(())
    }

    fn what_is_kept(&self, text: &mut String) -> Result<(), AppError> {
        let _ = writeln!(text, "\n[accounts]");
        for account in self.store.accounts()? {
            let good = account.last_good_sync_at.map(|at| at.to_rfc3339()).unwrap_or_default();
            let _ = writeln!(text, "{} {} {} last good sync {good}", account.id, word(&account.kind), word(&account.state));
        }
        let _ = writeln!(text, "\n[lists]");
        for list in self.store.lists()? {
            let place = list.place().map(|place| place.calendar).unwrap_or_default();
            let states = self.store.count_states(list.id)?;
            let states: Vec<String> = states.into_iter().map(|(state, count)| format!("{state} {count}")).collect();
            let _ = writeln!(
                text,
                "{} {} reminders, calendar {place}, links: {}",
                list.id,
                self.store.count_reminders(&list)?,
                states.join(", ")
            );
        }
        for hold in self.store.holds()? {
            let _ = writeln!(text, "held: list {} {} operations, confirmed {}", hold.list, hold.count, hold.confirmed);
        }
        Ok(())
    }

    fn what_was_done(&self, text: &mut String) -> Result<(), AppError> {
        let _ = writeln!(text, "\n[runs]");
        for run in self.store.runs(RUNS)? {
            let outcome = run.outcome.as_deref().unwrap_or("cut off");
            let _ = writeln!(text, "{} {} {} {outcome}", run.id, run.kind, run.started_at.to_rfc3339());
            for entry in self.store.journal_of_run(run.id)? {
                let event = entry.entry.event_id.unwrap_or_default();
                let _ = writeln!(text, "  {} {} {event} ({})", entry.entry.op.name(), entry.entry.key.reminder, entry.entry.reason);
            }
        }
        Ok(())
    }

    fn newest_log(&self) -> String {
        let files = std::fs::read_dir(self.home.join("logs")).into_iter().flatten().flatten().map(|entry| entry.path());
        let text = files.max().and_then(|path| std::fs::read_to_string(path).ok()).unwrap_or_default();
        let lines: Vec<&str> = text.lines().collect();
        lines.iter().skip(lines.len().saturating_sub(LOG_LINES)).flat_map(|line| [line, "\n"]).collect()
    }

    /// What names a person or what they wrote is taken out, wherever it came from.
    fn without_names(&self, text: &str) -> Result<String, AppError> {
        let mut names: Vec<(String, &str)> = Vec::new();
        for account in self.store.accounts()? {
            names.push((account.login, "(login)"));
            names.push((account.name, "(name)"));
        }
        names.extend(self.store.lists()?.into_iter().map(|list| (list.name, "(list)")));
        names.extend(self.store.listed(None)?.into_iter().map(|row| (row.reminder.title, "(title)")));
        if let Some(folder) = self.home.path().to_str() {
            names.push((folder.to_owned(), "(home)"));
        }
        // The longest first: a login holds a name.
        names.sort_by_key(|(name, _)| std::cmp::Reverse(name.len()));
        let known = names.into_iter().filter(|(name, _)| name.chars().count() > 3 && name.chars().any(char::is_alphabetic));
        Ok(known.fold(text.to_owned(), |text, (name, instead)| if text.contains(&name) { text.replace(&name, instead) } else { text }))
    }
}
