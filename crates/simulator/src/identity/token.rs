//! The token endpoint: codes and refresh tokens become tokens, and errors look like Entra's.

use base64::Engine;
use chrono::{DateTime, Duration, Utc};
use serde_json::{Value, json};
use sha2::{Digest, Sha256};

use crate::identity::{Form, authorize, device};
use crate::reply::Reply;
use crate::simulator::Simulator;
use crate::world::{Grant, Person, World};

pub fn answer(simulator: &Simulator, tenant: &str, form: &Form) -> Reply {
    let client_id = form.get("client_id").unwrap_or_default();
    if !simulator.options.client_ids.iter().any(|known| known == client_id) {
        return error(simulator, 400, "unauthorized_client", 700_016, "The application was not found in the directory.", None);
    }
    if form.get("client_secret").is_some() || form.get("client_assertion").is_some() {
        return error(
            simulator,
            401,
            "invalid_client",
            700_025,
            "The client is public so neither 'client_assertion' nor 'client_secret' should be presented.",
            None,
        );
    }
    let granted = match form.get("grant_type") {
        Some("authorization_code") => redeem(simulator, tenant, form),
        Some("refresh_token") => refresh(simulator, form),
        // MSAL for Node sends the short name.
        Some("urn:ietf:params:oauth:grant-type:device_code" | "device_code") => device(simulator, form),
        _ => return error(simulator, 400, "unsupported_grant_type", 70_003, "The grant type is not supported.", None),
    };
    granted.unwrap_or_else(|reply| reply)
}

fn redeem(simulator: &Simulator, tenant: &str, form: &Form) -> Result<Reply, Reply> {
    let now = simulator.now();
    let invalid = |number: u32, text: &str| error(simulator, 400, "invalid_grant", number, text, None);
    let code = form.get("code").unwrap_or_default();
    let pending = simulator.lock().world.codes.get(code).cloned().ok_or_else(|| invalid(70_000, "The provided code is not valid."))?;
    if pending.used {
        return Err(invalid(54_005, "The code was already redeemed."));
    }
    if now - pending.issued_at > Duration::minutes(10) {
        return Err(invalid(70_008, "The provided code is expired."));
    }
    if pending.client_id != form.get("client_id").unwrap_or_default()
        || pending.redirect_uri != form.get("redirect_uri").unwrap_or_default()
    {
        return Err(invalid(70_000, "The code was not issued for this client and redirect URI."));
    }
    if pending.tenant_path != tenant {
        return Err(invalid(700_005, "The code was issued at another tenant path."));
    }
    let verifier = form.get("code_verifier").unwrap_or_default();
    let challenge = base64::engine::general_purpose::URL_SAFE_NO_PAD.encode(Sha256::digest(verifier.as_bytes()));
    if challenge != pending.challenge {
        return Err(invalid(501_481, "The Code_Verifier does not match the code_challenge."));
    }
    let mut inner = simulator.lock();
    if let Some(code) = inner.world.codes.get_mut(code) {
        code.used = true;
    }
    let scopes = form.get("scope").unwrap_or(&pending.scope).to_owned();
    let person = person(&inner.world, &pending.oid).ok_or_else(|| Reply::empty(500))?;
    Ok(issue(simulator, &mut inner.world, &person, form, &scopes, pending.nonce.as_deref(), now))
}

fn device(simulator: &Simulator, form: &Form) -> Result<Reply, Reply> {
    let (oid, scopes) = device::approved(simulator, form)?;
    let now = simulator.now();
    let mut inner = simulator.lock();
    let person = person(&inner.world, &oid).ok_or_else(|| Reply::empty(500))?;
    Ok(issue(simulator, &mut inner.world, &person, form, &scopes, None, now))
}

fn refresh(simulator: &Simulator, form: &Form) -> Result<Reply, Reply> {
    let now = simulator.now();
    let mut inner = simulator.lock();
    let dead = |number: u32, suberror: &str, text: &str| error(simulator, 400, "invalid_grant", number, text, Some(suberror));
    let token = form.get("refresh_token").unwrap_or_default();
    let grant = inner.world.refresh.get(token).cloned().ok_or_else(|| dead(70_000, "bad_token", "The refresh token is not valid."))?;
    let person = person(&inner.world, &grant.oid).ok_or_else(|| dead(50_034, "bad_token", "The user account does not exist."))?;
    if person.revoked_at.is_some_and(|at| grant.issued_at <= at) {
        return Err(dead(50_173, "bad_token", "The provided grant has expired due to it being revoked, a fresh auth token is needed."));
    }
    if now > grant.expires_at {
        return Err(dead(
            700_082,
            "token_expired",
            "The refresh token has expired due to inactivity. The token was inactive for 90.00:00:00.",
        ));
    }
    if grant.client_id != form.get("client_id").unwrap_or_default() {
        return Err(dead(70_000, "bad_token", "The refresh token was issued to another client."));
    }
    let scopes = form.get("scope").map_or_else(|| grant.scopes.join(" "), str::to_owned);
    let missing = scopes.split_whitespace().find(|scope| {
        let bare = authorize::bare(scope);
        bare != ".default" && !person.consented.contains(&bare)
    });
    if missing.is_some() {
        return Err(dead(65_001, "consent_required", "The user or administrator has not consented to use the application."));
    }
    Ok(issue(simulator, &mut inner.world, &person, form, &scopes, None, now))
}

