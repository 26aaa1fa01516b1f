//! The outside as the controller sees it: one small port, and what it shows as plain values. A shell only draws them.

use std::path::{Path, PathBuf};
use std::time::Duration;

use belfry_core::Problem;
use chrono::{DateTime, Utc};
use futures::future::LocalBoxFuture;
use serde::{Deserialize, Serialize};

use crate::config::Language;
use crate::documents::{AccountDocument, ListDocument};
use crate::language::Tongue;
use crate::ringing::DueDate;

/// What a shell can do. None of it decides anything.
pub trait Shell {
    /// Opens an address in the system's browser; false when there is none.
    fn open_browser(&self, url: &str) -> bool;
    /// Shows the window, making it if need be.
    fn show_window(&self);
    /// Shows the tray as it should be now.
    fn set_tray(&self, tray: &Tray);
    /// Tells the window that the snapshot is another one.
    fn changed(&self);
    /// Shows a notification.
    fn notify(&self, notice: &Notice);
    /// Whether the desktop has a place for the tray icon.
    fn has_tray(&self) -> LocalBoxFuture<'_, bool> {
        Box::pin(std::future::ready(true))
    }
    /// Makes what is in the window so large, in percent. A window that is made later has the size of the settings.
    fn set_zoom(&self, _percent: u32) {}
    /// Takes the window away; the process goes on. Where there is no tray icon it is only made small, or nobody would find it again.
    fn leave_window(&self, _has_tray: bool) {}
    /// Lets the person choose a file or a folder; nothing when they do not, or there is no window to ask in.
    fn choose(&self, _: Choice) -> LocalBoxFuture<'_, Option<PathBuf>> {
        Box::pin(std::future::ready(None))
    }
    /// Whether Belfry starts when the person signs in to the computer; `None` where that cannot be known. `last` is what it was last set to, for a desktop that takes
    /// a wish and tells nobody about it.
    fn starts_at_login(&self, _last: bool) -> Option<bool> {
        None
    }
    /// Makes it so, or not. The desktop may ask the person first.
    fn set_start_at_login(&self, _: bool) -> LocalBoxFuture<'_, Result<(), AtLoginError>> {
        Box::pin(std::future::ready(Err(AtLoginError::Refused)))
    }
    /// The language to speak, where this one was chosen. A terminal speaks English.
    fn tongue(&self, _: Language) -> Tongue {
        Tongue::En
    }
    /// How long after its window was closed the process is to begin anew without one; `None` where it cannot.
    fn lean_after(&self) -> Option<Duration> {
        None
    }
    /// Whether the person may still answer a notification of this process.
    fn is_waited_for(&self) -> bool {
        false
    }
    /// Makes way for the process that follows: a second start is handed over no more, it becomes the first. False when there can be no other process.
    fn stand_down(&self) -> bool {
        false
    }
    /// Ends the program.
    fn quit(&self);

    /// Asks the page of the window, if there is one, to hand over what was typed last.
    fn hand_over(&self);
}

/// What a person is to choose.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Choice {
    /// A calendar file or a table.
    File,
    /// A folder.
    Folder,
}

/// Why it could not be changed whether Belfry starts at login.
#[derive(Debug, thiserror::Error)]
pub enum AtLoginError {
    /// The desktop, or the person whom it asked, does not want it.
    #[error("the desktop does not allow it")]
    Refused,
    /// The desktop gave no answer, or the entry cannot be written.
    #[error("it cannot be changed here")]
    Failed(#[source] Box<dyn std::error::Error + Send + Sync>),
}

/// What a person asked for outside of the window, and what the window is to do first.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Errand {
    /// Take a new reminder.
    NewReminder,
    /// Offer a list that follows this file, folder or feed.
    Follow(String),
    /// Show what waits for a yes.
    Review,
    /// Show a reminder, or one date of it.
    Reminder(DueDate),
}

impl Errand {
    /// What a command line asks for: `--quick-add`, a calendar file, or a `webcal:` link, which is a feed over https by custom.
    #[must_use]
    pub fn of(words: &[String], folder: &Path) -> Option<Self> {
        let followed = |word: &String| match word.split_once("://") {
            Some((scheme, rest)) if ["webcal", "webcals"].iter().any(|known| scheme.eq_ignore_ascii_case(known)) => {
                Some(format!("https://{rest}"))
            }
            Some(_) => crate::typed_path::file_address(word).filter(|path| is_followable(path)).map(|path| path.display().to_string()),
            None => {
                Some(folder.join(word)).filter(|path| !word.starts_with('-') && is_followable(path)).map(|path| path.display().to_string())
            }
        };
        let is_new = words.iter().any(|word| word == "--quick-add");
        if is_new { Some(Self::NewReminder) } else { words.iter().find_map(followed).map(Self::Follow) }
    }
}

fn is_followable(path: &Path) -> bool {
    let ends = path.extension().and_then(|end| end.to_str()).map(str::to_ascii_lowercase);
    // A folder may be the value of an option, such as the home.
    path.is_file() && matches!(ends.as_deref(), Some("ics" | "ical" | "icalendar" | "csv"))
}

/// The state that the tray icon shows, by shape.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize)]
#[serde(rename_all = "snake_case")]
pub enum TrayIcon {
    /// All is well.
    Fine,
    /// A sync runs.
    Working,
    /// A person has to do something.
    NeedsYou,
}

