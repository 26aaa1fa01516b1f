use chrono::Duration;

use super::*;
use crate::event::RemoteEvent;
use crate::link::{Link, Place};
use crate::marker::Key;
use crate::merge::{Merge, merge};
use crate::when::Zone;

fn at(text: &str) -> When {
    When::parse(text, Zone::UTC).expect(text)
}

/// Mondays at nine, from 7 December 2026.
fn weekly() -> Reminder {
    crate::testing::reminder("Bins", "2026-12-07T09:00", Some("FREQ=WEEKLY;BYDAY=MO"))
}

fn with(reminder: &Reminder, change: impl FnOnce(&mut Recurrence)) -> Reminder {
    let mut changed = reminder.clone();
    change(changed.recurrence.as_mut().expect("a series"));
    changed
}

fn renamed(reminder: &Reminder, original: &str, title: &str) -> Reminder {
    with(reminder, |series| {
        series.changed.entry(at(original)).or_default().title = Some(title.into());
    })
}

fn cancelled(reminder: &Reminder, original: &str) -> Reminder {
    with(reminder, |series| {
        series.cancelled.insert(at(original));
    })
}

fn event(projection: Projection, modified: i64) -> RemoteEvent {
    let account = "public/9188040d-6c67-4c5b-b112-36a304b66dad/00000000-0000-0000-0000-000000000001".parse().expect("an id");
    let time = DateTime::UNIX_EPOCH + Duration::minutes(modified);
    RemoteEvent {
        place: Place { account, calendar: "c".into() },
        event_id: "e".into(),
        etag: String::new(),
        marker: None,
        projection,
        is_meeting: false,
        moved_away: false,
        created_at: time,
        modified_at: time,
    }
}

fn base(reminder: &Reminder) -> Base {
    Base { local: Projection::of(reminder), remote: Projection::of(reminder) }
}

/// What the reminder and the event say once the merge is carried out on both.
fn settled(now: &Reminder, base: &Base, there: &Projection, direction: Direction) -> (Reminder, Merge) {
    let merged = merge(&Projection::of(now), now.changed_at, base, &event(there.clone(), 5), direction);
    let mut after = now.clone();
    merged.take_over(&mut after, there);
    (after, merged)
}

fn dates_of(reminder: &Reminder) -> Vec<(String, String)> {
    let word = |date: &OccurrenceProjection| match date {
        OccurrenceProjection::Cancelled => "cancelled".to_owned(),
        OccurrenceProjection::Changed(own) => format!("{} {}", own.title, own.when),
    };
    Projection::of(reminder).occurrences.iter().map(|(key, date)| (key.to_string(), word(date))).collect()
}

fn pairs<const N: usize>(pairs: [(&str, &str); N]) -> Vec<(String, String)> {
    pairs.map(|(a, b)| (a.to_owned(), b.to_owned())).to_vec()
}

#[test]
fn edits_of_different_dates_and_of_different_fields_are_both_kept() {
    let agreed = weekly();
    let here = cancelled(&renamed(&agreed, "2026-12-14T09:00", "Bins and paper"), "2026-12-28T09:00");
    let there = with(&renamed(&agreed, "2026-12-21T09:00", "Bins early"), |series| {
        series.changed.entry(at("2026-12-14T09:00")).or_default().when = Some(at("2026-12-14T08:00"));
    });
    let (after, merged) = settled(&here, &base(&agreed), &Projection::of(&there), Direction::Both);
    assert_eq!(
        dates_of(&after),
        pairs([
            ("2026-12-14T09:00:00", "Bins and paper 2026-12-14T08:00:00"),
            ("2026-12-21T09:00:00", "Bins early 2026-12-21T09:00:00"),
            ("2026-12-28T09:00:00", "cancelled"),
        ])
    );
    assert!(merged.write.contains(&Field::Occurrences) && merged.pull.contains(&Field::Occurrences), "{merged:?}");
    // Carried out on both sides, there is nothing left to do.
    let done = Projection::of(&after);
    let again =
        merge(&done, after.changed_at, &Base { local: done.clone(), remote: done.clone() }, &event(done.clone(), 9), Direction::Both);
    assert!(again.is_empty(), "{again:?}");
}

