//! Why an operation is in a plan, in the words that people read.

use std::fmt;

use serde::{Deserialize, Serialize};

/// Why.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Reason {
    /// It has no event yet.
    New,
    /// It was edited here.
    Edited,
    /// It was marked as done here.
    Done,
    /// It was marked as not done here.
    NotDone,
    /// A file said so that was imported.
    Imported,
    /// Its source changed.
    SourceChanged,
    /// The event was edited in Outlook.
    EditedInOutlook,
    /// Both were edited.
    EditedOnBoth,
    /// Removed here, but edited in Outlook afterwards.
    EditedAfterRemoval,
    /// It was removed here.
    RemovedHere,
    /// Its source does not name it any more.
    LeftSource,
    /// Ours by its marker, but neither its source nor this computer knows it: another computer left it, or this one lost its memory.
    LeftOver,
    /// The event was removed in Outlook.
    RemovedInOutlook,
    /// Removed in Outlook, but edited here.
    MadeAgain,
    /// Its list moved to another calendar, or it to another list.
    Moved,
    /// Another computer made it, or this one lost its memory.
    AnotherComputer,
    /// A removed event is there again.
    SeenAgain,
    /// Outlook made two series of one: what follows a date is another reminder now.
    SplitOff,
    /// A run that was cut off is completed.
    Recovered,
    /// There are two.
    Duplicate,
    /// Both say the same.
    SameOnBoth,
    /// The event got attendees.
    BecameMeeting,
    /// The event lost its marker.
    MarkerLost,
    /// The person moved the event to another calendar.
    MovedAway,
    /// Both are gone.
    GoneOnBoth,
    /// Outlook has no such thing.
    OutlookCannotHold,
    /// Outlook has no such series, so each date is an event of its own.
    InParts,
    /// Its reminder has no such date any more.
    DateGone,
    /// Its list leaves Outlook.
    ListLeaves,
    /// Its list met its own events, and this one is not among them.
    NewOrRemoved,
    /// The person said that it was removed elsewhere.
    SaidRemoved,
    /// The person said that it is new.
    SaidNew,
    /// The person wants the event of a reminder that had none any more.
    WantedAgain,
    /// The person took the making of its event back.
    Undone,
}

impl fmt::Display for Reason {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            Self::New => "not in Outlook yet",
            Self::Edited => "edited here",
            Self::Done => "marked as done here",
            Self::NotDone => "marked as not done here",
            Self::Imported => "imported",
            Self::SourceChanged => "its source is right",
            Self::EditedInOutlook => "edited in Outlook",
            Self::EditedOnBoth => "edited here and in Outlook",
            Self::EditedAfterRemoval => "removed here, but edited in Outlook: the edit wins",
            Self::RemovedHere => "removed here",
            Self::LeftSource => "no longer in its source",
            Self::LeftOver => "left over: its source does not name it",
            Self::RemovedInOutlook => "removed in Outlook",
            Self::MadeAgain => "removed in Outlook, but edited here: the edit wins",
            Self::Moved => "kept in another calendar or list now",
            Self::AnotherComputer => "already in Outlook",
            Self::SeenAgain => "in Outlook again",
            Self::SplitOff => "Outlook split the series: its later part is a reminder of its own now",
            Self::Recovered => "completes a sync that was cut off",
            Self::Duplicate => "a copy of another event",
            Self::SameOnBoth => "the same on both sides",
            Self::BecameMeeting => "it has attendees now",
            Self::MarkerLost => "it no longer carries Belfry's mark",
            Self::MovedAway => "moved to another calendar in Outlook",
            Self::GoneOnBoth => "gone on both sides",
            Self::OutlookCannotHold => "Outlook cannot hold it",
            Self::InParts => "kept date by date, as Outlook has no such series",
            Self::DateGone => "no longer one of its dates",
            Self::ListLeaves => "its list leaves Outlook",
            Self::NewOrRemoved => "new here, or removed elsewhere",
            Self::SaidRemoved => "removed elsewhere, as you said",
            Self::SaidNew => "new, as you said",
            Self::WantedAgain => "wanted in Outlook again",
            Self::Undone => "undone",
        })
    }
}
