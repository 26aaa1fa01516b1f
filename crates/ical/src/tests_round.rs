//! What is written is read back as it was.

use std::collections::{BTreeMap, BTreeSet};

use belfry_core::{ChangedOccurrence, Kept, Length, ListId, Recurrence, Reminder, ReminderId, Rule, ShowAs, When, Zone};
use chrono::{DateTime, NaiveDate, NaiveDateTime, TimeDelta, Utc};
use proptest::prelude::*;

use super::tests::into;
use super::{Contents, read, write};

fn back(reminders: &[Reminder]) -> Contents {
    let text = write(reminders, &BTreeMap::new(), into().now);
    assert!(text.split("\r\n").all(|line| line.len() <= 75), "{text}");
    read(text.as_bytes(), &into()).expect(&text)
}

fn text(most: usize) -> impl Strategy<Value = String> {
    let letters = prop_oneof![
        10 => "[ -~]{0,12}",
        3 => Just("\u{1f514} \u{e9}\u{df}\u{4e2d}".to_owned()),
        2 => Just("a\\n;b,c:d\"e\"".to_owned()),
        1 => Just("BEGIN:VEVENT".to_owned()),
        1 => "\\PC{0,8}",
    ];
    prop::collection::vec(letters, 0..most).prop_map(|pieces| pieces.concat())
}

fn notes() -> impl Strategy<Value = String> {
    prop::collection::vec(text(6), 0..5).prop_map(|lines| belfry_core::reminder::plain_text(&lines.join("\n")))
}

fn title() -> impl Strategy<Value = String> {
    text(8).prop_map(|text| {
        let whole = text.split_whitespace().collect::<Vec<_>>().join(" ");
        let short: String = whole.chars().filter(|c| !c.is_control()).take(100).collect();
        if short.trim().is_empty() { "x".to_owned() } else { short.trim().to_owned() }
    })
}

fn zone() -> impl Strategy<Value = Zone> {
    let names = [
        "UTC",
        "Etc/UTC",
        "Europe/Berlin",
        "America/New_York",
        "Asia/Kolkata",
        "Australia/Lord_Howe",
        "Africa/Casablanca",
        "Europe/Dublin",
    ];
    prop::sample::select(names.to_vec()).prop_map(|name| Zone::parse(name).expect(name))
}

fn moment() -> impl Strategy<Value = When> {
    let day = (0_i64..20_000).prop_map(|days| NaiveDate::from_ymd_opt(1995, 1, 1).expect("a date") + TimeDelta::days(days));
    // What begins at a time that no clock shows is read as what the clock shows then.
    let at = (day.clone(), 0_i64..1440, zone())
        .prop_map(|(on, minute, zone)| When::At { local: NaiveDateTime::from(on) + TimeDelta::minutes(minute), zone }.shown());
    prop_oneof![day.prop_map(When::Date), at]
}

fn length_for(when: &When, number: u32) -> Length {
    if when.is_all_day() { Length::Days(1 + number % 20) } else { Length::Minutes(number) }
}

fn rule() -> impl Strategy<Value = Rule> {
    let parts = [
        "FREQ=DAILY",
        "FREQ=WEEKLY;INTERVAL=2",
        "FREQ=WEEKLY;BYDAY=MO,WE,SU;WKST=SU",
        "FREQ=MONTHLY;BYDAY=-1FR",
        "FREQ=MONTHLY;BYMONTHDAY=13,-1",
        "FREQ=YEARLY;BYMONTH=3",
        "FREQ=MONTHLY;BYDAY=MO,TU;BYSETPOS=-2",
    ];
    (prop::sample::select(parts.to_vec()), prop::option::of(1_u32..40)).prop_map(|(part, count)| {
        let text = count.map_or(part.to_owned(), |count| format!("{part};COUNT={count}"));
        text.parse().expect("a rule")
    })
}

