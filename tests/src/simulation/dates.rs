//! Single dates of series: what a person does to them, and what must hold of them.

use std::collections::{BTreeMap, BTreeSet};

use belfry_app::occurrences::DateChange;
use belfry_app::reminders::ReminderWish;
use belfry_core::{ChangedOccurrence, Reminder};
use belfry_simulator::world::SimEvent;
use chrono::{Days, NaiveDate};
use serde_json::{Value, json};

use super::town::{Item, Town};
use super::verdict;
use crate::{LOGIN, encode};

/// What somebody does to a date.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Dated {
    Edited,
    Cancelled,
    Restored,
}

impl Town {
    pub fn change_date(&mut self, computer: usize, index: usize, date: u32, dated: Dated) {
        let Some(index) = index.checked_rem(self.items.len()) else { return };
        let machine = self.machine_of(computer);
        let app = &machine.computer.app;
        let Some(reminder) = app.reminder(&self.items[index].id).ok().filter(|one| one.recurrence.is_some()) else { return };
        let Some(day) = reminder.when.date().checked_add_days(Days::new(u64::from(date) * 7)) else { return };
        let title = format!("D{}", self.step);
        let change = match dated {
            Dated::Edited => DateChange::Edit(Box::new(ReminderWish { title: Some(title.clone()), ..ReminderWish::default() })),
            Dated::Cancelled => DateChange::Cancel,
            Dated::Restored => DateChange::Restore,
        };
        if app.change_date(&reminder.id.to_string(), &day.to_string(), &change).is_ok() {
            self.far |= is_far(day);
            let item = &mut self.items[index];
            item.edited = true;
            item.editors.insert(computer);
            item.own_dates.remove(&day);
            item.dates.entry(day).or_default().push(word(dated, title));
        }
    }

    pub fn change_date_in_outlook(&mut self, item: usize, date: u32, dated: Dated) {
        let Some((index, id)) = self.event_of(item) else { return };
        let Some(event) = self.event(&id) else { return };
        let Some(day) = event.start.date().checked_add_days(Days::new(u64::from(date) * 7)) else { return };
        let title = format!("D{}", self.step);
        let simulator = &self.world.simulator;
        let done = match dated {
            Dated::Cancelled => simulator.cancel_date(LOGIN, &id, day),
            Dated::Edited | Dated::Restored => simulator.change_date(LOGIN, &id, day, &json!({"subject": title})),
        };
        if done.is_ok() {
            // A series that is left without any date is in no window.
            self.far |= is_far(day) || (dated == Dated::Cancelled && self.items[index].ended);
            let item = &mut self.items[index];
            item.edited = true;
            item.edited_in_outlook = true;
            item.dates.entry(day).or_default().push(word(dated, title));
        }
    }

    /// The event of a date that is an event of its own.
    pub async fn change_own_date(&mut self, item: usize, dated: Dated) {
        let Some(index) = item.checked_rem(self.items.len()) else { return };
        let Some((day, event)) = self.own_dates(&self.items[index].id).into_iter().next() else { return };
        let title = format!("D{}", self.step);
        self.say_in_event(&event.id, dated, &title).await;
        let item = &mut self.items[index];
        item.edited = true;
        item.edited_in_outlook = true;
        item.own_dates.remove(&day);
        if dated == Dated::Edited {
            item.own_dates.insert(day, title.clone());
        }
        item.dates.entry(day).or_default().push(word(dated, title));
    }

    /// The person edits or deletes an event in Outlook.
    pub async fn say_in_event(&self, event: &str, dated: Dated, title: &str) {
        let (method, body) = if dated == Dated::Edited { ("PATCH", json!({"subject": title})) } else { ("DELETE", Value::Null) };
        self.world.outlook(method, &format!("events/{}", encode(event)), &body).await;
    }

