//! Time zones. Short names such as CET or EST are read behind a time only: elsewhere they are other words.

use belfry_core::Zone;
use chrono_tz::TZ_VARIANTS;

use super::clock::{Shown, shown};
use super::times::plain;
use super::zone_letters::{Letters, letters, makes_hours};
use super::{Found, Said, found};
use crate::sentence::{Cursor, small};
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

/// Short names: the place that mostly means it, its own distance from UTC in hours, and other places that use the same letters. People write EST in summer as well, for the
/// clock of New York; where that shows another time than the name says, both are read.
const SHORT: [(&str, &str, Option<i32>, &[&str]); 73] = [
    ("wet", "Europe/Lisbon", Some(0), &[]),
    ("west", "Europe/Lisbon", Some(1), &[]),
    ("wez", "Europe/Lisbon", Some(0), &[]),
    ("bst", "Europe/London", Some(1), &[]),
    ("cet", "Europe/Berlin", Some(1), &[]),
    ("cest", "Europe/Berlin", Some(2), &[]),
    ("mez", "Europe/Berlin", Some(1), &[]),
    ("mesz", "Europe/Berlin", Some(2), &[]),
    ("eet", "Europe/Helsinki", Some(2), &[]),
    ("eest", "Europe/Helsinki", Some(3), &[]),
    ("oez", "Europe/Helsinki", Some(2), &[]),
    ("oesz", "Europe/Helsinki", Some(3), &[]),
    ("msk", "Europe/Moscow", Some(3), &[]),
    ("est", "America/New_York", Some(-5), &[]),
    ("edt", "America/New_York", Some(-4), &[]),
    ("et", "America/New_York", None, &[]),
    ("cst", "America/Chicago", Some(-6), &["Asia/Shanghai"]),
    ("cdt", "America/Chicago", Some(-5), &[]),
    ("ct", "America/Chicago", None, &[]),
    ("mst", "America/Denver", Some(-7), &[]),
    ("mdt", "America/Denver", Some(-6), &[]),
    ("mt", "America/Denver", None, &[]),
    ("pst", "America/Los_Angeles", Some(-8), &[]),
    ("pdt", "America/Los_Angeles", Some(-7), &[]),
    ("pt", "America/Los_Angeles", None, &[]),
    ("akst", "America/Anchorage", Some(-9), &[]),
    ("akdt", "America/Anchorage", Some(-8), &[]),
    ("hst", "Pacific/Honolulu", Some(-10), &[]),
    ("ist", "Asia/Kolkata", None, &["Asia/Jerusalem", "Europe/Dublin"]),
    ("pkt", "Asia/Karachi", Some(5), &[]),
    ("gst", "Asia/Dubai", Some(4), &[]),
    ("ict", "Asia/Bangkok", Some(7), &[]),
    ("wib", "Asia/Jakarta", Some(7), &[]),
    ("sgt", "Asia/Singapore", Some(8), &[]),
    ("hkt", "Asia/Hong_Kong", Some(8), &[]),
    ("jst", "Asia/Tokyo", Some(9), &[]),
    ("kst", "Asia/Seoul", Some(9), &[]),
    ("awst", "Australia/Perth", Some(8), &[]),
    ("acst", "Australia/Adelaide", None, &["Australia/Darwin"]),
    ("aest", "Australia/Sydney", Some(10), &[]),
    ("aedt", "Australia/Sydney", Some(11), &[]),
    ("nzst", "Pacific/Auckland", Some(12), &[]),
    ("nzdt", "Pacific/Auckland", Some(13), &[]),
    ("sast", "Africa/Johannesburg", Some(2), &[]),
    ("brt", "America/Sao_Paulo", Some(-3), &[]),
    ("zulu", "UTC", Some(0), &[]),
    ("aoe", "Etc/GMT+12", Some(-12), &[]),
    ("sst", "Pacific/Pago_Pago", Some(-11), &[]),
    ("akt", "America/Anchorage", None, &[]),
    ("ast", "America/Halifax", Some(-4), &["Asia/Riyadh"]),
    ("adt", "America/Halifax", Some(-3), &[]),
    ("nst", "America/St_Johns", None, &[]),
    ("ndt", "America/St_Johns", None, &[]),
    ("clt", "America/Santiago", Some(-4), &[]),
    ("art", "America/Argentina/Buenos_Aires", Some(-3), &[]),
    ("cot", "America/Bogota", Some(-5), &[]),
    ("wat", "Africa/Lagos", Some(1), &[]),
    ("cat", "Africa/Maputo", Some(2), &[]),
    ("eat", "Africa/Nairobi", Some(3), &[]),
    ("trt", "Europe/Istanbul", Some(3), &[]),
    ("irst", "Asia/Tehran", None, &[]),
    ("npt", "Asia/Kathmandu", None, &[]),
    ("myt", "Asia/Kuala_Lumpur", Some(8), &[]),
    ("pht", "Asia/Manila", Some(8), &[]),
    ("wita", "Asia/Makassar", Some(8), &[]),
    ("awt", "Australia/Perth", Some(8), &[]),
    ("aet", "Australia/Sydney", None, &[]),
    ("act", "Australia/Adelaide", None, &["Australia/Darwin"]),
    ("acdt", "Australia/Adelaide", None, &[]),
    ("chst", "Pacific/Guam", Some(10), &[]),
    ("nzt", "Pacific/Auckland", None, &[]),
    ("fjt", "Pacific/Fiji", Some(12), &[]),
    ("wesz", "Europe/Lisbon", Some(1), &[]),
];

