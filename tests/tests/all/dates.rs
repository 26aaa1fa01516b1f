//! Single dates of a series, and series that Outlook cannot hold: both ways, on two computers.

use belfry_app::lists::Keep;
use belfry_app::occurrences::DateChange;
use belfry_app::reminders::ReminderWish;
use belfry_simulator::{Fault, FaultAction};
use belfry_tests::{Computer, LIST, World, encode};
use serde_json::{Value, json};

/// Mondays at nine in Berlin, from 7 December 2026; the clock there changes in March.
pub fn weekly(here: &Computer) -> String {
    series(here, "Bins", "2026-12-07T09:00", "FREQ=WEEKLY;BYDAY=MO")
}

fn series(here: &Computer, title: &str, at: &str, rule: &str) -> String {
    let wish = ReminderWish {
        title: Some(title.into()),
        at: Some(at.into()),
        zone: Some("Europe/Berlin".into()),
        repeat: Some(rule.into()),
        list: Some(LIST.into()),
        ..ReminderWish::default()
    };
    here.app.add_reminder(&wish).expect("added").id.to_string()
}

/// Titles and starts of the dates of December and January, as Outlook shows them.
pub async fn shown(world: &World) -> Vec<(String, String)> {
    let text = |row: &Value, path: &str| row.pointer(path).and_then(Value::as_str).unwrap_or_default().to_owned();
    let calendars = world.outlook("GET", "calendars?$top=50", &Value::Null).await;
    let belfry = calendars["value"].as_array().expect("calendars").iter().find(|one| one["name"] == "Belfry").expect("the calendar");
    let window = "startDateTime=2026-12-01T00:00:00Z&endDateTime=2027-01-31T00:00:00Z&$top=100";
    let path = format!("calendars/{}/calendarView?{window}", encode(belfry["id"].as_str().expect("an id")));
    let rows = world.outlook("GET", &path, &Value::Null).await["value"].as_array().cloned().unwrap_or_default();
    rows.iter().map(|row| (text(row, "/start/dateTime").chars().take(16).collect(), text(row, "/subject"))).collect()
}

pub fn rows<const N: usize>(rows: [(&str, &str); N]) -> Vec<(String, String)> {
    rows.map(|(start, title)| (start.to_owned(), title.to_owned())).to_vec()
}

/// The event of one date, by the UTC day that it starts on.
async fn date(world: &World, title: &str, day: &str) -> String {
    let master = world.event_id(title);
    let path = format!("events/{}/instances?startDateTime={day}T00:00:00Z&endDateTime={day}T23:59:00Z", encode(&master));
    let found = world.outlook("GET", &path, &Value::Null).await;
    found["value"][0]["id"].as_str().unwrap_or_else(|| panic!("no date on {day}: {found}")).to_owned()
}

async fn change_date(world: &World, title: &str, day: &str, change: Value) {
    let id = date(world, title, day).await;
    world.outlook("PATCH", &format!("events/{}", encode(&id)), &change).await;
}

pub async fn cancel_date(world: &World, title: &str, day: &str) {
    let id = date(world, title, day).await;
    world.outlook("DELETE", &format!("events/{}", encode(&id)), &Value::Null).await;
}

fn change(here: &Computer, id: &str, day: &str, wish: ReminderWish) {
    here.app.change_date(id, day, &DateChange::Edit(Box::new(wish))).expect("changed");
}

pub fn cancel(here: &Computer, id: &str, day: &str) {
    here.app.change_date(id, day, &DateChange::Cancel).expect("cancelled");
}

fn at(at: &str) -> ReminderWish {
    ReminderWish { at: Some(at.into()), ..ReminderWish::default() }
}

pub fn titled(title: &str) -> ReminderWish {
    ReminderWish { title: Some(title.into()), ..ReminderWish::default() }
}

fn event_starting(world: &World, day: &str) -> String {
    world.simulator.with_world(|world| {
        let events = world.mailboxes.values().flat_map(|mailbox| mailbox.events.values());
        events.filter(|event| event.start.date().to_string() == day).map(|event| event.id.clone()).next().expect("an event")
    })
}

/// A further sync changes nothing in the mailbox; what it reads again is its own echo.
pub async fn quiet(world: &World, computers: &[&Computer]) {
    let changes = || world.simulator.with_world(|world| world.mailboxes.values().map(|mailbox| mailbox.change).sum::<u64>());
    let before = changes();
    for here in computers {
        here.good_sync().await;
        here.good_sync().await;
    }
    assert_eq!(changes(), before);
}

