//! Reminders to a table.

use belfry_core::{Length, Reminder, ReminderId, When, Zone};

use super::cells::push_row;

const HEADER: [&str; 14] =
    ["Id", "Title", "Date", "Time", "Zone", "Duration", "Repeat", "Alarm", "Category", "Show as", "Private", "Link", "Done", "Notes"];

/// Writes reminders as a table that spreadsheets open (UTF-8 with its mark, commas, CRLF) and [`super::read_csv`] reads again without a map.
///
/// Cancelled, changed and extra dates of a series are not in it: for a whole copy write a calendar ([`crate::write`]).
#[must_use]
pub fn write_csv(reminders: &[Reminder]) -> String {
    let mut out = String::from('\u{feff}');
    push_row(&mut out, HEADER.into_iter());
    for reminder in reminders {
        let cells = row(reminder);
        push_row(&mut out, cells.iter().map(String::as_str));
    }
    out
}

fn row(reminder: &Reminder) -> [String; 14] {
    let (date, time) = match &reminder.when {
        When::Date(on) => (on.format("%Y-%m-%d").to_string(), String::new()),
        When::At { local, .. } => (local.format("%Y-%m-%d").to_string(), local.format("%H:%M:%S").to_string()),
    };
    let length = match reminder.length {
        Length::Minutes(minutes) => format!("{minutes}m"),
        Length::Days(days) => format!("{days}d"),
    };
    let alarms: Vec<String> =
        reminder.effective_alarms().iter().map(|lead| if *lead < 0 { format!("{}m after", -lead) } else { format!("{lead}m") }).collect();
    let yes = |is: bool| if is { "yes".to_owned() } else { String::new() };
    let uid = reminder.uid.as_ref().filter(|uid| ReminderId::of_uid(reminder.list, uid) == reminder.id);
    [
        uid.cloned().unwrap_or_else(|| format!("{}/{}", reminder.list, reminder.id)),
        reminder.title.clone(),
        date,
        time,
        reminder.when.zone().map(Zone::name).unwrap_or_default().to_owned(),
        length,
        reminder.recurrence.as_ref().map(|series| series.rule.to_string()).unwrap_or_default(),
        if alarms.is_empty() { "none".to_owned() } else { alarms.join("; ") },
        reminder.effective_category().unwrap_or_default().to_owned(),
        reminder.effective_show_as().name().to_owned(),
        yes(reminder.effective_private()),
        reminder.link.clone().unwrap_or_default(),
        yes(reminder.is_done()),
        reminder.notes.clone(),
    ]
}