fn series(when: When) -> impl Strategy<Value = Option<Recurrence>> {
    let until = (rule(), 1_i64..2000).prop_map(move |(mut rule, days)| {
        let last = when.local() + TimeDelta::days(days);
        if rule.end == belfry_core::rule::End::Never {
            rule.end = belfry_core::rule::End::Until(
                when.zone().map_or(belfry_core::rule::Until::Date(last.date()), |zone| belfry_core::rule::Until::Utc(zone.instant(last))),
            );
        }
        rule
    });
    let rules = prop_oneof![rule(), until];
    let look = (
        prop::option::of(prop::option::of(title())),
        prop::option::of(show_as()),
        prop::option::of(any::<bool>()),
        prop::option::of(link()),
    );
    let changes =
        prop::collection::vec((1_usize..8, title(), notes(), prop::option::of(moment()), 0_u32..3000, any::<bool>(), alarms(), look), 0..4);
    let series = (rules, prop::collection::btree_set(1_usize..8, 0..3), prop::collection::vec(1_i64..900, 0..3), changes);
    prop::option::of(series.prop_map(move |(rule, cancelled, extra, changes)| {
        let mut series = Recurrence::of(rule);
        series.extra = extra.into_iter().map(|days| when.at_local(when.local() + TimeDelta::days(days))).collect();
        let starts: Vec<When> = series.occurrences(&when, when.local() + TimeDelta::days(4000), 9).iter().map(|one| one.original).collect();
        let pick = |number: usize| starts.get(number).copied();
        series.cancelled = cancelled.into_iter().filter_map(pick).collect();
        for (number, title, notes, moved, number_of, done, alarms, (category, show_as, private, link)) in changes {
            let Some(original) = pick(number).filter(|original| !series.cancelled.contains(original)) else { continue };
            let place = moved.unwrap_or(original);
            let change = ChangedOccurrence {
                title: Some(title),
                notes: Some(notes),
                when: (place != original).then_some(place),
                length: Some(length_for(&place, number_of)),
                alarms: Some(alarms),
                category,
                show_as,
                private,
                link,
                done,
                ..ChangedOccurrence::default()
            };
            series.changed.insert(original, change);
        }
        series
    }))
}

fn link() -> impl Strategy<Value = Option<String>> {
    let links = vec!["https://example.org/a,b;c?d=e&f", "mailto:a@example.org", "tel:+49", "https://\u{e9}.example/\\x"];
    prop::option::of(prop::sample::select(links).prop_map(str::to_owned))
}

fn show_as() -> impl Strategy<Value = ShowAs> {
    prop::sample::select(vec![ShowAs::Free, ShowAs::Tentative, ShowAs::Busy, ShowAs::Oof, ShowAs::WorkingElsewhere])
}

fn alarms() -> impl Strategy<Value = Vec<i32>> {
    prop::collection::btree_set(prop_oneof![-5000_i32..5000, Just(1440), Just(120)], 0..4)
        .prop_map(|leads: BTreeSet<i32>| leads.into_iter().collect())
}

/// One that says nothing of a changed date which is as in the series: the file cannot tell the two apart.
fn tidied(mut reminder: Reminder) -> Reminder {
    if let Some(series) = reminder.recurrence.as_mut() {
        for change in series.changed.values_mut() {
            change.title = change.title.take().filter(|title| *title != reminder.title);
            change.notes = change.notes.take().filter(|notes| *notes != reminder.notes);
            change.length = change.length.take().filter(|length| *length != reminder.length);
            change.alarms = change.alarms.take().filter(|alarms| *alarms != reminder.alarms);
            change.category = change.category.take().filter(|category| *category != reminder.category);
            change.show_as = change.show_as.filter(|show_as| *show_as != reminder.show_as);
            change.link = change.link.take().filter(|link| *link != reminder.link);
            change.private = change.private.filter(|private| *private != reminder.private);
        }
    }
    reminder
}

