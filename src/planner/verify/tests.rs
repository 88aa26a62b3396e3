use insta::assert_snapshot;
use serde_json::json;

use super::*;
use crate::domain::plan::Target;
use crate::domain::repository::{LineRange, RepoPath};
use crate::planner::draft::{Operation, PointKind, SideEffect};
use crate::planner::fixture::{self, FILES, anchor, gold, index, texts};
use crate::planner::pack::Excerpt;
use crate::planner::report::Report;

fn pack() -> EvidencePack {
    EvidencePack {
        excerpts: vec![Excerpt {
            id: "E1".to_owned(),
            path: RepoPath::parse("src/client.rs").unwrap(),
            lines: LineRange::new(18, 25),
            symbol: "fetch_page".to_owned(),
            reason: "named in the request".to_owned(),
            text: String::new(),
        }],
        ..EvidencePack::default()
    }
}

fn check(draft: &Draft) -> Verification {
    let (index, pack, lookups) = (index(), pack(), fixture::lookups());
    let ground = Ground {
        pack: Some(&pack),
        lookups: Some(&lookups),
        ..Ground::bare(&index)
    };
    verify(draft, &ground)
}

/// The gold plan after `mutate`.
fn mutated(mutate: impl FnOnce(&mut Draft)) -> Verification {
    let mut draft = gold();
    mutate(&mut draft);
    check(&draft)
}

/// Findings as lines.
fn lines(verification: &Verification) -> Vec<String> {
    (verification.findings.iter())
        .map(|finding| {
            let class = finding.class.as_str();
            format!("{} {class} {}", finding.check, finding.at)
        })
        .collect()
}

fn message(verification: &Verification) -> String {
    let finding = &verification.findings[0];
    format!("{} -> {}", finding.message, finding.candidates.join(" | "))
}

fn at(path: &str, start: u32, end: u32) -> Target {
    Target::Verified {
        path: RepoPath::parse(path).unwrap(),
        lines: Some(LineRange::new(start, end)),
    }
}

#[test]
fn true_plan_raises_no_alarm() {
    let verification = check(&gold());
    assert_eq!(lines(&verification), Vec::<String>::new());
    let all = References {
        verified: verification.references.total,
        ..verification.references
    };
    assert_eq!(verification.references, all);
    assert_eq!((all.total, all.checked), (20, true));
}

#[test]
fn true_plan_gets_its_places() {
    let plan = check(&gold()).plan;
    let targets: Vec<_> = plan
        .changes
        .iter()
        .flat_map(|change| change.anchors.iter().map(|anchor| anchor.target.clone()))
        .collect();
    assert_eq!(
        targets,
        [
            at("src/config.rs", 3, 3),
            at("src/config.rs", 7, 8),
            at("src/client.rs", 29, 29),
            at("src/client.rs", 11, 16),
            at("src/client.rs", 18, 18),
        ]
    );
    assert_eq!(plan.findings[0].evidence, [at("src/client.rs", 18, 25)]);
    let new = Target::New {
        path: RepoPath::parse("src/backoff.rs").unwrap(),
    };
    assert_eq!(plan.changes[1].target, new);
    assert_eq!(plan.changes[2].side_effects[0].target, new);
}

type Mutation = fn(&mut Draft);

