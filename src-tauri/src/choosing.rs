//! The system's own dialog for files and folders.

use std::path::PathBuf;

use belfry_app::shell::Choice;
use futures::FutureExt;
use rfd::AsyncFileDialog;
use tauri::{AppHandle, Manager};
use tokio::sync::oneshot;

/// Asks in front of the window; nothing when there is none, or the person chose nothing.
pub async fn choose(app: &AppHandle, what: Choice) -> Option<PathBuf> {
    let parent = app.get_webview_window("main")?;
    let (answer, chosen) = oneshot::channel();
    // macOS makes dialogs on the main thread only.
    app.run_on_main_thread(move || {
        let dialog = AsyncFileDialog::new().set_parent(&parent);
        let picked = match what {
            Choice::File => {
                let calendars = dialog.add_filter("*.ics, *.csv", &["ics", "ical", "icalendar", "csv"]);
                calendars.add_filter("*", &["*"]).pick_file().boxed()
            }
            Choice::Folder => dialog.pick_folder().boxed(),
        };
        tauri::async_runtime::spawn(async move { answer.send(picked.await.map(|file| file.path().to_owned())) });
    })
    .ok()?;
    chosen.await.ok()?
}
