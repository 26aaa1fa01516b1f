//! The system's own dialog for files and folders.

use std::path::PathBuf;

use belfry_app::shell::Choice;
use tauri::{AppHandle, Manager, WebviewWindow};
use tokio::sync::oneshot;

/// What a list can follow, by the end of its name.
const ENDS: [&str; 4] = ["ics", "ical", "icalendar", "csv"];
/// The same as a person reads it, in every language.
const SHOWN: &str = "*.ics, *.csv";

/// Asks in front of the window; nothing when there is none, or the person chose nothing.
pub async fn choose(app: &AppHandle, what: Choice) -> Option<PathBuf> {
    let window = app.get_webview_window("main")?;
    let (answer, chosen) = oneshot::channel();
    // Dialogs are made on the main thread only.
    app.run_on_main_thread(move || ask(&window, what, answer)).ok()?;
    chosen.await.ok()?
}

#[cfg(target_os = "linux")]
fn ask(window: &WebviewWindow, what: Choice, answer: oneshot::Sender<Option<PathBuf>>) {
    use std::cell::RefCell;
    use std::rc::Rc;

    use gtk::prelude::{FileChooserExt, NativeDialogExt, WidgetExt};
    use gtk::{FileChooserAction, FileChooserNative, FileFilter, ResponseType};

    let action = if what == Choice::Folder { FileChooserAction::SelectFolder } else { FileChooserAction::Open };
    let parent = window.gtk_window().ok();
    let dialog = FileChooserNative::new(None, parent.as_ref(), action, None, None);
    if what == Choice::File {
        let calendars = FileFilter::new();
        calendars.set_name(Some(SHOWN));
        ENDS.iter()
            .for_each(|end| [format!("*.{end}"), format!("*.{}", end.to_uppercase())].iter().for_each(|name| calendars.add_pattern(name)));
        let all = FileFilter::new();
        all.set_name(Some("*"));
        all.add_pattern("*");
        [calendars, all].into_iter().for_each(|filter| dialog.add_filter(filter));
    }
    // Nobody else holds on to it until it is answered, or its window goes.
    let waiting = Rc::new(RefCell::new(Some((answer, dialog.clone()))));
    let orphaned = Rc::clone(&waiting);
    if let Some(parent) = parent {
        parent.connect_destroy(move |_| {
            if let Some((_, dialog)) = orphaned.take() {
                dialog.destroy();
            }
        });
    }
    dialog.connect_response(move |dialog, response| {
        let Some((answer, _)) = waiting.take() else { return };
        let _ = answer.send(dialog.filename().filter(|_| response == ResponseType::Accept));
    });
    dialog.set_modal(true);
    dialog.show();
}

#[cfg(not(target_os = "linux"))]
fn ask(window: &WebviewWindow, what: Choice, answer: oneshot::Sender<Option<PathBuf>>) {
    use futures::FutureExt;

    let dialog = rfd::AsyncFileDialog::new().set_parent(window);
    let picked = match what {
        Choice::File => dialog.add_filter(SHOWN, &ENDS).add_filter("*", &["*"]).pick_file().boxed(),
        Choice::Folder => dialog.pick_folder().boxed(),
    };
    tauri::async_runtime::spawn(async move { answer.send(picked.await.map(|file| file.path().to_owned())) });
}
