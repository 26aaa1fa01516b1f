//! TZID to zone: IANA names, Windows names, and what a VTIMEZONE says of itself.

use std::collections::BTreeMap;

use belfry_core::Zone;
use calcard::{Entry, Parser};
use windows_timezones::WindowsTimezone;

use crate::split::Part;
use crate::line::{unfold, values_of};

/// Zones that the file defines.
pub struct Zones(BTreeMap<String, Option<Zone>>);

impl Zones {
    /// From the VTIMEZONE parts of a file.
    pub fn of(parts: &[Part<'_>]) -> Self {
        let defined = parts.iter().filter(|part| part.is("VTIMEZONE")).filter_map(|part| {
            let text = unfold(part.text);
            let value = |name: &str| values_of(&text, name).into_iter().next();
            let tzid = value("TZID")?;
            let named = value("X-LIC-LOCATION").as_deref().and_then(by_name).or_else(|| by_resolver(part.text));
            Some((tzid, named))
        });
        Self(defined.collect())
    }

    /// The zone of a TZID, or nothing: never silently UTC.
    pub fn find(&self, tzid: &str) -> Option<Zone> {
        let tzid = tzid.trim().trim_matches('"');
        by_name(tzid).or_else(|| self.0.get(tzid).copied().flatten())
    }
}

/// What calcard's table of names that programs use makes of a VTIMEZONE.
fn by_resolver(text: &str) -> Option<Zone> {
    let Entry::ICalendar(calendar) = Parser::new(text).entry() else { return None };
    let (_, zone) = calendar.components.first()?.timezone()?;
    zone.name().and_then(|name| Zone::parse(&name))
}

fn by_name(name: &str) -> Option<Zone> {
    let windows = |name: &str| name.parse::<WindowsTimezone>().ok().map(|windows| Zone(windows.into()));
    // Outlook counts up names that it has seen before: "Eastern Standard Time 1".
    let bare = name.trim_end_matches(|c: char| c.is_ascii_digit()).trim_end();
    // Some programs put a path before the name: "/freeassociation.sourceforge.net/Europe/Berlin".
    let tail = || {
        let pieces: Vec<&str> = name.split('/').filter(|piece| !piece.is_empty()).collect();
        (1..=3).rev().filter(|count| *count <= pieces.len()).find_map(|count| Zone::parse(&pieces.get(pieces.len() - count..)?.join("/")))
    };
    windows(name).or_else(|| windows(bare)).or_else(|| Zone::parse(name)).or_else(|| name.starts_with('/').then(tail).flatten()).or_else(
        || {
            let zone: calcard::common::timezone::Tz = name.parse().ok()?;
            zone.name().and_then(|name| Zone::parse(&name))
        },
    )
}
