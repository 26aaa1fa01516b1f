//! What a series says about single dates, and their ids.

use belfry_core::dates::Dates;
use belfry_core::projection::OccurrenceProjection;
use belfry_core::{Projection, When, Zone};
use chrono::{DateTime, Duration, NaiveDate, Utc};

use super::{PAGE, calendar_path, event_path};
use crate::answer::{Answer, Call, GraphRequest, encode};
use crate::convert::{self, EventKind};
use crate::error::GraphError;
use crate::mailbox::Mailbox;
use crate::wire::{WireEvent, WirePage};

/// `GET /me/calendars/{calendar}/events/{id}` of a series master with `cancelledOccurrences` and `exceptionOccurrences`: both are shown on nothing but such a GET, and only when
/// asked for (<https://learn.microsoft.com/graph/api/resources/event>).
#[derive(Debug, Clone)]
pub struct GetSeries {
    /// Whose.
    pub mailbox: Mailbox,
    /// Calendar id; `None` finds the series wherever it is.
    pub calendar: Option<String>,
    /// Event id of the master.
    pub event_id: String,
}

/// One date of a series that has an event of its own.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct SeenDate {
    /// Event id of the occurrence or exception.
    pub event_id: String,
    /// `@odata.etag`, empty where an answer has none. What a date inherits moves it too.
    pub etag: String,
    /// Where the rule has it.
    pub original: Original,
    /// What it says, where a reminder can say it.
    pub projection: Option<Projection>,
    /// It has attendees or an online meeting.
    pub is_meeting: bool,
}

/// How an answer names the date that an occurrence has by its rule.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Original {
    /// An instant: `originalStart`.
    At(DateTime<Utc>),
    /// A day in the series' own zone.
    On(NaiveDate),
}

/// The single dates of a series.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct SeriesDates {
    /// Changed.
    pub exceptions: Vec<SeenDate>,
    /// Cancelled.
    pub cancelled: Vec<NaiveDate>,
    /// The series, or one of its dates, has attendees or an online meeting.
    pub is_meeting: bool,
}

impl Original {
    /// The day in a series that begins at `start`.
    #[must_use]
    pub fn day(self, start: &When) -> NaiveDate {
        match (self, start) {
            (Self::On(day), _) => day,
            (Self::At(at), When::At { zone, .. }) => zone.wall(at).date(),
            // Midnight of a zone that need not be known: noon is the same day nearly everywhere.
            (Self::At(at), When::Date(_)) => (Zone::UTC.wall(at) + Duration::hours(12)).date(),
        }
    }
}

impl SeriesDates {
    /// As the tree of a series holds them. An exception that says what its series says is none.
    #[must_use]
    pub fn of(&self, series: &Projection) -> Dates {
        let key = |day: NaiveDate| series.when.at_local(day.and_time(series.when.local().time()));
        let cancelled = self.cancelled.iter().map(|day| (key(*day), OccurrenceProjection::Cancelled));
        let changed = self.exceptions.iter().filter_map(|seen| {
            let original = key(seen.original.day(&series.when));
            let own = seen.projection.clone().map(|own| own.on(&own.when))?;
            let differs = !own.diff_in_meaning(&series.on(&original)).is_empty();
            differs.then(|| (original, OccurrenceProjection::Changed(Box::new(own))))
        });
        changed.chain(cancelled).collect()
    }
}

/// What is read of an exception. All of it is named, inside and outside: it is not documented whether an outer `$select` reaches what is expanded, whether the expansion
/// has to be selected too, and `originalStart` was seen to come only when asked for.
const FIELDS: &str = "id,type,seriesMasterId,originalStart,originalStartTimeZone,subject,body,start,end,isAllDay,isReminderOn,reminderMinutesBeforeStart,\
categories,showAs,sensitivity,attendees,isOnlineMeeting,createdDateTime,lastModifiedDateTime";

impl GraphRequest for GetSeries {
    type Answer = SeriesDates;

    fn prepare(&self) -> Call {
        let root = self.calendar.as_ref().map_or_else(|| self.mailbox.path(), |calendar| calendar_path(&self.mailbox, calendar));
        let id = encode(&self.event_id);
        let expand = format!("$expand=exceptionOccurrences($select={FIELDS})");
        Call::get(format!("{root}/events/{id}?$select={FIELDS},cancelledOccurrences,exceptionOccurrences&{expand}"))
    }

    fn parse(&self, answer: &Answer) -> Result<SeriesDates, GraphError> {
        let wire: WireEvent = answer.json()?;
        let is_meeting = convert::seen(&wire).is_meeting;
        let exceptions: Vec<SeenDate> = wire.exception_occurrences.unwrap_or_default().iter().filter_map(seen_date).collect();
        Ok(SeriesDates {
            is_meeting: is_meeting || exceptions.iter().any(|date| date.is_meeting),
            exceptions,
            cancelled: wire.cancelled_occurrences.unwrap_or_default().iter().filter_map(|id| day_of(id)).collect(),
        })
    }
}

