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

/// A table holds no single dates of a series: out into one and in again, and those that are here are as they were.
#[tokio::test(start_paused = true)]
async fn a_table_leaves_the_dates_of_a_series_alone() {
    let world = World::new();
    let here = world.computer().await;
    let item = |uid: &str, more: &str| format!("BEGIN:VEVENT\nUID:{uid}\nSUMMARY:{uid}\nDTSTART:20270104T090000Z\n{more}END:VEVENT\n");
    let weekly = "RRULE:FREQ=WEEKLY;UNTIL=20270401T000000Z\n";
    let calendar = [
        item("once", ""),
        item("plain", weekly),
        item("left out", &format!("{weekly}EXDATE:20270111T090000Z\n")),
        item("one more", &format!("{weekly}RDATE:20270120T140000Z\nX-OWN:1\n")),
        item("moved", weekly),
        "BEGIN:VEVENT\nUID:moved\nRECURRENCE-ID:20270118T090000Z\nSUMMARY:Late\nDTSTART:20270119T150000Z\nEND:VEVENT\n".to_owned(),
    ];
    import(&here, &format!("BEGIN:VCALENDAR\n{}END:VCALENDAR\n", calendar.concat()));
    let typed = ReminderWish {
        title: Some("typed".into()),
        at: Some("2027-01-05T10:00".into()),
        repeat: Some("FREQ=DAILY".into()),
        list: Some(LIST.into()),
        ..ReminderWish::default()
    };
    let typed = here.app.add_reminder(&typed).expect("added").id.to_string();
    here.app.change_date(&typed, "2027-01-07", &belfry_app::occurrences::DateChange::Done(true)).expect("done");
    let held = || {
        let mut all = here.app.reminders(Some(LIST)).expect("reminders").into_iter().map(|row| row.reminder).collect::<Vec<_>>();
        all.sort_by_key(|reminder| reminder.id);
        all
    };
    let before = held();
    let path = here.folder.path().join("b.csv");
    let exported = here.app.export_file(&path, Some(LIST)).expect("exported");
    assert_eq!((exported.reminders, exported.without_dates), (6, 4));
    let said = exported.problem().expect("something to say");
    assert!(said.detail.starts_with("4 series have dates") && said.action.contains(".ics"), "{said:?}");
    let whole = here.app.export_file(&here.folder.path().join("b.ics"), Some(LIST)).expect("exported");
    assert_eq!((whole.reminders, whole.problem()), (6, None));
    let report = here.app.import_file(&path, Some(LIST), None).expect("imported");
    assert_eq!((report.added, report.changed, report.unchanged), (0, 0, 6), "{report:?}");
    assert_eq!(held(), before);
    // What the table changes comes in, and the dates go with it.
    let text = std::fs::read_to_string(&path).expect("read").replace("09:00:00", "10:00:00");
    std::fs::write(&path, text).expect("written");
    let report = here.app.import_file(&path, Some(LIST), None).expect("imported");
    assert_eq!((report.changed, report.unchanged), (5, 1), "{report:?}");
    let changed = here.app.reminder_documents(Some(LIST)).expect("reminders");
    let dates = |title: &str| changed.iter().find(|one| one.title == title).map(|one| (one.start.as_str(), one.occurrences_changed));
    assert_eq!(dates("left out"), Some(("2027-01-04T10:00:00", 1)));
    assert_eq!(dates("moved"), Some(("2027-01-04T10:00:00", 1)));
    assert_eq!(dates("typed"), Some(("2027-01-05T10:00:00", 1)));
}

/// What a table has no column for it does not say: a rule, notes, an alarm of the person's own stay, and a start that is moved takes the series along.
#[tokio::test(start_paused = true)]
async fn a_table_without_a_column_says_nothing_of_it() {
    let world = World::new();
    let here = world.computer().await;
    let path = here.folder.path().join("c.csv");
    let read = |rows: &str| {
        std::fs::write(&path, format!("id,title,date\n{rows}")).expect("written");
        here.app.import_file(&path, Some(LIST), None).expect("imported")
    };
    let (first, second) = ("a,Rent,2027-01-04 09:00\nb,Tax,2027-01-05\n", "a,Rent,2027-01-07 10:00\nb,Tax and more,2027-01-06\n");
    assert_eq!(read(first).added, 2);
    let named = |title: &str| {
        here.app.reminder_documents(Some(LIST)).expect("reminders").into_iter().find(|one| one.title.starts_with(title)).expect(title)
    };
    let edit = ReminderWish {
        repeat: Some("FREQ=WEEKLY;BYDAY=MO;UNTIL=20270201T000000Z".into()),
        notes: Some("To the landlord".into()),
        alarms: Some(vec![120]),
        ..ReminderWish::default()
    };
    here.app.edit_reminder(&named("Rent").id, &edit).expect("edited");
    let report = read(second);
    assert_eq!((report.changed, report.unchanged), (2, 0), "{report:?}");
    let rent = named("Rent");
    let shown = (rent.start.as_str(), rent.recurrence.as_deref(), rent.notes.as_str(), rent.alarms.as_slice());
    assert_eq!(shown, ("2027-01-07T10:00:00", Some("FREQ=WEEKLY;UNTIL=20270131;BYDAY=TH"), "To the landlord", [120].as_slice()));
    assert_eq!((named("Tax").title.as_str(), named("Tax").start.as_str()), ("Tax and more", "2027-01-06"));
    // Behind the end of the series there is no date left of it.
    assert_eq!(read("a,Rent,2027-03-01 10:00\n").changed, 1);
    assert_eq!(named("Rent").recurrence, None);
}

/// The same where a list follows the table.
#[tokio::test(start_paused = true)]
async fn a_list_that_follows_a_table_keeps_the_dates_of_its_series() {
    use belfry_app::following::Follow;
    use belfry_app::lists::Keep;
    let world = World::new();
    let here = world.computer().await;
    let (calendar, table) = (here.folder.path().join("c.ics"), here.folder.path().join("c.csv"));
    let weekly = "RRULE:FREQ=WEEKLY\nEXDATE:20270111T090000Z\nRDATE:20270120T140000Z\n";
    std::fs::write(&calendar, file("Choir").replace("20261203T090000Z\n", &format!("20270104T090000Z\n{weekly}"))).expect("written");
    here.app.add_followed_list("Choir", &Follow::path(&calendar), &Keep::Here).await.expect("a list");
    let held = || here.app.reminders(Some("Choir")).expect("reminders").into_iter().map(|row| row.reminder).collect::<Vec<_>>();
    let id = held().first().expect("a reminder").id.to_string();
    here.app.change_date(&id, "2027-01-18", &belfry_app::occurrences::DateChange::Cancel).expect("left out");
    let before = held();
    here.app.export_file(&table, Some("Choir")).expect("exported");
    here.app.follow_instead("Choir", &Follow::path(&table)).await.expect("followed");
    here.good_sync().await;
    assert_eq!(held(), before);
    std::fs::write(&table, std::fs::read_to_string(&table).expect("read").replace("Choir", "Choir again")).expect("written");
    here.good_sync().await;
    let after = held().into_iter().next().expect("a reminder");
    assert_eq!((after.title.as_str(), &after.recurrence, &after.kept), ("Choir again", &before[0].recurrence, &before[0].kept));
}
