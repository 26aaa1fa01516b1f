//! What happens in a life, drawn from a seed.

use belfry_simulator::Doubts;
use belfry_simulator::doubts::{IfMatch, InnerLimit};
use fastrand::Rng;

/// A field that a person edits.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Field {
    /// The title.
    Title,
    /// The notes.
    Notes,
    /// Day and time.
    Start,
    /// The alarm.
    Alarm,
    /// The category.
    Category,
    /// Free, busy, ...
    ShowAs,
}

/// What goes wrong during a sync: once, at its nth request.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Trouble {
    /// The program dies before the request leaves.
    DiesBefore,
    /// The program dies when the request was carried out, before it knows.
    DiesAfter,
    /// The connection breaks before the request is carried out.
    CutBefore,
    /// It breaks after.
    CutAfter,
    /// Half of a 200.
    Truncated,
    /// This status instead.
    Status(u16),
    /// The change feed is too old.
    Gone,
}

/// One thing that happens. Numbers of computers and reminders are taken modulo what there is, so that any part of a history is one.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Step {
    /// A reminder is added on a computer.
    Add(usize),
    /// A weekly one.
    AddWeekly(usize),
    /// A field is edited on a computer: computer, reminder, field.
    Edit(usize, usize, Field),
    /// A reminder is removed on a computer.
    Remove(usize, usize),
    /// It is done, or not done after all.
    Done(usize, usize),
    /// A field is edited in Outlook.
    EditInOutlook(usize, Field),
    /// The event is deleted in Outlook.
    RemoveInOutlook(usize),
    /// It is moved to another calendar there.
    MoveInOutlook(usize),
    /// A computer syncs.
    Sync(usize),
    /// A computer syncs, and something goes wrong at the nth request.
    TroubledSync(usize, Trouble, u32),
    /// What waits on a computer is confirmed.
    Confirm(usize),
    /// The password is changed; everybody signs in again at once.
    Revoked,
    /// Hours pass: the computers sleep.
    Sleep(u32),
    /// A computer loses its database.
    Lost(usize),
}

/// A life.
#[derive(Debug, Clone)]
pub struct History {
    /// How many computers.
    pub computers: usize,
    /// How Graph answers where nobody knows.
    pub doubts: Doubts,
    /// What happens.
    pub steps: Vec<Step>,
}

impl History {
    /// The life of a seed.
    #[must_use]
    pub fn of(seed: u64) -> Self {
        let mut rng = Rng::with_seed(seed);
        let computers = rng.usize(1..4);
        let doubts = Doubts {
            if_match: if rng.bool() { IfMatch::Heeded } else { IfMatch::Ignored },
            duplicate_transaction_status: if rng.bool() { 400 } else { 409 },
            duplicate_names_event: rng.bool(),
            transaction_outlives_event: rng.bool(),
            delta_shows_masters: rng.bool(),
            delta_removes_outside: rng.bool(),
            inner_limit: if rng.bool() { InnerLimit::Queued } else { InnerLimit::Throttled },
        };
        let length = rng.usize(5..40);
        // Each life has its own weather: some are calm, some are nothing but trouble.
        let weather = rng.u32(0..100);
        let steps = (0..length).map(|_| step(&mut rng, weather)).collect();
        Self { computers, doubts, steps }
    }
}

fn step(rng: &mut Rng, weather: u32) -> Step {
    let (computer, reminder) = (rng.usize(0..3), rng.usize(0..12));
    match rng.u32(0..100) {
        0..14 => Step::Add(computer),
        14..17 => Step::AddWeekly(computer),
        17..30 => Step::Edit(computer, reminder, field(rng)),
        30..34 => Step::Remove(computer, reminder),
        34..36 => Step::Done(computer, reminder),
        36..49 => Step::EditInOutlook(reminder, field(rng)),
        49..53 => Step::RemoveInOutlook(reminder),
        53..55 => Step::MoveInOutlook(reminder),
        55..58 => Step::Confirm(computer),
        58 => Step::Revoked,
        59..61 => Step::Sleep(rng.u32(1..60)),
        61 => Step::Lost(computer),
        _ if rng.u32(0..100) < weather => Step::TroubledSync(computer, trouble(rng), rng.u32(0..8)),
        _ => Step::Sync(computer),
    }
}

fn field(rng: &mut Rng) -> Field {
    // Conflicts need fields that meet.
    match rng.u32(0..10) {
        0..4 => Field::Title,
        4..6 => Field::Start,
        6 => Field::Notes,
        7 => Field::Alarm,
        8 => Field::Category,
        _ => Field::ShowAs,
    }
}

fn trouble(rng: &mut Rng) -> Trouble {
    match rng.u32(0..12) {
        0..2 => Trouble::DiesBefore,
        2..5 => Trouble::DiesAfter,
        5 => Trouble::CutBefore,
        6..8 => Trouble::CutAfter,
        8 => Trouble::Truncated,
        9 => Trouble::Gone,
        _ => Trouble::Status(*rng.choice(&[429, 500, 503, 504]).unwrap_or(&503)),
    }
}
