//! What Outlook lists and does not find, and calendars that do not answer: nothing is decided about them.

use belfry_app::lists::Keep;
use belfry_core::Exit;
use belfry_simulator::{Fault, FaultAction};
use belfry_tests::{Computer, LIST, World, encode};
use chrono::Duration;
use serde_json::json;

use crate::one_event::{codes, fail, settled, state};

const ABSENT: (u16, &str) = (404, "ErrorItemNotFound");

/// The listings of a calendar meet this, so often.
async fn silence(world: &World, calendar: &str, times: u32, status: u16) {
    let all = world.outlook("GET", "calendars", &json!(null)).await;
    let id = all["value"].as_array().and_then(|all| all.iter().find(|one| one["name"] == calendar)).expect("a calendar")["id"].clone();
    let id = id.as_str().expect("an id");
    let body = json!({"error": {"code": "ErrorItemNotFound", "message": "scripted"}}).to_string();
    for path in std::collections::BTreeSet::from([format!("calendars/{id}/events"), format!("calendars/{}/events", encode(id))]) {
        let action = FaultAction::Answer { status, headers: vec![], body: body.clone() };
        world.simulator.fail(Fault { method: "GET".into(), path, skip: 0, times, action });
    }
}

/// Two reminders on two computers, and one has moved their list.
async fn moved(world: &World) -> Computer {
    world.outlook("POST", "calendars", &json!({"name": "Other"})).await;
    let (here, other) = (world.computer().await, world.computer().await);
    other.add("Rent", "2026-12-03T09:00");
    other.add("Bins", "2026-12-04T09:00");
    other.good_sync().await;
    here.good_sync().await;
    let keep = Keep::In { account: None, calendar: Some("Other".into()) };
    other.app.retarget(LIST, &keep, None).await.expect("another calendar");
    other.good_sync().await;
    here
}

#[tokio::test(start_paused = true)]
async fn a_calendar_that_does_not_answer_is_not_an_empty_one() {
    for status in [403, 404, 400] {
        let world = World::new();
        let here = moved(&world).await;
        silence(&world, "Other", 1, status).await;
        let (document, exit) = here.sync().await;
        assert_eq!(exit, Exit::Later, "{status} {document:#}");
        assert!(here.titles().iter().all(|(_, state)| state == "synced"), "{status} {:?}", here.titles());
        world.simulator.mend();
        let (document, exit) = here.sync().await;
        assert_eq!((exit, codes(&document)), (Exit::Done, vec!["list_followed"]), "{status} {document:#}");
        assert!(here.titles().iter().all(|(_, state)| state == "synced"), "{status} {:?}", here.titles());
    }
}

#[tokio::test(start_paused = true)]
async fn a_calendar_that_never_answers_stops_nothing_for_long() {
    let world = World::new();
    let here = settled(&world).await;
    world.outlook("POST", "calendars", &json!({"name": "Strange"})).await;
    silence(&world, "Strange", 0, 403).await;
    world.delete_in_outlook("Tea").await;
    assert_eq!(here.sync().await.1, Exit::Later);
    world.clock.pass(Duration::minutes(61));
    here.good_sync().await;
    assert_eq!(state(&here, "Tea"), "dismissed");
    // It is known by now.
    world.delete_in_outlook("Milk").await;
    here.good_sync().await;
    assert_eq!(state(&here, "Milk"), "dismissed");
}

/// Settled, and another computer has made one more since.
async fn just_made(world: &World) -> Computer {
    let here = settled(world).await;
    let other = world.computer().await;
    other.good_sync().await;
    other.add("Just made", "2026-12-04T09:00");
    other.good_sync().await;
    here
}

#[tokio::test(start_paused = true)]
async fn an_event_that_is_not_found_yet_is_asked_for_once_more() {
    let world = World::new();
    let here = just_made(&world).await;
    fail(&world, "GET", &world.event_id("Just made"), (404, "ErrorItemNotFound"));
    let (document, exit) = here.sync().await;
    assert_eq!((exit, codes(&document)), (Exit::Done, vec![]), "{document:#}");
    assert!(!here.titles().iter().any(|(title, _)| title == "Just made"));
    world.simulator.mend();
    here.good_sync().await;
    assert_eq!(state(&here, "Just made"), "synced");
}

