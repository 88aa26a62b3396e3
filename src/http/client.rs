//! Clients, and answers of bounded size.

use std::error::Error;
use std::fs;
use std::path::Path;
use std::time::Duration;

use bytes::Bytes;
use bytes::BytesMut;
use reqwest::Certificate;
use reqwest::Client;
use reqwest::ClientBuilder;
use reqwest::Response;
use reqwest::redirect;

use crate::config;
use crate::config::address::is_loopback;
use crate::http::address::ApiBase;
use crate::http::resolve::SafeResolver;

/// How we name ourselves to services.
const USER_AGENT: &str = concat!("planwright/", env!("CARGO_PKG_VERSION"));

/// Why a request could not be made or its answer not be taken. No variant holds an address, a
/// header or a body.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum HttpError {
    /// No client can be made on this machine or with this configuration; trying again is useless.
    #[error("{why}")]
    Setup {
        /// The cause and what to do.
        why: String,
    },
    /// The answer is larger than its caller takes.
    #[error("the answer is larger than {limit_bytes} bytes")]
    TooLarge {
        /// The limit.
        limit_bytes: u64,
    },
    /// The service could not be reached, or fell silent; the fate of a write is unknown.
    #[error("{why}")]
    Unavailable {
        /// The cause.
        why: String,
    },
}

impl From<reqwest::Error> for HttpError {
    fn from(error: reqwest::Error) -> Self {
        let what = if error.is_timeout() {
            "no answer in time"
        } else if error.is_connect() {
            "no connection"
        } else if error.is_body() || error.is_decode() {
            "the answer broke off"
        } else {
            "the request failed"
        };
        let why = match find_root(&error) {
            Some(root) if !error.is_timeout() => format!("{what}: {root}"),
            _ => what.to_owned(),
        };
        Self::Unavailable { why }
    }
}

/// What a client is for.
#[derive(Debug, Clone, Copy)]
pub struct Purpose<'a> {
    /// The service that it speaks to.
    pub base: &'a ApiBase,
    /// How long the service may stay silent, before and within an answer. How long a request may
    /// take in all is set on each request, because an archive takes longer than a comment.
    pub read_timeout: Duration,
}

/// A client that follows no redirects, repeats nothing and gives up on silence.
///
/// It reaches loopback addresses without a proxy, and others through the one that the system names.
/// Fails when the extra certificates cannot be read, or when the machine has none and the service
/// needs them.
pub fn client(settings: &config::Http, purpose: Purpose<'_>) -> Result<Client, HttpError> {
    let extra = match &settings.extra_ca_file {
        Some(path) => load_certificates(path)?,
        None => Vec::new(),
    };
    let base = purpose.base.url();
    let builder = || {
        let builder = Client::builder()
            .user_agent(USER_AGENT)
            .redirect(redirect::Policy::none())
            // Every retry is the caller's, and visible.
            .retry(reqwest::retry::never())
            .connect_timeout(settings.connect_timeout)
            .read_timeout(purpose.read_timeout)
            .dns_resolver(SafeResolver);
        match is_loopback(base) {
            true => builder.no_proxy(),
            false => builder,
        }
    };
    let built = builder().tls_certs_merge(extra.clone()).build();
    if built.is_err() && base.scheme() == "http" {
        // The verifier of the system refuses to exist without a certificate, and plain http needs
        // none. This client trusts no https address beside the extra certificates.
        return build(builder().tls_certs_only(extra));
    }
    built.map_err(|error| no_client(&error))
}

/// The body of `response`, unpacked, unless it is larger than `limit_bytes`.
pub async fn read_bounded(mut response: Response, limit_bytes: u64) -> Result<Bytes, HttpError> {
    let too_large = HttpError::TooLarge { limit_bytes };
    if response
        .content_length()
        .is_some_and(|length| length > limit_bytes)
    {
        return Err(too_large);
    }
    let mut body = BytesMut::new();
    while let Some(chunk) = response.chunk().await? {
        if body.len() as u64 + chunk.len() as u64 > limit_bytes {
            return Err(too_large);
        }
        body.extend_from_slice(&chunk);
    }
    Ok(body.freeze())
}

fn build(builder: ClientBuilder) -> Result<Client, HttpError> {
    builder.build().map_err(|error| no_client(&error))
}

fn no_client(error: &reqwest::Error) -> HttpError {
    let root = find_root(error).unwrap_or_default();
    let hint = match root.contains("No CA certificates") {
        true => {
            "\nhint: install the system's `ca-certificates` package, set SSL_CERT_FILE to a PEM \
             file, or name one in `http.extra_ca_file`"
        }
        false => "",
    };
    HttpError::Setup {
        why: format!("no https client can be made: {root}{hint}"),
    }
}

fn load_certificates(path: &Path) -> Result<Vec<Certificate>, HttpError> {
    let shown = path.to_string_lossy().escape_debug().to_string();
    let setup = |why: String| HttpError::Setup {
        why: format!("`http.extra_ca_file` {why}"),
    };
    let pem =
        fs::read(path).map_err(|error| setup(format!("cannot be read from `{shown}`: {error}")))?;
    match Certificate::from_pem_bundle(&pem) {
        Ok(certificates) if !certificates.is_empty() => Ok(certificates),
        _ => Err(setup(format!(
            "must name certificates in PEM form, which `{shown}` does not hold"
        ))),
    }
}

/// The innermost cause of `error`: the outer ones repeat the address.
fn find_root(error: &reqwest::Error) -> Option<String> {
    let mut cause = error.source()?;
    while let Some(inner) = cause.source() {
        cause = inner;
    }
    Some(cause.to_string())
}