/// What is done to the gold plan, and the first finding that must come of it.
const MUTATIONS: [(&str, Mutation, &str); 38] = [
    (
        "invented path",
        |d| d.changes[2].path = "src/clients.rs".into(),
        "G1 hard /changes/2/path",
    ),
    (
        "case flip",
        |d| d.changes[2].path = "src/Client.rs".into(),
        "G1 hard /changes/2/path",
    ),
    (
        "right name, wrong folder",
        |d| d.changes[2].path = "lib/client.rs".into(),
        "G1 hard /changes/2/path",
    ),
    (
        "a folder",
        |d| d.changes[2].path = "src".into(),
        "G1 hard /changes/2/path",
    ),
    (
        "outside the repository",
        |d| d.changes[2].path = "../client.rs".into(),
        "G1 hard /changes/2/path",
    ),
    (
        "absolute",
        |d| d.changes[2].path = "/etc/passwd".into(),
        "G1 hard /changes/2/path",
    ),
    (
        "no path",
        |d| d.changes[2].path = String::new(),
        "G1 hard /changes/2/path",
    ),
    (
        "a submodule",
        |d| d.changes[2].path = "vendor/lib".into(),
        "G1 hard /changes/2/path",
    ),
    (
        "inside a submodule",
        |d| d.changes[2].path = "vendor/lib/a.rs".into(),
        "G1 hard /changes/2/path",
    ),
    (
        "deleting nothing",
        |d| {
            d.changes[2].op = Operation::Delete;
            d.changes[2].path = "src/gone.rs".into();
        },
        "G1 hard /changes/2/path",
    ),
    (
        "adding what exists",
        |d| d.changes[1].path = "src/main.rs".into(),
        "G2 hard /changes/1/path",
    ),
    (
        "adding a case twin",
        |d| d.changes[1].path = "SRC/main.rs".into(),
        "G2 hard /changes/1/path",
    ),
    (
        "adding below a file",
        |d| d.changes[1].path = "src/main.rs/a.rs".into(),
        "G2 hard /changes/1/path",
    ),
    (
        "adding a folder's name",
        |d| d.changes[1].path = "src".into(),
        "G2 hard /changes/1/path",
    ),
    (
        "adding inside a submodule",
        |d| d.changes[1].path = "vendor/lib/a.rs".into(),
        "G2 hard /changes/1/path",
    ),
    (
        "adding to git's folder",
        |d| d.changes[1].path = ".git/hooks/post-merge".into(),
        "G2 hard /changes/1/path",
    ),
    (
        "moving onto a file",
        |d| {
            d.changes[2].op = Operation::Rename;
            d.changes[2].new_path = "src/main.rs".into();
        },
        "G2 hard /changes/2/new_path",
    ),
    (
        "moving nowhere",
        |d| d.changes[2].op = Operation::Rename,
        "G2 hard /changes/2/new_path",
    ),
    (
        "invented symbol",
        |d| d.changes[2].anchors[1] = anchor("Client::reopen", ""),
        "G3 hard /changes/2/anchors/1/symbol",
    ),
    (
        "symbol of another file",
        |d| d.changes[2].anchors[1] = anchor("load_settings", ""),
        "G3 hard /changes/2/anchors/1/symbol",
    ),
    (
        "invented type around a true name",
        |d| d.changes[2].anchors[1] = anchor("Ghost::open", ""),
        "G3 hard /changes/2/anchors/1/symbol",
    ),
    (
        "one identifier changed",
        |d| {
            d.changes[2].anchors[0].quote =
                "if let Some(page) = try_twice(address, attempt) {".into();
        },
        "G4 hard /changes/2/anchors/0/quote",
    ),
    (
        "word cut in two",
        |d| d.changes[2].anchors[0].quote = "let Some(page) = try_once(address, attemp".into(),
        "G4 hard /changes/2/anchors/0/quote",
    ),
    (
        "ellipsis",
        |d| d.changes[2].anchors[0].quote = "if let Some(page) = … {".into(),
        "G4 hard /changes/2/anchors/0/quote",
    ),
    (
        "lines that are not neighbours",
        |d| {
            d.changes[0].anchors[1].quote = "pub fn load_settings(text: &str) -> Settings {\nretries: text.trim().parse().unwrap_or(3),".into();
        },
        "G4 hard /changes/0/anchors/1/quote",
    ),
    (
        "code that is yet to come",
        |d| d.changes[2].anchors[0].quote = "thread::sleep(backoff.next());".into(),
        "G4 hard /changes/2/anchors/0/quote",
    ),
    (
        "quote of another file",
        |d| d.changes[2].anchors[0].quote = "retries: text.trim().parse().unwrap_or(3),".into(),
        "G4 hard /changes/2/anchors/0/quote",
    ),
    (
        "quote that tells nothing",
        |d| d.changes[2].anchors[2].quote = "}".into(),
        "G4 hard /changes/2/anchors/2/quote",
    ),
    (
        "only a line number",
        |d| {
            d.changes[2].anchors[1] = anchor("", "");
            d.changes[2].anchors[1].line_hint = 12;
        },
        "G4 hard /changes/2/anchors/1",
    ),
    (
        "line off",
        |d| d.changes[2].anchors[2].line_hint = 55,
        "G5 fixed /changes/2/anchors/2/line_hint",
    ),
    (
        "forged evidence",
        |d| d.findings[0].evidence = texts(&["E9"]),
        "G6 hard /findings/0/evidence/0",
    ),
    (
        "reuse of nothing",
        |d| d.changes[2].reuses[0] = "src/retry.rs::Retry".into(),
        "G8 hard /changes/2/reuses/0",
    ),
    (
        "reuse of an invented helper",
        |d| d.changes[2].reuses[0] = "the helper `wait_politely` as it is".into(),
        "G8 hard /changes/2/reuses/0",
    ),
    (
        "effect on nothing",
        |d| d.changes[2].side_effects[1].path = "tests/clients.rs".into(),
        "G8 hard /changes/2/side_effects/1",
    ),
    (
        "cycle",
        |d| d.changes[0].depends_on = texts(&["C3"]),
        "S3 hard /changes/0/depends_on/0",
    ),
    (
        "orphan change",
        |d| d.steps[0].changes = texts(&["C1"]),
        "S3 hard /changes/1",
    ),
    (
        "unknown point",
        |d| d.changes[0].covers = texts(&["R2", "R7"]),
        "S3 hard /changes/0/covers/1",
    ),
    (
        "dropped point",
        |d| d.out_of_scope.clear(),
        "C1 hard /understanding/request_points/2",
    ),
];

