//! A reminder said in words and read back is the same, and no text makes reading fail.

#![allow(clippy::expect_used, reason = "a test that cannot go on fails")]

use std::num::NonZeroU32;

use belfry_core::expand;
use belfry_core::rule::{ByDay, End, Frequency, Until};
use belfry_core::{Length, Rule, When, Zone};
use belfry_words::{Here, Language, Understood, read_any, read_in, render};
use chrono::{Datelike, Duration, NaiveDate, NaiveDateTime, Weekday};
use proptest::collection::{btree_set, vec};
use proptest::prelude::*;
use proptest::sample::select;

fn day(days: i64) -> NaiveDate {
    NaiveDate::from_ymd_opt(2020, 1, 1).expect("a date") + Duration::days(days)
}

fn zones() -> impl Strategy<Value = Zone> {
    select(vec!["Europe/Berlin", "America/New_York", "Asia/Kolkata", "America/Argentina/Buenos_Aires", "UTC", "Pacific/Apia"])
        .prop_map(|name| Zone::parse(name).expect("a zone"))
}

fn here() -> impl Strategy<Value = Here> {
    (0..9000_i64, 0..1440_i64, zones()).prop_map(|(on, minutes, zone)| {
        let midnight: NaiveDateTime = day(on).into();
        Here { now: midnight + Duration::minutes(minutes), zone }
    })
}

fn dates() -> impl Strategy<Value = NaiveDate> {
    prop_oneof![
        8 => (0..20_000_i64).prop_map(day),
        1 => (1601..4400_i32, 1..366_u32).prop_filter_map("not in this year", |(year, ordinal)| NaiveDate::from_yo_opt(year, ordinal)),
    ]
}

fn whens() -> impl Strategy<Value = When> {
    let time = (dates(), 0..1440_i64, zones()).prop_map(|(on, minutes, zone)| {
        let midnight: NaiveDateTime = on.into();
        When::At { local: midnight + Duration::minutes(minutes), zone }
    });
    prop_oneof![dates().prop_map(When::Date), time]
}

fn weekdays() -> impl Strategy<Value = Weekday> {
    (0..7_u8).prop_map(|day| Weekday::try_from(day).expect("a weekday"))
}

fn nths() -> impl Strategy<Value = i8> {
    select(vec![-5, -3, -2, -1, 1, 2, 3, 4, 5])
}

fn by_days(days: impl IntoIterator<Item = Weekday>) -> Vec<ByDay> {
    let mut days: Vec<ByDay> = days.into_iter().map(|day| ByDay { nth: None, day }).collect();
    days.sort_by_key(|by| by.day.num_days_from_monday());
    days
}

/// Every kind of rule that words can say.
fn rules() -> impl Strategy<Value = Rule> {
    let plain = |frequency| Rule::every(frequency, NonZeroU32::MIN);
    let workdays = || by_days([Weekday::Mon, Weekday::Tue, Weekday::Wed, Weekday::Thu, Weekday::Fri]);
    let kinds = prop_oneof![
        select(vec![Frequency::Daily, Frequency::Weekly, Frequency::Monthly, Frequency::Yearly]).prop_map(plain),
        btree_set(0..7_u8, 1..=7).prop_map(move |days| {
            let days = days.into_iter().map(|day| Weekday::try_from(day).expect("a weekday"));
            Rule { by_day: by_days(days), ..plain(Frequency::Weekly) }
        }),
        btree_set(1..=31_i8, 1..4).prop_map(move |days| Rule { by_month_day: days.into_iter().collect(), ..plain(Frequency::Monthly) }),
        (-5..=-1_i8).prop_map(move |day| Rule { by_month_day: vec![day], ..plain(Frequency::Monthly) }),
        (nths(), weekdays()).prop_map(move |(nth, day)| Rule { by_day: vec![ByDay { nth: Some(nth), day }], ..plain(Frequency::Monthly) }),
        (btree_set(nths(), 2..=6), weekdays()).prop_map(move |(nths, day)| Rule {
            by_day: nths.into_iter().map(|nth| ByDay { nth: Some(nth), day }).collect(),
            ..plain(Frequency::Monthly)
        }),
        nths().prop_map(move |nth| Rule { by_day: workdays(), by_set_pos: vec![i16::from(nth)], ..plain(Frequency::Monthly) }),
        (nths(), weekdays(), 1..=12_u8).prop_map(move |(nth, day, month)| Rule {
            by_day: vec![ByDay { nth: Some(nth), day }],
            by_month: vec![month],
            ..plain(Frequency::Yearly)
        }),
    ];
    (kinds, 1..=999_u32).prop_map(|(rule, interval)| Rule { interval: NonZeroU32::new(interval).expect("not nought"), ..rule })
}

