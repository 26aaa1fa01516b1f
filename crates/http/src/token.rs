//! The port through which a request gets its access token.

use belfry_core::Problem;
use futures::future::BoxFuture;
use secrecy::SecretString;

/// What kind of token is wanted.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct TokenWish {
    /// The server refused the token that it got: a new one is needed.
    pub renew: bool,
    /// Claims of a challenge that the new token has to answer (JSON).
    pub claims: Option<String>,
}

/// No token. The problem says what the person can do.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("{}", .problem.detail)]
pub struct TokenError {
    /// What to tell.
    pub problem: Problem,
    /// Claims that the next sign-in has to pass on (JSON).
    pub claims: Option<String>,
}

/// Gives access tokens for one account.
pub trait TokenSource: Send + Sync {
    /// A token that is good for at least the next request.
    fn access_token(&self, wish: TokenWish) -> BoxFuture<'_, Result<SecretString, TokenError>>;
}
