//! The simulator as a value: give it a request, get an answer.

use std::path::PathBuf;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::time::Duration;

use bytes::Bytes;
use chrono::{DateTime, Utc};
use http::{Request, Response};

use crate::doubts::{Doubts, SeriesDoubts};
use crate::faults::{Fault, FaultAction, Script};
use crate::identity::keys::SigningKey;
use crate::reply::Reply;
use crate::world::World;
use crate::{control, graph, identity};

/// Which of Microsoft's two services a request is for.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Side {
    /// login.microsoftonline.com.
    Identity,
    /// graph.microsoft.com.
    Graph,
    /// Ours: faults, edits as the person in Outlook, a look at the state.
    Control,
}

/// How the simulator is set up.
#[derive(Clone)]
pub struct Options {
    /// Base address of the identity side, without a trailing slash.
    pub identity: String,
    /// Base address of the Graph side.
    pub graph: String,
    /// Client ids that are registered.
    pub client_ids: Vec<String>,
    /// Either answer where Microsoft's is in doubt.
    pub doubts: Doubts,
    /// What each Graph request takes.
    pub latency: Duration,
    /// The time.
    pub now: Arc<dyn Fn() -> DateTime<Utc> + Send + Sync>,
    /// Where the world is kept between runs.
    pub file: Option<PathBuf>,
}

impl Options {
    /// In process: addresses that only say which side is meant.
    #[must_use]
    pub fn in_process() -> Self {
        Self {
            identity: "http://127.0.0.1:1".into(),
            graph: "http://127.0.0.1:2".into(),
            client_ids: vec![crate::PRACTICE_CLIENT_ID.into()],
            doubts: Doubts::default(),
            latency: Duration::ZERO,
            now: Arc::new(system_now),
            file: None,
        }
    }
}

fn system_now() -> DateTime<Utc> {
    #[expect(clippy::disallowed_methods, reason = "the simulator's own clock, unless a test gives another")]
    Utc::now()
}

/// One line of the request log.
#[derive(Debug, Clone, serde::Serialize)]
pub struct Seen {
    /// `identity` or `graph`.
    pub side: &'static str,
    /// Method.
    pub method: String,
    /// Path and query.
    pub path: String,
    /// Status of the answer; 0 when the connection was cut.
    pub status: u16,
}

pub(crate) struct Inner {
    pub world: World,
    pub doubts: Doubts,
    pub series_doubts: SeriesDoubts,
    pub script: Script,
    pub seen: Vec<Seen>,
    pub in_flight: std::collections::BTreeMap<String, u32>,
    pub latency: Duration,
    last_saved: Option<(std::time::Instant, Duration)>,
    unsaved: bool,
}

/// The offline Microsoft.
#[derive(Clone)]
pub struct Simulator {
    pub(crate) options: Arc<Options>,
    pub(crate) inner: Arc<Mutex<Inner>>,
    key: Arc<Mutex<Arc<SigningKey>>>,
}

/// A request under way. However it ends, broken off by its client too, the world is another one then: a GET leaves the state of a delta link.
struct Unsaved<'a>(&'a Simulator);

impl Drop for Unsaved<'_> {
    fn drop(&mut self) {
        self.0.lock().unsaved = true;
        self.0.save(false);
    }
}

impl Simulator {
    /// With this world.
    #[must_use]
    pub fn new(options: Options, world: World) -> Self {
        let inner = Inner {
            world,
            doubts: options.doubts.clone(),
            series_doubts: SeriesDoubts::default(),
            script: Script::default(),
            seen: vec![],
            in_flight: std::collections::BTreeMap::new(),
            latency: options.latency,
            last_saved: None,
            unsaved: false,
        };
        Self { options: Arc::new(options), inner: Arc::new(Mutex::new(inner)), key: Arc::new(Mutex::new(SigningKey::shared())) }
    }

    pub(crate) fn key(&self) -> Arc<SigningKey> {
        Arc::clone(&self.key.lock().unwrap_or_else(PoisonError::into_inner))
    }

    /// From now on another key signs, and the old one is gone from the set: Microsoft changes keys without notice.
    pub fn rotate_key(&self) {
        *self.key.lock().unwrap_or_else(PoisonError::into_inner) = Arc::new(SigningKey::make());
    }

