//! Single dates of a series, and items that stand for one another.

use belfry_core::{Length, Reminder};

use super::Contents;
use super::tests::calendar;

fn event(properties: &str) -> String {
    format!("BEGIN:VEVENT\nUID:s\nSUMMARY:x\n{properties}\nEND:VEVENT\n")
}

fn reasons(contents: &Contents) -> Vec<(usize, String)> {
    contents.set_aside.iter().map(|aside| (aside.line, aside.reason.to_string())).collect()
}

/// Dates of each reminder, in Berlin in 2027, as month-day and hour.
fn dates(items: &str) -> Vec<String> {
    let contents = calendar(items);
    assert_eq!(contents.set_aside, []);
    let far = chrono::NaiveDate::from_ymd_opt(2040, 1, 1).expect("a date").into();
    let of = |reminder: &Reminder| {
        let all = reminder.starts(far, 6);
        all.iter().map(|one| one.when.local().format("%m-%dT%H").to_string()).collect::<Vec<_>>().join(" ")
    };
    contents.reminders.iter().map(of).collect()
}

#[test]
fn dates_without_a_zone_are_in_that_of_their_series() {
    let series = "DTSTART;TZID=America/New_York:20270301T090000\nRRULE:FREQ=DAILY;COUNT=4\nEXDATE:20270302T090000\nRDATE:20270310T090000";
    let changed = event("RECURRENCE-ID:20270303T090000\nDTSTART:20270303T110000\nDTEND:20270303T113000");
    assert_eq!(dates(&(event(series) + &changed)), ["03-01T09 03-03T11 03-04T09 03-10T09"]);
    // One that names its zone is where it says, whatever its name lacks.
    let changed =
        event("RECURRENCE-ID:20270303T090000\nDTSTART;TZID=Europe/Berlin:20270303T110000\nDTEND;TZID=Europe/Berlin:20270303T113000");
    let zones: Vec<Option<&str>> = calendar(&(event(series) + &changed))
        .reminders
        .iter()
        .flat_map(|reminder| reminder.recurrence.clone())
        .flat_map(|series| {
            series
                .changed
                .into_values()
                .filter_map(|change| change.when)
                .map(|when| when.zone().map(belfry_core::Zone::name))
                .collect::<Vec<_>>()
        })
        .collect();
    assert_eq!(zones, [Some("Europe/Berlin")]);
}

#[test]
fn a_first_date_that_the_rule_does_not_give_is_told() {
    let told = |more: &str| {
        let left_out = calendar(&event(more)).left_out;
        left_out.into_iter().map(|(name, count)| format!("{name} ({count})")).collect::<Vec<_>>().join(", ")
    };
    // A Wednesday.
    let series = "DTSTART;TZID=Europe/Berlin:20270303T090000\nRRULE:FREQ=WEEKLY;BYDAY=MO";
    assert_eq!(told(series), "DTSTART that its RRULE does not give (1)");
    assert_eq!(told("DTSTART;VALUE=DATE:20270303\nRRULE:FREQ=MONTHLY;BYMONTHDAY=15"), "DTSTART that its RRULE does not give (1)");
    assert_eq!(dates(&event(series)).join(""), "03-08T09 03-15T09 03-22T09 03-29T09 04-05T09 04-12T09");
    for more in ["RDATE", "EXDATE"] {
        assert_eq!(told(&format!("{series}\n{more};TZID=Europe/Berlin:20270303T090000")), "", "{more}");
    }
    assert_eq!(told("DTSTART;TZID=Europe/Berlin:20270303T090000\nRRULE:FREQ=WEEKLY;BYDAY=MO,WE"), "");
}

