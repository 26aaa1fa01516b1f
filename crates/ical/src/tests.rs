//! Reading, over small files that each show one thing.

use belfry_core::{Length, ListDefaults, ListId, ShowAs, Zone};

use super::*;

pub(crate) fn into() -> ReadInto {
    ReadInto {
        list: ListId::of_name("Test"),
        defaults: ListDefaults::default(),
        zone: Zone::parse("Europe/Berlin").expect("a zone"),
        now: "2026-11-21T12:00:00Z".parse().expect("a time"),
    }
}

pub(crate) fn calendar(items: &str) -> Contents {
    read(format!("BEGIN:VCALENDAR\nVERSION:2.0\n{items}\nEND:VCALENDAR\n").as_bytes(), &into()).expect("a calendar")
}

fn one(properties: &str) -> Reminder {
    let mut contents = calendar(&format!("BEGIN:VEVENT\nUID:a\n{properties}\nEND:VEVENT"));
    assert_eq!(contents.set_aside, []);
    contents.reminders.pop().expect("a reminder")
}

#[test]
fn the_four_kinds_of_time() {
    for (line, when, zone) in [
        ("DTSTART;VALUE=DATE:20270303", "2027-03-03", None),
        ("DTSTART:20270303T080000Z", "2027-03-03T08:00:00", Some("UTC")),
        ("DTSTART;TZID=America/New_York:20270303T090000", "2027-03-03T09:00:00", Some("America/New_York")),
        ("DTSTART;TZID=W. Europe Standard Time:20270303T090000", "2027-03-03T09:00:00", Some("Europe/Berlin")),
        ("DTSTART;TZID=\"Eastern Standard Time 1\":20270303T090000", "2027-03-03T09:00:00", Some("America/New_York")),
        ("DTSTART:20270303T090000", "2027-03-03T09:00:00", Some("Europe/Berlin")),
    ] {
        let reminder = one(&format!("SUMMARY:x\n{line}"));
        assert_eq!((reminder.when.to_string().as_str(), reminder.when.zone().map(Zone::name)), (when, zone), "{line}");
    }
}

#[test]
fn length_alarms_and_the_rest() {
    let reminder = one(
        "SUMMARY:Renew\\, soon\nDTSTART:20270303T080000Z\nDTEND:20270303T093000Z\nDESCRIPTION:one\\ntwo\nLOCATION:Town hall\nURL:https://example.org/a\n\
         CLASS:PRIVATE\nTRANSP:OPAQUE\nCATEGORIES:Red,Blue\nBEGIN:VALARM\nACTION:DISPLAY\nTRIGGER:-PT1H\nEND:VALARM\n\
         BEGIN:VALARM\nACTION:DISPLAY\nTRIGGER;RELATED=END:-PT2H\nEND:VALARM\nBEGIN:VALARM\nACTION:DISPLAY\nTRIGGER:PT5M\nEND:VALARM",
    );
    assert_eq!(reminder.title, "Renew, soon");
    assert_eq!(reminder.notes, "one\ntwo\n\nLocation: Town hall");
    assert_eq!(reminder.length, Length::Minutes(90));
    assert_eq!(reminder.alarms, [-5, 30, 60]);
    assert_eq!(reminder.category.as_deref(), Some("Red"));
    assert_eq!((reminder.show_as, reminder.private), (ShowAs::Busy, true));
    assert_eq!(reminder.link.as_deref(), Some("https://example.org/a"));
}

#[test]
fn an_end_without_a_zone_is_in_that_of_the_start() {
    let reminder = one("SUMMARY:x\nDTSTART;TZID=America/New_York:20270303T090000\nDTEND:20270303T100000");
    assert_eq!(reminder.length, Length::Minutes(60));
}

#[test]
fn a_file_without_alarms_gets_the_lists() {
    assert_eq!(one("SUMMARY:x\nDTSTART:20270303T080000Z").alarms, [15]);
    assert_eq!(one("SUMMARY:x\nDTSTART;VALUE=DATE:20270303").alarms, [900]);
}

