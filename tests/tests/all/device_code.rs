//! Signing in with a code that is typed elsewhere.

use std::time::Duration as Patience;

use belfry_app::AppError;
use belfry_core::{AccountState, ProblemCode};
use belfry_tests::{Computer, LOGIN, World};
use chrono::Duration;

/// The person types the code after three polls.
async fn typed(world: &World, here: &Computer, form: impl Fn(&str) -> String) -> Result<belfry_core::Account, AppError> {
    let account = here.app.account(None).expect("an account");
    let pending = here.app.begin_code_again(&account, true).await.expect("begun");
    assert!(pending.url().ends_with("/devicelogin"), "{}", pending.url());
    let form = form(pending.code().expect("a code"));
    let person = async {
        tokio::time::sleep(Patience::from_secs(16)).await;
        assert_eq!(world.type_code("user_code=WRONG&account=ada%40contoso.example").await, 400);
        assert_eq!(world.type_code(&form).await, 200);
    };
    let before = world.token_requests();
    let (result, ()) = futures::join!(here.app.finish_sign_in(pending, Patience::from_secs(600)), person);
    assert!(world.token_requests() - before <= 6, "it polls no faster than it was told");
    result
}

#[tokio::test(start_paused = true)]
async fn a_code_that_is_typed_signs_in() {
    let world = World::new();
    let here = world.computer_with(&["User.Read"]).await;
    let account = typed(&world, &here, |code| format!("user_code={code}&account={}", LOGIN.replace('@', "%40"))).await.expect("signed in");
    assert_eq!((account.state, account.may_write_calendars()), (AccountState::Ready, true));
    assert_eq!(here.app.calendars(None).await.expect("calendars").1.len(), 1);
}

#[tokio::test(start_paused = true)]
async fn another_account_and_a_no_keep_nothing() {
    let world = World::new();
    let here = world.computer_with(&["User.Read"]).await;
    world.simulator.with_world(|world| {
        let ada = world.person(LOGIN).cloned().expect("ada");
        let oid = "00000000-0000-0000-aaaa-00000000000b".to_owned();
        world.people.push(belfry_simulator::world::Person { oid, login: "bob@contoso.example".into(), name: "Bob".into(), ..ada });
    });
    let error = typed(&world, &here, |code| format!("user_code={code}&account=bob%40contoso.example")).await.expect_err("another account");
    assert_eq!(error.problem().code, ProblemCode::WrongAccount);
    assert_eq!(here.app.accounts().expect("accounts").len(), 1);
    let error = typed(&world, &here, |code| format!("user_code={code}&cancel=1")).await.expect_err("declined");
    // A work account that asked for calendars and met a no waits for its administrator.
    assert_eq!(error.problem().code, ProblemCode::AdminApprovalNeeded);
    assert!(!here.app.account(None).expect("an account").may_write_calendars());
}

#[tokio::test(start_paused = true)]
async fn a_code_that_nobody_types_runs_out() {
    let world = World::new();
    let here = world.computer_with(&["User.Read"]).await;
    let account = here.app.account(None).expect("an account");
    let pending = here.app.begin_code_again(&account, false).await.expect("begun");
    world.clock.pass(Duration::minutes(16));
    let error = here.app.finish_sign_in(pending, Patience::from_secs(600)).await.expect_err("run out");
    assert_eq!(error.problem().code, ProblemCode::SignInTimedOut);
}
