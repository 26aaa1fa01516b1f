//! What people type, and what it means: a table for each language. The wall shows Wednesday, 18 November 2026, 12:00 in Berlin.

#![allow(clippy::expect_used, reason = "a test that cannot go on fails")]

use belfry_core::{Length, When, Zone};
use belfry_words::{Here, Language, Understood, read, read_any, read_in};
use chrono::NaiveDate;

const HEAD: &str = "phrase\ttitle\twhen\tlength\trule\talarms\tlist\talternatives\tunread";

fn here() -> Here {
    let zone = Zone::parse("Europe/Berlin").expect("a zone");
    Here { now: NaiveDate::from_ymd_opt(2026, 11, 18).expect("a date").and_hms_opt(12, 0, 0).expect("a time"), zone }
}

/// `2027-03-03`, `2027-03-03T09:00`, and the zone behind it where it is not that of the wall.
fn when(when: Option<When>) -> String {
    match when {
        None => String::new(),
        Some(When::Date(on)) => on.to_string(),
        Some(When::At { local, zone }) => {
            let zone = if zone == here().zone { String::new() } else { format!(" {zone}") };
            format!("{}{zone}", local.format("%Y-%m-%dT%H:%M"))
        }
    }
}

fn row(phrase: &str, understood: &Understood) -> String {
    let length = match understood.length {
        None => String::new(),
        Some(Length::Minutes(minutes)) => format!("{minutes}m"),
        Some(Length::Days(days)) => format!("{days}d"),
    };
    let rule = understood.rule.as_ref().map(ToString::to_string).unwrap_or_default();
    let alarms =
        if understood.no_alarm { "none".to_owned() } else { understood.alarms.iter().map(i32::to_string).collect::<Vec<_>>().join(",") };
    let list = understood.list.clone().unwrap_or_default();
    let others: Vec<String> = understood
        .chips
        .iter()
        .flat_map(|chip| &chip.alternatives)
        .map(|reading| match &reading.rule {
            Some(rule) if Some(rule) != understood.rule.as_ref() => format!("{} {rule}", when(reading.when)),
            _ => when(reading.when),
        })
        .collect();
    let unread: Vec<&str> = understood.unread.iter().map(|unread| unread.text.as_str()).collect();
    [phrase, &understood.title, &when(understood.when), &length, &rule, &alarms, &list, &others.join(" | "), &unread.join(" | ")].join("\t")
}

/// Every row that reads otherwise, with what it says.
fn differences(table: &str, language: Language) -> Vec<String> {
    let mut rows = table.lines();
    assert_eq!(rows.next(), Some(HEAD));
    rows.filter(|row| !row.is_empty() && !row.starts_with("# "))
        .filter_map(|expected| {
            let phrase = expected.split('\t').next().unwrap_or_default();
            let read = row(phrase, &read_in(phrase, here(), language));
            (read.trim_end() != expected.trim_end()).then(|| format!("expected {expected}\n    read {read}"))
        })
        .collect()
}

fn check(table: &str, language: Language) {
    let phrases: std::collections::BTreeSet<&str> = table.lines().skip(1).filter_map(|row| row.split('\t').next()).collect();
    assert!(phrases.len() >= 300, "{} phrases", phrases.len());
    let differences = differences(table, language);
    assert!(differences.is_empty(), "{} of {} phrases:\n{}", differences.len(), phrases.len(), differences.join("\n"));
}

#[test]
fn english() {
    check(include_str!("phrases/english.tsv"), Language::English);
}

#[test]
fn german() {
    check(include_str!("phrases/german.tsv"), Language::German);
}

#[test]
fn a_wrong_row_is_noticed() {
    let table = format!("{HEAD}\nTea tomorrow\tTea\t2026-11-20");
    assert_eq!(differences(&table, Language::English).len(), 1);
}

/// A chip's words stand where it says, and each other reading, put in their place, is read as what it promised and as nothing else.
#[test]
fn alternatives_can_be_put_in_place() {
    for (table, language) in
        [(include_str!("phrases/english.tsv"), Language::English), (include_str!("phrases/german.tsv"), Language::German)]
    {
        for phrase in table.lines().skip(1).filter_map(|row| row.split('\t').next()) {
            // Also while a night is going on, late in a week, and on the day that most years lack.
            for (year, month, day, hour) in
                [(2026, 11, 18, 12), (2026, 11, 18, 0), (2026, 11, 20, 23), (2028, 2, 29, 9), (2026, 12, 31, 18)]
            {
                let on = NaiveDate::from_ymd_opt(year, month, day).expect("a date");
                can_be_put_in_place(phrase, Here { now: on.and_hms_opt(hour, 30, 0).expect("a time"), ..here() }, language);
            }
        }
    }
}

