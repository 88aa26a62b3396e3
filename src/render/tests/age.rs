//! How a comment tells what became of the places that it cites.

use crate::domain::age::{Age, Fate, Place, places};
use crate::domain::document::Content;
use crate::domain::document::{Document, OutlineReason};
use crate::domain::plan::Target;
use crate::domain::repository::{CommitSha, ForgeKind, LineRange};
use crate::render::document;
use crate::render::tests::sample;

const LATER: &str = "def567828f27ae82c7b1a177c8d03f9e96e0adf2";

fn moved(file: &str, lines: Option<(u32, u32)>) -> Fate {
    Fate::Moved {
        path: sample::path(file),
        lines: lines.map(|(start, end)| LineRange::new(start, end)),
    }
}

/// The document with the fates of its places, in their order; the rest are the same.
fn aged(mut document: Document, fates: &[Fate]) -> Document {
    let targets = places(&document.content).into_iter();
    let rest = std::iter::repeat(Fate::Same);
    document.age = Some(Age {
        commit: CommitSha::parse(LATER).unwrap(),
        places: (targets.zip(fates.iter().cloned().chain(rest)))
            .map(|(target, fate)| Place { target, fate })
            .collect(),
    });
    document
}

fn comment(document_: &Document) -> String {
    let body = document(document_, &sample::site(ForgeKind::GitHub));
    body.as_str().replace("https://github.com/acme/engine", "")
}

/// What stands between the title and the first heading or text of a plan.
fn head(document: &Document) -> String {
    let comment = comment(document);
    let lines = comment.lines().skip(3);
    let lines: Vec<_> = lines.take_while(|line| !line.starts_with("**")).collect();
    lines.join("\n").trim().to_owned()
}

fn small(fates: &[Fate]) -> Document {
    aged(sample::plan_document(sample::small_plan()), fates)
}

#[test]
fn everything_as_planned() {
    insta::assert_snapshot!(comment(&small(&[])), @"");
}

#[test]
fn moved_places_lead_to_the_later_commit() {
    let fates = [
        moved("src/sending.rs", None),
        moved("src/sending.rs", Some((52, 52))),
    ];
    insta::assert_snapshot!(comment(&small(&fates)), @"");
}

#[test]
fn changed_places_stay_at_the_plans_commit_and_are_marked() {
    insta::assert_snapshot!(comment(&small(&[Fate::Same, Fate::Changed])), @"");
}

#[test]
fn heads_of_all_kinds() {
    insta::assert_snapshot!(head(&small(&[moved("src/b.rs", None)])), @"");
    insta::assert_snapshot!(head(&small(&[Fate::Unknown, moved("src/upload.rs", Some((9, 9)))])), @"");
    insta::assert_snapshot!(head(&small(&[Fate::Gone, Fate::Gone])), @"");
    let mut one = small(&[]);
    if let Some(age) = &mut one.age {
        age.places.truncate(1);
    }
    insta::assert_snapshot!(head(&one), @"");
    if let Some(age) = &mut one.age {
        age.places.clear();
    }
    insta::assert_snapshot!(head(&one), @"");
    let large = aged(
        sample::plan_document(sample::large_plan()),
        &[
            Fate::Changed,
            moved("src/a.rs", None),
            Fate::Unknown,
            Fate::Gone,
        ],
    );
    insta::assert_snapshot!(head(&large), @"");
}

#[test]
fn many_stale_places_are_counted_and_not_all_named() {
    let mut document = sample::plan_document(sample::small_plan());
    let targets = (1..=20).map(|line| sample::at("src/many.rs", line, line));
    document.age = Some(Age {
        commit: CommitSha::parse(LATER).unwrap(),
        places: targets
            .map(|target| Place {
                target,
                fate: Fate::Changed,
            })
            .collect(),
    });
    assert!(head(&document).contains("**Stale:** 20 of 20 places"));
    assert!(
        head(&document).contains("and 12 more. Comment"),
        "{}",
        head(&document)
    );
}

#[test]
fn taken_places_and_outlines() {
    let mut plan = sample::small_plan();
    plan.changes[0].target = Target::New {
        path: sample::path("src/retry.rs"),
    };
    let taken = aged(sample::plan_document(plan), &[Fate::Taken]);
    insta::assert_snapshot!(head(&taken), @"");
    assert!(comment(&taken).contains("new file, but there is one now"));
    let outline = sample::document(Content::Outline(sample::outline(OutlineReason::NoModel)));
    let outline = comment(&aged(outline, &[Fate::Changed]));
    let line = outline.lines().find(|line| line.starts_with("> **Stale"));
    insta::assert_snapshot!(line.unwrap(), @"");
}
