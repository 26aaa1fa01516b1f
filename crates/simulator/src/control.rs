//! The control side: scripted failures, the person's edits in Outlook, and a look at the mailbox. Loopback only, never part of Microsoft's surface.

use bytes::Bytes;
use http::{Method, Request};
use serde::Deserialize;
use serde_json::{Value, json};

use crate::doubts::Doubts;
use crate::faults::Fault;
use crate::graph;
use crate::reply::Reply;
use crate::simulator::Simulator;

#[derive(Deserialize)]
struct Who {
    login: String,
}

#[derive(Deserialize)]
struct Latency {
    ms: u64,
}

/// Routes a request:
/// `GET /state`, `GET /requests`, `POST /faults`, `DELETE /faults`, `POST /doubts`, `POST /latency {ms}`, `POST /revoke {login}`,
/// `POST /forget-deltas {login}`, and `/outlook/{login}/v1.0/me/...`: anything Graph can do, as the person in Outlook, without a token.
pub fn answer(simulator: &Simulator, request: &Request<Bytes>) -> Reply {
    let path = request.uri().path().trim_matches('/').to_owned();
    let segments: Vec<&str> = path.split('/').collect();
    let done = || Reply::json(200, &json!({"ok": true}));
    match (request.method(), segments.as_slice()) {
        (&Method::GET, ["state"]) => Reply::json(200, &state(simulator)),
        (&Method::GET, ["requests"]) => Reply::json(200, &json!(simulator.seen())),
        (&Method::DELETE, ["requests"]) => {
            simulator.lock().seen.clear();
            done()
        }
        (&Method::POST, ["faults"]) => read::<Fault>(request).map_or_else(
            |reply| reply,
            |fault| {
                simulator.fail(fault);
                done()
            },
        ),
        (&Method::DELETE, ["faults"]) => {
            simulator.lock().script.clear();
            done()
        }
        (&Method::POST, ["doubts"]) => read::<Doubts>(request).map_or_else(
            |reply| reply,
            |doubts| {
                simulator.set_doubts(doubts);
                done()
            },
        ),
        (&Method::POST, ["latency"]) => read::<Latency>(request).map_or_else(
            |reply| reply,
            |latency| {
                simulator.lock().latency = std::time::Duration::from_millis(latency.ms);
                done()
            },
        ),
        (&Method::POST, ["revoke"]) => read::<Who>(request).and_then(|who| revoke(simulator, &who.login)).unwrap_or_else(|reply| reply),
        (&Method::POST, ["forget-deltas"]) => {
            read::<Who>(request).and_then(|who| forget_deltas(simulator, &who.login)).unwrap_or_else(|reply| reply)
        }
        (_, ["outlook", login, ..]) => graph::as_person(simulator, request, login).unwrap_or_else(|reply| reply),
        _ => Reply::json(404, &json!({"error": "no such control"})),
    }
}

fn read<T: serde::de::DeserializeOwned>(request: &Request<Bytes>) -> Result<T, Reply> {
    serde_json::from_slice(request.body()).map_err(|error| Reply::json(400, &json!({"error": error.to_string()})))
}

fn revoke(simulator: &Simulator, login: &str) -> Result<Reply, Reply> {
    let now = simulator.now();
    let mut inner = simulator.lock();
    let person = inner.world.people.iter_mut().find(|person| person.login.eq_ignore_ascii_case(login)).ok_or_else(graph::not_found)?;
    person.revoked_at = Some(now);
    let oid = person.oid.clone();
    inner.world.access.retain(|_, grant| grant.oid != oid);
    Ok(Reply::json(200, &json!({"ok": true})))
}

fn forget_deltas(simulator: &Simulator, login: &str) -> Result<Reply, Reply> {
    let mut inner = simulator.lock();
    let oid = inner
        .world
        .people
        .iter()
        .find(|person| person.login.eq_ignore_ascii_case(login))
        .map(|person| person.oid.clone())
        .ok_or_else(graph::not_found)?;
    graph::forget_deltas(inner.world.mailboxes.get_mut(&oid).ok_or_else(graph::not_found)?)?;
    Ok(Reply::json(200, &json!({"ok": true})))
}

/// People and mailboxes without anything secret.
fn state(simulator: &Simulator) -> Value {
    let inner = simulator.lock();
    let mailboxes: Vec<Value> = inner
        .world
        .people
        .iter()
        .filter_map(|person| {
            let mailbox = inner.world.mailboxes.get(&person.oid)?;
            let events: Vec<Value> = mailbox
                .events
                .values()
                .map(|event| {
                    json!({
                        "id": event.id, "calendar": event.calendar, "start": event.start, "end": event.end, "zone": event.start_zone,
                        "members": event.members, "properties": event.properties, "transactionId": event.transaction_id,
                    })
                })
                .collect();
            Some(json!({"login": person.login, "calendars": mailbox.calendars, "events": events, "gone": mailbox.gone.len()}))
        })
        .collect();
    json!({"mailboxes": mailboxes})
}
