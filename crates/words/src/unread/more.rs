//! Words beside what was read that change it.

use super::Rest;
use crate::grammar::Said;
use crate::sentence::{Cursor, small};
use crate::vocabulary::Sense;

impl Rest<'_> {
    /// "3x" before "daily", "3 times" before "every day": so often in each of them, which no rule in words says.
    pub(super) fn so_often_in_rule(&self, mut cursor: Cursor<'_>) -> Option<usize> {
        if cursor.word().strip_suffix(['x', '×']).and_then(small).is_some() {
            cursor.step(1);
        } else {
            cursor.number()?;
            cursor.need(Sense::Times)?;
        }
        self.kept.iter().any(|heard| heard.from == cursor.at && matches!(heard.said, Said::Series(..))).then_some(cursor.at)
    }
}
