//! Rules beside git's own reading of them.

use std::io::Write;
use std::process::{Command, Stdio};

use proptest::prelude::{Just, Strategy, prop_oneof, proptest};
use proptest::prop_assert_eq;

use super::{Attributes, FILE_NAME, Marks};
use crate::domain::repository::RepoPath;
use crate::testing::git::TestRepository;

/// What git says of `paths` in a folder with these rule files, in our form.
fn git_says(repository: &TestRepository, paths: &[&str]) -> Vec<Marks> {
    let mut child = Command::new("git")
        .arg("-C")
        .arg(repository.path())
        .args(["check-attr", "-z", "--stdin", "linguist-generated"])
        .arg("linguist-vendored")
        .stdin(Stdio::piped())
        .stdout(Stdio::piped())
        .spawn()
        .unwrap();
    let mut input = child.stdin.take().unwrap();
    for path in paths {
        write!(input, "{path}\0").unwrap();
    }
    drop(input);
    let output = child.wait_with_output().unwrap();
    let text = String::from_utf8(output.stdout).unwrap();
    let fields: Vec<&str> = text.split('\0').collect();
    let values: Vec<Option<bool>> = fields
        .chunks_exact(3)
        .map(|field| match field[2] {
            "set" | "true" => Some(true),
            "unset" | "false" => Some(false),
            _ => None,
        })
        .collect();
    values
        .chunks_exact(2)
        .map(|pair| Marks {
            generated: pair[0],
            vendored: pair[1],
        })
        .collect()
}

fn we_say(files: &[(&str, &str)], paths: &[&str]) -> Vec<Marks> {
    let mut attributes = Attributes::default();
    for (path, text) in files {
        attributes.add(&RepoPath::parse(path).unwrap(), text);
    }
    paths
        .iter()
        .map(|path| attributes.marks(&RepoPath::parse(path).unwrap()))
        .collect()
}

/// Asserts that both say the same, path by path.
fn agree(files: &[(&str, &str)], paths: &[&str]) {
    let repository = TestRepository::empty();
    for (path, text) in files {
        let path = repository.path().join(path);
        std::fs::create_dir_all(path.parent().unwrap()).unwrap();
        std::fs::write(path, text).unwrap();
    }
    let pairs = |marks: Vec<Marks>| paths.iter().copied().zip(marks).collect::<Vec<_>>();
    assert_eq!(
        pairs(we_say(files, paths)),
        pairs(git_says(&repository, paths))
    );
}

const PATHS: &[&str] = &[
    "a",
    "a.js",
    "b.min.js",
    "src/a.js",
    "src/gen/a.js",
    "src/gen/deep/a.js",
    "gen/a.js",
    "gen",
    "x/src/gen/a.js",
    "docs/read me.md",
    "docs/é.md",
    "docs/a[1].md",
    "docs/a-b.md",
    "docs/A.md",
    "!odd",
    "#odd",
    "sub/a.js",
    "sub/gen/a.js",
    "a/b/c/d/e.rs",
    "a/b/e.rs",
    "a/e.rs",
    "back\\slash",
];

#[test]
fn patterns_match_as_gits_do() {
    for pattern in [
        "*",
        "a",
        "*.js",
        "/a.js",
        "/*.js",
        "src/*.js",
        "src/**",
        "src/**/a.js",
        "**/gen/**",
        "**/a.js",
        "**",
        "gen/",
        "/gen",
        "gen",
        "gen/**",
        "a/**/e.rs",
        "**/",
        "/**",
        "docs/*[.]md",
        "docs/?.md",
        "docs/[a-z].md",
        "docs/[!a-z].md",
        "docs/[^A].md",
        "docs/a\\[1\\].md",
        "docs/a[[]1].md",
        "docs/a[1].md",
        "[[:upper:]]*",
        "*[[:digit:]]*",
        "\"docs/read me.md\"",
        "\"docs/\\303\\251.md\"",
        "docs/é.md",
        "docs/??.md",
        "\\!odd",
        "!odd",
        "\\#odd",
        "#odd",
        "[",
        "[a",
        "a\\",
        "back\\\\slash",
        "src/*/a.js",
        "*/a.js",
        "*/*/a.js",
        "docs/[]-]*",
        "docs/a[-x]b.md",
        "s[rR]c/*",
        "/",
        "//a.js",
        "docs/a[a-]b.md",
        "***",
        "src/***/a.js",
        "[[:nosuch:]]a",
        "\"unclosed",
        "\"a\" ",
    ] {
        let rules = format!("{pattern} linguist-generated\n");
        agree(&[(FILE_NAME, &rules)], PATHS);
    }
}

