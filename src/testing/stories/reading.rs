//! Reading a repository: how few calls it takes, and what hostile contents do.

use std::fmt::Write as _;
use std::io::Write as _;

use flate2::Compression;
use flate2::write::GzEncoder;
use http::Method;

use crate::repository::git::GitEntry;
use crate::sandbox::world::{Fault, Limits};
use crate::testing::blobs::blob_id;
use crate::testing::git::{TestRepository, upload_repository};
use crate::testing::story::{MAINTAINER, Story};

const ARCHIVE: &str = "/repos/{owner}/{repo}/tarball/{ref}";
const QUERY: &str = "/graphql";

/// An issue about `drain_queue`, planned by label; the comment's text.
async fn plan(story: &Story) -> String {
    let issue = story.open_issue("drain_queue stops at the first error", "It should go on.");
    story.label(issue, MAINTAINER);
    let body = story.answer(issue).await.body;
    story.settle().await;
    body
}

/// A repository of 6,000 files with `drain_queue` in one of them.
fn large_repository() -> TestRepository {
    let repository = TestRepository::empty();
    repository.commit(&[(
        "src/queue.rs",
        "/// Sends everything.\npub fn drain_queue() {}\n",
    )]);
    change(&repository, 0..6_000, "first");
    repository
}

fn change(repository: &TestRepository, numbers: std::ops::Range<usize>, word: &str) {
    let files: Vec<_> = numbers
        .map(|i| {
            let mut text = String::new();
            for line in 0..2 {
                writeln!(text, "pub fn {word}_{i}_{line}() -> usize {{ {line} }}").unwrap();
            }
            (format!("src/part{}/file{i}.rs", i % 60), text)
        })
        .collect();
    let files: Vec<_> = files
        .iter()
        .map(|(path, text)| (path.as_str(), text.as_str()))
        .collect();
    repository.commit(&files);
}

