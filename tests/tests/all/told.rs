//! What is said of a sync, of what waits and of what an undo would do is so.

use std::process::Command;
use std::rc::Rc;

use belfry_app::confirming::HoldAnswer;
use belfry_app::controller::{Controller, Input};
use belfry_app::lists::Keep;
use belfry_app::occurrences::DateChange;
use belfry_app::reminders::ReminderWish;
use belfry_app::shell::{Notice, Shell, Tray, TrayAction, TrayEntry};
use belfry_app::syncing::SyncOptions;
use belfry_core::{Clock, Exit};
use belfry_simulator::{Fault, FaultAction};
use belfry_store::Store;
use belfry_tests::{Computer, LIST, World};
use serde_json::{Value, json};
use tokio::sync::mpsc::{UnboundedReceiver, unbounded_channel};

use crate::bad_input::belfry;
use crate::following::followed;

fn dry() -> SyncOptions {
    SyncOptions { dry_run: true, ..SyncOptions::default() }
}

fn title(text: &str) -> ReminderWish {
    ReminderWish { title: Some(text.into()), ..ReminderWish::default() }
}

/// What the command says about a home, without asking anybody.
fn said(home: &std::path::Path, words: &[&str]) -> (String, String) {
    let output = Command::new(belfry()).arg("--home").arg(home).args(words).output().expect("the belfry command; build it first");
    (String::from_utf8_lossy(&output.stdout).into_owned(), String::from_utf8_lossy(&output.stderr).into_owned())
}

fn document(home: &std::path::Path, words: &[&str]) -> Value {
    serde_json::from_str(&said(home, &[&["--json"], words].concat()).0).expect("json")
}

fn problems(document: &Value) -> Vec<(String, String)> {
    let text = |one: &Value, name: &str| one[name].as_str().unwrap_or_default().to_owned();
    let all = document["problems"].as_array().cloned().unwrap_or_default();
    all.iter().map(|one| (text(one, "code"), format!("{} {}", text(one, "detail"), text(one, "action")))).collect()
}

/// A change that Outlook does not take is neither "nothing to do" nor something that the next sync will do.
#[tokio::test(start_paused = true)]
async fn what_outlook_refused_is_told_by_a_dry_run_and_does_not_wait() {
    let world = World::new();
    let here = world.computer().await;
    let id = here.add("Rent", "2026-12-03T09:00");
    here.good_sync().await;
    here.edit(&id, &title("bad"));
    let body = json!({"error": {"code": "ErrorPropertyValidationFailure", "message": "scripted"}}).to_string();
    let action = FaultAction::Answer { status: 400, headers: vec![], body };
    world.simulator.fail(Fault { method: "PATCH".into(), path: "events/".into(), skip: 0, times: 1, action });
    let (document, _) = here.sync().await;
    assert_eq!(problems(&document).first().map(|one| one.0.as_str()), Some("event_refused"), "{document:#}");
    let (planned, exit) = here.sync_with(dry()).await;
    assert_eq!(exit, Exit::Done);
    let told = problems(&planned);
    assert!(told.iter().any(|(_, text)| text.contains("1 reminder of `Household` is not in Outlook as it is here")), "{planned:#}");
    assert!(told.iter().any(|(_, text)| text.contains("belfry restore")), "{planned:#}");
    assert_eq!(here.app.status().expect("a status").waiting, 0);
    assert_eq!(here.titles(), [("bad".into(), "refused".into())]);
    // The document of a sync said it once; who asks by hand is told again.
    assert_eq!(problems(&here.sync().await.0), []);
    assert_eq!(here.app.not_taken().expect("what is refused").len(), 1);
    here.edit(&id, &title("good"));
    here.good_sync().await;
    assert_eq!((here.app.not_taken().expect("nothing"), world.subjects()), (vec![], vec!["good".to_owned()]));
}

/// Leaves only one of the four items that the file of [`followed`] has.
fn shrink(file: &std::path::Path) {
    let text = "BEGIN:VCALENDAR\r\nVERSION:2.0\r\nPRODID:-//test//EN\r\nBEGIN:VEVENT\r\nUID:1\r\nSUMMARY:Lease\r\nDTSTART;VALUE=DATE:20261210\r\nEND:VEVENT\r\nEND:VCALENDAR\r\n";
    std::fs::write(file, text).expect("written");
}

