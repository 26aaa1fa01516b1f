//! Copies of the database, and the way back from a damaged or unwanted one.

use belfry_app::backups::CopyState;
use belfry_app::{App, Config, Home, Ports};
use belfry_core::{Clock as _, Exit, SystemClock, Zone};
use belfry_store::Store;

use belfry_tests::{Computer, InProcess, LOGIN, TestVault, World};
use serde_json::json;
use std::sync::Arc;

pub async fn on_disk(world: &World) -> Computer {
    let folder = tempfile::tempdir().expect("a folder");
    let store = Store::open(&folder.path().join("belfry.db"), &folder.path().join("backups"), world.clock.now()).expect("a store");
    let http = Arc::new(InProcess(world.simulator.clone()));
    let computer = world.computer_over(&[LOGIN], &["User.Read", "Calendars.ReadWrite"], http, store, folder).await;
    computer.app.add_list(belfry_tests::LIST, &belfry_app::lists::Keep::In { account: None, calendar: None }).await.expect("a list");
    computer
}

#[tokio::test(start_paused = true)]
async fn one_is_made_every_day_and_seven_are_kept() {
    let world = World::new();
    let here = on_disk(&world).await;
    here.add("Rent", "2026-12-03T09:00");
    for _ in 0..10 {
        here.good_sync().await;
        here.good_sync().await;
        world.clock.pass(chrono::Duration::hours(25));
    }
    let all = here.app.backups().await;
    assert_eq!((all.len(), all.iter().filter(|one| one.file.ends_with("-daily.db")).count()), (7, 7));
}

#[tokio::test(start_paused = true)]
async fn what_happened_in_outlook_since_the_copy_comes_back_and_nothing_is_there_twice() {
    let world = World::new();
    let here = on_disk(&world).await;
    here.add("Rent", "2026-12-03T09:00");
    here.add("Bins", "2026-12-04T09:00");
    here.good_sync().await;
    let copy = here.app.back_up().expect("a copy").file;
    here.add("Dentist", "2026-12-05T09:00");
    here.edit(&here.id_of("Rent"), &belfry_app::reminders::ReminderWish { title: Some("Rent, warm".into()), ..Default::default() });
    here.app.remove_reminder(&here.id_of("Bins")).expect("removed");
    here.good_sync().await;
    world.clock.pass(chrono::Duration::minutes(5));
    let done = here.app.restore_backup(&copy).await.expect("restored");
    assert!(std::path::Path::new(&done.saved).is_file());
    assert_eq!(here.app.status().expect("status").attention.map(|problem| problem.code.name()), Some("database_restored"));
    assert_eq!(here.titles().into_iter().map(|(title, _)| title).collect::<Vec<_>>(), ["Bins", "Rent"]);
    here.good_sync().await;
    here.good_sync().await;
    assert_eq!(world.subjects(), ["Dentist", "Rent, warm"]);
    let titles = here.titles();
    let wanted = [("Bins", "dismissed"), ("Dentist", "synced"), ("Rent, warm", "synced")];
    assert_eq!(titles, wanted.map(|(title, state)| (title.to_owned(), state.to_owned())));
    assert_eq!(json!(here.app.status().expect("status").attention), json!(null));
    for bad in ["nothing.db", "../belfry.db.txt"] {
        assert_eq!(here.app.restore_backup(bad).await.expect_err("no copy").exit(), Exit::Usage);
    }
    let letter = here.folder.path().join("letter.db");
    std::fs::write(&letter, "this is a letter").expect("written");
    assert_eq!(here.app.restore_backup(&letter.to_string_lossy()).await.expect_err("no copy").exit(), Exit::Usage);
    assert_eq!(here.titles().len(), 3, "nothing was changed");
}

/// What the list says of a copy is what a restore would find.
#[tokio::test(start_paused = true)]
async fn a_copy_that_is_good_for_nothing_is_told_before_it_is_chosen() {
    let world = World::new();
    let here = on_disk(&world).await;
    for number in 0..200 {
        here.add(&format!("Rent {number}"), "2026-12-03T09:00");
    }
    let good = here.app.back_up().expect("a copy");
    assert_eq!(good.state, CopyState::Whole);
    let bytes = std::fs::read(&good.file).expect("read");
    // The version of the schema stands at 60 (SQLite, "The Database Header").
    let mut newer = bytes.clone();
    newer.splice(60..64, 9_999_u32.to_be_bytes());
    let (kept, lost) = bytes.split_at(bytes.len() / 2);
    let overwritten = [kept, &vec![0x55; lost.len()]].concat();
    let others =
        [("letter", b"Dear database".to_vec()), ("empty", vec![]), ("cut", kept.to_vec()), ("overwritten", overwritten), ("newer", newer)];
    for (name, bytes) in &others {
        std::fs::write(here.folder.path().join(format!("backups/2020-{name}.db")), bytes).expect("written");
    }
    let all = here.app.backups().await;
    assert_eq!(all.len(), 6);
    for one in all {
        let wanted = match one.file.as_str() {
            file if file == good.file => CopyState::Whole,
            file if file.ends_with("newer.db") => CopyState::Newer,
            _ => CopyState::Unreadable,
        };
        assert_eq!(one.state, wanted, "{}", one.file);
        assert_eq!(here.app.restore_backup(&one.file).await.is_ok(), wanted == CopyState::Whole, "{}", one.file);
    }
}

