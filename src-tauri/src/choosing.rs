//! The system's own dialog for files and folders, one at a time.
//!
//! On Linux it is a process of its own ([`asked`]): GTK's dialog opens and closes the files that it shows, to tell what they are, and a process that closes any handle of a
//! file has let go of all its locks on it (POSIX; "How To Corrupt An SQLite Database File", section 2.2). The folder of the database, looked at in a dialog of this
//! process, took the locks of the database with it, and the next program to open it truncated memory that this one had mapped.

use std::path::PathBuf;
use std::sync::{Mutex, PoisonError};

use belfry_app::shell::Choice;
use tauri::{AppHandle, Manager, WebviewWindow};
use tokio::sync::oneshot;

#[cfg(target_os = "linux")]
pub mod asked;

/// What a list can follow, by the end of its name.
const ENDS: [&str; 4] = ["ics", "ical", "icalendar", "csv"];
/// The same as a person reads it, in every language.
const SHOWN: &str = "*.ics, *.csv";

/// The dialog that is open, if one is: what is dropped here ends it.
#[derive(Default)]
pub struct Open(Mutex<Option<oneshot::Sender<()>>>);

impl Open {
    /// A dialog that is open goes unanswered.
    pub fn end(&self) {
        drop(self.0.lock().unwrap_or_else(PoisonError::into_inner).take());
    }

    /// A new one takes the place of the one before; what comes back ends with it.
    fn begin(&self) -> oneshot::Receiver<()> {
        let (held, ended) = oneshot::channel();
        *self.0.lock().unwrap_or_else(PoisonError::into_inner) = Some(held);
        ended
    }
}

/// Asks in front of the window; nothing when there is none, it goes meanwhile, or the person chose nothing.
pub async fn choose(app: &AppHandle, what: Choice) -> Option<PathBuf> {
    let window = app.get_webview_window("main")?;
    let ended = app.state::<Open>().begin();
    tokio::select! {
        answer = ask(window, what) => answer,
        _ = ended => None,
    }
}

#[cfg(target_os = "linux")]
async fn ask(window: WebviewWindow, what: Choice) -> Option<PathBuf> {
    let program = tauri::process::current_binary(&window.env());
    let over = asked::name_of(window).await;
    let answer = match program {
        Ok(program) => asked::by_another_process(&program, what, over).await,
        Err(error) => Err(error),
    };
    answer.inspect_err(|error| tracing::warn!(%error, "the dialog for files cannot be shown")).ok().flatten()
}

#[cfg(not(target_os = "linux"))]
async fn ask(window: WebviewWindow, what: Choice) -> Option<PathBuf> {
    use futures::FutureExt;

    let (answer, chosen) = oneshot::channel();
    // Dialogs are made on the main thread only.
    let app = window.app_handle().clone();
    app.run_on_main_thread(move || {
        let dialog = rfd::AsyncFileDialog::new().set_parent(&window);
        let picked = match what {
            Choice::File => dialog.add_filter(SHOWN, &ENDS).add_filter("*", &["*"]).pick_file().boxed(),
            Choice::Folder => dialog.pick_folder().boxed(),
        };
        tauri::async_runtime::spawn(async move { answer.send(picked.await.map(|file| file.path().to_owned())) });
    })
    .ok()?;
    chosen.await.ok()?
}
