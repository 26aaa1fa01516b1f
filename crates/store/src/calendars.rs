//! Calendars that are pulled: where their change feed stands.

use std::collections::BTreeSet;

use belfry_core::{AccountId, ListId, Place};
use chrono::{DateTime, Utc};
use rusqlite::{OptionalExtension, Row, params};

use crate::columns::{maybe_time, ms, parsed, to_json};
use crate::{Store, StoreError};

/// A calendar.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct CalendarRow {
    /// Where.
    pub place: Place,
    /// Last known name.
    pub name: String,
    /// The newest delta link.
    pub delta_link: Option<String>,
    /// The window that its links stand for.
    pub window: Option<(DateTime<Utc>, DateTime<Utc>)>,
    /// When it was last listed whole.
    pub listed_at: Option<DateTime<Utc>>,
}

fn gone_key(place: &Place) -> String {
    format!("gone:{}:{}", place.account, place.calendar)
}

const COLUMNS: &str = "account, calendar, name, delta_link, window_from, window_to, listed_at";

fn calendar(row: &Row<'_>) -> rusqlite::Result<CalendarRow> {
    Ok(CalendarRow {
        place: Place { account: parsed(row, "account")?, calendar: row.get("calendar")? },
        name: row.get("name")?,
        delta_link: row.get("delta_link")?,
        window: maybe_time(row, "window_from")?.zip(maybe_time(row, "window_to")?),
        listed_at: maybe_time(row, "listed_at")?,
    })
}

impl Store {
    /// What is known of a calendar.
    ///
    /// # Errors
    /// When the database fails.
    pub fn calendar(&self, place: &Place) -> Result<Option<CalendarRow>, StoreError> {
        let sql = format!("SELECT {COLUMNS} FROM calendars WHERE account = ?1 AND calendar = ?2");
        let mut statement = self.connection.prepare_cached(&sql)?;
        Ok(statement.query_row(params![place.account.to_string(), place.calendar], calendar).optional()?)
    }

    /// Records whether a calendar was there.
    ///
    /// # Errors
    /// When the database fails.
    pub fn set_gone(&self, place: &Place, gone: bool) -> Result<(), StoreError> {
        let key = gone_key(place);
        match (gone, self.meta(&key)?.is_some()) {
            (true, false) => self.set_meta(&key, "1"),
            (false, true) => self.connection.execute("DELETE FROM meta WHERE key = ?1", [key]).map(drop).map_err(StoreError::from),
            _ => Ok(()),
        }
    }

    /// Whether a calendar was not there when it was last asked for.
    ///
    /// # Errors
    /// When the database fails.
    pub fn is_gone(&self, place: &Place) -> Result<bool, StoreError> {
        Ok(self.meta(&gone_key(place))?.is_some())
    }

    /// The calendars of an account that were not there when they were last asked for.
    ///
    /// # Errors
    /// When the database fails.
    pub fn gone_places(&self, account: &AccountId) -> Result<BTreeSet<Place>, StoreError> {
        let prefix = gone_key(&Place { account: account.clone(), calendar: String::new() });
        let mut statement =
            self.connection.prepare_cached("SELECT substr(key, length(?1) + 1) FROM meta WHERE substr(key, 1, length(?1)) = ?1")?;
        let calendars = statement.query_map([prefix], |row| row.get(0))?.collect::<Result<Vec<String>, _>>()?;
        Ok(calendars.into_iter().map(|calendar| Place { account: account.clone(), calendar }).collect())
    }

    /// Records where a calendar's feed stands.
    ///
    /// # Errors
    /// When the database fails.
    pub fn save_calendar(&self, row: &CalendarRow) -> Result<(), StoreError> {
        self.connection.execute(
            &format!("INSERT OR REPLACE INTO calendars ({COLUMNS}) VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7)"),
            params![
                row.place.account.to_string(),
                row.place.calendar,
                row.name,
                row.delta_link,
                row.window.map(|(from, _)| ms(from)),
                row.window.map(|(_, to)| ms(to)),
                row.listed_at.map(ms),
            ],
        )?;
        Ok(())
    }

