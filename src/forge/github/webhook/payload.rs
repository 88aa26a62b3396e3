//! The shapes of payloads, with the fields we read and no others. Everything may be absent.

use std::borrow::Cow;

use serde::Deserialize;
use serde::de::IgnoredAny;

use crate::domain::repository::{ForgeKind, InstallationId, RepositoryId, RepositoryName};
use crate::domain::thread::{
    Author, CommentId, CommentPlace, RepositoryAddress, ThreadAddress, ThreadKind, ThreadNumber,
};
use crate::forge::event::Event;
use crate::forge::github::wire::Account;

/// Any payload.
#[derive(Deserialize)]
pub(super) struct Action<'a> {
    #[serde(borrow)]
    pub(super) action: Option<Cow<'a, str>>,
}

/// `issues` and `pull_request`.
#[derive(Deserialize)]
pub(super) struct LabelPayload<'a> {
    #[serde(borrow)]
    action: Option<Cow<'a, str>>,
    issue: Option<Subject>,
    pull_request: Option<Subject>,
    label: Option<Label>,
    repository: Option<Repository<'a>>,
    sender: Option<Account>,
    installation: Option<Installation>,
}

/// `issue_comment`, `pull_request_review_comment` and `pull_request_review`.
#[derive(Deserialize)]
pub(super) struct CommentPayload<'a> {
    #[serde(borrow)]
    action: Option<Cow<'a, str>>,
    issue: Option<Subject>,
    pull_request: Option<Subject>,
    comment: Option<Comment>,
    review: Option<Comment>,
    repository: Option<Repository<'a>>,
    sender: Option<Account>,
    installation: Option<Installation>,
}

#[derive(Deserialize)]
struct Subject {
    number: u64,
    /// Links of the pull request that an issue stands for.
    pull_request: Option<IgnoredAny>,
}

#[derive(Deserialize)]
struct Label {
    name: String,
}

#[derive(Deserialize)]
struct Comment {
    id: u64,
    body: Option<String>,
    user: Option<Account>,
    performed_via_github_app: Option<IgnoredAny>,
}

#[derive(Deserialize)]
struct Repository<'a> {
    id: u64,
    #[serde(borrow)]
    name: Cow<'a, str>,
    owner: Owner<'a>,
}

#[derive(Deserialize)]
struct Owner<'a> {
    #[serde(borrow)]
    login: Cow<'a, str>,
}

#[derive(Deserialize)]
struct Installation {
    id: u64,
}

/// The event of a label that was put on a thread, or the action that asks nothing of us.
pub(super) fn labeled(
    payload: LabelPayload<'_>,
    kind: ThreadKind,
    host: &str,
) -> Result<Event, String> {
    let action = payload.action.as_deref().unwrap_or_default().to_owned();
    let event = (action == "labeled").then(|| find_labeled(payload, kind, host));
    event.flatten().ok_or(action)
}

fn find_labeled(payload: LabelPayload<'_>, kind: ThreadKind, host: &str) -> Option<Event> {
    let subject = match kind {
        ThreadKind::Issue => payload.issue?,
        ThreadKind::ChangeRequest => payload.pull_request?,
    };
    Some(Event::Labeled {
        thread: ThreadAddress {
            repository: address(&payload.repository?, payload.installation, host)?,
            kind,
            number: ThreadNumber(subject.number),
        },
        label: payload.label?.name,
        sender: payload.sender?.into(),
    })
}

/// The event of a comment that was written at `place`, or the action that asks nothing of us.
pub(super) fn commented(
    payload: CommentPayload<'_>,
    place: CommentPlace,
    host: &str,
) -> Result<Event, String> {
    let action = payload.action.as_deref().unwrap_or_default().to_owned();
    let written = match place {
        CommentPlace::Discussion | CommentPlace::Diff => "created",
        CommentPlace::Review => "submitted",
    };
    let event = (action == written).then(|| find_commented(payload, place, host));
    event.flatten().ok_or(action)
}

fn find_commented(payload: CommentPayload<'_>, place: CommentPlace, host: &str) -> Option<Event> {
    let (issue, comment) = match place {
        CommentPlace::Discussion => (payload.issue?, payload.comment?),
        CommentPlace::Diff => (payload.pull_request?, payload.comment?),
        CommentPlace::Review => (payload.pull_request?, payload.review?),
    };
    let kind = match (place, issue.pull_request) {
        (CommentPlace::Discussion, None) => ThreadKind::Issue,
        _ => ThreadKind::ChangeRequest,
    };
    Some(Event::Commented {
        thread: ThreadAddress {
            repository: address(&payload.repository?, payload.installation, host)?,
            kind,
            number: ThreadNumber(issue.number),
        },
        comment: CommentId(comment.id),
        place,
        body: comment.body.unwrap_or_default(),
        sender: payload.sender?.into(),
        author: comment.user.map(Author::from),
        via_app: comment.performed_via_github_app.is_some(),
    })
}

fn address(
    repository: &Repository<'_>,
    installation: Option<Installation>,
    host: &str,
) -> Option<RepositoryAddress> {
    Some(RepositoryAddress {
        forge: ForgeKind::GitHub,
        host: host.to_owned(),
        id: RepositoryId(repository.id),
        name: RepositoryName::new(&repository.owner.login, &repository.name).ok()?,
        installation: installation.map(|installation| InstallationId(installation.id)),
    })
}
