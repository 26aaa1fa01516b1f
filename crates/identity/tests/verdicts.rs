//! Every error body of the table falls into its class, and every number that the client knows is in the table. The same file is held against MSAL in
//! `tests/interop`.

#![allow(clippy::expect_used, clippy::panic, reason = "a test that cannot be set up ends here")]

use std::collections::BTreeSet;

use belfry_identity::{Class, IdentityError, Refusal, codes};
use serde::Deserialize;

#[derive(Deserialize)]
struct Row {
    name: String,
    body: serde_json::Value,
    class: Class,
}

fn table() -> Vec<Row> {
    serde_json::from_str(include_str!("../../../tests/interop/verdicts.json")).expect("a table")
}

fn refusal(row: &Row) -> Refusal {
    serde_json::from_value(row.body.clone()).expect("a body")
}

#[test]
fn every_body_falls_into_its_class() {
    let wrong: Vec<String> = table()
        .iter()
        .filter(|row| Class::of(&refusal(row)) != row.class)
        .map(|row| format!("{}: {:?}, not {:?}", row.name, Class::of(&refusal(row)), row.class))
        .collect();
    assert!(wrong.is_empty(), "{wrong:#?}");
}

#[test]
fn every_number_that_is_known_is_in_the_table() {
    let tested: BTreeSet<u32> = table().iter().filter_map(|row| refusal(row).number()).collect();
    let known: Vec<u32> = codes::all().map(|(number, _)| number).collect();
    let unique: BTreeSet<u32> = known.iter().copied().collect();
    assert_eq!(known.len(), unique.len(), "a number is in two rows");
    assert_eq!(unique.difference(&tested).collect::<Vec<_>>(), Vec::<&u32>::new());
}

#[test]
fn every_refusal_has_its_sentence_and_its_number_and_no_word_of_the_server() {
    for row in table() {
        let refusal = refusal(&row);
        let problem = IdentityError::of(refusal.clone()).problem("ada@contoso.example");
        assert!(problem.detail.ends_with('.') && !problem.action.is_empty(), "{}: {problem:?}", row.name);
        assert!(!problem.detail.contains("as the service words it"), "{}: {problem:?}", row.name);
        let says = refusal.number().is_none_or(|number| problem.detail.contains(&format!("AADSTS{number}")));
        assert!(says || row.class == Class::Cancelled, "{}: {problem:?}", row.name);
    }
}
