//! Changing and deleting dates, and what a change of the master does to them.

use serde_json::{Value, json};

use super::{Office, at, day, path, times};
use belfry_simulator::SeriesDoubts;

const PLAIN: [&str; 6] = [
    "2026-12-01T08:00 occurrence",
    "2026-12-08T08:00 occurrence",
    "2026-12-15T08:00 occurrence",
    "2026-12-22T08:00 occurrence",
    "2026-12-29T08:00 occurrence",
    "2027-01-05T08:00 occurrence",
];

#[tokio::test]
async fn a_changed_date_is_an_exception_that_follows_its_master_in_all_else() {
    let office = Office::new();
    let master = office.weekly().await;
    let date = office.date(&master, "2026-12-08");
    let plain = office.get(&date).await;
    assert_eq!((&plain["type"], &plain["originalStart"]), (&json!("occurrence"), &json!("2026-12-08T08:00:00Z")));
    let changed = office.good("PATCH", &date, json!({"subject": "Bins, the big ones"})).await;
    assert_eq!(changed["type"], "exception");
    assert_eq!(changed["seriesMasterId"], master.as_str());
    assert_eq!(changed["id"], plain["id"]);
    assert_eq!(changed["iCalUId"], plain["iCalUId"]);
    assert_eq!(changed["originalStart"], "2026-12-08T08:00:00Z");
    assert_eq!((&changed["recurrence"], &changed["showAs"]), (&Value::Null, &json!("free")));
    for name in ["changeKey", "createdDateTime", "lastModifiedDateTime"] {
        assert_ne!(changed[name], plain[name], "{name}");
    }
    // What was not sent to the date is the master's, as it is when somebody looks.
    office.good("PATCH", &path(&master), json!({"subject": "Rubbish", "showAs": "busy", "isReminderOn": false})).await;
    let later = office.get(&date).await;
    assert_eq!(
        (&later["subject"], &later["showAs"], &later["isReminderOn"]),
        (&json!("Bins, the big ones"), &json!("busy"), &json!(false))
    );
    assert_ne!(later["@odata.etag"], changed["@odata.etag"], "what is inherited changed");
    office.good("PATCH", &date, json!({"subject": null, "isReminderOn": true})).await;
    let off = office.get(&date).await;
    assert_eq!((&off["subject"], &off["isReminderOn"]), (&Value::Null, &json!(true)));
    assert_eq!(office.get(&path(&master)).await["subject"], "Rubbish");
    assert_eq!(office.instances(&master).await[1], "2026-12-08T08:00 exception");
}

#[tokio::test]
async fn a_moved_date_keeps_its_id_and_says_where_it_was() {
    let office = Office::new();
    let master = office.weekly().await;
    let date = office.date(&master, "2026-12-08");
    office.good("PATCH", &date, times("2026-12-10T18:00:00", "2026-12-10T19:00:00")).await;
    let moved = office.get(&date).await;
    assert_eq!(
        (&moved["start"]["dateTime"], &moved["end"]["dateTime"]),
        (&json!("2026-12-10T17:00:00.0000000"), &json!("2026-12-10T18:00:00.0000000"))
    );
    assert_eq!(moved["originalStart"], "2026-12-08T08:00:00Z");
    assert_eq!(office.instances(&master).await[1], "2026-12-10T17:00 exception");
    // A second change of something else leaves it where it is.
    office.good("PATCH", &date, json!({"subject": "Late"})).await;
    assert_eq!(office.get(&date).await["start"]["dateTime"], "2026-12-10T17:00:00.0000000");
}

