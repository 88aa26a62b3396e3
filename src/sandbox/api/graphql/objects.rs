//! What a query finds: the repository, its people, its threads, its blobs.

use std::collections::HashMap;

use serde_json::{Map, Value, json};

use crate::domain::repository::{BlobId, CommitSha};
use crate::domain::thread::Role;
use crate::sandbox::api::call::Caller;
use crate::sandbox::api::graphql::document::{Document, Field, Selection};
use crate::sandbox::shapes::people::extend;
use crate::sandbox::world::State;
use crate::sandbox::world::app::Level;
use crate::sandbox::world::comments::Comment;
use crate::sandbox::world::issues::Issue;
use crate::sandbox::world::people::{Account, AccountKind};
use crate::sandbox::world::pulls::ReviewThread;

/// Where GitHub cuts the text of a blob.
const LONGEST_TEXT_BYTES: usize = 512_000;

/// Bytes in which a NUL makes a blob binary.
const BINARY_PROBE: usize = 8_000;

/// Most things on a page.
const LONGEST_PAGE: u64 = 100;

/// Answers one query.
pub(super) struct Answerer<'a> {
    pub(super) document: &'a Document,
    pub(super) state: &'a State,
    pub(super) caller: &'a Caller,
    pub(super) blobs: &'a HashMap<BlobId, Option<Vec<u8>>>,
    /// What expressions such as `HEAD:README.md` stand for.
    pub(super) expressions: &'a HashMap<String, BlobId>,
    pub(super) tip: Option<&'a CommitSha>,
    /// What could not be told, field by field.
    pub(super) errors: Vec<Value>,
}