#[test]
fn a_series_with_its_overrides() {
    let contents = calendar(
        "BEGIN:VEVENT\nUID:s\nSUMMARY:Weekly\nDTSTART;TZID=Europe/Berlin:20270301T090000\nRRULE:FREQ=WEEKLY;COUNT=5\nEXDATE:20270315T080000Z\nEND:VEVENT\n\
         BEGIN:VEVENT\nUID:s\nRECURRENCE-ID;TZID=Europe/Berlin:20270308T090000\nSUMMARY:Later\nDTSTART;TZID=Europe/Berlin:20270308T110000\nEND:VEVENT",
    );
    let series = contents.reminders.first().and_then(|reminder| reminder.recurrence.clone()).expect("a series");
    assert_eq!(contents.reminders.len(), 1);
    assert_eq!(series.cancelled.iter().map(ToString::to_string).collect::<Vec<_>>(), ["2027-03-15T09:00:00"]);
    let (original, changed) = series.changed.first_key_value().expect("a change");
    assert_eq!(original.to_string(), "2027-03-08T09:00:00");
    assert_eq!(changed.title.as_deref(), Some("Later"));
    assert_eq!(changed.when.map(|when| when.to_string()).as_deref(), Some("2027-03-08T11:00:00"));
}

#[test]
fn one_bad_item_does_not_spoil_the_rest() {
    let contents = calendar(
        "BEGIN:VEVENT\nUID:1\nSUMMARY:good\nDTSTART:20270303T080000Z\nEND:VEVENT\nBEGIN:VEVENT\nUID:2\nSUMMARY:bad\nDTSTART:20271345T080000Z\nEND:VEVENT\n\
         BEGIN:VEVENT\nUID:3\nSUMMARY:lost\nDTSTART;TZID=Middle/Earth:20270303T080000\nEND:VEVENT\nBEGIN:VEVENT\nUID:4\nSUMMARY:rule\nDTSTART:20270303T080000Z\nRRULE:FREQ=SOMETIMES\nEND:VEVENT\n\
         BEGIN:VJOURNAL\nSUMMARY:diary\nEND:VJOURNAL\nBEGIN:VEVENT\nUID:5\nSUMMARY:none\nEND:VEVENT",
    );
    assert_eq!(contents.reminders.iter().map(|reminder| reminder.title.as_str()).collect::<Vec<_>>(), ["good"]);
    let reasons: Vec<(usize, String)> = contents.set_aside.iter().map(|aside| (aside.line, aside.reason.to_string())).collect();
    assert_eq!(
        reasons,
        [
            (8, "DTSTART is not a date: 20271345T080000Z".to_owned()),
            (13, "its time zone `Middle/Earth` is not known".to_owned()),
            (18, "`SOMETIMES` is not a value for FREQ".to_owned()),
            (24, "a VJOURNAL is no reminder".to_owned()),
            (27, "it has no date".to_owned()),
        ]
    );
}

#[test]
fn a_file_that_breaks_off_is_an_error() {
    for (text, line) in [
        ("BEGIN:VCALENDAR\nBEGIN:VEVENT\nSUMMARY:x\n", 2),
        ("BEGIN:VCALENDAR\nBEGIN:VEVENT\nSUMMARY:x\nEND:VEVENT\n", 1),
        ("BEGIN:VCALENDAR\nBEGIN:VEVENT\nSUMMARY:x\nBEGIN:VEVENT\nEND:VEVENT\nEND:VCALENDAR\n", 2),
        ("BEGIN:VCALENDAR\nBEGIN:VEVENT\nSUMMARY:x\nEND:VCALENDAR\n", 2),
    ] {
        assert_eq!(read(text.as_bytes(), &into()), Err(FileProblem::Truncated { line, open: Open::Part }), "{text}");
    }
    assert_eq!(read(b"<!doctype html><html>", &into()), Err(FileProblem::NotCalendar));
    assert_eq!(read(b"", &into()), Err(FileProblem::NotCalendar));
}

#[test]
fn charsets_and_line_ends() {
    let latin = b"BEGIN:VCALENDAR\rBEGIN:VEVENT\rSUMMARY:Caf\xe9\rDTSTART:20270303T080000Z\rEND:VEVENT\rEND:VCALENDAR\r";
    assert_eq!(read(latin, &into()).expect("read").reminders.first().map(|r| r.title.clone()).as_deref(), Some("Caf\u{e9}"));
    let folded =
        "BEGIN:VCALENDAR\r\nBEGIN:VEVENT\r\nSUMMARY:a long\r\n  title\r\nDTSTART:20270303T080000Z\r\nEND:VEVENT\r\nEND:VCALENDAR\r\n";
    assert_eq!(read(folded.as_bytes(), &into()).expect("read").reminders.first().map(|r| r.title.clone()).as_deref(), Some("a long title"));
}

#[test]
fn a_task_is_due_when_it_is_due_and_may_be_done() {
    let contents =
        calendar("BEGIN:VTODO\nUID:t\nSUMMARY:Tax\nDTSTART;VALUE=DATE:20270101\nDUE;VALUE=DATE:20270531\nSTATUS:COMPLETED\nEND:VTODO");
    let task = contents.reminders.first().expect("a task");
    assert_eq!((task.when.to_string().as_str(), task.done), ("2027-05-31", true));
}

