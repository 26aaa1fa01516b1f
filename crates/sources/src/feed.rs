//! Feeds: an address that answers with a calendar.

use base64::Engine;
use base64::prelude::BASE64_STANDARD;
use belfry_http::retry::retry_after;
use belfry_http::{HttpClient, HttpError, Request, is_loopback};
use belfry_ical::{ColumnMap, FileProblem, LARGEST_FILE, Open, ReadInto, in_utf8};
use bytes::Bytes;
use chrono::TimeDelta;
use http::header::{ACCEPT, AUTHORIZATION, CONTENT_TYPE, ETAG, IF_MODIFIED_SINCE, IF_NONE_MATCH, LAST_MODIFIED, LOCATION};
use http::{HeaderMap, HeaderName, HeaderValue, StatusCode};
use secrecy::{ExposeSecret, SecretString};
use url::Url;

use crate::error::SourceError;
use crate::{Found, Reading, Validators, looks_like_calendar, looks_like_markup, parse};

/// So often an answer may point elsewhere.
const MOST_REDIRECTS: usize = 5;

/// The address of a feed as it is asked for: `webcal:` is https. `None` for what is no address.
#[must_use]
pub fn address(text: &str) -> Option<Url> {
    let text = text.trim();
    let strip = |scheme: &str| {
        let head = text.get(..scheme.len())?;
        head.eq_ignore_ascii_case(scheme).then(|| format!("https://{}", text.get(scheme.len()..).unwrap_or_default()))
    };
    let text = strip("webcal://").or_else(|| strip("webcals://")).unwrap_or_else(|| text.to_owned());
    let url = Url::parse(&text).ok()?;
    (matches!(url.scheme(), "https" | "http") && url.has_host()).then_some(url)
}

/// Whether an address may be asked: https, plain http on this computer, and elsewhere only where the person said so.
#[must_use]
pub fn is_allowed(url: &Url, plain_http: bool) -> bool {
    url.scheme() == "https" || is_loopback(url.as_str()) || plain_http
}

/// Asks a feed. A list whose address is plain http was allowed to be when it was added.
pub async fn read(
    text: &str,
    http: &dyn HttpClient,
    known: &Validators,
    into: &ReadInto,
    map: Option<&ColumnMap>,
    password: Option<&SecretString>,
) -> Result<Reading, SourceError> {
    let mut url = address(text).ok_or_else(|| SourceError::Address(host_of(text)))?;
    let proof = proof(&url, password);
    let first = url.origin();
    take_user(&mut url);
    let is_plain = url.scheme() == "http" && !is_loopback(url.as_str());
    for _ in 0..=MOST_REDIRECTS {
        let host = url.host_str().unwrap_or_default().to_owned();
        let answer = http
            .send(request(&url, known, proof.clone().filter(|_| url.origin() == first))?)
            .await
            .map_err(|source| SourceError::Unreachable { source })?;
        match answer.status() {
            StatusCode::NOT_MODIFIED => return Ok(Reading::Unchanged),
            status if status.is_redirection() => url = next(&url, answer.headers(), is_plain)?,
            StatusCode::OK => return found(&host, answer.body(), answer.headers(), into, map),
            status => return Err(refused(host, status, answer.headers(), into)),
        }
    }
    Err(SourceError::Redirects { host: url.host_str().unwrap_or_default().to_owned() })
}

/// An answer that is no calendar. A server that is too busy often says when to come back (RFC 9110 section 10.2.3; RFC 6585 section 4), which a person is told.
fn refused(host: String, status: StatusCode, headers: &HeaderMap, into: &ReadInto) -> SourceError {
    let is_busy = matches!(status, StatusCode::TOO_MANY_REQUESTS | StatusCode::SERVICE_UNAVAILABLE);
    let until = retry_after(headers, into.now)
        .filter(|wait| is_busy && !wait.is_zero())
        .and_then(|wait| into.now.checked_add_signed(TimeDelta::from_std(wait).ok()?));
    let status = status.as_u16();
    match until {
        Some(at) => SourceError::Busy { host, status, at, until: into.zone.wall(at) },
        None => SourceError::Status { host, status },
    }
}

/// Takes the password out of an address: it belongs into the keychain.
#[must_use]
pub fn take_password(url: &mut Url) -> Option<SecretString> {
    let password = url.password().map(|text| SecretString::from(decoded(text)))?;
    url.set_password(None).ok()?;
    Some(password)
}

/// An address that is asked names nobody: the header does.
fn take_user(url: &mut Url) {
    let _ = take_password(url);
    let _ = url.set_username("");
}

/// A part of an address as it was typed.
fn decoded(text: &str) -> String {
    percent_encoding::percent_decode_str(text).decode_utf8_lossy().into_owned()
}

