//! Graph v1.0, the calendar part: who asks, what for, and how many at once.

mod batch;
mod calendars;
mod delta;
mod event_body;
mod events;
mod expansion;
mod filter;
mod render;
mod series;
mod series_changes;
mod shape;
mod split;
mod zones;

pub use delta::forget_all as forget_deltas;
pub use series::{id as date_id, there};
pub use series_changes::{Moment, cancel as cancel_date, update as change_date};
pub use split::split;

use bytes::Bytes;
use http::{Method, Request};
use serde_json::{Value, json};

use crate::reply::Reply;
use crate::simulator::{Inner, Simulator};

/// How many requests a mailbox takes at a time.
const CONCURRENT: u32 = 4;

/// One request to Graph, alone or as a part of a batch.
pub struct Ask {
    pub method: Method,
    /// Path segments after the version, decoded.
    pub segments: Vec<String>,
    pub query: Vec<(String, String)>,
    pub prefer: Vec<String>,
    pub if_match: Option<String>,
    pub body: Bytes,
    /// Object id of whose mailbox it is.
    pub oid: String,
}

impl Ask {
    pub fn query(&self, name: &str) -> Option<&str> {
        self.query.iter().find(|(known, _)| known.eq_ignore_ascii_case(name)).map(|(_, value)| value.as_str())
    }

    /// The value of a `Prefer` such as `odata.maxpagesize`.
    pub fn preference(&self, name: &str) -> Option<&str> {
        self.prefer.iter().find_map(|prefer| prefer.strip_prefix(name)?.strip_prefix('=')).map(|value| value.trim_matches('"'))
    }

    /// The same reader, asking of something within what was asked for.
    pub fn nested(&self, query: Vec<(String, String)>) -> Self {
        let (method, prefer, oid) = (self.method.clone(), self.prefer.clone(), self.oid.clone());
        Self { method, segments: vec![], query, prefer, if_match: None, body: Bytes::new(), oid }
    }

    pub fn json(&self) -> Result<Value, Reply> {
        serde_json::from_slice(&self.body).map_err(|_| no_json())
    }

    /// The path below the version root, encoded again.
    pub fn path(&self) -> String {
        let encode = |segment: &String| percent_encoding::utf8_percent_encode(segment, percent_encoding::NON_ALPHANUMERIC).to_string();
        self.segments.iter().map(encode).collect::<Vec<_>>().join("/")
    }
}

fn no_json() -> Reply {
    Reply::error(
        400,
        "BadRequest",
        "Unable to read JSON request payload. Please ensure Content-Type header is set and payload is of valid JSON format.",
    )
}

/// Whose mailbox it is, as calendars and events name them.
fn owner(inner: &Inner, ask: &Ask) -> Value {
    let person = inner.world.people.iter().find(|person| person.oid == ask.oid);
    person.map_or(Value::Null, |person| json!({"name": person.name, "address": person.login}))
}

/// Answers a request: token, concurrency, then what it asks.
pub async fn answer(simulator: &Simulator, request: Request<Bytes>) -> Reply {
    let client_request_id = request.headers().get("client-request-id").and_then(|value| value.to_str().ok()).map(str::to_owned);
    let id = uuid::Uuid::new_v4().to_string();
    let client_request_id = client_request_id.unwrap_or_else(|| id.clone());
    let date = simulator.now().format("%Y-%m-%dT%H:%M:%S").to_string();
    let reply = authorised(simulator, request).await.named(&id, &client_request_id, &date);
    let reply = reply.with("request-id", id).with("Strict-Transport-Security", "max-age=31536000").with("OData-Version", "4.0");
    reply.with("client-request-id", client_request_id)
}

async fn authorised(simulator: &Simulator, request: Request<Bytes>) -> Reply {
    let (ask, scopes) = match admit(simulator, request) {
        Ok(admitted) => admitted,
        Err(reply) => return reply,
    };
    if !may(&ask, &scopes) {
        return Reply::bare_error(403, "ErrorAccessDenied", "Access is denied. Check credentials and try again.");
    }
    let is_batch = ask.segments.first().is_some_and(|segment| segment == "$batch");
    if is_batch {
        return batch::answer(simulator, &ask, &scopes).await;
    }
    let Some(_entered) = enter(simulator, &ask.oid) else { return over_concurrency() };
    let latency = simulator.lock().latency;
    tokio::time::sleep(latency).await;
    carry_out(simulator, &ask)
}

