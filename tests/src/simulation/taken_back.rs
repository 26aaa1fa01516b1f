//! After all is quiet, a person edits something, lets it be written, and takes it back: then the mailbox and the computer say what they said before.

use std::collections::BTreeMap;

use belfry_app::occurrences::DateChange;
use belfry_app::reminders::ReminderWish;
use belfry_app::syncing::SyncOptions;
use belfry_core::{ChangedOccurrence, LinkState, ListId, Reminder, ReminderId, When};
use belfry_store::ReminderRow;
use chrono::{DateTime, Duration};
use serde_json::Value;

use super::town::Town;

/// What an event says, for everybody who looks at it.
const SAID: [&str; 9] =
    ["subject", "body", "isAllDay", "isReminderOn", "reminderMinutesBeforeStart", "categories", "showAs", "sensitivity", "recurrence"];

impl Town {
    /// One edit of each kind of reminder that the first computer has in Outlook, a different one with every history.
    pub async fn take_back(&mut self) -> Result<(), String> {
        let app = &self.machine_of(0).computer.app;
        let rows = app.reminders(None).map_err(|error| error.to_string())?;
        let lists = app.lists().map_err(|error| error.to_string())?;
        let typed: Vec<ListId> = lists.iter().filter(|list| list.source.is_none()).map(|list| list.id).collect();
        let is_there =
            |row: &&ReminderRow| matches!(row.state, Some(LinkState::Linked | LinkState::Parted)) && typed.contains(&row.reminder.list);
        // Two events that come to say the same are one too many, and one goes.
        let is_two = |row: &&ReminderRow| {
            (0..self.items.len()).any(|item| self.items[item].id == row.reminder.id.to_string() && self.is_half_sorted(item))
        };
        let there: Vec<Reminder> = rows.iter().filter(is_there).filter(|row| !is_two(row)).map(|row| row.reminder.clone()).collect();
        let kinds: BTreeMap<(bool, bool), Vec<&Reminder>> = there.iter().fold(BTreeMap::new(), |mut kinds, one| {
            kinds.entry((one.recurrence.is_some(), self.is_parted(&one.id.to_string()))).or_insert_with(Vec::new).push(one);
            kinds
        });
        for of_kind in kinds.values() {
            if let Some(one) = of_kind.get(self.step % of_kind.len()) {
                self.edit_and_undo(one).await.map_err(|why| format!("`{}`, edited and taken back, {why}", one.title))?;
            }
        }
        Ok(())
    }

    /// A date that a person removed in Outlook comes back where its series moves.
    fn has_removed_date(&self, one: &Reminder) -> bool {
        let there = self.slots("part:").iter().filter(|(reminder, _)| *reminder == one.id.to_string()).count();
        self.is_parted(&one.id.to_string()) && there < one.starts(one.when.local() + Duration::days(200), 9).len()
    }

    async fn edit_and_undo(&mut self, one: &Reminder) -> Result<(), String> {
        let before = (self.seen_here(one.id)?, self.seen_there());
        let what = self.edit_of_any_kind(one)?;
        if what == "nothing" {
            return Ok(());
        }
        self.write().await?;
        let app = &self.machine_of(0).computer.app;
        let undone = app.undo(&one.id.to_string(), false).await.map_err(|error| error.to_string())?;
        self.write().await?;
        let (here, there) = (self.seen_here(one.id)?, self.seen_there());
        if here != before.0 {
            return Err(format!("({what}) is {here:?} here, and was {:?}: {undone:?}", before.0));
        }
        let gone: Vec<&String> = before.1.iter().filter(|one| !there.contains(one)).collect();
        let new: Vec<&String> = there.iter().filter(|one| !before.1.contains(one)).collect();
        if gone.is_empty() && new.is_empty() {
            Ok(())
        } else {
            Err(format!("({what}) left {new:?} in Outlook, and took {gone:?}: {undone:?}"))
        }
    }

    async fn write(&mut self) -> Result<(), String> {
        self.world.clock.pass(Duration::minutes(3));
        self.sync(0, SyncOptions::default(), None).await?;
        self.world.clock.pass(Duration::minutes(3));
        self.sync(0, SyncOptions::default(), None).await
    }

