//! A task that has a start and a due time (RFC 5545 section 3.6.2).
//!
//! A reminder is when its task is due. A series recurs by its starts, though: `RRULE`, `RDATE`, `EXDATE` and `RECURRENCE-ID` all speak of `DTSTART` (section 3.8.5), and each date is
//! due as long after its start as the first one is, in exact time where the file has `DUE`, on the calendar where it has `DURATION` (section 3.8.5.3). So the rule is turned into one
//! that gives the due times, where one does so exactly: of tasks that begin and end on one day, of daily and of weekly ones. Where none does (from the 25th to the 1st of the next
//! month; over a change of the clock), the reminder is the span from start to due time, as an event would be. Its moment then is when one may begin, but no date of it is wrong, and
//! none that the file leaves out is missed.

use belfry_core::rule::End;
use belfry_core::{Length, Recurrence, When, Zone, expand};
use chrono::{DateTime, Days, NaiveDateTime, TimeDelta, Utc};

use crate::moment::between;
use crate::shifted::{self, far};

/// How many dates are compared before a rule counts as giving the same dates as another: thirteen years of days, so that every change of the clock is among them.
const COMPARED: usize = 5_000;

/// Start and due time of a task, and how the one follows from the other.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Task {
    pub start: When,
    pub due: When,
    after: After,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum After {
    /// On the clock on the wall: dates, and a date beside a time.
    Wall(TimeDelta),
    /// Days of the calendar, then elapsed time.
    Elapsed { days: u64, time: TimeDelta },
}

impl Task {
    /// One that says when it is due.
    pub fn due_at(start: When, due: When) -> Self {
        let after = if start.is_all_day() || due.is_all_day() {
            After::Wall(due.local() - start.local())
        } else {
            After::Elapsed { days: 0, time: due.instant(Zone::UTC) - start.instant(Zone::UTC) }
        };
        Self { start, due, after }
    }

    /// One that says how long it takes; `None` for a length that is none.
    pub fn due_after(start: When, days: i64, seconds: i64) -> Option<Self> {
        let (days, time) = (u64::try_from(days).ok()?, TimeDelta::try_seconds(seconds).filter(|time| *time >= TimeDelta::zero())?);
        let after =
            if start.is_all_day() { After::Wall(TimeDelta::try_days(i64::try_from(days).ok()?)?) } else { After::Elapsed { days, time } };
        let task = Self { start, due: start, after };
        Some(Self { due: task.due_of(&start)?, ..task })
    }

    /// When the date is due that begins at `start`.
    pub fn due_of(&self, start: &When) -> Option<When> {
        let local = match (self.after, start.zone(), self.due.zone()) {
            (After::Elapsed { days, time }, Some(here), Some(there)) => {
                let day: DateTime<Utc> = here.instant(start.local().checked_add_days(Days::new(days))?);
                there.wall(day.checked_add_signed(time)?)
            }
            (After::Wall(time), ..) => start.local().checked_add_signed(time)?,
            (After::Elapsed { .. }, ..) => return None,
        };
        Some(self.due.at_local(local))
    }

    /// The span from start to due time; nothing where it has none.
    pub fn length(&self) -> Option<Length> {
        between(&self.start, &self.due)
    }

    /// The series of due times, where `series` has the starts; nothing where no rule gives them exactly.
    pub fn turned(&self, series: &Recurrence) -> Option<Recurrence> {
        let is_endless = series.rule.end == End::Never;
        if !expand::is_expanded(&series.rule, &self.start) {
            return None;
        }
        let starts = expand::starts(&series.rule, &self.start, far()).take(COMPARED + 1);
        let due: Vec<NaiveDateTime> = starts.map(|local| Some(self.due_of(&self.start.at_local(local))?.local())).collect::<Option<_>>()?;
        if due.len() > COMPARED && !is_endless {
            return None;
        }
        let rule = shifted::rule(&series.rule, &self.start, &self.due, &due, is_endless)?;
        let moved = |all: &std::collections::BTreeSet<When>| all.iter().map(|start| self.due_of(start)).collect::<Option<_>>();
        Some(Recurrence { cancelled: moved(&series.cancelled)?, extra: moved(&series.extra)?, ..Recurrence::of(rule) })
    }
}
