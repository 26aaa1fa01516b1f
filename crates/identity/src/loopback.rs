//! Catches the browser's reply on `http://localhost:{port}` (RFC 8252 section 7.3), open only while a sign-in waits.
//!
//! Exact method, path and Host; state compared in constant time; small bodies; everything else is a 404 that does not end the wait; one reply is accepted. The page
//! that the browser then shows is static and echoes nothing.

use std::collections::BTreeMap;
use std::convert::Infallible;
use std::io;
use std::net::{Ipv4Addr, Ipv6Addr};
use std::sync::Arc;
use std::time::Duration;

use bytes::Bytes;
use http_body_util::{BodyExt, Full, Limited};
use hyper::body::Incoming;
use hyper::server::conn::http1;
use hyper::service::service_fn;
use hyper::{Method, Request, Response, StatusCode};
use hyper_util::rt::{TokioIo, TokioTimer};
use subtle::ConstantTimeEq;
use tokio::io::{AsyncRead, AsyncWrite};
use tokio::net::{TcpListener, TcpStream};
use tokio::sync::mpsc;
use tokio::task::JoinSet;

use crate::error::IdentityError;

/// The parameters of the reply.
pub type Redirect = BTreeMap<String, String>;

const LARGEST_BODY: usize = 64 * 1024;
const LONGEST_EXCHANGE: Duration = Duration::from_secs(20);
const MOST_CONNECTIONS: usize = 64;

/// Two listeners on one port.
#[derive(Debug)]
pub struct Loopback {
    v4: TcpListener,
    v6: Option<TcpListener>,
    port: u16,
}

impl Loopback {
    /// Opens a free port on 127.0.0.1 and, where there is IPv6, the same on ::1: browsers take either for `localhost`.
    ///
    /// # Errors
    /// When no port is to be had on both.
    pub async fn open() -> Result<Self, IdentityError> {
        for _ in 0..16 {
            let v4 = TcpListener::bind((Ipv4Addr::LOCALHOST, 0)).await.map_err(IdentityError::Port)?;
            let port = v4.local_addr().map_err(IdentityError::Port)?.port();
            match TcpListener::bind((Ipv6Addr::LOCALHOST, port)).await {
                Ok(v6) => return Ok(Self { v4, v6: Some(v6), port }),
                // Somebody else would get half of the browsers.
                Err(error) if error.kind() == io::ErrorKind::AddrInUse => {}
                Err(_) => return Ok(Self { v4, v6: None, port }),
            }
        }
        Err(IdentityError::Port(io::ErrorKind::AddrInUse.into()))
    }

    /// `http://localhost:{port}`: Microsoft ignores the port of a registered `http://localhost` and compares the path.
    #[must_use]
    pub fn redirect_uri(&self) -> String {
        format!("http://localhost:{}", self.port)
    }

    /// Waits for the reply that carries this state.
    ///
    /// # Errors
    /// [`IdentityError::TimedOut`] when nobody comes.
    pub async fn wait(self, state: &str, patience: Duration) -> Result<Redirect, IdentityError> {
        let (sender, mut replies) = mpsc::channel(1);
        let gate = Arc::new(Gate { state: state.to_owned(), port: self.port, sender });
        let mut connections = JoinSet::new();
        let deadline = tokio::time::sleep(patience);
        tokio::pin!(deadline);
        let reply = loop {
            tokio::select! {
                Some(reply) = replies.recv() => break Ok(reply),
                stream = self.v4.accept(), if connections.len() < MOST_CONNECTIONS => accept(stream, &gate, &mut connections).await,
                stream = accept_v6(self.v6.as_ref()), if connections.len() < MOST_CONNECTIONS => accept(stream, &gate, &mut connections).await,
                Some(_) = connections.join_next() => {}
                () = &mut deadline => break Err(IdentityError::TimedOut),
            }
        };
        drop(self);
        // The page has to reach the browser before the port closes; idle connections do not hold this up.
        let _ = tokio::time::timeout(Duration::from_millis(500), async { while connections.join_next().await.is_some() {} }).await;
        reply
    }
}

async fn accept_v6(listener: Option<&TcpListener>) -> io::Result<(TcpStream, std::net::SocketAddr)> {
    match listener {
        Some(listener) => listener.accept().await,
        None => std::future::pending().await,
    }
}

async fn accept(stream: io::Result<(TcpStream, std::net::SocketAddr)>, gate: &Arc<Gate>, connections: &mut JoinSet<()>) {
    match stream {
        Ok((stream, _)) => drop(connections.spawn(serve(stream, Arc::clone(gate)))),
        // Out of file handles: not a reason to spin.
        Err(_) => tokio::time::sleep(Duration::from_millis(50)).await,
    }
}