    fn edit_of_any_kind(&self, one: &Reminder) -> Result<String, String> {
        let app = &self.machine_of(0).computer.app;
        let id = one.id.to_string();
        let day = one.recurrence.as_ref().and_then(|series| {
            let slots = self.slots("part:");
            // What a person removed in Outlook is nothing to leave out here.
            let is_there = |start: &When| !self.is_parted(&id) || slots.contains(&(id.clone(), format!("part:{}", start.date())));
            // What is wanted again there says what an event of that date says that stayed when its series was moved.
            let own = self.own_dates(&id);
            let is_own = |start: &When| own.iter().any(|(day, _)| *day == start.date());
            let free = |start: &When| !series.changed.contains_key(start) && is_there(start) && !is_own(start);
            one.starts(one.when.local() + Duration::days(200), 3).iter().map(|date| date.original).rfind(free)
        });
        let wish = ReminderWish::default;
        let hours = one.when.local() + Duration::minutes(75);
        let edits = [
            ReminderWish { title: Some("taken back".into()), ..wish() },
            ReminderWish { notes: Some("taken back".into()), category: Some("Back".into()), ..wish() },
            ReminderWish { at: Some(hours.format("%Y-%m-%dT%H:%M").to_string()), ..wish() },
            ReminderWish { alarms: Some(vec![7, 1777]), private: Some(!one.private), ..wish() },
            ReminderWish { minutes: Some(95), title: Some("taken back".into()), ..wish() },
        ];
        let said = match (self.step % 8, day) {
            // A date that was changed in Outlook and put back has its own words there for good: what the series says from now on comes back as that date's.
            (0..=5, _) if self.items.iter().any(|item| item.id == id && !item.dates.is_empty()) => return Ok("nothing".into()),
            (2, _) | (7, None) if self.has_removed_date(one) => return Ok("nothing".into()),
            // Somebody may have set an alarm in Outlook since.
            (5, _) if one.done => return Ok("nothing".into()),
            (5, _) => app.set_done(&id, !one.done).map(|_| "done".to_owned()),
            (6, Some(day)) => app.change_date(&id, &day.date().to_string(), &DateChange::Cancel).map(|_| format!("{day} left out")),
            (7, Some(day)) => {
                let edit = DateChange::Edit(Box::new(edits[0].clone()));
                app.change_date(&id, &day.date().to_string(), &edit).map(|_| format!("{day} edited"))
            }
            (index, _) => {
                edits.get(index % edits.len()).map_or(Ok(String::new()), |edit| app.edit_reminder(&id, edit).map(|_| format!("{edit:?}")))
            }
        };
        said.map_err(|error| error.to_string())
    }

    /// A date that was left out cannot go back into its series in Outlook: it is an event of its own, which says the same.
    fn seen_here(&self, id: ReminderId) -> Result<Reminder, String> {
        let known = self.machine_of(0).computer.app.reminder(&id.to_string()).map_err(|error| error.to_string())?;
        let mut known = Reminder { changed_at: DateTime::UNIX_EPOCH, ..known };
        let apart = ChangedOccurrence { apart: true, ..ChangedOccurrence::default() };
        known.recurrence.iter_mut().for_each(|series| series.changed.retain(|_, own| *own != apart));
        Ok(known)
    }

    /// Every event by what it says; what single dates of a series say is with the series, unless one of them is apart.
    fn seen_there(&self) -> Vec<String> {
        let text = |event: &belfry_simulator::world::SimEvent| {
            let said = SAID.map(|name| match event.members.get(name).cloned().unwrap_or(Value::Null) {
                // A number of times and a last day say the same.
                series if name == "recurrence" => {
                    ["type", "interval", "daysOfWeek"].map(|part| series["pattern"][part].clone()).to_vec().into()
                }
                other => other,
            });
            format!("{} {} {} {said:?}", event.start, event.end, event.calendar)
        };
        self.world.simulator.with_world(|world| {
            let events = world.mailboxes.values().flat_map(|mailbox| mailbox.events.values());
            events.filter(|event| !is_apart(event)).map(text).collect()
        })
    }
}

fn is_apart(event: &belfry_simulator::world::SimEvent) -> bool {
    event.properties.values().any(|marker| marker.split(';').nth(3).is_some_and(|slot| slot.starts_with("occ:")))
}
