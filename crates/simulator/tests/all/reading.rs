//! What a GET shows of a series and its dates.

use belfry_simulator::SeriesDoubts;
use serde_json::{Value, json};

use super::{MARKER, Office, path, times};

const EXPANDED: &str = "$select=subject,exceptionOccurrences,cancelledOccurrences&$expand=exceptionOccurrences";

async fn with_both(office: &Office) -> String {
    let master = office.weekly().await;
    office.good("PATCH", &office.date(&master, "2026-12-08"), json!({"subject": "Changed"})).await;
    office.good("DELETE", &office.date(&master, "2026-12-15"), Value::Null).await;
    office.good("DELETE", &office.date(&master, "2026-12-29"), Value::Null).await;
    master
}

#[tokio::test]
async fn single_dates_are_shown_to_those_who_ask_for_the_master_by_its_id() {
    let office = Office::new();
    let master = with_both(&office).await;
    let shown = office.master(&master).await;
    assert_eq!(shown["cancelledOccurrences"], json!([format!("OID.{master}.2026-12-15"), format!("OID.{master}.2026-12-29")]));
    let exceptions = shown["exceptionOccurrences"].as_array().unwrap();
    assert_eq!(exceptions.len(), 1);
    assert_eq!(exceptions[0], office.get(&office.date(&master, "2026-12-08")).await, "whole");
    let absent = |shown: &Value, name: &str| assert!(shown.get(name).is_none(), "{name} in {shown}");
    let by_id = path(&master);
    for (path, name) in [
        (by_id.clone(), "cancelledOccurrences"),
        (by_id.clone(), "exceptionOccurrences"),
        (format!("{by_id}?$select=*"), "cancelledOccurrences"),
        (format!("{by_id}?$select=subject"), "cancelledOccurrences"),
        (format!("{by_id}?$select=subject,exceptionOccurrences"), "exceptionOccurrences"),
        (format!("{by_id}?$expand=exceptionOccurrences"), "exceptionOccurrences"),
    ] {
        absent(&office.get(&path).await, name);
    }
    let listed = office.get(&format!("events?{EXPANDED}")).await;
    assert_eq!(listed["value"].as_array().unwrap().len(), 1, "masters and singles only");
    absent(&listed["value"][0], "cancelledOccurrences");
    absent(&listed["value"][0], "exceptionOccurrences");
    let date = office.get(&format!("{}?{EXPANDED}", office.date(&master, "2026-12-08"))).await;
    absent(&date, "cancelledOccurrences");
    absent(&date, "exceptionOccurrences");
    let single =
        office.series(json!({"subject": "Once", "start": super::at("2026-12-03T09:00:00"), "end": super::at("2026-12-03T10:00:00")})).await;
    let single = office.get(&format!("{}?{EXPANDED}", path(&single))).await;
    absent(&single, "cancelledOccurrences");
    absent(&single, "exceptionOccurrences");
    absent(&single, "originalStart");
}

#[tokio::test]
async fn a_series_without_single_dates_shows_that_it_has_none() {
    let office = Office::new();
    let master = office.weekly().await;
    let shown = office.master(&master).await;
    assert_eq!((&shown["cancelledOccurrences"], &shown["exceptionOccurrences"]), (&json!([]), &json!([])));
}

#[tokio::test]
async fn what_is_asked_of_expanded_exceptions_is_answered() {
    let office = Office::new();
    let master = with_both(&office).await;
    let property = format!("singleValueExtendedProperties($filter=id eq '{MARKER}')");
    let encoded = percent_encoding::utf8_percent_encode(&property, percent_encoding::NON_ALPHANUMERIC).to_string();
    let asked = format!(
        "{}?$select=subject,cancelledOccurrences&$expand={encoded},exceptionOccurrences($select%3Dsubject,originalStart%3B$expand%3D{encoded})",
        path(&master)
    );
    let shown = office.get(&asked).await;
    let marker = json!([{"id": MARKER, "value": "1;list;reminder;main;1"}]);
    assert_eq!(shown["singleValueExtendedProperties"], marker);
    let exception = shown["exceptionOccurrences"][0].as_object().unwrap();
    assert_eq!(exception["singleValueExtendedProperties"], marker, "inherited");
    assert_eq!(exception["originalStart"], "2026-12-08T08:00:00Z");
    let names: Vec<&str> = exception.keys().map(String::as_str).filter(|name| !name.starts_with('@')).collect();
    let mut names = names;
    names.sort_unstable();
    assert_eq!(names, ["id", "originalStart", "singleValueExtendedProperties", "subject"]);
    for bad in [
        "exceptionOccurrences($expand%3Dattachments)",
        "instances",
        "exceptionOccurrences(subject)",
        "exceptionOccurrences($select%3Dsubject",
    ] {
        assert_eq!(office.refused("GET", &format!("{}?$select=subject&$expand={bad}", path(&master)), Value::Null).await.0, 400, "{bad}");
    }
}

