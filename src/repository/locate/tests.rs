//! Where requests lead in small repositories.

use std::sync::Arc;

use super::clean::strip_noise;
use super::feature::{self, Feature};
use super::{Search, locate, symbols};
use crate::domain::plan::Target;
use crate::domain::request::{Brief, Remark};
use crate::repository::index::Index;
use crate::repository::tests::index_of;

fn project() -> Index {
    index_of(&[
        (
            "README.md",
            "Retry and backoff are described here. retry retry retry backoff\n",
        ),
        (
            "src/http/client.rs",
            "//! Sends requests.\npub struct Client;\n\nimpl Client {\n    /// Waits as the server asks.\n\
             \x20   pub fn retry_after(&self) -> u64 {\n        backoff(3)\n    }\n\n    pub fn send(&self) {}\n}\n",
        ),
        (
            "src/http/mod.rs",
            "pub mod client;\npub fn backoff(tries: u64) -> u64 {\n    tries\n}\n",
        ),
        (
            "src/store.rs",
            "pub struct Store;\nimpl Store {\n    pub fn load(&self) {}\n}\n",
        ),
        (
            "src/java/com/acme/Writer.java",
            "class Writer {\n  void write() {\n  }\n}\n",
        ),
        ("lib/tool/__init__.py", "def run():\n    pass\n"),
        ("lib/tool/cli.py", "def main():\n    run()\n"),
        (
            "tests/client_test.rs",
            "fn retry_after_waits() { retry backoff retry backoff retry_after() }\n",
        ),
    ])
}

/// One line per file: path, reasons, symbols.
fn listing(index: &Index, text: &str, top: usize) -> String {
    let location = locate(index, &Brief::from_text(text), top);
    let lines = location.files.iter().map(|located| {
        let symbols: Vec<&str> = located.symbols.iter().map(|symbol| &*symbol.name).collect();
        let path = &index.snapshot().files[located.file].path;
        format!(
            "{path}: {} [{}]",
            located.reasons.join("; "),
            symbols.join(" ")
        )
    });
    lines.collect::<Vec<_>>().join("\n")
}

fn first(index: &Index, text: &str) -> String {
    let location = locate(index, &Brief::from_text(text), 1);
    index.snapshot().files[location.files[0].file]
        .path
        .to_string()
}

/// One line per mention: the text and what it stands for.
fn mentions(text: &str) -> String {
    let location = locate(&project(), &Brief::from_text(text), 1);
    let lines = location.mentions.iter().map(|mention| {
        let targets: Vec<String> = mention
            .targets
            .iter()
            .map(|target| match target {
                Target::Verified {
                    path,
                    lines: Some(lines),
                } => {
                    format!("{path}:{}-{}", lines.start(), lines.end())
                }
                other => other.text().to_owned(),
            })
            .collect();
        format!("{} -> {}", mention.text, targets.join(" "))
    });
    lines.collect::<Vec<_>>().join("\n")
}

