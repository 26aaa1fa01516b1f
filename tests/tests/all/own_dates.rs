//! Dates that are events of their own, while their series changes its hour, moves or goes: one event a day, no edit lost, and rest.

use belfry_app::occurrences::DateChange;
use belfry_app::reminders::ReminderWish;
use belfry_app::syncing::{SyncDocument, SyncOptions};
use belfry_tests::{Computer, World, encode};
use serde_json::{Value, json};

use super::dates::{cancel, quiet, rows, shown, weekly};

/// Event ids by subject, and whether a marker says that the event is one date's.
fn own_events(world: &World) -> Vec<(String, String)> {
    world.simulator.with_world(|world| {
        let events = world.mailboxes.values().flat_map(|mailbox| mailbox.events.values());
        let is_date = |marker: &String| marker.contains(";occ:") || marker.contains(";part:");
        let own = events.filter(|event| event.properties.values().any(is_date));
        own.map(|event| (event.members["subject"].as_str().unwrap_or_default().to_owned(), event.id.clone())).collect()
    })
}

async fn patch(world: &World, id: &str, change: &Value) {
    world.outlook("PATCH", &format!("events/{}", encode(id)), change).await;
}

/// The second date of a weekly reminder was left out and brought back: Outlook keeps it as an event of its own.
async fn apart(here: &Computer) -> String {
    let id = weekly(here);
    here.good_sync().await;
    cancel(here, &id, "2026-12-14");
    here.good_sync().await;
    here.app.change_date(&id, "2026-12-14", &DateChange::Restore).expect("restored");
    here.good_sync().await;
    here.good_sync().await;
    id
}

/// Nothing is left to do, not even what writes nothing.
async fn at_rest(world: &World, computers: &[&Computer]) {
    quiet(world, computers).await;
    for here in computers {
        let options = SyncOptions { dry_run: true, ..SyncOptions::default() };
        let Ok((SyncDocument::Planned { accounts, .. }, _)) = here.app.sync(&options, &|_| {}).await else { panic!("no plan") };
        assert!(accounts.iter().all(|account| account.calendars.iter().all(|one| one.operations.is_empty())), "{accounts:?}");
    }
}

async fn first_three(world: &World) -> Vec<(String, String)> {
    shown(world).await.into_iter().take(3).collect()
}

fn hour(time: &str) -> ReminderWish {
    ReminderWish { at: Some(format!("2026-12-07T{time}")), ..ReminderWish::default() }
}

#[tokio::test(start_paused = true)]
async fn an_edit_in_outlook_outlives_another_hour_of_the_series() {
    let world = World::new();
    let (here, there) = (world.computer().await, world.computer().await);
    let id = apart(&here).await;
    there.good_sync().await;
    let [(_, event)] = own_events(&world).try_into().expect("one event");
    patch(&world, &event, &json!({"subject": "Paper"})).await;
    here.edit(&id, &hour("11:00"));
    for computer in [&here, &there, &here] {
        computer.good_sync().await;
    }
    assert_eq!(own_events(&world), [("Paper".to_owned(), event)]);
    assert_eq!(
        first_three(&world).await,
        rows([("2026-12-07T10:00", "Bins"), ("2026-12-14T10:00", "Paper"), ("2026-12-21T10:00", "Bins")])
    );
    at_rest(&world, &[&here, &there]).await;
}

