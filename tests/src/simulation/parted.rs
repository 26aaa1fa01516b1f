//! Series that Outlook cannot hold: each date is an event of its own. The rule is in no mailbox, so only the computer that one was typed on knows it.

use std::collections::BTreeMap;

use belfry_app::occurrences::DateChange;
use belfry_app::reminders::ReminderWish;
use belfry_core::{Reminder, When};
use chrono::NaiveDate;
use serde_json::{Value, json};

use super::history::Parted;
use super::town::{Machine, Town};
use crate::encode;

/// The list that they are in.
pub const PAYMENTS: &str = "Payments";
/// The last day of long months.
const RULE: &str = "FREQ=MONTHLY;BYMONTHDAY=31;COUNT=4";
const DAYS: [&str; 4] = ["2026-12-31", "2027-01-31", "2027-03-31", "2027-05-31"];

/// What somebody did to a date.
#[derive(Debug, Clone, PartialEq, Eq)]
enum Said {
    /// It is called this from now on.
    Titled(String),
    /// Left out on the computer.
    Cancelled,
    /// Wanted again there.
    Restored,
    /// Its event was deleted in Outlook.
    Removed,
}

/// What is known of one beside what its computer and the mailbox say.
#[derive(Debug, Default)]
pub struct PartedItem {
    id: String,
    /// The computer that it was typed on.
    computer: usize,
    titles: Vec<String>,
    dates: BTreeMap<NaiveDate, Vec<Said>>,
    /// A person edited the event of a date.
    edited_in_outlook: Vec<NaiveDate>,
    removed: bool,
    /// Its computer lost its memory.
    forgotten: bool,
    /// Something about it was taken back, or its calendar went.
    unsure: bool,
}

impl Town {
    /// One step in the life of such a series.
    pub async fn parted(&mut self, computer: usize, index: usize, date: u32, what: Parted) {
        if what == Parted::Add {
            return self.add_parted(computer);
        }
        let Some(index) = index.checked_rem(self.parted.len()) else { return };
        let day: NaiveDate = DAYS[date as usize % DAYS.len()].parse().unwrap_or_default();
        let title = format!("P{}", self.step);
        let Some(machine) = self.owner(index) else { return };
        let (app, id) = (&machine.computer.app, self.parted[index].id.clone());
        let titled = || ReminderWish { title: Some(title.clone()), ..ReminderWish::default() };
        let said = match what {
            Parted::Add => return,
            Parted::Edit => {
                let _ = app.edit_reminder(&id, &titled());
                return self.parted[index].titles.push(title);
            }
            Parted::Remove => {
                let _ = app.remove_reminder(&id);
                self.parted[index].removed = true;
                return;
            }
            Parted::EditDate => app.change_date(&id, &day.to_string(), &DateChange::Edit(Box::new(titled()))).map(|_| Said::Titled(title)),
            Parted::CancelDate => app.change_date(&id, &day.to_string(), &DateChange::Cancel).map(|_| Said::Cancelled),
            Parted::RestoreDate => app.change_date(&id, &day.to_string(), &DateChange::Restore).map(|_| Said::Restored),
            Parted::EditInOutlook | Parted::RemoveInOutlook => return self.parted_in_outlook(index, day, what).await,
        };
        if let Ok(said) = said {
            self.parted[index].dates.entry(day).or_default().push(said);
        }
    }

    #[expect(clippy::expect_used, reason = "the history ends here")]
    fn add_parted(&mut self, computer: usize) {
        let title = format!("P{}", self.step);
        let wish = ReminderWish {
            title: Some(title.clone()),
            at: Some(format!("{}T09:00", DAYS[0])),
            list: Some(PAYMENTS.into()),
            repeat: Some(RULE.into()),
            ..ReminderWish::default()
        };
        let id = self.machine_of(computer).computer.app.add_reminder(&wish).expect("added").id.to_string();
        let computer = computer % self.machines.len();
        self.parted.push(PartedItem { id, computer, titles: vec![title], ..PartedItem::default() });
    }

    async fn parted_in_outlook(&mut self, index: usize, day: NaiveDate, what: Parted) {
        let (id, title) = (self.parted[index].id.clone(), format!("P{}", self.step));
        let Some(event) = self.part_events().remove(&(id, day)).and_then(|mut events| events.pop()) else { return };
        let path = format!("events/{}", encode(&event));
        // Outside of the window that the change feed is about.
        self.far |= day.to_string() != DAYS[0];
        let item = &mut self.parted[index];
        if what == Parted::RemoveInOutlook {
            item.dates.entry(day).or_default().push(Said::Removed);
            self.world.outlook("DELETE", &path, &Value::Null).await;
        } else {
            item.dates.entry(day).or_default().push(Said::Titled(title.clone()));
            item.edited_in_outlook.push(day);
            self.world.outlook("PATCH", &path, &json!({"subject": title})).await;
        }
    }

    fn owner(&self, index: usize) -> Option<std::rc::Rc<Machine>> {
        let id = &self.parted.get(index)?.id;
        self.machines.iter().find(|machine| machine.computer.app.reminder(id).is_ok()).cloned()
    }

