use super::*;
use crate::when::{When, Zone};

fn reminder(title: &str, alarms: &[i32]) -> Reminder {
    Reminder { alarms: alarms.to_vec(), ..crate::testing::reminder(title, "2027-03-03T09:00", None) }
}

fn here(reminder: &Reminder) -> Snapshot {
    Snapshot::Reminder(Box::new(reminder.clone()))
}

fn there(reminder: &Reminder) -> Snapshot {
    Snapshot::Event(Box::new(Projection::of(reminder)))
}

fn now<'a>(reminder: Option<&'a Reminder>, link: Option<LinkState>) -> Now<'a> {
    Now { reminder, link, direction: Some(Direction::Both), slot: &Slot::Main, is_kept: true }
}

#[test]
fn both_kinds_of_snapshot_come_back_as_they_went() {
    for snapshot in [here(&reminder("Rent", &[15])), there(&reminder("Rent", &[15]))] {
        let text = serde_json::to_string(&snapshot).expect("json");
        assert_eq!(serde_json::from_str::<Snapshot>(&text).expect("a snapshot"), snapshot);
    }
}

#[test]
fn what_was_pulled_is_put_back_and_a_later_edit_stays() {
    let (before, after) = (reminder("Rent", &[15, 60]), reminder("Rent!", &[30, 60]));
    let change = Change { op: Op::Pull, before: Some(here(&before)), after: Some(here(&after)), is_again: false, is_left_over: false };
    let edited = Reminder { title: "Rent, warm".into(), ..after.clone() };
    let Step::PutBack { reminder: to, back, stay } = step(&change, now(Some(&edited), Some(LinkState::Linked))) else {
        panic!("not put back")
    };
    assert_eq!((to.title.as_str(), to.alarms.as_slice()), ("Rent, warm", [15, 60].as_slice()));
    assert_eq!((back, stay), ([Field::Alarm].into(), [Field::Title].into()));
    let other = Reminder { alarms: vec![5], ..edited };
    assert_eq!(step(&change, now(Some(&other), Some(LinkState::Linked))), Step::Leave(Left::ChangedSince));
    assert_eq!(step(&change, now(None, None)), Step::Leave(Left::Gone));
}

#[test]
fn what_was_written_is_put_back() {
    let (before, after) = (reminder("Rent", &[15]), reminder("Rent!", &[15]));
    let change = Change { op: Op::Update, before: Some(there(&before)), after: Some(there(&after)), is_again: false, is_left_over: false };
    let Step::PutBack { reminder: to, .. } = step(&change, now(Some(&after), Some(LinkState::Linked))) else { panic!("not put back") };
    assert_eq!(to.title, "Rent");
    let sourced = Now { direction: Some(Direction::Source), ..now(Some(&after), Some(LinkState::Linked)) };
    assert_eq!(step(&change, sourced), Step::Leave(Left::FromSource));
}

/// One date of a series that has an event for each.
fn date<'a>(reminder: &'a Reminder, slot: &'a Slot) -> Now<'a> {
    Now { slot, ..now(Some(reminder), Some(LinkState::Linked)) }
}

fn monthly() -> Reminder {
    let rule = "FREQ=MONTHLY;BYMONTHDAY=31".parse().expect("a rule");
    let when = When::parse("2027-01-31T09:00", Zone::UTC).expect("a time");
    Reminder { when, recurrence: Some(Recurrence::of(rule)), ..reminder("Rent", &[15]) }
}

#[test]
fn what_was_pulled_from_one_date_is_put_back_there_whatever_became_of_the_others() {
    let before = monthly();
    let (first, second) = (Slot::Part("2027-01-31".into()), Slot::Part("2027-03-31".into()));
    let edited = |slot: &Slot, from: &Reminder| {
        let mut to = from.clone();
        let event = Projection { title: "Rent, last".into(), ..date_of(from, slot).expect("an event") };
        slots::take_over(&mut to, slot, &event, &Merge { pull: [Field::Title].into(), ..Merge::default() });
        to
    };
    let after = edited(&first, &before);
    let change = Change { op: Op::Pull, before: Some(here(&before)), after: Some(here(&after)), is_again: false, is_left_over: false };
    let Step::PutBack { reminder: to, .. } = step(&change, date(&after, &first)) else { panic!("not put back") };
    assert_eq!(*to, before);
    let later = edited(&second, &after);
    let Step::PutBack { reminder: to, .. } = step(&change, date(&later, &first)) else { panic!("not put back") };
    assert_eq!(*to, edited(&second, &before));
    assert_eq!(step(&change, date(&before, &first)), Step::Leave(Left::ChangedSince));
    let gone = reminder("Rent", &[15]);
    assert_eq!(step(&change, date(&gone, &first)), Step::Leave(Left::Gone));
}

