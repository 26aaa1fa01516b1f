//! Whole lives in a deterministic world: one mailbox, some computers, a person who edits on all of them and in Outlook, and everything that goes wrong between.
//!
//! A seed gives a [`History`]: steps that are drawn, not reactions, so that any part of one is a history too and a failing one shrinks. [`play`] plays it over the real app,
//! the simulator in this process and a virtual clock, lets it come to rest, and asks the [`verdict`] what must hold however it went. Ids are drawn by the app and the
//! simulator themselves; nothing of what is compared depends on them, nor on how fast this computer is: a life goes the same way each time (`--twice`).

mod command;
mod dates;
mod drawn;
mod history;
mod lives;
mod network;
mod parted;
mod person;
mod running;
mod shrink;
mod source;
mod stories;
mod taken_back;
mod teller;
mod told;
mod town;
mod trace;
mod verdict;

pub use command::run;
pub use history::{Field, History, Step, Trouble};
pub use lives::{Failure, Lives};
pub use shrink::shrink;

/// What a history is played on.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Ground {
    /// The simulator in this process, databases in memory, virtual time.
    InProcess,
    /// The simulator behind sockets, databases on disk, time as it is.
    Real,
}

static TOLD: std::sync::atomic::AtomicBool = std::sync::atomic::AtomicBool::new(false);

/// Whether somebody wants to see how lives go.
fn is_told() -> bool {
    TOLD.load(std::sync::atomic::Ordering::Relaxed)
}

/// What was played, to be added up.
#[derive(Debug, Default, Clone, Copy, PartialEq, Eq)]
pub struct Tally {
    /// Steps.
    pub steps: usize,
    /// Syncs that were asked for.
    pub syncs: usize,
    /// Of these, those that were cut off.
    pub killed: usize,
    /// Requests that the simulator saw.
    pub requests: usize,
    /// Lives in which nobody could know what the person meant, so that nothing was asked for.
    pub undecidable: usize,
    /// How they went, in a number: the same for the same histories and the same build.
    pub trace: u64,
}

impl std::ops::AddAssign for Tally {
    fn add_assign(&mut self, other: Self) {
        self.steps += other.steps;
        self.syncs += other.syncs;
        self.killed += other.killed;
        self.requests += other.requests;
        self.undecidable += other.undecidable;
        // In whatever order they end.
        self.trace = self.trace.wrapping_add(other.trace);
    }
}

/// Plays a history to its end and judges it.
///
/// # Errors
/// What does not hold, in one sentence.
pub fn play(history: &History, ground: Ground) -> Result<Tally, String> {
    let paused = ground == Ground::InProcess;
    belfry_core::drill::set_together(history.together);
    let runtime =
        tokio::runtime::Builder::new_current_thread().enable_all().start_paused(paused).build().map_err(|error| error.to_string())?;
    let played = std::panic::AssertUnwindSafe(|| runtime.block_on(town::live(history, ground)));
    std::panic::catch_unwind(played).unwrap_or_else(|panic| {
        let text = panic.downcast_ref::<String>().map(String::as_str).or_else(|| panic.downcast_ref::<&str>().copied());
        Err(format!("panic: {}", text.unwrap_or("without words")))
    })
}
