//! What tests of several rooms begin with.

use chrono::DateTime;

use crate::id::{ListId, ReminderId};
use crate::recurrence::Recurrence;
use crate::reminder::{Kept, Reminder, ShowAs};
use crate::when::{Length, When, Zone};

/// A reminder of the list `Household` at a start in UTC, perhaps with a rule; its alarm rings a quarter of an hour before.
pub fn reminder(title: &str, at: &str, rule: Option<&str>) -> Reminder {
    let list = ListId::of_name("Household");
    let when = When::parse(at, Zone::UTC).expect(at);
    Reminder {
        id: ReminderId::of_uid(list, "1"),
        list,
        title: title.into(),
        notes: String::new(),
        when,
        length: Length::default_for(&when),
        recurrence: rule.map(|rule| Recurrence::of(rule.parse().expect(rule))),
        alarms: vec![15],
        category: None,
        show_as: ShowAs::Free,
        private: false,
        link: None,
        done: false,
        created_at: DateTime::UNIX_EPOCH,
        changed_at: DateTime::UNIX_EPOCH,
        uid: None,
        kept: Kept::default(),
        other: vec![],
    }
}
