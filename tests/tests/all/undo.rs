//! Undo of a run and of one reminder, written to Outlook by the next sync.

use belfry_app::lists::Keep;
use belfry_app::reminders::ReminderWish;
use belfry_app::undo::UndoDocument;
use belfry_tests::{Computer, LIST, World};
use serde_json::json;

fn said(document: &UndoDocument) -> Vec<(&str, &str)> {
    let mut all: Vec<(&str, &str)> = document.undone.iter().map(|one| (one.title.as_str(), one.did)).collect();
    all.sort_unstable();
    all
}

async fn synced(world: &World) -> Computer {
    let here = world.computer().await;
    here.add("Rent", "2026-12-03T09:00");
    here.add("Dog", "2026-12-04T09:00");
    here.good_sync().await;
    here
}

fn last_run(here: &Computer) -> String {
    here.app.run_documents(None, 1).expect("runs").first().map(|run| run.run.to_string()).unwrap_or_default()
}

#[tokio::test(start_paused = true)]
async fn what_was_made_goes_and_comes_back_when_the_undo_is_undone() {
    let world = World::new();
    let here = synced(&world).await;
    let run = last_run(&here);
    let shown = here.app.undo(&run, true).await.expect("shown");
    assert_eq!((said(&shown), shown.run), (vec![("Dog", "dismissed"), ("Rent", "dismissed")], None));
    assert_eq!(here.titles(), [("Dog".into(), "synced".into()), ("Rent".into(), "synced".into())], "a dry run changes nothing");
    let done = here.app.undo(&run, false).await.expect("undone");
    here.good_sync().await;
    assert_eq!(world.subjects(), [""; 0]);
    assert_eq!(here.titles(), [("Dog".into(), "dismissed".into()), ("Rent".into(), "dismissed".into())]);
    let again = here.app.undo(&run, false).await.expect("undone");
    assert_eq!(said(&again), [("Dog", "left"), ("Rent", "left")]);
    let back = here.app.undo(&done.run.expect("a run").to_string(), false).await.expect("undone");
    assert_eq!(said(&back), [("Dog", "restored"), ("Rent", "restored")]);
    here.good_sync().await;
    assert_eq!(world.subjects(), ["Dog", "Rent"]);
    world.writes();
    here.good_sync().await;
    assert_eq!(world.writes(), 0);
}

#[tokio::test(start_paused = true)]
async fn what_came_from_outlook_is_put_back_and_a_later_edit_stays() {
    let world = World::new();
    let here = synced(&world).await;
    world.edit_in_outlook("Rent", json!({"subject": "Rent!", "categories": ["Home"]})).await;
    here.good_sync().await;
    let run = last_run(&here);
    let id = here.id_of("Rent!");
    here.edit(&id, &ReminderWish { category: Some("Money".into()), ..ReminderWish::default() });
    let undone = here.app.undo(&run, false).await.expect("undone");
    let one = undone.undone.first().expect("one");
    assert_eq!((one.did, one.fields.as_slice(), one.stay.as_slice()), ("put_back", ["title"].as_slice(), ["category"].as_slice()));
    here.good_sync().await;
    assert_eq!((world.subjects(), world.member("Rent", "categories")), (vec!["Dog".to_owned(), "Rent".to_owned()], json!(["Money"])));
}

#[tokio::test(start_paused = true)]
async fn what_was_written_removed_or_dismissed_comes_back() {
    let world = World::new();
    let here = synced(&world).await;
    let (rent, dog) = (here.id_of("Rent"), here.id_of("Dog"));
    here.edit(&rent, &ReminderWish { title: Some("Rent, warm".into()), ..ReminderWish::default() });
    here.good_sync().await;
    assert_eq!(said(&here.app.undo(&rent, false).await.expect("undone")), [("Rent, warm", "put_back")]);
    here.good_sync().await;
    assert_eq!(world.subjects(), ["Dog", "Rent"]);
    here.app.remove_reminder(&rent).expect("removed");
    here.good_sync().await;
    // Its id is known to the journal only.
    assert_eq!(said(&here.app.undo(&rent, false).await.expect("undone")), [("Rent", "made_again")]);
    world.delete_in_outlook("Dog").await;
    here.good_sync().await;
    assert_eq!(world.subjects(), ["Rent"]);
    assert_eq!(said(&here.app.undo(&dog, false).await.expect("undone")), [("Dog", "restored")]);
    here.good_sync().await;
    assert_eq!(world.subjects(), ["Dog", "Rent"]);
    assert!(here.app.undo("999999", false).await.is_err(), "no such run");
}

