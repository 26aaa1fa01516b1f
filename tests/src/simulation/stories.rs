//! What is worth happening next: some things meet by chance far too rarely to be seen.

use fastrand::Rng;

use super::drawn::{parted, syncs};
use super::history::{Field, Parted, Step, Trouble};

/// Accidents are rare by themselves, and those that meet the same reminder at the same moment much more so.
pub fn sequel(steps: &[Step], rng: &mut Rng) -> Option<Step> {
    let of_edit = |step: &Step| if let Step::Edit(computer, reminder, _) = step { Some((*computer, *reminder)) } else { None };
    match steps {
        [.., edit, Step::TroubledSync(_, Trouble::Meanwhile, _)] if rng.u32(0..2) == 0 => {
            Some(Step::EditInOutlook(of_edit(edit)?.1, if rng.u32(0..3) == 0 { Field::Title } else { Field::Category }))
        }
        [.., edit, Step::TroubledSync(_, Trouble::DiesAfter, _)] if rng.u32(0..3) == 0 => {
            of_edit(edit).map(|(computer, reminder)| Step::Edit(computer, reminder, Field::Back))
        }
        [.., Step::Edit(computer, _, Field::Title)] if rng.u32(0..3) == 0 => {
            let trouble = if rng.bool() { Trouble::Meanwhile } else { Trouble::DiesAfter };
            // The feed, a look at what is about to be written, the write.
            Some(Step::TroubledSync(*computer, trouble, rng.u32(1..4)))
        }
        [.., Step::PurgeInOutlook, Step::Sync(computer)] if rng.u32(0..3) == 0 => Some(Step::Keep(*computer)),
        [.., Step::Look(computer)] if rng.bool() => Some(Step::Confirm(*computer)),
        [.., Step::Parted(computer, _, _, Parted::Add)] if rng.bool() => Some(syncs(rng, *computer, 2)),
        [.., Step::Parted(computer, item, _, Parted::Add), _] if rng.bool() => Some(parted(rng, *computer, *item)),
        _ => None,
    }
}

/// After a weekly reminder was added: some go on with a date of it that Outlook cannot give back to its series, so that it is an event of its own.
pub fn of_dates(steps: &[Step], rng: &mut Rng) -> Vec<Step> {
    let counted = |is: fn(&Step) -> bool| steps.iter().filter(|step| is(step)).count().saturating_sub(1);
    match steps.last() {
        Some(Step::AddWeekly(computer)) if rng.bool() => {
            typed(*computer, counted(|step| matches!(step, Step::Add(_) | Step::AddWeekly(_))), rng)
        }
        Some(Step::SourceAddsWeekly) if rng.u32(0..3) > 0 => {
            sourced(counted(|step| matches!(step, Step::SourceAdds | Step::SourceAddsWeekly)), rng)
        }
        _ => vec![],
    }
}

/// Left out and wanted again, and what may follow.
fn typed(computer: usize, item: usize, rng: &mut Rng) -> Vec<Step> {
    let (date, other) = (rng.u32(1..4), rng.usize(0..3));
    let sync = Step::Sync(computer);
    let mut story = vec![sync, Step::CancelDate(computer, item, date), sync, Step::RestoreDate(computer, item, date), sync];
    for _ in 0..rng.usize(1..5) {
        story.push(match rng.u32(0..14) {
            0..4 => Step::EditOwnDate(item),
            4 => Step::RemoveOwnDate(item),
            5 => Step::EditDate(rng.usize(0..3), item, date),
            6 => Step::Edit(computer, item, if rng.bool() { Field::Hour } else { Field::Rule }),
            7 => Step::EditInOutlook(item, Field::Hour),
            8 => Step::RemoveInOutlook(item),
            9 => Step::OtherList(computer, item),
            10 => Step::Remove(other, item),
            _ => syncs(rng, other, 4),
        });
    }
    story
}

/// Left out by the source or the person and there again, and what may follow.
fn sourced(item: usize, rng: &mut Rng) -> Vec<Step> {
    let (computer, other) = (rng.usize(0..3), rng.usize(0..3));
    let all = [Step::Sync(computer), Step::Sync(other)];
    let turn = |out: Step, back: Step| [&all[..], &[out], &all[..], &[back], &all[..1]].concat();
    let mut story = if rng.bool() {
        turn(Step::SourceLeavesOut(item), Step::SourceLeavesOut(item))
    } else {
        turn(Step::CancelSourcedDate(item), Step::RestoreSourcedDate(computer, item))
    };
    for _ in 0..rng.usize(1..5) {
        story.push(match rng.u32(0..12) {
            0..4 => Step::EditSourcedDate(item),
            4 => Step::CancelSourcedDate(item),
            5 => Step::SourceLeavesOut(item),
            6 => Step::SourceEdits(item),
            7 => Step::Lost(other),
            8 => Step::RestoreSourcedDate(other, item),
            _ => syncs(rng, other, 4),
        });
    }
    story
}
