//! Accounts: sign in, sign in again, ask for calendars, remove.

use std::time::Duration;

use belfry_core::account::grants_calendars;
use belfry_core::plan::Leave;
use belfry_core::{Account, AccountId, AccountKind, AccountState, Cloud, List, Target};
use belfry_identity::{DeviceSignIn, SignIn, SignInWish};

use crate::app::App;
use crate::error::AppError;
use crate::practice;
use crate::resting::trouble;

/// How long a sign-in waits for the browser.
pub const PATIENCE: Duration = Duration::from_secs(600);

/// What is wanted.
#[derive(Debug, Clone, Default)]
pub struct SignInOptions {
    /// Ask for calendars in the same trip.
    pub calendars: bool,
    /// The built-in offline Microsoft.
    pub practice: bool,
    /// Whose name to fill in.
    pub login_hint: Option<String>,
    /// With a code that is typed into a browser elsewhere.
    pub device_code: bool,
    /// The organisation to sign in to as a guest, by its domain or id; else the account's own.
    pub tenant: Option<String>,
}

/// How the person gets to the sign-in page.
enum Way {
    /// In a browser on this computer.
    Browser(SignIn),
    /// With a code, in a browser anywhere.
    Code(DeviceSignIn),
}

/// A sign-in that waits for the browser.
pub struct PendingSignIn {
    way: Way,
    cloud: Cloud,
    client_id: String,
    calendars: bool,
    hint: Option<String>,
    /// The account that has to come back.
    known: Option<AccountId>,
}

impl PendingSignIn {
    /// Where the browser has to go.
    #[must_use]
    pub fn url(&self) -> &str {
        match &self.way {
            Way::Browser(sign_in) => sign_in.url(),
            Way::Code(sign_in) => sign_in.url(),
        }
    }

    /// The code to type there, if that is the way.
    #[must_use]
    pub fn code(&self) -> Option<&str> {
        match &self.way {
            Way::Browser(_) => None,
            Way::Code(sign_in) => Some(sign_in.code()),
        }
    }

    /// Whether it goes to the practice cloud.
    #[must_use]
    pub fn is_practice(&self) -> bool {
        self.cloud.practice
    }

    /// The login that is hinted at.
    #[must_use]
    pub fn login(&self) -> &str {
        self.hint.as_deref().unwrap_or(practice::PRACTICE_LOGIN)
    }
}

impl App {
    /// All accounts.
    ///
    /// # Errors
    /// When the database fails.
    pub fn accounts(&self) -> Result<Vec<Account>, AppError> {
        Ok(self.store.accounts()?)
    }

    /// The account of an id or a login, in any case; without a name the only one.
    ///
    /// # Errors
    /// None or several.
    pub fn account(&self, name: Option<&str>) -> Result<Account, AppError> {
        let mut all = self.store.accounts()?;
        if let Some(name) = name {
            all.retain(|account| account.id.to_string().eq_ignore_ascii_case(name) || account.login.eq_ignore_ascii_case(name));
        }
        match (all.len(), all.pop(), name) {
            (1, Some(account), _) => Ok(account),
            (0, _, None) => Err(AppError::bad("No account is connected.", "Connect one with `belfry account add`.")),
            (0, _, Some(name)) => Err(AppError::Unknown { kind: "account", name: name.to_owned() }),
            (_, _, Some(name)) => Err(AppError::Ambiguous { kind: "account", name: name.to_owned() }),
            (several, _, None) => Err(AppError::bad(
                format!("There are {several} accounts."),
                "Name the one that is meant; `belfry account list` shows them.",
            )),
        }
    }

    /// Begins the sign-in of an account that is not known yet.
    ///
    /// # Errors
    /// No registration, no connection, no port.
    pub async fn begin_sign_in(&self, options: &SignInOptions) -> Result<PendingSignIn, AppError> {
        let (cloud, client_id) = if options.practice {
            (self.practice.ensure().await?, practice::client_id())
        } else {
            let cloud = self.config.cloud().map_err(|reason| AppError::ConfigBroken { path: self.home.join("config.toml"), reason })?;
            (cloud, self.config.client_id().ok_or_else(|| AppError::NoClientId { config: self.home.join("config.toml") })?)
        };
        let wish = SignInWish {
            cloud,
            client_id,
            tenant: tenant_of(options.tenant.as_deref())?,
            calendars: options.calendars,
            login_hint: options.login_hint.clone(),
            expected: None,
            claims: None,
        };
        self.begin(wish, options.device_code).await
    }

