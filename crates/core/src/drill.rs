//! Flaws that tests put into the engine on purpose, to prove that they would notice, and what else tests choose. A release build has none: asking is a constant there.

use crate::word::named;

/// One way to break the engine.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Flaw {
    /// An event without our marker is taken for ours.
    UnmarkedIsOurs,
    /// A meeting is written like any event.
    MeetingIsOurs,
    /// Copies of an event are never settled.
    CopiesStay,
    /// Two sides that changed different fields are not merged: Outlook's event replaces the reminder.
    NoFieldMerge,
    /// An event that is made again is made under its old generation.
    OldGeneration,
    /// A reminder that is removed leaves its event behind.
    RemovalForgotten,
    /// However many are gone: nobody is asked.
    NoHold,
    /// A create leaves before it is written down.
    NoCreating,
    /// An update leaves before it is written down.
    NoSending,
    /// Whatever an answer shows is taken for agreed.
    WholeAnswerAgreed,
    /// No If-Match.
    NoIfMatch,
    /// What is about to be written is not looked at first.
    NoLookFirst,
    /// `@removed` is believed.
    RemovedBelieved,
    /// The new delta link is stored before what it stands for.
    LinkBeforeRows,
    /// That a reminder is held date by date counts as agreed before its dates are there.
    PartsUnfinished,
    /// What is edited in the event of one date is taken for an edit of all.
    DateIsAll,
    /// The event of a date is called by the hour that its series has at the time.
    DateByHour,
    /// The event of a date that a person wrote into goes with its series.
    EditGoesWithSeries,
    /// A computer that meets the event of a date takes all of it over, whatever the source of its list says.
    DateOverSource,
}

named!(Flaw {
    UnmarkedIsOurs "unmarked-is-ours",
    MeetingIsOurs "meeting-is-ours",
    CopiesStay "copies-stay",
    NoFieldMerge "no-field-merge",
    OldGeneration "old-generation",
    RemovalForgotten "removal-forgotten",
    NoHold "no-hold",
    NoCreating "no-creating",
    NoSending "no-sending",
    WholeAnswerAgreed "whole-answer-agreed",
    NoIfMatch "no-if-match",
    NoLookFirst "no-look-first",
    RemovedBelieved "removed-believed",
    LinkBeforeRows "link-before-rows",
    PartsUnfinished "parts-unfinished",
    DateIsAll "date-is-all",
    DateByHour "date-by-hour",
    EditGoesWithSeries "edit-goes-with-series",
    DateOverSource "date-over-source",
});

#[cfg(debug_assertions)]
thread_local! {
    static FLAW: std::cell::Cell<Option<Flaw>> = const { std::cell::Cell::new(None) };
}

/// Whether the engine has this flaw just now.
#[cfg(debug_assertions)]
#[must_use]
pub fn has(flaw: Flaw) -> bool {
    FLAW.get() == Some(flaw)
}

/// Whether the engine has this flaw just now: never, outside tests.
#[cfg(not(debug_assertions))]
#[must_use]
pub const fn has(_: Flaw) -> bool {
    false
}

#[cfg(debug_assertions)]
thread_local! {
    static TOGETHER: std::cell::Cell<usize> = const { std::cell::Cell::new(0) };
}

/// How many operations go out together in a test of what happens between such batches; 0 is as many as always.
#[cfg(debug_assertions)]
#[must_use]
pub fn together() -> usize {
    TOGETHER.get()
}

/// As many as always, outside tests.
#[cfg(not(debug_assertions))]
#[must_use]
pub const fn together() -> usize {
    0
}

/// Sends so many together on this thread from now on.
#[cfg(debug_assertions)]
pub fn set_together(many: usize) {
    TOGETHER.set(many);
}

/// Gives the engine on this thread a flaw, or takes it away.
#[cfg(debug_assertions)]
pub fn set(flaw: Option<Flaw>) {
    FLAW.set(flaw);
}
