//! What keeps Belfry in order: copies, the doctor and the report, pauses, accounts side by side.

use belfry_app::doctor::{Health, Titles};
use belfry_app::lists::Keep;
use belfry_app::pausing::Pause;
use belfry_app::reminders::ReminderWish;
use belfry_app::syncing::SyncOptions;
use belfry_core::{AccountState, Clock, Exit};
use belfry_tests::{LIST, LOGIN, World};
use chrono::Duration;
use serde_json::{Value, json};

fn copy(world: &World, title: &str, as_title: &str) {
    world.clock.pass(Duration::minutes(1));
    let now = world.clock.now();
    world.simulator.with_world(|world| {
        for mailbox in world.mailboxes.values_mut() {
            let Some(mut copy) = mailbox.events.values().find(|event| event.members.get("subject") == Some(&json!(title))).cloned() else {
                continue;
            };
            copy.id = mailbox.new_id("evt");
            copy.change = mailbox.next_change();
            copy.created_at = now;
            copy.members.insert("subject".into(), json!(as_title));
            mailbox.events.insert(copy.id.clone(), copy);
        }
    });
}

#[tokio::test(start_paused = true)]
async fn copies_are_found_and_removed_by_hand() {
    let world = World::new();
    let here = world.computer().await;
    here.add("Rent", "2026-12-03T09:00");
    here.add("Dog", "2026-12-04T09:00");
    here.good_sync().await;
    copy(&world, "Rent", "Rent, a copy");
    copy(&world, "Dog", "Dog");
    let (found, exit) = here.app.duplicates(false).await.expect("found");
    let mut kept: Vec<_> = found.iter().map(|one| (one.kept_title.as_str(), one.differs.clone(), one.removed)).collect();
    kept.sort();
    assert_eq!((kept, exit), (vec![("Dog", vec![], false), ("Rent", vec!["title"], false)], Exit::Done));
    assert_eq!(world.subjects().len(), 4, "looking removes nothing");
    let (removed, exit) = here.app.duplicates(true).await.expect("removed");
    assert!(removed.iter().all(|one| one.removed == one.differs.is_empty() && one.list.as_deref() == Some(LIST)), "{removed:?}");
    let left = ["Dog", "Rent", "Rent, a copy"].map(str::to_owned).to_vec();
    assert_eq!((exit, world.subjects()), (Exit::Done, left), "what somebody wrote is left to the person");
    let journaled = here.app.run_documents(None, 1).expect("runs");
    assert_eq!(journaled.first().map(|run| run.entries.len()), Some(1));
}

#[tokio::test(start_paused = true)]
async fn a_copy_in_a_calendar_where_no_list_is_kept_is_found_too() {
    let world = World::new();
    let here = world.computer().await;
    here.add("Rent", "2026-12-03T09:00");
    here.good_sync().await;
    copy(&world, "Rent", "Rent, far away");
    let far = world.events().into_iter().find(|(_, title)| title == "Rent, far away").map(|(id, _)| id).expect("a copy");
    world.move_event(&far);
    world.simulator.with_world(|world| {
        for event in world.mailboxes.values_mut().filter_map(|mailbox| mailbox.events.get_mut(&far)) {
            event.members.insert("subject".into(), json!("Rent"));
        }
    });
    here.good_sync().await;
    assert_eq!(world.subjects(), ["Rent", "Rent"], "no sync touches what a person copied elsewhere");
    let (found, _) = here.app.duplicates(false).await.expect("found");
    assert_eq!(
        found.iter().map(|one| (one.event_id.as_str(), one.calendar.as_str(), one.removed)).collect::<Vec<_>>(),
        [(far.as_str(), "Calendar", false)]
    );
    here.good_sync().await;
    assert_eq!(world.subjects().len(), 2, "looking changes nothing");
    let (removed, exit) = here.app.duplicates(true).await.expect("removed");
    assert_eq!((removed.iter().filter(|one| one.removed).count(), exit, world.subjects().len()), (1, Exit::Done, 1));
    assert_eq!(here.app.duplicates(false).await.expect("found").0, []);
}

