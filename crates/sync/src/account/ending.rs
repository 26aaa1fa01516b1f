//! What a sync says at its end.

use std::collections::BTreeMap;

use belfry_core::hold::Question;
use belfry_core::marker::Key;
use belfry_core::plan::{Action, Entry, Plan, Reason, Trees};
use belfry_core::{Account, AccountState, Exit, List, ListId, Op, Operation, Place, Problem, ProblemCode, Slot};
use belfry_graph::GraphError;
use belfry_store::{HoldRow, StoreError};
use chrono::Duration;

use super::{Mode, Run};
use crate::error::SyncError;
use crate::report::{CalendarReport, PlannedCalendar, PlannedOperation, counted, held_problems};

impl Run<'_> {
    pub(super) fn ended_well(&mut self, mode: Mode) -> Result<AccountState, StoreError> {
        if !self.held.is_empty() {
            self.exit = self.exit.worse(Exit::Held);
        }
        self.applied.problems.extend(self.aside.problems(self.setup.store)?);
        if self.aside.wrote_nothing() {
            self.exit = self.exit.worse(Exit::Later);
        }
        self.applied.problems.extend(held_problems(&self.held, &self.lists()?));
        self.applied.problems.extend(self.copies.iter().map(|(title, count)| copy_left_alone(title, *count)));
        for ((list, place), count) in std::mem::take(&mut self.elsewhere) {
            let Some(list) = self.setup.store.list(list)? else { continue };
            let calendar = self.name_of(&place)?;
            self.applied.problems.push(Problem::new(
                ProblemCode::ListElsewhere,
                "A list in two calendars",
                format!(
                    "{} of `{}` {} in the calendar {calendar}, and this computer keeps the list in another one.",
                    counted(count as u64, "reminder"),
                    list.name,
                    if count == 1 { "is" } else { "are" }
                ),
                format!("If another computer keeps it there, run `belfry list target \"{}\" --calendar \"{calendar}\"`.", list.name),
            ));
        }
        for (list, count) in std::mem::take(&mut self.dates_only) {
            let Some(list) = self.setup.store.list(list)? else { continue };
            // On the other computer all is well.
            if !self.is_news(&format!("told_dates:{}", list.id), count as u64, mode)? {
                continue;
            }
            self.applied.problems.push(Problem::new(
                ProblemCode::DatesOnly,
                "Dates of a reminder that is elsewhere",
                format!(
                    "Outlook holds {} of reminders of `{}` that this computer does not have.",
                    if count == 1 { "1 single date or further alarm".to_owned() } else { format!("{count} single dates or further alarms") },
                    list.name
                ),
                "They are kept by the computer that they were typed on, as their rules and alarms are in no mailbox. If that was this one, type them again and delete those.",
            ));
        }
        self.tell_newer(mode)?;
        for (list, count) in self.setup.store.unknown_lists(&self.account.id)? {
            let detail = format!("The calendar holds {} of a list that this computer does not know ({list}).", counted(count, "reminder"));
            self.applied.problems.push(Problem::new(
                ProblemCode::UnknownList,
                "Reminders of another list",
                detail,
                "Run `belfry list add` with that list's first name or its feed's address, and it continues here.",
            ));
        }
        self.setup.store.set_account_state(&self.account.id, AccountState::Ready, None)?;
        let refused = refused_key(self.account);
        if !self.setup.store.meta(&refused)?.unwrap_or_default().is_empty() {
            self.setup.store.set_meta(&refused, "")?;
        }
        if mode == Mode::Apply {
            self.setup.store.looked_at_by(&self.account.id, &super::rules())?;
        }
        if mode == Mode::Apply && self.gone.is_empty() {
            self.setup.store.set_last_good_sync(&self.account.id, self.setup.clock.now())?;
            self.setup.store.set_good_run(&self.account.id, self.setup.run)?;
        }
        Ok(AccountState::Ready)
    }

    /// What a newer Belfry wrote is not written here, and what is edited here stays here: said once, and again when there is more.
    fn tell_newer(&mut self, mode: Mode) -> Result<(), StoreError> {
        let store = self.setup.store;
        for (list, count) in store.newer_events(&self.account.id)? {
            let Some(list) = store.list(list)? else { continue };
            if !self.is_news(&format!("told_newer:{}", list.id), count, mode)? {
                continue;
            }
            self.applied.problems.push(Problem::new(
                ProblemCode::NewerMarker,
                "Events of a newer Belfry",
                match count {
                    1 => format!("1 event of `{}` was written by a newer Belfry and is left as it is; what is changed here does not reach it.", list.name),
                    _ => format!("{count} events of `{}` were written by a newer Belfry and are left as they are; what is changed here does not reach them.", list.name),
                },
                "Update Belfry on this computer.",
            ));
        }
        Ok(())
    }

    /// What is told once, and again when there is more. A dry run only looks.
    fn is_news(&self, told: &str, count: u64, mode: Mode) -> Result<bool, StoreError> {
        let store = self.setup.store;
        let is_news = store.meta(told)?.and_then(|known| known.parse().ok()).is_none_or(|known: u64| known < count);
        if is_news && mode == Mode::Apply {
            store.set_meta(told, &count.to_string())?;
        }
        Ok(is_news)
    }

    /// One report for each calendar that lists are kept in, and for others that something was done in.
    pub(super) fn calendar_reports(&mut self, lists: &[List]) -> Result<Vec<CalendarReport>, StoreError> {
        let mut all = std::mem::take(&mut self.applied.counts);
        // What waits for a calendar that vanished, or because a source shrank, is in no plan.
        let holds = self.setup.store.holds()?;
        let unplanned = |list: &List| {
            let is_asked = |hold: &HoldRow| matches!(Question::of(list.id, &hold.name), Some(Question::Vanished | Question::Shrunk));
            let is_it = |hold: &&HoldRow| hold.list == list.id && !hold.confirmed && is_asked(hold);
            holds.iter().filter(is_it).map(|hold| hold.count).sum::<u64>()
        };
        for list in lists {
            let Some(target) = &list.target else { continue };
            // One that is not made yet has only its name.
            let counts = all.entry(target.calendar_id.clone().unwrap_or_default()).or_default();
            counts.name.clone_from(&target.calendar_name);
            counts.held += self.held.iter().filter(|set| set.list == list.id).map(|set| set.count).sum::<u64>() + unplanned(list);
        }
        for (calendar, counts) in all.iter_mut().filter(|(_, counts)| counts.name.is_empty()) {
            counts.name = self.name_of(&Place { account: self.account.id.clone(), calendar: calendar.clone() })?;
        }
        let is_target = |id: &str| {
            lists.iter().any(|list| list.target.as_ref().is_some_and(|target| target.calendar_id.as_deref().unwrap_or_default() == id))
        };
        let mut shown: Vec<CalendarReport> =
            all.into_iter().filter(|(id, counts)| is_target(id) || !counts.is_quiet()).map(|(_, counts)| counts).collect();
        shown.sort_by(|a, b| a.name.cmp(&b.name));
        Ok(shown)
    }

    /// Outlook refuses what was granted: once it may be a fault of its own, and no person is called for it. A sync that ends well begins anew.
    fn is_first_refusal(&self, error: &SyncError) -> Result<bool, StoreError> {
        let is_refusal = matches!(error, SyncError::Graph(GraphError::Forbidden { .. })) && self.account.has_calendars();
        let key = refused_key(self.account);
        let is_first = is_refusal && self.setup.store.meta(&key)?.unwrap_or_default().is_empty();
        if is_first {
            self.setup.store.set_meta(&key, &self.setup.clock.now().to_rfc3339())?;
        }
        Ok(is_first)
    }

    /// Records what a person has to do, so that nothing is tried in the background until they did.
    pub(super) fn ended_early(&mut self, error: &SyncError) -> Result<AccountState, StoreError> {
        // Its words name a person.
        tracing::warn!(code = error.problem("").code.name(), "the sync ended early");
        self.throttled_until = error.retry_after().and_then(|wait| Some(self.setup.clock.now() + Duration::from_std(wait).ok()?));
        let doubtful = SyncError::Graph(GraphError::Faulty { status: 403, code: String::new() });
        let error = if self.is_first_refusal(error)? { &doubtful } else { error };
        let problem = error.problem(&self.account.login);
        let state = AccountState::after(problem.code).unwrap_or(self.account.state);
        let claims = match error {
            SyncError::Graph(error) => error.claims().map(str::to_owned),
            _ => self.account.claims.clone(),
        };
        self.exit = self.exit.worse(problem.code.exit());
        if AccountState::after(problem.code).is_some() {
            self.setup.store.note_cause(&self.account.id, state, &problem)?;
        }
        self.applied.problems.push(problem);
        if state != self.account.state {
            self.setup.store.set_account_state(&self.account.id, state, claims.as_deref())?;
        }
        Ok(state)
    }
}

