//! The single dates of a series: which there are, what each looks like, and how Graph shows them.

use chrono::{DateTime, Duration, NaiveDate, NaiveDateTime, Utc};
use serde_json::{Value, json};

use crate::doubts::SeriesDoubts;
use crate::graph::{Ask, expansion, filter, render, zones};
use crate::reply::Reply;
use crate::world::{Mailbox, SimEvent};

/// Who looks, and how.
#[derive(Clone, Copy)]
pub struct View<'a> {
    pub ask: &'a Ask,
    /// Whose mailbox it is, as events name them.
    pub owner: &'a Value,
    pub doubts: SeriesDoubts,
}

/// The id of an occurrence: made from its master and its date. It stays when the occurrence becomes an exception, unless that got an id of its own.
pub fn id(master: &SimEvent, day: NaiveDate) -> String {
    let own = master.series.exceptions.get(&day).and_then(|exception| exception.id.clone());
    own.unwrap_or_else(|| format!("{}.{}", master.id.trim_end_matches('='), day.format("%Y%m%d")))
}

/// The master and the date that an id stands for. A cancelled date has none.
pub fn find<'a>(mailbox: &'a Mailbox, id: &str) -> Option<(&'a SimEvent, NaiveDate)> {
    let (master, day) = named(mailbox, id).or_else(|| owned(mailbox, id))?;
    (self::id(master, day) == id && is_there(master, day)).then_some((master, day))
}

fn named<'a>(mailbox: &'a Mailbox, id: &str) -> Option<(&'a SimEvent, NaiveDate)> {
    let (master, date) = id.rsplit_once('.')?;
    let day = NaiveDate::parse_from_str(date, "%Y%m%d").ok()?;
    let master = mailbox.events.get(&format!("{master}=")).or_else(|| mailbox.events.get(master))?;
    Some((master, day))
}

fn owned<'a>(mailbox: &'a Mailbox, id: &str) -> Option<(&'a SimEvent, NaiveDate)> {
    mailbox.events.values().find_map(|master| {
        let (day, _) = master.series.exceptions.iter().find(|(_, exception)| exception.id.as_deref() == Some(id))?;
        Some((master, *day))
    })
}

/// Whether a series has this date and it was not cancelled.
pub fn is_there(master: &SimEvent, day: NaiveDate) -> bool {
    master.is_series() && !master.series.cancelled.contains_key(&day) && expansion::has(master, day)
}

/// Refuses what is no date of a series, or none any more.
pub fn there(mailbox: &Mailbox, master: &str, day: NaiveDate) -> Result<(), Reply> {
    let is_there = mailbox.events.get(master).is_some_and(|master| is_there(master, day));
    is_there.then_some(()).ok_or_else(super::not_found)
}

/// Start and end of a date by the pattern.
fn by_pattern(master: &SimEvent, day: NaiveDate) -> (NaiveDateTime, NaiveDateTime) {
    let start = day.and_time(master.start.time());
    (start, start + Duration::seconds((master.end - master.start).num_seconds()))
}

/// The series as if it were this one date: the master as it is now, with what was changed on the date. The id stays the master's.
pub fn on(master: &SimEvent, day: NaiveDate) -> SimEvent {
    let mut one = SimEvent { series: crate::series::SimSeries::default(), ..master.clone() };
    one.members.remove("recurrence");
    (one.start, one.end) = by_pattern(master, day);
    let Some(exception) = master.series.exceptions.get(&day) else { return one };
    for (name, value) in &exception.members {
        match value {
            Value::Null => drop(one.members.remove(name)),
            value => drop(one.members.insert(name.clone(), value.clone())),
        }
    }
    for (name, value) in &exception.properties {
        match value {
            None => drop(one.properties.remove(name)),
            Some(value) => drop(one.properties.insert(name.clone(), value.clone())),
        }
    }
    if let Some(moment) = &exception.start {
        (one.start, one.start_zone) = (moment.local, moment.zone.clone());
    }
    if let Some(moment) = &exception.end {
        (one.end, one.end_zone) = (moment.local, moment.zone.clone());
    }
    (one.created_at, one.modified_at) = (exception.created_at, exception.modified_at);
    // What is inherited changes with the master.
    one.change = exception.change.max(master.change);
    one
}

/// The dates of a series, cancelled ones apart, that lie in a window where they are now.
pub fn within(master: &SimEvent, from: DateTime<Utc>, to: DateTime<Utc>) -> Vec<NaiveDate> {
    let last = to.date_naive() + Duration::days(1);
    let zone = |name: &str| zones::zone(name).unwrap_or(chrono_tz::UTC);
    let (start_zone, end_zone) = (zone(&master.start_zone), zone(&master.end_zone));
    let is_inside = |day: &NaiveDate| {
        if master.series.exceptions.contains_key(day) {
            return render::is_inside(&on(master, *day), from, to);
        }
        let (start, end) = by_pattern(master, *day);
        let start = zones::instant(start_zone, start);
        start < to && (start >= from || zones::instant(end_zone, end) > from)
    };
    let by_rule = expansion::dates(master, last);
    // One that the pattern has after the window may have been moved into it.
    let later = master.series.exceptions.keys().filter(|day| **day > last).copied();
    by_rule.into_iter().chain(later).filter(|day| !master.series.cancelled.contains_key(day)).filter(is_inside).collect()
}