fn opened_again(world: &World, folder: &std::path::Path) -> App {
    let ports = Ports {
        http: Arc::new(InProcess(world.simulator.clone())),
        vault: Arc::new(TestVault::default()),
        clock: Arc::new(SystemClock),
        zone: Zone::parse("Europe/Berlin").expect("a zone"),
    };
    App::open(Home::find(Some(folder)).expect("a home"), ports).expect("opened")
}

#[tokio::test(start_paused = true)]
async fn a_database_that_is_gone_or_empty_comes_back_from_its_newest_copy() {
    for is_gone in [true, false] {
        let world = World::new();
        let here = on_disk(&world).await;
        here.add("Only here", "2026-12-03T09:00");
        here.good_sync().await;
        let Computer { app, folder, .. } = here;
        drop(app);
        for left in ["belfry.db", "belfry.db-wal", "belfry.db-shm"] {
            let _ = std::fs::remove_file(folder.path().join(left));
        }
        if !is_gone {
            std::fs::write(folder.path().join("belfry.db"), "").expect("written");
        }
        let app = opened_again(&world, folder.path());
        let titles: Vec<String> = app.reminder_documents(None).expect("reminders").into_iter().map(|one| one.title).collect();
        assert_eq!(titles, ["Only here"], "gone: {is_gone}");
        let said = app.status().expect("status").attention.expect("something to say");
        assert_eq!(said.code.name(), "database_restored");
        assert!(said.detail.contains("was not there any more"), "{}", said.detail);
    }
    // A new home is no lost one.
    let folder = tempfile::tempdir().expect("a folder");
    assert_eq!(opened_again(&World::new(), folder.path()).status().expect("status").attention, None);
}

/// A home with one reminder in Outlook, whose database is one file that nobody has open.
async fn synced_and_closed(world: &World) -> tempfile::TempDir {
    let here = on_disk(world).await;
    here.add("Rent", "2026-12-03T09:00");
    here.good_sync().await;
    let Computer { app, folder, .. } = here;
    drop(app);
    for left in ["belfry.db-wal", "belfry.db-shm"] {
        let _ = std::fs::remove_file(folder.path().join(left));
    }
    folder
}

#[tokio::test(start_paused = true)]
async fn a_damaged_database_is_set_aside_and_the_newest_whole_copy_takes_its_place() {
    let world = World::new();
    let folder = synced_and_closed(&world).await;
    let database = folder.path().join("belfry.db");
    std::fs::write(&database, "rubbish").expect("written");
    std::fs::write(folder.path().join("backups/2027-01-01T00-00-00-daily.db"), "rubbish too").expect("written");
    let app = opened_again(&world, folder.path());
    assert_eq!(app.config(), &Config::default());
    assert_eq!(app.reminder_documents(None).expect("reminders").len(), 1);
    assert_eq!(app.status().expect("status").attention.map(|problem| problem.code.name()), Some("database_restored"));
    let aside = std::fs::read_dir(folder.path())
        .expect("a folder")
        .flatten()
        .find(|one| one.file_name().to_string_lossy().starts_with("belfry-damaged"));
    assert_eq!(std::fs::read_to_string(aside.expect("set aside").path()).expect("read"), "rubbish");
}

#[tokio::test(start_paused = true)]
async fn damage_in_the_middle_of_a_database_is_mended_by_the_next_start() {
    let world = World::new();
    let folder = synced_and_closed(&world).await;
    let database = folder.path().join("belfry.db");
    let mut bytes = std::fs::read(&database).expect("read");
    bytes[4096..8192].fill(0x5a);
    std::fs::write(&database, bytes).expect("written");
    let listed =
        || std::process::Command::new(crate::bad_input::belfry()).arg("--home").arg(folder.path()).arg("ls").output().expect("run");
    let first = listed();
    let said = String::from_utf8_lossy(&first.stderr).into_owned();
    assert!(!first.status.success() && said.contains("Start Belfry again"), "{said}");
    let second = listed();
    assert!(second.status.success(), "{}", String::from_utf8_lossy(&second.stderr));
    assert!(String::from_utf8_lossy(&second.stdout).contains("Rent"), "{}", String::from_utf8_lossy(&second.stdout));
}