#[tokio::test(start_paused = true)]
async fn a_series_that_is_moved_in_outlook_has_each_date_once() {
    for is_edited in [false, true] {
        let world = World::new();
        let (here, there) = (world.computer().await, world.computer().await);
        let id = apart(&here).await;
        if is_edited {
            here.app.change_date(&id, "2026-12-14", &DateChange::Edit(Box::new(super::dates::titled("Paper")))).expect("changed");
        }
        here.good_sync().await;
        there.good_sync().await;
        let series = here.app.reminder_document(&id).expect("there").0.event_id.expect("an event");
        let at = |hour: u32| json!({"dateTime": format!("2026-12-07T{hour:02}:00:00"), "timeZone": "W. Europe Standard Time"});
        patch(&world, &series, &json!({"start": at(12), "end": at(13)})).await;
        for computer in [&here, &there, &here, &there] {
            computer.good_sync().await;
        }
        let days: Vec<String> = shown(&world).await.into_iter().map(|(at, _)| at[..10].to_owned()).take(3).collect();
        assert_eq!(days, ["2026-12-07", "2026-12-14", "2026-12-21"], "{is_edited}");
        assert_eq!(first_three(&world).await[1].1, if is_edited { "Paper" } else { "Bins" });
        at_rest(&world, &[&here, &there]).await;
    }
}

#[tokio::test(start_paused = true)]
async fn what_was_just_written_into_a_date_outlives_its_series() {
    let world = World::new();
    let (here, there) = (world.computer().await, world.computer().await);
    let id = apart(&here).await;
    there.good_sync().await;
    let [(_, event)] = own_events(&world).try_into().expect("one event");
    patch(&world, &event, &json!({"subject": "Keep me"})).await;
    let series = here.app.reminder_document(&id).expect("there").0.event_id.expect("an event");
    world.outlook("DELETE", &format!("events/{}", encode(&series)), &Value::Null).await;
    for computer in [&here, &there, &here, &there] {
        computer.good_sync().await;
    }
    assert_eq!(world.subjects(), ["Keep me"]);
    at_rest(&world, &[&here, &there]).await;
}

/// What is edited in a date's event while its reminder goes to another list goes with it.
#[tokio::test(start_paused = true)]
async fn an_edit_in_outlook_goes_along_to_another_list() {
    let world = World::new();
    let (here, there) = (world.computer().await, world.computer().await);
    let id = apart(&here).await;
    there.good_sync().await;
    here.app.add_list("Other", &belfry_app::lists::Keep::In { account: None, calendar: None }).await.expect("a list");
    let [(_, event)] = own_events(&world).try_into().expect("one event");
    patch(&world, &event, &json!({"subject": "Paper"})).await;
    here.edit(&id, &ReminderWish { list: Some("Other".into()), ..ReminderWish::default() });
    for computer in [&here, &there, &here, &there] {
        computer.good_sync().await;
    }
    assert_eq!(own_events(&world).len(), 1, "{:?}", own_events(&world));
    assert_eq!(
        first_three(&world).await,
        rows([("2026-12-07T08:00", "Bins"), ("2026-12-14T08:00", "Paper"), ("2026-12-21T08:00", "Bins")])
    );
    at_rest(&world, &[&here]).await;
}

/// A rule that Outlook does not hold has an event for each date: the same holds of them.
#[tokio::test(start_paused = true)]
async fn an_edit_of_a_part_outlives_another_hour() {
    let world = World::new();
    let (here, there) = (world.computer().await, world.computer().await);
    let wish = ReminderWish {
        title: Some("Rent".into()),
        at: Some("2026-12-15T09:00".into()),
        repeat: Some("FREQ=MONTHLY;BYMONTHDAY=15,-1;COUNT=4".into()),
        list: Some(belfry_tests::LIST.into()),
        ..ReminderWish::default()
    };
    let id = here.app.add_reminder(&wish).expect("added").id.to_string();
    here.good_sync().await;
    there.good_sync().await;
    let before = own_events(&world);
    assert_eq!(before.len(), 4);
    patch(&world, &before[1].1, &json!({"subject": "Rent, late"})).await;
    here.edit(&id, &ReminderWish { at: Some("2026-12-15T11:00".into()), ..ReminderWish::default() });
    for computer in [&here, &there, &here, &there] {
        computer.good_sync().await;
    }
    let mut after = own_events(&world);
    after.sort();
    assert_eq!(after.iter().map(|(title, _)| title.as_str()).collect::<Vec<_>>(), ["Rent", "Rent", "Rent", "Rent, late"]);
    at_rest(&world, &[&here, &there]).await;
}

