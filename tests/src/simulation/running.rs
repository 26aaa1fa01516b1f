//! Syncs, and what goes wrong in them.

use std::collections::BTreeMap;
use std::rc::Rc;
use std::task::Poll;

use belfry_app::AppError;
use belfry_app::syncing::{SyncDocument, SyncOptions};
use belfry_core::{AccountState, Exit, ProblemCode};
use belfry_simulator::{Fault, FaultAction};
use chrono::Duration;
use serde_json::{Value, json};

use super::history::{Step, Trouble};
use super::network::{Incident, Network};
use super::parted::PAYMENTS;
use super::town::{Machine, Town};
use crate::{Computer, World, encode};

/// How a sync is troubled.
#[derive(Debug, Clone, Copy)]
pub struct Troubled {
    pub by: Trouble,
    pub at: u32,
    /// What happens in the middle of it, if that is the trouble.
    pub meanwhile: Option<Step>,
}

type Ended = Result<(SyncDocument, Exit), AppError>;

impl Town {
    pub async fn sync(&mut self, computer: usize, options: SyncOptions, trouble: Option<Troubled>) -> Result<(), String> {
        self.tally.syncs += 1;
        let machine = self.machine_of(computer);
        let (linked, before) = (machine.linked(), machine.reminders());
        if let Some(trouble) = trouble {
            self.brew(&machine, trouble.by, trouble.at);
        }
        self.fail_one();
        let ended = self.run(&machine, &options, trouble).await?;
        machine.network.calm();
        machine.disk.mend();
        self.world.simulator.mend();
        self.is_undecidable |= Self::is_lost(&machine);
        match ended {
            None => self.tally.killed += 1,
            Some(_) if trouble.is_some_and(|trouble| trouble.by == Trouble::DiskFull) => {}
            // One that may not be written for once.
            Some(Ok((_, Exit::Failed)))
                if trouble.is_some_and(|trouble| matches!(trouble.by, Trouble::Status(403) | Trouble::PartStatus(403))) => {}
            Some(Err(error)) => return Err(format!("a sync could not even begin: {error}")),
            // Nothing is done by a clock that is wrong by days.
            Some(Ok((document, Exit::Failed))) if machine.computer.off.get() != Duration::zero() && is_of_clock(&document) => {}
            Some(Ok((document, Exit::Failed | Exit::Usage))) => return Err(format!("a sync failed: {:?}", document.problems())),
            Some(Ok(_)) => asked_first(&machine, &before, &options, &linked)?,
        }
        Ok(())
    }

    /// At rest nothing is left to do, not even what writes nothing: a plan that comes again with every sync would do so for ever.
    pub(super) async fn nothing_is_planned(&self) -> Result<(), String> {
        for (index, machine) in self.machines.iter().enumerate() {
            let options = SyncOptions { dry_run: true, ..SyncOptions::default() };
            let Ok((SyncDocument::Planned { accounts, .. }, _)) = machine.computer.app.sync(&options, &|_| {}).await else { continue };
            let planned = accounts.iter().flat_map(|account| &account.calendars).flat_map(|calendar| &calendar.operations);
            if let Some(operation) = planned.into_iter().find(|operation| !operation.held) {
                return Err(format!(
                    "computer {index} is at rest, and still plans: {} `{}` ({})",
                    operation.op.name(),
                    operation.title,
                    operation.reason
                ));
            }
        }
        Ok(())
    }

    /// Runs it to its end; `None` is a death.
    async fn run(&mut self, machine: &Rc<Machine>, options: &SyncOptions, trouble: Option<Troubled>) -> Result<Option<Ended>, String> {
        let mut waits = trouble.filter(|trouble| trouble.by == Trouble::DiesWaiting).map(|trouble| trouble.at + 1);
        let mut sync = Box::pin(machine.computer.app.sync(options, &|_| {}));
        let mut mortal = std::pin::pin!(std::future::poll_fn(|context| {
            if waits == Some(0) {
                return Poll::Ready(None);
            }
            waits = waits.map(|left| left - 1);
            sync.as_mut().poll(context).map(Some)
        }));
        loop {
            tokio::select! {
                biased;
                () = machine.network.happened() => match trouble {
                    Some(Troubled { by: Trouble::Meanwhile, meanwhile, .. }) => {
                        if let Some(step) = meanwhile {
                            // Only what syncs meets faults.
                            self.world.simulator.mend();
                            self.amid_sync = true;
                            Box::pin(self.happens(step)).await?;
                            self.amid_sync = false;
                            self.fail_one();
                        }
                        machine.network.go_on();
                    }
                    _ => return Ok(None),
                },
                ended = &mut mortal => return Ok(ended),
            }
        }
    }

