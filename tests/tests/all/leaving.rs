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
