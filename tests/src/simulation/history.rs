//! What happens in a life, drawn from a seed.

use belfry_simulator::doubts::{IfMatch, InnerLimit};
use belfry_simulator::{Doubts, SeriesDoubts};
use fastrand::Rng;
use serde::{Deserialize, Serialize};

use super::drawn::{self, status, step};
use super::stories;

/// A field that a person edits.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
pub enum Field {
    /// The title.
    Title,
    /// The title, back to what it was before; in Outlook a new one.
    Back,
    /// The notes.
    Notes,
    /// Day and time.
    Start,
    /// The time of day alone.
    Hour,
    /// Half a year away: out of the window that the change feed is about.
    Far,
    /// The alarm.
    Alarm,
    /// The category.
    Category,
    /// Free, busy, ...
    ShowAs,
    /// How often a weekly one comes; nothing of others, and in Outlook nothing.
    Rule,
}

/// What goes wrong during a sync: once, at its nth request.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
pub enum Trouble {
    /// The program dies before the request leaves.
    DiesBefore,
    /// The program dies when the request was carried out, before it knows.
    DiesAfter,
    /// The connection breaks before the request is carried out.
    CutBefore,
    /// It breaks after.
    CutAfter,
    /// Half of a 200.
    Truncated,
    /// This status instead.
    Status(u16),
    /// The same for one part of a batch.
    PartStatus(u16),
    /// The change feed is too old.
    Gone,
    /// The program dies at the nth point where it waits for anything.
    DiesWaiting,
    /// The disk is full from the nth commit on, or the program dies there: nothing is written any more.
    DiskFull,
    /// Before the nth request the next step of the history happens, in the middle of this sync.
    Meanwhile,
}

/// What happens to a series that Outlook cannot hold.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
pub enum Parted {
    /// It is added.
    Add,
    /// All of it gets another title.
    Edit,
    /// It is removed.
    Remove,
    /// One date gets another title.
    EditDate,
    /// One is left out.
    CancelDate,
    /// One is as in the series again.
    RestoreDate,
    /// The event of one gets another title in Outlook.
    EditInOutlook,
    /// It is deleted there.
    RemoveInOutlook,
}

