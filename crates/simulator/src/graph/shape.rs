//! The shape of what a client may send: nested types, enum names in any case, nothing unknown. What comes out is spelled as Graph answers it.

use serde_json::{Map, Value};

use crate::graph::calendars::unknown_member;
use crate::reply::Reply;

const SHOW_AS: &[&str] = &["unknown", "free", "tentative", "busy", "oof", "workingElsewhere"];
const SENSITIVITY: &[&str] = &["normal", "personal", "private", "confidential"];
const IMPORTANCE: &[&str] = &["low", "normal", "high"];
const BODY_TYPE: &[&str] = &["text", "html"];
const ATTENDEE_TYPE: &[&str] = &["required", "optional", "resource"];
const PROVIDERS: &[&str] = &["unknown", "skypeForBusiness", "skypeForConsumer", "teamsForBusiness"];
const LOCATION_TYPES: &[&str] = &[
    "default",
    "conferenceRoom",
    "homeAddress",
    "businessAddress",
    "geoCoordinates",
    "streetAddress",
    "hotel",
    "restaurant",
    "localBusiness",
    "postalAddress",
];
const DAYS: &[&str] = &["sunday", "monday", "tuesday", "wednesday", "thursday", "friday", "saturday"];
const INDICES: &[&str] = &["first", "second", "third", "fourth", "last"];
const PATTERNS: &[&str] = &["daily", "weekly", "absoluteMonthly", "relativeMonthly", "absoluteYearly", "relativeYearly"];
const RANGES: &[&str] = &["endDate", "noEnd", "numbered"];

pub fn bad_value(member: &str, value: &Value) -> Reply {
    Reply::error(400, "RequestBodyRead", &format!("Cannot convert the value '{value}' of property '{member}' to the expected type."))
}

fn want(fits: bool, member: &str, value: &Value) -> Result<Value, Reply> {
    if fits { Ok(value.clone()) } else { Err(bad_value(member, value)) }
}

/// One of the names, in Graph's own spelling.
fn name(member: &str, value: &Value, known: &[&str]) -> Result<Value, Reply> {
    let text = value.as_str().ok_or_else(|| bad_value(member, value))?;
    known.iter().find(|name| name.eq_ignore_ascii_case(text)).map(|name| Value::from(*name)).ok_or_else(|| bad_value(member, value))
}

fn integer(value: &Value) -> bool {
    value.as_i64().is_some_and(|number| i32::try_from(number).is_ok())
}

fn date(value: &Value) -> bool {
    value.as_str().is_some_and(|text| chrono::NaiveDate::parse_from_str(text, "%Y-%m-%d").is_ok())
}

type Check = fn(&str, &Value) -> Result<Value, Reply>;

/// An object of which every member is known and fits.
fn object(kind: &str, member: &str, value: &Value, members: &[(&str, Check)]) -> Result<Value, Reply> {
    let given = value.as_object().ok_or_else(|| bad_value(member, value))?;
    let mut out = Map::new();
    for (inner, value) in given.iter().filter(|(inner, _)| !inner.starts_with('@')) {
        let (_, check) = members.iter().find(|(known, _)| known == inner).ok_or_else(|| unknown_member(inner, kind))?;
        out.insert(inner.clone(), if value.is_null() { Value::Null } else { check(inner, value)? });
    }
    Ok(Value::Object(out))
}

fn list(member: &str, value: &Value, each: Check) -> Result<Value, Reply> {
    let all = value.as_array().ok_or_else(|| bad_value(member, value))?;
    all.iter().map(|one| each(member, one)).collect::<Result<Vec<_>, _>>().map(Value::from)
}

fn text(member: &str, value: &Value) -> Result<Value, Reply> {
    want(value.is_string(), member, value)
}

fn flag(member: &str, value: &Value) -> Result<Value, Reply> {
    want(value.is_boolean(), member, value)
}

fn number(member: &str, value: &Value) -> Result<Value, Reply> {
    want(integer(value), member, value)
}

fn anything(_: &str, value: &Value) -> Result<Value, Reply> {
    want(true, "", value)
}

fn body(member: &str, value: &Value) -> Result<Value, Reply> {
    let mut out = object("itemBody", member, value, &[("contentType", |m, v| name(m, v, BODY_TYPE)), ("content", text)])?;
    if out.get("contentType").is_none_or(Value::is_null) {
        out["contentType"] = Value::from("text");
    }
    if out.get("content").is_none_or(Value::is_null) {
        out["content"] = Value::from("");
    }
    Ok(out)
}