/// Reads the request and finds out who asks.
fn admit(simulator: &Simulator, request: Request<Bytes>) -> Result<(Ask, Vec<String>), Reply> {
    let (parts, body) = request.into_parts();
    let now = simulator.now();
    let bearer = parts
        .headers
        .get(http::header::AUTHORIZATION)
        .and_then(|value| value.to_str().ok())
        .and_then(|value| value.strip_prefix("Bearer "));
    let Some(token) = bearer else {
        return Err(unauthorised("Access token is empty."));
    };
    let grant = simulator.lock().world.access.get(token).cloned();
    let Some(grant) = grant.filter(|grant| grant.expires_at > now) else {
        return Err(unauthorised("Lifetime validation failed, the token is expired."));
    };
    let prefer = parts
        .headers
        .get_all("Prefer")
        .iter()
        .filter_map(|value| value.to_str().ok())
        .flat_map(|value| value.split(',').map(|one| one.trim().to_owned()))
        .collect();
    let if_match = parts.headers.get("If-Match").and_then(|value| value.to_str().ok()).map(str::to_owned);
    if !body.is_empty() && !parts.headers.get("Content-Type").is_some_and(|kind| kind.as_bytes().starts_with(b"application/json")) {
        return Err(no_json());
    }
    let uri = parts.uri.to_string();
    let path = uri.splitn(4, '/').nth(3).map_or_else(|| uri.trim_start_matches('/').to_owned(), str::to_owned);
    let path = if uri.starts_with('/') { uri.trim_start_matches('/').to_owned() } else { path };
    let Some(below) = path.strip_prefix("v1.0/") else {
        return Err(Reply::error(404, "BadRequest", "Invalid version."));
    };
    let ask = ask(parts.method, below, prefer, if_match, body, grant.oid)?;
    if let Some(name) = ask.preference("outlook.timezone") {
        zones::zone(name)?;
    }
    Ok((ask, grant.scopes))
}

/// Builds an [`Ask`] from a path below the version root.
fn ask(method: Method, below: &str, prefer: Vec<String>, if_match: Option<String>, body: Bytes, oid: String) -> Result<Ask, Reply> {
    let (path, query) = below.split_once('?').unwrap_or((below, ""));
    let decode = |text: &str| percent_encoding::percent_decode_str(text).decode_utf8().map(std::borrow::Cow::into_owned);
    let segments = path
        .split('/')
        .filter(|segment| !segment.is_empty())
        // Functions may be called with their brackets: `delta()`.
        .map(|segment| decode(segment.strip_suffix("()").unwrap_or(segment)))
        .collect::<Result<Vec<String>, _>>()
        .map_err(|_| Reply::error(400, "BadRequest", "The path is not UTF-8."))?;
    let query = url::form_urlencoded::parse(query.as_bytes()).into_owned().collect();
    Ok(Ask { method, segments, query, prefer, if_match, body, oid })
}

fn unauthorised(message: &str) -> Reply {
    Reply::error(401, "InvalidAuthenticationToken", message)
        .with("WWW-Authenticate", "Bearer realm=\"\", authorization_uri=\"https://login.microsoftonline.com/common/oauth2/authorize\"")
}

fn over_concurrency() -> Reply {
    Reply::bare_error(429, "ApplicationThrottled", "Application is over its MailboxConcurrency limit.").with("Retry-After", "1")
}

fn may(ask: &Ask, scopes: &[String]) -> bool {
    let has = |wanted: &str| scopes.iter().any(|scope| scope.eq_ignore_ascii_case(wanted));
    let is_profile = ask.segments.len() == 1;
    is_profile || has("Calendars.ReadWrite") || (ask.method == Method::GET && has("Calendars.Read"))
}

/// One of the places that a mailbox has; free again however the request ends, broken off by its client too.
struct Entered<'a> {
    simulator: &'a Simulator,
    oid: String,
}

fn enter<'a>(simulator: &'a Simulator, oid: &str) -> Option<Entered<'a>> {
    let mut inner = simulator.lock();
    let count = inner.in_flight.entry(oid.to_owned()).or_default();
    if *count >= CONCURRENT {
        return None;
    }
    *count += 1;
    drop(inner);
    Some(Entered { simulator, oid: oid.to_owned() })
}

impl Drop for Entered<'_> {
    fn drop(&mut self) {
        if let Some(count) = self.simulator.lock().in_flight.get_mut(&self.oid) {
            *count = count.saturating_sub(1);
        }
    }
}

