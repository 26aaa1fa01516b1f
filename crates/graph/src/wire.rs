//! Graph's own shapes, as JSON has them. Nothing outside this crate sees them.

use serde::{Deserialize, Serialize};

/// `event` as it is read. Delta rows of series are stubs, so nearly everything may be absent.
#[derive(Debug, Clone, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct WireEvent {
    pub id: String,
    #[serde(rename = "@odata.etag")]
    pub etag: Option<String>,
    #[serde(rename = "type")]
    pub kind: Option<String>,
    pub series_master_id: Option<String>,
    pub subject: Option<String>,
    pub body: Option<WireBody>,
    pub start: Option<WireMoment>,
    pub end: Option<WireMoment>,
    pub original_start_time_zone: Option<String>,
    pub is_all_day: Option<bool>,
    pub recurrence: Option<WireRecurrence>,
    pub is_reminder_on: Option<bool>,
    pub reminder_minutes_before_start: Option<i64>,
    pub categories: Option<Vec<String>>,
    pub show_as: Option<String>,
    pub sensitivity: Option<String>,
    pub attendees: Option<Vec<serde_json::Value>>,
    pub is_online_meeting: Option<bool>,
    pub created_date_time: Option<chrono::DateTime<chrono::Utc>>,
    pub last_modified_date_time: Option<chrono::DateTime<chrono::Utc>>,
    pub original_start: Option<chrono::DateTime<chrono::Utc>>,
    pub cancelled_occurrences: Option<Vec<String>>,
    pub exception_occurrences: Option<Vec<WireEvent>>,
    pub single_value_extended_properties: Option<Vec<WireProperty>>,
}

#[derive(Debug, Clone, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct WireBody {
    pub content_type: String,
    #[serde(default)]
    pub content: String,
}

#[derive(Debug, Clone, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct WireMoment {
    pub date_time: String,
    pub time_zone: String,
}

#[derive(Debug, Clone, Serialize, Deserialize)]
pub struct WireProperty {
    pub id: String,
    pub value: Option<String>,
}

#[derive(Debug, Clone, Serialize, Deserialize)]
pub struct WireRecurrence {
    pub pattern: WirePattern,
    pub range: WireRange,
}

#[derive(Debug, Clone, Default, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct WirePattern {
    #[serde(rename = "type")]
    pub kind: String,
    pub interval: u32,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub days_of_week: Option<Vec<String>>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub first_day_of_week: Option<String>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub day_of_month: Option<u32>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub month: Option<u32>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub index: Option<String>,
}

impl WirePattern {
    pub fn blank(interval: u32) -> Self {
        Self { interval, ..Self::default() }
    }
}

#[derive(Debug, Clone, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct WireRange {
    #[serde(rename = "type")]
    pub kind: String,
    pub start_date: String,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub end_date: Option<String>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub number_of_occurrences: Option<u32>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub recurrence_time_zone: Option<String>,
}

/// `calendar`.
#[derive(Debug, Clone, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct WireCalendar {
    pub id: String,
    pub name: Option<String>,
    pub can_edit: Option<bool>,
    pub is_default_calendar: Option<bool>,
    pub owner: Option<WireAddress>,
}

/// `emailAddress`.
#[derive(Debug, Clone, Deserialize)]
pub struct WireAddress {
    pub address: Option<String>,
}

/// A page of a collection.
#[derive(Debug, Deserialize)]
#[serde(bound = "T: serde::de::DeserializeOwned")]
pub struct WirePage<T> {
    pub value: Vec<T>,
    #[serde(rename = "@odata.nextLink")]
    pub next: Option<String>,
    #[serde(rename = "@odata.deltaLink")]
    pub delta: Option<String>,
}
