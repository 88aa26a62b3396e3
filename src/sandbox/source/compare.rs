//! Changed files as the forge shows them.

use crate::domain::change_set::{ChangedFile, FileStatus};
use crate::domain::repository::BlobId;
use crate::repository::git::GitChange;

/// The file with its blob.
pub(super) fn changed_file(change: GitChange) -> (ChangedFile, BlobId) {
    let text = |bytes: &[u8]| String::from_utf8_lossy(bytes).into_owned();
    let lines = |sign: u8| {
        let lines = change.hunks.split(|byte| *byte == b'\n');
        lines.filter(|line| line.first() == Some(&sign)).count() as u64
    };
    let file = ChangedFile {
        path: text(&change.path),
        previous_path: change.previous_path.as_deref().map(text),
        status: match change.status {
            b'A' => FileStatus::Added,
            b'D' => FileStatus::Removed,
            b'R' => FileStatus::Renamed,
            _ => FileStatus::Modified,
        },
        added_lines: lines(b'+'),
        removed_lines: lines(b'-'),
        patch: (!change.hunks.is_empty()).then(|| text(&change.hunks)),
        is_cut: false,
    };
    (file, change.id)
}
