//! The process that asks for a file or folder, and the one that has it asked. The first prints the path, or nothing, and ends; it ends too when the other one does.

use std::ffi::{OsStr, OsString};
use std::io::Write;
use std::os::fd::AsRawFd;
use std::os::unix::ffi::{OsStrExt, OsStringExt};
use std::path::{Path, PathBuf};
use std::process::Stdio;

use belfry_app::shell::Choice;
use gtk::glib::{self, Cast};
use gtk::prelude::{FileChooserExt, NativeDialogExt, WidgetExt};
use gtk::{FileChooserAction, FileChooserNative, FileFilter, ResponseType};
use tauri::{Manager, WebviewWindow};
use tokio::sync::oneshot;

use super::{ENDS, SHOWN};

/// What makes a process of this program one that asks.
const CHOOSE: &str = "--choose";
const FOLDER: &str = "folder";

/// The name of a window to X11; elsewhere a window has none that another process knows.
pub async fn name_of(window: WebviewWindow) -> Option<u64> {
    let (answer, name) = oneshot::channel();
    let app = window.app_handle().clone();
    let ask = move || {
        let shown =
            window.gtk_window().ok().and_then(|window| window.window()).and_then(|shown| shown.downcast::<gdkx11::X11Window>().ok());
        let _ = answer.send(shown.map(|shown| shown.xid()));
    };
    app.run_on_main_thread(ask).ok()?;
    name.await.ok()?
}

/// Has it asked, in front of the window of that name.
///
/// # Errors
/// The program cannot be started.
pub async fn by_another_process(program: &Path, what: Choice, over: Option<u64>) -> std::io::Result<Option<PathBuf>> {
    let mut words = vec![CHOOSE.to_owned(), if what == Choice::Folder { FOLDER } else { "file" }.to_owned()];
    words.extend(over.map(|name| name.to_string()));
    let mut asking = tokio::process::Command::new(program);
    // An input that stays open until this process ends, however it does.
    let asking = asking.args(words).stdin(Stdio::piped()).stdout(Stdio::piped()).kill_on_drop(true).spawn()?;
    wait(asking).await
}

async fn wait(mut asking: tokio::process::Child) -> std::io::Result<Option<PathBuf>> {
    let held = asking.stdin.take();
    let said = asking.wait_with_output().await?;
    drop(held);
    Ok(Some(said.stdout).filter(|path| !path.is_empty()).map(|path| PathBuf::from(OsString::from_vec(path))))
}

/// Asks and is done, where this process was started to do that.
#[must_use]
pub fn is_all(mut words: impl Iterator<Item = OsString>) -> bool {
    if words.nth(1).as_deref() != Some(OsStr::new(CHOOSE)) {
        return false;
    }
    let what = if words.next().as_deref() == Some(OsStr::new(FOLDER)) { Choice::Folder } else { Choice::File };
    let over = words.next().and_then(|name| name.to_str()?.parse().ok());
    if let Some(path) = ask(what, over) {
        let _ = std::io::stdout().write_all(path.as_os_str().as_bytes());
    }
    true
}

fn ask(what: Choice, over: Option<u64>) -> Option<PathBuf> {
    // The title of a dialog that has none.
    glib::set_application_name("Belfry");
    gtk::init().ok()?;
    let dialog = dialog(what);
    // The window under the dialog is another process's. Where a portal shows the dialog, there is none here.
    let shown: Vec<gtk::Window> = gtk::Window::list_toplevels().into_iter().filter_map(|window| window.downcast().ok()).collect();
    if let Some(over) = over {
        shown.iter().for_each(|dialog| keep_over(dialog, over));
    }
    glib::unix_fd_add_local(std::io::stdin().as_raw_fd(), glib::IOCondition::HUP, |_, _| {
        gtk::main_quit();
        glib::ControlFlow::Break
    });
    let (answer, chosen) = std::sync::mpsc::channel();
    dialog.connect_response(move |dialog, response| {
        let _ = answer.send(dialog.filename().filter(|_| response == ResponseType::Accept));
        gtk::main_quit();
    });
    dialog.show();
    gtk::main();
    chosen.try_recv().ok()?
}

fn dialog(what: Choice) -> FileChooserNative {
    let action = if what == Choice::Folder { FileChooserAction::SelectFolder } else { FileChooserAction::Open };
    let dialog = FileChooserNative::new(None, None::<&gtk::Window>, action, None, None);
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
    dialog.set_modal(true);
    dialog
}

fn keep_over(dialog: &gtk::Window, over: u64) {
    dialog.connect_realize(move |dialog| {
        let display = dialog.display().downcast::<gdkx11::X11Display>().ok();
        let under = display.map(|display| gdkx11::X11Window::foreign_new_for_display(&display, over));
        if let (Some(shown), Some(under)) = (dialog.window(), under) {
            shown.set_transient_for(under.upcast_ref());
        }
    });
}
