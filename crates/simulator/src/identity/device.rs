//! Device codes: `/{tenant}/oauth2/v2.0/devicecode`, the page on which a person types the code, and what the token endpoint says meanwhile.

use chrono::Duration;
use serde_json::json;

use crate::identity::{Form, authorize, pages, token};
use crate::reply::Reply;
use crate::simulator::Simulator;
use crate::world::{Decision, Device, Person};

const LIFE: Duration = Duration::seconds(900);

pub fn begin(simulator: &Simulator, tenant: &str, form: &Form) -> Reply {
    let client_id = form.get("client_id").unwrap_or_default();
    if !simulator.options.client_ids.iter().any(|known| known == client_id) {
        return token::error(simulator, 400, "unauthorized_client", 700_016, "The application was not found in the directory.", None);
    }
    let Some(scope) = form.get("scope") else {
        return token::error(simulator, 400, "invalid_request", 900_144, "The request body must contain the parameter scope.", None);
    };
    let random = uuid::Uuid::new_v4().simple().to_string();
    let user_code = random.get(..9).unwrap_or(&random).to_ascii_uppercase();
    let device_code = format!("D{}", uuid::Uuid::new_v4().simple());
    let device = Device {
        user_code: user_code.clone(),
        client_id: client_id.to_owned(),
        tenant_path: tenant.to_owned(),
        scope: scope.to_owned(),
        issued_at: simulator.now(),
        decision: None,
    };
    simulator.lock().world.devices.insert(device_code.clone(), device);
    let address = format!("{}/devicelogin", simulator.options.identity);
    let message = format!("To sign in, use a web browser to open the page {address} and enter the code {user_code} to authenticate.");
    Reply::json(
        200,
        &json!({
            "user_code": user_code, "device_code": device_code, "verification_uri": address, "expires_in": LIFE.num_seconds(), "interval": 5,
            "message": message,
        }),
    )
}

pub fn page(simulator: &Simulator) -> Reply {
    let people: Vec<Person> = simulator.lock().world.people.clone();
    Reply::html(200, pages::device(&people))
}

pub fn decide(simulator: &Simulator, form: &Form) -> Reply {
    let typed = form.get("user_code").unwrap_or_default().trim().to_ascii_uppercase();
    let now = simulator.now();
    let mut inner = simulator.lock();
    let account = form.get("account").unwrap_or_default().to_owned();
    let person = inner.world.person(&account).cloned();
    let Some(device) = inner.world.devices.values_mut().find(|device| device.user_code == typed && now - device.issued_at <= LIFE) else {
        return authorize::error_page("AADSTS70019", "That code did not work. Check the code and try again.");
    };
    if person.as_ref().is_some_and(|person| !authorize::may_use(person, &device.tenant_path)) {
        return authorize::error_page("AADSTS50020", "This account does not exist in the tenant.");
    }
    let oid = person.map(|person| person.oid);
    let scope = device.scope.clone();
    device.decision = Some(match &oid {
        Some(oid) => Decision::Approved(oid.clone()),
        None => Decision::Declined,
    });
    if let Some(person) = inner.world.person_mut(&account) {
        for wanted in scope.split_whitespace().map(authorize::bare) {
            if !person.consented.contains(&wanted) {
                person.consented.push(wanted);
            }
        }
    }
    Reply::html(200, pages::page("Practice sign-in", "<p>You may close this window now.</p>"))
}

/// Who approved this device code, or why there is no token yet.
pub fn approved(simulator: &Simulator, form: &Form) -> Result<(String, String), Reply> {
    let refuse = |error: &str, number: u32, text: &str| token::error(simulator, 400, error, number, text, None);
    let now = simulator.now();
    let code = form.get("device_code").unwrap_or_default();
    let mut inner = simulator.lock();
    let Some(device) = inner.world.devices.get(code).cloned() else {
        return Err(refuse("bad_verification_code", 70_018, "Bad verification code. User typed in wrong user code for device code flow."));
    };
    if now - device.issued_at > LIFE {
        return Err(refuse(
            "expired_token",
            70_020,
            "The provided value for the input parameter 'device_code' is not valid. This device code has expired.",
        ));
    }
    match device.decision {
        None => Err(refuse("authorization_pending", 70_016, "OAuth 2.0 device flow error. Authorization is pending. Continue polling.")),
        Some(Decision::Declined) => Err(refuse("authorization_declined", 65_004, "User declined to consent to access the app.")),
        Some(Decision::Approved(oid)) => {
            inner.world.devices.remove(code);
            Ok((oid, device.scope))
        }
    }
}