#[tokio::test(start_paused = true)]
async fn changed_and_cancelled_dates_go_to_outlook_and_come_back_on_another_computer() {
    let world = World::new();
    let here = world.computer().await;
    let id = weekly(&here);
    cancel(&here, &id, "2026-12-21");
    change(&here, &id, "2026-12-28", ReminderWish { title: Some("Bins, early".into()), ..at("2026-12-28T07:30") });
    here.good_sync().await;
    let wanted = rows([
        ("2026-12-07T08:00", "Bins"),
        ("2026-12-14T08:00", "Bins"),
        ("2026-12-28T06:30", "Bins, early"),
        ("2027-01-04T08:00", "Bins"),
        ("2027-01-11T08:00", "Bins"),
        ("2027-01-18T08:00", "Bins"),
        ("2027-01-25T08:00", "Bins"),
    ]);
    assert_eq!(shown(&world).await, wanted);
    let there = world.computer().await;
    there.good_sync().await;
    let of = |computer: &Computer| computer.app.reminder(&id).expect("a reminder").recurrence.expect("a series");
    assert_eq!(of(&there).cancelled.len(), 1);
    assert_eq!(of(&there).changed.values().next(), of(&here).changed.values().next());
    quiet(&world, &[&here, &there]).await;
    assert_eq!(shown(&world).await, wanted);
}

#[tokio::test(start_paused = true)]
async fn edits_of_dates_in_outlook_come_back_and_merge_with_those_made_here() {
    let world = World::new();
    let here = world.computer().await;
    let id = weekly(&here);
    here.good_sync().await;
    change_date(&world, "Bins", "2026-12-14", json!({"subject": "Bins and paper"})).await;
    cancel_date(&world, "Bins", "2026-12-21").await;
    change(&here, &id, "2026-12-14", at("2026-12-14T08:00"));
    cancel(&here, &id, "2027-01-04");
    here.good_sync().await;
    let got: Vec<_> = shown(&world).await.into_iter().take(4).collect();
    let wanted = rows([
        ("2026-12-07T08:00", "Bins"),
        ("2026-12-14T07:00", "Bins and paper"),
        ("2026-12-28T08:00", "Bins"),
        ("2027-01-11T08:00", "Bins"),
    ]);
    assert_eq!(got, wanted);
    let series = here.app.reminder(&id).expect("a reminder").recurrence.expect("a series");
    assert_eq!((series.cancelled.len(), series.changed.len()), (2, 1));
    quiet(&world, &[&here]).await;
}

#[tokio::test(start_paused = true)]
async fn moving_the_series_here_keeps_its_dates_though_outlook_wipes_them() {
    let world = World::new();
    let here = world.computer().await;
    let id = weekly(&here);
    cancel(&here, &id, "2026-12-21");
    change(&here, &id, "2026-12-14", titled("Bins and paper"));
    here.good_sync().await;
    here.edit(&id, &ReminderWish { at: Some("2026-12-07T10:00".into()), ..ReminderWish::default() });
    here.good_sync().await;
    let got: Vec<_> = shown(&world).await.into_iter().take(3).collect();
    assert_eq!(got, rows([("2026-12-07T09:00", "Bins"), ("2026-12-14T09:00", "Bins and paper"), ("2026-12-28T09:00", "Bins")]));
    quiet(&world, &[&here]).await;
}

#[tokio::test(start_paused = true)]
async fn a_date_that_outlook_cannot_hold_in_its_series_becomes_an_event_of_its_own() {
    let world = World::new();
    let here = world.computer().await;
    let id = weekly(&here);
    here.good_sync().await;
    // Beyond the next Monday: Outlook refuses that.
    change(&here, &id, "2026-12-14", at("2026-12-23T09:00"));
    here.good_sync().await;
    here.good_sync().await;
    let got: Vec<_> = shown(&world).await.into_iter().take(4).collect();
    assert_eq!(
        got,
        rows([("2026-12-07T08:00", "Bins"), ("2026-12-21T08:00", "Bins"), ("2026-12-23T08:00", "Bins"), ("2026-12-28T08:00", "Bins")])
    );
    quiet(&world, &[&here]).await;
    // Given back to its Monday it stays an event of its own: Outlook cannot give a cancelled date back.
    here.app.change_date(&id, "2026-12-14", &DateChange::Restore).expect("restored");
    here.good_sync().await;
    let got: Vec<_> = shown(&world).await.into_iter().take(3).collect();
    assert_eq!(got, rows([("2026-12-07T08:00", "Bins"), ("2026-12-14T08:00", "Bins"), ("2026-12-21T08:00", "Bins")]));
    quiet(&world, &[&here]).await;
}

