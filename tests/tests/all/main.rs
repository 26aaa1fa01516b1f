//! Tests that need more than one room.

mod architecture;
mod bad_input;
mod faults;
mod kill;
mod model;
mod sign_in;
mod table;
mod terminal;
