//! Lists and accounts that leave Outlook: their events are deleted or left on their own, as was said, and never by accident.

use belfry_app::Leave;
use belfry_app::lists::Keep;
use belfry_app::reminders::ReminderWish;
use belfry_core::Exit;
use belfry_tests::{Computer, LIST, World};
use serde_json::json;

async fn with_two(world: &World) -> Computer {
    let here = world.computer().await;
    here.add("Rent", "2026-12-03T09:00");
    here.add("Bins", "2026-12-03T09:00");
    here.good_sync().await;
    here
}

fn markers(world: &World) -> Vec<String> {
    world.simulator.with_world(|w| {
        let events = w.mailboxes.values().flat_map(|mailbox| mailbox.events.values());
        events.flat_map(|event| event.properties.values().cloned()).collect()
    })
}

#[tokio::test(start_paused = true)]
async fn kept_events_stay_and_are_nobodys() {
    let world = World::new();
    let here = with_two(&world).await;
    assert!(here.app.retarget(LIST, &Keep::Here, None).await.is_err());
    here.app.retarget(LIST, &Keep::Here, Some(Leave::KeepEvents)).await.expect("taken out");
    assert_eq!(world.subjects(), ["Bins", "Rent"]);
    assert!(markers(&world).iter().all(|value| value == "released"), "{:?}", markers(&world));
    assert!(here.titles().iter().all(|(_, state)| state == "local"));
    // Kept in Outlook once more, they are made once more; what stays on its own is never touched.
    here.app.retarget(LIST, &Keep::In { account: None, calendar: None }, None).await.expect("kept");
    assert_eq!(here.good_sync().await["created"], 2);
    assert_eq!(world.subjects(), ["Bins", "Bins", "Rent", "Rent"]);
    world.writes();
    assert_eq!(here.good_sync().await["adopted"], 0);
    assert_eq!(world.writes(), 0);
}

#[tokio::test(start_paused = true)]
async fn a_second_computer_leaves_released_events_alone() {
    let world = World::new();
    let one = with_two(&world).await;
    let two = world.computer().await;
    assert_eq!(two.good_sync().await["adopted"], 2);
    one.app.remove_list(LIST, Some(Leave::KeepEvents)).await.expect("removed");
    // The change feed shows no markers; the daily listing does.
    world.clock.pass(chrono::Duration::hours(25));
    two.sync().await;
    assert!(two.titles().iter().all(|(_, state)| state == "detached"), "{:?}", two.titles());
    assert_eq!(world.subjects(), ["Bins", "Rent"]);
}

#[tokio::test(start_paused = true)]
async fn a_meeting_among_them_is_not_touched() {
    let world = World::new();
    let here = with_two(&world).await;
    let people = json!({"attendees": [{"emailAddress": {"address": "bob@contoso.example"}, "type": "required"}]});
    world.edit_in_outlook("Rent", people).await;
    world.writes();
    here.app.remove_list(LIST, Some(Leave::KeepEvents)).await.expect("removed");
    assert_eq!((world.subjects(), world.writes()), (vec!["Bins".to_owned(), "Rent".to_owned()], 1));
}

#[tokio::test(start_paused = true)]
async fn an_account_goes_with_its_events_when_that_was_said() {
    for delete in [false, true] {
        let world = World::new();
        let here = with_two(&world).await;
        here.app.add_list("Second", &Keep::In { account: None, calendar: None }).await.expect("a list");
        let wish = ReminderWish {
            title: Some("Dentist".into()),
            at: Some("2026-12-03".into()),
            list: Some("Second".into()),
            ..ReminderWish::default()
        };
        here.app.add_reminder(&wish).expect("added");
        here.good_sync().await;
        let account = here.app.account(None).expect("an account");
        here.app.remove_account(&account, delete).await.expect("removed");
        assert_eq!(world.subjects().len(), if delete { 0 } else { 3 });
        assert_eq!(here.app.reminder_documents(None).expect("reminders").len(), 3);
        assert!(here.app.accounts().expect("accounts").is_empty());
    }
}

