//! A short name for a value: equal values have equal fingerprints, on every computer and in every release of one projection version.

use std::fmt;

use serde::{Deserialize, Serialize};
use sha2::{Digest, Sha256};

use crate::projection::Projection;

/// 128 bits of SHA-256 over the canonical JSON, in hexadecimal.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(transparent)]
pub struct Fingerprint(pub String);

impl Fingerprint {
    /// Of a projection.
    #[must_use]
    pub fn of(projection: &Projection) -> Self {
        // Struct fields serialise in order and the maps are sorted, so the text is canonical. It cannot fail: no map has a non-text key.
        Self::of_bytes(&serde_json::to_vec(projection).unwrap_or_default())
    }

    /// Of bytes.
    #[must_use]
    pub fn of_bytes(bytes: &[u8]) -> Self {
        let digest = Sha256::digest(bytes);
        Self(digest.iter().take(16).map(|byte| format!("{byte:02x}")).collect())
    }
}

impl fmt::Display for Fingerprint {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0)
    }
}
