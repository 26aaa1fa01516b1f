//! The decision table for single events and simple series, played out between a computer, Outlook, and a second computer.

use belfry_app::Leave;
use belfry_app::confirming::HoldAnswer;
use belfry_app::reminders::ReminderWish;
use belfry_app::syncing::SyncOptions;
use belfry_core::Exit;
use belfry_tests::{LIST, World};
use chrono::Duration;
use serde_json::json;

fn title(text: &str) -> ReminderWish {
    ReminderWish { title: Some(text.into()), ..Default::default() }
}

fn states(pairs: &[(&str, &str)]) -> Vec<(String, String)> {
    pairs.iter().map(|(title, state)| ((*title).to_owned(), (*state).to_owned())).collect()
}

#[tokio::test(start_paused = true)]
async fn a_second_sync_writes_nothing() {
    let world = World::new();
    let here = world.computer().await;
    for index in 0..45 {
        here.add(&format!("Item {index:02}"), "2026-12-03T09:00");
    }
    assert_eq!(here.good_sync().await["created"], 45);
    world.writes();
    for _ in 0..3 {
        let counts = here.good_sync().await;
        assert_eq!((&counts["created"], &counts["updated"], &counts["pulled"]), (&json!(0), &json!(0), &json!(0)));
    }
    assert_eq!(world.writes(), 0);
    assert_eq!(here.good_sync().await["requests"], 1);
}

#[tokio::test(start_paused = true)]
async fn the_echo_of_many_creates_is_listed_and_not_read_one_by_one() {
    let world = World::new();
    let here = world.computer().await;
    // Outside the window of the change feed: Graph reports each as removed.
    for index in 0..300 {
        here.add(&format!("Item {index:03}"), "2027-12-03T09:00");
    }
    here.good_sync().await;
    let echo = here.good_sync().await["requests"].as_u64();
    assert!(echo <= Some(5), "two pages of changes, two pages of a listing: {echo:?}");
    assert_eq!((here.good_sync().await["requests"].clone(), world.subjects().len()), (json!(1), 300));
}

#[tokio::test(start_paused = true)]
async fn what_is_written_says_what_was_meant() {
    let world = World::new();
    let here = world.computer().await;
    let wish = ReminderWish {
        title: Some("Passport".into()),
        at: Some("2027-03-03T09:00".into()),
        zone: Some("Europe/Vienna".into()),
        minutes: Some(45),
        alarms: Some(vec![15, 10_080]),
        notes: Some("Bring two photos".into()),
        category: Some("Home".into()),
        private: Some(true),
        link: Some("https://example.org/p".into()),
        list: Some(LIST.into()),
        ..Default::default()
    };
    here.app.add_reminder(&wish).expect("added");
    here.good_sync().await;
    for (name, expected) in [
        ("subject", json!("Passport")),
        ("isReminderOn", json!(true)),
        ("reminderMinutesBeforeStart", json!(15)),
        ("showAs", json!("free")),
        ("sensitivity", json!("private")),
        ("categories", json!(["Home"])),
        ("body", json!({"contentType": "text", "content": "Bring two photos\nLink: https://example.org/p"})),
    ] {
        assert_eq!(world.member("Passport", name), expected, "{name}");
    }
    let zone = world
        .simulator
        .with_world(|w| w.mailboxes.values().flat_map(|m| m.events.values()).next().map(|e| (e.start_zone.clone(), e.start.to_string())));
    assert_eq!(zone, Some(("W. Europe Standard Time".to_owned(), "2027-03-03 09:00:00".to_owned())));
    here.good_sync().await;
    assert_eq!(here.reminders()[0]["zone"], "Europe/Vienna");
}

#[tokio::test(start_paused = true)]
async fn an_edit_here_is_written_and_nothing_else_is() {
    let world = World::new();
    let here = world.computer().await;
    let id = here.add("Chimney", "2026-12-03T09:00");
    here.good_sync().await;
    world.edit_in_outlook("Chimney", json!({"importance": "high"})).await;
    here.edit(&id, &title("Chimney sweep"));
    assert_eq!(here.good_sync().await["updated"], 1);
    assert_eq!(world.member("Chimney sweep", "importance"), "high");
    assert_eq!(here.titles(), states(&[("Chimney sweep", "synced")]));
}

