//! `config.toml`: strict, so that a misspelt key is said and not ignored.

use belfry_core::Cloud;
use serde::Deserialize;

use crate::error::AppError;
use crate::home::Home;

mod preferences;

pub use preferences::{Density, Language, Motion, NotificationConfig, Preferences, Theme, WindowConfig};

/// What the file may hold.
#[derive(Debug, Clone, Default, PartialEq, Eq, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub struct Config {
    /// The registration to sign in with.
    pub client_id: Option<String>,
    /// The cloud of accounts added from now on.
    pub cloud: CloudConfig,
    /// Syncing.
    pub sync: SyncConfig,
    /// How the window looks.
    pub window: WindowConfig,
    /// What is told.
    pub notifications: NotificationConfig,
}

/// `[cloud]`.
#[derive(Debug, Clone, PartialEq, Eq, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub struct CloudConfig {
    /// `public`, `usgov`, `usgov-dod`, `china` or `custom`.
    pub name: String,
    /// For `custom`.
    pub authority: Option<String>,
    /// For `custom`.
    pub graph: Option<String>,
}

impl Default for CloudConfig {
    fn default() -> Self {
        Self { name: "public".into(), authority: None, graph: None }
    }
}

/// `[sync]`.
#[derive(Debug, Clone, PartialEq, Eq, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub struct SyncConfig {
    /// Minutes between two syncs by the timer.
    pub interval_minutes: u32,
}

impl Default for SyncConfig {
    fn default() -> Self {
        Self { interval_minutes: 5 }
    }
}

impl Config {
    /// Reads the file of a home; no file is the default.
    ///
    /// # Errors
    /// [`AppError::ConfigBroken`] with the line.
    pub fn read(home: &Home) -> Result<Self, AppError> {
        let path = home.join("config.toml");
        let broken = |reason: String| AppError::ConfigBroken { path: path.clone(), reason };
        let text = match std::fs::read_to_string(&path) {
            Ok(text) => text,
            Err(error) if error.kind() == std::io::ErrorKind::NotFound => return Ok(Self::default()),
            Err(error) => return Err(broken(error.to_string())),
        };
        Self::parse(&text).map_err(broken)
    }

    fn parse(text: &str) -> Result<Self, String> {
        let config: Self = toml::from_str(text).map_err(|error| one_line(&error))?;
        config.cloud()?;
        if !(1..=24 * 60).contains(&config.sync.interval_minutes) {
            return Err("interval_minutes has to be between 1 and 1440".into());
        }
        if !WindowConfig::ZOOMS.contains(&config.window.zoom) {
            return Err("zoom has to be between 50 and 200".into());
        }
        Ok(config)
    }

    /// The cloud of accounts added from now on.
    ///
    /// # Errors
    /// What is wrong with it, as a sentence part.
    pub fn cloud(&self) -> Result<Cloud, String> {
        if self.cloud.name != "custom" {
            return Cloud::named(&self.cloud.name)
                .ok_or_else(|| format!("`{}` is no cloud; there are public, usgov, usgov-dod, china and custom", self.cloud.name));
        }
        let address = |name: &str, value: &Option<String>| {
            let value = value.as_deref().ok_or_else(|| format!("a custom cloud needs `{name}`"))?.trim_end_matches('/').to_owned();
            let unsafe_address = || format!("`{name}` has to begin with https:// (http:// only for this computer)");
            if belfry_http::is_safe(&value) { Ok(value) } else { Err(unsafe_address()) }
        };
        Ok(Cloud {
            name: "custom".into(),
            authority: address("authority", &self.cloud.authority)?,
            graph: address("graph", &self.cloud.graph)?,
            practice: false,
        })
    }

    /// The client id: from the file, else the one compiled in.
    #[must_use]
    pub fn client_id(&self) -> Option<String> {
        self.client_id.clone().or_else(|| option_env!("BELFRY_CLIENT_ID").map(str::to_owned)).filter(|id| !id.trim().is_empty())
    }
}

fn one_line(error: &toml::de::Error) -> String {
    error.message().lines().collect::<Vec<_>>().join(" ")
}

#[cfg(test)]
mod tests {
    use super::*;

    fn read(text: &str) -> Result<Config, AppError> {
        let folder = tempfile::tempdir().expect("a folder");
        std::fs::write(folder.path().join("config.toml"), text).expect("written");
        Config::read(&Home::find(Some(folder.path())).expect("a home"))
    }

    #[test]
    fn a_misspelt_key_is_said() {
        for (text, part) in [
            ("client-id = \"x\"", "unknown field"),
            ("[sync]\ninterval_minutes = 0", "between 1 and 1440"),
            ("[window]\nzoom = 300", "between 50 and 200"),
            ("[cloud]\nname = \"moon\"", "`moon` is no cloud"),
            ("[cloud]\nname = \"custom\"\nauthority = \"http://example.org\"\ngraph = \"https://g\"", "has to begin with https://"),
            ("[cloud", "cannot be used"),
        ] {
            let error = read(text).expect_err(text).problem();
            assert!(error.detail.contains(part), "{text}: {}", error.detail);
        }
    }

    #[test]
    fn loopback_may_be_plain() {
        let config = read("[cloud]\nname = \"custom\"\nauthority = \"http://127.0.0.1:4710/\"\ngraph = \"http://127.0.0.1:4711\"")
            .expect("a config");
        assert_eq!(config.cloud().expect("a cloud").authority, "http://127.0.0.1:4710");
    }
}
