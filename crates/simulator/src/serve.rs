//! The simulator over loopback ports.

use std::net::{Ipv4Addr, SocketAddr};

use axum::Router;
use axum::body::{Body, to_bytes};
use axum::extract::{Request, State};
use axum::response::Response;
use serde::{Deserialize, Serialize};
use tokio::net::TcpListener;
use tokio::task::JoinHandle;

use crate::simulator::{Options, Side, Simulator};

/// Where the three sides listen, and the client id that is registered: the first line that `belfry practice` prints.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Addresses {
    /// Identity platform.
    pub identity: String,
    /// Graph.
    pub graph: String,
    /// Control.
    pub control: String,
    /// Registered client.
    pub client_id: String,
}

/// A running simulator. Dropping it stops it and saves the world.
pub struct Running {
    /// Where.
    pub addresses: Addresses,
    /// The simulator itself.
    pub simulator: Simulator,
    tasks: Vec<JoinHandle<()>>,
}

impl Drop for Running {
    fn drop(&mut self) {
        for task in &self.tasks {
            task.abort();
        }
        self.simulator.save(true);
    }
}

const LARGEST_REQUEST: usize = 8 * 1024 * 1024;

/// Starts on `ports` (identity, Graph, control); 0 takes any free one. `open` makes the simulator once its addresses are known.
///
/// # Errors
/// When a port cannot be opened or the world cannot be read.
pub async fn serve(ports: [u16; 3], options: Options) -> std::io::Result<Running> {
    let mut listeners = Vec::new();
    for port in ports {
        listeners.push(TcpListener::bind(SocketAddr::from((Ipv4Addr::LOCALHOST, port))).await?);
    }
    let address = |index: usize| -> std::io::Result<String> {
        let listener = listeners.get(index).ok_or(std::io::ErrorKind::NotFound)?;
        Ok(format!("http://{}", listener.local_addr()?))
    };
    let addresses = Addresses {
        identity: address(0)?,
        graph: address(1)?,
        control: address(2)?,
        client_id: options.client_ids.first().cloned().unwrap_or_default(),
    };
    let options = Options { identity: addresses.identity.clone(), graph: addresses.graph.clone(), ..options };
    let simulator = Simulator::open(options)?;
    let sides = [Side::Identity, Side::Graph, Side::Control];
    let mut tasks: Vec<JoinHandle<()>> = listeners
        .into_iter()
        .zip(sides)
        .map(|(listener, side)| {
            let app = Router::new().fallback(handle).with_state((simulator.clone(), side));
            tokio::spawn(async move {
                if let Err(error) = axum::serve(listener, app).await {
                    tracing::warn!(%error, "the practice cloud stopped");
                }
            })
        })
        .collect();
    let saver = simulator.clone();
    tasks.push(tokio::spawn(async move {
        loop {
            tokio::time::sleep(std::time::Duration::from_millis(200)).await;
            saver.save(false);
        }
    }));
    Ok(Running { addresses, simulator, tasks })
}

async fn handle(State((simulator, side)): State<(Simulator, Side)>, request: Request) -> Response {
    let (parts, body) = request.into_parts();
    let Ok(body) = to_bytes(body, LARGEST_REQUEST).await else {
        return Response::builder().status(413).body(Body::empty()).unwrap_or_default();
    };
    match simulator.call(side, http::Request::from_parts(parts, body)).await {
        Some(response) => response.map(Body::from),
        None => broken(),
    }
}

/// An answer whose body fails at once: the connection breaks, as a cut line would.
fn broken() -> Response {
    let failing = futures::stream::once(async { Err::<bytes::Bytes, _>(std::io::Error::from(std::io::ErrorKind::ConnectionReset)) });
    Response::new(Body::from_stream(failing))
}
