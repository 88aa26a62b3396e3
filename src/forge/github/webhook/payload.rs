//! The shapes of payloads, with the fields we read and no others. Everything may be absent.

use std::borrow::Cow;

use serde::Deserialize;
use serde::de::IgnoredAny;

use crate::domain::repository::{
    CommitSha, ForgeKind, InstallationId, RepositoryId, RepositoryName,
};
use crate::domain::thread::{
    Author, CommentId, CommentPlace, RepositoryAddress, ThreadAddress, ThreadKind, ThreadNumber,
};
use crate::forge::event::{Event, Spoken};
use crate::forge::github::wire::Account;

/// Any payload.
#[derive(Deserialize)]
pub(super) struct Action<'a> {
    #[serde(borrow)]
    pub(super) action: Option<Cow<'a, str>>,
}

/// `issues`, `pull_request`, `issue_comment`, `pull_request_review_comment` and
/// `pull_request_review`.
#[derive(Deserialize)]
pub(super) struct ThreadPayload<'a> {
    #[serde(borrow)]
    pub(super) action: Option<Cow<'a, str>>,
    issue: Option<Subject>,
    pull_request: Option<Subject>,
    label: Option<Label>,
    comment: Option<Comment>,
    review: Option<Comment>,
    changes: Option<Changes>,
    repository: Option<Repository<'a>>,
    sender: Option<Account>,
    installation: Option<Installation>,
}

/// `push`, `repository`, `installation` and `installation_repositories`.
#[derive(Deserialize)]
pub(super) struct OwnerPayload<'a> {
    #[serde(borrow)]
    pub(super) action: Option<Cow<'a, str>>,
    #[serde(rename = "ref", borrow)]
    reference: Option<Cow<'a, str>>,
    #[serde(borrow)]
    after: Option<Cow<'a, str>>,
    deleted: Option<bool>,
    repository: Option<Repository<'a>>,
    repositories_removed: Option<Vec<Removed>>,
    installation: Option<Installation>,
}

#[derive(Deserialize)]
struct Subject {
    number: u64,
    /// Links of the pull request that an issue stands for.
    pull_request: Option<IgnoredAny>,
    body: Option<String>,
    user: Option<Account>,
    performed_via_github_app: Option<IgnoredAny>,
    head: Option<Head>,
}

#[derive(Deserialize)]
struct Head {
    sha: Option<String>,
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
struct Changes {
    body: Option<Change>,
}

#[derive(Deserialize)]
struct Change {
    from: Option<String>,
}

#[derive(Deserialize)]
struct Repository<'a> {
    id: u64,
    #[serde(borrow)]
    name: Cow<'a, str>,
    owner: Owner<'a>,
    #[serde(borrow)]
    default_branch: Option<Cow<'a, str>>,
}

#[derive(Deserialize)]
struct Owner<'a> {
    /// `push` of old servers has `name` alone.
    #[serde(borrow)]
    login: Option<Cow<'a, str>>,
    #[serde(borrow)]
    name: Option<Cow<'a, str>>,
}

#[derive(Deserialize)]
struct Removed {
    id: u64,
}

#[derive(Deserialize)]
struct Installation {
    id: u64,
}

/// What happened to an issue or pull request itself; `None` when it asks nothing of us.
pub(super) fn of_thread(payload: ThreadPayload<'_>, kind: ThreadKind, host: &str) -> Option<Event> {
    let action = payload.action.as_deref().unwrap_or_default().to_owned();
    let subject = match kind {
        ThreadKind::Issue => payload.issue,
        ThreadKind::ChangeRequest => payload.pull_request,
    };
    let subject = subject?;
    let thread = ThreadAddress {
        repository: address(&payload.repository?, payload.installation, host)?,
        kind,
        number: ThreadNumber(subject.number),
    };
    let label = payload.label.map(|label| label.name);
    match action.as_str() {
        "labeled" => Some(Event::Labeled {
            thread,
            label: label?,
            sender: payload.sender?.into(),
        }),
        "unlabeled" => Some(Event::Unlabeled {
            thread,
            label: label?,
            sender: payload.sender?.into(),
        }),
        "opened" | "edited" => {
            let before = find_before(&action, payload.changes)?;
            Some(Event::Commented(Box::new(Spoken {
                thread,
                comment: CommentId(0),
                place: CommentPlace::Description,
                body: subject.body.unwrap_or_default(),
                before,
                sender: payload.sender?.into(),
                author: subject.user.map(Author::from),
                via_app: subject.performed_via_github_app.is_some(),
            })))
        }
        "closed" | "reopened" => Some(Event::Standing {
            thread,
            open: action == "reopened",
        }),
        "deleted" | "transferred" => Some(Event::Gone { thread }),
        "synchronize" => Some(Event::HeadMoved {
            thread,
            tip: CommitSha::parse(&subject.head?.sha?).ok()?,
        }),
        _ => None,
    }
}

