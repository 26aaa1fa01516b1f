//! Words for values: what [`render`] writes, [`crate::read_in`] reads back.

use belfry_core::rule::{ByDay, End, Frequency, Until};
use belfry_core::{Length, Rule, When, Zone};
use chrono::{Datelike, Days, NaiveDate, NaiveDateTime, Timelike, Weekday};

use crate::doubt::has_gone;
use crate::grammar::{Said, is_in};
use crate::vocabulary::{Part, Say, Vocabulary};
use crate::{Here, Language, Reading, Understood, read_in};

/// Why something cannot be said in words that are read back as the same.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub enum Unsayable {
    /// Words know no such rule.
    #[error("there are no words for this repeat rule")]
    Rule,
    /// The rest: a time with seconds, a title with two blanks in a row, a zone like `EST`, a length without a start, a start that the rule does not give.
    #[error("there are no words that mean exactly this")]
    Value,
}

/// Says in one line what [`read_in`] reads back as the same title, when, length, rule, alarms and list. Chips and what is unread are not looked at. Dates carry their year and times their half of the
/// day, so no word has two readings. A title that would be read as something else is put in quotation marks.
///
/// # Errors
/// When there are no such words.
pub fn render(values: &Understood, here: Here, language: Language) -> Result<String, Unsayable> {
    let vocabulary = language.vocabulary();
    let mut parts: Vec<String> = Vec::new();
    parts.extend(values.when.map(|when| moment(when, here.zone, values.zone, vocabulary)));
    parts.extend(values.length.map(|length| length_words(length, values.rule.is_some(), vocabulary)));
    if let Some(rule) = &values.rule {
        parts.push(rule_words(rule, vocabulary).ok_or(Unsayable::Rule)?);
    }
    parts.extend(values.alarms.iter().map(|lead| {
        let side = if *lead < 0 { vocabulary.say.afterwards } else { vocabulary.say.before };
        fill(side, "{t}", &span(lead.unsigned_abs(), &vocabulary.say))
    }));
    parts.extend(values.no_alarm.then(|| vocabulary.say.no_alarm.to_owned()));
    parts.extend(values.list.as_deref().map(list));
    let rest = parts.join(" ");
    let quoted = quoted(&values.title);
    let titles = [values.title.as_str(), &quoted];
    let texts = titles.into_iter().map(|title| [title, &rest].into_iter().filter(|part| !part.is_empty()).collect::<Vec<_>>().join(" "));
    texts.into_iter().find(|text| says(text, values, here, language)).ok_or(Unsayable::Value)
}

/// Whether the text is read as these values, without doubt.
fn says(text: &str, values: &Understood, here: Here, language: Language) -> bool {
    let read = read_in(text, here, language);
    // That a day has gone is no doubt, though the same one to come is offered.
    let to_come = |other: &Reading| {
        let later =
            values.when.filter(|when| has_gone(*when, here)).zip(other.when).is_some_and(|(gone, other)| other.local() > gone.local());
        later && values.rule.is_none()
    };
    // Nor that some months have no 31st, though their last day is offered.
    let last_day = |other: &Reading| {
        let has = |rule: &Option<Rule>, wanted: fn(&i8) -> bool| rule.as_ref().is_some_and(|rule| rule.by_month_day.iter().any(wanted));
        has(&values.rule, |day| *day > 28) && has(&other.rule, |day| *day == -1)
    };
    let is_no_doubt = |other: &Reading| to_come(other) || last_day(other);
    let sure = read.unread.is_empty() && read.chips.iter().all(|chip| chip.alternatives.iter().all(is_no_doubt));
    let zone = if values.zone.is_some() { values.zone } else { read.zone };
    sure && Understood { chips: values.chips.clone(), unread: values.unread.clone(), zone, ..read } == Understood { zone, ..values.clone() }
}

fn quoted(title: &str) -> String {
    format!("\"{}\"", title.replace('\\', "\\\\").replace('"', "\\\""))
}

