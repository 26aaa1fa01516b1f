//! Helper events: Outlook rings once for an event, so each further alarm of a reminder may have a short event that rings.
//!
//! A helper begins when its reminder does and rings earlier (one for an alarm after the start begins then), instead of beginning when the alarm rings: so it repeats by the same rule, moves with the clock of the same zone, and what a phone says
//! when it rings is true of the reminder. Helpers are Belfry's own: what a person edits in one is put back, and one that a person deletes stays deleted.

use crate::dates::Dates;
use crate::fingerprint::Fingerprint;
use crate::list::List;
use crate::marker::Slot;
use crate::projection::{OccurrenceProjection, Projection};
use crate::recurrence::carried;
use crate::reminder::{Lead, Reminder, ShowAs, nearest};
use crate::when::{Length, When};

/// How long one is, where its reminder is not a whole day.
const LENGTH: Length = Length::Minutes(5);
/// The longest lead time of one: six weeks. What is earlier rings on this computer.
const LONGEST: Lead = 6 * 7 * 24 * 60;

/// The lead times that need one, the nearest first: all but that which Outlook rings for the reminder's own event, as far as it can ring them.
#[must_use]
pub fn leads(reminder: &Reminder, list: &List) -> Vec<Lead> {
    let mut leads = reminder.effective_alarms().to_vec();
    if !list.defaults.helpers || reminder.is_done() {
        return vec![];
    }
    leads.sort_unstable();
    leads.dedup();
    let held = nearest(&leads);
    let is_wanted = |lead: &Lead| match u32::try_from(*lead) {
        Ok(early) => Some(early) != held && *lead <= LONGEST,
        Err(_) => later(reminder, list, *lead).is_some(),
    };
    leads.retain(is_wanted);
    leads
}

/// The helper events that a reminder is to have in this list. Each is named by its lead time: computers that know different alarms of a reminder have different helpers, and never
/// fight about one.
#[must_use]
pub fn slots(reminder: &Reminder, list: &List) -> Vec<Slot> {
    leads(reminder, list).into_iter().map(Slot::Alarm).collect()
}

/// What the helper of this lead time is to say; `None` where there is none.
#[must_use]
pub fn projection_of(reminder: &Reminder, list: &List, lead: Lead) -> Option<Projection> {
    if !leads(reminder, list).contains(&lead) {
        return None;
    }
    let when = if lead < 0 { later(reminder, list, lead)? } else { reminder.when };
    let main = Projection::of(reminder);
    let series = Projection { occurrences: Dates::new(), extra: [].into(), ..helper(&main, lead, when) };
    let mut dates: Dates = main
        .occurrences
        .iter()
        .filter(|(_, date)| **date == OccurrenceProjection::Cancelled)
        .map(|(key, date)| (carried(key, &when), date.clone()))
        .collect();
    for (original, changed) in reminder.recurrence.iter().flat_map(|series| &series.changed) {
        let key = carried(original, &when);
        let own = changed.projection(original, reminder, &main);
        let start = if lead < 0 { after(&own.when, list, lead)? } else { own.when };
        // A date that is done or has other alarms does not ring.
        let rings = !changed.done && changed.alarms.as_ref().is_none_or(|alarms| alarms.contains(&lead));
        let one = Projection { alarm: if rings { series.alarm } else { None }, ..helper(&own, lead, start) };
        if one != series.on(&key) {
            dates.entry(key).or_insert(OccurrenceProjection::Changed(Box::new(one)));
        }
    }
    Some(Projection { occurrences: dates, ..series })
}

/// When the helper of an alarm after the start begins. One of a series has to be on the days of the series, or its rule would give others.
fn later(reminder: &Reminder, list: &List, lead: Lead) -> Option<When> {
    let when = after(&reminder.when, list, lead)?;
    (reminder.recurrence.is_none() || when.date() == reminder.when.date()).then_some(when)
}

/// The moment itself. A whole day has hours in the zone of its list only: where that has none of its own, computers would not agree.
fn after(when: &When, list: &List, lead: Lead) -> Option<When> {
    let zone = when.zone().or(list.defaults.zone)?;
    let later = chrono::Duration::minutes(-i64::from(lead));
    let local = if when.is_all_day() { when.local().checked_add_signed(later)? } else { zone.wall(when.instant(zone) + later) };
    Some(When::At { local, zone })
}

/// What all of them say together; `None` where there are none.
#[must_use]
pub fn fingerprint(reminder: &Reminder, list: &List) -> Option<Fingerprint> {
    let leads = leads(reminder, list);
    // Those after the start of a whole day go by the zone of the list.
    let zone = list.defaults.zone.filter(|_| leads.iter().any(|lead| *lead < 0)).map(crate::when::Zone::name).unwrap_or_default();
    let own = reminder.recurrence.iter().flat_map(|series| &series.changed).map(|(date, own)| (date, &own.alarms, own.done));
    let own: Vec<String> = own.filter(|(_, alarms, done)| alarms.is_some() || *done).map(|one| format!("{one:?}")).collect();
    let text = || format!("{leads:?};{zone};{};{}", own.join(","), Fingerprint::of(&Projection::of(reminder)));
    (!leads.is_empty()).then(|| Fingerprint::of_bytes(text().as_bytes()))
}

