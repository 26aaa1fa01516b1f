//! What the views beside the agenda ask for and do.

use belfry_core::ShowAs;

use super::*;
use crate::config::{Config, NotificationConfig};
use crate::following::Follow;
use crate::lists::DefaultsWish;
use crate::occurrences::DateChange;
use crate::reminders::ReminderWish;

async fn opened(world: &World, id: &str, on: Option<&str>) -> Opened {
    match ask(world, Command::Opened(id.into(), on.map(str::to_owned))).await {
        Ok(Answer::Opened(opened)) => *opened,
        other => panic!("{other:?}"),
    }
}

async fn dates(world: &World, from: &str, to: &str) -> Vec<(String, String, Option<String>)> {
    match ask(world, Command::Dates(from.into(), to.into())).await {
        Ok(Answer::Dates(rows)) => rows.into_iter().map(|row| (row.title, row.day, row.on)).collect(),
        other => panic!("{other:?}"),
    }
}

/// A world with one reminder, and its id.
async fn with(words: &str) -> (World, String) {
    let world = world();
    ask(&world, Command::Add(words.into(), None)).await.expect("added");
    let id = snapshot(&world).await.agenda.first().expect("a row").id.clone();
    (world, id)
}

#[tokio::test]
async fn all_that_was_added_is_named_so_that_it_can_be_taken_back() {
    let tasks = tokio::task::LocalSet::new();
    tasks
        .run_until(async {
            let world = world();
            let Ok(Answer::Added(ids)) = ask(&world, Command::Add("Drops every 8 hours".into(), None)).await else { panic!("added") };
            let rows: Vec<String> = snapshot(&world).await.agenda.into_iter().map(|row| row.id).collect();
            assert!(ids.len() == 3 && rows.iter().all(|id| ids.iter().any(|one| one.to_string() == *id)), "{ids:?} {rows:?}");
            for id in ids {
                ask(&world, Command::Remove(id.to_string())).await.expect("removed");
            }
            assert_eq!(snapshot(&world).await.agenda, []);
        })
        .await;
}

/// As another computer's event is, once it was found and tied to its reminder again.
#[tokio::test]
async fn a_reminder_that_was_found_in_outlook_has_its_event_without_having_been_written() {
    let tasks = tokio::task::LocalSet::new();
    tasks
        .run_until(async {
            let (world, id) = with("Tea tomorrow 9am").await;
            keep_in_outlook(&world);
            let before = opened(&world, &id, None).await;
            assert!(!before.has_event && before.written_at.is_none());
            let app = &world.controller.app;
            let (reminder, list) = (app.reminder(&id).expect("there"), app.list(None).expect("a list"));
            let target = list.target.expect("a target");
            let place = belfry_core::Place { account: target.account, calendar: target.calendar_id.expect("an id") };
            let key = belfry_core::marker::Key::main(list.id, reminder.id);
            let made = belfry_core::Link::creating(key, place, 0, belfry_core::Projection::of(&reminder));
            let found = belfry_core::Link { event_id: Some("e".into()), state: belfry_core::LinkState::Linked, sending: None, ..made };
            app.store.save_link(&found).expect("saved");
            let after = opened(&world, &id, None).await;
            assert!(after.has_event && after.written_at.is_none());
        })
        .await;
}

fn named(title: &str) -> Box<ReminderWish> {
    Box::new(ReminderWish { title: Some(title.into()), ..ReminderWish::default() })
}

#[tokio::test]
async fn one_date_is_edited_and_the_series_is_not() {
    let tasks = tokio::task::LocalSet::new();
    tasks
        .run_until(async {
            let (world, id) = with("Bins every tuesday 19:30").await;
            let whole = opened(&world, &id, None).await;
            let days: Vec<String> = whole.next.iter().map(|one| one.on.to_string()).collect();
            assert_eq!(days, ["2026-11-24", "2026-12-01", "2026-12-08", "2026-12-15", "2026-12-22"]);
            ask(&world, Command::ChangeDate(id.clone(), "2026-12-01".into(), DateChange::Edit(named("Big bins")))).await.expect("changed");
            ask(&world, Command::ChangeDate(id.clone(), "2026-12-08".into(), DateChange::Cancel)).await.expect("left out");
            let one = opened(&world, &id, Some("2026-12-01")).await;
            assert_eq!((one.reminder.title.as_str(), one.reminder.start.as_str()), ("Big bins", "2026-12-01T19:30:00"));
            let whole = opened(&world, &id, None).await;
            assert_eq!(whole.reminder.title, "Bins");
            let exceptions: Vec<(String, bool)> = whole.exceptions.iter().map(|one| (one.on.to_string(), one.is_left_out)).collect();
            assert_eq!(exceptions, [("2026-12-01".into(), false), ("2026-12-08".into(), true)]);
        })
        .await;
}

