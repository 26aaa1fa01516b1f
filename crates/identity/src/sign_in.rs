//! One sign-in: the request that the browser takes to Microsoft, and what becomes of its reply.

use std::sync::Arc;
use std::time::Duration;

use belfry_core::{AccountId, AccountKind, Clock, Cloud};
use belfry_http::HttpClient;
use chrono::{DateTime, Utc};
use oauth2::{CsrfToken, PkceCodeChallenge, PkceCodeVerifier, Scope};
use secrecy::SecretString;
use url::Url;

use crate::claims;
use crate::discovery::Discovery;
use crate::error::{IdentityError, Refusal};
use crate::id_token;
use crate::keys::Keys;
use crate::loopback::{Loopback, Redirect};
use crate::oauth::{self, Redeem, Tokens};

/// Scopes that name the person and let the sign-in last; asked for first and always.
const PERSON_SCOPES: [&str; 4] = ["openid", "profile", "offline_access", "User.Read"];
/// Asked for only when a list is to be kept in Outlook.
const CALENDAR_SCOPE: &str = "Calendars.ReadWrite";

/// The scopes of a sign-in, with or without calendars.
#[must_use]
pub fn person_scopes(calendars: bool) -> Vec<String> {
    let calendar = calendars.then_some(CALENDAR_SCOPE);
    PERSON_SCOPES.into_iter().chain(calendar).map(str::to_owned).collect()
}

/// What is wanted of a sign-in.
#[derive(Debug, Clone)]
pub struct SignInWish {
    /// Which cloud.
    pub cloud: Cloud,
    /// Which registration.
    pub client_id: String,
    /// `common`, or the tenant of the account that is asked for.
    pub tenant: String,
    /// Ask for calendars too.
    pub calendars: bool,
    /// Whose name to fill in.
    pub login_hint: Option<String>,
    /// The account that has to come back: its id, and its login for messages.
    pub expected: Option<(AccountId, String)>,
    /// Claims of a challenge.
    pub claims: Option<String>,
}

/// A sign-in whose browser is on its way. Verifier, state and nonce live only here.
pub struct SignIn {
    wish: SignInWish,
    discovery: Discovery,
    verifier: PkceCodeVerifier,
    state: CsrfToken,
    nonce: CsrfToken,
    loopback: Loopback,
    url: Url,
}

/// Who signed in, with everything that is to be kept.
pub struct SignedIn {
    /// Stable key.
    pub id: AccountId,
    /// Login.
    pub login: String,
    /// Display name.
    pub name: String,
    /// Work or personal.
    pub kind: AccountKind,
    /// What was granted.
    pub scopes: Vec<String>,
    /// The refresh token.
    pub refresh_token: SecretString,
}

impl SignIn {
    /// Opens the loopback and builds the address for the browser.
    ///
    /// # Errors
    /// No connection, no port.
    pub async fn begin(http: &Arc<dyn HttpClient>, wish: SignInWish) -> Result<Self, IdentityError> {
        let discovery = Discovery::fetch(http.as_ref(), &wish.cloud, &wish.tenant).await?;
        let loopback = Loopback::open().await?;
        let redirect_uri = loopback.redirect_uri();
        let client = oauth::client(&discovery, &wish.client_id, Some(&redirect_uri))?;
        let (challenge, verifier) = PkceCodeChallenge::new_random_sha256();
        let nonce = CsrfToken::new_random();
        let mut request = client
            .authorize_url(CsrfToken::new_random)
            .add_scopes(person_scopes(wish.calendars).into_iter().map(Scope::new))
            .set_pkce_challenge(challenge)
            .add_extra_param("response_mode", "form_post")
            .add_extra_param("nonce", nonce.secret().clone())
            .add_extra_param("client_info", "1")
            .add_extra_param("claims", claims::parameter(wish.claims.as_deref()));
        // The two cannot be combined: a known account is hinted at, an unknown one is chosen.
        request = match &wish.login_hint {
            Some(hint) => request.add_extra_param("login_hint", hint.clone()),
            None => request.add_extra_param("prompt", "select_account"),
        };
        // A known account spares the person the question of its kind.
        if let Some((expected, _)) = &wish.expected {
            let domain = match AccountKind::of_tenant(&expected.tenant) {
                AccountKind::Work => "organizations",
                AccountKind::Personal => "consumers",
            };
            request = request.add_extra_param("domain_hint", domain);
        }
        let (url, state) = request.url();
        Ok(Self { wish, discovery, verifier, state, nonce, loopback, url })
    }

