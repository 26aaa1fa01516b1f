//! What the person does, on a computer and in Outlook.

use belfry_app::confirming::HoldAnswer;
use belfry_app::lists::Keep;
use belfry_app::reminders::ReminderWish;
use belfry_app::syncing::SyncOptions;
use serde_json::{Value, json};

use super::history::Field;
use super::town::{CALENDARS, Item, OTHER_LIST, Town};
use crate::{LIST, encode};

impl Town {
    /// The item, if this computer knows it.
    fn known(&self, computer: usize, index: usize) -> Option<(usize, belfry_core::Reminder)> {
        let index = index.checked_rem(self.items.len())?;
        let reminder = self.machine_of(computer).computer.app.reminder(&self.items.get(index)?.id).ok()?;
        Some((index, reminder))
    }

    #[expect(clippy::expect_used, reason = "the history ends here")]
    pub fn add(&mut self, computer: usize, repeat: Option<&str>) {
        let title = format!("T{}", self.step);
        let wish = ReminderWish {
            title: Some(title.clone()),
            at: Some(format!("2026-12-{:02}T09:00", 1 + self.step % 28)),
            list: Some(LIST.into()),
            repeat: repeat.map(str::to_owned),
            ..ReminderWish::default()
        };
        let id = self.machine_of(computer).computer.app.add_reminder(&wish).expect("added").id.to_string();
        self.items.push(Item { id, titles: vec![title], ..Item::default() });
    }

    pub fn edit(&mut self, computer: usize, index: usize, field: Field) {
        let Some((index, reminder)) = self.known(computer, index) else { return };
        let step = self.step;
        let mut wish = ReminderWish::default();
        match field {
            Field::Title => {
                wish.title = Some(format!("T{step}"));
                self.items[index].titles.push(format!("T{step}"));
            }
            Field::Back => {
                let title = self.items[index].titles.iter().rev().nth(1).or(self.items[index].titles.last()).cloned().unwrap_or_default();
                wish.title = Some(title.clone());
                self.items[index].titles.push(title);
            }
            Field::Notes => wish.notes = Some(self.says(index, field, format!("notes {step}"))),
            Field::Start => {
                wish.at = Some(format!("2026-12-{:02}T{:02}:30", 1 + step % 28, 6 + step % 12));
                self.items[index].moved = true;
            }
            Field::Hour => {
                let start = self.shown_on(computer, index, "start");
                wish.at = start.get(..10).map(|day| format!("{day}T{:02}:45", 6 + step % 12));
                self.items[index].moved = true;
            }
            Field::Far => {
                self.items[index].moved = true;
                wish.at = Some(format!("2027-06-{:02}T09:00", 1 + step % 28));
                self.far = true;
            }
            Field::Alarm => {
                let nearest = i32::try_from(step % 50).unwrap_or(5) + 1;
                let further = if step.is_multiple_of(3) { -20 } else { nearest + 60 };
                wish.alarms = Some(std::iter::once(nearest).chain(self.helpers.then_some(further)).collect());
            }
            Field::Category => wish.category = Some(self.says(index, field, format!("C{step}"))),
            Field::Rule => {
                if reminder.recurrence.is_none() {
                    return;
                }
                wish.repeat = Some(format!("FREQ=WEEKLY;COUNT={}", 4 + step % 5));
                self.items[index].moved = true;
                self.far = true;
            }
            Field::ShowAs => {
                wish.show_as = Some(if step.is_multiple_of(2) { belfry_core::ShowAs::Busy } else { belfry_core::ShowAs::Tentative });
            }
        }
        self.items[index].edited = true;
        self.items[index].editors.insert(computer % self.machines.len());
        let was_removed = self.event_of(index).is_none() && self.items[index].theirs.is_empty();
        // Back at what was agreed there is no edit any more.
        self.items[index].wins &= field != Field::Back;
        self.items[index].wins |= field == Field::Title && was_removed && self.state_on(computer, index) == "synced";
        let edited = self.machine_of(computer).computer.app.edit_reminder(&self.items[index].id, &wish);
        // A series that ended with a split has no date so late.
        let may_fail = self.items[index].ended && matches!(field, Field::Start | Field::Hour | Field::Far | Field::Rule);
        assert!(edited.is_ok() || may_fail, "not edited: {edited:?}");
    }

