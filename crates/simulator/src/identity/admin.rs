//! `/{tenant}/v2.0/adminconsent`: an administrator says yes for everybody in the tenant, or no.

use url::Url;

use crate::identity::{Form, authorize, pages};
use crate::reply::Reply;
use crate::simulator::Simulator;

/// The page. `common` is no tenant that anybody could consent for.
pub fn page(simulator: &Simulator, tenant: &str, form: &Form) -> Reply {
    if let Err(reply) = check(simulator, tenant, form) {
        return reply;
    }
    let action = format!("/{tenant}/v2.0/adminconsent");
    Reply::html(200, pages::admin_consent(&action, form, form.get("scope").unwrap_or_default()))
}

fn check<'a>(simulator: &Simulator, tenant: &str, form: &'a Form) -> Result<&'a str, Reply> {
    if matches!(tenant, "common" | "consumers") {
        return Err(authorize::error_page("AADSTS90130", "The endpoint is not available for common."));
    }
    let (_, redirect_uri) = authorize::check_client(simulator, form)?;
    match form.get("scope") {
        Some(_) => Ok(redirect_uri),
        None => Err(authorize::error_page("AADSTS900144", "The request must contain the parameter scope.")),
    }
}

/// Yes or no. The reply names the tenant, which nobody should believe.
pub fn decide(simulator: &Simulator, tenant: &str, form: &Form) -> Reply {
    let redirect_uri = match check(simulator, tenant, form) {
        Ok(redirect_uri) => redirect_uri,
        Err(reply) => return reply,
    };
    let scope = form.get("scope").unwrap_or_default();
    let mut pairs = vec![("admin_consent", "True")];
    if form.get("approve").is_some() {
        approve(simulator, tenant, scope);
        pairs.extend([("tenant", tenant), ("scope", scope)]);
    } else {
        pairs.extend([("error", "consent_required"), ("error_description", "AADSTS65004: The resource owner denied the consent.")]);
    }
    pairs.extend(form.get("state").map(|state| ("state", state)));
    let Ok(mut to) = Url::parse(redirect_uri) else { return Reply::empty(500) };
    to.query_pairs_mut().extend_pairs(pairs);
    Reply::empty(302).with("Location", String::from(to))
}

fn approve(simulator: &Simulator, tenant: &str, scope: &str) {
    let mut inner = simulator.lock();
    for person in inner.world.people.iter_mut().filter(|person| person.tid.eq_ignore_ascii_case(tenant)) {
        person.needs_admin = false;
        for wanted in scope.split_whitespace().map(authorize::bare) {
            if !person.consented.contains(&wanted) {
                person.consented.push(wanted);
            }
        }
    }
}
