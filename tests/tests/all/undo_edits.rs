//! Every edit by hand, written to Outlook and taken back: afterwards all is as it was, here and there.

use belfry_app::lists::ListChange;
use belfry_app::occurrences::DateChange;
use belfry_app::reminders::ReminderWish;
use belfry_core::{ChangedOccurrence, Reminder, ShowAs};
use belfry_tests::{Computer, LIST, World, encode};
use serde_json::{Value, json};

use crate::dates::quiet;

const OTHER: &str = "Work";

/// An edit: of all of it, of one date, or a mark.
#[derive(Debug, Clone)]
enum Edit {
    Wish(Box<ReminderWish>),
    Date(DateChange),
    Done,
}

/// What every reminder has.
fn edits() -> Vec<Edit> {
    let wish = ReminderWish::default;
    let text = |text: &str| Some(text.to_owned());
    let mut edits: Vec<Edit> = [
        ReminderWish { title: text("Rent, warm"), ..wish() },
        ReminderWish { notes: text("to the landlord"), category: text("Home"), private: Some(true), ..wish() },
        ReminderWish { show_as: Some(ShowAs::Busy), minutes: Some(45), ..wish() },
        ReminderWish { alarms: Some(vec![5, 90, 600]), ..wish() },
        ReminderWish { alarms: Some(vec![]), ..wish() },
        ReminderWish { at: text("2027-01-31T11:30"), ..wish() },
        ReminderWish { repeat: text("FREQ=WEEKLY;COUNT=4"), ..wish() },
        ReminderWish { repeat: text("FREQ=MONTHLY;BYMONTHDAY=31;COUNT=4"), ..wish() },
        ReminderWish { repeat: text(""), ..wish() },
        ReminderWish { list: text(OTHER), ..wish() },
        ReminderWish { list: text(OTHER), title: text("Rent of the office"), at: text("2027-01-31T11:30"), ..wish() },
    ]
    .map(|wish| Edit::Wish(Box::new(wish)))
    .into();
    edits.push(Edit::Done);
    edits
}

/// What one that repeats has besides.
fn edits_of_dates() -> Vec<Edit> {
    let moved = ReminderWish { at: Some("2027-01-31T07:15".into()), title: Some("Rent, early".into()), ..ReminderWish::default() };
    [DateChange::Cancel, DateChange::Done(true), DateChange::Edit(Box::new(moved))].map(Edit::Date).into()
}

fn make(here: &Computer, id: &str, edit: &Edit) {
    match edit {
        Edit::Wish(wish) => here.edit(id, wish),
        Edit::Date(change) => drop(here.app.change_date(id, "2027-01-31", change).expect("changed")),
        Edit::Done => drop(here.app.set_done(id, true).expect("done")),
    }
}

/// What one date says to those who look at the calendar.
const SAID: [&str; 10] =
    ["subject", "start", "end", "isAllDay", "isReminderOn", "reminderMinutesBeforeStart", "categories", "showAs", "sensitivity", "body"];

/// The reminder as it is here, and every date of every calendar as Outlook shows it.
async fn all(world: &World, here: &Computer, id: &str) -> (Reminder, Vec<Value>) {
    let mut reminder = Reminder { changed_at: chrono::DateTime::UNIX_EPOCH, ..here.app.reminder(id).expect("there") };
    // Outlook has no way back into its series for a date that was left out: it is an event of its own from then on, which looks the same.
    let apart = ChangedOccurrence { apart: true, ..ChangedOccurrence::default() };
    reminder.recurrence.iter_mut().for_each(|series| series.changed.retain(|_, own| *own != apart));
    let mut dates = vec![];
    let calendars = world.outlook("GET", "calendars?$top=50", &Value::Null).await;
    for calendar in calendars["value"].as_array().expect("calendars") {
        let window = "startDateTime=2026-12-01T00:00:00Z&endDateTime=2028-01-31T00:00:00Z&$top=200";
        let path = format!("calendars/{}/calendarView?{window}", encode(calendar["id"].as_str().expect("an id")));
        let rows = world.outlook("GET", &path, &Value::Null).await;
        let said = |row: &Value| json!([calendar["name"], SAID.map(|name| row[name].clone())]);
        dates.extend(rows["value"].as_array().expect("rows").iter().map(said));
    }
    dates.sort_by_key(Value::to_string);
    (reminder, dates)
}

/// One reminder with a rule or none, edited once, and taken back before and after a sync.
async fn there_and_back(rule: Option<&str>, edit: &Edit) {
    let world = World::new();
    let here = world.computer().await;
    here.app.edit_list(LIST, &ListChange { helpers: Some(true), ..ListChange::default() }).expect("changed");
    here.app.add_list(OTHER, &belfry_app::lists::Keep::In { account: None, calendar: None }).await.expect("a list");
    let id = here.add("Rent", "2027-01-31T09:00");
    let repeat = rule.map(str::to_owned);
    // Such a date has no helper either.
    let alarms = if matches!(edit, Edit::Date(DateChange::Cancel)) { vec![15] } else { vec![15, 120] };
    here.edit(&id, &ReminderWish { repeat, alarms: Some(alarms), ..ReminderWish::default() });
    here.good_sync().await;
    let before = all(&world, &here, &id).await;
    for is_synced in [false, true] {
        world.clock.pass(chrono::Duration::minutes(2));
        make(&here, &id, edit);
        if is_synced {
            here.good_sync().await;
            assert_ne!(all(&world, &here, &id).await, before, "{rule:?} {edit:?}: nothing was edited");
        }
        world.clock.pass(chrono::Duration::minutes(2));
        let undone = here.app.undo(&id, false).await.expect("undone");
        assert!(undone.undone.iter().all(|one| one.did == "put_back"), "{rule:?} {edit:?}: {undone:?}");
        here.good_sync().await;
        assert_eq!(all(&world, &here, &id).await, before, "{rule:?} {edit:?}, {undone:?}");
        quiet(&world, &[&here]).await;
    }
}

