//! Helper events: each further alarm has a short event that rings, where the list says so.

use belfry_app::lists::{Keep, ListChange};
use belfry_app::reminders::ReminderWish;
use belfry_core::plan::Leave;
use belfry_simulator::{Fault, FaultAction};
use belfry_tests::{Computer, LIST, World};
use serde_json::{Value, json};

use crate::dates::{quiet, titled};

fn helpers(here: &Computer, on: bool) {
    here.app.edit_list(LIST, &ListChange { helpers: Some(on), ..ListChange::default() }).expect("changed");
}

fn alarms(alarms: &[i32]) -> ReminderWish {
    ReminderWish { alarms: Some(alarms.to_vec()), ..ReminderWish::default() }
}

async fn computer(world: &World) -> (Computer, String) {
    let here = world.computer().await;
    let id = here.add("Rent", "2026-12-03T09:00");
    here.edit(&id, &alarms(&[15, 60, 10_080]));
    (here, id)
}

/// Title and lead time of every event, the nearest alarm first.
fn ringing(world: &World) -> Vec<(String, u64)> {
    let mut all: Vec<(String, u64)> = world.simulator.with_world(|world| {
        let events = world.mailboxes.values().flat_map(|mailbox| mailbox.events.values());
        let of =
            |event: &Value| (event["subject"].as_str().unwrap_or("").to_owned(), event["reminderMinutesBeforeStart"].as_u64().unwrap_or(0));
        events.map(|event| of(&json!(event.members))).collect()
    });
    all.sort_by_key(|(_, lead)| *lead);
    all
}

fn all(title: &str, leads: &[u64]) -> Vec<(String, u64)> {
    leads.iter().map(|lead| (title.to_owned(), *lead)).collect()
}

#[tokio::test(start_paused = true)]
async fn further_alarms_ring_in_outlook_where_the_list_says_so_and_follow_their_reminder() {
    let world = World::new();
    let (here, id) = computer(&world).await;
    let codes = || {
        let list = here.app.lists().expect("lists").into_iter().find(|list| list.name == LIST).expect("the list");
        here.app.list_document(&list).expect("a list").problems.into_iter().map(|problem| problem.code.name()).collect::<Vec<_>>()
    };
    assert_eq!(codes(), ["further_alarms"], "said before the first write");
    here.good_sync().await;
    assert_eq!(codes(), [""; 0]);
    assert_eq!(ringing(&world), all("Rent", &[15]));
    helpers(&here, true);
    here.good_sync().await;
    assert_eq!(ringing(&world), all("Rent", &[15, 60, 10_080]));
    quiet(&world, &[&here]).await;
    // A week and an hour before are rung there, so nothing rings here.
    assert!(here.app.due("2026-12-03T10:00:00Z".parse().expect("a time")).expect("read").is_empty());
    here.edit(&id, &titled("Rent, warm"));
    here.good_sync().await;
    assert_eq!(ringing(&world), all("Rent, warm", &[15, 60, 10_080]));
    here.edit(&id, &alarms(&[30, 10_080]));
    here.good_sync().await;
    assert_eq!(ringing(&world), all("Rent, warm", &[30, 10_080]));
    quiet(&world, &[&here]).await;
    here.app.set_done(&id, true).expect("done");
    here.good_sync().await;
    assert_eq!(ringing(&world).len(), 1, "what is done rings nowhere");
    here.app.set_done(&id, false).expect("not done");
    here.good_sync().await;
    assert_eq!(ringing(&world), all("Rent, warm", &[30, 10_080]));
    helpers(&here, false);
    here.good_sync().await;
    assert_eq!(ringing(&world), all("Rent, warm", &[30]));
    quiet(&world, &[&here]).await;
}

#[tokio::test(start_paused = true)]
async fn helpers_go_with_their_reminder_and_a_persons_edit_of_one_is_put_back() {
    let world = World::new();
    let (here, id) = computer(&world).await;
    helpers(&here, true);
    here.good_sync().await;
    // Another computer sees them and leaves them alone.
    let there = world.computer().await;
    there.good_sync().await;
    assert_eq!(there.titles(), [("Rent".into(), "synced".into())]);
    let event = |lead: u64| {
        world.simulator.with_world(|world| {
            let events = world.mailboxes.values().flat_map(|mailbox| mailbox.events.values());
            let is_it = |members: &Value| members["reminderMinutesBeforeStart"] == lead;
            events.filter(|event| is_it(&json!(event.members))).map(|event| event.id.clone()).next().expect("an event")
        })
    };
    let path = |id: &str| format!("events/{}", belfry_tests::encode(id));
    world.outlook("PATCH", &path(&event(60)), &json!({"subject": "Mine"})).await;
    here.good_sync().await;
    assert_eq!(ringing(&world), all("Rent", &[15, 60, 10_080]));
    // One that a person deletes stays deleted.
    world.outlook("DELETE", &path(&event(60)), &Value::Null).await;
    here.good_sync().await;
    here.good_sync().await;
    assert_eq!(ringing(&world), all("Rent", &[15, 10_080]));
    // Without its event the reminder rings nowhere in Outlook.
    world.outlook("DELETE", &path(&event(15)), &Value::Null).await;
    here.good_sync().await;
    here.good_sync().await;
    assert_eq!(ringing(&world), []);
    here.app.restore_reminder(&id).expect("restored");
    here.good_sync().await;
    here.good_sync().await;
    assert_eq!(ringing(&world).len(), 3);
    here.app.remove_reminder(&id).expect("removed");
    here.good_sync().await;
    assert_eq!(ringing(&world), []);
    quiet(&world, &[&here, &there]).await;
}

