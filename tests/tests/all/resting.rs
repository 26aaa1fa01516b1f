//! Accounts that wait for their person: left alone by timers, told once, awake again by themselves; and unused ones, which must not die of it.

use belfry_app::lists::Keep;
use belfry_app::syncing::SyncOptions;
use belfry_core::{AccountState, Exit, ProblemCode};
use belfry_simulator::{Fault, FaultAction};
use belfry_tests::{LOGIN, World};
use chrono::Duration;
use serde_json::json;

const OTHER: &str = "ben@outlook.example";

fn by_timer() -> SyncOptions {
    SyncOptions { background: true, ..SyncOptions::default() }
}

fn state(here: &belfry_tests::Computer, login: &str) -> AccountState {
    here.app.account(Some(login)).expect("an account").state
}

fn answer_tokens(world: &World, number: u32, suberror: &str) {
    let body = json!({"error": "invalid_grant", "error_codes": [number], "suberror": suberror, "error_description": format!("AADSTS{number}: no")});
    let action = FaultAction::Answer { status: 400, headers: vec![], body: body.to_string() };
    world.simulator.fail(Fault { method: "POST".into(), path: "/token".into(), skip: 0, times: 0, action });
    world.simulator.with_world(|world| world.access.clear());
    world.clock.pass(Duration::hours(2));
}

#[tokio::test]
async fn one_dead_account_does_not_stop_the_others() {
    let world = World::new();
    let here = world.computer_of(&[LOGIN, OTHER], &["User.Read", "Calendars.ReadWrite"]).await;
    for (list, login) in [("Work", LOGIN), ("Home", OTHER)] {
        here.app.add_list(list, &Keep::In { account: Some(login.into()), calendar: None }).await.expect("a list");
        here.app.add_words(&format!("Rent tomorrow 9am #{list}"), None).expect("added");
    }
    assert_eq!(here.sync_with(by_timer()).await.1, Exit::Done);
    world.revoke(LOGIN);
    world.clock.pass(Duration::hours(2));
    assert_eq!(here.sync_with(by_timer()).await.1, Exit::Person);
    let untold = here.app.untold(&[]).expect("accounts");
    assert_eq!(
        untold.iter().map(|(account, problem)| (account.login.as_str(), problem.code)).collect::<Vec<_>>(),
        [(LOGIN, ProblemCode::SignInNeeded)]
    );
    assert!(here.app.untold(&[]).expect("accounts").is_empty(), "told once");
    here.app.add_words("Bins tomorrow 9am #Home", None).expect("added");
    let before = world.token_requests();
    let (document, exit) = here.sync_with(by_timer()).await;
    assert_eq!(exit, Exit::Person);
    assert!(world.subjects().contains(&"Bins".to_owned()), "{document:#}");
    assert_eq!(world.token_requests(), before, "the dead sign-in is not asked");
}

#[tokio::test]
async fn a_policy_is_tried_again_by_a_person_and_not_by_a_timer() {
    let world = World::new();
    let here = world.computer().await;
    here.add("Rent", "2026-12-03T09:00");
    answer_tokens(&world, 53_003, "message_only");
    assert_eq!((here.sync_with(by_timer()).await.1, state(&here, LOGIN)), (Exit::Person, AccountState::Blocked));
    let before = world.token_requests();
    for _ in 0..5 {
        world.clock.pass(Duration::days(1));
        let (document, exit) = here.sync_with(by_timer()).await;
        assert_eq!((exit, &document["problems"][0]["code"]), (Exit::Person, &json!("blocked_by_policy")));
        here.app.keep_alive().await.expect("looked after");
    }
    assert_eq!(world.token_requests(), before);
    world.simulator.mend();
    assert_eq!((here.sync().await.1, state(&here, LOGIN)), (Exit::Done, AccountState::Ready));
}

#[tokio::test]
async fn a_locked_keychain_asks_its_person_once_and_goes_on_when_it_is_open() {
    let world = World::new();
    let here = world.computer().await;
    here.add("Rent", "2026-12-03T09:00");
    here.vault.set_locked(true);
    assert_eq!((here.sync_with(by_timer()).await.1, state(&here, LOGIN)), (Exit::Person, AccountState::KeychainLocked));
    let prompts = here.vault.prompts();
    assert!(prompts > 0);
    assert_eq!(here.app.untold(&[]).expect("accounts").len(), 1);
    for _ in 0..5 {
        world.clock.pass(Duration::days(2));
        assert_eq!(here.sync_with(by_timer()).await.1, Exit::Person);
        here.app.keep_alive().await.expect("looked after");
    }
    assert_eq!(here.vault.prompts(), prompts, "no prompt that nobody waits for");
    assert_eq!(here.sync().await.1, Exit::Person);
    assert!(here.vault.prompts() > prompts, "a person who asks is asked");
    here.vault.set_locked(false);
    assert_eq!((here.sync_with(by_timer()).await.1, state(&here, LOGIN)), (Exit::Done, AccountState::Ready));
    assert_eq!(world.subjects(), ["Rent"]);
}

