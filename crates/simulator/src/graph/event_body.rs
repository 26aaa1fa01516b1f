//! Reads the body of a POST or PATCH of an event, and refuses what Graph refuses.

use chrono::{DateTime, NaiveDate, NaiveDateTime, NaiveTime};
use serde_json::{Map, Value};

use crate::graph::{shape, zones};
use crate::reply::Reply;
use crate::world::SimEvent;

/// Members that a client may write.
const WRITABLE: [&str; 24] = [
    "attendees",
    "body",
    "categories",
    "end",
    "hideAttendees",
    "importance",
    "isAllDay",
    "isOnlineMeeting",
    "isReminderOn",
    "location",
    "locations",
    "onlineMeetingProvider",
    "recurrence",
    "reminderMinutesBeforeStart",
    "responseRequested",
    "sensitivity",
    "showAs",
    "start",
    "subject",
    "transactionId",
    "singleValueExtendedProperties",
    "allowNewTimeProposals",
    "extensions",
    "isDraft",
];
/// Members that the server itself sets; sending them is no error, it has no effect.
const READ_ONLY: [&str; 21] = [
    "originalStart",
    "originalStartTimeZone",
    "originalEndTimeZone",
    "onlineMeeting",
    "onlineMeetingUrl",
    "cancelledOccurrences",
    "exceptionOccurrences",
    "id",
    "changeKey",
    "createdDateTime",
    "lastModifiedDateTime",
    "iCalUId",
    "bodyPreview",
    "hasAttachments",
    "isCancelled",
    "isOrganizer",
    "organizer",
    "responseStatus",
    "seriesMasterId",
    "type",
    "webLink",
];

/// Whether a client may write a member.
pub fn is_writable(name: &str) -> bool {
    WRITABLE.contains(&name)
}

pub fn invalid() -> Reply {
    Reply::bare_error(400, "ErrorPropertyValidationFailure", "At least one property failed validation.")
}

/// Puts a body into an event. On error the event is to be thrown away.
pub fn apply(event: &mut SimEvent, body: &Value) -> Result<(), Reply> {
    let members = body.as_object().ok_or_else(|| Reply::error(400, "BadRequest", "Empty Payload. JSON content expected."))?;
    let known: Vec<&str> = WRITABLE.iter().chain(&READ_ONLY).copied().collect();
    super::calendars::known_members(body, &known, "event")?;
    for (name, value) in members.iter().filter(|(name, _)| !name.starts_with('@')) {
        let value = shape::member(name, value)?;
        if !is_writable(name) {
            continue;
        }
        match name.as_str() {
            "start" => (event.start, event.start_zone) = moment(&value)?,
            "end" => (event.end, event.end_zone) = moment(&value)?,
            "singleValueExtendedProperties" => properties(event, &value)?,
            "transactionId" | "extensions" | "isDraft" => {}
            _ if value.is_null() => drop(event.members.remove(name)),
            _ => drop(event.members.insert(name.clone(), value)),
        }
    }
    let zone_moved = members.contains_key("start") && event.members.contains_key("recurrence") && !members.contains_key("recurrence");
    if zone_moved && recurrence_zone(&event.members).is_some_and(|zone| zone != event.start_zone) {
        return Err(invalid());
    }
    whole(event)
}

fn recurrence_zone(members: &Map<String, Value>) -> Option<String> {
    members.get("recurrence")?.pointer("/range/recurrenceTimeZone")?.as_str().map(str::to_owned)
}

/// What has to hold of the event as a whole.
fn whole(event: &mut SimEvent) -> Result<(), Reply> {
    let all_day = event.members.get("isAllDay").and_then(Value::as_bool) == Some(true);
    let (start, end) =
        (zones::instant(zones::zone(&event.start_zone)?, event.start), zones::instant(zones::zone(&event.end_zone)?, event.end));
    if all_day
        && (event.start.time() != NaiveTime::MIN
            || event.end.time() != NaiveTime::MIN
            || event.start_zone != event.end_zone
            || event.end <= event.start)
    {
        return Err(invalid());
    }
    if end < start {
        return Err(invalid());
    }
    if (end - start).num_days() > 5 * 366 {
        return Err(Reply::bare_error(400, "ErrorCalendarDurationIsTooLong", "The calendar duration is too long."));
    }
    let start_zone = event.start_zone.clone();
    let start_date = event.start.date();
    if let Some(recurrence) = event.members.get_mut("recurrence") {
        check_recurrence(recurrence, start_date, &start_zone)?;
    }
    Ok(())
}

fn one_of(value: &Value, known: &[&str]) -> bool {
    value.as_str().is_some_and(|text| known.iter().any(|name| name.eq_ignore_ascii_case(text)))
}

