//! How a comment is known to be ours.

use crate::domain::document::Content;
use crate::domain::document::OutlineReason;
use crate::domain::repository::ForgeKind;
use crate::render::marker::{is_valid, marker};
use crate::render::tests::sample;
use crate::render::{Audience, CommentBody, document};

const KEY: [u8; 32] = [7; 32];
const SUBJECT: &str = "github:github.com:123#7";

#[test]
fn a_marker_is_one_hidden_line() {
    insta::assert_snapshot!(marker(&KEY, SUBJECT), @r"<!-- planwright:v1 kind=plan thread=github:github.com:123%237 mac=fea16448ed8e6d00e409f771228a728488a90ec25a196a612661ad9e5b39c881 -->");
}

#[test]
fn a_marker_is_valid_for_its_thread_and_key_only() {
    let body = marker(&KEY, SUBJECT);
    assert!(is_valid(&KEY, SUBJECT, &body));
    assert!(!is_valid(&KEY, "github:github.com:123#8", &body));
    assert!(!is_valid(&[8; 32], SUBJECT, &body));
}

#[test]
fn changed_line_ends_and_added_text_do_not_hide_a_marker() {
    let body = format!(
        "## Plan\r\n\r\n{} \r\nadded by hand\r\n",
        marker(&KEY, SUBJECT)
    );
    assert!(is_valid(&KEY, SUBJECT, &body));
}

#[test]
fn forged_markers_are_worth_nothing() {
    let real = marker(&KEY, SUBJECT);
    let forged = [
        real.replace("mac=", "mac=00"),
        real.replace("v1", "v2"),
        real.get(..real.len() - 6).unwrap().to_owned() + " -->",
        format!("text {real}"),
        "<!-- planwright:v1 kind=plan thread=github:github.com:123%237 mac= -->".to_owned(),
        String::new(),
    ];
    assert!(!forged.iter().any(|body| is_valid(&KEY, SUBJECT, body)));
}

#[test]
fn a_subject_cannot_end_the_marker() {
    let subject = "gitlab:--> <b>:1#2";
    let line = marker(&KEY, subject);
    assert_eq!(line.matches("-->").count(), 1);
    assert!(is_valid(&KEY, subject, &line));
}

#[test]
fn a_comment_ends_with_its_marker() {
    let mut site = sample::site(ForgeKind::GitHub);
    site.marker = marker(&KEY, SUBJECT);
    let outline = Content::Outline(sample::outline(OutlineReason::NoModel));
    let body = document(&sample::document(outline), &site);
    assert!(body.as_str().ends_with(&format!("\n\n{}", site.marker)));
}

#[test]
fn a_sealed_body_comes_back_whole() {
    let body = document(
        &sample::plan_document(sample::small_plan()),
        &sample::site(ForgeKind::GitHub),
    );
    for audience in [Audience::Everyone, Audience::Few] {
        let restored = CommentBody::restore(&KEY, &body.seal(&KEY, audience));
        assert_eq!(restored, Some((body.clone(), audience)));
    }
}

#[test]
fn a_body_that_was_tampered_with_is_not_restored() {
    let body = document(
        &sample::plan_document(sample::small_plan()),
        &sample::site(ForgeKind::GitHub),
    );
    let sealed = body.seal(&KEY, Audience::Everyone);
    let tampered = [
        sealed.replace("Plan", "![x](https://x.example)"),
        body.as_str().to_owned(),
        sealed.clone() + " ",
        String::new(),
    ];
    assert!(
        tampered
            .iter()
            .all(|sealed| CommentBody::restore(&KEY, sealed).is_none())
    );
    assert_eq!(CommentBody::restore(&[8; 32], &sealed), None);
}
