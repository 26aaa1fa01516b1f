//! The practice cloud: the offline Microsoft that belongs to a home.

use std::path::PathBuf;
use std::sync::{Arc, Mutex, PoisonError};
use std::time::Duration;

use belfry_core::Cloud;
use belfry_http::HttpClient;
use belfry_simulator::browser::{self, Choice, Fetch};
use belfry_simulator::serve::{Addresses, Running, serve};
use belfry_simulator::{Options, PRACTICE_CLIENT_ID};
use bytes::Bytes;

use crate::error::AppError;
use crate::home::Home;

/// The practice cloud of a home: running elsewhere, running here, or not yet.
pub struct Practice {
    folder: PathBuf,
    here: Mutex<Option<Running>>,
}

impl Practice {
    pub(crate) fn of(home: &Home) -> Self {
        Self { folder: home.join("practice"), here: Mutex::new(None) }
    }

    fn saved(&self) -> Option<Addresses> {
        serde_json::from_slice(&std::fs::read(self.folder.join("addresses.json")).ok()?).ok()
    }

    /// Makes sure that it runs, in this process if in no other.
    ///
    /// # Errors
    /// When it cannot be started.
    pub async fn ensure(&self) -> Result<Cloud, AppError> {
        let here = self.here.lock().unwrap_or_else(PoisonError::into_inner).as_ref().map(|running| cloud(&running.addresses));
        if let Some(here) = here {
            return Ok(here);
        }
        if let Some(saved) = self.saved()
            && is_listening(&saved.control).await
        {
            return Ok(cloud(&saved));
        }
        let addresses = self.start(None).await?;
        Ok(cloud(&addresses))
    }

    /// Starts it here: on `port` and the two after it, else where it was before, else anywhere.
    ///
    /// # Errors
    /// When the ports are taken or the mailbox cannot be read.
    pub async fn start(&self, port: Option<u16>) -> Result<Addresses, AppError> {
        std::fs::create_dir_all(&self.folder).map_err(AppError::Practice)?;
        let options = || Options { file: Some(self.folder.join("mailbox.json")), ..Options::in_process() };
        let before = self.saved().and_then(|saved| Some([port_of(&saved.identity)?, port_of(&saved.graph)?, port_of(&saved.control)?]));
        // Port 0 is any free one, for each of them.
        let wanted = port.map(|port| if port == 0 { [0; 3] } else { [port, port.saturating_add(1), port.saturating_add(2)] });
        let running = match (wanted, before) {
            (Some(ports), _) => serve(ports, options()).await,
            (None, Some(ports)) => match serve(ports, options()).await {
                Err(error) if error.kind() == std::io::ErrorKind::AddrInUse => serve([0; 3], options()).await,
                result => result,
            },
            (None, None) => serve([0; 3], options()).await,
        }
        .map_err(AppError::Practice)?;
        let addresses = running.addresses.clone();
        let text = serde_json::to_vec(&addresses).unwrap_or_default();
        std::fs::write(self.folder.join("addresses.json"), text).map_err(AppError::Practice)?;
        *self.here.lock().unwrap_or_else(PoisonError::into_inner) = Some(running);
        Ok(addresses)
    }

    /// Signs in on the practice page without a person, as a browser would: for computers that have none. It works with nothing but the practice cloud.
    ///
    /// # Errors
    /// When the page is not the practice cloud's.
    pub async fn sign_in(&self, http: &Arc<dyn HttpClient>, url: &str, login: &str) -> Result<(), AppError> {
        let choice = Choice::Account(login.to_owned());
        let done = browser::sign_in(&OverPort(Arc::clone(http)), url, &choice).await.map(drop);
        done.map_err(|error| match error.kind() {
            std::io::ErrorKind::NotFound => AppError::bad(
                format!("The practice cloud does not sign in {login} here."),
                format!("It has {PRACTICE_LOGIN} and ben@outlook.example."),
            ),
            _ => AppError::Practice(error),
        })
    }
}

impl crate::App {
    /// Starts the practice cloud in this process.
    ///
    /// # Errors
    /// When the ports are taken or the mailbox cannot be read.
    pub async fn start_practice(&self, port: Option<u16>) -> Result<Addresses, AppError> {
        // Two of them would write one mailbox.
        if let Some(saved) = self.practice.saved()
            && is_listening(&saved.control).await
        {
            let detail = format!("The practice cloud of this home runs already ({}).", saved.identity);
            return Err(AppError::bad(detail, "Use that one, or end it first."));
        }
        self.practice.start(port).await
    }
}

/// The login that a practice sign-in takes when nobody names one.
pub const PRACTICE_LOGIN: &str = "ada@contoso.example";

fn cloud(addresses: &Addresses) -> Cloud {
    Cloud { name: "practice".into(), authority: addresses.identity.clone(), graph: addresses.graph.clone(), practice: true }
}

/// The client id that the practice cloud knows.
#[must_use]
pub fn client_id() -> String {
    PRACTICE_CLIENT_ID.to_owned()
}

fn port_of(address: &str) -> Option<u16> {
    address.rsplit(':').next()?.parse().ok()
}

async fn is_listening(address: &str) -> bool {
    let Some(port) = port_of(address) else { return false };
    let connect = tokio::net::TcpStream::connect((std::net::Ipv4Addr::LOCALHOST, port));
    matches!(tokio::time::timeout(Duration::from_secs(2), connect).await, Ok(Ok(_)))
}

/// The scripted browser over our own HTTP port.
struct OverPort(Arc<dyn HttpClient>);

impl Fetch for OverPort {
    async fn fetch(&self, method: &str, url: &str, form: Option<&str>) -> std::io::Result<(u16, Option<String>, String)> {
        let mut request = http::Request::builder().method(method).uri(url);
        if form.is_some() {
            request = request.header("content-type", "application/x-www-form-urlencoded");
        }
        let body = Bytes::from(form.unwrap_or_default().to_owned());
        let response = self.0.send(request.body(body).map_err(std::io::Error::other)?).await.map_err(std::io::Error::other)?;
        let location = response.headers().get("location").and_then(|value| value.to_str().ok()).map(str::to_owned);
        Ok((response.status().as_u16(), location, String::from_utf8_lossy(response.body()).into_owned()))
    }
}
