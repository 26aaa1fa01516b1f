//! English phrases.

use std::num::NonZeroU32;

use belfry_core::rule::{ByDay, Frequency};
use belfry_core::{Length, Rule, When};
use chrono::{Datelike, Days, Duration, Months, NaiveDate, NaiveDateTime, NaiveTime, Weekday};

use crate::tokens::{Token, tokens};
use crate::{Chip, ChipKind, Here, Understood};

/// What a phrase says.
enum Said {
    Date(NaiveDate),
    Time(NaiveTime),
    /// A moment from now: both at once.
    Moment(NaiveDateTime),
    Repeat(Box<Rule>),
    Alarm(u32),
    Duration(u32),
    List(String),
}

/// A phrase at the front of the words: what it says, and how many words it takes.
type Phrase = fn(&[&str], Here) -> Option<(Said, usize)>;

const PHRASES: [Phrase; 8] = [list, alarm, repeat, duration, from_now, date, time, part_of_day];

pub fn read(text: &str, here: Here) -> Understood {
    let tokens = tokens(text);
    let words: Vec<&str> = tokens.iter().map(|token| token.word.as_str()).collect();
    let mut out = Understood::default();
    let mut title: Vec<&str> = Vec::new();
    let (mut on, mut at) = (None, None);
    let mut index = 0;
    while let Some(rest) = words.get(index..).filter(|rest| !rest.is_empty()) {
        let found = PHRASES.iter().find_map(|phrase| phrase(rest, here));
        let Some((said, count)) = found else {
            title.extend(tokens.get(index).and_then(|token| text.get(token.start..token.end)));
            index += 1;
            continue;
        };
        let kind = take(said, &mut out, &mut on, &mut at);
        out.chips.extend(chip(text, tokens.get(index..index + count).unwrap_or_default(), kind));
        index += count;
    }
    out.title = title.join(" ").trim_end_matches([',', ';', '-']).trim().to_owned();
    let first = out.rule.as_ref().and_then(|rule| first_of(rule, here));
    out.when = when(on.or(first), at, here);
    fit(&mut out);
    out
}

fn take(said: Said, out: &mut Understood, on: &mut Option<NaiveDate>, at: &mut Option<NaiveTime>) -> ChipKind {
    match said {
        Said::Date(date) => {
            *on = Some(date);
            ChipKind::Date
        }
        Said::Time(time) => {
            *at = Some(time);
            ChipKind::Time
        }
        Said::Moment(moment) => {
            (*on, *at) = (Some(moment.date()), Some(moment.time()));
            ChipKind::Time
        }
        Said::Repeat(rule) => {
            out.rule = Some(*rule);
            ChipKind::Repeat
        }
        Said::Alarm(lead) => {
            out.alarms.push(lead);
            ChipKind::Alarm
        }
        Said::Duration(minutes) => {
            out.length = Some(Length::Minutes(minutes));
            ChipKind::Duration
        }
        Said::List(name) => {
            out.list = Some(name);
            ChipKind::List
        }
    }
}

fn chip(text: &str, tokens: &[Token], kind: ChipKind) -> Option<Chip> {
    let (start, end) = (tokens.first()?.start, tokens.last()?.end);
    let text = text.get(start..end)?.trim_end_matches([',', ';', '.']).to_owned();
    Some(Chip { kind, start, end, text })
}

/// A time without a date is the next time the clock shows it.
fn when(on: Option<NaiveDate>, at: Option<NaiveTime>, here: Here) -> Option<When> {
    match (on, at) {
        (None, None) => None,
        (Some(on), None) => Some(When::Date(on)),
        (Some(on), Some(at)) => Some(When::At { local: on.and_time(at), zone: here.zone }),
        (None, Some(at)) => {
            let today = here.now.date().and_time(at);
            let local = if today > here.now { today } else { today + Duration::days(1) };
            Some(When::At { local, zone: here.zone })
        }
    }
}

/// Lengths are minutes for times and days for dates; the rule starts where the reminder does.
fn fit(out: &mut Understood) {
    out.alarms.sort_unstable();
    out.alarms.dedup();
    if let (Some(When::Date(_)), Some(Length::Minutes(minutes))) = (out.when, out.length) {
        out.length = Some(Length::Days((minutes / (24 * 60)).max(1)));
    }
}

fn first_of(rule: &Rule, here: Here) -> Option<NaiveDate> {
    let today = here.now.date();
    match rule.by_day.as_slice() {
        [] => Some(today),
        days => today.iter_days().take(7).find(|day| days.iter().any(|by| by.day == day.weekday())),
    }
}

