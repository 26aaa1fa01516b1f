//! What programs write beside and against the standard.

use belfry_core::{Reminder, ShowAs, Zone};

use super::tests::{calendar, zone};
use super::{Contents, FileProblem, Open, Unread};

fn event(properties: &str) -> String {
    format!("BEGIN:VEVENT\nUID:s\nSUMMARY:x\n{properties}\nEND:VEVENT\n")
}

fn reasons(contents: &Contents) -> Vec<String> {
    contents.set_aside.iter().map(|aside| aside.reason.to_string()).collect()
}

fn one(items: &str) -> Reminder {
    let mut contents = calendar(items);
    assert_eq!((reasons(&contents), contents.left_out.clone()), (vec![], [].into()));
    assert_eq!(contents.reminders.len(), 1);
    contents.reminders.remove(0)
}

fn said(reminder: &Reminder) -> (String, &'static str, u32) {
    (reminder.when.to_string(), reminder.when.zone().map_or("", Zone::name), reminder.length.minutes())
}

#[test]
fn a_zone_of_its_own_comes_before_that_of_the_calendar_and_that_before_the_lists() {
    let lines = [
        ("DTSTART;TZID=Asia/Tokyo:20270303T090000", "Asia/Tokyo"),
        ("DTSTART:20270303T090000Z", "UTC"),
        ("DTSTART:20270303T090000", "America/New_York"),
        ("DTSTART;VALUE=DATE:20270303", ""),
    ];
    for (line, zone) in lines {
        assert_eq!(said(&one(&format!("X-WR-TIMEZONE:America/New_York\n{}", event(line)))).1, zone, "{line}");
        // It may stand behind the items.
        assert_eq!(said(&one(&format!("{}X-WR-TIMEZONE:Eastern Standard Time", event(line)))).1, zone, "{line}");
    }
    assert_eq!(said(&one(&event("DTSTART:20270303T090000"))).1, "Europe/Berlin");
    let two = format!("X-WR-TIMEZONE:Asia/Tokyo\nEND:VCALENDAR\nBEGIN:VCALENDAR\n{}", event("DTSTART:20270303T090000"));
    assert_eq!(said(&one(&two)).1, "Europe/Berlin");
    let unknown = calendar(&format!("X-WR-TIMEZONE:Middle/Earth\n{}", event("DTSTART:20270303T090000")));
    assert_eq!(unknown.left_out, [("X-WR-TIMEZONE (not known)".to_owned(), 1)].into());
}

#[test]
fn a_clock_of_no_place_gives_single_dates_their_instant() {
    let own = zone("Own", ("+0145", "+0245"), ("030000 BYDAY=-1SU;BYMONTH=10", "020000 BYDAY=-1SU;BYMONTH=3"));
    for (start, end, instant, minutes) in [
        ("20270303T090000", "DTEND;TZID=Own:20270303T100000", "2027-03-03T07:15:00", 60),
        ("20270703T090000", "DTEND:20270703T093000", "2027-07-03T06:15:00", 30),
        ("20270703T090000", "DTEND:20270703T071500Z", "2027-07-03T06:15:00", 60),
        // Left out, and twice.
        ("20270328T023000", "DURATION:PT30M", "2027-03-28T00:45:00", 30),
        ("20271031T023000", "DURATION:PT30M", "2027-10-30T23:45:00", 30),
    ] {
        let read = one(&(own.clone() + &event(&format!("DTSTART;TZID=Own:{start}\n{end}"))));
        assert_eq!(said(&read), (instant.to_owned(), "UTC", minutes), "{start}");
    }
    for repeat in ["RRULE:FREQ=DAILY", "RDATE;TZID=Own:20270304T090000"] {
        let refused = calendar(&(own.clone() + &event(&format!("DTSTART;TZID=Own:20270303T090000\n{repeat}"))));
        assert_eq!(reasons(&refused), ["it repeats in the time zone `Own`, whose clock is that of no known place"]);
        assert_ne!(refused.unread, Unread::default());
    }
}

#[test]
fn a_calendar_that_takes_back_holds_nothing_live() {
    let series = event("DTSTART;TZID=Europe/Berlin:20270301T090000\nRRULE:FREQ=DAILY;COUNT=3");
    let contents = calendar(&format!("METHOD:CANCEL\n{series}"));
    assert_eq!((contents.reminders.len(), reasons(&contents)), (0, vec!["it is cancelled".to_owned()]));
    let date = event("RECURRENCE-ID;TZID=Europe/Berlin:20270302T090000\nDTSTART;TZID=Europe/Berlin:20270302T090000");
    let both = one(&format!("METHOD:PUBLISH\n{series}END:VCALENDAR\nBEGIN:VCALENDAR\nmethod:cancel\n{date}"));
    assert_eq!(both.recurrence.map(|series| series.cancelled.len()), Some(1));
}

