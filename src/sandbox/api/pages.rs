//! Lists in pages, with the `Link` header that leads through them.

use axum::response::Response;
use http::StatusCode;
use http::header::LINK;
use serde_json::Value;

use crate::sandbox::api::answer::{json_answer, set};
use crate::sandbox::api::call::Call;

/// How many things a page has unless the caller says.
const DEFAULT_PAGE: usize = 30;

/// How many things a page may have.
const LARGEST_PAGE: usize = 100;

/// The page of `items` that the call asks for; `api_url` begins the addresses of its neighbours.
pub(crate) fn paged(call: &Call, api_url: &str, items: Vec<Value>) -> Response {
    let size = page_size(call);
    let page = number(call, "page").unwrap_or(1).max(1);
    let last = items.len().div_ceil(size).max(1);
    let before = page.saturating_sub(1).saturating_mul(size);
    let shown: Vec<_> = items.into_iter().skip(before).take(size).collect();
    let mut response = json_answer(StatusCode::OK, &Value::Array(shown));
    let mut links = Vec::new();
    let mut link = |page: usize, relation: &str| {
        let address = address(call, api_url, page);
        links.push(format!("<{address}>; rel=\"{relation}\""));
    };
    if page > 1 {
        link((page - 1).min(last), "prev");
    }
    if page < last {
        link(page + 1, "next");
        link(last, "last");
    }
    if page > 1 {
        link(1, "first");
    }
    if !links.is_empty() {
        set(&mut response, LINK, &links.join(", "));
    }
    response
}

/// How many things a call wants on a page, within what it may have.
pub(crate) fn page_size(call: &Call) -> usize {
    number(call, "per_page")
        .filter(|size| *size > 0)
        .unwrap_or(DEFAULT_PAGE)
        .min(LARGEST_PAGE)
}

fn number(call: &Call, name: &str) -> Option<usize> {
    call.query(name)?.parse().ok()
}

fn address(call: &Call, api_url: &str, page: usize) -> String {
    let mut query = url::form_urlencoded::Serializer::new(String::new());
    for (name, value) in call.query_pairs() {
        if name != "page" {
            query.append_pair(name, value);
        }
    }
    query.append_pair("page", &page.to_string());
    format!("{api_url}{}?{}", call.path(), query.finish())
}