fn list(words: &[&str], _: Here) -> Option<(Said, usize)> {
    let name = words.first()?.strip_prefix('#')?;
    (!name.is_empty()).then(|| (Said::List(name.to_owned()), 1))
}

/// "1 week before", "15 min before".
fn alarm(words: &[&str], _: Here) -> Option<(Said, usize)> {
    let (amount, taken) = span(words)?;
    match words.get(taken)? {
        &"before" | &"ahead" | &"earlier" => Some((Said::Alarm(amount), taken + 1)),
        _ => None,
    }
}

/// "for 2 hours".
fn duration(words: &[&str], _: Here) -> Option<(Said, usize)> {
    let (amount, taken) = span(words.strip_prefix(&["for"])?)?;
    Some((Said::Duration(amount), taken + 1))
}

/// A number and a unit, or both in one word: minutes, and how many words.
fn span(words: &[&str]) -> Option<(u32, usize)> {
    let first = words.first()?;
    let digits = first.len() - first.trim_start_matches(|c: char| c.is_ascii_digit()).len();
    if digits > 0 && digits < first.len() {
        let (number, unit) = first.split_at(digits);
        return Some((number.parse::<u32>().ok()?.checked_mul(minutes_of(unit)?)?, 1));
    }
    Some((number(first)?.checked_mul(minutes_of(words.get(1)?)?)?, 2))
}

fn minutes_of(unit: &str) -> Option<u32> {
    Some(match unit {
        "m" | "min" | "mins" | "minute" | "minutes" => 1,
        "h" | "hr" | "hrs" | "hour" | "hours" => 60,
        "d" | "day" | "days" => 24 * 60,
        "w" | "week" | "weeks" => 7 * 24 * 60,
        _ => return None,
    })
}

fn number(word: &str) -> Option<u32> {
    let words = ["a", "one", "two", "three", "four", "five", "six", "seven", "eight", "nine", "ten"];
    match words.iter().position(|known| *known == word) {
        Some(0) => Some(1),
        Some(index) => u32::try_from(index).ok(),
        None if word == "an" => Some(1),
        None => word.parse().ok().filter(|number| *number > 0 && *number < 100_000),
    }
}

/// "every year", "every 2 weeks", "every other friday", "every monday", "weekly".
fn repeat(words: &[&str], _: Here) -> Option<(Said, usize)> {
    let plain = |frequency| Said::Repeat(Box::new(Rule::every(frequency, NonZeroU32::MIN)));
    match *words.first()? {
        "daily" => return Some((plain(Frequency::Daily), 1)),
        "weekly" => return Some((plain(Frequency::Weekly), 1)),
        "monthly" => return Some((plain(Frequency::Monthly), 1)),
        "yearly" | "annually" => return Some((plain(Frequency::Yearly), 1)),
        "every" | "each" => {}
        _ => return None,
    }
    let (interval, used) = match *words.get(1)? {
        "other" | "second" => (2, 2),
        "third" => (3, 2),
        word => match word.parse::<u32>().ok().filter(|number| (1..=999).contains(number)) {
            Some(number) => (number, 2),
            None => (1, 1),
        },
    };
    let interval = NonZeroU32::new(interval)?;
    let unit = *words.get(used)?;
    let frequency = match unit.trim_end_matches('s') {
        "day" => Some(Frequency::Daily),
        "week" => Some(Frequency::Weekly),
        "month" => Some(Frequency::Monthly),
        "year" => Some(Frequency::Yearly),
        _ => None,
    };
    if let Some(frequency) = frequency {
        return Some((Said::Repeat(Box::new(Rule::every(frequency, interval))), used + 1));
    }
    let days = match unit {
        "weekday" | "workday" => vec![Weekday::Mon, Weekday::Tue, Weekday::Wed, Weekday::Thu, Weekday::Fri],
        unit => vec![weekday(unit)?],
    };
    let by_day = days.into_iter().map(|day| ByDay { nth: None, day }).collect();
    Some((Said::Repeat(Box::new(Rule { by_day, ..Rule::every(Frequency::Weekly, interval) })), used + 1))
}

