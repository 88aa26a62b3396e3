//! Pull requests: issues with a diff, and the conversations of their reviewers.

use crate::domain::change_set::{ChangedFile, FileStatus};
use crate::domain::repository::{BlobId, CommitSha};
use crate::domain::thread::Role;
use crate::sandbox::hooks::payloads;
use crate::sandbox::world::comments::{Comment, check_body};
use crate::sandbox::world::people::Actor;
use crate::sandbox::world::{Refusal, State};
use crate::store::Millis;

/// Lines of one file's diff that GitHub shows.
const LONGEST_PATCH_LINES: usize = 3_000;

/// Files that GitHub lists.
const MOST_FILES: usize = 3_000;

/// What makes an issue a pull request.
#[derive(Debug, Clone)]
pub(crate) struct Pull {
    pub(crate) base: CommitSha,
    pub(crate) head: CommitSha,
    /// The name of the branch that is to be merged.
    pub(crate) branch: String,
    /// Whether its author says that it is not ready yet.
    pub(crate) is_draft: bool,
    /// When its commits became part of the default branch.
    pub(crate) merged_at: Option<Millis>,
    /// Whether the branch was in a fork that is gone.
    pub(crate) is_fork_deleted: bool,
    /// Files with the ids of their blobs.
    pub(crate) files: Vec<(ChangedFile, BlobId)>,
    pub(crate) threads: Vec<ReviewThread>,
}

/// A conversation about a place of the diff.
#[derive(Debug, Clone)]
pub(crate) struct ReviewThread {
    pub(crate) path: String,
    pub(crate) line: Option<u32>,
    pub(crate) is_resolved: bool,
    pub(crate) comments: Vec<Comment>,
}

impl Pull {
    /// A pull request over these files; what GitHub does not show is taken off.
    pub(crate) fn new(
        (base, head): (CommitSha, CommitSha),
        branch: &str,
        files: Vec<(ChangedFile, BlobId)>,
    ) -> Self {
        let mut files = files;
        files.truncate(MOST_FILES);
        for (file, _) in &mut files {
            let is_long = |patch: &String| patch.lines().count() > LONGEST_PATCH_LINES;
            file.patch = file.patch.take().filter(|patch| !is_long(patch));
        }
        Self {
            base,
            head,
            branch: branch.to_owned(),
            is_draft: false,
            merged_at: None,
            is_fork_deleted: false,
            files,
            threads: Vec::new(),
        }
    }

    /// Lines that came and went.
    pub(crate) fn size(&self) -> (u64, u64) {
        let files = || self.files.iter().map(|(file, _)| file);
        (
            files().map(|file| file.added_lines).sum(),
            files().map(|file| file.removed_lines).sum(),
        )
    }
}

/// GitHub's word for what became of a file.
pub(crate) fn status_word(file: &ChangedFile) -> &'static str {
    match file.status {
        FileStatus::Added => "added",
        FileStatus::Modified => "modified",
        FileStatus::Removed => "removed",
        FileStatus::Renamed => "renamed",
    }
}

impl State {
    /// The pull request of that number.
    ///
    /// # Errors
    /// [`Refusal::NotFound`] for issues, else as [`State::issue`].
    pub(crate) fn pull(&self, number: u64) -> Result<&Pull, Refusal> {
        let pull = self.issue(number)?.pull.as_ref();
        pull.ok_or(Refusal::NotFound("pull request"))
    }

    /// Opens a pull request and returns its number.
    ///
    /// # Errors
    /// As opening an issue.
    pub(crate) fn open_pull(
        &mut self,
        actor: &Actor,
        (title, body): (&str, &str),
        pull: Pull,
        now: Millis,
    ) -> Result<u64, Refusal> {
        let number = self.add_issue(actor, (title, body), Some(pull), now)?;
        let payload = payloads::issue(self, "opened", number, actor);
        self.emit("pull_request", Some("opened"), &payload, now);
        Ok(number)
    }

    /// Puts the commits and files of `pushed` in the place of those of a pull request.
    ///
    /// # Errors
    /// As [`State::pull`].
    pub(crate) fn push_pull(
        &mut self,
        actor: &Actor,
        number: u64,
        pushed: Pull,
        now: Millis,
    ) -> Result<(), Refusal> {
        let issue = self.issue_mut(number)?;
        let known = issue.pull.as_mut();
        let known = known.ok_or(Refusal::NotFound("pull request"))?;
        let before = known.head.clone();
        let threads = std::mem::take(&mut known.threads);
        *known = Pull {
            threads,
            is_draft: known.is_draft,
            ..pushed
        };
        issue.updated_at = now;
        let payload = payloads::pushed_pull(self, number, &before, actor);
        self.emit("pull_request", Some("synchronize"), &payload, now);
        Ok(())
    }

    /// Says something about a line of the diff and returns the comment's id: in the conversation that
    /// is there and open, else in a new one.
    ///
    /// # Errors
    /// As commenting.
    pub(crate) fn review(
        &mut self,
        actor: &Actor,
        (number, path, line): (u64, &str, u32),
        body: &str,
        now: Millis,
    ) -> Result<u64, Refusal> {
        self.require_writable()?;
        self.pull(number)?;
        check_body(body)?;
        let id = self.next_id();
        let comment = Comment {
            id,
            author: actor.account,
            body: body.to_owned(),
            reactions: Vec::new(),
            created_at: now,
            updated_at: now,
        };
        let threads = self.threads_mut(number)?;
        let same = |thread: &&mut ReviewThread| {
            thread.path == path && thread.line == Some(line) && !thread.is_resolved
        };
        match threads.iter_mut().find(same) {
            Some(thread) => thread.comments.push(comment),
            None => threads.push(ReviewThread {
                path: path.to_owned(),
                line: Some(line),
                is_resolved: false,
                comments: vec![comment],
            }),
        }
        self.issue_mut(number)?.touch(now);
        let payload = payloads::review_comment(self, number, id, actor);
        self.emit(
            "pull_request_review_comment",
            Some("created"),
            &payload,
            now,
        );
        Ok(id)
    }

