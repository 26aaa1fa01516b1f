//! "This and following" in Outlook: one series becomes two.

use belfry_app::following::Follow;
use belfry_app::lists::Keep;
use belfry_app::reminders::ReminderWish;
use belfry_simulator::SeriesDoubts;
use belfry_tests::{Computer, LOGIN, World};
use serde_json::json;

use crate::dates::{quiet, rows, shown, titled, weekly};

/// A weekly reminder on two computers that is called otherwise from a date on; Outlook copies our marker, or it does not.
async fn split(copies: bool) -> (World, Computer, Computer, String) {
    let world = World::new();
    world.simulator.set_series_doubts(SeriesDoubts { split_copies_properties: copies, ..SeriesDoubts::default() });
    let (here, there) = (world.computer().await, world.computer().await);
    let wish = ReminderWish { alarms: Some(vec![15, 60]), ..titled("Bins") };
    let id = weekly(&here);
    here.edit(&id, &wish);
    here.good_sync().await;
    there.good_sync().await;
    world.clock.pass(chrono::Duration::minutes(5));
    let master = world.event_id("Bins");
    let day = "2026-12-28".parse().expect("a day");
    let later = json!({"subject": "Bins, new street"});
    world.simulator.change_following(LOGIN, &master, day, &later).expect("split");
    (world, here, there, id)
}

#[tokio::test(start_paused = true)]
async fn the_later_part_of_a_series_that_outlook_split_is_a_reminder_of_its_own() {
    let (world, here, there, id) = split(true).await;
    for computer in [&here, &there, &here] {
        computer.good_sync().await;
    }
    let wanted = rows([
        ("2026-12-07T08:00", "Bins"),
        ("2026-12-14T08:00", "Bins"),
        ("2026-12-21T08:00", "Bins"),
        ("2026-12-28T08:00", "Bins, new street"),
        ("2027-01-04T08:00", "Bins, new street"),
        ("2027-01-11T08:00", "Bins, new street"),
        ("2027-01-18T08:00", "Bins, new street"),
        ("2027-01-25T08:00", "Bins, new street"),
    ]);
    assert_eq!(shown(&world).await, wanted);
    for computer in [&here, &there] {
        assert_eq!(computer.titles(), [("Bins".into(), "synced".into()), ("Bins, new street".into(), "synced".into())]);
        assert_ne!(computer.id_of("Bins, new street"), id);
    }
    assert_eq!(here.id_of("Bins, new street"), there.id_of("Bins, new street"));
    // What no event shows goes on, too.
    assert_eq!(here.app.reminder(&here.id_of("Bins, new street")).expect("a reminder").alarms, [15, 60]);
    quiet(&world, &[&here, &there]).await;
    // Each is edited by itself.
    here.edit(&id, &titled("Bins, old street"));
    there.edit(&there.id_of("Bins, new street"), &titled("Bins, new lane"));
    here.good_sync().await;
    there.good_sync().await;
    let titles: Vec<String> = shown(&world).await.into_iter().map(|(_, title)| title).collect();
    assert_eq!((titles[2].as_str(), titles[3].as_str()), ("Bins, old street", "Bins, new lane"));
}

/// Beyond the window of the change feed the later part is in no row: that the first part ends sooner is what tells.
#[tokio::test(start_paused = true)]
async fn a_split_far_ahead_is_seen_at_once() {
    let world = World::new();
    world.simulator.set_series_doubts(SeriesDoubts { split_copies_properties: true, ..SeriesDoubts::default() });
    let here = world.computer().await;
    let wish = ReminderWish {
        title: Some("Bins".into()),
        at: Some("2026-12-07T09:00".into()),
        repeat: Some("FREQ=WEEKLY;COUNT=30".into()),
        list: Some(belfry_tests::LIST.into()),
        ..ReminderWish::default()
    };
    here.app.add_reminder(&wish).expect("added");
    here.good_sync().await;
    here.good_sync().await;
    world.clock.pass(chrono::Duration::minutes(5));
    let day = "2027-04-05".parse().expect("a day");
    world.simulator.change_following(LOGIN, &world.event_id("Bins"), day, &json!({"subject": "Bins, new street"})).expect("split");
    here.good_sync().await;
    assert_eq!(here.titles(), [("Bins".into(), "synced".into()), ("Bins, new street".into(), "synced".into())]);
    quiet(&world, &[&here]).await;
}