#[tokio::test(start_paused = true)]
async fn an_edit_in_outlook_comes_back() {
    let world = World::new();
    let here = world.computer().await;
    here.add("Chimney", "2026-12-03T09:00");
    here.good_sync().await;
    let change = json!({
        "subject": "Sweep", "start": {"dateTime": "2026-12-04T10:30:00", "timeZone": "W. Europe Standard Time"},
        "end": {"dateTime": "2026-12-04T11:30:00", "timeZone": "W. Europe Standard Time"}, "isReminderOn": false,
        "body": {"contentType": "text", "content": "Sofa\r\nLink: https://example.org/x"}, "categories": ["Red"], "showAs": "busy",
    });
    world.edit_in_outlook("Chimney", change).await;
    assert_eq!(here.good_sync().await["pulled"], 1);
    let reminder = here.reminders().remove(0);
    for (name, expected) in [
        ("title", json!("Sweep")),
        ("start", json!("2026-12-04T10:30:00")),
        ("zone", json!("Europe/Berlin")),
        ("duration_minutes", json!(60)),
        ("alarms", json!([])),
        ("notes", json!("Sofa")),
        ("link", json!("https://example.org/x")),
        ("category", json!("Red")),
        ("show_as", json!("busy")),
        ("state", json!("synced")),
    ] {
        assert_eq!(reminder[name], expected, "{name}");
    }
    world.writes();
    here.good_sync().await;
    assert_eq!(world.writes(), 0);
}

#[tokio::test(start_paused = true)]
async fn edits_of_different_fields_are_both_kept() {
    let world = World::new();
    let here = world.computer().await;
    let id = here.add("Rent", "2026-12-03T09:00");
    here.good_sync().await;
    here.edit(&id, &ReminderWish { notes: Some("by transfer".into()), ..Default::default() });
    world.edit_in_outlook("Rent", json!({"subject": "Pay the rent"})).await;
    let counts = here.good_sync().await;
    assert_eq!((&counts["conflicts"], &counts["updated"], &counts["pulled"]), (&json!(0), &json!(1), &json!(1)));
    assert_eq!(world.member("Pay the rent", "body")["content"], "by transfer");
    assert_eq!(here.titles(), states(&[("Pay the rent", "synced")]));
}

#[tokio::test(start_paused = true)]
async fn a_true_conflict_goes_to_the_later_edit() {
    for outlook_last in [true, false] {
        let world = World::new();
        let here = world.computer().await;
        let id = here.add("Rent", "2026-12-03T09:00");
        here.good_sync().await;
        if outlook_last {
            here.edit(&id, &title("Here"));
            world.edit_in_outlook("Rent", json!({"subject": "There"})).await;
        } else {
            world.edit_in_outlook("Rent", json!({"subject": "There"})).await;
            world.clock.pass(Duration::minutes(1));
            here.edit(&id, &title("Here"));
        }
        assert_eq!(here.good_sync().await["conflicts"], 1);
        let winner = if outlook_last { "There" } else { "Here" };
        assert_eq!(world.subjects(), [winner]);
        assert_eq!(here.titles(), states(&[(winner, "conflict")]));
        assert_eq!(here.app.status().expect("status").conflicts, 1);
    }
}

#[tokio::test(start_paused = true)]
async fn removed_here_is_deleted_there_unless_it_was_edited_there() {
    let world = World::new();
    let here = world.computer().await;
    let (gone, edited) = (here.add("Gone", "2026-12-03T09:00"), here.add("Edited", "2026-12-03T10:00"));
    here.good_sync().await;
    here.app.remove_reminder(&gone).expect("removed");
    here.app.remove_reminder(&edited).expect("removed");
    world.edit_in_outlook("Edited", json!({"subject": "Edited there"})).await;
    let counts = here.good_sync().await;
    assert_eq!((&counts["deleted"], &counts["pulled"]), (&json!(1), &json!(1)));
    assert_eq!(world.subjects(), ["Edited there"]);
    assert_eq!(here.titles(), states(&[("Edited there", "synced")]));
}

