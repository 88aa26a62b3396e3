//! Parsing in children of the real program: hostile texts, hostile children, and what a child may do.

use std::fs;
use std::io::{Read, Write};
use std::os::unix::fs::PermissionsExt;
use std::path::PathBuf;
use std::process::{Child, Stdio};
use std::sync::Arc;
use std::time::{Duration, Instant};

use planwright::repository::Definition;
use planwright::repository::syntax::Breakage;
use planwright::repository::syntax::Grammar;
use planwright::repository::syntax::ParseJob;
use planwright::repository::syntax::Parsed;
use planwright::repository::syntax::ParserLimits;
use planwright::repository::syntax::Parsers;

use crate::program::{command, run_reading};

fn program() -> PathBuf {
    env!("CARGO_BIN_EXE_planwright").into()
}

/// Parsers that do not refuse a text for its size or its lines, so that children see it.
fn patient() -> Parsers {
    let limits = ParserLimits {
        file_bytes: 4 << 20,
        line_bytes: 4 << 20,
        failures: 1_000,
        // The machine may be busy with other tests.
        answer_time: Duration::from_mins(2),
        ..ParserLimits::default()
    };
    Parsers::new(program(), limits)
}

fn job(grammar: Grammar, text: impl Into<Arc<str>>) -> ParseJob {
    let text = text.into();
    ParseJob { grammar, text }
}

fn good() -> ParseJob {
    job(Grammar::Rust, "mod m { fn works() {} }")
}

/// The paths of the definitions; what went wrong otherwise.
fn outcome(parsed: &Parsed) -> Result<Vec<String>, Breakage> {
    match parsed {
        Parsed::Done(syntax) => Ok(syntax.definitions.iter().map(Definition::path).collect()),
        Parsed::Broken(breakage) => Err(*breakage),
    }
}

fn works() -> Vec<String> {
    vec!["m".to_owned(), "m.works".to_owned()]
}

/// Parses each text with a good one behind it, which must come through.
async fn survives(grammar: Grammar, texts: Vec<String>) -> Vec<Result<Vec<String>, Breakage>> {
    let jobs = texts
        .into_iter()
        .flat_map(|text| [job(grammar, text), good()])
        .collect();
    let parsed: Vec<_> = patient().parse(jobs).await.iter().map(outcome).collect();
    for pair in parsed.chunks(2) {
        assert_eq!(pair[1], Ok(works()), "{grammar:?} behind {:?}", pair[0]);
    }
    parsed.into_iter().step_by(2).collect()
}

/// Bytes that look random and are always the same.
fn noise(length: usize) -> String {
    let mut state = 0x2545_f491_4f6c_dd1d_u64;
    let bytes: Vec<u8> = (0..length)
        .map(|_| {
            state ^= state << 13;
            state ^= state >> 7;
            state ^= state << 17;
            state.to_le_bytes()[0]
        })
        .collect();
    String::from_utf8_lossy(&bytes).into_owned()
}

#[tokio::test]
async fn results_are_in_the_order_of_the_texts() {
    let jobs = (0..50).map(|number| job(Grammar::Go, format!("package a\nfunc f{number}() {{}}")));
    let parsed = Parsers::new(program(), ParserLimits::default())
        .parse(jobs.collect())
        .await;
    let names: Vec<_> = parsed.iter().map(outcome).collect();
    let expected: Vec<_> = (0..50)
        .map(|number| Ok(vec![format!("f{number}")]))
        .collect();
    assert_eq!(names, expected);
}

#[tokio::test]
async fn every_language_is_parsed() {
    let texts = [
        (Grammar::Rust, "struct Found;"),
        (Grammar::Python, "class Found: pass"),
        (Grammar::JavaScript, "class Found {}"),
        (Grammar::TypeScript, "interface Found {}"),
        (Grammar::Tsx, "const Found = () => <a></a>;"),
        (Grammar::Go, "package a\ntype Found struct{}"),
        (Grammar::Java, "class Found {}"),
        (Grammar::C, "struct Found { int a; };"),
        (Grammar::Cpp, "class Found {};"),
        (Grammar::Header, "int Found(void);"),
        (Grammar::CSharp, "class Found {}"),
        (Grammar::Ruby, "class Found; end"),
        (Grammar::Php, "<?php class Found {}"),
    ];
    assert_eq!(texts.map(|(grammar, _)| grammar), Grammar::ALL);
    let jobs = texts.map(|(grammar, text)| job(grammar, text)).to_vec();
    for (parsed, (grammar, _)) in patient().parse(jobs).await.iter().zip(texts) {
        assert_eq!(outcome(parsed), Ok(vec!["Found".to_owned()]), "{grammar:?}");
    }
}

