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
    let read = run(&home.join("other"), &["--json", "add", "--words", "Tea 3/4 7pm 31 April"]);
    let read = &serde_json::from_str::<serde_json::Value>(&read).expect("json")["understood"];
    let (date, time) = (&read["chips"][0], &read["chips"][1]);
    assert_eq!(
        (&date["kind"], &date["start"], &date["end"], &time["text"]),
        (&"date".into(), &4.into(), &7.into(), &"7pm".into()),
        "{read}"
    );
    let other = &date["alternatives"][0]["when"];
    assert!(other.as_str().is_some_and(|when| when.ends_with("-03-04T19:00:00")), "{read}");
    assert_eq!((&read["unread"][0]["text"], &read["unread"][0]["start"]), (&"31 April".into(), &12.into()), "{read}");
    assert_eq!(run(home, &["ls"]).lines().count(), 2);
    run(home, &["rm", &id]);
    assert_eq!(run(home, &["ls"]).lines().count(), 1);
    assert!(run(home, &["completions", "bash"]).contains("_belfry"));
    assert!(run(home, &["man"]).contains(".TH"));
}

/// Moments of other zones stand among the others at the hour that they are at home; the document says what it always said.
#[test]
fn a_moment_of_another_zone_is_told_and_sorted_at_home() {
    let folder = tempfile::tempdir().expect("a folder");
    let at_home = |words: &[&str]| {
        let output =
            Command::new(belfry()).env("TZ", "Europe/Berlin").arg("--home").arg(folder.path()).args(words).output().expect("belfry");
        String::from_utf8_lossy(&output.stdout).into_owned()
    };
    for (title, at, zone) in [("Bins", "2027-03-03T07:00", "Europe/Berlin"), ("Call", "2027-03-03T09:00", "Asia/Tokyo")] {
        at_home(&["add", title, "--at", at, "--zone", zone]);
    }
    let lines = at_home(&["ls"]);
    let told: Vec<&str> = lines.lines().map(|line| line.split_once("  ").expect("columns").1).collect();
    assert_eq!(told, ["2027-03-03 01:00  local  Reminders  Call (09:00 Tokyo)", "2027-03-03 07:00  local  Reminders  Bins"]);
    let document: serde_json::Value = serde_json::from_str(&at_home(&["--json", "ls"])).expect("json");
    let starts: Vec<&str> = document.as_array().into_iter().flatten().filter_map(|one| one["start"].as_str()).collect();
    assert_eq!(starts, ["2027-03-03T07:00:00", "2027-03-03T09:00:00"]);
}

/// One is one, and what a table does not hold is said beside the document.
#[test]
fn an_export_counts_and_says_what_is_missing() {
    let folder = tempfile::tempdir().expect("a folder");
    let home = folder.path();
    run(home, &["add", "Tea", "--at", "2027-03-03T09:00", "--repeat", "FREQ=DAILY"]);
    let id = serde_json::from_str::<serde_json::Value>(&run(home, &["--json", "ls"])).expect("json")[0]["id"].to_string();
    run(home, &["rm", id.trim_matches('"'), "--on", "2027-03-05"]);
    let table = home.join("b.csv").to_string_lossy().into_owned();
    for words in [vec!["export", &table], vec!["--json", "export", &table]] {
        let output = Command::new(belfry()).arg("--home").arg(home).args(&words).output().expect("belfry");
        let (said, beside) = (String::from_utf8_lossy(&output.stdout), String::from_utf8_lossy(&output.stderr));
        assert!(beside.starts_with("1 series has dates that were left out, changed or added;") && beside.contains(".ics"), "{beside}");
        match serde_json::from_str::<serde_json::Value>(&said) {
            Ok(document) => assert_eq!(document, serde_json::json!({"file": table, "exported": 1})),
            Err(_) => assert_eq!(said, format!("1 reminder is in {table}.\n")),
        }
    }
    std::fs::write(&table, "title,date\nx,never\n").expect("written");
    let output = Command::new(belfry()).arg("--home").arg(home).args(["import", &table]).output().expect("belfry");
    assert!(String::from_utf8_lossy(&output.stderr).contains("1 item of the file could not be read"), "{output:?}");
}