#[test]
fn a_task_of_which_all_is_done_is_done() {
    let task = |percent: u8| format!("BEGIN:VTODO\nUID:t\nSUMMARY:x\nDUE:20270303T090000Z\nPERCENT-COMPLETE:{percent}\nEND:VTODO");
    assert!(one(&task(100)).done);
    let begun = calendar(&task(60));
    assert_eq!((begun.reminders.first().map(|one| one.done), begun.left_out.len()), (Some(false), 1));
    assert!(!calendar(&event("DTSTART:20270303T090000Z\nPERCENT-COMPLETE:100")).reminders.first().is_some_and(|one| one.done));
}

#[test]
fn whole_days_that_exchange_writes_as_midnights() {
    let all_day = "X-MICROSOFT-CDO-ALLDAYEVENT:TRUE";
    for times in [
        "DTSTART;TZID=Europe/Berlin:20270303T000000\nDTEND;TZID=Europe/Berlin:20270305T000000",
        "DTSTART;TZID=America/New_York:20270303T000000\nDTEND;TZID=America/New_York:20270305T000000",
        "DTSTART:20270302T230000Z\nDTEND:20270304T230000Z",
        "DTSTART:20270303T000000\nDURATION:P2D",
    ] {
        assert_eq!(said(&one(&event(&format!("{times}\n{all_day}")))), ("2027-03-03".to_owned(), "", 2 * 24 * 60), "{times}");
    }
    let series = event(&format!(
        "DTSTART:20270302T230000Z\nDTEND:20270303T230000Z\nRRULE:FREQ=DAILY;UNTIL=20270305T230000Z\nEXDATE:20270303T230000Z\n{all_day}"
    ));
    let moved = event(&format!("RECURRENCE-ID:20270304T230000Z\nDTSTART:20270309T230000Z\nDTEND:20270310T230000Z\n{all_day}"));
    let read = one(&(series + &moved));
    let far = chrono::NaiveDate::from_ymd_opt(2030, 1, 1).expect("a date").into();
    assert_eq!(read.starts(far, 9).iter().map(|one| one.when.to_string()).collect::<Vec<_>>(), ["2027-03-03", "2027-03-10", "2027-03-06"]);
    // Times that are none are what they say.
    let timed = one(&event(&format!("DTSTART:20270303T080000Z\nDTEND:20270303T090000Z\n{all_day}")));
    assert_eq!(said(&timed), ("2027-03-03T08:00:00".to_owned(), "UTC", 60));
    let not = one(&event("DTSTART;TZID=Europe/Berlin:20270303T000000\nDURATION:PT30M\nX-MICROSOFT-CDO-ALLDAYEVENT:FALSE"));
    assert_eq!(said(&not).2, 30);
}

#[test]
fn encoded_texts_of_vcalendar_1_0() {
    let text = "BEGIN:VEVENT\nUID:q\nSUMMARY;ENCODING=QUOTED-PRINTABLE;CHARSET=UTF-8:M=C3=BC=\nller\n\
                DESCRIPTION;CHARSET=ISO-8859-1;ENCODING=QUOTED-PRINTABLE:Gr=FC=DFe,=0D=0Aa; b\nDTSTART:20270303T090000Z\nEND:VEVENT";
    let read = one(text);
    assert_eq!((read.title.as_str(), read.notes.as_str()), ("M\u{fc}ller", "Gr\u{fc}\u{df}e,\na; b"));
}

#[test]
fn what_cannot_be_kept_has_its_true_reason() {
    let excluded = calendar(&event("DTSTART:20270303T090000Z\nRRULE:FREQ=DAILY\nEXRULE:FREQ=WEEKLY"));
    assert_eq!(reasons(&excluded), ["it leaves out dates by a rule (EXRULE)"]);
    let several = calendar(&event("DTSTART:20270303T090000Z\nRRULE:FREQ=DAILY\nRRULE:FREQ=WEEKLY"));
    assert_eq!(reasons(&several), ["it has more than one repeat rule"]);
    for bad in ["P100000000W", "P99999999999999999999D", "-PT30M", "soon", "PT"] {
        let contents = calendar(&event(&format!("DTSTART:20270303T090000Z\nDURATION:{bad}")));
        assert_eq!((contents.reminders.len(), contents.left_out), (1, [("DURATION (no length)".to_owned(), 1)].into()), "{bad}");
    }
    let task = calendar("BEGIN:VTODO\nUID:t\nSUMMARY:x\nDTSTART:20270303T090000Z\nDURATION:P100000000W\nEND:VTODO");
    assert_eq!((task.reminders.len(), task.left_out), (1, [("DURATION (no length)".to_owned(), 1)].into()));
    let years = calendar(&event("DTSTART:20270303T090000Z\nDURATION:P520W"));
    assert_eq!(years.set_aside.len(), 1);
}

