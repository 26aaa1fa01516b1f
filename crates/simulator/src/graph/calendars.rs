//! Calendars.

use serde_json::{Value, json};

use crate::graph::{Ask, not_found, owner};
use crate::reply::Reply;
use crate::simulator::Simulator;
use crate::world::{Gone, Mailbox, SimCalendar};

fn render(simulator: &Simulator, ask: &Ask, calendar: &SimCalendar) -> Value {
    let own = owner(&simulator.lock(), ask);
    let owner = calendar.shared_by.as_ref().map_or(own, |address| json!({"name": address, "address": address}));
    json!({
        "id": calendar.id, "name": calendar.name, "color": calendar.colour, "hexColor": "", "isDefaultCalendar": calendar.is_default,
        "changeKey": format!("ck{:08}", calendar.change), "canShare": calendar.shared_by.is_none(), "canViewPrivateItems": true, "canEdit": !calendar.read_only,
        "allowedOnlineMeetingProviders": [], "defaultOnlineMeetingProvider": "unknown", "isTallyingResponses": false,
        "isRemovable": !calendar.is_default, "owner": owner,
    })
}

#[expect(clippy::unnecessary_wraps, reason = "every handler has this form")]
pub fn list(simulator: &Simulator, ask: &Ask) -> Result<Reply, Reply> {
    let named =
        ask.query("$filter").and_then(|filter| filter.strip_prefix("name eq '")?.strip_suffix('\'')).map(|name| name.replace("''", "'"));
    let all: Vec<SimCalendar> = simulator.lock().world.mailboxes.get(&ask.oid).map(|mailbox| mailbox.calendars.clone()).unwrap_or_default();
    let shown = all.iter().filter(|calendar| named.as_ref().is_none_or(|name| *name == calendar.name));
    let skip: usize = ask.query("$skip").and_then(|skip| skip.parse().ok()).unwrap_or(0);
    let top: usize = ask.query("$top").and_then(|top| top.parse().ok()).unwrap_or(10);
    let value: Vec<Value> =
        shown.clone().skip(skip).take(top).map(|calendar| super::filter::select(ask, render(simulator, ask, calendar))).collect();
    let mut body = json!({"@odata.context": format!("{}/v1.0/$metadata#me/calendars", simulator.options.graph), "value": value});
    if shown.count() > skip + top {
        body["@odata.nextLink"] = Value::from(format!("{}/v1.0/me/calendars?$top={top}&$skip={}", simulator.options.graph, skip + top));
    }
    Ok(Reply::graph(200, &body))
}

pub fn create(simulator: &Simulator, ask: &Ask) -> Result<Reply, Reply> {
    let body = ask.json()?;
    let name = body.get("name").and_then(Value::as_str).map(str::trim).filter(|name| !name.is_empty());
    let Some(name) = name else {
        return Err(super::event_body::invalid());
    };
    known_members(&body, &["name", "color", "hexColor"], "calendar")?;
    let colour = colour(&body)?;
    let calendar = {
        let mut inner = simulator.lock();
        let mailbox = inner.world.mailboxes.get_mut(&ask.oid).ok_or_else(not_found)?;
        if mailbox.calendars.iter().any(|calendar| calendar.shared_by.is_none() && calendar.name.eq_ignore_ascii_case(name)) {
            return Err(Reply::error(409, "ErrorFolderExists", "A folder with the specified name already exists."));
        }
        let own = SimCalendar::own(mailbox.new_id("cal"), name);
        let calendar = SimCalendar { change: mailbox.next_change(), colour: colour.unwrap_or_else(|| own.colour.clone()), ..own };
        mailbox.calendars.push(calendar.clone());
        calendar
    };
    let mut value = render(simulator, ask, &calendar);
    value["@odata.context"] = Value::from(format!("{}/v1.0/$metadata#me/calendars/$entity", simulator.options.graph));
    let location = format!("{}/v1.0/me/calendars/{}", simulator.options.graph, calendar.id);
    Ok(Reply::graph(201, &value).with("Location", location))
}

/// Members that Graph does not know are refused.
pub fn known_members(body: &Value, known: &[&str], kind: &str) -> Result<(), Reply> {
    let unknown =
        body.as_object().and_then(|members| members.keys().find(|name| !name.starts_with('@') && !known.contains(&name.as_str())));
    unknown.map_or(Ok(()), |name| Err(unknown_member(name, kind)))
}

