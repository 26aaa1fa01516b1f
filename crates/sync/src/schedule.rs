//! When to sync: a pure state machine. Events go in, effects come out; timers are effects, their ringing is an event.

use belfry_core::Exit;
use chrono::{DateTime, Duration, Utc};
use serde::{Deserialize, Serialize};

/// What happened.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Event {
    /// The program started.
    Started,
    /// The timer rang. Timers that rang for an older setting are recognised by their number and ignored.
    Rang(u64),
    /// A reminder was changed here.
    Changed,
    /// A person asked for it.
    Asked,
    /// The computer woke up.
    Woke,
    /// There is a network again, or another one: worth a try where the last one failed.
    NetworkBack,
    /// A sync ended.
    Ended(Ending),
    /// A person wants quiet until then; `None` is until they say otherwise.
    Paused(Option<DateTime<Utc>>),
    /// A person wants it to go on.
    Resumed,
    /// A person signed in again.
    SignedIn,
}

/// How a sync ended, as far as the next one goes.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Ending {
    /// Done, held, or a person has to do something about an account: that account rests, the others go on.
    Good,
    /// Offline; try again before long.
    Offline,
    /// Not before then.
    Throttled(DateTime<Utc>),
}

impl Ending {
    /// What the exit of a sync means for the next.
    #[must_use]
    pub fn after(exit: Exit) -> Self {
        match exit {
            Exit::Done | Exit::Held | Exit::Person => Self::Good,
            Exit::Later | Exit::Failed | Exit::Usage => Self::Offline,
        }
    }

    /// How a sync of several accounts ended. One that is throttled is left alone until its time and holds up nobody else; only where all are is there nothing to do
    /// before.
    #[must_use]
    pub fn of_all(endings: &[Self]) -> Self {
        if endings.contains(&Self::Offline) {
            return Self::Offline;
        }
        let until = |ending: &Self| if let Self::Throttled(until) = ending { Some(*until) } else { None };
        let throttled: Vec<DateTime<Utc>> = endings.iter().filter_map(until).collect();
        if throttled.len() < endings.len() { Self::Good } else { throttled.into_iter().min().map_or(Self::Good, Self::Throttled) }
    }
}

/// What to do.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Effect {
    /// Sync now. A sync that nobody asked for leaves accounts alone that wait for a person.
    Sync {
        /// Whether a person asked.
        by_hand: bool,
    },
    /// Ring at this time with this number; earlier timers are void.
    Ring(DateTime<Utc>, u64),
}

/// Changes are gathered this long.
const DEBOUNCE: Duration = Duration::seconds(2);
/// The first retry without network, doubled up to the interval.
const FIRST_RETRY: Duration = Duration::seconds(30);

/// No server asks to be left alone for longer; what says so was said by another clock.
pub const LONGEST_REST: Duration = Duration::hours(24);

/// What is to follow the sync that runs.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
enum Again {
    No,
    /// Something changed meanwhile.
    Changed,
    /// A person asked meanwhile.
    Asked,
}

/// What a schedule waits for while nothing runs, for the next process to go on with. A pause is known to every program that shares the home.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default)]
pub struct Rest {
    /// When the next sync is due.
    due: Option<DateTime<Utc>>,
    /// Until when all accounts are to be left alone.
    throttled_until: Option<DateTime<Utc>>,
    /// How many syncs in a row found no network.
    failures: u32,
}

/// The state.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Schedule {
    interval: Duration,
    jitter: Duration,
    running: bool,
    again: Again,
    /// The network came back while a sync was running: if that one failed, the next need not wait.
    network_is_back: bool,
    paused_until: Option<Option<DateTime<Utc>>>,
    throttled_until: Option<DateTime<Utc>>,
    failures: u32,
    timer: u64,
    due: Option<DateTime<Utc>>,
}

impl Schedule {
    /// Syncs every `interval`, shifted by `jitter` so that a million computers do not ask at once.
    #[must_use]
    pub fn new(interval: Duration, jitter: Duration) -> Self {
        Self {
            interval,
            jitter,
            running: false,
            again: Again::No,
            network_is_back: false,
            paused_until: None,
            throttled_until: None,
            failures: 0,
            timer: 0,
            due: None,
        }
    }

