//! Tests that need more than one room.

#![allow(clippy::expect_used, clippy::unwrap_used, clippy::print_stdout, reason = "a test ends where it fails, and says what it saw")]

mod absent;
mod accounts;
mod answers;
mod approval;
mod architecture;
mod backups;
mod bad_input;
mod dates;
mod dates_off;
mod device_code;
mod faults;
mod feeds;
mod first_sync;
mod floating;
mod following;
mod fuzz_corpus;
mod helpers;
mod histories;
mod imports;
mod kill;
mod leaving;
mod loopback;
mod lost_details;
mod merged;
mod model;
mod moving;
mod one_event;
mod own_dates;
mod parting;
mod practice;
mod regressions;
mod resting;
mod runs;
mod seen_again;
mod sign_in;
mod splits;
mod table;
mod terminal;
mod told;
mod undo;
mod undo_dates;
mod undo_edits;
mod upkeep;
mod year;
