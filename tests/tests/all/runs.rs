//! What a run says of itself, and what it leaves alone.

use belfry_app::confirming::HoldAnswer;
use belfry_app::reminders::ReminderWish;
use belfry_app::syncing::SyncOptions;
use belfry_core::{Clock as _, Exit};
use belfry_tests::{LIST, World, encode};
use chrono::Duration;
use serde_json::json;

fn title(text: &str) -> ReminderWish {
    ReminderWish { title: Some(text.into()), ..Default::default() }
}

#[tokio::test(start_paused = true)]
async fn other_slots_are_present_and_nobodys_to_change() {
    let world = World::new();
    let here = world.computer().await;
    here.add("Rent", "2026-12-03T09:00");
    here.good_sync().await;
    let marker = world.simulator.with_world(|w| {
        let event = w.mailboxes.values().flat_map(|mailbox| mailbox.events.values()).next().expect("an event");
        event.properties.iter().next().map(|(id, value)| (id.clone(), value.clone())).expect("a marker")
    });
    let calendar = world
        .simulator
        .with_world(|w| w.mailboxes.values().find_map(|m| m.calendars.iter().find(|c| c.name == "Belfry").map(|c| c.id.clone())));
    let list = marker.1.split(';').nth(1).expect("a list").to_owned();
    for (number, slot) in ["alarm:1", "part:2026-12-10", "occ:2026-12-10T09:00:00", "split:2026-12-10"].into_iter().enumerate() {
        let at = |hour: u32| json!({"dateTime": format!("2026-12-10T{hour:02}:00:00"), "timeZone": "UTC"});
        let value = format!("1;{list};01a20103-e4e9-72e1-9f93-f94f494eac{number:02};{slot};1");
        let body =
            json!({"subject": slot, "start": at(9), "end": at(10), "singleValueExtendedProperties": [{"id": marker.0, "value": value}]});
        world.outlook("POST", &format!("calendars/{}/events", encode(&calendar.clone().unwrap_or_default())), &body).await;
    }
    world.clock.pass(Duration::hours(25));
    world.writes();
    let counts = here.good_sync().await;
    assert_eq!((&counts["adopted"], world.writes(), world.subjects().len()), (&json!(0), 0, 5));
}

#[tokio::test(start_paused = true)]
async fn a_copy_that_differs_is_named_and_left_alone() {
    let world = World::new();
    let here = world.computer().await;
    here.add("Rent", "2026-12-03T09:00");
    here.good_sync().await;
    world.simulator.with_world(|w| {
        for mailbox in w.mailboxes.values_mut() {
            let Some(mut copy) = mailbox.events.values().next().cloned() else { continue };
            copy.id = mailbox.new_id("evt");
            copy.change = mailbox.next_change();
            copy.members.insert("subject".into(), json!("Rent, another"));
            mailbox.events.insert(copy.id.clone(), copy);
        }
    });
    world.clock.pass(Duration::hours(25));
    world.writes();
    let (document, exit) = here.sync().await;
    assert_eq!((exit, &document["problems"][0]["code"]), (Exit::Done, &json!("copy_left_alone")), "{document:#}");
    assert_eq!((world.writes(), world.subjects().len()), (0, 2));
}

#[tokio::test(start_paused = true)]
async fn counts_stand_under_their_calendar() {
    let world = World::new();
    let here = world.computer().await;
    here.app.create_calendar(None, "Work").await.expect("a calendar");
    here.app.add_list("Contracts", &belfry_app::lists::Keep::In { account: None, calendar: Some("Work".into()) }).await.expect("a list");
    here.add("Rent", "2026-12-03T09:00");
    for index in 0..3 {
        let wish = ReminderWish { at: Some("2026-12-03".into()), list: Some("Contracts".into()), ..title(&format!("Contract {index}")) };
        here.app.add_reminder(&wish).expect("added");
    }
    let (document, _) = here.sync().await;
    let counts: Vec<(&str, u64)> = document["accounts"][0]["calendars"]
        .as_array()
        .into_iter()
        .flatten()
        .map(|one| (one["name"].as_str().unwrap_or_default(), one["created"].as_u64().unwrap_or_default()))
        .collect();
    assert_eq!(counts, [("Belfry", 1), ("Work", 3)], "{document:#}");
}