/// What says who asks (RFC 7617, section 2), where the address names a user.
fn proof(url: &Url, password: Option<&SecretString>) -> Option<HeaderValue> {
    let user = Some(url.username()).filter(|user| !user.is_empty()).map(decoded)?;
    let own = url.password().map(|text| SecretString::from(decoded(text)));
    let password = own.as_ref().or(password).map(ExposeSecret::expose_secret).unwrap_or_default();
    let mut value = HeaderValue::try_from(format!("Basic {}", BASE64_STANDARD.encode(format!("{user}:{password}")))).ok()?;
    value.set_sensitive(true);
    Some(value)
}

/// Only the host of an address: its path may be the secret.
fn host_of(text: &str) -> String {
    Url::parse(text).ok().and_then(|url| url.host_str().map(str::to_owned)).unwrap_or_else(|| "the text".to_owned())
}

fn request(url: &Url, known: &Validators, proof: Option<HeaderValue>) -> Result<Request, SourceError> {
    let mut request = http::Request::get(url.as_str()).header(ACCEPT, "text/calendar, text/csv;q=0.8, */*;q=0.5");
    if let Some(etag) = &known.etag {
        request = request.header(IF_NONE_MATCH, etag);
    }
    if let Some(modified) = &known.modified {
        request = request.header(IF_MODIFIED_SINCE, modified);
    }
    if let Some(proof) = proof {
        request = request.header(AUTHORIZATION, proof);
    }
    request.body(Bytes::new()).map_err(|error| SourceError::Unreachable { source: HttpError::Malformed(Box::new(error)) })
}

/// Where an answer points to. Never from https to plain http, and from elsewhere never to a server on this computer, which may believe whoever comes from here.
fn next(from: &Url, headers: &HeaderMap, plain_http: bool) -> Result<Url, SourceError> {
    let host = from.host_str().unwrap_or_default().to_owned();
    let to = headers.get(LOCATION).and_then(|to| to.to_str().ok()).and_then(|to| from.join(to).ok());
    let is_safe = |to: &Url| match (is_loopback(from.as_str()), is_here(to)) {
        (from_here, true) => from_here && matches!(to.scheme(), "https" | "http"),
        (_, false) => to.scheme() == "https" || (to.scheme() == "http" && plain_http && from.scheme() == "http"),
    };
    match to {
        Some(to) if is_safe(&to) => Ok(to),
        _ => Err(SourceError::UnsafeRedirect { host }),
    }
}

/// A server on this computer, whatever it is spoken to with.
fn is_here(url: &Url) -> bool {
    match url.host() {
        Some(url::Host::Domain(name)) => name.trim_end_matches('.').eq_ignore_ascii_case("localhost") || name.ends_with(".localhost"),
        Some(url::Host::Ipv4(address)) => address.is_loopback() || address.is_unspecified(),
        Some(url::Host::Ipv6(address)) => {
            address.is_loopback() || address.is_unspecified() || address.to_ipv4_mapped().is_some_and(|mapped| mapped.is_loopback())
        }
        None => false,
    }
}

/// The charset that an answer names (RFC 9110, section 8.3.1); empty without one.
fn charset(headers: &HeaderMap) -> String {
    let named = headers.get(CONTENT_TYPE).and_then(|value| value.to_str().ok()).unwrap_or_default();
    let value = named.split(';').skip(1).find_map(|part| {
        let (name, value) = part.split_once('=')?;
        name.trim().eq_ignore_ascii_case("charset").then(|| value.trim().trim_matches(['"', '\'']))
    });
    value.unwrap_or_default().to_owned()
}

fn found(host: &str, body: &Bytes, headers: &HeaderMap, into: &ReadInto, map: Option<&ColumnMap>) -> Result<Reading, SourceError> {
    let broken = |source| SourceError::NotCalendar { host: host.to_owned(), source };
    if body.len() > LARGEST_FILE {
        return Err(broken(FileProblem::TooLarge));
    }
    let body = in_utf8(body, &charset(headers));
    // A page to log in on is often served with 200. An empty answer is no calendar without items.
    let is_nothing = body.iter().all(u8::is_ascii_whitespace);
    if is_nothing {
        return Err(broken(FileProblem::Truncated { line: 1, open: Open::File }));
    }
    if map.is_none() && !looks_like_calendar(&body) && looks_like_markup(&body) {
        return Err(broken(FileProblem::NotCalendar));
    }
    let contents = parse(&body, into, map).map_err(broken)?;
    let text = |name: HeaderName| headers.get(name).and_then(|value| value.to_str().ok()).map(str::to_owned);
    let validators = Validators { etag: text(ETAG), modified: text(LAST_MODIFIED), stamp: None };
    Ok(Reading::Read(Box::new(Found { contents, validators, broken: vec![] })))
}
