//! The keeper over keychains that are killed, slow, silent or altered.

use std::path::Path;
use std::sync::atomic::AtomicUsize;

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
        // Life goes on: it rotates, and some day the person signs out. Nothing is left behind.
        let later = keeper(folder.path(), Arc::new(vault.clone()));
        for _ in 0..5 {
            let mut lock = later.lock().await.expect("a lock");
            let (generation, _) = later.newest(ledger(&mut lock).0).await.expect("a token");
            later.advance(&mut lock, generation, &SecretString::from(new.clone())).await.expect("rotated");
        }
        later.forget().await.expect("signed out");
        assert_eq!(vault.users(), Vec::<String>::new(), "after {steps} steps");
        if ended {
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
async fn half_of_a_next_generation_does_not_hide_the_last_one() {
    let folder = tempfile::tempdir().expect("a folder");
    let vault = MemoryVault::default();
    keeper(folder.path(), Arc::new(vault.clone())).keep(&SecretString::from("good")).await.expect("kept");
    vault.write("home/public/t/o/2/0", &SecretString::from("garbage")).expect("written");
    assert_eq!(kept(folder.path(), &vault).await, "good");
}

/// A keychain whose prompt is answered late; it counts what it deleted.
struct Slow(MemoryVault, Arc<AtomicUsize>);

impl SecretVault for Slow {
    fn read(&self, user: &str) -> Result<Option<SecretString>, VaultError> {
        self.0.read(user)
    }
    fn write(&self, user: &str, secret: &SecretString) -> Result<(), VaultError> {
        std::thread::sleep(Duration::from_millis(300));
        self.0.write(user, secret)
    }
    fn delete(&self, user: &str) -> Result<(), VaultError> {
        self.1.fetch_add(1, Ordering::SeqCst);
        self.0.delete(user)
    }
}

#[tokio::test]
async fn a_sign_in_that_was_given_up_leaves_nothing_in_the_keychain() {
    let folder = tempfile::tempdir().expect("a folder");
    let vault = MemoryVault::default();
    let deleted = Arc::new(AtomicUsize::new(0));
    let keeper = keeper(folder.path(), Arc::new(Slow(vault.clone(), Arc::clone(&deleted))));
    let kept = keeper.keep(&SecretString::from("token")).await;
    assert!(matches!(kept, Err(IdentityError::Vault(VaultError::Silent))), "{kept:?}");
    // Chunk 0 is the last that goes.
    for _ in 0..1_000 {
        if deleted.load(Ordering::SeqCst) >= 17 {
            break;
        }
        tokio::time::sleep(Duration::from_millis(10)).await;
    }
    assert_eq!((deleted.load(Ordering::SeqCst), vault.users()), (17, Vec::<String>::new()));
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
