//! What is kept comes back, and what is damaged does not.

use std::fs;
use std::os::unix::fs::PermissionsExt;
use std::path::{Path, PathBuf};
use std::time::{Duration, SystemTime};

use proptest::prelude::{ProptestConfig, any, proptest};

use super::{Cache, CacheError, Key, Kind, Shelf};
use crate::domain::repository::BlobId;

const ROOMY: u64 = 1 << 30;

fn key(number: u64) -> Key {
    Key::new(Kind::Text, &blob(number))
}

fn blob(number: u64) -> BlobId {
    BlobId::parse(&format!("{number:040x}")).unwrap()
}

/// A value that does not pack well, so that sizes on disk can be told.
fn noise(number: u64, bytes: usize) -> Vec<u8> {
    let mut state = number.wrapping_mul(0x9E37_79B9_7F4A_7C15) | 1;
    let next = || {
        state ^= state << 13;
        state ^= state >> 7;
        state ^= state << 17;
        state.to_le_bytes()[0]
    };
    std::iter::repeat_with(next).take(bytes).collect()
}

fn shelf_in(dir: &Path) -> Shelf {
    Cache::open(dir, ROOMY).unwrap().shelf("repository")
}

fn files(dir: &Path, ending: &str) -> Vec<PathBuf> {
    let mut found = Vec::new();
    for entry in fs::read_dir(dir).unwrap() {
        let path = entry.unwrap().path();
        if path.is_dir() {
            found.extend(files(&path, ending));
        } else if path.to_str().unwrap().ends_with(ending) {
            found.push(path);
        }
    }
    found.sort();
    found
}

fn saved(dir: &Path, values: std::ops::Range<u64>) {
    let shelf = shelf_in(dir);
    for number in values {
        shelf.put(key(number), &noise(number, 1000));
    }
    shelf.save().unwrap();
}

#[test]
fn values_outlive_the_cache_that_saved_them() {
    let dir = tempfile::tempdir().unwrap();
    let text = "fn main() {}\n".repeat(1000);
    let shelf = shelf_in(dir.path());
    shelf.put(key(1), text.as_bytes());
    shelf.put(key(2), b"");
    assert_eq!(shelf.get(&key(1)).unwrap(), text.as_bytes());
    shelf.save().unwrap();
    drop(shelf);
    let shelf = shelf_in(dir.path());
    assert_eq!(shelf.get(&key(1)).unwrap(), text.as_bytes());
    assert_eq!(shelf.get(&key(2)).unwrap(), b"");
    assert_eq!(shelf.get(&key(3)), None);
    let bytes = fs::metadata(&files(dir.path(), ".segment")[0])
        .unwrap()
        .len();
    assert!(bytes < 1000, "{bytes} bytes for a text that repeats itself");
}