/// One thing that happens. Numbers of computers and reminders are taken modulo what there is, so that any part of a history is one.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
pub enum Step {
    /// A reminder is added on a computer.
    Add(usize),
    /// A weekly one.
    AddWeekly(usize),
    /// One date of a weekly one is edited on a computer: computer, reminder, which date.
    EditDate(usize, usize, u32),
    /// It is left out.
    CancelDate(usize, usize, u32),
    /// It is as in the series again.
    RestoreDate(usize, usize, u32),
    /// The event of a date that is an event of its own is edited in Outlook: of which reminder.
    EditOwnDate(usize),
    /// It is deleted there.
    RemoveOwnDate(usize),
    /// One date is edited in Outlook: reminder, which date.
    EditDateInOutlook(usize, u32),
    /// It is deleted there.
    CancelDateInOutlook(usize, u32),
    /// It and all that follow are edited there: one series becomes two.
    SplitInOutlook(usize, u32),
    /// A field is edited on a computer: computer, reminder, field.
    Edit(usize, usize, Field),
    /// A reminder is removed on a computer.
    Remove(usize, usize),
    /// It is done, or not done after all.
    Done(usize, usize),
    /// A field is edited in Outlook.
    EditInOutlook(usize, Field),
    /// The event is deleted in Outlook.
    RemoveInOutlook(usize),
    /// It is moved to another calendar there.
    MoveInOutlook(usize),
    /// The person invites somebody to it: it is a meeting from now on.
    InviteInOutlook(usize),
    /// Something takes our marker off the event.
    UnmarkInOutlook(usize),
    /// The event is copied, marker and all.
    CopyInOutlook(usize),
    /// Most events of the calendar are deleted there.
    PurgeInOutlook,
    /// A dismissed reminder is wanted again: computer, reminder.
    Restore(usize, usize),
    /// It is put into the other list: computer, reminder.
    OtherList(usize, usize),
    /// On a computer the list is told to be kept in another calendar: computer, which.
    Target(usize, usize),
    /// The person deletes a calendar of lists in Outlook.
    VanishInOutlook(usize),
    /// The newest sync of a computer that did anything is taken back.
    Undo(usize),
    /// What a first sync asks about was removed elsewhere, says the person at a computer.
    ConfirmRemoved(usize),
    /// A computer shows what a sync would do.
    Look(usize),
    /// What waits to be taken off the lists of a computer, as its event is gone, is to be kept.
    Keep(usize),
    /// The source of a list that follows one names another item.
    SourceAdds,
    /// It names another item that is weekly.
    SourceAddsWeekly,
    /// It leaves out the second date of one, or has it again: of which.
    SourceLeavesOut(usize),
    /// The second date of one is edited in Outlook.
    EditSourcedDate(usize),
    /// It is deleted there.
    CancelSourcedDate(usize),
    /// A person at a computer wants it after all: computer, of which.
    RestoreSourcedDate(usize, usize),
    /// It says something else of an item: of which.
    SourceEdits(usize),
    /// It does not name an item any more.
    SourceDrops(usize),
    /// It is cut off, until it changes again.
    SourceBreaks,
    /// A field of an event of that list is edited in Outlook: title, alarm or nothing else.
    EditSourced(usize, Field),
    /// Such an event is deleted there.
    RemoveSourced(usize),
    /// A series that Outlook cannot hold: computer, which, which date.
    Parted(usize, usize, u32, Parted),
    /// A computer syncs.
    Sync(usize),
    /// A computer syncs, and something goes wrong at the nth request.
    TroubledSync(usize, Trouble, u32),
    /// What waits on a computer is confirmed.
    Confirm(usize),
    /// The password is changed; everybody signs in again at once.
    Revoked,
    /// From now on every request about the event of this reminder meets this status, until another is told, or all is quiet.
    Fails(usize, u16),
    /// The clock of a computer is so many hours ahead from now on, or behind, or right again.
    ClockOff(usize, i32),
    /// Hours pass: the computers sleep.
    Sleep(u32),
    /// The account is removed on a computer, its events stay, and later it is connected again with the same lists.
    Leaves(usize),
    /// A computer loses its database.
    Lost(usize),
}

impl Step {
    /// Whether a computer syncs in it.
    #[must_use]
    pub fn is_sync(self) -> bool {
        matches!(
            self,
            Self::Sync(_)
                | Self::TroubledSync(..)
                | Self::Confirm(_)
                | Self::ConfirmRemoved(_)
                | Self::Look(_)
                | Self::Keep(_)
                | Self::Target(..)
                | Self::Undo(_)
                | Self::Revoked
                | Self::Leaves(_)
                | Self::Lost(_)
        )
    }
}

impl Step {
    /// Whether it happens in Outlook.
    #[must_use]
    pub fn is_in_outlook(self) -> bool {
        use Step::{
            CancelDateInOutlook, CancelSourcedDate, CopyInOutlook, EditDateInOutlook, EditInOutlook, EditOwnDate, EditSourced,
            EditSourcedDate, InviteInOutlook, MoveInOutlook, PurgeInOutlook, RemoveInOutlook, RemoveOwnDate, RemoveSourced, SplitInOutlook,
            UnmarkInOutlook, VanishInOutlook,
        };
        matches!(
            self,
            EditInOutlook(..)
                | EditDateInOutlook(..)
                | CancelDateInOutlook(..)
                | SplitInOutlook(..)
                | RemoveInOutlook(_)
                | MoveInOutlook(_)
                | InviteInOutlook(_)
                | UnmarkInOutlook(_)
                | CopyInOutlook(_)
                | PurgeInOutlook
                | VanishInOutlook(_)
                | EditSourced(..)
                | RemoveSourced(_)
                | EditOwnDate(_)
                | RemoveOwnDate(_)
                | EditSourcedDate(_)
                | CancelSourcedDate(_)
                | Self::Parted(_, _, _, Parted::EditInOutlook | Parted::RemoveInOutlook)
        )
    }
}

