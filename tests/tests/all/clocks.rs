//! A clock that was wrong for a while: nothing of that time stands in the way afterwards.

use belfry_app::reminders::ReminderWish;
use belfry_app::{App, Home, Ports};
use belfry_core::{Exit, ProblemCode, Zone};
use belfry_tests::{Computer, InProcess, LIST, TestVault, World};
use chrono::Duration;
use std::sync::Arc;

use super::backups::on_disk;

const YEARS: Duration = Duration::days(3_650);

/// A sync by a clock that is ten years fast: it stops, and says why.
async fn sync_in_years(here: &Computer) {
    here.off.set(YEARS);
    let (document, exit) = here.sync().await;
    assert_eq!((exit, document["problems"][0]["code"].as_str()), (Exit::Failed, Some("clock_wrong")), "{document:#}");
    assert_eq!(
        here.app.status().expect("a status").attention.map(|problem| problem.code).filter(|code| *code == ProblemCode::SyncOverdue),
        None,
        "how long ago the last good sync was nobody knows"
    );
    here.off.set(Duration::zero());
}

#[tokio::test(start_paused = true)]
async fn no_copy_of_the_future_stands_before_what_came_after_it() {
    let world = World::new();
    let here = on_disk(&world).await;
    here.add("Rent", "2026-12-03T09:00");
    here.good_sync().await;
    sync_in_years(&here).await;
    let copies = here.app.backups().await;
    assert!(copies.iter().all(|copy| !copy.file.contains("2036")), "{copies:?}");
    // Made by hand, or by an older release.
    here.off.set(YEARS);
    here.app.back_up().expect("a copy");
    here.off.set(Duration::zero());
    here.add("Only here", "2026-12-04T09:00");
    world.clock.pass(Duration::hours(25));
    here.good_sync().await;
    let Computer { app, folder, .. } = here;
    drop(app);
    for left in ["belfry.db", "belfry.db-wal", "belfry.db-shm"] {
        let _ = std::fs::remove_file(folder.path().join(left));
    }
    let ports = Ports {
        http: Arc::new(InProcess(world.simulator.clone())),
        vault: Arc::new(TestVault::default()),
        clock: Arc::new(world.clock.clone()),
        zone: Zone::UTC,
    };
    let app = App::open(Home::find(Some(folder.path())).expect("a home"), ports).expect("opened");
    let titles: Vec<String> = app.reminders(None).expect("read").into_iter().map(|row| row.reminder.title).collect();
    assert!(titles.contains(&"Only here".to_owned()), "{titles:?}");
}

#[tokio::test(start_paused = true)]
async fn the_log_of_a_home_without_an_account_outlives_it() {
    let world = World::new();
    let here = world.computer_of(&[], &[]).await;
    here.app.add_list(LIST, &belfry_app::lists::Keep::Here).await.expect("a list");
    let id = here.add("Rent", "2026-12-03T09:00");
    here.app.remove_reminder(&id).expect("removed");
    let said = || here.app.history_of_gone(&id).expect("read").map_or(0, |entries| entries.len());
    let kept = said();
    assert!(kept > 0);
    here.off.set(YEARS);
    assert_eq!(here.sync().await.1, Exit::Done);
    here.off.set(Duration::zero());
    assert_eq!(said(), kept, "nobody has said that the clock is right");
}

/// The change feed is opened anew: one of a time to come tells of nothing.
#[tokio::test(start_paused = true)]
async fn what_happens_near_now_is_seen_at_once_afterwards() {
    let world = World::new();
    let (here, there) = (world.computer().await, world.computer().await);
    here.good_sync().await;
    sync_in_years(&here).await;
    here.good_sync().await;
    there.add("Near", "2026-12-02T09:00");
    there.good_sync().await;
    world.clock.pass(Duration::minutes(5));
    here.good_sync().await;
    assert_eq!(here.titles(), [("Near".into(), "synced".into())]);
}

/// Nobody knows when that was: what another computer wrote is kept, and what was said here is in the log.
#[tokio::test(start_paused = true)]
async fn an_edit_of_the_future_does_not_win_for_that() {
    let world = World::new();
    let (here, there) = (world.computer().await, world.computer().await);
    let id = here.add("Rent", "2026-12-03T09:00");
    here.good_sync().await;
    there.good_sync().await;
    let title = |title: &str| ReminderWish { title: Some(title.into()), ..Default::default() };
    here.off.set(YEARS);
    here.edit(&id, &title("Said first"));
    here.off.set(Duration::zero());
    world.clock.pass(Duration::minutes(5));
    there.edit(&id, &title("Said last"));
    there.good_sync().await;
    world.clock.pass(Duration::minutes(5));
    let counts = here.good_sync().await;
    assert_eq!((world.subjects(), &counts["conflicts"]), (vec!["Said last".to_owned()], &serde_json::json!(1)));
    let (_, history) = here.app.reminder_document(&id).expect("a reminder");
    assert!(serde_json::to_string(&history).expect("text").contains("Said first"));
}
