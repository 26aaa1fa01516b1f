//! Signing in over a real loopback, against the simulator, with the scripted browser; and strangers at the door.

use std::sync::Arc;
use std::time::Duration;

use belfry_app::accounts::SignInOptions;
use belfry_app::{App, AppError, Home, Ports};
use belfry_core::{ProblemCode, SystemClock, Zone};
use belfry_http::{HttpClient, Reqwest};
use belfry_identity::{Loopback, MemoryVault};
use belfry_simulator::browser::{self, Choice, Fetch};
use belfry_tests::Browser;

fn app(vault: &MemoryVault) -> (App, tempfile::TempDir) {
    let folder = tempfile::tempdir().expect("a folder");
    let home = Home::find(Some(folder.path())).expect("a home");
    let ports =
        Ports { http: Arc::new(Reqwest::new("test")), vault: Arc::new(vault.clone()), clock: Arc::new(SystemClock), zone: Zone::UTC };
    (App::open(home, ports).expect("an app"), folder)
}

async fn sign_in(app: &App, options: &SignInOptions, choice: Choice) -> Result<belfry_core::Account, AppError> {
    let pending = app.begin_sign_in(options).await?;
    let url = pending.url().to_owned();
    let browser = Browser::default();
    let (_, account) = futures::join!(browser::sign_in(&browser, &url, &choice), app.finish_sign_in(pending, Duration::from_secs(20)));
    account
}

#[tokio::test]
async fn in_two_steps_and_out_again() {
    let vault = MemoryVault::default();
    let (app, _folder) = app(&vault);
    let options = SignInOptions { practice: true, ..SignInOptions::default() };
    let account = sign_in(&app, &options, Choice::Account("ben@outlook.example".into())).await.expect("signed in");
    assert_eq!((account.kind, account.may_write_calendars()), (belfry_core::AccountKind::Personal, false));
    assert!(matches!(app.calendars(None).await, Err(AppError::NeedsCalendars { .. })));
    let pending = app.begin_sign_in_again(&account, true).await.expect("begun");
    let account = app.finish_practice_sign_in(pending, Duration::from_secs(20)).await.expect("allowed");
    assert!(account.may_write_calendars());
    assert_eq!(app.calendars(None).await.expect("calendars").1.len(), 1);
    assert!(!vault.users().is_empty());
    app.remove_account(&account, false).await.expect("removed");
    assert_eq!(vault.users(), Vec::<String>::new());
}

#[tokio::test]
async fn a_guest_names_the_organisation() {
    let vault = MemoryVault::default();
    let (app, _folder) = app(&vault);
    let options = |tenant: &str| SignInOptions { practice: true, tenant: Some(tenant.into()), ..SignInOptions::default() };
    for wrong in ["../common", "a b", "", "contoso.com/x?y"] {
        assert!(matches!(app.begin_sign_in(&options(wrong)).await, Err(AppError::BadInput { .. })), "{wrong}");
    }
    let tenant = "7A1E0000-0000-4000-8000-00000C0F7050";
    let pending = app.begin_sign_in(&options(tenant)).await.expect("begun");
    assert!(pending.url().contains(&format!("/{}/oauth2/", tenant.to_ascii_lowercase())), "{}", pending.url());
    drop(pending);
    let account = sign_in(&app, &options(tenant), Choice::Account("ada@contoso.example".into())).await.expect("signed in");
    assert_eq!(account.id.tenant, tenant.to_ascii_lowercase());
}

#[tokio::test]
async fn cancelled_and_wrong_account_keep_nothing() {
    let vault = MemoryVault::default();
    let (app, _folder) = app(&vault);
    let options = SignInOptions { practice: true, ..SignInOptions::default() };
    let error = sign_in(&app, &options, Choice::Cancel).await.expect_err("cancelled");
    assert_eq!(error.problem().code, ProblemCode::SignInCancelled);
    let ada = sign_in(&app, &options, Choice::Account("ada@contoso.example".into())).await.expect("signed in");
    let before = vault.users();
    let pending = app.begin_sign_in_again(&ada, false).await.expect("begun");
    let url = pending
        .url()
        .replace("login_hint=ada%40contoso.example", "prompt=select_account")
        .replace(&format!("/{}/", ada.id.tenant), "/common/");
    let browser = Browser::default();
    let choice = Choice::Account("ben@outlook.example".into());
    let (_, result) = futures::join!(browser::sign_in(&browser, &url, &choice), app.finish_sign_in(pending, Duration::from_secs(20)));
    assert!(result.is_err());
    assert_eq!(vault.users(), before);
    assert_eq!(app.accounts().expect("accounts").len(), 1);
}

#[tokio::test]
async fn strangers_do_not_end_the_wait() {
    let loopback = Loopback::open().await.expect("a loopback");
    let base = loopback.redirect_uri();
    let browser = Browser::default();
    let knock = async {
        for (method, path, form) in [
            ("GET", "/favicon.ico", None),
            ("GET", "/?code=x&state=wrong", None),
            ("GET", "/other?code=x&state=right", None),
            ("PUT", "/", Some("code=x&state=right")),
            ("POST", "/", Some("code=x")),
            ("POST", "/", Some("state=right")),
        ] {
            let (status, _, page) = browser.fetch(method, &format!("{base}{path}"), form).await.expect("an answer");
            assert_eq!(status, 404, "{method} {path}");
            assert!(!page.contains("right"));
        }
        let large = format!("state=right&code={}", "x".repeat(80_000));
        assert_eq!(browser.fetch("POST", &format!("{base}/"), Some(&large)).await.expect("an answer").0, 413);
        let rebound = http::Request::post(format!("{base}/"))
            .header("host", "evil.example")
            .header("content-type", "application/x-www-form-urlencoded");
        let answer = Reqwest::new("stranger")
            .send(rebound.body(bytes::Bytes::from("code=x&state=right")).expect("a request"))
            .await
            .expect("an answer");
        assert_eq!(answer.status(), 404);
        let (status, _, page) = browser.fetch("POST", &format!("{base}/"), Some("code=good&state=right")).await.expect("an answer");
        assert_eq!((status, page.contains("good")), (200, false));
    };
    let (_, reply) = futures::join!(knock, loopback.wait("right", Duration::from_secs(20)));
    assert_eq!(reply.expect("a reply").get("code").map(String::as_str), Some("good"));
}

#[tokio::test]
async fn nobody_comes() {
    let loopback = Loopback::open().await.expect("a loopback");
    let result = loopback.wait("x", Duration::from_millis(50)).await;
    assert!(matches!(result, Err(belfry_identity::IdentityError::TimedOut)));
}