#[tokio::test]
async fn a_date_stays_between_its_neighbours_as_they_are_now() {
    let office = Office::new();
    let master = office.weekly().await;
    let (second, third) = (office.date(&master, "2026-12-08"), office.date(&master, "2026-12-15"));
    let crossing = (400, "ErrorOccurrenceCrossingBoundary".to_owned());
    let on = |date: &str| times(&format!("{date}T10:00:00"), &format!("{date}T11:00:00"));
    for refused in ["2026-12-01", "2026-11-30", "2026-12-15", "2026-12-16", "2027-06-01"] {
        assert_eq!(office.refused("PATCH", &second, on(refused)).await, crossing, "{refused}");
    }
    for fine in ["2026-12-02", "2026-12-14", "2026-12-08"] {
        office.good("PATCH", &second, on(fine)).await;
    }
    // The neighbour moves, and the bound with it.
    office.good("PATCH", &second, on("2026-12-12")).await;
    assert_eq!(office.refused("PATCH", &third, on("2026-12-12")).await, crossing);
    office.good("PATCH", &third, on("2026-12-13")).await;
    assert_eq!(office.refused("PATCH", &second, on("2026-12-13")).await, crossing);
    // One that is gone bounds nothing.
    office.good("DELETE", &third, Value::Null).await;
    office.good("PATCH", &second, on("2026-12-21")).await;
    // What does not move cannot cross.
    office.good("PATCH", &second, json!({"subject": "Still there"})).await;
}

#[tokio::test]
async fn what_a_date_cannot_be_is_refused_and_changes_nothing() {
    let office = Office::new();
    let master = office.weekly().await;
    let date = office.date(&master, "2026-12-08");
    let invalid = (400, "ErrorPropertyValidationFailure".to_owned());
    let mut rule = super::weekly()["recurrence"].clone();
    rule["range"]["startDate"] = json!("2026-12-08");
    assert_eq!(office.refused("PATCH", &date, json!({"recurrence": rule})).await, invalid, "a fine rule for a series of its own");
    assert_eq!(office.refused("PATCH", &date, times("2026-12-08T10:00:00", "2026-12-08T09:00:00")).await, invalid);
    assert_eq!(office.refused("PATCH", &date, json!({"end": at("2026-12-08T08:00:00")})).await, invalid);
    assert_eq!(
        office.refused("PATCH", &date, json!({"start": {"dateTime": "2026-12-08T10:00:00"}})).await.1,
        "TimeZoneNotSupportedException"
    );
    assert_eq!(office.refused("PATCH", &date, json!({"colour": "red"})).await.0, 400);
    assert_eq!(office.instances(&master).await, PLAIN);
    let no_date = format!("{}.20261209", path(master.trim_end_matches('=')));
    assert_eq!(office.refused("PATCH", &no_date, json!({"subject": "x"})).await, (404, "ErrorItemNotFound".into()));
}

#[tokio::test]
async fn a_deleted_date_is_gone_and_the_series_goes_on() {
    let office = Office::new();
    let master = office.weekly().await;
    let (plain, changed) = (office.date(&master, "2026-12-08"), office.date(&master, "2026-12-15"));
    office.good("PATCH", &changed, json!({"subject": "Changed"})).await;
    for date in [&plain, &changed] {
        assert_eq!(office.ask("DELETE", date, &Value::Null, None).await, (204, Value::Null));
        for (method, body) in [("GET", Value::Null), ("PATCH", json!({"subject": "x"})), ("DELETE", Value::Null)] {
            assert_eq!(office.refused(method, date, body).await, (404, "ErrorItemNotFound".into()), "{method}");
        }
    }
    assert_eq!(office.instances(&master).await, [PLAIN[0], PLAIN[3], PLAIN[4], PLAIN[5]], "numbered series are not made longer");
    let view = office.get(&format!("calendarView?{}&$top=50", super::WINDOW)).await;
    assert_eq!(view["value"].as_array().unwrap().len(), 4);
    office.good("DELETE", &path(&master), Value::Null).await;
    let other = office.date_of(&master, "20261222");
    assert_eq!(office.refused("GET", &other, Value::Null).await, (404, "ErrorItemNotFound".into()));
}

