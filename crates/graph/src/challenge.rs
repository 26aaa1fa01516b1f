//! Claims challenges: a 401 that says what the next token has to prove
//! (<https://learn.microsoft.com/entra/identity-platform/claims-challenge>).

use http::HeaderMap;
use http::header::WWW_AUTHENTICATE;

/// The base64 text of the `claims` parameter of a Bearer challenge with `error="insufficient_claims"`.
pub fn claims(headers: &HeaderMap) -> Option<String> {
    headers.get_all(WWW_AUTHENTICATE).iter().filter_map(|value| value.to_str().ok()).find_map(|value| {
        let parameters = parameters(value);
        let get = |wanted: &str| parameters.iter().find(|(name, _)| name.eq_ignore_ascii_case(wanted)).map(|(_, value)| value.as_str());
        (get("error") == Some("insufficient_claims")).then(|| get("claims").map(str::to_owned)).flatten()
    })
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
        assert_eq!(read(&[bearer]).as_deref(), Some("eyJhIjoxfQ=="));
        assert_eq!(read(&[r#"Basic realm="a, b=c""#, bearer]).as_deref(), Some("eyJhIjoxfQ=="));
        assert_eq!(read(&[&format!("Negotiate, {bearer}")]).as_deref(), Some("eyJhIjoxfQ=="));
        assert_eq!(read(&[r#"Bearer error="invalid_token", claims="e30=""#]), None);
        assert_eq!(read(&[]), None);
    }
}
