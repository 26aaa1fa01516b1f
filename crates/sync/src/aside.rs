//! What is put aside in one run: events that Outlook does not show, and reminders that it fails to write. Nothing is decided about them; the rest goes on.
//!
//! An event that was not shown is asked for again by the next runs, without patience, until it is: the change feed has said its part, and is followed on.

use std::cell::RefCell;
use std::collections::{BTreeMap, BTreeSet};

use belfry_core::{AccountId, Place, Problem, ProblemCode, ReminderId};
use belfry_graph::{GraphError, SeenEvent};
use belfry_store::{Store, StoreError};

use crate::error::SyncError;

/// So many in a row that meet a fault, and nothing that does not in between: it is the server, and not they.
const DOWN: usize = 3;
/// More are told of together.
const NAMED: usize = 3;

/// What is put aside in one run.
#[derive(Debug)]
pub struct Aside {
    account: AccountId,
    state: RefCell<State>,
}

#[derive(Debug, Default)]
struct State {
    /// Events that were not shown, with their calendar; from earlier runs too.
    doubtful: BTreeMap<String, String>,
    /// Those that were not shown in this run, and why.
    unseen: BTreeMap<String, String>,
    /// Those that this run was told of for the first time, and that were not there.
    early: BTreeSet<String>,
    /// Events that this run was told, by their id, not to be there, with the place where they were known.
    absent: BTreeMap<String, Option<Place>>,
    /// Those that were doubtful before this run.
    before: BTreeSet<String>,
    /// Reminders that nothing is decided about in this run.
    reminders: BTreeSet<ReminderId>,
    /// Those of them that were not written: title and why.
    unwritten: BTreeMap<ReminderId, (String, String)>,
    /// Looks in a row that met a fault.
    looks: usize,
    /// Writes in a row that did.
    writes: usize,
    /// Whether any write was answered without a fault.
    has_written: bool,
}

impl Aside {
    /// With what earlier runs were not shown.
    ///
    /// # Errors
    /// When the database fails.
    pub fn of(store: &Store, account: &AccountId) -> Result<Self, StoreError> {
        let known = store.meta(&doubtful(account))?.unwrap_or_default();
        let doubtful: BTreeMap<String, String> = serde_json::from_str(&known).unwrap_or_default();
        let state = State { before: doubtful.keys().cloned().collect(), doubtful, ..State::default() };
        Ok(Self { account: account.clone(), state: RefCell::new(state) })
    }

    /// Events of a calendar that earlier runs were not shown.
    pub(crate) fn doubtful_at(&self, place: &Place) -> Vec<String> {
        self.state.borrow().doubtful.iter().filter(|(_, at)| **at == place.calendar).map(|(id, _)| id.clone()).collect()
    }

    /// Whether an earlier run, or this one, was not shown this event.
    pub(crate) fn is_doubtful(&self, id: &str) -> bool {
        self.state.borrow().doubtful.contains_key(id)
    }

    /// Whether this run was not shown this event.
    pub(crate) fn is_unseen(&self, id: &str) -> bool {
        self.state.borrow().unseen.contains_key(id)
    }

    /// It was shown, or is gone.
    pub(crate) fn is_seen(&self, store: &Store, ids: &[String]) -> Result<(), StoreError> {
        let before = self.state.borrow().doubtful.len();
        let mut state = self.state.borrow_mut();
        for id in ids.iter().filter(|id| !state.unseen.contains_key(*id) && !state.early.contains(*id)).collect::<Vec<_>>() {
            state.doubtful.remove(id);
        }
        if state.doubtful.len() < before { self.save(store, &state) } else { Ok(()) }
    }

    /// Outlook does not show this event.
    pub(crate) fn unseen(&self, store: &Store, place: &Place, id: &str, why: String) -> Result<(), StoreError> {
        tracing::warn!(why, "an event is not shown; nothing is decided about it");
        let mut state = self.state.borrow_mut();
        state.unseen.insert(id.to_owned(), why);
        let known = store.event(&place.account, id)?.and_then(|event| event.marker);
        state.reminders.extend(known.map(|marker| marker.key.reminder));
        self.doubt(store, &mut state, place, id)
    }

