//! What goes wrong on the way, and what must not follow from it.

use belfry_core::Exit;
use belfry_simulator::{Doubts, Fault, FaultAction, IfMatch, InnerLimit};
use belfry_tests::{LOGIN, World};
use serde_json::json;

fn fault(method: &str, path: &str, skip: u32, action: FaultAction) -> Fault {
    Fault { method: method.into(), path: path.into(), skip, times: 1, action }
}

fn answer(status: u16, code: &str) -> FaultAction {
    FaultAction::Answer {
        status,
        headers: vec![("Retry-After".into(), "1".into())],
        body: json!({"error": {"code": code, "message": "scripted"}}).to_string(),
    }
}

/// Every answer to what is in doubt.
fn doubts() -> Vec<Doubts> {
    let mut all = Vec::new();
    for if_match in [IfMatch::Heeded, IfMatch::Ignored] {
        for duplicate_transaction_status in [400, 409] {
            for delta_shows_masters in [false, true] {
                for inner_limit in [InnerLimit::Queued, InnerLimit::Throttled] {
                    all.push(Doubts { if_match, duplicate_transaction_status, delta_shows_masters, inner_limit, ..Doubts::default() });
                }
            }
        }
    }
    all.push(Doubts { duplicate_names_event: false, ..Doubts::default() });
    all.push(Doubts { transaction_outlives_event: false, ..Doubts::default() });
    all.push(Doubts { delta_removes_outside: false, ..Doubts::default() });
    all
}

#[tokio::test(start_paused = true)]
async fn a_lost_answer_makes_no_duplicate_whatever_graph_does() {
    for doubts in doubts() {
        let world = World::new();
        world.simulator.set_doubts(doubts.clone());
        let here = world.computer().await;
        for index in 0..30 {
            here.add(&format!("Item {index:02}"), "2026-12-03T09:00");
        }
        here.add("Far away", "2027-12-03T09:00");
        // All retries of the first batch are carried out and lost, until patience ends.
        world.simulator.fail(Fault { times: 50, ..fault("POST", "$batch", 0, FaultAction::CutAfter) });
        let (_, exit) = here.sync().await;
        assert_eq!(exit, Exit::Later, "{doubts:?}");
        world.simulator.with_world(|_| {});
        world.simulator.mend();
        here.good_sync().await;
        here.good_sync().await;
        assert_eq!(world.subjects().len(), 31, "{doubts:?}");
        assert!(here.titles().iter().all(|(_, state)| state == "synced"), "{doubts:?}: {:?}", here.titles());
        world.writes();
        here.good_sync().await;
        assert_eq!(world.writes(), 0, "{doubts:?}");
    }
}

#[tokio::test(start_paused = true)]
async fn a_broken_pull_plans_nothing() {
    for action in [
        FaultAction::CutBefore,
        FaultAction::CutAfter,
        FaultAction::Truncate,
        answer(503, "ErrorServerBusy"),
        answer(200, ""),
        answer(302, ""),
    ] {
        let world = World::new();
        let here = world.computer().await;
        for index in 0..4 {
            here.add(&format!("Item {index}"), "2026-12-03T09:00");
        }
        here.good_sync().await;
        here.add("New", "2026-12-03T09:00");
        world.writes();
        world.simulator.fail(Fault { times: 50, ..fault("GET", "delta", 0, action.clone()) });
        let (document, exit) = here.sync().await;
        assert_eq!((exit, &document["outcome"]), (Exit::Later, &json!("offline")), "{action:?}");
        assert_eq!(world.writes(), 0, "{action:?}");
        let why = || here.app.status().expect("a status").last_run.expect("a run").why;
        assert!(why().is_some_and(|why| !why.is_empty()), "{action:?}");
        world.simulator.mend();
        assert_eq!(here.good_sync().await["created"], 1);
        assert_eq!(why(), None);
    }
}