#[tokio::test]
async fn a_date_has_its_masters_properties_unless_it_has_its_own() {
    let office = Office::new();
    let master = office.weekly().await;
    let date = office.date(&master, "2026-12-08");
    let encoded = percent_encoding::utf8_percent_encode(MARKER, percent_encoding::NON_ALPHANUMERIC);
    let with = format!("{date}?$expand=singleValueExtendedProperties($filter=id%20eq%20'{encoded}')");
    let value = |shown: Value| shown["singleValueExtendedProperties"][0]["value"].clone();
    let mark = |text: &str| json!({"singleValueExtendedProperties": [{"id": MARKER, "value": text}]});
    assert_eq!(value(office.get(&with).await), "1;list;reminder;main;1");
    office.good("PATCH", &date, json!({"subject": "Changed"})).await;
    office.good("PATCH", &path(&master), mark("of the master")).await;
    assert_eq!(value(office.get(&with).await), "of the master");
    office.good("PATCH", &date, mark("of its own")).await;
    office.good("PATCH", &path(&master), mark("of the master again")).await;
    assert_eq!(value(office.get(&with).await), "of its own");
    office.good("PATCH", &date, json!({"singleValueExtendedProperties": [{"id": MARKER, "value": null}]})).await;
    assert!(office.get(&with).await.get("singleValueExtendedProperties").is_none());
}

#[tokio::test]
async fn views_show_dates_where_they_are_now() {
    let office = Office::new();
    let master = office.weekly().await;
    let last = office.date(&master, "2027-01-05");
    office.good("PATCH", &last, times("2027-02-10T09:00:00", "2027-02-10T09:30:00")).await;
    let window = |from: &str, to: &str| format!("startDateTime={from}T00:00:00Z&endDateTime={to}T00:00:00Z&$top=50");
    for path in ["calendarView".to_owned(), format!("{}/instances", path(&master))] {
        let there = office.get(&format!("{path}?{}", window("2027-02-09", "2027-02-11"))).await;
        assert_eq!((&there["value"][0]["type"], there["value"].as_array().unwrap().len()), (&json!("exception"), 1), "{path}");
        let left = office.get(&format!("{path}?{}", window("2027-01-01", "2027-01-31"))).await;
        assert_eq!(left["value"], json!([]), "{path}");
        assert_eq!(office.refused("GET", &path, Value::Null).await.0, 400, "a window is needed");
    }
    // One that the pattern has after the window, moved into it.
    let fifth = office.date(&master, "2026-12-29");
    office.good("PATCH", &fifth, times("2026-12-24T09:00:00", "2026-12-24T09:30:00")).await;
    let early = office.get(&format!("calendarView?{}", window("2026-12-23", "2026-12-25"))).await;
    assert_eq!(early["value"][0]["originalStart"], "2026-12-29T08:00:00Z");
    assert_eq!(office.refused("GET", &format!("{fifth}/instances?{}", window("2026-12-01", "2026-12-31")), Value::Null).await.0, 404);
}

