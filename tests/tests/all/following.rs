//! Lists that follow a file: what it says is what the list holds, and what it does not say removes nothing by accident.

use std::path::{Path, PathBuf};

use belfry_app::following::Follow;
use belfry_app::lists::Keep;
use belfry_app::waiting::WaitingFor;
use belfry_core::Exit;
use belfry_tests::{Computer, World};
use serde_json::{Value, json};

pub const LIST: &str = "Contracts";

pub fn write(path: &Path, items: &[(&str, &str)]) {
    let mut text = String::from("BEGIN:VCALENDAR\r\nVERSION:2.0\r\nPRODID:-//test//EN\r\n");
    for (uid, title) in items {
        text += &format!("BEGIN:VEVENT\r\nUID:{uid}\r\nSUMMARY:{title}\r\nDTSTART;VALUE=DATE:20261210\r\nEND:VEVENT\r\n");
    }
    std::fs::write(path, text + "END:VCALENDAR\r\n").expect("written");
}

pub async fn followed(world: &World) -> (Computer, PathBuf) {
    let here = world.bare_computer().await;
    let file = here.folder.path().join("contracts.ics");
    write(&file, &[("1", "Lease"), ("2", "Phone"), ("3", "Insurance"), ("4", "Gym")]);
    here.app.add_followed_list(LIST, &Follow::path(&file), &Keep::In { account: None, calendar: None }).await.expect("a list");
    assert_eq!(here.good_sync().await["created"], 4);
    (here, file)
}

pub fn shown(here: &Computer, title: &str) -> Value {
    let all = here.app.reminder_documents(Some(LIST)).expect("reminders");
    all.iter().map(|one| json!(one)).find(|one| one["title"] == title).unwrap_or(Value::Null)
}

#[tokio::test(start_paused = true)]
async fn the_source_is_right_and_the_persons_own_choices_stay() {
    let world = World::new();
    let (here, file) = followed(&world).await;
    world
        .edit_in_outlook(
            "Lease",
            json!({"subject": "My lease", "categories": ["Home"], "isReminderOn": true, "reminderMinutesBeforeStart": 60}),
        )
        .await;
    here.good_sync().await;
    assert_eq!((world.member("Lease", "categories"), &shown(&here, "Lease")["alarms"][0]), (json!(["Home"]), &json!(60)));
    write(&file, &[("1", "Lease of the flat"), ("2", "Phone"), ("3", "Insurance"), ("4", "Gym")]);
    here.good_sync().await;
    assert_eq!(world.member("Lease of the flat", "categories"), json!(["Home"]));
    assert_eq!(world.member("Lease of the flat", "reminderMinutesBeforeStart"), 60);
    world.writes();
    here.good_sync().await;
    assert_eq!(world.writes(), 0);
}

#[tokio::test(start_paused = true)]
async fn what_leaves_the_source_leaves_outlook_and_what_a_person_removed_stays_removed() {
    let world = World::new();
    let (here, file) = followed(&world).await;
    world.delete_in_outlook("Gym").await;
    here.good_sync().await;
    assert_eq!(shown(&here, "Gym")["state"], "dismissed");
    write(&file, &[("1", "Lease"), ("2", "Phone"), ("4", "Gym")]);
    assert_eq!(here.good_sync().await["deleted"], 1);
    assert_eq!(world.subjects(), ["Lease", "Phone"]);
    assert_eq!(shown(&here, "Gym")["state"], "dismissed");
}

#[tokio::test(start_paused = true)]
async fn a_file_that_is_cut_off_or_gone_or_something_else_changes_nothing() {
    let world = World::new();
    let (here, file) = followed(&world).await;
    let whole = std::fs::read(&file).expect("read");
    world.edit_in_outlook("Lease", json!({"subject": "My lease"})).await;
    for broken in [Some(whole[..whole.len() - 40].to_vec()), Some(b"<html>log in</html>".to_vec()), None] {
        match broken {
            Some(bytes) => std::fs::write(&file, bytes).expect("written"),
            None => std::fs::remove_file(&file).expect("removed"),
        }
        world.writes();
        let (document, exit) = here.sync().await;
        assert_eq!((exit, &document["problems"][0]["code"]), (Exit::Held, &json!("source_unread")), "{document:#}");
        let status = here.app.status().expect("a status");
        assert_eq!(status.attention.map(|problem| problem.code.name()), Some("source_unread"), "it does not stop in silence");
        assert_eq!((world.writes(), world.subjects().len()), (0, 4), "not even a title is put back by what could not be read");
    }
    std::fs::write(&file, whole).expect("written");
    here.good_sync().await;
    assert_eq!(world.subjects(), ["Gym", "Insurance", "Lease", "Phone"]);
}