#[tokio::test]
async fn consent_that_does_not_count_leads_to_the_administrator() {
    let cases =
        [(0, AccountState::WaitingForApproval, "admin_approval_needed"), (30, AccountState::NoCalendarAccess, "calendar_access_needed")];
    for (days, expected, code) in cases {
        let world = World::new();
        let here = world.computer().await;
        here.add("Rent", "2026-12-03T09:00");
        world.sign_in_again(&here.app, true).await.expect("signed in");
        world.clock.pass(Duration::days(days));
        answer_tokens(&world, 65_001, "consent_required");
        let (document, exit) = here.sync_with(by_timer()).await;
        assert_eq!((exit, &document["problems"][0]["code"]), (Exit::Person, &json!(code)), "{document:#}");
        assert_eq!(state(&here, LOGIN), expected);
        let before = world.token_requests();
        assert_eq!(here.sync_with(by_timer()).await.1, Exit::Person);
        let most = usize::from(expected == AccountState::WaitingForApproval);
        assert!(world.token_requests() - before <= most, "at most the hourly question");
    }
}

#[tokio::test]
async fn an_account_that_nothing_is_synced_for_lives_on() {
    for (is_kept, expected) in [(true, AccountState::Ready), (false, AccountState::SignInNeeded)] {
        let world = World::new();
        let here = world.computer_with(&["User.Read", "Calendars.ReadWrite"]).await;
        let before = world.token_requests();
        for _ in 0..200 {
            world.clock.pass(Duration::hours(12));
            if is_kept {
                here.app.keep_alive().await.expect("looked after");
            }
        }
        if is_kept {
            assert_eq!(world.token_requests() - before, 14, "once a week");
        }
        let _ = here.app.calendars(None).await;
        assert_eq!(state(&here, LOGIN), expected);
    }
}

#[tokio::test]
async fn a_sign_in_that_dies_while_access_is_waited_for_is_noticed() {
    let world = World::new();
    let here = world.computer_with(&["User.Read"]).await;
    let account = here.app.account(None).expect("an account");
    here.app.letter(&account).await.expect("a letter");
    assert_eq!(state(&here, LOGIN), AccountState::WaitingForApproval);
    world.revoke(LOGIN);
    world.clock.pass(Duration::hours(2));
    assert!(here.app.try_quietly().await.expect("tried").is_empty());
    assert_eq!(state(&here, LOGIN), AccountState::SignInNeeded);
    let before = world.token_requests();
    world.clock.pass(Duration::hours(2));
    here.app.try_quietly().await.expect("tried");
    assert_eq!(world.token_requests(), before, "a dead sign-in is not asked");
    // A message for the administrator wakes no dead sign-in; signing in again goes on waiting.
    let account = here.app.account(None).expect("an account");
    assert!(here.app.letter(&account).await.is_err());
    world.clock.pass(Duration::minutes(1));
    world.sign_in_again(&here.app, false).await.expect("signed in");
    assert_eq!(state(&here, LOGIN), AccountState::WaitingForApproval);
}

#[tokio::test]
async fn a_locked_keychain_is_not_asked_whether_access_was_given() {
    let world = World::new();
    let here = world.computer_with(&["User.Read"]).await;
    here.app.letter(&here.app.account(None).expect("an account")).await.expect("a letter");
    here.vault.set_locked(true);
    world.clock.pass(Duration::hours(2));
    assert!(here.app.try_quietly().await.expect("tried").is_empty());
    assert_eq!((here.vault.prompts(), state(&here, LOGIN)), (0, AccountState::WaitingForApproval));
}

#[tokio::test]
async fn a_challenge_that_a_fresh_token_does_not_meet_goes_to_the_sign_in_page() {
    let world = World::new();
    let here = world.computer().await;
    here.add("Rent", "2026-12-03T09:00");
    let challenge = r#"Bearer realm="", error="insufficient_claims", claims="eyJhY2Nlc3NfdG9rZW4iOnsibmJmIjp7ImVzc2VudGlhbCI6dHJ1ZSwidmFsdWUiOiIxIn19fQ==""#;
    let action = FaultAction::Answer { status: 401, headers: vec![("WWW-Authenticate".into(), challenge.into())], body: String::new() };
    world.simulator.fail(Fault { method: String::new(), path: "/v1.0".into(), skip: 0, times: 0, action });
    let before = world.token_requests();
    assert_eq!(here.sync_with(by_timer()).await.1, Exit::Person);
    assert_eq!(world.token_requests() - before, 2, "the first token, and one for the challenge");
    let account = here.app.account(None).expect("an account");
    assert_eq!(account.state, AccountState::SignInNeeded);
    assert!(account.claims.as_deref().is_some_and(|claims| claims.contains("nbf")), "{:?}", account.claims);
    let pending = here.app.begin_sign_in_again(&account, false).await.expect("begun");
    assert!(pending.url().contains("nbf"), "{}", pending.url());
}