#[tokio::test(start_paused = true)]
async fn what_a_source_does_not_name_any_more_is_held_and_says_so() {
    let world = World::new();
    let (here, file) = followed(&world).await;
    shrink(&file);
    assert_eq!(here.sync().await.1, Exit::Held);
    let all = here.app.reminder_documents(None).expect("reminders");
    let mut states: Vec<(&str, &str)> = all.iter().map(|one| (one.title.as_str(), one.state)).collect();
    states.sort_unstable();
    assert_eq!(states, [("Gym", "held"), ("Insurance", "held"), ("Lease", "synced"), ("Phone", "held")]);
}

#[tokio::test(start_paused = true)]
async fn an_answer_to_another_question_says_which_one_answers() {
    let world = World::new();
    let (here, file) = followed(&world).await;
    shrink(&file);
    here.sync().await;
    for (answer, word) in [(HoldAnswer::Removed, "removed"), (HoldAnswer::Keep, "keep"), (HoldAnswer::Add, "add")] {
        let (document, exit) = here.sync_with(SyncOptions { confirm: Some(answer), ..SyncOptions::default() }).await;
        assert_eq!(exit, Exit::Held, "{word}");
        let told = problems(&document);
        let is_told = |text: &String| text.contains(&format!("`--confirm {word}`")) && text.contains("`belfry sync --confirm`");
        assert!(told.iter().any(|(_, text)| is_told(text)), "{word}: {document:#}");
        assert_eq!(world.subjects().len(), 4, "{word}");
    }
    let (document, exit) = here.sync_with(SyncOptions { confirm: Some(HoldAnswer::All), ..SyncOptions::default() }).await;
    assert_eq!((exit, problems(&document)), (Exit::Done, vec![]), "{document:#}");
    // Where nothing waits nothing is wrong with an answer.
    let (document, exit) = here.sync_with(SyncOptions { confirm: Some(HoldAnswer::Removed), ..SyncOptions::default() }).await;
    assert_eq!((exit, problems(&document)), (Exit::Done, vec![]), "{document:#}");
}

#[test]
fn an_undo_says_from_what_to_what() {
    let folder = tempfile::tempdir().expect("a folder");
    let home = folder.path();
    let added = document(home, &["add", "Milk", "--at", "2027-03-03T09:00", "--zone", "Europe/Berlin"]);
    let id = added["id"].as_str().expect("an id").to_owned();
    let (_, beside) = said(home, &["undo", &id]);
    assert!(beside.contains("belfry rm"), "{beside}");
    said(home, &["list", "add", "Shop"]);
    said(home, &["edit", &id, "--title", "Milk 2", "--list", "Shop"]);
    let (plain, _) = said(home, &["undo", &id, "--dry-run"]);
    assert!(plain.contains("title Milk 2 -> Milk"), "{plain}");
    assert!(plain.contains("list Shop -> Reminders"), "{plain}");
    let would = document(home, &["undo", &id, "--dry-run"]);
    let changes = json!([
        {"field": "title", "before": "Milk 2", "after": "Milk"},
        {"field": "list", "before": "Shop", "after": "Reminders"},
    ]);
    assert_eq!((&would["undone"][0]["changes"], &would["undone"][0]["fields"]), (&changes, &json!(["title", "list"])), "{would:#}");
    said(home, &["undo", &id]);
    let (plain, _) = said(home, &["undo", &id, "--dry-run"]);
    assert!(plain.contains("title Milk -> Milk 2"), "{plain}");
}

