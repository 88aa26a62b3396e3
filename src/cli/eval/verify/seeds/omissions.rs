//! What a plan leaves out, or fills with words that say nothing.

use super::{Kind, hard, told};
use crate::cli::eval::verify::heads::heads;
use crate::cli::eval::verify::scene::{Scene, Seeded, ending};
use crate::cli::eval::verify::signature::interface;
use crate::planner::draft::{Dependency, Interface, Registry};

pub(super) const KINDS: &[Kind] = &[
    hard("name that no registry takes", &["R4"], impossible_name),
    hard("library without a reason", &["R4"], no_reason),
    told(
        "added file with a reason of no words",
        &["R3"],
        reason_of_no_words,
    ),
    told("no risk, and no reason for that", &["R6"], bare_risk),
    told("function without its signature", &["R8"], no_signature),
    told("parameter that is not listed", &["R8"], unlisted_parameter),
];

/// The gold plan with a library for one of its changes.
fn with_library(
    scene: &mut Scene<'_>,
    alter: impl FnOnce(&mut Scene<'_>, &mut Dependency),
) -> Option<Seeded> {
    let position = scene.modified()?;
    let mut dependency = Dependency {
        name: "limit-policy".to_owned(),
        registry: Registry::Npm,
        version: "2.4".to_owned(),
        purpose: "Tells the reported inputs apart.".to_owned(),
        why_not_existing: "No dependency at hand does that.".to_owned(),
        why_not_own_code: "The rules are long and change every year.".to_owned(),
        used_by: vec![scene.change(position)?.id.clone()],
    };
    alter(scene, &mut dependency);
    let mut draft = scene.draft();
    draft.dependencies.push(dependency);
    Some(Seeded::new(draft, "/dependencies/0"))
}

fn impossible_name(scene: &mut Scene<'_>) -> Option<Seeded> {
    let names = [
        (Registry::Npm, "limit policy"),
        (Registry::Npm, "limit:policy"),
        (Registry::Cargo, "limit policy (crate)"),
        (Registry::Cargo, "limits/policy"),
        (Registry::PyPi, "limit/policy"),
        (Registry::Go, "example.org/limit policy"),
        (Registry::RubyGems, "limit policy"),
        (Registry::NuGet, "Limit Policy"),
        (Registry::Maven, "org.limit policy"),
    ];
    let (registry, name) = *scene.dice.pick(&names)?;
    with_library(scene, |_, dependency| {
        dependency.registry = registry;
        dependency.name = name.to_owned();
    })
}

/// Where a reason should stand.
const NO_REASONS: [&str; 7] = ["", "-", "…", "N/A", "none.", "TBD", "?"];

fn no_reason(scene: &mut Scene<'_>) -> Option<Seeded> {
    let reason = (*scene.dice.pick(&NO_REASONS)?).to_owned();
    with_library(scene, |scene, dependency| match scene.dice.below(2) {
        0 => dependency.why_not_existing = reason,
        _ => dependency.why_not_own_code = reason,
    })
}

fn reason_of_no_words(scene: &mut Scene<'_>) -> Option<Seeded> {
    let (mut draft, position) = scene.with_added()?;
    let reason = *scene.dice.pick(&NO_REASONS)?;
    draft.changes.get_mut(position)?.why_new = reason.to_owned();
    Some(Seeded::new(draft, format!("/changes/{position}/why_new")))
}

fn bare_risk(scene: &mut Scene<'_>) -> Option<Seeded> {
    let mut draft = scene.draft();
    let position = scene.dice.below(draft.risks.len());
    let risk = draft.risks.get_mut(position)?;
    let bare = ["None.", "No risk", "n/a", "No impact expected."];
    (*scene.dice.pick(&bare)?).clone_into(&mut risk.risk);
    risk.mitigation.clear();
    Some(Seeded::new(draft, format!("/risks/{position}")))
}

/// The gold plan with a function of a file that it modifies told anew, as it is, and then altered.
fn with_function(
    scene: &mut Scene<'_>,
    alter: impl FnOnce(&mut Interface) -> Option<()>,
) -> Option<Seeded> {
    let position = scene.modified()?;
    let path = &scene.change(position)?.path;
    let extension = ending(path);
    let mut found = heads(scene.text(path)?, &extension);
    found.retain(|head| head.is_function && head.is_telling());
    scene.dice.shuffle(&mut found);
    let mut interface = found.into_iter().find_map(|head| {
        let told = interface(head.line, head.name, &extension)?;
        (!told.params.is_empty()).then_some(told)
    })?;
    alter(&mut interface)?;
    let mut draft = scene.draft();
    draft.changes.get_mut(position)?.interfaces = vec![interface];
    Some(Seeded::new(
        draft,
        format!("/changes/{position}/interfaces/0"),
    ))
}

fn no_signature(scene: &mut Scene<'_>) -> Option<Seeded> {
    with_function(scene, |interface| {
        interface.signature.clear();
        Some(())
    })
}

fn unlisted_parameter(scene: &mut Scene<'_>) -> Option<Seeded> {
    with_function(scene, |interface| interface.params.pop().map(|_| ()))
}
