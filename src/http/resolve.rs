//! Names become addresses here, without those that no request may go to.
//!
//! Whoever controls a name can make it lead to a cloud's metadata service, so the answer is judged
//! and not only the name.

use std::io::Error;
use std::io::ErrorKind;
use std::net::SocketAddr;

use reqwest::dns::Addrs;
use reqwest::dns::Name;
use reqwest::dns::Resolve;
use reqwest::dns::Resolving;

use crate::config::address::is_forbidden;

/// The system's resolver, with its answers judged.
#[derive(Debug)]
pub(super) struct SafeResolver;

impl Resolve for SafeResolver {
    fn resolve(&self, name: Name) -> Resolving {
        Box::pin(async move {
            let found = tokio::net::lookup_host((name.as_str(), 0)).await?;
            Ok(Box::new(keep_allowed(found)?.into_iter()) as Addrs)
        })
    }
}

/// The addresses of `found` that requests may go to; fails when none is left.
pub(super) fn keep_allowed(
    found: impl Iterator<Item = SocketAddr>,
) -> Result<Vec<SocketAddr>, Error> {
    let allowed: Vec<SocketAddr> = found
        .filter(|address| !is_forbidden(address.ip()))
        .collect();
    if allowed.is_empty() {
        let why = "the name leads to no address that requests may go to";
        return Err(Error::new(ErrorKind::PermissionDenied, why));
    }
    Ok(allowed)
}
