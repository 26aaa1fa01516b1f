//! The OS keychain: Secret Service, macOS Keychain, Windows Credential Manager.

use keyring::{Entry, Error};
use secrecy::{ExposeSecret, SecretString};

use crate::vault::{SecretVault, VaultError};

/// [`SecretVault`] over the keyring crate.
#[derive(Debug, Clone, Copy, Default)]
pub struct Keychain;

const SERVICE: &str = "belfry";

fn entry(user: &str) -> Result<Entry, VaultError> {
    // On Windows the service is not part of an entry's name, so the user carries everything.
    Entry::new(SERVICE, user).map_err(classify)
}

fn classify(error: Error) -> VaultError {
    match error {
        Error::NoDefaultStore => VaultError::Missing(Some(Box::new(error))),
        Error::NoStorageAccess(_) => VaultError::Locked(Some(Box::new(error))),
        // Its Debug form holds the secret's bytes.
        Error::BadEncoding(_) | Error::BadDataFormat(..) => VaultError::Altered,
        other => VaultError::Refused(Box::new(other)),
    }
}

impl SecretVault for Keychain {
    fn read(&self, user: &str) -> Result<Option<SecretString>, VaultError> {
        match entry(user)?.get_password() {
            Ok(secret) => Ok(Some(SecretString::from(secret))),
            Err(Error::NoEntry) => Ok(None),
            Err(error) => Err(classify(error)),
        }
    }

    fn write(&self, user: &str, secret: &SecretString) -> Result<(), VaultError> {
        entry(user)?.set_password(secret.expose_secret()).map_err(classify)
    }

    fn delete(&self, user: &str) -> Result<(), VaultError> {
        match entry(user)?.delete_credential() {
            Ok(()) | Err(Error::NoEntry) => Ok(()),
            Err(error) => Err(classify(error)),
        }
    }

    /// Only the Secret Service tells without asking the person.
    #[cfg(target_os = "linux")]
    fn is_locked(&self) -> bool {
        use secret_service::EncryptionType;
        use secret_service::blocking::SecretService;
        let locked = || SecretService::connect(EncryptionType::Plain)?.get_default_collection()?.is_locked();
        locked().unwrap_or(false)
    }
}