#[tokio::test(start_paused = true)]
async fn a_run_that_is_cut_off_makes_the_other_helpers_the_next_time() {
    let world = World::new();
    let here = world.computer().await;
    for number in 0..15 {
        let id = here.add(&format!("Bill {number}"), "2026-12-03T09:00");
        here.edit(&id, &alarms(&[15, 60, 120, 180]));
    }
    helpers(&here, true);
    let action = FaultAction::Answer { status: 429, headers: vec![("Retry-After".into(), "200".into())], body: String::new() };
    world.simulator.fail(Fault { method: "POST".into(), path: "$batch".into(), skip: 2, times: 1, action });
    here.sync().await;
    let first = world.subjects().len();
    assert!((15..60).contains(&first), "{first}");
    world.clock.pass(chrono::Duration::minutes(10));
    here.good_sync().await;
    assert_eq!(world.subjects().len(), 60);
    quiet(&world, &[&here]).await;
}

#[tokio::test(start_paused = true)]
async fn helpers_of_a_series_repeat_with_it() {
    let world = World::new();
    let here = world.computer().await;
    helpers(&here, true);
    let id = crate::dates::weekly(&here);
    here.edit(&id, &alarms(&[15, 1_440]));
    here.good_sync().await;
    here.app.change_date(&id, "2026-12-21", &belfry_app::occurrences::DateChange::Cancel).expect("cancelled");
    here.good_sync().await;
    here.good_sync().await;
    let days: Vec<String> = crate::dates::shown(&world).await.into_iter().map(|(start, _)| start[5..10].to_owned()).collect();
    assert_eq!(days.iter().filter(|day| *day == "12-14").count(), 2);
    assert_eq!(days.iter().filter(|day| *day == "12-21").count(), 0);
    quiet(&world, &[&here]).await;
}

/// The deletes were promised and never left; then the helpers are wanted again.
#[tokio::test(start_paused = true)]
async fn what_is_wanted_again_before_it_went_stays() {
    let world = World::new();
    let (here, _) = computer(&world).await;
    helpers(&here, true);
    here.good_sync().await;
    for after in [false, true] {
        helpers(&here, false);
        let action = if after { FaultAction::CutAfter } else { FaultAction::CutBefore };
        world.simulator.fail(Fault { method: "POST".into(), path: "$batch".into(), skip: 1, times: 20, action });
        here.sync().await;
        world.simulator.mend();
        world.clock.pass(chrono::Duration::minutes(10));
        helpers(&here, true);
        here.good_sync().await;
        here.good_sync().await;
        assert_eq!(ringing(&world), all("Rent", &[15, 60, 10_080]), "{after}");
        quiet(&world, &[&here]).await;
    }
}

#[tokio::test(start_paused = true)]
async fn many_removals_are_asked_about_however_many_helpers_there_are() {
    let world = World::new();
    let here = world.computer().await;
    helpers(&here, true);
    for number in 0..6 {
        let id = here.add(&format!("Bill {number}"), "2026-12-03T09:00");
        here.edit(&id, &alarms(&[15, 60, 120]));
    }
    here.good_sync().await;
    here.good_sync().await;
    assert_eq!(world.subjects().len(), 18);
    let mains: Vec<String> = world.simulator.with_world(|world| {
        let events = world.mailboxes.values().flat_map(|mailbox| mailbox.events.values());
        let is_main = |value: &String| value.contains(";main;");
        events.filter(|event| event.properties.values().any(is_main)).map(|event| event.id.clone()).collect()
    });
    for id in mains.iter().take(4) {
        world.outlook("DELETE", &format!("events/{}", belfry_tests::encode(id)), &Value::Null).await;
    }
    let (document, exit) = here.sync().await;
    assert_eq!(exit, belfry_core::Exit::Held, "{document:#}");
}

#[tokio::test(start_paused = true)]
async fn a_helper_that_was_deleted_comes_back_when_that_is_undone() {
    let world = World::new();
    let (here, _) = computer(&world).await;
    helpers(&here, true);
    here.good_sync().await;
    here.good_sync().await;
    let hour = world.simulator.with_world(|world| {
        let events = world.mailboxes.values().flat_map(|mailbox| mailbox.events.values());
        let is_it = |value: &String| value.contains(";alarm:60;");
        events.filter(|event| event.properties.values().any(is_it)).map(|event| event.id.clone()).next().expect("a helper")
    });
    world.outlook("DELETE", &format!("events/{}", belfry_tests::encode(&hour)), &Value::Null).await;
    here.good_sync().await;
    assert_eq!(ringing(&world), all("Rent", &[15, 10_080]));
    let run = here.app.run_documents(None, 1).expect("runs")[0].run.to_string();
    here.app.undo(&run, false).await.expect("undone");
    here.good_sync().await;
    here.good_sync().await;
    assert_eq!(ringing(&world), all("Rent", &[15, 60, 10_080]));
    quiet(&world, &[&here]).await;
}

