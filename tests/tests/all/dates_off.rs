//! A date that a person removed in Outlook stays removed, also where it had an event of its own and the hour of its reminder changes.

use std::path::{Path, PathBuf};

use belfry_app::following::Follow;
use belfry_app::imports::ExportFormat;
use belfry_app::lists::Keep;
use belfry_app::reminders::ReminderWish;
use belfry_tests::{Computer, World, encode};
use serde_json::json;

const LIST: &str = "Contracts";

/// No series of Outlook's comes on two days of a month.
fn write(path: &Path, hour: &str) {
    let item = format!(
        "BEGIN:VEVENT\r\nUID:1\r\nSUMMARY:Rent\r\nDTSTART:20270101T{hour}0000\r\nRRULE:FREQ=MONTHLY;BYMONTHDAY=1,15;COUNT=4\r\nEND:VEVENT\r\n"
    );
    std::fs::write(path, format!("BEGIN:VCALENDAR\r\nVERSION:2.0\r\nPRODID:-//t//EN\r\n{item}END:VCALENDAR\r\n")).expect("written");
}

async fn followed(world: &World) -> (Computer, PathBuf) {
    let here = world.bare_computer().await;
    let file = here.folder.path().join("rent.ics");
    write(&file, "09");
    here.app.add_followed_list(LIST, &Follow::path(&file), &Keep::In { account: None, calendar: None }).await.expect("a list");
    assert_eq!(here.good_sync().await["created"], 4);
    (here, file)
}

fn starts(world: &World) -> Vec<String> {
    world.simulator.with_world(|world| {
        let events = world.mailboxes.values().flat_map(|mailbox| mailbox.events.values());
        let mut all: Vec<String> = events.map(|event| event.start.to_string()).collect();
        all.sort();
        all
    })
}

async fn remove(world: &World, day: &str) {
    let id = world.simulator.with_world(|world| {
        let events = world.mailboxes.values().flat_map(|mailbox| mailbox.events.values());
        events.filter(|event| event.start.to_string().starts_with(day)).map(|event| event.id.clone()).next()
    });
    world.outlook("DELETE", &format!("events/{}", encode(&id.expect("an event"))), &json!(null)).await;
}

#[tokio::test(start_paused = true)]
async fn of_a_source_that_changes_the_hour() {
    let world = World::new();
    let (here, file) = followed(&world).await;
    remove(&world, "2027-01-15").await;
    assert_eq!(here.good_sync().await["dismissed"], 1);
    for hour in ["10", "11"] {
        write(&file, hour);
        here.good_sync().await;
        let days: Vec<String> = starts(&world).iter().map(|start| start[..10].to_owned()).collect();
        assert_eq!(days, ["2027-01-01", "2027-02-01", "2027-02-15"]);
    }
    // What was written last comes back once.
    here.good_sync().await;
    world.writes();
    here.good_sync().await;
    assert_eq!(world.writes(), 0);
    let text = here.app.export(Some(LIST), ExportFormat::Calendar).expect("exported");
    assert!(text.contains("EXDATE;TZID=Europe/Berlin:20270115T110000"), "{text}");
}

#[tokio::test(start_paused = true)]
async fn of_a_typed_reminder_that_is_moved_to_another_hour() {
    let world = World::new();
    let here = world.computer().await;
    let wish = ReminderWish {
        title: Some("Rent".into()),
        at: Some("2027-01-01T09:00".into()),
        repeat: Some("FREQ=MONTHLY;BYMONTHDAY=1,15;COUNT=4".into()),
        list: Some(belfry_tests::LIST.into()),
        ..ReminderWish::default()
    };
    let id = here.app.add_reminder(&wish).expect("added").id.to_string();
    here.good_sync().await;
    remove(&world, "2027-01-15").await;
    here.good_sync().await;
    here.edit(&id, &ReminderWish { at: Some("2027-01-01T10:30".into()), ..ReminderWish::default() });
    here.good_sync().await;
    assert_eq!(starts(&world).len(), 3, "{:?}", starts(&world));
    assert!(here.app.export(None, ExportFormat::Calendar).expect("exported").contains("EXDATE;TZID=Europe/Berlin:20270115T103000"));
}
