//! When a reminder rings on this computer: alarms that no calendar rings for it.

use chrono::{DateTime, Duration, Utc};

use crate::id::ReminderId;
use crate::reminder::{Lead, Reminder, nearest};
use crate::when::{When, Zone};

/// One ringing.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub struct Ring {
    /// When it rings.
    pub at: DateTime<Utc>,
    /// Of what.
    pub reminder: ReminderId,
    /// Which date of it; its own start where it does not repeat.
    pub original: When,
    /// When that is.
    pub when: When,
}

/// Which alarms of a reminder Outlook rings.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum RungThere {
    /// None: it is on this computer only.
    None,
    /// The one nearest the start.
    Nearest,
    /// That, and these by helper events.
    Helped(Vec<Lead>),
}

impl RungThere {
    /// Whether Outlook rings one of the alarms of a date. Helpers know those of the reminder, not those of a date that has its own, and a date that Outlook keeps apart from its
    /// series has none.
    fn has(&self, lead: Lead, of_date: &[Lead], is_apart: bool) -> bool {
        let is_nearest = nearest(of_date).is_some() && nearest(of_date) == u32::try_from(lead).ok();
        match self {
            Self::None => false,
            Self::Nearest => is_nearest,
            Self::Helped(leads) => is_nearest || (leads.contains(&lead) && !is_apart),
        }
    }
}

/// Rings of a reminder after `from` and up to `to`, in order, but for those that Outlook rings; a whole day begins at midnight in `home`.
#[must_use]
pub fn rings(reminder: &Reminder, there: &RungThere, from: DateTime<Utc>, to: DateTime<Utc>, home: Zone) -> Vec<Ring> {
    let changed = reminder.recurrence.as_ref().map(|series| &series.changed);
    let own = changed.into_iter().flat_map(|changed| changed.values()).filter_map(|own| own.alarms.as_deref());
    let longest = own.chain([reminder.effective_alarms()]).flatten().max().copied().unwrap_or(0);
    if reminder.is_done() {
        return vec![];
    }
    // Clocks of zones differ by a day and more.
    let last = home.wall(to + Duration::minutes(i64::from(longest)) + Duration::days(2));
    let dates = reminder.dates(last, usize::MAX / 2);
    let mut all: Vec<Ring> = dates
        .iter()
        .filter(|date| !date.done)
        .flat_map(|date| {
            let own = changed.and_then(|changed| changed.get(&date.original));
            let is_apart = own.is_some_and(|own| own.apart);
            let alarms = own.and_then(|own| own.alarms.as_deref()).unwrap_or_else(|| reminder.effective_alarms());
            // Nine o'clock on a whole day is nine o'clock, also where the clock changes that day.
            let at = move |lead: &Lead| match date.when {
                When::Date(_) => home.instant(date.when.local() - Duration::minutes(i64::from(*lead))),
                When::At { .. } => date.when.instant(home) - Duration::minutes(i64::from(*lead)),
            };
            let ring = move |at| Ring { at, reminder: reminder.id, original: date.original, when: date.when };
            let late = too_late(reminder, &date.when, alarms.iter().map(at), home).filter(|_| *there == RungThere::None);
            alarms.iter().filter(|lead| !there.has(**lead, alarms, is_apart)).map(at).chain(late).map(ring).collect::<Vec<Ring>>()
        })
        .filter(|ring| from < ring.at && ring.at <= to)
        .collect();
    all.sort_unstable();
    all
}

/// In the morning, on a day without an hour.
const MORNING: Duration = Duration::hours(9);