#[tokio::test(start_paused = true)]
async fn removed_in_outlook_is_dismissed_and_can_be_restored() {
    let world = World::new();
    let here = world.computer().await;
    for index in 0..8 {
        here.add(&format!("Item {index}"), "2026-12-03T09:00");
    }
    let id = here.add("Rent", "2027-06-03T09:00");
    here.good_sync().await;
    world.delete_in_outlook("Rent").await;
    assert_eq!(here.good_sync().await["dismissed"], 1);
    assert_eq!(here.good_sync().await["created"], 0);
    here.edit(&id, &title("Rent again"));
    assert_eq!(here.good_sync().await["created"], 0);
    here.app.restore_reminder(&id).expect("restored");
    assert_eq!(here.good_sync().await["created"], 1);
    assert!(world.subjects().contains(&"Rent again".to_owned()));
}

#[tokio::test(start_paused = true)]
async fn removed_in_outlook_but_edited_here_is_made_again() {
    let world = World::new();
    let here = world.computer().await;
    let id = here.add("Rent", "2026-12-03T09:00");
    here.good_sync().await;
    world.delete_in_outlook("Rent").await;
    here.edit(&id, &title("Rent, urgent"));
    assert_eq!(here.good_sync().await["created"], 1);
    assert_eq!(world.subjects(), ["Rent, urgent"]);
}

#[tokio::test(start_paused = true)]
async fn a_meeting_is_left_alone() {
    let world = World::new();
    let here = world.computer().await;
    let id = here.add("Talk", "2026-12-03T09:00");
    here.good_sync().await;
    world.edit_in_outlook("Talk", json!({"attendees": [{"emailAddress": {"address": "ben@outlook.example"}, "type": "required"}]})).await;
    here.edit(&id, &title("Talk now"));
    here.good_sync().await;
    assert_eq!(here.titles(), states(&[("Talk now", "detached")]));
    world.writes();
    here.app.remove_reminder(&id).expect("removed");
    here.good_sync().await;
    assert_eq!((world.writes(), world.subjects()), (0, vec!["Talk".to_owned()]));
}

#[tokio::test(start_paused = true)]
async fn a_second_computer_adopts_and_both_agree() {
    let world = World::new();
    let one = world.computer().await;
    let id = one.add("Rent", "2026-12-03T09:00");
    one.add("Bins", "2026-12-04T09:00");
    one.good_sync().await;
    let two = world.computer().await;
    assert_eq!(two.good_sync().await["adopted"], 2);
    assert_eq!(two.titles(), one.titles());
    world.clock.pass(Duration::minutes(5));
    two.edit(&id, &title("Rent from two"));
    two.good_sync().await;
    one.good_sync().await;
    assert_eq!(one.titles(), states(&[("Bins", "synced"), ("Rent from two", "synced")]));
    world.writes();
    one.good_sync().await;
    two.good_sync().await;
    assert_eq!((world.writes(), world.subjects().len()), (0, 2));
}

#[tokio::test(start_paused = true)]
async fn a_new_computer_is_told_of_lists_it_does_not_know() {
    let world = World::new();
    let one = world.computer().await;
    one.add("Rent", "2026-12-03T09:00");
    one.good_sync().await;
    let two = world.bare_computer().await;
    let keep = belfry_app::lists::Keep::In { account: None, calendar: Some("Belfry".into()) };
    two.app.add_list("Other", &keep).await.expect("a list");
    let (document, exit) = two.sync().await;
    assert_eq!((exit, &document["problems"][0]["code"]), (Exit::Done, &json!("unknown_list")));
    assert_eq!(world.subjects(), ["Rent"]);
}