#[tokio::test(start_paused = true)]
async fn a_file_that_shrank_waits_for_a_person_and_nothing_of_theirs_is_lost() {
    let world = World::new();
    let (here, file) = followed(&world).await;
    let all = [("1", "Lease"), ("2", "Phone"), ("3", "Insurance"), ("4", "Gym")];
    let lease = shown(&here, "Lease")["id"].as_str().expect("an id").to_owned();
    here.app.set_done(&lease, true).expect("done");
    here.good_sync().await;
    for (items, what) in [(&all[..0], "emptied"), (&all[3..], "nearly so")] {
        write(&file, items);
        for _ in 0..2 {
            let (document, exit) = here.sync().await;
            assert_eq!((exit, &document["problems"][0]["code"]), (Exit::Held, &json!("source_shrank")), "{what}: {document:#}");
        }
        assert_eq!(world.subjects().len(), 4);
        assert_eq!((&shown(&here, "Lease")["state"], &shown(&here, "Lease")["done"]), (&json!("held"), &json!(true)));
        write(&file, &all);
        here.good_sync().await;
    }
    // One that leaves and comes back is what it was.
    write(&file, &all[1..]);
    here.good_sync().await;
    write(&file, &all);
    here.good_sync().await;
    assert_eq!(shown(&here, "Lease")["done"], true);
    // And what is right is done once the person says so.
    write(&file, &all[..1]);
    here.sync().await;
    let yes = belfry_app::syncing::SyncOptions { confirm: Some(belfry_app::confirming::HoldAnswer::All), ..Default::default() };
    let (document, exit) = here.sync_with(yes).await;
    assert_eq!((exit, world.subjects()), (Exit::Done, vec!["Lease".to_owned()]), "{document:#}");
    here.good_sync().await;
}

#[tokio::test(start_paused = true)]
async fn a_dry_run_reads_the_sources_and_leaves_no_trace_of_it() {
    let world = World::new();
    let (here, file) = followed(&world).await;
    write(&file, &[("1", "Lease of the flat"), ("2", "Phone"), ("3", "Insurance"), ("5", "Bus")]);
    let shown_before = json!(here.app.reminder_documents(None).expect("reminders"));
    let dry = || belfry_app::syncing::SyncOptions { dry_run: true, ..Default::default() };
    let (planned, _) = here.sync_with(dry()).await;
    let operations = planned["accounts"][0]["calendars"][0]["operations"].as_array().expect("operations").clone();
    let mut said: Vec<(&str, &str)> =
        operations.iter().map(|one| (one["op"].as_str().unwrap_or(""), one["title"].as_str().unwrap_or(""))).collect();
    said.sort_unstable();
    assert_eq!(said, [("create", "Bus"), ("delete", "Gym"), ("update", "Lease of the flat")]);
    assert_eq!(json!(here.app.reminder_documents(None).expect("reminders")), shown_before);
    assert_eq!(world.subjects(), ["Gym", "Insurance", "Lease", "Phone"]);
    std::fs::remove_file(&file).expect("removed");
    let (planned, exit) = here.sync_with(dry()).await;
    assert_eq!((exit, &planned["problems"][0]["code"]), (Exit::Held, &json!("source_unread")), "{planned:#}");
    write(&file, &[("1", "Lease of the flat"), ("2", "Phone"), ("3", "Insurance"), ("5", "Bus")]);
    here.good_sync().await;
    assert_eq!(world.subjects(), ["Bus", "Insurance", "Lease of the flat", "Phone"]);
}