#[test]
fn a_zone_is_what_its_own_calendar_says_of_it() {
    let named = "Customized Time Zone";
    let berlin = zone(named, ("+0100", "+0200"), ("030000 BYDAY=-1SU;BYMONTH=10", "020000 BYDAY=-1SU;BYMONTH=3"));
    let york = zone(named, ("-0500", "-0400"), ("020000 BYDAY=1SU;BYMONTH=11", "020000 BYDAY=2SU;BYMONTH=3"));
    let item = |uid: &str| event(&format!("DTSTART;TZID={named}:20270705T090000")).replace("UID:s", &format!("UID:{uid}"));
    let next = "END:VCALENDAR\nBEGIN:VCALENDAR\n";
    let zones = |text: &str| {
        let contents = calendar(text);
        (contents.reminders.iter().map(|reminder| said(reminder).1).collect::<Vec<_>>(), reasons(&contents))
    };
    let unknown = format!("its time zone `{named}` is not known");
    let (first, second) = (item("1"), item("2"));
    assert_eq!(zones(&format!("{berlin}{first}{next}{york}{second}")), (vec!["Europe/Berlin", "America/New_York"], vec![]));
    assert_eq!(zones(&format!("{berlin}{first}{next}{second}")), (vec!["Europe/Berlin"], vec![unknown.clone()]));
    assert_eq!(zones(&format!("{first}{next}{york}{second}")), (vec!["America/New_York"], vec![unknown]));
    // A calendar of nothing but zones is there for the others.
    assert_eq!(zones(&format!("{york}{next}{first}{next}{berlin}{second}")), (vec!["America/New_York", "Europe/Berlin"], vec![]));
}

/// A weekly series of four, with lines in it, and a change of its second date.
fn changed(lines: &str, change: &str) -> Contents {
    calendar(&format!(
        "{}{}",
        event(&format!("DTSTART:20270301T090000Z\nRRULE:FREQ=WEEKLY;COUNT=4\n{lines}")),
        event(&format!("RECURRENCE-ID:20270308T090000Z\n{change}"))
    ))
}

#[test]
fn one_date_has_a_category_a_privacy_and_a_link_of_its_own() {
    let own = |lines: &str, change: &str| {
        let contents = changed(lines, &format!("DTSTART:20270308T090000Z\n{change}"));
        assert_eq!(reasons(&contents), Vec::<String>::new());
        let series = contents.reminders.into_iter().next().and_then(|reminder| reminder.recurrence).expect("a series");
        let change = series.changed.into_values().next().expect("a changed date");
        ((change.category, change.show_as, change.private, change.link), contents.left_out)
    };
    let home = Some(Some("Home".to_owned()));
    let work = "CATEGORIES:Work\nCLASS:PUBLIC\nTRANSP:OPAQUE";
    let all = own(work, "CATEGORIES:Home\nCLASS:PRIVATE\nTRANSP:TRANSPARENT\nURL:https://example.org/x");
    let link = |link: &str| Some(Some(link.to_owned()));
    assert_eq!(all, ((home, Some(ShowAs::Free), Some(true), link("https://example.org/x")), [].into()));
    // What it does not say is as in the series: a private series has no public date by silence.
    assert_eq!(own("CATEGORIES:Work\nCLASS:PRIVATE\nTRANSP:TRANSPARENT", "COMMENT;X=1:"), ((None, None, None, None), [].into()));
    assert_eq!(own(work, "CATEGORIES:\nCLASS:PUBLIC"), ((Some(None), None, None, None), [].into()));
    let meet = "URL:https://example.org/all";
    assert_eq!(own(meet, meet).0.3, None);
    assert_eq!(own(meet, "COMMENT:x").0.3, None);
    assert_eq!(own(meet, "URL:https://example.org/x").0.3, link("https://example.org/x"));
    assert_eq!(own(meet, "URL:").0.3, Some(None));
    assert_eq!(own("CLASS:PRIVATE", "CLASS:PUBLIC").0.2, Some(false));
}

