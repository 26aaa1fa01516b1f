//! Placeholder until the figures below are measured.
fn main() {}
