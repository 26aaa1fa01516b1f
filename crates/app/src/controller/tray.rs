//! The tray, made from the status.

use belfry_core::{AccountState, Zone};
use belfry_sync::{Phase, Progress};
use chrono::{DateTime, Utc};

use crate::documents::StatusDocument;
use crate::language::{Say, Tongue, with};
use crate::shell::{SyncState, Tray, TrayAction, TrayEntry, TrayIcon};

/// So many writes take long enough to be counted aloud.
const MANY: usize = 40;

/// When it is, by the clock at home.
#[derive(Debug, Clone, Copy)]
pub struct Moment {
    /// Now.
    pub now: DateTime<Utc>,
    /// When the next sync is due.
    pub due: Option<DateTime<Utc>>,
    /// The zone of the person.
    pub zone: Zone,
}

/// The tray for a state. What needs the person comes first.
pub fn of(status: &StatusDocument, sync: SyncState, progress: Option<&Progress>, at: Moment, tongue: Tongue) -> Tray {
    let say = tongue.say();
    let item = |text: &str, action| TrayEntry::Item(text.to_owned(), action);
    let line = match &status.attention {
        Some(problem) => tongue.problem(problem, None).0,
        None => line(status, sync, progress, at, say),
    };
    let mut entries = vec![TrayEntry::Status(line)];
    for account in status.accounts.iter().filter(|account| account.state == AccountState::SignInNeeded) {
        entries.push(item(&with(say.sign_in_again, &account.login), TrayAction::SignIn(account.id.clone())));
    }
    entries.push(item(say.sync_now, TrayAction::SyncNow));
    entries.push(match sync {
        SyncState::Paused => item(say.resume, TrayAction::Resume),
        SyncState::Local | SyncState::Idle | SyncState::Running => item(say.pause, TrayAction::PauseForAnHour),
    });
    entries.push(TrayEntry::Separator);
    entries.push(item(say.new_reminder, TrayAction::NewReminder));
    entries.push(item(say.open, TrayAction::Open));
    entries.push(item(say.quit, TrayAction::Quit));
    let icon = match (&status.attention, sync) {
        (Some(_), _) => TrayIcon::NeedsYou,
        (None, SyncState::Running) => TrayIcon::Working,
        (None, SyncState::Local | SyncState::Idle | SyncState::Paused) => TrayIcon::Fine,
    };
    Tray { icon, entries }
}

fn line(status: &StatusDocument, sync: SyncState, progress: Option<&Progress>, at: Moment, say: &Say) -> String {
    // What was looked at for a plan was read and not written: nothing is in Outlook before the first list is started.
    let is_there = status.lists.iter().any(|list| list.account.is_some() && !list.unstarted);
    match (sync, status.last_good_sync_at().filter(|_| is_there)) {
        (SyncState::Running, _) => match progress.filter(|progress| progress.phase == Phase::Apply && progress.of > MANY) {
            Some(progress) => with(say.syncing_of, progress.done).replace("{of}", &progress.of.to_string()),
            None => say.syncing.into(),
        },
        (SyncState::Paused, _) => say.paused.into(),
        (SyncState::Local, _) => say.local.into(),
        (SyncState::Idle, _) if status.is_last_sync_short() => failed(at, say),
        (SyncState::Idle, None) => say.never.into(),
        (SyncState::Idle, Some(good)) => match (at.now - good).num_minutes() {
            ..1 => say.just_now.into(),
            1 => say.minute_ago.into(),
            minutes @ 2..60 => with(say.minutes_ago, minutes),
            minutes if minutes < 120 => say.hour_ago.into(),
            minutes => with(say.hours_ago, minutes / 60),
        },
    }
}

/// What was synced before is no news beside that.
fn failed(at: Moment, say: &Say) -> String {
    let Some(due) = at.due.filter(|due| at.now < *due) else { return say.failed.into() };
    let (today, then) = (at.zone.wall(at.now), at.zone.wall(due));
    let form = if today.date() == then.date() { "%H:%M" } else { "%Y-%m-%d %H:%M" };
    with(say.failed_until, then.format(form))
}