fn can_be_put_in_place(phrase: &str, here: Here, language: Language) {
    for chip in read_in(phrase, here, language).chips {
        assert_eq!(phrase.get(chip.start..chip.end), Some(chip.text.as_str()), "{phrase}");
        let words: std::collections::BTreeSet<&str> = chip.alternatives.iter().map(|reading| reading.words.as_str()).collect();
        assert_eq!(words.len(), chip.alternatives.len(), "{phrase}");
        for reading in &chip.alternatives {
            let text = format!("{}{}{}", &phrase[..chip.start], reading.words, &phrase[chip.end..]);
            let again = read_in(&text, here, language);
            assert_eq!((again.when, &again.rule), (reading.when, &reading.rule), "{}: {phrase} -> {text}", here.now);
        }
    }
}

#[test]
fn english_is_what_read_reads() {
    let text = "Tea tomorrow at 9";
    assert_eq!(read(text, here()), read_in(text, here(), Language::English));
}

#[test]
fn the_language_that_understands_more_is_the_one() {
    let of = |text: &str, first| read_any(text, here(), first).0;
    assert_eq!(of("Tee übermorgen um 9", Language::English), Language::German);
    assert_eq!(of("Tea tomorrow at 9", Language::German), Language::English);
    assert_eq!(of("Tea 2027-03-03", Language::German), Language::German);
    assert_eq!(of("Tea 2027-03-03", Language::English), Language::English);
    assert_eq!(of("", Language::German), Language::German);
}

#[test]
fn languages_have_tags() {
    for (tag, language) in
        [("de", Language::German), ("de_AT.UTF-8", Language::German), ("en-GB", Language::English), ("EN", Language::English)]
    {
        assert_eq!(Language::of_tag(tag), Some(language), "{tag}");
    }
    assert_eq!(Language::of_tag("fi"), None);
}

#[test]
fn chips_end_before_the_punctuation() {
    let text = "Pay rent (every 3.3.), 9am. 15 min before, #home!";
    let chips: Vec<(usize, String)> = read(text, here()).chips.into_iter().map(|chip| (chip.start, chip.text)).collect();
    let expected = [(10, "every 3.3."), (23, "9am"), (28, "15 min before"), (43, "#home")];
    assert_eq!(chips, expected.map(|(start, text)| (start, text.to_owned())));
}

#[test]
fn a_night_that_is_going_on_is_the_one_that_is_meant() {
    let at = |text: &str, hour, language| {
        let here = Here { now: here().now.date().and_hms_opt(hour, 30, 0).expect("a time"), ..here() };
        when(read_in(text, here, language).when)
    };
    assert_eq!(at("Run tonight at 2", 0, Language::English), "2026-11-18T02:00");
    assert_eq!(at("Laufen heute Nacht um 2", 0, Language::German), "2026-11-18T02:00");
    assert_eq!(at("Run tonight at 2", 3, Language::English), "2026-11-19T02:00");
    assert_eq!(at("Laufen heute Nacht um 2", 23, Language::German), "2026-11-19T02:00");
}

/// In the afternoon: tomorrow, or what has gone is offered anew or told.
#[test]
fn nothing_that_has_gone_is_taken_without_a_word() {
    let here = Here { now: here().now.date().and_hms_opt(15, 0, 0).expect("a time"), ..here() };
    let at = |text: &str, language| {
        let row = row(text, &read_in(text, here, language));
        row.split('\t').skip(1).collect::<Vec<_>>().join("\t").trim_end().to_owned()
    };
    for (text, is) in [
        ("Call 9am", "Call\t2026-11-19T09:00"),
        ("Call today 9am", "Call\t2026-11-18T09:00\t\t\t\t\t2026-11-19T09:00"),
        ("Call today 9-11am", "Call\t2026-11-18T09:00\t120m\t\t\t\t2026-11-19T09:00"),
        ("Call today at 9", "Call\t2026-11-18T21:00\t\t\t\t\t2026-11-18T09:00"),
        ("Call on the 18th at 9am", "Call\t2026-11-18T09:00\t\t\t\t\t2026-12-18T09:00"),
        ("Call this morning", "Call this morning\t\t\t\t\t\t\tthis morning"),
        ("Call this morning at 9", "Call this morning\t2026-11-19T09:00\t\t\t\t\t\tthis morning"),
        ("Call this afternoon at 5", "Call\t2026-11-18T17:00"),
        ("Tea every day from 1 November 2026", "Tea\t2026-11-01\t\tFREQ=DAILY"),
    ] {
        assert_eq!(at(text, Language::English), is, "{text}");
    }
    assert_eq!(at("Anruf heute um 8:00", Language::German), "Anruf\t2026-11-18T20:00\t\t\t\t\t2026-11-18T08:00");
    assert_eq!(at("Anruf heute Vormittag um 8:00", Language::German), "Anruf\t2026-11-18T08:00\t\t\t\t\t2026-11-19T08:00");
}