/// An item whose zone is not known any more, or that lost what else it needs, is still there.
#[tokio::test(start_paused = true)]
async fn an_item_that_can_no_longer_be_read_stays_as_it_was() {
    let world = World::new();
    let (here, file) = followed(&world).await;
    let spoiled = |from: &str, to: &str| {
        let text = std::fs::read_to_string(&file).expect("read").replacen(from, to, 1);
        std::fs::write(&file, text).expect("written");
    };
    let whole = std::fs::read_to_string(&file).expect("read");
    let broken = [
        ("DTSTART;VALUE=DATE:20261210", "DTSTART;TZID=Middle/Earth:20261210T090000"),
        ("DTSTART;VALUE=DATE:20261210", "DTSTART;VALUE=DATE:20261310"),
        ("DTSTART;VALUE=DATE:20261210", "DTSTART;VALUE=DATE:20261210\r\nRRULE:FREQ=NEVER"),
    ];
    for (from, to) in broken {
        spoiled(from, to);
        here.good_sync().await;
        assert_eq!(world.subjects(), ["Gym", "Insurance", "Lease", "Phone"], "{to}");
        assert_eq!(here.app.set_aside_of(LIST).expect("set aside").len(), 1, "{to}");
        std::fs::write(&file, &whole).expect("written");
        here.good_sync().await;
    }
    // One that is cancelled, or has no date any more, is no reminder any more.
    for (from, to) in [("UID:1\r\n", "UID:1\r\nSTATUS:CANCELLED\r\n"), ("DTSTART;VALUE=DATE:20261210\r\n", "")] {
        spoiled(from, to);
        here.good_sync().await;
        assert_eq!(world.subjects(), ["Gym", "Insurance", "Phone"], "{to}");
        std::fs::write(&file, &whole).expect("written");
        here.good_sync().await;
    }
}

#[tokio::test(start_paused = true)]
async fn a_row_that_can_no_longer_be_read_stays_as_it_was() {
    let world = World::new();
    let here = world.bare_computer().await;
    let file = here.folder.path().join("contracts.csv");
    std::fs::write(&file, "title,date\nLease,2026-12-10\nPhone,2026-12-11\n").expect("written");
    here.app.add_followed_list(LIST, &Follow::path(&file), &Keep::In { account: None, calendar: None }).await.expect("a list");
    here.good_sync().await;
    std::fs::write(&file, "title,date\nLease,2026-13-10\nPhone,2026-12-12\n").expect("written");
    here.good_sync().await;
    assert_eq!(world.subjects(), ["Lease", "Phone"]);
    std::fs::write(&file, "title,date\nPhone,2026-12-12\n").expect("written");
    here.good_sync().await;
    assert_eq!(world.subjects(), ["Phone"]);
}

/// Dates beside the rule are in no field of an event: that they are others has to show all the same.
#[tokio::test(start_paused = true)]
async fn dates_beside_the_rule_are_followed() {
    let world = World::new();
    let here = world.bare_computer().await;
    let file = here.folder.path().join("dates.ics");
    let write = |dates: &str| {
        let text = format!(
            "BEGIN:VCALENDAR\r\nBEGIN:VEVENT\r\nUID:1\r\nSUMMARY:Bins\r\nDTSTART:20270105T090000Z\r\n{dates}END:VEVENT\r\nEND:VCALENDAR\r\n"
        );
        std::fs::write(&file, text).expect("written");
    };
    let days = || {
        let mut days: Vec<String> = world.simulator.with_world(|world| {
            let events = world.mailboxes.values().flat_map(|mailbox| mailbox.events.values());
            events
                .filter(|event| event.members.get("subject") == Some(&json!("Bins")))
                .map(|event| event.start.date().to_string())
                .collect()
        });
        days.sort();
        days
    };
    write("RDATE:20270112T090000Z,20270119T090000Z\r\n");
    here.app.add_followed_list(LIST, &Follow::path(&file), &Keep::In { account: None, calendar: None }).await.expect("a list");
    here.good_sync().await;
    assert_eq!(days(), ["2027-01-05", "2027-01-12", "2027-01-19"]);
    for (dates, wanted) in [
        ("RDATE:20270113T090000Z,20270120T090000Z\r\n", vec!["2027-01-05", "2027-01-13", "2027-01-20"]),
        ("RDATE:20270113T090000Z,20270120T090000Z,20270201T090000Z\r\n", vec!["2027-01-05", "2027-01-13", "2027-01-20", "2027-02-01"]),
        ("RDATE:20270120T090000Z\r\n", vec!["2027-01-05", "2027-01-20"]),
        ("", vec!["2027-01-05"]),
        ("RRULE:FREQ=WEEKLY;COUNT=2\r\n", vec!["2027-01-05"]),
        ("RRULE:FREQ=WEEKLY;COUNT=2\r\nRDATE:20270120T090000Z\r\n", vec!["2027-01-05", "2027-01-12", "2027-01-20"]),
    ] {
        write(dates);
        here.sync().await;
        let yes = belfry_app::syncing::SyncOptions { confirm: Some(belfry_app::confirming::HoldAnswer::All), ..Default::default() };
        here.sync_with(yes).await;
        assert_eq!(days(), wanted, "{dates}");
    }
}

