//! What every shell can do. The command line and the window call the same functions and see the same documents; neither holds a rule of its own.
//!
//! [`App`] is one home opened: database, configuration, keychain, network. Its methods are grouped by file: [`accounts`], [`approval`], [`calendars`], [`lists`],
//! [`reminders`], [`imports`], [`syncing`], [`waiting`], [`resting`], [`status`]. What crosses an edge is in [`documents`]; what goes wrong is an [`AppError`], which knows its
//! [`Problem`](belfry_core::Problem).

pub mod accounts;
mod app;
pub mod approval;
pub mod backups;
pub mod calendars;
pub mod columns;
pub mod config;
pub mod confirming;
pub mod controller;
mod counted;
pub mod doctor;
pub mod documents;
pub mod duplicates;
mod error;
mod feed_passwords;
pub mod following;
mod home;
pub mod imports;
pub mod language;
pub mod lists;
pub mod logs;
pub mod occurrences;
pub mod pausing;
pub mod practice;
pub mod registration;
pub mod reminders;
pub mod resting;
pub mod ringing;
pub mod shell;
pub mod status;
pub mod syncing;
#[cfg(test)]
mod testing;
mod typed_path;
mod undated;
pub mod undo;
pub mod waiting;

pub use app::{App, Ports};
pub use belfry_core::plan::Leave;
pub use belfry_words::{Chip, Reading, Unread};
pub use config::Config;
pub use counted::counted;
pub use error::AppError;
pub use home::Home;

/// Name and version, as it goes out with every request.
pub const USER_AGENT: &str = concat!("Belfry/", env!("CARGO_PKG_VERSION"));
