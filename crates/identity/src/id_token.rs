//! Who signed in: the ID token's signature and every claim that matters
//! (<https://learn.microsoft.com/entra/identity-platform/access-tokens#validate-tokens>, OpenID Connect Core 3.1.3.7).

use chrono::{DateTime, Utc};
use jsonwebtoken::jwk::JwkSet;
use jsonwebtoken::{Algorithm, DecodingKey, Validation};
use secrecy::{ExposeSecret, SecretString};
use serde::Deserialize;
use serde_json::Value;

use crate::discovery::Discovery;
use crate::error::IdentityError;

/// Who it is.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Identity {
    /// Tenant id.
    pub tenant: String,
    /// Object id.
    pub object: String,
    /// What to show and to hint with.
    pub login: String,
    /// Display name.
    pub name: String,
}

#[derive(Deserialize)]
struct Claims {
    iss: String,
    exp: i64,
    #[serde(default)]
    nbf: Option<i64>,
    #[serde(default)]
    iat: Option<i64>,
    #[serde(default)]
    nonce: Option<String>,
    #[serde(default)]
    tid: Option<String>,
    #[serde(default)]
    oid: Option<String>,
    #[serde(default)]
    ver: Option<String>,
    #[serde(default)]
    preferred_username: Option<String>,
    #[serde(default)]
    email: Option<String>,
    #[serde(default)]
    name: Option<String>,
}

/// Skew that clocks may have.
const SKEW: i64 = 5 * 60;
/// Beyond this it is the clock, not the token.
const CLOCK_OFF: i64 = 30 * 60;

/// The id of the key that signed a token, if it is signed as Entra signs.
///
/// # Errors
/// It cannot be read, is signed otherwise, or names no key.
pub fn key_id(token: &SecretString) -> Result<String, IdentityError> {
    let bad = IdentityError::IdToken;
    let header = jsonwebtoken::decode_header(token.expose_secret()).map_err(|_| bad("it cannot be read"))?;
    if header.alg != Algorithm::RS256 {
        return Err(bad("it is not signed with RS256"));
    }
    header.kid.ok_or_else(|| bad("it names no key"))
}

/// Checks a token against the key that its header names. Without a nonce the token answers no request of a browser's: a device code.
///
/// # Errors
/// The first check that fails; a clock that is off by more than half an hour has its own.
pub fn check(
    token: &SecretString,
    key: &Value,
    discovery: &Discovery,
    client_id: &str,
    nonce: Option<&str>,
    now: DateTime<Utc>,
) -> Result<Identity, IdentityError> {
    let bad = IdentityError::IdToken;
    let text = token.expose_secret();
    let set: JwkSet = serde_json::from_value(serde_json::json!({"keys": [key]})).map_err(|_| bad("its key cannot be read"))?;
    let jwk = set.keys.first().ok_or_else(|| bad("its key cannot be read"))?;
    let decoding = DecodingKey::from_jwk(jwk).map_err(|_| bad("its key cannot be used"))?;
    let mut validation = Validation::new(Algorithm::RS256);
    validation.set_audience(&[client_id]);
    validation.set_required_spec_claims(&["exp", "iss", "aud"]);
    // Times are compared below, with our own clock.
    validation.validate_exp = false;
    validation.validate_nbf = false;
    let claims =
        jsonwebtoken::decode::<Claims>(text, &decoding, &validation).map_err(|_| bad("its signature or audience is wrong"))?.claims;
    check_times(&claims, now)?;
    check_issuer(&claims, key, discovery)?;
    if nonce.is_some() && claims.nonce.as_deref() != nonce {
        return Err(bad("it answers another sign-in"));
    }
    if claims.ver.as_deref().is_some_and(|version| version != "2.0") {
        return Err(bad("it is of another version"));
    }
    let guid = |value: Option<String>| value.filter(|id| uuid::Uuid::parse_str(id).is_ok()).map(|id| id.to_ascii_lowercase());
    let login = claims.preferred_username.or(claims.email).unwrap_or_default();
    Ok(Identity {
        tenant: guid(claims.tid).ok_or_else(|| bad("it names no tenant"))?,
        object: guid(claims.oid).ok_or_else(|| bad("it names no person"))?,
        name: claims.name.unwrap_or_else(|| login.clone()),
        login,
    })
}

fn check_times(claims: &Claims, now: DateTime<Utc>) -> Result<(), IdentityError> {
    let now = now.timestamp();
    let begin = claims.nbf.or(claims.iat).unwrap_or(now);
    // A token that has just been issued tells the server's time.
    let off = if now < begin { begin - now } else { (now - claims.exp).max(0) };
    match off {
        off if off > CLOCK_OFF => Err(IdentityError::Clock(off)),
        off if off > SKEW => Err(IdentityError::IdToken("it is not valid at this time")),
        _ => Ok(()),
    }
}

/// The issuer has to be the document's with this token's tenant in it, and the key has to be one that may sign for it.
fn check_issuer(claims: &Claims, key: &Value, discovery: &Discovery) -> Result<(), IdentityError> {
    let tenant = claims.tid.as_deref();
    let of_key = key.get("issuer").and_then(Value::as_str);
    let key_fits = of_key.is_none_or(|issuer| match tenant {
        Some(tenant) => issuer.replace("{tenantid}", tenant) == claims.iss,
        None => issuer == claims.iss,
    });
    // The document of `common` is a template; that of `consumers` names the consumer tenant.
    if key_fits && discovery.accepts_issuer(&claims.iss, tenant) {
        Ok(())
    } else {
        Err(IdentityError::IdToken("it comes from another issuer"))
    }
}