#[tokio::test]
async fn a_month_has_every_date_where_it_is_now() {
    let tasks = tokio::task::LocalSet::new();
    tasks
        .run_until(async {
            let (world, id) = with("Bins every tuesday").await;
            ask(&world, Command::Add("Tea 3 December 9am".into(), None)).await.expect("added");
            let move_to = Command::MoveToDay { id, on: Some("2026-12-01".into()), from: "2026-12-01".into(), to: "2026-12-02".into() };
            ask(&world, move_to).await.expect("moved");
            let row = |title: &str, day: &str, on: Option<&str>| (title.to_owned(), day.to_owned(), on.map(str::to_owned));
            assert_eq!(
                dates(&world, "2026-11-30", "2026-12-10").await,
                [
                    row("Bins", "2026-12-02", Some("2026-12-01")),
                    row("Tea", "2026-12-03", None),
                    row("Bins", "2026-12-08", Some("2026-12-08")),
                ]
            );
            let tea = snapshot(&world).await.agenda.into_iter().find(|row| row.title == "Tea").expect("tea");
            let move_to = Command::MoveToDay { id: tea.id.clone(), on: None, from: "2026-12-03".into(), to: "2026-12-09".into() };
            ask(&world, move_to).await.expect("moved");
            assert_eq!(opened(&world, &tea.id, None).await.reminder.start, "2026-12-09T09:00:00");
            assert!(ask(&world, Command::Dates("2026-01-01".into(), "2027-01-01".into())).await.is_err());
        })
        .await;
}

#[tokio::test]
async fn a_date_that_is_done_makes_room_for_the_next() {
    let tasks = tokio::task::LocalSet::new();
    tasks
        .run_until(async {
            let (world, id) = with("Bins every tuesday").await;
            ask(&world, Command::ChangeDate(id.clone(), "2026-11-24".into(), DateChange::Done(true))).await.expect("done");
            assert_eq!(snapshot(&world).await.agenda.first().map(|row| (row.day.clone(), row.done)), Some(("2026-12-01".into(), false)));
            ask(&world, Command::ChangeDate(id, "2026-11-24".into(), DateChange::Done(false))).await.expect("not done");
            assert_eq!(snapshot(&world).await.agenda.first().map(|row| row.day.clone()), Some("2026-11-24".into()));
        })
        .await;
}

#[tokio::test]
async fn what_was_removed_comes_back_and_the_log_says_so() {
    let tasks = tokio::task::LocalSet::new();
    tasks
        .run_until(async {
            let (world, id) = with("Tea tomorrow 9am").await;
            ask(&world, Command::Remove(id.clone())).await.expect("removed");
            assert!(snapshot(&world).await.agenda.is_empty());
            let runs = match ask(&world, Command::Runs(10)).await {
                Ok(Answer::Runs(runs)) => runs,
                other => panic!("{other:?}"),
            };
            let run = runs.first().expect("a run").run;
            let trial = match ask_online(&world, Online::Undo(run.to_string(), true)).await {
                Ok(Answer::Undone(document)) => document.undone,
                other => panic!("{other:?}"),
            };
            assert_eq!(trial.iter().map(|one| one.did).collect::<Vec<_>>(), ["made_again"]);
            assert!(snapshot(&world).await.agenda.is_empty(), "a look changes nothing");
            ask_online(&world, Online::UndoEntry(run, id.clone())).await.expect("undone");
            assert_eq!(snapshot(&world).await.agenda.first().map(|row| row.id.clone()), Some(id));
        })
        .await;
}

#[tokio::test]
async fn a_list_follows_a_file_and_says_what_it_could_not_read() {
    let tasks = tokio::task::LocalSet::new();
    tasks
        .run_until(async {
            let world = world();
            let file = world.controller.app.home().join("bins.ics");
            let event = |uid: &str, start: &str| format!("BEGIN:VEVENT\r\nUID:{uid}\r\nSUMMARY:Bins\r\nDTSTART:{start}\r\nEND:VEVENT\r\n");
            let text =
                format!("BEGIN:VCALENDAR\r\nVERSION:2.0\r\n{}{}END:VCALENDAR\r\n", event("a", "20261201T090000Z"), event("b", "yesterday"));
            std::fs::write(&file, text).expect("written");
            ask_online(&world, Online::Follow("Bins".into(), Follow::path(&file))).await.expect("followed");
            let list = snapshot(&world).await.lists.into_iter().find(|row| row.list.name == "Bins").expect("a list");
            assert_eq!((list.list.count, list.set_aside), (1, 1));
            let aside = match ask(&world, Command::SetAside("Bins".into())).await {
                Ok(Answer::SetAside(all)) => all,
                other => panic!("{other:?}"),
            };
            assert!(aside.first().is_some_and(|one| one.item.raw.contains("yesterday")), "{aside:?}");
            ask_online(&world, Online::RemoveList("Bins".into(), None)).await.expect("removed");
            assert_eq!(snapshot(&world).await.lists.len(), 1);
        })
        .await;
}

