//! A request before it is sent and an answer after it came, both plain values.

use bytes::Bytes;
use http::{HeaderMap, Method};
use percent_encoding::{AsciiSet, NON_ALPHANUMERIC, utf8_percent_encode};
use serde::de::DeserializeOwned;
use serde_json::Value;

use crate::error::GraphError;

/// A request without host, token and tracing headers.
#[derive(Debug, Clone, PartialEq)]
pub struct Call {
    /// Method.
    pub method: Method,
    /// Path and query below the version root, or a whole link that the server gave.
    pub path: String,
    /// Headers beside those that every request carries.
    pub headers: Vec<(String, String)>,
    /// JSON body.
    pub body: Option<Value>,
    /// Whether sending it twice does what sending it once does.
    pub repeatable: bool,
}

impl Call {
    /// A GET.
    #[must_use]
    pub fn get(path: String) -> Self {
        Self { method: Method::GET, path, headers: vec![], body: None, repeatable: true }
    }

    /// A request with a body.
    #[must_use]
    pub fn with_body(method: Method, path: String, body: Value, repeatable: bool) -> Self {
        Self { method, path, headers: vec![], body: Some(body), repeatable }
    }

    /// Only if the item is still the one with this etag. Whether Graph heeds it is not documented; nothing relies on it.
    #[must_use]
    pub fn if_match(self, etag: Option<&str>) -> Self {
        match etag {
            Some(etag) if !etag.is_empty() => self.header("If-Match", etag),
            _ => self,
        }
    }

    /// Adds a header.
    #[must_use]
    pub fn header(mut self, name: &str, value: impl Into<String>) -> Self {
        self.headers.push((name.to_owned(), value.into()));
        self
    }
}

/// An answer of any status.
#[derive(Debug, Clone)]
pub struct Answer {
    /// Status.
    pub status: u16,
    /// Headers.
    pub headers: HeaderMap,
    /// Body.
    pub body: Bytes,
}

impl Answer {
    /// Whether the status is 2xx.
    #[must_use]
    pub fn is_success(&self) -> bool {
        (200..300).contains(&self.status)
    }

    /// The body of a success as JSON. A success that cannot be read is a passing fault: Graph streams, and a broken stream ends a 200 early.
    ///
    /// # Errors
    /// The server's error, or [`GraphError::Unreadable`].
    pub fn json<T: DeserializeOwned>(&self) -> Result<T, GraphError> {
        self.success()?;
        serde_json::from_slice(&self.body).map_err(|source| GraphError::Unreadable { source: Some(source) })
    }

    /// Nothing but success.
    ///
    /// # Errors
    /// The server's error.
    pub fn success(&self) -> Result<(), GraphError> {
        if self.is_success() { Ok(()) } else { Err(GraphError::of(self)) }
    }
}

/// A request that knows how to be asked and how to be answered.
pub trait GraphRequest {
    /// What it answers with.
    type Answer;

    /// The request as a value.
    fn prepare(&self) -> Call;

    /// Reads the answer.
    ///
    /// # Errors
    /// The server's error, or that the answer cannot be read.
    fn parse(&self, answer: &Answer) -> Result<Self::Answer, GraphError>;
}

const SEGMENT: &AsciiSet = &NON_ALPHANUMERIC.remove(b'-').remove(b'_').remove(b'.').remove(b'~');

/// One path segment or query value, percent-encoded: ids may hold `/`, `+` and `=`.
#[must_use]
pub fn encode(text: &str) -> String {
    utf8_percent_encode(text, SEGMENT).to_string()
}
