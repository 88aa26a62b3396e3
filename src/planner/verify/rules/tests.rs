use super::rollout::without_rollout;
use crate::domain::request::Brief;
use crate::planner::draft::{Draft, NoteTopic, Operation};
use crate::planner::fixture::{brief, index, texts};
use crate::planner::verify::tests::{check_in, found, gold, mutated, plan_for};
use crate::planner::verify::{Ground, verify};

const FILES: &[(&str, &str)] = &[
    ("Cargo.toml", "[package]\n"),
    (
        "src/lib.rs",
        "pub struct RetryPolicy;\npub fn load_page() {}\n",
    ),
    ("src/spec/parser.rs", "pub fn parse() {}\n"),
    ("core/src/main/java/org/App.java", "class App {}\n"),
    ("web/src/app.ts", "export const a = 1;\n"),
    ("net/utils.py", "def load(): pass\n"),
    ("net/server.py", "def serve(): pass\n"),
    ("core/src/main/java/org/Cart.java", "class Cart {}\n"),
    ("gpu/Depth.h", "struct Depth;\n"),
    ("src/Cart.Items.cs", "class Cart {}\n"),
];

/// What is found for adding a file at `path`.
fn adding(path: &str) -> Vec<String> {
    let draft = plan_for(path, |change| change.op = Operation::Add);
    found(&check_in(FILES, &draft), "R2")
}

/// What is found for a step with this text.
fn step(text: &str) -> Vec<String> {
    found(
        &mutated(|draft: &mut Draft| draft.steps[1].detail = text.to_owned()),
        "R2",
    )
}

#[test]
fn test_and_delivery_files_are_refused() {
    for path in [
        "tests/pages.rs",
        "src/client_test.go",
        "src/tests.rs",
        "shop/test_cart.py",
        "conftest.py",
        "src/app.test.ts",
        "src/app.spec.tsx",
        "src/__tests__/app.js",
        "web/test/app.ts",
        "spec/cart_spec.rb",
        "core/src/test/java/org/Data.java",
        "src/CartTest.java",
        "src/CartTests.cs",
        "src/cart_unittest.cc",
        "src/test_lib.rs",
        "web/src/app-spec.ts",
        "core/src/main/java/org/CartTest.java",
        "core/src/main/java/org/CartIT.java",
        "src/Cart_test.Items.cs",
        "core/src/main/java/org/TestCart.java",
        "core/src/integrationTest/java/org/Flow.java",
        "core/src/testFixtures/java/org/Flow.java",
        "shop/OrderIT.java",
        "shop/OrderTest.kt",
        "Shop.Core.Tests/Order.cs",
        "Shop.Core/OrderTest.cs",
        "src/OrderTest.php",
        "Tests/ShopTests/Order.swift",
        "Shop/OrderTests.swift",
        "gpu/DepthTest.cpp",
        "gpu/tst_Depth.cpp",
        "lib/order_test.exs",
        "web/src/order_test.ts",
        "web/src/order.cy.js",
        "scripts/build.bats",
        "scripts/Build.Tests.ps1",
        "R/test-order.R",
        "net/test_server.py",
        "net/test_utils.py",
        ".github/workflows/build.yml",
        ".gitlab-ci.yml",
        "deploy/prod.yaml",
        "ci/build.sh",
        "Dockerfile",
    ] {
        assert_eq!(adding(path).len(), 1, "{path}");
    }
    assert_eq!(
        adding("tests/pages.rs"),
        ["hard /changes/0/path: `tests/pages.rs` is a test, which nobody asked for"]
    );
}

#[test]
fn files_that_only_sound_like_tests_are_not() {
    for path in [
        "src/testing/client.rs",
        "src/spec/lexer.rs",
        "src/latest.go",
        "src/contest.py",
        "src/main/java/org/SmokeTest.java",
        "src/attest.ts",
        "src/greatest_hits.rb",
        "src/deploy/plan.rs",
        "src/test_double.rs",
        "src/inspec.rs",
        "src/LATEST.java",
        "src/Latest.cs",
        "src/AUDIT.java",
        "src/EDIT.kt",
        "src/Testament.java",
        "core/src/main/java/org/RepeatedTest.java",
        "core/src/main/java/org/TestRunner.java",
        "core/src/commonMain/kotlin/PropertyTest.kt",
        "src/TestContext.cs",
        "runner/src/main/java/org/TestCart.java",
        "runner/src/main/java/org/CartTest.java",
        "src/XunitTestCase.cs",
        "src/JobSpec.kt",
        "gpu/HitTest.cpp",
        "web/src/openapi-spec.ts",
        "web/src/speed-test.ts",
        "lib/active_job/test_helper.rb",
        "shop/test_utils.py",
        "shop/testing.py",
        "pkg/testing.go",
        "pkg/attestation.go",
        "pytest.ini",
        "src/Event/Test/Passed.php",
    ] {
        assert_eq!(adding(path), Vec::<String>::new(), "{path}");
    }
}