#[test]
fn a_date_that_outlook_cancelled_is_cancelled_here_and_kept_over_a_source() {
    let agreed = weekly();
    let there = cancelled(&agreed, "2026-12-14T09:00");
    let (typed, merged) = settled(&agreed, &base(&agreed), &Projection::of(&there), Direction::Both);
    assert_eq!((dates_of(&typed), merged.write.is_empty()), (pairs([("2026-12-14T09:00:00", "cancelled")]), true));
    let (sourced, merged) = settled(&agreed, &base(&agreed), &Projection::of(&there), Direction::Source);
    assert_eq!(sourced.kept.cancelled.len(), 1);
    assert_eq!((dates_of(&sourced), merged.write.is_empty()), (pairs([("2026-12-14T09:00:00", "cancelled")]), true));
    // The source moves the hour: the day stays cancelled.
    let moved = Reminder { when: at("2026-12-07T10:30"), ..sourced.clone() };
    assert_eq!(dates_of(&moved), pairs([("2026-12-14T10:30:00", "cancelled")]));
    // And another weekday: there is no such day any more.
    let moved =
        Reminder { when: at("2026-12-08T09:00"), recurrence: Some(Recurrence::of("FREQ=WEEKLY".parse().expect("a rule"))), ..sourced };
    assert!(dates_of(&moved).is_empty());
}

#[test]
fn what_a_source_says_of_a_date_is_put_back() {
    let agreed = renamed(&weekly(), "2026-12-14T09:00", "Bins and paper");
    let there = renamed(&weekly(), "2026-12-14T09:00", "mine");
    let (after, merged) = settled(&agreed, &base(&agreed), &Projection::of(&there), Direction::Source);
    assert_eq!((after, merged.write), (agreed, [Field::Occurrences].into()));
}

#[test]
fn a_conflict_about_one_date_goes_to_the_later_edit() {
    let agreed = weekly();
    let there = cancelled(&agreed, "2026-12-14T09:00");
    for (minutes, wanted) in [(1, "cancelled"), (9, "Bins and paper 2026-12-14T09:00:00")] {
        let mut here = renamed(&agreed, "2026-12-14T09:00", "Bins and paper");
        here.changed_at += Duration::minutes(minutes);
        let (after, merged) = settled(&here, &base(&agreed), &Projection::of(&there), Direction::Both);
        assert_eq!((dates_of(&after), merged.conflicts.len()), (pairs([("2026-12-14T09:00:00", wanted)]), 1));
    }
}

#[test]
fn who_moves_the_series_in_outlook_gets_the_dates_that_outlook_left() {
    let agreed = cancelled(&renamed(&weekly(), "2026-12-14T09:00", "Bins and paper"), "2026-12-28T09:00");
    let there = Projection { when: at("2026-12-07T11:00"), occurrences: Dates::new(), ..Projection::of(&agreed) };
    let (after, merged) = settled(&agreed, &base(&agreed), &there, Direction::Both);
    assert_eq!((after.when, dates_of(&after), merged.write.is_empty()), (at("2026-12-07T11:00"), vec![], true), "{merged:?}");
}

#[test]
fn dates_wiped_by_our_own_move_are_written_again() {
    let agreed = cancelled(&renamed(&weekly(), "2026-12-14T09:00", "Bins and paper"), "2026-12-28T09:00");
    let mut now = Reminder { when: at("2026-12-07T10:00"), ..agreed.clone() };
    now.recurrence = now.recurrence.map(|series| series.moved(&agreed.when, &now.when));
    let sending = Projection::of(&now);
    let place = event(sending.clone(), 1).place;
    let link = Link {
        agreed_local: Some(Projection::of(&agreed)),
        agreed_remote: Some(Projection::of(&agreed)),
        ..Link::creating(Key::main(now.list, now.id), place, 1, sending.clone())
    };
    let wiped = Projection { occurrences: Dates::new(), ..sending.clone() };
    let base = Base::of(&link, &event(wiped.clone(), 5)).expect("a base");
    let (after, merged) = settled(&now, &base, &wiped, Direction::Both);
    assert_eq!((&after, merged.write), (&now, [Field::Occurrences].into()));
    // One who edits a date while they are missing has edited it.
    let edited = Projection { occurrences: Projection::of(&renamed(&weekly(), "2026-12-21T09:00", "Bins early")).occurrences, ..wiped };
    let base = Base::of(&link, &event(edited.clone(), 5)).expect("a base");
    let (after, merged) = settled(&now, &base, &edited, Direction::Both);
    assert_eq!(dates_of(&after).len(), 3, "{after:?}");
    assert!(merged.write.contains(&Field::Occurrences));
}