#[test]
fn a_task_counts_its_alarms_from_its_start_or_its_due_time() {
    let task = |trigger: &str| {
        let contents = calendar(&format!(
            "BEGIN:VTODO\nUID:t\nSUMMARY:Tax\nDTSTART:20270101T080000Z\nDUE:20270101T100000Z\nBEGIN:VALARM\nACTION:DISPLAY\n{trigger}\nEND:VALARM\nEND:VTODO"
        ));
        contents.reminders.into_iter().map(|reminder| reminder.alarms).collect::<Vec<_>>()
    };
    assert_eq!(task("TRIGGER:-PT10M"), [[130]]);
    assert_eq!(task("TRIGGER;RELATED=END:-PT10M"), [[10]]);
}

#[test]
fn alarms_that_are_no_lead_times_are_named() {
    let alarm = |trigger: &str| format!("BEGIN:VALARM\nACTION:DISPLAY\n{trigger}\nEND:VALARM\n");
    let contents = calendar(&format!(
        "BEGIN:VEVENT\nUID:a\nSUMMARY:x\nDTSTART:20270303T080000Z\nDTEND:20270303T090000Z\n{}{}{}{}END:VEVENT\n\
         BEGIN:VEVENT\nUID:b\nSUMMARY:x\nDTSTART:20270303T080000Z\nRRULE:FREQ=DAILY\n{}END:VEVENT\n\
         BEGIN:VEVENT\nUID:c\nSUMMARY:x\nDTSTART:20270303T080000Z\nBEGIN:VALARM\nACTION:NONE\nTRIGGER;VALUE=DATE-TIME:19760401T005545Z\nEND:VALARM\nEND:VEVENT",
        alarm("TRIGGER:PT5M"),
        alarm("TRIGGER;VALUE=DATE-TIME:20270303T070000Z"),
        alarm("TRIGGER:-PT15M\nREPEAT:2\nDURATION:PT5M"),
        alarm("DESCRIPTION:when?"),
        alarm("TRIGGER;VALUE=DATE-TIME:20270303T070000Z"),
    ));
    assert_eq!(contents.reminders.iter().map(|reminder| reminder.alarms.clone()).collect::<Vec<_>>(), [vec![-5, 15, 60], vec![15], vec![]]);
    assert_eq!(contents.alarms_carried, 3);
    let named: Vec<(&str, usize)> = contents.left_out.iter().map(|(what, count)| (what.as_str(), *count)).collect();
    let usual = "VALARM (the usual alarm of the list instead)";
    assert_eq!(named, [("VALARM (at one instant of a series)", 1), ("VALARM (repeated)", 1), (usual, 1), ("VALARM (without a time)", 1)]);
}

#[test]
fn what_no_field_holds_is_kept_or_named() {
    let contents = calendar(
        "BEGIN:VEVENT\nUID:a\nSUMMARY:x\nDTSTART:20270303T080000Z\nX-OWN-THING;X-P=1:folded\n  value\nATTENDEE:mailto:a@example.org\n\
         ORGANIZER:mailto:b@example.org\nGEO:1;2\nPRIORITY:1\nX-ALT-DESC:<p>x</p>\nX-ORGANIZER-NOTE:y\nCOLOR:red\nSEQUENCE:4\nMETHOD:REQUEST\nNOVEL:z\nEND:VEVENT",
    );
    let other = contents.reminders.first().map(|reminder| reminder.other.clone()).expect("a reminder");
    assert_eq!(other, ["X-OWN-THING;X-P=1:folded value", "GEO:1;2", "PRIORITY:1", "COLOR:red", "NOVEL:z"]);
    let named: Vec<&str> = contents.left_out.keys().map(String::as_str).collect();
    assert_eq!(named, ["ATTENDEE", "COLOR (kept)", "GEO (kept)", "ORGANIZER", "PRIORITY (kept)"]);
}

#[test]
fn the_higher_sequence_counts() {
    let item = |title: &str, sequence: u8| {
        format!("BEGIN:VEVENT\nUID:a\nSUMMARY:{title}\nDTSTART:20270303T080000Z\nSEQUENCE:{sequence}\nEND:VEVENT\n")
    };
    let contents = calendar(&format!("{}{}", item("new", 2), item("old", 1)));
    assert_eq!(contents.reminders.iter().map(|reminder| reminder.title.as_str()).collect::<Vec<_>>(), ["new"]);
    assert_eq!(contents.set_aside.iter().map(|aside| aside.raw.as_str()).collect::<Vec<_>>(), ["old"]);
    assert_eq!(calendar(&format!("{}{}", item("same", 1), item("same", 1))).set_aside, []);
}