#[tokio::test(start_paused = true)]
async fn a_lost_database_makes_no_duplicates() {
    let world = World::new();
    let text = b"BEGIN:VCALENDAR\nBEGIN:VEVENT\nUID:a\nSUMMARY:Rent\nDTSTART:20261203T090000Z\nEND:VEVENT\nEND:VCALENDAR\n";
    for round in 0..3 {
        let computer = world.computer().await;
        computer.app.import(text, "x.ics".as_ref(), Some(LIST), None).expect("imported");
        let counts = computer.good_sync().await;
        assert_eq!(counts["created"], u64::from(round == 0), "round {round}");
        assert_eq!(world.subjects(), ["Rent"]);
    }
}

#[tokio::test(start_paused = true)]
async fn a_list_moves_to_another_calendar_without_a_loss() {
    let world = World::new();
    let here = world.computer().await;
    for index in 0..5 {
        here.add(&format!("Item {index}"), "2026-12-03T09:00");
    }
    here.good_sync().await;
    world.edit_in_outlook("Item 3", json!({"subject": "Item 3 edited"})).await;
    here.app.create_calendar(None, "Second").await.expect("a calendar");
    let keep = belfry_app::lists::Keep::In { account: None, calendar: Some("Second".into()) };
    here.app.retarget(LIST, &keep, None).await.expect("retargeted");
    here.good_sync().await;
    here.good_sync().await;
    assert_eq!(world.subjects(), ["Item 0", "Item 1", "Item 2", "Item 3 edited", "Item 4"]);
    let places: std::collections::BTreeSet<String> =
        world.simulator.with_world(|w| w.mailboxes.values().flat_map(|m| m.events.values()).map(|event| event.calendar.clone()).collect());
    assert_eq!(places.len(), 1);
    world.writes();
    here.good_sync().await;
    assert_eq!(world.writes(), 0);
}

#[tokio::test(start_paused = true)]
async fn an_event_that_was_moved_away_is_left_alone() {
    let world = World::new();
    let here = world.computer().await;
    here.add("Rent", "2026-12-03T09:00");
    here.add("Bins", "2026-12-03T09:00");
    here.good_sync().await;
    world.move_in_outlook("Rent");
    world.writes();
    here.good_sync().await;
    assert_eq!(here.titles(), states(&[("Bins", "synced"), ("Rent", "detached")]));
    assert_eq!(world.writes(), 0);
}

#[tokio::test(start_paused = true)]
async fn many_removals_wait_for_a_person() {
    let world = World::new();
    let here = world.computer().await;
    for index in 0..6 {
        here.add(&format!("Item {index}"), "2026-12-03T09:00");
    }
    here.good_sync().await;
    for index in 0..4 {
        world.delete_in_outlook(&format!("Item {index}")).await;
    }
    for _ in 0..2 {
        let (document, exit) = here.sync().await;
        assert_eq!((exit, &document["outcome"], &document["accounts"][0]["calendars"][0]["held"]), (Exit::Held, &json!("held"), &json!(4)));
    }
    assert_eq!(here.titles().iter().filter(|(_, state)| state == "held").count(), 4);
    let (document, exit) = here.sync_with(SyncOptions { confirm: Some(HoldAnswer::All), ..SyncOptions::default() }).await;
    assert_eq!((exit, &document["accounts"][0]["calendars"][0]["dismissed"]), (Exit::Done, &json!(4)));
}

#[tokio::test(start_paused = true)]
async fn a_dry_run_writes_nothing() {
    let world = World::new();
    let here = world.computer().await;
    here.add("Rent", "2026-12-03T09:00");
    let (document, exit) = here.sync_with(SyncOptions { dry_run: true, ..SyncOptions::default() }).await;
    assert_eq!(exit, Exit::Done);
    let operation = &document["accounts"][0]["calendars"][0]["operations"][0];
    assert_eq!(
        (&operation["op"], &operation["list"], &operation["title"], &operation["held"]),
        (&json!("create"), &json!(LIST), &json!("Rent"), &json!(false))
    );
    assert_eq!((world.writes(), world.subjects().len()), (0, 0));
}

