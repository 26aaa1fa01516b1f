//! The token endpoint, through the oauth2 crate over our own HTTP port.

use std::sync::Arc;
use std::time::Duration;

use belfry_core::Clock;
use belfry_http::{HttpClient, HttpError};
use bytes::Bytes;
use chrono::{DateTime, Utc};
use futures::future::BoxFuture;
use oauth2::basic::{BasicRevocationErrorResponse, BasicTokenIntrospectionResponse, BasicTokenType};
use oauth2::{
    AsyncHttpClient, AuthUrl, AuthorizationCode, Client, ClientId, DeviceAuthorizationUrl, DeviceCodeErrorResponseType, EndpointNotSet,
    EndpointSet, ExtraTokenFields, HttpRequest, HttpResponse, PkceCodeVerifier, RedirectUrl, RefreshToken, RequestTokenError, Scope,
    StandardDeviceAuthorizationResponse, StandardRevocableToken, StandardTokenResponse, TokenResponse, TokenUrl,
};
use secrecy::{ExposeSecret, SecretString};
use serde::{Deserialize, Serialize};

use crate::claims;
use crate::codes::Class;
use crate::discovery::Discovery;
use crate::error::{IdentityError, Refusal};

/// Tokens of one reply.
pub struct Tokens {
    /// For Graph.
    pub access_token: SecretString,
    /// The next refresh token, when the reply has one.
    pub refresh_token: Option<SecretString>,
    /// Who signed in, when asked.
    pub id_token: Option<SecretString>,
    /// When the access token ends.
    pub expires_at: DateTime<Utc>,
    /// When the server would like it renewed.
    pub refresh_at: Option<DateTime<Utc>>,
    /// What was granted; empty when the server did not say.
    pub scopes: Vec<String>,
}

#[derive(Serialize, Deserialize)]
pub struct MicrosoftFields {
    #[serde(default)]
    id_token: Option<String>,
    #[serde(default)]
    refresh_in: Option<u64>,
}

impl std::fmt::Debug for MicrosoftFields {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str("MicrosoftFields(..)")
    }
}

impl ExtraTokenFields for MicrosoftFields {}

type Reply = StandardTokenResponse<MicrosoftFields, BasicTokenType>;
pub type EntraClient = Client<
    Refusal,
    Reply,
    BasicTokenIntrospectionResponse,
    StandardRevocableToken,
    BasicRevocationErrorResponse,
    EndpointSet,
    EndpointNotSet,
    EndpointNotSet,
    EndpointNotSet,
    EndpointSet,
>;

/// A public client: no secret, PKCE instead.
pub fn client(discovery: &Discovery, client_id: &str, redirect_uri: Option<&str>) -> Result<EntraClient, IdentityError> {
    let unreadable = |_| IdentityError::Unreadable { host: discovery.token_endpoint.clone() };
    let client = Client::new(ClientId::new(client_id.to_owned()))
        .set_auth_uri(AuthUrl::new(discovery.authorization_endpoint.clone()).map_err(unreadable)?)
        .set_token_uri(TokenUrl::new(discovery.token_endpoint.clone()).map_err(unreadable)?);
    match redirect_uri {
        Some(uri) => Ok(client.set_redirect_uri(RedirectUrl::new(uri.to_owned()).map_err(unreadable)?)),
        None => Ok(client),
    }
}

/// The port in the form that oauth2 wants. A busy server's answer never reaches oauth2, which would drop its status.
struct Port(Arc<dyn HttpClient>);

#[derive(Debug, thiserror::Error)]
enum PortError {
    #[error(transparent)]
    Http(#[from] HttpError),
    #[error("busy ({status})")]
    Busy { status: u16, body: Bytes },
}

impl<'c> AsyncHttpClient<'c> for Port {
    type Error = PortError;
    type Future = BoxFuture<'c, Result<HttpResponse, PortError>>;