    /// Begins a new sign-in of a known account: the same one has to come back.
    ///
    /// # Errors
    /// No connection, no port.
    pub async fn begin_sign_in_again(&self, account: &Account, calendars: bool) -> Result<PendingSignIn, AppError> {
        self.begin_again(account, calendars, false).await
    }

    /// The same with a code, for a computer without a browser.
    ///
    /// # Errors
    /// No connection; a server that gives no codes.
    pub async fn begin_code_again(&self, account: &Account, calendars: bool) -> Result<PendingSignIn, AppError> {
        self.begin_again(account, calendars, true).await
    }

    async fn begin_again(&self, account: &Account, calendars: bool, device_code: bool) -> Result<PendingSignIn, AppError> {
        let account = self.reachable(account).await?;
        let wish = SignInWish {
            tenant: account.id.tenant.clone(),
            client_id: account.client_id.clone(),
            calendars: calendars || account.may_write_calendars(),
            login_hint: Some(account.login.clone()),
            expected: Some((account.id.clone(), account.login.clone())),
            claims: account.claims.clone(),
            cloud: account.cloud,
        };
        self.begin(wish, device_code).await
    }

    async fn begin(&self, wish: SignInWish, device_code: bool) -> Result<PendingSignIn, AppError> {
        let (cloud, client_id, calendars, hint) = (wish.cloud.clone(), wish.client_id.clone(), wish.calendars, wish.login_hint.clone());
        let known = wish.expected.as_ref().map(|(id, _)| id.clone());
        let way = if device_code {
            Way::Code(DeviceSignIn::begin(&self.ports.http, wish).await?)
        } else {
            Way::Browser(SignIn::begin(&self.ports.http, wish).await?)
        };
        Ok(PendingSignIn { way, cloud, client_id, calendars, hint, known })
    }

    /// Waits for the browser and keeps what comes back: the token in the keychain first, the account after it.
    ///
    /// # Errors
    /// Every way in which Microsoft, the person or the keychain says no. Then nothing is kept.
    pub async fn finish_sign_in(&self, pending: PendingSignIn, patience: Duration) -> Result<Account, AppError> {
        let (http, keys, clock) = (&self.ports.http, &self.keys, &self.ports.clock);
        let signed_in = match pending.way {
            Way::Browser(sign_in) => sign_in.finish(http, keys, clock.as_ref(), patience).await,
            Way::Code(sign_in) => sign_in.finish(http, keys, clock, patience).await,
        };
        let signed_in = match signed_in {
            Ok(signed_in) => signed_in,
            Err(error) => return Err(self.not_signed_in(error, pending.calendars, pending.known.as_ref())?),
        };
        let known = self.store.account(&signed_in.id)?;
        let is_awaited = known.as_ref().map_or(Ok(false), |known| self.awaits(known))?;
        let state = match (grants_calendars(&signed_in.scopes), pending.calendars || is_awaited, signed_in.kind) {
            (true, ..) => AccountState::Ready,
            // Asked for, consented to, and still not given: only an administrator can have a say in that.
            (false, true, AccountKind::Work) => AccountState::WaitingForApproval,
            (false, ..) => AccountState::NoCalendarAccess,
        };
        let account = Account {
            id: signed_in.id,
            login: signed_in.login,
            name: signed_in.name,
            kind: signed_in.kind,
            cloud: pending.cloud,
            client_id: pending.client_id,
            scopes: signed_in.scopes,
            state,
            claims: None,
            last_good_sync_at: known.and_then(|known| known.last_good_sync_at),
        };
        self.drop_keeper(&account.id);
        self.keeper(&account).keep(&signed_in.refresh_token).await?;
        self.store.save_account(&account)?;
        self.forget_told(&account.id)?;
        if pending.calendars {
            self.note_consent(&account.id)?;
        }
        tracing::info!(account = %account.id, "signed in");
        Ok(account)
    }