/// What is offered as title keeps its words there.
#[test]
fn a_word_that_may_be_title_can_be_made_one() {
    for (text, words, title, language) in [
        ("The cat sat 9am", "The cat sat tomorrow 9am", "The cat sat", Language::English),
        ("Thanksgiving dinner 6pm", "Thanksgiving today dinner 6pm", "Thanksgiving dinner", Language::English),
        ("Version 3.12 um 9", "Version 3.12 morgen um 9", "Version 3.12", Language::German),
        ("Kapitel 4. 9 Uhr", "Kapitel 4. morgen 9 Uhr", "Kapitel 4.", Language::German),
    ] {
        let chip = read_in(text, here(), language).chips.into_iter().find(|chip| !chip.alternatives.is_empty()).expect("a chip");
        let other = chip.alternatives.last().expect("another reading");
        let put = format!("{}{}{}", &text[..chip.start], other.words, &text[chip.end..]);
        assert_eq!((put.as_str(), read_in(&put, here(), language).title.as_str()), (words, title));
    }
}

#[test]
fn what_is_unread_stands_where_it_says() {
    let text = "Pay (on the 31st of April), İ 9am!";
    let unread = read(text, here()).unread;
    assert_eq!(unread.len(), 1);
    assert_eq!((unread[0].text.as_str(), &text[unread[0].start..unread[0].end]), ("on the 31st of April", "on the 31st of April"));
}

/// Where no word is left for a title, nothing is told as not understood, and what is told is in the title.
#[test]
fn nothing_that_is_understood_is_told_as_unread() {
    for (table, language) in
        [(include_str!("phrases/english.tsv"), Language::English), (include_str!("phrases/german.tsv"), Language::German)]
    {
        for phrase in table.lines().skip(1).filter_map(|row| row.split('\t').next()) {
            let read = read_in(phrase, here(), language);
            for unread in &read.unread {
                assert!(read.title.contains(&unread.text), "{phrase}: {unread:?}");
                assert!(read.chips.iter().all(|chip| chip.end <= unread.start || unread.end <= chip.start), "{phrase}: {unread:?}");
            }
        }
    }
}

#[test]
fn titles_are_not_told_as_unread() {
    let titles = [
        "May the force be with you",
        "Call March family",
        "Every child needs a coat",
        "Each of us",
        "Mon ami",
        "Wait until it rains",
        "Everyone except Bo",
        "Augustus and April",
        "Second hand, 24/7",
        "Read 1 Kings 3",
        "Chapters 10 to 12",
        "Read it twice",
        "Christmas shopping",
        "Order 1745 screws",
        "Die Woche lesen",
        "Alle Gäste einladen",
        "Jedes Kind",
        "Mai anrufen",
        "Bis dahin warten",
        "Außer Betrieb melden",
        "EST erklären",
        "Zwischen den Jahren lesen",
        "3 Lampen und 12 Eier",
        "\"31 April\"",
    ];
    for title in titles {
        for language in Language::ALL {
            assert_eq!(read_in(title, here(), language).unread, [], "{title}");
        }
    }
}

#[test]
fn letters_of_a_zone_mean_the_one_at_home_first() {
    let at = |text: &str, zone: &str| {
        let here = Here { zone: Zone::parse(zone).expect("a zone"), ..here() };
        read(text, here).zone.map(|zone| zone.name().to_owned())
    };
    assert_eq!(at("Call tomorrow 9am CST", "Asia/Shanghai").as_deref(), Some("Asia/Shanghai"));
    assert_eq!(at("Call tomorrow 9am IST", "Europe/Dublin").as_deref(), Some("Europe/Dublin"));
    assert_eq!(at("Call 1 July 9am CET", "Europe/Paris").as_deref(), Some("Europe/Paris"));
    assert_eq!(at("Call tomorrow 9am CET", "Asia/Tokyo").as_deref(), Some("Europe/Berlin"));
}
