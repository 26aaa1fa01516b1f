//! Why an item of a file was set aside.

use belfry_core::reminder::BadReminder;
use belfry_core::rule::BadRule;

use crate::later::MOST_CUTS;

/// Why an item was set aside. Each reads as the end of "this item was left out:".
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum ItemProblem {
    /// Journals and free-busy tables.
    #[error("a {0} is no reminder")]
    OtherKind(String),
    /// Not readable at all.
    #[error("it cannot be read")]
    Unreadable,
    /// No date.
    #[error("it has no date")]
    NoDate,
    /// No title.
    #[error("it has no title")]
    NoTitle,
    /// A date that is none.
    #[error("{property} is not a date: {value}")]
    BadDate {
        /// Which property.
        property: &'static str,
        /// What stands there.
        value: String,
    },
    /// A cell of a table that does not hold what its column is for.
    #[error("`{value}` is not a value for the column {column}")]
    BadCell {
        /// Name of the column as the file has it.
        column: String,
        /// What stands there.
        value: String,
    },
    /// A row of a table that goes on where the header has ended. What stands in which column is not sure then: most often a text has the separator in it.
    #[error("`{0}` stands behind the last column of the table; a text with a separator in it needs quotation marks")]
    SurplusCell(String),
    /// A row of a table in which a text goes on behind its closing quotation mark: most often the mark belongs to another row, and two rows would be one.
    #[error("a text goes on behind its closing quotation mark; a quotation mark within a text is written twice")]
    StrayQuote,
    /// A zone that nobody knows.
    #[error("its time zone `{0}` is not known")]
    UnknownZone(String),
    /// A rule that is none.
    #[error("{0}")]
    Rule(#[from] BadRule),
    /// A series in a zone that the file defines and that is none of the world's: no rule of Outlook keeps its times.
    #[error("it repeats in the time zone `{0}`, whose clock is that of no known place")]
    OwnClock(String),
    /// More than one rule.
    #[error("it has more than one repeat rule")]
    SeveralRules,
    /// `EXRULE`, which RFC 5545 (appendix A.3) took back.
    #[error("it leaves out dates by a rule (EXRULE)")]
    ExclusionRule,
    /// An override of this and all later dates that gives dates which no rule names.
    #[error("it moves all later dates of a series to days that no repeat rule names")]
    ThisAndFuture,
    /// An override of this and all later dates of a series whose dates are not worked out.
    #[error("it changes all later dates of a series that repeats more often than by the hour")]
    TooOften,
    /// More overrides of this and all later dates than [`MOST_CUTS`].
    #[error("all later dates of its series are changed more than {MOST_CUTS} times")]
    TooManyParts,
    /// More dates left out than can be kept.
    #[error("it leaves out more dates than can be kept")]
    TooManyDates,
    /// A title that goes into the notes because Outlook's subject is too short for it, and does not fit there either.
    #[error("its title is too long, and does not fit into the notes beside what they say")]
    LongTitle,
    /// The file has another item of the same UID that counts.
    #[error("another item of the same UID follows")]
    Replaced,
    /// The file has another item of the same UID, before it, that counts more (RFC 5545 section 3.8.7.4).
    #[error("another item of the same UID has a higher SEQUENCE")]
    Outdated,
    /// Something else, of an item in one of several files.
    #[error("in {file}: {problem}")]
    InFile {
        /// The file that it is in.
        file: String,
        /// What.
        problem: Box<ItemProblem>,
    },
    /// Another file has an item of the same UID that counts.
    #[error("{by} has an item of the same UID, which counts")]
    ReplacedBy {
        /// The other file.
        by: String,
    },
    /// Another file has an item of the same UID that counts more (RFC 5545 section 3.8.7.4).
    #[error("{by} has an item of the same UID with a higher SEQUENCE")]
    OutdatedBy {
        /// The other file.
        by: String,
    },
    /// Nothing tells it from an item of another file.
    #[error("it has no UID, and {by} has an item with its title and start, which counts")]
    AlikeIn {
        /// The other file.
        by: String,
    },
    /// Nothing tells it from an item that follows.
    #[error("it has no UID, and another item with its title and start follows")]
    Alike,
    /// Cancelled by who sent it.
    #[error("it is cancelled")]
    Cancelled,
    /// It breaks a rule of reminders.
    #[error("{0}")]
    Reminder(BadReminder),
}
