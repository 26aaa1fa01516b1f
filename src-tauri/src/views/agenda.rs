//! The agenda, and a month.

use belfry_app::shell::{AgendaRow, Every};
use serde::Serialize;
use specta::Type;

/// How often a series comes, where that is one word.
#[derive(Debug, Clone, Copy, Serialize, Type)]
#[serde(rename_all = "snake_case")]
pub enum EveryView {
    /// Each day.
    Day,
    /// Each week, on one day of it or several.
    Week,
    /// Each month.
    Month,
    /// Each year.
    Year,
}

impl From<Every> for EveryView {
    fn from(every: Every) -> Self {
        match every {
            Every::Day => Self::Day,
            Every::Week => Self::Week,
            Every::Month => Self::Month,
            Every::Year => Self::Year,
        }
    }
}

/// One line of the agenda.
#[derive(Debug, Clone, Serialize, Type)]
pub struct AgendaRowView {
    /// Reminder id.
    pub id: String,
    /// Title.
    pub title: String,
    /// `YYYY-MM-DD`.
    pub day: String,
    /// `HH:MM`, or null for all-day.
    pub time: Option<String>,
    /// Name of its list.
    pub list: String,
    /// Colour of its list.
    pub colour: String,
    /// It repeats.
    pub repeats: bool,
    /// How often, where one word says it.
    pub every: Option<EveryView>,
    /// The day that names this date of a series, or null.
    pub on: Option<String>,
    /// Its source says what it is.
    pub sourced: bool,
    /// It has an alarm.
    pub alarm: bool,
    /// It is done.
    pub done: bool,
    /// It was due before now.
    pub overdue: bool,
    /// `local`, `waiting`, `synced`, ...
    pub state: String,
}

impl From<AgendaRow> for AgendaRowView {
    fn from(row: AgendaRow) -> Self {
        let AgendaRow { id, title, day, time, list, colour, repeats, every, on, sourced, alarm, done, overdue, state } = row;
        Self { id, title, day, time, list, colour, repeats, every: every.map(EveryView::from), on, sourced, alarm, done, overdue, state }
    }
}
