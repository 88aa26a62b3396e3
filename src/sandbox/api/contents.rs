//! The repository and its contents: commits, trees, blobs, archives.

use axum::Router;
use axum::body::Body;
use axum::extract::{Path, Query, State};
use axum::response::Response;
use axum::routing::get;
use base64::Engine;
use base64::engine::general_purpose::STANDARD;
use http::StatusCode;
use http::header::{CONTENT_DISPOSITION, LOCATION};
use serde::Deserialize;
use serde_json::{Value, json};

use crate::domain::repository::{BlobId, CommitSha};
use crate::repository::git::GitError;
use crate::sandbox::api::Context;
use crate::sandbox::api::answer::{Problem, bytes_answer, empty_answer, json_answer, set, tagged};
use crate::sandbox::api::call::{Call, READ_CONTENTS, READ_METADATA};
use crate::sandbox::shapes::node_id;
use crate::sandbox::shapes::repository::full_repository;
use crate::sandbox::source::commit::{CommitDetails, Signature};
use crate::sandbox::world;

/// Largest blob that GitHub gives out.
const LARGEST_BLOB_BYTES: usize = 100 << 20;

/// `GET /repos/{owner}/{repo}`
pub(crate) async fn repository(
    State(context): State<Context>,
    call: Call,
) -> Result<Response, Problem> {
    context.world.read(|state| {
        state.admit(&call, READ_METADATA)?;
        Ok(json_answer(StatusCode::OK, &full_repository(state)))
    })
}

/// `GET /repos/{owner}/{repo}/commits/{ref}`, as JSON or as the bare id.
pub(crate) async fn commit(
    State(context): State<Context>,
    call: Call,
) -> Result<Response, Problem> {
    context
        .world
        .read(|state| state.admit(&call, READ_CONTENTS))?;
    let revision = call.part("ref");
    let sha = match context.source.resolve(revision).await {
        Err(GitError::UnknownRevision(_)) => {
            let why = format!("No commit found for SHA: {revision}");
            return Err(Problem::unprocessable(&why));
        }
        resolved => resolved?,
    };
    let tag = format!("\"{sha}\"");
    if call.wants("sha") {
        let text = Body::from(sha.as_str().to_owned());
        let kind = "application/vnd.github.sha; charset=utf-8";
        return Ok(tagged(bytes_answer(StatusCode::OK, kind, text), &tag));
    }
    let details = context.source.details(&sha).await?;
    let (url, page, id) = context.world.read(|state| {
        (
            state.repository_url(),
            state.repository_page(),
            state.repository.id,
        )
    });
    let parents = details.parents.iter();
    let parents = parents.map(|parent| {
        json!({
            "sha": parent, "url": format!("{url}/commits/{parent}"),
            "html_url": format!("{page}/commit/{parent}"),
        })
    });
    let shape = json!({
        "url": format!("{url}/commits/{sha}"),
        "sha": sha.as_str(),
        "node_id": node_id("C", &[id]),
        "html_url": format!("{page}/commit/{sha}"),
        "comments_url": format!("{url}/commits/{sha}/comments"),
        "commit": commit_part(&details, &url, &sha),
        "author": null,
        "committer": null,
        "parents": parents.collect::<Vec<_>>(),
    });
    Ok(tagged(json_answer(StatusCode::OK, &shape), &tag))
}

fn commit_part(details: &CommitDetails, url: &str, sha: &CommitSha) -> Value {
    let person = |signature: &Signature| json!({"name": signature.name, "email": signature.email, "date": signature.date});
    json!({
        "url": format!("{url}/git/commits/{sha}"),
        "author": person(&details.author),
        "committer": person(&details.committer),
        "message": details.message,
        "comment_count": 0,
        "tree": {"sha": details.tree, "url": format!("{url}/git/trees/{}", details.tree)},
        "verification": {
            "verified": false, "reason": "unsigned", "signature": null, "payload": null,
            "verified_at": null,
        },
    })
}

/// `GET /repos/{owner}/{repo}/git/ref/{ref}`
pub(crate) async fn reference(
    State(context): State<Context>,
    call: Call,
) -> Result<Response, Problem> {
    context
        .world
        .read(|state| state.admit(&call, READ_CONTENTS))?;
    let name = format!("refs/{}", call.part("ref").trim_start_matches("refs/"));
    let sha = match find_head(&context, &name) {
        Some(head) => head,
        None => context.source.resolve(&name).await?,
    };
    let shape = context.world.read(|state| {
        let url = state.repository_url();
        json!({
            "ref": name,
            "node_id": node_id("REF", &[state.repository.id]),
            "url": format!("{url}/git/{name}"),
            "object": {
                "type": "commit", "sha": sha.as_str(), "url": format!("{url}/git/commits/{sha}"),
            },
        })
    });
    Ok(json_answer(StatusCode::OK, &shape))
}

/// The head of the pull request that `refs/pull/N/head` stands for.
fn find_head(context: &Context, name: &str) -> Option<CommitSha> {
    let number = name.strip_prefix("refs/pull/")?.strip_suffix("/head")?;
    let number = number.parse().ok()?;
    let head = |state: &world::State| state.pull(number).ok().map(|pull| pull.head.clone());
    context.world.read(head)
}

