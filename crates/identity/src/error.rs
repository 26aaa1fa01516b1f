//! Every way in which a sign-in or a refresh can end without a token, sorted by what the person can do about it.
//!
//! Decided by `error`, `suberror` and `claims`; AADSTS numbers choose the words
//! (<https://learn.microsoft.com/entra/identity-platform/reference-error-codes>).

use belfry_core::{Problem, ProblemCode};
use belfry_http::HttpError;
use serde::{Deserialize, Serialize};

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
    /// A passing fault; the same may work later.
    #[error("Microsoft's sign-in has a passing fault: {0}")]
    Passing(Refusal),
    /// The refresh token is dead: sign in again.
    #[error("Microsoft wants a new sign-in: {0}")]
    SignInAgain(Refusal),
    /// More proof is wanted: sign in again and pass the claims on.
    #[error("Microsoft wants more proof: {0}")]
    StepUp(Refusal),
    /// Consent is missing.
    #[error("consent is missing: {0}")]
    Consent(Refusal),
    /// An administrator has to approve.
    #[error("an administrator has to approve: {0}")]
    Admin(Refusal),
    /// A policy forbids it.
    #[error("a policy forbids it: {0}")]
    Policy(Refusal),
    /// This account cannot be used here.
    #[error("this account cannot be used here: {0}")]
    AccountUnusable(Refusal),
    /// Our registration, or the tenant's copy of it, is wrong.
    #[error("the app's registration is wrong: {0}")]
    Registration(Refusal),
    /// The person cancelled, or sent themselves back from the approval page.
    #[error("the sign-in was cancelled")]
    Cancelled(Refusal),
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
    /// Sorts a refusal. Unknown numbers fall back on `error` and `suberror`, and those on a new sign-in.
    #[must_use]
    pub fn of(refusal: Refusal) -> Self {
        match refusal.number().and_then(by_number) {
            // A challenge that carries claims is answered by passing them on, whatever its number.
            Some(class) => class(refusal),
            None => by_words(refusal),
        }
    }

    /// Whether a later attempt without a person may work.
    #[must_use]
    pub fn is_passing(&self) -> bool {
        matches!(self, Self::Http(_) | Self::Unreadable { .. } | Self::Passing(_) | Self::Lock(_))
    }

    /// Claims that the next sign-in has to pass on.
    #[must_use]
    pub fn claims(&self) -> Option<&str> {
        match self {
            Self::StepUp(refusal) | Self::SignInAgain(refusal) | Self::Policy(refusal) => refusal.claims.as_deref(),
            _ => None,
        }
    }
}

type Class = fn(Refusal) -> IdentityError;

/// The table of numbers. What is not listed is decided by words.
fn by_number(number: u32) -> Option<Class> {
    Some(match number {
        50_173 | 70_008 | 700_082 | 700_084 | 70_043 | 50_089 | 50_132 | 50_133 | 50_085 | 50_139 | 50_055 | 50_144 | 50_135 | 50_125
        | 50_140 | 16_000 | 16_001 | 50_058 | 50_199 | 50_126 | 50_056 | 50_053 => IdentityError::SignInAgain,
        50_076 | 50_079 | 50_072 | 50_078 | 50_074 | 50_158 => IdentityError::StepUp,
        135_011
        | 130_007
        | 50_097
        | 50_129
        | 50_155
        | 50_187
        | 50_057
        | 53_000..=53_004
        | 53_010
        | 53_011
        | 530_003
        | 530_032
        | 530_035
        | 50_131
        | 50_005
        | 500_021
        | 500_022
        | 50_002
        | 500_212
        | 500_213 => IdentityError::Policy,
        65_001 => IdentityError::Consent,
        65_004 => IdentityError::Cancelled,
        90_094 | 90_095 | 50_105 | 7_000_112 | 70_001 | 1_000_031 | 650_052 => IdentityError::Admin,
        50_034 | 51_004 | 50_014 | 50_020 | 16_003 | 90_072 | 90_002 | 90_019 | 50_059 | 50_128 | 90_038 => IdentityError::AccountUnusable,
        500_208 | 9_002_332 | 90_130 | 90_124 | 50_194 | 500_207 | 700_016 | 700_011 | 50_011 | 900_971 | 70_004 | 90_102 | 7_000_218
        | 700_025 | 7_000_215 | 7_000_222 | 90_008 | 650_056 | 650_057 | 65_005 | 500_011 | 9_002_313 | 900_144 | 90_014 | 90_100
        | 90_023 | 90_004 | 9_001_023 | 70_003 | 70_011 | 28_002 | 28_003 | 700_022 | 700_023 | 901_002 | 700_005 | 501_481 | 50_147
        | 501_491 | 9_002_325 => IdentityError::Registration,
        50_196 | 90_033 | 90_006 | 90_012 | 90_024 | 90_090 | 90_055 | 50_033 | 50_087 | 50_088 | 40_010 | 70_012 | 80_002 | 80_005
        | 50_000 | 90_036 | 50_086 => IdentityError::Passing,
        _ => return None,
    })
}

fn by_words(refusal: Refusal) -> IdentityError {
    match (refusal.error.as_str(), refusal.suberror.as_deref()) {
        ("temporarily_unavailable" | "server_error", _) => IdentityError::Passing(refusal),
        ("access_denied", _) => IdentityError::Cancelled(refusal),
        (_, Some("consent_required")) | ("consent_required", _) => IdentityError::Consent(refusal),
        (_, Some("message_only" | "device_authentication_failed" | "protection_policy_required")) => IdentityError::Policy(refusal),
        (_, Some("basic_action" | "additional_action")) | ("interaction_required", _) => IdentityError::StepUp(refusal),
        _ if refusal.claims.is_some() => IdentityError::StepUp(refusal),
        ("invalid_grant" | "login_required", _) => IdentityError::SignInAgain(refusal),
        _ => IdentityError::Registration(refusal),
    }
}

