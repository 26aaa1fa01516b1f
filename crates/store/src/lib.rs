//! Belfry's memory: one SQLite database per home.
//!
//! One file per table. The store keeps observations (what the mailbox showed) and agreements (what both sides accepted), never pending work. A [`Store`] is one
//! connection; several processes share a home through WAL. Every commit is on disk before it counts (`synchronous = FULL`): an agreement that
//! a power cut could take back would make duplicates.

mod accounts;
mod backup;
mod calendars;
mod columns;
#[cfg(debug_assertions)]
mod drill;
mod error;
mod events;
mod holds;
mod journal;
mod links;
mod lists;
mod meta;
mod quarantine;
mod reminders;
mod runs;
mod sources;
mod trees;

use std::path::{Path, PathBuf};
use std::time::Duration;

use chrono::{DateTime, Utc};
use rusqlite::{Connection, OpenFlags};
use rusqlite_migration::{M, Migrations};

pub use calendars::CalendarRow;
#[cfg(debug_assertions)]
pub use drill::Disk;
pub use error::StoreError;
pub use holds::HoldRow;
pub use journal::{JournalEntry, NewEntry};
pub use quarantine::{NewQuarantined, Quarantined};
pub use reminders::ReminderRow;
pub use runs::Run;
pub use sources::SourceRow;
pub use trees::TreesOf;

const STEPS: &[M<'_>] = &[
    M::up(include_str!("../migrations/0001.sql")),
    M::up(include_str!("../migrations/0002.sql")),
    M::up(include_str!("../migrations/0003.sql")),
    M::up(include_str!("../migrations/0004.sql")),
    M::up(include_str!("../migrations/0005.sql")),
    M::up(include_str!("../migrations/0006.sql")),
    M::up(include_str!("../migrations/0007.sql")),
    M::up(include_str!("../migrations/0008.sql")),
    M::up(include_str!("../migrations/0009.sql")),
    M::up(include_str!("../migrations/0010.sql")),
    M::up(include_str!("../migrations/0011.sql")),
    M::up(include_str!("../migrations/0012.sql")),
    M::up(include_str!("../migrations/0013.sql")),
    M::up(include_str!("../migrations/0014.sql")),
    M::up(include_str!("../migrations/0015.sql")),
    M::up(include_str!("../migrations/0016.sql")),
];
const MIGRATIONS: Migrations<'_> = Migrations::from_slice(STEPS);

/// The database of a home.
pub struct Store {
    connection: Connection,
    path: Option<PathBuf>,
}

impl std::fmt::Debug for Store {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("Store").field("path", &self.path).finish_non_exhaustive()
    }
}

impl Store {
    /// Opens the database of a home, makes it if there is none, and brings it up to date after saving a copy in `backups`.
    ///
    /// # Errors
    /// [`StoreError::Newer`] when a newer Belfry wrote it, [`StoreError::Unreadable`] when it is none.
    pub fn open(path: &Path, backups: &Path, now: DateTime<Utc>) -> Result<Self, StoreError> {
        let flags = OpenFlags::SQLITE_OPEN_READ_WRITE | OpenFlags::SQLITE_OPEN_CREATE | OpenFlags::SQLITE_OPEN_NO_MUTEX;
        let connection = Connection::open_with_flags(path, flags)?;
        let mut store = Self { connection, path: Some(path.to_owned()) };
        store.configure()?;
        match MIGRATIONS.pending_migrations(&store.connection)? {
            0 => {}
            pending if pending < 0 => return Err(StoreError::Newer),
            _ => {
                if store.has_tables()? {
                    store.back_up(backups, "before-update", now)?;
                }
                store.migrate()?;
            }
        }
        Ok(store)
    }

    /// A database in memory, for tests.
    ///
    /// # Errors
    /// When SQLite cannot be set up.
    pub fn in_memory() -> Result<Self, StoreError> {
        let mut store = Self { connection: Connection::open_in_memory()?, path: None };
        store.configure()?;
        store.migrate()?;
        Ok(store)
    }

    fn configure(&self) -> Result<(), StoreError> {
        self.connection.busy_timeout(Duration::from_secs(10))?;
        let _: String = self.connection.pragma_update_and_check(None, "journal_mode", "WAL", |row| row.get(0))?;
        self.connection.pragma_update(None, "synchronous", "FULL")?;
        self.connection.pragma_update(None, "foreign_keys", true)?;
        self.connection.set_prepared_statement_cache_capacity(64);
        Ok(())
    }

    /// Two processes may start at once: the second finds the work done, or waits for it.
    fn migrate(&mut self) -> Result<(), StoreError> {
        match MIGRATIONS.to_latest(&mut self.connection) {
            Err(_) if MIGRATIONS.pending_migrations(&self.connection)? == 0 => Ok(()),
            result => Ok(result?),
        }
    }

    fn has_tables(&self) -> Result<bool, StoreError> {
        Ok(self.connection.query_row("SELECT EXISTS (SELECT 1 FROM sqlite_schema)", [], |row| row.get(0))?)
    }

