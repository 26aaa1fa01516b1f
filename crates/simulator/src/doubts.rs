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

/// The switches that are about single dates of a series. They stand apart from [`Doubts`]: [`crate::Simulator::set_series_doubts`].
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default)]
#[expect(clippy::struct_excessive_bools, reason = "each is a question of its own that has two answers")]
pub struct SeriesDoubts {
    /// Whether a changed or cancelled date gives the master, and with it every other date, another change key and another time of change.
    pub exception_changes_master: bool,
    /// Whether another start, end or rule of the master drops its exceptions and brings its cancelled dates back.
    pub pattern_change_wipes: bool,
    /// Whether a changed occurrence gets an id of its own: Microsoft's page on "Get event" shows one that has nothing of its master's.
    pub exception_takes_new_id: bool,
    /// Whether delta shows a cancelled date as `@removed`. If not, the series comes whole without it (facts section 3: found by experiment).
    pub delta_removes_cancelled: bool,
    /// Whether delta shows exceptions with all their members. If not, they are stubs like occurrences.
    pub delta_shows_exceptions_whole: bool,
    /// Whether `exceptionOccurrences` has to be named in `$select` too, not in `$expand` alone.
    pub expansion_needs_its_name: bool,
    /// Whether `$select` trims the expanded exceptions as well, as on Microsoft's page on "Get event", example 4.
    pub select_reaches_exceptions: bool,
    /// Whether `originalStart` comes only to those who name it in `$select`.
    pub original_start_by_select: bool,
    /// Whether Outlook copies extended properties to the new series when a person changes "this and following".
    pub split_copies_properties: bool,
}

impl Default for SeriesDoubts {
    fn default() -> Self {
        Self {
            exception_changes_master: true,
            pattern_change_wipes: true,
            exception_takes_new_id: false,
            delta_removes_cancelled: true,
            delta_shows_exceptions_whole: true,
            expansion_needs_its_name: false,
            select_reaches_exceptions: false,
            original_start_by_select: false,
            split_copies_properties: true,
        }
    }
}

impl SeriesDoubts {
    /// Each answer as it is drawn.
    pub fn drawn(mut toss: impl FnMut() -> bool) -> Self {
        Self {
            exception_changes_master: toss(),
            pattern_change_wipes: toss(),
            exception_takes_new_id: toss(),
            delta_removes_cancelled: toss(),
            delta_shows_exceptions_whole: toss(),
            expansion_needs_its_name: toss(),
            select_reaches_exceptions: toss(),
            original_start_by_select: toss(),
            split_copies_properties: toss(),
        }
    }
}
