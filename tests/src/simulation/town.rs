//! The place where a history is played: the mailbox and the computers.

use std::collections::{BTreeMap, BTreeSet};
use std::rc::Rc;
use std::sync::Arc;

use belfry_app::confirming::HoldAnswer;
use belfry_app::following::Follow;
use belfry_app::lists::{Keep, ListChange};
use belfry_app::syncing::SyncOptions;
use belfry_http::{HttpClient, Reqwest};
use belfry_store::{Disk, Store};
use chrono::Duration;
use serde_json::{Value, json};

use super::dates::Dated;
use super::history::{Field, History, Step, Trouble};
use super::network::Network;
use super::parted::{PAYMENTS, PartedItem};
use super::running::{Troubled, sign_in};
use super::{Ground, Tally, source, verdict};
use crate::{Computer, InProcess, LIST, LOGIN, World};

/// The other list, kept in the same calendar at first.
pub const OTHER_LIST: &str = "Work";
/// Calendars that lists are kept in.
pub const CALENDARS: [&str; 2] = ["Belfry", "Other"];

const SCOPES: [&str; 2] = ["User.Read", "Calendars.ReadWrite"];

/// One of the computers.
pub struct Machine {
    pub computer: Computer,
    pub network: Network,
    pub disk: Disk,
}

impl Machine {
    /// The reminders of all lists.
    pub fn reminders(&self) -> Vec<Value> {
        let documents = self.computer.app.reminder_documents(None).unwrap_or_default();
        documents.iter().map(|document| json!(document)).collect()
    }

    /// Title, list and state of each reminder.
    pub fn states(&self) -> Vec<String> {
        let text = |one: &Value, name: &str| one.get(name).and_then(Value::as_str).unwrap_or_default().to_owned();
        self.reminders().iter().map(|one| format!("{} ({}, {})", text(one, "title"), text(one, "list"), text(one, "state"))).collect()
    }

    /// How many of its reminders are tied to an event, by list.
    pub fn linked(&self) -> BTreeMap<String, usize> {
        let is_off = |state: &Value| state == "dismissed" || state == "detached";
        let mut linked = BTreeMap::new();
        for one in self.reminders() {
            if one.get("event_id").is_some_and(Value::is_string) && !one.get("state").is_some_and(is_off) {
                *linked.entry(one.get("list").and_then(Value::as_str).unwrap_or_default().to_owned()).or_default() += 1;
            }
        }
        linked
    }
}

/// What is known of a reminder beside what the computers and the mailbox say.
#[derive(Debug, Default)]
pub struct Item {
    /// Its id; those of all computers are the same.
    pub id: String,
    /// Titles that a person gave it, in that order, with the step.
    pub titles: Vec<String>,
    /// Events of it that a person moved to another calendar, made a meeting of or took our marker off: theirs from then on.
    pub theirs: Vec<String>,
    /// Somebody removed it or took it away, somewhere.
    pub removed: bool,
    /// A person removed it in Belfry, and what was written into its events with it.
    pub removed_here: bool,
    /// Somebody changed it after it was made.
    pub edited: bool,
    /// Where it was edited: computers by number.
    pub editors: BTreeSet<usize>,
    /// A person edited the event in Outlook.
    pub edited_in_outlook: bool,
    /// The event was copied, and copies that differ are left to the person.
    pub copied: bool,
    /// It was removed in Outlook while an edit here waited to be written: the edit wins.
    pub wins: bool,
    /// Its event was removed before any computer knew that it had been made: where the server does not name it, nobody can tell.
    pub unseen: bool,
    /// A computer that knew it and nobody else lost its database.
    pub forgotten: bool,
    /// Somebody sorted it into another list: one that was removed may have an event there.
    pub sorted: bool,
    /// Notes and categories that somebody gave it, in that order.
    pub said: BTreeMap<Field, Vec<String>>,
    /// Something about it was taken back, or its calendar went: it may be there again, or not be there.
    pub unsure: bool,
    /// Outlook split its series, marker and all.
    pub split: bool,
    /// Its series has an end that Outlook gave it.
    pub ended: bool,
    /// The start or rule of the series was edited: Outlook may have wiped its dates.
    pub moved: bool,
    /// What was said of single dates, by the day that the series has them on.
    pub dates: BTreeMap<chrono::NaiveDate, Vec<String>>,
    /// What the events of dates that are events of their own were called in Outlook, and nobody said anything else of the date since.
    pub own_dates: BTreeMap<chrono::NaiveDate, String>,
}

