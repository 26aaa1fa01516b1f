//! The place where a history is played: the mailbox, the computers, and the person who uses them.

use std::collections::BTreeMap;

use belfry_app::lists::Keep;
use belfry_app::reminders::ReminderWish;
use belfry_app::syncing::{HoldAnswer, SyncOptions};
use belfry_core::{AccountState, Exit};
use belfry_simulator::{Fault, FaultAction};
use belfry_store::Store;
use chrono::Duration;
use serde_json::{Value, json};

use super::history::{Field, History, Step, Trouble};
use super::network::Network;
use super::{Tally, verdict};
use crate::{Computer, InProcess, LIST, LOGIN, World, encode};

const SCOPES: [&str; 2] = ["User.Read", "Calendars.ReadWrite"];

/// One of the computers.
pub struct Machine {
    pub computer: Computer,
    pub network: Network,
}

/// What is known of a reminder beside what the computers and the mailbox say.
#[derive(Debug, Default)]
pub struct Item {
    /// Its id; those of all computers are the same.
    pub id: String,
    /// Titles that a person gave it, in that order, with the step.
    pub titles: Vec<String>,
    /// Somebody removed it or moved it away, somewhere.
    pub removed: bool,
    /// A computer that knew it and nobody else lost its database.
    pub forgotten: bool,
}

/// Everything.
pub struct Town {
    pub world: World,
    pub machines: Vec<Machine>,
    pub items: Vec<Item>,
    /// What was in the mailbox before and is nobody's business.
    pub foreign: BTreeMap<String, Value>,
    /// A database with its journal was lost.
    pub lost: bool,
    pub tally: Tally,
    step: usize,
}

pub async fn live(history: &History) -> Result<Tally, String> {
    let mut town = Town::new(history).await;
    for step in &history.steps {
        town.step += 1;
        town.world.clock.pass(Duration::minutes(2));
        town.happens(*step).await?;
    }
    town.rest().await?;
    verdict::agreed(&town)?;
    town.tally.steps = history.steps.len();
    town.tally.requests = town.world.simulator.seen().len();
    Ok(town.tally)
}

impl Town {
    async fn new(history: &History) -> Self {
        let world = World::new();
        world.simulator.set_doubts(history.doubts.clone());
        let when = json!({"dateTime": "2026-12-01T10:00:00", "timeZone": "UTC"});
        world
            .outlook(
                "POST",
                "events",
                &json!({"subject": "Dentist", "start": when, "end": when, "body": {"contentType": "text", "content": "mine"}}),
            )
            .await;
        let mut town =
            Self { world, machines: vec![], items: vec![], foreign: BTreeMap::new(), lost: false, tally: Tally::default(), step: 0 };
        town.foreign = town.unmarked();
        for _ in 0..history.computers {
            let machine = town.machine().await;
            town.machines.push(machine);
        }
        town
    }

    #[expect(clippy::expect_used, reason = "the history ends here")]
    async fn machine(&self) -> Machine {
        let network = Network::new(InProcess(self.world.simulator.clone()));
        let folder = tempfile::tempdir().expect("a folder");
        let store = Store::in_memory().expect("a store");
        let computer = self.world.computer_over(&[LOGIN], &SCOPES, std::sync::Arc::new(network.clone()), store, folder).await;
        computer.app.add_list(LIST, &Keep::In { account: None, calendar: None }).await.expect("a list");
        Machine { computer, network }
    }

    /// Events without our marker: id, and all that is in them.
    pub fn unmarked(&self) -> BTreeMap<String, Value> {
        self.world.simulator.with_world(|world| {
            let events = world.mailboxes.values().flat_map(|mailbox| mailbox.events.values());
            let foreign = events.filter(|event| event.properties.is_empty());
            foreign
                .map(|event| (event.id.clone(), json!([event.members, event.start, event.end, event.calendar, event.modified_at])))
                .collect()
        })
    }

    /// Reminder id and event id of every event with our marker.
    pub fn marked(&self) -> Vec<(String, String)> {
        self.world.simulator.with_world(|world| {
            let events = world.mailboxes.values().flat_map(|mailbox| mailbox.events.values());
            let named = |value: &String| value.split(';').nth(2).unwrap_or_default().to_owned();
            events.filter_map(|event| event.properties.values().next().map(|value| (named(value), event.id.clone()))).collect()
        })
    }

    fn event_of(&self, index: usize) -> Option<(usize, String)> {
        let index = index.checked_rem(self.items.len())?;
        let id = &self.items.get(index)?.id;
        let (_, event) = self.marked().into_iter().find(|(reminder, _)| reminder == id)?;
        Some((index, event))
    }

