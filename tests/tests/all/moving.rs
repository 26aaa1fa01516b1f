//! Lists that are kept in another calendar from now on, and calendars that are not what they were.

use belfry_app::lists::Keep;
use belfry_app::syncing::SyncOptions;
use belfry_core::Exit;
use belfry_simulator::world::SimCalendar;
use belfry_simulator::{Fault, FaultAction};
use belfry_tests::{Computer, LIST, World};
use chrono::Duration;
use serde_json::{Value, json};

async fn two(world: &World) -> (Computer, Computer) {
    let (one, two) = (world.computer().await, world.computer().await);
    for title in ["Rent", "Bins", "Dog"] {
        one.add(title, "2026-12-03T09:00");
    }
    one.good_sync().await;
    two.good_sync().await;
    world.outlook("POST", "calendars", &json!({"name": "Other"})).await;
    (one, two)
}

async fn keep_in(computer: &Computer, calendar: &str) {
    let keep = Keep::In { account: None, calendar: Some(calendar.into()) };
    computer.app.retarget(LIST, &keep, None).await.expect("another calendar");
}

fn calendar_of(computer: &Computer) -> Option<String> {
    computer.app.list(Some(LIST)).ok().and_then(|list| list.target).map(|target| target.calendar_name)
}

fn codes(document: &Value) -> Vec<String> {
    let all = document["problems"].as_array().cloned().unwrap_or_default();
    all.iter().filter_map(|one| one["code"].as_str()).map(str::to_owned).collect()
}

/// A new reminder in each of two lists.
fn add_to_both(computer: &Computer) {
    for list in [LIST, "Work"] {
        let wish = belfry_app::reminders::ReminderWish {
            title: Some(format!("New in {list}")),
            at: Some("2026-12-05T09:00".into()),
            list: Some(list.into()),
            ..Default::default()
        };
        computer.app.add_reminder(&wish).expect("added");
    }
}

#[tokio::test(start_paused = true)]
async fn a_dry_run_of_a_move_says_that_the_old_events_go() {
    let world = World::new();
    let (one, _) = two(&world).await;
    keep_in(&one, "Other").await;
    let (document, _) = one.sync_with(SyncOptions { dry_run: true, ..SyncOptions::default() }).await;
    let calendars = document["accounts"][0]["calendars"].as_array().cloned().unwrap_or_default();
    let of = |calendar: &str| calendars.iter().find(|one| one["name"] == calendar).and_then(|one| one["operations"].as_array());
    let count = |calendar: &str, op: &str| of(calendar).into_iter().flatten().filter(|one| one["op"] == op).count();
    assert_eq!((count("Other", "create"), count("Belfry", "delete")), (3, 3), "{document:#}");
}

#[tokio::test(start_paused = true)]
async fn the_other_computer_follows_and_says_so() {
    let world = World::new();
    let (one, two) = two(&world).await;
    keep_in(&one, "Other").await;
    one.good_sync().await;
    two.add("Tax", "2026-12-04T09:00");
    let (document, exit) = two.sync().await;
    assert_eq!((exit, codes(&document)), (Exit::Done, vec!["list_followed".to_owned()]), "{document:#}");
    assert_eq!(calendar_of(&two).as_deref(), Some("Other"));
    assert_eq!(two.titles().iter().filter(|(_, state)| state == "synced").count(), 4);
    one.good_sync().await;
    assert_eq!(one.titles(), two.titles());
    world.writes();
    one.good_sync().await;
    two.good_sync().await;
    assert_eq!((world.writes(), world.subjects().len()), (0, 4));
}

/// One that was removed in Outlook is no accident, although all the others seem to be gone before they are looked for.
#[tokio::test(start_paused = true)]
async fn a_removal_beside_a_move_is_not_asked_about() {
    let world = World::new();
    let (one, two) = two(&world).await;
    for title in ["Cat", "Tax", "Oil", "Gym", "Tea"] {
        one.add(title, "2026-12-04T09:00");
    }
    one.good_sync().await;
    two.good_sync().await;
    keep_in(&one, "Other").await;
    let id = one.app.reminders(None).expect("reminders")[0].reminder.id.to_string();
    one.app.remove_reminder(&id).expect("removed");
    one.good_sync().await;
    let (document, exit) = two.sync().await;
    assert_eq!((exit, codes(&document)), (Exit::Done, vec!["list_followed".to_owned()]), "{document:#}");
    assert_eq!(calendar_of(&two).as_deref(), Some("Other"));
    assert_eq!(two.app.reminder(&id).map(|_| ()).is_ok(), two.app.reminder_document(&id).is_ok_and(|(one, _)| one.state == "dismissed"));
}

#[tokio::test(start_paused = true)]
async fn two_that_move_one_list_at_once_end_in_one_place() {
    let world = World::new();
    let (one, two) = two(&world).await;
    world.outlook("POST", "calendars", &json!({"name": "Third"})).await;
    keep_in(&one, "Other").await;
    keep_in(&two, "Third").await;
    for _ in 0..3 {
        one.sync().await;
        two.sync().await;
        world.clock.pass(Duration::minutes(5));
    }
    assert_eq!(calendar_of(&one), calendar_of(&two));
    assert_eq!(world.subjects(), ["Bins", "Dog", "Rent"]);
    assert!(one.titles().iter().chain(&two.titles()).all(|(_, state)| state == "synced"), "{:?} {:?}", one.titles(), two.titles());
}

