//! The texts of the command line that people and scripts rely on.

use std::process::Command;

use crate::bad_input::belfry;

fn run(home: &std::path::Path, words: &[&str]) -> String {
    let output = Command::new(belfry()).arg("--home").arg(home).args(words).output().expect("belfry");
    assert!(output.status.success(), "{words:?}: {}", String::from_utf8_lossy(&output.stderr));
    String::from_utf8_lossy(&output.stdout).into_owned()
}

#[test]
fn what_was_said_can_be_taken_back_and_nothing_contradicts_itself() {
    let folder = tempfile::tempdir().expect("a folder");
    let home = folder.path();
    let added = run(home, &["--json", "add", "Dentist", "--at", "2027-03-03T09:00", "--private"]);
    let id = serde_json::from_str::<serde_json::Value>(&added).expect("json")["id"].as_str().expect("an id").to_owned();
    run(home, &["list", "add", "Health"]);
    let edited = run(home, &["--json", "edit", &id, "--private=no", "--list", "Health", "--alarm", "none"]);
    let document: serde_json::Value = serde_json::from_str(&edited).expect("json");
    assert_eq!((&document["private"], &document["list"], &document["alarms"]), (&false.into(), &"Health".into(), &serde_json::json!([])));
    for words in [
        vec!["edit", &id, "--alarm", "none", "--alarm", "15m"],
        vec!["add", "--words", "Tea tomorrow", "--alarm", "5m"],
        vec!["list", "rm", "Health", "--delete-events", "--keep-events"],
        vec!["list", "target", "Health"],
        vec!["sync", "--dry-run", "--confirm"],
        vec!["sync", "--confirm", "maybe"],
    ] {
        let output = Command::new(belfry()).arg("--home").arg(home).args(&words).output().expect("belfry");
        assert_eq!(output.status.code(), Some(2), "{words:?}");
    }
    assert!(run(home, &["sync", "--confirm", "removed"]).contains("Nothing is kept in Outlook yet"));
}

#[test]
fn a_local_life_without_account_network_or_keychain() {
    let folder = tempfile::tempdir().expect("a folder");
    let home = folder.path();
    let added = run(
        home,
        &[
            "--json",
            "add",
            "Renew passport",
            "--at",
            "2027-03-03T09:00",
            "--zone",
            "Europe/Berlin",
            "--alarm",
            "1w",
            "--alarm",
            "15m",
            "--repeat",
            "FREQ=YEARLY",
        ],
    );
    let document: serde_json::Value = serde_json::from_str(&added).expect("json");
    let id = document["id"].as_str().expect("an id").to_owned();
    for (name, expected) in [
        ("start", serde_json::json!("2027-03-03T09:00:00")),
        ("end", serde_json::json!("2027-03-03T09:30:00")),
        ("zone", serde_json::json!("Europe/Berlin")),
        ("all_day", serde_json::json!(false)),
        ("duration_minutes", serde_json::json!(30)),
        ("recurrence", serde_json::json!("FREQ=YEARLY")),
        ("alarms", serde_json::json!([15, 10_080])),
        ("show_as", serde_json::json!("free")),
        ("list", serde_json::json!("Reminders")),
        ("sourced", serde_json::json!(false)),
        ("state", serde_json::json!("local")),
        ("event_id", serde_json::Value::Null),
    ] {
        assert_eq!(document[name], expected, "{name}");
    }
    run(home, &["done", &id]);
    assert!(!run(home, &["ls"]).contains("\u{2713} Renew passport"), "its next date only");
    run(home, &["done", &id, "--series"]);
    assert!(run(home, &["ls"]).contains("\u{2713} Renew passport"));
    run(home, &["add", "--words", "Tea tomorrow at 9"]);
    assert_eq!(run(home, &["ls"]).lines().count(), 2);
    run(home, &["rm", &id]);
    assert_eq!(run(home, &["ls"]).lines().count(), 1);
    assert!(run(home, &["completions", "bash"]).contains("_belfry"));
    assert!(run(home, &["man"]).contains(".TH"));
}
