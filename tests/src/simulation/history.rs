//! What happens in a life, drawn from a seed.

use belfry_simulator::doubts::{IfMatch, InnerLimit};
use belfry_simulator::{Doubts, SeriesDoubts};
use fastrand::Rng;
use serde::{Deserialize, Serialize};

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
        Self { computers, doubts, series_doubts, helpers, together, steps }
    }
}

/// A sync, in one of so many with trouble.
pub(super) fn syncs(rng: &mut Rng, computer: usize, one_in: u32) -> Step {
    if rng.u32(0..one_in) > 0 {
        return Step::Sync(computer);
    }
    let trouble = trouble(rng);
    // A sync waits far more often than it asks.
    let most = if trouble == Trouble::DiesWaiting { 150 } else { 8 };
    Step::TroubledSync(computer, trouble, rng.u32(0..most))
}

/// What happens to a series that Outlook cannot hold.
pub(super) fn parted(rng: &mut Rng, computer: usize, item: usize) -> Step {
    let what = match rng.u32(0..14) {
        0..4 => Parted::Add,
        4 => Parted::Edit,
        5 => Parted::Remove,
        6 => Parted::EditDate,
        7 => Parted::CancelDate,
        8 => Parted::RestoreDate,
        9..12 => Parted::EditInOutlook,
        _ => Parted::RemoveInOutlook,
    };
    Step::Parted(computer, item, rng.u32(0..4), what)
}

fn step(rng: &mut Rng, weather: u32) -> Step {
    let (computer, reminder) = (rng.usize(0..3), rng.usize(0..12));
    match rng.u32(0..100) {
        0..14 => Step::Add(computer),
        14..18 => Step::AddWeekly(computer),
        18..29 => Step::Edit(computer, reminder, field(rng)),
        29..33 => Step::Remove(computer, reminder),
        33..35 => Step::Done(computer, reminder),
        35..46 => Step::EditInOutlook(reminder, field(rng)),
        46..49 => Step::RemoveInOutlook(reminder),
        49 => Step::MoveInOutlook(reminder),
        50 => Step::InviteInOutlook(reminder),
        51 => Step::UnmarkInOutlook(reminder),
        52..54 => Step::CopyInOutlook(reminder),
        54 => Step::PurgeInOutlook,
        55 => Step::Restore(computer, reminder),
        56..58 => Step::Confirm(computer),
        58 => Step::Revoked,
        59 => Step::Sleep(rng.u32(1..60)),
        60 => Step::Lost(computer),
        61 => rare(rng, computer, reminder),
        62..65 => sourced(rng, reminder),
        65..71 => dated(rng, computer, reminder),
        71..74 => parted(rng, computer, reminder),
        _ if rng.u32(0..100) < weather => syncs(rng, computer, 1),
        _ => Step::Sync(computer),
    }
}

/// What happens to single dates of series.
fn dated(rng: &mut Rng, computer: usize, reminder: usize) -> Step {
    let date = rng.u32(0..6);
    match rng.u32(0..13) {
        0..3 => Step::EditDate(computer, reminder, date),
        3..5 => Step::CancelDate(computer, reminder, date),
        5 => Step::RestoreDate(computer, reminder, date),
        6..10 => Step::EditDateInOutlook(reminder, date),
        10 => Step::CancelDateInOutlook(reminder, date),
        11 => Step::Edit(computer, reminder, Field::Rule),
        _ => Step::SplitInOutlook(reminder, date),
    }
}

/// What happens to a list that follows a source.
fn sourced(rng: &mut Rng, item: usize) -> Step {
    match rng.u32(0..12) {
        0 => Step::SourceAddsWeekly,
        1..4 => Step::SourceAdds,
        4..6 => Step::SourceEdits(item),
        6 => Step::SourceDrops(item),
        7 => Step::SourceBreaks,
        8 => Step::EditSourced(item, Field::Title),
        9..11 => Step::EditSourced(item, if rng.bool() { Field::Alarm } else { Field::Category }),
        _ => Step::RemoveSourced(item),
    }
}

/// What changes the ground under everything else.
fn rare(rng: &mut Rng, computer: usize, reminder: usize) -> Step {
    match rng.u32(0..18) {
        14 | 15 => Step::Look(computer),
        16 | 17 => Step::Keep(computer),
        0..3 => Step::Target(computer, reminder),
        3..7 => Step::OtherList(computer, reminder),
        7 => Step::VanishInOutlook(reminder),
        8..11 => Step::Undo(computer),
        11 | 12 => Step::Leaves(computer),
        _ => Step::ConfirmRemoved(computer),
    }
}

fn field(rng: &mut Rng) -> Field {
    // Conflicts need fields that meet.
    match rng.u32(0..14) {
        0..5 => Field::Title,
        5 => Field::Start,
        6 => Field::Hour,
        7 => Field::Far,
        8 => Field::Notes,
        9 => Field::Alarm,
        10 => Field::Category,
        11..13 => Field::Back,
        _ => Field::ShowAs,
    }
}

fn status(rng: &mut Rng) -> u16 {
    *rng.choice(&[403, 404, 500, 503]).unwrap_or(&503)
}

fn trouble(rng: &mut Rng) -> Trouble {
    match rng.u32(0..17) {
        0 => Trouble::DiesBefore,
        1..4 => Trouble::DiesAfter,
        4 => Trouble::DiesWaiting,
        5..7 => Trouble::DiskFull,
        7 => Trouble::CutBefore,
        8..10 => Trouble::CutAfter,
        10 => Trouble::Truncated,
        11 => Trouble::Gone,
        12..15 => Trouble::Meanwhile,
        _ => Trouble::Status(*rng.choice(&[403, 404, 429, 500, 503, 504]).unwrap_or(&503)),
    }
}
