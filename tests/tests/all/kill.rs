//! `kill -9` during a first sync, at random moments, then one run to the end: every reminder once.

use std::io::BufRead;
use std::process::{Child, Command, Stdio};
use std::time::Duration;

use serde_json::Value;

use crate::bad_input::belfry;

/// Needs a keychain: skipped, and said so, where there is none.
fn has_keychain() -> bool {
    Command::new("secret-tool")
        .args(["search", "belfry", "probe"])
        .output()
        .is_ok_and(|output| output.status.success() || output.stderr.is_empty())
        && std::env::var_os("BELFRY_TEST_KEYCHAIN").is_some()
}

struct Practice(Child);

impl Drop for Practice {
    fn drop(&mut self) {
        let _ = self.0.kill();
        let _ = self.0.wait();
    }
}

fn run(home: &std::path::Path, words: &[&str]) -> (i32, Value) {
    let output = Command::new(belfry()).arg("--json").arg("--home").arg(home).args(words).env_remove("DISPLAY").output().expect("belfry");
    (output.status.code().unwrap_or(-1), serde_json::from_slice(&output.stdout).unwrap_or(Value::Null))
}

fn latency(addresses: &Value, ms: u32) {
    let address = format!("{}/latency", addresses["control"].as_str().unwrap_or_default());
    let done = Command::new("curl").args(["-sf", "-X", "POST", "-d", &format!("{{\"ms\":{ms}}}"), &address]).output().expect("curl");
    assert!(done.status.success(), "{done:?}");
}

#[test]
fn a_thousand_reminders_and_twenty_kills() {
    if !has_keychain() {
        println!("skipped: no keychain for tests (BELFRY_TEST_KEYCHAIN is not set)");
        return;
    }
    let folder = tempfile::tempdir().expect("a folder");
    let home = folder.path().join("home");
    let mut practice = Command::new(belfry())
        .arg("--home")
        .arg(&home)
        .arg("practice")
        .stdout(Stdio::piped())
        .stderr(Stdio::null())
        .spawn()
        .expect("practice");
    let mut line = String::new();
    std::io::BufReader::new(practice.stdout.take().expect("stdout")).read_line(&mut line).expect("addresses");
    let _practice = Practice(practice);
    let addresses: Value = serde_json::from_str(&line).expect("addresses");
    assert_eq!(run(&home, &["account", "add", "--practice", "--calendars"]).0, 0);
    assert_eq!(run(&home, &["list", "add", "Many", "--account", "ada@contoso.example"]).0, 0);
    let events: String = (0..1000)
        .map(|n| format!("BEGIN:VEVENT\nUID:n{n}\nSUMMARY:Item {n}\nDTSTART:20270{}{:02}T080000Z\nEND:VEVENT\n", 1 + n % 9, 1 + n % 28))
        .collect();
    let file = folder.path().join("many.ics");
    std::fs::write(&file, format!("BEGIN:VCALENDAR\n{events}END:VCALENDAR\n")).expect("written");
    assert_eq!(run(&home, &["import", &file.to_string_lossy(), "--list", "Many"]).0, 0);
    // With answers that take their time most kills meet a request under way.
    latency(&addresses, 10);
    let mut moment = u64::from(std::process::id());
    for round in 0..20 {
        moment = moment.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1_442_695_040_888_963_407);
        let delay = Duration::from_millis(40 + (moment >> 33) % 400);
        let mut child =
            Command::new(belfry()).arg("--home").arg(&home).arg("sync").stdout(Stdio::null()).stderr(Stdio::null()).spawn().expect("sync");
        std::thread::sleep(delay);
        let _ = child.kill();
        let _ = child.wait();
        println!("round {round}: killed after {} ms", delay.as_millis());
    }
    latency(&addresses, 0);
    let (status, document) = run(&home, &["sync"]);
    assert_eq!(status, 0, "{document:#}");
    let state =
        Command::new("curl").args(["-s", &format!("{}/state", addresses["control"].as_str().unwrap_or_default())]).output().expect("curl");
    let state: Value = serde_json::from_slice(&state.stdout).expect("state");
    let subjects: Vec<String> = state["mailboxes"]
        .as_array()
        .into_iter()
        .flatten()
        .flat_map(|mailbox| mailbox["events"].as_array().cloned().unwrap_or_default())
        .filter_map(|event| event["members"]["subject"].as_str().map(str::to_owned))
        .collect();
    let distinct: std::collections::BTreeSet<&String> = subjects.iter().collect();
    println!("{} events, {} distinct", subjects.len(), distinct.len());
    assert_eq!((subjects.len(), distinct.len()), (1000, 1000));
    let (_, document) = run(&home, &["sync"]);
    assert_eq!(document.pointer("/accounts/0/calendars/0/created"), Some(&Value::from(0)));
}