#[test]
fn a_series_comes_back_with_its_start_unless_a_date_was_changed_since() {
    let at = |text: &str| When::parse(text, Zone::UTC).expect(text);
    let weekly = |start: &str, rule: &str| {
        let recurrence = Some(Recurrence::of(rule.parse().expect(rule)));
        Reminder { when: at(start), recurrence, ..reminder("Bins", &[15]) }
    };
    let (before, after) = (weekly("2026-12-02T09:00", "FREQ=WEEKLY;BYDAY=WE"), weekly("2026-12-07T09:00", "FREQ=WEEKLY;BYDAY=MO"));
    let change = Change { op: Op::Pull, before: Some(here(&before)), after: Some(here(&after)), is_again: false, is_left_over: false };
    let titled = Reminder { title: "Paper".into(), ..after.clone() };
    let Step::PutBack { reminder: to, .. } = step(&change, now(Some(&titled), Some(LinkState::Linked))) else { panic!("left") };
    assert_eq!(*to, Reminder { title: "Paper".into(), ..before });
    let mut dated = after.clone();
    dated.recurrence.as_mut().expect("a series").cancelled.insert(at("2026-12-14T09:00"));
    assert_eq!(step(&change, now(Some(&dated), Some(LinkState::Linked))), Step::Leave(Left::ChangedSince));
}

/// An edit by hand, and how it is taken back.
fn edited(before: &Reminder, after: &Reminder, current: &Reminder) -> Step {
    let change = Change { op: Op::Update, before: Some(here(before)), after: Some(here(after)), is_again: false, is_left_over: false };
    step(&change, now(Some(current), Some(LinkState::Linked)))
}

#[test]
fn done_and_another_list_are_taken_back() {
    let before = reminder("Rent", &[15, 60]);
    let done = Reminder { done: true, ..before.clone() };
    let Step::PutBack { reminder: to, .. } = edited(&before, &done, &done) else { panic!("left") };
    assert_eq!(*to, before);
    let moved = Reminder { list: ListId::of_name("Work"), ..before.clone() };
    let Step::PutBack { reminder: to, back, .. } = edited(&before, &moved, &moved) else { panic!("left") };
    assert_eq!((*to, back), (before.clone(), Fields::new()));
    let again = Reminder { list: ListId::of_name("Home"), ..before.clone() };
    assert_eq!(edited(&before, &moved, &again), Step::Leave(Left::AlreadySo));
}

#[test]
fn a_date_is_taken_back_beside_one_that_was_changed_since() {
    let before = monthly();
    let leave_out = |from: &Reminder, day: &str| {
        let mut to = from.clone();
        to.recurrence.as_mut().expect("a series").cancelled.insert(When::parse(day, Zone::UTC).expect(day));
        to
    };
    let after = leave_out(&leave_out(&before, "2027-03-31T09:00"), "2027-05-31T09:00");
    let mut current = leave_out(&after, "2027-07-31T09:00");
    current.recurrence.as_mut().expect("a series").cancelled.retain(|date| date.date().to_string() != "2027-05-31");
    let Step::PutBack { reminder: to, back, stay } = edited(&before, &after, &current) else { panic!("left") };
    assert_eq!(*to, leave_out(&before, "2027-07-31T09:00"));
    assert_eq!((back, stay), ([Field::Occurrences].into(), [Field::Occurrences].into()));
}

#[test]
fn what_came_goes_and_what_went_comes() {
    let one = reminder("Rent", &[15]);
    let (linked, dismissed) = (Some(LinkState::Linked), Some(LinkState::Dismissed));
    let made = Change { op: Op::Create, before: None, after: Some(there(&one)), is_again: false, is_left_over: false };
    let deleted = Change { op: Op::Delete, before: Some(there(&one)), after: None, is_again: false, is_left_over: false };
    let gone = Change { op: Op::Dismiss, before: Some(here(&one)), after: None, is_again: false, is_left_over: false };
    let settled = Change { op: Op::Settle, before: Some(there(&one)), after: None, is_again: false, is_left_over: false };
    for (change, state, wanted) in [
        (&made, now(Some(&one), linked), Step::Dismiss),
        (&made, now(Some(&one), dismissed), Step::Leave(Left::AlreadySo)),
        (&made, now(None, None), Step::Leave(Left::Gone)),
        (&deleted, now(None, None), Step::MakeAgain(there(&one))),
        (&deleted, now(Some(&one), linked), Step::Leave(Left::AlreadySo)),
        (&gone, now(Some(&one), dismissed), Step::Restore),
        (&gone, now(Some(&one), linked), Step::Leave(Left::AlreadySo)),
        (&settled, now(Some(&one), linked), Step::Leave(Left::Bookkeeping)),
        (&gone, Now { direction: None, ..now(Some(&one), dismissed) }, Step::Leave(Left::Gone)),
    ] {
        assert_eq!(step(change, state), wanted, "{change:?}");
    }
}
