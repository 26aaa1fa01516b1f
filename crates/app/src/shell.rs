//! The outside as the controller sees it: one small port, and what it shows as plain values. A shell only draws them.

use belfry_core::Problem;
use chrono::{DateTime, Utc};
use serde::Serialize;

use crate::documents::{AccountDocument, ListDocument};
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
    /// Ends the program.
    fn quit(&self);
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
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
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
    /// What its buttons do, and their words; the first is what a click on the notification does.
    pub actions: Vec<(TrayAction, String)>,
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
}