#[test]
fn values_orders_and_macros_hold_as_gits_do() {
    for rules in [
        "* linguist-generated\n*.js -linguist-generated\n",
        "* linguist-generated=true linguist-vendored=false\na.js !linguist-generated\n",
        "*.js -linguist-generated\n* linguist-generated\n",
        "* linguist-generated -linguist-generated\n",
        "* linguist-generated !linguist-generated linguist-vendored=TRUE\n",
        "[attr]tool linguist-generated -linguist-vendored\nsrc/** tool\n",
        "[attr]tool linguist-generated\n[attr]more tool linguist-vendored\nsrc/** more\ngen/* -more\n",
        "src/**   linguist-vendored\t text=auto\r\n",
        "  \t# no rule\n\n\tsrc/** linguist-vendored\n",
        "* binary linguist-language=Rust\n",
        "*.js\n",
    ] {
        agree(&[(FILE_NAME, rules)], PATHS);
    }
}

#[test]
fn deeper_files_win_over_those_above() {
    let files = [
        (
            FILE_NAME,
            "* linguist-generated\nsub/gen/* linguist-vendored\n",
        ),
        (
            "sub/.gitattributes",
            "/a.js -linguist-generated\n[attr]m linguist-vendored\n*.js m\n",
        ),
        (
            "sub/gen/.gitattributes",
            "*.js !linguist-generated\n/sub/** linguist-vendored\n",
        ),
    ];
    agree(&files, PATHS);
}

#[test]
fn a_pattern_made_to_explode_ends_soon() {
    let rules = format!("{}b linguist-generated\n", "*a".repeat(500)).repeat(900);
    let path = RepoPath::parse(&"a".repeat(4000)).unwrap();
    let mut attributes = Attributes {
        most_steps: 5_000_000,
        ..Attributes::default()
    };
    attributes.add(&RepoPath::parse(FILE_NAME).unwrap(), &rules);
    for _ in 0..10_000 {
        assert_eq!(attributes.marks(&path), Marks::default());
    }
    // A single comparison takes the pattern's length times the path's.
    assert!(attributes.steps < 5_000_000 + 1_000 * 4_000);
}

/// Patterns of every form but stars beside other stars and letters, of which git says different
/// things at different times.
fn names() -> impl Strategy<Value = String> {
    let part = prop_oneof![
        Just("a"),
        Just("b"),
        Just("*"),
        Just("?"),
        Just("[ab]"),
        Just("[!a]"),
        Just("\\*"),
    ];
    let name =
        proptest::collection::vec(part, 1..4).prop_map(|parts| parts.concat().replace("**", "*"));
    let segment = prop_oneof![3 => name, 1 => Just("**".to_owned())];
    let segments = proptest::collection::vec(segment, 1..5);
    let ends = prop_oneof![4 => Just(""), 1 => Just("/")];
    (ends.clone(), segments, ends)
        .prop_map(|(start, segments, end)| format!("{start}{}{end}", segments.join("/")))
}

proptest! {
    #![proptest_config(proptest::test_runner::Config { cases: 40, ..Default::default() })]

    #[test]
    fn patterns_of_all_kinds_match_as_gits_do(patterns in proptest::collection::vec(names(), 20)) {
        let paths = [
            "a", "b", "ab", "a/a", "a/b", "b/a", "a/b/a", "a/a/b/b", "aa/b", "a/ab", "*", "a*/b", "b/*",
            "a/b/ab/ba",
        ];
        let repository = TestRepository::empty();
        // One folder for each pattern: git is asked once.
        let mut files = Vec::new();
        let mut asked = Vec::new();
        for (number, pattern) in patterns.iter().enumerate() {
            let folder = repository.path().join(number.to_string());
            std::fs::create_dir_all(&folder).unwrap();
            let rule = format!("{pattern} linguist-generated\n");
            std::fs::write(folder.join(FILE_NAME), &rule).unwrap();
            files.push((format!("{number}/{FILE_NAME}"), rule));
            asked.extend(paths.map(|path| format!("{number}/{path}")));
        }
        let files: Vec<_> = files.iter().map(|(path, rule)| (path.as_str(), rule.as_str())).collect();
        let asked: Vec<_> = asked.iter().map(String::as_str).collect();
        let ours = we_say(&files, &asked);
        let gits = git_says(&repository, &asked);
        for ((path, ours), gits) in asked.iter().zip(ours).zip(gits) {
            let number: usize = path.split('/').next().unwrap().parse().unwrap();
            prop_assert_eq!(ours, gits, "{} against {}", path, &patterns[number]);
        }
    }
}
