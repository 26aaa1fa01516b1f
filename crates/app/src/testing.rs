//! An app for tests: nothing of it outlives its folder, and it is noon of 21 November 2026 in UTC.

use std::path::Path;
use std::sync::Arc;

use belfry_core::{Clock, Zone};
use belfry_http::Reqwest;
use belfry_identity::MemoryVault;
use belfry_store::Store;
use chrono::{DateTime, Utc};

use crate::app::{App, Ports};
use crate::home::Home;

struct Still;

impl Clock for Still {
    fn now(&self) -> DateTime<Utc> {
        "2026-11-21T12:00:00Z".parse().expect("a time")
    }
}

/// One with an empty database.
pub fn app(folder: &Path) -> App {
    let ports =
        Ports { http: Arc::new(Reqwest::new("test")), vault: Arc::new(MemoryVault::default()), clock: Arc::new(Still), zone: Zone::UTC };
    let home = Home::find(Some(folder)).expect("a home");
    home.prepare().expect("a folder");
    let config = crate::config::Config::read(&home).expect("a configuration");
    App::with_store(home, config, Store::in_memory().expect("a store"), ports).expect("an app")
}