#[tokio::test(start_paused = true)]
async fn a_passing_fault_is_waited_out() {
    for (method, path, action) in [
        ("POST", "$batch", answer(429, "ApplicationThrottled")),
        ("POST", "$batch", answer(503, "ErrorServerBusy")),
        ("POST", "$batch", FaultAction::CutBefore),
        ("POST", "$batch", FaultAction::CutAfter),
        ("POST", "part:", answer(429, "ApplicationThrottled")),
        ("POST", "part:", answer(504, "UnknownError")),
        ("GET", "delta", FaultAction::Truncate),
        ("POST", "token", answer(503, "")),
    ] {
        let world = World::new();
        let here = world.computer().await;
        for index in 0..3 {
            here.add(&format!("Item {index}"), "2026-12-03T09:00");
        }
        world.simulator.fail(fault(method, path, 0, action.clone()));
        let (document, exit) = here.sync().await;
        // A sign-in service that is out of order ends the run; everything else is waited out within it.
        if exit == Exit::Later && path == "token" {
            here.good_sync().await;
        } else {
            assert_eq!(exit, Exit::Done, "{path} {action:?}: {document:#}");
        }
        here.good_sync().await;
        assert_eq!(world.subjects().len(), 3, "{path} {action:?}");
    }
}

#[tokio::test(start_paused = true)]
async fn an_old_change_feed_is_listed_anew() {
    let world = World::new();
    let here = world.computer().await;
    for index in 0..5 {
        here.add(&format!("Item {index}"), "2026-12-03T09:00");
    }
    here.good_sync().await;
    world.delete_in_outlook("Item 1").await;
    world.edit_in_outlook("Item 2", json!({"subject": "Item 2 edited"})).await;
    world.simulator.with_world(|w| w.mailboxes.values_mut().for_each(|mailbox| mailbox.deltas.clear()));
    let counts = here.good_sync().await;
    assert_eq!((&counts["dismissed"], &counts["pulled"], &counts["created"]), (&json!(1), &json!(1), &json!(0)));
}

#[tokio::test(start_paused = true)]
async fn one_refused_event_does_not_stop_the_rest() {
    let world = World::new();
    let here = world.computer().await;
    let ids: Vec<String> = (0..3).map(|index| here.add(&format!("Item {index}"), "2026-12-03T09:00")).collect();
    world.simulator.fail(fault("POST", "part:", 1, answer(400, "ErrorPropertyValidationFailure")));
    let (document, exit) = here.sync().await;
    assert_eq!((exit, &document["problems"][0]["code"]), (Exit::Done, &json!("event_refused")));
    assert_eq!(world.subjects().len(), 2);
    let refused = here.reminders().into_iter().find(|reminder| reminder["state"] == "refused").expect("one refused");
    here.good_sync().await;
    assert_eq!(world.subjects().len(), 2);
    let id = ids.iter().find(|id| **id == refused["id"]).expect("known");
    here.edit(id, &belfry_app::reminders::ReminderWish { title: Some("Mended".into()), ..Default::default() });
    here.good_sync().await;
    assert_eq!(world.subjects().len(), 3);
}

#[tokio::test(start_paused = true)]
async fn a_revoked_token_stops_once_and_is_not_tried_again() {
    let world = World::new();
    let here = world.computer().await;
    here.add("Rent", "2026-12-03T09:00");
    here.good_sync().await;
    world.clock.pass(chrono::Duration::minutes(1));
    let now = belfry_core::Clock::now(&world.clock);
    world.simulator.with_world(|w| {
        w.people.iter_mut().filter(|person| person.login == LOGIN).for_each(|person| person.revoked_at = Some(now));
        w.access.clear();
    });
    let (document, exit) = here.sync().await;
    assert_eq!(
        (exit, &document["outcome"], &document["accounts"][0]["state"]),
        (Exit::Person, &json!("attention"), &json!("sign_in_needed"))
    );
    let tokens = || world.simulator.seen().iter().filter(|seen| seen.path.contains("/token")).count();
    let before = tokens();
    for _ in 0..5 {
        assert_eq!(here.sync().await.1, Exit::Person);
    }
    assert_eq!(tokens(), before);
    assert_eq!(here.app.status().expect("status").attention.map(|problem| problem.code.name()), Some("sign_in_needed"));
}

