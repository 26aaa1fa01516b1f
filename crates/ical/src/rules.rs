//! Repeat rules as files spell them (RFC 5545 section 3.3.10), and what of the spelling programs get wrong.

use belfry_core::rule::BadRule;
use belfry_core::{Rule, When, expand};

use crate::shifted::far;

/// The most dates that are counted to see which of two ends comes first.
const MOST_COUNTED: usize = 20_000;

/// Reads a rule. `COUNT` beside `UNTIL`, which the standard forbids, leaves the series with the earlier end of the two.
///
/// # Errors
/// It is no rule.
pub fn read(text: &str, start: &When) -> Result<Rule, BadRule> {
    let parts: Vec<String> = text.split(';').map(str::trim).filter(|part| !is_usual(part)).map(plainly_ended).collect();
    let without =
        |name: &str| parts.iter().filter(|part| !is(part, name)).map(String::as_str).collect::<Vec<_>>().join(";").parse::<Rule>();
    if !(parts.iter().any(|part| is(part, "COUNT")) && parts.iter().any(|part| is(part, "UNTIL"))) {
        return parts.join(";").parse();
    }
    let (counted, dated) = (without("UNTIL")?, without("COUNT")?);
    if !expand::is_expanded(&dated, start) {
        return Err(BadRule::TwoEnds);
    }
    let dates = |rule: &Rule| expand::starts(rule, start, far()).take(MOST_COUNTED).count();
    Ok(if dates(&counted) < dates(&dated) { counted } else { dated })
}

fn is(part: &str, name: &str) -> bool {
    part.split_once('=').is_some_and(|(own, _)| own.trim().eq_ignore_ascii_case(name))
}

/// The parts of RFC 7529 that say what is so anyhow.
fn is_usual(part: &str) -> bool {
    ["RSCALE=GREGORIAN", "SKIP=OMIT"].iter().any(|usual| part.eq_ignore_ascii_case(usual))
}

/// `UNTIL=2027-04-01T09:00:00Z` without the marks that content lines have none of.
fn plainly_ended(part: &str) -> String {
    if is(part, "UNTIL") { part.replace(['-', ':'], "") } else { part.to_owned() }
}

#[cfg(test)]
mod tests {
    use belfry_core::Zone;

    use super::*;

    #[test]
    fn spellings_that_programs_get_wrong() {
        let start = When::parse("2027-03-01T09:00", Zone::UTC).expect("a time");
        for (text, rule) in [
            (" FREQ=WEEKLY; BYDAY=SA; COUNT=4", "FREQ=WEEKLY;COUNT=4;BYDAY=SA"),
            ("FREQ=DAILY;UNTIL=2027-04-01", "FREQ=DAILY;UNTIL=20270401"),
            ("FREQ=DAILY;UNTIL=2027-04-01T09:00:00Z", "FREQ=DAILY;UNTIL=20270401T090000Z"),
            ("FREQ=DAILY;COUNT=3;UNTIL=20270401T090000Z", "FREQ=DAILY;COUNT=3"),
            ("FREQ=DAILY;COUNT=300;UNTIL=20270401T090000Z", "FREQ=DAILY;UNTIL=20270401T090000Z"),
            ("RSCALE=GREGORIAN;FREQ=DAILY;SKIP=OMIT", "FREQ=DAILY"),
        ] {
            assert_eq!(read(text, &start).map(|rule| rule.to_string()).as_deref(), Ok(rule), "{text}");
        }
        for text in ["FREQ=DAILY;COUNT=x;UNTIL=20270401", "", "FREQ=SOON"] {
            assert!(read(text, &start).is_err(), "{text}");
        }
    }
}
