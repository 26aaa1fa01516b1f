//! An event as Graph shows it.

use base64::Engine;
use chrono::{DateTime, NaiveDateTime, Utc};
use serde_json::{Map, Value, json};

use crate::graph::{Ask, zones};
use crate::world::SimEvent;

/// `W/"<change key>"`.
pub fn etag(event: &SimEvent) -> String {
    format!("W/\"{}\"", change_key(event))
}

fn change_key(event: &SimEvent) -> String {
    base64::engine::general_purpose::STANDARD.encode(format!("ck{:012}", event.change))
}

fn time(at: DateTime<Utc>) -> String {
    // Seven digits, as Graph writes them; chrono knows three, six and nine.
    at.format("%Y-%m-%dT%H:%M:%S%.6f0Z").to_string()
}

pub fn start_utc(event: &SimEvent) -> DateTime<Utc> {
    zones::zone(&event.start_zone).map_or_else(|_| event.start.and_utc(), |tz| zones::instant(tz, event.start))
}

pub fn end_utc(event: &SimEvent) -> DateTime<Utc> {
    zones::zone(&event.end_zone).map_or_else(|_| event.end.and_utc(), |tz| zones::instant(tz, event.end))
}

/// Whether any of it lies in a window.
pub fn is_inside(event: &SimEvent, from: DateTime<Utc>, to: DateTime<Utc>) -> bool {
    let start = start_utc(event);
    start < to && (start >= from || end_utc(event) > from)
}

pub fn is_all_day(event: &SimEvent) -> bool {
    event.members.get("isAllDay").and_then(Value::as_bool) == Some(true)
}

/// `dateTimeTimeZone`: seven digits, UTC unless asked otherwise; all-day is midnight whatever was asked.
pub fn moment(event: &SimEvent, at: DateTime<Utc>, local: NaiveDateTime, ask: &Ask) -> Value {
    let wanted = ask.preference("outlook.timezone").unwrap_or("UTC");
    let shown = match zones::zone(wanted) {
        _ if is_all_day(event) => local,
        Ok(tz) => zones::wall(tz, at),
        Err(_) => at.naive_utc(),
    };
    let zone = if is_all_day(event) { "UTC" } else { wanted };
    json!({"dateTime": format!("{}.0000000", shown.format("%Y-%m-%dT%H:%M:%S")), "timeZone": zone})
}

/// What stays the same for the life of an event, in hexadecimal.
fn stable(event: &SimEvent) -> String {
    let bytes: String = event.id.bytes().rev().take(16).map(|byte| format!("{byte:02X}")).collect();
    format!("{bytes:0>32}")
}

