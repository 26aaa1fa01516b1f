//! The keys that sign ID tokens, kept as long as they are good
//! (<https://learn.microsoft.com/entra/identity-platform/signing-key-rollover>).
//!
//! A set is good for a day. A key that is not in it is looked for once more, because keys change without notice, but not more often than every five minutes: a forged
//! token must not make us ask for ever. Where no new set is to be had, the last good one stays.

use std::collections::BTreeMap;

use belfry_http::HttpClient;
use chrono::{DateTime, Duration, Utc};
use serde_json::Value;
use tokio::sync::Mutex;

use crate::discovery::{Discovery, get_json};
use crate::error::IdentityError;

/// How long a set is good.
const LIFE: Duration = Duration::hours(24);
/// How long after a look for an unknown key the next one has to wait. The first fetch is no such look.
const BETWEEN_LOOKS: Duration = Duration::minutes(5);

/// The sets of all clouds that were asked so far.
#[derive(Default)]
pub struct Keys(Mutex<BTreeMap<String, Held>>);

/// One set, and when it was asked for.
struct Held {
    keys: Vec<Value>,
    fetched_at: DateTime<Utc>,
    looked_at: Option<DateTime<Utc>>,
}

impl Held {
    fn get(&self, kid: &str) -> Option<Value> {
        self.keys.iter().find(|key| key.get("kid").and_then(Value::as_str) == Some(kid)).cloned()
    }
}

impl Keys {
    /// The key of this id, as its JWKS document has it, perhaps with its own `issuer`.
    ///
    /// # Errors
    /// No set is to be had: a reason to try later, never one to trust a token unseen. A key that is in no set.
    pub async fn get(&self, http: &dyn HttpClient, discovery: &Discovery, kid: &str, now: DateTime<Utc>) -> Result<Value, IdentityError> {
        let mut all = self.0.lock().await;
        let uri = discovery.jwks_uri.as_str();
        let is_fresh = all.get(uri).is_some_and(|held| now - held.fetched_at < LIFE && held.fetched_at <= now);
        if is_fresh && let Some(key) = all.get(uri).and_then(|held| held.get(kid)) {
            return Ok(key);
        }
        let unknown = IdentityError::IdToken("its key is not known");
        if let Some(held) = all.get_mut(uri).filter(|_| is_fresh) {
            if held.looked_at.is_some_and(|at| now - at < BETWEEN_LOOKS) {
                return Err(unknown);
            }
            held.looked_at = Some(now);
        }
        match fetch(http, uri).await {
            Ok(keys) => {
                let looked_at = all.get(uri).and_then(|held| held.looked_at);
                let held = Held { keys, fetched_at: now, looked_at };
                let key = held.get(kid);
                all.insert(uri.to_owned(), held);
                key.ok_or(unknown)
            }
            Err(error) => all.get(uri).and_then(|held| held.get(kid)).ok_or(error),
        }
    }
}

async fn fetch(http: &dyn HttpClient, uri: &str) -> Result<Vec<Value>, IdentityError> {
    let document: Option<Value> = get_json(http, uri).await?;
    let keys = document.and_then(|mut document| match document.get_mut("keys").map(Value::take) {
        Some(Value::Array(keys)) => Some(keys),
        _ => None,
    });
    keys.ok_or_else(|| IdentityError::Unreadable { host: uri.to_owned() })
}

#[cfg(test)]
mod tests {
    use std::sync::Mutex as Sync;

    use belfry_http::{HttpError, Request, Response};
    use bytes::Bytes;
    use futures::FutureExt;
    use futures::future::BoxFuture;
    use serde_json::json;

    use super::*;

    /// Answers with a set of these key ids, or not at all; counts.
    #[derive(Default)]
    struct Server {
        kids: Sync<Option<Vec<&'static str>>>,
        asked: Sync<u32>,
    }

    impl Server {
        fn holds(&self, kids: Option<Vec<&'static str>>) {
            *self.kids.lock().expect("a lock") = kids;
        }
        fn asked(&self) -> u32 {
            *self.asked.lock().expect("a lock")
        }
    }

    impl HttpClient for Server {
        fn send(&self, _: Request) -> BoxFuture<'_, Result<Response, HttpError>> {
            *self.asked.lock().expect("a lock") += 1;
            let kids = self.kids.lock().expect("a lock").clone();
            async move {
                let kids = kids.ok_or(HttpError::Unreachable { host: "h".into(), source: None })?;
                let keys: Vec<Value> = kids.iter().map(|kid| json!({"kid": kid})).collect();
                Ok(http::Response::new(Bytes::from(json!({"keys": keys}).to_string())))
            }
            .boxed()
        }
    }

    fn discovery() -> Discovery {
        let text = r#"{"issuer":"i","authorization_endpoint":"https://h/a","token_endpoint":"https://h/t","jwks_uri":"https://h/k"}"#;
        serde_json::from_str(text).expect("a document")
    }

    fn at(minutes: i64) -> DateTime<Utc> {
        DateTime::from_timestamp(1_800_000_000 + minutes * 60, 0).expect("a time")
    }

    #[tokio::test]
    async fn a_set_is_good_for_a_day_and_an_unknown_key_is_looked_for_now_and_then() {
        let (server, keys, discovery) = (Server::default(), Keys::default(), discovery());
        server.holds(Some(vec!["a"]));
        for (minute, kid, found, asked) in [
            (0, "a", true, 1),
            (60, "a", true, 1),
            // Unknown: looked for at once, then not before five minutes have passed.
            (61, "b", false, 2),
            (62, "b", false, 2),
            (62, "c", false, 2),
            (66, "b", false, 3),
            (67, "a", true, 3),
            (66 + 24 * 60, "a", true, 4),
        ] {
            assert_eq!(keys.get(&server, &discovery, kid, at(minute)).await.is_ok(), found, "{minute} {kid}");
            assert_eq!(server.asked(), asked, "{minute} {kid}");
        }
    }

    #[tokio::test]
    async fn a_rotated_key_is_found_and_the_last_good_set_outlives_an_outage() {
        let (server, keys, discovery) = (Server::default(), Keys::default(), discovery());
        assert!(matches!(keys.get(&server, &discovery, "a", at(0)).await, Err(IdentityError::Http(_))));
        server.holds(Some(vec!["a"]));
        assert!(keys.get(&server, &discovery, "a", at(1)).await.is_ok());
        server.holds(Some(vec!["a", "b"]));
        assert!(keys.get(&server, &discovery, "b", at(2)).await.is_ok());
        server.holds(None);
        assert!(keys.get(&server, &discovery, "b", at(3 * 24 * 60)).await.is_ok());
        assert!(matches!(keys.get(&server, &discovery, "c", at(3 * 24 * 60)).await, Err(IdentityError::Http(_))));
    }
}
