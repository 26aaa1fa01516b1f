//! What was shown can be answered, and an answer can be taken back.

use belfry_app::confirming::HoldAnswer;
use belfry_app::following::Follow;
use belfry_app::lists::Keep;
use belfry_app::syncing::SyncOptions;
use belfry_core::Exit;
use belfry_core::plan::Leave;
use belfry_tests::{Computer, LIST, World};
use chrono::Duration;
use serde_json::{Value, json};

const CONTRACTS: &str = "Contracts";

fn yes() -> SyncOptions {
    SyncOptions { confirm: Some(HoldAnswer::All), ..SyncOptions::default() }
}

fn trial() -> SyncOptions {
    SyncOptions { dry_run: true, ..SyncOptions::default() }
}

fn outlook() -> Keep {
    Keep::In { account: None, calendar: None }
}

fn write(path: &std::path::Path, titles: &[&str]) {
    let events = titles
        .iter()
        .map(|title| format!("BEGIN:VEVENT\r\nUID:{title}\r\nSUMMARY:{title}\r\nDTSTART;VALUE=DATE:20261210\r\nEND:VEVENT\r\n"));
    let events: String = events.collect();
    let text = format!("BEGIN:VCALENDAR\r\nVERSION:2.0\r\nPRODID:-//test//EN\r\n{events}END:VCALENDAR\r\n");
    std::fs::write(path, text).expect("written");
}

async fn with_four(world: &World) -> Computer {
    let here = world.computer().await;
    for title in ["Rent", "Bins", "Gym", "Phone"] {
        here.add(title, "2026-12-03T09:00");
    }
    here.good_sync().await;
    here
}

async fn delete_three(world: &World) {
    for title in ["Rent", "Bins", "Gym"] {
        world.delete_in_outlook(title).await;
    }
}

fn last_run(here: &Computer) -> String {
    here.app.run_documents(None, 1).expect("runs")[0].run.to_string()
}

fn planned(document: &Value) -> Vec<(String, bool)> {
    let all = document.pointer("/accounts/0/calendars/0/operations").and_then(Value::as_array).cloned().unwrap_or_default();
    all.iter().map(|one| (one["title"].as_str().unwrap_or_default().to_owned(), one["held"] == true)).collect()
}

#[tokio::test(start_paused = true)]
async fn what_a_dry_run_held_can_be_said_yes_to() {
    let world = World::new();
    let here = with_four(&world).await;
    delete_three(&world).await;
    let (document, exit) = here.sync_with(trial()).await;
    assert_eq!((exit, planned(&document).iter().filter(|(_, held)| *held).count()), (Exit::Held, 3), "{document:#}");
    // Having looked changes nothing here.
    assert_eq!(here.app.status().expect("a status").held, 0);
    let (document, exit) = here.sync_with(yes()).await;
    assert_eq!((exit, &document["accounts"][0]["calendars"][0]["dismissed"]), (Exit::Done, &json!(3)), "{document:#}");
}

#[tokio::test(start_paused = true)]
async fn a_yes_after_a_dry_run_is_to_nothing_that_came_since() {
    let world = World::new();
    let here = with_four(&world).await;
    delete_three(&world).await;
    here.sync_with(trial()).await;
    world.delete_in_outlook("Phone").await;
    let (document, exit) = here.sync_with(yes()).await;
    assert_eq!((exit, &document["accounts"][0]["calendars"][0]["held"]), (Exit::Held, &json!(4)), "{document:#}");
}

#[tokio::test(start_paused = true)]
async fn a_yes_is_to_what_was_shown_last() {
    let world = World::new();
    let here = with_four(&world).await;
    delete_three(&world).await;
    here.sync_with(trial()).await;
    // What the sync holds is more than what the dry run did, and is what the yes is to.
    world.delete_in_outlook("Phone").await;
    assert_eq!(here.sync().await.1, Exit::Held);
    let (_, exit) = here.sync_with(yes()).await;
    assert_eq!((exit, world.subjects().len()), (Exit::Done, 0));
}

