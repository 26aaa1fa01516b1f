use std::sync::Mutex;

use belfry_core::{ListDefaults, ListId, Zone};
use belfry_http::{HttpError, Request, Response};
use bytes::Bytes;
use futures::FutureExt;
use futures::future::BoxFuture;
use secrecy::ExposeSecret;

use super::*;

fn into() -> ReadInto {
    let now = chrono::DateTime::from_timestamp(NOW.cast_signed(), 0).expect("a time");
    ReadInto { list: ListId::of_name("Contracts"), defaults: ListDefaults::default(), zone: Zone::UTC, now }
}

fn calendar(titles: &[&str]) -> Vec<u8> {
    let item = |title: &&str| format!("BEGIN:VEVENT\r\nUID:{title}\r\nSUMMARY:{title}\r\nDTSTART:20270301\r\nEND:VEVENT\r\n");
    format!("BEGIN:VCALENDAR\r\n{}END:VCALENDAR\r\n", titles.iter().map(item).collect::<String>()).into_bytes()
}

/// Answers in turn, and remembers what was asked.
#[derive(Default)]
struct Server {
    answers: Mutex<Vec<Response>>,
    asked: Mutex<Vec<Request>>,
}

impl Server {
    fn with(answers: Vec<http::response::Builder>, bodies: Vec<Vec<u8>>) -> Self {
        let answers = answers.into_iter().zip(bodies).map(|(answer, body)| answer.body(Bytes::from(body)).expect("an answer"));
        Self { answers: Mutex::new(answers.rev().collect()), asked: Mutex::default() }
    }
}

impl HttpClient for Server {
    fn send(&self, request: Request) -> BoxFuture<'_, Result<Response, HttpError>> {
        self.asked.lock().expect("a lock").push(request);
        let next = self.answers.lock().expect("a lock").pop();
        async move { next.ok_or(HttpError::TimedOut { host: "feeds.example".into() }) }.boxed()
    }
}

fn ask(server: &Server, source: &Source, known: &Validators) -> Result<Reading, SourceError> {
    read(source, server, known, &into(), None, Some(&SecretString::from("p:w"))).now_or_never().expect("nothing waits")
}

fn titles(reading: Result<Reading, SourceError>) -> Result<Vec<String>, String> {
    match reading.map_err(|error| error.to_string())? {
        Reading::Unchanged => Ok(vec!["unchanged".into()]),
        Reading::Read(found) => Ok(found.contents.reminders.into_iter().map(|reminder| reminder.title).collect()),
    }
}

fn ok() -> http::response::Builder {
    http::Response::builder().status(200)
}

fn feed() -> Source {
    Source::Feed("https://feeds.example/secret/contracts.ics".into())
}

#[test]
fn a_file_is_read_whole_or_not_at_all() {
    let folder = tempfile::tempdir().expect("a folder");
    let path = folder.path().join("contracts.ics");
    let server = Server::default();
    let source = Source::File(path.to_string_lossy().into_owned());
    let read_text = |text: &[u8]| {
        std::fs::write(&path, text).expect("written");
        titles(ask(&server, &source, &Validators::default())).map_err(|error| error.replace(&*path.to_string_lossy(), "FILE"))
    };
    let whole = calendar(&["Lease"]);
    assert_eq!(read_text(&whole), Ok(vec!["Lease".into()]));
    assert_eq!(read_text(b"BEGIN:VCALENDAR\r\nEND:VCALENDAR\r\n"), Ok(vec![]));
    assert!(read_text(&whole[..60]).is_err_and(|why| why.contains("breaks off")));
    assert_eq!(read_text(b"<html>log in</html>"), Err("FILE: this is not a calendar file".into()));
    assert_eq!(read_text(b"Title,Date\nLease,2027-03-01\n"), Ok(vec!["Lease".into()]));
    assert!(titles(ask(&server, &Source::File("/nowhere/at/all.ics".into()), &Validators::default())).is_err());
}

#[test]
fn what_has_not_changed_is_not_read_again() {
    let folder = tempfile::tempdir().expect("a folder");
    let path = folder.path().join("contracts.ics");
    let save = |titles: &[&str], at: u64| saved(&path, &calendar(titles), at);
    save(&["Lease"], LONG_AGO);
    for source in [Source::File(path.to_string_lossy().into_owned()), Source::Folder(folder.path().to_string_lossy().into_owned())] {
        let server = Server::default();
        let Ok(Reading::Read(found)) = ask(&server, &source, &Validators::default()) else { panic!("not read") };
        assert_eq!(titles(ask(&server, &source, &found.validators)), Ok(vec!["unchanged".into()]));
        save(&["Lease", "Phone"], LONG_AGO + 1);
        assert_eq!(titles(ask(&server, &source, &found.validators)), Ok(vec!["Lease".into(), "Phone".into()]));
        save(&["Lease"], LONG_AGO);
    }
}

