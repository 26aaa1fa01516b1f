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
        let _ = writeln!(out, "{}", text.trim_end());
        let _ = out.flush();
    }

    /// Bytes on stdout.
    pub fn raw(&self, bytes: &[u8]) {
        let _ = std::io::stdout().lock().write_all(bytes);
    }

    /// A line on stderr.
    pub fn note(&self, text: &str) {
        let _ = writeln!(std::io::stderr().lock(), "{text}");
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
            eprint!("\r{what} {}: {} of {} ", progress.what, progress.done, progress.of);
        }
    }
}
