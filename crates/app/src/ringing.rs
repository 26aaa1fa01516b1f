//! Ringing on this computer: alarms that Outlook does not hold, those of lists that are on this computer only, and what was snoozed.

use belfry_core::ring::{Ring, RungThere, rings};
use belfry_core::{LinkState, List, Reminder, ReminderId, When};
use belfry_store::ReminderRow;
use chrono::{DateTime, Duration, Utc};
use serde::{Deserialize, Serialize};

use crate::app::App;
use crate::error::AppError;
use crate::occurrences::DateChange;

/// What was due this long ago is not told any more.
const LONGEST_ABSENCE: Duration = Duration::days(7);
/// So long a snoozed one is quiet.
pub const SNOOZE: Duration = Duration::minutes(10);

/// A ringing, with what to say.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Due {
    /// When it rang or rings.
    pub at: DateTime<Utc>,
    /// Title.
    pub title: String,
    /// When it is.
    pub when: When,
    /// Which date of which reminder.
    pub of: DueDate,
}

/// One date of one reminder, as buttons name it.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct DueDate {
    /// Reminder id.
    pub id: String,
    /// The day that the series has it on; nothing for one that does not repeat.
    pub on: Option<String>,
}

/// What rings in a stretch of time, as long as nothing changes that says so.
pub(crate) struct Planned {
    mark: String,
    from: DateTime<Utc>,
    until: DateTime<Utc>,
    due: Vec<Due>,
}

/// So far ahead it is planned.
const PLANNED_AHEAD: Duration = Duration::hours(1);

#[derive(Debug, Clone, Serialize, Deserialize)]
struct Snoozed {
    at: DateTime<Utc>,
    of: DueDate,
}

impl App {
    /// What rings after the last time that was asked and up to `to`, in order.
    ///
    /// # Errors
    /// When the database fails.
    pub fn due(&self, to: DateTime<Utc>) -> Result<Vec<Due>, AppError> {
        let from = self.rung_until()?.max(to - LONGEST_ABSENCE);
        self.plan_ringing(from, to)?;
        let planned = self.ringing.borrow();
        let planned = planned.iter().flat_map(|planned| &planned.due);
        let mut due: Vec<Due> = planned.filter(|due| from < due.at && due.at <= to).cloned().collect();
        for snoozed in self.snoozed()?.into_iter().filter(|snoozed| snoozed.at <= to) {
            let Some(reminder) = snoozed.of.id.parse::<ReminderId>().ok().map(|id| self.store.reminder(id)).transpose()?.flatten() else {
                continue;
            };
            due.push(Due { at: snoozed.at, title: reminder.title.clone(), when: reminder.when, of: snoozed.of });
        }
        due.sort_by_key(|due| due.at);
        Ok(due)
    }

    /// Reads all reminders once for the next hour, and again when one of them changed, or where it is kept.
    fn plan_ringing(&self, from: DateTime<Utc>, to: DateTime<Utc>) -> Result<(), AppError> {
        let mark = self.ringing_mark();
        let is_planned = |known: &Planned| known.mark == mark && known.from <= from && to <= known.until;
        if self.ringing.borrow().as_ref().is_some_and(is_planned) {
            return Ok(());
        }
        let until = to + PLANNED_AHEAD;
        let mut due = Vec::new();
        let lists = self.store.lists()?;
        for row in self.store.listed(None)? {
            let all = rings(&row.reminder, &rung_there(&row, &lists), from, until, self.zone());
            due.extend(all.iter().map(|ring| said(ring, &row.reminder)));
        }
        *self.ringing.borrow_mut() = Some(Planned { mark, from, until, due });
        Ok(())
    }

    /// Remembers that everything up to then has rung.
    ///
    /// # Errors
    /// When the database fails.
    pub fn set_rung(&self, until: DateTime<Utc>) -> Result<(), AppError> {
        self.store.set_meta(RUNG, &until.to_rfc3339())?;
        let left: Vec<Snoozed> = self.snoozed()?.into_iter().filter(|snoozed| until < snoozed.at).collect();
        Ok(self.store.set_meta(SNOOZED, &serde_json::to_string(&left).unwrap_or_default())?)
    }

    /// Rings again after a while.
    ///
    /// # Errors
    /// When the database fails.
    pub fn snooze(&self, of: &DueDate) -> Result<(), AppError> {
        let mut all = self.snoozed()?;
        all.retain(|snoozed| snoozed.of != *of);
        all.push(Snoozed { at: self.now() + SNOOZE, of: of.clone() });
        Ok(self.store.set_meta(SNOOZED, &serde_json::to_string(&all).unwrap_or_default())?)
    }

    /// It is done: that date of it.
    ///
    /// # Errors
    /// It is gone.
    pub fn done_date(&self, of: &DueDate) -> Result<(), AppError> {
        match &of.on {
            Some(day) => self.change_date(&of.id, day, &DateChange::Done(true)).map(drop),
            None => self.set_done(&of.id, true).map(drop),
        }
    }

    /// Nothing rings for what was before Belfry was first started.
    fn rung_until(&self) -> Result<DateTime<Utc>, AppError> {
        let known = self.store.meta(RUNG)?.and_then(|text| DateTime::parse_from_rfc3339(&text).ok()).map(|at| at.to_utc());
        match known {
            // A clock that was set back rings nothing twice and misses nothing later.
            Some(at) => Ok(at.min(self.now())),
            None => {
                self.store.set_meta(RUNG, &self.now().to_rfc3339())?;
                Ok(self.now())
            }
        }
    }

    fn snoozed(&self) -> Result<Vec<Snoozed>, AppError> {
        Ok(self.store.meta(SNOOZED)?.and_then(|text| serde_json::from_str(&text).ok()).unwrap_or_default())
    }
}

fn rung_there(row: &ReminderRow, lists: &[List]) -> RungThere {
    let list = lists.iter().find(|list| list.id == row.reminder.list);
    match (row, list) {
        (row, Some(list)) if row.has_helpers => RungThere::Helped(belfry_core::helpers::leads(&row.reminder, list)),
        (row, _) if row.event_id.is_some() || row.state == Some(LinkState::Parted) => RungThere::Nearest,
        _ => RungThere::None,
    }
}

pub(crate) const RUNG: &str = "rung_until";
const SNOOZED: &str = "snoozed";

fn said(ring: &Ring, reminder: &Reminder) -> Due {
    let repeats = reminder.recurrence.is_some();
    let of = DueDate { id: ring.reminder.to_string(), on: repeats.then(|| ring.original.date().to_string()) };
    Due { at: ring.at, title: reminder.title.clone(), when: ring.when, of }
}
