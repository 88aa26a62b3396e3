//! What the sandbox does not serve, answered as GitHub answers an App that may not, or a path that
//! does not exist.

use axum::extract::{Request, State};
use http::Method;

use crate::sandbox::api::Context;
use crate::sandbox::api::answer::Problem;
use crate::sandbox::api::call::{Caller, Identified};

/// Parts of a repository that nobody changes without the right to write contents.
const CONTENTS: [&str; 5] = ["contents", "git", "merges", "releases", "branches"];

/// The answer to every path and method that is not served.
pub(crate) async fn answer(State(context): State<Context>, request: Request) -> Problem {
    let Some(Identified { caller, path, .. }) = request.extensions().get::<Identified>() else {
        return Problem::not_found();
    };
    if let Caller::Refused(problem) = caller {
        return problem.clone();
    }
    let read = matches!(*request.method(), Method::GET | Method::HEAD);
    let part = context.world.read(|state| {
        let below = path.strip_prefix(&format!("/repos/{}/", state.repository.name))?;
        below.split('/').next().map(str::to_owned)
    });
    match (caller, part) {
        (Caller::Installation(_), Some(part)) if !read && CONTENTS.contains(&part.as_str()) => {
            Problem::not_accessible("contents=write")
        }
        _ => Problem::not_found(),
    }
}
