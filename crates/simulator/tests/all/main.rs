//! What the offline Graph answers about the single dates of a series.

#![allow(clippy::expect_used, clippy::unwrap_used, reason = "a test ends where it fails")]

mod changes;
mod expansion;
mod feed;
mod person;
mod reading;

use std::sync::Arc;
use std::sync::atomic::{AtomicI64, Ordering};

use belfry_simulator::world::Grant;
use belfry_simulator::{Options, PRACTICE_CLIENT_ID, SeriesDoubts, Side, Simulator, World};
use bytes::Bytes;
use chrono::{DateTime, NaiveDate, Utc};
use serde_json::{Value, json};

const LOGIN: &str = "ada@contoso.example";
const MARKER: &str = "String {51463e7b-e597-4fd9-833e-b6301b0bf806} Name BelfryReminder";

/// A mailbox, somebody who is signed in, and a clock that goes a minute with each request.
struct Office {
    simulator: Simulator,
}

impl Office {
    fn new() -> Self {
        let begun = "2026-11-21T08:00:00Z".parse::<DateTime<Utc>>().unwrap();
        let minutes = AtomicI64::new(0);
        let now = Arc::new(move || begun + chrono::Duration::minutes(minutes.fetch_add(1, Ordering::Relaxed)));
        let simulator = Simulator::new(Options { now, ..Options::in_process() }, World::practice());
        simulator.with_world(|world| {
            let grant = Grant {
                oid: world.person(LOGIN).unwrap().oid.clone(),
                client_id: PRACTICE_CLIENT_ID.into(),
                scopes: vec!["Calendars.ReadWrite".into()],
                issued_at: begun,
                expires_at: DateTime::<Utc>::MAX_UTC,
            };
            world.access.insert("token".into(), grant);
        });
        Self { simulator }
    }

    fn with(doubts: SeriesDoubts) -> Self {
        let office = Self::new();
        office.simulator.set_series_doubts(doubts);
        office
    }

    async fn ask(&self, method: &str, path: &str, body: &Value, if_match: Option<&str>) -> (u16, Value) {
        let whole = if path.starts_with("http") { path.to_owned() } else { format!("http://127.0.0.1:2/v1.0/me/{path}") };
        let mut request = http::Request::builder().method(method).uri(whole).header("Authorization", "Bearer token");
        if let Some(etag) = if_match {
            request = request.header("If-Match", etag);
        }
        let bytes = if body.is_null() { Bytes::new() } else { Bytes::from(body.to_string()) };
        let request = request.header("Content-Type", "application/json").header("Prefer", "odata.maxpagesize=100").body(bytes).unwrap();
        let response = self.simulator.call(Side::Graph, request).await.unwrap();
        (response.status().as_u16(), serde_json::from_slice(response.body()).unwrap_or(Value::Null))
    }

    /// What has to work.
    async fn good(&self, method: &str, path: &str, body: Value) -> Value {
        let (status, answer) = self.ask(method, path, &body, None).await;
        assert!((200..300).contains(&status), "{method} {path}: {status} {answer}");
        answer
    }

    /// What has to be refused: status and code.
    async fn refused(&self, method: &str, path: &str, body: Value) -> (u16, String) {
        let (status, answer) = self.ask(method, path, &body, None).await;
        (status, answer["error"]["code"].as_str().unwrap_or_else(|| panic!("{method} {path} worked: {answer}")).to_owned())
    }

    async fn get(&self, path: &str) -> Value {
        self.good("GET", path, Value::Null).await
    }

    /// Every Tuesday at nine in Berlin, six times from the first of December; gives its id.
    async fn weekly(&self) -> String {
        self.series(weekly()).await
    }

    async fn series(&self, body: Value) -> String {
        self.good("POST", "events", body).await["id"].as_str().unwrap().to_owned()
    }

    /// The path of a date.
    fn date(&self, master: &str, on: &str) -> String {
        path(&self.simulator.date_id(master, day(on)).unwrap())
    }

    /// Start and type of each date in December and January.
    async fn instances(&self, master: &str) -> Vec<String> {
        let shown = self.get(&format!("{}/instances?{WINDOW}&$top=100", path(master))).await;
        let rows = shown["value"].as_array().unwrap().iter();
        rows.map(|row| format!("{} {}", &row["start"]["dateTime"].as_str().unwrap()[..16], row["type"].as_str().unwrap())).collect()
    }

    async fn master(&self, master: &str) -> Value {
        self.get(&format!("{}?$select=subject,exceptionOccurrences,cancelledOccurrences&$expand=exceptionOccurrences", path(master))).await
    }
}

const WINDOW: &str = "startDateTime=2026-12-01T00:00:00Z&endDateTime=2027-02-01T00:00:00Z";

fn weekly() -> Value {
    json!({
        "subject": "Bins", "body": {"contentType": "text", "content": "Both of them"}, "showAs": "free",
        "start": at("2026-12-01T09:00:00"), "end": at("2026-12-01T09:30:00"),
        "recurrence": {
            "pattern": {"type": "weekly", "interval": 1, "daysOfWeek": ["tuesday"]},
            "range": {"type": "numbered", "startDate": "2026-12-01", "numberOfOccurrences": 6},
        },
        "singleValueExtendedProperties": [{"id": MARKER, "value": "1;list;reminder;main;1"}],
    })
}

fn at(local: &str) -> Value {
    json!({"dateTime": local, "timeZone": "W. Europe Standard Time"})
}

/// A change of both times.
fn times(start: &str, end: &str) -> Value {
    json!({"start": at(start), "end": at(end)})
}

fn day(text: &str) -> NaiveDate {
    text.parse().unwrap()
}

fn path(id: &str) -> String {
    format!("events/{}", percent_encoding::utf8_percent_encode(id, percent_encoding::NON_ALPHANUMERIC))
}