#[test]
fn what_is_saved_twice_within_a_tick_is_read_twice() {
    let folder = tempfile::tempdir().expect("a folder");
    let path = folder.path().join("contracts.ics");
    for source in [Source::File(path.to_string_lossy().into_owned()), Source::Folder(folder.path().to_string_lossy().into_owned())] {
        // Also while the sync goes on that reads it.
        for at in [NOW - 1, NOW, NOW + 600] {
            let server = Server::default();
            saved(&path, &calendar(&["Lease"]), at);
            let Ok(Reading::Read(found)) = ask(&server, &source, &Validators::default()) else { panic!("not read") };
            saved(&path, &calendar(&["Phone"]), at);
            assert_eq!(titles(ask(&server, &source, &found.validators)), Ok(vec!["Phone".into()]));
        }
    }
}

/// Some disks keep any time, also one that is beyond every calendar.
#[test]
fn a_file_of_any_time_is_read() {
    let memory = Path::new("/dev/shm");
    let folder = if memory.is_dir() { tempfile::tempdir_in(memory) } else { tempfile::tempdir() }.expect("a folder");
    let path = folder.path().join("contracts.ics");
    saved(&path, &calendar(&["Lease"]), 9_000_000_000_000);
    for source in [Source::File(path.to_string_lossy().into_owned()), Source::Folder(folder.path().to_string_lossy().into_owned())] {
        assert_eq!(titles(ask(&Server::default(), &source, &Validators::default())), Ok(vec!["Lease".into()]));
    }
}

/// When it is asked.
const NOW: u64 = 1_800_000_000;
const LONG_AGO: u64 = NOW - 1_000_000;

fn saved(path: &Path, bytes: &[u8], at: u64) {
    std::fs::write(path, bytes).expect("written");
    let file = std::fs::File::options().write(true).open(path).expect("a file");
    file.set_modified(std::time::UNIX_EPOCH + std::time::Duration::from_secs(at)).expect("dated");
}

#[test]
fn a_folder_names_what_it_cannot_read_and_passes_over_what_is_in_the_making() {
    let folder = tempfile::tempdir().expect("a folder");
    let write = |name: &str, bytes: &[u8]| std::fs::write(folder.path().join(name), bytes).expect("written");
    write("b.ics", &calendar(&["Phone"]));
    write("a.ics", &calendar(&["Lease"]));
    for name in [".c.ics", ".c.ics.swp", "c.ics.tmp", "c.ics~", "displayname", "#d.ics"] {
        write(name, &calendar(&["Nothing"])[..40]);
    }
    std::fs::create_dir(folder.path().join("sub.ics")).expect("a folder");
    let source = Source::Folder(folder.path().to_string_lossy().into_owned());
    let server = Server::default();
    assert_eq!(titles(ask(&server, &source, &Validators::default())), Ok(vec!["Lease".into(), "Phone".into()]));
    write("e.ics", &calendar(&["Gym"])[..50]);
    let Ok(Reading::Read(found)) = ask(&server, &source, &Validators::default()) else { panic!("not read") };
    assert_eq!((found.contents.reminders.len(), found.broken.len(), found.validators.stamp), (2, 1, None));
    assert!(titles(ask(&server, &Source::Folder("/nowhere/at/all".into()), &Validators::default())).is_err());
}

#[test]
fn what_is_empty_or_left_open_is_called_so() {
    let into =
        ReadInto { list: ListId::of_name("x"), defaults: ListDefaults::default(), zone: Zone::UTC, now: chrono::DateTime::UNIX_EPOCH };
    let told = |text: &str| parse(text.as_bytes(), &into, None).map(|_| ()).map_err(|problem| problem.to_string());
    for (text, is) in [
        ("", "the file is empty"),
        ("\r\n \n", "the file is empty"),
        ("title,date\nx,2027-03-03\n\"y,2027-03-04\nz,2027-03-05\n", "the file breaks off: the quotation mark on line 3 is not closed"),
        ("PK\u{3}\u{4}rest", "this is not a calendar file"),
    ] {
        assert_eq!(told(text).as_ref().map_err(String::as_str), Err(is), "{text}");
    }
}

