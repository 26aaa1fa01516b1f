//! Overrides of a date and all after it.

use belfry_core::Reminder;

use super::tests::calendar;

fn dates(reminder: &Reminder) -> Vec<String> {
    let far = chrono::NaiveDate::from_ymd_opt(2040, 1, 1).expect("a date").into();
    reminder.starts(far, 6).iter().map(|occurrence| occurrence.when.to_string().replace(":00:00", "")).collect()
}

fn rules(items: &str) -> Vec<(String, String, Vec<String>)> {
    let contents = calendar(items);
    assert_eq!(contents.set_aside, []);
    let rule = |reminder: &Reminder| reminder.recurrence.as_ref().map(|series| series.rule.to_string()).unwrap_or_default();
    contents.reminders.iter().map(|reminder| (reminder.title.clone(), rule(reminder), dates(reminder))).collect()
}

fn series(start: &str, rule: &str) -> String {
    format!("BEGIN:VEVENT\nUID:s\nSUMMARY:Old\nDTSTART;TZID=Europe/Berlin:{start}\nRRULE:{rule}\nEND:VEVENT\n")
}

fn later(original: &str, start: &str, title: &str) -> String {
    format!(
        "BEGIN:VEVENT\nUID:s\nSUMMARY:{title}\nRECURRENCE-ID;RANGE=THISANDFUTURE;TZID=Europe/Berlin:{original}\nDTSTART;TZID=Europe/Berlin:{start}\nEND:VEVENT\n"
    )
}

fn strings(texts: &[&str]) -> Vec<String> {
    texts.iter().map(|text| (*text).to_owned()).collect()
}

#[test]
fn a_counted_series_is_divided_with_its_count() {
    let items = series("20270301T090000", "FREQ=WEEKLY;COUNT=5") + &later("20270315T090000", "20270315T110000", "New");
    assert_eq!(
        rules(&items),
        [
            ("Old".into(), "FREQ=WEEKLY;COUNT=2".into(), strings(&["2027-03-01T09", "2027-03-08T09"])),
            ("New".into(), "FREQ=WEEKLY;COUNT=3".into(), strings(&["2027-03-15T11", "2027-03-22T11", "2027-03-29T11"])),
        ]
    );
}

#[test]
fn the_days_of_the_week_move_along() {
    let items =
        series("20270301T090000", "FREQ=WEEKLY;BYDAY=MO,WE;UNTIL=20270325T080000Z") + &later("20270315T090000", "20270316T090000", "New");
    assert_eq!(
        rules(&items),
        [
            (
                "Old".into(),
                "FREQ=WEEKLY;UNTIL=20270310T080000Z;BYDAY=MO,WE".into(),
                strings(&["2027-03-01T09", "2027-03-03T09", "2027-03-08T09", "2027-03-10T09"])
            ),
            (
                "New".into(),
                "FREQ=WEEKLY;UNTIL=20270325T080000Z;BYDAY=TU,TH".into(),
                strings(&["2027-03-16T09", "2027-03-18T09", "2027-03-23T09", "2027-03-25T09"])
            ),
        ]
    );
}

#[test]
fn several_divisions_and_the_exceptions_between_them() {
    let items = "BEGIN:VEVENT\nUID:s\nSUMMARY:Old\nDTSTART;TZID=Europe/Berlin:20270301T090000\nRRULE:FREQ=DAILY\n\
                 EXDATE;TZID=Europe/Berlin:20270302T090000,20270305T090000,20270309T090000\nEND:VEVENT\n"
        .to_owned()
        + &later("20270308T090000", "20270308T070000", "Third")
        + &later("20270304T090000", "20270304T100000", "Second")
        + "BEGIN:VEVENT\nUID:s\nSUMMARY:Odd\nRECURRENCE-ID;TZID=Europe/Berlin:20270306T090000\nDTSTART;TZID=Europe/Berlin:20270306T150000\nEND:VEVENT\n";
    let found = rules(&items);
    assert_eq!(
        found.iter().map(|(title, _, dates)| (title.as_str(), dates.join(" "))).collect::<Vec<_>>(),
        [
            ("Old", "2027-03-01T09 2027-03-03T09".to_owned()),
            ("Third", "2027-03-08T07 2027-03-10T07 2027-03-11T07 2027-03-12T07 2027-03-13T07 2027-03-14T07".to_owned()),
            ("Second", "2027-03-04T10 2027-03-06T15 2027-03-07T10".to_owned()),
        ]
    );
    let contents = calendar(&items);
    let id = belfry_core::ReminderId::of_uid_and_recurrence(belfry_core::ListId::of_name("Test"), "s", "2027-03-04T09:00:00");
    assert!(contents.reminders.iter().any(|reminder| reminder.id == id && reminder.title == "Second"));
}

