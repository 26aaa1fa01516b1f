//! What names an item that is there and could not be read: its reminder is not one that its source dropped.

use std::collections::BTreeSet;

use belfry_core::reminder::BadReminder;
use belfry_core::{ListId, Reminder, ReminderId};

use crate::item::OwnName;
use crate::line::{own_lines, unfold};
use crate::problem::ItemProblem;

/// Names of items that were set aside although their source still has them.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Unread {
    ids: BTreeSet<ReminderId>,
    uids: BTreeSet<String>,
    titles: BTreeSet<String>,
}

impl Unread {
    /// Whether one of the items is this reminder's, as far as its UID says; where neither has one, its title.
    #[must_use]
    pub fn names(&self, reminder: &Reminder) -> bool {
        self.ids.contains(&reminder.id)
            || match &reminder.uid {
                Some(uid) => self.uids.contains(uid),
                None => self.titles.contains(&reminder.title),
            }
    }

    /// Those of another file too.
    pub fn extend(&mut self, other: Self) {
        self.ids.extend(other.ids);
        self.uids.extend(other.uids);
        self.titles.extend(other.titles);
    }

    /// An item of a calendar file.
    pub(crate) fn component(&mut self, list: ListId, text: &str) {
        let text = unfold(text);
        let value = |name: &str| own_lines(&text).find(|line| line.is(name)).map(|line| line.value.trim().to_owned());
        self.own(list, value("X-BELFRY-ID").as_deref());
        self.item(value("UID").as_deref(), value("SUMMARY").map(|title| plain(&title)).as_deref());
    }

    /// A row of a table.
    pub(crate) fn row(&mut self, list: ListId, id: Option<&str>, title: Option<&str>) {
        self.own(list, id);
        self.item(id, title);
    }

    fn own(&mut self, list: ListId, name: Option<&str>) {
        self.ids.extend(name.and_then(|name| OwnName::parse(name, None)).filter(|own| own.list == list).map(|own| own.id));
    }

    fn item(&mut self, uid: Option<&str>, title: Option<&str>) {
        match uid.filter(|uid| !uid.is_empty()) {
            Some(uid) => drop(self.uids.insert(uid.to_owned())),
            None => self.titles.extend(title.map(str::to_owned)),
        }
    }
}

/// Whether an item that was set aside for this reason is still meant to be a reminder. One that lost its date, all its dates or was cancelled is none any more.
pub(crate) const fn is_meant(reason: &ItemProblem) -> bool {
    !matches!(
        reason,
        ItemProblem::OtherKind(_)
            | ItemProblem::NoDate
            | ItemProblem::Replaced
            | ItemProblem::Outdated
            | ItemProblem::Alike
            | ItemProblem::ReplacedBy { .. }
            | ItemProblem::OutdatedBy { .. }
            | ItemProblem::AlikeIn { .. }
            | ItemProblem::Cancelled
            | ItemProblem::Reminder(BadReminder::EmptyRule)
    )
}

/// TEXT without its escapes (RFC 5545 section 3.3.11).
pub(crate) fn plain(text: &str) -> String {
    text.replace("\\n", "\n").replace("\\N", "\n").replace("\\,", ",").replace("\\;", ";").replace("\\\\", "\\")
}