#[tokio::test]
async fn defaults_are_for_each_kind_of_reminder() {
    let tasks = tokio::task::LocalSet::new();
    tasks
        .run_until(async {
            let world = world();
            let wish = |zone: Option<&str>| DefaultsWish {
                zone: zone.map(str::to_owned),
                alarms: vec![30],
                all_day_alarms: vec![900],
                show_as: ShowAs::Busy,
            };
            ask(&world, Command::SetDefaults("Reminders".into(), Box::new(wish(Some("Europe/Berlin"))))).await.expect("set");
            assert!(ask(&world, Command::SetDefaults("Reminders".into(), Box::new(wish(Some("Moon/Base"))))).await.is_err());
            ask(&world, Command::Add("Tea tomorrow 9am".into(), None)).await.expect("added");
            let id = snapshot(&world).await.agenda.first().expect("a row").id.clone();
            let tea = opened(&world, &id, None).await.reminder;
            assert_eq!((tea.alarms, tea.zone, tea.show_as), (vec![30], Some("Europe/Berlin"), "busy"));
        })
        .await;
}

#[tokio::test(start_paused = true)]
async fn another_interval_counts_from_now_on() {
    let tasks = tokio::task::LocalSet::new();
    tasks
        .run_until(async {
            let world = world();
            let chosen = Config::read(world.controller.app.home()).expect("a config").preferences();
            let other = crate::config::Preferences { interval_minutes: 30, ..chosen };
            ask(&world, Command::Pause(None)).await.expect("paused");
            ask(&world, Command::SetPreferences(other)).await.expect("set");
            let settings = match ask(&world, Command::Settings).await {
                Ok(Answer::Settings(settings)) => *settings,
                other => panic!("{other:?}"),
            };
            assert_eq!((settings.preferences.interval_minutes, settings.is_paused), (30, true));
            assert_eq!(world.controller.schedule.borrow().pause(), Some(None), "the pause goes on");
            world.controller.handle(Input::Rang(1));
            assert!(!world.controller.running.get(), "a timer of the old schedule is void");
            ask(&world, Command::Resume).await.expect("resumed");
            assert_eq!(world.controller.schedule.borrow().pause(), None);
        })
        .await;
}

#[tokio::test(start_paused = true)]
async fn what_was_asked_for_outside_of_the_window_is_done_once_in_it() {
    let tasks = tokio::task::LocalSet::new();
    tasks
        .run_until(async {
            let world = world();
            let before = world.shell.windows.get();
            world.controller.handle(Input::Tray(TrayAction::NewReminder));
            assert_eq!((snapshot(&world).await.errand, world.shell.windows.get()), (Some(Errand::NewReminder), before + 1));
            world.controller.handle(Input::Started(Some(Errand::Follow("/tmp/bins.ics".into()))));
            assert_eq!(snapshot(&world).await.errand, Some(Errand::Follow("/tmp/bins.ics".into())));
            ask(&world, Command::RanErrand).await.expect("done");
            world.controller.handle(Input::Started(None));
            assert_eq!((snapshot(&world).await.errand, world.shell.windows.get()), (None, before + 3));
        })
        .await;
}

#[tokio::test(start_paused = true)]
async fn who_wants_no_notifications_gets_none_and_is_not_told_later() {
    let tasks = tokio::task::LocalSet::new();
    tasks
        .run_until(async {
            let world = world();
            let chosen = Config::read(world.controller.app.home()).expect("a config").preferences();
            let quiet = NotificationConfig { trouble: false, due: false };
            let other = crate::config::Preferences { notifications: quiet, ..chosen.clone() };
            ask(&world, Command::SetPreferences(other)).await.expect("set");
            ask_online(&world, Online::StartAtLogin(true)).await.expect("set");
            let Ok(Answer::Settings(settings)) = ask(&world, Command::Settings).await else { panic!("no settings") };
            assert_eq!((settings.starts_at_login, settings.preferences.notifications), (Some(true), quiet));
            let problem = Problem::new(ProblemCode::MailboxUnavailable, "Full", "The mailbox is full.", "Make room.");
            world.controller.tell(Exit::Person, std::slice::from_ref(&problem));
            assert!(world.shell.notices.borrow().is_empty());
            ask(&world, Command::SetPreferences(chosen)).await.expect("set");
            world.controller.tell(Exit::Done, &[]);
            world.controller.tell(Exit::Person, &[problem]);
            assert_eq!(world.shell.notices.borrow().len(), 1);
        })
        .await;
}

/// The window is told once of another size of its content, not with every other setting, and of none that cannot be.
#[tokio::test(start_paused = true)]
async fn the_window_is_made_as_large_as_is_chosen() {
    let tasks = tokio::task::LocalSet::new();
    tasks
        .run_until(async {
            let world = world();
            let mut chosen = Config::read(world.controller.app.home()).expect("a config").preferences();
            chosen.interval_minutes = 30;
            ask(&world, Command::SetPreferences(chosen.clone())).await.expect("set");
            chosen.window.zoom = 125;
            ask(&world, Command::SetPreferences(chosen.clone())).await.expect("set");
            chosen.window.theme = crate::config::Theme::Dark;
            ask(&world, Command::SetPreferences(chosen.clone())).await.expect("set");
            chosen.window.zoom = 500;
            assert!(ask(&world, Command::SetPreferences(chosen)).await.is_err());
            assert_eq!(*world.shell.zooms.borrow(), [125]);
        })
        .await;
}
