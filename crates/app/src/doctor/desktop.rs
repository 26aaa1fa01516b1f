//! What the desktop gives: a place for the tray icon, and somebody who shows notifications.

#[cfg(target_os = "linux")]
use std::time::Duration;

use super::Check;

/// Asks the session bus (<https://www.freedesktop.org/wiki/Specifications/StatusNotifierItem/>, <https://specifications.freedesktop.org/notification-spec/>).
#[cfg(target_os = "linux")]
pub(super) async fn checks() -> Vec<Check> {
    match session(Duration::from_secs(10)).await {
        Some(session) => vec![linux::tray(&session), linux::notifications(&session)],
        None => vec![
            Check::unknown("tray", "there is no desktop session here"),
            Check::unknown("notifications", "there is no desktop session here"),
        ],
    }
}

/// Whether the desktop shows tray icons; where nobody says anything it is taken to.
#[cfg(target_os = "linux")]
pub async fn has_tray() -> bool {
    session(Duration::from_secs(2)).await.is_none_or(|session| session.has_tray())
}

#[cfg(target_os = "linux")]
async fn session(patience: Duration) -> Option<linux::Session> {
    let asked = tokio::task::spawn_blocking(linux::ask);
    tokio::time::timeout(patience, asked).await.ok()?.ok()?
}

/// Windows and macOS always have both.
#[cfg(not(target_os = "linux"))]
#[expect(clippy::unused_async, reason = "on Linux the session has to be asked")]
pub(super) async fn checks() -> Vec<Check> {
    vec![Check::fine("tray", "part of the system"), Check::fine("notifications", "part of the system")]
}

#[cfg(target_os = "linux")]
mod linux {
    use zbus::blocking::proxy::Builder;
    use zbus::blocking::{Connection, Proxy};
    use zbus::proxy::CacheProperties;

    use super::Check;

    const WATCHER: &str = "org.kde.StatusNotifierWatcher";
    const NOTIFICATIONS: &str = "org.freedesktop.Notifications";

    /// What the session bus said.
    pub(super) struct Session {
        tray_host: Option<bool>,
        server: Option<String>,
    }

    impl Session {
        pub(super) fn has_tray(&self) -> bool {
            self.tray_host == Some(true)
        }
    }

    /// `None` where there is no screen: a bus is in many a terminal session too.
    pub(super) fn ask() -> Option<Session> {
        let has_screen = ["DISPLAY", "WAYLAND_DISPLAY"].iter().any(|name| std::env::var_os(name).is_some_and(|value| !value.is_empty()));
        let bus = Connection::session().ok().filter(|_| has_screen)?;
        let tray_host =
            proxy(&bus, WATCHER, "/StatusNotifierWatcher").and_then(|watcher| watcher.get_property("IsStatusNotifierHostRegistered").ok());
        let server = proxy(&bus, NOTIFICATIONS, "/org/freedesktop/Notifications")
            .and_then(|server| server.call::<_, _, (String, String, String, String)>("GetServerInformation", &()).ok())
            .map(|(name, ..)| name);
        Some(Session { tray_host, server })
    }

    fn proxy<'a>(bus: &Connection, name: &'a str, path: &'a str) -> Option<Proxy<'a>> {
        let builder = Builder::new(bus).destination(name).ok()?.path(path).ok()?.interface(name).ok()?;
        builder.cache_properties(CacheProperties::No).build().ok()
    }

    pub(super) fn tray(session: &Session) -> Check {
        match session.tray_host {
            Some(true) => Check::fine("tray", "the desktop shows tray icons"),
            _ => Check::trouble(
                "tray",
                "this desktop shows no tray icons",
                "On GNOME, install the extension AppIndicator; Belfry works without it, the window is its only face then.",
            ),
        }
    }

    pub(super) fn notifications(session: &Session) -> Check {
        match &session.server {
            Some(name) => Check::fine("notifications", format!("shown by {name}")),
            None => Check::trouble("notifications", "nobody shows notifications in this session", "Start a notification daemon."),
        }
    }
}