/// What rings after the start has an event that begins then; on a whole day that is an hour in the zone of its list.
#[tokio::test(start_paused = true)]
async fn an_alarm_after_the_start_has_an_event_of_its_own() {
    let world = World::new();
    let here = world.computer().await;
    let id = here.add("Rent", "2026-12-03");
    here.edit(&id, &alarms(&[-540, 900]));
    let due = |from: &str| here.app.due(from.parse().expect("a time")).expect("read").len();
    here.good_sync().await;
    assert_eq!((ringing(&world), due("2026-12-03T10:00:00Z")), (all("Rent", &[900]), 1), "it rings here");
    helpers(&here, true);
    here.good_sync().await;
    assert_eq!(ringing(&world).len(), 1, "of which zone would nine o'clock be?");
    here.app.edit_list(LIST, &ListChange { zone: Some("Europe/Berlin".into()), ..ListChange::default() }).expect("changed");
    here.good_sync().await;
    assert_eq!(ringing(&world), all("Rent", &[0, 900]));
    let starts = world.simulator.with_world(|world| {
        let events = world.mailboxes.values().flat_map(|mailbox| mailbox.events.values());
        events.map(|event| event.start.to_string()).collect::<std::collections::BTreeSet<_>>()
    });
    assert!(starts.contains("2026-12-03 09:00:00"), "{starts:?}");
    quiet(&world, &[&here]).await;
    here.edit(&id, &alarms(&[900]));
    here.good_sync().await;
    assert_eq!(ringing(&world), all("Rent", &[900]));
}

/// What a helper does not say of a date makes none of its dates differ, and one that is done does not ring.
#[tokio::test(start_paused = true)]
async fn dates_of_their_own_leave_helpers_quiet() {
    use belfry_app::occurrences::DateChange;
    let world = World::new();
    let here = world.computer().await;
    let id = here.add("Pills", "2026-12-01T09:00");
    here.edit(&id, &ReminderWish { repeat: Some("FREQ=WEEKLY;COUNT=5".into()), alarms: Some(vec![15, 1440]), ..ReminderWish::default() });
    helpers(&here, true);
    here.good_sync().await;
    let notes = ReminderWish { notes: Some("bring water".into()), ..ReminderWish::default() };
    here.app.change_date(&id, "2026-12-08", &DateChange::Edit(Box::new(notes))).expect("changed");
    here.app.change_date(&id, "2026-12-22", &DateChange::Done(true)).expect("done");
    here.app.change_date(&id, "2026-12-29", &DateChange::Edit(Box::new(alarms(&[15])))).expect("changed");
    here.good_sync().await;
    quiet(&world, &[&here]).await;
    let mut silent: Vec<(String, String)> = vec![];
    for (event, _) in world.events() {
        let window = "startDateTime=2026-12-01T00:00:00Z&endDateTime=2027-01-31T00:00:00Z&$top=50";
        let rows = world.outlook("GET", &format!("events/{}/instances?{window}", belfry_tests::encode(&event)), &Value::Null).await;
        let is_silent = |row: &&Value| row["isReminderOn"] == false;
        let said = |row: &Value| {
            (
                row["start"]["dateTime"].as_str().unwrap_or_default()[..10].to_owned(),
                row["end"]["dateTime"].as_str().unwrap_or_default()[11..16].to_owned(),
            )
        };
        silent.extend(rows["value"].as_array().expect("rows").iter().filter(is_silent).map(said));
    }
    silent.sort();
    let wanted = [("2026-12-22", "08:05"), ("2026-12-22", "08:30"), ("2026-12-29", "08:05")];
    assert_eq!(silent, wanted.map(|(day, end)| (day.to_owned(), end.to_owned())));
}

/// What Outlook rings does not ring here, and rings here again from the moment at which the list is taken out.
#[tokio::test(start_paused = true)]
async fn what_leaves_outlook_rings_here_at_once() {
    let world = World::new();
    let (here, _) = computer(&world).await;
    here.good_sync().await;
    // Within the hour for which rings are planned ahead.
    let late: chrono::DateTime<chrono::Utc> = "2026-12-03T09:00:00Z".parse().expect("a time");
    let before = here.app.due(late).expect("read").len();
    here.app.retarget(LIST, &Keep::Here, Some(Leave::DeleteEvents)).await.expect("taken out");
    here.good_sync().await;
    assert_eq!(here.app.due(late).expect("read").len(), before + 1, "the nearest one, too");
}
