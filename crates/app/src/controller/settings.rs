//! Settings of the window: what `config.toml` says of it, the pause, and where everything is.

use std::rc::Rc;

use belfry_sync::schedule::{Event, Schedule};
use chrono::{DateTime, Duration, Utc};

use super::{Answer, Controller};
use crate::app::App;
use crate::config::{Config, Preferences};
use crate::error::AppError;
use crate::pausing::Pause;

/// What starting at login was last set to.
const AT_LOGIN: &str = "at_login";
const ON: &str = "on";

/// What the settings show.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Settings {
    /// What can be chosen.
    pub preferences: Preferences,
    /// Whether it is quiet now.
    pub is_paused: bool,
    /// Until then; `None` is until a person says otherwise.
    pub paused_until: Option<DateTime<Utc>>,
    /// Whether Belfry starts with the person's session; `None` where that cannot be known.
    pub starts_at_login: Option<bool>,
    /// The folder that holds everything.
    pub home: String,
    /// Of Belfry.
    pub version: &'static str,
    /// Of this computer.
    pub zone: &'static str,
}

/// A million computers must not ask at the same second: each shifts by its own home.
pub(super) fn jitter(app: &App) -> Duration {
    let bytes = app.home().path().as_os_str().as_encoded_bytes();
    let sum = bytes.iter().fold(0_u32, |sum, byte| sum.wrapping_mul(31).wrapping_add(u32::from(*byte)));
    Duration::seconds(i64::from(sum % 60))
}

impl Controller {
    /// Read anew each time: a person may have changed the file by hand.
    pub(super) fn settings(&self) -> Result<Settings, AppError> {
        let pause = self.app.paused()?;
        Ok(Settings {
            preferences: Config::read(self.app.home())?.preferences(),
            is_paused: pause.is_some(),
            paused_until: if let Some(Pause::Until(at)) = pause { Some(at) } else { None },
            starts_at_login: {
                let last = self.app.store.meta(AT_LOGIN)?.is_some_and(|last| last == ON);
                self.shell.starts_at_login(last)
            },
            home: self.app.home().path().display().to_string(),
            version: env!("CARGO_PKG_VERSION"),
            zone: self.app.zone().name(),
        })
    }

    pub(super) fn set_preferences(self: &Rc<Self>, preferences: &Preferences) -> Result<Answer, AppError> {
        let before = Config::read(self.app.home())?.preferences();
        Config::prefer(self.app.home(), preferences)?;
        if before.window.zoom != preferences.window.zoom {
            self.shell.set_zoom(preferences.window.zoom);
        }
        if before.interval_minutes != preferences.interval_minutes {
            self.other_interval.set(Some(Duration::minutes(i64::from(preferences.interval_minutes))));
            self.take_over_interval();
        }
        Ok(Answer::Done)
    }

    pub(super) async fn start_at_login(&self, on: bool) -> Result<Answer, AppError> {
        self.shell.set_start_at_login(on).await?;
        self.app.store.set_meta(AT_LOGIN, if on { ON } else { "" })?;
        Ok(Answer::Done)
    }

    /// Not while a sync runs: the schedule knows of that.
    pub(super) fn take_over_interval(self: &Rc<Self>) {
        if self.running.get() {
            return;
        }
        let Some(interval) = self.other_interval.take() else { return };
        self.epoch.set(self.epoch.get() + 1);
        *self.schedule.borrow_mut() = Schedule::new(interval, jitter(&self.app));
        self.take_over_pause();
        self.schedule(Event::Changed);
    }

    pub(super) fn pause_for(self: &Rc<Self>, minutes: Option<u32>) -> Result<Answer, AppError> {
        self.app.pause(minutes)?;
        self.take_over_pause();
        Ok(Answer::Done)
    }

    pub(super) fn resume(self: &Rc<Self>) -> Result<Answer, AppError> {
        self.app.resume()?;
        self.take_over_pause();
        Ok(Answer::Done)
    }
}
