//! A moment as a person means it: a date, or a wall time in a zone. Dates never pass through UTC.

use std::fmt;

use chrono::{DateTime, Datelike, Duration, MappedLocalTime, NaiveDate, NaiveDateTime, NaiveTime, Offset, TimeZone, Utc};
use chrono_tz::Tz;
use serde::{Deserialize, Deserializer, Serialize, Serializer};

/// The release of the zone data that everything here goes by (<https://www.iana.org/time-zones>).
pub const ZONE_DATA: &str = chrono_tz::IANA_TZDB_VERSION;

/// An IANA time zone.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub struct Zone(pub Tz);

impl Zone {
    /// Coordinated universal time.
    pub const UTC: Self = Self(Tz::UTC);

    /// Reads an IANA name, in any case.
    #[must_use]
    pub fn parse(name: &str) -> Option<Self> {
        let name = name.trim();
        name.parse::<Tz>().or_else(|_| Tz::from_str_insensitive(name)).ok().map(Self)
    }

    /// The IANA name.
    #[must_use]
    pub fn name(self) -> &'static str {
        self.0.name()
    }

    /// Wall time to instant, by the rule of RFC 5545 section 3.3.5: a time that a clock change skips is read with the
    /// offset from before the change, a time that happens twice means the first.
    #[must_use]
    pub fn instant(self, local: NaiveDateTime) -> DateTime<Utc> {
        match self.0.from_local_datetime(&local) {
            MappedLocalTime::Single(at) | MappedLocalTime::Ambiguous(at, _) => at.to_utc(),
            MappedLocalTime::None => {
                let before = local - Duration::hours(26);
                let offset = self.0.offset_from_utc_datetime(&before).fix().local_minus_utc();
                Utc.from_utc_datetime(&(local - Duration::seconds(i64::from(offset))))
            }
        }
    }

    /// Instant to wall time.
    #[must_use]
    pub fn wall(self, at: DateTime<Utc>) -> NaiveDateTime {
        at.with_timezone(&self.0).naive_local()
    }

    /// Whether the clock on the wall ever shows it: a change of the clock leaves some times out.
    #[must_use]
    pub fn shows(self, local: NaiveDateTime) -> bool {
        !matches!(self.0.from_local_datetime(&local), MappedLocalTime::None)
    }

    /// The wall time that a clock change left out and that means the same instant as `local` (RFC 5545 section 3.3.5): in Berlin 02:30 for 03:30 on the last Sunday of March. A rule
    /// names its date by it, whoever speaks of the instant by the other.
    #[must_use]
    pub fn left_out(self, local: NaiveDateTime) -> Option<NaiveDateTime> {
        let before = self.0.offset_from_utc_datetime(&local.checked_sub_signed(Duration::hours(26))?).fix().local_minus_utc();
        let at = self.instant(local);
        let twin = at.naive_utc().checked_add_signed(Duration::seconds(i64::from(before)))?;
        (!self.shows(twin) && self.instant(twin) == at).then_some(twin)
    }

    /// Whether two zones show the same clock for a year and a half from `from`, sampled every nine days.
    ///
    /// Windows has one name for many IANA zones, so Vienna comes back from Outlook as Berlin; that is not an edit.
    #[must_use]
    pub fn agrees_with(self, other: Self, from: NaiveDateTime) -> bool {
        self == other
            || (0..60).all(|step| {
                let at = Utc.from_utc_datetime(&(from + Duration::days(step * 9)));
                self.wall(at) == other.wall(at)
            })
    }
}

impl PartialOrd for Zone {
    fn partial_cmp(&self, other: &Self) -> Option<std::cmp::Ordering> {
        Some(self.cmp(other))
    }
}

impl Ord for Zone {
    fn cmp(&self, other: &Self) -> std::cmp::Ordering {
        self.name().cmp(other.name())
    }
}

impl fmt::Display for Zone {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.name())
    }
}

impl Serialize for Zone {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.serialize_str(self.name())
    }
}

