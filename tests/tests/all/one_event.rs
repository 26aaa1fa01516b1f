//! One event that Outlook does not show, or does not take: it waits or is refused, says so by name, and the rest goes on.

use belfry_app::reminders::ReminderWish;
use belfry_core::Exit;
use belfry_simulator::{Fault, FaultAction};
use belfry_tests::{Computer, World, encode};
use serde_json::{Value, json};

const DENIED: (u16, &str) = (403, "ErrorAccessDenied");
const FAULT: (u16, &str) = (500, "ErrorInternalServerError");

/// From now on this event meets this answer: by itself, where the path is encoded, and in a batch.
pub fn fail(world: &World, method: &str, id: &str, answer: (u16, &str)) {
    fail_below(world, method, id, "", answer);
}

/// The same of something below the event.
fn fail_below(world: &World, method: &str, id: &str, below: &str, (status, code): (u16, &str)) {
    let body = json!({"error": {"code": code, "message": "scripted"}}).to_string();
    for path in std::collections::BTreeSet::from([format!("events/{id}{below}"), format!("events/{}{below}", encode(id))]) {
        let action = FaultAction::Answer { status, headers: vec![], body: body.clone() };
        world.simulator.fail(Fault { method: method.into(), path, skip: 0, times: 0, action });
    }
}

fn rename(here: &Computer, title: &str, to: &str) {
    here.edit(&here.id_of(title), &ReminderWish { title: Some(to.into()), ..Default::default() });
}

pub fn codes(document: &Value) -> Vec<&str> {
    document["problems"].as_array().expect("problems").iter().filter_map(|problem| problem["code"].as_str()).collect()
}

fn says(document: &Value, what: &str) -> bool {
    document["problems"].to_string().contains(what)
}

pub fn state(here: &Computer, title: &str) -> String {
    here.titles().into_iter().find(|(known, _)| known == title).expect("known").1
}

/// Seven reminders that are in Outlook.
pub async fn settled(world: &World) -> Computer {
    let here = world.computer().await;
    for title in ["Bins", "Dog", "Milk", "Post", "Rent", "Tax", "Tea"] {
        here.add(title, "2026-12-03T09:00");
    }
    here.good_sync().await;
    here.good_sync().await;
    here
}

#[tokio::test(start_paused = true)]
async fn somebody_elses_event_that_cannot_be_read_stops_nothing() {
    for answer in [DENIED, FAULT, (504, "")] {
        let world = World::new();
        let here = settled(&world).await;
        let calendars = world.outlook("GET", "calendars", &json!(null)).await;
        let calendar = calendars["value"].as_array().and_then(|all| all.iter().find(|one| one["name"] == "Belfry")).expect("a calendar");
        let path = format!("calendars/{}/events", encode(calendar["id"].as_str().expect("an id")));
        let when = |hour: &str| json!({"dateTime": format!("2026-12-04T{hour}:00:00"), "timeZone": "UTC"});
        world.outlook("POST", &path, &json!({"subject": "Theirs", "start": when("09"), "end": when("10")})).await;
        let id = world.event_id("Theirs");
        fail(&world, "GET", &id, answer);
        for round in 0..3 {
            here.add(&format!("New {round}"), "2026-12-05T09:00");
            world.edit_in_outlook("Dog", json!({"body": {"contentType": "text", "content": format!("Walk {round}")}})).await;
            let begun = tokio::time::Instant::now();
            let (document, exit) = here.sync().await;
            assert_eq!((exit, codes(&document)), (Exit::Done, vec!["event_waits"]), "{round} {document:#}");
            assert!(says(&document, &id), "{document:#}");
            assert_eq!(document["accounts"][0]["state"], "ready");
            assert_eq!(
                (&document["accounts"][0]["calendars"][0]["created"], &document["accounts"][0]["calendars"][0]["pulled"]),
                (&json!(1), &json!(1))
            );
            assert!(round == 0 || begun.elapsed().as_secs() < 5, "what failed before is not waited for: {:?}", begun.elapsed());
        }
        world.simulator.mend();
        here.good_sync().await;
        assert!(world.subjects().contains(&"Theirs".to_owned()));
        assert_eq!(codes(&here.sync().await.0), Vec::<&str>::new());
    }
}

/// What the status says of the last sync.
fn last_why(here: &Computer) -> Option<String> {
    here.app.status().expect("a status").last_run?.why
}

