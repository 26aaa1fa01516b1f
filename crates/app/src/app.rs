//! One home, opened.

use std::cell::RefCell;
use std::collections::BTreeMap;
use std::sync::Arc;

use belfry_core::{Account, AccountId, Clock, List, Zone};
use belfry_graph::{Graph, GraphHost, Pace};
use belfry_http::{HttpClient, RetryPolicy, TokenSource};
use belfry_identity::{KeeperSetup, Keychain, Keys, SecretVault, TokenKeeper, VAULT_PATIENCE};
use belfry_store::Store;
use chrono::{DateTime, Utc};

use crate::config::Config;
use crate::error::AppError;
use crate::home::Home;
use crate::practice::Practice;
use crate::ringing::Planned;

/// What the app reaches the outside through.
#[derive(Clone)]
pub struct Ports {
    /// The network.
    pub http: Arc<dyn HttpClient>,
    /// The keychain.
    pub vault: Arc<dyn SecretVault>,
    /// The time.
    pub clock: Arc<dyn Clock>,
    /// The zone of this computer.
    pub zone: Zone,
}

impl Ports {
    /// The real ones.
    #[must_use]
    pub fn real() -> Self {
        Self {
            http: Arc::new(belfry_http::Reqwest::new(crate::USER_AGENT)),
            vault: Arc::new(Keychain),
            clock: Arc::new(belfry_core::SystemClock),
            zone: zone_of_computer(std::env::var("TZ").ok().as_deref()),
        }
    }
}

/// The zone of this computer: what `TZ` names goes before what the system is set to (POSIX.1-2024, section 8.3), as for every other program that is started so. A rule in letters
/// (`CET-1CEST,M3.5.0,M10.5.0/3`) names no zone, and the system is asked.
fn zone_of_computer(tz: Option<&str>) -> Zone {
    tz.and_then(zone_named_by).or_else(|| iana_time_zone::get_timezone().ok().and_then(|name| Zone::parse(&name))).unwrap_or(Zone::UTC)
}

/// `Europe/Berlin`, `:Europe/Berlin`, and the path of a file of the zone database. What is there and empty is UTC to the C library.
fn zone_named_by(tz: &str) -> Option<Zone> {
    let name = tz.strip_prefix(':').unwrap_or(tz);
    let name = name.split_once("/zoneinfo/").map_or(name, |(_, name)| name);
    if name.is_empty() { Some(Zone::UTC) } else { Zone::parse(name) }
}

/// One home, opened. Not for use from several threads at once; a shell keeps it on one.
pub struct App {
    pub(crate) home: Home,
    pub(crate) config: Config,
    pub(crate) store: Store,
    pub(crate) ports: Ports,
    pub(crate) practice: Arc<Practice>,
    pub(crate) keys: Keys,
    home_id: String,
    keepers: RefCell<BTreeMap<AccountId, Arc<TokenKeeper>>>,
    paces: RefCell<BTreeMap<AccountId, Arc<Pace>>>,
    /// What rings before long.
    pub(crate) ringing: RefCell<Option<Planned>>,
}

impl App {
    /// Opens a home, making it if it is new. The list `Reminders` always exists.
    ///
    /// # Errors
    /// When folder, configuration or database cannot be used.
    pub fn open(home: Home, ports: Ports) -> Result<Self, AppError> {
        home.prepare()?;
        let config = Config::read(&home)?;
        let now = ports.clock.now();
        let store = crate::backups::open_store(&home, now)?;
        Self::with_store(home, config, store, ports)
    }

    /// With a store that is open already, for tests.
    ///
    /// # Errors
    /// When the database fails.
    pub fn with_store(home: Home, config: Config, store: Store, ports: Ports) -> Result<Self, AppError> {
        if store.list_named(belfry_core::list::DEFAULT_LIST)?.is_none() {
            let list = List::typed(belfry_core::list::DEFAULT_LIST, ports.clock.now());
            if store.list(list.id)?.is_none() {
                store.save_list(&list)?;
            }
        }
        let home_id = store.home_id()?;
        let practice = Arc::new(Practice::of(&home));
        Ok(Self {
            home,
            config,
            store,
            ports,
            practice,
            keys: Keys::default(),
            home_id,
            keepers: RefCell::default(),
            paces: RefCell::default(),
            ringing: RefCell::default(),
        })
    }

    /// The same home over a copy of its database in memory: what is done there leaves no trace. Tokens and the pace of mailboxes are shared.
    ///
    /// # Errors
    /// When the database fails.
    pub(crate) fn on_trial(&self) -> Result<Self, AppError> {
        Ok(Self {
            home: self.home.clone(),
            config: self.config.clone(),
            store: self.store.copy()?,
            ports: self.ports.clone(),
            practice: Arc::clone(&self.practice),
            keys: Keys::default(),
            home_id: self.home_id.clone(),
            keepers: self.keepers.clone(),
            paces: self.paces.clone(),
            ringing: RefCell::default(),
        })
    }

    /// The home.
    #[must_use]
    pub fn home(&self) -> &Home {
        &self.home
    }

