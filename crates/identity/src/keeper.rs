//! One account's tokens: the refresh token in the keychain, the access token in memory, one refresh at a time across processes.

use std::path::PathBuf;
use std::sync::Arc;
use std::time::Duration;

use belfry_core::{Account, Clock};
use belfry_http::{HttpClient, TokenError, TokenSource, TokenWish};
use chrono::{DateTime, Utc};
use futures::FutureExt;
use futures::future::BoxFuture;
use secrecy::SecretString;
use tokio::sync::Mutex;

use crate::claims;
use crate::codes::Class;
use crate::discovery::Discovery;
use crate::error::{IdentityError, Refusal};
use crate::lock::FileLock;
use crate::oauth;
use crate::sign_in::person_scopes;
use crate::vault::{SecretVault, StoredTokens, VaultError};

/// What a keeper works with.
#[derive(Clone)]
pub struct KeeperSetup {
    /// To the token endpoint.
    pub http: Arc<dyn HttpClient>,
    /// The keychain.
    pub vault: Arc<dyn SecretVault>,
    /// The time.
    pub clock: Arc<dyn Clock>,
    /// Names this home in the keychain.
    pub home_id: String,
    /// Folder of the lock files.
    pub folder: PathBuf,
    /// How long the keychain may take, a person at its prompt included.
    pub vault_patience: Duration,
}

/// Long enough to type a password, short enough that a keychain that hangs is noticed.
pub const VAULT_PATIENCE: Duration = Duration::from_secs(60);

/// A refresh token dies of 90 days without use. An account that nothing is synced for is renewed this often, so that it outlives a long holiday of the computer.
const KEEP_ALIVE: chrono::Duration = chrono::Duration::weeks(1);
/// Tokens are renewed this long before they end.
const EARLY: chrono::Duration = chrono::Duration::minutes(5);
/// How long another process may hold the lock; a refresh takes a second or two.
const PATIENCE: Duration = Duration::from_secs(60);

struct Held {
    token: SecretString,
    expires_at: DateTime<Utc>,
    refresh_at: Option<DateTime<Utc>>,
}

/// The tokens of one account.
pub struct TokenKeeper {
    setup: KeeperSetup,
    account: Account,
    held: Mutex<Option<Held>>,
}

impl TokenKeeper {
    /// For this account.
    #[must_use]
    pub fn new(setup: KeeperSetup, account: Account) -> Self {
        Self { setup, account, held: Mutex::new(None) }
    }

    fn lock_path(&self) -> PathBuf {
        let name: String =
            self.account.id.to_string().chars().map(|c| if c.is_ascii_alphanumeric() || c == '-' { c } else { '_' }).collect();
        self.setup.folder.join(format!("token-{name}.lock"))
    }

    async fn lock(&self) -> Result<FileLock, IdentityError> {
        let lock = FileLock::wait(&self.lock_path(), PATIENCE).await.map_err(IdentityError::Lock)?;
        lock.ok_or_else(|| IdentityError::Lock(std::io::ErrorKind::WouldBlock.into()))
    }

    /// Runs on a thread that may wait for an unlock prompt, but not for ever: a keychain that hangs would hang the sync, and its lock, with it. A write that
    /// comes through after all is found by its generation.
    async fn in_vault<T: Send + 'static>(
        &self,
        work: impl FnOnce(&StoredTokens<'_>) -> Result<T, VaultError> + Send + 'static,
    ) -> Result<T, IdentityError> {
        let (vault, home_id, account) = (Arc::clone(&self.setup.vault), self.setup.home_id.clone(), self.account.id.clone());
        let task = tokio::task::spawn_blocking(move || work(&StoredTokens::new(vault.as_ref(), &home_id, &account)));
        let in_time = tokio::time::timeout(self.setup.vault_patience, task).await.map_err(|_| IdentityError::Vault(VaultError::Silent))?;
        in_time.map_err(|error| IdentityError::Vault(VaultError::Refused(Box::new(error))))?.map_err(IdentityError::Vault)
    }

