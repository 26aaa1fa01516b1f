//! The controller without a display: a shell that only remembers.

mod clock;
mod copies;
mod lean;
mod views;

use std::sync::Arc;

use belfry_core::{Clock, Zone};
use belfry_http::Reqwest;
use belfry_identity::MemoryVault;
use chrono::{DateTime, Utc};
use futures::future::LocalBoxFuture;

use belfry_core::AccountState;

use super::*;
use crate::shell::{AtLoginError, Notice, Tray, TrayEntry, TrayIcon};
use crate::{Home, Ports};

#[derive(Default)]
struct Remembering {
    trays: RefCell<Vec<Tray>>,
    notices: RefCell<Vec<Notice>>,
    windows: Cell<u32>,
    /// Sizes of what is in the window that it was told.
    zooms: RefCell<Vec<u32>>,
    changes: Cell<u32>,
    at_login: Cell<bool>,
    /// How long a closed window is waited for.
    patience: Cell<Option<Duration>>,
    /// A notification is open.
    waited_for: Cell<bool>,
    stood_down: Cell<u32>,
    /// What happened at the end, in its order.
    ended: RefCell<Vec<&'static str>>,
}

impl Shell for Remembering {
    fn open_browser(&self, _: &str) -> bool {
        false
    }
    fn show_window(&self) {
        self.windows.set(self.windows.get() + 1);
    }
    fn set_tray(&self, tray: &Tray) {
        if self.trays.borrow().last() != Some(tray) {
            self.trays.borrow_mut().push(tray.clone());
        }
    }
    fn changed(&self) {
        self.changes.set(self.changes.get() + 1);
    }
    fn notify(&self, notice: &Notice) {
        self.notices.borrow_mut().push(notice.clone());
    }
    fn set_zoom(&self, percent: u32) {
        self.zooms.borrow_mut().push(percent);
    }
    fn starts_at_login(&self, _: bool) -> Option<bool> {
        Some(self.at_login.get())
    }
    fn set_start_at_login(&self, on: bool) -> LocalBoxFuture<'_, Result<(), AtLoginError>> {
        self.at_login.set(on);
        Box::pin(std::future::ready(Ok(())))
    }
    fn lean_after(&self) -> Option<Duration> {
        self.patience.get()
    }
    fn is_waited_for(&self) -> bool {
        self.waited_for.get()
    }
    fn stand_down(&self) -> bool {
        self.stood_down.set(self.stood_down.get() + 1);
        true
    }
    fn quit(&self) {
        self.ended.borrow_mut().push("quit");
    }
    fn hand_over(&self) {
        self.ended.borrow_mut().push("hand over");
    }
}

struct Still;

impl Clock for Still {
    fn now(&self) -> DateTime<Utc> {
        "2026-11-21T12:00:00Z".parse().expect("a time")
    }
}

struct World {
    controller: Rc<Controller>,
    shell: Rc<Remembering>,
    inputs: UnboundedReceiver<Input>,
    _folder: tempfile::TempDir,
}

fn world() -> World {
    world_at(Arc::new(Still))
}

fn world_at(clock: Arc<dyn Clock>) -> World {
    let folder = tempfile::tempdir().expect("a folder");
    let home = Home::find(Some(folder.path())).expect("a home");
    let ports = Ports { http: Arc::new(Reqwest::new("test")), vault: Arc::new(MemoryVault::default()), clock, zone: Zone::UTC };
    let app = App::open(home, ports).expect("an app");
    let shell = Rc::new(Remembering::default());
    let (sender, inputs) = tokio::sync::mpsc::unbounded_channel();
    let as_shell: Rc<dyn Shell> = Rc::<Remembering>::clone(&shell);
    World { controller: Controller::new(app, as_shell, sender), shell, inputs, _folder: folder }
}

async fn ask(world: &World, command: Command) -> Result<Answer, Problem> {
    let (reply, answer) = tokio::sync::oneshot::channel();
    world.controller.handle(Input::Command(command, reply));
    answer.await.expect("an answer")
}

