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
