//! A keychain as tests need it.

use std::sync::Arc;
use std::sync::atomic::{AtomicBool, AtomicUsize, Ordering};

use belfry_identity::{MemoryVault, SecretVault, VaultError};
use secrecy::SecretString;

/// A keychain in memory that can be locked; it counts how often its person was asked for the password.
#[derive(Clone, Default)]
pub struct TestVault {
    inner: MemoryVault,
    locked: Arc<AtomicBool>,
    prompts: Arc<AtomicUsize>,
}

impl TestVault {
    /// Locks it or opens it.
    pub fn set_locked(&self, locked: bool) {
        self.locked.store(locked, Ordering::SeqCst);
    }

    /// How often a prompt was shown, and dismissed.
    #[must_use]
    pub fn prompts(&self) -> usize {
        self.prompts.load(Ordering::SeqCst)
    }

    fn open(&self) -> Result<&MemoryVault, VaultError> {
        if self.is_locked() {
            self.prompts.fetch_add(1, Ordering::SeqCst);
            return Err(VaultError::Locked(None));
        }
        Ok(&self.inner)
    }
}

impl SecretVault for TestVault {
    fn read(&self, user: &str) -> Result<Option<SecretString>, VaultError> {
        self.open()?.read(user)
    }

    fn write(&self, user: &str, secret: &SecretString) -> Result<(), VaultError> {
        self.open()?.write(user, secret)
    }

    fn delete(&self, user: &str) -> Result<(), VaultError> {
        self.open()?.delete(user)
    }

    fn is_locked(&self) -> bool {
        self.locked.load(Ordering::SeqCst)
    }

    fn is_at_hand(&self) -> bool {
        true
    }
}
