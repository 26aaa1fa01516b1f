//! A source that says now one thing and then another: the list holds what the later one says, as if it had never said the first.

use super::*;
use crate::testing::app;

/// What a file can say of one UID: a head, and what follows in further items.
const VERSIONS: [(&str, &str); 30] = [
    ("gone", ""),
    ("single", "S:20270304T190000"),
    ("single in a zone", "S;TZID=America/New_York:20270304T190000"),
    ("single all day", "S;VALUE=DATE:20270304"),
    ("weekly", "S:20270304T190000|RRULE:FREQ=WEEKLY"),
    ("weekly later", "S:20270304T200000|RRULE:FREQ=WEEKLY"),
    ("weekly in a zone", "S;TZID=America/New_York:20270304T190000|RRULE:FREQ=WEEKLY"),
    ("weekly all day", "S;VALUE=DATE:20270304|RRULE:FREQ=WEEKLY"),
    ("two days a week", "S:20270304T190000|RRULE:FREQ=WEEKLY;BYDAY=MO,TH"),
    ("until May", "S:20270304T190000|RRULE:FREQ=WEEKLY;UNTIL=20270501T000000Z"),
    ("daily", "S:20270304T190000|RRULE:FREQ=DAILY"),
    ("monthly", "S:20270331T190000|RRULE:FREQ=MONTHLY"),
    ("twice a day", "S:20270304T080000|RRULE:FREQ=DAILY;BYHOUR=8,19"),
    ("begins in a gap", "S;TZID=Europe/Berlin:20270328T023000|RRULE:FREQ=DAILY"),
    ("one left out", "S:20270304T190000|RRULE:FREQ=WEEKLY|EXDATE:20270311T190000"),
    ("one more", "S:20270304T190000|RRULE:FREQ=WEEKLY|RDATE:20270306T190000"),
    ("one more and one left out", "S:20270304T190000|RRULE:FREQ=WEEKLY|RDATE:20270306T190000|EXDATE:20270311T190000"),
    ("only dates", "S:20270304T190000|RDATE:20270306T190000,20270313T190000"),
    ("one moved", "S:20270304T190000|RRULE:FREQ=WEEKLY|&20270311T190000|S:20270312T210000"),
    ("one moved elsewhere", "S:20270304T190000|RRULE:FREQ=WEEKLY|&20270311T190000|S:20270310T170000"),
    ("one of another name", "S:20270304T190000|RRULE:FREQ=WEEKLY|&20270311T190000|S:20270311T190000|N:Concert"),
    ("one cancelled", "S:20270304T190000|RRULE:FREQ=WEEKLY|&20270311T190000|S:20270311T190000|STATUS:CANCELLED"),
    ("one rings sooner", "S:20270304T190000|RRULE:FREQ=WEEKLY|A:-PT15M|&20270311T190000|S:20270311T190000|A:-PT1H"),
    ("from one on later", "S:20270304T190000|RRULE:FREQ=WEEKLY|&!20270318T190000|S:20270318T200000"),
    ("a task", "DUE:20270304T190000"),
    ("a task that is done", "DUE:20270304T190000|STATUS:COMPLETED"),
    ("rings", "S:20270304T190000|RRULE:FREQ=WEEKLY|A:-PT15M"),
    ("rings twice", "S:20270304T190000|RRULE:FREQ=WEEKLY|A:-PT15M|A:-P1D"),
    (
        "longer and named",
        "S:20270304T190000|DURATION:PT2H|N:Rehearsal|DESCRIPTION:Bring notes|CATEGORIES:Music|CLASS:PRIVATE|TRANSP:OPAQUE",
    ),
    ("a thing of its own", "S:20270304T190000|RRULE:FREQ=WEEKLY|X-OWN:1|URL:https://example.org/|PRIORITY:1"),
];

/// The calendar of a version, among others that stay.
fn calendar(version: &str) -> Vec<u8> {
    let others = (1..=3).map(|number| format!("BEGIN:VEVENT\nUID:other{number}\nSUMMARY:Other\nDTSTART:2027060{number}\nEND:VEVENT\n"));
    let mut items = String::new();
    for (number, part) in version.split("|&").filter(|part| !part.is_empty()).enumerate() {
        let mut lines: Vec<String> = part.split('|').map(str::to_owned).collect();
        if number > 0 {
            let on = lines.remove(0);
            lines.push(match on.strip_prefix('!') {
                Some(on) => format!("RECURRENCE-ID;RANGE=THISANDFUTURE:{on}"),
                None => format!("RECURRENCE-ID:{on}"),
            });
        }
        if !lines.iter().any(|line| line.starts_with("N:")) {
            lines.push("N:Choir".to_owned());
        }
        let line = |line: String| match line.split_at(1) {
            ("S", rest) if rest.starts_with([':', ';']) => format!("DTSTART{rest}"),
            ("N", rest) if rest.starts_with(':') => format!("SUMMARY{rest}"),
            ("A", rest) if rest.starts_with(':') => format!("BEGIN:VALARM\nACTION:DISPLAY\nDESCRIPTION:x\nTRIGGER{rest}\nEND:VALARM"),
            _ => line,
        };
        let body: Vec<String> = lines.into_iter().map(line).collect();
        let kind = if part.starts_with("DUE") { "VTODO" } else { "VEVENT" };
        items.push_str(&format!("BEGIN:{kind}\nUID:choir\n{}\nEND:{kind}\n", body.join("\n")));
    }
    format!("BEGIN:VCALENDAR\n{}{items}END:VCALENDAR\n", others.collect::<String>()).into_bytes()
}

