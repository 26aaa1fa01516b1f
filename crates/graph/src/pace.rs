//! How fast a mailbox is asked. It takes four requests at a time; three are ours at most, fewer after it said that there are too many, and batches are small for an
//! hour after one of their parts heard that (<https://learn.microsoft.com/graph/throttling-limits>, "Outlook service limits").

use std::sync::{Mutex, MutexGuard, PoisonError};

use chrono::{DateTime, Duration, Utc};
use tokio::sync::Notify;

use crate::requests::Batch;

/// A mailbox takes four requests at a time; one is left for the person's other programs.
const MOST: u32 = 3;
/// So many answers in a row make room for one more.
const CALM: u32 = 20;
/// Parts of a batch while the mailbox takes no more than four at a time.
const SMALL_BATCH: usize = 4;
/// Batches stay small so long after the last refusal.
const SMALL_FOR: Duration = Duration::hours(1);

/// The pace of one mailbox. Shared by everything that asks it; lives as long as the program.
#[derive(Debug)]
pub struct Pace {
    state: Mutex<State>,
    changed: Notify,
}

#[derive(Debug)]
struct State {
    /// At most so many at a time.
    limit: u32,
    in_flight: u32,
    /// Batches that wait until nothing else is under way: nobody overtakes them.
    batches_waiting: u32,
    /// Answers since the last refusal.
    calm: u32,
    small_until: Option<DateTime<Utc>>,
}

/// What is asked, as far as the pace goes.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Weight {
    /// One request.
    One,
    /// A batch, which the service spreads over every place that there is: nothing goes beside it.
    Batch,
}

/// A place; free again when it is dropped.
#[derive(Debug)]
pub struct Entered<'a> {
    pace: &'a Pace,
    places: u32,
}

impl Default for Pace {
    fn default() -> Self {
        Self::new(None)
    }
}

impl Pace {
    /// With batches that stay small until then, as an earlier run of the program learned.
    #[must_use]
    pub fn new(small_until: Option<DateTime<Utc>>) -> Self {
        let state = State { limit: MOST, in_flight: 0, batches_waiting: 0, calm: 0, small_until };
        Self { state: Mutex::new(state), changed: Notify::new() }
    }

    fn lock(&self) -> MutexGuard<'_, State> {
        self.state.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// Waits for a place.
    pub async fn enter(&self, weight: Weight) -> Entered<'_> {
        let _queue = (weight == Weight::Batch).then(|| Queue::of(self));
        loop {
            let changed = self.changed.notified();
            if let Some(places) = self.lock().take(weight) {
                return Entered { pace: self, places };
            }
            changed.await;
        }
    }

    /// The mailbox said that there are too many at a time.
    pub fn refused(&self) {
        let mut state = self.lock();
        state.limit = (state.limit - 1).max(1);
        state.calm = 0;
    }

    /// The mailbox answered.
    pub fn answered(&self) {
        let mut state = self.lock();
        state.calm += 1;
        if state.calm >= CALM {
            state.calm = 0;
            state.limit = (state.limit + 1).min(MOST);
            self.changed.notify_waiters();
        }
    }

    /// A part of a batch was refused, as it ran beside too many others.
    pub fn part_refused(&self, now: DateTime<Utc>) {
        self.lock().small_until = Some(now + SMALL_FOR);
    }

    /// How many parts a batch may have now.
    #[must_use]
    pub fn batch_size(&self, now: DateTime<Utc>) -> usize {
        if self.small_until().is_some_and(|until| now < until) { SMALL_BATCH } else { Batch::LIMIT }
    }

    /// Until when batches are small.
    #[must_use]
    pub fn small_until(&self) -> Option<DateTime<Utc>> {
        self.lock().small_until
    }

    /// How many requests may be under way at a time.
    #[must_use]
    pub fn limit(&self) -> u32 {
        self.lock().limit
    }
}

