//! Reminders: add, edit, done, remove, restore.

use belfry_core::marker::Key;
use belfry_core::plainer::plainer;
use belfry_core::plan::Reason;
use belfry_core::{Direction, Length, Link, LinkState, List, Op, Projection, Recurrence, Reminder, ReminderId, Rule, ShowAs, When, Zone};
use belfry_store::{NewEntry, ReminderRow, Store, StoreError};
use chrono::{DateTime, Duration, Utc};
use uuid::Uuid;

use crate::app::App;
use crate::error::{AppError, sentence};

/// How long an edit takes that is saved as one types.
const OF_A_MOMENT: Duration = Duration::minutes(1);

/// What is said of a reminder. `None` is "not said".
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct ReminderWish {
    /// Title.
    pub title: Option<String>,
    /// `2027-03-03` or `2027-03-03T09:00`.
    pub at: Option<String>,
    /// IANA name.
    pub zone: Option<String>,
    /// Duration in minutes.
    pub minutes: Option<u32>,
    /// RRULE without its prefix; empty takes the repetition off.
    pub repeat: Option<String>,
    /// Lead times in minutes; empty is no alarm.
    pub alarms: Option<Vec<i32>>,
    /// Notes.
    pub notes: Option<String>,
    /// Category; empty takes it off.
    pub category: Option<String>,
    /// Show-as.
    pub show_as: Option<ShowAs>,
    /// Private.
    pub private: Option<bool>,
    /// Web address; empty takes it off.
    pub link: Option<String>,
    /// Name of the list that it moves to; of a new reminder the list that it goes into.
    pub list: Option<String>,
}

impl App {
    /// Adds a reminder, to `Reminders` if no list is named.
    ///
    /// # Errors
    /// A value that cannot be; then nothing is added.
    pub fn add_reminder(&self, wish: &ReminderWish) -> Result<Reminder, AppError> {
        let (main, _) = self.add_reminders(wish)?;
        Ok(main)
    }

    /// The same, with the others that a rule of several times a day makes: each time is a reminder of its own, as where a file says so. A series that begins in an hour which the
    /// clock leaves out has its first date beside it, at the time that the clock shows.
    ///
    /// # Errors
    /// A value that cannot be; then nothing is added.
    pub fn add_reminders(&self, wish: &ReminderWish) -> Result<(Reminder, Vec<Reminder>), AppError> {
        let whole = self.fresh_reminder(wish)?;
        let (mut main, others): (Vec<Reminder>, Vec<Reminder>) =
            belfry_ical::divided(whole.clone()).into_iter().partition(|one| one.id == whole.id);
        let main = main.pop().unwrap_or(whole);
        self.store.atomically(|store| others.iter().chain([&main]).try_for_each(|one| store.save_reminder(one)))?;
        Ok((main, others))
    }

    fn fresh_reminder(&self, wish: &ReminderWish) -> Result<Reminder, AppError> {
        let list = self.typed_list(wish.list.as_deref())?;
        let how = "Say when with `--at 2027-03-03T09:00`, or all of it in words: `belfry add --words \"Renew passport 3 March 9am\"`.";
        let at = wish.at.as_deref().ok_or_else(|| AppError::bad("A reminder needs a time.", how))?;
        let zone = self.zone_of(wish.zone.as_deref(), &list)?;
        let when = when_of(at, zone)?;
        let now = self.now();
        let fresh = Reminder {
            id: ReminderId(Uuid::now_v7()),
            list: list.id,
            title: String::new(),
            notes: String::new(),
            when,
            length: Length::default_for(&when),
            recurrence: None,
            alarms: list.defaults.alarms_for(&when),
            category: None,
            show_as: list.defaults.show_as,
            private: false,
            link: None,
            done: false,
            created_at: now,
            changed_at: now,
            uid: None,
            kept: belfry_core::Kept::default(),
            other: vec![],
        };
        changed(fresh, wish)
    }

