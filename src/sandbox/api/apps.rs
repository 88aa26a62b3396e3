//! What an App may ask about itself: who it is, its installation, tokens, deliveries.

use axum::extract::State;
use axum::response::Response;
use bytes::Bytes;
use http::StatusCode;
use serde::Deserialize;
use serde_json::{Value, json};

use crate::sandbox::api::Context;
use crate::sandbox::api::answer::{Problem, json_answer};
use crate::sandbox::api::call::{Call, Caller};
use crate::sandbox::clock::iso;
use crate::sandbox::shapes::people;
use crate::sandbox::shapes::repository::repository;
use crate::sandbox::world;
use crate::sandbox::world::InstallationStatus;
use crate::sandbox::world::app::{App, Level, Permissions};

/// `GET /app`
pub(crate) async fn show(State(context): State<Context>, call: Call) -> Result<Response, Problem> {
    let id = require_app(&call)?;
    context.world.read(|state| {
        let app = find(state, id)?;
        Ok(json_answer(StatusCode::OK, &people::app(state, app)))
    })
}

/// `GET /repos/{owner}/{repo}/installation`
pub(crate) async fn find_installation(
    State(context): State<Context>,
    call: Call,
) -> Result<Response, Problem> {
    let id = require_app(&call)?;
    context.world.read(|state| {
        state.require_address(&call)?;
        answer_installation(state, find(state, id)?)
    })
}

/// `GET /app/installations/{installation_id}`
pub(crate) async fn installation(
    State(context): State<Context>,
    call: Call,
) -> Result<Response, Problem> {
    let app = require_app(&call)?;
    let id = call.number("installation_id")?;
    context.world.read(|state| {
        let app = find(state, app)?;
        if id != app.installation {
            return Err(Problem::not_found());
        }
        answer_installation(state, app)
    })
}

fn answer_installation(state: &world::State, app: &App) -> Result<Response, Problem> {
    if app.status == InstallationStatus::Removed {
        return Err(Problem::not_found());
    }
    Ok(json_answer(
        StatusCode::OK,
        &people::installation(state, app),
    ))
}

/// The App that asks.
fn find(state: &world::State, id: u64) -> Result<&App, Problem> {
    state.apps.find(id).ok_or_else(Problem::bad_credentials)
}

/// `POST /app/installations/{installation_id}/access_tokens`
pub(crate) async fn mint(
    State(context): State<Context>,
    call: Call,
    body: Bytes,
) -> Result<Response, Problem> {
    let id = require_app(&call)?;
    let installation = call.number("installation_id")?;
    let wish = Wish::parse(&body)?;
    context.world.change(|state| {
        let app = find(state, id)?;
        if installation != app.installation {
            return Err(Problem::not_found());
        }
        match app.status {
            InstallationStatus::Active => {}
            InstallationStatus::Removed => return Err(Problem::not_found()),
            InstallationStatus::Suspended => {
                return Err(Problem::new(
                    StatusCode::FORBIDDEN,
                    "This installation has been suspended",
                ));
            }
        }
        let selected = wish.selects(state)?;
        let permissions = wish.permissions(&app.permissions)?;
        let (secret, token) = state.mint(id, permissions, selected, call.now);
        let mut answer = json!({
            "token": secret,
            "expires_at": iso(token.expires_at),
            "permissions": people::permissions(&token.permissions),
            "repository_selection": "selected",
        });
        if token.selected {
            people::extend(&mut answer, json!({"repositories": [repository(state)]}));
        }
        Ok(json_answer(StatusCode::CREATED, &answer))
    })
}

/// The id of the App whose own JSON web token it is.
pub(crate) fn require_app(call: &Call) -> Result<u64, Problem> {
    match &call.caller {
        Caller::App(id) => Ok(*id),
        Caller::Refused(problem) => Err(problem.clone()),
        Caller::Anonymous | Caller::Installation(_) | Caller::Person(_) => Err(Problem::new(
            StatusCode::UNAUTHORIZED,
            "A JSON web token could not be decoded",
        )),
    }
}

/// What a new token is to be narrowed to.
#[derive(Debug, Default, Deserialize)]
struct Wish {
    repository_ids: Option<Vec<u64>>,
    repositories: Option<Vec<String>>,
    permissions: Option<serde_json::Map<String, Value>>,
}

impl Wish {
    fn parse(body: &[u8]) -> Result<Self, Problem> {
        if body.iter().all(u8::is_ascii_whitespace) {
            return Ok(Self::default());
        }
        super::parse(body)
    }

    /// Whether repositories were chosen.
    fn selects(&self, state: &world::State) -> Result<bool, Problem> {
        let ids = self.repository_ids.iter().flatten();
        let names = self.repositories.iter().flatten();
        let known = ids.clone().all(|id| *id == state.repository.id)
            && names
                .clone()
                .all(|name| name.eq_ignore_ascii_case(state.repository.name.name()));
        if !known {
            return Err(Problem::unprocessable(
                "There is at least one repository that does not exist or is not accessible to \
                 the parent installation.",
            ));
        }
        Ok(ids.count() + names.count() > 0)
    }

    /// The permissions wished for, or all that were granted.
    fn permissions(&self, granted: &Permissions) -> Result<Permissions, Problem> {
        // An empty wish is none, as for GitHub: clients send one when nothing was chosen.
        let chosen = self.permissions.as_ref().filter(|map| !map.is_empty());
        let Some(wished) = chosen else {
            return Ok(granted.clone());
        };
        let mut permissions = Permissions::from([("metadata".to_owned(), Level::Read)]);
        for (name, level) in wished {
            let level = level.as_str().and_then(Level::find);
            let fine = level.filter(|level| granted.get(name).is_some_and(|most| level <= most));
            let Some(level) = fine else {
                return Err(Problem::unprocessable(
                    "The permissions requested are not granted to this installation.",
                ));
            };
            permissions.insert(name.clone(), level);
        }
        Ok(permissions)
    }
}
