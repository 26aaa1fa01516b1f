//! The agreement between one event and one reminder: what we last sent, and what the server made of it.

use chrono::NaiveDate;
use serde::{Deserialize, Serialize};
use uuid::Uuid;

use crate::account::AccountId;
use crate::fingerprint::Fingerprint;
use crate::marker::{Key, Marker};
use crate::projection::Projection;
use crate::word::named;

/// A calendar of an account.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
pub struct Place {
    /// Whose mailbox.
    pub account: AccountId,
    /// Graph's id of the calendar.
    pub calendar: String,
}

/// How things stand between the event and the reminder.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum LinkState {
    /// A create is on its way, or was when the program ended.
    Creating,
    /// Both exist.
    Linked,
    /// The person removed the event in Outlook. It is not made again.
    Dismissed,
    /// The person moved the event away or made a meeting of it. It is left alone.
    Detached,
    /// The server refused it, or Outlook cannot hold it; tried again when the reminder changes.
    Refused,
    /// Outlook has no such series: each date has an event and a link of its own.
    Parted,
    /// Removed here; kept until the event is seen gone.
    Tombstone,
    /// The person took the making of the event back: it goes, then the reminder is dismissed.
    Undone,
}

named!(LinkState {
    Creating "creating",
    Linked "linked",
    Dismissed "dismissed",
    Detached "detached",
    Refused "refused",
    Parted "parted",
    Tombstone "tombstone",
    Undone "undone",
});

/// One event of one reminder. Each side is compared with its own half of the agreement, so that a server that rewrites what it was sent is
/// never taken for a person who edits.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Link {
    /// Whose event.
    pub key: Key,
    /// Where it is.
    pub place: Place,
    /// Graph's immutable id, once known.
    pub event_id: Option<String>,
    /// What is being sent right now. Present after a kill between sending and recording.
    pub sending: Option<Projection>,
    /// What we last sent.
    pub agreed_local: Option<Projection>,
    /// What the server made of it.
    pub agreed_remote: Option<Projection>,
    /// `@odata.etag` of that.
    pub etag: Option<String>,
    /// Grows whenever the event is made anew.
    pub generation: u32,
    /// State.
    pub state: LinkState,
    /// A transaction id other than the derived one, after the server refused that.
    pub transaction: Option<Uuid>,
    /// Why it is refused or detached.
    pub note: Option<String>,
    /// What was refused, so that the same is not tried again.
    pub refused: Option<Fingerprint>,
    /// How often in a row the same was written, as something else keeps changing it back.
    pub rewrites: u32,
    /// The dates up to this day have events of their own, where it is held in parts.
    pub until: Option<NaiveDate>,
    /// What its helper events say together, once all of them say it; `None` where there are none.
    pub helpers: Option<Fingerprint>,
}

impl Link {
    /// A link whose event is about to be made.
    #[must_use]
    pub fn creating(key: Key, place: Place, generation: u32, sending: Projection) -> Self {
        Self {
            key,
            place,
            event_id: None,
            sending: Some(sending),
            agreed_local: None,
            agreed_remote: None,
            etag: None,
            generation,
            state: LinkState::Creating,
            transaction: None,
            note: None,
            refused: None,
            rewrites: 0,
            until: None,
            helpers: None,
        }
    }

    /// The marker that its event carries.
    #[must_use]
    pub fn marker(&self) -> Marker {
        Marker::of(self.key.clone(), self.generation)
    }

    /// The transaction id for making the event.
    #[must_use]
    pub fn transaction_id(&self) -> Uuid {
        self.transaction.unwrap_or_else(|| self.key.transaction_id(self.generation))
    }
}