#[tokio::test(start_paused = true)]
async fn a_dry_run_before_the_first_sync_knows_what_is_in_outlook() {
    let world = World::new();
    let one = world.computer().await;
    one.add("Rent", "2026-12-03T09:00");
    one.good_sync().await;
    let two = world.computer().await;
    two.add("Bins", "2026-12-03T09:00");
    let (planned, exit) = two.sync_with(SyncOptions { dry_run: true, ..SyncOptions::default() }).await;
    let operations: Vec<(&str, bool)> = planned["accounts"][0]["calendars"][0]["operations"]
        .as_array()
        .into_iter()
        .flatten()
        .map(|one| (one["op"].as_str().unwrap_or_default(), one["held"] == true))
        .collect();
    assert_eq!((exit, operations), (Exit::Held, vec![("adopt", false), ("create", true)]), "{planned:#}");
    let (document, exit) = two.sync().await;
    let counts = &document["accounts"][0]["calendars"][0];
    assert_eq!((exit, &counts["adopted"], &counts["held"]), (Exit::Held, &json!(1), &json!(1)));
}

#[tokio::test(start_paused = true)]
async fn an_answer_outlives_a_dry_run_and_a_failed_sync() {
    let world = World::new();
    let here = world.computer().await;
    for index in 0..6 {
        here.add(&format!("Item {index}"), "2026-12-03T09:00");
    }
    here.good_sync().await;
    for index in 0..4 {
        world.delete_in_outlook(&format!("Item {index}")).await;
    }
    assert_eq!(here.sync().await.1, Exit::Held);
    let cut = belfry_simulator::Fault {
        method: String::new(),
        path: String::new(),
        skip: 0,
        times: 0,
        action: belfry_simulator::FaultAction::CutBefore,
    };
    world.simulator.fail(cut);
    let (_, exit) = here.sync_with(SyncOptions { confirm: Some(HoldAnswer::All), ..SyncOptions::default() }).await;
    assert_eq!(exit, Exit::Later);
    world.simulator.mend();
    let (_, exit) = here.sync_with(SyncOptions { dry_run: true, ..SyncOptions::default() }).await;
    assert_eq!(exit, Exit::Done, "answered already");
    assert_eq!(here.good_sync().await["dismissed"], 4);
}

#[tokio::test(start_paused = true)]
async fn a_vanished_calendar_is_in_the_status_until_it_is_back() {
    let world = World::new();
    let here = world.computer().await;
    here.add("Rent", "2026-12-03T09:00");
    here.good_sync().await;
    world.simulator.with_world(|w| {
        for mailbox in w.mailboxes.values_mut() {
            mailbox.calendars.retain(|calendar| calendar.name != "Belfry");
        }
    });
    assert_eq!(here.sync().await.1, Exit::Held);
    let problem = here.app.status().expect("a status").attention.expect("a problem");
    assert_eq!(problem.code.name(), "calendar_vanished");
    assert!(problem.detail.contains("Belfry") && problem.detail.contains(belfry_tests::LOGIN), "{problem:?}");
}

#[tokio::test(start_paused = true)]
async fn a_question_that_outlook_refuses_is_no_success() {
    let world = World::new();
    let here = world.computer().await;
    here.add("Rent", "2026-12-03T09:00");
    let body = r#"{"error":{"code":"ErrorInvalidRequest","message":"scripted"}}"#;
    let action = belfry_simulator::FaultAction::Answer { status: 400, headers: vec![], body: body.into() };
    world.simulator.fail(belfry_simulator::Fault { method: "GET".into(), path: "calendarView".into(), skip: 0, times: 0, action });
    let (document, exit) = here.sync().await;
    assert_eq!((exit, &document["outcome"], world.subjects().len()), (Exit::Later, &json!("offline"), 0), "{document:#}");
}

