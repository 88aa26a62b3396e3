//! Issues and pull requests, their comments and reactions, and who may do what.

use http::Method;
use url::Url;

use crate::domain::thread::{
    Author, Comment, CommentId, Reaction, ReactionTarget, RepositoryAddress, Role, Thread,
    ThreadAddress,
};
use crate::forge::ForgeError;
use crate::forge::github::api::GitHub;
use crate::forge::github::failure;
use crate::forge::github::links::find_links;
use crate::forge::github::transport::{MAX_JSON_BYTES, Request, encode_segment, repository_path};
use crate::forge::github::wire;
use crate::render::CommentBody;

/// Comments asked for at one time, the most that GitHub gives.
const PAGE_SIZE: usize = 100;

/// Pages read of one thread. GitHub closes threads at 2,500 comments.
const MAX_PAGES: u64 = 30;

/// One page of comments, and whether there are others.
struct Page {
    comments: Vec<wire::Comment>,
    /// The number of the last page, where the server tells it.
    last: Option<u64>,
    has_next: bool,
}

impl GitHub {
    pub(super) async fn load_thread(&self, at: &ThreadAddress) -> Result<Thread, ForgeError> {
        let request = Request::get(thread_path(at), thread_name(at)).kept();
        let issue: wire::Issue = match self.read_json(&at.repository, &request).await {
            // Servers that imitate GitHub do not all answer pull requests as issues.
            Err(ForgeError::NotFound { what }) if what == request.what => {
                let path = format!("{}/pulls/{}", repository_path(&at.repository), at.number.0);
                let request = Request::get(path, what).kept();
                self.read_json(&at.repository, &request).await?
            }
            told => told?,
        };
        Ok(issue.into())
    }

    /// The newest comments. They come oldest first, so the last pages are read first.
    pub(super) async fn load_comments(
        &self,
        at: &ThreadAddress,
        limit: usize,
    ) -> Result<Vec<Comment>, ForgeError> {
        let first = self.load_page(at, 1).await?;
        let mut comments = match first.last {
            Some(last) if last > 1 => self.load_backward(at, first.comments, last, limit).await?,
            _ if first.has_next => self.load_forward(at, first.comments).await?,
            _ => first.comments,
        };
        comments.drain(..comments.len().saturating_sub(limit));
        if comments.is_empty() {
            return Ok(Vec::new());
        }
        let identity = self.identity(&at.repository).await?;
        let converted = comments.into_iter().map(|comment| Comment {
            id: CommentId(comment.id),
            own: identity.wrote(
                comment.user.as_ref(),
                comment.performed_via_github_app.as_ref(),
            ),
            author: comment.user.map(Author::from),
            body: comment.body.unwrap_or_default(),
        });
        Ok(converted.collect())
    }

    async fn load_backward(
        &self,
        at: &ThreadAddress,
        first: Vec<wire::Comment>,
        last: u64,
        limit: usize,
    ) -> Result<Vec<wire::Comment>, ForgeError> {
        let mut pages = Vec::new();
        let mut count = 0;
        for number in (2..=last)
            .rev()
            .take_while(|number| last - number < MAX_PAGES - 1)
        {
            if count >= limit {
                break;
            }
            let page = self.load_page(at, number).await?.comments;
            count += page.len();
            pages.push(page);
        }
        if count < limit && last <= MAX_PAGES {
            pages.push(first);
        }
        Ok(pages.into_iter().rev().flatten().collect())
    }

    async fn load_forward(
        &self,
        at: &ThreadAddress,
        first: Vec<wire::Comment>,
    ) -> Result<Vec<wire::Comment>, ForgeError> {
        let mut comments = first;
        for number in 2..=MAX_PAGES {
            let page = self.load_page(at, number).await?;
            comments.extend(page.comments);
            if !page.has_next {
                break;
            }
        }
        Ok(comments)
    }

    async fn load_page(&self, at: &ThreadAddress, number: u64) -> Result<Page, ForgeError> {
        let path = format!(
            "{}/comments?per_page={PAGE_SIZE}&page={number}",
            thread_path(at)
        );
        let request = Request::get(path, format!("the comments of {}", thread_name(at)))
            .kept_unless_full(PAGE_SIZE);
        let answer = self.read(&at.repository, &request, MAX_JSON_BYTES).await?;
        let comments: Vec<wire::Comment> = answer.json(&request.what)?;
        let links = find_links(&answer.headers, &self.transport.origins, &request.what)?;
        let last = links.iter().find(|(relation, _)| relation == "last");
        let has_next = links.iter().any(|(relation, _)| relation == "next");
        Ok(Page {
            last: last.and_then(|(_, url)| page_number(url)),
            has_next: has_next || (links.is_empty() && comments.len() >= PAGE_SIZE),
            comments,
        })
    }