    /// Those of these calendars that events of a list are linked in.
    ///
    /// # Errors
    /// When the database fails.
    pub fn linked_in(&self, list: ListId, places: &[Place]) -> Result<BTreeSet<Place>, StoreError> {
        let sql = "SELECT EXISTS (SELECT 1 FROM links INDEXED BY links_by_place WHERE account = ?1 AND calendar = ?2 AND state = 'linked' AND list = ?3)";
        let mut statement = self.connection.prepare_cached(sql)?;
        let mut linked = BTreeSet::new();
        for place in places {
            if statement.query_row(params![place.account.to_string(), place.calendar, list.to_string()], |row| row.get(0))? {
                linked.insert(place.clone());
            }
        }
        Ok(linked)
    }

    /// Calendars of an account that have to be pulled: targets of lists, and places of events that are still linked.
    ///
    /// # Errors
    /// When the database fails.
    pub fn places_of(&self, account: &AccountId) -> Result<Vec<Place>, StoreError> {
        let mut statement = self.connection.prepare_cached(
            // Jumps from calendar to calendar in the index: there are few, and many links.
            "WITH RECURSIVE place(calendar) AS (
                 SELECT min(calendar) FROM links INDEXED BY links_by_place WHERE account = ?1
                 UNION ALL
                 SELECT (SELECT min(k.calendar) FROM links k INDEXED BY links_by_place WHERE k.account = ?1 AND k.calendar > place.calendar)
                     FROM place WHERE place.calendar IS NOT NULL)
             SELECT calendar_id AS calendar FROM lists WHERE account = ?1 AND calendar_id IS NOT NULL
             UNION SELECT p.calendar FROM place p WHERE EXISTS (
                 SELECT 1 FROM links k INDEXED BY links_by_place WHERE k.account = ?1 AND k.calendar = p.calendar
                     AND k.state IN ('creating', 'linked', 'tombstone', 'undone') AND k.list IN (SELECT id FROM lists WHERE account = ?1))
             ORDER BY calendar",
        )?;
        let mut calendars: BTreeSet<String> = statement.query_map([account.to_string()], |row| row.get(0))?.collect::<Result<_, _>>()?;
        for left in self.all_left_behind(account)? {
            calendars.extend(parsed_calendars(&left));
        }
        Ok(calendars.into_iter().map(|calendar| Place { account: account.clone(), calendar }).collect())
    }

    /// Calendars that a list is being moved from by nobody any more: the move broke off, and the database that knew of it is lost. No link names them.
    ///
    /// # Errors
    /// When the database fails.
    pub fn left_behind(&self, list: ListId, account: &AccountId) -> Result<BTreeSet<Place>, StoreError> {
        let calendars = self.meta(&left_behind_key(list, account))?.map(|text| parsed_calendars(&text)).unwrap_or_default();
        Ok(calendars.into_iter().map(|calendar| Place { account: account.clone(), calendar }).collect())
    }

    /// Records them, or that there are none any more.
    ///
    /// # Errors
    /// When the database fails.
    pub fn set_left_behind(&self, list: ListId, account: &AccountId, calendars: &BTreeSet<String>) -> Result<(), StoreError> {
        let key = left_behind_key(list, account);
        if calendars.is_empty() {
            self.connection.execute("DELETE FROM meta WHERE key = ?1", [key])?;
            return Ok(());
        }
        self.set_meta(&key, &to_json(calendars))
    }

    fn all_left_behind(&self, account: &AccountId) -> Result<Vec<String>, StoreError> {
        let sql = "SELECT m.value FROM lists l JOIN meta m ON m.key = 'left:' || l.id || ':' || ?1 WHERE l.account = ?1";
        Ok(self.connection.prepare_cached(sql)?.query_map([account.to_string()], |row| row.get(0))?.collect::<Result<_, _>>()?)
    }
}

fn left_behind_key(list: ListId, account: &AccountId) -> String {
    format!("left:{list}:{account}")
}

fn parsed_calendars(text: &str) -> Vec<String> {
    serde_json::from_str(text).unwrap_or_default()
}