#[tokio::test(start_paused = true)]
async fn the_question_of_a_first_sync_can_be_answered_after_a_dry_run() {
    let world = World::new();
    let _one = with_four(&world).await;
    let two = world.computer().await;
    two.add("Passport", "2026-12-04T09:00");
    assert_eq!(two.sync_with(trial()).await.1, Exit::Held);
    world.clock.pass(Duration::minutes(1));
    let removed = SyncOptions { confirm: Some(HoldAnswer::Removed), ..SyncOptions::default() };
    let (document, exit) = two.sync_with(removed).await;
    assert_eq!((exit, &document["accounts"][0]["calendars"][0]["dismissed"]), (Exit::Done, &json!(1)), "{document:#}");
}

#[tokio::test(start_paused = true)]
async fn a_source_that_shrank_is_counted_and_planned_with_the_rest() {
    let world = World::new();
    let here = world.bare_computer().await;
    let file = here.folder.path().join("contracts.ics");
    write(&file, &["A", "B", "C", "D"]);
    here.app.add_followed_list(CONTRACTS, &Follow::path(&file), &outlook()).await.expect("a list");
    here.good_sync().await;
    write(&file, &["A"]);
    let (document, exit) = here.sync_with(trial()).await;
    assert_eq!((exit, planned(&document)), (Exit::Held, ["B", "C", "D"].map(|title| (title.to_owned(), true)).to_vec()), "{document:#}");
    let (document, exit) = here.sync_with(yes()).await;
    assert_eq!((exit, world.subjects()), (Exit::Done, vec!["A".to_owned()]), "{document:#}");
    write(&file, &["A", "B", "C", "D"]);
    here.good_sync().await;
    write(&file, &["A"]);
    let (document, _) = here.sync().await;
    assert_eq!(document["accounts"][0]["calendars"][0]["held"], 3, "{document:#}");
}

/// Its own list would call it left over again: it becomes a typed reminder.
#[tokio::test(start_paused = true)]
async fn a_left_over_event_that_was_deleted_comes_back_as_a_typed_reminder() {
    let world = World::new();
    let here = world.bare_computer().await;
    let file = here.folder.path().join("contracts.ics");
    write(&file, &["A", "B", "C", "D"]);
    here.app.add_followed_list(CONTRACTS, &Follow::path(&file), &outlook()).await.expect("a list");
    here.good_sync().await;
    let anew = world.bare_computer().await;
    let file = anew.folder.path().join("contracts.ics");
    write(&file, &["A", "B", "C"]);
    anew.app.add_followed_list(CONTRACTS, &Follow::path(&file), &outlook()).await.expect("a list");
    assert_eq!(anew.sync().await.1, Exit::Held);
    anew.sync_with(yes()).await;
    assert_eq!(world.subjects(), ["A", "B", "C"]);
    for did in ["made_again_as_typed", "left"] {
        let run = anew.app.run_documents(None, 9).expect("runs").into_iter().find(|run| run.kind == "sync" && !run.entries.is_empty());
        let undone = anew.app.undo(&run.expect("a run").run.to_string(), false).await.expect("undone");
        assert_eq!(undone.undone.iter().map(|one| (one.title.as_str(), one.did)).collect::<Vec<_>>(), [("D", did)]);
    }
    let typed = anew.app.reminder_documents(Some("Reminders")).expect("reminders");
    assert_eq!(typed.iter().map(|one| (one.title.as_str(), one.start.as_str())).collect::<Vec<_>>(), [("D", "2026-12-10")]);
    // It is a run, and can be taken back itself.
    let undone = anew.app.undo(&last_run(&anew), false).await.expect("undone");
    assert_eq!((undone.undone[0].did, anew.app.reminder_documents(Some("Reminders")).expect("reminders").len()), ("removed", 0));
}

