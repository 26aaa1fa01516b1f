//! TZID to zone: IANA names, Windows names, what a VTIMEZONE says of itself, and at last the clock that it describes.

use std::collections::{BTreeMap, BTreeSet};

use belfry_core::Zone;
use calcard::{Entry, Parser};
use chrono::{DateTime, NaiveDateTime, Utc};
use windows_timezones::WindowsTimezone;

use crate::line::{own_lines, unfold, values_of};
use crate::moment::offset_seconds;
use crate::split::Part;
use crate::zone_rules::{OwnClock, describes, same_clock, years_spoken_of};

/// The most clocks of a file that are compared with those of zones.
const MOST_CLOCKS: usize = 200;

/// Names that tables of zones lack: Outlook's word for UTC, and zones that Windows had once and keeps for old appointments (`Mid-Atlantic` is two hours behind UTC).
const ALIASES: [(&str, &str); 3] =
    [("tzone://Microsoft/Utc", "UTC"), ("Kamchatka Standard Time", "Asia/Kamchatka"), ("Mid-Atlantic Standard Time", "Etc/GMT+2")];

/// What a VTIMEZONE says.
struct Meaning {
    /// One that is nothing has rules that no zone has.
    zone: Option<Zone>,
    /// The clock of those.
    own: Option<OwnClock>,
}

/// Zones that a file defines. A definition holds within its own calendar (RFC 5545 section 3.6.5): programs name clocks of their own alike, Outlook all of them `Customized Time Zone`.
pub struct Definitions {
    meanings: Vec<Meaning>,
    /// By the number of the calendar, then by TZID.
    named: BTreeMap<usize, BTreeMap<String, usize>>,
    /// Those that stand in no calendar, or in one that has nothing else: they are meant for the others.
    shared: BTreeMap<String, usize>,
}

/// The zones of one calendar.
#[derive(Clone, Copy)]
pub struct Zones<'a> {
    all: &'a Definitions,
    calendar: usize,
}

impl Definitions {
    /// From the VTIMEZONE parts of a file; the other parts tell which years count.
    pub fn of(parts: &[Part<'_>]) -> Self {
        let (definitions, items): (Vec<&Part<'_>>, Vec<&Part<'_>>) = parts.iter().partition(|part| part.is("VTIMEZONE"));
        let with_items: BTreeSet<usize> = items.iter().map(|part| part.calendar.number).filter(|number| *number > 0).collect();
        let mut all = Self { meanings: Vec::new(), named: BTreeMap::new(), shared: BTreeMap::new() };
        // The same words mean the same everywhere.
        let mut known: BTreeMap<String, (String, usize)> = BTreeMap::new();
        let mut doubtful: BTreeMap<String, Vec<(usize, String)>> = BTreeMap::new();
        for (number, text) in definitions.iter().map(|part| (part.calendar.number, unfold(part.text))) {
            let (tzid, at) = match known.get(&text) {
                Some(found) => found.clone(),
                None => {
                    let value = |name: &str| values_of(&text, name).into_iter().next();
                    let Some(tzid) = value("TZID").map(|tzid| bare(&tzid.replace('\\', "")).to_owned()) else { continue };
                    let zone =
                        by_name(&tzid).or_else(|| value("X-LIC-LOCATION").as_deref().and_then(by_name)).or_else(|| by_resolver(&text));
                    let at = all.meanings.len();
                    all.meanings.push(Meaning { zone, own: None });
                    if zone.is_none() || is_placeless(&tzid) {
                        doubtful.entry(tzid.clone()).or_default().push((at, text.clone()));
                    }
                    known.insert(text, (tzid.clone(), at));
                    (tzid, at)
                }
            };
            let table = if with_items.contains(&number) { all.named.entry(number).or_default() } else { &mut all.shared };
            table.insert(tzid, at);
        }
        if !doubtful.is_empty() {
            all.settle(&doubtful, &items);
        }
        all
    }

    /// Works out the clocks of definitions whose names do not say them, in the years that the items speak of.
    fn settle(&mut self, doubtful: &BTreeMap<String, Vec<(usize, String)>>, items: &[&Part<'_>]) {
        let texts: Vec<String> = items.iter().map(|part| unfold(part.text)).collect();
        let spoken = years_spoken_of(texts.iter().flat_map(|text| own_lines(text)));
        let named = spoken.into_iter().map(|(tzid, years)| (bare(tzid), years));
        let clocks = named.filter_map(|(tzid, years)| Some((doubtful.get(tzid)?, years)));
        let each = clocks.flat_map(|(texts, years)| texts.iter().map(move |(at, text)| (*at, text, years)));
        for (at, text, years) in each.take(MOST_CLOCKS) {
            let Some(meaning) = self.meanings.get_mut(at) else { continue };
            meaning.zone = by_rules(text, meaning.zone, years);
            if meaning.zone.is_none() {
                meaning.own = OwnClock::of(text, years);
            }
        }
    }

    /// Those that hold in the calendar of this number.
    pub fn within(&self, calendar: usize) -> Zones<'_> {
        Zones { all: self, calendar }
    }
}

impl<'a> Zones<'a> {
    fn meaning(self, tzid: &str) -> Option<&'a Meaning> {
        let own = self.all.named.get(&self.calendar).and_then(|named| named.get(tzid));
        self.all.meanings.get(*own.or_else(|| self.all.shared.get(tzid))?)
    }

