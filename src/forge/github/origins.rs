//! Where a GitHub is, and which addresses belong to it.

use http::HeaderMap;
use http::header::LOCATION;
use url::Url;

use crate::domain::repository::Malformed;

/// Where a GitHub is: its REST API, and its web pages.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Origins {
    api: Url,
    web: Url,
}

impl Origins {
    /// Takes the base addresses of the API and of the web pages, such as `https://api.github.com`
    /// and `https://github.com`.
    ///
    /// # Errors
    /// When one is not an `http` or `https` address with a host, or has a user, query or fragment.
    pub fn parse(api_url: &str, web_url: &str) -> Result<Self, Malformed> {
        let parse = |text: &str| match Url::parse(text) {
            Ok(url) if is_base(&url) => Ok(url),
            _ => Err(Malformed::new(
                text,
                "a base address such as `https://github.com`",
            )),
        };
        Ok(Self {
            api: parse(api_url)?,
            web: parse(web_url)?,
        })
    }

    /// The host of the web pages, with its port if it has one.
    pub fn host(&self) -> String {
        let host = self.web.host_str().unwrap_or_default();
        match self.web.port() {
            Some(port) => format!("{host}:{port}"),
            None => host.to_owned(),
        }
    }

    /// Where the web pages begin.
    pub(super) fn web(&self) -> &Url {
        &self.web
    }

    /// Whether this is an Enterprise Server rather than one of GitHub's own hosts: its API is below the
    /// host of its pages.
    pub(super) fn is_enterprise_server(&self) -> bool {
        self.api.origin() == self.web.origin()
    }

    /// Whether `url` is at the API's own origin, the only one that is shown our credentials.
    pub(super) fn is_api(&self, url: &Url) -> bool {
        url.origin() == self.api.origin()
    }

    /// Whether `url` is at the site of the web pages: the same scheme and port, and the same host
    /// or one below it, such as `codeload.github.com`.
    pub(super) fn is_site(&self, url: &Url) -> bool {
        let (Some(host), Some(web)) = (url.host_str(), self.web.host_str()) else {
            return false;
        };
        let below = host
            .strip_suffix(web)
            .is_some_and(|rest| rest.is_empty() || rest.ends_with('.'));
        below
            && url.scheme() == self.web.scheme()
            && url.port_or_known_default() == self.web.port_or_known_default()
    }

    /// The path of `url` below the API's base, when it is there.
    pub(super) fn find_api_path<'a>(&self, url: &'a Url) -> Option<&'a str> {
        let base = self.api.path().trim_end_matches('/');
        self.is_api(url).then(|| url.path().strip_prefix(base))?
    }

    /// The address that the answer to a request for `path` points at, when it points at one.
    pub(super) fn find_location(&self, path: &str, headers: &HeaderMap) -> Option<Url> {
        let location = headers.get(LOCATION)?.to_str().ok()?;
        Url::parse(&self.api_url(path)).ok()?.join(location).ok()
    }

    /// The id of the repository that the answer to a request for `path` points into, when it
    /// points into one of the API by its id, as it does after a rename.
    pub(super) fn find_repository_id(&self, path: &str, headers: &HeaderMap) -> Option<u64> {
        let location = self.find_location(path, headers)?;
        let inside = self
            .find_api_path(&location)?
            .strip_prefix("/repositories/")?;
        inside.split('/').next()?.parse().ok()
    }

    /// The address of the GraphQL API: beside `/api/v3` on Enterprise Server, below the REST API's
    /// base elsewhere.
    pub(super) fn graphql_url(&self) -> String {
        let base = self.api.as_str().trim_end_matches('/');
        format!("{}/graphql", base.strip_suffix("/v3").unwrap_or(base))
    }

    /// The address of an API path, which starts with `/`.
    pub(super) fn api_url(&self, path: &str) -> String {
        format!("{}{path}", self.api.as_str().trim_end_matches('/'))
    }
}

fn is_base(url: &Url) -> bool {
    matches!(url.scheme(), "http" | "https")
        && url.has_host()
        && url.username().is_empty()
        && url.password().is_none()
        && url.query().is_none()
        && url.fragment().is_none()
}
