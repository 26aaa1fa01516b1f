//! The ports to the network: [`HttpClient`] sends one request, [`TokenSource`] gives an access token. [`Reqwest`] is the real client; tests and the
//! practice cloud bring their own. [`retry`] decides, without waiting itself, whether and when to try again.

mod client;
mod reqwest_client;
pub mod retry;
mod token;

pub use client::{HttpClient, HttpError, Request, Response, is_loopback, is_safe};
pub use reqwest_client::Reqwest;
pub use retry::{RetryPolicy, Verdict};
pub use token::{TokenError, TokenSource, TokenWish};