    /// When the next sync is due.
    #[must_use]
    pub fn due(&self) -> Option<DateTime<Utc>> {
        self.due
    }

    /// What it waits for, for another process.
    #[must_use]
    pub fn rest(&self) -> Rest {
        Rest { due: self.due, throttled_until: self.throttled_until, failures: self.failures }
    }

    /// Waits on for what another process waited for, in the place of [`Event::Started`].
    pub fn go_on(&mut self, rest: Rest, now: DateTime<Utc>) -> Vec<Effect> {
        self.throttled_until = rest.throttled_until;
        self.failures = rest.failures;
        match rest.due {
            // A clock that was set back makes it no longer.
            Some(due) if due <= now + LONGEST_REST.max(self.interval + self.jitter) => self.ring_anew(due),
            _ => self.wish(now, false),
        }
    }

    /// Whether a person asked for quiet.
    #[must_use]
    pub fn is_paused(&self, now: DateTime<Utc>) -> bool {
        match self.paused_until {
            None => false,
            Some(None) => true,
            Some(Some(until)) => now < until,
        }
    }

    /// The pause as it was last set; the inner `None` has no end.
    #[must_use]
    pub fn pause(&self) -> Option<Option<DateTime<Utc>>> {
        self.paused_until
    }

    /// Takes an event.
    pub fn handle(&mut self, event: Event, now: DateTime<Utc>) -> Vec<Effect> {
        match event {
            Event::Rang(timer) if timer != self.timer => vec![],
            Event::Rang(_) => {
                self.due = None;
                self.wish(now, false)
            }
            Event::Asked => self.wish(now, true),
            Event::Changed | Event::SignedIn if self.running => {
                self.again = self.again.max(Again::Changed);
                vec![]
            }
            Event::Started | Event::Woke | Event::SignedIn => self.wish(now, false),
            Event::NetworkBack if self.running => {
                self.network_is_back = true;
                vec![]
            }
            Event::NetworkBack if self.failures > 0 => self.wish(now, false),
            Event::NetworkBack => vec![],
            Event::Changed => self.ring(now + DEBOUNCE, now),
            Event::Paused(until) => {
                self.paused_until = Some(until);
                until.map(|until| self.ring_anew(until)).unwrap_or_default()
            }
            Event::Resumed => {
                self.paused_until = None;
                self.wish(now, false)
            }
            Event::Ended(ending) => self.ended(ending, now),
        }
    }

    /// A wish by hand beats pause and throttling: the person is there to see the answer.
    fn wish(&mut self, now: DateTime<Utc>, by_hand: bool) -> Vec<Effect> {
        if self.running {
            if by_hand {
                self.again = Again::Asked;
            }
            return vec![];
        }
        if !by_hand {
            if self.is_paused(now) {
                return self.paused_until.flatten().map(|until| self.ring_anew(until)).unwrap_or_default();
            }
            if let Some(until) = self.throttled_until.filter(|until| now < *until && *until <= now + LONGEST_REST) {
                return self.ring_anew(until);
            }
        }
        self.running = true;
        vec![Effect::Sync { by_hand }]
    }

    fn ended(&mut self, ending: Ending, now: DateTime<Utc>) -> Vec<Effect> {
        self.running = false;
        self.throttled_until = None;
        self.failures = if ending == Ending::Offline { self.failures.saturating_add(1) } else { 0 };
        let again = std::mem::replace(&mut self.again, Again::No);
        let network_is_back = std::mem::take(&mut self.network_is_back);
        if again == Again::Asked {
            return self.wish(now, true);
        }
        match ending {
            Ending::Throttled(until) => {
                self.throttled_until = Some(until);
                self.ring_anew(until)
            }
            Ending::Offline if network_is_back => self.ring_anew(now + DEBOUNCE),
            Ending::Offline => {
                let doubled = FIRST_RETRY * 2_i32.saturating_pow(self.failures.saturating_sub(1).min(10));
                self.ring_anew(now + doubled.min(self.interval))
            }
            Ending::Good if again == Again::Changed => self.ring_anew(now + DEBOUNCE),
            Ending::Good => self.ring_anew(now + self.interval + self.jitter),
        }
    }

