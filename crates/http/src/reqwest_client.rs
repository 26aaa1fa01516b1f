//! The real client.

use std::error::Error;
use std::time::Duration;

use bytes::{Bytes, BytesMut};
use futures::FutureExt;
use futures::future::BoxFuture;

use crate::client::{HttpClient, HttpError, Request, Response, is_loopback};

/// No answer of Graph or Entra comes near this; a feed may.
const LARGEST_ANSWER: usize = 32 * 1024 * 1024;

/// [`HttpClient`] over reqwest and rustls.
#[derive(Debug, Clone)]
pub struct Reqwest {
    outside: reqwest::Client,
    loopback: reqwest::Client,
}

impl Reqwest {
    /// A client with Belfry's limits.
    ///
    /// # Errors
    /// When TLS cannot be set up, for instance because the system has no certificates.
    pub fn new(user_agent: &str) -> Result<Self, HttpError> {
        let builder = || {
            reqwest::Client::builder()
                .user_agent(user_agent)
                .redirect(reqwest::redirect::Policy::none())
                .connect_timeout(Duration::from_secs(15))
                .read_timeout(Duration::from_secs(60))
                .timeout(Duration::from_secs(150))
                .pool_idle_timeout(Duration::from_secs(60))
        };
        let malformed = |error: reqwest::Error| HttpError::Malformed(Box::new(error));
        Ok(Self { outside: builder().build().map_err(malformed)?, loopback: builder().no_proxy().build().map_err(malformed)? })
    }

    async fn exchange(&self, request: Request) -> Result<Response, HttpError> {
        let host = request.uri().host().unwrap_or_default().to_owned();
        let client = if is_loopback(&request.uri().to_string()) { &self.loopback } else { &self.outside };
        let request = reqwest::Request::try_from(request).map_err(|error| HttpError::Malformed(Box::new(error.without_url())))?;
        let mut answer = client.execute(request).await.map_err(|error| classify(error, &host))?;
        let mut body = BytesMut::new();
        while let Some(chunk) = answer.chunk().await.map_err(|error| cut(error, &host))? {
            if body.len() + chunk.len() > LARGEST_ANSWER {
                return Err(HttpError::TooLarge { host });
            }
            body.extend_from_slice(&chunk);
        }
        let mut response = http::Response::new(body.freeze());
        *response.status_mut() = answer.status();
        *response.headers_mut() = std::mem::take(answer.headers_mut());
        Ok(response)
    }
}

fn classify(error: reqwest::Error, host: &str) -> HttpError {
    let host = host.to_owned();
    // Addresses may carry secrets in their query; they never enter an error text.
    let error = error.without_url();
    if error.is_builder() {
        HttpError::Malformed(Box::new(error))
    } else if error.is_timeout() {
        HttpError::TimedOut { host }
    } else {
        HttpError::Unreachable { host, source: Some(boxed(error)) }
    }
}

fn cut(error: reqwest::Error, host: &str) -> HttpError {
    let host = host.to_owned();
    if error.is_timeout() { HttpError::TimedOut { host } } else { HttpError::Cut { host, source: Some(boxed(error.without_url())) } }
}

fn boxed(error: reqwest::Error) -> Box<dyn Error + Send + Sync> {
    Box::new(error)
}

impl HttpClient for Reqwest {
    fn send(&self, request: http::Request<Bytes>) -> BoxFuture<'_, Result<Response, HttpError>> {
        self.exchange(request).boxed()
    }
}
