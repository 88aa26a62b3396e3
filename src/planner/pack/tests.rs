use std::fmt::Write as _;

use insta::assert_snapshot;

use super::*;
use crate::domain::document::{Convention, Mention};
use crate::domain::plan::Target;
use crate::planner::fixture::{FILES, index, snapshot};
use crate::repository::Located;

/// A location with these files, each with the definitions of these names.
fn location(index: &Index, files: &[(&str, &[&str])]) -> Location {
    let located = |(path, names): &(&str, &[&str])| {
        let (file, _) = index.find(&RepoPath::parse(path).unwrap()).unwrap();
        let definitions = index.definitions(file);
        Located {
            file,
            score: 1.0,
            reasons: vec!["named in the request".to_owned(), "second".to_owned()],
            symbols: (names.iter())
                .map(|name| {
                    definitions
                        .iter()
                        .find(|it| it.name == **name)
                        .unwrap()
                        .clone()
                })
                .collect(),
        }
    };
    Location {
        mentions: Vec::new(),
        files: files.iter().map(located).collect(),
    }
}

fn facts() -> Facts {
    Facts {
        languages: vec!["Rust".to_owned()],
        manifests: vec!["Cargo.toml".to_owned()],
        dependencies: vec!["serde".to_owned(), "tokio".to_owned()],
        expertise: "Rust".to_owned(),
        conventions: vec![Convention {
            topic: "errors".to_owned(),
            target: Target::New {
                path: RepoPath::parse("src/client.rs").unwrap(),
            },
        }],
        ..Facts::default()
    }
}

fn headers(pack: &EvidencePack) -> Vec<String> {
    pack.excerpts.iter().map(Excerpt::header).collect()
}