    fn clock(self, tzid: &str) -> Option<&'a OwnClock> {
        self.meaning(bare(tzid))?.own.as_ref()
    }

    /// The instant of a wall time in a zone that is none of those that [`Self::find`] finds and that the file defines (RFC 5545 section 3.6.5).
    pub fn instant(self, tzid: &str, local: NaiveDateTime) -> Option<DateTime<Utc>> {
        self.clock(tzid)?.instant(local)
    }

    /// Whether only the file knows the clock of a zone.
    pub fn is_own(self, tzid: &str) -> bool {
        self.find(tzid).is_none() && self.clock(tzid).is_some()
    }

    /// The zone of a TZID, or nothing: never silently UTC.
    pub fn find(self, tzid: &str) -> Option<Zone> {
        let tzid = bare(tzid);
        match self.meaning(tzid).map(|meaning| meaning.zone) {
            Some(Some(zone)) => Some(zone),
            // What the file says of it is not what its name says.
            Some(None) if by_name(tzid).is_some() => None,
            _ => by_name(tzid).or_else(|| by_spelling(tzid)),
        }
    }
}

/// Names of a fixed distance from UTC that say of no place: `EST` is five hours behind for good to some programs, and New York with its summer time to others. The rules of a place
/// are known better here than in most files; those of such a name are what its file says.
fn is_placeless(tzid: &str) -> bool {
    let upper = tzid.to_ascii_uppercase();
    let names = ["EST", "MST", "HST", "GMT", "GMT0", "GMT+0", "GMT-0", "GREENWICH", "UCT", "UNIVERSAL", "ZULU"];
    ALIASES.iter().any(|(name, _)| name.eq_ignore_ascii_case(tzid))
        || names.contains(&upper.as_str())
        || ["ETC/", "UTC"].iter().any(|beginning| upper.starts_with(beginning))
}

/// The zone of a definition: the one that its name says, unless its rules are those of another.
fn by_rules(text: &str, named: Option<Zone>, years: (i32, i32)) -> Option<Zone> {
    let Some(named) = named else { return same_clock(text, years) };
    if describes(text, named.0, years) != Some(false) {
        return Some(named);
    }
    let place = values_of(text, "X-LIC-LOCATION").first().and_then(|name| by_name(name));
    place.filter(|place| describes(text, place.0, years) == Some(true)).or_else(|| same_clock(text, years))
}

fn bare(tzid: &str) -> &str {
    tzid.trim().trim_matches('"')
}

/// What calcard's table of names that programs use makes of a VTIMEZONE.
fn by_resolver(text: &str) -> Option<Zone> {
    let Entry::ICalendar(calendar) = Parser::new(text).entry() else { return None };
    let (_, zone) = calendar.components.first()?.timezone()?;
    zone.name().and_then(|name| Zone::parse(&name))
}

/// A zone by the name that IANA, Windows or some program has for it.
pub fn by_name(name: &str) -> Option<Zone> {
    let windows = |name: &str| name.parse::<WindowsTimezone>().ok().map(|windows| Zone(windows.into()));
    // Outlook counts up names that it has seen before: "Eastern Standard Time 1".
    let uncounted = name.trim_end_matches(|c: char| c.is_ascii_digit()).trim_end();
    let alias = || ALIASES.iter().find(|(alias, _)| alias.eq_ignore_ascii_case(name.trim())).and_then(|(_, zone)| Zone::parse(zone));
    let resolved = || name.parse::<calcard::common::timezone::Tz>().ok()?.name().and_then(|name| Zone::parse(&name));
    Zone::parse(name).or_else(|| windows(name)).or_else(|| windows(uncounted)).or_else(alias).or_else(|| by_path(name)).or_else(resolved)
}

/// Some programs put a path before the name: "/freeassociation.sourceforge.net/Europe/Berlin".
fn by_path(name: &str) -> Option<Zone> {
    let pieces: Vec<&str> = name.strip_prefix('/')?.split('/').filter(|piece| !piece.is_empty()).collect();
    (1..=3).rev().filter(|count| *count <= pieces.len()).find_map(|count| Zone::parse(&pieces.get(pieces.len() - count..)?.join("/")))
}