#[tokio::test(start_paused = true)]
async fn a_rule_that_outlook_cannot_hold_is_kept_date_by_date_and_both_ways() {
    let world = World::new();
    let here = world.computer().await;
    let id = series(&here, "Rent", "2026-12-31T09:00", "FREQ=MONTHLY;BYMONTHDAY=31");
    let (document, exit) = here.sync().await;
    assert_eq!((exit, &document["problems"][0]["code"]), (belfry_core::Exit::Done, &json!("kept_in_parts")), "{document:#}");
    // Two years: seven a year.
    assert_eq!(world.subjects().len(), 14);
    assert_eq!(here.titles(), [("Rent".to_owned(), "synced".to_owned())]);
    quiet(&world, &[&here]).await;
    let first = event_starting(&world, "2026-12-31");
    world.outlook("PATCH", &format!("events/{}", encode(&first)), &json!({"subject": "Rent, last of the year"})).await;
    here.good_sync().await;
    let series = here.app.reminder(&id).expect("a reminder").recurrence.expect("a series");
    assert_eq!(series.changed.values().next().and_then(|own| own.title.clone()), Some("Rent, last of the year".into()));
    // One rename here is one of all events, but for the one that has a name of its own.
    here.edit(&id, &ReminderWish { title: Some("Rent and heating".into()), ..ReminderWish::default() });
    here.good_sync().await;
    let named = |title: &str| world.subjects().iter().filter(|one| *one == title).count();
    assert_eq!((named("Rent and heating"), named("Rent, last of the year")), (13, 1));
    quiet(&world, &[&here]).await;
    // A rule that Outlook can hold: one series again.
    here.edit(&id, &ReminderWish { repeat: Some("FREQ=MONTHLY;BYMONTHDAY=-1".into()), ..ReminderWish::default() });
    here.good_sync().await;
    here.good_sync().await;
    assert_eq!(world.subjects(), ["Rent and heating"]);
    quiet(&world, &[&here]).await;
    // And back, and gone.
    here.edit(&id, &ReminderWish { repeat: Some("FREQ=MONTHLY;BYMONTHDAY=31".into()), ..ReminderWish::default() });
    here.good_sync().await;
    assert_eq!(world.subjects().len(), 14);
    here.app.remove_reminder(&id).expect("removed");
    here.good_sync().await;
    assert_eq!(world.subjects().len(), 0);
    quiet(&world, &[&here]).await;
}

#[tokio::test(start_paused = true)]
async fn dates_follow_as_the_horizon_moves_on() {
    let world = World::new();
    let here = world.computer().await;
    series(&here, "Rent", "2026-12-31T09:00", "FREQ=MONTHLY;BYMONTHDAY=31");
    here.good_sync().await;
    let before = world.subjects().len();
    world.clock.pass(chrono::Duration::days(70));
    here.good_sync().await;
    assert_eq!(world.subjects().len(), before + 1);
    quiet(&world, &[&here]).await;
}

/// Months' last days that Outlook's own rule would not skip: fourteen events in two years.
async fn in_parts(here: &Computer) -> String {
    let id = series(here, "Rent", "2026-12-31T09:00", "FREQ=MONTHLY;BYMONTHDAY=31");
    here.good_sync().await;
    id
}

#[tokio::test(start_paused = true)]
async fn a_run_that_is_cut_off_makes_the_other_dates_the_next_time() {
    let world = World::new();
    let here = world.computer().await;
    // More than a batch.
    series(&here, "Pills", "2026-12-01T09:00", "FREQ=DAILY;BYMONTH=12");
    let action = FaultAction::Answer { status: 429, headers: vec![("Retry-After".into(), "200".into())], body: String::new() };
    world.simulator.fail(Fault { method: "POST".into(), path: "$batch".into(), skip: 1, times: 1, action });
    here.sync().await;
    let first = world.subjects().len();
    assert!(first > 0 && first < 62, "{first}");
    world.clock.pass(chrono::Duration::minutes(10));
    here.good_sync().await;
    assert_eq!(world.subjects().len(), 62);
    quiet(&world, &[&here]).await;
}