#[test]
fn code_comes_before_tests_and_prose_and_says_why() {
    let text = "Honour retry_after with backoff\n\nThe client must wait.";
    insta::assert_snapshot!(listing(&project(), text, 4), @"
    src/http/client.rs: defines `retry_after`; uses `retry_after`, which only 2 files do; is close to better matches; its text matches the request; matches the title: retry_after, backoff [retry_after send Client]
    src/http/mod.rs: defines what better matches use; is close to better matches; its text matches the request [backoff client]
    tests/client_test.rs: test code, ranked lower; matches the title: retry_after, backoff; is close to better matches; its text matches the request [retry_after_waits]
    README.md: not code, ranked lower; is close to better matches; matches the title: retry_after, backoff []
    ");
}

#[test]
fn every_weight_is_that_of_a_feature() {
    let tables = feature::tables();
    let files = Feature::ALL.map(Feature::name);
    for (table, names) in [
        ("first", files.as_slice()),
        ("last", &files),
        ("symbols", &symbols::FEATURES),
    ] {
        let unknown = tables[table]
            .keys()
            .find(|key| !names.contains(&key.as_str()));
        assert_eq!(unknown, None, "in [{table}]");
    }
    assert_eq!(tables.len(), 3);
}

#[test]
fn a_name_spelled_in_words_is_found_where_it_is_defined() {
    let index = Arc::new(project());
    let search = Search::new(&index, &Brief::from_text("retry after is not honoured"));
    let functions = search.functions(1);
    let (path, definition) = functions.first().unwrap();
    assert_eq!(
        (*path, definition.path().as_str()),
        ("src/http/client.rs", "Client.retry_after")
    );
}

#[test]
fn a_path_in_the_text_outweighs_other_words() {
    let index = project();
    let text = "Wait longer\n\nThe client should do that, please change `src/store.rs`.";
    assert_eq!(first(&index, "retry backoff client"), "src/http/client.rs");
    assert_eq!(first(&index, text), "src/store.rs");
}

#[test]
fn paths_frames_modules_and_addresses_are_found_as_people_write_them() {
    let text = r#"Crash
        at src/http/client.rs:6:9 and http/client.rs
        File "/usr/lib/python3/site-packages/tool/cli.py", line 2, in main
        at com.acme.Writer.write(Writer.java:2)
        https://forge.example/o/r/blob/feature/x/src/store.rs#L2-L3
        tool.cli.main or http::client::Client, C:\code\src\store.rs
        missing/file.rs and e.g. this, 1.2.3 and and/or
    "#;
    insta::assert_snapshot!(mentions(text), @"
    src/http/client.rs -> src/http/client.rs:6-6
    http/client.rs -> src/http/client.rs
    /usr/lib/python3/site-packages/tool/cli.py -> lib/tool/cli.py:2-2
    com.acme.Writer.write -> src/java/com/acme/Writer.java
    Writer.java -> src/java/com/acme/Writer.java:2-2
    src/store.rs -> src/store.rs:2-2
    tool.cli.main -> lib/tool/cli.py
    http::client::Client -> src/http/client.rs
    C:/code/src/store.rs -> src/store.rs
    missing/file.rs -> 
    Writer -> src/java/com/acme/Writer.java:1-4
    write -> src/java/com/acme/Writer.java:2-3
    main -> lib/tool/cli.py:1-2
    Client -> src/http/client.rs:2-2
    ");
}

#[test]
fn symbols_lead_to_their_definitions_tests_last() {
    let text =
        "x\n\n`retry_after` and Store::load, backoff(3), `no_such_name`, `run()`, plain words";
    insta::assert_snapshot!(mentions(text), @"
    retry_after -> src/http/client.rs:6-8
    Store -> src/store.rs:1-1
    load -> src/store.rs:3-3
    backoff -> src/http/mod.rs:2-4
    no_such_name -> 
    run -> lib/tool/__init__.py:1-2
    ");
}

#[test]
fn template_noise_is_no_part_of_a_request() {
    let text = "Title\n<!-- choose store -->\n### What happened\nIt broke: ok\n- [x] I searched\n\
        ## Environment\n- OS: Linux\n### Steps\n```\n# Environment: kept\n- [ ] kept\n```\n**Version:**\n1.2\nEnd:\nlast <!-- open";
    let expected = "Title\n\n### What happened\nIt broke: ok\n### Steps\n```\n# Environment: kept\n\
        - [ ] kept\n```\nEnd:\nlast \n";
    assert_eq!(strip_noise(text), expected);
}

#[test]
fn the_discussion_and_the_focus_count() {
    let index = project();
    let mut brief = Brief::from_text("It is broken");
    assert_eq!(locate(&index, &brief, 3).files, []);
    brief.discussion.push(Remark {
        login: "a".to_owned(),
        speaker: crate::domain::request::Speaker::Other,
        text: "The Store loads nothing".to_owned(),
    });
    let located = locate(&index, &brief, 1);
    assert_eq!(
        index.snapshot().files[located.files[0].file].path.as_str(),
        "src/store.rs"
    );
    brief.discussion.clear();
    brief.focus = "Writer".to_owned();
    let located = locate(&index, &brief, 1);
    let path = &index.snapshot().files[located.files[0].file].path;
    assert_eq!(path.as_str(), "src/java/com/acme/Writer.java");
}

#[test]
fn the_line_of_a_frame_brings_its_function_first() {
    let index = index_of(&[(
        "a.py",
        "def first():\n    return fail\n\ndef second():\n    other\n    return fail\n",
    )]);
    let text = "fail\n\n  File \"a.py\", line 5, in second\nfail";
    let location = locate(&index, &Brief::from_text(text), 1);
    assert_eq!(location.files[0].symbols[0].name, "second");
}

#[test]
fn nothing_asked_gives_nothing() {
    let index = project();
    for text in ["", "the of and", "日本", "\0\u{feff}"] {
        let location = locate(&index, &Brief::from_text(text), 10);
        assert_eq!(
            (location.files.len(), location.mentions.len()),
            (0, 0),
            "{text:?}"
        );
    }
}

#[test]
fn equal_files_come_in_the_order_of_their_paths() {
    let index = index_of(&[("b.rs", "retry"), ("a.rs", "retry"), ("c.rs", "retry")]);
    let files: Vec<_> = locate(&index, &Brief::from_text("retry"), 9).files;
    let files: Vec<_> = files.iter().map(|located| located.file).collect();
    assert_eq!(files, [0, 1, 2]);
}

#[test]
fn a_hostile_request_is_answered_soon() {
    let index = project();
    // Quadratic work on so much text would take minutes.
    for text in [
        "`".repeat(30_000),
        "a.".repeat(20_000),
        "a/".repeat(20_000),
        "<!--".repeat(10_000),
        "://".repeat(10_000),
        "store.rs:1 ".repeat(5_000),
        "aB_c ".repeat(10_000),
        (0..5_000).map(|at| format!("name_{at} ")).collect(),
        "#".repeat(20_000),
    ] {
        assert!(locate(&index, &Brief::from_text(&text), 3).files.len() <= 3);
    }
}