pub fn unknown_member(name: &str, kind: &str) -> Reply {
    let text = format!(
        "The property '{name}' does not exist on type 'microsoft.graph.{kind}'. Make sure to only use property names that are defined by the type or mark the type as open type."
    );
    Reply::error(400, "RequestBodyRead", &text)
}

const COLOURS: [&str; 11] = [
    "auto",
    "lightBlue",
    "lightGreen",
    "lightOrange",
    "lightGray",
    "lightYellow",
    "lightTeal",
    "lightPink",
    "lightBrown",
    "lightRed",
    "maxColor",
];

/// The colour of a body, in Graph's own spelling.
fn colour(body: &Value) -> Result<Option<String>, Reply> {
    let Some(value) = body.get("color").filter(|value| !value.is_null()) else { return Ok(None) };
    let text = value.as_str().unwrap_or_default();
    let known = COLOURS.iter().find(|known| known.eq_ignore_ascii_case(text));
    known.map(|known| Some((*known).to_owned())).ok_or_else(|| super::shape::bad_value("color", value))
}

pub fn find<'a>(mailbox: &'a Mailbox, id: Option<&str>) -> Result<&'a SimCalendar, Reply> {
    mailbox.calendars.iter().find(|calendar| id.map_or(calendar.is_default, |id| calendar.id == id)).ok_or_else(not_found)
}

pub fn get(simulator: &Simulator, ask: &Ask, id: Option<&str>) -> Result<Reply, Reply> {
    let calendar = {
        let inner = simulator.lock();
        find(inner.world.mailboxes.get(&ask.oid).ok_or_else(not_found)?, id)?.clone()
    };
    Ok(Reply::graph(200, &render(simulator, ask, &calendar)))
}

pub fn of_event(simulator: &Simulator, ask: &Ask, event: &str) -> Result<Reply, Reply> {
    let id = {
        let inner = simulator.lock();
        let mailbox = inner.world.mailboxes.get(&ask.oid).ok_or_else(not_found)?;
        super::events::found(mailbox, None, event)?.event.calendar.clone()
    };
    get(simulator, ask, Some(&id))
}

pub fn update(simulator: &Simulator, ask: &Ask, id: Option<&str>) -> Result<Reply, Reply> {
    let body = ask.json()?;
    known_members(&body, &["name", "color", "hexColor", "isDefaultCalendar"], "calendar")?;
    let colour = colour(&body)?;
    let calendar = {
        let mut inner = simulator.lock();
        let mailbox = inner.world.mailboxes.get_mut(&ask.oid).ok_or_else(not_found)?;
        let id = find(mailbox, id)?.id.clone();
        let name = body.get("name").and_then(Value::as_str);
        if name.is_some_and(|name| mailbox.calendars.iter().any(|other| other.id != id && other.name.eq_ignore_ascii_case(name))) {
            return Err(Reply::error(409, "ErrorFolderExists", "A folder with the specified name already exists."));
        }
        let change = mailbox.next_change();
        let calendar = mailbox.calendars.iter_mut().find(|calendar| calendar.id == id).ok_or_else(not_found)?;
        calendar.change = change;
        if let Some(name) = name {
            calendar.name = name.to_owned();
        }
        if let Some(colour) = colour {
            calendar.colour = colour;
        }
        calendar.clone()
    };
    Ok(Reply::graph(200, &render(simulator, ask, &calendar)))
}

pub fn delete(simulator: &Simulator, ask: &Ask, id: &str) -> Result<Reply, Reply> {
    let mut inner = simulator.lock();
    let mailbox = inner.world.mailboxes.get_mut(&ask.oid).ok_or_else(not_found)?;
    if find(mailbox, Some(id))?.is_default {
        return Err(Reply::error(400, "ErrorInvalidRequest", "Distinguished folders cannot be deleted."));
    }
    mailbox.calendars.retain(|calendar| calendar.id != id);
    let lost: Vec<String> = mailbox.events.values().filter(|event| event.calendar == id).map(|event| event.id.clone()).collect();
    for event in lost {
        mailbox.events.remove(&event);
        let change = mailbox.next_change();
        mailbox.gone.push(Gone { id: event, calendar: id.to_owned(), change });
    }
    Ok(Reply::empty(204))
}