#[test]
fn every_mutation_is_found() {
    let missed: Vec<_> = MUTATIONS
        .iter()
        .map(|(name, mutate, expected)| (name, expected, lines(&mutated(mutate))))
        .filter(|(_, expected, lines)| lines.first().map(String::as_str) != Some(**expected))
        .collect();
    assert!(missed.is_empty(), "{missed:#?}");
}

#[test]
fn mutation_never_raises_the_share_of_true_references() {
    for (name, mutate, expected) in MUTATIONS {
        let References {
            verified, total, ..
        } = mutated(mutate).references;
        let lost = verified < total;
        // Structure and lone line numbers are no references; lines are put right.
        let counted =
            expected.starts_with('G') && !expected.contains("G5") && name != "only a line number";
        assert_eq!(lost, counted, "{name}: {verified} of {total}");
    }
}

#[test]
fn false_anchor_is_unverified_in_the_plan() {
    let plan = mutated(|d| d.changes[2].anchors[0].quote = "let page = fetch();".into()).plan;
    let claimed = "src/client.rs".to_owned();
    assert_eq!(
        plan.changes[2].anchors[0].target,
        Target::Unverified { claimed }
    );
    assert!(matches!(
        plan.changes[2].anchors[1].target,
        Target::Verified { .. }
    ));
}

#[test]
fn false_path_takes_its_anchors_along() {
    let verification = mutated(|d| d.changes[2].path = "src/clients.rs".into());
    let all = verification.plan.changes[2].anchors.iter();
    assert!(
        all.into_iter()
            .all(|anchor| matches!(anchor.target, Target::Unverified { .. }))
    );
    assert_eq!(lines(&verification).len(), 1);
}

#[test]
fn wrong_path_is_answered_with_the_nearest() {
    let case = mutated(|d| d.changes[2].path = "src/CLIENT.rs".into());
    assert_snapshot!(message(&case), @"`src/CLIENT.rs` does not exist; `src/client.rs` differs in case -> src/client.rs | tests/client.rs");
    let moved = mutated(|d| d.changes[2].path = "src/net/client.rs".into());
    assert_snapshot!(message(&moved), @"`src/net/client.rs` does not exist at this commit -> src/client.rs | tests/client.rs");
    let typo = mutated(|d| d.changes[2].path = "src/cilent.rs".into());
    assert_snapshot!(message(&typo), @"`src/cilent.rs` does not exist at this commit -> src/client.rs | tests/client.rs");
}

