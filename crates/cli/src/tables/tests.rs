//! What the tables say.

use belfry_core::Problem;
use belfry_sync::{Outcome, PlannedAccount};

use super::*;

#[test]
fn an_empty_plan_beside_a_refused_change_is_no_agreement() {
    let planned = |problems| SyncDocument::Planned {
        outcome: Outcome::Planned,
        accounts: vec![PlannedAccount { account: "a".into(), calendars: vec![] }],
        problems,
    };
    assert_eq!(sync(&planned(vec![])), "Nothing to do: Outlook and this computer agree.");
    let refused =
        Problem::new(ProblemCode::EventRefused, "Not written to Outlook", "1 reminder of `Home` is not in Outlook as it is here.", "");
    let said = sync(&planned(vec![refused]));
    assert!(said.contains("did not take") && !said.contains("agree"), "{said}");
}

#[test]
fn one_conflict_is_one() {
    let calendar = |conflicts| belfry_sync::CalendarReport { name: "Belfry".into(), conflicts, requests: 1, ..Default::default() };
    assert_eq!(calendar_line(&calendar(1)), "Belfry: 1 conflict (1 request, 0 ms)");
    assert_eq!(calendar_line(&calendar(2)), "Belfry: 2 conflicts (1 request, 0 ms)");
}

#[test]
fn a_copy_is_told_with_the_zone_of_its_time() {
    let copy = DuplicateDocument {
        id: String::new(),
        list: Some("Home".into()),
        title: "Rent".into(),
        start: "2026-12-03T17:00:00".into(),
        zone: Some("Asia/Tokyo"),
        event_id: String::new(),
        calendar: "Belfry".into(),
        kept_event_id: String::new(),
        kept_title: "Rent".into(),
        differs: vec!["time zone"],
        removed: false,
    };
    let said = duplicates(&[copy]);
    assert!(said.starts_with("copy  Home  2026-12-03T17:00:00 Asia/Tokyo  Rent  in Belfry  other time zone than `Rent`"), "{said}");
}
