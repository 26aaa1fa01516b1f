//! Failures by script: the n-th request that matches meets one of them.

use serde::{Deserialize, Serialize};

/// What goes wrong.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(tag = "kind", rename_all = "snake_case")]
pub enum FaultAction {
    /// The connection breaks before the request is carried out.
    CutBefore,
    /// The request is carried out, its answer never comes.
    CutAfter,
    /// The request is carried out, its answer breaks off half-way in a 200.
    Truncate,
    /// This answer instead; the request is not carried out.
    Answer {
        /// Status.
        status: u16,
        /// Headers.
        #[serde(default)]
        headers: Vec<(String, String)>,
        /// Body.
        #[serde(default)]
        body: String,
    },
    /// It takes this long first.
    Delay {
        /// Milliseconds.
        ms: u64,
    },
}

/// One scripted failure.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Fault {
    /// `GET`, `POST`, ...; empty for any.
    #[serde(default)]
    pub method: String,
    /// A part of path and query; empty for any.
    #[serde(default)]
    pub path: String,
    /// How many matching requests go through first.
    #[serde(default)]
    pub skip: u32,
    /// How many then fail; 0 for all.
    #[serde(default = "once")]
    pub times: u32,
    /// How.
    pub action: FaultAction,
}

fn once() -> u32 {
    1
}

/// The script, consumed as requests come.
#[derive(Debug, Default)]
pub struct Script(Vec<Fault>);

impl Script {
    /// Adds a failure.
    pub fn add(&mut self, fault: Fault) {
        self.0.push(fault);
    }

    /// Forgets all.
    pub fn clear(&mut self) {
        self.0.clear();
    }

    /// What the next request meets.
    pub fn next(&mut self, method: &str, path: &str) -> Option<FaultAction> {
        let matches = |fault: &Fault| (fault.method.is_empty() || fault.method == method) && path.contains(&fault.path);
        let index = self.0.iter().position(matches)?;
        let fault = self.0.get_mut(index)?;
        if fault.skip > 0 {
            fault.skip -= 1;
            return None;
        }
        let action = fault.action.clone();
        match fault.times {
            0 => {}
            1 => drop(self.0.remove(index)),
            _ => fault.times -= 1,
        }
        Some(action)
    }
}
