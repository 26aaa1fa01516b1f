//! The outside, as the controller sees it: one small port, and what it shows as plain values.
