//! The authorization endpoint: checks the request, asks the person, sends the code back.

use base64::Engine;
use url::Url;

use crate::identity::{Form, pages};
use crate::reply::Reply;
use crate::simulator::Simulator;
use crate::world::{CONSUMERS, PendingCode, Person};

/// The client and its redirect URI, or a page: to an address that is not registered nothing is sent.
pub fn check_client<'a>(simulator: &Simulator, form: &'a Form) -> Result<(&'a str, &'a str), Reply> {
    let client_id = form.get("client_id").unwrap_or_default();
    if !simulator.options.client_ids.iter().any(|known| known == client_id) {
        return Err(error_page("AADSTS700016", "The application was not found in the directory."));
    }
    let redirect_uri = form.get("redirect_uri").unwrap_or_default();
    if !is_registered(redirect_uri) {
        return Err(error_page("AADSTS50011", "The redirect URI of the request does not match one of the application."));
    }
    Ok((client_id, redirect_uri))
}

/// A scope without its host, in lower case.
pub fn bare(scope: &str) -> String {
    scope.rsplit('/').next().unwrap_or(scope).to_ascii_lowercase()
}

/// A request that is in order, or the page or redirect that says why not.
fn check<'a>(simulator: &Simulator, form: &'a Form) -> Result<&'a str, Reply> {
    let (_, redirect_uri) = check_client(simulator, form)?;
    let refuse = |code: &str, text: &str| {
        Err(reply(form, redirect_uri, &[("error", "invalid_request"), ("error_description", &format!("{code}: {text}"))]))
    };
    if form.get("response_type") != Some("code") {
        return refuse("AADSTS70011", "This practice cloud only answers response_type=code.");
    }
    if form.get("code_challenge").is_none() || form.get("code_challenge_method") != Some("S256") {
        return refuse("AADSTS9002325", "Proof Key for Code Exchange with S256 is required.");
    }
    if form.get("scope").is_none() {
        return refuse("AADSTS900144", "The request must contain the parameter scope.");
    }
    if form.get("login_hint").is_some() && form.get("prompt") == Some("select_account") {
        return refuse("AADSTS90023", "login_hint and prompt=select_account cannot be combined.");
    }
    Ok(redirect_uri)
}

/// `http://localhost` is registered: the port is ignored, the path is compared.
fn is_registered(redirect_uri: &str) -> bool {
    Url::parse(redirect_uri).is_ok_and(|url| {
        url.scheme() == "http"
            && url.host_str() == Some("localhost")
            && url.path() == "/"
            && url.query().is_none()
            && url.fragment().is_none()
    })
}

pub fn error_page(code: &str, text: &str) -> Reply {
    Reply::html(400, pages::page("Practice sign-in", &format!("<p id=error>{code}: {}</p>", pages::escape(text))))
}

pub fn page(simulator: &Simulator, tenant: &str, form: &Form) -> Reply {
    if let Err(reply) = check(simulator, form) {
        return reply;
    }
    let people: Vec<Person> = simulator.lock().world.people.iter().filter(|person| may_use(person, tenant)).cloned().collect();
    // A hint fills in a name; the page still has a way to another account.
    let hint = form.get("login_hint").unwrap_or_default();
    let (hinted, others) = people.into_iter().partition::<Vec<_>, _>(|person| person.login.eq_ignore_ascii_case(hint));
    let (shown, others) = if hinted.is_empty() { (others, vec![]) } else { (hinted, others) };
    let action = format!("/{tenant}/oauth2/v2.0/authorize");
    Reply::html(200, pages::sign_in(&action, form, [&shown, &others], form.get("scope").unwrap_or_default()))
}

pub fn may_use(person: &Person, tenant: &str) -> bool {
    match tenant {
        "common" => true,
        "organizations" => person.tid != CONSUMERS,
        "consumers" => person.tid == CONSUMERS,
        other => {
            person.tid.eq_ignore_ascii_case(other)
                || person.login.split('@').nth(1).is_some_and(|domain| domain.eq_ignore_ascii_case(other))
        }
    }
}

pub fn decide(simulator: &Simulator, tenant: &str, form: &Form) -> Reply {
    let redirect_uri = match check(simulator, form) {
        Ok(redirect_uri) => redirect_uri,
        Err(reply) => return reply,
    };
    let denied = [
        ("error", "access_denied"),
        ("error_subcode", "cancel"),
        ("error_description", "AADSTS65004: User declined to consent to access the app."),
    ];
    if form.get("cancel").is_some() {
        return reply(form, redirect_uri, &denied);
    }
    let now = simulator.now();
    let mut inner = simulator.lock();
    let account = form.get("account").unwrap_or_default();
    let Some(person) = inner.world.people.iter_mut().find(|person| person.login.eq_ignore_ascii_case(account) && may_use(person, tenant))
    else {
        return error_page("AADSTS50020", "This account does not exist in the tenant.");
    };
    let scope = form.get("scope").unwrap_or_default().to_owned();
    let calendars = scope.to_ascii_lowercase().contains("calendars.");
    if person.needs_admin && calendars && !person.consented.iter().any(|granted| granted.contains("calendars.")) {
        return reply(form, redirect_uri, &denied);
    }
    for wanted in scope.split_whitespace().map(bare) {
        if !person.consented.contains(&wanted) {
            person.consented.push(wanted);
        }
    }
    let code = format!("1.{}{}", uuid::Uuid::new_v4().simple(), uuid::Uuid::new_v4().simple());
    let pending = PendingCode {
        oid: person.oid.clone(),
        tenant_path: tenant.to_owned(),
        client_id: form.get("client_id").unwrap_or_default().to_owned(),
        redirect_uri: redirect_uri.to_owned(),
        challenge: form.get("code_challenge").unwrap_or_default().to_owned(),
        nonce: form.get("nonce").map(str::to_owned),
        scope,
        issued_at: now,
        used: false,
    };
    let client_info = client_info(person);
    inner.world.codes.insert(code.clone(), pending);
    drop(inner);
    let session = uuid::Uuid::new_v4().to_string();
    let mut pairs = vec![("code", code.as_str()), ("session_state", session.as_str())];
    if form.get("client_info").is_some() {
        pairs.insert(1, ("client_info", &client_info));
    }
    reply(form, redirect_uri, &pairs)
}

/// `client_info`: the home account.
pub fn client_info(person: &Person) -> String {
    let json = format!("{{\"uid\":\"{}\",\"utid\":\"{}\"}}", person.oid, person.tid);
    base64::engine::general_purpose::URL_SAFE_NO_PAD.encode(json)
}

/// Sends the reply in the mode that was asked for.
fn reply(form: &Form, redirect_uri: &str, pairs: &[(&str, &str)]) -> Reply {
    let mut pairs = pairs.to_vec();
    if let Some(state) = form.get("state") {
        pairs.push(("state", state));
    }
    match form.get("response_mode").unwrap_or("query") {
        "form_post" => Reply::html(200, pages::form_post(redirect_uri, &pairs)),
        mode => {
            let encoded = url::form_urlencoded::Serializer::new(String::new()).extend_pairs(&pairs).finish();
            let mark = if mode == "fragment" { '#' } else { '?' };
            // A URI without a path comes back with one.
            let base = redirect_uri.trim_end_matches('/');
            Reply::empty(302).with("Location", format!("{base}/{mark}{encoded}"))
        }
    }
}