#[test]
fn two_files_with_one_uid_are_one_reminder_and_that_is_told() {
    let folder = tempfile::tempdir().expect("a folder");
    let write = |name: &str, title: &str, sequence: u8| {
        let item = format!("BEGIN:VEVENT\r\nUID:a\r\nSUMMARY:{title}\r\nDTSTART:20270301\r\nSEQUENCE:{sequence}\r\nEND:VEVENT\r\n");
        std::fs::write(folder.path().join(name), format!("BEGIN:VCALENDAR\r\n{item}END:VCALENDAR\r\n")).expect("written");
    };
    let source = Source::Folder(folder.path().to_string_lossy().into_owned());
    let read_all = || {
        let Ok(Reading::Read(found)) = ask(&Server::default(), &source, &Validators::default()) else { panic!("not read") };
        let titles: Vec<String> = found.contents.reminders.iter().map(|reminder| reminder.title.clone()).collect();
        let told: Vec<String> =
            found.contents.set_aside.iter().map(|aside| format!("{} {}: {}", aside.line, aside.raw, aside.reason)).collect();
        (titles.join(" "), told.join("; "))
    };
    write("1.ics", "Lease", 0);
    write("2.ics", "Lease", 0);
    assert_eq!(read_all(), ("Lease".into(), String::new()));
    write("2.ics", "Flat", 0);
    assert_eq!(read_all(), ("Flat".into(), "2 Lease: in 1.ics: 2.ics has an item of the same UID, which counts".into()));
    write("1.ics", "Lease", 2);
    assert_eq!(read_all(), ("Lease".into(), "2 Flat: in 2.ics: 1.ics has an item of the same UID with a higher SEQUENCE".into()));
}

#[test]
fn a_folder_of_collections_names_one_to_give_instead() {
    let folder = tempfile::tempdir().expect("a folder");
    let root = folder.path();
    let source = Source::Folder(root.to_string_lossy().into_owned());
    let read_all =
        || titles(ask(&Server::default(), &source, &Validators::default())).map_err(|why| why.replace(&*root.to_string_lossy(), "ROOT"));
    for name in [".git", "a", "b", "c"] {
        std::fs::create_dir(root.join(name)).expect("a folder");
    }
    assert_eq!(read_all(), Ok(vec![]));
    for name in [".git/x.ics", "c/x.ics", "b/x.ics"] {
        std::fs::write(root.join(name), calendar(&["Lease"])).expect("written");
    }
    let why = format!(
        "ROOT holds no calendar file itself, only folders that do; give one of them, such as {}",
        Path::new("ROOT").join("b").display()
    );
    assert_eq!(read_all(), Err(why));
    std::fs::write(root.join("x.ics"), calendar(&["Phone"])).expect("written");
    assert_eq!(read_all(), Ok(vec!["Phone".into()]));
}

#[test]
fn a_feed_is_asked_only_for_what_is_new() {
    let answer = ok().header("ETag", "\"1\"").header("Last-Modified", "Wed, 25 Nov 2026 10:00:00 GMT");
    let server = Server::with(vec![answer, http::Response::builder().status(304)], vec![calendar(&["Lease"]), vec![]]);
    let Ok(Reading::Read(found)) = ask(&server, &feed(), &Validators::default()) else { panic!("not read") };
    assert_eq!(titles(ask(&server, &feed(), &found.validators)), Ok(vec!["unchanged".into()]));
    let asked = server.asked.lock().expect("a lock");
    let header = |name: &str| asked[1].headers().get(name).and_then(|value| value.to_str().ok()).map(str::to_owned);
    assert_eq!(header("if-none-match"), Some("\"1\"".into()));
    assert_eq!(header("if-modified-since"), Some("Wed, 25 Nov 2026 10:00:00 GMT".into()));
}

#[test]
fn a_feed_that_is_something_else_is_no_empty_calendar_and_no_address_is_told() {
    let whole = calendar(&["Lease", "Phone"]);
    for (status, body, why) in [
        (200, b"<!DOCTYPE html><html>Please log in</html>".to_vec(), "this is not a calendar file"),
        (200, b"  ".to_vec(), "the file is empty"),
        (200, whole[..whole.len() - 30].to_vec(), "breaks off"),
        (404, vec![], "404"),
        (503, vec![], "503"),
    ] {
        let server = Server::with(vec![http::Response::builder().status(status)], vec![body]);
        let error = titles(ask(&server, &feed(), &Validators::default())).expect_err("not read");
        assert!(error.contains(why) && error.contains("feeds.example") && !error.contains("secret"), "{error}");
    }
}