#[tokio::test(start_paused = true)]
async fn an_event_of_ours_that_cannot_be_read_waits_with_its_reminder() {
    for answer in [DENIED, FAULT] {
        let world = World::new();
        let here = settled(&world).await;
        fail(&world, "GET", &world.event_id("Rent"), answer);
        world.edit_in_outlook("Rent", json!({"body": {"contentType": "text", "content": "Due"}})).await;
        world.edit_in_outlook("Dog", json!({"subject": "Cat"})).await;
        rename(&here, "Rent", "Lease");
        rename(&here, "Tax", "Taxes");
        for round in 0..3 {
            let (document, exit) = here.sync().await;
            assert_eq!((exit, codes(&document)), (Exit::Done, vec!["event_waits"]), "{round} {document:#}");
            assert!(says(&document, "Lease"), "{document:#}");
            assert!(last_why(&here).is_some_and(|why| why.contains("Lease")), "also the status says so, until a sync was shown it");
            assert_eq!((state(&here, "Cat"), state(&here, "Taxes")), ("synced".into(), "synced".into()));
            assert!(world.subjects().contains(&"Rent".to_owned()), "nothing was decided about it");
        }
        world.simulator.mend();
        here.good_sync().await;
        assert!(world.subjects().contains(&"Lease".to_owned()));
        assert_eq!(last_why(&here), None);
        assert_eq!(world.subjects().len(), 7);
    }
}

/// A listing that leaves it out, and a server that does not say where it is: that is no removal.
#[tokio::test(start_paused = true)]
async fn an_event_that_nobody_says_where_it_is_is_not_dismissed() {
    let world = World::new();
    let here = settled(&world).await;
    let id = world.event_id("Rent");
    fail_below(&world, "GET", &id, "/calendar", DENIED);
    world.delete_in_outlook("Rent").await;
    let (document, exit) = here.sync().await;
    assert_eq!((exit, codes(&document), state(&here, "Rent")), (Exit::Done, vec!["event_waits"], "synced".into()), "{document:#}");
    world.simulator.mend();
    here.good_sync().await;
    assert_eq!(state(&here, "Rent"), "dismissed");
}

/// A series that the list shows and that cannot be read: a computer that knows nothing yet neither makes it again nor takes it for nobody's.
#[tokio::test(start_paused = true)]
async fn a_series_that_cannot_be_read_is_adopted_later() {
    let world = World::new();
    let here = world.computer().await;
    here.add("Dog", "2026-12-03T09:00");
    let wish = ReminderWish { repeat: Some("FREQ=WEEKLY".into()), ..Default::default() };
    here.add("Bins", "2026-12-03T09:00");
    here.edit(&here.id_of("Bins"), &wish);
    here.good_sync().await;
    let there = world.computer().await;
    fail(&world, "GET", &world.event_id("Bins"), FAULT);
    for _ in 0..2 {
        let (document, exit) = there.sync().await;
        assert_eq!((exit, codes(&document)), (Exit::Done, vec!["event_waits"]), "{document:#}");
        assert_eq!(there.titles(), [("Dog".into(), "synced".into())]);
    }
    world.simulator.mend();
    there.good_sync().await;
    assert_eq!(there.titles(), [("Bins".into(), "synced".into()), ("Dog".into(), "synced".into())]);
    assert_eq!(world.subjects().len(), 2);
}

/// When no event at all can be read it is the server.
#[tokio::test(start_paused = true)]
async fn when_no_event_can_be_read_the_run_ends() {
    let world = World::new();
    let here = settled(&world).await;
    for title in ["Bins", "Dog", "Milk", "Post"] {
        fail(&world, "GET", &world.event_id(title), FAULT);
        world.edit_in_outlook(title, json!({"body": {"contentType": "text", "content": "Edited"}})).await;
    }
    let (document, exit) = here.sync().await;
    assert_eq!((exit, codes(&document)), (Exit::Later, vec!["throttled"]), "{document:#}");
    // What they are is known now, and the rest goes on all the same.
    here.add("New", "2026-12-05T09:00");
    let (document, exit) = here.sync().await;
    assert_eq!((exit, codes(&document)), (Exit::Done, vec!["event_waits"]), "{document:#}");
    assert!(says(&document, "4 events"), "{document:#}");
    world.simulator.mend();
    assert_eq!(here.good_sync().await["pulled"], json!(4));
}

