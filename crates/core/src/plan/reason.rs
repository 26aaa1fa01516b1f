//! Why an operation is in a plan, in the words that people read.

use std::fmt;

use serde::{Deserialize, Serialize};

macro_rules! reasons {
    ($($(#[$doc:meta])* $name:ident $words:literal,)*) => {
        /// Why.
        #[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
        #[serde(rename_all = "snake_case")]
        pub enum Reason {
            $($(#[$doc])* $name,)*
        }

        impl Reason {
            /// The one that is said with these words: a journal keeps the words.
            #[must_use]
            pub fn of_words(words: &str) -> Option<Self> {
                match words {
                    $($words => Some(Self::$name),)*
                    _ => None,
                }
            }
        }

        impl fmt::Display for Reason {
            fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                f.write_str(match self {
                    $(Self::$name => $words,)*
                })
            }
        }
    };
}

reasons! {
    /// It has no event yet.
    New "new",
    /// It was edited here.
    Edited "edited here",
    /// It was marked as done here.
    Done "marked as done here",
    /// It was marked as not done here.
    NotDone "marked as not done here",
    /// A file said so that was imported.
    Imported "imported",
    /// Its source changed.
    SourceChanged "its source is right",
    /// The event was edited in Outlook.
    EditedInOutlook "edited in Outlook",
    /// Both were edited.
    EditedOnBoth "edited here and in Outlook",
    /// Removed here, but edited in Outlook afterwards.
    EditedAfterRemoval "removed here, but edited in Outlook: the edit wins",
    /// Its series has no event any more and somebody wrote into this date of it, or its series is left alone.
    OutlivesSeries "its series is not synced any more: it stays",
    /// It was removed here.
    RemovedHere "removed here",
    /// Its source does not name it any more.
    LeftSource "no longer in its source",
    /// Ours by its marker, but neither its source nor this computer knows it: another computer left it, or this one lost its memory.
    LeftOver "left over: its source does not name it",
    /// The event was removed in Outlook.
    RemovedInOutlook "removed in Outlook",
    /// Removed in Outlook, but edited here.
    MadeAgain "removed in Outlook, but edited here: the edit wins",
    /// Its list moved to another calendar, or it to another list.
    Moved "kept in another calendar or list now",
    /// Another computer made it, or this one lost its memory.
    AnotherComputer "already in Outlook",
    /// A removed event is there again.
    SeenAgain "in Outlook again",
    /// Outlook made two series of one: what follows a date is another reminder now.
    SplitOff "Outlook split the series: its later part is a reminder of its own now",
    /// What was written before a run was cut off, or before the database was put back, is recorded.
    Recovered "recorded what Outlook had already",
    /// There are two.
    Duplicate "a copy of another event",
    /// Both say the same.
    SameOnBoth "the same on both sides",
    /// The event got attendees.
    BecameMeeting "it has attendees now",
    /// The event lost its marker.
    MarkerLost "it no longer carries Belfry's mark",
    /// The person moved the event to another calendar.
    MovedAway "moved to another calendar in Outlook",
    /// Both are gone.
    GoneOnBoth "gone on both sides",
    /// Outlook has no such thing.
    OutlookCannotHold "Outlook cannot hold it",
    /// Outlook has no such series, so each date is an event of its own.
    InParts "kept date by date, as Outlook has no such series",
    /// Its reminder has no such date any more.
    DateGone "no longer one of its dates",
    /// Its list leaves Outlook.
    ListLeaves "its list leaves Outlook",
    /// Its list met its own events, and this one is not among them.
    NewOrRemoved "new here, or removed elsewhere",
    /// The person said that it was removed elsewhere.
    SaidRemoved "removed elsewhere, as you said",
    /// The person said that it is new.
    SaidNew "new, as you said",
    /// The person wants the event of a reminder that had none any more.
    WantedAgain "wanted in Outlook again",
    /// The person took the making of its event back.
    Undone "undone",
}
