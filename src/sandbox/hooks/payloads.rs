//! The bodies of webhooks.

use base64::Engine;
use base64::engine::general_purpose::STANDARD;
use serde_json::{Value, json};

use crate::domain::repository::CommitSha;
use crate::sandbox::clock::iso;
use crate::sandbox::shapes::node_id;
use crate::sandbox::shapes::people::{self, extend, user_of};
use crate::sandbox::shapes::pull;
use crate::sandbox::shapes::repository::repository;
use crate::sandbox::shapes::thread;
use crate::sandbox::world::State;
use crate::sandbox::world::app::App;
use crate::sandbox::world::people::Actor;
use crate::store::Millis;

/// `issues`, or `pull_request`, with an action that concerns the whole of it.
pub(crate) fn issue(state: &State, action: &str, number: u64, actor: &Actor) -> Value {
    let mut payload = match state.pull(number) {
        Ok(_) => {
            json!({"action": action, "number": number, "pull_request": pull_of(state, number)})
        }
        Err(_) => json!({"action": action, "issue": issue_of(state, number)}),
    };
    extend(&mut payload, frame(state, actor));
    payload
}

/// `issues`, or `pull_request`, with the action `edited`; `before` is what the description said.
pub(crate) fn described(state: &State, number: u64, before: &str, actor: &Actor) -> Value {
    let mut payload = issue(state, "edited", number, actor);
    extend(&mut payload, json!({"changes": {"body": {"from": before}}}));
    payload
}

/// `pull_request` with the action `synchronize`: its branch was at `before` until now.
pub(crate) fn pushed_pull(state: &State, number: u64, before: &CommitSha, actor: &Actor) -> Value {
    let mut payload = issue(state, "synchronize", number, actor);
    let after = state.pull(number).map(|pull| pull.head.to_string()).ok();
    extend(
        &mut payload,
        json!({"before": before.as_str(), "after": after}),
    );
    payload
}

/// `issues` or `pull_request` with the action `labeled` or `unlabeled`.
pub(crate) fn label(state: &State, action: &str, number: u64, label: &str, actor: &Actor) -> Value {
    let mut payload = issue(state, action, number, actor);
    extend(
        &mut payload,
        json!({"label": thread::find_label(state, label)}),
    );
    payload
}

/// `issue_comment`.
pub(crate) fn comment(state: &State, action: &str, id: u64, actor: &Actor) -> Value {
    let found = state.comment(id).ok();
    let mut payload = json!({
        "action": action,
        "issue": found.map(|(number, _)| issue_of(state, number)),
        "comment": found.map(|(number, comment)| thread::comment(state, number, comment)),
    });
    extend(&mut payload, frame(state, actor));
    payload
}

/// `issue_comment` with the action `edited`; `before` is what the comment said.
pub(crate) fn edited_comment(state: &State, id: u64, before: &str, actor: &Actor) -> Value {
    let mut payload = comment(state, "edited", id, actor);
    extend(&mut payload, json!({"changes": {"body": {"from": before}}}));
    payload
}

/// `pull_request_review_comment`.
pub(crate) fn review_comment(state: &State, number: u64, id: u64, actor: &Actor) -> Value {
    let comments = state.pull(number).map_or_else(
        |_| Vec::new(),
        |found| pull::review_comments(state, number, found),
    );
    let comment = comments.into_iter().find(|comment| comment["id"] == id);
    let mut payload = json!({
        "action": "created", "comment": comment, "pull_request": simple_pull_of(state, number),
    });
    extend(&mut payload, frame(state, actor));
    payload
}

/// `pull_request_review` of a review with this id and this summary.
pub(crate) fn review(
    state: &State,
    (number, id, body): (u64, u64, &str),
    actor: &Actor,
    now: Millis,
) -> Value {
    let page = format!("{}/pull/{number}", state.repository_page());
    let pull_url = format!("{}/pulls/{number}", state.repository_url());
    let html = format!("{page}#pullrequestreview-{id}");
    let mut payload = json!({
        "action": "submitted",
        "review": {
            "id": id,
            "node_id": node_id("PRR", &[state.repository.id, id]),
            "user": user_of(state, actor.account),
            "body": body,
            "commit_id": state.pull(number).map(|found| found.head.to_string()).ok(),
            "submitted_at": iso(now),
            "state": "commented",
            "html_url": html,
            "pull_request_url": pull_url,
            "author_association": "NONE",
            "_links": {"html": {"href": html}, "pull_request": {"href": pull_url}},
        },
        "pull_request": simple_pull_of(state, number),
    });
    extend(&mut payload, frame(state, actor));
    payload
}

