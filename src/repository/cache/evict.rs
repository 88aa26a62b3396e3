//! Making room: what was not used for the longest time goes first.

use std::path::PathBuf;
use std::time::{Duration, SystemTime};

use super::folder::Folder;

/// After making room, this many tenths of the limit are in use: not every save is to make room.
const TENTHS_LEFT: u64 = 9;

/// Files that nobody finished writing for so long will not be finished.
const ABANDONED: Duration = Duration::from_secs(3600);

/// A repository's files on disk.
struct Held {
    /// When it was used last.
    used: Option<SystemTime>,
    /// Its files with their bytes, those written first first.
    files: Vec<(PathBuf, u64)>,
}

/// Deletes files until the cache is within its limit: whole repositories, those used longest ago
/// first, then the oldest files of the one in `own`. Whoever reads a deleted file reads on.
pub(super) fn make_room(own: &Folder) -> std::io::Result<()> {
    let mut held = Vec::new();
    let mut own_files = Vec::new();
    // The mark was just set: by it the disk itself tells the time.
    let now = own.used();
    for folder in own.root.folders()? {
        clear_unfinished(&folder, now)?;
        let files = list(&folder)?;
        if folder.directory == own.directory {
            own_files = files;
        } else {
            let used = folder.used();
            held.push(Held { used, files });
        }
    }
    let others = held.iter().flat_map(|held| &held.files);
    let mut total: u64 = others.chain(&own_files).map(|(_, bytes)| bytes).sum();
    if total <= own.root.max_bytes {
        return Ok(());
    }
    let wanted = own.root.max_bytes / 10 * TENTHS_LEFT;
    held.sort_by_key(|held| held.used);
    let others = held.into_iter().flat_map(|held| held.files);
    for (path, bytes) in others.chain(own_files) {
        if total <= wanted {
            break;
        }
        // Another process may have deleted it already.
        std::fs::remove_file(path).ok();
        total -= bytes;
    }
    Ok(())
}

fn list(folder: &Folder) -> std::io::Result<Vec<(PathBuf, u64)>> {
    let newest_first = folder.segments()?.into_iter();
    let oldest_first = newest_first.rev();
    Ok(oldest_first
        .map(|(path, metadata)| (path, metadata.len()))
        .collect())
}

/// Deletes what a killed process left behind.
fn clear_unfinished(folder: &Folder, now: Option<SystemTime>) -> std::io::Result<()> {
    for (path, metadata) in folder.unfinished()? {
        let age = now.and_then(|now| now.duration_since(metadata.modified().ok()?).ok());
        if age.is_some_and(|age| age > ABANDONED) {
            std::fs::remove_file(path).ok();
        }
    }
    Ok(())
}
