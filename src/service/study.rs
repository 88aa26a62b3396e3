//! What a plan is made from: what a thread says, and its repository at one commit.
//!
//! Jobs and the command line come this way alike. Nothing here posts, saves or needs a claim.

use std::sync::Arc;

use url::Url;

use crate::config::repository_file::PathFilter;
use crate::domain::change_set::ChangeSet;
use crate::domain::policy;
use crate::domain::repository::CommitSha;
use crate::domain::request::{Brief, Remark, Speaker};
use crate::domain::thread::{
    Comment, CommentId, RepositoryAddress, Thread, ThreadAddress, ThreadKind, UserId,
};
use crate::forge::{Forge, ForgeError, Glance, Pinned, Revision};
use crate::planner;
use crate::render::Site;
use crate::repository::Limits;
use crate::repository::cache::{Cache, Shelf};
use crate::repository::index::{Index, Recalled};
use crate::repository::locate::Search;
use crate::repository::sharpen::{SHARPENED, sharpen};
use crate::repository::snapshot::{self, SnapshotError};
use crate::repository::syntax::Parsers;
use crate::service::effective;
use crate::text::clean;

/// Newest comments that the planner is shown.
const DISCUSSION: usize = 20;

/// Comments fetched to find that many written by people.
const FETCHED_COMMENTS: usize = 100;

/// Files of a change request that are read: reviewers hardly look at more, and GitHub shows no diff of
/// more in one piece.
const FETCHED_FILES: usize = 300;

/// What reading a repository makes use of.
#[derive(Debug, Clone)]
pub struct Tools {
    /// What was read from repositories before.
    pub cache: Cache,
    /// Where strangers' code is parsed.
    pub parsers: Parsers,
}

/// Why a repository could not be read.
#[derive(Debug, thiserror::Error)]
pub enum ReadError {
    /// Its contents did not come.
    #[error(transparent)]
    Snapshot(#[from] SnapshotError),
    /// They came and could not be analysed.
    #[error("the repository's contents could not be analysed")]
    Analysis,
}

/// What a thread is planned at: the head of a change request, else the tip of the default branch.
///
/// # Errors
/// [`ForgeError::Empty`] when there is no commit yet, and whatever else the forge says.
pub async fn pin(forge: &dyn Forge, thread: &ThreadAddress) -> Result<Pinned, ForgeError> {
    let revision = match thread.kind {
        ThreadKind::Issue => Revision::DefaultBranch,
        ThreadKind::ChangeRequest => Revision::ChangeRequestHead(thread.number),
    };
    forge.resolve(&thread.repository, revision).await
}

/// What of a request bears on what the planner is told of its thread.
#[derive(Debug, Clone, Copy, Default)]
pub struct Asked<'a> {
    /// What to focus on.
    pub focus: &'a str,
    /// What is to be different from the plan that stands.
    pub feedback: &'a str,
    /// The comment that asked: what was said after it belongs to nobody's request.
    pub comment: Option<CommentId>,
    /// Somebody who is known to be allowed to change the repository.
    pub maintainer: Option<UserId>,
}

/// What the planner is told: the thread, and the newest comments of people, ours and automation's
/// left out.
///
/// # Errors
/// When the comments cannot be read.
pub async fn brief(
    forge: &dyn Forge,
    at: &ThreadAddress,
    thread: &Thread,
    asked: &Asked<'_>,
) -> Result<Brief, ForgeError> {
    let comments = forge.comments(at, FETCHED_COMMENTS).await?;
    Ok(brief_from(thread, &comments, asked))
}

/// Looks for the newest comments of a thread where `glance` does not tell them.
///
/// # Errors
/// When the comments cannot be read.
pub(super) async fn add_comments(
    forge: &dyn Forge,
    at: &ThreadAddress,
    glance: &mut Glance,
) -> Result<(), ForgeError> {
    if glance.comments.is_none() {
        let comments = forge.comments(at, FETCHED_COMMENTS).await?;
        glance.has_all_comments = comments.len() < FETCHED_COMMENTS;
        glance.comments = Some(comments);
    }
    Ok(())
}