fn list(name: &str) -> String {
    let plain = name.chars().all(|c| c.is_alphanumeric() || matches!(c, '-' | '_')) && name.chars().any(char::is_alphabetic);
    if plain { format!("#{name}") } else { format!("#{}", quoted(name)) }
}

fn fill(template: &str, name: &str, value: &str) -> String {
    template.replace(name, value)
}

fn moment(when: When, home: Zone, named: Option<Zone>, vocabulary: &Vocabulary) -> String {
    let date = date(when.date(), &vocabulary.say);
    match when {
        When::Date(_) => date,
        When::At { local, zone } => {
            let time = fill(vocabulary.say.at, "{t}", &time(minutes_of(local), vocabulary));
            if zone == home && named.is_none() { format!("{date} {time}") } else { format!("{date} {time} {}", zone.name()) }
        }
    }
}

fn minutes_of(at: NaiveDateTime) -> u32 {
    at.hour() * 60 + at.minute()
}

/// By name where the year looks like one, else in digits.
fn date(date: NaiveDate, say: &Say) -> String {
    let month = say.months.get(date.month0() as usize).filter(|_| (1900..2200).contains(&date.year()));
    month.map_or_else(
        || date.format("%Y-%m-%d").to_string(),
        |month| fill(say.date, "{d}", &date.day().to_string()).replace("{m}", month).replace("{y}", &date.year().to_string()),
    )
}

/// A time that is not read twice.
fn time(minutes: u32, vocabulary: &Vocabulary) -> String {
    let (hour, minute) = (minutes / 60, minutes % 60);
    if !vocabulary.twelve_hours || hour == 24 {
        return format!("{hour:02}:{minute:02}");
    }
    let half = if hour < 12 { "am" } else { "pm" };
    let shown = if hour % 12 == 0 { 12 } else { hour % 12 };
    if minute == 0 { format!("{shown}{half}") } else { format!("{shown}:{minute:02}{half}") }
}

/// Days of a series are those of each one of it; several days from a time on might be daily.
fn length_words(length: Length, of_series: bool, vocabulary: &Vocabulary) -> String {
    let say = &vocabulary.say;
    let of_each = match length {
        Length::Days(_) => of_series,
        Length::Minutes(minutes) => minutes % (24 * 60) == 0 && (of_series || minutes > 24 * 60),
    };
    let words = match length {
        Length::Minutes(minutes) => span(minutes, say),
        Length::Days(days) => unit(days, 2, say),
    };
    fill(if of_each { say.lasting } else { say.length }, "{t}", &words)
}

/// In the largest unit that holds it.
fn span(minutes: u32, say: &Say) -> String {
    let sizes = [7 * 24 * 60, 24 * 60, 60, 1];
    let (place, size) = sizes.into_iter().enumerate().find(|(_, size)| minutes.is_multiple_of(*size) && minutes > 0).unwrap_or((3, 1));
    unit(minutes / size, 3 - place, say)
}

fn unit(count: u32, unit: usize, say: &Say) -> String {
    let (one, several) = say.units.get(unit).copied().unwrap_or_default();
    format!("{count} {}", if count == 1 { one } else { several })
}

/// The rule with its end, or nothing if there are no words for it.
fn rule_words(rule: &Rule, vocabulary: &Vocabulary) -> Option<String> {
    let say = &vocabulary.say;
    let unsaid = rule.by_second.is_empty() && rule.by_minute.is_empty() && rule.by_hour.is_empty() && rule.by_week_no.is_empty();
    if !(unsaid && rule.by_year_day.is_empty() && rule.week_start == Weekday::Mon) {
        return None;
    }
    let words = match rule.frequency {
        Frequency::Daily if is_plain(rule) => period(rule, 0, say)?,
        Frequency::Weekly => weekly(rule, say)?,
        Frequency::Monthly => monthly(rule, say)?,
        Frequency::Yearly => yearly(rule, say)?,
        _ => return None,
    };
    match rule.end {
        End::Never => Some(words),
        End::Count(count) => Some(format!("{words} {}", fill(say.times, "{n}", &count.to_string()))),
        End::Until(Until::Date(on)) => Some(format!("{words} {}", fill(say.until, "{t}", &date(on, say)))),
        End::Until(_) => None,
    }
}

