//! G3: a symbol is defined in the file that the plan says.

use std::collections::BTreeSet;

use crate::domain::repository::LineRange;
use crate::planner::verify::nearest::nearest_names;
use crate::repository::Definition;
use crate::repository::index::Index;

/// Qualifiers that stand for the place itself.
const SELF_QUALIFIERS: [&str; 5] = ["crate", "self", "super", "Self", "this"];

/// What a symbol turned out to be.
#[derive(Debug)]
pub(super) enum Symbol {
    /// The file defines it, on these lines, or names it inside of the definition that qualifies it, as
    /// fields are; more than one where names are overloaded.
    Defined(Vec<LineRange>),
    /// The file has the name on these lines, and nothing else defines it: a local name, or a key of a
    /// kind of file without definitions.
    Named(Vec<LineRange>),
    /// The file has no such thing.
    Missing {
        message: String,
        candidates: Vec<String>,
    },
}

/// Looks up `symbol` in a file. `quote` is code that was found there.
pub(super) fn look_up(index: &Index, file: usize, symbol: &str, quote: Option<&str>) -> Symbol {
    let Some(found) = index.snapshot().files.get(file) else {
        return missing(format!("`{symbol}` was looked for in no file"), Vec::new());
    };
    let path = found.path.as_str();
    let text = found.text.as_deref().unwrap_or("");
    let segments = segments(symbol);
    let Some((name, qualifiers)) = segments.split_last() else {
        return look_up_text(text, symbol, path);
    };
    let qualifier = qualifiers.last().map(String::as_str);
    if symbol.trim_start().starts_with("impl") && symbol.contains(char::is_whitespace) {
        let blocks = blocks_under(text, symbol);
        if !blocks.is_empty() {
            return Symbol::Defined(blocks);
        }
    }
    let here: Vec<_> = (index.definitions(file).iter())
        .filter(|definition| is_called(definition, name) || definition.name == symbol.trim())
        .collect();
    if let Some(qualifier) = qualifier {
        let inside: Vec<_> = (here.iter())
            .filter(|definition| in_container(definition, qualifier))
            .map(|definition| definition.lines)
            .collect();
        if !inside.is_empty() {
            return Symbol::Defined(inside);
        }
        let named = named_inside(index, file, (qualifier, name), text);
        if !named.is_empty() {
            return Symbol::Defined(named);
        }
        if let Some(refusal) = refuse_qualifier(index, file, (qualifier, name)) {
            return refusal;
        }
    }
    if !here.is_empty() {
        return Symbol::Defined(here.iter().map(|definition| definition.lines).collect());
    }
    let extended = extensions_of(index, file, name);
    if !extended.is_empty() {
        return Symbol::Defined(extended);
    }
    let lines = lines_with(text, name);
    let quoted = quote.is_some_and(|quote| !lines_with(quote, name).is_empty());
    let elsewhere = defining_files(index, name, qualifier);
    if !lines.is_empty() && (quoted || elsewhere.is_empty()) {
        return Symbol::Named(lines);
    }
    if elsewhere.is_empty() {
        let names = index
            .definitions(file)
            .iter()
            .map(|definition| &*definition.name);
        let candidates = nearest_names(names, name);
        return missing(format!("`{path}` has no `{symbol}`"), candidates);
    }
    let message = format!("`{symbol}` is not defined in `{path}`, but elsewhere");
    missing(message, elsewhere)
}

/// The names that a symbol is made of: `Store::<T>::open(path)` is `Store`, `open`.
pub(super) fn segments(symbol: &str) -> Vec<String> {
    let mut plain = String::with_capacity(symbol.len());
    let mut depth = 0_usize;
    for c in symbol.replace("->", ".").chars() {
        match c {
            '<' => depth += 1,
            '>' => depth = depth.saturating_sub(1),
            '(' => break,
            _ if depth == 0 => plain.push(c),
            _ => {}
        }
    }
    let word = plain.split_whitespace().next_back().unwrap_or_default();
    word.split([':', '.', '#', '/', '\\'])
        .map(|segment| segment.trim_matches(|c: char| !c.is_alphanumeric() && c != '_'))
        .filter(|segment| !segment.is_empty())
        .map(ToOwned::to_owned)
        .collect()
}

/// The lines of `text` that hold `word` as a whole word.
pub(super) fn lines_with(text: &str, word: &str) -> Vec<LineRange> {
    let joins = |c: Option<char>| c.is_some_and(|c| c.is_alphanumeric() || c == '_');
    (1..)
        .zip(text.lines())
        .filter(|(_, line)| {
            line.match_indices(word).any(|(start, found)| {
                let before = line.get(..start).and_then(|text| text.chars().next_back());
                let after = line.get(start + found.len()..);
                !joins(before) && !joins(after.and_then(|text| text.chars().next()))
            })
        })
        .map(|(number, _)| LineRange::new(number, number))
        .collect()
}

