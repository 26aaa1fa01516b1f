//! Identifiers. Each is its own type, so that a list is never looked up as a reminder.

use std::fmt;
use std::str::FromStr;

use serde::{Deserialize, Serialize};
use uuid::Uuid;

macro_rules! uuid_id {
    ($(#[$doc:meta])* $name:ident) => {
        $(#[$doc])*
        #[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
        #[serde(transparent)]
        pub struct $name(pub Uuid);

        impl fmt::Display for $name {
            fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                self.0.as_hyphenated().fmt(f)
            }
        }

        impl FromStr for $name {
            type Err = uuid::Error;
            fn from_str(s: &str) -> Result<Self, Self::Err> {
                Uuid::parse_str(s).map(Self)
            }
        }
    };
}

uuid_id!(
    /// A reminder. Typed ones are UUID v7, imported and sourced ones v5 so that two computers agree.
    ReminderId
);
uuid_id!(
    /// A list. Version 5 of its origin, fixed for life.
    ListId
);

/// Root of every v5 identifier that Belfry derives.
///
/// It is the GUID of the marker property ([`crate::marker::PROPERTY_ID`]) and never changes: changing it would make every computer
/// give the same things new names.
pub const NAMESPACE: Uuid = Uuid::from_u128(0x5146_3e7b_e597_4fd9_833e_b630_1b0b_f806);

impl ListId {
    /// The id of a list that follows a feed: two computers that add the same URL get the same list.
    #[must_use]
    pub fn of_feed(url: &str) -> Self {
        Self(Uuid::new_v5(&NAMESPACE, format!("feed:{}", normal_feed(url)).as_bytes()))
    }

    /// The id of a list that began under this name.
    #[must_use]
    pub fn of_name(first_name: &str) -> Self {
        Self(Uuid::new_v5(&NAMESPACE, format!("name:{}", first_name.trim()).as_bytes()))
    }
}

/// `webcal` as https, host in lower case, no default port, no fragment.
fn normal_feed(url: &str) -> String {
    let url = url.trim().split('#').next().unwrap_or_default();
    let Some((scheme, rest)) = url.split_once("://") else {
        return url.to_owned();
    };
    let scheme = match scheme.to_ascii_lowercase().as_str() {
        "webcal" | "webcals" => "https".to_owned(),
        other => other.to_owned(),
    };
    let cut = rest.find(['/', '?']).unwrap_or(rest.len());
    let (host, path) = rest.split_at(cut);
    let host = host.to_ascii_lowercase();
    let default_port = if scheme == "http" { ":80" } else { ":443" };
    let host = host.strip_suffix(default_port).unwrap_or(&host);
    let path = if path.is_empty() { "/" } else { path };
    format!("{scheme}://{host}{path}")
}

impl ReminderId {
    /// The id of an item that carries a UID.
    #[must_use]
    pub fn of_uid(list: ListId, uid: &str) -> Self {
        Self(Uuid::new_v5(&list.0, uid.as_bytes()))
    }

    /// The id of an orphaned override, or of the later part of a `THISANDFUTURE` split.
    #[must_use]
    pub fn of_uid_and_recurrence(list: ListId, uid: &str, recurrence_id: &str) -> Self {
        Self(Uuid::new_v5(&list.0, format!("{uid}\u{1f}{recurrence_id}").as_bytes()))
    }

    /// The id of what Outlook split off a series, by its event: the same on every computer that sees it, and another one for a copy of it.
    #[must_use]
    pub fn of_split(list: ListId, whole: Self, event: &str) -> Self {
        Self::of_uid_and_recurrence(list, &whole.to_string(), event)
    }

    /// The id of a typed reminder that was made of one of a list that follows something, and does not name it any more.
    #[must_use]
    pub fn of_left_over(list: ListId, was: Self) -> Self {
        Self::of_uid(list, &was.to_string())
    }

    /// The id of an item without a UID: its title and first start name it.
    #[must_use]
    pub fn of_title(list: ListId, title: &str, start: &str) -> Self {
        Self(Uuid::new_v5(&list.0, format!("{title}\u{1f}{start}").as_bytes()))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_feed_is_the_same_however_it_is_spelled() {
        let id = ListId::of_feed("https://example.org/cal.ics");
        assert_eq!(id, ListId::of_feed("webcal://Example.ORG:443/cal.ics#x"));
        assert_ne!(id, ListId::of_feed("https://example.org/other.ics"));
        assert_eq!(ListId::of_feed("https://example.org"), ListId::of_feed("https://example.org/"));
    }

    #[test]
    fn derived_ids_never_change() {
        assert_eq!(ListId::of_name("Reminders").to_string(), "2785edcc-907c-515e-bbad-e97b4b0d8a2e");
        let list = ListId::of_name("Reminders");
        assert_eq!(ReminderId::of_uid(list, "a").to_string(), "4630cc0a-2d2e-5476-bfd4-ccc536d86a80");
    }
}
