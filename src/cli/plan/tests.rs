use clap::Parser;
use url::Url;

use super::PlanArguments;
use crate::cli::thread_url::{ThreadUrl, comment_url};
use crate::domain::repository::{ForgeKind, RepositoryId, RepositoryName};
use crate::domain::thread::{
    CommentId, RepositoryAddress, ThreadAddress, ThreadKind, ThreadNumber,
};

#[derive(Debug, Parser)]
struct Line {
    #[command(flatten)]
    plan: PlanArguments,
}

fn parse(address: &str, web_url: &str) -> Result<ThreadUrl, String> {
    let web_url = Url::parse(web_url).unwrap();
    ThreadUrl::parse(address, &web_url).map_err(|failure| failure.to_string())
}

fn thread(name: &str, kind: ThreadKind, number: u64) -> ThreadUrl {
    ThreadUrl {
        repository: RepositoryName::parse(name).unwrap(),
        kind,
        number: ThreadNumber(number),
    }
}

#[test]
fn address_of_a_thread_is_read_as_a_browser_shows_it() {
    let issue = thread("acme/engine", ThreadKind::Issue, 7);
    let pull = thread("acme/engine", ThreadKind::ChangeRequest, 7);
    for (address, expected) in [
        ("https://github.com/acme/engine/issues/7", &issue),
        ("https://github.com/acme/engine/issues/7/", &issue),
        (
            "https://github.com/acme/engine/issues/7#issuecomment-91",
            &issue,
        ),
        (
            "https://github.com/acme/engine/issues/7?notification=1#x",
            &issue,
        ),
        ("  HTTPS://GitHub.com/acme/engine/issues/7\n", &issue),
        ("http://github.com:80/acme/engine/issues/7", &issue),
        ("https://github.com/acme/engine/pull/7", &pull),
        ("https://github.com/acme/engine/pull/7/files", &pull),
        (
            "https://github.com/acme/engine/pull/7/commits/6113728#diff",
            &pull,
        ),
    ] {
        let read = parse(address, "https://github.com");
        assert_eq!(read.as_ref(), Ok(expected), "{address}");
    }
}

#[test]
fn port_and_path_of_the_forge_belong_to_the_address() {
    let forge = "http://127.0.0.1:8080/hub/";
    let read = |address| parse(address, forge);
    assert_eq!(
        read("http://127.0.0.1:8080/hub/acme/engine/issues/7"),
        Ok(thread("acme/engine", ThreadKind::Issue, 7))
    );
    for elsewhere in [
        "http://127.0.0.1:8081/hub/acme/engine/issues/7",
        "http://127.0.0.1/hub/acme/engine/issues/7",
        "http://127.0.0.1:8080/acme/engine/issues/7",
        "http://127.0.0.1:8080/hubs/acme/engine/issues/7",
        "http://127.0.0.1:8080/hub",
    ] {
        let refusal = read(elsewhere).unwrap_err();
        assert!(refusal.contains("not on the configured forge"), "{refusal}");
    }
}

#[test]
fn address_on_another_host_is_refused_by_name() {
    let refusal = parse("https://gitlab.com/a/b/issues/7", "https://git.example").unwrap_err();
    insta::assert_snapshot!(refusal, @r"
    error: `--issue https://gitlab.com/a/b/issues/7` is not on the configured forge, `https://git.example`
    hint: give an address such as `https://git.example/owner/name/issues/7`, or set `github.web_url` and `github.api_url`
    ");
    for disguised in [
        "https://github.com@evil.test/a/b/issues/7",
        "https://github.com.evil.test/a/b/issues/7",
        "https://evil.test/github.com/a/b/issues/7",
        "https://evil.test\\@github.com/a/b/issues/7",
        "https://github.com:8443/a/b/issues/7",
    ] {
        let refusal = parse(disguised, "https://github.com").unwrap_err();
        assert!(refusal.contains("not on the configured forge"), "{refusal}");
    }
}

#[test]
fn what_is_no_address_of_a_thread_is_refused() {
    let refusal = parse("acme/engine#7", "https://github.com").unwrap_err();
    insta::assert_snapshot!(refusal, @r"
    error: `--issue acme/engine#7` is not the address of an issue or pull request
    hint: give an address such as `https://github.com/owner/name/issues/7`
    ");
    for other in [
        "",
        "7",
        "github.com/acme/engine/issues/7",
        "ftp://github.com/acme/engine/issues/7",
        "https://github.com/acme/engine",
        "https://github.com/acme/engine/issues",
        "https://github.com/acme/engine/issues/",
        "https://github.com/acme/engine/issues/new",
        "https://github.com/acme/engine/issues/+7",
        "https://github.com/acme/engine/issues/-7",
        "https://github.com/acme/engine/issues/99999999999999999999",
        "https://github.com/acme/engine/discussions/7",
        "https://github.com/acme/engine/Issues/7",
        "https://github.com//engine/issues/7",
        "https://github.com/acme/../issues/7",
        "https://github.com/acme/%2e%2e/issues/7",
        "https://github.com/acme/eng%2Fine/issues/7",
        "https://github.com/acme/eng ine/issues/7",
    ] {
        let refusal = parse(other, "https://github.com").unwrap_err();
        assert!(refusal.contains("is not the address"), "{other}: {refusal}");
    }
}

#[test]
fn refused_address_is_shown_short_and_without_control_characters() {
    let refusal = parse(
        &format!("\u{1b}[2J{}", "x".repeat(5_000)),
        "https://github.com",
    );
    let refusal = refusal.unwrap_err();
    assert!(refusal.chars().count() < 400, "{refusal}");
    assert!(!refusal.contains('\u{1b}'), "{refusal}");
}

#[test]
fn comment_is_addressed_in_its_thread() {
    let mut at = ThreadAddress {
        repository: RepositoryAddress {
            forge: ForgeKind::GitHub,
            host: "github.com".to_owned(),
            id: RepositoryId(42),
            name: RepositoryName::new("acme", "engine").unwrap(),
            installation: None,
        },
        kind: ThreadKind::Issue,
        number: ThreadNumber(7),
    };
    let web_url = Url::parse("https://github.com/").unwrap();
    let issue = comment_url(&web_url, &at, CommentId(91));
    at.kind = ThreadKind::ChangeRequest;
    let pull = comment_url(&web_url, &at, CommentId(91));
    assert_eq!(
        [issue, pull],
        [
            "https://github.com/acme/engine/issues/7#issuecomment-91",
            "https://github.com/acme/engine/pull/7#issuecomment-91",
        ]
    );
}

#[test]
fn request_is_a_text_or_a_thread_and_only_a_thread_can_be_posted_to() {
    let is_taken = |line: &[&str]| Line::try_parse_from([&["plan"], line].concat()).is_ok();
    let issue = "https://github.com/a/b/issues/7";
    for line in [
        &["--text", "x", "--repo", "r", "--at", "v1"][..],
        &["--issue", issue],
        &["--issue", issue, "--post", "--focus", "x"],
        &["--issue", issue, "--model", "none", "--format", "json"],
    ] {
        assert!(is_taken(line), "{line:?}");
    }
    for line in [
        &[][..],
        &["--post"],
        &["--text", "x", "--post"],
        &["--text-file", "f", "--post"],
        &["--text", "x", "--focus", "y"],
        &["--issue", issue, "--text", "x"],
        &["--issue", issue, "--text-file", "f"],
        &["--issue", issue, "--repo", "."],
        &["--issue", issue, "--at", "HEAD"],
    ] {
        assert!(!is_taken(line), "{line:?}");
    }
}
