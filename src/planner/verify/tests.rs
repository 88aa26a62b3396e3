use insta::assert_snapshot;
use serde_json::json;

use super::*;
use crate::domain::plan::Target;
use crate::domain::repository::{LineRange, RepoPath};
use crate::planner::draft::{
    Change, InterfaceKind, Operation, Parameter, PointKind, Risk, RiskCategory, SideEffect,
};
use crate::planner::fixture::{self, FILES, anchor, index, texts};
use crate::planner::pack::Excerpt;
use crate::planner::report::Report;

/// The gold plan with a word on everything that a plan must speak of.
pub(super) fn gold() -> Draft {
    let mut draft = fixture::gold();
    draft.understanding.restatement = "Between two attempts the client waits, longer each time, so that a \
        server which is only busy for a moment gets the time that it needs before it is asked again."
        .to_owned();
    let performance = draft.risks[0].clone();
    for category in [RiskCategory::Security, RiskCategory::Robustness] {
        draft.risks.push(Risk {
            category,
            risk: "None, because nothing of it crosses a border.".to_owned(),
            mitigation: "Nothing.".to_owned(),
            ..performance.clone()
        });
    }
    draft
}

fn excerpt(id: &str, path: &str, lines: LineRange) -> Excerpt {
    Excerpt {
        id: id.to_owned(),
        path: RepoPath::parse(path).unwrap(),
        lines,
        symbol: String::new(),
        reason: "named in the request".to_owned(),
        text: String::new(),
    }
}

