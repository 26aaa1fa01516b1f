//! The three trees for planning, with everything that agrees left out.
//!
//! A reminder whose fingerprint is that of its agreement, and whose event's fingerprint is that of the other half, needs no decision. SQL leaves those
//! out, so a quiet sync of 10,000 reminders reads a few index pages instead of 30,000 projections. What is left in is the same as if all were read:
//! `plan` gives nothing for the rest. Where nothing differed and nothing changed since, not even the indexes are read.

use std::collections::{BTreeMap, BTreeSet};

use belfry_core::decide::{Local, OfSeries, Standing};
use belfry_core::hold::Question;
use belfry_core::marker::Key;
use belfry_core::plan::{Elsewhere, Entry, FirstSync, ListFacts, Trees};
use belfry_core::slots::{self, Holding};
use belfry_core::{AccountId, Direction, Lead, LinkState, List, Projection, Reminder, Slot, helpers};
use chrono::{DateTime, Utc};
use rusqlite::params;

use crate::columns::parsed;
use crate::links::key;
use crate::{HoldRow, Store, StoreError, events};

/// What the trees are for.
#[derive(Clone, Copy)]
pub struct TreesOf<'a> {
    /// Lists whose target is in this account take part.
    pub account: &'a AccountId,
    /// For what is too old to be made.
    pub now: DateTime<Utc>,
    /// How Outlook holds a reminder.
    pub holding: &'a dyn Fn(&Reminder) -> Holding,
    /// By which rules zones and series are read: where they are others than those of the last good sync, everything is looked at again.
    pub rules: &'a str,
}

/// Keys with something to decide. Each branch is one way in which the trees may differ, and reads what it compares in one order: of a large home, looked up here and
/// there, most pages would be read from the disk again and again.
pub(crate) const DIFFERING: &str = "
    SELECT r.list, r.id AS reminder, 'main' AS slot FROM lists l JOIN reminders r INDEXED BY reminders_by_key ON r.list = l.id
        LEFT JOIN links k INDEXED BY links_by_key ON k.list = r.list AND k.reminder = r.id AND k.slot = 'main'
        WHERE l.account = ?1 AND (k.state IS NULL OR k.state = 'creating' OR k.is_sending
            OR (k.state = 'linked' AND (k.agreed_local_fp IS NOT r.fingerprint OR k.calendar IS NOT l.calendar_id OR k.helpers_fp IS NOT r.helpers_fp))
            OR (k.state IN ('dismissed', 'detached', 'undone') AND k.helpers_fp IS NOT NULL)
            OR (k.state = 'refused' AND k.refused_fp IS NOT r.fingerprint)
            OR (k.state = 'parted' AND (k.refused_fp IS NOT r.fingerprint OR k.calendar IS NOT l.calendar_id OR k.until IS NULL
                OR k.until < date(?2, printf('+%d months', l.horizon_months), '-28 days')))
            OR (r.recurrence IS NOT NULL AND r.recurrence LIKE '%\"apart\":true%'))
    UNION
    SELECT k.list, k.reminder, k.slot FROM lists l JOIN links k INDEXED BY links_by_key ON k.list = l.id
        LEFT JOIN reminders r INDEXED BY reminders_by_key ON r.list = k.list AND r.id = k.reminder
        WHERE l.account = ?1 AND k.account = ?1 AND (r.id IS NULL OR k.state IN ('tombstone', 'undone'))
    UNION
    SELECT k.list, k.reminder, k.slot FROM links k INDEXED BY links_by_event CROSS JOIN lists l ON l.id = k.list
        WHERE k.account = ?1 AND l.account = ?1 AND k.state = 'linked'
            AND NOT EXISTS (SELECT 1 FROM events e WHERE e.account = k.account AND e.event_id = k.event_id)
    UNION
    SELECT k.list, k.reminder, k.slot FROM lists l JOIN links k INDEXED BY links_by_key ON k.list = l.id
        WHERE l.account = ?1 AND k.account = ?1 AND k.slot <> 'main' AND (k.state = 'creating' OR k.is_sending
            OR (k.state = 'linked' AND (k.calendar IS NOT l.calendar_id OR (k.slot LIKE 'occ:%' AND NOT EXISTS (
                SELECT 1 FROM reminders r INDEXED BY reminders_by_key
                    WHERE r.list = k.list AND r.id = k.reminder AND r.recurrence LIKE '%\"apart\":true%'))
                OR (k.slot LIKE 'part:%' AND NOT EXISTS (SELECT 1 FROM links m INDEXED BY links_by_key
                    WHERE m.list = k.list AND m.reminder = k.reminder AND m.slot = 'main' AND m.state = 'parted'))
                OR (k.slot LIKE 'alarm:%' AND NOT EXISTS (SELECT 1 FROM links m INDEXED BY links_by_key
                    WHERE m.list = k.list AND m.reminder = k.reminder AND m.slot = 'main' AND m.state = 'linked')))))
    UNION
    SELECT k.list, k.reminder, k.slot FROM meta m JOIN lists l ON l.id = substr(m.key, 9) JOIN links k INDEXED BY links_by_key ON k.list = l.id
        WHERE m.key LIKE 'leaving:%' AND (k.account = ?1 OR l.account = ?1) AND k.state IN ('creating', 'linked', 'tombstone', 'undone', 'parted')
    UNION
    SELECT e.list, e.reminder, e.slot FROM lists l JOIN events e INDEXED BY events_by_key ON e.list = l.id
        LEFT JOIN links k INDEXED BY links_by_key ON k.list = e.list AND k.reminder = e.reminder AND k.slot = e.slot
        WHERE l.account = ?1 AND e.account = ?1 AND (k.state IS NULL OR k.state NOT IN ('linked', 'detached') OR k.event_id IS NOT e.event_id
            OR (k.state = 'detached' AND NOT e.is_meeting AND e.calendar IS l.calendar_id)
            OR (k.state = 'linked' AND (k.agreed_remote_fp IS NOT e.fingerprint OR e.is_meeting OR e.calendar IS NOT k.calendar)))
    UNION
    SELECT k.list, k.reminder, k.slot FROM events e INDEXED BY events_by_key
        CROSS JOIN links k INDEXED BY links_by_event ON k.account = e.account AND k.event_id = e.event_id JOIN lists l ON l.id = k.list
        WHERE l.account = ?1 AND e.account = ?1 AND e.list IS NULL AND k.state NOT IN ('detached')";

