//! `belfry watch`: the controller without a desktop. What a window would show is a line here.

use std::cell::RefCell;
use std::rc::Rc;

use belfry_app::App;
use belfry_app::controller::{Controller, Input};
use belfry_app::shell::{Notice, Shell, Tray, TrayEntry};
use serde_json::{Value, json};
use tokio::sync::mpsc::unbounded_channel;
use tokio::task::LocalSet;

use crate::output::Output;

struct Terminal {
    output: Output,
    said: RefCell<String>,
}

impl Terminal {
    /// A line for a person, or a document of one line for a program that reads along.
    fn say(&self, text: &str, document: impl FnOnce() -> Value) {
        if self.output.json { self.output.line(&document().to_string()) } else { self.output.note(text) }
    }
}

impl Shell for Terminal {
    /// Nobody sits here who could sign in.
    fn open_browser(&self, _: &str) -> bool {
        false
    }

    fn show_window(&self) {}

    fn set_tray(&self, tray: &Tray) {
        let lines: Vec<&str> =
            tray.entries.iter().filter_map(|entry| if let TrayEntry::Status(text) = entry { Some(text.as_str()) } else { None }).collect();
        let text = lines.join("; ");
        if *self.said.borrow() != text {
            self.say(&text, || json!({"status": text}));
            *self.said.borrow_mut() = text;
        }
    }

    fn changed(&self) {}

    fn notify(&self, notice: &Notice) {
        let document = || json!({"notice": {"title": notice.title, "body": notice.body}});
        self.say(&format!("{}: {}", notice.title, notice.body), document);
    }

    fn quit(&self) {}
    fn hand_over(&self) {}
}

/// Syncs by the timer until it is told to stop.
pub async fn run(app: App, json: bool) {
    let (inputs, received) = unbounded_channel::<Input>();
    let shell = Terminal { output: Output::new(json), said: RefCell::default() };
    shell.output.note("Belfry watches. Ctrl+C ends it.");
    let controller = Controller::new(app, Rc::new(shell), inputs);
    let local = LocalSet::new();
    local
        .run_until(async {
            tokio::select! {
                () = controller.run(received) => {}
                () = super::stopped() => {}
            }
        })
        .await;
}
