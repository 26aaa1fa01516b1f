//! One sync: pull, plan, apply, report. And when to do it.
//!
//! - [`pull`](mod@pull) reads the mailbox into the remote tree. Incomplete is nothing: if it breaks off, there is no plan.
//! - [`belfry_core::plan`](fn@belfry_core::plan::plan) is pure and lives in core.
//! - [`apply`](mod@apply) performs operations; each agreement is recorded in the transaction that records its answer.
//! - [`sync_account`] is the five lines that join them, and [`schedule`] says when.

mod account;
pub mod apply;
mod aside;
mod calendars;
mod duplicates;
mod error;
mod first_sync;
mod pages;
mod progress;
pub mod pull;
mod report;
pub mod schedule;

pub use account::{Mode, Setup, Synced, held_operations, rules, sync_account};
pub use aside::Aside;
pub use calendars::{all as all_calendars, find_or_make, own as own_calendars};
pub use duplicates::{Duplicate, find_duplicates, remove_duplicates};
pub use error::SyncError;
pub use first_sync::answer as answer_first_sync;
pub use progress::{Phase, Progress};
pub use report::{AccountReport, CalendarReport, HeldSet, Outcome, PlannedAccount, PlannedCalendar, PlannedOperation, held_problems};
pub use schedule::Ending;