impl Store {
    /// The trees of an account, differing keys only.
    ///
    /// # Errors
    /// When the database fails.
    pub fn trees(&self, of: &TreesOf<'_>) -> Result<Trees, StoreError> {
        let mut trees = Trees::default();
        let (holds, gone) = (self.holds()?, self.gone_places(of.account)?);
        for list in self.lists()?.into_iter().filter(|list| list.is_kept_in(of.account)) {
            trees.lists.insert(list.id, ListFacts { gone: gone.clone(), ..self.facts(&list, &holds)? });
        }
        // Dates of a series come within its list's horizon as time goes by.
        let number = format!("{};{};{}", self.changes()?, of.now.date_naive(), of.rules);
        let agreed = format!("agreed:{}", of.account);
        if self.meta(&agreed)?.as_deref() == Some(&number) {
            return Ok(trees);
        }
        let mut keys = self.differing(of)?;
        if self.rules(of.account)?.is_some_and(|rules| rules != of.rules) {
            keys.extend(self.all_main(of.account)?);
        }
        let keys = self.with_dates(keys, of)?;
        if keys.is_empty() {
            self.set_meta(&agreed, &number)?;
        }
        if !keys.is_empty() {
            let places = self.places_of(of.account)?;
            for (list, facts) in &mut trees.lists {
                facts.places = self.linked_in(*list, &places)?;
                facts.places.extend(self.left_behind(*list, of.account)?);
                let is_typed = facts.direction == Direction::Both;
                facts.linked = if is_typed { self.count_kept(*list)? } else { self.count_linked(*list)? };
            }
        }
        for key in keys {
            let entry = self.entry(&key, of)?;
            trees.entries.insert(key, entry);
        }
        Ok(trees)
    }

    /// By which rules zones and series were read when this account was last synced well.
    fn rules(&self, account: &AccountId) -> Result<Option<String>, StoreError> {
        self.meta(&format!("rules:{account}"))
    }

    /// Everything of this account was looked at by these rules.
    ///
    /// # Errors
    /// When the database fails.
    pub fn looked_at_by(&self, account: &AccountId, rules: &str) -> Result<(), StoreError> {
        if self.rules(account)?.as_deref() == Some(rules) { Ok(()) } else { self.set_meta(&format!("rules:{account}"), rules) }
    }

    fn all_main(&self, account: &AccountId) -> Result<BTreeSet<Key>, StoreError> {
        let sql = "SELECT r.list, r.id AS reminder, 'main' AS slot FROM lists l JOIN reminders r ON r.list = l.id WHERE l.account = ?1";
        Ok(self.connection.prepare_cached(sql)?.query_map([account.to_string()], key)?.collect::<Result<_, _>>()?)
    }

    /// The number of changes so far to what plans look at.
    fn changes(&self) -> Result<String, StoreError> {
        let number: i64 = self.connection.prepare_cached("SELECT number FROM changes")?.query_row([], |row| row.get(0))?;
        Ok(number.to_string())
    }