    /// Keeps the refresh token of a sign-in.
    ///
    /// # Errors
    /// When the keychain does not take it.
    pub async fn keep(&self, token: &SecretString) -> Result<(), IdentityError> {
        let mut lock = self.lock().await?;
        let (generation, _) = ledger(&mut lock);
        self.advance(&mut lock, generation, token).await?;
        *self.held.lock().await = None;
        Ok(())
    }

    /// Renews the tokens of an account that was not used for a week, so that its sign-in does not die of disuse. Answers whether it did.
    ///
    /// # Errors
    /// As any refresh: a dead sign-in, no connection, a keychain that is closed.
    pub async fn keep_alive(&self) -> Result<bool, IdentityError> {
        let (_, renewed_at) = ledger(&mut self.lock().await?);
        let now = self.setup.clock.now();
        if renewed_at.is_some_and(|at| at <= now && now - at < KEEP_ALIVE) {
            return Ok(false);
        }
        let mut held = self.held.lock().await;
        *held = Some(self.renew(None).await?);
        Ok(true)
    }

    /// Whether the keychain is locked, or silent: then asking it would put a prompt before the person.
    pub async fn is_locked(&self) -> bool {
        let vault = Arc::clone(&self.setup.vault);
        let asked = tokio::task::spawn_blocking(move || vault.is_locked());
        tokio::time::timeout(self.setup.vault_patience, asked).await.map_or(true, |locked| locked.unwrap_or(false))
    }

    /// Removes every entry: sign-out.
    ///
    /// # Errors
    /// When the keychain cannot be asked.
    pub async fn forget(&self) -> Result<(), IdentityError> {
        let mut lock = self.lock().await?;
        let (generation, _) = ledger(&mut lock);
        self.in_vault(move |stored| (generation.saturating_sub(2)..=generation + 2).try_for_each(|old| stored.delete(old))).await?;
        *self.held.lock().await = None;
        Ok(())
    }

    /// The new generation is whole before the number moves, and the number moves before the old one goes.
    async fn advance(&self, lock: &mut FileLock, generation: u64, token: &SecretString) -> Result<(), IdentityError> {
        let next = generation + 1;
        let token = token.clone();
        self.in_vault(move |stored| stored.write(next, &token)).await?;
        lock.set_text(&format!("{next} {}", self.setup.clock.now().to_rfc3339())).map_err(IdentityError::Lock)?;
        self.in_vault(move |stored| stored.delete(generation)).await
    }

    /// The newest whole generation. A kill may have left the next one whole and the number behind.
    async fn newest(&self, generation: u64) -> Result<(u64, SecretString), IdentityError> {
        let found = self.in_vault(move |stored| {
            for candidate in [generation + 1, generation] {
                if let Some(token) = stored.read(candidate)? {
                    return Ok(Some((candidate, token)));
                }
            }
            // Not there: really, or because the keychain has no collection to look in?
            stored.probe().map(|()| None)
        });
        let missing = Refusal { error: "no_refresh_token".into(), ..Refusal::default() };
        found.await?.ok_or(IdentityError::Refused(Class::SignIn, missing))
    }

    /// Asks, without a person, for calendar access that an administrator may have given meanwhile. Answers with what is granted now.
    ///
    /// # Errors
    /// Not given yet, or no answer.
    pub async fn widen(&self) -> Result<Vec<String>, IdentityError> {
        let mut held = self.held.lock().await;
        let (renewed, scopes) = self.renew_with(&person_scopes(true), None).await?;
        *held = Some(renewed);
        Ok(scopes)
    }

    async fn renew(&self, challenge: Option<&str>) -> Result<Held, IdentityError> {
        Ok(self.renew_with(&person_scopes(self.account.may_write_calendars()), challenge).await?.0)
    }

