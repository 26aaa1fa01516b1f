//! `calendarView/delta`: rounds of pages, stubs for series, `@removed` for what is gone or outside, links that grow old.

use serde_json::{Value, json};

use crate::graph::{Ask, calendars, events, not_found, owner, render};
use crate::reply::Reply;
use crate::simulator::Simulator;
use crate::world::{DeltaState, Mailbox, SimEvent};

/// How many links of one conversation stay good.
const GENERATIONS: usize = 3;

/// A link: conversation, generation it goes on from, position up to which this round reports, rows already given.
struct Token {
    state: String,
    generation: u64,
    upto: u64,
    skip: usize,
}

impl Token {
    fn read(text: &str) -> Option<Self> {
        let parts: Vec<&str> = text.split('.').collect();
        match parts.as_slice() {
            [state, generation, upto, skip] => Some(Self {
                state: (*state).to_owned(),
                generation: generation.parse().ok()?,
                upto: upto.parse().ok()?,
                skip: skip.parse().ok()?,
            }),
            _ => None,
        }
    }

    fn write(&self) -> String {
        format!("{}.{}.{}.{}", self.state, self.generation, self.upto, self.skip)
    }
}

fn gone(token: &Token) -> Reply {
    Reply::error(410, "SyncStateNotFound", &format!("The sync state generation is not found; generation={};", token.generation))
}

pub fn page(simulator: &Simulator, ask: &Ask, calendar: Option<&str>) -> Result<Reply, Reply> {
    for unsupported in ["$select", "$filter", "$orderby", "$search"] {
        if ask.query(unsupported).is_some() {
            return Err(Reply::error(
                400,
                "ErrorInvalidRequest",
                &format!("The query option '{unsupported}' is not supported with delta."),
            ));
        }
    }
    if ask.query("$expand").is_some() {
        return Err(Reply::error(500, "InternalServerError", "Value cannot be null. Parameter name: type"));
    }
    let mut inner = simulator.lock();
    let doubts = inner.doubts.clone();
    let owner = owner(&inner, ask);
    let mailbox = events::mailbox(&mut inner, ask)?;
    let id = calendars::find(mailbox, calendar)?.id.clone();
    let token = match ask.query("$deltatoken").or_else(|| ask.query("$skiptoken")) {
        Some(text) => Token::read(text).ok_or_else(|| Reply::error(400, "ErrorInvalidUrlQuery", "The token is not valid."))?,
        None => begin(mailbox, ask, &id)?,
    };
    let state = mailbox.deltas.get(&token.state).filter(|state| state.calendar == id).cloned().ok_or_else(|| gone(&token))?;
    let from = state.generations.iter().find(|(generation, _)| *generation == token.generation).ok_or_else(|| gone(&token))?.1;
    let upto = if token.skip == 0 { mailbox.change } else { token.upto };
    let rows = rows(mailbox, &state, ask, &owner, from, upto, token.generation == 0, &doubts);
    let size: usize = ask.preference("odata.maxpagesize").and_then(|size| size.parse().ok()).unwrap_or(10);
    let shown: Vec<Value> = rows.iter().skip(token.skip).take(size).cloned().collect();
    let mut body = json!({"@odata.context": format!("{}/v1.0/$metadata#Collection(event)", simulator.options.graph), "value": shown});
    let link =
        |name: &str, token: &Token| Value::from(format!("{}/v1.0/{}?${name}={}", simulator.options.graph, ask.path(), token.write()));
    if rows.len() > token.skip + size {
        body["@odata.nextLink"] = link("skiptoken", &Token { upto, skip: token.skip + size, ..token });
    } else {
        let next = advance(mailbox, &token.state, token.generation, upto);
        body["@odata.deltaLink"] = link("deltatoken", &Token { state: token.state, generation: next, upto: 0, skip: 0 });
    }
    Ok(Reply::graph(200, &body).with("Preference-Applied", "odata.track-changes"))
}

fn begin(mailbox: &mut Mailbox, ask: &Ask, calendar: &str) -> Result<Token, Reply> {
    let (from, to) = events::window(ask)?;
    let state = uuid::Uuid::new_v4().simple().to_string();
    mailbox.deltas.insert(state.clone(), DeltaState { calendar: calendar.to_owned(), from, to, generations: vec![(0, 0)] });
    Ok(Token { state, generation: 0, upto: 0, skip: 0 })
}

/// Gives the next link; links more than a few rounds old die.
fn advance(mailbox: &mut Mailbox, state: &str, generation: u64, upto: u64) -> u64 {
    let next = generation + 1;
    if let Some(state) = mailbox.deltas.get_mut(state) {
        state.generations.retain(|(known, _)| *known < next);
        state.generations.push((next, upto));
        let excess = state.generations.len().saturating_sub(GENERATIONS);
        state.generations.drain(..excess);
    }
    next
}

#[expect(clippy::too_many_arguments, reason = "a round is named by all of these")]
fn rows(
    mailbox: &Mailbox,
    state: &DeltaState,
    ask: &Ask,
    owner: &Value,
    from: u64,
    upto: u64,
    first: bool,
    doubts: &crate::doubts::Doubts,
) -> Vec<Value> {
    let removed = |id: &str| json!({"@odata.type": "#microsoft.graph.event", "id": id, "@removed": {"reason": "deleted"}});
    let mut out: Vec<(u64, Value)> = Vec::new();
    let changed = mailbox.events.values().filter(|event| event.calendar == state.calendar && event.change > from && event.change <= upto);
    for event in changed {
        let inside = events::in_window(event, state.from, state.to);
        if inside.is_empty() {
            if !first && doubts.delta_removes_outside {
                out.push((event.change, removed(&event.id)));
            }
            continue;
        }
        out.extend(shown(event, &inside, ask, owner, doubts.delta_shows_masters).into_iter().map(|row| (event.change, row)));
    }
    if !first {
        let gone = mailbox.gone.iter().filter(|gone| gone.calendar == state.calendar && gone.change > from && gone.change <= upto);
        out.extend(gone.map(|gone| (gone.change, removed(&gone.id))));
    }
    out.sort_by_key(|(change, _)| *change);
    out.into_iter().map(|(_, row)| row).collect()
}

fn shown(event: &SimEvent, inside: &[SimEvent], ask: &Ask, owner: &Value, masters: bool) -> Vec<Value> {
    if !event.members.contains_key("recurrence") {
        let mut row = render::event(event, ask, owner);
        row["@odata.type"] = json!("#microsoft.graph.event");
        return vec![row];
    }
    let master = masters.then(|| render::event(event, ask, owner));
    master.into_iter().chain(inside.iter().map(|one| render::stub(event, one.start.date(), ask))).collect()
}

/// For tests that need a link to be dead.
pub fn forget_all(mailbox: &mut Mailbox) -> Result<(), Reply> {
    if mailbox.deltas.is_empty() {
        return Err(not_found());
    }
    mailbox.deltas.clear();
    Ok(())
}