#[tokio::test(start_paused = true)]
async fn a_reminder_moves_to_another_list() {
    let world = World::new();
    let here = with_two(&world).await;
    here.app.create_calendar(None, "Second").await.expect("a calendar");
    let keep = Keep::In { account: None, calendar: Some("Second".into()) };
    here.app.add_list("Contracts", &keep).await.expect("a list");
    let id = here.reminders().iter().find(|one| one["title"] == "Rent").map(|one| one["id"].clone()).expect("there");
    here.edit(id.as_str().expect("an id"), &ReminderWish { list: Some("Contracts".into()), ..ReminderWish::default() });
    let (document, exit) = here.sync().await;
    assert_eq!(exit, Exit::Done, "{document:#}");
    assert_eq!(world.subjects(), ["Bins", "Rent"]);
    let rows = here.app.reminder_documents(Some("Contracts")).expect("reminders");
    assert_eq!(rows.iter().map(|row| (row.title.as_str(), row.state)).collect::<Vec<_>>(), [("Rent", "synced")]);
    world.writes();
    here.good_sync().await;
    assert_eq!(world.writes(), 0);
}

/// Two lists in two calendars, and `Rent` in the first.
async fn with_two_lists(world: &World) -> (Computer, String) {
    let here = with_two(world).await;
    here.app.create_calendar(None, "Second").await.expect("a calendar");
    here.app.add_list("Contracts", &Keep::In { account: None, calendar: Some("Second".into()) }).await.expect("a list");
    here.good_sync().await;
    let id = here.reminders().iter().find(|one| one["title"] == "Rent").map(|one| one["id"].clone()).expect("there");
    (here, id.as_str().expect("an id").to_owned())
}

fn to_contracts() -> ReminderWish {
    ReminderWish { list: Some("Contracts".into()), ..ReminderWish::default() }
}

fn of(computer: &Computer, list: &str) -> Vec<(String, &'static str)> {
    let rows = computer.app.reminder_documents(Some(list)).expect("reminders");
    rows.into_iter().map(|row| (row.title, row.state)).collect()
}

#[tokio::test(start_paused = true)]
async fn a_reminder_that_moves_takes_the_edit_in_outlook_along() {
    let world = World::new();
    let (here, id) = with_two_lists(&world).await;
    world.edit_in_outlook("Rent", json!({"subject": "Rent, raised"})).await;
    here.edit(&id, &to_contracts());
    here.sync().await;
    assert_eq!(
        (world.subjects(), of(&here, "Contracts")),
        (vec!["Bins".into(), "Rent, raised".into()], vec![("Rent, raised".into(), "synced")])
    );
    world.writes();
    here.good_sync().await;
    assert_eq!(world.writes(), 0);
}

#[tokio::test(start_paused = true)]
async fn another_computer_follows_a_reminder_to_its_list() {
    let world = World::new();
    let (one, id) = with_two_lists(&world).await;
    let two = world.computer().await;
    two.app.add_list("Contracts", &Keep::In { account: None, calendar: Some("Second".into()) }).await.expect("a list");
    assert_eq!(two.good_sync().await["adopted"], 2);
    one.edit(&id, &to_contracts());
    one.sync().await;
    let (document, exit) = two.sync().await;
    assert_eq!(exit, Exit::Done, "{document:#}");
    assert_eq!((of(&two, LIST), of(&two, "Contracts")), (vec![("Bins".into(), "synced")], vec![("Rent".into(), "synced")]));
    world.writes();
    for computer in [&one, &two, &one, &two] {
        computer.sync().await;
    }
    assert_eq!((world.writes(), world.subjects()), (0, vec!["Bins".to_owned(), "Rent".to_owned()]));
}

