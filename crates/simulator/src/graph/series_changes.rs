//! Changes to single dates of a series, and what a change of the master does to them.

use chrono::{DateTime, Duration, NaiveDate, Utc};
use serde_json::Value;

use crate::doubts::SeriesDoubts;
use crate::graph::{event_body, expansion, render, series, zones};
use crate::reply::Reply;
use crate::series::{SimCancelled, SimException, SimMoment};
use crate::world::{Gone, Mailbox, SimEvent};

/// Facts section 1, from Microsoft's page on "Update event".
fn crossing() -> Reply {
    Reply::bare_error(400, "ErrorOccurrenceCrossingBoundary", "Modified occurrence is crossing or overlapping adjacent occurrence.")
}

/// When something happens, and how this world takes it.
#[derive(Clone, Copy)]
pub struct Moment {
    pub now: DateTime<Utc>,
    pub doubts: SeriesDoubts,
}

/// Puts a body onto one date: it is an exception from now on.
pub fn update(mailbox: &mut Mailbox, master: &str, day: NaiveDate, body: &Value, at: Moment) -> Result<(), Reply> {
    if body.get("recurrence").is_some() {
        return Err(event_body::invalid());
    }
    let before = mailbox.events.get(master).ok_or_else(super::not_found)?;
    let mut after = series::on(before, day);
    event_body::apply(&mut after, body)?;
    if ["start", "end", "isAllDay"].iter().any(|name| body.get(name).is_some()) {
        uncrossed(before, day, &after)?;
    }
    let old_id = series::id(before, day);
    let exception = before.series.exceptions.get(&day).cloned();
    let is_new = exception.is_none();
    let mut exception = exception.unwrap_or_else(|| blank(at.now));
    overrides(&mut exception, &after, body);
    exception.modified_at = at.now.max(exception.modified_at + Duration::milliseconds(1));
    exception.change = mailbox.next_change();
    if is_new && at.doubts.exception_takes_new_id {
        exception.id = Some(mailbox.new_id("exc"));
        bury(mailbox, master, old_id, exception.change);
    }
    let change = exception.change;
    let event = mailbox.events.get_mut(master).ok_or_else(super::not_found)?;
    event.series.exceptions.insert(day, exception);
    touch(event, change, at);
    Ok(())
}

fn blank(now: DateTime<Utc>) -> SimException {
    SimException {
        id: None,
        members: serde_json::Map::new(),
        start: None,
        end: None,
        properties: std::collections::BTreeMap::new(),
        created_at: now,
        modified_at: now,
        change: 0,
    }
}

/// Keeps of the changed date what was sent, so that all else goes on following the master.
fn overrides(exception: &mut SimException, after: &SimEvent, body: &Value) {
    let sent = body.as_object().into_iter().flatten().map(|(name, _)| name.as_str());
    for name in sent.filter(|name| event_body::is_writable(name)) {
        match name {
            "start" => exception.start = Some(SimMoment { local: after.start, zone: after.start_zone.clone() }),
            "end" => exception.end = Some(SimMoment { local: after.end, zone: after.end_zone.clone() }),
            "singleValueExtendedProperties" => {
                let ids = body.get(name).and_then(Value::as_array).into_iter().flatten();
                for id in ids.filter_map(|property| property.get("id")?.as_str()) {
                    exception.properties.insert(id.to_owned(), after.properties.get(id).cloned());
                }
            }
            "transactionId" | "extensions" | "isDraft" => {}
            name => drop(exception.members.insert(name.to_owned(), after.members.get(name).cloned().unwrap_or(Value::Null))),
        }
    }
}

/// The neighbours as they are now bound where a date can go: after the day of the one before, before the day of the one after.
fn uncrossed(master: &SimEvent, day: NaiveDate, after: &SimEvent) -> Result<(), Reply> {
    let zone = series::recurrence_zone(master);
    // Where the two zones differ Exchange refuses every move (facts section 1, on recurrenceTimeZone).
    if zones::zone(&master.start_zone)? != zone {
        return Err(crossing());
    }
    let on = |one: &SimEvent| if render::is_all_day(one) { one.start.date() } else { zones::wall(zone, render::start_utc(one)).date() };
    let to = on(after);
    let pattern = expansion::dates(master, day.max(to));
    let moved = master.series.exceptions.keys().filter(|other| **other > day.max(to)).copied();
    let others = pattern.into_iter().chain(moved).filter(|other| *other != day && !master.series.cancelled.contains_key(other));
    for other in others {
        let is_changed = master.series.exceptions.contains_key(&other);
        let there = if is_changed { on(&series::on(master, other)) } else { other };
        if (other < day && there >= to) || (other > day && there <= to) {
            return Err(crossing());
        }
    }
    Ok(())
}

/// Deletes one date.
pub fn cancel(mailbox: &mut Mailbox, master: &str, day: NaiveDate, at: Moment) -> Result<(), Reply> {
    let change = mailbox.next_change();
    let event = mailbox.events.get_mut(master).ok_or_else(super::not_found)?;
    let exception = event.series.exceptions.remove(&day);
    event.series.cancelled.insert(day, SimCancelled { id: exception.and_then(|exception| exception.id), change });
    touch(event, change, at);
    Ok(())
}

/// The change of one date is a change of its series, if this world says so.
fn touch(master: &mut SimEvent, change: u64, at: Moment) {
    if at.doubts.exception_changes_master {
        master.change = change;
        master.modified_at = at.now.max(master.modified_at + Duration::milliseconds(1));
    }
}

fn bury(mailbox: &mut Mailbox, master: &str, id: String, change: u64) {
    let calendar = mailbox.events.get(master).map(|event| event.calendar.clone());
    mailbox.gone.extend(calendar.map(|calendar| Gone { id, calendar, change }));
}

/// What becomes of the single dates when their master was changed from `before`: with other times or another rule they go, or only those that the rule has no more.
pub fn settle(mailbox: &mut Mailbox, before: &SimEvent, after: &mut SimEvent, doubts: SeriesDoubts) {
    let times = |event: &SimEvent| (event.start, event.end, event.start_zone.clone(), event.end_zone.clone(), render::is_all_day(event));
    // A rule that was read and is sent back as it came is no other rule.
    let rule = |event: &SimEvent| event.members.get("recurrence").cloned().map(render::recurrence);
    if after.series.is_plain() || (times(before) == times(after) && rule(before) == rule(after)) {
        return;
    }
    let series = std::mem::take(&mut after.series);
    if after.is_series() && !doubts.pattern_change_wipes {
        let kept = |day: &NaiveDate| expansion::has(after, *day);
        let mut left = crate::series::SimSeries {
            exceptions: series.exceptions.iter().filter(|(day, _)| kept(day)).map(|(day, one)| (*day, one.clone())).collect(),
            cancelled: series.cancelled.iter().filter(|(day, _)| kept(day)).map(|(day, one)| (*day, one.clone())).collect(),
        };
        std::mem::swap(&mut after.series, &mut left);
    }
    let lost = series.exceptions.into_iter().filter(|(day, _)| !after.series.exceptions.contains_key(day));
    let ids = lost.filter_map(|(_, exception)| exception.id);
    let change = mailbox.change;
    mailbox.gone.extend(ids.map(|id| Gone { id, calendar: after.calendar.clone(), change }));
}
