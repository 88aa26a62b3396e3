//! Libraries that a plan proposes, with what is known of them.

use crate::domain::package::{Ecosystem, Evidence, Upkeep};
use crate::domain::plan::{Dependency, Plan};
use crate::render::code;
use crate::render::escape::{inline, inline_up_to};
use crate::render::limit::{Kind, Section, nested};
use crate::render::links::{encode, is_path, push_formatted};
use crate::render::messages::{self, Words};
use crate::render::plan::push_after;

/// Most characters of one line of evidence.
const EVIDENCE_CHARACTERS: usize = 600;

/// Longest name that is linked, in bytes; no registry has longer ones.
const NAME_BYTES: usize = 256;

/// How many of the proposed libraries were looked up.
pub(super) fn verified(plan: &Plan) -> usize {
    let libraries = plan.dependencies.iter();
    libraries.filter(|library| is_verified(library)).count()
}

/// All of them, a line each, with reasons and evidence below.
pub(super) fn section(plan: &Plan, words: &Words) -> Section {
    let summary = messages::dependencies_summary(plan.dependencies.len(), verified(plan));
    let mut section = Section::folded(&summary);
    for library in &plan.dependencies {
        section.item(Kind::Background, |out| push_library(out, library, words));
    }
    section
}

/// A library for a coding agent.
pub(super) fn in_words(library: &Dependency) -> String {
    messages::proposed_dependency(&library.name, &library.version, is_verified(library))
}

fn is_verified(library: &Dependency) -> bool {
    matches!(library.evidence, Evidence::Verified(_))
}

fn push_library(out: &mut String, library: &Dependency, words: &Words) {
    let mut shown = String::new();
    let named = format!("{} {}", library.name, library.version);
    code::span(&mut shown, named.trim_end());
    match page(library).filter(|_| !shown.is_empty()) {
        Some(page) => push_formatted(out, format_args!("[{shown}]({page})")),
        None => out.push_str(&shown),
    }
    out.push_str(" (");
    inline(out, &library.registry);
    out.push_str("): ");
    inline(out, &library.purpose);
    let why = [
        (words.why_not_existing, &library.why_not_existing),
        (words.why_not_own, &library.why_not_own_code),
    ];
    for (label, reason) in why {
        nested(out, |out| push_after(out, &format!("{label}: "), reason));
    }
    match &library.evidence {
        Evidence::Unverified { why } if why.trim().is_empty() => {}
        Evidence::Unverified { why } => nested(out, |out| {
            push_after(
                out,
                &format!("**{}**: ", messages::libraries::LIBRARY_UNVERIFIED),
                why,
            );
        }),
        Evidence::Verified(upkeep) => push_upkeep(out, upkeep),
    }
}

fn push_upkeep(out: &mut String, upkeep: &Upkeep) {
    let parts = [
        upkeep.version.clone(),
        messages::libraries::releases(upkeep.releases, upkeep.first_release, upkeep.last_release),
        messages::libraries::licences(&upkeep.licences),
        messages::libraries::advisories(&upkeep.advisories),
        messages::libraries::code_at(upkeep.repository.as_deref()),
        messages::libraries::checked_at(&upkeep.source, upkeep.checked),
    ];
    let known: Vec<String> = (parts.into_iter())
        .filter(|part| !part.trim().is_empty())
        .collect();
    nested(out, |out| {
        inline_up_to(out, &known.join("; "), EVIDENCE_CHARACTERS);
    });
    for note in &upkeep.notes {
        nested(out, |out| {
            push_after(out, &format!("{}: ", messages::libraries::NOTE), note);
        });
    }
}

/// The page of a library where it was looked up, for one that was found.
fn page(library: &Dependency) -> Option<String> {
    let name = library.name.trim();
    let plain = (1..=NAME_BYTES).contains(&name.len())
        && name
            .bytes()
            .all(|byte| is_path(byte) || matches!(byte, b'@' | b':'));
    let climbs = name
        .split(['/', ':'])
        .any(|part| matches!(part, "" | "." | ".."));
    if !is_verified(library) || !plain || climbs {
        return None;
    }
    let system = match Ecosystem::find(&library.registry)? {
        Ecosystem::Cargo => "cargo",
        Ecosystem::Npm => "npm",
        Ecosystem::Pypi => "pypi",
        Ecosystem::Go => "go",
        Ecosystem::Maven => "maven",
        Ecosystem::Rubygems => "rubygems",
        Ecosystem::Nuget => "nuget",
        Ecosystem::Hex | Ecosystem::Packagist | Ecosystem::Native | Ecosystem::Other => {
            return None;
        }
    };
    let mut address = format!("https://deps.dev/{system}/");
    // The whole name is one segment there.
    encode(&mut address, name, |byte| is_path(byte) && byte != b'/');
    Some(address)
}
