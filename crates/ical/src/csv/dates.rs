//! Dates and times as people write them in tables.

use belfry_core::{When, Zone};
use chrono::{Days, NaiveDate, NaiveTime};

use super::columns::DateOrder;
use crate::moment::{Spelled, spelled};

/// A date, perhaps with a time.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Moment {
    pub on: NaiveDate,
    pub time: Option<NaiveTime>,
    /// The cell itself said UTC.
    is_utc: bool,
}

/// A time of day, and by how many days it is later: `24:00` is midnight of the next.
pub type Clock = (NaiveTime, u64);

impl Moment {
    /// The same day at another time.
    pub fn at(self, (time, days): Clock) -> Self {
        Self { on: self.on.checked_add_days(Days::new(days)).unwrap_or(self.on), time: Some(time), ..self }
    }

    pub fn when(self, zone: Zone) -> When {
        match self.time {
            None => When::Date(self.on),
            Some(time) => When::At { local: self.on.and_time(time), zone: if self.is_utc { Zone::UTC } else { zone } },
        }
    }
}

/// First letters of the months in English, then where German differs.
const MONTHS: [(&str, u32); 16] = [
    ("jan", 1),
    ("feb", 2),
    ("mar", 3),
    ("m\u{e4}r", 3),
    ("mrz", 3),
    ("apr", 4),
    ("may", 5),
    ("mai", 5),
    ("jun", 6),
    ("jul", 7),
    ("aug", 8),
    ("sep", 9),
    ("oct", 10),
    ("okt", 10),
    ("nov", 11),
    ("dec", 12),
];

/// Reads a date, perhaps with a time behind it.
pub fn moment(cell: &str, order: DateOrder) -> Option<Moment> {
    if let Some(read) = spelled(cell) {
        let (on, time, is_utc) = match read {
            Spelled::Date(on) => (on, None, false),
            Spelled::Local(at) => (at.date(), Some(at.time()), false),
            Spelled::Utc(at) => (at.date(), Some(at.time()), true),
        };
        return Some(Moment { on, time, is_utc });
    }
    if let Some((on, time)) = of_spreadsheet(cell) {
        return Some(Moment { on, time, is_utc: false });
    }
    let (date, rest) = date_and_rest(cell)?;
    let on = date.on(order)?;
    let day = Moment { on, time: None, is_utc: false };
    if rest.is_empty() { Some(day) } else { Some(day.at(clock(rest)?)) }
}

/// A date that a spreadsheet wrote as its number of days since 1899-12-30, with the time of day as a fraction: those of this century, so that no bare number is taken for one.
fn of_spreadsheet(cell: &str) -> Option<(NaiveDate, Option<NaiveTime>)> {
    let cell = cell.trim();
    let (days, fraction) = cell.split_once(['.', ',']).unwrap_or((cell, ""));
    let days: u64 = days.parse().ok().filter(|days| days_of_this_century(*days))?;
    if !fraction.bytes().all(|digit| digit.is_ascii_digit()) {
        return None;
    }
    let on = NaiveDate::from_ymd_opt(1899, 12, 30)?.checked_add_days(Days::new(days))?;
    if fraction.is_empty() {
        return Some((on, None));
    }
    let part: f64 = format!("0.{fraction}").parse().ok()?;
    // To the minute: a spreadsheet keeps 9:00 as 0.375, and 9:20 as a fraction that does not end.
    let minutes = (0..24 * 60).find(|minute| (f64::from(*minute) / 1440.0 - part).abs() < 0.5 / 1440.0)?;
    Some((on, NaiveTime::from_hms_opt(minutes / 60, minutes % 60, 0)))
}

/// 2000-01-01 to 2099-12-31.
fn days_of_this_century(days: u64) -> bool {
    (36_526..=73_050).contains(&days)
}

/// The parts of a date before it is known which is which.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Parts {
    /// Year, month, day.
    Sure(i32, u32, u32),
    /// Two numbers and the year.
    Either(u32, u32, i32),
}