/// "in 2 weeks", "in 20 minutes".
fn from_now(words: &[&str], here: Here) -> Option<(Said, usize)> {
    let rest = words.strip_prefix(&["in"])?;
    let count = number(rest.first()?)?;
    match rest.get(1)?.trim_end_matches('s') {
        "month" => Some((Said::Date(here.now.date().checked_add_months(Months::new(count))?), 3)),
        "year" => Some((Said::Date(here.now.date().checked_add_months(Months::new(count.checked_mul(12)?))?), 3)),
        _ => {
            let (minutes, taken) = span(rest)?;
            let moment = here.now.checked_add_signed(Duration::minutes(i64::from(minutes)))?;
            let whole_days = minutes % (24 * 60) == 0;
            Some((if whole_days { Said::Date(moment.date()) } else { Said::Moment(moment) }, taken + 1))
        }
    }
}

/// Dates, with or without "on".
fn date(words: &[&str], here: Here) -> Option<(Said, usize)> {
    if let Some(rest) = words.strip_prefix(&["on"]) {
        return bare_date(rest, here).map(|(date, taken)| (Said::Date(date), taken + 1));
    }
    bare_date(words, here).map(|(date, taken)| (Said::Date(date), taken))
}

fn bare_date(words: &[&str], here: Here) -> Option<(NaiveDate, usize)> {
    let today = here.now.date();
    let later = |days| today.checked_add_days(Days::new(days));
    match *words.first()? {
        "today" => return Some((today, 1)),
        "tomorrow" => return Some((later(1)?, 1)),
        "next" => {
            return match *words.get(1)? {
                "week" => Some((later(7)?, 2)),
                "month" => Some((today.checked_add_months(Months::new(1))?, 2)),
                "year" => Some((today.checked_add_months(Months::new(12))?, 2)),
                word => Some((coming(weekday(word)?, today)?, 2)),
            };
        }
        _ => {}
    }
    let first = *words.first()?;
    if let Ok(date) = NaiveDate::parse_from_str(first, "%Y-%m-%d") {
        return Some((date, 1));
    }
    if let Some(day) = weekday(first).filter(|_| first.len() >= 3) {
        return Some((coming(day, today)?, 1));
    }
    let second = words.get(1)?;
    let (day, month) = match (ordinal(first), month(first)) {
        (Some(day), _) => (day, month(second)?),
        (None, Some(month)) => (ordinal(second)?, month),
        (None, None) => return None,
    };
    let year = words.get(2).and_then(|word| word.parse::<i32>().ok()).filter(|year| (1900..2200).contains(year));
    let date = |year| NaiveDate::from_ymd_opt(year, month, day);
    match year {
        Some(year) => Some((date(year)?, 3)),
        // Without a year it is the next one that comes.
        None => (0..8).filter_map(|add| date(today.year() + add)).find(|date| *date >= today).map(|date| (date, 2)),
    }
}

fn coming(day: Weekday, today: NaiveDate) -> Option<NaiveDate> {
    today.iter_days().skip(1).take(7).find(|date| date.weekday() == day)
}

fn weekday(word: &str) -> Option<Weekday> {
    let word = word.trim_end_matches('s');
    let known = ["monday", "tuesday", "wednesday", "thursday", "friday", "saturday", "sunday"];
    let is = |name: &str| name == word || (word.len() >= 3 && word.len() <= 5 && name.starts_with(word));
    // "sun" and "sat" and "mon" are words too, but in a reminder they are days.
    let index = known.iter().position(|name| is(name) || is(name.trim_end_matches('s')))?;
    Weekday::try_from(u8::try_from(index).ok()?).ok()
}

fn month(word: &str) -> Option<u32> {
    let known = ["january", "february", "march", "april", "may", "june", "july", "august", "september", "october", "november", "december"];
    let index = known.iter().position(|name| *name == word || (word.len() >= 3 && word.len() <= 4 && name.starts_with(word)))?;
    u32::try_from(index + 1).ok()
}

fn ordinal(word: &str) -> Option<u32> {
    let digits = ["st", "nd", "rd", "th"].iter().find_map(|suffix| word.strip_suffix(suffix)).unwrap_or(word);
    digits.parse().ok().filter(|day| (1..=31).contains(day))
}

/// "9am", "9:30 pm", "14:00", "at 9".
fn time(words: &[&str], _: Here) -> Option<(Said, usize)> {
    if let Some(rest) = words.strip_prefix(&["at"]) {
        if let Some((time, taken)) = clock(rest) {
            return Some((Said::Time(time), taken + 1));
        }
        let hour = rest.first()?.parse().ok().filter(|hour| *hour < 24)?;
        return Some((Said::Time(NaiveTime::from_hms_opt(hour, 0, 0)?), 2));
    }
    clock(words).map(|(time, taken)| (Said::Time(time), taken))
}

