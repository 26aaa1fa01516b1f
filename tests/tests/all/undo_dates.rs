//! A date of a series that came back by an undo is an event of its own in Outlook from then on; that undo can be taken back as well, and so can the making of the series.

use belfry_app::occurrences::DateChange;
use belfry_tests::{Computer, World, encode};
use serde_json::Value;

use super::dates::{cancel, cancel_date, quiet, rows, shown, titled, undo_last, weekly};

async fn first_three(world: &World) -> Vec<(String, String)> {
    shown(world).await.into_iter().take(3).collect()
}

fn without_the_second() -> Vec<(String, String)> {
    rows([("2026-12-07T08:00", "Bins"), ("2026-12-21T08:00", "Bins"), ("2026-12-28T08:00", "Bins")])
}

fn with_the_second() -> Vec<(String, String)> {
    rows([("2026-12-07T08:00", "Bins"), ("2026-12-14T08:00", "Bins"), ("2026-12-21T08:00", "Bins")])
}

/// A date that a person removed in Outlook, and that an undo brought back.
async fn brought_back(world: &World, here: &Computer) -> String {
    let id = weekly(here);
    here.good_sync().await;
    cancel_date(world, "Bins", "2026-12-14").await;
    here.good_sync().await;
    assert_eq!(first_three(world).await, without_the_second());
    assert_eq!(undo_last(here).await, [("Bins".to_owned(), "put_back")]);
    here.good_sync().await;
    here.good_sync().await;
    assert_eq!(first_three(world).await, with_the_second());
    id
}

fn run_of(here: &Computer, kind: &str) -> String {
    let runs = here.app.run_documents(None, 20).expect("runs");
    runs.iter().find(|run| run.kind == kind).expect("such a run").run.to_string()
}

#[tokio::test(start_paused = true)]
async fn the_undo_of_a_removed_date_is_taken_back_and_that_too() {
    let world = World::new();
    let (here, there) = (world.computer().await, world.computer().await);
    brought_back(&world, &here).await;
    there.good_sync().await;
    for wanted in [without_the_second(), with_the_second(), without_the_second()] {
        let undone = here.app.undo(&run_of(&here, "undo"), false).await.expect("undone");
        assert_eq!(undone.undone.iter().map(|one| one.did).collect::<Vec<_>>(), ["put_back"], "{undone:?}");
        here.good_sync().await;
        here.good_sync().await;
        there.good_sync().await;
        assert_eq!(first_three(&world).await, wanted);
        quiet(&world, &[&here, &there]).await;
    }
}

/// What was said of such a date since is a later edit, and wins.
#[tokio::test(start_paused = true)]
async fn an_edit_of_the_date_that_came_back_stays() {
    let world = World::new();
    let here = world.computer().await;
    let id = brought_back(&world, &here).await;
    here.app.change_date(&id, "2026-12-14", &DateChange::Edit(Box::new(titled("Bins and paper")))).expect("changed");
    let undone = here.app.undo(&run_of(&here, "undo"), false).await.expect("undone");
    assert_eq!(undone.undone.iter().map(|one| one.did).collect::<Vec<_>>(), ["left"], "{undone:?}");
}

#[tokio::test(start_paused = true)]
async fn the_dates_of_a_series_go_with_its_making_and_come_with_it() {
    let world = World::new();
    let here = world.computer().await;
    let id = brought_back(&world, &here).await;
    // Another one came back and was removed again since: it stays so.
    cancel(&here, &id, "2026-12-28");
    here.good_sync().await;
    here.app.change_date(&id, "2026-12-28", &DateChange::Restore).expect("restored");
    here.good_sync().await;
    here.good_sync().await;
    let own = world.simulator.with_world(|world| {
        let mut events = world.mailboxes.values().flat_map(|mailbox| mailbox.events.values());
        events.find(|event| event.start.date().to_string() == "2026-12-28").map(|event| event.id.clone()).expect("an event")
    });
    world.outlook("DELETE", &format!("events/{}", encode(&own)), &Value::Null).await;
    here.good_sync().await;
    let before = first_three(&world).await;
    let runs = here.app.run_documents(None, 50).expect("runs");
    let making = runs.iter().rev().find(|run| run.kind == "sync" && !run.entries.is_empty()).expect("a run").run.to_string();
    let undone = here.app.undo(&making, false).await.expect("undone");
    assert_eq!(undone.undone.iter().map(|one| one.did).collect::<Vec<_>>(), ["dismissed"]);
    here.good_sync().await;
    assert_eq!(world.subjects(), [""; 0]);
    quiet(&world, &[&here]).await;
    here.app.undo(&run_of(&here, "undo"), false).await.expect("undone");
    here.good_sync().await;
    here.good_sync().await;
    assert_eq!(first_three(&world).await, before);
    quiet(&world, &[&here]).await;
}

