//! Addresses of issues and pull requests, as a browser shows them.

use url::Url;

use crate::cli::failure::Failure;
use crate::domain::repository::RepositoryName;
use crate::domain::thread::{
    CommentId, RepositoryAddress, ThreadAddress, ThreadKind, ThreadNumber,
};

/// Characters of a refused address that are shown.
const SHOWN: usize = 200;

/// A thread by its address: what can be known of it without asking the forge.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(in crate::cli) struct ThreadUrl {
    pub(in crate::cli) repository: RepositoryName,
    pub(in crate::cli) kind: ThreadKind,
    pub(in crate::cli) number: ThreadNumber,
}

impl ThreadUrl {
    /// Reads `https://HOST/owner/name/issues/7` or `…/pull/7` of the forge whose web pages are below
    /// `web_url`. What follows the number, a query and a fragment are passed over.
    ///
    /// # Errors
    /// When the address is on another host, or is none of an issue or pull request.
    pub(in crate::cli) fn parse(text: &str, web_url: &Url) -> Result<Self, Failure> {
        let base = web_url.as_str().trim_end_matches('/');
        let example = format!("give an address such as `{base}/owner/name/issues/7`");
        let shown: String = text.chars().take(SHOWN).collect();
        let shown = shown.escape_debug();
        let no_thread = || {
            let message =
                format!("`--issue {shown}` is not the address of an issue or pull request");
            Failure::wrong(message).hint(example.clone())
        };
        let url = Url::parse(text.trim()).map_err(|_| no_thread())?;
        if !matches!(url.scheme(), "http" | "https") {
            return Err(no_thread());
        }
        let Some(path) = find_path(&url, web_url) else {
            let message = format!("`--issue {shown}` is not on the configured forge, `{base}`");
            return Err(Failure::wrong(message).hint(format!(
                "{example}, or set `github.web_url` and `github.api_url`"
            )));
        };
        find_thread(path).ok_or_else(no_thread)
    }
}

/// The one of `bases` below which the address is.
pub(super) fn find_base<'a>(
    text: &str,
    mut bases: impl Iterator<Item = &'a Url>,
) -> Option<&'a Url> {
    let url = Url::parse(text.trim()).ok()?;
    bases.find(|base| find_path(&url, base).is_some())
}

/// The address of a comment in a thread.
pub(in crate::cli) fn comment_url(web_url: &Url, at: &ThreadAddress, comment: CommentId) -> String {
    let RepositoryAddress { name, .. } = &at.repository;
    let base = web_url.as_str().trim_end_matches('/');
    let (number, comment) = (at.number.0, comment.0);
    format!(
        "{base}/{name}/{}/{number}#issuecomment-{comment}",
        word(at.kind)
    )
}

/// The path of `url` below that of `web_url`, without its first `/`, when it is there. Whether the
/// address was written with or without TLS does not matter: nothing is sent to it.
fn find_path<'a>(url: &'a Url, web_url: &Url) -> Option<&'a str> {
    let same_host = url.host() == web_url.host() && url.port() == web_url.port();
    let base = web_url.path().trim_end_matches('/');
    let inside = same_host.then(|| url.path().strip_prefix(base))??;
    inside.strip_prefix('/')
}

fn find_thread(path: &str) -> Option<ThreadUrl> {
    let mut segments = path.split('/');
    let (owner, name) = (segments.next()?, segments.next()?);
    let kind = segments.next()?;
    let kind = [ThreadKind::Issue, ThreadKind::ChangeRequest]
        .into_iter()
        .find(|known| word(*known) == kind)?;
    let number = segments.next()?;
    // A number has digits only; `parse` would also take a sign.
    let plain = number.bytes().all(|byte| byte.is_ascii_digit());
    let number = plain.then(|| number.parse().ok())??;
    Some(ThreadUrl {
        repository: RepositoryName::new(owner, name).ok()?,
        kind,
        number: ThreadNumber(number),
    })
}

/// The word for a kind of thread in the paths of the web pages.
fn word(kind: ThreadKind) -> &'static str {
    match kind {
        ThreadKind::Issue => "issues",
        ThreadKind::ChangeRequest => "pull",
    }
}
