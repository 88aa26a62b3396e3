//! The shapes of GraphQL answers, with the fields we ask for.

use std::collections::HashMap;

use serde::Deserialize;

use crate::domain::thread::{Author, AuthorKind, UserId};

/// The answer to a GraphQL query about one repository.
#[derive(Deserialize)]
pub(in crate::forge::github) struct Answer<T> {
    pub(in crate::forge::github) data: Option<Data<T>>,
    #[serde(default)]
    pub(in crate::forge::github) errors: Vec<Failure>,
}

/// What a GraphQL query found.
#[derive(Deserialize)]
pub(in crate::forge::github) struct Data<T> {
    pub(in crate::forge::github) repository: Option<Repository<T>>,
}

/// A repository as a GraphQL query sees it.
#[derive(Deserialize)]
pub(in crate::forge::github) struct Repository<T> {
    #[serde(rename = "databaseId")]
    pub(in crate::forge::github) id: Option<u64>,
    #[serde(flatten)]
    pub(in crate::forge::github) rest: T,
}

/// An error of a GraphQL query. Its text is only searched for known causes.
#[derive(Default, Deserialize)]
#[serde(default)]
pub(in crate::forge::github) struct Failure {
    #[serde(rename = "type")]
    pub(in crate::forge::github) kind: String,
    message: String,
    /// Where in the answer something is missing because of it: names of fields, and positions.
    path: Vec<serde_json::Value>,
}

impl Failure {
    /// Whether it is why the field of that name is missing.
    pub(in crate::forge::github) fn hides(&self, field: &str) -> bool {
        self.path.iter().any(|part| part == field)
    }

    /// Whether the same query may be answered at another time, or in parts.
    pub(in crate::forge::github) fn is_passing(&self) -> bool {
        let message = self.message.to_lowercase();
        ["timeout", "timed out", "something went wrong", "limit"]
            .iter()
            .any(|words| message.contains(words))
    }
}

/// A blob in a GraphQL query's answer.
#[derive(Deserialize)]
#[serde(rename_all = "camelCase")]
pub(in crate::forge::github) struct Blob {
    pub(in crate::forge::github) text: Option<String>,
    #[serde(default)]
    pub(in crate::forge::github) is_truncated: bool,
}

/// Blobs by their names in the query; what is no blob is left empty.
#[derive(Deserialize)]
pub(in crate::forge::github) struct Blobs {
    #[serde(flatten)]
    pub(in crate::forge::github) by_name: HashMap<String, Option<Blob>>,
}

/// A thread and what belongs to it.
#[derive(Deserialize)]
#[serde(rename_all = "camelCase")]
pub(in crate::forge::github) struct ThreadAndMore {
    pub(in crate::forge::github) is_private: Option<bool>,
    pub(in crate::forge::github) default_branch_ref: Option<Branch>,
    pub(in crate::forge::github) collaborators: Option<Edges>,
    pub(in crate::forge::github) issue_or_pull_request: Option<Issue>,
    pub(in crate::forge::github) settings: Option<SmallFile>,
}

/// A file at the tip of the default branch; what is no file has none of these.
#[derive(Deserialize)]
#[serde(rename_all = "camelCase")]
pub(in crate::forge::github) struct SmallFile {
    pub(in crate::forge::github) byte_size: Option<u64>,
    pub(in crate::forge::github) text: Option<String>,
}

/// A branch.
#[derive(Deserialize)]
pub(in crate::forge::github) struct Branch {
    pub(in crate::forge::github) target: Option<Target>,
}

/// A commit.
#[derive(Deserialize)]
pub(in crate::forge::github) struct Target {
    pub(in crate::forge::github) oid: Option<String>,
}

/// Collaborators.
#[derive(Deserialize)]
pub(in crate::forge::github) struct Edges {
    pub(in crate::forge::github) edges: Option<Vec<Option<Collaborator>>>,
}

/// A collaborator and what they may do.
#[derive(Deserialize)]
pub(in crate::forge::github) struct Collaborator {
    pub(in crate::forge::github) permission: String,
    pub(in crate::forge::github) node: Option<Actor>,
}

