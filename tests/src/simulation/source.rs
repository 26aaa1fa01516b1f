//! A list that follows a source, the same on every computer: its file, and what must hold of it.

use std::collections::BTreeMap;
use std::fmt::Write as _;
use std::time::{Duration, UNIX_EPOCH};

use belfry_app::occurrences::DateChange;
use chrono::{Days, NaiveDate};
use serde_json::{Value, json};

use super::dates::{self, Dated};
use super::history::Field;
use super::town::{Machine, Town};
use crate::{LOGIN, encode};

/// The list that follows it.
pub const FOLLOWING: &str = "Contracts";

/// One item that the source ever named.
#[derive(Debug, Default)]
pub struct Entry {
    /// As the file has it.
    uid: String,
    title: String,
    day: usize,
    /// It is weekly, three times.
    weekly: bool,
    /// Its second date is left out.
    left_out: bool,
    /// It was, once.
    was_out: bool,
    /// A person removed or restored its second date.
    date_said: bool,
    /// It is not in the file any more.
    dropped: bool,
    /// A person removed its event.
    removed: bool,
    /// A person edited what the source says of it.
    edited: bool,
}

impl Entry {
    /// Its second date.
    fn second(&self) -> NaiveDate {
        let days = u64::try_from(self.day + 6).unwrap_or_default();
        NaiveDate::from_ymd_opt(2026, 12, 1).and_then(|first| first.checked_add_days(Days::new(days))).unwrap_or_default()
    }

    /// Its lines about further dates.
    fn rule(&self) -> String {
        let out = if self.left_out { format!("EXDATE;VALUE=DATE:{}\r\n", self.second().format("%Y%m%d")) } else { String::new() };
        if self.weekly { format!("RRULE:FREQ=WEEKLY;COUNT=3\r\n{out}") } else { out }
    }
}

/// The file, and what it said.
pub struct File {
    folder: tempfile::TempDir,
    entries: Vec<Entry>,
    /// How often it was written.
    written: u64,
}

impl File {
    #[expect(clippy::expect_used, reason = "the history ends here")]
    pub fn new() -> Self {
        let mut file = Self { folder: tempfile::tempdir().expect("a folder"), entries: vec![], written: 0 };
        file.write(true);
        file
    }

    pub fn path(&self) -> std::path::PathBuf {
        self.folder.path().join("contracts.ics")
    }

    /// Writes it, whole or cut off in the middle of its last item.
    #[expect(clippy::expect_used, reason = "the history ends here")]
    fn write(&mut self, whole: bool) {
        let mut text = String::from("BEGIN:VCALENDAR\r\nVERSION:2.0\r\nPRODID:-//contracts//EN\r\n");
        for entry in self.entries.iter().filter(|entry| !entry.dropped) {
            let Entry { uid, title, day, .. } = entry;
            let rule = entry.rule();
            let _ =
                write!(text, "BEGIN:VEVENT\r\nUID:{uid}\r\nSUMMARY:{title}\r\nDTSTART;VALUE=DATE:202612{day:02}\r\n{rule}END:VEVENT\r\n");
        }
        if whole {
            text.push_str("END:VCALENDAR\r\n");
        }
        std::fs::write(self.path(), text).expect("written");
        // Not by this computer's clock: it is as old, and as new, in every play.
        self.written += 1;
        let file = std::fs::File::options().write(true).open(self.path()).expect("a file");
        file.set_modified(UNIX_EPOCH + Duration::from_hours(24 * 365 * 50 + self.written)).expect("dated");
    }
}

impl Town {
    fn entry(&self, index: usize) -> Option<usize> {
        let index = index.checked_rem(self.source.entries.len())?;
        (!self.source.entries.get(index)?.dropped).then_some(index)
    }

    pub fn source_adds(&mut self) {
        let (uid, title, day) = (format!("uid-{}", self.step), format!("S{}", self.step), 1 + self.step % 28);
        self.source.entries.push(Entry { uid, title, day, ..Entry::default() });
        self.source.write(true);
    }

    pub fn source_adds_weekly(&mut self) {
        self.source_adds();
        self.source.entries.iter_mut().last().into_iter().for_each(|entry| entry.weekly = true);
        self.source.write(true);
    }

    fn weekly(&self, index: usize) -> Option<usize> {
        self.entry(index).filter(|index| self.source.entries[*index].weekly)
    }

    pub fn source_leaves_out(&mut self, index: usize) {
        let Some(index) = self.weekly(index) else { return };
        self.source.entries[index].left_out ^= true;
        self.source.entries[index].was_out = true;
        self.source.write(true);
    }