#[tokio::test(start_paused = true)]
async fn two_computers_that_move_it_to_different_lists_come_to_agree() {
    let world = World::new();
    let (one, id) = with_two_lists(&world).await;
    one.app.add_list("Other", &Keep::In { account: None, calendar: Some("Second".into()) }).await.expect("a list");
    let two = world.computer().await;
    for name in ["Contracts", "Other"] {
        two.app.add_list(name, &Keep::In { account: None, calendar: Some("Second".into()) }).await.expect("a list");
    }
    two.good_sync().await;
    one.edit(&id, &to_contracts());
    two.edit(&id, &ReminderWish { list: Some("Other".into()), ..ReminderWish::default() });
    for computer in [&one, &two, &one, &two, &one, &two] {
        computer.sync().await;
    }
    assert_eq!(world.subjects(), ["Bins", "Rent"]);
    assert_eq!((of(&one, "Contracts"), of(&one, "Other")), (of(&two, "Contracts"), of(&two, "Other")));
    world.writes();
    one.sync().await;
    two.sync().await;
    assert_eq!(world.writes(), 0);
}

fn cut(path: &str, skip: u32) -> belfry_simulator::Fault {
    belfry_simulator::Fault { method: String::new(), path: path.into(), skip, times: 0, action: belfry_simulator::FaultAction::CutBefore }
}

#[tokio::test(start_paused = true)]
async fn what_could_not_be_asked_is_not_begun() {
    let world = World::new();
    let here = with_two(&world).await;
    world.simulator.fail(cut("", 0));
    let error = here.app.remove_list(LIST, Some(Leave::DeleteEvents)).await.expect_err("no network");
    assert_eq!((error.problem().code.name(), error.exit()), ("offline", Exit::Later));
    world.simulator.mend();
    // Nothing is deleted later behind the person's back, and the list is as it was.
    here.good_sync().await;
    assert_eq!(world.subjects(), ["Bins", "Rent"]);
    here.add("Later", "2026-12-05T09:00");
    assert_eq!(here.good_sync().await["created"], 1);
    assert!(here.app.status().expect("a status").attention.is_none());
}

#[tokio::test(start_paused = true)]
async fn what_was_begun_is_said_and_finished_by_the_next_sync() {
    let world = World::new();
    let here = world.computer().await;
    for index in 0..30 {
        here.add(&format!("Item {index:02}"), "2026-12-03T09:00");
    }
    here.good_sync().await;
    // The second batch of deletes never arrives; before each, the events are looked at.
    world.simulator.fail(cut("$batch", 3));
    let error = here.app.retarget(LIST, &Keep::Here, Some(Leave::DeleteEvents)).await.expect_err("cut off");
    assert_eq!(error.exit(), Exit::Later);
    assert!(error.problem().detail.contains("the next sync goes on"), "{:?}", error.problem());
    assert_eq!(here.app.list_documents().expect("lists").iter().map(|list| list.problems.len()).sum::<usize>(), 1);
    assert_eq!(here.app.status().expect("a status").attention.map(|problem| problem.code.name()), Some("list_leaving"));
    world.simulator.mend();
    here.sync().await;
    assert_eq!(world.subjects(), Vec::<String>::new());
    assert!(here.app.list(Some(LIST)).expect("a list").target.is_none());
    assert!(here.titles().iter().all(|(_, state)| state == "local"));
    assert!(here.app.status().expect("a status").attention.is_none());
}

/// What stayed in Outlook is nobody's of ours any more: who brings the list back hears of it before anything is written.
#[tokio::test(start_paused = true)]
async fn events_that_stayed_are_told_before_there_are_others_beside_them() {
    let world = World::new();
    let here = world.computer().await;
    here.add("Rent", "2026-12-03T09:00");
    here.good_sync().await;
    let codes = || {
        let list = here.app.list(Some(LIST)).expect("the list");
        here.app.list_document(&list).expect("a list").problems.into_iter().map(|problem| problem.code.name()).collect::<Vec<_>>()
    };
    here.app.retarget(LIST, &Keep::Here, Some(Leave::KeepEvents)).await.expect("taken out");
    assert_eq!(codes(), [""; 0]);
    here.app.retarget(LIST, &Keep::In { account: None, calendar: None }, None).await.expect("back");
    assert_eq!(codes(), ["events_stayed"]);
    here.good_sync().await;
    assert_eq!((codes(), world.subjects()), (vec![], vec!["Rent".to_owned(), "Rent".to_owned()]));
}
