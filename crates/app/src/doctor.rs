//! What a person, or whoever helps them, can look at when something does not work: each part that Belfry stands on, tried out, with one thing to do.

mod bundle;
mod desktop;

pub use bundle::Titles;

#[cfg(target_os = "linux")]
pub use desktop::has_tray;

use std::time::Duration;

use belfry_core::{Account, Problem};
use belfry_graph::Mailbox;
use belfry_http::HttpError;
use belfry_identity::{VAULT_PATIENCE, VaultError};
use belfry_store::Store;
use chrono::{DateTime, Utc};
use secrecy::{ExposeSecret, SecretString};
use serde::Serialize;

use crate::app::{App, Ports};
use crate::config::Config;
use crate::counted::counted;
use crate::error::AppError;
use crate::home::Home;

/// How a check went.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize)]
#[serde(rename_all = "snake_case")]
pub enum Health {
    /// It works.
    Fine,
    /// It does not.
    Trouble,
    /// It cannot be known here, or is not needed.
    Unknown,
}

/// One thing that was tried.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Check {
    /// `database`, `clock`, `keychain`, `network`, `graph`, `tray` or `notifications`.
    pub part: &'static str,
    /// How it went.
    pub health: Health,
    /// What was seen.
    pub said: String,
    /// One thing to do about it.
    pub action: Option<String>,
}

impl Check {
    fn fine(part: &'static str, said: impl Into<String>) -> Self {
        Self { part, health: Health::Fine, said: said.into(), action: None }
    }

    fn unknown(part: &'static str, said: impl Into<String>) -> Self {
        Self { part, health: Health::Unknown, said: said.into(), action: None }
    }

    fn trouble(part: &'static str, said: impl Into<String>, action: impl Into<String>) -> Self {
        Self { part, health: Health::Trouble, said: said.into(), action: Some(action.into()) }
    }

    fn of(part: &'static str, problem: Problem) -> Self {
        Self::trouble(part, problem.detail, problem.action)
    }
}

/// A clock that is further off than this is refused by Microsoft and mistaken by us.
const CLOCK_TOLERANCE: Duration = Duration::from_secs(5 * 60);

/// Tries out what can be where the home or its database cannot be opened: over an empty one, with what stands in the way in the first place.
///
/// # Errors
/// When not even that can be set up.
pub async fn without_database(home: Home, ports: Ports, error: &AppError) -> Result<(App, Vec<Check>), AppError> {
    let config = Config::read(&home).unwrap_or_default();
    let app = App::with_store(home, config, Store::in_memory()?, ports)?;
    let mut checks = vec![Check::of("database", error.problem()), app.check_keychain().await];
    // Which cloud its accounts are of is in the database: nobody else is asked in its place.
    checks.push(Check::unknown("network", "not tried: whom to ask is in the database"));
    checks.extend(desktop::checks().await);
    Ok((app, checks))
}

impl App {
    /// Tries everything out.
    pub async fn doctor(&self) -> Vec<Check> {
        let mut checks = vec![self.check_database(), self.check_keychain().await];
        checks.extend(self.check_network().await);
        for account in self.store.accounts().unwrap_or_default() {
            checks.push(self.check_graph(&account).await);
        }
        checks.extend(desktop::checks().await);
        checks
    }

    fn check_database(&self) -> Check {
        match self.store.check() {
            Ok(found) if found.is_empty() => match self.restored() {
                Ok(Some(restored)) => Check::of("database", restored),
                _ => Check::fine("database", format!("{} is whole", self.home.join("belfry.db").display())),
            },
            Ok(found) => Check::trouble(
                "database",
                format!("the database is damaged: {}", found.join("; ")),
                "Stop Belfry and put a copy from the folder `backups` in its place; what is missing comes back from Outlook.",
            ),
            Err(error) => Check::of("database", error.problem()),
        }
    }