#[test]
fn an_override_of_no_date_of_its_series_is_a_reminder_of_its_own() {
    let contents = calendar(
        "BEGIN:VEVENT\nUID:s\nSUMMARY:Weekly\nDTSTART:20270301T090000Z\nRRULE:FREQ=WEEKLY;COUNT=5\nEND:VEVENT\n\
         BEGIN:VEVENT\nUID:s\nRECURRENCE-ID:20270302T090000Z\nSUMMARY:Stray\nDTSTART:20270302T110000Z\nEND:VEVENT\n\
         BEGIN:VEVENT\nUID:one\nSUMMARY:Single\nDTSTART:20270301T090000Z\nEND:VEVENT\n\
         BEGIN:VEVENT\nUID:one\nRECURRENCE-ID:20270301T090000Z\nSUMMARY:Moved\nDTSTART:20270302T110000Z\nEND:VEVENT\n\
         BEGIN:VEVENT\nUID:faked\nDTSTART;VALUE=DATE:20090401\nRDATE;VALUE=DATE:20090401\nEXDATE;VALUE=DATE:20090401\nX-MOZ-FAKED-MASTER:1\nEND:VEVENT\n\
         BEGIN:VEVENT\nUID:faked\nRECURRENCE-ID;VALUE=DATE:20090402\nSUMMARY:Real\nDTSTART;VALUE=DATE:20090402\nEND:VEVENT",
    );
    assert_eq!(contents.set_aside, []);
    let titles: Vec<&str> = contents.reminders.iter().map(|reminder| reminder.title.as_str()).collect();
    assert_eq!(titles, ["Weekly", "Stray", "Single", "Moved", "Real"]);
}

/// A VTIMEZONE whose clock goes forward and back by these rules.
pub(crate) fn zone(tzid: &str, (winter, summer): (&str, &str), (back, forward): (&str, &str)) -> String {
    let part = |kind: &str, from: &str, to: &str, (time, rule): (&str, &str)| {
        format!("BEGIN:{kind}\nDTSTART:16010101T{time}\nTZOFFSETFROM:{from}\nTZOFFSETTO:{to}\nRRULE:FREQ=YEARLY;{rule}\nEND:{kind}\n")
    };
    let cut = |text: &str| text.split_once(' ').map(|(a, b)| (a.to_owned(), b.to_owned())).expect("time and rule");
    let (back, forward) = (cut(back), cut(forward));
    format!(
        "BEGIN:VTIMEZONE\nTZID:{tzid}\n{}{}END:VTIMEZONE\n",
        part("STANDARD", summer, winter, (&back.0, &back.1)),
        part("DAYLIGHT", winter, summer, (&forward.0, &forward.1))
    )
}

fn zone_of(definition: &str, tzid: &str, start: &str) -> Result<String, String> {
    let contents = calendar(&format!("{definition}BEGIN:VEVENT\nUID:a\nSUMMARY:x\nDTSTART;TZID=\"{tzid}\":{start}\nEND:VEVENT"));
    match contents.reminders.first() {
        Some(reminder) => Ok(reminder.when.zone().map(Zone::name).unwrap_or_default().to_owned()),
        None => Err(contents.set_aside.first().map(|aside| aside.reason.to_string()).unwrap_or_default()),
    }
}