fn clock(words: &[&str]) -> Option<(NaiveTime, usize)> {
    let first = *words.first()?;
    let (digits, half, taken) = match (first.strip_suffix("am"), first.strip_suffix("pm"), words.get(1)) {
        (Some(digits), _, _) => (digits, Some(0), 1),
        (_, Some(digits), _) => (digits, Some(12), 1),
        (_, _, Some(&"am")) => (first, Some(0), 2),
        (_, _, Some(&"pm")) => (first, Some(12), 2),
        _ => (first, None, 1),
    };
    let (hour, minute) = match digits.split_once([':', '.']) {
        Some((hour, minute)) if minute.len() == 2 => (hour.parse::<u32>().ok()?, minute.parse::<u32>().ok()?),
        Some(_) => return None,
        None => (digits.parse::<u32>().ok().filter(|_| half.is_some())?, 0),
    };
    let hour = match half {
        Some(_) if !(1..=12).contains(&hour) => return None,
        Some(add) => hour % 12 + add,
        // "1.5" is a number, "14.30" and "9:15" are times.
        None if digits.contains('.') && digits.len() < 5 => return None,
        None => hour,
    };
    NaiveTime::from_hms_opt(hour, minute, 0).map(|time| (time, taken))
}

fn part_of_day(words: &[&str], _: Here) -> Option<(Said, usize)> {
    let hour = match *words.first()? {
        "noon" | "midday" => 12,
        "midnight" => 0,
        _ => return None,
    };
    Some((Said::Time(NaiveTime::from_hms_opt(hour, 0, 0)?), 1))
}

#[cfg(test)]
mod tests {
    use belfry_core::Zone;

    use super::*;

    /// Saturday, 21 November 2026, 12:00.
    fn here() -> Here {
        Here { now: NaiveDate::from_ymd_opt(2026, 11, 21).expect("a date").and_hms_opt(12, 0, 0).expect("a time"), zone: Zone::UTC }
    }

    fn said(text: &str) -> String {
        let understood = read(text, here());
        let when = understood.when.map(|when| when.to_string()).unwrap_or_default();
        let rule = understood.rule.map(|rule| rule.to_string()).unwrap_or_default();
        let alarms: Vec<String> = understood.alarms.iter().map(u32::to_string).collect();
        let list = understood.list.unwrap_or_default();
        format!("{}|{when}|{rule}|{}|{list}", understood.title, alarms.join(","))
    }

    #[test]
    fn phrases() {
        for (text, expected) in [
            ("Renew passport 3 March 9am every year, 1 week before", "Renew passport|2027-03-03T09:00:00|FREQ=YEARLY|10080|"),
            ("Call Ada tomorrow at 9", "Call Ada|2026-11-22T09:00:00|||"),
            ("Dentist next friday 14:30 for 45 min #health", "Dentist|2026-11-27T14:30:00|||health"),
            ("Pay rent every month", "Pay rent|2026-11-21|FREQ=MONTHLY||"),
            ("Bins every other Tuesday 7:30pm", "Bins|2026-11-24T19:30:00|FREQ=WEEKLY;INTERVAL=2;BYDAY=TU||"),
            ("Stand-up every weekday 9:15", "Stand-up|2026-11-23T09:15:00|FREQ=WEEKLY;BYDAY=MO,TU,WE,TH,FR||"),
            ("Tea in 20 minutes", "Tea|2026-11-21T12:20:00|||"),
            ("Review in 2 weeks", "Review|2026-12-05|||"),
            ("Taxes March 3rd 2028, 2 weeks before, 1 day before", "Taxes|2028-03-03||1440,20160|"),
            ("Lunch noon", "Lunch|2026-11-22T12:00:00|||"),
            ("Buy 3 lamps", "Buy 3 lamps||||"),
            ("Read chapter 1.5", "Read chapter 1.5||||"),
            ("", "||||"),
        ] {
            assert_eq!(said(text), expected, "{text}");
        }
    }

    #[test]
    fn chips_say_where_they_stood() {
        let text = "Pay rent tomorrow, 9am";
        let chips: Vec<(ChipKind, &str)> =
            read(text, here()).chips.into_iter().map(|chip| (chip.kind, &text[chip.start..chip.end])).collect();
        assert_eq!(chips, [(ChipKind::Date, "tomorrow,"), (ChipKind::Time, "9am")]);
    }
}