#[derive(Debug, Clone, Copy)]
enum Ends {
    Never,
    Count(NonZeroU32),
    After(i64),
}

fn ends() -> impl Strategy<Value = Ends> {
    prop_oneof![
        Just(Ends::Never),
        (1..99_999_u32).prop_map(|count| Ends::Count(NonZeroU32::new(count).expect("not nought"))),
        (0..9000_i64).prop_map(Ends::After),
    ]
}

/// The start moved to the first day that the rule gives, and the rule with its end.
fn series(rule: Rule, when: When, ends: Ends) -> (When, Rule) {
    let steady = Rule { interval: NonZeroU32::MIN, ..rule.clone() };
    let far = when.local() + Duration::days(366 * 60);
    let start = expand::starts(&steady, &When::Date(when.date()), far).next().expect("a start").date();
    let when = when.at_local(start.and_time(when.local().time()));
    let end = match ends {
        Ends::Never => End::Never,
        Ends::Count(count) => End::Count(count),
        Ends::After(days) => End::Until(Until::Date(start + Duration::days(days))),
    };
    (when, Rule { end, ..rule })
}

/// Titles, also such as look like something else.
fn titles() -> impl Strategy<Value = String> {
    let words = vec![
        "Renew",
        "Remind me to",
        "Erinnere mich an",
        "MWF",
        "Thanksgiving",
        "passport",
        "tomorrow",
        "at",
        "5",
        "every",
        "jeden",
        "morgen",
        "9am",
        "#list",
        "3",
        "März",
        "May",
        "for",
        "2",
        "hours",
        "\"quoted\"",
        "no",
        "alarm",
        "before",
        "vorher",
        "Café",
        "İstanbul",
        "買い物",
        "ẞ",
        "time",
        "Berlin",
        "Zeit",
        "and",
        "und",
        "-",
        "\"",
        "\\",
        "(x)",
        "a,",
        "„so“",
        "15.",
        "Uhr",
        "until",
        "…",
    ];
    prop_oneof![
        vec(select(words), 0..6).prop_map(|words| words.join(" ")),
        any::<String>().prop_map(|text| text.split_whitespace().collect::<Vec<_>>().join(" ")),
        "[a-zA-Z0-9äöüß.,:;/#\"\\\\-]{1,8}( [a-zA-Z0-9äöüß.,:;/#\"\\\\-]{1,8}){0,4}",
    ]
}

fn lists() -> impl Strategy<Value = Option<String>> {
    let name = prop_oneof![
        Just("contracts".to_owned()),
        Just("Zwei Wörter".to_owned()),
        Just("2027".to_owned()),
        Just("a \"b\" \\c".to_owned()),
        "[a-z]{1,9}"
    ];
    proptest::option::of(name)
}

fn lengths(when: &When, length: Option<u32>) -> Option<Length> {
    length.map(|length| if when.is_all_day() { Length::Days(length % 1825 + 1) } else { Length::Minutes(length + 1) })
}

prop_compose! {
    fn values()(
        title in titles(),
        when in whens(),
        rule in proptest::option::of((rules(), ends())),
        length in proptest::option::of(prop_oneof![0..600_u32, 0..2_600_000_u32]),
        alarms in btree_set(prop_oneof![-600..600_i32, (-3660..3660_i32).prop_map(|days| days * 1440)], 0..4),
        no_alarm in any::<bool>(),
        list in lists(),
    ) -> Understood {
        let (when, rule) = match rule {
            Some((rule, ends)) => { let (when, rule) = series(rule, when, ends); (when, Some(rule)) }
            None => (when, None),
        };
        let no_alarm = no_alarm && alarms.is_empty();
        Understood { title, when: Some(when), length: lengths(&when, length), rule, alarms: alarms.into_iter().collect(), no_alarm, list, ..Understood::default() }
    }
}

fn languages() -> impl Strategy<Value = Language> {
    select(Language::ALL.to_vec())
}

