//! The repository as the API shows it.

use std::io::Read;
use std::time::Duration;

use base64::Engine;
use base64::engine::general_purpose::STANDARD;
use flate2::read::GzDecoder;
use http::Method;
use serde_json::{Value, json};

use crate::domain::repository::{BlobId, CommitSha};
use crate::repository::git::GitEntry;
use crate::sandbox::source::commit::{CommitDetails, Signature};
use crate::sandbox::source::listing::{FoundTree, Listing};
use crate::sandbox::tests::{Rig, commit};
use crate::sandbox::world::Limits;

const BASE: &str = "/repos/acme/widgets";

fn entry(path: &str) -> GitEntry {
    GitEntry {
        path: path.as_bytes().to_vec(),
        mode: 0o100_644,
        id: BlobId::parse(&"ab".repeat(20)).unwrap(),
        size_bytes: Some(12),
    }
}

fn sha() -> CommitSha {
    CommitSha::parse(&"c0".repeat(20)).unwrap()
}

#[tokio::test]
async fn commit_is_shown_with_its_people_and_tree() {
    let rig = Rig::start().await;
    let path = format!("{BASE}/commits/main");
    let shown = rig.get(&path, &rig.bot().await).await.body;
    assert_eq!(
        json!([
            shown["sha"],
            shown["commit"]["message"],
            shown["commit"]["author"],
            shown["commit"]["committer"]["date"],
            shown["commit"]["tree"]["sha"],
            shown["parents"]
        ]),
        json!([
            rig.head().as_str(),
            "add widgets",
            {"name": "Ada", "email": "ada@example.org", "date": "2026-04-01T06:00:00Z"},
            "2026-04-02T10:00:00Z",
            rig.git(&["rev-parse", "HEAD^{tree}"]),
            []
        ])
    );
}

#[tokio::test]
async fn bare_commit_id_is_tagged_and_need_not_be_sent_twice() {
    let rig = Rig::start().await;
    let bot = rig.bot().await;
    let url = format!("{BASE}/commits/main");
    let ask = || {
        let request = rig.request(Method::GET, &url, &bot);
        request.header("accept", "application/vnd.github.sha")
    };
    let first = ask().send().await.unwrap();
    let tag = first.headers()["etag"].to_str().unwrap().to_owned();
    let text = first.text().await.unwrap();
    let second = ask().header("if-none-match", &tag).send().await.unwrap();
    let head = rig.head();
    assert_eq!(
        (text.as_str(), tag, second.status().as_u16()),
        (head.as_str(), format!("\"{head}\""), 304)
    );
}

#[tokio::test]
async fn revisions_in_gits_own_syntax_are_unknown() {
    let rig = Rig::start().await;
    let bot = rig.bot().await;
    for revision in [
        "main~0",
        "main^{tree}",
        "--all",
        "HEAD:README.md",
        "@{0}",
        "a..b",
    ] {
        let path = format!("{BASE}/commits/{revision}");
        assert_eq!(rig.get(&path, &bot).await.status, 422, "{revision}");
    }
}

#[tokio::test]
async fn recursive_tree_lists_folders_with_the_ids_that_git_gives_them() {
    let rig = Rig::start().await;
    let path = format!("{BASE}/git/trees/{}?recursive=1", rig.head());
    let body = rig.get(&path, &rig.bot().await).await.body;
    let shown: Vec<_> = body["tree"]
        .as_array()
        .unwrap()
        .iter()
        .map(|entry| {
            let text = |name: &str| entry[name].as_str().unwrap().to_owned();
            format!(
                "{} {} {}\t{}",
                text("mode"),
                text("type"),
                text("sha"),
                text("path")
            )
        })
        .collect();
    let listed = rig.git(&["ls-tree", "-r", "-t", "HEAD"]);
    assert_eq!(
        (shown.join("\n"), &body["truncated"], &body["sha"]),
        (listed, &json!(false), &json!(rig.head().as_str()))
    );
}

#[tokio::test]
async fn folder_is_found_by_the_id_of_its_tree() {
    let rig = Rig::start().await;
    let tree = rig.git(&["rev-parse", "HEAD:src"]);
    let path = format!("{BASE}/git/trees/{tree}");
    let body = rig.get(&path, &rig.bot().await).await.body;
    let paths: Vec<_> = body["tree"].as_array().unwrap().iter().collect();
    let paths: Vec<_> = paths.iter().map(|entry| &entry["path"]).collect();
    assert_eq!(
        (paths, &body["sha"]),
        (vec![&json!("lib.rs"), &json!("net")], &json!(tree))
    );
}

#[tokio::test]
async fn submodule_has_no_size_and_no_address() {
    let rig = Rig::start().await;
    let linked = format!("160000,{},vendor/other", "1".repeat(40));
    rig.git(&["update-index", "--add", "--cacheinfo", &linked]);
    rig.git(&["commit", "--quiet", "--message", "link"]);
    let path = format!("{BASE}/git/trees/{}?recursive=1", rig.head());
    let body = rig.get(&path, &rig.bot().await).await.body;
    let mut entries = body["tree"].as_array().unwrap().iter();
    let found = entries.find(|entry| entry["path"] == "vendor/other");
    assert_eq!(
        found,
        Some(&json!({
            "path": "vendor/other", "mode": "160000", "type": "commit", "sha": "1".repeat(40),
        }))
    );
}