    /// What SQLite finds wrong with the file; nothing when it is whole.
    ///
    /// # Errors
    /// When it cannot even be looked at.
    pub fn check(&self) -> Result<Vec<String>, StoreError> {
        let mut statement = self.connection.prepare("PRAGMA integrity_check(10)")?;
        let found: Vec<String> = statement.query_map([], |row| row.get(0))?.collect::<Result<_, _>>()?;
        Ok(found.into_iter().filter(|line| line != "ok").collect())
    }

    /// Does all of it or none of it.
    ///
    /// # Errors
    /// What `work` says, or that the commit failed; then nothing was kept.
    pub fn atomically<T>(&self, work: impl FnOnce(&Self) -> Result<T, StoreError>) -> Result<T, StoreError> {
        self.connection.execute_batch("BEGIN IMMEDIATE")?;
        match work(self).and_then(|value| self.connection.execute_batch("COMMIT").map(|()| value).map_err(StoreError::from)) {
            Ok(value) => Ok(value),
            Err(error) => {
                // After some failures SQLite has rolled back by itself; then there is nothing left to undo.
                let _ = self.connection.execute_batch("ROLLBACK");
                Err(error)
            }
        }
    }

    /// Does it and takes it all back: what would come of it.
    ///
    /// # Errors
    /// What `work` says.
    pub fn on_trial<T>(&self, work: impl FnOnce(&Self) -> Result<T, StoreError>) -> Result<T, StoreError> {
        self.connection.execute_batch("BEGIN IMMEDIATE")?;
        let result = work(self);
        self.connection.execute_batch("ROLLBACK")?;
        result
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn migrations_are_in_order() {
        MIGRATIONS.validate().expect("valid migrations");
    }

    fn now() -> DateTime<Utc> {
        "2026-11-21T12:00:00Z".parse().expect("a time")
    }

    fn rent() -> belfry_core::Projection {
        belfry_core::Projection {
            title: "Rent".into(),
            body: String::new(),
            when: belfry_core::When::Date(now().date_naive()),
            length: belfry_core::Length::Days(1),
            rule: None,
            occurrences: std::collections::BTreeMap::new(),
            extra: std::collections::BTreeSet::new(),
            alarm: None,
            category: None,
            more_categories: vec![],
            show_as: belfry_core::ShowAs::Free,
            private: false,
        }
    }

    #[test]
    fn a_newer_database_is_left_alone() {
        let folder = tempfile::tempdir().expect("a folder");
        let path = folder.path().join("belfry.db");
        Store::open(&path, folder.path(), now()).expect("opened").connection.pragma_update(None, "user_version", 99).expect("set");
        let before = std::fs::read(&path).expect("read");
        assert!(matches!(Store::open(&path, folder.path(), now()), Err(StoreError::Newer)));
        assert_eq!(std::fs::read(&path).expect("read"), before);
    }

    #[test]
    fn a_database_of_every_earlier_version_is_saved_and_brought_up_to_date() {
        for version in 1..STEPS.len() {
            let folder = tempfile::tempdir().expect("a folder");
            let path = folder.path().join("belfry.db");
            let mut old = Connection::open(&path).expect("a database");
            MIGRATIONS.to_version(&mut old, version).expect("an old database");
            old.execute("INSERT INTO meta (key, value) VALUES ('a', '1')", []).expect("written");
            drop(old);
            let backups = folder.path().join("backups");
            let store = Store::open(&path, &backups, now()).expect("opened");
            assert_eq!(store.meta("a").expect("read").as_deref(), Some("1"));
            let copies: Vec<PathBuf> = std::fs::read_dir(&backups).expect("backups").map(|entry| entry.expect("an entry").path()).collect();
            let [copy] = copies.as_slice() else { panic!("{copies:?}") };
            let saved: usize = Connection::open(copy)
                .and_then(|copy| copy.query_row("SELECT user_version FROM pragma_user_version", [], |row| row.get(0)))
                .expect("a copy");
            assert_eq!(saved, version);
        }
    }

    /// An account that was removed and is back has links at places that no calendar row names.
    #[test]
    fn every_calendar_that_still_holds_an_event_is_pulled() {
        use belfry_core::marker::Key;
        use belfry_core::{AccountId, Link, LinkState, List, Place, ReminderId, Target};
        let store = Store::in_memory().expect("a store");
        let account: AccountId = "public/t/o".parse().expect("an id");
        let target = Target { account: account.clone(), calendar_id: Some("new".into()), calendar_name: "New".into() };
        let list = List { target: Some(target), ..List::typed("Household", now()) };
        store.save_list(&list).expect("saved");
        let projection = rent();
        for (number, (calendar, state)) in
            [("a", LinkState::Linked), ("a", LinkState::Linked), ("b", LinkState::Dismissed), ("c", LinkState::Tombstone)]
                .into_iter()
                .enumerate()
        {
            let key = Key::main(list.id, ReminderId::of_uid(list.id, &number.to_string()));
            let place = Place { account: account.clone(), calendar: calendar.into() };
            store.save_link(&Link { state, ..Link::creating(key, place, 1, projection.clone()) }).expect("saved");
        }
        let places: Vec<String> = store.places_of(&account).expect("places").into_iter().map(|place| place.calendar).collect();
        assert_eq!(places, ["a", "c", "new"]);
    }

    /// Zone data that says otherwise than before changes no reminder and no event.
    #[test]
    fn everything_is_looked_at_again_by_other_rules() {
        use belfry_core::marker::Key;
        use belfry_core::slots::Holding;
        use belfry_core::{AccountId, Link, LinkState, List, Place, Projection, ReminderId, RemoteEvent, Target};
        let store = Store::in_memory().expect("a store");
        let account: AccountId = "public/t/o".parse().expect("an id");
        let target = Target { account: account.clone(), calendar_id: Some("c".into()), calendar_name: "Belfry".into() };
        let list = List { target: Some(target), ..List::typed("Household", now()) };
        store.save_list(&list).expect("saved");
        let key = Key::main(list.id, ReminderId::of_uid(list.id, "1"));
        let place = Place { account: account.clone(), calendar: "c".into() };
        let projection = rent();
        let reminder = belfry_core::merge::made_from(&key, &projection, now(), now());
        store.save_reminder(&reminder).expect("saved");
        let link = Link::creating(key.clone(), place.clone(), 1, projection.clone());
        let (agreed_local, agreed_remote) = (Some(Projection::of(&reminder)), Some(projection.clone()));
        let link = Link { state: LinkState::Linked, event_id: Some("e".into()), sending: None, agreed_local, agreed_remote, ..link };
        store.save_link(&link).expect("saved");
        let event = RemoteEvent {
            place,
            event_id: "e".into(),
            etag: "1".into(),
            marker: Some(link.marker()),
            projection,
            is_meeting: false,
            moved_away: false,
            created_at: now(),
            modified_at: now(),
        };
        store.save_event(&event).expect("saved");
        let looked_at = |rules: &str| {
            let of = TreesOf { account: &account, now: now(), holding: &|_| Holding::Whole, rules };
            store.trees(&of).expect("trees").entries.len()
        };
        assert_eq!(looked_at("2026a"), 0);
        store.looked_at_by(&account, "2026a").expect("written");
        assert_eq!((looked_at("2026a"), looked_at("2026b"), looked_at("2026b")), (0, 1, 1));
        store.looked_at_by(&account, "2026b").expect("written");
        assert_eq!(looked_at("2026b"), 0);
    }

    #[test]
    fn the_further_lines_of_a_reminder_are_kept() {
        use belfry_core::projection::Projection;
        use belfry_core::{Fingerprint, List};
        let store = Store::in_memory().expect("a store");
        let list = List::typed("Household", now());
        store.save_list(&list).expect("saved");
        let key = belfry_core::marker::Key::main(list.id, belfry_core::ReminderId::of_uid(list.id, "1"));
        let projection = rent();
        let mut reminder = belfry_core::merge::made_from(&key, &projection, now(), now());
        let bare = Fingerprint::of(&Projection::of(&reminder));
        reminder.other = vec!["X-A:1".into(), "GEO:1;2".into()];
        store.save_reminder(&reminder).expect("saved");
        assert_eq!(store.reminder(reminder.id).expect("read"), Some(reminder.clone()));
        assert_eq!(Fingerprint::of(&Projection::of(&reminder)), bare);
    }

    /// A quiet sync and `status` read indexes only: a plan that looks into the tables reads the whole database.
    #[test]
    fn what_differs_is_found_without_reading_what_agrees() {
        let store = Store::in_memory().expect("a store");
        for sql in [trees::DIFFERING, reminders::WAITING] {
            let mut statement = store.connection.prepare(&format!("EXPLAIN QUERY PLAN {sql}")).expect("a query");
            let count = statement.parameter_count();
            let rows = statement.query_map(rusqlite::params_from_iter(vec![""; count]), |row| row.get::<_, String>(3)).expect("a plan");
            for line in rows.map(|row| row.expect("a line")) {
                let table = ["links", "reminders", "events", " r ", " k ", " e "].iter().any(|name| format!("{line} ").contains(name));
                assert!(!table || line.contains("COVERING INDEX"), "{line}");
            }
        }
    }

    #[test]
    fn what_is_no_database_is_said_to_be_none() {
        let folder = tempfile::tempdir().expect("a folder");
        let path = folder.path().join("belfry.db");
        std::fs::write(&path, "this is a letter, and a rather long one, to nobody in particular").expect("written");
        assert!(matches!(Store::open(&path, folder.path(), now()), Err(StoreError::Unreadable(_))));
        assert!(std::fs::read_to_string(&path).expect("read").starts_with("this is a letter"));
    }

    #[test]
    fn half_done_is_undone() {
        let store = Store::in_memory().expect("a store");
        let result: Result<(), StoreError> = store.atomically(|store| {
            store.set_meta("a", "1")?;
            Err(StoreError::Missing("on purpose"))
        });
        assert!(result.is_err());
        assert_eq!(store.meta("a").expect("read"), None);
    }
}