#[tokio::test]
async fn texts_that_no_hand_wrote_never_reach_a_child() {
    let jobs = vec![
        job(Grammar::Java, "x".repeat(50_000_000)),
        job(
            Grammar::Java,
            format!("class A {{ String s = \"{}\"; }}", "x".repeat(20_000)),
        ),
        job(Grammar::Java, "class A {}\n".repeat(50_000)),
    ];
    let parsers = Parsers::new("/nonexistent".into(), ParserLimits::default());
    let parsed: Vec<_> = parsers.parse(jobs).await.iter().map(outcome).collect();
    let expected = [Breakage::TooLarge, Breakage::LongLine, Breakage::TooLarge];
    assert_eq!(parsed, expected.map(Err));
}

#[tokio::test]
async fn generics_without_end_break_only_their_own_text() {
    for grammar in [Grammar::Java, Grammar::CSharp] {
        let found = survives(grammar, vec!["a<".repeat(32 * 1024)]).await;
        assert!(
            matches!(found[0], Err(Breakage::Crashed | Breakage::TooSlow)),
            "{grammar:?}: {found:?}"
        );
    }
}

#[tokio::test]
async fn a_hundred_thousand_brackets_are_bounded_in_every_language() {
    for grammar in Grammar::ALL {
        let texts = ["(", "[", "{"]
            .map(|bracket| bracket.repeat(100_000))
            .to_vec();
        for found in survives(grammar, texts).await {
            assert!(
                matches!(found, Ok(_) | Err(Breakage::Crashed | Breakage::TooSlow)),
                "{grammar:?}: {found:?}"
            );
        }
    }
}

#[tokio::test]
async fn noise_is_bounded_in_every_language() {
    for grammar in Grammar::ALL {
        let found = survives(grammar, vec![noise(20_000), "\"${".repeat(5_500)]).await;
        assert!(
            !found.contains(&Err(Breakage::Unavailable)),
            "{grammar:?}: {found:?}"
        );
    }
}

#[tokio::test]
async fn after_too_many_failures_no_more_is_tried() {
    let limits = ParserLimits {
        failures: 2,
        children: 1,
        line_bytes: 4 << 20,
        ..ParserLimits::default()
    };
    let hostile = || job(Grammar::Java, "a<".repeat(32 * 1024));
    let jobs = vec![hostile(), good(), hostile(), good(), hostile()];
    let parsed = Parsers::new(program(), limits).parse(jobs).await;
    let lasting = |parsed: &Parsed| match parsed {
        Parsed::Done(_) => None,
        Parsed::Broken(breakage) => Some(breakage.is_lasting()),
    };
    let lasting: Vec<_> = parsed.iter().map(lasting).collect();
    assert_eq!(
        lasting,
        [Some(true), None, Some(true), Some(false), Some(false)]
    );
}

#[tokio::test]
async fn without_a_child_every_text_may_be_tried_again() {
    let none = Parsers::none().parse(vec![good()]).await;
    assert_eq!(none, [Parsed::Broken(Breakage::Unavailable)]);
    // One that is not there, one that ends at once, one that is no child of ours.
    for program in ["/nonexistent", "/bin/true", "/bin/ls"] {
        let parsers = Parsers::new(program.into(), ParserLimits::default());
        let parsed = parsers.parse(vec![good(), good(), good()]).await;
        assert_eq!(
            parsed,
            vec![Parsed::Broken(Breakage::Unavailable); 3],
            "{program}"
        );
    }
}

/// What a child makes of a text that answers with these bytes, as `printf` spells them.
async fn answered(answer: &str) -> Result<Vec<String>, Breakage> {
    let folder = tempfile::tempdir().unwrap();
    let child = folder.path().join("child");
    let script = format!("#!/bin/sh\nprintf '\\001{answer}'\nread line\n");
    fs::write(&child, script).unwrap();
    fs::set_permissions(&child, fs::Permissions::from_mode(0o700)).unwrap();
    let parsers = Parsers::new(child, ParserLimits::default());
    outcome(
        &parsers
            .parse(vec![job(Grammar::Rust, "fn a() {}\n\n")])
            .await[0],
    )
}

