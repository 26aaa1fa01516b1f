//! The `claims` parameter: what this client can do, and what a challenge asks for.

use serde_json::{Value, json};

/// What every request says: this client understands claims challenges
/// (<https://learn.microsoft.com/entra/identity-platform/claims-challenge>).
fn capabilities() -> Value {
    json!({"access_token": {"xms_cc": {"values": ["cp1"]}}})
}

/// The parameter's text, with the claims of a challenge merged in. Claims that are no JSON object are left out.
pub fn parameter(challenge: Option<&str>) -> String {
    let mut all = capabilities();
    if let Some(Value::Object(asked)) = challenge.and_then(|text| serde_json::from_str(text).ok()) {
        for (part, members) in asked {
            match (all.get_mut(&part).and_then(Value::as_object_mut), members) {
                (Some(known), Value::Object(members)) => known.extend(members),
                (_, members) => all[&part] = members,
            }
        }
    }
    all.to_string()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_challenge_is_merged_with_what_we_can() {
        let text = parameter(Some(r#"{"access_token":{"nbf":{"essential":true,"value":"1"}}}"#));
        assert_eq!(text, r#"{"access_token":{"nbf":{"essential":true,"value":"1"},"xms_cc":{"values":["cp1"]}}}"#);
        assert_eq!(parameter(Some("not json")), parameter(None));
    }
}
