//! The control side: scripted failures, the person's edits in Outlook, and a look at the mailbox. Loopback only, never part of Microsoft's surface.

use bytes::Bytes;
use http::{Method, Request};
use serde::Deserialize;
use serde_json::{Value, json};

use crate::doubts::{Doubts, SeriesDoubts};
use crate::faults::Fault;
use crate::graph;
use crate::reply::Reply;
use crate::simulator::Simulator;

#[derive(Deserialize)]
struct Who {
    login: String,
}

#[derive(Deserialize)]
struct Split {
    login: String,
    /// Id of the master.
    event: String,
    /// The first date of the new series.
    on: chrono::NaiveDate,
    /// What the person changes, as the body of a PATCH.
    #[serde(default)]
    change: serde_json::Map<String, Value>,
}

#[derive(Deserialize)]
struct Latency {
    ms: u64,
}

/// Routes a request:
/// `GET /state`, `GET /tokens` (all that were given out: what a search for leaks looks for), `GET /requests`, `POST /faults`, `DELETE /faults`, `POST /doubts`, `POST /series-doubts`, `POST /latency {ms}`, `POST /revoke {login}`,
/// `POST /expire-access` (every access token ends now), `POST /needs-admin {login}`, `POST /forget-deltas {login}`, `POST /split {login, event, on, change}` ("this and following" in Outlook), and `/outlook/{login}/v1.0/me/...`: anything Graph can do, as the person in Outlook, without a token.
pub fn answer(simulator: &Simulator, request: &Request<Bytes>) -> Reply {
    let path = request.uri().path().trim_matches('/').to_owned();
    let segments: Vec<&str> = path.split('/').collect();
    match (request.method(), segments.as_slice()) {
        (&Method::GET, ["state"]) => Reply::json(200, &state(simulator)),
        (&Method::GET, ["tokens"]) => Reply::json(200, &tokens(simulator)),
        (&Method::GET, ["requests"]) => Reply::json(200, &json!(simulator.seen())),
        (&Method::DELETE, ["requests"]) => {
            simulator.lock().seen.clear();
            done()
        }
        (&Method::POST, ["faults"]) => told(request, |fault: Fault| simulator.fail(fault)),
        (&Method::DELETE, ["faults"]) => {
            simulator.mend();
            done()
        }
        (&Method::POST, ["doubts"]) => told(request, |doubts: Doubts| simulator.set_doubts(doubts)),
        (&Method::POST, ["series-doubts"]) => told(request, |doubts: SeriesDoubts| simulator.set_series_doubts(doubts)),
        (&Method::POST, ["split"]) => tried(request, |split: Split| {
            simulator.change_following(&split.login, &split.event, split.on, &Value::Object(split.change)).map(|_| ())
        }),
        (&Method::POST, ["latency"]) => {
            told(request, |latency: Latency| simulator.set_latency(std::time::Duration::from_millis(latency.ms)))
        }
        (&Method::POST, ["revoke"]) => tried(request, |who: Who| revoke(simulator, &who.login)),
        (&Method::POST, ["expire-access"]) => {
            simulator.lock().world.access.clear();
            done()
        }
        (&Method::POST, ["needs-admin"]) => tried(request, |who: Who| needs_admin(simulator, &who.login)),
        (&Method::POST, ["forget-deltas"]) => tried(request, |who: Who| forget_deltas(simulator, &who.login)),
        (_, ["outlook", login, ..]) => graph::as_person(simulator, request, login).unwrap_or_else(|reply| reply),
        _ => Reply::json(404, &json!({"error": "no such control"})),
    }
}

fn done() -> Reply {
    Reply::json(200, &json!({"ok": true}))
}

/// Reads a body and does what it says, which may be impossible.
fn tried<T: serde::de::DeserializeOwned>(request: &Request<Bytes>, work: impl FnOnce(T) -> Result<(), Reply>) -> Reply {
    let read = serde_json::from_slice(request.body()).map_err(|error| Reply::json(400, &json!({"error": error.to_string()})));
    read.and_then(work).map_or_else(|reply| reply, |()| done())
}

/// Reads a body and does what it says.
fn told<T: serde::de::DeserializeOwned>(request: &Request<Bytes>, work: impl FnOnce(T)) -> Reply {
    tried(request, |read| {
        work(read);
        Ok(())
    })
}

fn revoke(simulator: &Simulator, login: &str) -> Result<(), Reply> {
    let now = simulator.now();
    let mut inner = simulator.lock();
    let person = inner.world.person_mut(login).ok_or_else(graph::not_found)?;
    person.revoked_at = Some(now);
    let oid = person.oid.clone();
    inner.world.access.retain(|_, grant| grant.oid != oid);
    Ok(())
}

/// From now on this person's tenant lets nobody consent to calendars by themselves; what was consented to is taken back.
fn needs_admin(simulator: &Simulator, login: &str) -> Result<(), Reply> {
    let mut inner = simulator.lock();
    let person = inner.world.person_mut(login).ok_or_else(graph::not_found)?;
    person.needs_admin = true;
    person.consented.retain(|scope| !scope.starts_with("calendars."));
    Ok(())
}

fn forget_deltas(simulator: &Simulator, login: &str) -> Result<(), Reply> {
    let mut inner = simulator.lock();
    let oid = inner.world.person(login).ok_or_else(graph::not_found)?.oid.clone();
    graph::forget_deltas(inner.world.mailboxes.get_mut(&oid).ok_or_else(graph::not_found)?)
}

/// Every secret that was given out.
fn tokens(simulator: &Simulator) -> Value {
    let inner = simulator.lock();
    let world = &inner.world;
    let names = |keys: Vec<&String>| Value::from(keys.into_iter().map(String::as_str).collect::<Vec<_>>());
    json!({
        "refresh": names(world.refresh.keys().collect()), "access": names(world.access.keys().collect()),
        "codes": names(world.codes.keys().collect()), "devices": names(world.devices.keys().collect()),
    })
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
                        "series": event.series,
                    })
                })
                .collect();
            Some(json!({"login": person.login, "calendars": mailbox.calendars, "events": events, "gone": mailbox.gone.len()}))
        })
        .collect();
    json!({"mailboxes": mailboxes})
}