/// These are words as well, and names of a zone in capitals only.
const WORDS_TOO: [&str; 13] = ["wet", "west", "et", "ct", "mt", "pt", "ist", "art", "cot", "cat", "eat", "act", "zulu"];

/// Where the clock is no whole number of hours from UTC, all year.
const UNEVEN: [(i32, &str); 6] = [
    (210, "Asia/Tehran"),
    (270, "Asia/Kabul"),
    (330, "Asia/Kolkata"),
    (345, "Asia/Kathmandu"),
    (390, "Asia/Yangon"),
    (570, "Australia/Darwin"),
];

/// These are begins of titles in capitals as well ("ACT test"): names of a zone only where nothing of a title follows.
const OF_TITLES: [&str; 6] = ["art", "cot", "cat", "eat", "act", "zulu"];

/// Whether it is the short name of a zone.
pub fn is_short(word: &str) -> bool {
    SHORT.iter().any(|(name, ..)| *name == word)
}

/// Whether the short name of a zone stands here, as behind "9-10".
pub fn stands_here(cursor: Cursor<'_>) -> bool {
    cursor.token().is_some_and(|token| token.upper && (is_short(&token.word) || matches!(token.word.as_str(), "utc" | "gmt")))
}

/// Whether a zone stands here that makes an hour of the number before it: "9 UTC". "2 CT scans" are counted.
pub fn of_zone(cursor: Cursor<'_>) -> bool {
    let Some(token) = cursor.token().filter(|_| makes_hours(cursor)) else { return false };
    let mut behind = cursor;
    behind.step(1);
    !WORDS_TOO.contains(&token.word.as_str()) || behind.is_free()
}

/// "EST", "MEZ", "UTC+2", "GMT +1", "+02:00" behind a time.
pub fn behind_time(mut cursor: Cursor<'_>) -> Option<Found> {
    let token = cursor.token()?;
    cursor.step(1);
    if let Some((name, place, hours, others)) = SHORT.iter().find(|(name, ..)| *name == token.word) {
        // "9am CAT scan" is no time of Maputo.
        let is_free = || cursor.is_free();
        let is_zone =
            if OF_TITLES.contains(name) { (token.upper || *name == "zulu") && is_free() } else { token.upper || !WORDS_TOO.contains(name) };
        let which = letters(name, cursor);
        let is_zone = is_zone && which != Letters::Title;
        let title = Some(Said::Title).filter(|_| which == Letters::Either && token.upper);
        let others = others.iter().filter_map(|name| Zone::parse(name));
        let places = Zone::parse(place).into_iter().chain(hours.and_then(|hours| whole(hours * 60))).chain(others).collect();
        return is_zone.then(|| found(home_first(places, cursor).into_iter().map(Said::Zone).chain(title), cursor))?;
    }
    // "15:00 Z"
    if token.word == "z" && token.capital {
        return found([Said::Zone(Zone::UTC)], cursor);
    }
    let of_utc = token.word.strip_prefix("utc").or_else(|| token.word.strip_prefix("gmt"));
    let minutes = match of_utc {
        Some("") => {
            let minutes = offset(cursor.word())?;
            cursor.step(1);
            minutes
        }
        Some(offset_of) => offset(offset_of)?,
        // "+2" alone counts something.
        None => offset(&token.word).filter(|_| token.word.len() > 3)?,
    };
    found([Said::Zone(whole(minutes)?)], cursor)
}

