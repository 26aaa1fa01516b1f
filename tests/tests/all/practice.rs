//! The practice cloud as a program that people use: it forgets nothing, and a client that dies harms nobody.

use std::time::Duration;

use belfry_simulator::{Options, Side, Simulator};
use belfry_tests::{LOGIN, World};
use bytes::Bytes;
use serde_json::json;

fn outlook(method: &str, path: &str, body: &serde_json::Value) -> http::Request<Bytes> {
    let uri = format!("http://127.0.0.1:3/outlook/{LOGIN}/v1.0/me/{path}");
    http::Request::builder().method(method).uri(uri).body(Bytes::from(body.to_string())).expect("a request")
}

fn event(subject: &str) -> serde_json::Value {
    let at = |hour: u32| json!({"dateTime": format!("2027-03-03T{hour:02}:00:00"), "timeZone": "UTC"});
    json!({"subject": subject, "start": at(9), "end": at(10)})
}

#[tokio::test]
async fn every_write_is_there_after_a_restart() {
    let folder = tempfile::tempdir().expect("a folder");
    let options = || Options { file: Some(folder.path().join("mailbox.json")), ..Options::in_process() };
    for round in 1..=3 {
        let simulator = Simulator::open(options()).expect("a mailbox");
        let answer = simulator.call(Side::Control, outlook("POST", "events", &event("Tea"))).await.expect("an answer");
        assert_eq!(answer.status(), 201);
        simulator.save(true);
        let again = Simulator::open(options()).expect("a mailbox");
        assert_eq!(again.with_world(|world| world.mailboxes.values().map(|mailbox| mailbox.events.len()).sum::<usize>()), round);
    }
}

#[tokio::test]
async fn a_save_in_the_middle_of_a_write_does_not_hide_it() {
    let world = World::new();
    let here = world.computer().await;
    here.add("Rent", "2026-12-03T09:00");
    let folder = tempfile::tempdir().expect("a folder");
    let file = folder.path().join("mailbox.json");
    let simulator = Simulator::new(
        Options { file: Some(file.clone()), latency: Duration::from_millis(60), ..Options::in_process() },
        world.simulator.with_world(|world| world.clone()),
    );
    let token = simulator.with_world(|world| {
        let grant = world.refresh.values().next().cloned().expect("a grant");
        world.access.insert("t".into(), belfry_simulator::world::Grant { expires_at: chrono::DateTime::<chrono::Utc>::MAX_UTC, ..grant });
        "t"
    });
    let request = http::Request::post("http://127.0.0.1:2/v1.0/me/events")
        .header("authorization", format!("Bearer {token}"))
        .header("content-type", "application/json")
        .body(Bytes::from(event("Tea").to_string()))
        .expect("a request");
    let saving = async {
        tokio::time::sleep(Duration::from_millis(20)).await;
        simulator.save(true);
    };
    let (answer, ()) = futures::join!(simulator.call(Side::Graph, request), saving);
    assert_eq!(answer.expect("an answer").status(), 201);
    simulator.save(true);
    assert!(std::fs::read_to_string(&file).expect("a file").contains("Tea"));
}

#[tokio::test(start_paused = true)]
async fn a_client_that_dies_leaves_its_place() {
    let world = World::new();
    let here = world.computer().await;
    here.add("Rent", "2026-12-03T09:00");
    let slow = http::Request::post("http://127.0.0.1:3/latency").body(Bytes::from(r#"{"ms":500}"#)).expect("a request");
    world.simulator.call(Side::Control, slow).await;
    let options = belfry_app::syncing::SyncOptions::default();
    for _ in 0..8 {
        let sync = here.app.sync(&options, &|_| {});
        assert!(tokio::time::timeout(Duration::from_millis(300), sync).await.is_err(), "it was to be cut off");
    }
    assert_eq!(here.good_sync().await["created"], 1);
}
