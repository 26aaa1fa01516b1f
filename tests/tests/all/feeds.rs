//! Lists that follow a feed or a folder.

use std::sync::{Arc, Mutex};

use belfry_app::following::Follow;
use belfry_app::lists::Keep;
use belfry_app::syncing::SyncOptions;
use belfry_core::{Clock as _, Exit};
use belfry_http::{HttpClient, HttpError, Request, Response};
use belfry_identity::SecretVault as _;
use belfry_store::Store;
use belfry_tests::{Computer, InProcess, LOGIN, World};
use bytes::Bytes;
use futures::FutureExt;
use futures::future::BoxFuture;
use serde_json::{Value, json};

const LIST: &str = "Contracts";
const URL: &str = "https://feeds.example/private/contracts.ics";

fn calendar(items: &[&str]) -> String {
    let item = |title: &&str| format!("BEGIN:VEVENT\r\nUID:{title}\r\nSUMMARY:{title}\r\nDTSTART;VALUE=DATE:20261210\r\nEND:VEVENT\r\n");
    format!("BEGIN:VCALENDAR\r\n{}END:VCALENDAR\r\n", items.iter().map(item).collect::<String>())
}

/// The simulated world, and beside it a server with one feed; `None` does not answer.
#[derive(Clone)]
struct Net {
    world: Arc<dyn HttpClient>,
    feed: Arc<Mutex<Option<(u16, String)>>>,
    asked: Arc<Mutex<usize>>,
    /// The only `Authorization` that is let in.
    wants: Arc<Mutex<Option<String>>>,
}

impl HttpClient for Net {
    fn send(&self, request: Request) -> BoxFuture<'_, Result<Response, HttpError>> {
        if request.uri().host() != Some("feeds.example") {
            return self.world.send(request);
        }
        *self.asked.lock().expect("a lock") += 1;
        let wanted = self.wants.lock().expect("a lock").clone();
        let given = request.headers().get("authorization").and_then(|value| value.to_str().ok()).map(str::to_owned);
        let is_let_in = wanted.is_none() || wanted == given;
        let answer = if is_let_in { self.feed.lock().expect("a lock").clone() } else { Some((401, String::new())) };
        async move {
            let (status, body) = answer.ok_or(HttpError::TimedOut { host: "feeds.example".into() })?;
            let etag = format!("\"{}\"", body.len());
            let is_known = request.headers().get("if-none-match").is_some_and(|known| known.as_bytes() == etag.as_bytes());
            let (status, body) = if is_known { (304, String::new()) } else { (status, body) };
            let answer = http::Response::builder().status(status).header("ETag", etag);
            let answer = if status == 429 { answer.header("Retry-After", "10800") } else { answer };
            Ok(answer.body(Bytes::from(body)).expect("an answer"))
        }
        .boxed()
    }
}

impl Net {
    fn says(&self, status: u16, body: &str) {
        *self.feed.lock().expect("a lock") = Some((status, body.to_owned()));
    }

    fn asked(&self) -> usize {
        std::mem::take(&mut *self.asked.lock().expect("a lock"))
    }
}

async fn computer(world: &World) -> (Computer, Net) {
    let net =
        Net { world: Arc::new(InProcess(world.simulator.clone())), feed: Arc::default(), asked: Arc::default(), wants: Arc::default() };
    let folder = tempfile::tempdir().expect("a folder");
    let store = Store::open(&folder.path().join("belfry.db"), folder.path(), world.clock.now()).expect("a store");
    let scopes = ["User.Read", "Calendars.ReadWrite"];
    (world.computer_over(&[LOGIN], &scopes, Arc::new(net.clone()), store, folder).await, net)
}

fn follow(from: &str) -> Follow {
    Follow { from: from.into(), ..Follow::default() }
}

fn kept() -> Keep {
    Keep::In { account: None, calendar: None }
}

async fn by_timer(here: &Computer) -> (Value, Exit) {
    here.sync_with(SyncOptions { background: true, ..SyncOptions::default() }).await
}