    /// Counts a change that no trigger sees.
    pub(crate) fn touch(&self) -> Result<(), StoreError> {
        self.connection.execute("UPDATE changes SET number = number + 1", [])?;
        Ok(())
    }

    fn facts(&self, list: &List, holds: &[HoldRow]) -> Result<ListFacts, StoreError> {
        let holds = || holds.iter().filter(|hold| hold.list == list.id);
        let leaving = self.leaving(list.id)?;
        Ok(ListFacts {
            direction: list.direction,
            target: if leaving.is_some() { None } else { list.place() },
            source_is_whole: list.source.is_none() || self.source(list.id)?.is_whole,
            leaving,
            first_sync: self.first_sync(list)?.unwrap_or(FirstSync::Settled),
            resembles: false,
            places: BTreeSet::new(),
            gone: BTreeSet::new(),
            unstarted: self.is_unstarted(list.id)?,
            // Counted where there is something to decide.
            linked: 0,
            removed: 0,
            waits: holds().any(|hold| !hold.confirmed && Question::of(list.id, &hold.name).is_none()),
            confirmed: holds().filter(|hold| hold.confirmed).map(|hold| hold.name.clone()).collect(),
        })
    }

    fn differing(&self, of: &TreesOf<'_>) -> Result<BTreeSet<Key>, StoreError> {
        let mut statement = self.connection.prepare_cached(DIFFERING)?;
        let today = of.now.date_naive().to_string();
        Ok(statement.query_map([of.account.to_string(), today], key)?.collect::<Result<_, _>>()?)
    }

    /// Where the main event of a reminder differs, so may those of its dates: those that it has, and those that it is to have.
    fn with_dates(&self, mut keys: BTreeSet<Key>, of: &TreesOf<'_>) -> Result<BTreeSet<Key>, StoreError> {
        let mut dates = Vec::new();
        for main in keys.iter().filter(|key| key.slot == Slot::Main) {
            let Some(reminder) = self.reminder(main.reminder)?.filter(|reminder| reminder.list == main.list) else { continue };
            let mut slots = self.other_slots(main)?;
            if reminder.recurrence.is_some() {
                slots.extend(slots::apart(&reminder));
                if let (true, Some(list)) = ((of.holding)(&reminder).is_in_parts(), self.list(main.list)?) {
                    slots.extend(slots::parts(&reminder, &list, of.now));
                }
            }
            if let (true, Some(list)) = (reminder.has_further_alarms(), self.list(main.list)?) {
                slots.extend(helpers::slots(&reminder, &list));
            }
            dates.extend(slots.into_iter().map(|slot| Key { slot, ..main.clone() }));
        }
        keys.extend(dates);
        Ok(keys)
    }

    fn other_slots(&self, main: &Key) -> Result<BTreeSet<Slot>, StoreError> {
        let sql = "SELECT slot FROM links INDEXED BY links_by_key WHERE list = ?1 AND reminder = ?2 AND slot <> 'main'";
        let mut statement = self.connection.prepare_cached(sql)?;
        let rows = statement.query_map([main.list.to_string(), main.reminder.to_string()], |row| parsed(row, "slot"))?;
        Ok(rows.collect::<Result<_, _>>()?)
    }

    /// One key in all three trees.
    fn entry(&self, key: &Key, of: &TreesOf<'_>) -> Result<Entry, StoreError> {
        let (reminder, other): (Option<Reminder>, Option<Reminder>) = match self.reminder(key.reminder)? {
            Some(other) if other.list != key.list => (None, Some(other).filter(|_| !matches!(key.slot, Slot::Alarm(_)))),
            here => (here, None),
        };
        let link = self.link(key)?;
        let dated = reminder.as_ref().or_else(|| other.as_ref().filter(|_| link.is_some()));
        let date = dated.and_then(|reminder| slots::date_of(reminder, &key.slot));
        let elsewhere = match other {
            None => None,
            Some(other) => {
                let main = Key::main(other.list, other.id);
                let has_event = self.has_event(of.account, &main)?;
                let is_detached = self.link(&main)?.is_some_and(|link| link.state == LinkState::Detached);
                self.local(&other, &key.slot, of)?.map(|local| Elsewhere { list: other.list, local, has_event, is_detached })
            }
        };
        let mut seen: BTreeMap<String, belfry_core::RemoteEvent> =
            self.events_of(key, of.account)?.into_iter().map(|event| (event.event_id.clone(), event)).collect();
        if let Some(id) = link.as_ref().filter(|link| link.place.account == *of.account).and_then(|link| link.event_id.as_deref())
            && let Some(event) = self.event(of.account, id)?
        {
            seen.insert(event.event_id.clone(), event);
        }
        let is_series = reminder.as_ref().is_some_and(|one| one.recurrence.is_some());
        Ok(Entry {
            has_reminder: reminder.is_some(),
            parted_elsewhere: key.slot == Slot::Main && is_series && seen.is_empty() && self.has_parts(key, of)?,
            date,
            local: reminder.map(|reminder| self.local(&reminder, &key.slot, of)).transpose()?.flatten(),
            link,
            events: seen.into_values().collect(),
            generation: self.generation(key)?,
            elsewhere,
        })
    }

