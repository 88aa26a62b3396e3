//! The repository as GitHub's JSON shows it.

use serde_json::{Map, Value, json};

use crate::sandbox::clock::iso;
use crate::sandbox::shapes::node_id;
use crate::sandbox::shapes::people::{extend, user_of};
use crate::sandbox::world::State;

/// The fields that hold an address below the repository's own.
const ADDRESSES: [(&str, &str); 37] = [
    ("archive_url", "/{archive_format}{/ref}"),
    ("assignees_url", "/assignees{/user}"),
    ("blobs_url", "/git/blobs{/sha}"),
    ("branches_url", "/branches{/branch}"),
    ("collaborators_url", "/collaborators{/collaborator}"),
    ("comments_url", "/comments{/number}"),
    ("commits_url", "/commits{/sha}"),
    ("compare_url", "/compare/{base}...{head}"),
    ("contents_url", "/contents/{+path}"),
    ("contributors_url", "/contributors"),
    ("deployments_url", "/deployments"),
    ("downloads_url", "/downloads"),
    ("events_url", "/events"),
    ("forks_url", "/forks"),
    ("git_commits_url", "/git/commits{/sha}"),
    ("git_refs_url", "/git/refs{/sha}"),
    ("git_tags_url", "/git/tags{/sha}"),
    ("hooks_url", "/hooks"),
    ("issue_comment_url", "/issues/comments{/number}"),
    ("issue_events_url", "/issues/events{/number}"),
    ("issues_url", "/issues{/number}"),
    ("keys_url", "/keys{/key_id}"),
    ("labels_url", "/labels{/name}"),
    ("languages_url", "/languages"),
    ("merges_url", "/merges"),
    ("milestones_url", "/milestones{/number}"),
    (
        "notifications_url",
        "/notifications{?since,all,participating}",
    ),
    ("pulls_url", "/pulls{/number}"),
    ("releases_url", "/releases{/id}"),
    ("stargazers_url", "/stargazers"),
    ("statuses_url", "/statuses/{sha}"),
    ("subscribers_url", "/subscribers"),
    ("subscription_url", "/subscription"),
    ("tags_url", "/tags"),
    ("teams_url", "/teams"),
    ("trees_url", "/git/trees{/sha}"),
    ("url", ""),
];

/// The repository as in lists, tokens and webhooks.
pub(crate) fn repository(state: &State) -> Value {
    let repository = &state.repository;
    let url = state.repository_url();
    let page = state.repository_page();
    let host = state.web_url.trim_start_matches("http://");
    let created = iso(repository.created_at);
    let open = state.issues.values();
    let open = open.filter(|issue| issue.closed_at.is_none()).count();
    let mut shape = json!({
        "id": repository.id,
        "node_id": node_id("R", &[repository.id]),
        "name": repository.name.name(),
        "full_name": repository.name.to_string(),
        "private": repository.private,
        "visibility": if repository.private { "private" } else { "public" },
        "owner": user_of(state, repository.owner),
        "html_url": page,
        "clone_url": format!("{page}.git"),
        "svn_url": page,
        "git_url": format!("git://{host}/{}.git", repository.name),
        "ssh_url": format!("git@{host}:{}.git", repository.name),
        "default_branch": repository.default_branch,
        "archived": repository.archived,
        "open_issues": open,
        "open_issues_count": open,
        "created_at": created,
        "updated_at": created,
        "pushed_at": iso(repository.pushed_at),
    });
    extend(&mut shape, plain());
    let addresses = ADDRESSES.iter();
    let addresses =
        addresses.map(|(field, below)| ((*field).to_owned(), json!(format!("{url}{below}"))));
    extend(&mut shape, Value::Object(addresses.collect::<Map<_, _>>()));
    shape
}

/// What is the same for every repository here.
fn plain() -> Value {
    json!({
        "description": null, "homepage": null, "language": null, "mirror_url": null,
        "license": null, "fork": false, "is_template": false, "topics": [], "disabled": false,
        "has_issues": true, "has_projects": false, "has_wiki": false, "has_pages": false,
        "has_discussions": false, "has_downloads": true, "allow_forking": true,
        "web_commit_signoff_required": false, "size": 0, "forks": 0, "forks_count": 0,
        "stargazers_count": 0, "watchers": 0, "watchers_count": 0,
    })
}

/// The repository as its own endpoint shows it.
pub(crate) fn full_repository(state: &State) -> Value {
    let mut shape = repository(state);
    extend(
        &mut shape,
        json!({"network_count": 0, "subscribers_count": 0, "temp_clone_token": null}),
    );
    shape
}