/// The second time of "ET / 6am PT" and "ET (6am PT)", right behind the name of a zone.
fn second_clock(cursor: &mut Cursor<'_>) -> Option<Shown> {
    let mut behind = cursor.over();
    if behind.word() == "/" {
        behind.step(1);
    } else if !behind.is_bracketed() {
        return None;
    }
    let second = shown(behind.word())?;
    behind.step(1);
    *cursor = behind;
    Some(second)
}

/// "EST/15:00 CET" and "ET / 6am PT" behind "9am": the same moment on two clocks. If they do not agree, nobody knows which is meant.
pub fn of_two_clocks(mut cursor: Cursor<'_>) -> Option<Found> {
    let (name, joined) = cursor.word().split_once('/').map_or((cursor.word(), None), |(name, second)| (name, Some(second)));
    let is_upper = cursor.raw().split('/').next().is_some_and(|name| !name.contains(char::is_lowercase));
    let short = SHORT.iter().find(|(short, ..)| *short == name && is_upper).and_then(|(_, place, ..)| Zone::parse(place));
    let zone = short.or_else(|| matches!(name, "utc" | "gmt").then_some(Zone::UTC))?;
    let ends_here = |at: &usize| plain(cursor.sentence.cursor(*at), true).is_some_and(|(_, behind)| behind.at == cursor.at);
    let firsts =
        (1..=2).filter_map(|back| cursor.at.checked_sub(back)).find(ends_here).and_then(|at| plain(cursor.sentence.cursor(at), true));
    cursor.step(1);
    let second = joined.map_or_else(|| second_clock(&mut cursor), shown)?;
    let meridiem = cursor.pick(|sense| match sense {
        Sense::Clock => Some(None),
        Sense::Am | Sense::Pm => Some(Some(sense == Sense::Pm)),
        _ => None,
    });
    let second = Shown { pm: second.pm.or(meridiem.flatten()), ..second };
    let other = behind_time(cursor).or_else(|| self::zone(cursor));
    if joined.is_none() && other.is_none() {
        return None;
    }
    let on = cursor.sentence.here.now.date().and_time(chrono::NaiveTime::MIN);
    let minutes =
        |zone: Zone, minutes: u32| (zone.instant(on + chrono::Duration::minutes(i64::from(minutes))).timestamp() / 60).rem_euclid(24 * 60);
    let agrees = other.as_ref().is_some_and(|other| {
        std::iter::once(&other.said).chain(&other.others).any(|said| {
            let firsts = firsts.iter().flat_map(|(firsts, _)| firsts);
            matches!(said, Said::Zone(of) if firsts.clone().any(|first| minutes(zone, *first) == minutes(*of, second.minutes())))
        })
    });
    if let Some(other) = other {
        cursor.step(other.next - cursor.at);
    }
    found([if agrees { Said::Zone(zone) } else { Said::Impossible }], cursor)
}

/// "My time" behind a time.
pub fn at_home(mut cursor: Cursor<'_>) -> Option<Found> {
    cursor.need(Sense::HomeTime)?;
    found([Said::Zone(cursor.sentence.here.zone)], cursor)
}

/// "In Tokyo" behind a time: the clock there, and the one at home. The words are also where it is, so they stay in the title.
pub fn in_city(mut cursor: Cursor<'_>) -> Option<Found> {
    cursor.need(Sense::In)?;
    bare_city(cursor)
}

/// "Local time Tokyo", "Ortszeit London", "time in New York" behind a time. Local time that is nowhere is told, and so is "her time".
pub fn time_of_city(mut cursor: Cursor<'_>) -> Option<Found> {
    // "9am local election" is none.
    let is_named = cursor.eat(Sense::LocalTime);
    let is_word = !is_named && cursor.eat(Sense::Local);
    let local = is_named || is_word;
    if !local {
        cursor.need(Sense::ZoneTime)?;
    }
    let bare = cursor;
    let tied = cursor.skip(&[Sense::In, Sense::Of, Sense::The]);
    let named = (1..=3).rev().filter(|_| local || tied).find_map(|count| {
        let mut behind = cursor;
        let mut words = Vec::new();
        for _ in 0..count {
            words.push(behind.token().map(|token| token.word.as_str()).filter(|word| !word.is_empty())?);
            behind.step(1);
        }
        let zones = Some(zones_by_name(&[&words.join(" ")], cursor)).filter(|zones| !zones.is_empty())?;
        Some((zones, behind))
    });
    if let Some((zones, behind)) = named {
        return found(zones.into_iter().map(Said::Zone), behind);
    }
    let is_place = tied && cursor.token().is_some_and(|token| token.capital) && (local || cursor.sentence.vocabulary.twelve_hours);
    let mut behind = if is_place { cursor } else { bare };
    if is_place {
        behind.step(1);
    }
    let is_told = local && (!is_word || bare.is_free());
    (is_told || is_place).then(|| found([Said::Impossible], behind))?
}