#[test]
fn a_date_that_is_left_out_and_changed_is_changed() {
    let contents = changed("EXDATE:20270308T090000Z", "DTSTART:20270310T140000Z");
    assert_eq!((reasons(&contents), contents.left_out), (vec![], [].into()));
    let series = contents.reminders.into_iter().next().and_then(|reminder| reminder.recurrence).expect("a series");
    let moved: Vec<String> = series.changed.values().filter_map(|change| change.when).map(|when| when.to_string()).collect();
    assert_eq!((moved, series.cancelled), (vec!["2027-03-10T14:00:00".to_owned()], [].into()));
}

#[test]
fn items_whose_brackets_are_bent_are_items() {
    let plain =
        format!("BEGIN:VCALENDAR\nVERSION:2.0\n{}END:VCALENDAR\n", event("DTSTART:20270105T090000Z\nDESCRIPTION:a very lo\n ng text"));
    let second = plain.replace("UID:s", "UID:t");
    let indented = |plain: &str, keep: &str| {
        plain.lines().map(|line| if line.contains(keep) { format!("{line}\n") } else { format!("  {line}\n") }).collect::<String>()
    };
    let read = |text: &str| {
        let contents = super::read(text.as_bytes(), &super::tests::into()).expect(text);
        assert_eq!(reasons(&contents), Vec::<String>::new(), "{text}");
        contents.reminders.iter().map(|reminder| (reminder.when.to_string(), reminder.notes.clone())).collect::<Vec<_>>()
    };
    let expected = read(&plain);
    assert_eq!(expected, [("2027-01-05T09:00:00".to_owned(), "a very long text".to_owned())]);
    for bent in [
        plain.replace("BEGIN:VEVENT", "BEGIN: VEVENT").replace("END:VEVENT", "END: VEVENT"),
        plain.replace("BEGIN:VEVENT", "BEGIN : VEVENT"),
        plain.replace("BEGIN:VEVENT", "BEGIN:VEV\n ENT"),
        indented(&plain, "VCALENDAR"),
        indented(&plain, "nothing"),
    ] {
        assert_eq!(read(&bent), expected, "{bent}");
    }
    assert_eq!(read(&(plain.clone() + &second.replace("BEGIN:VEVENT", "BEGIN:VEV\n ENT"))).len(), 2);
}

#[test]
fn a_calendar_of_nothing_that_is_known_is_no_empty_one() {
    let read = |items: &str| super::read(format!("BEGIN:VCALENDAR\nVERSION:2.0\n{items}END:VCALENDAR\n").as_bytes(), &super::tests::into());
    let unknown = FileProblem::Truncated { line: 3, open: Open::Items };
    assert_eq!(read("BEGIN:X\nBEGIN:X\n"), Err(unknown.clone()));
    assert_eq!(read("BEGIN:VEVEMT\nUID:1\nEND:VEVEMT\n"), Err(unknown.clone()));
    assert_eq!(unknown.to_string(), "the file holds no event and no task that can be told; what begins on line 3 is neither");
    assert_eq!(read("").map(|contents| contents.reminders), Ok(vec![]));
    assert_eq!(read("BEGIN:VTIMEZONE\nTZID:x\nEND:VTIMEZONE\n").map(|contents| contents.reminders), Ok(vec![]));
    assert_eq!(read(&("BEGIN:X\nEND:X\n".to_owned() + &event("DTSTART:20270105"))).map(|contents| contents.reminders.len()), Ok(1));
}

#[test]
fn alarms_of_the_old_kind_and_instants_that_do_not_say_so() {
    let read = |lines: &str| {
        let contents = calendar(&event(&format!("DTSTART:20270301T090000Z\n{lines}")));
        let left_out: Vec<String> = contents.left_out.keys().cloned().collect();
        let one = contents.reminders.into_iter().next().expect("a reminder");
        (one.alarms, left_out, one.other)
    };
    let alarm = |trigger: &str| read(&format!("BEGIN:VALARM\nACTION:DISPLAY\n{trigger}\nEND:VALARM"));
    let told = |names: &[&str]| names.iter().map(|name| format!("VALARM ({name})")).collect::<Vec<_>>();
    assert_eq!(read("AALARM:20270301T083000Z"), (vec![30], vec![], vec![]));
    assert_eq!(
        read("AALARM;TYPE=WAVE:20270301T083000Z;;1;\nDALARM:20270301T093000;PT5M;2;x\nRRULE:FREQ=DAILY"),
        (vec![-30, 30], vec![], vec![])
    );
    assert_eq!(alarm("TRIGGER:20270301T080000Z"), (vec![60], vec![], vec![]));
    // The list's own alarm does not take the place of one unsaid.
    let usual = "the usual alarm of the list instead";
    assert_eq!(alarm("TRIGGER:soon"), (vec![15], told(&[usual, "without a time"]), vec![]));
    assert_eq!(read("AALARM:soon"), (vec![15], told(&[usual, "without a time"]), vec![]));
    assert_eq!(read("AALARM:soon\nDALARM:20270301T083000Z"), (vec![30], told(&["without a time"]), vec![]));
    assert_eq!(read("AALARM:soon\nX-BELFRY-ALARMS:NONE"), (vec![], told(&["without a time"]), vec![]));
}

