use super::*;
use crate::testing::app;

/// What the list holds: start and rule, by start.
fn held(app: &App) -> Vec<String> {
    let rule = |reminder: &Reminder| reminder.recurrence.as_ref().map(|series| series.rule.to_string()).unwrap_or_default();
    let of = |row: ReminderRow| format!("{} {} {}", row.reminder.title, row.reminder.when, rule(&row.reminder)).trim_end().to_owned();
    let mut all: Vec<String> = app.reminders(None).expect("reminders").into_iter().map(of).collect();
    all.sort();
    all
}

#[test]
fn several_times_of_a_day_are_reminders_that_outlook_can_hold() {
    let folder = tempfile::tempdir().expect("a folder");
    let app = app(folder.path());
    let wish = app.wish_of("Pills every day 8am and 8pm until 1 December", None).expect("a wish");
    let (main, others) = app.add_reminders(&wish).expect("added");
    assert_eq!((main.when.to_string(), others.len()), ("2026-11-21T20:00:00".to_owned(), 1));
    let daily = "FREQ=DAILY;UNTIL=20261201";
    assert_eq!(held(&app), [format!("Pills 2026-11-21T20:00:00 {daily}"), format!("Pills 2026-11-22T08:00:00 {daily}")]);
    app.add_words("Drops every 8 hours", None).expect("added");
    let drops = ["Drops 2026-11-21T13:00:00 FREQ=DAILY", "Drops 2026-11-21T21:00:00 FREQ=DAILY", "Drops 2026-11-22T05:00:00 FREQ=DAILY"];
    assert_eq!(held(&app)[..3], drops);
}

/// In Berlin the clock goes from 02:00 to 03:00 on 28 March 2027.
#[test]
fn what_is_typed_for_an_hour_that_the_clock_leaves_out_is_when_the_clock_shows_it() {
    let folder = tempfile::tempdir().expect("a folder");
    let app = app(folder.path());
    let zone = Some("Europe/Berlin".to_owned());
    let wish = |title: &str, repeat: Option<&str>| ReminderWish {
        title: Some(title.to_owned()),
        at: Some("2027-03-28T02:30".to_owned()),
        zone: zone.clone(),
        repeat: repeat.map(str::to_owned),
        ..ReminderWish::default()
    };
    let single = app.add_reminder(&wish("Call", None)).expect("added");
    assert_eq!(single.when.local().to_string(), "2027-03-28 03:30:00");
    app.add_reminder(&wish("Feed", Some("FREQ=DAILY;COUNT=3"))).expect("added");
    let feed = ["Feed 2027-03-28T03:30:00", "Feed 2027-03-29T02:30:00 FREQ=DAILY;COUNT=2"];
    assert_eq!(held(&app)[1..], feed);
    let moved = app.edit_reminder(&single.id.to_string(), &ReminderWish { at: Some("2027-03-28T02:10".into()), ..ReminderWish::default() });
    assert_eq!(moved.expect("edited").when.local().to_string(), "2027-03-28 03:10:00");
}

#[test]
fn a_document_names_no_secret_of_a_feed() {
    let folder = tempfile::tempdir().expect("a folder");
    let app = app(folder.path());
    let address = "https://calendars.example/private-abc/basic.ics?token=xyz";
    let list = List { source: Some(belfry_core::Source::Feed(address.into())), ..List::typed("Work", app.now()) };
    app.store.save_list(&list).expect("saved");
    let document = serde_json::to_string(&app.list_document(&list).expect("a document")).expect("text");
    assert!(document.contains("https://calendars.example/\u{2026}/basic.ics"), "{document}");
    assert!(!document.contains("abc") && !document.contains("xyz"), "{document}");
    assert_eq!(app.list(Some("Work")).expect("a list").source.map(|source| source.location().to_owned()), Some(address.to_owned()));
}
