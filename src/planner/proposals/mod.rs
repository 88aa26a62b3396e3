//! Asking a registry about the libraries that a draft proposes, before the draft is checked.

use crate::domain::package::Ecosystem;
use crate::planner::draft::{Dependency, Draft};
use crate::registry::{Lookups, Proposal, Registry};
use crate::repository::facts::Declared;
use crate::repository::index::Index;

/// Most libraries asked about in all rounds of one plan: repairs seldom propose others.
const MAX_PROPOSALS: usize = 32;

/// Asks `registry` about what `draft` proposes and `known` does not hold yet; adds the answers to
/// `known`.
///
/// What the repository depends on already is not asked about: it needs no evidence, and its name may
/// be a secret. Without a registry, or without proposals, nothing happens.
pub async fn look_up(
    registry: Option<&dyn Registry>,
    draft: &Draft,
    index: &Index,
    known: &mut Option<Lookups>,
) {
    let Some(registry) = registry.filter(|_| !draft.dependencies.is_empty()) else {
        return;
    };
    let proposals = unknown(draft, index, known.as_ref());
    if proposals.is_empty() {
        return;
    }
    let found = registry.look_up(&proposals).await;
    match known {
        Some(known) => known.extend(found),
        None => *known = Some(found),
    }
}

fn unknown(draft: &Draft, index: &Index, known: Option<&Lookups>) -> Vec<Proposal> {
    let declared = Declared::of(index);
    let asked = known.map_or(0, Lookups::len);
    let proposals = draft.dependencies.iter().map(proposal);
    proposals
        .filter(|one| declared.find(one.ecosystem, &one.name).is_none())
        .filter(|one| known.is_none_or(|known| known.find(one).is_none()))
        .take(MAX_PROPOSALS.saturating_sub(asked))
        .collect()
}

/// What is asked about a dependency of a draft.
pub(in crate::planner) fn proposal(dependency: &Dependency) -> Proposal {
    Proposal {
        ecosystem: ecosystem(dependency),
        name: dependency.name.trim().to_owned(),
        version: dependency.version.trim().to_owned(),
    }
}

/// Where a dependency of a draft is published.
pub(in crate::planner) fn ecosystem(dependency: &Dependency) -> Ecosystem {
    Ecosystem::find(dependency.registry.as_str()).unwrap_or(Ecosystem::Other)
}

#[cfg(test)]
mod tests;