fn is_plain(rule: &Rule) -> bool {
    rule.by_day.is_empty() && rule.by_month.is_empty() && rule.by_month_day.is_empty() && rule.by_set_pos.is_empty()
}

fn period(rule: &Rule, unit: usize, say: &Say) -> Option<String> {
    match rule.interval.get() {
        1 => say.every.get(unit).map(|words| (*words).to_owned()),
        number => say.every_n.get(unit).map(|words| fill(words, "{n}", &number.to_string())),
    }
}

fn weekday(day: Weekday, say: &Say) -> Option<&'static str> {
    say.weekdays.get(day.num_days_from_monday() as usize).copied()
}

/// "a, b and c".
fn joined(words: &[&str], say: &Say) -> Option<String> {
    let (last, rest) = words.split_last()?;
    Some(if rest.is_empty() { (*last).to_owned() } else { format!("{} {} {last}", rest.join(", "), say.and) })
}

fn weekly(rule: &Rule, say: &Say) -> Option<String> {
    if is_plain(rule) {
        return period(rule, 1, say);
    }
    let plain = rule.by_month_day.is_empty()
        && rule.by_set_pos.is_empty()
        && rule.by_month.is_empty()
        && rule.by_day.iter().all(|by| by.nth.is_none());
    let names: Vec<&str> = rule.by_day.iter().map(|by| weekday(by.day, say)).collect::<Option<_>>()?;
    let days = joined(&names, say).filter(|_| plain)?;
    if rule.interval.get() == 1 {
        return Some(fill(say.every_weekday, "{w}", &days));
    }
    Some(format!("{} {}", period(rule, 1, say)?, fill(say.on_weekdays, "{w}", &days)))
}

fn monthly(rule: &Rule, say: &Say) -> Option<String> {
    let months = period(rule, 2, say)?;
    if is_plain(rule) {
        return Some(months);
    }
    let day = match (rule.by_day.as_slice(), rule.by_month_day.as_slice(), rule.by_set_pos.as_slice()) {
        ([], [back @ ..=-1], []) => nth(*back, say.any_day, say)?,
        ([], days, []) if days.iter().all(|day| *day > 0 || *day == -1) => {
            let mut words: Vec<String> = days.iter().filter(|day| **day > 0).map(|day| month_day(*day, say)).collect();
            words.extend(days.iter().find(|day| **day < 0).and_then(|_| Some(format!("{} {}", ordinal(-1, say)?, say.any_day))));
            fill(say.on_day, "{t}", &joined(&words.iter().map(String::as_str).collect::<Vec<_>>(), say)?)
        }
        ([ByDay { nth: Some(n), day }], [], []) => nth(*n, weekday(*day, say)?, say)?,
        ([ByDay { day, .. }, ..], [], []) => several_nth(&rule.by_day, *day, say)?,
        (days, [], [n]) if is_workdays(days) => nth(i8::try_from(*n).ok()?, say.workday, say)?,
        _ => return None,
    };
    rule.by_month.is_empty().then(|| format!("{months} {day}"))
}

fn is_workdays(days: &[ByDay]) -> bool {
    days.len() == 5 && days.iter().all(|by| by.nth.is_none() && by.day.num_days_from_monday() < 5)
}

/// The day with its ending: English has four.
fn month_day(day: i8, say: &Say) -> String {
    let ending = match (day % 10, day / 10) {
        (_, 1) => "th",
        (1, _) => "st",
        (2, _) => "nd",
        (3, _) => "rd",
        _ => "th",
    };
    fill(say.day, "{d}", &day.to_string()).replace("{th}", ending)
}

/// "on the second Tuesday".
fn nth(n: i8, day: &str, say: &Say) -> Option<String> {
    Some(fill(say.on_nth, "{o}", ordinal(n, say)?).replace("{w}", day))
}

