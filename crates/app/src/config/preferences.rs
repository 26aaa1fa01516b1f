//! What a person can choose in the window. Writing it changes these keys and nothing else of the file: comments and other keys stay as they are.

use std::ops::RangeInclusive;

use serde::{Deserialize, Serialize};
use toml_edit::{DocumentMut, Item, Table, value};

use super::Config;
use crate::error::AppError;
use crate::home::Home;

/// Light or dark.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Theme {
    /// As the system.
    #[default]
    System,
    /// Light.
    Light,
    /// Dark.
    Dark,
    /// High contrast.
    Contrast,
}

/// How much room a row has.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Density {
    /// Enough.
    #[default]
    Comfortable,
    /// Little.
    Compact,
}

/// Whether things slide.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Motion {
    /// As the system.
    #[default]
    System,
    /// Never.
    Reduced,
}

/// The language of window, tray and notifications. The command line speaks English.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Language {
    /// As the system.
    #[default]
    System,
    /// English.
    En,
    /// German.
    De,
    /// Finnish.
    Fi,
    /// Spanish.
    Es,
    /// French.
    Fr,
    /// Japanese.
    Ja,
}

/// `[window]`.
#[derive(Debug, Clone, PartialEq, Eq, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub struct WindowConfig {
    /// Light or dark.
    pub theme: Theme,
    /// How much room a row has.
    pub density: Density,
    /// Whether things slide.
    pub motion: Motion,
    /// The language.
    pub language: Language,
    /// How large what is in the window is, in percent.
    pub zoom: u32,
}

impl WindowConfig {
    /// What [`WindowConfig::zoom`] may be.
    pub const ZOOMS: RangeInclusive<u32> = 50..=200;
}

impl Default for WindowConfig {
    fn default() -> Self {
        Self { theme: Theme::System, density: Density::Comfortable, motion: Motion::System, language: Language::System, zoom: 100 }
    }
}

/// `[notifications]`.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub struct NotificationConfig {
    /// What needs the person: a sign-in, an approval, what waits for a yes, a day without a sync.
    pub trouble: bool,
    /// Reminders that are due and that Outlook does not ring for.
    pub due: bool,
}

impl Default for NotificationConfig {
    fn default() -> Self {
        Self { trouble: true, due: true }
    }
}

/// What can be chosen.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Preferences {
    /// Minutes between two syncs by the timer.
    pub interval_minutes: u32,
    /// What is told.
    pub notifications: NotificationConfig,
    /// The window.
    pub window: WindowConfig,
}

impl Config {
    /// What of it can be chosen in the window.
    #[must_use]
    pub fn preferences(&self) -> Preferences {
        Preferences { interval_minutes: self.sync.interval_minutes, notifications: self.notifications, window: self.window.clone() }
    }

    /// Writes what was chosen. What is not different is not written.
    ///
    /// # Errors
    /// The file cannot be used or written, or a value cannot be; then it stays as it was.
    pub fn prefer(home: &Home, chosen: &Preferences) -> Result<(), AppError> {
        let was = Self::read(home)?.preferences();
        let path = home.join("config.toml");
        let broken = |reason: String| AppError::ConfigBroken { path: path.clone(), reason };
        let text = match std::fs::read_to_string(&path) {
            Ok(text) => text,
            Err(error) if error.kind() == std::io::ErrorKind::NotFound => String::new(),
            Err(error) => return Err(broken(error.to_string())),
        };
        let mut file: DocumentMut = text.parse().map_err(|error: toml_edit::TomlError| broken(error.message().to_owned()))?;
        if was.interval_minutes != chosen.interval_minutes {
            set(&mut file, "sync", "interval_minutes", value(i64::from(chosen.interval_minutes)));
        }
        let told = |of: NotificationConfig| [("trouble", of.trouble), ("due", of.due)];
        for ((key, old), (_, new)) in told(was.notifications).into_iter().zip(told(chosen.notifications)) {
            if old != new {
                set(&mut file, "notifications", key, value(new));
            }
        }
        let words = |window: &WindowConfig| [word(&window.theme), word(&window.density), word(&window.motion), word(&window.language)];
        let (old, new) = (words(&was.window), words(&chosen.window));
        for (key, (old, new)) in ["theme", "density", "motion", "language"].into_iter().zip(old.into_iter().zip(new)) {
            if old != new {
                set(&mut file, "window", key, value(new));
            }
        }
        if was.window.zoom != chosen.window.zoom {
            set(&mut file, "window", "zoom", value(i64::from(chosen.window.zoom)));
        }
        let text = file.to_string();
        Self::parse(&text).map_err(|reason| AppError::bad(format!("{reason}."), "Choose another value."))?;
        replace(&path, &text).map_err(|source| AppError::Unwritten { path, source })
    }
}

