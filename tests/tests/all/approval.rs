//! Waiting for an administrator: recognised however it shows, durable, quiet, and over by itself when access is given.

use std::time::Duration as Patience;

use belfry_app::AppError;
use belfry_app::lists::Keep;
use belfry_app::syncing::SyncOptions;
use belfry_core::{AccountState, Exit, ProblemCode};
use belfry_simulator::browser::{self, Choice, Fetch};
use belfry_simulator::{Fault, FaultAction};
use belfry_tests::{Browser, Computer, World};
use chrono::Duration;
use serde_json::json;

/// A work account without calendar access, in a tenant where nobody may give it by themselves.
async fn computer(world: &World) -> Computer {
    let here = world.computer_with(&["User.Read"]).await;
    world.needs_admin();
    here
}

async fn allow(world: &World, here: &Computer) -> AppError {
    let account = here.app.account(None).expect("an account");
    let pending = here.app.begin_sign_in_again(&account, true).await.expect("begun");
    let url = pending.url().to_owned();
    let fetch = Browser::of(world);
    let choice = Choice::Account(account.login);
    let (_, result) = futures::join!(browser::sign_in(&fetch, &url, &choice), here.app.finish_sign_in(pending, Patience::from_secs(20)));
    result.expect_err("not given")
}

fn state(here: &Computer) -> AccountState {
    here.app.account(None).expect("an account").state
}

#[tokio::test]
async fn the_page_that_comes_back_without_access_starts_the_wait() {
    let world = World::new();
    let here = computer(&world).await;
    let problem = allow(&world, &here).await.problem();
    assert_eq!((problem.code, state(&here)), (ProblemCode::AdminApprovalNeeded, AccountState::WaitingForApproval));
    assert!(problem.action.contains("admin-consent"), "{problem:?}");
    assert_eq!(here.app.status().expect("a status").attention.map(|problem| problem.code), Some(ProblemCode::AdminApprovalNeeded));
}

#[tokio::test]
async fn so_does_a_browser_that_never_comes_back() {
    let world = World::new();
    let here = computer(&world).await;
    let account = here.app.account(None).expect("an account");
    let pending = here.app.begin_sign_in_again(&account, true).await.expect("begun");
    let error = here.app.finish_sign_in(pending, Patience::from_millis(30)).await.expect_err("nobody came");
    assert_eq!((error.problem().code, state(&here)), (ProblemCode::AdminApprovalNeeded, AccountState::WaitingForApproval));
    // Without a wish for calendars it is only a browser that was closed.
    let pending = here.app.begin_sign_in_again(&account, false).await.expect("begun");
    let error = here.app.finish_sign_in(pending, Patience::from_millis(30)).await.expect_err("nobody came");
    assert_eq!(error.problem().code, ProblemCode::SignInTimedOut);
}

#[tokio::test]
async fn it_asks_quietly_once_an_hour_and_goes_on_by_itself() {
    let world = World::new();
    let here = computer(&world).await;
    allow(&world, &here).await;
    // A list may be given its target while access is waited for only after it was given; another one has it already.
    let account = here.app.account(None).expect("an account");
    let letter = here.app.letter(&account).await.expect("a letter");
    assert!(letter.text.contains(&letter.url) && letter.url.contains(&account.id.tenant), "{letter:?}");
    let before = world.token_requests();
    for minutes in [0, 5, 5, 30] {
        world.clock.pass(Duration::minutes(minutes));
        assert!(here.app.try_quietly().await.expect("tried").is_empty());
    }
    assert_eq!(world.token_requests() - before, 1, "one question within the hour");
    world.clock.pass(Duration::hours(1));
    assert!(here.app.try_quietly().await.expect("tried").is_empty());
    assert_eq!(world.token_requests() - before, 2);
    // The administrator opens the address of the letter somewhere else.
    let fetch = Browser::of(&world);
    let page = fetch.fetch("GET", &letter.url, None).await.expect("a page");
    assert!(page.2.contains("Calendars.ReadWrite"), "{}", page.2);
    let query = letter.url.split_once('?').expect("a query").1;
    let action = letter.url.split_once('?').expect("a path").0;
    assert_eq!(fetch.fetch("POST", action, Some(&format!("{query}&approve=1"))).await.expect("an answer").0, 302);
    world.clock.pass(Duration::hours(1));
    let approved = here.app.try_quietly().await.expect("tried");
    assert_eq!(approved.iter().map(|account| account.state).collect::<Vec<_>>(), [AccountState::Ready]);
    here.app.add_list("Household", &Keep::In { account: None, calendar: None }).await.expect("a list");
    here.add("Rent", "2026-12-03T09:00");
    assert_eq!(here.good_sync().await["created"], json!(1));
}

