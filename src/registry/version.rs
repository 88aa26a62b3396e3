//! Which release a proposed version asks for.
//!
//! Registries differ in what a requirement means. This reads them all alike and leniently: the
//! question is only whether a version was made up.

/// What a proposed version asks for among the releases of a package.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Choice {
    /// Anything.
    Any,
    /// The release at this position.
    Release(usize),
    /// Something that was never released.
    Missing,
}

/// How a version is compared with the one that is named.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Comparison {
    /// Begins like it.
    Prefix,
    /// Is not before it.
    AtLeast,
    /// Is not behind it.
    AtMost,
    /// Is not before it and compatible in the way of `^`.
    Caret,
    /// Is not before it and differs in what follows its last number but one.
    Tilde,
}

/// Longest requirement that is looked at, in bytes.
const MAX_BYTES: usize = 120;

/// The newest of `versions` that `requirement` asks for; one without a pre-release mark if there is.
pub(super) fn choose(versions: &[&str], requirement: &str) -> Choice {
    let requirement = requirement.trim();
    let first = requirement
        .split([',', '|'])
        .next()
        .unwrap_or_default()
        .trim();
    let (comparison, named) = split(first);
    let named = named.split_whitespace().next().unwrap_or_default();
    let named = named.trim_end_matches(".x").trim_end_matches(".*");
    if requirement.len() > MAX_BYTES {
        return Choice::Missing;
    }
    if !bare(named).starts_with(|c: char| c.is_ascii_digit()) {
        return Choice::Any;
    }
    let same = |version: &&str| without_build(version) == without_build(named);
    if comparison == Comparison::Prefix
        && let Some(position) = versions.iter().position(same)
    {
        return Choice::Release(position);
    }
    let wanted = numbers(named);
    if wanted.is_empty() {
        return Choice::Missing;
    }
    let fitting = versions
        .iter()
        .enumerate()
        .filter_map(|(position, version)| {
            let numbers = numbers(version);
            fits(&numbers, comparison, &wanted).then_some((!is_early(version), numbers, position))
        });
    match fitting.max() {
        Some((_, _, position)) => Choice::Release(position),
        None => Choice::Missing,
    }
}

/// The newest of `versions`, without a pre-release mark if there is one.
pub(super) fn newest(versions: &[&str]) -> Option<usize> {
    let ranked = versions.iter().enumerate();
    let ranked = ranked.map(|(position, version)| (!is_early(version), numbers(version), position));
    ranked.max().map(|(_, _, position)| position)
}

fn split(requirement: &str) -> (Comparison, &str) {
    const SIGNS: [(&str, Comparison); 10] = [
        (">=", Comparison::AtLeast),
        (">", Comparison::AtLeast),
        ("<=", Comparison::AtMost),
        ("<", Comparison::AtMost),
        ("^", Comparison::Caret),
        ("~>", Comparison::Tilde),
        ("~=", Comparison::Tilde),
        ("~", Comparison::Tilde),
        ("==", Comparison::Prefix),
        ("=", Comparison::Prefix),
    ];
    let mut signs = SIGNS.iter();
    signs
        .find_map(|(sign, comparison)| Some((*comparison, requirement.strip_prefix(sign)?.trim())))
        .unwrap_or((Comparison::Prefix, requirement))
}

fn bare(version: &str) -> &str {
    version.strip_prefix(['v', 'V']).unwrap_or(version)
}

fn without_build(version: &str) -> &str {
    bare(version).split('+').next().unwrap_or_default()
}

/// Whether a version is marked as early: `2.0.0-rc.1`, `2.0b1`. Marks that start no word of that kind
/// (`31.1-jre`) say nothing.
fn is_early(version: &str) -> bool {
    let lower = without_build(version).to_lowercase();
    let words = lower.split(|c: char| !c.is_alphabetic());
    let early = [
        "a", "alpha", "b", "beta", "rc", "dev", "pre", "preview", "m", "snapshot", "canary", "next",
    ];
    words.into_iter().any(|word| early.contains(&word))
}

/// The numbers that begin a version: 1, 2 and 3 of `v1.2.3-rc.4`.
fn numbers(version: &str) -> Vec<u64> {
    let mut numbers = Vec::new();
    for part in bare(version).split('.') {
        let end = part.find(|c: char| !c.is_ascii_digit());
        let digits = part.get(..end.unwrap_or(part.len())).unwrap_or_default();
        let Ok(number) = digits.parse() else { break };
        numbers.push(number);
        if end.is_some() {
            break;
        }
    }
    numbers
}

fn fits(numbers: &[u64], comparison: Comparison, wanted: &[u64]) -> bool {
    let at = |list: &[u64], position: usize| list.get(position).copied().unwrap_or(0);
    let length = numbers.len().max(wanted.len());
    let order = (0..length)
        .map(|position| at(numbers, position).cmp(&at(wanted, position)))
        .find(|order| order.is_ne());
    let alike =
        |count: usize| (0..count).all(|position| at(numbers, position) == at(wanted, position));
    let not_before = order.is_none_or(std::cmp::Ordering::is_gt);
    match comparison {
        Comparison::Prefix => alike(wanted.len()) && !numbers.is_empty(),
        Comparison::AtLeast => not_before,
        Comparison::AtMost => order.is_none_or(std::cmp::Ordering::is_lt),
        Comparison::Caret => {
            let zeros = wanted.iter().take_while(|number| **number == 0).count();
            not_before && alike((zeros + 1).min(wanted.len()))
        }
        Comparison::Tilde => not_before && alike(wanted.len().saturating_sub(1).max(1)),
    }
}