#[tokio::test]
async fn answers_that_cannot_be_true_are_refused() {
    // Whole: no containers, no definitions, no names, no imports.
    assert_eq!(
        answered(r"\006\000\000\000\001\000\000\000\000\000").await,
        Ok(vec![])
    );
    // An import of line 3, which there is; then of line 4.
    let import = |line: &str| format!(r"\012\000\000\000\001\000\000\000\000\001{line}\001a\000");
    assert_eq!(answered(&import(r"\003")).await, Ok(vec![]));
    assert_eq!(answered(&import(r"\004")).await, Err(Breakage::Crashed));
    // Another version, a length past all bounds, an end in the middle.
    assert_eq!(
        answered(r"\001\000\000\000\377").await,
        Err(Breakage::Crashed)
    );
    assert_eq!(answered(r"\377\377\377\377").await, Err(Breakage::Crashed));
    assert_eq!(
        answered(r"\006\000\000\000\001").await,
        Err(Breakage::Crashed)
    );
}

#[tokio::test]
async fn a_child_that_does_not_answer_is_ended_and_the_text_not_blamed() {
    let folder = tempfile::tempdir().unwrap();
    let child = folder.path().join("child");
    fs::write(&child, "#!/bin/sh\nprintf '\\001'\nwhile :; do :; done\n").unwrap();
    fs::set_permissions(&child, fs::Permissions::from_mode(0o700)).unwrap();
    let limits = ParserLimits {
        answer_time: Duration::from_millis(50),
        ..ParserLimits::default()
    };
    let began = Instant::now();
    let parsed = Parsers::new(child, limits).parse(vec![good()]).await;
    assert_eq!(parsed, [Parsed::Broken(Breakage::Unavailable)]);
    assert!(began.elapsed() < Duration::from_secs(10));
}

/// A child that has greeted.
fn greeted() -> Child {
    let folder = tempfile::tempdir().unwrap();
    let mut child = command(folder.path())
        .arg("parse-files")
        .stdin(Stdio::piped())
        .stdout(Stdio::piped())
        .stderr(Stdio::piped())
        .spawn()
        .unwrap();
    let mut greeting = [0];
    child
        .stdout
        .as_mut()
        .unwrap()
        .read_exact(&mut greeting)
        .unwrap();
    assert_eq!(greeting, [1]);
    child
}

#[cfg(target_os = "linux")]
#[test]
fn a_child_has_limited_itself_before_it_greets() {
    let child = greeted();
    let limits = fs::read_to_string(format!("/proc/{}/limits", child.id())).unwrap();
    let limit = |name: &str| {
        let line = limits
            .lines()
            .find_map(|line| line.strip_prefix(name))
            .unwrap();
        let mut words = line.split_whitespace();
        let (soft, hard) = (words.next().unwrap(), words.next().unwrap());
        assert_eq!(soft, hard, "{name}");
        soft.parse::<u64>().unwrap()
    };
    assert_eq!(limit("Max core file size"), 0);
    assert_eq!(limit("Max file size"), 0);
    assert_eq!(limit("Max processes"), 0);
    assert_eq!(limit("Max open files"), 3);
    let space = limit("Max address space");
    assert!((256 << 20..2 << 30).contains(&space), "{space}");
    let output = child.wait_with_output().unwrap();
    assert_eq!((output.status.code(), output.stderr), (Some(0), vec![]));
}

#[test]
fn a_child_ends_at_a_question_that_no_parent_asks() {
    for question in [
        &b"\xff\x00\x00\x00\x00"[..],    // no such language
        b"\x00\xff\xff\xff\xff",         // too long
        b"\x00\x02\x00\x00\x00\xff\xfe", // no text
        b"\x00\x09\x00\x00\x00fn",       // cut
    ] {
        let mut child = greeted();
        child.stdin.take().unwrap().write_all(question).unwrap();
        let output = child.wait_with_output().unwrap();
        assert_eq!(
            (output.status.code(), output.stdout),
            (Some(3), vec![]),
            "{question:?}"
        );
    }
}

#[test]
fn a_question_by_hand_is_answered() {
    let folder = tempfile::tempdir().unwrap();
    let question = b"\x00\x09\x00\x00\x00fn a() {}";
    let answered = run_reading(folder.path(), &["parse-files"], question).data();
    // The greeting, a length, a version, a whole text; one container without a name; one function of
    // line 1 in it; no uses, no imports.
    let answer = "\x01\x14\0\0\0\x01\0\x01\0\x01\0\0\x01\0\x01a\x06fn a()\0\0";
    assert_eq!(answered, answer);
}