impl<'de> Deserialize<'de> for Zone {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        let name = std::borrow::Cow::<'de, str>::deserialize(deserializer)?;
        Self::parse(&name).ok_or_else(|| serde::de::Error::custom(format!("unknown time zone `{name}`")))
    }
}

/// When something is: all day on a date, or at a wall time in a zone.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum When {
    /// All day.
    Date(NaiveDate),
    /// A wall time.
    At {
        /// What the clock on the wall shows.
        local: NaiveDateTime,
        /// Where that wall is.
        zone: Zone,
    },
}

impl When {
    /// Whether it is a date without a time.
    #[must_use]
    pub fn is_all_day(&self) -> bool {
        matches!(self, Self::Date(_))
    }

    /// The zone, unless it is all day.
    #[must_use]
    pub fn zone(&self) -> Option<Zone> {
        match self {
            Self::Date(_) => None,
            Self::At { zone, .. } => Some(*zone),
        }
    }

    /// The wall time; midnight for a date.
    #[must_use]
    pub fn local(&self) -> NaiveDateTime {
        match self {
            Self::Date(on) => on.and_time(NaiveTime::MIN),
            Self::At { local, .. } => *local,
        }
    }

    /// The date on the wall.
    #[must_use]
    pub fn date(&self) -> NaiveDate {
        self.local().date()
    }

    /// The instant. A date begins at midnight of `home`, the zone of whoever asks.
    #[must_use]
    pub fn instant(&self, home: Zone) -> DateTime<Utc> {
        self.zone().unwrap_or(home).instant(self.local())
    }

    /// The same kind of moment at another wall time: a date stays a date, a time keeps its zone.
    #[must_use]
    pub fn at_local(&self, local: NaiveDateTime) -> Self {
        match self {
            Self::Date(_) => Self::Date(local.date()),
            Self::At { zone, .. } => Self::At { local, zone: *zone },
        }
    }

    /// The same instant as the clock on the wall shows it: of a time that a clock change left out the one that is meant by it (RFC 5545 section 3.3.5).
    #[must_use]
    pub fn shown(self) -> Self {
        match self {
            Self::At { local, zone } if !zone.shows(local) => Self::At { local: zone.wall(zone.instant(local)), zone },
            same => same,
        }
    }

    /// Reads `YYYY-MM-DD` as a date and `YYYY-MM-DDTHH:MM[:SS]` as wall time in `zone`.
    #[must_use]
    pub fn parse(text: &str, zone: Zone) -> Option<Self> {
        let text = text.trim();
        if let Ok(on) = NaiveDate::parse_from_str(text, "%Y-%m-%d") {
            return in_range(on).then_some(Self::Date(on));
        }
        ["%Y-%m-%dT%H:%M:%S", "%Y-%m-%dT%H:%M", "%Y-%m-%d %H:%M:%S", "%Y-%m-%d %H:%M"]
            .iter()
            .find_map(|form| NaiveDateTime::parse_from_str(text, form).ok())
            .filter(|local| in_range(local.date()))
            .map(|local| Self::At { local, zone })
    }
}

/// Outlook's calendar ends in 4500; a typed year of five digits is a slip of the hand.
fn in_range(on: NaiveDate) -> bool {
    (1601..=4499).contains(&on.year())
}

/// `YYYY-MM-DD`, or `YYYY-MM-DDTHH:MM:SS` without the zone. This form is part of markers and of `--json`.
impl fmt::Display for When {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Date(on) => write!(f, "{}", on.format("%Y-%m-%d")),
            Self::At { local, .. } => write!(f, "{}", local.format("%Y-%m-%dT%H:%M:%S")),
        }
    }
}

/// How long it takes: minutes for timed reminders, whole days for all-day ones.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Length {
    /// Elapsed minutes, as on a stop watch.
    Minutes(u32),
    /// Calendar days, at least one.
    Days(u32),
}

impl Length {
    /// What a reminder takes when nobody says: 30 minutes, or one day.
    #[must_use]
    pub fn default_for(when: &When) -> Self {
        if when.is_all_day() { Self::Days(1) } else { Self::Minutes(30) }
    }