    /// Later runs ask for it again.
    fn doubt(&self, store: &Store, state: &mut State, place: &Place, id: &str) -> Result<(), StoreError> {
        match state.doubtful.insert(id.to_owned(), place.calendar.clone()) {
            Some(before) if before == place.calendar => Ok(()),
            _ => self.save(store, state),
        }
    }

    /// The change feed told of an event that nobody knows, and it is not there: for some seconds after it was made a server may not find it. The next run asks once more.
    pub(crate) fn not_yet(&self, store: &Store, place: &Place, id: &str) -> Result<(), StoreError> {
        let mut state = self.state.borrow_mut();
        if state.doubtful.contains_key(id) {
            return Ok(());
        }
        state.early.insert(id.to_owned());
        self.doubt(store, &mut state, place, id)
    }

    /// It is said not to be there, in its calendar and anywhere; with the place where it was known to be.
    pub(crate) fn absent(&self, id: &str, known_at: Option<&Place>) {
        self.state.borrow_mut().absent.insert(id.to_owned(), known_at.cloned());
    }

    /// Whether this run was told so.
    pub(crate) fn is_absent(&self, id: &str) -> bool {
        self.state.borrow().absent.contains_key(id)
    }

    /// How many of those that were known at each place this run was told not to be there.
    pub(crate) fn absent_at(&self) -> BTreeMap<Place, usize> {
        let mut counts = BTreeMap::new();
        for place in self.state.borrow().absent.values().flatten() {
            *counts.entry(place.clone()).or_default() += 1;
        }
        counts
    }

    /// A listing shows this event. Where it was said not to be there both cannot be, and nothing is decided about it; who meets that a second time is told.
    pub(crate) fn listed(&self, store: &Store, place: &Place, listed: &SeenEvent) -> Result<(), StoreError> {
        if self.is_absent(&listed.event_id) { self.contradicts(store, place, listed) } else { Ok(()) }
    }

    /// What shows this event and what says that it is not there cannot both be.
    pub(crate) fn contradicts(&self, store: &Store, place: &Place, listed: &SeenEvent) -> Result<(), StoreError> {
        let id = &listed.event_id;
        listed.marker.marker().into_iter().for_each(|marker| self.skip(marker.key.reminder));
        let mut state = self.state.borrow_mut();
        if state.before.contains(id) {
            drop(state);
            return self.unseen(store, place, id, "404".into());
        }
        state.early.insert(id.clone());
        self.doubt(store, &mut state, place, id)
    }

    /// Calendars with events that earlier runs were not shown.
    pub(crate) fn doubtful_places(&self) -> BTreeSet<Place> {
        let place = |calendar: &String| Place { account: self.account.clone(), calendar: calendar.clone() };
        self.state.borrow().doubtful.values().map(place).collect()
    }

    /// A calendar is gone, with all that was doubtful in it.
    pub(crate) fn is_gone(&self, store: &Store, place: &Place) -> Result<(), StoreError> {
        let mut state = self.state.borrow_mut();
        let before = state.doubtful.len();
        state.doubtful.retain(|_, calendar| *calendar != place.calendar);
        if state.doubtful.len() < before { self.save(store, &state) } else { Ok(()) }
    }

    /// Where it is kept which calendars do not answer.
    pub(crate) fn silent(&self) -> String {
        format!("silent:{}", self.account)
    }

    fn save(&self, store: &Store, state: &State) -> Result<(), StoreError> {
        store.set_meta(&doubtful(&self.account), &serde_json::to_string(&state.doubtful).unwrap_or_default())
    }

    /// What single events were answered with: faults of the server's, by status, and how many were answered without one.
    ///
    /// # Errors
    /// [`GraphError::Faulty`] when it is the server.
    pub(crate) fn looked(&self, faults: &[u16], others: usize) -> Result<(), GraphError> {
        let mut state = self.state.borrow_mut();
        state.looks = if others > 0 { 0 } else { state.looks + faults.len() };
        match faults.last() {
            Some(status) if state.looks >= DOWN => Err(GraphError::Faulty { status: *status, code: String::new() }),
            _ => Ok(()),
        }
    }

    /// The same of writes. Says whether it is the server.
    pub(crate) fn wrote(&self, faults: usize, others: usize) -> bool {
        let mut state = self.state.borrow_mut();
        state.writes = if others > 0 { 0 } else { state.writes + faults };
        state.has_written |= others > 0;
        state.writes >= DOWN
    }

