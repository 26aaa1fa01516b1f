//! A second start on Linux: it hands over what it was asked for and ends before anything of a window is made. GTK and what stands on it begin threads that cannot be
//! ended; a process that exits while one of them still opens its display may end by a signal, after everything was handed over.

use belfry_app::Home;
use zbus::blocking::Connection;

use crate::shell;

/// What `tauri-plugin-single-instance` serves in the first process, which does the same later for two that start at the same moment.
const INTERFACE: &str = "org.SingleInstance.DBus";

/// Whether another process has this home and took over what this one was started for. One that is just about to go may have the name and not take it: then this one
/// goes on, and asks again with the plugin.
pub fn is_taken_over(home: &Home) -> bool {
    hand_over(&format!("{}.SingleInstance", shell::instance_name(home))).is_ok()
}

fn hand_over(first: &str) -> zbus::Result<()> {
    let words: Vec<String> = std::env::args_os().map(|word| word.to_string_lossy().into_owned()).collect();
    let folder = std::env::current_dir().unwrap_or_default();
    let path = format!("/{}", first.replace('.', "/"));
    let asked = (words, folder.to_string_lossy());
    Connection::session()?.call_method(Some(first), path.as_str(), Some(INTERFACE), "ExecuteCallback", &asked)?;
    Ok(())
}
