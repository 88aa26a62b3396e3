//! Addresses that cannot leave the service they were configured for.

use url::Url;

use crate::config::address::is_forbidden_host;

/// Why an address cannot be used.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub enum AddressError {
    /// It is no base address.
    #[error("a base address must be http or https, without user name, `?` and `#`")]
    NotABase,
    /// It leads where no request may go.
    #[error("no request may go to a link-local or cloud metadata address")]
    Forbidden,
    /// A part of a path is empty, `.` or `..`, which would make it another path.
    #[error("a part of a path must not be empty, `.` or `..`")]
    Segment,
}

/// Whether two addresses have the same scheme, host and port.
pub fn same_origin(left: &Url, right: &Url) -> bool {
    left.origin() == right.origin()
}

/// The base address of a service. What it builds has the same scheme, host and port, and a path
/// that begins with its own.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ApiBase(Url);

impl ApiBase {
    /// Takes an address with or without a path, such as `https://ghe.example/api/v3`.
    pub fn new(url: &Url) -> Result<Self, AddressError> {
        let plain = url.username().is_empty()
            && url.password().is_none()
            && url.query().is_none()
            && url.fragment().is_none();
        if !plain || !matches!(url.scheme(), "http" | "https") {
            return Err(AddressError::NotABase);
        }
        if is_forbidden_host(url) {
            return Err(AddressError::Forbidden);
        }
        Ok(Self(url.clone()))
    }

    /// The base address itself.
    pub fn url(&self) -> &Url {
        &self.0
    }

    /// The address of `segments` below the base, with `query`. Each segment is one part of the path,
    /// whatever it holds: `/`, `%`, `?` and the like are encoded.
    pub fn join(&self, segments: &[&str], query: &[(&str, &str)]) -> Result<Url, AddressError> {
        // Encoding cannot save these: even `%2E%2E` means "one folder up".
        if segments
            .iter()
            .any(|segment| matches!(*segment, "" | "." | ".."))
        {
            return Err(AddressError::Segment);
        }
        let mut url = self.0.clone();
        url.path_segments_mut()
            .map_err(|()| AddressError::NotABase)?
            .pop_if_empty()
            .extend(segments);
        if !query.is_empty() {
            url.query_pairs_mut().extend_pairs(query);
        }
        Ok(url)
    }
}
