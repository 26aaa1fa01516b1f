//! Projection to event body and event to projection.

use belfry_core::marker::PROPERTY_ID;
use belfry_core::projection::Fields;
use belfry_core::reminder::plain_text;
use belfry_core::when::{end_of, minutes_between};
use belfry_core::{Field, Length, Marker, Projection, ShowAs, When, Zone};
use chrono::{DateTime, NaiveDateTime, Utc};
use serde_json::{Map, Value, json};

use crate::pattern;
use crate::wire::{WireEvent, WireMoment};
use crate::zone::{to_windows, zone_of};

/// What the event's marker says, as far as the answer shows it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum MarkerSeen {
    /// The answer does not expand extended properties, as delta rows never do.
    NotShown,
    /// There is none, or it is not ours.
    Absent,
    /// Ours.
    Present(Marker),
}

impl MarkerSeen {
    /// Our marker, if it was shown.
    #[must_use]
    pub fn marker(&self) -> Option<&Marker> {
        match self {
            Self::Present(marker) => Some(marker),
            Self::Absent | Self::NotShown => None,
        }
    }
}

/// `type` of an event.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum EventKind {
    /// `singleInstance`.
    Single,
    /// `seriesMaster`.
    Master,
    /// `occurrence`.
    Occurrence,
    /// `exception`.
    Exception,
}

/// An event as an answer shows it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct SeenEvent {
    /// Immutable id.
    pub event_id: String,
    /// `@odata.etag`.
    pub etag: String,
    /// Type.
    pub kind: EventKind,
    /// For occurrences and exceptions.
    pub master_id: Option<String>,
    /// The marker.
    pub marker: MarkerSeen,
    /// Its fields; `None` for stubs and for what no projection can hold.
    pub projection: Option<Projection>,
    /// It has attendees or an online meeting.
    pub is_meeting: bool,
    /// `createdDateTime`.
    pub created_at: DateTime<Utc>,
    /// `lastModifiedDateTime`.
    pub modified_at: DateTime<Utc>,
}

/// Why Outlook cannot hold a projection, in one sentence; `None` when it can.
#[must_use]
pub fn unholdable(projection: &Projection) -> Option<String> {
    let rule = projection.rule.as_ref()?;
    let zone = projection.when.zone().unwrap_or(pattern::ALL_DAY_ZONE);
    let Some(name) = to_windows(zone).filter(|name| keeps_the_hour(zone, name, &projection.when)) else {
        return Some(format!("Outlook has no time zone like {zone}, so a repeating reminder would ring at the wrong hour"));
    };
    pattern::to_wire(rule, &projection.when, name).err().map(|why| format!("{why} ({rule})"))
}

/// Whether Outlook's zone of this name shows the same clock from the start on, or from lately on: what rang long ago rings no more.
fn keeps_the_hour(zone: Zone, name: &str, start: &When) -> bool {
    let lately = chrono::NaiveDate::from_ymd_opt(2026, 1, 1).and_then(|day| day.and_hms_opt(0, 0, 0)).unwrap_or_default();
    zone_of(name).is_some_and(|theirs| zone.agrees_with(theirs, start.local().max(lately)))
}

/// The body of a POST.
#[must_use]
pub fn create_body(projection: &Projection, marker: &Marker, transaction_id: uuid::Uuid) -> Value {
    let mut body = Map::new();
    for field in Field::ALL {
        put(&mut body, projection, field);
    }
    body.retain(|_, value| !value.is_null());
    body.insert("transactionId".into(), json!(transaction_id.to_string()));
    body.insert("singleValueExtendedProperties".into(), json!([{"id": PROPERTY_ID, "value": marker.to_string()}]));
    Value::Object(body)
}

/// The body of a PATCH that says whose event it is. A value that is no marker takes ours off: how a property is removed is not documented, and an event without
/// a `;` in it is not listed.
#[must_use]
pub fn marker_body(marker: Option<&Marker>) -> Value {
    let value = marker.map_or_else(|| "released".to_owned(), ToString::to_string);
    json!({"singleValueExtendedProperties": [{"id": PROPERTY_ID, "value": value}]})
}

/// The body of a PATCH that changes these fields only.
#[must_use]
pub fn update_body(projection: &Projection, fields: &Fields) -> Value {
    let mut body = Map::new();
    for field in sent_fields(projection, fields) {
        put(&mut body, projection, field);
    }
    Value::Object(body)
}

