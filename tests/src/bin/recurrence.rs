//! Every series of the corpora and some more, expanded three ways: by us, by the simulator once it went through Graph's patterns, and, from the JSON lines that this prints, by
//! a foreign reader (`tests/interop/recurrence.py`). What Graph cannot hold says why.
//!
//! `recurrence [FOLDER]`: one line for each different series, `{"rule","start","zone","extra","starts","outlook"|"parts"|"not"}`; `starts` are wall times, at most 500
//! and none after 2040; `outlook` says where the simulator's own expansion differs, null where it does not.
#![allow(clippy::print_stdout, clippy::expect_used, reason = "a program for those who build")]

use std::collections::BTreeMap;
use std::path::{Path, PathBuf};

use belfry_core::marker::{Key, Marker};
use belfry_core::plainer::plainer;
use belfry_core::rule::{End, Until};
use belfry_core::slots::Holding;
use belfry_core::{ListDefaults, ListId, Projection, Recurrence, Reminder, ReminderId, Rule, When, Zone};
use belfry_graph::{CreateEvent, GraphRequest, Mailbox, unholdable};
use belfry_ical::ReadInto;
use belfry_tests::files::files_below;
use belfry_tests::{World, encode};
use chrono::{NaiveDate, NaiveDateTime};
use serde_json::{Value, json};

const MOST: usize = 500;

/// Rules that calendar files seldom hold, and those on which readers differ.
const MORE: [(&str, &str); 36] = [
    ("FREQ=YEARLY;BYWEEKNO=20;BYDAY=MO", "2027-05-17T09:00"),
    ("FREQ=YEARLY;BYWEEKNO=1", "2026-12-28T09:00"),
    ("FREQ=YEARLY;BYWEEKNO=53;BYDAY=FR", "2026-01-02T09:00"),
    ("FREQ=YEARLY;BYWEEKNO=-1;BYDAY=SU;WKST=SU", "2026-01-03T09:00"),
    ("FREQ=WEEKLY;BYDAY=MO,WE,FR;BYSETPOS=-1", "2026-12-04T09:00"),
    ("FREQ=WEEKLY;INTERVAL=2;BYDAY=TU,SU;WKST=SU", "2026-12-01T09:00"),
    ("FREQ=YEARLY", "2028-02-29T09:00"),
    ("FREQ=YEARLY;BYMONTH=2;BYMONTHDAY=29", "2028-02-29"),
    ("FREQ=YEARLY;INTERVAL=3", "2028-02-29"),
    ("FREQ=MONTHLY", "2026-12-31T09:00"),
    ("FREQ=MONTHLY;BYMONTHDAY=-1", "2026-12-31T09:00"),
    ("FREQ=MONTHLY;BYMONTHDAY=28,29,30;BYSETPOS=-1", "2026-12-30T09:00"),
    ("FREQ=MONTHLY;BYDAY=5MO", "2026-11-30T09:00"),
    ("FREQ=MONTHLY;BYDAY=MO,TU,WE,TH,FR;BYSETPOS=-1", "2026-12-31T09:00"),
    ("FREQ=MONTHLY;BYDAY=SA,SU;BYSETPOS=2", "2026-12-06T09:00"),
    ("FREQ=MONTHLY;INTERVAL=2;BYDAY=-2FR", "2026-12-18T09:00"),
    ("FREQ=MONTHLY;BYDAY=FR;BYMONTHDAY=13", "2026-11-13T09:00"),
    ("FREQ=YEARLY;BYDAY=-1SU;BYMONTH=10", "2026-10-25T02:30"),
    ("FREQ=YEARLY;BYYEARDAY=-1,100", "2026-12-31T09:00"),
    ("FREQ=DAILY;BYMONTH=3;BYDAY=SU", "2027-03-07T02:30"),
    ("FREQ=YEARLY;BYMONTH=1,7;BYDAY=1MO,-1MO", "2027-01-04T09:00"),
    // Those that are said in a plainer form, or divided by their times of day.
    ("FREQ=DAILY;BYDAY=MO,WE", "2026-11-25T09:00"),
    ("FREQ=DAILY;INTERVAL=2;BYDAY=WE", "2026-11-25T09:00"),
    ("FREQ=DAILY;BYMONTHDAY=15,-1", "2026-12-15T09:00"),
    ("FREQ=DAILY;BYMONTH=1;BYMONTHDAY=1;BYDAY=WE", "2031-01-01"),
    ("FREQ=MONTHLY;INTERVAL=8;BYMONTH=3", "2027-03-01T09:00"),
    ("FREQ=MONTHLY;BYDAY=SA;BYMONTHDAY=8,9,10,11,12,13,14", "2027-03-13T09:00"),
    ("FREQ=YEARLY;BYMONTHDAY=7", "2026-12-07T09:00"),
    ("FREQ=HOURLY;INTERVAL=24", "2027-03-26T02:30"),
    ("FREQ=HOURLY;INTERVAL=48;BYDAY=MO", "2026-11-30T09:00"),
    ("FREQ=HOURLY;INTERVAL=6", "2027-03-27T02:30"),
    ("FREQ=HOURLY;INTERVAL=5;COUNT=60", "2027-03-27T02:30"),
    ("FREQ=HOURLY;BYHOUR=9,17;BYDAY=MO,TU", "2026-11-30T09:00"),
    ("FREQ=DAILY;BYHOUR=8,20;COUNT=40", "2027-03-20T08:00"),
    ("FREQ=DAILY;BYHOUR=9,12,15;BYSETPOS=2", "2026-11-25T12:00"),
    ("FREQ=WEEKLY;BYDAY=MO,FR;BYHOUR=9,18;BYSETPOS=1,-1", "2026-11-30T09:00"),
];

