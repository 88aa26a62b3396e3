//! Files and folders at a commit, where the links of a plan lead.

use axum::extract::{Path, State};
use axum::response::{IntoResponse, Redirect, Response};
use http::StatusCode;
use minijinja::context;
use minijinja::value::{Serde, Value};
use serde::{Deserialize, Serialize};

use crate::domain::repository::{BlobId, CommitSha};
use crate::repository::git::GitError;
use crate::sandbox::api::Context;
use crate::sandbox::page::template::{Page, Template, notice, render};
use crate::sandbox::page::view::Visitor;
use crate::sandbox::shapes::people::escape;
use crate::sandbox::source::listing::{Listing, Node};

/// Bytes of a file that is shown.
const MOST_BYTES: usize = 1 << 20;

/// Entries of a folder that are shown.
const MOST_ENTRIES: usize = 2_000;

/// Where something is in the repository.
#[derive(Debug, Deserialize)]
pub(crate) struct At {
    sha: String,
    #[serde(default)]
    path: String,
}

/// A step of the path, or an entry of a folder.
#[derive(Debug, Serialize)]
struct Link {
    name: String,
    address: String,
    folder: bool,
}

/// `GET /{owner}/{repo}/commit/{sha}`: the files at that commit stand in for its changes.
pub(crate) async fn commit(visitor: Visitor, Path(at): Path<At>) -> Redirect {
    let sha = escape(&at.sha);
    Redirect::to(&format!("/{}/tree/{sha}", visitor.repository))
}

/// `GET /{owner}/{repo}/tree/{sha}` and `GET /{owner}/{repo}/tree/{sha}/{path}`
pub(crate) async fn folder(
    State(context): State<Context>,
    visitor: Visitor,
    Path(at): Path<At>,
) -> Response {
    show_folder(&context, &visitor, &at)
        .await
        .unwrap_or_else(|error| failed(&visitor, &error))
}

/// `GET /{owner}/{repo}/blob/{sha}/{path}`
pub(crate) async fn file(
    State(context): State<Context>,
    visitor: Visitor,
    Path(at): Path<At>,
) -> Response {
    show_file(&context, &visitor, &at)
        .await
        .unwrap_or_else(|error| failed(&visitor, &error))
}

async fn show_folder(context: &Context, visitor: &Visitor, at: &At) -> Result<Response, GitError> {
    let sha = context.source.resolve(&at.sha).await?;
    let listing = context.source.listing(&sha).await?;
    let folder = at.path.trim_end_matches('/');
    let is_folder = folder.is_empty() || listing.find(folder).is_some_and(Node::is_folder);
    if !is_folder {
        return Ok(missing(visitor, at));
    }
    let base = format!("/{}", visitor.repository);
    let entries = entries(&listing, folder, &base);
    let path = format!("{base}/tree/{sha}/{}", escape_path(folder));
    let page = Page {
        title: if folder.is_empty() { "Code" } else { folder },
        visitor,
        path: &path,
        refresh: false,
    };
    let values = context! {
        short => sha.short(),
        steps => Value::from(Serde(steps(&sha, folder, &base))),
        entries => Value::from(Serde(entries)),
    };
    Ok(render(&page, Template::Folder, values))
}

/// What lies in a folder, folders first.
fn entries(listing: &Listing, folder: &str, base: &str) -> Vec<Link> {
    let sha = listing.commit();
    let mut entries: Vec<_> = listing
        .children(folder)
        .take(MOST_ENTRIES)
        .map(|node| {
            let kind = if node.is_folder() { "tree" } else { "blob" };
            let path = escape_path(&node.path);
            Link {
                name: node.path.rsplit('/').next().unwrap_or_default().to_owned(),
                address: format!("{base}/{kind}/{sha}/{path}"),
                folder: node.is_folder(),
            }
        })
        .collect();
    entries.sort_by_key(|entry| !entry.folder);
    entries
}

async fn show_file(context: &Context, visitor: &Visitor, at: &At) -> Result<Response, GitError> {
    let sha = context.source.resolve(&at.sha).await?;
    let listing = context.source.listing(&sha).await?;
    let node = listing.find(&at.path).filter(|node| node.is_file());
    let id = node.and_then(|node| BlobId::parse(node.id()).ok());
    let Some(id) = id else {
        return Ok(missing(visitor, at));
    };
    let bytes = context.source.blob(&id).await?.unwrap_or_default();
    let text = if bytes.contains(&0) || bytes.len() > MOST_BYTES {
        None
    } else {
        Some(String::from_utf8_lossy(&bytes))
    };
    let lines = text.map(|text| text.lines().map(str::to_owned).collect::<Vec<_>>());
    let base = format!("/{}", visitor.repository);
    let path = format!("{base}/blob/{sha}/{}", escape_path(&at.path));
    let page = Page {
        title: &at.path,
        visitor,
        path: &path,
        refresh: false,
    };
    let values = context! {
        short => sha.short(),
        steps => Value::from(Serde(steps(&sha, &at.path, &base))),
        size => bytes.len(),
        lines,
    };
    Ok(render(&page, Template::File, values))
}

/// The folders that lead to `path`, and `path` itself.
fn steps(sha: &CommitSha, path: &str, base: &str) -> Vec<Link> {
    let mut walked = String::new();
    let mut steps = Vec::new();
    for name in path.split('/').filter(|name| !name.is_empty()) {
        if !walked.is_empty() {
            walked.push('/');
        }
        walked.push_str(name);
        steps.push(Link {
            name: name.to_owned(),
            address: format!("{base}/tree/{sha}/{}", escape_path(&walked)),
            folder: walked != path,
        });
    }
    let root = Link {
        name: base.rsplit('/').next().unwrap_or_default().to_owned(),
        address: format!("{base}/tree/{sha}"),
        folder: true,
    };
    std::iter::once(root).chain(steps).collect()
}

fn escape_path(path: &str) -> String {
    let parts: Vec<_> = path.split('/').map(escape).collect();
    parts.join("/")
}

fn missing(visitor: &Visitor, at: &At) -> Response {
    let text = format!("There is no `{}` at this commit.", at.path);
    notice(visitor, StatusCode::NOT_FOUND, &text)
}

fn failed(visitor: &Visitor, error: &GitError) -> Response {
    let status = match error {
        GitError::UnknownRevision(_) | GitError::NoCommits => StatusCode::NOT_FOUND,
        GitError::NotARepository(_) | GitError::Failed { .. } => StatusCode::INTERNAL_SERVER_ERROR,
    };
    let text = match error {
        GitError::UnknownRevision(_) => "There is no such commit.",
        GitError::NoCommits => "This repository has no commits yet.",
        GitError::NotARepository(_) | GitError::Failed { .. } => {
            "The repository could not be read."
        }
    };
    notice(visitor, status, text).into_response()
}
