//! The shapes of GitHub's answers, with the fields we read and no others.

pub(super) mod graphql;

use std::collections::BTreeMap;

use serde::{Deserialize, Serialize};

use crate::domain::repository::CommitSha;
use crate::domain::thread::{Author, AuthorKind, Thread, UserId};

/// A user, bot or organisation.
#[derive(Debug, Deserialize)]
pub(super) struct Account {
    pub(super) id: u64,
    pub(super) login: String,
    #[serde(rename = "type")]
    kind: Option<String>,
}

impl From<Account> for Author {
    fn from(account: Account) -> Self {
        let bot = account.kind.as_deref() == Some("Bot") || account.login.ends_with("[bot]");
        Self {
            id: UserId(account.id),
            login: account.login,
            kind: if bot {
                AuthorKind::Bot
            } else {
                AuthorKind::Human
            },
        }
    }
}

/// `GET /repos/{owner}/{name}/issues/{number}`, for issues and pull requests.
#[derive(Deserialize)]
pub(super) struct Issue {
    pub(super) title: Option<String>,
    pub(super) body: Option<String>,
    pub(super) user: Option<Account>,
    pub(super) state: Option<String>,
    #[serde(default)]
    pub(super) locked: bool,
    #[serde(default)]
    pub(super) labels: Vec<Label>,
    /// What makes an issue a pull request.
    pull_request: Option<Merge>,
    /// For what was asked for as a pull request.
    merged_at: Option<String>,
}

/// Whether a pull request was merged.
#[derive(Deserialize)]
struct Merge {
    merged_at: Option<String>,
}

impl Issue {
    fn is_merged(&self) -> bool {
        let merge = self.pull_request.as_ref();
        let merged_at = merge.and_then(|merge| merge.merged_at.as_ref());
        merged_at.or(self.merged_at.as_ref()).is_some()
    }
}

impl From<Issue> for Thread {
    fn from(issue: Issue) -> Self {
        Self {
            merged: issue.is_merged(),
            title: issue.title.unwrap_or_default(),
            body: issue.body.unwrap_or_default(),
            author: issue.user.map(Author::from),
            open: issue.state.as_deref() != Some("closed"),
            locked: issue.locked,
            labels: issue
                .labels
                .into_iter()
                .filter_map(Label::into_name)
                .collect(),
        }
    }
}

/// A label; old servers send bare names.
#[derive(Deserialize)]
#[serde(untagged)]
pub(super) enum Label {
    Name(String),
    Object { name: Option<String> },
}

impl Label {
    fn into_name(self) -> Option<String> {
        match self {
            Self::Name(name) => Some(name),
            Self::Object { name } => name,
        }
    }
}

/// A comment of an issue or pull request.
#[derive(Deserialize)]
pub(super) struct Comment {
    pub(super) id: u64,
    pub(super) body: Option<String>,
    pub(super) user: Option<Account>,
    pub(super) performed_via_github_app: Option<App>,
}

/// An App, in a comment or as the answer to `GET /app`.
#[derive(Debug, Clone, PartialEq, Eq, Deserialize)]
pub(super) struct App {
    pub(super) id: Option<u64>,
    pub(super) client_id: Option<String>,
    pub(super) slug: Option<String>,
    #[serde(default)]
    pub(super) permissions: BTreeMap<String, String>,
    #[serde(default)]
    pub(super) events: Vec<String>,
}

/// `POST /app-manifests/{code}/conversions`.
#[derive(Deserialize)]
pub(super) struct NewApp {
    pub(super) id: u64,
    pub(super) html_url: String,
    pub(super) pem: secrecy::SecretString,
    pub(super) webhook_secret: Option<secrecy::SecretString>,
}

/// `GET /app/hook/config`.
#[derive(Deserialize)]
pub(super) struct Hook {
    pub(super) url: Option<String>,
    pub(super) content_type: Option<String>,
    /// Shown as asterisks.
    pub(super) secret: Option<String>,
    pub(super) insecure_ssl: Option<Switch>,
}

/// Something that is on or off, as a text or as a number.
#[derive(Deserialize)]
#[serde(untagged)]
pub(super) enum Switch {
    Text(String),
    Number(f64),
}

impl Switch {
    pub(super) fn is_on(&self) -> bool {
        match self {
            Self::Text(text) => text != "0",
            Self::Number(number) => *number != 0.0,
        }
    }
}

/// An entry of `GET /app/installations`.
#[derive(Deserialize)]
pub(super) struct InstallationAt {
    pub(super) account: Option<Owner>,
    pub(super) suspended_at: Option<String>,
    #[serde(default)]
    pub(super) permissions: BTreeMap<String, String>,
}

/// A user or organisation; an enterprise has no login.
#[derive(Deserialize)]
pub(super) struct Owner {
    pub(super) login: Option<String>,
}

/// What a comment that was posted or edited is sent as.
#[derive(Serialize)]
pub(super) struct CommentText<'a> {
    pub(super) body: &'a str,
}

/// The answer to a post.
#[derive(Deserialize)]
pub(super) struct Created {
    pub(super) id: u64,
}

/// What a reaction is sent as.
#[derive(Serialize)]
pub(super) struct ReactionContent {
    pub(super) content: &'static str,
}