#[test]
fn a_feed_that_is_busy_says_until_when() {
    for (status, after, why) in [
        // It is 8 o'clock on 15 January 2027.
        (503, Some("5400"), "feeds.example answered with 503 and asked to wait until 15 January 2027, 09:30"),
        (429, Some("Sat, 16 Jan 2027 07:00:00 GMT"), "feeds.example answered with 429 and asked to wait until 16 January 2027, 07:00"),
        (429, None, "feeds.example answered with 429"),
        (503, Some("soon"), "feeds.example answered with 503"),
        (404, Some("60"), "feeds.example answered with 404"),
    ] {
        let answer = http::Response::builder().status(status);
        let answer = after.map_or(http::Response::builder().status(status), |after| answer.header("Retry-After", after));
        let server = Server::with(vec![answer], vec![vec![]]);
        let error = ask(&server, &feed(), &Validators::default()).expect_err("not read");
        assert_eq!((error.to_string().as_str(), error.is_passing()), (why, status != 404));
    }
}

#[test]
fn a_date_that_another_file_changes_is_a_date_of_its_series() {
    let folder = tempfile::tempdir().expect("a folder");
    let write = |name: &str, item: &str| {
        std::fs::write(folder.path().join(name), format!("BEGIN:VCALENDAR\n{item}\nEND:VCALENDAR\n")).expect("written");
    };
    let source = Source::Folder(folder.path().to_string_lossy().into_owned());
    let read_all = || {
        let Ok(Reading::Read(found)) = ask(&Server::default(), &source, &Validators::default()) else { panic!("not read") };
        let of = |reminder: &belfry_core::Reminder| {
            let series = reminder.recurrence.as_ref();
            let changed = series.into_iter().flat_map(|series| &series.changed);
            let changed: Vec<String> = changed.map(|(at, own)| format!("{at} {}", own.title.clone().unwrap_or_default())).collect();
            let cancelled: Vec<String> = series.into_iter().flat_map(|series| &series.cancelled).map(ToString::to_string).collect();
            format!("{} [{}] [{}]", reminder.title, changed.join(", "), cancelled.join(", "))
        };
        found.contents.reminders.iter().map(of).collect::<Vec<_>>()
    };
    write("m.ics", "BEGIN:VEVENT\nUID:s\nSUMMARY:Choir\nDTSTART:20270304T190000\nRRULE:FREQ=WEEKLY\nEND:VEVENT");
    // Before and behind the file of the series, one that is no date of it, and one that takes a date away.
    let date = |on: &str, more: &str| format!("BEGIN:VEVENT\nUID:s\nRECURRENCE-ID:{on}\nDTSTART:{on}\n{more}\nEND:VEVENT");
    write("a.ics", &date("20270311T190000", "SUMMARY:Concert"));
    write("z.ics", &date("20270318T190000", "SUMMARY:Choir\nSTATUS:CANCELLED"));
    write("b.ics", &date("20270312T190000", "SUMMARY:Party"));
    assert_eq!(read_all(), ["Party [] []", "Choir [2027-03-11T19:00:00 Concert] [2027-03-18T19:00:00]"]);
    // Without its series each of them is what it says, as before.
    std::fs::remove_file(folder.path().join("m.ics")).expect("removed");
    assert_eq!(read_all(), ["Concert [] []", "Party [] []"]);
}