/// What was said at `place`, changed there or deleted; `None` when it asks nothing of us.
pub(super) fn of_comment(
    payload: ThreadPayload<'_>,
    place: CommentPlace,
    host: &str,
) -> Option<Event> {
    let action = payload.action.as_deref().unwrap_or_default().to_owned();
    let (issue, comment) = match place {
        CommentPlace::Discussion | CommentPlace::Description => (payload.issue?, payload.comment?),
        CommentPlace::Diff => (payload.pull_request?, payload.comment?),
        CommentPlace::Review => (payload.pull_request?, payload.review?),
    };
    let kind = match (place, issue.pull_request) {
        (CommentPlace::Discussion, None) => ThreadKind::Issue,
        _ => ThreadKind::ChangeRequest,
    };
    let thread = ThreadAddress {
        repository: address(&payload.repository?, payload.installation, host)?,
        kind,
        number: ThreadNumber(issue.number),
    };
    let id = CommentId(comment.id);
    if action == "deleted" {
        return Some(Event::Uncommented {
            thread,
            comment: id,
            place,
        });
    }
    let written = match place {
        CommentPlace::Review => "submitted",
        _ => "created",
    };
    let before = match action == written {
        true => None,
        false => find_before(&action, payload.changes)?,
    };
    Some(Event::Commented(Box::new(Spoken {
        thread,
        comment: id,
        place,
        body: comment.body.unwrap_or_default(),
        before,
        sender: payload.sender?.into(),
        author: comment.user.map(Author::from),
        via_app: comment.performed_via_github_app.is_some(),
    })))
}

/// What a text said before: nothing when it is new; `None` for what is neither new nor an edit of
/// the text. Some edits are told without the earlier text, and are left alone: nobody can say then
/// whether a command is new.
fn find_before(action: &str, changes: Option<Changes>) -> Option<Option<String>> {
    match action {
        "opened" => Some(None),
        "edited" => Some(Some(changes?.body?.from?)),
        _ => None,
    }
}

/// A push that moved the default branch.
pub(super) fn of_push(payload: OwnerPayload<'_>, host: &str) -> Option<Event> {
    if payload.deleted == Some(true) {
        return None;
    }
    let repository = payload.repository?;
    let branch = payload.reference?;
    let branch = branch.strip_prefix("refs/heads/")?;
    if repository.default_branch.as_deref() != Some(branch) {
        return None;
    }
    Some(Event::Pushed {
        repository: address(&repository, payload.installation, host)?,
        tip: CommitSha::parse(&payload.after?).ok()?,
    })
}

/// What became of a repository.
pub(super) fn of_repository(payload: OwnerPayload<'_>, host: &str) -> Option<Event> {
    match payload.action.as_deref()? {
        "deleted" => Some(Event::RepositoriesGone {
            host: host.to_owned(),
            repositories: vec![RepositoryId(payload.repository?.id)],
            installation: None,
        }),
        _ => None,
    }
}

/// What became of an installation.
pub(super) fn of_installation(payload: OwnerPayload<'_>, host: &str) -> Option<Event> {
    let installation = InstallationId(payload.installation?.id);
    match payload.action.as_deref()? {
        "deleted" => Some(Event::InstallationGone { installation }),
        "created" | "unsuspend" | "new_permissions_accepted" | "added" => {
            Some(Event::InstallationBack { installation })
        }
        "removed" => {
            let removed = payload.repositories_removed?.into_iter();
            Some(Event::RepositoriesGone {
                host: host.to_owned(),
                repositories: removed.map(|one| RepositoryId(one.id)).collect(),
                installation: Some(installation),
            })
        }
        _ => None,
    }
}

fn address(
    repository: &Repository<'_>,
    installation: Option<Installation>,
    host: &str,
) -> Option<RepositoryAddress> {
    let owner = &repository.owner;
    let login = owner.login.as_deref().or(owner.name.as_deref())?;
    Some(RepositoryAddress {
        forge: ForgeKind::GitHub,
        host: host.to_owned(),
        id: RepositoryId(repository.id),
        name: RepositoryName::new(login, &repository.name).ok()?,
        installation: installation.map(|installation| InstallationId(installation.id)),
    })
}