    /// Writes a word and reads it back.
    async fn check_keychain(&self) -> Check {
        const ENTRY: &str = "doctor";
        let tried = belfry_identity::ask_vault(&self.ports.vault, VAULT_PATIENCE, |vault| {
            vault.write(ENTRY, &SecretString::from("a word"))?;
            let read = vault.read(ENTRY)?;
            vault.delete(ENTRY)?;
            Ok(read.is_some_and(|word| word.expose_secret() == "a word"))
        });
        match tried.await {
            Ok(true) => Check::fine("keychain", "a secret was kept, read and deleted"),
            Ok(false) => Check::trouble(
                "keychain",
                "the keychain gives back something else than it was given",
                "Restart the keychain or the computer.",
            ),
            Err(VaultError::Silent) => {
                Check::trouble("keychain", "the keychain does not answer", "Look for a prompt that waits, or restart the keychain.")
            }
            Err(error) => Check::of("keychain", AppError::Identity(error.into()).problem()),
        }
    }

    /// The sign-in service without signing in; its Date says how our clock goes.
    async fn check_network(&self) -> Vec<Check> {
        let cloud = match self.store.accounts().ok().and_then(|all| all.into_iter().next()) {
            Some(account) => self.reachable(&account).await.map(|account| account.cloud),
            None => self.config.cloud().map_err(|reason| AppError::bad(format!("{reason}."), "Mend config.toml.")),
        };
        let cloud = match cloud {
            Ok(cloud) => cloud,
            Err(error) => return vec![Check::of("network", error.problem())],
        };
        let url = format!("{}/common/v2.0/.well-known/openid-configuration", cloud.authority);
        match self.fetch(&url).await {
            Ok((200, at)) => vec![Check::fine("network", format!("{} answers", cloud.authority)), self.check_clock(at)],
            Ok((429 | 503, at)) => {
                let said = format!("{} is too busy to answer just now", cloud.authority);
                vec![Check::trouble("network", said, "Nothing to do; try again in a few minutes."), self.check_clock(at)]
            }
            Ok((status, at)) => vec![
                Check::trouble(
                    "network",
                    format!("{} answers with {status}: something between here and Microsoft answers for it", cloud.authority),
                    "If this network asks you to log in first, do that; else ask whoever runs it.",
                ),
                self.check_clock(at),
            ],
            Err(error) => vec![Check::trouble(
                "network",
                format!("{} cannot be reached: {error}", cloud.authority),
                "Check the connection, the proxy (HTTPS_PROXY) and the firewall.",
            )],
        }
    }

    async fn fetch(&self, url: &str) -> Result<(u16, Option<DateTime<Utc>>), HttpError> {
        let request = http::Request::get(url).body(bytes::Bytes::new()).map_err(|error| HttpError::Malformed(Box::new(error)))?;
        let response = self.ports.http.send(request).await?;
        Ok((response.status().as_u16(), belfry_http::retry::date(response.headers())))
    }

    fn check_clock(&self, there: Option<DateTime<Utc>>) -> Check {
        let Some(there) = there else { return Check::unknown("clock", "nobody said what time it is") };
        let off = (self.now() - there).abs();
        if off.to_std().is_ok_and(|off| off > CLOCK_TOLERANCE) {
            let said = format!("this computer's clock is {} minutes off", off.num_minutes());
            return Check::trouble("clock", said, "Turn on setting the time by network.");
        }
        Check::fine("clock", format!("within {} of Microsoft's", counted(off.num_seconds().max(1), "second")))
    }

    async fn check_graph(&self, account: &Account) -> Check {
        if let Some(error) = self.rests(account, true).await {
            return Check::of("graph", error.problem());
        }
        let asked = match self.graph(account).await {
            Ok(graph) => belfry_sync::all_calendars(&graph, &Mailbox::Me).await.map_err(AppError::from),
            Err(error) => Err(error),
        };
        match asked {
            Ok(calendars) => Check::fine("graph", format!("{}: {}", account.login, counted(calendars.len(), "calendar"))),
            Err(error) => Check::of("graph", error.problem()),
        }
    }
}