#[tokio::test(start_paused = true)]
async fn an_event_that_went_as_soon_as_it_came_is_not_asked_for_again_and_again() {
    let world = World::new();
    let here = just_made(&world).await;
    let id = world.event_id("Just made");
    fail(&world, "GET", &id, (404, "ErrorItemNotFound"));
    let asked = || world.simulator.seen().iter().filter(|seen| seen.path.contains(&encode(&id)) || seen.path.contains(&id)).count();
    here.good_sync().await;
    here.good_sync().await;
    let twice = asked();
    here.good_sync().await;
    assert!(twice > 0);
    assert_eq!(asked(), twice);
}

#[tokio::test(start_paused = true)]
async fn a_passing_mistake_about_an_event_is_not_told() {
    let world = World::new();
    let here = settled(&world).await;
    for (method, times) in [("GET", 0), ("PATCH", 0)] {
        world.edit_in_outlook("Dog", json!({"subject": format!("Dog {method}{times}")})).await;
        world.edit_in_outlook(&format!("Dog {method}{times}"), json!({"subject": "Dog"})).await;
        fail(&world, method, &world.event_id("Dog"), ABSENT);
    }
    let (document, exit) = here.sync().await;
    assert_eq!((exit, codes(&document)), (Exit::Done, vec![]), "{document:#}");
    assert_eq!(state(&here, "Dog"), "synced");
    // Who meets it again hears of it.
    let (document, exit) = here.sync().await;
    assert_eq!((exit, codes(&document)), (Exit::Done, vec!["event_waits"]), "{document:#}");
    world.simulator.mend();
    here.good_sync().await;
    assert_eq!(codes(&here.sync().await.0), Vec::<&str>::new());
    assert_eq!(state(&here, "Dog"), "synced");
}

#[tokio::test(start_paused = true)]
async fn what_is_taken_back_and_not_found_goes_later() {
    let world = World::new();
    let here = settled(&world).await;
    let id = here.add("Regretted", "2026-12-06T09:00");
    here.good_sync().await;
    fail(&world, "", &world.event_id("Regretted"), ABSENT);
    here.app.undo(&id, false).await.expect("undone");
    here.sync().await;
    here.sync().await;
    world.simulator.mend();
    here.good_sync().await;
    world.clock.pass(Duration::hours(25));
    here.good_sync().await;
    assert!(!world.subjects().contains(&"Regretted".to_owned()), "{:?}", world.subjects());
    assert_eq!(state(&here, "Regretted"), "dismissed");
}

#[tokio::test(start_paused = true)]
async fn what_was_made_without_an_answer_and_is_not_wanted_goes() {
    let world = World::new();
    let (here, file) = crate::following::followed(&world).await;
    let items = [("1", "Lease"), ("2", "Phone"), ("3", "Insurance"), ("4", "Gym"), ("5", "Far")];
    crate::following::write(&file, &items);
    let text = std::fs::read_to_string(&file).expect("read");
    let far = |day: &str| format!("SUMMARY:Far\r\nDTSTART;VALUE=DATE:{day}");
    std::fs::write(&file, text.replace(&far("20261210"), &far("20270910"))).expect("written");
    world.simulator.fail(Fault { method: "POST".into(), path: "/v1.0".into(), skip: 0, times: 50, action: FaultAction::CutAfter });
    assert_eq!(here.sync().await.1, Exit::Later);
    world.simulator.mend();
    assert!(world.subjects().contains(&"Far".to_owned()));
    let shown = || crate::following::shown(&here, "Far");
    here.app.remove_reminder(shown()["id"].as_str().expect("an id")).expect("not wanted");
    here.good_sync().await;
    world.clock.pass(Duration::hours(25));
    here.good_sync().await;
    assert!(!world.subjects().contains(&"Far".to_owned()), "{}", shown());
    assert_eq!(shown()["state"], "dismissed");
}
