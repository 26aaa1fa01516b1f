//! What of a recurring series differs from its pattern.

#![allow(missing_docs, reason = "fields carry the names that Graph uses")]

use std::collections::BTreeMap;

use chrono::{DateTime, NaiveDate, NaiveDateTime, Utc};
use serde::{Deserialize, Serialize};
use serde_json::{Map, Value};

/// The dates of a series that are not as the pattern has them, by the date of the pattern in the zone of the series' start.
#[derive(Debug, Clone, Default, PartialEq, Serialize, Deserialize)]
#[serde(default)]
pub struct SimSeries {
    pub exceptions: BTreeMap<NaiveDate, SimException>,
    pub cancelled: BTreeMap<NaiveDate, SimCancelled>,
}

impl SimSeries {
    /// Every date is as the pattern has it.
    #[must_use]
    pub fn is_plain(&self) -> bool {
        self.exceptions.is_empty() && self.cancelled.is_empty()
    }
}

/// Wall time and its zone.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct SimMoment {
    pub local: NaiveDateTime,
    pub zone: String,
}

/// A changed occurrence: what was sent to it. All else is inherited from the master whenever it is read.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct SimException {
    /// An id of its own; `None` keeps that of the occurrence, which is made of master and date.
    pub id: Option<String>,
    /// Overridden members; null is one that was taken off.
    pub members: Map<String, Value>,
    pub start: Option<SimMoment>,
    pub end: Option<SimMoment>,
    /// Extended properties of its own; `None` is one that was taken off. Others are inherited from the master.
    pub properties: BTreeMap<String, Option<String>>,
    pub created_at: DateTime<Utc>,
    pub modified_at: DateTime<Utc>,
    /// Position in the mailbox's history of changes.
    pub change: u64,
}

/// A date that was deleted.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct SimCancelled {
    /// The id that an exception of this date had of its own.
    pub id: Option<String>,
    /// Position in the mailbox's history of changes.
    pub change: u64,
}