    /// The second date, in the series or as the event of its own that it is.
    pub async fn change_sourced_date(&mut self, index: usize, dated: Dated) {
        let Some(index) = self.weekly(index) else { return };
        let (day, title) = (self.source.entries[index].second(), format!("X{}", self.step));
        let id = self.sourced_id(index).unwrap_or_default();
        let done = if let Some((_, own)) = self.own_dates(&id).into_iter().find(|(date, _)| *date == day) {
            self.say_in_event(&own.id, dated, &title).await;
            true
        } else if let Some((_, series)) = self.sourced_event(index) {
            let simulator = &self.world.simulator;
            match dated {
                Dated::Cancelled => simulator.cancel_date(LOGIN, &series, day).is_ok(),
                _ => simulator.change_date(LOGIN, &series, day, &json!({"subject": title})).is_ok(),
            }
        } else {
            false
        };
        let entry = &mut self.source.entries[index];
        entry.edited |= done;
        entry.date_said |= done && dated == Dated::Cancelled;
    }

    pub fn restore_sourced_date(&mut self, computer: usize, index: usize) {
        let Some(index) = self.weekly(index) else { return };
        let (day, id) = (self.source.entries[index].second(), self.sourced_id(index).unwrap_or_default());
        let app = &self.machine_of(computer).computer.app;
        self.source.entries[index].date_said |= app.change_date(&id, &day.to_string(), &DateChange::Restore).is_ok();
    }

    /// Of a date nobody says anything but whether it is there: what a person writes into it is put back.
    fn dates_follow(&self, machine: &Machine, entry: &Entry, id: &str) -> Result<(), String> {
        let event = self.marked().into_iter().find(|(marked, _)| marked == id).and_then(|(_, event)| self.event(&event));
        let Some((event, reminder)) = event.zip(machine.computer.app.reminder(id).ok()) else { return Ok(()) };
        let (there, here) = (self.there(id, &event), dates::here(&reminder));
        let out = BTreeMap::from([(entry.second(), "cancelled".to_owned())]);
        // What a computer finds left out that knows nothing is left out by a person.
        let may_be_out = entry.date_said || (entry.was_out && self.lost);
        let is_right = if entry.left_out { here == out } else { here.is_empty() || (may_be_out && here == out) };
        // What a person wrote into a date that its source leaves out, or a person at a computer, stays.
        let stays = (entry.left_out || here == out) && entry.edited;
        // Who lost its memory and met such an event without its series leaves it alone, also beside a series that is made anew (known limit 30).
        let is_alone = self.lost && entry.removed && here.is_empty() && self.own_dates(id).iter().any(|(day, _)| *day == entry.second());
        if is_right && (there == here || stays || is_alone) {
            return Ok(());
        }
        Err(format!("the dates of `{}`, {} in its source, are {here:?} here and {there:?} in Outlook", entry.title, entry.left_out))
    }

    pub fn source_edits(&mut self, index: usize) {
        let Some(index) = self.entry(index) else { return };
        self.source.entries[index].title = format!("S{}", self.step);
        self.source.write(true);
    }

    pub fn source_drops(&mut self, index: usize) {
        let Some(index) = self.entry(index) else { return };
        self.source.entries[index].dropped = true;
        self.source.write(true);
    }

    pub fn source_breaks(&mut self) {
        self.source.write(false);
    }

    pub fn source_is_mended(&mut self) {
        self.source.write(true);
    }

    /// The event of an item, by what it says of itself in the mailbox.
    fn sourced_event(&self, index: usize) -> Option<(usize, String)> {
        let index = index.checked_rem(self.source.entries.len())?;
        let reminder = self.sourced_id(index)?;
        let (_, event) = self.marked().into_iter().find(|(marked, event)| *marked == reminder && !self.foreign.contains_key(event))?;
        Some((index, event))
    }

    /// What the computers call it.
    fn sourced_id(&self, index: usize) -> Option<String> {
        let uid = &self.source.entries.get(index)?.uid;
        let list = belfry_core::ListId::of_name(FOLLOWING);
        Some(belfry_core::ReminderId::of_uid(list, uid).to_string())
    }

