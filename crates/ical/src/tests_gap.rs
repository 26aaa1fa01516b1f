//! Dates in the hour that the clock of Berlin leaves out: from 02:00 to 03:00 on 28 March 2027.

use belfry_core::{Length, Reminder, Zone};
use chrono::{NaiveDate, NaiveDateTime};

use super::tests::calendar;

fn event(properties: &str) -> String {
    format!("BEGIN:VEVENT\nUID:s\nSUMMARY:x\n{properties}\nEND:VEVENT\n")
}

fn reminders(items: &str) -> Vec<Reminder> {
    let contents = calendar(items);
    assert_eq!(contents.set_aside, []);
    assert_eq!(contents.left_out, [].into());
    contents.reminders
}

/// Instants of all dates together, in order, as day, hour and minute in Berlin.
fn instants(items: &str) -> Vec<String> {
    let far: NaiveDateTime = NaiveDate::from_ymd_opt(2040, 1, 1).expect("a date").into();
    let zone = Zone::parse("Europe/Berlin").expect("a zone");
    let of = |reminder: &Reminder| reminder.starts(far, 9).into_iter().map(|one| one.when.instant(zone)).collect::<Vec<_>>();
    let mut all: Vec<_> = reminders(items).iter().flat_map(of).collect();
    all.sort_unstable();
    all.into_iter().map(|at| zone.wall(at).format("%d %H:%M").to_string()).collect()
}

#[test]
fn a_date_that_the_clock_leaves_out_is_one_like_any_other() {
    let hourly = event("DTSTART;TZID=Europe/Berlin:20270327T220000\nRRULE:FREQ=HOURLY;INTERVAL=4;COUNT=8");
    assert_eq!(instants(&hourly), ["27 22:00", "28 03:00", "28 06:00", "28 10:00", "28 14:00", "28 18:00", "28 22:00", "29 02:00"]);
    let daily = event("DTSTART;TZID=Europe/Berlin:20270327T023000\nRRULE:FREQ=DAILY;COUNT=3");
    assert_eq!(instants(&daily), ["27 02:30", "28 03:30", "29 02:30"]);
    let begins_there = event("DTSTART;TZID=Europe/Berlin:20270328T023000\nRRULE:FREQ=DAILY;COUNT=3");
    assert_eq!(instants(&begins_there), ["28 03:30", "29 02:30", "30 02:30"]);
    assert_eq!(instants(&event("DTSTART;TZID=Europe/Berlin:20270328T023000\nRRULE:FREQ=DAILY;COUNT=1")), ["28 03:30"]);
    let fortnightly = event("DTSTART;TZID=Europe/Berlin:20270328T023000\nRRULE:FREQ=WEEKLY;INTERVAL=2;BYDAY=SU,MO;COUNT=4");
    assert_eq!(instants(&fortnightly), ["28 03:30", "05 02:30", "11 02:30", "19 02:30"]);
    assert_eq!(instants(&event("DTSTART;TZID=Europe/Berlin:20270328T023000")), ["28 03:30"]);
}

#[test]
fn no_series_begins_at_a_time_that_no_clock_shows() {
    for rule in ["FREQ=HOURLY;INTERVAL=4;COUNT=8", "FREQ=HOURLY", "FREQ=DAILY;BYHOUR=2,14", "FREQ=DAILY", "FREQ=DAILY;COUNT=1"] {
        for start in ["20270327T220000", "20270327T150000", "20270328T020000"] {
            // The hours of one rule are not those of these starts, which is told.
            let all = calendar(&event(&format!("DTSTART;TZID=Europe/Berlin:{start}\nRRULE:{rule}"))).reminders;
            assert!(all.iter().all(|reminder| reminder.when.shown() == reminder.when), "{rule} {start}");
            let ids: std::collections::BTreeSet<_> = all.iter().map(|reminder| reminder.id).collect();
            assert_eq!(ids.len(), all.len());
        }
    }
}

