//! Pull requests: the files that they change, and what their reviewers wait for.

use std::collections::BTreeMap;

use crate::domain::change_set::{ChangeSet, ChangedFile, FileStatus, ReviewThread};
use crate::domain::policy;
use crate::domain::repository::CommitSha;
use crate::domain::request::{Remark, Speaker};
use crate::domain::thread::{Author, CommentId, ThreadAddress, ThreadKind, ThreadNumber};
use crate::forge::github::api::GitHub;
use crate::forge::github::api::graphql::Reviews;
use crate::forge::github::transport::{Request, repository_path};
use crate::forge::github::wire;
use crate::forge::{ForgeError, Glance};

/// Files, or comments, asked for at one time, the most that GitHub gives.
const PAGE_SIZE: usize = 100;

/// How often a pull request is read in all that is pushed to all the while.
const HEAD_ATTEMPTS: u32 = 3;

/// Pages of review comments that are read where GraphQL tells nothing.
const REVIEW_PAGES: usize = 3;

impl GitHub {
    /// What a pull request tells of itself in one call. Issues do not tell enough of what is around them
    /// for anything to be saved, and so they tell nothing here.
    pub(super) async fn load_pull_glance(&self, at: &ThreadAddress) -> Result<Glance, ForgeError> {
        if at.kind == ThreadKind::Issue {
            return Ok(Glance::default());
        }
        let request = Request::get(pull_path(at), pull_name(at)).kept();
        let pull: wire::PullRequest = match self.read_json(&at.repository, &request).await {
            // It may be found as an issue.
            Err(ForgeError::NotFound { what }) if what == request.what => {
                return Ok(Glance::default());
            }
            told => told?,
        };
        let base = pull.base.and_then(|base| base.repo);
        Ok(Glance {
            private: base.and_then(|repository| repository.private),
            tip: CommitSha::parse(&pull.head.sha).ok(),
            thread: Some(pull.thread.into()),
            ..Glance::default()
        })
    }

    /// What a pull request changes. The diff as one text ends at 300 files and 20,000 lines; the list
    /// of files, which goes on to 3,000, leaves out single patches instead.
    ///
    /// Somebody may push between the calls: each file tells which head it is of, and what is of two is
    /// read again.
    pub(super) async fn load_changes(
        &self,
        at: &ThreadAddress,
        limit: usize,
    ) -> Result<ChangeSet, ForgeError> {
        let mut attempt = 1;
        loop {
            let (changes, head) = self.load_changes_once(at, limit).await?;
            let differs = head.is_some() && changes.head.is_some() && head != changes.head;
            if !differs || attempt == HEAD_ATTEMPTS {
                let head = head.or(changes.head);
                return Ok(ChangeSet { head, ..changes });
            }
            self.transport.pause(attempt).await;
            attempt += 1;
        }
    }

    /// The same, with the head that the last of its files was listed at, where they tell that.
    async fn load_changes_once(
        &self,
        at: &ThreadAddress,
        limit: usize,
    ) -> Result<(ChangeSet, Option<CommitSha>), ForgeError> {
        let told = self.load_reviews(at).await?;
        let knows_resolved = told.is_some();
        let reviews = match told {
            Some(told) => told,
            None => self.load_reviews_by_rest(at).await?,
        };
        let files = self.load_files(at, reviews.file_count, limit).await?;
        let head = find_head(&files, reviews.head.as_ref());
        let changes = ChangeSet {
            file_count: reviews.file_count.max(files.len() as u64),
            files: files.into_iter().map(ChangedFile::from).collect(),
            head: reviews.head,
            reviews: reviews.threads,
            more_reviews: reviews.more,
            knows_resolved,
        };
        Ok((changes, head))
    }

    /// The same from servers without GraphQL.
    async fn load_reviews_by_rest(&self, at: &ThreadAddress) -> Result<Reviews, ForgeError> {
        let request = Request::get(pull_path(at), pull_name(at)).kept();
        let pull: wire::PullRequest = self.read_json(&at.repository, &request).await?;
        let (threads, is_complete) = self.load_review_comments(at).await?;
        Ok(Reviews {
            file_count: pull.changed_files,
            head: CommitSha::parse(&pull.head.sha).ok(),
            threads,
            more: usize::from(!is_complete),
        })
    }

