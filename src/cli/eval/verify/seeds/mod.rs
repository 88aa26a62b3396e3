//! Every kind of mistake that is seeded, with the checks that are to find it.

mod anchors;
mod impact;
mod names;
mod omissions;
mod output;
mod paths;
mod rules;
mod shape;
mod structure;

use crate::cli::eval::verify::scene::{Scene, Seeded};

/// What finding a mistake demands.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Demand {
    /// A hard finding, or that it is put right.
    Hard,
    /// A finding of any class.
    Told,
}

/// One kind of mistake.
pub(super) struct Kind {
    pub(super) name: &'static str,
    /// The checks one of which must speak.
    pub(super) checks: &'static [&'static str],
    pub(super) demand: Demand,
    /// Puts it into the plan; `None` where the plan has no place for it.
    pub(super) seed: fn(&mut Scene<'_>) -> Option<Seeded>,
}

/// All kinds, in the order of the report.
pub(super) fn kinds() -> impl Iterator<Item = &'static Kind> {
    [
        paths::KINDS,
        anchors::KINDS,
        names::KINDS,
        omissions::KINDS,
        structure::KINDS,
        impact::KINDS,
        rules::KINDS,
        output::KINDS,
    ]
    .into_iter()
    .flatten()
}

pub(super) use impact::all_users_named;
pub(super) use shape::SHAPES;

/// A hard kind.
const fn hard(
    name: &'static str,
    checks: &'static [&'static str],
    seed: fn(&mut Scene<'_>) -> Option<Seeded>,
) -> Kind {
    Kind {
        name,
        checks,
        demand: Demand::Hard,
        seed,
    }
}

/// A kind that a note is enough for.
const fn told(
    name: &'static str,
    checks: &'static [&'static str],
    seed: fn(&mut Scene<'_>) -> Option<Seeded>,
) -> Kind {
    Kind {
        name,
        checks,
        demand: Demand::Told,
        seed,
    }
}