#[test]
fn an_edit_names_the_dates_whose_words_are_gone() {
    let folder = tempfile::tempdir().expect("a folder");
    let home = folder.path();
    let id =
        document(home, &["add", "Bins", "--at", "2027-03-02T09:00", "--repeat", "FREQ=WEEKLY"])["id"].as_str().expect("an id").to_owned();
    said(home, &["rm", &id, "--on", "2027-03-09"]);
    said(home, &["edit", &id, "--on", "2027-03-16", "--title", "Both bins"]);
    let (_, beside) = said(home, &["edit", &id, "--at", "2027-03-02T10:00"]);
    assert_eq!(beside, "", "another hour takes them along");
    let (_, beside) = said(home, &["edit", &id, "--repeat", "FREQ=WEEKLY;INTERVAL=2"]);
    assert!(beside.contains("2027-03-09") && !beside.contains("2027-03-16"), "{beside}");
    let (_, beside) = said(home, &["edit", &id, "--at", "2027-03-04T10:00"]);
    assert!(beside.contains("2027-03-16") && beside.contains(&format!("belfry undo {id}")), "{beside}");
    said(home, &["undo", &id]);
    let back = document(home, &["show", &id]);
    let (changed, rule) = (&back[0]["occurrences_changed"], &back[0]["recurrence"]);
    assert_eq!((changed, rule), (&json!(1), &json!("FREQ=WEEKLY;INTERVAL=2")), "{back:#}");
}

#[test]
fn all_reminders_of_one_sentence_are_in_its_document() {
    let folder = tempfile::tempdir().expect("a folder");
    let added = document(folder.path(), &["add", "--words", "pills 8am and 8pm daily"]);
    assert_eq!(added["others"].as_array().map(Vec::len), Some(1), "{added:#}");
    assert_eq!(added["others"][0]["title"], "pills");
}

#[test]
fn the_history_of_a_reminder_names_its_runs() {
    let folder = tempfile::tempdir().expect("a folder");
    let home = folder.path();
    let id = document(home, &["add", "Milk", "--at", "2027-03-03T09:00"])["id"].as_str().expect("an id").to_owned();
    said(home, &["edit", &id, "--title", "Milk 2"]);
    let run = document(home, &["log"])[0]["run"].clone();
    let shown = document(home, &["show", &id]);
    assert_eq!(shown[0]["history"][0]["run"], run, "{shown:#}");
    let (plain, _) = said(home, &["show", &id]);
    assert!(plain.contains(&format!("run {run}  ")), "{plain}");
    said(home, &["rm", &id]);
    let gone = document(home, &["show", &id]);
    assert!(gone[0]["history"][0]["run"].is_i64(), "{gone:#}");
}

#[tokio::test(start_paused = true)]
async fn a_date_that_is_kept_left_out_is_counted() {
    let world = World::new();
    let here = world.bare_computer().await;
    let file = here.folder.path().join("bins.ics");
    let text = "BEGIN:VCALENDAR\r\nVERSION:2.0\r\nPRODID:-//test//EN\r\nBEGIN:VEVENT\r\nUID:1\r\nSUMMARY:Bins\r\nDTSTART;VALUE=DATE:20261207\r\nRRULE:FREQ=WEEKLY\r\nEXDATE;VALUE=DATE:20261214\r\nEND:VEVENT\r\nEND:VCALENDAR\r\n";
    std::fs::write(&file, text).expect("written");
    here.app.add_followed_list("Bins", &belfry_app::following::Follow::path(&file), &Keep::Here).await.expect("a list");
    let one = |here: &Computer| here.app.reminder_documents(None).expect("reminders").remove(0);
    let id = one(&here).id;
    assert_eq!(one(&here).occurrences_changed, 1);
    here.app.change_date(&id, "2026-12-21", &DateChange::Cancel).expect("left out");
    assert_eq!(one(&here).occurrences_changed, 2);
    let (plain, _) = said(here.folder.path(), &["show", &id]);
    assert!(plain.contains("2 changed or left out"), "{plain}");
}

#[tokio::test(start_paused = true)]
async fn what_is_left_alone_as_its_source_let_go_of_it_needs_no_restore() {
    let world = World::new();
    let (here, file) = followed(&world).await;
    world.edit_in_outlook("Gym", json!({"subject": "Gym, mine"})).await;
    let text = std::fs::read_to_string(&file).expect("read");
    let item = "BEGIN:VEVENT\r\nUID:4\r\nSUMMARY:Gym\r\nDTSTART;VALUE=DATE:20261210\r\nEND:VEVENT\r\n";
    assert!(text.contains(item));
    std::fs::write(&file, text.replace(item, "")).expect("written");
    let (document, exit) = here.sync().await;
    assert_eq!(exit, Exit::Done, "{document:#}");
    let told = problems(&document);
    assert_eq!(told.first().map(|one| one.0.as_str()), Some("event_detached"), "{document:#}");
    assert!(told.iter().all(|(_, text)| !text.contains("restore") && text.contains("Delete it in Outlook")), "{document:#}");
    assert!(world.subjects().contains(&"Gym, mine".to_owned()));
}

