//! Events: list, get, make, change, delete, and the calendar view.

use std::collections::BTreeMap;

use chrono::{DateTime, NaiveDate, NaiveDateTime, Utc};
use serde_json::{Map, Value, json};
use sha2::{Digest, Sha256};

use crate::doubts::IfMatch;
use crate::graph::series::View;
use crate::graph::series_changes::Moment;
use crate::graph::{Ask, calendars, event_body, filter, not_found, owner, render, series, series_changes};
use crate::reply::Reply;
use crate::series::SimSeries;
use crate::simulator::{Inner, Simulator};
use crate::world::{Gone, Mailbox, SimEvent};

pub fn mailbox<'a>(inner: &'a mut Inner, ask: &Ask) -> Result<&'a mut Mailbox, Reply> {
    inner.world.mailboxes.get_mut(&ask.oid).ok_or_else(|| {
        Reply::bare_error(404, "MailboxNotEnabledForRESTAPI", "The mailbox is either inactive, soft-deleted, or is hosted on-premise.")
    })
}

pub fn list(simulator: &Simulator, ask: &Ask, calendar: Option<&str>) -> Result<Reply, Reply> {
    let wanted = filter::read(ask)?;
    let top: usize = ask.query("$top").or_else(|| ask.preference("odata.maxpagesize")).and_then(|top| top.parse().ok()).unwrap_or(10);
    let skip: usize = ask.query("$skip").and_then(|skip| skip.parse().ok()).unwrap_or(0);
    if top == 0 || top > 1000 {
        return Err(Reply::error(400, "ErrorInvalidRequest", "The value of $top has to be between 1 and 1000."));
    }
    let mut inner = simulator.lock();
    let owner = owner(&inner, ask);
    let mailbox = mailbox(&mut inner, ask)?;
    let id = calendars::find(mailbox, calendar)?.id.clone();
    let all: Vec<&SimEvent> = mailbox
        .events
        .values()
        .filter(|event| event.calendar == id && wanted.as_ref().is_none_or(|wanted| wanted.matches(event)))
        .collect();
    let mut value = Vec::new();
    for event in all.iter().skip(skip).take(top) {
        let mut shown = render::event(event, ask, &owner);
        filter::expand(&event.properties, ask, &mut shown)?;
        value.push(filter::select(ask, shown));
    }
    let mut body = json!({"@odata.context": format!("{}/v1.0/$metadata#me/calendars/events", simulator.options.graph), "value": value});
    if all.len() > skip + top {
        body["@odata.nextLink"] = Value::from(next_link(simulator, ask, top, skip + top));
    }
    Ok(Reply::graph(200, &body))
}

/// What an id stands for: an event, or one date of a series.
pub struct Found<'a> {
    /// The event, or the master of the series.
    pub event: &'a SimEvent,
    /// The date, by the pattern.
    pub day: Option<NaiveDate>,
}

impl Found<'_> {
    /// As it is now.
    fn now(&self) -> SimEvent {
        self.day.map_or_else(|| self.event.clone(), |day| series::on(self.event, day))
    }
}

pub fn found<'a>(mailbox: &'a Mailbox, calendar: Option<&str>, id: &str) -> Result<Found<'a>, Reply> {
    if let Some(calendar) = calendar {
        calendars::find(mailbox, Some(calendar))?;
    }
    if id.len() < 12 {
        return Err(Reply::error(400, "ErrorInvalidIdMalformed", "Id is malformed."));
    }
    let whole = mailbox.events.get(id).map(|event| Found { event, day: None });
    let found = whole.or_else(|| series::find(mailbox, id).map(|(event, day)| Found { event, day: Some(day) }));
    found.filter(|found| calendar.is_none_or(|calendar| found.event.calendar == calendar)).ok_or_else(not_found)
}

pub fn get(simulator: &Simulator, ask: &Ask, calendar: Option<&str>, id: &str) -> Result<Reply, Reply> {
    let mut inner = simulator.lock();
    let (owner, doubts) = (owner(&inner, ask), inner.series_doubts);
    let mailbox = mailbox(&mut inner, ask)?;
    let view = View { ask, owner: &owner, doubts };
    let Found { event, day } = found(mailbox, calendar, id)?;
    if let Some(day) = day {
        return Ok(Reply::graph(200, &series::expanded(event, day, view)?));
    }
    let mut shown = render::event(event, ask, &owner);
    filter::expand(&event.properties, ask, &mut shown)?;
    series::complete(event, view, &mut shown)?;
    Ok(Reply::graph(200, &filter::select(ask, shown)))
}