#[test]
fn what_is_done_or_rings_more_than_once_survives_a_pull() {
    let agreed = with(&weekly(), |series| {
        let own = ChangedOccurrence { done: true, ..ChangedOccurrence::default() };
        series.changed.insert(at("2026-12-14T09:00"), own);
        let own = ChangedOccurrence { alarms: Some(vec![60, 1440]), ..ChangedOccurrence::default() };
        series.changed.insert(at("2026-12-21T09:00"), own);
    });
    let there = Projection { occurrences: Projection::of(&cancelled(&agreed, "2026-12-28T09:00")).occurrences, ..Projection::of(&agreed) };
    let (after, _) = settled(&agreed, &base(&agreed), &there, Direction::Both);
    assert_eq!(after, cancelled(&agreed, "2026-12-28T09:00"));
}

#[test]
fn an_alarm_of_one_date_that_moved_leaves_its_others() {
    let series = Reminder { alarms: vec![-30, 60, 1440], ..weekly() };
    let mut there = Projection::of(&series);
    let key = at("2026-12-14T09:00");
    let own = Projection { alarm: Some(5), ..there.on(&key) };
    there.occurrences.insert(key, OccurrenceProjection::Changed(Box::new(own)));
    let (after, _) = settled(&series, &base(&series), &there, Direction::Both);
    let changed = &after.recurrence.expect("a series").changed[&key];
    assert_eq!(changed.alarms, Some(vec![-30, 5, 1440]));
}

#[test]
fn a_date_that_says_what_its_series_says_is_none() {
    let same = renamed(&weekly(), "2026-12-14T09:00", "Bins");
    assert!(dates_of(&same).is_empty());
    let vienna = Zone::parse("Europe/Vienna").expect("a zone");
    let berlin = Zone::parse("Europe/Berlin").expect("a zone");
    let in_zone = |zone: Zone| {
        let when = |text: &str| When::parse(text, zone).expect(text);
        let mut reminder = Reminder { when: when("2026-12-07T09:00"), ..weekly() };
        reminder.recurrence.as_mut().expect("a series").cancelled.insert(when("2026-12-14T09:00"));
        Projection::of(&reminder)
    };
    assert!(in_zone(vienna).diff_in_meaning(&in_zone(berlin)).is_empty());
}

#[test]
fn one_date_has_a_web_address_of_its_own() {
    let link = |text: &str| Some(text.to_owned());
    let series = Reminder { notes: "Room 3".into(), link: link("https://example.org/all"), ..weekly() };
    let main = Projection::of(&series);
    let own = |change: ChangedOccurrence| {
        let own = change.projection(&at("2026-12-14T09:00"), &series, &main);
        // What its event says is read as what was said of it.
        assert_eq!(ChangedOccurrence::between(&main, &at("2026-12-14T09:00"), &own, None, &[]), change);
        own.body
    };
    let other = ChangedOccurrence { link: Some(link("https://example.org/one")), ..ChangedOccurrence::default() };
    assert_eq!(own(other.clone()), body_of("Room 3", Some("https://example.org/one")));
    assert_eq!(own(ChangedOccurrence { notes: Some("Hall".into()), ..other }), body_of("Hall", Some("https://example.org/one")));
    assert_eq!(own(ChangedOccurrence { link: Some(None), ..ChangedOccurrence::default() }), "Room 3");
    assert_eq!(
        own(ChangedOccurrence { notes: Some("Hall".into()), ..ChangedOccurrence::default() }),
        body_of("Hall", Some("https://example.org/all"))
    );
    assert_eq!(own(ChangedOccurrence::default()), main.body);
    // Of one date whose address somebody changed in Outlook the other dates know nothing.
    let change = ChangedOccurrence { link: Some(None), ..ChangedOccurrence::default() };
    let there = Projection::of(&with(&series, |all| drop(all.changed.insert(at("2026-12-14T09:00"), change.clone()))));
    let (after, _) = settled(&series, &base(&series), &there, Direction::Both);
    let changed = after.recurrence.expect("a series").changed;
    assert_eq!((changed, after.link), ([(at("2026-12-14T09:00"), change)].into(), series.link));
}
