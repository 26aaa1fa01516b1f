//! The port through which every byte leaves this computer.

use bytes::Bytes;
use futures::future::BoxFuture;

/// A request with its whole body.
pub type Request = http::Request<Bytes>;
/// An answer with its whole body.
pub type Response = http::Response<Bytes>;

/// Why no answer came. Answers of any status are answers, not errors.
#[derive(Debug, thiserror::Error)]
pub enum HttpError {
    /// No connection: no network, no such host, refused.
    #[error("no connection to {host}")]
    Unreachable {
        /// Where to.
        host: String,
        /// Cause.
        #[source]
        source: Option<Box<dyn std::error::Error + Send + Sync>>,
    },
    /// Nothing came for too long.
    #[error("{host} did not answer in time")]
    TimedOut {
        /// Where to.
        host: String,
    },
    /// The answer broke off.
    #[error("the answer of {host} was cut off")]
    Cut {
        /// Where to.
        host: String,
        /// Cause.
        #[source]
        source: Option<Box<dyn std::error::Error + Send + Sync>>,
    },
    /// The answer is larger than any that the server sends.
    #[error("the answer of {host} is too large")]
    TooLarge {
        /// Where to.
        host: String,
    },
    /// TLS cannot be set up, for instance because the system has no certificates.
    #[error("the system's certificates cannot be used (package ca-certificates)")]
    Tls(#[source] Box<dyn std::error::Error + Send + Sync>),
    /// The request cannot be built: a defect, or an address that is none.
    #[error("the request cannot be sent")]
    Malformed(#[source] Box<dyn std::error::Error + Send + Sync>),
}

/// Sends one request and waits for the whole answer. Follows no redirect and repeats nothing.
pub trait HttpClient: Send + Sync {
    /// Sends.
    fn send(&self, request: Request) -> BoxFuture<'_, Result<Response, HttpError>>;
}

/// Whether an address may be asked for and given secrets: https, or plain http on this computer.
#[must_use]
pub fn is_safe(url: &str) -> bool {
    url.starts_with("https://") || (url.starts_with("http://") && is_loopback(url))
}

/// Whether an address is this computer's own: the only place where plain http is accepted.
#[must_use]
pub fn is_loopback(url: &str) -> bool {
    let Ok(uri) = url.parse::<http::Uri>() else { return false };
    matches!(uri.host(), Some("127.0.0.1" | "localhost" | "[::1]" | "::1"))
}
