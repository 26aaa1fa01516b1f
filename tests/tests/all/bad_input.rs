//! Bad input gives one sentence, one thing to do and the right exit code, on the real command.

use std::process::{Command, Output};

use serde_json::Value;

pub fn belfry() -> std::path::PathBuf {
    let mut path = std::env::current_exe().expect("this test");
    path.pop();
    path.pop();
    path.join("belfry")
}

fn run(home: &std::path::Path, words: &[&str]) -> (i32, Value, String) {
    let Output { status, stdout, stderr } = Command::new(belfry())
        .arg("--json")
        .arg("--home")
        .arg(home)
        .args(words)
        // No keychain and no display: the worst of computers.
        .env_remove("DBUS_SESSION_BUS_ADDRESS")
        .env("XDG_RUNTIME_DIR", home)
        .env_remove("DISPLAY")
        .output()
        .expect("the belfry command; build it first");
    (status.code().unwrap_or(-1), serde_json::from_slice(&stdout).unwrap_or(Value::Null), String::from_utf8_lossy(&stderr).into_owned())
}

fn code(document: &Value) -> &str {
    document.pointer("/problems/0/code").and_then(Value::as_str).unwrap_or_default()
}

#[test]
fn each_has_its_code_and_its_exit() {
    let folder = tempfile::tempdir().expect("a folder");
    let home = folder.path();
    let bad = home.join("bad.ics");
    std::fs::write(&bad, "BEGIN:VCALENDAR\nBEGIN:VEVENT\n").expect("written");
    let page = home.join("page.ics");
    std::fs::write(&page, "<!doctype html><p>Sign in to the hotel</p>").expect("written");
    let (bad, page) = (bad.to_string_lossy().into_owned(), page.to_string_lossy().into_owned());
    for (words, exit, problem) in [
        (vec!["import", bad.as_str()], 1, "file_malformed"),
        (vec!["import", page.as_str()], 1, "file_malformed"),
        (vec!["import", "/nowhere/at/all.ics"], 1, "file_unreadable"),
        (vec!["add", "x", "--at", "soon"], 2, "bad_input"),
        (vec!["add", " ", "--at", "2027-01-01"], 2, "bad_input"),
        (vec!["add", "x", "--at", "2027-01-01", "--repeat", "FREQ=NEVER"], 2, "bad_input"),
        (vec!["add", "x", "--at", "2027-01-01", "--list", "Nowhere"], 2, "unknown_name"),
        (vec!["show", "000000"], 2, "unknown_name"),
        (vec!["account", "add"], 1, "no_client_id"),
        (vec!["account", "remove", "nobody"], 2, "unknown_name"),
        (vec!["calendar", "list"], 2, "bad_input"),
        (vec!["account", "add", "--practice"], 3, "keychain_missing"),
    ] {
        let (status, document, stderr) = run(home, &words);
        assert_eq!((status, code(&document)), (exit, problem), "{words:?}: {document} {stderr}");
        assert!(!stderr.contains("panicked"), "{stderr}");
    }
    let (status, document, _) = run(home, &["sync"]);
    assert_eq!((status, document["outcome"].as_str(), document["accounts"].as_array().map(Vec::len)), (0, Some("ok"), Some(0)));
    let (status, document, _) = run(home, &["ls"]);
    assert_eq!((status, document), (0, Value::Array(vec![])));
}

/// What may never end is no file; what comes through a pipe has a way of its own.
#[test]
fn what_is_no_file_is_refused_at_once() {
    let folder = tempfile::tempdir().expect("a folder");
    let home = folder.path();
    let pipe = home.join("pipe.ics").to_string_lossy().into_owned();
    assert!(Command::new("mkfifo").arg(&pipe).status().expect("mkfifo").success());
    let here = home.to_string_lossy().into_owned();
    for words in [
        vec!["import", &pipe],
        vec!["import", "/dev/zero"],
        vec!["import", &here],
        vec!["list", "add", "Pipe", "--from", &pipe],
        vec!["list", "add", "Zero", "--from", "/dev/zero"],
    ] {
        let (status, document, stderr) = run(home, &words);
        assert_eq!((status, code(&document)), (1, "file_unreadable"), "{words:?}: {document} {stderr}");
        assert!(stderr.contains(", not a file to read.\n  Give a file;"), "{words:?}: {stderr}");
    }
    let zeros = std::fs::File::open("/dev/zero").expect("zeros");
    let output = Command::new(belfry()).arg("--home").arg(home).args(["import", "-"]).stdin(zeros).output().expect("belfry");
    assert!(String::from_utf8_lossy(&output.stderr).contains("larger than 20 MB"), "{output:?}");
}