/// What another computer had added went with the list, and comes back with it.
#[tokio::test(start_paused = true)]
async fn a_removed_list_comes_back_with_what_another_computer_had_added() {
    let world = World::new();
    let here = with_four(&world).await;
    let other = world.computer().await;
    other.good_sync().await;
    other.add("Passport", "2026-12-04T09:00");
    other.good_sync().await;
    here.app.remove_list(LIST, Some(Leave::DeleteEvents)).await.expect("removed");
    assert_eq!(world.subjects(), Vec::<String>::new());
    here.app.undo(&last_run(&here), false).await.expect("undone");
    let titles: Vec<String> = here.titles().into_iter().map(|(title, _)| title).collect();
    assert_eq!(titles, ["Bins", "Gym", "Passport", "Phone", "Rent"]);
}

/// What its person had removed in Outlook is part of how the list was.
#[tokio::test(start_paused = true)]
async fn what_was_dismissed_stays_so_when_its_list_comes_back() {
    let world = World::new();
    let here = with_four(&world).await;
    world.delete_in_outlook("Rent").await;
    here.good_sync().await;
    here.app.remove_list(LIST, Some(Leave::DeleteEvents)).await.expect("removed");
    here.app.undo(&last_run(&here), false).await.expect("undone");
    here.app.retarget(LIST, &outlook(), None).await.expect("kept again");
    here.good_sync().await;
    assert_eq!(world.subjects(), ["Bins", "Gym", "Phone"]);
    assert!(here.titles().contains(&("Rent".to_owned(), "dismissed".to_owned())), "{:?}", here.titles());
}

/// The reminders are here: an undo of the run that took the events out has nothing to give back, and says why.
#[tokio::test(start_paused = true)]
async fn events_that_went_with_their_list_are_said_to_wait_for_it() {
    let world = World::new();
    let here = with_four(&world).await;
    here.app.retarget(LIST, &Keep::Here, Some(Leave::DeleteEvents)).await.expect("taken out");
    let undone = here.app.undo(&last_run(&here), false).await.expect("nothing");
    assert!(undone.undone.iter().all(|one| one.why.as_deref().is_some_and(|why| why.contains("once its list is kept"))), "{undone:?}");
}

/// Another computer confirmed that they go; here nothing is left to delete, and still it is written down what went.
#[tokio::test(start_paused = true)]
async fn what_is_gone_on_both_sides_is_in_the_journal() {
    let world = World::new();
    let (one, two) = (world.bare_computer().await, world.bare_computer().await);
    for computer in [&one, &two] {
        let file = computer.folder.path().join("contracts.ics");
        write(&file, &["A", "B", "C", "D"]);
        computer.app.add_followed_list(CONTRACTS, &Follow::path(&file), &outlook()).await.expect("a list");
        computer.good_sync().await;
    }
    for computer in [&one, &two] {
        write(&computer.folder.path().join("contracts.ics"), &["A"]);
        computer.sync().await;
        computer.sync_with(yes()).await;
    }
    let gone: Vec<String> = two
        .app
        .run_documents(None, 9)
        .expect("runs")
        .iter()
        .flat_map(|run| &run.entries)
        .filter(|entry| entry.op.name() == "delete")
        .map(|entry| entry.title.clone())
        .collect();
    assert_eq!(std::collections::BTreeSet::from_iter(gone), ["B", "C", "D"].map(str::to_owned).into());
}

/// Forty sentences say less than one.
#[tokio::test(start_paused = true)]
async fn events_that_another_computer_let_go_of_are_told_together() {
    let world = World::new();
    let here = with_four(&world).await;
    let other = world.computer().await;
    other.good_sync().await;
    other.app.remove_list(LIST, Some(Leave::KeepEvents)).await.expect("removed");
    world.clock.pass(Duration::hours(25));
    let (document, exit) = here.sync().await;
    let problems = document["problems"].as_array().cloned().unwrap_or_default();
    assert_eq!((exit, problems.len(), &problems[0]["code"]), (Exit::Done, 1, &json!("event_detached")), "{document:#}");
    let detail = problems[0]["detail"].as_str().unwrap_or_default();
    assert!(detail.starts_with(&format!("4 events of `{LIST}` are left alone")) && detail.contains("another computer"), "{detail}");
}