#[test]
fn an_instant_names_the_date_whose_instant_it_is() {
    let series = "DTSTART;TZID=Europe/Berlin:20270326T023000\nRRULE:FREQ=DAILY;COUNT=5";
    for named in [
        ":20270328T013000Z",
        ";TZID=Europe/Berlin:20270328T023000",
        ";TZID=Europe/Berlin:20270328T033000",
        ";TZID=America/New_York:20270327T213000",
    ] {
        assert_eq!(instants(&event(&format!("{series}\nEXDATE{named}"))), ["26 02:30", "27 02:30", "29 02:30", "30 02:30"], "{named}");
        let moved = event(&format!("RECURRENCE-ID{named}\nDTSTART;TZID=Europe/Berlin:20270328T120000"));
        assert_eq!(instants(&(event(series) + &moved)), ["26 02:30", "27 02:30", "28 12:00", "29 02:30", "30 02:30"], "{named}");
        let renamed = event(&format!("RECURRENCE-ID{named}\nDTSTART;TZID=Europe/Berlin:20270328T033000\nDESCRIPTION:y"));
        assert_eq!(instants(&(event(series) + &renamed)), ["26 02:30", "27 02:30", "28 03:30", "29 02:30", "30 02:30"], "{named}");
    }
    let floating = event(series) + &event("RECURRENCE-ID:20270328T033000\nDTSTART:20270328T120000");
    assert_eq!(instants(&floating), ["26 02:30", "27 02:30", "28 12:00", "29 02:30", "30 02:30"]);
    // A date beside the rule at the instant of one of its own is that one.
    assert_eq!(instants(&event(&format!("{series}\nRDATE:20270328T013000Z"))).len(), 5);
    // Both of two dates at one instant are left out with it.
    let hourly = "DTSTART;TZID=Europe/Berlin:20270328T010000\nRRULE:FREQ=HOURLY;COUNT=5\nEXDATE:20270328T010000Z";
    assert_eq!(instants(&event(hourly)), ["28 01:00", "28 04:00", "28 05:00"]);
    // The first date of a series, which no clock shows.
    let begins_there = "DTSTART;TZID=Europe/Berlin:20270328T023000\nRRULE:FREQ=DAILY;COUNT=3";
    assert_eq!(instants(&event(&format!("{begins_there}\nEXDATE:20270328T013000Z"))), ["29 02:30", "30 02:30"]);
    let moved = event("RECURRENCE-ID:20270328T013000Z\nDTSTART;TZID=Europe/Berlin:20270328T120000");
    assert_eq!(instants(&(event(begins_there) + &moved)), ["28 12:00", "29 02:30", "30 02:30"]);
}

#[test]
fn a_start_that_the_clock_leaves_out_keeps_the_length_that_was_said() {
    for (end, minutes) in [
        ("DTEND;TZID=Europe/Berlin:20270328T030000", 30),
        ("DTEND;TZID=Europe/Berlin:20270328T025000", 20),
        ("DTEND;TZID=Europe/Berlin:20270328T033000", 60),
        ("DTEND:20270328T020000Z", 30),
        ("DURATION:PT30M", 30),
    ] {
        for rule in ["", "\nRRULE:FREQ=DAILY;COUNT=2"] {
            let all = reminders(&event(&format!("DTSTART;TZID=Europe/Berlin:20270328T023000\n{end}{rule}")));
            assert!(all.iter().all(|reminder| reminder.length == Length::Minutes(minutes)), "{end}{rule}");
        }
    }
    let single = reminders(&event("DTSTART;TZID=Europe/Berlin:20270328T023000\nDURATION:PT30M"));
    let (when, length) = single.first().map(|one| (one.when, one.length)).expect("a reminder");
    assert_eq!(
        (when.to_string().as_str(), belfry_core::when::end_of(&when, length).to_string().as_str()),
        ("2027-03-28T03:30:00", "2027-03-28T04:00:00")
    );
}