impl Answerer<'_> {
    /// The answer's `data`.
    ///
    /// # Errors
    /// What is wrong with the query as such.
    pub(super) fn root(&mut self) -> Result<Value, String> {
        let mut data = Map::new();
        for field in self
            .document
            .fields(&self.document.selections, &["Query"])?
        {
            if field.name != "repository" {
                return Err(no_field(&field.name, "Query"));
            }
            let value = self.repository(field)?;
            data.insert(field.alias.clone(), value);
        }
        Ok(data.into())
    }

    fn repository(&mut self, field: &Field) -> Result<Value, String> {
        let owner = text(field, "owner")?;
        let name = text(field, "name")?;
        if !self.state.is_named(owner, name) || !self.may_see() {
            let message =
                format!("Could not resolve to a Repository with the name '{owner}/{name}'.");
            self.refuse(field, "NOT_FOUND", &message);
            return Ok(Value::Null);
        }
        let mut found = Map::new();
        for field in self.document.fields(&field.selections, &["Repository"])? {
            let value = self.repository_field(field)?;
            found.insert(field.alias.clone(), value);
        }
        Ok(found.into())
    }

    fn repository_field(&mut self, field: &Field) -> Result<Value, String> {
        let value = match field.name.as_str() {
            "databaseId" => return Ok(json!(self.state.repository.id)),
            "isPrivate" => return Ok(json!(self.state.repository.private)),
            "nameWithOwner" => return Ok(json!(self.state.repository.name.to_string())),
            "defaultBranchRef" if self.may_read(field, "contents") => self.tip.map(|tip| {
                let target = json!({"__typename": "Commit", "oid": tip.as_str()});
                json!({"__typename": "Ref", "target": target})
            }),
            "object" if self.may_read(field, "contents") => {
                let id = self.object_id(field)?;
                let bytes = id.as_ref().and_then(|id| self.blobs.get(id)?.as_ref());
                id.zip(bytes).map(|(id, bytes)| blob(&id, bytes))
            }
            "collaborators" => Some(self.collaborators(field)),
            "issueOrPullRequest" if self.may_read(field, "issues") => {
                let number = field.arguments.get("number").and_then(Value::as_u64);
                let number = number.ok_or("Field 'issueOrPullRequest' is missing 'number'")?;
                let found = self.state.issue(number).ok().map(|issue| self.issue(issue));
                if found.is_none() {
                    let message = format!(
                        "Could not resolve to an issue or pull request with the number of {number}."
                    );
                    self.refuse(field, "NOT_FOUND", &message);
                }
                found
            }
            "pullRequest" if self.may_read(field, "pull_requests") => {
                let number = field.arguments.get("number").and_then(Value::as_u64);
                let number = number.ok_or("Field 'pullRequest' is missing 'number'")?;
                let found = self.state.issue(number).ok();
                let found = found.filter(|issue| issue.pull.is_some());
                let found = found.map(|issue| self.issue(issue));
                if found.is_none() {
                    let message =
                        format!("Could not resolve to a PullRequest with the number of {number}.");
                    self.refuse(field, "NOT_FOUND", &message);
                }
                found
            }
            "defaultBranchRef" | "object" | "issueOrPullRequest" | "pullRequest" => None,
            other => return Err(no_field(other, "Repository")),
        };
        match value {
            Some(value) => self.project(&value, field),
            None => Ok(Value::Null),
        }
    }

    /// The object that is asked for, by its id or by an expression, when there is one.
    fn object_id(&self, field: &Field) -> Result<Option<BlobId>, String> {
        if let Ok(expression) = text(field, "expression") {
            return Ok(self.expressions.get(expression).cloned());
        }
        let id = text(field, "oid")?;
        let id = BlobId::parse(id).map_err(|_| format!("{id} is no GitObjectID"))?;
        Ok(Some(id))
    }

    /// The part of `value` that `field` selects.
    fn project(&self, value: &Value, field: &Field) -> Result<Value, String> {
        match value {
            Value::Array(items) => {
                let items = items.iter().map(|item| self.project(item, field));
                items.collect()
            }
            Value::Object(found) => {
                let found = page(found, field)?;
                self.select(&found, &field.selections)
            }
            plain => Ok(plain.clone()),
        }
    }

    fn select(
        &self,
        found: &Map<String, Value>,
        selections: &[Selection],
    ) -> Result<Value, String> {
        let kind = found
            .get("__typename")
            .and_then(Value::as_str)
            .unwrap_or_default();
        let interface = match kind {
            "User" | "Bot" | "Organization" => "Actor",
            "Blob" | "Commit" => "GitObject",
            other => other,
        };
        let fields = self.document.fields(selections, &[kind, interface])?;
        if selections.is_empty() {
            return Err(format!("Objects of type {kind} must have selections"));
        }
        let mut chosen = Map::new();
        for field in fields {
            let value = found
                .get(&field.name)
                .ok_or_else(|| no_field(&field.name, kind))?;
            chosen.insert(field.alias.clone(), self.project(value, field)?);
        }
        Ok(chosen.into())
    }

    /// Those whom the caller asks for, who must have a role of their own.
    fn collaborators(&self, field: &Field) -> Value {
        let login = field.arguments.get("login").and_then(Value::as_str);
        let people = self.state.accounts.iter().filter(|account| {
            account.kind == AccountKind::User
                && account.role > Role::None
                && login.is_none_or(|login| account.login.eq_ignore_ascii_case(login))
        });
        let edges: Vec<_> = people
            .map(|account| {
                json!({
                    "__typename": "RepositoryCollaboratorEdge",
                    "permission": account.role.as_str().to_uppercase(),
                    "node": person(account),
                })
            })
            .collect();
        json!({
            "__typename": "RepositoryCollaboratorConnection",
            "totalCount": edges.len(),
            "edges": edges,
        })
    }

    fn issue(&self, issue: &Issue) -> Value {
        let comments = issue.comments.iter();
        let comments = comments.map(|comment| self.comment("IssueComment", comment));
        let labels = issue.labels.iter();
        let labels = labels.map(|name| json!({"__typename": "Label", "name": name}));
        let mut shape = json!({
            "__typename": "Issue",
            "number": issue.number,
            "title": issue.title,
            "body": issue.body.as_deref().unwrap_or_default(),
            "closed": issue.closed_at.is_some(),
            "locked": issue.locked,
            "author": self.state.account(issue.author).map(person),
            "labels": connection("LabelConnection", &labels.collect::<Vec<_>>()),
            "comments": connection("IssueCommentConnection", &comments.collect::<Vec<_>>()),
        });
        if let Some(pull) = &issue.pull {
            let threads = pull.threads.iter().map(|thread| self.thread(thread));
            let threads: Vec<_> = threads.collect();
            let more = json!({
                "__typename": "PullRequest",
                "headRefOid": pull.head.as_str(),
                "merged": pull.merged_at.is_some(),
                "changedFiles": pull.files.len(),
                "reviewThreads": connection("PullRequestReviewThreadConnection", &threads),
            });
            extend(&mut shape, more);
        }
        shape
    }

    fn thread(&self, thread: &ReviewThread) -> Value {
        let kind = "PullRequestReviewComment";
        let comments = thread.comments.iter();
        let comments: Vec<_> = comments
            .map(|comment| self.comment(kind, comment))
            .collect();
        json!({
            "__typename": "PullRequestReviewThread",
            "isResolved": thread.is_resolved,
            "path": thread.path,
            "line": thread.line,
            "comments": connection("PullRequestReviewCommentConnection", &comments),
        })
    }

    fn comment(&self, kind: &str, comment: &Comment) -> Value {
        json!({
            "__typename": kind,
            "fullDatabaseId": comment.id.to_string(),
            "body": comment.body,
            "viewerDidAuthor": Some(comment.author) == self.viewer(),
            "author": self.state.account(comment.author).map(person),
        })
    }

    /// The account that asks.
    fn viewer(&self) -> Option<u64> {
        match self.caller {
            Caller::Person(login) => self.state.find_account(login).map(|account| account.id),
            Caller::Installation(token) => {
                let app = self.state.apps.find(token.app)?;
                Some(self.state.bot_of(app).account)
            }
            Caller::Anonymous | Caller::App(_) | Caller::Refused(_) => None,
        }
    }

    fn may_see(&self) -> bool {
        match self.caller {
            Caller::Person(login) => self.state.actor(login).is_ok(),
            _ => true,
        }
    }

    /// Whether the caller's token may read `part` of the repository.
    fn may_read(&mut self, field: &Field, part: &str) -> bool {
        let allowed = match self.caller {
            Caller::Installation(token) => token
                .permissions
                .get(part)
                .is_some_and(|level| *level >= Level::Read),
            _ => true,
        };
        if !allowed {
            self.refuse(field, "FORBIDDEN", "Resource not accessible by integration");
        }
        allowed
    }

    fn refuse(&mut self, field: &Field, kind: &str, message: &str) {
        self.errors
            .push(json!({"type": kind, "path": [field.alias], "message": message}));
    }
}