    /// The configuration.
    #[must_use]
    pub fn config(&self) -> &Config {
        &self.config
    }

    /// The zone of this computer.
    #[must_use]
    pub fn zone(&self) -> Zone {
        self.ports.zone
    }

    /// Changes whenever a reminder is added, changed or removed by hand.
    pub(crate) fn reminders_mark(&self) -> (i64, i64) {
        self.store.reminders_mark().unwrap_or_default()
    }

    /// Changes with all that says what rings here.
    pub(crate) fn ringing_mark(&self) -> String {
        self.store.ringing_mark().unwrap_or_default()
    }

    /// Changes when another process has written to this home; 0 when that cannot be known.
    pub(crate) fn version_elsewhere(&self) -> i64 {
        self.store.version_elsewhere().unwrap_or_default()
    }

    /// The time.
    #[must_use]
    pub fn now(&self) -> DateTime<Utc> {
        self.ports.clock.now()
    }

    /// The tokens of an account. One keeper each, so that an access token lives as long as the program.
    pub(crate) fn keeper(&self, account: &Account) -> Arc<TokenKeeper> {
        let fresh = || {
            let setup = KeeperSetup {
                http: Arc::clone(&self.ports.http),
                vault: Arc::clone(&self.ports.vault),
                clock: Arc::clone(&self.ports.clock),
                home_id: self.home_id.clone(),
                folder: self.home.path().to_owned(),
                vault_patience: VAULT_PATIENCE,
            };
            Arc::new(TokenKeeper::new(setup, account.clone()))
        };
        Arc::clone(self.keepers.borrow_mut().entry(account.id.clone()).or_insert_with(fresh))
    }

    /// Forgets an access token in memory: after a sign-in the granted scopes may be others.
    pub(crate) fn drop_keeper(&self, account: &AccountId) {
        self.keepers.borrow_mut().remove(account);
    }

    /// Graph for an account, starting the practice cloud if that is where it lives.
    pub(crate) async fn graph(&self, account: &Account) -> Result<Graph, AppError> {
        let account = self.reachable(account).await?;
        let tokens: Arc<dyn TokenSource> = self.keeper(&account);
        let host = GraphHost { base: account.cloud.graph.clone(), user_agent: crate::USER_AGENT.into() };
        let (http, clock, pace) = (Arc::clone(&self.ports.http), Arc::clone(&self.ports.clock), self.pace(&account.id)?);
        Ok(Graph::new(host, http, tokens, clock, RetryPolicy::default(), pace))
    }

    /// How fast a mailbox is asked. What an earlier program learned counts, or the next would find it out anew.
    fn pace(&self, account: &AccountId) -> Result<Arc<Pace>, AppError> {
        if let Some(pace) = self.paces.borrow().get(account) {
            return Ok(Arc::clone(pace));
        }
        let text = self.store.meta(&small_batches(account))?.unwrap_or_default();
        let small_until = DateTime::parse_from_rfc3339(&text).ok().map(|until| until.to_utc());
        let pace = Arc::new(Pace::new(small_until));
        self.paces.borrow_mut().insert(account.clone(), Arc::clone(&pace));
        Ok(pace)
    }

    /// Remembers what was learned of it.
    pub(crate) fn keep_pace(&self, account: &AccountId) -> Result<(), AppError> {
        let small_until = self.paces.borrow().get(account).and_then(|pace| pace.small_until());
        let text = small_until.map(|until| until.to_rfc3339());
        let key = small_batches(account);
        if let Some(text) = text.filter(|text| self.store.meta(&key).ok().flatten().as_ref() != Some(text)) {
            self.store.set_meta(&key, &text)?;
        }
        Ok(())
    }

    /// An account with the hosts that it has now: those of the practice cloud may change with every start.
    pub(crate) async fn reachable(&self, account: &Account) -> Result<Account, AppError> {
        if !account.cloud.practice {
            return Ok(account.clone());
        }
        let cloud = self.practice.ensure().await?;
        if cloud != account.cloud {
            self.drop_keeper(&account.id);
            let moved = Account { cloud, ..account.clone() };
            self.store.save_account(&moved)?;
            return Ok(moved);
        }
        Ok(account.clone())
    }
}

fn small_batches(account: &AccountId) -> String {
    format!("small_batches:{account}")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_environment_names_the_zone_before_the_system_does() {
        let zone = |tz| zone_named_by(tz).map(|zone| zone.name().to_owned());
        for (tz, name) in [
            ("Asia/Tokyo", Some("Asia/Tokyo")),
            (":America/New_York", Some("America/New_York")),
            ("/usr/share/zoneinfo/Europe/London", Some("Europe/London")),
            (":/usr/share/zoneinfo/Europe/London", Some("Europe/London")),
            ("", Some("UTC")),
            ("CET-1CEST,M3.5.0,M10.5.0/3", None),
            ("/etc/localtime", None),
            ("nowhere", None),
        ] {
            assert_eq!(zone(tz).as_deref(), name, "{tz}");
        }
        assert_eq!(zone_of_computer(Some("Asia/Tokyo")).name(), "Asia/Tokyo");
    }
}