#[tokio::test(start_paused = true)]
async fn an_event_that_may_not_be_written_is_refused_by_itself() {
    for alone in [false, true] {
        let world = World::new();
        let here = settled(&world).await;
        fail(&world, "PATCH", &world.event_id("Rent"), DENIED);
        rename(&here, "Rent", "Lease");
        if !alone {
            rename(&here, "Tax", "Taxes");
        }
        let (document, exit) = here.sync().await;
        assert_eq!((exit, codes(&document)), (Exit::Done, vec!["event_refused"]), "{document:#}");
        assert!(says(&document, "Lease") && says(&document, DENIED.1), "{document:#}");
        assert_eq!(state(&here, "Lease"), "refused");
        rename(&here, "Dog", "Cat");
        here.good_sync().await;
        assert_eq!(state(&here, "Cat"), "synced");
        world.simulator.mend();
        here.app.restore_reminder(&here.id_of("Lease")).expect("tried again");
        here.good_sync().await;
        assert!(world.subjects().contains(&"Lease".to_owned()));
    }
}

#[tokio::test(start_paused = true)]
async fn a_calendar_that_takes_nothing_is_read_only_whatever_it_says() {
    let world = World::new();
    let here = settled(&world).await;
    for title in ["Bins", "Dog", "Milk", "Post"] {
        fail(&world, "PATCH", &world.event_id(title), DENIED);
        rename(&here, title, &format!("{title} too"));
    }
    let (document, exit) = here.sync().await;
    assert_eq!((exit, codes(&document)), (Exit::Failed, vec!["calendar_read_only"]), "{document:#}");
    assert!(here.titles().iter().all(|(_, state)| state != "refused"), "{:?}", here.titles());
    world.simulator.mend();
    assert_eq!(here.good_sync().await["updated"], json!(4));
}

/// 45 edits, one of which meets a lasting fault, and single dates of a series.
#[tokio::test(start_paused = true)]
async fn an_event_that_meets_a_fault_holds_up_no_other() {
    let world = World::new();
    let here = world.computer().await;
    for index in 0..45 {
        here.add(&format!("Item {index:02}"), "2026-12-03T09:00");
    }
    here.add("Bins", "2026-12-03T09:00");
    here.edit(&here.id_of("Bins"), &ReminderWish { repeat: Some("FREQ=WEEKLY".into()), ..Default::default() });
    here.good_sync().await;
    for round in 0..2 {
        fail(&world, "PATCH", &world.event_id("Item 07"), FAULT);
        for index in (0..45).filter(|index| round == 0 || *index % 9 == 0) {
            here.edit(
                &here.id_of(&format!("Item {index:02}")),
                &ReminderWish { notes: Some(format!("Round {round}")), ..Default::default() },
            );
        }
        if round == 0 {
            here.app.change_date(&here.id_of("Bins"), "2026-12-10", &belfry_app::occurrences::DateChange::Cancel).expect("cancelled");
        }
        let (document, exit) = here.sync().await;
        assert_eq!((exit, codes(&document)), (Exit::Done, vec!["event_waits"]), "{document:#}");
        assert!(says(&document, "Item 07"), "{document:#}");
        assert!(here.titles().iter().all(|(title, state)| (state == "synced") == (title != "Item 07")), "{:?}", here.titles());
    }
    world.simulator.mend();
    assert_eq!(here.good_sync().await["updated"], json!(1));
}

#[tokio::test(start_paused = true)]
async fn a_server_that_writes_nothing_is_left_alone() {
    let world = World::new();
    let here = settled(&world).await;
    for title in ["Bins", "Dog", "Milk", "Post"] {
        fail(&world, "PATCH", &world.event_id(title), FAULT);
        rename(&here, title, &format!("{title} too"));
    }
    let (document, exit) = here.sync().await;
    assert_eq!((exit, codes(&document)), (Exit::Later, vec!["throttled"]), "{document:#}");
    world.simulator.mend();
    assert_eq!(here.good_sync().await["updated"], json!(4));
}

