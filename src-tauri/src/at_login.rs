//! Starting with the person's session on Linux: an entry of the session, or, in a sandbox, a wish that the desktop's portal grants or not.

mod entry;
mod portal;

use std::path::Path;

use belfry_app::Home;
use belfry_app::shell::AtLoginError;
use tauri::{AppHandle, Manager};

use crate::start;

/// Whether this program runs in a sandbox, whose folders are not those of the session.
fn is_sandboxed() -> bool {
    Path::new("/.flatpak-info").exists() || ["FLATPAK_ID", "SNAP"].iter().any(|name| std::env::var_os(name).is_some())
}

/// Whether it starts with the session. A portal is asked and does not tell: there it is what it was last set to.
pub fn is_on(last: bool) -> Option<bool> {
    if is_sandboxed() { Some(last) } else { entry::is_on() }
}

/// Makes it so, or not.
pub async fn set(app: &AppHandle, home: &Home, on: bool) -> Result<(), AtLoginError> {
    let words = start::with_session(home);
    if is_sandboxed() {
        return portal::ask(on, &words).await;
    }
    let failed = |error: std::io::Error| AtLoginError::Failed(error.into());
    let program = tauri::process::current_binary(&app.env()).map_err(failed)?;
    entry::set(on, &program, &words).map_err(failed)
}
