//! For each IANA name: a weekly 09:00 over every change of clocks from 2020 to 2030, made as a series in the simulator, and its dates read back as instants. The same wall time,
//! or the name is printed: either it is kept date by date from now on, or Outlook's zone had another clock in the past.
#![allow(clippy::print_stdout, clippy::expect_used, reason = "a program for those who build")]

use std::process::ExitCode;

use belfry_core::marker::{Key, Marker};
use belfry_core::{ListId, Projection, ReminderId, ShowAs, When, Zone};
use belfry_graph::{CreateEvent, GraphRequest, Mailbox, unholdable};
use belfry_tests::{World, encode};
use chrono::{Datelike, NaiveDateTime};
use serde_json::Value;

fn main() -> ExitCode {
    let runtime = tokio::runtime::Builder::new_current_thread().enable_all().start_paused(true).build().expect("a runtime");
    runtime.block_on(async {
        let world = World::new();
        let (mut same, mut wrong) = (0, Vec::new());
        let (mut in_parts, mut past) = (Vec::new(), Vec::new());
        for tz in chrono_tz::TZ_VARIANTS {
            let zone = Zone(tz);
            let series = weekly(zone);
            let now = weekly_from(zone, "2026-11-30T09:00");
            let off: Vec<NaiveDateTime> = read_back(&world, &series).await;
            match (unholdable(&now).is_some(), off.iter().map(Datelike::year).max()) {
                (true, _) => in_parts.push(zone.name()),
                (false, None) => same += 1,
                (false, Some(year)) if year < 2026 => past.push(format!("{} (until {year})", zone.name())),
                (false, Some(_)) => wrong.push(zone.name()),
            }
        }
        println!("{same} of {} names keep a weekly 09:00 from 2020 to 2030", chrono_tz::TZ_VARIANTS.len());
        println!("{} are kept date by date: {}", in_parts.len(), in_parts.join(", "));
        println!("{} had another clock in the past than Outlook's zone has now: {}", past.len(), past.join(", "));
        println!("{} passed, {} failed, 0 skipped {}", same + in_parts.len() + past.len(), wrong.len(), wrong.join(", "));
        if wrong.is_empty() { ExitCode::SUCCESS } else { ExitCode::FAILURE }
    })
}

fn weekly(zone: Zone) -> Projection {
    weekly_from(zone, "2020-01-06T09:00")
}

fn weekly_from(zone: Zone, start: &str) -> Projection {
    Projection {
        title: "Weekly".into(),
        body: String::new(),
        when: When::parse(start, zone).expect("a start"),
        length: belfry_core::Length::Minutes(30),
        rule: "FREQ=WEEKLY;BYDAY=MO".parse().ok(),
        occurrences: [].into(),
        extra: [].into(),
        alarm: Some(15),
        category: None,
        more_categories: vec![],
        show_as: ShowAs::Free,
        private: false,
    }
}

/// Mondays on which what Outlook says is not 09:00 in the zone.
async fn read_back(world: &World, series: &Projection) -> Vec<NaiveDateTime> {
    let zone = series.when.zone().expect("a zone");
    let key = Key::main(ListId::of_name("Zones"), ReminderId::of_uid(ListId::of_name("Zones"), zone.name()));
    let create = CreateEvent {
        mailbox: Mailbox::Me,
        calendar: String::new(),
        projection: series.clone(),
        marker: Marker::of(key.clone(), 1),
        transaction_id: key.transaction_id(1),
    };
    // What cannot be a series is not sent as one.
    let body = create.prepare().body.expect("a body");
    if body.get("recurrence").is_none() {
        return vec![series.when.local()];
    }
    let made = world.outlook("POST", "events", &body).await;
    let id = made.get("id").and_then(Value::as_str).expect("an id").to_owned();
    let path = format!(
        "events/{}/instances?startDateTime=2020-01-01T00:00:00Z&endDateTime=2031-01-01T00:00:00Z&$top=999&$select=start",
        encode(&id)
    );
    let rows = world.outlook("GET", &path, &Value::Null).await;
    world.outlook("DELETE", &format!("events/{}", encode(&id)), &Value::Null).await;
    let start = |row: &Value| {
        let text: String = row.pointer("/start/dateTime").and_then(Value::as_str).unwrap_or_default().chars().take(19).collect();
        zone.wall(text.parse::<NaiveDateTime>().expect("a time").and_utc())
    };
    let all: Vec<NaiveDateTime> = rows["value"].as_array().into_iter().flatten().map(start).collect();
    assert!(all.len() > 570, "{}: {} dates", zone.name(), all.len());
    all.into_iter().filter(|at| at.time() != series.when.local().time()).collect()
}
