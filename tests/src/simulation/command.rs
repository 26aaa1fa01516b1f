//! The command that plays lives by the thousand.
//!
//! - `simulate [SEEDS [FIRST]]` in this process; prints each that fails, the smallest part of it that still does, and the figures.
//! - `simulate --real [SEEDS [FIRST]]` over sockets and disks, in real time.
//! - `simulate --twice [SEEDS [FIRST]]` plays each twice, and prints those that did not go the same way.
//! - `simulate --play JSON|SEED [FLAW]` plays one history, as it is printed when it fails; `--tell` says how everything stands after each step.
//! - `simulate --flaws [SEEDS [SKIP]]` breaks the engine in one way after another and prints which seed noticed.

#![allow(clippy::print_stdout, clippy::print_stderr, reason = "a program that prints")]

use std::collections::BTreeMap;
use std::process::ExitCode;
use std::time::Instant;

use super::{Failure, Ground, History, Lives, play, shrink};
use belfry_core::drill::{self, Flaw};

/// Runs the command with the words that it was called with.
#[must_use]
pub fn run() -> ExitCode {
    let mut words = std::env::args().skip(1).peekable();
    let way = words.next_if(|word| word.starts_with("--"));
    if way.as_deref() == Some("--tell") {
        super::TOLD.store(true, std::sync::atomic::Ordering::Relaxed);
    }
    if matches!(way.as_deref(), Some("--play" | "--tell")) {
        return one(&words.next().unwrap_or_default(), words.next().as_deref());
    }
    let mut number = |other: u64| words.next().and_then(|word| word.parse().ok()).unwrap_or(other);
    // What is found is printed in the end; a panic on the way would only say it twice.
    std::panic::set_hook(Box::new(|_| {}));
    match way.as_deref() {
        None => lives(Ground::InProcess, number(2_000), number(1)),
        Some("--real") => lives(Ground::Real, number(20), number(1)),
        Some("--twice") => twice(number(200), number(1)),
        Some("--flaws") => flaws(number(4_000), number(0)),
        Some(other) => {
            eprintln!("{other}? There is --real, --twice, --play and --flaws.");
            ExitCode::from(2)
        }
    }
}

fn one(text: &str, flaw: Option<&str>) -> ExitCode {
    let seed = text.parse().ok().map(History::of);
    let Some(history) = seed.or_else(|| History::from_json(text).ok()) else {
        println!("That is no history, and no seed.");
        return ExitCode::from(2);
    };
    drill::set(flaw.and_then(Flaw::parse));
    match play(&history, Ground::InProcess) {
        Ok(tally) => println!("It comes to rest as it must: {} steps, {} requests.", tally.steps, tally.requests),
        Err(why) => {
            println!("{why}");
            return ExitCode::FAILURE;
        }
    }
    ExitCode::SUCCESS
}

fn lives(ground: Ground, seeds: u64, first: u64) -> ExitCode {
    let begun = Instant::now();
    let Lives { tally, failures } =
        Lives::play(ground, first..first + seeds, usize::MAX, None, |Failure { seed, why }| println!("seed {seed}: {why}"));
    for Failure { seed, why } in failures.iter().take(3) {
        let small = shrink(&History::of(*seed), ground);
        let still = play(&small, ground).err().unwrap_or_else(|| why.clone());
        println!("smallest part of seed {seed}, to be kept in tests/histories: {still}\n{}", small.to_json());
    }
    let seconds = begun.elapsed().as_secs_f64();
    println!(
        "{seeds} seeds from {first} in {seconds:.0} s: {} steps, {} syncs, {} of them cut off by a death, {} requests, {} seeds that nobody can judge; trace {:016x}",
        tally.steps, tally.syncs, tally.killed, tally.requests, tally.undecidable, tally.trace
    );
    println!("{} passed, {} failed, 0 skipped", seeds - failures.len() as u64, failures.len());
    if failures.is_empty() { ExitCode::SUCCESS } else { ExitCode::FAILURE }
}

/// What decides a life is its history alone: no clock, no thread and no draw of this computer.
fn twice(seeds: u64, first: u64) -> ExitCode {
    // One that fails does so with another id each time.
    let once = || (first..first + seeds).map(|seed| (seed, play(&History::of(seed), Ground::InProcess).ok())).collect::<BTreeMap<_, _>>();
    let (one, other) = std::thread::scope(|scope| {
        let other = scope.spawn(once);
        (once(), other.join().unwrap_or_default())
    });
    let differ: Vec<u64> = one.iter().filter(|(seed, life)| other.get(seed) != Some(life)).map(|(seed, _)| *seed).collect();
    for seed in &differ {
        println!("seed {seed} did not go the same way twice");
    }
    println!("{} passed, {} failed, 0 skipped", seeds - differ.len() as u64, differ.len());
    if differ.is_empty() { ExitCode::SUCCESS } else { ExitCode::FAILURE }
}

/// Every flaw has to be noticed by some seed, and by none without it.
fn flaws(seeds: u64, skip: u64) -> ExitCode {
    let mut unnoticed = 0;
    for (name, flaw) in Flaw::NAMES.iter().skip(usize::try_from(skip).unwrap_or(0)) {
        let found = noticed(*flaw, seeds);
        drill::set(Some(*flaw));
        match found {
            Some(Failure { seed, why }) => {
                let small = shrink(&History::of(seed), Ground::InProcess);
                println!("{name:<22} seed {seed:>4}, {:>2} steps are enough: {}", small.steps.len(), short(&why));
            }
            None => {
                unnoticed += 1;
                println!("{name:<22} not noticed by {seeds} seeds");
            }
        }
        drill::set(None);
    }
    println!("{} passed, {unnoticed} failed, 0 skipped", Flaw::NAMES.len() - unnoticed);
    if unnoticed == 0 { ExitCode::SUCCESS } else { ExitCode::FAILURE }
}

/// The first life that fails with a flaw, and not without it.
fn noticed(flaw: Flaw, seeds: u64) -> Option<Failure> {
    let mut first = 1;
    while first <= seeds {
        let failure = Lives::play(Ground::InProcess, first..1 + seeds, 1, Some(flaw), |_| {}).failures.into_iter().next()?;
        if play(&History::of(failure.seed), Ground::InProcess).is_ok() {
            return Some(failure);
        }
        first = failure.seed + 1;
    }
    None
}

fn short(why: &str) -> String {
    why.chars().take(110).collect()
}
