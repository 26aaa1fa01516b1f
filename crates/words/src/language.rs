//! The languages.

use serde::Serialize;

use crate::vocabulary::Vocabulary;
use crate::{english, german};

/// A language that can be read and written.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Serialize)]
#[serde(rename_all = "snake_case")]
pub enum Language {
    /// English, with either order of day and month.
    #[default]
    English,
    /// German.
    German,
}

impl Language {
    /// All of them.
    pub const ALL: [Self; 2] = [Self::English, Self::German];

    /// The language of a tag of RFC 5646 or a locale's name, such as `de-AT` or `de_AT.UTF-8`.
    #[must_use]
    pub fn of_tag(tag: &str) -> Option<Self> {
        let primary = tag.split(['-', '_', '.']).next().unwrap_or_default();
        Self::ALL.into_iter().find(|language| language.vocabulary().tag.eq_ignore_ascii_case(primary))
    }

    pub(crate) fn vocabulary(self) -> &'static Vocabulary {
        match self {
            Self::English => &english::VOCABULARY,
            Self::German => &german::VOCABULARY,
        }
    }
}
