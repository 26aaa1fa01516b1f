//! Every calendar file below a folder: imported on one computer, synced, pulled on a second one, and exported there. What did not arrive there as it was is counted by property, with
//! the reason where it is known: this is the list of what a mailbox cannot carry. What the export says is read on a third computer, and is what the second one has.
#![allow(clippy::print_stdout, clippy::expect_used, reason = "a program for those who build")]

use std::collections::BTreeMap;
use std::path::Path;
use std::process::ExitCode;

use belfry_app::imports::ExportFormat;
use belfry_core::slots::Holding;
use belfry_core::{Clock as _, Projection, Reminder, ReminderId};
use belfry_graph::unholdable;
use belfry_tests::files::{CALENDARS, files_below};
use belfry_tests::{Computer, LIST, TestClock, World};
use chrono::{DateTime, NaiveDate};

#[derive(Default)]
struct Tally {
    files: usize,
    reminders: usize,
    arrived: usize,
    exported: usize,
    missing: BTreeMap<&'static str, usize>,
    properties: BTreeMap<&'static str, usize>,
    unexplained: Vec<String>,
}

fn main() -> ExitCode {
    let Some(root) = std::env::args().nth(1) else {
        println!("usage: carried FOLDER");
        return ExitCode::from(2);
    };
    let files = files_below(Path::new(&root), &CALENDARS);
    let mut tally = Tally::default();
    for file in &files {
        // A world each: what one file did to it is nothing to the next.
        let runtime = tokio::runtime::Builder::new_current_thread().enable_all().start_paused(true).build().expect("a runtime");
        runtime.block_on(carry(file, &mut tally));
    }
    let Tally { files, reminders, arrived, exported, .. } = tally;
    println!(
        "{files} files, {reminders} reminders: {arrived} arrived on the other computer, {exported} came out of its export as they are there"
    );
    for (why, count) in &tally.missing {
        println!("{count:6} did not: {why}");
    }
    for (property, count) in &tally.properties {
        println!("{count:6} not carried: {property}");
    }
    for line in &tally.unexplained {
        println!("UNEXPLAINED {line}");
    }
    println!("{} passed, {} failed, 0 skipped", tally.reminders - tally.unexplained.len(), tally.unexplained.len());
    if tally.unexplained.is_empty() { ExitCode::SUCCESS } else { ExitCode::FAILURE }
}

/// Before most of the corpora: what ended long ago is not made.
fn long_ago() -> DateTime<chrono::Utc> {
    NaiveDate::from_ymd_opt(1996, 1, 1).and_then(|day| day.and_hms_opt(9, 0, 0)).expect("a time").and_utc()
}

async fn carry(file: &Path, tally: &mut Tally) {
    let world = World::with(TestClock::at(long_ago()));
    let (here, there) = (world.computer().await, world.computer().await);
    let bytes = std::fs::read(file).unwrap_or_default();
    if here.app.import(&bytes, file, Some(LIST), None).is_err() {
        return;
    }
    tally.files += 1;
    // New dates of a series are told in rounds.
    for _ in 0..3 {
        here.sync().await;
    }
    there.sync().await;
    let mine: Vec<Reminder> = here.app.reminders(Some(LIST)).expect("reminders").into_iter().map(|row| row.reminder).collect();
    let theirs = reminders(&there);
    read_again(&there, &theirs, file, tally).await;
    for reminder in mine {
        tally.reminders += 1;
        match theirs.get(&reminder.id) {
            Some(other) => {
                tally.arrived += 1;
                compare(&reminder, other, file, tally);
            }
            None => match why_missing(&reminder, world.clock.now()) {
                Some(why) => *tally.missing.entry(why).or_default() += 1,
                None => tally.unexplained.push(format!("{} is not there: {}", file.display(), reminder.title)),
            },
        }
    }
}

fn reminders(computer: &Computer) -> BTreeMap<ReminderId, Reminder> {
    computer.app.reminders(Some(LIST)).expect("reminders").into_iter().map(|row| (row.reminder.id, row.reminder)).collect()
}

/// A date that Outlook keeps apart from its series is one of its dates in a file.
fn in_one_piece(reminder: &Reminder) -> Reminder {
    let mut whole = reminder.clone();
    for own in whole.recurrence.iter_mut().flat_map(|series| series.changed.values_mut()) {
        own.apart = false;
    }
    whole
}

/// What the second computer exports says what it has.
async fn read_again(there: &Computer, theirs: &BTreeMap<ReminderId, Reminder>, file: &Path, tally: &mut Tally) {
    let text = there.app.export(Some(LIST), ExportFormat::Calendar).expect("an export");
    let world = World::with(TestClock::at(long_ago()));
    let third = world.computer().await;
    if let Err(error) = third.app.import(text.as_bytes(), file, Some(LIST), None) {
        // A calendar without anything in it is refused.
        if !theirs.is_empty() {
            tally.unexplained.push(format!("{}: the export cannot be read: {error}", file.display()));
        }
        return;
    }
    let read = reminders(&third);
    for (id, exported) in theirs {
        match read.get(id) {
            None => tally.unexplained.push(format!("{}: the export has no {}", file.display(), exported.title)),
            Some(again) => {
                tally.exported += 1;
                differ(&in_one_piece(exported), again, "in the export", file, tally);
            }
        }
    }
}

fn why_missing(reminder: &Reminder, now: DateTime<chrono::Utc>) -> Option<&'static str> {
    match Holding::of(reminder, unholdable(&Projection::of(reminder))) {
        _ if reminder.is_stale(now) => Some("it ended long ago"),
        Holding::InParts(_) => Some("kept date by date: the rule is in no mailbox"),
        Holding::Not(_) => Some("Outlook cannot hold it"),
        Holding::Whole => None,
    }
}

/// What two of one reminder say otherwise.
fn differ(one: &Reminder, other: &Reminder, place: &str, file: &Path, tally: &mut Tally) {
    let (ours, theirs) = (Projection::of(one), Projection::of(other));
    for field in ours.diff_in_meaning(&theirs) {
        let (word, ours, theirs) = (field.word(), ours.in_words(field), theirs.in_words(field));
        tally.unexplained.push(format!("{}: {word} of {} {place}: {ours} / {theirs}", file.display(), one.title));
    }
}

fn compare(one: &Reminder, other: &Reminder, file: &Path, tally: &mut Tally) {
    differ(one, other, "there", file, tally);
    let known = [
        ("further alarms (Outlook holds one)", one.alarms.len() > 1 && one.alarms != other.alarms),
        ("done", one.done != other.done),
        ("zone (Windows has one name for several; the clock is the same)", one.when.zone() != other.when.zone()),
        ("lines of the file that no field holds", !one.other.is_empty()),
        ("UID", one.uid != other.uid),
    ];
    for (property, is_lost) in known {
        if is_lost {
            *tally.properties.entry(property).or_default() += 1;
        }
    }
}
