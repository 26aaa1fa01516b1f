//! When something begins, on the clock of this computer: moments of several zones stand in one column, and only those of one clock can be compared.

use belfry_app::documents::ReminderDocument;
use belfry_core::{When, Zone};

/// A start for a person who is at home in a zone.
#[derive(Debug, PartialEq, Eq)]
pub struct Here {
    /// Date, and the time unless it takes whole days.
    pub at: String,
    /// What the clock of its own zone says and where that is, if it says something else.
    pub there: Option<String>,
}

impl Here {
    /// Of a reminder, with what sorts it among others.
    pub fn of(reminder: &ReminderDocument, home: Zone) -> (impl Ord + use<>, Self) {
        of_start(&reminder.start, reminder.zone, home)
    }
}

fn of_start(start: &str, zone: Option<&str>, home: Zone) -> (impl Ord + use<>, Here) {
    let zone = zone.and_then(Zone::parse);
    let when = When::parse(start, zone.unwrap_or(home));
    let at = when.map(|when| (when.instant(home), !when.is_all_day()));
    let there = |local: &str| local.get(..16).unwrap_or(local).replace('T', " ");
    let here = match (when, zone) {
        (Some(When::At { local, zone }), _) => {
            let own = home.wall(zone.instant(local));
            let at = own.format("%Y-%m-%d %H:%M").to_string();
            // A time that its own clock leaves out is named as that clock shows it, as at home.
            let local = zone.wall(zone.instant(local));
            let form = if local.date() == own.date() { "%H:%M" } else { "%Y-%m-%d %H:%M" };
            Here { at, there: (local != own).then(|| format!("{} {}", local.format(form), place(zone))) }
        }
        _ => Here { at: there(start), there: None },
    };
    (at, here)
}

/// The place that a zone is named for, as people say it. Names such as `Etc/GMT-5` count the other way round than people do (tz database, file `etcetera`).
fn place(zone: Zone) -> String {
    let name = zone.name().rsplit('/').next().unwrap_or_default();
    match name.strip_prefix("GMT").and_then(|hours| hours.split_at_checked(1)) {
        Some(("-", hours)) => format!("UTC+{hours}"),
        Some(("+", hours)) => format!("UTC-{hours}"),
        _ => name.replace('_', " "),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn zones_without_a_place_are_told_by_their_hours_ahead() {
        for (zone, said) in [("Etc/GMT-5", "UTC+5"), ("Etc/GMT+11", "UTC-11"), ("Etc/GMT", "GMT"), ("America/New_York", "New York")] {
            assert_eq!(place(Zone::parse(zone).expect("a zone")), said);
        }
    }

    #[test]
    fn moments_of_other_zones_are_told_and_sorted_by_the_clock_at_home() {
        let berlin = Zone::parse("Europe/Berlin").expect("a zone");
        let mut all: Vec<_> = [
            ("2027-03-03T09:00:00", Some("Europe/Berlin")),
            ("2027-03-03T09:00:00", Some("Asia/Tokyo")),
            ("2027-03-03T08:30:00", Some("Europe/Paris")),
            ("2027-03-02T20:00:00", Some("America/Argentina/Buenos_Aires")),
            ("2027-03-03T06:00:00", Some("UTC")),
            ("2027-03-03", None),
            // The clock at home leaves this out, in New York it is the evening before.
            ("2027-03-28T02:30:00", Some("Europe/Berlin")),
            ("2027-03-27T21:30:00", Some("America/New_York")),
        ]
        .into_iter()
        .map(|(start, zone)| of_start(start, zone, berlin))
        .collect();
        all.sort_by(|one, other| one.0.cmp(&other.0));
        let told: Vec<String> = all.into_iter().map(|(_, here)| format!("{} {}", here.at, here.there.unwrap_or_default())).collect();
        assert_eq!(
            told,
            [
                "2027-03-03 ",
                "2027-03-03 00:00 2027-03-02 20:00 Buenos Aires",
                "2027-03-03 01:00 09:00 Tokyo",
                "2027-03-03 07:00 06:00 UTC",
                "2027-03-03 08:30 ",
                "2027-03-03 09:00 ",
                "2027-03-28 03:30 ",
                "2027-03-28 03:30 2027-03-27 21:30 New York",
            ]
        );
    }
}
