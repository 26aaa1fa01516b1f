//! The endpoints of a cloud, read from its discovery document
//! (OpenID Connect Discovery 1.0; <https://learn.microsoft.com/entra/identity-platform/v2-protocols-oidc>).

use belfry_core::Cloud;
use belfry_http::{HttpClient, HttpError};
use bytes::Bytes;
use http::StatusCode;
use serde::Deserialize;
use serde::de::DeserializeOwned;

use crate::codes::Class;
use crate::error::{IdentityError, Refusal};

/// Endpoints.
#[derive(Debug, Clone, PartialEq, Eq, Deserialize)]
pub struct Discovery {
    /// May hold the literal `{tenantid}`: then the ID token's own tenant goes there.
    pub issuer: String,
    /// Where the browser goes.
    pub authorization_endpoint: String,
    /// Where codes and refresh tokens go.
    pub token_endpoint: String,
    /// Where the keys are.
    pub jwks_uri: String,
    /// Where device codes come from, if the server gives any.
    #[serde(default)]
    pub device_authorization_endpoint: Option<String>,
    /// Whether replies carry `iss` (RFC 9207). Entra does not say so and does not send it.
    #[serde(default)]
    pub authorization_response_iss_parameter_supported: bool,
}

impl Discovery {
    /// Reads the document of `tenant` (`common`, `organizations`, `consumers` or a tenant id).
    ///
    /// # Errors
    /// No answer, or one that is no discovery document of this cloud.
    pub async fn fetch(http: &dyn HttpClient, cloud: &Cloud, tenant: &str) -> Result<Self, IdentityError> {
        let url = format!("{}/{tenant}/v2.0/.well-known/openid-configuration", cloud.authority);
        let document: Option<Self> = get_json(http, &url).await?;
        let is_safe = |document: &Self| {
            let all = [&document.authorization_endpoint, &document.token_endpoint, &document.jwks_uri];
            all.into_iter().chain(&document.device_authorization_endpoint).all(|endpoint| belfry_http::is_safe(endpoint))
        };
        document.filter(is_safe).ok_or_else(|| IdentityError::Unreadable { host: cloud.authority.clone() })
    }

    /// Whether `issuer` is one that this document stands for.
    #[must_use]
    pub fn accepts_issuer(&self, issuer: &str, tenant: Option<&str>) -> bool {
        match (self.issuer.split_once("{tenantid}"), tenant) {
            (None, _) => self.issuer == issuer,
            (Some((before, after)), Some(tenant)) => issuer == format!("{before}{tenant}{after}"),
            (Some((before, after)), None) => issuer
                .strip_prefix(before)
                .and_then(|rest| rest.strip_suffix(after))
                .is_some_and(|tenant| uuid::Uuid::parse_str(tenant).is_ok()),
        }
    }
}

/// Fetches a public document; nothing when what answers is no such document. A tenant that does not exist is refused here already, in the words of the token endpoint.
pub(crate) async fn get_json<T: DeserializeOwned>(http: &dyn HttpClient, url: &str) -> Result<Option<T>, IdentityError> {
    let request = http::Request::get(url).header("Accept", "application/json").body(Bytes::new());
    let response = http.send(request.map_err(|error| HttpError::Malformed(Box::new(error)))?).await?;
    let status = response.status();
    if status.is_success() {
        return Ok(serde_json::from_slice(response.body()).ok());
    }
    let refusal: Refusal = serde_json::from_slice(response.body()).unwrap_or_default();
    if status == StatusCode::TOO_MANY_REQUESTS || status.is_server_error() {
        return Err(IdentityError::Refused(Class::Passing, refusal));
    }
    if refusal.number().is_some() { Err(IdentityError::of(refusal)) } else { Ok(None) }
}
