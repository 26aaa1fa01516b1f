//! The world that tests live in: one simulator, one clock, any number of computers.

mod browser;
mod clock;
mod computer;
pub mod files;
pub mod fuzz;
#[cfg(debug_assertions)]
pub mod simulation;
mod vault;

use std::sync::Arc;

use belfry_app::{App, AppError, Config, Home, Ports};
use belfry_core::{Account, AccountId, AccountKind, AccountState, Clock, Cloud, Zone};
use belfry_http::{HttpClient, HttpError, Request, Response};
use belfry_identity::{KeeperSetup, TokenKeeper};
use belfry_simulator::{Options, PRACTICE_CLIENT_ID, Side, Simulator, World as Cloudscape};
use belfry_store::Store;
pub use browser::Browser;
use bytes::Bytes;
use chrono::Duration;
pub use clock::TestClock;
pub use computer::Computer;
use futures::FutureExt;
use futures::future::BoxFuture;
use secrecy::SecretString;
use serde_json::Value;
use tempfile::TempDir;
pub use vault::TestVault;

/// [`HttpClient`] straight into the simulator.
pub struct InProcess(pub Simulator);

impl HttpClient for InProcess {
    fn send(&self, request: Request) -> BoxFuture<'_, Result<Response, HttpError>> {
        async move {
            let host = request.uri().host().unwrap_or_default().to_owned();
            let side = if request.uri().port_u16() == Some(1) { Side::Identity } else { Side::Graph };
            // As long as the real client waits for an answer.
            let answer = tokio::time::timeout(std::time::Duration::from_secs(60), self.0.call(side, request)).await;
            match answer {
                Ok(answer) => answer.ok_or(HttpError::Cut { host, source: None }),
                Err(_) => Err(HttpError::TimedOut { host }),
            }
        }
        .boxed()
    }
}

/// The login of the person that the world is about.
pub const LOGIN: &str = "ada@contoso.example";
/// The name of their list.
pub const LIST: &str = "Household";

/// One simulator, one clock.
pub struct World {
    /// The cloud.
    pub simulator: Simulator,
    /// The time, there and here.
    pub clock: TestClock,
    writes_seen: std::cell::Cell<usize>,
    off: std::cell::Cell<Duration>,
    zone: std::cell::Cell<&'static str>,
    identity: String,
    graph: String,
    _served: Option<belfry_simulator::serve::Running>,
}

impl Default for World {
    fn default() -> Self {
        Self::new()
    }
}

impl World {
    /// With nothing in the mailbox.
    #[must_use]
    pub fn new() -> Self {
        Self::with(TestClock::new())
    }

    /// With nothing in the mailbox, and this clock.
    #[must_use]
    pub fn with(clock: TestClock) -> Self {
        let time = clock.clone();
        let options = Options { now: Arc::new(move || time.now()), ..Options::in_process() };
        Self {
            identity: options.identity.clone(),
            graph: options.graph.clone(),
            simulator: Simulator::new(options, Cloudscape::practice()),
            clock,
            writes_seen: std::cell::Cell::new(0),
            off: std::cell::Cell::new(Duration::zero()),
            zone: std::cell::Cell::new("Europe/Berlin"),
            _served: None,
        }
    }

    /// With nothing in the mailbox, behind sockets.
    ///
    /// # Panics
    /// When no port can be opened.
    #[expect(clippy::expect_used, reason = "the test ends here")]
    pub async fn served() -> Self {
        let clock = TestClock::new();
        let time = clock.clone();
        let options = Options { now: Arc::new(move || time.now()), ..Options::in_process() };
        let served = belfry_simulator::serve::serve([0; 3], options).await.expect("ports");
        Self {
            identity: served.addresses.identity.clone(),
            graph: served.addresses.graph.clone(),
            simulator: served.simulator.clone(),
            clock,
            writes_seen: std::cell::Cell::new(0),
            off: std::cell::Cell::new(Duration::zero()),
            zone: std::cell::Cell::new("Europe/Berlin"),
            _served: Some(served),
        }
    }

