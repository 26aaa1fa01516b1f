//! The person's answers to what waits, and what a dry run showed of it.
//!
//! A yes is a yes to what was shown. A sync records what it held; a dry run works on a copy of the home, and only the names of the sets that it held are kept until
//! the next sync, so that they can be answered and nothing else follows from having looked.

use std::collections::{BTreeMap, BTreeSet};

use belfry_core::marker::Key;
use belfry_core::plan::{FirstSync, Reason};
use belfry_core::{Account, Fingerprint, List, ListId, Op, Operation, Problem, ProblemCode, Reminder, Slot};
use belfry_store::{NewEntry, Store, StoreError};
use chrono::{DateTime, Utc};
use serde::{Deserialize, Serialize};

use crate::app::App;
use crate::error::AppError;
use crate::syncing::SyncOptions;
use crate::undo::want_again;
use crate::waiting::{WaitingFor, can_keep};

/// Where the store keeps what a dry run showed.
const SHOWN: &str = "shown_by_dry_run";

/// The answer to the question of a list's first sync: what about reminders that are here and not among its events?
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum HoldAnswer {
    /// Yes to all that waits; what a first sync asks about is new.
    All,
    /// They are new. Nothing else is released.
    Add,
    /// They were removed elsewhere. Nothing else is released.
    Removed,
    /// No to removals whose events are gone from Outlook: those are made again. Nothing else is answered.
    Keep,
    /// Yes to what waits for this, and to nothing else.
    Only(WaitingFor),
}

impl HoldAnswer {
    fn releases(self, waiting_for: WaitingFor) -> bool {
        self == Self::All || self == Self::Only(waiting_for)
    }
}

/// A set that a dry run held.
#[derive(Serialize, Deserialize)]
struct Shown {
    list: ListId,
    name: Fingerprint,
    count: u64,
    /// When it asked whether the reminders of a first sync are new.
    asked: Option<DateTime<Utc>>,
}

impl App {
    /// Remembers what a dry run held on its copy of this home.
    pub(crate) fn note_shown(&self, trial: &Self) -> Result<(), AppError> {
        let mut shown = Vec::new();
        for hold in trial.store.holds()?.into_iter().filter(|hold| !hold.confirmed) {
            let list = trial.store.list(hold.list)?;
            let asked = match list.map(|list| trial.store.first_sync(&list)).transpose()?.flatten() {
                Some(FirstSync::Asked(at)) => Some(at),
                _ => None,
            };
            shown.push(Shown { list: hold.list, name: hold.name, count: hold.count, asked });
        }
        Ok(self.store.set_meta(SHOWN, &serde_json::to_string(&shown).unwrap_or_default())?)
    }

    /// What a dry run showed waits as if a sync had held it. What is not so any more by the time that it is planned is released by no answer.
    pub(crate) fn take_up_shown(&self) -> Result<(), AppError> {
        let run = self.store.last_sync()?.map_or(0, |run| run.id);
        let shown: Vec<Shown> = self.store.meta(SHOWN)?.and_then(|text| serde_json::from_str(&text).ok()).unwrap_or_default();
        for set in shown {
            let Some(list) = self.store.list(set.list)? else { continue };
            self.store.add_hold(set.list, run, &set.name, set.count)?;
            if let (Some(at), None) = (set.asked, self.store.first_sync(&list)?) {
                self.store.set_first_sync(&list, FirstSync::Asked(at))?;
            }
        }
        Ok(())
    }

    /// After a sync only what that held was shown last.
    pub(crate) fn forget_shown(&self) -> Result<(), AppError> {
        if self.store.meta(SHOWN)?.is_some_and(|shown| !shown.is_empty()) {
            self.store.set_meta(SHOWN, "")?;
        }
        Ok(())
    }

    /// Says yes to what waits in the lists of these accounts, and in those that are kept in none if nobody named one. An answer answers its own question: where
    /// only others are open, that is what there is to tell.
    pub(crate) fn confirm(&self, accounts: &[Account], options: &SyncOptions, answer: HoldAnswer) -> Result<Option<Problem>, AppError> {
        let only = options.confirm_list.as_deref().map(|name| self.list(Some(name))).transpose()?;
        let mut lists = self.store.lists()?;
        lists.retain(|list| {
            let is_here = options.account.is_none() && list.target.is_none();
            let is_named = only.as_ref().is_none_or(|only| only.id == list.id);
            is_named && (is_here || accounts.iter().any(|account| list.is_kept_in(&account.id)))
        });
        let mut holds = self.store.holds()?;
        holds.retain(|hold| lists.iter().any(|list| list.id == hold.list));
        let open: BTreeSet<WaitingFor> = holds.iter().filter(|hold| !hold.confirmed).map(WaitingFor::of).collect();
        for hold in holds.iter().filter(|hold| answer.releases(WaitingFor::of(hold))) {
            self.store.confirm_hold(hold)?;
            if WaitingFor::of(hold) == WaitingFor::Start {
                self.store.set_unstarted(hold.list, false)?;
            }
        }
        let is_first_sync = open.contains(&WaitingFor::FirstSync);
        let is_asked = match answer {
            HoldAnswer::All | HoldAnswer::Add | HoldAnswer::Only(WaitingFor::FirstSync) => {
                belfry_sync::answer_first_sync(&self.store, &lists, false)?;
                answer != HoldAnswer::Add || is_first_sync
            }
            HoldAnswer::Removed => {
                belfry_sync::answer_first_sync(&self.store, &lists, true)?;
                is_first_sync
            }
            HoldAnswer::Keep => self.keep_held(accounts, &lists)?,
            HoldAnswer::Only(_) => true,
        };
        Ok(if is_asked { None } else { not_asked(answer, &open) })
    }

