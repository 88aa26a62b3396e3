//! GitHub's GraphQL API, for reads of the one repository.

pub(crate) mod document;
mod objects;

use std::collections::HashMap;

use axum::extract::State;
use axum::response::Response;
use bytes::Bytes;
use http::StatusCode;
use serde::Deserialize;
use serde_json::{Map, Value, json};

use crate::domain::repository::BlobId;
use crate::repository::git::GitError;
use crate::sandbox::api::answer::{Problem, json_answer};
use crate::sandbox::api::call::{Call, Caller};
use crate::sandbox::api::graphql::document::{Document, Field};
use crate::sandbox::api::graphql::objects::Answerer;
use crate::sandbox::api::{Context, parse};
use crate::sandbox::world::State as World;

/// Where it is, beside the REST API as on Enterprise Server.
pub(crate) const PATH: &str = "/api/graphql";

/// What is sent: a query and the values of its variables.
#[derive(Debug, Deserialize)]
pub(crate) struct Sent {
    pub(crate) query: String,
    #[serde(default)]
    pub(crate) variables: Map<String, Value>,
}

/// `POST /graphql`
pub(crate) async fn answer(
    State(context): State<Context>,
    call: Call,
    body: Bytes,
) -> Result<Response, Problem> {
    require_known(&call.caller)?;
    if !context.world.read(|state| state.limits.has_graphql) {
        return Err(Problem::not_found());
    }
    let sent: Sent = parse(&body)?;
    let document = match Document::parse(&sent.query, &sent.variables) {
        Ok(document) => document,
        Err(message) => return Ok(refused("", &message)),
    };
    let mut expressions = HashMap::new();
    for expression in find_arguments(&document, "expression") {
        let at_tip = expression.strip_prefix("HEAD:").unwrap_or_default();
        if let Some(id) = context.source.find_at_tip(at_tip).await? {
            expressions.insert(expression, id);
        }
    }
    let by_id = find_arguments(&document, "oid").into_iter();
    let by_id = by_id.filter_map(|id| BlobId::parse(&id).ok());
    let wanted: Vec<_> = by_id.chain(expressions.values().cloned()).collect();
    if wanted.len() > context.world.read(|state| state.limits.query_blobs) {
        let message = "Resource limits for this query exceeded.";
        return Ok(refused("RESOURCE_LIMITS_EXCEEDED", message));
    }
    let mut blobs = HashMap::new();
    for id in wanted {
        let bytes = context.source.blob(&id).await?;
        blobs.insert(id, bytes);
    }
    let tip = match context.source.resolve("HEAD").await {
        Err(GitError::NoCommits) => None,
        tip => Some(tip?),
    };
    let people = find_arguments(&document, "login");
    let thread = sent.variables.get("number").and_then(Value::as_u64);
    Ok(context.world.change(|state| {
        for login in people {
            state.note_role(&login, thread);
        }
        let state = &*state;
        let mut answerer = Answerer {
            document: &document,
            state,
            caller: &call.caller,
            blobs: &blobs,
            expressions: &expressions,
            tip: tip.as_ref(),
            errors: Vec::new(),
        };
        match answerer.root() {
            Err(message) => refused("", &message),
            Ok(data) if answerer.errors.is_empty() => ok(&json!({"data": data})),
            Ok(data) => ok(&json!({"data": data, "errors": answerer.errors})),
        }
    }))
}

/// Passes for whoever may ask anything at all.
fn require_known(caller: &Caller) -> Result<(), Problem> {
    match caller {
        Caller::Refused(problem) => Err(problem.clone()),
        Caller::App(_) => Err(Problem::bad_credentials()),
        Caller::Anonymous => {
            let status = StatusCode::UNAUTHORIZED;
            let why = "This endpoint requires you to be authenticated.";
            Err(Problem::new(status, why))
        }
        Caller::Installation(_) | Caller::Person(_) => Ok(()),
    }
}

/// An error for the query as a whole; its status is 200 like all others.
pub(crate) fn refused(kind: &str, message: &str) -> Response {
    let mut error = json!({"message": message});
    if let (Some(fields), false) = (error.as_object_mut(), kind.is_empty()) {
        fields.insert("type".to_owned(), json!(kind));
    }
    ok(&json!({"errors": [error]}))
}

fn ok(body: &Value) -> Response {
    json_answer(StatusCode::OK, body)
}

/// The values of an argument, wherever in the repository it stands.
fn find_arguments(document: &Document, argument: &str) -> Vec<String> {
    fn search(document: &Document, fields: Vec<&Field>, argument: &str, found: &mut Vec<String>) {
        for field in fields {
            let value = field.arguments.get(argument).and_then(Value::as_str);
            found.extend(value.map(str::to_owned));
            if let Ok(inner) = document.fields(&field.selections, &["Repository"]) {
                search(document, inner, argument, found);
            }
        }
    }
    let mut found = Vec::new();
    if let Ok(fields) = document.fields(&document.selections, &["Query"]) {
        search(document, fields, argument, &mut found);
    }
    found
}

impl World {
    /// Whether a repository of that name is the one that is here, under its name of today or, as
    /// GraphQL follows renames, a former one.
    fn is_named(&self, owner: &str, name: &str) -> bool {
        let names = std::iter::once(&self.repository.name).chain(&self.repository.former_names);
        names.into_iter().any(|known| {
            known.owner().eq_ignore_ascii_case(owner) && known.name().eq_ignore_ascii_case(name)
        })
    }
}

#[cfg(test)]
mod tests;
