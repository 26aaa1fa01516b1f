//! Plays lives by the thousand: see `belfry_tests::simulation`.

use std::process::ExitCode;

/// The engine can be broken on purpose in a debug build only.
#[cfg(not(debug_assertions))]
fn main() -> ExitCode {
    ExitCode::from(2)
}

#[cfg(debug_assertions)]
fn main() -> ExitCode {
    belfry_tests::simulation::run()
}
