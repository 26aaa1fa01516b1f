//! Reads every calendar file below a folder and prints what became of it. Five seconds a file; a panic or a hang is a failure, and so is
//! an export that does not come back as it was. With a second folder the exports are left there, each with the dates that it should give, for other readers.
#![allow(clippy::print_stdout, reason = "this is what it is for")]

use std::collections::BTreeMap;
use std::path::{Path, PathBuf};
use std::process::ExitCode;
use std::sync::mpsc;
use std::time::Duration;

use belfry_core::expand::can_expand;
use belfry_core::slots::Holding;
use belfry_core::{ListDefaults, ListId, Reminder, ReminderId, When, Zone};
use belfry_ical::{Contents, FileProblem, ReadInto};
use belfry_tests::files::{CALENDARS, files_below};

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
    exact: usize,
    in_parts: usize,
    alarms: usize,
    left_out: BTreeMap<String, usize>,
    broken: Vec<String>,
    file_reasons: BTreeMap<String, usize>,
    item_reasons: BTreeMap<String, usize>,
}

fn main() -> ExitCode {
    let Some(root) = std::env::args().nth(1) else {
        println!("usage: corpus FOLDER [EXPORTS]");
        return ExitCode::from(2);
    };
    let exports = std::env::args().nth(2).map(PathBuf::from);
    let files = files_below(Path::new(&root), &CALENDARS);
    let mut tally = Tally::default();
    for (number, file) in files.iter().enumerate() {
        let contents = take(file, &mut tally);
        if let (Some(contents), Some(exports)) = (contents, &exports) {
            export(&contents, &exports.join(format!("{number:04}")));
        }
    }
    print(&tally);
    if tally.broken.is_empty() { ExitCode::SUCCESS } else { ExitCode::FAILURE }
}

fn take(file: &Path, tally: &mut Tally) -> Option<Contents> {
    tally.files += 1;
    let bytes = std::fs::read(file).unwrap_or_default();
    let (sender, receiver) = mpsc::channel();
    std::thread::spawn(move || {
        let first = read(&bytes);
        let again = first.as_ref().ok().map(|contents| read(written(contents).as_bytes()));
        let _ = sender.send((first, again));
    });
    match receiver.recv_timeout(PATIENCE) {
        Err(_) => {
            tally.broken.push(format!("PANIC OR HANG: {}", file.display()));
            None
        }
        Ok((Err(problem), _)) => {
            tally.refused += 1;
            *tally.file_reasons.entry(reason_of_file(&problem)).or_default() += 1;
            None
        }
        Ok((Ok(contents), again)) => {
            if !again.is_some_and(|again| again.is_ok_and(|again| is_same(&contents, &again))) {
                tally.broken.push(format!("NOT THE SAME AFTER EXPORT: {}", file.display()));
            }
            count(&contents, tally);
            Some(contents)
        }
    }
}

fn read(bytes: &[u8]) -> Result<Contents, FileProblem> {
    let into =
        ReadInto { list: ListId::of_name("Corpus"), defaults: ListDefaults::default(), zone: Zone::UTC, now: chrono::DateTime::UNIX_EPOCH };
    belfry_ical::read(bytes, &into)
}

fn written(contents: &Contents) -> String {
    belfry_ical::write(&contents.reminders, &BTreeMap::new(), chrono::DateTime::UNIX_EPOCH)
}

/// Nothing more set aside, and the same reminders.
fn is_same(before: &Contents, after: &Contents) -> bool {
    after.set_aside.is_empty() && before.reminders == after.reminders
}

/// The export, and beside it the first dates of each reminder as instants.
fn export(contents: &Contents, path: &Path) {
    let far = chrono::NaiveDate::from_ymd_opt(2200, 1, 1).unwrap_or_default().into();
    let can = |reminder: &&Reminder| reminder.recurrence.as_ref().is_none_or(|series| can_expand(&series.rule));
    let expected: Vec<serde_json::Value> = contents
        .reminders
        .iter()
        .filter(can)
        .map(|reminder| {
            let starts: Vec<String> = reminder.starts(far, 20).iter().map(|one| start_of(&one.when)).collect();
            let uid = reminder.uid.as_ref().filter(|uid| ReminderId::of_uid(reminder.list, uid) == reminder.id);
            let uid = uid.cloned().unwrap_or_else(|| reminder.id.to_string());
            serde_json::json!({ "uid": uid, "starts": starts })
        })
        .collect();
    let _ = std::fs::write(path.with_extension("ics"), written(contents));
    let _ = std::fs::write(path.with_extension("json"), serde_json::Value::from(expected).to_string());
}

fn start_of(when: &When) -> String {
    if when.is_all_day() { when.to_string() } else { when.instant(Zone::UTC).to_rfc3339() }
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
    for reminder in contents.reminders.iter().filter(|reminder| reminder.recurrence.is_some()) {
        let projection = belfry_core::Projection::of(reminder);
        match Holding::of(reminder, belfry_graph::unholdable(&projection)) {
            Holding::Whole => tally.exact += 1,
            Holding::InParts(_) => tally.in_parts += 1,
            Holding::Not(_) => {}
        }
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
    println!(
        "{} series, {} that core expands; in Outlook {} exact, {} date by date",
        tally.series, tally.expanded, tally.exact, tally.in_parts
    );
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
        println!("{file}");
    }
    println!("{} passed, {} failed, 0 skipped", tally.files - tally.broken.len(), tally.broken.len());
}
