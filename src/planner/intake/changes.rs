//! What a change request changes, within a budget: every file by name, the hunks as far as there is
//! room, and what reviewers wait for.

use crate::domain::change_set::{ChangeSet, ChangedFile, ReviewThread};
use crate::domain::request::Remark;

use super::{Budget, Reader};

/// Most files named.
const MAX_FILES: usize = 150;

/// Most conversations of reviewers.
const MAX_REVIEWS: usize = 20;

/// Share of the budget for what reviewers say, in percent, and for one remark of it.
const REVIEWS_PERCENT: usize = 40;
const REMARK_PERCENT: usize = 8;

/// Share of the budget that the hunks of one file may take, in percent.
const PATCH_PERCENT: usize = 25;

/// Longest path shown, in bytes.
const MAX_PATH_BYTES: usize = 400;

pub(super) fn take_in(changes: &ChangeSet, bytes: usize, reader: &mut Reader) -> ChangeSet {
    let mut reviews = Budget {
        total: bytes,
        left: bytes / 100 * REVIEWS_PERCENT,
    };
    let kept: Vec<_> = (changes.reviews.iter().rev().take(MAX_REVIEWS))
        .map(|thread| take_review(thread, &mut reviews, reader))
        .filter(|thread| !thread.remarks.is_empty())
        .collect();
    let used = bytes / 100 * REVIEWS_PERCENT - reviews.left;
    let mut hunks = Budget {
        total: bytes,
        left: bytes.saturating_sub(used),
    };
    let files = changes.files.iter().take(MAX_FILES);
    ChangeSet {
        files: files
            .map(|file| take_file(file, &mut hunks, reader))
            .collect(),
        file_count: changes.file_count,
        head: changes.head.clone(),
        more_reviews: changes.more_reviews + (changes.reviews.len() - kept.len()),
        reviews: kept.into_iter().rev().collect(),
        knows_resolved: changes.knows_resolved,
    }
}

fn take_review(thread: &ReviewThread, budget: &mut Budget, reader: &mut Reader) -> ReviewThread {
    let path = path(&thread.path, reader);
    let remarks = thread.remarks.iter().map(|remark| Remark {
        text: budget.cut(&reader.markdown(&remark.text), REMARK_PERCENT),
        ..remark.clone()
    });
    ReviewThread {
        path,
        remarks: remarks.filter(|remark| !remark.text.is_empty()).collect(),
        ..thread.clone()
    }
}

fn take_file(file: &ChangedFile, budget: &mut Budget, reader: &mut Reader) -> ChangedFile {
    let mut is_cut = file.is_cut;
    let patch = file.patch.as_deref().map(|patch| {
        let visible = Reader::code(patch);
        let kept = budget.cut(&visible, PATCH_PERCENT);
        is_cut |= kept != visible;
        kept
    });
    ChangedFile {
        is_cut,
        path: path(&file.path, reader),
        previous_path: (file.previous_path.as_deref()).map(|previous| path(previous, reader)),
        patch: patch.filter(|patch| !patch.is_empty()),
        ..file.clone()
    }
}

fn path(path: &str, reader: &mut Reader) -> String {
    let path = path.get(..path.floor_char_boundary(MAX_PATH_BYTES));
    reader.plain(path.unwrap_or_default()).replace('\n', " ")
}