    async fn happens(&mut self, step: Step) -> Result<(), String> {
        match step {
            Step::Add(computer) => self.add(computer, None),
            Step::AddWeekly(computer) => self.add(computer, Some("FREQ=WEEKLY;COUNT=6")),
            Step::Edit(computer, item, field) => self.edit(computer, item, field),
            Step::Remove(computer, item) => self.remove(computer, item),
            Step::Done(computer, item) => self.done(computer, item),
            Step::EditInOutlook(item, field) => self.edit_in_outlook(item, field).await,
            Step::RemoveInOutlook(item) => {
                let Some((index, event)) = self.event_of(item) else { return Ok(()) };
                self.items[index].removed = true;
                self.world.outlook("DELETE", &format!("events/{}", encode(&event)), &Value::Null).await;
            }
            Step::MoveInOutlook(item) => {
                let Some((index, event)) = self.event_of(item) else { return Ok(()) };
                self.items[index].removed = true;
                self.world.move_event(&event);
            }
            Step::Sync(computer) => return self.sync(computer, SyncOptions::default(), None).await,
            Step::TroubledSync(computer, trouble, request) => {
                return self.sync(computer, SyncOptions::default(), Some((trouble, request))).await;
            }
            Step::Confirm(computer) => {
                let options = SyncOptions { confirm: Some(HoldAnswer::Add), ..SyncOptions::default() };
                return self.sync(computer, options, None).await;
            }
            Step::Revoked => {
                self.world.revoke(LOGIN);
                self.world.clock.pass(Duration::minutes(1));
                for machine in &self.machines {
                    sign_in(&self.world, &machine.computer).await?;
                }
            }
            Step::Sleep(hours) => self.world.clock.pass(Duration::hours(i64::from(hours))),
            Step::Lost(computer) => self.lose(computer).await,
        }
        Ok(())
    }

    fn machine_of(&self, computer: usize) -> &Machine {
        &self.machines[computer % self.machines.len()]
    }

    /// The item, if this computer knows it.
    fn known(&self, computer: usize, index: usize) -> Option<(usize, belfry_core::Reminder)> {
        let index = index.checked_rem(self.items.len())?;
        let reminder = self.machine_of(computer).computer.app.reminder(&self.items.get(index)?.id).ok()?;
        Some((index, reminder))
    }