fn copy_left_alone(title: &str, events: usize) -> Problem {
    let (heading, count, others, advice) = match events {
        ..=2 => ("Two events of one reminder", "two".to_owned(), "the other", "Delete the one that you do not want in Outlook."),
        3 => ("Several events of one reminder", "three".to_owned(), "the others", "Delete those that you do not want in Outlook."),
        more => ("Several events of one reminder", more.to_string(), "the others", "Delete those that you do not want in Outlook."),
    };
    Problem::new(
        ProblemCode::CopyLeftAlone,
        heading,
        format!("Outlook has {count} events of \u{201c}{title}\u{201d} that differ; Belfry keeps one and leaves {others} alone."),
        advice,
    )
}

fn refused_key(account: &Account) -> String {
    format!("refused:{}", account.id)
}

/// Titles of reminders that keep several events, and how many those are: copies that say the same are deleted by the plan.
pub(super) fn copies(trees: &Trees, plan: &Plan) -> Vec<(String, usize)> {
    let marked = |entry: &Entry| entry.events.iter().filter(|event| event.marker.is_some() && !event.moved_away).count();
    // What was parted in Outlook is a reminder of its own from now on.
    let is_settled = |operation: &Operation| operation.op == Op::Settle || matches!(operation.action, Action::Mark { to: Some(_), .. });
    let settled = |key: &Key| plan.operations.iter().filter(|operation| is_settled(operation) && operation.key == *key).count();
    let several = trees.entries.iter().filter(|(key, entry)| marked(entry) > 1 && marked(entry) > 1 + settled(key));
    let titled = several.filter_map(|(key, entry)| Some((entry.local.as_ref()?.projection.title.clone(), marked(entry) - settled(key))));
    titled.collect()
}