fn word<T: Serialize>(value: &T) -> String {
    belfry_core::word(value)
}

fn set(file: &mut DocumentMut, section: &str, key: &str, to: Item) {
    let section = file.entry(section).or_insert_with(|| Item::Table(Table::new()));
    if let Some(table) = section.as_table_like_mut() {
        match table.get_mut(key).and_then(Item::as_value_mut) {
            // What stands around a value, a comment behind it say, stays around the new one.
            Some(old) => {
                let around = old.decor().clone();
                if let Ok(mut new) = to.into_value() {
                    *new.decor_mut() = around;
                    *old = new;
                }
            }
            None => drop(table.insert(key, to)),
        }
    }
}

/// Whole or not at all: the file is read by every start.
fn replace(path: &std::path::Path, text: &str) -> std::io::Result<()> {
    let beside = path.with_extension("toml.new");
    std::fs::write(&beside, text)?;
    std::fs::rename(&beside, path)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn home() -> (tempfile::TempDir, Home) {
        let folder = tempfile::tempdir().expect("a folder");
        let home = Home::find(Some(folder.path())).expect("a home");
        (folder, home)
    }

    fn dark(interval_minutes: u32) -> Preferences {
        let notifications = NotificationConfig { due: false, ..NotificationConfig::default() };
        Preferences { interval_minutes, notifications, window: WindowConfig { theme: Theme::Dark, ..WindowConfig::default() } }
    }

    #[test]
    fn what_is_chosen_is_read_again() {
        let (_folder, home) = home();
        Config::prefer(&home, &dark(15)).expect("written");
        assert_eq!(Config::read(&home).expect("a config").preferences(), dark(15));
        let text = std::fs::read_to_string(home.join("config.toml")).expect("a file");
        assert_eq!(text, "[sync]\ninterval_minutes = 15\n\n[notifications]\ndue = false\n\n[window]\ntheme = \"dark\"\n");
    }

    #[test]
    fn a_size_of_the_content_is_kept() {
        let (_folder, home) = home();
        let mut chosen = Config::read(&home).expect("a config").preferences();
        assert_eq!(chosen.window.zoom, 100);
        chosen.window.zoom = 150;
        Config::prefer(&home, &chosen).expect("written");
        assert_eq!(Config::read(&home).expect("a config").preferences(), chosen);
        assert_eq!(std::fs::read_to_string(home.join("config.toml")).expect("a file"), "[window]\nzoom = 150\n");
    }

    #[test]
    fn everything_else_of_the_file_stays() {
        let (_folder, home) = home();
        let text = "# mine\nclient_id = \"abc\" # from the portal\n\n[sync]\ninterval_minutes = 5 # often\n\n[cloud]\nname = \"usgov\"\n";
        std::fs::write(home.join("config.toml"), text).expect("written");
        Config::prefer(&home, &dark(30)).expect("written");
        let now = std::fs::read_to_string(home.join("config.toml")).expect("a file");
        assert_eq!(now, text.replace("= 5 #", "= 30 #") + "\n[notifications]\ndue = false\n\n[window]\ntheme = \"dark\"\n");
    }

    #[test]
    fn what_cannot_be_leaves_the_file_as_it_was() {
        let (_folder, home) = home();
        std::fs::write(home.join("config.toml"), "[sync]\ninterval_minutes = 5\n").expect("written");
        assert!(Config::prefer(&home, &dark(0)).is_err());
        for zoom in [49, 201] {
            let mut large = Config::default().preferences();
            large.window.zoom = zoom;
            assert!(Config::prefer(&home, &large).is_err(), "{zoom}");
        }
        assert_eq!(std::fs::read_to_string(home.join("config.toml")).expect("a file"), "[sync]\ninterval_minutes = 5\n");
    }
}
