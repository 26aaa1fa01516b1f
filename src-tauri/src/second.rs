//! A second start on Linux: it hands over what it was asked for and ends before anything of a window is made. GTK and what stands on it begin threads that nobody can
//! end, and a start that exits among them is not sure to end well.

use std::time::Duration;

use belfry_app::Home;
use belfry_core::{Problem, ProblemCode};
use zbus::blocking::connection::Builder;

use crate::shell;

/// What `tauri-plugin-single-instance` serves in the first process. The plugin asks for it once more, later, where two start at the same moment.
const INTERFACE: &str = "org.SingleInstance.DBus";
/// The first process answers at once. One that does not is stopped, or hangs.
const PATIENCE: Duration = Duration::from_secs(20);

/// Whether another process has this home and took over what this one was started for. One that is just about to go may have the name and not take it: then this one
/// goes on, and asks again with the plugin.
///
/// # Errors
/// The other one does not answer.
pub fn is_taken_over(home: &Home) -> Result<bool, Problem> {
    match hand_over(&format!("{}.SingleInstance", shell::instance_name(home))) {
        Ok(()) => Ok(true),
        Err(zbus::Error::InputOutput(error)) if error.kind() == std::io::ErrorKind::TimedOut => Err(Problem::new(
            ProblemCode::Internal,
            "Belfry does not answer",
            "Belfry runs already and does not answer.",
            "End it, or sign out of the desktop, then start it again. Nothing is lost.",
        )),
        Err(_) => Ok(false),
    }
}

fn hand_over(first: &str) -> zbus::Result<()> {
    let words: Vec<String> = std::env::args_os().map(|word| word.to_string_lossy().into_owned()).collect();
    let folder = std::env::current_dir().unwrap_or_default();
    let path = format!("/{}", first.replace('.', "/"));
    let bus = Builder::session()?.method_timeout(PATIENCE).build()?;
    bus.call_method(Some(first), path.as_str(), Some(INTERFACE), "ExecuteCallback", &(words, folder.to_string_lossy()))?;
    Ok(())
}
