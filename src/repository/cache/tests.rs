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

#[test]
fn values_can_be_read_before_they_are_saved_and_after() {
    let dir = tempfile::tempdir().unwrap();
    let shelf = shelf_in(dir.path());
    shelf.put(key(1), b"before");
    shelf.save().unwrap();
    shelf.put(key(2), b"after");
    assert_eq!(shelf.get(&key(1)).unwrap(), b"before");
    assert_eq!(shelf.get(&key(2)).unwrap(), b"after");
}

#[test]
fn the_first_value_under_a_key_stays() {
    let shelf = Cache::none().shelf("repository");
    shelf.put(key(1), b"first");
    shelf.put(key(1), b"second");
    assert_eq!(shelf.get(&key(1)).unwrap(), b"first");
}

#[test]
fn kinds_analysers_and_blobs_are_kept_apart() {
    let sha256 = BlobId::parse(&format!("{:064x}", 1)).unwrap();
    let keys = [
        key(1),
        key(2),
        Key::new(Kind::Syntax, &blob(1)),
        Key::derived(Kind::Syntax, &blob(1), "Rust"),
        Key::derived(Kind::Syntax, &blob(1), "Go"),
        Key::new(Kind::Text, &sha256),
        Key::of_value(Kind::Words, b"value"),
    ];
    let dir = tempfile::tempdir().unwrap();
    let shelf = shelf_in(dir.path());
    for (position, key) in (0_u8..).zip(keys) {
        shelf.put(key, &[position]);
    }
    shelf.save().unwrap();
    drop(shelf);
    let shelf = shelf_in(dir.path());
    let values: Vec<_> = keys.iter().filter_map(|key| shelf.get(key)).collect();
    assert_eq!(values, (0..7).map(|at| vec![at]).collect::<Vec<_>>());
}

#[test]
fn one_repository_never_answers_for_another() {
    let dir = tempfile::tempdir().unwrap();
    let cache = Cache::open(dir.path(), ROOMY).unwrap();
    let secret = cache.shelf("private");
    secret.put(key(1), b"secret");
    secret.save().unwrap();
    assert_eq!(cache.shelf("public").get(&key(1)), None);
    assert_eq!(cache.shelf("private").get(&key(1)).unwrap(), b"secret");
}

#[test]
fn without_a_folder_a_repository_is_known_as_long_as_somebody_holds_its_shelf() {
    let cache = Cache::none();
    let held = cache.shelf("a");
    held.put(key(1), b"value");
    held.save().unwrap();
    assert_eq!(cache.clone().shelf("a").get(&key(1)).unwrap(), b"value");
    drop(held);
    assert_eq!(cache.shelf("a").get(&key(1)), None);
}

#[test]
fn what_is_taken_back_stays_away() {
    let dir = tempfile::tempdir().unwrap();
    saved(dir.path(), 1..4);
    let shelf = shelf_in(dir.path());
    shelf.remove(&key(2));
    assert_eq!(shelf.get(&key(2)), None);
    shelf.save().unwrap();
    drop(shelf);
    let shelf = shelf_in(dir.path());
    assert_eq!(shelf.keys(Kind::Text), [key(1), key(3)]);
    shelf.put(key(2), b"again");
    assert_eq!(shelf.get(&key(2)), None);
}

#[test]
fn many_files_become_one_and_nothing_is_lost() {
    let dir = tempfile::tempdir().unwrap();
    for number in 0..30 {
        saved(dir.path(), number..number + 2);
    }
    let shelf = shelf_in(dir.path());
    for number in 0..31 {
        assert_eq!(shelf.get(&key(number)).unwrap(), noise(number, 1000));
    }
    assert!(files(dir.path(), ".segment").len() <= 9);
}

#[test]
fn files_merged_under_a_reader_leave_it_what_it_has() {
    let dir = tempfile::tempdir().unwrap();
    saved(dir.path(), 0..5);
    let reader = shelf_in(dir.path());
    for number in 5..20 {
        saved(dir.path(), number..number + 1);
    }
    for number in 0..5 {
        assert_eq!(reader.get(&key(number)).unwrap(), noise(number, 1000));
    }
}