async fn ask_online(world: &World, question: Online) -> Result<Answer, Problem> {
    let (reply, answer) = tokio::sync::oneshot::channel();
    world.controller.handle(Input::Online(question, reply));
    answer.await.expect("an answer")
}

async fn snapshot(world: &World) -> Snapshot {
    match ask(world, Command::Snapshot).await {
        Ok(Answer::Snapshot(snapshot)) => *snapshot,
        other => panic!("{other:?}"),
    }
}

#[tokio::test]
async fn quick_add_shows_in_the_agenda() {
    let tasks = tokio::task::LocalSet::new();
    tasks
        .run_until(async {
            let world = world();
            ask(&world, Command::Add("Tea tomorrow 9am".into(), None)).await.expect("added");
            ask(&world, Command::Add("Bins every tuesday".into(), None)).await.expect("added");
            let shown: Vec<(String, String, Option<String>)> =
                snapshot(&world).await.agenda.into_iter().map(|row| (row.title, row.day, row.time)).collect();
            assert_eq!(shown, [("Tea".into(), "2026-11-22".into(), Some("09:00".into())), ("Bins".into(), "2026-11-24".into(), None)]);
            let error = ask(&world, Command::Add("Tea".into(), None)).await.expect_err("no time");
            assert_eq!(error.code, ProblemCode::BadInput);
        })
        .await;
}

#[tokio::test]
async fn the_window_is_not_told_of_what_it_only_asked() {
    let tasks = tokio::task::LocalSet::new();
    tasks
        .run_until(async {
            let world = world();
            ask(&world, Command::Add("Tea tomorrow 9am".into(), None)).await.expect("added");
            assert_eq!(world.shell.changes.get(), 1);
            snapshot(&world).await;
            ask(&world, Command::Understand("Tea".into())).await.expect("words");
            assert_eq!(world.shell.changes.get(), 1, "a window that loads when told would load for ever");
        })
        .await;
}

#[tokio::test]
async fn the_practice_account_signs_in_and_a_list_is_kept_in_outlook() {
    let tasks = tokio::task::LocalSet::new();
    tasks
        .run_until(async {
            // The practice cloud lives in this process and by the computer's clock.
            let mut world = world_at(Arc::new(belfry_core::SystemClock));
            ask(&world, Command::Connect(true)).await.expect("begun");
            until_signed_in(&mut world).await;
            let account = snapshot(&world).await.accounts.first().expect("an account").clone();
            assert_eq!(account.state, AccountState::NoCalendarAccess);
            ask(&world, Command::Allow(account.id.clone())).await.expect("begun");
            until_signed_in(&mut world).await;
            ask(&world, Command::Add("Tea tomorrow 9am".into(), None)).await.expect("added");
            ask_online(&world, Online::Target("Reminders".into(), account.id.clone(), None)).await.expect("kept");
            // Nothing is written before the plan was seen, whatever syncs meanwhile.
            let plan = match ask_online(&world, Online::Plan("Reminders".into())).await {
                Ok(Answer::Plan(plan)) => plan,
                other => panic!("{other:?}"),
            };
            assert_eq!(plan.iter().map(|step| (step.op, step.title.as_str())).collect::<Vec<_>>(), [(belfry_core::Op::Create, "Tea")]);
            assert!(snapshot(&world).await.agenda.iter().all(|row| row.state != "synced"));
            ask(&world, Command::Start("Reminders".into())).await.expect("started");
            // A sync that the sign-in started may still be under way; the one that was asked for follows it.
            let mut shown = snapshot(&world).await;
            while shown.agenda.first().map(|row| row.state.as_str()) != Some("synced") || shown.sync != SyncState::Idle {
                let input = tokio::time::timeout(Duration::from_secs(30), world.inputs.recv()).await.expect("in time").expect("an input");
                world.controller.handle(input);
                shown = snapshot(&world).await;
            }
            let icons: Vec<TrayIcon> = world.shell.trays.borrow().iter().map(|tray| tray.icon).collect();
            assert!(icons.contains(&TrayIcon::Working), "{icons:?}");
            assert_eq!(icons.last(), Some(&TrayIcon::Fine));
        })
        .await;
}