    #[expect(clippy::expect_used, reason = "the history ends here")]
    pub fn remove(&mut self, computer: usize, index: usize) {
        let Some((index, _)) = self.known(computer, index) else { return };
        self.items[index].removed = true;
        self.items[index].removed_here = true;
        self.items[index].wins = false;
        self.items[index].unseen |= self.is_unseen(index);
        self.machine_of(computer).computer.app.remove_reminder(&self.items[index].id).expect("removed");
    }

    #[expect(clippy::expect_used, reason = "the history ends here")]
    pub fn done(&mut self, computer: usize, index: usize) {
        let Some((index, reminder)) = self.known(computer, index) else { return };
        self.items[index].edited = true;
        self.items[index].editors.insert(computer % self.machines.len());
        self.machine_of(computer).computer.app.set_done(&self.items[index].id, !reminder.done).expect("done");
    }

    /// Refused while the event that is left alone is still there.
    pub fn restore(&mut self, computer: usize, index: usize) {
        let Some((index, _)) = self.known(computer, index) else { return };
        self.items[index].edited = true;
        let _ = self.machine_of(computer).computer.app.restore_reminder(&self.items[index].id);
    }

    /// The person sorts it into the other list.
    #[expect(clippy::expect_used, reason = "the history ends here")]
    pub fn other_list(&mut self, computer: usize, index: usize) {
        let Some((index, _)) = self.known(computer, index) else { return };
        let machine = self.machine_of(computer);
        let list = if self.shown_on(computer, index, "list") == LIST { OTHER_LIST } else { LIST };
        self.items[index].edited = true;
        // A reminder of which an event was removed has another one where it is now.
        self.items[index].sorted = true;
        self.items[index].editors.insert(computer % self.machines.len());
        let wish = ReminderWish { list: Some(list.into()), ..ReminderWish::default() };
        machine.computer.app.edit_reminder(&self.items[index].id, &wish).expect("moved");
    }

    /// The list is to be kept in another calendar. One that is not there is refused. Computers that never agreed on a calendar are not a move.
    pub async fn target(&mut self, computer: usize, calendar: usize) {
        let is_kept =
            |one: &Value| one.get("list").and_then(Value::as_str) == Some(LIST) && one.get("event_id").is_some_and(Value::is_string);
        if !self.machine_of(computer).reminders().iter().any(is_kept) {
            return;
        }
        let calendar = CALENDARS.get(calendar % 2).map(|name| (*name).to_owned());
        let keep = Keep::In { account: None, calendar };
        // Where it is kept on other computers may show a day later.
        self.far = true;
        let _ = self.machine_of(computer).computer.app.retarget(LIST, &keep, None).await;
    }

    /// Everything in it goes with it.
    pub async fn vanish_in_outlook(&mut self, calendar: usize) {
        let name = CALENDARS.get(calendar % 2).copied().unwrap_or_default();
        let all = self.world.outlook("GET", "calendars?$top=50", &Value::Null).await;
        let is_it = |one: &&Value| one.get("name").and_then(Value::as_str) == Some(name);
        let id = all.get("value").and_then(Value::as_array).and_then(|all| all.iter().find(is_it)).and_then(|one| one.get("id")).cloned();
        let Some(id) = id.as_ref().and_then(Value::as_str) else { return };
        self.world.outlook("DELETE", &format!("calendars/{}", encode(id)), &Value::Null).await;
        let left = self.events();
        self.foreign.retain(|event, _| left.contains_key(event));
        for item in &mut self.items {
            item.unsure = true;
        }
        self.parted_are_unsure(None);
        self.calendar_went();
    }

