//! Accounts, Apps and their installations as GitHub's JSON shows them.

use serde_json::{Map, Value, json};

use crate::sandbox::clock::iso;
use crate::sandbox::shapes::node_id;
use crate::sandbox::world::InstallationStatus;
use crate::sandbox::world::State;
use crate::sandbox::world::app::{App, Permissions};
use crate::sandbox::world::people::{Account, AccountKind};

/// The account of that id; `null` for one that is gone, as on GitHub.
pub(crate) fn user_of(state: &State, id: u64) -> Value {
    state
        .account(id)
        .map_or(Value::Null, |account| user(state, account))
}

/// An account.
pub(crate) fn user(state: &State, account: &Account) -> Value {
    let login = &account.login;
    let url = format!("{}/users/{}", state.api_url(), escape(login));
    let (prefix, page) = match account.kind {
        AccountKind::User => ("U", login.clone()),
        AccountKind::Organization => ("O", login.clone()),
        AccountKind::Bot => ("BOT", format!("apps/{}", login.trim_end_matches("[bot]"))),
    };
    json!({
        "login": login,
        "id": account.id,
        "node_id": node_id(prefix, &[account.id]),
        "avatar_url": format!("{}/avatars/u/{}", state.web_url, account.id),
        "gravatar_id": "",
        "url": url,
        "html_url": format!("{}/{page}", state.web_url),
        "followers_url": format!("{url}/followers"),
        "following_url": format!("{url}/following{{/other_user}}"),
        "gists_url": format!("{url}/gists{{/gist_id}}"),
        "starred_url": format!("{url}/starred{{/owner}}{{/repo}}"),
        "subscriptions_url": format!("{url}/subscriptions"),
        "organizations_url": format!("{url}/orgs"),
        "repos_url": format!("{url}/repos"),
        "events_url": format!("{url}/events{{/privacy}}"),
        "received_events_url": format!("{url}/received_events"),
        "type": account.kind.as_str(),
        "user_view_type": "public",
        "site_admin": false,
    })
}

/// An account with the profile that its own page shows.
pub(crate) fn profile(state: &State, account: &Account) -> Value {
    let mut profile = user(state, account);
    let since = iso(state.repository.created_at);
    extend(
        &mut profile,
        json!({
            "name": null, "company": null, "blog": "", "location": null, "email": null,
            "hireable": null, "bio": null, "public_repos": 0, "public_gists": 0,
            "followers": 0, "following": 0, "created_at": since, "updated_at": since,
        }),
    );
    profile
}

/// The profile with what only its owner sees.
pub(crate) fn private_profile(state: &State, account: &Account) -> Value {
    let mut whole = profile(state, account);
    extend(
        &mut whole,
        json!({
            "private_gists": 0, "total_private_repos": 0, "owned_private_repos": 0,
            "disk_usage": 0, "collaborators": 0, "two_factor_authentication": true,
        }),
    );
    whole
}

/// An App.
pub(crate) fn app(state: &State, app: &App) -> Value {
    let created = iso(app.created_at);
    json!({
        "id": app.id,
        "slug": app.slug,
        "node_id": node_id("A", &[app.id]),
        "client_id": app.client_id,
        "owner": user_of(state, state.repository.owner),
        "name": app.slug,
        "description": "Plans changes and checks every claim of the plan against the code.",
        "external_url": state.web_url,
        "html_url": format!("{}/github-apps/{}", state.web_url, app.slug),
        "created_at": created,
        "updated_at": created,
        "permissions": permissions(&app.permissions),
        "events": app.events,
    })
}

/// An App's installation.
pub(crate) fn installation(state: &State, app: &App) -> Value {
    let created = iso(app.created_at);
    let suspended = app.status == InstallationStatus::Suspended;
    let url = format!("{}/app/installations/{}", state.api_url(), app.installation);
    json!({
        "id": app.installation,
        "client_id": app.client_id,
        "account": user_of(state, state.repository.owner),
        "repository_selection": "selected",
        "access_tokens_url": format!("{url}/access_tokens"),
        "repositories_url": format!("{}/installation/repositories", state.api_url()),
        "html_url": format!("{}/settings/installations/{}", state.web_url, app.installation),
        "app_id": app.id,
        "app_slug": app.slug,
        "target_id": state.repository.owner,
        "target_type": "Organization",
        "permissions": permissions(&app.permissions),
        "events": app.events,
        "created_at": created,
        "updated_at": created,
        "single_file_name": null,
        "has_multiple_single_files": false,
        "single_file_paths": [],
        "suspended_by": null,
        "suspended_at": suspended.then(|| created.clone()),
    })
}

/// Permissions by name.
pub(crate) fn permissions(permissions: &Permissions) -> Value {
    let fields = permissions.iter();
    let fields = fields.map(|(name, level)| (name.clone(), json!(level.as_str())));
    Value::Object(fields.collect::<Map<_, _>>())
}

/// Puts the fields of `more` behind those of `value`.
pub(crate) fn extend(value: &mut Value, more: Value) {
    if let (Value::Object(fields), Value::Object(more)) = (value, more) {
        fields.extend(more);
    }
}

/// `text` as a path segment.
pub(crate) fn escape(text: &str) -> String {
    let mut escaped = String::with_capacity(text.len());
    for byte in text.bytes() {
        if byte.is_ascii_alphanumeric() || b"-._~".contains(&byte) {
            escaped.push(char::from(byte));
        } else {
            escaped.push_str(&format!("%{byte:02X}"));
        }
    }
    escaped
}
