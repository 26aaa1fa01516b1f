//! Where refresh tokens are kept: a port to the OS keychain, and the form in which a token lies in it.

use std::collections::BTreeMap;
use std::sync::{Arc, Mutex, PoisonError};
use std::time::Duration;

use base64::Engine;
use base64::engine::general_purpose::STANDARD;
use belfry_core::{AccountId, Problem, ProblemCode};
use secrecy::{ExposeSecret, SecretString};

/// Why the keychain gives nothing. Locked is not missing, and missing is not signed out.
#[derive(Debug, thiserror::Error)]
pub enum VaultError {
    /// There is no keychain on this computer, or no session to reach it through.
    #[error("there is no keychain")]
    Missing(#[source] Option<Box<dyn std::error::Error + Send + Sync>>),
    /// It is locked, or its prompt was dismissed.
    #[error("the keychain is locked")]
    Locked(#[source] Option<Box<dyn std::error::Error + Send + Sync>>),
    /// It could not be opened the last time; nobody asked again.
    #[error("the keychain could not be opened")]
    Closed,
    /// It does not answer, or nobody answers its prompt.
    #[error("the keychain does not answer")]
    Silent,
    /// It refused.
    #[error("the keychain refused")]
    Refused(#[source] Box<dyn std::error::Error + Send + Sync>),
    /// What lies there is not what was put there.
    #[error("the keychain entry was altered")]
    Altered,
}

impl VaultError {
    /// What to tell the person.
    #[must_use]
    pub fn problem(&self) -> Problem {
        match self {
            Self::Missing(_) => Problem::new(
                ProblemCode::KeychainMissing,
                "No keychain",
                "This computer has no keychain that Belfry can reach, and Belfry keeps sign-ins nowhere else.",
                "Install and start a keychain (GNOME Keyring, KWallet or KeePassXC), then try again.",
            ),
            Self::Locked(_) => Problem::new(
                ProblemCode::KeychainLocked,
                "The keychain is locked",
                "The keychain that holds the sign-in is locked. Nothing is lost.",
                "Unlock the keychain, then try again.",
            ),
            Self::Closed => Problem::new(
                ProblemCode::KeychainLocked,
                "The keychain is locked or missing",
                "The keychain that holds the sign-in is locked, or was not there when it was last asked. Nothing is lost.",
                "Unlock or start the keychain, then try again.",
            ),
            Self::Silent => Problem::new(
                ProblemCode::KeychainLocked,
                "The keychain does not answer",
                "The keychain that holds the sign-in did not answer for a minute. Nothing is lost.",
                "Answer its prompt, or start it again, then try once more.",
            ),
            Self::Refused(error) => Problem::new(
                ProblemCode::KeychainLocked,
                "The keychain refused",
                format!("The keychain did not do it: {error}."),
                "Check that the keychain is open and not full, then try again.",
            ),
            Self::Altered => Problem::new(
                ProblemCode::SignInNeeded,
                "Sign in again",
                "The keychain entry of this account was changed by something else.",
                "Sign in again.",
            ),
        }
    }
}

/// A keychain. Calls may block for as long as an unlock prompt is open: never call them on a thread that must not wait.
pub trait SecretVault: Send + Sync {
    /// Reads an entry.
    ///
    /// # Errors
    /// When the keychain cannot be asked. An entry that is not there is `None`.
    fn read(&self, user: &str) -> Result<Option<SecretString>, VaultError>;
    /// Writes an entry.
    ///
    /// # Errors
    /// When the keychain did not take it.
    fn write(&self, user: &str, secret: &SecretString) -> Result<(), VaultError>;
    /// Deletes an entry; one that is not there is as good as deleted.
    ///
    /// # Errors
    /// When the keychain cannot be asked.
    fn delete(&self, user: &str) -> Result<(), VaultError>;
    /// Whether asking now would put a prompt before the person. `false` where that cannot be known.
    fn is_locked(&self) -> bool {
        false
    }
    /// Whether it answers at once, so that nobody needs a thread to wait for it.
    fn is_at_hand(&self) -> bool {
        false
    }
}

/// Asks a keychain on a thread of its own, so that nobody is kept waiting while a prompt is open, and waits no longer than `patience`. The work goes on all the same:
/// a write may come through that nobody hears of. A vault that is at hand is asked where the caller is.
///
/// # Errors
/// [`VaultError::Silent`] when it takes longer or its thread dies, else what the keychain says.
pub async fn ask_vault<T: Send + 'static>(
    vault: &Arc<dyn SecretVault>,
    patience: Duration,
    work: impl FnOnce(&dyn SecretVault) -> Result<T, VaultError> + Send + 'static,
) -> Result<T, VaultError> {
    if vault.is_at_hand() {
        // The points where a program may end are those of a keychain that is waited for.
        tokio::task::yield_now().await;
        let answer = work(vault.as_ref());
        tokio::task::yield_now().await;
        return answer;
    }
    let vault = Arc::clone(vault);
    let asked = tokio::time::timeout(patience, tokio::task::spawn_blocking(move || work(vault.as_ref())));
    asked.await.ok().and_then(Result::ok).unwrap_or(Err(VaultError::Silent))
}

/// A vault in memory, for tests.
#[derive(Debug, Clone, Default)]
pub struct MemoryVault(Arc<Mutex<BTreeMap<String, SecretString>>>);

impl MemoryVault {
    /// Names of the entries.
    #[must_use]
    pub fn users(&self) -> Vec<String> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner).keys().cloned().collect()
    }
}

