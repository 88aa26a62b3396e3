//! Answers in GitHub's form: JSON with its headers, and errors with their words.

use axum::body::Body;
use axum::response::{IntoResponse, Response};
use http::header::{CONTENT_TYPE, ETAG, LOCATION};
use http::{HeaderName, HeaderValue, Method, StatusCode};
use serde_json::{Value, json};

use crate::domain::thread::Role;
use crate::repository::git::GitError;
use crate::sandbox::world::Refusal;

/// Where GitHub's errors point.
const DOCUMENTATION: &str = "https://docs.github.com/rest";

/// Names the permissions that would have been enough.
pub(crate) const ACCEPTED_PERMISSIONS: HeaderName =
    HeaderName::from_static("x-accepted-github-permissions");

/// An error as GitHub answers it.
#[derive(Debug, Clone, PartialEq)]
pub(crate) struct Problem {
    pub(crate) status: StatusCode,
    pub(crate) message: String,
    pub(crate) errors: Option<Value>,
    pub(crate) headers: Vec<(HeaderName, String)>,
}

impl Problem {
    pub(crate) fn new(status: StatusCode, message: &str) -> Self {
        Self {
            status,
            message: message.to_owned(),
            errors: None,
            headers: Vec::new(),
        }
    }

    /// What GitHub says of everything that is not there, or not for your eyes.
    pub(crate) fn not_found() -> Self {
        Self::new(StatusCode::NOT_FOUND, "Not Found")
    }

    /// What GitHub says of a token that does not work.
    pub(crate) fn bad_credentials() -> Self {
        Self::new(StatusCode::UNAUTHORIZED, "Bad credentials")
    }

    /// What GitHub says to an App that lacks a permission; `accepted` names it.
    pub(crate) fn not_accessible(accepted: &str) -> Self {
        let mut problem = Self::new(
            StatusCode::FORBIDDEN,
            "Resource not accessible by integration",
        );
        problem
            .headers
            .push((ACCEPTED_PERMISSIONS, accepted.to_owned()));
        problem
    }

    /// A move to `location` for good; writes are told to keep their method and body.
    pub(crate) fn moved(location: &str, method: &Method) -> Self {
        let status = match *method {
            Method::GET | Method::HEAD => StatusCode::MOVED_PERMANENTLY,
            _ => StatusCode::TEMPORARY_REDIRECT,
        };
        let mut problem = Self::new(status, "Moved Permanently");
        problem.headers.push((LOCATION, location.to_owned()));
        problem
    }

    /// A request that GitHub understood and finds wanting.
    pub(crate) fn unprocessable(message: &str) -> Self {
        Self::new(StatusCode::UNPROCESSABLE_ENTITY, message)
    }
}

impl From<Refusal> for Problem {
    fn from(refusal: Refusal) -> Self {
        match refusal {
            Refusal::NotFound(_) => Self::not_found(),
            Refusal::Deleted => Self::new(StatusCode::GONE, "This issue was deleted"),
            Refusal::Transferred { to } => Self::moved(&to, &Method::GET),
            Refusal::Locked => Self::new(
                StatusCode::FORBIDDEN,
                "Unable to create comment because issue is locked.",
            ),
            Refusal::Archived => Self::new(
                StatusCode::FORBIDDEN,
                "Repository was archived so is read-only.",
            ),
            Refusal::NotAllowed { .. } => Self::new(
                StatusCode::FORBIDDEN,
                "Must have admin rights to Repository.",
            ),
            Refusal::Full(why) => Self::new(StatusCode::FORBIDDEN, why),
            Refusal::Invalid {
                resource,
                field,
                code,
                message,
            } => Self {
                errors: Some(json!([
                    {"resource": resource, "field": field, "code": code, "message": message}
                ])),
                ..Self::unprocessable("Validation Failed")
            },
        }
    }
}

impl From<GitError> for Problem {
    fn from(error: GitError) -> Self {
        match error {
            GitError::NoCommits => Self::new(StatusCode::CONFLICT, "Git Repository is empty."),
            GitError::UnknownRevision(_) => Self::not_found(),
            GitError::NotARepository(_) | GitError::Failed { .. } => {
                Self::new(StatusCode::INTERNAL_SERVER_ERROR, "Server Error")
            }
        }
    }
}

impl IntoResponse for Problem {
    fn into_response(self) -> Response {
        let mut body = json!({"message": self.message});
        if let Value::Object(fields) = &mut body {
            if let Some(errors) = self.errors {
                fields.insert("errors".to_owned(), errors);
            }
            fields.insert("documentation_url".to_owned(), json!(DOCUMENTATION));
            fields.insert("status".to_owned(), json!(self.status.as_str()));
            if let Some((_, target)) = self.headers.iter().find(|(name, _)| *name == LOCATION) {
                fields.insert("url".to_owned(), json!(target));
            }
        }
        let mut response = json_answer(self.status, &body);
        for (name, value) in self.headers {
            set(&mut response, name, &value);
        }
        response
    }
}

/// A JSON answer.
pub(crate) fn json_answer(status: StatusCode, body: &Value) -> Response {
    bytes_answer(
        status,
        "application/json; charset=utf-8",
        body.to_string().into(),
    )
}

/// An answer of another type.
pub(crate) fn bytes_answer(status: StatusCode, content_type: &'static str, body: Body) -> Response {
    let mut response = Response::new(body);
    *response.status_mut() = status;
    let content_type = HeaderValue::from_static(content_type);
    response.headers_mut().insert(CONTENT_TYPE, content_type);
    response
}

/// An answer without a body.
pub(crate) fn empty_answer(status: StatusCode) -> Response {
    status.into_response()
}

/// Marks an answer with the tag that stands for what it says.
pub(crate) fn tagged(mut response: Response, tag: &str) -> Response {
    set(&mut response, ETAG, tag);
    response
}

/// Sets a header; a value that is none is left out.
pub(crate) fn set(response: &mut Response, name: HeaderName, value: &str) {
    if let Ok(value) = HeaderValue::from_str(value) {
        response.headers_mut().insert(name, value);
    }
}

/// GitHub's older word for a role, which knows neither `triage` nor `maintain`.
pub(crate) fn legacy_permission(role: Role) -> &'static str {
    match role {
        Role::None => "none",
        Role::Read | Role::Triage => "read",
        Role::Write | Role::Maintain => "write",
        Role::Admin => "admin",
    }
}