#[tokio::test(start_paused = true)]
async fn the_doctor_says_what_is_wrong_and_the_report_names_nobody() {
    let world = World::new();
    let here = world.computer().await;
    here.add("Divorce lawyer", "2026-12-03T09:00");
    here.good_sync().await;
    world.edit_in_outlook("Divorce lawyer", json!({"subject": "Divorce lawyer, 2nd floor"})).await;
    here.good_sync().await;
    let checks = here.app.doctor().await;
    let of = |checks: &[belfry_app::doctor::Check], part: &str| {
        checks.iter().find(|check| check.part == part).map(|check| (check.health, check.action.is_some()))
    };
    for part in ["database", "keychain", "network", "graph"] {
        assert_eq!(of(&checks, part), Some((Health::Fine, false)), "{part}: {checks:?}");
    }
    let path = here.folder.path().join("report.txt");
    here.app.write_bundle(&checks, Titles::LeftOut, &path).expect("written");
    let report = std::fs::read_to_string(&path).expect("read");
    for private in ["Divorce", "lawyer", LOGIN, "test-refresh", LIST] {
        assert!(!report.contains(private), "{private} is in the report");
    }
    let id = here.reminders().first().and_then(|one| one["id"].as_str().map(str::to_owned)).unwrap_or_default();
    assert!(report.contains(&id) && report.contains("links: linked 1") && report.contains("(edited in Outlook)"), "{report}");
    world.revoke(LOGIN);
    world.clock.pass(Duration::minutes(61));
    here.sync().await;
    let checks = here.app.doctor().await;
    assert_eq!(of(&checks, "graph"), Some((Health::Trouble, true)), "{checks:?}");
}

/// Who asks for titles gets those of reminders, also of removed ones, and the names of lists: nothing else of what is private.
#[tokio::test(start_paused = true)]
async fn a_report_has_titles_only_where_they_are_asked_for() {
    let world = World::new();
    let here = world.computer().await;
    here.add("Divorce lawyer", "2026-12-03T09:00");
    here.add(&format!("Mail {LOGIN} and bob@elsewhere.example"), "2026-12-04T09:00");
    let gone = here.add("Old dentist", "2026-12-05T09:00");
    here.edit(&gone, &ReminderWish { notes: Some("Bring the letter".into()), ..ReminderWish::default() });
    here.good_sync().await;
    here.app.remove_reminder(&gone).expect("removed");
    here.good_sync().await;
    let logs = here.folder.path().join("logs");
    std::fs::create_dir_all(&logs).expect("a folder");
    std::fs::write(logs.join("belfry.2026-12-01.log"), format!("Divorce lawyer of {LOGIN} in {LIST}\n")).expect("written");
    let checks = here.app.doctor().await;
    let private = [LOGIN, "bob@", "Bring the letter", "test-refresh", "eyJ"];
    let titles = ["Divorce lawyer", "Old dentist", LIST];
    let report = here.app.report(&checks, Titles::LeftOut).expect("a report");
    for one in private.iter().chain(&titles) {
        assert!(!report.contains(one), "{one} is in the report");
    }
    assert!(report.contains("(title) of (login) in (list)"), "{report}");
    let report = here.app.report(&checks, Titles::Included).expect("a report");
    for one in private {
        assert!(!report.contains(one), "{one} is in the report with titles");
    }
    for one in titles {
        assert!(report.contains(one), "{one} is not in the report with titles: {report}");
    }
    assert!(report.contains("Divorce lawyer of (login) in") && report.contains("Mail (login) and (address)"), "{report}");
}

#[tokio::test(start_paused = true)]
async fn a_pause_is_known_to_all_and_ends() {
    let world = World::new();
    let here = world.computer().await;
    let state = |here: &belfry_tests::Computer| here.app.account_documents().expect("accounts").first().map(|account| account.state);
    assert_eq!(here.app.pause(Some(60)).expect("paused"), Pause::Until(here.app.now() + Duration::hours(1)));
    assert_eq!(state(&here), Some(AccountState::Paused));
    world.clock.pass(Duration::minutes(61));
    assert_eq!((here.app.paused().expect("known"), state(&here)), (None, Some(AccountState::Ready)));
    here.app.pause(None).expect("paused");
    world.clock.pass(Duration::days(400));
    assert_eq!(here.app.paused().expect("known"), Some(Pause::ForGood));
    here.app.resume().expect("resumed");
    assert_eq!(here.app.paused().expect("known"), None);
}