    /// Makes the events of a reminder again that are gone from Outlook and wait for an answer: one, or those of some dates.
    ///
    /// # Errors
    /// No such reminder.
    pub fn keep(&self, id: &str) -> Result<Reminder, AppError> {
        let reminder = self.reminder(id)?;
        let is_of = |operation: &Operation| operation.key.reminder == reminder.id;
        self.keep_where(&self.store.accounts()?, is_of)?;
        Ok(reminder)
    }

    /// The events of what is gone from Outlook and waits in these lists are wanted again. Says whether there are any.
    fn keep_held(&self, accounts: &[Account], lists: &[List]) -> Result<bool, AppError> {
        self.keep_where(accounts, |operation| lists.iter().any(|list| list.id == operation.key.list))
    }

    fn keep_where(&self, accounts: &[Account], is_meant: impl Fn(&Operation) -> bool) -> Result<bool, AppError> {
        let now = self.now();
        let mut held = Vec::new();
        for account in accounts {
            held.extend(belfry_sync::held_operations(&self.store, account, now)?);
        }
        held.retain(|operation| can_keep(operation) && is_meant(operation));
        let keep = |store: &Store| {
            let run = store.begin_run("hand", now)?;
            held.iter().try_for_each(|operation| wanted_again(store, run, now, &operation.key))?;
            store.finish_or_drop(run, now)
        };
        self.store.atomically(keep)?;
        self.renew_held(accounts)?;
        Ok(!held.is_empty())
    }

    /// What is left of a set is what waits from now on: a yes that comes before the next sync is one to that.
    fn renew_held(&self, accounts: &[Account]) -> Result<(), AppError> {
        let run = self.store.last_sync()?.map_or(0, |run| run.id);
        let mut left: BTreeMap<(ListId, Fingerprint), u64> = BTreeMap::new();
        for account in accounts {
            for operation in belfry_sync::held_operations(&self.store, account, self.now())? {
                let Some(name) = operation.held else { continue };
                *left.entry((operation.key.list, name)).or_default() += 1;
            }
        }
        Ok(left.iter().try_for_each(|((list, name), count)| self.store.add_hold(*list, run, name, *count))?)
    }
}

/// What to tell a person whose answer is none to what is asked.
fn not_asked(answer: HoldAnswer, open: &BTreeSet<WaitingFor>) -> Option<Problem> {
    let (word, about) = match answer {
        HoldAnswer::Add => ("add", "what a first sync did not find in Outlook"),
        HoldAnswer::Removed => ("removed", "what a first sync did not find in Outlook"),
        HoldAnswer::Keep => ("keep", "what is gone from Outlook"),
        HoldAnswer::All | HoldAnswer::Only(_) => return None,
    };
    let advice = |waiting_for: &WaitingFor| match waiting_for {
        WaitingFor::Shrunk => {
            "`belfry sync --confirm` says that the source is right and what it does not name goes; to keep that, put it back into the source."
        }
        WaitingFor::FirstSync => "`belfry sync --confirm add` or `belfry sync --confirm removed` answers what the first sync asked.",
        WaitingFor::Removal | WaitingFor::SameList | WaitingFor::LeftOver | WaitingFor::Vanished | WaitingFor::Start => {
            "Look at it with `belfry sync --dry-run`; `belfry sync --confirm` says yes to it."
        }
    };
    let advice: BTreeSet<&str> = open.iter().map(advice).collect();
    (!advice.is_empty()).then(|| {
        Problem::new(
            ProblemCode::Held,
            "That answers another question",
            format!("`--confirm {word}` is about {about}, and nothing of that waits here: what waits still does."),
            advice.into_iter().collect::<Vec<_>>().join(" "),
        )
    })
}

/// An event that is gone is made again: of a single date that one only.
fn wanted_again(store: &Store, run: i64, now: DateTime<Utc>, key: &Key) -> Result<(), StoreError> {
    let Some(reminder) = store.reminder(key.reminder)? else { return Ok(()) };
    let changed_at = if key.slot == Slot::Main { now } else { reminder.changed_at };
    let reminder = Reminder { changed_at, ..reminder };
    want_again(store, key, store.link(key)?)?;
    store.save_reminder(&reminder)?;
    let entry = NewEntry::of_reminder(Op::Restore, Reason::WantedAgain, &reminder, None, Some(&reminder));
    store.write_journal(run, now, &NewEntry { key: key.clone(), ..entry })
}
