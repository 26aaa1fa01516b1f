//! Sign-in with a code, for computers whose browser is elsewhere (RFC 8628;
//! <https://learn.microsoft.com/entra/identity-platform/v2-oauth2-device-code>). Many organisations forbid it; then the browser is the only way.

use std::sync::Arc;
use std::time::Duration;

use belfry_core::Clock;
use belfry_http::HttpClient;

use crate::discovery::Discovery;
use crate::error::IdentityError;
use crate::keys::Keys;
use crate::oauth::{self, DeviceCode};
use crate::sign_in::{SignInWish, SignedIn, accept, person_scopes};

/// A sign-in that waits for a person to type a code into a browser anywhere.
pub struct DeviceSignIn {
    wish: SignInWish,
    discovery: Discovery,
    code: DeviceCode,
}

impl DeviceSignIn {
    /// Asks for a code.
    ///
    /// # Errors
    /// No connection; a server that gives no codes.
    pub async fn begin(http: &Arc<dyn HttpClient>, wish: SignInWish) -> Result<Self, IdentityError> {
        let discovery = Discovery::fetch(http.as_ref(), &wish.cloud, &wish.tenant).await?;
        let code = oauth::device_code(http, &discovery, &wish.client_id, &person_scopes(wish.calendars)).await?;
        Ok(Self { wish, discovery, code })
    }

    /// Where the code is to be typed.
    #[must_use]
    pub fn url(&self) -> &str {
        self.code.verification_uri().as_str()
    }

    /// The code. It is shown to the person and worth nothing to anybody else.
    #[must_use]
    pub fn code(&self) -> &str {
        self.code.user_code().secret()
    }

    /// Waits until the person has typed it, and checks who they are.
    ///
    /// # Errors
    /// They declined, the code ran out, or any other way in which Microsoft says no.
    pub async fn finish(
        self,
        http: &Arc<dyn HttpClient>,
        keys: &Keys,
        clock: &Arc<dyn Clock>,
        patience: Duration,
    ) -> Result<SignedIn, IdentityError> {
        let tokens = oauth::redeem_device(http, &self.discovery, &self.wish.client_id, &self.code, clock, patience).await?;
        accept(http, keys, &self.discovery, self.wish, tokens, None, clock.now()).await
    }
}