    /// An earlier timer stays.
    fn ring(&mut self, at: DateTime<Utc>, now: DateTime<Utc>) -> Vec<Effect> {
        if self.due.is_some_and(|due| due > now && due <= at) { vec![] } else { self.ring_anew(at) }
    }

    fn ring_anew(&mut self, at: DateTime<Utc>) -> Vec<Effect> {
        self.timer += 1;
        self.due = Some(at);
        vec![Effect::Ring(at, self.timer)]
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn at(seconds: i64) -> DateTime<Utc> {
        DateTime::from_timestamp(1_800_000_000 + seconds, 0).expect("a time")
    }

    fn schedule() -> Schedule {
        Schedule::new(Duration::minutes(5), Duration::seconds(7))
    }

    #[test]
    fn one_throttled_account_holds_up_nobody_else() {
        let (soon, late) = (Ending::Throttled(at(60)), Ending::Throttled(at(600)));
        for (endings, wanted) in [
            (vec![], Ending::Good),
            (vec![Ending::Good, late], Ending::Good),
            (vec![late, soon], soon),
            (vec![late], late),
            (vec![Ending::Good, late, Ending::Offline], Ending::Offline),
        ] {
            assert_eq!(Ending::of_all(&endings), wanted, "{endings:?}");
        }
    }

    #[test]
    fn starts_syncs_and_rings() {
        let mut schedule = schedule();
        assert_eq!(schedule.handle(Event::Started, at(0)), [Effect::Sync { by_hand: false }]);
        assert_eq!(schedule.handle(Event::Ended(Ending::Good), at(1)), [Effect::Ring(at(308), 1)]);
        assert_eq!(schedule.handle(Event::Rang(1), at(308)), [Effect::Sync { by_hand: false }]);
        assert_eq!(schedule.handle(Event::Rang(1), at(309)), []);
    }

    #[test]
    fn changes_are_gathered_and_none_is_lost() {
        let mut schedule = schedule();
        assert_eq!(schedule.handle(Event::Changed, at(0)), [Effect::Ring(at(2), 1)]);
        assert_eq!(schedule.handle(Event::Changed, at(1)), []);
        assert_eq!(schedule.handle(Event::Rang(1), at(2)), [Effect::Sync { by_hand: false }]);
        for (event, time) in [(Event::Changed, 3), (Event::SignedIn, 1_003)] {
            assert_eq!(schedule.handle(event, at(time)), []);
            let effects = schedule.handle(Event::Ended(Ending::Good), at(time + 1));
            assert!(matches!(effects[..], [Effect::Ring(when, _)] if when == at(time + 3)), "{event:?}: {effects:?}");
            schedule.handle(Event::Asked, at(time + 2));
        }
    }

    #[test]
    fn what_a_person_asks_for_during_a_sync_follows_it_by_hand() {
        let mut schedule = schedule();
        schedule.handle(Event::Started, at(0));
        assert_eq!(schedule.handle(Event::Asked, at(1)), []);
        assert_eq!(schedule.handle(Event::Changed, at(1)), []);
        assert_eq!(schedule.handle(Event::Ended(Ending::Offline), at(2)), [Effect::Sync { by_hand: true }]);
        assert_eq!(schedule.handle(Event::Ended(Ending::Good), at(3)), [Effect::Ring(at(310), 1)]);
    }

    #[test]
    fn throttling_binds_timers_but_not_a_person() {
        let mut schedule = schedule();
        schedule.handle(Event::Started, at(0));
        assert_eq!(schedule.handle(Event::Ended(Ending::Throttled(at(600))), at(1)), [Effect::Ring(at(600), 1)]);
        assert_eq!(schedule.handle(Event::Woke, at(100)), [Effect::Ring(at(600), 2)]);
        assert_eq!(schedule.handle(Event::Asked, at(100)), [Effect::Sync { by_hand: true }]);
    }

    #[test]
    fn offline_is_tried_again_ever_more_slowly() {
        let mut schedule = schedule();
        let mut delays = vec![];
        for round in 0..6 {
            schedule.handle(Event::Asked, at(round * 1000));
            let effects = schedule.handle(Event::Ended(Ending::Offline), at(round * 1000));
            delays.extend(effects.into_iter().map(|effect| match effect {
                Effect::Ring(when, _) => (when - at(round * 1000)).num_seconds(),
                Effect::Sync { .. } => -1,
            }));
        }
        assert_eq!(delays, [30, 60, 120, 240, 300, 300]);
    }

    #[test]
    fn another_process_waits_on_for_the_same() {
        let mut before = schedule();
        before.handle(Event::Started, at(0));
        before.handle(Event::Ended(Ending::Throttled(at(600))), at(1));
        let text = serde_json::to_string(&before.rest()).expect("written");
        let rest: Rest = serde_json::from_str(&text).expect("read");
        let mut after = schedule();
        assert_eq!(after.go_on(rest, at(50)), [Effect::Ring(at(600), 1)]);
        assert_eq!(after.handle(Event::Woke, at(60)), [Effect::Ring(at(600), 2)], "throttling still binds");
        before.handle(Event::Asked, at(700));
        before.handle(Event::Ended(Ending::Offline), at(700));
        let mut after = schedule();
        assert_eq!(after.go_on(before.rest(), at(705)), [Effect::Ring(at(730), 1)]);
        after.handle(Event::Rang(1), at(730));
        assert_eq!(after.handle(Event::Ended(Ending::Offline), at(730)), [Effect::Ring(at(790), 2)], "ever more slowly");
        assert_eq!(schedule().go_on(Rest::default(), at(0)), [Effect::Sync { by_hand: false }], "nothing is known");
    }

    #[test]
    fn a_network_that_comes_back_is_tried_at_once_where_the_last_sync_failed() {
        let mut schedule = schedule();
        schedule.handle(Event::Started, at(0));
        schedule.handle(Event::Ended(Ending::Good), at(1));
        assert_eq!(schedule.handle(Event::NetworkBack, at(2)), [], "all was well");
        schedule.handle(Event::Asked, at(10));
        schedule.handle(Event::Ended(Ending::Offline), at(11));
        assert_eq!(schedule.handle(Event::NetworkBack, at(12)), [Effect::Sync { by_hand: false }]);
        assert_eq!(schedule.handle(Event::NetworkBack, at(13)), [], "one runs");
        assert!(matches!(schedule.handle(Event::Ended(Ending::Offline), at(14))[..], [Effect::Ring(when, _)] if when == at(16)));
        schedule.handle(Event::Paused(None), at(15));
        assert_eq!(schedule.handle(Event::NetworkBack, at(16)), [], "a pause is a pause");
    }

    /// Set back by years, the clock of the wall would make a wait of ten minutes as long.
    #[test]
    fn a_clock_that_was_set_back_makes_no_wait_longer() {
        let years = 10 * 365 * 86_400;
        let mut before = schedule();
        before.handle(Event::Started, at(years));
        before.handle(Event::Ended(Ending::Throttled(at(years + 600))), at(years));
        assert_eq!(schedule().go_on(before.rest(), at(0)), [Effect::Sync { by_hand: false }]);
        assert_eq!(before.handle(Event::Woke, at(0)), [Effect::Sync { by_hand: false }]);
    }

    #[test]
    fn a_pause_ends_by_itself() {
        let mut schedule = schedule();
        assert_eq!(schedule.handle(Event::Paused(Some(at(3600))), at(0)), [Effect::Ring(at(3600), 1)]);
        assert_eq!(schedule.handle(Event::Woke, at(60)), [Effect::Ring(at(3600), 2)]);
        assert_eq!(schedule.handle(Event::Rang(2), at(3600)), [Effect::Sync { by_hand: false }]);
    }
}
