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
    use tauri::Manager;
    if !app.webview_windows().is_empty() {
        return;
    }
    let me = std::process::id().to_string();
    for entry in std::fs::read_dir("/proc").into_iter().flatten().flatten() {
        // "pid (comm) state ppid ...": comm is cut to 15 letters.
        let Ok(stat) = std::fs::read_to_string(entry.path().join("stat")) else { continue };
        let Some((head, tail)) = stat.rsplit_once(") ") else { continue };
        let Some((pid, "WebKitNetworkPr")) = head.split_once(" (") else { continue };
        if tail.split(' ').nth(1) != Some(me.as_str()) {
            continue;
        }
        if let Some(pid) = pid.parse().ok().and_then(rustix::process::Pid::from_raw) {
            let _ = rustix::process::kill_process(pid, rustix::process::Signal::TERM);
        }
    }
}