impl IdentityError {
    /// What to tell the person; `login` names the account.
    #[must_use]
    #[expect(clippy::too_many_lines, reason = "a table of sentences, one for each variant")]
    pub fn problem(&self, login: &str) -> Problem {
        let number = |refusal: &Refusal| {
            let support = refusal.correlation_id.as_ref().map(|id| format!(", correlation id {id}")).unwrap_or_default();
            refusal.number().map(|number| format!(" (AADSTS{number}{support})")).unwrap_or_default()
        };
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
            Self::Passing(refusal) => Problem::new(
                ProblemCode::Throttled,
                "Microsoft is busy",
                format!("Microsoft's sign-in is out of order for a moment{}.", number(refusal)),
                "Wait a little; Belfry tries again by itself.",
            ),
            Self::SignInAgain(refusal) => Problem::sign_in_again(login, Some(&format!("{}{}", why(refusal), number(refusal)))),
            Self::StepUp(refusal) => Problem::sign_in_again(login, Some(&format!("the sign-in has to be confirmed{}", number(refusal)))),
            Self::Consent(refusal) => Problem::new(
                ProblemCode::CalendarAccessNeeded,
                "Calendar access is missing",
                format!("{login} has not allowed Belfry to use this calendar{}.", number(refusal)),
                "Run `belfry account allow-calendars`, or choose a calendar in the window.",
            ),
            Self::Admin(refusal) => Problem::new(
                ProblemCode::AdminApprovalNeeded,
                "Your organisation has to approve",
                format!("An administrator of {login} has to allow Belfry first{}.", number(refusal)),
                "Ask your administrator to approve Belfry, then try again.",
            ),
            Self::Policy(refusal) => Problem::new(
                ProblemCode::BlockedByPolicy,
                "Blocked by your organisation",
                format!("A rule of the organisation does not let {login} use Belfry on this computer{}.", number(refusal)),
                "Ask your administrator which rule it is.",
            ),
            Self::AccountUnusable(refusal) => Problem::new(
                ProblemCode::SignInRefused,
                "This account cannot be used",
                format!("Microsoft does not know {login} here{}.", number(refusal)),
                "Choose another account.",
            ),
            Self::Registration(refusal) => Problem::new(
                ProblemCode::RegistrationWrong,
                "Belfry is not registered rightly",
                format!("Microsoft does not accept this copy of Belfry: {refusal}."),
                "Check `client_id` in config.toml against the registration.",
            ),
            Self::Cancelled(_) => Problem::new(
                ProblemCode::SignInCancelled,
                "Sign-in cancelled",
                "The sign-in was cancelled. Nothing was changed.",
                "Start the sign-in again when you like. If the page asked for an administrator's approval, ask them first.",
            ),
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
            Self::Lock(error) => Problem::new(
                ProblemCode::HomeUnwritable,
                "The data folder cannot be used",
                format!("The lock in Belfry's data folder could not be taken: {error}."),
                "Check that the folder can be written and is not full.",
            ),
        }
    }
}

fn why(refusal: &Refusal) -> &'static str {
    match refusal.number() {
        Some(50_173 | 50_132 | 50_133) => "the password was changed or sessions were ended",
        Some(70_008 | 700_082) => "it was not used for 90 days",
        Some(70_043) => "the organisation asks for it from time to time",
        Some(50_055 | 50_144 | 50_135) => "the password has expired",
        _ => "the sign-in is no longer valid",
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn class(body: &str) -> String {
        let refusal: Refusal = serde_json::from_str(body).expect("json");
        let text = format!("{:?}", IdentityError::of(refusal));
        text.split(['(', ' ']).next().unwrap_or_default().to_owned()
    }

    #[test]
    fn refusals_are_sorted_by_what_can_be_done() {
        for (body, expected) in [
            (r#"{"error":"invalid_grant","error_codes":[50173],"suberror":"bad_token"}"#, "SignInAgain"),
            (r#"{"error":"invalid_grant","error_codes":[700082],"suberror":"token_expired"}"#, "SignInAgain"),
            (r#"{"error":"invalid_grant","error_codes":[50076],"suberror":"basic_action","claims":"{}"}"#, "StepUp"),
            (r#"{"error":"invalid_grant","error_codes":[65001],"suberror":"consent_required"}"#, "Consent"),
            (r#"{"error":"invalid_grant","error_codes":[90094]}"#, "Admin"),
            (r#"{"error":"invalid_grant","error_codes":[53003],"suberror":"message_only","claims":"{}"}"#, "Policy"),
            (r#"{"error":"invalid_client","error_codes":[7000218]}"#, "Registration"),
            (r#"{"error":"temporarily_unavailable"}"#, "Passing"),
            (r#"{"error":"invalid_grant"}"#, "SignInAgain"),
            (r#"{"error":"invalid_grant","error_codes":[999999]}"#, "SignInAgain"),
            (r#"{"error":"something_new"}"#, "Registration"),
            (r#"{"error":"access_denied","error_subcode":"cancel"}"#, "Cancelled"),
            (r#"{"error":"invalid_grant","error_description":"AADSTS50173: text"}"#, "SignInAgain"),
        ] {
            assert_eq!(class(body), expected, "{body}");
        }
    }
}
