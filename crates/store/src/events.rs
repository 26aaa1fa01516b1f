//! The remote tree: events of ours as the mailbox last showed them, and the ids of those that are not ours.

use belfry_core::{AccountId, Fingerprint, Link, ListId, Marker, Place, RemoteEvent};
use chrono::{DateTime, Utc};
use rusqlite::{OptionalExtension, Row, params};

use crate::columns::{json, ms, parsed, time, to_json};
use crate::{Store, StoreError};

pub(crate) const COLUMNS: &str = "account, event_id, calendar, etag, marker, projection, is_meeting, moved_away, created_at, modified_at";

pub(crate) fn event(row: &Row<'_>) -> rusqlite::Result<RemoteEvent> {
    let marker: Option<String> = row.get("marker")?;
    Ok(RemoteEvent {
        place: Place { account: parsed(row, "account")?, calendar: row.get("calendar")? },
        event_id: row.get("event_id")?,
        etag: row.get("etag")?,
        marker: marker.and_then(|text| text.parse::<Marker>().ok()),
        projection: json(row, "projection")?,
        is_meeting: row.get("is_meeting")?,
        moved_away: row.get("moved_away")?,
        created_at: time(row, "created_at")?,
        modified_at: time(row, "modified_at")?,
    })
}

impl Store {
    /// One event.
    ///
    /// # Errors
    /// When the database fails.
    pub fn event(&self, account: &AccountId, event_id: &str) -> Result<Option<RemoteEvent>, StoreError> {
        let mut statement =
            self.connection.prepare_cached(&format!("SELECT {COLUMNS} FROM events WHERE account = ?1 AND event_id = ?2"))?;
        Ok(statement.query_row(params![account.to_string(), event_id], event).optional()?)
    }

    /// Whether the event of a link was there when it was last looked at.
    ///
    /// # Errors
    /// When the database fails.
    pub fn has_linked_event(&self, link: &Link) -> Result<bool, StoreError> {
        match &link.event_id {
            Some(id) => Ok(self.event(&link.place.account, id)?.is_some()),
            None => Ok(false),
        }
    }

    /// Whether an event with the mark of this link lies where it is not kept.
    ///
    /// # Errors
    /// When the database fails.
    pub fn has_copy_elsewhere(&self, link: &Link) -> Result<bool, StoreError> {
        let events = self.events_of(&link.key, &link.place.account)?;
        Ok(events.iter().any(|event| event.moved_away || event.place != link.place))
    }

    /// Ids and etags of the events of a calendar.
    ///
    /// # Errors
    /// When the database fails.
    pub fn event_etags(&self, place: &Place) -> Result<std::collections::BTreeMap<String, String>, StoreError> {
        let mut statement = self.connection.prepare_cached("SELECT event_id, etag FROM events WHERE account = ?1 AND calendar = ?2")?;
        let rows = statement.query_map(params![place.account.to_string(), place.calendar], |row| Ok((row.get(0)?, row.get(1)?)))?;
        Ok(rows.collect::<Result<_, _>>()?)
    }

    /// How many events of ours a calendar holds.
    ///
    /// # Errors
    /// When the database fails.
    pub fn count_events(&self, place: &Place) -> Result<usize, StoreError> {
        let mut statement = self.connection.prepare_cached("SELECT count(*) FROM events WHERE account = ?1 AND calendar = ?2")?;
        Ok(statement.query_row(params![place.account.to_string(), place.calendar], |row| row.get(0))?)
    }