/// Opening a pipe waits for who writes into it, and a device has no end.
#[cfg(unix)]
#[test]
fn what_is_no_regular_file_is_refused_before_it_is_opened() {
    let folder = tempfile::tempdir().expect("a folder");
    let at = |name: &str| folder.path().join(name);
    let refused = |path: &Path| {
        let text = path.to_string_lossy().into_owned();
        let said = bytes(path).map(|bytes| bytes.len()).map_err(|error| error.to_string().replace(&text, "it"));
        let read = titles(ask(&Server::default(), &Source::File(text.clone()), &Validators::default()));
        assert_eq!(read.map_err(|error| error.replace(&text, "it")).err(), said.clone().err());
        said
    };
    assert!(std::process::Command::new("mkfifo").arg(at("pipe")).status().expect("mkfifo").success());
    std::os::unix::fs::symlink(at("pipe"), at("to pipe")).expect("a link");
    std::fs::write(at("a.ics"), calendar(&["Lease"])).expect("written");
    std::os::unix::fs::symlink(at("a.ics"), at("to file")).expect("a link");
    std::fs::File::create(at("large")).and_then(|file| file.set_len(belfry_ical::LARGEST_FILE as u64 + 1)).expect("a large file");
    let pipe = Err("it is a pipe or a device, not a file to read".to_owned());
    assert_eq!((refused(&at("pipe")), refused(&at("to pipe")), refused("/dev/zero".as_ref())), (pipe.clone(), pipe.clone(), pipe));
    assert_eq!(refused(folder.path()), Err("it is a folder, not a file to read".into()));
    std::fs::write(at("own.db"), "").expect("written");
    std::os::unix::fs::symlink(at("own.db"), at("own.ics")).expect("a link");
    let database = Err("it is a database, not a file to read".to_owned());
    assert_eq!((refused(&at("own.db")), refused(&at("own.ics"))), (database.clone(), database));
    assert_eq!(refused(&at("large")), Err("it: the file is larger than 20 MB".into()));
    assert!(refused(&at("to file")).is_ok());
    assert_eq!(at_most(std::io::repeat(0)).map(|bytes| bytes.len()).ok(), Some(belfry_ical::LARGEST_FILE + 1));
}

#[test]
fn redirects_are_few_and_never_lead_to_less_safety() {
    let to = |location: &str| http::Response::builder().status(302).header("Location", location);
    let server = Server::with(vec![to("/new.ics"), ok()], vec![vec![], calendar(&["Lease"])]);
    assert_eq!(titles(ask(&server, &feed(), &Validators::default())), Ok(vec!["Lease".into()]));
    assert_eq!(server.asked.lock().expect("a lock")[1].uri(), "https://feeds.example/new.ics");
    for location in [
        "http://feeds.example/plain.ics",
        "file:///etc/passwd",
        "javascript:1",
        "http://127.0.0.1:631/a.ics",
        "https://localhost/a.ics",
        "https://[::ffff:127.0.0.1]/a.ics",
        "http://0.0.0.0/a.ics",
    ] {
        let server = Server::with(vec![to(location)], vec![vec![]]);
        assert_eq!(titles(ask(&server, &feed(), &Validators::default())), Err("feeds.example leads to an address that is not safe".into()));
    }
    let server = Server::with((0..9).map(|_| to("/again.ics")).collect(), vec![vec![]; 9]);
    assert_eq!(titles(ask(&server, &feed(), &Validators::default())), Err("feeds.example leads on and on".into()));
}

#[test]
fn addresses_of_feeds() {
    for (text, is) in [
        ("webcal://example.org/a.ics", Some("https://example.org/a.ics")),
        ("WEBCAL://example.org/a.ics", Some("https://example.org/a.ics")),
        ("https://example.org/a.ics", Some("https://example.org/a.ics")),
        ("ftp://example.org/a.ics", None),
        ("contracts.ics", None),
    ] {
        assert_eq!(address(text).map(String::from).as_deref(), is, "{text}");
    }
    let allowed = |text: &str, plain: bool| is_allowed(&address(text).expect("an address"), plain);
    assert!(allowed("https://example.org/a", false) && allowed("http://127.0.0.1:8080/a", false));
    assert!(!allowed("http://example.org/a", false) && allowed("http://example.org/a", true));
}

#[test]
fn a_password_goes_to_its_own_server_only() {
    let mut url = address("https://ada%40home:p%3Aw@feeds.example/a.ics").expect("an address");
    let password = take_password(&mut url).expect("a password");
    assert_eq!((url.as_str(), password.expose_secret()), ("https://ada%40home@feeds.example/a.ics", "p:w"));
    let to = |location: &str| http::Response::builder().status(302).header("Location", location);
    let answers = vec![to("/b.ics"), to("https://other.example/c.ics"), ok()];
    let server = Server::with(answers, vec![vec![], vec![], calendar(&["Lease"])]);
    assert!(titles(ask(&server, &Source::Feed(url.into()), &Validators::default())).is_ok());
    let asked = server.asked.lock().expect("a lock");
    let said: Vec<_> =
        asked.iter().map(|one| (one.uri().to_string(), one.headers().get("authorization").and_then(|value| value.to_str().ok()))).collect();
    let proof = Some("Basic YWRhQGhvbWU6cDp3");
    let [a, b, c] = ["https://feeds.example/a.ics", "https://feeds.example/b.ics", "https://other.example/c.ics"].map(str::to_owned);
    assert_eq!(format!("{said:?}"), format!("{:?}", [(a, proof), (b, proof), (c, None)]));
    assert!(!format!("{:?}", asked[0].headers()).contains("YWRh"), "it is in no log");
}