    /// Nothing more is decided about a reminder in this run.
    pub(crate) fn skip(&self, reminder: ReminderId) {
        self.state.borrow_mut().reminders.insert(reminder);
    }

    /// A reminder was not written, and may be in the next run.
    pub(crate) fn unwritten(&self, reminder: ReminderId, title: &str, why: String) {
        tracing::warn!(why, "a reminder could not be written; it is put aside for this run");
        let mut state = self.state.borrow_mut();
        state.reminders.insert(reminder);
        state.unwritten.insert(reminder, (title.to_owned(), why));
    }

    /// Whether nothing is decided about a reminder in this run.
    pub(crate) fn skips(&self, reminder: &ReminderId) -> bool {
        self.state.borrow().reminders.contains(reminder)
    }

    /// Whether something was to be written, and nothing was: as when the server is down.
    pub(crate) fn wrote_nothing(&self) -> bool {
        let state = self.state.borrow();
        !state.unwritten.is_empty() && !state.has_written
    }

    /// What to tell.
    pub(crate) fn problems(&self, store: &Store) -> Result<Vec<Problem>, StoreError> {
        let state = self.state.borrow();
        let mut unseen = Vec::new();
        for (id, why) in &state.unseen {
            let event = store.event(&self.account, id)?;
            let title = match event.as_ref().and_then(|event| event.marker.as_ref()) {
                Some(marker) => store.reminder(marker.key.reminder)?.map(|reminder| reminder.title),
                None => None,
            };
            let title = title.or_else(|| event.map(|event| event.projection.title));
            unseen.push((title.map_or_else(|| id.clone(), |title| format!("\u{201c}{title}\u{201d}")), why.clone()));
        }
        let unwritten = state.unwritten.values().map(|(title, why)| (format!("\u{201c}{title}\u{201d}"), why.clone()));
        Ok(told(&unseen, &UNSEEN).into_iter().chain(told(&unwritten.collect::<Vec<_>>(), &UNWRITTEN)).collect())
    }
}

/// Why an event is not shown or not written, where that is about the one event; else what ends the run.
pub(crate) fn of_one(error: GraphError) -> Result<String, SyncError> {
    match error {
        GraphError::Forbidden { code } if code.is_empty() => Ok("403".into()),
        GraphError::Faulty { status, code } if code.is_empty() => Ok(status.to_string()),
        // Of the change feed it is the state that is gone; of one event nothing but that it is not to be had.
        GraphError::SyncStateGone => Ok("410".into()),
        GraphError::Forbidden { code } | GraphError::Faulty { code, .. } | GraphError::Refused { code, .. } => Ok(code),
        error => Err(error.into()),
    }
}

/// The words for one kind.
struct Words {
    title: &'static str,
    one: &'static str,
    many: &'static str,
    action: &'static str,
}

const UNSEEN: Words = Words {
    title: "An event cannot be read",
    one: "Outlook does not show the event",
    many: "Outlook does not show",
    action: "If it stays so, open the event in Outlook and see what is wrong with it.",
};

const UNWRITTEN: Words = Words {
    title: "Not written to Outlook yet",
    one: "Outlook meets a fault of its own with",
    many: "Outlook meets a fault of its own with",
    action: "Nothing to do: the next sync tries again. If it stays so, change the reminder.",
};

/// One problem each; of many, one for all.
fn told(all: &[(String, String)], words: &Words) -> Vec<Problem> {
    const REST: &str = "Nothing was done about it, and everything else goes on";
    if all.len() <= NAMED {
        let one = |(name, why): &(String, String)| {
            Problem::new(ProblemCode::EventWaits, words.title, format!("{} {name} ({why}). {REST}.", words.one), words.action)
        };
        return all.iter().map(one).collect();
    }
    let names: Vec<&str> = all.iter().take(NAMED).map(|(name, _)| name.as_str()).collect();
    let detail = format!("{} {} events, {} among them. {REST}.", words.many, all.len(), names.join(", "));
    vec![Problem::new(ProblemCode::EventWaits, words.title, detail, words.action)]
}

fn doubtful(account: &AccountId) -> String {
    format!("doubtful:{account}")
}