    /// Adds a reminder from plain words.
    ///
    /// # Errors
    /// No title or no time in them.
    pub fn add_words(&self, text: &str, list: Option<&str>) -> Result<Vec<ReminderId>, AppError> {
        let (main, others) = self.add_reminders(&self.wish_of(text, list)?)?;
        Ok(std::iter::once(&main).chain(&others).map(|reminder| reminder.id).collect())
    }

    /// What plain words wish for.
    ///
    /// # Errors
    /// No time in them.
    pub fn wish_of(&self, text: &str, list: Option<&str>) -> Result<ReminderWish, AppError> {
        let understood = self.understand(text);
        let Some(when) = understood.when else {
            let said = match understood.unread.first() {
                Some(words) => format!("`{}` was not understood, and `{text}` says no other time.", words.text),
                None => format!("`{text}` says no time."),
            };
            return Err(AppError::bad(said, "Add a time, such as `tomorrow 9am` or `3 March`."));
        };
        Ok(ReminderWish {
            title: Some(understood.title),
            at: Some(when.to_string()),
            // As with --at: where none is named, the list's own zone, else that of this computer.
            zone: understood.zone.map(|zone| zone.name().to_owned()),
            minutes: understood.length.map(Length::minutes),
            repeat: understood.rule.map(|rule| rule.to_string()),
            alarms: (understood.no_alarm || !understood.alarms.is_empty()).then_some(understood.alarms),
            list: understood.list.or_else(|| list.map(str::to_owned)),
            ..ReminderWish::default()
        })
    }

    /// The list of a name, if reminders can be typed into it.
    pub(crate) fn typed_list(&self, name: Option<&str>) -> Result<List, AppError> {
        let list = self.list(name)?;
        match list.source {
            None => Ok(list),
            Some(_) => Err(AppError::bad(format!("The list `{}` follows a source of its own.", list.name), "Name another list.")),
        }
    }

    /// What plain words mean here and now, in whatever language they are.
    #[must_use]
    pub fn understand(&self, text: &str) -> belfry_words::Understood {
        let here = belfry_words::Here { now: self.zone().wall(self.now()), zone: self.zone() };
        belfry_words::read_any(text, here, belfry_words::Language::English).1
    }

    /// Changes a reminder. Of a sourced one only alarms, category, show-as and privacy can be changed; those are kept over the source.
    ///
    /// # Errors
    /// A value that cannot be; then nothing is changed.
    pub fn edit_reminder(&self, id: &str, wish: &ReminderWish) -> Result<Reminder, AppError> {
        let known = self.reminder(id)?;
        let list = self.list_of(&known)?;
        let mut edited =
            if list.direction == Direction::Source { keep(known.clone(), wish)? } else { self.changed_times(known.clone(), wish, &list)? };
        edited.changed_at = self.now();
        self.save_edit(&known, &edited, Reason::Edited)?;
        Ok(edited)
    }

    pub(crate) fn changed_times(&self, known: Reminder, wish: &ReminderWish, list: &List) -> Result<Reminder, AppError> {
        let zone = match (&wish.zone, known.when.zone()) {
            (None, Some(zone)) => zone,
            (given, _) => self.zone_of(given.as_deref(), list)?,
        };
        let when = match &wish.at {
            Some(at) => when_of(at, zone)?,
            None => match known.when {
                When::At { local, .. } => When::At { local, zone },
                date => date,
            },
        };
        let length = if known.length.fits(&when) { known.length } else { Length::default_for(&when) };
        let list = wish.list.as_deref().map_or(Ok(known.list), |name| self.typed_list(Some(name)).map(|list| list.id))?;
        let recurrence = known.recurrence.map(|series| series.keeping_lengths(known.length, &when).moved(&known.when, &when));
        changed(Reminder { list, when, length, recurrence, ..known }, wish)
    }

    /// Marks a reminder as done, or as not done. Its event stays, without an alarm.
    ///
    /// # Errors
    /// No such reminder.
    pub fn set_done(&self, id: &str, done: bool) -> Result<Reminder, AppError> {
        let known = self.reminder(id)?;
        let mut reminder = Reminder { changed_at: self.now(), ..known.clone() };
        match self.list_of(&known)?.direction {
            Direction::Source => reminder.kept.done = done,
            Direction::Both => reminder.done = done,
        }
        self.save_edit(&known, &reminder, if done { Reason::Done } else { Reason::NotDone })?;
        Ok(reminder)
    }

