//! Every check of an ID token, each with a token that is right but for that one thing.

#![allow(clippy::expect_used, clippy::panic, reason = "a test that cannot be set up ends here")]

use aws_lc_rs::encoding::{AsDer, Pkcs8V1Der};
use aws_lc_rs::rsa::{KeyPair, KeySize};
use belfry_identity::{Discovery, IdentityError, id_token};
use chrono::{DateTime, Utc};
use jsonwebtoken::jwk::Jwk;
use jsonwebtoken::{Algorithm, EncodingKey, Header};
use secrecy::SecretString;
use serde_json::{Value, json};

const TENANT: &str = "72f988bf-86f1-41af-91ab-2d7cd011db47";
const CONSUMERS: &str = "9188040d-6c67-4c5b-b112-36a304b66dad";
const OBJECT: &str = "00000000-0000-0000-66f3-3332eca7ea81";
const HOST: &str = "https://login.microsoftonline.com";

/// Length of the PKCS#8 header before the PKCS#1 key of 2048 bits.
const PKCS8_HEADER: usize = 26;

struct Issuer {
    key: EncodingKey,
}

impl Issuer {
    fn new() -> Self {
        let pair = KeyPair::generate(KeySize::Rsa2048).expect("a key");
        let der: Pkcs8V1Der<'_> = pair.as_der().expect("a key");
        Self { key: EncodingKey::from_rsa_der(der.as_ref().get(PKCS8_HEADER..).expect("a body")) }
    }

    /// As a JWKS document has it: no `alg`, but an issuer.
    fn public(&self, issuer: &str) -> Value {
        let mut jwk = Jwk::from_encoding_key(&self.key, Algorithm::RS256).expect("a public key");
        jwk.common.key_algorithm = None;
        let mut value = serde_json::to_value(jwk).expect("json");
        value["kid"] = json!("k1");
        value["issuer"] = json!(issuer);
        value
    }

    fn sign(&self, claims: &Value) -> SecretString {
        let mut header = Header::new(Algorithm::RS256);
        header.kid = Some("k1".into());
        SecretString::from(jsonwebtoken::encode(&header, claims, &self.key).expect("a token"))
    }
}

fn now() -> DateTime<Utc> {
    DateTime::from_timestamp(1_800_000_000, 0).expect("a time")
}

fn claims() -> Value {
    json!({
        "aud": "client", "iss": format!("{HOST}/{TENANT}/v2.0"), "iat": 1_799_999_900, "nbf": 1_799_999_900, "exp": 1_800_003_800_i64,
        "nonce": "n", "tid": TENANT, "oid": OBJECT, "ver": "2.0", "preferred_username": "ada@contoso.example", "name": "Ada",
    })
}

fn discovery(issuer: &str) -> Discovery {
    let document = json!({
        "issuer": issuer, "authorization_endpoint": format!("{HOST}/a"), "token_endpoint": format!("{HOST}/t"), "jwks_uri": format!("{HOST}/k"),
    });
    serde_json::from_value(document).expect("a document")
}

fn template() -> String {
    format!("{HOST}/{{tenantid}}/v2.0")
}

fn check(token: &SecretString, key: &Value, at: DateTime<Utc>) -> Result<id_token::Identity, IdentityError> {
    id_token::check(token, key, &discovery(&template()), "client", Some("n"), at)
}

#[test]
fn a_good_token_says_who_it_is() {
    let issuer = Issuer::new();
    let identity = check(&issuer.sign(&claims()), &issuer.public(&template()), now()).expect("good");
    assert_eq!((identity.tenant.as_str(), identity.object.as_str(), identity.login.as_str()), (TENANT, OBJECT, "ada@contoso.example"));
    let own_tenant = discovery(&format!("{HOST}/{TENANT}/v2.0"));
    let token = issuer.sign(&claims());
    assert!(id_token::check(&token, &issuer.public(&template()), &own_tenant, "client", Some("n"), now()).is_ok());
    // A device code has no nonce to compare with.
    assert!(id_token::check(&token, &issuer.public(&template()), &own_tenant, "client", None, now()).is_ok());
}