/// What a PATCH of these fields carries: the zone of a master cannot move without its recurrence, nor a rule without its start.
#[must_use]
pub fn sent_fields(projection: &Projection, fields: &Fields) -> Fields {
    let mut sent = fields.clone();
    if projection.rule.is_some() && (fields.contains(&Field::Times) || fields.contains(&Field::Rule)) {
        sent.extend([Field::Times, Field::Rule]);
    }
    sent
}

fn put(body: &mut Map<String, Value>, projection: &Projection, field: Field) {
    let mut set = |name: &str, value: Value| body.insert(name.to_owned(), value);
    match field {
        Field::Title => drop(set("subject", json!(projection.title))),
        Field::Body => drop(set("body", json!({"contentType": "text", "content": projection.body}))),
        Field::Times => {
            let series = projection.rule.is_some();
            let (start, end) = match in_utc(&projection.when, projection.length).filter(|_| !series) {
                Some(both) => both,
                None => (projection.when, end_of(&projection.when, projection.length)),
            };
            set("start", moment(&start, series));
            set("end", moment(&end, series));
            set("isAllDay", json!(projection.when.is_all_day()));
        }
        // A rule that Outlook cannot hold is never sent as "no rule".
        Field::Rule if projection.rule.is_none() => drop(set("recurrence", Value::Null)),
        Field::Rule => drop(recurrence(projection).map(|wire| set("recurrence", wire))),
        // Exceptions are written on their own occurrences, never on the master.
        Field::Occurrences => {}
        Field::Alarm => {
            set("isReminderOn", json!(projection.alarm.is_some()));
            set("reminderMinutesBeforeStart", json!(projection.alarm.unwrap_or(0)));
        }
        Field::Category => drop(set("categories", json!(categories(projection)))),
        Field::ShowAs => drop(set("showAs", json!(show_as_name(projection.show_as)))),
        Field::Private => drop(set("sensitivity", json!(if projection.private { "private" } else { "normal" }))),
    }
}

/// Ours first, then what a person added beside it, none of them twice.
fn categories(projection: &Projection) -> Vec<&String> {
    let ours = projection.category.iter();
    let others = projection.more_categories.iter().filter(|other| projection.category.as_ref() != Some(other));
    ours.chain(others).collect()
}

fn recurrence(projection: &Projection) -> Option<Value> {
    let zone = projection.when.zone().unwrap_or(pattern::ALL_DAY_ZONE);
    let wire = projection.rule.as_ref().zip(to_windows(zone)).and_then(|(rule, name)| pattern::to_wire(rule, &projection.when, name).ok());
    wire.map(|wire| json!(wire))
}

/// Start and end as instants, where a change of the clock makes one of them ambiguous or impossible on the wall.
fn in_utc(when: &When, length: Length) -> Option<(When, When)> {
    let When::At { local, zone } = when else { return None };
    let start = zone.instant(*local);
    let end = start + chrono::Duration::minutes(i64::from(length.minutes()));
    let is_plain = zone.wall(start) == *local && zone.instant(zone.wall(end)) == end;
    let utc = |at: DateTime<Utc>| When::At { local: at.naive_utc(), zone: Zone::UTC };
    (!is_plain).then(|| (utc(start), utc(end)))
}

/// Start or end. A single event in a zone that Windows does not know goes out as the same instant in UTC.
fn moment(when: &When, series: bool) -> Value {
    let (local, name) = match when {
        When::Date(_) => (when.local(), "UTC"),
        When::At { local, zone } => match to_windows(*zone) {
            Some(name) => (*local, name),
            None if series => (*local, "UTC"),
            None => (zone.instant(*local).naive_utc(), "UTC"),
        },
    };
    json!({"dateTime": local.format("%Y-%m-%dT%H:%M:%S").to_string(), "timeZone": name})
}

fn show_as_name(show_as: ShowAs) -> &'static str {
    match show_as {
        ShowAs::Free => "free",
        ShowAs::Tentative => "tentative",
        ShowAs::Busy => "busy",
        ShowAs::Oof => "oof",
        ShowAs::WorkingElsewhere => "workingElsewhere",
    }
}