    /// Records an event as it was seen. Its marker's generation is remembered for good.
    ///
    /// # Errors
    /// When the database fails.
    pub fn save_event(&self, event: &RemoteEvent) -> Result<(), StoreError> {
        let key = event.marker.as_ref().map(|marker| &marker.key);
        let mut statement = self.connection.prepare_cached(
            "INSERT OR REPLACE INTO events (account, event_id, calendar, etag, marker, list, reminder, slot, projection, fingerprint, is_meeting,
                 moved_away, created_at, modified_at)
             VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9, ?10, ?11, ?12, ?13, ?14)",
        )?;
        statement.execute(params![
            event.place.account.to_string(),
            event.event_id,
            event.place.calendar,
            event.etag,
            event.marker.as_ref().map(Marker::to_string),
            key.map(|key| key.list.to_string()),
            key.map(|key| key.reminder.to_string()),
            key.map(|key| key.slot.to_string()),
            to_json(&event.projection),
            Fingerprint::of(&event.projection).0,
            event.is_meeting,
            event.moved_away,
            ms(event.created_at),
            ms(event.modified_at),
        ])?;
        if let Some(marker) = &event.marker {
            self.remember_generation(&marker.key, marker.generation)?;
        }
        self.connection
            .prepare_cached("DELETE FROM foreign_events WHERE account = ?1 AND event_id = ?2")?
            .execute(params![event.place.account.to_string(), event.event_id])?;
        Ok(())
    }

    /// Records that an event is gone.
    ///
    /// # Errors
    /// When the database fails.
    pub fn remove_event(&self, account: &AccountId, event_id: &str) -> Result<(), StoreError> {
        self.connection
            .prepare_cached("DELETE FROM events WHERE account = ?1 AND event_id = ?2")?
            .execute(params![account.to_string(), event_id])?;
        Ok(())
    }

    /// Events of ours that share a key with another one, by key.
    ///
    /// # Errors
    /// When the database fails.
    pub fn several(&self, account: &AccountId) -> Result<Vec<Vec<RemoteEvent>>, StoreError> {
        let sql = format!(
            "SELECT {COLUMNS} FROM events e WHERE account = ?1 AND list IS NOT NULL AND EXISTS (SELECT 1 FROM events o WHERE o.list = e.list
                 AND o.reminder = e.reminder AND o.slot = e.slot AND o.account = e.account AND o.event_id <> e.event_id)
             ORDER BY list, reminder, slot, event_id"
        );
        let mut statement = self.connection.prepare(&sql)?;
        let all: Vec<RemoteEvent> = statement.query_map([account.to_string()], event)?.collect::<Result<_, _>>()?;
        let same_key = |a: &RemoteEvent, b: &RemoteEvent| a.marker.as_ref().map(|m| &m.key) == b.marker.as_ref().map(|m| &m.key);
        Ok(all.chunk_by(same_key).map(<[_]>::to_vec).collect())
    }

    /// Whether an event of this key was seen in an account.
    ///
    /// # Errors
    /// When the database fails.
    pub fn has_event(&self, account: &AccountId, key: &belfry_core::marker::Key) -> Result<bool, StoreError> {
        let sql = "SELECT EXISTS (SELECT 1 FROM events WHERE account = ?1 AND list = ?2 AND reminder = ?3 AND slot = ?4)";
        let parameters = params![account.to_string(), key.list.to_string(), key.reminder.to_string(), key.slot.to_string()];
        Ok(self.connection.prepare_cached(sql)?.query_row(parameters, |row| row.get(0))?)
    }

    /// Remembers that an id of the change feed is that of a date of a series.
    ///
    /// # Errors
    /// When the database fails.
    pub fn save_occurrence(&self, account: &AccountId, event_id: &str, master: &str) -> Result<(), StoreError> {
        let sql = "INSERT INTO occurrences (account, event_id, master) VALUES (?1, ?2, ?3) ON CONFLICT DO NOTHING";
        self.connection.prepare_cached(sql)?.execute(params![account.to_string(), event_id, master])?;
        Ok(())
    }

    /// The series that a date belongs to, if the change feed has shown it.
    ///
    /// # Errors
    /// When the database fails.
    pub fn master_of(&self, account: &AccountId, event_id: &str) -> Result<Option<String>, StoreError> {
        let mut statement = self.connection.prepare_cached("SELECT master FROM occurrences WHERE account = ?1 AND event_id = ?2")?;
        Ok(statement.query_row(params![account.to_string(), event_id], |row| row.get(0)).optional()?)
    }

    /// Forgets the dates of a calendar: another window of its feed is opened.
    ///
    /// # Errors
    /// When the database fails.
    pub fn forget_occurrences(&self, place: &Place) -> Result<(), StoreError> {
        self.connection.execute(
            "DELETE FROM occurrences WHERE account = ?1 AND master NOT IN (SELECT event_id FROM events WHERE account = ?1 AND calendar <> ?2)",
            params![place.account.to_string(), place.calendar],
        )?;
        Ok(())
    }

    /// Where the events of a list are that no person made theirs, their markers, and when they were made.
    ///
    /// # Errors
    /// When the database fails.
    pub fn markers_of(&self, account: &AccountId, list: ListId) -> Result<Vec<(Place, Marker, DateTime<Utc>)>, StoreError> {
        let sql = "SELECT account, calendar, marker, created_at FROM events INDEXED BY events_by_key WHERE list = ?1 AND account = ?2 AND NOT moved_away AND NOT is_meeting";
        let mut statement = self.connection.prepare_cached(sql)?;
        let read = |row: &Row<'_>| {
            let place = Place { account: parsed(row, "account")?, calendar: row.get("calendar")? };
            Ok((place, parsed::<Marker>(row, "marker")?, time(row, "created_at")?))
        };
        Ok(statement.query_map(params![list.to_string(), account.to_string()], read)?.collect::<Result<_, _>>()?)
    }

    /// Forgets the events of a calendar that is gone.
    ///
    /// # Errors
    /// When the database fails.
    pub fn remove_events_at(&self, place: &Place) -> Result<(), StoreError> {
        self.connection
            .execute("DELETE FROM events WHERE account = ?1 AND calendar = ?2", params![place.account.to_string(), place.calendar])?;
        Ok(())
    }

    /// Remembers that an event is not ours, so that it need not be asked again.
    ///
    /// # Errors
    /// When the database fails.
    pub fn save_foreign(&self, account: &AccountId, event_id: &str) -> Result<(), StoreError> {
        let mut statement = self.connection.prepare_cached("INSERT OR IGNORE INTO foreign_events (account, event_id) VALUES (?1, ?2)")?;
        statement.execute(params![account.to_string(), event_id])?;
        Ok(())
    }

    /// Whether an event is known not to be ours.
    ///
    /// # Errors
    /// When the database fails.
    pub fn is_foreign(&self, account: &AccountId, event_id: &str) -> Result<bool, StoreError> {
        let mut statement =
            self.connection.prepare_cached("SELECT EXISTS (SELECT 1 FROM foreign_events WHERE account = ?1 AND event_id = ?2)")?;
        Ok(statement.query_row(params![account.to_string(), event_id], |row| row.get(0))?)
    }

    /// Events of lists that this home does not know.
    ///
    /// # Errors
    /// When the database fails.
    pub fn unknown_events(&self, account: &AccountId) -> Result<Vec<RemoteEvent>, StoreError> {
        let sql = format!("SELECT {COLUMNS} FROM events WHERE account = ?1 AND list IS NOT NULL AND list NOT IN (SELECT id FROM lists)");
        Ok(self.connection.prepare_cached(&sql)?.query_map([account.to_string()], event)?.collect::<Result<_, _>>()?)
    }

    /// How many events a newer Belfry wrote, for each list that is known here.
    ///
    /// # Errors
    /// When the database fails.
    pub fn newer_events(&self, account: &AccountId) -> Result<Vec<(ListId, u64)>, StoreError> {
        let mut statement = self.connection.prepare_cached(
            "SELECT list, count(*) FROM events INDEXED BY events_of_newer
             WHERE account = ?1 AND substr(marker, 1, 2) <> '1;' AND list IN (SELECT id FROM lists) GROUP BY list ORDER BY list",
        )?;
        Ok(statement.query_map([account.to_string()], |row| Ok((parsed(row, "list")?, row.get(1)?)))?.collect::<Result<_, _>>()?)
    }

    /// Markers of events whose list is not known here, with how many there are of each.
    ///
    /// # Errors
    /// When the database fails.
    pub fn unknown_lists(&self, account: &AccountId) -> Result<Vec<(String, u64)>, StoreError> {
        let mut statement = self.connection.prepare_cached(
            "SELECT list, count(*) FROM events INDEXED BY events_by_key
             WHERE account = ?1 AND list IS NOT NULL AND list NOT IN (SELECT id FROM lists) GROUP BY list ORDER BY list",
        )?;
        Ok(statement.query_map([account.to_string()], |row| Ok((row.get(0)?, row.get(1)?)))?.collect::<Result<_, _>>()?)
    }
}
