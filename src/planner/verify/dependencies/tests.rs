use insta::assert_snapshot;

use super::*;
use crate::domain::day::Day;
use crate::planner::draft::Registry;
use crate::planner::fixture;
use crate::planner::verify::{Ground, Verification, verify};
use crate::registry::{Lookups, Proposal, Record};

const TODAY: &str = "2026-03-01";

fn day(text: &str) -> Option<Day> {
    Day::find(text)
}

/// A record against which nothing can be said.
fn sound(name: &str) -> Record {
    Record {
        name: name.to_owned(),
        releases: 12,
        first_release: day("2019-05-01"),
        last_release: day("2025-12-24"),
        latest: "1.4.2".to_owned(),
        has_version: true,
        version: "1.4.2".to_owned(),
        licences: vec!["MIT OR Apache-2.0".to_owned()],
        repository: Some("github.com/owner/name".to_owned()),
        archived: Some(false),
        stars: Some(120),
        ..Record::default()
    }
}

fn dependency(registry: Registry, name: &str) -> Dependency {
    Dependency {
        name: name.to_owned(),
        registry,
        version: "1".to_owned(),
        purpose: "computes pauses".to_owned(),
        why_not_existing: "nothing here computes them".to_owned(),
        why_not_own_code: "jitter is easy to get wrong".to_owned(),
        used_by: vec!["C2".to_owned()],
    }
}

/// The gold plan that proposes these instead of its own.
fn proposing(dependencies: Vec<Dependency>) -> Draft {
    Draft {
        dependencies,
        ..fixture::gold()
    }
}

fn looked_up(draft: &Draft, lookup: &Lookup) -> Lookups {
    let mut lookups = Lookups::new("deps.dev", Day::find(TODAY).unwrap());
    for dependency in &draft.dependencies {
        lookups.add(proposal(dependency), lookup.clone());
    }
    lookups
}

fn check(draft: &Draft, lookups: Option<&Lookups>) -> Verification {
    let index = fixture::index();
    let ground = Ground {
        lookups,
        ..Ground::bare(&index)
    };
    verify(draft, &ground)
}

/// What R4 finds, a line each.
fn lines(verification: &Verification) -> String {
    let found = verification.findings.iter();
    let found = found.filter(|finding| finding.check == "R4");
    let lines: Vec<String> = found
        .map(|finding| {
            let instead = match finding.candidates.as_slice() {
                [] => String::new(),
                candidates => format!(" -> {}", candidates.join(" | ")),
            };
            format!(
                "{} {}: {}{instead}",
                finding.class.as_str(),
                finding.at,
                finding.message
            )
        })
        .collect();
    lines.join("\n")
}

fn judged(name: &str, record: Record) -> String {
    let draft = proposing(vec![dependency(Registry::Cargo, name)]);
    let lookup = Lookup::Known(Box::new(record));
    lines(&check(&draft, Some(&looked_up(&draft, &lookup))))
}

fn unknown(dependency: Dependency) -> String {
    lines(&check(&proposing(vec![dependency]), None))
}

#[test]
fn a_sound_library_is_verified_and_shown_with_its_evidence() {
    let draft = proposing(vec![dependency(Registry::Cargo, "exponential")]);
    let lookup = Lookup::Known(Box::new(sound("exponential")));
    let verification = check(&draft, Some(&looked_up(&draft, &lookup)));
    assert_eq!(lines(&verification), "");
    let Evidence::Verified(upkeep) = &verification.plan.dependencies[0].evidence else {
        panic!("not verified");
    };
    assert_eq!(upkeep.version, "1.4.2");
    assert_eq!(upkeep.checked, day(TODAY));
    assert_eq!(upkeep.source, "deps.dev");
    let resolved = verification.file.resolved.as_ref().unwrap();
    assert_eq!(
        &resolved.evidence("/dependencies/0"),
        &verification.plan.dependencies[0].evidence
    );
}

/// Everything that can be wrong with a library, one at a time.
fn faults() -> Vec<(&'static str, Record)> {
    let with = |fault: fn(&mut Record)| {
        let mut record = sound("backer");
        fault(&mut record);
        record
    };
    vec![
        ("young", with(|one| one.first_release = day("2025-10-01"))),
        ("single", with(|one| one.releases = 1)),
        ("stale", with(|one| one.last_release = day("2024-08-01"))),
        ("deprecated", with(|one| one.deprecated = true)),
        ("latest", with(|one| one.latest_deprecated = true)),
        ("archived", with(|one| one.archived = Some(true))),
        ("no code", with(|one| one.repository = None)),
        (
            "advisory",
            with(|one| one.advisories.push("RUSTSEC-2026-0001".to_owned())),
        ),
        ("no licence", with(|one| one.licences.clear())),
        (
            "closed",
            with(|one| one.licences = vec!["BUSL-1.1".to_owned()]),
        ),
        ("no version", with(|one| one.has_version = false)),
        ("another", sound("backed-up")),
    ]
}

