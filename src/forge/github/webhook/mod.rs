//! GitHub's deliveries: is the signature ours, and what does the body tell?
//!
//! Nothing here is asked of the forge. Events are acted on that tell what was said in an issue or pull
//! request (in its description, in the discussion, at a line of the diff, in the summary of a review),
//! which labels came and went, and what became of the thread, the repository or the installation.
//! All others are named and left alone.

mod payload;
mod signature;

use std::borrow::Cow;

use http::HeaderMap;
use http::header::CONTENT_TYPE;
use serde::Deserialize;
use serde::de::IgnoredAny;
use sha2::{Digest, Sha256};

use crate::domain::thread::{CommentPlace, ThreadKind};
use crate::forge::event::Event;
use crate::forge::verified::Verified;

pub use signature::Secrets;

/// Longest event name and delivery id taken; GitHub's have at most 40 characters.
const MAX_NAME_BYTES: usize = 100;

/// Headers of forges that imitate GitHub's, with their names. They sign and send the same headers
/// as GitHub beside their own, but mean other bodies.
const IMITATORS: [(&str, &str); 3] = [
    ("x-forgejo-event", "Forgejo"),
    ("x-gitea-event", "Gitea"),
    ("x-gogs-event", "Gogs"),
];

/// Why a genuine delivery could not be understood.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub enum ParseError {
    /// Another forge sent it.
    #[error("the delivery comes from {0}, which is not supported here")]
    OtherForge(&'static str),
    /// The header that names the event is missing or unusable.
    #[error("the delivery does not name its event\nhint: the header `X-GitHub-Event` is missing")]
    NoEvent,
    /// The body is neither JSON nor a form.
    #[error("the delivery's content type is not supported\nhint: choose `application/json`")]
    ContentType,
    /// A form without the field that holds the JSON.
    #[error("the delivery's form has no field `payload`")]
    NoPayload,
    /// The body is not well-formed JSON.
    #[error("the delivery's body is not well-formed JSON")]
    Malformed,
}

/// Tells what a delivery says. `host` is the configured host of the web pages: payloads name hosts
/// too, but the sender chooses those.
///
/// Bodies that are JSON but lack what their event needs become [`Event::Other`].
///
/// # Errors
/// When the delivery is another forge's, unnamed, or not JSON.
pub fn parse(verified: &Verified, headers: &HeaderMap, host: &str) -> Result<Event, ParseError> {
    for (header, forge) in IMITATORS {
        if headers.contains_key(header) {
            return Err(ParseError::OtherForge(forge));
        }
    }
    let name = find_visible(headers, "x-github-event").ok_or(ParseError::NoEvent)?;
    let json = find_json(verified, headers)?;
    let told = match name {
        "issues" => read(&json, |told| {
            payload::of_thread(told, ThreadKind::Issue, host)
        }),
        "pull_request" => read(&json, |told| {
            payload::of_thread(told, ThreadKind::ChangeRequest, host)
        }),
        "issue_comment" => read_comment(&json, CommentPlace::Discussion, host),
        "pull_request_review_comment" => read_comment(&json, CommentPlace::Diff, host),
        "pull_request_review" => read_comment(&json, CommentPlace::Review, host),
        "push" => read(&json, |told| payload::of_push(told, host)),
        "repository" => read(&json, |told| payload::of_repository(told, host)),
        "installation" | "installation_repositories" => {
            read(&json, |told| payload::of_installation(told, host))
        }
        _ => Ok(None),
    };
    if let Some(event) = told? {
        return Ok(event);
    }
    let action = read_action(&json)?;
    Ok(match name {
        "ping" => Event::Ping,
        _ => Event::Other {
            name: name.to_owned(),
            action,
        },
    })
}

/// The key under which a delivery is known: the same for every redelivery, and never the same for
/// two different ones. Without a usable id it is the hash of the body.
pub fn delivery_key(verified: &Verified, headers: &HeaderMap, host: &str) -> String {
    match find_visible(headers, "x-github-delivery") {
        Some(id) => key_of_id(host, id),
        None => {
            let digest = hex::encode(Sha256::digest(verified.body()));
            format!("github:{host}:sha256-{digest}")
        }
    }
}

/// The key of the delivery that GitHub gave `id`.
pub(super) fn key_of_id(host: &str, id: &str) -> String {
    format!("github:{host}:{id}")
}

/// For whom a delivery says it is. Nothing vouches for that: it only helps to find the secret that
/// does.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Target<'a> {
    /// The App's id.
    pub app_id: Option<u64>,
    /// The host of an Enterprise Server.
    pub host: Option<&'a str>,
}

/// Reads for whom a delivery says it is.
pub fn find_target(headers: &HeaderMap) -> Target<'_> {
    let is_app = find_visible(headers, "x-github-hook-installation-target-type")
        .is_some_and(|kind| kind == "integration");
    let id = find_visible(headers, "x-github-hook-installation-target-id");
    Target {
        app_id: id.filter(|_| is_app).and_then(|id| id.parse().ok()),
        host: find_visible(headers, "x-github-enterprise-host"),
    }
}

/// The value of a header, if it is short and has only visible ASCII characters.
fn find_visible<'a>(headers: &'a HeaderMap, name: &str) -> Option<&'a str> {
    let value = headers.get(name)?.to_str().ok()?;
    let fine = (1..=MAX_NAME_BYTES).contains(&value.len())
        && value.bytes().all(|byte| byte.is_ascii_graphic());
    fine.then_some(value)
}

/// The JSON text of a body, out of its form where it is in one.
fn find_json<'a>(verified: &'a Verified, headers: &HeaderMap) -> Result<Cow<'a, [u8]>, ParseError> {
    let content_type = match headers.get(CONTENT_TYPE) {
        Some(value) => value.to_str().map_err(|_| ParseError::ContentType)?,
        None => "application/json",
    };
    let essence = content_type.split(';').next().unwrap_or_default().trim();
    if essence.eq_ignore_ascii_case("application/json") {
        return Ok(Cow::Borrowed(verified.body()));
    }
    if !essence.eq_ignore_ascii_case("application/x-www-form-urlencoded") {
        return Err(ParseError::ContentType);
    }
    url::form_urlencoded::parse(verified.body())
        .find_map(|(key, value)| (key == "payload").then(|| value.into_owned().into_bytes()))
        .map(Cow::Owned)
        .ok_or(ParseError::NoPayload)
}

fn read_comment(json: &[u8], place: CommentPlace, host: &str) -> Result<Option<Event>, ParseError> {
    read(json, |told| payload::of_comment(told, place, host))
}

/// Reads a payload of one shape and makes its event; one of another shape makes none.
fn read<'a, P: Deserialize<'a>>(
    json: &'a [u8],
    event: impl FnOnce(P) -> Option<Event>,
) -> Result<Option<Event>, ParseError> {
    match serde_json::from_slice(json) {
        Ok(payload) => Ok(event(payload)),
        Err(error) if error.is_data() => Ok(None),
        Err(_) => Err(ParseError::Malformed),
    }
}

/// Checks that the whole text is JSON and returns its `action`, empty where there is none.
fn read_action(json: &[u8]) -> Result<String, ParseError> {
    match serde_json::from_slice::<payload::Action<'_>>(json) {
        Ok(payload::Action { action }) => Ok(action.unwrap_or_default().into_owned()),
        Err(error) if error.is_data() => serde_json::from_slice::<IgnoredAny>(json)
            .map(|_| String::new())
            .map_err(|_| ParseError::Malformed),
        Err(_) => Err(ParseError::Malformed),
    }
}

#[cfg(test)]
mod tests;
