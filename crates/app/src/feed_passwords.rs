//! Passwords of feeds: in the keychain, under the id of their list. An address is kept, shown and told without.

use std::time::Duration;

use belfry_core::{List, Source};
use belfry_identity::{IdentityError, SecretVault, VaultError};
use secrecy::SecretString;

use crate::app::App;
use crate::error::AppError;

/// So long a prompt of the keychain is waited for; a sync has other lists to read.
const PATIENCE: Duration = Duration::from_secs(15);

impl App {
    /// The password of a feed whose address names a user.
    ///
    /// # Errors
    /// The keychain cannot be asked.
    pub(crate) async fn password_of(&self, list: &List) -> Result<Option<SecretString>, AppError> {
        let name = entry(list);
        if has_user(list) { self.in_keychain(move |vault| vault.read(&name)).await } else { Ok(None) }
    }

    /// Keeps the password of a list's address, or forgets that of the one before.
    ///
    /// # Errors
    /// The keychain does not take it.
    pub(crate) async fn keep_password(&self, list: &List, password: Option<SecretString>) -> Result<(), AppError> {
        let name = entry(list);
        match password {
            Some(password) => self.in_keychain(move |vault| vault.write(&name, &password)).await,
            None if has_user(list) => self.in_keychain(move |vault| vault.delete(&name)).await,
            None => Ok(()),
        }
    }

    /// Forgets the password of a list that goes. A keychain that is closed does not keep the list.
    pub(crate) async fn forget_password(&self, list: &List) {
        if let Err(error) = self.keep_password(list, None).await {
            tracing::info!(%error, "the password of a feed stays in the keychain");
        }
    }

    async fn in_keychain<T: Send + 'static>(
        &self,
        work: impl FnOnce(&dyn SecretVault) -> Result<T, VaultError> + Send + 'static,
    ) -> Result<T, AppError> {
        let answer = belfry_identity::ask_vault(&self.ports.vault, PATIENCE, work).await;
        answer.map_err(|error| AppError::Identity(IdentityError::from(error)))
    }
}

fn entry(list: &List) -> String {
    format!("feed:{}", list.id)
}

fn has_user(list: &List) -> bool {
    matches!(&list.source, Some(Source::Feed(address)) if belfry_sources::address(address).is_some_and(|url| !url.username().is_empty()))
}