pub fn create(simulator: &Simulator, ask: &Ask, calendar: Option<&str>) -> Result<Reply, Reply> {
    let body = ask.json()?;
    for needed in ["start", "end"] {
        if body.get(needed).is_none() {
            return Err(event_body::invalid());
        }
    }
    let now = simulator.now();
    let mut inner = simulator.lock();
    let doubts = inner.doubts.clone();
    let owner = owner(&inner, ask);
    let mailbox = mailbox(&mut inner, ask)?;
    let calendar = writable(mailbox, calendar)?;
    let transaction_id = body.get("transactionId").and_then(Value::as_str).map(str::to_owned);
    let made_from = hex(&Sha256::digest(body.to_string().as_bytes()));
    if let Some(known) = transaction_id.as_ref().and_then(|id| mailbox.transactions.get(id)) {
        let same = mailbox
            .events
            .get(known)
            .filter(|event| event.made_from == made_from && event.calendar == calendar && event.created_at == event.modified_at);
        if let Some(event) = same {
            return Ok(created(&render::event(event, ask, &owner)));
        }
        let alive = mailbox.events.contains_key(known);
        if alive || doubts.transaction_outlives_event {
            return Err(duplicate(&doubts, known));
        }
    }
    let id = mailbox.new_id("evt");
    let mut event = blank(id.clone(), calendar, transaction_id.clone(), made_from, now);
    event_body::apply(&mut event, &body)?;
    event.change = mailbox.next_change();
    if let Some(transaction) = transaction_id {
        mailbox.transactions.insert(transaction, id.clone());
    }
    let shown = render::event(&event, ask, &owner);
    mailbox.events.insert(id, event);
    Ok(created(&shown))
}

/// The id of a calendar, if events can be written to it.
fn writable(mailbox: &Mailbox, calendar: Option<&str>) -> Result<String, Reply> {
    let calendar = calendars::find(mailbox, calendar)?;
    if calendar.read_only {
        return Err(Reply::bare_error(403, "ErrorAccessDenied", "Access is denied. Check credentials and try again."));
    }
    Ok(calendar.id.clone())
}

fn hex(bytes: &[u8]) -> String {
    bytes.iter().map(|byte| format!("{byte:02x}")).collect()
}

fn created(shown: &Value) -> Reply {
    Reply::graph(201, shown).with("Location", "https://outlook.office.com/api/v2.0/do-not-follow")
}

fn duplicate(doubts: &crate::doubts::Doubts, existing: &str) -> Reply {
    let message =
        "Your request can't be completed. The TransactionId specified in the request has already been used to create a different event.";
    let mut error = json!({"code": "ErrorDuplicateTransactionId", "message": message});
    if doubts.duplicate_names_event {
        error["@event.existingEventId"] = Value::from(existing);
    }
    Reply::graph(doubts.duplicate_transaction_status, &json!({"error": error}))
}

fn blank(id: String, calendar: String, transaction_id: Option<String>, made_from: String, now: DateTime<Utc>) -> SimEvent {
    SimEvent {
        id,
        calendar,
        members: Map::new(),
        start: NaiveDateTime::default(),
        end: NaiveDateTime::default(),
        start_zone: "UTC".into(),
        end_zone: "UTC".into(),
        properties: BTreeMap::new(),
        transaction_id,
        made_from,
        created_at: now,
        modified_at: now,
        change: 0,
        series: SimSeries::default(),
    }
}

/// A stale `If-Match` is refused, if this world heeds it.
fn precondition(ask: &Ask, heeded: IfMatch, event: &SimEvent) -> Result<(), Reply> {
    let stale = ask.if_match.as_ref().is_some_and(|etag| etag != "*" && *etag != render::etag(event));
    if stale && heeded == IfMatch::Heeded {
        let message = "The send or update operation could not be performed because the change key passed in the request does not match the current change key for the item.";
        return Err(Reply::bare_error(412, "ErrorIrresolvableConflict", message));
    }
    Ok(())
}

pub fn update(simulator: &Simulator, ask: &Ask, calendar: Option<&str>, id: &str) -> Result<Reply, Reply> {
    let body = ask.json()?;
    let now = simulator.now();
    let mut inner = simulator.lock();
    let (heeded, doubts) = (inner.doubts.if_match, inner.series_doubts);
    let owner = owner(&inner, ask);
    let mailbox = mailbox(&mut inner, ask)?;
    let found = found(mailbox, calendar, id)?;
    let (before, day) = (found.event.clone(), found.day);
    writable(mailbox, Some(&before.calendar))?;
    precondition(ask, heeded, &found.now())?;
    if let Some(day) = day {
        series_changes::update(mailbox, &before.id, day, &body, Moment { now, doubts })?;
        let master = mailbox.events.get(&before.id).ok_or_else(not_found)?;
        return Ok(Reply::graph(200, &series::row(master, day, View { ask, owner: &owner, doubts })));
    }
    let mut next = before.clone();
    event_body::apply(&mut next, &body)?;
    next.change = mailbox.next_change();
    // Two changes within a millisecond are still two.
    next.modified_at = now.max(next.modified_at + chrono::Duration::milliseconds(1));
    series_changes::settle(mailbox, &before, &mut next, doubts);
    let shown = render::event(&next, ask, &owner);
    mailbox.events.insert(id.to_owned(), next);
    Ok(Reply::graph(200, &shown))
}

