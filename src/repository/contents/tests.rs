//! What is unpacked, and when.

use std::sync::Arc;

use super::Text;
use crate::domain::request::Brief;
use crate::repository::Snapshot;
use crate::repository::cache::{Cache, Key, Kind, Packed, Shelf};
use crate::repository::facts::gather;
use crate::repository::index::Index;
use crate::repository::locate::Search;
use crate::repository::snapshot::from_git;
use crate::repository::tests::{Entry, Fixture, ROOMY, file};

fn shelf() -> Shelf {
    Cache::none().shelf("repository")
}

fn packed(bytes: &[u8]) -> Packed {
    let (shelf, key) = (shelf(), Key::of_value(Kind::Text, bytes));
    shelf.put(key, bytes);
    shelf.find(&[key]).remove(0).unwrap()
}

#[test]
fn length_is_known_before_a_text_is_unpacked() {
    let text = Text::packed(packed("größer ".repeat(100).as_bytes()));
    assert_eq!((text.len(), text.is_empty()), (900, false));
    assert!(!text.is_unpacked());
    assert_eq!(&*text, "größer ".repeat(100));
    assert!(text.is_unpacked());
}

#[test]
fn what_one_has_unpacked_its_clones_have_too() {
    let text = Text::packed(packed(b"fn a() {}"));
    let clone = text.clone();
    assert_eq!(&*text, "fn a() {}");
    assert!(clone.is_unpacked());
}

#[test]
fn texts_are_equal_by_what_they_say() {
    assert_eq!(Text::packed(packed(b"one")), Text::from("one"));
    assert_ne!(Text::packed(packed(b"one")), Text::from("two"));
    let (one, longer) = (Text::packed(packed(b"one")), Text::from("longer"));
    assert_ne!(one, longer);
    assert!(!one.is_unpacked());
    assert_eq!(format!("{:?}", Text::from("a\"b")), r#""a\"b""#);
}

#[test]
fn bytes_that_are_no_text_are_as_good_as_empty() {
    assert_eq!(&*Text::packed(packed(b"\xff\xfe")), "");
}

/// Files that a request may look into, and many more that it will not.
fn entries() -> Vec<Entry> {
    let mut entries: Vec<Entry> = (0..400)
        .map(|number| {
            let text = format!("fn serve_{number}() {{ common(); }}\n");
            file(format!("src/part_{number}.rs"), text)
        })
        .collect();
    entries.push(file("src/upload.rs", "fn upload() { retry(); }\n"));
    entries.push(file("README.md", "Serves uploads.\n"));
    entries
}

/// The snapshot as a second run has it.
async fn known(shelf: &Shelf) -> Snapshot {
    let fixture = Fixture::new();
    let commit = fixture.commit(&entries());
    let repository = fixture.open().await;
    let read = async || from_git(&repository, &commit, &ROOMY, shelf).await.unwrap();
    Index::build_with(read().await, shelf);
    read().await
}

/// Paths of the files that were looked into.
fn unpacked(index: &Index) -> Vec<&str> {
    let files = index.snapshot().files.iter();
    files
        .filter(|file| file.text.as_ref().is_some_and(Text::is_unpacked))
        .map(|file| file.path.as_str())
        .collect()
}

#[tokio::test]
async fn nothing_is_unpacked_for_an_index_that_is_known() {
    let shelf = shelf();
    let index = Index::build_with(known(&shelf).await, &shelf);
    assert_eq!(unpacked(&index), Vec::<&str>::new());
    assert_eq!(index.find_users("common").len(), 400);
    assert_eq!(index.find_definers("upload").len(), 1);
    assert_eq!(unpacked(&index), Vec::<&str>::new());
}

#[tokio::test]
async fn a_search_unpacks_the_files_that_it_looks_into() {
    let shelf = shelf();
    let index = Arc::new(Index::build_with(known(&shelf).await, &shelf));
    let search = Search::new(&index, &Brief::from_text("upload must retry"));
    assert_eq!(search.paths(1), ["src/upload.rs"]);
    search.location(10);
    assert_eq!(unpacked(&index), ["README.md", "src/upload.rs"]);
}

#[tokio::test]
async fn a_request_that_fits_everything_leaves_most_texts_packed() {
    let shelf = shelf();
    let index = Arc::new(Index::build_with(known(&shelf).await, &shelf));
    let brief = Brief::from_text("common of serve fails in upload");
    Search::new(&index, &brief).location(60);
    gather(&index);
    let count = unpacked(&index).len();
    assert!((100..200).contains(&count), "{count} of 402 are unpacked");
}
