//! What is not there is believed only when Graph says so, and nothing else says otherwise.

use belfry_app::reminders::ReminderWish;
use belfry_core::Exit;
use belfry_simulator::{Fault, FaultAction};
use belfry_tests::World;
use serde_json::json;

/// A page of some proxy, nothing, an error that Graph gives when it does not know, and one that it means.
const NOT_FOUND: [&str; 4] = [
    "<html>404 Not Found</html>",
    "",
    r#"{"error":{"code":"UnknownError","message":""}}"#,
    r#"{"error":{"code":"ErrorItemNotFound","message":"simulated"}}"#,
];

fn not_found(path: &str, times: u32, body: &str) -> Fault {
    let action = FaultAction::Answer { status: 404, headers: vec![], body: body.into() };
    Fault { method: "GET".into(), path: path.into(), skip: 0, times, action }
}

/// The event is looked for by its id in its calendar, then anywhere, and both are answered with 404.
#[tokio::test(start_paused = true)]
async fn an_event_that_two_answers_do_not_find_is_not_removed() {
    for body in NOT_FOUND {
        let world = World::new();
        let here = world.computer().await;
        let id = here.add("Rent", "2026-12-03T09:00");
        here.edit(&id, &ReminderWish { repeat: Some("FREQ=WEEKLY;COUNT=6".into()), ..ReminderWish::default() });
        here.add("Dog", "2026-12-04T09:00");
        here.good_sync().await;
        here.good_sync().await;
        world.edit_in_outlook("Rent", json!({"subject": "Rent, edited"})).await;
        world.simulator.fail(not_found("/events/", 2, body));
        let (document, _) = here.sync().await;
        assert!(here.titles().iter().all(|(_, state)| state == "synced"), "{body}: {:?} {document:#}", here.titles());
        world.simulator.mend();
        here.good_sync().await;
        assert_eq!(here.titles(), [("Dog".into(), "synced".into()), ("Rent, edited".into(), "synced".into())], "{body}");
    }
}

/// One that is gone is dismissed all the same.
#[tokio::test(start_paused = true)]
async fn an_event_that_is_gone_is_removed() {
    let world = World::new();
    let here = world.computer().await;
    for (title, at) in [("Rent", "2026-12-03T09:00"), ("Dog", "2026-12-04T09:00"), ("Cat", "2026-12-05T09:00")] {
        here.add(title, at);
    }
    here.good_sync().await;
    world.delete_in_outlook("Rent").await;
    here.good_sync().await;
    assert_eq!(here.titles().iter().filter(|(_, state)| state == "dismissed").count(), 1, "{:?}", here.titles());
}

/// Where nothing of a mailbox is found it is not the calendar that is gone.
#[tokio::test(start_paused = true)]
async fn a_calendar_is_gone_only_when_the_others_are_there() {
    for body in NOT_FOUND {
        let world = World::new();
        let here = world.computer().await;
        here.add("Rent", "2026-12-03T09:00");
        here.good_sync().await;
        here.good_sync().await;
        world.simulator.fail(not_found("/me/calendars", 0, body));
        let (document, exit) = here.sync().await;
        assert_eq!(exit, Exit::Later, "{body}: {document:#}");
        world.simulator.mend();
        let status = json!(here.app.status().expect("a status"));
        assert!(!status.to_string().contains("calendar_gone"), "{body}: {status:#}");
        here.good_sync().await;
        assert_eq!(here.titles(), [("Rent".into(), "synced".into())]);
    }
}

/// A server that is busy says until when, and is left alone until then.
#[tokio::test(start_paused = true)]
async fn who_is_busy_is_asked_when_it_said() {
    for (status, said) in [(503, "900"), (429, "900")] {
        let world = World::new();
        let here = world.computer().await;
        here.add("Rent", "2026-12-03T09:00");
        let action = FaultAction::Answer { status, headers: vec![("Retry-After".into(), said.into())], body: String::new() };
        world.simulator.fail(Fault { method: String::new(), path: "/me".into(), skip: 0, times: 0, action });
        let (document, exit) = here.sync().await;
        assert_eq!((exit, &document["problems"][0]["code"]), (Exit::Later, &json!("throttled")), "{status}: {document:#}");
    }
}