/// Shown by itself, and not with its dates; or gone with a code that elsewhere is about the change feed: it waits, and nothing else does.
#[tokio::test(start_paused = true)]
async fn a_series_whose_dates_are_not_found_and_an_event_that_is_gone_wait_alone() {
    for (below, answer) in [("?$select", (404, "ErrorItemNotFound")), ("", (410, "ErrorGone"))] {
        let world = World::new();
        let here = settled(&world).await;
        here.edit(&here.id_of("Bins"), &ReminderWish { repeat: Some("FREQ=WEEKLY".into()), ..Default::default() });
        here.good_sync().await;
        here.good_sync().await;
        fail_below(&world, "GET", &world.event_id("Bins"), below, answer);
        world.edit_in_outlook("Bins", json!({"body": {"contentType": "text", "content": "Out by seven"}})).await;
        for round in 0..3 {
            here.add(&format!("New {round}"), "2026-12-05T09:00");
            let (document, exit) = here.sync().await;
            assert_eq!(exit, Exit::Done, "{below} {round} {document:#}");
            assert_eq!(document["accounts"][0]["calendars"][0]["created"], json!(1), "{below} {round} {document:#}");
            assert!(round == 0 || codes(&document) == ["event_waits"], "{below} {round} {document:#}");
        }
        world.simulator.mend();
        here.good_sync().await;
        assert_eq!(here.app.reminder(&here.id_of("Bins")).expect("there").notes, "Out by seven");
    }
}

/// A page that names itself as the next one would be asked for until somebody ends the program.
#[tokio::test(start_paused = true)]
async fn pages_that_never_end_are_not_followed() {
    for path in ["delta", "/events?", "calendars?"] {
        let world = World::new();
        let here = settled(&world).await;
        let root = here.app.account(None).expect("an account").cloud.graph;
        let next = format!("{root}/v1.0/me/pages?$skiptoken=again");
        let body = json!({"value": [], "@odata.nextLink": next}).to_string();
        for path in [path, "me/pages"] {
            let action =
                FaultAction::Answer { status: 200, headers: vec![("content-type".into(), "application/json".into())], body: body.clone() };
            world.simulator.fail(Fault { method: "GET".into(), path: path.into(), skip: 0, times: 0, action });
        }
        world.clock.pass(chrono::Duration::hours(25));
        let (document, exit) = here.sync().await;
        assert_eq!((exit, codes(&document)), (Exit::Later, vec!["unexpected_reply"]), "{path} {document:#}");
        assert_eq!(here.titles().len(), 7, "and nothing of it is believed");
        world.simulator.mend();
        here.good_sync().await;
    }
}

/// What reached Outlook before that is in the log, and can be taken back.
#[tokio::test(start_paused = true)]
async fn dates_that_were_written_before_the_mailbox_was_full_are_in_the_log() {
    let world = World::new();
    let here = world.computer().await;
    let id = here.add("Bins", "2026-12-03T09:00");
    here.edit(&id, &ReminderWish { repeat: Some("FREQ=WEEKLY".into()), ..Default::default() });
    here.good_sync().await;
    here.good_sync().await;
    for day in ["2026-12-10", "2026-12-17", "2026-12-24"] {
        let wish = ReminderWish { title: Some(format!("Bins, {day}")), ..Default::default() };
        here.app.change_date(&id, day, &belfry_app::occurrences::DateChange::Edit(Box::new(wish))).expect("changed");
    }
    let body = json!({"error": {"code": "ErrorQuotaExceeded", "message": "scripted"}}).to_string();
    let action = FaultAction::Answer { status: 507, headers: vec![], body };
    world.simulator.fail(Fault { method: "PATCH".into(), path: "/events".into(), skip: 1, times: 0, action });
    let (document, exit) = here.sync().await;
    assert_eq!((exit, codes(&document)), (Exit::Person, vec!["mailbox_unavailable"]), "{document:#}");
    let (_, history) = here.app.reminder_document(&id).expect("there");
    let newest = serde_json::to_string(history.first().expect("an entry")).expect("text");
    assert!(newest.contains("2026-12-10"), "{newest}");
    world.simulator.mend();
    here.good_sync().await;
    here.good_sync().await;
    let written = world.simulator.with_world(|world| {
        let events = world.mailboxes.values().flat_map(|mailbox| mailbox.events.values());
        events.map(|event| event.series.exceptions.len()).sum::<usize>()
    });
    assert_eq!(written, 3);
}

/// Only what was edited travels.
#[tokio::test(start_paused = true)]
async fn a_title_that_was_written_in_outlook_stays_as_it_was_written_there() {
    let world = World::new();
    let here = settled(&world).await;
    world.edit_in_outlook("Dog", json!({"subject": "Dog  and  cat "})).await;
    here.good_sync().await;
    let title = here.titles().into_iter().map(|(title, _)| title).find(|title| title.starts_with("Dog")).expect("there");
    here.edit(&here.id_of(&title), &ReminderWish { notes: Some("Walk".into()), ..Default::default() });
    here.good_sync().await;
    assert!(world.subjects().contains(&"Dog  and  cat ".to_owned()), "{:?}", world.subjects());
}