#[tokio::test(start_paused = true)]
async fn a_dry_run_of_a_move_names_both_calendars() {
    let world = World::new();
    let here = world.computer().await;
    here.add("Rent", "2026-12-03T09:00");
    here.good_sync().await;
    here.app.create_calendar(None, "Work").await.expect("a calendar");
    here.app.retarget(LIST, &Keep::In { account: None, calendar: Some("Work".into()) }, None).await.expect("moved");
    let (planned, _) = here.sync_with(dry()).await;
    let calendars = planned["accounts"][0]["calendars"].as_array().cloned().unwrap_or_default();
    let said: Vec<(String, String, String)> = calendars
        .iter()
        .flat_map(|calendar| calendar["operations"].as_array().into_iter().flatten().map(move |one| (calendar, one)))
        .map(|(calendar, one)| (calendar["name"].to_string(), one["op"].to_string(), one["title"].to_string()))
        .collect();
    let row = |name: &str, op: &str| (format!("\"{name}\""), format!("\"{op}\""), "\"Rent\"".to_owned());
    assert_eq!(said, [row("Belfry", "delete"), row("Work", "create")], "{planned:#}");
    let done = here.sync().await.0;
    let calendars = done["accounts"][0]["calendars"].as_array().cloned().unwrap_or_default();
    let counts: Vec<(&Value, &Value, &Value)> = calendars.iter().map(|one| (&one["name"], &one["created"], &one["deleted"])).collect();
    assert_eq!(counts, [(&json!("Belfry"), &json!(0), &json!(1)), (&json!("Work"), &json!(1), &json!(0))]);
}

/// Copies an event as another one, with these members instead of its own.
fn copy(world: &World, of: &str, members: &Value) {
    let id = world.event_id(of);
    world.simulator.with_world(|world| {
        for mailbox in world.mailboxes.values_mut() {
            let Some(mut copy) = mailbox.events.get(&id).cloned() else { continue };
            copy.id = mailbox.new_id("evt");
            copy.change = mailbox.next_change();
            for (name, value) in members.as_object().into_iter().flatten() {
                copy.members.insert(name.clone(), value.clone());
            }
            mailbox.events.insert(copy.id.clone(), copy);
        }
    });
}

#[tokio::test(start_paused = true)]
async fn three_events_of_one_reminder_are_called_three() {
    let world = World::new();
    let here = world.computer().await;
    here.add("Rent", "2026-12-03T09:00");
    here.good_sync().await;
    copy(&world, "Rent", &json!({"subject": "Rent, another"}));
    copy(&world, "Rent", &json!({"subject": "Rent, a third"}));
    world.clock.pass(chrono::Duration::hours(25));
    let (document, _) = here.sync().await;
    let told = problems(&document);
    assert!(told.iter().any(|(_, text)| text.starts_with("Outlook has three events of")), "{document:#}");
}

#[tokio::test(start_paused = true)]
async fn a_copy_in_another_zone_differs_by_its_zone() {
    let world = World::new();
    let here = world.computer().await;
    here.add("Rent", "2026-12-03T09:00");
    here.good_sync().await;
    let at = |time: &str| json!({"dateTime": format!("2026-12-03T{time}:00.0000000"), "timeZone": "Tokyo Standard Time"});
    copy(&world, "Rent", &json!({"subject": "Rent, far"}));
    world.edit_in_outlook("Rent, far", json!({"start": at("17:00"), "end": at("17:30")})).await;
    let (found, _) = here.app.duplicates(false).await.expect("found");
    let found = json!(found);
    assert_eq!(found[0]["differs"], json!(["title", "time zone"]), "{found:#}");
    assert!(["Asia/Tokyo", "Europe/Berlin"].iter().any(|zone| found[0]["zone"] == *zone), "{found:#}");
}