    /// The clocks of computers that are made from now on are so far ahead of Microsoft's.
    pub fn clocks_are_ahead(&self, by: Duration) {
        self.off.set(by);
    }

    /// Computers from now on are in this zone.
    pub fn in_zone(&self, name: &'static str) {
        self.zone.set(name);
    }

    /// A computer that is signed in, with the list `Household` kept in the calendar Belfry.
    ///
    /// # Panics
    /// When it cannot be set up.
    #[expect(clippy::expect_used, reason = "the test ends here")]
    pub async fn computer(&self) -> Computer {
        let computer = self.bare_computer().await;
        let keep = belfry_app::lists::Keep::In { account: None, calendar: None };
        computer.app.add_list(LIST, &keep).await.expect("a list");
        computer
    }

    /// A computer that is signed in, without a list of its own.
    pub async fn bare_computer(&self) -> Computer {
        self.computer_with(&["User.Read", "Calendars.ReadWrite"]).await
    }

    /// A computer that is signed in, with these permissions only.
    ///
    /// # Panics
    /// When it cannot be set up.
    pub async fn computer_with(&self, scopes: &[&str]) -> Computer {
        self.computer_of(&[LOGIN], scopes).await
    }

    /// A computer where all of these are signed in, with these permissions only.
    ///
    /// # Panics
    /// When it cannot be set up.
    #[expect(clippy::expect_used, reason = "the test ends here")]
    pub async fn computer_of(&self, logins: &[&str], scopes: &[&str]) -> Computer {
        let folder = tempfile::tempdir().expect("a folder");
        let store = Store::open(&folder.path().join("belfry.db"), folder.path(), self.clock.now()).expect("a store");
        let http: Arc<dyn HttpClient> = Arc::new(InProcess(self.simulator.clone()));
        self.computer_over(logins, scopes, http, store, folder).await
    }

    /// The same over this network and this database.
    ///
    /// # Panics
    /// When it cannot be set up.
    #[expect(clippy::expect_used, reason = "the test ends here")]
    pub async fn computer_over(
        &self,
        logins: &[&str],
        scopes: &[&str],
        http: Arc<dyn HttpClient>,
        store: Store,
        folder: TempDir,
    ) -> Computer {
        let off = clock::Off::by(self.off.get());
        let clock: Arc<dyn Clock> = Arc::new(clock::Ahead(self.clock.clone(), off.clone()));
        let home = Home::find(Some(folder.path())).expect("a home");
        let vault = TestVault::default();
        let setup = KeeperSetup {
            http: Arc::clone(&http),
            vault: Arc::new(vault.clone()),
            clock: Arc::clone(&clock),
            home_id: store.home_id().expect("a home id"),
            folder: folder.path().to_owned(),
            vault_patience: belfry_identity::VAULT_PATIENCE,
        };
        for login in logins {
            let account = self.account(login, scopes);
            TokenKeeper::new(setup.clone(), account.clone()).keep(&self.refresh_token(login, scopes)).await.expect("kept");
            store.save_account(&account).expect("saved");
        }
        let zone = Zone::parse(self.zone.get()).expect("a zone");
        let ports = Ports { http, vault: Arc::new(vault.clone()), clock, zone };
        let app = App::with_store(home, Config::default(), store, ports).expect("an app");
        Computer { app, folder, vault, off }
    }

    fn account(&self, login: &str, scopes: &[&str]) -> Account {
        let (tenant, object) = self.simulator.with_world(|world| {
            let person = world.people.iter().find(|person| person.login == login).cloned();
            person.map(|person| (person.tid, person.oid)).unwrap_or_default()
        });
        Account {
            kind: AccountKind::of_tenant(&tenant),
            id: AccountId { cloud: "custom".into(), tenant, object },
            login: login.into(),
            name: login.split('@').next().unwrap_or_default().into(),
            cloud: Cloud { name: "custom".into(), authority: self.identity.clone(), graph: self.graph.clone(), practice: false },
            client_id: PRACTICE_CLIENT_ID.into(),
            scopes: scopes.iter().map(|scope| (*scope).to_owned()).collect(),
            state: if scopes.contains(&"Calendars.ReadWrite") { AccountState::Ready } else { AccountState::NoCalendarAccess },
            claims: None,
            last_good_sync_at: None,
        }
    }