/// `recurrenceTimeZone`, or the zone of the start.
pub fn recurrence_zone(master: &SimEvent) -> chrono_tz::Tz {
    let name = master.members.get("recurrence").and_then(|rule| rule.pointer("/range/recurrenceTimeZone")).and_then(Value::as_str);
    let name = name.filter(|name| !name.is_empty()).unwrap_or(&master.start_zone);
    zones::zone(name).unwrap_or(chrono_tz::UTC)
}

/// Where the pattern had a date; for all-day series midnight in `recurrenceTimeZone`.
fn original_start(master: &SimEvent, day: NaiveDate) -> DateTime<Utc> {
    let (start, _) = by_pattern(master, day);
    if render::is_all_day(master) {
        return zones::instant(recurrence_zone(master), start);
    }
    zones::instant(zones::zone(&master.start_zone).unwrap_or(chrono_tz::UTC), start)
}

/// One date of a series with all that it has.
pub fn row(master: &SimEvent, day: NaiveDate, view: View) -> Value {
    let mut shown = render::event(&on(master, day), view.ask, view.owner);
    shown["id"] = Value::from(id(master, day));
    shown["type"] = kind(master, day);
    shown["seriesMasterId"] = Value::from(master.id.clone());
    if !view.doubts.original_start_by_select || filter::names(view.ask, "originalStart") {
        shown["originalStart"] = Value::from(original_start(master, day).format("%Y-%m-%dT%H:%M:%SZ").to_string());
    }
    shown
}

fn kind(master: &SimEvent, day: NaiveDate) -> Value {
    json!(if master.series.exceptions.contains_key(&day) { "exception" } else { "occurrence" })
}

/// A date as delta gives it: a stub.
pub fn stub(master: &SimEvent, day: NaiveDate, ask: &Ask) -> Value {
    let one = on(master, day);
    json!({
        "@odata.type": "#microsoft.graph.event", "@odata.etag": render::etag(&one), "id": id(master, day), "seriesMasterId": master.id,
        "type": kind(master, day), "start": render::moment(&one, render::start_utc(&one), one.start, ask),
        "end": render::moment(&one, render::end_utc(&one), one.end, ask),
    })
}

/// What a GET of a master by its id adds to it: `cancelledOccurrences` for those who select it, `exceptionOccurrences` for those who select and expand.
pub fn complete(master: &SimEvent, view: View, out: &mut Value) -> Result<(), Reply> {
    if !master.is_series() || view.ask.query("$select").is_none() {
        return Ok(());
    }
    if filter::names(view.ask, "cancelledOccurrences") {
        out["cancelledOccurrences"] = master.series.cancelled.keys().map(|day| cancelled_id(master, *day)).collect();
    }
    let expansion = filter::expansions(view.ask)?.into_iter().find(|expansion| expansion.name == "exceptionOccurrences");
    let Some(mut expansion) = expansion else { return Ok(()) };
    if view.doubts.expansion_needs_its_name && !filter::names(view.ask, "exceptionOccurrences") {
        return Ok(());
    }
    if view.doubts.select_reaches_exceptions && !expansion.options.iter().any(|(name, _)| name == "$select") {
        expansion.options.extend(view.ask.query("$select").map(|select| ("$select".to_owned(), select.to_owned())));
    }
    let inner = view.ask.nested(expansion.options);
    let view = View { ask: &inner, ..view };
    let shown = master.series.exceptions.keys().map(|day| expanded(master, *day, view)).collect::<Result<Vec<_>, _>>()?;
    out["exceptionOccurrences"] = Value::from(shown);
    Ok(())
}

/// One date with what `$expand` and `$select` ask for.
pub fn expanded(master: &SimEvent, day: NaiveDate, view: View) -> Result<Value, Reply> {
    let mut shown = row(master, day, view);
    filter::expand(&on(master, day).properties, view.ask, &mut shown)?;
    Ok(filter::select(view.ask, shown))
}

/// `OID.{seriesMasterId}.{yyyy-mm-dd}`, the date in `recurrenceTimeZone`.
fn cancelled_id(master: &SimEvent, day: NaiveDate) -> String {
    let on = zones::wall(recurrence_zone(master), original_start(master, day)).date();
    format!("OID.{}.{}", master.id, on.format("%Y-%m-%d"))
}
