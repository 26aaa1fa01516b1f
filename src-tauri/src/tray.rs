//! The tray: draws the controller's value.

use belfry_app::controller::Input;
use belfry_app::shell::{Tray, TrayAction, TrayEntry, TrayIcon};
use tauri::image::Image;
use tauri::menu::{Menu, MenuItem, PredefinedMenuItem};
use tauri::tray::TrayIconBuilder;
use tauri::{AppHandle, Wry};

const FINE: Image<'_> = tauri::include_image!("../icons/tray-fine.png");
const WORKING: Image<'_> = tauri::include_image!("../icons/tray-working.png");
const NEEDS_YOU: Image<'_> = tauri::include_image!("../icons/tray-needs-you.png");

const ID: &str = "belfry";

/// Makes the tray icon; the controller fills its menu at once.
pub fn make(app: &AppHandle) -> tauri::Result<()> {
    TrayIconBuilder::with_id(ID)
        .icon(FINE)
        .menu(&Menu::new(app)?)
        .on_menu_event(|app, event| {
            if let Some(action) = action_of(event.id().as_ref()) {
                crate::inputs(app).send(Input::Tray(action));
            }
        })
        .build(app)?;
    Ok(())
}

/// Shows a tray. On the main thread.
pub fn show(app: &AppHandle, tray: &Tray) -> tauri::Result<()> {
    let Some(icon) = app.tray_by_id(ID) else { return Ok(()) };
    icon.set_icon(Some(match tray.icon {
        TrayIcon::Fine => FINE,
        TrayIcon::Working => WORKING,
        TrayIcon::NeedsYou => NEEDS_YOU,
    }))?;
    icon.set_menu(Some(menu(app, &tray.entries)?))
}

fn menu(app: &AppHandle, entries: &[TrayEntry]) -> tauri::Result<Menu<Wry>> {
    let menu = Menu::new(app)?;
    // A single & would underline the letter behind it.
    let plain = |text: &str| text.replace('&', "&&");
    for entry in entries {
        match entry {
            TrayEntry::Status(text) => menu.append(&MenuItem::new(app, plain(text), false, None::<&str>)?)?,
            TrayEntry::Item(text, action) => menu.append(&MenuItem::with_id(app, id_of(action), plain(text), true, None::<&str>)?)?,
            TrayEntry::Separator => menu.append(&PredefinedMenuItem::separator(app)?)?,
        }
    }
    Ok(menu)
}

fn id_of(action: &TrayAction) -> String {
    match action {
        TrayAction::SyncNow => "sync_now".into(),
        TrayAction::SignIn(account) => format!("sign_in:{account}"),
        TrayAction::PauseForAnHour => "pause".into(),
        TrayAction::Resume => "resume".into(),
        TrayAction::NewReminder => "new".into(),
        TrayAction::Open => "open".into(),
        TrayAction::Quit => "quit".into(),
        // Buttons of notifications; no menu has them.
        TrayAction::Done(of) => format!("done:{}", of.id),
        TrayAction::Snooze(of) => format!("snooze:{}", of.id),
        TrayAction::Review => "review".into(),
        TrayAction::Show(of) => format!("show:{}", of.id),
    }
}

/// The action of a menu id.
pub fn action_of(id: &str) -> Option<TrayAction> {
    Some(match id {
        "sync_now" => TrayAction::SyncNow,
        "pause" => TrayAction::PauseForAnHour,
        "resume" => TrayAction::Resume,
        "new" => TrayAction::NewReminder,
        "open" => TrayAction::Open,
        "quit" => TrayAction::Quit,
        _ => TrayAction::SignIn(id.strip_prefix("sign_in:")?.to_owned()),
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_action_comes_back_from_its_id() {
        for action in [
            TrayAction::SyncNow,
            TrayAction::SignIn("public/t/o".into()),
            TrayAction::PauseForAnHour,
            TrayAction::Resume,
            TrayAction::NewReminder,
            TrayAction::Open,
            TrayAction::Quit,
        ] {
            assert_eq!(action_of(&id_of(&action)), Some(action));
        }
    }
}