impl Parts {
    fn on(self, order: DateOrder) -> Option<NaiveDate> {
        let (year, month, day) = match (self, order) {
            (Self::Sure(year, month, day), _)
            | (Self::Either(day, month, year), DateOrder::DayFirst)
            | (Self::Either(month, day, year), DateOrder::MonthFirst) => (year, month, day),
        };
        NaiveDate::from_ymd_opt(year, month, day)
    }
}

/// Splits `3.3.2027 09:00`, `03/04/2027, 9 AM`, `3. March 2027`.
fn date_and_rest(cell: &str) -> Option<(Parts, &str)> {
    let cell = cell.trim();
    if cell.chars().any(char::is_alphabetic)
        && let Some(found) = with_month_name(cell)
    {
        return Some(found);
    }
    let cell = without_weekday(cell);
    let end = cell.find([' ', ',', 'T']).unwrap_or(cell.len());
    let (date, rest) = cell.split_at_checked(end)?;
    let separator = date.chars().find(|c| !c.is_ascii_digit())?;
    let numbers: Vec<&str> = date.split(separator).collect();
    let [first, second, third] = numbers.as_slice() else { return None };
    let parts = match (separator, first.len()) {
        ('/' | '.' | '-', 4) => Parts::Sure(first.parse().ok()?, second.parse().ok()?, third.parse().ok()?),
        // With dots the day is first wherever dates are written so.
        ('.', _) => Parts::Sure(year(third)?, second.parse().ok()?, first.parse().ok()?),
        ('/' | '-', _) => Parts::Either(first.parse().ok()?, second.parse().ok()?, year(third)?),
        _ => return None,
    };
    Some((parts, rest.trim_start_matches([' ', ',', 'T'])))
}

/// First letters of the days of the week in English and German; two-letter ones stand alone.
const WEEKDAYS: [&str; 21] = [
    "mon", "tue", "wed", "thu", "fri", "sat", "sun", "die", "mit", "don", "fre", "sam", "son", "mo", "di", "mi", "do", "fr", "sa", "so",
    "th",
];

/// `Mi 3.3.2027` without its first word; the date says the day itself.
fn without_weekday(cell: &str) -> &str {
    let end = cell.find(|c: char| !c.is_alphabetic()).unwrap_or(cell.len());
    let Some((word, rest)) = cell.split_at_checked(end).map(|(word, rest)| (word.to_lowercase(), rest)) else { return cell };
    let is_day = WEEKDAYS.iter().any(|day| if day.len() == 2 { *day == word } else { word.starts_with(day) });
    if is_day { rest.trim_start_matches(['.', ',', ' ']) } else { cell }
}

fn with_month_name(cell: &str) -> Option<(Parts, &str)> {
    let lower = cell.to_lowercase();
    let words: Vec<&str> = lower.split([' ', ',', '.', '-', '/']).filter(|word| !word.is_empty()).collect();
    let at = words.iter().take(3).position(|word| word.len() >= 3 && month(word).is_some())?;
    let month = words.get(at).and_then(|word| month(word))?;
    let number = |word: &&str| word.trim_end_matches(|c: char| c.is_alphabetic()).parse::<u32>().ok();
    let (day, year_word) = match at {
        // "March 3 2027", "3 March 2027", "Wed 3 March 2027".
        0 => (words.get(1).and_then(number)?, *words.get(2)?),
        at => (words.get(at - 1).and_then(number)?, *words.get(at + 1)?),
    };
    let end = lower.find(year_word)? + year_word.len();
    let rest = cell.get(end..).unwrap_or_default().trim_start_matches([' ', ',', 'T', 't']);
    Some((Parts::Sure(year(year_word)?, month, day), rest))
}

fn month(word: &str) -> Option<u32> {
    let head: String = word.chars().take(3).collect();
    let known = MONTHS.iter().find(|(name, _)| *name == head).map(|(_, month)| *month);
    known.or_else(|| (head == "dez").then_some(12))
}

/// Two digits are of this century, from 70 on of the last.
fn year(text: &str) -> Option<i32> {
    let number: i32 = text.parse().ok()?;
    match (text.len(), number) {
        (4, number) => Some(number),
        (2, 0..70) => Some(2000 + number),
        (2, number) => Some(1900 + number),
        _ => None,
    }
}