#[tokio::test(start_paused = true)]
async fn a_restore_is_journaled_and_what_does_nothing_leaves_no_run() {
    let world = World::new();
    let here = synced(&world).await;
    let dog = here.id_of("Dog");
    world.delete_in_outlook("Dog").await;
    here.good_sync().await;
    here.app.restore_reminder(&dog).expect("restored");
    let newest = || here.app.run_documents(None, 1).expect("runs").remove(0);
    let run = newest();
    assert_eq!((run.kind.as_str(), run.entries[0].reason.as_str()), ("hand", "wanted in Outlook again"));
    assert_eq!(said(&here.app.undo(&run.run.to_string(), false).await.expect("undone")), [("Dog", "dismissed")]);
    let last = newest().run;
    let nothing = here.app.undo(&run.run.to_string(), false).await.expect("undone");
    assert_eq!((nothing.run, nothing.undone[0].did), (None, "left"));
    assert_eq!(newest().run, last);
    here.good_sync().await;
    assert_eq!(world.subjects(), ["Rent"]);
}

#[tokio::test(start_paused = true)]
async fn the_log_names_every_alarm_and_the_list() {
    let world = World::new();
    let here = synced(&world).await;
    here.app.add_list("Work", &Keep::Here).await.expect("a list");
    let rent = here.id_of("Rent");
    here.edit(&rent, &ReminderWish { alarms: Some(vec![15, 90]), list: Some("Work".into()), ..ReminderWish::default() });
    let changes = here.app.run_documents(None, 1).expect("runs").remove(0).entries.remove(0).changes;
    assert_eq!(changes, [("alarm", "15 min".into(), "15 min, 90 min".into()), ("list", LIST.to_owned(), "Work".to_owned())]);
}

/// A merge has two halves, and both can be taken back.
#[tokio::test(start_paused = true)]
async fn a_merge_is_journaled_on_both_sides() {
    let world = World::new();
    let here = synced(&world).await;
    let rent = here.id_of("Rent");
    here.edit(&rent, &ReminderWish { notes: Some("to Ms Weber".into()), ..ReminderWish::default() });
    world.edit_in_outlook("Rent", json!({"subject": "Rent!"})).await;
    here.good_sync().await;
    let run = last_run(&here);
    here.app.undo(&run, false).await.expect("undone");
    here.good_sync().await;
    let shown = here.app.reminder(&rent).expect("there");
    assert_eq!((shown.title.as_str(), shown.notes.as_str()), ("Rent", ""));
    assert_eq!(world.member("Rent", "body")["content"], json!(""));
}

/// What a person wrote into an event since it was made wins over taking its making back.
#[tokio::test(start_paused = true)]
async fn an_edit_in_outlook_wins_over_undoing_the_create() {
    let world = World::new();
    let here = synced(&world).await;
    let run = last_run(&here);
    world.edit_in_outlook("Rent", json!({"subject": "Rent, warm"})).await;
    here.app.undo(&run, false).await.expect("undone");
    here.good_sync().await;
    assert_eq!(world.subjects(), ["Rent, warm"]);
    assert_eq!(here.titles(), [("Dog".into(), "dismissed".into()), ("Rent, warm".into(), "synced".into())]);
}

/// An undo that is undone before a sync leaves edits alone.
#[tokio::test(start_paused = true)]
async fn an_edit_here_survives_an_undo_that_is_undone() {
    let world = World::new();
    let here = synced(&world).await;
    let run = last_run(&here);
    let undone = here.app.undo(&run, false).await.expect("undone").run.expect("a run").to_string();
    let rent = here.id_of("Rent");
    world.clock.pass(chrono::Duration::minutes(1));
    here.edit(&rent, &ReminderWish { title: Some("Rent, warm".into()), ..ReminderWish::default() });
    here.app.undo(&undone, false).await.expect("undone");
    here.good_sync().await;
    assert_eq!(world.subjects(), ["Dog", "Rent, warm"]);
}

/// A run that moved a list made events, but no reminder got its first one there.
#[tokio::test(start_paused = true)]
async fn undoing_a_move_deletes_nothing() {
    let world = World::new();
    let here = synced(&world).await;
    world.outlook("POST", "calendars", &json!({"name": "Other"})).await;
    let (_, other) = here.app.calendar(None, "Other").await.expect("a calendar");
    let moved = Keep::In { account: None, calendar: Some(other.id) };
    here.app.retarget(LIST, &moved, None).await.expect("moved");
    here.good_sync().await;
    let undone = here.app.undo(&last_run(&here), false).await.expect("undone");
    assert!(undone.undone.iter().all(|one| one.did == "left"), "{undone:?}");
    here.good_sync().await;
    assert_eq!(world.subjects(), ["Dog", "Rent"]);
    assert_eq!(here.titles(), [("Dog".into(), "synced".into()), ("Rent".into(), "synced".into())]);
}

