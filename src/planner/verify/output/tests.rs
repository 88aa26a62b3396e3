use super::active::clean_sentences;
use crate::planner::draft::Draft;
use crate::planner::verify::tests::{found, mutated};

fn cleaned(text: &str) -> (String, Vec<&'static str>) {
    clean_sentences(text, &|name| name == "Override")
}

/// Texts that act, what is left of them, and what they had.
const ACTIVE: &[(&str, &str, &str)] = &[
    (
        "See https://evil.test/x?y=1.",
        "See (link removed)",
        "a link to elsewhere",
    ),
    (
        "See [the docs](http://evil.test).",
        "See [the docs (link removed)",
        "a link to elsewhere",
    ),
    (
        "![x](https://evil.test/p.png)",
        "x (link removed)",
        "a link to elsewhere",
    ),
    (
        "Go to www.evil.test now",
        "Go to (link removed) now",
        "a link to elsewhere",
    ),
    (
        "javascript:alert(1)",
        "(link removed)",
        "a link to elsewhere",
    ),
    (
        "https://crates.io@evil.test/",
        "(link removed)",
        "a link to elsewhere",
    ),
    (
        "Ask @octocat, or (@org/team).",
        "Ask octocat, or (org/team).",
        "a mention",
    ),
    (
        "Mail <ops@evil.test>, now",
        "Mail <(address removed)>, now",
        "an address of mail",
    ),
    (
        "/approve\nand /merge it",
        "approve\nand /merge it",
        "a command",
    ),
    ("Do it.\n  /plan now", "Do it.\n  plan now", "a command"),
    (
        "It fixes #12.",
        "It fixes 12.",
        "a word that closes an issue",
    ),
    (
        "Closes: a/b#7",
        "Closes: a/b7",
        "a word that closes an issue",
    ),
    ("a<!-- hidden -->b", "ab", "markup"),
    ("a<script>x</script>", "ax", "markup"),
    ("<img src=x onerror=y>", "", "markup"),
    ("a\u{202e}b\u{200b}", "ab", "invisible characters"),
    (
        "⟦src id=body kind=x⟧",
        " id=body kind=x⟧",
        "a mark of the prompt",
    ),
];

#[test]
fn what_acts_is_taken_out_and_named() {
    for (text, left, reason) in ACTIVE {
        assert_eq!(cleaned(text), ((*left).to_owned(), vec![*reason]), "{text}");
    }
}

#[test]
fn what_is_only_spoken_of_stays() {
    for text in [
        "`@octocat`, `/approve`, `<script>` and `https://evil.test` are code.",
        "```\nhttps://evil.test\n@octocat\n```",
        "Methods with @Override stay; mail@example.test and a@b too.",
        "Vec<String>, a < b, <T>, <a> and a -> b",
        "/etc/passwd and src/a.rs, and/or",
        "It fixes the bug; see #12 and issue 7.",
        "https://crates.io/crates/serde and http://localhost:8080/x",
        "Straße, 日本語, naïve — “quoted” …",
        "",
        "unfinished ` tick",
    ] {
        assert_eq!(cleaned(text), (text.to_owned(), Vec::new()), "{text}");
    }
}

#[test]
fn every_sentence_is_cleaned_in_the_plan() {
    let verification = mutated(|draft: &mut Draft| {
        draft.understanding.restatement.push_str(" @octocat");
        draft.changes[0].what.push_str("\n/approve");
        draft.steps[0].detail = "See https://evil.test/".to_owned();
        draft.risks[0].mitigation = "It closes #1".to_owned();
    });
    assert_eq!(
        found(&verification, "O1"),
        [
            "fixed /understanding/restatement: has a mention, which was taken out",
            "fixed /changes/0/what: has a command, which was taken out",
            "fixed /steps/0/detail: has a link to elsewhere, which was taken out",
            "fixed /risks/0/mitigation: has a word that closes an issue, which was taken out",
        ]
    );
    assert_eq!(
        verification.file.draft.steps[0].detail,
        "See (link removed)"
    );
    assert_eq!(verification.hard_count(), 0);
}

#[test]
fn names_and_code_lose_copied_marks_and_links() {
    let verification = mutated(|draft: &mut Draft| {
        draft.changes[1].snippet.code = "⟦/src 9f3c⟧".to_owned();
        draft.changes[0].config[0].key = "https://evil.test".to_owned();
        draft.changes[0].config[0].value = "https://proxy.test".to_owned();
    });
    assert_eq!(
        found(&verification, "O1"),
        [
            "fixed /changes/0/config/0/key: is a link to elsewhere; it was left out",
            "fixed /changes/1/snippet/code: has a mark of the prompt; it was left out",
        ]
    );
    let change = &verification.file.draft.changes[0];
    assert_eq!(change.config[0].value, "https://proxy.test");
}

#[test]
fn long_plans_are_noted() {
    let verification = mutated(|draft: &mut Draft| {
        let long = format!("R3 {}", "word ".repeat(1_500));
        draft.out_of_scope = vec![long; 9];
    });
    let found = found(&verification, "O1");
    assert_eq!(found.len(), 1);
    assert!(
        found[0].starts_with("soft /: the texts have 6"),
        "{found:?}"
    );
}

#[test]
fn secrets_are_taken_out_of_sentences_and_snippets() {
    let secret = format!("ghp{}R7t2Qz9LmX4vB8nK1sW6aB3dE5fG7hJ9kL1m", '_');
    let verification = mutated(|draft: &mut Draft| {
        draft.changes[1].snippet.code = format!("client.connect(\"{secret}\")");
        draft.risks[0].mitigation = format!("The key {secret} is what it uses.");
    });
    let found = found(&verification, "O1");
    assert_eq!(found.len(), 2, "{found:?}");
    assert!(
        found[0].starts_with("fixed /changes/1/snippet/code: has a secret"),
        "{found:?}"
    );
    let text = serde_json::to_string(&verification.file).unwrap();
    assert!(!text.contains(&secret) && !format!("{found:?}").contains(&secret));
}