async fn until_signed_in(world: &mut World) {
    loop {
        let input = world.inputs.recv().await.expect("an input");
        let ended = matches!(input, Input::SignedIn(_));
        if let Input::SignedIn(Err(problem)) = &input {
            panic!("{problem:?}");
        }
        world.controller.handle(input);
        if ended {
            return;
        }
    }
}

#[tokio::test]
async fn the_tray_is_a_value() {
    let tasks = tokio::task::LocalSet::new();
    tasks
        .run_until(async {
            let world = world();
            world.controller.handle(Input::Started(None));
            assert_eq!(world.shell.windows.get(), 1);
            let tray = world.shell.trays.borrow().last().cloned().expect("a tray");
            let texts: Vec<String> = tray
                .entries
                .iter()
                .map(|entry| match entry {
                    TrayEntry::Status(text) | TrayEntry::Item(text, _) => text.clone(),
                    TrayEntry::Separator => "-".into(),
                })
                .collect();
            assert_eq!(texts, ["On this computer only", "Sync now", "Pause for an hour", "-", "New reminder...", "Open Belfry", "Quit"]);
            world.controller.handle(Input::Tray(TrayAction::PauseForAnHour));
            let tray = world.shell.trays.borrow().last().cloned().expect("a tray");
            assert!(tray.entries.contains(&TrayEntry::Item("Resume".into(), TrayAction::Resume)));
        })
        .await;
}

#[tokio::test]
async fn one_trouble_is_told_once() {
    let tasks = tokio::task::LocalSet::new();
    tasks
        .run_until(async {
            let world = world();
            let problem = || Problem::new(ProblemCode::CalendarVanished, "A calendar is gone", "Belfry is gone.", "Choose another one.");
            for _ in 0..3 {
                world.controller.handle(Input::Synced(Err(problem())));
            }
            assert_eq!(world.shell.notices.borrow().len(), 1);
        })
        .await;
}

fn first_line(world: &World) -> Option<String> {
    match world.shell.trays.borrow().last()?.entries.first()? {
        TrayEntry::Status(text) => Some(text.clone()),
        _ => None,
    }
}

/// Kept in a calendar of an account, without asking anybody.
fn keep_in_outlook(world: &World) {
    let list = world.controller.app.list(None).expect("a list");
    let account: AccountId = "custom/t/o".parse().expect("an id");
    let target = belfry_core::Target { account, calendar_id: Some("c".into()), calendar_name: "Belfry".into() };
    world.controller.app.store.save_list(&belfry_core::List { target: Some(target), ..list }).expect("saved");
}

/// An account that was synced well.
fn connect(world: &World) {
    let account = Account {
        id: "custom/t/o".parse().expect("an id"),
        login: "ada@contoso.example".into(),
        name: "Ada".into(),
        kind: belfry_core::AccountKind::Work,
        cloud: belfry_core::Cloud::named("public").expect("a cloud"),
        client_id: "c".into(),
        scopes: vec![],
        state: AccountState::Ready,
        claims: None,
        last_good_sync_at: Some(Still.now()),
    };
    world.controller.app.store.save_account(&account).expect("saved");
}

#[tokio::test(start_paused = true)]
async fn the_tray_counts_a_long_sync_twice_a_second() {
    let world = world();
    keep_in_outlook(&world);
    world.controller.running.set(true);
    let writing = |done| Progress { phase: belfry_sync::Phase::Apply, done, of: 1000, what: "ada@contoso.example".into() };
    world.controller.progressed(writing(20));
    assert_eq!(first_line(&world).as_deref(), Some("Syncing, 20 of 1000"));
    world.controller.progressed(writing(40));
    assert_eq!(first_line(&world).as_deref(), Some("Syncing, 20 of 1000"));
    tokio::time::advance(Duration::from_millis(600)).await;
    world.controller.progressed(writing(60));
    assert_eq!(first_line(&world).as_deref(), Some("Syncing, 60 of 1000"));
}

