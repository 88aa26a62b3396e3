//! What a commit did, hunk by hunk.

use crate::repository::git::GitChange;

/// What a commit did with a file.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Deed {
    /// Changed it.
    Modified,
    /// Added it.
    Added,
    /// Deleted it.
    Deleted,
    /// Moved it, and perhaps changed it.
    Moved,
}

/// What a commit did to one file.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct FileChange {
    pub(super) deed: Deed,
    /// The path before; that after for an added file.
    pub(super) path: String,
    /// The path after; that before for a deleted file.
    pub(super) new_path: String,
    pub(super) hunks: Vec<Hunk>,
    /// git did not print what changed, because it is no text.
    pub(super) binary: bool,
}

/// Neighbouring lines that changed.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub(super) struct Hunk {
    /// Lines that were there before, in order, those around the change included.
    pub(super) old: Vec<OldLine>,
    /// Lines that are there only afterwards.
    pub(super) added: Vec<String>,
}

/// A line as it was before.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct OldLine {
    /// Its number, from 1.
    pub(super) number: u32,
    pub(super) text: String,
    /// Whether the commit took it away.
    pub(super) removed: bool,
}

/// The files of a comparison; those with names that are no UTF-8 are left out.
pub(super) fn read(changes: Vec<GitChange>) -> Vec<FileChange> {
    changes.into_iter().filter_map(read_file).collect()
}

fn read_file(change: GitChange) -> Option<FileChange> {
    let deed = match change.status {
        b'M' => Deed::Modified,
        b'A' => Deed::Added,
        b'D' => Deed::Deleted,
        b'R' => Deed::Moved,
        _ => return None,
    };
    let new_path = String::from_utf8(change.path).ok()?;
    let path = match change.previous_path {
        Some(path) => String::from_utf8(path).ok()?,
        None => new_path.clone(),
    };
    Some(FileChange {
        deed,
        path,
        new_path,
        binary: change.hunks.is_empty() && deed != Deed::Moved,
        hunks: hunks(&String::from_utf8_lossy(&change.hunks)),
    })
}

/// The hunks of one file.
pub(super) fn hunks(text: &str) -> Vec<Hunk> {
    let mut hunks: Vec<Hunk> = Vec::new();
    let mut number = 0_u32;
    let mut left = (0_u32, 0_u32);
    for line in text.split('\n') {
        if left != (0, 0) {
            if let Some(hunk) = hunks.last_mut() {
                take_line(hunk, line, &mut number, &mut left);
            }
        } else if let Some((start, counts)) = parse_head(line) {
            (number, left) = (start, counts);
            hunks.push(Hunk::default());
        }
    }
    hunks
}

/// `@@ -12,7 +12,9 @@ …`: the first old line, and how many lines of both sides follow.
fn parse_head(line: &str) -> Option<(u32, (u32, u32))> {
    let rest = line.strip_prefix("@@ -")?;
    let (ranges, _) = rest.split_once(" @@")?;
    let (old, new) = ranges.split_once(" +")?;
    let range = |text: &str| -> Option<(u32, u32)> {
        match text.split_once(',') {
            Some((start, count)) => Some((start.parse().ok()?, count.parse().ok()?)),
            None => Some((text.parse().ok()?, 1)),
        }
    };
    let ((start, old), (_, new)) = (range(old)?, range(new)?);
    Some((start, (old, new)))
}

fn take_line(hunk: &mut Hunk, line: &str, number: &mut u32, left: &mut (u32, u32)) {
    let text = line
        .get(1..)
        .unwrap_or_default()
        .trim_end_matches('\r')
        .to_owned();
    let mut old = |removed| {
        hunk.old.push(OldLine {
            number: *number,
            text: text.clone(),
            removed,
        });
        *number += 1;
        left.0 = left.0.saturating_sub(1);
    };
    match line.as_bytes().first() {
        Some(b'-') => old(true),
        Some(b'+') => {
            left.1 = left.1.saturating_sub(1);
            hunk.added.push(text);
        }
        Some(b'\\') => {}
        _ => {
            old(false);
            left.1 = left.1.saturating_sub(1);
        }
    }
}