#[tokio::test(start_paused = true)]
async fn dates_move_with_their_list_leave_with_it_and_come_back() {
    let world = World::new();
    let here = world.computer().await;
    in_parts(&here).await;
    world.outlook("POST", "calendars", &json!({"name": "Other"})).await;
    let other = Keep::In { account: None, calendar: Some("Other".into()) };
    here.app.retarget(LIST, &other, None).await.expect("moved");
    here.good_sync().await;
    here.good_sync().await;
    let calendars = || {
        world.simulator.with_world(|world| {
            let events = world.mailboxes.values().flat_map(|mailbox| mailbox.events.values());
            events.map(|event| event.calendar.clone()).collect::<std::collections::BTreeSet<_>>().len()
        })
    };
    assert_eq!((world.subjects().len(), calendars()), (14, 1));
    quiet(&world, &[&here]).await;
    here.app.retarget(LIST, &Keep::Here, Some(belfry_app::Leave::DeleteEvents)).await.expect("taken out");
    assert_eq!(world.subjects().len(), 0);
    here.app.retarget(LIST, &Keep::In { account: None, calendar: None }, None).await.expect("kept again");
    here.good_sync().await;
    assert_eq!(world.subjects().len(), 14);
    quiet(&world, &[&here]).await;
}

#[tokio::test(start_paused = true)]
async fn a_date_that_was_deleted_in_outlook_stays_so_until_it_is_wanted_again() {
    let world = World::new();
    let here = world.computer().await;
    let id = in_parts(&here).await;
    let first = event_starting(&world, "2026-12-31");
    world.outlook("DELETE", &format!("events/{}", encode(&first)), &Value::Null).await;
    here.good_sync().await;
    here.good_sync().await;
    assert_eq!(world.subjects().len(), 13);
    here.app.change_date(&id, "2026-12-31", &DateChange::Restore).expect("restored");
    here.good_sync().await;
    assert_eq!(world.subjects().len(), 14);
    // Left out here, but edited there since: the edit wins.
    cancel(&here, &id, "2027-01-31");
    let second = event_starting(&world, "2027-01-31");
    world.outlook("PATCH", &format!("events/{}", encode(&second)), &json!({"subject": "Rent, at last"})).await;
    here.good_sync().await;
    assert_eq!(world.subjects().iter().filter(|one| *one == "Rent, at last").count(), 1);
    cancel(&here, &id, "2027-01-31");
    here.good_sync().await;
    assert_eq!(world.subjects().len(), 13);
    quiet(&world, &[&here]).await;
}

#[tokio::test(start_paused = true)]
async fn an_event_of_one_date_goes_when_the_date_is_left_out() {
    let world = World::new();
    let here = world.computer().await;
    let id = weekly(&here);
    cancel(&here, &id, "2026-12-14");
    here.good_sync().await;
    here.app.change_date(&id, "2026-12-14", &DateChange::Restore).expect("restored");
    here.good_sync().await;
    here.good_sync().await;
    assert_eq!(world.subjects(), ["Bins", "Bins"]);
    cancel(&here, &id, "2026-12-14");
    here.good_sync().await;
    assert_eq!(world.subjects(), ["Bins"]);
    quiet(&world, &[&here]).await;
}

pub async fn undo_last(here: &Computer) -> Vec<(String, &'static str)> {
    let run = here.app.run_documents(None, 1).expect("runs")[0].run.to_string();
    let done = here.app.undo(&run, false).await.expect("undone");
    done.undone.into_iter().map(|one| (one.title, one.did)).collect()
}

#[tokio::test(start_paused = true)]
async fn what_outlook_changed_in_one_date_of_many_events_can_be_taken_back() {
    let world = World::new();
    let here = world.computer().await;
    let id = in_parts(&here).await;
    let first = event_starting(&world, "2026-12-31");
    world.outlook("PATCH", &format!("events/{}", encode(&first)), &json!({"subject": "Rent, last"})).await;
    here.good_sync().await;
    assert_eq!(undo_last(&here).await, [("Rent (2026-12-31)".to_owned(), "put_back")]);
    here.good_sync().await;
    assert!(world.subjects().iter().all(|one| one == "Rent"), "{:?}", world.subjects());
    // What is edited in the whole reminder is taken back in the whole reminder.
    here.edit(&id, &titled("Rent, warm"));
    here.good_sync().await;
    assert_eq!(undo_last(&here).await.iter().filter(|(_, did)| *did == "put_back").count(), 1);
    assert_eq!(here.app.reminder(&id).expect("a reminder").title, "Rent");
    here.good_sync().await;
    assert!(world.subjects().iter().all(|one| one == "Rent"), "{:?}", world.subjects());
    quiet(&world, &[&here]).await;
}

