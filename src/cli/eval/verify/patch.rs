//! Unified diffs as git writes them, taken apart.

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

/// The files of a diff; those with names that git had to quote are left out.
pub(super) fn parse(diff: &str) -> Vec<FileChange> {
    let mut files: Vec<FileChange> = Vec::new();
    let mut number = 0_u32;
    let mut left = (0_u32, 0_u32);
    for line in diff.split('\n') {
        if left == (0, 0) {
            if let Some(names) = line.strip_prefix("diff --git ") {
                files.push(begin(names));
                continue;
            }
            let Some(file) = files.last_mut() else {
                continue;
            };
            if let Some((start, counts)) = parse_head(line) {
                (number, left) = (start, counts);
                file.hunks.push(Hunk::default());
            } else {
                take_header(file, line);
            }
            continue;
        }
        let Some(hunk) = files.last_mut().and_then(|file| file.hunks.last_mut()) else {
            continue;
        };
        take_line(hunk, line, &mut number, &mut left);
    }
    files.retain(|file| !file.path.is_empty() && !file.new_path.is_empty());
    files
}

/// `a/src/x.rs b/src/x.rs`, where both names are the same; others are told by later lines.
fn begin(names: &str) -> FileChange {
    let half = names.len() / 2;
    let halves = names.split_at_checked(half);
    let name = halves.and_then(|(left, right)| {
        let (left, right) = (left.strip_prefix("a/")?, right.strip_prefix(" b/")?);
        (left == right).then(|| left.to_owned())
    });
    let path = name.unwrap_or_default();
    FileChange {
        deed: Deed::Modified,
        new_path: path.clone(),
        path,
        hunks: Vec::new(),
        binary: false,
    }
}

fn take_header(file: &mut FileChange, line: &str) {
    if line.starts_with("new file mode") {
        file.deed = Deed::Added;
    } else if line.starts_with("deleted file mode") {
        file.deed = Deed::Deleted;
    } else if let Some(path) = line.strip_prefix("rename from ") {
        file.deed = Deed::Moved;
        file.path = unquoted(path);
    } else if let Some(path) = line.strip_prefix("rename to ") {
        file.new_path = unquoted(path);
    } else if line.starts_with("Binary files ") {
        file.binary = true;
    }
}

fn unquoted(path: &str) -> String {
    if path.starts_with('"') {
        String::new()
    } else {
        path.to_owned()
    }
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