prop_compose! {
    fn reminder(number: usize)(
        when in moment()
    )(
        when in Just(when),
        title in title(),
        notes in notes(),
        minutes in 0_u32..3000,
        recurrence in series(when),
        alarms in alarms(),
        category in prop::option::of(title()),
        show_as in show_as(),
        flags in any::<(bool, bool)>(),
        link in link(),
        uid in prop::option::of("[a-zA-Z0-9@.,;:_-]{1,40}"),
        is_split in any::<bool>(),
        other in prop::collection::vec(prop_oneof!["X-[A-W]{1,9};Y=\"[a-z:;]{0,9}\":[ -~]{0,90}[!-:<-~]", "GEO:[0-9]{1,2};[0-9]{1,2}"], 0..4),
        times in (0_i64..2_000_000_000, 0_i64..2_000_000_000),
    ) -> Reminder {
        let list = into().list;
        let uid = uid.map(|uid| format!("{number}-{uid}"));
        let id = match &uid {
            Some(uid) if is_split => ReminderId::of_uid_and_recurrence(list, uid, "2027-01-01"),
            Some(uid) => ReminderId::of_uid(list, uid),
            None => ReminderId::of_title(list, &number.to_string(), "typed"),
        };
        let at = |seconds: i64| DateTime::<Utc>::from_timestamp(seconds, 0).expect("a time");
        tidied(Reminder {
            id, list, title, notes, when, recurrence, alarms, category, show_as, uid, other,
            length: length_for(&when, minutes),
            private: flags.0,
            done: flags.1,
            link,
            created_at: at(times.0),
            changed_at: at(times.1),
            kept: Kept::default(),
        }.normal())
    }
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 300, ..ProptestConfig::default() })]

    #[test]
    fn written_and_read_again_is_the_same(first in reminder(1), second in reminder(2)) {
        let written: Vec<Reminder> = [first, second].into_iter().filter(|reminder| reminder.check().is_ok()).collect();
        let read = back(&written);
        prop_assert_eq!(&read.set_aside, &vec![]);
        prop_assert_eq!(read.reminders, written);
    }

    #[test]
    fn any_text_between_is_read_or_set_aside(body in "(\\PC|\n|;|:|=|\"){0,300}") {
        let text = format!("BEGIN:VCALENDAR\nBEGIN:VEVENT\nSUMMARY:x\n{body}\nEND:VEVENT\nEND:VCALENDAR\n");
        let _ = read(text.as_bytes(), &into());
    }
}

#[test]
fn the_choices_of_a_person_are_what_is_written() {
    let mut reminder = back(&[]).reminders.pop().unwrap_or_else(|| {
        let text =
            "BEGIN:VCALENDAR\nBEGIN:VEVENT\nUID:a\nSUMMARY:x\nDTSTART:20270303T080000Z\nRRULE:FREQ=DAILY\nEND:VEVENT\nEND:VCALENDAR\n";
        read(text.as_bytes(), &into()).expect("read").reminders.remove(0)
    });
    reminder.kept = Kept { alarms: Some(vec![5]), show_as: Some(ShowAs::Busy), done: true, ..Kept::default() };
    reminder.kept.cancelled.insert(When::parse("2027-03-04T08:00", Zone::UTC).expect("a time"));
    let read = back(&[reminder.clone()]).reminders.remove(0);
    assert_eq!((read.alarms, read.show_as, read.done), (vec![5], ShowAs::Busy, true));
    assert_eq!(read.recurrence.map(|series| series.cancelled), Some(reminder.kept.cancelled));
}

#[test]
fn another_list_gives_another_id() {
    let mut there = into();
    there.list = ListId::of_name("Elsewhere");
    let text = "BEGIN:VCALENDAR\nBEGIN:VEVENT\nSUMMARY:x\nDTSTART:20270303T080000Z\nEND:VEVENT\nEND:VCALENDAR\n";
    let typed = read(text.as_bytes(), &into()).expect("read").reminders;
    let written = write(&typed, &[(into().list, "Test".to_owned())].into(), into().now);
    assert!(written.contains("\r\nX-WR-CALNAME:Test\r\n"));
    let copied = read(written.as_bytes(), &there).expect("read").reminders.remove(0);
    assert_eq!(copied.id, ReminderId::of_uid(there.list, &typed.first().map(|reminder| reminder.id.to_string()).unwrap_or_default()));
}

#[test]
fn a_date_that_a_person_left_out_stays_out_though_its_source_changes_it() {
    let text = "BEGIN:VCALENDAR\nBEGIN:VEVENT\nUID:a\nSUMMARY:x\nDTSTART:20270303T080000Z\nRRULE:FREQ=DAILY\nEND:VEVENT\n\
                BEGIN:VEVENT\nUID:a\nSUMMARY:y\nRECURRENCE-ID:20270304T080000Z\nDTSTART:20270304T080000Z\nEND:VEVENT\nEND:VCALENDAR\n";
    let mut reminder = read(text.as_bytes(), &into()).expect("read").reminders.remove(0);
    reminder.kept.cancelled.insert(When::parse("2027-03-04T08:00", Zone::UTC).expect("a time"));
    let series = back(&[reminder.clone()]).reminders.remove(0).recurrence.expect("a series");
    assert_eq!((series.cancelled, series.changed), (reminder.kept.cancelled, BTreeMap::new()));
}