impl State {
    /// How many places were taken, if there were enough. A batch fills every place, however the limit moves meanwhile.
    fn take(&mut self, weight: Weight) -> Option<u32> {
        let places = match weight {
            Weight::One if self.batches_waiting == 0 && self.in_flight < self.limit => 1,
            Weight::Batch if self.in_flight == 0 => MOST,
            Weight::One | Weight::Batch => return None,
        };
        self.in_flight += places;
        Some(places)
    }
}

impl Drop for Entered<'_> {
    fn drop(&mut self) {
        let mut state = self.pace.lock();
        state.in_flight = state.in_flight.saturating_sub(self.places);
        drop(state);
        self.pace.changed.notify_waiters();
    }
}

/// A batch that waits; also one whose sync is broken off lets the others go on.
struct Queue<'a>(&'a Pace);

impl<'a> Queue<'a> {
    fn of(pace: &'a Pace) -> Self {
        pace.lock().batches_waiting += 1;
        Self(pace)
    }
}

impl Drop for Queue<'_> {
    fn drop(&mut self) {
        self.0.lock().batches_waiting -= 1;
        self.0.changed.notify_waiters();
    }
}

#[cfg(test)]
mod tests {
    use std::sync::Arc;

    use super::*;

    fn now() -> DateTime<Utc> {
        "2026-11-25T12:00:00Z".parse().expect("a time")
    }

    #[tokio::test(start_paused = true)]
    async fn it_falls_with_each_refusal_and_recovers() {
        let pace = Pace::default();
        assert_eq!(pace.limit(), 3);
        for expected in [2, 1, 1] {
            pace.refused();
            assert_eq!(pace.limit(), expected);
        }
        for expected in [1, 2, 3, 3] {
            assert_eq!(pace.limit(), expected);
            (0..CALM).for_each(|_| pace.answered());
        }
    }

    #[tokio::test(start_paused = true)]
    async fn three_go_at_a_time_and_a_batch_goes_alone() {
        let pace = Arc::new(Pace::default());
        let first = [pace.enter(Weight::One).await, pace.enter(Weight::One).await, pace.enter(Weight::One).await];
        let order = Arc::new(Mutex::new(vec![]));
        let mut tasks = vec![];
        for (name, weight) in [("batch", Weight::Batch), ("one", Weight::One)] {
            let (pace, order) = (Arc::clone(&pace), Arc::clone(&order));
            tasks.push(tokio::spawn(async move {
                let _place = pace.enter(weight).await;
                order.lock().expect("the order").push(name);
                tokio::time::sleep(std::time::Duration::from_secs(1)).await;
            }));
            tokio::task::yield_now().await;
        }
        drop(first);
        for task in tasks {
            task.await.expect("done");
        }
        assert_eq!(*order.lock().expect("the order"), ["batch", "one"], "nobody overtakes a batch");
        let alone = pace.enter(Weight::Batch).await;
        assert!(tokio::time::timeout(std::time::Duration::from_secs(5), pace.enter(Weight::One)).await.is_err());
        drop(alone);
    }

    #[tokio::test(start_paused = true)]
    async fn a_batch_that_gives_up_waiting_holds_nobody() {
        let pace = Pace::default();
        let one = pace.enter(Weight::One).await;
        assert!(tokio::time::timeout(std::time::Duration::from_secs(1), pace.enter(Weight::Batch)).await.is_err());
        assert!(tokio::time::timeout(std::time::Duration::from_secs(1), pace.enter(Weight::One)).await.is_ok());
        drop(one);
    }

    #[test]
    fn batches_stay_small_for_an_hour() {
        let pace = Pace::default();
        assert_eq!(pace.batch_size(now()), 20);
        pace.part_refused(now());
        let later = Pace::new(pace.small_until());
        assert_eq!((later.batch_size(now() + Duration::minutes(59)), later.batch_size(now() + Duration::hours(1))), (4, 20));
    }
}