#[tokio::test(start_paused = true)]
async fn a_calendar_that_cannot_be_written_stops_its_own_list_only() {
    let world = World::new();
    let (one, _) = two(&world).await;
    one.app.add_list("Work", &Keep::In { account: None, calendar: Some("Other".into()) }).await.expect("a list");
    add_to_both(&one);
    let read_only = |is: bool| {
        world.simulator.with_world(|world| {
            let calendars = world.mailboxes.values_mut().flat_map(|mailbox| &mut mailbox.calendars);
            calendars.filter(|calendar| calendar.name == "Belfry").for_each(|calendar| calendar.read_only = is);
        });
    };
    read_only(true);
    let (document, exit) = one.sync().await;
    assert_eq!((exit, codes(&document)), (Exit::Failed, vec!["calendar_read_only".to_owned()]), "{document:#}");
    assert_eq!(document["accounts"][0]["state"], "ready", "it is the calendar, not the account");
    assert!(world.subjects().contains(&"New in Work".to_owned()));
    read_only(false);
    one.good_sync().await;
    assert!(world.subjects().contains(&format!("New in {LIST}")));
}

#[tokio::test(start_paused = true)]
async fn a_calendar_that_goes_between_a_read_and_a_create_is_a_question() {
    let world = World::new();
    let one = world.computer().await;
    one.good_sync().await;
    one.add("Rent", "2026-12-03T09:00");
    let body = r#"{"error":{"code":"ErrorItemNotFound","message":"scripted"}}"#.to_owned();
    // Once it is a mistake of the server's: the calendar is there when it is asked for again.
    let gone = |times| Fault {
        method: "POST".into(),
        path: "/events".into(),
        skip: 0,
        times,
        action: FaultAction::Answer { status: 404, headers: vec![], body: body.clone() },
    };
    world.simulator.fail(gone(1));
    one.good_sync().await;
    assert_eq!(world.subjects(), ["Rent"]);
    one.add("Bins", "2026-12-03T09:00");
    world.simulator.fail(gone(0));
    let (document, exit) = one.sync().await;
    assert_eq!((exit, codes(&document)), (Exit::Later, vec!["throttled".to_owned()]), "{document:#}");
    assert_eq!(calendar_of(&one).as_deref(), Some("Belfry"));
}

#[tokio::test(start_paused = true)]
async fn what_others_share_is_nobodys_place_for_a_list() {
    let world = World::new();
    world.simulator.with_world(|world| {
        for mailbox in world.mailboxes.values_mut() {
            let shared =
                SimCalendar { shared_by: Some("ben@outlook.example".into()), ..SimCalendar::own("shared-calendar-id".into(), "Belfry") };
            mailbox.calendars.push(shared);
        }
    });
    let one = world.computer().await;
    one.add("Rent", "2026-12-03T09:00");
    one.good_sync().await;
    let place = one.app.list(Some(LIST)).ok().and_then(|list| list.place()).map(|place| place.calendar);
    assert!(place.is_some_and(|calendar| calendar != "shared-calendar-id"));
    let (_, calendars) = one.app.calendars(None).await.expect("calendars");
    assert_eq!(calendars.iter().filter(|calendar| calendar.name == "Belfry").count(), 1);
}

/// What lies outside the window of the change feed is not missed in a calendar that was pulled before, and an edit of it here is not lost.
#[tokio::test(start_paused = true)]
async fn what_is_far_away_follows_into_a_calendar_that_is_known_already() {
    let world = World::new();
    let (one, two) = two(&world).await;
    let far: Vec<String> = (0..4).map(|number| one.add(&format!("Far {number}"), "2027-09-03T09:00")).collect();
    one.good_sync().await;
    // What is far away shows in the listing of the next day.
    world.clock.pass(Duration::hours(25));
    two.good_sync().await;
    // The other computer pulls that calendar anyway.
    two.app.add_list("Work", &Keep::In { account: None, calendar: Some("Other".into()) }).await.expect("a list");
    two.good_sync().await;
    keep_in(&one, "Other").await;
    one.good_sync().await;
    two.edit(&far[1], &belfry_app::reminders::ReminderWish { title: Some("Far and edited".into()), ..Default::default() });
    let (document, exit) = two.sync().await;
    assert_eq!(exit, Exit::Done, "{document:#}");
    assert!(two.titles().iter().all(|(_, state)| state == "synced"), "{:?}", two.titles());
    one.good_sync().await;
    assert_eq!((one.titles(), world.subjects().len()), (two.titles(), 7));
    assert!(world.subjects().contains(&"Far and edited".to_owned()));
}

