//! An item as read, and the reminder that it becomes.

use belfry_core::reminder::{NOTES_LIMIT, TITLE_LIMIT};
use belfry_core::{ChangedOccurrence, Kept, Length, ListId, Recurrence, Reminder, ReminderId, ShowAs, When, Zone};
use chrono::{DateTime, Utc};

use crate::ReadInto;
use crate::moment::Original;
use crate::problem::ItemProblem;
use crate::task::Task;

/// A series or single, or an override.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Role {
    Main,
    /// Of one date.
    Override(Original),
    /// Of this and all later dates.
    Later(Original),
}

/// The name of a reminder that Belfry itself wrote out: it is the same one again when it comes back into its list.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct OwnName {
    pub list: ListId,
    pub id: ReminderId,
    pub uid: Option<String>,
}

impl OwnName {
    /// Reads `{list}/{id}`.
    pub fn parse(value: &str, uid: Option<String>) -> Option<Self> {
        let (list, id) = value.split_once('/')?;
        Some(Self { list: list.trim().parse().ok()?, id: id.trim().parse().ok()?, uid })
    }
}

/// An item as read.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Item {
    pub line: usize,
    pub uid: Option<String>,
    pub own: Option<OwnName>,
    pub role: Role,
    pub cancelled: bool,
    /// `SEQUENCE`: of several items of one UID the highest counts.
    pub sequence: i64,
    pub title: String,
    pub notes: String,
    pub when: When,
    pub length: Length,
    /// Whether its start names no zone.
    pub is_floating: bool,
    /// Start and due time of a task that has both.
    pub task: Option<Task>,
    pub recurrence: Option<Recurrence>,
    pub alarms: Option<Vec<i32>>,
    pub alarms_carried: usize,
    /// `Some(None)` is none: a line without a value.
    pub category: Option<Option<String>>,
    pub show_as: Option<ShowAs>,
    /// Nothing where it does not say.
    pub private: Option<bool>,
    /// `Some(None)` is none: a line that names no address.
    pub link: Option<Option<String>>,
    pub done: bool,
    pub created_at: Option<DateTime<Utc>>,
    pub changed_at: Option<DateTime<Utc>>,
    pub other: Vec<String>,
}

impl Item {
    /// The id that it has on every computer.
    pub fn id(&self, list: ListId) -> ReminderId {
        match (&self.own, &self.uid) {
            (Some(own), _) if own.list == list => own.id,
            (_, Some(uid)) => ReminderId::of_uid(list, uid),
            (_, None) => ReminderId::of_title(list, &self.title, &self.when.to_string()),
        }
    }

    /// A task as the span from its start to its due time, as its series is kept.
    pub fn spanned(mut self) -> Self {
        let Some((task, length)) = self.task.and_then(|task| Some((task, task.length()?))) else { return self };
        let later = (task.due.instant(Zone::UTC) - task.start.instant(Zone::UTC)).num_minutes();
        let moved = |lead: &i32| i32::try_from(i64::from(*lead) - later).ok();
        self.alarms = self.alarms.map(|alarms| alarms.iter().filter_map(moved).collect());
        (self.when, self.length) = (task.start, length);
        self
    }

    /// An override whose times name no zone, in that of its series.
    pub fn in_zone_of(mut self, series: &When, original: &Original) -> Self {
        if let (true, true, Some(zone), When::At { local, .. }) = (self.is_floating, original.is_floating, series.zone(), self.when) {
            self.when = When::At { local, zone };
        }
        self
    }

    /// The reminder, with the list's defaults for what the item does not say.
    pub fn reminder(self, id: ReminderId, into: &ReadInto) -> Reminder {
        let (title, notes) = fitting(self.title, self.notes);
        let uid = match self.own {
            Some(own) if own.list == into.list => own.uid,
            _ => self.uid,
        };
        Reminder {
            id,
            list: into.list,
            title,
            notes,
            when: self.when,
            length: self.length,
            recurrence: self.recurrence,
            alarms: self.alarms.unwrap_or_else(|| into.defaults.alarms_for(&self.when)),
            category: self.category.flatten(),
            show_as: self.show_as.unwrap_or(into.defaults.show_as),
            private: self.private.unwrap_or(false),
            link: self.link.flatten(),
            done: self.done,
            created_at: self.created_at.unwrap_or(into.now),
            changed_at: self.changed_at.unwrap_or(into.now),
            uid,
            kept: Kept::default(),
            other: self.other,
        }
        .normal()
    }

    /// Changes one date of its series: the occurrence that the rule puts at `original`. What it does not say of alarms, category, show-as, privacy and its link is as in its series.
    ///
    /// A date that the series leaves out (`EXDATE`) and an item changes is there: who wrote both names its original place and its new one.
    pub fn change(self, master: &mut Reminder, original: When, into: &ReadInto) {
        let said = (self.alarms.clone(), self.category.is_some(), self.show_as, self.private, self.link.is_some());
        let cancelled = self.cancelled;
        let (when, length, done) = (self.when.shown(), self.length, self.done);
        let changed = self.reminder(master.id, into);
        let Some(series) = master.recurrence.as_mut() else { return };
        if cancelled {
            series.changed.remove(&original);
            series.cancelled.insert(original);
            return;
        }
        let (alarms, has_category, show_as, private, has_link) = said;
        let difference = ChangedOccurrence {
            title: (changed.title != master.title).then_some(changed.title),
            notes: (changed.notes != master.notes).then_some(changed.notes),
            when: (when != original.shown()).then_some(when),
            length: (length != master.length).then_some(length),
            alarms: alarms.filter(|alarms| *alarms != master.alarms),
            // As the reminder has it, which makes its text normal.
            category: has_category.then_some(changed.category).filter(|category| *category != master.category),
            show_as: show_as.filter(|show_as| *show_as != master.show_as),
            private: private.filter(|private| *private != master.private),
            link: has_link.then_some(changed.link).filter(|link| *link != master.link),
            done,
            ..ChangedOccurrence::default()
        };
        series.cancelled.remove(&original);
        series.changed.insert(original, difference);
    }
}

/// Notes with a place, which has no field of its own in a reminder.
pub fn with_place(notes: &str, place: &str) -> String {
    format!("{notes}\n\nLocation: {}", place.replace('\n', ", ")).trim_start().to_owned()
}

/// Whether title and notes have room, also where the title goes into the notes.
pub fn check_fitting(title: &str, notes: &str) -> Result<(), ItemProblem> {
    let is_moved = title.encode_utf16().count() > TITLE_LIMIT;
    // A blank line stands between them.
    let is_too_long = is_moved && notes.len() <= NOTES_LIMIT && title.len() + 2 + notes.len() > NOTES_LIMIT;
    if is_too_long { Err(ItemProblem::LongTitle) } else { Ok(()) }
}

/// A title that Outlook holds; one that is longer goes whole into the notes.
pub fn fitting(title: String, notes: String) -> (String, String) {
    if title.encode_utf16().count() <= TITLE_LIMIT {
        return (title, notes);
    }
    let mut short = String::new();
    let mut units = 1;
    for c in title.chars() {
        units += c.len_utf16();
        if units > TITLE_LIMIT {
            break;
        }
        short.push(c);
    }
    (format!("{}\u{2026}", short.trim_end()), format!("{title}\n\n{notes}"))
}
