//! `kill -9` at random moments of a first sync and of those after it, then one run to the end: every reminder once, as it was last.
//! `BELFRY_KILLS` says how often (`make simulate-kill`: 200).

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

fn rounds() -> u64 {
    std::env::var("BELFRY_KILLS").ok().and_then(|rounds| rounds.parse().ok()).unwrap_or(20)
}

/// Items as a tool would export them, each with the round in which it last changed.
fn calendar(versions: &[u64]) -> String {
    let item = |(n, version): (usize, &u64)| {
        format!("BEGIN:VEVENT\nUID:n{n}\nSUMMARY:Item {n}.{version}\nDTSTART:20270{}{:02}T080000Z\nEND:VEVENT\n", 1 + n % 9, 1 + n % 28)
    };
    let items: String = versions.iter().enumerate().map(item).collect();
    format!("BEGIN:VCALENDAR\n{items}END:VCALENDAR\n")
}

fn next(random: &mut u64) -> u64 {
    *random = random.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1_442_695_040_888_963_407);
    *random >> 33
}

/// Subjects and categories of all events, sorted.
fn events(addresses: &Value) -> Vec<(String, Value)> {
    let state =
        Command::new("curl").args(["-s", &format!("{}/state", addresses["control"].as_str().unwrap_or_default())]).output().expect("curl");
    let state: Value = serde_json::from_slice(&state.stdout).expect("state");
    let mailboxes = state["mailboxes"].as_array().cloned().unwrap_or_default();
    let events = mailboxes.iter().flat_map(|mailbox| mailbox["events"].as_array().cloned().unwrap_or_default());
    let mut all: Vec<(String, Value)> =
        events.map(|event| (event["members"]["subject"].as_str().unwrap_or_default().to_owned(), event["id"].clone())).collect();
    all.sort_by(|a, b| a.0.cmp(&b.0));
    all
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
    let file = folder.path().join("many.ics");
    let mut versions = vec![0; 1000];
    let mut random = u64::from(std::process::id());
    // With answers that take their time most kills meet a request under way.
    latency(&addresses, 10);
    for round in 0..rounds() {
        // Every round has something to write, when the first sync is through as well.
        for _ in 0..40 {
            let index = usize::try_from(next(&mut random)).unwrap_or(0) % versions.len();
            versions[index] = round;
        }
        std::fs::write(&file, calendar(&versions)).expect("written");
        assert_eq!(run(&home, &["import", &file.to_string_lossy(), "--list", "Many"]).0, 0);
        let delay = Duration::from_millis(40 + next(&mut random) % 400);
        let mut child =
            Command::new(belfry()).arg("--home").arg(&home).arg("sync").stdout(Stdio::null()).stderr(Stdio::null()).spawn().expect("sync");
        std::thread::sleep(delay);
        let was_over = child.try_wait().expect("a child").is_some();
        let _ = child.kill();
        let _ = child.wait();
        println!("round {round}: {} after {} ms", if was_over { "over" } else { "killed" }, delay.as_millis());
    }
    latency(&addresses, 0);
    let (status, document) = run(&home, &["sync"]);
    assert_eq!(status, 0, "{document:#}");
    let subjects: Vec<String> = events(&addresses).into_iter().map(|(subject, _)| subject).collect();
    let mut wanted: Vec<String> = versions.iter().enumerate().map(|(n, version)| format!("Item {n}.{version}")).collect();
    wanted.sort();
    println!(
        "{} events, {} of them as they should be",
        subjects.len(),
        subjects.iter().filter(|subject| wanted.binary_search(subject).is_ok()).count()
    );
    assert_eq!(subjects, wanted);
    let (_, document) = run(&home, &["sync"]);
    let quiet = |name: &str| document.pointer(&format!("/accounts/0/calendars/0/{name}")).and_then(Value::as_u64);
    assert_eq!((quiet("created"), quiet("updated"), quiet("deleted"), quiet("pulled")), (Some(0), Some(0), Some(0), Some(0)));
}
