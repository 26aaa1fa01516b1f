//! Whether and when to send again. Decides only; the caller waits.

use std::time::Duration;

use backon::{BackoffBuilder, ExponentialBuilder};
use chrono::{DateTime, Utc};
use http::{HeaderMap, StatusCode};

/// How patient a caller is.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct RetryPolicy {
    /// Attempts in all, the first included.
    pub attempts: usize,
    /// Waiting in all.
    pub patience: Duration,
}

impl Default for RetryPolicy {
    fn default() -> Self {
        Self { attempts: 6, patience: Duration::from_secs(60) }
    }
}

/// What to do after an attempt.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Verdict {
    /// Send again after this time.
    Again(Duration),
    /// Give up. The server asked to come back no earlier than this, if it said so.
    Stop(Option<Duration>),
}

/// The failure of an attempt, as far as retrying goes.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Failure {
    /// No answer.
    NoAnswer,
    /// An answer that asks to come back: 429, or a 5xx.
    Busy {
        /// `Retry-After`, if any.
        retry_after: Option<Duration>,
    },
}

/// Whether a status means "try the same again later".
#[must_use]
pub fn is_passing(status: StatusCode) -> bool {
    matches!(status.as_u16(), 408 | 425 | 429 | 500 | 502 | 503 | 504)
}

/// Decides after attempt number `attempt` (from 1) failed and `waited` has been spent so far. `Retry-After` beats the curve.
#[must_use]
pub fn decide(policy: RetryPolicy, attempt: usize, waited: Duration, failure: Failure) -> Verdict {
    let asked = match failure {
        Failure::NoAnswer => None,
        Failure::Busy { retry_after } => retry_after,
    };
    let delay = asked.unwrap_or_else(|| curve(attempt));
    if attempt >= policy.attempts || waited + delay > policy.patience {
        return Verdict::Stop(asked);
    }
    Verdict::Again(delay)
}

fn curve(attempt: usize) -> Duration {
    let longest = Duration::from_secs(30);
    ExponentialBuilder::default()
        .with_min_delay(Duration::from_secs(1))
        .with_max_delay(longest)
        .with_max_times(attempt)
        .build()
        .last()
        .unwrap_or(longest)
}

/// Reads `Retry-After`: seconds, fractions of seconds, or a date (RFC 9110 section 10.2.3; fractions are Graph's own). A date is one by the server's clock: `now` counts only where the
/// answer does not say what time it is there.
#[must_use]
pub fn retry_after(headers: &HeaderMap, now: DateTime<Utc>) -> Option<Duration> {
    parse_retry_after(headers.get(http::header::RETRY_AFTER)?.to_str().ok()?, date(headers).unwrap_or(now))
}

/// Writes `Retry-After` as seconds, for those who read the headers later and do not know the time then.
pub fn in_seconds(headers: &mut HeaderMap, now: DateTime<Utc>) {
    if let Some(asked) = retry_after(headers, now)
        && let Ok(value) = http::HeaderValue::try_from(asked.as_secs_f64().to_string())
    {
        headers.insert(http::header::RETRY_AFTER, value);
    }
}

/// Nobody is left alone for longer than a day, whatever was asked: a server whose clock is wrong would never be asked again.
const LONGEST: Duration = Duration::from_secs(86_400);

fn parse_retry_after(value: &str, now: DateTime<Utc>) -> Option<Duration> {
    seconds(value).or_else(|| Some((http_date(value)? - now).to_std().unwrap_or_default().min(LONGEST)))
}

/// Reads a `Retry-After` that is a number, for those who do not know the time.
#[must_use]
pub fn retry_after_seconds(headers: &HeaderMap) -> Option<Duration> {
    seconds(headers.get(http::header::RETRY_AFTER)?.to_str().ok()?)
}

fn seconds(value: &str) -> Option<Duration> {
    let seconds = value.trim().parse::<f64>().ok()?;
    Duration::try_from_secs_f64(seconds.clamp(0.0, LONGEST.as_secs_f64())).ok()
}

/// What time the server says it is (`Date`, RFC 9110 section 6.6.1).
#[must_use]
pub fn date(headers: &HeaderMap) -> Option<DateTime<Utc>> {
    http_date(headers.get(http::header::DATE)?.to_str().ok()?)
}

fn http_date(value: &str) -> Option<DateTime<Utc>> {
    Some(DateTime::parse_from_rfc2822(value.trim()).ok()?.to_utc())
}

#[cfg(test)]
mod tests {
    use super::*;

    fn now() -> DateTime<Utc> {
        "2026-11-21T12:00:00Z".parse().expect("a time")
    }

    #[test]
    fn every_spelling_of_retry_after() {
        for (text, seconds) in [
            ("3", 3.0),
            ("0.249", 0.249),
            ("2.128", 2.128),
            ("Sat, 21 Nov 2026 12:00:10 GMT", 10.0),
            ("Sat, 21 Nov 2026 11:00:00 GMT", 0.0),
            ("Fri, 27 Nov 2099 11:00:00 GMT", 86_400.0),
            ("9999999", 86_400.0),
        ] {
            assert_eq!(parse_retry_after(text, now()), Some(Duration::from_secs_f64(seconds)), "{text}");
        }
        for text in ["", "soon", "-"] {
            assert_eq!(parse_retry_after(text, now()), None, "{text}");
        }
        assert_eq!(parse_retry_after("-5", now()), Some(Duration::ZERO));
    }

    /// A computer whose clock is an hour slow is asked to wait for as long as any other.
    #[test]
    fn a_date_to_come_back_at_is_one_by_the_servers_clock() {
        let mut headers = HeaderMap::new();
        headers.insert(http::header::RETRY_AFTER, http::HeaderValue::from_static("Sat, 21 Nov 2026 13:00:04 GMT"));
        assert_eq!(retry_after(&headers, now()), Some(Duration::from_secs(3_604)));
        headers.insert(http::header::DATE, http::HeaderValue::from_static("Sat, 21 Nov 2026 13:00:00 GMT"));
        assert_eq!(retry_after(&headers, now()), Some(Duration::from_secs(4)));
    }

    #[test]
    fn the_server_beats_the_curve() {
        let policy = RetryPolicy::default();
        let asked = Failure::Busy { retry_after: Some(Duration::from_secs(7)) };
        assert_eq!(decide(policy, 1, Duration::ZERO, asked), Verdict::Again(Duration::from_secs(7)));
        assert_eq!(decide(policy, 1, Duration::ZERO, Failure::NoAnswer), Verdict::Again(Duration::from_secs(1)));
        assert_eq!(decide(policy, 3, Duration::ZERO, Failure::NoAnswer), Verdict::Again(Duration::from_secs(4)));
    }

    #[test]
    fn patience_ends() {
        let policy = RetryPolicy::default();
        let asked = Failure::Busy { retry_after: Some(Duration::from_secs(300)) };
        assert_eq!(decide(policy, 1, Duration::ZERO, asked), Verdict::Stop(Some(Duration::from_secs(300))));
        assert_eq!(decide(policy, 6, Duration::ZERO, Failure::NoAnswer), Verdict::Stop(None));
        assert_eq!(decide(policy, 2, Duration::from_secs(59), Failure::NoAnswer), Verdict::Stop(None));
    }
}