fn show_as_of(name: &str) -> ShowAs {
    match name.to_ascii_lowercase().as_str() {
        "free" => ShowAs::Free,
        "tentative" => ShowAs::Tentative,
        "oof" => ShowAs::Oof,
        "workingelsewhere" => ShowAs::WorkingElsewhere,
        // `unknown` is what Outlook shows as busy.
        _ => ShowAs::Busy,
    }
}

/// Reads an event.
#[must_use]
pub fn seen(wire: &WireEvent) -> SeenEvent {
    let kind = match wire.kind.as_deref().unwrap_or_default().to_ascii_lowercase().as_str() {
        "seriesmaster" => EventKind::Master,
        "occurrence" => EventKind::Occurrence,
        "exception" => EventKind::Exception,
        _ => EventKind::Single,
    };
    let created_at = wire.created_date_time.unwrap_or_default();
    SeenEvent {
        event_id: wire.id.clone(),
        etag: wire.etag.clone().unwrap_or_default(),
        kind,
        master_id: wire.series_master_id.clone(),
        marker: marker(wire),
        projection: projection(wire),
        is_meeting: wire.attendees.as_ref().is_some_and(|attendees| !attendees.is_empty()) || wire.is_online_meeting == Some(true),
        created_at,
        modified_at: wire.last_modified_date_time.unwrap_or(created_at),
    }
}

fn marker(wire: &WireEvent) -> MarkerSeen {
    let Some(properties) = &wire.single_value_extended_properties else { return MarkerSeen::NotShown };
    let ours = properties.iter().find(|property| property.id.eq_ignore_ascii_case(PROPERTY_ID));
    ours.and_then(|property| property.value.as_deref()?.parse().ok()).map_or(MarkerSeen::Absent, MarkerSeen::Present)
}

/// `None` when the row is a stub: it has no subject, not even an empty one, or no times.
fn projection(wire: &WireEvent) -> Option<Projection> {
    let title = wire.subject.clone()?;
    let (when, length) = times(wire)?;
    let rule = match &wire.recurrence {
        Some(recurrence) => Some(pattern::from_wire(recurrence)?),
        None => None,
    };
    let lead = wire.reminder_minutes_before_start.and_then(|minutes| u32::try_from(minutes).ok());
    Some(Projection {
        title,
        body: wire.body.as_ref().map(|body| plain_text(&body.content)).unwrap_or_default(),
        when,
        length,
        rule,
        occurrences: std::collections::BTreeMap::new(),
        extra: std::collections::BTreeSet::new(),
        alarm: if wire.is_reminder_on == Some(true) { lead.or(Some(0)) } else { None },
        category: wire.categories.as_ref().and_then(|categories| categories.first().cloned()),
        more_categories: wire.categories.iter().flatten().skip(1).cloned().collect(),
        show_as: wire.show_as.as_deref().map_or(ShowAs::Busy, show_as_of),
        private: wire.sensitivity.as_deref().is_some_and(|sensitivity| !sensitivity.eq_ignore_ascii_case("normal")),
    })
}

fn times(wire: &WireEvent) -> Option<(When, Length)> {
    let (start, end) = (wire.start.as_ref()?, wire.end.as_ref()?);
    if wire.is_all_day == Some(true) {
        let (from, to) = (wall(start)?.date(), wall(end)?.date());
        let days = u32::try_from((to - from).num_days()).unwrap_or(1).max(1);
        return Some((When::Date(from), Length::Days(days)));
    }
    let (from, to) = (instant(start)?, instant(end)?);
    let zone = wire.original_start_time_zone.as_deref().and_then(zone_of).unwrap_or(Zone::UTC);
    let length = Length::Minutes(minutes_between(from, to));
    Some((When::At { local: zone.wall(from), zone }, length))
}

fn wall(moment: &WireMoment) -> Option<NaiveDateTime> {
    NaiveDateTime::parse_from_str(moment.date_time.trim_end_matches('Z'), "%Y-%m-%dT%H:%M:%S%.f").ok()
}

fn instant(moment: &WireMoment) -> Option<DateTime<Utc>> {
    if let Ok(at) = DateTime::parse_from_rfc3339(&moment.date_time) {
        return Some(at.to_utc());
    }
    Some(zone_of(&moment.time_zone)?.instant(wall(moment)?))
}
