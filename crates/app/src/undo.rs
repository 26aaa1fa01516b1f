//! Undo of a run or of one reminder. It changes reminders; the next sync writes them. It is a run itself, and can be undone.

use belfry_core::marker::Key;
use belfry_core::plan::Reason;
use belfry_core::projection::{Field, Fields};
use belfry_core::undo::{Change, Left, Now, Snapshot, Step, step};
use belfry_core::{Link, LinkState, List, ListId, Op, Projection, Reminder, ReminderId, Slot};
use belfry_store::{JournalEntry, NewEntry, Store, StoreError};
use chrono::{DateTime, Utc};
use serde::Serialize;

mod edits;

use crate::app::App;
use crate::error::AppError;
use crate::lists::RemovedList;
use crate::reminders::dismissed;

/// What became of one journaled change.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct UndoneDocument {
    /// Reminder id.
    pub id: String,
    /// What is taken back.
    pub op: Op,
    /// Title.
    pub title: String,
    /// `put_back`, `made_again`, `made_again_as_typed`, `restored`, `dismissed`, `removed` or `left`.
    pub did: &'static str,
    /// Fields that were put back.
    pub fields: Vec<&'static str>,
    /// From what to what they went, or would go.
    pub changes: Vec<FieldChange>,
    /// Fields that stay, as they were changed since or come from a source.
    pub stay: Vec<&'static str>,
    /// Why it is left.
    pub why: Option<String>,
}

/// One field of a reminder that an undo puts back, in words.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct FieldChange {
    /// Which.
    pub field: &'static str,
    /// What it said before the undo; empty for nothing.
    pub before: String,
    /// What it says after it.
    pub after: String,
}

/// The `undo` document.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct UndoDocument {
    /// The run that the undo is; null for a dry run, and where there was nothing to take back.
    pub run: Option<i64>,
    /// Newest change first.
    pub undone: Vec<UndoneDocument>,
}

/// Whom an undo is about.
enum What {
    Run(i64),
    Reminder(ReminderId),
}

impl App {
    /// Takes back a run, or what the newest run that changed a reminder did to it.
    ///
    /// # Errors
    /// No such run or reminder.
    pub async fn undo(&self, what: &str, dry_run: bool) -> Result<UndoDocument, AppError> {
        let what = self.undo_what(what)?;
        // Who only looks does not wait for a sync.
        let _lock = if dry_run { None } else { Some(self.only_one().await?) };
        let entries = match what {
            What::Run(run) => self.store.journal_of_run(run)?,
            What::Reminder(id) => self.store.newest_of_reminder(id)?,
        };
        if entries.is_empty() && matches!(what, What::Reminder(_)) {
            return Err(self.nothing_done(&what)?);
        }
        self.take_back(&entries, dry_run)
    }

    /// That a reminder was made is no run, so there is none to name; what its person may want has a command of its own.
    fn nothing_done(&self, what: &What) -> Result<AppError, AppError> {
        let reminder = match what {
            What::Reminder(id) => self.store.reminder(*id)?,
            What::Run(_) => None,
        };
        Ok(match reminder {
            Some(reminder) => AppError::bad(
                format!("Nothing was done to `{}` since it was made.", reminder.title),
                format!("`belfry rm {}` removes it.", reminder.id),
            ),
            None => AppError::bad("Nothing was done to this reminder that could be taken back.", "`belfry log` shows what was done."),
        })
    }

    /// Takes back what one run did to one reminder; what was changed since stays.
    ///
    /// # Errors
    /// It did nothing to it.
    pub async fn undo_entry(&self, run: i64, id: &str) -> Result<UndoDocument, AppError> {
        let _lock = self.only_one().await?;
        let mut entries = self.store.journal_of_run(run)?;
        entries.retain(|entry| entry.entry.key.reminder.to_string() == id);
        if entries.is_empty() {
            return Err(AppError::bad("This run did nothing to the reminder.", "`belfry log` shows what was done."));
        }
        self.take_back(&entries, false)
    }

    fn take_back(&self, entries: &[JournalEntry], dry_run: bool) -> Result<UndoDocument, AppError> {
        let now = self.now();
        let work = |store: &Store| {
            let run = store.begin_run("undo", now)?;
            let undo = Undo { store, run, now, entries };
            let undone = undo.steps()?.iter().map(|entry| undo.entry(entry)).collect::<Result<Vec<_>, _>>()?;
            Ok((store.finish_or_drop(run, now)?.then_some(run), undone))
        };
        let (run, undone) = if dry_run { self.store.on_trial(work)? } else { self.store.atomically(work)? };
        Ok(UndoDocument { run: run.filter(|_| !dry_run), undone })
    }

