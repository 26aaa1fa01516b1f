//! The pages that a browser sees. They say that they are practice, so that nobody types a real password.

use crate::identity::Form;
use crate::world::Person;

pub fn escape(text: &str) -> String {
    text.replace('&', "&amp;").replace('<', "&lt;").replace('>', "&gt;").replace('"', "&quot;").replace('\'', "&#39;")
}

pub fn page(title: &str, body: &str) -> String {
    let style = "body{font:16px system-ui;max-width:30rem;margin:4rem auto;padding:0 1rem}button{font:inherit;padding:.5rem 1rem;margin:.25rem 0;display:block;width:100%;text-align:left}";
    format!(
        "<!doctype html><html lang=en><meta charset=utf-8><title>{0}</title><style>{style}</style><h1>{0}</h1>{body}</html>",
        escape(title)
    )
}

fn hidden<'a>(pairs: impl Iterator<Item = (&'a str, &'a str)>) -> String {
    pairs.map(|(name, value)| format!("<input type=hidden name=\"{}\" value=\"{}\">", escape(name), escape(value))).collect()
}

fn carried(request: &Form) -> String {
    hidden(request.pairs().iter().map(|(name, value)| (name.as_str(), value.as_str())))
}

/// May the app do this, for everybody in the tenant?
pub fn admin_consent(action: &str, request: &Form, scopes: &str) -> String {
    page(
        "Practice approval",
        &format!(
            "<p>This is Belfry's offline practice copy of Microsoft's page for administrators.</p><p>For everybody in this organisation, Belfry asks for: \
             <code>{}</code></p><form method=post action=\"{}\">{}<button name=approve value=1 id=approve>Approve</button>\
             <button name=deny value=1 id=deny>Deny</button></form>",
            escape(scopes),
            escape(action),
            carried(request)
        ),
    )
}

/// Who is it, and may the app do this? The second people are shown on demand.
pub fn sign_in(action: &str, request: &Form, [people, others]: [&[Person]; 2], scopes: &str) -> String {
    let hidden = carried(request);
    let mut buttons = buttons(people);
    if !others.is_empty() {
        buttons.push_str(&format!("<details><summary id=others>Use another account</summary>{}</details>", self::buttons(others)));
    }
    page(
        "Practice sign-in",
        &format!(
            "<p>This is Belfry's offline practice copy of Microsoft's sign-in page. Type no password here.</p>\
             <p>Belfry asks for: <code>{}</code></p><form method=post action=\"{}\">{hidden}{buttons}\
             <button name=cancel value=1 id=cancel>Cancel</button></form>",
            escape(scopes),
            escape(action)
        ),
    )
}

/// Which code, and who is it?
pub fn device(people: &[Person]) -> String {
    page(
        "Practice sign-in",
        &format!(
            "<p>Type the code that the app shows. This is Belfry's offline practice copy of Microsoft's page.</p><form method=post action=\"/devicelogin\">\
             <input name=user_code id=user_code autofocus>{}<button name=cancel value=1 id=cancel>Cancel</button></form>",
            buttons(people)
        ),
    )
}

fn buttons(people: &[Person]) -> String {
    people
        .iter()
        .map(|person| {
            let (login, name) = (escape(&person.login), escape(&person.name));
            format!("<button name=account value=\"{login}\" id=\"{login}\"><strong>{name}</strong><br>{login}</button>")
        })
        .collect()
}

/// The page that carries a form_post reply to the app.
pub fn form_post(redirect_uri: &str, pairs: &[(&str, &str)]) -> String {
    let fields = hidden(pairs.iter().copied());
    format!(
        "<!doctype html><html><head><title>Working...</title></head><body onload=\"document.forms[0].submit()\">\
         <form method=\"POST\" action=\"{}\">{fields}<noscript><button>Continue</button></noscript></form></body></html>",
        escape(redirect_uri)
    )
}
