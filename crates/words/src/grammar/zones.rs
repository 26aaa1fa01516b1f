//! Time zones. Short names such as CET or EST are not read: which clock they mean depends on the place and on the time of the year.

use belfry_core::Zone;
use chrono_tz::TZ_VARIANTS;

use super::{Found, Said, found};
use crate::sentence::Cursor;
use crate::vocabulary::Sense;

/// "Europe/Berlin", "UTC".
pub fn zone(mut cursor: Cursor<'_>) -> Option<Found> {
    let word = cursor.word();
    let zone = match word {
        "utc" | "gmt" => Zone::UTC,
        word if word.contains('/') => Zone::parse(word)?,
        _ => return None,
    };
    cursor.step(1);
    found([Said::Zone(zone)], cursor)
}

/// "Berlin time", "New York time", "Berliner Zeit".
pub fn city(cursor: Cursor<'_>) -> Option<Found> {
    (1..=3).find_map(|count| {
        let mut behind = cursor;
        let mut words = Vec::new();
        for _ in 0..count {
            words.push(behind.token().map(|token| token.word.as_str()).filter(|word| !word.is_empty())?);
            behind.step(1);
        }
        behind.need(Sense::ZoneTime)?;
        found(zones_of(&words.join(" "), cursor).into_iter().map(Said::Zone), behind)
    })
}

/// The zones that a city can name; those with the same last part are mostly one place under an old and a new name.
fn zones_of(city: &str, cursor: Cursor<'_>) -> Vec<Zone> {
    let vocabulary = cursor.sentence.vocabulary;
    if let Some((_, name)) = vocabulary.cities.iter().find(|(known, _)| *known == city) {
        return Zone::parse(name).into_iter().collect();
    }
    let endings = vocabulary.city_endings.iter().filter_map(|ending| city.strip_suffix(ending));
    let mut zones: Vec<Zone> = Vec::new();
    for name in std::iter::once(city).chain(endings).filter(|name| !name.is_empty()) {
        for zone in TZ_VARIANTS.iter().map(|zone| Zone(*zone)).filter(|zone| is_city(zone.name(), name)) {
            // A city is seldom two: the same clock all year is the same place.
            if !zones.iter().any(|known| known.agrees_with(zone, cursor.sentence.here.now)) {
                zones.push(zone);
            }
        }
    }
    zones
}

fn is_city(zone: &str, city: &str) -> bool {
    let Some((area, place)) = zone.rsplit_once('/') else { return false };
    !area.starts_with("Etc") && !area.starts_with("US") && place.replace('_', " ").eq_ignore_ascii_case(city)
}