#[test]
fn a_broken_configuration_and_a_broken_database() {
    let folder = tempfile::tempdir().expect("a folder");
    std::fs::write(folder.path().join("config.toml"), "client_id = 7").expect("written");
    let (status, document, _) = run(folder.path(), &["status"]);
    assert_eq!((status, code(&document)), (1, "config_broken"));
    std::fs::remove_file(folder.path().join("config.toml")).expect("removed");
    let letter = "Dear database, I am only a letter, and rather longer than a header would be.".repeat(4);
    std::fs::write(folder.path().join("belfry.db"), &letter).expect("written");
    let (status, document, _) = run(folder.path(), &["status"]);
    assert_eq!((status, code(&document)), (1, "database_unreadable"));
    assert_eq!(std::fs::read_to_string(folder.path().join("belfry.db")).expect("read"), letter);
}

/// Who is ill at the database is examined all the same.
#[test]
fn a_doctor_needs_no_database() {
    let home = tempfile::tempdir().expect("a home");
    let nobody = "http://127.0.0.1:9";
    let config = format!("client_id = \"x\"\n[cloud]\nname = \"custom\"\nauthority = \"{nobody}\"\ngraph = \"{nobody}\"\n");
    std::fs::write(home.path().join("config.toml"), config).expect("written");
    std::fs::write(home.path().join("belfry.db"), "no database at all, and longer than a head").expect("written");
    let report = home.path().join("report.txt");
    let (exit, checks, _) = run(home.path(), &["doctor", "--bundle", &report.to_string_lossy()]);
    let parts: Vec<&str> = checks.as_array().into_iter().flatten().filter_map(|check| check["part"].as_str()).collect();
    assert_eq!((exit, &parts[..3]), (1, &["database", "keychain", "network"][..]), "{checks:#}");
    assert_eq!(checks[0]["health"], "trouble", "{checks:#}");
    assert!(std::fs::read_to_string(report).is_ok_and(|report| report.contains("database Trouble")));
}

#[test]
fn usage_errors_end_with_two() {
    let folder = tempfile::tempdir().expect("a folder");
    for words in [vec!["frobnicate"], vec!["add"], vec!["list"], vec!["doctor", "--titles"]] {
        assert_eq!(run(folder.path(), &words).0, 2, "{words:?}");
    }
}

#[test]
fn nobody_at_the_other_end() {
    let folder = tempfile::tempdir().expect("a folder");
    let home = folder.path();
    let nobody = std::net::TcpListener::bind("127.0.0.1:0").and_then(|listener| listener.local_addr()).expect("a free port");
    let config = format!("client_id = \"x\"\n[cloud]\nname = \"custom\"\nauthority = \"http://{nobody}\"\ngraph = \"http://{nobody}\"\n");
    std::fs::write(home.join("config.toml"), config).expect("written");
    let (status, document, _) = run(home, &["account", "add"]);
    assert_eq!((status, code(&document)), (5, "offline"));
}

#[test]
fn a_captive_portal_is_not_microsoft() {
    let folder = tempfile::tempdir().expect("a folder");
    let home = folder.path();
    let portal = std::net::TcpListener::bind("127.0.0.1:0").expect("a port");
    let address = portal.local_addr().expect("an address");
    std::thread::spawn(move || {
        for stream in portal.incoming().flatten() {
            use std::io::{Read, Write};
            let mut stream = stream;
            let _ = stream.read(&mut [0; 4096]);
            let page = "<html>Welcome to the hotel</html>";
            let _ = write!(
                stream,
                "HTTP/1.1 200 OK\r\nContent-Type: text/html\r\nContent-Length: {}\r\nConnection: close\r\n\r\n{page}",
                page.len()
            );
        }
    });
    let config = format!("client_id = \"x\"\n[cloud]\nname = \"custom\"\nauthority = \"http://{address}\"\ngraph = \"http://{address}\"\n");
    std::fs::write(home.join("config.toml"), config).expect("written");
    let (status, document, _) = run(home, &["account", "add"]);
    assert_eq!((status, code(&document)), (5, "unexpected_reply"));
}

#[test]
fn an_occupied_port_and_a_browser_that_never_comes_back() {
    let folder = tempfile::tempdir().expect("a folder");
    let home = folder.path();
    let taken = std::net::TcpListener::bind("127.0.0.1:0").expect("a port");
    let port = taken.local_addr().expect("an address").port().to_string();
    let (status, document, _) = run(home, &["practice", "--port", &port]);
    assert_eq!((status, code(&document)), (1, "practice_unavailable"));
    let (status, document, stderr) = run(home, &["account", "add", "--practice", "--print-url", "--timeout", "1"]);
    assert_eq!((status, code(&document)), (3, "sign_in_timed_out"));
    assert!(stderr.starts_with("open http://127.0.0.1:"), "{stderr}");
}