#[test]
fn test_of_a_file_that_the_plan_adds_is_refused() {
    let mut draft = plan_for("gpu/Blend.cpp", |change| change.op = Operation::Add);
    let mut test = draft.changes[0].clone();
    test.id = "C2".to_owned();
    test.path = "gpu/BlendTest.cpp".to_owned();
    draft.changes.push(test);
    assert_eq!(
        found(&check_in(FILES, &draft), "R2"),
        ["hard /changes/1/path: `gpu/BlendTest.cpp` is a test, which nobody asked for"]
    );
}

#[test]
fn instructions_to_test_or_roll_out_are_refused() {
    for text in [
        "Add unit tests for the pause.",
        "Pause between attempts. Then write tests that cover both fetches.",
        "Finally, run the test suite.",
        "Add a regression test.",
        "Write tests",
        "Create integration tests to prove it",
        "Extend the existing test cases for it.",
        "Run `x` and verify that all tests pass.",
        "Run cargo test.",
        "Deploy to staging.",
        "Deploy the service to production",
        "Roll out gradually.",
        "Update tests and docs.",
        "Run `cargo test` and check that all tests pass.",
        "Update the CI pipeline, tag a release.",
        "Then run `pytest`.",
        "Bring the test coverage above 90 %.",
        "Roll out behind a flag to a tenth of the users.",
    ] {
        assert_eq!(step(text).len(), 1, "{text}");
    }
    assert_eq!(
        step("Pause. Add unit tests."),
        [
            "hard /steps/1/detail: tells to test or to roll out, which nobody asked for: Add unit tests."
        ]
    );
}

#[test]
fn words_of_the_trade_are_no_instructions_to_test() {
    for text in [
        "Add a test helper trait to the public interface.",
        "Validate the pause before it is used.",
        "The tests stay as they are.",
        "Add the flag `--test` to the runner.",
        "Run the check for each attempt.",
        "Release the lock before the pause.",
        "Add a field to the type that tests use.",
        "Add test case names to the report.",
        "Write the result to the test registry.",
        "Verify the signature.",
        "Push the value to the stack.",
        "Run the pipeline of stages.",
        "Check that the pause is bounded.",
        "",
    ] {
        assert_eq!(step(text), Vec::<String>::new(), "{text}");
    }
}

#[test]
fn tests_that_were_asked_for_are_welcome() {
    let asked = mutated(|draft| {
        draft.understanding.request_points[0].text = "The client needs unit tests".to_owned();
        draft.changes[1].path = "tests/pages.rs".to_owned();
        draft.steps[1].detail = "Add unit tests.".to_owned();
    });
    assert_eq!(found(&asked, "R2"), Vec::<String>::new());
    let justified = mutated(|draft| {
        draft.architecture_notes[0].topic = NoteTopic::Testing;
        draft.steps[1].detail = "Add unit tests.".to_owned();
    });
    assert_eq!(found(&justified, "R2"), Vec::<String>::new());
}

#[test]
fn sentences_about_tests_are_cut_out_alone() {
    assert_eq!(
        without_rollout("Pause between attempts. Add unit tests for it. Keep the rest."),
        "Pause between attempts. Keep the rest."
    );
    assert_eq!(without_rollout("Add unit tests."), "");
    assert_eq!(without_rollout("a.b; c\nd"), "a.b; c\nd");
}

#[test]
fn decision_needs_two_options_and_recommends_one() {
    let one = mutated(|draft| draft.decisions[0].options.truncate(1));
    assert_eq!(
        found(&one, "R5"),
        ["hard /decisions/0/options: a decision needs two options that differ"]
    );
    let same = mutated(|draft| draft.decisions[0].options[1].name = "Double ".to_owned());
    assert_eq!(found(&same, "R5").len(), 1);
    let other = mutated(|draft| draft.decisions[0].recommendation = "triple".to_owned());
    assert_eq!(
        found(&other, "R5"),
        ["hard /decisions/0/recommendation: `triple` is none of the options"]
    );
    assert_eq!(other.findings[0].candidates, ["double", "add"]);
    let both = mutated(|draft| draft.decisions[0].recommendation = "double, then add".to_owned());
    assert_eq!(found(&both, "R5").len(), 1);
}

#[test]
fn recommendation_in_other_words_becomes_the_option() {
    let verification =
        mutated(|draft| draft.decisions[0].recommendation = "Option: *Double*".to_owned());
    assert_eq!(
        found(&verification, "R5"),
        ["fixed /decisions/0/recommendation: `Option: *Double*` was read as `double`"]
    );
    assert_eq!(
        verification.file.draft.decisions[0].recommendation,
        "double"
    );
}