#[tokio::test(start_paused = true)]
async fn a_feed_is_followed_and_asked_by_a_timer_once_an_hour() {
    let world = World::new();
    let (here, net) = computer(&world).await;
    assert_eq!(here.app.add_followed_list(LIST, &follow(URL), &kept()).await.expect_err("no answer").exit(), Exit::Later);
    net.says(200, &calendar(&["Lease", "Phone", "Gym"]));
    let list = here.app.add_followed_list(LIST, &follow("webcal://FEEDS.example/private/contracts.ics"), &kept()).await.expect("a list");
    assert_eq!(list.id, belfry_core::ListId::of_feed(URL), "every computer calls it the same");
    here.good_sync().await;
    assert_eq!(world.subjects(), ["Gym", "Lease", "Phone"]);
    net.says(200, &calendar(&["Lease", "Phone", "Gym", "Insurance"]));
    net.asked();
    by_timer(&here).await;
    assert_eq!((net.asked(), world.subjects().len()), (0, 3));
    world.clock.pass(chrono::Duration::minutes(61));
    by_timer(&here).await;
    assert_eq!((net.asked(), world.subjects().len()), (1, 4));
    net.says(200, &calendar(&["Lease", "Phone", "Insurance!"]));
    here.good_sync().await;
    assert_eq!(
        (net.asked(), world.subjects()),
        (1, vec!["Insurance!".into(), "Lease".into(), "Phone".into()]),
        "who asks by hand is answered"
    );
}

#[tokio::test(start_paused = true)]
async fn a_feed_is_asked_as_often_as_it_or_its_person_wants() {
    let world = World::new();
    let (here, net) = computer(&world).await;
    let daily = |items: &[&str]| calendar(items).replacen("\r\n", "\r\nREFRESH-INTERVAL;VALUE=DURATION:PT6H\r\n", 1);
    net.says(200, &daily(&["Lease"]));
    here.app.add_followed_list(LIST, &follow(URL), &kept()).await.expect("a list");
    here.good_sync().await;
    net.says(200, &daily(&["Lease", "Phone"]));
    net.asked();
    let asked_after = async |minutes: i64| {
        world.clock.pass(chrono::Duration::minutes(minutes));
        by_timer(&here).await;
        net.asked()
    };
    assert_eq!((asked_after(300).await, asked_after(61).await, asked_after(300).await), (0, 1, 0));
    here.app.read_every(LIST, Some(30)).expect("chosen");
    assert_eq!((asked_after(1).await, asked_after(29).await, asked_after(31).await), (1, 0, 1));
    here.app.read_every(LIST, None).expect("as it wants");
    assert_eq!((asked_after(300).await, asked_after(61).await), (0, 1));
    assert_eq!(here.app.read_every(LIST, Some(1)).expect_err("too often").exit(), Exit::Usage);
    assert_eq!(here.app.read_every("Reminders", None).expect_err("no feed").exit(), Exit::Usage);
}

#[tokio::test(start_paused = true)]
async fn a_busy_feed_is_left_alone_for_as_long_as_it_asks() {
    let world = World::new();
    let (here, net) = computer(&world).await;
    net.says(200, &calendar(&["Lease"]));
    here.app.add_followed_list(LIST, &follow(URL), &kept()).await.expect("a list");
    here.good_sync().await;
    net.says(429, "");
    let asked_after = async |minutes: i64| {
        net.asked();
        world.clock.pass(chrono::Duration::minutes(minutes));
        by_timer(&here).await;
        net.asked()
    };
    assert_eq!((asked_after(61).await, asked_after(61).await, asked_after(61).await), (1, 0, 0));
    // Who asks by hand wants to know now.
    let (document, exit) = here.sync().await;
    let detail = document["problems"][0]["detail"].as_str().unwrap_or_default();
    assert!(exit == Exit::Later && detail.contains("asked to wait until"), "{document:#}");
    net.says(200, &calendar(&["Lease", "Phone"]));
    assert_eq!((asked_after(170).await, asked_after(11).await, asked_after(61).await), (0, 1, 1));
    assert_eq!(world.subjects(), ["Lease", "Phone"]);
}

#[tokio::test(start_paused = true)]
async fn a_feed_that_fails_changes_nothing_and_a_short_silence_is_nobodys_business() {
    let world = World::new();
    let (here, net) = computer(&world).await;
    net.says(200, &calendar(&["Lease", "Phone", "Gym"]));
    here.app.add_followed_list(LIST, &follow(URL), &kept()).await.expect("a list");
    here.good_sync().await;
    world.edit_in_outlook("Lease", json!({"subject": "My lease"})).await;
    for (status, body) in [(503, ""), (429, "")] {
        net.says(status, body);
        let background = SyncOptions { background: true, ..SyncOptions::default() };
        world.clock.pass(chrono::Duration::hours(2));
        let (document, exit) = here.sync_with(background).await;
        assert_eq!((exit, &document["problems"]), (Exit::Done, &json!([])), "{document:#}");
        let (document, exit) = here.sync().await;
        assert_eq!((exit, &document["problems"][0]["code"]), (Exit::Later, &json!("source_unread")), "who asks is told: {document:#}");
        assert_eq!(world.subjects(), ["Gym", "My lease", "Phone"], "not even a title is put back by what was not read");
    }
    world.clock.pass(chrono::Duration::hours(25));
    let (document, exit) = here.sync().await;
    assert_eq!((exit, &document["problems"][0]["code"]), (Exit::Held, &json!("source_unread")), "{document:#}");
    for (status, body) in [(200, "<html>Please log in</html>"), (404, ""), (200, "")] {
        net.says(status, body);
        let (document, exit) = here.sync().await;
        assert_eq!((exit, &document["problems"][0]["code"]), (Exit::Held, &json!("source_unread")), "{document:#}");
        assert!(!document.to_string().contains("private"), "an address may be a secret: {document:#}");
        assert_eq!(world.subjects(), ["Gym", "My lease", "Phone"]);
    }
    net.says(200, &calendar(&[]));
    let (document, exit) = here.sync().await;
    assert_eq!((exit, &document["problems"][0]["code"]), (Exit::Held, &json!("source_shrank")), "{document:#}");
    net.says(200, &calendar(&["Lease", "Phone", "Gym"]));
    here.good_sync().await;
    assert_eq!(world.subjects(), ["Gym", "Lease", "Phone"]);
}

