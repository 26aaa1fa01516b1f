//! The real client.

use std::error::Error;
use std::sync::OnceLock;
use std::time::Duration;

use bytes::{Bytes, BytesMut};
use futures::FutureExt;
use futures::future::BoxFuture;

use crate::client::{HttpClient, HttpError, Request, Response, is_loopback};

/// No answer of Graph or Entra comes near this; a feed may.
const LARGEST_ANSWER: usize = 32 * 1024 * 1024;

/// [`HttpClient`] over reqwest and rustls. Each of its two clients is made when it is first needed: reading the system's certificates takes longer than
/// everything that most commands do.
#[derive(Debug)]
pub struct Reqwest {
    user_agent: String,
    outside: OnceLock<reqwest::Client>,
    loopback: OnceLock<reqwest::Client>,
}

impl Reqwest {
    /// A client with Belfry's limits.
    #[must_use]
    pub fn new(user_agent: &str) -> Self {
        Self { user_agent: user_agent.to_owned(), outside: OnceLock::new(), loopback: OnceLock::new() }
    }

    /// The client for an address: a proxy is for the outside only.
    fn client(&self, url: &str) -> Result<&reqwest::Client, HttpError> {
        let is_here = is_loopback(url);
        let made = if is_here { &self.loopback } else { &self.outside };
        if let Some(client) = made.get() {
            return Ok(client);
        }
        let builder = reqwest::Client::builder()
            .user_agent(&self.user_agent)
            .redirect(reqwest::redirect::Policy::none())
            .connect_timeout(Duration::from_secs(15))
            .read_timeout(Duration::from_secs(60))
            .timeout(Duration::from_secs(150))
            .pool_idle_timeout(Duration::from_secs(60));
        let builder = if is_here { builder.no_proxy() } else { builder };
        let fresh = builder.build().map_err(|error| HttpError::Tls(Box::new(error)))?;
        Ok(made.get_or_init(|| fresh))
    }

    async fn exchange(&self, request: Request) -> Result<Response, HttpError> {
        let host = request.uri().host().unwrap_or_default().to_owned();
        let client = self.client(&request.uri().to_string())?;
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