#[tokio::test(start_paused = true)]
async fn a_sync_that_was_cut_off_is_told_by_the_status() {
    let world = World::new();
    let here = world.computer().await;
    here.good_sync().await;
    assert!(document(here.folder.path(), &["status"]).get("cut_off").is_none());
    let store = Store::open(&here.folder.path().join("belfry.db"), here.folder.path(), world.clock.now()).expect("a store");
    let run = store.begin_run("sync", world.clock.now()).expect("a run");
    assert_eq!(document(here.folder.path(), &["status"])["cut_off"]["id"], run);
    let (plain, _) = said(here.folder.path(), &["status"]);
    assert!(plain.contains("was cut off"), "{plain}");
    {
        // One that runs is not cut off.
        let lock = std::fs::OpenOptions::new().write(true).create(true).truncate(false).open(here.folder.path().join("sync.lock"));
        let lock = lock.expect("the lock");
        lock.lock().expect("taken");
        assert!(document(here.folder.path(), &["status"]).get("cut_off").is_none());
    }
    here.good_sync().await;
    assert!(document(here.folder.path(), &["status"]).get("cut_off").is_none());
}

#[test]
fn a_pause_of_no_time_is_refused() {
    let folder = tempfile::tempdir().expect("a folder");
    let output = Command::new(belfry()).arg("--home").arg(folder.path()).args(["pause", "0m"]).output().expect("belfry");
    assert_eq!(output.status.code(), Some(2), "{output:?}");
    assert!(String::from_utf8_lossy(&output.stderr).contains("belfry resume"), "{output:?}");
}

/// Remembers what the tray said.
#[derive(Default)]
struct Lines(std::cell::RefCell<Vec<String>>);

impl Shell for Lines {
    fn open_browser(&self, _: &str) -> bool {
        false
    }
    fn show_window(&self) {}
    fn set_tray(&self, tray: &Tray) {
        let said = tray.entries.iter().find_map(|entry| if let TrayEntry::Status(text) = entry { Some(text.clone()) } else { None });
        self.0.borrow_mut().extend(said);
    }
    fn changed(&self) {}
    fn notify(&self, _: &Notice) {}
    fn quit(&self) {}
    fn hand_over(&self) {}
}

/// A sync by hand, and what the tray says after it.
async fn said_after_a_sync(controller: &Rc<Controller>, lines: &Lines, inputs: &mut UnboundedReceiver<Input>) -> String {
    controller.handle(Input::Tray(TrayAction::SyncNow));
    loop {
        let input = inputs.recv().await.expect("an input");
        let is_over = matches!(input, Input::Synced(_));
        controller.handle(input);
        if is_over {
            return lines.0.borrow().last().cloned().unwrap_or_default();
        }
    }
}

#[tokio::test(start_paused = true)]
async fn the_tray_says_that_a_sync_failed_and_when_the_next_one_is_due() {
    let world = World::new();
    let here = world.computer().await;
    here.add("Rent", "2026-12-03T09:00");
    here.good_sync().await;
    let (sender, mut inputs) = unbounded_channel();
    let lines = Rc::new(Lines::default());
    let shell: Rc<dyn Shell> = Rc::<Lines>::clone(&lines);
    let controller = Controller::new(here.app, shell, sender);
    let local = tokio::task::LocalSet::new();
    local
        .run_until(async {
            assert_eq!(said_after_a_sync(&controller, &lines, &mut inputs).await, "Synced just now");
            for status in [429, 503] {
                let body = json!({"error": {"code": "scripted", "message": "scripted"}}).to_string();
                let action = FaultAction::Answer { status, headers: vec![("Retry-After".into(), "300".into())], body };
                world.simulator.fail(Fault { method: String::new(), path: "v1.0".into(), skip: 0, times: 500, action });
                world.clock.pass(chrono::Duration::minutes(1));
                let said = said_after_a_sync(&controller, &lines, &mut inputs).await;
                assert!(said.starts_with("The last sync failed; the next try is at ") && said.contains(':'), "{status}: {said}");
                world.simulator.mend();
                assert_eq!(said_after_a_sync(&controller, &lines, &mut inputs).await, "Synced just now", "{status}");
            }
        })
        .await;
}
