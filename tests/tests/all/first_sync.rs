//! A list that meets its own events: what is missing among them is asked about once, and an answer is kept.

use belfry_app::confirming::HoldAnswer;
use belfry_app::syncing::SyncOptions;
use belfry_core::Exit;
use belfry_tests::{Computer, LIST, World};
use chrono::Duration;
use serde_json::{Value, json};

fn confirm(answer: HoldAnswer) -> SyncOptions {
    SyncOptions { confirm: Some(answer), ..SyncOptions::default() }
}

/// Two reminders in Outlook by one computer; a second one that has two more of the same list.
async fn second_computer(world: &World) -> Computer {
    let one = world.computer().await;
    one.add("Rent", "2026-12-03T09:00");
    one.add("Bins", "2026-12-03T09:00");
    one.good_sync().await;
    let two = world.computer().await;
    two.add("Passport", "2026-12-04T09:00");
    two.add("Dentist", "2026-12-04T09:00");
    two
}

fn states(computer: &Computer) -> Vec<(String, String)> {
    computer.titles()
}

fn pairs(all: &[(&str, &str)]) -> Vec<(String, String)> {
    all.iter().map(|(title, state)| ((*title).to_owned(), (*state).to_owned())).collect()
}

async fn asked(computer: &Computer) -> Value {
    let (document, exit) = computer.sync().await;
    assert_eq!((exit, &document["outcome"]), (Exit::Held, &json!("held")), "{document:#}");
    assert_eq!(document["problems"][0]["code"], "first_sync_question", "{document:#}");
    document["accounts"][0]["calendars"][0].clone()
}

#[tokio::test(start_paused = true)]
async fn what_is_missing_is_asked_about_and_the_rest_goes_on() {
    let world = World::new();
    let two = second_computer(&world).await;
    for round in 0..2 {
        let counts = asked(&two).await;
        assert_eq!((&counts["adopted"], &counts["held"]), (&json!(if round == 0 { 2 } else { 0 }), &json!(2)));
    }
    assert_eq!(states(&two), pairs(&[("Bins", "synced"), ("Dentist", "held"), ("Passport", "held"), ("Rent", "synced")]));
    // What waits for an answer does not wait for the next sync as well; what was typed after it was asked does.
    world.clock.pass(Duration::minutes(1));
    two.add("Later", "2026-12-05T09:00");
    let status = two.app.status().expect("a status");
    assert_eq!((status.waiting, status.held, status.attention.map(|problem| problem.code.name())), (1, 2, Some("first_sync_question")));
    assert_eq!(world.subjects(), ["Bins", "Rent"]);
}

#[tokio::test(start_paused = true)]
async fn they_are_new() {
    let world = World::new();
    let two = second_computer(&world).await;
    asked(&two).await;
    let (document, exit) = two.sync_with(confirm(HoldAnswer::Add)).await;
    assert_eq!((exit, &document["accounts"][0]["calendars"][0]["created"]), (Exit::Done, &json!(2)), "{document:#}");
    assert_eq!(world.subjects(), ["Bins", "Dentist", "Passport", "Rent"]);
    two.add("Later", "2026-12-05T09:00");
    assert_eq!(two.good_sync().await["created"], 1);
}

#[tokio::test(start_paused = true)]
async fn they_were_removed_elsewhere() {
    let world = World::new();
    let two = second_computer(&world).await;
    asked(&two).await;
    // Typed after the question was asked: not a part of it.
    world.clock.pass(Duration::minutes(1));
    two.add("Later", "2026-12-05T09:00");
    let (document, exit) = two.sync_with(confirm(HoldAnswer::Removed)).await;
    let counts = &document["accounts"][0]["calendars"][0];
    assert_eq!((exit, &counts["dismissed"], &counts["created"]), (Exit::Done, &json!(2), &json!(1)), "{document:#}");
    assert_eq!(world.subjects(), ["Bins", "Later", "Rent"]);
    assert_eq!(
        states(&two),
        pairs(&[("Bins", "synced"), ("Dentist", "dismissed"), ("Later", "synced"), ("Passport", "dismissed"), ("Rent", "synced")])
    );
    two.add("Latest", "2026-12-05T09:00");
    assert_eq!(two.good_sync().await["created"], 1);
    let id = two.reminders().iter().find(|one| one["title"] == "Dentist").map(|one| one["id"].clone()).expect("there");
    two.app.restore_reminder(id.as_str().expect("an id")).expect("restored");
    assert_eq!(two.good_sync().await["created"], 1);
}

#[tokio::test(start_paused = true)]
async fn an_answer_counts_only_after_the_question() {
    let world = World::new();
    let two = second_computer(&world).await;
    let (_, exit) = two.sync_with(confirm(HoldAnswer::Removed)).await;
    assert_eq!((exit, world.subjects()), (Exit::Held, vec!["Bins".to_owned(), "Rent".to_owned()]));
}

#[tokio::test(start_paused = true)]
async fn a_question_whose_subject_is_removed_is_no_question_any_more() {
    let world = World::new();
    let two = second_computer(&world).await;
    asked(&two).await;
    for one in two.reminders().iter().filter(|one| one["state"] == "held") {
        two.app.remove_reminder(one["id"].as_str().expect("an id")).expect("removed");
    }
    two.good_sync().await;
    two.add("Later", "2026-12-05T09:00");
    assert_eq!(two.good_sync().await["created"], 1);
}

