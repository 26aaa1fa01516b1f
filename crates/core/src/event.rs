//! What was last seen of one event in a mailbox: an observation, never a wish.

use chrono::{DateTime, Utc};

use crate::link::Place;
use crate::marker::Marker;
use crate::projection::Projection;

/// An event of ours as the server last showed it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct RemoteEvent {
    /// Where it is.
    pub place: Place,
    /// Graph's immutable id.
    pub event_id: String,
    /// `@odata.etag`.
    pub etag: String,
    /// Our marker; `None` when it is missing or not ours.
    pub marker: Option<Marker>,
    /// Its fields.
    pub projection: Projection,
    /// It has attendees: never to be written.
    pub is_meeting: bool,
    /// The person moved it to another calendar than it was found in before.
    pub moved_away: bool,
    /// `createdDateTime`.
    pub created_at: DateTime<Utc>,
    /// `lastModifiedDateTime`.
    pub modified_at: DateTime<Utc>,
}
