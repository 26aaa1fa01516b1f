//! Values and decisions of Belfry: what a reminder is, what its event should say, and what one sync should do.
//!
//! Everything here is pure: no clock, no randomness, no files, no network. `now` is an argument, identifiers that
//! need randomness are made by the caller. Read the modules in this order:
//!
//! 1. [`when`], [`rule`], [`recurrence`]: time. A date stays a date; a time is wall time plus an IANA zone.
//! 2. [`reminder`], [`list`]: what the person owns.
//! 3. [`marker`]: how an event in a mailbox says whose it is. This outlives every release.
//! 4. [`projection`]: what one reminder looks like as an event, field by field.
//! 5. [`link`], [`event`]: what was agreed with the server, and what was last seen there.
//! 6. [`decide`], [`plan`](mod@plan), [`hold`]: three trees in, an ordered list of operations out.

pub mod account;
pub mod clock;
pub mod dates;
pub mod decide;
pub mod drill;
pub mod event;
pub mod expand;
pub mod fingerprint;
pub mod helpers;
pub mod hold;
pub mod id;
pub mod link;
pub mod list;
pub mod marker;
pub mod merge;
pub mod plainer;
pub mod plan;
pub mod problem;
pub mod projection;
pub mod recurrence;
pub mod reminder;
pub mod ring;
pub mod rule;
pub mod slots;
#[cfg(test)]
mod testing;
pub mod undo;
pub mod when;
pub mod word;

pub use account::{Account, AccountId, AccountKind, AccountState, Cloud};
pub use clock::{Clock, SystemClock};
pub use event::RemoteEvent;
pub use fingerprint::Fingerprint;
pub use id::{ListId, ReminderId};
pub use link::{Link, LinkState, Place};
pub use list::{Direction, List, ListDefaults, Source, Target};
pub use marker::{Marker, Slot};
pub use plan::{Op, Operation, Plan};
pub use problem::{Exit, Problem, ProblemCode};
pub use projection::{Field, Projection};
pub use recurrence::{ChangedOccurrence, Occurrence, Recurrence};
pub use reminder::{Kept, Lead, Reminder, ShowAs};
pub use rule::Rule;
pub use when::{Length, When, Zone};
pub use word::word;
