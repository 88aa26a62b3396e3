//! The names that a change takes away or alters.

use crate::planner::draft::{Change, Draft, Interface, InterfaceKind, Operation, Relation};
use crate::planner::verify::Check;
use crate::planner::verify::signatures::parameters;
use crate::planner::verify::symbols::segments;
use crate::planner::verify::words::has_word;
use crate::repository::Definition;

/// Shorter names stand for too many things.
const MIN_NAME: usize = 4;

/// What happens to a name.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub(super) enum Fate {
    /// It goes, or its users must change with it.
    Breaks,
    /// Its parameters change.
    Alters,
}

impl Fate {
    /// The check that is about it.
    pub(super) fn check(self) -> &'static str {
        match self {
            Self::Breaks => "I1",
            Self::Alters => "I2",
        }
    }
}

/// A name that a change takes away or alters.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Affected {
    pub(super) name: String,
    pub(super) fate: Fate,
    pub(super) file: usize,
    pub(super) is_callable: bool,
}

/// The names of `file` that `change` takes away or alters, as far as no other file defines them.
pub(super) fn affected_by(
    change: &Change,
    file: usize,
    draft: &Draft,
    check: &Check<'_>,
) -> Vec<Affected> {
    let mut affected: Vec<Affected> = Vec::new();
    let mut add = |definition: &Definition, fate: Fate| {
        let known = affected.iter().any(|one| one.name == definition.name);
        if !known && is_unique(definition, file, check) {
            affected.push(Affected {
                name: definition.name.clone(),
                fate,
                file,
                is_callable: definition.is_callable(),
            });
        }
    };
    if change.op == Operation::Delete {
        for definition in check.index.definitions(file) {
            let is_open = definition.container.is_empty() || definition.is_callable();
            if is_open && !is_brought_back(&definition.name, draft) {
                add(definition, Fate::Breaks);
            }
        }
        return affected;
    }
    if change.op == Operation::Rename {
        // Where a file is called after what it defines, that is renamed with it.
        let old = stem(&change.path);
        let named = check.index.definitions(file).iter();
        for definition in named.filter(|definition| definition.name == old) {
            if old != stem(&change.new_path) && !definition.is_callable() {
                add(definition, Fate::Breaks);
            }
        }
    }
    for definition in removed(change, file, check) {
        if !is_brought_back(&definition.name, draft) {
            add(definition, Fate::Breaks);
        }
    }
    for (definition, fate) in altered(change, file, check) {
        add(definition, fate);
    }
    affected
}

fn stem(path: &str) -> &str {
    let name = path.rsplit('/').next().unwrap_or(path);
    name.split('.').next().unwrap_or(name)
}

/// Whether the plan itself defines the name anew somewhere.
fn is_brought_back(name: &str, draft: &Draft) -> bool {
    let interfaces = draft.changes.iter().flat_map(|change| &change.interfaces);
    let mut names = interfaces.filter_map(|interface| segments(&interface.name).pop());
    names.any(|own| own == name)
}

/// Definitions that an anchor takes away whole: its head is among the lines that go.
fn removed<'c>(change: &Change, file: usize, check: &'c Check<'_>) -> Vec<&'c Definition> {
    let definitions = check.index.definitions(file);
    let mut removed = Vec::new();
    for anchor in &change.anchors {
        if anchor.relation != Relation::Remove {
            continue;
        }
        let Some(name) = segments(&anchor.symbol).pop() else {
            continue;
        };
        let quoted = |definition: &Definition| {
            anchor.quote.trim().is_empty()
                || heads(&anchor.quote, &head_of(definition, file, check))
        };
        removed.extend(
            (definitions.iter()).filter(|definition| definition.name == name && quoted(definition)),
        );
    }
    for name in renamed_in(&change.what) {
        removed.extend(
            definitions
                .iter()
                .filter(|definition| definition.name == name),
        );
    }
    removed
}

/// Whether a quote holds the line in which a definition has its name, and not only calls of it.
fn heads(quote: &str, (name, line): &(&str, String)) -> bool {
    quote.lines().map(fold).any(|quoted| {
        !quoted.is_empty()
            && has_word(quoted.as_bytes(), name)
            && (quoted.starts_with(line)
                || line.contains(quoted.trim_end_matches([' ', '{', ':', ';'])))
    })
}

/// The name of a definition, and the line of its head that has it: what comes before, such as the parameters of
/// a template, may be a line of its own.
fn head_of<'d>(definition: &'d Definition, file: usize, check: &Check<'_>) -> (&'d str, String) {
    let name = definition.name.as_str();
    let signature = definition.signature.trim_end_matches('…');
    let of_text = || {
        let mut head = lines_from(definition, file, check)?.take(MAX_HEAD_LINES);
        head.find(|line| has_word(line.as_bytes(), name))
    };
    let line = match has_word(signature.as_bytes(), name) {
        true => None,
        false => of_text(),
    };
    (name, fold(line.unwrap_or(signature)))
}