    /// Takes back the newest run of a computer that did anything.
    #[expect(clippy::expect_used, reason = "the history ends here")]
    pub async fn undo(&mut self, computer: usize) {
        let machine = self.machine_of(computer);
        let runs = machine.computer.app.run_documents(None, 10).expect("runs");
        let Some(run) = runs.iter().find(|run| !run.entries.is_empty()) else { return };
        let undone = machine.computer.app.undo(&run.run.to_string(), false).await.expect("undone");
        let ids: Vec<String> = undone.undone.iter().map(|one| one.id.clone()).collect();
        self.taken_back(&ids);
        self.parted_are_unsure(Some(&ids));
        for item in self.items.iter_mut().filter(|item| undone.undone.iter().any(|one| one.id == item.id)) {
            item.unsure = true;
        }
    }

    /// The account goes from a computer and comes back, with every list where it was.
    pub async fn leaves(&mut self, computer: usize) -> Result<(), String> {
        let machine = self.machine_of(computer);
        machine.computer.off.set(chrono::Duration::zero());
        let app = &machine.computer.app;
        let say = |error: belfry_app::AppError| format!("an account that left is not back: {error}");
        let account = app.account(None).map_err(say)?;
        let lists = app.lists().map_err(say)?;
        app.remove_account(&account, false).await.map_err(say)?;
        self.world.clock.pass(chrono::Duration::minutes(1));
        self.world.connect_again(app, &account, true).await.map_err(say)?;
        for list in lists {
            let Some(target) = list.target else { continue };
            let keep = Keep::In { account: None, calendar: Some(target.calendar_name) };
            // A calendar that is gone is not there to be chosen; the usual one is made.
            if app.retarget(&list.name, &keep, None).await.is_err() {
                app.retarget(&list.name, &Keep::In { account: None, calendar: None }, None).await.map_err(say)?;
            }
        }
        Ok(())
    }

    /// Says that what a first sync asks about was removed elsewhere.
    pub async fn confirm_removed(&mut self, computer: usize) -> Result<(), String> {
        let held: Vec<usize> = (0..self.items.len()).filter(|index| self.state_on(computer, *index) == "held").collect();
        let options = SyncOptions { confirm: Some(HoldAnswer::Removed), ..SyncOptions::default() };
        self.sync(computer, options, None).await?;
        for index in held {
            self.items[index].unsure |= self.state_on(computer, index) == "dismissed";
        }
        Ok(())
    }

    /// Looks at what a sync would do: nothing is written, here or there.
    pub async fn look(&mut self, computer: usize) -> Result<(), String> {
        let (events, states) = (self.events(), self.machine_of(computer).states());
        self.sync(computer, SyncOptions { dry_run: true, ..SyncOptions::default() }, None).await?;
        match (self.events() == events, self.machine_of(computer).states() == states) {
            (true, true) => Ok(()),
            (false, _) => Err("a dry run wrote to the mailbox".into()),
            (true, false) => Err(format!("a dry run changed {states:?} to {:?}", self.machine_of(computer).states())),
        }
    }

    /// Says that what is gone from Outlook and waits for a yes is to be kept.
    pub async fn keep(&mut self, computer: usize) -> Result<(), String> {
        for index in 0..self.items.len() {
            // What is gone may show in this very sync only.
            self.items[index].edited |= !self.state_on(computer, index).is_empty();
        }
        self.parted_are_unsure(None);
        let options = SyncOptions { confirm: Some(HoldAnswer::Keep), ..SyncOptions::default() };
        self.sync(computer, options, None).await
    }

