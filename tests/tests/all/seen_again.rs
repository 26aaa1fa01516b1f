//! What was dismissed or left alone has an event again: what each side changed meanwhile stays.

use belfry_app::reminders::ReminderWish;
use belfry_core::Exit;
use belfry_tests::{Computer, World, encode};
use chrono::Duration;
use serde_json::json;

fn notes(text: &str) -> ReminderWish {
    ReminderWish { notes: Some(text.into()), ..ReminderWish::default() }
}

fn field(here: &Computer, title: &str, name: &str) -> serde_json::Value {
    here.reminders().into_iter().find(|one| one["title"] == title).map(|one| one[name].clone()).unwrap_or_default()
}

/// Two computers with one reminder, whose event the person removed.
async fn dismissed(world: &World) -> (Computer, Computer, String) {
    let one = world.computer().await;
    let id = one.add("Rent", "2026-12-03T09:00");
    one.good_sync().await;
    let two = world.computer().await;
    two.good_sync().await;
    world.delete_in_outlook("Rent").await;
    one.good_sync().await;
    two.good_sync().await;
    (one, two, id)
}

#[tokio::test(start_paused = true)]
async fn what_was_edited_while_it_had_no_event_is_kept_when_another_computer_makes_one() {
    let world = World::new();
    let (one, two, id) = dismissed(&world).await;
    one.edit(&id, &notes("edited while dismissed"));
    one.good_sync().await;
    two.app.restore_reminder(&id).expect("restored");
    world.clock.pass(Duration::minutes(5));
    two.good_sync().await;
    let alarm = json!({"isReminderOn": true, "reminderMinutesBeforeStart": 45});
    world.edit_in_outlook("Rent", alarm).await;
    one.good_sync().await;
    two.good_sync().await;
    for here in [&one, &two] {
        assert_eq!((field(here, "Rent", "notes"), field(here, "Rent", "alarms")), (json!("edited while dismissed"), json!([45])));
    }
    world.writes();
    one.good_sync().await;
    two.good_sync().await;
    assert_eq!(world.writes(), 0);
}

#[tokio::test(start_paused = true)]
async fn what_was_taken_from_an_event_that_is_there_again_can_be_taken_back() {
    let world = World::new();
    let (one, two, id) = dismissed(&world).await;
    two.app.restore_reminder(&id).expect("restored");
    two.good_sync().await;
    world.edit_in_outlook("Rent", json!({"subject": "Rent of the flat"})).await;
    one.good_sync().await;
    assert_eq!(field(&one, "Rent of the flat", "state"), "synced");
    let undone = one.app.undo(&id, false).await.expect("undone");
    assert_eq!(undone.undone.iter().map(|step| step.fields.clone()).collect::<Vec<_>>(), [vec!["title"]]);
    assert_eq!(field(&one, "Rent", "state"), "waiting");
}

#[tokio::test(start_paused = true)]
async fn an_event_that_was_moved_by_copying_it_is_not_made_again() {
    let world = World::new();
    let here = world.computer().await;
    let id = here.add("Rent", "2026-12-03T09:00");
    here.good_sync().await;
    let first = world.event_id("Rent");
    world.copy_event(&first);
    let copy = world.events().into_iter().map(|(id, _)| id).find(|id| *id != first).expect("a copy");
    world.move_event(&copy);
    world.outlook("DELETE", &format!("events/{}", encode(&first)), &json!(null)).await;
    here.good_sync().await;
    assert_eq!(field(&here, "Rent", "state"), "detached");
    here.edit(&id, &notes("important"));
    assert_eq!(here.app.restore_reminder(&id).expect_err("it is still there").exit(), Exit::Usage);
    here.good_sync().await;
    assert_eq!((field(&here, "Rent", "notes"), world.subjects().len()), (json!("important"), 1));
}

#[tokio::test(start_paused = true)]
async fn categories_of_the_person_stay_beside_ours() {
    let world = World::new();
    let here = world.computer().await;
    let id = here.add("Rent", "2026-12-03T09:00");
    here.good_sync().await;
    world.edit_in_outlook("Rent", json!({"categories": ["Red", "Customer X", "Urgent"]})).await;
    here.good_sync().await;
    assert_eq!(field(&here, "Rent", "category"), "Red");
    let wish = |category: &str| ReminderWish { category: Some(category.into()), ..ReminderWish::default() };
    here.edit(&id, &wish("Blue"));
    here.good_sync().await;
    assert_eq!(world.member("Rent", "categories"), json!(["Blue", "Customer X", "Urgent"]));
    here.edit(&id, &wish("Urgent"));
    here.good_sync().await;
    assert_eq!(world.member("Rent", "categories"), json!(["Urgent", "Customer X"]));
    world.writes();
    here.good_sync().await;
    assert_eq!((world.writes(), field(&here, "Rent", "category")), (0, json!("Urgent")));
}