    /// Removes a reminder. Its event goes with the next sync; a sourced one is dismissed, or it would come back with its source.
    ///
    /// # Errors
    /// No such reminder.
    pub fn remove_reminder(&self, id: &str) -> Result<Reminder, AppError> {
        let reminder = self.reminder(id)?;
        let list = self.list_of(&reminder)?;
        if list.direction == Direction::Source {
            let link = dismissed(&self.store, &reminder, &list)?.ok_or_else(|| {
                AppError::bad(
                    "This reminder comes from a source and is not in Outlook; here it would come back.",
                    "Remove it at its source.",
                )
            })?;
            self.by_hand(Op::Dismiss, Reason::RemovedHere, &reminder, None, |store| store.save_link(&link))?;
        } else {
            self.by_hand(Op::Delete, Reason::RemovedHere, &reminder, None, |store| store.remove_reminder(reminder.id))?;
        }
        Ok(reminder)
    }

    /// Saves what a person changed by hand. Saying the same again is no edit.
    pub(crate) fn save_edit(&self, before: &Reminder, after: &Reminder, reason: Reason) -> Result<(), AppError> {
        if *after != (Reminder { changed_at: after.changed_at, ..before.clone() }) {
            self.by_hand(Op::Update, reason, before, Some(after), |store| store.save_reminder(after))?;
        }
        Ok(self.store.look_at_conflicts(Some(after.id))?)
    }

    /// What a person does by hand is a run of its own, so that it can be undone.
    fn by_hand(
        &self,
        op: Op,
        reason: Reason,
        before: &Reminder,
        after: Option<&Reminder>,
        does: impl FnOnce(&Store) -> Result<(), StoreError>,
    ) -> Result<(), AppError> {
        let entry = NewEntry {
            event_id: self.store.any_event_of(&Key::main(before.list, before.id))?,
            ..NewEntry::of_reminder(op, reason, after.unwrap_or(before), Some(before), after)
        };
        Ok(self.store.atomically(|store| {
            does(store)?;
            match last_of_the_moment(store, &entry, self.now())? {
                Some(last) => store.amend_journal(last, &entry),
                None => journal_by_hand(store, &entry, self.now()),
            }
        })?)
    }

    /// Makes the event of a dismissed or refused reminder again.
    ///
    /// # Errors
    /// No such reminder.
    pub fn restore_reminder(&self, id: &str) -> Result<Reminder, AppError> {
        let reminder = Reminder { changed_at: self.now(), ..self.reminder(id)? };
        let key = Key::main(reminder.list, reminder.id);
        let link = self.store.link(&key)?;
        let has_event = link.as_ref().map_or(Ok(false), |link| self.store.has_linked_event(link))?;
        // A person who moves an event by copying it has one with another id, and our mark.
        let is_elsewhere = || link.as_ref().map_or(Ok(false), |link| self.store.has_copy_elsewhere(link));
        if link.as_ref().is_some_and(|link| link.state == LinkState::Detached) && (has_event || is_elsewhere()?) {
            return Err(AppError::bad(
                "Its event was moved away or turned into a meeting in Outlook, and is still there.",
                "Delete that event in Outlook first.",
            ));
        }
        let entry = NewEntry::of_reminder(Op::Restore, Reason::WantedAgain, &reminder, None, Some(&reminder));
        self.store.atomically(|store| {
            let mut is_wanted = false;
            for date in store.links_of_dates(&key)?.into_iter().filter(|date| is_off(date.state)) {
                crate::undo::want_again(store, &date.key.clone(), Some(date))?;
                is_wanted = true;
            }
            match link {
                Some(link) if is_off(link.state) => crate::undo::want_again(store, &key, Some(link))?,
                // Its event is gone: the removal waits for a yes, and this is the no. Another one is made; where it is only not known yet that it is there, what was agreed about it counts.
                Some(link) if !has_event && link.state == LinkState::Linked => {
                    store.save_link(&Link { state: LinkState::Tombstone, ..link })?;
                }
                // It was left alone.
                Some(link) if !has_event && link.state == LinkState::Detached => store.remove_link(&key)?,
                // What was refused, or changed back again and again, is tried once more as it is.
                Some(link) if link.refused.is_some() => store.save_link(&Link { refused: None, note: None, rewrites: 0, ..link })?,
                _ if is_wanted => {}
                _ => return Ok(()),
            }
            store.save_reminder(&reminder)?;
            journal_by_hand(store, &entry, self.now())
        })?;
        Ok(reminder)
    }

