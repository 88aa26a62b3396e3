//! Pull requests and their reviews as GitHub's JSON shows them.

use serde_json::{Value, json};

use crate::domain::change_set::ChangedFile;
use crate::domain::repository::BlobId;
use crate::sandbox::clock::iso;
use crate::sandbox::shapes::node_id;
use crate::sandbox::shapes::people::{escape, extend, user_of};
use crate::sandbox::shapes::repository::repository;
use crate::sandbox::shapes::thread::{association, labels};
use crate::sandbox::world::State;
use crate::sandbox::world::comments::Comment;
use crate::sandbox::world::issues::Issue;
use crate::sandbox::world::pulls::{Pull, ReviewThread, status_word};

/// A pull request as in webhooks; null for an issue.
pub(crate) fn pull(state: &State, issue: &Issue) -> Value {
    let Some(pull) = &issue.pull else {
        return Value::Null;
    };
    let number = issue.number;
    let url = format!("{}/pulls/{number}", state.repository_url());
    let page = format!("{}/pull/{number}", state.repository_page());
    let issue_url = format!("{}/issues/{number}", state.repository_url());
    let open = issue.closed_at.is_none();
    let mut shape = json!({
        "url": url,
        "id": issue.id,
        "node_id": node_id("PR", &[state.repository.id, issue.id]),
        "html_url": page,
        "diff_url": format!("{page}.diff"),
        "patch_url": format!("{page}.patch"),
        "issue_url": issue_url,
        "commits_url": format!("{url}/commits"),
        "review_comments_url": format!("{url}/comments"),
        "review_comment_url": format!("{}/pulls/comments{{/number}}", state.repository_url()),
        "comments_url": format!("{issue_url}/comments"),
        "statuses_url": format!("{}/statuses/{}", state.repository_url(), pull.head),
        "number": number,
        "state": if open { "open" } else { "closed" },
        "locked": issue.locked,
        "title": issue.title,
        "user": user_of(state, issue.author),
        "body": issue.body,
        "labels": labels(state, issue),
        "created_at": iso(issue.created_at),
        "updated_at": iso(issue.updated_at),
        "closed_at": issue.closed_at.map(iso),
        "merged_at": pull.merged_at.map(iso),
        "draft": pull.is_draft,
        "head": head(state, pull),
        "base": side(state, &state.repository.default_branch, pull.base.as_str()),
        "author_association": association(state, issue.author),
    });
    extend(&mut shape, plain());
    extend(&mut shape, json!({"_links": links(state, number)}));
    shape
}

/// What is the same for every pull request here.
fn plain() -> Value {
    json!({
        "milestone": null, "active_lock_reason": null, "merge_commit_sha": null,
        "assignee": null, "assignees": [], "requested_reviewers": [], "requested_teams": [],
        "auto_merge": null,
    })
}

/// A pull request as its own endpoint shows it.
pub(crate) fn full_pull(state: &State, issue: &Issue) -> Value {
    let mut shape = pull(state, issue);
    if let Some(pull) = &issue.pull {
        let (additions, deletions) = pull.size();
        let comments = pull.threads.iter().map(|thread| thread.comments.len());
        extend(
            &mut shape,
            json!({
                "merged": pull.merged_at.is_some(), "mergeable": null, "mergeable_state": "unknown",
                "merged_by": null, "maintainer_can_modify": false, "commits": 1,
                "comments": issue.comments.len(),
                "review_comments": comments.sum::<usize>(),
                "additions": additions, "deletions": deletions,
                "changed_files": pull.files.len(),
            }),
        );
    }
    shape
}

fn head(state: &State, pull: &Pull) -> Value {
    let mut head = side(state, &pull.branch, pull.head.as_str());
    if pull.is_fork_deleted {
        extend(&mut head, json!({"repo": null, "user": null}));
    }
    head
}

