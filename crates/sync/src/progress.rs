//! How far a sync is, as values. Shells draw them.

/// What a sync is doing.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Phase {
    /// Reading the mailbox.
    Pull,
    /// Writing.
    Apply,
}

/// How far it is.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Progress {
    /// What.
    pub phase: Phase,
    /// How many are done.
    pub done: usize,
    /// Out of how many; 0 when nobody knows.
    pub of: usize,
    /// Of what: the calendar that is read, the account that is written to.
    pub what: String,
}