/// The no to many removals at once.
#[tokio::test(start_paused = true)]
async fn what_is_gone_from_outlook_is_made_again_when_all_of_it_is_to_be_kept() {
    let world = World::new();
    let here = with_four(&world).await;
    delete_three(&world).await;
    assert_eq!(here.sync().await.1, Exit::Held);
    let keep = SyncOptions { confirm: Some(HoldAnswer::Keep), ..SyncOptions::default() };
    let (document, exit) = here.sync_with(keep).await;
    assert_eq!((exit, &document["accounts"][0]["calendars"][0]["created"]), (Exit::Done, &json!(3)), "{document:#}");
    assert_eq!(world.subjects(), ["Bins", "Gym", "Phone", "Rent"]);
    assert_eq!(here.good_sync().await["held"], 0);
}

/// As it is recommended after a dry run.
#[tokio::test(start_paused = true)]
async fn a_no_right_after_a_dry_run_is_heard_the_first_time() {
    let world = World::new();
    let here = with_four(&world).await;
    delete_three(&world).await;
    assert_eq!(here.sync_with(trial()).await.1, Exit::Held);
    let keep = SyncOptions { confirm: Some(HoldAnswer::Keep), ..SyncOptions::default() };
    let (document, exit) = here.sync_with(keep).await;
    assert_eq!((exit, &document["accounts"][0]["calendars"][0]["created"]), (Exit::Done, &json!(3)), "{document:#}");
}

/// One date that was removed before stays removed: the no is to what waits.
#[tokio::test(start_paused = true)]
async fn dates_that_wait_are_kept_and_those_that_went_before_stay_away() {
    let world = World::new();
    let here = world.computer().await;
    let rule = belfry_app::reminders::ReminderWish {
        title: Some("Rent".into()),
        at: Some("2026-12-31T09:00".into()),
        repeat: Some("FREQ=MONTHLY;BYMONTHDAY=31;COUNT=7".into()),
        list: Some(LIST.into()),
        ..Default::default()
    };
    let id = here.app.add_reminder(&rule).expect("added").id.to_string();
    here.good_sync().await;
    assert_eq!(world.subjects().len(), 7);
    let delete = async |many: usize| {
        for (id, _) in world.events().into_iter().take(many) {
            world.outlook("DELETE", &format!("events/{}", belfry_tests::encode(&id)), &Value::Null).await;
        }
        here.sync().await
    };
    assert_eq!(delete(1).await.1, Exit::Done);
    let (document, exit) = delete(4).await;
    assert_eq!((exit, world.subjects().len()), (Exit::Held, 2), "{document:#}");
    here.app.keep(&id).expect("kept");
    here.good_sync().await;
    assert_eq!(world.subjects().len(), 6);
    assert_eq!(here.app.waiting().expect("what waits"), []);
}

/// One is kept, and a yes to the rest follows before a sync has seen that.
#[tokio::test(start_paused = true)]
async fn a_yes_right_after_one_was_kept_is_a_yes_to_the_rest() {
    let world = World::new();
    let here = world.computer().await;
    let ids: Vec<String> = (0..6).map(|index| here.add(&format!("Item {index}"), "2026-12-03T09:00")).collect();
    here.good_sync().await;
    for (id, _) in world.events().into_iter().take(4) {
        world.outlook("DELETE", &format!("events/{}", belfry_tests::encode(&id)), &Value::Null).await;
    }
    assert_eq!(here.sync().await.1, Exit::Held);
    let kept = here.app.waiting().expect("what waits")[0].operation.id.clone();
    assert!(ids.contains(&kept));
    here.app.keep(&kept).expect("kept");
    let removal = HoldAnswer::Only(belfry_app::waiting::WaitingFor::Removal);
    let (document, exit) = here.app.sync(&SyncOptions { confirm: Some(removal), ..SyncOptions::default() }, &|_| {}).await.expect("synced");
    assert_eq!(exit, Exit::Done, "{document:?}");
    assert_eq!((world.subjects().len(), here.app.waiting().expect("what waits").len()), (3, 0));
}