/// What the reminder says of its second date on a computer: whether it is left out, and its own title.
fn second_on(here: &Computer, id: &str) -> (bool, Option<String>) {
    let reminder = here.app.reminder(id).expect("there");
    let series = reminder.recurrence.expect("a series");
    let is_second = |date: &belfry_core::When| date.date().to_string() == "2026-12-14";
    let is_off = series.cancelled.iter().chain(&reminder.kept.cancelled).any(is_second);
    (is_off, series.changed.iter().find(|(date, _)| is_second(date)).and_then(|(_, own)| own.title.clone()))
}

#[tokio::test(start_paused = true)]
async fn every_computer_has_the_date_that_came_back_and_may_edit_it() {
    let world = World::new();
    let (here, there) = (world.computer().await, world.computer().await);
    let id = brought_back(&world, &here).await;
    there.good_sync().await;
    assert_eq!((second_on(&here, &id), second_on(&there, &id)), ((false, None), (false, None)));
    there.app.change_date(&id, "2026-12-14", &DateChange::Edit(Box::new(titled("Paper")))).expect("changed");
    there.good_sync().await;
    here.good_sync().await;
    let paper = (false, Some("Paper".to_owned()));
    assert_eq!((second_on(&here, &id), second_on(&there, &id)), (paper.clone(), paper));
    assert_eq!(first_three(&world).await[1], ("2026-12-14T08:00".to_owned(), "Paper".to_owned()));
    quiet(&world, &[&here, &there]).await;
    // Left out on the one that did not make its event.
    cancel(&there, &id, "2026-12-14");
    there.good_sync().await;
    here.good_sync().await;
    assert_eq!((second_on(&here, &id).0, second_on(&there, &id).0), (true, true));
    assert_eq!(first_three(&world).await, without_the_second());
    quiet(&world, &[&here, &there]).await;
}

/// Both bring it back before either knows of the other, and one of them says something of it.
#[tokio::test(start_paused = true)]
async fn an_edit_wins_over_a_date_that_only_came_back() {
    let world = World::new();
    let (here, there) = (world.computer().await, world.computer().await);
    let id = weekly(&here);
    here.good_sync().await;
    cancel_date(&world, "Bins", "2026-12-14").await;
    here.good_sync().await;
    there.good_sync().await;
    here.app.change_date(&id, "2026-12-14", &DateChange::Restore).expect("restored");
    there.app.change_date(&id, "2026-12-14", &DateChange::Edit(Box::new(titled("Paper")))).expect("changed");
    for computer in [&here, &here, &there, &there, &here] {
        computer.good_sync().await;
    }
    let paper = (false, Some("Paper".to_owned()));
    assert_eq!((second_on(&here, &id), second_on(&there, &id)), (paper.clone(), paper));
    assert_eq!(first_three(&world).await[1].1, "Paper");
    quiet(&world, &[&here, &there]).await;
}

