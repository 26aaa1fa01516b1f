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

/// The JSON of a challenge header's base64 text, in whichever base64 it came.
pub fn decode(text: &str) -> Option<String> {
    use base64::Engine;
    use base64::engine::{DecodePaddingMode, GeneralPurpose, GeneralPurposeConfig};
    let config = GeneralPurposeConfig::new().with_decode_padding_mode(DecodePaddingMode::Indifferent);
    [base64::alphabet::STANDARD, base64::alphabet::URL_SAFE]
        .iter()
        .find_map(|alphabet| GeneralPurpose::new(alphabet, config).decode(text.trim()).ok())
        .and_then(|bytes| String::from_utf8(bytes).ok())
        .filter(|json| serde_json::from_str::<Value>(json).is_ok_and(|value| value.is_object()))
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

    #[test]
    fn padded_and_unpadded() {
        assert_eq!(decode("eyJhIjoxfQ==").as_deref(), Some(r#"{"a":1}"#));
        assert_eq!(decode("eyJhIjoxfQ").as_deref(), Some(r#"{"a":1}"#));
        assert_eq!(decode("!!"), None);
    }
}
