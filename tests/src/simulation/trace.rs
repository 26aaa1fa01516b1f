//! A life in a number.

use std::hash::{DefaultHasher, Hash, Hasher};

use belfry_simulator::Seen;

use super::town::Town;
use super::verdict::history_of;

impl Town {
    /// What was asked and answered, how everything stands in the end, and what the journals say of the way there: the same whenever the same history is played by the
    /// same build, or the world is not deterministic. Ids are drawn anew each time, so they are left out.
    pub(super) fn trace(&self) -> u64 {
        let mut hasher = DefaultHasher::new();
        for Seen { side, method, path, status } in self.world.simulator.seen() {
            let place = path.split('?').next().unwrap_or_default().split('/').filter(|part| part.len() < 30);
            (side, method, place.collect::<Vec<_>>(), status).hash(&mut hasher);
        }
        let mut events: Vec<String> =
            self.events().values().map(|event| format!("{} {} {}", event[0]["subject"], event[1], event[2])).collect();
        events.sort();
        events.hash(&mut hasher);
        for machine in &self.machines {
            machine.states().hash(&mut hasher);
            for entry in self.items.iter().filter_map(|item| history_of(machine, item)).flatten() {
                format!("{} {:?} {} {}", entry.at, entry.op, entry.title, entry.reason).hash(&mut hasher);
            }
        }
        hasher.finish()
    }
}
