//! The Background portal (<https://flatpak.github.io/xdg-desktop-portal/docs/doc-org.freedesktop.portal.Background.html>).

use std::collections::HashMap;
use std::time::Duration;

use belfry_app::shell::AtLoginError;
use futures::StreamExt;
use zbus::zvariant::{OwnedObjectPath, OwnedValue, Value};
use zbus::{Connection, Proxy};

const DESKTOP: &str = "org.freedesktop.portal.Desktop";
const PATH: &str = "/org/freedesktop/portal/desktop";
const BACKGROUND: &str = "org.freedesktop.portal.Background";
const REQUEST: &str = "org.freedesktop.portal.Request";
/// So long a person may think about the desktop's question.
const PATIENCE: Duration = Duration::from_secs(120);

/// The answer to a request: 0 is yes, 1 that the person closed the question, 2 that it ended otherwise; and what is so now.
type Response = (u32, HashMap<String, OwnedValue>);

/// Asks the desktop to start this program with the session, with these words, or not to.
pub async fn ask(on: bool, words: &[String]) -> Result<(), AtLoginError> {
    let answer = tokio::time::timeout(PATIENCE, request(on, words)).await;
    let (code, said) = answer.map_err(|late| AtLoginError::Failed(late.into()))?.map_err(|error| AtLoginError::Failed(error.into()))?;
    let is_on = said.get("autostart").and_then(|value| bool::try_from(value).ok()).unwrap_or(false);
    if code == 0 && is_on == on { Ok(()) } else { Err(AtLoginError::Refused) }
}

async fn request(on: bool, words: &[String]) -> zbus::Result<Response> {
    let bus = Connection::session().await?;
    let token = format!("belfry{}", std::process::id());
    let sender = bus.unique_name().map(|name| name.trim_start_matches(':').replace('.', "_")).unwrap_or_default();
    // Whoever listens only after the call may miss a quick answer: the path is known before.
    let known = format!("{PATH}/request/{sender}/{token}");
    let mut answers = Proxy::new(&bus, DESKTOP, known.as_str(), REQUEST).await?.receive_signal("Response").await?;
    let line: Vec<&str> = std::iter::once("belfry-desktop").chain(words.iter().map(String::as_str)).collect();
    let options = HashMap::from([
        ("handle_token", Value::from(token.as_str())),
        ("reason", Value::from("Belfry keeps your reminders in Outlook while its window is closed.")),
        ("autostart", Value::from(on)),
        ("commandline", Value::from(line)),
    ]);
    let background = Proxy::new(&bus, DESKTOP, PATH, BACKGROUND).await?;
    let path: OwnedObjectPath = background.call("RequestBackground", &("", options)).await?;
    // Old portals choose the path themselves.
    if path.as_str() != known {
        answers = Proxy::new(&bus, DESKTOP, path, REQUEST).await?.receive_signal("Response").await?;
    }
    answers.next().await.ok_or(zbus::Error::InvalidReply)?.body().deserialize()
}
