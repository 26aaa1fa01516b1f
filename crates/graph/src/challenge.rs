//! Claims challenges: a 401 that says what the next token has to prove
//! (<https://learn.microsoft.com/entra/identity-platform/claims-challenge>).

use http::HeaderMap;
use http::header::WWW_AUTHENTICATE;
use serde_json::Value;

/// The claims (JSON) of a Bearer challenge with `error="insufficient_claims"`.
pub fn claims(headers: &HeaderMap) -> Option<String> {
    let text = headers.get_all(WWW_AUTHENTICATE).iter().filter_map(|value| value.to_str().ok()).find_map(|value| {
        let parameters = parameters(value);
        let get = |wanted: &str| parameters.iter().find(|(name, _)| name.eq_ignore_ascii_case(wanted)).map(|(_, value)| value.as_str());
        (get("error") == Some("insufficient_claims")).then(|| get("claims").map(str::to_owned)).flatten()
    });
    text.as_deref().and_then(decode)
}

/// The JSON of a challenge header's base64 text, in whichever base64 it came.
fn decode(text: &str) -> Option<String> {
    use base64::Engine;
    use base64::engine::{DecodePaddingMode, GeneralPurpose, GeneralPurposeConfig};
    let config = GeneralPurposeConfig::new().with_decode_padding_mode(DecodePaddingMode::Indifferent);
    [base64::alphabet::STANDARD, base64::alphabet::URL_SAFE]
        .iter()
        .find_map(|alphabet| GeneralPurpose::new(alphabet, config).decode(text.trim()).ok())
        .and_then(|bytes| String::from_utf8(bytes).ok())
        .filter(|json| serde_json::from_str::<Value>(json).is_ok_and(|value| value.is_object()))
}

/// All `name=value` pairs of a header, quoted strings kept whole (RFC 9110 section 11.6.1): values hold commas and `=` padding.
fn parameters(header: &str) -> Vec<(String, String)> {
    let mut out = Vec::new();
    let mut rest = header;
    while let Some(at) = rest.find('=') {
        let name = rest.get(..at).unwrap_or_default().rsplit([' ', ',', '\t']).next().unwrap_or_default().to_owned();
        let after = rest.get(at + 1..).unwrap_or_default().trim_start();
        let (value, next) = match after.strip_prefix('"') {
            Some(quoted) => unquote(quoted),
            None => {
                let end = after.find([',', ' ']).unwrap_or(after.len());
                (after.get(..end).unwrap_or_default().to_owned(), after.get(end..).unwrap_or_default())
            }
        };
        out.push((name, value));
        rest = next;
    }
    out
}

fn unquote(text: &str) -> (String, &str) {
    let mut value = String::new();
    let mut chars = text.char_indices();
    while let Some((at, c)) = chars.next() {
        match c {
            '"' => return (value, text.get(at + 1..).unwrap_or_default()),
            '\\' => value.extend(chars.next().map(|(_, escaped)| escaped)),
            other => value.push(other),
        }
    }
    (value, "")
}

#[cfg(test)]
mod tests {
    use super::*;

    fn read(values: &[&str]) -> Option<String> {
        let mut headers = HeaderMap::new();
        for value in values {
            headers.append(WWW_AUTHENTICATE, value.parse().expect("a header"));
        }
        claims(&headers)
    }

    #[test]
    fn padding_commas_and_several_schemes() {
        let bearer = r#"Bearer realm="", authorization_uri="https://login.example/common/oauth2/authorize?a=b,c", error="insufficient_claims", claims="eyJhIjoxfQ==""#;
        let claims = Some(r#"{"a":1}"#);
        assert_eq!(read(&[bearer]).as_deref(), claims);
        assert_eq!(read(&[r#"Basic realm="a, b=c""#, bearer]).as_deref(), claims);
        assert_eq!(read(&[&format!("Negotiate, {bearer}")]).as_deref(), claims);
        assert_eq!(read(&[r#"Bearer error="invalid_token", claims="e30=""#]), None);
        assert_eq!(read(&[]), None);
    }

    #[test]
    fn padded_and_unpadded() {
        assert_eq!(decode("eyJhIjoxfQ==").as_deref(), Some(r#"{"a":1}"#));
        assert_eq!(decode("eyJhIjoxfQ").as_deref(), Some(r#"{"a":1}"#));
        assert_eq!(decode("!!"), None);
    }
}
