//! A browser for sign-ins without a person: reads the practice sign-in page, chooses an account, and carries the reply to the loopback as a real browser would.
//! It can do nothing with Microsoft's real pages.

use std::io;

/// One exchange: method, address, form body; answers with status, `Location` and body.
pub trait Fetch {
    /// Sends.
    ///
    /// # Errors
    /// When there is no answer.
    fn fetch(&self, method: &str, url: &str, form: Option<&str>) -> impl Future<Output = io::Result<(u16, Option<String>, String)>> + Send;
}

/// What the person would do on the page.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Choice {
    /// Takes this account and accepts.
    Account(String),
    /// Cancels.
    Cancel,
    /// As an administrator: approves for everybody.
    Approve,
    /// As an administrator: denies.
    Deny,
}

/// Signs in. Returns the last page's text.
///
/// # Errors
/// When a page is not what the practice cloud shows.
pub async fn sign_in(fetch: &impl Fetch, authorize_url: &str, choice: &Choice) -> io::Result<String> {
    let (status, _, page) = fetch.fetch("GET", authorize_url, None).await?;
    if status != 200 {
        return Ok(page);
    }
    let form = Form::read(&page).ok_or_else(|| io::Error::other("the sign-in page has no form"))?;
    let mut pairs = form.fields;
    match choice {
        Choice::Account(login) => pairs.push(("account".into(), login.clone())),
        Choice::Cancel => pairs.push(("cancel".into(), "1".into())),
        Choice::Approve => pairs.push(("approve".into(), "1".into())),
        Choice::Deny => pairs.push(("deny".into(), "1".into())),
    }
    let base = url::Url::parse(authorize_url).map_err(io::Error::other)?;
    let action = base.join(&form.action).map_err(io::Error::other)?;
    let (status, location, page) = fetch.fetch("POST", action.as_str(), Some(&encode(&pairs))).await?;
    let last = match (status, location) {
        (302, Some(location)) => fetch.fetch("GET", &location, None).await?,
        (200, _) => match Form::read(&page) {
            Some(reply) => fetch.fetch("POST", &reply.action, Some(&encode(&reply.fields))).await?,
            None => (status, None, page),
        },
        _ => (status, None, page),
    };
    if last.0 >= 400 {
        return Err(io::Error::new(io::ErrorKind::NotFound, "the sign-in page does not take this account"));
    }
    Ok(last.2)
}

fn encode(pairs: &[(String, String)]) -> String {
    url::form_urlencoded::Serializer::new(String::new()).extend_pairs(pairs).finish()
}

struct Form {
    action: String,
    fields: Vec<(String, String)>,
}

impl Form {
    fn read(page: &str) -> Option<Self> {
        let (_, form) = page.split_once("<form ")?;
        let action = attribute(form, "action")?;
        let fields = form
            .split("<input ")
            .skip(1)
            .filter_map(|input| {
                let input = input.split('>').next()?;
                Some((attribute(input, "name")?, attribute(input, "value").unwrap_or_default()))
            })
            .collect();
        Some(Self { action, fields })
    }
}

fn attribute(tag: &str, name: &str) -> Option<String> {
    let (_, rest) = tag.split_once(&format!("{name}=\""))?;
    let value = rest.split('"').next()?;
    let plain = value.replace("&lt;", "<").replace("&gt;", ">").replace("&quot;", "\"").replace("&#39;", "'").replace("&amp;", "&");
    Some(plain)
}