#[tokio::test(start_paused = true)]
async fn no_date_stays_when_its_series_goes_whoever_removes_that() {
    for remove in ["here", "there", "there, by an undo", "in Outlook", "by a new computer"] {
        let world = World::new();
        let (here, there) = (world.computer().await, world.computer().await);
        let id = brought_back(&world, &here).await;
        there.good_sync().await;
        match remove {
            "here" => drop(here.app.remove_reminder(&id).expect("removed")),
            "there" => drop(there.app.remove_reminder(&id).expect("removed")),
            "in Outlook" => {
                let event = here.app.reminder_document(&id).expect("there").0.event_id.expect("an event");
                drop(world.outlook("DELETE", &format!("events/{}", encode(&event)), &Value::Null).await);
            }
            "by a new computer" => {
                let new = world.computer().await;
                new.good_sync().await;
                assert_eq!(second_on(&new, &id), (false, None));
                new.app.remove_reminder(&id).expect("removed");
                new.good_sync().await;
            }
            _ => {
                let runs = here.app.run_documents(None, 50).expect("runs");
                let making = runs.iter().rev().find(|run| run.kind == "sync" && !run.entries.is_empty()).expect("a run").run.to_string();
                here.app.undo(&making, false).await.expect("undone");
            }
        }
        for computer in [&there, &here, &there, &here] {
            computer.sync().await;
        }
        assert_eq!(world.subjects(), [""; 0], "removed {remove}");
        quiet(&world, &[&here, &there]).await;
    }
}

/// What is said of single dates is written after their series. It is part of its making, and no edit that an undo could take back by itself.
#[tokio::test(start_paused = true)]
async fn an_undo_of_a_move_or_of_a_making_leaves_what_is_said_of_dates() {
    let world = World::new();
    let here = world.computer().await;
    let id = weekly(&here);
    here.app.change_date(&id, "2026-12-14", &DateChange::Edit(Box::new(titled("Bins and paper")))).expect("changed");
    cancel(&here, &id, "2026-12-21");
    let wanted = rows([("2026-12-07T08:00", "Bins"), ("2026-12-14T08:00", "Bins and paper"), ("2026-12-28T08:00", "Bins")]);
    here.good_sync().await;
    assert_eq!(first_three(&world).await, wanted);
    let making = run_of(&here, "sync");

    world.outlook("POST", "calendars", &serde_json::json!({"name": "Other"})).await;
    for calendar in ["Other", "Belfry"] {
        let keep = belfry_app::lists::Keep::In { account: None, calendar: Some(calendar.into()) };
        here.app.retarget(belfry_tests::LIST, &keep, None).await.expect("another calendar");
        here.good_sync().await;
    }
    let undone = here.app.undo(&run_of(&here, "sync"), false).await.expect("undone");
    assert!(undone.undone.iter().all(|one| one.did == "left"), "{undone:?}");
    here.good_sync().await;
    assert_eq!(first_three(&world).await, wanted);

    let undone = here.app.undo(&making, false).await.expect("undone");
    assert_eq!(undone.undone.iter().map(|one| one.did).collect::<Vec<_>>(), ["dismissed"], "{undone:?}");
    here.good_sync().await;
    assert_eq!(world.subjects(), [""; 0]);
    here.app.restore_reminder(&id).expect("wanted again");
    here.good_sync().await;
    here.good_sync().await;
    assert_eq!(first_three(&world).await, wanted);
    quiet(&world, &[&here]).await;
}

/// A person said so, over whatever its source says.
#[tokio::test(start_paused = true)]
async fn a_date_of_a_followed_series_that_is_done_can_be_not_done_again() {
    let world = World::new();
    let here = world.bare_computer().await;
    let file = here.folder.path().join("bins.ics");
    let event = "BEGIN:VEVENT\r\nUID:1\r\nSUMMARY:Bins\r\nDTSTART;VALUE=DATE:20261207\r\nRRULE:FREQ=WEEKLY\r\nEND:VEVENT\r\n";
    std::fs::write(&file, format!("BEGIN:VCALENDAR\r\nVERSION:2.0\r\nPRODID:-//test//EN\r\n{event}END:VCALENDAR\r\n")).expect("written");
    let keep = belfry_app::lists::Keep::In { account: None, calendar: None };
    here.app.add_followed_list(belfry_tests::LIST, &belfry_app::following::Follow::path(&file), &keep).await.expect("a list");
    here.good_sync().await;
    let id = here.id_of("Bins");
    let done = || here.app.reminder(&id).expect("there").recurrence.is_some_and(|series| series.changed.values().any(|own| own.done));
    here.app.change_date(&id, "2026-12-07", &DateChange::Done(true)).expect("done");
    assert!(done());
    let undone = here.app.undo(&id, false).await.expect("undone");
    assert_eq!((undone.undone.iter().map(|one| one.did).collect::<Vec<_>>(), done()), (vec!["put_back"], false), "{undone:?}");
}