impl SecretVault for MemoryVault {
    fn read(&self, user: &str) -> Result<Option<SecretString>, VaultError> {
        Ok(self.0.lock().unwrap_or_else(PoisonError::into_inner).get(user).cloned())
    }

    fn write(&self, user: &str, secret: &SecretString) -> Result<(), VaultError> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner).insert(user.to_owned(), secret.clone());
        Ok(())
    }

    fn delete(&self, user: &str) -> Result<(), VaultError> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner).remove(user);
        Ok(())
    }

    fn is_at_hand(&self) -> bool {
        true
    }
}

/// Windows holds 2,560 bytes an entry, as UTF-16.
const CHUNK: usize = 1_200;
/// More chunks than a token has: a kill may have left some without the first, which knows their number.
const MOST_CHUNKS: usize = 16;

/// One account's refresh token in a vault: `{home id}/{account id}/{generation}/{n}`, base64, in chunks. Chunk 0 begins with the number of chunks, so a generation that
/// is not whole is recognised.
pub struct StoredTokens<'a> {
    vault: &'a dyn SecretVault,
    home_id: String,
    account: AccountId,
}

impl<'a> StoredTokens<'a> {
    /// The entries of one account of one home.
    #[must_use]
    pub fn new(vault: &'a dyn SecretVault, home_id: &str, account: &AccountId) -> Self {
        Self { vault, home_id: home_id.to_owned(), account: account.clone() }
    }

    fn user(&self, generation: u64, chunk: usize) -> String {
        format!("{}/{}/{generation}/{chunk}", self.home_id, self.account)
    }

    /// Reads a generation; `None` when it is not there or not whole.
    ///
    /// # Errors
    /// When the keychain cannot be asked, or what it holds was altered.
    pub fn read(&self, generation: u64) -> Result<Option<SecretString>, VaultError> {
        let Some(first) = self.vault.read(&self.user(generation, 0))? else { return Ok(None) };
        let (count, head) = first.expose_secret().split_once(':').ok_or(VaultError::Altered)?;
        let count: usize = count.parse().map_err(|_| VaultError::Altered)?;
        let mut text = head.to_owned();
        for chunk in 1..count {
            let Some(next) = self.vault.read(&self.user(generation, chunk))? else { return Ok(None) };
            text.push_str(next.expose_secret());
        }
        let bytes = STANDARD.decode(text).map_err(|_| VaultError::Altered)?;
        String::from_utf8(bytes).map(|token| Some(SecretString::from(token))).map_err(|_| VaultError::Altered)
    }

    /// Writes a generation, chunk 0 last, so that it is whole or not there.
    ///
    /// # Errors
    /// When the keychain did not take it.
    pub fn write(&self, generation: u64, token: &SecretString) -> Result<(), VaultError> {
        let text = STANDARD.encode(token.expose_secret());
        let chunks: Vec<&str> = text.as_bytes().chunks(CHUNK).filter_map(|chunk| std::str::from_utf8(chunk).ok()).collect();
        for (index, chunk) in chunks.iter().enumerate().rev() {
            let body = if index == 0 { format!("{}:{chunk}", chunks.len()) } else { (*chunk).to_owned() };
            self.vault.write(&self.user(generation, index), &SecretString::from(body))?;
        }
        // Of a longer one whose writing was cut off.
        let behind = self.user(generation, chunks.len());
        if self.vault.read(&behind)?.is_some() { self.sweep_from(generation, chunks.len()) } else { Ok(()) }
    }