fn person(world: &World, oid: &str) -> Option<Person> {
    world.people.iter().find(|person| person.oid == oid).cloned()
}

fn issue(
    simulator: &Simulator,
    world: &mut World,
    person: &Person,
    form: &Form,
    scopes: &str,
    nonce: Option<&str>,
    now: DateTime<Utc>,
) -> Reply {
    let client_id = form.get("client_id").unwrap_or_default();
    let asked: Vec<String> = scopes.split_whitespace().map(str::to_owned).collect();
    let has = |name: &str| asked.iter().any(|scope| scope.eq_ignore_ascii_case(name));
    let lifetime = Duration::seconds(4_500);
    // The reply lists every consented Graph scope, with other case, and never offline_access.
    let mut granted: Vec<String> = person.consented.iter().filter(|scope| *scope != "offline_access").map(|scope| spelled(scope)).collect();
    granted.sort();
    let grant = |expires_at: DateTime<Utc>| Grant {
        oid: person.oid.clone(),
        client_id: client_id.into(),
        scopes: granted.clone(),
        issued_at: now,
        expires_at,
    };
    let random = || format!("{}{}", uuid::Uuid::new_v4().simple(), uuid::Uuid::new_v4().simple());
    let access_token = format!("EwB.{}", random());
    world.access.retain(|_, grant| grant.expires_at > now);
    world.access.insert(access_token.clone(), grant(now + lifetime));
    let mut body = json!({
        "token_type": "Bearer", "scope": granted.join(" "), "expires_in": lifetime.num_seconds(),
        "ext_expires_in": lifetime.num_seconds(), "access_token": access_token,
    });
    if has("offline_access") {
        // As long as real ones, so that a keychain entry that is too small is noticed.
        let refresh_token = format!("1.A{}", (0..16).map(|_| random()).collect::<String>());
        world.refresh.retain(|_, grant| grant.expires_at > now);
        world.refresh.insert(refresh_token.clone(), grant(now + Duration::days(90)));
        body["refresh_token"] = Value::from(refresh_token);
    }
    if has("openid") {
        body["id_token"] = Value::from(id_token(simulator, person, client_id, nonce, now));
    }
    if form.get("client_info").is_some() {
        body["client_info"] = Value::from(authorize::client_info(person));
    }
    Reply::json(200, &body).with("Cache-Control", "no-store").with("Pragma", "no-cache")
}

fn spelled(scope: &str) -> String {
    ["Calendars.ReadWrite", "Calendars.Read", "User.Read"]
        .into_iter()
        .find(|known| known.eq_ignore_ascii_case(scope))
        .unwrap_or(scope)
        .to_owned()
}

fn id_token(simulator: &Simulator, person: &Person, client_id: &str, nonce: Option<&str>, now: DateTime<Utc>) -> String {
    let mut claims = json!({
        "aud": client_id, "iss": format!("{}/{}/v2.0", simulator.options.identity, person.tid),
        "iat": now.timestamp(), "nbf": now.timestamp(), "exp": now.timestamp() + 3_900,
        "name": person.name, "preferred_username": person.login, "oid": person.oid, "tid": person.tid,
        "sub": format!("sub-{}", person.oid), "ver": "2.0", "rh": "0.", "uti": "practice",
    });
    if let Some(nonce) = nonce {
        claims["nonce"] = Value::from(nonce);
    }
    simulator.key().sign(&claims)
}

pub fn error(simulator: &Simulator, status: u16, error: &str, number: u32, text: &str, suberror: Option<&str>) -> Reply {
    let id = uuid::Uuid::new_v4();
    let now = simulator.now().format("%Y-%m-%d %H:%M:%SZ");
    let mut body = json!({
        "error": error,
        "error_description": format!("AADSTS{number}: {text} Trace ID: {id} Correlation ID: {id} Timestamp: {now}"),
        "error_codes": [number], "timestamp": now.to_string(), "trace_id": id, "correlation_id": id,
        "error_uri": format!("{}/error?code={number}", simulator.options.identity),
    });
    if let Some(suberror) = suberror {
        body["suberror"] = Value::from(suberror);
    }
    Reply::json(status, &body).with("x-ms-request-id", id.to_string()).with("x-ms-clitelem", format!("1,{number},0,,"))
}