/// The person deletes the calendar Belfry in Outlook.
async fn delete_calendar(world: &World) {
    let calendars = world.outlook("GET", "calendars", &json!(null)).await;
    let all = calendars["value"].as_array().expect("calendars");
    let id = all.iter().find(|one| one["name"] == "Belfry").and_then(|one| one["id"].as_str()).expect("an id").to_owned();
    world.outlook("DELETE", &format!("calendars/{}", belfry_tests::encode(&id)), &json!(null)).await;
}

#[tokio::test(start_paused = true)]
async fn a_calendar_that_vanished_deletes_nothing_here() {
    let world = World::new();
    let here = world.computer().await;
    here.add("Rent", "2026-12-03T09:00");
    here.good_sync().await;
    delete_calendar(&world).await;
    let (document, exit) = here.sync().await;
    assert_eq!((exit, &document["problems"][0]["code"]), (Exit::Held, &json!("calendar_vanished")));
    assert_eq!(document["accounts"][0]["calendars"][0]["held"], 1, "{document:#}");
    assert_eq!(here.titles(), [("Rent".into(), "held".into())], "a calendar that is gone removes nothing here");
    assert_eq!(here.sync().await.1, Exit::Held);
    // The person says yes: it is made anew, with everything in it.
    let yes = belfry_app::syncing::SyncOptions { confirm: Some(belfry_app::confirming::HoldAnswer::All), ..Default::default() };
    let (document, exit) = here.sync_with(yes).await;
    assert_eq!((exit, world.subjects()), (Exit::Done, vec!["Rent".to_owned()]), "{document:#}");
    world.writes();
    here.good_sync().await;
    assert_eq!(world.writes(), 0);
}

/// What a person had copied to a calendar of their own is theirs, and no reason to leave the reminder without an event.
#[tokio::test(start_paused = true)]
async fn a_copy_elsewhere_does_not_stand_for_what_vanished_with_its_calendar() {
    let world = World::new();
    let here = world.computer().await;
    here.add("Rent", "2026-12-03T09:00");
    for number in 1..8 {
        here.add(&format!("Bins {number}"), "2026-12-04T09:00");
    }
    here.good_sync().await;
    let (rent, known) = (world.event_id("Rent"), world.events());
    world.copy_event(&rent);
    let copy = world.events().into_iter().find(|one| !known.contains(one)).expect("a copy").0;
    world.move_event(&copy);
    world.outlook("PATCH", &format!("events/{}", belfry_tests::encode(&copy)), &json!({"subject": "Rent, mine"})).await;
    here.good_sync().await;
    delete_calendar(&world).await;
    assert_eq!(here.sync().await.1, Exit::Held);
    let yes = belfry_app::syncing::SyncOptions { confirm: Some(belfry_app::confirming::HoldAnswer::All), ..Default::default() };
    let (document, exit) = here.sync_with(yes).await;
    let rents: Vec<String> = world.subjects().into_iter().filter(|one| one.starts_with("Rent")).collect();
    assert_eq!((exit, world.subjects().len(), rents), (Exit::Done, 9, vec!["Rent".into(), "Rent, mine".to_owned()]), "{document:#}");
    assert!(here.titles().iter().all(|(_, state)| state == "synced"), "{:?}", here.titles());
    world.writes();
    here.good_sync().await;
    assert_eq!(world.writes(), 0);
}

