//! A clock that somebody sets while Belfry runs.

use super::*;

/// What is waited for comes when it was meant to, although the clock of the wall says otherwise for hours.
#[tokio::test(start_paused = true)]
async fn a_clock_that_is_set_back_holds_nothing_up() {
    let clock = Set(Arc::new(std::sync::Mutex::new("2026-11-21T12:00:00Z".parse().expect("a time"))));
    let world = world_at(Arc::new(clock.clone()));
    let app = Rc::clone(&world.controller.app);
    let at = app.now() + chrono::Duration::minutes(5);
    let begun = tokio::time::Instant::now();
    let set_back = async {
        tokio::time::sleep(Duration::from_secs(60)).await;
        clock.to("2026-11-21T09:00:00Z");
    };
    let (came, ()) = tokio::join!(tokio::time::timeout(Duration::from_secs(3_600), until(&app, at)), set_back);
    assert!(came.is_ok());
    assert!(begun.elapsed() <= Duration::from_secs(301), "{:?}", begun.elapsed());
}

/// A sync may have been refused by the wrong clock: it is tried again at once.
#[tokio::test(start_paused = true)]
async fn a_clock_that_is_set_back_is_noticed() {
    tokio::task::LocalSet::new()
        .run_until(async {
            let clock = Set(Arc::new(std::sync::Mutex::new("2036-11-21T12:00:00Z".parse().expect("a time"))));
            let mut world = world_at(Arc::new(clock.clone()));
            world.controller.look_around();
            tokio::time::sleep(Duration::from_secs(6)).await;
            clock.to("2026-11-21T12:00:00Z");
            tokio::time::sleep(Duration::from_secs(6)).await;
            let mut seen = vec![];
            while let Ok(input) = world.inputs.try_recv() {
                seen.push(matches!(input, Input::Woke));
            }
            assert!(seen.contains(&true), "{seen:?}");
        })
        .await;
}

#[tokio::test]
async fn a_wrong_clock_is_told() {
    tokio::task::LocalSet::new()
        .run_until(async {
            let world = world();
            let wrong = || Problem::new(ProblemCode::ClockWrong, "The clock is wrong", "By ten years.", "Set it.");
            for _ in 0..2 {
                world.controller.handle(Input::Synced(Err(wrong())));
            }
            let notices = world.shell.notices.borrow();
            assert_eq!(notices.iter().map(|notice| notice.title.as_str()).collect::<Vec<_>>(), ["The clock is wrong"]);
        })
        .await;
}
