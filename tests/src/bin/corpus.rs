//! Reads every calendar file below a folder and prints what became of it. Five seconds a file; a panic or a hang is a failure.
#![allow(clippy::print_stdout, reason = "this is what it is for")]

use std::collections::BTreeMap;
use std::path::{Path, PathBuf};
use std::process::ExitCode;
use std::sync::mpsc;
use std::time::Duration;

use belfry_core::expand::can_expand;
use belfry_core::{ListDefaults, ListId, Zone};
use belfry_ical::{Contents, FileProblem, ReadInto};

const PATIENCE: Duration = Duration::from_secs(5);

#[derive(Default)]
struct Tally {
    files: usize,
    whole: usize,
    partly: usize,
    refused: usize,
    reminders: usize,
    series: usize,
    expanded: usize,
    alarms: usize,
    left_out: BTreeMap<String, usize>,
    broken: Vec<String>,
    file_reasons: BTreeMap<String, usize>,
    item_reasons: BTreeMap<String, usize>,
}

fn main() -> ExitCode {
    let Some(root) = std::env::args().nth(1) else {
        println!("usage: corpus FOLDER");
        return ExitCode::from(2);
    };
    let mut files = Vec::new();
    walk(Path::new(&root), &mut files);
    files.sort();
    let mut tally = Tally::default();
    for file in &files {
        take(file, &mut tally);
    }
    print(&tally);
    if tally.broken.is_empty() { ExitCode::SUCCESS } else { ExitCode::FAILURE }
}

fn walk(folder: &Path, files: &mut Vec<PathBuf>) {
    for path in std::fs::read_dir(folder).into_iter().flatten().flatten().map(|entry| entry.path()) {
        if path.is_dir() {
            walk(&path, files);
        } else if path.extension().is_some_and(|end| end.eq_ignore_ascii_case("ics")) {
            files.push(path);
        }
    }
}

fn take(file: &Path, tally: &mut Tally) {
    tally.files += 1;
    let bytes = std::fs::read(file).unwrap_or_default();
    let (sender, receiver) = mpsc::channel();
    std::thread::spawn(move || {
        let into = ReadInto {
            list: ListId::of_name("Corpus"),
            defaults: ListDefaults::default(),
            zone: Zone::UTC,
            now: chrono::DateTime::UNIX_EPOCH,
        };
        let _ = sender.send(belfry_ical::read(&bytes, &into));
    });
    match receiver.recv_timeout(PATIENCE) {
        Err(_) => tally.broken.push(file.display().to_string()),
        Ok(Err(problem)) => {
            tally.refused += 1;
            *tally.file_reasons.entry(reason_of_file(&problem)).or_default() += 1;
        }
        Ok(Ok(contents)) => count(&contents, tally),
    }
}

fn count(contents: &Contents, tally: &mut Tally) {
    tally.reminders += contents.reminders.len();
    if contents.set_aside.is_empty() {
        tally.whole += 1;
    } else {
        tally.partly += 1;
    }
    let series = contents.reminders.iter().filter_map(|reminder| reminder.recurrence.as_ref());
    for recurrence in series {
        tally.series += 1;
        tally.expanded += usize::from(can_expand(&recurrence.rule));
    }
    tally.alarms += contents.alarms_carried;
    for (what, count) in &contents.left_out {
        *tally.left_out.entry(what.clone()).or_default() += count;
    }
    for aside in &contents.set_aside {
        let kind = without_values(&aside.reason.to_string());
        *tally.item_reasons.entry(kind).or_default() += 1;
    }
}

/// A reason without what it quotes, so that equal ones are counted together.
fn without_values(reason: &str) -> String {
    let words: Vec<&str> = reason.split('`').step_by(2).map(str::trim).filter(|words| !words.is_empty()).collect();
    let joined = words.join(" \u{2026} ");
    joined.split(": ").next().unwrap_or_default().to_owned()
}

fn reason_of_file(problem: &FileProblem) -> String {
    match problem {
        FileProblem::Truncated { .. } => "it breaks off".into(),
        other => other.to_string(),
    }
}

fn print(tally: &Tally) {
    println!(
        "{} files: {} read whole, {} read with items set aside, {} refused; {} reminders",
        tally.files, tally.whole, tally.partly, tally.refused, tally.reminders
    );
    println!("{} series, {} that core expands", tally.series, tally.expanded);
    let (lost, properties): (Vec<_>, Vec<_>) = tally.left_out.iter().partition(|(what, _)| what.starts_with("VALARM"));
    println!("{} alarms carried, {} reported", tally.alarms, lost.iter().map(|(_, count)| **count).sum::<usize>());
    for (reason, count) in &tally.file_reasons {
        println!("{count:6} files refused: {reason}");
    }
    for (reason, count) in &tally.item_reasons {
        println!("{count:6} items set aside: {reason}");
    }
    for (what, count) in lost.into_iter().chain(properties) {
        println!("{count:6} left out: {what}");
    }
    for file in &tally.broken {
        println!("PANIC OR HANG: {file}");
    }
    println!("{} passed, {} failed, 0 skipped", tally.files - tally.broken.len(), tally.broken.len());
}