    pub(super) async fn load_role(
        &self,
        repository: &RepositoryAddress,
        user: &Author,
    ) -> Result<Role, ForgeError> {
        if user.login.trim_matches('.').is_empty() {
            // Such a login would change the path, and cannot exist.
            return Ok(Role::None);
        }
        let login = encode_segment(&user.login);
        let path = format!(
            "{}/collaborators/{login}/permission",
            repository_path(repository)
        );
        let request = Request::get(path, format!("a user's role in `{}`", repository.name)).kept();
        let told: wire::Permission = match self.read_json(repository, &request).await {
            Err(ForgeError::NotFound { what }) if what == request.what => return Ok(Role::None),
            told => told?,
        };
        if told.user.is_some_and(|account| account.id != user.id.0) {
            // The login has gone to somebody else since.
            return Ok(Role::None);
        }
        let find = |name: Option<String>| name.as_deref().and_then(Role::find);
        Ok(find(told.role_name)
            .or(find(told.permission))
            .unwrap_or(Role::None))
    }

    pub(super) async fn send_comment(
        &self,
        at: &ThreadAddress,
        body: &CommentBody,
    ) -> Result<CommentId, ForgeError> {
        let request = Request::write(
            Method::POST,
            format!("{}/comments", thread_path(at)),
            serde_json::json!(wire::CommentText {
                body: body.as_str()
            }),
            format!("a comment on {}", thread_name(at)),
        )
        .telling_people();
        let answer = self.write(&at.repository, &request).await?;
        // The comment is there, so an answer that cannot be read must not look like a refusal.
        let created: wire::Created = answer
            .json(&request.what)
            .map_err(|_| failure::unavailable(&request.what, "its answer could not be read"))?;
        Ok(CommentId(created.id))
    }

    pub(super) async fn send_edit(
        &self,
        at: &ThreadAddress,
        comment: CommentId,
        body: &CommentBody,
    ) -> Result<(), ForgeError> {
        let request = Request::write(
            Method::PATCH,
            comment_path(at, comment),
            serde_json::json!(wire::CommentText {
                body: body.as_str()
            }),
            format!("our comment on {}", thread_name(at)),
        )
        .telling_people();
        self.write(&at.repository, &request).await.map(drop)
    }

    pub(super) async fn send_unlabel(
        &self,
        at: &ThreadAddress,
        label: &str,
    ) -> Result<(), ForgeError> {
        let name = encode_segment(label);
        let request = Request::bare(
            Method::DELETE,
            format!("{}/labels/{name}", thread_path(at)),
            format!("a label of {}", thread_name(at)),
        );
        match self.write(&at.repository, &request).await {
            Err(ForgeError::NotFound { what }) if what == request.what => Ok(()),
            done => done.map(drop),
        }
    }

    pub(super) async fn send_reaction(
        &self,
        at: &ThreadAddress,
        target: ReactionTarget,
        reaction: Reaction,
    ) -> Result<(), ForgeError> {
        let target = match target {
            ReactionTarget::Thread => thread_path(at),
            ReactionTarget::Comment(comment) => comment_path(at, comment),
            ReactionTarget::ReviewComment(comment) => format!(
                "{}/pulls/comments/{}",
                repository_path(&at.repository),
                comment.0
            ),
        };
        let content = match reaction {
            Reaction::Eyes => "eyes",
            Reaction::Rocket => "rocket",
            Reaction::Confused => "confused",
        };
        let request = Request::write(
            Method::POST,
            format!("{target}/reactions"),
            serde_json::json!(wire::ReactionContent { content }),
            format!("a reaction on {}", thread_name(at)),
        );
        self.write(&at.repository, &request).await.map(drop)
    }
}

/// The path of a thread; pull requests are issues here, and answer as such.
fn thread_path(at: &ThreadAddress) -> String {
    format!("{}/issues/{}", repository_path(&at.repository), at.number.0)
}

fn comment_path(at: &ThreadAddress, comment: CommentId) -> String {
    format!(
        "{}/issues/comments/{}",
        repository_path(&at.repository),
        comment.0
    )
}

fn thread_name(at: &ThreadAddress) -> String {
    format!("`{}#{}`", at.repository.name, at.number.0)
}

fn page_number(url: &Url) -> Option<u64> {
    let (_, value) = url.query_pairs().find(|(key, _)| key == "page")?;
    value.parse().ok()
}