    pub async fn edit_in_outlook(&mut self, index: usize, field: Field) {
        let Some((index, event)) = self.event_of(index) else { return };
        // Where If-Match is not heeded nothing protects what is edited between the look at an old event and its end.
        self.items[index].unsure |= self.amid_sync && self.items[index].sorted;
        self.items[index].copied |= self.lost && self.is_half_sorted(index);
        let step = self.step;
        let times = |day: String| {
            let at = |hour: usize| json!({"dateTime": format!("{day}T{hour:02}:15:00"), "timeZone": "UTC"});
            let mut change = json!({"start": at(10), "end": at(11)});
            if self.is_series(&event) {
                let date: chrono::NaiveDate = day.parse().unwrap_or_default();
                let pattern = json!({"type": "weekly", "interval": 1, "daysOfWeek": [date.format("%A").to_string().to_lowercase()]});
                let range = json!({"type": "numbered", "numberOfOccurrences": 6, "startDate": day, "recurrenceTimeZone": "UTC"});
                change["recurrence"] = json!({"pattern": pattern, "range": range});
            }
            change
        };
        let change = match field {
            Field::Title | Field::Back => {
                self.items[index].titles.push(format!("T{step}"));
                json!({"subject": format!("T{step}")})
            }
            Field::Notes => json!({"body": {"contentType": "text", "content": self.says(index, field, format!("notes {step}"))}}),
            Field::Start => times(format!("2026-12-{:02}", 1 + step % 28)),
            Field::Hour => {
                // A series takes no start in another zone than its own.
                let Some((day, zone)) = self.event(&event).map(|event| (event.start.date(), event.start_zone)) else { return };
                let at = |hour: usize| json!({"dateTime": format!("{day}T{hour:02}:20:00"), "timeZone": zone});
                json!({"start": at(7 + step % 9), "end": at(8 + step % 9)})
            }
            Field::Far => {
                let change = times(format!("2027-06-{:02}", 1 + step % 28));
                self.far = true;
                // Removed, made again by one computer and moved here out of every window, while another computer that was edited makes it again too: both stay.
                self.items[index].copied |= self.items[index].wins;
                change
            }
            Field::Alarm => json!({"isReminderOn": true, "reminderMinutesBeforeStart": step % 50 + 1}),
            Field::Category => json!({"categories": [self.says(index, field, format!("C{step}"))]}),
            Field::Rule => return,
            Field::ShowAs => json!({"showAs": if step.is_multiple_of(2) { "oof" } else { "free" }}),
        };
        self.items[index].edited = true;
        self.items[index].edited_in_outlook = true;
        let moves = matches!(field, Field::Start | Field::Hour | Field::Far);
        self.items[index].moved |= moves;
        // Of two parts that were moved before anybody saw them nobody can say that they were one.
        self.items[index].copied |= moves && self.items[index].split;
        self.world.outlook("PATCH", &format!("events/{}", encode(&event)), &change).await;
    }

    /// Remembers what somebody said.
    fn says(&mut self, index: usize, field: Field, text: String) -> String {
        self.items[index].said.entry(field).or_default().push(text.clone());
        text
    }

    fn is_series(&self, event: &str) -> bool {
        self.world.simulator.with_world(|world| {
            let event = world.mailboxes.values().find_map(|mailbox| mailbox.events.get(event));
            event.and_then(|event| event.members.get("recurrence")).is_some_and(|rule| !rule.is_null())
        })
    }

    pub async fn remove_in_outlook(&mut self, item: usize) {
        let Some((index, event)) = self.event_of(item) else { return };
        // In the middle of a move there are two, and who deletes one of them leaves the other.
        self.items[index].copied |= self.items[index].split;
        self.items[index].unsure |= self.marked().iter().filter(|(id, _)| *id == self.items[index].id).count() > 1;
        self.items[index].removed = true;
        self.items[index].wins = false;
        self.items[index].unseen |= self.is_unseen(index);
        self.items[index].unsure |= self.is_moving(index);
        self.world.outlook("DELETE", &format!("events/{}", encode(&event)), &Value::Null).await;
    }

    /// Whether a computer is in the middle of making its event anew in another calendar: it takes what goes at the old place for what another computer has moved already.
    fn is_moving(&self, index: usize) -> bool {
        let Some(event) = self.event_of(index).and_then(|(_, id)| self.event(&id)).filter(|_| self.amid_sync) else { return false };
        let lists = self.machines.iter().flat_map(|machine| machine.computer.app.lists().unwrap_or_default());
        lists.filter(|list| list.name == LIST).filter_map(|list| list.place()).any(|place| place.calendar != event.calendar)
    }

    /// Whether its event is still in the list that it has left. Once that one is edited, who knows nothing leaves both to the person (known limit 42).
    pub fn is_half_sorted(&self, index: usize) -> bool {
        let item = &self.items[index];
        item.sorted && self.marked().iter().filter(|(id, _)| *id == item.id).count() > 1
    }