/// `dateTimeTimeZone`. An offset in the text pins the instant, whatever the zone says.
fn moment(value: &Value) -> Result<(NaiveDateTime, String), Reply> {
    let text = value.get("dateTime").and_then(Value::as_str).ok_or_else(|| shape::bad_value("dateTime", value))?;
    let name = value.get("timeZone").and_then(Value::as_str).unwrap_or_default().to_owned();
    let tz = zones::zone(&name)?;
    if let Ok(at) = DateTime::parse_from_rfc3339(text) {
        return Ok((zones::wall(tz, at.to_utc()), name));
    }
    let local = NaiveDateTime::parse_from_str(text, "%Y-%m-%dT%H:%M:%S%.f")
        .or_else(|_| NaiveDateTime::parse_from_str(text, "%Y-%m-%dT%H:%M"))
        .or_else(|_| NaiveDate::parse_from_str(text, "%Y-%m-%d").map(|on| on.and_time(NaiveTime::MIN)));
    local
        .map(|local| (local, name))
        .map_err(|_| Reply::error(400, "ErrorInvalidParameter", &format!("The value '{text}' of parameter 'DateTime' is invalid.")))
}

fn properties(event: &mut SimEvent, value: &Value) -> Result<(), Reply> {
    for property in value.as_array().into_iter().flatten() {
        let (Some(id), Some(text)) = (property.get("id").and_then(Value::as_str), property.get("value")) else {
            return Err(shape::bad_value("singleValueExtendedProperties", property));
        };
        let well_formed = is_property_id(id);
        if !well_formed {
            return Err(Reply::error(400, "ErrorInvalidRequest", "The extended property id is not valid."));
        }
        match text {
            Value::String(text) => drop(event.properties.insert(id.to_owned(), text.clone())),
            Value::Null => drop(event.properties.remove(id)),
            other => return Err(shape::bad_value("value", other)),
        }
    }
    Ok(())
}

/// `{type} {guid} Name {name}`, `{type} {guid} Id {id}` or `{type} {proptag}`.
fn is_property_id(id: &str) -> bool {
    let types = ["String", "Integer", "Boolean", "Binary", "Double", "Float", "Short", "Long", "SystemTime", "Currency", "CLSID", "Object"];
    let Some((kind, rest)) = id.split_once(' ') else { return false };
    let parts: Vec<&str> = rest.splitn(3, ' ').collect();
    let named = matches!(parts.as_slice(), [guid, "Name" | "Id", name] if guid.starts_with('{') && guid.ends_with('}') && !name.is_empty());
    let tagged = matches!(parts.as_slice(), [tag] if tag.starts_with("0x"));
    types.contains(&kind) && (named || tagged)
}

/// Pattern and range, by the table of what each type requires. Fills in what the server would.
fn check_recurrence(recurrence: &mut Value, start: NaiveDate, zone: &str) -> Result<(), Reply> {
    let pattern = recurrence.get("pattern").and_then(Value::as_object).ok_or_else(invalid)?;
    let only = |members: &Map<String, Value>, known: &[&str]| members.keys().all(|name| known.contains(&name.as_str()));
    if !only(pattern, &["type", "interval", "month", "dayOfMonth", "daysOfWeek", "firstDayOfWeek", "index"]) {
        return Err(invalid());
    }
    let has_days = pattern.get("daysOfWeek").and_then(Value::as_array).is_some_and(|days| !days.is_empty() && days.iter().all(is_day));
    let day = pattern.get("dayOfMonth").and_then(Value::as_u64).is_some_and(|day| (1..=31).contains(&day));
    let month = pattern.get("month").and_then(Value::as_u64).is_some_and(|month| (1..=12).contains(&month));
    let index = pattern.get("index").is_none_or(|index| one_of(index, &["first", "second", "third", "fourth", "last"]));
    let fits = match pattern.get("type").and_then(Value::as_str).unwrap_or_default().to_ascii_lowercase().as_str() {
        "daily" => true,
        "weekly" => has_days,
        "absolutemonthly" => day,
        "relativemonthly" => has_days && index,
        "absoluteyearly" => day && month,
        "relativeyearly" => has_days && month && index,
        _ => false,
    };
    let interval = pattern.get("interval").and_then(Value::as_u64).is_some_and(|interval| (1..=999).contains(&interval));
    let range = recurrence.get("range").and_then(Value::as_object).ok_or_else(invalid)?;
    let date = |name: &str| range.get(name).and_then(Value::as_str).and_then(|text| NaiveDate::parse_from_str(text, "%Y-%m-%d").ok());
    let range_fits = match range.get("type").and_then(Value::as_str).unwrap_or_default().to_ascii_lowercase().as_str() {
        "noend" => true,
        "numbered" => range.get("numberOfOccurrences").and_then(Value::as_u64).is_some_and(|count| count > 0),
        "enddate" => date("endDate").is_some_and(|end| end >= start),
        _ => false,
    };
    let known_range = only(range, &["type", "startDate", "endDate", "numberOfOccurrences", "recurrenceTimeZone"]);
    if !(fits && interval && range_fits && known_range && date("startDate") == Some(start)) {
        return Err(invalid());
    }
    match range.get("recurrenceTimeZone").and_then(Value::as_str) {
        Some(name) if !name.is_empty() => drop(zones::zone(name)?),
        _ => recurrence["range"]["recurrenceTimeZone"] = Value::from(zone),
    }
    if recurrence.pointer("/pattern/firstDayOfWeek").is_none() {
        recurrence["pattern"]["firstDayOfWeek"] = Value::from("sunday");
    }
    Ok(())
}

fn is_day(value: &Value) -> bool {
    one_of(value, &["sunday", "monday", "tuesday", "wednesday", "thursday", "friday", "saturday"])
}