fn helper(of: &Projection, lead: Lead, when: When) -> Projection {
    let length = if when.is_all_day() { Length::Days(1) } else { LENGTH };
    let alarm = Some(u32::try_from(lead).unwrap_or(0));
    Projection { body: String::new(), when, length, alarm, show_as: ShowAs::Free, ..of.clone() }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::recurrence::ChangedOccurrence;
    use crate::testing::reminder;

    fn list(helpers: bool) -> List {
        let mut list = List::typed("Household", chrono::DateTime::UNIX_EPOCH);
        list.defaults.helpers = helpers;
        list
    }

    #[test]
    fn each_alarm_but_the_nearest_has_one_where_the_list_says_so() {
        let rent = Reminder { alarms: vec![10_080, 15, 60, 60, 100_000], ..reminder("Rent", "2027-03-03T09:00", Some("FREQ=MONTHLY")) };
        assert_eq!(slots(&rent, &list(true)), [Slot::Alarm(60), Slot::Alarm(10_080)]);
        assert_eq!((slots(&rent, &list(false)), fingerprint(&rent, &list(false))), (vec![], None));
        let week = projection_of(&rent, &list(true), 10_080).expect("a helper");
        let main = Projection::of(&rent);
        assert_eq!(
            (week.alarm, week.length, &week.rule, week.when, &week.title),
            (Some(10_080), LENGTH, &main.rule, main.when, &main.title)
        );
        assert_eq!((projection_of(&rent, &list(true), 15), projection_of(&rent, &list(true), 1)), (None, None));
        assert_eq!(slots(&Reminder { alarms: vec![-20, 15], ..rent.clone() }, &list(true)), [Slot::Alarm(-20)]);
        let done = Reminder { done: true, recurrence: None, ..rent.clone() };
        assert_eq!(slots(&done, &list(true)), []);
        let renamed = Reminder { title: "Rent!".into(), ..rent.clone() };
        assert_ne!(fingerprint(&renamed, &list(true)), fingerprint(&rent, &list(true)));
    }

    #[test]
    fn one_after_the_start_begins_then_if_it_may_repeat_on_the_same_days() {
        let mut list = list(true);
        let at = |alarms: &[Lead], when: &str, rule| Reminder { alarms: alarms.to_vec(), ..reminder("Bins", when, rule) };
        let late = projection_of(&at(&[-90], "2027-03-03T23:00", None), &list, -90).expect("a helper");
        assert_eq!((late.when.to_string().as_str(), late.alarm, late.length), ("2027-03-04T00:30:00", Some(0), LENGTH));
        assert_eq!(slots(&at(&[-90], "2027-03-03T23:00", Some("FREQ=WEEKLY")), &list), []);
        assert_eq!(slots(&at(&[-30], "2027-03-03T23:00", Some("FREQ=WEEKLY")), &list), [Slot::Alarm(-30)]);
        // Nine o'clock on a whole day: of which zone?
        let day = at(&[-540], "2027-03-03", Some("FREQ=WEEKLY"));
        assert_eq!(slots(&day, &list), []);
        list.defaults.zone = crate::when::Zone::parse("Europe/Berlin");
        let nine = projection_of(&day, &list, -540).expect("a helper");
        assert_eq!((nine.when.to_string().as_str(), nine.alarm, nine.when.zone()), ("2027-03-03T09:00:00", Some(0), list.defaults.zone));
    }

    #[test]
    fn a_date_that_says_what_its_series_says_is_none_and_one_that_is_done_does_not_ring() {
        let mut rent = Reminder { alarms: vec![15, 60], ..reminder("Rent", "2027-03-03T09:00", Some("FREQ=WEEKLY")) };
        let day = |day: &str| When::parse(day, crate::when::Zone::UTC).expect(day);
        let changed = &mut rent.recurrence.as_mut().expect("a series").changed;
        let own = |notes: Option<&str>, alarms: Option<Vec<Lead>>, done| ChangedOccurrence {
            notes: notes.map(str::to_owned),
            alarms,
            done,
            ..ChangedOccurrence::default()
        };
        changed.insert(day("2027-03-10T09:00"), own(Some("bring water"), None, false));
        changed.insert(day("2027-03-17T09:00"), own(None, None, true));
        changed.insert(day("2027-03-24T09:00"), own(None, Some(vec![15]), false));
        changed.insert(day("2027-03-31T09:00"), own(None, Some(vec![5, 60]), false));
        let helper = projection_of(&rent, &list(true), 60).expect("a helper");
        let silent: Vec<String> = helper
            .occurrences
            .iter()
            .map(|(key, date)| match date {
                OccurrenceProjection::Changed(own) => format!("{key} {:?}", own.alarm),
                OccurrenceProjection::Cancelled => format!("{key} cancelled"),
            })
            .collect();
        assert_eq!(silent, ["2027-03-17T09:00:00 None", "2027-03-24T09:00:00 None"]);
    }
}