#[tokio::test(flavor = "multi_thread")]
async fn six_thousand_files_take_seven_calls_at_first_six_later_and_four_again() {
    let story = Story::begin(large_repository()).await;

    let body = plan(&story).await;

    assert!(body.contains("src/queue.rs"), "{body}");
    let expected = [
        "POST /app/installations/{installation_id}/access_tokens",
        "POST /graphql",
        "POST /issues/{issue_number}/reactions",
        "GET /git/trees/{tree_sha}",
        "GET /tarball/{ref}",
        "POST /issues/{issue_number}/comments",
        "POST /issues/{issue_number}/reactions",
    ];
    assert_eq!(story.calls(0), expected);

    change(story.repository(), 0..100, "second");
    let body = plan(&story).await;

    assert!(body.contains("src/queue.rs"), "{body}");
    let later = [
        "POST /graphql",
        "POST /issues/{issue_number}/reactions",
        "GET /git/trees/{tree_sha}",
        "POST /graphql",
        "POST /issues/{issue_number}/comments",
        "POST /issues/{issue_number}/reactions",
    ];
    assert_eq!(story.calls(expected.len()), later);

    plan(&story).await;

    let again = [
        "POST /graphql",
        "POST /issues/{issue_number}/reactions",
        "POST /issues/{issue_number}/comments",
        "POST /issues/{issue_number}/reactions",
    ];
    assert_eq!(story.calls(expected.len() + later.len()), again);
    story.end().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn six_thousand_files_without_graphql_take_twelve_calls_and_six_counted_ones_later() {
    let story = Story::begin(large_repository()).await;
    story.sandbox.world().set_limits(Limits {
        has_graphql: false,
        ..Limits::default()
    });

    let body = plan(&story).await;

    assert!(body.contains("src/queue.rs"), "{body}");
    let first = [
        "POST /app/installations/{installation_id}/access_tokens",
        "POST /graphql",
        "GET /collaborators/{username}/permission",
        "GET /issues/{issue_number}",
        "GET ",
        "GET /commits/{ref}",
        "GET /git/trees/{tree_sha}",
        "POST /issues/{issue_number}/reactions",
        "GET /issues/{issue_number}/comments",
        "GET /tarball/{ref}",
        "POST /issues/{issue_number}/comments",
        "POST /issues/{issue_number}/reactions",
    ];
    assert_eq!(story.calls(0), first);

    change(story.repository(), 0..100, "second");
    let changed = plan(&story).await;
    let again = plan(&story).await;

    assert!(changed.contains("src/queue.rs"), "{changed}");
    assert!(again.contains("src/queue.rs"), "{again}");
    let changed = [
        "(GET /collaborators/{username}/permission)",
        "GET /issues/{issue_number}",
        // It has one more issue.
        "GET ",
        "GET /commits/{ref}",
        "GET /git/trees/{tree_sha}",
        "POST /issues/{issue_number}/reactions",
        "GET /issues/{issue_number}/comments",
        "GET /tarball/{ref}",
        "POST /issues/{issue_number}/comments",
        "POST /issues/{issue_number}/reactions",
    ];
    let again = [
        "(GET /collaborators/{username}/permission)",
        "GET /issues/{issue_number}",
        "GET ",
        "(GET /commits/{ref})",
        "POST /issues/{issue_number}/reactions",
        "GET /issues/{issue_number}/comments",
        "POST /issues/{issue_number}/comments",
        "POST /issues/{issue_number}/reactions",
    ];
    assert_eq!(story.calls(first.len()), [&changed[..], &again].concat());
    story.end().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn without_an_archive_contents_come_in_batches() {
    let repository = upload_repository();
    change(&repository, 0..900, "batched");
    let story = Story::begin(repository).await;
    // Every attempt at the archive fails.
    story
        .sandbox
        .world()
        .fail(Method::GET, ARCHIVE, Fault::ServerError(500), 3);

    let body = plan(&story).await;

    assert!(body.contains("src/queue.rs"), "{body}");
    let made = story.calls(0);
    let queries = made.iter().filter(|line| *line == "POST /graphql").count();
    // One for the thread; then 100, 125, 150, 175, 200 and the rest.
    assert_eq!(queries, 1 + 6, "{made:#?}");
    story.end().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn queries_that_are_too_much_are_made_smaller() {
    let repository = upload_repository();
    change(&repository, 0..900, "batched");
    let story = Story::begin(repository).await;
    let world = story.sandbox.world();
    world.fail(Method::GET, ARCHIVE, Fault::ServerError(500), 3);
    world.set_limits(Limits {
        query_blobs: 60,
        ..Limits::default()
    });

    let body = plan(&story).await;

    assert!(body.contains("src/queue.rs"), "{body}");
    assert!(!body.contains("budget"), "{body}");
    let made = story.calls(0);
    let singles = made.iter().filter(|line| line.contains("/git/blobs/"));
    assert_eq!(singles.count(), 0, "{made:#?}");
    story.end().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn what_a_query_cannot_give_comes_as_bytes() {
    let repository = upload_repository();
    let long = "pub const LINE: &str = \"long\";\n".repeat(18_000);
    repository.commit(&[("src/long.rs", &long)]);
    std::fs::write(
        repository.path().join("src/latin.rs"),
        b"// Gr\xfc\xdfe\nfn latin() {}\n",
    )
    .unwrap();
    std::fs::write(repository.path().join("src/data"), b"\0\x01\x02").unwrap();
    repository.commit(&[]);
    let story = Story::begin(repository).await;

    let body = plan(&story).await;

    assert!(body.contains("src/queue.rs"), "{body}");
    assert!(body.contains("1 binary"), "{body}");
    let made = story.calls(0);
    let singles = made.iter().filter(|line| line.contains("/git/blobs/"));
    assert_eq!(singles.count(), 3, "{made:#?}");
    story.end().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_repository_with_long_ids_is_read_like_any_other() {
    let repository = TestRepository::with_format("sha256");
    repository.commit(&[
        ("src/queue.rs", "pub fn drain_queue() {}\n"),
        ("a.rs", "fn a() {}\n"),
    ]);
    change(&repository, 0..30, "padding");
    let story = Story::begin(repository).await;

    let body = plan(&story).await;

    assert!(body.contains("src/queue.rs"), "{body}");
    assert!(!body.contains("missing"), "{body}");
    story.end().await;
}

fn entry(path: String, contents: &[u8]) -> GitEntry {
    GitEntry {
        path: path.into_bytes(),
        mode: 0o100_644,
        id: blob_id(contents),
        size_bytes: Some(contents.len() as u64),
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn half_a_million_files_are_walked_best_first() {
    let story = Story::begin(upload_repository()).await;
    let queue: &[u8] = b"/// Sends everything.\npub fn drain_queue() {}\n";
    let filler: &[u8] = b"pub fn filler() {}\n";
    let note: &[u8] = b"A note.\n";
    let mut entries: Vec<_> = (0..480_000)
        .map(|i| entry(format!("docs/{:04}/{i:06}.md", i / 150), note))
        .chain((0..20_000).map(|i| entry(format!("src/{:03}/{i:05}.rs", i / 200), filler)))
        .collect();
    entries.push(entry("src/queue.rs".to_owned(), queue));
    entries.sort_by(|left, right| left.path.cmp(&right.path));
    story.sandbox.pretend_tree(entries);
    for contents in [queue, filler, note] {
        story.sandbox.pretend_blob(blob_id(contents), contents);
    }

    let body = plan(&story).await;

    assert!(body.contains("src/queue.rs"), "{body}");
    assert!(body.contains("not listed"), "{body}");
    let made = story.calls(0);
    assert!(made.len() < 450, "{} calls", made.len());
    story.end().await;
}

/// Ten gigabytes of zeros as the first member of an archive, packed to ten megabytes.
fn archive_of_zeros() -> Vec<u8> {
    let packed = |bytes: &[u8]| {
        let mut encoder = GzEncoder::new(Vec::new(), Compression::fast());
        encoder.write_all(bytes).unwrap();
        encoder.finish().unwrap()
    };
    let mut header = tar::Header::new_ustar();
    header.set_path("top/zeros").unwrap();
    header.set_mode(0o644);
    header.set_size(8 * 1024 * 1024 * 1024 - 1);
    header.set_cksum();
    let mut archive = packed(header.as_bytes());
    // A gzip file may be many of them in a row.
    let zeros = packed(&vec![0; 64 * 1024 * 1024]);
    for _ in 0..160 {
        archive.extend_from_slice(&zeros);
    }
    archive
}

#[tokio::test(flavor = "multi_thread")]
async fn an_archive_of_zeros_ends_early_and_the_plan_stands() {
    let repository = upload_repository();
    change(&repository, 0..900, "batched");
    let story = Story::begin(repository).await;
    story.sandbox.pretend_archive(archive_of_zeros());

    let body = plan(&story).await;

    assert!(body.contains("src/queue.rs"), "{body}");
    story.end().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn hostile_members_of_an_archive_are_worth_nothing() {
    let repository = upload_repository();
    change(&repository, 0..900, "batched");
    let story = Story::begin(repository).await;
    let mut tar = tar::Builder::new(GzEncoder::new(Vec::new(), Compression::fast()));
    let names = [
        "top/../src/queue.rs",
        "/etc/passwd",
        "../../x",
        "top/src/queue.rs",
        "top/src/queue.rs",
    ];
    for name in names {
        let mut header = tar::Header::new_ustar();
        let place = &mut header.as_ustar_mut().unwrap().name;
        place[..name.len()].copy_from_slice(name.as_bytes());
        header.set_mode(0o644);
        header.set_size(6);
        header.set_cksum();
        tar.append(&header, b"forged".as_slice()).unwrap();
    }
    let mut link = tar::Header::new_ustar();
    link.set_entry_type(tar::EntryType::Symlink);
    link.set_path("top/src/upload.rs").unwrap();
    link.set_link_name("/etc/passwd").unwrap();
    link.set_size(0);
    link.set_cksum();
    tar.append(&link, std::io::empty()).unwrap();
    story
        .sandbox
        .pretend_archive(tar.into_inner().unwrap().finish().unwrap());

    let body = plan(&story).await;

    assert!(body.contains("src/queue.rs"), "{body}");
    assert!(
        !body.contains("forged") && !body.contains("passwd"),
        "{body}"
    );
    story.end().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_blob_that_is_not_what_its_id_says_is_left_out() {
    let repository = upload_repository();
    repository.commit(&[("src/lie.rs", "pub fn honest() {}\n")]);
    let story = Story::begin(repository).await;
    let lie = blob_id(b"pub fn honest() {}\n");
    story
        .sandbox
        .pretend_blob(lie, "pub fn drain_queue_forged() {}\n");

    let body = plan(&story).await;

    assert!(body.contains("src/queue.rs"), "{body}");
    assert!(!body.contains("forged"), "{body}");
    assert!(body.contains("contents unlike their id"), "{body}");
    let singles = story.calls(0);
    let singles = singles.iter().filter(|line| line.contains("/git/blobs/"));
    assert_eq!(
        singles.count(),
        1,
        "the lie in the batch is asked for once more"
    );
    story.end().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn names_that_lead_elsewhere_are_counted() {
    let story = Story::begin(upload_repository()).await;
    let contents: &[u8] = b"pub fn drain_queue() {}\n";
    let names = [
        "../outside.rs",
        "/etc/passwd",
        "a//b.rs",
        "a/./b.rs",
        "src/../x.rs",
        "src/queue.rs",
    ];
    let entries = names.map(|name| entry(name.to_owned(), contents));
    story.sandbox.pretend_tree(entries.to_vec());
    story.sandbox.pretend_blob(blob_id(contents), contents);

    let body = plan(&story).await;

    assert!(body.contains("src/queue.rs"), "{body}");
    assert!(body.contains("5 unusual name"), "{body}");
    story.end().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_rate_limit_in_a_query_is_waited_for() {
    let story = Story::begin(upload_repository()).await;
    let limit = Fault::SecondaryLimit {
        retry_after: Some(std::time::Duration::from_secs(1)),
    };
    story.sandbox.world().fail(Method::POST, QUERY, limit, 1);

    let body = plan(&story).await;

    assert!(body.contains("src/queue.rs"), "{body}");
    story.end().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_query_that_fails_is_asked_through_rest() {
    let story = Story::begin(upload_repository()).await;
    story
        .sandbox
        .world()
        .fail(Method::POST, QUERY, Fault::ServerError(502), 1);

    let body = plan(&story).await;

    assert!(body.contains("src/queue.rs"), "{body}");
    story.end().await;
}
