//! What is left of a window that was closed is let go: at first WebKit's network process, and after a while the process itself, in whose place begins one that never
//! made a window.

use std::sync::{Mutex, PoisonError};

#[cfg(target_os = "linux")]
mod anew;

#[cfg(target_os = "linux")]
pub use anew::{begin, lean_after, stand_down, try_again};
use belfry_app::logs::WorkerGuard;
use tauri::AppHandle;

/// What writes the log: its last lines are written when it is let go.
pub struct Log(Mutex<Option<WorkerGuard>>);

impl Log {
    /// Holds it.
    pub fn new(guard: Option<WorkerGuard>) -> Self {
        Self(Mutex::new(guard))
    }

    /// Writes what is to be written; nothing is after that.
    pub fn finish(&self) {
        drop(self.0.lock().unwrap_or_else(PoisonError::into_inner).take());
    }
}

/// WebKit keeps its network process for the life of the program, also without a window. Two seconds after the last window it is told to end; the next window
/// starts a new one.
#[cfg(target_os = "linux")]
pub fn after_window(app: &AppHandle) {
    let app = app.clone();
    tauri::async_runtime::spawn(async move {
        tokio::time::sleep(std::time::Duration::from_secs(2)).await;
        let handle = app.clone();
        let _ = app.run_on_main_thread(move || end_network_process(&handle));
    });
}

#[cfg(not(target_os = "linux"))]
pub fn after_window(_: &AppHandle) {}

#[cfg(target_os = "linux")]
fn end_network_process(app: &AppHandle) {
    use rustix::process::{Signal, kill_process};
    use tauri::Manager;
    if app.webview_windows().is_empty() {
        for child in children(|name| name == "WebKitNetworkPr") {
            let _ = kill_process(child, Signal::TERM);
        }
    }
}

/// Processes that this one began and that are there still, by the first 15 letters of their names.
#[cfg(target_os = "linux")]
fn children(named: fn(&str) -> bool) -> impl Iterator<Item = rustix::process::Pid> {
    let me = std::process::id().to_string();
    std::fs::read_dir("/proc").into_iter().flatten().flatten().filter_map(move |entry| {
        // "pid (comm) state ppid ...".
        let stat = std::fs::read_to_string(entry.path().join("stat")).ok()?;
        let (head, tail) = stat.rsplit_once(") ")?;
        let (pid, name) = head.split_once(" (")?;
        let is_mine = tail.split(' ').nth(1) == Some(me.as_str());
        pid.parse().ok().filter(|_| is_mine && named(name)).and_then(rustix::process::Pid::from_raw)
    })
}
