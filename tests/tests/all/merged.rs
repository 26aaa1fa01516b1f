//! Edits on two computers that meet: in another list, and in one date.

use belfry_app::lists::Keep;
use belfry_app::occurrences::DateChange;
use belfry_app::reminders::ReminderWish;
use belfry_app::syncing::SyncOptions;
use belfry_tests::{Computer, World};

use super::dates::{titled, weekly};

fn edit_date(here: &Computer, id: &str, wish: ReminderWish) {
    here.app.change_date(id, "2026-12-14", &DateChange::Edit(Box::new(wish))).expect("changed");
}

/// Another computer moves a reminder to another list; what was edited here since is merged by what was agreed where it was, and the plan says no other thing.
#[tokio::test(start_paused = true)]
async fn an_edit_goes_along_to_the_list_that_another_computer_moved_it_to() {
    let world = World::new();
    let (here, there) = (world.computer().await, world.computer().await);
    for computer in [&here, &there] {
        computer.app.add_list("Work", &Keep::In { account: None, calendar: None }).await.expect("a list");
    }
    let id = here.add("Milk", "2026-12-03T09:00");
    here.good_sync().await;
    there.good_sync().await;
    here.edit(&id, &ReminderWish { list: Some("Work".into()), notes: Some("two".into()), ..Default::default() });
    here.good_sync().await;
    there.edit(&id, &ReminderWish { title: Some("Milk, edited".into()), ..Default::default() });
    let (plan, _) = there.sync_with(SyncOptions { dry_run: true, ..Default::default() }).await;
    assert!(!plan.to_string().contains("removed in Outlook"), "{plan:#}");
    for computer in [&there, &here, &there] {
        computer.good_sync().await;
    }
    assert_eq!(world.subjects(), ["Milk, edited"]);
    for computer in [&here, &there] {
        let shown = serde_json::json!(computer.app.reminder_documents(None).expect("reminders"));
        let fields = ["title", "notes", "list", "state"].map(|name| shown[0][name].as_str().unwrap_or_default().to_owned());
        assert_eq!((shown.as_array().map(Vec::len), fields), (Some(1), ["Milk, edited", "two", "Work", "synced"].map(str::to_owned)));
    }
}

/// Different fields of one date, edited on two computers, are no conflict.
#[tokio::test(start_paused = true)]
async fn two_fields_of_one_date_are_no_conflict() {
    let world = World::new();
    let (here, there) = (world.computer().await, world.computer().await);
    let id = weekly(&here);
    here.good_sync().await;
    there.good_sync().await;
    edit_date(&here, &id, titled("Paper"));
    edit_date(&there, &id, ReminderWish { alarms: Some(vec![45]), ..ReminderWish::default() });
    here.good_sync().await;
    let document = there.good_sync().await;
    here.good_sync().await;
    assert_eq!(document["conflicts"], 0, "{document:#}");
    for computer in [&here, &there] {
        assert_eq!(computer.titles(), [("Bins".into(), "synced".into())]);
        let own = computer.app.reminder(&id).expect("there").recurrence.expect("a series").changed.into_values().next().expect("a date");
        assert_eq!((own.title.as_deref(), own.alarms), (Some("Paper"), Some(vec![45])));
    }
}

/// A rule that Outlook does not hold any more is kept date by date by the computer that has it; another one does not say that somebody removed the reminder.
#[tokio::test(start_paused = true)]
async fn what_another_computer_keeps_date_by_date_was_not_removed() {
    let world = World::new();
    let (here, there) = (world.computer().await, world.computer().await);
    let id = weekly(&here);
    here.good_sync().await;
    there.good_sync().await;
    here.edit(
        &id,
        &ReminderWish {
            repeat: Some("FREQ=MONTHLY;BYMONTHDAY=15,-1;COUNT=4".into()),
            at: Some("2026-12-15T09:00".into()),
            ..ReminderWish::default()
        },
    );
    for computer in [&here, &there, &here, &there] {
        computer.good_sync().await;
    }
    let (_, log) = there.app.reminder_document(&id).expect("there");
    let why = log.iter().find(|entry| entry.op == belfry_core::Op::Dismiss).map(|entry| entry.reason.clone());
    assert_eq!(why.as_deref(), Some("kept date by date, as Outlook has no such series"));
}
