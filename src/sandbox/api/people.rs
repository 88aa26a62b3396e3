//! Accounts and what they may do.

use axum::extract::State;
use axum::response::Response;
use http::StatusCode;
use serde_json::json;

use crate::domain::thread::Role;
use crate::sandbox::api::Context;
use crate::sandbox::api::answer::{Problem, json_answer, legacy_permission};
use crate::sandbox::api::call::{Call, Caller, READ_METADATA};
use crate::sandbox::shapes::people::{extend, private_profile, profile, user};
use crate::sandbox::world::requests::CALLS_PER_HOUR;

/// `GET /user`
pub(crate) async fn me(State(context): State<Context>, call: Call) -> Result<Response, Problem> {
    let login = match &call.caller {
        Caller::Person(login) => login,
        Caller::Installation(_) | Caller::App(_) => return Err(Problem::not_accessible("")),
        Caller::Refused(problem) => return Err(problem.clone()),
        Caller::Anonymous => {
            return Err(Problem::new(
                StatusCode::UNAUTHORIZED,
                "Requires authentication",
            ));
        }
    };
    context.world.read(|state| {
        let account = state.find_account(login).ok_or_else(Problem::not_found)?;
        let shape = private_profile(state, account);
        Ok(json_answer(StatusCode::OK, &shape))
    })
}

/// `GET /users/{username}`
pub(crate) async fn show(State(context): State<Context>, call: Call) -> Result<Response, Problem> {
    if let Caller::Refused(problem) = &call.caller {
        return Err(problem.clone());
    }
    context.world.read(|state| {
        let account = state.find_account(call.part("username"));
        let account = account.ok_or_else(Problem::not_found)?;
        Ok(json_answer(StatusCode::OK, &profile(state, account)))
    })
}

/// `GET /repos/{owner}/{repo}/collaborators/{username}/permission`
pub(crate) async fn permission(
    State(context): State<Context>,
    call: Call,
) -> Result<Response, Problem> {
    context.world.change(|state| {
        let actor = state.admit(&call, READ_METADATA)?;
        actor.require(Role::Write, "see the permissions of others")?;
        let login = call.part("username");
        state.note_role(login, None);
        let Some(account) = state.find_account(login) else {
            let why = format!("{login} is not a user");
            return Err(Problem::new(StatusCode::NOT_FOUND, &why));
        };
        let role = state.effective_role(account);
        let mut person = user(state, account);
        extend(
            &mut person,
            json!({
                "permissions": {
                    "admin": role >= Role::Admin,
                    "maintain": role >= Role::Maintain,
                    "push": role >= Role::Write,
                    "triage": role >= Role::Triage,
                    "pull": role >= Role::Read,
                },
                "role_name": role.as_str(),
            }),
        );
        let shape = json!({
            "permission": legacy_permission(role),
            "role_name": role.as_str(),
            "user": person,
        });
        Ok(json_answer(StatusCode::OK, &shape))
    })
}

/// `GET /rate_limit`
pub(crate) async fn rate_limit(
    State(context): State<Context>,
    call: Call,
) -> Result<Response, Problem> {
    if let Caller::Refused(problem) = &call.caller {
        return Err(problem.clone());
    }
    let usage = context.world.read(|state| state.usage(call.now));
    let core = json!({
        "limit": CALLS_PER_HOUR,
        "used": usage.used,
        "remaining": CALLS_PER_HOUR.saturating_sub(usage.used),
        "reset": usage.reset_seconds,
    });
    let search = json!({
        "limit": 30, "used": 0, "remaining": 30, "reset": usage.reset_seconds,
    });
    let shape = json!({"resources": {"core": core, "search": search}, "rate": core});
    Ok(json_answer(StatusCode::OK, &shape))
}