#[tokio::test(start_paused = true)]
async fn a_reminder_whose_dates_were_all_taken_out_is_dismissed() {
    let world = World::new();
    let here = world.computer().await;
    let id = in_parts(&here).await;
    let state = || here.app.reminder_document(&id).expect("a reminder").0.state;
    assert_eq!(state(), "synced");
    assert!(undo_last(&here).await.iter().all(|(_, did)| *did == "dismissed"));
    here.good_sync().await;
    assert_eq!((state(), world.subjects().len()), ("dismissed", 0));
    here.app.restore_reminder(&id).expect("restored");
    here.good_sync().await;
    assert_eq!((state(), world.subjects().len()), ("synced", 14));
    // The sync that deleted its events knows only those; what comes back is the reminder.
    let before = here.app.reminder(&id).expect("a reminder");
    here.app.remove_reminder(&id).expect("removed");
    here.good_sync().await;
    assert_eq!(world.subjects().len(), 0);
    let back = undo_last(&here).await;
    assert_eq!(back.iter().filter(|(_, did)| *did == "made_again").count(), 1, "{back:?}");
    assert_eq!(here.app.reminder(&id).expect("a reminder").recurrence, before.recurrence);
    here.good_sync().await;
    assert_eq!((state(), world.subjects().len()), ("synced", 14));
    quiet(&world, &[&here]).await;
}

#[tokio::test(start_paused = true)]
async fn another_computer_says_that_it_does_not_have_the_reminder() {
    let world = World::new();
    let (here, there) = (world.computer().await, world.computer().await);
    in_parts(&here).await;
    let (document, _) = there.sync().await;
    let codes: Vec<&str> = document["problems"].as_array().expect("problems").iter().filter_map(|one| one["code"].as_str()).collect();
    assert_eq!(codes, ["dates_only"], "{document:#}");
    quiet(&world, &[&here]).await;
    assert_eq!(world.subjects().len(), 14);
}

/// The deletes were promised and never answered; then the dates are wanted again.
#[tokio::test(start_paused = true)]
async fn dates_that_are_wanted_again_before_they_went_stay() {
    let world = World::new();
    let here = world.computer().await;
    let id = in_parts(&here).await;
    let rule = |rule: &str| ReminderWish { repeat: Some(rule.into()), ..ReminderWish::default() };
    for action in [FaultAction::CutBefore, FaultAction::CutAfter] {
        here.edit(&id, &rule("FREQ=MONTHLY;BYMONTHDAY=31;COUNT=1"));
        world.simulator.fail(Fault { method: "POST".into(), path: "$batch".into(), skip: 1, times: 20, action });
        here.sync().await;
        world.simulator.mend();
        world.clock.pass(chrono::Duration::minutes(10));
        here.edit(&id, &rule("FREQ=MONTHLY;BYMONTHDAY=31"));
        here.good_sync().await;
        here.good_sync().await;
        assert_eq!(world.subjects().len(), 14);
        quiet(&world, &[&here]).await;
    }
}

/// One computer keeps a reminder date by date, and the other one edits the series that it still knows.
#[tokio::test(start_paused = true)]
async fn no_date_stays_behind_when_the_series_is_back() {
    let world = World::new();
    let (here, there) = (world.computer().await, world.computer().await);
    let id = weekly(&here);
    here.good_sync().await;
    there.good_sync().await;
    let rule = ReminderWish { repeat: Some("FREQ=MONTHLY;BYMONTHDAY=31;COUNT=3".into()), ..at("2026-12-31T09:00") };
    here.edit(&id, &rule);
    there.edit(&id, &titled("Bins, both"));
    for computer in [&here, &there, &here, &there, &here, &there] {
        computer.good_sync().await;
    }
    let parts = world.simulator.with_world(|world| {
        let events = world.mailboxes.values().flat_map(|mailbox| mailbox.events.values());
        let slots = events.flat_map(|event| event.properties.values()).map(|marker| marker.contains(";part:")).collect::<Vec<_>>();
        (slots.iter().filter(|is_part| **is_part).count(), slots.len())
    });
    assert!(parts.0 == 0 || parts.0 == parts.1, "{parts:?}: dates and a series side by side");
}

#[tokio::test(start_paused = true)]
async fn a_date_of_which_outlook_changed_one_thing_follows_its_series_in_all_else() {
    let world = World::new();
    let here = world.computer().await;
    let there = world.computer().await;
    let id = weekly(&here);
    here.good_sync().await;
    there.good_sync().await;
    change_date(&world, "Bins", "2026-12-14", json!({"subject": "Bins and paper"})).await;
    here.edit(&id, &ReminderWish { at: Some("2026-12-07T10:00".into()), ..ReminderWish::default() });
    here.good_sync().await;
    there.good_sync().await;
    let got: Vec<_> = shown(&world).await.into_iter().take(3).collect();
    assert_eq!(got, rows([("2026-12-07T09:00", "Bins"), ("2026-12-14T09:00", "Bins and paper"), ("2026-12-21T09:00", "Bins")]));
    quiet(&world, &[&here, &there]).await;
}
