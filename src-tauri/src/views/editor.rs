//! One reminder as the editor shows it, and what it may ask for.

use belfry_app::controller::{Answer, Exception, Opened, SeriesDate};
use belfry_app::reminders::ReminderWish;
use belfry_core::ShowAs;
use serde::{Deserialize, Serialize};
use specta::Type;

use super::{EntryView, ProblemView};

/// How the time looks to others.
#[derive(Debug, Clone, Copy, Serialize, Deserialize, Type)]
#[serde(rename_all = "snake_case")]
pub enum ShowAsView {
    /// Free.
    Free,
    /// Tentative.
    Tentative,
    /// Busy.
    Busy,
    /// Out of office.
    Oof,
    /// Working elsewhere.
    WorkingElsewhere,
}

impl From<ShowAsView> for ShowAs {
    fn from(view: ShowAsView) -> Self {
        match view {
            ShowAsView::Free => Self::Free,
            ShowAsView::Tentative => Self::Tentative,
            ShowAsView::Busy => Self::Busy,
            ShowAsView::Oof => Self::Oof,
            ShowAsView::WorkingElsewhere => Self::WorkingElsewhere,
        }
    }
}

impl From<ShowAs> for ShowAsView {
    fn from(show_as: ShowAs) -> Self {
        match show_as {
            ShowAs::Free => Self::Free,
            ShowAs::Tentative => Self::Tentative,
            ShowAs::Busy => Self::Busy,
            ShowAs::Oof => Self::Oof,
            ShowAs::WorkingElsewhere => Self::WorkingElsewhere,
        }
    }
}

/// What is to be said of a reminder; null is "as it is".
#[derive(Debug, Clone, Deserialize, Type)]
pub struct WishView {
    /// Title.
    pub title: Option<String>,
    /// `2027-03-03` or `2027-03-03T09:00`.
    pub at: Option<String>,
    /// IANA name.
    pub zone: Option<String>,
    /// Duration in minutes.
    pub minutes: Option<u32>,
    /// RRULE without its prefix; empty takes the repetition off.
    pub repeat: Option<String>,
    /// Lead times in minutes; empty is no alarm.
    pub alarms: Option<Vec<i32>>,
    /// Notes.
    pub notes: Option<String>,
    /// Category; empty takes it off.
    pub category: Option<String>,
    /// Show-as.
    pub show_as: Option<ShowAsView>,
    /// Private.
    pub private: Option<bool>,
    /// Web address; empty takes it off.
    pub link: Option<String>,
    /// Name of the list that it moves to.
    pub list: Option<String>,
}

impl From<WishView> for ReminderWish {
    fn from(view: WishView) -> Self {
        let WishView { title, at, zone, minutes, repeat, alarms, notes, category, show_as, private, link, list } = view;
        Self { title, at, zone, minutes, repeat, alarms, notes, category, show_as: show_as.map(ShowAs::from), private, link, list }
    }
}

/// One of the next dates.
#[derive(Debug, Clone, Serialize, Type)]
pub struct SeriesDateView {
    /// The day that names it.
    pub on: String,
    /// `YYYY-MM-DD` or `YYYY-MM-DDTHH:MM:SS`.
    pub start: String,
    /// Done.
    pub done: bool,
}

/// A date that is not as its series.
#[derive(Debug, Clone, Serialize, Type)]
pub struct ExceptionView {
    /// The day that names it.
    pub on: String,
    /// Left out, not only changed.
    pub left_out: bool,
}

/// A reminder as the editor shows it.
#[derive(Debug, Clone, Serialize, Type)]
pub struct OpenedView {
    /// Id.
    pub id: String,
    /// The day that names the date that is shown; null is the whole reminder.
    pub on: Option<String>,
    /// Title.
    pub title: String,
    /// Plain text.
    pub notes: String,
    /// `YYYY-MM-DD` or `YYYY-MM-DDTHH:MM:SS`, on the wall of its zone.
    pub start: String,
    /// IANA name, or null for all-day.
    pub zone: Option<String>,
    /// All day.
    pub all_day: bool,
    /// Length.
    pub minutes: u32,
    /// RRULE without its prefix, or null.
    pub repeat: Option<String>,
    /// Lead times in minutes.
    pub alarms: Vec<i32>,
    /// Category.
    pub category: Option<String>,
    /// Show-as.
    pub show_as: ShowAsView,
    /// Private.
    pub private: bool,
    /// Web address.
    pub link: Option<String>,
    /// Done.
    pub done: bool,
    /// Name of its list.
    pub list: String,
    /// Its source says what it is.
    pub sourced: bool,
    /// `local`, `waiting`, `synced`, ...
    pub state: String,
    /// The next dates of the series.
    pub next: Vec<SeriesDateView>,
    /// Dates that are not as the series.
    pub exceptions: Vec<ExceptionView>,
    /// The alarm that Outlook holds, or null.
    pub outlook_alarm: Option<u32>,
    /// Name of its Outlook calendar, or null.
    pub calendar: Option<String>,
    /// When it was last written to Outlook, RFC 3339, or null.
    pub written_at: Option<String>,
    /// Outlook has an event of it, written or found there.
    pub has_event: bool,
    /// What was done to it, newest first.
    pub history: Vec<EntryView>,
}

impl From<Opened> for OpenedView {
    fn from(opened: Opened) -> Self {
        let one = opened.reminder;
        Self {
            id: one.id,
            on: opened.on.map(|on| on.to_string()),
            title: one.title,
            notes: one.notes,
            start: one.start,
            zone: one.zone.map(str::to_owned),
            all_day: one.all_day,
            minutes: one.duration_minutes,
            repeat: one.recurrence,
            alarms: one.alarms,
            category: one.category,
            show_as: ShowAs::parse(one.show_as).unwrap_or_default().into(),
            private: one.private,
            link: one.link,
            done: one.done,
            list: one.list,
            sourced: one.sourced,
            state: one.state.to_owned(),
            next: opened
                .next
                .into_iter()
                .map(|SeriesDate { on, when, done }| SeriesDateView { on: on.to_string(), start: when.to_string(), done })
                .collect(),
            exceptions: opened
                .exceptions
                .into_iter()
                .map(|Exception { on, is_left_out }| ExceptionView { on: on.to_string(), left_out: is_left_out })
                .collect(),
            outlook_alarm: opened.outlook_alarm,
            calendar: opened.calendar,
            written_at: opened.written_at.map(|at| at.to_rfc3339()),
            has_event: opened.has_event,
            history: opened.history.into_iter().map(EntryView::from).collect(),
        }
    }
}

/// Takes a reminder out of an answer.
pub fn opened(answer: Answer) -> Result<OpenedView, ProblemView> {
    let Answer::Opened(opened) = answer else { return Err(super::mixed_up()) };
    Ok((*opened).into())
}