    /// A refresh token as if the person had signed in before.
    fn refresh_token(&self, login: &str, scopes: &[&str]) -> SecretString {
        let now = self.clock.now();
        let token = self.simulator.with_world(|world| {
            let Some(person) = world.people.iter_mut().find(|person| person.login == login) else { return String::new() };
            let granted = ["openid", "profile", "offline_access"].iter().chain(scopes);
            person.consented = granted.map(|scope| scope.to_ascii_lowercase()).collect();
            let token = format!("test-refresh-{}", world.refresh.len());
            let grant = belfry_simulator::world::Grant {
                oid: person.oid.clone(),
                client_id: PRACTICE_CLIENT_ID.into(),
                scopes: scopes.iter().map(|scope| (*scope).to_owned()).collect(),
                issued_at: now,
                expires_at: now + Duration::days(90),
            };
            world.refresh.insert(token.clone(), grant);
            token
        });
        SecretString::from(token)
    }

    /// What the person sends from the page that asks for a code: answers with the page's status.
    ///
    /// # Panics
    /// When the simulator does not answer.
    #[expect(clippy::expect_used, reason = "the test ends here")]
    pub async fn type_code(&self, form: &str) -> u16 {
        let request = http::Request::post("http://127.0.0.1:1/devicelogin").body(Bytes::from(form.to_owned())).expect("a request");
        self.simulator.call(Side::Identity, request).await.expect("an answer").status().as_u16()
    }

    /// The person signs in again, with a code, which needs no browser.
    ///
    /// # Errors
    /// As any sign-in.
    pub async fn sign_in_again(&self, app: &App, calendars: bool) -> Result<Account, AppError> {
        self.connect_again(app, &app.account(None)?, calendars).await
    }

    /// The person connects this account, known or not, with a code.
    ///
    /// # Errors
    /// As any sign-in.
    pub async fn connect_again(&self, app: &App, account: &Account, calendars: bool) -> Result<Account, AppError> {
        let pending = app.begin_code_again(account, calendars).await?;
        self.type_code(&format!("user_code={}&account={}", pending.code().unwrap_or_default(), LOGIN.replace('@', "%40"))).await;
        app.finish_sign_in(pending, std::time::Duration::from_secs(60)).await
    }

    /// What the person does in Outlook.
    ///
    /// # Panics
    /// When Outlook refuses.
    #[expect(clippy::expect_used, reason = "the test ends here")]
    pub async fn outlook(&self, method: &str, path: &str, body: &Value) -> Value {
        let uri = format!("http://127.0.0.1:3/outlook/{LOGIN}/v1.0/me/{path}");
        let bytes = if body.is_null() { Bytes::new() } else { Bytes::from(body.to_string()) };
        let request = http::Request::builder().method(method).uri(uri).body(bytes).expect("a request");
        let response = self.simulator.call(Side::Control, request).await.expect("an answer");
        assert!(response.status().is_success(), "Outlook refused {method} {path}: {:?}", response.body());
        serde_json::from_slice(response.body()).unwrap_or(Value::Null)
    }

    /// The event of a title, as it lies in the mailbox.
    ///
    /// # Panics
    /// When there is none or more than one.
    #[must_use]
    pub fn event_id(&self, title: &str) -> String {
        let mut ids: Vec<String> = self.events().into_iter().filter(|(_, subject)| subject == title).map(|(id, _)| id).collect();
        assert_eq!(ids.len(), 1, "events named {title}");
        ids.pop().unwrap_or_default()
    }

    /// Changes the event of a title, as the person in Outlook, a minute later.
    pub async fn edit_in_outlook(&self, title: &str, change: Value) {
        self.clock.pass(Duration::minutes(1));
        let path = format!("events/{}", encode(&self.event_id(title)));
        self.outlook("PATCH", &path, &change).await;
    }