#[tokio::test]
async fn all_day_dates_begin_at_midnight_of_their_series() {
    let office = Office::new();
    let midnight = |date: &str| json!({"dateTime": format!("{date}T00:00:00"), "timeZone": "W. Europe Standard Time"});
    let daily = json!({
        "subject": "Watering", "isAllDay": true, "start": midnight("2026-12-01"), "end": midnight("2026-12-02"),
        "recurrence": {"pattern": {"type": "daily", "interval": 2}, "range": {"type": "noEnd", "startDate": "2026-12-01"}},
    });
    let master = office.series(daily).await;
    let date = office.date(&master, "2026-12-03");
    office.good("PATCH", &date, json!({"start": midnight("2026-12-04"), "end": midnight("2026-12-05")})).await;
    let shown = office.get(&date).await;
    assert_eq!(
        (&shown["originalStart"], &shown["start"]["dateTime"]),
        (&json!("2026-12-02T23:00:00Z"), &json!("2026-12-04T00:00:00.0000000"))
    );
    assert_eq!(
        office.refused("PATCH", &date, json!({"start": midnight("2026-12-05"), "end": midnight("2026-12-06")})).await.1,
        "ErrorOccurrenceCrossingBoundary"
    );
    assert_eq!(
        office.refused("PATCH", &date, json!({"start": super::at("2026-12-04T09:00:00")})).await.1,
        "ErrorPropertyValidationFailure"
    );
    let utc = |date: &str| json!({"dateTime": format!("{date}T00:00:00"), "timeZone": "UTC"});
    let weekly = json!({
        "subject": "Birthday", "isAllDay": true, "start": utc("2026-12-01"), "end": utc("2026-12-02"),
        "recurrence": {
            "pattern": {"type": "daily", "interval": 7},
            "range": {"type": "noEnd", "startDate": "2026-12-01", "recurrenceTimeZone": "W. Europe Standard Time"},
        },
    });
    let other = office.series(weekly).await;
    assert_eq!(office.get(&office.date(&other, "2026-12-08")).await["originalStart"], "2026-12-07T23:00:00Z");
    office.good("DELETE", &office.date(&master, "2026-12-05"), Value::Null).await;
    assert_eq!(office.master(&master).await["cancelledOccurrences"], json!([format!("OID.{master}.2026-12-05")]));
}

#[tokio::test]
async fn the_date_of_a_cancelled_one_is_of_the_zone_of_the_rule() {
    let office = Office::new();
    let mut body = super::weekly();
    body["start"] = super::at("2026-12-01T22:00:00");
    body["end"] = super::at("2026-12-01T22:30:00");
    body["recurrence"]["range"]["recurrenceTimeZone"] = json!("Tokyo Standard Time");
    let master = office.series(body).await;
    office.good("DELETE", &office.date(&master, "2026-12-08"), Value::Null).await;
    assert_eq!(office.master(&master).await["cancelledOccurrences"], json!([format!("OID.{master}.2026-12-09")]));
}

#[tokio::test]
async fn either_answer_where_reading_is_in_doubt() {
    let office = Office::with(SeriesDoubts { expansion_needs_its_name: true, ..SeriesDoubts::default() });
    let master = with_both(&office).await;
    let unnamed = office.get(&format!("{}?$select=subject&$expand=exceptionOccurrences", path(&master))).await;
    assert!(unnamed.get("exceptionOccurrences").is_none());
    assert_eq!(office.master(&master).await["exceptionOccurrences"].as_array().unwrap().len(), 1);

    office.simulator.set_series_doubts(SeriesDoubts { select_reaches_exceptions: true, ..SeriesDoubts::default() });
    let trimmed = office.master(&master).await["exceptionOccurrences"][0].clone();
    assert_eq!((&trimmed["subject"], trimmed.get("start")), (&json!("Changed"), None));

    office.simulator.set_series_doubts(SeriesDoubts { original_start_by_select: true, ..SeriesDoubts::default() });
    let date = office.date(&master, "2026-12-08");
    assert!(office.get(&date).await.get("originalStart").is_none());
    assert_eq!(office.get(&format!("{date}?$select=*,originalStart")).await["originalStart"], "2026-12-08T08:00:00Z");
    assert!(office.master(&master).await["exceptionOccurrences"][0].get("originalStart").is_none());
    let nested =
        office.get(&format!("{}?$select=subject&$expand=exceptionOccurrences($select%3Dsubject,originalStart)", path(&master))).await;
    assert_eq!(nested["exceptionOccurrences"][0]["originalStart"], "2026-12-08T08:00:00Z");
}

#[tokio::test]
async fn the_calendar_of_a_date_is_that_of_its_series() {
    let office = Office::new();
    let master = office.weekly().await;
    let date = office.date(&master, "2026-12-08");
    let calendar = office.get(&format!("{date}/calendar")).await["id"].as_str().unwrap().to_owned();
    let within = |id: &str| format!("calendars/{}/{date}", path(id).trim_start_matches("events/"));
    assert_eq!(office.get(&within(&calendar)).await["type"], "occurrence");
    let other = office.good("POST", "calendars", json!({"name": "Other"})).await["id"].as_str().unwrap().to_owned();
    assert_eq!(office.refused("GET", &within(&other), Value::Null).await, (404, "ErrorItemNotFound".into()));
}
