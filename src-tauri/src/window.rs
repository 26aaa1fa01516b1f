//! The window, made when it is wanted.

use belfry_app::controller::Input;
use tauri::webview::NewWindowResponse;
use tauri::{AppHandle, Manager, WebviewWindowBuilder, WindowEvent};
use tauri_plugin_window_state::StateFlags;

use crate::choosing;

/// Place and size; whether it is shown is not its own affair.
pub fn remembered() -> StateFlags {
    StateFlags::all() - StateFlags::VISIBLE - StateFlags::DECORATIONS
}

/// Shows the window, making it if there is none. It goes nowhere but to its own pages.
pub fn show(app: &AppHandle) -> tauri::Result<()> {
    if let Some(window) = app.get_webview_window("main") {
        window.unminimize()?;
        window.show()?;
        return window.set_focus();
    }
    let config = app.config().app.windows.first().cloned().ok_or(tauri::Error::WindowNotFound)?;
    let window = WebviewWindowBuilder::from_config(app, &config)?
        .on_navigation(|url| {
            matches!(url.scheme(), "tauri" | "http" | "https")
                && matches!(url.host_str(), Some("localhost" | "tauri.localhost" | "127.0.0.1"))
        })
        .on_new_window(|_, _| NewWindowResponse::Deny)
        .build()?;
    let app = app.clone();
    window.on_window_event(move |event| match event {
        WindowEvent::CloseRequested { api, .. } => {
            api.prevent_close();
            crate::inputs(&app).send(Input::CloseWanted);
        }
        WindowEvent::Destroyed => app.state::<choosing::Open>().end(),
        _ => {}
    });
    Ok(())
}

/// Takes the window away, or makes it small where nothing else would lead back to it.
pub fn leave(app: &AppHandle, has_tray: bool) {
    let Some(window) = app.get_webview_window("main") else { return };
    let left = if has_tray { window.destroy() } else { window.minimize() };
    if let Err(error) = left {
        tracing::warn!(%error, "the window does not go");
    }
}
