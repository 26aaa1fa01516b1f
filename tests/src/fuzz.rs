//! What has to hold whatever comes in: one function for each reader of foreign bytes. `make fuzz` calls them with what it thinks of; an ordinary test with what it once
//! found.

use belfry_identity::converse;
use tokio::io::{AsyncReadExt, AsyncWriteExt};

/// A reader's check: it panics when something does not hold.
pub type Check = fn(&[u8]);

/// Every target, by the name of its corpus.
pub const TARGETS: &[(&str, Check)] = &[("loopback", loopback)];

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
