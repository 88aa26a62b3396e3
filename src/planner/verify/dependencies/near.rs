//! Names that are nearly those of well-known packages: how invented and malicious ones look.

use crate::domain::package::Ecosystem;
use crate::planner::draft::Dependency;
use crate::planner::proposals::ecosystem;
use crate::registry::Lookup;
use crate::repository::facts::Declared;

/// Stars from which a project is known well enough to be no imitation.
const KNOWN_STARS: u64 = 500;

/// Most names offered in place of one that does not exist.
const CANDIDATES: usize = 3;

/// Characters from which two changes still make a name look the same; below it, one.
const LONG_NAME: usize = 10;

/// Characters below which one change makes another word.
const SHORT_NAME: usize = 4;

/// Well-known packages, a line each. They only have to be numerous enough to be imitated.
const CARGO: &str = include_str!("popular/cargo.txt");
const NPM: &str = include_str!("popular/npm.txt");
const PYPI: &str = include_str!("popular/pypi.txt");
const GO: &str = include_str!("popular/go.txt");
const MAVEN: &str = include_str!("popular/maven.txt");
const NUGET: &str = include_str!("popular/nuget.txt");
const RUBYGEMS: &str = include_str!("popular/rubygems.txt");

/// The well-known packages of an ecosystem; none where there is no list.
fn popular(ecosystem: Ecosystem) -> impl Iterator<Item = &'static str> {
    let list = match ecosystem {
        Ecosystem::Cargo => CARGO,
        Ecosystem::Npm => NPM,
        Ecosystem::Pypi => PYPI,
        Ecosystem::Go => GO,
        Ecosystem::Maven => MAVEN,
        Ecosystem::Nuget => NUGET,
        Ecosystem::Rubygems => RUBYGEMS,
        Ecosystem::Hex | Ecosystem::Packagist | Ecosystem::Native | Ecosystem::Other => "",
    };
    list.lines().filter(|line| !line.is_empty())
}

/// The package that the proposed one could be mistaken for: a well-known one, or one that the
/// repository depends on. None when it is well known itself.
pub(super) fn find_twin(
    dependency: &Dependency,
    declared: &Declared,
    lookup: &Lookup,
) -> Option<String> {
    let ecosystem = ecosystem(dependency);
    let name = dependency.name.trim();
    let established = match lookup {
        Lookup::Known(record) => record.stars.is_some_and(|stars| stars >= KNOWN_STARS),
        Lookup::Missing | Lookup::Unknown(_) => false,
    };
    if established || popular(ecosystem).any(|known| ecosystem.same(known, name)) {
        return None;
    }
    let at_hand = declared.dependencies.iter();
    let at_hand = at_hand.filter(|known| known.ecosystem == ecosystem);
    let is_twin = |known: &str| looks_like(ecosystem, name, known);
    let twin = at_hand
        .map(|known| &known.name)
        .find(|known| is_twin(known));
    let famous = || popular(ecosystem).find(|known| is_twin(known));
    twin.cloned().or_else(|| famous().map(str::to_owned))
}

/// The well-known packages whose names are nearest to one that does not exist.
pub(super) fn nearest(ecosystem: Ecosystem, name: &str) -> Vec<String> {
    let name = folded(name.trim());
    let limit = (name.chars().count() / 3).clamp(1, 4);
    let ranked = popular(ecosystem).filter_map(|known| {
        let distance = distance(&name, &folded(known), limit)?;
        Some((distance, known))
    });
    let mut ranked: Vec<_> = ranked.collect();
    ranked.sort_unstable();
    let names = ranked.into_iter().take(CANDIDATES);
    names.map(|(_, known)| known.to_owned()).collect()
}

/// Whether one name passes for the other at a glance.
fn looks_like(ecosystem: Ecosystem, name: &str, known: &str) -> bool {
    if ecosystem.same(name, known) || shares_owner(ecosystem, name, known) {
        return false;
    }
    let (name, known) = (folded(name), folded(known));
    let bare = |text: &str| text.replace('-', "");
    if bare(&name) == bare(&known) {
        return true;
    }
    let (name, known) = differing(&name, &known);
    let length = name.chars().count().max(known.chars().count());
    let limit = match length {
        ..SHORT_NAME => return false,
        SHORT_NAME..LONG_NAME => 1,
        _ => 2,
    };
    distance(name, known, limit).is_some()
}

/// Names below the same owner are the owner's: nobody else can publish there.
fn shares_owner(ecosystem: Ecosystem, name: &str, known: &str) -> bool {
    let owner = |name: &str| match ecosystem {
        Ecosystem::Npm => name
            .starts_with('@')
            .then(|| name.split('/').next().map(str::to_owned))?,
        Ecosystem::Maven => name.split(':').next().map(str::to_owned),
        Ecosystem::Go => {
            let parts: Vec<&str> = name.split('/').take(2).collect();
            Some(parts.join("/"))
        }
        _ => None,
    };
    owner(name).is_some_and(|own| owner(known) == Some(own))
}

/// Lower case, with `-` for every separator.
fn folded(name: &str) -> String {
    name.to_lowercase().replace(['_', '.'], "-")
}

/// The parts in which two names differ: `yml` and `yaml` of `serde-yml` and `serde-yaml`. Their
/// families share the rest, and `aws-sdk-s3` is no misspelling of `aws-sdk-ec2`.
fn differing<'a>(left: &'a str, right: &'a str) -> (&'a str, &'a str) {
    let shared = left
        .bytes()
        .zip(right.bytes())
        .take_while(|(left, right)| left == right);
    let shared: Vec<u8> = shared.map(|(byte, _)| byte).collect();
    let start = shared
        .iter()
        .rposition(|byte| *byte == b'-')
        .map_or(0, |at| at + 1);
    match (left.get(start..), right.get(start..)) {
        (Some(left_end), Some(right_end)) if !left_end.is_empty() && !right_end.is_empty() => {
            (left_end, right_end)
        }
        _ => (left, right),
    }
}

/// How many letters are added, left out, replaced or swapped with their neighbour between two names,
/// if that is at most `limit`.
fn distance(left: &str, right: &str, limit: usize) -> Option<usize> {
    let (left, right): (Vec<char>, Vec<char>) = (left.chars().collect(), right.chars().collect());
    if left.len().abs_diff(right.len()) > limit || left.len() > 120 {
        return None;
    }
    let at = |row: &[usize], position: usize| row.get(position).copied().unwrap_or(usize::MAX / 2);
    let mut before: Vec<usize> = Vec::new();
    let mut row: Vec<usize> = (0..=right.len()).collect();
    for (i, from) in left.iter().enumerate() {
        let mut next = vec![i + 1];
        for (j, to) in right.iter().enumerate() {
            let replaced = at(&row, j) + usize::from(from != to);
            let mut best = replaced.min(at(&row, j + 1) + 1).min(at(&next, j) + 1);
            let swapped =
                i > 0 && j > 0 && left.get(i - 1) == Some(to) && right.get(j - 1) == Some(from);
            if swapped {
                best = best.min(at(&before, j - 1) + 1);
            }
            next.push(best);
        }
        before = std::mem::replace(&mut row, next);
    }
    let found = at(&row, right.len());
    (found <= limit).then_some(found)
}
