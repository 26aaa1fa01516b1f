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
            for chip in read_in(phrase, here(), language).chips {
                assert_eq!(phrase.get(chip.start..chip.end), Some(chip.text.as_str()), "{phrase}");
                for reading in &chip.alternatives {
                    let text = format!("{}{}{}", &phrase[..chip.start], reading.words, &phrase[chip.end..]);
                    let again = read_in(&text, here(), language);
                    assert_eq!((again.when, &again.rule), (reading.when, &reading.rule), "{phrase} -> {text}");
                }
            }
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