/// `ping`, which tells that an App's hook works.
pub(crate) fn ping(state: &State, app: &App) -> Value {
    let hook = &app.hook;
    let created = iso(app.created_at);
    json!({
        "zen": "Design for failure.",
        "hook_id": hook.id,
        "hook": {
            "type": "App",
            "id": hook.id,
            "name": "web",
            "active": true,
            "events": app.events,
            "config": {
                "content_type": hook.format.as_str(),
                "insecure_ssl": "0",
                "secret": "********",
                "url": hook.url.as_ref().map(ToString::to_string),
            },
            "app_id": app.id,
            "updated_at": created,
            "created_at": created,
            "deliveries_url": format!("{}/app/hook/deliveries", state.api_url()),
        },
    })
}

/// `repository`: what its owner did with it.
pub(crate) fn repository_event(state: &State, action: &str) -> Value {
    let mut payload = json!({"action": action});
    extend(&mut payload, frame(state, &state.owner()));
    payload
}

/// `installation`: what its owner did with the installation of an App.
pub(crate) fn installation_event(state: &State, app: &App, action: &str) -> Value {
    json!({
        "action": action,
        "installation": people::installation(state, app),
        "repositories": [short_repository(state)],
        "sender": user_of(state, state.repository.owner),
    })
}

/// `installation_repositories`: the repository was taken out of an App's reach.
pub(crate) fn taken_away(state: &State, app: &App) -> Value {
    json!({
        "action": "removed",
        "installation": people::installation(state, app),
        "repository_selection": "selected",
        "repositories_added": [],
        "repositories_removed": [short_repository(state)],
        "requester": null,
        "sender": user_of(state, state.repository.owner),
    })
}

/// The repository as installations list it.
fn short_repository(state: &State) -> Value {
    let repository = &state.repository;
    json!({
        "id": repository.id,
        "node_id": node_id("R", &[repository.id]),
        "name": repository.name.name(),
        "full_name": repository.name.to_string(),
        "private": repository.private,
    })
}

/// A push to a branch: where it was, where it is and with which tree, when it happened.
#[derive(Debug, Clone)]
pub(crate) struct Push<'a> {
    pub(crate) branch: &'a str,
    pub(crate) before: &'a str,
    pub(crate) after: &'a str,
    pub(crate) tree: &'a str,
    pub(crate) at: Millis,
}

/// `push`, with its head commit and none of the commits before that.
pub(crate) fn push(state: &State, push: &Push<'_>, actor: &Actor) -> Value {
    let page = state.repository_page();
    let (before, after) = (push.before, push.after);
    let person = json!({"name": actor.login, "email": null, "username": actor.login});
    let commit = json!({
        "id": after, "tree_id": push.tree, "distinct": true, "message": "",
        "timestamp": iso(push.at), "url": format!("{page}/commit/{after}"),
        "author": person, "committer": person,
        "added": [], "removed": [], "modified": [],
    });
    let mut payload = json!({
        "ref": format!("refs/heads/{}", push.branch),
        "before": before,
        "after": after,
        "base_ref": null,
        "compare": format!("{page}/compare/{before}...{after}"),
        "created": false, "deleted": false, "forced": false,
        "commits": [commit],
        "head_commit": commit,
        "pusher": {"name": actor.login, "email": null},
    });
    extend(&mut payload, frame(state, actor));
    payload
}

fn issue_of(state: &State, number: u64) -> Value {
    state
        .issues
        .get(&number)
        .map_or(Value::Null, |issue| thread::issue(state, issue))
}

fn simple_pull_of(state: &State, number: u64) -> Value {
    let found = state.issues.get(&number);
    found.map_or(Value::Null, |issue| pull::pull(state, issue))
}

fn pull_of(state: &State, number: u64) -> Value {
    state
        .issues
        .get(&number)
        .map_or(Value::Null, |issue| pull::full_pull(state, issue))
}

/// What every delivery carries, whichever App it is for.
fn frame(state: &State, actor: &Actor) -> Value {
    json!({
        "repository": repository(state),
        "organization": organization(state),
        "sender": user_of(state, actor.account),
    })
}

/// The installation that a delivery comes from.
pub(crate) fn installation_of(app: &App) -> Value {
    let id = app.installation;
    json!({"id": id, "node_id": installation_node_id(id)})
}

/// Installations still have ids of the older form.
fn installation_node_id(id: u64) -> String {
    STANDARD.encode(format!("023:IntegrationInstallation{id}"))
}

fn organization(state: &State) -> Value {
    let Some(owner) = state.account(state.repository.owner) else {
        return Value::Null;
    };
    let url = format!("{}/orgs/{}", state.api_url(), owner.login);
    json!({
        "login": owner.login,
        "id": owner.id,
        "node_id": node_id("O", &[owner.id]),
        "url": url,
        "repos_url": format!("{url}/repos"),
        "events_url": format!("{url}/events"),
        "hooks_url": format!("{url}/hooks"),
        "issues_url": format!("{url}/issues"),
        "members_url": format!("{url}/members{{/member}}"),
        "public_members_url": format!("{url}/public_members{{/member}}"),
        "avatar_url": format!("{}/avatars/u/{}", state.web_url, owner.id),
        "description": "",
    })
}