/// `GET /repos/{owner}/{repo}/git/trees/{tree_sha}`; the mere presence of `recursive` counts.
pub(crate) async fn tree(State(context): State<Context>, call: Call) -> Result<Response, Problem> {
    context
        .world
        .read(|state| state.admit(&call, READ_CONTENTS))?;
    let url = context.world.read(world::State::repository_url);
    let found = context.source.find_tree(call.part("tree_sha")).await?;
    let found = found.ok_or_else(Problem::not_found)?;
    let limits = context.world.read(|state| state.limits);
    let body = found.render(&url, limits, call.query("recursive").is_some());
    let kind = "application/json; charset=utf-8";
    let tag = format!("\"{}\"", found.id());
    Ok(tagged(
        bytes_answer(StatusCode::OK, kind, body.into()),
        &tag,
    ))
}

/// `GET /repos/{owner}/{repo}/git/blobs/{file_sha}`, as JSON or as its bytes.
pub(crate) async fn blob(State(context): State<Context>, call: Call) -> Result<Response, Problem> {
    context
        .world
        .read(|state| state.admit(&call, READ_CONTENTS))?;
    let id = BlobId::parse(call.part("file_sha")).map_err(|_| Problem::not_found())?;
    let bytes = context.source.blob(&id).await?;
    let bytes = bytes.ok_or_else(Problem::not_found)?;
    if bytes.len() > LARGEST_BLOB_BYTES {
        return Err(Problem::new(
            StatusCode::FORBIDDEN,
            "This API returns blobs up to 100 MB in size.",
        ));
    }
    if call.wants("raw") {
        let kind = "application/vnd.github.raw+json; charset=utf-8";
        return Ok(bytes_answer(StatusCode::OK, kind, bytes.into()));
    }
    let shape = context.world.read(|state| {
        json!({
            "sha": id.as_str(),
            "node_id": node_id("B", &[state.repository.id]),
            "size": bytes.len(),
            "url": format!("{}/git/blobs/{}", state.repository_url(), id.as_str()),
            "content": wrapped(&bytes),
            "encoding": "base64",
        })
    });
    Ok(json_answer(StatusCode::OK, &shape))
}

/// Base64 in lines of 60 characters, each ended, as GitHub writes it.
fn wrapped(bytes: &[u8]) -> String {
    // 45 bytes make 60 characters.
    let lines = bytes.chunks(45).map(|chunk| STANDARD.encode(chunk) + "\n");
    lines.collect()
}

/// `GET /repos/{owner}/{repo}/contents/{path}` of a file at the default branch's tip, as its bytes: all
/// that is served of it here.
pub(crate) async fn file(State(context): State<Context>, call: Call) -> Result<Response, Problem> {
    context
        .world
        .read(|state| state.admit(&call, READ_CONTENTS))?;
    let id = context.source.find_at_tip(call.part("path")).await?;
    let id = id.filter(|_| call.wants("raw"));
    let id = id.ok_or_else(Problem::not_found)?;
    let bytes = context.source.blob(&id).await?;
    let bytes = bytes.ok_or_else(Problem::not_found)?;
    let kind = "application/vnd.github.raw+json; charset=utf-8";
    Ok(bytes_answer(StatusCode::OK, kind, bytes.into()))
}

/// `GET /repos/{owner}/{repo}/tarball/{ref}`, a redirection to where archives are handed out.
pub(crate) async fn tarball(
    State(context): State<Context>,
    call: Call,
) -> Result<Response, Problem> {
    context
        .world
        .read(|state| state.admit(&call, READ_CONTENTS))?;
    let sha = context.source.resolve(call.part("ref")).await?;
    let location = context.world.change(|state| {
        let ticket = state.issue_ticket(call.now);
        let (url, name) = (&state.web_url, &state.repository.name);
        format!("{url}/_codeload/{name}/legacy.tar.gz/{sha}?token={ticket}")
    });
    let mut response = empty_answer(StatusCode::FOUND);
    set(&mut response, LOCATION, &location);
    Ok(response)
}

/// Where archives are handed out: another place with keys of its own.
pub(crate) fn downloads() -> Router<Context> {
    Router::new().route(
        "/_codeload/{owner}/{repo}/legacy.tar.gz/{sha}",
        get(download),
    )
}

#[derive(Debug, Deserialize)]
struct Ticket {
    #[serde(default)]
    token: String,
}

async fn download(
    State(context): State<Context>,
    Path((_, _, sha)): Path<(String, String, String)>,
    Query(ticket): Query<Ticket>,
) -> Result<Response, Problem> {
    let now = (context.clock)();
    let valid = context
        .world
        .read(|state| state.is_ticket(&ticket.token, now));
    if !valid {
        return Err(Problem::not_found());
    }
    let sha = CommitSha::parse(&sha).map_err(|_| Problem::not_found())?;
    let folder = context.world.read(|state| {
        let name = &state.repository.name;
        format!("{}-{}-{}", name.owner(), name.name(), sha.short())
    });
    let archive = context.source.archive(&sha, &folder).await?;
    let mut response = bytes_answer(StatusCode::OK, "application/x-gzip", archive.into());
    let file = format!("attachment; filename={folder}.tar.gz");
    set(&mut response, CONTENT_DISPOSITION, &file);
    Ok(response)
}
