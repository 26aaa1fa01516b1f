//! One account's tokens: the refresh token in the keychain, the access token in memory, one refresh at a time across processes.

use std::path::PathBuf;
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};
use std::time::Duration;

use belfry_core::account::grants_calendars;
use belfry_core::{Account, Clock};
use belfry_http::{HttpClient, TokenError, TokenSource, TokenWish};
use chrono::{DateTime, Utc};
use futures::FutureExt;
use futures::future::BoxFuture;
use secrecy::SecretString;
use tokio::sync::Mutex;

use crate::codes::Class;
use crate::discovery::Discovery;
use crate::error::{IdentityError, Refusal};
use crate::lock::FileLock;
use crate::oauth;
use crate::sign_in::person_scopes;
use crate::vault::{SecretVault, StoredTokens, VaultError, ask_vault};

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
/// How long another process may hold the lock: as long as it may wait for the keychain, and then some.
const PATIENCE: Duration = Duration::from_secs(90);

/// Whether the answer of a keychain is still waited for: not when the sign-in was given up.
#[derive(Default)]
struct Asked(Arc<AtomicBool>);

impl Asked {
    fn flag(&self) -> Arc<AtomicBool> {
        self.0.store(true, Ordering::SeqCst);
        Arc::clone(&self.0)
    }

    /// It came.
    fn answered(mut self) {
        self.0 = Arc::default();
    }
}

impl Drop for Asked {
    fn drop(&mut self) {
        self.0.store(false, Ordering::SeqCst);
    }
}

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

    /// Not for ever: a keychain that hangs would hang the sync, and its lock, with it. A write that comes through after all is found by its generation.
    async fn in_vault<T: Send + 'static>(
        &self,
        work: impl FnOnce(&StoredTokens<'_>) -> Result<T, VaultError> + Send + 'static,
    ) -> Result<T, IdentityError> {
        let (home_id, account) = (self.setup.home_id.clone(), self.account.id.clone());
        let work = move |vault: &dyn SecretVault| work(&StoredTokens::new(vault, &home_id, &account));
        ask_vault(&self.setup.vault, self.setup.vault_patience, work).await.map_err(IdentityError::Vault)
    }

    /// Keeps the refresh token of a sign-in.
    ///
    /// # Errors
    /// When the keychain does not take it.
    pub async fn keep(&self, token: &SecretString) -> Result<(), IdentityError> {
        // In memory first, then in the file: everybody takes them in this order.
        let mut held = self.held.lock().await;
        let mut lock = self.lock().await?;
        let (generation, _) = ledger(&mut lock);
        let asked = Asked::default();
        let (next, written, flag) = (generation + 1, token.clone(), asked.flag());
        // Who gives up while the keychain's prompt is open is signed in nowhere: what it takes afterwards goes again.
        self.in_vault(move |stored| {
            stored.write(next, &written)?;
            if flag.load(Ordering::SeqCst) { Ok(()) } else { stored.sweep(next) }
        })
        .await?;
        asked.answered();
        self.advanced(&mut lock, generation, next).await?;
        *held = None;
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
        // It asks for the least: what became of calendar access is the next sync's to find out.
        let _held = self.held.lock().await;
        self.renew_with(&person_scopes(false), None).await?;
        Ok(true)
    }

    /// Whether the keychain is locked, or silent: then asking it would put a prompt before the person.
    pub async fn is_locked(&self) -> bool {
        let asked = ask_vault(&self.setup.vault, self.setup.vault_patience, |vault| Ok(vault.is_locked())).await;
        asked.unwrap_or_else(|error| matches!(error, VaultError::Silent))
    }

    /// Removes every entry: sign-out.
    ///
    /// # Errors
    /// When the keychain cannot be asked.
    pub async fn forget(&self) -> Result<(), IdentityError> {
        let mut held = self.held.lock().await;
        let mut lock = self.lock().await?;
        let (generation, _) = ledger(&mut lock);
        self.in_vault(move |stored| (generation.saturating_sub(2)..=generation + 2).try_for_each(|old| stored.sweep(old))).await?;
        *held = None;
        Ok(())
    }

    /// The new generation is whole before the number moves, and the number moves before the old ones go.
    async fn advance(&self, lock: &mut FileLock, generation: u64, token: &SecretString) -> Result<(), IdentityError> {
        let (next, token) = (generation + 1, token.clone());
        self.in_vault(move |stored| stored.write(next, &token)).await?;
        self.advanced(lock, generation, next).await
    }

    /// Moves the number on. Older generations go; a kill may have left the last but one, too. What cannot be deleted now is deleted the next time.
    async fn advanced(&self, lock: &mut FileLock, generation: u64, next: u64) -> Result<(), IdentityError> {
        lock.set_text(&format!("{next} {}", self.setup.clock.now().to_rfc3339())).map_err(IdentityError::Lock)?;
        let old = [generation.saturating_sub(1), generation];
        if let Err(error) = self.in_vault(move |stored| old.into_iter().try_for_each(|old| stored.delete(old))).await {
            tracing::warn!(%error, "an old refresh token could not be deleted yet");
        }
        Ok(())
    }

    /// The newest whole generation. A kill may have left the next one whole and the number behind.
    async fn newest(&self, generation: u64) -> Result<(u64, SecretString), IdentityError> {
        let found = self.in_vault(move |stored| {
            for candidate in [generation + 1, generation] {
                match stored.read(candidate) {
                    Ok(Some(token)) => return Ok(Some((candidate, token))),
                    // Somebody else's, or half of ours: the one before is as good as it was.
                    Ok(None) => {}
                    Err(VaultError::Altered) if candidate > generation => {}
                    Err(error) => return Err(error),
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
        let calendars = self.account.may_write_calendars();
        let (held, scopes) = self.renew_with(&person_scopes(calendars), challenge).await?;
        // What was granted is what the reply says, this time too. A server that does not say grants what was asked for (RFC 6749 section 5.1).
        if calendars && !scopes.is_empty() && !grants_calendars(&scopes) {
            return Err(IdentityError::Refused(Class::Consent, Refusal { error: "calendars_not_granted".into(), ..Refusal::default() }));
        }
        Ok(held)
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
        match self.renew(wish.claims.as_deref()).await {
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
            let challenge = wish.claims.clone();
            let result = self.token(wish).await;
            // A refusal that names no claims of its own leaves those of the challenge to be met.
            result.map_err(|error| {
                let claims = error.claims().map(str::to_owned).or(challenge);
                TokenError { problem: error.problem(&self.account.login), claims }
            })
        }
        .boxed()
    }
}

#[cfg(test)]
mod tests;