fn club(left_out: bool) -> String {
    let out = if left_out { "EXDATE:20261214T090000\r\n" } else { "" };
    format!(
        "BEGIN:VCALENDAR\r\nVERSION:2.0\r\nPRODID:-//t//EN\r\nBEGIN:VEVENT\r\nUID:1\r\nSUMMARY:Club\r\nDTSTART:20261207T090000\r\nRRULE:FREQ=WEEKLY;COUNT=4\r\n{out}END:VEVENT\r\nEND:VCALENDAR\r\n"
    )
}

/// A list that follows a file which left the second date out, and has it again.
async fn followed_again(world: &World, file: &std::path::Path) -> Computer {
    let here = world.bare_computer().await;
    std::fs::write(file, club(true)).expect("written");
    follow(&here, file).await;
    here.good_sync().await;
    std::fs::write(file, club(false)).expect("written");
    world.clock.pass(chrono::Duration::minutes(2));
    here.good_sync().await;
    here.good_sync().await;
    assert_eq!(own_events(world).len(), 1);
    here
}

async fn follow(here: &Computer, file: &std::path::Path) {
    use belfry_app::following::Follow;
    let keep = belfry_app::lists::Keep::In { account: None, calendar: None };
    here.app.add_followed_list("Club", &Follow::path(file), &keep).await.expect("a list");
}

#[tokio::test(start_paused = true)]
async fn a_source_has_the_last_word_about_its_dates_on_every_computer() {
    let world = World::new();
    let folder = tempfile::tempdir().expect("a folder");
    let file = folder.path().join("club.ics");
    let here = followed_again(&world, &file).await;
    let [(_, event)] = own_events(&world).try_into().expect("one event");
    patch(&world, &event, &json!({"subject": "Club at Tim's"})).await;
    let there = world.bare_computer().await;
    follow(&there, &file).await;
    for computer in [&there, &here, &there, &here] {
        computer.sync().await;
        world.clock.pass(chrono::Duration::minutes(2));
    }
    assert_eq!(own_events(&world).into_iter().map(|(title, _)| title).collect::<Vec<_>>(), ["Club"]);
    at_rest(&world, &[&here, &there]).await;
    // It leaves the date out once more, and a computer that knows nothing is the first to see that.
    std::fs::write(&file, club(true)).expect("written");
    let new = world.bare_computer().await;
    follow(&new, &file).await;
    for computer in [&new, &here, &there, &new] {
        computer.sync().await;
        world.clock.pass(chrono::Duration::minutes(2));
    }
    assert_eq!(own_events(&world), []);
    at_rest(&world, &[&here, &there, &new]).await;
}

/// What was moved to an hour of its own is as long as it was, and nobody edited anything in Outlook.
#[tokio::test(start_paused = true)]
async fn a_moved_date_keeps_its_length_where_its_series_becomes_whole_days() {
    let at = |at: &str| ReminderWish { at: Some(at.into()), ..ReminderWish::default() };
    for (series, moved) in [("2026-12-07", "2026-12-15T10:00"), ("2026-12-07T09:00", "2026-12-15")] {
        let world = World::new();
        let here = world.computer().await;
        let id = weekly(&here);
        if !series.contains('T') {
            here.edit(&id, &ReminderWish { minutes: Some(45), ..ReminderWish::default() });
        } else {
            here.edit(&id, &at("2026-12-07"));
        }
        here.app.change_date(&id, "2026-12-14", &DateChange::Edit(Box::new(at(moved)))).expect("moved");
        here.good_sync().await;
        here.edit(&id, &at(series));
        here.good_sync().await;
        quiet(&world, &[&here]).await;
        let (document, _) = here.app.reminder_document(&id).expect("there");
        assert_eq!(document.state, "synced", "{document:?}");
        let dates = here.app.opened(&id, Some("2026-12-14")).expect("there");
        assert_eq!(dates.reminder.duration_minutes, if series.contains('T') { 1440 } else { 45 });
    }
}
