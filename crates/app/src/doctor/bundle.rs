//! A report for somebody who helps: one text file that its owner can read first. Ids, times, codes and counts; no notes, no logins, no tokens, and titles only where they are asked for.

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
/// A word of so many letters and figures that somebody wrote into a title is a key rather than a word.
const LONGEST_WORD: usize = 32;

/// What a report says of what a person wrote.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Titles {
    /// No titles of reminders, no names of lists.
    LeftOut,
    /// Both, without the addresses in them.
    Included,
}

impl App {
    /// Writes the report.
    ///
    /// # Errors
    /// When the file cannot be written or the database cannot be read.
    pub fn write_bundle(&self, checks: &[Check], titles: Titles, path: &Path) -> Result<(), AppError> {
        std::fs::write(path, self.report(checks, titles)?).map_err(|source| AppError::Unwritten { path: path.to_owned(), source })
    }

    /// Writes what can be reported where the database cannot be opened: whose names the log would have to be cleaned of is not known then, so it is left out. Titles are in the database.
    ///
    /// # Errors
    /// When the file cannot be written.
    pub fn write_short_bundle(&self, checks: &[Check], path: &Path) -> Result<(), AppError> {
        let mut text = String::new();
        self.about(&mut text, checks, Titles::LeftOut)?;
        text.push_str("\nThe database cannot be opened: what is kept, what was done and the log are not in this report.\n");
        std::fs::write(path, text).map_err(|source| AppError::Unwritten { path: path.to_owned(), source })
    }

    /// The report as a text.
    ///
    /// # Errors
    /// When the database cannot be read.
    pub fn report(&self, checks: &[Check], titles: Titles) -> Result<String, AppError> {
        let mut text = String::new();
        self.about(&mut text, checks, titles)?;
        self.what_is_kept(&mut text, titles)?;
        self.what_was_done(&mut text, titles)?;
        text.push_str("\n[log]\n");
        text.push_str(&without_people(&self.without_names(&self.newest_log(), titles)?));
        Ok(text)
    }

    fn about(&self, text: &mut String, checks: &[Check], titles: Titles) -> Result<(), AppError> {
        let _ = writeln!(
            text,
            "Belfry {} on {} {}, {}",
            env!("CARGO_PKG_VERSION"),
            std::env::consts::OS,
            std::env::consts::ARCH,
            self.now().to_rfc3339()
        );
        if titles == Titles::Included {
            let _ = writeln!(text, "Its owner asked for the titles of reminders and the names of lists in it.");
        }
        let _ = writeln!(text, "\n[checks]");
        for check in checks {
            let said = self.without_names(&check.said, titles)?;
            let _ = writeln!(text, "{} {:?}: {said}", check.part, check.health);
        }
        Ok(())
    }