/// Events of single dates, and those that ring for further alarms, whose reminder is not here, by list.
pub(super) fn dates_only(trees: &Trees) -> BTreeMap<ListId, usize> {
    let mut all = BTreeMap::new();
    for (key, entry) in &trees.entries {
        let is_nobodys = entry.local.is_none() && entry.link.is_none() && !entry.has_reminder;
        if is_nobodys && matches!(key.slot, Slot::Part(_) | Slot::Alarm(_)) && !entry.events.is_empty() {
            *all.entry(key.list).or_default() += 1;
        }
    }
    all
}

/// Lists with events in another calendar that nobody here linked: another computer keeps the list there, or the person moved them. By list and calendar.
pub(super) fn elsewhere(trees: &Trees) -> BTreeMap<(ListId, Place), usize> {
    let mut all = BTreeMap::new();
    for (key, entry) in &trees.entries {
        let target = trees.lists.get(&key.list).and_then(|facts| facts.target.as_ref());
        let is_nobodys = entry.local.is_none() && entry.link.is_none() && entry.elsewhere.is_none() && key.slot == Slot::Main;
        for event in
            entry.events.iter().filter(|event| is_nobodys && target.is_some_and(|target| *target != event.place) && !event.moved_away)
        {
            *all.entry((key.list, event.place.clone())).or_default() += 1;
        }
    }
    all
}

/// A plan by calendar, for people. What moves to another calendar is made there first; that its old event then is deleted stands under the calendar that it is in.
pub(super) fn planned_calendars(
    lists: &[List],
    operations: &[Operation],
    calendar_of: &dyn Fn(&str) -> Option<String>,
) -> Vec<PlannedCalendar> {
    let mut by_name: BTreeMap<String, Vec<PlannedOperation>> = BTreeMap::new();
    for list in lists {
        let Some(target) = &list.target else { continue };
        by_name.entry(target.calendar_name.clone()).or_default();
        for operation in operations.iter().filter(|operation| operation.key.list == list.id && operation.op.is_visible()) {
            let planned = PlannedOperation::of(operation, &list.name);
            let event_is_in = operation.event_id.as_deref().and_then(calendar_of);
            let goes = matches!(operation.op, Op::Delete | Op::Settle);
            let name = event_is_in.clone().filter(|_| goes).unwrap_or_else(|| target.calendar_name.clone());
            by_name.entry(name).or_default().push(planned.clone());
            if let Some(old) = event_is_in.filter(|_| operation.op == Op::Create && operation.reason == Reason::Moved) {
                by_name.entry(old).or_default().push(PlannedOperation { op: Op::Delete, ..planned });
            }
        }
    }
    by_name.into_iter().map(|(name, operations)| PlannedCalendar { name, operations }).collect()
}
