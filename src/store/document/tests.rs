//! What a document is after it was kept.

use proptest::prelude::{any, proptest};
use proptest::{prop_assert, prop_assert_eq};

use crate::domain::age::Source;
use crate::domain::document::{Content, Convention, Document, Outline, OutlineReason, Receipt};
use crate::domain::narrowing::LanguageTag;
use crate::domain::plan::Target;
use crate::domain::repository::{BlobId, CommitSha, LineRange, RepoPath};
use crate::render::seal::{self, Purpose};
use crate::store::document::{MAX_BYTES, PACKED, pack, read, write};
use crate::testing::documents::document;

const KEY: [u8; 32] = [7; 32];
const SUBJECT: &str = "github:github.com:123#7";

fn sealed(text: &str) -> String {
    seal::seal(&KEY, Purpose::Document(SUBJECT), text)
}

fn why_unusable(text: &str) -> String {
    read(text, &KEY, SUBJECT).unwrap_err().to_string()
}

/// The JSON below a seal.
fn json(document: &Document) -> String {
    let text = write(document, &KEY, SUBJECT).unwrap();
    let (_, json) = text.split_once('\n').unwrap();
    assert!(json.starts_with('{'), "small documents stay readable");
    json.to_owned()
}

/// A document that is small enough to be kept as it is.
fn small() -> Document {
    let reading = RepoPath::parse("src/read.rs").unwrap();
    let verified = Target::Verified {
        path: reading,
        lines: Some(LineRange::new(3, 9)),
    };
    Document {
        commit: CommitSha::parse("6113728f27ae82c7b1a177c8d03f9e96e0adf246").unwrap(),
        revision: 3,
        language: LanguageTag::find("pt-BR"),
        content: Content::Outline(Outline {
            reason: OutlineReason::DraftRejected {
                unknown: 2,
                total: 9,
            },
            points: vec!["Reading stops too early.".to_owned()],
            mentions: Vec::new(),
            candidates: Vec::new(),
            impact: Vec::new(),
            questions: Vec::new(),
            conventions: vec![Convention {
                topic: "tests".to_owned(),
                target: verified,
            }],
        }),
        receipt: Receipt {
            files: 12,
            redactions: [("jwt".to_owned(), 1)].into(),
            ..Receipt::default()
        },
        sources: vec![Source {
            path: RepoPath::parse("src/read.rs").unwrap(),
            blob: BlobId::parse("0123456789abcdef0123456789abcdef01234567").unwrap(),
        }],
        age: None,
        history: Vec::new(),
    }
}

/// The same with another text as its first point.
fn saying(text: String) -> Document {
    let mut document = small();
    if let Content::Outline(outline) = &mut document.content {
        outline.points = vec![text];
    }
    document
}

proptest! {
    #[test]
    fn documents_come_back_exactly(number in any::<u64>()) {
        let document = document(number);
        let text = write(&document, &KEY, SUBJECT).unwrap();
        prop_assert_eq!(read(&text, &KEY, SUBJECT).unwrap(), document);
    }

    #[test]
    fn what_was_not_sealed_here_is_refused(number in any::<u64>(), at in any::<usize>()) {
        let text = write(&document(number), &KEY, SUBJECT).unwrap();
        prop_assert!(read(&text, &[8; 32], SUBJECT).is_err());
        prop_assert!(read(&text, &KEY, "github:github.com:123#8").is_err());
        let mut bytes = text.into_bytes();
        let at = at % bytes.len();
        bytes[at] = if bytes[at] == b'0' { b'1' } else { b'0' };
        let changed = String::from_utf8_lossy(&bytes);
        prop_assert!(read(&changed, &KEY, SUBJECT).is_err());
    }

    #[test]
    fn no_text_makes_reading_panic(text in any::<String>()) {
        prop_assert!(read(&text, &KEY, SUBJECT).is_err());
        prop_assert!(read(&sealed(&text), &KEY, SUBJECT).is_err());
    }
}

