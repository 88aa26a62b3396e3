//! What a request goes through when a fault waits for it.

use axum::extract::Request;
use axum::middleware::Next;
use axum::response::{IntoResponse, Response};
use http::header::RETRY_AFTER;
use http::{HeaderName, StatusCode};

use crate::sandbox::api::answer::{Problem, empty_answer};
use crate::sandbox::clock::epoch_seconds;
use crate::sandbox::connection::Cut;
use crate::sandbox::world::Fault;
use crate::store::Millis;

/// When the primary rate limit starts anew, in seconds since 1970.
pub(crate) const RATE_LIMIT_RESET: HeaderName = HeaderName::from_static("x-ratelimit-reset");

/// How many calls are left until then.
pub(crate) const RATE_LIMIT_REMAINING: HeaderName =
    HeaderName::from_static("x-ratelimit-remaining");

/// Runs a request into `fault` and returns what comes of it. Where `cut` is done afterwards the
/// answer is never sent.
pub(crate) async fn meet(
    fault: Option<Fault>,
    cut: &Cut,
    now: Millis,
    request: Request,
    next: Next,
) -> Response {
    match fault {
        // A revoked token was refused where the caller was identified.
        None | Some(Fault::RevokedToken) => next.run(request).await,
        Some(Fault::Delay(time)) => {
            tokio::time::sleep(time).await;
            next.run(request).await
        }
        Some(Fault::Hold(gate)) => {
            gate.pass().await;
            next.run(request).await
        }
        Some(Fault::Drop) => dropped(cut),
        Some(Fault::CommitThenDrop) => {
            next.run(request).await;
            dropped(cut)
        }
        Some(Fault::CommitThenBadGateway) => {
            next.run(request).await;
            Problem::new(StatusCode::BAD_GATEWAY, "Server Error").into_response()
        }
        Some(Fault::ServerError(status)) => {
            let status = StatusCode::from_u16(status).unwrap_or(StatusCode::INTERNAL_SERVER_ERROR);
            Problem::new(status, "Server Error").into_response()
        }
        Some(Fault::SecondaryLimit { retry_after }) => {
            let mut problem = Problem::new(
                StatusCode::FORBIDDEN,
                "You have exceeded a secondary rate limit. Please wait a few minutes before you \
                 try again.",
            );
            let seconds = retry_after.map(|time| time.as_secs().to_string());
            let header = seconds.map(|seconds| (RETRY_AFTER, seconds));
            problem.headers.extend(header);
            problem.into_response()
        }
        Some(Fault::PrimaryLimit { reset_after }) => {
            let reset = epoch_seconds(now.plus(reset_after));
            let mut problem = Problem::new(
                StatusCode::FORBIDDEN,
                "API rate limit exceeded for this installation.",
            );
            problem.headers = vec![
                (RATE_LIMIT_REMAINING, "0".to_owned()),
                (RATE_LIMIT_RESET, reset.to_string()),
            ];
            problem.into_response()
        }
    }
}

fn dropped(cut: &Cut) -> Response {
    cut.now();
    empty_answer(StatusCode::OK)
}
