//! The discovery document and the keys, in the shape that Entra publishes: a templated issuer, and no word of PKCE.

use serde_json::json;

use crate::identity::token;
use crate::reply::Reply;
use crate::simulator::Simulator;

pub fn document(simulator: &Simulator, tenant: &str) -> Reply {
    let base = &simulator.options.identity;
    let known = match tenant {
        "common" | "organizations" => Some("{tenantid}".to_owned()),
        "consumers" => Some(crate::world::CONSUMERS.to_owned()),
        other => simulator.lock().world.tenant(other),
    };
    let Some(known) = known else {
        let text = format!("Tenant '{tenant}' not found. Check to make sure you have the correct tenant ID.");
        return token::error(simulator, 400, "invalid_tenant", 90_002, &text, None);
    };
    let issuer = format!("{base}/{known}/v2.0");
    let oauth = format!("{base}/{tenant}/oauth2/v2.0");
    Reply::json(
        200,
        &json!({
            "token_endpoint": format!("{oauth}/token"),
            "token_endpoint_auth_methods_supported": ["client_secret_post", "private_key_jwt", "client_secret_basic"],
            "jwks_uri": format!("{base}/{tenant}/discovery/v2.0/keys"),
            "response_modes_supported": ["query", "fragment", "form_post"],
            "subject_types_supported": ["pairwise"],
            "id_token_signing_alg_values_supported": ["RS256"],
            "response_types_supported": ["code", "id_token", "code id_token", "id_token token"],
            "scopes_supported": ["openid", "profile", "email", "offline_access"],
            "issuer": issuer,
            "request_uri_parameter_supported": false,
            "userinfo_endpoint": format!("{}/oidc/userinfo", simulator.options.graph),
            "authorization_endpoint": format!("{oauth}/authorize"),
            "device_authorization_endpoint": format!("{oauth}/devicecode"),
            "http_logout_supported": true,
            "frontchannel_logout_supported": true,
            "end_session_endpoint": format!("{oauth}/logout"),
            "claims_supported": ["sub", "iss", "aud", "exp", "iat", "auth_time", "nonce", "preferred_username", "name", "tid", "ver", "email"],
            "tenant_region_scope": null,
            "cloud_instance_name": "microsoftonline.com",
            "cloud_graph_host_name": "graph.windows.net",
            "msgraph_host": "graph.microsoft.com",
        }),
    )
    .with("Cache-Control", "max-age=86400, private")
}

pub fn keys(simulator: &Simulator) -> Reply {
    Reply::json(200, &simulator.key().jwks(&format!("{}/{{tenantid}}/v2.0", simulator.options.identity)))
}