#[tokio::test(start_paused = true)]
async fn what_was_left_alone_can_be_restored_once_its_event_is_gone() {
    let world = World::new();
    let here = synced(&world).await;
    world.edit_in_outlook("Rent", json!({"attendees": [{"emailAddress": {"address": "ben@outlook.example"}, "type": "required"}]})).await;
    here.good_sync().await;
    let rent = here.id_of("Rent");
    assert!(here.app.restore_reminder(&rent).is_err(), "it is still there");
    world.delete_in_outlook("Rent").await;
    world.clock.pass(chrono::Duration::hours(25));
    here.good_sync().await;
    here.app.restore_reminder(&rent).expect("restored");
    here.good_sync().await;
    assert_eq!(world.subjects(), ["Dog", "Rent"]);
}

/// An editor saves while one types.
#[tokio::test(start_paused = true)]
async fn what_is_typed_in_one_go_is_one_edit() {
    let world = World::new();
    let here = synced(&world).await;
    let rent = here.id_of("Rent");
    let call = |title: &str| here.edit(&rent, &ReminderWish { title: Some(title.into()), ..ReminderWish::default() });
    for title in ["Rent,", "Rent, w", "Rent, warm"] {
        call(title);
        world.clock.pass(chrono::Duration::seconds(5));
    }
    world.clock.pass(chrono::Duration::minutes(2));
    call("Rent, cold");
    let by_hand = here.app.run_documents(None, 9).expect("runs").into_iter().filter(|run| run.kind == "hand").count();
    assert_eq!(by_hand, 2);
    let title = || here.app.reminder(&rent).expect("there").title;
    here.app.undo(&rent, false).await.expect("undone");
    assert_eq!(title(), "Rent, warm");
    let first = here.app.run_documents(None, 9).expect("runs").into_iter().rfind(|run| run.kind == "hand").expect("a run");
    here.app.undo(&first.run.to_string(), false).await.expect("undone");
    assert_eq!(title(), "Rent");
}

/// A list that was typed is nowhere else.
#[tokio::test(start_paused = true)]
async fn a_list_that_was_removed_comes_back_with_what_was_in_it() {
    let world = World::new();
    let here = synced(&world).await;
    let own = here.app.add_local_list("Ideas").expect("a list");
    let id = here.add("Boat", "2026-12-05T09:00");
    let wish = ReminderWish { list: Some("Ideas".into()), alarms: Some(vec![15, 600]), ..ReminderWish::default() };
    here.edit(&id, &wish);
    let before = here.app.reminder(&id).expect("there");
    here.app.remove_list("Ideas", None).await.expect("removed");
    let undone = here.app.undo(&last_run(&here), false).await.expect("undone");
    assert_eq!(said(&undone), [("Boat", "made_again")]);
    let (list, now) = (here.app.list(Some("Ideas")).expect("the list"), here.app.reminder(&id).expect("there"));
    assert_eq!((list.id, belfry_core::Reminder { changed_at: before.changed_at, ..now }), (own.id, before));
}

/// What an import changed or brought.
#[tokio::test(start_paused = true)]
async fn an_import_is_taken_back() {
    let world = World::new();
    let here = synced(&world).await;
    let file = |titles: [&str; 2]| {
        let event = |(uid, title): (usize, &str)| {
            format!("BEGIN:VEVENT\r\nUID:{uid}\r\nSUMMARY:{title}\r\nDTSTART:20261210T080000Z\r\nEND:VEVENT\r\n")
        };
        let events: String = titles.into_iter().enumerate().filter(|(_, title)| !title.is_empty()).map(event).collect();
        format!("BEGIN:VCALENDAR\r\nVERSION:2.0\r\nPRODID:-//test//EN\r\n{events}END:VCALENDAR\r\n").into_bytes()
    };
    let import = |titles| here.app.import(&file(titles), std::path::Path::new("a.ics"), Some(LIST), None).expect("imported");
    import(["Tea", ""]);
    let tea = here.id_of("Tea");
    let typed = ReminderWish { title: Some("Tea, typed for an hour".into()), alarms: Some(vec![15, 600]), ..ReminderWish::default() };
    here.edit(&tea, &typed);
    let before = here.app.reminder(&tea).expect("there");
    import(["Coffee", "Cake"]);
    assert_eq!(here.app.reminder(&tea).expect("there").title, "Coffee");
    let undone = here.app.undo(&last_run(&here), false).await.expect("undone");
    assert_eq!(said(&undone), [("Cake", "removed"), ("Coffee", "put_back")]);
    assert_eq!(belfry_core::Reminder { changed_at: before.changed_at, ..here.app.reminder(&tea).expect("there") }, before);
}
