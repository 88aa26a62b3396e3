//! GitHub's GraphQL API, which answers in one call what REST needs many for. Only reads go this
//! way, and each of them has a way without it.

mod batches;
mod glance;
mod reviews;

pub(in crate::forge::github::api) use reviews::Reviews;

use std::sync::atomic::{AtomicBool, Ordering};
use std::time::Duration;

use serde::de::DeserializeOwned;
use serde_json::{Value, json};

use crate::domain::thread::RepositoryAddress;
use crate::forge::ForgeError;
use crate::forge::github::api::GitHub;
use crate::forge::github::transport::{MAX_JSON_BYTES, Request};
use crate::forge::github::wire::graphql::{Answer, Failure};

pub(super) use batches::Batches;

/// The wait after a rate limit that an answer tells without headers.
const DEFAULT_WAIT: Duration = Duration::from_secs(60);

/// What is asked of accounts.
const ACCOUNT: &str =
    "fragment a on Actor{__typename login ...on User{databaseId} ...on Bot{databaseId}}";

/// Whether a query can be asked on this server; servers that imitate GitHub mostly have no GraphQL,
/// and old ones lack some fields.
#[derive(Debug, Default)]
pub(super) struct Support(AtomicBool);

impl Support {
    fn is_missing(&self) -> bool {
        self.0.load(Ordering::Relaxed)
    }

    fn note_missing(&self) {
        self.0.store(true, Ordering::Relaxed);
    }
}

/// Why a query told nothing.
#[derive(Debug)]
enum QueryError {
    /// This server cannot answer it, now or later.
    Unsupported,
    /// It was too much for the server at once, or the server did not answer.
    TooMuch,
    /// Something that ends the work.
    Forge(ForgeError),
}

/// A query about one repository. Its text asks for `databaseId` of `repository(owner:$owner,
/// name:$name)`.
struct Query<'a> {
    text: String,
    /// Its variables beside `owner` and `name`.
    variables: Value,
    /// What is asked for, in words for people.
    what: String,
    support: &'a Support,
}

impl GitHub {
    /// Asks once, and tells with the answer what went wrong with parts of it.
    ///
    /// Fields that GitHub refused are missing in the answer; an answer about another
    /// repository, which has taken over the name, is none.
    async fn query<T: DeserializeOwned>(
        &self,
        repository: &RepositoryAddress,
        query: Query<'_>,
    ) -> Result<(T, Vec<Failure>), QueryError> {
        let mut variables = query.variables;
        if let Some(variables) = variables.as_object_mut() {
            variables.insert("owner".to_owned(), json!(repository.name.owner()));
            variables.insert("name".to_owned(), json!(repository.name.name()));
        }
        let body = json!({"query": query.text, "variables": variables});
        let request = Request::query(body, query.what);
        let answer = self.exchange(repository, &request, MAX_JSON_BYTES).await;
        let answer = answer.and_then(|answer| answer.json::<Answer<T>>(&request.what));
        let outcome = match answer {
            Ok(answer) => judge(answer, repository, &request.what).map_err(|error| match error {
                // An answer that says 200 may tell a limit as well.
                QueryError::Forge(error) => QueryError::Forge(self.heed_limit(repository, error)),
                other => other,
            }),
            Err(ForgeError::NotFound { what }) if what == request.what => {
                // There is nobody to answer any other query either.
                let all = [&self.glances, &self.reviews, self.batches.support()];
                all.into_iter().for_each(Support::note_missing);
                return Err(QueryError::Unsupported);
            }
            Err(error) => Err(sort(error)),
        };
        if matches!(outcome, Err(QueryError::Unsupported)) {
            query.support.note_missing();
        }
        outcome
    }
}

/// The things of a page that are there.
fn list<T>(nodes: Option<Vec<Option<T>>>) -> impl Iterator<Item = T> {
    nodes.into_iter().flatten().flatten()
}

/// What a failed request means for a query.
fn sort(error: ForgeError) -> QueryError {
    match error {
        ForgeError::NotFound { .. }
        | ForgeError::RateLimited { .. }
        | ForgeError::Suspended { .. }
        | ForgeError::Uninstalled { .. }
        | ForgeError::Empty => QueryError::Forge(error),
        ForgeError::Denied { .. }
        | ForgeError::Unexpected { .. }
        | ForgeError::Unavailable { .. }
        | ForgeError::TooLarge { .. } => QueryError::TooMuch,
    }
}

/// GraphQL says 200 to everything, and in the answer what it means.
fn judge<T>(
    answer: Answer<T>,
    repository: &RepositoryAddress,
    what: &str,
) -> Result<(T, Vec<Failure>), QueryError> {
    let has = |kind: &str| answer.errors.iter().any(|error| error.kind.contains(kind));
    if has("RATE_LIMIT") {
        return Err(QueryError::Forge(ForgeError::RateLimited {
            what: what.to_owned(),
            retry_after: DEFAULT_WAIT,
        }));
    }
    let heavy = ["LIMIT", "TIMEOUT", "SERVICE", "INTERNAL"];
    let passing = heavy.into_iter().any(has) || answer.errors.iter().any(Failure::is_passing);
    // The repository itself is refused for reasons that REST tells better.
    let refused = passing || has("NOT_FOUND") || has("FORBIDDEN");
    match answer.data.and_then(|data| data.repository) {
        Some(found) if found.id == Some(repository.id.0) => Ok((found.rest, answer.errors)),
        // REST finds it by its id; the next query may be right again.
        Some(_) => Err(QueryError::TooMuch),
        None if refused => Err(QueryError::TooMuch),
        None => Err(QueryError::Unsupported),
    }
}

#[cfg(test)]
mod tests;
