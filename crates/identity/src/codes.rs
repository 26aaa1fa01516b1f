//! What Microsoft's refusals mean for the person: one closed list of classes, and the table of AADSTS numbers
//! (<https://learn.microsoft.com/entra/identity-platform/reference-error-codes>).
//!
//! A number that is in the table decides, because it is the finest that the server says. Any other refusal is sorted by `error`, `suberror` and `claims`, so that a
//! number of next year falls into a safe class.

use belfry_core::Problem;

use crate::error::Refusal;

/// What can be done about a refusal.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, serde::Serialize, serde::Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Class {
    /// A fault of the server's: the same works later, tokens stay.
    Passing,
    /// The refresh token is dead.
    SignIn,
    /// More proof is wanted: sign in and pass the claims on. The refresh token may live.
    StepUp,
    /// The person has not consented.
    Consent,
    /// An administrator has to do something: consent, assign, enable.
    Admin,
    /// A policy forbids it; trying again changes nothing.
    Policy,
    /// This account cannot be used here.
    Account,
    /// Our registration, or the tenant's copy of it, or our request is wrong.
    Registration,
    /// The person cancelled or declined.
    Cancelled,
    /// The sign-in got lost on its way: start it once more.
    Restart,
}

use Class::{Account, Admin, Cancelled, Consent, Passing, Policy, Registration, Restart, SignIn, StepUp};

/// Numbers, what they mean, and why in a few words that end a sentence.
const CODES: &[(&[u32], Class, &str)] = &[
    (&[50_173, 50_132, 50_133], SignIn, "the password was changed or its sessions were ended"),
    (&[70_008, 700_082], SignIn, "it was not used for 90 days"),
    (&[700_084], SignIn, "this kind of registration signs out every day"),
    (&[70_043], SignIn, "the organisation asks for it from time to time"),
    (&[70_000], SignIn, "the sign-in is no longer valid"),
    (&[50_089], SignIn, "the sign-in took too long"),
    (&[50_085, 50_139], SignIn, "the account behind it has to sign in again"),
    (&[50_055, 50_144, 50_135], SignIn, "the password has expired"),
    (&[50_125, 50_140, 16_000, 16_001, 50_058, 50_199], SignIn, "the sign-in page has a question"),
    (&[50_126, 50_056, 50_053], SignIn, "the password was not accepted"),
    (&[50_076, 50_074, 50_078], StepUp, "a second factor is wanted"),
    (&[50_079, 50_072], StepUp, "a second factor has to be set up"),
    (&[50_158], StepUp, "another proof is wanted"),
    (&[65_001], Consent, "the permission was not given or was taken back"),
    (&[65_004], Cancelled, "the permission was declined"),
    (&[90_094], Admin, "only an administrator may give this permission"),
    (&[90_095], Admin, "the request for approval was sent"),
    (&[50_105], Admin, "the app is not assigned to this account"),
    (&[7_000_112, 70_001, 1_000_031], Admin, "the app is switched off in this organisation"),
    (&[650_052], Admin, "the organisation lacks a service that the app needs"),
    (&[135_011, 130_007], Policy, "this device is disabled"),
    (&[50_097, 50_129, 50_155, 50_187], Policy, "this device has to be known to the organisation"),
    (&[50_057], Policy, "the account is disabled"),
    (&[53_000, 53_001, 530_003], Policy, "this device has to be managed by the organisation"),
    (&[53_002], Policy, "the organisation has to approve the app"),
    (&[53_003, 530_032, 50_131], Policy, "a rule of conditional access forbids it"),
    (&[53_004, 53_010, 53_011], Policy, "the sign-in looked risky"),
    (&[530_035], Policy, "the security defaults forbid it"),
    (&[50_005], Policy, "this kind of device is not supported"),
    (&[500_021, 500_022, 50_002, 500_212, 500_213], Policy, "sign-ins to this organisation are restricted"),
    (&[50_034, 51_004, 50_014, 50_020, 16_003, 90_072], Account, "it does not exist in this organisation"),
    (&[90_002, 90_019, 50_059, 50_128], Account, "its organisation was not found"),
    (&[90_038], Account, "it lives in another national cloud"),
    (&[500_208, 9_002_332, 90_130, 90_124, 50_194, 500_207], Registration, "this kind of account is not allowed"),
    (&[700_016, 700_011], Registration, "the client id is not known there"),
    (&[50_011, 900_971, 70_004, 90_102], Registration, "the redirect address is not registered"),
    (&[7_000_218], Registration, "public client flows are not allowed"),
    (&[700_025], Registration, "a public client may send no secret"),
    (&[7_000_215, 7_000_222, 700_027, 700_030, 50_012, 50_013, 500_133, 50_048], Registration, "the app's own credentials are wrong"),
    (&[90_008, 650_056, 650_057, 65_005, 500_011], Registration, "the registration lacks a permission"),
    (
        &[
            9_002_313, 900_144, 90_014, 90_100, 90_023, 90_004, 9_001_023, 70_003, 70_011, 28_002, 28_003, 700_022, 700_023, 901_002,
            700_005, 9_002_325,
        ],
        Registration,
        "the request was not understood",
    ),
    (&[54_005, 501_481, 50_147, 501_491], Restart, "the answer of the browser was used before or belongs to another sign-in"),
    (&[70_016, 70_018, 70_019, 90_119, 90_120], Restart, "the code is not known or has run out"),
    (&[50_196], Passing, "it was asked too often"),
    (&[90_033, 90_006, 90_012, 90_024, 90_090, 90_055, 50_033, 50_087, 50_088, 40_010, 70_012], Passing, "it is out of order for a moment"),
    (&[80_002, 80_005], Passing, "the organisation's own sign-in server does not answer"),
    (&[50_000, 90_036, 50_086], Passing, "it is out of order"),
];