impl History {
    /// One line that [`History::from_json`] reads.
    #[must_use]
    pub fn to_json(&self) -> String {
        serde_json::to_string(self).unwrap_or_default()
    }

    /// Reads a history that was kept.
    ///
    /// # Errors
    /// When it is none.
    pub fn from_json(text: &str) -> Result<Self, serde_json::Error> {
        serde_json::from_str(text)
    }

    /// Whether this can happen in the middle of a sync. Between a look and a write a server that does not heed If-Match lets nobody protect what is done in Outlook,
    /// unless it is about another field: the category stands for those.
    #[must_use]
    pub fn can_interrupt(&self, step: Step) -> bool {
        let is_protected = self.doubts.if_match == IfMatch::Heeded || matches!(step, Step::EditInOutlook(_, Field::Category));
        !step.is_sync() && (is_protected || !step.is_in_outlook())
    }
}

/// A life.
#[derive(Debug, Clone, Serialize, Deserialize)]
pub struct History {
    /// How many computers.
    pub computers: usize,
    /// How Graph answers where nobody knows.
    pub doubts: Doubts,
    /// And about single dates of series.
    #[serde(default)]
    pub series_doubts: SeriesDoubts,
    /// Further alarms have events of their own.
    #[serde(default)]
    pub helpers: bool,
    /// How many operations go out together; 0 is as many as always. Few reminders make many batches then.
    #[serde(default)]
    pub together: usize,
    /// What happens.
    pub steps: Vec<Step>,
}

impl History {
    /// The life of a seed.
    #[must_use]
    pub fn of(seed: u64) -> Self {
        let mut rng = Rng::with_seed(seed);
        let computers = rng.usize(1..4);
        let doubts = Doubts {
            if_match: if rng.bool() { IfMatch::Heeded } else { IfMatch::Ignored },
            duplicate_transaction_status: if rng.bool() { 400 } else { 409 },
            duplicate_names_event: rng.bool(),
            transaction_outlives_event: rng.bool(),
            delta_shows_masters: rng.bool(),
            delta_removes_outside: rng.bool(),
            inner_limit: if rng.bool() { InnerLimit::Queued } else { InnerLimit::Throttled },
        };
        let series_doubts = SeriesDoubts::drawn(|| rng.bool());
        let helpers = rng.bool();
        let length = rng.usize(5..40);
        // Each life has its own weather: some are calm, some are nothing but trouble.
        let weather = rng.u32(0..100);
        let mut steps = Vec::with_capacity(length);
        while steps.len() < length {
            let next = stories::sequel(&steps, &mut rng).unwrap_or_else(|| step(&mut rng, weather));
            steps.push(next);
            steps.extend(stories::of_dates(&steps, &mut rng));
        }
        let together = [0, 2, 3][rng.usize(0..3)];
        // Drawn last: all others are the lives that they were.
        if rng.u32(0..4) == 0 {
            steps.insert(rng.usize(0..steps.len()), Step::Fails(rng.usize(0..12), status(&mut rng)));
        }
        if rng.u32(0..4) == 0 {
            let trouble = Trouble::PartStatus(status(&mut rng));
            steps.insert(rng.usize(0..steps.len()), Step::TroubledSync(rng.usize(0..3), trouble, rng.u32(0..12)));
        }
        if rng.u32(0..5) == 0 {
            drawn::wrong_clock(&mut steps, &mut rng);
        }
        Self { computers, doubts, series_doubts, helpers, together, steps }
    }
}