#[test]
fn a_zone_without_a_known_name_is_known_by_its_clock() {
    let name = "Customized Time Zone 1";
    let berlin = zone(name, ("+0100", "+0200"), ("030000 BYDAY=-1SU;BYMONTH=10", "020000 BYDAY=-1SU;BYMONTH=3"));
    assert_eq!(zone_of(&berlin, name, "20270303T090000").as_deref(), Ok("Europe/Berlin"));
    let eastern = zone(name, ("-0500", "-0400"), ("020000 BYDAY=1SU;BYMONTH=11", "020000 BYDAY=2SU;BYMONTH=3"));
    assert_eq!(zone_of(&eastern, name, "20270303T090000").as_deref(), Ok("America/New_York"));
    let sydney = zone(name, ("+1000", "+1100"), ("030000 BYDAY=1SU;BYMONTH=4", "020000 BYDAY=1SU;BYMONTH=10"));
    assert_eq!(zone_of(&sydney, name, "20270303T090000").as_deref(), Ok("Australia/Sydney"));
    let before_2007 = zone(name, ("-0500", "-0400"), ("020000 BYDAY=-1SU;BYMONTH=10", "020000 BYDAY=1SU;BYMONTH=4"));
    assert_eq!(zone_of(&before_2007, name, "20050303T090000").as_deref(), Ok("America/New_York"));
    let notes = zone(name, ("+0100", "+0200"), ("020000 BYDAY=-1SU;BYMONTH=10", "020000 BYDAY=-1SU;BYMONTH=3"));
    assert_eq!(zone_of(&notes, name, "20270303T090000").as_deref(), Ok("Europe/Berlin"));
    let nowhere = zone(name, ("+0117", "+0233"), ("030000 BYDAY=-1SU;BYMONTH=10", "020000 BYDAY=-1SU;BYMONTH=3"));
    assert_eq!(zone_of(&nowhere, name, "20270303T090000").as_deref(), Ok("UTC"));
    let fixed = "BEGIN:VTIMEZONE\nTZID:Mine\nBEGIN:STANDARD\nDTSTART:16010101T000000\nTZOFFSETFROM:+0530\nTZOFFSETTO:+0530\nEND:STANDARD\nEND:VTIMEZONE\n";
    assert_eq!(zone_of(fixed, "Mine", "20270303T090000").as_deref(), Ok("Asia/Kolkata"));
    for (name, known) in [
        ("US-Eastern", "US/Eastern"),
        ("tzone://Microsoft/Utc", "UTC"),
        ("Kamchatka Standard Time", "Asia/Kamchatka"),
        ("Mid-Atlantic Standard Time", "Etc/GMT+2"),
    ] {
        assert_eq!(zone_of("", name, "20270303T090000").as_deref(), Ok(known));
    }
}

#[test]
fn rules_count_more_than_a_name_that_is_no_place() {
    let eastern = |name: &str| zone(name, ("-0500", "-0400"), ("020000 BYDAY=1SU;BYMONTH=11", "020000 BYDAY=2SU;BYMONTH=3"));
    for name in ["EST", "GMT", "Etc/GMT+5", "UTC"] {
        assert_eq!(zone_of(&eastern(name), name, "20270303T090000").as_deref(), Ok("America/New_York"), "{name}");
    }
    // A place has the rules that are known of it, whatever an old file says.
    assert_eq!(zone_of(&eastern("America/Chicago"), "America/Chicago", "20270303T090000").as_deref(), Ok("America/Chicago"));
    assert_eq!(zone_of(&eastern("Romance Standard Time"), "Romance Standard Time", "20270303T090000").as_deref(), Ok("Europe/Paris"));
    let fixed = |name: &str, offset: &str| {
        format!(
            "BEGIN:VTIMEZONE\nTZID:{name}\nBEGIN:STANDARD\nDTSTART:19700101T000000\nTZOFFSETFROM:{offset}\nTZOFFSETTO:{offset}\nEND:STANDARD\nEND:VTIMEZONE\n"
        )
    };
    for (name, offset, found) in
        [("EST", "-0500", Ok("EST")), ("UTC", "+0000", Ok("UTC")), ("GMT", "+0100", Ok("Africa/Lagos")), ("UTC", "+0117", Ok("UTC"))]
    {
        assert_eq!(zone_of(&fixed(name, offset), name, "20270303T090000").as_deref().map_err(String::as_str), found, "{name}");
    }
    // One that says nothing of its clock says nothing against its name.
    assert_eq!(zone_of("BEGIN:VTIMEZONE\nTZID:EST\nEND:VTIMEZONE\n", "EST", "20270303T090000").as_deref(), Ok("EST"));
    assert_eq!(zone_of("", "EST", "20270303T090000").as_deref(), Ok("EST"));
}

#[test]
fn an_end_before_the_start_is_told() {
    for (times, is_told) in [
        ("DTSTART:20270303T090000Z\nDTEND:20270303T080000Z", true),
        ("DTSTART;VALUE=DATE:20270303\nDTEND;VALUE=DATE:20270301", true),
        ("DTSTART;VALUE=DATE:20270303\nDTEND;VALUE=DATE:20270303", false),
        ("DTSTART:20270303T090000Z\nDTEND:20270303T090000Z", false),
    ] {
        let contents = calendar(&format!("BEGIN:VEVENT\nUID:a\nSUMMARY:x\n{times}\nEND:VEVENT\n"));
        assert_eq!(contents.left_out.contains_key("DTEND (before DTSTART)"), is_told, "{times}");
        assert_eq!(contents.reminders.len(), 1);
    }
}
