//! What GitHub's refusals mean. Their texts are searched for known causes and never passed on.

use std::error::Error;
use std::time::{Duration, SystemTime, UNIX_EPOCH};

use http::{HeaderMap, StatusCode};

use crate::forge::ForgeError;
use crate::forge::github::wire::Failure;

/// Bytes of a refusal that are read.
const MAX_FAILURE_BYTES: usize = 64 * 1024;

/// The wait after a rate limit that names none; GitHub asks for at least a minute.
const DEFAULT_WAIT: Duration = Duration::from_secs(60);

/// The longest wait that is believed: limits are per hour, and clocks differ.
const LONGEST_WAIT: Duration = Duration::from_secs(2 * 3600);

/// Words by which a 403 tells that the installation is suspended.
const SUSPENDED: &str = "installation has been suspended";

/// Words in the text of a 403, and what they mean.
const CAUSES: [(&str, &str); 7] = [
    ("locked", "the conversation is locked"),
    ("archived", "the repository is archived"),
    ("suspended", "the account is suspended"),
    (
        "ip allow list",
        "the organization's IP allow list does not hold our address",
    ),
    (
        "more than 2500 comments",
        "the thread has more than 2500 comments",
    ),
    (
        "resource not accessible",
        "the credentials lack a permission",
    ),
    ("disabled", "the feature is disabled in the repository"),
];

/// Words by which a 403 tells a rate limit that its headers do not show.
const LIMIT_WORDS: [&str; 3] = ["secondary rate", "rate limit exceeded", "abuse detection"];

/// Reads the refusal that `response` is, asked for `what`.
pub(super) async fn from_response(
    what: &str,
    response: reqwest::Response,
    now: SystemTime,
) -> ForgeError {
    let status = response.status();
    let headers = response.headers().clone();
    let message = read_message(response).await;
    let what = what.to_owned();
    let unexpected = |why: &str| ForgeError::Unexpected {
        what: what.clone(),
        why: why.to_owned(),
    };
    match status.as_u16() {
        429 => ForgeError::RateLimited {
            what,
            retry_after: wait(&headers, now),
        },
        403 if is_limit(&headers, &message) => ForgeError::RateLimited {
            what,
            retry_after: wait(&headers, now),
        },
        403 if message.contains(SUSPENDED) => ForgeError::Suspended { what },
        401 => denied(what, "the credentials were not accepted"),
        403 => ForgeError::Denied {
            what,
            why: cause(&headers, &message),
        },
        451 => denied(what, "it is blocked for legal reasons"),
        404 if message.contains("integration not found") => {
            denied(what, "no App there has the configured id")
        }
        404 => ForgeError::NotFound { what },
        410 => ForgeError::NotFound {
            what: format!("{what} (deleted)"),
        },
        408 | 500..=599 => unavailable(&what, &format!("it answered {}", status.as_u16())),
        409 => unexpected("it is in conflict with something else"),
        422 if message.contains("too long") => unexpected("the text is too long"),
        422 => unexpected("it was refused as invalid"),
        // Asked again without a tag, it has nothing to compare with.
        304 => unavailable(&what, "it said that nothing changed of what we do not have"),
        300..=399 => ForgeError::NotFound {
            what: format!("{what} (moved elsewhere)"),
        },
        code => unexpected(&format!("it answered {code}")),
    }
}

/// An answer that did not come, or not whole.
pub(super) fn from_transport(what: &str, error: &(dyn Error + 'static)) -> ForgeError {
    let mut cause = Some(error);
    while let Some(error) = cause {
        if let Some(error) = error.downcast_ref::<reqwest::Error>() {
            let why = if error.is_timeout() {
                "it took too long"
            } else if error.is_connect() {
                "the connection could not be made"
            } else {
                "the connection was cut"
            };
            return unavailable(what, why);
        }
        cause = error.source();
    }
    unavailable(what, "the connection was cut")
}

/// The error for an outcome that is not known.
pub(super) fn unavailable(what: &str, why: &str) -> ForgeError {
    ForgeError::Unavailable {
        what: what.to_owned(),
        why: why.to_owned(),
    }
}

fn denied(what: String, why: &str) -> ForgeError {
    ForgeError::Denied {
        what,
        why: why.to_owned(),
    }
}

/// The text of a refusal in lower case; empty when it cannot be read.
async fn read_message(mut response: reqwest::Response) -> String {
    let mut body = Vec::new();
    while let Ok(Some(chunk)) = response.chunk().await {
        body.extend_from_slice(&chunk);
        if body.len() > MAX_FAILURE_BYTES {
            return String::new();
        }
    }
    let text = String::from_utf8_lossy(&body);
    match serde_json::from_str::<Failure>(&text) {
        // The details of a 422 stand beside the message, so the whole text is searched.
        Ok(failure) if !failure.message.is_empty() => text.to_lowercase(),
        _ => String::new(),
    }
}

fn is_limit(headers: &HeaderMap, message: &str) -> bool {
    headers.contains_key("retry-after")
        || number(headers, "x-ratelimit-remaining") == Some(0)
        || LIMIT_WORDS.iter().any(|words| message.contains(words))
}

/// How long to wait: what the server asks for, else until the limit is reset, else a minute.
fn wait(headers: &HeaderMap, now: SystemTime) -> Duration {
    let asked = number(headers, "retry-after").map(Duration::from_secs);
    let reset = (number(headers, "x-ratelimit-remaining") == Some(0))
        .then(|| number(headers, "x-ratelimit-reset"))
        .flatten()
        .and_then(|seconds| UNIX_EPOCH.checked_add(Duration::from_secs(seconds)))
        .and_then(|reset| reset.duration_since(now).ok())
        .map(|left| left + Duration::from_secs(1));
    asked.or(reset).unwrap_or(DEFAULT_WAIT).min(LONGEST_WAIT)
}

/// Why a 403 was given, in our words, with the permission that GitHub says is missing.
fn cause(headers: &HeaderMap, message: &str) -> String {
    let known = CAUSES.iter().find(|(words, _)| message.contains(words));
    let why = known.map_or("it is forbidden", |(_, why)| why);
    match needed_permissions(headers) {
        Some(needed) if known.is_none_or(|(_, why)| why.contains("permission")) => {
            format!("{why} (needed: {needed})")
        }
        _ => why.to_owned(),
    }
}

/// The permissions that would have been enough, as far as they look like permissions.
fn needed_permissions(headers: &HeaderMap) -> Option<&str> {
    let value = headers
        .get("x-accepted-github-permissions")?
        .to_str()
        .ok()?;
    let fine = (1..=200).contains(&value.len())
        && value.bytes().all(|byte| {
            byte.is_ascii_lowercase() || matches!(byte, b'_' | b'=' | b';' | b',' | b' ')
        });
    fine.then_some(value)
}

fn number(headers: &HeaderMap, name: &str) -> Option<u64> {
    headers.get(name)?.to_str().ok()?.trim().parse().ok()
}

/// Whether `status` asks to look at another address.
pub(super) fn is_redirect(status: StatusCode) -> bool {
    matches!(status.as_u16(), 301 | 302 | 307 | 308)
}