/// `OID.{master}.{yyyy-mm-dd}`.
fn day_of(id: &str) -> Option<NaiveDate> {
    NaiveDate::parse_from_str(id.rsplit('.').next()?, "%Y-%m-%d").ok()
}

fn seen_date(wire: &WireEvent) -> Option<SeenDate> {
    let seen = convert::seen(wire);
    let original = match (wire.original_start, seen.kind, &seen.projection) {
        (Some(at), ..) => Original::At(at),
        // A plain occurrence is where its rule has it.
        (None, EventKind::Occurrence, Some(own)) => Original::On(own.when.date()),
        _ => return None,
    };
    Some(SeenDate { event_id: seen.event_id, etag: seen.etag, original, projection: seen.projection, is_meeting: seen.is_meeting })
}

/// `GET /me/events/{id}/instances` around one date of a series: how its event is called.
#[derive(Debug, Clone)]
pub struct ListInstances {
    /// Whose.
    pub mailbox: Mailbox,
    /// Event id of the master.
    pub event_id: String,
    /// From.
    pub from: DateTime<Utc>,
    /// To, exclusive.
    pub to: DateTime<Utc>,
}

impl ListInstances {
    /// Around one date of a series.
    #[must_use]
    pub fn around(mailbox: Mailbox, event_id: String, original: &When) -> Self {
        let at = original.instant(Zone::UTC);
        Self { mailbox, event_id, from: at - Duration::days(1), to: at + Duration::days(2) }
    }
}

impl GraphRequest for ListInstances {
    type Answer = Vec<SeenDate>;

    fn prepare(&self) -> Call {
        let text = |at: &DateTime<Utc>| encode(&at.format("%Y-%m-%dT%H:%M:%SZ").to_string());
        let path = event_path(&self.mailbox, &self.event_id);
        Call::get(format!(
            "{path}/instances?startDateTime={}&endDateTime={}&$top={PAGE}&$select={FIELDS}",
            text(&self.from),
            text(&self.to)
        ))
    }

    fn parse(&self, answer: &Answer) -> Result<Vec<SeenDate>, GraphError> {
        let page: WirePage<WireEvent> = answer.json()?;
        Ok(page.value.iter().filter_map(seen_date).collect())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn answer(body: &serde_json::Value) -> Answer {
        Answer { status: 200, headers: http::HeaderMap::new(), body: body.to_string().into() }
    }

    fn exception(start: &str, original: &str, all_day: bool) -> serde_json::Value {
        let at = |text: &str| serde_json::json!({"dateTime": text, "timeZone": "UTC"});
        let end = if all_day { "2026-12-16T00:00:00.0000000" } else { "2026-12-15T09:30:00.0000000" };
        serde_json::json!({"id": "x", "type": "exception", "subject": "Bins early", "start": at(start), "end": at(end), "isAllDay": all_day,
            "originalStartTimeZone": "UTC", "originalStart": original, "isReminderOn": true, "reminderMinutesBeforeStart": 15, "showAs": "free"})
    }

    fn series(start: &str, zone: Zone) -> Projection {
        let wire: WireEvent =
            serde_json::from_value(exception("2026-12-15T09:00:00.0000000", "2026-12-14T09:00:00Z", false)).expect("an event");
        let own = convert::seen(&wire).projection.expect("a projection");
        Projection { when: When::parse(start, zone).expect("a start"), title: "Bins".into(), rule: "FREQ=WEEKLY".parse().ok(), ..own }
    }

    fn dates(body: &serde_json::Value, series: &Projection) -> Vec<(String, bool)> {
        let request = GetSeries { mailbox: Mailbox::Me, calendar: None, event_id: "m".into() };
        let dates = request.parse(&answer(body)).expect("dates").of(series);
        dates.iter().map(|(key, date)| (key.to_string(), *date == OccurrenceProjection::Cancelled)).collect()
    }

    #[test]
    fn dates_are_named_in_the_zone_of_their_series() {
        let auckland = Zone::parse("Pacific/Auckland").expect("a zone");
        let body = serde_json::json!({"id": "m", "cancelledOccurrences": ["OID.m.2026-12-22"],
            "exceptionOccurrences": [exception("2026-12-15T09:00:00.0000000", "2026-12-14T20:00:00Z", false)]});
        let found = dates(&body, &series("2026-12-08T09:00", auckland));
        assert_eq!(found, [("2026-12-15T09:00:00".to_owned(), false), ("2026-12-22T09:00:00".to_owned(), true)]);
    }

    #[test]
    fn a_whole_day_is_the_day_of_whatever_midnight_it_was() {
        for original in ["2026-12-14T00:00:00Z", "2026-12-13T14:00:00Z", "2026-12-14T08:00:00Z"] {
            let body = serde_json::json!({"id": "m", "exceptionOccurrences": [exception("2026-12-15T00:00:00.0000000", original, true)]});
            assert_eq!(dates(&body, &series("2026-12-07", Zone::UTC)), [("2026-12-14".to_owned(), false)], "{original}");
        }
    }

    #[test]
    fn nothing_said_is_no_date() {
        assert!(dates(&serde_json::json!({"id": "m"}), &series("2026-12-07T09:00", Zone::UTC)).is_empty());
    }
}