/// Lines of the blocks that begin with `header`, as Rust's `impl Trait for Type`, up to the brace that stands
/// below its beginning.
fn blocks_under(text: &str, header: &str) -> Vec<LineRange> {
    let header: Vec<&str> = header
        .trim_end_matches([' ', '{'])
        .split_whitespace()
        .collect();
    let lines: Vec<&str> = text.lines().collect();
    let begins = |line: &str| {
        let mut words = line.trim_end_matches([' ', '{']).split_whitespace();
        header.iter().all(|word| words.next() == Some(word))
    };
    let headed = (1_u32..).zip(&lines).filter(|(_, line)| begins(line));
    let ranges = headed.map(|(start, line)| {
        let indent = line.len() - line.trim_start().len();
        let closes = |other: &&&str| {
            let brace = other.trim_start();
            brace.starts_with('}') && other.len() - brace.len() == indent
        };
        let below = (start + 1..).zip(lines.iter().skip(usize::try_from(start).unwrap_or(0)));
        let end = below.into_iter().find(|(_, other)| closes(other));
        LineRange::new(start, end.map_or(start, |(end, _)| end))
    });
    ranges.collect()
}

/// Lines of the definitions that a file adds to a type: `impl` blocks, extensions, methods of Go.
fn extensions_of(index: &Index, file: usize, name: &str) -> Vec<LineRange> {
    let definitions = index.definitions(file).iter();
    definitions
        .filter(|definition| in_container(definition, name))
        .map(|definition| definition.lines)
        .collect()
}

fn missing(message: String, candidates: Vec<String>) -> Symbol {
    Symbol::Missing {
        message,
        candidates,
    }
}

/// For symbols without a name in them, such as operators.
fn look_up_text(text: &str, symbol: &str, path: &str) -> Symbol {
    let symbol = symbol.trim();
    let lines: Vec<_> = (1..)
        .zip(text.lines())
        .filter(|(_, line)| line.contains(symbol))
        .map(|(number, _)| LineRange::new(number, number))
        .collect();
    if lines.is_empty() {
        missing(format!("`{path}` has no `{symbol}`"), Vec::new())
    } else {
        Symbol::Named(lines)
    }
}

/// Whether a definition is written as `name`, perhaps with what it is specialised for behind.
fn is_called(definition: &Definition, name: &str) -> bool {
    definition.name == name
        || definition.name.trim_end_matches(['?', '!', '=']) == name
        || (definition.name.ends_with('>')
            && segments(&definition.name)
                .last()
                .is_some_and(|own| own == name))
}

/// Whether what directly holds a definition is called `qualifier`; JavaScript's `Outer.prototype` is
/// `Outer`.
fn in_container(definition: &Definition, qualifier: &str) -> bool {
    let container = segments(&definition.container);
    let mut names = container
        .iter()
        .rev()
        .skip_while(|name| *name == "prototype");
    names.next().is_some_and(|name| name == qualifier)
}

/// Lines that name a thing inside the definition that qualifies it: fields and variants.
fn named_inside(
    index: &Index,
    file: usize,
    (qualifier, name): (&str, &str),
    text: &str,
) -> Vec<LineRange> {
    let containers: Vec<_> = (index.definitions(file).iter())
        .filter(|definition| definition.name == qualifier)
        .map(|definition| definition.lines)
        .collect();
    let mut lines = lines_with(text, name);
    lines.retain(|line| containers.iter().any(|range| range.contains(line.start())));
    lines
}

/// A refusal when the qualifier has nothing to do with the file.
fn refuse_qualifier(index: &Index, file: usize, (qualifier, name): (&str, &str)) -> Option<Symbol> {
    let found = index.snapshot().files.get(file)?;
    let path = found.path.as_str();
    let text = found.text.as_deref().unwrap_or("");
    let part_of_path = path
        .split(['/', '.'])
        .any(|part| part.eq_ignore_ascii_case(qualifier));
    if part_of_path || SELF_QUALIFIERS.contains(&qualifier) {
        return None;
    }
    let elsewhere: Vec<_> = (index.find_definitions(name).into_iter())
        .filter(|(position, definition)| *position != file && in_container(definition, qualifier))
        .map(|(position, _)| position)
        .collect();
    if !elsewhere.is_empty() {
        let message = format!("`{qualifier}` has its `{name}` in another file than `{path}`");
        return Some(missing(message, paths(index, elsewhere.into_iter())));
    }
    let known = !lines_with(text, qualifier).is_empty()
        || !index.find_users(qualifier).is_empty()
        || !index.find_definitions(qualifier).is_empty();
    if known {
        return None;
    }
    let containers = (index.definitions(file).iter())
        .filter(|definition| definition.name == name && !definition.container.is_empty());
    let candidates: BTreeSet<_> = containers.map(Definition::path).collect();
    let message = format!("nothing in the repository is called `{qualifier}`");
    Some(missing(message, candidates.into_iter().collect()))
}

/// Paths of the files that define `name`, those that do so inside `qualifier` if there are any.
fn defining_files(index: &Index, name: &str, qualifier: Option<&str>) -> Vec<String> {
    let all = index.find_definitions(name);
    let inside: Vec<_> = (all.iter())
        .filter(|(_, definition)| {
            qualifier.is_some_and(|qualifier| in_container(definition, qualifier))
        })
        .map(|(position, _)| *position)
        .collect();
    if inside.is_empty() {
        paths(index, all.into_iter().map(|(position, _)| position))
    } else {
        paths(index, inside.into_iter())
    }
}

fn paths(index: &Index, positions: impl Iterator<Item = usize>) -> Vec<String> {
    let unique: BTreeSet<_> = positions.collect();
    (unique.into_iter())
        .filter_map(|position| index.snapshot().files.get(position))
        .map(|file| file.path.as_str().to_owned())
        .collect()
}
