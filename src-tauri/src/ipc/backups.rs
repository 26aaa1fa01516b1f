//! Copies of the database.

use belfry_app::backups::{BackupDocument, CopyState};
use belfry_app::controller::{Answer, Command, Online};
use serde::Serialize;
use specta::Type;
use tauri::State;

use super::{Outcome, ask, ask_online};
use crate::Inputs;

/// Whether everything can be put back to a copy.
#[derive(Debug, Clone, Copy, Serialize, Type)]
#[serde(rename_all = "snake_case")]
pub enum CopyStateView {
    /// It can.
    Whole,
    /// A newer Belfry made it.
    Newer,
    /// It is damaged, or cannot be read.
    Unreadable,
}

/// One copy.
#[derive(Debug, Clone, Serialize, Type)]
pub struct BackupView {
    /// Its path.
    pub file: String,
    /// When it was made, RFC 3339, or null.
    pub at: Option<String>,
    /// How large it is, in KiB.
    pub kib: u32,
    /// Whether it is good for anything.
    pub state: CopyStateView,
}

/// The copies that there are, the newest first.
#[tauri::command]
#[specta::specta]
pub async fn backups(inputs: State<'_, Inputs>) -> Outcome<Vec<BackupView>> {
    let Answer::Backups(all) = ask_online(&inputs, Online::Backups).await? else { return Ok(vec![]) };
    let view = |one: BackupDocument| BackupView {
        file: one.file,
        at: one.at.map(|at| at.to_rfc3339()),
        kib: u32::try_from(one.bytes.div_ceil(1_024)).unwrap_or(u32::MAX),
        state: match one.state {
            CopyState::Whole => CopyStateView::Whole,
            CopyState::Newer => CopyStateView::Newer,
            CopyState::Unreadable => CopyStateView::Unreadable,
        },
    };
    Ok(all.into_iter().map(view).collect())
}

/// Makes one now.
#[tauri::command]
#[specta::specta]
pub async fn back_up(inputs: State<'_, Inputs>) -> Outcome<()> {
    ask(&inputs, Command::BackUp).await.map(drop)
}

/// Puts everything back to a copy; how it is now is saved first.
#[tauri::command]
#[specta::specta]
pub async fn restore_backup(inputs: State<'_, Inputs>, file: String) -> Outcome<()> {
    ask_online(&inputs, Online::RestoreBackup(file)).await.map(drop)
}