/// Everything.
pub struct Town {
    pub world: World,
    pub ground: Ground,
    pub machines: Vec<Rc<Machine>>,
    pub items: Vec<Item>,
    /// Events that are nobody's business: what was in the mailbox before, and what a person made theirs. As they have to stay.
    pub foreign: BTreeMap<String, Value>,
    /// Series that Outlook cannot hold.
    pub parted: Vec<PartedItem>,
    /// What a list on every computer follows.
    pub source: source::File,
    /// A database with its journal was lost.
    pub lost: bool,
    /// The server forgets what was made once its event is gone.
    pub forgets: bool,
    /// Further alarms have events of their own.
    pub helpers: bool,
    /// Nobody can know what the person meant.
    pub is_undecidable: bool,
    /// Something was moved out of the window that the change feed is about.
    pub far: bool,
    /// What happens just now happens in the middle of a sync.
    pub amid_sync: bool,
    /// Requests about this event meet this status.
    pub failing: Option<(String, u16)>,
    pub tally: Tally,
    pub step: usize,
}

pub async fn live(history: &History, ground: Ground) -> Result<Tally, String> {
    let mut town = Town::new(history, ground).await;
    let lived = town.live(history).await;
    town.tell_journals();
    lived.map(|()| town.tally)
}

impl Town {
    async fn live(&mut self, history: &History) -> Result<(), String> {
        let mut steps = history.steps.iter().copied().peekable();
        while let Some(step) = steps.next() {
            self.step += 1;
            self.world.clock.pass(Duration::minutes(2));
            match step {
                Step::TroubledSync(computer, by, at) => {
                    let meanwhile = if by == Trouble::Meanwhile { steps.next_if(|next| history.can_interrupt(*next)) } else { None };
                    self.sync(computer, SyncOptions::default(), Some(Troubled { by, at, meanwhile })).await?;
                }
                step => self.happens(step).await?,
            }
            self.tell(&format!("{step:?}"));
        }
        self.rest().await?;
        self.take_back().await?;
        self.tally.undecidable = usize::from(self.is_undecidable || self.is_split());
        self.tally.steps = history.steps.len();
        self.tally.requests = self.world.simulator.seen().len();
        self.tally.trace = self.trace();
        Ok(())
    }

    async fn new(history: &History, ground: Ground) -> Self {
        let world = if ground == Ground::Real { World::served().await } else { World::new() };
        world.simulator.set_doubts(history.doubts.clone());
        world.simulator.set_series_doubts(history.series_doubts);
        let when = json!({"dateTime": "2026-12-01T10:00:00", "timeZone": "UTC"});
        let dentist = json!({"subject": "Dentist", "start": when, "end": when, "body": {"contentType": "text", "content": "mine"}});
        world.outlook("POST", "events", &dentist).await;
        world.outlook("POST", "calendars", &json!({"name": "Other"})).await;
        let (machines, items, foreign) = (vec![], vec![], BTreeMap::new());
        let forgets = !history.doubts.transaction_outlives_event;
        let mut town = Self {
            parted: vec![],
            source: source::File::new(),
            forgets,
            world,
            ground,
            machines,
            items,
            foreign,
            lost: false,
            helpers: history.helpers,
            is_undecidable: false,
            far: false,
            amid_sync: false,
            failing: None,
            tally: Tally::default(),
            step: 0,
        };
        town.foreign = town.events();
        for _ in 0..history.computers {
            let machine = town.machine().await;
            town.machines.push(Rc::new(machine));
        }
        town
    }

