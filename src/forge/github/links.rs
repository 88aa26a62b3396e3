//! The `Link` header, which leads through pages.

use http::HeaderMap;
use http::header::LINK;
use url::Url;

use crate::forge::ForgeError;
use crate::forge::github::origins::Origins;

/// The pages that an answer names beside itself. Their addresses are not followed, but one that
/// leaves the API tells that the answer is not to be trusted.
pub(super) fn find_links(
    headers: &HeaderMap,
    origins: &Origins,
    what: &str,
) -> Result<Vec<(String, Url)>, ForgeError> {
    let links: Vec<_> = headers
        .get_all(LINK)
        .iter()
        .filter_map(|value| value.to_str().ok())
        .flat_map(|value| value.split(','))
        .filter_map(parse_link)
        .collect();
    if links.iter().all(|(_, url)| origins.is_api(url)) {
        Ok(links)
    } else {
        Err(ForgeError::Unexpected {
            what: what.to_owned(),
            why: "its further pages are on another host".to_owned(),
        })
    }
}

/// Reads `<address>; rel="relation"`.
fn parse_link(text: &str) -> Option<(String, Url)> {
    let (address, parameters) = text.trim().strip_prefix('<')?.split_once('>')?;
    let relation = parameters
        .split(';')
        .find_map(|parameter| parameter.trim().strip_prefix("rel="))?;
    Some((
        relation.trim_matches('"').to_owned(),
        Url::parse(address).ok()?,
    ))
}
