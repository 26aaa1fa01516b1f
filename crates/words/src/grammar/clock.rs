//! A time of day as one word shows it.

use crate::sentence::small;

/// Minutes in half a day.
pub const HALF: u32 = 12 * 60;
/// Minutes in a day.
pub const DAY: u32 = 24 * 60;

/// The parts of `9`, `9am`, `9:30`, `09:30pm`, `9.30`.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Shown {
    pub hour: u32,
    pub minute: Option<u32>,
    /// Whether it is after noon, if the word says so.
    pub pm: Option<bool>,
    /// Two digits of hour.
    pub padded: bool,
    /// A dot for the colon.
    pub dotted: bool,
}

pub fn shown(word: &str) -> Option<Shown> {
    let (digits, pm) = match (word.strip_suffix("am"), word.strip_suffix("pm")) {
        (Some(digits), _) => (digits, Some(false)),
        (_, Some(digits)) => (digits, Some(true)),
        _ => match word.strip_suffix('p') {
            Some(digits) => (digits, Some(true)),
            None => (word, None),
        },
    };
    // "8:30:00"
    let digits = digits.strip_suffix(":00").filter(|rest| rest.contains(':')).unwrap_or(digits);
    let (hour, minute) = match digits.split_once([':', '.']) {
        Some((hour, minute)) if minute.len() == 2 => (hour, Some(small(minute)?)),
        Some(_) => return None,
        None => (digits, None),
    };
    let value = Shown { hour: small(hour)?, minute, pm, padded: hour.len() == 2, dotted: digits.contains('.') };
    (hour.len() <= 2 && is_time(&value)).then_some(value)
}

/// Whether a word is a time of day, or a number that may be one.
pub fn is_shown(word: &str) -> bool {
    shown(word).is_some()
}

fn is_time(shown: &Shown) -> bool {
    match shown.pm {
        Some(_) => (1..=12).contains(&shown.hour) && shown.minute.unwrap_or(0) < 60,
        None => (shown.hour < 24 && shown.minute.unwrap_or(0) < 60) || (shown.hour == 24 && shown.minute.unwrap_or(0) == 0),
    }
}

impl Shown {
    /// In minutes, as it stands.
    pub fn minutes(self) -> u32 {
        let hour = match self.pm {
            Some(pm) => self.hour % 12 + if pm { 12 } else { 0 },
            None => self.hour,
        };
        hour * 60 + self.minute.unwrap_or(0)
    }
}

/// Both readings of a time on a clock of twelve hours, the likelier first; the only one, if it can be but one.
pub fn both(minutes: u32) -> Vec<u32> {
    match minutes / 60 {
        1..=6 => vec![minutes + HALF, minutes],
        7..=11 => vec![minutes, minutes + HALF],
        12 => vec![minutes, minutes - HALF],
        _ => vec![minutes],
    }
}

/// As it stands first, then twelve hours later.
pub fn literal(minutes: u32) -> Vec<u32> {
    match minutes / 60 {
        1..=11 => vec![minutes, minutes + HALF],
        _ => vec![minutes],
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn times_in_one_word() {
        for (word, minutes) in [
            ("9am", 540),
            ("12am", 0),
            ("12pm", 720),
            ("9:30pm", 21 * 60 + 30),
            ("00:00", 0),
            ("24:00", 1440),
            ("9.05", 545),
            ("23", 23 * 60),
        ] {
            assert_eq!(shown(word).map(Shown::minutes), Some(minutes), "{word}");
        }
        for word in ["", "am", "13am", "0pm", "25", "24:01", "9:60", "9:5", "9:300", "١", "009", "9:3x", "1.5"] {
            assert_eq!(shown(word), None, "{word}");
        }
    }
}
