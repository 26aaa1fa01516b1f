//! What a file says of its items, apart from what is filled in here: the defaults of the list, its zone, the time of reading. Those change while the file does not.

use std::cell::OnceCell;
use std::collections::BTreeMap;

use belfry_core::reminder::Lead;
use belfry_core::{ChangedOccurrence, Fingerprint, ListDefaults, ListId, Reminder, ReminderId, ShowAs, When, Zone};
use belfry_ical::{Contents, FileProblem, ReadInto};
use chrono::DateTime;

type Items = BTreeMap<ReminderId, Reminder>;

/// A file, read with defaults that never change. What differs when it is read with others it does not say.
pub(super) struct Said<'a> {
    read: &'a dyn Fn(&ReadInto) -> Result<Contents, FileProblem>,
    list: ListId,
    plain: Items,
    otherwise: OnceCell<Items>,
}

impl<'a> Said<'a> {
    pub(super) fn of(list: ListId, read: &'a dyn Fn(&ReadInto) -> Result<Contents, FileProblem>) -> Result<Self, FileProblem> {
        let plain = items(read(&plain(list))?);
        Ok(Self { read, list, plain, otherwise: OnceCell::new() })
    }

    /// What the file says of an item, whenever and with whatever defaults it is read.
    pub(super) fn fingerprint(&self, fresh: &Reminder) -> Fingerprint {
        filled_in(self.plain.get(&fresh.id).unwrap_or(fresh))
    }

    /// Whether the file says what it said when it was last imported, which left `before`. Databases hold such of the item with the defaults of that time filled in, too.
    pub(super) fn is_as_before(&self, before: &Fingerprint, fresh: &Reminder, known: &Reminder) -> bool {
        *before == self.fingerprint(fresh)
            || *before == filled_in(fresh)
            || *before == filled_in(&self.with_defaults_of(fresh.clone(), known))
    }

    /// The item with the defaults that were filled in when it was made here.
    pub(super) fn with_defaults_of(&self, mut fresh: Reminder, known: &Reminder) -> Reminder {
        let (Some(plain), Some(other)) = (self.plain.get(&fresh.id), self.otherwise().get(&fresh.id)) else { return fresh };
        if plain.alarms.is_empty() && other.alarms == [OTHER_LEAD] && fresh.when.is_all_day() == known.when.is_all_day() {
            fresh.alarms.clone_from(&known.alarms);
        }
        if plain.show_as != other.show_as {
            fresh.show_as = known.show_as;
        }
        match known.when.zone() {
            Some(zone) if plain.when.zone() != other.when.zone() => in_zone(fresh, zone),
            _ => fresh,
        }
    }

    fn otherwise(&self) -> &Items {
        // The same bytes were read twice by now; of a file that cannot be read this time everything counts as said.
        self.otherwise.get_or_init(|| (self.read)(&otherwise(self.list)).map(items).unwrap_or_default())
    }
}

fn items(contents: Contents) -> Items {
    contents.reminders.into_iter().map(|reminder| (reminder.id, reminder)).collect()
}

fn plain(list: ListId) -> ReadInto {
    let defaults = ListDefaults { zone: None, alarms: vec![], all_day_alarms: vec![], show_as: ShowAs::Free, helpers: false };
    ReadInto { list, defaults, zone: Zone::UTC, now: DateTime::UNIX_EPOCH }
}

/// Nobody writes it: what rings so was filled in.
const OTHER_LEAD: Lead = 1_234_567;

/// With nothing as in [`plain`].
fn otherwise(list: ListId) -> ReadInto {
    let defaults =
        ListDefaults { zone: None, alarms: vec![OTHER_LEAD], all_day_alarms: vec![OTHER_LEAD], show_as: ShowAs::Busy, helpers: false };
    ReadInto { list, defaults, zone: Zone::parse("Asia/Tokyo").unwrap_or(Zone::UTC), now: DateTime::UNIX_EPOCH }
}

/// Of an item as it was read.
pub(super) fn filled_in(reminder: &Reminder) -> Fingerprint {
    let timeless = Reminder { created_at: DateTime::UNIX_EPOCH, changed_at: DateTime::UNIX_EPOCH, ..reminder.clone() };
    Fingerprint::of_bytes(&serde_json::to_vec(&timeless).unwrap_or_default())
}

/// The same hours on another clock.
fn in_zone(mut reminder: Reminder, zone: Zone) -> Reminder {
    let Some(own) = reminder.when.zone() else { return reminder };
    let on = |when: When| match when {
        When::At { local, zone: its } if its == own => When::At { local, zone },
        other => other,
    };
    reminder.when = on(reminder.when);
    if let Some(series) = reminder.recurrence.as_mut() {
        series.cancelled = std::mem::take(&mut series.cancelled).into_iter().map(on).collect();
        series.extra = std::mem::take(&mut series.extra).into_iter().map(on).collect();
        let changed = std::mem::take(&mut series.changed).into_iter();
        series.changed = changed.map(|(date, own)| (on(date), ChangedOccurrence { when: own.when.map(on), ..own })).collect();
    }
    reminder
}
