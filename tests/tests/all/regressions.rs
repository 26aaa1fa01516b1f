//! Accidents that were found by reading, each played out once.

use belfry_app::Leave;
use belfry_app::reminders::ReminderWish;
use belfry_core::Exit;
use belfry_simulator::{Fault, FaultAction};
use belfry_tests::{LIST, World};
use serde_json::json;

fn repeat(title: &str, at: &str, rule: &str) -> ReminderWish {
    ReminderWish {
        title: Some(title.into()),
        at: Some(at.into()),
        repeat: Some(rule.into()),
        list: Some(LIST.into()),
        ..Default::default()
    }
}

#[tokio::test(start_paused = true)]
async fn a_series_that_outlook_can_no_longer_hold_keeps_its_event_and_its_rule() {
    let world = World::new();
    let here = world.computer().await;
    let id = here.app.add_reminder(&repeat("Bins", "2026-12-01T19:30", "FREQ=WEEKLY")).expect("added").id.to_string();
    here.good_sync().await;
    here.edit(
        &id,
        &ReminderWish { repeat: Some("FREQ=HOURLY;INTERVAL=60".into()), at: Some("2026-12-29T19:30".into()), ..Default::default() },
    );
    let (document, exit) = here.sync().await;
    assert_eq!((exit, &document["problems"][0]["code"]), (Exit::Done, &json!("event_refused")));
    here.good_sync().await;
    assert_eq!(here.reminders()[0]["recurrence"], "FREQ=HOURLY;INTERVAL=60");
    assert_eq!(world.member("Bins", "recurrence")["pattern"]["type"], "weekly");
    world.edit_in_outlook("Bins", json!({"subject": "Paper bins"})).await;
    here.good_sync().await;
    assert_eq!(
        (&here.reminders()[0]["title"], &here.reminders()[0]["recurrence"]),
        (&json!("Paper bins"), &json!("FREQ=HOURLY;INTERVAL=60"))
    );
    here.edit(&id, &ReminderWish { repeat: Some("FREQ=WEEKLY".into()), ..Default::default() });
    here.good_sync().await;
    assert_eq!(here.reminders()[0]["state"], "synced");
    world.writes();
    here.good_sync().await;
    assert_eq!(world.writes(), 0);
}

#[tokio::test(start_paused = true)]
async fn moving_a_weekly_series_by_a_day_is_no_edit_of_outlooks() {
    let world = World::new();
    let here = world.computer().await;
    let id = here.app.add_reminder(&repeat("Bins", "2026-11-30T19:30", "FREQ=WEEKLY")).expect("added").id.to_string();
    here.good_sync().await;
    for day in ["2026-12-01T19:30", "2026-12-02T08:00", "2026-12-03T08:00"] {
        here.edit(&id, &ReminderWish { at: Some(day.into()), ..Default::default() });
        let counts = here.good_sync().await;
        assert_eq!((&counts["updated"], &counts["pulled"]), (&json!(1), &json!(0)), "{day}");
        assert_eq!(here.reminders()[0]["recurrence"], "FREQ=WEEKLY");
    }
}

#[tokio::test(start_paused = true)]
async fn an_edit_after_a_lost_answer_is_not_taken_back() {
    let world = World::new();
    let here = world.computer().await;
    let id = here.add("First", "2028-12-03T09:00");
    world.simulator.fail(Fault { method: "POST".into(), path: "/events".into(), skip: 0, times: 50, action: FaultAction::CutAfter });
    assert_eq!(here.sync().await.1, Exit::Later);
    world.simulator.mend();
    here.edit(&id, &ReminderWish { title: Some("Second".into()), ..Default::default() });
    here.good_sync().await;
    here.good_sync().await;
    assert_eq!((world.subjects(), here.titles()), (vec!["Second".to_owned()], vec![("Second".to_owned(), "synced".to_owned())]));
}

#[tokio::test(start_paused = true)]
async fn what_was_moved_away_and_removed_here_stays_where_the_person_put_it() {
    let world = World::new();
    let here = world.computer().await;
    let id = here.add("Rent", "2026-12-03T09:00");
    here.good_sync().await;
    world.move_in_outlook("Rent");
    here.good_sync().await;
    here.app.remove_reminder(&id).expect("removed");
    world.writes();
    for _ in 0..3 {
        here.good_sync().await;
    }
    assert_eq!((world.writes(), world.subjects(), here.titles().len()), (0, vec!["Rent".to_owned()], 0));
}

#[tokio::test(start_paused = true)]
async fn an_edit_between_pull_and_delete_wins() {
    let world = World::new();
    let here = world.computer().await;
    let id = here.add("Rent", "2026-12-03T09:00");
    here.good_sync().await;
    here.app.remove_reminder(&id).expect("removed");
    let refused = json!({"error": {"code": "ErrorIrresolvableConflict", "message": "changed"}}).to_string();
    world.simulator.fail(Fault {
        method: "DELETE".into(),
        path: "/events".into(),
        skip: 0,
        times: 1,
        action: FaultAction::Answer { status: 412, headers: vec![], body: refused },
    });
    // The change feed has not seen this edit yet when the delete leaves.
    let event = world.event_id("Rent");
    world.simulator.with_world(|w| {
        for mailbox in w.mailboxes.values_mut() {
            if let Some(edited) = mailbox.events.get_mut(&event) {
                edited.members.insert("subject".into(), json!("Rent, raised"));
            }
        }
    });
    here.good_sync().await;
    assert_eq!(
        (world.subjects(), here.titles()),
        (vec!["Rent, raised".to_owned()], vec![("Rent, raised".to_owned(), "synced".to_owned())])
    );
}

#[tokio::test(start_paused = true)]
async fn a_list_that_left_can_come_back_under_its_name() {
    let world = World::new();
    let here = world.computer().await;
    here.add("Rent", "2026-12-03T09:00");
    here.good_sync().await;
    here.app.remove_list(LIST, Some(Leave::DeleteEvents)).await.expect("removed");
    let keep = belfry_app::lists::Keep::In { account: None, calendar: None };
    here.app.add_list(LIST, &keep).await.expect("added");
    here.add("Rent", "2026-12-03T09:00");
    assert_eq!(here.good_sync().await["created"], 1);
}