#[test]
fn a_division_at_the_first_date_or_a_cancelled_rest_makes_no_second_series() {
    let whole = rules(&(series("20270301T090000", "FREQ=WEEKLY;COUNT=3") + &later("20270301T090000", "20270301T110000", "New")));
    assert_eq!(whole, [("New".into(), "FREQ=WEEKLY;COUNT=3".into(), strings(&["2027-03-01T11", "2027-03-08T11", "2027-03-15T11"]))]);
    let cancelled = later("20270308T090000", "20270308T090000", "x").replace("SUMMARY:x", "STATUS:CANCELLED");
    let ended = rules(&(series("20270301T090000", "FREQ=WEEKLY") + &cancelled));
    assert_eq!(ended, [("Old".into(), "FREQ=WEEKLY;UNTIL=20270301T080000Z".into(), strings(&["2027-03-01T09"]))]);
}

#[test]
fn dates_that_no_rule_names_are_listed_or_refused() {
    let moved = later("20270331T090000", "20270401T090000", "New");
    let listed = rules(&(series("20270131T090000", "FREQ=MONTHLY;COUNT=4") + &moved));
    assert_eq!(listed.last().map(|(_, _, dates)| dates.join(" ")).as_deref(), Some("2027-04-01T09 2027-06-01T09 2027-08-01T09"));
    let refused = calendar(&(series("20270131T090000", "FREQ=MONTHLY") + &moved));
    assert_eq!(refused.reminders.len(), 1);
    assert_eq!(
        refused.set_aside.iter().map(|aside| aside.reason.to_string()).collect::<Vec<_>>(),
        ["it moves all later dates of a series to days that no repeat rule names"]
    );
}

#[test]
fn each_time_of_a_day_is_a_series_of_its_own() {
    let exdate = |rule: &str| format!("{rule}\nEXDATE;TZID=Europe/Berlin:20270302T200000");
    let pills = series("20270301T080000", &exdate("FREQ=DAILY;COUNT=5;BYHOUR=8,20"));
    let changed = "BEGIN:VEVENT\nUID:s\nSUMMARY:Late\nRECURRENCE-ID;TZID=Europe/Berlin:20270301T200000\nDTSTART;TZID=Europe/Berlin:20270301T220000\nEND:VEVENT\n";
    assert_eq!(
        rules(&(pills + changed)),
        [
            ("Old".into(), "FREQ=DAILY;COUNT=3".into(), strings(&["2027-03-01T08", "2027-03-02T08", "2027-03-03T08"])),
            ("Old".into(), "FREQ=DAILY;COUNT=2".into(), strings(&["2027-03-01T22"])),
        ]
    );
    let every_eight = rules(&series("20270301T090000", "FREQ=HOURLY;INTERVAL=8;BYDAY=MO"));
    assert_eq!(
        every_eight.iter().map(|(_, rule, dates)| (rule.as_str(), dates[0].as_str())).collect::<Vec<_>>(),
        [("FREQ=WEEKLY;BYDAY=MO", "2027-03-01T09"), ("FREQ=WEEKLY;BYDAY=MO", "2027-03-01T17"), ("FREQ=WEEKLY;BYDAY=MO", "2027-03-08T01"),]
    );
    // The time of the start, said once more, and one that is not the start's.
    assert_eq!(rules(&series("20270301T090000", "FREQ=WEEKLY;BYHOUR=9;BYMINUTE=0;BYSECOND=0"))[0].1, "FREQ=WEEKLY");
    assert_eq!(rules(&series("20270301T090000", "FREQ=WEEKLY;BYHOUR=10;COUNT=1"))[0].2, strings(&["2027-03-01T10"]));
    // Not the same times every day, but of each fifth.
    let every_five = rules(&series("20270301T090000", "FREQ=HOURLY;INTERVAL=5"));
    assert_eq!((every_five.len(), every_five[0].1.as_str()), (24, "FREQ=DAILY;INTERVAL=5"));
    // More often than by the hour.
    assert_eq!(rules(&series("20270301T090000", "FREQ=HOURLY;BYMINUTE=0,30")).len(), 1);
}
