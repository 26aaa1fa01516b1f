//! Copies of the first day, and what is said of going back to one.

use super::*;

#[tokio::test]
async fn a_copy_of_the_first_day_is_followed_by_one_with_something_in_it() {
    let tasks = tokio::task::LocalSet::new();
    tasks
        .run_until(async {
            let clock = Set(Arc::new(std::sync::Mutex::new("2026-11-21T12:00:00Z".parse().expect("a time"))));
            let world = world_at(Arc::new(clock.clone()));
            let app = &world.controller.app;
            app.back_up_daily();
            clock.to("2026-11-21T12:05:00Z");
            app.back_up_daily();
            assert_eq!(app.backups().await.len(), 1, "nothing is there yet");
            ask(&world, Command::Add("Tea tomorrow 9am".into(), None)).await.expect("added");
            connect(&world);
            keep_in_outlook(&world);
            app.back_up_daily();
            clock.to("2026-11-21T12:10:00Z");
            app.back_up_daily();
            let all = app.backups().await;
            assert_eq!(all.len(), 2, "{all:?}");
            let restored = || app.restored().expect("read").expect("a problem");
            app.restore_backup(&all[1].file).await.expect("restored");
            assert_eq!(restored().detail, "Everything here is as in the copy of 21 November 2026 at 12:00.");
            assert!(restored().action.contains("No list of it is kept in Outlook"), "{}", restored().action);
            app.restore_backup(&all[0].file).await.expect("restored");
            assert_eq!(restored().detail, "Everything here is as in the copy of 21 November 2026 at 12:05.");
            assert!(restored().action.contains("comes back by itself"), "{}", restored().action);
        })
        .await;
}
