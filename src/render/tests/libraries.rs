//! Proposed libraries with what is known of them.

use crate::render::document as render;
use insta::assert_snapshot;

use super::sample::{large_plan, plan_document, site};
use crate::domain::day::Day;
use crate::domain::package::{Evidence, Upkeep};
use crate::domain::plan::Plan;
use crate::domain::repository::ForgeKind;

fn upkeep() -> Upkeep {
    Upkeep {
        version: "0.4.0".to_owned(),
        releases: 12,
        first_release: Day::find("2017-04-01"),
        last_release: Day::find("2025-12-24"),
        licences: vec!["MIT OR Apache-2.0".to_owned()],
        advisories: Vec::new(),
        repository: Some("github.com/owner/backoff".to_owned()),
        source: "deps.dev".to_owned(),
        checked: Day::find("2026-03-01"),
        notes: vec!["`backoff` was last released long ago; the plan calls it finished".to_owned()],
    }
}

fn rendered(change: impl FnOnce(&mut Plan)) -> String {
    let mut plan = large_plan();
    change(&mut plan);
    let document = plan_document(plan);
    render(&document, &site(ForgeKind::GitHub))
        .as_str()
        .to_owned()
}

/// The part about libraries, and the sentences that sum them up.
fn part(comment: &str) -> String {
    let mut lines = comment
        .lines()
        .skip_while(|line| !line.contains("Dependencies proposed"));
    let folded = lines
        .by_ref()
        .take_while(|line| !line.contains("</details>"));
    folded
        .filter(|line| !line.trim().is_empty())
        .collect::<Vec<_>>()
        .join("\n")
}

#[test]
fn evidence_is_shown_with_a_link_to_the_registry() {
    let comment = rendered(|plan| {
        plan.dependencies[0].evidence = Evidence::Verified(Box::new(upkeep()));
    });
    assert_snapshot!(part(&comment), @"
    <summary>Dependencies proposed: 1 (1 looked up)</summary>
    - [`backoff 0.4`](https://deps.dev/cargo/backoff) (cargo): computes pauses
        - Why nothing at hand will do: nothing here computes pauses
        - Why own code will not do: jitter is easy to get wrong
        - 0.4.0; 12 releases from 2017-04-01 to 2025-12-24; licence MIT OR Apache-2.0; no open advisories; code at `github.com/owner/backoff`; checked at deps.dev on 2026-03-01
        - Note: `backoff` was last released long ago; the plan calls it finished
    ");
    assert!(comment.contains("1 new dependency proposed, looked up."));
    assert!(comment.contains("Proposed dependency: backoff 0.4"));
}

#[test]
fn what_was_not_verified_says_why_and_is_not_linked() {
    let comment = rendered(|plan| {
        let why = "no answer came in time".to_owned();
        plan.dependencies[0].evidence = Evidence::Unverified { why };
    });
    assert_snapshot!(part(&comment), @"
    <summary>Dependencies proposed: 1 (unverified: existence and upkeep were not checked)</summary>
    - `backoff 0.4` (cargo): computes pauses
        - Why nothing at hand will do: nothing here computes pauses
        - Why own code will not do: jitter is easy to get wrong
        - **unverified**: no answer came in time
    ");
    assert!(!comment.contains("](https://deps.dev/"));
}

#[test]
fn pages_are_those_of_each_registry() {
    let names = [
        ("cargo", "serde_json", "https://deps.dev/cargo/serde_json"),
        ("npm", "@scope/name", "https://deps.dev/npm/%40scope%2Fname"),
        ("pypi", "pyyaml", "https://deps.dev/pypi/pyyaml"),
        (
            "go",
            "github.com/a/b",
            "https://deps.dev/go/github.com%2Fa%2Fb",
        ),
        ("maven", "org.a:b", "https://deps.dev/maven/org.a%3Ab"),
        ("nuget", "Dapper", "https://deps.dev/nuget/Dapper"),
        ("rubygems", "rails", "https://deps.dev/rubygems/rails"),
    ];
    for (registry, name, page) in names {
        let comment = rendered(|plan| {
            let library = &mut plan.dependencies[0];
            library.registry = registry.to_owned();
            library.name = name.to_owned();
            library.evidence = Evidence::Verified(Box::new(upkeep()));
        });
        assert!(comment.contains(&format!("]({page})")), "{name}");
    }
}

#[test]
fn names_that_are_none_are_never_linked() {
    for name in [
        "../../evil",
        "a b",
        "a)](https://evil.example",
        "javascript:x",
        "a//b",
        "é",
        "",
    ] {
        let comment = rendered(|plan| {
            let library = &mut plan.dependencies[0];
            library.registry = "npm".to_owned();
            library.name = name.to_owned();
            library.evidence = Evidence::Verified(Box::new(upkeep()));
        });
        let linked = comment.contains("](https://deps.dev/");
        // A scheme is a harmless path behind the registry's own address.
        assert_eq!(linked, name == "javascript:x", "{name}");
    }
}

#[test]
fn texts_of_a_registry_are_escaped() {
    let comment = rendered(|plan| {
        let hostile = "[x](https://evil.example) <img src=x> @everyone #1".to_owned();
        plan.dependencies[0].evidence = Evidence::Verified(Box::new(Upkeep {
            version: hostile.clone(),
            licences: vec![hostile.clone()],
            advisories: vec![hostile.clone()],
            repository: Some(hostile.clone()),
            source: hostile.clone(),
            notes: vec![hostile],
            ..upkeep()
        }));
    });
    assert_snapshot!(part(&comment), @"
    <summary>Dependencies proposed: 1 (1 looked up)</summary>
    - [`backoff 0.4`](https://deps.dev/cargo/backoff) (cargo): computes pauses
        - Why nothing at hand will do: nothing here computes pauses
        - Why own code will not do: jitter is easy to get wrong
        - `[x](https://evil.example)` `<img` `src=x>` `@everyone` `#1`; 12 releases from 2017-04-01 to 2025-12-24; licence `[x](https://evil.example)` `<img` `src=x>` `@everyone` `#1`; advisories `[x](https://evil.example)` `<img` `src=x>` `@everyone` `#1`; code at `[x](https://evil.example)` `<img` `src=x>` `@everyone` `#1`; checked at `[x](https://evil.example)` `<img` `src=x>` `@everyone` `#1` on 2026-03-01
        - Note: `[x](https://evil.example)` `<img` `src=x>` `@everyone` `#1`
    ");
}