/// A date that was moved past its neighbours has an event of its own; what the source says of it and of its series later counts for it too.
#[tokio::test(start_paused = true)]
async fn a_date_that_stands_apart_follows_its_source() {
    let moved = "RECURRENCE-ID:20270118T090000Z\r\nDTSTART:20270205T090000Z";
    for (hour, other, wanted) in [("10", "", "2027-01-18T10"), ("10", moved, "2027-02-05T09"), ("09", "", "2027-01-18T09")] {
        let world = World::new();
        let here = world.bare_computer().await;
        let file = here.folder.path().join("weekly.ics");
        let write = |hour: &str, other: &str, left_out: &str| {
            let other = if other.is_empty() {
                String::new()
            } else {
                format!("BEGIN:VEVENT\r\nUID:1\r\nSUMMARY:Bins\r\n{other}\r\nEND:VEVENT\r\n")
                    .replace("T090000Z\r\nDTSTART", &format!("T{hour}0000Z\r\nDTSTART"))
            };
            let text = format!(
                "BEGIN:VCALENDAR\r\nBEGIN:VEVENT\r\nUID:1\r\nSUMMARY:Bins\r\nDTSTART:20270104T{hour}0000Z\r\nRRULE:FREQ=WEEKLY;COUNT=6\r\n{left_out}END:VEVENT\r\n{other}END:VCALENDAR\r\n"
            );
            std::fs::write(&file, text).expect("written");
        };
        let single = || {
            let starts: Vec<String> = world.simulator.with_world(|world| {
                let events = world.mailboxes.values().flat_map(|mailbox| mailbox.events.values());
                events
                    .filter(|event| !event.is_series() && event.members.get("subject") == Some(&json!("Bins")))
                    .map(|event| event.start.format("%Y-%m-%dT%H").to_string())
                    .collect()
            });
            starts
        };
        write("09", moved, "");
        here.app.add_followed_list(LIST, &Follow::path(&file), &Keep::In { account: None, calendar: None }).await.expect("a list");
        here.good_sync().await;
        assert_eq!(single(), ["2027-02-05T09"]);
        write(hour, other, "");
        here.good_sync().await;
        here.good_sync().await;
        assert_eq!(single(), [wanted], "{hour} {other}");
        write(hour, "", &format!("EXDATE:20270118T{hour}0000Z\r\n"));
        here.good_sync().await;
        here.good_sync().await;
        assert_eq!(single(), [""; 0], "left out");
    }
}

/// A list in no account has nothing in Outlook to lose, and waits all the same.
#[tokio::test(start_paused = true)]
async fn a_list_that_stays_here_and_shrank_is_released_by_a_yes() {
    let world = World::new();
    let (here, _) = followed(&world).await;
    let local = here.folder.path().join("local.ics");
    let all = [("1", "A"), ("2", "B"), ("3", "C"), ("4", "D")];
    write(&local, &all);
    here.app.add_followed_list("Local", &Follow::path(&local), &Keep::Here).await.expect("a list");
    write(&local, &all[..1]);
    let count = || here.app.reminder_documents(Some("Local")).expect("reminders").len();
    let (_, exit) = here.sync().await;
    assert_eq!((exit, count()), (Exit::Held, 4));
    let waiting = here.app.waiting().expect("what waits");
    let shown: Vec<_> = waiting.iter().map(|one| (one.waiting_for, one.operation.title.as_str(), one.can_keep)).collect();
    assert_eq!(shown, ["B", "C", "D"].map(|title| (WaitingFor::Shrunk, title, false)));
    let yes = belfry_app::syncing::SyncOptions { confirm: Some(belfry_app::confirming::HoldAnswer::All), ..Default::default() };
    let (_, exit) = here.sync_with(yes).await;
    assert_eq!((exit, count()), (Exit::Done, 1));
    assert_eq!(here.app.waiting().expect("what waits"), []);
}

