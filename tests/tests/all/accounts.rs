//! Lists that go from one account to another, and accounts that go and come back.

use belfry_app::following::Follow;
use belfry_app::lists::Keep;
use belfry_app::reminders::ReminderWish;
use belfry_core::Exit;
use belfry_core::plan::Leave;
use belfry_tests::{Computer, LIST, World};
use serde_json::json;

const SCOPES: [&str; 2] = ["User.Read", "Calendars.ReadWrite"];
const OLD: &str = "ada@contoso.example";
const NEW: &str = "ben@outlook.example";

fn in_account(login: &str) -> Keep {
    Keep::In { account: Some(login.into()), calendar: None }
}

/// What a mailbox holds.
fn subjects_of(world: &World, login: &str) -> Vec<String> {
    let mut all: Vec<String> = world.simulator.with_world(|w| {
        let owner = w.people.iter().find(|person| person.login == login).map(|person| person.oid.clone()).unwrap_or_default();
        let mailbox = w.mailboxes.iter().find(|(of, _)| **of == owner);
        let events = mailbox.into_iter().flat_map(|(_, mailbox)| mailbox.events.values());
        events.filter_map(|event| event.members.get("subject").and_then(|subject| subject.as_str()).map(str::to_owned)).collect()
    });
    all.sort();
    all
}

async fn with_a_series(world: &World) -> Computer {
    let here = world.computer_of(&[OLD, NEW], &SCOPES).await;
    here.app.add_list(LIST, &in_account(OLD)).await.expect("kept in the old one");
    here.add("Rent", "2026-12-03T09:00");
    let series = ReminderWish {
        title: Some("Bill".into()),
        at: Some("2026-12-31T09:00".into()),
        repeat: Some("FREQ=MONTHLY;BYMONTHDAY=31;COUNT=3".into()),
        list: Some(LIST.into()),
        ..ReminderWish::default()
    };
    here.app.add_reminder(&series).expect("added");
    here.good_sync().await;
    here
}

#[tokio::test(start_paused = true)]
async fn after_the_old_account_was_removed_a_list_is_made_in_the_new_one() {
    let world = World::new();
    let here = with_a_series(&world).await;
    assert_eq!(subjects_of(&world, OLD), ["Bill", "Bill", "Bill", "Rent"]);
    let old = here.app.account(Some(OLD)).expect("there");
    here.app.remove_account(&old, false).await.expect("removed");
    here.app.retarget(LIST, &in_account(NEW), None).await.expect("kept in the new one");
    let (document, exit) = here.sync().await;
    assert_eq!(
        (exit, subjects_of(&world, NEW)),
        (Exit::Done, ["Bill", "Bill", "Bill", "Rent"].map(str::to_owned).to_vec()),
        "{document:#}"
    );
    assert!(here.titles().iter().all(|(_, state)| state == "synced"), "{:?}", here.titles());
    assert_eq!(subjects_of(&world, OLD).len(), 4, "an account that is removed keeps its events");
    // What it has just written is read once more.
    here.good_sync().await;
    world.writes();
    here.good_sync().await;
    assert_eq!(world.writes(), 0);
    // And out again, with nothing in the way.
    here.app.retarget(LIST, &Keep::Here, Some(Leave::DeleteEvents)).await.expect("taken out");
    assert_eq!((subjects_of(&world, NEW).len(), subjects_of(&world, OLD).len()), (0, 4));
}

#[tokio::test(start_paused = true)]
async fn a_list_that_follows_a_file_asks_what_becomes_of_its_events_when_it_goes_to_another_account() {
    let world = World::new();
    let here = world.computer_of(&[OLD, NEW], &SCOPES).await;
    let file = here.folder.path().join("contracts.ics");
    let event = |title: &str| format!("BEGIN:VEVENT\r\nUID:{title}\r\nSUMMARY:{title}\r\nDTSTART;VALUE=DATE:20261210\r\nEND:VEVENT\r\n");
    let events: String = ["A", "B", "C"].map(event).concat();
    std::fs::write(&file, format!("BEGIN:VCALENDAR\r\nVERSION:2.0\r\nPRODID:-//test//EN\r\n{events}END:VCALENDAR\r\n")).expect("written");
    here.app.add_followed_list("Contracts", &Follow::path(&file), &in_account(OLD)).await.expect("a list");
    here.good_sync().await;
    assert_eq!(here.app.retarget("Contracts", &in_account(NEW), None).await.expect_err("asked").exit(), Exit::Usage);
    here.app.retarget("Contracts", &in_account(NEW), Some(Leave::DeleteEvents)).await.expect("moved");
    let (document, exit) = here.sync().await;
    let all = ["A", "B", "C"].map(str::to_owned).to_vec();
    assert_eq!((exit, subjects_of(&world, NEW), subjects_of(&world, OLD)), (Exit::Done, all, vec![]), "{document:#}");
}

#[tokio::test(start_paused = true)]
async fn an_account_that_comes_back_is_told_of_and_its_events_can_still_be_deleted() {
    let world = World::new();
    let here = with_a_series(&world).await;
    let old = here.app.account(Some(OLD)).expect("there");
    here.app.remove_account(&old, false).await.expect("removed");
    let again = world.connect_again(&here.app, &old, true).await.expect("back");
    let left: Vec<String> = here.app.left_there(&again.id).expect("known").into_iter().map(|list| list.name).collect();
    assert_eq!(left, [LIST]);
    here.app.remove_account(&again, true).await.expect("removed with its events");
    assert_eq!(subjects_of(&world, OLD), Vec::<String>::new());
    assert_eq!(here.app.list(Some(LIST)).expect("stays").target, None);
}

/// The dates say which list it was; the question comes before anything is written, and stays until it is answered.
#[tokio::test(start_paused = true)]
async fn whether_it_is_the_same_list_is_asked_until_it_is_answered() {
    let world = World::new();
    let one = world.computer().await;
    for title in ["Rent", "Bins", "Gym"] {
        one.add(title, "2026-12-03T09:00");
    }
    one.good_sync().await;
    let two = world.bare_computer().await;
    two.app.create_calendar(None, "Other").await.expect("made");
    two.app.add_list("Another name", &Keep::In { account: None, calendar: Some("Other".into()) }).await.expect("a list");
    // Synced while it is empty, and filled then.
    two.sync().await;
    world.clock.pass(chrono::Duration::minutes(1));
    for title in ["Rent", "Bins", "Gym"] {
        let wish = ReminderWish {
            title: Some(title.into()),
            at: Some("2026-12-03T09:00".into()),
            list: Some("Another name".into()),
            ..ReminderWish::default()
        };
        two.app.add_reminder(&wish).expect("added");
    }
    for _ in 0..3 {
        let (document, exit) = two.sync().await;
        assert_eq!((exit, world.subjects().len()), (Exit::Held, 3), "{document:#}");
        assert_eq!(document["problems"][0]["code"], json!("same_list_question"), "{document:#}");
    }
    let yes = belfry_app::syncing::SyncOptions { confirm: Some(belfry_app::confirming::HoldAnswer::All), ..Default::default() };
    let (document, exit) = two.sync_with(yes).await;
    assert_eq!((exit, world.subjects().len()), (Exit::Done, 6), "{document:#}");
}
