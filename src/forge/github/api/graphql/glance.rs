//! A thread and all that a job has to know about it, in one call.

use serde_json::json;

use crate::domain::narrowing::{MAX_REPOSITORY_FILE_BYTES, REPOSITORY_FILE};
use crate::domain::repository::CommitSha;
use crate::domain::thread::{Author, Comment, CommentId, Role, Thread, ThreadAddress, ThreadKind};
use crate::forge::github::api::GitHub;
use crate::forge::github::api::graphql::{ACCOUNT, Query, QueryError, list};
use crate::forge::github::wire::graphql as wire;
use crate::forge::{ForgeError, Glance, TipFile};

/// Comments asked for, the most that GraphQL gives at once.
const MOST_COMMENTS: usize = 100;

/// What issues and pull requests have in common.
const THREAD: &str = "title body closed locked author{...a} labels(first:100){totalCount nodes{name}} \
     comments(last:100){totalCount nodes{fullDatabaseId body viewerDidAuthor author{...a}}}";

impl GitHub {
    pub(in crate::forge::github::api) async fn load_glance(
        &self,
        at: &ThreadAddress,
        user: Option<&Author>,
    ) -> Result<Glance, ForgeError> {
        if self.glances.is_missing() {
            return self.load_pull_glance(at).await;
        }
        let (parameter, collaborators) = match user {
            Some(_) => (
                ",$login:String!",
                "collaborators(login:$login,first:1){edges{permission node{databaseId login}}}",
            ),
            None => ("", ""),
        };
        let text = format!(
            "query($owner:String!,$name:String!,$number:Int!{parameter}){{\
             repository(owner:$owner,name:$name){{databaseId isPrivate defaultBranchRef{{target{{oid}}}} \
             {collaborators} \
             settings:object(expression:\"HEAD:{REPOSITORY_FILE}\"){{...on Blob{{byteSize text}}}} \
             issueOrPullRequest(number:$number){{...on Issue{{{THREAD}}} \
             ...on PullRequest{{{THREAD} headRefOid merged}}}}}}}} {ACCOUNT}"
        );
        let mut variables = json!({"number": at.number.0});
        if let (Some(user), Some(variables)) = (user, variables.as_object_mut()) {
            variables.insert("login".to_owned(), json!(user.login));
        }
        let query = Query {
            text,
            variables,
            what: format!("`{}#{}`", at.repository.name, at.number.0),
            support: &self.glances,
        };
        match self
            .query::<wire::ThreadAndMore>(&at.repository, query)
            .await
        {
            Ok((mut found, failures)) => {
                let is_told = !failures.iter().any(|failure| failure.hides("settings"));
                let settings = is_told.then(|| convert_settings(found.settings.take()));
                Ok(Glance {
                    settings,
                    ..convert(found, at, user)
                })
            }
            Err(QueryError::Forge(error)) => Err(error),
            Err(QueryError::Unsupported | QueryError::TooMuch) => self.load_pull_glance(at).await,
        }
    }
}

fn convert(found: wire::ThreadAndMore, at: &ThreadAddress, user: Option<&Author>) -> Glance {
    let role = user.and_then(|user| find_role(found.collaborators?, user));
    let private = found.is_private;
    let branch = found.default_branch_ref.and_then(|branch| branch.target);
    let Some(issue) = found.issue_or_pull_request else {
        return Glance {
            role,
            private,
            ..Glance::default()
        };
    };
    let tip = match at.kind {
        ThreadKind::Issue => branch.and_then(|target| target.oid),
        ThreadKind::ChangeRequest => issue.head_ref_oid.clone(),
    };
    let total = issue.comments.total_count;
    let comments = issue.comments.nodes.map(Some).and_then(|nodes| {
        let comments = list(nodes).map(convert_comment);
        comments.collect::<Option<Vec<_>>>()
    });
    Glance {
        role,
        private,
        tip: tip.and_then(|id| CommitSha::parse(&id).ok()),
        settings: None,
        has_all_comments: total <= MOST_COMMENTS && comments.as_ref().map(Vec::len) == Some(total),
        comments,
        thread: Some(Thread {
            title: issue.title,
            body: issue.body,
            author: issue.author.and_then(wire::Actor::author),
            open: !issue.closed,
            merged: issue.merged,
            locked: issue.locked,
            labels: list(issue.labels.and_then(|labels| labels.nodes))
                .map(|label| label.name)
                .collect(),
        }),
    }
}

fn convert_settings(file: Option<wire::SmallFile>) -> TipFile {
    match file {
        None => TipFile::Missing,
        Some(wire::SmallFile {
            byte_size: Some(size),
            ..
        }) if size > MAX_REPOSITORY_FILE_BYTES => TipFile::TooLarge,
        Some(wire::SmallFile {
            text: Some(text), ..
        }) => TipFile::Found(text.into()),
        Some(_) => TipFile::NotText,
    }
}

/// A comment; `None` for one without an id that we can use.
fn convert_comment(comment: wire::Comment) -> Option<Comment> {
    Some(Comment {
        id: CommentId(comment.full_database_id?.parse().ok()?),
        own: comment.viewer_did_author,
        author: comment.author.and_then(wire::Actor::author),
        body: comment.body,
    })
}

/// What `user` may do. Only a collaborator with the very login and id is told here; what strangers
/// may do is for REST to say.
fn find_role(found: wire::Edges, user: &Author) -> Option<Role> {
    let edges = found.edges.into_iter().flatten().flatten();
    edges
        .filter(|edge| {
            edge.node.as_ref().is_some_and(|node| {
                node.database_id == Some(user.id.0) && node.login.eq_ignore_ascii_case(&user.login)
            })
        })
        .find_map(|edge| Role::find(&edge.permission.to_ascii_lowercase()))
}
