//! `$batch`: up to 20 requests in one. At most four of them run at a time.

use std::collections::{BTreeMap, BTreeSet};

use bytes::Bytes;
use http::Method;
use serde_json::{Value, json};

use crate::doubts::InnerLimit;
use crate::graph::{self, Ask, CONCURRENT};
use crate::reply::Reply;
use crate::simulator::Simulator;

const LIMIT: usize = 20;

struct Part {
    id: String,
    depends_on: Vec<String>,
    client_request_id: Option<String>,
    ask: Result<Ask, Reply>,
}

pub async fn answer(simulator: &Simulator, ask: &Ask, scopes: &[String]) -> Reply {
    let parts = match parts(ask) {
        Ok(parts) => parts,
        Err(reply) => return reply,
    };
    // A parallel batch takes every place that its mailbox has.
    let Some(_entered) = graph::enter(simulator, &ask.oid) else { return graph::over_concurrency() };
    let (latency, limit) = {
        let inner = simulator.lock();
        (inner.latency, inner.doubts.inner_limit)
    };
    let mut done: BTreeMap<String, u16> = BTreeMap::new();
    let mut answers = Vec::new();
    let places = CONCURRENT as usize;
    for (index, part) in parts.iter().enumerate() {
        if index % places == 0 {
            tokio::time::sleep(latency).await;
        }
        let failed = part.depends_on.iter().any(|id| done.get(id).is_none_or(|status| *status >= 300));
        let throttled = limit == InnerLimit::Throttled && index >= places && part.depends_on.is_empty();
        let reply = match &part.ask {
            _ if failed => Reply::error(424, "FailedDependency", "The request failed because a request it depends on failed."),
            _ if throttled => graph::over_concurrency(),
            Ok(ask) if !graph::may(ask, scopes) => {
                Reply::bare_error(403, "ErrorAccessDenied", "Access is denied. Check credentials and try again.")
            }
            Ok(ask) => scripted(simulator, ask).unwrap_or_else(|| graph::carry_out(simulator, ask)),
            Err(reply) => reply.clone(),
        };
        done.insert(part.id.clone(), reply.status);
        answers.push(inner(part, &reply));
    }
    // Answers come in no promised order.
    answers.reverse();
    Reply::graph(200, &json!({"responses": answers}))
}

/// Parts meet scripted answers too; cuts and delays belong to whole connections.
fn scripted(simulator: &Simulator, ask: &Ask) -> Option<Reply> {
    let path = format!("part:/{}", ask.segments.join("/"));
    match simulator.lock().script.next(ask.method.as_str(), &path)? {
        crate::faults::FaultAction::Answer { status, headers, body } => {
            Some(Reply { status, headers, content_type: "application/json", body: Bytes::from(body) })
        }
        _ => None,
    }
}

fn parts(ask: &Ask) -> Result<Vec<Part>, Reply> {
    let bad = |message: &str| Reply::error(400, "BadRequest", message);
    let body = ask.json()?;
    let requests = body.get("requests").and_then(Value::as_array).ok_or_else(|| bad("Invalid batch payload format."))?;
    if requests.len() > LIMIT {
        return Err(bad("Number of batch request steps exceeds the maximum value of 20."));
    }
    let mut ids = BTreeSet::new();
    let mut out = Vec::new();
    for request in requests {
        let text = |name: &str| request.get(name).and_then(Value::as_str);
        let id = text("id").ok_or_else(|| bad("Invalid batch payload format."))?;
        if !ids.insert(id.to_ascii_lowercase()) {
            return Err(bad("Request Id values must be unique."));
        }
        let depends_on =
            request.get("dependsOn").and_then(Value::as_array).map(|ids| ids.iter().filter_map(Value::as_str).map(str::to_owned).collect());
        let client_request_id = request.pointer("/headers/client-request-id").and_then(Value::as_str).map(str::to_owned);
        out.push(Part { id: id.to_owned(), depends_on: depends_on.unwrap_or_default(), client_request_id, ask: part(ask, request) });
    }
    Ok(out)
}

fn part(ask: &Ask, request: &Value) -> Result<Ask, Reply> {
    let bad = |message: &str| Reply::error(400, "BadRequest", message);
    let header = |wanted: &str| {
        let headers = request.get("headers")?.as_object()?;
        headers.iter().find(|(name, _)| name.eq_ignore_ascii_case(wanted))?.1.as_str().map(str::to_owned)
    };
    let url = request.get("url").and_then(Value::as_str).unwrap_or_default();
    let method: Method =
        request.get("method").and_then(Value::as_str).and_then(|method| method.parse().ok()).ok_or_else(|| bad("Invalid method."))?;
    let body = request.get("body").map(|body| Bytes::from(body.to_string()));
    if body.is_some() && !header("content-type").is_some_and(|kind| kind.starts_with("application/json")) {
        return Err(bad("Request with a body must have a Content-Type header."));
    }
    let prefer = header("prefer").map(|all| all.split(',').map(|one| one.trim().to_owned()).collect()).unwrap_or_default();
    graph::ask(method, url.trim_start_matches('/'), prefer, header("if-match"), body.unwrap_or_default(), ask.oid.clone())
}

fn inner(part: &Part, reply: &Reply) -> Value {
    let mut headers: BTreeMap<String, String> = reply.headers.iter().cloned().collect();
    let id = uuid::Uuid::new_v4().to_string();
    headers.insert("client-request-id".into(), part.client_request_id.clone().unwrap_or_else(|| id.clone()));
    headers.insert("request-id".into(), id);
    let mut out = json!({"id": part.id, "status": reply.status});
    if !reply.body.is_empty() {
        headers.insert("Content-Type".into(), "application/json".into());
        out["body"] = serde_json::from_slice(&reply.body).unwrap_or(Value::Null);
    }
    out["headers"] = json!(headers);
    out
}
