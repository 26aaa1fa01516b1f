//! Whose mailbox it is, and in which of Microsoft's clouds.

use std::fmt;
use std::str::FromStr;

use chrono::{DateTime, Utc};
use serde::{Deserialize, Serialize};

use crate::problem::ProblemCode;

/// The tenant of every personal Microsoft account
/// (<https://learn.microsoft.com/entra/identity-platform/access-tokens>).
pub const CONSUMER_TENANT: &str = "9188040d-6c67-4c5b-b112-36a304b66dad";

/// The stable key of an account: cloud, tenant id and object id. Names and addresses change, this does not.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct AccountId {
    /// Name of the cloud, such as `public`.
    pub cloud: String,
    /// Tenant id, a GUID in lower case.
    pub tenant: String,
    /// Object id of the person in that tenant, a GUID in lower case.
    pub object: String,
}

impl fmt::Display for AccountId {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}/{}/{}", self.cloud, self.tenant, self.object)
    }
}

/// The text is not `{cloud}/{tenant}/{object}`.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("`{0}` is not an account id; it looks like cloud/tenant/object")]
pub struct BadAccountId(pub String);

impl FromStr for AccountId {
    type Err = BadAccountId;
    fn from_str(text: &str) -> Result<Self, BadAccountId> {
        let parts: Vec<&str> = text.split('/').collect();
        match parts[..] {
            [cloud, tenant, object] if parts.iter().all(|part| !part.is_empty()) => {
                Ok(Self { cloud: cloud.to_ascii_lowercase(), tenant: tenant.to_ascii_lowercase(), object: object.to_ascii_lowercase() })
            }
            _ => Err(BadAccountId(text.to_owned())),
        }
    }
}

impl Serialize for AccountId {
    fn serialize<S: serde::Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.collect_str(self)
    }
}

impl<'de> Deserialize<'de> for AccountId {
    fn deserialize<D: serde::Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        let text = std::borrow::Cow::<'de, str>::deserialize(deserializer)?;
        text.parse().map_err(serde::de::Error::custom)
    }
}

/// Where an account lives: the sign-in host and the Graph host that belong together.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Cloud {
    /// `public`, `usgov`, `usgov-dod`, `china` or `custom`.
    pub name: String,
    /// Base of the identity platform, without a trailing slash.
    pub authority: String,
    /// Base of Graph, without version and trailing slash.
    pub graph: String,
    /// The built-in offline Microsoft.
    #[serde(default)]
    pub practice: bool,
}

impl Cloud {
    /// One of Microsoft's clouds by name
    /// (<https://learn.microsoft.com/graph/deployments>).
    #[must_use]
    pub fn named(name: &str) -> Option<Self> {
        let (authority, graph) = match name {
            "public" => ("https://login.microsoftonline.com", "https://graph.microsoft.com"),
            "usgov" => ("https://login.microsoftonline.us", "https://graph.microsoft.us"),
            "usgov-dod" => ("https://login.microsoftonline.us", "https://dod-graph.microsoft.us"),
            "china" => ("https://login.partner.microsoftonline.cn", "https://microsoftgraph.chinacloudapi.cn"),
            _ => return None,
        };
        Some(Self { name: name.into(), authority: authority.into(), graph: graph.into(), practice: false })
    }
}

/// Work or school, or personal.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum AccountKind {
    /// Of an organisation's tenant.
    Work,
    /// An outlook.com, live.com or hotmail.com account.
    Personal,
}

impl AccountKind {
    /// Which kind a tenant id means.
    #[must_use]
    pub fn of_tenant(tenant: &str) -> Self {
        if tenant.eq_ignore_ascii_case(CONSUMER_TENANT) { Self::Personal } else { Self::Work }
    }
}

/// What stands between an account and its calendars. Last known; nothing is asked to find out.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum AccountState {
    /// Ready to sync.
    Ready,
    /// Signed in, but calendar access was not asked for or not given.
    NoCalendarAccess,
    /// An administrator has to approve.
    WaitingForApproval,
    /// The refresh token is dead.
    SignInNeeded,
    /// A policy forbids it.
    Blocked,
    /// The keychain cannot be opened now.
    KeychainLocked,
    /// The person paused it.
    Paused,
}

/// An account that a person signed in to. Its token is elsewhere: in the keychain.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Account {
    /// Stable key.
    pub id: AccountId,
    /// What the person types to sign in. For display and hints only.
    pub login: String,
    /// Display name.
    pub name: String,
    /// Work or personal.
    pub kind: AccountKind,
    /// Hosts.
    pub cloud: Cloud,
    /// The client id it signed in with; a refresh token is bound to it.
    pub client_id: String,
    /// What the server granted, as it spelled it.
    pub scopes: Vec<String>,
    /// Last known state.
    pub state: AccountState,
    /// Claims that the next sign-in has to pass on, if a challenge asked for some.
    pub claims: Option<String>,
    /// When a sync last ended well.
    pub last_good_sync_at: Option<DateTime<Utc>>,
}

impl AccountState {
    /// Whether nothing goes on before its person, or somebody else, has done something.
    #[must_use]
    pub fn needs_person(self) -> bool {
        matches!(self, Self::SignInNeeded | Self::NoCalendarAccess | Self::WaitingForApproval | Self::Blocked | Self::KeychainLocked)
    }

    /// The state that an account is in once it has met this problem; `None` when the problem says nothing about the account.
    #[must_use]
    pub fn after(code: ProblemCode) -> Option<Self> {
        match code {
            // An account that is gone is no longer asked for either: only a person can find out why.
            ProblemCode::SignInNeeded | ProblemCode::SignInRefused => Some(Self::SignInNeeded),
            ProblemCode::CalendarAccessNeeded => Some(Self::NoCalendarAccess),
            ProblemCode::AdminApprovalNeeded => Some(Self::WaitingForApproval),
            ProblemCode::BlockedByPolicy => Some(Self::Blocked),
            ProblemCode::KeychainLocked | ProblemCode::KeychainMissing => Some(Self::KeychainLocked),
            _ => None,
        }
    }
}

impl Account {
    /// Whether calendars may be used, as far as is known: they were granted, and not taken back since.
    #[must_use]
    pub fn has_calendars(&self) -> bool {
        self.may_write_calendars() && !matches!(self.state, AccountState::NoCalendarAccess | AccountState::WaitingForApproval)
    }

    /// Whether `Calendars.ReadWrite` is among the granted scopes. Microsoft may prefix it with a host and change its case.
    #[must_use]
    pub fn may_write_calendars(&self) -> bool {
        grants_calendars(&self.scopes)
    }
}

/// Whether a granted scope list holds `Calendars.ReadWrite`.
#[must_use]
pub fn grants_calendars(scopes: &[String]) -> bool {
    scopes.iter().any(|scope| {
        let bare = scope.rsplit('/').next().unwrap_or(scope);
        bare.eq_ignore_ascii_case("Calendars.ReadWrite")
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_account_id_reads_back_in_any_case() {
        let id: AccountId = "Public/9188040D-6c67-4c5b-b112-36a304b66dad/ABC".parse().expect("an id");
        assert_eq!(id.to_string(), "public/9188040d-6c67-4c5b-b112-36a304b66dad/abc");
        assert!("public//x".parse::<AccountId>().is_err());
        assert!("ada@contoso.example".parse::<AccountId>().is_err());
    }

    #[test]
    fn a_scope_may_carry_its_host() {
        assert!(grants_calendars(&["https://graph.microsoft.com/calendars.readwrite".into()]));
        assert!(!grants_calendars(&["Calendars.Read".into(), "Calendars.ReadWrite.Shared".into()]));
    }
}
