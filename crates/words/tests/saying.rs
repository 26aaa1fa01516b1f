//! How values are said in words, and which are not; and how long reading takes.

#![allow(clippy::expect_used, reason = "a test that cannot go on fails")]

use belfry_core::{When, Zone};
use belfry_words::{Here, Language, Understood, Unsayable, read_in, render};
use chrono::NaiveDate;

fn noon() -> Here {
    let on = NaiveDate::from_ymd_opt(2026, 11, 18).expect("a date");
    Here { now: on.and_hms_opt(12, 0, 0).expect("a time"), zone: Zone::parse("Europe/Berlin").expect("a zone") }
}

fn said(rule: &str, when: &str, language: Language) -> Result<String, Unsayable> {
    let when = When::parse(when, noon().zone);
    let values = Understood { title: "Tea".into(), when, rule: rule.parse().ok(), ..Understood::default() };
    render(&values, noon(), language)
}

#[test]
fn words_for_rules() {
    for (rule, when, english, german) in [
        ("", "2027-03-03T09:00", "Tea 3 March 2027 9am", "Tea 3. März 2027 um 09:00"),
        ("FREQ=DAILY;COUNT=3", "2027-03-03", "Tea 3 March 2027 every day 3 times", "Tea 3. März 2027 jeden Tag 3 Mal"),
        (
            "FREQ=WEEKLY;BYDAY=MO,WE,FR",
            "2027-03-03",
            "Tea 3 March 2027 every Monday, Wednesday and Friday",
            "Tea 3. März 2027 jeden Montag, Mittwoch und Freitag",
        ),
        (
            "FREQ=WEEKLY;INTERVAL=2;BYDAY=WE",
            "2027-03-03",
            "Tea 3 March 2027 every 2 weeks on Wednesday",
            "Tea 3. März 2027 alle 2 Wochen am Mittwoch",
        ),
        (
            "FREQ=MONTHLY;BYDAY=MO,TU,WE,TH,FR;BYSETPOS=-1",
            "2027-03-31",
            "Tea 31 March 2027 every month on the last workday",
            "Tea 31. März 2027 jeden Monat am letzten Werktag",
        ),
        (
            "FREQ=MONTHLY;BYMONTHDAY=1,22",
            "2027-03-22",
            "Tea 22 March 2027 every month on the 1st and 22nd",
            "Tea 22. März 2027 jeden Monat am 1. und 22.",
        ),
        (
            "FREQ=YEARLY;BYDAY=-1FR;BYMONTH=11;UNTIL=20301231",
            "2027-11-26",
            "Tea 26 November 2027 every year on the last Friday of November until 31 December 2030",
            "Tea 26. November 2027 jedes Jahr am letzten Freitag im November bis 31. Dezember 2030",
        ),
    ] {
        assert_eq!(said(rule, when, Language::English).as_deref(), Ok(english));
        assert_eq!(said(rule, when, Language::German).as_deref(), Ok(german));
    }
}

#[test]
fn what_words_cannot_say_is_refused() {
    for rule in [
        "FREQ=HOURLY",
        "FREQ=DAILY;BYDAY=MO",
        "FREQ=WEEKLY;WKST=SU",
        "FREQ=MONTHLY;BYDAY=FR",
        "FREQ=YEARLY;BYWEEKNO=20",
        "FREQ=DAILY;UNTIL=20300101T000000Z",
    ] {
        assert_eq!(said(rule, "2027-03-03", Language::English), Err(Unsayable::Rule), "{rule}");
    }
    let values = |when| Understood { title: "Tea".into(), when: Some(when), ..Understood::default() };
    let seconds = When::parse("2027-03-03T09:00:30", Zone::UTC).expect("a time");
    assert_eq!(render(&values(seconds), noon(), Language::English), Err(Unsayable::Value));
    let eastern = When::parse("2027-03-03T09:00", Zone::parse("EST").expect("a zone")).expect("a time");
    assert_eq!(render(&values(eastern), noon(), Language::English), Err(Unsayable::Value));
    // The rule does not give the start.
    assert_eq!(said("FREQ=WEEKLY;BYDAY=MO", "2027-03-03", Language::English), Err(Unsayable::Value));
}

#[test]
fn a_long_text_is_read_in_no_time_at_all() {
    for word in [
        "every ",
        "1 day before ",
        "\"",
        "tomorrow ",
        "#",
        "New York time ",
        "2 weeks from ",
        "Friday, ",
        "until 3 May - ",
        "Christmas ",
        "9am and ",
    ] {
        let text = word.repeat(20_000);
        let read = read_in(&text, noon(), Language::English);
        assert!(read.chips.len() <= 400);
    }
}