    /// The first files, until `limit` of them or all `count` are there.
    async fn load_files(
        &self,
        at: &ThreadAddress,
        count: u64,
        limit: usize,
    ) -> Result<Vec<wire::ChangedFile>, ForgeError> {
        let mut files = Vec::new();
        let what = format!("the files of {}", pull_name(at));
        for page in 1..=limit.div_ceil(PAGE_SIZE) {
            let path = format!("{}/files?per_page={PAGE_SIZE}&page={page}", pull_path(at));
            let request = Request::get(path, what.clone()).kept_unless_full(PAGE_SIZE);
            let found: Vec<wire::ChangedFile> = self.read_json(&at.repository, &request).await?;
            let last = found.len() < PAGE_SIZE;
            files.extend(found);
            if last || files.len() as u64 >= count {
                break;
            }
        }
        files.truncate(limit);
        Ok(files)
    }

    /// The newest conversations, from servers that do not tell which of them are resolved, and whether
    /// these are all.
    async fn load_review_comments(
        &self,
        at: &ThreadAddress,
    ) -> Result<(Vec<ReviewThread>, bool), ForgeError> {
        let mut comments = Vec::new();
        let mut is_complete = false;
        let what = format!("the reviews of {}", pull_name(at));
        for page in 1..=REVIEW_PAGES {
            let path = format!(
                "{}/comments?per_page={PAGE_SIZE}&page={page}&sort=created&direction=desc",
                pull_path(at)
            );
            let request = Request::get(path, what.clone()).kept_unless_full(PAGE_SIZE);
            let found: Vec<wire::ReviewComment> =
                match self.read_json(&at.repository, &request).await {
                    // Servers that imitate GitHub do not all have reviews.
                    Err(ForgeError::NotFound { what: missing }) if missing == what => Vec::new(),
                    told => told?,
                };
            is_complete = found.len() < PAGE_SIZE;
            comments.extend(found);
            if is_complete {
                break;
            }
        }
        comments.sort_by_key(|comment| comment.id);
        let identity = self.identity(&at.repository).await?;
        comments.retain(|comment| {
            let via = comment.performed_via_github_app.as_ref();
            !identity.wrote(comment.user.as_ref(), via)
        });
        Ok((group(at.number, comments), is_complete))
    }
}

/// The head that `files` were listed at: one that is not `expected`, if there is such a file. What was
/// removed is listed at the base.
fn find_head(files: &[wire::ChangedFile], expected: Option<&CommitSha>) -> Option<CommitSha> {
    let left = files.iter().filter(|file| file.status != "removed");
    let mut heads: Vec<_> = left.filter_map(wire::ChangedFile::head).collect();
    let other = heads.iter().rposition(|head| Some(head) != expected);
    match other {
        Some(other) => Some(heads.swap_remove(other)),
        None => heads.pop(),
    }
}

/// Comments by the conversation that they belong to, in the order in which these began.
fn group(request: ThreadNumber, comments: Vec<wire::ReviewComment>) -> Vec<ReviewThread> {
    let mut threads: BTreeMap<u64, ReviewThread> = BTreeMap::new();
    for comment in comments {
        let first = comment.in_reply_to_id.unwrap_or(comment.id);
        let Some(author) = comment.user.map(Author::from) else {
            continue;
        };
        if policy::is_ignored_author(&author) {
            continue;
        }
        let number = threads.len() + 1;
        let thread = threads.entry(first).or_insert_with(|| ReviewThread {
            number,
            change_request: request,
            comment: CommentId(first),
            path: comment.path,
            line: comment.line,
            remarks: Vec::new(),
        });
        thread.remarks.push(Remark {
            login: author.login,
            speaker: Speaker::Other,
            text: comment.body,
        });
    }
    threads.into_values().collect()
}

impl From<wire::ChangedFile> for ChangedFile {
    fn from(file: wire::ChangedFile) -> Self {
        Self {
            status: match file.status.as_str() {
                "added" | "copied" => FileStatus::Added,
                "removed" => FileStatus::Removed,
                "renamed" => FileStatus::Renamed,
                _ => FileStatus::Modified,
            },
            path: file.filename,
            previous_path: file.previous_filename,
            added_lines: file.additions,
            removed_lines: file.deletions,
            patch: file.patch.filter(|patch| !patch.is_empty()),
            is_cut: false,
        }
    }
}

fn pull_path(at: &ThreadAddress) -> String {
    format!("{}/pulls/{}", repository_path(&at.repository), at.number.0)
}

fn pull_name(at: &ThreadAddress) -> String {
    format!("`{}#{}`", at.repository.name, at.number.0)
}