    /// A number is a run if there is one of it; everything else is an id, also of a reminder that is gone.
    fn undo_what(&self, what: &str) -> Result<What, AppError> {
        if let Ok(run) = what.trim().parse::<i64>()
            && self.store.run(run)?.is_some()
        {
            return Ok(What::Run(run));
        }
        if let Ok(id) = what.trim().parse::<ReminderId>() {
            return Ok(What::Reminder(id));
        }
        match self.reminder(what) {
            Ok(reminder) => Ok(What::Reminder(reminder.id)),
            Err(AppError::Unknown { .. }) if what.trim().len() >= 6 => {
                let mut ids = self.store.journaled_ids(&what.trim().to_ascii_lowercase(), 2)?;
                match (ids.pop(), ids.pop()) {
                    (Some(id), None) => Ok(What::Reminder(id)),
                    (Some(_), Some(_)) => Err(AppError::Ambiguous { kind: "reminder", name: what.to_owned() }),
                    (None, _) => Err(AppError::Unknown { kind: "run or reminder", name: what.to_owned() }),
                }
            }
            Err(_) if what.trim().parse::<i64>().is_ok() => Err(AppError::Unknown { kind: "run", name: what.to_owned() }),
            Err(error) => Err(error),
        }
    }
}

/// A journal entry as a change. What a newer Belfry wrote and this one cannot read is none.
pub(crate) fn change_of(entry: &JournalEntry) -> Change {
    let snapshot = |text: &Option<String>| text.as_deref().and_then(|text| serde_json::from_str::<Snapshot>(text).ok());
    let is_again = [Reason::Moved, Reason::MadeAgain].iter().any(|reason| entry.entry.reason == reason.to_string());
    let is_left_over = entry.entry.reason == Reason::LeftOver.to_string();
    Change { op: entry.entry.op, before: snapshot(&entry.entry.before), after: snapshot(&entry.entry.after), is_again, is_left_over }
}

struct Undo<'a> {
    store: &'a Store,
    run: i64,
    now: DateTime<Utc>,
    /// All that is taken back.
    entries: &'a [JournalEntry],
}

