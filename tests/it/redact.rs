//! `planwright redact`.

use std::fs;

use crate::program::{run, run_reading};

#[test]
fn secrets_go_and_counts_are_told() {
    let folder = tempfile::tempdir().unwrap();
    let input = b"a glpat-k3Jx9QmZ7rT2vB5nL8cW\nb glpat-k3Jx9QmZ7rT2vB5nL8cW\npassword = \"kT9vX2pLq8Zr\"\n";
    let run = run_reading(folder.path(), &["redact"], input);
    assert_eq!(
        (run.status, run.out.as_str(), run.err.as_str()),
        (
            Some(0),
            "a [redacted:gitlab-token]\nb [redacted:gitlab-token]\npassword = \"[redacted:assigned-secret]\"\n",
            "redacted: 1 assigned-secret, 2 gitlab-token\n"
        )
    );
}

#[test]
fn text_without_secrets_comes_out_as_it_went_in() {
    let folder = tempfile::tempdir().unwrap();
    let run = run_reading(
        folder.path(),
        &["redact", "--quiet"],
        b"no line end, no secret",
    );
    assert_eq!(run.data(), "no line end, no secret");
}

#[test]
fn configured_secrets_and_rules_count_too() {
    let folder = tempfile::tempdir().unwrap();
    fs::write(
        folder.path().join("planwright.toml"),
        "[model]\napi_key = \"a-key-of-no-known-form\"\n[redaction]\nrules_file = \"rules.toml\"\nallow = [\"^acme-111\"]\n",
    )
    .unwrap();
    let rules =
        "[[rules]]\nid = \"acme\"\nregex = 'acme-\\d+'\n[[rules]]\nid = \"p12\"\npath = 'p12$'\n";
    fs::write(folder.path().join("rules.toml"), rules).unwrap();
    let run = run_reading(
        folder.path(),
        &["redact"],
        b"a-key-of-no-known-form acme-222 acme-111",
    );
    assert_eq!(run.out, "[redacted:own-secret] [redacted:acme] acme-111");
    assert_eq!(
        run.err,
        "warning: rules.toml:4: rule `p12` has no effect: it only looks at paths, and texts come without one\n\
         redacted: 1 acme, 1 own-secret\n"
    );
}

#[test]
fn broken_rules_are_wrong_usage() {
    let folder = tempfile::tempdir().unwrap();
    fs::write(
        folder.path().join("r.toml"),
        "[[rules]]\nid = \"a\"\nregex = '(?<=x)y'\n",
    )
    .unwrap();
    let told = run(folder.path(), &["redact", "--rules", "r.toml"]).refusal(2);
    assert!(told.contains("r.toml:3: rule `a`: "), "{told}");
    assert!(
        told.contains("hint: write it in the syntax of RE2"),
        "{told}"
    );
}
