//! Settings, the pause, and what was asked for outside of the window.

use belfry_app::controller::{Command, Online};
use tauri::State;

use super::{Outcome, ask, ask_online};
use crate::Inputs;
use crate::views::{self, PreferencesView, SettingsView};

/// The settings.
#[tauri::command]
#[specta::specta]
pub async fn settings(inputs: State<'_, Inputs>) -> Outcome<SettingsView> {
    ask(&inputs, Command::Settings).await.and_then(views::settings)
}

/// Changes the settings.
#[tauri::command]
#[specta::specta]
pub async fn set_preferences(inputs: State<'_, Inputs>, preferences: PreferencesView) -> Outcome<()> {
    ask(&inputs, Command::SetPreferences(preferences.into())).await.map(drop)
}

/// Timers sync nothing for so many minutes, or until resumed.
#[tauri::command]
#[specta::specta]
pub async fn pause(inputs: State<'_, Inputs>, minutes: Option<u32>) -> Outcome<()> {
    ask(&inputs, Command::Pause(minutes)).await.map(drop)
}

/// Timers sync again.
#[tauri::command]
#[specta::specta]
pub async fn resume(inputs: State<'_, Inputs>) -> Outcome<()> {
    ask(&inputs, Command::Resume).await.map(drop)
}

/// Starts Belfry when the person signs in to the computer, or does not.
#[tauri::command]
#[specta::specta]
pub async fn start_at_login(inputs: State<'_, Inputs>, on: bool) -> Outcome<()> {
    ask_online(&inputs, Online::StartAtLogin(on)).await.map(drop)
}

/// Ends the program.
#[tauri::command]
#[specta::specta]
pub async fn quit(inputs: State<'_, Inputs>) -> Outcome<()> {
    ask(&inputs, Command::Quit).await.map(drop)
}

/// The window has done what it was to do first.
#[tauri::command]
#[specta::specta]
pub async fn ran_errand(inputs: State<'_, Inputs>) -> Outcome<()> {
    ask(&inputs, Command::RanErrand).await.map(drop)
}