    /// Finishes a practice sign-in with no browser at all.
    ///
    /// # Errors
    /// As [`App::finish_sign_in`].
    pub async fn finish_practice_sign_in(&self, pending: PendingSignIn, patience: Duration) -> Result<Account, AppError> {
        let (url, login) = (pending.url().to_owned(), pending.login().to_owned());
        let http = std::sync::Arc::clone(&self.ports.http);
        let finishing = self.finish_sign_in(pending, patience);
        tokio::pin!(finishing);
        tokio::select! {
            result = &mut finishing => result,
            // A page that does not take the account is why nobody will come back.
            browsed = self.practice.sign_in(&http, &url, &login) => match browsed {
                Ok(()) => finishing.await,
                Err(error) => Err(error),
            },
        }
    }

    /// Signs out: removes every keychain entry and the account. Lists become local; their events stay in Outlook unless they are to be deleted first.
    ///
    /// # Errors
    /// When events could not be deleted, or keychain or database cannot be used; then the account stays.
    pub async fn remove_account(&self, account: &Account, delete_events: bool) -> Result<(), AppError> {
        if delete_events {
            stands_in_the_way(account).map_or(Ok(()), Err)?;
            let left = self.left_there(&account.id)?;
            left.iter().try_for_each(|list| self.store.set_target(list.id, None, list.target.as_ref()).map(drop))?;
            let lists: Vec<List> = self.store.lists()?.into_iter().filter(|list| list.is_kept_in(&account.id)).collect();
            if let Err(error) = self.take_out(&lists, Leave::DeleteEvents).await {
                // One that has begun to leave goes on with the next sync.
                for list in &left {
                    if self.store.leaving(list.id)?.is_none() {
                        self.store.set_target(list.id, list.target.as_ref(), None)?;
                    }
                }
                return Err(error);
            }
        }
        // A sync that runs would go on writing with the token that it holds.
        let _lock = self.only_one().await?;
        self.keeper(account).forget().await?;
        self.drop_keeper(&account.id);
        for list in self.store.lists()?.iter().filter(|list| list.is_kept_in(&account.id)) {
            self.store.drop_holds(list.id)?;
        }
        self.store.remove_account(&account.id)?;
        Ok(())
    }

    /// Lists that are kept nowhere and have events in an account, as they were when it was removed the last time.
    ///
    /// # Errors
    /// When the database fails.
    pub fn left_there(&self, account: &AccountId) -> Result<Vec<List>, AppError> {
        let mut left = Vec::new();
        for list in self.store.lists()?.into_iter().filter(|list| list.target.is_none()) {
            if let Some((calendar, name)) = self.store.linked_calendar(list.id, account)? {
                let target = Target { account: account.clone(), calendar_id: Some(calendar), calendar_name: name };
                left.push(List { target: Some(target), ..list });
            }
        }
        Ok(left)
    }

    /// An account that calendars can be asked of, or what stands in the way.
    pub(crate) fn with_calendars(&self, name: Option<&str>) -> Result<Account, AppError> {
        let account = self.account(name)?;
        stands_in_the_way(&account).map_or(Ok(account), Err)
    }
}

/// The part of the addresses that names the organisation: it becomes a path, so nothing but a domain or an id will do.
fn tenant_of(given: Option<&str>) -> Result<String, AppError> {
    let Some(tenant) = given.map(str::trim) else { return Ok("common".into()) };
    let fits = !tenant.is_empty() && tenant.chars().all(|c| c.is_ascii_alphanumeric() || matches!(c, '.' | '-'));
    if fits {
        Ok(tenant.to_ascii_lowercase())
    } else {
        Err(AppError::bad(format!("`{tenant}` is no organisation."), "Give its domain, such as contoso.com, or its id."))
    }
}

/// What has to be done by a person before calendars are asked for.
pub(crate) fn stands_in_the_way(account: &Account) -> Option<AppError> {
    match account.state {
        AccountState::SignInNeeded | AccountState::WaitingForApproval => trouble(account),
        _ if !account.may_write_calendars() => Some(AppError::NeedsCalendars { login: account.login.clone() }),
        _ => None,
    }
}
