//! Cells that are neither texts nor dates.

use belfry_core::reminder::ALARM_LIMIT;
use belfry_core::{Lead, Length, ShowAs, When};

use crate::moment::duration;

/// A length before it is known whether its reminder takes whole days.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Span {
    /// A number without a unit.
    Bare(u32),
    Minutes(u32),
}

impl Span {
    pub fn length(self, when: &When) -> Length {
        match (self, when.is_all_day()) {
            (Self::Bare(days), true) => Length::Days(days),
            (Self::Minutes(minutes), true) => Length::Days(minutes.div_ceil(24 * 60).max(1)),
            (Self::Bare(minutes) | Self::Minutes(minutes), false) => Length::Minutes(minutes),
        }
    }
}

/// Reads `90`, `1:30`, `90m`, `2 hours`, `3 days`, `PT1H30M`.
pub fn minutes_or_days(cell: &str) -> Option<Span> {
    if let Some((days, seconds)) = duration(cell) {
        return u32::try_from(days.checked_mul(24 * 60)?.checked_add(seconds / 60)?).ok().map(Span::Minutes);
    }
    if let Some((hours, minutes)) = cell.split_once(':') {
        let (hours, minutes): (u32, u32) = (hours.trim().parse().ok()?, minutes.trim().parse().ok()?);
        return hours.checked_mul(60)?.checked_add(minutes).map(Span::Minutes);
    }
    let cell = cell.trim();
    let cut = cell.find(|c: char| !c.is_ascii_digit()).unwrap_or(cell.len());
    let (number, unit) = cell.split_at_checked(cut)?;
    let number: u32 = number.parse().ok()?;
    let unit = unit.trim().to_lowercase();
    if unit.is_empty() {
        return Some(Span::Bare(number));
    }
    let minutes = match unit.as_str() {
        "m" | "min" | "mins" | "minute" | "minutes" | "minuten" => 1,
        "h" | "hour" | "hours" | "std" | "stunde" | "stunden" => 60,
        "d" | "day" | "days" | "tag" | "tage" | "tagen" => 24 * 60,
        "w" | "week" | "weeks" | "woche" | "wochen" => 7 * 24 * 60,
        _ => return None,
    };
    number.checked_mul(minutes).map(Span::Minutes)
}

/// The rule that a word stands for, as people write it in tables in English and German; `Some(None)` is no rule, and `None` a cell that holds no such word.
pub fn repeat(cell: &str) -> Option<Option<&'static str>> {
    Some(match cell.trim().to_lowercase().replace(['-', '_'], " ").as_str() {
        "none" | "no" | "never" | "once" | "" | "nein" | "nie" | "einmalig" | "keine" => None,
        "daily" | "every day" | "t\u{e4}glich" | "jeden tag" => Some("FREQ=DAILY"),
        "weekdays" | "every weekday" | "workdays" | "werktags" => Some("FREQ=WEEKLY;BYDAY=MO,TU,WE,TH,FR"),
        "weekly" | "every week" | "w\u{f6}chentlich" | "jede woche" => Some("FREQ=WEEKLY"),
        "biweekly"
        | "bi weekly"
        | "fortnightly"
        | "every 2 weeks"
        | "every two weeks"
        | "alle 2 wochen"
        | "alle zwei wochen"
        | "zweiw\u{f6}chentlich" => Some("FREQ=WEEKLY;INTERVAL=2"),
        "monthly" | "every month" | "monatlich" | "jeden monat" => Some("FREQ=MONTHLY"),
        "quarterly" | "every quarter" | "every 3 months" | "viertelj\u{e4}hrlich" | "quartalsweise" => Some("FREQ=MONTHLY;INTERVAL=3"),
        "half yearly" | "semiannually" | "every 6 months" | "halbj\u{e4}hrlich" => Some("FREQ=MONTHLY;INTERVAL=6"),
        "yearly" | "annually" | "annual" | "every year" | "j\u{e4}hrlich" | "jedes jahr" => Some("FREQ=YEARLY"),
        _ => return None,
    })
}

/// A lead time as calendars write it (RFC 5545 section 3.8.6.3): `-PT15M` is before.
fn trigger(cell: &str) -> Option<Lead> {
    let (days, seconds) = duration(cell)?;
    let minutes = days.checked_mul(24 * 60)?.checked_add(seconds / 60)?;
    // Written without a sign in a table of lead times it is one all the same.
    let lead = Lead::try_from(minutes.checked_abs()?).ok().filter(|lead| *lead <= ALARM_LIMIT)?;
    Some(if cell.trim_start().starts_with('+') { -lead } else { lead })
}

/// Reads `15`, `15m; 2h`, `1 day before`, `30m after`, `-PT15M`, `none`. Minutes, sorted by [`belfry_core::Reminder::normal`].
pub fn alarms(cell: &str) -> Option<Vec<Lead>> {
    let lower = cell.trim().to_lowercase();
    if ["none", "no", "off", "-", "kein", "keine"].contains(&lower.as_str()) {
        return Some(vec![]);
    }
    let one = |lead: &str| {
        let lead = lead.trim();
        if let Some(lead) = trigger(lead) {
            return Some(lead);
        }
        let after = ["after", "nachher", "danach"].iter().find_map(|word| lead.strip_suffix(word));
        let span = after.unwrap_or_else(|| lead.trim_end_matches("before").trim_end_matches("vorher"));
        match minutes_or_days(span)? {
            Span::Bare(minutes) | Span::Minutes(minutes) => {
                let minutes = Lead::try_from(minutes).ok().filter(|minutes| *minutes <= ALARM_LIMIT)?;
                Some(if after.is_some() { -minutes } else { minutes })
            }
        }
    };
    lower.split([',', ';', '/', '|']).map(one).collect()
}

/// Reads Belfry's words and Outlook's, which exports numbers; others say nothing.
pub fn show_as(cell: &str) -> Option<ShowAs> {
    let word = cell.trim().to_lowercase().replace([' ', '-'], "_");
    match word.as_str() {
        "1" => Some(ShowAs::Tentative),
        "2" => Some(ShowAs::Busy),
        "3" => Some(ShowAs::Free),
        "4" => Some(ShowAs::Oof),
        "an_anderem_ort_t\u{e4}tig" => Some(ShowAs::WorkingElsewhere),
        "frei" => Some(ShowAs::Free),
        "gebucht" | "besch\u{e4}ftigt" => Some(ShowAs::Busy),
        "out_of_office" | "abwesend" => Some(ShowAs::Oof),
        "mit_vorbehalt" => Some(ShowAs::Tentative),
        word => ShowAs::parse(word),
    }
}

/// What they write for no.
pub fn is_no(cell: &str) -> bool {
    ["false", "no", "n", "0", "off", "falsch", "nein", "aus", "faux", "non"].contains(&cell.trim().to_lowercase().as_str())
}

/// What spreadsheets and people write for yes.
pub fn is_yes(cell: &str) -> bool {
    let yes = [
        "true",
        "yes",
        "y",
        "1",
        "x",
        "on",
        "done",
        "completed",
        "wahr",
        "ja",
        "j",
        "ein",
        "erledigt",
        "vrai",
        "oui",
        "\u{2713}",
        "\u{2714}",
    ];
    yes.contains(&cell.trim().to_lowercase().as_str())
}
