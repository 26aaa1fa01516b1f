//! The person in Outlook.

use belfry_simulator::{SeriesDoubts, Side};
use bytes::Bytes;
use serde_json::{Value, json};

use super::{LOGIN, MARKER, Office, day, path};

#[tokio::test]
async fn a_person_changes_and_deletes_dates() {
    let office = Office::new();
    let master = office.weekly().await;
    office.simulator.change_date(LOGIN, &master, day("2026-12-08"), &json!({"subject": "By hand"})).unwrap();
    office.simulator.cancel_date(LOGIN, &master, day("2026-12-15")).unwrap();
    let shown = office.master(&master).await;
    assert_eq!(
        (&shown["exceptionOccurrences"][0]["subject"], shown["cancelledOccurrences"].as_array().unwrap().len()),
        (&json!("By hand"), 1)
    );
    let status = |on: &str, change: Value| office.simulator.change_date(LOGIN, &master, day(on), &change).unwrap_err().status;
    assert_eq!(status("2026-12-15", json!({"subject": "x"})), 404, "cancelled");
    assert_eq!(status("2026-12-09", json!({"subject": "x"})), 404, "no date");
    assert_eq!(status("2026-12-08", super::times("2026-12-01T10:00:00", "2026-12-01T11:00:00")), 400, "crossing");
    assert_eq!(office.simulator.cancel_date(LOGIN, "nothing", day("2026-12-08")).unwrap_err().status, 404);
}

#[tokio::test]
async fn this_and_following_makes_two_series_of_one() {
    for split_copies_properties in [true, false] {
        let office = Office::with(SeriesDoubts { split_copies_properties, ..SeriesDoubts::default() });
        let master = office.weekly().await;
        office.simulator.change_date(LOGIN, &master, day("2026-12-08"), &json!({"subject": "Kept"})).unwrap();
        office.simulator.change_date(LOGIN, &master, day("2026-12-29"), &json!({"subject": "Lost"})).unwrap();
        office.simulator.cancel_date(LOGIN, &master, day("2027-01-05")).unwrap();
        let before = office.get(&path(&master)).await;
        let change = json!({"subject": "Later", "start": super::at("2026-12-22T11:00:00"), "end": super::at("2026-12-22T11:30:00")});
        let new = office.simulator.change_following(LOGIN, &master, day("2026-12-16"), &change).unwrap();
        assert_eq!(
            office.instances(&master).await,
            ["2026-12-01T08:00 occurrence", "2026-12-08T08:00 exception", "2026-12-15T08:00 occurrence"]
        );
        assert_eq!(
            office.instances(&new).await,
            ["2026-12-22T10:00 occurrence", "2026-12-29T10:00 occurrence", "2027-01-05T10:00 occurrence"]
        );
        let (old, new) = (office.get(&path(&master)).await, office.get(&format!("{}?{}", path(&new), marker())).await);
        assert_eq!(office.counts(&master), (1, 0), "what was after the split is not remembered");
        let range = &old["recurrence"]["range"];
        assert_eq!(
            (&range["type"], &range["endDate"], &range["numberOfOccurrences"]),
            (&json!("endDate"), &json!("2026-12-21"), &json!(0))
        );
        assert_ne!(old["changeKey"], before["changeKey"]);
        let range = &new["recurrence"]["range"];
        assert_eq!((&range["startDate"], &range["numberOfOccurrences"]), (&json!("2026-12-22"), &json!(3)));
        assert_eq!((&old["subject"], &new["subject"], &new["showAs"]), (&json!("Bins"), &json!("Later"), &json!("free")));
        assert_ne!(old["iCalUId"], new["iCalUId"]);
        assert_eq!(new.get("singleValueExtendedProperties").is_some(), split_copies_properties);
    }
}

fn marker() -> String {
    let encoded = percent_encoding::utf8_percent_encode(MARKER, percent_encoding::NON_ALPHANUMERIC);
    format!("$expand=singleValueExtendedProperties($filter=id%20eq%20'{encoded}')")
}

#[tokio::test]
async fn a_series_is_not_split_where_it_has_nothing_before_or_after() {
    let office = Office::new();
    let master = office.weekly().await;
    let status = |on: &str| office.simulator.change_following(LOGIN, &master, day(on), &json!({})).unwrap_err().status;
    assert_eq!((status("2026-12-01"), status("2027-01-06")), (400, 400));
    assert_eq!(office.instances(&master).await.len(), 6);
    let single = office.series(json!({"start": super::at("2026-12-03T09:00:00"), "end": super::at("2026-12-03T10:00:00")})).await;
    assert_eq!(office.simulator.change_following(LOGIN, &single, day("2026-12-03"), &json!({})).unwrap_err().status, 404);
    let unfit = json!({"start": super::at("2026-12-23T11:00:00"), "end": super::at("2026-12-23T11:30:00")});
    assert_eq!(office.simulator.change_following(LOGIN, &master, day("2026-12-22"), &unfit).unwrap_err().status, 400);
    assert_eq!(office.instances(&master).await.len(), 6, "all or nothing");
}

#[tokio::test]
async fn the_control_side_takes_the_same_orders() {
    let office = Office::new();
    let master = office.weekly().await;
    let told = async |path: &str, body: Value| {
        let request = http::Request::post(format!("http://127.0.0.1:3/{path}")).body(Bytes::from(body.to_string())).unwrap();
        office.simulator.call(Side::Control, request).await.unwrap().status().as_u16()
    };
    assert_eq!(told("series-doubts", json!({"split_copies_properties": false})).await, 200);
    assert_eq!(told("split", json!({"login": LOGIN, "event": master, "on": "2026-12-22", "change": {"subject": "Later"}})).await, 200);
    assert_eq!(told("split", json!({"login": LOGIN, "event": "nothing", "on": "2026-12-22"})).await, 404);
    let listed = office.get(&format!("events?{}", marker())).await;
    let marked = listed["value"].as_array().unwrap().iter().filter(|event| event.get("singleValueExtendedProperties").is_some());
    assert_eq!((listed["value"].as_array().unwrap().len(), marked.count()), (2, 1));
}

#[test]
fn worlds_and_doubts_of_before_can_still_be_read() {
    let doubts: SeriesDoubts = serde_json::from_value(json!({"pattern_change_wipes": false})).unwrap();
    assert_eq!(doubts, SeriesDoubts { pattern_change_wipes: false, ..SeriesDoubts::default() });
    let mut is_heads = false;
    let drawn = SeriesDoubts::drawn(|| {
        is_heads = !is_heads;
        is_heads
    });
    assert_eq!((drawn.exception_changes_master, drawn.pattern_change_wipes), (true, false));
}

#[tokio::test]
async fn single_dates_outlive_a_restart_and_plain_events_are_stored_as_before() {
    let office = Office::new();
    let plain = office.weekly().await;
    let stored = |id: &str| {
        office
            .simulator
            .with_world(|world| serde_json::to_value(world.mailboxes.values().find_map(|mailbox| mailbox.events.get(id)).unwrap()).unwrap())
    };
    assert!(stored(&plain).get("series").is_none());
    office.simulator.change_date(LOGIN, &plain, day("2026-12-08"), &json!({"subject": "By hand"})).unwrap();
    office.simulator.cancel_date(LOGIN, &plain, day("2026-12-15")).unwrap();
    let world = office.simulator.with_world(|world| serde_json::to_vec(world).unwrap());
    let shown = office.master(&plain).await;
    office.simulator.with_world(|now| *now = serde_json::from_slice(&world).unwrap());
    assert_eq!(office.master(&plain).await, shown);
}