/// The same as [`brief`], from the newest `comments`.
pub fn brief_from(thread: &Thread, comments: &[Comment], asked: &Asked<'_>) -> Brief {
    let mut hidden_parts = 0;
    let mut visible = |text: &str| {
        let visible = clean::visible(text);
        hidden_parts += visible.removed;
        visible.text
    };
    let in_time = |comment: &&Comment| asked.comment.is_none_or(|last| comment.id <= last);
    let said = comments.iter().filter(in_time);
    let mut said: Vec<_> = said.filter(|comment| is_spoken(comment)).collect();
    let older = said.len().saturating_sub(DISCUSSION);
    said.drain(..older);
    let discussion = said.into_iter().map(|comment| Remark {
        login: comment
            .author
            .as_ref()
            .map_or_else(String::new, |author| author.login.clone()),
        speaker: speaker(comment, thread, asked),
        text: visible(&comment.body),
    });
    let discussion = discussion.collect();
    Brief {
        title: visible(&thread.title),
        body: visible(&thread.body),
        discussion,
        focus: visible(asked.focus),
        feedback: visible(asked.feedback),
        changes: None,
        hidden_parts,
    }
}

/// Whether a person said it, and not we or other automation.
fn is_spoken(comment: &Comment) -> bool {
    let author = comment.author.as_ref();
    author.is_some_and(|author| !comment.own && !policy::is_ignored_author(author))
}

fn speaker(comment: &Comment, thread: &Thread, asked: &Asked<'_>) -> Speaker {
    let id = comment.author.as_ref().map(|author| author.id);
    if id.is_some() && id == asked.maintainer {
        Speaker::Maintainer
    } else if id.is_some() && id == thread.author.as_ref().map(|author| author.id) {
        Speaker::Author
    } else {
        Speaker::Other
    }
}

/// What a change request changes at `paths` and what its reviewers wait for; `None` for issues.
///
/// # Errors
/// When it cannot be read.
pub async fn changes(
    forge: &dyn Forge,
    at: &ThreadAddress,
    paths: &PathFilter,
) -> Result<Option<ChangeSet>, ForgeError> {
    if at.kind == ThreadKind::Issue {
        return Ok(None);
    }
    let mut changes = forge.changes(at, FETCHED_FILES).await?;
    effective::leave_out(&mut changes, paths);
    let remarks = changes.reviews.iter_mut();
    for remark in remarks.flat_map(|thread| &mut thread.remarks) {
        remark.text = clean::visible(&remark.text).text;
    }
    Ok(Some(changes))
}

/// Reads a commit whole through the forge, except what is in `cache`, indexes it and searches it for
/// what is used of the brief: at most so many bytes.
///
/// # Errors
/// [`ReadError`].
pub async fn read(
    forge: &dyn Forge,
    (repository, commit): (&RepositoryAddress, &CommitSha),
    limits: &Limits,
    tools: &Tools,
    (brief, request_bytes): (&Brief, u64),
) -> Result<Arc<Search>, ReadError> {
    let shelf = shelf(repository, tools).await?;
    let kept = shelf.clone();
    let recalled = tokio::task::spawn_blocking(move || Recalled::load(&kept));
    let snapshot = snapshot::from_forge(forge, repository, commit, limits, &shelf).await?;
    // What cannot be recalled is read again.
    let recalled = recalled.await.unwrap_or_default();
    let (kept, brief) = (shelf.clone(), brief.clone());
    let work = move || {
        let index = Arc::new(Index::build_recalling(snapshot, recalled, &kept));
        planner::search(&brief, &index, request_bytes)
    };
    let search = tokio::task::spawn_blocking(work)
        .await
        .map_err(|_| ReadError::Analysis)?;
    sharpen(
        search.index(),
        &search.best(SHARPENED),
        &tools.parsers,
        &shelf,
    )
    .await;
    Ok(Arc::new(search))
}

/// What is known of a repository from earlier reading.
///
/// # Errors
/// [`ReadError::Analysis`] when the process is ending.
pub(super) async fn shelf(
    repository: &RepositoryAddress,
    tools: &Tools,
) -> Result<Shelf, ReadError> {
    let name = repository.key();
    let cache = tools.cache.clone();
    tokio::task::spawn_blocking(move || cache.shelf(&name))
        .await
        .map_err(|_| ReadError::Analysis)
}

/// Where a comment about `repository` stands, on a forge whose web pages are below `web_url`.
pub fn site(web_url: &Url, repository: &RepositoryAddress, marker: String) -> Site {
    let base = web_url.as_str().trim_end_matches('/');
    Site {
        forge: repository.forge,
        repository_url: format!("{base}/{}", repository.name),
        marker,
    }
}