proptest! {
    #![proptest_config(ProptestConfig { cases: ProptestConfig::default().cases.max(1000), failure_persistence: None, ..ProptestConfig::default() })]

    /// `render` refuses rather than say something else, so the test is that it does not refuse.
    #[test]
    fn what_is_said_is_what_is_read(values in values(), here in here(), language in languages()) {
        prop_assume!(values.when.is_some_and(|when| (1601..=4499).contains(&when.date().year())));
        let text = match render(&values, here, language) {
            Ok(text) => text,
            Err(problem) => return Err(TestCaseError::fail(format!("{problem}: {language:?}"))),
        };
        let read = read_in(&text, here, language);
        prop_assert_eq!(&read.title, &values.title, "{}", text);
        prop_assert_eq!(read.when, values.when, "{}", text);
        prop_assert_eq!(read.length, values.length, "{}", text);
        prop_assert_eq!(&read.rule, &values.rule, "{}", text);
        prop_assert_eq!(&read.alarms, &values.alarms, "{}", text);
        prop_assert_eq!(read.no_alarm, values.no_alarm, "{}", text);
        prop_assert_eq!(&read.list, &values.list, "{}", text);
        prop_assert_eq!(&read.unread, &vec![], "{}", text);
    }

    #[test]
    fn no_text_makes_reading_fail(text in any::<String>(), here in here(), language in languages()) {
        check_places(&text, &read_in(&text, here, language))?;
    }

    #[test]
    fn no_row_of_words_makes_reading_fail(
        words in vec(prop_oneof![
            select(WORDS.to_vec()).prop_map(str::to_owned),
            any::<u32>().prop_map(|number| number.to_string()),
            "[0-9]{1,3}[:./-][0-9]{1,3}([:./-][0-9]{0,5})?",
            "\\PC{1,4}",
        ], 0..14),
        here in here(),
        language in languages(),
    ) {
        let text = words.join(" ");
        check_places(&text, &read_in(&text, here, language))?;
        check_places(&text, &read_any(&text, here, language).1)?;
    }
}

const WORDS: [&str; 124] = [
    "every",
    "jeden",
    "alle",
    "second",
    "zweiten",
    "last",
    "letzten",
    "Tuesday",
    "Dienstag",
    "Mo,",
    "month",
    "Monats",
    "of",
    "des",
    "on",
    "am",
    "the",
    "den",
    "in",
    "at",
    "um",
    "for",
    "für",
    "until",
    "bis",
    "from",
    "von",
    "to",
    "and",
    "und",
    "half",
    "halb",
    "quarter",
    "Viertel",
    "past",
    "nach",
    "vor",
    "o'clock",
    "Uhr",
    "am",
    "pm",
    "noon",
    "midnight",
    "Mitternacht",
    "morning",
    "abends",
    "tonight",
    "times",
    "Mal",
    "no",
    "ohne",
    "alarm",
    "Erinnerung",
    "all",
    "day",
    "ganztägig",
    "time",
    "Zeit",
    "New",
    "York",
    "Berliner",
    "next",
    "nächsten",
    "week",
    "Woche",
    "weekend",
    "end",
    "Ende",
    "March",
    "März",
    "29",
    "30.",
    "31st",
    "February",
    "Februar",
    "minutes",
    "Stunden",
    "years",
    "Jahre",
    "before",
    "vorher",
    "tomorrow",
    "heute",
    "#x",
    "#\"a b\"",
    "\"quoted",
    "text\"",
    "Europe/Berlin",
    "daily",
    "monatlich",
    "workday",
    "9-11am",
    "24:00",
    "Mon-Fri",
    "Mo/Mi",
    "Fr,",
    "-",
    "–",
    "24.12.-2.1.",
    "31.4.",
    "between",
    "zwischen",
    "except",
    "außer",
    "through",
    "Christmas",
    "Silvester",
    "night",
    "nachts",
    "Nacht",
    "ago",
    "gestern",
    "EST",
    "UTC",
    "+02:00",
    "17h45",
    "1745",
    "two",
    "weeks",
    "lasting",
    "hourly",
    "99999",
    "every",
    "İ",
];

/// Chips and what is unread stand in order where they say, on letters that are whole, and not in each other.
fn check_places(text: &str, read: &Understood) -> Result<(), TestCaseError> {
    let mut end = 0;
    for chip in &read.chips {
        prop_assert!(chip.start >= end && chip.end > chip.start, "{:?} in {}", chip, text);
        prop_assert_eq!(text.get(chip.start..chip.end), Some(chip.text.as_str()));
        end = chip.end;
    }
    let mut end = 0;
    for unread in &read.unread {
        prop_assert!(unread.start >= end && unread.end > unread.start, "{:?} in {}", unread, text);
        prop_assert_eq!(text.get(unread.start..unread.end), Some(unread.text.as_str()));
        prop_assert!(read.chips.iter().all(|chip| chip.end <= unread.start || unread.end <= chip.start), "{:?} in {}", unread, text);
        end = unread.end;
    }
    Ok(())
}