fn main() {
    let runtime = tokio::runtime::Builder::new_current_thread().enable_all().start_paused(true).build().expect("a runtime");
    runtime.block_on(async {
        let world = World::new();
        for series in series(std::env::args().nth(1).map(PathBuf::from).as_deref()) {
            println!("{}", line(&world, &series).await);
        }
        for (rule, start) in MORE {
            divided(rule, start).iter().for_each(|line| println!("{line}"));
        }
    });
}

/// Each different series once, by rule, start and zone.
fn series(folder: Option<&Path>) -> Vec<Reminder> {
    let files = folder.map(|folder| files_below(folder, &[".ics"])).unwrap_or_default();
    let mut all: BTreeMap<String, Reminder> = BTreeMap::new();
    let read = files.iter().filter_map(|file| belfry_ical::read(&std::fs::read(file).ok()?, &into()).ok()).flat_map(|read| read.reminders);
    let berlin = Zone::parse("Europe/Berlin").expect("a zone");
    let more = MORE.iter().map(|(rule, start)| typed(rule, When::parse(start, berlin).expect(start)));
    for reminder in read.chain(more) {
        let Some(series) = &reminder.recurrence else { continue };
        let zone = reminder.when.zone().map(Zone::name).unwrap_or_default();
        all.entry(format!("{};{};{zone};{:?}", series.rule, reminder.when, series.extra)).or_insert(reminder);
    }
    all.into_values().collect()
}

fn into() -> ReadInto {
    ReadInto { list: ListId::of_name("Corpus"), defaults: ListDefaults::default(), zone: Zone::UTC, now: chrono::DateTime::UNIX_EPOCH }
}

fn typed(rule: &str, when: When) -> Reminder {
    let text = format!(
        "BEGIN:VCALENDAR\r\nBEGIN:VEVENT\r\nUID:{rule}\r\nSUMMARY:x\r\nDTSTART:20270101T000000Z\r\nEND:VEVENT\r\nEND:VCALENDAR\r\n"
    );
    let mut reminder = belfry_ical::read(text.as_bytes(), &into()).expect("a calendar").reminders.remove(0);
    reminder.length = belfry_core::Length::default_for(&when);
    reminder.when = when;
    reminder.recurrence = Some(Recurrence::of(plainer(rule.parse().expect(rule), &when)));
    reminder
}

/// A rule that comes true several times a day becomes several series when it is read: together they give what it says.
fn divided(rule: &str, start: &str) -> Option<Value> {
    let written = start.replace(['-', ':'], "");
    let text = format!(
        "BEGIN:VCALENDAR\r\nBEGIN:VEVENT\r\nUID:{rule}\r\nSUMMARY:x\r\nDTSTART;TZID=Europe/Berlin:{written}00\r\nRRULE:{rule}\r\nEND:VEVENT\r\nEND:VCALENDAR\r\n"
    );
    let reminders = belfry_ical::read(text.as_bytes(), &into()).ok()?.reminders;
    if reminders.len() < 2 {
        return None;
    }
    let mut starts: Vec<When> = reminders
        .iter()
        .filter_map(|one| Some(one.recurrence.as_ref()?.occurrences(&one.when, last(), MOST)))
        .flatten()
        .map(|one| one.original)
        .collect();
    starts.sort_by_key(When::local);
    starts.truncate(MOST);
    let starts: Vec<Value> = starts.iter().map(|start| json!([start.to_string(), start.instant(Zone::UTC).timestamp()])).collect();
    Some(
        json!({"rule": rule, "start": start, "zone": "Europe/Berlin", "extra": [], "starts": starts, "parts": "several times a day: a series for each"}),
    )
}