/// Who lives where the letters are used means that place.
fn home_first(mut zones: Vec<Zone>, cursor: Cursor<'_>) -> Vec<Zone> {
    let here = cursor.sentence.here;
    if let Some(at) = zones.iter().position(|zone| zone.agrees_with(here.zone, here.now)) {
        zones.remove(at);
        zones.insert(0, here.zone);
    }
    zones
}

/// "+2", "-05:00", "+0530" in minutes.
fn offset(word: &str) -> Option<i32> {
    let (sign, digits) = match (word.strip_prefix('+'), word.strip_prefix(['-', '−'])) {
        (Some(digits), _) => (1, digits),
        (_, Some(digits)) => (-1, digits),
        _ => return None,
    };
    let (hours, minutes) = match digits.split_once(':') {
        Some((hours, minutes)) if minutes.len() == 2 => (hours, small(minutes)?),
        Some(_) => return None,
        None if digits.len() == 4 => (digits.get(..2)?, small(digits.get(2..)?)?),
        None => (digits, 0),
    };
    let hours = small(hours).filter(|number| hours.len() <= 2 && *number <= 14 && minutes < 60)?;
    Some(sign * i32::try_from(hours * 60 + minutes).ok()?)
}

/// The zone that is always so many minutes ahead of UTC. In the names of the database the sign is the other way round.
fn whole(minutes: i32) -> Option<Zone> {
    if let Some((_, name)) = UNEVEN.iter().find(|(uneven, _)| *uneven == minutes) {
        return Zone::parse(name);
    }
    match minutes / 60 {
        _ if minutes % 60 != 0 => None,
        0 => Some(Zone::UTC),
        hours => Zone::parse(&format!("Etc/GMT{:+}", -hours)),
    }
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

/// Last parts of names of zones that are everyday words.
const NO_CITIES: [&str; 8] = ["easter", "center", "wake", "midway", "north", "south", "west", "troll"];

/// "9am Tokyo": a city right behind a time, where nothing of a title follows. The clock at home is offered too.
pub fn bare_city(cursor: Cursor<'_>) -> Option<Found> {
    let home = cursor.sentence.here.zone;
    let (zones, behind) = city_here(cursor)?;
    behind.is_free().then(|| found(zones.into_iter().chain([home]).map(Said::Zone), behind))?
}

/// The token behind the name of a city, as in "9am Tokyo office".
pub fn names_city(cursor: Cursor<'_>) -> Option<usize> {
    city_here(cursor).map(|(_, behind)| behind.at)
}

/// The zones of a city whose clock is another than that at home.
fn city_here(cursor: Cursor<'_>) -> Option<(Vec<Zone>, Cursor<'_>)> {
    let here = cursor.sentence.here;
    (1..=3).rev().find_map(|count| {
        let mut behind = cursor;
        let mut words = Vec::new();
        for _ in 0..count {
            words.push(behind.token().filter(|token| token.capital).map(|token| token.word.as_str()).filter(|word| !word.is_empty())?);
            behind.step(1);
        }
        let name = words.join(" ");
        let zones = if NO_CITIES.contains(&name.as_str()) { vec![] } else { zones_by_name(&[&name], cursor) };
        let elsewhere = !zones.is_empty() && zones.iter().all(|zone| !zone.agrees_with(here.zone, here.now));
        elsewhere.then_some((zones, behind))
    })
}

/// The zones that a city can name; those with the same last part are mostly one place under an old and a new name.
fn zones_of(city: &str, cursor: Cursor<'_>) -> Vec<Zone> {
    let endings = cursor.sentence.vocabulary.city_endings.iter().filter_map(|ending| city.strip_suffix(ending));
    let names: Vec<&str> = std::iter::once(city).chain(endings).filter(|name| !name.is_empty()).collect();
    zones_by_name(&names, cursor)
}

fn zones_by_name(names: &[&str], cursor: Cursor<'_>) -> Vec<Zone> {
    let known = |city: &str| cursor.sentence.vocabulary.cities.iter().find(|(known, _)| *known == city);
    if let Some((_, name)) = names.first().and_then(|city| known(city)) {
        return Zone::parse(name).into_iter().collect();
    }
    let mut zones: Vec<Zone> = Vec::new();
    for name in names {
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
