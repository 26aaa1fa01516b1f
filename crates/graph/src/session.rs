//! Sends requests for one account: token, headers, retries, batches, and the rule of at most three at a time.

use std::sync::Arc;
use std::sync::atomic::{AtomicI64, AtomicU64, Ordering};
use std::time::Duration;

use belfry_core::Clock;
use belfry_http::retry::{self, Failure};
use belfry_http::{HttpClient, RetryPolicy, TokenSource, TokenWish, Verdict};
use bytes::Bytes;
use http::{HeaderValue, StatusCode, header};
use secrecy::ExposeSecret;
use uuid::Uuid;

use crate::answer::{Answer, Call, GraphRequest};
use crate::challenge;
use crate::error::GraphError;
use crate::pace::{Pace, Weight};
use crate::requests::Batch;

/// Where Graph is, and what every request to it says.
#[derive(Debug, Clone)]
pub struct GraphHost {
    /// Such as `https://graph.microsoft.com`.
    pub base: String,
    /// Name and version of this program.
    pub user_agent: String,
}

/// So many seconds a request may take: less says nothing about a clock.
const REQUEST_TIME: i64 = 5;

/// Graph for one account.
pub struct Graph {
    host: GraphHost,
    http: Arc<dyn HttpClient>,
    tokens: Arc<dyn TokenSource>,
    clock: Arc<dyn Clock>,
    policy: RetryPolicy,
    pace: Arc<Pace>,
    requests: AtomicU64,
    waited_ms: AtomicU64,
    /// Seconds that the server's clock is ahead.
    ahead: AtomicI64,
}

impl std::fmt::Debug for Graph {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("Graph").field("host", &self.host).finish_non_exhaustive()
    }
}

impl Graph {
    /// Graph over these ports.
    #[must_use]
    pub fn new(
        host: GraphHost,
        http: Arc<dyn HttpClient>,
        tokens: Arc<dyn TokenSource>,
        clock: Arc<dyn Clock>,
        policy: RetryPolicy,
        pace: Arc<Pace>,
    ) -> Self {
        Self {
            host,
            http,
            tokens,
            clock,
            policy,
            pace,
            requests: AtomicU64::new(0),
            waited_ms: AtomicU64::new(0),
            ahead: AtomicI64::new(0),
        }
    }

    /// How many HTTP requests were sent so far; a batch is one.
    #[must_use]
    pub fn requests(&self) -> u64 {
        self.requests.load(Ordering::Relaxed)
    }

    /// How far the server's clock is ahead of this computer's, as its last answer said; nothing when that is within what a request takes.
    #[must_use]
    pub fn ahead(&self) -> chrono::Duration {
        chrono::Duration::seconds(self.ahead.load(Ordering::Relaxed))
    }

    /// What time it is where the server is: the parts of a batch do not say.
    fn time_there(&self) -> chrono::DateTime<chrono::Utc> {
        self.clock.now() + self.ahead()
    }

    fn note_date(&self, headers: &http::HeaderMap) {
        if let Some(there) = retry::date(headers) {
            let seconds = (there - self.clock.now()).num_seconds();
            self.ahead.store(if seconds.abs() > REQUEST_TIME { seconds } else { 0 }, Ordering::Relaxed);
        }
    }

    /// Asks one request.
    ///
    /// # Errors
    /// The server's refusal, or that no answer was to be had.
    pub async fn ask<R: GraphRequest + Sync>(&self, request: &R) -> Result<R::Answer, GraphError> {
        self.ask_by(Faults::WaitedOut, request).await
    }

    async fn ask_by<R: GraphRequest + Sync>(&self, faults: Faults, request: &R) -> Result<R::Answer, GraphError> {
        let call = request.prepare();
        let mut attempt = 1;
        loop {
            let answer = self.answer(faults, &call, Weight::One).await?;
            match request.parse(&answer) {
                // A 200 that breaks off half-way is Graph's way of failing while it streams; the same request may well succeed.
                Err(GraphError::Unreadable { .. }) if answer.is_success() && call.repeatable && attempt < 3 => attempt += 1,
                result => return result,
            }
        }
    }

    /// Asks many, packed into batches of 20 that go one after the other. Answers come in the order of the calls; passing failures inside a
    /// batch are sent again by themselves.
    ///
    /// # Errors
    /// That no answer was to be had; answers of single calls, of whatever status, are answers.
    pub async fn ask_many(&self, calls: Vec<Call>) -> Result<Vec<Answer>, GraphError> {
        self.ask_with(Faults::WaitedOut, calls).await
    }

    /// As [`Graph::ask_many`], for what has failed before: what fails inside a batch is not sent again. It would use up the patience that the rest of the run may need.
    ///
    /// # Errors
    /// As there.
    pub async fn ask_once(&self, calls: Vec<Call>) -> Result<Vec<Answer>, GraphError> {
        self.ask_with(Faults::Believed, calls).await
    }

