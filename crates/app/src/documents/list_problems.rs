//! What there is to tell of a list: what Outlook does not hold of it, what could not be read, and what to know before anything of it is written.

use std::collections::{BTreeMap, BTreeSet};

use belfry_core::helpers::leads;
use belfry_core::list::ListDefaults;
use belfry_core::plan::Reason;
use belfry_core::reminder::nearest;
use belfry_core::slots::Holding;
use belfry_core::{List, Problem, ProblemCode, Projection, Reminder};
use belfry_graph::unholdable;
use belfry_store::NewQuarantined;

use crate::app::App;
use crate::counted::counted;
use crate::error::AppError;
use crate::imports::lost_key;

/// The line of an item that was set aside, its title where that is known, and why.
fn where_it_is(item: &NewQuarantined) -> String {
    let is_title = !item.raw.is_empty() && item.raw.chars().count() < 80 && !item.raw.contains('\n');
    let title = if is_title { format!(", \u{201c}{}\u{201d}", item.raw) } else { String::new() };
    format!("line {}{title}: {}", item.line, item.reason)
}

fn have(count: impl TryInto<u64>) -> &'static str {
    if count.try_into().is_ok_and(|count| count == 1) { "has" } else { "have" }
}

impl App {
    /// What to tell of reminders that Outlook does not hold as they are, list by list. The document of a sync says it once, when it finds out.
    ///
    /// # Errors
    /// When the database fails.
    pub fn not_taken(&self) -> Result<Vec<Problem>, AppError> {
        let lists = self.lists()?;
        let all = lists.iter().map(|list| self.refused(list)).collect::<Result<Vec<_>, _>>()?;
        Ok(all.into_iter().flatten().collect())
    }

    /// The same of one list.
    pub(crate) fn refused(&self, list: &List) -> Result<Option<Problem>, AppError> {
        let count = if list.target.is_some() { self.store.count_refused(list.id)? } else { 0 };
        Ok((count > 0).then(|| {
            Problem::new(
                ProblemCode::EventRefused,
                "Not written to Outlook",
                match count {
                    1 => format!("1 reminder of `{}` is not in Outlook as it is here.", list.name),
                    _ => format!("{count} reminders of `{}` are not in Outlook as they are here.", list.name),
                },
                "`belfry ls` shows them as refused, `belfry log` says why. Change them, and Belfry tries again; `belfry restore ID` tries one as it is.",
            )
        }))
    }

    /// What its source says and no reminder holds: a time zone that nobody knows, an alarm that cannot ring.
    pub(crate) fn lost(&self, list: &List) -> Result<Option<Problem>, AppError> {
        let text = self.store.meta(&lost_key(list))?.filter(|_| list.source.is_some()).unwrap_or_default();
        let lost: BTreeMap<String, usize> = serde_json::from_str(&text).unwrap_or_default();
        let named: Vec<String> = lost.iter().map(|(name, count)| format!("{name} ({count})")).collect();
        Ok((!named.is_empty()).then(|| {
            Problem::new(
                ProblemCode::PropertiesLeftOut,
                "Some details have no place here",
                format!("What `{}` follows says what reminders do not hold: {}. Everything else is here.", list.name, named.join(", ")),
                "Nothing to do if the reminders are right; where an alarm is among it, that of the list rings instead.",
            )
        }))
    }

    /// Which items of its source could not be read, and why: the first of them.
    pub(crate) fn not_read(&self, list: &List) -> Result<Option<Problem>, AppError> {
        const NAMED: usize = 5;
        let aside = self.set_aside_of(&list.name)?;
        let named: Vec<String> = aside.iter().take(NAMED).map(|one| where_it_is(&one.item)).collect();
        let more = if aside.len() > NAMED { format!("; and {} more", aside.len() - NAMED) } else { String::new() };
        let items = counted(aside.len(), "item");
        Ok((!aside.is_empty()).then(|| {
            Problem::new(
                ProblemCode::SetAside,
                "Some items could not be read",
                format!("{items} of `{}` could not be read: {}{more}.", list.name, named.join("; ")),
                "Mend them where they come from; the others are here.",
            )
        }))
    }

    /// What there is to know of a list before anything of it is written.
    pub(crate) fn before_the_first_write(&self, list: &List) -> Result<Vec<Problem>, AppError> {
        if list.target.is_none() || !self.store.count_states(list.id)?.is_empty() {
            return Ok(vec![]);
        }
        Ok(self.further_alarms(list)?.into_iter().chain(self.events_stayed(list)?).collect())
    }

    /// What Outlook will not hold of a list that is not there yet.
    fn further_alarms(&self, list: &List) -> Result<Option<Problem>, AppError> {
        let count = self.store.count_with_further_alarms(list.id)?;
        let here_only = if count == 0 { 0 } else { self.ring_here_only(list)? };
        let (name, title) = (&list.name, "Outlook holds one alarm each");
        Ok(match (list.defaults.helpers, here_only) {
            (true, 0) => None,
            (true, _) => Some(Problem::new(
                ProblemCode::FurtherAlarms,
                title,
                format!(
                    "{} of `{name}` {} alarms that no short event can ring: they are kept date by date, or their alarm is too far from the start. This computer rings those.",
                    counted(here_only, "reminder"),
                    have(here_only)
                ),
                "Nothing to do, as long as Belfry runs here.",
            )),
            (false, _) => (count > 0).then(|| {
                let but = if here_only > 0 { format!(", but for {here_only} that no such event can stand for") } else { String::new() };
                Problem::new(
                    ProblemCode::FurtherAlarms,
                    title,
                    format!(
                        "{} of `{name}` {} further alarms. Outlook rings the one nearest before the start; this computer rings the others.",
                        counted(count, "reminder"),
                        have(count)
                    ),
                    format!("`belfry list edit \"{name}\" --helpers on` lets Outlook ring all of them{but}, by a short event each."),
                )
            }),
        })
    }

    /// How many reminders of a list have further alarms that no helper would ring.
    fn ring_here_only(&self, list: &List) -> Result<usize, AppError> {
        let helped = List { defaults: ListDefaults { helpers: true, ..list.defaults.clone() }, ..list.clone() };
        let is_here_only = |reminder: &Reminder| {
            let in_parts = Holding::of(reminder, unholdable(&Projection::of(reminder))).is_in_parts();
            let alarms: BTreeSet<i32> = reminder.effective_alarms().iter().copied().collect();
            let held = usize::from(nearest(reminder.effective_alarms()).is_some());
            let rung = if in_parts { 0 } else { leads(reminder, &helped).len() };
            !reminder.is_done() && alarms.len() > held + rung
        };
        Ok(self.reminders(Some(&list.name))?.iter().filter(|row| is_here_only(&row.reminder)).count())
    }

    /// What is in Outlook already, of a list that was there before and left its events: they are nobody's of ours, so its reminders get others beside them.
    fn events_stayed(&self, list: &List) -> Result<Option<Problem>, AppError> {
        let count = self.store.count_let_go(list.id, &Reason::ListLeaves.to_string())?;
        Ok((count > 0).then(|| {
            Problem::new(
                ProblemCode::EventsStayed,
                "Events of before are still there",
                format!(
                    "{} of `{}` stayed in Outlook when it left, on their own; its reminders get new ones beside them.",
                    counted(count, "event"),
                    list.name
                ),
                "Delete the old ones in Outlook if you do not want them twice.",
            )
        }))
    }
}