#[tokio::test]
async fn blob_is_given_in_base64_lines_or_raw() {
    let rig = Rig::start().await;
    let text = "0123456789".repeat(10);
    std::fs::write(rig.folder.path().join("digits"), &text).unwrap();
    commit(rig.folder.path(), "digits");
    let bot = rig.bot().await;
    let id = rig.git(&["rev-parse", "HEAD:digits"]);
    let path = format!("{BASE}/git/blobs/{id}");
    let body = rig.get(&path, &bot).await.body;
    let content = body["content"].as_str().unwrap();
    let longest = content.lines().map(str::len).max();
    let decoded = STANDARD.decode(content.replace('\n', "")).unwrap();
    let raw = rig.request(Method::GET, &path, &bot);
    let raw = raw.header("accept", "application/vnd.github.raw+json");
    let raw = raw.send().await.unwrap().text().await.unwrap();
    assert_eq!(
        (longest, &body["size"], decoded, raw),
        (Some(60), &json!(100), text.clone().into_bytes(), text)
    );
}

#[tokio::test]
async fn empty_repository_is_told_apart_from_unknown_things() {
    let rig = Rig::start_empty().await;
    let bot = rig.bot().await;
    let mut told = Vec::new();
    for path in [
        "/commits/main",
        "/git/trees/main",
        "/tarball/main",
        "/git/ref/heads/main",
    ] {
        let answer = rig.get(&format!("{BASE}{path}"), &bot).await;
        told.push((answer.status, answer.body["message"].clone()));
    }
    assert_eq!(told, vec![(409, json!("Git Repository is empty.")); 4]);
}

#[tokio::test]
async fn archive_is_handed_out_elsewhere_for_five_minutes() {
    let rig = Rig::start().await;
    let path = format!("{BASE}/tarball/main");
    let redirect = rig.get(&path, &rig.bot().await).await;
    let location = redirect.header("location").to_owned();
    let archive = rig.client.get(&location).send().await.unwrap();
    let bytes = archive.bytes().await.unwrap();
    let mut unpacked = Vec::new();
    GzDecoder::new(bytes.as_ref())
        .read_to_end(&mut unpacked)
        .unwrap();
    let mut archive = tar::Archive::new(unpacked.as_slice());
    let top = format!("acme-widgets-{}", rig.head().short());
    let inside = archive.entries().unwrap().all(|entry| {
        let path = entry.unwrap().path().unwrap().into_owned();
        path.starts_with(&top) || path.ends_with("pax_global_header")
    });
    rig.advance(Duration::from_mins(5));
    let late = rig.client.get(&location).send().await.unwrap();
    assert_eq!(
        (redirect.status, inside, late.status().as_u16()),
        (302, true, 404)
    );
}

#[tokio::test]
async fn archive_needs_a_ticket() {
    let rig = Rig::start().await;
    let url = format!(
        "{}/_codeload/acme/widgets/legacy.tar.gz/{}",
        rig.sandbox.web_url(),
        rig.head()
    );
    for query in ["", "?token=", "?token=guess"] {
        let answer = rig.client.get(format!("{url}{query}")).send().await;
        assert_eq!(answer.unwrap().status().as_u16(), 404, "{query}");
    }
}

#[test]
fn listing_is_cut_off_at_seven_megabytes() {
    let entries: Vec<_> = (0..40_000)
        .map(|number| entry(&format!("folder/file-{number:05}.rs")))
        .collect();
    let listing = Listing::build(&sha(), &entries);
    let tree = FoundTree::of_commit(listing.into());
    let bytes = tree.render(
        "http://127.0.0.1:4000/api/v3/repos/acme/widgets",
        Limits::default(),
        true,
    );
    let body: Value = serde_json::from_slice(&bytes).unwrap();
    let count = body["tree"].as_array().unwrap().len();
    assert!(bytes.len() < 7_000_100, "{}", bytes.len());
    assert!(count > 25_000 && count < 40_000, "{count}");
    assert_eq!(body["truncated"], true);
}

#[test]
fn names_that_are_no_text_are_shown_with_replacements() {
    let mut odd = entry("x");
    odd.path = b"caf\xe9/x".to_vec();
    let listing = Listing::build(&sha(), &[odd]);
    let shown: Vec<_> = listing.children("").map(|node| node.path.clone()).collect();
    assert_eq!(shown, ["caf\u{fffd}"]);
}

#[test]
fn folders_that_begin_alike_are_kept_apart() {
    let listing = Listing::build(&sha(), &[entry("a-b/x"), entry("a/y"), entry("ab/z")]);
    let inside: Vec<_> = listing
        .children("a")
        .map(|node| node.path.clone())
        .collect();
    assert_eq!(inside, ["a/y"]);
}

#[test]
fn empty_commit_has_the_empty_tree() {
    let listing = Listing::build(&sha(), &[]);
    assert_eq!(listing.root(), "4b825dc642cb6eb9a060e54bf8d69288fbee4904");
}

#[test]
fn commit_objects_are_read_with_all_their_parents() {
    let object = "tree 11\nparent 22\nparent 33\nauthor A B <a@b> 0 +0100\n\
                  committer C <> 86400 -0000\ngpgsig x\n y\n\nsubject\n\nbody\n";
    assert_eq!(
        CommitDetails::parse(object.as_bytes()),
        Some(CommitDetails {
            tree: "11".to_owned(),
            parents: vec!["22".to_owned(), "33".to_owned()],
            author: Signature {
                name: "A B".to_owned(),
                email: "a@b".to_owned(),
                date: "1970-01-01T00:00:00Z".to_owned(),
            },
            committer: Signature {
                name: "C".to_owned(),
                email: String::new(),
                date: "1970-01-02T00:00:00Z".to_owned(),
            },
            message: "subject\n\nbody".to_owned(),
        })
    );
}

#[test]
fn broken_commit_objects_are_refused() {
    for object in ["", "tree 1\n\nx", "tree 1\nauthor x\ncommitter y\n\n"] {
        assert_eq!(CommitDetails::parse(object.as_bytes()), None, "{object}");
    }
}
