//! The process that had a window makes way for one that has none.

use super::*;

/// A world whose shell waits a minute, its loop running beside; ends with what was carried.
fn begun(
    world: World,
    before: Option<Carried>,
) -> (Rc<Remembering>, Rc<Controller>, tokio::task::JoinHandle<Option<Carried>>, tempfile::TempDir) {
    let World { controller, shell, mut inputs, _folder: folder } = world;
    shell.patience.set(Some(Duration::from_secs(60)));
    let running = Rc::clone(&controller);
    let ended = tokio::task::spawn_local(async move { running.run_after(before, &mut inputs).await });
    (shell, controller, ended, folder)
}

async fn seconds(count: u64) {
    tokio::time::sleep(Duration::from_secs(count)).await;
}

#[tokio::test(start_paused = true)]
async fn what_was_typed_last_is_handed_over_before_it_quits() {
    tokio::task::LocalSet::new()
        .run_until(async {
            let world = world();
            ask(&world, Command::Quit).await.expect("asked");
            assert_eq!(*world.shell.ended.borrow(), ["hand over"]);
            seconds(1).await;
            assert_eq!(*world.shell.ended.borrow(), ["hand over", "quit"]);
        })
        .await;
}

#[tokio::test(start_paused = true)]
async fn a_window_that_stays_closed_makes_way_and_what_came_last_is_carried() {
    let tasks = tokio::task::LocalSet::new();
    tasks
        .run_until(async {
            let (shell, controller, ended, _folder) = begun(world(), None);
            let inputs = controller.inputs.clone();
            let send = |input| inputs.send(input).expect("a listener");
            seconds(1).await;
            send(Input::WindowClosed);
            seconds(59).await;
            assert_eq!(shell.stood_down.get(), 0, "not yet");
            send(Input::Tray(TrayAction::Open));
            seconds(120).await;
            assert_eq!((shell.stood_down.get(), ended.is_finished()), (0, false), "the window is there again");
            shell.waited_for.set(true);
            send(Input::WindowClosed);
            seconds(90).await;
            assert_eq!(shell.stood_down.get(), 0, "a notification waits for its answer");
            shell.waited_for.set(false);
            while shell.stood_down.get() == 0 {
                tokio::time::sleep(Duration::from_millis(50)).await;
            }
            send(Input::Started(Some(Errand::NewReminder)));
            let carried = ended.await.expect("an end").expect("something is carried");
            let due = controller.schedule.borrow().due();
            assert!(due.is_some());

            // The next process waits for the same, syncs nothing by itself, and does what was asked of the one before.
            let (shell, controller, _ended, _folder) = begun(world(), Carried::of(&carried.to_text()));
            seconds(1).await;
            assert!(!controller.running.get());
            assert_eq!(controller.schedule.borrow().due(), due);
            assert_eq!((shell.windows.get(), controller.errand.borrow().clone()), (1, Some(Errand::NewReminder)));
        })
        .await;
}

#[tokio::test(start_paused = true)]
async fn what_is_under_way_is_waited_for_and_where_it_cannot_be_nothing_happens() {
    let tasks = tokio::task::LocalSet::new();
    tasks
        .run_until(async {
            let (shell, controller, ended, _folder) = begun(world(), None);
            seconds(1).await;
            let asking = controller.busy.begin();
            controller.inputs.send(Input::WindowClosed).expect("a listener");
            seconds(200).await;
            assert_eq!(shell.stood_down.get(), 0, "the network is asked");
            drop(asking);
            seconds(11).await;
            assert!(ended.is_finished());

            let (shell, controller, ended, _folder) = begun(world(), None);
            shell.patience.set(None);
            controller.inputs.send(Input::WindowClosed).expect("a listener");
            seconds(600).await;
            assert!(!ended.is_finished(), "a shell that cannot begin anew stays");
            ended.abort();
        })
        .await;
}

#[tokio::test(start_paused = true)]
async fn what_was_told_is_not_told_again_and_what_others_wrote_is_synced() {
    let tasks = tokio::task::LocalSet::new();
    tasks
        .run_until(async {
            let trouble = || Problem::new(ProblemCode::CalendarVanished, "A calendar is gone", "Belfry is gone.", "Choose another one.");
            let before = world();
            before.controller.handle(Input::Synced(Err(trouble())));
            assert_eq!(before.shell.notices.borrow().len(), 1);
            let (_, mut inputs) = tokio::sync::mpsc::unbounded_channel();
            let carried = before.controller.last_words(&mut inputs).await;

            let after = world();
            assert!(after.controller.begin(Some(carried.clone())).is_empty());
            after.controller.handle(Input::Synced(Err(trouble())));
            assert!(after.shell.notices.borrow().is_empty(), "told once");

            let other = world();
            other.controller.app.add_words("Tea tomorrow 9am", None).expect("added");
            other.controller.begin(Some(carried));
            let due = other.controller.schedule.borrow().due().expect("a time");
            assert!(due <= other.controller.app.now() + chrono::Duration::seconds(2), "what was written in between is synced before long");
        })
        .await;
}