#[tokio::test(start_paused = true)]
async fn a_list_without_events_of_its_own_asks_nothing() {
    let world = World::new();
    let here = world.computer().await;
    here.add("Rent", "2026-12-03T09:00");
    let (document, _) = here.sync_with(SyncOptions { dry_run: true, ..SyncOptions::default() }).await;
    assert_eq!(document["accounts"][0]["calendars"][0]["operations"][0]["held"], false);
    assert_eq!(here.good_sync().await["created"], 1);
    assert!(here.app.list(Some(LIST)).is_ok());
}

/// The same reminders, typed in on a second computer under another list name: made anew they would all be there twice.
#[tokio::test(start_paused = true)]
async fn a_list_that_looks_like_an_unknown_one_asks_first() {
    let world = World::new();
    let first = world.computer().await;
    for title in ["Rent", "Dog", "Gym"] {
        first.add(title, "2026-12-03T09:00");
    }
    first.good_sync().await;
    let second = world.bare_computer().await;
    let keep = belfry_app::lists::Keep::In { account: None, calendar: None };
    second.app.add_list("Home", &keep).await.expect("a list");
    for title in ["Rent", "Dog", "Taxes"] {
        let wish = belfry_app::reminders::ReminderWish {
            title: Some(title.into()),
            at: Some("2026-12-03T09:00".into()),
            list: Some("Home".into()),
            ..Default::default()
        };
        second.app.add_reminder(&wish).expect("added");
    }
    let (document, exit) = second.sync().await;
    assert_eq!(exit, Exit::Held);
    assert!(document["problems"].as_array().is_some_and(|all| all.iter().any(|one| one["code"] == "same_list_question")), "{document:#}");
    assert_eq!(world.subjects(), ["Dog", "Gym", "Rent"]);
    let options = SyncOptions { confirm: Some(HoldAnswer::All), ..SyncOptions::default() };
    assert_eq!(second.sync_with(options).await.1, Exit::Done);
    assert_eq!(world.subjects().len(), 6, "they are others, said the person");
    assert_eq!(second.sync().await.1, Exit::Done);
}

/// What waits in one list, and what is asked about another, are two things.
#[tokio::test(start_paused = true)]
async fn an_answer_answers_its_own_question() {
    let world = World::new();
    let one = world.computer().await;
    one.add("Rent", "2026-12-03T09:00");
    one.add("Bins", "2026-12-03T09:00");
    one.good_sync().await;
    let two = world.computer().await;
    let keep = belfry_app::lists::Keep::In { account: None, calendar: None };
    two.app.add_list("Other", &keep).await.expect("a list");
    for title in ["A", "B", "C", "D"] {
        let wish = belfry_app::reminders::ReminderWish {
            title: Some(title.into()),
            at: Some("2026-12-05T09:00".into()),
            list: Some("Other".into()),
            ..Default::default()
        };
        two.app.add_reminder(&wish).expect("added");
    }
    two.add("Passport", "2026-12-04T09:00");
    let (_, exit) = two.sync().await;
    assert_eq!(exit, Exit::Held);
    for title in ["A", "B", "C", "D"] {
        world.delete_in_outlook(title).await;
    }
    let (document, _) = two.sync().await;
    let codes: Vec<&Value> = document["problems"].as_array().expect("problems").iter().map(|one| &one["code"]).collect();
    assert!(codes.contains(&&json!("held")) && codes.contains(&&json!("first_sync_question")), "{document:#}");
    let (_, exit) = two.sync_with(confirm(HoldAnswer::Add)).await;
    assert_eq!((exit, world.subjects()), (Exit::Held, vec!["Bins".to_owned(), "Passport".to_owned(), "Rent".to_owned()]));
    assert!(two.titles().iter().filter(|(title, _)| title.len() == 1).all(|(_, state)| state == "held"), "{:?}", two.titles());
    // One is kept, which is the no to it; the others wait on.
    let waiting = two.app.waiting().expect("what waits");
    let first = waiting.iter().find(|one| one.can_keep).expect("one to keep");
    two.app.restore_reminder(&first.operation.id).expect("kept");
    let (_, exit) = two.sync().await;
    assert_eq!((exit, two.app.waiting().expect("what waits").len(), world.subjects().len()), (Exit::Held, 3, 4));
    let elsewhere = SyncOptions { confirm_list: Some(LIST.into()), ..confirm(HoldAnswer::All) };
    assert_eq!(two.sync_with(elsewhere).await.1, Exit::Held, "a yes to what waits in another list");
    let here = SyncOptions { confirm_list: Some("Other".into()), ..confirm(HoldAnswer::All) };
    assert_eq!(two.sync_with(here).await.1, Exit::Done);
}

/// What another computer keeps in a calendar that is pulled here already, under a list that comes later: events half a year away are in no feed.
#[tokio::test(start_paused = true)]
async fn a_list_that_comes_to_a_known_calendar_looks_at_all_of_it() {
    let world = World::new();
    let (here, there) = (world.computer().await, world.computer().await);
    there.add("Near", "2026-12-03T09:00");
    there.good_sync().await;
    let keep = belfry_app::lists::Keep::In { account: None, calendar: Some("Belfry".into()) };
    here.good_sync().await;
    here.app.add_list("Far", &keep).await.expect("a list");
    let lease = belfry_app::reminders::ReminderWish {
        title: Some("Lease".into()),
        at: Some("2027-09-03T09:00".into()),
        list: Some("Far".into()),
        ..Default::default()
    };
    here.app.add_reminder(&lease).expect("added");
    here.good_sync().await;
    there.good_sync().await;
    there.app.add_list("Far", &keep).await.expect("a list");
    there.good_sync().await;
    let far = there.app.reminder_documents(Some("Far")).expect("reminders");
    assert_eq!(far.iter().map(|one| one.title.as_str()).collect::<Vec<_>>(), ["Lease"]);
}
