//! Tags of answers, and the short answer to those who have the whole one already.

use axum::body::{Body, to_bytes};
use axum::response::Response;
use http::header::{CONTENT_TYPE, ETAG, IF_NONE_MATCH};
use http::{HeaderMap, HeaderValue, Method, StatusCode};

use crate::sandbox::api::answer::{empty_answer, tagged};
use crate::sandbox::api::call::credentials;

/// Puts a tag on an answer that has none, and says "not modified" to whoever asks with its tag.
pub(crate) async fn settle((method, asked): (&Method, &HeaderMap), response: Response) -> Response {
    if *method != Method::GET || response.status() != StatusCode::OK {
        return response;
    }
    let response = tag(response, asked).await;
    let Some(tag) = response.headers().get(ETAG).cloned() else {
        return response;
    };
    let known = asked.get_all(IF_NONE_MATCH).iter();
    let known = known.filter_map(|value| value.to_str().ok());
    let mut known = known.flat_map(|value| value.split(','));
    if !known.any(|one| one.trim_start_matches([' ', 'W', '/']).trim_end() == strong_part(&tag)) {
        return response;
    }
    let mut short = empty_answer(StatusCode::NOT_MODIFIED);
    short.headers_mut().insert(ETAG, tag);
    short
}

/// A weak tag from the answer's text and the token that asked: GitHub's tags hold for one token only.
async fn tag(response: Response, asked: &HeaderMap) -> Response {
    let kind = response.headers().get(CONTENT_TYPE);
    let is_text = kind.is_some_and(|kind| kind.as_bytes().starts_with(b"application/"));
    if response.headers().contains_key(ETAG) || !is_text {
        return response;
    }
    let (parts, body) = response.into_parts();
    // All answers of the API are made in memory.
    let bytes = to_bytes(body, usize::MAX).await.unwrap_or_default();
    let mut text = credentials(asked).unwrap_or_default().as_bytes().to_vec();
    text.push(0);
    text.extend_from_slice(&bytes);
    let digest = aws_lc_rs::digest::digest(&aws_lc_rs::digest::SHA256, &text);
    let tag = format!("W/\"{}\"", hex::encode(digest));
    tagged(Response::from_parts(parts, Body::from(bytes)), &tag)
}

fn strong_part(tag: &HeaderValue) -> &str {
    let text = tag.to_str().unwrap_or_default();
    text.strip_prefix("W/").unwrap_or(text)
}