/// One connection on its own, as [`Loopback::wait`] serves each of them, until it ends; the reply, if it brought the one with this state.
pub async fn converse(stream: impl AsyncRead + AsyncWrite + Unpin, state: &str, port: u16) -> Option<Redirect> {
    let (sender, mut replies) = mpsc::channel(1);
    serve(stream, Arc::new(Gate { state: state.to_owned(), port, sender })).await;
    replies.recv().await
}

async fn serve(stream: impl AsyncRead + AsyncWrite + Unpin, gate: Arc<Gate>) {
    let service = service_fn(move |request: Request<Incoming>| {
        let gate = Arc::clone(&gate);
        async move { Ok::<_, Infallible>(gate.answer(request).await) }
    });
    let connection = http1::Builder::new()
        .timer(TokioTimer::new())
        .header_read_timeout(Duration::from_secs(10))
        .max_buf_size(16 * 1024)
        .keep_alive(false)
        .serve_connection(TokioIo::new(stream), service);
    // Strangers may break off whenever they like; that is their affair.
    let _ = tokio::time::timeout(LONGEST_EXCHANGE, connection).await;
}

/// Who may pass.
struct Gate {
    state: String,
    port: u16,
    sender: mpsc::Sender<Redirect>,
}

impl Gate {
    async fn answer(&self, request: Request<Incoming>) -> Response<Full<Bytes>> {
        if !self.is_addressed(&request) {
            return page(StatusCode::NOT_FOUND, "Not found", "There is nothing here.");
        }
        let (parts, body) = request.into_parts();
        let pairs = match parts.method {
            Method::GET => parts.uri.query().unwrap_or_default().as_bytes().to_vec(),
            _ => match Limited::new(body, LARGEST_BODY).collect().await {
                Ok(body) => body.to_bytes().to_vec(),
                Err(_) => return page(StatusCode::PAYLOAD_TOO_LARGE, "Too large", "That is no reply of a sign-in."),
            },
        };
        let reply: Redirect = url::form_urlencoded::parse(&pairs).into_owned().collect();
        let known = reply.get("state").is_some_and(|state| bool::from(state.as_bytes().ct_eq(self.state.as_bytes())));
        let complete = ["code", "error", "admin_consent"].iter().any(|name| reply.contains_key(*name));
        if !(known && complete) {
            return page(StatusCode::NOT_FOUND, "Not found", "There is nothing here.");
        }
        let failed = reply.contains_key("error");
        if self.sender.try_send(reply).is_err() {
            return page(StatusCode::NOT_FOUND, "Not found", "This sign-in is over.");
        }
        if failed {
            page(StatusCode::OK, "Not signed in", "You can close this page. Belfry tells you what happened.")
        } else {
            page(StatusCode::OK, "Back to Belfry", "You can close this page and go back to Belfry.")
        }
    }

    /// Exact path, method and Host: a page of another site that points its own name at this computer is turned away.
    fn is_addressed(&self, request: &Request<Incoming>) -> bool {
        let host = request.headers().get(hyper::header::HOST).and_then(|host| host.to_str().ok()).unwrap_or_default();
        let known_host = ["localhost", "127.0.0.1", "[::1]"].iter().any(|name| host == format!("{name}:{}", self.port));
        let form = request
            .headers()
            .get(hyper::header::CONTENT_TYPE)
            .and_then(|kind| kind.to_str().ok())
            .is_some_and(|kind| kind.to_ascii_lowercase().starts_with("application/x-www-form-urlencoded"));
        let method = match *request.method() {
            Method::GET => request.uri().query().is_some(),
            Method::POST => form,
            _ => false,
        };
        known_host && method && request.uri().path() == "/"
    }
}

fn page(status: StatusCode, title: &str, text: &str) -> Response<Full<Bytes>> {
    let html = format!(
        "<!doctype html><html lang=\"en\"><head><meta charset=\"utf-8\"><title>{title}</title></head><body><h1>{title}</h1><p>{text}</p></body></html>"
    );
    let mut response = Response::new(Full::new(Bytes::from(html)));
    *response.status_mut() = status;
    let headers = response.headers_mut();
    for (name, value) in [
        ("content-type", "text/html; charset=utf-8"),
        ("cache-control", "no-store"),
        ("referrer-policy", "no-referrer"),
        ("content-security-policy", "default-src 'none'"),
        ("x-content-type-options", "nosniff"),
        ("connection", "close"),
    ] {
        headers.insert(name, hyper::header::HeaderValue::from_static(value));
    }
    response
}