#[tokio::test(start_paused = true)]
async fn plain_http_is_followed_only_where_somebody_said_so() {
    let world = World::new();
    let (here, net) = computer(&world).await;
    net.says(200, &calendar(&["Lease"]));
    let plain = "http://feeds.example/contracts.ics";
    assert_eq!(here.app.add_followed_list(LIST, &follow(plain), &kept()).await.expect_err("refused").exit(), Exit::Usage);
    let said = Follow { allow_http: true, ..follow(plain) };
    here.app.add_followed_list(LIST, &said, &kept()).await.expect("a list");
    for nonsense in ["ftp://example.org/a.ics", "/nowhere/at/all"] {
        assert!(here.app.add_followed_list("Other", &follow(nonsense), &kept()).await.is_err(), "{nonsense}");
    }
}

#[tokio::test(start_paused = true)]
async fn a_folder_is_followed_file_by_file_and_a_broken_one_removes_nothing() {
    let world = World::new();
    let here = world.bare_computer().await;
    let vdir = here.folder.path().join("vdir");
    std::fs::create_dir(&vdir).expect("a folder");
    let write = |name: &str, text: &str| std::fs::write(vdir.join(name), text).expect("written");
    for title in ["Lease", "Phone", "Gym", "Insurance"] {
        write(&format!("{title}.ics"), &calendar(&[title]));
    }
    here.app.add_followed_list(LIST, &Follow::path(&vdir), &kept()).await.expect("a list");
    here.good_sync().await;
    assert_eq!(world.subjects(), ["Gym", "Insurance", "Lease", "Phone"]);
    // One is cut off while another is added and a third one goes: what is there is taken, and nothing is believed to be gone.
    write("Phone.ics", &calendar(&["Phone"])[..60]);
    write("Heating.ics", &calendar(&["Heating"]));
    std::fs::remove_file(vdir.join("Gym.ics")).expect("removed");
    let (document, exit) = here.sync().await;
    assert_eq!((exit, &document["problems"][0]["code"]), (Exit::Held, &json!("source_unread")), "{document:#}");
    assert_eq!(world.subjects(), ["Gym", "Heating", "Insurance", "Lease", "Phone"]);
    write("Phone.ics", &calendar(&["Phone"]));
    here.good_sync().await;
    assert_eq!(world.subjects(), ["Heating", "Insurance", "Lease", "Phone"]);
}

#[tokio::test(start_paused = true)]
async fn a_table_is_followed_by_its_columns() {
    let world = World::new();
    let here = world.bare_computer().await;
    let file = here.folder.path().join("contracts.csv");
    std::fs::write(&file, "Vertrag;Ablauf\nMiete;31.12.2026\nStrom;15.01.2027\n").expect("written");
    let said = Follow { map: Some("title=Vertrag,date=Ablauf".into()), ..Follow::path(&file) };
    here.app.add_followed_list(LIST, &said, &kept()).await.expect("a list");
    here.good_sync().await;
    std::fs::write(&file, "Vertrag;Ablauf\nMiete;31.12.2027\nStrom;15.01.2027\n").expect("written");
    here.good_sync().await;
    assert_eq!(world.subjects(), ["Miete", "Strom"]);
    let all = here.app.reminder_documents(Some(LIST)).expect("reminders");
    let starts: Vec<(String, String)> = all.into_iter().map(|one| (one.title, one.start)).collect();
    assert_eq!(starts, [("Strom".to_owned(), "2027-01-15".to_owned()), ("Miete".to_owned(), "2027-12-31".to_owned())]);
}