#[test]
fn large_documents_are_packed_and_come_back() {
    let large = saying("a long text ".repeat(10_000));
    let text = write(&large, &KEY, SUBJECT).unwrap();
    assert!(text.len() < 2_000, "{} bytes", text.len());
    assert_eq!(read(&text, &KEY, SUBJECT).unwrap(), large);
}

#[test]
fn documents_beyond_the_limit_are_neither_kept_nor_unpacked() {
    let huge = saying(" ".repeat(MAX_BYTES));
    let refused = write(&huge, &KEY, SUBJECT).unwrap_err().to_string();
    assert!(
        refused.starts_with("the document cannot be kept: it has 419"),
        "{refused}"
    );
    let bomb = pack(&" ".repeat(MAX_BYTES + 1)).unwrap();
    insta::assert_snapshot!(why_unusable(&sealed(&bomb)), @"the document that was kept cannot be used: it has more than 4194304 bytes");
}

#[test]
fn unknown_versions_and_fields_are_errors() {
    let json = json(&small());
    let later = json.replace("\"version\":\"1\"", "\"version\":\"2\"");
    insta::assert_snapshot!(why_unusable(&sealed(&later)), @"the document that was kept cannot be used: unknown variant `2`, expected `1` at line 1 column 14");
    let none = json.replace("\"version\":\"1\",", "");
    insta::assert_snapshot!(why_unusable(&sealed(&none)), @"the document that was kept cannot be used: missing field `version` at line 1 column 813");
    let more = json.replace("\"revision\":", "\"colour\":1,\"revision\":");
    insta::assert_snapshot!(why_unusable(&sealed(&more)), @"the document that was kept cannot be used: unknown field `colour`, expected one of `commit`, `revision`, `language`, `content`, `receipt`, `sources`, `age`, `history`");
}

#[test]
fn values_that_the_domain_refuses_are_errors() {
    let json = json(&small());
    let climbing = json.replace("src/read.rs", "../read.rs");
    insta::assert_snapshot!(why_unusable(&sealed(&climbing)), @"the document that was kept cannot be used: `../read.rs` is no RepoPath");
    let beginning = json.replace("6113728f27ae82c7b1a177c8d03f9e96e0adf246", "6113728");
    insta::assert_snapshot!(why_unusable(&sealed(&beginning)), @"the document that was kept cannot be used: `6113728` is no CommitSha");
}

#[test]
fn broken_packings_are_errors() {
    for broken in ["", "AAAA", "not base64!", "////"] {
        let text = sealed(&format!("{PACKED}{broken}"));
        assert!(read(&text, &KEY, SUBJECT).is_err(), "{broken}");
    }
}

/// What stores hold must stay readable, whatever else changes.
#[test]
fn the_first_shape_stays_readable() {
    let kept = json(&small());
    insta::assert_snapshot!(kept, @r#"{"version":"1","commit":"6113728f27ae82c7b1a177c8d03f9e96e0adf246","revision":3,"language":"pt-BR","content":{"outline":{"reason":{"draft_rejected":{"unknown":2,"total":9}},"points":["Reading stops too early."],"mentions":[],"candidates":[],"impact":[],"questions":[],"conventions":[{"topic":"tests","target":{"verified":{"path":"src/read.rs","lines":[3,9]}}}]}},"receipt":{"expertise":"","files":12,"files_read":0,"bytes_read":0,"skipped":[],"model":"","model_calls":0,"input_tokens":0,"cached_tokens":0,"output_tokens":0,"cost":"","profile":"","hidden_parts":0,"changes":null,"tools":[],"excerpts_sent":0,"excerpts_cited":0,"notes":[],"redactions":{"jwt":1},"own_settings":{"file":null,"faults":[],"is_news":false}},"sources":[{"path":"src/read.rs","blob":"0123456789abcdef0123456789abcdef01234567"}],"age":null,"history":[]}"#);
    assert_eq!(read(&sealed(&kept), &KEY, SUBJECT).unwrap(), small());
}