impl Undo<'_> {
    /// What is to be taken back, newest first: where a person's edit is behind what was written, the edit.
    fn steps(&self) -> Result<Vec<JournalEntry>, StoreError> {
        let edits = edits::behind(self.store, self.entries)?;
        let mut steps: Vec<JournalEntry> = vec![];
        for entry in self.entries.iter().rev() {
            let is_behind = edits.contains_key(&entry.entry.key.reminder) && edits::is_written(entry);
            steps.extend((!is_behind && !self.is_of_making(entry)).then(|| entry.clone()));
        }
        steps.extend(edits.into_values());
        Ok(steps)
    }

    fn entry(&self, entry: &JournalEntry) -> Result<UndoneDocument, StoreError> {
        let key = &entry.entry.key;
        let list = self.store.list(key.list)?.map_or_else(|| self.list_again(entry), |list| Ok(Some(list)))?;
        let reminder = self.store.reminder(key.reminder)?;
        let link = self.store.link(key)?;
        let change = change_of(entry);
        let change = Change { is_again: change.is_again || self.replaces(entry), ..change };
        let now = Now {
            reminder: reminder.as_ref(),
            link: link.as_ref().map(|link| link.state),
            direction: list.as_ref().map(|list| list.direction),
            slot: &key.slot,
            is_kept: list.as_ref().is_some_and(|list| list.target.is_some()),
        };
        let step = match step(&change, now) {
            // An event of one date is not the reminder, and one of a whole reminder does not say all of it.
            Step::MakeAgain(Snapshot::Event(event)) => match self.as_removed(key)? {
                Some(reminder) => Step::MakeAgain(Snapshot::Reminder(reminder)),
                None if key.slot == Slot::Main => Step::MakeAgain(Snapshot::Event(event)),
                None => Step::Leave(Left::Gone),
            },
            Step::TakeIn(_) if key.slot != Slot::Main => Step::Leave(Left::Gone),
            Step::TakeIn(_) if self.store.reminder(taken_in(key).reminder)?.is_some() => Step::Leave(Left::AlreadySo),
            Step::PutBack { reminder: to, .. } if to.list != key.list && !self.is_typed(to.list)? => Step::Leave(Left::Gone),
            // The later part is a reminder of its own: the first one goes on to where that begins.
            Step::PutBack { .. } if self.was_split(key) => Step::Leave(Left::Bookkeeping),
            step => step,
        };
        self.perform(entry, &step, reminder.as_ref(), link)?;
        let changes = self.changes(&step, reminder.as_ref())?;
        Ok(document(entry, &step, reminder.as_ref(), changes))
    }

    /// What a step makes of a reminder, field by field.
    fn changes(&self, step: &Step, was: Option<&Reminder>) -> Result<Vec<FieldChange>, StoreError> {
        let (Step::PutBack { reminder, .. }, Some(was)) = (step, was) else { return Ok(vec![]) };
        let side = |reminder: &Reminder| Some(Snapshot::Reminder(Box::new(reminder.clone())));
        let change = Change { op: Op::Update, before: side(was), after: side(reminder), is_again: false, is_left_over: false };
        let name = |id| Ok::<_, StoreError>(self.store.list(id)?.map(|list| list.name).unwrap_or_default());
        let moved = change.lists().map(|(from, to)| Ok::<_, StoreError>(("list", name(from)?, name(to)?))).transpose()?;
        let all = change.in_words().into_iter().chain(moved);
        Ok(all.map(|(field, before, after)| FieldChange { field, before, after }).collect())
    }

    fn removed_list(&self, entry: &JournalEntry) -> Result<Option<RemovedList>, StoreError> {
        let report = self.store.report_of(entry.run)?.and_then(|report| serde_json::from_str::<RemovedList>(&report).ok());
        Ok(report.filter(|removed| removed.list.id == entry.entry.key.list))
    }

    /// What its person had removed in Outlook before its list went comes back as it was, without an event.
    fn stays_away(&self, entry: &JournalEntry, reminder: &Reminder) -> Result<(), StoreError> {
        let dismissed = self.removed_list(entry)?.map(|removed| removed.dismissed).unwrap_or_default();
        let Some((_, place)) = dismissed.into_iter().find(|(id, _)| *id == reminder.id) else { return Ok(()) };
        let key = Key::main(reminder.list, reminder.id);
        let link = Link::creating(key.clone(), place, self.store.generation(&key)?, Projection::of(reminder));
        self.store.save_link(&Link { state: LinkState::Dismissed, sending: None, ..link })
    }

    /// A list that was removed with all that was typed into it is there again, on this computer only.
    fn list_again(&self, entry: &JournalEntry) -> Result<Option<List>, StoreError> {
        let Some(RemovedList { list, .. }) = self.removed_list(entry)? else { return Ok(None) };
        if self.store.list_named(&list.name)?.is_some() {
            return Ok(None);
        }
        self.store.save_list(&list)?;
        Ok(Some(list))
    }

    /// Whether a list is there, for reminders that are typed.
    fn is_typed(&self, list: ListId) -> Result<bool, StoreError> {
        Ok(self.store.list(list)?.is_some_and(|list| list.source.is_none()))
    }

    /// Whether an event was made in the place of others of its reminder: taking only that back would leave it without any.
    fn replaces(&self, made: &JournalEntry) -> bool {
        let is_gone = |other: &JournalEntry| other.entry.op == Op::Delete && other.entry.key.reminder == made.entry.key.reminder;
        made.entry.op == Op::Create && self.entries.iter().any(is_gone)
    }

    /// A series is made plain, and what is said of single dates is written next: taken back is its making, or nothing.
    fn is_of_making(&self, written: &JournalEntry) -> bool {
        let is_made = |other: &JournalEntry| {
            other.entry.op == Op::Create && other.run == written.run && other.entry.key == written.entry.key && other.id < written.id
        };
        let says_dates_only = || change_of(written).fields().into_iter().eq([Field::Occurrences]);
        written.entry.op == Op::Update && edits::is_written(written) && self.entries.iter().any(is_made) && says_dates_only()
    }

    /// Whether the run made two reminders of one, as Outlook had split its series.
    fn was_split(&self, key: &Key) -> bool {
        let split = Reason::SplitOff.to_string();
        self.entries.iter().any(|entry| entry.entry.key.reminder == key.reminder && entry.entry.reason == split)
    }

    /// A reminder as it was when it was removed, if that was here.
    fn as_removed(&self, key: &Key) -> Result<Option<Box<Reminder>>, StoreError> {
        let history = self.store.journal_of_reminder(key.reminder)?;
        let before = |entry: &JournalEntry| match (entry.entry.op, change_of(entry).before) {
            (Op::Delete, Some(Snapshot::Reminder(reminder))) if reminder.list == key.list => Some(reminder),
            _ => None,
        };
        Ok(history.iter().find_map(before))
    }

    fn perform(&self, entry: &JournalEntry, step: &Step, before: Option<&Reminder>, link: Option<Link>) -> Result<(), StoreError> {
        let key = match step {
            Step::TakeIn(_) => &taken_in(&entry.entry.key),
            _ => &entry.entry.key,
        };
        match step {
            Step::Leave(_) => return Ok(()),
            Step::PutBack { reminder, .. } => self.save(reminder)?,
            Step::MakeAgain(snapshot) | Step::TakeIn(snapshot) => {
                still_there(self.store, key, link)?;
                let again = made_again(snapshot, key, entry.at);
                self.save(&again)?;
                self.stays_away(entry, &again)?;
            }
            Step::Restore => {
                want_again(self.store, key, link)?;
                before.map_or(Ok(()), |reminder| self.save(reminder))?;
            }
            Step::Dismiss => {
                let unwanted = match (link, before) {
                    (None, Some(reminder)) => self.store.list(key.list)?.map_or(Ok(None), |list| dismissed(self.store, reminder, &list))?,
                    (link, _) => link.map(|link| Link { state: LinkState::Undone, ..link }),
                };
                unwanted.map_or(Ok(()), |link| self.store.save_link(&link))?;
                before.map_or(Ok(()), |reminder| self.save(reminder))?;
            }
            Step::Remove => self.store.remove_reminder(key.reminder)?,
        }
        let after = self.store.reminder(key.reminder)?;
        let (op, old, new) = match step {
            Step::PutBack { .. } => (Op::Update, before, after.as_ref()),
            Step::MakeAgain(_) | Step::TakeIn(_) => (Op::Create, None, after.as_ref()),
            Step::Restore => (Op::Restore, None, after.as_ref()),
            Step::Dismiss => (Op::Dismiss, before, None),
            Step::Remove | Step::Leave(_) => (Op::Delete, before, None),
        };
        let text = |reminder: Option<&Reminder>| reminder.and_then(|one| serde_json::to_string(one).ok());
        let journaled = NewEntry {
            op,
            key: Key { list: after.as_ref().map_or(key.list, |reminder| reminder.list), ..key.clone() },
            title: entry.entry.title.clone(),
            event_id: entry.entry.event_id.clone(),
            reason: Reason::Undone.to_string(),
            before: text(old),
            after: text(new),
            conflict: false,
        };
        self.store.write_journal(self.run, self.now, &journaled)
    }

    fn save(&self, reminder: &Reminder) -> Result<(), StoreError> {
        self.store.look_at_conflicts(Some(reminder.id))?;
        self.store.save_reminder(&Reminder { changed_at: self.now, ..reminder.clone() })
    }
}