#[tokio::test(start_paused = true)]
async fn a_list_that_stays_here_is_followed_too() {
    let world = World::new();
    let (here, _) = followed(&world).await;
    let local = here.folder.path().join("local.ics");
    write(&local, &[("1", "Here")]);
    here.app.add_followed_list("Local", &Follow::path(&local), &Keep::Here).await.expect("a list");
    write(&local, &[("1", "Here still")]);
    here.good_sync().await;
    let titles: Vec<String> = here.app.reminder_documents(Some("Local")).expect("reminders").into_iter().map(|one| one.title).collect();
    assert_eq!(titles, ["Here still"]);
}

#[tokio::test(start_paused = true)]
async fn removed_by_hand_is_dismissed_and_does_not_come_back_with_its_source() {
    let world = World::new();
    let (here, file) = followed(&world).await;
    let id = shown(&here, "Gym")["id"].as_str().expect("an id").to_owned();
    here.app.remove_reminder(&id).expect("removed");
    here.good_sync().await;
    assert_eq!((&shown(&here, "Gym")["state"], world.subjects()), (&json!("dismissed"), owned(["Insurance", "Lease", "Phone"])));
    write(&file, &[("1", "Lease"), ("2", "Phone"), ("3", "Insurance"), ("4", "Gym, renewed")]);
    here.good_sync().await;
    assert_eq!(world.subjects(), ["Insurance", "Lease", "Phone"]);
    // Taken back, it is made again.
    here.app.undo(&id, false).await.expect("undone");
    here.good_sync().await;
    assert_eq!(world.subjects(), ["Gym, renewed", "Insurance", "Lease", "Phone"]);
}

#[tokio::test(start_paused = true)]
async fn what_no_source_names_is_shown_as_left_over_and_goes_only_when_a_person_says_so() {
    let world = World::new();
    let (here, file) = followed(&world).await;
    // The computer that knew them is gone, and with it the reason why they are there.
    drop(here);
    let anew = world.bare_computer().await;
    let file_here = anew.folder.path().join("contracts.ics");
    write(&file_here, &[("1", "Lease"), ("2", "Phone"), ("3", "Insurance")]);
    assert!(!file.exists());
    anew.app.add_followed_list(LIST, &Follow::path(&file_here), &Keep::In { account: None, calendar: None }).await.expect("a list");
    for _ in 0..2 {
        let (document, exit) = anew.sync().await;
        assert_eq!((exit, &document["problems"][0]["code"]), (Exit::Held, &json!("left_over")), "{document:#}");
        assert_eq!(world.subjects(), ["Gym", "Insurance", "Lease", "Phone"]);
    }
    let planned = anew.sync_with(belfry_app::syncing::SyncOptions { dry_run: true, ..Default::default() }).await.0;
    let operation = &planned["accounts"][0]["calendars"][0]["operations"][0];
    assert_eq!((&operation["op"], &operation["title"], &operation["held"]), (&json!("delete"), &json!("Gym"), &json!(true)), "{planned:#}");
    let yes = belfry_app::syncing::SyncOptions { confirm: Some(belfry_app::confirming::HoldAnswer::All), ..Default::default() };
    let (document, exit) = anew.sync_with(yes).await;
    assert_eq!((exit, world.subjects()), (Exit::Done, owned(["Insurance", "Lease", "Phone"])), "{document:#}");
    world.writes();
    anew.good_sync().await;
    assert_eq!(world.writes(), 0);
}