#[test]
fn wrong_symbol_is_answered_with_its_file_or_the_nearest_name() {
    let elsewhere = mutated(|d| d.changes[2].anchors[1] = anchor("load_settings", ""));
    assert_snapshot!(message(&elsewhere), @"`load_settings` is not defined in `src/client.rs`, but elsewhere -> src/config.rs");
    let typo = mutated(|d| d.changes[2].anchors[1] = anchor("fetch_pages", ""));
    assert_snapshot!(message(&typo), @"`src/client.rs` has no `fetch_pages` -> fetch_page");
}

#[test]
fn wrong_quote_is_answered_with_its_file_or_the_nearest_line() {
    let changed = mutated(|d| {
        d.changes[2].anchors[2].quote =
            "pub fn fetch_page(&mut self, url: &str) -> Result<String, FetchError> {".into();
    });
    assert_snapshot!(message(&changed), @"`src/client.rs` does not have these lines -> pub fn fetch_page(&self, address: &str) -> Result<String, FetchError> { | pub fn fetch_head(&self, address: &str) -> Result<String, FetchError> {");
    let elsewhere = mutated(|d| {
        d.changes[2].anchors[2].quote = "pub fn load_settings(text: &str) -> Settings {".into();
    });
    assert_snapshot!(message(&elsewhere), @"`src/client.rs` does not have these lines, but another file does -> src/config.rs");
}

#[test]
fn quote_that_stands_twice_is_placed_by_its_symbol() {
    for (symbol, line) in [("fetch_page", 20), ("Client::fetch_head", 29)] {
        let plan = mutated(|d| d.changes[2].anchors[0].symbol = symbol.into()).plan;
        assert_eq!(
            plan.changes[2].anchors[0].target,
            at("src/client.rs", line, line)
        );
    }
}

#[test]
fn quote_that_stands_twice_is_placed_by_the_hint() {
    for (hint, line) in [(1, 20), (23, 20), (27, 29), (999, 29)] {
        let plan = mutated(|d| {
            d.changes[2].anchors[0].symbol.clear();
            d.changes[2].anchors[0].line_hint = hint;
        });
        assert_eq!(
            plan.plan.changes[2].anchors[0].target,
            at("src/client.rs", line, line)
        );
    }
}

#[test]
fn quote_that_stands_twice_without_help_is_noted() {
    let verification = mutated(|d| d.changes[2].anchors[0].symbol.clear());
    assert_eq!(lines(&verification), ["G5 soft /changes/2/anchors/0"]);
    assert_eq!(
        verification.plan.changes[2].anchors[0].target,
        at("src/client.rs", 20, 20)
    );
}

#[test]
fn wrong_line_is_put_right_in_the_file() {
    let verification = mutated(|d| d.changes[2].anchors[2].line_hint = 55);
    assert_snapshot!(verification.findings[0].message, @"the line was given as 55; it is line 18");
    assert_eq!(verification.file.draft.changes[2].anchors[2].line_hint, 18);
    assert_eq!(verification.hard_count(), 0);
}

#[test]
fn right_or_absurd_line_numbers_do_no_harm() {
    let right = mutated(|d| d.changes[2].anchors[2].line_hint = 18);
    assert_eq!(lines(&right), Vec::<String>::new());
    let absurd = mutated(|d| d.changes[2].anchors[2].line_hint = i64::MIN);
    assert_eq!(lines(&absurd), ["G5 fixed /changes/2/anchors/2/line_hint"]);
}

#[test]
fn indentation_blank_lines_and_partial_lines_are_no_falsehood() {
    for quote in [
        "\tpub   fn open(settings: &Settings)   -> Self {\n\n    Self {",
        "fn open(settings: &Settings) -> Self",
        "settings: &Settings) -> Self {\nSelf {\nretries: settings.retries",
    ] {
        let verification = mutated(|d| d.changes[2].anchors[1].quote = quote.into());
        assert_eq!(lines(&verification), Vec::<String>::new(), "{quote}");
    }
}