fn last() -> NaiveDateTime {
    NaiveDate::from_ymd_opt(2040, 1, 1).and_then(|day| day.and_hms_opt(0, 0, 0)).expect("a date")
}

async fn line(world: &World, reminder: &Reminder) -> Value {
    let series = reminder.recurrence.as_ref().expect("a series");
    let plain = Recurrence { cancelled: [].into(), changed: [].into(), ..series.clone() };
    let starts: Vec<When> = plain.occurrences(&reminder.when, last(), MOST).iter().map(|one| one.original).collect();
    let mut line = json!({
        "rule": given(&series.rule, &reminder.when),
        "start": reminder.when.to_string(),
        "zone": reminder.when.zone().map(Zone::name),
        "extra": series.extra.iter().map(ToString::to_string).collect::<Vec<_>>(),
        "starts": starts.iter().map(|start| json!([start.to_string(), start.instant(Zone::UTC).timestamp()])).collect::<Vec<_>>(),
    });
    let projection = Projection { occurrences: [].into(), ..Projection::of(reminder) };
    match Holding::of(reminder, unholdable(&projection)) {
        Holding::Whole => line["outlook"] = outlook(world, reminder, projection, &starts).await,
        Holding::InParts(why) => line["parts"] = why.into(),
        Holding::Not(why) => line["not"] = why.into(),
    }
    line
}

/// The rule as it was given, where it is one of [`MORE`]: what was made of it has to give the same.
fn given(rule: &Rule, start: &When) -> String {
    let is_it = |(given, from): &&(&str, &str)| {
        let given: Rule = given.parse().expect(given);
        start.to_string().starts_with(from) && plainer(given, start) == *rule
    };
    let made = in_wall_time(rule, start).to_string();
    MORE.iter().find(is_it).map_or(made, |(given, _)| (*given).to_owned())
}

/// A rule that ends at an instant, ended at what the clock shows then: readers that know no zones compare wall times.
fn in_wall_time(rule: &Rule, start: &When) -> Rule {
    match (rule.end, start.zone()) {
        (End::Until(Until::Utc(at)), Some(zone)) => Rule { end: End::Until(Until::Local(zone.wall(at))), ..rule.clone() },
        (End::Until(Until::Utc(at)), None) => Rule { end: End::Until(Until::Local(at.naive_utc())), ..rule.clone() },
        _ => rule.clone(),
    }
}

/// The first date on which the simulator, which expands Graph's own patterns, differs.
async fn outlook(world: &World, reminder: &Reminder, projection: Projection, starts: &[When]) -> Value {
    let key = Key::main(reminder.list, ReminderId::of_uid(reminder.list, &format!("{}{}", reminder.when, reminder.title)));
    let (marker, transaction_id) = (Marker::of(key.clone(), 1), key.transaction_id(1));
    let create = CreateEvent { mailbox: Mailbox::Me, calendar: String::new(), projection, marker, transaction_id };
    let mut body = create.prepare().body.expect("a body");
    body.as_object_mut().expect("an object").remove("transactionId");
    let made = world.outlook("POST", "events", &body).await;
    let Some(id) = made.get("id").and_then(Value::as_str) else { return json!(format!("refused: {made}")) };
    let (from, to) = ("1700-01-01T00:00:00Z", "2040-01-01T12:00:00Z");
    let path = format!("events/{}/instances?startDateTime={from}&endDateTime={to}&$top={MOST}&$select=start", encode(id));
    let rows = world.outlook("GET", &path, &Value::Null).await;
    world.outlook("DELETE", &format!("events/{}", encode(id)), &Value::Null).await;
    let theirs: Vec<String> = rows["value"].as_array().into_iter().flatten().map(text).collect();
    let ours: Vec<String> = starts.iter().map(|start| start.instant(Zone::UTC).format("%Y-%m-%dT%H:%M:%S").to_string()).collect();
    let differs = ours.iter().zip(&theirs).find(|(ours, theirs)| ours != theirs);
    match differs {
        Some((ours, theirs)) => json!(format!("{ours} here, {theirs} there")),
        None if ours.len().abs_diff(theirs.len()) > 1 => json!(format!("{} here, {} there", ours.len(), theirs.len())),
        None => Value::Null,
    }
}

fn text(row: &Value) -> String {
    row.pointer("/start/dateTime").and_then(Value::as_str).unwrap_or_default().chars().take(19).collect()
}