fn fold(line: &str) -> String {
    line.split_whitespace().collect::<Vec<_>>().join(" ")
}

/// Names between back-ticks that a sentence renames: "Rename `old` to `new`".
fn renamed_in(text: &str) -> Vec<String> {
    let mut renamed = Vec::new();
    let mut pieces = text.split('`');
    let mut before = pieces.next().unwrap_or_default();
    while let (Some(name), Some(after)) = (pieces.next(), pieces.next()) {
        let verb = before.split_whitespace().rev().take(3);
        let mut verbs = verb.map(str::to_lowercase);
        let renames = verbs.any(|word| matches!(&*word, "rename" | "renames" | "renaming"));
        if renames && after.trim_start().starts_with("to ") {
            renamed.extend(segments(name).pop());
        }
        before = after;
    }
    renamed
}

/// Definitions whose interface the change gives anew, and whether their users must follow.
fn altered<'c>(change: &Change, file: usize, check: &'c Check<'_>) -> Vec<(&'c Definition, Fate)> {
    let mut altered = Vec::new();
    for interface in &change.interfaces {
        let named = segments(&interface.name);
        let Some((name, qualifiers)) = named.split_last() else {
            continue;
        };
        let here = check.index.definitions(file).iter().filter(|definition| {
            let container = segments(&definition.container);
            definition.name == *name
                && qualifiers
                    .last()
                    .is_none_or(|qualifier| container.is_empty() || container.contains(qualifier))
        });
        let mut here: Vec<&Definition> = here.collect();
        // A constructor is called as its class is.
        if is_function(interface) && here.iter().any(|definition| definition.is_callable()) {
            here.retain(|definition| definition.is_callable());
        }
        let Some(definition) = here.first() else {
            continue;
        };
        if interface.breaking {
            altered.push((*definition, Fate::Breaks));
        } else if changes_parameters(interface, &here, (file, check)) {
            altered.push((*definition, Fate::Alters));
        }
    }
    altered
}

/// Whether an interface has other parameters than each of the definitions that it may mean: another number, or
/// where several differ by their parameters, others than all of them.
fn changes_parameters(
    interface: &Interface,
    here: &[&Definition],
    (file, check): (usize, &Check<'_>),
) -> bool {
    let before: Option<Vec<_>> = here
        .iter()
        .map(|definition| {
            let known = parameters_of(definition, file, check);
            known.filter(|_| definition.is_callable())
        })
        .collect();
    let name = here.first().map_or("", |definition| &definition.name);
    let (Some(before), Some(after)) = (before, parameters(name, &interface.signature)) else {
        return false;
    };
    let mut alike = before.iter().filter(|one| one.len() == after.len());
    let folded = |parameters: &[String]| parameters.iter().map(|one| fold(one)).collect::<Vec<_>>();
    let after_folded = folded(&after);
    is_function(interface)
        && match here.len() {
            1 => alike.next().is_none(),
            _ => !alike.any(|one| folded(one) == after_folded),
        }
}

fn is_function(interface: &Interface) -> bool {
    matches!(
        interface.kind,
        InterfaceKind::Function | InterfaceKind::Method
    )
}

/// Lines of the longest head that is read.
const MAX_HEAD_LINES: usize = 30;

/// The lines of a file from where a definition begins.
fn lines_from<'c>(
    definition: &Definition,
    file: usize,
    check: &'c Check<'_>,
) -> Option<impl Iterator<Item = &'c str>> {
    let text = check.index.snapshot().files.get(file)?.text.as_deref()?;
    let start = usize::try_from(definition.lines.start()).ok()?;
    Some(text.lines().skip(start.checked_sub(1)?))
}

/// The parameters of a definition, be its head one line or more; `None` where it shows none.
fn parameters_of(definition: &Definition, file: usize, check: &Check<'_>) -> Option<Vec<String>> {
    let first = definition.signature.trim_end_matches('…');
    let name = &definition.name;
    parameters(name, &definition.signature).or_else(|| {
        let lines = lines_from(definition, file, check)?;
        let head = lines.skip_while(|line| !line.trim_start().starts_with(first));
        let head = head.take(MAX_HEAD_LINES).map(|line| {
            let (code, _) = line.split_once("//").unwrap_or((line, ""));
            code
        });
        parameters(name, &head.collect::<Vec<_>>().join(" "))
    })
}

/// Whether one file alone defines the name, so that whoever names it means this one.
fn is_unique(definition: &Definition, file: usize, check: &Check<'_>) -> bool {
    let name = &definition.name;
    let plain = name.chars().all(|c| c.is_alphanumeric() || c == '_');
    let common = matches!(name.as_str(), "main" | "init" | "test" | "setup" | "index");
    plain
        && !common
        && name.chars().count() >= MIN_NAME
        && check
            .index
            .find_definitions(name)
            .iter()
            .all(|(other, _)| *other == file)
}