    /// Events of single dates, by reminder and day.
    fn part_events(&self) -> BTreeMap<(String, NaiveDate), Vec<String>> {
        self.world.simulator.with_world(|world| {
            let mut parts: BTreeMap<_, Vec<String>> = BTreeMap::new();
            for event in world.mailboxes.values().flat_map(|mailbox| mailbox.events.values()) {
                let Some(marker) = event.properties.values().next() else { continue };
                let [_, _, reminder, slot, ..] = marker.split(';').collect::<Vec<_>>()[..] else { continue };
                let day = slot.strip_prefix("part:").and_then(|start| start.get(..10)).and_then(|day| day.parse().ok());
                if let Some(day) = day {
                    parts.entry((reminder.to_owned(), day)).or_default().push(event.id.clone());
                }
            }
            parts
        })
    }

    /// Whether a reminder has an event for each date.
    pub fn is_parted(&self, reminder: &str) -> bool {
        self.parted.iter().any(|item| item.id == reminder)
    }

    /// What happened to these, or to all of them, leaves nobody certain of how they are.
    pub fn parted_are_unsure(&mut self, ids: Option<&[String]>) {
        for item in self.parted.iter_mut().filter(|item| ids.is_none_or(|ids| ids.contains(&item.id))) {
            item.unsure = true;
        }
    }

    /// A computer lost its memory: what no other knows is forgotten.
    pub fn parted_are_forgotten(&mut self, lost: usize) {
        for item in &mut self.parted {
            item.forgotten |= item.computer == lost;
        }
    }

    /// Its computer and the mailbox say the same of every date, and what a person said of one is so.
    pub fn parted_agree(&self) -> Result<(), String> {
        let events = self.part_events();
        for item in &self.parted {
            for day in DAYS.iter().filter_map(|day| day.parse::<NaiveDate>().ok()) {
                let of_day = events.get(&(item.id.clone(), day)).map(Vec::as_slice).unwrap_or_default();
                if of_day.len() > 1 {
                    return Err(format!("two events for {day} of `{}`", item.titles.join("`, `")));
                }
                if !(item.unsure || item.forgotten) {
                    let title = of_day
                        .first()
                        .and_then(|id| self.event(id))
                        .and_then(|event| Some(event.members.get("subject")?.as_str()?.to_owned()));
                    self.date_agrees(item, day, title).map_err(|why| format!("`{}` on {day} {why}", item.titles.join("`, `")))?;
                }
            }
            self.parted_is_shown(item)?;
        }
        Ok(())
    }

    fn date_agrees(&self, item: &PartedItem, day: NaiveDate, there: Option<String>) -> Result<(), String> {
        let said = item.dates.get(&day).map(Vec::as_slice).unwrap_or_default();
        let machine = self.machines.iter().find_map(|machine| machine.computer.app.reminder(&item.id).ok());
        let here = machine.as_ref().and_then(|reminder| on(reminder, day));
        match (&machine, here, there) {
            (None, _, Some(_)) if !item.edited_in_outlook.contains(&day) => return Err("is there, and its reminder was removed".into()),
            (None, ..) => return Ok(()),
            (Some(_), Some(here), Some(there)) if here != there => return Err(format!("is `{here}` here, and `{there}` in Outlook")),
            (Some(_), None, Some(there)) => return Err(format!("is left out here, and `{there}` in Outlook")),
            (Some(_), Some(here), None) if !said.contains(&Said::Removed) => return Err(format!("is `{here}` here, and not in Outlook")),
            (Some(_), Some(here), Some(_)) => match said {
                [Said::Titled(only)] if item.titles.len() == 1 && here != *only => {
                    return Err(format!("was called `{only}`, and is `{here}`"));
                }
                [Said::Cancelled] => return Err("was left out, and is there".into()),
                [Said::Removed] if item.titles.len() == 1 && !self.forgets => {
                    return Err("was removed in Outlook, and is there again".into());
                }
                _ => {}
            },
            (Some(_), _, None) => {}
        }
        Ok(())
    }

    fn parted_is_shown(&self, item: &PartedItem) -> Result<(), String> {
        if item.unsure || item.forgotten {
            return Ok(());
        }
        let title = item.titles.last().cloned().unwrap_or_default();
        let shown =
            self.machines.iter().flat_map(|machine| machine.reminders()).find(|one| one.get("id") == Some(&Value::from(item.id.clone())));
        let (now, state) = (shown.as_ref().and_then(|one| one["title"].as_str()), shown.as_ref().and_then(|one| one["state"].as_str()));
        match (item.removed, now, state) {
            (true, Some(_), _) => Err(format!("`{title}` was removed, and is there")),
            (false, None, _) => Err(format!("nobody removed `{title}`, and it is gone")),
            (false, Some(now), _) if now != title => Err(format!("`{title}` is called `{now}`")),
            (false, Some(_), Some("synced" | "conflict" | "dismissed")) | (true, None, _) => Ok(()),
            (false, Some(_), state) => Err(format!("`{title}` is {state:?} after all is quiet")),
        }
    }
}

/// What a reminder is called on a day, if it is on that day.
fn on(reminder: &Reminder, day: NaiveDate) -> Option<String> {
    let series = reminder.recurrence.as_ref()?;
    let key = When::At { local: day.and_time(reminder.when.local().time()), zone: reminder.when.zone()? };
    if series.cancelled.contains(&key) {
        return None;
    }
    let own = series.changed.get(&key).and_then(|own| own.title.clone());
    Some(own.unwrap_or_else(|| reminder.title.clone()))
}