#[test]
fn one_wrong_claim_is_enough() {
    let issuer = Issuer::new();
    let key = issuer.public(&template());
    for (name, value) in [
        ("aud", json!("another client")),
        ("iss", json!(format!("{HOST}/{CONSUMERS}/v2.0"))),
        ("iss", json!(format!("https://login.example.org/{TENANT}/v2.0"))),
        ("iss", json!(format!("{HOST}/{TENANT}/v2.0/"))),
        ("tid", json!("contoso")),
        ("tid", json!(CONSUMERS)),
        ("tid", Value::Null),
        ("oid", Value::Null),
        ("oid", json!("ada")),
        ("nonce", json!("another")),
        ("nonce", Value::Null),
        ("ver", json!("1.0")),
        ("exp", json!(1_799_999_600)),
        ("nbf", json!(1_800_000_400)),
    ] {
        let mut claims = claims();
        claims[name] = value.clone();
        let result = check(&issuer.sign(&claims), &key, now());
        assert!(matches!(result, Err(IdentityError::IdToken(_))), "{name} = {value}: {result:?}");
    }
}

#[test]
fn skew_is_forgiven_and_a_wrong_clock_is_named() {
    let issuer = Issuer::new();
    let (token, key) = (issuer.sign(&claims()), issuer.public(&template()));
    for (minutes, good) in [(-6, true), (-8, false), (67, true), (69, false)] {
        assert_eq!(check(&token, &key, now() + chrono::Duration::minutes(minutes)).is_ok(), good, "{minutes}");
    }
    for hours in [-5, 7, 24 * 365] {
        let result = check(&token, &key, now() + chrono::Duration::hours(hours));
        assert!(matches!(result, Err(IdentityError::Clock(_))), "{hours}: {result:?}");
    }
}

#[test]
fn a_key_signs_for_its_own_issuer_only() {
    let issuer = Issuer::new();
    let consumers = format!("{HOST}/{CONSUMERS}/v2.0");
    let token = issuer.sign(&claims());
    assert!(check(&token, &issuer.public(&consumers), now()).is_err());
    let mut personal = claims();
    personal["iss"] = json!(consumers);
    personal["tid"] = json!(CONSUMERS);
    let token = issuer.sign(&personal);
    assert!(check(&token, &issuer.public(&consumers), now()).is_ok());
    let of_consumers = discovery(&consumers);
    assert!(id_token::check(&token, &issuer.public(&consumers), &of_consumers, "client", Some("n"), now()).is_ok());
    assert!(id_token::check(&issuer.sign(&claims()), &issuer.public(&template()), &of_consumers, "client", Some("n"), now()).is_err());
}

#[test]
fn signatures_and_algorithms() {
    let (issuer, stranger) = (Issuer::new(), Issuer::new());
    let key = issuer.public(&template());
    assert!(check(&stranger.sign(&claims()), &key, now()).is_err());
    let good = issuer.sign(&claims());
    let text = secrecy::ExposeSecret::expose_secret(&good).to_owned();
    let [head, body, _] = text.split('.').collect::<Vec<_>>()[..] else { panic!("three parts") };
    let encode = |value: &Value| base64::Engine::encode(&base64::engine::general_purpose::URL_SAFE_NO_PAD, value.to_string());
    // No signature at all, said and unsaid; the public key as the secret of an HMAC; a key that is not named.
    for token in [
        format!("{}.{body}.", encode(&json!({"alg": "none", "kid": "k1"}))),
        format!("{head}.{body}."),
        format!("{}.{body}.x", encode(&json!({"alg": "RS512", "kid": "k1"}))),
        format!("{}.{body}.x", encode(&json!({"alg": "RS256"}))),
        "not a token".to_owned(),
    ] {
        let token = SecretString::from(token);
        let result = id_token::key_id(&token).and_then(|_| check(&token, &key, now()).map(drop));
        assert!(matches!(result, Err(IdentityError::IdToken(_))), "{result:?}");
    }
    let modulus = key["n"].as_str().expect("a modulus").as_bytes();
    let mut header = Header::new(Algorithm::HS256);
    header.kid = Some("k1".into());
    let forged = jsonwebtoken::encode(&header, &claims(), &EncodingKey::from_secret(modulus)).expect("a token");
    assert!(id_token::key_id(&SecretString::from(forged)).is_err());
}