    /// What a person wrote into the event of a date is in the mailbox, whatever became of its series in Outlook. Where the reminder was removed in Belfry a journal has it.
    fn own_edits_live(&self, item: &Item) -> Result<(), String> {
        // Where its series came to be somebody's own, or another one, its dates are those of the new one.
        let is_another = item.moved || item.sorted || !item.theirs.is_empty();
        let may_be_gone = item.removed_here || !item.removed || is_another;
        let is_anywhere = |title: &str| {
            let quoted = format!("\"{title}\"");
            let is_there = self.events().values().any(|event| event.to_string().contains(&quoted));
            // Where an edit here brought the series back its dates are merged like any other.
            is_there || verdict::lost_a_conflict(self, item, title) || (may_be_gone && verdict::journaled(self, item, title))
        };
        let is_clear = !(item.copied || item.unsure || item.forgotten || self.lost);
        match item.own_dates.values().find(|title| is_clear && !is_anywhere(title)) {
            Some(title) => Err(format!("`{title}`, written into a date of `{}`, is nowhere", item.titles.join("`, `"))),
            None => Ok(()),
        }
    }

    /// Both sides edited it, and one lost: where they moved a series, what one of them made of its dates is left.
    pub fn is_disputed(&self, id: &str) -> bool {
        self.machines.iter().flat_map(|machine| machine.reminders()).any(|one| one["id"] == id && one["state"] == "conflict")
    }

    /// "This and following". Where Outlook does not copy our marker the later part is the person's own.
    pub fn split_in_outlook(&mut self, item: usize, date: u32) {
        let Some((index, id)) = self.event_of(item) else { return };
        let Some(event) = self.event(&id) else { return };
        let Some(day) = event.start.date().checked_add_days(Days::new(u64::from(date) * 7)) else { return };
        let change = json!({"subject": format!("D{}", self.step)});
        let Ok(later) = self.world.simulator.change_following(LOGIN, &id, day, &change) else { return };
        // A first part that is left without any date is in no window.
        let is_left = event.series.cancelled.keys().filter(|cancelled| **cancelled < day).count() < date as usize;
        self.far |= is_far(day) || !is_left;
        let item = &mut self.items[index];
        (item.edited, item.edited_in_outlook, item.moved) = (true, true, true);
        let is_marked = self.event(&later).is_some_and(|event| !event.properties.is_empty());
        (self.items[index].split, self.items[index].ended) = (self.items[index].split || is_marked, true);
        if let Some(now) = self.events().remove(&later).filter(|_| !is_marked) {
            self.foreign.insert(later, now);
        }
    }

    /// On every computer the dates are as they lie in the mailbox, and what was said of a date once, and never again, is so.
    pub fn dates_agree(&self, item: &Item) -> Result<(), String> {
        self.own_edits_live(item)?;
        // Copies that differ are the person's, and who lost its memory cannot tell who moved what.
        if item.copied || (self.lost && (item.moved || item.sorted)) {
            return Ok(());
        }
        let marked = self.marked();
        let Some(event) = marked.iter().find(|(id, _)| *id == item.id).and_then(|(_, event)| self.event(event)) else { return Ok(()) };
        let (there, there_in_series) = (self.there(&item.id, &event), there(&event));
        let own: BTreeSet<NaiveDate> = self.own_dates(&item.id).into_iter().map(|(day, _)| day).collect();
        // What was written into a date outlives its series; another that is made since knows nothing of it. So does what was written into one that the series does not give any more.
        let is_said = |day: NaiveDate, title: &str| item.dates.get(&day).is_some_and(|said| said.iter().any(|one| one == title));
        let is_outlived = |day: NaiveDate, title: &str| {
            ((item.own_dates.contains_key(&day) || (own.contains(&day) && is_said(day, title))) && (item.removed || item.wins))
                || (is_said(day, title) && item.moved && (!is_given(&event, day) || self.is_disputed(&item.id)))
        };
        for machine in &self.machines {
            let Ok(reminder) = machine.computer.app.reminder(&item.id) else { continue };
            let mut here = here(&reminder);
            let mut there = there.clone();
            // Those of a series that became somebody's own are theirs with it.
            let is_left = |day: NaiveDate| !item.theirs.is_empty() && own.contains(&day);
            here.retain(|day, _| !is_left(*day));
            there.retain(|day, _| !is_left(*day));
            // Beside it the series that was made anew says what was edited here (known limit 38).
            for (day, title) in there.iter_mut().filter(|(day, title)| own.contains(day) && is_outlived(**day, title)) {
                if let Some(said) = there_in_series.get(day).filter(|said| here.get(day) == Some(said)) {
                    title.clone_from(said);
                }
            }
            // Who saw it without its series has left it alone since (known limit 30).
            here.retain(|day, title| title != "cancelled" || !there.get(day).is_some_and(|there| is_outlived(*day, there)));
            there.retain(|day, title| here.contains_key(day) || !is_outlived(*day, title));
            if here != there {
                return Err(format!("the dates of `{}` are {here:?} here, and {there:?} in Outlook", item.titles.join("`, `")));
            }
        }
        let is_clear = !(item.moved || item.removed || item.unsure || item.copied || item.forgotten || self.lost);
        for (day, said) in item.dates.iter().filter(|_| is_clear) {
            let [only] = said.as_slice() else { continue };
            let now = there.get(day).map_or("as in the series", String::as_str);
            if now != only {
                return Err(format!("`{}` on {day} was {only}, and is {now}", item.titles.join("`, `")));
            }
        }
        Ok(())
    }
}