    async fn ask_with(&self, faults: Faults, calls: Vec<Call>) -> Result<Vec<Answer>, GraphError> {
        if let [call] = calls.as_slice() {
            return Ok(vec![self.ask_by(faults, &Alone(call.clone())).await?]);
        }
        let mut answers: Vec<Option<Answer>> = calls.iter().map(|_| None).collect();
        let mut open: Vec<usize> = (0..calls.len()).collect();
        let mut attempt = 1;
        while !open.is_empty() {
            let mut again = Vec::new();
            let mut longest = None;
            for chunk in open.chunks(self.pace.batch_size(self.clock.now())) {
                let batch = Batch { calls: chunk.iter().filter_map(|index| calls.get(*index).cloned()).collect() };
                let answer = self.answer(Faults::WaitedOut, &batch.prepare(), Weight::Batch).await?;
                for (index, mut inner) in chunk.iter().zip(batch.parse(&answer)?) {
                    if inner.status == 429 {
                        self.pace.part_refused(self.clock.now());
                    }
                    if let Some(call) = calls.get(*index) {
                        log_failure(call, inner.status, &inner.headers);
                    }
                    if faults.passes(&inner) {
                        longest = longest.max(retry::retry_after(&inner.headers, self.time_there()));
                        retry::in_seconds(&mut inner.headers, self.time_there());
                        again.push(*index);
                    }
                    if let Some(slot) = answers.get_mut(*index) {
                        *slot = Some(inner);
                    }
                }
            }
            open = again;
            if !open.is_empty() {
                match retry::decide(self.policy, attempt, self.waited(), Failure::Busy { retry_after: longest }) {
                    Verdict::Again(delay) => self.wait(delay).await,
                    Verdict::Stop(_) => break,
                }
                attempt += 1;
            }
        }
        Ok(answers.into_iter().flatten().collect())
    }

    /// One call with retries. What outlasts them is an answer like any other.
    async fn answer(&self, faults: Faults, call: &Call, weight: Weight) -> Result<Answer, GraphError> {
        let mut wish = TokenWish::default();
        let mut refused = 0;
        let mut attempt = 1;
        loop {
            let begun = tokio::time::Instant::now();
            let failure = match self.send(call, wish.clone(), weight).await {
                Ok(answer) if answer.status == 401 => {
                    let claims = challenge::claims(&answer.headers);
                    // A token that was made for a challenge and meets one again needs the person; a bare 401 may be a hiccup.
                    if refused == 2 || (claims.is_some() && wish.claims.is_some()) {
                        return Err(GraphError::Unauthorized { claims });
                    }
                    refused += 1;
                    wish = TokenWish { renew: true, claims };
                    continue;
                }
                Ok(answer) if faults.passes(&answer) => {
                    let asked = retry::retry_after(&answer.headers, self.time_there());
                    (Failure::Busy { retry_after: asked }, Ok(answer))
                }
                Ok(answer) => return Ok(answer),
                Err(GraphError::Http(error)) => {
                    // A server that takes the request and never answers is waited for as well.
                    self.add_waited(begun.elapsed());
                    (Failure::NoAnswer, Err(GraphError::Http(error)))
                }
                Err(error) => return Err(error),
            };
            wish = TokenWish::default();
            if !call.repeatable {
                return failure.1;
            }
            match retry::decide(self.policy, attempt, self.waited(), failure.0) {
                Verdict::Again(delay) => self.wait(delay).await,
                Verdict::Stop(_) => {
                    let mut answer = failure.1?;
                    retry::in_seconds(&mut answer.headers, self.time_there());
                    return Ok(answer);
                }
            }
            attempt += 1;
        }
    }

    async fn send(&self, call: &Call, wish: TokenWish, weight: Weight) -> Result<Answer, GraphError> {
        let token = self.tokens.access_token(wish).await?;
        let url = self.url(&call.path)?;
        let client_request_id = Uuid::new_v4();
        let mut request = http::Request::builder()
            .method(&call.method)
            .uri(url)
            .header(header::ACCEPT, "application/json")
            .header(header::USER_AGENT, &self.host.user_agent)
            .header("client-request-id", client_request_id.to_string())
            .header(header::DATE, self.clock.now().format("%a, %d %b %Y %H:%M:%S GMT").to_string());
        // The batch request has no preferences of its own; each part carries them.
        let prefers: &[&str] = if call.path == "/$batch" { &[] } else { &PREFERENCES };
        for preference in prefers {
            request = request.header("Prefer", *preference);
        }
        for (name, value) in &call.headers {
            request = request.header(name, value);
        }
        let body = self.body(call);
        if body.is_some() {
            request = request.header(header::CONTENT_TYPE, "application/json");
        }
        let mut request = request.body(body.unwrap_or_default()).map_err(|error| belfry_http::HttpError::Malformed(Box::new(error)))?;
        let mut bearer = HeaderValue::try_from(format!("Bearer {}", token.expose_secret()))
            .map_err(|error| belfry_http::HttpError::Malformed(Box::new(error)))?;
        bearer.set_sensitive(true);
        request.headers_mut().insert(header::AUTHORIZATION, bearer);

        let _place = self.pace.enter(weight).await;
        self.requests.fetch_add(1, Ordering::Relaxed);
        let response = self.http.send(request).await?;
        match response.status() {
            StatusCode::TOO_MANY_REQUESTS => self.pace.refused(),
            _ => self.pace.answered(),
        }
        self.note_date(response.headers());
        let (mut parts, body) = response.into_parts();
        // The service echoes it; a proxy that answers in its place does not.
        if let Ok(id) = client_request_id.to_string().parse() {
            parts.headers.entry("client-request-id").or_insert(id);
        }
        log_failure(call, parts.status.as_u16(), &parts.headers);
        Ok(Answer { status: parts.status.as_u16(), headers: parts.headers, body })
    }