/// Saves twenty values from `first` on, and one that all write.
fn put_and_save(shelf: &Shelf, first: u64) {
    for number in first..first + 20 {
        shelf.put(key(number), &noise(number, 500));
    }
    shelf.put(key(77_777), b"common");
    shelf.save().unwrap();
}

#[test]
fn writers_at_the_same_time_lose_nothing() {
    let dir = tempfile::tempdir().unwrap();
    let one_for_all = shelf_in(dir.path());
    std::thread::scope(|scope| {
        for writer in 0..8 {
            let (path, shared) = (dir.path(), one_for_all.clone());
            scope.spawn(move || {
                // Half of them share a shelf, the others are like processes of their own.
                let own = Cache::open(path, ROOMY).unwrap().shelf("repository");
                let shelf = if writer % 2 == 0 { shared } else { own };
                (0..6).for_each(|round| put_and_save(&shelf, writer * 1000 + round * 20));
            });
        }
    });
    let shelf = shelf_in(dir.path());
    for writer in 0..8 {
        for number in 0..120 {
            let number = writer * 1000 + number;
            assert_eq!(
                shelf.get(&key(number)),
                Some(noise(number, 500)),
                "{number}"
            );
        }
    }
    assert_eq!(shelf.get(&key(77_777)).unwrap(), b"common");
    assert_eq!(files(dir.path(), "unfinished"), Vec::<PathBuf>::new());
}

#[test]
fn a_file_that_was_cut_off_is_deleted_and_the_others_stay() {
    for keep_bytes in [0, 1, 8, 31, 32, 100, 5000] {
        let dir = tempfile::tempdir().unwrap();
        saved(dir.path(), 0..5);
        let [path] = &files(dir.path(), ".segment")[..] else {
            panic!("one file");
        };
        let whole = fs::read(path).unwrap();
        fs::write(path, &whole[..keep_bytes]).unwrap();
        saved(dir.path(), 5..7);
        assert!(!path.exists(), "{keep_bytes} bytes kept");
        assert_eq!(shelf_in(dir.path()).keys(Kind::Text), [key(5), key(6)]);
    }
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(400))]

    #[test]
    fn a_damaged_file_never_gives_wrong_values(place in any::<u64>(), bit in 0_u8..8, many in any::<bool>()) {
        let dir = tempfile::tempdir().unwrap();
        saved(dir.path(), 0..4);
        let path = files(dir.path(), ".segment").remove(0);
        let mut bytes = fs::read(&path).unwrap();
        let place = usize::try_from(place % bytes.len() as u64).unwrap();
        let until = if many { bytes.len().min(place + 600) } else { place + 1 };
        for byte in &mut bytes[place..until] {
            *byte ^= 1_u8 << bit;
        }
        fs::write(&path, bytes).unwrap();
        let shelf = shelf_in(dir.path());
        let mut missing = 0;
        for number in 0..4 {
            match shelf.get(&key(number)) {
                Some(value) => assert_eq!(value, noise(number, 1000)),
                None => missing += 1,
            }
        }
        assert!(missing > 0, "the damage at byte {place} was not seen");
        // What is missing can be put anew.
        for number in 0..4 {
            shelf.put(key(number), &noise(number, 1000));
        }
        shelf.save().unwrap();
        drop(shelf);
        let shelf = shelf_in(dir.path());
        for number in 0..4 {
            assert_eq!(shelf.get(&key(number)), Some(noise(number, 1000)));
        }
    }
}

#[test]
fn values_of_another_version_are_passed_over_and_not_merged() {
    let dir = tempfile::tempdir().unwrap();
    let mut other = key(1).to_bytes();
    other[1] += 1;
    let other = Key::from_bytes(&other);
    let shelf = shelf_in(dir.path());
    shelf.put(other, b"in a form of the future");
    shelf.save().unwrap();
    drop(shelf);
    let shelf = shelf_in(dir.path());
    assert_eq!(shelf.get(&key(1)), None);
    assert_eq!(shelf.keys(Kind::Text), []);
    drop(shelf);
    for number in 2..20 {
        saved(dir.path(), number..number + 1);
    }
    assert!(!shelf_in(dir.path()).has(&other));
}

