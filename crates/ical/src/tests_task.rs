//! Tasks that repeat and have a start and a due time.

use belfry_core::{Length, Reminder};

use super::tests::calendar;

fn task(properties: &str, overrides: &str) -> Reminder {
    let over = |text: &str| if text.is_empty() { String::new() } else { format!("BEGIN:VTODO\nUID:t\n{text}\nEND:VTODO\n") };
    let mut contents = calendar(&format!("BEGIN:VTODO\nUID:t\nSUMMARY:Bins\n{properties}\nEND:VTODO\n{}", over(overrides)));
    assert_eq!(contents.set_aside, []);
    assert_eq!(contents.reminders.len(), 1, "{:?}", contents.reminders);
    contents.reminders.remove(0)
}

fn rule(reminder: &Reminder) -> String {
    reminder.recurrence.as_ref().map(|series| series.rule.to_string()).unwrap_or_default()
}

fn dates(reminder: &Reminder, limit: usize) -> Vec<String> {
    let far = chrono::NaiveDate::from_ymd_opt(2040, 1, 1).expect("a date").into();
    reminder.starts(far, limit).iter().map(|one| one.when.to_string().replace(":00:00", "")).collect()
}

#[test]
fn a_task_of_one_day_recurs_by_its_start_and_is_due_at_its_hour() {
    let bins = task(
        "DTSTART;TZID=Europe/Berlin:20270301T090000\nDUE;TZID=Europe/Berlin:20270301T170000\nRRULE:FREQ=DAILY;UNTIL=20270305T080000Z\n\
         EXDATE;TZID=Europe/Berlin:20270302T090000\nRDATE;TZID=Europe/Berlin:20270310T090000",
        "RECURRENCE-ID;TZID=Europe/Berlin:20270303T090000\nSUMMARY:Late\nDTSTART;TZID=Europe/Berlin:20270303T100000\nDUE;TZID=Europe/Berlin:20270303T190000",
    );
    assert_eq!((rule(&bins).as_str(), bins.length), ("FREQ=DAILY;UNTIL=20270305T160000Z", Length::Minutes(30)));
    assert_eq!(dates(&bins, 9), ["2027-03-01T17", "2027-03-03T19", "2027-03-04T17", "2027-03-05T17", "2027-03-10T17"]);
}

#[test]
fn a_weekly_task_is_due_on_another_day_of_the_week() {
    let bins = task("DTSTART;VALUE=DATE:20270301\nDUE;VALUE=DATE:20270303\nRRULE:FREQ=WEEKLY;BYDAY=MO,FR\nEXDATE;VALUE=DATE:20270305", "");
    assert_eq!(rule(&bins), "FREQ=WEEKLY;BYDAY=WE,SU");
    assert_eq!(dates(&bins, 3), ["2027-03-03", "2027-03-10", "2027-03-14"]);
}

#[test]
fn a_yearly_task_is_due_in_another_month_where_that_is_always_as_far() {
    let snow = task("DTSTART;VALUE=DATE:20261201\nDUE;VALUE=DATE:20270201\nRRULE:FREQ=YEARLY;BYMONTH=12", "");
    assert_eq!((rule(&snow).as_str(), dates(&snow, 2)), ("FREQ=YEARLY;BYMONTH=2", vec!["2027-02-01".into(), "2028-02-01".into()]));
    // In a leap year 31 May is a day further from January.
    let tax = task("DTSTART;VALUE=DATE:20270101\nDUE;VALUE=DATE:20270531\nRRULE:FREQ=YEARLY", "");
    assert_eq!((rule(&tax).as_str(), tax.when.to_string(), tax.length), ("FREQ=YEARLY", "2027-01-01".into(), Length::Days(150)));
}

#[test]
fn due_times_that_no_rule_gives_make_a_span() {
    // 31 days from 25 May, 30 from 25 June; DUE is always six days later.
    let rent = task(
        "DTSTART;VALUE=DATE:20270525\nDUE;VALUE=DATE:20270531\nRRULE:FREQ=MONTHLY;COUNT=3\nEXDATE;VALUE=DATE:20270625",
        "RECURRENCE-ID;VALUE=DATE:20270725\nSUMMARY:Rent\nDTSTART;VALUE=DATE:20270725\nDUE;VALUE=DATE:20270801",
    );
    assert_eq!((rule(&rent).as_str(), rent.length), ("FREQ=MONTHLY;COUNT=3", Length::Days(6)));
    assert_eq!(dates(&rent, 9), ["2027-05-25", "2027-07-25"]);
    let changed = rent.recurrence.expect("a series").changed.into_values().next().expect("a change");
    assert_eq!((changed.when, changed.length), (None, Some(Length::Days(7))));
    // From Saturday to Monday it lasts over the changes of the clock: the due time moves by an hour (RFC 5545 section 3.8.5.3).
    let shift = task(
        "DTSTART;TZID=Europe/Berlin:20270306T090000\nDUE;TZID=Europe/Berlin:20270308T170000\nRRULE:FREQ=WEEKLY\n\
         BEGIN:VALARM\nACTION:DISPLAY\nTRIGGER:-PT10M\nEND:VALARM",
        "",
    );
    assert_eq!((dates(&shift, 1), shift.length, shift.alarms), (vec!["2027-03-06T09".to_owned()], Length::Minutes(56 * 60), vec![10]));
}

#[test]
fn a_task_that_says_how_long_it_takes_is_due_then() {
    let days = task("DTSTART;TZID=Europe/Berlin:20270306T090000\nDURATION:P2D\nRRULE:FREQ=WEEKLY", "");
    assert_eq!((rule(&days).as_str(), dates(&days, 2)), ("FREQ=WEEKLY", vec!["2027-03-08T09".into(), "2027-03-15T09".into()]));
    let once = task("DTSTART:20270306T090000Z\nDURATION:PT3H\nBEGIN:VALARM\nACTION:DISPLAY\nTRIGGER;RELATED=END:-PT10M\nEND:VALARM", "");
    assert_eq!((dates(&once, 1), once.alarms), (vec!["2027-03-06T12".to_owned()], vec![10]));
}

#[test]
fn a_due_time_without_a_zone_is_in_that_of_the_start() {
    let bins = task("DTSTART;TZID=America/New_York:20270301T090000\nDUE:20270301T170000\nRRULE:FREQ=DAILY", "");
    assert_eq!(bins.when.zone().map(belfry_core::Zone::name), Some("America/New_York"));
    assert_eq!(dates(&bins, 1), ["2027-03-01T17"]);
}

#[test]
fn this_and_future_of_a_task_is_about_its_starts_too() {
    let contents = calendar(
        "BEGIN:VTODO\nUID:t\nSUMMARY:Bins\nDTSTART;TZID=Europe/Berlin:20270301T090000\nDUE;TZID=Europe/Berlin:20270301T170000\nRRULE:FREQ=DAILY;COUNT=4\nEND:VTODO\n\
         BEGIN:VTODO\nUID:t\nRECURRENCE-ID;RANGE=THISANDFUTURE;TZID=Europe/Berlin:20270303T090000\nSUMMARY:New\n\
         DTSTART;TZID=Europe/Berlin:20270303T090000\nDUE;TZID=Europe/Berlin:20270303T180000\nEND:VTODO\n",
    );
    assert_eq!(contents.set_aside, []);
    let all: Vec<Vec<String>> = contents.reminders.iter().map(|reminder| dates(reminder, 9)).collect();
    assert_eq!(all, [["2027-03-01T17", "2027-03-02T17"], ["2027-03-03T18", "2027-03-04T18"]]);
}