impl Office {
    /// The path of a date whose master may be gone.
    fn date_of(&self, master: &str, date: &str) -> String {
        path(&format!("{}.{date}", master.trim_end_matches('=')))
    }
}

#[tokio::test]
async fn a_stale_precondition_on_a_date_is_refused() {
    let office = Office::new();
    let master = office.weekly().await;
    let date = office.date(&master, "2026-12-08");
    let etag = office.get(&date).await["@odata.etag"].as_str().unwrap().to_owned();
    office.good("PATCH", &date, json!({"subject": "First"})).await;
    for method in ["PATCH", "DELETE"] {
        let (status, answer) = office.ask(method, &date, &json!({"subject": "Second"}), Some(&etag)).await;
        assert_eq!((status, &answer["error"]["code"]), (412, &json!("ErrorIrresolvableConflict")));
    }
    let etag = office.get(&date).await["@odata.etag"].as_str().unwrap().to_owned();
    assert_eq!(office.ask("PATCH", &date, &json!({"subject": "Second"}), Some(&etag)).await.0, 200);
}

#[tokio::test]
async fn the_change_of_a_date_is_one_of_its_master_or_not() {
    for exception_changes_master in [true, false] {
        let office = Office::with(SeriesDoubts { exception_changes_master, ..SeriesDoubts::default() });
        let master = office.weekly().await;
        for (method, on, body) in [("PATCH", "2026-12-08", json!({"subject": "Other"})), ("DELETE", "2026-12-15", Value::Null)] {
            let before = office.get(&path(&master)).await;
            office.good(method, &office.date(&master, on), body).await;
            let after = office.get(&path(&master)).await;
            assert_eq!(before["changeKey"] != after["changeKey"], exception_changes_master, "{method}");
            assert_eq!(before["lastModifiedDateTime"] != after["lastModifiedDateTime"], exception_changes_master, "{method}");
        }
    }
}

#[tokio::test]
async fn another_rule_or_other_times_drop_single_dates_and_nothing_else_does() {
    let later = || times("2026-12-01T10:00:00", "2026-12-01T10:30:00");
    let longer = json!({"recurrence": {
        "pattern": {"type": "weekly", "interval": 1, "daysOfWeek": ["tuesday"]},
        "range": {"type": "numbered", "startDate": "2026-12-01", "numberOfOccurrences": 7},
    }});
    let single = json!({"recurrence": null});
    let cases = [
        (json!({"subject": "x", "isReminderOn": true, "body": {"contentType": "text", "content": "y"}}), false),
        (times("2026-12-01T09:00:00", "2026-12-01T09:30:00"), false),
        (later(), true),
        (json!({"end": at("2026-12-01T11:00:00")}), true),
        (longer, true),
        (single, true),
    ];
    for (change, wipes) in cases {
        let office = Office::new();
        let master = office.weekly().await;
        office.good("PATCH", &office.date(&master, "2026-12-08"), json!({"subject": "Changed"})).await;
        office.good("DELETE", &office.date(&master, "2026-12-15"), Value::Null).await;
        office.good("PATCH", &path(&master), change.clone()).await;
        let (exceptions, cancelled) = office.counts(&master);
        assert_eq!((exceptions, cancelled), if wipes { (0, 0) } else { (1, 1) }, "{change}");
    }
    let office = Office::new();
    let master = office.weekly().await;
    office.good("DELETE", &office.date(&master, "2026-12-15"), Value::Null).await;
    let rule = office.get(&path(&master)).await["recurrence"].clone();
    office.good("PATCH", &path(&master), json!({"recurrence": rule})).await;
    assert_eq!(office.counts(&master), (0, 1), "as it came");
    let office = Office::with(SeriesDoubts { pattern_change_wipes: false, ..SeriesDoubts::default() });
    let master = office.weekly().await;
    for (on, method, body) in [
        ("2026-12-08", "PATCH", json!({"subject": "Changed"})),
        ("2026-12-15", "DELETE", Value::Null),
        ("2027-01-05", "DELETE", Value::Null),
    ] {
        office.good(method, &office.date(&master, on), body).await;
    }
    office.good("PATCH", &path(&master), later()).await;
    assert_eq!(
        office.instances(&master).await[..3],
        ["2026-12-01T09:00 occurrence", "2026-12-08T09:00 exception", "2026-12-22T09:00 occurrence"]
    );
    let shorter = json!({"recurrence": {
        "pattern": {"type": "weekly", "interval": 1, "daysOfWeek": ["tuesday"]},
        "range": {"type": "endDate", "startDate": "2026-12-01", "endDate": "2026-12-31"},
    }});
    office.good("PATCH", &path(&master), shorter).await;
    assert_eq!(office.counts(&master), (1, 1), "what the rule has no more is not remembered");
}