    /// In minutes, a day as 24 hours.
    #[must_use]
    pub fn minutes(self) -> u32 {
        match self {
            Self::Minutes(minutes) => minutes,
            Self::Days(days) => days.saturating_mul(24 * 60),
        }
    }

    /// Whether this is the kind of length that `when` takes, and Outlook's five years hold it.
    #[must_use]
    pub fn fits(self, when: &When) -> bool {
        match self {
            Self::Minutes(minutes) => !when.is_all_day() && minutes <= 5 * 365 * 24 * 60,
            Self::Days(days) => when.is_all_day() && (1..=5 * 365).contains(&days),
        }
    }
}

/// The wall time at which something that starts at `when` ends. Exclusive: an all-day reminder of one day ends at the next midnight.
#[must_use]
pub fn end_of(when: &When, length: Length) -> When {
    match (when, length) {
        (When::Date(on), length) => When::Date(*on + Duration::days(i64::from(length.minutes().div_ceil(24 * 60)))),
        (When::At { local, zone }, length) => {
            let end = zone.instant(*local) + Duration::minutes(i64::from(length.minutes()));
            let wall = zone.wall(end);
            // In the hour that happens twice the clock may show less at the end than at the start; people then count on.
            let wall = if wall < *local { *local + Duration::minutes(i64::from(length.minutes())) } else { wall };
            When::At { local: wall, zone: *zone }
        }
    }
}

/// Minutes between two instants, never negative.
#[must_use]
pub fn minutes_between(start: DateTime<Utc>, end: DateTime<Utc>) -> u32 {
    u32::try_from((end - start).num_minutes()).unwrap_or(0)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn berlin(text: &str) -> When {
        When::parse(text, Zone(Tz::Europe__Berlin)).expect("a time")
    }

    #[test]
    fn a_skipped_hour_is_read_with_the_offset_from_before() {
        assert_eq!(berlin("2026-03-29T02:30").instant(Zone::UTC).to_rfc3339(), "2026-03-29T01:30:00+00:00");
    }

    #[test]
    fn a_time_that_the_clock_left_out_and_the_one_that_it_shows_instead() {
        let zone = Zone(Tz::Europe__Berlin);
        let (said, shown) = (berlin("2026-03-29T02:30"), berlin("2026-03-29T03:30"));
        assert_eq!((said.shown(), shown.shown()), (shown, shown));
        assert_eq!((zone.left_out(shown.local()), zone.left_out(said.local())), (Some(said.local()), Some(said.local())));
        for other in ["2026-03-29T04:00", "2026-03-29T01:30", "2026-03-30T03:30", "2026-10-25T02:30"] {
            assert_eq!((zone.left_out(berlin(other).local()), berlin(other).shown()), (None, berlin(other)), "{other}");
        }
    }

    #[test]
    fn an_hour_that_happens_twice_is_the_first() {
        assert_eq!(berlin("2026-10-25T02:30").instant(Zone::UTC).to_rfc3339(), "2026-10-25T00:30:00+00:00");
    }

    #[test]
    fn an_hour_across_the_clock_change_is_an_hour() {
        let end = end_of(&berlin("2026-03-29T01:30"), Length::Minutes(60));
        assert_eq!(end.to_string(), "2026-03-29T03:30:00");
    }

    #[test]
    fn vienna_is_berlin_to_outlook_and_london_is_not() {
        let from = berlin("2026-01-01T00:00").local();
        assert!(Zone(Tz::Europe__Vienna).agrees_with(Zone(Tz::Europe__Berlin), from));
        assert!(!Zone(Tz::Europe__London).agrees_with(Zone(Tz::Europe__Berlin), from));
        assert!(!Zone(Tz::Africa__Lagos).agrees_with(Zone(Tz::Europe__Berlin), from));
    }

    #[test]
    fn nonsense_is_not_a_time() {
        for text in ["", "tomorrow", "2026-02-30", "99999-01-01", "2026-01-01T25:00"] {
            assert_eq!(When::parse(text, Zone::UTC), None, "{text}");
        }
    }
}
