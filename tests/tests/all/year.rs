//! A year in the life of one account, on the controller that the desktop runs: what becomes of its state, what the person is told, and how often the sign-in is
//! asked. The saved timeline beside this file is what should happen.

use std::cell::RefCell;
use std::fmt::Write;
use std::rc::Rc;
use std::time::Duration as Span;

use belfry_app::controller::{Command, Controller, Input};
use belfry_app::shell::{Notice, Shell, Tray};
use belfry_simulator::{Fault, FaultAction};
use belfry_tests::{LOGIN, TestClock, World};
use chrono::Duration;
use tokio::sync::mpsc::UnboundedSender;

/// Remembers what the person was told.
#[derive(Default)]
struct Told(RefCell<Vec<String>>);

impl Shell for Told {
    fn open_browser(&self, _: &str) -> bool {
        true
    }
    fn show_window(&self) {}
    fn set_tray(&self, _: &Tray) {}
    fn changed(&self) {}
    fn notify(&self, notice: &Notice) {
        self.0.borrow_mut().push(format!("{}: {}", notice.title, notice.body));
    }
    fn quit(&self) {}
    fn hand_over(&self) {}
}

struct Year {
    world: World,
    controller: Rc<Controller>,
    told: Rc<Told>,
    inputs: UnboundedSender<Input>,
    day: u32,
    last: String,
    timeline: String,
}

impl Year {
    fn note(&mut self, text: &str) {
        let _ = writeln!(self.timeline, "day {:3}  {text}", self.day);
    }

    /// Lets the controller live for some days and writes down what became of it.
    async fn live(&mut self, days: u32) {
        for _ in 0..days {
            tokio::time::sleep(Span::from_secs(24 * 3600)).await;
            self.day += 1;
            self.look();
        }
    }

    fn look(&mut self) {
        let app = Rc::clone(self.controller.app());
        let account = app.account(None).expect("an account");
        let waiting = app.status().expect("a status").waiting;
        let state = format!("{} ({waiting} waiting)", belfry_core::word(&account.state));
        if state != self.last {
            self.last.clone_from(&state);
            self.note(&format!("state      {state}"));
        }
        let told: Vec<String> = self.told.0.borrow_mut().drain(..).collect();
        for notice in told {
            self.note(&format!("told       {notice}"));
        }
    }

    /// Signs in again with a code: the same as in a browser, without one.
    async fn sign_in(&mut self) {
        let app = Rc::clone(self.controller.app());
        let account = self.world.sign_in_again(&app, true).await.expect("signed in");
        self.note("the person signs in again");
        drop(self.inputs.send(Input::SignedIn(Ok(Box::new(account)))));
        tokio::time::sleep(Span::from_secs(60)).await;
        self.look();
    }

    fn add(&self, title: &str) {
        let (reply, _) = tokio::sync::oneshot::channel();
        drop(self.inputs.send(Input::Command(Command::Add(format!("{title} tomorrow 9am #Household"), None), reply)));
    }

    fn token_requests(&self) -> usize {
        self.world.token_requests()
    }
}

async fn year() -> String {
    let world = World::with(TestClock::ticking());
    let here = world.computer().await;
    let (inputs, receiver) = tokio::sync::mpsc::unbounded_channel();
    let told = Rc::new(Told::default());
    let shell: Rc<dyn Shell> = Rc::<Told>::clone(&told);
    let belfry_tests::Computer { app, folder: _folder, .. } = here;
    let controller = Controller::every(Duration::hours(12), app, shell, inputs.clone());
    tokio::task::spawn_local(Rc::clone(&controller).run(receiver));
    let mut year = Year { world, controller, told, inputs, day: 0, last: String::new(), timeline: String::new() };
    year.add("Tea");
    year.live(30).await;

    year.note("the password is changed");
    year.world.simulator.with_world(|world| {
        let now = "2026-12-21T12:00:00Z".parse().expect("a time");
        world.person_mut(LOGIN).expect("ada").revoked_at = Some(now);
        world.access.clear();
    });
    year.add("Bins");
    year.live(1).await;
    let before = year.token_requests();
    year.live(7).await;
    let asked = year.token_requests() - before;
    year.note(&format!("a week later the sign-in was asked {asked} times more"));
    year.sign_in().await;
    year.live(40).await;

    year.note("the signing key changes without notice, and the person signs in once more");
    year.world.simulator.rotate_key();
    year.sign_in().await;
    year.live(20).await;

    year.note("the computer sleeps for three weeks");
    year.world.clock.pass(Duration::days(21));
    year.day += 21;
    year.live(2).await;

    year.note("a policy forbids it");
    let body = r#"{"error":"invalid_grant","error_codes":[53003],"suberror":"message_only","error_description":"AADSTS53003: blocked"}"#;
    let action = FaultAction::Answer { status: 400, headers: vec![], body: body.into() };
    year.world.simulator.fail(Fault { method: "POST".into(), path: "/token".into(), skip: 0, times: 0, action });
    year.live(2).await;
    let before = year.token_requests();
    year.live(7).await;
    let asked = year.token_requests() - before;
    year.note(&format!("a week later the sign-in was asked {asked} times more"));
    year.note("the policy is lifted");
    year.world.simulator.mend();
    year.sign_in().await;
    year.live(30).await;

    year.note("the computer sleeps for a hundred days");
    year.world.clock.pass(Duration::days(100));
    year.day += 100;
    year.live(2).await;
    year.sign_in().await;
    year.add("Rent");
    year.live(365 - year.day).await;
    let subjects = year.world.subjects().join(", ");
    year.note(&format!("in Outlook: {subjects}"));
    year.timeline
}

#[tokio::test(start_paused = true)]
async fn a_year() {
    let timeline = tokio::task::LocalSet::new().run_until(year()).await;
    println!("{timeline}");
    let path = concat!(env!("CARGO_MANIFEST_DIR"), "/tests/all/year.txt");
    if std::env::var_os("BELFRY_WRITE_TIMELINE").is_some() {
        std::fs::write(path, &timeline).expect("written");
    }
    assert_eq!(timeline, std::fs::read_to_string(path).unwrap_or_default(), "BELFRY_WRITE_TIMELINE=1 saves this one, if it is right");
}
