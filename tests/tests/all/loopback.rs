//! The loopback under attack: whatever strangers send, the one real reply gets in, and only once.

use std::time::Duration;

use belfry_identity::{IdentityError, Loopback, Redirect};
use tokio::io::{AsyncReadExt, AsyncWriteExt};
use tokio::net::TcpStream;

const PATIENCE: Duration = Duration::from_secs(20);

fn port(loopback: &Loopback) -> u16 {
    loopback.redirect_uri().rsplit(':').next().and_then(|port| port.parse().ok()).expect("a port")
}

/// Sends bytes and reads what comes back until the connection ends, or not longer than this.
async fn send(port: u16, bytes: &[u8]) -> String {
    let mut stream = TcpStream::connect(("127.0.0.1", port)).await.expect("connected");
    // A door that is shut in the middle of a sentence is an answer too.
    let _ = stream.write_all(bytes).await;
    let mut answer = Vec::new();
    let _ = tokio::time::timeout(Duration::from_secs(5), stream.read_to_end(&mut answer)).await;
    String::from_utf8_lossy(&answer).into_owned()
}

fn reply(port: u16, code: &str) -> Vec<u8> {
    let body = format!("code={code}&state=right");
    let head = format!("POST / HTTP/1.1\r\nHost: localhost:{port}\r\nContent-Type: application/x-www-form-urlencoded\r\n");
    format!("{head}Content-Length: {}\r\n\r\n{body}", body.len()).into_bytes()
}

async fn under(attack: impl AsyncFnOnce(u16)) -> Result<Redirect, IdentityError> {
    let loopback = Loopback::open().await.expect("a loopback");
    let port = port(&loopback);
    let person = async {
        attack(port).await;
        let page = send(port, &reply(port, "good")).await;
        assert!(page.starts_with("HTTP/1.1 200") && !page.contains("good"), "{page}");
    };
    let ((), caught) = futures::join!(person, loopback.wait("right", PATIENCE));
    caught
}

fn is_good(caught: Result<Redirect, IdentityError>) {
    assert_eq!(caught.expect("a reply").get("code").map(String::as_str), Some("good"));
}

#[tokio::test]
async fn garbage_of_every_kind() {
    is_good(
        under(async |port| {
            let long = vec![b'a'; 200_000];
            let many_headers = format!("GET /?code=x&state=right HTTP/1.1\r\nHost: localhost:{port}\r\n{}\r\n", "X-A: b\r\n".repeat(5_000));
            let wrong_length = "POST / HTTP/1.1\r\nHost: localhost\r\nContent-Length: 99999999999999999999\r\n\r\n";
            let twice = format!("POST / HTTP/1.1\r\nHost: localhost:{port}\r\nHost: evil.example\r\nContent-Length: 0\r\n\r\n");
            let smuggled = format!(
                "POST / HTTP/1.1\r\nHost: localhost:{port}\r\nTransfer-Encoding: chunked\r\nContent-Length: 5\r\n\r\n0\r\n\r\n{}",
                String::from_utf8_lossy(&reply(port, "smuggled"))
            );
            for bytes in [
                &b"\x16\x03\x01\x02\x00\x01\x00\x01\xfc\x03\x03"[..],
                b"\0\0\0\0",
                b"PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n",
                b"GET",
                b"GET / HTTP/9.9\r\n\r\n",
                b"\r\n\r\n\r\n",
                &long,
                many_headers.as_bytes(),
                wrong_length.as_bytes(),
                twice.as_bytes(),
                smuggled.as_bytes(),
            ] {
                let answer = send(port, bytes).await;
                assert!(!answer.starts_with("HTTP/1.1 200"), "{:?}: {answer}", String::from_utf8_lossy(&bytes[..bytes.len().min(60)]));
            }
        })
        .await,
    );
}

#[tokio::test]
async fn a_hundred_strangers_who_stay_at_the_door() {
    is_good(
        under(async |port| {
            let mut strangers = Vec::new();
            for number in 0..100 {
                // Some say nothing, some begin and never end.
                let mut stream = TcpStream::connect(("127.0.0.1", port)).await.expect("connected");
                if number % 2 == 0 {
                    let _ = stream.write_all(b"POST / HTTP/1.1\r\nHost: localhost\r\nContent-Length: 100\r\n\r\ncode=").await;
                }
                strangers.push(stream);
            }
            // The browser waits behind them until the first are shown out.
            drop(strangers.split_off(40));
            tokio::time::sleep(Duration::from_millis(300)).await;
            tokio::spawn(async move {
                tokio::time::sleep(PATIENCE).await;
                drop(strangers);
            });
        })
        .await,
    );
}

#[tokio::test]
async fn several_requests_in_one_breath() {
    let loopback = Loopback::open().await.expect("a loopback");
    let port = port(&loopback);
    let mut pipelined = b"GET /favicon.ico HTTP/1.1\r\nHost: localhost\r\n\r\n".to_vec();
    pipelined.extend(reply(port, "second"));
    let attack = async {
        // The first is turned away and the connection ends with it; what follows in the same breath is not read.
        let answer = send(port, &pipelined).await;
        assert!(answer.starts_with("HTTP/1.1 404") && answer.matches("HTTP/1.1").count() == 1, "{answer}");
        send(port, &reply(port, "good")).await
    };
    let (page, caught) = futures::join!(attack, loopback.wait("right", PATIENCE));
    assert!(page.starts_with("HTTP/1.1 200"), "{page}");
    is_good(caught);
}

#[tokio::test]
async fn a_second_reply_changes_nothing() {
    let loopback = Loopback::open().await.expect("a loopback");
    let port = port(&loopback);
    let both = async {
        let first = send(port, &reply(port, "good")).await;
        let second = match TcpStream::connect(("127.0.0.1", port)).await {
            Ok(_) => send(port, &reply(port, "late")).await,
            Err(_) => String::new(),
        };
        (first, second)
    };
    let ((first, second), caught) = futures::join!(both, loopback.wait("right", PATIENCE));
    assert!(first.starts_with("HTTP/1.1 200") && !second.starts_with("HTTP/1.1 200"), "{second}");
    is_good(caught);
}