    async fn renew_with(&self, scopes: &[String], challenge: Option<&str>) -> Result<(Held, Vec<String>), IdentityError> {
        let mut lock = self.lock().await?;
        let (known, _) = ledger(&mut lock);
        let (generation, refresh_token) = self.newest(known).await?;
        let tenant = &self.account.id.tenant;
        let discovery = Discovery::fetch(self.setup.http.as_ref(), &self.account.cloud, tenant).await?;
        let now = self.setup.clock.now();
        let ask = async |scopes: &[String]| {
            oauth::refresh(&self.setup.http, &discovery, &self.account.client_id, &refresh_token, scopes, challenge, now).await
        };
        let tokens = match ask(scopes).await {
            // RFC 6749 section 6 lets a server refuse any scope that it did not grant, and `offline_access` is one that servers drop in silence. Without a
            // list it means the scopes as they were.
            Err(IdentityError::Refused(Class::Registration, refusal)) if refusal.error == "invalid_scope" && refusal.number().is_none() => {
                ask(&[]).await?
            }
            result => result?,
        };
        if let Some(next) = &tokens.refresh_token {
            // The old token stays good at Microsoft, so a keychain that is full for a moment is no reason to stop.
            if let Err(error) = self.advance(&mut lock, generation, next).await {
                tracing::warn!(%error, "the rotated refresh token could not be kept");
            }
        }
        Ok((Held { token: tokens.access_token, expires_at: tokens.expires_at, refresh_at: tokens.refresh_at }, tokens.scopes))
    }

    async fn token(&self, wish: TokenWish) -> Result<SecretString, IdentityError> {
        let mut held = self.held.lock().await;
        let now = self.setup.clock.now();
        if let Some(good) =
            held.as_ref().filter(|held| !wish.renew && held.expires_at - EARLY > now && held.refresh_at.is_none_or(|at| at > now))
        {
            return Ok(good.token.clone());
        }
        let challenge = wish.claims.as_deref().and_then(claims::decode);
        match self.renew(challenge.as_deref()).await {
            Ok(renewed) => {
                let token = renewed.token.clone();
                *held = Some(renewed);
                Ok(token)
            }
            // Asked to renew early, but not forced to: the old one still works.
            Err(error) if error.is_passing() && !wish.renew => match held.as_ref().filter(|held| held.expires_at > now) {
                Some(good) => Ok(good.token.clone()),
                None => Err(error),
            },
            Err(error) => Err(error),
        }
    }
}

/// The lock file's text: the newest generation, and when it came. It lies beside the database: who loses one has lost both, and signs in again.
fn ledger(lock: &mut FileLock) -> (u64, Option<DateTime<Utc>>) {
    let text = lock.text().unwrap_or_default();
    let mut words = text.split_whitespace();
    let generation = words.next().and_then(|word| word.parse().ok()).unwrap_or(0);
    (generation, words.next().and_then(|word| word.parse().ok()))
}

impl TokenSource for TokenKeeper {
    fn access_token(&self, wish: TokenWish) -> BoxFuture<'_, Result<SecretString, TokenError>> {
        async move {
            let result = self.token(wish).await;
            result.map_err(|error| TokenError { problem: error.problem(&self.account.login), claims: error.claims().map(str::to_owned) })
        }
        .boxed()
    }
}

#[cfg(test)]
mod tests {
    use std::path::Path;
    use std::sync::atomic::{AtomicUsize, Ordering};

    use belfry_core::{AccountKind, AccountState, Cloud, SystemClock};
    use belfry_http::{HttpError, Request, Response};
    use secrecy::ExposeSecret;

    use super::*;
    use crate::vault::MemoryVault;

    /// A keychain whose prompt nobody answers.
    struct Hanging;

    impl SecretVault for Hanging {
        fn read(&self, _: &str) -> Result<Option<SecretString>, VaultError> {
            std::thread::sleep(Duration::from_millis(500));
            Ok(None)
        }
        fn write(&self, user: &str, _: &SecretString) -> Result<(), VaultError> {
            self.read(user).map(drop)
        }
        fn delete(&self, user: &str) -> Result<(), VaultError> {
            self.read(user).map(drop)
        }
    }

    struct NoNetwork;