    fn what_is_kept(&self, text: &mut String, titles: Titles) -> Result<(), AppError> {
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
                "{} {} reminders, calendar {place}, links: {}{}",
                list.id,
                self.store.count_reminders(&list)?,
                states.join(", "),
                self.titled(&list.name, titles)?
            );
        }
        for hold in self.store.holds()? {
            let _ = writeln!(text, "held: list {} {} operations, confirmed {}", hold.list, hold.count, hold.confirmed);
        }
        Ok(())
    }

    fn what_was_done(&self, text: &mut String, titles: Titles) -> Result<(), AppError> {
        let _ = writeln!(text, "\n[runs]");
        for run in self.store.runs(RUNS)? {
            let outcome = run.outcome.as_deref().unwrap_or("cut off");
            let _ = writeln!(text, "{} {} {} {outcome}", run.id, run.kind, run.started_at.to_rfc3339());
            for entry in self.store.journal_of_run(run.id)? {
                let titled = self.titled(&entry.entry.title, titles)?;
                let event = entry.entry.event_id.unwrap_or_default();
                let _ = writeln!(text, "  {} {} {event} ({}){titled}", entry.entry.op.name(), entry.entry.key.reminder, entry.entry.reason);
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

    /// A title behind what it is the title of, if it is asked for. Whose it is, and what opens doors, is not in it either.
    fn titled(&self, title: &str, titles: Titles) -> Result<String, AppError> {
        if titles == Titles::LeftOut {
            return Ok(String::new());
        }
        Ok(format!(" {:?}", without_addresses(&self.without_names(title, titles)?)))
    }

    /// What names a person, or what they wrote if that is not asked for, is taken out, wherever it came from.
    fn without_names(&self, text: &str, titles: Titles) -> Result<String, AppError> {
        let mut names: Vec<(String, &str)> = Vec::new();
        for account in self.store.accounts()? {
            names.push((account.login, "(login)"));
            names.push((account.name, "(name)"));
        }
        if titles == Titles::LeftOut {
            names.extend(self.store.lists()?.into_iter().map(|list| (list.name, "(list)")));
            names.extend(self.store.listed(None)?.into_iter().map(|row| (row.reminder.title, "(title)")));
        }
        if let Some(folder) = self.home.path().to_str() {
            names.push((folder.to_owned(), "(home)"));
        }
        // The longest first: a login holds a name.
        names.sort_by_key(|(name, _)| std::cmp::Reverse(name.len()));
        let known = names.into_iter().filter(|(name, _)| name.chars().count() > 3 && name.chars().any(char::is_alphabetic));
        Ok(known.fold(text.to_owned(), |text, (name, instead)| if text.contains(&name) { text.replace(&name, instead) } else { text }))
    }
}

/// Mail addresses, addresses of the web and keys that somebody wrote into a title stay with them.
fn without_addresses(title: &str) -> String {
    let kept = |word: &str| match word {
        _ if word.contains('@') || word.contains("://") || word.contains("www.") => "(address)".to_owned(),
        _ if word.len() >= LONGEST_WORD && word.is_ascii() => "(key)".to_owned(),
        _ => word.to_owned(),
    };
    title.split(' ').map(kept).collect::<Vec<_>>().join(" ")
}

/// Whose account is not here any more is named nowhere else, and may still be in the log of an older release.
fn without_people(log: &str) -> String {
    log.split_inclusive([' ', '\n'])
        .map(|word| if word.contains('@') { word.replace(word.trim_end(), "(address)") } else { word.to_owned() })
        .collect()
}

#[cfg(test)]
mod tests {
    use super::{without_addresses, without_people};

    #[test]
    fn nobody_is_named_in_a_log() {
        let log = "WARN error=Outlook wants ada@contoso.example to sign in\nINFO event=AAMk-_= ok ada@contoso.example\n";
        assert_eq!(without_people(log), "WARN error=Outlook wants (address) to sign in\nINFO event=AAMk-_= ok (address)\n");
    }

    #[test]
    fn addresses_and_keys_are_no_words_of_a_title() {
        for (title, told) in [
            ("Renew passport, 2nd floor", "Renew passport, 2nd floor"),
            ("Mail bob@contoso.example about rent", "Mail (address) about rent"),
            ("Read https://school.example/dates.ics?key=1 first", "Read (address) first"),
            ("Key eyJ0eXAiOiJKV1QiLCJhbGciOiJSUzI1NiJ9.e30.c2ln", "Key (key)"),
            (
                "\u{5a5a}\u{59fb}\u{5c4a}\u{3092}\u{5e02}\u{5f79}\u{6240}\u{306b}\u{51fa}\u{3059}\u{3053}\u{3068}",
                "\u{5a5a}\u{59fb}\u{5c4a}\u{3092}\u{5e02}\u{5f79}\u{6240}\u{306b}\u{51fa}\u{3059}\u{3053}\u{3068}",
            ),
        ] {
            assert_eq!(without_addresses(title), told);
        }
    }
}
