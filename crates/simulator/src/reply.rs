//! An answer of the simulator, and Graph's error envelope.

use bytes::Bytes;
use http::{HeaderValue, Response, StatusCode, header};
use serde_json::{Value, json};

/// Status, headers and body.
#[derive(Debug, Clone)]
pub struct Reply {
    /// Status.
    pub status: u16,
    /// Headers beside the content type.
    pub headers: Vec<(String, String)>,
    /// Content type.
    pub content_type: &'static str,
    /// Body.
    pub body: Bytes,
}

const GRAPH_JSON: &str = "application/json;odata.metadata=minimal;odata.streaming=true;IEEE754Compatible=false;charset=utf-8";

impl Reply {
    /// JSON as Graph labels it.
    #[must_use]
    pub fn graph(status: u16, body: &Value) -> Self {
        Self { status, headers: vec![], content_type: GRAPH_JSON, body: Bytes::from(body.to_string()) }
    }

    /// Plain JSON.
    #[must_use]
    pub fn json(status: u16, body: &Value) -> Self {
        Self { status, headers: vec![], content_type: "application/json; charset=utf-8", body: Bytes::from(body.to_string()) }
    }

    /// A page.
    #[must_use]
    pub fn html(status: u16, page: String) -> Self {
        Self {
            status,
            headers: vec![("Cache-Control".into(), "no-store".into())],
            content_type: "text/html; charset=utf-8",
            body: Bytes::from(page),
        }
    }

    /// No body.
    #[must_use]
    pub fn empty(status: u16) -> Self {
        Self { status, headers: vec![], content_type: "", body: Bytes::new() }
    }

    /// Graph's error envelope with an inner error.
    #[must_use]
    pub fn error(status: u16, code: &str, message: &str) -> Self {
        let id = uuid::Uuid::new_v4();
        let inner = json!({"date": "2026-01-01T00:00:00", "request-id": id, "client-request-id": id});
        Self::graph(status, &json!({"error": {"code": code, "message": message, "innerError": inner}}))
    }

    /// Graph's error envelope as Exchange writes it, without an inner error.
    #[must_use]
    pub fn bare_error(status: u16, code: &str, message: &str) -> Self {
        Self::graph(status, &json!({"error": {"code": code, "message": message}}))
    }

    /// Puts the ids of this answer into an inner error, if it has one.
    #[must_use]
    pub fn named(mut self, request_id: &str, client_request_id: &str, date: &str) -> Self {
        if self.is_success() {
            return self;
        }
        if let Ok(mut body) = serde_json::from_slice::<Value>(&self.body)
            && let Some(inner) = body.pointer_mut("/error/innerError").and_then(Value::as_object_mut)
        {
            inner.insert("request-id".into(), Value::from(request_id));
            inner.insert("client-request-id".into(), Value::from(client_request_id));
            inner.insert("date".into(), Value::from(date));
            self.body = Bytes::from(body.to_string());
        }
        self
    }

    /// Adds a header.
    #[must_use]
    pub fn with(mut self, name: &str, value: impl Into<String>) -> Self {
        self.headers.push((name.to_owned(), value.into()));
        self
    }

    /// Whether it is a success.
    #[must_use]
    pub fn is_success(&self) -> bool {
        (200..300).contains(&self.status)
    }

    /// As an HTTP response.
    #[must_use]
    pub fn into_response(self) -> Response<Bytes> {
        let mut response = Response::new(self.body);
        *response.status_mut() = StatusCode::from_u16(self.status).unwrap_or(StatusCode::INTERNAL_SERVER_ERROR);
        if !self.content_type.is_empty() {
            response.headers_mut().insert(header::CONTENT_TYPE, HeaderValue::from_static(self.content_type));
        }
        for (name, value) in self.headers {
            if let (Ok(name), Ok(value)) = (name.parse::<header::HeaderName>(), value.parse::<HeaderValue>()) {
                response.headers_mut().append(name, value);
            }
        }
        response
    }
}
