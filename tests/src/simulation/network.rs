//! A computer's network, and what happens at its requests: the program dies there, or the world goes on in the middle of a sync.

use std::sync::{Arc, Mutex, PoisonError};

use belfry_http::{HttpClient, HttpError, Request, Response};
use futures::FutureExt;
use futures::future::BoxFuture;
use tokio::sync::Notify;

/// What happens at a request.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Incident {
    /// The program dies before it leaves.
    DeathBefore,
    /// The program dies after it was carried out.
    DeathAfter,
    /// Something happens before it leaves.
    Pause,
}

/// The network of one computer.
#[derive(Clone)]
pub struct Network {
    inner: Arc<dyn HttpClient>,
    planned: Arc<Mutex<Option<(u32, Incident)>>>,
    happened: Arc<Notify>,
    over: Arc<Notify>,
}

impl Network {
    pub fn new(inner: Arc<dyn HttpClient>) -> Self {
        Self { inner, planned: Arc::default(), happened: Arc::default(), over: Arc::default() }
    }

    /// This happens at the nth request from now on.
    pub fn plan(&self, left: u32, incident: Incident) {
        *self.planned.lock().unwrap_or_else(PoisonError::into_inner) = Some((left, incident));
    }

    /// Nothing happens any more.
    pub fn calm(&self) {
        *self.planned.lock().unwrap_or_else(PoisonError::into_inner) = None;
    }

    /// Comes back when it happened.
    pub async fn happened(&self) {
        self.happened.notified().await;
    }

    /// The request that waits may leave.
    pub fn go_on(&self) {
        self.over.notify_one();
    }

    fn incident(&self) -> Option<Incident> {
        let mut planned = self.planned.lock().unwrap_or_else(PoisonError::into_inner);
        let (left, incident) = planned.as_mut()?;
        if *left > 0 {
            *left -= 1;
            return None;
        }
        let incident = *incident;
        *planned = None;
        Some(incident)
    }
}

impl HttpClient for Network {
    fn send(&self, request: Request) -> BoxFuture<'_, Result<Response, HttpError>> {
        async move {
            match self.incident() {
                None => {}
                Some(Incident::Pause) => {
                    self.happened.notify_one();
                    self.over.notified().await;
                }
                Some(death) => {
                    if death == Incident::DeathAfter {
                        drop(self.inner.send(request).await);
                    }
                    self.happened.notify_one();
                    // Nobody is there any more to hear an answer.
                    return std::future::pending().await;
                }
            }
            // A request takes its time on both ways: points where a program may end.
            tokio::task::yield_now().await;
            let answer = self.inner.send(request).await;
            tokio::task::yield_now().await;
            answer
        }
        .boxed()
    }
}