/// Another computer, or the person, has made it anew already; or Outlook gave it another id.
#[tokio::test(start_paused = true)]
async fn a_calendar_that_changed_its_id_is_found_by_its_name() {
    let world = World::new();
    let here = world.computer().await;
    here.add("Rent", "2026-12-03T09:00");
    here.good_sync().await;
    world.simulator.with_world(|world| {
        for mailbox in world.mailboxes.values_mut() {
            let ids: Vec<String> = mailbox.calendars.iter().filter(|one| one.name == "Belfry").map(|one| one.id.clone()).collect();
            for id in ids {
                let moved = format!("{id}2");
                mailbox.calendars.iter_mut().filter(|one| one.id == id).for_each(|one| one.id.clone_from(&moved));
                mailbox.events.values_mut().filter(|event| event.calendar == id).for_each(|event| event.calendar.clone_from(&moved));
            }
        }
    });
    let counts = here.good_sync().await;
    assert_eq!((&counts["created"], &counts["dismissed"], world.subjects()), (&json!(0), &json!(0), vec!["Rent".to_owned()]));
    assert_eq!(here.titles(), [("Rent".into(), "synced".into())]);
}

/// The person deleted the calendar and made one of its name: what was in the old one went with it, and nobody removed it.
#[tokio::test(start_paused = true)]
async fn a_calendar_that_was_made_anew_by_hand_is_filled_again() {
    let world = World::new();
    let here = world.computer().await;
    for title in ["Rent", "Bins"] {
        here.add(title, "2026-12-03T09:00");
    }
    here.good_sync().await;
    delete_calendar(&world).await;
    world.outlook("POST", "calendars", &json!({"name": "Belfry"})).await;
    let counts = here.good_sync().await;
    assert_eq!((&counts["created"], &counts["dismissed"]), (&json!(2), &json!(0)), "{counts:#}");
    assert_eq!(world.subjects(), ["Bins", "Rent"]);
    world.writes();
    here.good_sync().await;
    assert_eq!(world.writes(), 0);
}

#[tokio::test(start_paused = true)]
async fn a_clock_that_jumps_in_the_middle_of_a_sync_stops_it() {
    let world = World::new();
    let here = world.computer().await;
    here.add("Rent", "2026-12-03T09:00");
    world.simulator.set_latency(std::time::Duration::from_secs(1));
    let jump = async {
        tokio::time::sleep(std::time::Duration::from_millis(1500)).await;
        world.clock.pass(chrono::Duration::hours(9));
    };
    let ((document, exit), ()) = futures::future::join(here.sync(), jump).await;
    assert_eq!((exit, &document["problems"][0]["code"]), (Exit::Later, &json!("clock_jumped")), "{document:#}");
    assert_eq!(world.subjects(), [""; 0]);
    here.good_sync().await;
    assert_eq!(world.subjects(), ["Rent"]);
}

/// A server that says once that a calendar is not there, and lists it in the next breath, is not believed.
#[tokio::test(start_paused = true)]
async fn a_passing_404_of_the_feed_removes_nothing() {
    let world = World::new();
    let here = world.computer().await;
    here.add("Rent", "2026-12-03T09:00");
    here.add("Dog", "2026-12-04T09:00");
    here.good_sync().await;
    here.good_sync().await;
    let body = r#"{"error":{"code":"ErrorItemNotFound","message":"simulated"}}"#;
    for times in [1, 0] {
        let action = FaultAction::Answer { status: 404, headers: vec![], body: body.into() };
        world.simulator.fail(Fault { method: "GET".into(), path: "delta".into(), skip: 0, times, action });
        let (document, exit) = here.sync().await;
        assert_eq!(exit, Exit::Later, "{document:#}");
        world.simulator.mend();
        here.good_sync().await;
        assert_eq!(here.titles(), [("Dog".into(), "synced".into()), ("Rent".into(), "synced".into())]);
    }
}

