//! Every way in which a sign-in or a refresh can end without a token, sorted by what the person can do about it.
//!
//! [`codes`] decides; what it does not know is sorted by `error`, `suberror` and `claims`.

use belfry_core::{Problem, ProblemCode};
use belfry_http::HttpError;
use serde::{Deserialize, Serialize};

use crate::codes::{self, Class};
use crate::vault::VaultError;

/// What the server said, as far as it may be shown and logged.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default)]
pub struct Refusal {
    /// OAuth error code.
    pub error: String,
    /// Microsoft's finer code.
    pub suberror: Option<String>,
    /// AADSTS numbers.
    pub error_codes: Vec<u32>,
    /// Claims to pass on at the next sign-in (JSON text).
    pub claims: Option<String>,
    /// For Microsoft's support.
    pub correlation_id: Option<String>,
    /// When.
    pub timestamp: Option<String>,
    /// Microsoft's sentence; for the number in it, and for the log.
    #[serde(rename = "error_description")]
    pub description: Option<String>,
    /// Of the authorization endpoint only.
    pub error_subcode: Option<String>,
}

impl std::fmt::Display for Refusal {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str(&self.error)?;
        match self.number() {
            Some(number) => write!(f, " (AADSTS{number})"),
            None => Ok(()),
        }
    }
}

impl oauth2::ErrorResponse for Refusal {}

impl Refusal {
    /// Of a reply that has no fields for them, the correlation id and the time are in the sentence. Written down for those who ask Microsoft.
    pub(crate) fn logged(mut self) -> Self {
        let named = |name: &str| {
            let (_, rest) = self.description.as_deref()?.split_once(name)?;
            let end = rest.find(['\r', '\n']).or_else(|| rest.find(" Trace ID")).or_else(|| rest.find(" Timestamp"));
            Some(rest.get(..end.unwrap_or(rest.len()))?.trim().to_owned())
        };
        let (id, time) = (named("Correlation ID:"), named("Timestamp:"));
        self.correlation_id = self.correlation_id.or(id).filter(|id| uuid::Uuid::parse_str(id).is_ok());
        self.timestamp = self.timestamp.or(time);
        tracing::warn!(error = self.error, suberror = self.suberror, codes = ?self.number(), correlation_id = self.correlation_id, timestamp = self.timestamp, "Microsoft refused");
        self
    }

    /// The first AADSTS number, from the list or from the sentence.
    #[must_use]
    pub fn number(&self) -> Option<u32> {
        self.error_codes.first().copied().or_else(|| {
            let (_, rest) = self.description.as_deref()?.split_once("AADSTS")?;
            rest.split(|c: char| !c.is_ascii_digit()).next()?.parse().ok()
        })
    }
}

