//! How this copy of Belfry is registered with Microsoft, and how to register one.

use serde::Serialize;
use serde_json::{Value, json};

use crate::app::App;

/// Microsoft Graph's own application id.
const GRAPH: &str = "00000003-0000-0000-c000-000000000000";
/// The delegated permissions, with their ids in Microsoft Graph
/// (<https://learn.microsoft.com/graph/permissions-reference>).
const PERMISSIONS: [(&str, &str); 5] = [
    ("Calendars.ReadWrite", "1ec239c2-d7c9-4623-a91a-a9775856bb36"),
    ("User.Read", "e1fe6dd8-ba31-4d61-89e7-88639da4683d"),
    ("offline_access", "7427e0e9-2fba-42fe-b0c0-848c9e6a8182"),
    ("openid", "37f7f235-527c-4136-accd-4a02d197296e"),
    ("profile", "14dad69e-099b-42c9-810b-d002981feec1"),
];

/// The steps, as a person reads them.
const STEPS: &str = include_str!("../../../docs/registration.md");

/// The `account registration` document.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct RegistrationDocument {
    /// The client id that sign-ins use; null when there is none.
    pub client_id: Option<String>,
    /// The body for `POST /v1.0/applications` of Microsoft Graph.
    pub application: Value,
    /// The same for the command line of Azure.
    pub commands: Vec<String>,
    /// The steps in the portal, and why they are as they are.
    pub steps: String,
}

impl App {
    /// How this copy is registered, and how to register one.
    #[must_use]
    pub fn registration(&self) -> RegistrationDocument {
        RegistrationDocument {
            client_id: self.config.client_id(),
            application: application(),
            commands: commands(),
            steps: STEPS.to_owned(),
        }
    }
}

fn application() -> Value {
    let permissions: Vec<Value> = PERMISSIONS.iter().map(|(_, id)| json!({"id": id, "type": "Scope"})).collect();
    json!({
        "displayName": "Belfry",
        "signInAudience": "AzureADandPersonalMicrosoftAccount",
        "isFallbackPublicClient": true,
        "publicClient": {"redirectUris": ["http://localhost"]},
        "api": {"requestedAccessTokenVersion": 2},
        "requiredResourceAccess": [{"resourceAppId": GRAPH, "resourceAccess": permissions}],
    })
}

fn commands() -> Vec<String> {
    let request = "az rest --method post --uri https://graph.microsoft.com/v1.0/applications --headers Content-Type=application/json --body @belfry.json";
    vec!["belfry --json account registration | jq .application > belfry.json".to_owned(), request.to_owned()]
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_steps_name_what_the_request_asks_for() {
        for (name, id) in PERMISSIONS {
            assert!(STEPS.contains(name) && STEPS.contains(id), "{name}");
        }
        assert!(
            STEPS.contains(&serde_json::to_string_pretty(&application()).expect("json").replace('\n', "\n    ")),
            "the body in the steps"
        );
        assert!(commands().iter().skip(1).all(|command| STEPS.contains(command.as_str())));
        for part in ["http://localhost", "AzureADandPersonalMicrosoftAccount", "isFallbackPublicClient"] {
            assert!(STEPS.contains(part), "{part}");
        }
    }
}