/// `GET /repos/{owner}/{name}/collaborators/{login}/permission`.
#[derive(Deserialize)]
pub(super) struct Permission {
    pub(super) permission: Option<String>,
    pub(super) role_name: Option<String>,
    pub(super) user: Option<Account>,
}

/// `GET /repos/{owner}/{name}`.
#[derive(Deserialize)]
pub(super) struct Repository {
    pub(super) default_branch: Option<String>,
    pub(super) private: Option<bool>,
}

/// The same, asked for by name to learn the rest.
#[derive(Deserialize)]
pub(super) struct NamedRepository {
    pub(super) id: u64,
    pub(super) full_name: String,
}

/// `GET /repos/{owner}/{name}/commits/{ref}`, where the server answers JSON.
#[derive(Deserialize)]
pub(super) struct Commit {
    pub(super) sha: String,
}

/// `GET /repos/{owner}/{name}/git/ref/{ref}`.
#[derive(Deserialize)]
pub(super) struct Reference {
    pub(super) object: Commit,
}

/// `GET /repos/{owner}/{name}/pulls/{number}`.
#[derive(Deserialize)]
pub(super) struct PullRequest {
    pub(super) head: Commit,
    pub(super) base: Option<Base>,
    #[serde(default)]
    pub(super) changed_files: u64,
    #[serde(flatten)]
    pub(super) thread: Issue,
}

/// What a pull request wants to change.
#[derive(Deserialize)]
pub(super) struct Base {
    pub(super) repo: Option<Repository>,
}

/// An entry of `GET /repos/{owner}/{name}/pulls/{number}/files`.
#[derive(Deserialize)]
pub(super) struct ChangedFile {
    pub(super) filename: String,
    pub(super) previous_filename: Option<String>,
    #[serde(default)]
    pub(super) status: String,
    #[serde(default)]
    pub(super) additions: u64,
    #[serde(default)]
    pub(super) deletions: u64,
    pub(super) patch: Option<String>,
    /// Where its contents are, by the commit that it was listed at.
    contents_url: Option<String>,
}

impl ChangedFile {
    /// The commit that it was listed at, where that is told.
    pub(super) fn head(&self) -> Option<CommitSha> {
        let (_, commit) = self.contents_url.as_deref()?.rsplit_once("?ref=")?;
        CommitSha::parse(commit).ok()
    }
}

/// An entry of `GET /repos/{owner}/{name}/pulls/{number}/comments`.
#[derive(Deserialize)]
pub(super) struct ReviewComment {
    pub(super) id: u64,
    pub(super) in_reply_to_id: Option<u64>,
    pub(super) path: String,
    pub(super) line: Option<u32>,
    #[serde(default)]
    pub(super) body: String,
    pub(super) user: Option<Account>,
    pub(super) performed_via_github_app: Option<App>,
}

/// An entry of a tree.
#[derive(Deserialize)]
pub(super) struct TreeEntry {
    pub(super) path: String,
    pub(super) mode: String,
    #[serde(rename = "type")]
    pub(super) kind: String,
    pub(super) sha: String,
    pub(super) size: Option<u64>,
}

/// `GET /repos/{owner}/{name}/git/blobs/{sha}`, where the server answers JSON.
#[derive(Deserialize)]
pub(super) struct Blob {
    pub(super) sha: String,
    pub(super) encoding: String,
    pub(super) content: String,
}

/// `GET /repos/{owner}/{name}/installation` and `GET /app/installations/{id}`.
#[derive(Deserialize)]
pub(super) struct Installation {
    pub(super) id: u64,
    #[serde(default)]
    pub(super) permissions: BTreeMap<String, String>,
}

/// What an installation token is asked for with.
#[derive(Serialize)]
pub(super) struct TokenRequest<'a> {
    #[serde(flatten)]
    pub(super) reach: Reach<'a>,
    pub(super) permissions: BTreeMap<&'static str, &'static str>,
}

/// The one repository that a token is narrowed to.
#[derive(Serialize)]
pub(super) enum Reach<'a> {
    #[serde(rename = "repository_ids")]
    Id([u64; 1]),
    /// The name without its owner, which the installation tells.
    #[serde(rename = "repositories")]
    Name([&'a str; 1]),
}

/// `POST /app/installations/{id}/access_tokens`.
#[derive(Deserialize)]
pub(super) struct Token {
    pub(super) token: secrecy::SecretString,
    pub(super) expires_at: String,
}

/// An entry of `GET /app/hook/deliveries`.
#[derive(Deserialize)]
pub(super) struct HookDelivery {
    pub(super) id: u64,
    pub(super) guid: String,
    pub(super) delivered_at: String,
    #[serde(default)]
    pub(super) status: String,
    #[serde(default)]
    pub(super) status_code: u16,
}

impl HookDelivery {
    /// Whether the attempt arrived, or is still under way. What timed out or found nobody has the
    /// status code of a gateway, or none.
    pub(super) fn is_settled(&self) -> bool {
        (200..300).contains(&self.status_code) || self.status.eq_ignore_ascii_case("pending")
    }
}

/// An error. Its text is only searched for known causes and goes no further.
#[derive(Default, Deserialize)]
#[serde(default)]
pub(super) struct Failure {
    pub(super) message: String,
}