#[test]
fn silence_on_due_risks_is_noted() {
    let silent = mutated(|draft| draft.risks.truncate(1));
    assert_eq!(
        found(&silent, "R6"),
        ["soft /risks: says nothing on security and robustness"]
    );
    let bare = mutated(|draft| {
        draft.risks[1].risk = "None".to_owned();
        draft.risks[1].mitigation.clear();
    });
    assert_eq!(
        found(&bare, "R6"),
        ["soft /risks/1/risk: says nothing on security and gives no reason"]
    );
}

#[test]
fn reason_of_a_few_words_is_one() {
    let said = |text: &str| {
        let verification = mutated(|draft| {
            draft.risks[1].risk = text.to_owned();
            draft.risks[1].mitigation.clear();
        });
        found(&verification, "R6").is_empty()
    };
    for text in [
        "None, one comparison.",
        "No input.",
        "Nothing leaves memory",
    ] {
        assert!(said(text), "{text}");
    }
    for text in [
        "",
        "None.",
        "N/A",
        "No risks identified",
        "There is no security impact here.",
    ] {
        assert!(!said(text), "{text}");
    }
}

#[test]
fn restatement_of_a_few_words_is_noted_without_a_request() {
    let verification = mutated(|draft| {
        draft.understanding.restatement = "Make it better.".to_owned();
    });
    assert_eq!(
        found(&verification, "R7"),
        [
            "soft /understanding/restatement: restates the request in 3 words; 25 or more show that it was understood"
        ]
    );
}

/// What is found when `brief` is restated so.
fn restated(restatement: &str, brief: &Brief) -> Vec<String> {
    let mut draft = gold();
    draft.understanding.restatement = restatement.to_owned();
    let index = index();
    let ground = Ground {
        brief: Some(brief),
        ..Ground::bare(&index)
    };
    found(&verify(&draft, &ground), "R7")
}

#[test]
fn request_is_restated_in_other_words() {
    let own = "Whenever the client asks the same server again after a failure, it has to leave a growing gap first, \
               and people choose in their settings how large the very first gap should be.";
    assert_eq!(restated(own, &brief()), Vec::<String>::new());
    let copied = brief().full_text();
    assert_eq!(
        restated(&copied, &brief()),
        ["soft /understanding/restatement: repeats the request word by word"]
    );
    assert_eq!(
        restated("It waits.", &brief()),
        [
            "soft /understanding/restatement: restates the request in 2 words; 25 or more show that it was understood"
        ]
    );
}

#[test]
fn additions_need_reasons() {
    let draft = plan_for("src/extra.rs", |change| {
        change.op = Operation::Add;
        change.reuses = texts(&[" "]);
    });
    let found = found(&check_in(FILES, &draft), "R3");
    assert_eq!(
        found,
        [
            "soft /changes: adds 1 files and changes 0: say why so much is new",
            "soft /changes/0/reuses: builds on nothing that exists",
            "soft /changes/0/why_new: says not why nothing existing would do",
        ]
    );
}

#[test]
fn signs_and_words_for_nothing_are_no_reason_to_add() {
    for reason in ["", "-", "…", "N/A.", "None", "tbd"] {
        let draft = plan_for("src/extra.rs", |change| {
            change.op = Operation::Add;
            change.why_new = reason.to_owned();
        });
        let found = found(&check_in(FILES, &draft), "R3");
        let said = "soft /changes/0/why_new: says not why nothing existing would do".to_owned();
        assert!(found.contains(&said), "{reason}: {found:?}");
    }
}

#[test]
fn new_name_that_resembles_an_old_one_is_noted() {
    let resembling = |name: &str, kind| {
        let draft = plan_for("src/lib.rs", |change| {
            let mut interface = gold().changes[1].interfaces[0].clone();
            interface.name = name.to_owned();
            interface.kind = kind;
            interface.signature.clear();
            change.interfaces = vec![interface];
        });
        let findings = check_in(FILES, &draft).findings.into_iter();
        let mut found = findings.filter(|finding| finding.check == "R3");
        found.next().map(|finding| finding.candidates)
    };
    use crate::planner::draft::InterfaceKind::{Function, Type};
    assert_eq!(
        resembling("load_pages", Function),
        Some(texts(&["src/lib.rs::load_page"]))
    );
    assert_eq!(resembling("RetryPolicies", Type), None);
    assert_eq!(
        resembling("PolicyRetry", Type),
        Some(texts(&["src/lib.rs::RetryPolicy"]))
    );
    assert_eq!(resembling("load_pages", Type), None);
    assert_eq!(resembling("pages", Function), None);
}