/// What a click in the tray menu means.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum TrayAction {
    /// Sync now.
    SyncNow,
    /// Sign in again to this account.
    SignIn(String),
    /// Be quiet for an hour.
    PauseForAnHour,
    /// Go on.
    Resume,
    /// Show the window with quick add focused.
    NewReminder,
    /// Show the window.
    Open,
    /// End.
    Quit,
    /// What is due is done.
    Done(DueDate),
    /// It rings again in a while.
    Snooze(DueDate),
    /// Show what waits for a yes.
    Review,
    /// Show what is due.
    Show(DueDate),
}

/// One line of the tray menu.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub enum TrayEntry {
    /// Text that cannot be clicked.
    Status(String),
    /// Something to do.
    Item(String, TrayAction),
    /// A line between.
    Separator,
}

/// The tray as a value.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Tray {
    /// The icon.
    pub icon: TrayIcon,
    /// The menu.
    pub entries: Vec<TrayEntry>,
}

/// A notification.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Notice {
    /// One line.
    pub title: String,
    /// One sentence.
    pub body: String,
    /// What its buttons do, and their words.
    pub actions: Vec<(TrayAction, String)>,
    /// What a click beside the buttons does.
    pub click: TrayAction,
}

/// What the sync pill says.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize)]
#[serde(rename_all = "snake_case")]
pub enum SyncState {
    /// Nothing is kept in Outlook.
    Local,
    /// Waiting for the next time.
    Idle,
    /// Running.
    Running,
    /// A person asked for quiet.
    Paused,
}

/// How often a series comes, where that is one word.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize)]
#[serde(rename_all = "snake_case")]
pub enum Every {
    /// Each day.
    Day,
    /// Each week, on one day of it or several.
    Week,
    /// Each month.
    Month,
    /// Each year.
    Year,
}

/// One line of the agenda: the next date of a reminder.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct AgendaRow {
    /// Reminder id.
    pub id: String,
    /// Title.
    pub title: String,
    /// `YYYY-MM-DD` on the wall.
    pub day: String,
    /// `HH:MM`, or nothing for all-day.
    pub time: Option<String>,
    /// Name of the list.
    pub list: String,
    /// Colour of the list.
    pub colour: String,
    /// Whether it repeats.
    pub repeats: bool,
    /// How often, where one word says it.
    pub every: Option<Every>,
    /// The day that names this date of a series.
    pub on: Option<String>,
    /// Whether its source says what it is.
    pub sourced: bool,
    /// Whether it has an alarm.
    pub alarm: bool,
    /// Whether it is done.
    pub done: bool,
    /// Whether it was due before now.
    pub overdue: bool,
    /// As in the `ls` document.
    pub state: String,
}

/// A list as the window shows it.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct ListRow {
    /// The list.
    pub list: ListDocument,
    /// `#rrggbb`.
    pub colour: String,
    /// What new reminders of it get.
    pub defaults: belfry_core::list::ListDefaults,
    /// How many months ahead a rule that Outlook cannot hold is written out.
    pub horizon_months: u32,
    /// How many items of its source could not be read.
    pub set_aside: u32,
}

/// A sign-in that waits for its browser.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize)]
pub struct SigningIn {
    /// Where the browser has to go; empty until that is known.
    pub url: String,
    /// The code to type there, when a browser elsewhere is used.
    pub code: Option<String>,
}

/// Everything that the window shows.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct Snapshot {
    /// Today on the wall, so that the window's days are those of the app.
    pub today: String,
    /// By day and time.
    pub agenda: Vec<AgendaRow>,
    /// Lists.
    pub lists: Vec<ListRow>,
    /// Accounts.
    pub accounts: Vec<AccountDocument>,
    /// The sync pill.
    pub sync: SyncState,
    /// When a sync last ended well.
    pub last_sync_at: Option<DateTime<Utc>>,
    /// How many reminders wait for the next sync.
    pub waiting: u32,
    /// What a person should do first.
    pub attention: Option<Problem>,
    /// The sign-in that waits for its browser.
    pub signing_in: Option<SigningIn>,
    /// Why the last sign-in failed, until the next one begins.
    pub sign_in_problem: Option<Problem>,
    /// What the window is to do first, until it says that it did.
    pub errand: Option<Errand>,
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_command_line_asks_for_a_reminder_a_file_or_a_feed() {
        let folder = tempfile::tempdir().expect("a folder");
        for name in ["bins.ics", "my bins.ics", "notes.txt"] {
            std::fs::write(folder.path().join(name), "").expect("written");
        }
        let of = |words: &[&str]| Errand::of(&words.iter().map(|word| (*word).to_owned()).collect::<Vec<_>>(), folder.path());
        let path = |name: &str| Some(Errand::Follow(folder.path().join(name).display().to_string()));
        assert_eq!(of(&["belfry-desktop", "--quick-add"]), Some(Errand::NewReminder));
        assert_eq!(of(&["belfry-desktop", "bins.ics"]), path("bins.ics"));
        assert_eq!(of(&["belfry-desktop", &format!("file://{}/bins.ics", folder.path().display())]), path("bins.ics"));
        let spaced = format!("file://{}/my%20bins.ics", folder.path().display());
        assert_eq!(of(&["belfry-desktop", &spaced]), path("my bins.ics"));
        assert_eq!(of(&["belfry-desktop", "WEBCAL://example.org/a.ics"]), Some(Errand::Follow("https://example.org/a.ics".into())));
        for nothing in [
            &["belfry-desktop"][..],
            &["x", "notes.txt"],
            &["x", "--background"],
            &["x", "gone.ics"],
            &["x", "--home", "."],
            &["x", "javascript://a.ics"],
        ] {
            assert_eq!(of(nothing), None, "{nothing:?}");
        }
    }
}
