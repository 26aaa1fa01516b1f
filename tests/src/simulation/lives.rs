//! Many lives at once, on all cores.

use std::ops::Range;
use std::sync::atomic::{AtomicBool, AtomicU64, Ordering};
use std::sync::{Mutex, PoisonError};

use belfry_core::drill::{self, Flaw};

use super::{Ground, History, Tally, play};

/// A life that did not come to rest as it must.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
pub struct Failure {
    /// Its seed.
    pub seed: u64,
    /// What does not hold.
    pub why: String,
}

/// What many lives gave.
#[derive(Debug, Default)]
pub struct Lives {
    /// Added up, those that passed.
    pub tally: Tally,
    /// By seed.
    pub failures: Vec<Failure>,
}

impl Lives {
    /// Plays these seeds, until so many have failed; perhaps with an engine that has a flaw. What fails is told at once: a long run is not waited for.
    #[must_use]
    pub fn play(ground: Ground, seeds: Range<u64>, most: usize, flaw: Option<Flaw>, tell: impl Fn(&Failure) + Sync) -> Self {
        let next = AtomicU64::new(seeds.start);
        let enough = AtomicBool::new(false);
        let lives = Mutex::new(Self::default());
        std::thread::scope(|scope| {
            for _ in 0..std::thread::available_parallelism().map_or(2, usize::from) {
                scope.spawn(|| {
                    drill::set(flaw);
                    while !enough.load(Ordering::Relaxed) {
                        let seed = next.fetch_add(1, Ordering::Relaxed);
                        if !seeds.contains(&seed) {
                            return;
                        }
                        let played = play(&History::of(seed), ground);
                        let mut lives = lives.lock().unwrap_or_else(PoisonError::into_inner);
                        match played {
                            Ok(tally) => lives.tally += tally,
                            Err(why) => {
                                let failure = Failure { seed, why };
                                tell(&failure);
                                lives.failures.push(failure);
                            }
                        }
                        enough.store(lives.failures.len() >= most, Ordering::Relaxed);
                    }
                });
            }
        });
        let mut lives = lives.into_inner().unwrap_or_else(PoisonError::into_inner);
        lives.failures.sort();
        lives
    }
}