    #[expect(clippy::expect_used, reason = "the history ends here")]
    fn add(&mut self, computer: usize, repeat: Option<&str>) {
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

    #[expect(clippy::expect_used, reason = "the history ends here")]
    fn edit(&mut self, computer: usize, index: usize, field: Field) {
        let Some((index, _)) = self.known(computer, index) else { return };
        let step = self.step;
        let mut wish = ReminderWish::default();
        match field {
            Field::Title => {
                wish.title = Some(format!("T{step}"));
                self.items[index].titles.push(format!("T{step}"));
            }
            Field::Notes => wish.notes = Some(format!("notes {step}")),
            Field::Start => wish.at = Some(format!("2026-12-{:02}T{:02}:30", 1 + step % 28, 6 + step % 12)),
            Field::Alarm => wish.alarms = Some(vec![u32::try_from(step % 50).unwrap_or(5) + 1]),
            Field::Category => wish.category = Some(format!("C{step}")),
            Field::ShowAs => {
                wish.show_as = Some(if step.is_multiple_of(2) { belfry_core::ShowAs::Busy } else { belfry_core::ShowAs::Tentative });
            }
        }
        self.machine_of(computer).computer.app.edit_reminder(&self.items[index].id, &wish).expect("edited");
    }

    #[expect(clippy::expect_used, reason = "the history ends here")]
    fn remove(&mut self, computer: usize, index: usize) {
        let Some((index, _)) = self.known(computer, index) else { return };
        self.items[index].removed = true;
        self.machine_of(computer).computer.app.remove_reminder(&self.items[index].id).expect("removed");
    }

    #[expect(clippy::expect_used, reason = "the history ends here")]
    fn done(&mut self, computer: usize, index: usize) {
        let Some((index, reminder)) = self.known(computer, index) else { return };
        self.machine_of(computer).computer.app.set_done(&self.items[index].id, !reminder.done).expect("done");
    }

    async fn edit_in_outlook(&mut self, index: usize, field: Field) {
        let Some((index, event)) = self.event_of(index) else { return };
        // The days of a series are moved with its pattern, which is another story.
        if field == Field::Start && self.is_series(&event) {
            return;
        }
        let step = self.step;
        let at = |hour: usize| json!({"dateTime": format!("2026-12-{:02}T{hour:02}:15:00", 1 + step % 28), "timeZone": "UTC"});
        let change = match field {
            Field::Title => {
                self.items[index].titles.push(format!("T{step}"));
                json!({"subject": format!("T{step}")})
            }
            Field::Notes => json!({"body": {"contentType": "text", "content": format!("notes {step}")}}),
            Field::Start => json!({"start": at(10), "end": at(11)}),
            Field::Alarm => json!({"isReminderOn": true, "reminderMinutesBeforeStart": step % 50 + 1}),
            Field::Category => json!({"categories": [format!("C{step}")]}),
            Field::ShowAs => json!({"showAs": if step.is_multiple_of(2) { "oof" } else { "free" }}),
        };
        self.world.outlook("PATCH", &format!("events/{}", encode(&event)), &change).await;
    }

    fn is_series(&self, event: &str) -> bool {
        self.world.simulator.with_world(|world| {
            let event = world.mailboxes.values().find_map(|mailbox| mailbox.events.get(event));
            event.and_then(|event| event.members.get("recurrence")).is_some_and(|rule| !rule.is_null())
        })
    }

    async fn sync(&mut self, computer: usize, options: SyncOptions, trouble: Option<(Trouble, u32)>) -> Result<(), String> {
        self.tally.syncs += 1;
        let machine = self.machine_of(computer);
        if let Some((trouble, request)) = trouble {
            self.brew(&machine.network, trouble, request);
        }
        let sync = machine.computer.app.sync(&options, &|_| {});
        let ended = tokio::select! {
            biased;
            () = machine.network.died() => None,
            ended = sync => Some(ended),
        };
        machine.network.live();
        self.world.simulator.mend();
        match ended {
            None => self.tally.killed += 1,
            Some(Err(error)) => return Err(format!("a sync could not even begin: {error}")),
            Some(Ok((document, Exit::Failed | Exit::Usage))) => return Err(format!("a sync failed: {:?}", document.problems())),
            Some(Ok(_)) => {}
        }
        Ok(())
    }

    fn brew(&self, network: &Network, trouble: Trouble, request: u32) {
        let fault = |action| {
            self.world.simulator.fail(Fault { method: String::new(), path: "/v1.0".into(), skip: request, times: 1, action });
        };
        let answer = |status: u16, code: &str| FaultAction::Answer {
            status,
            headers: if status == 429 { vec![("Retry-After".into(), "2".into())] } else { vec![] },
            body: json!({"error": {"code": code, "message": "simulated"}}).to_string(),
        };
        match trouble {
            Trouble::DiesBefore => network.die_at(request, false),
            Trouble::DiesAfter => network.die_at(request, true),
            Trouble::CutBefore => fault(FaultAction::CutBefore),
            Trouble::CutAfter => fault(FaultAction::CutAfter),
            Trouble::Truncated => fault(FaultAction::Truncate),
            Trouble::Status(status) => fault(answer(status, "ErrorSimulated")),
            Trouble::Gone => {
                let action = answer(410, "SyncStateNotFound");
                self.world.simulator.fail(Fault { method: "GET".into(), path: "delta".into(), skip: 0, times: 1, action });
            }
        }
    }

    /// A computer begins anew. What only it knew is gone.
    async fn lose(&mut self, computer: usize) {
        let index = computer % self.machines.len();
        self.lost = true;
        let there: Vec<String> = self.marked().into_iter().map(|(reminder, _)| reminder).collect();
        let others: Vec<&Machine> =
            self.machines.iter().enumerate().filter(|(other, _)| *other != index).map(|(_, machine)| machine).collect();
        for item in &mut self.items {
            let is_known = others.iter().any(|machine| machine.computer.app.reminder(&item.id).is_ok());
            item.forgotten |= !is_known && !there.contains(&item.id);
        }
        let fresh = self.machine().await;
        self.machines[index] = fresh;
    }

    /// Everybody syncs until nobody has anything to write, and once more with the daily listing.
    async fn rest(&mut self) -> Result<(), String> {
        let mut quiet = 0;
        for round in 0..14 {
            self.world.writes();
            for computer in 0..self.machines.len() {
                self.world.clock.pass(Duration::minutes(3));
                self.sync(computer, SyncOptions::default(), None).await?;
                let options = SyncOptions { confirm: Some(HoldAnswer::Add), ..SyncOptions::default() };
                self.sync(computer, options, None).await?;
            }
            quiet = if self.world.writes() == 0 { quiet + 1 } else { 0 };
            match quiet {
                // The listing of the next day may know more.
                1 => self.world.clock.pass(Duration::hours(25)),
                2.. => return Ok(()),
                _ => {}
            }
            if round == 12 {
                return Err(format!("no rest: {:?} still writes", self.last_writes()));
            }
        }
        Err("no rest".into())
    }

    fn last_writes(&self) -> Vec<String> {
        let seen = self.world.simulator.seen();
        let writes = seen.iter().filter(|seen| seen.side == "graph" && seen.method != "GET");
        writes.rev().take(4).map(|seen| format!("{} {}", seen.method, seen.path)).collect()
    }
}

async fn sign_in(world: &World, computer: &Computer) -> Result<(), String> {
    let account = world.sign_in_again(&computer.app, true).await.map_err(|error| error.to_string())?;
    if account.state == AccountState::Ready { Ok(()) } else { Err(format!("signed in and {:?}", account.state)) }
}