/// Nothing can be made in a full mailbox, and what is to go makes room.
#[tokio::test(start_paused = true)]
async fn a_full_mailbox_still_lets_go() {
    let world = World::new();
    let here = world.computer().await;
    let old: Vec<String> = (0..3).map(|n| here.add(&format!("Old {n}"), "2026-12-03T09:00")).collect();
    here.good_sync().await;
    for n in 0..25 {
        here.add(&format!("New {n}"), "2026-12-04T09:00");
    }
    for id in &old[..2] {
        here.app.remove_reminder(id).expect("removed");
    }
    world.simulator.fail(Fault { times: 100, ..fault("POST", "/events", 0, answer(507, "ErrorQuotaExceeded")) });
    let (document, exit) = here.sync().await;
    assert_eq!((exit, &document["problems"][0]["code"]), (Exit::Person, &json!("mailbox_unavailable")), "{document:#}");
    assert_eq!(world.subjects(), ["Old 2"]);
    world.simulator.mend();
    here.good_sync().await;
    assert_eq!(world.subjects().len(), 26);
}

/// Who changes an event back again and again wins in the end; the journal says so, and a person can try again.
#[tokio::test(start_paused = true)]
async fn ping_pong_ends_and_is_said() {
    let world = World::new();
    let here = world.bare_computer().await;
    let file = here.folder.path().join("bins.ics");
    let text = "BEGIN:VCALENDAR\r\nBEGIN:VEVENT\r\nUID:1\r\nSUMMARY:Bins\r\nDTSTART:20270105T090000Z\r\nEND:VEVENT\r\nEND:VCALENDAR\r\n";
    std::fs::write(&file, text).expect("written");
    let keep = belfry_app::lists::Keep::In { account: None, calendar: None };
    here.app.add_followed_list(belfry_tests::LIST, &belfry_app::following::Follow::path(&file), &keep).await.expect("a list");
    here.good_sync().await;
    let id = here.reminders().first().and_then(|one| one["id"].as_str().map(str::to_owned)).expect("an id");
    let mut rounds = 0;
    while here.titles().iter().all(|(_, state)| state != "refused") {
        rounds += 1;
        assert!(rounds < 10, "{:?}", here.titles());
        let title = world.subjects().remove(0);
        world.clock.pass(chrono::Duration::minutes(5));
        world.edit_in_outlook(&title, json!({"subject": "Mine"})).await;
        here.sync().await;
    }
    let (_, history) = here.app.reminder_document(&id).expect("shown");
    assert!(rounds == 5 && history.first().is_some_and(|entry| entry.reason.contains("changed its event back")), "{rounds}: {history:?}");
    here.app.restore_reminder(&id).expect("tried again");
    here.good_sync().await;
    assert_eq!(world.subjects(), ["Bins"]);
}

/// Whatever Outlook calls it: a link that it does not take any more is dropped, and the calendar listed anew.
#[tokio::test(start_paused = true)]
async fn a_link_that_is_not_taken_is_dropped() {
    for (status, code) in [(410, "SyncStateNotFound"), (400, "ErrorInvalidSyncStateData")] {
        let world = World::new();
        let here = world.computer().await;
        here.add("Rent", "2026-12-03T09:00");
        here.good_sync().await;
        world
            .outlook(
                "PATCH",
                &format!("events/{}", belfry_tests::encode(&world.event_id("Rent"))),
                &serde_json::json!({"subject": "Lease"}),
            )
            .await;
        world.simulator.fail(fault("GET", "delta", 0, answer(status, code)));
        here.good_sync().await;
        assert_eq!(here.titles(), [("Lease".into(), "synced".into())], "{code}");
    }
}

/// A server that takes requests and never answers is waited for a minute or two, not six times a minute for each request.
#[tokio::test(start_paused = true)]
async fn a_server_that_never_answers_ends_the_run() {
    let world = World::new();
    let here = world.computer().await;
    here.add("Item", "2026-12-03T09:00");
    here.good_sync().await;
    world.simulator.fail(Fault { times: 0, ..fault("GET", "calendarView", 0, FaultAction::Delay { ms: 400_000 }) });
    let begun = tokio::time::Instant::now();
    let (_, exit) = here.sync().await;
    assert_eq!(exit, Exit::Later);
    let took = begun.elapsed();
    assert!(took < std::time::Duration::from_secs(130), "{took:?}");
    world.simulator.mend();
    here.good_sync().await;
}