#[tokio::test(start_paused = true)]
async fn an_edit_of_a_single_reminder_is_taken_back() {
    for edit in edits().iter().filter(|edit| !matches!(edit, Edit::Wish(wish) if wish.repeat.as_deref() == Some(""))) {
        there_and_back(None, edit).await;
    }
}

#[tokio::test(start_paused = true)]
async fn an_edit_of_a_series_is_taken_back() {
    for edit in edits().iter().chain(&edits_of_dates()) {
        there_and_back(Some("FREQ=MONTHLY;COUNT=3;BYDAY=-1SU"), edit).await;
    }
}

#[tokio::test(start_paused = true)]
async fn an_edit_of_a_reminder_kept_date_by_date_is_taken_back() {
    let is_other = |edit: &&Edit| !matches!(edit, Edit::Wish(wish) if wish.repeat.as_deref() == Some("FREQ=MONTHLY;BYMONTHDAY=31;COUNT=4"));
    for edit in edits().iter().filter(is_other).chain(&edits_of_dates()) {
        there_and_back(Some("FREQ=MONTHLY;BYMONTHDAY=31;COUNT=4"), edit).await;
    }
}

fn last_run(here: &Computer) -> String {
    here.app.run_documents(None, 1).expect("runs").first().map(|run| run.run.to_string()).unwrap_or_default()
}

/// What a person changed in Outlook meanwhile goes back with it.
#[tokio::test(start_paused = true)]
async fn an_edit_is_taken_back_beside_what_came_from_outlook_with_it() {
    for rule in [None, Some("FREQ=MONTHLY;BYMONTHDAY=31;COUNT=4")] {
        // Other dates by rule, hour or list have other events: what Outlook said of one of those before stays with its day.
        let has_other_dates = |edit: &&Edit| matches!(edit, Edit::Wish(wish) if wish.repeat.is_some() || (rule.is_some() && (wish.at.is_some() || wish.list.is_some())));
        for edit in edits().iter().filter(|edit| !has_other_dates(edit)) {
            let world = World::new();
            let here = world.computer().await;
            here.app.add_list(OTHER, &belfry_app::lists::Keep::In { account: None, calendar: None }).await.expect("a list");
            let id = here.add("Rent", "2027-01-31T09:00");
            here.edit(&id, &ReminderWish { repeat: rule.map(str::to_owned), alarms: Some(vec![15, 120]), ..ReminderWish::default() });
            here.good_sync().await;
            let before = all(&world, &here, &id).await;
            world.clock.pass(chrono::Duration::minutes(2));
            make(&here, &id, edit);
            let (event, _) = world.events().first().cloned().expect("an event");
            world.outlook("PATCH", &format!("events/{}", encode(&event)), &json!({"sensitivity": "private", "showAs": "oof"})).await;
            here.good_sync().await;
            world.clock.pass(chrono::Duration::minutes(2));
            let undone = here.app.undo(&last_run(&here), false).await.expect("undone");
            here.good_sync().await;
            here.good_sync().await;
            let (mut now, there) = all(&world, &here, &id).await;
            // What was changed on both sides is as the person here had it.
            if matches!(edit, Edit::Wish(wish) if wish.private.is_some() || wish.show_as.is_some()) {
                (now.private, now.show_as) = (before.0.private, before.0.show_as);
                assert_eq!(now, before.0, "{rule:?} {edit:?}");
            } else {
                assert_eq!((now, there), before, "{rule:?} {edit:?}: {undone:?}");
            }
        }
    }
}

/// What no event says comes back with what was removed.
#[tokio::test(start_paused = true)]
async fn what_was_edited_and_then_removed_comes_back_as_edited() {
    for syncs in 0..4 {
        let world = World::new();
        let here = world.computer().await;
        let id = here.add("Rent", "2027-01-31T09:00");
        here.good_sync().await;
        here.edit(&id, &ReminderWish { alarms: Some(vec![5, 90]), title: Some("Rent, warm".into()), ..ReminderWish::default() });
        if syncs & 1 != 0 {
            here.good_sync().await;
        }
        let (before, _) = all(&world, &here, &id).await;
        here.app.remove_reminder(&id).expect("removed");
        if syncs & 2 != 0 {
            here.good_sync().await;
        }
        let undone = here.app.undo(&id, false).await.expect("undone");
        assert_eq!(undone.undone.first().map(|one| one.did), Some("made_again"), "{syncs}: {undone:?}");
        here.good_sync().await;
        assert_eq!((all(&world, &here, &id).await.0, world.subjects()), (before, vec!["Rent, warm".to_owned()]), "{syncs}");
        quiet(&world, &[&here]).await;
    }
}