/// A list that follows something, and holds nothing yet.
fn list(app: &App, name: &str) -> List {
    let typed = List::typed(name, app.now());
    let list = List { source: Some(Source::File("/nowhere.ics".into())), direction: Direction::Source, ..typed };
    app.store.save_list(&list).expect("saved");
    list
}

fn read(app: &App, list: &List, version: &str) {
    let contents = belfry_sources::parse(&calendar(version), &app.read_into(list), None).expect("a calendar");
    assert!(contents.set_aside.is_empty(), "{version}: {:?}", contents.set_aside);
    assert_eq!(app.take_over(list, contents, true, 0).expect("taken over"), None, "{version} is held");
}

/// What a list holds, but for the ids, which its own follow from.
fn held(app: &App, list: &List) -> Vec<String> {
    let nobody = ReminderId(uuid::Uuid::nil());
    let of = |reminder: Reminder| {
        let anonymous = Reminder { id: nobody, list: ListId::of_name("any"), created_at: app.now(), changed_at: app.now(), ..reminder };
        serde_json::to_string(&anonymous).expect("a document")
    };
    let mut all: Vec<String> = app.store.listed(Some(list.id)).expect("a list").into_iter().map(|row| of(row.reminder)).collect();
    all.sort();
    all
}

#[test]
fn what_a_source_says_last_is_what_its_list_holds() {
    let folder = tempfile::tempdir().expect("a folder");
    let app = app(folder.path());
    let fresh: Vec<Vec<String>> = VERSIONS
        .iter()
        .map(|(name, version)| {
            let list = list(&app, name);
            read(&app, &list, version);
            held(&app, &list)
        })
        .collect();
    let mut wrong = Vec::new();
    for (before, first) in VERSIONS {
        let list = list(&app, &format!("{before}, then others"));
        for ((after, then), expected) in VERSIONS.iter().zip(&fresh) {
            read(&app, &list, first);
            read(&app, &list, then);
            if held(&app, &list) != *expected {
                wrong.push(format!("{before}, then {after}"));
            }
        }
    }
    assert!(wrong.is_empty(), "{} of {}:\n{}", wrong.len(), VERSIONS.len().pow(2), wrong.join("\n"));
}

/// A date beside the rule has a name of its own: at its own hour, or at that of the series.
#[test]
fn dates_beside_the_rule_that_are_done_stay_so() {
    let folder = tempfile::tempdir().expect("a folder");
    let app = app(folder.path());
    let list = list(&app, "Choir");
    let version = |start: &str, dates: &str, name: &str| format!("S:{start}|RRULE:FREQ=WEEKLY|RDATE:{dates}|N:{name}");
    read(&app, &list, &version("20261130T090000", "20261202T090000,20261203T140000", "Choir"));
    let series = || {
        let all = app.store.listed(Some(list.id)).expect("a list").into_iter().map(|row| row.reminder);
        all.filter(|reminder| reminder.recurrence.is_some()).collect::<Vec<_>>().swap_remove(0)
    };
    for date in ["2026-12-02", "2026-12-03", "2026-12-07"] {
        app.change_date(&series().id.to_string(), date, &crate::occurrences::DateChange::Done(true)).expect("done");
    }
    let done = || {
        let changed = series().recurrence.expect("a series").changed;
        changed.iter().filter(|(_, own)| own.done).map(|(date, _)| date.to_string()).collect::<Vec<_>>()
    };
    read(&app, &list, &version("20261130T090000", "20261202T090000,20261203T140000", "Choir again"));
    assert_eq!(done(), ["2026-12-02T09:00:00", "2026-12-03T14:00:00", "2026-12-07T09:00:00"]);
    // The source moves them, and the series.
    read(&app, &list, &version("20261130T100000", "20261202T100000,20261203T150000", "Choir again"));
    assert_eq!(done(), ["2026-12-02T10:00:00", "2026-12-03T15:00:00", "2026-12-07T10:00:00"]);
    // It has one of them no more.
    read(&app, &list, &version("20261130T100000", "20261203T150000", "Choir again"));
    assert_eq!(done(), ["2026-12-03T15:00:00", "2026-12-07T10:00:00"]);
}