    /// Where the browser has to go.
    #[must_use]
    pub fn url(&self) -> &str {
        self.url.as_str()
    }

    /// Waits for the browser, redeems the code and checks who came.
    ///
    /// # Errors
    /// Every way in which Microsoft or the person says no.
    pub async fn finish(
        self,
        http: &Arc<dyn HttpClient>,
        keys: &Keys,
        clock: &dyn Clock,
        patience: Duration,
    ) -> Result<SignedIn, IdentityError> {
        let redirect_uri = self.loopback.redirect_uri();
        let reply = self.loopback.wait(self.state.secret(), patience).await?;
        let code = code(reply, &self.discovery)?;
        let wish = Redeem {
            code,
            verifier: self.verifier,
            redirect_uri,
            scopes: person_scopes(self.wish.calendars),
            claims: self.wish.claims.clone(),
        };
        let tokens = oauth::redeem(http, &self.discovery, &self.wish.client_id, wish, clock.now()).await?;
        accept(http, keys, &self.discovery, self.wish, tokens, Some(self.nonce.secret()), clock.now()).await
    }
}

/// Checks who came and takes what is to be kept.
pub(crate) async fn accept(
    http: &Arc<dyn HttpClient>,
    keys: &Keys,
    discovery: &Discovery,
    wish: SignInWish,
    tokens: Tokens,
    nonce: Option<&str>,
    now: DateTime<Utc>,
) -> Result<SignedIn, IdentityError> {
    let token = tokens.id_token.as_ref().ok_or(IdentityError::IdToken("there is none"))?;
    let key = keys.get(http.as_ref(), discovery, &id_token::key_id(token)?, now).await?;
    let identity = id_token::check(token, &key, discovery, &wish.client_id, nonce, now)?;
    let id = AccountId { cloud: wish.cloud.name, tenant: identity.tenant, object: identity.object };
    if let Some((expected, login)) = wish.expected.filter(|(expected, _)| *expected != id) {
        tracing::warn!(%expected, came = %id, "another account signed in");
        return Err(IdentityError::WrongAccount { came: identity.login, wanted: login });
    }
    let refresh_token = tokens.refresh_token.ok_or(IdentityError::NoRefreshToken)?;
    let kind = AccountKind::of_tenant(&id.tenant);
    Ok(SignedIn { id, login: identity.login, name: identity.name, kind, scopes: tokens.scopes, refresh_token })
}

/// The code of a reply, or why there is none. A reply that names another issuer than the one that was asked is a mix-up (RFC 9207).
fn code(mut reply: Redirect, discovery: &Discovery) -> Result<String, IdentityError> {
    match reply.get("iss") {
        Some(issuer) if !discovery.accepts_issuer(issuer, None) => {
            return Err(IdentityError::IdToken("the reply comes from another issuer"));
        }
        None if discovery.authorization_response_iss_parameter_supported => {
            return Err(IdentityError::IdToken("the reply names no issuer"));
        }
        _ => {}
    }
    if let Some(error) = reply.remove("error") {
        let refusal = Refusal {
            error,
            error_subcode: reply.remove("error_subcode"),
            description: reply.remove("error_description"),
            ..Refusal::default()
        };
        return Err(IdentityError::of(refusal.logged()));
    }
    reply.remove("code").ok_or(IdentityError::IdToken("the reply has no code"))
}