#[test]
fn short_quote_leaves_the_word_to_the_symbol() {
    let verification = mutated(|d| d.changes[2].anchors[1].quote = "Self {".into());
    assert_eq!(lines(&verification), ["G4 soft /changes/2/anchors/1/quote"]);
    assert_eq!(
        verification.plan.changes[2].anchors[1].target,
        at("src/client.rs", 11, 16)
    );
}

#[test]
fn fields_and_keys_are_symbols_too() {
    let field = mutated(|d| d.changes[2].anchors[1] = anchor("Client.pause_ms", ""));
    assert_eq!(lines(&field), Vec::<String>::new());
    assert_eq!(
        field.plan.changes[2].anchors[1].target,
        at("src/client.rs", 6, 6)
    );
    let key = mutated(|d| {
        d.changes[2].path = "Cargo.toml".into();
        d.changes[2].anchors = vec![anchor("[dependencies]", "serde = \"1\"")];
    });
    assert!(
        lines(&key).iter().all(|line| !line.contains("hard")),
        "{:?}",
        lines(&key)
    );
}

#[test]
fn symbols_are_read_in_the_spelling_of_any_language() {
    for symbol in [
        "Client::fetch_page(&self, address: &str)",
        "Client#fetch_page",
        "Client.fetch_page()",
        "pub fn fetch_page",
        "crate::client::Client::fetch_page",
        "impl Client for fetch_page",
        "Client<'a>::fetch_page::<T>",
    ] {
        let verification = mutated(|d| d.changes[2].anchors[1] = anchor(symbol, ""));
        assert_eq!(lines(&verification), Vec::<String>::new(), "{symbol}");
    }
}

#[test]
fn nothing_is_known_of_files_that_were_not_read() {
    let verification = mutated(|d| {
        d.changes[2].path = "assets/logo.bin".into();
        d.changes[2].anchors.truncate(1);
    });
    assert_eq!(lines(&verification), ["G4 hard /changes/2/anchors/0"]);
}

#[test]
fn sloppy_path_is_put_right() {
    for path in [
        "./src/client.rs",
        "src\\client.rs",
        "`src/client.rs`",
        "/src//client.rs",
    ] {
        let verification = mutated(|d| d.changes[2].path = path.into());
        assert_eq!(lines(&verification), ["G1 fixed /changes/2/path"], "{path}");
        assert_eq!(verification.file.draft.changes[2].path, "src/client.rs");
    }
}

#[test]
fn added_file_can_be_worked_on_by_a_later_change() {
    let verification = mutated(|d| {
        d.changes[2].path = "src/backoff.rs".into();
        d.changes[2].anchors = vec![anchor("Backoff", "")];
    });
    assert_eq!(lines(&verification), ["G3 fixed /changes/2/anchors"]);
    assert!(verification.file.draft.changes[2].anchors.is_empty());
}

#[test]
fn same_file_is_added_once() {
    let verification = mutated(|d| {
        d.changes[2].op = Operation::Add;
        d.changes[2].path = "src/Backoff.rs".into();
        d.changes[2].anchors.clear();
    });
    assert_eq!(lines(&verification), ["G2 hard /changes/2/path"]);
}

#[test]
fn deep_new_folders_are_noted() {
    let verification = mutated(|d| d.changes[1].path = "src/net/wait/backoff.rs".into());
    assert!(lines(&verification).contains(&"G2 soft /changes/1/path".to_owned()));
}

#[test]
fn evidence_without_a_pack_only_needs_the_form_of_an_id() {
    let (index, lookups) = (index(), fixture::lookups());
    let ground = Ground {
        lookups: Some(&lookups),
        ..Ground::bare(&index)
    };
    let checked = verify(&gold(), &ground);
    assert_eq!(lines(&checked), Vec::<String>::new());
    assert_eq!(checked.references.total, 16);
    let mut draft = gold();
    draft.changes[0].evidence = texts(&["E1", "src/client.rs:3", "E", "E12345"]);
    let at = |j| format!("G6 hard /changes/0/evidence/{j}");
    assert_eq!(lines(&verify(&draft, &ground)), [at(1), at(2), at(3)]);
}