#[test]
fn a_period_keeps_its_own_length() {
    let rdate = "RDATE;VALUE=PERIOD;TZID=Europe/Berlin:20270305T090000/20270305T120000,20270306T090000/PT45M,20270307T090000/PT1H";
    let items = event(&format!("DTSTART;TZID=Europe/Berlin:20270301T090000\nDURATION:PT1H\nRRULE:FREQ=DAILY;COUNT=2\n{rdate}"));
    let own = |items: &str| -> Vec<(String, Option<Length>)> {
        let series = calendar(items).reminders.remove(0).recurrence.expect("a series");
        series.changed.into_iter().map(|(at, change)| (at.to_string(), change.length)).collect()
    };
    let lengths =
        [("2027-03-05T09:00:00".to_owned(), Some(Length::Minutes(180))), ("2027-03-06T09:00:00".to_owned(), Some(Length::Minutes(45)))];
    assert_eq!(own(&items), lengths);
    assert_eq!(dates(&items), ["03-01T09 03-02T09 03-05T09 03-06T09 03-07T09"]);
    // It moves along with the later dates of a series, and an override of its date says all of it.
    let later = event(
        "RECURRENCE-ID;RANGE=THISANDFUTURE;TZID=Europe/Berlin:20270302T090000\nDTSTART;TZID=Europe/Berlin:20270302T100000\nDURATION:PT1H",
    );
    let moved = calendar(&(items.clone() + &later)).reminders.pop().and_then(|reminder| reminder.recurrence).expect("a series");
    assert_eq!(moved.changed.keys().map(ToString::to_string).collect::<Vec<_>>(), ["2027-03-05T10:00:00", "2027-03-06T10:00:00"]);
    let changed = event("RECURRENCE-ID;TZID=Europe/Berlin:20270306T090000\nDTSTART;TZID=Europe/Berlin:20270306T100000\nDURATION:PT2H");
    assert_eq!(own(&(items + &changed)).last().map(|(_, length)| *length), Some(Some(Length::Minutes(120))));
}

#[test]
fn a_day_that_is_left_out_takes_all_its_times() {
    let pills = event("DTSTART;TZID=Europe/Berlin:20270301T080000\nRRULE:FREQ=DAILY;COUNT=6;BYHOUR=8,20\nEXDATE;VALUE=DATE:20270302");
    assert_eq!(dates(&pills), ["03-01T08 03-03T08", "03-01T20 03-03T20"]);
    // Also where the rule has another time than the start.
    let late = event("DTSTART;TZID=Europe/Berlin:20270301T090000\nRRULE:FREQ=DAILY;COUNT=3;BYHOUR=10\nEXDATE;VALUE=DATE:20270302");
    assert_eq!(dates(&late), ["03-01T10 03-03T10"]);
    let extra = event(
        "DTSTART;TZID=Europe/Berlin:20270301T090000\nRRULE:FREQ=DAILY;COUNT=3\nRDATE;TZID=Europe/Berlin:20270302T150000\nEXDATE;VALUE=DATE:20270302",
    );
    assert_eq!(dates(&extra), ["03-01T09 03-03T09"]);
}

#[test]
fn this_and_future_divides_a_series_of_several_times_a_day() {
    let pills = |rule: &str| event(&format!("DTSTART;TZID=Europe/Berlin:20270301T080000\nRRULE:{rule}"));
    let later = |from: &str, to: &str| {
        event(&format!("RECURRENCE-ID;RANGE=THISANDFUTURE;TZID=Europe/Berlin:{from}\nDTSTART;TZID=Europe/Berlin:{to}"))
    };
    assert_eq!(
        dates(&(pills("FREQ=DAILY;COUNT=6;BYHOUR=8,20") + &later("20270302T080000", "20270302T090000"))),
        ["03-01T08", "03-01T20", "03-02T09 03-03T09", "03-02T21 03-03T21"]
    );
    // From the second time of a day on.
    assert_eq!(
        dates(&(pills("FREQ=DAILY;COUNT=6;BYHOUR=8,20") + &later("20270302T200000", "20270302T210000"))),
        ["03-01T08 03-02T08", "03-01T20", "03-02T21 03-03T21", "03-03T09"]
    );
    let endless = calendar(&(pills("FREQ=HOURLY;INTERVAL=12") + &later("20270302T080000", "20270302T083000")));
    assert_eq!((endless.set_aside.len(), endless.reminders.len()), (0, 4));
    let refused = calendar(&(pills("FREQ=MINUTELY;INTERVAL=7") + &later("20270302T080000", "20270302T090000")));
    let why = ["it changes all later dates of a series that repeats more often than by the hour", "it repeats more often than by the hour"];
    assert_eq!(refused.set_aside.iter().map(|one| one.reason.to_string()).filter(|reason| !why.contains(&reason.as_str())).count(), 0);
    assert_eq!((refused.set_aside.len(), refused.reminders.len()), (2, 0), "{:?}", reasons(&refused));
}

#[test]
fn hours_of_a_date_are_ignored() {
    for rule in ["FREQ=DAILY;COUNT=2;BYHOUR=9,17", "FREQ=HOURLY;INTERVAL=24;COUNT=2"] {
        let contents = calendar(&event(&format!("DTSTART;VALUE=DATE:20270301\nRRULE:{rule}")));
        let series = contents.reminders.first().and_then(|reminder| reminder.recurrence.clone()).expect("a series");
        assert_eq!(series.rule.to_string(), "FREQ=DAILY;COUNT=2");
    }
}

