//! A file that is imported again: what a person did here since stays, whatever became of the defaults of the list.

use belfry_core::ShowAs;

use super::*;
use crate::lists::DefaultsWish;
use crate::occurrences::DateChange;
use crate::reminders::ReminderWish;
use crate::testing::app;

const LIST: &str = "Flat";

/// Monday to Monday at nine where the list is, and once in a while on a Wednesday afternoon.
const SERIES: &str = "RRULE:FREQ=WEEKLY\nEXDATE:20261221T090000\nRDATE:20261209T140000\n";

fn calendar(title: &str, more: &str) -> String {
    format!("BEGIN:VCALENDAR\nBEGIN:VEVENT\nUID:a\nSUMMARY:{title}\nDTSTART:20261207T090000\n{more}END:VEVENT\nEND:VCALENDAR\n")
}

fn import(app: &App, text: &str) -> (usize, usize, usize) {
    let report = app.import(text.as_bytes(), Path::new("a file"), Some(LIST), None).expect("imported");
    (report.added, report.changed, report.unchanged)
}

fn held(app: &App) -> Reminder {
    app.reminders(Some(LIST)).expect("reminders").into_iter().next().expect("a reminder").reminder
}

fn edit(app: &App, wish: &ReminderWish) {
    app.edit_reminder(&held(app).id.to_string(), wish).expect("edited");
}

/// Everything that a list fills in is another.
fn other_defaults(app: &App) {
    let wish = DefaultsWish { zone: Some("America/New_York".into()), alarms: vec![60], all_day_alarms: vec![30], show_as: ShowAs::Busy };
    app.set_list_defaults(LIST, &wish).expect("other defaults");
}

fn by_hand() -> ReminderWish {
    ReminderWish { title: Some("My rent".into()), at: Some("2026-12-07T11:00".into()), ..ReminderWish::default() }
}

#[test]
fn other_defaults_change_nothing_of_what_a_file_says() {
    let table = "id,title,date,time,alarm\na,Rent,2026-12-07,09:00,\n".to_owned();
    for text in [calendar("Rent", ""), calendar("Rent", SERIES), table] {
        let folder = tempfile::tempdir().expect("a folder");
        let app = app(folder.path());
        app.add_local_list(LIST).expect("a list");
        assert_eq!(import(&app, &text), (1, 0, 0), "{text}");
        edit(&app, &by_hand());
        let before = held(&app);
        other_defaults(&app);
        assert_eq!(import(&app, &text), (0, 0, 1), "{text}");
        assert_eq!(held(&app), before, "{text}");
    }
}

#[test]
fn what_a_changed_item_does_not_say_stays() {
    let folder = tempfile::tempdir().expect("a folder");
    let app = app(folder.path());
    app.add_local_list(LIST).expect("a list");
    assert_eq!(import(&app, &calendar("Rent", SERIES)), (1, 0, 0));
    edit(&app, &ReminderWish { alarms: Some(vec![45]), ..ReminderWish::default() });
    let before = held(&app);
    other_defaults(&app);
    assert_eq!(import(&app, &calendar("Rent, raised", SERIES)), (0, 1, 0));
    let after = held(&app);
    assert_eq!(after, Reminder { title: "Rent, raised".into(), ..before });
    // What it says counts.
    let said = "TRANSP:TRANSPARENT\nBEGIN:VALARM\nACTION:DISPLAY\nTRIGGER:-PT5M\nEND:VALARM\n";
    assert_eq!(import(&app, &calendar("Rent", said)), (0, 1, 0));
    assert_eq!((held(&app).alarms, held(&app).show_as), (vec![5], ShowAs::Free));
}

/// What databases hold of imports of old.
#[test]
fn a_fingerprint_of_the_old_kind_is_known_again() {
    for has_other_defaults in [false, true] {
        let folder = tempfile::tempdir().expect("a folder");
        let app = app(folder.path());
        app.add_local_list(LIST).expect("a list");
        assert_eq!(import(&app, &calendar("Rent", SERIES)), (1, 0, 0));
        app.store.set_imported(held(&app).id, &said::filled_in(&held(&app))).expect("an old one");
        edit(&app, &ReminderWish { title: Some("My rent".into()), ..ReminderWish::default() });
        if has_other_defaults {
            other_defaults(&app);
        }
        assert_eq!(import(&app, &calendar("Rent", SERIES)), (0, 0, 1));
        assert_eq!(held(&app).title, "My rent");
        // From now on it is one of the new kind.
        edit(&app, &by_hand());
        other_defaults(&app);
        assert_eq!(import(&app, &calendar("Rent", SERIES)), (0, 0, 1));
        assert_eq!(import(&app, &calendar("Rent, raised", SERIES)), (0, 1, 0));
    }
}

#[test]
fn dates_that_are_done_stay_so_when_the_file_changes() {
    let folder = tempfile::tempdir().expect("a folder");
    let app = app(folder.path());
    app.add_local_list(LIST).expect("a list");
    assert_eq!(import(&app, &calendar("Rent", SERIES)), (1, 0, 0));
    let id = held(&app).id.to_string();
    for date in ["2026-12-09", "2026-12-14"] {
        app.change_date(&id, date, &DateChange::Done(true)).expect("done");
    }
    let done = || {
        let series = held(&app).recurrence.expect("a series");
        series.changed.iter().filter(|(_, own)| own.done).map(|(date, _)| date.to_string()).collect::<Vec<_>>()
    };
    assert_eq!(import(&app, &calendar("Rent, raised", SERIES)), (0, 1, 0));
    assert_eq!(done(), ["2026-12-09T14:00:00", "2026-12-14T09:00:00"]);
    // At another hour they are the same dates.
    let later = calendar("Rent, raised", &SERIES.replace("T14", "T15").replace("T09", "T10")).replace("07T09", "07T10");
    assert_eq!(import(&app, &later), (0, 1, 0));
    assert_eq!(done(), ["2026-12-09T15:00:00", "2026-12-14T10:00:00"]);
    // A date that the file has no more is none.
    assert_eq!(import(&app, &calendar("Rent, raised", "RRULE:FREQ=WEEKLY;INTERVAL=2\n")), (0, 1, 0));
    assert_eq!(done(), Vec::<String>::new());
}
