//! What reviewers of a pull request wait for, in one call: only GraphQL tells what is resolved.

use serde_json::json;

use crate::domain::change_set::ReviewThread;
use crate::domain::policy;
use crate::domain::request::{Remark, Speaker};
use crate::domain::thread::{CommentId, ThreadAddress};
use crate::forge::ForgeError;
use crate::forge::github::api::GitHub;
use crate::forge::github::api::graphql::{ACCOUNT, Query, QueryError, list};
use crate::forge::github::wire::graphql as wire;

/// What is asked of a pull request: its size and its newest conversations.
const REVIEWS: &str = "changedFiles reviewThreads(last:100){nodes{isResolved path line \
     comments(first:20){totalCount nodes{fullDatabaseId body viewerDidAuthor author{...a}}}}}";

/// A pull request's reviews.
pub(in crate::forge::github::api) struct Reviews {
    /// How many files it changes.
    pub(in crate::forge::github::api) file_count: u64,
    /// The conversations that are not resolved.
    pub(in crate::forge::github::api) threads: Vec<ReviewThread>,
}

impl GitHub {
    /// The conversations of a pull request that nobody resolved; `None` where GraphQL does not tell.
    pub(in crate::forge::github::api) async fn load_reviews(
        &self,
        at: &ThreadAddress,
    ) -> Result<Option<Reviews>, ForgeError> {
        if self.reviews.is_missing() {
            return Ok(None);
        }
        let text = format!(
            "query($owner:String!,$name:String!,$number:Int!){{\
             repository(owner:$owner,name:$name){{databaseId \
             pullRequest(number:$number){{{REVIEWS}}}}}}} {ACCOUNT}"
        );
        let query = Query {
            text,
            variables: json!({"number": at.number.0}),
            what: format!("the reviews of `{}#{}`", at.repository.name, at.number.0),
            support: &self.reviews,
        };
        match self.query(&at.repository, query).await {
            Ok((found, _)) => {
                let found: wire::PullRequestAndMore = found;
                Ok(found.pull_request.map(convert))
            }
            Err(QueryError::Forge(error)) => Err(error),
            Err(QueryError::Unsupported | QueryError::TooMuch) => Ok(None),
        }
    }
}

fn convert(pull: wire::PullRequest) -> Reviews {
    let open = list(pull.review_threads.nodes).filter(|thread| !thread.is_resolved);
    Reviews {
        file_count: pull.changed_files,
        threads: open.filter_map(convert_thread).collect(),
    }
}

/// A conversation; `None` for one in which no person says anything.
fn convert_thread(thread: wire::ReviewThread) -> Option<ReviewThread> {
    let comments: Vec<_> = list(thread.comments.nodes).collect();
    let first = comments
        .first()?
        .full_database_id
        .as_deref()?
        .parse()
        .ok()?;
    let remarks: Vec<_> = comments.into_iter().filter_map(convert_remark).collect();
    (!remarks.is_empty()).then_some(ReviewThread {
        comment: CommentId(first),
        path: thread.path,
        line: thread.line,
        remarks,
    })
}

fn convert_remark(comment: wire::Comment) -> Option<Remark> {
    let author = comment.author?.author()?;
    let ignored = comment.viewer_did_author || policy::is_ignored_author(&author);
    (!ignored).then_some(Remark {
        login: author.login,
        speaker: Speaker::Other,
        text: comment.body,
    })
}