#[tokio::test(start_paused = true)]
async fn a_yes_is_one_to_what_was_shown_and_to_nothing_else() {
    let world = World::new();
    let (here, net) = computer(&world).await;
    let all = ["A", "B", "C", "D", "E", "F", "G", "H"];
    net.says(200, &calendar(&all));
    here.app.add_followed_list(LIST, &follow(URL), &kept()).await.expect("a list");
    here.good_sync().await;
    net.says(200, &calendar(&all[4..]));
    assert_eq!(here.sync().await.1, Exit::Held);
    net.says(200, &calendar(&all[..4]));
    let yes = SyncOptions { confirm: Some(belfry_app::confirming::HoldAnswer::All), ..SyncOptions::default() };
    let (document, exit) = here.sync_with(yes.clone()).await;
    assert_eq!((exit, world.subjects().len()), (Exit::Held, 8), "{document:#}");
    here.sync_with(yes).await;
    assert_eq!(world.subjects(), ["A", "B", "C", "D"]);
}

#[tokio::test(start_paused = true)]
async fn a_password_of_a_feed_is_in_the_keychain_and_nowhere_else() {
    let world = World::new();
    let (here, net) = computer(&world).await;
    net.wants.lock().expect("a lock").replace("Basic YWRhOmdlaGVpbQ==".into());
    net.says(200, &calendar(&["Lease"]));
    let refused = here.app.add_followed_list(LIST, &follow(URL), &kept()).await.expect_err("no password").problem();
    assert!(refused.action.contains("password"), "{refused:?}");
    let with = URL.replace("https://", "https://ada:geheim@");
    let list = here.app.add_followed_list(LIST, &follow(&with), &kept()).await.expect("a list");
    assert_eq!(list.source.as_ref().map(belfry_core::Source::location), Some("https://ada@feeds.example/private/contracts.ics"));
    here.sync().await;
    let shown = here.app.follow_instead(LIST, &follow(&URL.replace("https://", "https://ada@"))).await.expect("the same password");
    assert!(!serde_json::to_string(&shown).expect("json").contains("geheim"));
    let entry = format!("feed:{}", list.id);
    assert!(here.vault.read(&entry).expect("asked").is_some());
    for file in std::fs::read_dir(here.folder.path()).expect("a folder") {
        let path = file.expect("a file").path();
        let holds = path.is_file() && String::from_utf8_lossy(&std::fs::read(&path).expect("read")).contains("geheim");
        assert!(!holds, "{}", path.display());
    }
    here.app.remove_list(LIST, Some(belfry_core::plan::Leave::DeleteEvents)).await.expect("removed");
    assert!(here.vault.read(&entry).expect("asked").is_none());
}

#[tokio::test(start_paused = true)]
async fn a_server_that_says_unchanged_to_who_was_told_nothing_is_not_believed() {
    let world = World::new();
    let (here, net) = computer(&world).await;
    let all: Vec<String> = (0..12).map(|number| format!("Item {number}")).collect();
    net.says(200, &calendar(&all.iter().map(String::as_str).collect::<Vec<_>>()));
    here.app.add_followed_list(LIST, &follow(URL), &kept()).await.expect("a list");
    here.good_sync().await;
    net.says(200, &calendar(&["Item 0"]));
    assert_eq!(here.sync().await.1, Exit::Held);
    net.says(304, "");
    assert_eq!(here.sync().await.1, Exit::Held, "it shrank, and nobody has answered");
    assert_eq!(world.subjects().len(), 12);
}

#[tokio::test(start_paused = true)]
async fn what_was_asked_of_a_source_stays_asked_however_much_was_added() {
    let world = World::new();
    let (here, net) = computer(&world).await;
    let named = |of: &str, count: usize| (0..count).map(|number| format!("{of} {number}")).collect::<Vec<_>>();
    let says = |items: &[String]| net.says(200, &calendar(&items.iter().map(String::as_str).collect::<Vec<_>>()));
    says(&named("Old", 10));
    here.app.add_followed_list(LIST, &follow(URL), &kept()).await.expect("a list");
    here.good_sync().await;
    says(&named("New", 32));
    for _ in 0..3 {
        assert_eq!(here.sync().await.1, Exit::Held);
        assert_eq!(world.subjects().iter().filter(|title| title.starts_with("Old")).count(), 10);
        world.clock.pass(chrono::Duration::hours(2));
    }
    let yes = SyncOptions { confirm: Some(belfry_app::confirming::HoldAnswer::All), ..SyncOptions::default() };
    here.sync_with(yes).await;
    here.good_sync().await;
    assert_eq!(world.subjects().len(), 32);
    // What comes back by itself takes the question back.
    says(&named("New", 2));
    assert_eq!(here.sync().await.1, Exit::Held);
    says(&named("New", 32));
    assert_eq!(here.sync().await.1, Exit::Done);
}
