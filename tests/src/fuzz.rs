//! What has to hold whatever comes in: one function for each reader of foreign bytes. `make fuzz` calls them with what it thinks of; an ordinary test with what it once
//! found.

use belfry_identity::converse;
use tokio::io::{AsyncReadExt, AsyncWriteExt};

/// A reader's check: it panics when something does not hold.
pub type Check = fn(&[u8]);

/// Every target, by the name of its corpus.
pub const TARGETS: &[(&str, Check)] = &[("loopback", loopback), ("calendar", calendar), ("table", table), ("words", words)];

const PORT: u16 = 4711;
const STATE: &str = "right";

/// Bytes of a stranger on the loopback: never a panic, never an answer that repeats them, and no reply but one with the state of the sign-in.
///
/// # Panics
/// When that does not hold.
#[expect(clippy::expect_used, reason = "the check ends here")]
pub fn loopback(bytes: &[u8]) {
    let runtime = tokio::runtime::Builder::new_current_thread().enable_time().build().expect("a runtime");
    let (answer, reply) = runtime.block_on(async {
        let (here, there) = tokio::io::duplex(1 << 20);
        let stranger = async {
            let (mut from, mut to) = tokio::io::split(here);
            let mut answer = Vec::new();
            let talk = async {
                // The door may be shut in the middle of a sentence.
                let _ = to.write_all(bytes).await;
                let _ = to.shutdown().await;
            };
            let ((), _) = futures::join!(talk, from.read_to_end(&mut answer));
            answer
        };
        futures::join!(stranger, converse(there, STATE, PORT))
    });
    let text = String::from_utf8_lossy(&answer);
    // Who asks first whether to send a body is told to.
    let text = text.strip_prefix("HTTP/1.1 100 Continue\r\n\r\n").unwrap_or(&text);
    let is_taken = text.starts_with("HTTP/1.1 200 ");
    assert_eq!(is_taken, reply.is_some(), "the page says what happened: {text}");
    assert!(text.matches("HTTP/1.1 ").count() <= 1, "one answer: {text}");
    if let Some(reply) = reply {
        assert_eq!(reply.get("state").map(String::as_str), Some(STATE));
        assert!(reply.contains_key("code") || reply.contains_key("error") || reply.contains_key("admin_consent"));
        let told = reply.iter().filter(|(name, _)| *name != "state").map(|(_, value)| value);
        assert!(told.filter(|value| value.len() > 12).all(|value| !text.contains(value.as_str())), "nothing is echoed: {text}");
    }
    if let Some((head, body)) = text.split_once("\r\n\r\n").filter(|(_, body)| !body.is_empty()) {
        assert!(head.contains("cache-control: no-store") && head.contains("default-src 'none'"), "{head}\n{body}");
    }
}

fn into() -> belfry_ical::ReadInto {
    let (list, zone) = (belfry_core::ListId::of_name("Fuzz"), belfry_core::Zone::UTC);
    belfry_ical::ReadInto { list, defaults: belfry_core::ListDefaults::default(), zone, now: chrono::DateTime::UNIX_EPOCH }
}

/// A calendar file of a stranger: never a panic; what is taken keeps every rule of reminders, and an export of it comes back with as many.
///
/// # Panics
/// When that does not hold.
pub fn calendar(bytes: &[u8]) {
    let Ok(read) = belfry_ical::read(bytes, &into()) else { return };
    assert!(read.reminders.iter().all(|reminder| reminder.check().is_ok()));
    for reminder in &read.reminders {
        // Whatever it says, its event can be built.
        let projection = belfry_core::Projection::of(reminder);
        let _ = belfry_graph::unholdable(&projection);
    }
    let text = belfry_ical::write(&read.reminders, &std::collections::BTreeMap::new(), chrono::DateTime::UNIX_EPOCH);
    let again = belfry_ical::read(text.as_bytes(), &into()).map(|again| (again.reminders.len(), again.set_aside.len()));
    assert_eq!(again, Ok((read.reminders.len(), 0)), "{text}");
}

/// A table of a stranger: never a panic; what is taken keeps every rule of reminders.
///
/// # Panics
/// When that does not hold.
pub fn table(bytes: &[u8]) {
    let Ok(header) = belfry_ical::csv_header(bytes) else { return };
    let Ok(read) = belfry_ical::read_csv(bytes, &belfry_ical::guess_columns(&header), &into()) else { return };
    assert!(read.reminders.iter().all(|reminder| reminder.check().is_ok()));
    assert!(!belfry_ical::write_csv(&read.reminders).is_empty());
}

/// What somebody types: never a panic; every chip, and what is unread, stands where it says, and no other reading of it is the same.
///
/// # Panics
/// When that does not hold.
pub fn words(bytes: &[u8]) {
    let text = String::from_utf8_lossy(bytes);
    let now = chrono::NaiveDate::from_ymd_opt(2026, 11, 25).and_then(|day| day.and_hms_opt(12, 0, 0)).unwrap_or_default();
    let here = belfry_words::Here { now, zone: belfry_core::Zone::UTC };
    for language in belfry_words::Language::ALL {
        let understood = belfry_words::read_in(&text, here, language);
        for chip in &understood.chips {
            assert_eq!(text.get(chip.start..chip.end), Some(chip.text.as_str()), "{chip:?}");
        }
        for unread in &understood.unread {
            assert_eq!(text.get(unread.start..unread.end), Some(unread.text.as_str()), "{unread:?}");
        }
        assert!(understood.title.len() <= text.len(), "{understood:?}");
    }
}
