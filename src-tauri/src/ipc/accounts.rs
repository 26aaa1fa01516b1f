//! Accounts: signing in, in whichever way, and out.

use belfry_app::controller::{Command, Online};
use tauri::State;

use super::{Outcome, ask, ask_online};
use crate::Inputs;
use crate::views::{self, LetterView};

/// Connects an account.
#[tauri::command]
#[specta::specta]
pub async fn connect(inputs: State<'_, Inputs>, practice: bool) -> Outcome<()> {
    ask(&inputs, Command::Connect(practice)).await.map(drop)
}

/// Signs in again, asking for calendars.
#[tauri::command]
#[specta::specta]
pub async fn allow(inputs: State<'_, Inputs>, account: String) -> Outcome<()> {
    ask(&inputs, Command::Allow(account)).await.map(drop)
}

/// Asks whether an administrator gave access meanwhile; if not, opens the page once more.
#[tauri::command]
#[specta::specta]
pub async fn try_approval(inputs: State<'_, Inputs>, account: String) -> Outcome<()> {
    ask_online(&inputs, Online::TryApproval(account)).await.map(drop)
}

/// Signs out; the events of its lists are deleted first, or stay.
#[tauri::command]
#[specta::specta]
pub async fn sign_out(inputs: State<'_, Inputs>, account: String, delete_events: bool) -> Outcome<()> {
    ask_online(&inputs, Online::SignOut(account, delete_events)).await.map(drop)
}

/// The message for an administrator who has to approve.
#[tauri::command]
#[specta::specta]
pub async fn letter(inputs: State<'_, Inputs>, account: String) -> Outcome<LetterView> {
    ask_online(&inputs, Online::Letter(account)).await.map(views::letter)
}

/// Goes on with a code in a browser anywhere, instead of the browser that is waited for.
#[tauri::command]
#[specta::specta]
pub async fn use_code(inputs: State<'_, Inputs>) -> Outcome<()> {
    ask(&inputs, Command::UseCode).await.map(drop)
}

/// Stops waiting for the browser.
#[tauri::command]
#[specta::specta]
pub async fn cancel_sign_in(inputs: State<'_, Inputs>) -> Outcome<()> {
    ask(&inputs, Command::CancelSignIn).await.map(drop)
}