#[test]
fn every_fault_of_a_library_is_found() {
    let found: Vec<String> = faults()
        .into_iter()
        .map(|(case, record)| format!("{case}: {}", judged("backer", record)))
        .collect();
    assert_snapshot!(found.join("\n"), @"
    young: hard /dependencies/0: `backer` was first released on 2025-10-01, less than 180 days ago
    single: hard /dependencies/0: `backer` has 1 release(s), fewer than 2
    stale: hard /dependencies/0: `backer` was last released on 2024-08-01, more than 18 months ago
    deprecated: hard /dependencies/0: `backer` 1.4.2 is deprecated or yanked
    latest: hard /dependencies/0: `backer` 1.4.2, its latest version, is deprecated or yanked
    archived: hard /dependencies/0: the repository of `backer` is archived
    no code: hard /dependencies/0: `backer` names no repository with its code
    advisory: hard /dependencies/0: advisories are open against `backer` 1.4.2: RUSTSEC-2026-0001
    no licence: hard /dependencies/0: the licence of `backer` is not known
    closed: hard /dependencies/0: the licence of `backer` is no open-source one: BUSL-1.1
    no version: hard /dependencies/0: `backer` has no release that `1` asks for -> 1.4.2
    another: hard /dependencies/0: the registry knows `backer` only as `backed-up` -> backed-up
    ");
}

#[test]
fn ages_are_counted_to_the_day_of_asking() {
    let young = |first| {
        judged(
            "backer",
            Record {
                first_release: day(first),
                ..sound("backer")
            },
        )
    };
    assert_eq!(young("2025-09-02"), "");
    assert!(young("2025-09-03").contains("less than 180 days"));
    let stale = |last| {
        judged(
            "backer",
            Record {
                last_release: day(last),
                ..sound("backer")
            },
        )
    };
    assert_eq!(stale("2024-08-30"), "");
    assert!(stale("2024-08-29").contains("more than 18 months"));
}

#[test]
fn a_finished_library_may_rest() {
    let mut one = dependency(Registry::Cargo, "backer");
    one.why_not_own_code = "It is feature-complete and audited.".to_owned();
    let draft = proposing(vec![one]);
    let lookup = Lookup::Known(Box::new(Record {
        last_release: day("2020-01-01"),
        ..sound("backer")
    }));
    assert_snapshot!(lines(&check(&draft, Some(&looked_up(&draft, &lookup)))), @"soft /dependencies/0: `backer` was last released on 2020-01-01, more than 18 months ago; the plan calls it finished");
}

#[test]
fn an_invented_package_is_hard_and_loses_its_imports() {
    let mut draft = proposing(vec![dependency(Registry::Cargo, "serde_jsonn")]);
    draft.changes[1].imports = vec![
        "use std::time::Duration;".to_owned(),
        "use serde_jsonn::Value;".to_owned(),
    ];
    let verification = check(&draft, Some(&looked_up(&draft, &Lookup::Missing)));
    assert_snapshot!(lines(&verification), @"
    fixed /changes/1/imports/1: an import needs `serde_jsonn`, which is not verified
    hard /dependencies/0: no package `serde_jsonn` is published -> serde_json
    ");
    assert_eq!(
        verification.file.draft.changes[1].imports,
        ["use std::time::Duration;"]
    );
    let evidence = Evidence::Unverified {
        why: "no package `serde_jsonn` is published".to_owned(),
    };
    assert_eq!(verification.plan.dependencies[0].evidence, evidence);
}

#[test]
fn an_unverified_library_stays_as_text_and_is_not_imported() {
    let mut draft = proposing(vec![dependency(Registry::PyPi, "exponential-pauses")]);
    draft.changes[0].imports = vec![
        "from exponential_pauses import pause".to_owned(),
        "import os, exponential_pauses.deep".to_owned(),
        "from mine import exponential_pauses".to_owned(),
    ];
    let verification = check(&draft, None);
    assert_snapshot!(lines(&verification), @"
    fixed /changes/0/imports/0: an import needs `exponential-pauses`, which is not verified
    fixed /changes/0/imports/1: an import needs `exponential-pauses`, which is not verified
    soft /dependencies/0: `exponential-pauses` is unverified: it was not looked up
    ");
    assert_eq!(
        verification.file.draft.changes[0].imports,
        ["from mine import exponential_pauses"]
    );
    assert_eq!(verification.hard_count(), 0);
}

#[test]
fn what_a_manifest_names_is_no_new_library() {
    let mut same = dependency(Registry::Cargo, "serde");
    same.version = "1.0.200".to_owned();
    let verification = check(&proposing(vec![same.clone()]), None);
    assert_snapshot!(lines(&verification), @"fixed /dependencies/0: `serde` is no new dependency: `Cargo.toml` has it already");
    assert_eq!(verification.plan.dependencies, []);
    same.version = "2".to_owned();
    assert_snapshot!(unknown(same), @"soft /dependencies/0: `serde` is there already, as `1` in `Cargo.toml`; the plan asks for `2`");
}

#[test]
fn the_same_library_twice_is_one() {
    let one = dependency(Registry::PyPi, "Exponential.Pauses");
    let other = dependency(Registry::PyPi, "exponential-pauses");
    let verification = check(&proposing(vec![one, other]), None);
    assert_eq!(verification.plan.dependencies.len(), 1);
    assert!(
        lines(&verification)
            .contains("fixed /dependencies/1: `exponential-pauses` is proposed twice")
    );
}

#[test]
fn names_next_to_known_ones_are_found_without_a_registry() {
    let twins = [
        (Registry::Cargo, "reqwests", "reqwest"),
        (Registry::Cargo, "serde_yml", "serde_yaml"),
        (Registry::Cargo, "sered", "serde"),
        (Registry::Npm, "loadsh", "lodash"),
        (Registry::Npm, "crossenv", "cross-env"),
        (Registry::PyPi, "reqeusts", "requests"),
        (Registry::PyPi, "python-dateutils", "python-dateutil"),
        (
            Registry::Go,
            "github.com/gorila/mux",
            "github.com/gorilla/mux",
        ),
        (
            Registry::Maven,
            "com.google.guave:guava",
            "com.google.guava:guava",
        ),
        (Registry::NuGet, "Newtonsoft.Jsom", "Newtonsoft.Json"),
        (Registry::RubyGems, "nokogirl", "nokogiri"),
    ];
    for (registry, name, twin) in twins {
        let found = unknown(dependency(registry, name));
        let expected = format!("`{name}` looks like a misspelling of `{twin}` -> {twin}");
        assert!(found.contains(&expected), "{name}: {found}");
    }
}

#[test]
fn names_of_their_own_are_no_misspellings() {
    let honest = [
        (Registry::Cargo, "tokio-retry"),
        (Registry::Cargo, "aws-sdk-ses"),
        (Registry::Cargo, "hex"),
        (Registry::Cargo, "clap"),
        (Registry::Cargo, "flate"),
        (Registry::Npm, "preact"),
        (Registry::Npm, "@types/react"),
        (Registry::Npm, "@tanstack/react-queue"),
        (Registry::PyPi, "flask-admin"),
        (Registry::Go, "github.com/go-chi/cors"),
        (Registry::Maven, "org.springframework:spring-cove"),
        (Registry::Other, "serd"),
    ];
    for (registry, name) in honest {
        let found = unknown(dependency(registry, name));
        let near = found.contains("misspelling");
        assert_eq!(near, name == "flate", "{name}: {found}");
    }
}

#[test]
fn a_well_known_project_may_have_a_near_name() {
    let near = Record {
        stars: Some(30),
        ..sound("serde_yml")
    };
    assert!(judged("serde_yml", near).contains("misspelling"));
    let known = Record {
        stars: Some(5_000),
        ..sound("serde_yml")
    };
    assert_eq!(judged("serde_yml", known), "");
}

#[test]
fn reasons_and_uses_are_asked_for() {
    let mut bare = dependency(Registry::Hex, "exponential");
    bare.why_not_existing = " N/A. ".to_owned();
    bare.why_not_own_code = String::new();
    bare.used_by = Vec::new();
    assert_snapshot!(unknown(bare), @"
    hard /dependencies/0: why nothing at hand replaces `exponential` is not said
    hard /dependencies/0: why own code does not replace `exponential` is not said
    soft /dependencies/0: `exponential` is unverified: it was not looked up
    soft /dependencies/0: no change uses `exponential`
    ");
}

#[test]
fn what_the_language_has_itself_gets_a_note() {
    let found = judged("lazy_static", sound("lazy_static"));
    assert_snapshot!(found, @"soft /dependencies/0: `lazy_static` may not be needed: `std::sync::LazyLock` does it since Rust 1.80");
}

#[test]
fn licences_are_read_as_expressions() {
    let open = |licences: &[&str]| {
        let licences: Vec<String> = licences.iter().map(|one| (*one).to_owned()).collect();
        licence::is_open(&licences)
    };
    for licences in [
        &["MIT"][..],
        &["MIT OR BUSL-1.1"],
        &["(MIT OR Apache-2.0) AND Unicode-3.0"],
        &["GPL-2.0-only WITH Classpath-exception-2.0"],
        &["LGPL-3.0-or-later"],
        &["GPL-2.0+"],
        &["BSD-3-Clause", "non-standard"],
        &["MIT/Apache-2.0"],
        &["mit"],
    ] {
        assert!(open(licences), "{licences:?}");
    }
    for licences in [
        &[][..],
        &["non-standard"],
        &["MIT AND SSPL-1.0"],
        &["MIT", "BUSL-1.1"],
        &["Elastic-2.0"],
        &["OR"],
        &[""],
    ] {
        assert!(!open(licences), "{licences:?}");
    }
}

#[test]
fn a_lookup_of_another_version_says_nothing() {
    let draft = proposing(vec![dependency(Registry::Cargo, "backer")]);
    let mut lookups = Lookups::new("deps.dev", Day::find(TODAY).unwrap());
    let other = Proposal {
        version: "2".to_owned(),
        ..proposal(&draft.dependencies[0])
    };
    lookups.add(other, Lookup::Known(Box::new(sound("backer"))));
    let found = lines(&check(&draft, Some(&lookups)));
    assert!(
        found.starts_with("soft /dependencies/0: `backer` is unverified"),
        "{found}"
    );
}