#[test]
fn pack_shows_the_best_symbols_and_a_use_of_them() {
    let index = index();
    let location = location(
        &index,
        &[
            ("src/client.rs", &["fetch_page"]),
            ("src/config.rs", &["Settings"]),
        ],
    );
    let pack = EvidencePack::compile(&index, &location, &facts(), PACK_TOKENS);
    assert_snapshot!(headers(&pack).join("\n"), @r"
    E1 src/client.rs:14-25 Client.fetch_page — named in the request
    E2 src/config.rs:1-4 Settings — named in the request
    E3 src/main.rs:1-9 — uses fetch_page
    E4 src/client.rs:1-7 — uses Settings
    ");
    assert_snapshot!(pack.facts, @r"
    languages: Rust
    manifests: Cargo.toml
    dependencies at hand: serde, tokio
    convention, errors: see src/client.rs
    ");
    assert_snapshot!(pack.users, @r"
    fetch_page (src/client.rs): named in 1 other files: src/main.rs
    Settings (src/config.rs): named in 1 other files: src/client.rs
    ");
}

#[test]
fn excerpt_is_the_text_of_its_lines() {
    let index = index();
    let location = location(
        &index,
        &[("src/client.rs", &["open"]), ("src/config.rs", &[])],
    );
    let pack = EvidencePack::compile(&index, &location, &facts(), PACK_TOKENS);
    assert!(pack.excerpts.len() >= 2);
    for excerpt in &pack.excerpts {
        let (_, file) = index.find(&excerpt.path).unwrap();
        let lines: Vec<_> = file.text.as_deref().unwrap().lines().collect();
        let (start, end) = (excerpt.lines.start() as usize, excerpt.lines.end() as usize);
        assert_eq!(
            excerpt.text,
            lines[start - 1..end].join("\n"),
            "{}",
            excerpt.header()
        );
    }
}

#[test]
fn place_that_the_request_names_comes_first() {
    let index = index();
    let mut location = location(&index, &[("src/client.rs", &["fetch_page"])]);
    location.mentions = vec![Mention {
        text: "src/config.rs:6".to_owned(),
        targets: vec![Target::Verified {
            path: RepoPath::parse("src/config.rs").unwrap(),
            lines: Some(LineRange::new(6, 10)),
        }],
    }];
    let pack = EvidencePack::compile(&index, &location, &facts(), PACK_TOKENS);
    assert_eq!(
        headers(&pack)[0],
        "E1 src/config.rs:2-10 src/config.rs:6 — named in the request"
    );
}

#[test]
fn file_that_was_not_read_is_never_shown() {
    let index = index();
    let location = location(
        &index,
        &[("assets/logo.bin", &[]), ("src/main.rs", &["main"])],
    );
    let pack = EvidencePack::compile(&index, &location, &facts(), PACK_TOKENS);
    assert!(
        pack.excerpts
            .iter()
            .all(|it| it.path.as_str() != "assets/logo.bin")
    );
    assert_eq!(pack.excerpts.len(), 1);
}

#[test]
fn piece_is_shown_once() {
    let index = index();
    let same: &[&str] = &["fetch_page", "fetch_page", "fetch_page"];
    let location = location(&index, &[("src/client.rs", same), ("src/client.rs", same)]);
    let pack = EvidencePack::compile(&index, &location, &facts(), PACK_TOKENS);
    let of_client = pack
        .excerpts
        .iter()
        .filter(|it| it.path.as_str() == "src/client.rs");
    assert_eq!(of_client.count(), 1);
}

/// A repository of many large files, all of which fit the request.
fn flood() -> (Index, Location) {
    let mut text = String::new();
    for i in 0..6 {
        writeln!(text, "fn handle_{i}() {{").unwrap();
        for j in 0..70 {
            writeln!(text, "    let value_{j} = compute(\"{}\");", "é".repeat(20)).unwrap();
        }
        writeln!(text, "}}").unwrap();
    }
    writeln!(text, "fn last() {{ \"{}\" }}", "é".repeat(4_000)).unwrap();
    let paths: Vec<_> = (0..50)
        .map(|i| format!("src/area_{i}/deep/er/file.rs"))
        .collect();
    let files: Vec<_> = paths
        .iter()
        .map(|path| (path.as_str(), Some(text.as_str())))
        .collect();
    let index = Index::build(snapshot(&files));
    let names: &[&str] = &["handle_0", "handle_1", "last", "handle_3", "handle_4"];
    let files: Vec<_> = paths.iter().map(|path| (path.as_str(), names)).collect();
    let location = location(&index, &files);
    (index, location)
}

#[test]
fn pack_keeps_its_budget_and_limits() {
    let (index, location) = flood();
    for budget in [PACK_TOKENS, SMALL_PACK_TOKENS, 1_000, 0] {
        let pack = EvidencePack::compile(&index, &location, &facts(), budget);
        assert!(
            pack.tokens() <= budget.max(1),
            "{} of {budget}",
            pack.tokens()
        );
        assert!(pack.excerpts.len() <= 40);
        assert!(pack.text().len().div_ceil(BYTES_PER_TOKEN) <= budget + 100);
        for excerpt in &pack.excerpts {
            assert!(excerpt.text.lines().count() <= 60, "{}", excerpt.header());
            assert!(excerpt.text.lines().all(|line| line.len() < 700));
        }
    }
    let pack = EvidencePack::compile(&index, &location, &facts(), PACK_TOKENS);
    assert!(pack.tokens() > PACK_TOKENS * 9 / 10, "{}", pack.tokens());
}

#[test]
fn cut_line_says_that_it_was_cut() {
    let (index, location) = flood();
    let location = Location {
        files: location.files.into_iter().take(2).collect(),
        ..Location::default()
    };
    let pack = EvidencePack::compile(&index, &location, &facts(), PACK_TOKENS);
    assert!(pack.text().contains("[line cut here; do not quote it]"));
}

#[test]
fn same_inputs_give_the_same_pack() {
    let (index, location) = flood();
    let compile = || EvidencePack::compile(&index, &location, &facts(), PACK_TOKENS);
    assert_eq!(compile(), compile());
}

#[test]
fn nothing_found_leaves_facts_and_folders() {
    let index = Index::build(snapshot(&FILES));
    let pack = EvidencePack::compile(&index, &Location::default(), &facts(), PACK_TOKENS);
    assert_eq!(pack.excerpts, []);
    assert_snapshot!(pack.map, @r"
    / 2 files
    assets/ 1 file
    src/ 3 files
    tests/ 1 file
    ");
}

#[test]
fn id_leads_to_its_excerpt_only() {
    let index = index();
    let location = location(&index, &[("src/client.rs", &["fetch_page"])]);
    let pack = EvidencePack::compile(&index, &location, &facts(), PACK_TOKENS);
    assert_eq!(
        pack.find("E1").map(|it| it.path.as_str()),
        Some("src/client.rs")
    );
    for id in ["E0", "e1", "E1 ", "E99", ""] {
        assert_eq!(pack.find(id), None, "{id}");
    }
}

#[test]
fn picks_come_before_what_was_ranked_and_notes_are_kept_short() {
    let index = index();
    let location = location(&index, &[("src/client.rs", &["fetch_page"])]);
    let (file, _) = index
        .find(&RepoPath::parse("src/main.rs").unwrap())
        .unwrap();
    let discovery = Discovery {
        notes: "note\n".repeat(5_000),
        picks: vec![Pick {
            file,
            lines: LineRange::new(4, 9),
            symbol: "main".to_owned(),
            reason: "builds the client".to_owned(),
        }],
    };
    let found = (&location, &discovery);
    let pack = EvidencePack::compile_with(&index, found, &facts(), PACK_TOKENS);
    assert_eq!(
        headers(&pack)[0],
        "E1 src/main.rs:4-9 main — builds the client"
    );
    assert!(pack.notes.len() <= MAX_NOTE_BYTES);
    assert!(pack.tokens() <= PACK_TOKENS);
}

#[test]
fn pack_is_extended_only_by_what_it_does_not_show() {
    let index = index();
    let location = location(&index, &[("src/client.rs", &["fetch_page"])]);
    let mut pack = EvidencePack::compile(&index, &location, &facts(), PACK_TOKENS);
    let before = pack.clone();
    let pick = |path: &str, start, end| Pick {
        file: index.find(&RepoPath::parse(path).unwrap()).unwrap().0,
        lines: LineRange::new(start, end),
        symbol: String::new(),
        reason: "for a repair".to_owned(),
    };
    let picks = [
        pick("src/client.rs", 19, 22),
        pick("src/config.rs", 6, 10),
        pick("assets/logo.bin", 1, 2),
    ];
    let places = pack.extend(&index, &picks, 3_000);
    assert_eq!(places, [0, before.excerpts.len()]);
    assert_eq!(pack.excerpts[..before.excerpts.len()], before.excerpts[..]);
    let last = pack.excerpts.last().unwrap();
    assert_eq!(
        last.header(),
        format!("E{} src/config.rs:6-10 — for a repair", pack.excerpts.len())
    );
    assert_eq!(
        pack.extend(&index, &[pick("README.md", 1, 3)], 10),
        Vec::<usize>::new()
    );
}
