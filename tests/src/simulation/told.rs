//! Whether a computer says of a reminder what its event says, read by eyes of its own: nothing here comes from the client.

use belfry_simulator::world::SimEvent;
use chrono::{NaiveDate, NaiveDateTime, TimeZone};
use serde_json::Value;

/// The first field in which they differ.
pub fn differs(shown: &Value, event: &SimEvent) -> Option<&'static str> {
    let member = |name: &str| event.members.get(name).cloned().unwrap_or_default();
    let text = |name: &str| shown.get(name).and_then(Value::as_str).unwrap_or_default().to_owned();
    let is_done = shown.get("done") == Some(&Value::Bool(true));
    let nearest = shown.get("alarms").and_then(Value::as_array).and_then(|all| all.iter().filter_map(Value::as_u64).min());
    let alarm = (member("isReminderOn") == true).then(|| member("reminderMinutesBeforeStart").as_u64()).flatten();
    let notes = member("body").pointer("/content").and_then(Value::as_str).unwrap_or_default().replace("\r\n", "\n").trim_end().to_owned();
    let show_as = match member("showAs").as_str().unwrap_or_default() {
        "workingElsewhere" => "working_elsewhere".to_owned(),
        other => other.to_owned(),
    };
    let fields = [
        ("title", member("subject") == text("title")),
        ("category", member("categories").get(0).cloned().unwrap_or_default() == shown.get("category").cloned().unwrap_or_default()),
        ("start", starts(shown) == instant(event.start, &event.start_zone)),
        // Only the computer that it was done on knows why it is quiet.
        ("alarms", is_done || alarm.is_none() || alarm == nearest),
        ("show_as", show_as == text("show_as")),
        ("private", (member("sensitivity") == "private") == (shown.get("private") == Some(&Value::Bool(true)))),
        ("notes", notes == text("notes")),
        ("recurrence", member("recurrence").is_object() == shown.get("recurrence").is_some_and(Value::is_string)),
    ];
    fields.into_iter().find(|(_, agrees)| !agrees).map(|(name, _)| name)
}

fn starts(shown: &Value) -> Option<i64> {
    let text = shown.get("start").and_then(Value::as_str)?;
    match shown.get("zone").and_then(Value::as_str) {
        None => Some(text.parse::<NaiveDate>().ok()?.and_hms_opt(0, 0, 0)?.and_utc().timestamp()),
        Some(zone) => instant(text.parse::<NaiveDateTime>().ok()?, zone),
    }
}

/// A wall time in a zone, by its IANA or its Windows name, in seconds since 1970.
fn instant(local: NaiveDateTime, zone: &str) -> Option<i64> {
    let name = match zone {
        "W. Europe Standard Time" => "Europe/Berlin",
        other => other,
    };
    let zone: chrono_tz::Tz = name.parse().ok()?;
    zone.from_local_datetime(&local).earliest().map(|at| at.timestamp())
}