/// Whether a weekly series has a date on that day, or left it out.
pub fn is_given(event: &SimEvent, day: NaiveDate) -> bool {
    let days = (day - event.start.date()).num_days();
    let range = event.members.get("recurrence").map(|series| series["range"].clone()).unwrap_or_default();
    let last = range["endDate"].as_str().and_then(|last| last.parse().ok()).filter(|_| range["type"] == "endDate");
    let times = range["numberOfOccurrences"].as_i64().filter(|_| range["type"] == "numbered").unwrap_or(9);
    days % 7 == 0 && (0..times * 7).contains(&days) && last.is_none_or(|last: NaiveDate| day <= last)
}

/// Out of the window that the change feed is about: it may show in the listing of the next day only.
fn is_far(day: NaiveDate) -> bool {
    NaiveDate::from_ymd_opt(2027, 1, 14).is_some_and(|last| day > last)
}

fn word(dated: Dated, title: String) -> String {
    match dated {
        Dated::Edited => title,
        Dated::Cancelled => "cancelled".into(),
        Dated::Restored => "as in the series".into(),
    }
}

impl Town {
    /// What the mailbox says of single dates of a reminder: in the event of its series, and in those of dates that are events of their own.
    pub fn there(&self, id: &str, event: &SimEvent) -> BTreeMap<NaiveDate, String> {
        let mut all = there(event);
        let series = event.members.get("subject").cloned();
        for (day, own) in self.own_dates(id) {
            all.remove(&day);
            let title = own.members.get("subject").filter(|title| Some(*title) != series.as_ref()).and_then(Value::as_str);
            all.extend(title.map(|title| (day, title.to_owned())));
        }
        all
    }

    /// The dates of a reminder that are events of their own.
    pub fn own_dates(&self, id: &str) -> Vec<(NaiveDate, SimEvent)> {
        self.world.simulator.with_world(|world| {
            let events = world.mailboxes.values().flat_map(|mailbox| mailbox.events.values());
            let own = |event: &SimEvent| {
                let marker = event.properties.values().next()?.clone();
                let [_, _, reminder, slot, ..] = marker.split(';').collect::<Vec<_>>()[..] else { return None };
                let day = slot.strip_prefix("occ:").and_then(|start| start.get(..10))?.parse().ok()?;
                (reminder == id).then(|| (day, event.clone()))
            };
            events.filter_map(own).collect()
        })
    }
}

/// What a computer says of single dates.
pub fn here(reminder: &Reminder) -> BTreeMap<NaiveDate, String> {
    let Some(series) = &reminder.recurrence else { return BTreeMap::new() };
    let cancelled = series.cancelled.iter().chain(&reminder.kept.cancelled).map(|date| (date.date(), "cancelled".to_owned()));
    let own = |changed: &ChangedOccurrence| changed.title.clone().filter(|title| *title != reminder.title);
    let changed = series.changed.iter().filter_map(|(date, changed)| Some((date.date(), own(changed)?)));
    cancelled.chain(changed).collect()
}

fn there(event: &SimEvent) -> BTreeMap<NaiveDate, String> {
    let cancelled = event.series.cancelled.keys().map(|date| (*date, "cancelled".to_owned()));
    let series = event.members.get("subject");
    let own = |members: &serde_json::Map<String, Value>| members.get("subject").filter(|title| Some(*title) != series).cloned();
    let changed = event.series.exceptions.iter().filter_map(|(date, one)| Some((*date, own(&one.members)?.as_str()?.to_owned())));
    cancelled.chain(changed).collect()
}