#[tokio::test(start_paused = true)]
async fn where_outlook_does_not_copy_our_marker_the_later_part_is_the_persons() {
    let (world, here, there, _) = split(false).await;
    let before = shown(&world).await;
    for computer in [&here, &there] {
        computer.good_sync().await;
        assert_eq!(computer.titles(), [("Bins".into(), "synced".into())]);
    }
    assert_eq!(shown(&world).await, before);
    quiet(&world, &[&here, &there]).await;
}

/// A source has the last word about its series: the rule is put back, and what Outlook split off goes, unless a person said something in it.
#[tokio::test(start_paused = true)]
async fn a_source_gets_its_series_back_and_what_a_person_edited_stays() {
    for (change, left) in [(json!({}), 1), (json!({"subject": "Bins, new street"}), 2)] {
        let world = World::new();
        let here = world.bare_computer().await;
        let file = here.folder.path().join("bins.ics");
        let item = "BEGIN:VEVENT\r\nUID:1\r\nSUMMARY:Bins\r\nDTSTART:20261207T080000Z\r\nRRULE:FREQ=WEEKLY;BYDAY=MO\r\nEND:VEVENT\r\n";
        let text = format!("BEGIN:VCALENDAR\r\nVERSION:2.0\r\nPRODID:-//test//EN\r\n{item}END:VCALENDAR\r\n");
        std::fs::write(&file, text).expect("written");
        here.app.add_followed_list("Town", &Follow::path(&file), &Keep::In { account: None, calendar: None }).await.expect("a list");
        here.good_sync().await;
        world.clock.pass(chrono::Duration::minutes(5));
        let master = world.event_id("Bins");
        world.simulator.change_following(LOGIN, &master, "2026-12-28".parse().expect("a day"), &change).expect("split");
        here.good_sync().await;
        here.good_sync().await;
        assert_eq!(world.subjects().len(), left);
        let december = shown(&world).await.into_iter().filter(|(start, title)| start.as_str() > "2026-12-28" && title == "Bins");
        assert_eq!(december.count(), 5);
        quiet(&world, &[&here]).await;
    }
}

#[tokio::test(start_paused = true)]
async fn an_undo_after_a_split_makes_no_date_twice() {
    let (world, here, _, _) = split(true).await;
    here.good_sync().await;
    let before = shown(&world).await;
    let run = here.app.run_documents(None, 1).expect("runs")[0].run.to_string();
    here.app.undo(&run, false).await.expect("undone");
    here.good_sync().await;
    here.good_sync().await;
    assert_eq!(shown(&world).await, before);
}

/// An edit of the rule here does not go on beyond the end that Outlook gave the first part: the dates from there on are the other reminder's.
#[tokio::test(start_paused = true)]
async fn a_rule_that_is_edited_here_and_parted_in_outlook_gives_no_date_twice() {
    let (world, here, there, id) = split(true).await;
    world.clock.pass(chrono::Duration::minutes(5));
    here.edit(&id, &ReminderWish { repeat: Some("FREQ=WEEKLY;BYDAY=MO;COUNT=10".into()), ..ReminderWish::default() });
    for computer in [&here, &there, &here] {
        computer.good_sync().await;
    }
    let days: Vec<String> = shown(&world).await.into_iter().map(|(at, _)| at[..10].to_owned()).collect();
    let mut once = days.clone();
    once.dedup();
    assert_eq!(days, once);
    quiet(&world, &[&here, &there]).await;
}
