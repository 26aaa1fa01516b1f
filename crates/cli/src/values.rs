//! Values of options.

use belfry_app::AppError;
use belfry_app::confirming::HoldAnswer;
use belfry_core::{Direction, Lead, ShowAs};

/// `30m`, `2h`, `1d`, `1w`, or bare minutes.
pub fn minutes(text: &str) -> Result<u32, String> {
    let cut = text.find(|c: char| !c.is_ascii_digit()).unwrap_or(text.len());
    let (number, unit) = text.split_at(cut);
    let factor = match unit.trim() {
        "" | "m" | "min" => 1,
        "h" => 60,
        "d" => 24 * 60,
        "w" => 7 * 24 * 60,
        _ => return Err("write 30m, 2h, 1d or 1w".into()),
    };
    number.parse::<u32>().ok().and_then(|number| number.checked_mul(factor)).ok_or_else(|| "write 30m, 2h, 1d or 1w".into())
}

/// A lead time, one after the start with a plus, or `none`.
pub fn alarm(text: &str) -> Result<Option<Lead>, String> {
    if text.eq_ignore_ascii_case("none") {
        return Ok(None);
    }
    let after = text.strip_prefix('+');
    let lead = minutes(after.unwrap_or(text)).ok().and_then(|minutes| Lead::try_from(minutes).ok());
    let lead = lead.ok_or_else(|| "write none, 0, 15m, 2h, 1d or 1w, and +30m for half an hour after the start".to_owned())?;
    Ok(Some(if after.is_some() { -lead } else { lead }))
}

/// `on` or `off`.
pub fn on_or_off(text: &str) -> Result<bool, String> {
    match text.to_ascii_lowercase().as_str() {
        "on" => Ok(true),
        "off" => Ok(false),
        _ => Err("write on or off".into()),
    }
}

/// How often a feed is read: a time, or as often as it wants.
#[derive(Debug, Clone, Copy)]
pub struct Every(pub Option<u32>);

/// `auto`, or a time.
pub fn every(text: &str) -> Result<Every, String> {
    if text.eq_ignore_ascii_case("auto") { Ok(Every(None)) } else { minutes(text).map(Some).map(Every) }
}

/// The alarms that were said; `none` clears.
///
/// # Errors
/// `none` together with others.
pub fn alarms(given: &[Option<Lead>]) -> Result<Option<Vec<Lead>>, AppError> {
    if given.len() > 1 && given.contains(&None) {
        return Err(AppError::bad("`--alarm none` and other alarms contradict each other.", "Say one or the other."));
    }
    Ok(if given.is_empty() { None } else { Some(given.iter().flatten().copied().collect()) })
}

/// What a hold is answered with.
pub fn answer(text: &str) -> Result<HoldAnswer, String> {
    match text {
        "all" => Ok(HoldAnswer::All),
        "add" => Ok(HoldAnswer::Add),
        "removed" => Ok(HoldAnswer::Removed),
        "keep" => Ok(HoldAnswer::Keep),
        _ => Err("write add, removed or keep, or nothing for yes to all".into()),
    }
}

/// Which way edits travel.
pub fn direction(text: &str) -> Result<Direction, String> {
    match text {
        "both" => Ok(Direction::Both),
        "source" => Ok(Direction::Source),
        _ => Err("write both or source".into()),
    }
}

/// `yes` or `no`.
pub fn yes_or_no(text: &str) -> Result<bool, String> {
    match text.to_ascii_lowercase().as_str() {
        "yes" | "true" => Ok(true),
        "no" | "false" => Ok(false),
        _ => Err("write yes or no".into()),
    }
}

/// Show-as by name.
pub fn show_as(text: &str) -> Result<ShowAs, String> {
    ShowAs::parse(text).ok_or_else(|| "write free, tentative, busy, oof or working_elsewhere".into())
}

/// `#rrggbb`.
pub fn colour(text: &str) -> Result<String, String> {
    belfry_core::list::parse_colour(text).ok_or_else(|| "write #rrggbb".into())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn lead_times() {
        for (text, expected) in [
            ("none", Some(None)),
            ("0", Some(Some(0))),
            ("15m", Some(Some(15))),
            ("2h", Some(Some(120))),
            ("1w", Some(Some(10_080))),
            ("+9h", Some(Some(-540))),
            ("x", None),
            ("-5m", None),
            ("99999999w", None),
        ] {
            assert_eq!(alarm(text).ok(), expected, "{text}");
        }
    }
}