/// "on the first and third Monday".
fn several_nth(by_day: &[ByDay], day: Weekday, say: &Say) -> Option<String> {
    let is_one_day = by_day.iter().all(|by| by.day == day);
    let ordinals = by_day.iter().map(|by| ordinal(by.nth?, say)).collect::<Option<Vec<_>>>().filter(|_| is_one_day)?;
    Some(fill(say.on_nth, "{o}", &joined(&ordinals, say)?).replace("{w}", weekday(day, say)?))
}

fn ordinal(n: i8, say: &Say) -> Option<&'static str> {
    match n {
        -5..=-1 => say.last.get(usize::from(n.unsigned_abs()) - 1).copied(),
        n => say.ordinals.get(usize::try_from(n).ok()?.checked_sub(1)?).copied(),
    }
}

fn yearly(rule: &Rule, say: &Say) -> Option<String> {
    let years = period(rule, 3, say)?;
    match (rule.by_day.as_slice(), rule.by_month.as_slice()) {
        _ if is_plain(rule) => Some(years),
        ([ByDay { nth: Some(n), day }], [month]) if rule.by_month_day.is_empty() && rule.by_set_pos.is_empty() => {
            let month = say.months.get(usize::from(*month).checked_sub(1)?)?;
            Some(format!("{years} {} {}", nth(*n, weekday(*day, say)?, say)?, fill(say.of_month, "{m}", month)))
        }
        _ => None,
    }
}

/// Words that can only mean this, to stand in the place of a phrase.
pub(crate) fn words(said: &Said, language: Language) -> Option<String> {
    let vocabulary = language.vocabulary();
    match said {
        Said::Date(day) => Some(day.date.format("%Y-%m-%d").to_string()),
        Said::Until(day) => Some(fill(vocabulary.say.until, "{t}", &day.date.format("%Y-%m-%d").to_string())),
        Said::Time(minutes) => Some(time(*minutes, vocabulary)),
        Said::TimeBefore(minutes, count) => Some(format!("{} {count}", time(*minutes, vocabulary))),
        Said::Range(start, length) => {
            let end = (start + length) % (24 * 60);
            Some(format!("{}-{}", time(*start, vocabulary), time(end, vocabulary)))
        }
        Said::Zone(zone) => Some(zone.name().to_owned()),
        Said::Series(rule, _) => rule_words(rule, vocabulary),
        Said::DailyFor(minutes) => {
            let every = vocabulary.say.every.first()?;
            Some(format!("{every} {}", fill(vocabulary.say.length, "{t}", &span(*minutes, &vocabulary.say))))
        }
        Said::Length(minutes) | Said::Lasting(minutes) => Some(length_words(Length::Minutes(*minutes), true, vocabulary)),
        Said::LengthAndLead(length, lead) => {
            let alarm = fill(vocabulary.say.before, "{t}", &span(lead.unsigned_abs(), &vocabulary.say));
            Some(format!("{}, {alarm}", length_words(Length::Minutes(*length), true, vocabulary)))
        }
        Said::DaysBefore(1, minutes) if is_in(*minutes, Part::Evening) => {
            Some(fill(vocabulary.say.eve, "{t}", &time(*minutes, vocabulary)))
        }
        Said::DaysBefore(days, minutes) => {
            let early = fill(vocabulary.say.before, "{t}", &span(days * 24 * 60, &vocabulary.say));
            Some(format!("{early} {}", fill(vocabulary.say.at, "{t}", &time(*minutes, vocabulary))))
        }
        Said::LeadAndTime(lead, minutes) => {
            let early = fill(vocabulary.say.before, "{t}", &span(lead.unsigned_abs(), &vocabulary.say));
            Some(format!("{}, {early}", fill(vocabulary.say.at, "{t}", &time(*minutes, vocabulary))))
        }
        Said::Stretch(day, days) => {
            let last = day.date.checked_add_days(Days::new(u64::from(days.checked_sub(1)?)))?;
            Some(format!("{} – {}", day.date.format("%Y-%m-%d"), last.format("%Y-%m-%d")))
        }
        _ => None,
    }
}