    impl HttpClient for NoNetwork {
        fn send(&self, _: Request) -> BoxFuture<'_, Result<Response, HttpError>> {
            async { Err(HttpError::Unreachable { host: "nowhere".into(), source: None }) }.boxed()
        }
    }

    /// A program that is killed after so many keychain operations: what was to follow never happens.
    struct Killed {
        inner: MemoryVault,
        left: AtomicUsize,
    }

    impl Killed {
        fn step(&self) -> Result<(), VaultError> {
            let left = self.left.fetch_update(Ordering::SeqCst, Ordering::SeqCst, |left| left.checked_sub(1));
            left.map(drop).map_err(|_| VaultError::Locked(None))
        }
    }

    impl SecretVault for Killed {
        fn read(&self, user: &str) -> Result<Option<SecretString>, VaultError> {
            self.step()?;
            self.inner.read(user)
        }
        fn write(&self, user: &str, secret: &SecretString) -> Result<(), VaultError> {
            self.step()?;
            self.inner.write(user, secret)
        }
        fn delete(&self, user: &str) -> Result<(), VaultError> {
            self.step()?;
            self.inner.delete(user)
        }
    }

    fn keeper(folder: &Path, vault: Arc<dyn SecretVault>) -> TokenKeeper {
        let setup = KeeperSetup {
            http: Arc::new(NoNetwork),
            vault,
            clock: Arc::new(SystemClock),
            home_id: "home".into(),
            folder: folder.to_owned(),
            vault_patience: Duration::from_millis(200),
        };
        let account = Account {
            id: "public/t/o".parse().expect("an id"),
            login: "ada@contoso.example".into(),
            name: "Ada".into(),
            kind: AccountKind::Work,
            cloud: Cloud::named("public").expect("a cloud"),
            client_id: "c".into(),
            scopes: vec![],
            state: AccountState::Ready,
            claims: None,
            last_good_sync_at: None,
        };
        TokenKeeper::new(setup, account)
    }

    async fn kept(folder: &Path, vault: &MemoryVault) -> String {
        let keeper = keeper(folder, Arc::new(vault.clone()));
        let mut lock = keeper.lock().await.expect("a lock");
        let (_, token) = keeper.newest(ledger(&mut lock).0).await.expect("a token");
        token.expose_secret().to_owned()
    }

    #[tokio::test]
    async fn a_kill_between_any_two_writes_leaves_a_whole_token() {
        let (old, new) = ("old".repeat(1_000), "new".repeat(1_500));
        let mut seen = std::collections::BTreeSet::new();
        for steps in 0.. {
            let folder = tempfile::tempdir().expect("a folder");
            let vault = MemoryVault::default();
            keeper(folder.path(), Arc::new(vault.clone())).keep(&SecretString::from(old.clone())).await.expect("kept");
            let killed = Killed { inner: vault.clone(), left: AtomicUsize::new(steps) };
            let ended = keeper(folder.path(), Arc::new(killed)).keep(&SecretString::from(new.clone())).await.is_ok();
            let token = kept(folder.path(), &vault).await;
            assert!(token == old || token == new, "after {steps} steps");
            seen.insert(token);
            if ended {
                assert_eq!(kept(folder.path(), &vault).await, new);
                break;
            }
        }
        assert_eq!(seen.len(), 2);
    }

    #[tokio::test]
    async fn a_kill_before_the_number_moved_loses_nothing() {
        let folder = tempfile::tempdir().expect("a folder");
        let vault = MemoryVault::default();
        let before = keeper(folder.path(), Arc::new(vault.clone()));
        before.keep(&SecretString::from("old")).await.expect("kept");
        // Written whole, and then the end came.
        before.in_vault(|stored| stored.write(2, &SecretString::from("new"))).await.expect("written");
        assert_eq!(kept(folder.path(), &vault).await, "new");
    }

    #[tokio::test]
    async fn a_keychain_that_hangs_hangs_nobody() {
        let folder = tempfile::tempdir().expect("a folder");
        let keeper = keeper(folder.path(), Arc::new(Hanging));
        let kept = keeper.keep(&SecretString::from("token")).await;
        assert!(matches!(kept, Err(IdentityError::Vault(VaultError::Silent))), "{kept:?}");
        let error = keeper.access_token(TokenWish::default()).await.expect_err("no token");
        assert_eq!(error.problem.code, belfry_core::ProblemCode::KeychainLocked);
    }
}