    #[expect(clippy::expect_used, reason = "the history ends here")]
    async fn machine(&self) -> Machine {
        let folder = tempfile::tempdir().expect("a folder");
        let (http, store): (Arc<dyn HttpClient>, _) = match self.ground {
            Ground::InProcess => (Arc::new(InProcess(self.world.simulator.clone())), Store::in_memory()),
            Ground::Real => (
                Arc::new(Reqwest::new("Belfry")),
                Store::open(&folder.path().join("belfry.db"), folder.path(), chrono::DateTime::default()),
            ),
        };
        let (network, store) = (Network::new(http), store.expect("a store"));
        let disk = store.disk().expect("a disk");
        let computer = self.world.computer_over(&[LOGIN], &SCOPES, Arc::new(network.clone()), store, folder).await;
        for list in [LIST, OTHER_LIST, PAYMENTS] {
            computer.app.add_list(list, &Keep::In { account: None, calendar: None }).await.expect("a list");
        }
        let change = ListChange { helpers: Some(self.helpers), ..ListChange::default() };
        computer.app.edit_list(LIST, &change).expect("changed");
        let keep = Keep::In { account: None, calendar: None };
        computer.app.add_followed_list(source::FOLLOWING, &Follow::path(&self.source.path()), &keep).await.expect("a list");
        Machine { computer, network, disk }
    }

    /// All events: id, and all that a person sees of them.
    pub fn events(&self) -> BTreeMap<String, Value> {
        self.world.simulator.with_world(|world| {
            let events = world.mailboxes.values().flat_map(|mailbox| mailbox.events.values());
            let all =
                |event: &belfry_simulator::world::SimEvent| json!([event.members, event.start, event.end, event.calendar, event.series]);
            events.map(|event| (event.id.clone(), all(event))).collect()
        })
    }

    /// A computer that knew nothing took the calendar that the person moved events to for the one that their list is kept in: nothing there says otherwise.
    pub fn is_lost(machine: &Machine) -> bool {
        let targets = machine.computer.app.lists().unwrap_or_default().into_iter().filter_map(|list| list.target);
        targets.into_iter().any(|target| !CALENDARS.contains(&target.calendar_name.as_str()))
    }

    /// A list was moved on one computer and everything in it removed before another one saw that: each keeps it where it was told to, and both are right.
    pub fn is_split(&self) -> bool {
        let targets = self.machines.iter().map(|machine| {
            let lists = machine.computer.app.lists().unwrap_or_default();
            lists.into_iter().find(|list| list.name == LIST).and_then(|list| list.place())
        });
        targets.collect::<BTreeSet<_>>().len() > 1
    }

    /// Whether the event of a reminder lies in a calendar that some computer keeps a list in.
    pub fn is_where_a_list_is(&self, reminder: &str) -> bool {
        let lists = self.machines.iter().flat_map(|machine| machine.computer.app.lists().unwrap_or_default());
        let kept: BTreeSet<String> = lists.filter_map(|list| list.place()).map(|place| place.calendar).collect();
        self.marked().iter().any(|(id, event)| id == reminder && self.event(event).is_some_and(|event| kept.contains(&event.calendar)))
    }

    /// One event, as it lies in the mailbox.
    pub fn event(&self, id: &str) -> Option<belfry_simulator::world::SimEvent> {
        self.world.simulator.with_world(|world| world.mailboxes.values().find_map(|mailbox| mailbox.events.get(id)).cloned())
    }

    /// Reminder id and event id of every event with our marker that nobody made theirs.
    pub fn marked(&self) -> Vec<(String, String)> {
        let is_theirs = |event: &String| self.items.iter().any(|item| item.theirs.contains(event));
        self.all_marked().into_iter().filter(|(_, event)| !is_theirs(event)).collect()
    }

    fn all_marked(&self) -> Vec<(String, String)> {
        self.world.simulator.with_world(|world| {
            let events = world.mailboxes.values().flat_map(|mailbox| mailbox.events.values());
            // Dates that have events of their own are no second event of their reminder.
            let named = |value: &String| {
                let mut parts = value.split(';').skip(2);
                parts.next().map(str::to_owned).filter(|_| parts.next() == Some("main"))
            };
            events.filter_map(|event| Some((named(event.properties.values().next()?)?, event.id.clone()))).collect()
        })
    }

