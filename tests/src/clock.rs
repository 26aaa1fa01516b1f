//! A clock as tests need it.

use std::sync::atomic::{AtomicI64, Ordering};
use std::sync::{Arc, Mutex, PoisonError};

use belfry_core::Clock;
use chrono::{DateTime, Duration, Utc};

/// A clock that stands still until it is told, or goes with the runtime's own.
#[derive(Clone)]
pub struct TestClock(Arc<Mutex<DateTime<Utc>>>, Option<tokio::time::Instant>);

impl TestClock {
    /// At noon of 21 November 2026.
    #[must_use]
    pub fn new() -> Self {
        Self(Arc::new(Mutex::new("2026-11-21T12:00:00Z".parse().unwrap_or_default())), None)
    }

    /// At this time.
    #[must_use]
    pub fn at(time: DateTime<Utc>) -> Self {
        Self(Arc::new(Mutex::new(time)), None)
    }

    /// One that goes with the runtime's clock: in a paused runtime a year takes as long as what is done in it.
    #[must_use]
    pub fn ticking() -> Self {
        Self(Self::new().0, Some(tokio::time::Instant::now()))
    }

    /// Moves on.
    pub fn pass(&self, time: Duration) {
        *self.0.lock().unwrap_or_else(PoisonError::into_inner) += time;
    }
}

impl Default for TestClock {
    fn default() -> Self {
        Self::new()
    }
}

impl Clock for TestClock {
    fn now(&self) -> DateTime<Utc> {
        let gone = self.1.and_then(|begun| Duration::from_std(begun.elapsed()).ok()).unwrap_or_default();
        *self.0.lock().unwrap_or_else(PoisonError::into_inner) + gone
    }
}

/// By how much the clock of one computer is wrong; it can be set.
#[derive(Clone, Default)]
pub struct Off(Arc<AtomicI64>);

impl Off {
    /// So far ahead.
    #[must_use]
    pub fn by(ahead: Duration) -> Self {
        let off = Self::default();
        off.set(ahead);
        off
    }

    /// So far ahead from now on.
    pub fn set(&self, ahead: Duration) {
        self.0.store(ahead.num_seconds(), Ordering::Relaxed);
    }

    /// How far it is ahead.
    #[must_use]
    pub fn get(&self) -> Duration {
        Duration::seconds(self.0.load(Ordering::Relaxed))
    }
}

/// A clock that is so far ahead of another.
pub struct Ahead(pub TestClock, pub Off);

impl Clock for Ahead {
    fn now(&self) -> DateTime<Utc> {
        self.0.now() + self.1.get()
    }
}