#[tokio::test(start_paused = true)]
async fn an_item_that_comes_back_to_the_source_is_no_left_over() {
    let world = World::new();
    let (here, _) = followed(&world).await;
    drop(here);
    let anew = world.bare_computer().await;
    let file = anew.folder.path().join("contracts.ics");
    write(&file, &[("1", "Lease")]);
    anew.app.add_followed_list(LIST, &Follow::path(&file), &Keep::In { account: None, calendar: None }).await.expect("a list");
    assert_eq!(anew.sync().await.1, Exit::Held);
    write(&file, &[("1", "Lease"), ("2", "Phone"), ("3", "Insurance"), ("4", "Gym")]);
    anew.good_sync().await;
    let yes = belfry_app::syncing::SyncOptions { confirm: Some(belfry_app::confirming::HoldAnswer::All), ..Default::default() };
    anew.sync_with(yes).await;
    assert_eq!(world.subjects(), ["Gym", "Insurance", "Lease", "Phone"]);
}

fn owned<const N: usize>(titles: [&str; N]) -> Vec<String> {
    titles.map(str::to_owned).to_vec()
}

/// Its source moved it, so other events are in the place of those that were: an undo that took out the new ones only would leave none.
#[tokio::test(start_paused = true)]
async fn events_that_took_the_place_of_others_stay() {
    let world = World::new();
    let here = world.bare_computer().await;
    let file = here.folder.path().join("rent.ics");
    let at = |hour: &str| {
        let event = format!("UID:1\r\nSUMMARY:Rent\r\nDTSTART:20261231T{hour}0000\r\nRRULE:FREQ=MONTHLY;BYMONTHDAY=31;COUNT=3\r\n");
        let text =
            format!("BEGIN:VCALENDAR\r\nVERSION:2.0\r\nPRODID:-//test//EN\r\nBEGIN:VEVENT\r\n{event}END:VEVENT\r\nEND:VCALENDAR\r\n");
        std::fs::write(&file, text).expect("written");
    };
    at("09");
    here.app.add_followed_list(LIST, &Follow::path(&file), &Keep::In { account: None, calendar: None }).await.expect("a list");
    here.good_sync().await;
    at("11");
    here.good_sync().await;
    let run = here.app.run_documents(None, 1).expect("runs").first().map(|run| run.run.to_string()).unwrap_or_default();
    let undone = here.app.undo(&run, false).await.expect("undone");
    assert!(undone.undone.iter().all(|one| one.did == "left"), "{undone:?}");
    here.good_sync().await;
    assert_eq!(world.subjects(), ["Rent"; 3]);
}

/// A source that is not read whole removes nothing and puts nothing back; what a person or the rest of it says is written.
#[tokio::test(start_paused = true)]
async fn what_is_said_is_written_also_beside_a_source_that_is_not_whole() {
    let world = World::new();
    let (here, file) = followed(&world).await;
    std::fs::write(&file, "<html>503</html>").expect("written");
    let id = |title: &str| shown(&here, title)["id"].as_str().expect("an id").to_owned();
    let lease = id("Lease");
    here.edit(&lease, &belfry_app::reminders::ReminderWish { alarms: Some(vec![180]), ..Default::default() });
    let phone = id("Phone");
    here.app.set_done(&phone, true).expect("done");
    world.edit_in_outlook("Gym", json!({"subject": "My gym"})).await;
    here.sync().await;
    assert_eq!((world.member("Lease", "reminderMinutesBeforeStart"), world.member("Phone", "isReminderOn")), (json!(180), json!(false)));
    assert_eq!(world.subjects(), ["Insurance", "Lease", "My gym", "Phone"], "nothing is put back");
}

#[tokio::test(start_paused = true)]
async fn who_chooses_what_the_source_says_lets_it_decide_again() {
    let world = World::new();
    let (here, file) = followed(&world).await;
    let id = shown(&here, "Lease")["id"].as_str().expect("an id").to_owned();
    let choose = |category: &str| {
        let wish = belfry_app::reminders::ReminderWish { category: Some(category.into()), ..Default::default() };
        here.app.edit_reminder(&id, &wish).expect("edited");
    };
    choose("Home");
    here.good_sync().await;
    assert_eq!(world.member("Lease", "categories"), json!(["Home"]));
    choose("");
    here.good_sync().await;
    let text = std::fs::read_to_string(&file).expect("read").replacen("SUMMARY:Lease", "CATEGORIES:Work\r\nSUMMARY:Lease", 1);
    std::fs::write(&file, text).expect("written");
    here.good_sync().await;
    assert_eq!(world.member("Lease", "categories"), json!(["Work"]));
}
