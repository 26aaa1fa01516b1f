//! Time zones as Graph takes them: Windows names, and those IANA names that tz data know.

use chrono::{DateTime, Duration, MappedLocalTime, NaiveDateTime, Offset, TimeZone, Utc};
use chrono_tz::Tz;
use windows_timezones::WindowsTimezone;

use crate::reply::Reply;

/// The zone of a name, or Graph's refusal.
pub fn zone(name: &str) -> Result<Tz, Reply> {
    if let Ok(windows) = name.parse::<WindowsTimezone>() {
        return Ok(windows.into());
    }
    let refused = || {
        let text = format!("A valid TimeZone value must be specified. The following TimeZone value is not supported: '{name}'.");
        Reply::error(400, "TimeZoneNotSupportedException", &text)
    };
    // Abbreviations are refused (EST, MST), and so is one zone that tz data know, with another word.
    if name == "Africa/Casablanca" {
        return Err(Reply::bare_error(400, "ErrorPropertyValidationFailure", "At least one property failed validation."));
    }
    if !name.contains('/') && name != "UTC" {
        return Err(refused());
    }
    name.parse().map_err(|_| refused())
}

pub fn instant(tz: Tz, local: NaiveDateTime) -> DateTime<Utc> {
    match tz.from_local_datetime(&local) {
        MappedLocalTime::Single(at) | MappedLocalTime::Ambiguous(at, _) => at.to_utc(),
        MappedLocalTime::None => {
            let before = tz.offset_from_utc_datetime(&(local - Duration::days(1))).fix();
            Utc.from_utc_datetime(&(local - Duration::seconds(i64::from(before.local_minus_utc()))))
        }
    }
}

pub fn wall(tz: Tz, at: DateTime<Utc>) -> NaiveDateTime {
    at.with_timezone(&tz).naive_local()
}