/// Reads `09:00[:30]`, `9 AM`, `9:30 pm`, `0900`, `9h30`, `9.30 Uhr`, `9`, `noon`, `24:00`.
pub fn clock(cell: &str) -> Option<Clock> {
    let lower = cell.trim().to_lowercase();
    match lower.trim_end_matches("uhr").trim_end() {
        "24" | "24:00" | "24:00:00" | "2400" | "24.00" | "24h" => Some((NaiveTime::MIN, 1)),
        "noon" | "12 noon" | "midday" | "mittag" | "mittags" | "midi" => Some((NaiveTime::from_hms_opt(12, 0, 0)?, 0)),
        _ => time(&lower).map(|time| (time, 0)),
    }
}

fn time(lower: &str) -> Option<NaiveTime> {
    let text = lower.trim_end_matches("uhr").trim();
    let (text, half) = match text.strip_suffix('m').map(|rest| rest.trim_end_matches('.')) {
        Some(rest) if rest.ends_with('a') => (rest.trim_end_matches('a').trim_end(), Some(0)),
        Some(rest) if rest.ends_with('p') => (rest.trim_end_matches('p').trim_end(), Some(12)),
        _ => (text, None),
    };
    let mut parts: Vec<&str> = text.split([':', '.', 'h']).filter(|part| !part.is_empty()).collect();
    if let [only] = parts.as_slice()
        && only.len() == 4
    {
        let (hours, minutes) = only.split_at_checked(2)?;
        parts = vec![hours, minutes];
    }
    let numbers: Vec<u32> = parts.iter().map(|part| part.parse().ok()).collect::<Option<_>>()?;
    let (hour, minute, second) = match numbers.as_slice() {
        [hour] if half.is_some() || text.len() <= 2 || text.ends_with('h') || lower.ends_with("uhr") => (*hour, 0, 0),
        [hour, minute] => (*hour, *minute, 0),
        [hour, minute, second] => (*hour, *minute, *second),
        _ => return None,
    };
    let hour = match half {
        None => hour,
        Some(_) if !(1..=12).contains(&hour) => return None,
        Some(half) => hour % 12 + half,
    };
    NaiveTime::from_hms_opt(hour, minute, second)
}

/// The order of all dates of a table: one that can be read only one way decides for the others.
///
/// # Errors
/// A date that can be read two ways, when none decides.
pub fn order_of<'a>(cells: impl Iterator<Item = &'a str>) -> Result<DateOrder, String> {
    let (mut day_first, mut month_first, mut open) = (0_usize, 0_usize, None);
    for cell in cells.filter(|cell| spelled(cell).is_none()) {
        let Some((parts @ Parts::Either(first, second, _), _)) = date_and_rest(cell) else { continue };
        match (parts.on(DateOrder::DayFirst), parts.on(DateOrder::MonthFirst)) {
            (Some(_), None) => day_first += 1,
            (None, Some(_)) => month_first += 1,
            (Some(_), Some(_)) if first != second => open = open.or(Some(cell)),
            _ => {}
        }
    }
    match (day_first, month_first, open) {
        // Nothing to decide, or rows that are bad in either order.
        (0, 0, Some(cell)) => Err(cell.to_owned()),
        (day, month, Some(cell)) if day > 0 && month > 0 => Err(cell.to_owned()),
        (day, month, _) if month > day => Ok(DateOrder::MonthFirst),
        _ => Ok(DateOrder::DayFirst),
    }
}

/// Reads `DD/MM/YYYY`, `%m/%d/%Y`, `dmy`: what counts is which letter is first.
pub fn order_named(text: &str) -> Option<DateOrder> {
    let lower = text.to_ascii_lowercase();
    let (day, month) = (lower.find(['d', 't'])?, lower.find('m')?);
    let is_format = lower.chars().all(|c| matches!(c, 'd' | 't' | 'm' | 'y' | 'j' | '%') || !c.is_alphanumeric());
    is_format.then_some(if day < month { DateOrder::DayFirst } else { DateOrder::MonthFirst })
}
