//! The identity platform: discovery, keys, the sign-in page, tokens.

mod admin;
mod authorize;
mod device;
mod discovery;
pub mod keys;
mod pages;
mod token;

use bytes::Bytes;
use http::{Method, Request};

use crate::reply::Reply;
use crate::simulator::Simulator;

/// Routes a request.
pub fn answer(simulator: &Simulator, request: &Request<Bytes>) -> Reply {
    let path = request.uri().path().trim_matches('/').to_owned();
    let segments: Vec<&str> = path.split('/').collect();
    let query = form(request.uri().query().unwrap_or_default().as_bytes());
    match (request.method(), segments.as_slice()) {
        (&Method::GET, [tenant, "v2.0", ".well-known", "openid-configuration"]) => discovery::document(simulator, tenant),
        (&Method::GET, [_, "discovery", "v2.0", "keys"]) => discovery::keys(simulator),
        (&Method::GET, [tenant, "oauth2", "v2.0", "authorize"]) => authorize::page(simulator, tenant, &query),
        (&Method::POST, [tenant, "oauth2", "v2.0", "authorize"]) => authorize::decide(simulator, tenant, &form(request.body())),
        (&Method::GET, [tenant, "v2.0", "adminconsent"]) => admin::page(simulator, tenant, &query),
        (&Method::POST, [tenant, "v2.0", "adminconsent"]) => admin::decide(simulator, tenant, &form(request.body())),
        (&Method::POST, [tenant, "oauth2", "v2.0", "devicecode"]) => device::begin(simulator, tenant, &form(request.body())),
        (&Method::GET, ["devicelogin"]) => device::page(simulator),
        (&Method::POST, ["devicelogin"]) => device::decide(simulator, &form(request.body())),
        (&Method::POST, [tenant, "oauth2", "v2.0", "token"]) => token::answer(simulator, tenant, &form(request.body())),
        _ => Reply::html(404, pages::page("Not found", "<p>There is nothing here.</p>")),
    }
}

/// Name and value pairs of a form or a query.
pub struct Form(Vec<(String, String)>);

impl Form {
    /// The value of a name, if it is there and not empty.
    pub fn get(&self, name: &str) -> Option<&str> {
        self.0.iter().find(|(known, _)| known == name).map(|(_, value)| value.as_str()).filter(|value| !value.is_empty())
    }

    pub fn pairs(&self) -> &[(String, String)] {
        &self.0
    }
}

fn form(bytes: &[u8]) -> Form {
    Form(url::form_urlencoded::parse(bytes).into_owned().collect())
}
