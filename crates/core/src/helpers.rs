//! Helper events: Outlook rings once for an event, so each further alarm of a reminder may have a short event that rings.
//!
//! A helper begins when its reminder does and rings earlier, instead of beginning when the alarm rings: so it repeats by the same rule, moves with the clock of the same zone, and what a phone says
//! when it rings is true of the reminder. Helpers are Belfry's own: what a person edits in one is put back, and one that a person deletes stays deleted.

use crate::fingerprint::Fingerprint;
use crate::list::List;
use crate::marker::Slot;
use crate::projection::{OccurrenceProjection, Projection};
use crate::reminder::{Reminder, ShowAs};
use crate::when::Length;

/// How long one is, where its reminder is not a whole day.
const LENGTH: Length = Length::Minutes(5);

/// The lead times that need one, the nearest first: all but that which Outlook rings for the reminder's own event.
fn leads(reminder: &Reminder, list: &List) -> Vec<u32> {
    let mut leads = reminder.effective_alarms().to_vec();
    if !list.defaults.helpers || reminder.is_done() {
        return vec![];
    }
    leads.sort_unstable();
    leads.dedup();
    leads.drain(..leads.len().min(1));
    // The name of a slot holds six weeks; what is earlier rings on this computer.
    leads.retain(|lead| u16::try_from(*lead).is_ok());
    leads
}

/// The helper events that a reminder is to have in this list. Each is named by its lead time: computers that know different alarms of a reminder have different helpers, and never
/// fight about one.
#[must_use]
pub fn slots(reminder: &Reminder, list: &List) -> Vec<Slot> {
    leads(reminder, list).into_iter().filter_map(|lead| u16::try_from(lead).ok()).map(Slot::Alarm).collect()
}

/// What the helper of this lead time is to say; `None` where there is none.
#[must_use]
pub fn projection_of(reminder: &Reminder, list: &List, lead: u16) -> Option<Projection> {
    let lead = u32::from(lead);
    if !leads(reminder, list).contains(&lead) {
        return None;
    }
    let main = Projection::of(reminder);
    let occurrences = main.occurrences.iter().map(|(original, date)| {
        let date = match date {
            OccurrenceProjection::Cancelled => OccurrenceProjection::Cancelled,
            OccurrenceProjection::Changed(own) => OccurrenceProjection::Changed(Box::new(helper(own, lead))),
        };
        (*original, date)
    });
    Some(Projection { occurrences: occurrences.collect(), ..helper(&main, lead) })
}

/// What all of them say together; `None` where there are none.
#[must_use]
pub fn fingerprint(reminder: &Reminder, list: &List) -> Option<Fingerprint> {
    let leads = leads(reminder, list);
    let text = || format!("{leads:?};{}", Fingerprint::of(&Projection::of(reminder)));
    (!leads.is_empty()).then(|| Fingerprint::of_bytes(text().as_bytes()))
}

fn helper(of: &Projection, lead: u32) -> Projection {
    let length = if of.when.is_all_day() { Length::Days(1) } else { LENGTH };
    Projection { body: String::new(), length, alarm: Some(lead), show_as: ShowAs::Free, ..of.clone() }
}

#[cfg(test)]
mod tests {
    use super::*;
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
        let done = Reminder { done: true, recurrence: None, ..rent.clone() };
        assert_eq!(slots(&done, &list(true)), []);
        let renamed = Reminder { title: "Rent!".into(), ..rent.clone() };
        assert_ne!(fingerprint(&renamed, &list(true)), fingerprint(&rent, &list(true)));
    }
}
