//! Plays lives by the thousand: `simulate [SEEDS [FIRST]]`. Prints each that fails with the smallest part of it that still does, and the figures at the end.

use std::io::Write;
use std::process::ExitCode;
use std::sync::atomic::{AtomicU64, Ordering};
use std::sync::{Mutex, PoisonError};
use std::time::Instant;

use belfry_tests::simulation::{History, Tally, play, shrink};

fn main() -> ExitCode {
    let mut words = std::env::args().skip(1);
    let mut number = |other: u64| words.next().and_then(|word| word.parse().ok()).unwrap_or(other);
    let seeds = number(2_000);
    let first = number(1);
    // What is found is printed in the end; a panic on the way would only say it twice.
    std::panic::set_hook(Box::new(|_| {}));
    let begun = Instant::now();
    let next = AtomicU64::new(first);
    let sum = Mutex::new((Tally::default(), Vec::new()));
    std::thread::scope(|scope| {
        for _ in 0..std::thread::available_parallelism().map_or(2, usize::from) {
            scope.spawn(|| {
                loop {
                    let seed = next.fetch_add(1, Ordering::Relaxed);
                    if seed >= first + seeds {
                        return;
                    }
                    let played = play(&History::of(seed));
                    let mut sum = sum.lock().unwrap_or_else(PoisonError::into_inner);
                    match played {
                        Ok(tally) => sum.0 += tally,
                        Err(why) => sum.1.push((seed, why)),
                    }
                }
            });
        }
    });
    let (tally, mut failed) = sum.into_inner().unwrap_or_else(PoisonError::into_inner);
    failed.sort();
    let mut out = std::io::stdout().lock();
    for (seed, why) in failed.iter().take(5) {
        let small = shrink(&History::of(*seed));
        let still = play(&small).err().unwrap_or_else(|| why.clone());
        let _ = writeln!(
            out,
            "seed {seed}: {why}\n  smallest: {} computers, {:?}, {:#?}\n  {still}",
            small.computers, small.doubts, small.steps
        );
    }
    let seconds = begun.elapsed().as_secs_f64();
    let _ = writeln!(
        out,
        "{seeds} seeds from {first} in {seconds:.0} s: {} steps, {} syncs, {} of them cut off by a death, {} requests",
        tally.steps, tally.syncs, tally.killed, tally.requests
    );
    let _ = writeln!(out, "{} passed, {} failed, 0 skipped", seeds - failed.len() as u64, failed.len());
    if failed.is_empty() { ExitCode::SUCCESS } else { ExitCode::FAILURE }
}
