//! The window, made when it is wanted.

use belfry_app::Home;
use belfry_app::config::Config;
use belfry_app::controller::Input;
use tauri::webview::NewWindowResponse;
use tauri::{AppHandle, LogicalSize, Manager, WebviewWindow, WebviewWindowBuilder, WindowEvent};
use tauri_plugin_window_state::StateFlags;

use crate::choosing;

/// What is left for the page of the smallest window, in CSS pixels: so much it needs for nothing to be cut off (`walks/accessible.mjs` tries it).
const SMALLEST: (f64, f64) = (320.0, 300.0);

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
    // A file that cannot be read is said by the page.
    let percent = Config::read(&app.state::<Home>()).unwrap_or_default().window.zoom;
    if percent != 100 {
        enlarge(&window, percent)?;
    }
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

/// Makes what is in the window so large, if there is one.
pub fn set_zoom(app: &AppHandle, percent: u32) -> tauri::Result<()> {
    app.get_webview_window("main").map_or(Ok(()), |window| enlarge(&window, percent))
}

/// The page as a whole: the larger it is the fewer CSS pixels are in the window, and the layout goes by those. A window cannot be made smaller than the page needs.
fn enlarge(window: &WebviewWindow, percent: u32) -> tauri::Result<()> {
    let factor = f64::from(percent) / 100.0;
    let config = window.config().app.windows.first();
    let least = |of_config: Option<f64>, of_page: f64| of_config.unwrap_or_default().max(of_page * factor);
    let width = least(config.and_then(|config| config.min_width), SMALLEST.0);
    let height = least(config.and_then(|config| config.min_height), SMALLEST.1);
    window.set_min_size(Some(LogicalSize::new(width, height)))?;
    window.set_zoom(factor)
}

/// Takes the window away, or makes it small where nothing else would lead back to it.
pub fn leave(app: &AppHandle, has_tray: bool) {
    let Some(window) = app.get_webview_window("main") else { return };
    let left = if has_tray { window.destroy() } else { window.minimize() };
    if let Err(error) = left {
        tracing::warn!(%error, "the window does not go");
    }
}
