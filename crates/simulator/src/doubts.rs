//! Where Microsoft's behaviour is not settled, either answer can be chosen; a client has to be right under both.

use serde::{Deserialize, Serialize};

/// What a stale `If-Match` on an event does.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum IfMatch {
    /// 412.
    Heeded,
    /// Nothing.
    Ignored,
}

/// What happens to the fifth part of a parallel batch.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum InnerLimit {
    /// The service runs four at a time and queues the rest (text of 2023).
    Queued,
    /// Parts past the fourth get 429 (reports of 2018 to 2020).
    Throttled,
}

/// The switches.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default)]
pub struct Doubts {
    /// Stale `If-Match`.
    pub if_match: IfMatch,
    /// Status of `ErrorDuplicateTransactionId`: 400 or 409.
    pub duplicate_transaction_status: u16,
    /// Whether that error names the existing event.
    pub duplicate_names_event: bool,
    /// Whether a transaction id is used up even after its event was deleted.
    pub transaction_outlives_event: bool,
    /// Whether delta shows series masters beside their occurrences.
    pub delta_shows_masters: bool,
    /// Whether a change outside the delta window shows as `@removed`.
    pub delta_removes_outside: bool,
    /// Parts of a batch past the fourth.
    pub inner_limit: InnerLimit,
}

impl Default for Doubts {
    fn default() -> Self {
        Self {
            if_match: IfMatch::Heeded,
            duplicate_transaction_status: 400,
            duplicate_names_event: true,
            transaction_outlives_event: true,
            delta_shows_masters: false,
            delta_removes_outside: true,
            inner_limit: InnerLimit::Queued,
        }
    }
}
