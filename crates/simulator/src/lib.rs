//! The offline Microsoft: an identity platform and a Graph calendar, for tests and for practice.
//!
//! It shares no code with Belfry's client crates. If both sides used the same types, one misunderstanding of Microsoft's would pass every test. It is strict on
//! purpose: what Graph refuses, it refuses with Graph's status, code and body. Where Graph's behaviour is in doubt there is a [`Doubts`] switch
//! for either answer. [`faults`] makes it fail by script.
//!
//! Use it in process with [`Simulator::call`], or over two loopback ports and a control port with [`serve::serve`].

pub mod browser;
mod control;
pub mod doubts;
pub mod faults;
mod graph;
mod identity;
mod outlook;
mod reply;
pub mod series;
pub mod serve;
mod simulator;
pub mod world;

pub use doubts::{Doubts, IfMatch, InnerLimit, SeriesDoubts};
pub use faults::{Fault, FaultAction};
pub use reply::Reply;
pub use simulator::{Options, Seen, Side, Simulator};
pub use world::{Person, World};

/// The client id of the practice registration: public client, `http://localhost`, both audiences.
pub const PRACTICE_CLIENT_ID: &str = "b31f0000-0000-4000-8000-0000bef00001";