#[test]
fn a_rule_of_hours_without_a_date_is_named() {
    let contents = calendar(&event("DTSTART:20270301T090000Z\nRRULE:FREQ=DAILY;BYHOUR=9,17;BYSETPOS=3"));
    assert_eq!(reasons(&contents), [(3, "the repeat rule has no date".to_owned())]);
}

#[test]
fn items_that_are_told_apart_by_nothing_are_named_so() {
    let item = |uid: &str, notes: &str, more: &str| {
        format!("BEGIN:VEVENT\n{uid}SUMMARY:x\nDTSTART:20270303T080000Z\nDESCRIPTION:{notes}\n{more}END:VEVENT\n")
    };
    let alike = calendar(&(item("", "one", "") + &item("", "two", "")));
    assert_eq!(reasons(&alike), [(3, "it has no UID, and another item with its title and start follows".to_owned())]);
    let replaced = calendar(&(item("UID:1\n", "one", "") + &item("UID:1\n", "two", "")));
    assert_eq!(reasons(&replaced), [(3, "another item of the same UID follows".to_owned())]);
    let outdated = calendar(&(item("UID:1\n", "one", "SEQUENCE:2\n") + &item("UID:1\n", "two", "")));
    assert_eq!(reasons(&outdated), [(10, "another item of the same UID has a higher SEQUENCE".to_owned())]);
}

#[test]
fn of_two_overrides_of_a_date_the_higher_sequence_counts() {
    let changed =
        |hour: u8, sequence: u8| event(&format!("RECURRENCE-ID:20270302T090000Z\nDTSTART:20270302T{hour}0000Z\nSEQUENCE:{sequence}"));
    let contents = calendar(&(event("DTSTART:20270301T090000Z\nRRULE:FREQ=DAILY;COUNT=2") + &changed(11, 3) + &changed(12, 1)));
    assert_eq!(reasons(&contents), [(16, "another item of the same UID has a higher SEQUENCE".to_owned())]);
    let moved = contents.reminders.first().and_then(|one| one.recurrence.as_ref()).and_then(|series| series.changed.values().next()?.when);
    assert_eq!(moved.map(|when| when.to_string()).as_deref(), Some("2027-03-02T11:00:00"));
}

#[test]
fn a_title_that_has_no_room_anywhere_is_named() {
    let long = "long ".repeat(14_000);
    let contents = calendar(&format!("BEGIN:VEVENT\nUID:1\nSUMMARY:{long}\nDTSTART:20270303T080000Z\nEND:VEVENT\n"));
    assert_eq!(reasons(&contents), [(3, "its title is too long, and does not fit into the notes beside what they say".to_owned())]);
    let notes = calendar(&format!("BEGIN:VEVENT\nUID:1\nSUMMARY:x\nDESCRIPTION:{long}\nDTSTART:20270303T080000Z\nEND:VEVENT\n"));
    assert_eq!(reasons(&notes), [(3, "the notes are longer than 64 KiB".to_owned())]);
}

#[test]
fn of_two_changes_of_one_date_without_its_series_one_counts() {
    let item = |title: &str, sequence: u8| {
        format!(
            "BEGIN:VEVENT\nUID:a\nRECURRENCE-ID:20270311T190000\nDTSTART:20270311T190000\nSUMMARY:{title}\nSEQUENCE:{sequence}\nEND:VEVENT\n"
        )
    };
    for (items, title, told) in [
        (item("x", 0) + &item("y", 0), "y", "another item of the same UID follows"),
        (item("x", 1) + &item("y", 0), "x", "another item of the same UID has a higher SEQUENCE"),
        (item("x", 0) + &item("x", 0), "x", ""),
    ] {
        let contents = calendar(&items);
        let titles: Vec<&str> = contents.reminders.iter().map(|reminder| reminder.title.as_str()).collect();
        let reasons: Vec<String> = contents.set_aside.iter().map(|aside| aside.reason.to_string()).collect();
        assert_eq!((titles, reasons.join("; ").as_str()), (vec![title], told));
    }
}

#[test]
fn a_change_without_its_series_that_repeats_within_a_day_is_divided_as_a_series_is() {
    let contents = calendar(&event("RECURRENCE-ID:20270311T080000\nDTSTART:20270311T080000\nRRULE:FREQ=DAILY;BYHOUR=8,19"));
    let rules: Vec<String> = contents.reminders.iter().filter_map(|one| Some(one.recurrence.as_ref()?.rule.to_string())).collect();
    assert_eq!(rules, ["FREQ=DAILY", "FREQ=DAILY"]);
}