fn address(member: &str, value: &Value) -> Result<Value, Reply> {
    object("emailAddress", member, value, &[("name", text), ("address", text)])
}

fn attendee(member: &str, value: &Value) -> Result<Value, Reply> {
    let known: &[(&str, Check)] = &[
        ("emailAddress", address),
        ("type", |m, v| name(m, v, ATTENDEE_TYPE)),
        ("status", |m, v| object("responseStatus", m, v, &[("response", text), ("time", text)])),
        ("proposedNewTime", anything),
    ];
    object("attendee", member, value, known)
}

fn location(member: &str, value: &Value) -> Result<Value, Reply> {
    let known: &[(&str, Check)] = &[
        ("displayName", text),
        ("locationType", |m, v| name(m, v, LOCATION_TYPES)),
        ("uniqueIdType", |m, v| name(m, v, &["unknown", "locationStore", "directory", "private", "bing"])),
        ("uniqueId", text),
        ("locationUri", text),
        ("locationEmailAddress", text),
        ("address", |m, v| {
            let part: Check = text;
            object(
                "physicalAddress",
                m,
                v,
                &[("street", part), ("city", part), ("state", part), ("countryOrRegion", part), ("postalCode", part)],
            )
        }),
        ("coordinates", anything),
    ];
    object("location", member, value, known)
}

fn recurrence(member: &str, value: &Value) -> Result<Value, Reply> {
    let pattern: Check = |m, v| {
        let known: &[(&str, Check)] = &[
            ("type", |m, v| name(m, v, PATTERNS)),
            ("interval", number),
            ("month", number),
            ("dayOfMonth", number),
            ("daysOfWeek", |m, v| list(m, v, |m, v| name(m, v, DAYS))),
            ("firstDayOfWeek", |m, v| name(m, v, DAYS)),
            ("index", |m, v| name(m, v, INDICES)),
        ];
        object("recurrencePattern", m, v, known)
    };
    let range: Check = |m, v| {
        let known: &[(&str, Check)] = &[
            ("type", |m, v| name(m, v, RANGES)),
            ("startDate", |m, v| want(date(v), m, v)),
            ("endDate", |m, v| want(date(v), m, v)),
            ("numberOfOccurrences", number),
            ("recurrenceTimeZone", text),
        ];
        object("recurrenceRange", m, v, known)
    };
    object("patternedRecurrence", member, value, &[("pattern", pattern), ("range", range)])
}

/// The value of a member of `event`, checked and spelled as Graph answers it.
pub fn member(name_of: &str, value: &Value) -> Result<Value, Reply> {
    match name_of {
        "isAllDay"
        | "isReminderOn"
        | "isOnlineMeeting"
        | "hideAttendees"
        | "responseRequested"
        | "allowNewTimeProposals"
        | "isDraft"
        | "isCancelled"
        | "isOrganizer"
        | "hasAttachments" => flag(name_of, value),
        "reminderMinutesBeforeStart" | "subject" | "recurrence" | "location" if value.is_null() => Ok(Value::Null),
        "reminderMinutesBeforeStart" => number(name_of, value),
        "subject" => want(value.as_str().is_some_and(|subject| subject.encode_utf16().count() <= 255), name_of, value),
        "transactionId" => text(name_of, value),
        "categories" => list(name_of, value, text),
        "attendees" => list(name_of, value, attendee),
        "locations" => list(name_of, value, location),
        "location" => location(name_of, value),
        "extensions" => want(value.is_array(), name_of, value),
        "singleValueExtendedProperties" => {
            list(name_of, value, |m, v| object("singleValueLegacyExtendedProperty", m, v, &[("id", text), ("value", text)]))
        }
        "showAs" => name(name_of, value, SHOW_AS),
        "sensitivity" => name(name_of, value, SENSITIVITY),
        "importance" => name(name_of, value, IMPORTANCE),
        "onlineMeetingProvider" => name(name_of, value, PROVIDERS),
        "body" => body(name_of, value),
        "start" | "end" => object("dateTimeTimeZone", name_of, value, &[("dateTime", text), ("timeZone", text)]),
        "recurrence" => recurrence(name_of, value),
        _ => Ok(value.clone()),
    }
}