#[test]
fn reuse_is_found_as_path_symbol_or_both_and_in_a_sentence() {
    for reuse in [
        "src/config.rs",
        "src/config.rs::load_settings",
        "src/config.rs:6",
        "src/client.rs#Client::open",
        "Client::fetch_page()",
        "config::Settings",
        "The loop in `fetch_head`, as it is",
        "Follows src/config.rs and its load_settings()",
    ] {
        let verification = mutated(|d| d.changes[2].reuses = texts(&[reuse]));
        assert_eq!(lines(&verification), Vec::<String>::new(), "{reuse}");
    }
}

#[test]
fn reuse_without_a_name_is_noted() {
    let verification = mutated(|d| d.changes[2].reuses = texts(&["the loop that is there"]));
    assert_eq!(lines(&verification), ["G8 soft /changes/2/reuses/0"]);
}

#[test]
fn effect_outside_of_the_repository_is_noted() {
    let verification = mutated(|d| {
        d.changes[2].side_effects = vec![SideEffect {
            path: String::new(),
            symbol: String::new(),
            effect: "Users wait longer.".to_owned(),
            action: "Tell them.".to_owned(),
        }];
    });
    assert_eq!(lines(&verification), ["G8 soft /changes/2/side_effects/0"]);
}

#[test]
fn ids_are_well_formed_and_unique() {
    let twice = mutated(|d| d.changes[1].id = "C1".into());
    assert!(lines(&twice).contains(&"S2 hard /changes/1/id".to_owned()));
    for id in ["", "C 1", "C1\n# Fake", "C11111111111111111"] {
        let malformed = mutated(|d| d.steps[0].id = id.into());
        assert_eq!(lines(&malformed), ["S2 hard /steps/0/id"], "{id}");
    }
}

#[test]
fn steps_are_put_in_an_order_in_which_they_can_be_done() {
    let verification = mutated(|d| {
        d.steps.reverse();
        d.steps[0].id = "T1".into();
        d.steps[1].id = "T2".into();
    });
    assert_eq!(lines(&verification), ["S3 fixed /steps"]);
    assert_eq!(verification.file.draft.steps, gold().steps);
}

#[test]
fn steps_that_need_each_other_are_refused() {
    let verification = mutated(|d| {
        d.steps[0].changes = texts(&["C1", "C3"]);
        d.steps[1].changes = texts(&["C2"]);
    });
    assert_eq!(lines(&verification), ["S3 hard /steps"]);
}

#[test]
fn change_that_needs_itself_is_a_cycle() {
    let verification = mutated(|d| d.changes[0].depends_on = texts(&["C1"]));
    assert_eq!(lines(&verification), ["S3 hard /changes/0/depends_on/0"]);
}

#[test]
fn point_may_be_left_open_by_name_only() {
    let named = mutated(|d| {
        d.out_of_scope.clear();
        d.understanding.open_questions[0].why = "It decides R3.".into();
    });
    assert_eq!(lines(&named), Vec::<String>::new());
    let resembling = mutated(|d| d.out_of_scope = texts(&["R33 and R"]));
    assert_eq!(
        lines(&resembling),
        ["C1 hard /understanding/request_points/2"]
    );
}

#[test]
fn question_is_answered_by_findings() {
    let verification = mutated(|d| {
        d.out_of_scope.clear();
        d.understanding.request_points[2].kind = PointKind::Question;
    });
    assert_eq!(lines(&verification), Vec::<String>::new());
}

#[test]
fn plan_for_nothing_is_refused() {
    let verification = mutated(|d| {
        d.understanding.request_points.clear();
        for change in &mut d.changes {
            change.covers.clear();
        }
    });
    assert_eq!(
        lines(&verification),
        ["C1 hard /understanding/request_points"]
    );
}