    fn call(&'c self, request: HttpRequest) -> Self::Future {
        let port = Arc::clone(&self.0);
        Box::pin(async move {
            let response = port.send(request.map(Bytes::from)).await?;
            let status = response.status();
            if status == http::StatusCode::TOO_MANY_REQUESTS || status.is_server_error() {
                return Err(PortError::Busy { status: status.as_u16(), body: response.into_body() });
            }
            Ok(response.map(|body| body.to_vec()))
        })
    }
}

/// What a code is redeemed with.
pub struct Redeem {
    pub code: String,
    pub verifier: PkceCodeVerifier,
    pub redirect_uri: String,
    pub scopes: Vec<String>,
    pub claims: Option<String>,
}

/// Redeems an authorization code.
pub async fn redeem(
    http: &Arc<dyn HttpClient>,
    discovery: &Discovery,
    client_id: &str,
    wish: Redeem,
    now: DateTime<Utc>,
) -> Result<Tokens, IdentityError> {
    let port = Port(Arc::clone(http));
    let client = client(discovery, client_id, Some(&wish.redirect_uri))?;
    let reply = client
        .exchange_code(AuthorizationCode::new(wish.code))
        .set_pkce_verifier(wish.verifier)
        .add_extra_param("scope", wish.scopes.join(" "))
        .add_extra_param("client_info", "1")
        .add_extra_param("claims", claims::parameter(wish.claims.as_deref()))
        .request_async(&port)
        .await;
    reply.map(|reply| tokens(&reply, now)).map_err(|error| failure(error, discovery))
}

/// A code that waits for a person.
pub type DeviceCode = StandardDeviceAuthorizationResponse;

/// Asks for a device code.
pub async fn device_code(
    http: &Arc<dyn HttpClient>,
    discovery: &Discovery,
    client_id: &str,
    scopes: &[String],
) -> Result<DeviceCode, IdentityError> {
    let port = Port(Arc::clone(http));
    let no_codes = || IdentityError::Unreadable { host: discovery.token_endpoint.clone() };
    let url = discovery.device_authorization_endpoint.clone().ok_or_else(no_codes)?;
    let url = DeviceAuthorizationUrl::new(url).map_err(|_| no_codes())?;
    let client = client(discovery, client_id, None)?.set_device_authorization_url(url);
    let reply = client.exchange_device_code().add_scopes(scopes.iter().cloned().map(Scope::new)).request_async(&port).await;
    reply.map_err(|error| failure(error, discovery))
}

/// Waits until the person has typed the code.
pub async fn redeem_device(
    http: &Arc<dyn HttpClient>,
    discovery: &Discovery,
    client_id: &str,
    code: &DeviceCode,
    clock: &Arc<dyn Clock>,
    patience: Duration,
) -> Result<Tokens, IdentityError> {
    let port = Port(Arc::clone(http));
    let client = client(discovery, client_id, None)?;
    let time = Arc::clone(clock);
    let reply = client
        .exchange_device_access_token(code)
        .set_time_fn(move || time.now())
        .add_extra_param("client_info", "1")
        .add_extra_param("claims", claims::parameter(None))
        .request_async(&port, tokio::time::sleep, Some(patience))
        .await;
    match reply {
        Ok(reply) => Ok(tokens(&reply, clock.now())),
        // Ours or the server's patience: either way nobody typed the code.
        Err(RequestTokenError::ServerResponse(refusal)) if *refusal.error() == DeviceCodeErrorResponseType::ExpiredToken => {
            Err(IdentityError::TimedOut)
        }
        Err(RequestTokenError::ServerResponse(refusal)) => {
            let description = refusal.error_description().cloned();
            Err(IdentityError::of(Refusal { error: refusal.error().to_string(), description, ..Refusal::default() }.logged()))
        }
        Err(RequestTokenError::Request(PortError::Http(error))) => Err(IdentityError::Http(error)),
        Err(_) => Err(IdentityError::Unreadable { host: discovery.token_endpoint.clone() }),
    }
}

/// Uses a refresh token.
pub async fn refresh(
    http: &Arc<dyn HttpClient>,
    discovery: &Discovery,
    client_id: &str,
    token: &SecretString,
    scopes: &[String],
    challenge: Option<&str>,
    now: DateTime<Utc>,
) -> Result<Tokens, IdentityError> {
    let port = Port(Arc::clone(http));
    let client = client(discovery, client_id, None)?;
    let reply = client
        .exchange_refresh_token(&RefreshToken::new(token.expose_secret().to_owned()))
        .add_scopes(scopes.iter().cloned().map(Scope::new))
        .add_extra_param("client_info", "1")
        .add_extra_param("claims", claims::parameter(challenge))
        .request_async(&port)
        .await;
    reply.map(|reply| tokens(&reply, now)).map_err(|error| failure(error, discovery))
}

fn tokens(reply: &Reply, now: DateTime<Utc>) -> Tokens {
    let later = |span: Duration| chrono::Duration::from_std(span).ok().and_then(|span| now.checked_add_signed(span));
    Tokens {
        access_token: SecretString::from(reply.access_token().secret().clone()),
        refresh_token: reply.refresh_token().map(|token| SecretString::from(token.secret().clone())),
        id_token: reply.extra_fields().id_token.clone().map(SecretString::from),
        expires_at: reply.expires_in().and_then(later).unwrap_or(now),
        refresh_at: reply.extra_fields().refresh_in.and_then(|seconds| later(Duration::from_secs(seconds))),
        scopes: reply.scopes().map(|scopes| scopes.iter().map(|scope| scope.to_string()).collect()).unwrap_or_default(),
    }
}

/// The body of a parse error may hold tokens; it goes no further.
fn failure(error: RequestTokenError<PortError, Refusal>, discovery: &Discovery) -> IdentityError {
    match error {
        RequestTokenError::ServerResponse(refusal) => IdentityError::of(refusal.logged()),
        RequestTokenError::Request(PortError::Http(error)) => IdentityError::Http(error),
        RequestTokenError::Request(PortError::Busy { status, body }) => {
            let refusal: Refusal = serde_json::from_slice(&body).unwrap_or_default();
            tracing::warn!(status, error = refusal.error, "the token endpoint is busy");
            IdentityError::Refused(Class::Passing, refusal)
        }
        RequestTokenError::Parse(..) | RequestTokenError::Other(_) => IdentityError::Unreadable { host: discovery.token_endpoint.clone() },
    }
}
