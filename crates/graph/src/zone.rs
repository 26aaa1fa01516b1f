//! Time zone names on the wire: Windows names go out, Windows and IANA names come in.

use belfry_core::Zone;
use chrono_tz::Tz;
use windows_timezones::WindowsTimezone;

use crate::zone_alias::ALIASES;

/// The Windows name of a zone; `None` where Windows has none that shows the same clock (`Antarctica/Troll`).
#[must_use]
pub fn to_windows(zone: Zone) -> Option<&'static str> {
    let direct = |tz: Tz| WindowsTimezone::try_from(tz).ok().map(WindowsTimezone::name);
    direct(zone.0).or_else(|| {
        let index = ALIASES.binary_search_by_key(&zone.name(), |(name, _)| name).ok()?;
        let (_, alias) = ALIASES.get(index)?;
        direct(alias.parse().ok()?)
    })
}

/// The zone of a name that Graph gave. Names of zones that an old program made up come as `tzone://Microsoft/Custom`; nothing can be known of
/// those but the instants, so they read as UTC.
#[must_use]
pub fn zone_of(name: &str) -> Option<Zone> {
    let name = name.trim();
    if let Ok(windows) = name.parse::<WindowsTimezone>() {
        return Some(Zone(windows.into()));
    }
    match name {
        "" => None,
        "Kamchatka Standard Time" => Zone::parse("Asia/Kamchatka"),
        "Mid-Atlantic Standard Time" => Zone::parse("Etc/GMT+2"),
        _ if name.starts_with("tzone://") => Some(Zone::UTC),
        _ => Zone::parse(name),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_iana_name_has_a_way_out_but_troll() {
        let without: Vec<&str> = chrono_tz::TZ_VARIANTS.iter().filter(|tz| to_windows(Zone(**tz)).is_none()).map(|tz| tz.name()).collect();
        assert_eq!(without, ["Antarctica/Troll"]);
    }

    #[test]
    fn what_goes_out_comes_back_with_the_same_clock() {
        let from = chrono::NaiveDate::from_ymd_opt(2026, 1, 1).expect("a date").and_hms_opt(0, 0, 0).expect("a time");
        let differs = |tz: &Tz| {
            let name = to_windows(Zone(*tz))?;
            let back = zone_of(name).unwrap_or_else(|| panic!("{name}"));
            (!Zone(*tz).agrees_with(back, from)).then_some(tz.name())
        };
        let differing: Vec<&str> = chrono_tz::TZ_VARIANTS.iter().filter_map(differs).collect();
        // CLDR has not followed their latest changes of clock.
        assert_eq!(differing, ["America/Scoresbysund", "Antarctica/Casey", "Antarctica/Vostok"]);
    }
}
