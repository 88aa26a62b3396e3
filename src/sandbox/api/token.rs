//! The App's JSON web token: signature, issuer and times, with GitHub's words for each fault.

use base64::Engine;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use http::StatusCode;
use serde_json::Value;

use crate::sandbox::api::answer::Problem;
use crate::sandbox::clock::epoch_seconds;
use crate::sandbox::world::app::{App, Apps};
use crate::store::Millis;

/// How far ahead of GitHub's clock a token may end.
const LONGEST_LIFE_SECONDS: i64 = 600;

const UNDECODABLE: &str = "A JSON web token could not be decoded";
const ISSUED_LATER: &str = "'Issued at' claim ('iat') must be an Integer representing the time \
                            that the assertion was issued";
const EXPIRED: &str = "'Expiration time' claim ('exp') must be a numeric value representing the \
                       future time at which the assertion expires";
const TOO_FAR: &str = "'Expiration time' claim ('exp') is too far in the future";

/// The id of the App that signed `token`, which holds now.
///
/// # Errors
/// A 401 in GitHub's words, or a 404 for an issuer that is no App.
pub(crate) fn verify(token: &str, apps: &Apps, now: Millis) -> Result<u64, Problem> {
    let mut signed = apps
        .iter()
        .filter_map(|app| Some((app, signed_claims(token, app)?)));
    let (app, claims) = signed
        .next()
        .ok_or_else(|| Problem::new(StatusCode::UNAUTHORIZED, UNDECODABLE))?;
    let refuse = |why| Err(Problem::new(StatusCode::UNAUTHORIZED, why));
    let now = epoch_seconds(now);
    let number = |name: &str| claims.get(name).and_then(Value::as_i64);
    let (issued, expires) = (number("iat"), number("exp"));
    let issuer = match claims.get("iss") {
        Some(Value::String(text)) => text.clone(),
        Some(Value::Number(number)) => number.to_string(),
        _ => String::new(),
    };
    if issuer != app.client_id && issuer != app.id.to_string() {
        return Err(Problem::new(StatusCode::NOT_FOUND, "Integration not found"));
    }
    if issued.is_none_or(|at| at > now) {
        return refuse(ISSUED_LATER);
    }
    match expires {
        None => refuse(EXPIRED),
        Some(at) if at <= now => refuse(EXPIRED),
        Some(at) if at > now + LONGEST_LIFE_SECONDS => refuse(TOO_FAR),
        Some(_) => Ok(app.id),
    }
}

/// The claims of a token whose signature holds.
fn signed_claims(token: &str, app: &App) -> Option<Value> {
    let (message, signature) = token.rsplit_once('.')?;
    let (header, claims) = message.split_once('.')?;
    let part = |text: &str| {
        let bytes = URL_SAFE_NO_PAD.decode(text).ok()?;
        serde_json::from_slice::<Value>(&bytes).ok()
    };
    let algorithm = part(header)?;
    if algorithm.get("alg").and_then(Value::as_str) != Some("RS256") {
        return None;
    }
    let signature = URL_SAFE_NO_PAD.decode(signature).ok()?;
    app.key
        .verifies(message.as_bytes(), &signature)
        .then(|| part(claims))
        .flatten()
}
