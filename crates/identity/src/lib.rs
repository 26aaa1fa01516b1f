//! The Microsoft identity platform for a native app: system browser, authorization code with PKCE, loopback redirect, refresh tokens in the OS keychain.
//!
//! - [`Discovery`] finds the endpoints of a cloud.
//! - [`SignIn`] builds the authorization request and turns the reply into a [`SignedIn`]; [`Loopback`] catches the reply.
//! - [`id_token`] checks who signed in, with [`Keys`] that are kept while they are good.
//! - [`Class`] says what a refusal means for the person.
//! - [`TokenKeeper`] keeps one account's refresh token in a [`SecretVault`] and gives access tokens, one refresh at a time across processes.
//! - [`IdentityError`] is every way in which Microsoft says no, sorted by what the person can do.
//!
//! A token is a secret type from socket to keychain: it is in no log, no error, no database.

mod admin;
mod claims;
pub mod codes;
mod device;
mod discovery;
mod error;
pub mod id_token;
mod keeper;
mod keychain;
mod keys;
mod lock;
mod loopback;
mod oauth;
mod sign_in;
mod vault;

pub use admin::AdminConsent;
pub use codes::Class;
pub use device::DeviceSignIn;
pub use discovery::Discovery;
pub use error::{IdentityError, Refusal};
pub use keeper::{KeeperSetup, TokenKeeper, VAULT_PATIENCE};
pub use keychain::Keychain;
pub use keys::Keys;
pub use lock::FileLock;
pub use loopback::{Loopback, Redirect, converse};
pub use oauth::Tokens;
pub use sign_in::{SignIn, SignInWish, SignedIn, person_scopes};
pub use vault::{MemoryVault, SecretVault, StoredTokens, VaultError, ask_vault};