#[tokio::test]
async fn an_administrator_at_this_computer_says_no_and_then_yes() {
    let world = World::new();
    let here = computer(&world).await;
    let account = here.app.account(None).expect("an account");
    for (choice, state) in [(Choice::Deny, AccountState::WaitingForApproval), (Choice::Approve, AccountState::Ready)] {
        let pending = here.app.begin_admin_consent(&account).await.expect("begun");
        let url = pending.url().to_owned();
        let fetch = Browser::of(&world);
        let (_, result) =
            futures::join!(browser::sign_in(&fetch, &url, &choice), here.app.finish_admin_consent(pending, Patience::from_secs(20)));
        match result {
            Ok(approved) => assert_eq!(approved.state, state),
            Err(error) => assert_eq!((error.problem().code, self::state(&here)), (ProblemCode::AdminApprovalNeeded, state)),
        }
        assert_eq!(self::state(&here), state, "{choice:?}");
    }
    let again = here.app.account(None).expect("an account");
    assert!(matches!(here.app.letter(&again).await, Err(AppError::BadInput { .. })));
}

#[tokio::test]
async fn a_list_that_waits_says_so_and_sends_nothing() {
    let world = World::new();
    let here = world.computer().await;
    here.add("Rent", "2026-12-03T09:00");
    here.good_sync().await;
    // The tenant takes the permission back.
    world.simulator.with_world(|world| {
        for person in &mut world.people {
            person.needs_admin = true;
            person.consented.retain(|scope| !scope.starts_with("calendars."));
        }
        world.access.clear();
    });
    world.clock.pass(Duration::hours(2));
    let (document, exit) = here.sync().await;
    assert_eq!((exit, &document["problems"][0]["code"]), (Exit::Person, &json!("calendar_access_needed")), "{document:#}");
    let before = world.simulator.seen().len();
    assert_eq!(here.sync().await.1, Exit::Person);
    assert_eq!(world.simulator.seen().iter().skip(before).filter(|seen| seen.side == "graph").count(), 0);
}

/// Outlook refused what was granted, and takes it again: who asks by hand is not told to wait for the hour.
#[tokio::test(start_paused = true)]
async fn a_sync_by_hand_asks_a_waiting_account() {
    let world = World::new();
    let here = world.computer().await;
    here.add("Rent", "2026-12-03T09:00");
    here.good_sync().await;
    let account = here.app.account(None).expect("an account");
    world.connect_again(&here.app, &account, true).await.expect("signed in");
    let body = json!({"error": {"code": "ErrorAccessDenied", "message": "scripted"}}).to_string();
    let action = FaultAction::Answer { status: 403, headers: vec![], body };
    world.simulator.fail(Fault { method: "GET".into(), path: "delta".into(), skip: 0, times: 0, action });
    assert_eq!(here.sync().await.1, Exit::Later, "once it may be a fault of Outlook's own");
    assert_eq!((here.sync().await.1, state(&here)), (Exit::Person, AccountState::WaitingForApproval));
    // The hourly question is answered with yes, and Outlook still says no: then it is waited for the hour.
    here.app.try_quietly().await.expect("asked");
    assert_eq!((here.sync().await.1, state(&here)), (Exit::Person, AccountState::WaitingForApproval));
    world.simulator.mend();
    here.add("Dog", "2026-12-03T09:00");
    assert_eq!(here.sync_with(SyncOptions { background: true, ..SyncOptions::default() }).await.1, Exit::Person, "a timer waits");
    here.good_sync().await;
    assert_eq!((world.subjects().len(), state(&here)), (2, AccountState::Ready));
}
