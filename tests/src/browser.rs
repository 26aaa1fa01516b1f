//! A browser for the simulator's pages.

use belfry_http::{HttpClient, Reqwest};
use belfry_simulator::browser::Fetch;
use bytes::Bytes;

use crate::{InProcess, World};

/// Reaches the simulator of a world in this process, if there is one, and everything else over real sockets.
pub struct Browser {
    world: Option<InProcess>,
    sockets: Reqwest,
}

impl Default for Browser {
    fn default() -> Self {
        Self { world: None, sockets: Reqwest::new("browser") }
    }
}

impl Browser {
    /// For this world.
    #[must_use]
    pub fn of(world: &World) -> Self {
        Self { world: Some(InProcess(world.simulator.clone())), ..Self::default() }
    }
}

impl Fetch for Browser {
    async fn fetch(&self, method: &str, url: &str, form: Option<&str>) -> std::io::Result<(u16, Option<String>, String)> {
        let request = http::Request::builder().method(method).uri(url).header("content-type", "application/x-www-form-urlencoded");
        let request = request.body(Bytes::from(form.unwrap_or_default().to_owned())).map_err(std::io::Error::other)?;
        let response = match &self.world {
            Some(world) if url.starts_with("http://127.0.0.1:1/") => world.send(request).await,
            _ => self.sockets.send(request).await,
        };
        let response = response.map_err(std::io::Error::other)?;
        let location = response.headers().get("location").and_then(|value| value.to_str().ok()).map(str::to_owned);
        Ok((response.status().as_u16(), location, String::from_utf8_lossy(response.body()).into_owned()))
    }
}