/// Routes a single request.
fn carry_out(simulator: &Simulator, ask: &Ask) -> Reply {
    let names: Vec<&str> = ask.segments.iter().map(String::as_str).collect();
    let below = match names.as_slice() {
        ["me", rest @ ..] => rest,
        ["users", who, rest @ ..] if is_own(simulator, ask, who) => rest,
        ["users", who, ..] if !is_known(simulator, who) => {
            return Reply::error(404, "ErrorInvalidUser", &format!("The requested user '{who}' is invalid."));
        }
        ["users", ..] => return Reply::error(403, "ErrorAccessDenied", "Access is denied. Check credentials and try again."),
        _ => return no_segment(names.first().copied().unwrap_or_default()),
    };
    let result = match (ask.method.as_str(), below) {
        ("GET", []) => profile(simulator, ask),
        ("GET", ["calendars"]) => calendars::list(simulator, ask),
        ("POST", ["calendars"]) => calendars::create(simulator, ask),
        ("GET", ["calendar"]) => calendars::get(simulator, ask, None),
        ("PATCH", ["calendar"]) => calendars::update(simulator, ask, None),
        ("GET", ["calendars", id]) => calendars::get(simulator, ask, Some(id)),
        ("PATCH", ["calendars", id]) => calendars::update(simulator, ask, Some(id)),
        ("DELETE", ["calendars", id]) => calendars::delete(simulator, ask, id),
        ("GET", ["events"] | ["calendar", "events"]) => events::list(simulator, ask, None),
        ("POST", ["events"] | ["calendar", "events"]) => events::create(simulator, ask, None),
        ("GET", ["calendars", calendar, "events"]) => events::list(simulator, ask, Some(calendar)),
        ("POST", ["calendars", calendar, "events"]) => events::create(simulator, ask, Some(calendar)),
        (_, ["events", "delta"] | ["calendars", _, "events", "delta"]) => Err(Reply::error(
            400,
            "ErrorInvalidRequest",
            "Unsupported request: Change tracking is not supported against 'microsoft.graph.event'.",
        )),
        ("GET", ["calendarView", "delta"] | ["calendar", "calendarView", "delta"]) => delta::page(simulator, ask, None),
        ("GET", ["calendars", calendar, "calendarView", "delta"]) => delta::page(simulator, ask, Some(calendar)),
        ("GET", ["calendarView"] | ["calendar", "calendarView"]) => events::view(simulator, ask, None),
        ("GET", ["calendars", calendar, "calendarView"]) => events::view(simulator, ask, Some(calendar)),
        ("GET", ["events", id] | ["calendar", "events", id]) => events::get(simulator, ask, None, id),
        ("GET", ["calendars", calendar, "events", id]) => events::get(simulator, ask, Some(calendar), id),
        ("GET", ["events", id, "calendar"]) => calendars::of_event(simulator, ask, id),
        ("GET", ["events", id, "instances"]) => events::instances(simulator, ask, None, id),
        ("GET", ["calendars", calendar, "events", id, "instances"]) => events::instances(simulator, ask, Some(calendar), id),
        ("PATCH", ["events", id]) => events::update(simulator, ask, None, id),
        ("PATCH", ["calendars", calendar, "events", id]) => events::update(simulator, ask, Some(calendar), id),
        ("DELETE", ["events", id]) => events::delete(simulator, ask, None, id),
        ("DELETE", ["calendars", calendar, "events", id]) => events::delete(simulator, ask, Some(calendar), id),
        (_, [segment, ..]) => Err(no_segment(segment)),
        (_, []) => Err(Reply::error(405, "Request_BadRequest", "Specified HTTP method is not allowed for the request target.")),
    };
    result.unwrap_or_else(|reply| reply)
}

fn no_segment(segment: &str) -> Reply {
    Reply::error(400, "BadRequest", &format!("Resource not found for the segment '{segment}'."))
}

fn is_own(simulator: &Simulator, ask: &Ask, who: &str) -> bool {
    let inner = simulator.lock();
    inner.world.people.iter().any(|person| person.oid == ask.oid && (person.oid == who || person.login.eq_ignore_ascii_case(who)))
}

fn is_known(simulator: &Simulator, who: &str) -> bool {
    simulator.lock().world.people.iter().any(|person| person.oid == who || person.login.eq_ignore_ascii_case(who))
}

fn profile(simulator: &Simulator, ask: &Ask) -> Result<Reply, Reply> {
    let inner = simulator.lock();
    let person = inner.world.people.iter().find(|person| person.oid == ask.oid).ok_or_else(not_found)?;
    let body = json!({
        "@odata.context": format!("{}/v1.0/$metadata#users/$entity", simulator.options.graph),
        "id": person.oid, "displayName": person.name, "userPrincipalName": person.login, "mail": person.login,
    });
    Ok(Reply::graph(200, &body))
}

pub fn not_found() -> Reply {
    Reply::error(404, "ErrorItemNotFound", "The specified object was not found in the store.")
}

/// A request made by the person in Outlook: no token, no limit on concurrency.
pub fn as_person(simulator: &Simulator, request: &Request<Bytes>, login: &str) -> Result<Reply, Reply> {
    let oid = simulator.lock().world.person(login).ok_or_else(not_found)?.oid.clone();
    let whole = request.uri().path_and_query().map(ToString::to_string).unwrap_or_default();
    let below = whole.split_once("/v1.0/").map(|(_, below)| below.to_owned()).ok_or_else(not_found)?;
    let ask = ask(request.method().clone(), &below, vec![], None, request.body().clone(), oid)?;
    Ok(carry_out(simulator, &ask))
}