/// Whose a left-over event becomes: the first list is always there, and typed.
fn taken_in(key: &Key) -> Key {
    let list = ListId::of_name(belfry_core::list::DEFAULT_LIST);
    Key::main(list, ReminderId::of_left_over(list, key.reminder))
}

/// A reminder that was removed is wanted again: an event of it that did not go yet is its own.
fn still_there(store: &Store, key: &Key, link: Option<Link>) -> Result<(), StoreError> {
    store.let_dates_come_back(key)?;
    match link {
        Some(link) if matches!(link.state, LinkState::Linked | LinkState::Tombstone) && store.has_linked_event(&link)? => {
            store.save_link(&Link { state: LinkState::Linked, ..link })
        }
        _ => store.remove_link(key),
    }
}

/// The event of a reminder is wanted again: one whose deletion did not begin is still its own.
pub(crate) fn want_again(store: &Store, key: &Key, link: Option<Link>) -> Result<(), StoreError> {
    store.look_at_dates(&Key::main(key.list, key.reminder))?;
    let Some(link) = link else { return Ok(()) };
    if link.state == LinkState::Undone && store.has_linked_event(&link)? {
        return store.save_link(&Link { state: LinkState::Linked, ..link });
    }
    store.remove_link(key)
}

/// A removed reminder, as far as the journal knows it: of what was never in Outlook only what was removed here itself is known.
fn made_again(snapshot: &Snapshot, key: &Key, at: DateTime<Utc>) -> Reminder {
    match snapshot {
        Snapshot::Reminder(reminder) => (**reminder).clone(),
        Snapshot::Event(event) => belfry_core::merge::made_from(key, event, at, at),
    }
}

fn document(entry: &JournalEntry, step: &Step, was: Option<&Reminder>, changes: Vec<FieldChange>) -> UndoneDocument {
    let words = |fields: &Fields| fields.iter().map(|field| field.word()).collect::<Vec<_>>();
    let (did, fields, stay, why) = match step {
        Step::PutBack { reminder, back, stay } => {
            let list = was.is_some_and(|was| was.list != reminder.list).then_some("list");
            ("put_back", words(back).into_iter().chain(list).collect(), words(stay), None)
        }
        Step::MakeAgain(_) => ("made_again", vec![], vec![], None),
        Step::TakeIn(_) => ("made_again_as_typed", vec![], vec![], None),
        Step::Restore => ("restored", vec![], vec![], None),
        Step::Dismiss => ("dismissed", vec![], vec![], None),
        Step::Remove => ("removed", vec![], vec![], None),
        Step::Leave(left) => ("left", vec![], vec![], Some(left.to_string())),
    };
    let (id, title) = (entry.entry.key.reminder.to_string(), entry.entry.title.clone());
    UndoneDocument { id, op: entry.entry.op, title, did, fields, changes, stay, why }
}