    /// With the world of `options.file`, or the practice world if there is none yet.
    ///
    /// # Errors
    /// When the file cannot be read.
    pub fn open(options: Options) -> std::io::Result<Self> {
        let world = match &options.file {
            Some(file) if file.exists() => serde_json::from_slice(&std::fs::read(file)?).map_err(std::io::Error::other)?,
            _ => World::practice(),
        };
        Ok(Self::new(options, world))
    }

    pub(crate) fn lock(&self) -> MutexGuard<'_, Inner> {
        self.inner.lock().unwrap_or_else(PoisonError::into_inner)
    }

    pub(crate) fn now(&self) -> DateTime<Utc> {
        (self.options.now)()
    }

    /// Lets a caller look at or change the world directly.
    pub fn with_world<R>(&self, change: impl FnOnce(&mut World) -> R) -> R {
        change(&mut self.lock().world)
    }

    /// Adds a scripted failure.
    pub fn fail(&self, fault: Fault) {
        self.lock().script.add(fault);
    }

    /// Forgets every scripted failure.
    pub fn mend(&self) {
        self.lock().script.clear();
    }

    /// What each Graph request takes from now on.
    pub fn set_latency(&self, latency: Duration) {
        self.lock().latency = latency;
    }

    /// Changes the switches.
    pub fn set_doubts(&self, doubts: Doubts) {
        self.lock().doubts = doubts;
    }

    /// Changes the switches that are about single dates of a series.
    pub fn set_series_doubts(&self, doubts: SeriesDoubts) {
        self.lock().series_doubts = doubts;
    }

    /// Requests so far.
    #[must_use]
    pub fn seen(&self) -> Vec<Seen> {
        self.lock().seen.clone()
    }

    /// Answers a request; `None` when the connection is to break instead.
    pub async fn call(&self, side: Side, request: Request<Bytes>) -> Option<Response<Bytes>> {
        let method = request.method().to_string();
        let path = request.uri().path_and_query().map(ToString::to_string).unwrap_or_default();
        let _unsaved = Unsaved(self);
        if side == Side::Control {
            return Some(control::answer(self, &request).into_response());
        }
        let fault = self.lock().script.next(&method, &path);
        let reply = match fault {
            Some(FaultAction::CutBefore) => None,
            Some(FaultAction::Answer { status, headers, body }) => {
                Some(Reply { status, headers, content_type: "", body: Bytes::from(body) })
            }
            Some(FaultAction::CutAfter) => {
                self.carry_out(side, request).await;
                None
            }
            Some(FaultAction::Truncate) => {
                let mut reply = self.carry_out(side, request).await;
                reply.body = reply.body.slice(..reply.body.len() / 2);
                Some(reply)
            }
            Some(FaultAction::Delay { ms }) => {
                tokio::time::sleep(Duration::from_millis(ms)).await;
                Some(self.carry_out(side, request).await)
            }
            None => Some(self.carry_out(side, request).await),
        };
        let name = if side == Side::Identity { "identity" } else { "graph" };
        let status = reply.as_ref().map_or(0, |reply| reply.status);
        self.lock().seen.push(Seen { side: name, method, path, status });
        reply.map(|reply| reply.with("Date", self.now().format("%a, %d %b %Y %H:%M:%S GMT").to_string()).into_response())
    }

    async fn carry_out(&self, side: Side, request: Request<Bytes>) -> Reply {
        match side {
            Side::Identity => identity::answer(self, &request),
            Side::Graph => graph::answer(self, request).await,
            Side::Control => control::answer(self, &request),
        }
    }

    /// Writes the world to its file, at most a tenth of the time unless `force`.
    pub fn save(&self, force: bool) {
        let Some(file) = &self.options.file else { return };
        let mut inner = self.lock();
        let too_soon = inner.last_saved.is_some_and(|(at, took)| at.elapsed() < took * 10);
        if !inner.unsaved || (too_soon && !force) {
            return;
        }
        let begun = std::time::Instant::now();
        let next = file.with_extension("next");
        let written = serde_json::to_vec(&inner.world).map_err(std::io::Error::other).and_then(|bytes| {
            std::fs::write(&next, bytes)?;
            std::fs::rename(&next, file)
        });
        match written {
            Ok(()) => inner.unsaved = false,
            Err(error) => tracing::warn!(%error, "the practice mailbox could not be saved"),
        }
        inner.last_saved = Some((begun, begun.elapsed()));
    }
}