    /// Deletes the event of a title, as the person in Outlook.
    pub async fn delete_in_outlook(&self, title: &str) {
        let path = format!("events/{}", encode(&self.event_id(title)));
        self.outlook("DELETE", &path, &Value::Null).await;
    }

    /// Moves the event of a title into the mailbox's default calendar, as the person in Outlook.
    pub fn move_in_outlook(&self, title: &str) {
        self.move_event(&self.event_id(title));
    }

    /// Moves an event into the mailbox's default calendar, as the person in Outlook.
    pub fn move_event(&self, id: &str) {
        self.simulator.with_world(|world| {
            for mailbox in world.mailboxes.values_mut() {
                let other = mailbox.calendars.first().map(|calendar| calendar.id.clone()).unwrap_or_default();
                let change = mailbox.next_change();
                if let Some(event) = mailbox.events.get_mut(id) {
                    let from = std::mem::replace(&mut event.calendar, other);
                    event.change = change;
                    mailbox.gone.push(belfry_simulator::world::Gone { id: id.to_owned(), calendar: from, change });
                }
            }
        });
    }

    /// Copies an event, marker and all, as the person in Outlook.
    pub fn copy_event(&self, id: &str) {
        let now = self.clock.now();
        self.simulator.with_world(|world| {
            for mailbox in world.mailboxes.values_mut() {
                let Some(mut copy) = mailbox.events.get(id).cloned() else { continue };
                copy.id = mailbox.new_id("evt");
                copy.change = mailbox.next_change();
                copy.created_at = now;
                mailbox.events.insert(copy.id.clone(), copy);
            }
        });
    }

    /// Ids and subjects of all events, sorted by subject.
    #[must_use]
    pub fn events(&self) -> Vec<(String, String)> {
        let mut all: Vec<(String, String)> = self.simulator.with_world(|world| {
            let events = world.mailboxes.values().flat_map(|mailbox| mailbox.events.values());
            events
                .map(|event| (event.id.clone(), event.members.get("subject").and_then(Value::as_str).unwrap_or_default().to_owned()))
                .collect()
        });
        all.sort_by(|a, b| a.1.cmp(&b.1));
        all
    }

    /// Subjects of all events, sorted.
    #[must_use]
    pub fn subjects(&self) -> Vec<String> {
        self.events().into_iter().map(|(_, subject)| subject).collect()
    }

    /// One member of the event of a title.
    #[must_use]
    pub fn member(&self, title: &str, name: &str) -> Value {
        let id = self.event_id(title);
        self.simulator.with_world(|world| {
            let event = world.mailboxes.values().find_map(|mailbox| mailbox.events.get(&id));
            event.and_then(|event| event.members.get(name).cloned()).unwrap_or(Value::Null)
        })
    }

    /// A person's password was changed: every token of theirs is dead.
    pub fn revoke(&self, login: &str) {
        let now = self.clock.now();
        self.simulator.with_world(|world| {
            for person in world.people.iter_mut().filter(|person| person.login == login) {
                person.revoked_at = Some(now);
            }
            world.access.clear();
        });
    }

    /// The person's tenant lets nobody consent to calendars by themselves.
    pub fn needs_admin(&self) {
        self.simulator.with_world(|world| {
            for person in world.people.iter_mut().filter(|person| person.login == LOGIN) {
                person.needs_admin = true;
            }
        });
    }

    /// How many requests for a token were made so far.
    #[must_use]
    pub fn token_requests(&self) -> usize {
        self.simulator.seen().iter().filter(|seen| seen.side == "identity" && seen.path.ends_with("/token")).count()
    }

    /// Requests that could have changed something, since the last call.
    pub fn writes(&self) -> usize {
        let seen = self.simulator.seen();
        let writes = seen.iter().filter(|seen| seen.side == "graph" && seen.method != "GET").count();
        writes - self.writes_seen.replace(writes)
    }
}

/// One path segment.
#[must_use]
pub fn encode(id: &str) -> String {
    id.replace('/', "%2F").replace('=', "%3D").replace('+', "%2B")
}