/// Every number of the table with its class.
pub fn all() -> impl Iterator<Item = (u32, Class)> {
    CODES.iter().flat_map(|(numbers, class, _)| numbers.iter().map(|number| (*number, *class)))
}

fn row(number: u32) -> Option<(Class, &'static str)> {
    CODES.iter().find(|(numbers, ..)| numbers.contains(&number)).map(|(_, class, why)| (*class, *why))
}

impl Class {
    /// Sorts a refusal.
    #[must_use]
    pub fn of(refusal: &Refusal) -> Self {
        // The one case that only its text tells apart: Microsoft has locked a personal account.
        let is_locked = refusal.description.as_deref().is_some_and(|text| text.contains("service abuse mode"));
        match refusal.number().and_then(row) {
            Some((SignIn, _)) if is_locked => Policy,
            Some((class, _)) => class,
            None => by_words(refusal),
        }
    }
}

fn by_words(refusal: &Refusal) -> Class {
    match (refusal.error.as_str(), refusal.suberror.as_deref()) {
        ("temporarily_unavailable" | "server_error", _) => Passing,
        ("access_denied" | "authorization_declined", _) => Cancelled,
        ("expired_token" | "bad_verification_code", _) => Restart,
        (_, Some("consent_required")) | ("consent_required", _) => Consent,
        (_, Some("message_only" | "device_authentication_failed" | "protection_policy_required")) => Policy,
        (_, Some("bad_token" | "token_expired" | "user_password_expired")) => SignIn,
        (_, Some("basic_action" | "additional_action")) | ("interaction_required", _) => StepUp,
        _ if refusal.claims.is_some() => StepUp,
        ("invalid_grant" | "login_required", _) => SignIn,
        _ => Registration,
    }
}

/// Why, in a few words; the server's number and ids for those who ask Microsoft.
fn why(class: Class, refusal: &Refusal) -> String {
    let unnamed = if class == Consent { "the permission was not given or was taken back" } else { "the sign-in is no longer valid" };
    let words = refusal.number().and_then(row).map_or(unnamed, |(_, why)| why);
    format!("{words}{}", support(refusal))
}

/// ` (AADSTS50173, correlation id ...)`, or nothing.
fn support(refusal: &Refusal) -> String {
    let id = refusal.correlation_id.as_ref().map(|id| format!(", correlation id {id}")).unwrap_or_default();
    refusal.number().map(|number| format!(" (AADSTS{number}{id})")).unwrap_or_default()
}

/// What to tell the person; `login` names the account.
pub fn problem(class: Class, refusal: &Refusal, login: &str) -> Problem {
    use belfry_core::ProblemCode as Code;
    let (why, support) = (why(class, refusal), support(refusal));
    match class {
        Passing => Problem::new(
            Code::Throttled,
            "Microsoft is busy",
            format!("Microsoft's sign-in does not work just now{support}. Nothing is lost."),
            "Wait a little; Belfry tries again by itself.",
        ),
        SignIn | StepUp => Problem::sign_in_again(login, Some(&why)),
        Consent => Problem::new(
            Code::CalendarAccessNeeded,
            "Calendar access is missing",
            format!("{login} has not allowed Belfry to use this calendar: {why}."),
            format!(
                "Run `{}`, or choose a calendar in the window.",
                belfry_core::problem::command("belfry account allow-calendars", login)
            ),
        ),
        // Consent does not help where the app is switched off, not assigned, or a service is missing.
        Admin if matches!(refusal.number(), Some(50_105 | 7_000_112 | 70_001 | 1_000_031 | 650_052)) => Problem::new(
            Code::AdminApprovalNeeded,
            "An administrator has to help",
            format!("An administrator of {login} has to put something right first: {why}. Nothing is lost."),
            "Send them this sentence, and sign in again when they have.",
        ),
        Admin => Problem::approval_needed(login, Some(&why)),
        Policy => Problem::new(
            Code::BlockedByPolicy,
            "Blocked by your organisation",
            format!("{login} may not use Belfry on this computer: {why}."),
            "Ask your administrator about this rule, then sign in again.",
        ),
        Account => Problem::new(
            Code::SignInRefused,
            "This account cannot be used",
            format!("Microsoft does not take {login} here: {why}."),
            "Choose another account.",
        ),
        Registration => Problem::new(
            Code::RegistrationWrong,
            "Belfry is not registered rightly",
            format!(
                "Microsoft does not accept this copy of Belfry: {refusal}{}.",
                refusal.number().and_then(row).map(|(_, why)| format!(", {why}")).unwrap_or_default()
            ),
            "Compare the registration with `belfry account registration`, and `client_id` in config.toml with it.",
        ),
        Cancelled => Problem::new(
            Code::SignInCancelled,
            "Sign-in cancelled",
            "The sign-in was cancelled. Nothing was changed.",
            "Start the sign-in again when you like. If the page asked for an administrator's approval, ask them first.",
        ),
        Restart => Problem::new(
            Code::SignInRefused,
            "The sign-in got lost",
            format!("The sign-in was not finished: {why}."),
            "Start the sign-in again.",
        ),
    }
}
