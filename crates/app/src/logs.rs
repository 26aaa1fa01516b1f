//! The log: one file a day in `logs/`, fourteen kept. No token, no title, no address above DEBUG.

pub use tracing_appender::non_blocking::WorkerGuard;
use tracing_appender::rolling::{Builder, Rotation};
use tracing_subscriber::EnvFilter;

use crate::home::Home;

/// Starts the log of a home. Keep the guard until the program ends. A log that cannot be written is no reason not to start.
#[must_use]
pub fn start(home: &Home) -> Option<WorkerGuard> {
    let folder = home.join("logs");
    std::fs::create_dir_all(&folder).ok()?;
    let file =
        Builder::new().rotation(Rotation::DAILY).filename_prefix("belfry").filename_suffix("log").max_log_files(14).build(folder).ok()?;
    let (writer, guard) = tracing_appender::non_blocking(file);
    let filter = EnvFilter::try_from_env("BELFRY_LOG").unwrap_or_else(|_| EnvFilter::new("info"));
    tracing_subscriber::fmt().with_writer(writer).with_ansi(false).with_env_filter(filter).try_init().ok()?;
    Some(guard)
}