    /// Events that carry this key.
    ///
    /// # Errors
    /// When the database fails.
    pub fn events_of(&self, key: &Key, account: &AccountId) -> Result<Vec<belfry_core::RemoteEvent>, StoreError> {
        let sql = format!(
            "SELECT {} FROM events WHERE list = ?1 AND reminder = ?2 AND slot = ?3 AND account = ?4 ORDER BY event_id",
            events::COLUMNS
        );
        let mut statement = self.connection.prepare_cached(&sql)?;
        let parameters = params![key.list.to_string(), key.reminder.to_string(), key.slot.to_string(), account.to_string()];
        Ok(statement.query_map(parameters, events::event)?.collect::<Result<_, _>>()?)
    }

    /// Whether the account has events of single dates of a series.
    fn has_parts(&self, key: &Key, of: &TreesOf<'_>) -> Result<bool, StoreError> {
        let sql = "SELECT EXISTS (SELECT 1 FROM events WHERE list = ?1 AND reminder = ?2 AND slot LIKE 'part:%' AND account = ?3)";
        let parameters = params![key.list.to_string(), key.reminder.to_string(), of.account.to_string()];
        Ok(self.connection.prepare_cached(sql)?.query_row(parameters, |row| row.get(0))?)
    }

    /// What a reminder wants the event of a slot to be.
    fn local(&self, reminder: &Reminder, slot: &Slot, of: &TreesOf<'_>) -> Result<Option<Local>, StoreError> {
        if let Slot::Alarm(number) = slot {
            return self.helper(reminder, *number, of);
        }
        let holding = (of.holding)(reminder);
        let Some(projection) = slots::projection_of(reminder, slot, holding.is_in_parts()) else { return Ok(None) };
        let (created_at, changed_at) = (reminder.created_at, reminder.changed_at);
        if *slot != Slot::Main {
            let is_stale = slots::is_stale(&projection, of.now);
            let date = slots::as_series(reminder, slot).map(|plain| self.of_series(reminder, plain)).transpose()?;
            let holding = Holding::Whole;
            return Ok(Some(Local { projection, created_at, changed_at, is_stale, holding, until: None, helpers: None, date }));
        }
        let is_of_its_list = holding.is_in_parts() || reminder.has_further_alarms();
        let list = if is_of_its_list { self.list(reminder.list)? } else { None };
        let until = list.as_ref().filter(|_| holding.is_in_parts()).map(|list| slots::horizon(list, of.now));
        let helpers = list.and_then(|list| helpers::fingerprint(reminder, &list));
        let is_stale = reminder.is_stale(of.now);
        Ok(Some(Local { projection, created_at, changed_at, is_stale, holding, until, helpers, date: None }))
    }

    fn of_series(&self, reminder: &Reminder, plain: Projection) -> Result<OfSeries, StoreError> {
        let main = self.link(&Key::main(reminder.list, reminder.id))?;
        let standing = match main.map(|main| main.state) {
            Some(LinkState::Dismissed | LinkState::Undone) => Standing::Gone,
            Some(LinkState::Detached) => Standing::LeftAlone,
            _ => Standing::Synced,
        };
        Ok(OfSeries { plain, standing })
    }

    /// A helper event is wanted as long as the reminder has its own.
    fn helper(&self, reminder: &Reminder, number: Lead, of: &TreesOf<'_>) -> Result<Option<Local>, StoreError> {
        let main = self.link(&Key::main(reminder.list, reminder.id))?;
        let is_wanted = main.is_some_and(|main| main.state == LinkState::Linked && main.event_id.is_some());
        let Some(list) = self.list(reminder.list)?.filter(|_| is_wanted) else { return Ok(None) };
        let (created_at, changed_at, is_stale) = (reminder.created_at, reminder.changed_at, reminder.is_stale(of.now));
        let projection = helpers::projection_of(reminder, &list, number);
        let holding = Holding::Whole;
        let local = |projection| Local { projection, created_at, changed_at, is_stale, holding, until: None, helpers: None, date: None };
        Ok(projection.map(local))
    }
}