    /// Reminder and slot of all events whose slot begins so.
    pub fn slots(&self, kind: &str) -> Vec<(String, String)> {
        self.world.simulator.with_world(|world| {
            let events = world.mailboxes.values().flat_map(|mailbox| mailbox.events.values());
            let markers = events.filter_map(|event| event.properties.values().next());
            let named = |marker: &String| {
                let [_, _, reminder, slot, ..] = marker.split(';').collect::<Vec<_>>()[..] else { return None };
                slot.starts_with(kind).then(|| (reminder.to_owned(), slot.to_owned()))
            };
            markers.filter_map(named).collect()
        })
    }

    /// The event of an item that a person may still do something with, if there is one.
    pub fn event_of(&self, index: usize) -> Option<(usize, String)> {
        let index = index.checked_rem(self.items.len())?;
        let id = &self.items.get(index)?.id;
        let (_, event) = self.all_marked().into_iter().find(|(reminder, event)| reminder == id && !self.foreign.contains_key(event))?;
        Some((index, event))
    }

    pub async fn happens(&mut self, step: Step) -> Result<(), String> {
        match step {
            Step::Add(computer) => self.add(computer, None),
            Step::AddWeekly(computer) => self.add(computer, Some("FREQ=WEEKLY;COUNT=6")),
            Step::EditDate(computer, item, date) => self.change_date(computer, item, date, Dated::Edited),
            Step::CancelDate(computer, item, date) => self.change_date(computer, item, date, Dated::Cancelled),
            Step::RestoreDate(computer, item, date) => self.change_date(computer, item, date, Dated::Restored),
            Step::EditOwnDate(item) => self.change_own_date(item, Dated::Edited).await,
            Step::RemoveOwnDate(item) => self.change_own_date(item, Dated::Cancelled).await,
            Step::EditDateInOutlook(item, date) => self.change_date_in_outlook(item, date, Dated::Edited),
            Step::CancelDateInOutlook(item, date) => self.change_date_in_outlook(item, date, Dated::Cancelled),
            Step::SplitInOutlook(item, date) => self.split_in_outlook(item, date),
            Step::Edit(computer, item, field) => self.edit(computer, item, field),
            Step::Remove(computer, item) => self.remove(computer, item),
            Step::Done(computer, item) => self.done(computer, item),
            Step::Restore(computer, item) => self.restore(computer, item),
            Step::EditInOutlook(item, field) => self.edit_in_outlook(item, field).await,
            Step::RemoveInOutlook(item) => self.remove_in_outlook(item).await,
            Step::MoveInOutlook(item) => self.move_in_outlook(item),
            Step::InviteInOutlook(item) => self.invite_in_outlook(item).await,
            Step::UnmarkInOutlook(item) => self.unmark_in_outlook(item),
            Step::CopyInOutlook(item) => self.copy_in_outlook(item),
            Step::PurgeInOutlook => self.purge_in_outlook().await,
            Step::VanishInOutlook(calendar) => self.vanish_in_outlook(calendar).await,
            Step::OtherList(computer, item) => self.other_list(computer, item),
            Step::Target(computer, calendar) => self.target(computer, calendar).await,
            Step::Undo(computer) => self.undo(computer).await,
            Step::SourceAdds => self.source_adds(),
            Step::SourceAddsWeekly => self.source_adds_weekly(),
            Step::SourceLeavesOut(item) => self.source_leaves_out(item),
            Step::EditSourcedDate(item) => self.change_sourced_date(item, Dated::Edited).await,
            Step::CancelSourcedDate(item) => self.change_sourced_date(item, Dated::Cancelled).await,
            Step::RestoreSourcedDate(computer, item) => self.restore_sourced_date(computer, item),
            Step::SourceEdits(item) => self.source_edits(item),
            Step::SourceDrops(item) => self.source_drops(item),
            Step::SourceBreaks => self.source_breaks(),
            Step::EditSourced(item, field) => self.edit_sourced(item, field).await,
            Step::RemoveSourced(item) => self.remove_sourced(item).await,
            Step::Parted(computer, item, date, what) => self.parted(computer, item, date, what).await,
            Step::ConfirmRemoved(computer) => return self.confirm_removed(computer).await,
            Step::Look(computer) => return self.look(computer).await,
            Step::Keep(computer) => return self.keep(computer).await,
            Step::Sync(computer) => return self.sync(computer, SyncOptions::default(), None).await,
            Step::TroubledSync(computer, by, at) => {
                return self.sync(computer, SyncOptions::default(), Some(Troubled { by, at, meanwhile: None })).await;
            }
            Step::Confirm(computer) => {
                let options = SyncOptions { confirm: Some(HoldAnswer::All), ..SyncOptions::default() };
                return self.sync(computer, options, None).await;
            }
            Step::Revoked => {
                self.world.revoke(LOGIN);
                self.world.clock.pass(Duration::minutes(1));
                for machine in &self.machines {
                    sign_in(&self.world, &machine.computer).await?;
                }
            }
            Step::Fails(item, status) => self.fails(item, status),
            Step::ClockOff(computer, hours) => self.machine_of(computer).computer.off.set(Duration::hours(i64::from(hours))),
            Step::Sleep(hours) => self.world.clock.pass(Duration::hours(i64::from(hours))),
            Step::Leaves(computer) => self.leaves(computer).await?,
            Step::Lost(computer) => self.lose(computer).await,
        }
        Ok(())
    }