impl Office {
    /// How many dates of a series are changed and cancelled.
    pub fn counts(&self, master: &str) -> (usize, usize) {
        self.simulator.with_world(|world| {
            let event = world.mailboxes.values().find_map(|mailbox| mailbox.events.get(master)).unwrap();
            (event.series.exceptions.len(), event.series.cancelled.len())
        })
    }
}

#[tokio::test]
async fn a_series_changes_its_zone_only_together_with_its_rule() {
    let office = Office::new();
    let master = office.weekly().await;
    let utc = |time: &str| json!({"dateTime": format!("2026-12-01T{time}"), "timeZone": "UTC"});
    let times = json!({"start": utc("08:00:00"), "end": utc("08:30:00")});
    assert_eq!(office.refused("PATCH", &path(&master), times.clone()).await, (400, "ErrorPropertyValidationFailure".into()));
    let mut both = times;
    both["recurrence"] = super::weekly()["recurrence"].clone();
    office.good("PATCH", &path(&master), both).await;
    let backwards = super::times("2026-12-01T09:00:00", "2026-12-01T08:00:00");
    assert_eq!(office.refused("PATCH", &path(&master), backwards).await, (400, "ErrorPropertyValidationFailure".into()));
}

#[tokio::test]
async fn where_the_zones_of_rule_and_start_differ_no_date_can_move() {
    let office = Office::new();
    let mut body = super::weekly();
    body["recurrence"]["range"]["recurrenceTimeZone"] = json!("Tokyo Standard Time");
    let master = office.series(body).await;
    let date = office.date(&master, "2026-12-08");
    let moved = times("2026-12-08T10:00:00", "2026-12-08T10:30:00");
    assert_eq!(office.refused("PATCH", &date, moved).await, (400, "ErrorOccurrenceCrossingBoundary".into()));
    office.good("PATCH", &date, json!({"subject": "Stays"})).await;
}

#[tokio::test]
async fn an_exception_may_get_an_id_of_its_own() {
    let office = Office::with(SeriesDoubts { exception_takes_new_id: true, ..SeriesDoubts::default() });
    let master = office.weekly().await;
    let old = office.date(&master, "2026-12-08");
    let changed = office.good("PATCH", &old, json!({"subject": "Changed"})).await;
    let new = path(changed["id"].as_str().unwrap());
    assert_ne!(old, new);
    assert_eq!(office.refused("GET", &old, Value::Null).await, (404, "ErrorItemNotFound".into()));
    assert_eq!(office.get(&new).await["subject"], "Changed");
    assert_eq!(office.good("PATCH", &new, json!({"subject": "Again"})).await["id"], changed["id"]);
    office.good("DELETE", &new, Value::Null).await;
    assert_eq!(office.refused("DELETE", &new, Value::Null).await, (404, "ErrorItemNotFound".into()));
    assert!(!office.simulator.with_world(|world| world.mailboxes.values().any(|mailbox| {
        mailbox.events.values().any(|event| event.series.cancelled.get(&day("2026-12-08")).is_none_or(|one| one.id.is_none()))
    })));
}