/// A list whose plan is shown was looked at, and nothing of it is in Outlook.
#[tokio::test]
async fn the_tray_says_synced_only_where_something_is_kept_in_outlook() {
    let world = world();
    keep_in_outlook(&world);
    connect(&world);
    let (app, list) = (&world.controller.app, world.controller.app.list(None).expect("a list"));
    app.store.set_unstarted(list.id, true).expect("saved");
    world.controller.show_tray();
    assert_eq!(first_line(&world).as_deref(), Some("Not synced yet"));
    app.store.set_unstarted(list.id, false).expect("saved");
    world.controller.show_tray();
    assert_eq!(first_line(&world).as_deref(), Some("Synced just now"));
}

/// A pause that another program set, or ended, is taken over.
#[tokio::test(start_paused = true)]
async fn a_pause_of_another_program_is_taken_over() {
    let world = world();
    keep_in_outlook(&world);
    world.controller.app.pause(None).expect("paused");
    world.controller.handle(Input::Elsewhere);
    assert_eq!(first_line(&world).as_deref(), Some("Paused"));
    assert_eq!(world.controller.schedule.borrow().pause(), Some(None));
    world.controller.app.resume().expect("resumed");
    tokio::task::LocalSet::new().run_until(async { world.controller.handle(Input::Elsewhere) }).await;
    assert_eq!(world.controller.schedule.borrow().pause(), None);
    assert_ne!(first_line(&world).as_deref(), Some("Paused"));
}

/// A clock that a test sets.
#[derive(Clone)]
struct Set(Arc<std::sync::Mutex<DateTime<Utc>>>);

impl Clock for Set {
    fn now(&self) -> DateTime<Utc> {
        *self.0.lock().expect("a lock")
    }
}

impl Set {
    fn to(&self, at: &str) {
        *self.0.lock().expect("a lock") = at.parse().expect("a time");
    }
}

#[tokio::test]
async fn what_is_due_rings_once_can_be_snoozed_and_is_done_from_its_notification() {
    let tasks = tokio::task::LocalSet::new();
    tasks
        .run_until(async {
            let clock = Set(Arc::new(std::sync::Mutex::new("2026-11-21T12:00:00Z".parse().expect("a time"))));
            let world = world_at(Arc::new(clock.clone()));
            world.controller.handle(Input::AlarmsDue);
            ask(&world, Command::Add("Tea tomorrow 9am, 15 minutes before".into(), None)).await.expect("added");
            ask(&world, Command::Add("Bins every sunday 9am, 15 minutes before".into(), None)).await.expect("added");
            let rung = |at: &str| {
                clock.to(at);
                world.shell.notices.borrow_mut().clear();
                world.controller.handle(Input::AlarmsDue);
                let notices = world.shell.notices.borrow();
                notices.iter().map(|notice| notice.title.clone()).collect::<Vec<_>>()
            };
            assert!(rung("2026-11-22T08:44:59Z").is_empty());
            let mut both = rung("2026-11-22T08:45:10Z");
            both.sort();
            assert_eq!(both, ["Bins", "Tea"]);
            let button = |title: &str, number: usize| {
                let notices = world.shell.notices.borrow();
                let notice = notices.iter().find(|notice| notice.title == title).expect("a notice");
                notice.actions[number].0.clone()
            };
            let (done, snooze) = (button("Bins", 0), button("Tea", 1));
            assert!(rung("2026-11-22T08:46:00Z").is_empty(), "once");
            world.controller.handle(Input::Tray(snooze));
            world.controller.handle(Input::Tray(done));
            assert!(rung("2026-11-22T08:50:00Z").is_empty());
            assert_eq!(rung("2026-11-22T08:56:30Z"), ["Tea"]);
            // The series goes on: only that date is done.
            assert_eq!(rung("2026-11-29T08:45:30Z"), ["Bins"]);
            // Two weeks asleep: what was missed is told together, and only of a week.
            assert_eq!(rung("2026-12-21T10:00:00Z"), ["Bins"]);
        })
        .await;
}
