//! The calendar part of Microsoft Graph v1.0.
//!
//! Each request is one file under [`requests`]: a struct that can [`prepare`](GraphRequest::prepare) a [`Call`] and
//! [`parse`](GraphRequest::parse) an [`Answer`], and never sends. [`Graph`] sends: it adds the token and the headers that every request carries, retries, and
//! packs calls into batches. Graph's own names stop at this crate: outside it there are only projections, markers and [`SeenEvent`]s.

mod answer;
mod challenge;
mod convert;
mod error;
mod mailbox;
mod pace;
mod pattern;
pub mod requests;
mod session;
mod wire;
mod zone;
mod zone_alias;

pub use answer::{Answer, Call, GraphRequest};
pub use convert::{EventKind, MarkerSeen, SeenEvent, unholdable};
pub use error::GraphError;
pub use mailbox::Mailbox;
pub use pace::{Pace, Weight};
pub use requests::*;
pub use session::{Graph, GraphHost};
pub use zone::{to_windows, zone_of};
