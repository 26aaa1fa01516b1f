//! A computer's network, and its end: the program can die at a request.

use std::sync::{Arc, Mutex, PoisonError};

use belfry_http::{HttpClient, HttpError, Request, Response};
use futures::FutureExt;
use futures::future::BoxFuture;
use tokio::sync::Notify;

use crate::InProcess;

#[derive(Debug, Clone, Copy)]
struct Death {
    left: u32,
    after: bool,
}

/// The network of one computer.
#[derive(Clone)]
pub struct Network {
    inner: Arc<InProcess>,
    death: Arc<Mutex<Option<Death>>>,
    died: Arc<Notify>,
}

impl Network {
    pub fn new(inner: InProcess) -> Self {
        Self { inner: Arc::new(inner), death: Arc::default(), died: Arc::default() }
    }

    /// From now on the program dies at its nth request, before or after it is carried out.
    pub fn die_at(&self, left: u32, after: bool) {
        *self.death.lock().unwrap_or_else(PoisonError::into_inner) = Some(Death { left, after });
    }

    /// It lives on.
    pub fn live(&self) {
        *self.death.lock().unwrap_or_else(PoisonError::into_inner) = None;
    }

    /// Comes back when the program died.
    pub async fn died(&self) {
        self.died.notified().await;
    }

    /// Whether this request is the last one, and if so whether it is carried out.
    fn is_last(&self) -> Option<bool> {
        let mut death = self.death.lock().unwrap_or_else(PoisonError::into_inner);
        let now = death.as_mut()?;
        if now.left > 0 {
            now.left -= 1;
            return None;
        }
        let after = now.after;
        *death = None;
        Some(after)
    }
}

impl HttpClient for Network {
    fn send(&self, request: Request) -> BoxFuture<'_, Result<Response, HttpError>> {
        async move {
            match self.is_last() {
                None => return self.inner.send(request).await,
                Some(true) => drop(self.inner.send(request).await),
                Some(false) => {}
            }
            self.died.notify_one();
            // Nobody is there any more to hear an answer.
            std::future::pending().await
        }
        .boxed()
    }
}