fn side(state: &State, branch: &str, sha: &str) -> Value {
    let owner = user_of(state, state.repository.owner);
    let login = owner.get("login").and_then(Value::as_str);
    json!({
        "label": format!("{}:{branch}", login.unwrap_or_default()),
        "ref": branch,
        "sha": sha,
        "user": owner,
        "repo": repository(state),
    })
}

fn links(state: &State, number: u64) -> Value {
    let url = format!("{}/pulls/{number}", state.repository_url());
    let issue = format!("{}/issues/{number}", state.repository_url());
    let link = |address: String| json!({"href": address});
    json!({
        "self": link(url.clone()),
        "html": link(format!("{}/pull/{number}", state.repository_page())),
        "issue": link(issue.clone()),
        "comments": link(format!("{issue}/comments")),
        "review_comments": link(format!("{url}/comments")),
        "review_comment": link(format!("{}/pulls/comments{{/number}}", state.repository_url())),
        "commits": link(format!("{url}/commits")),
        "statuses": link(format!("{}/statuses/0", state.repository_url())),
    })
}

/// A file of a pull request.
pub(crate) fn file(state: &State, pull: &Pull, file: &ChangedFile, id: &BlobId) -> Value {
    let path = escape(&file.path);
    let head = &pull.head;
    let mut shape = json!({
        "sha": id.as_str(),
        "filename": file.path,
        "status": status_word(file),
        "additions": file.added_lines,
        "deletions": file.removed_lines,
        "changes": file.added_lines + file.removed_lines,
        "blob_url": format!("{}/blob/{head}/{path}", state.repository_page()),
        "raw_url": format!("{}/raw/{head}/{path}", state.repository_page()),
        "contents_url": format!("{}/contents/{path}?ref={head}", state.repository_url()),
    });
    if let Some(patch) = &file.patch {
        extend(&mut shape, json!({"patch": patch.trim_end_matches('\n')}));
    }
    if let Some(previous) = &file.previous_path {
        extend(&mut shape, json!({"previous_filename": previous}));
    }
    shape
}

/// All comments of reviewers, by id.
pub(crate) fn review_comments(state: &State, number: u64, pull: &Pull) -> Vec<Value> {
    let mut comments: Vec<_> = pull
        .threads
        .iter()
        .flat_map(|thread| thread.comments.iter().map(move |comment| (thread, comment)))
        .collect();
    comments.sort_by_key(|(_, comment)| comment.id);
    let shapes = comments.into_iter();
    shapes
        .map(|(thread, comment)| review_comment(state, (number, pull), thread, comment))
        .collect()
}

fn review_comment(
    state: &State,
    (number, pull): (u64, &Pull),
    thread: &ReviewThread,
    comment: &Comment,
) -> Value {
    let url = format!("{}/pulls/comments/{}", state.repository_url(), comment.id);
    let pull_url = format!("{}/pulls/{number}", state.repository_url());
    let page = format!(
        "{}/pull/{number}#discussion_r{}",
        state.repository_page(),
        comment.id
    );
    let link = |address: &str| json!({"href": address});
    let first = thread.comments.first().map(|first| first.id);
    let mut shape = json!({
        "url": url,
        "pull_request_review_id": comment.id,
        "id": comment.id,
        "node_id": node_id("PRRC", &[state.repository.id, comment.id]),
        "diff_hunk": "@@ -1 +1 @@",
        "path": thread.path,
        "line": thread.line,
        "commit_id": pull.head.as_str(),
        "original_commit_id": pull.head.as_str(),
        "user": user_of(state, comment.author),
        "body": comment.body,
        "created_at": iso(comment.created_at),
        "updated_at": iso(comment.updated_at),
        "html_url": page,
        "pull_request_url": pull_url,
        "author_association": association(state, comment.author),
        "_links": {"self": link(&url), "html": link(&page), "pull_request": link(&pull_url)},
    });
    if let Some(first) = first.filter(|first| *first != comment.id) {
        extend(&mut shape, json!({"in_reply_to_id": first}));
    }
    shape
}