fn pack() -> EvidencePack {
    EvidencePack {
        excerpts: vec![
            excerpt("E1", "src/client.rs", LineRange::new(18, 25)),
            excerpt("E4", "src/config.rs", LineRange::new(2, 4)),
        ],
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

/// Checks of `draft` against a repository of these files.
pub(super) fn check_in(files: &[(&str, &str)], draft: &Draft) -> Verification {
    let files: Vec<_> = files
        .iter()
        .map(|(path, text)| (*path, Some(*text)))
        .collect();
    let index = Index::build(fixture::snapshot(&files));
    verify(draft, &Ground::bare(&index))
}

/// A plan with one change to `path` and nothing else to find fault with, after `mutate`.
pub(super) fn plan_for(path: &str, mutate: impl FnOnce(&mut Change)) -> Draft {
    let mut draft = gold();
    draft.understanding.request_points.truncate(1);
    draft.out_of_scope.clear();
    draft.dependencies.clear();
    draft.steps.truncate(1);
    draft.steps[0].changes = texts(&["C1"]);
    for risk in &mut draft.risks {
        risk.changes.clear();
    }
    let mut change = draft.changes.swap_remove(0);
    draft.changes.clear();
    change.path = path.to_owned();
    change.what = "Change it.".to_owned();
    change.anchors.clear();
    change.data_structures.clear();
    change.config.clear();
    change.side_effects.clear();
    change.covers = texts(&["R1"]);
    mutate(&mut change);
    draft.changes.push(change);
    draft
}

/// Findings of one check as class, place and message.
pub(super) fn found(verification: &Verification, check: &str) -> Vec<String> {
    (verification.findings.iter())
        .filter(|finding| finding.check == check)
        .map(|finding| {
            let Finding { at, message, .. } = finding;
            format!("{} {at}: {message}", finding.class.as_str())
        })
        .collect()
}

/// The gold plan after `mutate`.
pub(super) fn mutated(mutate: impl FnOnce(&mut Draft)) -> Verification {
    let mut draft = gold();
    mutate(&mut draft);
    check(&draft)
}

/// Findings as lines.
pub(super) fn lines(verification: &Verification) -> Vec<String> {
    (verification.findings.iter())
        .map(|finding| {
            let class = finding.class.as_str();
            format!("{} {class} {}", finding.check, finding.at)
        })
        .collect()
}

/// Hard findings as lines.
pub(super) fn hard_lines(verification: &Verification) -> Vec<String> {
    let mut lines = lines(verification);
    lines.retain(|line| line.contains(" hard "));
    lines
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
    assert_eq!(hard_lines(&verification), ["G2 hard /changes/2/path"]);
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
fn evidence_for_a_change_is_from_its_file() {
    let verification = mutated(|d| d.changes[0].evidence = texts(&["E1"]));
    assert_eq!(lines(&verification), ["G6 hard /changes/0/evidence/0"]);
    assert_snapshot!(message(&verification), @"`E1` is from `src/client.rs`, and none from `src/config.rs` is cited -> E4");
    let beside = mutated(|d| d.changes[0].evidence = texts(&["E1", "E4"]));
    assert_eq!(lines(&beside), Vec::<String>::new());
    let unshown = mutated(|d| {
        d.changes[0].path = "src/main.rs".into();
        d.changes[0].evidence = texts(&["E1"]);
    });
    let unshown = lines(&unshown)
        .into_iter()
        .filter(|line| line.starts_with("G6"));
    assert_eq!(unshown.count(), 0);
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
        hard_lines(&verification),
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

/// The snippet that is left of `code`, and what was found for it.
fn snippet(code: &str) -> (String, Vec<String>) {
    let verification = mutated(|d| d.changes[1].snippet.code = code.to_owned());
    let left = verification.file.draft.changes[1].snippet.code.clone();
    (left, found(&verification, "R1"))
}

#[test]
fn solution_is_cut_at_its_signatures() {
    let body = "        total += 1;\n".repeat(20);
    let rust = format!(
        "pub fn count(\n    from: u32,\n) -> u32 {{\n{body}}}\n\nfn other() {{\n{body}}}\n"
    );
    let (left, found) = snippet(&rust);
    assert_eq!(
        left,
        "pub fn count(\n    from: u32,\n) -> u32 { … }\nfn other() { … }"
    );
    assert_eq!(
        found,
        [
            "fixed /changes/1/snippet/code: the snippet had 47 lines of a solution; what is left are its signatures"
        ]
    );
    let python = format!("def count(start):\n{body}\ndef other():\n{body}");
    assert_eq!(snippet(&python).0, "def count(start): …\ndef other(): …");
    let ruby = format!("def count(start)\n{body}end\n");
    assert_eq!(snippet(&ruby).0, "def count(start) … end");
    let flat = (0..30).map(|i| format!("call({i});\n")).collect::<String>();
    assert_eq!(snippet(&flat).0.lines().count(), 12);
}

#[test]
fn whole_function_of_a_dozen_lines_is_a_solution_and_a_pattern_is_not() {
    let function = |lines: usize| format!("fn f(a: u8) {{\n{}}}", "    a.push(1);\n".repeat(lines));
    assert_eq!(snippet(&function(9)).0, "fn f(a: u8) { … }");
    assert_eq!(snippet(&function(8)), (function(8), Vec::new()));
    let fields = format!("struct S {{\n{}}}", "    a: u8,\n".repeat(10));
    assert_eq!(snippet(&fields), (fields.clone(), Vec::new()));
}

#[test]
fn snippets_of_a_plan_are_bounded_together() {
    let verification = mutated(|d| {
        let code = (0..12).map(|i| format!("call({i});\n")).collect::<String>();
        for i in 4..9 {
            let mut change = d.changes[0].clone();
            change.id = format!("C{i}");
            d.steps[0].changes.push(change.id.clone());
            d.changes.push(change);
        }
        for change in &mut d.changes {
            change.snippet.code.clone_from(&code);
        }
    });
    let found = found(&verification, "R1");
    assert_eq!(found.len(), 3);
    assert!(found[0].starts_with("fixed /changes/5/"), "{found:?}");
}

/// What is found for a signature with these parameters.
fn signature(name: &str, signature: &str, params: &[&str]) -> Vec<String> {
    let verification = mutated(|d| {
        let interface = &mut d.changes[1].interfaces[0];
        interface.kind = InterfaceKind::Function;
        interface.name = name.to_owned();
        interface.signature = signature.to_owned();
        let model = interface.params[0].clone();
        let named = params.iter().map(|name| Parameter {
            name: (*name).to_owned(),
            ..model.clone()
        });
        interface.params = named.collect();
    });
    (found(&verification, "R8").iter())
        .map(|line| line.replace("soft /changes/1/interfaces/0/signature: ", ""))
        .collect()
}

#[test]
fn signatures_of_any_language_are_read() {
    for (name, text, params) in [
        (
            "Store::open",
            "pub async fn open<F: Fn(u8) -> bool>(&self, path: &Path, f: F) -> Result<(), E>",
            &["path", "f"][..],
        ),
        (
            "open",
            "def open(self, path: str, *, mode='r', **options) -> Any:",
            &["path", "mode", "options"],
        ),
        (
            "Open",
            "func (s *Store) Open(ctx context.Context, path, mode string) (int, error)",
            &["ctx", "path", "mode"],
        ),
        (
            "open",
            "public static <T> List<T> open(Map<String, T> paths, int... modes) throws E {",
            &["paths", "modes"],
        ),
        (
            "open",
            "int open(const char *path, int (*hook)(void))",
            &["path", "hook"],
        ),
        (
            "open",
            "open = async ({ path, mode }: Options) => Promise<void>",
            &["path", "mode"],
        ),
        (
            "open",
            "function open(string $path, ?int $mode = null): void",
            &["$path", "mode"],
        ),
        ("open?", "def open?(path, mode = nil)", &["path", "mode"]),
        ("open", "def open path", &["path"]),
        ("Store", "constructor(private path: string)", &["path"]),
        ("open", "fn open()", &[]),
        ("open", "fn open(&mut self)", &["self"]),
    ] {
        assert_eq!(
            signature(name, text, params),
            Vec::<String>::new(),
            "{text}"
        );
    }
}

#[test]
fn brackets_before_a_name_are_no_parameters() {
    for (name, text, params) in [
        (
            "open",
            "pub(crate) fn open(path: &Path, mode: u8)",
            &["path", "mode"][..],
        ),
        (
            "open",
            "pub(in crate::store) async fn open<T>(path: T) -> Self",
            &["path"],
        ),
        (
            "Store",
            "pub(super) fn new(path: &Path, mode: u8)",
            &["path", "mode"],
        ),
        (
            "open",
            "@JvmName(\"open\") fun open(path: String, mode: Int)",
            &["path", "mode"],
        ),
        (
            "open",
            "__attribute__((cold)) int open(const char *path, int mode)",
            &["path", "mode"],
        ),
        (
            "open",
            "@available(iOS 13, *) func open(path: String)",
            &["path"],
        ),
    ] {
        assert_eq!(signature(name, text, params), [""; 0], "{text}");
    }
}

#[test]
fn signatures_that_say_something_else_are_noted() {
    for (text, params, expected) in [
        (
            "fn close(path: &Path)",
            &["path"][..],
            "the signature is not one of `open`",
        ),
        (
            "fn open(path: &Path",
            &["path"],
            "the signature does not close its brackets",
        ),
        (
            "fn open(path: &Path)",
            &["mode"],
            "the signature has no parameter `mode`",
        ),
        (
            "fn open(path: &Path, mode: u8)",
            &["path"],
            "of 2 parameters in the signature, 1 are listed",
        ),
        (
            "fn open(path: &Path)",
            &[],
            "of 1 parameter in the signature, 0 are listed",
        ),
        (
            "pub(crate) fn open(path: &Path, mode: u8)",
            &["path"],
            "of 2 parameters in the signature, 1 are listed",
        ),
        ("", &[], "`open` has no signature"),
    ] {
        assert_eq!(signature("open", text, params), [expected]);
    }
}

#[test]
fn change_that_serves_nothing_is_noted() {
    let creeping = mutated(|d| d.changes[2].covers.clear());
    assert_eq!(lines(&creeping), ["C2 soft /changes/2/covers"]);
    let needed = mutated(|d| d.changes[1].covers.clear());
    assert_eq!(lines(&needed), Vec::<String>::new());
}

#[test]
fn places_where_nobody_edits_are_noted() {
    for (path, said) in [
        ("vendor/other/a.rs", "vendored"),
        ("Cargo.lock", "generated"),
        ("assets/logo2.png", "binary"),
    ] {
        let verification = mutated(|d| d.changes[1].path = path.into());
        let found = found(&verification, "G2");
        assert!(
            found.iter().any(|line| line.contains(said)),
            "{path}: {found:?}"
        );
    }
}

#[test]
fn ignored_places_are_noted() {
    let files: Vec<_> = FILES
        .into_iter()
        .chain([(
            ".gitignore",
            Some("# out\ntarget/\n*.tmp\n/out\n!kept.tmp\n"),
        )])
        .collect();
    let index = Index::build(fixture::snapshot(&files));
    let ignored = |path: &str| {
        let mut draft = gold();
        draft.changes[1].path = path.to_owned();
        !found(&verify(&draft, &Ground::bare(&index)), "G2").is_empty()
    };
    let places = [
        "target/a.rs",
        "src/a.tmp",
        "out/a.rs",
        "src/kept.tmp",
        "src/out.rs",
        "src/target.rs",
    ];
    assert_eq!(places.map(ignored), [true, true, true, false, false, false]);
}

#[test]
fn draft_beyond_all_limits_is_refused_at_once() {
    let verification = mutated(|d| {
        let change = d.changes[0].clone();
        d.changes = vec![change; 10_000];
        d.understanding.restatement = "x".repeat(1 << 20);
    });
    assert_eq!(lines(&verification), ["S2 hard /", "S2 hard /"]);
    assert_eq!(
        verification.findings[0].message,
        "`/changes` has 10000 entries, more than 100; nothing else was checked"
    );
}

#[test]
fn flood_of_claims_is_cut_with_a_finding() {
    let verification = mutated(|d| {
        d.changes[2].anchors = vec![anchor("Client::open", ""); 100];
        d.changes[2].reuses = vec!["`ghost` ".repeat(40); 50];
    });
    let told = found(&verification, "S2");
    assert!(
        told.iter()
            .any(|line| line.contains("makes more than 1500 claims")),
        "{told:?}"
    );
    assert!(verification.references.verified < verification.references.total);
}

#[test]
fn places_that_come_with_a_plan_are_never_believed() {
    let honest = check(&gold()).file;
    let (index, lookups) = (index(), fixture::lookups());
    let ground = Ground {
        lookups: Some(&lookups),
        ..Ground::bare(&index)
    };
    assert_eq!(
        found(&verify_file(&honest, &ground), "S2"),
        Vec::<String>::new()
    );
    let mut forged = honest.clone();
    forged.draft.changes[2].path = "src/ghost.rs".to_owned();
    let resolved = forged.resolved.as_mut().unwrap();
    resolved.references.verified = 99;
    for place in resolved.places.values_mut() {
        place.path = "src/ghost.rs".to_owned();
    }
    let verification = verify_file(&forged, &ground);
    assert_eq!(
        found(&verification, "S2"),
        [
            "fixed /resolved: what came with the plan as found is not what is found at this commit; it was computed anew"
        ]
    );
    assert_eq!(verification.file, verify(&forged.draft, &ground).file);
    assert_eq!(found(&verification, "G1").len(), 1);
}

#[test]
fn text_that_is_no_plan_is_reported_as_such() {
    let refused = |text: &str| {
        let error = PlanFile::parse(text).unwrap_err();
        let report = Report::refused(&error);
        assert!(!report.is_ok());
        let value = serde_json::to_value(&report).unwrap();
        let finding = &value["findings"][0];
        assert_eq!(
            (&value["plan"], &finding["class"]),
            (&json!(null), &json!("hard"))
        );
        format!(
            "{} {}",
            finding["check"].as_str().unwrap(),
            finding["at"].as_str().unwrap()
        )
    };
    assert_eq!(refused("no plan"), "S1 /");
    assert_eq!(refused("{}"), "S2 /");
    let mut extra = serde_json::to_value(gold()).unwrap();
    extra["changes"][1]["verified"] = json!(true);
    assert_eq!(refused(&extra.to_string()), "S2 /changes/1/verified");
    extra["changes"][1]
        .as_object_mut()
        .unwrap()
        .remove("verified");
    extra["changes"][0]["what"] = json!("x".repeat(9_000));
    assert_eq!(refused(&extra.to_string()), "S2 /changes/0/what");
}

#[test]
fn quotes_of_files_with_other_line_ends_and_signs_are_found() {
    let text = "fn größe() {\r\n\tlet naïve = \"日本語\"; // a word\r\n\r\n\tnaïve.len() + größe_von(naïve)\r\n}\r\n";
    for (quote, lines) in [
        ("fn größe() {\nlet naïve = \"日本語\"; // a word", (1, 2)),
        ("    let naïve = \"日本語\";", (2, 2)),
        (
            "let naïve = \"日本語\";\nnaïve.len() + größe_von(naïve)",
            (2, 4),
        ),
        ("`naïve.len() + größe_von(naïve)`", (4, 4)),
    ] {
        let draft = plan_for("src/a.rs", |change| {
            change.anchors = vec![anchor("", quote)];
        });
        let verification = check_in(&[("src/a.rs", text)], &draft);
        assert_eq!(
            verification.plan.changes[0].anchors[0].target,
            at("src/a.rs", lines.0, lines.1),
            "{quote}"
        );
    }
}

#[test]
fn blocks_that_extend_a_type_are_places_of_it() {
    let files = [
        ("src/shop.rs", "pub struct Shop;\n"),
        (
            "src/show.rs",
            "use crate::shop::Shop;\n\nimpl std::fmt::Display for Shop {\n    fn fmt(&self) -> u8 {\n        1\n    }\n}\n",
        ),
        (
            "lib/cart.rb",
            "class Cart\n  def empty?\n    true\n  end\nend\n",
        ),
    ];
    for (path, symbol) in [
        ("src/show.rs", "impl Display for Shop"),
        ("src/show.rs", "Shop::fmt"),
        ("lib/cart.rb", "Cart#empty?"),
    ] {
        let draft = plan_for(path, |change| change.anchors = vec![anchor(symbol, "")]);
        let found = found(&check_in(&files, &draft), "G3");
        assert_eq!(found, Vec::<String>::new(), "{symbol}");
    }
}
