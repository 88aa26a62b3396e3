//! R3: changing what is there comes before adding to it.

use std::collections::BTreeSet;

use crate::planner::draft::{Draft, Interface, InterfaceKind, Operation};
use crate::planner::verify::symbols::segments;
use crate::planner::verify::words::{is_no_reason, parts};
use crate::planner::verify::{Check, MAX_CANDIDATES};
use crate::repository::Definition;

/// New names of one plan that are compared with all others.
const MAX_COMPARED: usize = 40;

/// Shorter names are given to many things.
const MIN_NAME: usize = 4;

/// A name that so many files define is a convention, and no thing to reuse.
const MAX_HOMONYMS: usize = 3;

/// Checks that what is added is needed.
pub(in crate::planner::verify) fn check_reuse(draft: &Draft, check: &mut Check<'_>) {
    let count = |op| {
        draft
            .changes
            .iter()
            .filter(|change| change.op == op)
            .count()
    };
    let (adds, modifies) = (count(Operation::Add), count(Operation::Modify));
    if adds > modifies {
        let message = format!("adds {adds} files and changes {modifies}: say why so much is new");
        check.log.soft("R3", "/changes", message);
    }
    let mut left = MAX_COMPARED;
    for (i, change) in draft.changes.iter().enumerate() {
        let at = format!("/changes/{i}");
        if change.op == Operation::Add {
            if is_no_reason(&change.why_new) {
                let message = "says not why nothing existing would do".to_owned();
                check.log.soft("R3", &format!("{at}/why_new"), message);
            }
            if change.reuses.iter().all(|reuse| is_no_reason(reuse)) {
                let message = "builds on nothing that exists".to_owned();
                check.log.soft("R3", &format!("{at}/reuses"), message);
            }
        }
        for (j, interface) in change.interfaces.iter().enumerate() {
            let Some(rest) = left.checked_sub(1) else {
                return;
            };
            left = rest;
            let mut candidates = existing(interface, check);
            if change.op == Operation::Add {
                candidates.extend(namesakes(interface, check));
            }
            if !candidates.is_empty() {
                let message = format!("`{}` resembles what exists", interface.name);
                let at = format!("{at}/interfaces/{j}/name");
                check.log.note("R3", &at, message, candidates);
            }
        }
    }
}

/// Definitions of the same kind and name as an interface of an added file.
fn namesakes(interface: &Interface, check: &Check<'_>) -> Vec<String> {
    let name = segments(&interface.name).pop().unwrap_or_default();
    let is_type = matches!(interface.kind, InterfaceKind::Type | InterfaceKind::Trait);
    let is_function = interface.kind == InterfaceKind::Function;
    let found = check.index.find_definitions(&name);
    if name.len() < MIN_NAME || found.len() > MAX_HOMONYMS || !(is_type || is_function) {
        return Vec::new();
    }
    let files = &check.index.snapshot().files;
    found
        .into_iter()
        .filter(|(_, definition)| match is_type {
            true => is_type_like(definition),
            false => definition.is_callable(),
        })
        .filter_map(|(file, _)| Some(format!("{}::{name}", files.get(file)?.path)))
        .collect()
}

/// Definitions of the same kind whose names are made of nearly the same words as a new one's.
fn existing(interface: &Interface, check: &Check<'_>) -> Vec<String> {
    let Some(name) = segments(&interface.name).pop() else {
        return Vec::new();
    };
    let wanted = stems(&name);
    let is_type = match interface.kind {
        InterfaceKind::Type | InterfaceKind::Trait => true,
        InterfaceKind::Function => false,
        _ => return Vec::new(),
    };
    let is_new = check.index.find_definitions(&name).is_empty();
    if wanted.len() < 2 || !is_new || !check.may_search() {
        return Vec::new();
    }
    let hint = Hint::of(&wanted);
    let mut found = BTreeSet::new();
    for (position, file) in check.index.snapshot().files.iter().enumerate() {
        for definition in check.index.definitions(position) {
            let same_kind =
                is_type_like(definition) == is_type && (is_type || definition.kind == "function");
            let near = definition.name.len().abs_diff(name.len()) <= name.len() / 2;
            if same_kind
                && near
                && hint.is_in(&definition.name)
                && is_alike(&wanted, &stems(&definition.name))
            {
                found.insert((definition.name.clone(), file.path.as_str()));
            }
        }
    }
    let homonyms = |name: &str| check.index.find_definitions(name).len();
    found
        .into_iter()
        .filter(|(name, _)| homonyms(name) <= MAX_HOMONYMS)
        .take(MAX_CANDIDATES)
        .map(|(name, path)| format!("{path}::{name}"))
        .collect()
}

/// The longest word of a name as it may stand in others: a look at it spares taking them apart.
struct Hint {
    lower: String,
    capital: String,
}

impl Hint {
    fn of(wanted: &BTreeSet<String>) -> Self {
        let lower = wanted.iter().max_by_key(|stem| stem.len());
        let lower = lower.cloned().unwrap_or_default();
        let mut characters = lower.chars();
        let first = characters.next().into_iter().flat_map(char::to_uppercase);
        Self {
            capital: first.chain(characters).collect(),
            lower,
        }
    }

    fn is_in(&self, name: &str) -> bool {
        name.contains(&self.lower) || name.contains(&self.capital)
    }
}

fn is_type_like(definition: &Definition) -> bool {
    matches!(
        definition.kind,
        "struct"
            | "class"
            | "enum"
            | "trait"
            | "interface"
            | "type"
            | "record"
            | "union"
            | "protocol"
    )
}

/// The words of a name without the `s` of plurals.
fn stems(name: &str) -> BTreeSet<String> {
    let parts = parts(name).into_iter();
    parts
        .map(|part| match part.strip_suffix('s') {
            Some(stem) if stem.len() > 2 => stem.to_owned(),
            _ => part,
        })
        .collect()
}

/// Whether four fifths of the words of both names are shared.
fn is_alike(left: &BTreeSet<String>, right: &BTreeSet<String>) -> bool {
    let shared = left.intersection(right).count();
    let all = left.union(right).count();
    all > 0 && shared * 5 >= all * 4
}