/// "In five minutes", with an alarm a quarter of an hour before: where all alarms were over before it was said, it rings when it begins.
fn too_late(reminder: &Reminder, when: &When, mut alarms: impl Iterator<Item = DateTime<Utc>>, home: Zone) -> Option<DateTime<Utc>> {
    let begins = match when {
        When::Date(_) => home.instant(when.local() + MORNING),
        When::At { .. } => when.instant(home),
    };
    let first = alarms.next()?;
    let is_over = |at: DateTime<Utc>| at <= reminder.changed_at;
    (is_over(first) && alarms.all(is_over) && reminder.changed_at < begins).then_some(begins)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::recurrence::ChangedOccurrence;

    fn reminder(at: &str, rule: Option<&str>, alarms: &[Lead]) -> Reminder {
        Reminder { alarms: alarms.to_vec(), ..crate::testing::reminder("Rent", at, rule) }
    }

    fn at(text: &str) -> DateTime<Utc> {
        When::parse(text, Zone::UTC).expect(text).instant(Zone::UTC)
    }

    fn of(reminder: &Reminder, is_in_outlook: bool, from: &str, to: &str) -> Vec<String> {
        ring(reminder, if is_in_outlook { &RungThere::Nearest } else { &RungThere::None }, from, to)
    }

    fn ring(reminder: &Reminder, there: &RungThere, from: &str, to: &str) -> Vec<String> {
        let rings = rings(reminder, there, at(from), at(to), Zone::parse("Europe/Berlin").expect("a zone"));
        rings.iter().map(|ring| ring.at.format("%m-%dT%H:%M").to_string()).collect()
    }

    #[test]
    fn what_outlook_rings_does_not_ring_twice() {
        let rent = reminder("2027-03-03T09:00", None, &[15, 60, 1440]);
        assert_eq!(of(&rent, true, "2027-03-01", "2027-03-04"), ["03-02T09:00", "03-03T08:00"]);
        assert_eq!(of(&rent, false, "2027-03-01", "2027-03-04"), ["03-02T09:00", "03-03T08:00", "03-03T08:45"]);
        assert_eq!(of(&rent, false, "2027-03-03T08:00", "2027-03-03T08:45"), ["03-03T08:45"], "after the one, up to the other");
        assert!(of(&Reminder { done: true, ..rent }, false, "2027-03-01", "2027-03-04").is_empty());
    }

    #[test]
    fn what_is_said_too_late_for_its_alarms_rings_when_it_begins() {
        let mut soon = reminder("2027-03-03T09:00", None, &[15, 60]);
        soon.changed_at = at("2027-03-03T08:50");
        assert_eq!(of(&soon, false, "2027-03-03T08:50", "2027-03-04"), ["03-03T09:00"]);
        assert!(of(&soon, true, "2027-03-03T08:50", "2027-03-04").is_empty(), "Outlook shows it at once");
        soon.changed_at = at("2027-03-03T08:30");
        assert_eq!(of(&soon, false, "2027-03-03T08:30", "2027-03-04"), ["03-03T08:45"], "one is left");
        let mut day = reminder("2027-03-04", None, &[15 * 60]);
        day.changed_at = at("2027-03-03T10:00");
        assert_eq!(of(&day, false, "2027-03-03T10:00", "2027-03-05"), ["03-04T08:00"], "at nine in Berlin");
        soon.alarms = vec![];
        assert!(of(&soon, false, "2027-03-03", "2027-03-04").is_empty(), "who wants no alarm gets none");
    }

    #[test]
    fn what_rings_after_the_start_rings_here() {
        let rent = reminder("2027-03-03T09:00", None, &[15, -30]);
        assert_eq!(of(&rent, true, "2027-03-01", "2027-03-04"), ["03-03T09:30"]);
        assert_eq!(of(&reminder("2027-03-03T09:00", None, &[-30]), true, "2027-03-03T09:15", "2027-03-04"), ["03-03T09:30"]);
        assert!(ring(&rent, &RungThere::Helped(vec![-30]), "2027-03-01", "2027-03-04").is_empty());
        let day = reminder("2027-03-03", None, &[-540]);
        assert_eq!(of(&day, true, "2027-03-01", "2027-03-04"), ["03-03T08:00"]);
        let spring = reminder("2027-03-28", None, &[-540]);
        assert_eq!(of(&spring, true, "2027-03-01", "2027-03-30"), ["03-28T07:00"], "the clock went forward at two");
    }

    #[test]
    fn a_whole_day_begins_at_midnight_here() {
        let day = reminder("2027-03-03", None, &[15 * 60]);
        assert_eq!(of(&day, false, "2027-03-01", "2027-03-04"), ["03-02T08:00"]);
    }

    #[test]
    fn dates_of_a_series_ring_by_themselves() {
        let mut bins = reminder("2027-03-01T09:00", Some("FREQ=DAILY"), &[0]);
        let series = bins.recurrence.as_mut().expect("a series");
        let key = |text: &str| When::parse(text, Zone::UTC).expect(text);
        series.cancelled.insert(key("2027-03-02T09:00"));
        series.changed.insert(key("2027-03-03T09:00"), ChangedOccurrence { done: true, ..Default::default() });
        series.changed.insert(
            key("2027-03-04T09:00"),
            ChangedOccurrence { when: Some(key("2027-03-04T11:00")), alarms: Some(vec![30]), ..Default::default() },
        );
        assert_eq!(of(&bins, false, "2027-03-01", "2027-03-06"), ["03-01T09:00", "03-04T10:30", "03-05T09:00"]);
    }

    #[test]
    fn a_date_that_comes_sooner_rings_then_and_one_left_out_over_a_source_does_not() {
        let mut bins = reminder("2027-03-01T09:00", Some("FREQ=WEEKLY"), &[0]);
        let key = |text: &str| When::parse(text, Zone::UTC).expect(text);
        bins.kept.cancelled.insert(key("2027-03-01T08:00"));
        let sooner = ChangedOccurrence { when: Some(key("2027-03-02T11:00")), ..ChangedOccurrence::default() };
        let series = bins.recurrence.as_mut().expect("a series");
        series.changed.insert(key("2027-04-12T09:00"), sooner);
        series.extra.extend([key("2027-03-08T14:00"), key("2027-03-15T14:00")]);
        bins.kept.cancelled.insert(key("2027-03-15T14:00"));
        assert_eq!(of(&bins, false, "2027-02-28", "2027-03-16"), ["03-02T11:00", "03-08T09:00", "03-08T14:00", "03-15T09:00"]);
        let days: Vec<String> = bins.dates(key("2027-03-10T00:00").local(), 99).iter().map(|date| date.original.to_string()).collect();
        assert_eq!(days, ["2027-04-12T09:00:00", "2027-03-08T09:00:00", "2027-03-08T14:00:00"]);
    }

    #[test]
    fn what_helper_events_ring_does_not_ring_here() {
        let mut rent = reminder("2027-03-03T09:00", Some("FREQ=WEEKLY;COUNT=2"), &[15, 60]);
        assert!(ring(&rent, &RungThere::Helped(vec![60]), "2027-03-01", "2027-03-20").is_empty());
        let own = ChangedOccurrence { alarms: Some(vec![15, 60, 120]), ..ChangedOccurrence::default() };
        let second = When::parse("2027-03-10T09:00", Zone::UTC).expect("a time");
        rent.recurrence.as_mut().expect("a series").changed.insert(second, own);
        assert_eq!(ring(&rent, &RungThere::Helped(vec![60]), "2027-03-01", "2027-03-20"), ["03-10T07:00"]);
        let apart = ChangedOccurrence { apart: true, ..ChangedOccurrence::default() };
        rent.recurrence.as_mut().expect("a series").changed.insert(second, apart);
        assert_eq!(ring(&rent, &RungThere::Helped(vec![60]), "2027-03-01", "2027-03-20"), ["03-10T08:00"]);
    }
}
