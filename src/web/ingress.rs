//! `POST /webhooks/github`: verify, parse, save, answer.
//!
//! Safe to run twice for one delivery: the forge's delivery id is the key under which it is saved.
//! All answers are fixed short texts.

use std::sync::Arc;

use axum::extract::{Request, State};
use axum::http::{HeaderMap, StatusCode};
use bytes::Bytes;

use crate::forge::github::webhook::{self, ParseError};
use crate::forge::verified::Verified;
use crate::service::intake::{Intake, Outcome, Verdict};
use crate::service::work::Clock;
use crate::web::GitHubHook;
use crate::web::body::{BodyLimits, Refused};

/// What the handler needs.
pub(super) struct Ingress {
    pub(super) intake: Arc<Intake>,
    pub(super) hooks: Vec<GitHubHook>,
    pub(super) limits: BodyLimits,
    pub(super) clock: Clock,
}

type Answer = (StatusCode, &'static str);

/// Takes one delivery.
pub(super) async fn receive(State(ingress): State<Arc<Ingress>>, request: Request) -> Answer {
    let answer = match ingress.take(request).await {
        Ok(outcome) => {
            ingress.intake.metrics.delivery(outcome.as_str());
            match outcome {
                Outcome::Queued | Outcome::Followed => (StatusCode::ACCEPTED, "accepted\n"),
                Outcome::Duplicate => (StatusCode::OK, "known already\n"),
                Outcome::Ignored(_) => (StatusCode::OK, "nothing to do\n"),
            }
        }
        Err(answer) => {
            ingress.intake.metrics.delivery("refused");
            answer
        }
    };
    tracing::debug!(
        status = answer.0.as_u16(),
        answer = answer.1.trim_end(),
        "delivery"
    );
    answer
}

const WRONG_SIGNATURE: &str = "the signature is missing or wrong\n";

impl Ingress {
    /// Checks a body against the secrets of the App that the delivery says it is for, or of every App
    /// that it may be for. Returns it with the host of the App whose secret it was: what a delivery
    /// says of itself decides only which secrets are tried.
    fn verify(&self, headers: &HeaderMap, body: &Bytes) -> Option<(Verified, &str)> {
        let mut hooks: Vec<_> = self.hooks.iter().collect();
        if hooks.len() > 1 {
            let target = webhook::find_target(headers);
            let fits = |hook: &GitHubHook| {
                let app = hook.app_id.zip(target.app_id);
                app.is_none_or(|(ours, theirs)| ours == theirs)
                    && target.host.is_none_or(|host| host == hook.host)
            };
            hooks.retain(|hook| fits(hook));
            // A proxy may have given the server another name than ours.
            if hooks.is_empty() {
                hooks.extend(&self.hooks);
            }
        }
        hooks.into_iter().find_map(|hook| {
            let verified = hook.secrets.verify(headers, body.clone()).ok()?;
            Some((verified, hook.host.as_str()))
        })
    }

    async fn take(self: &Arc<Self>, request: Request) -> Result<Outcome, Answer> {
        if self.hooks.is_empty() {
            return Err((StatusCode::SERVICE_UNAVAILABLE, "no App is set up yet\n"));
        }
        let (parts, body) = request.into_parts();
        let taken = self
            .limits
            .take(&parts.headers, body)
            .await
            .map_err(answer_refused)?;
        let (verified, host) = self
            .verify(&parts.headers, &taken.bytes)
            .ok_or((StatusCode::UNAUTHORIZED, WRONG_SIGNATURE))?;
        let event = webhook::parse(&verified, &parts.headers, host).map_err(answer_unparsed)?;
        let verdict = self.intake.judge(event);
        if let Verdict::Ignore(why) = verdict {
            return Ok(Outcome::Ignored(why));
        }
        let key = webhook::delivery_key(&verified, &parts.headers, host);
        // A client that hangs up drops this handler; the write goes on in a task of its own.
        let ingress = Arc::clone(self);
        let saved = tokio::spawn(async move {
            let now = (ingress.clock)();
            ingress.intake.save(verdict, key, now).await
        });
        match saved.await {
            Ok(Ok(outcome)) => Ok(outcome),
            Ok(Err(error)) => {
                tracing::error!(%error, "a delivery could not be saved");
                Err((
                    StatusCode::SERVICE_UNAVAILABLE,
                    "not saved, send it again\n",
                ))
            }
            Err(_) => Err((StatusCode::INTERNAL_SERVER_ERROR, "internal error\n")),
        }
    }
}

fn answer_refused(refused: Refused) -> Answer {
    match refused {
        Refused::TooLarge => (StatusCode::PAYLOAD_TOO_LARGE, "the body is too large\n"),
        Refused::TooSlow => (StatusCode::REQUEST_TIMEOUT, "the body took too long\n"),
        Refused::Encoded => (
            StatusCode::UNSUPPORTED_MEDIA_TYPE,
            "compressed bodies are not taken\n",
        ),
        Refused::Cut => (StatusCode::BAD_REQUEST, "the body was cut off\n"),
    }
}

fn answer_unparsed(error: ParseError) -> Answer {
    match error {
        ParseError::OtherForge(_) => (
            StatusCode::BAD_REQUEST,
            "the delivery comes from a forge that is not served here\n",
        ),
        ParseError::ContentType => (
            StatusCode::UNSUPPORTED_MEDIA_TYPE,
            "the content type is not taken: send JSON or a form\n",
        ),
        ParseError::NoEvent | ParseError::NoPayload | ParseError::Malformed => {
            (StatusCode::BAD_REQUEST, "the body is malformed\n")
        }
    }
}