#[tokio::test(start_paused = true)]
async fn a_day_without_a_good_sync_is_said() {
    let world = World::new();
    let here = world.computer().await;
    here.add("Rent", "2026-12-03T09:00");
    here.good_sync().await;
    let code = |here: &belfry_tests::Computer| here.app.status().expect("a status").attention.map(|problem| problem.code.name());
    world.clock.pass(Duration::hours(23));
    assert_eq!(code(&here), None);
    world.clock.pass(Duration::hours(2));
    assert_eq!(code(&here), Some("sync_overdue"));
    here.app.pause(None).expect("paused");
    assert_eq!(code(&here), None, "who wants quiet is not told");
    here.app.resume().expect("resumed");
    here.good_sync().await;
    assert_eq!(code(&here), None);
}

/// Two mailboxes that take a second for every answer are asked side by side.
#[tokio::test(start_paused = true)]
async fn accounts_are_synced_at_the_same_time() {
    let world = World::new();
    let logins = [LOGIN, "ben@outlook.example"];
    let here = world.computer_of(&logins, &["User.Read", "Calendars.ReadWrite"]).await;
    for login in logins {
        let keep = Keep::In { account: Some(login.into()), calendar: None };
        here.app.add_list(&format!("of {login}"), &keep).await.expect("a list");
    }
    world.simulator.set_latency(std::time::Duration::from_secs(1));
    let took = async |account: Option<&str>| {
        let begun = tokio::time::Instant::now();
        let options = SyncOptions { account: account.map(str::to_owned), ..SyncOptions::default() };
        let (document, exit) = here.app.sync(&options, &|_| {}).await.expect("a sync");
        assert_eq!(exit, Exit::Done, "{:?}", document.problems());
        begun.elapsed()
    };
    took(None).await;
    world.clock.pass(Duration::hours(25));
    let both = took(None).await;
    world.clock.pass(Duration::hours(25));
    let one = took(Some(LOGIN)).await;
    assert!(both.as_secs_f64() < one.as_secs_f64() * 1.5, "{both:?} for both, {one:?} for one");
    let report = here.sync().await.0;
    assert_eq!(report["accounts"].as_array().map(Vec::len), Some(2));
    assert_eq!(report["problems"], Value::Array(vec![]));
}

#[tokio::test(start_paused = true)]
async fn copies_of_a_list_that_is_not_known_here_are_shown_and_stay() {
    let world = World::new();
    let one = world.computer().await;
    one.add("Rent", "2026-12-03T09:00");
    one.good_sync().await;
    copy(&world, "Rent", "Rent");
    let two = world.bare_computer().await;
    two.app.add_list("Other", &Keep::In { account: None, calendar: Some("Belfry".into()) }).await.expect("a list");
    two.app.add_words("Tea 5 December 9am #Other", None).expect("added");
    two.sync().await;
    let (found, exit) = two.app.duplicates(true).await.expect("found");
    assert_eq!(found.iter().map(|one| (one.list.as_deref(), one.removed)).collect::<Vec<_>>(), [(None, false)]);
    assert_eq!((exit, world.subjects()), (Exit::Done, vec!["Rent".to_owned(), "Rent".to_owned(), "Tea".to_owned()]));
}

#[tokio::test(start_paused = true)]
async fn what_a_newer_belfry_wrote_is_left_alone_and_said_once() {
    let world = World::new();
    let here = world.computer().await;
    let id = here.add("Rent", "2026-12-03T09:00");
    here.good_sync().await;
    world.simulator.with_world(|world| {
        for mailbox in world.mailboxes.values_mut() {
            let change = mailbox.next_change();
            for event in mailbox.events.values_mut().filter(|event| !event.properties.is_empty()) {
                event.change = change;
                event.properties.values_mut().for_each(|marker| *marker = marker.replacen("1;", "2;", 1));
            }
        }
    });
    here.edit(&id, &ReminderWish { notes: Some("here".into()), ..Default::default() });
    world.writes();
    for said in [true, false] {
        let (document, exit) = here.sync().await;
        let codes: Vec<&Value> = document["problems"].as_array().expect("problems").iter().map(|one| &one["code"]).collect();
        assert_eq!((exit, codes.contains(&&json!("newer_marker"))), (Exit::Done, said), "{document:#}");
    }
    assert_eq!(world.writes(), 0);
}

#[tokio::test(start_paused = true)]
async fn an_event_has_a_page_in_outlook() {
    let world = World::new();
    let here = world.computer().await;
    let id = here.add("Rent", "2026-12-03T09:00");
    assert_eq!(here.app.page_in_outlook(&id).await.expect_err("not there yet").exit(), Exit::Usage);
    here.good_sync().await;
    let page = here.app.page_in_outlook(&id).await.expect("a page");
    assert!(page.starts_with("https://outlook.office365.com/"), "{page}");
}
