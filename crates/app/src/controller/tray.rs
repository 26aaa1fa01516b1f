//! The tray, made from the status.

use belfry_core::AccountState;
use belfry_sync::{Phase, Progress};
use chrono::{DateTime, Utc};

use crate::documents::StatusDocument;
use crate::shell::{SyncState, Tray, TrayAction, TrayEntry, TrayIcon};

/// So many writes take long enough to be counted aloud.
const MANY: usize = 40;

/// The tray for a state. What needs the person comes first.
pub fn of(status: &StatusDocument, sync: SyncState, progress: Option<&Progress>, now: DateTime<Utc>) -> Tray {
    let item = |text: &str, action| TrayEntry::Item(text.to_owned(), action);
    let mut entries = vec![TrayEntry::Status(line(status, sync, progress, now))];
    for account in status.accounts.iter().filter(|account| account.state == AccountState::SignInNeeded) {
        entries.push(item(&format!("Sign in again: {}", account.login), TrayAction::SignIn(account.id.clone())));
    }
    entries.push(item("Sync now", TrayAction::SyncNow));
    entries.push(match sync {
        SyncState::Paused => item("Resume", TrayAction::Resume),
        SyncState::Local | SyncState::Idle | SyncState::Running => item("Pause for an hour", TrayAction::PauseForAnHour),
    });
    entries.push(TrayEntry::Separator);
    entries.push(item("New reminder...", TrayAction::NewReminder));
    entries.push(item("Open Belfry", TrayAction::Open));
    entries.push(item("Quit", TrayAction::Quit));
    let icon = match (&status.attention, sync) {
        (Some(_), _) => TrayIcon::NeedsYou,
        (None, SyncState::Running) => TrayIcon::Working,
        (None, SyncState::Local | SyncState::Idle | SyncState::Paused) => TrayIcon::Fine,
    };
    Tray { icon, entries }
}

fn line(status: &StatusDocument, sync: SyncState, progress: Option<&Progress>, now: DateTime<Utc>) -> String {
    if let Some(problem) = &status.attention {
        return problem.title.clone();
    }
    match (sync, status.last_good_sync_at()) {
        (SyncState::Running, _) => match progress.filter(|progress| progress.phase == Phase::Apply && progress.of > MANY) {
            Some(progress) => format!("Syncing, {} of {}", progress.done, progress.of),
            None => "Syncing...".into(),
        },
        (SyncState::Paused, _) => "Paused".into(),
        (SyncState::Local, _) => "On this computer only".into(),
        (SyncState::Idle, None) => "Not synced yet".into(),
        (SyncState::Idle, Some(at)) => match (now - at).num_minutes() {
            ..1 => "Synced just now".into(),
            1 => "Synced a minute ago".into(),
            minutes @ 2..60 => format!("Synced {minutes} minutes ago"),
            minutes if minutes < 120 => "Synced an hour ago".into(),
            minutes => format!("Synced {} hours ago", minutes / 60),
        },
    }
}
