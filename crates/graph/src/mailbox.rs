//! Whose mailbox a request is for. Every request names one.

use crate::answer::encode;

/// A mailbox.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Mailbox {
    /// That of the signed-in person.
    Me,
    /// That of a user, for app-only access.
    User(String),
}

impl Mailbox {
    /// The path under the version root.
    #[must_use]
    pub fn path(&self) -> String {
        match self {
            Self::Me => "/me".to_owned(),
            Self::User(id) => format!("/users/{}", encode(id)),
        }
    }
}
