//! Properties that a reminder has no field for: what of them is kept for export, and what is named as left out.

use std::collections::BTreeMap;

use belfry_core::reminder::{OTHER_BYTES, OTHER_LINES};

use crate::line::ContentLine;

/// How often something could not be carried, by what it is.
pub type LeftOut = BTreeMap<String, usize>;

/// Read into fields, or made anew when a file is written.
const TAKEN: [&str; 29] = [
    "AALARM",
    "DALARM",
    "UID",
    "SUMMARY",
    "DESCRIPTION",
    "LOCATION",
    "DTSTART",
    "DTEND",
    "DUE",
    "DURATION",
    "RRULE",
    "RDATE",
    "EXDATE",
    "EXRULE",
    "RECURRENCE-ID",
    "CATEGORIES",
    "CLASS",
    "TRANSP",
    "URL",
    "STATUS",
    "COMPLETED",
    "CREATED",
    "LAST-MODIFIED",
    "DTSTAMP",
    "SEQUENCE",
    "METHOD",
    "PRODID",
    "VERSION",
    "REQUEST-STATUS",
];

/// About people: never kept, so that nobody gets mail because a reminder was exported.
const PEOPLE: [&str; 2] = ["ATTENDEE", "ORGANIZER"];

/// What people put in on purpose (RFC 5545 section 3.8, RFC 7986, RFC 9253), which Outlook will not show.
const MEANT: [&str; 13] = [
    "ATTACH",
    "COLOR",
    "COMMENT",
    "CONCEPT",
    "CONFERENCE",
    "CONTACT",
    "GEO",
    "IMAGE",
    "LINK",
    "PERCENT-COMPLETE",
    "PRIORITY",
    "RELATED-TO",
    "RESOURCES",
];

/// Names of properties of calendars, time zones and alarms (RFC 5545 sections 3.7 and 3.8, RFC 7986, RFC 9073, RFC 9074), and of vCalendar 1.0, that are neither of those.
const OTHER_NAMES: [&str; 28] = [
    "ACKNOWLEDGED",
    "ACTION",
    "BEGIN",
    "CALENDAR-ADDRESS",
    "CALSCALE",
    "DCREATED",
    "END",
    "FREEBUSY",
    "LOCATION-TYPE",
    "MALARM",
    "NAME",
    "PALARM",
    "PARTICIPANT-TYPE",
    "PROXIMITY",
    "REFID",
    "REFRESH-INTERVAL",
    "REPEAT",
    "RESOURCE-TYPE",
    "RNUM",
    "SOURCE",
    "STRUCTURED-DATA",
    "STYLED-DESCRIPTION",
    "TRIGGER",
    "TZID",
    "TZNAME",
    "TZOFFSETFROM",
    "TZOFFSETTO",
    "TZURL",
];

/// Whether a name is one that a standard has, or of the kind that anybody may have (`X-`).
pub fn is_known(name: &str) -> bool {
    let upper = name.to_ascii_uppercase();
    let all = TAKEN.iter().chain(&PEOPLE).chain(&MEANT).chain(&OTHER_NAMES);
    upper.starts_with("X-") || all.into_iter().any(|known| *known == upper)
}

/// Beginnings of names that speak of the program that wrote the file, or repeat what a field says: after an edit they would contradict it.
const STALE: [&str; 10] =
    ["X-ALT-DESC", "X-BELFRY-", "X-EVOLUTION-", "X-LIC-", "X-LOTUS-", "X-MICROSOFT-", "X-MOZ-", "X-MOZILLA-", "X-MS-", "X-WR-"];

/// Behind the name of a property that no field of a reminder shows, and that is written out again as it was.
pub const KEPT: &str = " (kept)";

enum Fate {
    Taken,
    Named,
    Kept,
    KeptAndNamed,
}

fn fate(line: &ContentLine<'_>, is_todo: bool) -> Fate {
    let name = line.name().to_ascii_uppercase();
    let is = |names: &[&str]| names.contains(&name.as_str());
    let is_proper = name.chars().all(|c| c.is_ascii_uppercase() || c.is_ascii_digit() || c == '-') && !name.is_empty();
    let lower = line.text.to_ascii_lowercase();
    let is_done = is_todo && name == "PERCENT-COMPLETE" && line.value.trim() == "100";
    if is(&TAKEN)
        || is_done
        || line.value.trim_matches([';', ' ']).is_empty()
        || !is_proper
        || STALE.iter().any(|stale| name.starts_with(stale))
    {
        Fate::Taken
    } else if is(&PEOPLE) {
        Fate::Named
    } else if PEOPLE.iter().any(|people| name.contains(people)) || (name == "PRIORITY" && line.value.trim() == "0") {
        Fate::Taken
    } else if is(&MEANT) {
        let is_lost = lower.contains("mailto:") || line.parameter("TZID").is_some() || (is_todo && name == "PERCENT-COMPLETE");
        if is_lost { Fate::Named } else { Fate::KeptAndNamed }
    } else if is_foreign(line, &lower) {
        Fate::Taken
    } else {
        Fate::Kept
    }
}

/// Lines that mean nothing without the file they stood in, or that hold an address of a person.
fn is_foreign(line: &ContentLine<'_>, lower: &str) -> bool {
    // A line in a case of its own is text whose line break was written out.
    let is_text = !line.name().chars().all(|c| c.is_ascii_uppercase() || c.is_ascii_digit() || c == '-');
    is_text || lower.contains("mailto:") || line.parameter("TZID").is_some() || line.parameter("ENCODING").is_some()
}

/// Lines to keep, in the order of the file; what is not carried is counted.
pub fn kept<'a>(lines: impl Iterator<Item = ContentLine<'a>>, is_todo: bool, left_out: &mut LeftOut) -> Vec<String> {
    let mut kept: Vec<String> = Vec::new();
    let mut room = OTHER_BYTES;
    for line in lines {
        let fate = fate(&line, is_todo);
        let fits = kept.len() < OTHER_LINES && line.text.len() <= room && !line.text.chars().any(|c| c.is_control() && c != '\t');
        if matches!(fate, Fate::Kept | Fate::KeptAndNamed) && fits {
            room -= line.text.len();
            kept.push(line.text.to_owned());
        }
        let name = line.name().to_ascii_uppercase();
        match fate {
            Fate::KeptAndNamed if fits => *left_out.entry(name + KEPT).or_default() += 1,
            Fate::Named | Fate::KeptAndNamed => *left_out.entry(name).or_default() += 1,
            Fate::Kept if !fits => *left_out.entry(name).or_default() += 1,
            Fate::Kept | Fate::Taken => {}
        }
    }
    kept
}
