//! Everything the simulator remembers. Serialisable, so that the practice mailbox survives a restart.

#![allow(missing_docs, reason = "fields carry the names that Graph and Entra use")]

use std::collections::BTreeMap;

use chrono::{DateTime, Utc};
use serde::{Deserialize, Serialize};
use serde_json::{Map, Value};

use crate::series::SimSeries;

/// Tenant of personal accounts.
pub const CONSUMERS: &str = "9188040d-6c67-4c5b-b112-36a304b66dad";

/// Somebody who can sign in.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Person {
    /// Object id.
    pub oid: String,
    /// Tenant id.
    pub tid: String,
    /// Login.
    pub login: String,
    /// Display name.
    pub name: String,
    /// Scopes that were consented to, in lower case.
    #[serde(default)]
    pub consented: Vec<String>,
    /// The tenant lets nobody consent to calendars by themselves.
    #[serde(default)]
    pub needs_admin: bool,
    /// Refresh tokens issued before this are dead.
    #[serde(default)]
    pub revoked_at: Option<DateTime<Utc>>,
}

/// A code that waits to be redeemed.
#[derive(Debug, Clone, Serialize, Deserialize)]
pub struct PendingCode {
    pub oid: String,
    pub tenant_path: String,
    pub client_id: String,
    pub redirect_uri: String,
    pub challenge: String,
    pub nonce: Option<String>,
    pub scope: String,
    pub issued_at: DateTime<Utc>,
    pub used: bool,
}

/// What became of a device code.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Decision {
    /// By whom: an object id.
    Approved(String),
    /// By the person at the page.
    Declined,
}

/// A device code that waits for a person.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Device {
    pub user_code: String,
    pub client_id: String,
    pub tenant_path: String,
    pub scope: String,
    pub issued_at: DateTime<Utc>,
    pub decision: Option<Decision>,
}

/// What a token stands for.
#[derive(Debug, Clone, Serialize, Deserialize)]
pub struct Grant {
    pub oid: String,
    pub client_id: String,
    pub scopes: Vec<String>,
    pub issued_at: DateTime<Utc>,
    pub expires_at: DateTime<Utc>,
}

/// A calendar.
#[derive(Debug, Clone, Serialize, Deserialize)]
pub struct SimCalendar {
    pub id: String,
    pub name: String,
    pub is_default: bool,
    pub change: u64,
    #[serde(default)]
    pub colour: String,
    /// Address of the person who shares it; `None` is the mailbox's own.
    #[serde(default)]
    pub shared_by: Option<String>,
    /// Events can be read only.
    #[serde(default)]
    pub read_only: bool,
}

impl SimCalendar {
    /// A calendar of the mailbox's own.
    #[must_use]
    pub fn own(id: String, name: &str) -> Self {
        Self { id, name: name.to_owned(), is_default: false, change: 0, colour: "auto".into(), shared_by: None, read_only: false }
    }
}

/// An event as the store keeps it: Graph's JSON of the writable members, and what the server itself knows.
#[derive(Debug, Clone, Serialize, Deserialize)]
pub struct SimEvent {
    pub id: String,
    pub calendar: String,
    /// Writable members, as they were accepted (start and end apart).
    pub members: Map<String, Value>,
    /// Start as wall time in `start_zone`.
    pub start: chrono::NaiveDateTime,
    pub end: chrono::NaiveDateTime,
    pub start_zone: String,
    pub end_zone: String,
    pub properties: BTreeMap<String, String>,
    pub transaction_id: Option<String>,
    /// Digest of the body of the POST that made it.
    pub made_from: String,
    pub created_at: DateTime<Utc>,
    pub modified_at: DateTime<Utc>,
    /// Position in the mailbox's history of changes.
    pub change: u64,
    /// Changed and cancelled dates, if it is the master of a series.
    #[serde(default, skip_serializing_if = "SimSeries::is_plain")]
    pub series: SimSeries,
}

impl SimEvent {
    /// Whether it is the master of a series.
    #[must_use]
    pub fn is_series(&self) -> bool {
        self.members.contains_key("recurrence")
    }
}

/// Something that is gone.
#[derive(Debug, Clone, Serialize, Deserialize)]
pub struct Gone {
    pub id: String,
    pub calendar: String,
    pub change: u64,
}