#[test]
fn candidates_are_few() {
    let names: Vec<_> = (0..9).map(|i| format!("mod{i}/client.rs")).collect();
    let files: Vec<_> = (names.iter().map(|name| (name.as_str(), Some("x"))))
        .chain(FILES)
        .collect();
    let index = Index::build(fixture::snapshot(&files));
    let mut draft = gold();
    draft.changes[2].path = "lib/client.rs".into();
    assert_eq!(
        verify(&draft, &Ground::bare(&index)).findings[0]
            .candidates
            .len(),
        5
    );
}

#[test]
fn hostile_texts_break_nothing() {
    let hostile = [
        "\u{0}",
        "é̀\u{202e}",
        "((((",
        "::::",
        "<<<>>>",
        "`",
        "/",
        ".",
        "\n\n",
        "𝕏",
        "a\u{300}::b",
    ];
    for text in hostile {
        let verification = mutated(|d| {
            d.changes[0].path = text.into();
            d.changes[1].path = text.into();
            d.changes[2].anchors = vec![anchor(text, text)];
            d.changes[2].reuses = texts(&[text]);
            d.changes[2].side_effects[0].path = text.into();
            d.changes[2].side_effects[1].symbol = text.into();
            d.findings[0].evidence = texts(&[text]);
            d.changes[0].id = text.into();
        });
        assert!(verification.hard_count() >= 4, "{text:?}");
    }
}

#[test]
fn verifying_twice_gives_the_same() {
    let wrong = |d: &mut Draft| {
        d.changes[2].path = "src/clients.rs".into();
        d.changes[0].anchors[0].symbol = "Setings".into();
    };
    assert_eq!(mutated(wrong), mutated(wrong));
}

#[test]
fn findings_come_in_the_order_of_the_plan() {
    let verification = mutated(|d| {
        d.steps[0].changes = texts(&["C1", "C9"]);
        d.out_of_scope.clear();
        d.changes[0].reuses = texts(&["no_such_thing"]);
        d.findings[0].evidence = texts(&["E9"]);
    });
    assert_eq!(
        lines(&verification),
        [
            "C1 hard /understanding/request_points/2",
            "G6 hard /findings/0/evidence/0",
            "G8 hard /changes/0/reuses/0",
            "S3 hard /changes/1",
            "S3 hard /steps/0/changes/1",
        ]
    );
}

#[test]
fn report_for_scripts_has_the_promised_keys() {
    let verification = mutated(|d| d.changes[2].path = "src/\u{1b}[2Jclients.rs".into());
    let report = serde_json::to_value(Report::of(&verification)).unwrap();
    assert_eq!(report["ok"], json!(false));
    assert_eq!(report["references"], json!({"verified": 15, "total": 20}));
    assert_eq!(
        report["findings"],
        json!([{
            "check": "G1",
            "class": "hard",
            "at": "/changes/2/path",
            "message": "`src/\u{1b}[2Jclients.rs` does not exist at this commit",
            "candidates": [],
        }])
    );
    let resolved = &report["plan"]["resolved"];
    assert_eq!(
        resolved["places"]["/changes/0/anchors/0"],
        json!({"path": "src/config.rs", "start": 3, "end": 3, "new": false})
    );
    let text = report["plan"].to_string();
    assert_eq!(PlanFile::parse(&text).unwrap(), verification.file);
}

#[test]
fn file_of_a_report_renders_as_the_plan_that_was_checked() {
    let verification = check(&gold());
    let file = &verification.file;
    assert_eq!(
        unchecked(&file.draft, file.resolved.as_ref()),
        verification.plan
    );
}

#[test]
fn report_for_people_is_plain_and_obeys_no_escape() {
    let verification = mutated(|d| d.changes[2].path = "src/\u{1b}[2J/client.rs".into());
    assert_snapshot!(Report::of(&verification).text(), @r"
    not ok: 15 of 20 references verified
    G1 hard at /changes/2/path: `src/\u{1b}[2J/client.rs` does not exist at this commit
      candidate: src/client.rs
      candidate: tests/client.rs
    ");
    assert_snapshot!(Report::of(&check(&gold())).text(), @"ok: 20 of 20 references verified");
}
