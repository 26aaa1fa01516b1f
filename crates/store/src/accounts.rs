//! Accounts. No token is ever here.

use belfry_core::word::from_word;
use belfry_core::{Account, AccountId, AccountState, Problem, word};
use chrono::{DateTime, Utc};
use rusqlite::{OptionalExtension, Row, params};

use crate::columns::{in_word, json, maybe_time, ms, parsed, to_json};
use crate::{Store, StoreError};

const COLUMNS: &str = "id, login, name, kind, cloud, client_id, scopes, state, claims, last_good_sync_at";

fn account(row: &Row<'_>) -> rusqlite::Result<Account> {
    let scopes: String = row.get("scopes")?;
    Ok(Account {
        id: parsed(row, "id")?,
        login: row.get("login")?,
        name: row.get("name")?,
        kind: in_word(row, "kind", from_word)?,
        cloud: json(row, "cloud")?,
        client_id: row.get("client_id")?,
        scopes: scopes.split_whitespace().map(str::to_owned).collect(),
        state: in_word(row, "state", from_word)?,
        claims: row.get("claims")?,
        last_good_sync_at: maybe_time(row, "last_good_sync_at")?,
    })
}

impl Store {
    /// All accounts, in the order of their ids.
    ///
    /// # Errors
    /// When the database fails.
    pub fn accounts(&self) -> Result<Vec<Account>, StoreError> {
        let mut statement = self.connection.prepare_cached(&format!("SELECT {COLUMNS} FROM accounts ORDER BY id"))?;
        Ok(statement.query_map([], account)?.collect::<Result<_, _>>()?)
    }

    /// One account.
    ///
    /// # Errors
    /// When the database fails.
    pub fn account(&self, id: &AccountId) -> Result<Option<Account>, StoreError> {
        let mut statement = self.connection.prepare_cached(&format!("SELECT {COLUMNS} FROM accounts WHERE id = ?1"))?;
        Ok(statement.query_row([id.to_string()], account).optional()?)
    }

    /// Adds an account or replaces what is known of it.
    ///
    /// # Errors
    /// When the database fails.
    pub fn save_account(&self, account: &Account) -> Result<(), StoreError> {
        self.connection.execute(
            "INSERT OR REPLACE INTO accounts (id, login, name, kind, cloud, client_id, scopes, state, claims, last_good_sync_at)
             VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9, ?10)",
            params![
                account.id.to_string(),
                account.login,
                account.name,
                word(&account.kind),
                to_json(&account.cloud),
                account.client_id,
                account.scopes.join(" "),
                word(&account.state),
                account.claims,
                account.last_good_sync_at.map(ms),
            ],
        )?;
        Ok(())
    }

    /// Records the state of an account, and claims that its next sign-in has to pass on.
    ///
    /// # Errors
    /// When the database fails.
    pub fn set_account_state(&self, id: &AccountId, state: AccountState, claims: Option<&str>) -> Result<(), StoreError> {
        self.connection
            .execute("UPDATE accounts SET state = ?2, claims = ?3 WHERE id = ?1", params![id.to_string(), word(&state), claims])?;
        Ok(())
    }

    /// Remembers what was found out about an account that rests now: whoever asks later is told why, and not that it rests alone.
    ///
    /// # Errors
    /// When the database fails.
    pub fn note_cause(&self, id: &AccountId, state: AccountState, cause: &Problem) -> Result<(), StoreError> {
        self.set_meta(&format!("cause:{id}"), &to_json(&(state, cause)))
    }

    /// Why an account is in the state that it is in, where that was found out.
    ///
    /// # Errors
    /// When the database fails.
    pub fn cause(&self, account: &Account) -> Result<Option<Problem>, StoreError> {
        let text = self.meta(&format!("cause:{}", account.id))?.unwrap_or_default();
        let known: Option<(AccountState, Problem)> = serde_json::from_str(&text).ok();
        Ok(known.filter(|(state, _)| *state == account.state).map(|(_, cause)| cause))
    }

    /// Records a sync that ended well.
    ///
    /// # Errors
    /// When the database fails.
    pub fn set_last_good_sync(&self, id: &AccountId, at: DateTime<Utc>) -> Result<(), StoreError> {
        self.connection.execute("UPDATE accounts SET last_good_sync_at = ?2 WHERE id = ?1", params![id.to_string(), ms(at)])?;
        Ok(())
    }

    /// Forgets an account and what was seen in its mailbox. Its lists become local; links and agreements stay, for when it comes back.
    ///
    /// # Errors
    /// When the database fails.
    pub fn remove_account(&self, id: &AccountId) -> Result<(), StoreError> {
        self.atomically(|store| {
            let id = id.to_string();
            // Nothing leaves any more: what was to go is gone, or stays where it is.
            store
                .connection
                .execute("DELETE FROM meta WHERE key IN (SELECT 'leaving:' || lists.id FROM lists WHERE lists.account = ?1)", [&id])?;
            store
                .connection
                .execute("UPDATE lists SET account = NULL, calendar_id = NULL, calendar_name = NULL WHERE account = ?1", [&id])?;
            for table in ["events", "foreign_events", "calendars"] {
                store.connection.execute(&format!("DELETE FROM {table} WHERE account = ?1"), [&id])?;
            }
            // `told:{id}` and the like.
            store.connection.execute("DELETE FROM meta WHERE substr(key, instr(key, ':') + 1) = ?1", [&id])?;
            store.connection.execute("DELETE FROM accounts WHERE id = ?1", [&id])?;
            Ok(())
        })
    }
}