/// Ages a repository: as if it had been used so many hours ago.
fn age(cache: &Path, hours: u64) {
    let then = SystemTime::now() - Duration::from_secs(hours * 3600);
    for path in files(cache, "used") {
        let file = fs::File::options().write(true).open(path).unwrap();
        let used = file.metadata().unwrap().modified().unwrap();
        file.set_modified(used.min(then)).unwrap();
    }
}

#[test]
fn the_repositories_used_longest_ago_are_forgotten_first() {
    let dir = tempfile::tempdir().unwrap();
    let cache = Cache::open(dir.path(), 250_000).unwrap();
    for name in ["oldest", "middle", "newest"] {
        let shelf = cache.shelf(name);
        shelf.put(key(1), &noise(1, 70_000));
        shelf.save().unwrap();
        age(dir.path(), 1);
        for path in files(dir.path(), "used") {
            let file = fs::File::options().write(true).open(path).unwrap();
            let used = file.metadata().unwrap().modified().unwrap();
            file.set_modified(used - Duration::from_secs(3600)).unwrap();
        }
    }
    let known = |name: &str| cache.shelf(name).get(&key(1)).is_some();
    // Looking at one makes it the newest.
    assert!(known("oldest"));
    let shelf = cache.shelf("another");
    shelf.put(key(1), &noise(1, 70_000));
    shelf.save().unwrap();
    drop(shelf);
    let left = ["oldest", "middle", "newest", "another"].map(known);
    assert_eq!(left, [true, false, true, true]);
}

#[test]
fn a_repository_that_outgrows_the_cache_alone_loses_its_oldest_files() {
    let dir = tempfile::tempdir().unwrap();
    let cache = Cache::open(dir.path(), 100_000).unwrap();
    for number in 0..6 {
        let shelf = cache.shelf("repository");
        shelf.put(key(number), &noise(number, 30_000));
        shelf.save().unwrap();
        drop(shelf);
        for path in files(dir.path(), ".segment") {
            let file = fs::File::options().write(true).open(path).unwrap();
            let written = file.metadata().unwrap().modified().unwrap();
            file.set_modified(written - Duration::from_secs(60))
                .unwrap();
        }
    }
    assert_eq!(cache.shelf("repository").keys(Kind::Text), [key(4), key(5)]);
}

#[test]
fn what_a_killed_process_left_is_cleared_away_after_a_while() {
    let dir = tempfile::tempdir().unwrap();
    saved(dir.path(), 0..1);
    let folder = files(dir.path(), ".segment").remove(0);
    let folder = folder.parent().unwrap();
    let (old, young) = (folder.join("unfinished-1-0"), folder.join("unfinished-1-1"));
    fs::write(&young, b"half").unwrap();
    let file = fs::File::create(&old).unwrap();
    file.set_modified(SystemTime::now() - Duration::from_secs(7200))
        .unwrap();
    saved(dir.path(), 1..2);
    assert_eq!((old.exists(), young.exists()), (false, true));
}

#[test]
fn nobody_else_can_read_what_is_kept() {
    let dir = tempfile::tempdir().unwrap();
    saved(&dir.path().join("new").join("cache"), 0..1);
    let mut modes = Vec::new();
    let mut folders = vec![dir.path().join("new")];
    while let Some(folder) = folders.pop() {
        modes.push(fs::metadata(&folder).unwrap().permissions().mode() & 0o7777);
        for entry in fs::read_dir(&folder).unwrap() {
            let path = entry.unwrap().path();
            if path.is_dir() {
                folders.push(path);
            } else {
                modes.push(fs::metadata(&path).unwrap().permissions().mode() & 0o7777);
            }
        }
    }
    modes.sort_unstable();
    assert_eq!(modes, [0o600, 0o600, 0o700, 0o700, 0o700, 0o700]);
}

#[test]
fn a_folder_that_others_may_write_to_is_refused() {
    let dir = tempfile::tempdir().unwrap();
    saved(dir.path(), 0..1);
    fs::set_permissions(dir.path().join("v1"), fs::Permissions::from_mode(0o770)).unwrap();
    let error = Cache::open(dir.path(), ROOMY).unwrap_err();
    let path = dir.path().join("v1");
    assert_eq!(
        error.to_string(),
        format!(
            "the cache `{}` belongs to another user, or others may write to it\nhint: name a folder \
             of your own in `cache.dir`",
            path.display()
        )
    );
}

