//! The occurrences of a series, by Graph's own six patterns. Day by day and simple on purpose: it shares nothing with the client's expansion.

use chrono::{Datelike, Days, Months, NaiveDate};
use serde_json::Value;

use crate::world::SimEvent;

/// Dates of a series from its start to `last`, inclusive.
pub fn dates(event: &SimEvent, last: NaiveDate) -> Vec<NaiveDate> {
    let Some(recurrence) = event.members.get("recurrence") else { return vec![] };
    let (Some(pattern), Some(range)) = (recurrence.get("pattern"), recurrence.get("range")) else { return vec![] };
    let kind = text(range, "type");
    let end = match kind.as_str() {
        "enddate" => NaiveDate::parse_from_str(&text(range, "endDate"), "%Y-%m-%d").map_or(last, |end| end.min(last)),
        _ => last,
    };
    let count = if kind == "numbered" { number(range, "numberOfOccurrences") } else { u64::MAX };
    let start = event.start.date();
    let mut out = Vec::new();
    let mut day = start;
    // A numbered series has to be counted from its start, whatever the window.
    while day <= end && (out.len() as u64) < count {
        if is_on(pattern, start, day) {
            out.push(day);
        }
        let Some(next) = day.succ_opt() else { break };
        day = next;
    }
    out
}

fn text(value: &Value, name: &str) -> String {
    value.get(name).and_then(Value::as_str).unwrap_or_default().to_ascii_lowercase()
}

fn number(value: &Value, name: &str) -> u64 {
    value.get(name).and_then(Value::as_u64).unwrap_or(1)
}

fn is_on(pattern: &Value, start: NaiveDate, day: NaiveDate) -> bool {
    let interval = i64::try_from(number(pattern, "interval").max(1)).unwrap_or(1);
    let months = i64::from(day.year() - start.year()) * 12 + i64::from(day.month()) - i64::from(start.month());
    let years = i64::from(day.year() - start.year());
    let month_fits = number(pattern, "month") == u64::from(day.month());
    match text(pattern, "type").as_str() {
        "daily" => (day - start).num_days() % interval == 0,
        "weekly" => {
            let weeks = (week_start(pattern, day) - week_start(pattern, start)).num_days() / 7;
            weeks % interval == 0 && names(pattern).contains(&name_of(day))
        }
        "absolutemonthly" => months % interval == 0 && is_day(pattern, day),
        "relativemonthly" => months % interval == 0 && is_nth(pattern, day),
        "absoluteyearly" => years % interval == 0 && month_fits && is_day(pattern, day),
        "relativeyearly" => years % interval == 0 && month_fits && is_nth(pattern, day),
        _ => false,
    }
}

fn name_of(day: NaiveDate) -> String {
    ["monday", "tuesday", "wednesday", "thursday", "friday", "saturday", "sunday"]
        .get(day.weekday().num_days_from_monday() as usize)
        .copied()
        .unwrap_or_default()
        .to_owned()
}

fn names(pattern: &Value) -> Vec<String> {
    let days = pattern.get("daysOfWeek").and_then(Value::as_array);
    days.into_iter().flatten().filter_map(Value::as_str).map(str::to_ascii_lowercase).collect()
}

fn week_start(pattern: &Value, day: NaiveDate) -> NaiveDate {
    let first = text(pattern, "firstDayOfWeek");
    (0..7).filter_map(|back| day.checked_sub_days(Days::new(back))).find(|candidate| name_of(*candidate) == first).unwrap_or(day)
}

/// The day of the month, or the last day of a shorter month.
fn is_day(pattern: &Value, day: NaiveDate) -> bool {
    let wanted = number(pattern, "dayOfMonth");
    u64::from(day.day()) == wanted.min(u64::from(day.num_days_in_month()))
}

/// The n-th day of the month that is one of the named days.
fn is_nth(pattern: &Value, day: NaiveDate) -> bool {
    let names = names(pattern);
    let Some(first) = day.with_day(1) else { return false };
    let Some(next) = first.checked_add_months(Months::new(1)) else { return false };
    let matching: Vec<NaiveDate> = first.iter_days().take_while(|day| *day < next).filter(|day| names.contains(&name_of(*day))).collect();
    let nth = match text(pattern, "index").as_str() {
        "second" => matching.get(1),
        "third" => matching.get(2),
        "fourth" => matching.get(3),
        "last" => matching.last(),
        _ => matching.first(),
    };
    nth == Some(&day)
}
