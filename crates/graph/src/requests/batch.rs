use std::collections::BTreeMap;

use bytes::Bytes;
use http::{HeaderMap, HeaderName, HeaderValue, Method};
use serde::Deserialize;
use serde_json::{Value, json};

use crate::answer::{Answer, Call, GraphRequest};
use crate::error::GraphError;

/// `POST /$batch`: up to 20 calls in one request (<https://learn.microsoft.com/graph/json-batching>).
#[derive(Debug, Clone)]
pub struct Batch {
    /// At most [`Batch::LIMIT`], in the order in which the answers are wanted.
    pub calls: Vec<Call>,
}

impl Batch {
    /// Graph's limit.
    pub const LIMIT: usize = 20;
}

#[derive(Deserialize)]
struct Parts {
    responses: Vec<Part>,
}

#[derive(Deserialize)]
struct Part {
    id: String,
    status: u16,
    #[serde(default)]
    headers: BTreeMap<String, String>,
    #[serde(default)]
    body: Option<Value>,
}

impl GraphRequest for Batch {
    type Answer = Vec<Answer>;

    fn prepare(&self) -> Call {
        let requests: Vec<Value> = self.calls.iter().enumerate().map(|(index, call)| part(index, call)).collect();
        let repeatable = self.calls.iter().all(|call| call.repeatable);
        Call::with_body(Method::POST, "/$batch".into(), json!({"requests": requests}), repeatable)
    }

    /// Answers in the order of the calls. One that is missing reads as a passing fault of its own.
    fn parse(&self, answer: &Answer) -> Result<Vec<Answer>, GraphError> {
        let parts: Parts = answer.json()?;
        let mut by_id: BTreeMap<String, Answer> = parts.responses.into_iter().map(|part| (part.id.clone(), inner(part))).collect();
        let missing = || Answer { status: 503, headers: HeaderMap::new(), body: Bytes::new() };
        Ok((0..self.calls.len()).map(|index| by_id.remove(&index.to_string()).unwrap_or_else(missing)).collect())
    }
}

fn part(index: usize, call: &Call) -> Value {
    let mut headers: BTreeMap<&str, String> = BTreeMap::new();
    for (name, value) in &call.headers {
        headers.entry(name).and_modify(|all| *all = format!("{all}, {value}")).or_insert_with(|| value.clone());
    }
    let mut part = json!({"id": index.to_string(), "method": call.method.as_str(), "url": call.path});
    if let Some(body) = &call.body {
        headers.insert("Content-Type", "application/json".into());
        part["body"] = body.clone();
    }
    if !headers.is_empty() {
        part["headers"] = json!(headers);
    }
    part
}

fn inner(part: Part) -> Answer {
    let headers = part
        .headers
        .iter()
        .filter_map(|(name, value)| Some((name.parse::<HeaderName>().ok()?, value.parse::<HeaderValue>().ok()?)))
        .collect();
    let body = match part.body {
        None | Some(Value::Null) => Bytes::new(),
        Some(Value::String(text)) => Bytes::from(text),
        Some(body) => Bytes::from(body.to_string()),
    };
    Answer { status: part.status, headers, body }
}