    /// Bytes of the body. Inside a batch every part gets the preferences that a single request would carry.
    fn body(&self, call: &Call) -> Option<Bytes> {
        let mut body = call.body.clone()?;
        if let Some(parts) = body.get_mut("requests").and_then(serde_json::Value::as_array_mut).filter(|_| call.path == "/$batch") {
            for part in parts {
                let own = part.pointer("/headers/Prefer").and_then(serde_json::Value::as_str).map(str::to_owned);
                let all: Vec<&str> = PREFERENCES.into_iter().chain(own.as_deref()).collect();
                part["headers"]["Prefer"] = serde_json::Value::from(all.join(", "));
                part["headers"]["client-request-id"] = serde_json::Value::from(Uuid::new_v4().to_string());
            }
        }
        Some(Bytes::from(body.to_string()))
    }

    /// Links are followed only to the host that we talk to anyway: the token goes nowhere else.
    fn url(&self, path: &str) -> Result<String, GraphError> {
        let root = format!("{}/v1.0", self.host.base);
        if path.starts_with('/') {
            return Ok(format!("{root}{path}"));
        }
        let same = url::Url::parse(path).ok().zip(url::Url::parse(&root).ok()).is_some_and(|(link, root)| {
            link.scheme() == root.scheme()
                && link.host_str() == root.host_str()
                && link.port_or_known_default() == root.port_or_known_default()
                && link.username().is_empty()
                && link.password().is_none()
        });
        if same { Ok(path.to_owned()) } else { Err(GraphError::Unreadable { source: None }) }
    }

    fn waited(&self) -> Duration {
        Duration::from_millis(self.waited_ms.load(Ordering::Relaxed))
    }

    async fn wait(&self, delay: Duration) {
        let delay = delay.max(Duration::from_millis(100));
        self.add_waited(delay);
        tokio::time::sleep(delay).await;
    }

    fn add_waited(&self, time: Duration) {
        self.waited_ms.fetch_add(u64::try_from(time.as_millis()).unwrap_or(u64::MAX), Ordering::Relaxed);
    }
}

/// What is done about a fault of the server.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Faults {
    /// It may well pass: the same is sent again.
    WaitedOut,
    /// It did not pass last time.
    Believed,
}

impl Faults {
    /// Whether to send the same again. A server that asks to slow down is always waited for.
    fn passes(self, answer: &Answer) -> bool {
        let is_fault = || matches!(GraphError::of(answer), GraphError::Faulty { .. });
        is_passing(answer) && (self == Self::WaitedOut || !is_fault())
    }
}

/// A call whose answer, of whatever status, is the result.
struct Alone(Call);

impl GraphRequest for Alone {
    type Answer = Answer;

    fn prepare(&self) -> Call {
        self.0.clone()
    }

    fn parse(&self, answer: &Answer) -> Result<Answer, GraphError> {
        // A success that cannot be read is asked again; the rest is judged by who asked.
        if answer.is_success() && !answer.body.is_empty() {
            answer.json::<serde_json::Value>()?;
        }
        Ok(answer.clone())
    }
}

/// Ids that survive moves, and bodies without HTML.
const PREFERENCES: [&str; 2] = ["IdType=\"ImmutableId\"", "outlook.body-content-type=\"text\""];

fn is_passing(answer: &Answer) -> bool {
    StatusCode::from_u16(answer.status).is_ok_and(retry::is_passing) || answer.status == 424
}

/// A failed request, and each failed part of a batch, with the ids that whoever runs the service can find it by.
fn log_failure(call: &Call, status: u16, headers: &http::HeaderMap) {
    if (200..300).contains(&status) {
        return;
    }
    let header = |name: &str| headers.get(name).and_then(|value| value.to_str().ok()).unwrap_or("-").to_owned();
    tracing::warn!(
        method = %call.method,
        status,
        request_id = header("request-id"),
        client_request_id = header("client-request-id"),
        retry_after = header("retry-after"),
        diagnostic = header("x-ms-ags-diagnostic"),
        "Graph did not do it"
    );
}
