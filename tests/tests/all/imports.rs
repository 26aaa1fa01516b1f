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

#[tokio::test(start_paused = true)]
async fn the_columns_of_a_table_are_guessed_and_can_be_said() {
    use belfry_app::following::Follow;
    use belfry_app::lists::Keep;
    let world = World::new();
    let here = world.computer().await;
    let path = here.folder.path().join("contracts.csv");
    std::fs::write(&path, "Thing;Ends on;Owner\nLease;03/04/2027;Flat\nPhone;05/04/2027;Office\n").expect("written");
    let text = path.to_string_lossy().into_owned();
    let head = here.app.table_head(&text).expect("read").expect("a table");
    assert_eq!((head.header.as_slice(), head.rows.len()), (["Thing".to_owned(), "Ends on".into(), "Owner".into()].as_slice(), 2));
    assert_eq!(head.columns.get("date").map(String::as_str), Some("Ends on"));
    assert!(head.fields.contains(&"title") && !head.columns.contains_key("title"));
    let map = Some("title=Thing,date=Ends on,notes=Owner,format=DD/MM/YYYY".to_owned());
    let follow = Follow { map, ..Follow::path(&path) };
    here.app.add_followed_list("Contracts", &follow, &Keep::Here).await.expect("a list");
    let all = here.app.reminder_documents(Some("Contracts")).expect("reminders");
    let said: Vec<(&str, &str, &str)> = all.iter().map(|one| (one.title.as_str(), one.start.as_str(), one.notes.as_str())).collect();
    assert_eq!(said, [("Lease", "2027-04-03", "Flat"), ("Phone", "2027-04-05", "Office")]);
    let calendar = here.folder.path().join("contracts.ics");
    std::fs::write(&calendar, file("Rent")).expect("written");
    assert_eq!(here.app.table_head(&calendar.to_string_lossy()).expect("read"), None);
    assert_eq!(here.app.table_head("https://feeds.example/a.csv").expect("no file"), None);
}

#[tokio::test(start_paused = true)]
async fn what_another_list_of_the_same_calendar_holds_already_is_named() {
    let world = World::new();
    let here = world.computer().await;
    assert_eq!(import(&here, &file("Rent")), (1, 0, 0));
    here.good_sync().await;
    let keep = belfry_app::lists::Keep::In { account: None, calendar: Some("Belfry".into()) };
    here.app.add_list("Twice", &keep).await.expect("a list");
    here.app.add_list("Apart", &belfry_app::lists::Keep::Here).await.expect("a list");
    let into = |list: &str| here.app.import(file("Rent").as_bytes(), Path::new("x.ics"), Some(list), None).expect("imported");
    let report = into("Twice");
    let named: Vec<(&str, &str)> = report.also_in.iter().map(|item| (item.title.as_str(), item.list.as_str())).collect();
    assert_eq!((report.added, named), (1, vec![("Rent", LIST)]));
    assert_eq!(report.problems().iter().map(|one| one.code.name()).collect::<Vec<_>>(), ["also_in_other"]);
    assert_eq!(into("Apart").also_in, []);
}