/// The whole event. `type` is singleInstance or seriesMaster; the dates of a series are made from their master.
pub fn event(event: &SimEvent, ask: &Ask, owner: &Value) -> Value {
    let get = |name: &str| event.members.get(name).cloned();
    let series = event.is_series();
    let mut out = Map::new();
    let mut put = |name: &str, value: Value| drop(out.insert(name.to_owned(), value));
    put("@odata.etag", Value::from(etag(event)));
    put("id", Value::from(event.id.clone()));
    put("createdDateTime", Value::from(time(event.created_at)));
    put("lastModifiedDateTime", Value::from(time(event.modified_at)));
    put("changeKey", Value::from(change_key(event)));
    put("categories", get("categories").unwrap_or_else(|| json!([])));
    put("transactionId", event.transaction_id.clone().map_or(Value::Null, Value::from));
    put("originalStartTimeZone", Value::from(event.start_zone.clone()));
    put("originalEndTimeZone", Value::from(event.end_zone.clone()));
    put("iCalUId", Value::from(format!("040000008200E00074C5B7101A82E008{}", stable(event))));
    put("reminderMinutesBeforeStart", get("reminderMinutesBeforeStart").unwrap_or(json!(15)));
    put("isReminderOn", get("isReminderOn").unwrap_or(json!(true)));
    put("hasAttachments", json!(false));
    put("subject", get("subject").unwrap_or(Value::Null));
    put("importance", get("importance").unwrap_or(json!("normal")));
    put("sensitivity", get("sensitivity").unwrap_or(json!("normal")));
    put("isAllDay", json!(is_all_day(event)));
    put("isCancelled", json!(false));
    put("isOrganizer", json!(true));
    put("responseRequested", get("responseRequested").unwrap_or(json!(true)));
    put("seriesMasterId", Value::Null);
    put("showAs", get("showAs").unwrap_or(json!("busy")));
    put("type", json!(if series { "seriesMaster" } else { "singleInstance" }));
    put("webLink", Value::from(format!("https://outlook.office365.com/owa/?itemid={}&exvsurl=1&path=/calendar/item", stable(event))));
    put("isOnlineMeeting", get("isOnlineMeeting").unwrap_or(json!(false)));
    put("onlineMeetingProvider", get("onlineMeetingProvider").unwrap_or(json!("unknown")));
    put("onlineMeetingUrl", Value::Null);
    put("onlineMeeting", Value::Null);
    put("allowNewTimeProposals", get("allowNewTimeProposals").unwrap_or(json!(true)));
    put("isDraft", json!(false));
    put("hideAttendees", get("hideAttendees").unwrap_or(json!(false)));
    put("recurrence", get("recurrence").map_or(Value::Null, recurrence));
    put("responseStatus", json!({"response": "organizer", "time": "0001-01-01T00:00:00Z"}));
    let (body, preview) = body(event, ask);
    put("bodyPreview", preview);
    put("body", body);
    put("start", moment(event, start_utc(event), event.start, ask));
    put("end", moment(event, end_utc(event), event.end, ask));
    put(
        "location",
        get("location").unwrap_or_else(
            || json!({"displayName": "", "locationType": "default", "uniqueIdType": "unknown", "address": {}, "coordinates": {}}),
        ),
    );
    put("locations", get("locations").unwrap_or_else(|| json!([])));
    put("attendees", get("attendees").unwrap_or_else(|| json!([])));
    put("organizer", json!({"emailAddress": owner}));
    Value::Object(out)
}

/// Numbers that a pattern does not use come back as 0.
pub fn recurrence(mut recurrence: Value) -> Value {
    for name in ["month", "dayOfMonth"] {
        if recurrence.pointer(&format!("/pattern/{name}")).is_none() {
            recurrence["pattern"][name] = json!(0);
        }
    }
    if recurrence.pointer("/pattern/index").is_none() {
        recurrence["pattern"]["index"] = json!("first");
    }
    if recurrence.pointer("/range/numberOfOccurrences").is_none() {
        recurrence["range"]["numberOfOccurrences"] = json!(0);
    }
    if recurrence.pointer("/range/endDate").is_none() {
        recurrence["range"]["endDate"] = json!("0001-01-01");
    }
    recurrence
}

/// Exchange keeps bodies as HTML and turns them back into text with CRLF and a line end more than it got.
fn body(event: &SimEvent, ask: &Ask) -> (Value, Value) {
    let stored = event.members.get("body");
    let content = stored.and_then(|body| body.get("content")).and_then(Value::as_str).unwrap_or_default();
    let is_html =
        stored.and_then(|body| body.get("contentType")).and_then(Value::as_str).is_some_and(|kind| kind.eq_ignore_ascii_case("html"));
    let text = if is_html { strip_tags(content) } else { content.to_owned() };
    let preview: String = text.chars().take(255).collect();
    if ask.preference("outlook.body-content-type").is_some_and(|kind| kind.eq_ignore_ascii_case("text")) {
        let text = if text.is_empty() { String::new() } else { format!("{}\r\n", text.replace("\r\n", "\n").replace('\n', "\r\n")) };
        return (json!({"contentType": "text", "content": text}), Value::from(preview));
    }
    let html = if is_html { content.to_owned() } else { paragraphs(&text) };
    (
        json!({"contentType": "html", "content": format!("<html><head>\r\n<meta http-equiv=\"Content-Type\" content=\"text/html; charset=utf-8\">\r\n</head>\r\n<body>\r\n{html}\r\n</body>\r\n</html>\r\n")}),
        Value::from(preview),
    )
}

fn paragraphs(text: &str) -> String {
    text.replace('&', "&amp;").replace('<', "&lt;").replace('>', "&gt;").replace('\n', "<br>\r\n")
}

fn strip_tags(html: &str) -> String {
    let mut out = String::new();
    let mut inside = false;
    for c in html.chars() {
        match c {
            '<' => inside = true,
            '>' => inside = false,
            c if !inside => out.push(c),
            _ => {}
        }
    }
    out.trim().to_owned()
}