#[tokio::test(start_paused = true)]
async fn a_simple_series_goes_there_and_back() {
    let world = World::new();
    let here = world.computer().await;
    let wish = ReminderWish {
        title: Some("Bins".into()),
        at: Some("2026-12-01T19:30".into()),
        repeat: Some("FREQ=WEEKLY;INTERVAL=2;BYDAY=TU".into()),
        list: Some(LIST.into()),
        ..Default::default()
    };
    let id = here.app.add_reminder(&wish).expect("added").id.to_string();
    here.good_sync().await;
    assert_eq!(world.member("Bins", "recurrence")["pattern"]["daysOfWeek"], json!(["tuesday"]));
    world.writes();
    here.good_sync().await;
    here.good_sync().await;
    assert_eq!(world.writes(), 0);
    world.edit_in_outlook("Bins", json!({"subject": "Paper bins"})).await;
    assert_eq!(here.good_sync().await["pulled"], 1);
    here.edit(&id, &ReminderWish { at: Some("2026-12-01T18:00".into()), ..Default::default() });
    assert_eq!(here.good_sync().await["updated"], 1);
    assert_eq!(here.titles(), states(&[("Paper bins", "synced")]));
    world.writes();
    here.good_sync().await;
    assert_eq!(world.writes(), 0);
}

/// Nothing would come of a rule by the minute: it is refused when it is typed, in one sentence.
#[tokio::test(start_paused = true)]
async fn what_would_never_ring_is_refused() {
    let world = World::new();
    let here = world.computer().await;
    let wish = |at: &str, repeat: &str| ReminderWish {
        title: Some("Pills".into()),
        at: Some(at.into()),
        repeat: Some(repeat.into()),
        list: Some(LIST.into()),
        ..Default::default()
    };
    for (at, repeat, why) in [
        ("2027-01-31T09:00", "FREQ=MINUTELY;INTERVAL=90;COUNT=10", "It repeats more often than by the hour."),
        ("2027-01-31", "FREQ=HOURLY", "It repeats more often than by the day."),
    ] {
        let refused = here.app.add_reminder(&wish(at, repeat)).expect_err("refused");
        assert_eq!(refused.problem().detail, why);
    }
    // A start beside the rule is no date of it: the series begins with its first one, and Outlook holds it.
    here.app.add_reminder(&wish("2026-12-01T09:00", "FREQ=WEEKLY;BYDAY=MO")).expect("added");
    here.good_sync().await;
    let starts: Vec<String> = here.reminders().iter().map(|one| one["start"].as_str().unwrap_or_default().to_owned()).collect();
    assert_eq!((starts, world.subjects().len()), (vec!["2026-12-07T09:00:00".to_owned()], 1));
}

#[tokio::test(start_paused = true)]
async fn done_keeps_the_event_without_its_alarm() {
    let world = World::new();
    let here = world.computer().await;
    let id = here.add("Rent", "2026-12-03T09:00");
    here.good_sync().await;
    here.app.set_done(&id, true).expect("done");
    here.good_sync().await;
    assert_eq!(world.member("Rent", "isReminderOn"), json!(false));
    here.app.set_done(&id, false).expect("undone");
    here.good_sync().await;
    assert_eq!((world.member("Rent", "isReminderOn"), world.member("Rent", "reminderMinutesBeforeStart")), (json!(true), json!(15)));
}

#[tokio::test(start_paused = true)]
async fn taking_a_list_out_of_outlook_deletes_its_events_only_when_told() {
    let world = World::new();
    let here = world.computer().await;
    here.add("Rent", "2026-12-03T09:00");
    here.good_sync().await;
    let keep = belfry_app::lists::Keep::Here;
    assert!(here.app.retarget(LIST, &keep, None).await.is_err());
    here.app.retarget(LIST, &keep, Some(Leave::DeleteEvents)).await.expect("taken out");
    assert_eq!((world.subjects().len(), here.titles()), (0, states(&[("Rent", "local")])));
    let again = belfry_app::lists::Keep::In { account: None, calendar: None };
    here.app.retarget(LIST, &again, None).await.expect("kept again");
    here.good_sync().await;
    assert_eq!((world.subjects(), here.titles()), (vec!["Rent".to_owned()], states(&[("Rent", "synced")])));
}