    /// How the item stands on a computer.
    fn state_on(&self, computer: usize, index: usize) -> String {
        self.shown_on(computer, index, "state")
    }

    fn shown_on(&self, computer: usize, index: usize, name: &str) -> String {
        let all = self.machine_of(computer).reminders();
        let this = all.iter().find(|one| one.get("id").and_then(Value::as_str) == Some(&self.items[index].id));
        this.and_then(|one| one.get(name)).and_then(Value::as_str).unwrap_or_default().to_owned()
    }

    /// Whether a computer made it, does not know that, and will never be told: its server forgets.
    fn is_unseen(&self, index: usize) -> bool {
        self.forgets && !self.is_linked(index)
    }

    /// Whether every computer that knows the reminder knows that it has an event.
    fn is_linked(&self, index: usize) -> bool {
        let is_this = |one: &Value| one.get("id").and_then(Value::as_str) == Some(&self.items[index].id);
        let all = self.machines.iter().flat_map(|machine| machine.reminders());
        all.filter(is_this).all(|one| one.get("event_id").is_some_and(Value::is_string))
    }

    /// One that was made again, or moved, since a computer last synced looks to it like one of a list that is kept in another calendar now: nobody can tell.
    pub fn move_in_outlook(&mut self, item: usize) {
        let Some((index, event)) = self.event_of(item) else { return };
        if self.generation(&event) > 1 {
            return;
        }
        self.world.move_event(&event);
        self.is_theirs(index, event);
    }

    fn generation(&self, event: &str) -> u32 {
        self.world.simulator.with_world(|world| {
            let event = world.mailboxes.values().find_map(|mailbox| mailbox.events.get(event));
            let marker = event.and_then(|event| event.properties.values().next());
            marker.and_then(|marker| marker.split(';').nth(4)?.parse().ok()).unwrap_or_default()
        })
    }

    pub async fn invite_in_outlook(&mut self, item: usize) {
        let Some((index, event)) = self.event_of(item) else { return };
        let people = json!({"attendees": [{"emailAddress": {"address": "ben@outlook.example"}, "type": "required"}]});
        self.world.outlook("PATCH", &format!("events/{}", encode(&event)), &people).await;
        self.is_theirs(index, event);
    }

    pub fn unmark_in_outlook(&mut self, item: usize) {
        let Some((index, event)) = self.event_of(item) else { return };
        self.world.simulator.with_world(|world| {
            for mailbox in world.mailboxes.values_mut().filter(|mailbox| mailbox.events.contains_key(&event)) {
                let change = mailbox.next_change();
                if let Some(event) = mailbox.events.get_mut(&event) {
                    event.properties.clear();
                    event.change = change;
                }
            }
        });
        self.is_theirs(index, event);
    }

    /// The person made it theirs: from now on it stays as it is.
    fn is_theirs(&mut self, index: usize, event: String) {
        self.items[index].removed = true;
        self.items[index].wins = false;
        // Its maker, who was never answered, makes it anew: what lies there is not its own any more.
        self.items[index].unseen |= !self.is_linked(index);
        if let Some(now) = self.events().remove(&event) {
            self.foreign.insert(event.clone(), now);
        }
        self.items[index].theirs.push(event);
    }

    pub fn copy_in_outlook(&mut self, item: usize) {
        let Some((index, event)) = self.event_of(item) else { return };
        self.world.copy_event(&event);
        self.items[index].copied = true;
    }

    pub async fn purge_in_outlook(&mut self) {
        let all: Vec<(usize, String)> = (0..self.items.len()).filter_map(|index| self.event_of(index)).collect();
        for (index, _) in all.iter().skip(all.len() / 4) {
            // Of a split series one part goes and the other stays.
            self.items[*index].copied |= self.items[*index].split;
            self.items[*index].removed = true;
            self.items[*index].wins = false;
            self.items[*index].unseen |= self.is_unseen(*index);
            self.items[*index].unsure |= self.is_moving(*index);
            // In the middle of a move it has two events.
            while let Some((_, event)) = self.event_of(*index) {
                self.world.outlook("DELETE", &format!("events/{}", encode(&event)), &Value::Null).await;
            }
        }
    }
}
