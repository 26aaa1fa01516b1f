//! `calendarView/delta`: rounds of pages, stubs for series, `@removed` for what is gone or outside, links that grow old.

use chrono::NaiveDate;
use serde_json::{Value, json};

use crate::doubts::Doubts;
use crate::graph::series::View;
use crate::graph::{Ask, calendars, events, not_found, owner, render, series};
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
    let (owner, series_doubts) = (owner(&inner, ask), inner.series_doubts);
    let mailbox = events::mailbox(&mut inner, ask)?;
    let id = calendars::find(mailbox, calendar)?.id.clone();
    let token = match ask.query("$deltatoken").or_else(|| ask.query("$skiptoken")) {
        Some(text) => Token::read(text).ok_or_else(|| Reply::error(400, "ErrorInvalidUrlQuery", "The token is not valid."))?,
        None => begin(mailbox, ask, &id)?,
    };
    let state = mailbox.deltas.get(&token.state).filter(|state| state.calendar == id).cloned().ok_or_else(|| gone(&token))?;
    let from = state.generations.iter().find(|(generation, _)| *generation == token.generation).ok_or_else(|| gone(&token))?.1;
    let upto = if token.skip == 0 { mailbox.change } else { token.upto };
    let view = View { ask, owner: &owner, doubts: series_doubts };
    let rows = Round { state: &state, view, doubts: &doubts, from, upto, is_first: token.generation == 0 }.rows(mailbox);
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

/// What a round reports: changes after `from`, up to and with `upto`.
struct Round<'a> {
    state: &'a DeltaState,
    view: View<'a>,
    doubts: &'a Doubts,
    from: u64,
    upto: u64,
    /// It tells what there is, and nothing of what is gone.
    is_first: bool,
}

/// A row, by the position of its change.
type Row = (u64, Value);

impl Round<'_> {
    fn rows(&self, mailbox: &Mailbox) -> Vec<Value> {
        let mut out: Vec<Row> = Vec::new();
        for event in mailbox.events.values().filter(|event| event.calendar == self.state.calendar) {
            if event.is_series() {
                self.of_series(event, &mut out);
            } else if self.is_new(event.change) {
                self.of_single(event, &mut out);
            }
        }
        if !self.is_first {
            let gone = mailbox.gone.iter().filter(|gone| gone.calendar == self.state.calendar && self.is_new(gone.change));
            out.extend(gone.map(|gone| (gone.change, removed(&gone.id))));
        }
        out.sort_by_key(|(change, _)| *change);
        out.into_iter().map(|(_, row)| row).collect()
    }

    fn is_new(&self, change: u64) -> bool {
        change > self.from && change <= self.upto
    }

    /// What was changed outside the window, for worlds in which that shows.
    fn outside(&self, change: u64, id: &str) -> Option<Row> {
        (!self.is_first && self.doubts.delta_removes_outside).then(|| (change, removed(id)))
    }

    fn of_single(&self, event: &SimEvent, out: &mut Vec<Row>) {
        if !render::is_inside(event, self.state.from, self.state.to) {
            return out.extend(self.outside(event.change, &event.id));
        }
        out.push((event.change, typed(render::event(event, self.view.ask, self.view.owner))));
    }

    /// A series that changed comes whole; of one that did not, those dates that did.
    fn of_series(&self, master: &SimEvent, out: &mut Vec<Row>) {
        let cancelled = &master.series.cancelled;
        let new_exceptions = master.series.exceptions.iter().filter(|(_, one)| self.is_new(one.change)).map(|(day, _)| *day);
        let new_exceptions: Vec<NaiveDate> = new_exceptions.collect();
        let new_cancelled = || cancelled.values().map(|one| one.change).filter(|change| self.is_new(*change)).max();
        let unseen = if self.view.doubts.delta_removes_cancelled { None } else { new_cancelled() };
        let whole = Some(master.change).filter(|change| self.is_new(*change)).max(unseen);
        if whole.is_none() && new_exceptions.is_empty() && new_cancelled().is_none() {
            return;
        }
        let inside = series::within(master, self.state.from, self.state.to);
        let shown: Vec<NaiveDate> = inside.iter().copied().filter(|day| whole.is_some() || new_exceptions.contains(day)).collect();
        let change_of = |day: &NaiveDate| master.series.exceptions.get(day).map_or(0, |one| one.change);
        let newest = whole.or_else(|| new_exceptions.iter().map(change_of).max()).unwrap_or(self.upto);
        if whole.is_some() && inside.is_empty() {
            out.extend(self.outside(newest, &master.id));
        } else if !shown.is_empty() && self.doubts.delta_shows_masters {
            out.push((newest, typed(render::event(master, self.view.ask, self.view.owner))));
        }
        out.extend(shown.iter().map(|day| (newest, self.of_date(master, *day))));
        for day in new_exceptions.iter().filter(|day| !inside.contains(day)) {
            out.extend(self.outside(change_of(day), &series::id(master, *day)));
        }
        if !self.is_first && self.view.doubts.delta_removes_cancelled {
            let is_told = |day: NaiveDate| {
                let was_inside = || render::is_inside(&series::on(master, day), self.state.from, self.state.to);
                self.doubts.delta_removes_outside || was_inside()
            };
            let new = cancelled.iter().filter(|(day, one)| self.is_new(one.change) && is_told(**day));
            out.extend(new.map(|(day, one)| (one.change, removed(&one.id.clone().unwrap_or_else(|| series::id(master, *day))))));
        }
    }

    fn of_date(&self, master: &SimEvent, day: NaiveDate) -> Value {
        if master.series.exceptions.contains_key(&day) && self.view.doubts.delta_shows_exceptions_whole {
            return typed(series::row(master, day, self.view));
        }
        series::stub(master, day, self.view.ask)
    }
}

fn removed(id: &str) -> Value {
    typed(json!({"id": id, "@removed": {"reason": "deleted"}}))
}

fn typed(mut row: Value) -> Value {
    row["@odata.type"] = json!("#microsoft.graph.event");
    row
}

/// For tests that need a link to be dead.
pub fn forget_all(mailbox: &mut Mailbox) -> Result<(), Reply> {
    if mailbox.deltas.is_empty() {
        return Err(not_found());
    }
    mailbox.deltas.clear();
    Ok(())
}