    /// Everybody's clock is set right.
    pub(super) fn clocks_are_right(&self) {
        self.machines.iter().for_each(|machine| machine.computer.off.set(Duration::zero()));
    }

    /// What the feed told of and two runs did not find shows in the listing of the next day.
    pub fn fails(&mut self, item: usize, status: u16) {
        self.failing = self.event_of(item).map(|(_, event)| (event, status));
        self.far |= self.failing.is_some() && status == 404;
    }

    /// The fault that stays with one event.
    fn fail_one(&self) {
        if let Some((event, status)) = &self.failing {
            // By itself, where the path is encoded, and in a batch.
            for path in [format!("/events/{}", encode(event)), format!("/events/{event}")] {
                let action = answer(*status, "ErrorSimulated");
                self.world.simulator.fail(Fault { method: String::new(), path, skip: 0, times: 0, action });
            }
        }
    }

    fn brew(&self, machine: &Machine, trouble: Trouble, at: u32) {
        let network: &Network = &machine.network;
        let fault_at = |path: &str, action| {
            self.world.simulator.fail(Fault { method: String::new(), path: path.into(), skip: at, times: 1, action });
        };
        let fault = |action| fault_at("/v1.0", action);
        match trouble {
            Trouble::DiesBefore => network.plan(at, Incident::DeathBefore),
            Trouble::DiesAfter => network.plan(at, Incident::DeathAfter),
            Trouble::Meanwhile => network.plan(at, Incident::Pause),
            Trouble::DiesWaiting => {}
            Trouble::DiskFull => machine.disk.fill_after(at * 2),
            Trouble::CutBefore => fault(FaultAction::CutBefore),
            Trouble::CutAfter => fault(FaultAction::CutAfter),
            Trouble::Truncated => fault(FaultAction::Truncate),
            Trouble::Status(status) => fault(answer(status, "ErrorSimulated")),
            Trouble::PartStatus(status) => fault_at("part:", answer(status, "ErrorSimulated")),
            Trouble::Gone => {
                let action = answer(410, "SyncStateNotFound");
                self.world.simulator.fail(Fault { method: "GET".into(), path: "delta".into(), skip: 0, times: 1, action });
            }
        }
    }
}

fn is_of_clock(document: &SyncDocument) -> bool {
    document.problems().iter().any(|problem| problem.code == ProblemCode::ClockWrong)
}

fn answer(status: u16, code: &str) -> FaultAction {
    FaultAction::Answer {
        status,
        headers: if status == 429 { vec![("Retry-After".into(), "2".into())] } else { vec![] },
        body: json!({"error": {"code": code, "message": "simulated"}}).to_string(),
    }
}

/// Many removals at once are never carried out unasked, in any list. What was dismissed by hand is so before the sync.
fn asked_first(machine: &Machine, before: &[Value], options: &SyncOptions, linked: &BTreeMap<String, usize>) -> Result<(), String> {
    let text = |one: &Value, name: &str| one.get(name).and_then(Value::as_str).unwrap_or_default().to_owned();
    let is_off = |one: &Value| text(one, "state") == "dismissed";
    let mut gone: BTreeMap<String, usize> = BTreeMap::new();
    // One that has an event for each date is not one of them.
    let is_one = |one: &&Value| is_off(one) && text(one, "list") != PAYMENTS;
    for one in machine.reminders().iter().filter(is_one) {
        let was_off = before.iter().any(|other| other.get("id") == one.get("id") && is_off(other));
        *gone.entry(text(one, "list")).or_default() += usize::from(!was_off);
    }
    for (list, gone) in gone {
        let linked = linked.get(&list).copied().unwrap_or(0);
        let is_many = (gone > 10 && gone * 4 > linked) || (gone >= 3 && gone * 2 >= linked);
        if options.confirm.is_none() && is_many {
            return Err(format!("{gone} of {linked} reminders of {list} were dismissed, and nobody was asked"));
        }
    }
    Ok(())
}

/// By a wrong clock nobody is let in: it is set right first.
pub(super) async fn sign_in(world: &World, computer: &Computer) -> Result<(), String> {
    computer.off.set(Duration::zero());
    let account = world.sign_in_again(&computer.app, true).await.map_err(|error| error.to_string())?;
    if account.state == AccountState::Ready { Ok(()) } else { Err(format!("signed in and {:?}", account.state)) }
}