    /// The reminder of an id, or of a unique beginning of one.
    ///
    /// # Errors
    /// None or several.
    pub fn reminder(&self, id: &str) -> Result<Reminder, AppError> {
        let wanted = id.trim().to_ascii_lowercase();
        let unknown = || AppError::Unknown { kind: "reminder", name: id.to_owned() };
        if wanted.len() < 6 {
            return Err(AppError::bad(format!("`{id}` is too short for an id."), "Give six letters or more."));
        }
        let ids = self.store.reminder_ids(&wanted, 2)?;
        match ids.as_slice() {
            [] => Err(unknown()),
            [only] => self.store.reminder(*only)?.ok_or_else(unknown),
            _ => Err(AppError::Ambiguous { kind: "reminder", name: id.to_owned() }),
        }
    }

    /// Reminders with the state of their events.
    ///
    /// # Errors
    /// No such list.
    pub fn reminders(&self, list: Option<&str>) -> Result<Vec<ReminderRow>, AppError> {
        let list = list.map(|name| self.list(Some(name))).transpose()?;
        Ok(self.store.listed(list.map(|list| list.id))?)
    }

    pub(crate) fn list_of(&self, reminder: &Reminder) -> Result<List, AppError> {
        self.store.list(reminder.list)?.ok_or_else(|| AppError::Unknown { kind: "list", name: reminder.list.to_string() })
    }

    fn zone_of(&self, given: Option<&str>, list: &List) -> Result<Zone, AppError> {
        match given {
            Some(name) => zone_named(name),
            None => Ok(list.defaults.zone.unwrap_or(self.zone())),
        }
    }
}

/// The link of a reminder that its person does not want in Outlook: an event that is there goes with the next sync. `None` where its list is not kept there.
pub(crate) fn dismissed(store: &Store, reminder: &Reminder, list: &List) -> Result<Option<Link>, StoreError> {
    let key = Key::main(reminder.list, reminder.id);
    Ok(match (store.link(&key)?, list.place()) {
        (Some(link), _) if matches!(link.state, LinkState::Linked | LinkState::Creating) => Some(Link { state: LinkState::Undone, ..link }),
        (Some(link), _) => Some(Link { state: LinkState::Dismissed, ..link }),
        (None, Some(place)) => {
            let fresh = Link::creating(key.clone(), place, store.generation(&key)?, Projection::of(reminder));
            Some(Link { state: LinkState::Dismissed, sending: None, ..fresh })
        }
        (None, None) => None,
    })
}

fn journal_by_hand(store: &Store, entry: &NewEntry, now: DateTime<Utc>) -> Result<(), StoreError> {
    let run = store.begin_run("hand", now)?;
    store.write_journal(run, now, entry)?;
    store.finish_run(run, now, "ok", "")
}

/// An editor saves while one types: what goes on with the edit of a moment ago is one with it.
fn last_of_the_moment(store: &Store, edit: &NewEntry, now: DateTime<Utc>) -> Result<Option<i64>, StoreError> {
    let Some(run) = store.runs(1)?.pop().filter(|run| run.kind == "hand" && run.started_at + OF_A_MOMENT > now) else { return Ok(None) };
    let goes_on = |last: &NewEntry| {
        (last.op, &last.key, &last.reason) == (Op::Update, &edit.key, &edit.reason) && edit.op == Op::Update && last.after == edit.before
    };
    Ok(store.last_of_run(run.id)?.filter(|last| goes_on(&last.entry)).map(|last| last.id))
}

