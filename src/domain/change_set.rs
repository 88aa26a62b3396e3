//! What a change request changes, and what its reviewers still wait for.

use crate::domain::plan::{PlanId, ReviewLink};
use crate::domain::repository::CommitSha;
use crate::domain::request::Remark;
use crate::domain::thread::{CommentId, ThreadNumber};

/// What became of a file.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum FileStatus {
    /// It is new.
    Added,
    /// Its contents differ.
    Modified,
    /// It is gone.
    Removed,
    /// It has another path, and perhaps other contents.
    Renamed,
}

impl FileStatus {
    /// The word for people and models.
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Added => "added",
            Self::Modified => "modified",
            Self::Removed => "removed",
            Self::Renamed => "renamed",
        }
    }
}

/// One file of a change request.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ChangedFile {
    /// Its path at the head; raw text.
    pub path: String,
    /// Its path before it was renamed; raw text.
    pub previous_path: Option<String>,
    /// What became of it.
    pub status: FileStatus,
    /// Lines that came.
    pub added_lines: u64,
    /// Lines that went.
    pub removed_lines: u64,
    /// Its hunks as a unified diff without file headers; raw text. `None` where the forge shows none:
    /// for binary and for very large files, and for those that were only renamed.
    pub patch: Option<String>,
    /// Whether some or all of its hunks were left out for lack of room.
    pub is_cut: bool,
}

impl ChangedFile {
    /// Whether there are changes in it of which the forge shows no hunks. A file that was only renamed
    /// has none.
    pub fn is_withheld(&self) -> bool {
        let only_renamed =
            self.status == FileStatus::Renamed && self.added_lines + self.removed_lines == 0;
        self.patch.is_none() && !self.is_cut && !only_renamed
    }
}

/// A conversation of reviewers about a place of the diff that nobody has resolved.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ReviewThread {
    /// Its place among the conversations that were read, from 1.
    pub number: usize,
    /// The change request that it is about.
    pub change_request: ThreadNumber,
    /// Its first comment, where people can be sent to.
    pub comment: CommentId,
    /// The file; raw text.
    pub path: String,
    /// The line in the head's file; `None` when the place is no longer in the diff, or is the file as
    /// a whole.
    pub line: Option<u32>,
    /// What was said, oldest first, automation's words left out.
    pub remarks: Vec<Remark>,
}

impl ReviewThread {
    /// What a plan calls it, as a point of the request: `V1` onwards.
    pub fn name(&self) -> PlanId {
        PlanId::numbered('V', self.number)
    }

    /// Where it is, for a plan that answers it.
    pub fn link(&self) -> ReviewLink {
        ReviewLink {
            change_request: self.change_request,
            comment: self.comment,
            author: (self.remarks.first()).map_or_else(String::new, |first| first.login.clone()),
            path: self.path.clone(),
            line: self.line,
        }
    }
}

/// A change request as far as it was read.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct ChangeSet {
    /// The files, in the forge's order.
    pub files: Vec<ChangedFile>,
    /// How many files it changes in all; more than `files` when not all could be read.
    pub file_count: u64,
    /// The head that the files were listed at, as far as the forge tells.
    pub head: Option<CommitSha>,
    /// What reviewers wait for.
    pub reviews: Vec<ReviewThread>,
    /// Conversations that nobody looked at, or that there was no room for; resolved ones may be among them.
    pub more_reviews: usize,
    /// Whether resolved conversations could be told from others; without that `reviews` has them too.
    pub knows_resolved: bool,
}