pub fn delete(simulator: &Simulator, ask: &Ask, calendar: Option<&str>, id: &str) -> Result<Reply, Reply> {
    let now = simulator.now();
    let mut inner = simulator.lock();
    let (heeded, doubts) = (inner.doubts.if_match, inner.series_doubts);
    let mailbox = mailbox(&mut inner, ask)?;
    let found = found(mailbox, calendar, id)?;
    let (event, day) = (found.event.clone(), found.day);
    writable(mailbox, Some(&event.calendar))?;
    precondition(ask, heeded, &found.now())?;
    if let Some(day) = day {
        series_changes::cancel(mailbox, &event.id, day, Moment { now, doubts })?;
        return Ok(Reply::empty(204));
    }
    mailbox.events.remove(id);
    let change = mailbox.next_change();
    mailbox.gone.push(Gone { id: id.to_owned(), calendar: event.calendar, change });
    Ok(Reply::empty(204))
}

/// The window of a view: both ends are needed.
pub fn window(ask: &Ask) -> Result<(DateTime<Utc>, DateTime<Utc>), Reply> {
    let read = |name: &str| {
        let text = ask.query(name)?;
        DateTime::parse_from_rfc3339(text)
            .map(|at| at.to_utc())
            .or_else(|_| NaiveDateTime::parse_from_str(text, "%Y-%m-%dT%H:%M:%S%.f").map(|local| local.and_utc()))
            .ok()
    };
    match (read("startDateTime"), read("endDateTime")) {
        (Some(from), Some(to)) => Ok((from, to)),
        _ => Err(Reply::error(
            400,
            "ErrorInvalidParameter",
            "This request requires a time window specified by the query string parameters StartDateTime and EndDateTime.",
        )),
    }
}

fn rows(event: &SimEvent, view: View, from: DateTime<Utc>, to: DateTime<Utc>) -> Vec<Value> {
    if event.is_series() {
        return series::within(event, from, to).into_iter().map(|day| series::row(event, day, view)).collect();
    }
    let shown = render::is_inside(event, from, to).then(|| render::event(event, view.ask, view.owner));
    shown.into_iter().collect()
}

pub fn view(simulator: &Simulator, ask: &Ask, calendar: Option<&str>) -> Result<Reply, Reply> {
    let (from, to) = window(ask)?;
    let mut inner = simulator.lock();
    let (owner, doubts) = (owner(&inner, ask), inner.series_doubts);
    let mailbox = mailbox(&mut inner, ask)?;
    let id = calendars::find(mailbox, calendar)?.id.clone();
    let events = mailbox.events.values().filter(|event| event.calendar == id);
    let view = View { ask, owner: &owner, doubts };
    let mut value: Vec<Value> = events.flat_map(|event| rows(event, view, from, to)).collect();
    value.sort_by_key(|row| row.pointer("/start/dateTime").and_then(Value::as_str).map(str::to_owned));
    Ok(paged(simulator, ask, value))
}

/// A page of rows: ten unless told, with a link to the next.
fn paged(simulator: &Simulator, ask: &Ask, rows: Vec<Value>) -> Reply {
    let number = |name: &str| ask.query(name).and_then(|text| text.parse::<usize>().ok());
    let (top, skip) = (number("$top").unwrap_or(10), number("$skip").unwrap_or(0));
    let more = rows.len() > skip + top;
    let shown: Vec<Value> = rows.into_iter().skip(skip).take(top).map(|row| filter::select(ask, row)).collect();
    let mut body = json!({"@odata.context": format!("{}/v1.0/$metadata#Collection(event)", simulator.options.graph), "value": shown});
    if more {
        body["@odata.nextLink"] = Value::from(next_link(simulator, ask, top, skip + top));
    }
    Reply::graph(200, &body)
}

fn next_link(simulator: &Simulator, ask: &Ask, top: usize, skip: usize) -> String {
    let mut query = url::form_urlencoded::Serializer::new(String::new());
    for (name, value) in ask.query.iter().filter(|(name, _)| name != "$skip" && name != "$top") {
        query.append_pair(name, value);
    }
    query.append_pair("$top", &top.to_string()).append_pair("$skip", &skip.to_string());
    format!("{}/v1.0/{}?{}", simulator.options.graph, ask.path(), query.finish())
}

pub fn instances(simulator: &Simulator, ask: &Ask, calendar: Option<&str>, id: &str) -> Result<Reply, Reply> {
    let (from, to) = window(ask)?;
    let mut inner = simulator.lock();
    let (owner, doubts) = (owner(&inner, ask), inner.series_doubts);
    let mailbox = mailbox(&mut inner, ask)?;
    let found = found(mailbox, calendar, id)?;
    if found.day.is_some() {
        return Err(not_found());
    }
    let rows = rows(found.event, View { ask, owner: &owner, doubts }, from, to);
    drop(inner);
    Ok(paged(simulator, ask, rows))
}