/// Last resorts, for files that do not define what they name.
fn by_spelling(tzid: &str) -> Option<Zone> {
    by_file_name(tzid).or_else(|| by_offset(tzid)).or_else(|| by_windows_name(tzid)).or_else(|| by_cities(tzid))
}

/// `Europe_Berlin`, `US-Eastern`: where zones are kept as files, a name has no slash.
fn by_file_name(tzid: &str) -> Option<Zone> {
    let (area, place) = tzid.split_once(['_', '-'])?;
    Zone::parse(&format!("{area}/{place}"))
}

/// Clocks with minutes beside the hours, which no zone is named after, by seconds east of UTC: places that keep them all year.
const WITH_MINUTES: [(i32, &str); 8] = [
    (-34_200, "Pacific/Marquesas"),
    (12_600, "Asia/Tehran"),
    (16_200, "Asia/Kabul"),
    (19_800, "Asia/Kolkata"),
    (20_700, "Asia/Kathmandu"),
    (23_400, "Asia/Yangon"),
    (31_500, "Australia/Eucla"),
    (34_200, "Australia/Darwin"),
];

/// `UTC+01`, `GMT+1:00`, `+0530`. The zones of that kind are named the other way round (POSIX).
fn by_offset(tzid: &str) -> Option<Zone> {
    let upper = tzid.to_ascii_uppercase();
    let rest = upper.strip_prefix("UTC").or_else(|| upper.strip_prefix("GMT")).unwrap_or(&upper);
    let (sign, number) = rest.split_at_checked(1).filter(|(sign, _)| ["+", "-"].contains(sign))?;
    // Hours of one digit get a second one.
    let whole = if number.split(':').next()?.len().is_multiple_of(2) { number.to_owned() } else { format!("0{number}") };
    let seconds = offset_seconds(&format!("{sign}{whole}"))?;
    match (seconds / 3600, seconds % 3600) {
        (0, 0) => Some(Zone::UTC),
        (hours, 0) if hours > 0 => Zone::parse(&format!("Etc/GMT-{hours}")),
        (hours, 0) => Zone::parse(&format!("Etc/GMT+{}", -hours)),
        _ => WITH_MINUTES.iter().find(|(known, _)| *known == seconds).and_then(|(_, name)| Zone::parse(name)),
    }
}

/// `W. EUROPE STANDARD TIME`: a name of Windows in a case of its own.
fn by_windows_name(tzid: &str) -> Option<Zone> {
    let windows = chrono_tz::TZ_VARIANTS.iter().filter_map(|zone| WindowsTimezone::try_from(*zone).ok());
    windows.into_iter().find(|windows| windows.name().eq_ignore_ascii_case(tzid)).map(|windows| Zone(windows.into()))
}

/// `(UTC+01:00) Amsterdam, Berlin, Bern`: Windows' words for people. Cities whose clocks differ say nothing.
fn by_cities(tzid: &str) -> Option<Zone> {
    let words = tzid.rsplit_once(") ").map_or(tzid, |(_, words)| words);
    let city = |name: &str| {
        let ends = format!("/{}", name.trim().replace(' ', "_"));
        chrono_tz::TZ_VARIANTS.iter().copied().find(|zone| zone.name().ends_with(&ends)).map(Zone)
    };
    let zones: Vec<Zone> = words.split(',').filter_map(city).collect();
    let (first, others) = zones.split_first()?;
    let from = chrono::NaiveDate::from_ymd_opt(2024, 1, 1)?.into();
    (!others.is_empty() && others.iter().all(|other| first.agrees_with(*other, from))).then_some(*first)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_name_that_is_written_is_read_as_itself() {
        for zone in chrono_tz::TZ_VARIANTS {
            assert_eq!(by_name(zone.name()), Some(Zone(zone)));
        }
    }

    #[test]
    fn last_resorts() {
        for (tzid, zone) in [
            ("US-Eastern", Some("US/Eastern")),
            ("Europe_Berlin", Some("Europe/Berlin")),
            ("UTC+01", Some("Etc/GMT-1")),
            ("GMT-3:00", Some("Etc/GMT+3")),
            ("UTC+0530", Some("Asia/Kolkata")),
            ("UTC+05:30", Some("Asia/Kolkata")),
            ("GMT+5:45", Some("Asia/Kathmandu")),
            ("UTC+0515", None),
            ("UTC+99", None),
            ("+0100", Some("Etc/GMT-1")),
            ("-05:00", Some("Etc/GMT+5")),
            ("W. EUROPE STANDARD TIME", Some("Europe/Berlin")),
            ("eastern standard time", Some("America/New_York")),
            ("(UTC+01:00) Amsterdam, Berlin, Bern", Some("Europe/Amsterdam")),
            ("London, New York", None),
            ("Nowhere", None),
        ] {
            assert_eq!(by_spelling(tzid).map(Zone::name), zone, "{tzid}");
        }
    }
}
