//! Issues, comments, labels and reactions as GitHub's JSON shows them.

use serde_json::{Value, json};

use crate::domain::thread::Role;
use crate::sandbox::clock::iso;
use crate::sandbox::shapes::node_id;
use crate::sandbox::shapes::people::{app, escape, extend, user_of};
use crate::sandbox::world::State;
use crate::sandbox::world::comments::Comment;
use crate::sandbox::world::issues::{Issue, Label};
use crate::sandbox::world::reactions::{REACTIONS, Reaction};

/// An issue.
pub(crate) fn issue(state: &State, issue: &Issue) -> Value {
    let url = format!("{}/issues/{}", state.repository_url(), issue.number);
    let open = issue.closed_at.is_none();
    let mut shape = json!({
        "url": url,
        "repository_url": state.repository_url(),
        "labels_url": format!("{url}/labels{{/name}}"),
        "comments_url": format!("{url}/comments"),
        "events_url": format!("{url}/events"),
        "html_url": format!("{}/issues/{}", state.repository_page(), issue.number),
        "id": issue.id,
        "node_id": node_id("I", &[state.repository.id, issue.id]),
        "number": issue.number,
        "title": issue.title,
        "user": user_of(state, issue.author),
        "labels": labels(state, issue),
        "state": if open { "open" } else { "closed" },
        "locked": issue.locked,
        "assignee": null,
        "assignees": [],
        "milestone": null,
        "comments": issue.comments.len(),
        "created_at": iso(issue.created_at),
        "updated_at": iso(issue.updated_at),
        "closed_at": issue.closed_at.map(iso),
        "author_association": association(state, issue.author),
        "active_lock_reason": null,
        "body": issue.body,
        "reactions": reaction_summary(&url, &issue.reactions),
        "timeline_url": format!("{url}/timeline"),
        "performed_via_github_app": via_app(state, issue.author),
        "state_reason": (!open).then_some("completed"),
    });
    if let Some(pull) = &issue.pull {
        let page = format!("{}/pull/{}", state.repository_page(), issue.number);
        let links = json!({
            "url": format!("{}/pulls/{}", state.repository_url(), issue.number),
            "html_url": page,
            "diff_url": format!("{page}.diff"),
            "patch_url": format!("{page}.patch"),
            "merged_at": pull.merged_at.map(iso),
        });
        extend(&mut shape, json!({"pull_request": links, "html_url": page}));
    }
    shape
}

/// The labels of an issue.
pub(crate) fn labels(state: &State, issue: &Issue) -> Vec<Value> {
    let names = issue.labels.iter();
    names.filter_map(|name| find_label(state, name)).collect()
}

/// The repository's label of that name.
pub(crate) fn find_label(state: &State, name: &str) -> Option<Value> {
    let found = state.labels.iter().find(|label| label.name == name)?;
    Some(label(state, found))
}

/// A label.
pub(crate) fn label(state: &State, label: &Label) -> Value {
    json!({
        "id": label.id,
        "node_id": node_id("LA", &[state.repository.id, label.id]),
        "url": format!("{}/labels/{}", state.repository_url(), escape(&label.name)),
        "name": label.name,
        "color": label.color,
        "default": false,
        "description": (!label.description.is_empty()).then_some(&label.description),
    })
}

/// A comment on the issue of that number.
pub(crate) fn comment(state: &State, number: u64, comment: &Comment) -> Value {
    let url = format!("{}/issues/comments/{}", state.repository_url(), comment.id);
    let page = state.repository_page();
    json!({
        "url": url,
        "html_url": format!("{page}/issues/{number}#issuecomment-{}", comment.id),
        "issue_url": format!("{}/issues/{number}", state.repository_url()),
        "id": comment.id,
        "node_id": node_id("IC", &[state.repository.id, comment.id]),
        "user": user_of(state, comment.author),
        "created_at": iso(comment.created_at),
        "updated_at": iso(comment.updated_at),
        "body": comment.body,
        "author_association": association(state, comment.author),
        "reactions": reaction_summary(&url, &comment.reactions),
        "performed_via_github_app": via_app(state, comment.author),
    })
}

/// A reaction.
pub(crate) fn reaction(state: &State, reaction: &Reaction) -> Value {
    json!({
        "id": reaction.id,
        "node_id": node_id("REA", &[state.repository.id, reaction.id]),
        "user": user_of(state, reaction.account),
        "content": reaction.content,
        "created_at": iso(reaction.created_at),
    })
}

fn reaction_summary(url: &str, reactions: &[Reaction]) -> Value {
    let mut summary = json!({
        "url": format!("{url}/reactions"),
        "total_count": reactions.len(),
    });
    if let Value::Object(fields) = &mut summary {
        for (content, _) in REACTIONS {
            let count = reactions.iter().filter(|one| one.content == content);
            fields.insert(content.to_owned(), json!(count.count()));
        }
    }
    summary
}

pub(super) fn association(state: &State, account: u64) -> &'static str {
    match state.account(account).map(|account| account.role) {
        None | Some(Role::None) => "NONE",
        Some(Role::Read | Role::Triage | Role::Write) => "COLLABORATOR",
        Some(Role::Maintain | Role::Admin) => "MEMBER",
    }
}

fn via_app(state: &State, account: u64) -> Value {
    let behind = state.account(account);
    let behind = behind.and_then(|account| state.apps.find_behind(account));
    behind.map_or(Value::Null, |found| app(state, found))
}
