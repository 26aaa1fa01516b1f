//! Importing again: what the file changed comes in, what the person changed stays.

use std::path::Path;

use belfry_app::reminders::ReminderWish;
use belfry_tests::{Computer, LIST, World};

fn file(title: &str) -> String {
    format!("BEGIN:VCALENDAR\nBEGIN:VEVENT\nUID:a\nSUMMARY:{title}\nDTSTART:20261203T090000Z\nEND:VEVENT\nEND:VCALENDAR\n")
}

fn import(here: &Computer, text: &str) -> (usize, usize, usize) {
    let report = here.app.import(text.as_bytes(), Path::new("x.ics"), Some(LIST), None).expect("imported");
    (report.added, report.changed, report.unchanged)
}

#[tokio::test(start_paused = true)]
async fn an_unchanged_file_leaves_what_the_person_changed() {
    let world = World::new();
    let here = world.computer().await;
    assert_eq!(import(&here, &file("Rent")), (1, 0, 0));
    let id = here.reminders().first().and_then(|one| one["id"].as_str().map(str::to_owned)).expect("an id");
    here.app.add_list("Contracts", &belfry_app::lists::Keep::Here).await.expect("a list");
    let wish = ReminderWish { title: Some("Rent of the flat".into()), list: Some("Contracts".into()), ..ReminderWish::default() };
    here.edit(&id, &wish);
    assert_eq!(import(&here, &file("Rent")), (0, 0, 1));
    let rows = here.app.reminder_documents(Some("Contracts")).expect("reminders");
    assert_eq!(rows.iter().map(|row| row.title.as_str()).collect::<Vec<_>>(), ["Rent of the flat"]);
    // What the file changes counts, wherever the reminder is by now.
    assert_eq!(import(&here, &file("Rent, raised")), (0, 1, 0));
    let rows = here.app.reminder_documents(Some("Contracts")).expect("reminders");
    assert_eq!(rows.iter().map(|row| row.title.as_str()).collect::<Vec<_>>(), ["Rent, raised"]);
}
