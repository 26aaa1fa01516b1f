//! The only place that prints. Documents and tables go to stdout, everything else to stderr.
#![allow(clippy::print_stdout, clippy::print_stderr)]

use std::io::{IsTerminal, Write};

use belfry_app::documents::FailureDocument;
use belfry_core::Problem;
use belfry_sync::{Phase, Progress};
use serde::Serialize;

/// How to print.
pub struct Output {
    /// One JSON document.
    pub json: bool,
    progress: bool,
}

impl Output {
    pub fn new(json: bool) -> Self {
        Self { json, progress: std::io::stderr().is_terminal() }
    }

    /// The document of a command: as JSON, or as `plain` makes it.
    pub fn document<T: Serialize>(&self, document: &T, plain: impl FnOnce(&T) -> String) {
        let text = if self.json { serde_json::to_string_pretty(document).unwrap_or_default() } else { plain(document) };
        if !text.is_empty() {
            self.line(&text);
        }
    }

    /// A line on stdout, at once. A reader that has gone away is no error.
    pub fn line(&self, text: &str) {
        let mut out = std::io::stdout().lock();
        let _ = writeln!(out, "{}", harmless(text.trim_end()));
        let _ = out.flush();
    }

    /// Bytes on stdout.
    pub fn raw(&self, bytes: &[u8]) {
        let _ = std::io::stdout().lock().write_all(bytes);
    }

    /// A line on stderr.
    pub fn note(&self, text: &str) {
        let _ = writeln!(std::io::stderr().lock(), "{}", harmless(text));
    }

    /// Problems for a person; in JSON they are part of the document.
    pub fn problems(&self, problems: &[Problem]) {
        if !self.json {
            for problem in problems {
                self.note(&format!("{}: {}\n  {}", problem.title, problem.detail, problem.action));
            }
        }
    }

    /// A command that failed.
    pub fn failure(&self, problem: &Problem) {
        if self.json {
            self.line(&serde_json::to_string_pretty(&FailureDocument::of(problem.clone())).unwrap_or_default());
        }
        self.note(&format!("{}\n  {}", problem.detail, problem.action));
    }

    /// How far a sync is, on a terminal.
    pub fn progress(&self, progress: &Progress) {
        if self.progress && progress.of > 20 {
            let what = match progress.phase {
                Phase::Pull => "Reading",
                Phase::Apply => "Writing",
            };
            eprint!("\r{what} {}: {} of {} ", harmless(&progress.what), progress.done, progress.of);
        }
    }
}

/// What a stranger wrote into a title does not steer the terminal, nor turn the order of what is read.
fn harmless(text: &str) -> String {
    let shown = |c: char| match c {
        '\n' | '\t' => Some(c),
        '\u{202a}'..='\u{202e}' | '\u{2066}'..='\u{2069}' => None,
        c if c.is_control() => Some(char::REPLACEMENT_CHARACTER),
        c => Some(c),
    };
    text.chars().filter_map(shown).collect()
}

#[cfg(test)]
mod tests {
    use super::harmless;

    #[test]
    fn a_title_does_not_steer_the_terminal() {
        assert_eq!(harmless("Cat \u{1b}[31mred\u{1b}]0;pwn\u{7}"), "Cat \u{fffd}[31mred\u{fffd}]0;pwn\u{fffd}");
        assert_eq!(harmless("a\u{202e}b\u{2066}c"), "abc");
        assert_eq!(harmless("two\n\tlines, äöü, שלום, 猫 🐈"), "two\n\tlines, äöü, שלום, 猫 🐈");
    }
}
