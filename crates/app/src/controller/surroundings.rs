//! What happens around the program: another process writes to its home, the computer wakes up, the network comes back.

use std::cell::RefCell;
use std::rc::Rc;
use std::time::Duration;

use belfry_sync::schedule::Event;
use futures::StreamExt;
use if_watch::IfEvent;
use if_watch::tokio::IfWatcher;
use tokio::sync::mpsc::UnboundedSender;

use super::{Controller, Input};
use crate::app::App;
use crate::pausing::Pause;

/// Between two looks at the database and the clock.
const BETWEEN_LOOKS: Duration = Duration::from_secs(5);
/// A look that comes so much later than it was meant to was slept through. The clock of the wall tells on every system; those that count on through sleep differ.
const SLEPT: chrono::Duration = chrono::Duration::seconds(45);
/// Addresses come in swarms.
const SWARM: Duration = Duration::from_secs(1);

impl Controller {
    /// Begins to watch.
    pub(super) fn look_around(&self) {
        tokio::task::spawn_local(look(Rc::clone(&self.app), self.inputs.clone()));
        tokio::task::spawn_local(watch_network(self.inputs.clone()));
    }

    /// Whether another program has signed an account in that waited for its person.
    pub(super) fn is_repaired(&self) -> bool {
        let now = self.app.stuck_accounts();
        self.stuck.borrow().iter().any(|account| !now.contains(account))
    }

    /// A pause may have been set or ended here or by another program.
    pub(super) fn take_over_pause(self: &Rc<Self>) {
        let Ok(pause) = self.app.paused() else { return };
        let until = pause.map(|pause| match pause {
            Pause::ForGood => None,
            Pause::Until(at) => Some(at),
        });
        let known = self.schedule.borrow().pause();
        match until {
            Some(until) if known != Some(until) => self.schedule(Event::Paused(until)),
            None if known.is_some_and(|until| until.is_none_or(|until| self.app.now() < until)) => self.schedule(Event::Resumed),
            _ => {}
        }
    }
}

async fn look(app: Rc<App>, inputs: UnboundedSender<Input>) {
    let known = RefCell::new((app.version_elsewhere(), app.now()));
    loop {
        tokio::time::sleep(BETWEEN_LOOKS).await;
        let now = (app.version_elsewhere(), app.now());
        let before = known.replace(now);
        // A clock that was set back may have been wrong when the last sync was tried.
        let is_other_time = now.1 - before.1 > SLEPT || before.1 - now.1 > SLEPT;
        let news = [(before.0 != now.0).then_some(Input::Elsewhere), is_other_time.then_some(Input::Woke)];
        for input in news.into_iter().flatten() {
            if inputs.send(input).is_err() {
                return;
            }
        }
    }
}

/// Where the system does not tell, the schedule's own retries are left.
async fn watch_network(inputs: UnboundedSender<Input>) {
    let mut watcher = match IfWatcher::new() {
        Ok(watcher) => watcher,
        Err(error) => return tracing::info!(%error, "the network cannot be watched"),
    };
    // What is there at the start is no news.
    let _ = tokio::time::timeout(SWARM, async { while watcher.next().await.is_some() {} }).await;
    while let Some(event) = watcher.next().await {
        let is_back = matches!(&event, Ok(IfEvent::Up(net)) if !net.addr().is_loopback());
        if !is_back {
            continue;
        }
        let _ = tokio::time::timeout(SWARM, async { while watcher.next().await.is_some() {} }).await;
        if inputs.send(Input::NetworkBack).is_err() {
            return;
        }
    }
}
