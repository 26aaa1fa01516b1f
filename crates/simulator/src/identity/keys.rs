//! The key that signs ID tokens. One per process: making one takes a while, and nobody keeps an ID token.

use std::sync::{Arc, OnceLock};

use aws_lc_rs::encoding::{AsDer, Pkcs8V1Der};
use aws_lc_rs::rsa::{KeyPair, KeySize};
use jsonwebtoken::jwk::{Jwk, JwkSet, PublicKeyUse};
use jsonwebtoken::{Algorithm, EncodingKey, Header};
use serde_json::Value;

/// An RSA key with its public half as JWKS.
pub struct SigningKey {
    id: String,
    encoding: EncodingKey,
    public: Option<Jwk>,
}

/// Length of the PKCS#8 header before the PKCS#1 key of 2048 to 8192 bits.
const PKCS8_HEADER: usize = 26;

impl SigningKey {
    /// The key of this process.
    pub fn shared() -> Arc<Self> {
        static KEY: OnceLock<Arc<SigningKey>> = OnceLock::new();
        Arc::clone(KEY.get_or_init(|| Arc::new(Self::make())))
    }

    /// A new key.
    pub fn make() -> Self {
        let id = format!("practice-key-{}", uuid::Uuid::new_v4().simple());
        let der: Vec<u8> = KeyPair::generate(KeySize::Rsa2048)
            .ok()
            .and_then(|pair| AsDer::<Pkcs8V1Der<'_>>::as_der(&pair).ok().map(|der| der.as_ref().to_vec()))
            .unwrap_or_default();
        let encoding = EncodingKey::from_rsa_der(der.get(PKCS8_HEADER..).unwrap_or_default());
        let public = Jwk::from_encoding_key(&encoding, Algorithm::RS256).ok().map(|mut jwk| {
            jwk.common.key_id = Some(id.clone());
            jwk.common.public_key_use = Some(PublicKeyUse::Signature);
            // Entra's keys carry no `alg`.
            jwk.common.key_algorithm = None;
            jwk
        });
        Self { id, encoding, public }
    }

    /// The JWKS document; each key names its issuer template, as Entra's do.
    pub fn jwks(&self, issuer: &str) -> Value {
        let set = JwkSet { keys: self.public.iter().cloned().collect() };
        let mut value = serde_json::to_value(set).unwrap_or_default();
        for key in value.get_mut("keys").and_then(Value::as_array_mut).into_iter().flatten() {
            key["issuer"] = Value::from(issuer);
        }
        value
    }

    /// Signs claims.
    pub fn sign(&self, claims: &Value) -> String {
        let mut header = Header::new(Algorithm::RS256);
        header.kid = Some(self.id.clone());
        jsonwebtoken::encode(&header, claims, &self.encoding).unwrap_or_default()
    }
}
