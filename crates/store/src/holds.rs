//! Held sets of removals, and the person's answers.

use std::collections::BTreeSet;

use belfry_core::hold::{Question, name_of_shrunk};
use belfry_core::{Fingerprint, ListId, ReminderId};
use rusqlite::params;

use crate::columns::{parsed, to_json};
use crate::{Store, StoreError};

/// A held set.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct HoldRow {
    /// Whose.
    pub list: ListId,
    /// Its name.
    pub name: Fingerprint,
    /// How many operations wait.
    pub count: u64,
    /// The run that first showed it.
    pub shown_run: i64,
    /// Whether the person has said yes.
    pub confirmed: bool,
}

impl Store {
    /// Held sets.
    ///
    /// # Errors
    /// When the database fails.
    pub fn holds(&self) -> Result<Vec<HoldRow>, StoreError> {
        let mut statement =
            self.connection.prepare_cached("SELECT list, name, count, shown_run, confirmed FROM holds ORDER BY list, name")?;
        let rows = statement.query_map([], |row| {
            Ok(HoldRow {
                list: parsed(row, "list")?,
                name: Fingerprint(row.get("name")?),
                count: row.get("count")?,
                shown_run: row.get("shown_run")?,
                confirmed: row.get("confirmed")?,
            })
        })?;
        Ok(rows.collect::<Result<_, _>>()?)
    }

    /// Records the sets that a run held for a list. A set that is held no more is forgotten, with its answer: a later one is another question. An answer stays
    /// while it is being carried out: `answered` are those sets.
    ///
    /// # Errors
    /// When the database fails.
    pub fn save_holds(&self, list: ListId, run: i64, sets: &[(Fingerprint, u64)], answered: &[Fingerprint]) -> Result<(), StoreError> {
        let known: BTreeSet<&str> = sets.iter().map(|(name, _)| name).chain(answered).map(|name| name.0.as_str()).collect();
        // Whether a source shrank is asked where it is read.
        let is_asked_elsewhere = |hold: &HoldRow| Question::of(list, &hold.name) == Some(Question::Shrunk);
        let is_over = |hold: &&HoldRow| hold.list == list && !known.contains(hold.name.0.as_str()) && !is_asked_elsewhere(hold);
        for old in self.holds()?.iter().filter(is_over) {
            self.drop_hold(old)?;
        }
        sets.iter().try_for_each(|(name, count)| self.add_hold(list, run, name, *count))
    }

    /// Records a set that waits, beside the others of its list.
    ///
    /// # Errors
    /// When the database fails.
    pub fn add_hold(&self, list: ListId, run: i64, name: &Fingerprint, count: u64) -> Result<(), StoreError> {
        self.connection.execute(
            "INSERT INTO holds (list, name, count, shown_run) VALUES (?1, ?2, ?3, ?4) ON CONFLICT (list, name) DO NOTHING",
            params![list.to_string(), name.0, count, run],
        )?;
        Ok(())
    }

    /// Records that it is asked whether a source rightly does not name these any more; an empty set takes the question back. Says whether the answer for just these was
    /// yes.
    ///
    /// # Errors
    /// When the database fails.
    pub fn ask_shrunk(&self, list: ListId, run: i64, gone: &BTreeSet<ReminderId>) -> Result<bool, StoreError> {
        let name = name_of_shrunk(list, gone);
        let is_it = |hold: &&HoldRow| hold.list == list && Question::of(list, &hold.name) == Some(Question::Shrunk);
        for known in self.holds()?.iter().filter(is_it) {
            if known.name == name && !gone.is_empty() {
                return Ok(known.confirmed);
            }
            self.drop_hold(known)?;
        }
        if !gone.is_empty() {
            let ids: Vec<String> = gone.iter().map(ToString::to_string).collect();
            self.set_meta(&shrunk_key(list), &to_json(&ids))?;
            self.add_hold(list, run, &name, u64::try_from(gone.len()).unwrap_or(u64::MAX))?;
        }
        Ok(false)
    }

    /// What a source does not name any more, while it is asked whether that is right.
    ///
    /// # Errors
    /// When the database fails.
    pub fn shrunk(&self, list: ListId) -> Result<Vec<ReminderId>, StoreError> {
        let is_open = |hold: &HoldRow| hold.list == list && !hold.confirmed && Question::of(list, &hold.name) == Some(Question::Shrunk);
        if !self.holds()?.iter().any(is_open) {
            return Ok(vec![]);
        }
        let ids: Vec<String> = self.meta(&shrunk_key(list))?.and_then(|text| serde_json::from_str(&text).ok()).unwrap_or_default();
        Ok(ids.iter().filter_map(|id| id.parse().ok()).collect())
    }

    /// Forgets what is asked about the place of a list, which is kept elsewhere from now on. Removals that wait still do.
    ///
    /// # Errors
    /// When the database fails.
    pub fn drop_questions(&self, list: ListId) -> Result<(), StoreError> {
        let is_of_place = |hold: &&HoldRow| hold.list == list && !matches!(Question::of(list, &hold.name), None | Some(Question::Shrunk));
        for asked in self.holds()?.iter().filter(is_of_place) {
            self.drop_hold(asked)?;
        }
        Ok(())
    }

    fn drop_hold(&self, hold: &HoldRow) -> Result<(), StoreError> {
        self.connection.execute("DELETE FROM holds WHERE list = ?1 AND name = ?2", params![hold.list.to_string(), hold.name.0])?;
        Ok(())
    }

    /// Forgets what waits in a list that is kept nowhere any more.
    ///
    /// # Errors
    /// When the database fails.
    pub fn drop_holds(&self, list: ListId) -> Result<(), StoreError> {
        self.connection.execute("DELETE FROM holds WHERE list = ?1", [list.to_string()])?;
        Ok(())
    }

    /// Says yes to a set of a list that an earlier run has shown.
    ///
    /// # Errors
    /// When the database fails.
    pub fn confirm_hold(&self, hold: &HoldRow) -> Result<(), StoreError> {
        self.connection
            .execute("UPDATE holds SET confirmed = 1 WHERE list = ?1 AND name = ?2", params![hold.list.to_string(), hold.name.0])?;
        Ok(())
    }
}

pub(crate) fn shrunk_key(list: ListId) -> String {
    format!("shrunk:{list}")
}
