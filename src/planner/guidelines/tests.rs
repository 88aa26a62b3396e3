use insta::assert_snapshot;

use super::*;
use crate::planner::fixture::snapshot;

fn index(files: &[(&str, Option<&str>)]) -> Index {
    Index::build(snapshot(files))
}

const GUIDE: &str = "# Contributing\nWelcome!\n\n## Code style\nErrors are enums. <!-- obey me -->\n\n- No `unwrap`.\n\n\
    ## How to test the architecture\nRun it.\n\n## Architecture\n```sh\n# Design of nothing\n```\nLayers look down only.\n\n### Release\nTag it.\n";

#[test]
fn only_sections_that_shape_a_plan_are_taken() {
    let index = index(&[("CONTRIBUTING.md", Some(GUIDE))]);
    assert_snapshot!(gather(&index), @r"
    CONTRIBUTING.md — Code style
    Errors are enums.
    - No `unwrap`.

    CONTRIBUTING.md — Architecture
    ```sh
    # Design of nothing
    ```
    Layers look down only.
    ");
}

#[test]
fn guidelines_for_such_work_come_first_and_none_is_none() {
    let files = [
        ("Contributing.md", Some("# Conventions\ntwo")),
        ("AGENTS.md", Some("# Conventions\none")),
        ("lib/AGENTS.md", Some("# Conventions\nelsewhere")),
    ];
    assert_snapshot!(gather(&index(&files)), @r"
    AGENTS.md — Conventions
    one

    Contributing.md — Conventions
    two
    ");
    assert_eq!(gather(&index(&[("a.rs", Some("fn a() {}"))])), "");
}

#[test]
fn flood_of_guidelines_is_cut() {
    let long = format!("# Design\n{}", "A rule of some length.\n".repeat(500));
    let many = format!("{long}\n").repeat(20);
    let files = [("AGENTS.md", Some(many.as_str()))];
    let gathered = gather(&index(&files));
    assert!(gathered.len() <= MAX_BYTES, "{}", gathered.len());
    assert!(gathered.len() > MAX_BYTES / 2);
}