    pub async fn edit_sourced(&mut self, index: usize, field: Field) {
        let Some((index, event)) = self.sourced_event(index) else { return };
        let step = self.step;
        let change = match field {
            Field::Alarm => json!({"isReminderOn": true, "reminderMinutesBeforeStart": step % 50 + 1}),
            Field::Category => json!({"categories": [format!("C{step}")]}),
            _ => {
                self.source.entries[index].edited = true;
                json!({"subject": format!("X{step}")})
            }
        };
        self.world.outlook("PATCH", &format!("events/{}", encode(&event)), &change).await;
    }

    pub async fn remove_sourced(&mut self, index: usize) {
        let Some((index, event)) = self.sourced_event(index) else { return };
        self.source.entries[index].removed = true;
        self.world.outlook("DELETE", &format!("events/{}", encode(&event)), &Value::Null).await;
    }

    /// A calendar went. To a computer that had not seen an event of it, a server that remembers what it made says that somebody removed it.
    pub fn calendar_went(&mut self) {
        let is_known_to_all = |id: &str| {
            let is_linked =
                |one: &Value| one.get("id").and_then(Value::as_str) == Some(id) && one.get("event_id").is_some_and(Value::is_string);
            self.machines.iter().all(|machine| machine.reminders().iter().any(is_linked))
        };
        let unseen: Vec<usize> =
            (0..self.source.entries.len()).filter(|index| !self.sourced_id(*index).is_some_and(|id| is_known_to_all(&id))).collect();
        for index in unseen {
            self.source.entries[index].removed |= !self.forgets;
        }
    }

    /// A computer forgets all: it has not seen the events either that went with their calendar since.
    pub fn forgets_all(&mut self, machine: &Machine) {
        let there: Vec<String> = self.marked().into_iter().map(|(reminder, _)| reminder).collect();
        let text = |one: &Value, name: &str| one.get(name).and_then(Value::as_str).unwrap_or_default().to_owned();
        let was_linked = |one: &Value| one.get("event_id").is_some_and(Value::is_string) && !there.contains(&text(one, "id"));
        let gone: Vec<String> = machine.reminders().iter().filter(|one| was_linked(one)).map(|one| text(one, "id")).collect();
        let unseen = (0..self.source.entries.len()).filter(|index| self.sourced_id(*index).is_some_and(|id| gone.contains(&id)));
        for index in unseen.collect::<Vec<_>>() {
            self.source.entries[index].removed |= !self.forgets;
        }
    }

    /// What was taken back by hand may have no event.
    pub fn taken_back(&mut self, ids: &[String]) {
        for index in 0..self.source.entries.len() {
            let is_among = self.sourced_id(index).is_some_and(|id| ids.contains(&id));
            let entry = &mut self.source.entries[index];
            entry.removed |= is_among;
            // What was taken back may be the making of its event.
            entry.date_said |= is_among && entry.was_out;
        }
    }

    /// Whether an event is that of an item that left its source after a person had made the event theirs by an edit.
    pub fn was_left(&self, reminder: &str) -> bool {
        let is_it = |index: &usize| self.sourced_id(*index).is_some_and(|id| id == reminder);
        let left = (0..self.source.entries.len()).find(is_it).and_then(|index| self.source.entries.get(index));
        left.is_some_and(|entry| entry.dropped && entry.edited)
    }

    /// On every computer the list says what its source says; what a person removed stays removed, and is not missed.
    pub fn follows(&self, machine: &Machine) -> Result<(), String> {
        let shown = machine.reminders();
        for (index, entry) in self.source.entries.iter().enumerate() {
            let id = self.sourced_id(index).unwrap_or_default();
            let this = shown.iter().find(|one| one.get("id").and_then(Value::as_str) == Some(&id));
            let title = this.and_then(|one| one.get("title")).and_then(Value::as_str);
            let state = this.and_then(|one| one.get("state")).and_then(Value::as_str);
            let is_there = self.marked().iter().any(|(marked, _)| *marked == id);
            match (entry.dropped, title, state) {
                (true, Some(title), _) => return Err(format!("`{title}` is not in its source any more, and is here")),
                (true, None, _) if is_there && !entry.edited && !self.lost => {
                    return Err(format!("`{}` left its source, and its event is there", entry.title));
                }
                (false, None, _) => return Err(format!("`{}` is in its source, and not here", entry.title)),
                (false, Some(title), _) if title != entry.title => {
                    return Err(format!("the source says `{}`, the list `{title}`", entry.title));
                }
                (false, Some(_), Some("dismissed")) if !entry.removed && !self.far => {
                    return Err(format!("nobody removed `{}`", entry.title));
                }
                _ if entry.dropped => {}
                _ => self.dates_follow(machine, entry, &id)?,
            }
        }
        Ok(())
    }
}