    pub fn machine_of(&self, computer: usize) -> Rc<Machine> {
        Rc::clone(&self.machines[computer % self.machines.len()])
    }

    /// A computer begins anew. What only it knew is gone.
    async fn lose(&mut self, computer: usize) {
        let index = computer % self.machines.len();
        self.lost = true;
        self.parted_are_forgotten(index);
        // Nobody can add a list that follows a broken file.
        self.source_is_mended();
        let there: Vec<String> = self.all_marked().into_iter().map(|(reminder, _)| reminder).collect();
        let others: Vec<&Rc<Machine>> =
            self.machines.iter().enumerate().filter(|(other, _)| *other != index).map(|(_, machine)| machine).collect();
        for item in &mut self.items {
            let is_known = others.iter().any(|machine| machine.computer.app.reminder(&item.id).is_ok());
            item.forgotten |= !is_known && !there.contains(&item.id);
        }
        for item in 0..self.items.len() {
            self.items[item].copied |= self.items[item].edited_in_outlook && self.is_half_sorted(item);
        }
        let forgetting = Rc::clone(&self.machines[index]);
        self.forgets_all(&forgetting);
        let fresh = self.machine().await;
        self.machines[index] = Rc::new(fresh);
    }

    /// Everybody syncs until nobody has anything to write; then what must hold is asked. Once more after the listing of the next day.
    async fn rest(&mut self) -> Result<(), String> {
        let mut quiet = 0;
        self.failing = None;
        self.clocks_are_right();
        self.source_is_mended();
        for _ in 0..14 {
            let before = self.changes();
            for computer in 0..self.machines.len() {
                self.world.clock.pass(Duration::minutes(3));
                self.sync(computer, SyncOptions::default(), None).await?;
                let options = SyncOptions { confirm: Some(HoldAnswer::All), ..SyncOptions::default() };
                self.sync(computer, options, None).await?;
                self.tell(&format!("rest of {computer}"));
            }
            quiet = if self.changes() == before { quiet + 1 } else { 0 };
            match quiet {
                0 | 1 => {}
                2 => {
                    // What leaves the window may show in the listing only.
                    if !self.far {
                        verdict::agreed(self)?;
                    }
                    self.world.clock.pass(Duration::hours(25));
                }
                _ => {
                    verdict::agreed(self)?;
                    return self.nothing_is_planned().await;
                }
            }
        }
        Err(format!("no rest: {:?} still writes", self.last_writes()))
    }

    /// How often anything in the mailbox was written so far.
    fn changes(&self) -> u64 {
        self.world.simulator.with_world(|world| world.mailboxes.values().map(|mailbox| mailbox.change).sum())
    }

    fn last_writes(&self) -> Vec<String> {
        let seen = self.world.simulator.seen();
        let writes = seen.iter().filter(|seen| seen.side == "graph" && seen.method != "GET");
        writes.rev().take(4).map(|seen| format!("{} {}", seen.method, seen.path)).collect()
    }
}