/// The person's own choices over a source.
fn keep(mut known: Reminder, wish: &ReminderWish) -> Result<Reminder, AppError> {
    let others = ReminderWish { alarms: None, category: None, show_as: None, private: None, ..wish.clone() };
    if others != ReminderWish::default() {
        return Err(AppError::bad(
            "Title, notes, times and repetition of this reminder come from its source.",
            "Change them there; alarms, category, show-as and privacy can be changed here.",
        ));
    }
    if let Some(alarms) = &wish.alarms {
        known.kept.alarms = Some(alarms.clone());
    }
    if let Some(category) = &wish.category {
        known.kept.category = Some(some_text(category));
    }
    known.kept.show_as = wish.show_as.or(known.kept.show_as);
    known.kept.private = wish.private.or(known.kept.private);
    known.drop_idle_choices();
    Ok(known)
}

/// Whether there is no event, and none is wanted.
pub(crate) fn is_off(state: LinkState) -> bool {
    matches!(state, LinkState::Dismissed | LinkState::Undone | LinkState::Refused)
}

/// The zone of an IANA name.
pub(crate) fn zone_named(name: &str) -> Result<Zone, AppError> {
    Zone::parse(name).ok_or_else(|| AppError::bad(format!("`{name}` is not a time zone."), "Use an IANA name such as Europe/Berlin."))
}

fn when_of(text: &str, zone: Zone) -> Result<When, AppError> {
    When::parse(text, zone).ok_or_else(|| {
        AppError::bad(format!("`{text}` is not a time."), "Write 2027-03-03 for a whole day or 2027-03-03T09:00 for a time.")
    })
}

fn some_text(text: &str) -> Option<String> {
    Some(text.trim().to_owned()).filter(|text| !text.is_empty())
}

/// A reminder with everything that is said, checked.
fn changed(mut reminder: Reminder, wish: &ReminderWish) -> Result<Reminder, AppError> {
    if let Some(title) = &wish.title {
        reminder.title.clone_from(title);
    }
    if let Some(notes) = &wish.notes {
        reminder.notes.clone_from(notes);
    }
    if let Some(minutes) = wish.minutes {
        reminder.length =
            if reminder.when.is_all_day() { Length::Days(minutes.div_ceil(24 * 60).max(1)) } else { Length::Minutes(minutes) };
    }
    if let Some(rule) = &wish.repeat {
        reminder.recurrence = match rule.trim() {
            "" => None,
            rule => {
                let rule: Rule =
                    rule.parse().map_err(|error| AppError::bad(format!("{error}."), "Write a rule such as FREQ=WEEKLY;BYDAY=MO."))?;
                let rule = plainer(rule, &reminder.when);
                // Dates that the new rule has too keep what was said of them.
                let known = reminder.recurrence.take().unwrap_or_else(|| Recurrence::of(rule.clone()));
                Some(Recurrence { rule, ..known }.moved(&reminder.when, &reminder.when))
            }
        };
    }
    if wish.repeat.is_some() || wish.at.is_some() {
        reminder.begin_with_first();
    }
    if let Some(alarms) = &wish.alarms {
        reminder.alarms.clone_from(alarms);
    }
    if let Some(category) = &wish.category {
        reminder.category = some_text(category);
    }
    if let Some(link) = &wish.link {
        reminder.link = some_text(link);
    }
    reminder.show_as = wish.show_as.unwrap_or(reminder.show_as);
    reminder.private = wish.private.unwrap_or(reminder.private);
    // A time that the clock leaves out is written down as the clock shows it.
    reminder.when = if reminder.recurrence.is_none() { reminder.when.shown() } else { reminder.when };
    // What was written in Outlook stays as it was written there, until it is said anew.
    let reminder = if wish.title.is_some() { reminder.normal() } else { reminder.normal_but_title() };
    reminder.check().map_err(|error| AppError::bad(sentence(&error), "Change that and try again."))?;
    Ok(reminder)
}

#[cfg(test)]
mod tests;
