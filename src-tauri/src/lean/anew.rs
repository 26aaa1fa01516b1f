//! Beginning anew in the same process id. Linux only: on Windows and macOS a web view is another program's memory.

use std::ffi::OsString;
use std::os::unix::process::CommandExt;
use std::process::Command;
use std::time::Duration;

use belfry_app::Home;
use belfry_app::controller::{Carried, Input};
use belfry_core::{Problem, ProblemCode};
use rustix::process::{Signal, WaitOptions, kill_process, waitpid};
use tauri::{AppHandle, Env, Manager};
use tauri_plugin_window_state::AppHandleExt;
use tokio::sync::mpsc::UnboundedReceiver;

use super::Log;
use crate::{shell, start, window};

/// Who closed the window by mistake opens it again sooner than this.
const PATIENCE: Duration = Duration::from_secs(45);
/// A process that makes way has made it by then.
const UNTIL_IT_IS_GONE: Duration = Duration::from_millis(500);

/// How long after its window was closed the process begins anew.
#[expect(clippy::unnecessary_wraps, reason = "elsewhere it cannot")]
pub fn lean_after() -> Option<Duration> {
    // Tests have no time for that.
    #[cfg(debug_assertions)]
    if let Some(seconds) = std::env::var("BELFRY_LEAN_AFTER").ok().and_then(|text| text.parse().ok()) {
        return Some(Duration::from_secs(seconds));
    }
    Some(PATIENCE)
}

/// From now on a second start is the first. Not where the program is not in its place any more: nothing could follow.
pub fn stand_down(app: &AppHandle) -> bool {
    if !tauri::process::current_binary(&app.env()).is_ok_and(|program| program.is_file()) {
        return false;
    }
    let app = app.clone();
    // It waits for the bus, which must not be done where tasks run.
    std::thread::spawn(move || tauri_plugin_single_instance::destroy(&app)).join().is_ok()
}

/// Becomes a process that never made a window. The database of this one is closed already.
pub fn begin(app: &AppHandle, home: Home, mut inputs: UnboundedReceiver<Input>, mut left: Carried) {
    let handle = app.clone();
    let anew = move || {
        if let Err(error) = handle.save_window_state(window::remembered()) {
            tracing::warn!(%error, "the place of the window could not be kept");
        }
        handle.cleanup_before_exit();
        end_web_processes();
        // Clicks come in on this thread: after this one there is no other.
        while let Ok(input) = inputs.try_recv() {
            left.take(input);
        }
        tracing::info!("the window was closed a while ago: beginning anew without it");
        handle.state::<Log>().finish();
        let words = start::taking_over(&home, &left);
        become_program(&handle.env(), &words);
    };
    if let Err(error) = app.run_on_main_thread(anew) {
        tracing::error!(%error, "the process cannot begin anew");
    }
}

/// A web process that takes its time to end would be a child of what follows, which knows nothing of it and would not ask for its end either.
fn end_web_processes() {
    for child in super::children(|name| name.starts_with("WebKit")) {
        let _ = kill_process(child, Signal::KILL);
        let _ = waitpid(Some(child), WaitOptions::empty());
    }
}

/// Only comes back to say that it is over: what was this program is gone.
fn become_program(env: &Env, words: &[OsString]) {
    let failed = match tauri::process::current_binary(env) {
        Ok(program) => Command::new(program).args(words).exec(),
        Err(error) => error,
    };
    let detail = format!("Belfry was to begin anew without its window, and could not: {failed}.");
    shell::cannot_start(&Problem::new(ProblemCode::Internal, "Belfry has ended", detail, "Start it again."));
    std::process::exit(1);
}

/// A start that met another process just as that made way tries once more: what it was asked for must not get lost.
pub fn try_again(error: &tauri::Error) {
    let mut words: Vec<OsString> = std::env::args_os().skip(1).collect();
    let is_about_the_first = matches!(error, tauri::Error::PluginInitialization(name, _) if name == "single-instance");
    if is_about_the_first && words.iter().all(|word| word != start::AGAIN) {
        std::thread::sleep(UNTIL_IT_IS_GONE);
        words.push(start::AGAIN.into());
        become_program(&Env::default(), &words);
    }
}
