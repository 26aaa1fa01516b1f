//! What Graph may say instead of an answer (`error` resource,
//! <https://learn.microsoft.com/graph/errors>). Codes decide; messages are for the log.

use std::time::Duration;

use belfry_http::retry::retry_after_seconds;
use belfry_http::{HttpError, TokenError};
use serde::Deserialize;

use crate::answer::Answer;

/// Why a request has no result.
#[derive(Debug, thiserror::Error)]
pub enum GraphError {
    /// There is no token to ask with.
    #[error(transparent)]
    Token(#[from] TokenError),
    /// No answer.
    #[error(transparent)]
    Http(#[from] HttpError),
    /// The server asks to slow down, and patience is spent.
    #[error("Outlook asks to slow down")]
    Throttled {
        /// Not before this time has passed.
        retry_after: Option<Duration>,
    },
    /// A passing fault of the server (5xx) outlasted our patience.
    #[error("Outlook has a fault of its own ({status} {code})")]
    Faulty {
        /// Status.
        status: u16,
        /// Code, if any.
        code: String,
    },
    /// A success whose body cannot be read: cut off, or not from Graph at all.
    #[error("the answer is not one that Outlook gives")]
    Unreadable {
        /// Cause.
        #[source]
        source: Option<serde_json::Error>,
    },
    /// The token was refused, and the one that replaced it too.
    #[error("Outlook does not accept the sign-in")]
    Unauthorized {
        /// What the next sign-in has to prove, if a challenge said so (JSON).
        claims: Option<String>,
    },
    /// No such event or calendar (404).
    #[error("not found")]
    NotFound,
    /// The delta link is too old (410, or any syncState code).
    #[error("the sync state is gone")]
    SyncStateGone,
    /// The item changed in between (412).
    #[error("changed in between")]
    Changed,
    /// The transaction id was used before; the existing event, if the server names it.
    #[error("this event was made before")]
    DuplicateTransaction {
        /// Graph's id of the event.
        existing: Option<String>,
    },
    /// A calendar of that name exists (409).
    #[error("a calendar of that name exists")]
    NameTaken,
    /// No right to do this (403).
    #[error("Outlook does not permit this ({code})")]
    Forbidden {
        /// Code.
        code: String,
    },
    /// The account has no mailbox that Graph reaches.
    #[error("this account has no Outlook mailbox that can be reached")]
    MailboxUnavailable,
    /// The mailbox is full.
    #[error("the mailbox is full")]
    MailboxFull,
    /// The server does not accept what was sent.
    #[error("Outlook refused it: {code}")]
    Refused {
        /// Status.
        status: u16,
        /// Code.
        code: String,
        /// The server's sentence, for the log.
        message: String,
    },
}

#[derive(Deserialize)]
struct Envelope {
    error: Body,
}

#[derive(Deserialize)]
struct Body {
    #[serde(default)]
    code: String,
    #[serde(default)]
    message: String,
    #[serde(rename = "@event.existingEventId")]
    existing: Option<String>,
}

impl GraphError {
    /// What the next sign-in has to prove (JSON), if that is known.
    #[must_use]
    pub fn claims(&self) -> Option<&str> {
        match self {
            Self::Token(error) => error.claims.as_deref(),
            Self::Unauthorized { claims } => claims.as_deref(),
            _ => None,
        }
    }

    /// Classifies an answer that is no success.
    #[must_use]
    pub fn of(answer: &Answer) -> Self {
        let body = serde_json::from_slice::<Envelope>(&answer.body)
            .map_or_else(|_| Body { code: String::new(), message: String::new(), existing: None }, |envelope| envelope.error);
        let (status, code) = (answer.status, body.code);
        let retry_after = retry_after_seconds(&answer.headers);
        match (status, code.to_ascii_lowercase().as_str()) {
            (400 | 409, "errorduplicatetransactionid") => Self::DuplicateTransaction { existing: body.existing },
            (410, _) | (400..=499, "syncstatenotfound" | "resyncrequired" | "syncstateinvalid" | "syncstateinvalidrequest") => {
                Self::SyncStateGone
            }
            (409, "errorfolderexists") => Self::NameTaken,
            (401 | 403 | 404, "mailboxnotenabledforrestapi" | "mailboxnotsupportedforrestapi")
            | (404, "errorinvaliduser" | "resourcenotfound") => Self::MailboxUnavailable,
            (507, _) | (_, "errorquotaexceeded") => Self::MailboxFull,
            // A page of some proxy, or an error that says nothing: Graph names what it does not find.
            (404, "" | "unknownerror") => Self::Faulty { status, code },
            (404, _) => Self::NotFound,
            (412, _) => Self::Changed,
            (401, _) => Self::Unauthorized { claims: None },
            (403, _) => Self::Forbidden { code },
            // The part of a batch that is still refused after all repeats has nobody else to read it.
            (429, _) => Self::Throttled { retry_after },
            // Busy, and it says until when (RFC 9110 section 15.6.4): to be left alone until then like one that throttles.
            (503, _) if retry_after.is_some() => Self::Throttled { retry_after },
            (408 | 424 | 425 | 500..=599, _) => Self::Faulty { status, code },
            // A page of HTML or a redirect is not Graph speaking: a captive portal, a proxy.
            (300..=399, _) => Self::Unreadable { source: None },
            (_, "") => Self::Unreadable { source: None },
            _ => Self::Refused { status, code, message: body.message },
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use bytes::Bytes;

    fn of(status: u16, body: &'static str) -> String {
        let answer = Answer { status, headers: http::HeaderMap::new(), body: Bytes::from_static(body.as_bytes()) };
        format!("{:?}", GraphError::of(&answer))
    }

    #[test]
    fn codes_of_the_field() {
        for (status, body, expected) in [
            (404, r#"{"error":{"code":"ErrorItemNotFound","message":"x"}}"#, "NotFound"),
            (410, r#"{"error":{"code":"SyncStateNotFound","message":"generation=149"}}"#, "SyncStateGone"),
            (400, r#"{"error":{"code":"resyncRequired","message":""}}"#, "SyncStateGone"),
            (412, r#"{"error":{"code":"ErrorIrresolvableConflict","message":""}}"#, "Changed"),
            (409, r#"{"error":{"code":"ErrorFolderExists","message":""}}"#, "NameTaken"),
            (404, r#"{"error":{"code":"MailboxNotEnabledForRESTAPI","message":""}}"#, "MailboxUnavailable"),
            (403, r#"{"error":{"code":"MailboxNotSupportedForRESTAPI","message":""}}"#, "MailboxUnavailable"),
            (
                400,
                r#"{"error":{"code":"ErrorDuplicateTransactionId","message":"","@event.existingEventId":"AA="}}"#,
                "DuplicateTransaction { existing: Some(\"AA=\") }",
            ),
            (404, "<html>not here</html>", "Faulty { status: 404, code: \"\" }"),
            (404, r#"{"error":{"code":"UnknownError","message":""}}"#, "Faulty { status: 404, code: \"UnknownError\" }"),
            (504, r#"{"error":{"code":"UnknownError","message":""}}"#, "Faulty { status: 504, code: \"UnknownError\" }"),
            (511, "<html>log in to the hotel</html>", "Faulty { status: 511, code: \"\" }"),
            (302, "", "Unreadable { source: None }"),
            (403, "<html>proxy</html>", "Forbidden { code: \"\" }"),
        ] {
            assert_eq!(of(status, body), expected, "{status} {body}");
        }
    }
}