/// Why there is no token.
#[derive(Debug, thiserror::Error)]
pub enum IdentityError {
    /// No answer.
    #[error(transparent)]
    Http(#[from] HttpError),
    /// An answer that is not from an identity platform: a captive portal, a proxy, a broken body.
    #[error("the answer of {host} is not one of Microsoft's")]
    Unreadable {
        /// Who answered.
        host: String,
    },
    /// Microsoft said no.
    #[error("Microsoft refused: {1}")]
    Refused(Class, Refusal),
    /// Nobody came back in time.
    #[error("nobody came back from the browser")]
    TimedOut,
    /// Another account came back than was asked for.
    #[error("{came} signed in, {wanted} was asked for")]
    WrongAccount {
        /// Who came.
        came: String,
        /// Who was asked for.
        wanted: String,
    },
    /// The ID token is not to be trusted.
    #[error("the ID token is not valid: {0}")]
    IdToken(&'static str),
    /// The clock of this computer is off by this many seconds.
    #[error("the clock of this computer is off by {0} seconds")]
    Clock(i64),
    /// The reply has no refresh token, so nothing could be kept.
    #[error("Microsoft gave no refresh token")]
    NoRefreshToken,
    /// No loopback port.
    #[error("no loopback port can be opened")]
    Port(#[source] std::io::Error),
    /// The keychain.
    #[error(transparent)]
    Vault(#[from] VaultError),
    /// The lock file.
    #[error("the token lock cannot be taken")]
    Lock(#[source] std::io::Error),
}

impl IdentityError {
    /// Sorts a refusal.
    #[must_use]
    pub fn of(refusal: Refusal) -> Self {
        Self::Refused(Class::of(&refusal), refusal)
    }

    /// Whether a later attempt without a person may work.
    #[must_use]
    pub fn is_passing(&self) -> bool {
        matches!(self, Self::Http(_) | Self::Unreadable { .. } | Self::Refused(Class::Passing, _) | Self::Lock(_))
    }

    /// Claims that the next sign-in has to pass on.
    #[must_use]
    pub fn claims(&self) -> Option<&str> {
        match self {
            Self::Refused(Class::StepUp | Class::SignIn | Class::Policy, refusal) => refusal.claims.as_deref(),
            _ => None,
        }
    }
}

impl IdentityError {
    /// What to tell the person; `login` names the account.
    #[must_use]
    pub fn problem(&self, login: &str) -> Problem {
        match self {
            Self::Http(error) => Problem::new(
                ProblemCode::Offline,
                "No connection",
                format!("Microsoft cannot be reached: {error}."),
                "Check the network; Belfry tries again by itself.",
            ),
            Self::Unreadable { host } => Problem::new(
                ProblemCode::UnexpectedReply,
                "Not Microsoft's answer",
                format!("{host} answered with something else than a sign-in service would."),
                "If this network asks you to log in first, do that; Belfry tries again by itself.",
            ),
            Self::Refused(class, refusal) => codes::problem(*class, refusal, login),
            Self::TimedOut => Problem::new(
                ProblemCode::SignInTimedOut,
                "No answer from the browser",
                "Nobody finished the sign-in in the browser.",
                "Start the sign-in again; if the page showed an error, its words help.",
            ),
            Self::WrongAccount { came, wanted } => Problem::new(
                ProblemCode::WrongAccount,
                "Another account",
                format!("{came} signed in, but {wanted} was asked for. Nothing was kept."),
                format!("Sign in as {wanted}."),
            ),
            Self::IdToken(what) => Problem::new(
                ProblemCode::SignInRefused,
                "The sign-in cannot be trusted",
                format!("Microsoft's proof of who signed in is not valid: {what}."),
                "Start the sign-in again.",
            ),
            Self::Clock(seconds) => Problem::new(
                ProblemCode::ClockWrong,
                "The clock is wrong",
                format!("The clock of this computer is off by {} minutes, so the sign-in cannot be checked.", seconds / 60),
                "Set the clock, then sign in again.",
            ),
            Self::NoRefreshToken => Problem::new(
                ProblemCode::SignInRefused,
                "The sign-in would not last",
                "Microsoft signed in without a token that Belfry could keep.",
                "Start the sign-in again; if it stays so, check the registration.",
            ),
            Self::Port(_) => Problem::new(
                ProblemCode::PortUnavailable,
                "No port for the sign-in",
                "No port on this computer could be opened for the browser's answer.",
                "Close programs that use many ports, or check the firewall, then try again.",
            ),
            Self::Vault(error) => error.problem(),
            Self::Lock(error) if error.kind() == std::io::ErrorKind::WouldBlock => Problem::new(
                ProblemCode::SyncRunning,
                "Another Belfry is at it",
                format!("Another Belfry on this computer is signing in {login}, or waits for the keychain."),
                "Answer the keychain's prompt if there is one; Belfry tries again by itself.",
            ),
            Self::Lock(error) => Problem::new(
                ProblemCode::HomeUnwritable,
                "The data folder cannot be used",
                format!("The lock in Belfry's data folder could not be taken: {error}."),
                "Check that the folder can be written and is not full.",
            ),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn class(body: &str) -> String {
        let refusal: Refusal = serde_json::from_str(body).expect("json");
        format!("{:?}", Class::of(&refusal))
    }

    #[test]
    fn refusals_are_sorted_by_what_can_be_done() {
        for (body, expected) in [
            (r#"{"error":"invalid_grant","error_codes":[50173],"suberror":"bad_token"}"#, "SignIn"),
            (r#"{"error":"invalid_grant","error_codes":[700082],"suberror":"token_expired"}"#, "SignIn"),
            (r#"{"error":"invalid_grant","error_codes":[50076],"suberror":"basic_action","claims":"{}"}"#, "StepUp"),
            (r#"{"error":"invalid_grant","error_codes":[65001],"suberror":"consent_required"}"#, "Consent"),
            (r#"{"error":"invalid_grant","error_codes":[90094]}"#, "Admin"),
            (r#"{"error":"invalid_grant","error_codes":[53003],"suberror":"message_only","claims":"{}"}"#, "Policy"),
            (r#"{"error":"invalid_client","error_codes":[7000218]}"#, "Registration"),
            (r#"{"error":"temporarily_unavailable"}"#, "Passing"),
            (r#"{"error":"invalid_grant"}"#, "SignIn"),
            (r#"{"error":"invalid_grant","error_codes":[999999]}"#, "SignIn"),
            (r#"{"error":"something_new"}"#, "Registration"),
            (r#"{"error":"access_denied","error_subcode":"cancel"}"#, "Cancelled"),
            (r#"{"error":"invalid_grant","error_description":"AADSTS50173: text"}"#, "SignIn"),
        ] {
            assert_eq!(class(body), expected, "{body}");
        }
    }
}