/// An account in a GraphQL query's answer.
#[derive(Deserialize)]
#[serde(rename_all = "camelCase")]
pub(in crate::forge::github) struct Actor {
    #[serde(rename = "__typename")]
    kind: Option<String>,
    pub(in crate::forge::github) login: String,
    pub(in crate::forge::github) database_id: Option<u64>,
}

impl Actor {
    /// The account as REST shows it; `None` for accounts without a number, which nobody is now.
    pub(in crate::forge::github) fn author(self) -> Option<Author> {
        let is_bot = self.kind.as_deref() == Some("Bot");
        // REST spells an App's account with the brackets that no person's login can have.
        let login = match is_bot && !self.login.ends_with("[bot]") {
            true => format!("{}[bot]", self.login),
            false => self.login,
        };
        Some(Author {
            id: UserId(self.database_id?),
            kind: match is_bot || login.ends_with("[bot]") {
                true => AuthorKind::Bot,
                false => AuthorKind::Human,
            },
            login,
        })
    }
}

/// An issue or pull request in a GraphQL query's answer.
#[derive(Deserialize)]
#[serde(rename_all = "camelCase")]
pub(in crate::forge::github) struct Issue {
    pub(in crate::forge::github) title: String,
    pub(in crate::forge::github) body: String,
    pub(in crate::forge::github) closed: bool,
    pub(in crate::forge::github) locked: bool,
    pub(in crate::forge::github) author: Option<Actor>,
    pub(in crate::forge::github) labels: Option<Nodes<Label>>,
    pub(in crate::forge::github) comments: Nodes<Comment>,
    /// For pull requests only.
    pub(in crate::forge::github) head_ref_oid: Option<String>,
    /// For pull requests only.
    #[serde(default)]
    pub(in crate::forge::github) merged: bool,
}

/// A pull request and what belongs to it.
#[derive(Deserialize)]
#[serde(rename_all = "camelCase")]
pub(in crate::forge::github) struct PullRequestAndMore {
    pub(in crate::forge::github) pull_request: Option<PullRequest>,
}

/// A pull request in a GraphQL query's answer, as far as reviewers are concerned.
#[derive(Deserialize)]
#[serde(rename_all = "camelCase")]
pub(in crate::forge::github) struct PullRequest {
    pub(in crate::forge::github) head_ref_oid: Option<String>,
    pub(in crate::forge::github) changed_files: u64,
    pub(in crate::forge::github) review_threads: Listed<ReviewThread>,
}

/// A page of things; their number is 0 where it is not told.
#[derive(Deserialize)]
#[serde(rename_all = "camelCase")]
pub(in crate::forge::github) struct Listed<T> {
    #[serde(default)]
    pub(in crate::forge::github) total_count: usize,
    pub(in crate::forge::github) nodes: Option<Vec<Option<T>>>,
}

/// A conversation about a place of the diff.
#[derive(Deserialize)]
#[serde(rename_all = "camelCase")]
pub(in crate::forge::github) struct ReviewThread {
    pub(in crate::forge::github) is_resolved: bool,
    pub(in crate::forge::github) path: String,
    pub(in crate::forge::github) line: Option<u32>,
    pub(in crate::forge::github) comments: Nodes<Comment>,
}

/// A page of things.
#[derive(Deserialize)]
#[serde(rename_all = "camelCase")]
pub(in crate::forge::github) struct Nodes<T> {
    pub(in crate::forge::github) total_count: usize,
    pub(in crate::forge::github) nodes: Option<Vec<Option<T>>>,
}

/// A label in a GraphQL query's answer.
#[derive(Deserialize)]
pub(in crate::forge::github) struct Label {
    pub(in crate::forge::github) name: String,
}

/// A comment in a GraphQL query's answer.
#[derive(Deserialize)]
#[serde(rename_all = "camelCase")]
pub(in crate::forge::github) struct Comment {
    /// Decimal digits: ids of comments have outgrown GraphQL's integers.
    pub(in crate::forge::github) full_database_id: Option<String>,
    pub(in crate::forge::github) body: String,
    pub(in crate::forge::github) viewer_did_author: bool,
    pub(in crate::forge::github) author: Option<Actor>,
}