#[test]
fn a_feed_is_read_in_the_charset_that_its_answer_names() {
    let czech = b"BEGIN:VCALENDAR\r\nBEGIN:VEVENT\r\nUID:a\r\nSUMMARY:\xaelu\xbbou\xe8k\xfd k\xf9\xf2\r\nDTSTART:20270301\r\nEND:VEVENT\r\nEND:VCALENDAR\r\n";
    let table = b"Title,Date\nN\xe1jem\xb9\xe8,2027-03-01\n";
    let horse = "\u{17d}lu\u{165}ou\u{10d}k\u{fd} k\u{16f}\u{148}";
    let read = |body: &[u8], kind: &str| {
        let server = Server::with(vec![ok().header("content-type", kind)], vec![body.to_vec()]);
        titles(ask(&server, &feed(), &Validators::default())).map(|titles| titles.join(", "))
    };
    for kind in [
        "text/calendar; charset=ISO-8859-2",
        "text/calendar;method=PUBLISH; Charset=\"iso-8859-2\"",
        "application/octet-stream; charset=latin2",
    ] {
        assert_eq!(read(czech, kind), Ok(horse.to_owned()), "{kind}");
    }
    assert_eq!(read(table, "text/csv; charset=iso-8859-2"), Ok("N\u{e1}jem\u{161}\u{10d}".to_owned()));
    // What is UTF-8 is read so, although the server says of all its files that they are in another.
    assert_eq!(read(&calendar(&[horse]), "text/calendar; charset=ISO-8859-2"), Ok(horse.to_owned()));
    assert_eq!(read(&calendar(&[horse]), "text/calendar"), Ok(horse.to_owned()));
    // Without a name, and with one that is none, it is Windows-1252 as in files.
    assert_eq!(read(czech, "text/calendar"), read(czech, "text/calendar; charset=x-mine"));
    assert!(read(b"<html>log in</html>", "text/html; charset=ISO-8859-2").is_err());
}

/// A calendar file that is broken is none with columns to be named; a table of such a name is still read, except in a folder.
#[test]
fn what_is_named_as_a_calendar_and_is_none_is_told_so() {
    let folder = tempfile::tempdir().expect("a folder");
    let (server, first) = (Server::default(), Validators::default());
    let read = |name: &str, content: &str| {
        let path = folder.path().join(name);
        std::fs::write(&path, content).expect("written");
        titles(ask(&server, &Source::File(path.to_string_lossy().into_owned()), &first))
            .map_err(|error| error.split(": ").last().unwrap_or_default().to_owned())
    };
    let none = Err("this is not a calendar file".to_owned());
    for name in ["a.ics", "a.ICS", "a.ical", "a.ifb", "a.icalendar"] {
        for content in ["garbage", "garbage,more\n1,2\n", "SUMMARY:Lease\r\nEND:VEVENT\r\n", "\"open"] {
            assert_eq!(read(name, content), none, "{name}: {content}");
        }
        assert_eq!(read(name, "title,date\nLease,2027-03-01\n"), Ok(vec!["Lease".to_owned()]), "{name}");
        assert_eq!(read(name, " \n"), Err("the file is empty".to_owned()), "{name}");
    }
    assert!(read("a.csv", "garbage\nx\n").is_err_and(|error| error.contains("no column of the table")));
    for (name, content) in [("b.ics", "garbage"), ("c.ics", "title,date\nLease,2027-03-01\n")] {
        let only = tempfile::tempdir().expect("a folder");
        std::fs::write(only.path().join(name), content).expect("written");
        let Ok(Reading::Read(found)) = ask(&server, &Source::Folder(only.path().to_string_lossy().into_owned()), &first) else {
            panic!("{name} is not read");
        };
        let broken: Vec<String> = found.broken.iter().map(ToString::to_string).collect();
        assert!(broken.len() == 1 && broken[0].ends_with("this is not a calendar file"), "{broken:?}");
        assert_eq!(found.contents.reminders, []);
    }
}
