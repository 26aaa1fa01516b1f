//! What happens next, drawn.

use fastrand::Rng;

use super::history::{Field, Parted, Step, Trouble};

/// For a while the clock of a computer is wrong: by an hour as after another system was started, by less than a day, or by years.
pub(super) fn wrong_clock(steps: &mut Vec<Step>, rng: &mut Rng) {
    let (computer, off) = (rng.usize(0..3), *rng.choice(&[1, -1, 5, -20, 24 * 400, 24 * -400]).unwrap_or(&1));
    let from = rng.usize(0..steps.len());
    steps.insert(from, Step::ClockOff(computer, off));
    steps.insert(rng.usize(from..steps.len()) + 1, Step::ClockOff(computer, 0));
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

pub(super) fn step(rng: &mut Rng, weather: u32) -> Step {
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

pub(super) fn status(rng: &mut Rng) -> u16 {
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