    /// Submits a review with a summary and nothing else. It is told, and not kept.
    ///
    /// # Errors
    /// As commenting.
    pub(crate) fn submit_review(
        &mut self,
        actor: &Actor,
        number: u64,
        body: &str,
        now: Millis,
    ) -> Result<(), Refusal> {
        self.require_writable()?;
        self.pull(number)?;
        check_body(body)?;
        let id = self.next_id();
        let payload = payloads::review(self, (number, id, body), actor, now);
        self.emit("pull_request_review", Some("submitted"), &payload, now);
        Ok(())
    }

    /// The comment of that id at a line of a diff, with its pull request's number.
    ///
    /// # Errors
    /// [`Refusal::NotFound`].
    pub(crate) fn review_comment(&self, id: u64) -> Result<(u64, &Comment), Refusal> {
        let pulls = self.issues.values();
        let mut comments = pulls.flat_map(|issue| {
            let threads = issue.pull.iter().flat_map(|pull| &pull.threads);
            let comments = threads.flat_map(|thread| &thread.comments);
            comments.map(|comment| (issue.number, comment))
        });
        let found = comments.find(|(_, comment)| comment.id == id);
        found.ok_or(Refusal::NotFound("comment"))
    }

    pub(crate) fn review_comment_mut(&mut self, id: u64) -> Result<&mut Comment, Refusal> {
        let pulls = self.issues.values_mut();
        let threads = pulls.flat_map(|issue| issue.pull.iter_mut().flat_map(|it| &mut it.threads));
        let mut comments = threads.flat_map(|thread| &mut thread.comments);
        let found = comments.find(|comment| comment.id == id);
        found.ok_or(Refusal::NotFound("comment"))
    }

    /// Marks the conversation that holds a comment as done.
    ///
    /// # Errors
    /// [`Refusal::NotFound`].
    pub(crate) fn resolve_review(&mut self, number: u64, comment: u64) -> Result<(), Refusal> {
        let threads = self.threads_mut(number)?;
        let holds = |thread: &&mut ReviewThread| thread.comments.iter().any(|it| it.id == comment);
        let thread = threads.iter_mut().find(holds);
        thread.ok_or(Refusal::NotFound("comment"))?.is_resolved = true;
        Ok(())
    }

    /// Puts other commits into a pull request, whose conversations stay; those about a line lose it, as
    /// nobody follows lines here.
    ///
    /// # Errors
    /// [`Refusal::NotFound`] for what is no pull request.
    pub(crate) fn force_push(
        &mut self,
        number: u64,
        pushed: Pull,
        now: Millis,
    ) -> Result<(), Refusal> {
        let issue = self.issue_mut(number)?;
        issue.touch(now);
        let pull = issue
            .pull
            .as_mut()
            .ok_or(Refusal::NotFound("pull request"))?;
        let mut threads = std::mem::take(&mut pull.threads);
        for thread in &mut threads {
            thread.line = None;
        }
        *pull = Pull { threads, ..pushed };
        Ok(())
    }

    /// Makes a pull request a draft, or ready.
    ///
    /// # Errors
    /// As [`State::pull`].
    pub(crate) fn set_draft(
        &mut self,
        actor: &Actor,
        number: u64,
        is_draft: bool,
        now: Millis,
    ) -> Result<(), Refusal> {
        let pull = self.issue_mut(number)?.pull.as_mut();
        pull.ok_or(Refusal::NotFound("pull request"))?.is_draft = is_draft;
        let action = match is_draft {
            true => "converted_to_draft",
            false => "ready_for_review",
        };
        let payload = payloads::issue(self, action, number, actor);
        self.emit("pull_request", Some(action), &payload, now);
        Ok(())
    }

    /// Marks a pull request as merged, which closes it; what its branch holds is for the local repository.
    ///
    /// # Errors
    /// [`Refusal::NotAllowed`] for whoever may not push, else as [`State::pull`].
    pub(crate) fn merge(&mut self, actor: &Actor, number: u64, now: Millis) -> Result<(), Refusal> {
        actor.require(Role::Write, "merge pull requests")?;
        let pull = self.issue_mut(number)?.pull.as_mut();
        pull.ok_or(Refusal::NotFound("pull request"))?.merged_at = Some(now);
        self.set_open(actor, number, false, now)
    }

    /// Deletes the fork that a pull request came from.
    ///
    /// # Errors
    /// [`Refusal::NotFound`] for what is no pull request.
    pub(crate) fn delete_fork(&mut self, number: u64) -> Result<(), Refusal> {
        let pull = self.issue_mut(number)?.pull.as_mut();
        pull.ok_or(Refusal::NotFound("pull request"))?
            .is_fork_deleted = true;
        Ok(())
    }

    fn threads_mut(&mut self, number: u64) -> Result<&mut Vec<ReviewThread>, Refusal> {
        let pull = self.issue_mut(number)?.pull.as_mut();
        Ok(&mut pull.ok_or(Refusal::NotFound("pull request"))?.threads)
    }
}