    /// Deletes a generation that was written whole, chunk 0 last; one that is not there is as good as deleted. Every question to a keychain costs a millisecond, so
    /// nothing is asked for that cannot be there.
    ///
    /// # Errors
    /// When the keychain cannot be asked.
    pub fn delete(&self, generation: u64) -> Result<(), VaultError> {
        let Some(first) = self.vault.read(&self.user(generation, 0))? else { return Ok(()) };
        let count = first.expose_secret().split_once(':').and_then(|(count, _)| count.parse().ok()).unwrap_or(MOST_CHUNKS);
        (0..count.min(10 * MOST_CHUNKS)).rev().try_for_each(|chunk| self.vault.delete(&self.user(generation, chunk)))
    }

    /// Deletes whatever there is of a generation, also what a kill left of one.
    ///
    /// # Errors
    /// When the keychain cannot be asked.
    pub fn sweep(&self, generation: u64) -> Result<(), VaultError> {
        self.delete(generation)?;
        self.sweep_from(generation, 0)
    }

    fn sweep_from(&self, generation: u64, first: usize) -> Result<(), VaultError> {
        (first..MOST_CHUNKS).rev().try_for_each(|chunk| self.vault.delete(&self.user(generation, chunk)))
    }

    /// Whether the keychain takes and gives back an entry at all. A daemon without a collection answers every read with "no such entry", which looks like
    /// being signed out and is not.
    ///
    /// # Errors
    /// What is wrong with it.
    pub fn probe(&self) -> Result<(), VaultError> {
        let user = format!("{}/probe", self.home_id);
        self.vault.write(&user, &SecretString::from("probe"))?;
        let back = self.vault.read(&user)?;
        self.vault.delete(&user)?;
        back.map(drop).ok_or(VaultError::Locked(None))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn account() -> AccountId {
        "public/t/o".parse().expect("an id")
    }

    #[test]
    fn a_long_token_goes_in_and_comes_out() {
        let vault = MemoryVault::default();
        let stored = StoredTokens::new(&vault, "home", &account());
        let token = SecretString::from("0.A!*$.".repeat(700));
        stored.write(3, &token).expect("written");
        assert!(vault.users().len() > 3);
        assert_eq!(stored.read(3).expect("read").expect("there").expose_secret(), token.expose_secret());
        stored.delete(3).expect("deleted");
        assert!(vault.users().is_empty());
    }

    #[test]
    fn no_entry_is_too_long_for_windows() {
        let vault = MemoryVault::default();
        StoredTokens::new(&vault, "home", &account()).write(1, &SecretString::from("x".repeat(9_000))).expect("written");
        for user in vault.users() {
            let length = vault.read(&user).expect("read").expect("there").expose_secret().encode_utf16().count();
            assert!(length * 2 <= 2_560, "{user}: {length}");
        }
    }

    #[test]
    fn a_generation_that_lacks_a_chunk_is_not_there() {
        let vault = MemoryVault::default();
        let stored = StoredTokens::new(&vault, "home", &account());
        stored.write(1, &SecretString::from("x".repeat(5_000))).expect("written");
        vault.delete("home/public/t/o/1/2").expect("deleted");
        assert!(stored.read(1).expect("read").is_none());
    }

    #[test]
    fn what_a_kill_left_of_a_generation_goes_with_it() {
        let vault = MemoryVault::default();
        let stored = StoredTokens::new(&vault, "home", &account());
        stored.write(1, &SecretString::from("x".repeat(5_000))).expect("written");
        vault.delete("home/public/t/o/1/0").expect("deleted");
        stored.sweep(1).expect("deleted");
        assert_eq!(vault.users(), Vec::<String>::new());
        // And when a shorter token takes its place.
        stored.write(2, &SecretString::from("x".repeat(5_000))).expect("written");
        vault.delete("home/public/t/o/2/0").expect("deleted");
        stored.write(2, &SecretString::from("short")).expect("written");
        assert_eq!(vault.users(), ["home/public/t/o/2/0"]);
    }

    #[test]
    fn an_altered_entry_is_noticed() {
        let vault = MemoryVault::default();
        vault.write("home/public/t/o/1/0", &SecretString::from("1:***")).expect("written");
        assert!(matches!(StoredTokens::new(&vault, "home", &account()).read(1), Err(VaultError::Altered)));
    }
}