/// A delta conversation: which positions its links stand for, newest last.
#[derive(Debug, Clone, Serialize, Deserialize)]
pub struct DeltaState {
    pub calendar: String,
    pub from: DateTime<Utc>,
    pub to: DateTime<Utc>,
    /// generation -> position up to which that link has reported.
    pub generations: Vec<(u64, u64)>,
}

/// One person's mailbox.
#[derive(Debug, Clone, Default, Serialize, Deserialize)]
pub struct Mailbox {
    pub calendars: Vec<SimCalendar>,
    pub events: BTreeMap<String, SimEvent>,
    pub gone: Vec<Gone>,
    pub change: u64,
    pub deltas: BTreeMap<String, DeltaState>,
    /// Transaction ids ever used, and the event that each made.
    pub transactions: BTreeMap<String, String>,
    /// Next number for ids.
    pub next_id: u64,
}

/// All of it.
#[derive(Debug, Clone, Default, Serialize, Deserialize)]
pub struct World {
    pub people: Vec<Person>,
    #[serde(default)]
    pub codes: BTreeMap<String, PendingCode>,
    #[serde(default)]
    pub devices: BTreeMap<String, Device>,
    #[serde(default)]
    pub access: BTreeMap<String, Grant>,
    #[serde(default)]
    pub refresh: BTreeMap<String, Grant>,
    #[serde(default)]
    pub mailboxes: BTreeMap<String, Mailbox>,
}

impl World {
    /// The id of a tenant that is named by its id or by the domain of its people.
    #[must_use]
    pub fn tenant(&self, name: &str) -> Option<String> {
        let fits = |person: &&Person| {
            let domain = person.login.split('@').nth(1).unwrap_or_default();
            person.tid.eq_ignore_ascii_case(name) || (person.tid != CONSUMERS && domain.eq_ignore_ascii_case(name))
        };
        self.people.iter().find(fits).map(|person| person.tid.clone())
    }

    /// Whose login this is, in any case.
    #[must_use]
    pub fn person(&self, login: &str) -> Option<&Person> {
        self.people.iter().find(|person| person.login.eq_ignore_ascii_case(login))
    }

    /// As [`World::person`], to be changed.
    pub fn person_mut(&mut self, login: &str) -> Option<&mut Person> {
        self.people.iter_mut().find(|person| person.login.eq_ignore_ascii_case(login))
    }

    /// The people of the practice cloud: one with a work account, one with a personal account, and a colleague of the first.
    #[must_use]
    pub fn practice() -> Self {
        let person = |oid: &str, tid: &str, login: &str, name: &str| Person {
            oid: oid.into(),
            tid: tid.into(),
            login: login.into(),
            name: name.into(),
            consented: vec![],
            needs_admin: false,
            revoked_at: None,
        };
        let mut world = Self {
            people: vec![
                person(
                    "6f0c1d52-0000-4000-8000-00000000ada0",
                    "7a1e0000-0000-4000-8000-00000c0f7050",
                    "ada@contoso.example",
                    "Ada (practice)",
                ),
                person("00000000-0000-0000-2b1d-00000000be70", CONSUMERS, "ben@outlook.example", "Ben (practice)"),
                person(
                    "6f0c1d52-0000-4000-8000-0000000c011e",
                    "7a1e0000-0000-4000-8000-00000c0f7050",
                    "colleague@contoso.example",
                    "A colleague (practice)",
                ),
            ],
            ..Self::default()
        };
        for person in world.people.clone() {
            world.open_mailbox(&person.oid);
        }
        world
    }

    /// Gives a person a mailbox with its default calendar.
    pub fn open_mailbox(&mut self, oid: &str) {
        let mailbox = self.mailboxes.entry(oid.to_owned()).or_default();
        if mailbox.calendars.is_empty() {
            let id = mailbox.new_id("cal");
            mailbox.calendars.push(SimCalendar { is_default: true, ..SimCalendar::own(id, "Calendar") });
        }
    }
}

impl Mailbox {
    /// A new id that looks like Graph's: case-sensitive, with characters that have to be percent-encoded.
    pub fn new_id(&mut self, kind: &str) -> String {
        use base64::Engine;
        self.next_id += 1;
        let raw = format!("{kind}:{:08x}:{}", self.next_id, uuid::Uuid::new_v4());
        format!("AQMkAD/{}=", base64::engine::general_purpose::STANDARD_NO_PAD.encode(raw))
    }

    /// Takes the next position in the history.
    pub fn next_change(&mut self) -> u64 {
        self.change += 1;
        self.change
    }
}
