//! How a life goes, for who wants to see it: `simulate --tell`.

use serde_json::Value;

use super::town::Town;
use super::verdict::history_of;

impl Town {
    /// Who wants to see how a life goes (`simulate --tell`) reads here how everything stands after each step.
    #[expect(clippy::print_stdout, reason = "a program that prints")]
    pub fn tell(&self, what: &str) {
        if !super::is_told() {
            return;
        }
        println!("{:>3} {what}", self.step);
        for (index, machine) in self.machines.iter().enumerate() {
            println!("      computer {index}: {:?}", machine.states());
        }
        for (id, event) in self.events() {
            let short = |text: &Value| text.as_str().map(|text| text.chars().rev().take(6).collect::<String>()).unwrap_or_default();
            println!("      event {}: {} at {} in {}", short(&Value::from(id)), event[0]["subject"], event[1], short(&event[3]));
        }
    }

    /// In the end: what the computers say of each reminder, and why.
    #[expect(clippy::print_stdout, reason = "a program that prints")]
    pub fn tell_journals(&self) {
        if !super::is_told() {
            return;
        }
        for (index, machine) in self.machines.iter().enumerate() {
            for item in &self.items {
                let series = machine.computer.app.reminder(&item.id).ok().and_then(|reminder| reminder.recurrence);
                println!("computer {index}, {:?}: {series:?}", item.titles);
                for entry in history_of(machine, item).unwrap_or_default() {
                    println!("      {} {:?} {}: {}", entry.at, entry.op, entry.title, entry.reason);
                }
            }
        }
    }
}