#[test]
fn days_of_a_series_that_are_named_by_their_midnights_at_home() {
    let days = |lines: &str, more: &str| {
        let main = event(&format!("DTSTART;VALUE=DATE:20270301\nRRULE:{lines}"));
        let mut contents = calendar(&(main + more));
        assert_eq!((reasons(&contents), contents.reminders.len()), (vec![], 1));
        let one = contents.reminders.remove(0);
        let series = one.recurrence.clone().expect("a series");
        let starts: Vec<String> = series
            .occurrences(&one.when, one.when.local() + chrono::TimeDelta::days(60), 9)
            .iter()
            .map(|one| one.when.to_string())
            .collect();
        (starts, contents.left_out.into_keys().collect::<Vec<_>>())
    };
    let read = |starts: &[&str]| starts.iter().map(|start| (*start).to_owned()).collect::<Vec<_>>();
    // Midnight in Berlin, and in UTC.
    for at in ["20270307T230000Z", "20270308T000000Z", "20270308T080000Z"] {
        let out = days(&format!("FREQ=WEEKLY;COUNT=4\nEXDATE:{at}"), "");
        assert_eq!(out, (read(&["2027-03-01", "2027-03-15", "2027-03-22"]), vec![]), "{at}");
    }
    let moved = event("RECURRENCE-ID:20270307T230000Z\nDTSTART;VALUE=DATE:20270309");
    assert_eq!(days("FREQ=WEEKLY;COUNT=3", &moved).0, read(&["2027-03-01", "2027-03-09", "2027-03-15"]));
    assert_eq!(days("FREQ=WEEKLY;UNTIL=20270314T230000Z", "").0, read(&["2027-03-01", "2027-03-08", "2027-03-15"]));
    assert_eq!(days("FREQ=WEEKLY;UNTIL=20270314T120000Z", "").0, read(&["2027-03-01", "2027-03-08"]));
    let missed = days("FREQ=WEEKLY;COUNT=2\nEXDATE:20270307T210000Z", "");
    assert_eq!(missed, (read(&["2027-03-01", "2027-03-08"]), vec!["EXDATE (no date of its series)".to_owned()]));
}

#[test]
fn an_end_that_is_a_day_ends_where_the_day_begins() {
    let read = one(&event("DTSTART;TZID=Europe/Berlin:20270105T090000\nDTEND;VALUE=DATE:20270106"));
    assert_eq!(said(&read).2, 15 * 60);
    let before = calendar(&event("DTSTART;TZID=Europe/Berlin:20270105T090000\nDTEND;VALUE=DATE:20270105"));
    assert_eq!(before.left_out, [("DTEND (before DTSTART)".to_owned(), 1)].into());
}

#[test]
fn a_description_that_is_written_out_raw_is_whole() {
    let read = one(&event(
        "DTSTART:20270105T090000Z\nDESCRIPTION:Agenda\nTime: 10:00\nPlace: room 3\nEND of text\nDtstart: see below\nCLASS:PRIVATE",
    ));
    assert_eq!(read.notes, "Agenda\nTime: 10:00\nPlace: room 3\nEND of text\nDtstart: see below");
    assert_eq!((said(&read).0.as_str(), read.private), ("2027-01-05T09:00:00", true));
}

#[test]
fn days_of_a_series_are_not_those_of_one_change_of_the_clock() {
    let length = |lines: &str| said(&one(&event(&format!("DTSTART;TZID=Europe/Berlin:20270327T180000\n{lines}")))).2;
    assert_eq!(length("DURATION:P1D\nRRULE:FREQ=WEEKLY"), 24 * 60);
    assert_eq!((length("DURATION:P1D"), length("DURATION:PT23H\nRRULE:FREQ=WEEKLY")), (23 * 60, 23 * 60));
}