/// The old event is edited while the list moves: after the new one was made and before the old one went.
#[tokio::test(start_paused = true)]
async fn an_edit_at_the_old_place_of_a_move_is_taken_along() {
    let world = World::new();
    let (one, two) = two(&world).await;
    keep_in(&one, "Other").await;
    // Its move is cut off when the new events are there and the old ones too.
    let cut = Fault {
        method: "DELETE".into(),
        path: "part:".into(),
        skip: 0,
        times: 0,
        action: FaultAction::Answer { status: 503, headers: vec![], body: String::new() },
    };
    world.simulator.fail(cut);
    one.sync().await;
    world.simulator.mend();
    assert_eq!(world.subjects().len(), 6, "each twice");
    let old = world.simulator.with_world(|world| {
        let mailbox = world.mailboxes.values().find(|mailbox| !mailbox.events.is_empty())?;
        let belfry = mailbox.calendars.iter().find(|calendar| calendar.name == "Belfry")?.id.clone();
        mailbox.events.values().find(|event| event.calendar == belfry && event.members["subject"] == "Rent").map(|event| event.id.clone())
    });
    let path = format!("events/{}", belfry_tests::encode(&old.expect("the old event")));
    world.clock.pass(Duration::minutes(1));
    world.outlook("PATCH", &path, &json!({"subject": "Rent, warm"})).await;
    for _ in 0..2 {
        one.sync().await;
        two.sync().await;
        world.clock.pass(Duration::minutes(5));
    }
    assert_eq!(world.subjects(), ["Bins", "Dog", "Rent, warm"]);
    assert_eq!(one.titles(), two.titles());
}

/// What a person says of a list while a sync asks the network stays said.
#[tokio::test(start_paused = true)]
async fn a_list_that_is_renamed_or_removed_during_its_first_sync_stays_so() {
    let world = World::new();
    let one = world.computer().await;
    one.app.add_list("Work", &Keep::In { account: None, calendar: None }).await.expect("a list");
    world.simulator.set_latency(std::time::Duration::from_secs(2));
    let meanwhile = async {
        tokio::time::sleep(std::time::Duration::from_secs(3)).await;
        let name = Some("Renamed".to_owned());
        one.app.edit_list(LIST, &belfry_app::lists::ListChange { name, ..Default::default() }).expect("renamed");
        one.app.remove_list("Work", None).await.expect("removed");
    };
    let _ = futures::future::join(one.sync(), meanwhile).await;
    let names: Vec<String> = one.app.lists().expect("lists").into_iter().map(|list| list.name).collect();
    assert!(names.contains(&"Renamed".to_owned()) && !names.contains(&"Work".to_owned()), "{names:?}");
}

/// A calendar that Outlook has trouble with holds up its own list, not the others.
#[tokio::test(start_paused = true)]
async fn one_calendar_with_a_fault_does_not_stop_the_others() {
    let world = World::new();
    let (one, _) = two(&world).await;
    one.app.add_list("Work", &Keep::In { account: None, calendar: Some("Other".into()) }).await.expect("a list");
    one.good_sync().await;
    let belfry =
        one.app.list(Some(LIST)).ok().and_then(|list| list.place()).map(|place| belfry_tests::encode(&place.calendar)).expect("a place");
    add_to_both(&one);
    let body = r#"{"error":{"code":"ErrorInternalServerError","message":"scripted"}}"#.to_owned();
    let action = FaultAction::Answer { status: 500, headers: vec![], body };
    world.simulator.fail(Fault { method: "GET".into(), path: belfry, skip: 0, times: 0, action });
    let (document, exit) = one.sync().await;
    assert_eq!(exit, Exit::Later, "{document:#}");
    assert!(world.subjects().contains(&"New in Work".to_owned()), "{document:#}");
    world.simulator.mend();
    one.good_sync().await;
    assert!(world.subjects().contains(&format!("New in {LIST}")));
}

/// A calendar that the person renamed is looked for by the name that it had last.
#[tokio::test(start_paused = true)]
async fn a_calendar_that_was_renamed_is_not_taken_for_another_of_its_old_name() {
    let world = World::new();
    let here = world.computer().await;
    here.add("Rent", "2026-12-03T09:00");
    here.good_sync().await;
    let calendars =
        || async { world.outlook("GET", "calendars?$top=50", &Value::Null).await["value"].as_array().cloned().unwrap_or_default() };
    let id =
        calendars().await.iter().find(|one| one["name"] == "Belfry").and_then(|one| one["id"].as_str().map(str::to_owned)).expect("an id");
    let path = format!("calendars/{}", belfry_tests::encode(&id));
    world.outlook("PATCH", &path, &json!({"name": "Allotment"})).await;
    world.outlook("POST", "calendars", &json!({"name": "Belfry"})).await;
    world.clock.pass(Duration::hours(25));
    here.good_sync().await;
    let shown = here.app.lists().expect("lists").into_iter().find(|list| list.name == LIST).and_then(|list| list.target);
    assert_eq!(shown.map(|target| target.calendar_name), Some("Allotment".to_owned()));
    world.outlook("DELETE", &path, &Value::Null).await;
    let (document, exit) = here.sync().await;
    assert_eq!((exit, &document["problems"][0]["code"]), (Exit::Held, &json!("calendar_vanished")), "{document:#}");
    assert_eq!(world.subjects().len(), 0);
}
