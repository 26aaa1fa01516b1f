//! Values that have one word each: in the database, in documents, on the command line.

use serde::Serialize;
use serde::de::DeserializeOwned;

/// The word that a value without fields serialises as.
#[must_use]
pub fn word<T: Serialize>(value: &T) -> String {
    match serde_json::to_value(value) {
        Ok(serde_json::Value::String(word)) => word,
        other => {
            debug_assert!(false, "{other:?} is no word");
            String::new()
        }
    }
}

/// The value that deserialises from a word.
#[must_use]
pub fn from_word<T: DeserializeOwned>(word: &str) -> Option<T> {
    serde_json::from_value(serde_json::Value::from(word)).ok()
}

/// Gives a type its table of names, with `name` and `parse`. Names are read in any case.
macro_rules! named {
    ($type:ident { $($variant:ident $name:literal,)* }) => {
        impl $type {
            /// Every value with its name.
            pub const NAMES: &'static [(&'static str, Self)] = &[$(($name, Self::$variant),)*];

            /// The name.
            #[must_use]
            pub fn name(self) -> &'static str {
                match self { $(Self::$variant => $name,)* }
            }

            /// Reads a name.
            #[must_use]
            pub fn parse(name: &str) -> Option<Self> {
                Self::NAMES.iter().find(|(known, _)| known.eq_ignore_ascii_case(name)).map(|(_, value)| *value)
            }
        }
    };
}

pub(crate) use named;

#[cfg(test)]
mod tests {
    use super::*;
    use crate::{LinkState, Op, ShowAs};

    fn agree<T: Serialize + DeserializeOwned + PartialEq + Copy + std::fmt::Debug>(names: &[(&str, T)]) {
        for (name, value) in names {
            assert_eq!(word(value), *name);
            assert_eq!(from_word::<T>(name), Some(*value));
        }
    }

    #[test]
    fn names_are_what_serde_writes() {
        agree(LinkState::NAMES);
        agree(Op::NAMES);
        agree(ShowAs::NAMES);
        assert_eq!(ShowAs::parse("Working_Elsewhere"), Some(ShowAs::WorkingElsewhere));
        assert_eq!(Op::parse("explode"), None);
    }
}