#[test]
fn a_folder_by_way_of_a_link_is_refused() {
    let dir = tempfile::tempdir().unwrap();
    let elsewhere = tempfile::tempdir().unwrap();
    fs::set_permissions(elsewhere.path(), fs::Permissions::from_mode(0o700)).unwrap();
    std::os::unix::fs::symlink(elsewhere.path(), dir.path().join("v1")).unwrap();
    let error = Cache::open(dir.path(), ROOMY).unwrap_err();
    assert!(matches!(error, CacheError::NotOurs(_)), "{error}");
}

#[test]
fn a_folder_that_cannot_be_made_is_an_error_that_names_it() {
    let dir = tempfile::tempdir().unwrap();
    fs::write(dir.path().join("file"), b"").unwrap();
    let error = Cache::open(&dir.path().join("file"), ROOMY).unwrap_err();
    let path = dir.path().join("file").join("v1");
    assert_eq!(
        error.to_string(),
        format!(
            "the cache `{}` cannot be used: Not a directory (os error 20)",
            path.display()
        )
    );
    assert!(
        Cache::open_or_none(Some(&dir.path().join("file")), ROOMY)
            .shelf("a")
            .get(&key(1))
            .is_none()
    );
}

#[test]
fn what_cannot_be_saved_stays_known_and_is_saved_when_it_can_be() {
    let dir = tempfile::tempdir().unwrap();
    let shelf = shelf_in(dir.path());
    // Where a folder should be made is a file, as on a disk that takes nothing more.
    saved(dir.path(), 9..10);
    let folder = files(dir.path(), ".segment").remove(0);
    let folder = folder.parent().unwrap();
    fs::remove_dir_all(folder).unwrap();
    fs::write(folder, b"").unwrap();
    shelf.put(key(1), b"value");
    shelf.keep();
    shelf.keep();
    let trouble = shelf.trouble().unwrap();
    assert!(trouble.contains("cannot be used"), "{trouble}");
    assert_eq!(shelf.get(&key(1)).unwrap(), b"value");
    fs::remove_file(folder).unwrap();
    shelf.save().unwrap();
    drop(shelf);
    assert_eq!(shelf_in(dir.path()).get(&key(1)).unwrap(), b"value");
}

#[test]
fn many_values_are_found_at_once_wherever_they_are() {
    let dir = tempfile::tempdir().unwrap();
    saved(dir.path(), 0..10);
    let shelf = shelf_in(dir.path());
    for number in 10..20 {
        shelf.put_marked(key(number), &noise(number, 30_000), b'x');
    }
    shelf.save().unwrap();
    shelf.put_marked(key(20), b"in memory", b'y');
    let asked = [3, 20, 99, 15, 0, 10, 9, 3].map(key);
    let found = shelf.find(&asked).into_iter().map(|packed| {
        let packed = packed?;
        Some((packed.unpack()?, packed.mark(), packed.length()))
    });
    let small = |number: u64| Some((noise(number, 1000), 0, 1000));
    let large = |number: u64| Some((noise(number, 30_000), b'x', 30_000));
    let memory = Some((b"in memory".to_vec(), b'y', 9));
    let expected = [
        small(3),
        memory,
        None,
        large(15),
        small(0),
        large(10),
        small(9),
        small(3),
    ];
    assert_eq!(found.collect::<Vec<_>>(), expected);
}

#[test]
fn what_is_only_in_memory_is_bounded() {
    let shelf = Cache::none().shelf("repository");
    for number in 0..100 {
        shelf.put(key(number), &noise(number, 1024 * 1024));
    }
    let kept = shelf.keys(Kind::Text).len();
    assert!((32..=65).contains(&kept), "{kept} MiB of 100 are kept");
    assert!(shelf.has(&key(99)) && !shelf.has(&key(0)));
}

#[test]
fn much_is_written_before_anybody_saves() {
    let dir = tempfile::tempdir().unwrap();
    let shelf = shelf_in(dir.path());
    for number in 0..40 {
        shelf.put(key(number), &noise(number, 1024 * 1024));
    }
    drop(shelf);
    assert_eq!(shelf_in(dir.path()).keys(Kind::Text).len(), 32);
}
