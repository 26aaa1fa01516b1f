//! "This and following" in Outlook: its client ends the old series and makes a new one. Graph has no call for it.

use chrono::{Days, NaiveDate};
use serde_json::{Value, json};

use crate::graph::series_changes::Moment;
use crate::graph::{event_body, expansion, not_found, series};
use crate::reply::Reply;
use crate::series::SimSeries;
use crate::world::{Gone, Mailbox, SimEvent};

/// Ends a series before its first date on or after `day` and makes a new one from there, with `change` put onto it. Gives the new master's id.
///
/// The old series keeps the single dates before that one as they are; changed and cancelled dates after it are lost, as they are in Outlook.
pub fn split(mailbox: &mut Mailbox, master: &str, day: NaiveDate, change: &Value, at: Moment) -> Result<String, Reply> {
    let old = mailbox.events.get(master).filter(|event| event.is_series()).ok_or_else(not_found)?.clone();
    let first = first_from(&old, day).filter(|first| *first > old.start.date()).ok_or_else(event_body::invalid)?;
    let mut new = following(&old, first, mailbox.new_id("evt"), at);
    event_body::apply(&mut new, change)?;
    new.change = mailbox.next_change();
    let position = mailbox.next_change();
    let id = new.id.clone();
    mailbox.events.insert(id.clone(), new);
    let ended = mailbox.events.get_mut(master).ok_or_else(not_found)?;
    let lost = end_before(ended, first);
    ended.change = position;
    ended.modified_at = at.now.max(ended.modified_at + chrono::Duration::milliseconds(1));
    mailbox.gone.extend(lost.into_iter().map(|id| Gone { id, calendar: old.calendar.clone(), change: position }));
    Ok(id)
}

/// The first date of a series on or after a day. Patterns have gaps of some years at most.
fn first_from(master: &SimEvent, day: NaiveDate) -> Option<NaiveDate> {
    day.iter_days().take(366 * 5).find(|candidate| expansion::has(master, *candidate))
}

fn following(old: &SimEvent, first: NaiveDate, id: String, at: Moment) -> SimEvent {
    // A new item begins with the members of the series, not with those of a changed date.
    let plain = SimEvent { series: SimSeries::default(), ..old.clone() };
    let on = series::on(&plain, first);
    let before = expansion::dates(old, first).len().saturating_sub(1);
    let mut members = old.members.clone();
    if let Some(range) = members.get_mut("recurrence").and_then(|rule| rule.get_mut("range")) {
        range["startDate"] = json!(first.format("%Y-%m-%d").to_string());
        if let Some(count) = range.get("numberOfOccurrences").and_then(Value::as_u64).filter(|count| *count > 0) {
            range["numberOfOccurrences"] = json!(count.saturating_sub(before as u64));
        }
    }
    let properties = if at.doubts.split_copies_properties { old.properties.clone() } else { std::collections::BTreeMap::new() };
    let made = SimEvent { id, members, properties, transaction_id: None, made_from: String::new(), ..on };
    SimEvent { created_at: at.now, modified_at: at.now, ..made }
}

/// The range becomes `endDate`, on the day before. Gives the ids that lost dates had of their own.
fn end_before(master: &mut SimEvent, first: NaiveDate) -> Vec<String> {
    let last = first.checked_sub_days(Days::new(1)).unwrap_or(first);
    if let Some(range) = master.members.get_mut("recurrence").and_then(|rule| rule.get_mut("range")).and_then(Value::as_object_mut) {
        range.remove("numberOfOccurrences");
        range.insert("type".into(), json!("endDate"));
        range.insert("endDate".into(), json!(last.format("%Y-%m-%d").to_string()));
    }
    let lost = master.series.exceptions.split_off(&first);
    drop(master.series.cancelled.split_off(&first));
    lost.into_values().filter_map(|exception| exception.id).collect()
}