fn no_field(name: &str, kind: &str) -> String {
    format!("Field '{name}' doesn't exist on type '{kind}'")
}

fn text<'f>(field: &'f Field, argument: &str) -> Result<&'f str, String> {
    let value = field.arguments.get(argument).and_then(Value::as_str);
    value.ok_or_else(|| format!("Field '{}' is missing '{argument}'", field.name))
}

fn connection(kind: &str, nodes: &[Value]) -> Value {
    json!({"__typename": kind, "totalCount": nodes.len(), "nodes": nodes})
}

/// The page of a connection that is asked for; other things are left as they are.
fn page(found: &Map<String, Value>, field: &Field) -> Result<Map<String, Value>, String> {
    let mut found = found.clone();
    for name in ["nodes", "edges"] {
        let Some(Value::Array(items)) = found.get_mut(name) else {
            continue;
        };
        let count = |name: &str| field.arguments.get(name).and_then(Value::as_u64);
        let (first, last) = (count("first"), count("last"));
        let length = first.or(last).filter(|length| *length <= LONGEST_PAGE);
        let length = length.and_then(|length| usize::try_from(length).ok());
        let length = length.ok_or_else(|| {
            format!(
                "You must provide a `first` or `last` value up to 100 on the `{}` connection.",
                field.name
            )
        })?;
        match first {
            Some(_) => items.truncate(length),
            None => drop(items.drain(..items.len().saturating_sub(length))),
        }
    }
    Ok(found)
}

/// An account; an App's login stands here without the brackets that REST shows.
fn person(account: &Account) -> Value {
    json!({
        "__typename": account.kind.as_str(),
        "login": account.login.trim_end_matches("[bot]"),
        "databaseId": account.id,
    })
}

fn blob(id: &BlobId, bytes: &[u8]) -> Value {
    let is_binary = bytes.iter().take(BINARY_PROBE).any(|byte| *byte == 0);
    let text = String::from_utf8_lossy(bytes);
    let cut = text.floor_char_boundary(LONGEST_TEXT_BYTES);
    json!({
        "__typename": "Blob",
        "oid": id.as_str(),
        "byteSize": bytes.len(),
        "isBinary": is_binary,
        "isTruncated": !is_binary && cut < text.len(),
        "text": (!is_binary).then(|| text.get(..cut)),
    })
}