#[tokio::test(start_paused = true)]
async fn what_ended_long_ago_waits_for_nothing() {
    let world = World::new();
    let here = world.computer().await;
    let wish = ReminderWish {
        at: Some("2020-01-01T09:00".into()),
        repeat: Some("FREQ=DAILY;COUNT=3".into()),
        list: Some(LIST.into()),
        ..title("Oldies")
    };
    here.app.add_reminder(&wish).expect("added");
    here.add("Rent", "2026-12-03T09:00");
    assert_eq!(here.app.status().expect("a status").waiting, 1);
    here.good_sync().await;
    assert_eq!(here.app.status().expect("a status").waiting, 0);
}

/// Two computers that read different things from one feed would put each other's words back for ever.
#[tokio::test(start_paused = true)]
async fn what_is_changed_back_five_times_is_left_until_the_reminder_changes() {
    let world = World::new();
    let here = world.computer().await;
    here.add("Rent", "2026-12-03T09:00");
    here.good_sync().await;
    let store = belfry_store::Store::open(&here.folder.path().join("belfry.db"), here.folder.path(), here.app.now()).expect("a store");
    let list = store.list_named(LIST).expect("read").expect("a list");
    store.save_list(&belfry_core::List { direction: belfry_core::Direction::Source, ..list.clone() }).expect("saved");
    let mut titles = vec![];
    for round in 0..7 {
        let now = world.subjects().pop().unwrap_or_default();
        world.edit_in_outlook(&now, json!({"subject": format!("Other {round}")})).await;
        let (document, _) = here.sync().await;
        let codes: Vec<String> = document["problems"].as_array().into_iter().flatten().map(|one| one["code"].to_string()).collect();
        titles.push((world.subjects().pop().unwrap_or_default(), codes.contains(&"\"event_refused\"".to_owned())));
    }
    let put_back = ("Rent".to_owned(), false);
    assert_eq!(titles[..4], vec![put_back; 4]);
    assert_eq!(titles[4], ("Other 4".to_owned(), true), "{titles:?}");
    assert_eq!(titles[6].0, "Other 6");
    store.save_list(&list).expect("saved");
    let id = here.reminders().first().and_then(|one| one["id"].as_str().map(str::to_owned)).expect("an id");
    world.clock.pass(Duration::minutes(1));
    here.edit(&id, &ReminderWish { notes: Some("warm".into()), ..title("Rent, warm") });
    here.sync().await;
    assert_eq!(world.subjects(), ["Rent, warm"], "an edit begins anew");
}

#[tokio::test(start_paused = true)]
async fn the_later_edit_wins_by_the_servers_clock() {
    let world = World::new();
    world.clocks_are_ahead(Duration::minutes(20));
    let here = world.computer().await;
    let id = here.add("Rent", "2026-12-03T09:00");
    here.good_sync().await;
    here.edit(&id, &title("Rent, said here"));
    world.clock.pass(Duration::minutes(5));
    world.edit_in_outlook("Rent", json!({"subject": "Rent, said later there"})).await;
    here.good_sync().await;
    assert_eq!(here.titles().first().map(|(title, _)| title.as_str()), Some("Rent, said later there"));
}

/// Dates, windows and what is old would all be others: nothing is done, and nothing is forgotten.
#[tokio::test(start_paused = true)]
async fn a_clock_that_is_off_by_days_stops_the_sync_and_empties_no_journal() {
    let world = World::new();
    world.clocks_are_ahead(Duration::days(400));
    let here = world.computer().await;
    let store = belfry_store::Store::open(&here.folder.path().join("belfry.db"), here.folder.path(), world.clock.now()).expect("a store");
    let run = store.begin_run("hand", world.clock.now()).expect("begun");
    store.finish_run(run, world.clock.now(), "ok", "").expect("finished");
    here.add("Bins", "2026-12-04T09:00");
    let (document, exit) = here.sync().await;
    assert_eq!((exit, &document["problems"][0]["code"]), (Exit::Failed, &json!("clock_wrong")), "{document:#}");
    assert!(document["problems"][0]["detail"].as_str().is_some_and(|detail| detail.contains("fast by 400 days")), "{document:#}");
    assert_eq!((world.subjects().len(), store.run(run).expect("read").is_some()), (0, true), "nothing is written, and nothing forgotten");
}
